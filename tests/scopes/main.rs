//! Stores with scopes: what their anchors may vouch for, and what does not pass from one to
//! another.

mod common;
mod limits;
mod names;
mod policies;
mod revocation;
mod spiffe;
