//! Who is let in: rules on the identity of a client (docs/guide/identities.md).
//!
//! A rule holds, does not, or is unclear. Each field has all of its values read, and each of them
//! is held to the match; nothing is looked up.

mod spiffe;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::certificate::Certificate;
use crate::denied::{other_encodings, without_zeros};
use crate::der;
use crate::model::{IdentityMatch, IdentityRule, Oid, TextMatch};
use crate::names::{self, GeneralName, Name};
use crate::policies::ANY_POLICY;

pub use spiffe::spiffe_id;

use spiffe::spiffe;

/// id-at-commonName and id-at-organizationalUnitName (RFC 5280 appendix A.1).
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 4, 11];
/// 1.3.6.1.4.1.311.20.2.3.
const USER_PRINCIPAL_NAME: &[u8] = &[0x2B, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3];
/// anyExtendedKeyUsage, 2.5.29.37.0.
const ANY_PURPOSE: &[u8] = &[0x55, 0x1D, 37, 0];

/// What is known of a client.
#[derive(Clone, Copy)]
struct Known<'a> {
    certificate: &'a Certificate,
    /// The same with names that are no identities.
    whole: &'a Certificate,
    /// The policies that its path is valid for.
    policies: &'a BTreeSet<Oid>,
    /// The scope that its path ends in.
    scope: Option<&'a str>,
}

/// Whether a client is let in, by its certificate and the policies that its path is valid for.
#[must_use]
pub fn is_accepted(
    certificate: &Certificate,
    policies: &BTreeSet<Oid>,
    rule: &IdentityRule,
) -> bool {
    is_accepted_in((certificate, certificate), policies, None, rule)
}

/// The same of a client whose path ends in this scope: its certificate with the names that are
/// identities there, and with all.
#[must_use]
pub fn is_accepted_in(
    (certificate, whole): (&Certificate, &Certificate),
    policies: &BTreeSet<Oid>,
    scope: Option<&str>,
    rule: &IdentityRule,
) -> bool {
    let known = Known {
        certificate,
        whole,
        policies,
        scope,
    };
    judge(known, rule) == Some(true)
}

/// None: unclear.
fn judge(known: Known<'_>, rule: &IdentityRule) -> Option<bool> {
    let each = |rules: &[IdentityRule]| -> BTreeSet<Option<bool>> {
        let judged = rules.iter().map(|one| judge(known, one));
        judged.collect()
    };
    // Kleene: what decides comes before what is unclear.
    let decided_by = |truth: bool, rules: &[IdentityRule]| {
        let found = each(rules);
        match (found.contains(&Some(truth)), found.contains(&None)) {
            (true, _) => Some(truth),
            (false, true) => None,
            (false, false) => Some(!truth),
        }
    };
    match rule {
        IdentityRule::All(rules) => decided_by(false, rules),
        IdentityRule::Any(rules) => decided_by(true, rules),
        IdentityRule::Not(inner) => judge(known, inner).map(|truth| !truth),
        IdentityRule::Match(one) => {
            let found: BTreeSet<_> = results(known, one).into_iter().collect();
            match (found.contains(&Some(true)), found.contains(&None)) {
                (true, _) => Some(true),
                (false, true) => None,
                // What would match if it were an identity keeps a `Not` from holding.
                (false, false) => {
                    let certificate = known.whole;
                    let all = results(
                        Known {
                            certificate,
                            ..known
                        },
                        one,
                    );
                    all.iter().all(|it| *it == Some(false)).then_some(false)
                }
            }
        }
    }
}

