//! Attribute values as text, prepared for comparison (RFC 5280 §7.1, RFC 4518 §2).
//!
//! The six steps of RFC 4518: transcode ([`Text::of`]), map, normalize, prohibit, check bidi (which
//! asks for nothing) and handle insignificant spaces ([`prepare`]).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::der::tag;

mod plain;
mod unassigned;

pub(super) use plain::plain;
use unassigned::is_unassigned;

/// What an attribute value says (RFC 4518 §2.1).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Text<'a> {
    /// Its characters.
    Known(Cow<'a, str>),
    /// A TeletexString, which says one thing in T.61, another in Latin-1, and often is neither.
    Teletex,
    /// Nobody can tell: no string, or one of another type, or with bytes that its type does not
    /// have.
    Unreadable,
}

impl<'a> Text<'a> {
    /// The text of a value, given by its tag and content octets.
    pub(super) fn of(tag: u8, value: &'a [u8]) -> Self {
        let known = |text: Option<Cow<'a, str>>| text.map_or(Self::Unreadable, Self::Known);
        match tag {
            tag::UTF8_STRING => known(core::str::from_utf8(value).ok().map(Cow::Borrowed)),
            tag if is_ascii_string(tag) => {
                let text = core::str::from_utf8(value).ok();
                known(text.filter(|text| text.is_ascii()).map(Cow::Borrowed))
            }
            tag::BMP_STRING => known(bmp_text(value).map(Cow::Owned)),
            tag::UNIVERSAL_STRING => known(universal_text(value).map(Cow::Owned)),
            tag::TELETEX_STRING => Self::Teletex,
            _ => Self::Unreadable,
        }
    }
}

/// Whether the bytes of a string of this type are its characters, if they are ASCII. RFC 4518 §2.1
/// has no rules for NumericString and VisibleString; both are subsets of ASCII (X.680 §41).
pub(super) fn is_ascii_string(tag: u8) -> bool {
    matches!(
        tag,
        tag::UTF8_STRING
            | tag::PRINTABLE_STRING
            | tag::IA5_STRING
            | tag::NUMERIC_STRING
            | tag::VISIBLE_STRING
    )
}

/// UCS-2: a surrogate is no character of a BMPString, and its readers disagree on pairs.
fn bmp_text(value: &[u8]) -> Option<String> {
    let (units, []) = value.as_chunks::<2>() else {
        return None;
    };
    units
        .iter()
        .map(|unit| char::from_u32(u16::from_be_bytes(*unit).into()))
        .collect()
}

fn universal_text(value: &[u8]) -> Option<String> {
    let (units, []) = value.as_chunks::<4>() else {
        return None;
    };
    units
        .iter()
        .map(|unit| char::from_u32(u32::from_be_bytes(*unit)))
        .collect()
}

/// Text that nobody can compare: it has a character that RFC 4518 §2.4 prohibits, or it grows too
/// much.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Prohibited;

/// Of two characters of text, how many more may come: a character becomes up to 18 of them (U+FDFA,
/// a whole sentence), but of real text few become more than one.
const MAX_GROWTH: usize = 1;
/// A short text may be all such characters.
pub(super) const MAX_GROWTH_ONCE: usize = 18;

/// Texts are equal without regard to case and insignificant spaces exactly if this is the same (RFC
/// 4518 §2).
///
/// An outer space of §2.6.1 is left out and an inner one is single, which changes nothing about
/// which texts are equal.
pub(crate) fn prepare(text: &str) -> Result<String, Prohibited> {
    let plain: Option<String> = text.chars().map(plain).collect();
    match plain {
        Some(plain) => Ok(single_spaces(&plain)),
        None => prepare_any(text),
    }
}

