//! What a verification does.

use core::fmt;

/// The work that a verification was at when it reached
/// [`Limits::work`](crate::policy::Limits::work).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Work {
    /// Reading what was presented, and numbering its names.
    Reading,
    /// Looking for a path to a trust anchor.
    Searching,
    /// Checking a certificate by itself: the rules of the profile, most of all.
    Checking,
    /// Verifying signatures.
    Signatures,
    /// Holding names to name constraints (RFC 5280 §4.2.1.10).
    NameConstraints,
    /// Processing certificate policies (RFC 9618).
    Policies,
    /// Looking for the revocation status (RFC 5280 §6.3.3), or on the deny list.
    Revocation,
    /// Applying the rules on identities.
    Identities,
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reading => "reading what was presented",
            Self::Searching => "looking for issuers",
            Self::Checking => "checking certificates by themselves",
            Self::Signatures => "verifying signatures",
            Self::NameConstraints => "holding names to name constraints",
            Self::Policies => "processing certificate policies",
            Self::Revocation => "looking for a revocation status",
            Self::Identities => "applying the rules on identities",
        })
    }
}
