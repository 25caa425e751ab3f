//! Whether a name lies within a subtree, for each form of name (RFC 5280 §4.2.1.10).

use core::net::IpAddr;

use crate::x509::{GeneralName, is_name_within};

/// The subtree is of a form that cannot be compared, or the name or the subtree is not well-formed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unprocessable;

/// How a name is to be compared with a subtree. It matters for what stands for many names, wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// All that the name stands for: permitted subtrees.
    Wholly,
    /// Any of what the name stands for: excluded subtrees.
    InPart,
}

/// Whether `name` lies within the subtree `base`; `None` if they are of different forms, so that one says nothing of the other.
pub(super) fn is_within(
    name: GeneralName<'_>,
    base: GeneralName<'_>,
    within: Within,
) -> Option<Result<bool, Unprocessable>> {
    match (name, base) {
        (GeneralName::Dns(name), GeneralName::Dns(base)) => Some(is_dns_within(name, base, within)),
        (GeneralName::Email(name), GeneralName::Email(base)) => Some(is_email_within(name, base)),
        (GeneralName::Uri(name), GeneralName::Uri(base)) => Some(is_uri_within(name, base)),
        (GeneralName::Ip(name), GeneralName::Ip(base)) => Some(is_ip_within(name, base)),
        (GeneralName::Directory(name), GeneralName::Directory(base)) => {
            Some(Ok(is_name_within(name, base)))
        }
        // What a constraint on these means is nowhere said, so a name of the form is never known to keep to it.
        (GeneralName::Other { type_id: name, .. }, GeneralName::Other { type_id: base, .. }) => {
            (name == base).then_some(Err(Unprocessable))
        }
        (GeneralName::Unread(_), _) | (_, GeneralName::Unread(_)) => {
            (name.tag() == base.tag()).then_some(Err(Unprocessable))
        }
        _ => None,
    }
}

/// "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side of the name": for
/// `example.com` that name and all below it. A leading dot, which RFC 5280 does not have here and many issuers write, leaves out
/// the name itself.
fn is_dns_within(name: &str, base: &str, within: Within) -> Result<bool, Unprocessable> {
    let wildcard = name.strip_prefix("*.");
    if !is_host(wildcard.unwrap_or(name)) || !is_host_base(base) {
        return Err(Unprocessable);
    }
    if is_at_or_below(name, base) {
        return Ok(true);
    }
    // A wildcard stands for one label: it reaches into a subtree that is one label below it.
    let reaches = wildcard.is_some_and(|parent| {
        base.split_once('.')
            .is_some_and(|(label, above)| !label.is_empty() && above.eq_ignore_ascii_case(parent))
    });
    Ok(within == Within::InPart && reaches)
}

/// A mailbox, all mailboxes of a host, or with a leading dot those of all hosts below a domain. The local part is compared exactly
/// (RFC 5280 §7.5).
fn is_email_within(address: &str, base: &str) -> Result<bool, Unprocessable> {
    let (local, host) = mailbox(address)?;
    if base.contains('@') {
        let (base_local, base_host) = mailbox(base)?;
        return Ok(local == base_local && host.eq_ignore_ascii_case(base_host));
    }
    is_host_within(host, base)
}

/// A host, or with a leading dot all hosts below a domain, of URIs that name their host by its DNS name (RFC 5280 §4.2.1.10: others
/// must be refused).
fn is_uri_within(uri: &str, base: &str) -> Result<bool, Unprocessable> {
    let host = uri_host(uri).ok_or(Unprocessable)?;
    is_host_within(host, base)
}

/// An address in a subnet, given as address and mask; of the same version.
fn is_ip_within(address: &[u8], subnet: &[u8]) -> Result<bool, Unprocessable> {
    let (base, mask) = subnet
        .split_at_checked(subnet.len() / 2)
        .ok_or(Unprocessable)?;
    if !is_prefix_mask(mask) {
        return Err(Unprocessable);
    }
    let mut bytes = address.iter().zip(base).zip(mask);
    Ok(address.len() == base.len()
        && bytes.all(|((address, base), mask)| address & mask == base & mask))
}

/// Ones and then zeroes, as CIDR has it (RFC 4632 §3.1).
pub(super) fn is_prefix_mask(mask: &[u8]) -> bool {
    let mut bytes = mask.iter().skip_while(|byte| **byte == 0xff);
    let first = bytes.next().copied().unwrap_or(0);
    first.leading_ones().saturating_add(first.trailing_zeros()) == 8 && bytes.all(|byte| *byte == 0)
}

/// Exactly the host, or with a leading dot those below it; everything for the empty base.
fn is_host_within(host: &str, base: &str) -> Result<bool, Unprocessable> {
    if !is_host_base(base) {
        return Err(Unprocessable);
    }
    Ok(base.is_empty()
        || host.eq_ignore_ascii_case(base)
        || base.starts_with('.') && is_at_or_below(host, base))
}

