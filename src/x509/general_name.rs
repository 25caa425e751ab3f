//! General names (RFC 5280 §4.2.1.6), as in a subjectAltName.

use super::der::{Problem, Reader, tag};
use super::name::check_name;

/// One general name. Forms that nothing here reads yet are told apart only by their tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GeneralName<'a> {
    /// The identifier of the form, and its value as DER.
    Other {
        type_id: &'a [u8],
        value: &'a [u8],
    },
    Email(&'a str),
    Dns(&'a str),
    /// The DER of the name.
    Directory(&'a [u8]),
    Uri(&'a str),
    /// 4 or 16 bytes.
    Ip(&'a [u8]),
    /// x400Address, ediPartyName or registeredID.
    Unread,
}

impl<'a> GeneralName<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Problem> {
        const OTHER: u8 = tag::context_constructed(0);
        const EMAIL: u8 = tag::context(1);
        const DNS: u8 = tag::context(2);
        const X400: u8 = tag::context_constructed(3);
        const DIRECTORY: u8 = tag::context_constructed(4);
        const EDI_PARTY: u8 = tag::context_constructed(5);
        const URI: u8 = tag::context(6);
        const IP: u8 = tag::context(7);
        const REGISTERED_ID: u8 = tag::context(8);

        let element = reader.element()?;
        Ok(match element.tag {
            OTHER => {
                let mut other = element.reader();
                let type_id = other.oid()?.value;
                let mut explicit = other.expect(tag::context_constructed(0))?.reader();
                other.finish()?;
                let value = explicit.element()?.whole;
                explicit.finish()?;
                Self::Other { type_id, value }
            }
            EMAIL => Self::Email(ia5_string(element.value)?),
            DNS => Self::Dns(ia5_string(element.value)?),
            DIRECTORY => {
                let mut explicit = element.reader();
                let name = explicit.expect(tag::SEQUENCE)?;
                explicit.finish()?;
                check_name(name.reader())?;
                Self::Directory(name.whole)
            }
            URI => Self::Uri(ia5_string(element.value)?),
            IP if matches!(element.value.len(), 4 | 16) => Self::Ip(element.value),
            IP => return Err(Problem::AddressForm),
            X400 | EDI_PARTY | REGISTERED_ID => Self::Unread,
            found => return Err(Problem::UnexpectedTag { found }),
        })
    }
}

/// IA5String is ASCII.
fn ia5_string(bytes: &[u8]) -> Result<&str, Problem> {
    match core::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Ok(text),
        _ => Err(Problem::StringForm),
    }
}

/// Checks `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`, given its content.
pub(crate) fn check_general_names(mut names: Reader<'_>) -> Result<(), Problem> {
    if names.is_empty() {
        return Err(Problem::Empty);
    }
    while !names.is_empty() {
        GeneralName::read(&mut names)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<GeneralName<'_>, Problem> {
        let mut reader = Reader::new(bytes);
        let name = GeneralName::read(&mut reader)?;
        reader.finish()?;
        Ok(name)
    }

    #[test]
    fn each_form_is_read() {
        assert_eq!(read(b"\x81\x03a@b"), Ok(GeneralName::Email("a@b")));
        assert_eq!(read(b"\x82\x01a"), Ok(GeneralName::Dns("a")));
        assert_eq!(read(b"\x86\x03a:b"), Ok(GeneralName::Uri("a:b")));
        assert_eq!(
            read(b"\x87\x04\x7f\x00\x00\x01"),
            Ok(GeneralName::Ip(&[127, 0, 0, 1]))
        );
        assert_eq!(
            read(b"\xa4\x02\x30\x00"),
            Ok(GeneralName::Directory(&[0x30, 0x00]))
        );
        assert_eq!(
            read(b"\xa0\x08\x06\x01\x2a\xa0\x03\x0c\x01x"),
            Ok(GeneralName::Other {
                type_id: &[0x2a],
                value: b"\x0c\x01x"
            })
        );
        assert_eq!(read(b"\x88\x01\x2a"), Ok(GeneralName::Unread));
    }

    #[test]
    fn bad_forms_are_refused() {
        assert_eq!(read(b"\x82\x02\xc3\xab"), Err(Problem::StringForm));
        assert_eq!(read(b"\x87\x03\x7f\x00\x00"), Err(Problem::AddressForm));
        assert_eq!(
            read(b"\x89\x00"),
            Err(Problem::UnexpectedTag { found: 0x89 })
        );
        assert!(read(b"\xa4\x02\x31\x00").is_err());
        assert_eq!(read(b"\xa0\x03\x06\x01\x2a"), Err(Problem::Truncated));
        assert_eq!(check_general_names(Reader::new(b"")), Err(Problem::Empty));
    }
}
