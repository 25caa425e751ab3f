//! What [`Profile::Rfc5280`](crate::Profile::Rfc5280) asks of the encoding of certificates and CRLs beyond what reading them needs.
//!
//! All of it can be read in one way only, so that reading accepts it. A certificate is held to these rules in a second pass over its bytes, and
//! only if the profile asks; a CRL is as it is loaded. The bytes were found well-formed before.

use super::der::{Element, Problem, Reader, check_oid, only_element, tag};
use super::directory_string::{check_attribute, check_string, check_text};
use super::extension::Extension;
use super::extensions::{AUTHORITY_INFO_ACCESS, check_information_access, sequence};
use super::general_name::check_general_names;
use super::policies::{CPS, Qualifier, USER_NOTICE, for_each_qualifier, non_empty};

/// A rule of encoding that a value breaks. The sections are those of RFC 5280 unless they say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodingRule {
    /// ITU-T X.690 §11.5
    #[error("a default value written out (X.690 §11.5)")]
    DefaultWritten,
    /// ITU-T X.690 §11.2.2
    #[error("zero bits at the end of named bits (X.690 §11.2.2)")]
    TrailingZeroBits,
    /// ITU-T X.690 §11.6
    #[error("a SET OF that is not in order (X.690 §11.6)")]
    SetOrder,
    /// ITU-T X.680 §41, §43
    #[error("characters that its type of string does not have (X.680 §41)")]
    Characters,
    /// §4.1.2.4, appendix A.1
    #[error("an empty string, or one that is too long (appendix A.1)")]
    StringSize,
    /// Appendix A.1
    #[error("an attribute of another type than its own (appendix A.1)")]
    AttributeType,
}

/// What is wrong with the form of a certificate or CRL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    /// §4.1.2.9: a certificate's list of extensions is there and empty.
    EmptyExtensions,
    /// An extension that is empty or not what it should be, and that nothing else reads.
    Extension(&'static str),
    /// §4.2.1.4: qualifiers that are malformed, or of anyPolicy and of a kind that it may not have.
    PolicyQualifiers,
    Encoding {
        field: &'static str,
        rule: EncodingRule,
    },
}

/// What a check of one field finds.
enum Fault {
    Malformed,
    Rule(EncodingRule),
}

impl From<Problem> for Fault {
    fn from(_: Problem) -> Self {
        Self::Malformed
    }
}

impl From<EncodingRule> for Fault {
    fn from(rule: EncodingRule) -> Self {
        Self::Rule(rule)
    }
}

impl Fault {
    fn in_field(self, field: &'static str) -> Breach {
        match self {
            Self::Malformed => Breach::Extension(field),
            Self::Rule(rule) => Breach::Encoding { field, rule },
        }
    }
}

/// Checks a certificate that was parsed before.
pub(crate) fn check_certificate(der: &[u8]) -> Result<(), Breach> {
    let fields = names_and_extensions(der);
    let (issuer, subject, list) = fields.map_err(|_| Breach::Extension("tbsCertificate"))?;
    check_name("issuer", issuer.whole)?;
    check_name("subject", subject.whole)?;
    let Some(mut list) = list else {
        return Ok(());
    };
    if list.is_empty() {
        return Err(Breach::EmptyExtensions);
    }
    while !list.is_empty() {
        let extension =
            Extension::read(&mut list).map_err(|_| Breach::Extension("tbsCertificate"))?;
        check_extension(&extension)?;
    }
    Ok(())
}

type Names<'a> = (Element<'a>, Element<'a>, Option<Reader<'a>>);

/// Issuer and subject of a certificate, and its list of extensions.
fn names_and_extensions(der: &[u8]) -> Result<Names<'_>, Problem> {
    let mut certificate = only_element(der, tag::SEQUENCE)?.reader();
    let mut fields = certificate.expect(tag::SEQUENCE)?.reader();
    fields.optional(tag::context_constructed(0))?; // version
    fields.element()?; // serialNumber
    fields.element()?; // signature
    let issuer = fields.element()?;
    fields.element()?; // validity
    let subject = fields.element()?;
    fields.element()?; // subjectPublicKeyInfo
    fields.optional(tag::context(1))?; // issuerUniqueID
    fields.optional(tag::context(2))?; // subjectUniqueID
    let list = match fields.optional(tag::context_constructed(3))? {
        Some(explicit) => Some(explicit.reader().expect(tag::SEQUENCE)?.reader()),
        None => None,
    };
    Ok((issuer, subject, list))
}

/// Checks one name, given as DER.
pub(super) fn check_name(field: &'static str, name: &[u8]) -> Result<(), Breach> {
    let check = || check_relative_names(only_element(name, tag::SEQUENCE)?.reader());
    check().map_err(|fault: Fault| fault.in_field(field))
}