/// Whether `name` is `base` or ends with a dot and `base`; with a `base` that begins with a dot, whether there is more before it.
fn is_at_or_below(name: &str, base: &str) -> bool {
    let Some((front, end)) = name
        .len()
        .checked_sub(base.len())
        .and_then(|front| name.split_at_checked(front))
    else {
        return false;
    };
    let is_whole_label = if base.starts_with('.') {
        !front.is_empty()
    } else {
        front.is_empty() || front.ends_with('.') || base.is_empty()
    };
    is_whole_label && end.eq_ignore_ascii_case(base)
}

/// A host as a base: empty, or with a dot in front.
fn is_host_base(base: &str) -> bool {
    base.is_empty() || is_host(base.strip_prefix('.').unwrap_or(base))
}

/// Labels of letters, digits, hyphens and underscores, each of 1 to 63 (RFC 1034 §3.5, and the underscore that is in use).
pub(super) fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// Local part and host of an address with one `@`. Quoted local parts, which could hold another, are not taken.
pub(super) fn mailbox(address: &str) -> Result<(&str, &str), Unprocessable> {
    let (local, host) = address.split_once('@').ok_or(Unprocessable)?;
    let is_local = |byte: u8| byte.is_ascii_graphic() && !b"\"(),:;<>@[\\]".contains(&byte);
    if !local.is_empty() && local.bytes().all(is_local) && is_host(host) {
        Ok((local, host))
    } else {
        Err(Unprocessable)
    }
}

/// The host of a URI if it is a DNS name (RFC 3986 §3.2): without user information, port, and the dot of an absolute name.
pub(super) fn uri_host(uri: &str) -> Option<&str> {
    let host_and_port = uri_host_and_port(uri)?;
    let host = match host_and_port.split_once(':') {
        Some((host, port)) => port
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(host)?,
        None => host_and_port,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    // A last label of digits is that of an IPv4 address in one of its notations.
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    (is_host(host) && !host.rsplit('.').next().is_some_and(is_number)).then_some(host)
}

/// The host of a URI if it is an IP address.
pub(super) fn uri_address(uri: &str) -> Option<IpAddr> {
    let host_and_port = uri_host_and_port(uri)?;
    match host_and_port.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next()?.parse().map(IpAddr::V6).ok(),
        None => host_and_port
            .split(':')
            .next()?
            .parse()
            .map(IpAddr::V4)
            .ok(),
    }
}

