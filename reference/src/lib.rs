//! What `mtls-verify` promises, as a program that a reader can hold beside RFC 5280 page by page.
//!
//! It enumerates all simple paths, judges each to the end, and keeps nothing: no budget, no index,
//! no cache, no early exit. It shares no code with the library but the signature primitives.

pub mod certificate;
pub mod crl;
pub mod denied;
pub mod der;
pub mod forms;
pub mod identities;
pub mod model;
pub mod name_constraints;
pub mod names;
pub mod paths;
pub mod policies;
pub mod revocation;
pub mod scopes;
pub mod signatures;
pub mod validation;

pub use model::{Answer, Failure, JudgedPath, Policy, Question};
pub use paths::answer;
