//! The certificates that a store keeps: packed, and found by their names.

mod draft;
mod self_signed;
mod set;

pub(crate) use draft::{Draft, Stored, TooLarge};
pub(crate) use set::{CertificateSet, NameId};
