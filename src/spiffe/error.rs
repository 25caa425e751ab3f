//! Why a document of SPIFFE bundles is refused.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;

use super::{InvalidSpiffeId, MAX_DOCUMENT_BYTES, TrustDomain};
use crate::error::StoreProblem;
use crate::x509::ShortText;

/// A document of SPIFFE bundles is not as it should be: which trust domain, which of its keys,
/// which member, and what is wrong. Nothing of the document was loaded.
///
/// `Display` is a sentence for a person, such as `SPIFFE bundle of example.org, keys[2].x5c: not
/// base64 with padding; nothing was loaded`.
#[derive(Clone, PartialEq, Eq)]
pub struct BundleError(Box<Refusal>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    place: Place,
    problem: BundleProblem,
}

/// Where a document is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) trust_domain: Option<TrustDomain>,
    pub(super) key: Option<usize>,
    pub(super) member: Option<&'static str>,
}

impl BundleError {
    pub(super) fn new(place: Place, problem: BundleProblem) -> Self {
        Self(Box::new(Refusal { place, problem }))
    }

    /// The trust domain whose bundle it is about; `None` if it is about the whole of a map.
    pub fn trust_domain(&self) -> Option<&TrustDomain> {
        self.0.place.trust_domain.as_ref()
    }

    /// The element of `keys` that it is about, from zero.
    pub fn key(&self) -> Option<usize> {
        self.0.place.key
    }

    /// The member that it is about, such as `x5c`.
    pub fn member(&self) -> Option<&'static str> {
        self.0.place.member
    }

    /// What is wrong.
    pub fn problem(&self) -> &BundleProblem {
        &self.0.problem
    }
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal { place, problem } = &*self.0;
        match &place.trust_domain {
            Some(trust_domain) => write!(f, "SPIFFE bundle of {trust_domain}")?,
            None => f.write_str("SPIFFE bundle map")?,
        }
        match (place.key, place.member) {
            (None, None) => {}
            (None, Some(member)) => write!(f, ", {member}")?,
            (Some(key), None) => write!(f, ", keys[{key}]")?,
            (Some(key), Some(member)) => write!(f, ", keys[{key}].{member}")?,
        }
        write!(f, ": {problem}; nothing was loaded")
    }
}

/// As `Display`.
impl fmt::Debug for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BundleError({self})")
    }
}

impl core::error::Error for BundleError {}

/// What is wrong with a document of SPIFFE bundles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleProblem {
    /// It is larger than [`MAX_DOCUMENT_BYTES`].
    #[error("{bytes} bytes; a document may have {MAX_DOCUMENT_BYTES}: split it by trust domain")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It begins with a byte order mark, which JSON has not (RFC 8259 §8.1).
    #[error("it begins with a byte order mark: store it in UTF-8 without one")]
    ByteOrderMark,
    /// It is not JSON, or nested too deeply, or has something else where an object or array
    /// belongs. In the words of the reader of JSON, with line and column, and at most 200
    /// characters.
    #[error("{0}")]
    Json(String),
    /// A member that must be there is not (§4.1.3, §5.1.1).
    #[error("it has no {member:?}, which must be there")]
    Missing {
        /// Its name.
        member: &'static str,
    },
    /// A member is there twice (RFC 7517 §4, §5), or a trust domain (§5.1.1): readers would
    /// disagree on which one counts.
    #[error("{name:?} is there twice; readers disagree on which one counts: remove one")]
    Duplicate {
        /// Its name, at most 200 characters of it.
        name: String,
    },
    /// An object has more members than any document has use for.
    #[error("more than {limit} members in one object")]
    TooManyMembers {
        /// The largest number taken.
        limit: usize,
    },
    /// A member is of another type than the standard gives it.
    #[error("it is not {expected}")]
    Type {
        /// What it should be.
        expected: &'static str,
    },
    /// A key of `trust_domains` is not the name of a trust domain (§5.1.1).
    #[error("{name:?} names no trust domain: {reason}")]
    TrustDomain {
        /// The key, at most 200 characters of it.
        name: String,
        /// What is wrong with it.
        reason: InvalidSpiffeId,
    },
    /// The first value of an `x5c` is not base64 (RFC 7517 §4.7).
    #[error("not base64 with padding (RFC 7517 §4.7)")]
    Base64,
    /// The first value of an `x5c` is not the certificate of a CA.
    #[error("not a CA certificate: {0}")]
    Certificate(StoreProblem),
    /// A CA certificate has the SPIFFE ID of another trust domain, or one with a path
    /// (X.509-SVID §3.2).
    #[error(
        "the CA certificate has the URI {uri:?}, which is not the SPIFFE ID of this trust domain: \
         is this the bundle of another one?"
    )]
    OtherTrustDomain {
        /// The URI, at most 200 characters of it.
        uri: String,
    },
    /// A CA certificate has a URI that cannot be read, which may be a SPIFFE ID.
    #[error("the CA certificate has a URI that cannot be read as ASCII")]
    UnreadableUri,
}

/// Text from a document as an error has it: escaped, and cut.
pub(super) fn shown(text: &str) -> String {
    ShortText(text).to_string()
}
