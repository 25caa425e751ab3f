//! A reader of DER (X.690), strict where two readings are possible (docs/PROFILES.md, "How strict
//! DER is read").

use crate::model::{Oid, Time};

/// Why something does not parse, for people.
pub type Malformed = &'static str;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0A;
pub(crate) const UTF8_STRING: u8 = 0x0C;
pub(crate) const NUMERIC_STRING: u8 = 0x12;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const TELETEX_STRING: u8 = 0x14;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const VISIBLE_STRING: u8 = 0x1A;
pub(crate) const UNIVERSAL_STRING: u8 = 0x1C;
pub(crate) const BMP_STRING: u8 = 0x1E;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0] IMPLICIT` of a primitive type; `[n]` is this and n.
pub(crate) const CONTEXT: u8 = 0x80;
/// `[0] EXPLICIT`, or `[0] IMPLICIT` of a SEQUENCE or SET; `[n]` is this and n.
pub(crate) const CONSTRUCTED: u8 = 0xA0;

/// One element.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The content octets.
    pub content: &'a [u8],
    /// Identifier, length and content octets.
    pub whole: &'a [u8],
}

/// Reads elements one after the other. All functions fail where the next element is not DER.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads the elements of these octets.
    pub fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets }
    }

    /// Whether no element is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The identifier octet of the next element.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element (X.690 §8.1, §10.1, §10.2): a definite minimal length, no string in
    /// constructed form. Tags above 30 do not occur in certificates and CRLs.
    pub fn any(&mut self) -> Result<Element<'a>, Malformed> {
        let element = self.untyped()?;
        if is_constructed_string(element.tag) {
            return Err("a string in constructed form");
        }
        Ok(element)
    }

    /// The next element, of whatever type: also one whose tag is that of a string in constructed
    /// form.
    pub fn untyped(&mut self) -> Result<Element<'a>, Malformed> {
        let (&tag, rest) = self.rest.split_first().ok_or("no element")?;
        let (&first, mut rest) = rest.split_first().ok_or("cut short")?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let count = usize::from(first & 0x7F);
            if !(1..=4).contains(&count) || rest.len() < count {
                return Err("a length of indefinite form, or too large");
            }
            let (octets, behind) = rest.split_at(count);
            length = octets
                .iter()
                .fold(0, |sum, octet| sum * 256 + usize::from(*octet));
            if length < 0x80 || octets.first() == Some(&0) {
                return Err("a length longer than need be");
            }
            rest = behind;
        }
        if rest.len() < length {
            return Err("cut short");
        }
        let (content, rest) = rest.split_at(length);
        let (whole, _) = self.rest.split_at(self.rest.len() - rest.len());
        if tag & 0x1F == 0x1F {
            return Err("a tag above 30");
        }
        self.rest = rest;
        Ok(Element {
            tag,
            content,
            whole,
        })
    }

    /// The next element, which has this tag.
    pub fn element(&mut self, tag: u8) -> Result<Element<'a>, Malformed> {
        let element = self.any()?;
        if element.tag == tag {
            Ok(element)
        } else {
            Err("an unexpected element")
        }
    }

    /// The content of the next element, which has this tag.
    pub fn content(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        Ok(self.element(tag)?.content)
    }

    /// The next element if it has this tag; its content is read so.
    pub fn optional<T>(
        &mut self,
        tag: u8,
        read: impl Fn(&'a [u8]) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        if self.peek() == Some(tag) {
            read(self.content(tag)?).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The next element, an OBJECT IDENTIFIER.
    pub fn oid(&mut self) -> Result<Oid, Malformed> {
        oid(self.content(OBJECT_IDENTIFIER)?)
    }

    /// The next element, which is the last one.
    pub fn last(&mut self) -> Result<Element<'a>, Malformed> {
        let element = self.any()?;
        self.end()?;
        Ok(element)
    }

    /// That nothing is left over.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.is_empty() {
            Ok(())
        } else {
            Err("bytes left over")
        }
    }
}

fn is_constructed_string(tag: u8) -> bool {
    tag & 0xE0 == 0x20
        && (is_character_string(tag & 0x1F) || matches!(tag, 0x23 | 0x24 | 0x37 | 0x38))
}

/// Whether the tag is that of a string of characters.
pub(crate) fn is_character_string(tag: u8) -> bool {
    matches!(tag, UTF8_STRING | NUMERIC_STRING..=IA5_STRING | 0x19..=UNIVERSAL_STRING | BMP_STRING)
}

/// The content of the one element that these octets are.
pub fn only(octets: &[u8], tag: u8) -> Result<&[u8], Malformed> {
    let element = Reader::new(octets).last()?;
    if element.tag == tag {
        Ok(element.content)
    } else {
        Err("an unexpected element")
    }
}

/// The fields of the one SEQUENCE that these octets are.
pub fn sequence(octets: &[u8]) -> Result<Reader<'_>, Malformed> {
    Ok(Reader::new(only(octets, SEQUENCE)?))
}

/// The elements in the content of a SEQUENCE OF or SET OF.
pub fn elements(content: &[u8]) -> Result<Vec<Element<'_>>, Malformed> {
    let mut reader = Reader::new(content);
    let mut all = Vec::new();
    while !reader.is_empty() {
        all.push(reader.any()?);
    }
    Ok(all)
}

/// The elements in the content of a SEQUENCE SIZE (1..MAX) OF, or of such a SET.
pub fn some_elements(content: &[u8]) -> Result<Vec<Element<'_>>, Malformed> {
    let all = elements(content)?;
    if all.is_empty() {
        Err("empty")
    } else {
        Ok(all)
    }
}

/// The elements of the one SEQUENCE SIZE (1..MAX) OF that these octets are.
pub fn sequence_of(octets: &[u8]) -> Result<Vec<Element<'_>>, Malformed> {
    some_elements(only(octets, SEQUENCE)?)
}

/// The content of a BOOLEAN (X.690 §11.1).
pub fn boolean(content: &[u8]) -> Result<bool, Malformed> {
    match content {
        [0x00] => Ok(false),
        [0xFF] => Ok(true),
        _ => Err("a BOOLEAN that is neither 00 nor FF"),
    }
}

/// The content of an INTEGER or ENUMERATED (X.690 §8.3.2): octets, not nine equal bits in front.
pub fn integer(content: &[u8]) -> Result<&[u8], Malformed> {
    match content {
        [] | [0x00, 0x00..=0x7F, ..] | [0xFF, 0x80..=0xFF, ..] => Err("an INTEGER empty or padded"),
        _ => Ok(content),
    }
}

/// Whether the INTEGER is negative.
pub fn is_negative(content: &[u8]) -> bool {
    content.first().is_some_and(|&first| first >= 0x80)
}

/// The content of an INTEGER (0..MAX); what is too large is [`u32::MAX`].
pub fn unsigned(content: &[u8]) -> Result<u32, Malformed> {
    if is_negative(integer(content)?) {
        return Err("a negative number");
    }
    let add = |sum: u32, octet: &u8| sum.checked_mul(256)?.checked_add(u32::from(*octet));
    Ok(content.iter().try_fold(0, add).unwrap_or(u32::MAX))
}

/// The content of a BIT STRING (X.690 §8.6.2, §11.2.1): how many bits of its last octet are
/// unused and so zero, and the octets.
pub fn bit_string(content: &[u8]) -> Result<(u8, &[u8]), Malformed> {
    let (&unused, octets) = content.split_first().ok_or("a BIT STRING without octets")?;
    match (unused, octets.last()) {
        (0, _) => Ok((0, octets)),
        (1..=7, Some(last)) if last.trailing_zeros() >= u32::from(unused) => Ok((unused, octets)),
        _ => Err("a BIT STRING with unused bits that are set, or that there are not"),
    }
}

/// The content of a BIT STRING of whole octets, as keys and signatures are.
pub fn octets_of_bits(content: &[u8]) -> Result<&[u8], Malformed> {
    let (unused, octets) = bit_string(content)?;
    if unused == 0 {
        Ok(octets)
    } else {
        Err("a BIT STRING that is not whole octets")
    }
}

/// The content of a BIT STRING with named bits: bit i is bit i here, up to 15, and whether the last
/// bit is zero, which X.690 §11.2.2 has left out.
pub fn named_bits(content: &[u8]) -> Result<(u16, bool), Malformed> {
    let (unused, octets) = bit_string(content)?;
    let octet = |index: usize| {
        octets
            .get(index)
            .map_or(0, |octet: &u8| u16::from(octet.reverse_bits()))
    };
    let ends_with_zero = octets.last().is_some_and(|last| (last >> unused) & 1 == 0);
    Ok((octet(0) | octet(1) << 8, ends_with_zero))
}

/// The content of an OBJECT IDENTIFIER (X.690 §8.19): whole subidentifiers, none padded.
pub fn oid(content: &[u8]) -> Result<Oid, Malformed> {
    let mut is_first = true; // of a subidentifier
    for &octet in content {
        if is_first && octet == 0x80 {
            return Err("an OBJECT IDENTIFIER that is padded");
        }
        is_first = octet < 0x80;
    }
    if content.is_empty() || !is_first {
        return Err("an OBJECT IDENTIFIER that is empty or cut short");
    }
    Ok(content.to_vec())
}

/// Time (RFC 5280 §4.1.2.5): YYMMDDHHMMSSZ as UTCTime, where YY from 50 on is 19YY, or
/// YYYYMMDDHHMMSSZ as GeneralizedTime.
pub fn time(element: Element<'_>) -> Result<Time, Malformed> {
    let year_digits = match element.tag {
        UTC_TIME => 2,
        GENERALIZED_TIME => 4,
        _ => return Err("an element that is no time"),
    };
    let Some((b'Z', digits)) = element.content.split_last() else {
        return Err("a time that is not UTC");
    };
    if digits.len() != year_digits + 10 || !digits.iter().all(u8::is_ascii_digit) {
        return Err("a time of another form");
    }
    let number = |digits: &[u8]| {
        digits
            .iter()
            .fold(0, |sum, d| sum * 10 + i64::from(d - b'0'))
    };
    let (year, fields) = digits.split_at(year_digits);
    let year = match number(year) {
        year @ 0..50 if element.tag == UTC_TIME => 2000 + year,
        year if element.tag == UTC_TIME => 1900 + year,
        year => year,
    };
    let fields: Vec<i64> = fields.chunks(2).map(number).collect();
    let [month, day, hour, minute, second] = fields[..] else {
        return Err("a time of another form");
    };
    let is_date = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 59 {
        return Err("a time that there is not");
    }
    let days_in_years = |from, to| {
        (from..to)
            .map(|year| 365 + i64::from(is_leap(year)))
            .sum::<i64>()
    };
    let days_in_months: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    let days = days_in_years(1970, year) - days_in_years(year, 1970) + days_in_months + day - 1;
    Ok(((days * 24 + hour) * 60 + minute) * 60 + second)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
