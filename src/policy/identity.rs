//! Which verified clients are let in.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::spiffe::{is_spiffe_base, is_spiffe_id};

/// Which identities are let in, of clients that are verified.
///
/// ```
/// use mtls_verify::policy::{AcceptedIdentities, IdentityMatch, SpiffeMatch, TextMatch};
///
/// let fleet = AcceptedIdentities::AnyOf(vec![
///     IdentityMatch::SpiffeId(SpiffeMatch::below("spiffe://example.org/fleet")?),
///     IdentityMatch::OrganizationalUnit(TextMatch::Exact("Operations".into())),
/// ]);
/// # Ok::<(), mtls_verify::policy::InvalidSpiffeMatch>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AcceptedIdentities {
    /// All that are verified.
    #[default]
    Any,
    /// Those that match at least one of these; nobody if there are none.
    AnyOf(Vec<IdentityMatch>),
}

/// A part of an identity, and what it must be. What a certificate does not have does not match.
///
/// A name of the subjectAltName that does not have the syntax of its form matches nothing: readers
/// do not agree on which host or mailbox `a@evil.example, b@good.example` names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityMatch {
    /// A dNSName of the subjectAltName, compared without regard to case, and with wildcards as the
    /// text they are. It must be a host name: labels of 1 to 63 letters, digits, hyphens and
    /// underscores, 253 in all, with or without `*.` in front.
    Dns(TextMatch),
    /// An rfc822Name of the subjectAltName, byte by byte. It must be a Dot-string, one `@` and a
    /// host name (RFC 5321 §4.1.2): neither quoted nor with an address for the host.
    Email(TextMatch),
    /// A uniformResourceIdentifier of the subjectAltName, byte by byte. It must be a URI of RFC
    /// 3986 (appendix A), and not a relative reference. It is not normalized, and a certificate may
    /// have several of which one matches: for SPIFFE IDs, use [`SpiffeId`](Self::SpiffeId).
    Uri(TextMatch),
    /// An iPAddress of the subjectAltName, by its octets: `192.0.2.1` does not match a certificate
    /// for `::ffff:192.0.2.1`.
    Ip(IpAddr),
    /// The common name of the subject, if there is exactly one, byte by byte. It is free text,
    /// bound by no syntax, and by no name constraint but those on the whole subject (RFC 5280
    /// §4.2.1.10).
    CommonName(TextMatch),
    /// An organizational unit of the subject, byte by byte. Free text as
    /// [`CommonName`](Self::CommonName).
    OrganizationalUnit(TextMatch),
    /// The SPIFFE ID, as [`Identity::spiffe_id`](crate::Identity::spiffe_id) has it: a certificate
    /// with several URIs has none.
    SpiffeId(SpiffeMatch),
}

/// Which SPIFFE IDs match: one, or all below a trust domain or a path. Always by whole segments of
/// the path.
///
/// ```
/// use mtls_verify::policy::SpiffeMatch;
///
/// let web = SpiffeMatch::exact("spiffe://example.org/fleet/web")?;
/// let fleet = SpiffeMatch::below("spiffe://example.org/fleet")?;
/// let trust_domain = SpiffeMatch::below("spiffe://example.org")?;
///
/// // What is not in the form of a SPIFFE ID is found out at once.
/// assert!(SpiffeMatch::exact("spiffe://Example.org/fleet/web").is_err());
/// assert!(SpiffeMatch::exact("spiffe://example.org").is_err());
/// assert!(SpiffeMatch::below("spiffe://example.org/fleet/").is_err());
/// # Ok::<(), mtls_verify::policy::InvalidSpiffeMatch>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpiffeMatch(pub(super) Spiffe);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spiffe {
    Exact(String),
    Below(String),
}

impl SpiffeMatch {
    /// This ID and no other.
    ///
    /// # Errors
    /// What is no SPIFFE ID with a path, as [`Identity::spiffe_id`](crate::Identity::spiffe_id)
    /// gives it out.
    pub fn exact(id: &str) -> Result<Self, InvalidSpiffeMatch> {
        let is_good = is_spiffe_id(id);
        is_good
            .then(|| Self(Spiffe::Exact(id.to_owned())))
            .ok_or(InvalidSpiffeMatch(()))
    }

