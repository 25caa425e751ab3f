//! How verifications a second grow with threads.

mod common;

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use benches::{KeyKind, PROVIDER, Pki, row};
use common::Group;
use mtls_verify::Memory;

fn main() {
    let mut criterion = common::criterion();
    let case = Pki::new(KeyKind::P256, 2).case();
    let verifier = case.remembering(Memory::default());
    let (case, verifier) = (&case, &verifier);
    let mut group = Group::new(format!("threads/{PROVIDER}"));
    for threads in [1, 2] {
        let parameter = threads.to_string();
        let ours = || black_box(case).ours().is_ok();
        let repeated = || black_box(case).ours_by(verifier).is_ok();
        let webpki = || black_box(case).webpki().is_ok();
        group = group
            .timed_row(row::COLD, Some(&parameter), move |times| {
                time(threads, times, ours)
            })
            .timed_row(row::REPEATED, Some(&parameter), move |times| {
                time(threads, times, repeated)
            })
            .timed_row(row::WEBPKI, Some(&parameter), move |times| {
                time(threads, times, webpki)
            });
    }
    group.measure(&mut criterion);
    criterion.final_summary();
}

/// The time that `times` verifications take if `threads` threads share them: from the first start to the last end, by the clocks of the
/// threads that verify, as the one that waits for them may be the last to run.
fn time(threads: u32, times: u64, verify: impl Fn() -> bool + Sync) -> Duration {
    let each = times.div_ceil(u64::from(threads));
    let begin = Barrier::new(threads as usize);
    let verify_each = || {
        begin.wait();
        let start = Instant::now();
        for _ in 0..each {
            assert!(verify());
        }
        (start, Instant::now())
    };
    let spans: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(verify_each)).collect();
        let spans = running.into_iter().map(|thread| thread.join());
        spans.map(|span| span.expect("all are accepted")).collect()
    });
    let start = spans.iter().map(|(start, _)| *start).min();
    let end = spans.iter().map(|(_, end)| *end).max();
    let elapsed = end.zip(start).map(|(end, start)| end - start);
    // The last round may be a few more than asked for.
    let done = each * u64::from(threads);
    elapsed
        .unwrap_or_default()
        .mul_f64(times as f64 / done as f64)
}
