//! The strings of attributes: their characters, sizes and types (RFC 5280 §4.1.2.4 and appendix
//! A.1).

use super::der::tag;
use super::name::EMAIL_ADDRESS;
use super::strict_form::EncodingRule;

/// Checks the value of an attribute. One that appendix A.1 does not have may be of any type; if it
/// is a string, its characters count.
pub(super) fn check_attribute(oid: &[u8], tag: u8, value: &[u8]) -> Result<(), EncodingRule> {
    let Some((types, largest)) = syntax_of(oid) else {
        return check_string(tag, value);
    };
    if !types.contains(&tag) {
        return Err(EncodingRule::AttributeType);
    }
    check_text(tag, value, largest)?;
    match (oid, value.len()) {
        // PrintableString, of which each byte is a character.
        (COUNTRY, 2) => Ok(()),
        (COUNTRY, _) => Err(EncodingRule::StringSize),
        _ => Ok(()),
    }
}

/// id-at-countryName, 2.5.4.6: exactly two characters.
const COUNTRY: &[u8] = &[0x55, 0x04, 6];

/// `DirectoryString ::= CHOICE { teletexString, printableString, universalString, utf8String,
/// bmpString }`. §4.1.2.4 lets CAs use each of them where they did before.
const DIRECTORY_STRING: &[u8] = &[
    tag::TELETEX_STRING,
    tag::PRINTABLE_STRING,
    tag::UNIVERSAL_STRING,
    tag::UTF8_STRING,
    tag::BMP_STRING,
];

/// The types of strings that an attribute of appendix A.1 may have, and how many characters at
/// most.
fn syntax_of(oid: &[u8]) -> Option<(&'static [u8], usize)> {
    /// id-domainComponent, 0.9.2342.19200300.100.1.25.
    const DOMAIN_COMPONENT: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19];
    const PRINTABLE: &[u8] = &[tag::PRINTABLE_STRING];
    const IA5: &[u8] = &[tag::IA5_STRING];

    Some(match oid {
        // name, surname, givenName, initials, generationQualifier
        [0x55, 0x04, 41 | 4 | 42 | 43 | 44] => (DIRECTORY_STRING, 32_768),
        // commonName, organizationName, organizationalUnitName, title
        [0x55, 0x04, 3 | 10 | 11 | 12] => (DIRECTORY_STRING, 64),
        // localityName, stateOrProvinceName, pseudonym
        [0x55, 0x04, 7 | 8 | 65] => (DIRECTORY_STRING, 128),
        COUNTRY => (PRINTABLE, 2),
        // serialNumber
        [0x55, 0x04, 5] => (PRINTABLE, 64),
        // dnQualifier
        [0x55, 0x04, 46] => (PRINTABLE, usize::MAX),
        DOMAIN_COMPONENT => (IA5, usize::MAX),
        EMAIL_ADDRESS => (IA5, 255),
        _ => return None,
    })
}

/// Checks the characters of a string, that it has at least one, and no more than `largest`.
pub(super) fn check_text(tag: u8, value: &[u8], largest: usize) -> Result<(), EncodingRule> {
    check_string(tag, value)?;
    let characters = match tag {
        tag::BMP_STRING => value.len() / 2,
        tag::UNIVERSAL_STRING => value.len() / 4,
        // Each character has one byte that does not continue another.
        tag::UTF8_STRING => value.iter().filter(|byte| *byte & 0xc0 != 0x80).count(),
        _ => value.len(),
    };
    match characters {
        0 => Err(EncodingRule::StringSize),
        count if count > largest => Err(EncodingRule::StringSize),
        _ => Ok(()),
    }
}

/// Checks that a string has the characters of its type alone (X.680 §41). T.61 has too many to
/// tell. What is no string passes.
pub(super) fn check_string(tag: u8, value: &[u8]) -> Result<(), EncodingRule> {
    let is_good = match tag {
        tag::UTF8_STRING => core::str::from_utf8(value).is_ok(),
        tag::NUMERIC_STRING => value.iter().all(|byte| matches!(byte, b'0'..=b'9' | b' ')),
        tag::PRINTABLE_STRING => value.iter().all(|byte| is_printable(*byte)),
        tag::IA5_STRING => value.is_ascii(),
        tag::VISIBLE_STRING => value.iter().all(|byte| matches!(byte, b' '..=b'~')),
        tag::BMP_STRING => {
            let (units, rest) = value.as_chunks::<2>();
            rest.is_empty() && units.iter().all(|[high, _]| !matches!(high, 0xd8..=0xdf))
        }
        tag::UNIVERSAL_STRING => {
            let (units, rest) = value.as_chunks::<4>();
            let is_character = |unit: &[u8; 4]| char::from_u32(u32::from_be_bytes(*unit)).is_some();
            rest.is_empty() && units.iter().all(is_character)
        }
        _ => true,
    };
    match is_good {
        true => Ok(()),
        false => Err(EncodingRule::Characters),
    }
}

