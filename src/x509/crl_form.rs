//! The form rules for CRLs (RFC 5280 §5).

use super::strict_form::{Breach, EncodingRule};

/// A form rule for conforming CRL issuers that a CRL breaks, under
/// [`Profile::Rfc5280`](crate::policy::Profile::Rfc5280). The sections are those of RFC 5280.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlFormRule {
    /// The CRL is not of version 2 (§5.1.2.1).
    #[error("not of version 2 (§5.1.2.1)")]
    Version,
    /// A time before 2050 is GeneralizedTime (§5.1.2.4, §5.1.2.5, §5.1.2.6).
    #[error("GeneralizedTime for a time before 2050 (§5.1.2.4)")]
    TimeForm,
    /// The CRL does not say when the next one is due (§5.1.2.5).
    #[error("no nextUpdate (§5.1.2.5)")]
    NoNextUpdate,
    /// revokedCertificates is there and has no entry (§5.1.2.6).
    #[error("revokedCertificates there and empty (§5.1.2.6)")]
    EmptyEntries,
    /// The CRL does not say by which key it is signed (§5.2.1).
    #[error("no authorityKeyIdentifier with a keyIdentifier (§5.2.1)")]
    NoAuthorityKeyId,
    /// The CRL has no number (§5.2.3).
    #[error("no CRL number (§5.2.3)")]
    NoNumber,
    /// The CRL's number, or that of the one it continues, is negative or too long (§5.2.3,
    /// §5.2.4).
    #[error("a CRL number that is negative or has more than 20 octets (§5.2.3)")]
    Number,
    /// An extension that must be critical is not (§5.2.4, §5.2.5, §5.3.3).
    #[error("{0} not critical (§5.2, §5.3)")]
    NotCritical(&'static str),
    /// An extension that must not be critical is (§5.2.1, §5.2.3, §5.2.6, §5.3.1, §5.3.2).
    #[error("{0} critical (§5.2, §5.3)")]
    Critical(&'static str),
    /// The issuingDistributionPoint leaves more than one kind of certificates out (§5.2.5).
    #[error("an issuingDistributionPoint with more than one of its only-flags (§5.2.5)")]
    OnlyFlags,
    /// The issuingDistributionPoint says nothing (§5.2.5).
    #[error("an empty issuingDistributionPoint (§5.2.5)")]
    EmptyIssuingPoint,
    /// An entry has a list of extensions without any (§5.3).
    #[error("an entry with an empty list of extensions (§5.3)")]
    EmptyEntryExtensions,
    /// The reason of an entry is a number without a meaning (§5.3.1).
    #[error("a reason code without a meaning (§5.3.1)")]
    ReasonCode,
    /// An entry of a complete CRL has the reason removeFromCRL (§5.3.1).
    #[error("the reason removeFromCRL outside of a delta CRL (§5.3.1)")]
    RemoveFromCrl,
    /// The invalidityDate of an entry is not GeneralizedTime (§5.3.2).
    #[error("an invalidityDate that is not GeneralizedTime (§5.3.2)")]
    InvalidityDate,
    /// A delta CRL says where delta CRLs are (§5.2.6).
    #[error("freshestCRL in a delta CRL (§5.2.6)")]
    FreshestInDelta,
    /// A freshestCRL has a point with reasons or a cRLIssuer (§5.2.6).
    #[error("freshestCRL with reasons or a cRLIssuer (§5.2.6)")]
    FreshestFields,
    /// An authorityInfoAccess has another method than caIssuers (§5.2.7).
    #[error("authorityInfoAccess with another method than caIssuers (§5.2.7)")]
    AccessMethod,
    /// An extension is empty, or not what it should be (§5.2.1, §5.2.2, §5.2.6, §5.2.7;
    /// expiredCertsOnCRL of X.509).
    #[error("malformed {0} (§5.2)")]
    Extension(&'static str),
    /// A value is not written as DER or its type asks (ITU-T X.690, appendix A).
    #[error("{field} with {rule}")]
    Encoding {
        /// The field or extension.
        field: &'static str,
        /// What is wrong with it.
        rule: EncodingRule,
    },
}

impl CrlFormRule {
    pub(super) const CRITICAL_WRITTEN: Self = Self::Encoding {
        field: "critical",
        rule: EncodingRule::DefaultWritten,
    };
}

impl From<Breach> for CrlFormRule {
    fn from(breach: Breach) -> Self {
        match breach {
            Breach::Encoding { field, rule } => Self::Encoding { field, rule },
            Breach::Extension(field) => Self::Extension(field),
            // Of certificates alone.
            Breach::EmptyExtensions => Self::Extension("extensions"),
            Breach::PolicyQualifiers => Self::Extension("certificatePolicies"),
            Breach::NoPointForAllReasons | Breach::CrlIssuer => {
                Self::Extension("cRLDistributionPoints")
            }
            Breach::FreshestFields => Self::FreshestFields,
            Breach::AccessMethod => Self::AccessMethod,
        }
    }
}
