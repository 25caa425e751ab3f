//! What the conformance programs share: the result format of the suites, the comparison with what a
//! suite expects, the list of known divergences, and the summary.
//!
//! A program reads its suite, runs each case into a [`Judged`], and hands them all to [`finish`].

mod arguments;
mod divergences;
mod input;
mod outcome;
mod reference;
mod report;
mod summary;
mod time;

use std::process::ExitCode;
use std::time::{Duration, Instant};

pub use arguments::{ListedCases, Required};
pub use divergences::{Divergence, DivergenceError, Divergences};
pub use input::{check_ids, parse_suite};
pub use outcome::{Decider, HarnessError, Outcome};
pub use reference::{Compared, compare, question};
pub use report::{Judged, Judgement, Report, Verdict};
pub use summary::Summary;
pub use time::{TimeError, parse_time};

/// Writes the results to standard output and the summary to standard error.
///
/// Returns failure if a result is wrong and not a listed divergence, if a listed divergence is
/// stale, if the reference differs, if the harness could not run a case, or if the run has less
/// than what is `required`.
///
/// # Errors
/// If the list of divergences does not parse, or standard output cannot be written.
pub fn finish(
    suite: &str,
    judged: &[Judged],
    required: Required,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let summary = Summary::new(suite, judged, &Divergences::listed()?, required);
    eprint!("{summary}");
    serde_json::to_writer(std::io::stdout().lock(), &Report::new(judged))?;
    println!();
    Ok(if summary.is_as_expected() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs a case, and says how long it takes. One that seems slow is run twice more and its shortest
/// time taken: most often it was only interrupted.
pub fn timed<T>(run: impl Fn() -> T) -> (T, Duration) {
    const SLOW: Duration = Duration::from_millis(1);
    let time = || {
        let start = Instant::now();
        let outcome = run();
        (outcome, start.elapsed())
    };
    let (outcome, elapsed) = time();
    if elapsed < SLOW {
        return (outcome, elapsed);
    }
    (outcome, elapsed.min(time().1).min(time().1))
}