/// The authority of a URI without user information.
fn uri_host_and_port(uri: &str) -> Option<&str> {
    let (_scheme, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    Some(
        authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAD: Option<Result<bool, Unprocessable>> = Some(Err(Unprocessable));
    const YES: Option<Result<bool, Unprocessable>> = Some(Ok(true));
    const NO: Option<Result<bool, Unprocessable>> = Some(Ok(false));

    fn dns(name: &str, base: &str) -> Option<Result<bool, Unprocessable>> {
        is_within(
            GeneralName::Dns(name),
            GeneralName::Dns(base),
            Within::Wholly,
        )
    }

    #[test]
    fn mailboxes_have_a_local_part_and_a_host() {
        assert_eq!(mailbox("a.b+c@d.example"), Ok(("a.b+c", "d.example")));
        for not_one in [
            "",
            "@",
            "a",
            "a@",
            "@d.example",
            "a b@d.example",
            "\"a\"@d.example",
            "a@b@d.example",
            "a@d..example",
            "a@-d example",
            "\u{e9}@d.example",
        ] {
            assert!(mailbox(not_one).is_err(), "{not_one}");
        }
    }

    #[test]
    fn dns_names() {
        for (name, base, expected) in [
            ("example.com", "example.com", YES),
            ("EXAMPLE.com", "example.COM", YES),
            ("www.example.com", "example.com", YES),
            ("a.b.example.com", "example.com", YES),
            ("notexample.com", "example.com", NO),
            ("example.com", "www.example.com", NO),
            ("example.com", ".example.com", NO),
            ("www.example.com", ".example.com", YES),
            ("anything", "", YES),
            ("*.example.com", "example.com", YES),
            ("*.example.com", ".example.com", YES),
            ("*.example.com", "www.example.com", NO),
            ("exa_mple.com", "com", YES),
            ("example.com.", "example.com", BAD),
            ("", "example.com", BAD),
            ("a..com", "com", BAD),
            ("w*.example.com", "example.com", BAD),
            ("www.example.com", "*.example.com", BAD),
            ("www.example.com", "example.com.", BAD),
            ("www.example.com", ".", BAD),
        ] {
            assert_eq!(dns(name, base), expected, "{name} within {base}");
        }
    }

    #[test]
    fn a_wildcard_reaches_into_excluded_subtrees() {
        let in_part = |name, base| {
            is_within(
                GeneralName::Dns(name),
                GeneralName::Dns(base),
                Within::InPart,
            )
        };
        assert_eq!(in_part("*.example.com", "www.example.com"), YES);
        assert_eq!(in_part("*.example.com", "a.www.example.com"), NO);
        assert_eq!(in_part("*.example.com", ".www.example.com"), NO);
        assert_eq!(in_part("*.example.com", "example.com"), YES);
        assert_eq!(in_part("*.example.com", "example.org"), NO);
        assert_eq!(in_part("www.example.com", "a.www.example.com"), NO);
    }

    #[test]
    fn email_addresses() {
        let email = |name, base| {
            is_within(
                GeneralName::Email(name),
                GeneralName::Email(base),
                Within::Wholly,
            )
        };
        assert_eq!(email("a@example.com", "a@example.com"), YES);
        assert_eq!(email("a@EXAMPLE.com", "a@example.com"), YES);
        assert_eq!(email("A@example.com", "a@example.com"), NO);
        assert_eq!(email("*@example.com", "*@example.com"), YES);
        assert_eq!(email("a@example.com", "*@example.com"), NO);
        assert_eq!(email("a@example.com", "example.com"), YES);
        assert_eq!(email("a@mail.example.com", "example.com"), NO);
        assert_eq!(email("a@mail.example.com", ".example.com"), YES);
        assert_eq!(email("a@example.com", ".example.com"), NO);
        assert_eq!(email("a@b@example.com", "example.com"), BAD);
        assert_eq!(email("a@example.com", "b@a@example.com"), BAD);
        assert_eq!(email("example.com", "example.com"), BAD);
        assert_eq!(email("@example.com", "example.com"), BAD);
    }

    #[test]
    fn uris() {
        let uri = |name, base| {
            is_within(
                GeneralName::Uri(name),
                GeneralName::Uri(base),
                Within::Wholly,
            )
        };
        assert_eq!(uri("https://example.com/a", "example.com"), YES);
        assert_eq!(uri("https://example.com", "example.com"), YES);
        assert_eq!(uri("spiffe://Example.com/a?b@c", "example.com"), YES);
        assert_eq!(uri("https://a:b@example.com:443/", "example.com"), YES);
        assert_eq!(uri("https://example.com./", "example.com"), YES);
        assert_eq!(uri("https://www.example.com/", "example.com"), NO);
        assert_eq!(uri("https://www.example.com/", ".example.com"), YES);
        assert_eq!(uri("https://example.com/", ".example.com"), NO);
        assert_eq!(uri("https://evil.org/@example.com", "example.com"), NO);
        assert_eq!(uri("https://evil.org#@example.com", "example.com"), NO);
        for bad in [
            "urn:uuid:1",
            "https://192.0.2.1/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https:///a",
            "https://example.com:x/",
            "example.com",
        ] {
            assert_eq!(uri(bad, "example.com"), BAD, "{bad}");
        }
        assert_eq!(uri("https://example.com", "https://example.com"), BAD);
    }

    #[test]
    fn addresses() {
        let ip =
            |name, base| is_within(GeneralName::Ip(name), GeneralName::Ip(base), Within::Wholly);
        let net = [192, 0, 2, 0, 255, 255, 255, 0];
        assert_eq!(ip(&[192, 0, 2, 77], &net), YES);
        assert_eq!(ip(&[192, 0, 3, 77], &net), NO);
        assert_eq!(ip(&[0; 16], &net), NO);
        assert_eq!(ip(&[1, 2, 3, 4], &[0; 8]), YES);
        assert_eq!(ip(&[192, 0, 2, 77], &[192, 0, 2, 0, 255, 0, 255, 0]), BAD);
        for (mask, good) in [
            (&[255u8, 255, 255, 255][..], true),
            (&[0, 0, 0, 0], true),
            (&[255, 128, 0, 0], true),
            (&[255, 129, 0, 0], false),
            (&[127, 0, 0, 0], false),
            (&[255, 0, 0, 1], false),
        ] {
            assert_eq!(is_prefix_mask(mask), good, "{mask:?}");
        }
    }

    #[test]
    fn forms_do_not_mix() {
        let other = |type_id: &'static [u8]| GeneralName::Other {
            type_id,
            value: &[5, 0],
        };
        assert_eq!(is_within(other(b"a"), other(b"a"), Within::Wholly), BAD);
        assert_eq!(is_within(other(b"a"), other(b"b"), Within::Wholly), None);
        assert_eq!(
            is_within(GeneralName::Dns("a"), GeneralName::Uri("a"), Within::Wholly),
            None
        );
        assert_eq!(
            is_within(
                GeneralName::Unread(0x88),
                GeneralName::Unread(0x88),
                Within::Wholly
            ),
            BAD
        );
        // A malformed name of a form that is constrained.
        let malformed = GeneralName::Unread(0x82);
        assert_eq!(
            is_within(malformed, GeneralName::Dns("a"), Within::Wholly),
            BAD
        );
        assert_eq!(
            is_within(malformed, GeneralName::Uri("a"), Within::Wholly),
            None
        );
    }
}
