//! Rules on identities, by choices from anywhere. Each can be met by somebody.

use reference::certificate::Certificate;
use reference::model::{IdentityMatch, IdentityRule, Oid, TextMatch};
use reference::names::GeneralName;

/// A rule of at most so many levels. Some of it is about what the client has, if it is given.
/// `below` chooses a number below another one.
pub(crate) fn rule(
    below: &mut impl FnMut(usize) -> usize,
    levels: usize,
    client: Option<&Certificate>,
) -> IdentityRule {
    rule_in(Sense::AsSaid, below, levels, client)
}

/// Whether a rule is within an even number of `Not`s. A certificate policy must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    AsSaid,
    Negated,
}

fn rule_in(
    sense: Sense,
    below: &mut impl FnMut(usize) -> usize,
    levels: usize,
    client: Option<&Certificate>,
) -> IdentityRule {
    let some = |below: &mut _, count| {
        (0..count)
            .map(|_| rule_in(sense, below, levels - 1, client))
            .collect()
    };
    match below(if levels > 1 { 8 } else { 4 }) {
        4 => {
            let count = 1 + below(3);
            IdentityRule::All(some(below, count))
        }
        5 | 6 => {
            let count = 1 + below(4);
            IdentityRule::Any(some(below, count))
        }
        7 => {
            let other = match sense {
                Sense::AsSaid => Sense::Negated,
                Sense::Negated => Sense::AsSaid,
            };
            IdentityRule::Not(Box::new(rule_in(other, below, levels - 1, client)))
        }
        _ => IdentityRule::Match(match one(below, client) {
            IdentityMatch::CertificatePolicy(_) if sense == Sense::Negated => {
                IdentityMatch::Scope("none".to_owned())
            }
            one => one,
        }),
    }
}

fn pick<T: Clone>(below: &mut impl FnMut(usize) -> usize, of: &[T]) -> T {
    of[below(of.len())].clone()
}

/// Text that a name is, and parts that a name may have.
fn text(
    below: &mut impl FnMut(usize) -> usize,
    whole: &[&str],
    parts: &[&str],
    globs: &[&str],
) -> TextMatch {
    match below(if globs.is_empty() { 4 } else { 5 }) {
        0 => TextMatch::Exact(pick(below, whole).to_owned()),
        1 => TextMatch::Prefix(pick(below, parts).to_owned()),
        2 => TextMatch::Suffix(pick(below, parts).to_owned()),
        3 => TextMatch::Contains(pick(below, parts).to_owned()),
        _ => TextMatch::Glob(pick(below, globs).to_owned()),
    }
}

/// The content octets of an OBJECT IDENTIFIER.
fn oid(dotted: &str) -> Oid {
    testpki::der::contents(&testpki::der::oid(dotted)).to_vec()
}

