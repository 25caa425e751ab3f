//! Reads `testdata/differences`: where our verdicts differ from those of another implementation,
//! and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::openssl::Release;
use super::{Case, read, testdata, update};

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
    /// The releases of the other in which they differ; all of them if absent.
    releases: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    difference: Vec<Difference>,
}

impl Case {
    /// Whether others can be asked too: but for revocation the policy is the default, and no client
    /// is pinned or denied.
    pub(crate) fn leaves_policy_to_peers(&self) -> bool {
        self.has_default_policy_but_for_revocation()
            && !self.accepts_stale_crls()
            && self.optional("pins.pem").is_none()
    }
}

/// The verdicts on one case.
pub(crate) struct Verdicts {
    pub(crate) ours: bool,
    pub(crate) theirs: Result<(), String>,
}

/// Another implementation, with a list of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    Webpki,
    OpenSsl(Release),
}

impl Peer {
    /// The peers whose differences are in the same file.
    fn of_one_file(self) -> Vec<Self> {
        match self {
            Self::Webpki => vec![self],
            Self::OpenSsl(_) => Release::ALL.map(Self::OpenSsl).to_vec(),
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Webpki => "webpki.toml",
            Self::OpenSsl(_) => "openssl.toml",
        }
    }

    /// Its row at the head of `docs/DIFFERENCES.md`.
    fn row(self) -> String {
        match self {
            Self::Webpki => "`rustls-webpki` 0.103".to_owned(),
            Self::OpenSsl(release) => format!("OpenSSL {}", release.name()),
        }
    }

    /// Its column in the tables of `docs/DIFFERENCES.md`.
    fn column(self) -> String {
        match self {
            Self::Webpki => "webpki".to_owned(),
            Self::OpenSsl(_) => format!("OpenSSL {}", Release::ALL.map(Release::name).join(" / ")),
        }
    }

    /// Which of the counts in a cell is about it: one for each peer of the file, or one for all.
    fn count_in(self, cell: &str) -> usize {
        let peers = self.of_one_file();
        let counts: Vec<&str> = cell.split(" / ").collect();
        let at = peers.iter().position(|peer| *peer == self);
        let at = at.expect("it is one of those of its file");
        assert!(
            counts.len() == 1 || counts.len() == peers.len(),
            "docs/DIFFERENCES.md: {cell}"
        );
        let count = counts.get(at).unwrap_or(&counts[0]);
        match count.is_empty() {
            true => 0,
            false => count.parse().expect("docs/DIFFERENCES.md: a number"),
        }
    }

    /// The cases that the file lists for it, each with our verdict. Problems of the file go to
    /// `faults`.
    fn listed(self, faults: &mut Vec<String>) -> BTreeMap<String, bool> {
        let mut expected = BTreeMap::new();
        let peers = self.of_one_file();
        let releases: Vec<&str> = Release::ALL.map(Release::name).to_vec();
        for difference in read_differences(self.file()) {
            assert!(!difference.reason.is_empty() && !difference.rule.is_empty());
            if let Some(named) = &difference.releases {
                let are_some = !named.is_empty() && named.len() < releases.len();
                let are_known = named.iter().all(|name| releases.contains(&name.as_str()));
                assert!(peers.len() > 1 && are_some && are_known, "{named:?}");
                let is_it = |name: &String| self.row().ends_with(&format!(" {name}"));
                if !named.iter().any(is_it) {
                    continue;
                }
            }
            for (ours, names) in [(true, difference.we_accept), (false, difference.we_refuse)] {
                for name in names {
                    if expected.insert(name.clone(), ours).is_some() {
                        faults.push(format!("{name}: listed twice"));
                    }
                }
            }
        }
        expected
    }
}