/// How each value of the field does; none: unclear, also of one that cannot be read.
fn results(known: Known<'_>, identity: &IdentityMatch) -> Vec<Option<bool>> {
    let Known {
        certificate,
        policies,
        scope,
        ..
    } = known;
    let alternatives = certificate.subject_alt_name.as_deref().unwrap_or_default();
    let sha256 = |bytes: &[u8]| -> [u8; 32] { Sha256::digest(bytes).into() };
    match identity {
        IdentityMatch::Dns(wanted) => alternatives
            .iter()
            .filter_map(|name| match name {
                GeneralName::Dns(octets) => Some(dns(octets, wanted)),
                _ => None,
            })
            .collect(),
        IdentityMatch::Email(wanted) => alternatives
            .iter()
            .filter_map(|name| match name {
                GeneralName::Email(octets) => Some(
                    names::ascii(octets)
                        .filter(|it| names::mailbox(it, false).is_some())
                        .and_then(|address| is(&address, wanted)),
                ),
                _ => None,
            })
            .collect(),
        IdentityMatch::Uri(wanted) => alternatives
            .iter()
            .filter_map(|name| match name {
                GeneralName::Uri(octets) => Some(uri(octets, wanted)),
                _ => None,
            })
            .collect(),
        IdentityMatch::Ip(wanted, bits) => alternatives
            .iter()
            .filter_map(|name| match name {
                GeneralName::Ip(octets) => Some(ip(octets, wanted, *bits)),
                _ => None,
            })
            .collect(),
        IdentityMatch::CommonName(wanted) => {
            alone(texts(certificate, COMMON_NAME), |it| is(it, wanted))
        }
        IdentityMatch::OrganizationalUnit(wanted) => {
            each_text(texts(certificate, ORGANIZATIONAL_UNIT), wanted)
        }
        IdentityMatch::Attribute(kind, wanted) => each_text(texts(certificate, kind), wanted),
        IdentityMatch::UserPrincipalName(wanted) => {
            let found = other_names(alternatives, USER_PRINCIPAL_NAME);
            alone(found.into_iter().map(|der| text(der)).collect(), |it| {
                is(it, wanted)
            })
        }
        IdentityMatch::OtherNameText(kind, wanted) => {
            let found = other_names(alternatives, kind).into_iter();
            each_text(found.map(|der| text(der)).collect(), wanted)
        }
        IdentityMatch::OtherNameDer(kind, wanted) => {
            let found = other_names(alternatives, kind).into_iter();
            found.map(|der| Some(der == wanted)).collect()
        }
        IdentityMatch::SpiffeExact(wanted) => spiffe(certificate, |id| id == wanted.as_str()),
        // By whole segments, and not the path itself.
        IdentityMatch::SpiffeBelow(above) => {
            spiffe(certificate, |id| id.starts_with(&format!("{above}/")))
        }
        IdentityMatch::Subject(_) if certificate.subject.is_empty() => Vec::new(),
        IdentityMatch::Subject(wanted) => vec![name(&certificate.subject, wanted, true)],
        IdentityMatch::Issuer(wanted) => vec![name(&certificate.issuer, wanted, true)],
        // A negative number may be taken for a positive one.
        IdentityMatch::Serial(..) if certificate.serial.first().is_some_and(|it| *it >= 0x80) => {
            vec![None]
        }
        IdentityMatch::Serial(issuer, serial) => {
            let is_serial = without_zeros(serial) == without_zeros(&certificate.serial);
            vec![name(&certificate.issuer, issuer, is_serial)]
        }
        IdentityMatch::CertificateSha256(wanted) => {
            let mut encodings = other_encodings(certificate);
            encodings.push(certificate.der.clone());
            encodings
                .iter()
                .map(|it| Some(sha256(it) == *wanted))
                .collect()
        }
        IdentityMatch::KeySha256(wanted) => vec![Some(sha256(&certificate.spki) == *wanted)],
        IdentityMatch::Extension(kind, wanted) => {
            let found = certificate.extension(kind).into_iter();
            let is_wanted = |value: &Vec<u8>| wanted.as_ref().is_none_or(|it| it == value);
            found.map(|it| Some(is_wanted(&it.value))).collect()
        }
        IdentityMatch::KeyPurpose(wanted) => {
            // Without the extension, the key is for every purpose.
            let Some(purposes) = &certificate.ext_key_usage else {
                return vec![None];
            };
            purposes
                .iter()
                .map(|purpose| match purpose == wanted {
                    true => Some(true),
                    false if purpose == ANY_PURPOSE => None,
                    false => Some(false),
                })
                .collect()
        }
        IdentityMatch::CertificatePolicy(wanted) => {
            vec![Some(
                policies.contains(wanted) || policies.contains(ANY_POLICY),
            )]
        }
        IdentityMatch::Scope(wanted) => scope.iter().map(|it| Some(it == wanted)).collect(),
    }
}

/// The text of each attribute of this type in the subject; none: it is no text.
fn texts(certificate: &Certificate, kind: &[u8]) -> Vec<Option<String>> {
    let attributes = certificate.subject.rdns.iter().flatten();
    attributes
        .filter(|attribute| attribute.oid == kind)
        .map(names::Attribute::text)
        .collect()
}

