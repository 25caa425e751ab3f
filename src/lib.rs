//! Verifies TLS *client* certificates: who the client is and until when that holds, or exactly why
//! not.
//!
//! ```
//! use std::sync::Arc;
//! use mtls_verify::policy::ExpiryPolicy;
//! use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use mtls_verify::pki_types::{CertificateDer, UnixTime, pem::PemObject};
//! # let ca_pem = include_bytes!("../testdata/example/ca.pem");
//! # let chain = include_bytes!("../testdata/example/chain.pem");
//! # let presented: Vec<_> = CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>()?;
//! # let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000));
//!
//! // What the server trusts: CA certificates and CRLs, loaded once.
//! let store = TrustStore::from_pem(ca_pem)?;
//! // What it asks of clients. The default is strict; here expired clients are accepted.
//! let policy = ClientPolicy::default().with_expiry(ExpiryPolicy::ignore_client_expiry());
//! // One for all threads. It remembers what it has verified.
//! let verifier = ClientVerifier::new(Arc::new(store), policy);
//!
//! // For each client: the chain that it presented, the end-entity certificate first.
//! match verifier.verify(&presented, now) {
//!     Ok(client) => println!("{} may come in", client.identity().subject()),
//!     Err(refusal) => eprintln!("{}: {refusal}", refusal.code()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | step | type | module of its parts |
//! |---|---|---|
//! | what is trusted | [`TrustStore`], [`CrlSet`], [`DenyList`] | [`store`], [`revocation`] |
//! | whose clients they are, of several CAs | [`Scope`](store::Scope) | [`store`] |
//! | what is asked | [`ClientPolicy`] | [`policy`] |
//! | the verdict | [`ClientVerifier`], or [`verify_client_chain`] without memory | |
//! | who it is | [`VerifiedClient`], [`Identity`], [`SpiffeId`](spiffe::SpiffeId) | [`client`], [`spiffe`] |
//! | its name in an application | [`Principal`](principal::Principal) | [`principal`] |
//! | why not | [`VerifyError`], [`StoreError`] | [`error`] |
//!
//! The path validation (RFC 5280 §6.1) is this crate's own. Signatures come from `ring` or
//! `aws-lc-rs`, through `rustls-webpki` ([`crypto`]). **CRLs in a store are enforced unless the
//! policy says [`RevocationPolicy::off`](policy::RevocationPolicy::off)**. Nothing is fetched.
//!
//! # Features
//!
//! | feature | default | brings |
//! |---|---|---|
//! | `std` | yes | the standard library; without it the crate is `no_std` with `alloc` |
//! | `ring` | yes | signatures and SHA-256 from `ring` |
//! | `aws-lc-rs` | no | the same from `aws-lc-rs`; policies can choose P-521 and ML-DSA |
//! | `headers` | no | module `headers`: certificates that proxies forward in HTTP headers |
//! | `serde` | no | `Serialize` and `Deserialize` of [`ClientPolicy`] and its parts |
//! | `rustls` | no | module `rustls`: a verifier of clients for servers with `rustls` 0.23 |
//! | `spiffe` | no | `Bundle` and `BundleMap` in [`spiffe`]: the CAs of trust domains, from JSON |
//! | `tracing` | no | an event for each decision of a [`ClientVerifier`] |
//!
//! What is accepted by default is the same with either provider and with both:
//! [`crypto::DEFAULT_ALGORITHMS`]. With both on, `ring` implements it. With neither, no signature
//! is accepted by default, and there is no [`ClientVerifier`]: `rustls` and `tracing` build on it
//! and do not compile then.

#![no_std]
// These lints are about safety: they fail everywhere. Lints about style are warnings, which only
// .ci/run denies.
#![forbid(unsafe_code)]
// A changed copy of a deny list that is dropped would deny nothing.
#![deny(clippy::return_self_not_must_use)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// All bytes are an attacker's: nothing here may panic, which is about safety too. Where an
// invariant makes a line safe, the line says which.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

// Without a provider there is no `ClientVerifier`, and these features would bring nothing.
#[cfg(all(feature = "rustls", not(any(feature = "ring", feature = "aws-lc-rs"))))]
compile_error!("the feature `rustls` of mtls-verify needs a provider: add `ring` or `aws-lc-rs`");
#[cfg(all(feature = "tracing", not(any(feature = "ring", feature = "aws-lc-rs"))))]
compile_error!("the feature `tracing` of mtls-verify needs a provider: add `ring` or `aws-lc-rs`");

