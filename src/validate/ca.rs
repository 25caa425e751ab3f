//! Who may issue, and how far down (RFC 5280 §4.2.1.9).

use super::role::Role;
use crate::error::Reason;
use crate::path::Step;
use crate::policy::ClientCa;
use crate::store::TrustStore;
use crate::x509::{Certificate, Version};

/// §6.1.4 (k): an issuer must be a CA. A client should not be one: RFC 5280 leaves that open, but
/// the holder of a CA's key can issue more clients.
pub(super) fn check_role(
    certificate: Certificate<'_>,
    role: Role,
    client_ca: ClientCa,
) -> Result<(), Reason> {
    match role {
        Role::Anchor => certificate.check_is_anchor_ca().map_err(Reason::NotACa),
        Role::Issuer => certificate.check_is_ca().map_err(Reason::NotACa),
        Role::Client if client_ca == ClientCa::Refuse && certificate.is_ca() => {
            Err(Reason::CaAsClient)
        }
        // A pin names one certificate, and nothing that it issued.
        Role::Client | Role::PinnedClient | Role::CrlIssuer => Ok(()),
    }
}

/// The client may be no trust anchor either, which is a CA even if its version cannot say so.
pub(crate) fn check_is_no_anchor(
    client: Certificate<'_>,
    store: &TrustStore,
    client_ca: ClientCa,
) -> Result<(), Reason> {
    let is_anchor = client_ca == ClientCa::Refuse
        && client.version() != Version::V3
        && store.certificates().has_anchor(client);
    match is_anchor {
        true => Err(Reason::CaAsClient),
        false => Ok(()),
    }
}

/// §6.1.4 (l)(m): no more intermediates may follow the CA at position `at` than its
/// pathLenConstraint says. Self-issued ones do not count, and neither does the client's
/// certificate, even if it is a CA's (§4.2.1.9).
pub(super) fn check_path_len(path: &[Step<'_>], at: usize) -> Result<(), Reason> {
    let constraints = path
        .get(at)
        .and_then(|step| step.certificate.basic_constraints());
    let Some(allowed) = constraints.and_then(|constraints| constraints.path_len) else {
        return Ok(());
    };
    let found = intermediates_below(path, at);
    if found <= allowed {
        Ok(())
    } else {
        Err(Reason::PathLength { allowed, found })
    }
}

/// §6.1.2 (k): no more intermediates than the policy allows, counted in the same way.
pub(super) fn check_policy_path_length(
    path: &[Step<'_>],
    path_length: Option<u32>,
) -> Result<(), Reason> {
    let found = || intermediates_below(path, path.len().saturating_sub(1));
    match path_length {
        Some(allowed) if found() > allowed => {
            let found = found();
            Err(Reason::MaxPathLength { allowed, found })
        }
        _ => Ok(()),
    }
}

/// How many intermediates that are not self-issued follow the certificate at position `at`.
fn intermediates_below(path: &[Step<'_>], at: usize) -> u32 {
    // Nothing is below the client.
    let below = path.get(1..at).unwrap_or_default();
    let counted = below.iter().filter(|step| !step.is_self_issued).count();
    u32::try_from(counted).unwrap_or(u32::MAX)
}
