//! Percent-encoding (RFC 3986 §2.1). Not that of HTML forms: a `+` is a `+`, as it is a character
//! of base64.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::error::{Fault, HeaderProblem};

/// Which characters may stand for themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Literal {
    /// Letters, digits, `-`, `.`, `_`, `~` (RFC 3986 §2.3).
    Unreserved,
    /// These, and the rest of base64: `+`, `/`, `=`.
    Base64Too,
}

impl Literal {
    fn has(self, byte: u8) -> bool {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => true,
            b'+' | b'/' | b'=' => self == Self::Base64Too,
            _ => false,
        }
    }
}

/// The bytes that `text` stands for.
pub(super) fn decode(text: &[u8], literal: Literal) -> Result<Vec<u8>, Fault> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let offset = text.len().saturating_sub(rest.len());
        let byte = match after {
            [high, low, after @ ..] if *first == b'%' => {
                rest = after;
                hex_byte(*high, *low)
            }
            after => {
                rest = after;
                (*first != b'%').then_some(*first)
            }
        };
        let byte = byte.ok_or_else(|| Fault::at(offset, HeaderProblem::PercentEncoding))?;
        if *first != b'%' && !literal.has(byte) {
            return Err(Fault::at(offset, HeaderProblem::Character { byte }));
        }
        decoded.push(byte);
    }
    Ok(decoded)
}

/// Appends `text`, which stands for itself where `literal` allows.
pub(super) fn encode(text: &str, literal: Literal, out: &mut String) {
    for byte in text.bytes() {
        if literal.has(byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// The byte that two hexadecimal digits stand for.
pub(super) fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?;
    u8::try_from(byte).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_is_never_a_space() {
        assert_eq!(decode(b"a+b", Literal::Base64Too), Ok(b"a+b".to_vec()));
        assert_eq!(
            decode(b"a+b", Literal::Unreserved),
            Err(Fault::at(1, HeaderProblem::Character { byte: b'+' }))
        );
        assert_eq!(
            decode(b"a%2Bb%2b", Literal::Unreserved),
            Ok(b"a+b+".to_vec())
        );
    }

    #[test]
    fn what_is_not_encoded_is_refused() {
        for (text, offset) in [
            ("%", 0),
            ("a%", 1),
            ("a%4", 1),
            ("%4G", 0),
            ("%G4", 0),
            ("%+1", 0),
            ("%%41", 0),
        ] {
            assert_eq!(
                decode(text.as_bytes(), Literal::Base64Too),
                Err(Fault::at(offset, HeaderProblem::PercentEncoding)),
                "{text}"
            );
        }
        for byte in (0..=255).filter(|byte| *byte != b'%' && !Literal::Base64Too.has(*byte)) {
            assert_eq!(
                decode(&[b'a', byte], Literal::Base64Too),
                Err(Fault::at(1, HeaderProblem::Character { byte }))
            );
        }
    }

    #[test]
    fn each_byte_comes_back() {
        for literal in [Literal::Unreserved, Literal::Base64Too] {
            let all: String = (0..=127).map(char::from).collect();
            let mut encoded = String::new();
            encode(&all, literal, &mut encoded);
            assert_eq!(decode(encoded.as_bytes(), literal), Ok(all.into_bytes()));
        }
    }
}
