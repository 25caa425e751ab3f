//! Certificate extensions (RFC 5280 §4.2).

use super::der::{
    Element, MAX_EXTENSIONS, ParseError, Problem, Reader, Span, only_element, saturating_u32, tag,
};
use super::general_name::check_general_names;

/// What a certificate's extensions say, as far as they are processed here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extensions {
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    /// The OBJECT IDENTIFIERs, one after another.
    pub(super) extended_key_usage: Span,
    /// The general names, one after another.
    pub(super) subject_alt_name: Span,
    pub(super) subject_key_id: Span,
    pub(super) authority_key_id: Span,
    /// The OBJECT IDENTIFIER of the first extension that forbids the use of this certificate, because it is critical
    /// (§4.2) or only ever restricts, and is not processed here.
    pub(super) unhandled: Span,
    /// One bit for each extension of arc `id-ce` seen, to find a second one.
    seen: u64,
}

impl Extensions {
    pub(super) const NONE: Self = Self {
        basic_constraints: None,
        key_usage: None,
        extended_key_usage: Span::ABSENT,
        subject_alt_name: Span::ABSENT,
        subject_key_id: Span::ABSENT,
        authority_key_id: Span::ABSENT,
        unhandled: Span::ABSENT,
        seen: 0,
    };

    /// Reads the content of `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`.
    pub(super) fn read(list: Reader<'_>) -> Result<Self, ParseError> {
        let in_extensions = |problem| ParseError::new("extensions", problem);
        if list.is_empty() {
            return Err(in_extensions(Problem::Empty));
        }
        let mut extensions = Self::NONE;
        let mut rest = list.clone();
        let mut count = 0usize;
        while !rest.is_empty() {
            if count == MAX_EXTENSIONS {
                return Err(in_extensions(Problem::TooManyExtensions));
            }
            let extension = Extension::read(&mut rest).map_err(in_extensions)?;
            if extensions.is_repeated(&extension, list.clone(), count) {
                return Err(in_extensions(Problem::DuplicateExtension));
            }
            extensions.add(&extension)?;
            count = count.saturating_add(1);
        }
        Ok(extensions)
    }

    /// Whether `extension`, which `earlier` others precede in `list`, is there a second time (§4.2: at most once each).
    fn is_repeated(&mut self, extension: &Extension<'_>, list: Reader<'_>, earlier: usize) -> bool {
        if let [0x55, 0x1d, arc @ 0..64] = extension.oid.value {
            let bit = 1u64 << arc;
            let repeated = self.seen & bit != 0;
            self.seen |= bit;
            return repeated;
        }
        let mut list = list;
        (0..earlier)
            .map_while(|_| Extension::read(&mut list).ok())
            .any(|other| other.oid.value == extension.oid.value)
    }

    /// The one place that says which extensions are processed.
    fn add(&mut self, extension: &Extension<'_>) -> Result<(), ParseError> {
        let value = &extension.value;
        let (field, outcome) = match extension.oid.value {
            // §4.2.1.9
            [0x55, 0x1d, 19] => (
                "basicConstraints",
                BasicConstraints::read(value).map(|read| self.basic_constraints = Some(read)),
            ),
            // §4.2.1.3
            [0x55, 0x1d, 15] => (
                "keyUsage",
                KeyUsage::read(value).map(|read| self.key_usage = Some(read)),
            ),
            // §4.2.1.12
            [0x55, 0x1d, 37] => (
                "extKeyUsage",
                read_key_purposes(value).map(|read| self.extended_key_usage = read),
            ),
            // §4.2.1.6
            [0x55, 0x1d, 17] => (
                "subjectAltName",
                read_general_names(value).map(|read| self.subject_alt_name = read),
            ),
            // §4.2.1.2 and §4.2.1.1. They only order candidates, so one that does not parse is as if absent, unless
            // it is critical and so claims to matter.
            [0x55, 0x1d, 14] => (
                "subjectKeyIdentifier",
                read_subject_key_id(value)
                    .map(|read| self.subject_key_id = read)
                    .or_else(|problem| extension.only_if_critical(problem)),
            ),
            [0x55, 0x1d, 35] => (
                "authorityKeyIdentifier",
                read_authority_key_id(value)
                    .map(|read| self.authority_key_id = read)
                    .or_else(|problem| extension.only_if_critical(problem)),
            ),
            // nameConstraints (§4.2.1.10), policyConstraints (§4.2.1.11) and inhibitAnyPolicy (§4.2.1.14) can only take
            // rights away. To pass over one that is not marked critical would grant what its issuer withheld.
            [0x55, 0x1d, 30 | 36 | 54] => {
                self.note_unhandled(extension);
                return Ok(());
            }
            _ if extension.critical => {
                self.note_unhandled(extension);
                return Ok(());
            }
            _ => return Ok(()),
        };
        outcome.map_err(|problem| ParseError::new(field, problem))
    }

