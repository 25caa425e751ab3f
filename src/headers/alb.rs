//! The headers of AWS Application Load Balancers with mutual TLS.
//!
//! In passthrough mode the load balancer checks nothing but that the client holds the key, and
//! sends the whole chain: verifying it is the target's work, [`parse_chain`] and then
//! [`verify_client_chain`](crate::verify_client_chain). In verify mode it verifies, and sends the
//! five headers that [`verify_mode`] writes; the certificate in [`CLIENTCERT_LEAF`] can be verified
//! again.
//!
//! PEM is percent-encoded; a `+` is never a space. The reader takes a little more than the load
//! balancer writes: any character may be encoded, hexadecimal digits may be in lower case, lines
//! may have any length and end with CRLF, and empty lines may follow a block.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use pki_types::CertificateDer;

use super::certificates::{from_encoded_pem, one_from_encoded_pem, push_encoded_pem};
use super::error::{HeaderError, in_header};
use super::name::header_text;
use super::only_value;
use super::percent::Literal;
use crate::verified_client::VerifiedClient;

/// `X-Amzn-Mtls-Clientcert`, passthrough mode: PEM of the chain that the client presented, its own
/// certificate first.
pub const CLIENTCERT: &str = "x-amzn-mtls-clientcert";
/// `X-Amzn-Mtls-Clientcert-Serial-Number`, verify mode: upper-case hexadecimal digits, as
/// [`Identity::serial`](crate::Identity::serial).
pub const CLIENTCERT_SERIAL_NUMBER: &str = "x-amzn-mtls-clientcert-serial-number";
/// `X-Amzn-Mtls-Clientcert-Issuer`, verify mode: the issuer's name as an RFC 2253 string.
pub const CLIENTCERT_ISSUER: &str = "x-amzn-mtls-clientcert-issuer";
/// `X-Amzn-Mtls-Clientcert-Subject`, verify mode: the subject as an RFC 2253 string.
pub const CLIENTCERT_SUBJECT: &str = "x-amzn-mtls-clientcert-subject";
/// `X-Amzn-Mtls-Clientcert-Validity`, verify mode:
/// `NotBefore=2023-09-21T01:50:17Z;NotAfter=2024-09-20T01:50:17Z`.
pub const CLIENTCERT_VALIDITY: &str = "x-amzn-mtls-clientcert-validity";
/// `X-Amzn-Mtls-Clientcert-Leaf`, verify mode: PEM of the client's own certificate.
pub const CLIENTCERT_LEAF: &str = "x-amzn-mtls-clientcert-leaf";

/// The chain of [`CLIENTCERT`], the client's own certificate first. `values` are all that the
/// request has under that name.
///
/// # Errors
/// No value, several, or one that is not percent-encoded PEM of certificates alone; see
/// [`HeaderProblem`](super::HeaderProblem).
pub fn parse_chain<V: AsRef<[u8]>>(
    values: impl IntoIterator<Item = V>,
) -> Result<Vec<CertificateDer<'static>>, HeaderError> {
    let value = only_value(values).map_err(in_header(CLIENTCERT))?;
    from_encoded_pem(value.as_ref(), Literal::Base64Too).map_err(in_header(CLIENTCERT))
}

/// The one certificate of [`CLIENTCERT_LEAF`], the client's own. `values` are all that the request
/// has under that name.
///
/// # Errors
/// As [`parse_chain`], and more than one certificate.
pub fn parse_leaf<V: AsRef<[u8]>>(
    values: impl IntoIterator<Item = V>,
) -> Result<Vec<CertificateDer<'static>>, HeaderError> {
    let value = only_value(values).map_err(in_header(CLIENTCERT_LEAF))?;
    one_from_encoded_pem(value.as_ref(), Literal::Base64Too).map_err(in_header(CLIENTCERT_LEAF))
}

/// The value of [`CLIENTCERT`] for a client: the path that was verified, its own certificate first
/// and the trust anchor last.
pub fn chain(client: &VerifiedClient) -> String {
    let mut value = String::new();
    let path: Vec<_> = client.path().collect();
    push_encoded_pem(
        path.iter().map(AsRef::as_ref),
        Literal::Base64Too,
        &mut value,
    );
    value
}

/// The five headers of verify mode for a client, each with its name.
///
/// Their values are printable ASCII whatever the certificate says: in names, other characters are
/// written as `\C3\AB` for each byte of their UTF-8 (RFC 2253 §2.4).
pub fn verify_mode(client: &VerifiedClient) -> [(&'static str, String); 5] {
    let identity = client.identity();
    let (not_before, not_after) = identity.validity().into_inner();
    let validity = format!("NotBefore={not_before};NotAfter={not_after}");
    // The subject of an X.509-SVID may be no identity.
    let subject = match identity.has_subject() {
        true => header_text(&identity.subject()),
        false => String::new(),
    };
    let mut leaf = String::new();
    push_encoded_pem(
        [client.certificate().as_ref()],
        Literal::Base64Too,
        &mut leaf,
    );
    [
        (CLIENTCERT_SERIAL_NUMBER, identity.serial()),
        (CLIENTCERT_ISSUER, header_text(&identity.issuer())),
        (CLIENTCERT_SUBJECT, subject),
        (CLIENTCERT_VALIDITY, validity),
        (CLIENTCERT_LEAF, leaf),
    ]
}
