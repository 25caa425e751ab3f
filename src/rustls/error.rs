//! Refusals as errors of `rustls`, and back.

use alloc::sync::Arc;
use core::error::Error as StdError;
use core::iter;

use ::rustls::{AlertDescription, CertificateError, Error, OtherError};

use crate::error::{Reason, TlsAlert, VerifyError};

impl From<TlsAlert> for AlertDescription {
    fn from(alert: TlsAlert) -> Self {
        Self::from(u8::from(alert))
    }
}

/// What the error of a refused handshake is. `rustls` derives the alert from it, and most of its
/// variants carry nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalErrors {
    /// The variant with the alert that the client should see, as the [module](super) lists them.
    #[default]
    ByAlert,
    /// [`CertificateError::Other`] with the whole [`VerifyError`], which [`refusal_of`] finds.
    /// Every client whose certificate is refused gets the alert `certificate_unknown`, which does
    /// not tell it why. So does a client that did not prove that it has the key.
    Whole,
}

impl RefusalErrors {
    pub(super) fn error_for(self, refusal: &VerifyError) -> Error {
        Error::InvalidCertificate(match self {
            Self::ByAlert => by_alert(refusal),
            Self::Whole => whole(refusal),
        })
    }
}

fn by_alert(refusal: &VerifyError) -> CertificateError {
    match (refusal.alert(), refusal.reason()) {
        // The variants with times can say none before 1970.
        (TlsAlert::CertificateExpired, &Reason::NotYetValid { not_before, now }) => {
            match not_before.to_unix_time() {
                Some(not_before) => CertificateError::NotValidYetContext {
                    time: now,
                    not_before,
                },
                None => CertificateError::NotValidYet,
            }
        }
        (TlsAlert::CertificateExpired, &Reason::Expired { not_after, now }) => {
            match not_after.to_unix_time() {
                Some(not_after) => CertificateError::ExpiredContext {
                    time: now,
                    not_after,
                },
                None => CertificateError::Expired,
            }
        }
        (TlsAlert::CertificateExpired, _) => CertificateError::Expired,
        (TlsAlert::CertificateRevoked, _) => CertificateError::Revoked,
        (TlsAlert::UnknownCa, _) => CertificateError::UnknownIssuer,
        (TlsAlert::BadCertificate, _) => CertificateError::BadEncoding,
        (TlsAlert::UnsupportedCertificate, _) => CertificateError::InvalidPurpose,
        (TlsAlert::AccessDenied, _) => CertificateError::ApplicationVerificationFailure,
        (TlsAlert::DecryptError, _) => CertificateError::BadSignature,
        // For a chain without certificates, rustls sends the right alert without asking anybody.
        (TlsAlert::CertificateUnknown | TlsAlert::CertificateRequired, _) => whole(refusal),
    }
}

fn whole(refusal: &VerifyError) -> CertificateError {
    CertificateError::Other(OtherError(Arc::new(refusal.clone())))
}

/// The refusal that an error carries: `rustls`' own, or one around it.
///
/// It looks into `io::Error`, as asynchronous acceptors give it, `Arc<rustls::Error>`,
/// `Arc<io::Error>`, [`Error::Other`], [`CertificateError::Other`], and follows
/// [`source()`](StdError::source) of all other errors.
///
/// With [`RefusalErrors::ByAlert`] that is only so where the alert is `certificate_unknown`; with
/// [`RefusalErrors::Whole`], for all refusals of certificates. An error about a missing certificate
/// carries none.
///
/// ```
/// use mtls_verify::rustls::refusal_of;
///
/// fn log(error: &std::io::Error) {
///     match refusal_of(error) {
///         Some(refusal) => eprintln!("{}: {refusal}", refusal.code()),
///         None => eprintln!("{error}"),
///     }
/// }
/// ```
pub fn refusal_of<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a VerifyError> {
    with_causes(error).find_map(|error| error.downcast_ref())
}

