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

/// Checks `certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation`. That no policy is there twice is checked where
/// policies are processed.
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

/// `PolicyInformation ::= SEQUENCE { policyIdentifier, policyQualifiers SEQUENCE OF .. OPTIONAL }`. Qualifiers are for people.
fn next_policy<'a>(policies: &mut Reader<'a>) -> Result<&'a [u8], Problem> {
    let mut policy = policies.expect(tag::SEQUENCE)?.reader();
    let identifier = policy.oid()?.value;
    policy.optional(tag::SEQUENCE)?;
    policy.finish()?;
    Ok(identifier)
}

/// id-qt-cps and id-qt-unotice (§4.2.1.4), 1.3.6.1.5.5.7.2.1 and 1.3.6.1.5.5.7.2.2.
pub(super) const CPS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x01];
pub(super) const USER_NOTICE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x02];

/// One qualifier of a policy (§4.2.1.4).
pub(super) struct Qualifier<'a> {
    /// The content octets of the policy's OBJECT IDENTIFIER.
    pub(super) policy: &'a [u8],
    /// The content octets of the kind's OBJECT IDENTIFIER.
    pub(super) kind: &'a [u8],
    pub(super) value: Element<'a>,
}

/// Whether each qualifier of a certificatePolicies that [`read_policies`] found good is of a kind
/// that §4.2.1.4 defines.
pub(super) fn are_qualifiers_known(list: &Element<'_>) -> Result<bool, Problem> {
    let mut are_known = true;
    for_each_qualifier(list, |qualifier| {
        are_known &= matches!(qualifier.kind, CPS | USER_NOTICE);
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

/// Checks `policyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }`.
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

/// `PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] }`, at least one of them.
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
