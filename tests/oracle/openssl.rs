//! Verdicts of the default policy beside those of the `openssl` program.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use testpki::{GeneralName, Pem, Version};

use crate::NOW;
use crate::differences::{self, Difference, Link, Path, Uses};
use crate::further::FurtherOf;
use crate::graph::{Graph, Outcome};
use crate::model::{BasicConstraints, Certificate, Encoder, Pki};
use crate::peers::{self, Comparison, Verdicts};
use crate::program::{self, Release};
use crate::rules;

/// What says in OpenSSL's words what the default policy is, as in `tests/openssl/cases.rs`.
const DEFAULT_POLICY: &str = "verify -purpose sslclient -partial_chain -auth_level 2 -policy_check -policy 2.5.29.32.0 \
                              -show_chain -nameopt RFC2253 \
                              -no-CApath -no-CAstore -CAfile anchors.pem";

/// OpenSSL builds one path and judges that. It may take the certificates of a path in another
/// order.
const OTHER_PATH: Difference = Difference {
    case: "path/length-alternative",
    undo: |path| {
        for at in 0..path.0.len() - 1 {
            for other in at + 2..path.0.len() {
                if may_issue_to_openssl(&path.0[other].certificate, &path.0[at].certificate) {
                    for version in [Version::V1, Version::V2] {
                        path.0[other].have_version_3_if(version);
                    }
                    path.identify(at + 1);
                    path.identify(other);
                }
            }
        }
    },
};

/// Before release 4.0.
const LAST_SECOND: Difference = Difference {
    case: "time/client-at-not-after",
    undo: |path| {
        for link in &mut path.0 {
            if link.certificate.not_after == NOW {
                link.certificate.not_after += 1;
            }
        }
    },
};

/// About a path that we accept, with each release.
const WE_ACCEPT: &[Difference] = &[
    Difference {
        case: "purpose/issuer-any",
        undo: |path| path.0.iter_mut().for_each(Link::name_clients),
    },
    Difference {
        case: "path/aki-wrong",
        undo: |path| {
            path.for_each_link(|child, issuer| {
                let ids = (child.authority_key_id, issuer.subject_key_id);
                if matches!(ids, (Some(wanted), Some(found)) if wanted != found) {
                    child.authority_key_id = issuer.subject_key_id;
                }
            });
        },
    },
    Difference {
        case: "profile/compatible-no-authority-key-id-self-issued",
        undo: |path| {
            for at in 0..path.0.len() - 1 {
                if is_self_signed_to_openssl(&path.0[at].certificate) {
                    path.identify(at + 1);
                    path.identify(at);
                }
            }
        },
    },
    Difference {
        case: "ca/anchor-v2",
        undo: |path| {
            // To OpenSSL, one of version 1 is a CA if it is self-signed.
            let anchor = path.anchor();
            if !is_self_signed_to_openssl(&anchor.certificate) {
                anchor.have_version_3_if(Version::V1);
            }
            anchor.have_version_3_if(Version::V2);
        },
    },
    OTHER_PATH,
];

