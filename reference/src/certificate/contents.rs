//! What extensions hold (RFC 5280 §4.2.1).

use super::*;

/// §4.2.1.6: the content of GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName.
pub(crate) fn read_names(content: &[u8]) -> Result<Vec<GeneralName>, Malformed> {
    der::some_elements(content)?
        .iter()
        .map(|name| GeneralName::read(name.whole))
        .collect()
}

/// §4.2.1.10: the content of GeneralSubtrees, and whether a minimum is written out.
pub(super) fn read_subtrees(content: &[u8]) -> Result<(Vec<Subtree>, bool), Malformed> {
    let (mut bases, mut is_written) = (Vec::new(), false);
    for subtree in der::some_elements(content)? {
        let mut fields = der::sequence(subtree.whole)?;
        bases.push(GeneralName::read(fields.any()?.whole)?);
        let minimum = fields.optional(der::CONTEXT, der::unsigned)?;
        fields.end()?; // there is no maximum
        if minimum.is_some_and(|minimum| minimum > 0) {
            return Err("a minimum that is not 0");
        }
        is_written |= minimum.is_some();
    }
    Ok((bases, is_written))
}

/// A certificate policy, and the content of its policyQualifiers, which are for people.
type PolicyInformation<'a> = (Oid, Option<&'a [u8]>);

/// §4.2.1.4
pub(crate) fn read_policies(value: &[u8]) -> Result<Vec<PolicyInformation<'_>>, Malformed> {
    let mut policies = Vec::new();
    for information in der::sequence_of(value)? {
        let mut fields = der::sequence(information.whole)?;
        policies.push((fields.oid()?, fields.optional(der::SEQUENCE, Ok)?));
        fields.end()?;
    }
    Ok(policies)
}

