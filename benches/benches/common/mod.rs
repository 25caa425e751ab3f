//! What the benches have in common: groups of rows that are measured beside each other.
#![allow(dead_code, reason = "each bench uses a part of it")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use benches::results::{Figures, row_id};
use benches::{Case, Outcome, row};
use criterion::{Bencher, BenchmarkId, Criterion};
use mtls_verify::policy::Memory;

/// Samples enough for a steady median, and few enough that all benches together take some minutes.
pub(crate) fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(700))
        .nresamples(2_000)
        .without_plots()
        .configure_from_args()
}

/// Rows to be compared with each other.
///
/// Each is measured twice. Criterion measures one after another, for the times. Then they take
/// turns, hundreds of rounds of about a millisecond each, for the ratios: whatever else the machine
/// does meanwhile hits all rows alike.
pub(crate) struct Group<'a> {
    name: String,
    turn: Duration,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    name: &'static str,
    parameter: Option<String>,
    /// The time that so many runs take.
    time: Box<dyn Fn(u64) -> Duration + 'a>,
}

impl<'a> Group<'a> {
    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            turn: Duration::from_micros(700),
            rows: Vec::new(),
        }
    }

    /// With turns of about this long.
    pub(crate) fn turns_of(self, turn: Duration) -> Self {
        Self { turn, ..self }
    }

    /// Both sides of a case, and the signatures alone if the case has them, after a look that both
    /// come to the outcome that is meant.
    pub(crate) fn sides(self, case: &'a Case, parameter: Option<&str>, outcome: Outcome) -> Self {
        case.check(outcome);
        let group =
            self.row(row::COLD, parameter, || case.ours())
                .row(row::WEBPKI, parameter, || case.webpki());
        match case.signature_count() {
            0 => group,
            _ => group.row(row::SIGNATURES, parameter, || case.verify_signatures()),
        }
    }

    /// Our side with a memory: of the CAs alone, and of the whole chain; and the SHA-256 of the
    /// chain.
    pub(crate) fn remembered(self, case: &'a Case) -> Self {
        let known = case.remembering(Memory::default().with_chain_bytes(0));
        let repeated = case.remembering(Memory::default());
        self.row(row::KNOWN, None, move || case.ours_by(&known))
            .row(row::REPEATED, None, move || case.ours_by(&repeated))
            .row(row::SHA256, None, || case.sha256())
    }

    /// What `run` gives is dropped within the measurement: servers do that too.
    pub(crate) fn row<T>(
        self,
        name: &'static str,
        parameter: Option<&str>,
        run: impl Fn() -> T + 'a,
    ) -> Self {
        self.timed_row(name, parameter, move |times| {
            let start = Instant::now();
            for _ in 0..times {
                black_box(run());
            }
            start.elapsed()
        })
    }

    /// A row that measures its time by itself.
    pub(crate) fn timed_row(
        mut self,
        name: &'static str,
        parameter: Option<&str>,
        time: impl Fn(u64) -> Duration + 'a,
    ) -> Self {
        self.rows.push(Row {
            name,
            parameter: parameter.map(str::to_owned),
            time: Box::new(time),
        });
        self
    }

    pub(crate) fn measure(self, criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group(&self.name);
        for row in &self.rows {
            let run = |bencher: &mut Bencher<'_>| bencher.iter_custom(&row.time);
            match &row.parameter {
                Some(parameter) => group.bench_function(BenchmarkId::new(row.name, parameter), run),
                None => group.bench_function(row.name, run),
            };
        }
        group.finish();
        if is_asked_for(&self.name) {
            self.take_turns();
        }
    }

    fn take_turns(&self) {
        // As many rounds, whatever a turn takes, but for rows of which one run takes longer.
        const TURNS: u32 = 2_100;
        let all = self.turn * TURNS;
        let once: Vec<Duration> = self.rows.iter().map(|row| (row.time)(1)).collect();
        let runs = once.iter().map(|once| {
            let runs = self.turn.as_nanos() / once.as_nanos().max(1);
            u64::try_from(runs).unwrap_or(u64::MAX).clamp(1, 100_000)
        });
        let runs: Vec<u64> = runs.collect();
        let round: Duration = once.iter().map(|once| self.turn.max(*once)).sum();
        let rounds = (all.as_nanos() / round.as_nanos().max(1)).clamp(9, 2_000) as usize;

        let mut nanoseconds = vec![Vec::with_capacity(rounds); self.rows.len()];
        for round in 0..rounds {
            for turn in 0..self.rows.len() {
                let index = (turn + round) % self.rows.len();
                // Once without a look at the time, as the row before has left the caches with what
                // it read.
                if once[index] < 10 * self.turn {
                    (self.rows[index].time)(1);
                }
                let time = (self.rows[index].time)(runs[index]);
                nanoseconds[index].push(time.as_nanos() as f64 / runs[index] as f64);
            }
        }
        let rows = self.rows.iter().zip(nanoseconds).map(|(row, times)| {
            let id = row_id(row.name, row.parameter.as_deref());
            (id, times)
        });
        Figures::keep(&self.name, rows.collect());
    }
}

/// Whether a group is among those that the command line asks for, as criterion reads it: by a part
/// of the name.
fn is_asked_for(group: &str) -> bool {
    let mut arguments = std::env::args().skip(1);
    if arguments.any(|argument| argument == "--test" || argument == "--list") {
        return false;
    }
    let filters: Vec<_> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    filters.is_empty() || filters.iter().any(|filter| group.contains(filter))
}
