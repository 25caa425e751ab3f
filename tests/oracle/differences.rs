//! Which differences from a peer are listed in `testdata/differences`: each has a case there, so
//! that none outlives its entry, and a function that takes out of a path what the difference is
//! about and nothing else.
//!
//! So a difference of verdicts is explained if, and only if, both accept the path without the
//! listed differences.

use std::collections::BTreeMap;

use mtls_verify::ClientPolicy;
use serde::Deserialize;

use crate::further::{Further, FurtherOf};
use crate::graph::{Extent, Graph};
use crate::model::{BasicConstraints, Certificate, Pki};

/// A path on its own. The client's certificate is first, the trust anchor last.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path(pub(crate) Vec<Link>);

/// A certificate of a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) certificate: Certificate,
    pub(crate) further: Further,
}

/// A listed difference.
#[derive(Clone, Copy)]
pub(crate) struct Difference {
    /// The case that stands for it.
    pub(crate) case: &'static str,
    /// Takes it out of a path.
    pub(crate) undo: fn(&mut Path),
}

/// How often each listed difference was needed to explain verdicts, by its case.
pub(crate) type Uses = BTreeMap<&'static str, u64>;

impl Path {
    pub(crate) fn new<'a>(
        certificates: impl IntoIterator<Item = &'a Certificate>,
        further: &FurtherOf,
    ) -> Self {
        let link = |certificate: &Certificate| Link {
            certificate: certificate.clone(),
            further: further.of(certificate).clone(),
        };
        Self(certificates.into_iter().map(link).collect())
    }

    pub(crate) fn client(&mut self) -> &mut Certificate {
        &mut self.0[0].certificate
    }

    pub(crate) fn anchor(&mut self) -> &mut Link {
        self.0.last_mut().expect("an anchor")
    }

    /// The certificates below the anchor, the client's first.
    pub(crate) fn below_anchor(&mut self) -> &mut [Link] {
        let count = self.0.len() - 1;
        &mut self.0[..count]
    }

    pub(crate) fn intermediates(&mut self) -> &mut [Link] {
        &mut self.below_anchor()[1..]
    }

    /// Each certificate with its issuer.
    pub(crate) fn for_each_link(
        &mut self,
        mut change: impl FnMut(&mut Certificate, &mut Certificate),
    ) {
        for at in 1..self.0.len() {
            let (below, from_issuer) = self.0.split_at_mut(at);
            let child = below.last_mut().expect("a certificate");
            change(&mut child.certificate, &mut from_issuer[0].certificate);
        }
    }

    /// How many intermediates are below the certificate at this index, and how many of them count
    /// for a pathLenConstraint (RFC 5280 §6.1.4 (l)).
    pub(crate) fn intermediates_below(&self, at: usize) -> (u64, u64) {
        let below = self.0.get(1..at).unwrap_or_default();
        let counted = below
            .iter()
            .filter(|link| !link.certificate.is_self_issued());
        (below.len() as u64, counted.count() as u64)
    }

    /// Asks about the PKI that has nothing but this path.
    pub(crate) fn ask<T>(&self, question: impl Fn(&Graph<'_>) -> T) -> T {
        let mut further = FurtherOf::default();
        let mut certificates = Vec::new();
        for (at, link) in self.0.iter().enumerate() {
            let mut certificate = link.certificate.clone();
            // A certificate may be there twice, as an intermediate and as the anchor.
            certificate.serial[0] = 1 + u8::try_from(at).expect("a short path");
            further.set(&certificate, link.further.clone());
            certificates.push(certificate);
        }
        let anchor = certificates.pop().expect("an anchor");
        // Where there is no other, the client's certificate is the anchor.
        let client = match certificates.is_empty() {
            true => anchor.clone(),
            false => certificates.remove(0),
        };
        let pki = Pki {
            client,
            presented: certificates,
            anchors: vec![anchor],
            intermediates: Vec::new(),
            policy: ClientPolicy::default(),
        };
        let graph = Graph::new(&pki, Extent::Part, |certificate| {
            crate::further::signed(certificate, further.of(certificate))
        });
        question(&graph)
    }
}

pub(crate) fn path_len(certificate: &mut Certificate) -> Option<&mut u64> {
    match &mut certificate.basic_constraints {
        BasicConstraints::Ca { path_len } => path_len.as_mut(),
        BasicConstraints::Absent | BasicConstraints::EndEntity => None,
    }
}

/// The listed differences that explain why only one of the two accepts this path, by their cases:
/// each of them is enough for that. `None` if one of the two refuses the path even without them.
pub(crate) fn explain(
    listed: &[Difference],
    path: &Path,
    is_accepted_by_both: impl Fn(&Path) -> bool,
) -> Option<Vec<&'static str>> {
    let without_all_but = |kept: Option<usize>| {
        let mut path = path.clone();
        for (at, difference) in listed.iter().enumerate() {
            if Some(at) != kept {
                (difference.undo)(&mut path);
            }
        }
        path
    };
    let without = without_all_but(None);
    if !is_accepted_by_both(&without) {
        return None;
    }
    let is_enough = |at: &usize| {
        let with_one = without_all_but(Some(*at));
        with_one != without && !is_accepted_by_both(&with_one)
    };
    let enough = (0..listed.len()).filter(is_enough);
    Some(enough.map(|at| listed[at].case).collect())
}

/// Fails on a difference that stands for no case of `list`, which is the text of a file; or for one
/// that is there for some releases, and not for `release`.
pub(crate) fn assert_listed(
    we_accept: &[Difference],
    we_refuse: &[Difference],
    list: &str,
    release: Option<&str>,
) {
    let entries: Entries = toml::from_str(list).expect("a list of differences");
    let is_about = |entry: &&Entry| match (&entry.releases, release) {
        (Some(releases), Some(release)) => releases.iter().any(|name| name == release),
        _ => true,
    };
    let has = |listed: fn(&Entry) -> &Vec<String>, case: &str| {
        let about = entries.difference.iter().filter(is_about);
        let mut all = about.flat_map(listed);
        assert!(all.any(|name| name == case), "{case} is not listed");
    };
    for difference in we_accept {
        has(|entry| &entry.we_accept, difference.case);
    }
    for difference in we_refuse {
        has(|entry| &entry.we_refuse, difference.case);
    }
}

/// Fails on a difference that explained nothing.
#[allow(dead_code, reason = "the tests ask, and no fuzz target")]
pub(crate) fn assert_used(listed: &[&[Difference]], uses: &Uses) {
    let cases = listed
        .iter()
        .copied()
        .flatten()
        .map(|difference| difference.case);
    let unused: Vec<_> = cases.filter(|case| !uses.contains_key(case)).collect();
    assert!(unused.is_empty(), "never needed: {unused:?}; {uses:?}");
}

#[derive(Deserialize)]
struct Entries {
    difference: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    we_accept: Vec<String>,
    #[serde(default)]
    we_refuse: Vec<String>,
    releases: Option<Vec<String>>,
}
