//! The forms of general names (RFC 5280 §4.2.1.6).

use super::*;

/// What a general name is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It names somebody.
    Name,
    /// It says where something is: an LDAP URI may be without a host (§4.2.1.13).
    Location,
}

/// §4.2.1.6, §4.2.1.7: the value of subjectAltName, issuerAltName and certificateIssuer.
pub(crate) fn names_conform(value: &[u8], place: Place) -> bool {
    der::only(value, der::SEQUENCE)
        .and_then(read_names)
        .is_ok_and(|names| all_conform(&names, place))
}

pub(super) fn all_conform(names: &[GeneralName], place: Place) -> bool {
    names.iter().all(|name| general_name_conforms(name, place))
}

/// Whether the name is in the form of its kind, and not empty.
pub(crate) fn general_name_conforms(name: &GeneralName, place: Place) -> bool {
    match name {
        GeneralName::Email(mailbox) => is_mailbox(mailbox, false),
        GeneralName::Dns(name) => is_domain_name(name.strip_prefix(b"*.").unwrap_or(name)),
        GeneralName::Directory(name) => !name.is_empty() && name_conforms(&name.der),
        GeneralName::Uri(uri) => is_absolute_uri(uri, place),
        GeneralName::Ip(address) => matches!(address.len(), 4 | 16),
        GeneralName::RegisteredId(oid) => der::oid(oid).is_ok(),
        GeneralName::Other(oid, value) => match Reader::new(value).last() {
            Ok(value) if oid == SMTP_UTF8_MAILBOX => {
                value.tag == der::UTF8_STRING && is_mailbox(value.content, true)
            }
            Ok(value) => characters(value.tag, value.content).is_some(),
            Err(_) => false,
        },
        GeneralName::X400(content) => !content.is_empty(),
        GeneralName::EdiParty(content) => edi_party_conforms(content).unwrap_or(false),
    }
}

/// EDIPartyName: DirectoryStrings, and so EXPLICIT.
pub(super) fn edi_party_conforms(content: &[u8]) -> Result<bool, Malformed> {
    let mut fields = Reader::new(content);
    let assigner = fields.optional(der::CONSTRUCTED, |explicit| Reader::new(explicit).last())?;
    let party = Reader::new(fields.content(der::CONSTRUCTED | 1)?).last()?;
    fields.end()?;
    Ok(assigner.into_iter().chain([party]).all(|string| {
        DIRECTORY_STRING.contains(&string.tag) && characters(string.tag, string.content) > Some(0)
    }))
}

/// §4.2.1.10: whether the base of a subtree is in the form of its kind.
pub(super) fn subtree_conforms(base: &GeneralName) -> bool {
    match base {
        GeneralName::Dns(name) => name.is_empty() || is_domain_name(name),
        GeneralName::Email(host) if !host.contains(&b'@') => {
            is_host(host.strip_prefix(b".").unwrap_or(host))
        }
        GeneralName::Uri(host) => is_domain_name(host.strip_prefix(b".").unwrap_or(host)),
        GeneralName::Directory(name) => name_conforms(&name.der),
        GeneralName::Ip(subnet) => {
            let (_, mask) = subnet.split_at(subnet.len() / 2);
            let bits = mask
                .iter()
                .flat_map(|octet| (0..8).map(move |bit| octet & (0x80 >> bit) != 0));
            // A mask without gaps: ones, then zeros.
            matches!(subnet.len(), 8 | 32) && bits.is_sorted_by(|one, next| one >= next)
        }
        _ => general_name_conforms(base, Place::Name),
    }
}

/// RFC 1034 §3.5, RFC 1123 §2.1: labels of 1 to 63 letters, digits and hyphens, the hyphens
/// inside.
pub(super) fn is_host(host: &[u8]) -> bool {
    let is_letter_digit_hyphen = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'-';
    host.len() <= 253
        && host.split(|&octet| octet == b'.').all(|label| {
            (1..=63).contains(&label.len())
                && label.iter().all(is_letter_digit_hyphen)
                && !label.starts_with(b"-")
                && !label.ends_with(b"-")
        })
}

/// A host that is no address in some notation: its last label is no number (RFC 1123 §2.1).
pub(super) fn is_domain_name(host: &[u8]) -> bool {
    let last = host.rsplit(|&octet| octet == b'.').next().unwrap_or(host);
    let is_decimal = last.iter().all(u8::is_ascii_digit);
    let is_hexadecimal = match last {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    };
    is_host(host) && !is_decimal && !is_hexadecimal
}

pub(super) fn is_ipv4(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
}

