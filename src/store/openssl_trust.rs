//! The trust settings that OpenSSL appends to the certificate in a `TRUSTED CERTIFICATE` block.

use super::trust_settings::{Allowed, Purposes};
use crate::x509::{Problem, Reader, tag};

/// The certificate, and what its settings allow, if they can be read.
pub(crate) struct Trusted<'a> {
    pub(crate) certificate: &'a [u8],
    pub(crate) settings: Result<Allowed, Problem>,
}

/// Splits the content of a `TRUSTED CERTIFICATE` block: a certificate, and optionally its settings.
pub(crate) fn split(der: &[u8]) -> Result<Trusted<'_>, Problem> {
    let mut reader = Reader::new(der);
    let certificate = reader.expect(tag::SEQUENCE)?.whole;
    let settings = match reader.is_empty() {
        true => Ok(Allowed::new(None, Purposes::new())),
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
fn read(mut reader: Reader<'_>) -> Result<Allowed, Problem> {
    let mut settings = reader.expect(tag::SEQUENCE)?.reader();
    reader.finish()?;
    let trusted = match settings.optional(tag::SEQUENCE)? {
        Some(list) => Some(purposes(list.reader())?),
        None => None,
    };
    let rejected = match settings.optional(tag::context_constructed(0))? {
        Some(list) => purposes(list.reader())?,
        None => Purposes::new(),
    };
    settings.optional(tag::UTF8_STRING)?;
    settings.optional(tag::OCTET_STRING)?;
    if let Some(algorithms) = settings.optional(tag::context_constructed(1))? {
        check_algorithms(algorithms.reader())?;
    }
    settings.finish()?;
    Ok(Allowed::new(trusted, rejected))
}

fn purposes(mut list: Reader<'_>) -> Result<Purposes, Problem> {
    let mut purposes = Purposes::new();
    while !list.is_empty() {
        purposes.insert(list.oid()?.value.to_vec());
    }
    Ok(purposes)
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
