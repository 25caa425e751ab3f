//! A header that nginx fills with `$ssl_client_escaped_cert`.
//!
//! ```nginx
//! proxy_set_header X-Client-Cert $ssl_client_escaped_cert;
//! underscores_in_headers off;   # the default: X_Client_Cert does not get through
//! ```
//!
//! `proxy_set_header` replaces what the client sent, and sends nothing where there is no
//! certificate. `$ssl_client_cert`, with its line breaks, and `$ssl_client_raw_cert` cannot go into
//! a header.

use alloc::vec::Vec;

use pki_types::CertificateDer;

use super::certificates::one_from_encoded_pem;
use super::error::{HeaderError, in_header};
use super::only_value;
use super::percent::Literal;

/// The variable, which errors name in the place of the header: its name is the operator's choice.
const VARIABLE: &str = "$ssl_client_escaped_cert";

/// The one certificate of `$ssl_client_escaped_cert`, the client's own: PEM, percent-encoded but
/// for letters, digits, `-`, `.`, `_` and `~`. `values` are all that the request has under the name
/// chosen for it.
///
/// # Errors
/// No value, several, or one that is not of that form; see [`HeaderProblem`](super::HeaderProblem).
pub fn parse<V: AsRef<[u8]>>(
    values: impl IntoIterator<Item = V>,
) -> Result<Vec<CertificateDer<'static>>, HeaderError> {
    let value = only_value(values).map_err(in_header(VARIABLE))?;
    one_from_encoded_pem(value.as_ref(), Literal::Unreserved).map_err(in_header(VARIABLE))
}
