//! Whether the names of a subjectAltName have the syntax of their form (RFC 5280 §4.2.1.6).
//!
//! A name that does not is nobody's: readers do not agree on which host or mailbox `a@x.org,b@y.org` names.

use core::net::Ipv6Addr;

/// A host name, or `*.` and a host name.
pub(crate) fn is_dns_name(name: &str) -> bool {
    is_host(name.strip_prefix("*.").unwrap_or(name))
}

/// A mailbox of one `@`: before it a Dot-string, after it a host name (RFC 5321 §4.1.2). Quoted local parts and address literals are
/// none here.
pub(crate) fn is_mailbox(address: &str) -> bool {
    let is_atext =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atext);
    let is_edge = |label: &str| label.starts_with('-') || label.ends_with('-');
    address.split_once('@').is_some_and(|(local, host)| {
        local.split('.').all(is_atom) && is_host(host) && !host.split('.').any(is_edge)
    })
}

/// An absolute URI with all characters where RFC 3986 (appendix A) has them, and complete percent-encodings. A fragment may follow.
pub(crate) fn is_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else {
        return false;
    };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (hierarchy, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_hierarchy = match hierarchy.strip_prefix("//") {
        Some(rest) => {
            let path = rest.find('/').unwrap_or(rest.len());
            rest.split_at_checked(path)
                .is_some_and(|(authority, path)| {
                    is_authority(authority) && consists_of(path, b":@/")
                })
        }
        None => consists_of(hierarchy, b":@/"),
    };
    is_scheme(scheme)
        && is_hierarchy
        && consists_of(query, b":@/?")
        && consists_of(fragment, b":@/?")
}

/// Labels of letters, digits, hyphens and underscores, each of 1 to 63 (RFC 1034 §3.5, and the underscore that is in use); 253 in all.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// RFC 3986 §3.1
fn is_scheme(scheme: &str) -> bool {
    let is_scheme_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(is_scheme_byte)
}

/// RFC 3986 §3.2: `userinfo@host:port`.
fn is_authority(authority: &str) -> bool {
    let (user, host_and_port) = authority.split_once('@').unwrap_or(("", authority));
    let (is_host, port) = match host_and_port.strip_prefix('[') {
        Some(literal) => match literal.split_once(']') {
            Some((literal, "")) => (is_ip_literal(literal), ""),
            Some((literal, port)) => match port.strip_prefix(':') {
                Some(port) => (is_ip_literal(literal), port),
                None => return false,
            },
            None => return false,
        },
        None => {
            let (host, port) = host_and_port.split_once(':').unwrap_or((host_and_port, ""));
            (consists_of(host, b""), port)
        }
    };
    is_host && consists_of(user, b":") && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// RFC 3986 §3.2.2: what is between brackets.
fn is_ip_literal(literal: &str) -> bool {
    let Some(future) = literal.strip_prefix(['v', 'V']) else {
        return literal.parse::<Ipv6Addr>().is_ok();
    };
    future.split_once('.').is_some_and(|(version, address)| {
        let is_address = |byte: u8| is_unreserved_or_sub_delim(byte) || byte == b':';
        !version.is_empty()
            && version.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !address.is_empty()
            && address.bytes().all(is_address)
    })
}

/// Unreserved characters, sub-delims, percent-encodings, and `besides` (RFC 3986 §2).
fn consists_of(part: &str, besides: &[u8]) -> bool {
    let mut bytes = part.bytes();
    let is_hex_digit = |bytes: &mut core::str::Bytes<'_>| {
        bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit())
    };
    while let Some(byte) = bytes.next() {
        let is_good = match byte {
            b'%' => is_hex_digit(&mut bytes) && is_hex_digit(&mut bytes),
            other => is_unreserved_or_sub_delim(other) || besides.contains(&other),
        };
        if !is_good {
            return false;
        }
    }
    true
}

fn is_unreserved_or_sub_delim(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn dns_names() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        for good in [
            "a",
            "a.example",
            "A-1_x.Example",
            "*.example",
            "_service._tcp.example",
            "xn--nxasmq6b.example",
            "192.0.2.1",
            &longest,
        ] {
            assert!(is_dns_name(good), "{good}");
        }
        for bad in [
            "",
            ".",
            "*",
            "*.",
            "*.*.example",
            "a.*.example",
            "w*.example",
            ".example",
            "a..example",
            "example.",
            " a.example",
            "a.example ",
            "a b.example",
            "@evil.org/ .example.com",
            "evil.org/.example.com",
            "evil.org:443",
            "evil.org,good.example",
            "evil.org\\.good.example",
            "evil.org%00.good.example",
            "a@good.example",
            "zürich.example",
            &format!("a{longest}"),
            &format!("a{label}.example"),
        ] {
            assert!(!is_dns_name(bad), "{bad}");
        }
    }

    #[test]
    fn mailboxes() {
        for good in [
            "a@example.com",
            "A.b.c+d@Example",
            "!#$%&'*+-/=?^_`{|}~@a-b.example",
            "1@a_b.example",
        ] {
            assert!(is_mailbox(good), "{good}");
        }
        for bad in [
            "",
            "@",
            "a",
            "a@",
            "@example.com",
            "a@evil.org@example.com",
            "a@evil.org, b@example.com",
            "a@evil.org,b@example.com",
            "a,b@example.com",
            "a b@example.com",
            " a@example.com",
            "a@example.com ",
            "a..b@example.com",
            ".a@example.com",
            "a.@example.com",
            "\"a\"@example.com",
            "a(b)@example.com",
            "<a@example.com>",
            "a@example.com>",
            "a;b@example.com",
            "a:b@example.com",
            "a\\b@example.com",
            "a[b]@example.com",
            "a@[192.0.2.1]",
            "a@*.example.com",
            "a@.example.com",
            "a@example..com",
            "a@example.com.",
            "a@-b.example",
            "a@b-.example",
            "zoë@example.com",
        ] {
            assert!(!is_mailbox(bad), "{bad}");
        }
    }

    #[test]
    fn uris() {
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
            assert!(is_uri(good), "{good}");
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
            assert!(!is_uri(bad), "{bad}");
        }
    }
}
