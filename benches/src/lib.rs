//! What is measured: the same chains and stores for `mtls-verify`, for `rustls-webpki` and for the
//! signatures alone.
//!
//! `README.md` in this folder says how to run it.

mod case;
pub mod crafted;
pub mod crls;
pub mod hostile;
mod pki;
pub mod results;
pub mod signatures;
pub mod svg;

pub use case::{AFTER, Case, NOW, Outcome, webpki_anchors};
pub use pki::{CaBundle, Hostile, KeyIds, KeyKind, Pki};

/// Where the signatures of both sides come from.
pub const PROVIDER: &str = if cfg!(feature = "ring") {
    "ring"
} else {
    "aws-lc-rs"
};

/// The names of the rows that benches have in common; bounds and plots speak of them.
pub mod row {
    /// `verify_client_chain`: nothing is remembered.
    pub const COLD: &str = "ours cold";
    /// [`COLD`] of an honest chain beside a hostile one.
    pub const HONEST: &str = "ours honest";
    /// A `ClientVerifier` that has not seen the client and knows its CAs.
    pub const KNOWN: &str = "ours known issuer";
    /// A `ClientVerifier` that has verified this very chain before.
    pub const REPEATED: &str = "ours repeated";
    /// The same by all threads at once.
    pub const REPEATED_SAME: &str = "ours repeated, one client";
    /// [`COLD`] by the C library.
    pub const C_COLD: &str = "C cold";
    /// [`REPEATED`] by the C library.
    pub const C_REPEATED: &str = "C repeated";
    /// `rustls-webpki`, with the same algorithms.
    pub const WEBPKI: &str = "webpki";
    /// The signatures of the chain and nothing else.
    pub const SIGNATURES: &str = "signatures";
    /// The SHA-256 of what was presented: what it takes to see that it is the same as before.
    pub const SHA256: &str = "SHA-256";
    /// The bytes of certificates as DER, beside the memory that a store of them keeps.
    pub const DER: &str = "DER";
}
