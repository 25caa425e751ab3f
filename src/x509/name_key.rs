//! A number for a name, by which to look for names that are the same (RFC 5280 §7.1).
//!
//! Each verification needs it for every name that is presented, so that text is hashed eight bytes
//! at a time, as it is written wherever that differs from the folded text in nothing but the case
//! of ASCII letters.

use super::der::{Element, Reader};
use super::name::{Attribute, attributes_of, content_of, usual_relative_name};
use super::name_match::{MAX_FOLDED_ATTRIBUTES, MAX_FOLDED_BYTES, is_foldable};

/// A number that is the same for names that are the same, and seldom for others.
///
/// Names with equal keys can be crafted, and cost a comparison each: a collection of names of
/// strangers folds each once.
pub(crate) fn name_key(name: &[u8]) -> u64 {
    plain_name_key(name).unwrap_or_else(|| {
        let by_preparing = is_foldable(name).then(|| key_by(name, prepared_key));
        by_preparing
            .flatten()
            .unwrap_or_else(|| Hash::new().with_bytes(name).0)
    })
}

/// The [`name_key`] of a name that need not be prepared.
pub(crate) fn plain_name_key(name: &[u8]) -> Option<u64> {
    match name.len() {
        0..=MAX_FOLDED_BYTES => key_by(name, plain_key),
        _ => Some(Hash::new().with_bytes(name).0),
    }
}

/// The key of a name by those of its attributes; `None` if one has none.
#[inline]
fn key_by(name: &[u8], attribute_key: impl Fn(&Attribute<'_>) -> Option<u64>) -> Option<u64> {
    let mut key = Hash::new();
    let mut names = content_of(name);
    while !names.is_empty() {
        let relative_name_key = match usual_relative_name(names) {
            Some((attribute, rest)) => {
                names = rest;
                attribute_key(&attribute)?
            }
            None => {
                let mut reader = Reader::new(names);
                let Ok(relative_name) = reader.element() else {
                    break;
                };
                names = reader.rest();
                relative_name_key(relative_name, &attribute_key)?
            }
        };
        key = key.with_word(relative_name_key);
    }
    Some(key.0)
}

fn relative_name_key(
    relative_name: Element<'_>,
    attribute_key: impl Fn(&Attribute<'_>) -> Option<u64>,
) -> Option<u64> {
    let mut key = 0_u64;
    let mut count = 0_usize;
    for attribute in attributes_of(relative_name) {
        if count == MAX_FOLDED_ATTRIBUTES {
            // Compared as it is.
            return Some(Hash::new().with_bytes(relative_name.whole).0);
        }
        count = count.saturating_add(1);
        // A sum, as the order does not matter.
        key = key.wrapping_add(attribute_key(&attribute)?);
    }
    Some(key)
}

/// The key of an attribute whose text need not be prepared.
#[inline]
fn plain_key(attribute: &Attribute<'_>) -> Option<u64> {
    let hash = Hash::new().with_bytes(attribute.oid);
    match hash.with_text(attribute.value) {
        (hash, IsFolded::Yes) if attribute.is_ascii_string() => Some(hash.0),
        _ => None,
    }
}

/// The key of any attribute.
fn prepared_key(attribute: &Attribute<'_>) -> Option<u64> {
    plain_key(attribute).or_else(|| {
        let hash = Hash::new().with_bytes(attribute.oid);
        Some(match attribute.prepared() {
            Some(text) => hash.with_text(text.as_bytes()).0.0,
            None => {
                let hash = hash.with_word(attribute.tag.into());
                hash.with_bytes(attribute.value).0
            }
        })
    })
}

/// Whether text is ASCII and folded, but for the case of its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IsFolded {
    Yes,
    /// Or perhaps: some text is taken for not folded although it is.
    No,
}

/// A multiplicative hash (FNV-1a of words, with a mixing step after each).
#[derive(Clone, Copy)]
struct Hash(u64);

impl Hash {
    const PRIME: u64 = 0x0000_0100_0000_01b3;

    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn with_word(self, word: u64) -> Self {
        let mixed = (self.0 ^ word).wrapping_mul(Self::PRIME);
        Self(mixed ^ (mixed >> 29))
    }

    fn with_bytes(self, bytes: &[u8]) -> Self {
        let mut hash = self;
        for_each_word(bytes, |word| hash = hash.with_word(word));
        hash.with_word(bytes.len() as u64)
    }

    /// As [`Hash::with_bytes`] of the text with ASCII letters in lower case.
    fn with_text(self, text: &[u8]) -> (Self, IsFolded) {
        let mut hash = self;
        let mut others = 0;
        let mut spaces_before = 0;
        for_each_word(text, |word| {
            hash = hash.with_word(lower_case(word));
            let spaces = spaces(word);
            others |= others_than_printable(word) | spaces & (spaces << 8 | spaces_before >> 56);
            spaces_before = spaces;
        });
        let is_space_at_end = text.first() == Some(&b' ') || text.last() == Some(&b' ');
        let is_folded = match others == 0 && !is_space_at_end {
            true => IsFolded::Yes,
            false => IsFolded::No,
        };
        (hash.with_word(text.len() as u64), is_folded)
    }
}

/// Takes the bytes apart in words of eight. The last word may take in bytes of the one before it,
/// and a single word some twice, so that no byte has to be read alone.
fn for_each_word(bytes: &[u8], mut take: impl FnMut(u64)) {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        take(u64::from_le_bytes(*word));
    }
    if rest.is_empty() {
        return;
    }
    if let Some(last) = bytes.last_chunk::<8>() {
        take(u64::from_le_bytes(*last));
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        take(u64::from(first) | u64::from(last) << 32);
    } else {
        // Any letters will do for the bytes that are not there.
        let letters = u64::from_le_bytes([b'a'; 8]);
        take(
            bytes
                .iter()
                .fold(letters, |word, byte| word << 8 | u64::from(*byte)),
        );
    }
}