mod budget;
mod certificates;
pub mod client;
#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
mod client_verifier;
pub mod crypto;
mod engine;
pub mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "headers")]
pub mod headers;
mod identity;
mod path;
pub mod policy;
pub mod principal;
pub mod revocation;
#[cfg(all(feature = "rustls", any(feature = "ring", feature = "aws-lc-rs")))]
pub mod rustls;
pub mod spiffe;
pub mod store;
mod validate;
mod verified_client;
mod x509;

#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
pub use client_verifier::ClientVerifier;
pub use engine::{verify_client_chain, verify_client_chain_in};
#[doc(inline)]
pub use error::{StoreError, VerifyError};
pub use identity::Identity;
pub use pki_types;
#[doc(inline)]
pub use policy::ClientPolicy;
#[doc(inline)]
pub use revocation::DenyList;
#[doc(inline)]
pub use store::{CrlSet, TrustStore, TrustStoreBuilder};
pub use verified_client::VerifiedClient;

/// The code of README and of the guide is compiled and run with the tests, if they have the
/// features that it shows.
#[cfg(all(doctest, feature = "headers", feature = "rustls"))]
mod documents {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/guide/trust-store.md")]
    struct TrustStore;
    #[cfg(all(feature = "serde", feature = "spiffe"))]
    #[doc = include_str!("../docs/guide/scopes.md")]
    struct Scopes;
    #[doc = include_str!("../docs/guide/expiry.md")]
    struct Expiry;
    #[doc = include_str!("../docs/guide/revocation.md")]
    struct Revocation;
    #[doc = include_str!("../docs/guide/identities.md")]
    struct Identities;
    #[doc = include_str!("../docs/guide/principals.md")]
    struct Principals;
    #[doc = include_str!("../docs/guide/checks.md")]
    struct Checks;
    #[cfg(feature = "serde")]
    #[doc = include_str!("../docs/guide/policy.md")]
    struct Policy;
    #[doc = include_str!("../docs/guide/servers.md")]
    struct Servers;
    #[doc = include_str!("../docs/guide/headers.md")]
    struct Headers;
    #[doc = include_str!("../docs/guide/refusals.md")]
    struct Refusals;
    #[doc = include_str!("../docs/guide/costs.md")]
    struct Costs;
}

/// A changed copy that is dropped is a warning of the compiler, where `store.with_crls(..)` reads
/// as if it changed the store. Such code does not compile where that warning is an error:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// # fn main() -> Result<(), mtls_verify::StoreError> {
/// # let (ca_pem, crl_pem) = (include_bytes!("../testdata/example/ca.pem"), include_bytes!("../testdata/example/crl.pem"));
/// let store = mtls_verify::TrustStore::from_pem(ca_pem)?;
/// store.with_crls(mtls_verify::CrlSet::from_pem(crl_pem)?);
/// # Ok(())
/// # }
/// ```
///
/// And it is that line alone:
///
/// ```
/// #![deny(unused_must_use)]
/// # fn main() -> Result<(), mtls_verify::StoreError> {
/// # let (ca_pem, crl_pem) = (include_bytes!("../testdata/example/ca.pem"), include_bytes!("../testdata/example/crl.pem"));
/// let store = mtls_verify::TrustStore::from_pem(ca_pem)?;
/// let store = store.with_crls(mtls_verify::CrlSet::from_pem(crl_pem)?);
/// # assert_eq!(store.crls().len(), 2);
/// # Ok(())
/// # }
/// ```
///
/// The same for a deny list, whose methods take it by value:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// let denied = mtls_verify::DenyList::new();
/// denied.clone().with_key_sha256([0; 32]);
/// ```
///
/// ```
/// #![deny(unused_must_use)]
/// let denied = mtls_verify::DenyList::new();
/// let denied = denied.clone().with_key_sha256([0; 32]);
/// # let _ = denied;
/// ```
#[cfg(all(doctest, any(feature = "ring", feature = "aws-lc-rs")))]
struct ChangedCopies;
