//! Verdicts while the store is replaced and memories lose entries.

use std::sync::Arc;

use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use crate::checker::Interleavings::{All, Preempted};
use crate::checker::{explore, finds};
use crate::model::{Fault, Verifier};
use crate::stores::{Policy, Store, Unknown};

const CHAIN: u32 = 1;

fn verifier(fault: Fault) -> Arc<Verifier> {
    let store = Store::new(1, "A", "A");
    Arc::new(Verifier::new(&store, Unknown::Deny, fault))
}

/// Two verifiers, two replacers, and caches that evict everything at any moment. The model's
/// `verify` checks that each verdict is of a store in force, its `decide` that each memory is the
/// store's own.
fn two_and_two(fault: Fault) {
    let verifier = verifier(fault);
    let before = verifier.state();
    let replacing = [Store::new(2, "A", "A"), Store::refusing(3, "A")].map(|store| {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || verifier.replace_store(&store).1.unwrap())
    });
    let verifying = [0, 1].map(|_| {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || {
            verifier.verify(CHAIN, 5);
        })
    });
    before.evict();
    verifier.state().evict();
    for thread in replacing.into_iter().chain(verifying) {
        thread.join().unwrap();
    }
    // What is in memory now answers for the store in force.
    verifier.verify(CHAIN, 5);
}

/// One verifier, one replacer, and the evictions.
fn one_and_one(fault: Fault) {
    let verifier = verifier(fault);
    let before = verifier.state();
    let replacing = {
        let verifier = Arc::clone(&verifier);
        let store = Store::refusing(2, "A");
        thread::spawn(move || verifier.replace_store(&store).1.unwrap())
    };
    let verifying = {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || verifier.verify(CHAIN, 5))
    };
    before.evict();
    verifying.join().unwrap();
    replacing.join().unwrap();
    verifier.verify(CHAIN, 5);
}

/// One verifier that asks twice, one replacer that replaces twice, and the evictions.
fn again_and_again(fault: Fault) {
    let verifier = verifier(fault);
    let before = verifier.state();
    let replacing = {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || {
            verifier.replace_store(&Store::refusing(2, "A")).1.unwrap();
            verifier.replace_store(&Store::new(3, "A", "A")).1.unwrap();
        })
    };
    let verifying = {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || {
            verifier.verify(CHAIN, 5);
            verifier.verify(CHAIN, 5);
        })
    };
    before.evict();
    verifying.join().unwrap();
    replacing.join().unwrap();
    verifier.verify(CHAIN, 5);
}

/// Two verifiers of one chain, at times of which one verdict does not include the other.
fn two_times(fault: Fault) {
    let verifier = verifier(fault);
    let verifying = [5, 15].map(|time| {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || {
            verifier.verify(CHAIN, time);
        })
    });
    verifier.verify(CHAIN, 25);
    for thread in verifying {
        thread.join().unwrap();
    }
    verifier.verify(CHAIN, 5);
}

/// A verifier that begins after `replace_store` returned, beside one that began before. The moments
/// that `verify` of the model looks at are left out: these two tell by themselves.
fn after_it_returned(fault: Fault) {
    let verifier = verifier(fault);
    let has_returned = Arc::new(AtomicBool::new(false));
    let beside = {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || {
            verifier.decide(CHAIN, 5);
        })
    };
    let later = {
        let (verifier, has_returned) = (Arc::clone(&verifier), Arc::clone(&has_returned));
        thread::spawn(move || {
            let is_later = has_returned.load(Ordering::Acquire);
            let stores = [verifier.decide(CHAIN, 5).store(), verifier.store().id()];
            assert!(!is_later || stores == [2, 2], "a store that was replaced");
        })
    };
    verifier.replace_store(&Store::refusing(2, "A")).1.unwrap();
    has_returned.store(true, Ordering::Release);
    assert_eq!(
        verifier.decide(CHAIN, 5).store(),
        2,
        "a store that was replaced"
    );
    for thread in [beside, later] {
        thread.join().unwrap();
    }
}

