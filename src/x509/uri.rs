//! URIs (RFC 3986), read as strictly as they are defined: programs that are lenient disagree on
//! what a URI says.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::host::{ends_in_number, is_host};

/// What matters of a URI here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Uri<'a> {
    /// Not empty.
    pub(crate) scheme: &'a str,
    /// The host of its authority; `None` without an authority.
    pub(crate) host: Option<UriHost<'a>>,
    /// Whether something comes after the colon of the scheme.
    pub(crate) has_rest: bool,
}

/// The host of a URI (§3.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UriHost<'a> {
    /// A DNS name, without the dot of an absolute one.
    Name(&'a str),
    Address(IpAddr),
    /// Empty, or a name that is none of DNS, or an address in a notation that RFC 3986 does not
    /// have.
    Other,
}

impl<'a> Uri<'a> {
    /// `scheme ":" hier-part [ "?" query ] [ "#" fragment ]` (§3); `None` if it is malformed or
    /// relative.
    pub(crate) fn read(uri: &'a str) -> Option<Self> {
        let (scheme, rest) = uri.split_once(':')?;
        let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        if !scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            || !scheme.bytes().all(in_scheme)
        {
            return None;
        }
        let (before_fragment, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (hierarchy, query) = before_fragment
            .split_once('?')
            .unwrap_or((before_fragment, ""));
        let (host, path) = match hierarchy.strip_prefix("//") {
            Some(after) => {
                let (authority, path) = match after.find('/') {
                    Some(at) => after.split_at_checked(at)?,
                    None => (after, ""),
                };
                (Some(read_authority(authority)?), path)
            }
            None => (None, hierarchy),
        };
        // §3.3, §3.4, §3.5: `pchar` and "/", and "?" where it delimits nothing any more.
        let is_good =
            is_made_of(path, b":@/") && is_made_of(query, b":@/?") && is_made_of(fragment, b":@/?");
        is_good.then_some(Self {
            scheme,
            host,
            has_rest: !rest.is_empty(),
        })
    }
}

/// Whether a URI that can be read is the only spelling of itself, as far as its path goes: no
/// percent-encoding (§6.2.2.2), no dot segments (§6.2.2.3), and no empty segment but the last one.
pub(crate) fn is_plain_uri(uri: &str) -> bool {
    let hierarchy = uri.split(['?', '#']).next().unwrap_or_default();
    let rest = hierarchy.split_once(':').map_or("", |(_, rest)| rest);
    let path = match rest.strip_prefix("//") {
        Some(after) => after.split_once('/').map_or("", |(_, path)| path),
        // The first segment may begin with a slash.
        None => rest.strip_prefix('/').unwrap_or(rest),
    };
    !uri.contains('%')
        && !path.starts_with('/')
        && !path.contains("//")
        && path
            .split('/')
            .all(|segment| !matches!(segment, "." | ".."))
}

/// `[ userinfo "@" ] host [ ":" port ]` (§3.2).
fn read_authority(authority: &str) -> Option<UriHost<'_>> {
    let (user_info, host_and_port) = match authority.split_once('@') {
        Some((user_info, rest)) => (user_info, rest),
        None => ("", authority),
    };
    let (host, port) = if host_and_port.starts_with('[') {
        let end = host_and_port.find(']')?.checked_add(1)?;
        let (host, after) = host_and_port.split_at_checked(end)?;
        match after {
            "" => (host, ""),
            _ => (host, after.strip_prefix(':')?),
        }
    } else {
        host_and_port.split_once(':').unwrap_or((host_and_port, ""))
    };
    let is_good = is_made_of(user_info, b":") && port.bytes().all(|byte| byte.is_ascii_digit());
    if !is_good {
        return None;
    }
    if let Some(literal) = host.strip_prefix('[') {
        let literal = literal.strip_suffix(']')?;
        return match literal.parse::<Ipv6Addr>() {
            Ok(address) => Some(UriHost::Address(address.into())),
            Err(_) => is_future_address(literal).then_some(UriHost::Other),
        };
    }
    if !is_made_of(host, b"") {
        return None;
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Some(UriHost::Address(address.into()));
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    match is_host(name) && !ends_in_number(name) {
        true => Some(UriHost::Name(name)),
        false => Some(UriHost::Other),
    }
}

/// `IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`.
fn is_future_address(literal: &str) -> bool {
    let version = literal
        .strip_prefix('v')
        .or_else(|| literal.strip_prefix('V'));
    version
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(version, address)| {
            let is_hexadecimal = version.bytes().all(|byte| byte.is_ascii_hexdigit());
            !version.is_empty()
                && is_hexadecimal
                && !address.is_empty()
                && !address.contains('%')
                && is_made_of(address, b":")
        })
}

