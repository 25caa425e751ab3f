//! Tables that repeat what is committed elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use mtls_verify::error::Code;
use testpki::folders;

use crate::document::{Document, entries, parse_number, read, root, rows};

/// The table of what a stranger can make us pay has the kinds, genes and figures that are
/// committed.
#[test]
fn the_hostile_table_is_what_is_committed() {
    let about = |path: &str, prefix: &'static str| -> BTreeMap<String, Vec<String>> {
        let lines = read(path);
        let lines = lines.lines().filter_map(|line| line.strip_prefix(prefix));
        lines
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let mut words = line.split_whitespace().map(str::to_owned);
                (words.next().expect("a name"), words.collect())
            })
            .collect()
    };
    let genes = about("benches/src/hostile/found.txt", "");
    let figures = about("benches/instructions.txt", "hostile-");
    let table = rows("benches/README.md", "| kind | genes | bytes |");
    let names = |keys: &mut dyn Iterator<Item = &String>| keys.cloned().collect::<BTreeSet<_>>();
    let in_table: BTreeSet<String> = table.iter().map(|row| row.cells[0].clone()).collect();
    assert_eq!(in_table, names(&mut genes.keys()));
    assert_eq!(in_table, names(&mut figures.keys()));
    for row in table {
        let (at, kind) = (&row.at, &row.cells[0]);
        assert_eq!(row.cells[1], genes[kind].join(" "), "{at}: genes");
        let [instructions, p256, p384, rsa, signed, ..] = figures[kind].as_slice() else {
            panic!("instructions.txt: {kind}");
        };
        assert_eq!(&row.cells[4], instructions, "{at}: instructions");
        let signatures: Vec<String> = [(p256, "P-256"), (p384, "P-384"), (rsa, "RSA-2048")]
            .iter()
            .filter(|(count, _)| count.as_str() != "0")
            .map(|(count, key)| format!("{count} {key}"))
            .collect();
        assert_eq!(row.cells[5], signatures.join(" "), "{at}: signatures");
        assert_eq!(&row.cells[6], signed, "{at}: signed bytes");
    }
}

/// Every row of the public suites adds up, and the last column is what divergences.toml lists.
#[test]
fn the_table_of_public_suites_adds_up() {
    let listed: toml::Table = read("conformance/divergences.toml").parse().expect("TOML");
    let listed = listed["divergence"].as_array().expect("a list");
    let listed = |suite| {
        listed
            .iter()
            .filter(|entry| entry["suite"].as_str() == Some(suite))
            .count()
    };
    let table = rows("conformance/README.md", "| cases | right by the library |");
    assert_eq!(table.len(), 3);
    for row in table {
        let number = |cell: usize| parse_number(&row.cells[cell]).expect("a number");
        assert_eq!(number(1), number(2) + number(3) + number(4), "{}", row.at);
        let suite = match row.cells[0].split([',', ' ']).next() {
            Some("x509-limbo") => listed("limbo"),
            Some("PKITS") => listed("pkits"),
            _ => continue,
        };
        assert_eq!(number(4), suite, "{}", row.at);
    }
}

/// Each fuzz target, each bench and each input of loading.sh has its row.
#[test]
fn tables_have_all_their_rows() {
    let first_cells = |path: &str| -> BTreeSet<String> {
        let text = read(path);
        let cells = text.lines().filter_map(|line| line.strip_prefix("| "));
        cells
            .filter_map(|line| Some(line.split_once(" |")?.0.trim_matches('`').to_owned()))
            .collect()
    };
    let fuzz = first_cells("fuzz/README.md");
    for target in stems("fuzz/fuzz_targets") {
        assert!(fuzz.contains(&target), "fuzz/README.md: {target}");
    }
    let benches = first_cells("benches/README.md");
    for bench in stems("benches/benches") {
        assert!(benches.contains(&bench), "benches/README.md: {bench}");
    }
    let source = read("benches/src/crafted.rs");
    let kinds = source.split_once("pub const KINDS").expect("kinds").1;
    let kinds = kinds.split_once("];").expect("an end").0;
    let kinds: BTreeSet<String> = kinds
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    let table = rows("benches/README.md", "| input | 0.25 MB |");
    let inputs: BTreeSet<String> = table.iter().map(|row| row.cells[0].clone()).collect();
    assert_eq!(inputs, kinds);
    let codes = first_cells("docs/guide/refusals.md");
    let codes: BTreeSet<&str> = codes.iter().flat_map(|cell| cell.split("`, `")).collect();
    for code in Code::ALL {
        assert!(
            codes.contains(code.as_str()),
            "docs/guide/refusals.md: {code}"
        );
    }
}

/// The tests that SECURITY.md names exist.
#[test]
fn what_holds_a_promise_is_there() {
    let table = rows("SECURITY.md", "| promise | held by |");
    let (cases, targets) = (folders::cases("cases"), entries("fuzz/fuzz_targets"));
    let mut seen = 0;
    for row in table {
        for name in row.cells[1].split('`').skip(1).step_by(2) {
            let is_there = match name.strip_suffix('*') {
                Some(prefix) => {
                    let prefix = prefix.trim_start_matches("testdata/cases/");
                    cases.iter().any(|case| case.name.starts_with(prefix))
                }
                None if name.contains('/') => {
                    assert!(root().join(name).exists(), "{}: {name}", row.at);
                    seen += 1;
                    continue;
                }
                None if name.starts_with("#!") => continue,
                None => targets.iter().any(|target| target.starts_with(name)),
            };
            assert!(is_there, "{}: {name}", row.at);
            seen += 1;
        }
    }
    assert!(seen >= 60, "only {seen}");
}

/// The plots are of the day of the table of costs, and show its ratios.
#[test]
fn plots_show_what_the_table_says() {
    let costs = "docs/guide/costs.md";
    let table = rows(costs, "| a P-256 chain, leaf and one intermediate |");
    let ratio = |beginning: &str| {
        let row = table.iter().find(|row| row.cells[0].starts_with(beginning));
        row.expect("the row").cells[1].clone()
    };
    let costs = Document::read(costs);
    let (_, after) = costs
        .text
        .split_once("The figures are of ")
        .expect("a date");
    let date = &after[..10];
    for (plot, row) in [
        ("docs/latency.svg", "a client that was never seen"),
        ("docs/store.svg", "cold, against 100,000 trust anchors"),
    ] {
        let text = read(plot);
        assert!(text.contains(date), "{plot}: another date than {date}");
        let ratio = ratio(row);
        assert!(
            text.contains(&format!("({ratio})")),
            "{plot}: nothing is {ratio}"
        );
    }
}

/// The names of the Rust files in a folder, without their ending.
fn stems(folder: &str) -> Vec<String> {
    let names = entries(folder).into_iter().map(PathBuf::from);
    let rust = names.filter(|name| name.extension().is_some_and(|ending| ending == "rs"));
    let stems: Vec<String> = rust
        .filter_map(|name| Some(name.file_stem()?.to_str()?.to_owned()))
        .collect();
    assert!(!stems.is_empty(), "{folder}");
    stems
}
