//! What a scope asks of its clients.

use alloc::borrow::Cow;

use super::{
    AcceptedIdentities, CertificatePolicies, ClientPolicy, ExpiryPolicy, RequiredPurpose,
    RevocationPolicy,
};

/// What a [`Scope`](crate::store::Scope) asks of clients whose path ends at its anchors, in the
/// place of the same part of the policy of a verification. What is `None` stays as in that policy.
///
/// What it does not have is that of the verification's policy: limits, profile, algorithms, sizes
/// of keys and clock skew, which apply before an anchor is known, and all else.
///
/// ```
/// use core::time::Duration;
/// use mtls_verify::policy::{ExpiryPolicy, Expired, ScopePolicy};
///
/// let month = Expired::AcceptFor(Duration::from_secs(30 * 86_400));
/// let policy = ScopePolicy::default().with_expiry(ExpiryPolicy::default().with_client(month));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScopePolicy {
    /// What becomes of expired certificates. Its
    /// [`clock_skew`](ExpiryPolicy::clock_skew) is not used: that of the verification's policy is.
    pub expiry: Option<ExpiryPolicy>,
    /// What is asked of the revocation status of certificates.
    pub revocation: Option<RevocationPolicy>,
    /// The purpose that certificates must be made for.
    pub purpose: Option<RequiredPurpose>,
    /// What is asked of the certificate policies of the path.
    pub certificate_policies: Option<CertificatePolicies>,
    /// Which identities are let in. Those of the verification's policy must let a client in as
    /// well, so that a rule of a listener holds in all scopes.
    pub identities: Option<AcceptedIdentities>,
}

impl ScopePolicy {
    /// With its own [`expiry`](Self::expiry).
    #[must_use]
    pub fn with_expiry(mut self, expiry: ExpiryPolicy) -> Self {
        self.expiry = Some(expiry);
        self
    }

    /// With its own [`revocation`](Self::revocation).
    #[must_use]
    pub fn with_revocation(mut self, revocation: RevocationPolicy) -> Self {
        self.revocation = Some(revocation);
        self
    }

    /// With its own [`purpose`](Self::purpose).
    #[must_use]
    pub fn with_purpose(mut self, purpose: RequiredPurpose) -> Self {
        self.purpose = Some(purpose);
        self
    }

    /// With its own [`certificate_policies`](Self::certificate_policies).
    #[must_use]
    pub fn with_certificate_policies(mut self, policies: CertificatePolicies) -> Self {
        self.certificate_policies = Some(policies);
        self
    }

    /// With its own [`identities`](Self::identities).
    #[must_use]
    pub fn with_identities(mut self, identities: AcceptedIdentities) -> Self {
        self.identities = Some(identities);
        self
    }

    /// A policy with these parts in it.
    pub(crate) fn over<'p>(&self, policy: &'p ClientPolicy) -> Cow<'p, ClientPolicy> {
        let Self {
            expiry,
            revocation,
            purpose,
            certificate_policies,
            identities,
        } = self;
        let asks_nothing = expiry.is_none()
            && revocation.is_none()
            && purpose.is_none()
            && certificate_policies.is_none()
            && identities.is_none();
        if asks_nothing {
            return Cow::Borrowed(policy);
        }
        let mut policy = policy.clone();
        if let Some(expiry) = expiry {
            let clock_skew = policy.expiry.clock_skew;
            policy.expiry = expiry.with_clock_skew(clock_skew);
        }
        if let Some(revocation) = revocation {
            policy.revocation = *revocation;
        }
        if let Some(purpose) = purpose {
            policy.purpose = purpose.clone();
        }
        if let Some(policies) = certificate_policies {
            policy.certificate_policies = policies.clone();
        }
        if let Some(identities) = identities {
            policy.identities = identities.clone();
        }
        Cow::Owned(policy)
    }
}
