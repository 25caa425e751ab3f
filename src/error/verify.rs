//! Why a client is refused.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};
use core::time::Duration;

use pki_types::UnixTime;

use super::{Code, TlsAlert};
use crate::x509::{DisplayName, NotACa, ParseError, Rfc3339, Time};

/// A client was refused: the reason with its values, and the certificate it is about.
///
/// `Display` is a sentence for a person, such as
/// `client certificate CN=device 7 expired 3 days ago (notAfter 2026-01-02T03:04:05Z)`. Programs use
/// [`reason`](Self::reason), or the coarser, stable [`code`](Self::code).
///
/// Rules that cost little are checked before signatures, so an error may speak of a certificate that nobody
/// trusted ever signed. It says why the chain is refused, and nothing about who sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError(Box<Refusal>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    reason: Reason,
    certificate: Option<CertificateRef>,
}

impl VerifyError {
    pub(crate) fn new(reason: Reason, certificate: Option<CertificateRef>) -> Self {
        Self(Box::new(Refusal {
            reason,
            certificate,
        }))
    }

    /// The reason, with its values.
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// The certificate that the reason is about; `None` where it is the chain as a whole.
    pub fn certificate(&self) -> Option<&CertificateRef> {
        self.0.certificate.as_ref()
    }

    /// The coarse, stable code, as load balancers log it.
    pub fn code(&self) -> Code {
        self.0.reason.code()
    }

    /// The alert to refuse the handshake with (RFC 8446 §6.2).
    pub fn alert(&self) -> TlsAlert {
        self.0.reason.alert()
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(certificate) = &self.0.certificate {
            write!(f, "{certificate} ")?;
        }
        self.0.reason.fmt(f)
    }
}

impl core::error::Error for VerifyError {}

/// One certificate, as an error speaks of it: where it came from, and its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRef {
    position: Position,
    /// DER; empty where the certificate does not parse.
    subject: Vec<u8>,
}

impl CertificateRef {
    pub(crate) fn new(position: Position, subject: &[u8]) -> Self {
        Self {
            position,
            subject: subject.to_vec(),
        }
    }

    /// Where the certificate came from.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The DER of its subject; empty where the certificate does not parse.
    pub fn subject_der(&self) -> &[u8] {
        &self.subject
    }

    /// Its subject as an RFC 4514 string, such as `CN=device 7,O=Example`; `None` where the certificate does not parse.
    pub fn subject(&self) -> Option<String> {
        use alloc::string::ToString;
        (!self.subject.is_empty()).then(|| DisplayName(&self.subject).to_string())
    }
}

impl fmt::Display for CertificateRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Position::Client => f.write_str("client certificate")?,
            Position::Presented(index) => write!(f, "presented certificate {index}")?,
            Position::Intermediate => f.write_str("intermediate certificate of the store")?,
            Position::Anchor => f.write_str("trust anchor")?,
        }
        if self.subject.is_empty() {
            return Ok(());
        }
        write!(f, " {}", ShortName(&self.subject))
    }
}

/// Continues a sentence with a certificate that was passed over.
struct Skipped<'a>(&'a Option<(usize, ParseError)>);

impl fmt::Display for Skipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((index, error)) => write!(
                f,
                " (presented certificate {index} was passed over as malformed: {error})"
            ),
            None => Ok(()),
        }
    }
}

/// A name cut to a length that a line of a log can bear.
struct ShortName<'a>(&'a [u8]);

impl fmt::Display for ShortName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const CHARACTERS: usize = 200;
        let mut shortened = Shortened {
            out: f,
            left: CHARACTERS,
        };
        // An error of `Shortened` is its way to stop; one of `f` comes back with the next write.
        match write!(shortened, "{}", DisplayName(self.0)) {
            Err(_) if shortened.left == 0 => f.write_str("…"),
            result => result,
        }
    }
}

struct Shortened<'a, 'f> {
    out: &'a mut fmt::Formatter<'f>,
    left: usize,
}

impl Write for Shortened<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.out.write_char(character)?;
        }
        Ok(())
    }
}

/// Where a certificate came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Position {
    /// The first presented certificate: the client's own.
    Client,
    /// Another presented certificate, by its index in the chain given.
    Presented(usize),
    /// An intermediate of the store.
    Intermediate,
    /// A trust anchor of the store.
    Anchor,
}

