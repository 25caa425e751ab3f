//! What is asked of the revocation status of certificates.

use super::Expired;

/// What is asked of the revocation status of the certificates of a path (RFC 5280 §6.3.3).
///
/// CRLs come from the store
/// ([`TrustStoreBuilder::add_crl_pem`](crate::TrustStoreBuilder::add_crl_pem)); nothing is fetched.
/// **CRLs in the store are enforced unless the policy says [`off`](Self::off).** The default is
/// [`auto`](Self::auto): it checks nothing while the store was given no CRLs, and the whole path
/// once it was.
///
/// | preset | checked | unknown status | stale CRL |
/// |---|---|---|---|
/// | [`auto`](Self::auto), the default | the whole path, if the store was given CRLs | refused | refused |
/// | [`whole_path`](Self::whole_path) | the whole path | refused | refused |
/// | [`client_only`](Self::client_only) | the client's certificate | refused | refused |
/// | [`where_published`](Self::where_published) | the whole path | accepted if the store has no CRL of the issuer's name: [`AllowUnpublished`](UnknownStatus::AllowUnpublished) | refused |
/// | [`off`](Self::off) | nothing | | |
///
/// Those who come from `WebPkiClientVerifier::with_crls` of rustls, or from `ssl_crl` of nginx,
/// know the default: the whole path, unknown status refused. nginx refuses beside a stale CRL as
/// well. rustls does not unless told to, so for its users that is new: renew CRLs before their
/// nextUpdate, or say [`with_stale`](Self::with_stale).
///
/// A CRL that is about a certificate which is checked, and names it, keeps it out on every path,
/// whatever else a policy says: with [`Reason::Revoked`](crate::error::Reason::Revoked) if it is
/// authentic, with [`Reason::RevocationUnknown`](crate::error::Reason::RevocationUnknown) or
/// [`Reason::CircularCrls`](crate::error::Reason::CircularCrls) if nobody knows that. Only a newer
/// CRL by the same key can take its place. The fields say what is asked of CRLs that do not name
/// it.
///
/// ```
/// use core::time::Duration;
/// use mtls_verify::ClientPolicy;
/// use mtls_verify::policy::{Expired, RevocationPolicy, UnknownStatus};
///
/// // Every certificate of the path must be known not to be revoked, by CRLs that are fresh.
/// let strict = ClientPolicy::default().with_revocation(RevocationPolicy::whole_path());
///
/// // Only some CAs publish CRLs, and those may be an hour late.
/// let some = RevocationPolicy::where_published()
///     .with_stale(Expired::AcceptFor(Duration::from_secs(3_600)));
/// assert_eq!(some.unknown, UnknownStatus::AllowUnpublished);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationPolicy {
    /// Which certificates of a path are checked. Default: all but the anchor if the store was given
    /// CRLs, else none. A pinned client is not, as it has no path.
    pub scope: RevocationScope,
    /// What becomes of a certificate that no CRL names and for which none vouches. Default: denied.
    ///
    /// Neither [`UnknownStatus::Allow`] nor [`UnknownStatus::AllowUnpublished`] lets in a
    /// certificate that a CRL about it names without being known to be authentic: else a revoked
    /// client would only have to leave out the certificate of the CRL's signer. Nor do they help
    /// against a CRL that is too [`stale`](Self::stale), or where signers of CRLs revoke each
    /// other.
    pub unknown: UnknownStatus,
    /// What becomes of a CRL after its nextUpdate (and the clock skew of the
    /// [`ExpiryPolicy`](crate::policy::ExpiryPolicy)). Default: it vouches for nobody, and a
    /// certificate that needs it is refused, whatever [`unknown`](Self::unknown) says. A CRL
    /// without nextUpdate is stale one second after its thisUpdate.
    ///
    /// For the reasons that the CRLs by a certificate's own issuer key cover, only that key
    /// vouches. So a stale CRL by that key refuses even where another key of the CA has a fresh
    /// one: [`Reason::StaleCrl`](crate::error::Reason::StaleCrl) names it. Being stale keeps no CRL
    /// from revoking a certificate that it names, and neither does a separate signer that has
    /// expired or is of unknown status.
    pub stale: Expired,
    /// Whether the CRLs of this PKI keep the entries of certificates that have expired. Default:
    /// they may not.
    pub pruned: PrunedEntries,
}

impl RevocationPolicy {
    /// The default: the whole path is checked as by [`whole_path`](Self::whole_path) if the store
    /// was given CRLs, and nothing is checked otherwise.
    ///
    /// A store was given CRLs if its builder or
    /// [`TrustStore::with_crls`](crate::TrustStore::with_crls) had any, even if all of them were
    /// skipped, and even if later ones are none. So an empty file after a reload refuses every
    /// client that is not pinned. Where
    /// [`ClientVerifier::replace_store`](crate::ClientVerifier::replace_store) is asked to take a
    /// store without CRLs for one with CRLs, it is an error.
    pub const fn auto() -> Self {
        Self::of(RevocationScope::Auto)
    }

    /// Nothing is checked, whatever CRLs the store has.
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

