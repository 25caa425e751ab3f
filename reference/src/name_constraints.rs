//! Name constraints (RFC 5280 §4.2.1.10, §6.1.3 (b), (c), §6.1.4 (g)).
//!
//! §6.1.4 (g) intersects the permitted subtrees of all CAs. A name lies in the intersection
//! exactly if it lies in the subtrees of each CA, so each CA is asked by itself.

use std::mem::discriminant;

use crate::certificate::{Certificate, NameConstraints};
use crate::der;
use crate::names::{self, GeneralName, Name};

/// id-emailAddress (RFC 2985 §5.2.1).
const EMAIL_ADDRESS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 1];

/// id-on-SmtpUTF8Mailbox (RFC 9598 §3).
const SMTP_UTF8_MAILBOX: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 8, 9];

/// What a name says.
enum Meaning {
    /// A directory name.
    Directory(Name),
    /// A DNS name: whether it is a wildcard, and the host without the asterisk.
    Dns(bool, String),
    /// A mailbox: its local part, how that compares, and its host.
    Mailbox(String, LocalPart, String),
    /// The host of a URI.
    UriHost(String),
    /// An address of 4 or 16 octets.
    Address(Vec<u8>),
    /// Nobody can tell: the name is not well-formed, or its form is not supported.
    Unknown,
}

/// How a local part compares.
#[derive(Clone, Copy, PartialEq)]
enum LocalPart {
    /// Exactly (RFC 5280 §7.5): of an rfc822Name.
    Exact,
    /// Without regard to case (§4.1.2.6): of an emailAddress.
    AnyCase,
    /// It is beyond ASCII, so equal to none in ASCII: of a SmtpUTF8Mailbox (RFC 9598 §6).
    Utf8,
}

/// Which of the two relations is asked for: to permit, or to exclude.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Surely,
    Possibly,
}

/// Whether the names of a certificate, subject and subjectAltName, meet these constraints of a CA
/// above it.
#[must_use]
pub fn are_met(certificate: &Certificate, constraints: &NameConstraints) -> bool {
    let permitted = constraints.permitted.iter();
    let excluded = constraints.excluded.iter();
    names_of(certificate).iter().all(|(name, meaning)| {
        let is_of_form = |base: &&GeneralName| is_same_form(base, name);
        let permitted: Vec<_> = permitted.clone().filter(is_of_form).collect();
        // §6.1.3 (b): within one of the permitted subtrees, if there are any of the form.
        (permitted.is_empty() || is_permitted(meaning, &permitted))
            // §6.1.3 (c): not within any of the excluded subtrees.
            && !excluded.clone().filter(is_of_form).any(|it| is(meaning, Within::Possibly, it))
    })
}

/// The names that are constrained, each with what it says.
fn names_of(certificate: &Certificate) -> Vec<(GeneralName, Meaning)> {
    let mut found = Vec::new();
    // An empty subject is no name that could be outside (§6.1.3 (b)).
    let subject = &certificate.subject;
    if !subject.is_empty() {
        let name = GeneralName::Directory(subject.clone());
        found.push((name.clone(), meaning(&name)));
    }
    let alternatives = certificate.subject_alt_name.as_deref().unwrap_or_default();
    for name in alternatives {
        found.push((name.clone(), meaning(name)));
        // RFC 9598 §6: constraints on mailboxes bind a SmtpUTF8Mailbox as well.
        if let GeneralName::Other(kind, value) = name
            && kind == SMTP_UTF8_MAILBOX
        {
            let text = der::only(value, der::UTF8_STRING).unwrap_or_default();
            found.push((
                GeneralName::Email(text.to_vec()),
                mailbox(text, LocalPart::Utf8),
            ));
        }
    }
    // §4.2.1.10: the mailboxes of the subject, where the subjectAltName has none.
    if !alternatives
        .iter()
        .any(|name| matches!(name, GeneralName::Email(_)))
    {
        let attributes = subject.rdns.iter().flatten();
        for attribute in attributes.filter(|attribute| attribute.oid == EMAIL_ADDRESS) {
            let text = match attribute.tag {
                der::IA5_STRING | der::VISIBLE_STRING => &attribute.value[..],
                der::PRINTABLE_STRING | names::NUMERIC_STRING => &attribute.value[..],
                der::UTF8_STRING => &attribute.value[..],
                _ => &[],
            };
            found.push((
                GeneralName::Email(text.to_vec()),
                mailbox(text, LocalPart::AnyCase),
            ));
        }
    }
    found
}

