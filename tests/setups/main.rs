//! The set-ups of `docs/guide/scopes.md` end to end: the code of that page, and which clients come
//! in by it.

mod cards;
mod common;
mod factories;
#[cfg(feature = "spiffe")]
mod federation;
#[cfg(feature = "serde")]
mod keys;
mod page;
mod tenants;