/// Checks the GeneralNames that are all of an extension's value.
pub(super) fn check_names_of(field: &'static str, value: &Element<'_>) -> Result<(), Breach> {
    let check = || check_each_name(sequence(value)?.reader());
    check().map_err(|fault: Fault| fault.in_field(field))
}

/// Checks one extension of a certificate or CRL; those of CRL entries are looked at as they are read.
pub(super) fn check_extension(extension: &Extension<'_>) -> Result<(), Breach> {
    if extension.is_default_written {
        return Err(Breach::Encoding {
            field: "critical",
            rule: EncodingRule::DefaultWritten,
        });
    }
    let value = &extension.value;
    let (field, outcome) = match extension.oid.value {
        // §4.2.1.8
        [0x55, 0x1d, 9] => (
            "subjectDirectoryAttributes",
            check_directory_attributes(value),
        ),
        // §4.2.1.3
        [0x55, 0x1d, 15] => ("keyUsage", check_key_usage(value)),
        // §4.2.1.6, §4.2.1.7
        [0x55, 0x1d, 17] => return check_names_of("subjectAltName", value),
        [0x55, 0x1d, 18] => ("issuerAltName", check_issuer_names(value)),
        // §4.2.1.9
        [0x55, 0x1d, 19] => ("basicConstraints", check_basic_constraints(value)),
        // §5.2.5
        [0x55, 0x1d, 28] => ("issuingDistributionPoint", check_issuing_point(value)),
        // §4.2.1.10
        [0x55, 0x1d, 30] => ("nameConstraints", check_name_constraints(value)),
        // §4.2.1.13, §4.2.1.15
        [0x55, 0x1d, 31] => ("cRLDistributionPoints", check_points(value)),
        [0x55, 0x1d, 46] => ("freshestCRL", check_points(value)),
        // §4.2.1.4
        [0x55, 0x1d, 32] => return check_policies(value),
        // §4.2.1.1
        [0x55, 0x1d, 35] => ("authorityKeyIdentifier", check_authority_key_id(value)),
        // §4.2.2.1, §4.2.2.2
        AUTHORITY_INFO_ACCESS => ("authorityInfoAccess", check_access(value)),
        SUBJECT_INFO_ACCESS => ("subjectInfoAccess", check_access(value)),
        _ => return Ok(()),
    };
    outcome.map_err(|fault| fault.in_field(field))
}

/// id-pe-subjectInfoAccess, 1.3.6.1.5.5.7.1.11.
const SUBJECT_INFO_ACCESS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x0b];

/// `AttributeSet ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { type, values SET OF ANY }`, each with at least one value (§4.2.1.8).
fn check_directory_attributes(value: &Element<'_>) -> Result<(), Fault> {
    let mut attributes = non_empty(&sequence(value)?)?;
    while !attributes.is_empty() {
        let mut attribute = attributes.expect(tag::SEQUENCE)?.reader();
        let oid = attribute.oid()?.value;
        let values = attribute.expect(tag::SET)?;
        attribute.finish()?;
        check_set_order(&values)?;
        let mut values = non_empty(&values)?;
        while !values.is_empty() {
            let value = values.element()?;
            check_attribute(oid, value.tag, value.value)?;
        }
    }
    Ok(())
}

fn check_key_usage(value: &Element<'_>) -> Result<(), Fault> {
    let mut reader = value.reader();
    check_named_bits(&reader.expect(tag::BIT_STRING)?)
}

/// X.690 §11.2.2: the last bit is one.
fn check_named_bits(bit_string: &Element<'_>) -> Result<(), Fault> {
    let [unused, octets @ ..] = bit_string.value else {
        return Err(Fault::Malformed);
    };
    match octets.last() {
        Some(last) if last.trailing_zeros() != u32::from(*unused) => {
            Err(EncodingRule::TrailingZeroBits.into())
        }
        _ => Ok(()),
    }
}

fn check_basic_constraints(value: &Element<'_>) -> Result<(), Fault> {
    let mut fields = sequence(value)?.reader();
    check_flag(fields.optional(tag::BOOLEAN)?)
}

/// X.690 §11.5: a `BOOLEAN DEFAULT FALSE` that is there is TRUE.
fn check_flag(flag: Option<Element<'_>>) -> Result<(), Fault> {
    match flag.map(|flag| flag.value) {
        Some([0]) => Err(EncodingRule::DefaultWritten.into()),
        _ => Ok(()),
    }
}

