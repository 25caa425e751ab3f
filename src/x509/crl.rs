//! The view of one CRL (RFC 5280 §5.1).

use alloc::format;
use alloc::string::String;

use super::certificate::read_algorithm;
use super::crl_entry::{CrlKind, Entries, EntryProblem};
use super::crl_form::CrlFormRule;
use super::der::{Element, ParseError, Problem, Reader, only_element, tag};
use super::display::oid_text;
use super::distribution_point::IssuingPoint;
use super::extension::Extension;
use super::extensions::read_authority_key_id;
use super::name::{EMPTY_NAME, read_name};
use super::seen::Others;
use super::strict_form::{Of, check_extension, check_name};
use super::time::{Time, TimeForm};

/// A CRL: its header, and its entries yet to be read.
#[derive(Clone, Debug)]
pub(crate) struct Crl<'a> {
    /// What the signature is over.
    pub(crate) tbs: &'a [u8],
    /// The content of the signature's AlgorithmIdentifier.
    pub(crate) signature_algorithm: &'a [u8],
    pub(crate) signature: &'a [u8],
    /// The DER of the issuer's name.
    pub(crate) issuer: &'a [u8],
    pub(crate) this_update: Time,
    pub(crate) next_update: Option<Time>,
    /// The content octets of the CRL number (§5.2.3).
    pub(crate) number: Option<&'a [u8]>,
    /// The authorityKeyIdentifier (§5.2.1), as the value of its extension.
    pub(crate) authority_key_id: Option<&'a [u8]>,
    /// The issuingDistributionPoint (§5.2.5), as the value of its extension, which
    /// [`IssuingPoint::read`] takes.
    pub(crate) issuing_point: Option<&'a [u8]>,
    /// Of a delta CRL, the content octets of the number of the CRL that it continues (§5.2.4).
    pub(crate) base_number: Option<&'a [u8]>,
    /// The CRL keeps entries of certificates that expired at this time or later (expiredCertsOnCRL,
    /// X.509). Without it, the issuer may drop an entry once its certificate has expired (§3.3).
    pub(crate) expired_certs_since: Option<Time>,
    /// The first form rule for conforming issuers that the header breaks.
    pub(crate) form_fault: Option<CrlFormRule>,
    is_v2: bool,
    entries: Reader<'a>,
}

/// Why bytes are no CRL that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CrlError {
    Malformed(ParseError),
    /// A critical extension that is not processed: its OBJECT IDENTIFIER, and the entry that it is
    /// in, from one.
    Unhandled {
        oid: String,
        entry: Option<usize>,
    },
}

impl CrlError {
    pub(crate) fn malformed(field: &'static str) -> impl Fn(Problem) -> Self {
        move |problem| Self::Malformed(ParseError::new(field, problem))
    }

    /// What is wrong with the entry of this index.
    pub(crate) fn in_entry(index: usize, problem: EntryProblem<'_>) -> Self {
        let entry = index.saturating_add(1);
        match problem {
            EntryProblem::Malformed(problem) => Self::Malformed(ParseError::in_place(
                format!("revokedCertificates, entry {entry}"),
                problem,
            )),
            EntryProblem::Unhandled(oid) => Self::Unhandled {
                oid: oid_text(oid),
                entry: Some(entry),
            },
        }
    }
}

/// The DER of the issuer's name in one DER element that need be a CRL only up to there.
pub(crate) fn issuer_of_crl(der: &[u8]) -> Option<&[u8]> {
    let mut crl = only_element(der, tag::SEQUENCE).ok()?.reader();
    let mut fields = crl.expect(tag::SEQUENCE).ok()?.reader();
    fields.optional(tag::INTEGER).ok()?;
    read_algorithm(&mut fields).ok()?;
    let issuer = read_name(&mut fields).ok()?.whole;
    // Certificates of version 1 begin alike, but for the serial number.
    let is_crl = matches!(fields.peek(), Some(tag::UTC_TIME | tag::GENERALIZED_TIME));
    (is_crl && issuer != EMPTY_NAME).then_some(issuer)
}

