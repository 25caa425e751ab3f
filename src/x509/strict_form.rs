//! What [`Profile::Rfc5280`](crate::policy::Profile::Rfc5280) asks of the encoding of certificates
//! and CRLs beyond what reading them needs.
//!
//! All of it can be read in one way only, so that reading accepts it. A certificate is held to
//! these rules in a second pass over its bytes, and only if the profile asks; a CRL is as it is
//! loaded. The bytes were found well-formed before.

mod names;
mod points;

use super::der::{Element, Problem, Reader, only_element, tag};
use super::directory_string::{check_attribute, check_string, check_text};
use super::extension::Extension;
use super::extensions::{AUTHORITY_INFO_ACCESS, sequence};
use super::general_name::check_general_names;
use super::policies::{Defined, Qualifier, for_each_qualifier, non_empty};

pub(crate) use names::malformed_form;
use names::{Use, check_each_name, check_general_name, check_relative_names, check_set_order};
use points::{PointsOf, check_access, check_issuing_point, check_points};

/// A rule of encoding that a value breaks. The sections are those of RFC 5280 unless they say
/// otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodingRule {
    /// A value that its type has by default is written out (ITU-T X.690 §11.5).
    #[error("a default value written out (X.690 §11.5)")]
    DefaultWritten,
    /// A string of named bits ends with bits that are zero (ITU-T X.690 §11.2.2).
    #[error("zero bits at the end of named bits (X.690 §11.2.2)")]
    TrailingZeroBits,
    /// The elements of a SET OF are not in order (ITU-T X.690 §11.6).
    #[error("a SET OF that is not in order (X.690 §11.6)")]
    SetOrder,
    /// A string has characters that its type does not have (ITU-T X.680 §41, §43).
    #[error("characters that its type of string does not have (X.680 §41)")]
    Characters,
    /// A string has fewer or more characters than it may (§4.1.2.4, appendix A.1).
    #[error("an empty string, or one that is too long or too short (appendix A.1)")]
    StringSize,
    /// The value of an attribute is of a type that the attribute does not have (appendix A.1).
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
    /// §4.2.1.4: qualifiers that are malformed, or of anyPolicy and of a kind that it may not
    /// have.
    PolicyQualifiers,
    /// §4.2.1.13: no distribution point is for all reasons.
    NoPointForAllReasons,
    /// §4.2.1.13: a cRLIssuer that is not one directory name, or that of the certificate's issuer.
    CrlIssuer,
    /// §5.2.6: in a CRL, a freshestCRL with reasons or a cRLIssuer.
    FreshestFields,
    /// §5.2.7: in a CRL, an authorityInfoAccess with another method than caIssuers.
    AccessMethod,
    Encoding {
        field: &'static str,
        rule: EncodingRule,
    },
}

/// What has an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of<'a> {
    /// A certificate, whose issuer has this name.
    Certificate {
        issuer: &'a [u8],
    },
    Crl,
}

