//! What can go wrong: while verifying ([`VerifyError`]) and while loading a store ([`StoreError`]).

mod code;
mod store;
mod verify;

pub use code::{Code, TlsAlert};
pub use store::{Input, StoreError, StoreProblem};
pub use verify::{CertificateRef, Position, Reason, VerifyError};