/// Whether one of the DER elements that follow one another looks like a CRL.
pub(crate) fn has_crl(der: &[u8]) -> bool {
    let mut reader = Reader::new(der);
    while let Ok(element) = reader.expect(tag::SEQUENCE) {
        if issuer_of_crl(element.whole).is_some() {
            return true;
        }
    }
    false
}

impl<'a> Crl<'a> {
    /// Parses one CRL and nothing after it, without its entries.
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, CrlError> {
        let malformed = CrlError::malformed;
        if u32::try_from(der.len()).is_err() {
            return Err(malformed("certificateList")(Problem::TooLarge));
        }
        let mut crl = only_element(der, tag::SEQUENCE)
            .map_err(malformed("certificateList"))?
            .reader();
        let tbs = crl
            .expect(tag::SEQUENCE)
            .map_err(malformed("tbsCertList"))?;
        let outer_algorithm = read_algorithm(&mut crl).map_err(malformed("signatureAlgorithm"))?;
        let (signature, _) = crl.bit_string().map_err(malformed("signatureValue"))?;
        crl.finish().map_err(malformed("certificateList"))?;

        let mut fields = tbs.reader();
        let is_v2 = read_version(&mut fields).map_err(malformed("version"))?;
        let algorithm = read_algorithm(&mut fields).map_err(malformed("signature"))?;
        // §5.1.1.2: the unsigned copy must say the same as the signed one.
        if algorithm.value != outer_algorithm.value {
            return Err(malformed("signatureAlgorithm")(Problem::AlgorithmMismatch));
        }
        let issuer = read_name(&mut fields).map_err(malformed("issuer"))?.whole;
        // §5.1.2.3: every CRL names its issuer.
        if issuer == EMPTY_NAME {
            return Err(malformed("issuer")(Problem::Empty));
        }
        let (this_update, this_form) = Time::read(&mut fields).map_err(malformed("thisUpdate"))?;
        let next = match fields.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => {
                Some(Time::read(&mut fields).map_err(malformed("nextUpdate"))?)
            }
            _ => None,
        };
        let entries = fields
            .optional(tag::SEQUENCE)
            .map_err(malformed("revokedCertificates"))?;
        let mut parsed = Self {
            tbs: tbs.whole,
            signature_algorithm: algorithm.value,
            signature,
            issuer,
            this_update,
            next_update: next.map(|(time, _)| time),
            number: None,
            authority_key_id: None,
            issuing_point: None,
            base_number: None,
            expired_certs_since: None,
            form_fault: None,
            is_v2,
            entries: entries
                .as_ref()
                .map_or(Reader::new(&[]), |entries| entries.reader()),
        };
        parsed.require(is_v2, CrlFormRule::Version);
        parsed.require(next.is_some(), CrlFormRule::NoNextUpdate);
        let forms = [Some(this_form), next.map(|(_, form)| form)];
        let is_general = forms.contains(&Some(TimeForm::GeneralizedBefore2050));
        parsed.require(!is_general, CrlFormRule::TimeForm);
        let is_empty = entries.is_some_and(|entries| entries.value.is_empty());
        parsed.require(!is_empty, CrlFormRule::EmptyEntries);

