//! The form rules that a certificate can break.

use crate::x509::{Breach, EncodingRule};

/// A rule for conforming CAs that a certificate breaks, under
/// [`Profile::Rfc5280`](crate::policy::Profile::Rfc5280). The sections are those of RFC 5280.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormRule {
    /// §4.1.2.2
    #[error("serial number zero or negative (§4.1.2.2)")]
    SerialNotPositive,
    /// §4.1.2.2
    #[error("serial number of more than 20 octets (§4.1.2.2)")]
    SerialTooLong,
    /// §4.1.2.5
    #[error("GeneralizedTime for a time before 2050 (§4.1.2.5)")]
    TimeForm,
    /// §4.1.2.6, §4.2.1.6
    #[error("empty subject of a CA, or without a critical subjectAltName (§4.1.2.6)")]
    NoSubject,
    /// §4.1.2.8
    #[error("unique identifiers (§4.1.2.8)")]
    UniqueIdentifiers,
    /// §4.2.1.1
    #[error("no authorityKeyIdentifier with a keyIdentifier (§4.2.1.1)")]
    NoAuthorityKeyId,
    /// §4.2.1.2
    #[error("no subjectKeyIdentifier on a CA (§4.2.1.2)")]
    NoSubjectKeyId,
    /// §4.2.1.1, §4.2.1.2, Appendix A.2
    #[error("malformed key identifier (§4.2.1.1, §4.2.1.2)")]
    KeyId,
    /// §4.2.1.2
    #[error("self-signed, and its key identifiers differ (§4.2.1.2)")]
    KeyIdMismatch,
    /// §4.2.1.3
    #[error("keyUsage without a bit (§4.2.1.3)")]
    EmptyKeyUsage,
    /// §4.2.1.9
    #[error("pathLenConstraint without cA=TRUE and keyCertSign (§4.2.1.9)")]
    PathLenWithoutCa,
    /// §4.2.1.3
    #[error("no keyUsage on a CA (§4.2.1.3)")]
    NoKeyUsage,
    /// §4.2.1.3, §4.2.1.9
    #[error("keyCertSign without cA=TRUE (§4.2.1.9)")]
    CertSignWithoutCa,
    /// §4.2.1.10
    #[error("nameConstraints without cA=TRUE (§4.2.1.10)")]
    NameConstraintsWithoutCa,
    /// §4.2.1.9, §4.2.1.10, §4.2.1.11, §4.2.1.14: an extension that must be critical.
    #[error("{0} not critical (§4.2.1)")]
    NotCritical(&'static str),
    /// §4.2.1.1, §4.2.1.2: an extension that must not be critical.
    #[error("{0} critical (§4.2.1)")]
    Critical(&'static str),
    /// §4.2.1.6: a name of a subjectAltName that is not in the form of its kind.
    #[error("malformed {0} in subjectAltName (§4.2.1.6)")]
    AlternativeName(&'static str),
    /// §4.2.1.13
    #[error("malformed cRLDistributionPoints (§4.2.1.13)")]
    DistributionPoints,
    /// No point of cRLDistributionPoints is for all reasons (§4.2.1.13).
    #[error("cRLDistributionPoints without a point for all reasons (§4.2.1.13)")]
    NoPointForAllReasons,
    /// The cRLIssuer of a distribution point is not one directory name, or is the certificate's own
    /// issuer (§4.2.1.13, §4.2.1.15).
    #[error("a cRLIssuer that is not one directory name of another issuer (§4.2.1.13)")]
    CrlIssuer,
    /// §4.2.2.1
    #[error("malformed authorityInfoAccess (§4.2.2.1)")]
    InformationAccess,
    /// §4.2.1.10: a subtree that is not in the form of its kind.
    #[error("malformed {0} in nameConstraints (§4.2.1.10)")]
    Subtree(&'static str),
    /// §4.1.2.9: a list of extensions that is there and empty.
    #[error("an empty list of extensions (§4.1.2.9)")]
    EmptyExtensions,
    /// §4.2.1.4: qualifiers that are malformed, or those of anyPolicy of a kind that the section
    /// does not define.
    #[error("policy qualifiers that are malformed or not those of §4.2.1.4")]
    PolicyQualifiers,
    /// §4.2: an extension that is empty or not what it should be, and that nothing else reads,
    /// such as issuerAltName.
    #[error("malformed {0} (§4.2)")]
    Extension(&'static str),
    /// ITU-T X.690 and appendix A: a value that is not written as DER or its type asks.
    #[error("{field} with {rule}")]
    Encoding {
        /// The field or extension; `critical` is that of an extension.
        field: &'static str,
        /// What is wrong with it.
        rule: EncodingRule,
    },
}

impl From<Breach> for FormRule {
    fn from(breach: Breach) -> Self {
        match breach {
            Breach::EmptyExtensions => Self::EmptyExtensions,
            Breach::Extension(extension) => Self::Extension(extension),
            Breach::PolicyQualifiers => Self::PolicyQualifiers,
            Breach::NoPointForAllReasons => Self::NoPointForAllReasons,
            Breach::CrlIssuer => Self::CrlIssuer,
            // Of CRLs alone.
            Breach::FreshestFields => Self::Extension("freshestCRL"),
            Breach::AccessMethod => Self::InformationAccess,
            Breach::Encoding { field, rule } => Self::Encoding { field, rule },
        }
    }
}
