//! Revocation lists (RFC 5280 §5, §6.3): how a store keeps them, which are about a certificate, and what they say of it.
//!
//! Whether a list is authentic takes a path to its issuer, and so is found out in `verify`.

mod deny;
mod issuers;
mod list;
mod lists;
mod memo;
mod scope;
mod status;
mod table;

pub use deny::{DeniedBy, DenyList};

#[cfg(fuzzing)]
pub(crate) use list::Listed;
pub(crate) use list::{List, Signed};
pub(crate) use lists::Lists;
pub(crate) use scope::{other_list_issuers, reasons_covered};
pub(crate) use status::{Ages, Signer, Standing, Status, Witness, newest, status_of};