/// Whether text is made of unreserved characters, sub-delims, percent-encoded octets (§2.1 to
/// §2.3) and `others`.
fn is_made_of(text: &str, others: &[u8]) -> bool {
    let mut bytes = text.bytes();
    let is_hexadecimal = |bytes: &mut core::str::Bytes<'_>| {
        bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit())
    };
    while let Some(byte) = bytes.next() {
        let is_good = match byte {
            b'%' => is_hexadecimal(&mut bytes) && is_hexadecimal(&mut bytes),
            _ => {
                byte.is_ascii_alphanumeric()
                    || b"-._~!$&'()*+,;=".contains(&byte)
                    || others.contains(&byte)
            }
        };
        if !is_good {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(uri: &str) -> Option<Option<UriHost<'_>>> {
        Uri::read(uri).map(|uri| uri.host)
    }

    #[test]
    fn hosts_of_uris() {
        for (uri, name) in [
            ("https://example.com", "example.com"),
            ("https://example.com/a/b?c=/?@#d?", "example.com"),
            ("spiffe://Example.com/a?b@c", "Example.com"),
            ("a+b-c.1://example.com:", "example.com"),
            ("https://a:b%40c@example.com:443/", "example.com"),
            ("https://@example.com/", "example.com"),
            ("https://example.com./", "example.com"),
            ("https://a_b", "a_b"),
            ("https://example.com?a", "example.com"),
            ("https://example.com#a", "example.com"),
            ("https://evil.org/@://example.com", "evil.org"),
            ("https://evil.org?@example.com", "evil.org"),
            ("https://1.2.3.4.a/", "1.2.3.4.a"),
        ] {
            assert_eq!(host(uri), Some(Some(UriHost::Name(name))), "{uri}");
        }
        for (uri, address) in [
            ("https://192.0.2.1/", "192.0.2.1"),
            ("https://[2001:db8::1]:443/", "2001:db8::1"),
            ("https://[::ffff:192.0.2.1]", "::ffff:192.0.2.1"),
        ] {
            let address = UriHost::Address(address.parse().unwrap());
            assert_eq!(host(uri), Some(Some(address)), "{uri}");
        }
        for uri in [
            "https:///a",
            "https://",
            "https://:443/",
            "https://0x7f000001/",
            "https://127.0.0.0x1/",
            "https://0300.0.2.1/",
            "https://3221225985",
            "https://a..b/",
            "https://a../",
            "https://example.com%2eevil.org/",
            "https://a!b/",
            "https://[v1.a]/",
        ] {
            assert_eq!(host(uri), Some(Some(UriHost::Other)), "{uri}");
        }
        for uri in [
            "urn:device:admin?://good.example",
            "https:/evil.example/@://good.example/",
            "urn:uuid:1",
            "mailto:a@example.com",
            "a:",
        ] {
            assert_eq!(host(uri), Some(None), "{uri}");
        }
    }

    #[test]
    fn what_is_no_uri() {
        for not_one in [
            "",
            ":",
            "//example.com/",
            "example.com",
            "1a://example.com",
            "a b://example.com",
            "://example.com",
            "https://a b/",
            "https://good.example\\@evil.example/",
            "https://evil.example\\.good.example/",
            "https://a@b@good.example/",
            "https://a[b@good.example/",
            "https://%zz@good.example/",
            "https://good.example%/",
            "https://good.example%4/",
            "https://good.example:4x3/",
            "https://good.example:1:2/",
            "https://[::1/",
            "https://[::1]a/",
            "https://[::1%25a]/",
            "https://[1.2.3.4]/",
            "https://good.example/a b",
            "https://good.example/<>",
            "https://good.example/#a#b",
            "https://good.example/[",
            "https://good.example/\u{e9}",
        ] {
            assert_eq!(Uri::read(not_one), None, "{not_one}");
        }
    }

    #[test]
    fn well_formed_uris() {
        for good in [
            "spiffe://example.org/fleet/device-7",
            "https://user:pass%20word@example.org:443/a;b=c,d/(e)?f/?#g/?",
            "https://example.org:/",
            "https://example.org",
            "https://[2001:db8::1]:443/",
            "https://[::ffff:192.0.2.1]/",
            "https://[v1.a:b]/",
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "mailto:a@example.com",
            "tag:microsoft.com,2022-09-14:sid:S-1-5-21-1",
            "file:///a",
            "x:",
            "a+b-c.1:/x",
        ] {
            assert!(Uri::read(good).is_some(), "{good}");
        }
        for bad in [
            "",
            ":",
            "://a",
            "/a",
            "a",
            "example.org/a",
            "1a:b",
            "a b:c",
            "https://a b/",
            "https://example.org/a b",
            "https://example.org/ ",
            "https://example.org/\"",
            "https://example.org/<a>",
            "https://example.org/a\\b",
            "https:\\\\example.org",
            "https://example.org/{a}",
            "https://example.org/a|b",
            "https://example.org/a^b",
            "https://example.org/`",
            "https://example.org/[a]",
            "https://example.org/%",
            "https://example.org/%2",
            "https://example.org/%2g",
            "https://example.org/%%20",
            "https://example.org/#a#b",
            "https://a@b@c/",
            "https://a:b:c/",
            "https://a:1x/",
            "https://[::1/",
            "https://[::1]a/",
            "https://[::g]/",
            "https://[v.a]/",
            "https://[v1.]/",
            "https://[fe80::1%25eth0]/",
            "https://zürich.example/",
        ] {
            assert!(Uri::read(bad).is_none(), "{bad}");
        }
    }
}