/// A policy qualifier (§4.2.1.4), with the texts in it.
pub(crate) enum Qualifier<'a> {
    /// id-qt-cps: an IA5String.
    PracticeStatement(Element<'a>),
    /// id-qt-unotice: its organization and its explicitText, each a DisplayText.
    UserNotice(Vec<Element<'a>>),
    /// One of these, and malformed.
    Malformed,
    /// Another one.
    Other,
}

/// §4.2.1.4: reads a PolicyQualifierInfo. The qualifier is ANY, and of another type than its own
/// where it is a string in constructed form.
pub(crate) fn read_qualifier(information: Element<'_>) -> Result<Qualifier<'_>, Malformed> {
    let mut fields = der::sequence(information.whole)?;
    let identifier = fields.oid()?;
    let qualifier = fields.untyped()?;
    fields.end()?;
    Ok(match identifier.as_slice() {
        QUALIFIER_CPS if qualifier.tag == der::IA5_STRING => {
            Qualifier::PracticeStatement(qualifier)
        }
        QUALIFIER_CPS => Qualifier::Malformed,
        QUALIFIER_USER_NOTICE => {
            read_user_notice(qualifier.whole).map_or(Qualifier::Malformed, Qualifier::UserNotice)
        }
        _ => Qualifier::Other,
    })
}

pub(super) fn read_user_notice(qualifier: &[u8]) -> Result<Vec<Element<'_>>, Malformed> {
    let mut notice = der::sequence(qualifier)?;
    let mut texts = Vec::new();
    if let Some(mut reference) = notice.optional(der::SEQUENCE, |it| Ok(Reader::new(it)))? {
        texts.push(reference.any()?);
        for number in der::elements(der::only(reference.last()?.whole, der::SEQUENCE)?)? {
            der::integer(der::only(number.whole, der::INTEGER)?)?;
        }
    }
    if !notice.is_empty() {
        texts.push(notice.last()?);
    }
    let are_texts = texts.iter().all(|text| DISPLAY_TEXT.contains(&text.tag));
    if are_texts {
        Ok(texts)
    } else {
        Err("a text that is no DisplayText")
    }
}

/// §4.2.1.4: qualifiers of a critical extension that cannot be interpreted.
pub(super) fn has_unknown_qualifier(policies: &[PolicyInformation<'_>]) -> Result<bool, Malformed> {
    let mut is_unknown = false;
    for qualifiers in policies.iter().filter_map(|(_, qualifiers)| *qualifiers) {
        for information in der::some_elements(qualifiers)? {
            let qualifier = read_qualifier(information)?;
            is_unknown |= matches!(qualifier, Qualifier::Other | Qualifier::Malformed);
        }
    }
    Ok(is_unknown)
}

/// §4.2.1.13: CRLDistributionPoints, also the value of freshestCRL (§4.2.1.15, §5.2.6). A point
/// has a name or a cRLIssuer.
pub(crate) fn read_distribution_points(value: &[u8]) -> Result<Vec<DistributionPoint>, Malformed> {
    let mut points = Vec::new();
    for point in der::sequence_of(value)? {
        let mut fields = der::sequence(point.whole)?;
        let name = fields.optional(der::CONSTRUCTED, read_point_name)?;
        let reasons = fields.optional(der::CONTEXT | 1, der::named_bits)?;
        let crl_issuer = fields
            .optional(der::CONSTRUCTED | 2, read_names)?
            .unwrap_or_default();
        fields.end()?;
        if name.is_none() && crl_issuer.is_empty() {
            return Err("a distribution point with neither a name nor a cRLIssuer");
        }
        let zero_bits = reasons.is_some_and(|(_, ends_with_zero)| ends_with_zero);
        let reasons = reasons.map(|(bits, _)| bits & ALL_REASONS);
        points.push(DistributionPoint {
            name,
            reasons,
            zero_bits,
            crl_issuer,
        });
    }
    Ok(points)
}

/// §4.2.1.13: the content of `[0] DistributionPointName`, which is a CHOICE and so EXPLICIT.
pub(crate) fn read_point_name(content: &[u8]) -> Result<PointName, Malformed> {
    const FULL_NAME: u8 = der::CONSTRUCTED;
    const RELATIVE_NAME: u8 = der::CONSTRUCTED | 1;
    let name = Reader::new(content).last()?;
    match name.tag {
        FULL_NAME => Ok(PointName::Full(read_names(name.content)?)),
        RELATIVE_NAME => {
            let mut attributes = Vec::new();
            for attribute in der::some_elements(name.content)? {
                let mut fields = der::sequence(attribute.whole)?;
                let (oid, value) = (fields.oid()?, fields.last()?);
                let (tag, der) = (value.tag, attribute.whole.to_vec());
                attributes.push(Attribute {
                    oid,
                    tag,
                    value: value.content.to_vec(),
                    der,
                });
            }
            Ok(PointName::Relative(attributes))
        }
        _ => Err("neither a fullName nor a nameRelativeToCRLIssuer"),
    }
}

/// Bits 1 to 8 of ReasonFlags (§4.2.1.13).
pub(crate) const ALL_REASONS: u16 = 0b1_1111_1110;
/// §4.2.1.4: the tags of DisplayText.
pub(super) const DISPLAY_TEXT: [u8; 4] = [
    der::IA5_STRING,
    der::VISIBLE_STRING,
    der::BMP_STRING,
    der::UTF8_STRING,
];
pub(super) const QUALIFIER_CPS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 2, 1];
pub(super) const QUALIFIER_USER_NOTICE: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 2, 2];
pub(crate) const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 35];
pub(crate) const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 14];
pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1D, 15];
pub(crate) const CERTIFICATE_POLICIES: &[u8] = &[0x55, 0x1D, 32];
pub(crate) const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1D, 33];
pub(crate) const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1D, 17];
pub(crate) const ISSUER_ALT_NAME: &[u8] = &[0x55, 0x1D, 18];
pub(crate) const SUBJECT_DIRECTORY_ATTRIBUTES: &[u8] = &[0x55, 0x1D, 9];
pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 19];
pub(crate) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 30];
pub(crate) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 36];
pub(crate) const EXT_KEY_USAGE: &[u8] = &[0x55, 0x1D, 37];
pub(crate) const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1D, 31];
pub(crate) const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1D, 54];
pub(crate) const FRESHEST_CRL: &[u8] = &[0x55, 0x1D, 46];
pub(crate) const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 1, 1];
pub(crate) const SUBJECT_INFO_ACCESS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 1, 11];