// The functions below look at the eight bytes of a word at once. A sum carries nothing from one
// byte to the next as long as all are ASCII, that is without the high bit; where they are not, the
// outcome means nothing, but is still the same for the same bytes.

const HIGH_BITS: u64 = each(0x80);

/// The same byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte that is above `limit`, which is ASCII.
fn above(word: u64, limit: u8) -> u64 {
    word.wrapping_add(each(0x7f_u8.wrapping_sub(limit))) & HIGH_BITS
}

/// Upper-case ASCII letters become lower-case ones.
fn lower_case(word: u64) -> u64 {
    let upper = above(word, b'@') & !above(word, b'Z') & !word;
    word | upper >> 2
}

/// The high bit of each byte that is a space.
fn spaces(word: u64) -> u64 {
    !above(word ^ each(b' '), 0) & HIGH_BITS
}

/// Not zero if a byte is not ASCII, or is a control character: some are spaces, the others nothing
/// (RFC 4518 §2.2).
fn others_than_printable(word: u64) -> u64 {
    (word | !above(word, 0x1f) | above(word, 0x7e)) & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use super::super::text::prepare;
    use super::*;
    use alloc::string::String;
    use alloc::vec::Vec;

    fn key_of(text: &str) -> u64 {
        let (hash, is_folded) = Hash::new().with_text(text.as_bytes());
        match is_folded {
            IsFolded::Yes => hash.0,
            IsFolded::No => {
                let prepared = prepare(text).unwrap();
                Hash::new().with_text(prepared.as_bytes()).0.0
            }
        }
    }

    /// Wherever they stand among the words that are hashed.
    #[test]
    fn spaces_are_one_space() {
        for before in 1..20 {
            for after in 1..10 {
                let [before, after] = [before, after].map(|count| "a".repeat(count));
                let one = key_of(&[before.as_str(), after.as_str()].join(" "));
                let two = key_of(&[before.as_str(), after.as_str()].join("  "));
                assert_eq!(one, two, "{} {}", before.len(), after.len());
            }
        }
    }

    /// Texts of every length in few letters: keys are the same exactly if the folded texts are.
    #[test]
    fn keys_follow_from_folded_text() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut below = |bound: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 16) % bound
        };
        let letters = [
            'a', 'A', 'z', 'Z', ' ', '@', '[', '`', '{', '\t', '\u{7f}', '\u{212a}', 'k',
        ];
        let mut texts: Vec<String> = Vec::new();
        for length in 0..40 {
            for _ in 0..60 {
                let text: String = (0..length)
                    .map(|_| letters[below(letters.len() as u64) as usize])
                    .collect();
                texts.push(text.to_lowercase());
                texts.push(text.to_uppercase());
                texts.push(alloc::format!(" {}", text.replace(' ', "  ")));
                texts.push(text);
            }
        }
        let mut by_folded = alloc::collections::BTreeMap::new();
        let mut by_key = alloc::collections::BTreeMap::new();
        for text in &texts {
            let folded = prepare(text).unwrap();
            let key = key_of(text);
            assert_eq!(
                *by_folded.entry(folded.clone()).or_insert(key),
                key,
                "{text:?}"
            );
            assert_eq!(
                *by_key.entry(key).or_insert(folded.clone()),
                folded,
                "{text:?}"
            );
        }
    }

    #[test]
    fn usual_text_is_folded_already() {
        for text in [
            "",
            "a",
            "CA",
            "a b",
            "DE ",
            "Example GmbH",
            "Issuing CA 1",
            "device-7",
        ] {
            let (_, is_folded) = Hash::new().with_text(text.as_bytes());
            assert_eq!(is_folded == IsFolded::Yes, !text.ends_with(' '), "{text:?}");
        }
        for text in [
            "a  b",
            "12345678  9",
            "1234567  9",
            " a",
            "a\tb",
            "\u{e4}",
            "1234567 \u{e4}",
        ] {
            let (_, is_folded) = Hash::new().with_text(text.as_bytes());
            assert_eq!(is_folded, IsFolded::No, "{text:?}");
        }
    }

    #[test]
    fn words_are_looked_at_byte_by_byte() {
        for byte in 0..=0x7f_u8 {
            for place in 0..8 {
                let mut bytes = [b'a'; 8];
                bytes[place] = byte;
                let word = u64::from_le_bytes(bytes);
                let bit = |is: bool| u64::from(is) << (8 * place + 7);
                bytes[place] = byte.to_ascii_lowercase();
                assert_eq!(lower_case(word), u64::from_le_bytes(bytes), "{byte}");
                assert_eq!(spaces(word), bit(byte == b' '), "{byte}");
                assert_eq!(
                    others_than_printable(word),
                    bit(!(b' '..=b'~').contains(&byte)),
                    "{byte}"
                );
            }
        }
        assert_ne!(
            others_than_printable(u64::from_le_bytes(*b"abc\xe4defg")),
            0
        );
    }
}
