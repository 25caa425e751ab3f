//! `libmtls_verify`: the C face of `mtls-verify`. `include/mtls_verify.h` is generated from what is
//! here, and its introduction (in `cbindgen.toml`) is the contract with the caller:
//!
//! - a pointer is NULL, or points to what its type says, for as long as the call lasts: an object
//!   of this library that was not freed, as many bytes as are said to be there, or room for a
//!   result;
//! - nobody writes meanwhile to what is read, nor frees an object that is used.
//!
//! Every `unsafe` of the library rests on that, and on what `pointers.rs` checks besides. There is
//! no other promise to keep: objects may be used from all threads at once, as each is `Send +
//! Sync`.
#![allow(
    clippy::missing_safety_doc,
    reason = "the contract is the same for all functions, and C programmers read it once, on top \
        of the header"
)]

mod client;
mod client_verdict;
mod deny;
mod error;
mod error_access;
mod extensions;
mod identity_match;
mod on_bad_input;
mod pointers;
mod policy;
mod policy_choices;
mod policy_json;
mod result;
mod signature_algorithms;
mod store;
mod store_builder;
mod text;
mod verifier;
mod verify;

pub use client::*;
pub use client_verdict::*;
pub use deny::*;
pub use error::*;
pub use error_access::*;
pub use extensions::*;
pub use identity_match::*;
pub use on_bad_input::*;
pub use pointers::MtlsBytes;
pub use policy::*;
pub use policy_choices::*;
pub use policy_json::*;
pub use signature_algorithms::*;
pub use store::*;
pub use store_builder::*;
pub use text::MtlsStr;
pub use verifier::*;
pub use verify::*;

/// The version of the library, such as `0.1.0`. Never freed.
#[unsafe(no_mangle)]
pub extern "C" fn mtls_version() -> MtlsStr {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    MtlsStr {
        data: VERSION.as_ptr().cast(),
        len: VERSION.len() - 1,
    }
}
