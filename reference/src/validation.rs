//! Basic path validation (RFC 5280 §6.1), but for revocation.
//!
//! The anchor is a certificate of the path, and what it says binds (docs/DESIGN.md, decision 2): it
//! is processed as if it were an intermediate, but that nobody asks who signed it.

use std::collections::BTreeSet;

use crate::certificate::Certificate;
use crate::denied::is_denied;
use crate::forms::Standing;
use crate::model::{Expired, Failure, Oid, Origin, Policy, Role, Scope, Time, World};
use crate::signatures::{self, Outcome};
use crate::{forms, name_constraints, policies};

/// anyExtendedKeyUsage (RFC 5280 §4.2.1.12).
const ANY_PURPOSE: &[u8] = &[0x55, 0x1D, 0x25, 0];
/// cRLDistributionPoints (RFC 5280 §4.2.1.13).
const DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1D, 31];
/// The last arc of other extensions below 2.5.29 that are processed (docs/PROFILES.md).
const PROCESSED: [u8; 11] = [14, 15, 17, 19, 30, 32, 33, 35, 36, 37, 54];

/// Bits of keyUsage (RFC 5280 §4.2.1.3).
const DIGITAL_SIGNATURE: u16 = 1 << 0;
const KEY_CERT_SIGN: u16 = 1 << 5;
const CRL_SIGN: u16 = 1 << 6;

/// What becomes of a path but for revocation and identities.
#[derive(Clone, Debug, Default)]
pub struct Validated {
    /// Every rule that does not hold.
    pub failures: Vec<Failure>,
    /// The user-constrained policy set (§6.1.6), with anyPolicy as itself.
    pub policies: BTreeSet<Oid>,
}

/// Every rule that does not hold on the path (client or signer first, anchor last).
#[must_use]
pub fn basic_path_validation(world: &World, path: &[usize], role: Role) -> Vec<Failure> {
    validate(world, path, role).failures
}