        if let Some(explicit) = fields
            .optional(tag::context_constructed(0))
            .map_err(malformed("crlExtensions"))?
        {
            parsed.read_extensions(&explicit)?;
        } else {
            parsed.require(false, CrlFormRule::NoNumber);
        }
        fields.finish().map_err(malformed("tbsCertList"))?;
        if let Err(breach) = check_name("issuer", issuer) {
            parsed.require(false, breach.into());
        }
        Ok(parsed)
    }

    /// The entries. Each is as malformed as it is, so a reader of the CRL must look at all of them.
    pub(crate) fn entries(&self) -> Entries<'a> {
        let kind = CrlKind {
            is_v2: self.is_v2,
            is_delta: self.base_number.is_some(),
        };
        Entries::new(self.entries.clone(), kind)
    }

    /// Notes the first form rule that is broken.
    fn require(&mut self, holds: bool, rule: CrlFormRule) {
        if !holds {
            self.form_fault.get_or_insert(rule);
        }
    }

    fn read_extensions(&mut self, explicit: &Element<'a>) -> Result<(), CrlError> {
        let malformed = CrlError::malformed("crlExtensions");
        if !self.is_v2 {
            return Err(malformed(Problem::Version));
        }
        let mut reader = explicit.reader();
        let list = reader.expect(tag::SEQUENCE).map_err(&malformed)?;
        reader.finish().map_err(&malformed)?;
        let mut extensions = list.reader();
        // Nobody is known to write that, unlike the empty lists of certificates and entries.
        if extensions.is_empty() {
            return Err(malformed(Problem::Empty));
        }
        let (mut has_key_id, mut has_freshest) = (false, false);
        let mut seen = Others::default();
        while !extensions.is_empty() {
            let extension = Extension::read(&mut extensions).map_err(&malformed)?;
            seen.note(extension.oid.value).map_err(&malformed)?;
            self.read_extension(&extension, &mut has_key_id)?;
            has_freshest |= extension.oid.value == FRESHEST_CRL;
            if let Err(breach) = check_extension(&extension, Of::Crl) {
                self.require(false, breach.into());
            }
        }
        let is_freshest_in_delta = has_freshest && self.base_number.is_some();
        self.require(!is_freshest_in_delta, CrlFormRule::FreshestInDelta);
        self.require(has_key_id, CrlFormRule::NoAuthorityKeyId);
        self.require(self.number.is_some(), CrlFormRule::NoNumber);
        Ok(())
    }

    /// The one place that says which extensions of CRLs are processed.
    fn read_extension(
        &mut self,
        extension: &Extension<'a>,
        has_key_id: &mut bool,
    ) -> Result<(), CrlError> {
        let (value, critical) = (&extension.value, extension.critical);
        match extension.oid.value {
            // §5.2.3
            [0x55, 0x1d, 20] => {
                let number = read_integer(value).map_err(CrlError::malformed("cRLNumber"))?;
                self.number = Some(number);
                self.require(!critical, CrlFormRule::Critical("cRLNumber"));
                self.require(is_crl_number(number), CrlFormRule::Number);
            }
            // §5.2.4
            [0x55, 0x1d, 27] => {
                let field = "deltaCRLIndicator";
                let number = read_integer(value).map_err(CrlError::malformed(field))?;
                self.base_number = Some(number);
                self.require(critical, CrlFormRule::NotCritical(field));
                self.require(is_crl_number(number), CrlFormRule::Number);
            }
            // §5.2.5
            [0x55, 0x1d, 28] => {
                let field = "issuingDistributionPoint";
                let point = IssuingPoint::read(value.value).map_err(CrlError::malformed(field))?;
                self.issuing_point = Some(value.value);
                self.require(critical, CrlFormRule::NotCritical(field));
                self.require(point.only_flags() <= 1, CrlFormRule::OnlyFlags);
                self.require(!point.is_empty(), CrlFormRule::EmptyIssuingPoint);
            }
            // §5.2.1. It only tells CRLs apart, so one that does not parse is as if absent, unless
            // it claims to matter.
            [0x55, 0x1d, 35] => {
                let field = "authorityKeyIdentifier";
                match read_authority_key_id(value) {
                    Ok(identifier) => {
                        *has_key_id = !identifier.is_absent();
                        self.authority_key_id = Some(value.value);
                    }
                    Err(problem) if critical => return Err(CrlError::malformed(field)(problem)),
                    Err(_) => self.require(false, CrlFormRule::Extension(field)),
                }
                self.require(!critical, CrlFormRule::Critical(field));
            }
            // X.509. A malformed one promises nothing, as if absent, unless it claims to matter.
            [0x55, 0x1d, 60] => {
                let field = "expiredCertsOnCRL";
                match read_expired_certs_since(value) {
                    Ok(since) => self.expired_certs_since = Some(since),
                    Err(problem) if critical => return Err(CrlError::malformed(field)(problem)),
                    Err(_) => self.require(false, CrlFormRule::Extension(field)),
                }
            }
            oid if critical => {
                return Err(CrlError::Unhandled {
                    oid: oid_text(oid),
                    entry: None,
                });
            }
            _ => {}
        }
        Ok(())
    }
}