/// Why a chain is refused. Sizes are bytes, times seconds.
///
/// The sentences continue one that begins with the certificate, where there is one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// No certificate was presented.
    #[error("the client presented no certificate")]
    EmptyChain,
    /// More certificates presented than [`Limits::presented`](crate::Limits::presented).
    #[error("the client presented {presented} certificates; the limit is {limit}")]
    TooManyPresented {
        /// How many were presented.
        presented: usize,
        /// How many may be.
        limit: usize,
    },
    /// A presented certificate larger than [`Limits::certificate_bytes`](crate::Limits::certificate_bytes).
    #[error("has {bytes} bytes; the limit is {limit}")]
    CertificateTooLarge {
        /// Its size.
        bytes: usize,
        /// The largest size allowed.
        limit: usize,
    },
    /// Every path to a trust anchor has more intermediates than [`Limits::intermediates`](crate::Limits::intermediates).
    #[error("needs more than {limit} intermediates to reach a trust anchor, which is the limit")]
    PathTooLong {
        /// How many intermediates a path may have.
        limit: usize,
    },
    /// [`Limits::signatures`](crate::Limits::signatures) was reached before a path was found.
    #[error("no path found within {limit} signature verifications, which is the limit")]
    SignatureLimit {
        /// How many signatures may be verified.
        limit: u32,
    },
    /// [`Limits::steps`](crate::Limits::steps) was reached before a path was found.
    #[error("no path found within {limit} steps of the search, which is the limit")]
    StepLimit {
        /// How many steps the search may take.
        limit: u32,
    },
    /// Not a certificate as RFC 5280 §4.1 describes it.
    #[error("is malformed: {0}")]
    Malformed(ParseError),
    /// Neither the presented certificates nor the store hold an issuer for it.
    #[error(
        "has no issuer in the trust store: it was issued by {}{}",
        ShortName(issuer),
        Skipped(malformed)
    )]
    UnknownIssuer {
        /// The DER of the issuer's name.
        issuer: Vec<u8>,
        /// The first presented certificate that was passed over because it does not parse, by its index in the chain given. It may be
        /// the one that is missing.
        malformed: Option<(usize, ParseError)>,
    },
    /// It is self-issued, and neither a trust anchor nor pinned.
    #[error("is self-issued and not a trust anchor")]
    UntrustedRoot,

    /// The signature was not made with the key of the issuer (RFC 5280 §6.1.3 (a)(1)).
    #[error("has a signature that its issuer's key did not make")]
    BadSignature,
    /// It is signed with an algorithm that the policy does not have, or not with that kind of key.
    #[error("is signed with an algorithm that is not allowed, or not with such a key: {algorithm}")]
    UnsupportedSignatureAlgorithm {
        /// The OBJECT IDENTIFIER of the signature algorithm.
        algorithm: String,
    },
    /// Its own key is of a kind that is not allowed.
    #[error("has a key of a kind that is not allowed: {algorithm}")]
    UnsupportedKey {
        /// The OBJECT IDENTIFIER of the key's algorithm, and that of its curve.
        algorithm: String,
    },
    /// Its own RSA key has a size that is not allowed.
    #[error("has an RSA key of {bits} bits; {minimum} to {maximum} are allowed")]
    KeySize {
        /// The size of the modulus in bits.
        bits: u32,
        /// The smallest size allowed.
        minimum: u32,
        /// The largest size allowed.
        maximum: u32,
    },
    /// Its notBefore is in the future, beyond the clock skew (RFC 5280 §6.1.3 (a)(2)).
    #[error("is not valid yet: it will be in {} (notBefore {})",
        human(not_before, now), Rfc3339::from(*not_before))]
    NotYetValid {
        /// The beginning of its validity.
        not_before: UnixTime,
        /// The time of the verification.
        now: UnixTime,
    },
    /// Its notAfter has passed, beyond what the expiry policy allows (RFC 5280 §6.1.3 (a)(2)).
    #[error("expired {} ago (notAfter {})", human(now, not_after), Rfc3339::from(*not_after))]
    Expired {
        /// The last second of its validity.
        not_after: UnixTime,
        /// The time of the verification.
        now: UnixTime,
    },
    /// It issued another certificate of the path but is not a CA (RFC 5280 §6.1.4 (k)).
    #[error("issued a certificate but is not a CA: {0}")]
    NotACa(NotACa),
    /// More intermediates follow it than its pathLenConstraint allows (RFC 5280 §6.1.4 (l)(m)).
    #[error("allows {allowed} intermediates below it, and {found} follow")]
    PathLength {
        /// The pathLenConstraint.
        allowed: u32,
        /// How many intermediates that are not self-issued follow.
        found: u32,
    },
    /// Its keyUsage lacks a bit that it needs (RFC 5280 §4.2.1.3).
    #[error("has a keyUsage without {needed}")]
    KeyUsage {
        /// The name of the bit: `digitalSignature` for a client, `keyCertSign` for a CA.
        needed: &'static str,
    },
    /// Its extended key usage lacks the purpose asked for (RFC 5280 §4.2.1.12).
    #[error("has an extended key usage without the purpose {needed}")]
    Purpose {
        /// The purpose that the policy asks for.
        needed: String,
    },
    /// The client certificate has no extended key usage, and the policy asks for one.
    #[error("has no extended key usage; the policy asks for the purpose {needed}")]
    NoPurpose {
        /// The purpose that the policy asks for.
        needed: String,
    },
    /// It has an extension that is critical or restricts it, and is not processed (RFC 5280 §4.2).
    #[error("has an extension that is not processed and must not be ignored: {oid}")]
    UnhandledExtension {
        /// The OBJECT IDENTIFIER of the extension.
        oid: String,
    },
    /// A CA certificate presented as the client's own.
    #[error(
        "is a CA certificate, which a client should not have (ClientPolicy::client_ca can allow it)"
    )]
    CaAsClient,
}