/// What a check of one field finds.
#[derive(Debug)]
enum Fault {
    Malformed,
    Rule(EncodingRule),
    Other(Breach),
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

impl From<Breach> for Fault {
    fn from(breach: Breach) -> Self {
        Self::Other(breach)
    }
}

impl Fault {
    fn in_field(self, field: &'static str) -> Breach {
        match self {
            Self::Malformed => Breach::Extension(field),
            Self::Rule(rule) => Breach::Encoding { field, rule },
            Self::Other(breach) => breach,
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
        let of = Of::Certificate {
            issuer: issuer.whole,
        };
        check_extension(&extension, of)?;
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
    let check = || check_each_name(sequence(value)?.reader(), Use::Name);
    check().map_err(|fault: Fault| fault.in_field(field))
}

/// Checks one extension of a certificate or CRL; those of CRL entries are looked at as they are
/// read.
pub(super) fn check_extension(extension: &Extension<'_>, of: Of<'_>) -> Result<(), Breach> {
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
        [0x55, 0x1d, 17] => ("subjectAltName", check_subject_names(value)),
        [0x55, 0x1d, 18] => ("issuerAltName", check_issuer_names(value)),
        // §4.2.1.9
        [0x55, 0x1d, 19] => ("basicConstraints", check_basic_constraints(value)),
        // §5.2.5
        [0x55, 0x1d, 28] => ("issuingDistributionPoint", check_issuing_point(value)),
        // §4.2.1.10
        [0x55, 0x1d, 30] => ("nameConstraints", check_name_constraints(value)),
        // §4.2.1.13, §4.2.1.15
        [0x55, 0x1d, 31] => (
            "cRLDistributionPoints",
            check_points(PointsOf::Complete, value, of),
        ),
        [0x55, 0x1d, 46] => ("freshestCRL", check_points(PointsOf::Delta, value, of)),
        // §4.2.1.4
        [0x55, 0x1d, 32] => return check_policies(value),
        // §4.2.1.1
        [0x55, 0x1d, 35] => ("authorityKeyIdentifier", check_authority_key_id(value)),
        // §4.2.2.1, §4.2.2.2, §5.2.7
        AUTHORITY_INFO_ACCESS => ("authorityInfoAccess", check_access(value, of)),
        SUBJECT_INFO_ACCESS => ("subjectInfoAccess", check_access(value, of)),
        _ => return Ok(()),
    };
    outcome.map_err(|fault| fault.in_field(field))
}

/// id-pe-subjectInfoAccess, 1.3.6.1.5.5.7.1.11.
const SUBJECT_INFO_ACCESS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x0b];

/// `AttributeSet ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { type, values SET OF ANY }`, each with at
/// least one value (§4.2.1.8).
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
            check_general_name(&mut subtree, Use::Strings)?;
            // Reading refuses every minimum but 0, which is the default.
            if subtree.optional(tag::context(0))?.is_some() {
                return Err(EncodingRule::DefaultWritten.into());
            }
        }
    }
    Ok(())
}

fn check_authority_key_id(value: &Element<'_>) -> Result<(), Fault> {
    let mut fields = sequence(value)?.reader();
    fields.optional(tag::context(0))?;
    match fields.optional(tag::context_constructed(1))? {
        Some(names) => check_each_name(names.reader(), Use::Name),
        None => Ok(()),
    }
}

fn check_policies(value: &Element<'_>) -> Result<(), Breach> {
    const ANY_POLICY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];

    let mut outcome = Ok(());
    let mut look = |qualifier: Qualifier<'_>| {
        let checked = match qualifier.read() {
            Ok(Some(Defined::PracticeStatement(uri))) => {
                check_string(uri.tag, uri.value).map_err(Fault::from)
            }
            Ok(Some(Defined::Notice(texts))) => check_display_texts(&texts),
            // "When qualifiers are used with the special policy anyPolicy, they MUST be limited to
            // the qualifiers identified in this section."
            Ok(None) if qualifier.policy == ANY_POLICY => Err(Fault::Malformed),
            Ok(None) => Ok(()),
            Err(_) => Err(Fault::Malformed),
        };
        if outcome.is_ok() {
            outcome = checked.map_err(|fault| match fault {
                Fault::Rule(rule) => Breach::Encoding {
                    field: "certificatePolicies",
                    rule,
                },
                Fault::Malformed => Breach::PolicyQualifiers,
                Fault::Other(breach) => breach,
            });
        }
        Ok(())
    };
    sequence(value)
        .and_then(|list| for_each_qualifier(&list, &mut look))
        .map_err(|_| Breach::PolicyQualifiers)?;
    outcome
}

/// Each is of 1 to 200 characters.
fn check_display_texts(texts: &[Option<Element<'_>>]) -> Result<(), Fault> {
    const LONGEST: usize = 200;
    for text in texts.iter().flatten() {
        check_text(text.tag, text.value, LONGEST)?;
    }
    Ok(())
}

/// The GeneralNames of issuerAltName, which reading passes over.
fn check_issuer_names(value: &Element<'_>) -> Result<(), Fault> {
    let names = sequence(value)?;
    check_general_names(names.reader())?;
    check_each_name(names.reader(), Use::Name)
}

/// The strings of a subjectAltName; `malformed_form` has looked at the names.
fn check_subject_names(value: &Element<'_>) -> Result<(), Fault> {
    check_each_name(sequence(value)?.reader(), Use::Strings)
}

#[cfg(test)]
mod tests;
