//! Prints what the benches measured last, as a Markdown table.
//!
//! With `--check` it prints which of the bounds in `bounds.toml` hold, and fails if one does not.
//! With `--check GROUP` these are the bounds of groups whose name begins so, each of which has to
//! be measured.

use std::path::Path;
use std::process::ExitCode;

use benches::results::{MEMORY, Results};
use benches::row;
use lexopt::{Arg, ValueExt};
use serde::Deserialize;

fn main() -> Result<ExitCode, lexopt::Error> {
    let (mut is_check, mut group) = (false, None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("check") => is_check = true,
            Arg::Value(value) if is_check && group.is_none() => group = Some(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let results = Results::read();
    if is_check {
        return Ok(print_bounds(&results, group.as_deref()));
    }
    print_rows(&results);
    Ok(ExitCode::SUCCESS)
}

fn print_rows(results: &Results) {
    println!("| case | row | median | undisturbed | times webpki | above the signatures |");
    println!("|---|---|---:|---:|---:|---:|");
    for group in results.groups() {
        for row in results.rows(group) {
            let median = results.median(group, row).unwrap_or(f64::NAN);
            let peer = beside(row, row::WEBPKI);
            let ratio = results.ratio(group, row, &peer);
            let ratio = ratio.filter(|_| peer != row);
            let floor = beside(row, row::SIGNATURES);
            let above = results.difference(group, row, &floor, 1.0);
            let above = above.filter(|_| floor != row);
            let show = |figure: f64| match group.starts_with(MEMORY) {
                true if figure < 10_000.0 => format!("{figure:.1} B"),
                true => format!("{:.0} kB", figure / 1e3),
                false => microseconds(figure),
            };
            let undisturbed = results.undisturbed(group, row);
            println!(
                "| {group} | {row} | {} | {} | {} | {} |",
                show(median),
                undisturbed.map_or_else(String::new, show),
                ratio.map_or_else(String::new, |ratio| format!("{ratio:.3}")),
                above.map_or_else(String::new, microseconds),
            );
        }
    }
}

/// The row `other` for the parameter of `row`.
fn beside(row: &str, other: &str) -> String {
    match row.split_once('/') {
        Some((_, parameter)) => format!("{other}/{parameter}"),
        None => other.to_owned(),
    }
}

fn microseconds(nanoseconds: f64) -> String {
    let microseconds = nanoseconds / 1e3;
    match microseconds.abs() {
        1_000.0.. => format!("{microseconds:.0} us"),
        100.0.. => format!("{microseconds:.1} us"),
        _ => format!("{microseconds:.2} us"),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    bound: Vec<Bound>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bound {
    says: String,
    group: String,
    row: String,
    per: Option<String>,
    minus: Option<String>,
    times: Option<f64>,
    at_most: f64,
}

impl Bound {
    /// The figure that the bound is on.
    fn found(&self, results: &Results) -> Option<f64> {
        let microseconds = |nanoseconds| nanoseconds / 1e3;
        match (&self.per, &self.minus) {
            (Some(per), _) => results.ratio(&self.group, &self.row, per),
            (None, Some(minus)) => results
                .difference(&self.group, &self.row, minus, self.times.unwrap_or(1.0))
                .map(microseconds),
            (None, None) => {
                let found = results.undisturbed(&self.group, &self.row);
                match self.group.starts_with(MEMORY) {
                    true => found,
                    false => found.map(microseconds),
                }
            }
        }
    }
}

/// Fails if a bound does not hold. All bounds are rarely measured at once, those of one group are:
/// then one without a figure fails too, and so does a group without bounds.
fn print_bounds(results: &Results, group: Option<&str>) -> ExitCode {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bounds.toml");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let bounds: Bounds = toml::from_str(&text).expect("a list of bounds");
    println!("| bound | at most | found | |");
    println!("|---|---:|---:|---|");
    let (mut held, mut failed) = (0, 0);
    for bound in &bounds.bound {
        if group.is_some_and(|group| !bound.group.starts_with(group)) {
            continue;
        }
        let found = bound.found(results);
        let verdict = match found {
            None if group.is_none() => "not measured",
            None => {
                failed += 1;
                "NOT MEASURED"
            }
            // What costs nothing was not measured.
            Some(found) if found > 0.0 && found <= bound.at_most => {
                held += 1;
                "holds"
            }
            Some(_) => {
                failed += 1;
                "DOES NOT HOLD"
            }
        };
        let found = found.map_or_else(String::new, |found| format!("{found:.3}"));
        println!(
            "| {} | {} | {found} | {verdict} |",
            bound.says, bound.at_most
        );
    }
    if failed > 0 || held == 0 {
        eprintln!("{held} bounds hold; {failed} do not, or were not measured");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
