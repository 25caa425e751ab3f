//! Distinguished names (RFC 5280 §4.1.2.4).

use alloc::borrow::Cow;
use alloc::string::String;

use super::der::{Element, Problem, Reader, tag};
use super::general_name::visible_text;
use super::text::is_ascii_string;

/// The DER of a name without attributes.
pub(super) const EMPTY_NAME: &[u8] = &[tag::SEQUENCE, 0];

/// The next element, which must be a name.
pub(super) fn read_name<'a>(reader: &mut Reader<'a>) -> Result<Element<'a>, Problem> {
    let name = reader.expect(tag::SEQUENCE)?;
    check_name(name.value)?;
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

/// Checks that `names`, the content of an RDNSequence, is what it should be: SETs of at least one
/// `SEQUENCE { OBJECT IDENTIFIER, ANY }`.
pub(crate) fn check_name(names: &[u8]) -> Result<(), Problem> {
    let mut names = names;
    while !names.is_empty() {
        names = match usual_relative_name(names) {
            Some((_, rest)) => rest,
            None => {
                let mut reader = Reader::new(names);
                check_relative_name(&reader.expect(tag::SET)?)?;
                reader.rest()
            }
        };
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
        check_value(&attribute.element()?)?;
        attribute.finish()?;
    }
    Ok(())
}

/// A string in constructed form is BER and not DER (X.690 §10.2). Readers of BER put its segments
/// together and others see no text, so that one name would be two.
pub(super) fn check_value(value: &Element<'_>) -> Result<(), Problem> {
    const CONSTRUCTED: u8 = 0x20;
    match value.tag ^ CONSTRUCTED {
        tag::BIT_STRING
        | tag::OCTET_STRING
        | tag::UTF8_STRING
        | tag::NUMERIC_STRING..=tag::UNIVERSAL_STRING
        | tag::BMP_STRING => Err(Problem::UnexpectedTag { found: value.tag }),
        _ => Ok(()),
    }
}

/// One attribute of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    /// The content octets of its type.
    pub(crate) oid: &'a [u8],
    /// Tag and content octets of its value.
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
}

impl<'a> Attribute<'a> {
    /// The value, if it is a string, as [`text_of`] reads it.
    pub(crate) fn string(self) -> Option<Cow<'a, str>> {
        text_of_value(self.tag, self.value)
    }
}

/// The relative name that `names` begin with and what comes after it, if it has the usual form: one
/// attribute of arc `id-at` (RFC 5280 appendix A.1), in fewer than 128 bytes. Nearly all have, and
/// each verification reads dozens, so that they are read in one step.
#[inline]
pub(super) fn usual_relative_name(names: &[u8]) -> Option<(Attribute<'_>, &[u8])> {
    let [
        tag::SET,
        set_len @ 0..=0x7f,
        tag::SEQUENCE,
        sequence_len,
        tag::OID,
        3,
        oid @ ..,
    ] = names
    else {
        return None;
    };
    let (oid @ [0x55, 0x04, 0..=0x7f], [tag, len, rest @ ..]) = oid.split_at_checked(3)? else {
        return None;
    };
    // Universal and primitive, as every string is.
    const LAST_PRIMITIVE: u8 = 0x1e;
    // The value fills the SEQUENCE, which fills the SET, each after a header of two bytes.
    let is_whole = sequence_len.checked_add(2) == Some(*set_len)
        && len.checked_add(7) == Some(*sequence_len)
        && *tag <= LAST_PRIMITIVE;
    let (value, rest) = rest.split_at_checked(usize::from(*len))?;
    is_whole.then_some((
        Attribute {
            oid,
            tag: *tag,
            value,
        },
        rest,
    ))
}

/// The relative names of a name that [`check_name`] found good, most general first, each as the SET
/// it is.
pub(crate) fn relative_names(name: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut sets = Reader::new(content_of(name));
    core::iter::from_fn(move || sets.element().ok())
}

/// The content octets of a name.
pub(super) fn content_of(name: &[u8]) -> &[u8] {
    Reader::new(name).element().map_or(&[], |name| name.value)
}

