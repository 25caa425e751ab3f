//! CRLs of other places of a store (docs: `Scope`). They vouch for nobody here. One that was made
//! by the very key that signed a certificate revokes it in every scope, unless revocation is off
//! there, or a newer CRL by that key in any place takes its place.

use super::*;

/// The certificates of the path that CRLs of other places revoke, and until when deltas lift what
/// such CRLs have on hold.
///
/// They are judged as if all CRLs by that key stood here (R1, R4 to R8).
#[must_use]
pub fn revoked_elsewhere(
    world: &World,
    path: &[usize],
    role: Role,
) -> (Vec<Failure>, Option<Time>) {
    let below_anchor = path.len().saturating_sub(1);
    let checked = match world.policy.revocation {
        Scope::Off => 0,
        Scope::ClientOnly if role == Role::Client => below_anchor.min(1),
        // Whether there are CRLs here decides about CRLs here alone. On the path of a CRL signer no
        // CRL may name a certificate.
        Scope::ClientOnly | Scope::Auto | Scope::WholePath => below_anchor,
    };
    let mut failures = Vec::new();
    let mut until = NEVER;
    for position in 0..checked {
        let is_by_key = |crl: &&Crl| is_by_issuer_of(world, path, position, crl);
        let mut crls: Vec<Crl> = world.crls.iter().filter(is_by_key).cloned().collect();
        let here = crls.len();
        crls.extend(world.place.other_crls.iter().filter(is_by_key).cloned());
        if crls.len() == here {
            continue;
        }
        let mut together = World {
            crls,
            ..world.clone()
        };
        together.place.other_crls.clear();
        together.policy.revocation = Scope::WholePath;
        follow_what_leads_somewhere(&mut together.nodes[path[position]].certificate);
        let asked = Asked {
            path,
            position,
            judged: &[],
        };
        match Inquiry::new(&together).not_named(asked) {
            Ok(end) => until = until.min(end),
            Err(rules) if rules.contains("revoked") => failures.push(Failure {
                node: Some(path[position]),
                rule: "revoked",
            }),
            Err(rules) => unreachable!("a CRL by the issuer itself: {rules:?}"),
        }
    }
    (failures, (until != NEVER).then_some(until))
}

/// Distribution points that nobody can follow hide no entry: the others count, and the one that is
/// implied. Where the certificate is checked here they refuse it all the same.
fn follow_what_leads_somewhere(certificate: &mut Certificate) {
    match &mut certificate.distribution_points {
        Ok(points) => {
            let leads =
                |point: &DistributionPoint| point.name.is_some() || !point.crl_issuer.is_empty();
            points.iter_mut().for_each(|points| points.retain(leads));
        }
        malformed => *malformed = Ok(None),
    }
}

fn is_by_issuer_of(world: &World, path: &[usize], position: usize, crl: &Crl) -> bool {
    let issuer = &world.nodes[path[position + 1]].certificate;
    let made = verify(
        world.policy.algorithms,
        &crl.signature_algorithm,
        &issuer.spki,
        &crl.tbs,
        &crl.signature,
    );
    made == Outcome::Holds
}
