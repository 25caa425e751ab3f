//! Why a client is refused.

mod parts;

use alloc::string::String;
use alloc::vec::Vec;

use pki_types::UnixTime;

pub use parts::{MalformedCertificate, NameViolation};

use parts::{NoSuch, NotLetIn, Of, Skipped, Untold};

use super::duration::human;
use super::{Code, FormRule, PassedOver, TlsAlert, TrustDomainProblem, Work};
use crate::revocation::DeniedBy;
use crate::x509::{
    CalendarTime, NotACa, ParseError, RevocationReason, Rfc3339, ShortName, ShortText,
};

/// Why a chain is refused. Sizes are bytes, those of keys bits; times seconds.
///
/// `Display` is a sentence. It begins with "the certificate", which a
/// [`VerifyError`](crate::VerifyError) then names, or with "the client" where it is about the chain
/// as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// No certificate was presented.
    #[error("the client presented no certificate")]
    EmptyChain,
    /// More certificates presented than [`Limits::presented`](crate::policy::Limits::presented).
    #[error(
        "the client presented {presented} certificates; the limit is {limit} (Limits::presented)"
    )]
    TooManyPresented {
        /// How many were presented.
        presented: usize,
        /// How many may be.
        limit: usize,
    },
    /// A presented certificate larger than
    /// [`Limits::certificate_bytes`](crate::policy::Limits::certificate_bytes).
    #[error("the certificate has {bytes} bytes; the limit is {limit}")]
    CertificateTooLarge {
        /// Its size.
        bytes: usize,
        /// The largest size allowed.
        limit: usize,
    },
    /// Only paths with more intermediates than
    /// [`Limits::intermediates`](crate::policy::Limits::intermediates) may lead to a trust anchor.
    /// There is no shorter one, or only over issuers that did not sign.
    #[error(
        "the client needs more than {limit} intermediates to reach a trust anchor, which is the \
         limit"
    )]
    PathTooLong {
        /// How many intermediates a path may have.
        limit: usize,
    },
    /// [`Limits::signatures`](crate::policy::Limits::signatures) was reached before a path was
    /// found.
    #[error(
        "the certificate is one signature too many: {limit} are verified, the limit \
         (Limits::signatures)"
    )]
    SignatureLimit {
        /// How many signatures may be verified.
        limit: u32,
    },
    /// [`Limits::work`](crate::policy::Limits::work) was reached before a path was found.
    #[error(
        "the certificate takes too much work: more than the {limit} units that Limits::work \
         leaves for {doing}"
    )]
    WorkLimit {
        /// How many units there were for such work: a tenth of
        /// [`Limits::work`](crate::policy::Limits::work) for what anybody can ask for (and the
        /// price of a raised limit on signatures), and the rest for what certificates ask for whose
        /// signatures hold.
        limit: u32,
        /// What the next unit was for.
        doing: Work,
    },
    /// Not a certificate as RFC 5280 §4.1 and §4.2 describe it.
    #[error("the certificate is malformed: {0}")]
    Malformed(ParseError),
    /// Neither the presented certificates nor the store hold an issuer for it.
    #[error(
        "the certificate has no issuer in the trust store: it was issued by {}{}",
        ShortName(issuer),
        Skipped(malformed)
    )]
    UnknownIssuer {
        /// The DER of the issuer's name.
        issuer: Vec<u8>,
        /// The first presented certificate that was skipped because it does not parse. It may be
        /// the missing issuer.
        malformed: Option<MalformedCertificate>,
    },
    /// Its issuer is known, but no way leads from there to a trust anchor, or none that does not go
    /// in a circle.
    #[error(
        "the certificate was issued by {}, from which no way leads to a trust anchor",
        ShortName(issuer)
    )]
    NoWayToAnchor {
        /// The DER of the issuer's name.
        issuer: Vec<u8>,
    },
    /// It is self-issued, and neither a trust anchor nor pinned as the client.
    #[error("the certificate is self-issued and not a trust anchor")]
    UntrustedRoot,

    /// The signature was not made with the key of the issuer (RFC 5280 §6.1.3 (a)(1)).
    #[error("the certificate has a signature that its issuer's key did not make")]
    BadSignature,
    /// It is signed with an algorithm that the policy does not have, or not with that kind of key.
    #[error(
        "the certificate is signed with an algorithm that is not allowed, or not with such a key: \
         {algorithm}"
    )]
    UnsupportedSignatureAlgorithm {
        /// The OBJECT IDENTIFIER of the signature algorithm.
        algorithm: String,
    },
    /// Its own key is of a kind that is not allowed.
    #[error("the certificate has a key of a kind that is not allowed: {algorithm}")]
    UnsupportedKey {
        /// The OBJECT IDENTIFIER of the key's algorithm, and that of its curve.
        algorithm: String,
    },
    /// Its own RSA key has a size that is not allowed.
    #[error("the certificate has an RSA key of {bits} bits; {minimum} to {maximum} are allowed")]
    KeySize {
        /// The size of the modulus in bits.
        bits: u32,
        /// The smallest size allowed.
        minimum: u32,
        /// The largest size allowed.
        maximum: u32,
    },
    /// Its notBefore is in the future, beyond the clock skew (RFC 5280 §6.1.3 (a)(2)).
    #[error(
        "the certificate is not valid yet: it will be in {} (notBefore {})",
        human(*not_before, *now), not_before
    )]
    NotYetValid {
        /// The beginning of its validity.
        not_before: CalendarTime,
        /// The time of the verification.
        now: UnixTime,
    },
    /// Its notAfter has passed, beyond what the expiry policy allows (RFC 5280 §6.1.3 (a)(2)).
    #[error("the certificate expired {} ago (notAfter {})", human(*now, *not_after), not_after)]
    Expired {
        /// The last second of its validity; it can be before 1970.
        not_after: CalendarTime,
        /// The time of the verification.
        now: UnixTime,
    },
    /// It issued another certificate of the path but is not a CA (RFC 5280 §6.1.4 (k)).
    #[error("the certificate issued a certificate but is not a CA: {0}")]
    NotACa(NotACa),
    /// More intermediates follow it than its pathLenConstraint allows (RFC 5280 §6.1.4 (l)(m)).
    #[error("the certificate allows {allowed} intermediates below it, and {found} follow")]
    PathLength {
        /// The pathLenConstraint.
        allowed: u32,
        /// How many intermediates that are not self-issued follow.
        found: u32,
    },
    /// Its path has more intermediates than
    /// [`ClientPolicy::path_length`](crate::ClientPolicy::path_length) allows (RFC 5280 §6.1.2
    /// (k)).
    #[error(
        "the certificate has a path with {found} intermediates that are not self-issued; the \
         policy allows {allowed} (ClientPolicy::path_length)"
    )]
    MaxPathLength {
        /// How many intermediates that are not self-issued the policy allows.
        allowed: u32,
        /// How many there are.
        found: u32,
    },
    /// Its keyUsage lacks a bit that it needs (RFC 5280 §4.2.1.3).
    #[error("the certificate has a keyUsage without {needed}")]
    KeyUsage {
        /// The name of the bit: `digitalSignature` for a client, `keyCertSign` for a CA, `cRLSign`
        /// for an issuer of CRLs.
        needed: &'static str,
    },
    /// Its extended key usage lacks the purpose asked for (RFC 5280 §4.2.1.12), or the last one of
    /// several that all CAs above it allow.
    #[error(
        "the certificate has an extended key usage without the purpose {left}{}",
        Of(needed, left)
    )]
    Purpose {
        /// The purpose that the policy asks for; of several, all, as `clientAuth or serverAuth`.
        needed: String,
        /// Those of them that the CAs above the certificate allow, and it does not.
        left: String,
    },
    /// The client certificate has no extended key usage, and the policy asks for one.
    #[error("the certificate has no extended key usage; the policy asks for the purpose {needed}")]
    NoPurpose {
        /// The purpose that the policy asks for; of several, all.
        needed: String,
    },
    /// It has a critical extension that is not processed (RFC 5280 §4.2).
    #[error(
        "the certificate has an extension that is not processed and must not be ignored: {oid}"
    )]
    UnhandledExtension {
        /// The OBJECT IDENTIFIER of the extension.
        oid: String,
    },
    /// One of its names breaks the name constraints of a CA above it (RFC 5280 §6.1.3 (b)(c)).
    #[error(
        "the certificate has the name {name}, {violation} by the name constraints of {}",
        ShortName(constrained_by)
    )]
    NameConstraint {
        /// The kind of name and the name, such as `DNS:example.org`.
        name: String,
        /// The DER of the subject of the CA whose constraints they are.
        constrained_by: Vec<u8>,
        /// What is wrong with the name.
        violation: NameViolation,
    },
    /// A name on its path is none that the anchors of the scope may vouch for
    /// ([`Scope::permit`](crate::store::Scope::permit)). The path holds otherwise.
    #[error(
        "the certificate has the name {name}, {violation} in the scope {}, where its path ends",
        ShortText(scope)
    )]
    OutOfScope {
        /// The name of the scope.
        scope: String,
        /// The kind of name and the name, such as `DNS:example.org`.
        name: String,
        /// What is wrong with the name.
        violation: NameViolation,
    },
    /// The trust domains of the store do not let it in: it is no X.509-SVID of the trust domain
    /// where its path ends, or of one where it does not end. The path holds otherwise.
    #[error("the certificate {0}")]
    TrustDomain(TrustDomainProblem),
    /// It was to be verified in a scope that the store does not have.
    #[error("the client is to be verified {}", NoSuch(scope))]
    NoSuchScope {
        /// The name of the scope; empty if no scope was given, which no client belongs to.
        scope: String,
    },
    /// A certificate policy is required, and with this certificate none is left that the path is
    /// valid for (RFC 5280 §6.1.3 (f), §6.1.5).
    #[error(
        "the certificate leaves the path without a valid certificate policy, and one is required"
    )]
    NoValidPolicy,
    /// The path is valid for certificate policies, but for none that the policy accepts (RFC 5280
    /// §6.1.5 (g)).
    #[error(
        "the certificate is valid for the certificate policies {}, of which none is acceptable",
        valid.join(", ")
    )]
    PolicyNotAcceptable {
        /// Their OBJECT IDENTIFIERs, at most eight of them.
        valid: Vec<String>,
    },
    /// It lists a certificate policy twice (RFC 5280 §4.2.1.4).
    #[error("the certificate lists the certificate policy {policy} twice")]
    RepeatedPolicy {
        /// Its OBJECT IDENTIFIER.
        policy: String,
    },
    /// One of its policy mappings is from or to anyPolicy (RFC 5280 §6.1.4 (a)).
    #[error("the certificate maps anyPolicy to or from another certificate policy")]
    MapsAnyPolicy,
    /// It is on the store's [`DenyList`](crate::DenyList), or OpenSSL's trust settings reject it.
    #[error("the certificate is denied, by {by}")]
    Denied {
        /// What denies it.
        by: DeniedBy,
    },
    /// A CRL names it (RFC 5280 §6.1.3 (a)(3)) that its issuer's key made, or another signer that
    /// has a path to a trust anchor of the store. It is so on every path, however old the CRL,
    /// unless a newer one by the same key takes its place.
    #[error("the certificate was revoked on {} ({reason})", Rfc3339::day(*on))]
    Revoked {
        /// Why, by the CRL.
        reason: RevocationReason,
        /// The first second of the day on which it was revoked (UTC). Days before 1990 are shown as
        /// the first of 1990, those after mid-September 2079 as that.
        on: UnixTime,
    },
    /// Its revocation status is not known (RFC 5280 §6.3.3). Either no CRL names it and none
    /// vouches for it, and the [`RevocationPolicy`](crate::policy::RevocationPolicy) denies that;
    /// or a CRL names it that is not known to be authentic, which no policy that checks it allows:
    /// [`PassedOver::names_certificate`].
    #[error(
        "the certificate has no known revocation status: {}",
        Untold(passed_over)
    )]
    RevocationUnknown {
        /// The CRL that comes nearest to telling it, or that names it.
        passed_over: Option<PassedOver>,
    },
    /// The CRL that would vouch for it is too old for the
    /// [`RevocationPolicy`](crate::policy::RevocationPolicy) (RFC 5280 §6.3.3 (a)).
    /// `UnknownStatus::Allow` does not help.
    ///
    /// If it was made by the key that signed the certificate, that may be although another key of
    /// the CA has a fresh CRL. A CRL that an old key left over is to be renewed or removed.
    #[error(
        "the certificate has no current revocation status: the CRL of {} (thisUpdate {}) was to \
         be renewed {} ago ({}); renew it, or remove it if it is left over",
        ShortName(issuer), Rfc3339::from(*this_update), human(*now, *fresh_until), fresh_until
    )]
    StaleCrl {
        /// The DER of the name of the CRL's issuer.
        issuer: Vec<u8>,
        /// When the CRL was made.
        this_update: UnixTime,
        /// The last second at which the CRL was fresh: its nextUpdate and the clock skew, or
        /// thisUpdate and the clock skew where it has no nextUpdate; that of a delta CRL which
        /// continues it, if later. It can be before 1970.
        fresh_until: CalendarTime,
        /// The time of the verification.
        now: UnixTime,
    },
    /// Nobody can tell whose CRL counts. Either a CRL names it whose signer is valid only if this
    /// certificate is; or a CRL names it, or is needed to vouch for it, whose signer and another
    /// one revoke each other. No policy that checks it allows that.
    #[error(
        "the certificate has no known revocation status: signers of CRLs revoke each other, and \
         nobody can tell whose CRL counts"
    )]
    CircularCrls,
    /// It breaks a rule for conforming CAs, and the policy's profile holds it to them.
    #[error("the certificate does not conform to RFC 5280: {0}")]
    NonConforming(FormRule),
    /// It is verified, and none of the identities that the policy lets in.
    #[error("the certificate is verified, but {}", NotLetIn(rule, found))]
    IdentityNotAccepted {
        /// Where in [`AcceptedIdentities`](crate::policy::AcceptedIdentities) the first rule is
        /// that does not hold, by the names of the policy as data: `all[1].dns`, or `nobody`.
        rule: String,
        /// The first values that the certificate has in the fields of that rule, at most three of
        /// them, shortened, with the names of the fields: `dns a.example`.
        found: Vec<String>,
    },
    /// A CA certificate presented as the client's own.
    #[error(
        "the certificate is a CA certificate, which a client should not have \
         (ClientPolicy::client_ca can allow it)"
    )]
    CaAsClient,
    /// The client did not prove that it has the key of its certificate (RFC 8446 §4.4.3, RFC 5246
    /// §7.4.8): its signature in the handshake does not verify. The certificate itself is
    /// verified. Only `RustlsVerifier` (feature `rustls`) reports it.
    #[error("the certificate was presented by a client that did not prove that it has the key")]
    HandshakeSignature,
}

