//! Whether a certificate is a CA's.

use super::certificate::{Certificate, Version};

/// Why a certificate is not a CA's (RFC 5280 §6.1.4 (k)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotACa {
    /// basicConstraints say so.
    #[error("basicConstraints has cA=FALSE")]
    CaFalse,
    /// Version 3, and nothing says that it is one.
    #[error("it has no basicConstraints")]
    NoBasicConstraints,
    /// Versions 1 and 2 have no way to say so. For a trust anchor, the word of the
    /// operator who configured it stands in.
    #[error("X.509 version {0} cannot say that it is one")]
    Version(u8),
}

impl Certificate<'_> {
    /// As an intermediate, a certificate must say itself that it is a CA's (RFC 5280 §6.1.4 (k)).
    pub(crate) fn check_is_ca(self) -> Result<(), NotACa> {
        match (self.version(), self.basic_constraints()) {
            (Version::V1, _) => Err(NotACa::Version(1)),
            (Version::V2, _) => Err(NotACa::Version(2)),
            (Version::V3, None) => Err(NotACa::NoBasicConstraints),
            (Version::V3, Some(constraints)) if !constraints.is_ca => Err(NotACa::CaFalse),
            (Version::V3, Some(_)) => Ok(()),
        }
    }

    /// Among intermediates there may also be who only signs CRLs, and says so (RFC 5280 §4.2.1.3).
    pub(crate) fn check_is_ca_or_crl_issuer(self) -> Result<(), NotACa> {
        let signs_crls = self.key_usage().is_some_and(|usage| usage.crl_sign());
        match self.check_is_ca() {
            Err(_) if signs_crls => Ok(()),
            outcome => outcome,
        }
    }

    /// As a trust anchor, a certificate too old to say so is a CA's because it was configured as
    /// one. RFC 5280 §6.1.4 (k) leaves that to "out-of-band means".
    pub(crate) fn check_is_anchor_ca(self) -> Result<(), NotACa> {
        match self.check_is_ca() {
            Err(NotACa::Version(_)) => Ok(()),
            other => other,
        }
    }
}