/// id-ce-freshestCRL, 2.5.29.46.
const FRESHEST_CRL: &[u8] = &[0x55, 0x1d, 46];

/// `CRLNumber ::= INTEGER (0..MAX)`, of at most 20 octets (§5.2.3); a BaseCRLNumber is one
/// (§5.2.4).
fn is_crl_number(content: &[u8]) -> bool {
    let is_negative = content.first().is_some_and(|first| first & 0x80 != 0);
    !is_negative && content.len() <= 20
}

/// `[version Version OPTIONAL]`, which is 1 (version 2) where it is there (§5.1.2.1). Whether it
/// is version 2.
fn read_version(fields: &mut Reader<'_>) -> Result<bool, Problem> {
    if fields.peek() != Some(tag::INTEGER) {
        return Ok(false);
    }
    match fields.integer()?.value {
        [1] => Ok(true),
        [0] => Err(Problem::DefaultEncoded),
        _ => Err(Problem::Version),
    }
}

/// The INTEGER that is all of an extension's value.
fn read_integer<'a>(value: &Element<'a>) -> Result<&'a [u8], Problem> {
    let mut reader = value.reader();
    let integer = reader.integer()?.value;
    reader.finish()?;
    Ok(integer)
}

/// The GeneralizedTime that is all of an extension's value. UTCTime is not of the type.
fn read_expired_certs_since(value: &Element<'_>) -> Result<Time, Problem> {
    let mut reader = value.reader();
    if reader.peek() == Some(tag::UTC_TIME) {
        let found = tag::UTC_TIME;
        return Err(Problem::UnexpectedTag { found });
    }
    let (since, _) = Time::read(&mut reader)?;
    reader.finish()?;
    Ok(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X.509: GeneralizedTime, of any year, and nothing after it.
    #[test]
    fn expired_certs_on_crl() {
        let read = |bytes: &[u8]| {
            let mut wrapped = alloc::vec![tag::OCTET_STRING, bytes.len() as u8];
            wrapped.extend_from_slice(bytes);
            let value = only_element(&wrapped, tag::OCTET_STRING).unwrap();
            read_expired_certs_since(&value).map(|since| since.to_unix().as_secs())
        };
        assert_eq!(read(b"\x18\x0f19700101000001Z"), Ok(1));
        assert_eq!(read(b"\x18\x0f20500101000000Z"), Ok(2_524_608_000));
        for (bytes, problem) in [
            (
                &b"\x17\x0d700101000001Z"[..],
                Problem::UnexpectedTag { found: 0x17 },
            ),
            (b"\x18\x0f19700101000001Z\x00", Problem::TrailingData),
            (b"\x18\x1119700101000001.5Z", Problem::TimeForm),
            (b"\x18\x0d197001010000Z", Problem::TimeForm),
            (b"\x18\x1319700101000001+0000", Problem::TimeForm),
            (b"\x05\x00", Problem::UnexpectedTag { found: 0x05 }),
            (b"", Problem::Truncated),
        ] {
            assert_eq!(read(bytes), Err(problem), "{bytes:02x?}");
        }
    }

    /// §5.2.3, both sides.
    #[test]
    fn numbers_are_not_negative_and_have_at_most_20_octets() {
        for (content, is_good) in [
            (&[0][..], true),
            (&[0x7f; 20], true),
            (&[0x7f; 21], false),
            (&[0xff], false),
            (&[0x80, 0], false),
            (&[0, 0x80], true),
        ] {
            assert_eq!(is_crl_number(content), is_good, "{content:02x?}");
        }
    }
}