impl Reason {
    /// See [`VerifyError::code`](crate::VerifyError::code).
    pub fn code(&self) -> Code {
        match self {
            Self::TooManyPresented { .. }
            | Self::PathTooLong { .. }
            | Self::MaxPathLength { .. } => Code::ClientCertMaxChainDepthExceeded,
            Self::CertificateTooLarge { .. } => Code::ClientCertMaxSizeExceeded,
            Self::SignatureLimit { .. } | Self::WorkLimit { .. } => Code::UnmappedConnectionError,
            Self::Revoked { .. } | Self::Denied { .. } => Code::ClientCertCrlHit,
            Self::RevocationUnknown { .. } | Self::StaleCrl { .. } | Self::CircularCrls => {
                Code::ClientCertCrlProcessingError
            }

            Self::EmptyChain
            | Self::Malformed(_)
            | Self::NonConforming(_)
            | Self::RepeatedPolicy { .. }
            | Self::UnhandledExtension { .. } => Code::ClientCertInvalid,

            Self::UnknownIssuer { .. }
            | Self::UntrustedRoot
            | Self::NoWayToAnchor { .. }
            | Self::BadSignature
            | Self::NotACa(_)
            | Self::PathLength { .. }
            | Self::NoValidPolicy
            | Self::PolicyNotAcceptable { .. }
            | Self::MapsAnyPolicy
            | Self::NameConstraint { .. }
            | Self::OutOfScope { .. }
            | Self::TrustDomain(_)
            | Self::NoSuchScope { .. }
            | Self::HandshakeSignature => Code::ClientCertUntrusted,
            Self::UnsupportedSignatureAlgorithm { .. }
            | Self::UnsupportedKey { .. }
            | Self::KeySize { .. } => Code::ClientCertTypeUnsupported,
            Self::NotYetValid { .. } => Code::ClientCertNotYetValid,
            Self::Expired { .. } => Code::ClientCertExpired,
            Self::KeyUsage { .. }
            | Self::Purpose { .. }
            | Self::NoPurpose { .. }
            | Self::CaAsClient => Code::ClientCertPurposeInvalid,
            Self::IdentityNotAccepted { .. } => Code::ClientCertRejected,
        }
    }

