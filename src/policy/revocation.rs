//! What is asked of the revocation status of certificates.

use super::Expired;

/// What is asked of the revocation status of the certificates of a path.
///
/// Lists come from the store ([`TrustStoreBuilder::add_crl_pem`](crate::TrustStoreBuilder::add_crl_pem)); nothing is fetched. **A
/// store's lists are looked at only where the policy asks for it**: without, they do nothing.
///
/// ```
/// use core::time::Duration;
/// use mtls_verify::{ClientPolicy, Expired, RevocationPolicy, UnknownStatus};
///
/// // Every certificate of the path must be known not to be revoked, by lists that are fresh.
/// let strict = ClientPolicy::default().with_revocation(RevocationPolicy::whole_path());
///
/// // Only some CAs have lists, and those may be an hour late.
/// let lenient = RevocationPolicy::whole_path()
///     .with_unknown(UnknownStatus::Allow)
///     .with_stale(Expired::AcceptFor(Duration::from_secs(3_600)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationPolicy {
    /// Which certificates of a path are checked. Default: none. A pinned client is not, as it has no path.
    pub scope: RevocationScope,
    /// What becomes of a certificate whose status no list tells. Default: denied.
    pub unknown: UnknownStatus,
    /// What becomes of a list after its nextUpdate (and the clock skew of the [`ExpiryPolicy`](crate::ExpiryPolicy)). Default:
    /// it is no good, and a certificate that takes it is refused, [`unknown`](Self::unknown) status allowed or not. A list without
    /// nextUpdate is stale as soon as it is made. That a certificate *is* revoked counts however stale the list, and although the
    /// certificate of its separate issuer has expired or is of unknown status: a laxer policy finds nobody revoked whom a stricter one does not.
    pub stale: Expired,
}

impl RevocationPolicy {
    /// Nothing is checked.
    pub const fn off() -> Self {
        Self::of(RevocationScope::Off)
    }

    /// All certificates of the path but the trust anchor are checked; unknown status is denied, and so are stale lists.
    pub const fn whole_path() -> Self {
        Self::of(RevocationScope::WholePath)
    }

    /// The client's own certificate is checked; unknown status is denied, and so are stale lists.
    pub const fn client_only() -> Self {
        Self::of(RevocationScope::ClientOnly)
    }

    const fn of(scope: RevocationScope) -> Self {
        Self {
            scope,
            unknown: UnknownStatus::Deny,
            stale: Expired::Reject,
        }
    }

    /// With another rule for [`unknown`](Self::unknown) status.
    pub const fn with_unknown(mut self, unknown: UnknownStatus) -> Self {
        self.unknown = unknown;
        self
    }

    /// With another rule for [`stale`](Self::stale) lists.
    pub const fn with_stale(mut self, stale: Expired) -> Self {
        self.stale = stale;
        self
    }
}

/// Which certificates of a path are checked for revocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationScope {
    /// None.
    #[default]
    Off,
    /// The client's own.
    ClientOnly,
    /// All but the trust anchor, as RFC 5280 §6.1.3 (a)(3) asks. That of an anchor is for whoever configured it to say.
    WholePath,
}

/// What becomes of a certificate whose revocation status no list tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownStatus {
    /// It is refused.
    #[default]
    Deny,
    /// It is accepted, and [`VerifiedClient::revocation`](crate::VerifiedClient::revocation) says so.
    Allow,
}
