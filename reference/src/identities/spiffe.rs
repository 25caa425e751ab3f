//! The SPIFFE ID of a client (SPIFFE-ID §2, X.509-SVID §4, §5).

use crate::certificate::Certificate;
use crate::names::{self, GeneralName};

/// Bits of keyUsage (RFC 5280 §4.2.1.3).
const DIGITAL_SIGNATURE: u16 = 1 << 0;
const KEY_CERT_SIGN: u16 = 1 << 5;
const CRL_SIGN: u16 = 1 << 6;
/// The SPIFFE ID, if there is one; unclear where a URI that may be one does not make one.
pub(super) fn spiffe(certificate: &Certificate, judge: impl Fn(&str) -> bool) -> Vec<Option<bool>> {
    if let Some(id) = spiffe_id(certificate) {
        return vec![Some(judge(&id))];
    }
    let alternatives = certificate.subject_alt_name.as_deref().unwrap_or_default();
    let may_be = |octets: &Vec<u8>| {
        let scheme = names::ascii(octets).map(|text| text.to_ascii_lowercase());
        names::uri(octets).is_none() || scheme.is_some_and(|it| it.starts_with("spiffe:"))
    };
    let is_one = |name: &GeneralName| matches!(name, GeneralName::Uri(uri) if may_be(uri));
    alternatives
        .iter()
        .filter(|name| is_one(name))
        .map(|_| None)
        .collect()
}

/// The SPIFFE ID (SPIFFE-ID §2, X509-SVID §2): the one URI, if it is one. The trust domain has 1
/// to 255 lower-case letters, digits, dots, hyphens and underscores. The path has segments of
/// letters, digits, dots, hyphens and underscores, none of them `.` or `..`, and no slash at its
/// end. There is a path: a trust domain is no workload. And neither is a CA, or a key that signs
/// certificates or CRLs, or one with usages that does not sign (X509-SVID §4.3, §5.2).
pub fn spiffe_id(certificate: &Certificate) -> Option<String> {
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
