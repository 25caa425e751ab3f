//! What becomes of expired certificates.

use core::time::Duration;

/// What becomes of certificates whose validity has passed, by their role in the path.
///
/// | role | certificates |
/// |---|---|
/// | `client` | the client's own |
/// | `issuers` | intermediates, presented or from the store |
/// | `anchors` | the trust anchors |
///
/// A certificate that is *not yet* valid is never accepted beyond [`clock_skew`](Self::clock_skew), in no role: its
/// issuer did not vouch for it at that time. Both ends of a validity are part of it, to the second
/// (RFC 5280 §4.1.2.5).
///
/// # Expired certificates and revocation
///
/// Where expired certificates are accepted and [revocation](crate::RevocationPolicy) is checked, a
/// CRL that revokes an expired certificate always counts. A CRL that does not list it shows less: a
/// CA may drop an entry once its certificate has expired (RFC 5280 §3.3). So an expired certificate
/// is known not to be revoked only if a CRL vouches for it and one of these holds:
///
/// - the CRL's thisUpdate is not later than the certificate's notAfter (such a CRL is often stale: see
///   [`RevocationPolicy::stale`](crate::RevocationPolicy::stale));
/// - the CRL has the extension expiredCertsOnCRL, whose time is not later than the certificate's
///   notAfter;
/// - the policy says [`PrunedEntries::Kept`](crate::PrunedEntries::Kept), as the CAs keep such
///   entries.
///
/// Otherwise its revocation status is unknown, which
/// [`UnknownStatus`](crate::UnknownStatus) denies by default.
///
/// ```
/// use mtls_verify::{ClientPolicy, ExpiryPolicy, PrunedEntries, RevocationPolicy};
///
/// // Expired clients are accepted if they are not revoked. The CAs keep entries after notAfter.
/// let policy = ClientPolicy::default()
///     .with_expiry(ExpiryPolicy::ignore_client_expiry())
///     .with_revocation(RevocationPolicy::whole_path().with_pruned(PrunedEntries::Kept));
/// # let _ = policy;
/// ```
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use mtls_verify::{Expired, ExpiryPolicy};
///
/// // The load balancers' switch: the client's own certificate may have expired, nothing else.
/// let switch = ExpiryPolicy::ignore_client_expiry();
/// assert_eq!(switch.client, Expired::Accept);
/// assert_eq!(switch.issuers, Expired::Reject);
///
/// // Devices may be a month late to renew.
/// let late = ExpiryPolicy::default().with_client(Expired::AcceptFor(Duration::from_secs(30 * 86_400)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExpiryPolicy {
    /// For the client's own certificate. Default: rejected.
    pub client: Expired,
    /// For intermediates. Default: rejected.
    pub issuers: Expired,
    /// For trust anchors. Default: rejected.
    pub anchors: Expired,
    /// How far the clocks of issuer and verifier may be apart: every validity begins and ends this much earlier and later.
    /// Whole seconds; default: none.
    pub clock_skew: Duration,
}

impl ExpiryPolicy {
    /// Accepts expired client certificates and nothing else that has expired: `IgnoreClientCertificateExpiry` of AWS load
    /// balancers, `allow_expired_certificate` of Envoy as it should be. Where revocation is checked as well, an expired client also
    /// needs a CRL that [can still vouch for it](Self#expired-certificates-and-revocation).
    pub fn ignore_client_expiry() -> Self {
        Self::default().with_client(Expired::Accept)
    }

    /// With another rule for [`client`](Self::client).
    pub fn with_client(mut self, expired: Expired) -> Self {
        self.client = expired;
        self
    }

    /// With another rule for [`issuers`](Self::issuers).
    pub fn with_issuers(mut self, expired: Expired) -> Self {
        self.issuers = expired;
        self
    }

    /// With another rule for [`anchors`](Self::anchors).
    pub fn with_anchors(mut self, expired: Expired) -> Self {
        self.anchors = expired;
        self
    }

    /// With another [`clock_skew`](Self::clock_skew).
    pub fn with_clock_skew(mut self, clock_skew: Duration) -> Self {
        self.clock_skew = clock_skew;
        self
    }
}

/// What becomes of a certificate after its notAfter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expired {
    /// Refused.
    #[default]
    Reject,
    /// Accepted for this long after notAfter (and the clock skew), then refused. Whole seconds.
    AcceptFor(Duration),
    /// Accepted forever.
    Accept,
}
