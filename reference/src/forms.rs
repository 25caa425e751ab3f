//! The form rules of `Profile::Rfc5280` (docs/PROFILES.md): what conforming CAs write.

mod general_names;

use crate::certificate::{
    ALL_REASONS, AUTHORITY_INFO_ACCESS, AUTHORITY_KEY_IDENTIFIER, AuthorityKeyIdentifier,
    BASIC_CONSTRAINTS, CERTIFICATE_POLICIES, CRL_DISTRIBUTION_POINTS, Certificate,
    DistributionPoint, FRESHEST_CRL, INHIBIT_ANY_POLICY, ISSUER_ALT_NAME, NAME_CONSTRAINTS,
    POLICY_CONSTRAINTS, PointName, Qualifier, SUBJECT_ALT_NAME, SUBJECT_DIRECTORY_ATTRIBUTES,
    SUBJECT_INFO_ACCESS, SUBJECT_KEY_IDENTIFIER, read_distribution_points, read_names,
    read_policies, read_qualifier,
};
use crate::der::{self, Malformed, Reader};
use crate::names::GeneralName;

pub(crate) use general_names::*;

/// What a certificate is where it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A trust anchor.
    Anchor,
    /// A client's that is let in by its pin.
    Pinned,
    /// Another one of a path.
    Other,
}

/// Whether the certificate is in a form that conforming CAs issue. `by_own_key`: its own key
/// verifies its signature, or nobody can tell as the algorithm is not supported.
#[must_use]
pub fn conforms(certificate: &Certificate, standing: Standing, by_own_key: bool) -> bool {
    let is_anchor = standing == Standing::Anchor;
    let self_signed = by_own_key && certificate.is_self_issued(); // §3.2
    let critical = |oid| certificate.extension(oid).map(|it| it.critical);
    let says_ca = matches!(certificate.basic_constraints, Some((true, _)));
    // A trust anchor of version 1 or 2 is a CA at the operator's word.
    let is_ca = says_ca || is_anchor;
    let key_usage = certificate.key_usage;
    let cert_sign = key_usage.is_some_and(|usage| usage & (1 << 5) != 0);
    let issuer = certificate.issuer.der.as_slice();

    // §4.1.2.2; "users … SHOULD be prepared to gracefully handle such certificates"
    let serial = certificate.serial.as_slice();
    let serial_conforms =
        is_anchor || (serial != [0] && !der::is_negative(serial) && serial.len() <= 20);
    // §4.1.2.5, §4.1.2.8, §4.1.2.9, X.690 §11
    let fields_conform = !certificate.early_generalized_time
        && !certificate.unique_identifiers
        && !certificate.empty_extensions
        && !certificate.written_out
        && !certificate
            .extensions
            .iter()
            .any(|it| it.critical_false_written);
    // §4.1.2.4, §4.1.2.6
    let subject_conforms = name_conforms(issuer)
        && name_conforms(&certificate.subject.der)
        && (!certificate.subject.is_empty()
            || (!is_ca && critical(SUBJECT_ALT_NAME) == Some(true)));
    // §4.2.1.1, §4.2.1.2
    let (authority, subject) = (&certificate.authority_key_id, &certificate.subject_key_id);
    let key_identifiers_conform = critical(AUTHORITY_KEY_IDENTIFIER) != Some(true)
        && critical(SUBJECT_KEY_IDENTIFIER) != Some(true)
        && (authority.is_some() || (self_signed && standing != Standing::Other))
        && (subject.is_some() || !is_ca)
        && (subject.is_some() || critical(SUBJECT_KEY_IDENTIFIER).is_none())
        && !(is_anchor && self_signed && authority.is_some() && authority != subject);
    // §4.2.1.3, §4.2.1.9
    let ca_conforms = (key_usage.is_some() || !is_ca)
        && key_usage != Some(0)
        && (says_ca || !cert_sign)
        && (critical(BASIC_CONSTRAINTS) == Some(true) || !is_ca)
        && !(matches!(certificate.basic_constraints, Some((_, Some(_))))
            && !(says_ca && cert_sign))
        && (certificate.name_constraints.is_none() || says_ca);
    // §4.2.1.10, §4.2.1.11, §4.2.1.14
    let criticality_conforms = [NAME_CONSTRAINTS, POLICY_CONSTRAINTS, INHIBIT_ANY_POLICY]
        .into_iter()
        .all(|constraint| critical(constraint) != Some(false));
    // §4.2.1.10
    let subtrees_conform = certificate
        .name_constraints
        .iter()
        .flat_map(|constraints| constraints.permitted.iter().chain(&constraints.excluded))
        .all(subtree_conforms);
    // §4.2
    let values_conform = certificate.extensions.iter().all(|extension| {
        let value = extension.value.as_slice();
        match extension.oid.as_slice() {
            AUTHORITY_KEY_IDENTIFIER => AuthorityKeyIdentifier::read(value)
                .is_ok_and(|identifier| key_identifier_conforms(&identifier)),
            CERTIFICATE_POLICIES => qualifiers_conform(value).unwrap_or(false),
            SUBJECT_ALT_NAME | ISSUER_ALT_NAME => names_conform(value, Place::Name),
            SUBJECT_DIRECTORY_ATTRIBUTES => directory_attributes_conform(value).is_ok(),
            CRL_DISTRIBUTION_POINTS => {
                let for_all = |point: &DistributionPoint| {
                    point.reasons.is_none_or(|reasons| reasons == ALL_REASONS)
                };
                points_conform(value, |point| crl_issuer_conforms(point, issuer))
                    && read_distribution_points(value)
                        .is_ok_and(|points| points.iter().any(for_all))
            }
            FRESHEST_CRL => points_conform(value, |point| crl_issuer_conforms(point, issuer)),
            AUTHORITY_INFO_ACCESS | SUBJECT_INFO_ACCESS => access_conforms(value, |_| true),
            _ => true,
        }
    });
    serial_conforms
        && fields_conform
        && subject_conforms
        && key_identifiers_conform
        && ca_conforms
        && criticality_conforms
        && subtrees_conform
        && values_conform
}

