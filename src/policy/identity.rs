//! Which verified clients are let in.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::identity::Identity;

/// Which identities are let in, of clients that are verified.
///
/// ```
/// use mtls_verify::{AcceptedIdentities, IdentityMatch, TextMatch};
///
/// let fleet = AcceptedIdentities::AnyOf(vec![
///     IdentityMatch::Uri(TextMatch::Prefix("spiffe://example.org/fleet/".into())),
///     IdentityMatch::OrganizationalUnit(TextMatch::Exact("Operations".into())),
/// ]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AcceptedIdentities {
    /// Whoever is verified.
    #[default]
    Any,
    /// Those that match at least one of these; nobody if there are none.
    AnyOf(Vec<IdentityMatch>),
}

/// A part of an identity, and what it must be. What a certificate does not have does not match.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityMatch {
    /// A dNSName of the subjectAltName, compared without regard to case, and with wildcards as the text they are.
    Dns(TextMatch),
    /// An rfc822Name of the subjectAltName.
    Email(TextMatch),
    /// A uniformResourceIdentifier of the subjectAltName.
    Uri(TextMatch),
    /// An iPAddress of the subjectAltName.
    Ip(IpAddr),
    /// The common name of the subject, if there is exactly one.
    CommonName(TextMatch),
    /// An organizational unit of the subject.
    OrganizationalUnit(TextMatch),
}

/// How text is compared: byte by byte, but for DNS names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextMatch {
    /// All of it.
    Exact(String),
    /// It begins with this.
    Prefix(String),
    /// It ends with this.
    Suffix(String),
}

impl AcceptedIdentities {
    pub(crate) fn accept(&self, identity: Identity<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::AnyOf(matches) => matches.iter().any(|one| one.is_met_by(identity)),
        }
    }
}

impl IdentityMatch {
    fn is_met_by(&self, identity: Identity<'_>) -> bool {
        match self {
            Self::Dns(text) => identity
                .dns_names()
                .any(|name| text.matches_ignoring_case(name)),
            Self::Email(text) => identity.email_addresses().any(|name| text.matches(name)),
            Self::Uri(text) => identity.uris().any(|name| text.matches(name)),
            Self::Ip(address) => identity.ip_addresses().any(|found| found == *address),
            Self::CommonName(text) => identity
                .common_name()
                .is_some_and(|name| text.matches(&name)),
            Self::OrganizationalUnit(text) => identity
                .organizational_units()
                .any(|name| text.matches(&name)),
        }
    }
}

impl TextMatch {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(whole) => text == whole,
            Self::Prefix(start) => text.starts_with(start.as_str()),
            Self::Suffix(end) => text.ends_with(end.as_str()),
        }
    }

    /// DNS names are ASCII, and compare without regard to its case (RFC 4343).
    fn matches_ignoring_case(&self, text: &str) -> bool {
        let is_equal = |part: Option<&str>, wanted: &str| {
            part.is_some_and(|part| part.eq_ignore_ascii_case(wanted))
        };
        match self {
            Self::Exact(whole) => text.eq_ignore_ascii_case(whole),
            Self::Prefix(start) => is_equal(text.get(..start.len()), start),
            Self::Suffix(end) => {
                let from = text.len().checked_sub(end.len());
                is_equal(from.and_then(|from| text.get(from..)), end)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_compared_from_the_right_end() {
        let exact = TextMatch::Exact("a.example".into());
        let prefix = TextMatch::Prefix("a.".into());
        let suffix = TextMatch::Suffix(".example".into());
        for (text, is_exact, has_prefix, has_suffix) in [
            ("a.example", true, true, true),
            ("A.Example", false, false, false),
            ("b.example", false, false, true),
            ("a.b", false, true, false),
            ("", false, false, false),
        ] {
            assert_eq!(exact.matches(text), is_exact, "{text}");
            assert_eq!(prefix.matches(text), has_prefix, "{text}");
            assert_eq!(suffix.matches(text), has_suffix, "{text}");
        }
        assert!(exact.matches_ignoring_case("A.Example"));
        assert!(prefix.matches_ignoring_case("A.Example"));
        assert!(suffix.matches_ignoring_case("A.Example"));
        assert!(!suffix.matches_ignoring_case("example"));
        assert!(!prefix.matches_ignoring_case("\u{e9}"));
    }
}
