//! The syntax of SPIFFE IDs.

/// Whether `uri` is the ID of a workload (SPIFFE-ID §2, X.509-SVID §5.2): `spiffe://`, a trust
/// domain, and a path that is not empty; at most 2,048 bytes.
pub(crate) fn is_spiffe_id(uri: &str) -> bool {
    parts(uri).is_some_and(|(_, path)| path.is_some())
}

/// Whether `uri` is a trust domain (`spiffe://example.org`) or a trust domain and a path.
pub(crate) fn is_spiffe_base(uri: &str) -> bool {
    parts(uri).is_some()
}

/// Trust domain and path (without its first slash) of a SPIFFE ID or a trust domain's; `None` if it
/// is neither.
///
/// A trust domain has lower-case letters, digits, `.`, `-` and `_`, at most 255 (SPIFFE-ID §2.1).
/// The segments of a path have letters, digits, `.`, `-` and `_`; none is empty, `.` or `..`
/// (§2.2). There are no percent-encodings.
fn parts(uri: &str) -> Option<(&str, Option<&str>)> {
    let rest = uri.strip_prefix("spiffe://")?;
    let (trust_domain, path) = match rest.split_once('/') {
        Some((trust_domain, path)) => (trust_domain, Some(path)),
        None => (rest, None),
    };
    let in_domain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
    let in_path = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let is_segment =
        |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(in_path);
    let is_good = uri.len() <= 2048
        && (1..=255).contains(&trust_domain.len())
        && trust_domain.bytes().all(in_domain)
        && path.is_none_or(|path| path.split('/').all(is_segment));
    is_good.then_some((trust_domain, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_a_trust_domain_and_a_path() {
        for good in [
            "spiffe://example.org/a",
            "spiffe://example.org/ns/prod/sa/web-1",
            "spiffe://a_b-c.d/X.y_Z",
            "spiffe://a/...",
            "spiffe://a/.b",
        ] {
            assert!(is_spiffe_id(good), "{good}");
            assert!(is_spiffe_base(good), "{good}");
        }
        assert!(is_spiffe_base("spiffe://example.org"));
        assert!(!is_spiffe_id("spiffe://example.org"));
        for bad in [
            "",
            "spiffe://",
            "spiffe:///path",
            "SPIFFE://example.org/a",
            "Spiffe://example.org/a",
            "spiffe:/example.org/a",
            "https://example.org/a",
            "spiffe://Example.org/a",
            "spiffe://example.orG/a",
            "spiffe://example.org/",
            "spiffe://example.org//",
            "spiffe://example.org/a/",
            "spiffe://example.org//a",
            "spiffe://example.org/a//b",
            "spiffe://example.org/./a",
            "spiffe://example.org/a/../b",
            "spiffe://example.org/a/..",
            "spiffe://example.org/.",
            "spiffe://example.org/%2e%2e/a",
            "spiffe://example.org/a%20b",
            "spiffe://example.org:443/a",
            "spiffe://user@example.org/a",
            "spiffe://[::1]/a",
            "spiffe://example.org\\a/b",
            "spiffe://example.org/a?b",
            "spiffe://example.org/a#b",
            "spiffe://example.org?/a",
            "spiffe://example.org/a b",
            "spiffe://example.org/z\u{fc}rich",
            " spiffe://example.org/a",
        ] {
            assert!(!is_spiffe_id(bad), "{bad}");
            assert!(!is_spiffe_base(bad), "{bad}");
        }
        let longest = alloc::format!("spiffe://d/{}", "a".repeat(2048 - 11));
        assert!(is_spiffe_id(&longest));
        assert!(!is_spiffe_id(&(longest + "a")));
        let trust_domain = |len| alloc::format!("spiffe://{}/a", "d".repeat(len));
        assert!(is_spiffe_id(&trust_domain(255)));
        assert!(!is_spiffe_id(&trust_domain(256)));
    }
}