/// The same, step by step.
fn prepare_any(text: &str) -> Result<String, Prohibited> {
    let mapped = map(text)?;
    if mapped.is_ascii() {
        return Ok(single_spaces(&mapped.to_ascii_lowercase()));
    }
    let count = mapped.chars().count();
    let most = count
        .saturating_add(count.saturating_mul(MAX_GROWTH) / 2)
        .saturating_add(MAX_GROWTH_ONCE);
    let normalize = |text: &str| -> Result<String, Prohibited> {
        // Three times as much at most, as a character has up to three upper-case ones.
        let folded: String = fold_case(text).collect();
        // Most text is normalized already.
        if is_nfkc_quick(folded.chars()) == IsNormalized::Yes && folded.chars().count() <= most {
            return Ok(folded);
        }
        let mut characters = folded.nfkc();
        let normalized = characters.by_ref().take(most).collect();
        characters
            .next()
            .map_or(Ok(normalized), |_| Err(Prohibited))
    };
    // Table B.2 of RFC 3454 folds so that normalization brings no case back; folding twice does the
    // same.
    let normalized = normalize(&normalize(&mapped)?)?;
    // §2.4: the first one must not be a combining character.
    if normalized.chars().next().is_some_and(is_combining) {
        return Err(Prohibited);
    }
    Ok(single_spaces(&normalized))
}

/// §2.2, and §2.4 for what it leaves.
fn map(text: &str) -> Result<String, Prohibited> {
    let mut mapped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '!'..='~' => mapped.push(character),
            // Tab, line feed, line tabulation, form feed, carriage return, next line; then all of
            // Zs, Zl and Zp.
            '\u{9}'..='\u{d}'
            | '\u{85}'
            | ' '
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}' => mapped.push(' '),
            // Soft hyphens, the grapheme joiner, variation selectors, the object replacement
            // character; then all of Cc and Cf; then the zero width space.
            '\u{ad}'
            | '\u{1806}'
            | '\u{34f}'
            | '\u{180b}'..='\u{180d}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{fffc}'
            | '\0'..='\u{8}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{180e}'
            | '\u{200c}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2063}'
            | '\u{206a}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}'
            | '\u{200b}' => {}
            // The one character whose folding in table B.2 of RFC 3454 begins with a space.
            '\u{37a}' => mapped.push_str(" \u{3b9}"),
            prohibited if is_prohibited(prohibited) => return Err(Prohibited),
            other => mapped.push(other),
        }
    }
    Ok(mapped)
}

/// §2.4: unassigned (table A.1 of RFC 3454), for private use (C.3), no character (C.4), or the
/// replacement character.
fn is_prohibited(character: char) -> bool {
    let is_no_character =
        matches!(character, '\u{fdd0}'..='\u{fdef}') || u32::from(character) & 0xfffe == 0xfffe;
    let is_private = matches!(
        character,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}'
    );
    // What Unicode decomposes otherwise since version 3.2 (Corrigendum 4).
    let is_corrected = matches!(
        character,
        '\u{2f868}' | '\u{2f874}' | '\u{2f91f}' | '\u{2f95f}' | '\u{2f9bf}'
    );
    is_no_character
        || is_private
        || is_corrected
        || character == '\u{fffd}'
        || is_unassigned(character)
}

/// Whether Unicode 3.2 has a character for a mark that combines with the one before it: three have
/// changed since.
fn is_combining(character: char) -> bool {
    match character {
        '\u{6de}' => true,
        '\u{1885}' | '\u{1886}' => false,
        other => is_combining_mark(other),
    }
}

/// Full case folding: characters that share an upper case become one. The dotless i, which has that
/// of the dotted one, is another letter. A test compares this with table B.2 of RFC 3454.
fn fold_case(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(|character| {
        const DOTLESS_I: char = '\u{131}';
        let dotless = (character == DOTLESS_I).then_some(DOTLESS_I);
        let folded = (character != DOTLESS_I).then(|| {
            let upper = character.to_uppercase();
            upper.flat_map(char::to_lowercase)
        });
        dotless.into_iter().chain(folded.into_iter().flatten())
    })
}

