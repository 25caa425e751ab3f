//! Judging one complete path (RFC 5280 §6.1): a file for each rule.
//!
//! Rules that cost little come first, and from the trust anchor down to the client, so that a path is refused for what is wrong
//! nearest to the anchor; then the signatures, in the same direction, so that no key is used before it is trusted.

mod ca;
mod constancy;
mod extensions;
mod keys;
mod name_constraints;
mod name_forms;
mod policies;
mod profile;
mod purpose;
mod signature;
mod validity;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use pki_types::UnixTime;

pub(crate) use policies::PathEnd;
pub use policies::PolicySet;

use name_constraints::NameComparisons;
use policies::{PolicyBudget, PolicyFailure, PolicyProblem};
use profile::SelfSigned;

pub(crate) use constancy::Constancy;
pub(crate) use signature::verify_signature;
pub(crate) use validity::Window;

use crate::error::Reason;
use crate::path::{Node, Step};
use crate::policy::{ClientPolicy, Expired, ExpiryPolicy};
use crate::x509::{Certificate, Time};

/// What a certificate is in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The client's own.
    Client,
    /// The client's own, trusted as it is.
    PinnedClient,
    /// An intermediate.
    Issuer,
    Anchor,
    /// The issuer of revocation lists: what its own path begins with.
    ListIssuer,
}

impl Role {
    fn is_client(self) -> bool {
        matches!(self, Self::Client | Self::PinnedClient)
    }

    /// Whether a path begins with it, and so it need not be a CA's.
    fn is_end_entity(self) -> bool {
        self.is_client() || self == Self::ListIssuer
    }
}

/// How much of what a policy asks a path must meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// All of it.
    Policy,
    /// What a revocation list needs of its issuer to revoke: certificates may have expired, and lists may be old or not there. Only what is
    /// accepted depends on how fresh it is; what is revoked stays so.
    Revoking,
}

/// Why a path is refused.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Which certificate of the path it is about, counted from the client's.
    pub(crate) at: usize,
    pub(crate) reason: Reason,
    pub(crate) scope: Scope,
}

impl From<PolicyFailure> for Failure {
    fn from(PolicyFailure { at, problem }: PolicyFailure) -> Self {
        let (reason, scope) = match problem {
            PolicyProblem::NoValidPolicy => (Reason::NoValidPolicy, Scope::Path),
            PolicyProblem::NotAcceptable { valid } => {
                (Reason::PolicyNotAcceptable { valid }, Scope::Path)
            }
            PolicyProblem::Repeated { policy } => {
                (Reason::RepeatedPolicy { policy }, Scope::Certificate)
            }
            PolicyProblem::MapsAnyPolicy => (Reason::MapsAnyPolicy, Scope::Certificate),
            PolicyProblem::Limit { limit } => (Reason::PolicyLimit { limit }, Scope::Path),
        };
        Self { at, reason, scope }
    }
}

/// What else a failure rules out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The certificate fails in this role, whatever path it is in.
    Certificate,
    /// The certificate fails under this issuer.
    Issuer,
    /// Only this path fails.
    Path,
}

/// Judges paths by every rule but the signatures.
pub(crate) struct Judge<'a> {
    now: UnixTime,
    policy: &'a ClientPolicy,
    measure: Measure,
    /// That of the policy, by this measure.
    expiry: ExpiryPolicy,
    name_comparisons: NameComparisons,
    policy_budget: PolicyBudget,
    /// How many certificates are presented.
    presented: usize,
    /// The time in which each of them holds by itself, once that was checked: paths share certificates, and a presented one may be costly to
    /// check. Not noted for the first path, which in most verifications is the only one.
    checked: Option<Vec<Option<(Window, Constancy)>>>,
    has_judged: bool,
    self_signed: SelfSigned,
    /// For how long all that was looked at stays as it is.
    constancy: Constancy,
}

impl<'a> Judge<'a> {
    /// A judge of paths over `presented` presented certificates.
    pub(crate) fn new(now: UnixTime, policy: &'a ClientPolicy, presented: usize) -> Self {
        Self {
            now,
            policy,
            measure: Measure::Policy,
            expiry: policy.expiry,
            name_comparisons: NameComparisons::new(policy.limits.name_comparisons),
            policy_budget: PolicyBudget::new(policy.limits.policies),
            presented,
            checked: None,
            has_judged: false,
            self_signed: SelfSigned::default(),
            constancy: Constancy::around(Time::from(now)),
        }
    }

    pub(crate) fn measure(&self) -> Measure {
        self.measure
    }