    fn note_unhandled(&mut self, extension: &Extension<'_>) {
        if self.unhandled == Span::ABSENT {
            self.unhandled = extension.oid.value_span();
        }
    }
}

/// `Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }`.
struct Extension<'a> {
    oid: Element<'a>,
    critical: bool,
    value: Element<'a>,
}

impl<'a> Extension<'a> {
    fn read(list: &mut Reader<'a>) -> Result<Self, Problem> {
        let mut extension = list.expect(tag::SEQUENCE)?.reader();
        let read = Self {
            oid: extension.oid()?,
            critical: extension.boolean_default_false()?,
            value: extension.expect(tag::OCTET_STRING)?,
        };
        extension.finish()?;
        Ok(read)
    }

    fn only_if_critical(&self, problem: Problem) -> Result<(), Problem> {
        if self.critical { Err(problem) } else { Ok(()) }
    }
}

/// The SEQUENCE that is all of an extension's value.
fn sequence<'a>(value: &Element<'a>) -> Result<Element<'a>, Problem> {
    let mut reader = value.reader();
    let sequence = reader.expect(tag::SEQUENCE)?;
    reader.finish()?;
    Ok(sequence)
}

/// basicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BasicConstraints {
    pub(crate) is_ca: bool,
    /// How many intermediates that are not self-issued may follow; meaningful for a CA only.
    pub(crate) path_len: Option<u32>,
}

impl BasicConstraints {
    fn read(value: &Element<'_>) -> Result<Self, Problem> {
        let mut reader = sequence(value)?.reader();
        let is_ca = reader.boolean_default_false()?;
        let path_len = match reader.is_empty() {
            true => None,
            false => Some(saturating_u32(reader.integer()?.value)?),
        };
        reader.finish()?;
        Ok(Self { is_ca, path_len })
    }
}

/// keyUsage (RFC 5280 §4.2.1.3): the bits in the order of their numbers, the first the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyUsage(u8);

impl KeyUsage {
    /// Bit 8, decipherOnly, is in a second byte and means nothing here. Zero bits at the end, which DER leaves out, are
    /// accepted: they can only mean one thing.
    fn read(value: &Element<'_>) -> Result<Self, Problem> {
        let mut reader = value.reader();
        let bits = reader.expect(tag::BIT_STRING)?.value;
        reader.finish()?;
        let [unused @ 0..=7, bits @ ..] = bits else {
            return Err(Problem::BitStringForm);
        };
        match (bits.last(), unused) {
            (None, 0) => {}
            (Some(last), _) if last.trailing_zeros() >= u32::from(*unused) => {}
            _ => return Err(Problem::BitStringForm),
        }
        Ok(Self(bits.first().copied().unwrap_or(0)))
    }

