//! Distinguished names.

use crate::{der, oid};

/// The ASN.1 string type in which an attribute's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringType {
    /// UTF8String.
    Utf8,
    /// PrintableString.
    Printable,
    /// IA5String.
    Ia5,
    /// TeletexString, one octet a character.
    Teletex,
    /// BMPString: UTF-16, big-endian.
    Bmp,
    /// NumericString.
    Numeric,
    /// VisibleString.
    Visible,
    /// UniversalString: UTF-32, big-endian.
    Universal,
}

impl StringType {
    /// `text` as this type, with tag and length. Characters that the type does not allow are
    /// written all the same.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => der::utf8_string(text),
            Self::Printable => der::tlv(0x13, text.as_bytes()),
            Self::Ia5 => der::ia5_string(text),
            Self::Numeric => der::tlv(0x12, text.as_bytes()),
            Self::Visible => der::tlv(0x1a, text.as_bytes()),
            Self::Teletex => {
                let latin1: Vec<u8> = text.chars().map(|character| character as u8).collect();
                der::tlv(0x14, &latin1)
            }
            Self::Bmp => {
                let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
                der::tlv(0x1e, &units)
            }
            Self::Universal => {
                let points: Vec<u8> = text
                    .chars()
                    .flat_map(|character| u32::from(character).to_be_bytes())
                    .collect();
                der::tlv(0x1c, &points)
            }
        }
    }
}

/// One attribute of a name: its type and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute(Vec<u8>);

impl Attribute {
    /// Any attribute, its value in any string type.
    pub fn new(oid: &str, string_type: StringType, value: &str) -> Self {
        Self(der::sequence(&[der::oid(oid), string_type.encode(value)]))
    }

    /// commonName, UTF8String.
    pub fn common_name(value: &str) -> Self {
        Self::new(oid::COMMON_NAME, StringType::Utf8, value)
    }

    /// countryName, PrintableString.
    pub fn country(value: &str) -> Self {
        Self::new(oid::COUNTRY, StringType::Printable, value)
    }

    /// organizationName, UTF8String.
    pub fn organization(value: &str) -> Self {
        Self::new(oid::ORGANIZATION, StringType::Utf8, value)
    }

    /// organizationalUnitName, UTF8String.
    pub fn organizational_unit(value: &str) -> Self {
        Self::new(oid::ORGANIZATIONAL_UNIT, StringType::Utf8, value)
    }

    /// domainComponent, IA5String.
    pub fn domain_component(value: &str) -> Self {
        Self::new(oid::DOMAIN_COMPONENT, StringType::Ia5, value)
    }

    /// emailAddress, IA5String.
    pub fn email_address(value: &str) -> Self {
        Self::new(oid::EMAIL_ADDRESS, StringType::Ia5, value)
    }

    /// The encoded attribute.
    pub fn der(&self) -> &[u8] {
        &self.0
    }
}

/// A distinguished name, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(Vec<u8>);

impl Name {
    /// A name of one commonName.
    pub fn cn(value: &str) -> Self {
        Self::new(&[Attribute::common_name(value)])
    }

    /// A name of one attribute a level, the widest first (country, organization, …, common name).
    pub fn new(attributes: &[Attribute]) -> Self {
        let levels: Vec<_> = attributes.iter().map(std::slice::from_ref).collect();
        Self::from_levels(&levels)
    }

    /// A name whose levels (RelativeDistinguishedNames) may have several attributes, in the order
    /// given.
    pub fn from_levels(levels: &[&[Attribute]]) -> Self {
        let sets: Vec<_> = levels
            .iter()
            .map(|level| {
                let attributes: Vec<_> = level.iter().map(|attribute| &attribute.0).collect();
                der::set(&attributes)
            })
            .collect();
        Self(der::sequence(&sets))
    }

    /// The empty name.
    pub fn empty() -> Self {
        Self::new(&[])
    }

    /// These bytes in the place of a name.
    pub fn raw(encoded: Vec<u8>) -> Self {
        Self(encoded)
    }

    /// The encoded name.
    pub fn der(&self) -> &[u8] {
        &self.0
    }
}