    /// Whether no path was found that could be judged.
    pub(crate) fn is_without_path(&self) -> bool {
        matches!(
            self,
            Self::UnknownIssuer { .. }
                | Self::NoWayToAnchor { .. }
                | Self::UntrustedRoot
                | Self::PathTooLong { .. }
                | Self::CaAsClient
        )
    }

    /// Whether a CRL or the deny list has the certificate.
    pub(crate) fn is_revoked(&self) -> bool {
        matches!(self, Self::Revoked { .. } | Self::Denied { .. })
    }

    /// Whether it is about the revocation status.
    pub(crate) fn is_of_status(&self) -> bool {
        self.is_revoked()
            || matches!(
                self,
                Self::RevocationUnknown { .. } | Self::StaleCrl { .. } | Self::CircularCrls
            )
    }

    /// Whether this ends the verification, rather than one path.
    pub(crate) fn ends_verification(&self) -> bool {
        matches!(self, Self::SignatureLimit { .. } | Self::WorkLimit { .. })
    }

    /// See [`VerifyError::alert`](crate::VerifyError::alert).
    pub fn alert(&self) -> TlsAlert {
        match self {
            Self::EmptyChain => TlsAlert::CertificateRequired,
            Self::Malformed(_)
            | Self::NonConforming(_)
            | Self::RepeatedPolicy { .. }
            | Self::BadSignature => TlsAlert::BadCertificate,

            Self::UnknownIssuer { .. }
            | Self::UntrustedRoot
            | Self::NoWayToAnchor { .. }
            | Self::NotACa(_)
            | Self::PathLength { .. } => TlsAlert::UnknownCa,

            Self::UnsupportedSignatureAlgorithm { .. }
            | Self::UnsupportedKey { .. }
            | Self::KeySize { .. }
            | Self::KeyUsage { .. }
            | Self::Purpose { .. }
            | Self::NoPurpose { .. }
            | Self::CaAsClient
            | Self::UnhandledExtension { .. } => TlsAlert::UnsupportedCertificate,
            Self::NotYetValid { .. } | Self::Expired { .. } => TlsAlert::CertificateExpired,
            Self::Revoked { .. } | Self::Denied { .. } => TlsAlert::CertificateRevoked,
            Self::IdentityNotAccepted { .. } => TlsAlert::AccessDenied,
            Self::HandshakeSignature => TlsAlert::DecryptError,
            Self::TooManyPresented { .. }
            | Self::CertificateTooLarge { .. }
            | Self::PathTooLong { .. }
            | Self::MaxPathLength { .. }
            | Self::NameConstraint { .. }
            | Self::OutOfScope { .. }
            | Self::TrustDomain(_)
            | Self::NoSuchScope { .. }
            | Self::NoValidPolicy
            | Self::PolicyNotAcceptable { .. }
            | Self::MapsAnyPolicy
            | Self::SignatureLimit { .. }
            | Self::WorkLimit { .. }
            | Self::RevocationUnknown { .. }
            | Self::StaleCrl { .. }
            | Self::CircularCrls => TlsAlert::CertificateUnknown,
        }
    }
}

#[cfg(test)]
mod tests;
