//! CRLs that have nothing to say about anybody in a world.

use testpki::Reason;

use crate::certificate::{Certificate, Entity, Reasons, Role, STRANGER, STRANGERS_KEY};
use crate::crl::{CrlScope, Entry, Only, WorldCrl};
use crate::random::Random;
use crate::world::Pki;

/// The number of a URI that no certificate has.
const NOBODYS_URI: usize = 9;

pub(crate) fn draw(pki: &Pki, random: &mut Random) -> Vec<WorldCrl> {
    (0..1 + random.below(3))
        .map(|_| match random.below(4) {
            0 => of_stranger(pki, random),
            1 => out_of_scope(pki, random),
            _ => about_nobody(pki, random).unwrap_or_else(|| of_stranger(pki, random)),
        })
        .collect()
}

/// Of whatever age and form.
fn any_of(issuer: Entity, random: &mut Random) -> WorldCrl {
    let (this_update, next_update) = random.pick(&[
        (-2, Some(28)),
        (-100, Some(-70)),
        (5, Some(35)),
        (-10, None),
    ]);
    WorldCrl {
        is_forged: random.percent(20),
        this_update,
        next_update,
        number: random.pick(&[None, Some(1), Some(3000)]),
        base: random.pick(&[None, None, Some(1)]),
        is_conforming: random.percent(80),
        ..WorldCrl::fresh(issuer)
    }
}

/// By a name that no certificate speaks of. It names everybody.
fn of_stranger(pki: &Pki, random: &mut Random) -> WorldCrl {
    let issuer = Entity {
        name: STRANGER,
        key: STRANGERS_KEY,
    };
    let mut crl = any_of(issuer, random);
    let is_indirect = random.percent(60);
    crl.scope = is_indirect.then_some(CrlScope {
        uri: None,
        only: Only::Nothing,
        reasons: Reasons::All,
        is_indirect,
    });
    for certificate in pki.certificates() {
        crl.entries.push(Entry {
            serial: certificate.serial,
            issuer: match is_indirect {
                true => certificate.issuer.name,
                false => STRANGER,
            },
            reason: Some(Reason::KeyCompromise),
        });
    }
    crl
}

/// By a CA of the world or in its name, and about other kinds of certificates or another
/// distribution point. It names everybody.
fn out_of_scope(pki: &Pki, random: &mut Random) -> WorldCrl {
    let certificates: Vec<_> = pki.certificates().collect();
    let mut issuer = random.pick(&certificates).issuer;
    if random.percent(30) {
        issuer.key = STRANGERS_KEY;
    }
    let mut crl = any_of(issuer, random);
    crl.scope = Some(CrlScope {
        uri: Some(NOBODYS_URI),
        only: random.pick(&[Only::Nothing, Only::Attributes, Only::Users]),
        reasons: random.pick(&[Reasons::All, Reasons::Compromises]),
        is_indirect: false,
    });
    let own = certificates
        .iter()
        .filter(|certificate| certificate.issuer.name == issuer.name);
    crl.entries.extend(own.map(|certificate| Entry {
        serial: certificate.serial,
        issuer: issuer.name,
        reason: None,
    }));
    crl
}

/// By a key that issued no client that has expired, fresh, complete and in good form. It
/// revokes certificates that nobody here has.
fn about_nobody(pki: &Pki, random: &mut Random) -> Option<WorldCrl> {
    let certificates: Vec<_> = pki.certificates().collect();
    // One that supersedes another changes what that said of others.
    let names_somebody = |issuer: Entity| {
        let entries = pki.crls.iter().filter(|crl| crl.issuer == issuer);
        let mut entries = entries.flat_map(|crl| &crl.entries);
        entries.any(|entry| {
            certificates
                .iter()
                .any(|certificate| entry.is_of(certificate))
        })
    };
    // Of a CA whose keyUsage lacks cRLSign, a CRL vouches for nobody, and keeps others from it.
    let may_sign = |issuer: Entity| {
        let mut of_issuer = certificates.iter().filter(|one| one.subject == issuer);
        of_issuer.all(|certificate| certificate.signs_crls)
    };
    let fits = |certificate: &&Certificate| {
        let issuer = certificate.subject;
        let is_pruned = |client: &&Certificate| {
            client.role == Role::Client && client.issuer == issuer && client.not_after < 0
        };
        certificate.role != Role::Client
            && may_sign(issuer)
            && !names_somebody(issuer)
            && !certificates.iter().any(is_pruned)
    };
    let issuer = random.pick_where(&certificates, fits)?.subject;
    let mut crl = WorldCrl::fresh(issuer);
    crl.entries.push(Entry {
        serial: [0x7f, 0xff],
        issuer: issuer.name,
        reason: None,
    });
    // The same again, of former times: superseded for certain by the fresh one that is there.
    let has_newer = pki.crls.iter().any(|newer| {
        let is_same_kind = newer.scope.is_none() && !newer.is_delta() && !newer.is_forged;
        is_same_kind
            && newer.issuer == issuer
            && newer.is_fresh()
            && newer.is_conforming
            && newer.number.is_some_and(|number| number > 1)
            && newer.this_update > -600
    });
    if has_newer && random.percent(60) {
        crl.this_update = -600 - random.below(20) as i64;
        crl.next_update = Some(-570);
        crl.number = Some(1);
    }
    Some(crl)
}