/// The DER of each otherName of this type.
fn other_names<'a>(alternatives: &'a [GeneralName], kind: &[u8]) -> Vec<&'a Vec<u8>> {
    let of_kind = |name: &'a GeneralName| match name {
        GeneralName::Other(oid, value) if oid == kind => Some(value),
        _ => None,
    };
    alternatives.iter().filter_map(of_kind).collect()
}

/// The text of a string.
fn text(der: &[u8]) -> Option<String> {
    let [string] = der::elements(der).ok()?[..] else {
        return None;
    };
    names::text_of(string.tag, string.content)
}

fn each_text(texts: Vec<Option<String>>, wanted: &TextMatch) -> Vec<Option<bool>> {
    let judged = texts
        .into_iter()
        .map(|it| it.and_then(|it| is(&it, wanted)));
    judged.collect()
}

/// Of a field that must not be there twice.
fn alone(texts: Vec<Option<String>>, judge: impl Fn(&str) -> Option<bool>) -> Vec<Option<bool>> {
    match texts.as_slice() {
        [] => Vec::new(),
        [Some(only)] => vec![judge(only)],
        _ => vec![None],
    }
}

/// Compares byte by byte. What would match but for the case of ASCII letters, for blanks, and for
/// what nobody sees is unclear.
fn is(value: &str, wanted: &TextMatch) -> Option<bool> {
    let plain = |text: &str| {
        let seen: String = text.chars().filter(|c| !names::is_unseen(*c)).collect();
        seen.to_ascii_lowercase()
    };
    let compare = |change: &dyn Fn(&str) -> String| {
        let value = change(value);
        match wanted {
            TextMatch::Exact(text) => value == change(text),
            TextMatch::Prefix(text) => value.starts_with(&change(text)),
            TextMatch::Suffix(text) => value.ends_with(&change(text)),
            TextMatch::Contains(text) => value.contains(&change(text)),
            TextMatch::Glob(_) => false,
        }
    };
    match (compare(&str::to_owned), compare(&plain)) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

/// DNS names are ASCII, and compare without regard to its case.
fn dns(octets: &[u8], wanted: &TextMatch) -> Option<bool> {
    names::dns_name(octets)?;
    let value = names::ascii(octets)?.to_ascii_lowercase();
    let is_as_text = match wanted {
        TextMatch::Exact(text) => Some(value == lower(text)),
        TextMatch::Prefix(text) => Some(value.starts_with(&lower(text))),
        TextMatch::Suffix(text) => Some(value.ends_with(&lower(text))),
        TextMatch::Contains(text) => Some(value.contains(&lower(text))),
        TextMatch::Glob(pattern) => fits(&lower(pattern), &value, '.'),
    };
    match value.strip_prefix("*.") {
        Some(parent) if is_as_text == Some(false) && may_stand_for(parent, wanted) => None,
        _ => is_as_text,
    }
}

/// Whether a name of one label and this parent passes. It need only be tried with the labels that
/// the wanted text could make it need: each run of characters between dots, and any other one.
fn may_stand_for(parent: &str, wanted: &TextMatch) -> bool {
    let (TextMatch::Exact(text)
    | TextMatch::Prefix(text)
    | TextMatch::Suffix(text)
    | TextMatch::Contains(text)
    | TextMatch::Glob(text)) = wanted;
    let text = lower(text);
    let is_label = |label: &&str| {
        let usual = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        (1..=63).contains(&label.len()) && label.chars().all(usual)
    };
    let mut labels: Vec<&str> = text.split('.').collect();
    // A part of a label is enough for the end of a name.
    labels.push("x");
    labels.into_iter().filter(is_label).any(|label| {
        let name = format!("{label}.{parent}");
        match wanted {
            TextMatch::Exact(_) => name == text,
            TextMatch::Prefix(_) => name.starts_with(&text),
            TextMatch::Suffix(_) => name.ends_with(&text),
            TextMatch::Contains(_) => name.contains(&text),
            TextMatch::Glob(_) => fits(&text, &name, '.') == Some(true),
        }
    })
}

/// A URI of which others may make another one fits no part and no pattern.
fn uri(octets: &[u8], wanted: &TextMatch) -> Option<bool> {
    names::uri(octets)?;
    let value = names::ascii(octets)?;
    let result = match wanted {
        TextMatch::Glob(pattern) => match uri_fits(&value, pattern) {
            Some(false) if uri_fits(&lower(&value), &lower(pattern)) != Some(false) => None,
            fits => fits,
        },
        _ => is(&value, wanted),
    };
    match (wanted, result, has_one_spelling(&value)) {
        (TextMatch::Exact(_), Some(true), _) => Some(true),
        (_, result, true) => result,
        (_, _, false) => None,
    }
}

fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// No percent-encodings; no dot segments in the path, and none that is empty but the last one.
fn has_one_spelling(uri: &str) -> bool {
    let end = uri.find(['?', '#']).unwrap_or(uri.len());
    let after_scheme = uri[..end].split_once(':').map_or("", |(_, rest)| rest);
    let mut segments: Vec<&str> = after_scheme.split('/').collect();
    if after_scheme.starts_with("//") {
        // Two slashes and the authority.
        segments.drain(..3.min(segments.len()));
    } else if after_scheme.starts_with('/') {
        segments.remove(0);
    }
    segments.pop_if(|last| last.is_empty());
    let is_good = |segment: &&str| !["", ".", ".."].contains(segment);
    !uri.contains('%') && segments.iter().all(is_good)
}

/// Whether a URI is like a pattern; one with a query or fragment at most may be.
fn uri_fits(uri: &str, pattern: &str) -> Option<bool> {
    let split = |text: &str| {
        let (scheme, rest) = text.split_once("://")?;
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority.to_owned(), format!("/{path}")),
            None => (rest.to_owned(), String::new()),
        };
        Some((scheme.to_owned(), authority, path))
    };
    let end = uri.find(['?', '#']).unwrap_or(uri.len());
    let (Some(wanted), Some(found)) = (split(pattern), split(&uri[..end])) else {
        return Some(false);
    };
    let whole = (end == uri.len()).then_some(true);
    let parts = [
        Some(wanted.0 == found.0),
        fits(&wanted.1, &found.1, '.'),
        fits(&wanted.2, &found.2, '/'),
        whole,
    ];
    match (parts.contains(&Some(false)), parts.contains(&None)) {
        (true, _) => Some(false),
        (false, true) => None,
        (false, false) => Some(true),
    }
}

