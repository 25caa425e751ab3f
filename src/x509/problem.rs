//! What can be wrong with bytes.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

/// How many extensions a certificate may have. Real ones have fewer than twenty; the bound keeps
/// the search for duplicates (RFC 5280 §4.2) cheap on hostile input.
pub(crate) const MAX_EXTENSIONS: usize = 64;

/// Why bytes are not the structure they should be: the field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    field: Cow<'static, str>,
    problem: Problem,
}

impl ParseError {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(field: &'static str, problem: Problem) -> Self {
        Self {
            field: Cow::Borrowed(field),
            problem,
        }
    }

    /// About one place among many that have the same field.
    pub(crate) fn in_place(place: String, problem: Problem) -> Self {
        Self {
            field: Cow::Owned(place),
            problem,
        }
    }

    /// The field as its RFC names it, such as `subjectAltName`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Problem {
        self.problem
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.problem)
    }
}

impl core::error::Error for ParseError {}

/// One way in which bytes fail to be the DER that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The element ends after the bytes that hold it.
    #[error("cut short")]
    Truncated,
    /// Bytes are left over after the element.
    #[error("bytes left over after the end")]
    TrailingData,
    /// A length that is not in its shortest form, or has more than four octets (X.690 §10.1).
    #[error("length not in its shortest form, or too large")]
    LengthForm,
    /// A length of indefinite form, which is BER but not DER (X.690 §10.1).
    #[error("length of indefinite form")]
    IndefiniteLength,
    /// A tag number above 30, which no certificate uses.
    #[error("tag number above 30")]
    HighTagNumber,
    /// Another element than the one expected.
    #[error("unexpected element (tag 0x{found:02x})")]
    UnexpectedTag {
        /// The identifier octet found.
        found: u8,
    },
    /// An INTEGER that is empty or not in its shortest form (X.690 §8.3.2).
    #[error("INTEGER empty or not in its shortest form")]
    IntegerForm,
    /// An INTEGER outside of the values that the field allows.
    #[error("value out of range")]
    OutOfRange,
    /// A BOOLEAN that is neither 0x00 nor 0xFF (X.690 §11.1).
    #[error("BOOLEAN neither 0x00 nor 0xFF")]
    BooleanForm,
    /// A BIT STRING with a wrong count of unused bits, or with unused bits set (X.690 §11.2).
    #[error("BIT STRING with wrong unused bits")]
    BitStringForm,
    /// A default value that is written out (X.690 §11.5).
    #[error("default value written out")]
    DefaultEncoded,
    /// Not a time in the form of RFC 5280 §4.1.2.5.
    #[error("not a time in the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ")]
    TimeForm,
    /// An OBJECT IDENTIFIER that is empty or cut within an arc.
    #[error("malformed OBJECT IDENTIFIER")]
    OidForm,

    /// Nothing in a place where at least one thing is required.
    #[error("empty")]
    Empty,
    /// A distribution point with neither a name nor a cRLIssuer (RFC 5280 §4.2.1.13).
    #[error("distribution point with neither a name nor a cRLIssuer")]
    NamelessPoint,
    /// An extension that is there twice (RFC 5280 §4.2).
    #[error("extension present twice")]
    DuplicateExtension,
    /// More than 64 extensions, which is the limit.
    #[error("more than {MAX_EXTENSIONS} extensions")]
    TooManyExtensions,
    /// A certificate version other than 1, 2 or 3, or fields that its version does not have (RFC
    /// 5280 §4.1.2.1).
    #[error("fields that this version does not have, or an unknown version")]
    Version,
    /// The signature algorithms inside and outside of the signed part differ (RFC 5280 §4.1.1.2).
    #[error("signature algorithms inside and outside of the signed part differ")]
    AlgorithmMismatch,
    /// More bytes than 4 GiB; of an issuingDistributionPoint, more than 8,192.
    #[error("too large")]
    TooLarge,
}
