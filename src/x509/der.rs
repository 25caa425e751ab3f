//! A DER cursor.
//!
//! Strict for what could be read in two ways: definite lengths in their shortest form, primitive
//! strings, minimal INTEGERs and OBJECT IDENTIFIERs, BOOLEANs of 00 and FF, zero unused bits, times
//! of one form, no bytes left over (X.690 §8, §10, §11.1, §11.2.1, §11.7, §11.8). What can be
//! read in one way only is accepted here and held to DER by `strict_form`, for the profile that
//! asks: default values written out (§11.5), zero bits at the end of named bits (§11.2.2), the
//! order of SET OF (§11.6), the characters of strings.
//!
//! The `der` crate reads the same headers through a generic reader at about eight times the cost
//! (1.3 us against 0.17 us for every element of a small certificate), which two certificates a
//! verification cannot afford. So the element header is read here, in one function; tests hold it
//! to `der`'s verdict on the same bytes.

pub(crate) use super::problem::{ParseError, Problem};

/// The identifier octets this crate meets (X.690 §8.1.2).
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const ENUMERATED: u8 = 0x0a;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const NUMERIC_STRING: u8 = 0x12;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const TELETEX_STRING: u8 = 0x14;
    pub(crate) const IA5_STRING: u8 = 0x16;
    pub(crate) const VISIBLE_STRING: u8 = 0x1a;
    pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;

    /// `[number]`, primitive (IMPLICIT over a primitive type).
    pub(crate) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]`, constructed (EXPLICIT, or IMPLICIT over a SEQUENCE).
    pub(crate) const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// A range of bytes in the DER it was parsed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// No bytes, as for an optional field that is not there. No DER reaches this far.
    pub(crate) const ABSENT: Self = Self {
        start: u32::MAX,
        end: u32::MAX,
    };

    pub(crate) fn is_absent(self) -> bool {
        self == Self::ABSENT
    }

    /// The bytes, or `None` for [`Span::ABSENT`].
    #[inline]
    pub(crate) fn get(self, der: &[u8]) -> Option<&[u8]> {
        der.get(self.start as usize..self.end as usize)
    }

    /// The bytes of a field that is always there. Spans are only ever resolved against the bytes
    /// that they came from, so the empty slice stands for [`Span::ABSENT`] alone.
    #[inline]
    pub(crate) fn of(self, der: &[u8]) -> &[u8] {
        self.get(der).unwrap_or_default()
    }
}

/// The DER of an element with this content, of at most 4 GiB.
pub(crate) fn element(tag: u8, content: &[u8]) -> alloc::vec::Vec<u8> {
    let octets = (content.len() as u32).to_be_bytes();
    let length = octets.iter().skip_while(|octet| **octet == 0);
    let mut der = alloc::vec![tag];
    if content.len() >= 0x80 {
        der.push(0x80 | length.clone().count() as u8);
        der.extend(length);
    } else {
        der.push(content.len() as u8);
    }
    der.extend_from_slice(content);
    der
}

/// One element: its tag, its value, and where both lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    /// The content octets.
    pub(crate) value: &'a [u8],
    /// Header and content octets.
    pub(crate) whole: &'a [u8],
    /// Position of the header.
    start: u32,
}

impl<'a> Element<'a> {
    fn header_len(&self) -> u32 {
        (self.whole.len().saturating_sub(self.value.len())) as u32
    }

    /// The content octets of an INTEGER in its shortest form, sign included, whatever the tag says.
    pub(crate) fn integer_content(&self) -> Result<&'a [u8], Problem> {
        match self.value {
            [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(Problem::IntegerForm),
            integer => Ok(integer),
        }
    }

    /// The octets of a BIT STRING, whatever the tag says; unused bits are zero (X.690 §11.2.1).
    /// Named bits may end with zero bits, which DER leaves out (X.690 §11.2.2): they can only mean
    /// one thing. The strict profile refuses them, see `strict_form`.
    pub(crate) fn bits(&self) -> Result<&'a [u8], Problem> {
        let [unused @ 0..=7, octets @ ..] = self.value else {
            return Err(Problem::BitStringForm);
        };
        match (octets.last(), unused) {
            (None, 0) => Ok(octets),
            (Some(last), _) if last.trailing_zeros() >= u32::from(*unused) => Ok(octets),
            _ => Err(Problem::BitStringForm),
        }
    }

    pub(crate) fn value_span(&self) -> Span {
        Span {
            start: self.start.saturating_add(self.header_len()),
            end: self.whole_span().end,
        }
    }

    pub(crate) fn whole_span(&self) -> Span {
        Span {
            start: self.start,
            end: self.start.saturating_add(self.whole.len() as u32),
        }
    }

    /// A reader over the content octets; spans stay relative to the outermost DER.
    pub(crate) fn reader(&self) -> Reader<'a> {
        Reader {
            rest: self.value,
            position: self.value_span().start,
        }
    }
}

/// Reads one element after another.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    position: u32,
}

impl<'a> Reader<'a> {
    /// A reader over `der`, which must be shorter than 4 GiB for spans to be right.
    pub(crate) fn new(der: &'a [u8]) -> Self {
        Self {
            rest: der,
            position: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left to be read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// An element within what is left, which begins at `offset` with a header of two bytes, for a
    /// pattern that found it there.
    #[inline]
    pub(crate) fn short_element_at(&self, offset: usize) -> Option<Element<'a>> {
        let (_, element) = self.rest.split_at_checked(offset)?;
        let [tag, len @ 0..=0x7f, content @ ..] = element else {
            return None;
        };
        Some(Element {
            tag: *tag,
            value: content.get(..usize::from(*len))?,
            whole: element.get(..usize::from(*len).saturating_add(2))?,
            start: self.position.saturating_add(offset as u32),
        })
    }

    /// Goes on after so many bytes; not at all if there are fewer.
    #[inline]
    pub(crate) fn skip(&mut self, bytes: usize) -> Option<()> {
        self.rest = self.rest.get(bytes..)?;
        self.position = self.position.saturating_add(bytes as u32);
        Some(())
    }

    /// The tag of the next element, if there is one.
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    #[inline]
    pub(crate) fn element(&mut self) -> Result<Element<'a>, Problem> {
        let [tag, first, after @ ..] = self.rest else {
            return Err(Problem::Truncated);
        };
        if tag & 0x1f == 0x1f {
            return Err(Problem::HighTagNumber);
        }
        let (len, content) = match (*first, after) {
            (short @ 0..=0x7f, _) => (usize::from(short), after),
            (0x80, _) => return Err(Problem::IndefiniteLength),
            (0x81, [a @ 0x80..=0xff, content @ ..]) => (usize::from(*a), content),
            (0x82, [a @ 1..=0xff, b, content @ ..]) => {
                (usize::from(u16::from_be_bytes([*a, *b])), content)
            }
            (0x83, [a @ 1..=0xff, b, c, content @ ..]) => {
                (u32::from_be_bytes([0, *a, *b, *c]) as usize, content)
            }
            (0x84, [a @ 1..=0xff, b, c, d, content @ ..]) => {
                (u32::from_be_bytes([*a, *b, *c, *d]) as usize, content)
            }
            (0x81, []) | (0x82, [] | [_]) | (0x83, [] | [_] | [_, _]) => {
                return Err(Problem::Truncated);
            }
            _ => return Err(Problem::LengthForm),
        };
        let (value, rest) = content.split_at_checked(len).ok_or(Problem::Truncated)?;
        let whole_len = self.rest.len().saturating_sub(rest.len());
        let element = Element {
            tag: *tag,
            value,
            whole: self.rest.get(..whole_len).unwrap_or_default(),
            start: self.position,
        };
        self.rest = rest;
        self.position = self.position.saturating_add(whole_len as u32);
        Ok(element)
    }

    /// The next element, which must have this tag.
    #[inline]
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Element<'a>, Problem> {
        let element = self.element()?;
        if element.tag == tag {
            Ok(element)
        } else {
            Err(Problem::UnexpectedTag { found: element.tag })
        }
    }

    /// The next element if it has this tag; otherwise nothing is read.
    #[inline]
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Problem> {
        if self.peek() == Some(tag) {
            self.element().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Ends reading: anything left over is an error.
    #[inline]
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Problem::TrailingData)
        }
    }

    /// `BOOLEAN DEFAULT FALSE`. An explicit FALSE is accepted although X.690 §11.5 leaves it out:
    /// many deployed issuers write it, and it can only mean one thing. The strict profile refuses
    /// it, see `strict_form`.
    pub(crate) fn boolean_default_false(&mut self) -> Result<bool, Problem> {
        match self.optional(tag::BOOLEAN)?.map(|element| element.value) {
            None | Some([0x00]) => Ok(false),
            Some([0xff]) => Ok(true),
            Some(_) => Err(Problem::BooleanForm),
        }
    }

    /// An INTEGER in its shortest form.
    pub(crate) fn integer(&mut self) -> Result<Element<'a>, Problem> {
        let element = self.expect(tag::INTEGER)?;
        element.integer_content()?;
        Ok(element)
    }

    /// An OBJECT IDENTIFIER whose last arc is complete (X.690 §8.19).
    #[inline]
    pub(crate) fn oid(&mut self) -> Result<Element<'a>, Problem> {
        let element = self.expect(tag::OID)?;
        check_oid(element.value)?;
        Ok(element)
    }

    /// A BIT STRING of whole bytes, as all keys and signatures are. The span leaves out the count
    /// of unused bits.
    pub(crate) fn bit_string(&mut self) -> Result<(&'a [u8], Span), Problem> {
        let element = self.expect(tag::BIT_STRING)?;
        let [0, bytes @ ..] = element.value else {
            return Err(Problem::BitStringForm);
        };
        let outer = element.value_span();
        let span = Span {
            start: outer.start.saturating_add(1),
            end: outer.end,
        };
        Ok((bytes, span))
    }
}

/// The one element that `der` consists of.
pub(crate) fn only_element(der: &[u8], tag: u8) -> Result<Element<'_>, Problem> {
    let mut reader = Reader::new(der);
    let element = reader.expect(tag)?;
    reader.finish()?;
    Ok(element)
}

/// Checks the content octets of an OBJECT IDENTIFIER: not empty, the last arc complete, no arc
/// padded (X.690 §8.19.2).
pub(crate) fn check_oid(value: &[u8]) -> Result<(), Problem> {
    // Most are like this: those of extensions and of the attributes of names.
    if let [0..=0x7f, 0..=0x7f, 0..=0x7f] = value {
        return Ok(());
    }
    let complete = value.last().is_some_and(|last| last & 0x80 == 0);
    // Padding is this octet, which few have at all.
    if complete && !value.contains(&0x80) {
        return Ok(());
    }
    let mut starts_arc = true;
    let mut padded = false;
    for byte in value {
        padded |= starts_arc && *byte == 0x80;
        starts_arc = byte & 0x80 == 0;
    }
    if complete && !padded {
        Ok(())
    } else {
        Err(Problem::OidForm)
    }
}

/// The value of a non-negative INTEGER, as far as it fits; a larger one is `u32::MAX`, which no
/// count here reaches.
pub(crate) fn saturating_u32(integer: &[u8]) -> Result<u32, Problem> {
    if integer.first().is_none_or(|first| first & 0x80 != 0) {
        return Err(Problem::OutOfRange);
    }
    Ok(integer.iter().fold(0u32, |value, byte| {
        value
            .checked_mul(256)
            .map_or(u32::MAX, |shifted| shifted.saturating_add(u32::from(*byte)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// What the `der` crate says of the same header.
    fn peer(bytes: &[u8]) -> Option<(u8, Vec<u8>)> {
        use ::der::{Decode, asn1::AnyRef};
        let any = AnyRef::from_der(bytes).ok()?;
        Some((*bytes.first()?, any.value().to_vec()))
    }

    #[test]
    fn headers_agree_with_the_der_crate() {
        let mut compared = 0;
        for tag in [0x02u8, 0x04, 0x30, 0x31, 0x80, 0xa3] {
            for length_octets in [
                &[0x00u8][..],
                &[0x03],
                &[0x7f],
                &[0x80],
                &[0x81, 0x03],
                &[0x81, 0x7f],
                &[0x81, 0x80],
                &[0x81, 0xff],
                &[0x82, 0x00, 0x03],
                &[0x82, 0x00, 0xff],
                &[0x82, 0x01, 0x00],
                &[0x83, 0x00, 0xff, 0xff],
                &[0x83, 0x01, 0x00, 0x00],
                &[0x84, 0x00, 0x01, 0x00, 0x00],
                &[0x85, 0x01, 0x00, 0x00, 0x00, 0x00],
                &[0xff],
                &[0x81],
                &[0x82, 0x01],
                &[0x83, 0x01, 0x00],
            ] {
                for content in [0usize, 3, 0x7f, 0x80, 0xff, 0x100, 0x10000] {
                    let mut bytes = Vec::from([tag]);
                    bytes.extend_from_slice(length_octets);
                    bytes.resize(bytes.len() + content, 0x5a);
                    let ours = only_element(&bytes, tag)
                        .ok()
                        .map(|element| (element.tag, element.value.to_vec()));
                    assert_eq!(
                        ours,
                        peer(&bytes),
                        "{tag:02x} {length_octets:02x?} {content}"
                    );
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, 6 * 19 * 7);
    }

    #[test]
    fn what_is_cut_short_is_no_bad_length() {
        for header in [
            &[][..],
            &[0x81],
            &[0x82],
            &[0x82, 0x01],
            &[0x83],
            &[0x83, 0x01],
            &[0x83, 0x01, 0x00],
            &[0x84, 0x01, 0x00, 0x00, 0x00],
        ] {
            let bytes = [&[tag::SEQUENCE], header].concat();
            let outcome = only_element(&bytes, tag::SEQUENCE).map(|element| element.tag);
            assert_eq!(outcome, Err(Problem::Truncated), "{header:02x?}");
        }
        for header in [
            &[0x81, 0x7f][..],
            &[0x82, 0x00, 0xff],
            &[0x85, 1, 0, 0, 0, 0],
        ] {
            let bytes = [&[tag::SEQUENCE], header].concat();
            let outcome = only_element(&bytes, tag::SEQUENCE).map(|element| element.tag);
            assert_eq!(outcome, Err(Problem::LengthForm), "{header:02x?}");
        }
    }

    #[test]
    fn spans_lead_back_to_the_bytes() {
        // SEQUENCE { INTEGER 5, OCTET STRING 'ab' }
        let bytes = [0x30, 0x07, 0x02, 0x01, 0x05, 0x04, 0x02, b'a', b'b'];
        let outer = only_element(&bytes, tag::SEQUENCE).unwrap();
        let mut inner = outer.reader();
        let integer = inner.integer().unwrap();
        let string = inner.expect(tag::OCTET_STRING).unwrap();
        assert_eq!(integer.value_span().of(&bytes), [5]);
        assert_eq!(integer.whole_span().of(&bytes), [2, 1, 5]);
        assert_eq!(string.value_span().of(&bytes), b"ab");
        assert_eq!(Span::ABSENT.get(&bytes), None);
    }

    #[test]
    fn integers_and_identifiers_are_strict() {
        for (bytes, good) in [
            (&[0x02u8, 0x01, 0x00][..], true),
            (&[0x02, 0x02, 0x00, 0x80], true),
            (&[0x02, 0x02, 0x00, 0x7f], false),
            (&[0x02, 0x02, 0xff, 0x80], false),
            (&[0x02, 0x02, 0xff, 0x7f], true),
            (&[0x02, 0x00], false),
        ] {
            assert_eq!(Reader::new(bytes).integer().is_ok(), good, "{bytes:02x?}");
        }
        assert!(check_oid(&[0x55, 0x1d, 0x0f]).is_ok());
        assert!(check_oid(&[]).is_err());
        assert!(check_oid(&[0x55, 0x9d]).is_err());
        assert!(check_oid(&[0x55, 0x80, 0x01]).is_err());
        assert_eq!(saturating_u32(&[0x05]), Ok(5));
        assert_eq!(saturating_u32(&[0x01, 0, 0, 0, 0]), Ok(u32::MAX));
        assert_eq!(saturating_u32(&[0x80]), Err(Problem::OutOfRange));
    }
}