    /// Judges by `measure` from now on.
    pub(crate) fn set_measure(&mut self, measure: Measure) {
        self.measure = measure;
        self.expiry = match measure {
            Measure::Policy => self.policy.expiry,
            Measure::Revoking => self
                .policy
                .expiry
                .with_issuers(Expired::Accept)
                .with_anchors(Expired::Accept),
        };
    }

    pub(crate) fn constancy(&mut self) -> &mut Constancy {
        &mut self.constancy
    }

    /// Checks one path, which begins with a certificate in the role of `first`. Returns the time in which the outcome holds.
    pub(crate) fn check(&mut self, path: &[Step<'_>], first: Role) -> Result<Window, Failure> {
        let mut window = Window::ALWAYS;
        if core::mem::replace(&mut self.has_judged, true) {
            let none = || alloc::vec![None; self.presented];
            self.checked.get_or_insert_with(none);
        }
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
            window = window.intersect(self.check_step(step, role).map_err(by_itself)?);
            ca::check_path_len(path, at).map_err(|reason| Failure {
                at,
                reason,
                scope: Scope::Path,
            })?;
            if let Some(issuer) = path.get(at.saturating_add(1)) {
                signature::check_algorithm(step.certificate, issuer.certificate, self.policy)
                    .map_err(|(reason, scope)| Failure { at, reason, scope })?;
            }
        }
        // Like certificate policies below, this is asked of the client.
        if first != Role::ListIssuer {
            ca::check_policy_path_length(path, self.policy.path_length).map_err(|reason| {
                Failure {
                    at: 0,
                    reason,
                    scope: Scope::Path,
                }
            })?;
        }
        name_constraints::check(path, &mut self.name_comparisons)?;
        if first == Role::ListIssuer {
            return Ok(window);
        }
        policies::check(
            path,
            PathEnd::Anchor,
            &self.policy.certificate_policies,
            &mut self.policy_budget,
        )?;
        Ok(window)
    }

    /// Checks one certificate by itself, a presented one once.
    fn check_step(&mut self, step: &Step<'_>, role: Role) -> Result<Window, Reason> {
        let known = match step.node {
            Node::Presented(index)
                if role != Role::ListIssuer && self.measure == Measure::Policy =>
            {
                let checked = self.checked.as_mut();
                checked.and_then(|checked| checked.get_mut(index))
            }
            _ => None,
        };
        if let Some(Some((window, constancy))) = known {
            self.constancy = self.constancy.intersect(*constancy);
            return Ok(*window);
        }
        ca::check_role(step.certificate, role, self.policy.client_ca)?;
        let mut constancy = Constancy::around(Time::from(self.now));
        let checked = check_certificate(
            step.certificate,
            role,
            self.now,
            self.policy,
            &self.expiry,
            &mut self.self_signed,
            &mut constancy,
        );
        self.constancy = self.constancy.intersect(constancy);
        let window = checked?;
        if let Some(known) = known {
            *known = Some((window, constancy));
        }
        Ok(window)
    }
}

/// Checks a pinned client's certificate: all that can be said of it without a path. Whether it is a CA's does not matter,
/// as it was named by its exact bytes.
pub(crate) fn check_pinned(
    client: Certificate<'_>,
    now: UnixTime,
    policy: &ClientPolicy,
) -> Result<Window, Reason> {
    let mut constancy = Constancy::around(Time::from(now));
    let role = Role::PinnedClient;
    let window = check_certificate(
        client,
        role,
        now,
        policy,
        &policy.expiry,
        &mut SelfSigned::default(),
        &mut constancy,
    )?;
    let path = [Step {
        node: Node::CLIENT,
        certificate: client,
        is_self_issued: client.is_self_issued(),
    }];
    let mut budget = PolicyBudget::new(policy.limits.policies);
    let asked = &policy.certificate_policies;
    policies::check(&path, PathEnd::Pin, asked, &mut budget)
        .map_err(|failure| Failure::from(failure).reason)?;
    Ok(window)
}

/// Checks what depends on nothing but the certificate and its role, but for whether it is a CA's.
fn check_certificate(
    certificate: Certificate<'_>,
    role: Role,
    now: UnixTime,
    policy: &ClientPolicy,
    expiry: &ExpiryPolicy,
    self_signed: &mut SelfSigned,
    constancy: &mut Constancy,
) -> Result<Window, Reason> {
    extensions::check(certificate, role, policy.revocation.scope)?;
    profile::check(certificate, role, policy, self_signed).map_err(Reason::NonConforming)?;

    let window = validity::check(certificate, role, Time::from(now), expiry, constancy)?;
    keys::check(certificate, policy.rsa_keys)?;
    purpose::check_key_usage(certificate, role, policy.key_usage)?;
    purpose::check_extended_key_usage(certificate, role, &policy.purpose)?;
    Ok(window)
}
