//! The form rules of [`Profile::Rfc5280`]: what RFC 5280 asks of conforming CAs beyond what a
//! verifier needs.
//!
//! Everything that sets the two profiles apart is in this file, but for how a certificate is
//! encoded, which `x509` reads; `docs/PROFILES.md` has the table.

use alloc::collections::BTreeMap;

use super::failure::Scope;
use super::role::Role;
use super::signature::{check_algorithm, find_algorithm, verify_signature};
use crate::budget::{Budget, price};
use crate::error::{FormRule, Reason, Work};
use crate::path::{Node, Step};
use crate::policy::{ClientPolicy, Profile};
use crate::store::TrustStore;
use crate::x509::{
    Certificate, ExtensionId, GeneralName, KeyUsage, Mailbox, TimeForm, check_certificate,
    is_preferred_name, is_prefix_mask, malformed_form,
};

pub(super) fn check(
    step: &Step<'_>,
    role: Role,
    policy: &ClientPolicy,
    budget: &Budget,
    self_signed: &mut SelfSigned<'_>,
) -> Result<(), Reason> {
    match policy.profile {
        Profile::Compatible => Ok(()),
        Profile::Rfc5280 => {
            let certificate = step.certificate;
            // What is in lists is looked at element by element, by several rules.
            let bytes = price::reading(certificate.as_bytes().len());
            let units = bytes.saturating_add(certificate.list_bytes() / 2);
            budget.pay(units, Work::Checking)?;
            check_fields(certificate, role)?;
            // Of an anchor that can take a signature, so that the signatures of its path come
            // first.
            if role != Role::Anchor {
                check_key_identifiers(step, role, policy, self_signed)?;
            }
            Ok(check_extensions(certificate, role)?)
        }
    }
}

/// The rules on key identifiers for the anchor of a path whose signatures hold.
pub(super) fn check_anchor(
    anchor: &Step<'_>,
    policy: &ClientPolicy,
    self_signed: &mut SelfSigned<'_>,
) -> Result<(), Reason> {
    match policy.profile {
        Profile::Compatible => Ok(()),
        Profile::Rfc5280 => check_key_identifiers(anchor, Role::Anchor, policy, self_signed),
    }
}

impl From<FormRule> for Reason {
    fn from(rule: FormRule) -> Self {
        Self::NonConforming(rule)
    }
}

fn check_extensions(certificate: Certificate<'_>, role: Role) -> Result<(), FormRule> {
    check_ca_fields(certificate, role)?;
    check_criticality(certificate)?;
    certificate
        .subject_alt_names()
        .try_for_each(check_alternative_name)?;
    let mut bases = certificate
        .permitted_subtrees()
        .chain(certificate.excluded_subtrees());
    bases.try_for_each(check_subtree)?;
    Ok(check_certificate(certificate.as_bytes())?)
}

fn check_fields(certificate: Certificate<'_>, role: Role) -> Result<(), FormRule> {
    // §4.1.2.2: positive, and at most 20 octets. Not of an anchor: deployed roots have 0, and
    // users are asked to cope.
    match certificate.serial() {
        _ if role == Role::Anchor => {}
        [0x80..=0xff, ..] | [0] => return Err(FormRule::SerialNotPositive),
        serial if serial.len() > 20 => return Err(FormRule::SerialTooLong),
        _ => {}
    }
    // §4.1.2.5: UTCTime through the year 2049, GeneralizedTime from then on.
    if certificate
        .time_forms()
        .contains(&TimeForm::GeneralizedBefore2050)
    {
        return Err(FormRule::TimeForm);
    }
    // §4.1.2.8
    if certificate.has_unique_ids() {
        return Err(FormRule::UniqueIdentifiers);
    }
    // §4.1.2.6, §4.2.1.6
    if certificate.has_empty_subject() && !certificate.is_critical(ExtensionId::SubjectAltName) {
        return Err(FormRule::NoSubject);
    }
    Ok(())
}

fn check_key_identifiers(
    step: &Step<'_>,
    role: Role,
    policy: &ClientPolicy,
    self_signed: &mut SelfSigned<'_>,
) -> Result<(), Reason> {
    let certificate = step.certificate;
    if certificate.has_malformed_key_id() {
        return Err(FormRule::KeyId.into());
    }
    // §4.2.1.1: everywhere but in self-signed certificates. Those are of use as anchors and pinned
    // clients alone, and only their keys are trusted enough to find out with.
    let is_trusted = matches!(role, Role::Anchor | Role::PinnedClient);
    match (certificate.authority_key_id(), certificate.subject_key_id()) {
        (None, _) if !(is_trusted && self_signed.is(step, policy)?) => {
            return Err(FormRule::NoAuthorityKeyId.into());
        }
        // §4.2.1.2: an issuer's subjectKeyIdentifier is the authorityKeyIdentifier of what it
        // signs, itself included.
        (Some(authority), Some(subject))
            if authority != subject && role == Role::Anchor && self_signed.is(step, policy)? =>
        {
            return Err(FormRule::KeyIdMismatch.into());
        }
        _ => {}
    }
    // §4.2.1.2: in all certificates of CAs.
    if certificate.subject_key_id().is_none() && (!role.is_end_entity() || certificate.is_ca()) {
        return Err(FormRule::NoSubjectKeyId.into());
    }
    Ok(())
}

/// Which certificates are self-signed (§3.2). That takes a signature, which the budget counts; the
/// store remembers it of its anchors.
pub(crate) struct SelfSigned<'a> {
    store: &'a TrustStore,
    budget: &'a Budget,
    /// What this verification paid for.
    known: BTreeMap<Node, bool>,
}