fn check_name_constraints(value: &Element<'_>) -> Result<(), Fault> {
    let mut fields = sequence(value)?.reader();
    for number in [0, 1] {
        let Some(list) = fields.optional(tag::context_constructed(number))? else {
            continue;
        };
        let mut subtrees = list.reader();
        while !subtrees.is_empty() {
            let mut subtree = subtrees.expect(tag::SEQUENCE)?.reader();
            check_general_name(&subtree.element()?)?;
            // Reading refuses every minimum but 0, which is the default.
            if subtree.optional(tag::context(0))?.is_some() {
                return Err(EncodingRule::DefaultWritten.into());
            }
        }
    }
    Ok(())
}

/// `CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint`.
fn check_points(value: &Element<'_>) -> Result<(), Fault> {
    let mut points = non_empty(&sequence(value)?)?;
    while !points.is_empty() {
        let mut fields = points.expect(tag::SEQUENCE)?.reader();
        let name = fields.optional(tag::context_constructed(0))?;
        let reasons = fields.optional(tag::context(1))?;
        let crl_issuer = fields.optional(tag::context_constructed(2))?;
        fields.finish()?;
        check_point_name(name.as_ref())?;
        reasons.as_ref().map_or(Ok(()), check_reasons)?;
        if let Some(names) = &crl_issuer {
            check_general_names(names.reader())?;
            check_each_name(names.reader())?;
        }
        if name.is_none() && crl_issuer.is_none() {
            return Err(Fault::Malformed);
        }
    }
    Ok(())
}

fn check_reasons(reasons: &Element<'_>) -> Result<(), Fault> {
    reasons.bits()?;
    check_named_bits(reasons)
}

/// `DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }`.
fn check_point_name(explicit: Option<&Element<'_>>) -> Result<(), Fault> {
    const FULL_NAME: u8 = tag::context_constructed(0);
    const RELATIVE_NAME: u8 = tag::context_constructed(1);

    let Some(explicit) = explicit else {
        return Ok(());
    };
    let mut choice = explicit.reader();
    let name = choice.element()?;
    choice.finish()?;
    match name.tag {
        FULL_NAME => {
            check_general_names(name.reader())?;
            check_each_name(name.reader())
        }
        RELATIVE_NAME => check_relative_name(&name),
        _ => Err(Fault::Malformed),
    }
}

fn check_issuing_point(value: &Element<'_>) -> Result<(), Fault> {
    let mut fields = sequence(value)?.reader();
    check_point_name(fields.optional(tag::context_constructed(0))?.as_ref())?;
    check_flag(fields.optional(tag::context(1))?)?;
    check_flag(fields.optional(tag::context(2))?)?;
    let reasons = fields.optional(tag::context(3))?;
    reasons.as_ref().map_or(Ok(()), check_reasons)?;
    check_flag(fields.optional(tag::context(4))?)?;
    check_flag(fields.optional(tag::context(5))?)
}

fn check_authority_key_id(value: &Element<'_>) -> Result<(), Fault> {
    let mut fields = sequence(value)?.reader();
    fields.optional(tag::context(0))?;
    match fields.optional(tag::context_constructed(1))? {
        Some(names) => check_each_name(names.reader()),
        None => Ok(()),
    }
}

/// `SEQUENCE SIZE (1..MAX) OF AccessDescription`, of authorityInfoAccess and subjectInfoAccess.
fn check_access(value: &Element<'_>) -> Result<(), Fault> {
    check_information_access(value)?;
    let mut descriptions = sequence(value)?.reader();
    while !descriptions.is_empty() {
        let mut description = descriptions.expect(tag::SEQUENCE)?.reader();
        description.oid()?;
        check_general_name(&description.element()?)?;
    }
    Ok(())
}

fn check_policies(value: &Element<'_>) -> Result<(), Breach> {
    const ANY_POLICY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];

    let mut outcome = Ok(());
    let mut look = |qualifier: Qualifier<'_>| {
        let checked = match qualifier.kind {
            CPS => check_text_of(&qualifier.value, &[tag::IA5_STRING]),
            USER_NOTICE => check_user_notice(&qualifier.value),
            // "When qualifiers are used with the special policy anyPolicy, they MUST be limited to the qualifiers identified in this section."
            _ if qualifier.policy == ANY_POLICY => Err(Fault::Malformed),
            _ => Ok(()),
        };
        if outcome.is_ok() {
            outcome = checked.map_err(|fault| match fault {
                Fault::Rule(rule) => Breach::Encoding {
                    field: "certificatePolicies",
                    rule,
                },
                Fault::Malformed => Breach::PolicyQualifiers,
            });
        }
        Ok(())
    };
    sequence(value)
        .and_then(|list| for_each_qualifier(&list, &mut look))
        .map_err(|_| Breach::PolicyQualifiers)?;
    outcome
}