pub(super) fn is_ipv6(text: &str) -> bool {
    text.parse::<std::net::Ipv6Addr>().is_ok()
}

pub(super) fn between(text: &str, first: char, last: char) -> Option<&str> {
    text.strip_prefix(first)?.strip_suffix(last)
}

/// §4.2.1.6: a Mailbox of RFC 2821 §4.1.2: Local-part "@" Domain; the host need not have a dot.
/// With characters beyond ASCII, it is a SmtpUTF8Mailbox, whose local part has one (RFC 9598 §3).
pub(super) fn is_mailbox(mailbox: &[u8], beyond_ascii: bool) -> bool {
    let Ok(mailbox) = std::str::from_utf8(mailbox) else {
        return false;
    };
    let Some((local, domain)) = mailbox.rsplit_once('@') else {
        return false;
    };
    let is_other = |c: char| beyond_ascii && !c.is_ascii();
    let is_atext =
        |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || is_other(c);
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_atext);
    let is_local = match between(local, '"', '"') {
        Some(quoted) => {
            let rest = quoted.replace(r"\\", "").replace(r#"\""#, "");
            let is_printable = rest
                .chars()
                .all(|c| (' '..='~').contains(&c) || is_other(c));
            is_printable && !rest.contains('"') && !rest.ends_with('\\')
        }
        None => local.split('.').all(is_atom),
    };
    let is_domain = match between(domain, '[', ']') {
        Some(literal) => is_ipv4(literal) || literal.strip_prefix("IPv6:").is_some_and(is_ipv6),
        None => is_host(domain.as_bytes()),
    };
    local.len() <= 64 && is_local && is_domain && (!beyond_ascii || !local.is_ascii())
}

/// §4.2.1.6: a URI of RFC 3986 with a scheme and something after it; an authority has a fully
/// qualified domain name or an address for its host.
pub(super) fn is_absolute_uri(uri: &[u8], place: Place) -> bool {
    let Ok(uri) = std::str::from_utf8(uri) else {
        return false;
    };
    let Some((scheme, rest)) = uri.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let (hierarchical, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (authority, behind) = match hierarchical.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let (authority, behind) = rest.split_at(end);
            (Some(authority), behind)
        }
        None => (None, hierarchical),
    };
    let authority_conforms = match authority {
        None => true,
        // RFC 4516 §2: ldap:///dn
        Some("") if place == Place::Location && scheme.eq_ignore_ascii_case("ldap") => behind
            .strip_prefix('/')
            .is_some_and(|dn| !dn.is_empty() && !dn.starts_with('?')),
        Some(authority) => is_authority(authority),
    };
    is_scheme
        && !hierarchical.is_empty()
        && authority_conforms
        && is_made_of(behind, ":@/?")
        && is_made_of(fragment, ":@/?")
}

/// RFC 3986 §3.2: [ userinfo "@" ] host [ ":" port ].
pub(super) fn is_authority(authority: &str) -> bool {
    let (userinfo, host_and_port) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (is_address, port) = match host_and_port.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((literal, port)) => (is_ipv6(literal), port),
            None => return false,
        },
        None => {
            let end = host_and_port.find(':').unwrap_or(host_and_port.len());
            let (host, port) = host_and_port.split_at(end);
            // RFC 3986 §3.2.2: the dot at the end of a fully qualified domain name
            let name = host.strip_suffix('.').unwrap_or(host);
            (is_ipv4(host) || is_domain_name(name.as_bytes()), port)
        }
    };
    let is_port = match port.strip_prefix(':') {
        Some(digits) => digits.chars().all(|c| c.is_ascii_digit()),
        None => port.is_empty(),
    };
    is_made_of(userinfo, ":") && is_address && is_port
}

/// RFC 3986 §2: unreserved characters, sub-delims, percent-encoded octets, and the others.
pub(super) fn is_made_of(text: &str, others: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=%".contains(c);
    let is_encoded = |part: &str| part.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    text.chars().all(|c| is_allowed(c) || others.contains(c))
        && text.split('%').skip(1).all(is_encoded)
}

/// DirectoryString (appendix A.1).
pub(super) const DIRECTORY_STRING: [u8; 5] = [
    der::TELETEX_STRING,
    der::PRINTABLE_STRING,
    der::UNIVERSAL_STRING,
    der::UTF8_STRING,
    der::BMP_STRING,
];
pub(super) const SMTP_UTF8_MAILBOX: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 8, 9];
pub(super) const ANY_POLICY: &[u8] = &[0x55, 0x1D, 0x20, 0];
pub(super) const DOMAIN_COMPONENT: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 1, 25];
pub(super) const EMAIL_ADDRESS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 1];