/// A verifier beside two threads that replace store and policy at once: a verdict is of a store and
/// the policy that came with it.
fn one_step(fault: Fault) {
    let verifier = verifier(fault);
    let replacing = [2, 3].map(|id| {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || {
            let (store, policy) = (Store::new(id, "A", "A"), Policy::new(id, Unknown::Deny));
            verifier.replace(&store, &policy).1.unwrap();
        })
    });
    let found = verifier.decide(CHAIN, 5).found_under();
    assert!(
        [(1, 0), (2, 2), (3, 3)].contains(&found),
        "a store with the policy of another"
    );
    for thread in replacing {
        thread.join().unwrap();
    }
}

/// `store()` beside two replacers.
fn asking_for_the_store(fault: Fault) {
    let verifier = verifier(fault);
    let replacing = [2, 3].map(|id| {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || verifier.replace_store(&Store::new(id, "A", "A")).1.unwrap())
    });
    let begin = verifier.moment();
    let store = verifier.store();
    let in_force = verifier.stores_since(begin);
    let is_in_force = in_force.iter().any(|other| Arc::ptr_eq(other, &store));
    assert!(is_in_force, "a store that was not in force");
    for thread in replacing {
        thread.join().unwrap();
    }
}

#[test]
fn a_verdict_is_of_a_store_in_force_one_and_one() {
    explore(All, 1_000, || one_and_one(Fault::None));
}

#[test]
fn a_verdict_is_of_a_store_in_force_two_and_two() {
    explore(Preempted(2), 11_000, || two_and_two(Fault::None));
}

#[test]
fn a_verdict_is_of_a_store_in_force_again_and_again() {
    explore(Preempted(5), 11_000, || again_and_again(Fault::None));
}

#[test]
fn a_verdict_is_of_its_time() {
    explore(Preempted(3), 4_700, || two_times(Fault::None));
}

#[test]
fn a_store_that_was_replaced_is_not_used() {
    explore(Preempted(3), 3_700, || after_it_returned(Fault::None));
}

#[test]
fn the_store_is_one_in_force() {
    explore(All, 8_000, || asking_for_the_store(Fault::None));
}

#[test]
fn nobody_is_judged_by_one_half() {
    explore(All, 460, || one_step(Fault::None));
}

#[test]
fn found_policy_swapped_first() {
    finds("a store with the policy of another", || {
        one_step(Fault::PolicySwappedFirst)
    });
}

#[test]
fn found_policy_loaded_again() {
    finds("a store with the policy of another", || {
        one_step(Fault::PolicyLoadedAgain)
    });
}

#[test]
fn found_shared_memory() {
    finds("the memory of another store", || {
        two_and_two(Fault::SharedMemory)
    });
}

#[test]
fn found_store_swapped_first() {
    finds("the memory of another store", || {
        again_and_again(Fault::StoreSwappedFirst)
    });
}

#[test]
fn found_memory_swapped_first() {
    finds("the memory of another store", || {
        again_and_again(Fault::MemorySwappedFirst)
    });
}

#[test]
fn found_state_loaded_again() {
    finds("the memory of another store", || {
        two_and_two(Fault::StateLoadedAgain)
    });
}

#[test]
fn found_inserted_into_current() {
    finds("the memory of another store", || {
        again_and_again(Fault::InsertedIntoCurrent)
    });
}

#[test]
fn found_state_kept() {
    finds("no store in force says", || {
        again_and_again(Fault::StateKept)
    });
}

#[test]
fn found_state_kept_after_it_returned() {
    finds("a store that was replaced", || {
        after_it_returned(Fault::StateKept)
    });
}

#[test]
fn found_interval_ignored() {
    finds("no store in force says", || {
        two_times(Fault::IntervalIgnored)
    });
}
