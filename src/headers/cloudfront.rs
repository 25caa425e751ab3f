//! The header in which AWS CloudFront forwards the certificate of a viewer.

use alloc::vec::Vec;

use pki_types::CertificateDer;

use super::certificates::one_from_encoded_pem;
use super::error::{HeaderError, in_header};
use super::only_value;
use super::percent::Literal;

/// `CloudFront-Viewer-Cert-Pem`: PEM of the client's own certificate, percent-encoded; `+`, `/` and
/// `=` as they are or encoded too.
pub const VIEWER_CERT_PEM: &str = "cloudfront-viewer-cert-pem";

/// The one certificate of [`VIEWER_CERT_PEM`], the client's own. `values` are all that the request
/// has under that name.
///
/// # Errors
/// No value, several, or one that is not the percent-encoded PEM of one certificate; see
/// [`HeaderProblem`](super::HeaderProblem).
pub fn parse<V: AsRef<[u8]>>(
    values: impl IntoIterator<Item = V>,
) -> Result<Vec<CertificateDer<'static>>, HeaderError> {
    let value = only_value(values).map_err(in_header(VIEWER_CERT_PEM))?;
    one_from_encoded_pem(value.as_ref(), Literal::Base64Too).map_err(in_header(VIEWER_CERT_PEM))
}
