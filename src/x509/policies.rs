//! The extensions of certificate policies (RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14).

use super::der::{Element, Problem, Reader, Span, saturating_u32, tag};

/// policyConstraints (§4.2.1.11): after how many further certificates each begins to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PolicyConstraints {
    pub(crate) require_explicit_policy: Option<u32>,
    pub(crate) inhibit_policy_mapping: Option<u32>,
}

/// One mapping of policyMappings (§4.2.1.5): the content octets of two OBJECT IDENTIFIERs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PolicyMapping<'a> {
    /// A policy of the issuer's domain.
    pub(crate) issuer_domain: &'a [u8],
    /// The one of the subject's domain that stands for it.
    pub(crate) subject_domain: &'a [u8],
}

/// Checks `certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation`. That no policy is
/// there twice is checked where policies are processed.
pub(super) fn read_policies(list: &Element<'_>) -> Result<Span, Problem> {
    let mut policies = non_empty(list)?;
    while !policies.is_empty() {
        next_policy(&mut policies)?;
    }
    Ok(list.value_span())
}

/// The content octets of the policies' OBJECT IDENTIFIERs.
pub(super) fn policies(list: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let mut policies = Reader::new(list);
    core::iter::from_fn(move || next_policy(&mut policies).ok())
}

/// `PolicyInformation ::= SEQUENCE { policyIdentifier, policyQualifiers SEQUENCE OF .. OPTIONAL }`.
/// Qualifiers are for people.
fn next_policy<'a>(policies: &mut Reader<'a>) -> Result<&'a [u8], Problem> {
    let mut policy = policies.expect(tag::SEQUENCE)?.reader();
    let identifier = policy.oid()?.value;
    policy.optional(tag::SEQUENCE)?;
    policy.finish()?;
    Ok(identifier)
}

/// id-qt-cps and id-qt-unotice (§4.2.1.4), 1.3.6.1.5.5.7.2.1 and 1.3.6.1.5.5.7.2.2.
const CPS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x01];
const USER_NOTICE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x02];

/// One qualifier of a policy (§4.2.1.4).
pub(super) struct Qualifier<'a> {
    /// The content octets of the policy's OBJECT IDENTIFIER.
    pub(super) policy: &'a [u8],
    /// The content octets of the kind's OBJECT IDENTIFIER.
    pub(super) kind: &'a [u8],
    pub(super) value: Element<'a>,
}

/// What a qualifier says that §4.2.1.4 defines.
pub(super) enum Defined<'a> {
    /// A cPSuri, which is an IA5String.
    PracticeStatement(Element<'a>),
    /// The organization of a UserNotice and its explicitText, which are a DisplayText each.
    Notice([Option<Element<'a>>; 2]),
}

impl<'a> Qualifier<'a> {
    /// What it says, if §4.2.1.4 defines its kind.
    pub(super) fn read(&self) -> Result<Option<Defined<'a>>, Problem> {
        match self.kind {
            CPS => expect_type(self.value, &[tag::IA5_STRING])
                .map(|text| Some(Defined::PracticeStatement(text))),
            USER_NOTICE => read_user_notice(self.value).map(|texts| Some(Defined::Notice(texts))),
            _ => Ok(None),
        }
    }
}

/// The organization and the text of `UserNotice ::= SEQUENCE { noticeRef SEQUENCE { organization,
/// noticeNumbers SEQUENCE OF INTEGER } OPTIONAL, explicitText OPTIONAL }`.
fn read_user_notice(notice: Element<'_>) -> Result<[Option<Element<'_>>; 2], Problem> {
    let mut fields = expect_type(notice, &[tag::SEQUENCE])?.reader();
    let mut organization = None;
    if let Some(reference) = fields.optional(tag::SEQUENCE)? {
        let mut reference = reference.reader();
        organization = Some(display_text(&mut reference)?);
        let mut numbers = reference.expect(tag::SEQUENCE)?.reader();
        reference.finish()?;
        while !numbers.is_empty() {
            numbers.integer()?;
        }
    }
    let text = match fields.is_empty() {
        true => None,
        false => Some(display_text(&mut fields)?),
    };
    fields.finish()?;
    Ok([organization, text])
}

/// `DisplayText ::= CHOICE { ia5String, visibleString, bmpString, utf8String }`.
fn display_text<'a>(fields: &mut Reader<'a>) -> Result<Element<'a>, Problem> {
    const TYPES: [u8; 4] = [
        tag::IA5_STRING,
        tag::VISIBLE_STRING,
        tag::BMP_STRING,
        tag::UTF8_STRING,
    ];
    expect_type(fields.element()?, &TYPES)
}

