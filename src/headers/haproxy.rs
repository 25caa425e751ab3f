//! A header that HAProxy fills with the client's certificate, by convention as base64 of its DER.
//!
//! ```text
//! http-request set-header X-SSL-Client-Cert %[ssl_c_der,base64]
//! ```
//!
//! `set-header` replaces what the client sent. Add `http-request del-header` for the spelling with
//! underscores if something behind folds the two.

use alloc::vec::Vec;

use pki_types::CertificateDer;

use super::certificates::Chain;
use super::error::{Fault, HeaderError, HeaderProblem, in_header};
use super::only_value;

/// The expression, which errors name in the place of the header: its name is the operator's choice.
const EXPRESSION: &str = "ssl_c_der,base64";

/// The one certificate of `ssl_c_der,base64`, the client's own, with or without double quotes
/// around it. `values` are all that the request has under the name chosen for it.
///
/// # Errors
/// No value, several, or one that is not the base64 of one certificate; see [`HeaderProblem`].
/// HAProxy sends an empty value, or an empty pair of quotes, where there is no certificate: that is
/// [`HeaderProblem::Empty`].
pub fn parse<V: AsRef<[u8]>>(
    values: impl IntoIterator<Item = V>,
) -> Result<Vec<CertificateDer<'static>>, HeaderError> {
    let value = only_value(values).map_err(in_header(EXPRESSION))?;
    parse_value(value.as_ref()).map_err(in_header(EXPRESSION))
}

fn parse_value(value: &[u8]) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let base64 = match value {
        [b'"', base64 @ .., b'"'] => base64,
        [b'"', ..] => {
            let expected = "a closing double quote";
            return Err(Fault::at(value.len(), HeaderProblem::Expected { expected }));
        }
        base64 => base64,
    };
    // What `%{+Q}[ssl_c_der,base64]` makes of no certificate.
    if base64.is_empty() {
        return Err(HeaderProblem::Empty.into());
    }
    let mut chain = Chain::default();
    chain.push_base64(base64)?;
    Ok(chain.into_certificates())
}
