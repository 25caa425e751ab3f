//! Judging one complete path (RFC 5280 §6.1): a file for each rule.
//!
//! What each certificate says by itself comes first, from the trust anchor down to the client, so
//! that a path is refused for what is wrong nearest to the anchor. Then the signatures are
//! verified, in the same direction, so that no key is used before it is trusted. What certificates
//! ask of others, and may cost much, comes last, when their signatures hold: path lengths, name
//! constraints, policies.

mod ca;
mod certificate_policies;
mod denied;
mod extensions;
mod failure;
mod identities;
mod keys;
mod name_constraints;
mod name_forms;
mod profile;
mod purpose;
mod role;
mod signature;
mod stable;
mod trust_domain;
mod validity;

#[cfg(test)]
mod tests;

use alloc::collections::BTreeMap;

use pki_types::UnixTime;

pub(crate) use ca::check_is_no_anchor;
pub(crate) use certificate_policies::PathEnd;
pub use certificate_policies::PolicySet;

use profile::SelfSigned;

pub(crate) use denied::check_denied;
pub(crate) use failure::{Failure, Scope};
pub(crate) use identities::{Subject, check_accepted};
pub(crate) use role::{Role, Strictness};
pub(crate) use signature::verify_signature;
pub(crate) use stable::StableInterval;
pub(crate) use validity::Window;

use crate::budget::{Budget, price};
use crate::error::{Reason, Work};
use crate::path::{Node, Step};
use crate::policy::{Checked, ClientPolicy, ExpiryPolicy};
use crate::store::{Place, TrustStore};
use crate::x509::{Certificate, Time};