/// About a path that OpenSSL accepts.
const WE_REFUSE: &[Difference] = &[
    Difference {
        case: "ca/client-ca-refuse",
        undo: |path| {
            if path.client().says_it_is_a_ca() {
                path.client().basic_constraints = BasicConstraints::Absent;
            }
        },
    },
    Difference {
        case: "policy/anchor-requires",
        undo: |path| path.anchor().further.without_policies(),
    },
    Difference {
        case: "policy/mapping-any-not-critical",
        undo: |path| {
            for link in path.below_anchor() {
                if link.further.policies.is_empty() {
                    link.further.without_mappings_of_any();
                }
            }
        },
    },
    Difference {
        case: "name-constraint/ip-mask-gap-permitted",
        undo: Path::close_gaps,
    },
    Difference {
        case: "name-constraint/dns-empty-label-permitted",
        undo: |path| {
            path.for_each_name_below_constraints(&GeneralName::dns(""), |name| {
                let is_malformed = matches!(&name, GeneralName::Dns(name) if name.contains(".."));
                (!is_malformed).then_some(name)
            });
        },
    },
    Difference {
        case: "name-constraint/dns-wildcard-reaches-excluded",
        undo: |path| {
            let issuers = &path.0[1..];
            let excluded: BTreeSet<String> = issuers
                .iter()
                .flat_map(|issuer| &issuer.further.excluded)
                .filter_map(|base| match base {
                    GeneralName::Dns(base) => Some(base.to_ascii_lowercase()),
                    _ => None,
                })
                .collect();
            path.for_each_name_below_constraints(&GeneralName::dns(""), |name| {
                let reaches = |name: &str| {
                    let parent = name.strip_prefix("*.")?;
                    let is_reached = |base: &String| {
                        base.split_once('.')
                            .is_some_and(|(_, above)| above == parent)
                    };
                    Some(excluded.iter().any(is_reached))
                };
                let is_such =
                    matches!(&name, GeneralName::Dns(name) if reaches(name) == Some(true));
                (!is_such).then_some(name)
            });
        },
    },
];

/// Whether OpenSSL takes a certificate for self-signed.
fn is_self_signed_to_openssl(certificate: &Certificate) -> bool {
    may_issue_to_openssl(certificate, certificate)
}

/// Whether OpenSSL takes `issuer` for the issuer of a certificate. It looks at the names, the key
/// identifiers and the algorithms, and verifies no signature.
fn may_issue_to_openssl(issuer: &Certificate, certificate: &Certificate) -> bool {
    let (wanted, found) = (certificate.authority_key_id, issuer.subject_key_id);
    issuer.subject.name == certificate.issuer.name
        && wanted
            .zip(found)
            .is_none_or(|(wanted, found)| wanted == found)
        && Encoder::have_same_algorithm(issuer.key, certificate.signed_by)
}

impl Path {
    /// Gives a certificate a key identifier that is nobody else's, and says it in the one below.
    fn identify(&mut self, at: usize) {
        const FREE: u8 = 2 * Encoder::KEYS as u8;
        let id = Some(FREE + u8::try_from(at).expect("a short path"));
        // Only version 3 has them.
        let certificate = &mut self.0[at].certificate;
        if certificate.version == Version::V3 {
            certificate.subject_key_id = id;
        }
        if let Some(below) = self.0[..at].last_mut() {
            below.certificate.version = Version::V3;
            below.certificate.authority_key_id = id;
        }
    }
}

/// The listed differences from a release.
pub(crate) struct Listed {
    we_accept: Vec<Difference>,
}

impl Listed {
    /// Fails where the list has no entry for one of them.
    pub(crate) fn of(release: Release) -> Self {
        let mut we_accept = WE_ACCEPT.to_vec();
        we_accept.extend((release < Release::V4_0).then_some(LAST_SECOND));
        let list = include_str!("../../testdata/differences/openssl.toml");
        let release = Some(release.name());
        differences::assert_listed(&we_accept, WE_REFUSE, list, release);
        Self { we_accept }
    }

    /// Fails on one that explained nothing.
    pub(crate) fn assert_used(&self, uses: &Uses) {
        differences::assert_used(&[&self.we_accept, WE_REFUSE], uses);
    }
}