/// Fails on a difference that the peer's file does not list, and on what it lists that is no
/// difference. Fails also on counts of `docs/DIFFERENCES.md` that are not those of the file, of any
/// release; those at its head are written if that is asked for.
pub(crate) fn assert_listed(compared: &BTreeMap<String, Verdicts>, peer: Peer) {
    let mut faults = Vec::new();
    for other in peer.of_one_file() {
        check_documented(other, compared, &mut faults);
    }
    let mut expected = peer.listed(&mut faults);
    let names: BTreeSet<String> = expected.keys().chain(compared.keys()).cloned().collect();
    for name in names {
        let listed = expected.remove(&name);
        let Some(Verdicts { ours, theirs }) = compared.get(&name) else {
            faults.push(format!("{name}: listed, but not compared"));
            continue;
        };
        let differs = (*ours != theirs.is_ok()).then_some(*ours);
        if differs != listed {
            let listed = if listed.is_some() { "" } else { "not " };
            let ours = if *ours { "accept" } else { "refuse" };
            faults.push(format!("{name}: {listed}listed; we {ours}, {theirs:?}"));
        }
    }
    let (file, count) = (peer.file(), compared.len());
    assert!(
        faults.is_empty(),
        "{file}, {count} cases compared with {}:\n{}",
        peer.row(),
        faults.join("\n")
    );
}

/// Compares the counts of `docs/DIFFERENCES.md` about a peer with those of the file.
fn check_documented(peer: Peer, compared: &BTreeMap<String, Verdicts>, faults: &mut Vec<String>) {
    let (expected, row) = (peer.listed(faults), peer.row());
    let documented = documented(peer);
    if documented != expected.len() {
        let listed = expected.len();
        faults.push(format!(
            "docs/DIFFERENCES.md has {documented} cases of {row}, and {listed} are listed"
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
        .filter(|name| name.starts_with("revocation/"));
    let agree = compared.len().saturating_sub(expected.len());
    let counts = [
        compared.len(),
        revocation.count(),
        agree,
        of(true),
        of(false),
    ];
    let head = head_counts(&row);
    if head != counts && update::is_asked() {
        write_head_counts(&row, counts);
    } else if head != counts {
        faults.push(format!(
            "docs/DIFFERENCES.md begins with {head:?} of {row}, and there are {counts:?}"
        ));
    }
}

fn read_differences(file: &str) -> Vec<Difference> {
    let text = String::from_utf8(read(&testdata().join("differences").join(file))).expect("UTF-8");
    let listed: Differences = toml::from_str(&text).expect("a list of differences");
    listed.difference
}

/// The counts in this row at the head of `docs/DIFFERENCES.md`.
fn head_counts(row: &str) -> [usize; 5] {
    let text = document();
    let line = head_line(&text, row);
    let cells = line.split('|').skip(2).take(5);
    let counts: Vec<usize> = cells
        .map(|cell| cell.trim().replace(',', "").parse().expect("a number"))
        .collect();
    counts.try_into().expect("five counts")
}

fn write_head_counts(row: &str, counts: [usize; 5]) {
    let text = document();
    let line = head_line(&text, row);
    let mut cells: Vec<String> = line.split('|').map(str::to_owned).collect();
    for (cell, count) in cells.iter_mut().skip(2).zip(counts) {
        *cell = format!(" {} ", update::grouped(count));
    }
    let written = text.replacen(line, &cells.join("|"), 1);
    std::fs::write(document_path(), written).expect("docs/DIFFERENCES.md");
}

/// The line of this row at the head of `docs/DIFFERENCES.md`.
fn head_line<'a>(text: &'a str, row: &str) -> &'a str {
    let is_row = |line: &&str| {
        let first = line.split('|').nth(1).unwrap_or_default();
        line.ends_with(".toml) |") && first.trim() == row
    };
    text.lines().find(is_row).expect("a row at the head")
}

fn document() -> String {
    String::from_utf8(read(&document_path())).expect("UTF-8")
}

fn document_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/DIFFERENCES.md")
}

/// How many cases the tables of `docs/DIFFERENCES.md` count in the column of this peer.
fn documented(peer: Peer) -> usize {
    let text = document();
    let (name, mut column, mut cases) = (peer.column(), None, 0);
    for line in text.lines() {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        if cells.len() < 2 {
            column = None;
        } else if column.is_none() {
            column = cells.iter().position(|cell| *cell == name);
        } else if let Some(cell) = column.and_then(|column| cells.get(column)) {
            let is_rule = cell.starts_with("---");
            cases += if is_rule { 0 } else { peer.count_in(cell) };
        }
    }
    cases
}