    /// Bit 0: signatures other than on certificates and CRLs, as a TLS client makes.
    pub(crate) fn digital_signature(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// Bit 5: signatures on certificates.
    pub(crate) fn key_cert_sign(self) -> bool {
        self.0 & 0x04 != 0
    }
}

/// `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId`.
fn read_key_purposes(value: &Element<'_>) -> Result<Span, Problem> {
    let list = sequence(value)?;
    let mut purposes = list.reader();
    if purposes.is_empty() {
        return Err(Problem::Empty);
    }
    while !purposes.is_empty() {
        purposes.oid()?;
    }
    Ok(list.value_span())
}

fn read_general_names(value: &Element<'_>) -> Result<Span, Problem> {
    let names = sequence(value)?;
    check_general_names(names.reader())?;
    Ok(names.value_span())
}

fn read_subject_key_id(value: &Element<'_>) -> Result<Span, Problem> {
    only_element(value.value, tag::OCTET_STRING)?;
    let identifier = value.reader().expect(tag::OCTET_STRING)?;
    Ok(identifier.value_span())
}

/// The `keyIdentifier [0]` of an authorityKeyIdentifier; its issuer and serial are not used.
fn read_authority_key_id(value: &Element<'_>) -> Result<Span, Problem> {
    let identifier = sequence(value)?.reader().optional(tag::context(0))?;
    Ok(identifier.map_or(Span::ABSENT, |identifier| identifier.value_span()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole<T>(
        bytes: &[u8],
        read: impl Fn(&Element<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut wrapped = alloc::vec![tag::OCTET_STRING, bytes.len() as u8];
        wrapped.extend_from_slice(bytes);
        read(&only_element(&wrapped, tag::OCTET_STRING).unwrap())
    }

    #[test]
    fn basic_constraints() {
        let read = |bytes: &[u8]| {
            whole(bytes, BasicConstraints::read).map(|read| (read.is_ca, read.path_len))
        };
        assert_eq!(read(b"\x30\x00"), Ok((false, None)));
        assert_eq!(read(b"\x30\x03\x01\x01\xff"), Ok((true, None)));
        assert_eq!(read(b"\x30\x03\x01\x01\x00"), Ok((false, None)));
        assert_eq!(
            read(b"\x30\x06\x01\x01\xff\x02\x01\x00"),
            Ok((true, Some(0)))
        );
        assert_eq!(
            read(b"\x30\x09\x01\x01\xff\x02\x04\x7f\xff\xff\xff"),
            Ok((true, Some(0x7fff_ffff)))
        );
        assert_eq!(
            read(b"\x30\x06\x01\x01\xff\x02\x01\xff"),
            Err(Problem::OutOfRange)
        );
        assert_eq!(read(b"\x30\x03\x01\x01\x01"), Err(Problem::BooleanForm));
        assert_eq!(read(b"\x30\x00\x00"), Err(Problem::TrailingData));
    }

    #[test]
    fn key_usage() {
        let read = |bytes: &[u8]| whole(bytes, KeyUsage::read);
        let bits = read(b"\x03\x02\x07\x80").unwrap();
        assert!(bits.digital_signature() && !bits.key_cert_sign());
        let bits = read(b"\x03\x02\x01\x06").unwrap();
        assert!(!bits.digital_signature() && bits.key_cert_sign());
        assert!(read(b"\x03\x03\x07\x00\x80").is_ok());
        assert_eq!(read(b"\x03\x01\x00"), Ok(KeyUsage(0)));
        assert_eq!(read(b"\x03\x01\x01"), Err(Problem::BitStringForm));
        assert_eq!(read(b"\x03\x02\x08\x80"), Err(Problem::BitStringForm));
        assert_eq!(read(b"\x03\x02\x07\xc0"), Err(Problem::BitStringForm));
    }

    #[test]
    fn key_purposes() {
        assert!(whole(b"\x30\x04\x06\x02\x2a\x03", read_key_purposes).is_ok());
        assert_eq!(whole(b"\x30\x00", read_key_purposes), Err(Problem::Empty));
        assert!(whole(b"\x30\x02\x05\x00", read_key_purposes).is_err());
    }
}