/// Validates a path (client or signer first, anchor last), or a pinned client alone.
#[must_use]
pub fn validate(world: &World, path: &[usize], role: Role) -> Validated {
    let policy = &world.policy;
    let mut failures = Vec::new();
    let mut fail = |node: usize, rule: &'static str| {
        let node = Some(node);
        failures.push(Failure { node, rule });
    };
    let certificate_of = |node: usize| &world.nodes[node].certificate;

    // §6.1.2 (b), (c): initial-permitted-subtrees and initial-excluded-subtrees are those of the
    // scope, for every certificate below the anchor and for a pinned client. They have a failure of
    // their own. The subtrees of all CAs are kept side by side: a name is in their intersection if
    // it is in each.
    let initial = &world.place.initial;
    let mut subtrees = Vec::new();
    // §6.1.2 (g), (h), (i), (j): there is none for the anchor.
    let mut working_issuer: Option<&Certificate> = None;
    // §6.1.2 (k): max_path_length, as each certificate leaves it; without a node, as the policy
    // does. It is asked of the client's path alone.
    // §4.2.1.12: the purposes asked for that all certificates from the anchor down allow.
    let mut purposes = policy.key_purposes.clone();
    let mut max_path_length: Vec<(Option<usize>, u32)> = Vec::new();
    if let (Some(length), Role::Client) = (policy.path_length, role) {
        max_path_length.push((None, length));
    }

    for (from_client, &node) in path.iter().enumerate().rev() {
        let certificate = certificate_of(node);
        let is_last = from_client == 0;
        let is_anchor = is_trust_anchor(world, path, from_client);
        let is_pinned_alone = is_last && working_issuer.is_none() && !is_anchor;
        let self_issued = certificate.is_self_issued();
        let is_checked = is_checked(world, path, from_client, role);

        // The key, of whatever certificate: its kind, its size, its form.
        let key = (&certificate.key_algorithm, &certificate.key);
        if let Some(rule) = signatures::key_is_accepted(key.0, key.1, policy.rsa_bits) {
            fail(node, rule);
        }
        if signatures::key_is_well_formed(key.0, key.1).is_err() {
            fail(node, "malformed");
        }
        // docs/PROFILES.md: the profile. A signature by its own key that cannot be verified counts.
        let standing = match (is_anchor, is_pinned_alone) {
            (true, _) => Standing::Anchor,
            (_, true) => Standing::Pinned,
            _ => Standing::Other,
        };
        let by_own_key = signed_by(&world.policy, certificate, certificate) != Outcome::Bad;
        if policy.rfc5280_profile && !forms::conforms(certificate, standing, by_own_key) {
            fail(node, "non-conforming");
        }

        // §6.1.3 (a)(1).
        match working_issuer.map(|issuer| signed_by(&world.policy, certificate, issuer)) {
            None | Some(Outcome::Holds) => {}
            Some(Outcome::Bad) => fail(node, "bad-signature"),
            Some(Outcome::Unsupported) => fail(node, "unsupported-signature-algorithm"),
        }
        // §6.1.3 (a)(2), under the expiry policy.
        let until = valid_until(world, path, from_client, role);
        if certificate.not_before > world.now.saturating_add_unsigned(policy.clock_skew) {
            fail(node, "not-yet-valid");
        }
        if until.is_some_and(|until| until < world.now) {
            fail(node, "expired");
        }
        // §6.1.3 (a)(3): the deny list; CRLs are for `revocation`.
        if is_denied(certificate, &world.denied) {
            fail(node, "denied");
        }
        // §6.1.3 (a)(4).
        if working_issuer.is_some_and(|issuer| !certificate.issuer.is_surely(&issuer.subject)) {
            fail(node, "unknown-issuer");
        }
        // §6.1.3 (b), (c).
        if !self_issued || is_last {
            let is_met = |subtrees| name_constraints::are_met(certificate, subtrees);
            if !subtrees.iter().copied().all(is_met) {
                fail(node, "name-constraint");
            }
            if !is_anchor && !is_met(initial) {
                fail(node, "out-of-scope");
            }
        }
        // §6.1.3 (d), (e), (f) and §6.1.4 (a), (b), (h), (i), (j): see below.

        if !is_last {
            // §6.1.4 (c), (d), (e), (f).
            working_issuer = Some(certificate);
            // §6.1.4 (g).
            subtrees.extend(&certificate.name_constraints);
            // §6.1.4 (k); docs/DESIGN.md, decision 1: versions 1 and 2.
            let is_ca = match certificate.version {
                3 => certificate.basic_constraints.is_some_and(|(ca, _)| ca),
                _ => is_anchor,
            };
            if !is_ca {
                fail(node, "not-a-ca");
            }
            // §6.1.4 (l): of intermediates.
            if !self_issued && !is_anchor {
                for (set_by, remaining) in &mut max_path_length {
                    match (*remaining, *set_by) {
                        (0, Some(ca)) => fail(ca, "path-length"),
                        (0, None) => fail(path[0], "max-path-length"),
                        _ => *remaining -= 1,
                    }
                }
            }
            // §6.1.4 (m).
            if let Some((_, Some(length))) = certificate.basic_constraints {
                max_path_length.push((Some(node), length));
            }
            // §6.1.4 (n).
            if lacks(certificate, KEY_CERT_SIGN) {
                fail(node, "key-usage");
            }
        } else if role == Role::CrlSigner {
            // §6.3.3 (f), §4.2.1.3: what is no CA was made to sign CRLs only if it says so.
            let is_ca = match certificate.version {
                3 => certificate.basic_constraints.is_some_and(|(ca, _)| ca),
                _ => is_anchor,
            };
            if lacks(certificate, CRL_SIGN) || (certificate.key_usage.is_none() && !is_ca) {
                fail(node, "key-usage");
            }
        } else {
            // §4.2.1.3, src/policy `ClientKeyUsage`.
            if policy.check_key_usage && lacks(certificate, DIGITAL_SIGNATURE) {
                fail(node, "key-usage");
            }
            // `ClientCa`: cA=TRUE, or an anchor of version 1 or 2, which is one by what was signed.
            // A pin excepts the certificate where it holds by itself, and not on its path.
            let is_old_anchor = certificate.version < 3
                && world.nodes.iter().any(|other| {
                    other.origin == Origin::Anchor && other.certificate.tbs == certificate.tbs
                });
            let is_ca = certificate.basic_constraints.is_some_and(|(ca, _)| ca) || is_old_anchor;
            if is_ca && !policy.accept_client_ca && !is_pinned_alone {
                fail(node, "ca-as-client");
            }
        }
        // §4.2.1.12: of the client and of every CA above it. A purpose that one of them lacks does
        // not hold for the path.
        if let (Some(purposes), Role::Client) = (&mut purposes, role) {
            match &certificate.ext_key_usage {
                None if is_last && policy.key_purpose_required => fail(node, "no-purpose"),
                None => {}
                Some(ids) if ids.iter().any(|id| id == ANY_PURPOSE) => {}
                Some(ids) => {
                    let none_asked = |asked: &&Oid| !ids.contains(asked);
                    if policy
                        .key_purposes
                        .iter()
                        .flatten()
                        .all(|asked| none_asked(&asked))
                    {
                        fail(node, "purpose");
                    }
                    let before = purposes.len();
                    purposes.retain(|asked| ids.contains(asked));
                    if before > 0 && purposes.is_empty() {
                        fail(node, "purpose");
                    }
                }
            }
        }
        // §6.1.4 (o), §6.1.5 (f); cRLDistributionPoints are processed where they are looked at.
        let is_processed = |oid: &Oid| match oid.as_slice() {
            DISTRIBUTION_POINTS => is_checked,
            [0x55, 0x1D, arc] if PROCESSED.contains(arc) => true,
            _ => role == Role::Client && is_the_applications(policy, from_client, oid),
        };
        let critical = certificate
            .extensions
            .iter()
            .filter(|extension| extension.critical);
        let unhandled = |mut critical: Vec<&Oid>| critical.drain(..).any(|oid| !is_processed(oid));
        let critical: Vec<&Oid> = critical.map(|extension| &extension.oid).collect();
        let has_critical_points = critical.iter().any(|oid| *oid == DISTRIBUTION_POINTS);
        if unhandled(critical) || certificate.unknown_critical_qualifier {
            fail(node, "unhandled-extension");
        }
        if certificate.distribution_points.is_err() && (is_checked || has_critical_points) {
            fail(node, "malformed");
        }
    }

    // Certificate policies are asked of the client's path, and not of those of CRL issuers.
    let mut user_constrained = BTreeSet::new();
    if role == Role::Client {
        let from_anchor: Vec<&Certificate> = path
            .iter()
            .rev()
            .map(|node| certificate_of(*node))
            .collect();
        let outcome = policies::process(&from_anchor, path.len() > 1, policy);
        for (index, rule) in outcome.failures {
            fail(path[path.len() - 1 - index], rule);
        }
        user_constrained = outcome.user_constrained;
    }
    Validated {
        failures,
        policies: user_constrained,
    }
}

