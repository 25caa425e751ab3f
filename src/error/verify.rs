//! A refusal.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::sync::Arc;
use core::fmt;

use super::{CertificateRef, Code, Reason, TlsAlert};
use crate::x509::ShortText;

/// A client was refused: the reason with its values, and the certificate it is about.
///
/// `Display` is a sentence for a person, such as `client certificate CN=device 7 expired 3 days ago
/// (notAfter 2026-01-02T03:04:05Z)`. Programs use [`reason`](Self::reason), or the coarser, stable
/// [`code`](Self::code).
///
/// Rules that cost little are checked before signatures, so an error may speak of a certificate
/// that nobody trusted ever signed. It says why the chain is refused, and nothing about who sent
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError(Box<Refusal>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    reason: Reason,
    certificate: Option<CertificateRef>,
    scope: Option<Arc<str>>,
}

/// How the sentence of a [`Reason`] begins that is about one certificate.
pub(super) const SUBJECT: &str = "the certificate ";

impl VerifyError {
    pub(crate) fn new(reason: Reason, certificate: Option<CertificateRef>) -> Self {
        Self(Box::new(Refusal {
            reason,
            certificate,
            scope: None,
        }))
    }

    /// The same of a path to the anchors of a scope.
    pub(crate) fn in_scope(mut self, scope: Arc<str>) -> Self {
        self.0.scope = Some(scope);
        self
    }

    /// The reason, with its values; its [`name`](Reason::name) is stable.
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// The certificate that the reason is about; `None` where it is the chain as a whole.
    pub fn certificate(&self) -> Option<&CertificateRef> {
        self.0.certificate.as_ref()
    }

    /// The name of the [`Scope`](crate::store::Scope) whose anchors were asked; `None` outside of
    /// scopes. Where several refused, the error is the first of those that say most: that a
    /// certificate is revoked or denied; that a limit was reached; that nothing but the scope, the
    /// trust domain or the identity is wrong; another broken rule; that there is no path.
    pub fn scope(&self) -> Option<&str> {
        self.0.scope.as_deref()
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
        let sentence = self.0.reason.to_string();
        match (&self.0.certificate, sentence.strip_prefix(SUBJECT)) {
            (Some(certificate), Some(predicate)) => write!(f, "{certificate} {predicate}")?,
            _ => f.write_str(&sentence)?,
        }
        match (&self.0.scope, &self.0.reason) {
            (None, _) | (_, Reason::OutOfScope { .. }) => Ok(()),
            (Some(scope), _) => write!(f, " (scope {})", ShortText(scope)),
        }
    }
}

impl core::error::Error for VerifyError {}

#[cfg(test)]
mod tests {
    use super::super::Position;
    use super::*;
    use alloc::vec;
    use core::time::Duration;

    use pki_types::UnixTime;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[test]
    fn a_refusal_is_a_sentence() {
        let subject = b"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x";
        let error = VerifyError::new(
            Reason::Expired {
                not_after: at(1_767_323_045).into(),
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
    fn a_huge_subject_is_cut() {
        // An OCTET STRING is no name, so it is shown as hexadecimal: 2 characters a byte.
        let reference = CertificateRef::new(Position::Presented(2), &vec![4; 5_000]);
        let shown = reference.to_string();
        assert!(shown.starts_with("presented certificate 2 #0404"));
        assert!(shown.ends_with("04…") || shown.ends_with("0…"), "{shown}");
        assert!(shown.chars().count() < 240);
    }
}
