//! How verifications a second grow with threads.

mod common;

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use benches::{Case, KeyKind, PROVIDER, Pki, row};
use common::Group;
use mtls_verify::policy::Memory;

/// Long enough for two threads to be under way together for nearly all of it.
const TURN: Duration = Duration::from_millis(10);

fn main() {
    let mut criterion = common::criterion();
    // As in a server, where connections of one client seldom come at the same instant: each thread
    // has a client of its own.
    let clients = [1, 2].map(|serial| {
        let pki = Pki::new(KeyKind::P256, 2);
        pki.with_client(|client| client.serial(&[serial])).case()
    });
    let verifier = clients[0].remembering(Memory::default());
    let (clients, verifier) = (&clients, &verifier);
    let mut group = Group::new(format!("threads/{PROVIDER}")).turns_of(TURN);
    for threads in [1, 2] {
        let parameter = threads.to_string();
        let ours = |client: &Case| black_box(client).ours().is_ok();
        let repeated = |client: &Case| black_box(client).ours_by(verifier).is_ok();
        let webpki = |client: &Case| black_box(client).webpki().is_ok();
        group = group
            .timed_row(row::COLD, Some(&parameter), move |times| {
                time(&clients[..threads], times, ours)
            })
            .timed_row(row::REPEATED, Some(&parameter), move |times| {
                time(&clients[..threads], times, repeated)
            })
            .timed_row(row::WEBPKI, Some(&parameter), move |times| {
                time(&clients[..threads], times, webpki)
            });
    }
    // What the worst case costs: all threads at the same entry of the memory.
    let same = |client: &Case| black_box(client).ours_by(verifier).is_ok();
    let one_client = [&clients[0], &clients[0]];
    group = group.timed_row(row::REPEATED_SAME, Some("2"), move |times| {
        time(&one_client, times, same)
    });
    group.measure(&mut criterion);
    criterion.final_summary();
}

/// The time that `times` verifications take if a thread for each client shares them: from the first
/// start to the last end, by the clocks of the threads that verify, as the one that waits for them
/// may be the last to run.
fn time<'a, C>(clients: &'a [C], times: u64, verify: impl Fn(&Case) -> bool + Sync) -> Duration
where
    C: std::borrow::Borrow<Case> + Sync,
{
    let threads = clients.len() as u64;
    let each = times.div_ceil(threads);
    let running = AtomicU32::new(0);
    let verify_each = |client: &Case| {
        // None waits for the system to wake it.
        running.fetch_add(1, Ordering::AcqRel);
        while u64::from(running.load(Ordering::Acquire)) < threads {
            spin_loop();
        }
        let start = Instant::now();
        for _ in 0..each {
            assert!(verify(client));
        }
        (start, Instant::now())
    };
    let spans: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let verify_each = &verify_each;
        let spawn = |client: &'a C| scope.spawn(move || verify_each(client.borrow()));
        let running: Vec<_> = clients.iter().map(spawn).collect();
        let spans = running.into_iter().map(|thread| thread.join());
        spans.map(|span| span.expect("all are accepted")).collect()
    });
    let start = spans.iter().map(|(start, _)| *start).min();
    let end = spans.iter().map(|(_, end)| *end).max();
    let elapsed = end.zip(start).map(|(end, start)| end - start);
    // The last round may be a few more than asked for.
    let done = each * threads;
    elapsed
        .unwrap_or_default()
        .mul_f64(times as f64 / done as f64)
}