/// What a name says, if it is well-formed (PROFILES, "Where RFC 5280 leaves room").
fn meaning(name: &GeneralName) -> Meaning {
    let known = match name {
        GeneralName::Directory(name) => Some(Meaning::Directory(name.clone())),
        GeneralName::Dns(name) => names::dns_name(name).map(|(any, host)| Meaning::Dns(any, host)),
        GeneralName::Email(name) => Some(mailbox(name, LocalPart::Exact)),
        GeneralName::Uri(name) => uri_host(name).map(Meaning::UriHost),
        GeneralName::Ip(name) if matches!(name.len(), 4 | 16) => {
            Some(Meaning::Address(name.clone()))
        }
        _ => None,
    };
    known.unwrap_or(Meaning::Unknown)
}

fn mailbox(octets: &[u8], case: LocalPart) -> Meaning {
    let text = str::from_utf8(octets).unwrap_or_default();
    match names::mailbox(text, case == LocalPart::Utf8) {
        Some((local, host)) => Meaning::Mailbox(local, case, host),
        None => Meaning::Unknown,
    }
}

/// The host of a URI if it is a DNS name (§4.2.1.10): not one whose last label is a number, which
/// is an address in some notation.
fn uri_host(octets: &[u8]) -> Option<String> {
    let host = names::uri(octets)??;
    let host = names::host(host.strip_suffix('.').unwrap_or(&host))?;
    let last = host.rsplit('.').next()?;
    let is_number = match last.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|c| c.is_ascii_hexdigit()),
        None => last.bytes().all(|c| c.is_ascii_digit()),
    };
    (!is_number).then_some(host)
}

/// Each type of otherName is a form of its own (RFC 4985 §4).
fn is_same_form(one: &GeneralName, other: &GeneralName) -> bool {
    match (one, other) {
        (GeneralName::Other(one, _), GeneralName::Other(other, _)) => one == other,
        _ => discriminant(one) == discriminant(other),
    }
}

/// Whether a name is surely within one of these subtrees of its form. One that nobody can tell
/// anything of cannot be processed, wherever it stands (§4.2.1.10: process it, or reject).
fn is_permitted(name: &Meaning, subtrees: &[&GeneralName]) -> bool {
    let within = |name: &Meaning| {
        let each = subtrees.iter().map(|it| knows(name, Within::Surely, it));
        let known: Option<Vec<bool>> = each.collect();
        known.is_some_and(|known| known.contains(&true))
    };
    // PROFILES: where subtrees of IPv4 are permitted as well, an IPv4-mapped address must also lie
    // within one of them.
    let is_ipv4 = |base: &&GeneralName| matches!(base, GeneralName::Ip(base) if base.len() == 8);
    let mapped = match name {
        Meaning::Address(address) if subtrees.iter().any(is_ipv4) => unmapped(address),
        _ => None,
    };
    within(name) && mapped.is_none_or(|address| within(&Meaning::Address(address)))
}

/// Whether a name is within a subtree of its form. Where nobody can tell what name or base say, it
/// is possibly so, and not surely.
fn is(name: &Meaning, within: Within, base: &GeneralName) -> bool {
    knows(name, within, base).unwrap_or(within == Within::Possibly)
}

