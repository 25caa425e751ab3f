//! Stable names for refusals: the codes of load-balancer logs, and TLS alerts.

use core::fmt;

/// A coarse, stable reason code. The names are those in the connection logs of AWS Application Load Balancers
/// (`error_reason`), so that dashboards made for them keep working. [`Reason`](crate::Reason) is finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Too many certificates presented, or a path longer than the limit.
    ClientCertMaxChainDepthExceeded,
    /// A presented certificate is larger than the limit.
    ClientCertMaxSizeExceeded,
    /// The certificate is revoked or denied.
    ClientCertCrlHit,
    /// The revocation status is required and not known.
    ClientCertCrlProcessingError,
    /// No path to a trust anchor, a signature that does not verify, or a constraint violated on the way.
    ClientCertUntrusted,
    /// A certificate of the path is not valid yet.
    ClientCertNotYetValid,
    /// A certificate of the path has expired.
    ClientCertExpired,
    /// An algorithm, curve or key size that is not allowed.
    ClientCertTypeUnsupported,
    /// Malformed, or with a critical extension that is not processed.
    ClientCertInvalid,
    /// Key usage, extended key usage, or a CA certificate used as a client's.
    ClientCertPurposeInvalid,
    /// Verified, but not one of the identities asked for.
    ClientCertRejected,
    /// A limit on the work for one verification was reached.
    UnmappedConnectionError,
}

impl Code {
    /// Every code there is, for metrics that begin at 0.
    pub const ALL: &'static [Self] = &[
        Self::ClientCertMaxChainDepthExceeded,
        Self::ClientCertMaxSizeExceeded,
        Self::ClientCertCrlHit,
        Self::ClientCertCrlProcessingError,
        Self::ClientCertUntrusted,
        Self::ClientCertNotYetValid,
        Self::ClientCertExpired,
        Self::ClientCertTypeUnsupported,
        Self::ClientCertInvalid,
        Self::ClientCertPurposeInvalid,
        Self::ClientCertRejected,
        Self::UnmappedConnectionError,
    ];

    /// The name, such as `ClientCertExpired`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientCertMaxChainDepthExceeded => "ClientCertMaxChainDepthExceeded",
            Self::ClientCertMaxSizeExceeded => "ClientCertMaxSizeExceeded",
            Self::ClientCertCrlHit => "ClientCertCrlHit",
            Self::ClientCertCrlProcessingError => "ClientCertCrlProcessingError",
            Self::ClientCertUntrusted => "ClientCertUntrusted",
            Self::ClientCertNotYetValid => "ClientCertNotYetValid",
            Self::ClientCertExpired => "ClientCertExpired",
            Self::ClientCertTypeUnsupported => "ClientCertTypeUnsupported",
            Self::ClientCertInvalid => "ClientCertInvalid",
            Self::ClientCertPurposeInvalid => "ClientCertPurposeInvalid",
            Self::ClientCertRejected => "ClientCertRejected",
            Self::UnmappedConnectionError => "UnmappedConnectionError",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The alert with which a TLS server should refuse (RFC 8446 §6.2). The value is the AlertDescription on the wire:
/// `alert as u8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum TlsAlert {
    /// Malformed, or a signature did not verify.
    BadCertificate = 42,
    /// A certificate of a kind that is not supported, or not for this purpose.
    UnsupportedCertificate = 43,
    /// Revoked by its issuer.
    CertificateRevoked = 44,
    /// Expired, or not valid yet.
    CertificateExpired = 45,
    /// Not acceptable for another reason.
    CertificateUnknown = 46,
    /// No path to a trust anchor.
    UnknownCa = 48,
    /// Valid, but not allowed in.
    AccessDenied = 49,
    /// No certificate presented where one is required.
    CertificateRequired = 116,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counters are numbered by them.
    #[test]
    fn all_codes_are_in_order_and_none_is_missing() {
        for (index, code) in Code::ALL.iter().enumerate() {
            assert_eq!(*code as usize, index, "{code}");
        }
        assert_eq!(Code::ALL.last(), Some(&Code::UnmappedConnectionError));
    }
}
