//! Parts of matches: what a rule names a value by.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::TextMatch;
use crate::x509::{Oid, ParseError, Problem, ShortName, only_name};

/// An attribute of the subject (RFC 5280 §4.1.2.4), by its type.
///
/// ```
/// use mtls_verify::policy::{AttributeMatch, TextMatch};
///
/// let organization = AttributeMatch::new("2.5.4.10".parse()?, TextMatch::Exact("Example".into()));
/// # Ok::<(), mtls_verify::client::InvalidOid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributeMatch {
    /// Its type.
    pub oid: Oid,
    /// What its text must be.
    pub text: TextMatch,
}

impl AttributeMatch {
    /// An attribute of this type with such text.
    pub fn new(oid: Oid, text: TextMatch) -> Self {
        Self { oid, text }
    }
}

/// An otherName of the subjectAltName (RFC 5280 §4.2.1.6), by its type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherNameMatch {
    /// Its type.
    pub oid: Oid,
    /// What its value must be.
    pub value: OtherNameValue,
}

impl OtherNameMatch {
    /// An otherName of this type with such a value.
    pub fn new(oid: Oid, value: OtherNameValue) -> Self {
        Self { oid, value }
    }
}

/// What the value of an otherName must be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherNameValue {
    /// A string with such text, byte by byte. A value that is no string cannot be read.
    Text(TextMatch),
    /// Exactly this DER.
    Der(Vec<u8>),
}

/// An extension (RFC 5280 §4.1.2.9), by its bytes: nothing looks at what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtensionMatch {
    /// Its OBJECT IDENTIFIER.
    pub oid: Oid,
    /// Exactly this content of its extnValue; `None`: it is there, whatever it says.
    pub value: Option<Vec<u8>>,
}

impl ExtensionMatch {
    /// The extension is there, whatever it says.
    pub fn present(oid: Oid) -> Self {
        Self { oid, value: None }
    }

    /// The extension is there with exactly this content of its extnValue.
    pub fn with_value(oid: Oid, value: Vec<u8>) -> Self {
        let value = Some(value);
        Self { oid, value }
    }
}

/// A distinguished name with attributes (RFC 5280 §4.1.2.4). Names compare by §7.1: case, white
/// space and types of string do not matter.
///
/// `==` compares the DER.
#[derive(Clone, PartialEq, Eq)]
pub struct DistinguishedName(Box<[u8]>);

impl DistinguishedName {
    /// From its DER, as [`Identity::subject_der`](crate::Identity::subject_der) has it.
    ///
    /// # Errors
    /// If it is not a name with attributes.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseError> {
        let name = only_name(der).map_err(|problem| ParseError::new("name", problem))?;
        Ok(Self(name.into()))
    }

    /// Its DER.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DistinguishedName({})", ShortName(&self.0))
    }
}

/// A serial number, with the name of its issuer (RFC 5280 §4.1.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerialMatch {
    issuer: DistinguishedName,
    serial: Box<[u8]>,
}

impl SerialMatch {
    /// The serial number by its octets, with or without zeros in front: a positive number, whatever
    /// its first bit is.
    ///
    /// # Errors
    /// If it has no octets.
    pub fn new(issuer: DistinguishedName, serial: &[u8]) -> Result<Self, ParseError> {
        if serial.is_empty() {
            return Err(ParseError::new("serialNumber", Problem::Empty));
        }
        let serial = serial.into();
        Ok(Self { issuer, serial })
    }

    /// The name of the issuer.
    #[must_use]
    pub fn issuer(&self) -> &DistinguishedName {
        &self.issuer
    }

    /// The octets of the serial number.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }
}
