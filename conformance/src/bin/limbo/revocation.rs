//! Revocation: to be checked where a case has CRLs.

use mtls_verify::store::OnBadInput;
use mtls_verify::{StoreError, TrustStoreBuilder};
use reference::model::Scope;

use crate::case::Case;

/// Adds the CRLs of a case. One that the library does not load is left out, as `OnBadInput::Skip`
/// does for a server.
pub(crate) fn add_crls(
    store: TrustStoreBuilder,
    case: &Case,
) -> Result<TrustStoreBuilder, StoreError> {
    let store = store.on_bad_input(OnBadInput::Skip);
    case.crls
        .iter()
        .try_fold(store, |store, crl| store.add_crl_pem(crl.as_bytes()))
}

/// What a case asks of the status of its path.
pub(crate) fn scope(case: &Case) -> Scope {
    if case.crls.is_empty() {
        Scope::Off
    } else {
        Scope::WholePath
    }
}
