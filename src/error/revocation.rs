//! Why a revocation list was of no use.

use alloc::vec::Vec;
use core::fmt;

use pki_types::UnixTime;

use crate::x509::{ListFormRule, Rfc3339, ShortName};

/// Why a revocation list did not tell a certificate's status (RFC 5280 §6.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListFault {
    /// It is about other certificates: its issuingDistributionPoint says so (§6.3.3 (b)).
    #[error("it is about other certificates")]
    Scope,
    /// It is a delta list, and the complete list that it continues is not there (§5.2.4).
    #[error("it only continues another one")]
    Delta,
    /// With the other lists about the certificate, it does not cover every reason for revocation (§6.3.3 (d)).
    #[error("it covers some reasons only")]
    SomeReasons,
    /// Its thisUpdate is in the future, beyond the clock skew.
    #[error("it is from the future (thisUpdate {})", Rfc3339::from(*this_update))]
    Future {
        /// When it says that it was made.
        this_update: UnixTime,
    },
    /// No key of its issuer made its signature (§6.3.3 (g)).
    #[error("its signature is not its issuer's")]
    Signature,
    /// It is signed with an algorithm that the policy does not have, or not with that kind of key.
    #[error("it is signed with an algorithm that is not allowed")]
    Algorithm,
    /// Its signature was verified while the store was built, and with another algorithm than the policy's for the same identifiers:
    /// [`TrustStoreBuilder::list_signatures`](crate::TrustStoreBuilder::list_signatures).
    #[error(
        "it was verified with other algorithms than the policy's, while loading (TrustStoreBuilder::list_signatures)"
    )]
    OtherAlgorithm,
    /// There is no certificate of its issuer that has a path to the same trust anchor (§6.3.3 (f)).
    #[error("no certificate of its issuer is valid below the same trust anchor")]
    Issuer,
    /// It is signed by another trust anchor that has no path to the one of the certificate (§6.3.3 (f)).
    #[error("its issuer is another trust anchor")]
    OtherAnchor,
    /// Its issuer's certificate is not for signing lists: its keyUsage lacks cRLSign (§6.3.3 (f)), or it has none and is no CA's (§4.2.1.3).
    #[error("its issuer's keyUsage lacks cRLSign")]
    KeyUsage,
    /// It breaks a rule for conforming issuers, and the policy's profile holds it to them.
    #[error("it does not conform to RFC 5280: {0}")]
    NonConforming(ListFormRule),
}

impl ListFault {
    /// How much it explains, of several lists that were of no use.
    pub(crate) fn weight(self) -> u8 {
        match self {
            Self::Scope | Self::Delta => 0,
            Self::SomeReasons => 2,
            Self::OtherAlgorithm => 3,
            _ => 1,
        }
    }
}

/// A revocation list that did not tell a certificate's status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    pub(crate) issuer: Vec<u8>,
    pub(crate) fault: ListFault,
}

impl PassedOver {
    /// The DER of its issuer's name.
    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer
    }

    /// Why it was of no use.
    pub fn fault(&self) -> ListFault {
        self.fault
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the list of {} does not tell it: {}",
            ShortName(&self.issuer),
            self.fault
        )
    }
}