    /// All certificates of the path but the trust anchor are checked, as far as their issuers have
    /// CRLs in the store: unknown status is accepted where the store has *no* CRL of the issuer's
    /// name ([`UnknownStatus::AllowUnpublished`]). CRLs that are stale or of no use deny, and so do
    /// CRLs that were refused or skipped while loading and may be by that issuer.
    ///
    /// For those who come from a load balancer, whose trust stores have CRLs for some CAs only.
    ///
    /// An issuer whose CRL is lost in a reload is noticed:
    /// [`TrustStore::with_crls`](crate::TrustStore::with_crls) remembers it, and
    /// [`ClientVerifier::replace_store`](crate::ClientVerifier::replace_store) refuses the new
    /// store. A CRL that was never loaded is not noticed, as after a restart without its file: its
    /// issuer's clients are let in.
    pub const fn where_published() -> Self {
        Self::of(RevocationScope::WholePath).with_unknown(UnknownStatus::AllowUnpublished)
    }

    const fn of(scope: RevocationScope) -> Self {
        Self {
            scope,
            unknown: UnknownStatus::Deny,
            stale: Expired::Reject,
            pruned: PrunedEntries::MayBe,
        }
    }

    /// Which certificates are checked; `has_crls` says whether the store was given CRLs.
    pub(crate) fn checked(&self, has_crls: bool) -> Checked {
        match self.scope {
            RevocationScope::Auto if has_crls => Checked::AllButAnchor,
            RevocationScope::Auto | RevocationScope::Off => Checked::Nothing,
            RevocationScope::ClientOnly => Checked::Client,
            RevocationScope::WholePath => Checked::AllButAnchor,
        }
    }

    /// Whether a store without CRLs lets in clients that CRLs might refuse.
    #[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
    pub(crate) fn lets_in_without_crls(&self) -> bool {
        match self.scope {
            RevocationScope::Auto => true,
            RevocationScope::Off => false,
            RevocationScope::ClientOnly | RevocationScope::WholePath => {
                self.unknown != UnknownStatus::Deny
            }
        }
    }

    /// With another rule for [`unknown`](Self::unknown) status.
    #[must_use]
    pub const fn with_unknown(mut self, unknown: UnknownStatus) -> Self {
        self.unknown = unknown;
        self
    }

    /// With another rule for [`stale`](Self::stale) CRLs.
    #[must_use]
    pub const fn with_stale(mut self, stale: Expired) -> Self {
        self.stale = stale;
        self
    }

    /// With another rule for [`pruned`](Self::pruned) entries.
    #[must_use]
    pub const fn with_pruned(mut self, pruned: PrunedEntries) -> Self {
        self.pruned = pruned;
        self
    }
}

/// Which certificates of a path are checked for revocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationScope {
    /// As for [`WholePath`](Self::WholePath) if the store was given CRLs, as for [`Off`](Self::Off)
    /// otherwise: [`RevocationPolicy::auto`].
    #[default]
    Auto,
    /// None, whatever CRLs the store has.
    Off,
    /// The client's own.
    ClientOnly,
    /// All but the trust anchor, as RFC 5280 §6.1.3 (a)(3) asks. An anchor is trusted by
    /// configuration and revoked by removing it.
    WholePath,
}

/// Which certificates of a path are checked, once it is known whether the store was given CRLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    Nothing,
    Client,
    AllButAnchor,
}

/// What becomes of a certificate that no CRL names and for which none vouches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownStatus {
    /// It is refused.
    #[default]
    Deny,
    /// It is accepted if the store has *no* CRL with the name of its issuer, nor with that of a
    /// cRLIssuer that its distribution points name, and refused otherwise. It does not matter what
    /// that CRL is about.
    ///
    /// CRLs count too that were refused or
    /// [skipped](crate::TrustStoreBuilder#inputs-that-are-refused) while loading, and those that
    /// the store had before [`with_crls`](crate::TrustStore::with_crls). One whose issuer cannot be
    /// read may be any issuer's, and so may the CRLs before a set without any: then nobody is
    /// accepted by this rule.
    ///
    /// [`VerifiedClient::path_revocation`](crate::VerifiedClient::path_revocation) says `Unknown`.
    AllowUnpublished,
    /// It is accepted, and
    /// [`VerifiedClient::path_revocation`](crate::VerifiedClient::path_revocation) says so.
    Allow,
}

/// Whether a CRL that does not list an expired certificate shows that it was not revoked.
///
/// RFC 5280 §3.3 lets a CA drop the entry of a revoked certificate from the CRLs that it makes
/// after the certificate's notAfter. So a policy that accepts expired certificates
/// ([`ExpiryPolicy`](crate::policy::ExpiryPolicy)) and checks revocation could take a revoked
/// certificate for a good one, once it has expired. A CRL that lists a certificate revokes it,
/// unless a newer one by the same key takes its place. By default, one that may have dropped the
/// entry does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrunedEntries {
    /// The CA may have dropped the entry. A CRL vouches for an expired certificate only in two
    /// cases:
    ///
    /// - its thisUpdate is not later than the certificate's notAfter; or
    /// - it has the extension expiredCertsOnCRL (2.5.29.60, X.509), whose time is not later than
    ///   the certificate's notAfter.
    ///
    /// Other CRLs leave the status unknown
    /// ([`CrlFault::MayBePruned`](crate::error::CrlFault::MayBePruned)).
    #[default]
    MayBe,
    /// The CAs keep the entries of expired certificates, although their CRLs do not say so: the
    /// operator knows it. A CRL made after notAfter vouches like any other.
    Kept,
}
