//! One extension, whatever it says (RFC 5280 §4.1.2.9).

use super::der::{Element, Problem, Reader, tag};

/// `Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }`.
pub(crate) struct Extension<'a> {
    pub(crate) oid: Element<'a>,
    pub(crate) critical: bool,
    /// Whether `critical` is written out as FALSE, its default (X.690 §11.5).
    pub(super) is_default_written: bool,
    pub(crate) value: Element<'a>,
}

impl<'a> Extension<'a> {
    #[inline]
    pub(super) fn read(list: &mut Reader<'a>) -> Result<Self, Problem> {
        match Self::read_usual(list) {
            Some(usual) => Ok(usual),
            None => Self::read_any(list),
        }
    }

    fn read_any(list: &mut Reader<'a>) -> Result<Self, Problem> {
        let mut extension = list.expect(tag::SEQUENCE)?.reader();
        let oid = extension.oid()?;
        let is_written = extension.peek() == Some(tag::BOOLEAN);
        let critical = extension.boolean_default_false()?;
        let read = Self {
            oid,
            critical,
            is_default_written: is_written && !critical,
            value: extension.expect(tag::OCTET_STRING)?,
        };
        extension.finish()?;
        Ok(read)
    }

    /// One of the usual form, of arc `id-ce` in fewer than 128 bytes, in one step; there are a
    /// dozen in each verification. Of others nothing is read.
    #[inline]
    fn read_usual(list: &mut Reader<'a>) -> Option<Self> {
        const AT_OID: usize = 2;
        const AFTER_OID: usize = 7;
        const CRITICAL: [u8; 3] = [tag::BOOLEAN, 1, 0xff];

        let [
            tag::SEQUENCE,
            sequence_len @ 0..=0x7f,
            tag::OID,
            3,
            0x55,
            0x1d,
            0..=0x7f,
            after @ ..,
        ] = list.rest()
        else {
            return None;
        };
        let critical = after.first_chunk() == Some(&CRITICAL);
        let at_value = match critical {
            true => AFTER_OID.saturating_add(CRITICAL.len()),
            false => AFTER_OID,
        };
        let oid = list.short_element_at(AT_OID)?;
        let value = list.short_element_at(at_value)?;
        let len = usize::from(*sequence_len).saturating_add(2);
        let is_whole = at_value.saturating_add(value.whole.len()) == len;
        if value.tag != tag::OCTET_STRING || !is_whole {
            return None;
        }
        list.skip(len)?;
        Some(Self {
            oid,
            critical,
            is_default_written: false,
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever is read in one step is read element by element with the same outcome.
    #[test]
    fn the_usual_form_is_no_exception() {
        let outcome = |read: Extension<'_>, rest: Reader<'_>| {
            let spans = [
                read.oid.whole_span(),
                read.oid.value_span(),
                read.value.whole_span(),
                read.value.value_span(),
            ];
            let values = [read.oid.value.to_vec(), read.value.value.to_vec()];
            let flags = [read.critical, read.is_default_written];
            (spans, values, flags, rest.rest().to_vec())
        };
        let mut usual = 0;
        for whole in [
            &b"\x30\x0d\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x03\x30\x01\x00--"[..],
            b"\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x07\x80",
            b"\x30\x0a\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x00",
        ] {
            for place in 0..whole.len() {
                for byte in 0..=u8::MAX {
                    let mut bytes = whole.to_vec();
                    bytes[place] = byte;
                    let (mut one, mut other) = (Reader::new(&bytes), Reader::new(&bytes));
                    let Some(read) = Extension::read_usual(&mut one) else {
                        assert_eq!(one.rest(), bytes, "nothing is read");
                        continue;
                    };
                    usual += 1;
                    let any = Extension::read_any(&mut other).unwrap();
                    assert_eq!(outcome(read, one), outcome(any, other), "{bytes:02x?}");
                }
            }
        }
        assert!(usual > 1_000, "{usual}");
    }
}
