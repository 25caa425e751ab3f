//! The certificates that a store keeps: packed, and found by their names.

mod draft;
mod origin;
mod self_signed;
mod set;

pub use origin::Origin;

pub(crate) use draft::{Draft, Stored, TooLarge};
pub(crate) use origin::{Labels, Placed};
pub(crate) use set::{CertificateSet, NameId};
