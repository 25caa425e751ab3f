//! Why a client has no principal.

use alloc::vec::Vec;
use core::fmt;

use super::{MAX_GROUPS, MAX_NAME_BYTES};
use crate::client::Oid;
use crate::spiffe::NotSvid;

/// No rule gave a principal: for each rule that was tried, why it did not.
///
/// `Display` is a sentence for a person, such as `no principal: rule 1: condition 1 does not hold;
/// rule 2: commonName: it is there several times`. It repeats nothing of the certificate but a
/// character or an OBJECT IDENTIFIER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPrincipal(pub(super) Vec<Mismatch>);

impl NoPrincipal {
    /// Why each rule did not give a principal, in the order of the rules. The last may have ended
    /// the search before the last rule, if its [`OnDoubt`](super::OnDoubt) says so.
    pub fn rules(&self) -> &[Mismatch] {
        &self.0
    }
}

impl fmt::Display for NoPrincipal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no principal: ")?;
        if self.0.is_empty() {
            return f.write_str("the map has no rules");
        }
        for (mismatch, number) in self.0.iter().zip(1_usize..) {
            let before = if number == 1 { "" } else { "; " };
            write!(f, "{before}rule {number}: {mismatch}")?;
        }
        Ok(())
    }
}

impl core::error::Error for NoPrincipal {}

/// Why one rule gave no principal: about which field, and what is the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub(super) field: &'static str,
    pub(super) why: Why,
}

impl Mismatch {
    /// The field that it is about, such as `commonName`; empty if it is about a condition.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// What is the matter.
    pub fn why(&self) -> &Why {
        &self.why
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        self.why.fmt(f)
    }
}

/// What is the matter with a rule's condition or field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// A condition does not hold.
    #[error("condition {number} does not hold")]
    Condition {
        /// Which of the rule's conditions, from one.
        number: usize,
    },
    /// The certificate does not have the field.
    #[error("it is not there")]
    Missing,
    /// The certificate has a URI of the scheme `spiffe`, and is no X.509-SVID. One whose URIs can
    /// all be read and are of other schemes has no SPIFFE ID: [`Missing`](Self::Missing).
    #[error("{0}")]
    NotSvid(NotSvid),
    /// The field does not have the prefix or suffix that the rule strips.
    #[error("it does not have the prefix or suffix that is to be stripped")]
    Affix,
    /// The field is there several times, readable or not.
    #[error("it is there several times")]
    Several,
    /// The field cannot be read as text, or not for certain.
    #[error("it cannot be read")]
    Unreadable,
    /// The field does not have the syntax of its form, or is a DNS name with a wildcard.
    #[error("it does not have the syntax of its form, or has a wildcard")]
    IllFormed,
    /// The text has a control character or another one that is not to be seen.
    #[error("it has the character {character:?}, which is not to be seen")]
    Invisible {
        /// The first such character.
        character: char,
    },
    /// The text is empty, or what is left of it.
    #[error("it is empty")]
    Empty,
    /// The text is longer than [`MAX_NAME_BYTES`].
    #[error("{bytes} bytes; a name may have {MAX_NAME_BYTES}")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// There are more groups than [`MAX_GROUPS`].
    #[error("more than {MAX_GROUPS} groups")]
    TooManyGroups,
    /// The name has an attribute whose short name depends on the release of OpenSSL.
    #[error("it has an attribute of type {oid}, whose name is not known for certain")]
    UnknownAttribute {
        /// The type.
        oid: Oid,
    },
}

impl Why {
    /// Whether the rule is plainly about other clients. All else is doubtful.
    pub fn is_mismatch(&self) -> bool {
        matches!(self, Self::Condition { .. } | Self::Missing | Self::Affix)
    }
}
