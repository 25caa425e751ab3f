//! Certificates as text: base64, and PEM as proxies write it.
//!
//! Not the reader of `store/pem.rs`, which takes bundles as people leave them. Proxies write blocks
//! of certificates and line ends, with nothing between them, so anything else is an error.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding};
use pki_types::CertificateDer;

use super::MAX_CERTIFICATES;
use super::error::{Fault, HeaderProblem};
use super::percent::{self, Literal};
use crate::x509::{Reader, tag};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// RFC 7468 §2.
const LINE: usize = 64;

/// Certificates on their way into a chain.
#[derive(Default)]
pub(super) struct Chain(Vec<CertificateDer<'static>>);

impl Chain {
    /// Adds the certificate that base64 stands for, with padding and without line breaks.
    pub(super) fn push_base64(&mut self, text: &[u8]) -> Result<(), Fault> {
        let number = self.0.len().saturating_add(1);
        if number > MAX_CERTIFICATES {
            let limit = MAX_CERTIFICATES;
            return Err(HeaderProblem::TooManyCertificates { limit }.into());
        }
        let in_certificate = |problem| Fault::from(problem).in_certificate(number);
        let der = core::str::from_utf8(text)
            .ok()
            .and_then(|text| Base64::decode_vec(text).ok())
            .ok_or_else(|| in_certificate(HeaderProblem::Base64))?;
        if !is_one_sequence(&der) {
            return Err(in_certificate(HeaderProblem::NotDer));
        }
        self.0.push(CertificateDer::from(der));
        Ok(())
    }

    pub(super) fn into_certificates(self) -> Vec<CertificateDer<'static>> {
        self.0
    }
}

fn is_one_sequence(der: &[u8]) -> bool {
    let mut reader = Reader::new(der);
    reader.expect(tag::SEQUENCE).is_ok() && reader.finish().is_ok()
}

/// The certificates of a percent-encoded PEM text, at least one.
pub(super) fn from_encoded_pem(
    text: &[u8],
    literal: Literal,
) -> Result<Vec<CertificateDer<'static>>, Fault> {
    from_pem(&percent::decode(text, literal)?)
}

/// The same where there must be one.
pub(super) fn one_from_encoded_pem(
    text: &[u8],
    literal: Literal,
) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let certificates = from_encoded_pem(text, literal)?;
    match certificates.len() {
        1 => Ok(certificates),
        _ => Err(HeaderProblem::SeveralCertificates.into()),
    }
}

/// Blocks one after another, with line ends alone between and after them.
fn from_pem(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let mut chain = Chain::default();
    let mut rest = text;
    loop {
        let number = chain.0.len().saturating_add(1);
        let (body, after) =
            split_block(rest).map_err(|problem| Fault::from(problem).in_certificate(number))?;
        chain.push_base64(&body)?;
        rest = after;
        while let Some(after) = after_line_end(rest) {
            rest = after;
        }
        if rest.is_empty() {
            return Ok(chain.into_certificates());
        }
    }
}

/// The base64 of the block that `text` begins with, its lines joined, and what comes after the
/// block.
fn split_block(text: &[u8]) -> Result<(Vec<u8>, &[u8]), HeaderProblem> {
    let mut rest = text
        .strip_prefix(BEGIN.as_bytes())
        .and_then(after_line_end)
        .ok_or(HeaderProblem::NoBegin)?;
    let mut base64 = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix(END.as_bytes()) {
            let ends = after.is_empty() || after_line_end(after).is_some();
            return if ends {
                Ok((base64, after))
            } else {
                Err(HeaderProblem::NoEnd)
            };
        }
        let end = rest.iter().position(|byte| b"\r\n-".contains(byte));
        let (line, after) = end
            .and_then(|end| rest.split_at_checked(end))
            .ok_or(HeaderProblem::NoEnd)?;
        rest = after_line_end(after).ok_or(HeaderProblem::NoEnd)?;
        if line.is_empty() {
            return Err(HeaderProblem::Base64);
        }
        base64.extend_from_slice(line);
    }
}

fn after_line_end(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(b"\n")
        .or_else(|| text.strip_prefix(b"\r\n"))
}

/// The base64 of a certificate, with padding and without line breaks.
pub(super) fn to_base64(certificate: &[u8]) -> String {
    Base64::encode_string(certificate)
}

/// Appends certificates as percent-encoded PEM.
pub(super) fn push_encoded_pem<'a>(
    certificates: impl IntoIterator<Item = &'a [u8]>,
    literal: Literal,
    out: &mut String,
) {
    for certificate in certificates {
        let mut push = |line: &str| {
            percent::encode(line, literal, out);
            percent::encode("\n", literal, out);
        };
        push(BEGIN);
        let base64 = to_base64(certificate);
        let mut rest = base64.as_str();
        // Base64 is ASCII: each index is a boundary of characters.
        while let Some((line, after)) = rest.split_at_checked(LINE.min(rest.len())) {
            if line.is_empty() {
                break;
            }
            push(line);
            rest = after;
        }
        push(END);
    }
}
