//! Which differences from a peer are listed in `testdata/differences`, as properties of the path that one accepts and the other does not.
//! Each is known by one of the cases listed there, so that none outlives its entry.

use std::fmt;
use std::mem::discriminant;
use std::sync::LazyLock;

use serde::Deserialize;
use testpki::{GeneralName, KeyUsage, Version, oid};

use crate::NOW;
use crate::further::{Further, FurtherOf};
use crate::model::{BasicConstraints, Certificate};

/// A path, the client's certificate first.
pub(crate) struct Path<'a> {
    certificates: Vec<&'a Certificate>,
    /// For each certificate.
    further: Vec<&'a Further>,
}

/// The case that stands for a listed difference, and whether a path shows it.
pub(crate) type Difference = (&'static str, fn(&Path<'_>) -> bool);

/// The differences from a peer.
pub(crate) struct Differences {
    we_accept: &'static [Difference],
    we_refuse: &'static [Difference],
}

/// Those from `webpki`.
pub(crate) static WEBPKI: LazyLock<Differences> = LazyLock::new(|| {
    let list = include_str!("../../testdata/differences/webpki.toml");
    Differences::listed(WE_ACCEPT, WE_REFUSE, list)
});

const WE_ACCEPT: &[Difference] = &[
    ("name-case", |path| path.has_names_spelled_otherwise()),
    ("purpose-issuer-any", |path| path.has_any_purpose()),
    ("path-length-self-issued", |path| {
        path.is_too_long_counting_self_issued()
    }),
    ("limit-intermediates-8", |path| {
        path.certificates.len() > 2 + 6
    }),
    ("form-version-1-client", |path| {
        path.client().version != Version::V3
    }),
    ("path-loop-client-is-its-ca", |path| path.is_client_its_ca()),
    ("ca-anchor-v2", |path| path.anchor().version == Version::V2),
    ("name-constraint-directory-permitted-inside", |path| {
        path.has_constraint(|base| matches!(base, GeneralName::Directory(_)))
    }),
    ("name-constraint-email-host-permitted", |path| {
        path.has_constraint(|base| matches!(base, GeneralName::Email(_)))
    }),
    ("name-constraint-uri-host-permitted", |path| {
        path.has_constraint(|base| matches!(base, GeneralName::Uri(_)))
    }),
    ("name-constraint-other-name-other-type-permitted", |path| {
        path.has_constraint(|base| matches!(base, GeneralName::Other(..)))
    }),
    ("name-constraint-dns-wildcard-one-label-permitted", |path| {
        path.has_constraint(|base| matches!(base, GeneralName::Dns(_)))
            && path.has_wildcard_of_one_label()
    }),
    ("name-constraint-self-issued-alternative-name", |path| {
        path.has_self_issued_below_constraints()
    }),
    ("policy-form-critical", |path| {
        let below_anchor = path.further.split_last().expect("an anchor").1;
        below_anchor
            .iter()
            .any(|further| further.has_critical_policies())
    }),
];

const WE_REFUSE: &[Difference] = &[
    ("time-anchor-after", |path| NOW > path.anchor().not_after),
    ("time-anchor-before", |path| NOW < path.anchor().not_before),
    ("path-length-anchor-0", |path| path.is_too_long_for_anchor()),
    ("key-usage-anchor-no-cert-sign", |path| {
        lacks(path.anchor(), KeyUsage::KeyCertSign)
    }),
    ("purpose-anchor-server-only", |path| {
        is_for_servers_only(path.anchor())
    }),
    ("critical-unknown-anchor", |path| {
        path.anchor().has_unknown_critical_extension
    }),
    ("key-usage-issuer-no-cert-sign", |path| {
        path.intermediates()
            .iter()
            .any(|issuer| lacks(issuer, KeyUsage::KeyCertSign))
    }),
    ("key-usage-client-cert-sign", |path| {
        lacks(path.client(), KeyUsage::DigitalSignature)
    }),
    ("policy-explicit-not-critical", |path| {
        path.further
            .iter()
            .any(|further| further.require_explicit.is_some())
    }),
    ("policy-mapping-any-not-critical", |path| {
        let mut issuers = path.further.iter().skip(1);
        issuers.any(|further| further.maps_any_policy())
    }),
    (
        "name-constraint-ip-mask-gap-other-version-excluded",
        |path| {
            path.has_constraint(
                |base| matches!(base, GeneralName::Ip(octets) if octets[4..] == [255, 0, 255, 0]),
            )
        },
    ),
    ("policy-form-repeated-client", |path| {
        path.further.iter().any(|further| further.repeats_policy())
    }),
];

impl<'a> Path<'a> {
    pub(crate) fn new(
        certificates: impl IntoIterator<Item = &'a Certificate>,
        further: &'a FurtherOf,
    ) -> Self {
        let certificates: Vec<_> = certificates.into_iter().collect();
        Self {
            further: certificates
                .iter()
                .map(|certificate| further.of(certificate))
                .collect(),
            certificates,
        }
    }

