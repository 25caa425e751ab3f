//! Revocation, held against what must be true of it in any world.
//!
//! A world is a server's store, its policies, a client, and the certificates that an attacker may
//! present with it. Its signatures are hashes, so that thousands of worlds take seconds. In each:
//!
//! | check | what must be true |
//! |---|---|
//! | (a) | No choice of what to present lets in a client, or leads over a CA, that another choice shows to be revoked. |
//! | (b) | The order of CRLs and certificates does not matter, stored or presented. |
//! | (c) | What a store or a verifier was asked before does not matter, nor by how many threads. |
//! | (d) | CRLs that have nothing to say about anybody lock nobody out, a thousand of them either. |
//! | (e) | What a CRL names beyond doubt stays out, who is good beyond doubt gets in, and nobody is good without a CRL that vouches. |
//! | (f) | A laxer policy accepts more. |
//! | (g) | A client is accepted until the end that was told. |
//!
//! One command tries 200,000 worlds:
//!
//! ```sh
//! WORLDS=200000 cargo test --test revocation_worlds -- --nocapture
//! ```
//!
//! `WORLDS` is how many worlds are tried, and `WORLDS_FIRST` is the number of the first. A failure
//! shows the world. A test that tries one world prints it with all verdicts.

mod asked;
mod certainties;
mod certificate;
mod choices;
mod concurrent;
mod crl;
mod crl_generator;
#[path = "../common/environment.rs"]
mod environment;
mod generator;
mod history;
mod neighbours;
mod outcome;
#[path = "../small_pkis/random.rs"]
mod random;
mod repeats;
mod rules;
mod seen;
mod signature;
mod trial;
mod world;

use std::ops::Range;
use std::thread;

use random::Random;
use seen::Seen;
use trial::Trial;
use world::{Pki, Stores, World};

const DEFAULT_COUNT: u64 = 20_000;

/// How many worlds have the same PKI.
const OF_ONE_PKI: u64 = 8;

#[test]
fn worlds() {
    let first = environment::number("WORLDS_FIRST").unwrap_or(0);
    let count = environment::count("WORLDS").unwrap_or(DEFAULT_COUNT);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let wanted = first..first + count;
    let pkis = wanted.start / OF_ONE_PKI..wanted.end.div_ceil(OF_ONE_PKI);
    let try_some = |at: usize| {
        let mut seen = Seen::default();
        for seed in pkis.clone().skip(at).step_by(threads) {
            try_worlds(seed, &wanted, &mut seen);
        }
        seen
    };
    let try_some = &try_some;
    let seen = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|at| scope.spawn(move || try_some(at)))
            .collect();
        let parts = workers
            .into_iter()
            .map(|worker| worker.join().expect("no panic"));
        parts.fold(Seen::default(), Seen::add)
    });
    println!("{seen}");
    seen.assert_no_failures();
    if count >= DEFAULT_COUNT {
        seen.assert_varied();
    }
}

/// Tries the worlds of one PKI. Each verification leaves its notes in the store.
fn try_worlds(seed: u64, wanted: &Range<u64>, seen: &mut Seen) {
    let pki = Pki::new(seed, OF_ONE_PKI);
    let stores = Stores::new(&pki, &mut Random::new(seed, 2));
    for (number, client) in (seed * OF_ONE_PKI..).zip(&pki.clients) {
        let world = World {
            number,
            pki: &pki,
            stores: &stores,
            client,
        };
        let mut trial = Trial::new(&world);
        let failures = trial.check();
        if !wanted.contains(&number) {
            continue;
        }
        if wanted.end - wanted.start == 1 {
            println!("{world}");
            for verdict in &trial.verdicts {
                println!("{verdict}");
            }
        }
        seen.note(&trial, failures);
    }
}
