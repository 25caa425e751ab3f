//! The form rules of [`Profile::Rfc5280`]: what RFC 5280 asks of conforming CAs beyond what a verifier needs.
//!
//! Everything that sets the two profiles apart is in this file, but for how a certificate is
//! encoded, which `x509` reads; `docs/PROFILES.md` has the table.

use alloc::collections::BTreeMap;

use super::name_forms::is_prefix_mask;
use super::signature::check_algorithm;
use super::{Role, Scope, verify_signature};
use crate::error::FormRule;
use crate::policy::{ClientPolicy, Profile};
use crate::x509::{
    Certificate, ExtensionId, GeneralName, KeyUsage, Mailbox, TimeForm, check_certificate,
    is_preferred_name, malformed_form,
};

pub(super) fn check(
    certificate: Certificate<'_>,
    role: Role,
    policy: &ClientPolicy,
    self_signed: &mut SelfSigned,
) -> Result<(), FormRule> {
    match policy.profile {
        Profile::Compatible => Ok(()),
        Profile::Rfc5280 => {
            check_fields(certificate, role)?;
            check_key_identifiers(certificate, role, policy, self_signed)?;
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
    }
}

fn check_fields(certificate: Certificate<'_>, role: Role) -> Result<(), FormRule> {
    // §4.1.2.2: positive, and at most 20 octets. Not of an anchor: deployed roots have 0, and users
    // are asked to cope.
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
    certificate: Certificate<'_>,
    role: Role,
    policy: &ClientPolicy,
    self_signed: &mut SelfSigned,
) -> Result<(), FormRule> {
    // §4.2.1.1: everywhere but in self-signed certificates. Those are of use as anchors and pinned clients alone, and only their keys are
    // trusted enough to find out with.
    let is_trusted = matches!(role, Role::Anchor | Role::PinnedClient);
    let mut is_self_signed = || is_trusted && self_signed.is(certificate, policy);
    if certificate.has_malformed_key_id() {
        return Err(FormRule::KeyId);
    }
    match (certificate.authority_key_id(), certificate.subject_key_id()) {
        (None, _) if !is_self_signed() => return Err(FormRule::NoAuthorityKeyId),
        // §4.2.1.2: an issuer's subjectKeyIdentifier is the authorityKeyIdentifier of what it signs, itself included.
        (Some(authority), Some(subject))
            if authority != subject && role == Role::Anchor && is_self_signed() =>
        {
            return Err(FormRule::KeyIdMismatch);
        }
        _ => {}
    }

    // §4.2.1.2: in all certificates of CAs.
    if certificate.subject_key_id().is_none() && (!role.is_end_entity() || certificate.is_ca()) {
        return Err(FormRule::NoSubjectKeyId);
    }
    Ok(())
}

/// Which certificates were found to be self-signed: an anchor is judged again in each path that
/// leads to it, and this takes a signature. For as many certificates as
/// [`Limits::signatures`](crate::Limits::signatures); others count as signed by another key.
#[derive(Debug, Default)]
pub(crate) struct SelfSigned(BTreeMap<usize, bool>);

impl SelfSigned {
    /// Whether a certificate is self-signed (§3.2): self-issued, and by its own key. One that is
    /// self-issued and signed with an algorithm that the policy does not have counts as such:
    /// nobody can tell, and roots of the time of SHA-1 are.
    fn is(&mut self, certificate: Certificate<'_>, policy: &ClientPolicy) -> bool {
        if !certificate.is_self_issued() {
            return false;
        }
        // Certificates stay where they are for as long as a verification takes.
        let place = certificate.as_bytes().as_ptr().addr();
        let is_limit_reached = self.0.len() >= policy.limits.signatures as usize;
        *self.0.entry(place).or_insert_with(|| {
            if is_limit_reached {
                return false;
            }
            match check_algorithm(certificate, certificate, policy) {
                Ok(()) => verify_signature(certificate, certificate, &policy.signatures).is_ok(),
                Err((_, scope)) => scope == Scope::Certificate,
            }
        })
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
    // §4.2.1.9
    if !certificate.is_critical(ExtensionId::BasicConstraints) {
        return Err(FormRule::NotCritical("basicConstraints"));
    }
    // §4.2.1.3
    if certificate.key_usage().is_none() {
        return Err(FormRule::NoKeyUsage);
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
        GeneralName::Unread(0x81 | 0x82 | 0x86 | 0x87) => ("name", false),
        _ => return Ok(()),
    };
    if is_good {
        Ok(())
    } else {
        Err(FormRule::Subtree(form))
    }
}