/// Whether `rustls` refused a client that presented no certificate.
pub(super) fn is_missing_certificate(error: &(dyn StdError + 'static)) -> bool {
    with_causes(error)
        .any(|error| matches!(error.downcast_ref(), Some(Error::NoCertificatesPresented)))
}

/// An error, and those inside it.
fn with_causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(error), |&error| {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            // Its source() is that of the error inside; so is that of an Arc.
            error
                .get_ref()
                .map(|inner| inner as &(dyn StdError + 'static))
        } else if let Some(shared) = error.downcast_ref::<Arc<Error>>() {
            Some(&**shared)
        } else if let Some(shared) = error.downcast_ref::<Arc<std::io::Error>>() {
            Some(&**shared)
        } else if let Some(Error::Other(other)) = error.downcast_ref() {
            Some(&*other.0)
        } else if let Some(Error::InvalidCertificate(CertificateError::Other(other))) =
            error.downcast_ref()
        {
            Some(&*other.0)
        } else {
            error.source()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::boxed::Box;
    use alloc::string::String;
    use alloc::vec::Vec;
    use std::io;

    use pki_types::UnixTime;

    use crate::x509::{NotACa, ParseError, Problem};

    /// A refusal for each alert and some more.
    fn refusals() -> Vec<VerifyError> {
        let time = UnixTime::since_unix_epoch(core::time::Duration::from_secs(9));
        [
            Reason::EmptyChain,
            Reason::Malformed(ParseError::new("version", Problem::OutOfRange)),
            Reason::BadSignature,
            Reason::UntrustedRoot,
            Reason::NotACa(NotACa::NoBasicConstraints),
            Reason::KeySize {
                bits: 1024,
                minimum: 2048,
                maximum: 8192,
            },
            Reason::CaAsClient,
            Reason::UnhandledExtension { oid: String::new() },
            Reason::Expired {
                not_after: time.into(),
                now: time,
            },
            Reason::NotYetValid {
                not_before: time.into(),
                now: time,
            },
            Reason::Denied {
                by: crate::revocation::DeniedBy::Serial,
            },
            Reason::IdentityNotAccepted {
                rule: String::new(),
                found: Vec::new(),
            },
            Reason::RevocationUnknown { passed_over: None },
            Reason::SignatureLimit { limit: 20 },
            Reason::NoValidPolicy,
            Reason::HandshakeSignature,
        ]
        .into_iter()
        .map(|reason| VerifyError::new(reason, None))
        .collect()
    }

    /// What stands around an error of `rustls` elsewhere.
    const WRAPPERS: [fn(Error) -> Box<dyn StdError>; 7] = [
        |error| Box::new(Arc::new(error)),
        |error| Box::new(io::Error::other(Arc::new(error))),
        |error| Box::new(Arc::new(io::Error::other(error))),
        |error| Box::new(Arc::new(io::Error::other(Arc::new(error)))),
        |error| Box::new(Error::Other(OtherError(Arc::new(error)))),
        |error| Box::new(io::Error::other(Error::Other(OtherError(Arc::new(error))))),
        |error| Box::new(OtherError(Arc::new(io::Error::other(error)))),
    ];

    #[test]
    fn the_alert_is_that_of_the_refusal() {
        for refusal in refusals() {
            let error = by_alert(&refusal);
            let sent = u8::from(AlertDescription::from(error));
            match refusal.alert() {
                TlsAlert::CertificateRequired => assert_eq!(sent, 46),
                alert => assert_eq!(sent, u8::from(alert), "{refusal}"),
            }
        }
    }

    #[test]
    fn whole_errors_carry_the_refusal_through_io() {
        for refusal in refusals() {
            let error = RefusalErrors::Whole.error_for(&refusal);
            assert_eq!(refusal_of(&error), Some(&refusal));
            let error = io::Error::new(io::ErrorKind::InvalidData, error);
            assert_eq!(refusal_of(&error), Some(&refusal));
            let boxed: Box<dyn StdError> = Box::new(error);
            assert_eq!(refusal_of(&*boxed), Some(&refusal));
            for wrap in WRAPPERS {
                let error = wrap(RefusalErrors::Whole.error_for(&refusal));
                assert_eq!(refusal_of(&*error), Some(&refusal), "{error:?}");
            }
        }
        assert_eq!(refusal_of(&Error::HandshakeNotComplete), None);
        assert_eq!(refusal_of(&io::Error::other("something else")), None);
    }

    #[test]
    fn a_missing_certificate_is_found_through_io() {
        let missing = || Error::NoCertificatesPresented;
        let inner = io::Error::new(io::ErrorKind::InvalidData, missing());
        assert!(is_missing_certificate(&missing()));
        assert!(is_missing_certificate(&io::Error::other(inner)));
        for wrap in WRAPPERS {
            assert!(is_missing_certificate(&*wrap(missing())));
            assert!(!is_missing_certificate(&*wrap(Error::HandshakeNotComplete)));
        }
        for refusal in refusals() {
            for errors in [RefusalErrors::ByAlert, RefusalErrors::Whole] {
                assert!(!is_missing_certificate(&errors.error_for(&refusal)));
            }
        }
        assert!(!is_missing_certificate(&Error::HandshakeNotComplete));
        assert!(!is_missing_certificate(&io::Error::other(
            "peer sent no certificates"
        )));
    }
}
