//! Signature algorithms: the default set, which no feature changes, and objects that differ between
//! the store, the policy and the TLS library.

#[path = "../common/mod.rs"]
mod common;
mod defaults;
mod objects;
#[cfg(all(feature = "ring", feature = "aws-lc-rs"))]
mod providers;
