//! What is asked of the revocation status of certificates.

use super::Expired;

/// What is asked of the revocation status of the certificates of a path (RFC 5280 §6.3.3).
///
/// CRLs come from the store
/// ([`TrustStoreBuilder::add_crl_pem`](crate::TrustStoreBuilder::add_crl_pem)); nothing is fetched.
/// **A store's CRLs are checked only if the policy enables revocation**: otherwise they do nothing.
///
/// A CRL that names a certificate keeps it out on every path, whatever else a policy says: with
/// [`Reason::Revoked`](crate::Reason::Revoked) if it is authentic, with
/// [`Reason::RevocationUnknown`](crate::Reason::RevocationUnknown) if nobody knows that. The fields
/// say what is asked of CRLs that do not name it.
///
/// ```
/// use core::time::Duration;
/// use mtls_verify::{ClientPolicy, Expired, RevocationPolicy, UnknownStatus};
///
/// // Every certificate of the path must be known not to be revoked, by CRLs that are fresh.
/// let strict = ClientPolicy::default().with_revocation(RevocationPolicy::whole_path());
///
/// // Only some CAs have CRLs, and those may be an hour late.
/// let lenient = RevocationPolicy::whole_path()
///     .with_unknown(UnknownStatus::Allow)
///     .with_stale(Expired::AcceptFor(Duration::from_secs(3_600)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationPolicy {
    /// Which certificates of a path are checked. Default: none. A pinned client is not, as it has no path.
    pub scope: RevocationScope,
    /// What becomes of a certificate that no CRL names and for which none vouches. Default: denied.
    ///
    /// [`UnknownStatus::Allow`] does not let in a certificate that a CRL names without being known
    /// to be authentic: else a revoked client would only have to leave out the certificate of the
    /// CRL's signer. Nor does it help against a CRL that is too [`stale`](Self::stale), or where
    /// signers of CRLs revoke each other.
    pub unknown: UnknownStatus,
    /// What becomes of a CRL after its nextUpdate (and the clock skew of the
    /// [`ExpiryPolicy`](crate::ExpiryPolicy)). Default: it vouches for nobody, and a certificate
    /// that needs it is refused, whatever [`unknown`](Self::unknown) says. A CRL without nextUpdate
    /// is stale one second after its thisUpdate.
    ///
    /// For the reasons that the CRLs by a certificate's own issuer key cover, only that key
    /// vouches. So a stale CRL by that key refuses even where another key of the CA has a fresh
    /// one: [`Reason::StaleList`](crate::Reason::StaleList) names it. A CRL that names a
    /// certificate revokes it however stale it is, and even if its separate signer has expired or
    /// is of unknown status.
    pub stale: Expired,
    /// Whether the CRLs of this PKI keep the entries of certificates that have expired. Default: they may not.
    pub pruned: PrunedEntries,
}

impl RevocationPolicy {
    /// Nothing is checked.
    pub const fn off() -> Self {
        Self::of(RevocationScope::Off)
    }

    /// All certificates of the path but the trust anchor are checked. Unknown status is denied, and
    /// so are stale CRLs.
    pub const fn whole_path() -> Self {
        Self::of(RevocationScope::WholePath)
    }

    /// The client's own certificate is checked. Unknown status is denied, and so are stale CRLs.
    pub const fn client_only() -> Self {
        Self::of(RevocationScope::ClientOnly)
    }

    const fn of(scope: RevocationScope) -> Self {
        Self {
            scope,
            unknown: UnknownStatus::Deny,
            stale: Expired::Reject,
            pruned: PrunedEntries::MayBe,
        }
    }

    /// With another rule for [`unknown`](Self::unknown) status.
    pub const fn with_unknown(mut self, unknown: UnknownStatus) -> Self {
        self.unknown = unknown;
        self
    }

    /// With another rule for [`stale`](Self::stale) CRLs.
    pub const fn with_stale(mut self, stale: Expired) -> Self {
        self.stale = stale;
        self
    }

    /// With another rule for [`pruned`](Self::pruned) entries.
    pub const fn with_pruned(mut self, pruned: PrunedEntries) -> Self {
        self.pruned = pruned;
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

/// What becomes of a certificate that no CRL names and for which none vouches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownStatus {
    /// It is refused.
    #[default]
    Deny,
    /// It is accepted, and [`VerifiedClient::revocation`](crate::VerifiedClient::revocation) says so.
    Allow,
}

/// Whether a CRL that does not list an expired certificate shows that it was not revoked.
///
/// RFC 5280 §3.3 lets a CA drop the entry of a revoked certificate from the CRLs that it makes after
/// the certificate's notAfter. So a policy that accepts expired certificates
/// ([`ExpiryPolicy`](crate::ExpiryPolicy)) and checks revocation could take a revoked certificate for
/// a good one, once it has expired. A CRL that lists a certificate revokes it whatever this says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PrunedEntries {
    /// The CA may have dropped the entry. A CRL vouches for an expired certificate only in two cases:
    ///
    /// - its thisUpdate is not later than the certificate's notAfter; or
    /// - it has the extension expiredCertsOnCRL (2.5.29.60, X.509), whose time is not later than the
    ///   certificate's notAfter.
    ///
    /// Other CRLs leave the status unknown ([`ListFault::MayBePruned`](crate::ListFault::MayBePruned)).
    #[default]
    MayBe,
    /// The CAs keep the entries of expired certificates, although their CRLs do not say so: the
    /// operator knows it. A CRL made after notAfter vouches like any other.
    Kept,
}
