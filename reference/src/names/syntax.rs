//! The syntax of hosts, mailboxes and URIs (RFC 5280 §4.2.1.6).

use super::ascii;

/// A host name, in lower case: labels of 1 to 63 letters, digits, hyphens and underscores, 253 in
/// all.
pub(crate) fn host(text: &str) -> Option<String> {
    let is_good = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
    let is_label = |it: &str| (1..=63).contains(&it.len()) && it.bytes().all(is_good);
    (text.len() <= 253 && text.split('.').all(is_label)).then(|| text.to_ascii_lowercase())
}

/// A dNSName: whether there is `*.` in front, and the host after that.
pub(crate) fn dns_name(octets: &[u8]) -> Option<(bool, String)> {
    let text = ascii(octets)?;
    let wildcard = text.strip_prefix("*.");
    Some((wildcard.is_some(), host(wildcard.unwrap_or(&text))?))
}

/// Whether this is a Dot-string of at most 64 bytes (RFC 5321 §4.1.2, §4.5.3.1.1), of characters
/// in ASCII and, in a SmtpUTF8Mailbox, beyond (RFC 6531 §3.3): neither controls nor white space
/// (PROFILES).
pub(crate) fn is_dot_string(text: &str) -> bool {
    let others = "!#$%&'*+-/=?^_`{|}~";
    let is_atext = |c: char| match c.is_ascii() {
        true => c.is_ascii_alphanumeric() || others.contains(c),
        false => !c.is_control() && !c.is_whitespace(),
    };
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_atext);
    text.len() <= 64 && text.split('.').all(is_atom)
}

/// A Mailbox (RFC 5321 §4.1.2) that is a Dot-string and a domain: these, the domain in lower case.
/// `utf8`: the local part has characters beyond ASCII, and no byte order mark (RFC 9598 §3).
pub(crate) fn mailbox(text: &str, utf8: bool) -> Option<(String, String)> {
    let (local, domain) = text.split_once('@')?;
    let is_local = is_dot_string(local) && local.is_ascii() != utf8;
    (is_local && !local.starts_with('\u{FEFF}'))
        .then_some((local.to_string(), mail_domain(domain)?))
}

/// The Domain of a Mailbox, in lower case: letters and digits, with hyphens inside of labels.
pub(crate) fn mail_domain(text: &str) -> Option<String> {
    let is_sub_domain = |it: &str| !it.contains('_') && !it.starts_with('-') && !it.ends_with('-');
    host(text).filter(|_| text.split('.').all(is_sub_domain))
}

/// Reads a URI (RFC 3986 §3, appendix A): its host, which it has if it has an authority.
pub(crate) fn uri(octets: &[u8]) -> Option<Option<String>> {
    let text = ascii(octets)?;
    let (scheme, rest) = text.split_once(':')?;
    let in_scheme = |c: u8| c.is_ascii_alphanumeric() || b"+-.".contains(&c);
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.bytes().all(in_scheme) {
        return None;
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (hierarchy, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match hierarchy.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            (Some(authority), path)
        }
        None => (None, hierarchy),
    };
    if !is_of(path, ":@/") || !is_of(query, ":@/?") || !is_of(fragment, ":@/?") {
        return None;
    }
    authority.map_or(Some(None), |authority| authority_host(authority).map(Some))
}

/// The host of an authority (RFC 3986 §3.2).
fn authority_host(authority: &str) -> Option<String> {
    let (user, rest) = authority.split_once('@').unwrap_or(("", authority));
    let port_at = rest.rfind(':').filter(|at| !rest[*at..].contains(']'));
    let (host, port) = rest.split_at(port_at.unwrap_or(rest.len()));
    let literal = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_host = match literal {
        Some(literal) => literal.parse::<std::net::Ipv6Addr>().is_ok() || is_future(literal),
        None => is_of(host, ""),
    };
    let is_port = port.bytes().skip(1).all(|c| c.is_ascii_digit());
    (is_of(user, ":") && is_host && is_port).then(|| host.to_string())
}

/// IPvFuture (RFC 3986 §3.2.2).
fn is_future(literal: &str) -> bool {
    let Some((version, address)) = literal.split_once('.') else {
        return false;
    };
    let digits = version.strip_prefix(['v', 'V']).unwrap_or_default();
    !digits.is_empty()
        && digits.bytes().all(|c| c.is_ascii_hexdigit())
        && !address.is_empty()
        && !address.contains('%')
        && is_of(address, ":")
}

/// Whether text is made of unreserved characters, sub-delims, percent-encodings (RFC 3986 §2) and
/// these.
fn is_of(text: &str, others: &str) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let digits = rest.as_bytes().get(1..3);
        rest = match c {
            '%' if digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)) => &rest[3..],
            _ if c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=".contains(c) => &rest[1..],
            _ if others.contains(c) => &rest[1..],
            _ => return false,
        };
    }
    true
}

/// Whether nobody sees a character: blanks of all kinds, controls, what Unicode has ignored by
/// default, what is agreed on in private, and what is no character.
pub(crate) fn is_unseen(character: char) -> bool {
    let code = u32::from(character);
    let ignored_or_private: [(u32, u32); 25] = [
        (0xAD, 0xAD),
        (0x34F, 0x34F),
        (0x61C, 0x61C),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0x2800, 0x2800),
        (0x3164, 0x3164),
        (0xE000, 0xF8FF),
        (0xFDD0, 0xFDEF),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFFB),
        (0x13430, 0x1343F),
        (0x1BCA0, 0x1BCA3),
        (0x1D159, 0x1D159),
        (0x1D173, 0x1D17A),
        (0xE0000, 0xE0FFF),
        (0xF0000, 0x10FFFF),
        (0xFFFE, 0xFFFF),
        (0x2028, 0x2029),
    ];
    let is_in = |&(first, last): &(u32, u32)| (first..=last).contains(&code);
    character.is_whitespace()
        || character.is_control()
        || code & 0xFFFE == 0xFFFE
        || ignored_or_private.iter().any(is_in)
}
