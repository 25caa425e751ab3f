//! The trust settings that OpenSSL appends to the certificate in a `TRUSTED CERTIFICATE` block.

use crate::policy::KeyPurpose;
use crate::x509::{Problem, Reader, tag};

/// The certificate, and what its settings say, if they can be read.
pub(crate) struct Trusted<'a> {
    pub(crate) certificate: &'a [u8],
    pub(crate) settings: Result<Settings, Problem>,
}

/// Whether a certificate may verify TLS clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settings {
    Allow,
    Reject,
}

/// Splits the content of a `TRUSTED CERTIFICATE` block: a certificate, and optionally its settings.
pub(crate) fn split(der: &[u8]) -> Result<Trusted<'_>, Problem> {
    let mut reader = Reader::new(der);
    let certificate = reader.expect(tag::SEQUENCE)?.whole;
    let settings = match reader.is_empty() {
        true => Ok(Settings::Allow),
        false => read(reader),
    };
    Ok(Trusted {
        certificate,
        settings,
    })
}

/// Reads what OpenSSL calls `X509_CERT_AUX`, and nothing after it:
///
/// ```text
/// SEQUENCE {
///     trust   SEQUENCE OF OBJECT IDENTIFIER OPTIONAL,
///     reject  [0] IMPLICIT SEQUENCE OF OBJECT IDENTIFIER OPTIONAL,
///     alias   UTF8String OPTIONAL,
///     keyid   OCTET STRING OPTIONAL,
///     other   [1] IMPLICIT SEQUENCE OF AlgorithmIdentifier OPTIONAL }
/// ```
///
/// As `openssl verify` does: a purpose among `reject` is refused, and where `trust` is present,
/// even if empty, only its purposes hold.
fn read(mut reader: Reader<'_>) -> Result<Settings, Problem> {
    let mut settings = reader.expect(tag::SEQUENCE)?.reader();
    reader.finish()?;
    let trusted = match settings.optional(tag::SEQUENCE)? {
        Some(purposes) => names_clients(purposes.reader())?,
        None => true,
    };
    let rejected = match settings.optional(tag::context_constructed(0))? {
        Some(purposes) => names_clients(purposes.reader())?,
        None => false,
    };
    settings.optional(tag::UTF8_STRING)?;
    settings.optional(tag::OCTET_STRING)?;
    if let Some(algorithms) = settings.optional(tag::context_constructed(1))? {
        check_algorithms(algorithms.reader())?;
    }
    settings.finish()?;
    Ok(match trusted && !rejected {
        true => Settings::Allow,
        false => Settings::Reject,
    })
}

fn names_clients(mut purposes: Reader<'_>) -> Result<bool, Problem> {
    let mut named = false;
    while !purposes.is_empty() {
        let purpose = purposes.oid()?.value;
        named |= [KeyPurpose::CLIENT_AUTH, KeyPurpose::ANY]
            .iter()
            .any(|known| purpose == known.as_bytes());
    }
    Ok(named)
}

/// Each is an OBJECT IDENTIFIER and at most one element of parameters (RFC 5280 §4.1.1.2).
fn check_algorithms(mut algorithms: Reader<'_>) -> Result<(), Problem> {
    while !algorithms.is_empty() {
        let mut algorithm = algorithms.expect(tag::SEQUENCE)?.reader();
        algorithm.oid()?;
        if !algorithm.is_empty() {
            algorithm.element()?;
        }
        algorithm.finish()?;
    }
    Ok(())
}
