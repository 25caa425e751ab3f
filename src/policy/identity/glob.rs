//! Patterns of DNS names and URIs, segment by segment.

use crate::spiffe::is_spiffe_base;
use crate::x509::{Uri, is_host, is_plain_uri};

use super::RuleProblem;

/// Stands for one whole segment.
const STAR: &str = "*";

/// Whether a value fits a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    Fits,
    /// Others may say that it does.
    MayFit,
    Differs,
}

impl Likeness {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Differs, _) | (_, Self::Differs) => Self::Differs,
            (Self::Fits, Self::Fits) => Self::Fits,
            _ => Self::MayFit,
        }
    }
}

/// Holds a DNS name to a pattern, both in lower case. A wildcard may stand for a name that fits.
pub(crate) fn dns_name(pattern: &str, name: &str) -> Likeness {
    match (pattern.split_once('.'), name.strip_prefix("*.")) {
        (Some((_, pattern_rest)), Some(rest)) => {
            segments(pattern_rest, rest, '.', is_label).and(Likeness::MayFit)
        }
        _ => segments(pattern, name, '.', is_label),
    }
}

/// Holds a URI to a pattern. A `*` in the host takes no delimiter of user information or ports.
pub(crate) fn uri(pattern: &str, uri: &str) -> Likeness {
    let end = uri.find(['?', '#']);
    let (uri, has_more) = match end.and_then(|end| uri.split_at_checked(end)) {
        Some((uri, _)) => (uri, Likeness::MayFit),
        None => (uri, Likeness::Fits),
    };
    let (Some(pattern), Some(uri)) = (Parts::of(pattern), Parts::of(uri)) else {
        return Likeness::Differs;
    };
    if pattern.scheme != uri.scheme {
        return Likeness::Differs;
    }
    segments(pattern.authority, uri.authority, '.', is_label)
        .and(segments(pattern.path, uri.path, '/', |_| true))
        .and(has_more)
}

fn is_label(text: &str) -> bool {
    let in_label = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.bytes().all(in_label)
}

/// Compares segment by segment. What a `*` stands for for certain, `is_usual` says.
fn segments(pattern: &str, text: &str, separator: char, is_usual: fn(&str) -> bool) -> Likeness {
    let (mut wanted, mut found) = (pattern.split(separator), text.split(separator));
    let mut likeness = Likeness::Fits;
    loop {
        let one = match (wanted.next(), found.next()) {
            (None, None) => return likeness,
            (Some(STAR), Some(segment)) if !segment.is_empty() => match is_usual(segment) {
                true => Likeness::Fits,
                false => Likeness::MayFit,
            },
            (Some(wanted), Some(segment)) if wanted == segment => Likeness::Fits,
            _ => Likeness::Differs,
        };
        likeness = likeness.and(one);
        if likeness == Likeness::Differs {
            return likeness;
        }
    }
}

/// The parts of a URI with an authority, and without query and fragment.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    /// With its first slash.
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Option<Self> {
        let (scheme, rest) = uri.split_once("://")?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        Some(Self {
            scheme,
            authority,
            path,
        })
    }
}

/// Checks a pattern of DNS names.
pub(super) fn check_dns(pattern: &str) -> Result<(), RuleProblem> {
    check_host(pattern)?;
    is_host(&pattern.replace(STAR, "a"))
        .then_some(())
        .ok_or(RuleProblem::Glob)
}

/// Checks a pattern of URIs.
pub(super) fn check_uri(pattern: &str) -> Result<(), RuleProblem> {
    let parts = Parts::of(pattern).ok_or(RuleProblem::Glob)?;
    let whole = |segment: &str| segment == STAR || !segment.contains(STAR);
    let one = pattern.replace(STAR, "a");
    let is_good = !parts.scheme.contains(STAR)
        && !parts.authority.is_empty()
        && parts.path.split('/').all(whole)
        && !pattern.contains(['?', '#'])
        && is_plain_uri(&one)
        && Uri::read(&one).is_some_and(|uri| uri.host.is_some());
    if !is_good {
        return Err(RuleProblem::Glob);
    }
    check_host(parts.authority)?;
    match parts.scheme.eq_ignore_ascii_case("spiffe") && !is_spiffe_base(&one) {
        true => Err(RuleProblem::NotASpiffeId),
        false => Ok(()),
    }
}

