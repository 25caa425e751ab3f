//! Why the library accepts what a peer refuses: the reasons of docs/DIFFERENCES.md that changes of
//! chains lead to, each with what must be so on the path.

use mtls_verify::VerifiedClient;
use reference::certificate::{Certificate, Extension, Subtree};
use reference::crl::Crl;
use reference::model::Question;
use reference::names::{Attribute, GeneralName};

use crate::changed::{Changed, REAL};
use crate::peers::{Peer, question_for_peers};

/// A reason: it explains what a peer says of what the library accepts, if something is so there.
struct Reason {
    peer: Peer,
    /// What the peer says: it has one of these words.
    says: &'static [&'static str],
    why: &'static str,
    is_so: fn(&Accepted) -> bool,
}

/// What the library accepts.
struct Accepted {
    /// The path, the client first, the anchor last.
    path: Vec<Certificate>,
    /// The certificates of the store and those presented: a signer of CRLs may be any of them.
    all: Vec<Certificate>,
    crls: Vec<Crl>,
}

const NO_ISSUER: &[&str] = &[
    "unable to get local issuer certificate",
    "self-signed certificate in certificate chain",
];
const UNREAD: &[&str] = &["STORE routines", "asn1 encoding routines"];

const REASONS: &[Reason] = &[
    Reason {
        peer: Peer::Webpki,
        says: &["UnknownIssuer", "InvalidSignatureForPublicKey"],
        why: "compares names by their bytes (RFC 5280 §7.1)",
        is_so: |accepted| accepted.has_link(is_spelled_otherwise),
    },
    Reason {
        peer: Peer::Webpki,
        says: &[
            "UnsupportedCriticalExtension",
            "InvalidSignatureForPublicKey",
        ],
        why: "processes fewer critical extensions",
        is_so: |accepted| {
            let mut below_anchor = accepted.path.iter().rev().skip(1);
            below_anchor.any(|one| has_critical_extension_but(one, &PROCESSED_BY_WEBPKI))
        },
    },
    Reason {
        peer: Peer::Webpki,
        says: &["BadDerTime"],
        why: "has no times before 1970",
        is_so: |accepted| {
            let mut below_anchor = accepted.path.iter().rev().skip(1);
            let is_early = |crl: &Crl| {
                let mut dates = crl.entries.iter().map(|entry| entry.date);
                crl.this_update < 0 || dates.any(|date| date < 0)
            };
            below_anchor.any(|certificate| certificate.not_before < 0)
                || accepted.crls.iter().any(is_early)
        },
    },
    Reason {
        peer: Peer::Webpki,
        says: &["BadDer"],
        why: "reads distribution points that nobody looks at",
        is_so: |accepted| {
            let mut below_anchor = accepted.path.iter().rev().skip(1);
            below_anchor.any(|certificate| certificate.distribution_points.is_err())
        },
    },
    Reason {
        peer: Peer::Webpki,
        says: &["UnknownRevocationStatus"],
        why: "compares names of CRLs by their bytes (RFC 5280 §7.1)",
        is_so: |accepted| {
            let is_of = |crl: &Crl, one: &Certificate| {
                one.subject.is_surely(&crl.issuer) && one.subject.der != crl.issuer.der
            };
            let mut crls = accepted.crls.iter();
            crls.any(|crl| accepted.path.iter().any(|one| is_of(crl, one)))
        },
    },
    Reason {
        peer: Peer::Webpki,
        says: &["InvalidSignatureForPublicKey"],
        why: "has a CRL of a name made by the key above the certificate",
        is_so: Accepted::has_several_issuers_of_a_crl,
    },
    Reason {
        peer: Peer::Webpki,
        says: &["InvalidCrlNumber"],
        why: "reads no CRL whose number is negative or too long",
        is_so: |accepted| {
            accepted.crls.iter().any(|crl| {
                let mut extensions = crl.extensions.iter();
                let is_read = |number: &Vec<u8>| number.len() < 20;
                extensions.any(|one| one.oid == [0x55, 0x1D, 20])
                    && !crl.number.as_ref().is_some_and(is_read)
            })
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: &["unhandled critical extension"],
        why: "processes fewer critical extensions",
        is_so: |accepted| {
            let mut path = accepted.path.iter();
            path.any(|one| has_critical_extension_but(one, &PROCESSED_BY_OPENSSL))
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: &["unhandled critical CRL extension"],
        why: "processes fewer critical extensions of CRLs",
        is_so: |accepted| {
            let mut extensions = accepted.crls.iter().flat_map(|crl| &crl.extensions);
            extensions.any(|one| one.critical && !is_one_of(one, &PROCESSED_IN_CRLS_BY_OPENSSL))
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: NO_ISSUER,
        why: "folds fewer spellings of names (RFC 4518)",
        is_so: |accepted| accepted.has_link(is_spelled_otherwise),
    },
    Reason {
        peer: Peer::OpenSsl,
        says: NO_ISSUER,
        why: "takes key identifiers for more than hints",
        is_so: |accepted| {
            accepted.has_link(|child, issuer| {
                let ids = child.authority_key_id.as_ref();
                let ids = ids.zip(issuer.subject_key_id.as_ref());
                ids.is_some_and(|(wanted, found)| wanted != found)
            })
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: &[NO_ISSUER[0], NO_ISSUER[1], UNREAD[0]],
        why: "asks of key identifiers that are not critical to be well-formed",
        is_so: |accepted| {
            accepted.all.iter().any(|certificate| {
                let has = |arc| {
                    let mut extensions = certificate.extensions.iter();
                    extensions.any(|one| one.oid == [0x55, 0x1D, arc])
                };
                has(14) && certificate.subject_key_id.is_none()
                    || has(35) && certificate.authority_key_id.is_none()
            })
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: UNREAD,
        why: "asks of strings to be what their type allows",
        is_so: |accepted| {
            let names = |one: &Certificate| [one.issuer.clone(), one.subject.clone()];
            let names = accepted.path.iter().flat_map(names);
            let issuers = accepted.crls.iter().map(|crl| crl.issuer.clone());
            names
                .chain(issuers)
                .any(|name| name.rdns.iter().flatten().any(is_no_string_to_openssl))
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: &["permitted subtree violation"],
        why: "folds fewer spellings of names in constraints (RFC 4518)",
        is_so: |accepted| {
            let bases = accepted.path.iter().flat_map(permitted);
            let bases = bases.filter_map(|base| match base {
                GeneralName::Directory(base) => Some(base),
                _ => None,
            });
            bases.into_iter().any(|base| {
                let mut subjects = accepted.path.iter().map(|one| &one.subject.rdns);
                subjects.any(|subject| !subject.starts_with(&base.rdns))
            })
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: &["permitted subtree violation"],
        why: "finds no mailbox within the empty subtree",
        is_so: |accepted| {
            let mut bases = accepted.path.iter().flat_map(permitted);
            bases.any(|base| *base == GeneralName::Email(Vec::new()))
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: &["unable to get certificate CRL"],
        why: "takes the key identifier of a CRL for more than a hint",
        is_so: |accepted| {
            let wanted = accepted.crls.iter();
            let mut wanted = wanted.filter_map(|crl| crl.authority_key_id.as_ref());
            let has = |wanted: &&Vec<u8>| {
                let mut found = accepted.all.iter().map(|one| one.subject_key_id.as_ref());
                found.any(|found| found == Some(*wanted))
            };
            wanted.any(|wanted| !has(&wanted))
        },
    },
    Reason {
        peer: Peer::OpenSsl,
        says: &["[CRL path]", "CRL signature failure"],
        why: "tries one certificate with the name of a CRL's issuer",
        is_so: Accepted::has_several_issuers_of_a_crl,
    },
];

/// The last arcs of the extensions below 2.5.29 that they process where they are critical.
const PROCESSED_BY_WEBPKI: [u8; 5] = [15, 17, 19, 30, 37];
const PROCESSED_BY_OPENSSL: [u8; 10] = [15, 17, 19, 30, 31, 32, 33, 36, 37, 54];
const PROCESSED_IN_CRLS_BY_OPENSSL: [u8; 3] = [27, 28, 35];

impl Accepted {
    /// Whether there is such a link, of the path or to a signer of CRLs: a certificate, and one
    /// whose name is that of its issuer.
    fn has_link(&self, is_such: fn(&Certificate, &Certificate) -> bool) -> bool {
        let mut path = self.path.iter().zip(&self.path[1..]);
        let is_issuer = |child: &Certificate, issuer: &Certificate| {
            issuer.subject.is_surely(&child.issuer) && is_such(child, issuer)
        };
        let has_issuer = |child: &Certificate| self.all.iter().any(|one| is_issuer(child, one));
        path.any(|(child, issuer)| is_such(child, issuer))
            || !self.crls.is_empty() && self.all.iter().any(has_issuer)
    }

    /// Whether several certificates have the name of a CRL's issuer.
    fn has_several_issuers_of_a_crl(&self) -> bool {
        self.crls.iter().any(|crl| {
            let all = self.all.iter();
            all.filter(|one| one.subject.is_surely(&crl.issuer)).count() > 1
        })
    }
}

fn is_spelled_otherwise(child: &Certificate, issuer: &Certificate) -> bool {
    child.issuer.der != issuer.subject.der
}

/// Whether there is a critical extension whose type is not one of 2.5.29 and one of these arcs.
fn has_critical_extension_but(certificate: &Certificate, arcs: &[u8]) -> bool {
    let mut extensions = certificate.extensions.iter();
    extensions.any(|one| one.critical && !is_one_of(one, arcs))
}

fn is_one_of(extension: &Extension, arcs: &[u8]) -> bool {
    matches!(extension.oid[..], [0x55, 0x1D, arc] if arcs.contains(&arc))
}

fn permitted(certificate: &Certificate) -> &[Subtree] {
    let constraints = certificate.name_constraints.as_ref();
    constraints.map_or(&[], |constraints| &constraints.permitted)
}

/// Whether a value is of a type that OpenSSL has not for attributes, or is none of its type.
fn is_no_string_to_openssl(attribute: &Attribute) -> bool {
    let value = attribute.value.as_slice();
    match attribute.tag {
        0x1E => !value.len().is_multiple_of(2),
        0x1C => {
            let is_character = |four: &[u8]| matches!(four, [0, 0..=0x10, _, _]);
            !value.chunks(4).all(is_character)
        }
        0x0C => std::str::from_utf8(value).is_err(),
        tag => ![0x12, 0x13, 0x14, 0x16].contains(&tag),
    }
}

/// The reason why the library accepts what a peer refuses.
pub(crate) fn explain(
    peer: Peer,
    asked: &Changed,
    client: &VerifiedClient,
    error: &str,
) -> Option<&'static str> {
    // Then it says nothing of the change. `testdata/differences` has those chains.
    let unchanged = REAL.iter().find(|(name, _)| name == asked.case);
    let (_, real) = unchanged.expect("a case");
    if peer.ask(&question_for_peers(&real.question())).is_err() {
        return Some("refuses the unchanged chain");
    }
    let path: Vec<Vec<u8>> = client.path().map(|der| der.to_vec()).collect();
    let (anchor, below) = path.split_last().expect("an anchor");
    let alone = Question {
        anchors: vec![anchor.clone()],
        intermediates: Vec::new(),
        presented: below.to_vec(),
        ..asked.question.clone()
    };
    // Other certificates may lead OpenSSL to another path, and to other words. Some sign CRLs.
    let said = match peer.ask(&alone) {
        Ok(()) if peer == Peer::OpenSsl => return Some("judges another path"),
        said => [Err(error.to_owned()), said].map(|said| said.err().unwrap_or_default()),
    };
    let read = |der: &Vec<u8>| Certificate::read(der).expect("it was accepted");
    let Question {
        anchors,
        intermediates,
        presented,
        crls,
        ..
    } = &asked.question;
    let all = anchors.iter().chain(intermediates).chain(presented);
    let accepted = Accepted {
        path: path.iter().map(read).collect(),
        all: all.filter_map(|der| Certificate::read(der).ok()).collect(),
        crls: crls.iter().filter_map(|der| Crl::read(der).ok()).collect(),
    };
    let is_it = |reason: &&Reason| {
        let says = |word: &&str| said.iter().any(|said| said.contains(word));
        reason.peer == peer && reason.says.iter().any(says) && (reason.is_so)(&accepted)
    };
    REASONS.iter().find(is_it).map(|reason| reason.why)
}