/// The same; none: nobody can tell.
fn knows(name: &Meaning, within: Within, base: &GeneralName) -> Option<bool> {
    match (name, base) {
        (Meaning::Directory(name), GeneralName::Directory(base)) => Some(match within {
            Within::Surely => name.begins_with(base, names::is_surely_rdn),
            Within::Possibly => name.begins_with(base, names::is_possibly_rdn),
        }),
        (Meaning::Dns(any, host), GeneralName::Dns(base)) => is_dns(*any, host, within, base),
        (Meaning::Mailbox(local, case, host), GeneralName::Email(base)) => {
            is_mailbox((local, *case, host), within, base)
        }
        (Meaning::UriHost(host), GeneralName::Uri(base)) => is_host(host, base),
        (Meaning::Address(address), GeneralName::Ip(base)) => is_address(address, within, base),
        _ => None,
    }
}

/// A DNS name is within a base that it is, or that it lies below; with a leading dot only below.
/// `any`: the name has `*.` in front. None: the base is not well-formed.
fn is_dns(any: bool, host: &str, within: Within, base: &[u8]) -> Option<bool> {
    let base = names::ascii(base)?;
    let only_below = base.starts_with('.');
    let Some(base) = names::host(base.strip_prefix('.').unwrap_or(&base)) else {
        return base.is_empty().then_some(true);
    };
    let is_below = host.ends_with(&format!(".{base}"));
    Some(match any {
        false => is_below || (host == base && !only_below),
        // The asterisk stands for one label: all names are below the base, or one of them is it.
        true => {
            let is_one = base.split_once('.').is_some_and(|(_, above)| above == host);
            is_below || host == base || (within == Within::Possibly && is_one && !only_below)
        }
    })
}

/// A mailbox is within itself, its host, and a domain `.example` above that.
fn is_mailbox(
    (local, case, host): (&str, LocalPart, &str),
    within: Within,
    base: &[u8],
) -> Option<bool> {
    let text = names::ascii(base)?;
    let Some((base_local, base_host)) = text.split_once('@') else {
        return is_host(host, base);
    };
    let base_host = names::mail_domain(base_host).filter(|_| names::is_dot_string(base_local))?;
    let is_local = match (case, within) {
        (LocalPart::Exact, Within::Surely) => local == base_local,
        (LocalPart::Utf8, Within::Surely) => false,
        (LocalPart::Utf8, Within::Possibly) => names::is_possibly_text(local, base_local),
        _ => local.eq_ignore_ascii_case(base_local),
    };
    Some(is_local && host == base_host)
}

/// The host of a mailbox or URI is within itself, and a domain `.example` above it.
fn is_host(host: &str, base: &[u8]) -> Option<bool> {
    let base = names::ascii(base)?;
    match base.strip_prefix('.') {
        Some(domain) => Some(host.ends_with(&format!(".{}", names::host(domain)?))),
        None if base.is_empty() => Some(true),
        None => Some(host == names::host(&base)?),
    }
}

/// An address is within a subnet of its length. An IPv4-mapped one, and a subnet of such, is
/// possibly meant as IPv4. A subnet is an address and a mask: ones, and then zeros (RFC 4632
/// §3.1).
fn is_address(address: &[u8], within: Within, base: &[u8]) -> Option<bool> {
    let bits = |octets: &[u8]| {
        let octet = |at: usize| u128::from(octets.get(at).copied().unwrap_or(0));
        (0..16).fold(0, |sum, at| sum << 8 | octet(at))
    };
    let (network, mask) = base.split_at(base.len() / 2);
    if !matches!(base.len(), 8 | 32) || bits(mask).leading_ones() != bits(mask).count_ones() {
        return None;
    }
    let is_in = |address: &[u8]| {
        address.len() == network.len() && (bits(address) ^ bits(network)) & bits(mask) == 0
    };
    let is_in_other_spelling = match unmapped(address) {
        Some(address) => is_in(&address),
        None => bits(mask).count_ones() >= 96 && is_in(&[&MAPPED, address].concat()),
    };
    Some(is_in(address) || (within == Within::Possibly && is_in_other_spelling))
}

