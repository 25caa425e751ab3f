//! General names (RFC 5280 §4.2.1.6), as in a subjectAltName.

use core::fmt;
use core::net::IpAddr;

use super::der::{Problem, Reader, tag};
use super::display::{ShortName, ShortText, oid_text};
use super::name::{check_name, check_value};

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
    /// 4 or 16 bytes; in a name constraint, 8 or 32: address and mask.
    Ip(&'a [u8]),

    /// A form that is not read (x400Address, ediPartyName, registeredID), or a name that is not
    /// well-formed in its form: its tag. The name is nobody's then, and where constraints speak of
    /// its form it breaks them; the certificate is not refused for it otherwise, as deployed
    /// issuers write UTF-8 where ASCII belongs.
    Unread(u8),
}

const OTHER: u8 = tag::context_constructed(0);
const EMAIL: u8 = tag::context(1);
const DNS: u8 = tag::context(2);
const X400: u8 = tag::context_constructed(3);
const DIRECTORY: u8 = tag::context_constructed(4);
const EDI_PARTY: u8 = tag::context_constructed(5);
const URI: u8 = tag::context(6);
const IP: u8 = tag::context(7);
const REGISTERED_ID: u8 = tag::context(8);

impl GeneralName<'_> {
    /// The form of a name that is not well-formed in it; `None` of forms that are never read.
    pub(crate) fn unread_form(self) -> Option<&'static str> {
        match self {
            Self::Unread(EMAIL) => Some("rfc822Name"),
            Self::Unread(DNS) => Some("dNSName"),
            Self::Unread(URI) => Some("uniformResourceIdentifier"),
            Self::Unread(IP) => Some("iPAddress"),
            _ => None,
        }
    }
}

/// What an iPAddress holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IpForm {
    /// An address (§4.2.1.6).
    Address,
    /// An address and a mask (§4.2.1.10).
    Subnet,
}

impl<'a> GeneralName<'a> {
    /// The tag of its form.
    pub(crate) fn tag(&self) -> u8 {
        match self {
            Self::Other { .. } => OTHER,
            Self::Email(_) => EMAIL,
            Self::Dns(_) => DNS,
            Self::Directory(_) => DIRECTORY,
            Self::Uri(_) => URI,
            Self::Ip(_) => IP,
            Self::Unread(tag) => *tag,
        }
    }

    /// How many bytes it takes to compare it.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Email(text) | Self::Dns(text) | Self::Uri(text) => text.len(),
            Self::Directory(name) => name.len(),
            Self::Ip(bytes) => bytes.len(),
            Self::Other { type_id, value } => type_id.len().saturating_add(value.len()),
            Self::Unread(_) => 1,
        }
    }

    /// The next name of a subjectAltName.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Problem> {
        Self::read_as(reader, IpForm::Address)
    }

    pub(crate) fn read_as(reader: &mut Reader<'a>, ip_form: IpForm) -> Result<Self, Problem> {
        let element = reader.element()?;
        let unread = Self::Unread(element.tag);
        Ok(match element.tag {
            OTHER => {
                let mut other = element.reader();
                let type_id = other.oid()?.value;
                let mut explicit = other.expect(tag::context_constructed(0))?.reader();
                other.finish()?;
                let value = explicit.element()?;
                check_value(&value)?;
                explicit.finish()?;
                Self::Other {
                    type_id,
                    value: value.whole,
                }
            }
            EMAIL => visible_text(element.value).map_or(unread, Self::Email),
            DNS => visible_text(element.value).map_or(unread, Self::Dns),
            DIRECTORY => {
                let mut explicit = element.reader();
                let name = explicit.expect(tag::SEQUENCE)?;
                explicit.finish()?;
                check_name(name.value)?;
                Self::Directory(name.whole)
            }
            URI => visible_text(element.value).map_or(unread, Self::Uri),
            IP => match (ip_form, element.value.len()) {
                (IpForm::Address, 4 | 16) | (IpForm::Subnet, 8 | 32) => Self::Ip(element.value),
                _ => unread,
            },
            X400 | EDI_PARTY | REGISTERED_ID => unread,
            found => return Err(Problem::UnexpectedTag { found }),
        })
    }
}

/// The kind and the name, such as `DNS:example.org`, cut to a length that a line of a log can bear.
impl fmt::Display for GeneralName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(address) => write!(f, "email:{}", ShortText(address)),
            Self::Dns(name) => write!(f, "DNS:{}", ShortText(name)),
            Self::Uri(uri) => write!(f, "URI:{}", ShortText(uri)),
            Self::Directory(name) => write!(f, "directoryName:{}", ShortName(name)),
            Self::Ip(bytes) => {
                let address = <[u8; 4]>::try_from(*bytes)
                    .map(IpAddr::from)
                    .or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
                match address {
                    Ok(address) => write!(f, "IP:{address}"),
                    Err(_) => f.write_str("IP:?"),
                }
            }
            Self::Other { type_id, .. } => write!(f, "otherName:{}", oid_text(type_id)),
            Self::Unread(tag) => write!(f, "general name [{}]", tag & 0x1f),
        }
    }
}

/// ASCII without control characters: no DNS name, address or URI has others, and they could forge a
/// line of a log.
pub(super) fn visible_text(bytes: &[u8]) -> Option<&str> {
    let is_visible = |byte: &u8| matches!(byte, b' '..=b'~');
    core::str::from_utf8(bytes)
        .ok()
        .filter(|_| bytes.iter().all(is_visible))
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
        assert_eq!(read(b"\x88\x01\x2a"), Ok(GeneralName::Unread(0x88)));
    }

    #[test]
    fn bad_forms_are_refused() {
        assert_eq!(read(b"\x82\x02\xc3\xab"), Ok(GeneralName::Unread(0x82)));
        assert_eq!(read(b"\x81\x03a\x0ab"), Ok(GeneralName::Unread(0x81)));
        assert_eq!(read(b"\x86\x01\x00"), Ok(GeneralName::Unread(0x86)));
        assert_eq!(read(b"\x87\x03\x7f\x00\x00"), Ok(GeneralName::Unread(0x87)));

        assert_eq!(
            read(b"\x89\x00"),
            Err(Problem::UnexpectedTag { found: 0x89 })
        );
        assert!(read(b"\xa4\x02\x31\x00").is_err());
        assert_eq!(read(b"\xa0\x03\x06\x01\x2a"), Err(Problem::Truncated));
        assert_eq!(check_general_names(Reader::new(b"")), Err(Problem::Empty));
    }
}