    /// All IDs of the trust domain `spiffe://example.org`; or those with more segments after the
    /// path of `spiffe://example.org/fleet`, which is not one of them itself, and neither is
    /// `spiffe://example.org/fleets/a`.
    ///
    /// # Errors
    /// What is no trust domain, or trust domain and path; a slash at the end.
    pub fn below(base: &str) -> Result<Self, InvalidSpiffeMatch> {
        let is_good = is_spiffe_base(base);
        is_good
            .then(|| Self(Spiffe::Below(base.to_owned())))
            .ok_or(InvalidSpiffeMatch(()))
    }

    /// `id` is a SPIFFE ID, in which all segments have characters.
    pub(crate) fn matches(&self, id: &str) -> bool {
        match &self.0 {
            Spiffe::Exact(whole) => id == whole,
            Spiffe::Below(base) => id
                .strip_prefix(base.as_str())
                .is_some_and(|rest| rest.starts_with('/')),
        }
    }
}

/// Not a SPIFFE ID or trust domain that could match.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a SPIFFE ID (spiffe://trust-domain/path, lower case before the path, no empty, \".\" or \
     \"..\" segments, no slash at the end)"
)]
pub struct InvalidSpiffeMatch(());

/// How text is compared: byte by byte, but for DNS names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextMatch {
    /// All of it.
    Exact(String),
    /// It begins with this, and **whatever characters come after it**: `https://example.org` also
    /// begins `https://example.org.evil.example/`, and `https://example.org/fleet/` also
    /// `https://example.org/fleet/../admin` and `https://example.org/fleet/%2e%2e/admin`;
    /// `device-1` begins `device-10`. End it with a delimiter, and use [`IdentityMatch::SpiffeId`]
    /// for SPIFFE IDs.
    Prefix(String),
    /// It ends with this, and **whatever characters come before it**: `example.com` also ends
    /// `evilexample.com` and `a@evilexample.com`. Begin it with a delimiter: `.example.com`,
    /// `@example.com`.
    Suffix(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spiffe_ids_match_by_whole_segments() {
        let domain = SpiffeMatch::below("spiffe://example.org").unwrap();
        let fleet = SpiffeMatch::below("spiffe://example.org/fleet").unwrap();
        let web = SpiffeMatch::exact("spiffe://example.org/fleet/web").unwrap();
        for (id, in_domain, in_fleet, is_web) in [
            ("spiffe://example.org/fleet/web", true, true, true),
            ("spiffe://example.org/fleet/web/1", true, true, false),
            ("spiffe://example.org/fleet/Web", true, true, false),
            ("spiffe://example.org/fleet", true, false, false),
            ("spiffe://example.org/fleets/web", true, false, false),
            ("spiffe://example.org/Fleet/web", true, false, false),
            (
                "spiffe://example.org.evil.com/fleet/web",
                false,
                false,
                false,
            ),
            ("spiffe://example.orgs/fleet/web", false, false, false),
            ("spiffe://example/fleet/web", false, false, false),
        ] {
            assert_eq!(domain.matches(id), in_domain, "{id}");
            assert_eq!(fleet.matches(id), in_fleet, "{id}");
            assert_eq!(web.matches(id), is_web, "{id}");
        }
    }

    #[test]
    fn what_no_spiffe_id_can_match_is_an_error() {
        assert!(SpiffeMatch::exact("spiffe://example.org").is_err());
        for bad in [
            "",
            "example.org",
            "spiffe://",
            "spiffe://example.org/",
            "spiffe://Example.org",
            "spiffe://a/b/../c",
        ] {
            assert!(SpiffeMatch::exact(bad).is_err(), "{bad}");
            assert!(SpiffeMatch::below(bad).is_err(), "{bad}");
        }
    }
}
