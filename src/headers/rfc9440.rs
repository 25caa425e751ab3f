//! `Client-Cert` and `Client-Cert-Chain` (RFC 9440).
//!
//! Both are structured fields (RFC 9651, before RFC 8941): an Item and a List whose values are Byte
//! Sequences, the DER of a certificate each. Parameters, of which RFC 9440 knows none, are skipped.

use alloc::string::String;
use alloc::vec::Vec;

use pki_types::CertificateDer;

use super::certificates::{Chain, to_base64};
use super::error::{Fault, HeaderError, HeaderProblem, in_header};
use super::structured::Field;
use super::{MAX_HEADER_BYTES, only_value};
use crate::verified_client::VerifiedClient;

/// `Client-Cert` (RFC 9440 §2.2): the client's own certificate.
pub const CLIENT_CERT: &str = "client-cert";
/// `Client-Cert-Chain` (RFC 9440 §2.3): the certificates after it, in the order of TLS.
pub const CLIENT_CERT_CHAIN: &str = "client-cert-chain";

/// The chain of the two headers, the client's own certificate first. Each argument is all the
/// values that the request has under that name; there may be none for [`CLIENT_CERT_CHAIN`], or
/// several, which follow one another.
///
/// ```
/// use mtls_verify::headers::{HeaderProblem, rfc9440};
///
/// // With the `http` crate: headers.get_all(rfc9440::CLIENT_CERT), and the same for
/// // rfc9440::CLIENT_CERT_CHAIN.
/// let none: [&str; 0] = [];
/// let error = rfc9440::parse([":AAAA:", ":AAAA:"], none).unwrap_err();
/// assert_eq!(error.problem(), &HeaderProblem::Repeated);
/// ```
///
/// # Errors
/// No `Client-Cert`, several, or a list in it (§2.2); a `Client-Cert-Chain` without it (§2.3) or
/// with an empty value; what is not a Byte Sequence; see [`HeaderProblem`].
pub fn parse<V: AsRef<[u8]>, C: AsRef<[u8]>>(
    client_cert: impl IntoIterator<Item = V>,
    client_cert_chain: impl IntoIterator<Item = C>,
) -> Result<Vec<CertificateDer<'static>>, HeaderError> {
    let mut client_cert_chain = client_cert_chain.into_iter().peekable();
    let value = match only_value(client_cert) {
        // Not `Missing`, which is a request without a client: this one says that there is one.
        Err(HeaderProblem::Missing) if client_cert_chain.peek().is_some() => {
            return Err(in_header(CLIENT_CERT_CHAIN)(
                HeaderProblem::WithoutClientCert,
            ));
        }
        value => value.map_err(in_header(CLIENT_CERT))?,
    };
    let mut chain = Chain::default();
    push_item(value.as_ref(), &mut chain).map_err(in_header(CLIENT_CERT))?;
    let mut certificates = chain.into_certificates();
    let issuers = parse_lists(client_cert_chain).map_err(in_header(CLIENT_CERT_CHAIN))?;
    certificates.extend(issuers);
    Ok(certificates)
}

/// The value of [`CLIENT_CERT`] for a client.
pub fn client_cert(client: &VerifiedClient) -> String {
    let mut value = String::new();
    push_byte_sequence(&client.certificate(), &mut value);
    value
}

/// The value of [`CLIENT_CERT_CHAIN`] for a client: the path that was verified, trust anchor
/// included, without the client's own certificate. `None` if nothing is left, as of a pinned
/// client: the header is then not sent (RFC 9651 §3.1).
pub fn client_cert_chain(client: &VerifiedClient) -> Option<String> {
    let mut value = String::new();
    for issuer in client.path().skip(1) {
        if !value.is_empty() {
            value.push_str(", ");
        }
        push_byte_sequence(&issuer, &mut value);
    }
    (!value.is_empty()).then_some(value)
}

fn push_byte_sequence(certificate: &[u8], value: &mut String) {
    value.push(':');
    value.push_str(&to_base64(certificate));
    value.push(':');
}

fn push_item(value: &[u8], chain: &mut Chain) -> Result<(), Fault> {
    let mut field = Field::new(value);
    field.skip_spaces();
    push_member(&mut field, chain)?;
    field.finish()
}

/// Each value is a list by itself: RFC 9651 §4.2 has them joined by commas, and a member cannot
/// reach from one into the next.
fn parse_lists<C: AsRef<[u8]>>(
    values: impl IntoIterator<Item = C>,
) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let mut chain = Chain::default();
    let mut left = MAX_HEADER_BYTES;
    for value in values {
        let value = value.as_ref();
        if value.is_empty() {
            return Err(HeaderProblem::Empty.into());
        }
        left = left
            .checked_sub(value.len())
            .ok_or(HeaderProblem::TooLarge {
                limit: MAX_HEADER_BYTES,
            })?;
        let mut field = Field::new(value);
        field.skip_spaces();
        loop {
            push_member(&mut field, &mut chain)?;
            if !field.skip_comma() {
                break;
            }
        }
        field.finish()?;
    }
    Ok(chain.into_certificates())
}

fn push_member(field: &mut Field<'_>, chain: &mut Chain) -> Result<(), Fault> {
    let offset = field.offset();
    let base64 = field.byte_sequence()?;
    chain
        .push_base64(&padded(base64))
        .map_err(|fault| fault.shifted_by(offset))?;
    field.skip_parameters()
}

/// RFC 9651 §4.2.7 asks parsers to do without padding where they can.
fn padded(base64: &[u8]) -> Vec<u8> {
    let mut padded = base64.to_vec();
    if !base64.contains(&b'=') {
        while !padded.len().is_multiple_of(4) {
            padded.push(b'=');
        }
    }
    padded
}
