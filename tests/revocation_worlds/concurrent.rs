//! (c) once more: one verifier with its store and memory, asked by several threads at once.

use std::sync::Arc;
use std::thread;

use mtls_verify::{ClientVerifier, verify_client_chain};

use crate::outcome::{Outcome, is_same, shown};
use crate::random::Random;
use crate::trial::now;
use crate::world::{Choice, Pki, Stores, World};

const PKIS: u64 = 30;
const THREADS: u64 = 3;

#[test]
fn threads_do_not_matter() {
    for seed in 0..PKIS {
        let pki = Pki::new(seed, 2);
        let stores = Stores::new(&pki, &mut Random::new(seed, 2));
        for client in &pki.clients {
            let world = World {
                number: seed,
                pki: &pki,
                stores: &stores,
                client,
            };
            verify_at_once(&world);
        }
    }
}

fn verify_at_once(world: &World<'_>) {
    let policy = world.client.asked[0].policy();
    let store = Arc::new(world.pki.store(&[]));
    let verifier = ClientVerifier::new(store, policy.clone());
    let choices = world.choices(&mut Random::new(world.number, 5));
    // Each in an order of its own, and on a store that nobody has asked before.
    let ask_all = |thread: u64| -> Vec<(Choice, Outcome)> {
        let mut choices = choices.clone();
        Random::new(world.number, 6 + thread).shuffle(&mut choices);
        let all = choices.into_iter().map(|choice| {
            let outcome = verifier.verify(&world.chain(&choice), now());
            (choice, outcome)
        });
        all.collect()
    };
    let ask_all = &ask_all;
    let all: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || ask_all(thread)))
            .collect();
        let all = threads.into_iter();
        all.flat_map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    for (choice, outcome) in all {
        let chain = world.chain(&choice);
        let alone = verify_client_chain(&world.stores.plain, &chain, now(), &policy);
        let (outcome, alone_shown) = (outcome, shown(&alone));
        assert!(
            is_same(&outcome, &alone),
            "{world}presenting {choice:?}: {}\nalone {alone_shown}",
            shown(&outcome)
        );
    }
}
