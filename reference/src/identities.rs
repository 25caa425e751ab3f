//! Who is let in: the identities of a client.

use crate::certificate::Certificate;
use crate::model::{IdentityMatch, TextMatch};
use crate::names::{self, GeneralName};

/// id-at-commonName and id-at-organizationalUnitName (RFC 5280 appendix A.1).
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 4, 11];
/// Bits of keyUsage (RFC 5280 §4.2.1.3).
const DIGITAL_SIGNATURE: u16 = 1 << 0;
const KEY_CERT_SIGN: u16 = 1 << 5;
const CRL_SIGN: u16 = 1 << 6;

/// Whether the certificate has one of the identities.
#[must_use]
pub fn is_accepted(certificate: &Certificate, accepted: &[IdentityMatch]) -> bool {
    accepted.iter().any(|identity| has(certificate, identity))
}

fn has(certificate: &Certificate, identity: &IdentityMatch) -> bool {
    let alternatives = certificate.subject_alt_name.as_deref().unwrap_or_default();
    match identity {
        IdentityMatch::Dns(wanted) => alternatives.iter().any(|name| match name {
            // DNS names are ASCII, and compare without regard to its case.
            GeneralName::Dns(name) if names::dns_name(name).is_some() => {
                is(&name.to_ascii_lowercase(), &lower_case(wanted))
            }
            _ => false,
        }),
        IdentityMatch::Email(wanted) => alternatives.iter().any(|name| match name {
            GeneralName::Email(name) => names::ascii(name)
                .is_some_and(|it| names::mailbox(&it, false).is_some() && is(name, wanted)),
            _ => false,
        }),
        IdentityMatch::Uri(wanted) => alternatives.iter().any(|name| match name {
            GeneralName::Uri(name) => names::uri(name).is_some() && is(name, wanted),
            _ => false,
        }),
        // The common name, if there is exactly one: a second one counts, readable or not.
        IdentityMatch::CommonName(wanted) => match texts(certificate, COMMON_NAME).as_slice() {
            [Some(only)] => is(only.as_bytes(), wanted),
            _ => false,
        },
        IdentityMatch::OrganizationalUnit(wanted) => texts(certificate, ORGANIZATIONAL_UNIT)
            .iter()
            .flatten()
            .any(|unit| is(unit.as_bytes(), wanted)),
        IdentityMatch::Ip(wanted) => {
            matches!(wanted.len(), 4 | 16)
                && alternatives.contains(&GeneralName::Ip(wanted.clone()))
        }
        IdentityMatch::SpiffeExact(wanted) => spiffe_id(certificate).as_ref() == Some(wanted),
        // By whole segments, and not the path itself.
        IdentityMatch::SpiffeBelow(above) => {
            spiffe_id(certificate).is_some_and(|id| id.starts_with(&format!("{above}/")))
        }
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

/// Compares byte by byte.
fn is(value: &[u8], wanted: &TextMatch) -> bool {
    match wanted {
        TextMatch::Exact(text) => value == text.as_bytes(),
        TextMatch::Prefix(text) => value.starts_with(text.as_bytes()),
        TextMatch::Suffix(text) => value.ends_with(text.as_bytes()),
    }
}

fn lower_case(wanted: &TextMatch) -> TextMatch {
    match wanted {
        TextMatch::Exact(text) => TextMatch::Exact(text.to_ascii_lowercase()),
        TextMatch::Prefix(text) => TextMatch::Prefix(text.to_ascii_lowercase()),
        TextMatch::Suffix(text) => TextMatch::Suffix(text.to_ascii_lowercase()),
    }
}

/// The SPIFFE ID (SPIFFE-ID §2, X509-SVID §2): the one URI, if it is one. The trust domain has 1
/// to 255 lower-case letters, digits, dots, hyphens and underscores. The path has segments of
/// letters, digits, dots, hyphens and underscores, none of them `.` or `..`, and no slash at its
/// end. There is a path: a trust domain is no workload. And neither is a CA, or a key that signs
/// certificates or CRLs, or one with usages that does not sign (X509-SVID §4.3, §5.2).
fn spiffe_id(certificate: &Certificate) -> Option<String> {
    let is_ca = certificate.basic_constraints.is_some_and(|(ca, _)| ca);
    let signs = certificate.key_usage.is_some_and(|usage| {
        usage & (KEY_CERT_SIGN | CRL_SIGN) != 0 || usage & DIGITAL_SIGNATURE == 0
    });
    if is_ca || signs {
        return None;
    }
    let alternatives = certificate.subject_alt_name.as_deref().unwrap_or_default();
    let mut uris = alternatives.iter().filter_map(|name| match name {
        GeneralName::Uri(uri) => Some(uri),
        _ => None,
    });
    let (Some(only), None) = (uris.next(), uris.next()) else {
        return None;
    };
    let id = names::ascii(only).filter(|id| id.len() <= 2_048)?;
    let (domain, path) = id.strip_prefix("spiffe://")?.split_once('/')?;
    let is_domain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_".contains(&c);
    let is_path = |c: u8| c.is_ascii_alphanumeric() || b".-_".contains(&c);
    let is_segment = |segment: &str| {
        !segment.is_empty() && segment != "." && segment != ".." && segment.bytes().all(is_path)
    };
    ((1..=255).contains(&domain.len())
        && domain.bytes().all(is_domain)
        && path.split('/').all(is_segment))
    .then_some(id)
}
