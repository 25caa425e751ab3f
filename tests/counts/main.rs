//! Counts in the documents are what there is. Each claim is a sentence with a place for its
//! numbers, which are compared with the truth: folders, lists and constants. A sentence that is
//! gone fails too, and so does a new count that no claim is about. With
//! `MTLS_VERIFY_UPDATE_COUNTS=1` the numbers of claims are written, and not compared, and so are the
//! tables of `docs/DIFFERENCES.md`.

mod claims;
#[path = "../common/mod.rs"]
mod common;
mod differences;
mod document;
mod tables;

use std::collections::BTreeMap;
use std::ops::Range;

use claims::{Claim, claims};
use common::update;
use document::{Document, entries, parse_number, read, root};

/// The documents in which every count is a claim, or listed in [`EXEMPT`].
const DOCUMENTS: [&str; 28] = [
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/DESIGN.md",
    "docs/DIFFERENCES.md",
    "docs/MUTANTS.md",
    "docs/PROFILES.md",
    "docs/guide/c.md",
    "docs/guide/checks.md",
    "docs/guide/costs.md",
    "docs/guide/expiry.md",
    "docs/guide/features.md",
    "docs/guide/headers.md",
    "docs/guide/identities.md",
    "docs/guide/policy.md",
    "docs/guide/principals.md",
    "docs/guide/refusals.md",
    "docs/guide/revocation.md",
    "docs/guide/scopes.md",
    "docs/guide/servers.md",
    "docs/guide/trust-store.md",
    "benches/README.md",
    "conformance/README.md",
    "ffi/README.md",
    "fuzz/README.md",
    "peers/README.md",
    "testdata/README.md",
];

/// A number before one of these words is a count.
pub(crate) const COUNTED: [&str; 11] = [
    "PKIs", "cases", "faults", "kinds", "mutants", "patches", "rules", "suites", "targets",
    "worlds", "tests",
];

/// Counts that nothing here can compute, and why.
const EXEMPT: [(&str, &str, &str); 1] = [(
    "conformance/README.md",
    "| x509-limbo, a part of 9,780 cases |",
    "the size of the public suite, which is not here",
)];

#[test]
fn counts_are_what_there_is() {
    // First, as it may write one of the documents.
    let mut faults = differences::check();
    let documents: BTreeMap<&str, Document> = DOCUMENTS
        .iter()
        .map(|path| (*path, Document::read(path)))
        .collect();
    let mut covered: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
    let mut updates: BTreeMap<&str, Vec<(Range<usize>, String)>> = BTreeMap::new();
    for claim in claims() {
        let document = &documents[claim.document];
        let found = document.find(claim.sentence);
        let [numbers] = found.as_slice() else {
            let count = found.len();
            let Claim {
                document, sentence, ..
            } = claim;
            faults.push(format!(
                "{document}: {count} times instead of once: {sentence:?}"
            ));
            continue;
        };
        assert_eq!(numbers.len(), claim.truth.len(), "{}", claim.sentence);
        for ((range, says), is) in numbers.iter().zip(&claim.truth) {
            covered
                .entry(claim.document)
                .or_default()
                .push(range.clone());
            if says != is && update::is_asked() {
                let written = written_like(&document.text[range.clone()], *is);
                let updates: &mut Vec<_> = updates.entry(claim.document).or_default();
                updates.push((range.clone(), written));
            } else if says != is {
                let at = document.at(range.start);
                faults.push(format!(
                    "{at}: says {says}, and there are {is}: {:?}",
                    claim.sentence
                ));
            }
        }
    }
    for (path, updates) in updates {
        write(path, updates);
    }
    for (path, phrase, why) in EXEMPT {
        let document = &documents[path];
        let ranges: Vec<Range<usize>> = (document.text.match_indices(phrase))
            .map(|(at, _)| at..at + phrase.len())
            .collect();
        let mut counts = document.counts().into_iter();
        if !counts.any(|(at, ..)| ranges.iter().any(|range| range.contains(&at))) {
            faults.push(format!("{path}: no count in {phrase:?}, exempt as {why}"));
        }
        covered.entry(path).or_default().extend(ranges);
    }
    let patches = patches();
    for (path, document) in &documents {
        for (at, number, word) in document.counts() {
            let place = document.at(at);
            let ranges = covered.get(path).into_iter().flatten();
            match patches {
                Some(is) if ["faults", "patches"].contains(&word) => {
                    if parse_number(number) != Some(is) {
                        faults.push(format!("{place}: says {number} {word}, and there are {is}"));
                    }
                }
                _ if ranges.clone().any(|range| range.contains(&at)) => {}
                _ => faults.push(format!(
                    "{place}: no claim of tests/counts is about \"{number} {word}\""
                )),
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A number in the way of the one that it is written over: without commas where that has none.
fn written_like(other: &str, number: usize) -> String {
    let has_none = other.len() > 3 && !other.contains(',');
    match has_none && other.bytes().all(|byte| byte.is_ascii_digit()) {
        true => number.to_string(),
        false => update::grouped(number),
    }
}

/// Writes over these places of a document, the last first, so that the others stay where they are.
fn write(path: &str, mut updates: Vec<(Range<usize>, String)>) {
    let mut text = read(path);
    updates.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, written) in updates {
        text.replace_range(range, &written);
    }
    std::fs::write(root().join(path), text).expect("a document");
}

/// How many faults `tests/faults/` has, if it is there.
fn patches() -> Option<usize> {
    let folder = root().join("tests/faults");
    let names = folder.exists().then(|| entries("tests/faults"))?;
    Some(names.iter().filter(|name| name.ends_with(".patch")).count())
}
