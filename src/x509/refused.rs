//! What is known of bytes that are refused.

use super::crl::issuer_of_crl;
use super::der::{Problem, Reader, tag};
use super::name::EMPTY_NAME;

/// The subject of the certificate that `der` begins with, or the issuer of the CRL, if it can be
/// read up to there. It may be no name, but is not empty.
pub(crate) fn subject_of_refused(der: &[u8]) -> Option<&[u8]> {
    let whole = Reader::new(der).expect(tag::SEQUENCE).ok()?.whole;
    let subject = subject_of(whole).ok().or_else(|| issuer_of_crl(whole))?;
    (subject != EMPTY_NAME).then_some(subject)
}

fn subject_of(certificate: &[u8]) -> Result<&[u8], Problem> {
    let mut certificate = Reader::new(certificate).expect(tag::SEQUENCE)?.reader();
    let mut fields = certificate.expect(tag::SEQUENCE)?.reader();
    fields.optional(tag::context_constructed(0))?;
    fields.expect(tag::INTEGER)?;
    // The algorithm, the issuer and the validity.
    for _ in 0..3 {
        fields.expect(tag::SEQUENCE)?;
    }
    Ok(fields.expect(tag::SEQUENCE)?.whole)
}
