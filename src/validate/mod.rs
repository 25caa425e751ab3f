//! Judging one complete path (RFC 5280 §6.1): a file for each rule.
//!
//! Rules that cost little come first, and from the trust anchor down to the client, so that a path is refused for what is wrong
//! nearest to the anchor; then the signatures, in the same direction, so that no key is used before it is trusted.

mod ca;
mod extensions;
mod keys;
mod purpose;
mod signature;
mod validity;

use pki_types::UnixTime;

pub(crate) use signature::verify_signature;
pub(crate) use validity::Window;

use crate::error::Reason;
use crate::path::Step;
use crate::policy::ClientPolicy;
use crate::x509::{Certificate, Time};

/// What a certificate is in its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The client's own.
    Client,
    /// An intermediate.
    Issuer,
    Anchor,
}

/// Why a path is refused.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Which certificate of the path it is about, counted from the client's.
    pub(crate) at: usize,
    pub(crate) reason: Reason,
    pub(crate) scope: Scope,
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

/// Checks every rule but the signatures.
///
/// Returns the time in which the outcome holds.
pub(crate) fn check_rules(
    path: &[Step<'_>],
    now: UnixTime,
    policy: &ClientPolicy,
) -> Result<Window, Failure> {
    let mut window = Window::ALWAYS;
    for (at, step) in path.iter().enumerate().rev() {
        let role = match at {
            0 => Role::Client,
            _ if at.saturating_add(1) == path.len() => Role::Anchor,
            _ => Role::Issuer,
        };
        let by_itself = |reason| Failure {
            at,
            reason,
            scope: Scope::Certificate,
        };
        let certificate = step.certificate;
        ca::check_role(certificate, role, policy.client_ca).map_err(by_itself)?;
        let own_window = check_certificate(certificate, role, now, policy).map_err(by_itself)?;
        window = window.intersect(own_window);
        ca::check_path_len(path, at).map_err(|reason| Failure {
            at,
            reason,
            scope: Scope::Path,
        })?;

        if let Some(issuer) = path.get(at.saturating_add(1)) {
            signature::check_algorithm(certificate, issuer.certificate, policy)
                .map_err(|(reason, scope)| Failure { at, reason, scope })?;
        }
    }
    Ok(window)
}

/// Checks a pinned client's certificate: all that can be said of it without a path. Whether it is a CA's does not matter,
/// as it was named by its exact bytes.
pub(crate) fn check_pinned(
    client: Certificate<'_>,
    now: UnixTime,
    policy: &ClientPolicy,
) -> Result<Window, Reason> {
    check_certificate(client, Role::Client, now, policy)
}

/// Checks what depends on nothing but the certificate and its role, but for whether it is a CA's.
fn check_certificate(
    certificate: Certificate<'_>,
    role: Role,
    now: UnixTime,
    policy: &ClientPolicy,
) -> Result<Window, Reason> {
    extensions::check(certificate)?;
    let window = validity::check(certificate, role, Time::from(now), &policy.expiry)?;
    keys::check(certificate, policy.rsa_keys)?;
    purpose::check_key_usage(certificate, role)?;
    purpose::check_extended_key_usage(certificate, role, &policy.purpose)?;
    Ok(window)
}
