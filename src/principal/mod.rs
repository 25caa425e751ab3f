//! The name of a verified client in an application: rules that turn a certificate into a principal.
//!
//! ```
//! # fn name_of(client: &mtls_verify::VerifiedClient) -> Result<(), Box<dyn std::error::Error>> {
//! use mtls_verify::principal::{Condition, Edit, Field, PrincipalMap, Rule};
//!
//! // Devices by their DNS names, and people by their mail addresses, both in one space of names.
//! let map = PrincipalMap::new()
//!     .with_rule(
//!         Rule::take(Field::Dns)
//!             .then(Edit::LowerCase)
//!             .then(Edit::StripSuffix(".fleet.example.org".into()))
//!             .then(Edit::AddPrefix("device:".into())),
//!     )
//!     .with_rule(
//!         Rule::take(Field::CommonName)
//!             .when(Condition::EndsWith(Field::Email, "@example.org".into()))
//!             .then(Edit::AddPrefix("person:".into())),
//!     );
//! println!("{} may come in", map.principal(client)?);
//! # Ok(())
//! # }
//! ```
//!
//! The first rule that matches gives the name. A rule does not match if a condition does not hold,
//! or if the certificate does not have the field that it takes. Anything doubtful ends the search
//! without a principal: a field that is there twice, cannot be read, has characters that nobody
//! sees, or is empty. [`OnDoubt`] changes that for a rule. So a client cannot fall through to a
//! rule that was made for others by spoiling a field.
//!
//! A name is at most [`MAX_NAME_BYTES`] long and has no control character, no line separator and
//! no character that is not to be seen: none forges a line of a log or of an access list.
//! Other characters are left as they are: quote a name where a list gives them a meaning, such as
//! `*` or `,`.

mod dn;
mod error;
mod fingerprint;
mod map;
mod read;
mod rule;

pub use dn::DnForm;
pub use error::{Mismatch, NoPrincipal, Why};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use fingerprint::{Fingerprint, InvalidFingerprint, MapType};
pub use map::{Principal, PrincipalMap};
pub use rule::{Condition, Edit, Field, OnDoubt, Rule};

/// The most bytes that a name or a group may have.
pub const MAX_NAME_BYTES: usize = 4096;
/// The most groups that a principal may have.
pub const MAX_GROUPS: usize = 1000;