/// §2.6.1: spaces at the ends and repeated ones do not matter. A space before a combining
/// character is none of them.
fn single_spaces(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut is_pending = false;
    while let Some(character) = characters.next() {
        if character == ' ' && !characters.peek().copied().is_some_and(is_combining) {
            is_pending = true;
            continue;
        }
        if is_pending && !single.is_empty() {
            single.push(' ');
        }
        is_pending = false;
        single.push(character);
    }
    single
}

/// What text may be meant as, where that must not be what is excluded.
#[derive(Debug)]
pub(crate) enum Reading {
    /// This text, prepared, and without what is shown as nothing.
    Text(String),
    /// Text that is made of these parts and others between them.
    Parts(Vec<String>),
    /// Nobody can tell.
    Anything,
}

impl Reading {
    pub(crate) fn of_text(text: &str) -> Self {
        // A C string ends there.
        if text.contains('\0') {
            return Self::Anything;
        }
        let shown = |text: &str| -> String {
            let shown = text.chars().filter(|character| !is_ignorable(*character));
            // By its upper case, which some compare by, the dotless i is an i.
            let plain = |character| {
                if character == '\u{131}' {
                    'i'
                } else {
                    character
                }
            };
            shown.map(plain).collect()
        };
        match prepare(text).and_then(|prepared| match prepared.is_ascii() {
            true => Ok(prepared),
            false => prepare(&shown(&prepared)),
        }) {
            Ok(text) => Self::Text(text),
            Err(Prohibited) => Self::Anything,
        }
    }

    /// A TeletexString may be T.61, Latin-1, or UTF-8 by mistake. ASCII letters and digits are the
    /// same in all; the others may be any text. In T.61 an accent comes before its letter, in UTF-8
    /// after it, so that both may be one character.
    pub(super) fn of_teletex(value: &[u8]) -> Self {
        // Real ones are shorter. Control characters switch character sets in T.61, and take in the
        // letters that follow.
        const MAX_BYTES: usize = 256;
        const CONTROL_SEQUENCE: u8 = 0x9b;
        let is_control = |byte: &u8| byte.is_ascii_control() || *byte == CONTROL_SEQUENCE;
        if value.len() > MAX_BYTES || value.iter().any(is_control) {
            return Self::Anything;
        }
        let mut parts = Vec::from([String::new()]);
        let mut is_after_accent = false;
        for byte in value {
            let is_accent = !byte.is_ascii();
            let is_any = is_accent || b"#$\\^`{|}~".contains(byte) || is_after_accent;
            if let Some(part) = parts.last_mut()
                && is_accent
            {
                part.pop();
            }
            match parts.last_mut() {
                Some(part) if !is_any => part.push(char::from(byte.to_ascii_lowercase())),
                _ => parts.push(String::new()),
            }
            is_after_accent = is_accent;
        }
        match parts.as_slice() {
            [whole] => Self::of_text(whole),
            _ => Self::Parts(parts.iter().map(|part| single_spaces(part)).collect()),
        }
    }

    /// Whether both may be meant as the same text.
    pub(crate) fn is_possibly(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(ours), Self::Text(theirs)) => ours == theirs,
            (Self::Parts(parts), Self::Text(text)) | (Self::Text(text), Self::Parts(parts)) => {
                has_parts(text, parts)
            }
            (Self::Parts(_), Self::Parts(_)) | (Self::Anything, _) | (_, Self::Anything) => true,
        }
    }
}

/// Whether `text` begins with the first part, ends with the last, and has all others in their order
/// in between.
fn has_parts(text: &str, parts: &[String]) -> bool {
    let [first, inner @ .., last] = parts else {
        return false;
    };
    let rest = text.strip_prefix(first.as_str());
    let Some(rest) = rest.and_then(|rest| rest.strip_suffix(last.as_str())) else {
        return false;
    };
    let mut rest = Some(rest);
    for part in inner {
        rest = rest
            .and_then(|rest| rest.split_once(part.as_str()))
            .map(|(_, rest)| rest);
    }
    rest.is_some()
}

/// Characters that are shown as nothing (Default_Ignorable_Code_Point) and that RFC 4518 compares
/// all the same.
fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
    )
}

#[cfg(test)]
mod tests;