/// Part by part; `*` is one part. In a host it surely is one of letters, digits, `-` and `_`.
fn fits(pattern: &str, text: &str, separator: char) -> Option<bool> {
    let wanted: Vec<&str> = pattern.split(separator).collect();
    let found: Vec<&str> = text.split(separator).collect();
    if wanted.len() != found.len() {
        return Some(false);
    }
    let usual = |c: char| separator == '/' || c.is_ascii_alphanumeric() || "-_".contains(c);
    let parts: Vec<_> = wanted
        .iter()
        .zip(&found)
        .map(|(wanted, found)| match *wanted {
            "*" if found.is_empty() => Some(false),
            "*" => found.chars().all(usual).then_some(true),
            text => Some(text == *found),
        })
        .collect();
    match (parts.contains(&Some(false)), parts.contains(&None)) {
        (true, _) => Some(false),
        (false, true) => None,
        (false, false) => Some(true),
    }
}

/// An address of the other version that stands for one which matches is unclear.
fn ip(octets: &[u8], wanted: &[u8], bits: u8) -> Option<bool> {
    const MAPPED: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
    let is_in = |octets: &[u8]| {
        let bit = |octets: &[u8], at: usize| octets[at / 8] >> (7 - at % 8) & 1;
        octets.len() == wanted.len()
            && (0..usize::from(bits)).all(|at| bit(octets, at) == bit(wanted, at))
    };
    let other = match octets.len() {
        4 => [&MAPPED, octets].concat(),
        16 => octets.strip_prefix(&MAPPED).unwrap_or_default().to_vec(),
        _ => return None,
    };
    match (is_in(octets), is_in(&other)) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

/// Names that somebody may find equal are unclear where a value is compared in several ways.
fn name(name: &Name, wanted: &[u8], and: bool) -> Option<bool> {
    let wanted = Name::read(wanted).ok()?;
    match (
        name.is_surely(&wanted) && and,
        name.is_certain() && wanted.is_certain(),
    ) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}
