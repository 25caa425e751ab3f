//! What a certificate is in its path, and how much is asked of it.

use crate::policy::{Expired, ExpiryPolicy};

/// What a certificate is in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The client's own.
    Client,
    /// The client's own, trusted as it is.
    PinnedClient,
    /// An intermediate.
    Issuer,
    Anchor,
    /// The issuer of CRLs: what its own path begins with.
    CrlIssuer,
}

impl Role {
    pub(super) fn is_client(self) -> bool {
        matches!(self, Self::Client | Self::PinnedClient)
    }

    /// Whether a path begins with it, and so it need not be a CA's.
    pub(super) fn is_end_entity(self) -> bool {
        self.is_client() || self == Self::CrlIssuer
    }
}

/// How much of what a policy asks a path must meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strictness {
    /// All of it.
    Policy,
    /// What a CRL needs of its issuer to revoke: certificates may have expired, and CRLs may be old
    /// or not there. Only what is accepted depends on how fresh it is; what is revoked stays so.
    Revoking,
}

impl Strictness {
    /// What becomes of expired certificates.
    pub(super) fn expiry(self, policy: &ExpiryPolicy) -> ExpiryPolicy {
        match self {
            Self::Policy => *policy,
            Self::Revoking => policy
                .with_issuers(Expired::Accept)
                .with_anchors(Expired::Accept),
        }
    }
}
