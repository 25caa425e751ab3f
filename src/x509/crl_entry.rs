//! The entries of a CRL (RFC 5280 §5.1.2.6, §5.3).

use super::crl_form::CrlFormRule;
use super::der::{Element, Problem, Reader, tag};
use super::distribution_point::general_names;
use super::extension::Extension;
use super::general_name::{GeneralName, check_general_names};
use super::seen::Others;
use super::strict_form::check_names_of;
use super::time::{Time, TimeForm};

/// Why a certificate was revoked (RFC 5280 §5.3.1). A certificate on hold is revoked as well; only
/// a hold can be lifted by a delta CRL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationReason {
    /// Not said, or by a number without a meaning.
    #[error("no reason given")]
    Unspecified,
    /// Its key is, or may be, in the hands of others.
    #[error("keyCompromise")]
    KeyCompromise,
    /// The same for the key of a CA.
    #[error("cACompromise")]
    CaCompromise,
    /// What it says of its subject has changed.
    #[error("affiliationChanged")]
    AffiliationChanged,
    /// Another one has taken its place.
    #[error("superseded")]
    Superseded,
    /// It is no longer needed.
    #[error("cessationOfOperation")]
    CessationOfOperation,
    /// It is on hold, and may come back.
    #[error("certificateHold")]
    CertificateHold,
    /// In a delta CRL: it is no longer revoked. In a complete CRL, where this means nothing,
    /// revoked all the same.
    #[error("removeFromCRL")]
    RemoveFromCrl,
    /// A privilege that it grants was withdrawn.
    #[error("privilegeWithdrawn")]
    PrivilegeWithdrawn,
    /// The key of an attribute authority is in the hands of others.
    #[error("aACompromise")]
    AaCompromise,
}

/// The number of [`RevocationReason::CertificateHold`].
pub(crate) const CERTIFICATE_HOLD: u8 = 6;
/// The number of [`RevocationReason::RemoveFromCrl`].
pub(crate) const REMOVE_FROM_CRL: u8 = 8;

impl RevocationReason {
    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            CERTIFICATE_HOLD => Self::CertificateHold,
            REMOVE_FROM_CRL => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => Self::Unspecified,
        }
    }
}

/// One entry: a certificate that is revoked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// The content octets of its serial number.
    pub(crate) serial: &'a [u8],
    pub(crate) revoked_at: Time,
    /// The number of its reasonCode (§5.3.1), 0 without one.
    pub(crate) reason: u8,
    /// The DER of the name of its issuer, and that of the entries after it (§5.3.3).
    pub(crate) certificate_issuer: Option<&'a [u8]>,
    /// The first form rule for conforming issuers that it breaks.
    pub(crate) form_fault: Option<CrlFormRule>,
}

/// Why an entry cannot be used, and the CRL with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryProblem<'a> {
    Malformed(Problem),
    /// A critical extension that is not processed (§5.3): its OBJECT IDENTIFIER.
    Unhandled(&'a [u8]),
}

impl From<Problem> for EntryProblem<'_> {
    fn from(problem: Problem) -> Self {
        Self::Malformed(problem)
    }
}

/// Reads entries one after another; ends after the first that is malformed.
#[derive(Clone, Debug)]
pub(crate) struct Entries<'a> {
    rest: Reader<'a>,
    kind: CrlKind,
}

/// What the form of an entry depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct CrlKind {
    pub(super) is_v2: bool,
    pub(super) is_delta: bool,
}

impl<'a> Entries<'a> {
    pub(super) fn new(rest: Reader<'a>, kind: CrlKind) -> Self {
        Self { rest, kind }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<Entry<'a>, EntryProblem<'a>>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = Entry::read(&mut self.rest, self.kind);
        if entry.is_err() {
            self.rest = Reader::new(&[]);
        }
        Some(entry)
    }
}

