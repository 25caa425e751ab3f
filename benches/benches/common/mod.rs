//! What the benches have in common: how long they measure, and the rows of a case.
#![allow(dead_code, reason = "each bench uses a part of it")]

use std::hint::black_box;
use std::time::Duration;

use benches::{Case, Outcome, row};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};

/// Samples enough for a steady median, and few enough that all benches together take some minutes.
pub(crate) fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(40)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(1_000))
        .nresamples(2_000)
        .without_plots()
        .configure_from_args()
}

/// One group: each side of a case, after a look that both come to the outcome that is meant.
pub(crate) fn compare(criterion: &mut Criterion, group: &str, case: &Case, outcome: Outcome) {
    case.check(outcome);
    let mut group = criterion.benchmark_group(group);
    ours(&mut group, row::COLD, case);
    group.bench_function(row::WEBPKI, |bencher| {
        bencher.iter(|| black_box(case).webpki());
    });
    if case.signature_count() > 0 {
        group.bench_function(row::SIGNATURES, |bencher| {
            bencher.iter(|| black_box(case).verify_signatures());
        });
    }
    group.finish();
}

/// A row of our side. What it gives is dropped within the measurement: servers do that too.
pub(crate) fn ours(group: &mut BenchmarkGroup<'_, WallTime>, row: &str, case: &Case) {
    group.bench_function(row, |bencher| bencher.iter(|| black_box(case).ours()));
}
