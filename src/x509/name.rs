//! Distinguished names (RFC 5280 §4.1.2.4).

use alloc::borrow::Cow;
use alloc::string::String;

use super::der::{Element, Problem, Reader, tag};

/// The DER of a name without attributes.
pub(super) const EMPTY_NAME: &[u8] = &[tag::SEQUENCE, 0];

/// The next element, which must be a name.
pub(super) fn read_name<'a>(reader: &mut Reader<'a>) -> Result<Element<'a>, Problem> {
    let name = reader.expect(tag::SEQUENCE)?;
    check_name(name.reader())?;
    Ok(name)
}

/// The name that `der` consists of, which must have attributes.
pub(crate) fn only_name(der: &[u8]) -> Result<&[u8], Problem> {
    let mut reader = Reader::new(der);
    let name = read_name(&mut reader)?;
    reader.finish()?;
    match name.whole {
        EMPTY_NAME => Err(Problem::Empty),
        name => Ok(name),
    }
}

/// Checks that `value`, the content of an RDNSequence, is what it should be: SETs of at least one
/// `SEQUENCE { OBJECT IDENTIFIER, ANY }`.
pub(crate) fn check_name(value: Reader<'_>) -> Result<(), Problem> {
    let mut relative_names = value;
    while !relative_names.is_empty() {
        check_relative_name(&relative_names.expect(tag::SET)?)?;
    }
    Ok(())
}

/// Checks a RelativeDistinguishedName, whatever its tag: at least one attribute.
pub(super) fn check_relative_name(set: &Element<'_>) -> Result<(), Problem> {
    let mut attributes = set.reader();
    if attributes.is_empty() {
        return Err(Problem::Empty);
    }
    while !attributes.is_empty() {
        let mut attribute = attributes.expect(tag::SEQUENCE)?.reader();
        attribute.oid()?;
        attribute.element()?;
        attribute.finish()?;
    }
    Ok(())
}

/// One attribute of a name.
#[derive(Clone, Copy)]
pub(crate) struct Attribute<'a> {
    /// The content octets of its type.
    pub(crate) oid: &'a [u8],
    pub(crate) value: Element<'a>,
}

/// The relative names of a name that [`check_name`] found good, most general first, each as the SET it is.
pub(super) fn relative_names(name: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut sets = Reader::new(name)
        .element()
        .map_or(Reader::new(&[]), |name| name.reader());
    core::iter::from_fn(move || sets.element().ok())
}

pub(super) fn attributes_of(
    relative_name: Element<'_>,
) -> impl Iterator<Item = Attribute<'_>> + Clone {
    let mut set = relative_name.reader();
    core::iter::from_fn(move || {
        let mut attribute = set.element().ok()?.reader();
        let oid = attribute.element().ok()?.value;
        let value = attribute.element().ok()?;
        Some(Attribute { oid, value })
    })
}

/// The attributes of all relative names of a name that [`check_name`] found good, in the order they are written in.
pub(crate) fn attributes(name: &[u8]) -> impl Iterator<Item = Attribute<'_>> {
    relative_names(name).flat_map(attributes_of)
}

/// The text of a string given as DER (the choices of DirectoryString in RFC 5280 §4.1.2.4, and IA5String); `None` if it
/// is not one of these strings, or not well-formed.
pub(crate) fn text_of(der: &[u8]) -> Option<Cow<'_, str>> {
    let string = Reader::new(der).element().ok()?;
    match string.tag {
        tag::UTF8_STRING => core::str::from_utf8(string.value).ok().map(Cow::Borrowed),
        // T.61 beyond ASCII is read in different ways by everyone, so it is not read at all.
        tag::PRINTABLE_STRING | tag::IA5_STRING | tag::TELETEX_STRING => {
            core::str::from_utf8(string.value)
                .ok()
                .filter(|text| text.is_ascii())
                .map(Cow::Borrowed)
        }
        tag::BMP_STRING => {
            let (units, []) = string.value.as_chunks::<2>() else {
                return None;
            };
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            let text: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
            text.map(Cow::Owned)
        }
        tag::UNIVERSAL_STRING => {
            let (units, []) = string.value.as_chunks::<4>() else {
                return None;
            };
            let characters = units
                .iter()
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)));
            characters.collect::<Option<String>>().map(Cow::Owned)
        }
        _ => None,
    }
}

/// The emailAddress attributes of a name, as far as they are IA5String (RFC 5280 §4.1.2.6).
pub(crate) fn email_addresses_of(name: &[u8]) -> impl Iterator<Item = &str> {
    attributes(name)
        .filter(|attribute| attribute.oid == EMAIL_ADDRESS)
        .filter_map(|attribute| core::str::from_utf8(attribute.value.value).ok())
}

/// id-emailAddress, 1.2.840.113549.1.9.1.
pub(super) const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// A name of one commonName of the given string type.
    pub(in crate::x509) fn common_name(string_type: u8, text: &[u8]) -> Vec<u8> {
        let mut value = Vec::from([0x06, 3, 0x55, 0x04, 0x03, string_type, text.len() as u8]);
        value.extend_from_slice(text);
        for outer in [tag::SEQUENCE, tag::SET, tag::SEQUENCE] {
            value.splice(0..0, [outer, value.len() as u8]);
        }
        value
    }

    #[test]
    fn name_structure_is_checked() {
        let good = common_name(0x13, b"x");
        let content = |name: &[u8]| check_name(Reader::new(&name[2..]));
        assert_eq!(content(&good), Ok(()));
        assert_eq!(content(&[0x30, 0x00]), Ok(()));
        assert_eq!(content(&[0x30, 0x02, 0x31, 0x00]), Err(Problem::Empty));
        assert!(content(&good[..good.len() - 1]).is_err());
    }
}