impl<'a> SelfSigned<'a> {
    pub(super) fn new(store: &'a TrustStore, budget: &'a Budget) -> Self {
        Self {
            store,
            budget,
            known: BTreeMap::new(),
        }
    }

    /// Whether a certificate is self-issued, and signed by its own key. One that is self-issued and
    /// signed with an algorithm that the policy does not have counts as such: nobody can tell, and
    /// roots of the time of SHA-1 are.
    fn is(&mut self, step: &Step<'_>, policy: &ClientPolicy) -> Result<bool, Reason> {
        let certificate = step.certificate;
        if !certificate.is_self_issued() {
            return Ok(false);
        }
        if let Some(known) = self.known.get(&step.node) {
            return Ok(*known);
        }
        let is_self_signed = match check_algorithm(certificate, certificate, policy) {
            Ok(()) => {
                self.budget.pay_signature(certificate.tbs().len())?;
                let verify =
                    || verify_signature(certificate, certificate, &policy.signatures).is_ok();
                match (
                    step.node,
                    find_algorithm(certificate, certificate, &policy.signatures),
                ) {
                    (Node::Anchor(index), Some(algorithm)) => {
                        let certificates = self.store.certificates();
                        certificates.is_self_signed(index, algorithm, verify)
                    }
                    _ => verify(),
                }
            }
            Err((_, scope)) => scope == Scope::Certificate,
        };
        self.known.insert(step.node, is_self_signed);
        Ok(is_self_signed)
    }
}

fn check_ca_fields(certificate: Certificate<'_>, role: Role) -> Result<(), FormRule> {
    let signs_certificates = certificate
        .key_usage()
        .is_some_and(|usage| usage.key_cert_sign());
    // §4.2.1.3, §4.2.1.9
    if signs_certificates && !certificate.is_ca() {
        return Err(FormRule::CertSignWithoutCa);
    }
    if certificate.key_usage().is_some_and(KeyUsage::is_empty) {
        return Err(FormRule::EmptyKeyUsage);
    }
    // §4.2.1.9
    let has_path_len = certificate
        .basic_constraints()
        .is_some_and(|constraints| constraints.path_len.is_some());
    if has_path_len && !(certificate.is_ca() && signs_certificates) {
        return Err(FormRule::PathLenWithoutCa);
    }
    // §4.2.1.10
    if certificate.has_name_constraints() && !certificate.is_ca() {
        return Err(FormRule::NameConstraintsWithoutCa);
    }
    if role.is_end_entity() && !certificate.is_ca() {
        return Ok(());
    }
    // §4.2.1.3: asked first, as an anchor of version 1 has no basicConstraints to be critical.
    if certificate.key_usage().is_none() {
        return Err(FormRule::NoKeyUsage);
    }
    // §4.2.1.9
    if !certificate.is_critical(ExtensionId::BasicConstraints) {
        return Err(FormRule::NotCritical("basicConstraints"));
    }
    // §4.1.2.6
    if certificate.has_empty_subject() {
        return Err(FormRule::NoSubject);
    }
    Ok(())
}

fn check_criticality(certificate: Certificate<'_>) -> Result<(), FormRule> {
    // §4.2.2.1: a list that is there is one.
    if certificate.has_malformed_information_access() {
        return Err(FormRule::InformationAccess);
    }
    // §4.2.1.13: one that does not parse.
    if certificate.distribution_points_problem().is_some() {
        return Err(FormRule::DistributionPoints);
    }
    // §4.2.1.10, §4.2.1.11, §4.2.1.14
    for (extension, name) in [
        (ExtensionId::NameConstraints, "nameConstraints"),
        (ExtensionId::PolicyConstraints, "policyConstraints"),
        (ExtensionId::InhibitAnyPolicy, "inhibitAnyPolicy"),
    ] {
        if certificate.has(extension) && !certificate.is_critical(extension) {
            return Err(FormRule::NotCritical(name));
        }
    }
    // §4.2.1.1, §4.2.1.2
    for (extension, name) in [
        (ExtensionId::AuthorityKeyId, "authorityKeyIdentifier"),
        (ExtensionId::SubjectKeyId, "subjectKeyIdentifier"),
    ] {
        if certificate.is_critical(extension) {
            return Err(FormRule::Critical(name));
        }
    }
    Ok(())
}

/// §4.2.1.6
fn check_alternative_name(name: GeneralName<'_>) -> Result<(), FormRule> {
    malformed_form(name).map_or(Ok(()), |form| Err(FormRule::AlternativeName(form)))
}

/// §4.2.1.10: the forms of subtrees, a leading dot for hosts of URIs and mail only. Every DNS name
/// is within an empty one; for mail and URIs that is none of the forms.
fn check_subtree(base: GeneralName<'_>) -> Result<(), FormRule> {
    let is_host = |base: &str| base.is_empty() || is_preferred_name(base);
    let is_domain = |base: &str| is_preferred_name(base.strip_prefix('.').unwrap_or(base));
    let (form, is_good) = match base {
        GeneralName::Dns(base) => ("dNSName", is_host(base)),
        GeneralName::Email(base) if base.contains('@') => {
            ("rfc822Name", Mailbox::read(base).is_some())
        }
        GeneralName::Email(base) => ("rfc822Name", is_domain(base)),
        GeneralName::Uri(base) => ("uniformResourceIdentifier", is_domain(base)),
        GeneralName::Ip(subnet) => {
            let mask = subnet.get(subnet.len() / 2..).unwrap_or_default();
            ("iPAddress", is_prefix_mask(mask))
        }
        _ => match base.unread_form() {
            Some(form) => (form, false),
            None => return Ok(()),
        },
    };
    if is_good {
        Ok(())
    } else {
        Err(FormRule::Subtree(form))
    }
}
