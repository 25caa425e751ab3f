//! SPIFFE: IDs, trust domains, and which certificates are X.509-SVIDs.
//!
//! | step | type |
//! |---|---|
//! | an ID, and the trust domain it belongs to | [`SpiffeId`], [`TrustDomain`] |
//! | the ID of a client | [`Identity::spiffe_id`](crate::Identity::spiffe_id), or [`x509_svid`](crate::Identity::x509_svid) with the reason why there is none |
//! | the CAs of trust domains, from JSON (feature `spiffe`) | `Bundle`, `BundleMap` |
//! | the CAs of a trust domain, and nobody else, vouch for it | [`Scope::of_trust_domain`](crate::store::Scope::of_trust_domain), `Scope::of_bundle` |
//! | which IDs are let in | [`SpiffeMatch`](crate::policy::SpiffeMatch) |
//!
//! The standards are those of <https://github.com/spiffe/spiffe/tree/main/standards>: SPIFFE-ID,
//! X.509-SVID, and SPIFFE Trust Domain and Bundle.

#[cfg(feature = "spiffe")]
mod bundle;
#[cfg(feature = "spiffe")]
mod document;
#[cfg(feature = "spiffe")]
mod error;
mod id;
#[cfg(feature = "spiffe")]
mod json;
mod svid;
#[cfg(all(test, feature = "spiffe"))]
mod tests;

#[cfg(feature = "spiffe")]
pub use bundle::{Bundle, BundleMap, MAX_DOCUMENT_BYTES};
#[cfg(feature = "spiffe")]
pub use error::{BundleError, BundleProblem};
pub use id::{InvalidSpiffeId, SpiffeId, TrustDomain};
pub(crate) use id::{is_spiffe_base, is_spiffe_id, trust_domain_of};
pub use svid::NotSvid;
pub(crate) use svid::{may_be_spiffe_id, svid_id};
