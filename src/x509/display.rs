//! How names and identifiers are shown to a person.
//!
//! What could break or forge a line of a log (control characters, marks that turn the direction of writing) is shown as
//! escaped bytes, as RFC 4514 §2.4 has it.

use alloc::string::{String, ToString};
use core::fmt::{self, Write};

use ::der::Decode;
use ::der::oid::ObjectIdentifier;

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

/// A name as [`DisplayName`] shows it, cut to a length that a line of a log can bear.
pub(crate) struct ShortName<'a>(pub(crate) &'a [u8]);

impl fmt::Display for ShortName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_shortened(f, format_args!("{}", DisplayName(self.0)))
    }
}

/// Text from outside, escaped and cut as names are.
pub(crate) struct ShortText<'a>(pub(crate) &'a str);

impl fmt::Display for ShortText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_shortened(f, format_args!("{}", Escaped(self.0)))
    }
}

struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Escaping(f).write_str(self.0)
    }
}

fn write_shortened(f: &mut fmt::Formatter<'_>, text: fmt::Arguments<'_>) -> fmt::Result {
    const CHARACTERS: usize = 200;
    let mut shortened = Shortened {
        out: f,
        left: CHARACTERS,
    };
    // An error of `Shortened` is its way to stop; one of `f` comes back with the next write.
    match shortened.write_fmt(text) {
        Err(_) if shortened.left == 0 => f.write_str("…"),
        result => result,
    }
}

struct Shortened<'a, 'f> {
    out: &'a mut fmt::Formatter<'f>,
    left: usize,
}

impl Write for Shortened<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.out.write_char(character)?;
        }
        Ok(())
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

/// As many characters as of a name. Those of use are shorter, and dotted.
const OID_BYTES_SHOWN: usize = 100;

/// The dotted form of an OBJECT IDENTIFIER's content octets, or `#` and hexadecimal where its arcs are too large for that. Cut
/// to a length that a line of a log can bear.
pub(crate) fn oid_text(value: &[u8]) -> String {
    match ObjectIdentifier::from_bytes(value) {
        Ok(oid) => oid.to_string(),
        Err(_) => {
            let mut text = String::from("#");
            for byte in value.iter().take(OID_BYTES_SHOWN) {
                // Writing to a String cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
            if value.len() > OID_BYTES_SHOWN {
                text.push('…');
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::name::tests::common_name;
    use super::*;

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
    fn identifiers_too_large_for_dots_are_hexadecimal() {
        assert_eq!(oid_text(&[0x55, 0x1d, 0x1e]), "2.5.29.30");
        assert_eq!(
            oid_text(&[0x55, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
            "#55ffffffffff7f"
        );
        let long = oid_text(&[0xff; 5_000]);
        assert_eq!(long.chars().count(), 202);
        assert!(long.starts_with("#ffff") && long.ends_with("ff…"), "{long}");
    }
}
