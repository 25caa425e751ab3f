//! SPIFFE IDs that a rule accepts.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::spiffe::{is_spiffe_base, is_spiffe_id};

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
pub struct SpiffeMatch(pub(in crate::policy) Spiffe);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Spiffe {
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