fn one(below: &mut impl FnMut(usize) -> usize, client: Option<&Certificate>) -> IdentityMatch {
    match below(if client.is_some() { 24 } else { 18 }) {
        0..3 => IdentityMatch::Dns(text(
            below,
            &[
                "a.example",
                "B.a.example",
                "*.a.example",
                "other",
                "c.example",
            ],
            &["a", "A", "example", "b-", "x_y"],
            &["*.a.example", "*.example", "A.*", "a.example"],
        )),
        3 | 4 => IdentityMatch::Email(text(
            below,
            &["a@example", "b@a.example", "A@EXAMPLE"],
            &["a@", "@example", "A", "example", "b"],
            &[],
        )),
        5 | 6 => IdentityMatch::Uri(text(
            below,
            &[
                "https://a.example/",
                "spiffe://example/a",
                "urn:a",
                "https://a.example/%61",
            ],
            &["https://a.example/", "a", "HTTPS:", "/", "/b"],
            &[
                "https://*.example/",
                "spiffe://example/*",
                "https://a.example/*",
            ],
        )),
        7 | 8 => {
            let v4 = [10, 0, 0, 1].to_vec();
            let mapped = [&[0; 10][..], &[0xFF, 0xFF, 10, 0, 0, 0]].concat();
            let addresses = [
                (v4.clone(), 32),
                ([10, 0, 1, 1].to_vec(), 32),
                ([10, 0, 0, 0].to_vec(), 23),
                ([10, 0, 0, 0].to_vec(), 24),
                ([0; 4].to_vec(), 0),
                ([0; 16].to_vec(), 0),
                (mapped.clone(), 120),
                ([&mapped[..15], &[1]].concat(), 128),
                ([&[0; 15][..], &[1]].concat(), 128),
            ];
            let (octets, bits) = pick(below, &addresses);
            IdentityMatch::Ip(octets, bits)
        }
        9 => IdentityMatch::CommonName(text(below, &["alice", "BOB"], &["al", "E", "b"], &[])),
        10 => IdentityMatch::OrganizationalUnit(text(
            below,
            &["clients", "Clients", "others"],
            &["cl", "S", "nobody"],
            &[],
        )),
        11 => pick(
            below,
            &[
                IdentityMatch::SpiffeExact("spiffe://example/a".to_owned()),
                IdentityMatch::SpiffeBelow("spiffe://example".to_owned()),
                IdentityMatch::SpiffeBelow("spiffe://example/b".to_owned()),
            ],
        ),
        12 => IdentityMatch::UserPrincipalName(text(below, &["a@example", "b"], &["A@", "e"], &[])),
        13 => {
            let kind = oid(pick(below, &["1.3.6.1.4.1.311.20.2.3", "1.2.3.4"]));
            match below(2) {
                0 => IdentityMatch::OtherNameText(kind, text(below, &["a@example"], &["a"], &[])),
                _ => IdentityMatch::OtherNameDer(kind, vec![5, 0]),
            }
        }
        14 => {
            let kind = oid(pick(
                below,
                &["2.5.4.3", "2.5.4.11", "1.2.840.113549.1.9.1"],
            ));
            let whole = ["alice", "clients", "a@example", "Alpha CA"];
            IdentityMatch::Attribute(kind, text(below, &whole, &["a", "CLI", " "], &[]))
        }
        15 => IdentityMatch::KeyPurpose(oid(pick(
            below,
            &["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"],
        ))),
        16 => IdentityMatch::CertificatePolicy(oid(pick(
            below,
            &["1.2.3.1", "1.2.3.2", "2.5.29.32.0"],
        ))),
        17 => IdentityMatch::Extension(oid(pick(below, &["2.5.29.17", "2.5.29.37"])), None),
        kind => match client {
            Some(client) => of_client(kind, below, client),
            None => IdentityMatch::Scope("none".to_owned()),
        },
    }
}

/// What the client has, or nearly.
fn of_client(
    kind: usize,
    below: &mut impl FnMut(usize) -> usize,
    client: &Certificate,
) -> IdentityMatch {
    let name = match client.subject.is_empty() || below(3) == 0 {
        true => client.issuer.der.clone(),
        false => client.subject.der.clone(),
    };
    match kind {
        18 => IdentityMatch::Subject(name),
        19 => IdentityMatch::Issuer(name),
        20 => {
            let mut serial = client.serial.clone();
            if below(3) == 0 {
                serial.push(1);
            }
            IdentityMatch::Serial(name, serial)
        }
        21 => IdentityMatch::CertificateSha256(testpki::sha256(&client.der)),
        22 => IdentityMatch::KeySha256(testpki::sha256(&client.spki)),
        _ => {
            let names = client.subject_alt_name.iter().flatten();
            let uri = names.clone().find_map(|name| match name {
                GeneralName::Uri(uri) => String::from_utf8(uri.clone()).ok(),
                _ => None,
            });
            let wanted = uri.unwrap_or_else(|| "urn:none".to_owned());
            let rule = IdentityMatch::Uri(TextMatch::Exact(wanted));
            match comparison::identities(&IdentityRule::Match(rule.clone())) {
                Ok(_) => rule,
                Err(_) => IdentityMatch::Scope("none".to_owned()),
            }
        }
    }
}
