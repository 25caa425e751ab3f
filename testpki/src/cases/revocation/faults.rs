//! What a refusal with `revocation-unknown` says of the CRL that does not tell the status.

use super::REVOCATION_UNKNOWN;
use crate::cases::Case;

/// Why a CRL does not vouch for a certificate, or is not known to be authentic.
#[derive(Clone, Copy)]
pub(super) enum Fault {
    /// §6.3.3 (b), (d): neither certificate nor reasons are in its scope.
    Scope,
    /// §5.2.4: it is a delta CRL.
    Delta,
    /// §6.3.3 (d): not every reason for revocation is covered.
    SomeReasons,
    /// §5.1.2.4: thisUpdate is in the future.
    Future,
    /// §6.3.3 (g): certificates of its issuer are valid, and none of them made its signature.
    Signature,
    /// §5.1.1.2: it is signed with an algorithm that the policy does not have.
    Algorithm,
    /// §6.3.3 (f): no certificate of its issuer is valid, or there is none.
    Issuer,
    /// §6.3.3 (f): its issuer's certificate is revoked.
    IssuerRevoked,
    /// §6.3.3 (f): its issuer is an anchor, and not that of the client.
    OtherAnchor,
    /// §6.3.3 (f), §4.2.1.3: its issuer's certificate is not for CRLs.
    KeyUsage,
    /// §3.3: it may have dropped the entry of an expired certificate.
    MayBePruned,
    /// It breaks this rule for conforming issuers, to which `Profile::Rfc5280` holds it.
    NonConforming(&'static str),
}

impl Fault {
    fn message(self) -> String {
        let words = match self {
            Self::Scope => "it does not cover this certificate",
            Self::Delta => "it only continues another one",
            Self::SomeReasons => "it covers some reasons only",
            Self::Future => "it is from the future",
            Self::Signature => "no valid certificate of its issuer made its signature",
            Self::Algorithm => "it is signed with an algorithm that is not allowed",
            Self::Issuer => "no certificate of its issuer is valid below the same trust anchor",
            Self::IssuerRevoked => "its issuer's certificate is revoked",
            Self::OtherAnchor => "its issuer is another trust anchor",
            Self::KeyUsage => "its issuer's keyUsage lacks cRLSign",
            Self::MayBePruned => "it was made at ",
            Self::NonConforming(rule) => {
                return format!("it does not conform to RFC 5280: {rule}");
            }
        };
        words.to_owned()
    }
}

impl Case {
    /// Refused, because no CRL is about this certificate.
    pub(super) fn without_crl(self, certificate: &str) -> Self {
        self.refuse(REVOCATION_UNKNOWN, certificate)
            .message("no CRL about it is in the store")
    }

    /// Refused, because a CRL about this certificate does not name it, and does not vouch for it.
    pub(super) fn untold(self, fault: Fault, certificate: &str) -> Self {
        self.refuse(REVOCATION_UNKNOWN, certificate)
            .message(&format!("does not tell it: {}", fault.message()))
    }

    /// Refused, because a CRL that is not known to be authentic names this certificate.
    pub(super) fn named(self, fault: Fault, certificate: &str) -> Self {
        let naming = "lists the certificate, and is not known to be authentic";
        self.refuse(REVOCATION_UNKNOWN, certificate)
            .message(&format!("{naming}: {}", fault.message()))
    }
}