/// §4.2.1.1, appendix A.2: issuer and serial number both or neither, and the issuer well-formed.
pub(crate) fn key_identifier_conforms(identifier: &AuthorityKeyIdentifier) -> bool {
    identifier.issuer.is_some() == identifier.has_serial
        && all_conform(
            identifier.issuer.as_deref().unwrap_or_default(),
            Place::Name,
        )
}

/// §4.2.1.13, §4.2.1.15: cRLIssuer is one directoryName, and not the certificate's issuer.
fn crl_issuer_conforms(point: &DistributionPoint, issuer: &[u8]) -> bool {
    match point.crl_issuer.as_slice() {
        [] => true,
        [GeneralName::Directory(name)] => name.der != issuer,
        _ => false,
    }
}

/// §4.2.1.13, §4.2.1.15, §5.2.6: whether all points are well-formed, and as asked.
pub(crate) fn points_conform(
    value: &[u8],
    is_as_asked: impl Fn(&DistributionPoint) -> bool,
) -> bool {
    read_distribution_points(value).is_ok_and(|points| {
        points.iter().all(|point| {
            !point.zero_bits
                && point.name.as_ref().is_none_or(point_name_conforms)
                && all_conform(&point.crl_issuer, Place::Name)
                && is_as_asked(point)
        })
    })
}

/// §4.2.1.13, §5.2.5: DistributionPointName.
pub(crate) fn point_name_conforms(name: &PointName) -> bool {
    match name {
        PointName::Full(names) => all_conform(names, Place::Location),
        PointName::Relative(attributes) => {
            let attributes: Vec<&[u8]> = attributes.iter().map(|it| it.der.as_slice()).collect();
            relative_name_conforms(&attributes)
        }
    }
}

/// §4.2.2, §5.2.7: AuthorityInfoAccessSyntax, SubjectInfoAccessSyntax, with methods as asked.
pub(crate) fn access_conforms(value: &[u8], is_as_asked: impl Fn(&[u8]) -> bool) -> bool {
    let read = || -> Result<bool, Malformed> {
        let mut conforms = true;
        for description in der::sequence_of(value)? {
            let mut fields = der::sequence(description.whole)?;
            let method = fields.oid()?;
            let location = GeneralName::read(fields.last()?.whole)?;
            conforms &= is_as_asked(&method) && general_name_conforms(&location, Place::Location);
        }
        Ok(conforms)
    };
    read().unwrap_or(false)
}

/// §4.2.1.4: qualifiers are well-formed, and those of anyPolicy are defined there.
fn qualifiers_conform(value: &[u8]) -> Result<bool, Malformed> {
    let mut conforms = true;
    for (policy, qualifiers) in read_policies(value)? {
        let Some(qualifiers) = qualifiers else {
            continue;
        };
        for information in der::some_elements(qualifiers)? {
            conforms &= match read_qualifier(information)? {
                Qualifier::PracticeStatement(uri) => characters(uri.tag, uri.content).is_some(),
                Qualifier::UserNotice(texts) => texts.iter().all(|text| {
                    characters(text.tag, text.content).is_some_and(|size| (1..=200).contains(&size))
                }),
                Qualifier::Malformed => false,
                Qualifier::Other => policy != ANY_POLICY,
            };
        }
    }
    Ok(conforms)
}

