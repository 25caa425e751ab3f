//! The library beside the `openssl` program: what that makes, and what both say of the cases.

mod cases;
mod chains;
#[path = "../common/mod.rs"]
mod common;
mod crls;
mod pki;