    /// Its certificates, the client's first, each with its further extensions.
    #[allow(dead_code, reason = "the comparison with OpenSSL asks")]
    pub(crate) fn certificates(&self) -> impl Iterator<Item = (&'a Certificate, &'a Further)> {
        self.certificates
            .iter()
            .copied()
            .zip(self.further.iter().copied())
    }

    pub(crate) fn client(&self) -> &'a Certificate {
        self.certificates[0]
    }

    fn intermediates(&self) -> &[&'a Certificate] {
        &self.certificates[1..self.certificates.len() - 1]
    }

    pub(crate) fn anchor(&self) -> &'a Certificate {
        self.certificates[self.certificates.len() - 1]
    }

    fn has_names_spelled_otherwise(&self) -> bool {
        let mut links = self.certificates.windows(2);
        links.any(|link| link[0].issuer.spelling != link[1].subject.spelling)
    }

    fn is_client_its_ca(&self) -> bool {
        let mut intermediates = self.intermediates().iter();
        let client = self.client();
        intermediates
            .any(|issuer| issuer.subject.name == client.subject.name && issuer.key == client.key)
    }

    fn has_any_purpose(&self) -> bool {
        let mut below_anchor = self.certificates[..self.certificates.len() - 1].iter();
        below_anchor.any(|certificate| {
            certificate
                .purposes
                .is_some_and(|purposes| !purposes.contains(&oid::CLIENT_AUTH))
        })
    }

    fn is_too_long_counting_self_issued(&self) -> bool {
        let mut intermediates = self.intermediates().iter().enumerate();
        intermediates
            .any(|(below, issuer)| path_len(issuer).is_some_and(|most| below as u64 > most))
    }

    fn is_too_long_for_anchor(&self) -> bool {
        let counted = self
            .intermediates()
            .iter()
            .filter(|issuer| !issuer.is_self_issued());
        path_len(self.anchor()).is_some_and(|most| counted.count() as u64 > most)
    }

    /// Whether a CA has such a subtree, and there is a name of its form below. Each certificate has a directory name: its subject.
    fn has_constraint(&self, is_such: impl Fn(&GeneralName) -> bool) -> bool {
        (1..self.further.len()).any(|at| {
            let below = &self.further[..at];
            let is_below = |base: &GeneralName| {
                matches!(base, GeneralName::Directory(_))
                    || below
                        .iter()
                        .flat_map(|further| &further.names)
                        .any(|name| discriminant(name) == discriminant(base))
            };
            let further = self.further[at];
            further.bases().any(|base| is_such(base) && is_below(base))
        })
    }

    fn has_wildcard_of_one_label(&self) -> bool {
        let mut names = self.further.iter().flat_map(|further| &further.names);
        names.any(|name| matches!(name, GeneralName::Dns(name) if name.starts_with("*.") && name.matches('.').count() == 1))
    }

    fn has_self_issued_below_constraints(&self) -> bool {
        (1..self.further.len()).any(|at| {
            let mut below = self.certificates[1..at].iter();
            self.further[at].has_constraints() && below.any(|issuer| issuer.is_self_issued())
        })
    }
}

impl fmt::Debug for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (certificate, further) in self.certificates.iter().zip(&self.further) {
            write!(f, "\n{certificate:?} {further:?}")?;
        }
        Ok(())
    }
}

fn path_len(certificate: &Certificate) -> Option<u64> {
    match certificate.basic_constraints {
        BasicConstraints::Ca { path_len } => path_len,
        BasicConstraints::Absent | BasicConstraints::EndEntity => None,
    }
}

fn lacks(certificate: &Certificate, usage: KeyUsage) -> bool {
    certificate
        .key_usage
        .is_some_and(|usages| !usages.contains(&usage))
}

fn is_for_servers_only(certificate: &Certificate) -> bool {
    certificate
        .purposes
        .is_some_and(|purposes| *purposes == [oid::SERVER_AUTH])
}

impl Differences {
    /// Some differences, each of them by a case in `list`, which is the text of a file.
    pub(crate) fn listed(
        we_accept: &'static [Difference],
        we_refuse: &'static [Difference],
        list: &str,
    ) -> Self {
        let entries: Entries = toml::from_str(list).expect("a list of differences");
        let has = |listed: fn(&Entry) -> &Vec<String>, case: &str| {
            let mut all = entries.difference.iter().flat_map(listed);
            assert!(all.any(|name| name == case), "{case} is not listed");
        };
        for (case, _) in we_accept {
            has(|entry| &entry.we_accept, case);
        }
        for (case, _) in we_refuse {
            has(|entry| &entry.we_refuse, case);
        }
        Self {
            we_accept,
            we_refuse,
        }
    }

    /// We accept the path and the peer may not.
    pub(crate) fn may_accept(&self, path: &Path<'_>) -> bool {
        self.we_accept.iter().any(|(_, is_shown)| is_shown(path))
    }

    /// The peer may accept the path and we do not.
    pub(crate) fn may_refuse(&self, path: &Path<'_>) -> bool {
        self.we_refuse.iter().any(|(_, is_shown)| is_shown(path))
    }
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
}