/// Only whole labels are `*`, and not all.
fn check_host(host: &str) -> Result<(), RuleProblem> {
    if host.split('.').all(|label| label == STAR) {
        return Err(RuleProblem::GlobWithoutText);
    }
    let is_whole = |label: &str| label == STAR || !label.contains(STAR);
    host.split('.')
        .all(is_whole)
        .then_some(())
        .ok_or(RuleProblem::Glob)
}

#[cfg(test)]
mod tests {
    use super::Likeness::{Differs, Fits, MayFit};
    use super::*;

    #[test]
    fn a_star_is_one_label() {
        for (pattern, name, expected) in [
            ("*.a.example", "b.a.example", Fits),
            ("*.a.example", "c.b.a.example", Differs),
            ("*.a.example", "a.example", Differs),
            ("*.a.example", ".a.example", Differs),
            ("*.a.example", "*.a.example", MayFit),
            ("b.*.example", "*.a.example", MayFit),
            ("b.a.example", "*.a.example", MayFit),
            ("*.b.example", "*.a.example", Differs),
            ("a.example", "*.a.example", Differs),
            ("*.a.example", "b.a.example.evil", Differs),
            ("a.*.example", "a.b_-1.example", Fits),
            ("a.*.example", "a.b.c.example", Differs),
            ("a.example", "a.example", Fits),
            ("*.*.example", "a.b.example", Fits),
        ] {
            assert_eq!(dns_name(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_star_is_one_segment() {
        for (pattern, text, expected) in [
            ("https://a/*", "https://a/b", Fits),
            ("https://a/*", "https://a/b/c", Differs),
            ("https://a/*", "https://a/", Differs),
            ("https://a/*", "https://a", Differs),
            ("https://a/*", "https://a/b?c", MayFit),
            ("https://a/*", "https://a/b#c/d", MayFit),
            ("https://a/*", "https://a/?c", Differs),
            ("https://a/*", "http://a/b", Differs),
            ("https://a/*", "https://A/b", Differs),
            ("https://a/b", "https://a/b", Fits),
            ("https://*.a/b", "https://x.a/b", Fits),
            ("https://*.a/b", "https://x.y.a/b", Differs),
            ("https://*.a/b", "https://evil/.a/b", Differs),
            ("https://*.a/b", "https://u@x.a/b", MayFit),
            ("https://*.a/b", "https://x:1.a/b", MayFit),
            ("https://*.a/b", "https://*.a/b", MayFit),
            ("https://x.a:443/*", "https://x.a:443/b", Fits),
            ("https://x.a/*", "https://x.a:443/b", Differs),
            ("spiffe://a/ns/*/sa/*", "spiffe://a/ns/b/sa/c", Fits),
            ("spiffe://a/ns/*/sa/*", "spiffe://a/ns/b/c/sa/d", Differs),
            ("spiffe://a/*", "urn:uuid:1", Differs),
        ] {
            assert_eq!(uri(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn patterns_that_fit_nothing_or_too_much_are_errors() {
        use RuleProblem::{Glob, GlobWithoutText, NotASpiffeId};

        for good in ["*.a", "a.*", "*.*.a", "a_b.*", "a"] {
            assert_eq!(check_dns(good), Ok(()), "{good}");
        }
        for (bad, problem) in [
            ("*", GlobWithoutText),
            ("*.*", GlobWithoutText),
            ("a*.b", Glob),
            ("**.b", Glob),
            ("*.b.", Glob),
            ("*..b", Glob),
            ("*.b c", Glob),
            ("", Glob),
        ] {
            assert_eq!(check_dns(bad), Err(problem), "{bad}");
        }
        for good in [
            "https://a/*",
            "https://*.a/",
            "https://*.a:1/b/*/c",
            "spiffe://a.b/*",
            "https://a",
        ] {
            assert_eq!(check_uri(good), Ok(()), "{good}");
        }
        for (bad, problem) in [
            ("https://*/a", GlobWithoutText),
            ("https://*.*/a", GlobWithoutText),
            ("*://a/b", Glob),
            ("https://a*/b", Glob),
            ("https://a/b*", Glob),
            ("https://a/**", Glob),
            ("https://a/*?b", Glob),
            ("https://a/../*", Glob),
            ("https://a//*", Glob),
            ("https://a/%61/*", Glob),
            ("https:a/*", Glob),
            ("urn:uuid:*", Glob),
            ("a/*", Glob),
            ("https:///*", Glob),
            ("spiffe://A/*", NotASpiffeId),
            ("spiffe://a/*/", NotASpiffeId),
        ] {
            assert_eq!(check_uri(bad), Err(problem), "{bad}");
        }
    }
}