/// Judges paths by every rule but the signatures.
pub(crate) struct Judge<'a> {
    now: UnixTime,
    policy: &'a ClientPolicy,
    revocation_checked: Checked,
    budget: &'a Budget,
    /// The time in which each certificate holds by itself, once that was checked: paths share
    /// certificates, and one may be costly to check. Not noted for the first path, which in most
    /// verifications is the only one.
    checked: BTreeMap<(Node, Strictness), (Window, StableInterval)>,
    has_judged: bool,
    self_signed: SelfSigned<'a>,
    store: &'a TrustStore,
    /// Where among the scopes of a store the paths end, if it has scopes.
    place: Option<Place<'a>>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(
        now: UnixTime,
        policy: &'a ClientPolicy,
        (store, place): (&'a TrustStore, Option<Place<'a>>),
        budget: &'a Budget,
    ) -> Self {
        Self {
            now,
            policy,
            revocation_checked: store.checked_under(policy),
            budget,
            checked: BTreeMap::new(),
            has_judged: false,
            self_signed: SelfSigned::new(store, budget),
            store,
            place,
        }
    }

    /// Checks each certificate of one path by itself, and that its issuer may have signed it. The
    /// path begins with a certificate in the role of `first`. Returns the time in which the outcome
    /// holds, and narrows that in which nothing that it looks at changes.
    pub(crate) fn check_certificates(
        &mut self,
        path: &[Step<'_>],
        (first, strictness): (Role, Strictness),
        stable: &mut StableInterval,
    ) -> Result<Window, Failure> {
        let mut window = Window::ALWAYS;
        let is_first_path = !core::mem::replace(&mut self.has_judged, true);
        for (at, step) in path.iter().enumerate().rev() {
            let role = match at {
                0 => first,
                _ if at.saturating_add(1) == path.len() => Role::Anchor,
                _ => Role::Issuer,
            };
            let by_itself = |reason| Failure {
                at,
                reason,
                scope: Scope::Certificate,
            };
            let roles = (role, first);
            let checked = self.check_step(step, (roles, strictness), is_first_path, stable);
            window = window.intersect(checked.map_err(by_itself)?);
            if let Some(issuer) = path.get(at.saturating_add(1)) {
                signature::check_algorithm(step.certificate, issuer.certificate, self.policy)
                    .map_err(|(reason, scope)| Failure { at, reason, scope })?;
            }
        }
        Ok(window)
    }

    /// Checks what the certificates of one path ask of each other, once their signatures hold.
    pub(crate) fn check_path(&mut self, path: &[Step<'_>], first: Role) -> Result<(), Failure> {
        if let Some(anchor) = path.last() {
            let checked = profile::check_anchor(anchor, self.policy, &mut self.self_signed);
            checked.map_err(|reason| Failure {
                at: path.len().saturating_sub(1),
                reason,
                scope: Scope::Certificate,
            })?;
        }
        let in_path = |at| {
            move |reason| Failure {
                at,
                reason,
                scope: Scope::Path,
            }
        };
        for at in (0..path.len()).rev() {
            ca::check_path_len(path, at).map_err(in_path(at))?;
        }
        // Like certificate policies below, this is asked of the client.
        if first != Role::CrlIssuer {
            ca::check_policy_path_length(path, self.policy.path_length).map_err(in_path(0))?;
            let stores = self.store.denying(self.place);
            purpose::check_common_purpose(path, &self.policy.purpose, stores, self.budget)?;
        }
        name_constraints::check(path, self.budget)?;
        if first == Role::CrlIssuer {
            return Ok(());
        }
        certificate_policies::check(
            path,
            PathEnd::Anchor,
            &self.policy.certificate_policies,
            self.budget,
        )?;
        Ok(())
    }

    /// Checks that a path may end where it ends, by its names. This is asked last, of a path that
    /// holds otherwise.
    pub(crate) fn check_scope(&self, path: &[Step<'_>], first: Role) -> Result<(), Failure> {
        check_scope(path, (first, PathEnd::Anchor), self.place, self.budget)
    }

    /// Checks one certificate by itself, after the first path once.
    fn check_step(
        &mut self,
        step: &Step<'_>,
        ((role, first), strictness): ((Role, Role), Strictness),
        is_first_path: bool,
        stable: &mut StableInterval,
    ) -> Result<Window, Reason> {
        // Of a CA on the path of a CRL signer, other extensions may be processed.
        let is_alike = first != Role::CrlIssuer || !self.policy.processed_extensions.reach_cas();
        let is_noted = !is_first_path && role != Role::CrlIssuer && is_alike;
        let noted = (step.node, strictness);
        if is_noted && let Some((window, its)) = self.checked.get(&noted) {
            *stable = stable.intersect(*its);
            return Ok(*window);
        }
        ca::check_role(step.certificate, role, self.policy.client_ca)?;
        let mut its = StableInterval::around(Time::from(self.now));
        let asked = Asked {
            now: Time::from(self.now),
            policy: self.policy,
            expiry: &strictness.expiry(&self.policy.expiry),
            checked: self.revocation_checked,
            first,
            budget: self.budget,
        };
        let checked = check_certificate(step, role, asked, &mut self.self_signed, &mut its);
        *stable = stable.intersect(its);
        let window = checked?;
        if is_noted {
            self.checked.insert(noted, (window, its));
        }
        Ok(window)
    }
}

/// Checks that the names of a path, or of a pinned client, are those that its scope and the trust
/// domains of the store let in there.
fn check_scope(
    path: &[Step<'_>],
    (first, end): (Role, PathEnd),
    place: Option<Place<'_>>,
    budget: &Budget,
) -> Result<(), Failure> {
    let Some(place) = place else {
        return Ok(());
    };
    if let (Role::Client | Role::PinnedClient, Some(client)) = (first, path.first()) {
        let checked = trust_domain::check(client.certificate, place);
        checked.map_err(|reason| Failure {
            at: 0,
            reason,
            scope: Scope::Path,
        })?;
    }
    match place.scope() {
        Some(scope) => name_constraints::check_scope(path, end, scope, budget),
        None => Ok(()),
    }
}

/// Checks a pinned client's certificate: all that can be said of it without a path. Whether it is a
/// CA's does not matter, as it was named by its exact bytes.
pub(crate) fn check_pinned(
    client: Certificate<'_>,
    now: UnixTime,
    policy: &ClientPolicy,
    (store, place): (&TrustStore, Option<Place<'_>>),
    budget: &Budget,
    stable: &mut StableInterval,
) -> Result<Window, Reason> {
    let role = Role::PinnedClient;
    let step = Step {
        node: Node::CLIENT,
        certificate: client,
        is_self_issued: client.is_self_issued(),
    };
    let asked = Asked {
        now: Time::from(now),
        policy,
        expiry: &policy.expiry,
        checked: store.checked_under(policy),
        first: role,
        budget,
    };
    let mut self_signed = SelfSigned::new(store, budget);
    let window = check_certificate(&step, role, asked, &mut self_signed, stable)?;
    let stores = store.denying(place);
    purpose::check_common_purpose(&[step], &policy.purpose, stores, budget)
        .map_err(|failure| failure.reason)?;
    certificate_policies::check(&[step], PathEnd::Pin, &policy.certificate_policies, budget)
        .map_err(|failure| Failure::from(failure).reason)?;
    check_scope(&[step], (role, PathEnd::Pin), place, budget).map_err(|failure| failure.reason)?;
    Ok(window)
}

/// What is asked of each certificate.
#[derive(Clone, Copy)]
struct Asked<'a> {
    now: Time,
    policy: &'a ClientPolicy,
    expiry: &'a ExpiryPolicy,
    /// Which certificates of a path are checked for revocation.
    checked: Checked,
    /// What the path begins with.
    first: Role,
    budget: &'a Budget,
}

/// Checks what depends on nothing but the certificate and its role, but for whether it is a CA's.
fn check_certificate(
    step: &Step<'_>,
    role: Role,
    asked: Asked<'_>,
    self_signed: &mut SelfSigned<'_>,
    stable: &mut StableInterval,
) -> Result<Window, Reason> {
    let (certificate, policy) = (step.certificate, asked.policy);
    // Its purposes are looked at one by one.
    let reading = purpose::reading(certificate, &policy.purpose);
    let units = price::CERTIFICATE.saturating_add(reading);
    asked.budget.pay(units, Work::Checking)?;
    let (roles, processed) = ((role, asked.first), &policy.processed_extensions);
    extensions::check(certificate, roles, asked.checked, processed)?;
    profile::check(step, role, policy, asked.budget, self_signed)?;

    let window = validity::check(certificate, role, asked.now, asked.expiry, stable)?;
    keys::check(certificate, policy.rsa_keys)?;
    purpose::check_key_usage(certificate, role, policy.key_usage)?;
    purpose::check_extended_key_usage(certificate, role, &policy.purpose)?;
    Ok(window)
}