pub(crate) fn attributes_of(
    relative_name: Element<'_>,
) -> impl Iterator<Item = Attribute<'_>> + Clone {
    let mut set = relative_name.reader();
    core::iter::from_fn(move || {
        let mut attribute = set.element().ok()?.reader();
        let oid = attribute.element().ok()?.value;
        let Element { tag, value, .. } = attribute.element().ok()?;
        Some(Attribute { oid, tag, value })
    })
}

/// The attributes of all relative names of a name that [`check_name`] found good, in the order they
/// are written in.
pub(crate) fn attributes(name: &[u8]) -> impl Iterator<Item = Attribute<'_>> {
    relative_names(name).flat_map(attributes_of)
}

/// The text of a string given as DER (the choices of DirectoryString in RFC 5280 §4.1.2.4,
/// IA5String, NumericString and VisibleString); `None` if it is not one of these strings, or not
/// well-formed.
pub(crate) fn text_of(der: &[u8]) -> Option<Cow<'_, str>> {
    let Element { tag, value, .. } = Reader::new(der).element().ok()?;
    text_of_value(tag, value)
}

/// The same of a string given by its tag and content octets.
fn text_of_value(tag: u8, value: &[u8]) -> Option<Cow<'_, str>> {
    match tag {
        tag::UTF8_STRING => core::str::from_utf8(value).ok().map(Cow::Borrowed),
        // T.61 beyond ASCII is read in different ways by everyone, so it is not read at all.
        tag::PRINTABLE_STRING
        | tag::IA5_STRING
        | tag::NUMERIC_STRING
        | tag::VISIBLE_STRING
        | tag::TELETEX_STRING => core::str::from_utf8(value)
            .ok()
            .filter(|text| text.is_ascii())
            .map(Cow::Borrowed),
        tag::BMP_STRING => {
            let (units, []) = value.as_chunks::<2>() else {
                return None;
            };
            // UCS-2, as `Text` reads it: a surrogate is no character, and readers disagree on
            // pairs.
            let characters = units
                .iter()
                .map(|unit| char::from_u32(u16::from_be_bytes(*unit).into()));
            characters.collect::<Option<String>>().map(Cow::Owned)
        }
        tag::UNIVERSAL_STRING => {
            let (units, []) = value.as_chunks::<4>() else {
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

/// The emailAddress attributes of a name (RFC 5280 §4.1.2.6), each as text; `None` of one that
/// cannot be read for certain as ASCII without control characters: it is there all the same, and
/// says something.
pub(crate) fn email_attributes_of(name: &[u8]) -> impl Iterator<Item = Option<&str>> {
    attributes(name)
        .filter(|attribute| attribute.oid == EMAIL_ADDRESS)
        .map(|attribute| visible_text(attribute.value).filter(|_| is_ascii_string(attribute.tag)))
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

    /// Whatever is read in one step is read element by element with the same outcome.
    #[test]
    fn the_usual_form_is_no_exception() {
        let name =
            [common_name(0x13, b"ab"), common_name(0x0c, b"")].map(|name| name[2..].to_vec());
        let name = name.concat();
        let mut usual = 0;
        for place in 0..name.len() {
            for byte in 0..=u8::MAX {
                let mut bytes = name.clone();
                bytes[place] = byte;
                let Some((attribute, rest)) = usual_relative_name(&bytes) else {
                    continue;
                };
                usual += 1;
                let mut reader = Reader::new(&bytes);
                let set = reader.expect(tag::SET).unwrap();
                assert_eq!(check_relative_name(&set), Ok(()), "{bytes:02x?}");
                assert_eq!(reader.rest(), rest);
                let all: Vec<_> = attributes_of(set).collect();
                let parts = |attribute: &Attribute<'_>| {
                    let Attribute { oid, tag, value } = attribute;
                    (oid.to_vec(), *tag, value.to_vec())
                };
                assert_eq!(
                    all.iter().map(parts).collect::<Vec<_>>(),
                    [parts(&attribute)]
                );
            }
        }
        assert!(usual > 1_000, "{usual}");
    }

    #[test]
    fn name_structure_is_checked() {
        let good = common_name(0x13, b"x");
        let content = |name: &[u8]| check_name(&name[2..]);
        assert_eq!(content(&good), Ok(()));
        assert_eq!(content(&[0x30, 0x00]), Ok(()));
        assert_eq!(content(&[0x30, 0x02, 0x31, 0x00]), Err(Problem::Empty));
        assert!(content(&good[..good.len() - 1]).is_err());
    }
}