/// `UserNotice ::= SEQUENCE { noticeRef SEQUENCE { organization, noticeNumbers SEQUENCE OF INTEGER } OPTIONAL, explicitText OPTIONAL }`.
fn check_user_notice(notice: &Element<'_>) -> Result<(), Fault> {
    if notice.tag != tag::SEQUENCE {
        return Err(Fault::Malformed);
    }
    let mut fields = notice.reader();
    if let Some(reference) = fields.optional(tag::SEQUENCE)? {
        let mut reference = reference.reader();
        check_display_text(&reference.element()?)?;
        let mut numbers = reference.expect(tag::SEQUENCE)?.reader();
        reference.finish()?;
        while !numbers.is_empty() {
            numbers.integer()?;
        }
    }
    if !fields.is_empty() {
        check_display_text(&fields.element()?)?;
    }
    Ok(fields.finish()?)
}

/// `DisplayText ::= CHOICE { ia5String, visibleString, bmpString, utf8String }`, of at most 200 characters each.
fn check_display_text(text: &Element<'_>) -> Result<(), Fault> {
    const TYPES: [u8; 4] = [
        tag::IA5_STRING,
        tag::VISIBLE_STRING,
        tag::BMP_STRING,
        tag::UTF8_STRING,
    ];
    const LONGEST: usize = 200;
    check_text_of(text, &TYPES)?;
    Ok(check_text(text.tag, text.value, LONGEST)?)
}

/// A string of one of these types.
fn check_text_of(text: &Element<'_>, types: &[u8]) -> Result<(), Fault> {
    if types.contains(&text.tag) {
        Ok(check_string(text.tag, text.value)?)
    } else {
        Err(Fault::Malformed)
    }
}

/// The GeneralNames of issuerAltName, which reading passes over.
fn check_issuer_names(value: &Element<'_>) -> Result<(), Fault> {
    let names = sequence(value)?;
    check_general_names(names.reader())?;
    check_each_name(names.reader())
}

fn check_each_name(mut names: Reader<'_>) -> Result<(), Fault> {
    while !names.is_empty() {
        check_general_name(&names.element()?)?;
    }
    Ok(())
}

/// Checks the strings in a general name that was found good (§4.2.1.6).
fn check_general_name(name: &Element<'_>) -> Result<(), Fault> {
    const OTHER: u8 = tag::context_constructed(0);
    const EMAIL: u8 = tag::context(1);
    const DNS: u8 = tag::context(2);
    const DIRECTORY: u8 = tag::context_constructed(4);
    const EDI_PARTY: u8 = tag::context_constructed(5);
    const URI: u8 = tag::context(6);
    const REGISTERED_ID: u8 = tag::context(8);

    match name.tag {
        EMAIL | DNS | URI => Ok(check_string(tag::IA5_STRING, name.value)?),
        DIRECTORY => check_relative_names(name.reader().expect(tag::SEQUENCE)?.reader()),
        OTHER => {
            let mut other = name.reader();
            other.oid()?;
            let value = other.element()?.reader().element()?;
            Ok(check_string(value.tag, value.value)?)
        }
        EDI_PARTY => {
            // `SEQUENCE { nameAssigner [0] DirectoryString OPTIONAL, partyName [1] DirectoryString }`, both explicit around a CHOICE.
            let mut fields = name.reader();
            let assigner = fields.optional(tag::context_constructed(0))?;
            let party = fields.expect(tag::context_constructed(1))?;
            fields.finish()?;
            for explicit in assigner.iter().chain([&party]) {
                let mut reader = explicit.reader();
                let text = reader.element()?;
                reader.finish()?;
                check_text(text.tag, text.value, usize::MAX)?;
            }
            Ok(())
        }
        REGISTERED_ID => Ok(check_oid(name.value)?),
        _ => Ok(()),
    }
}

fn check_relative_names(mut names: Reader<'_>) -> Result<(), Fault> {
    while !names.is_empty() {
        check_relative_name(&names.element()?)?;
    }
    Ok(())
}

/// Checks a RelativeDistinguishedName, whatever its tag.
fn check_relative_name(set: &Element<'_>) -> Result<(), Fault> {
    check_set_order(set)?;
    let mut attributes = set.reader();
    while !attributes.is_empty() {
        let mut attribute = attributes.expect(tag::SEQUENCE)?.reader();
        let oid = attribute.oid()?.value;
        let value = attribute.element()?;
        attribute.finish()?;
        check_attribute(oid, value.tag, value.value)?;
    }
    Ok(())
}

/// X.690 §11.6: ascending, compared as octets. No element is the beginning of another, so that nothing is ever padded.
fn check_set_order(set: &Element<'_>) -> Result<(), Fault> {
    let mut elements = set.reader();
    let mut before: &[u8] = &[];
    while !elements.is_empty() {
        let element = elements.element()?.whole;
        if element < before {
            return Err(EncodingRule::SetOrder.into());
        }
        before = element;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
