//! The header of Traefik's `PassTLSClientCert` with `pem: true`.

use alloc::vec::Vec;

use pki_types::CertificateDer;

use super::certificates::Chain;
use super::error::{Fault, HeaderError, in_header};
use super::only_value;

/// `X-Forwarded-Tls-Client-Cert`: the chain that the client presented, its own certificate first,
/// each as base64 without line breaks, and commas between them.
pub const CLIENT_CERT: &str = "x-forwarded-tls-client-cert";

/// The chain of [`CLIENT_CERT`], the client's own certificate first. `values` are all that the
/// request has under that name.
///
/// Old versions of Traefik percent-encode the value; that is not this format, and an error.
///
/// # Errors
/// No value, several, or one that is not base64 with commas between; see
/// [`HeaderProblem`](super::HeaderProblem).
pub fn parse<V: AsRef<[u8]>>(
    values: impl IntoIterator<Item = V>,
) -> Result<Vec<CertificateDer<'static>>, HeaderError> {
    let value = only_value(values).map_err(in_header(CLIENT_CERT))?;
    parse_value(value.as_ref()).map_err(in_header(CLIENT_CERT))
}

fn parse_value(value: &[u8]) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let mut chain = Chain::default();
    let mut offset = 0usize;
    for text in value.split(|byte| *byte == b',') {
        chain
            .push_base64(text)
            .map_err(|fault| fault.shifted_by(offset))?;
        offset = offset.saturating_add(text.len()).saturating_add(1);
    }
    Ok(chain.into_certificates())
}
