//! Reads `testdata/differences`: where our verdicts differ from those of another implementation,
//! and why.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::openssl::Release;
use super::{Case, read, testdata, update};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    /// The row of `docs/DIFFERENCES.md` that counts its cases: one of `topics.toml`.
    pub(crate) topic: String,
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

impl Difference {
    /// How many cases it is about.
    pub(crate) fn count(&self) -> usize {
        self.we_accept.len() + self.we_refuse.len()
    }

    /// Whether the peer, of whose file it is, is one of its releases.
    fn is_about(&self, peer: Peer) -> bool {
        assert!(!self.reason.is_empty() && !self.rule.is_empty());
        assert!(self.count() > 0, "no case: {}", self.reason);
        let Some(named) = &self.releases else {
            return true;
        };
        let Peer::OpenSsl(release) = peer else {
            panic!("only OpenSSL has releases: {named:?}")
        };
        let known = Release::ALL.map(Release::name);
        let are_some = !named.is_empty() && named.len() < known.len();
        let are_known = named.iter().all(|name| known.contains(&name.as_str()));
        assert!(are_some && are_known, "{named:?}");
        named.iter().any(|name| name == release.name())
    }
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
    pub(crate) const ALL: [Self; 4] = [
        Self::Webpki,
        Self::OpenSsl(Release::V3_0),
        Self::OpenSsl(Release::V3_5),
        Self::OpenSsl(Release::V4_0),
    ];

    /// The peers whose differences are in the same file.
    fn of_one_file(self) -> Vec<Self> {
        match self {
            Self::Webpki => vec![self],
            Self::OpenSsl(_) => Release::ALL.map(Self::OpenSsl).to_vec(),
        }
    }

    /// The name of its list in `testdata/differences`.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Webpki => "webpki.toml",
            Self::OpenSsl(_) => "openssl.toml",
        }
    }

    /// Its row at the head of `docs/DIFFERENCES.md`.
    pub(crate) fn row(self) -> String {
        match self {
            Self::Webpki => "`rustls-webpki` 0.103".to_owned(),
            Self::OpenSsl(release) => format!("OpenSSL {}", release.name()),
        }
    }

    /// What its list, of this text, has about it.
    pub(crate) fn differences_in(self, list: &str) -> Vec<Difference> {
        let listed: Differences =
            toml::from_str(list).unwrap_or_else(|error| panic!("{}: {error}", self.file()));
        let differences = listed.difference.into_iter();
        differences
            .filter(|difference| difference.is_about(self))
            .collect()
    }

    /// The cases that the file lists for it, each with our verdict. Problems of the file go to
    /// `faults`.
    fn listed(self, faults: &mut Vec<String>) -> BTreeMap<String, bool> {
        let list = read(&testdata().join("differences").join(self.file()));
        let list = String::from_utf8(list).expect("UTF-8");
        let differences = self.differences_in(&list);
        for name in listed_twice(&differences) {
            faults.push(format!("{name}: listed twice"));
        }
        let mut expected = BTreeMap::new();
        for difference in differences {
            for (ours, names) in [(true, difference.we_accept), (false, difference.we_refuse)] {
                expected.extend(names.into_iter().map(|name| (name, ours)));
            }
        }
        expected
    }
}

/// The cases that these differences name again.
pub(crate) fn listed_twice(differences: &[Difference]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let names = differences
        .iter()
        .flat_map(|difference| difference.we_accept.iter().chain(&difference.we_refuse));
    names
        .map(String::as_str)
        .filter(|name| !seen.insert(*name))
        .collect()
}

/// Fails on a difference that the peer's file does not list, and on what it lists that is no
/// difference. Fails also on counts at the head of `docs/DIFFERENCES.md` that are not those of the
/// file, of any release; they are written if that is asked for.
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

/// Compares the counts at the head of `docs/DIFFERENCES.md` about a peer with those of the file.
fn check_documented(peer: Peer, compared: &BTreeMap<String, Verdicts>, faults: &mut Vec<String>) {
    let (expected, row) = (peer.listed(faults), peer.row());
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
    let head = head_counts(&document(), &row);
    if head != counts && update::is_asked() {
        write_head_counts(&row, counts);
    } else if head != counts {
        faults.push(format!(
            "docs/DIFFERENCES.md begins with {head:?} of {row}, and there are {counts:?}"
        ));
    }
}

/// The counts in this row at the head of `docs/DIFFERENCES.md`: cases, those about revocation,
/// agreement, and what we accept or refuse alone.
pub(crate) fn head_counts(text: &str, row: &str) -> [usize; 5] {
    let line = head_line(text, row);
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
