//! Reads `testdata/differences`: where our verdicts differ from those of another implementation, and why.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Case, read, testdata};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    /// Why our verdict is the right one.
    reason: String,
    /// What that rests on.
    rule: String,
    /// The cases in which we accept and the other does not.
    #[serde(default)]
    we_accept: Vec<String>,
    /// The cases in which the other accepts and we do not.
    #[serde(default)]
    we_refuse: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    difference: Vec<Difference>,
}

impl Case {
    /// Whether others can be asked too: but for revocation the policy is the default, and no client is pinned or denied.
    pub(crate) fn leaves_policy_to_peers(&self) -> bool {
        self.has_default_policy_but_for_revocation()
            && !self.accepts_stale_lists()
            && self.optional("pins.pem").is_none()
    }
}

/// The verdicts on one case.
pub(crate) struct Verdicts {
    pub(crate) ours: bool,
    pub(crate) theirs: Result<(), String>,
}

/// Fails on a difference that the file does not list, and on what it lists that is no difference.
///
/// `peer` is the column of `docs/DIFFERENCES.md` in which the cases are counted.
pub(crate) fn assert_listed(compared: &BTreeMap<String, Verdicts>, file: &str, peer: &str) {
    let mut expected = BTreeMap::new();
    let mut faults = Vec::new();
    for difference in read_list(file) {
        assert!(!difference.reason.is_empty() && !difference.rule.is_empty());
        for (ours, names) in [(true, difference.we_accept), (false, difference.we_refuse)] {
            for name in names {
                if expected.insert(name.clone(), ours).is_some() {
                    faults.push(format!("{name}: listed twice"));
                }
            }
        }
    }

    let documented = documented(peer);
    if documented != expected.len() {
        let listed = expected.len();
        faults.push(format!(
            "docs/DIFFERENCES.md has {documented} cases, and {listed} are listed"
        ));
    }

    // Cases, those about revocation, agreement, and both kinds of difference.
    let of = |ours| {
        expected
            .values()
            .filter(|verdict| **verdict == ours)
            .count()
    };
    let revocation = compared
        .keys()
        .filter(|name| name.starts_with("revocation-"));
    let agree = compared.len().saturating_sub(expected.len());
    let counts = [
        compared.len(),
        revocation.count(),
        agree,
        of(true),
        of(false),
    ];
    let head = head_counts(peer);
    if head != counts {
        faults.push(format!(
            "docs/DIFFERENCES.md begins with {head:?}, and there are {counts:?}"
        ));
    }

    let names: BTreeSet<_> = expected.keys().chain(compared.keys()).collect();
    for name in names {
        let listed = expected.get(name);
        let Some(Verdicts { ours, theirs }) = compared.get(name) else {
            faults.push(format!("{name}: listed, but not compared"));
            continue;
        };
        let differs = (*ours != theirs.is_ok()).then_some(ours);
        if differs != listed {
            let listed = if listed.is_some() { "" } else { "not " };
            let ours = if *ours { "accept" } else { "refuse" };
            faults.push(format!("{name}: {listed}listed; we {ours}, {theirs:?}"));
        }
    }
    let count = compared.len();
    assert!(
        faults.is_empty(),
        "{file}, {count} cases compared:\n{}",
        faults.join("\n")
    );
}

fn read_list(file: &str) -> Vec<Difference> {
    let text = String::from_utf8(read(&testdata().join("differences").join(file))).expect("UTF-8");
    let listed: Differences = toml::from_str(&text).expect("a list of differences");
    listed.difference
}

/// The counts in the row of this peer at the head of `docs/DIFFERENCES.md`.
fn head_counts(peer: &str) -> [usize; 5] {
    let text = include_str!("../../docs/DIFFERENCES.md");
    let is_row = |line: &&str| {
        let first = line.split('|').nth(1).unwrap_or_default();
        line.ends_with(".toml) |") && first.contains(peer)
    };
    let row = text.lines().find(is_row).expect("a row at the head");
    let cells = row.split('|').skip(2).take(5);
    let counts: Vec<usize> = cells
        .map(|cell| cell.trim().replace(',', "").parse().expect("a number"))
        .collect();
    counts.try_into().expect("five counts")
}

/// How many cases the tables of `docs/DIFFERENCES.md` count in this column.
fn documented(peer: &str) -> usize {
    let text = include_str!("../../docs/DIFFERENCES.md");
    let mut column = None;
    let mut cases = 0;
    for line in text.lines() {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        if cells.len() < 2 {
            column = None;
        } else if column.is_none() {
            column = cells.iter().position(|cell| *cell == peer);
        } else if let Some(cell) = column.and_then(|column| cells.get(column)) {
            cases += cell.parse().unwrap_or(0);
        }
    }
    cases
}
