//! Host names (RFC 1034 §3.5, RFC 1123 §2.1).

/// Labels of letters, digits, hyphens and underscores, each of 1 to 63 bytes, 253 in all: what
/// deployed issuers write as a dNSName. RFC 1034 has no underscore, and no hyphen at either end of
/// a label.
pub(crate) fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// A dNSName: a host, or `*.` and a host, for all with one more label.
pub(crate) fn is_dns_name(name: &str) -> bool {
    is_host(name.strip_prefix("*.").unwrap_or(name))
}

/// The labels of a mail domain (RFC 5321 §4.1.2): letters and digits, with hyphens inside.
pub(crate) fn is_strict_host(host: &str) -> bool {
    let is_label =
        |label: &str| !label.starts_with('-') && !label.ends_with('-') && !label.contains('_');
    is_host(host) && host.split('.').all(is_label)
}

/// The "preferred name syntax" that RFC 5280 §4.2.1.6 asks of a dNSName: strict labels, and no
/// IPv4 address.
pub(crate) fn is_preferred_name(name: &str) -> bool {
    is_strict_host(name) && !ends_in_number(name)
}

/// Whether the last label is a number. Then the host is an IPv4 address in one of its notations, of
/// which programs read several: `192.0.2.1`, `3221225985`, `0xc0000201`, `0300.0.2.1`, `192.0.513`,
/// `127.0.0.0x1`.
pub(crate) fn ends_in_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let digits = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    let is_hexadecimal =
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_decimal || is_hexadecimal
}

/// A host as a base: empty, or with a dot in front.
pub(crate) fn is_host_base(base: &str) -> bool {
    base.is_empty() || is_host(base.strip_prefix('.').unwrap_or(base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let label = "a".repeat(63);
        let longest = [label.as_str(), &label, &label, &label[..61]].join(".");
        for (host, deployed, strict) in [
            ("example", true, true),
            ("a-b.example.com", true, true),
            ("3com.example", true, true),
            ("xn--bcher-kva.example", true, true),
            ("a_b.example", true, false),
            ("-a.example", true, false),
            ("a-.example", true, false),
            (longest.as_str(), true, true),
            ("", false, false),
            (".", false, false),
            ("a..b", false, false),
            (".a", false, false),
            ("a.", false, false),
            ("*.example", false, false),
            ("a b", false, false),
            ("\u{e9}.example", false, false),
            ("a%2eb", false, false),
        ] {
            assert_eq!(is_host(host), deployed, "{host}");
            assert_eq!(is_strict_host(host), strict, "{host}");
        }
        assert!(!is_host(&(longest + "a")));
        assert!(!is_host(&(label + "a")));
    }

    #[test]
    fn numbers_are_addresses() {
        for address in [
            "1",
            "192.0.2.1",
            "0x7f000001",
            "127.0.0.0x1",
            "0X7F.1",
            "a.0x",
        ] {
            assert!(ends_in_number(address), "{address}");
            assert!(!is_preferred_name(address), "{address}");
        }
        for name in ["", "a", "1.a", "0xg", "0x7f.a", "x1", "1a"] {
            assert!(!ends_in_number(name), "{name}");
        }
    }

    #[test]
    fn dns_names() {
        let label = "a".repeat(63);
        let longest = alloc::format!("{label}.{label}.{label}.{}", "a".repeat(61));
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
            &alloc::format!("a{longest}"),
            &alloc::format!("a{label}.example"),
        ] {
            assert!(!is_dns_name(bad), "{bad}");
        }
    }
}