impl<'a> Entry<'a> {
    /// `SEQUENCE { userCertificate, revocationDate, crlEntryExtensions OPTIONAL }`; version 1 has
    /// no extensions.
    #[inline]
    fn read(entries: &mut Reader<'a>, kind: CrlKind) -> Result<Self, EntryProblem<'a>> {
        let mut fields = entries.expect(tag::SEQUENCE)?.reader();
        let serial = fields.integer()?.value;
        let (revoked_at, form) = Time::read(&mut fields)?;
        let mut entry = Self {
            serial,
            revoked_at,
            reason: 0,
            certificate_issuer: None,
            form_fault: None,
        };
        entry.require(
            form != TimeForm::GeneralizedBefore2050,
            CrlFormRule::TimeForm,
        );
        if !fields.is_empty() {
            if !kind.is_v2 {
                return Err(Problem::Version.into());
            }
            let extensions = fields.expect(tag::SEQUENCE)?;
            fields.finish()?;
            entry.read_extensions(&extensions, kind.is_delta)?;
        }
        Ok(entry)
    }

    fn require(&mut self, holds: bool, rule: CrlFormRule) {
        if !holds {
            self.form_fault.get_or_insert(rule);
        }
    }

    /// The one place that says which extensions of entries are processed.
    fn read_extensions(
        &mut self,
        list: &Element<'a>,
        is_delta: bool,
    ) -> Result<(), EntryProblem<'a>> {
        let mut extensions = list.reader();
        // Some issuers write a list without extensions (TeleSec, Botan until 2025): it can only
        // mean one thing.
        self.require(!extensions.is_empty(), CrlFormRule::EmptyEntryExtensions);
        // Most entries have one, and need no room for more.
        let (mut first, mut seen) = (None, Others::default());
        while !extensions.is_empty() {
            let Extension {
                oid,
                critical,
                is_default_written,
                value,
            } = Extension::read(&mut extensions)?;
            self.require(!is_default_written, CrlFormRule::CRITICAL_WRITTEN);
            match first {
                None => first = Some(oid.value),
                Some(first) => {
                    let known = if seen.is_empty() { Some(first) } else { None };
                    known.into_iter().try_for_each(|oid| seen.note(oid))?;
                    seen.note(oid.value)?;
                }
            }
            match oid.value {
                // §5.3.1
                [0x55, 0x1d, 21] => {
                    self.require(!critical, CrlFormRule::Critical("reasonCode"));
                    self.reason = read_reason(&value)?;
                    let is_defined = matches!(self.reason, 0..=6 | 8..=10);
                    self.require(is_defined, CrlFormRule::ReasonCode);
                    let is_in_place = self.reason != REMOVE_FROM_CRL || is_delta;
                    self.require(is_in_place, CrlFormRule::RemoveFromCrl);
                }
                // §5.3.2: when it became invalid, for people.
                [0x55, 0x1d, 24] => {
                    self.require(!critical, CrlFormRule::Critical("invalidityDate"));
                    let mut reader = value.reader();
                    let is_generalized = reader.peek() == Some(tag::GENERALIZED_TIME);
                    self.require(is_generalized, CrlFormRule::InvalidityDate);
                    Time::read(&mut reader)?;
                    reader.finish()?;
                }
                // §5.3.3
                [0x55, 0x1d, 29] => {
                    self.require(critical, CrlFormRule::NotCritical("certificateIssuer"));
                    self.certificate_issuer = Some(read_certificate_issuer(&value)?);
                    if let Err(breach) = check_names_of("certificateIssuer", &value) {
                        self.require(false, breach.into());
                    }
                }
                oid if critical => return Err(EntryProblem::Unhandled(oid)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The ENUMERATED that is all of an extension's value. Numbers without a meaning are read all the
/// same: the certificate is revoked, whatever for.
fn read_reason(value: &Element<'_>) -> Result<u8, Problem> {
    let mut reader = value.reader();
    let reason = reader.expect(tag::ENUMERATED)?;
    reader.finish()?;
    match reason.integer_content()? {
        [reason @ 0..=0x7f] => Ok(*reason),
        _ => Err(Problem::OutOfRange),
    }
}

/// The one directory name among the general names that are all of an extension's value.
fn read_certificate_issuer<'a>(value: &Element<'a>) -> Result<&'a [u8], Problem> {
    let mut reader = value.reader();
    let names = reader.expect(tag::SEQUENCE)?;
    reader.finish()?;
    check_general_names(names.reader())?;
    let mut directory_names = general_names(names.value).filter_map(|name| match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    });
    match (directory_names.next(), directory_names.next()) {
        (Some(name), None) => Ok(name),
        _ => Err(Problem::OutOfRange),
    }
}
