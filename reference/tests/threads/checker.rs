//! What the tests want of `loom`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Which interleavings are tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Interleavings {
    All,
    /// Those in which the scheduler takes the processor from threads that could go on this often.
    Preempted(usize),
}

/// Runs a test in each interleaving that can make a difference (`loom` leaves out those that only
/// swap steps that do not touch each other), and returns their number. It fails below `at_least`: a
/// model that shrinks to a few interleavings proves nothing. The numbers in the tests are about
/// those of loom 0.7.3.
pub(crate) fn explore(
    interleavings: Interleavings,
    at_least: usize,
    test: impl Fn() + Send + Sync + 'static,
) -> usize {
    let begun = Arc::new(AtomicUsize::new(0));
    let mut builder = loom::model::Builder::new();
    if let Interleavings::Preempted(times) = interleavings {
        // LOOM_MAX_PREEMPTIONS tries more.
        builder.preemption_bound.get_or_insert(times);
    }
    let counter = Arc::clone(&begun);
    builder.check(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        test();
    });
    let count = begun.load(Ordering::Relaxed);
    eprintln!("{count} interleavings");
    assert!(count >= at_least, "only {count} interleavings");
    count
}

/// Fails unless a test of a faulty protocol panics in some interleaving, with this in its message.
pub(crate) fn finds(message: &str, test: impl Fn() + Send + Sync + 'static) {
    let begun = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&begun);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        explore(Interleavings::Preempted(2), 1, move || {
            counter.fetch_add(1, Ordering::Relaxed);
            test();
        })
    }));
    let Err(panic) = outcome else {
        panic!("nothing found");
    };
    let found = match panic.downcast::<String>() {
        Ok(found) => *found,
        Err(panic) => panic.downcast_ref::<&str>().unwrap_or(&"").to_string(),
    };
    eprintln!("found in interleaving {}", begun.load(Ordering::Relaxed));
    assert!(found.contains(message), "found something else: {found}");
}
