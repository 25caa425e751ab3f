//! How names and identifiers are shown to a person.
//!
//! What could break or forge a line of a log, or is not to be seen, is shown as escaped bytes, as
//! RFC 4514 §2.4 has it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

use unicode_normalization::char::is_combining_mark;

use super::attribute_type::short_name;
use super::der::{Element, Problem, Reader};
use super::name::{Attribute, read_name, relative_names};
use super::oid::{Oid, OidText};

/// Shows the DER of a name by RFC 4514, attribute by attribute: `CN=device 7,O=Example`.
///
/// - An attribute that has no short name, or a value that is not text, is shown as the dotted type
///   and the DER of the value: `2.5.4.97=#0c03…` (§2.4). The others are shown as ever.
/// - Characters that nobody sees, or that could forge a line of a log, are escaped as bytes of
///   their UTF-8; so is a combining mark that a value begins with.
/// - A type with an arc of more than 448 bits is shown as `#` and hexadecimal digits.
/// - Bytes that are no name are shown as `#` and their hexadecimal digits.
///
/// It takes time in proportion to the name. Names that are shown alike have the same types and
/// text, if not the same types of string.
pub(crate) struct DisplayName<'a>(pub(crate) &'a [u8]);

impl fmt::Display for DisplayName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if check(self.0).is_err() {
            f.write_char('#')?;
            return write_hex(self.0, f);
        }
        let relative_names: Vec<_> = relative_names(self.0).collect();
        // RFC 4514 §2.1: the last one first.
        for (index, relative_name) in relative_names.iter().rev().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            // In the order of DER (X.690 §11.6), whatever order they are written in. All can be
            // read, as `check` found.
            let mut set = relative_name.reader();
            let mut attributes: Vec<_> =
                core::iter::from_fn(|| set.element().ok().map(|one| one.whole)).collect();
            attributes.sort_unstable();
            for (index, attribute) in attributes.iter().enumerate() {
                if index > 0 {
                    f.write_char('+')?;
                }
                write_attribute(attribute, f)?;
            }
        }
        Ok(())
    }
}

fn check(name: &[u8]) -> Result<(), Problem> {
    let mut reader = Reader::new(name);
    read_name(&mut reader)?;
    reader.finish()
}

/// An attribute of a name that was checked.
fn write_attribute(der: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let parts = || {
        let mut attribute = Reader::new(der).element()?.reader();
        Ok((attribute.element()?.value, attribute.element()?))
    };
    let (oid, value) = parts().map_err(|_: Problem| fmt::Error)?;
    let Element {
        tag, value, whole, ..
    } = value;
    let text = Attribute { oid, tag, value }.string();
    if let (Some(name), Some(text)) = (short_name(oid), text) {
        write!(f, "{name}=")?;
        return write_value(&text, f);
    }
    write!(f, "{}=#", OidText(oid))?;
    write_hex(whole, f)
}

/// §2.4
fn write_value(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut is_first = true;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{character}")?,
            '#' if is_first => f.write_str("\\#")?,
            ' ' if is_first || characters.peek().is_none() => f.write_str("\\ ")?,
            '\0'..='\x1f' | '\x7f' => write!(f, "\\{:02x}", u32::from(character))?,
            // It would change how the character before the value is seen.
            mark if is_first && is_combining_mark(mark) => write_escaped(mark, f)?,
            other => Escaping(f).write_char(other)?,
        }
        is_first = false;
    }
    Ok(())
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
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

/// Passes text through, with characters that are not shown as themselves written as `\XX` for each
/// byte of their UTF-8.
struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.write_char(character)?;
        }
        Ok(())
    }

    fn write_char(&mut self, character: char) -> fmt::Result {
        if !is_invisible(character) {
            return self.0.write_char(character);
        }
        write_escaped(character, self.0)
    }
}

fn write_escaped(character: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut buffer = [0; 4];
    let mut bytes = character.encode_utf8(&mut buffer).bytes();
    bytes.try_for_each(|byte| write!(f, "\\{byte:02X}"))
}

/// Whether a character cannot be seen, changes how others are seen, or looks like a blank and is
/// none: control characters, line separators, marks of writing direction, white space but the
/// blank, all of Unicode's Default_Ignorable_Code_Point, characters whose looks are agreed on in
/// private, and noncharacters.
pub(crate) fn is_invisible(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character.is_control()
        || character.is_whitespace()
        || u32::from(character) & 0xfffe == 0xfffe
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
            | '\u{f0000}'..='\u{10ffff}')
}

/// Identifiers of up to this many octets are dotted in errors: about as many characters as of a
/// name.
const OID_OCTETS_DOTTED: usize = 50;
/// How many octets are shown of longer ones.
const OID_OCTETS_SHOWN: usize = 100;

/// An OBJECT IDENTIFIER's content octets for an error: dotted, or if it is longer than any of use
/// `#` and hexadecimal digits, cut to a length that a line of a log can bear.
pub(crate) fn oid_text(content: &[u8]) -> String {
    if content.len() <= OID_OCTETS_DOTTED {
        return Oid::from_content(content).to_string();
    }
    let mut text = String::from("#");
    for octet in content.iter().take(OID_OCTETS_SHOWN) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{octet:02x}");
    }
    if content.len() > OID_OCTETS_SHOWN {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests;
