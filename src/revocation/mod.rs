//! Revocation lists (RFC 5280 §5, §6.3): how a store keeps them, which are about a certificate, and
//! what they say together.
//!
//! Whose they are takes a path to the signer, and so is found out in `verify`.

mod about;
mod deny;
mod effect;
mod evidence;
mod issuers;
mod left_out;
mod list;
mod lists;
mod newer;
mod status;
mod stored;
mod table;

pub use deny::{DeniedBy, DenyList};

pub(crate) use about::{About, AllAbout, lists_about, may_be_left_out};
pub(crate) use effect::{Age, Authenticity, Effect, Entry, effect};
pub(crate) use evidence::Signed;
pub(crate) use left_out::LeftOut;
pub(crate) use list::{List, Listed};
pub(crate) use lists::Lists;
pub(crate) use status::{Ages, Freshness, Tally, Together, TooStale, Vouching};
pub(crate) use stored::StoredSigners;
