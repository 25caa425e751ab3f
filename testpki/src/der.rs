//! A DER encoder small enough to be bent: every function takes contents as bytes and writes tag,
//! length and contents.

/// Tag, definite length in its shortest form, contents.
pub fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    out.extend(length(contents.len()));
    out.extend_from_slice(contents);
    out
}

/// Tag, a length with one octet more than DER allows, contents: valid BER, invalid DER.
pub fn tlv_with_long_length(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut digits = contents.len().to_be_bytes().to_vec();
    let leading_zeros = digits.iter().take_while(|&&digit| digit == 0).count();
    digits.drain(..leading_zeros.saturating_sub(1));
    let mut out = vec![tag, 0x80 | digits.len() as u8];
    out.extend(digits);
    out.extend_from_slice(contents);
    out
}

/// Tag, the indefinite length, contents, end-of-contents octets: valid BER, invalid DER.
pub fn tlv_indefinite(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag, 0x80];
    out.extend_from_slice(contents);
    out.extend([0, 0]);
    out
}

/// The first element of several, and what follows it.
///
/// # Panics
///
/// If `elements` does not begin with a whole element of definite length.
pub fn split_first(elements: &[u8]) -> (&[u8], &[u8]) {
    let (header, contents) = header(elements);
    elements.split_at(header + contents)
}

/// The contents of one element.
///
/// # Panics
///
/// If `encoded` is not one element of definite length with nothing behind it.
pub fn contents(encoded: &[u8]) -> &[u8] {
    let (header, contents) = header(encoded);
    assert_eq!(encoded.len(), header + contents, "nothing behind it");
    &encoded[header..]
}

/// How long tag and length are together, and how long the contents.
fn header(element: &[u8]) -> (usize, usize) {
    let first = usize::from(element[1]);
    if first < 0x80 {
        return (2, first);
    }
    let header = 2 + (first & 0x7f);
    let contents = element[2..header]
        .iter()
        .fold(0, |length, &digit| (length << 8) | usize::from(digit));
    (header, contents)
}

fn length(length: usize) -> Vec<u8> {
    if length < 0x80 {
        return vec![length as u8];
    }
    let digits = length.to_be_bytes();
    let significant = &digits[digits.iter().take_while(|&&digit| digit == 0).count()..];
    let mut out = vec![0x80 | significant.len() as u8];
    out.extend_from_slice(significant);
    out
}

/// SEQUENCE of elements already encoded.
pub fn sequence<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    tlv(0x30, &concat(elements))
}

/// SET of elements already encoded, in the order given (DER sorts a SET OF; this does not).
pub fn set<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    tlv(0x31, &concat(elements))
}

/// The elements one after the other.
pub fn concat<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    elements
        .iter()
        .flat_map(|element| element.as_ref())
        .copied()
        .collect()
}

/// INTEGER with exactly these content octets: negative, zero, padded or empty as they are.
pub fn integer(contents: &[u8]) -> Vec<u8> {
    tlv(0x02, contents)
}

/// INTEGER of a number given as unsigned big-endian bytes, in its shortest form.
pub fn unsigned_bytes(big_endian: &[u8]) -> Vec<u8> {
    let leading_zeros = big_endian.iter().take_while(|&&octet| octet == 0).count();
    let mut contents = big_endian[leading_zeros..].to_vec();
    if contents.first().is_none_or(|&octet| octet >= 0x80) {
        contents.insert(0, 0);
    }
    integer(&contents)
}

/// INTEGER of a small number, in its shortest form.
pub fn unsigned(value: u64) -> Vec<u8> {
    unsigned_bytes(&value.to_be_bytes())
}

/// BOOLEAN.
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(0x01, &[if value { 0xff } else { 0x00 }])
}

/// NULL.
pub fn null() -> Vec<u8> {
    tlv(0x05, &[])
}

/// OBJECT IDENTIFIER from its dotted form.
///
/// # Panics
///
/// If `dotted` is not at least two numbers with dots between.
pub fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u128> = dotted
        .split('.')
        .map(|arc| arc.parse().expect("an OID is numbers with dots between"))
        .collect();
    let mut contents = base128(arcs[0] * 40 + arcs[1]);
    for &arc in &arcs[2..] {
        contents.extend(base128(arc));
    }
    tlv(0x06, &contents)
}

fn base128(mut value: u128) -> Vec<u8> {
    let mut digits = vec![(value & 0x7f) as u8];
    while value > 0x7f {
        value >>= 7;
        digits.insert(0, 0x80 | (value & 0x7f) as u8);
    }
    digits
}

/// BIT STRING of whole octets.
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    bit_string_with_unused_bits(0, octets)
}

/// BIT STRING that says its last octet has unused bits.
pub fn bit_string_with_unused_bits(unused: u8, octets: &[u8]) -> Vec<u8> {
    tlv(0x03, &concat(&[&[unused][..], octets]))
}

/// BIT STRING of named bits, the first of which is the highest: without trailing zeros.
pub fn named_bits(bits: u16) -> Vec<u8> {
    let mut octets = bits.to_be_bytes().to_vec();
    while octets.last() == Some(&0) {
        octets.pop();
    }
    let unused = octets.last().map_or(0, |octet| octet.trailing_zeros());
    bit_string_with_unused_bits(unused as u8, &octets)
}

/// OCTET STRING.
pub fn octet_string(octets: &[u8]) -> Vec<u8> {
    tlv(0x04, octets)
}

/// UTF8String.
pub fn utf8_string(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// IA5String.
pub fn ia5_string(text: &str) -> Vec<u8> {
    tlv(0x16, text.as_bytes())
}

/// UTCTime with this text, right or wrong.
pub fn utc_time(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

/// GeneralizedTime with this text, right or wrong.
pub fn generalized_time(text: &str) -> Vec<u8> {
    tlv(0x18, text.as_bytes())
}

/// `[number]` around an element or several: EXPLICIT, or IMPLICIT of a constructed type whose
/// contents these are.
pub fn context_constructed(number: u8, contents: &[u8]) -> Vec<u8> {
    tlv(0xa0 | number, contents)
}

/// `[number]` IMPLICIT of a primitive type with these contents.
pub fn context_primitive(number: u8, contents: &[u8]) -> Vec<u8> {
    tlv(0x80 | number, contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_minimal() {
        assert_eq!(tlv(4, &[7; 127])[..2], [4, 127]);
        assert_eq!(tlv(4, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tlv(4, &[7; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn elements_come_apart_again() {
        assert_eq!(contents(&tlv(4, &[7; 300])), [7; 300]);
        let two = concat(&[tlv(4, &[7; 200]), null()]);
        assert_eq!(split_first(&two), (&tlv(4, &[7; 200])[..], &null()[..]));
    }

    #[test]
    fn long_lengths_are_one_octet_too_long() {
        assert_eq!(tlv_with_long_length(4, &[7]), [4, 0x82, 0, 1, 7]);
        assert_eq!(tlv_with_long_length(4, &[7; 256])[..5], [4, 0x83, 0, 1, 0]);
    }

    #[test]
    fn object_identifiers() {
        assert_eq!(oid("2.5.4.3"), [6, 3, 0x55, 4, 3]);
        assert_eq!(
            oid("1.2.840.113549")[2..],
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]
        );
    }

    #[test]
    fn integers_are_minimal_and_not_negative() {
        assert_eq!(unsigned(0), [2, 1, 0]);
        assert_eq!(unsigned(127), [2, 1, 127]);
        assert_eq!(unsigned(128), [2, 2, 0, 128]);
    }
}