/// Whether a certificate of a path is its trust anchor: the last one, but for a pinned client.
fn is_trust_anchor(world: &World, path: &[usize], from_client: usize) -> bool {
    let is_end = from_client + 1 == path.len();
    is_end
        && path
            .get(from_client)
            .is_some_and(|node| world.nodes[*node].origin == Origin::Anchor)
}

/// Whether it is checked for revocation, so that its cRLDistributionPoints are processed
/// (docs/PROFILES.md, U1). On the path of a CRL signer no CRL may name a certificate, whatever is
/// checked of the client's path.
#[must_use]
pub fn is_checked(world: &World, path: &[usize], from_client: usize, role: Role) -> bool {
    let has_anchor = path.len() > 1 || role == Role::CrlSigner;
    let is_below_anchor = has_anchor && from_client + 1 < path.len();
    match world.policy.revocation {
        Scope::Off => false,
        Scope::Auto => is_below_anchor && !world.crls.is_empty(),
        Scope::ClientOnly => is_below_anchor && (from_client == 0 || role == Role::CrlSigner),
        Scope::WholePath => is_below_anchor,
    }
}

/// The last second at which a certificate of a path is accepted under the expiry policy of its role
/// (docs: `ExpiryPolicy`); none: nothing ends it, or nobody can count so far.
#[must_use]
pub fn valid_until(world: &World, path: &[usize], from_client: usize, role: Role) -> Option<Time> {
    let policy = &world.policy;
    let expired = match (is_trust_anchor(world, path, from_client), role) {
        (true, _) => policy.anchor_expiry,
        (false, Role::Client) if from_client == 0 => policy.client_expiry,
        (false, _) => policy.issuer_expiry,
    };
    let grace = match expired {
        Expired::Reject => 0,
        Expired::AcceptFor(seconds) => seconds,
        Expired::Accept => return None,
    };
    let not_after = world.nodes[*path.get(from_client)?].certificate.not_after;
    let with_skew = not_after.checked_add_unsigned(policy.clock_skew)?;
    with_skew.checked_add_unsigned(grace)
}

/// Whether the application processes a critical extension of a certificate of the client's path.
fn is_the_applications(policy: &Policy, from_client: usize, oid: &Oid) -> bool {
    let on_client = from_client == 0 && policy.processed_on_client.contains(oid);
    on_client || policy.processed_on_path.contains(oid)
}

/// The critical extensions of a client's path that the application has to process.
#[must_use]
pub fn to_process(world: &World, path: &[usize]) -> Vec<(usize, Oid, Vec<u8>)> {
    let mut found = Vec::new();
    for (from_client, &node) in path.iter().enumerate() {
        for extension in &world.nodes[node].certificate.extensions {
            let oid = &extension.oid;
            if extension.critical && is_the_applications(&world.policy, from_client, oid) {
                found.push((from_client, oid.clone(), extension.value.clone()));
            }
        }
    }
    found
}

/// Whether the key of the issuer made the signature of the certificate.
#[must_use]
pub fn signed_by(policy: &Policy, certificate: &Certificate, issuer: &Certificate) -> Outcome {
    let algorithm = &certificate.signature_algorithm;
    signatures::verify(
        policy.algorithms,
        algorithm,
        &issuer.spki,
        &certificate.tbs,
        &certificate.signature,
    )
}

/// Whether there is a keyUsage without the bit.
fn lacks(certificate: &Certificate, bit: u16) -> bool {
    certificate.key_usage.is_some_and(|usage| usage & bit == 0)
}
