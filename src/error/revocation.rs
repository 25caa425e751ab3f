//! Why a CRL was of no use.

use alloc::vec::Vec;
use core::fmt;

use pki_types::UnixTime;

use crate::x509::{CrlFormRule, Rfc3339, ShortName};

/// Why a CRL does not tell a certificate's status (RFC 5280 §6.3.3): it does not vouch for the
/// certificate, or it names it and is not known to be authentic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlFault {
    /// Its scope does not cover this certificate (§6.3.3 (b)), or none of the reasons that the
    /// certificate's distribution point is for (§6.3.3 (d)).
    #[error("it does not cover this certificate")]
    Scope,
    /// It is a delta CRL, which vouches for nobody by itself (§5.2.4).
    #[error("it only continues another one")]
    Delta,
    /// With the other CRLs about the certificate, it does not cover every reason for revocation
    /// (§6.3.3 (d)).
    #[error("it covers some reasons only")]
    SomeReasons,
    /// Its thisUpdate is in the future, beyond the clock skew. It vouches for nobody; it revokes
    /// the certificates that it names.
    #[error("it is from the future (thisUpdate {})", Rfc3339::from(*this_update))]
    Future {
        /// When it says that it was made.
        this_update: UnixTime,
    },
    /// Certificates of its issuer are valid, and none of them made its signature (§6.3.3 (g)). A
    /// certificate without a path that counts (see [`Issuer`](Self::Issuer)) is not tried.
    #[error("no valid certificate of its issuer made its signature")]
    Signature,
    /// It is signed with an algorithm that the policy does not have, or not with that kind of key.
    #[error("it is signed with an algorithm that is not allowed, or not with such a key")]
    Algorithm,
    /// There is no certificate of its issuer that has a path: to the same trust anchor, to vouch
    /// (§6.3.3 (f)); to any anchor of the store, to revoke.
    #[error("no certificate of its issuer is valid below the same trust anchor")]
    Issuer,
    /// Its issuer's certificate is revoked or denied, so the CRL neither vouches nor revokes.
    #[error("its issuer's certificate is revoked")]
    IssuerRevoked,
    /// It was made after the certificate expired, and its CA may have dropped the certificate's
    /// entry (§3.3). It vouches where its expiredCertsOnCRL reaches back to notAfter, or the
    /// policy says [`PrunedEntries::Kept`](crate::policy::PrunedEntries::Kept).
    #[error(
        "it was made at {} and the certificate expired at {}, so its CA may have dropped the \
         certificate's entry; it counts if its extension expiredCertsOnCRL reaches back to then, \
         or the policy says PrunedEntries::Kept",
        Rfc3339::from(*this_update),
        Rfc3339::from(*not_after)
    )]
    MayBePruned {
        /// When the CRL was made.
        this_update: UnixTime,
        /// The last second of the certificate's validity.
        not_after: UnixTime,
    },
    /// Its issuer is another trust anchor that has no path to the certificate's (§6.3.3 (f)). It
    /// vouches for nobody below that one.
    #[error("its issuer is another trust anchor")]
    OtherAnchor,
    /// Its issuer's certificate is not for signing CRLs: its keyUsage lacks cRLSign (§6.3.3 (f)),
    /// or it has none and is no CA's (§4.2.1.3). Such a CRL revokes only what the same key issued.
    #[error("its issuer's keyUsage lacks cRLSign")]
    KeyUsage,
    /// It breaks a rule for conforming issuers, to which the policy's profile holds CRLs that
    /// vouch.
    #[error("it does not conform to RFC 5280: {0}")]
    NonConforming(CrlFormRule),
}

impl CrlFault {
    /// How much it explains, of several CRLs that were of no use.
    pub(crate) fn weight(self) -> u8 {
        match self {
            Self::Scope | Self::Delta => 0,
            Self::SomeReasons => 2,
            Self::MayBePruned { .. } => 3,
            _ => 1,
        }
    }
}

/// A CRL that does not tell a certificate's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    pub(crate) issuer: Vec<u8>,
    pub(crate) this_update: UnixTime,
    pub(crate) names_certificate: bool,
    pub(crate) fault: CrlFault,
}

impl PassedOver {
    /// The DER of its issuer's name.
    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer
    }

    /// When it was made.
    pub fn this_update(&self) -> UnixTime {
        self.this_update
    }

    /// Whether it has an entry for the certificate and is not known to be authentic. The
    /// certificate is then refused, even where the policy allows unknown status.
    pub fn names_certificate(&self) -> bool {
        self.names_certificate
    }

    /// Why it was of no use.
    pub fn fault(&self) -> CrlFault {
        self.fault
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.names_certificate {
            true => "lists the certificate, and is not known to be authentic",
            false => "does not tell it",
        };
        write!(
            f,
            "the CRL of {} (thisUpdate {}) {what}: {}",
            ShortName(&self.issuer),
            Rfc3339::from(self.this_update),
            self.fault
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use core::time::Duration;

    #[test]
    fn a_crl_is_named_with_what_is_wrong_and_what_to_do() {
        let at = |days: u64| UnixTime::since_unix_epoch(Duration::from_secs(days * 86_400));
        let mut passed_over = PassedOver {
            issuer: b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02CA".to_vec(),
            this_update: at(365),
            names_certificate: true,
            fault: CrlFault::IssuerRevoked,
        };
        assert_eq!(
            passed_over.to_string(),
            "the CRL of CN=CA (thisUpdate 1971-01-01T00:00:00Z) lists the certificate, and is not \
             known to be authentic: its issuer's certificate is revoked"
        );
        passed_over.names_certificate = false;
        passed_over.fault = CrlFault::MayBePruned {
            this_update: at(365),
            not_after: at(364),
        };
        assert_eq!(
            passed_over.to_string(),
            "the CRL of CN=CA (thisUpdate 1971-01-01T00:00:00Z) does not tell it: it was made at \
             1971-01-01T00:00:00Z and the certificate expired at 1970-12-31T00:00:00Z, so its CA \
             may have dropped the certificate's entry; it counts if its extension \
             expiredCertsOnCRL reaches back to then, or the policy says PrunedEntries::Kept"
        );
    }

    /// A refusal tells the fault that explains most.
    #[test]
    fn what_the_caller_can_mend_explains_most() {
        let at = UnixTime::since_unix_epoch(Duration::ZERO);
        let pruned = CrlFault::MayBePruned {
            this_update: at,
            not_after: at,
        };
        let order = [
            CrlFault::Scope,
            CrlFault::Signature,
            CrlFault::SomeReasons,
            pruned,
        ];
        let weights = order.map(CrlFault::weight);
        assert!(weights.windows(2).all(|two| two[0] < two[1]), "{weights:?}");
    }
}
