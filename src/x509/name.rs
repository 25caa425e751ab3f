//! Distinguished names (RFC 5280 §4.1.2.4).

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use core::fmt::{self, Write};

use ::der::Decode;
use ::der::oid::ObjectIdentifier;

use super::der::{Problem, Reader, tag};

/// Checks that `value`, the content of an RDNSequence, is what it should be: SETs of at least one
/// `SEQUENCE { OBJECT IDENTIFIER, ANY }`.
pub(crate) fn check_name(value: Reader<'_>) -> Result<(), Problem> {
    let mut relative_names = value;
    while !relative_names.is_empty() {
        let mut attributes = relative_names.expect(tag::SET)?.reader();
        if attributes.is_empty() {
            return Err(Problem::Empty);
        }
        while !attributes.is_empty() {
            let mut attribute = attributes.expect(tag::SEQUENCE)?.reader();
            attribute.oid()?;
            attribute.element()?;
            attribute.finish()?;
        }
    }
    Ok(())
}

/// One attribute of a name.
#[derive(Clone, Copy)]
pub(crate) struct Attribute<'a> {
    /// The content octets of its type.
    pub(crate) oid: &'a [u8],
    /// The DER of its value.
    pub(crate) value: &'a [u8],
}

/// The attributes of a name that [`check_name`] found good, in the order they are written in.
pub(crate) fn attributes(name: &[u8]) -> impl Iterator<Item = Attribute<'_>> {
    let mut relative_names = Reader::new(name)
        .element()
        .map_or(Reader::new(&[]), |name| name.reader());
    let mut in_set = Reader::new(&[]);
    core::iter::from_fn(move || {
        if in_set.is_empty() {
            in_set = relative_names.element().ok()?.reader();
        }
        let mut attribute = in_set.element().ok()?.reader();
        Some(Attribute {
            oid: attribute.oid().ok()?.value,
            value: attribute.element().ok()?.whole,
        })
    })
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

/// Shows the DER of a name as RFC 4514 asks: `CN=device 7,O=Example`.
///
/// What could break or forge a line of a log (control characters, marks that turn the direction of
/// writing) is shown as escaped bytes (§2.4). A name that does not decode is shown as `#` and its bytes in hexadecimal.
pub(crate) struct DisplayName<'a>(pub(crate) &'a [u8]);

impl fmt::Display for DisplayName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match x509_cert::name::Name::from_der(self.0) {
            Ok(name) => write!(Escaping(f), "{name}"),
            Err(_) => {
                f.write_char('#')?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

/// Passes text through, with characters that are not shown as themselves written as `\XX` for each byte of their UTF-8.
struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if is_invisible(character) {
                let mut buffer = [0; 4];
                for byte in character.encode_utf8(&mut buffer).bytes() {
                    write!(self.0, "\\{byte:02X}")?;
                }
            } else {
                self.0.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// Control characters, line separators, marks of writing direction, and characters of no width.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The dotted form of an OBJECT IDENTIFIER's content octets, or `#` and hexadecimal where its arcs are too large for that.
pub(crate) fn oid_text(value: &[u8]) -> String {
    match ObjectIdentifier::from_bytes(value) {
        Ok(oid) => oid.to_string(),
        Err(_) => {
            let mut text = String::from("#");
            for byte in value {
                // Writing to a String cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// A name of one commonName of the given string type.
    fn common_name(string_type: u8, text: &[u8]) -> Vec<u8> {
        let mut value = Vec::from([0x06, 3, 0x55, 0x04, 0x03, string_type, text.len() as u8]);
        value.extend_from_slice(text);
        for outer in [tag::SEQUENCE, tag::SET, tag::SEQUENCE] {
            value.splice(0..0, [outer, value.len() as u8]);
        }
        value
    }

    #[test]
    fn names_are_shown_as_rfc_4514_asks() {
        let shown =
            |string_type, text: &[u8]| DisplayName(&common_name(string_type, text)).to_string();
        assert_eq!(shown(0x13, b"device 7"), "CN=device 7");
        assert_eq!(shown(0x0c, b"a,b+c"), "CN=a\\,b\\+c");
        assert_eq!(shown(0x0c, b" x "), "CN=\\ x\\ ");
        assert_eq!(shown(0x0c, "Zo\u{eb}".as_bytes()), "CN=Zo\u{eb}");
        // A string type that is not shown as text: BMPString.
        assert_eq!(shown(0x1e, &[0, b'a']), "2.5.4.3=#1e020061");
    }

    #[test]
    fn names_cannot_forge_a_line_of_a_log() {
        let shown = DisplayName(&common_name(0x0c, "a\nb\u{202e}c\u{85}".as_bytes())).to_string();
        assert_eq!(shown, "CN=a\\0ab\\E2\\80\\AEc\\C2\\85");
        assert_eq!(DisplayName(&[0x30, 0x05, 0x01]).to_string(), "#300501");
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

    #[test]
    fn identifiers_too_large_for_dots_are_hexadecimal() {
        assert_eq!(oid_text(&[0x55, 0x1d, 0x1e]), "2.5.29.30");
        assert_eq!(
            oid_text(&[0x55, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
            "#55ffffffffff7f"
        );
    }
}
