//! CRLs (RFC 5280 §5, §6.3): how a store keeps them, which are about a certificate, and
//! what they say together.
//!
//! Whose they are takes a path to the signer, and so is found out in `verify`.

mod applicable;
mod crl;
mod crls;
mod deny;
mod effect;
mod issuers;
mod left_out;
mod newer;
mod signature_state;
mod status;
mod stored;
mod table;

pub use deny::{DeniedBy, DenyList};

pub use crate::x509::RevocationReason;

pub(crate) use applicable::{
    ApplicableCrl, ApplicableCrls, applicable_crls, crl_issuers_of, may_be_left_out,
};
pub(crate) use crl::{EntryStatus, StoredCrl};
pub(crate) use crls::StoredCrls;
pub(crate) use effect::{Age, Authenticity, Effect, Entry, effect};
pub(crate) use left_out::LeftOut;
pub(crate) use signature_state::Signed;
pub(crate) use status::{Ages, CombinedStatus, Coverage, Freshness, TooStale, Vouching};
pub(crate) use stored::StoredSigners;
