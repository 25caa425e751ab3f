//! CRLs of other places of a store (docs: `Scope`). They vouch for nobody here. One that was made
//! by the very key that signed a certificate revokes it in every scope, unless revocation is off
//! there, or a newer CRL by that key in any place takes its place.

use super::*;

/// The certificates of the path that CRLs of other places revoke, and until when deltas lift what
/// such CRLs have on hold.
///
/// They are judged as if all CRLs by that key stood here (R1, R4 to R8).
#[must_use]
pub fn revoked_elsewhere(world: &World, path: &[usize]) -> (Vec<Failure>, Option<Time>) {
    let below_anchor = path.len().saturating_sub(1);
    let checked = match world.policy.revocation {
        Scope::Off => 0,
        Scope::ClientOnly => below_anchor.min(1),
        // Whether there are CRLs here decides about CRLs here alone.
        Scope::Auto | Scope::WholePath => below_anchor,
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
        together.policy.revocation = Scope::WholePath;
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
            // Nobody can tell what its distribution points are: no CRL is known to be about it.
            Err(_) => {}
        }
    }
    (failures, (until != NEVER).then_some(until))
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
