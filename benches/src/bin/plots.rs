//! Writes the plots in `docs/` from what the benches measured last: `--date YYYY-MM-DD` says when
//! that was.

use std::path::Path;

use benches::results::{Results, row_id};
use benches::svg::{Mark, bars, lines};
use benches::{KeyKind, PROVIDER, row};
use lexopt::{Arg, ValueExt};

const COMMAND: &str = "cargo bench -p benches";

fn main() -> Result<(), lexopt::Error> {
    let mut date = None;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("date") => date = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let date = date.ok_or("--date YYYY-MM-DD is missing")?;
    let results = Results::read();
    write("latency.svg", &latency(&results, &date));
    write("store.svg", &store(&results, &date));
    Ok(())
}

/// A client below one intermediate, for each kind of key.
fn latency(results: &Results, date: &str) -> String {
    let title = [
        "Verifying a client below one intermediate, nothing remembered: microseconds, logarithmic"
            .to_owned(),
        format!(
            "{COMMAND} --bench chain, {PROVIDER}, {date}; in parentheses: times webpki, taking turns in one process"
        ),
    ];
    let rows = [row::COLD, row::WEBPKI, row::SIGNATURES];
    let groups = KeyKind::ALL.map(|kind| {
        let group = format!("chain/{PROVIDER}/{}/depth 2", kind.name());
        let marks = rows.map(|row| mark(results, &group, row, row::WEBPKI));
        (kind.name().to_owned(), marks.into())
    });
    bars(
        &title,
        &["mtls-verify", "webpki", "the signatures alone"],
        &groups,
    )
}

/// A client against stores of many sizes.
fn store(results: &Results, date: &str) -> String {
    let title = [
        "Verifying a client against so many trust anchors: microseconds, logarithmic".to_owned(),
        format!(
            "{COMMAND} --bench store, {PROVIDER}, {date}; in parentheses: times webpki, taking turns in one process"
        ),
    ];
    let group = format!("store/{PROVIDER}/anchors");
    let anchors = ["1", "100", "10000", "100000"];
    let series = [("mtls-verify", row::COLD), ("webpki", row::WEBPKI)].map(|(name, row)| {
        let mark = |anchors: &&str| {
            let row = row_id(row, Some(anchors));
            let webpki = row_id(row::WEBPKI, Some(anchors));
            mark(results, &group, &row, &webpki)
        };
        (name, anchors.iter().map(mark).collect())
    });
    lines(&title, &anchors.map(str::to_owned), &series)
}

/// A row with its time, and its ratio to another one.
fn mark(results: &Results, group: &str, row: &str, per: &str) -> Mark {
    let time = results.undisturbed(group, row);
    let value = time.unwrap_or_else(|| panic!("{group}, {row}: not measured")) / 1e3;
    let label = match results.ratio(group, row, per) {
        Some(ratio) if row != per => format!("{value:.0} us ({ratio:.3})"),
        _ => format!("{value:.0} us"),
    };
    Mark { value, label }
}

fn write(file: &str, svg: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(file);
    std::fs::write(&path, svg).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    println!("docs/{file}");
}
