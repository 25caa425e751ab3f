//! What can go wrong: while verifying ([`VerifyError`]) and while loading a store ([`StoreError`]).

mod certificate;
mod code;
mod duration;
mod form;
mod names;
mod reason;
mod reason_name;
#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
mod replace;
mod revocation;
mod store;
mod store_problem_name;
mod trust_domain;
mod verify;
mod work;

pub use certificate::{CertificateRef, Position};
pub use code::{Code, TlsAlert};
pub use form::FormRule;
pub use reason::{MalformedCertificate, NameViolation, Reason};
#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
pub use replace::ReplaceStoreError;
pub use revocation::{CrlFault, PassedOver};
pub(crate) use store::Place;
pub use store::{Input, StoreError, StoreProblem};
pub use trust_domain::TrustDomainProblem;
pub use verify::VerifyError;
pub use work::Work;

pub use crate::x509::{CalendarTime, CrlFormRule, EncodingRule, NotACa, ParseError, Problem};
