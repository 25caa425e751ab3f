//! Revocation: to be checked where a case has lists.

use mtls_verify::{OnBadInput, RevocationPolicy, StoreError, TrustStoreBuilder};

use crate::case::Case;

/// Adds the lists of a case. One that does not load is one that is not there.
pub(crate) fn add_lists(
    store: TrustStoreBuilder,
    case: &Case,
) -> Result<TrustStoreBuilder, StoreError> {
    let store = store.on_bad_input(OnBadInput::Skip);
    case.crls
        .iter()
        .try_fold(store, |store, crl| store.add_crl_pem(crl.as_bytes()))
}

/// What a case asks of the status of its path.
pub(crate) fn policy(case: &Case) -> RevocationPolicy {
    if case.crls.is_empty() {
        RevocationPolicy::off()
    } else {
        RevocationPolicy::whole_path()
    }
}
