//! Revocation: to be checked where a case has CRLs.

use mtls_verify::{CrlSet, StoreError};
use reference::model::Scope;

use crate::case::Case;

/// The CRLs of a case. One that the library does not load is left out, as for a server that is
/// lenient.
pub(crate) fn crls(case: &Case) -> Result<CrlSet, StoreError> {
    let mut crls = CrlSet::lenient();
    for crl in &case.crls {
        crls.add_pem(crl.as_bytes())?;
    }
    Ok(crls)
}

/// What a case asks of the status of its path.
pub(crate) fn scope(case: &Case) -> Scope {
    if case.crls.is_empty() {
        Scope::Off
    } else {
        Scope::WholePath
    }
}
