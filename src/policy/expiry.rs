//! What becomes of expired certificates.

use core::fmt;
use core::time::Duration;

/// What becomes of certificates whose validity has passed, by their role in the path.
///
/// | role | certificates |
/// |---|---|
/// | `client` | the client's own |
/// | `issuers` | intermediates and separate signers of CRLs, presented or from the store |
/// | `anchors` | the trust anchors |
///
/// A certificate that is *not yet* valid is never accepted beyond [`clock_skew`](Self::clock_skew),
/// in no role: its issuer did not vouch for it at that time. Both ends of a validity are part of
/// it, to the second (RFC 5280 §4.1.2.5).
///
/// # Expired certificates and revocation
///
/// Where expired certificates are accepted and [revocation](crate::policy::RevocationPolicy) is
/// checked, a CRL that lists an expired certificate revokes it like any other. A CRL that does not
/// list it shows less: a CA may drop an entry once its certificate has expired (RFC 5280 §3.3). So
/// an expired certificate is known not to be revoked only if a CRL vouches for it and one of these
/// holds:
///
/// - the CRL's thisUpdate is not later than the certificate's notAfter (such a CRL is often stale:
///   see [`RevocationPolicy::stale`](crate::policy::RevocationPolicy::stale));
/// - the CRL has the extension expiredCertsOnCRL, whose time is not later than the certificate's
///   notAfter;
/// - the policy says [`PrunedEntries::Kept`](crate::policy::PrunedEntries::Kept), as the CAs keep
///   such entries.
///
/// Otherwise it is refused by default: its revocation status is unknown
/// ([`UnknownStatus`](crate::policy::UnknownStatus)), or the CRL that would vouch is too stale.
///
/// ```
/// use mtls_verify::ClientPolicy;
/// use mtls_verify::policy::{ExpiryPolicy, PrunedEntries, RevocationPolicy};
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
/// use mtls_verify::policy::{Expired, ExpiryPolicy};
///
/// // The load balancers' switch: the client's own certificate may have expired, nothing else.
/// let switch = ExpiryPolicy::ignore_client_expiry();
/// assert_eq!(switch.client, Expired::Accept);
/// assert_eq!(switch.issuers, Expired::Reject);
///
/// // Devices may be a month late to renew.
/// let month = Duration::from_secs(30 * 86_400);
/// let late = ExpiryPolicy::default().with_client(Expired::AcceptFor(month));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExpiryPolicy {
    /// For the client's own certificate. Default: rejected.
    pub client: Expired,
    /// For intermediates and separate signers of CRLs. Default: rejected.
    pub issuers: Expired,
    /// For trust anchors. Default: rejected.
    pub anchors: Expired,
    /// How far the clocks of issuer and verifier may be apart: every validity begins this much
    /// earlier and ends this much later. The same holds for the thisUpdate and nextUpdate of CRLs.
    /// Default: none.
    ///
    /// A CRL that was made after a certificate's notAfter shows that it has expired by its CA's own
    /// clock. Such a CRL vouches for it only as
    /// [said above](Self#expired-certificates-and-revocation), within the skew too.
    pub clock_skew: ClockSkew,
}

impl ExpiryPolicy {
    /// Accepts expired client certificates and nothing else that has expired:
    /// `IgnoreClientCertificateExpiry` of AWS load balancers, `allow_expired_certificate` of Envoy
    /// as it should be. Where revocation is checked as well, an expired client also needs a CRL
    /// that [can still vouch for it](Self#expired-certificates-and-revocation).
    pub fn ignore_client_expiry() -> Self {
        Self::default().with_client(Expired::Accept)
    }

    /// With another rule for [`client`](Self::client).
    #[must_use]
    pub fn with_client(mut self, expired: Expired) -> Self {
        self.client = expired;
        self
    }

    /// With another rule for [`issuers`](Self::issuers).
    #[must_use]
    pub fn with_issuers(mut self, expired: Expired) -> Self {
        self.issuers = expired;
        self
    }

    /// With another rule for [`anchors`](Self::anchors).
    #[must_use]
    pub fn with_anchors(mut self, expired: Expired) -> Self {
        self.anchors = expired;
        self
    }

    /// With another [`clock_skew`](Self::clock_skew).
    #[must_use]
    pub fn with_clock_skew(mut self, clock_skew: ClockSkew) -> Self {
        self.clock_skew = clock_skew;
        self
    }
}

/// What becomes of a certificate after its notAfter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expired {
    /// Refused.
    #[default]
    Reject,
    /// Accepted for this long after notAfter (and the clock skew), then refused. Whole seconds.
    AcceptFor(Duration),
    /// Accepted forever.
    Accept,
}

/// How far two clocks may be apart: whole seconds, at most [24 hours](Self::MAX).
///
/// The bound is what keeps notBefore in force. An allowance without a bound would accept
/// certificates whose validity begins years from now, which [no policy](crate::ClientPolicy) may
/// do. Clocks in service are minutes apart; a day covers one that runs in another time zone.
/// Certificates that have *ended* are [`Expired`]'s business, without a bound.
///
/// ```
/// use core::time::Duration;
/// use mtls_verify::policy::{ClockSkew, ExpiryPolicy};
/// # fn main() -> Result<(), mtls_verify::policy::InvalidClockSkew> {
/// let five_minutes = ClockSkew::new(Duration::from_secs(300))?;
/// let expiry = ExpiryPolicy::default().with_clock_skew(five_minutes);
/// assert_eq!(expiry.clock_skew.duration().as_secs(), 300);
/// assert!(ClockSkew::new(Duration::MAX).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockSkew(Duration);

impl ClockSkew {
    /// No allowance: the default.
    pub const NONE: Self = Self(Duration::ZERO);

    /// The largest allowance: 24 hours.
    pub const MAX: Self = Self(Duration::from_secs(86_400));

    /// An allowance of this much. Certificates and CRLs count in whole seconds, so a fraction of a
    /// second is left out: 1.9 seconds are one second.
    ///
    /// # Errors
    /// If `skew` is more than 24 hours, if only by a nanosecond.
    pub const fn new(skew: Duration) -> Result<Self, InvalidClockSkew> {
        let seconds = skew.as_secs();
        let most = Self::MAX.0.as_secs();
        if seconds > most || (seconds == most && skew.subsec_nanos() > 0) {
            return Err(InvalidClockSkew { skew });
        }
        Ok(Self(Duration::from_secs(seconds)))
    }

    /// The allowance, in whole seconds.
    pub const fn duration(self) -> Duration {
        self.0
    }
}

impl TryFrom<Duration> for ClockSkew {
    type Error = InvalidClockSkew;

    fn try_from(skew: Duration) -> Result<Self, Self::Error> {
        Self::new(skew)
    }
}

/// A clock skew of more than [24 hours](ClockSkew::MAX).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidClockSkew {
    skew: Duration,
}

impl fmt::Display for InvalidClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (skew, most) = (self.skew, ClockSkew::MAX.0.as_secs());
        write!(f, "a clock skew of {}", skew.as_secs())?;
        if skew.subsec_nanos() > 0 {
            write!(f, ".{:09}", skew.subsec_nanos())?;
        }
        write!(f, " seconds; at most {most} seconds (24 hours) are allowed")
    }
}

impl core::error::Error for InvalidClockSkew {}
