//! Verifies the certificates of TLS *clients*: a CA bundle, a presented chain, the time and a policy go in; who the client is and until
//! when that holds, or exactly why not, comes out.
//!
//! ```
//! use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use mtls_verify::pki_types::{CertificateDer, UnixTime, pem::PemObject};
//! # let ca_pem = include_bytes!("../testdata/example/ca.pem");
//! # let chain: Vec<_> = CertificateDer::pem_slice_iter(include_bytes!("../testdata/example/chain.pem")).collect::<Result<_, _>>()?;
//! # let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000));
//!
//! let store = TrustStore::from_pem(ca_pem)?; // once
//! let policy = ClientPolicy::default();
//!
//! match verify_client_chain(&store, &chain, now, &policy) {
//!     Ok(client) => println!("{} may come in", client.identity().subject()),
//!     Err(refusal) => eprintln!("{}: {refusal}", refusal.code()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The path validation (RFC 5280 §6.1) is this crate's own, for PKIs that are not the Web's: private CAs, smart cards,
//! devices whose certificates expire in the field. Signatures come from `ring` or `aws-lc-rs`, through `rustls-webpki`.
//!
//! # What is checked
//!
//! | rule | RFC 5280 | policy |
//! |---|---|---|
//! | DER that can be read in one way only, known versions, no extension twice, one signature algorithm inside and outside | §4.1, §4.2 | |
//! | a path of names to a trust anchor, over presented and stored certificates in any order | §6.1.3 (a)(4) | [`Limits`](policy::Limits) |
//! | signatures | §6.1.3 (a)(1) | [`SignatureAlgorithms`](policy::SignatureAlgorithms) |
//! | validity, of anchors too | §6.1.3 (a)(2) | [`ExpiryPolicy`](policy::ExpiryPolicy) |
//! | issuers are CAs, path length | §6.1.4 (k)-(m) | [`ClientPolicy::path_length`] |
//! | key usage | §6.1.4 (n), §4.2.1.3 | [`ClientKeyUsage`](policy::ClientKeyUsage) |
//! | extended key usage, of CAs too | §4.2.1.12 | [`RequiredPurpose`](policy::RequiredPurpose) |
//! | name constraints, of anchors too: directory names, DNS names, mail addresses, URIs, IP addresses | §4.2.1.10 | |
//! | certificate policies, by the graph of RFC 9618 | §6.1.2-§6.1.5 | [`CertificatePolicies`](policy::CertificatePolicies) |
//! | critical extensions are known | §4.2 | |
//! | the form of certificates | §4.1, §4.2 | [`Profile`](policy::Profile) |
//! | strength of every key, the client's own included | | [`RsaKeySize`](policy::RsaKeySize) |
//! | the client's certificate is no CA's, unless it is pinned | | [`ClientCa`](policy::ClientCa) |
//! | revocation, by the CRLs of the store; a deny list | §6.1.3 (a)(3), §6.3.3 | [`RevocationPolicy`](policy::RevocationPolicy), [`DenyList`] |
//! | the client is one of those to be let in | | [`AcceptedIdentities`](policy::AcceptedIdentities) |
//!
//! **CRLs in a store are enforced unless the policy says [`RevocationPolicy::off`](policy::RevocationPolicy::off)**, but for
//! pinned clients, which have no path. Nothing is fetched. A certificate with a critical extension
//! that is not processed is refused.
//!
//! # Features
//!
//! | feature | default | brings |
//! |---|---|---|
//! | `std` | yes | the standard library; without it the crate is `no_std` with `alloc` |
//! | `ring` | yes | signatures and SHA-256 from `ring` |
//! | `aws-lc-rs` | no | signatures and SHA-256 from `aws-lc-rs`; policies can choose P-521, SHA-512 with ECDSA, and ML-DSA: `SignatureAlgorithms::aws_lc_rs()` |
//! | `headers` | no | `headers`: certificates that proxies forward in HTTP headers, read and written; with or without `std` |
//! | `rustls` | no | module `rustls`: a verifier of clients for servers with `rustls` 0.23 |
//! | `tracing` | no | an event of `tracing` for each decision of a [`ClientVerifier`]: refusals at INFO, verified clients at DEBUG |
//!
//! What is accepted by default is the same with either provider and with both:
//! [`crypto::DEFAULT_ALGORITHMS`]. With both on, `ring` implements it. With neither, no signature
//! is accepted by default.
//!
//! The target of the events is `mtls_verify`. Their fields: `code` ([`Code`](error::Code), or `Verified`),
//! `reason` ([`Reason::name`](error::Reason::name), of refusals), `subject`, `serial` and `fingerprint` (SHA-256 in
//! hexadecimal digits) of the client's certificate, which of a refused client say what it claims;
//! `presented` (certificates, of refusals), `depth` (certificates of the path above the client's),
//! `from_memory`.
//!
//! `rustls` and `tracing` build on [`ClientVerifier`], and that needs `ring` or `aws-lc-rs`, whichever provider the TLS itself uses.

#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::return_self_not_must_use)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// All bytes are an attacker's: nothing here may panic. Where an invariant makes a line safe, the line says which.
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

mod budget;
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
pub mod revocation;
#[cfg(all(feature = "rustls", any(feature = "ring", feature = "aws-lc-rs")))]
pub mod rustls;
mod spiffe;
pub mod store;
mod validate;
mod verified_client;
mod x509;

#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
pub use client_verifier::ClientVerifier;
pub use engine::verify_client_chain;
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

/// The code in README is compiled and run with the tests, if they have the features that it shows.
#[cfg(all(doctest, feature = "headers", feature = "rustls"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// A changed copy that is dropped is a warning of the compiler, where `store.with_crls(..)` reads as
/// if it changed the store. Such code does not compile where that warning is an error:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// # fn main() -> Result<(), mtls_verify::StoreError> {
/// # let (ca_pem, crl_pem) = (include_bytes!("../testdata/example/ca.pem"), include_bytes!("../testdata/example/crl.pem"));
/// let store = mtls_verify::TrustStore::from_pem(ca_pem)?;
/// store.with_crls(mtls_verify::CrlSet::new().add_pem(crl_pem)?);
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
/// let store = store.with_crls(mtls_verify::CrlSet::new().add_pem(crl_pem)?);
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