/// §4.2.1.8: SEQUENCE SIZE (1..MAX) OF Attribute, each with values, whose strings have the
/// characters of their types.
fn directory_attributes_conform(value: &[u8]) -> Result<(), Malformed> {
    for attribute in der::sequence_of(value)? {
        let mut fields = der::sequence(attribute.whole)?;
        fields.oid()?;
        for value in der::some_elements(fields.content(der::SET)?)? {
            characters(value.tag, value.content)
                .ok_or("a character that its type does not have")?;
        }
        fields.end()?;
    }
    Ok(())
}

// §4.1.2.4, appendix A.1: names and their strings.

/// Whether a Name, whole, has its attributes in order and its strings in their types.
pub(crate) fn name_conforms(name: &[u8]) -> bool {
    let read = || -> Result<bool, Malformed> {
        let mut conforms = true;
        for relative in der::elements(der::only(name, der::SEQUENCE)?)? {
            let attributes = der::some_elements(der::only(relative.whole, der::SET)?)?;
            let attributes: Vec<&[u8]> = attributes.iter().map(|element| element.whole).collect();
            conforms &= relative_name_conforms(&attributes);
        }
        Ok(conforms)
    };
    read().unwrap_or(false)
}

/// The attributes as they stand: in the order of a SET OF (X.690 §11.6), each conforming.
fn relative_name_conforms(attributes: &[&[u8]]) -> bool {
    attributes.is_sorted()
        && attributes
            .iter()
            .all(|attribute| attribute_conforms(attribute).unwrap_or(false))
}

/// Appendix A.1: the types and upper bounds of attributes; of others, the characters alone.
fn attribute_conforms(attribute: &[u8]) -> Result<bool, Malformed> {
    let mut fields = der::sequence(attribute)?;
    let oid = fields.oid()?;
    let value = fields.last()?;
    let Some(size) = characters(value.tag, value.content) else {
        return Ok(false);
    };
    let (types, bounds): (&[u8], _) = match oid.as_slice() {
        [0x55, 4, 6] => (&[der::PRINTABLE_STRING], 2..=2), // countryName
        [0x55, 4, 5] => (&[der::PRINTABLE_STRING], 1..=64), // serialNumber
        [0x55, 4, 46] => (&[der::PRINTABLE_STRING], 1..=usize::MAX), // dnQualifier
        // commonName, organizationName, organizationalUnitName, title
        [0x55, 4, 3 | 10 | 11 | 12] => (&DIRECTORY_STRING, 1..=64),
        // localityName, stateOrProvinceName, pseudonym
        [0x55, 4, 7 | 8 | 65] => (&DIRECTORY_STRING, 1..=128),
        // surname, name, givenName, initials, generationQualifier
        [0x55, 4, 4 | 41..=44] => (&DIRECTORY_STRING, 1..=32_768),
        DOMAIN_COMPONENT => (&[der::IA5_STRING], 1..=usize::MAX),
        EMAIL_ADDRESS => (&[der::IA5_STRING], 1..=255),
        _ => return Ok(true),
    };
    Ok(types.contains(&value.tag) && bounds.contains(&size))
}

/// How many characters a string has, if all are in its type (X.680 §41). TeletexString and others
/// whose character sets are registered elsewhere are not looked into, nor what is no string.
fn characters(tag: u8, content: &[u8]) -> Option<usize> {
    let all = |is_allowed: fn(u8) -> bool| {
        content
            .iter()
            .all(|&octet| is_allowed(octet))
            .then_some(content.len())
    };
    match tag {
        der::UTF8_STRING => Some(std::str::from_utf8(content).ok()?.chars().count()),
        der::NUMERIC_STRING => all(|octet| octet.is_ascii_digit() || octet == b' '),
        der::PRINTABLE_STRING => {
            all(|octet| octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&octet))
        }
        der::IA5_STRING => all(|octet| octet.is_ascii()),
        der::VISIBLE_STRING => all(|octet| matches!(octet, 0x20..=0x7E)),
        der::UNIVERSAL_STRING => whole_characters(content, 4),
        der::BMP_STRING => whole_characters(content, 2),
        _ => Some(content.len()),
    }
}

/// The number of characters of a fixed width, none of them a surrogate or beyond Unicode.
fn whole_characters(content: &[u8], width: usize) -> Option<usize> {
    let code = |octets: &[u8]| {
        octets
            .iter()
            .fold(0, |sum, &octet| (sum << 8) | u32::from(octet))
    };
    let is_whole = content.len().is_multiple_of(width);
    let all = content
        .chunks(width)
        .all(|octets| char::from_u32(code(octets)).is_some());
    (is_whole && all).then_some(content.len() / width)
}
