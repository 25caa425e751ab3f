//! The deny list of a store, and its trust settings.

use crate::budget::{Budget, price};
use crate::error::{Reason, Work};
use crate::policy::RequiredPurpose;
use crate::store::TrustStore;
use crate::x509::Certificate;

/// No certificate of a path, nor a pinned client's, may be denied, and its trust settings must
/// allow one of the purposes asked for. Pays for looking it up: for its digests, and those of its
/// other encodings.
pub(crate) fn check_denied(
    certificate: Certificate<'_>,
    store: &TrustStore,
    required: &RequiredPurpose,
    budget: &Budget,
) -> Result<(), Reason> {
    const DIGESTS: usize = 5;
    let purposes = required.for_trust_settings();
    if store.has_settings() {
        let units = price::COMPARISON.saturating_mul(purposes.len());
        budget.pay(units, Work::Checking)?;
    }
    let bytes = certificate.as_bytes().len().saturating_mul(DIGESTS);
    let units = price::hashing(bytes)
        .saturating_add(price::looking_up(certificate.issuer()))
        .saturating_add(price::CERTIFICATE);
    budget.pay(units, Work::Revocation)?;
    match store.denies(certificate, &purposes) {
        Some(by) => Err(Reason::Denied { by }),
        None => Ok(()),
    }
}