/// What the octets of an IPv4-mapped address begin with (RFC 4291 §2.5.5.2).
const MAPPED: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

/// The IPv4 address in an IPv4-mapped one, `::ffff:192.0.2.1`.
fn unmapped(address: &[u8]) -> Option<Vec<u8>> {
    address.strip_prefix(&MAPPED).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(name: &GeneralName, bases: &[GeneralName]) -> bool {
        is_permitted(&meaning(name), &bases.iter().collect::<Vec<_>>())
    }

    fn excludes(name: &GeneralName, base: &GeneralName) -> bool {
        is(&meaning(name), Within::Possibly, base)
    }

    fn dns(text: &str) -> GeneralName {
        GeneralName::Dns(text.as_bytes().to_vec())
    }

    fn ip(text: &str) -> GeneralName {
        let octets = |part: &str| match part.parse().unwrap() {
            std::net::IpAddr::V4(it) => it.octets().to_vec(),
            std::net::IpAddr::V6(it) => it.octets().to_vec(),
        };
        GeneralName::Ip(text.split('/').flat_map(octets).collect())
    }

    #[test]
    fn wildcards() {
        // PROFILES, "Where RFC 5280 leaves room".
        let any = dns("*.example.org");
        assert!(permits(&any, &[dns("example.org")]));
        assert!(permits(&any, &[dns(".example.org")]));
        assert!(!permits(&any, &[dns("a.example.org")]));
        assert!(excludes(&any, &dns("secret.example.org")));
        assert!(!excludes(&any, &dns(".secret.example.org")));
        assert!(!excludes(&any, &dns("a.secret.example.org")));
        assert!(!excludes(&any, &dns("example.com")));
        for name in ["*", "*.", "a.*.org", "a.org.", "", ".a.org"] {
            assert!(!permits(&dns(name), &[dns("")]), "{name}");
            assert!(excludes(&dns(name), &dns("example.com")), "{name}");
        }
        for base in [".", "..a", "a.", "*.example.org", "a b"] {
            assert!(!permits(&any, &[dns(base)]), "{base}");
            assert!(excludes(&any, &dns(base)), "{base}");
        }
    }

    #[test]
    fn mapped_addresses() {
        // PROFILES, "Where RFC 5280 leaves room".
        let all = ip("::/::");
        let both = [ip("192.0.2.0/255.255.255.0"), all.clone()];
        assert!(permits(&ip("::ffff:192.0.2.1"), &both));
        assert!(!permits(&ip("::ffff:10.0.0.1"), &both));
        assert!(!permits(&ip("::ffff:192.0.2.1"), &both[..1]));
        assert!(permits(&ip("2001:db8::1"), &both));
        assert!(excludes(&ip("::ffff:192.0.2.1"), &both[0]));
        let mapped = ip("::ffff:192.0.2.0/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00");
        assert!(excludes(&ip("192.0.2.1"), &mapped));
        assert!(!permits(&ip("192.0.2.1"), &[mapped]));
        // A subnet of all IPv6 is none of IPv4.
        assert!(!excludes(&ip("192.0.2.1"), &all));
        assert!(excludes(&ip("192.0.2.1"), &ip("10.0.0.0/255.0.255.0")));
    }

    #[test]
    fn hosts_of_uris() {
        let host = |text: &str| uri_host(text.as_bytes());
        assert_eq!(host("https://A.example.:1/").as_deref(), Some("a.example"));
        for text in [
            "https://0x7f000001/",
            "https://127.0.0.0x1/",
            "https://1/",
            "https://0X/",
        ] {
            assert_eq!(host(text), None, "{text}");
        }
        for text in [
            "https://a../",
            "https://[::1]/",
            "https://%61/",
            "https://*.a/",
            "x:a",
        ] {
            assert_eq!(host(text), None, "{text}");
        }
    }
}