fn expect_type<'a>(element: Element<'a>, tags: &[u8]) -> Result<Element<'a>, Problem> {
    match tags.contains(&element.tag) {
        true => Ok(element),
        false => Err(Problem::UnexpectedTag { found: element.tag }),
    }
}

/// Whether each qualifier of a certificatePolicies that [`read_policies`] found good is one that
/// §4.2.1.4 defines, and well-formed.
pub(super) fn are_qualifiers_known(list: &Element<'_>) -> Result<bool, Problem> {
    let mut are_known = true;
    for_each_qualifier(list, |qualifier| {
        are_known &= matches!(qualifier.read(), Ok(Some(_)));
        Ok(())
    })?;
    Ok(are_known)
}

/// Looks at `policyQualifiers ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { policyQualifierId, qualifier
/// ANY }` of each policy.
pub(super) fn for_each_qualifier<'a>(
    list: &Element<'a>,
    mut look: impl FnMut(Qualifier<'a>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut policies = list.reader();
    while !policies.is_empty() {
        let mut information = policies.expect(tag::SEQUENCE)?.reader();
        let policy = information.oid()?.value;
        let Some(qualifiers) = information.optional(tag::SEQUENCE)? else {
            continue;
        };
        let mut qualifiers = non_empty(&qualifiers)?;
        while !qualifiers.is_empty() {
            let mut qualifier = qualifiers.expect(tag::SEQUENCE)?.reader();
            let kind = qualifier.oid()?.value;
            let value = qualifier.element()?;
            qualifier.finish()?;
            look(Qualifier {
                policy,
                kind,
                value,
            })?;
        }
    }
    Ok(())
}

/// Checks `policyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy,
/// subjectDomainPolicy }`.
pub(super) fn read_mappings(list: &Element<'_>) -> Result<Span, Problem> {
    let mut mappings = non_empty(list)?;
    while !mappings.is_empty() {
        next_mapping(&mut mappings)?;
    }
    Ok(list.value_span())
}

pub(super) fn mappings(list: &[u8]) -> impl Iterator<Item = PolicyMapping<'_>> + Clone {
    let mut mappings = Reader::new(list);
    core::iter::from_fn(move || next_mapping(&mut mappings).ok())
}

fn next_mapping<'a>(mappings: &mut Reader<'a>) -> Result<PolicyMapping<'a>, Problem> {
    let mut mapping = mappings.expect(tag::SEQUENCE)?.reader();
    let read = PolicyMapping {
        issuer_domain: mapping.oid()?.value,
        subject_domain: mapping.oid()?.value,
    };
    mapping.finish()?;
    Ok(read)
}

/// `PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] }`, at
/// least one of them.
pub(super) fn read_policy_constraints(list: &Element<'_>) -> Result<PolicyConstraints, Problem> {
    let mut fields = non_empty(list)?;
    let mut skip_certs = |number| match fields.optional(tag::context(number))? {
        Some(count) => count.integer_content().and_then(saturating_u32).map(Some),
        None => Ok(None),
    };
    let constraints = PolicyConstraints {
        require_explicit_policy: skip_certs(0)?,
        inhibit_policy_mapping: skip_certs(1)?,
    };
    fields.finish()?;
    Ok(constraints)
}

pub(super) fn non_empty<'a>(list: &Element<'a>) -> Result<Reader<'a>, Problem> {
    let reader = list.reader();
    if reader.is_empty() {
        Err(Problem::Empty)
    } else {
        Ok(reader)
    }
}
