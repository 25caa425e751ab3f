//! Stable names for refusals: the codes of load-balancer logs, and TLS alerts.

use core::fmt;

/// A coarse, stable reason code. The names are those in the connection logs of AWS Application Load
/// Balancers (`error_reason`), so that dashboards made for them keep working.
/// [`Reason`](crate::error::Reason) is finer, and its [`name`](crate::error::Reason::name) is as
/// stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Too many certificates presented, or a path longer than the limit on intermediates or the
    /// policy's path length.
    ClientCertMaxChainDepthExceeded,
    /// A presented certificate is larger than the limit.
    ClientCertMaxSizeExceeded,
    /// A certificate of the path is revoked, or the deny list or OpenSSL's trust settings have it.
    ClientCertCrlHit,
    /// The revocation status of a certificate of the path is required and not known: no CRL
    /// vouches, one is stale, one names it without being known to be authentic, or signers of CRLs
    /// revoke each other.
    ClientCertCrlProcessingError,
    /// No path to a trust anchor, a signature that does not verify, an issuer that is not a CA, a
    /// constraint on path length, names or certificate policies that does not hold, a policy
    /// mapping from or to anyPolicy, or a client that did not prove that it has the key.
    ClientCertUntrusted,
    /// A certificate of the path is not valid yet.
    ClientCertNotYetValid,
    /// A certificate of the path has expired.
    ClientCertExpired,
    /// An algorithm, curve or key size that is not allowed.
    ClientCertTypeUnsupported,
    /// No certificate presented; a malformed one; one with a critical extension that is not
    /// processed, or with a certificate policy twice; one that breaks a form rule of
    /// [`Profile::Rfc5280`](crate::policy::Profile::Rfc5280).
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

/// The alert with which a TLS server should refuse (RFC 8446 §6.2). Its `u8` is the
/// AlertDescription on the wire:
///
/// ```
/// use mtls_verify::error::TlsAlert;
///
/// assert_eq!(u8::from(TlsAlert::UnknownCa), 48);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum TlsAlert {
    /// Malformed, breaking a form rule of the profile, with a certificate policy twice, or a
    /// signature did not verify.
    BadCertificate = 42,
    /// An algorithm, key or critical extension that is not supported, a certificate that is not for
    /// this purpose, or a CA certificate as the client's.
    UnsupportedCertificate = 43,
    /// A certificate of the path is revoked by a CRL, or denied by the server: by its deny list or
    /// OpenSSL's trust settings.
    CertificateRevoked = 44,
    /// A certificate of the path has expired or is not valid yet.
    CertificateExpired = 45,
    /// Another reason: name constraints, certificate policies, an unknown revocation status, a
    /// limit, the policy's path length.
    CertificateUnknown = 46,
    /// No path to a trust anchor, an issuer that is not a CA, or a path that is longer than a
    /// pathLenConstraint allows.
    UnknownCa = 48,
    /// Verified, but not an identity that the policy lets in.
    AccessDenied = 49,
    /// Verified, but the client did not prove that it has the key.
    DecryptError = 51,
    /// No certificate presented where one is required.
    CertificateRequired = 116,
}

impl From<TlsAlert> for u8 {
    fn from(alert: TlsAlert) -> Self {
        alert as Self
    }
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
