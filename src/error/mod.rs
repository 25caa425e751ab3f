//! What can go wrong: while verifying ([`VerifyError`]) and while loading a store ([`StoreError`]).

mod certificate;
mod code;
mod form;
mod reason;
mod revocation;
mod store;
mod verify;
mod work;

pub use certificate::{CertificateRef, Position};
pub use code::{Code, TlsAlert};
pub use form::FormRule;
pub use reason::{NameViolation, Reason};
pub use revocation::{ListFault, PassedOver};
pub use store::{Input, StoreError, StoreProblem};
pub use verify::VerifyError;
pub use work::Work;