/// X.680 §41.4, table 10.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::der::asn1::{BmpString, Ia5StringRef, PrintableStringRef, Utf8StringRef};
    use alloc::vec::Vec;

    /// What the `der` crate says of the same characters, for every pair of bytes.
    #[test]
    fn characters_agree_with_the_der_crate() {
        for pair in 0..=u16::MAX {
            let text = pair.to_be_bytes();
            let is_good = |tag| check_string(tag, &text).is_ok();
            assert_eq!(
                is_good(tag::PRINTABLE_STRING),
                PrintableStringRef::new(&text).is_ok(),
                "{text:02x?}"
            );
            assert_eq!(
                is_good(tag::IA5_STRING),
                Ia5StringRef::new(&text).is_ok(),
                "{text:02x?}"
            );
            assert_eq!(
                is_good(tag::UTF8_STRING),
                core::str::from_utf8(&text).is_ok_and(|text| Utf8StringRef::new(text).is_ok()),
                "{text:02x?}"
            );
            // U+FFFF is no surrogate; `der` leaves it out all the same.
            assert_eq!(
                is_good(tag::BMP_STRING) && pair != u16::MAX,
                BmpString::from_ucs2(Vec::from(text)).is_ok(),
                "{text:02x?}"
            );
        }
        assert!(check_string(tag::BMP_STRING, b"abc").is_err());
    }

    #[test]
    fn characters_of_other_types() {
        let is_good = |tag, value: &[u8]| check_string(tag, value).is_ok();
        assert!(is_good(tag::NUMERIC_STRING, b"12 34"));
        assert!(!is_good(tag::NUMERIC_STRING, b"12-34"));
        assert!(is_good(tag::VISIBLE_STRING, b"a@b~ "));
        assert!(!is_good(tag::VISIBLE_STRING, b"a\x7f"));
        assert!(is_good(tag::UNIVERSAL_STRING, b"\0\x01\xf6\0"));
        assert!(!is_good(tag::UNIVERSAL_STRING, b"\0\x11\0\0"));
        assert!(!is_good(tag::UNIVERSAL_STRING, b"\0\0\xd8\0"));
        assert!(!is_good(tag::UNIVERSAL_STRING, b"\0\0\0"));
        assert!(is_good(tag::TELETEX_STRING, b"\xe9"));
    }

    /// Appendix A.1, both sides of each size.
    #[test]
    fn sizes_and_types_of_attributes() {
        let check = |number, tag, value: &[u8]| check_attribute(&[0x55, 0x04, number], tag, value);
        for (number, tag, largest) in [
            (3, tag::UTF8_STRING, 64),
            (10, tag::PRINTABLE_STRING, 64),
            (7, tag::TELETEX_STRING, 128),
            (41, tag::UTF8_STRING, 32_768),
            (6, tag::PRINTABLE_STRING, 2),
            (5, tag::PRINTABLE_STRING, 64),
        ] {
            let text = alloc::vec![b'A'; largest + 1];
            assert_eq!(check(number, tag, &text[1..]), Ok(()), "{number}");
            let too_long = Err(EncodingRule::StringSize);
            assert_eq!(check(number, tag, &text), too_long, "{number}");
            assert_eq!(check(number, tag, b""), too_long, "{number}");
            let other = Err(EncodingRule::AttributeType);
            assert_eq!(check(number, tag::IA5_STRING, b"A"), other, "{number}");
        }
        // Characters, not bytes.
        assert_eq!(
            check(3, tag::UTF8_STRING, "é".repeat(64).as_bytes()),
            Ok(())
        );
        assert_eq!(check(3, tag::BMP_STRING, &[0, b'a'].repeat(64)), Ok(()));
        assert_eq!(
            check(3, tag::BMP_STRING, &[0, b'a'].repeat(65)),
            Err(EncodingRule::StringSize)
        );
        assert_eq!(
            check(6, tag::UTF8_STRING, b"CH"),
            Err(EncodingRule::AttributeType)
        );
        assert_eq!(
            check(3, tag::PRINTABLE_STRING, b"a_b"),
            Err(EncodingRule::Characters)
        );
        // A country has two characters, and no fewer.
        assert_eq!(
            check(6, tag::PRINTABLE_STRING, b"C"),
            Err(EncodingRule::StringSize)
        );
        // businessCategory is not in appendix A.1: any type, but no bad characters.
        assert_eq!(check(15, tag::IA5_STRING, b""), Ok(()));
        assert_eq!(check(15, tag::INTEGER, b"\x05"), Ok(()));
        assert_eq!(
            check(15, tag::PRINTABLE_STRING, b"@"),
            Err(EncodingRule::Characters)
        );
    }
}