/// Checks that our verdict differs from OpenSSL's for listed reasons alone.
pub(crate) fn check(
    graph: &Graph<'_>,
    pki: &Pki,
    further: &FurtherOf,
    ours: &Outcome,
    listed: &Listed,
) -> Comparison {
    let accepts = |path: &Path| path.ask(|alone| openssl(alone).is_ok());
    let is_accepted_by_both =
        |path: &Path| path.ask(|alone| peers::verdict(alone).is_ok()) && accepts(path);
    match (ours, openssl(graph)) {
        (Ok(client), Err(error)) => {
            let path = Path::new(graph.path_of(client), further);
            // Alone it is accepted where other certificates of the PKI lead OpenSSL astray.
            let needed = match accepts(&path) {
                true => Some(vec![OTHER_PATH.case]),
                false => differences::explain(&listed.we_accept, &path, is_accepted_by_both),
            };
            let needed = needed.unwrap_or_else(|| panic!("OpenSSL: {error} of {path:?}"));
            Comparison::new(Verdicts::WeAccept, needed)
        }
        (Err(refusal), Ok(chain)) => {
            let mut needed = BTreeSet::new();
            let paths = candidates(&chain, pki, further);
            let accepted: Vec<_> = paths.into_iter().filter(accepts).collect();
            assert!(!accepted.is_empty(), "OpenSSL accepts no path of {chain}");
            for path in accepted {
                let explained = match path.0.as_slice() {
                    // The client's certificate is an anchor.
                    [_] => Some(vec![WE_REFUSE[0].case]),
                    _ => differences::explain(WE_REFUSE, &path, is_accepted_by_both),
                };
                needed.extend(explained.unwrap_or_else(|| panic!("{refusal:?} of {path:?}")));
            }
            Comparison::new(Verdicts::WeRefuse, needed.into_iter().collect())
        }
        (Ok(_), Ok(_)) => Verdicts::BothAccept.into(),
        (Err(_), Err(_)) => Verdicts::BothRefuse.into(),
    }
}

/// The paths of the PKI that may be the chain that OpenSSL shows, of which it says the subjects
/// alone. It goes on from an anchor to others above it: a path ends at the first.
fn candidates(chain: &str, pki: &Pki, further: &FurtherOf) -> Vec<Path> {
    let subjects = chain
        .lines()
        .filter_map(|line| line.strip_prefix("depth=")?.split_once(": CN="))
        .map(|(_, subject)| {
            let shown = subject.trim_end_matches("(untrusted)").replace('\\', " ");
            let words: Vec<_> = shown.split_whitespace().map(str::to_lowercase).collect();
            let name = words.join(" ");
            let known = Encoder::COMMON_NAMES
                .iter()
                .position(|known| *known == name);
            known.unwrap_or_else(|| panic!("{name:?} in {chain}"))
        });
    let subjects: Vec<usize> = subjects.collect();
    let found = RefCell::new(Vec::new());
    let is_shown = |path: &[&Certificate]| {
        let names: Vec<_> = path
            .iter()
            .map(|certificate| certificate.subject.name)
            .collect();
        subjects.starts_with(&names)
    };
    let is_anchor = |client: &Certificate| {
        let mut anchors = pki.anchors.iter();
        anchors.any(|anchor| anchor.serial == client.serial)
    };
    if is_anchor(&pki.client) {
        found.borrow_mut().push(Path::new([&pki.client], further));
    }
    rules::for_each_path(pki, &|path| {
        if is_shown(path) {
            let path = Path::new(path.iter().copied(), further);
            found.borrow_mut().push(path);
        }
    });
    found.into_inner()
}

/// A folder of this process.
pub(crate) fn folder() -> PathBuf {
    let name = format!("oracle-openssl-{}", std::process::id());
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The chain that the program shows, or the first error that it reports.
fn openssl(graph: &Graph<'_>) -> Result<String, String> {
    let folder = folder();
    fs::create_dir_all(&folder).expect("a folder for test files");
    let issuers = [&graph.chain[1..], &graph.intermediates].concat();
    for (file, certificates) in [
        ("client.pem", &graph.chain[..1]),
        ("issuers.pem", &issuers),
        ("anchors.pem", &graph.anchors),
    ] {
        let pem: String = certificates
            .iter()
            .map(|der| Pem::certificate(der).to_string())
            .collect();
        fs::write(folder.join(file), pem).expect("a test file");
    }
    let mut verify = program::program();
    verify.args(DEFAULT_POLICY.split_whitespace());
    // It takes no file without certificates.
    if !issuers.is_empty() {
        verify.args(["-untrusted", "issuers.pem"]);
    }
    verify.args(["-attime", &NOW.to_string(), "client.pem"]);
    program::verdict(verify.current_dir(&folder))
}