impl Reason {
    /// See [`VerifyError::code`].
    pub fn code(&self) -> Code {
        match self {
            Self::TooManyPresented { .. } | Self::PathTooLong { .. } => {
                Code::ClientCertMaxChainDepthExceeded
            }
            Self::CertificateTooLarge { .. } => Code::ClientCertMaxSizeExceeded,
            Self::SignatureLimit { .. } | Self::StepLimit { .. } => Code::UnmappedConnectionError,
            Self::EmptyChain | Self::Malformed(_) | Self::UnhandledExtension { .. } => {
                Code::ClientCertInvalid
            }
            Self::UnknownIssuer { .. }
            | Self::UntrustedRoot
            | Self::BadSignature
            | Self::NotACa(_)
            | Self::PathLength { .. } => Code::ClientCertUntrusted,
            Self::UnsupportedSignatureAlgorithm { .. }
            | Self::UnsupportedKey { .. }
            | Self::KeySize { .. } => Code::ClientCertTypeUnsupported,
            Self::NotYetValid { .. } => Code::ClientCertNotYetValid,
            Self::Expired { .. } => Code::ClientCertExpired,
            Self::KeyUsage { .. }
            | Self::Purpose { .. }
            | Self::NoPurpose { .. }
            | Self::CaAsClient => Code::ClientCertPurposeInvalid,
        }
    }

    /// See [`VerifyError::alert`].
    pub fn alert(&self) -> TlsAlert {
        match self {
            Self::EmptyChain => TlsAlert::CertificateRequired,
            Self::Malformed(_) | Self::BadSignature => TlsAlert::BadCertificate,
            Self::UnknownIssuer { .. }
            | Self::UntrustedRoot
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
            Self::TooManyPresented { .. }
            | Self::CertificateTooLarge { .. }
            | Self::PathTooLong { .. }
            | Self::SignatureLimit { .. }
            | Self::StepLimit { .. } => TlsAlert::CertificateUnknown,
        }
    }
}

/// The time from the second instant to the first, in the largest unit that gives at least two, or else in seconds.
fn human(later: &UnixTime, earlier: &UnixTime) -> HumanDuration {
    HumanDuration(Time::from(*later).since(Time::from(*earlier)))
}

struct HumanDuration(Duration);

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (count, unit) = match seconds {
            172_800.. => (seconds / 86_400, "day"),
            7_200.. => (seconds / 3_600, "hour"),
            120.. => (seconds / 60, "minute"),
            _ => (seconds, "second"),
        };
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "{count} {unit}{plural}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[test]
    fn a_refusal_is_a_sentence() {
        let subject = b"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x";
        let error = VerifyError::new(
            Reason::Expired {
                not_after: at(1_767_323_045),
                now: at(1_767_323_045 + 3 * 86_400),
            },
            Some(CertificateRef::new(Position::Client, subject)),
        );
        assert_eq!(
            error.to_string(),
            "client certificate CN=x expired 3 days ago (notAfter 2026-01-02T03:04:05Z)"
        );
        assert_eq!(error.code().to_string(), "ClientCertExpired");
        assert_eq!(error.alert() as u8, 45);
    }

    #[test]
    fn durations_are_in_units_a_person_counts_in() {
        let shown = |seconds| HumanDuration(Duration::from_secs(seconds)).to_string();
        assert_eq!(shown(1), "1 second");
        assert_eq!(shown(119), "119 seconds");
        assert_eq!(shown(120), "2 minutes");
        assert_eq!(shown(7_199), "119 minutes");
        assert_eq!(shown(172_799), "47 hours");
        assert_eq!(shown(172_800), "2 days");
    }

    #[test]
    fn a_huge_subject_is_cut() {
        // An OCTET STRING is no name, so it is shown as hexadecimal: 2 characters a byte.
        let reference = CertificateRef::new(Position::Presented(2), &vec![4; 5_000]);
        let shown = reference.to_string();
        assert!(shown.starts_with("presented certificate 2 #0404"));
        assert!(shown.ends_with("04…") || shown.ends_with("0…"), "{shown}");
        assert!(shown.chars().count() < 240);
    }
}
