//! Draws the CRLs of a world.

use std::collections::BTreeSet;

use testpki::Reason;

use crate::certificate::{Certificate, Entity, INDIRECT, Reasons, Role, STRANGERS_KEY};
use crate::crl::{CrlScope, Entry, Only, WorldCrl};
use crate::random::Random;

/// How much of what is rare there is in a world, in percent.
struct Habits {
    entries: usize,
    odd_ages: usize,
    odd_numbers: usize,
    scopes: usize,
    deltas: usize,
    faults: usize,
    histories: usize,
}

impl Habits {
    fn choose(random: &mut Random) -> Self {
        Self {
            entries: random.pick(&[0, 0, 5, 10, 20]),
            odd_ages: random.pick(&[0, 10, 45]),
            odd_numbers: random.pick(&[0, 0, 30]),
            scopes: random.pick(&[0, 0, 0, 30, 60]),
            deltas: random.pick(&[0, 0, 35]),
            faults: random.pick(&[0, 0, 0, 12]),
            histories: random.pick(&[0, 10, 50]),
        }
    }
}

struct CrlGenerator<'a> {
    random: &'a mut Random,
    features: &'a mut BTreeSet<&'static str>,
    habits: Habits,
    certificates: Vec<&'a Certificate>,
    crls: Vec<WorldCrl>,
}

/// The CRLs of all who have these certificates.
pub(crate) fn draw<'a>(
    certificates: Vec<&'a Certificate>,
    random: &'a mut Random,
    features: &'a mut BTreeSet<&'static str>,
) -> Vec<WorldCrl> {
    let mut entities: Vec<Entity> = Vec::new();
    for certificate in &certificates {
        if certificate.role != Role::Client && !entities.contains(&certificate.subject) {
            entities.push(certificate.subject);
        }
    }
    let habits = Habits::choose(random);
    let mut generator = CrlGenerator {
        random,
        features,
        habits,
        certificates,
        crls: Vec::new(),
    };
    for entity in entities {
        generator.crls_of(entity);
    }
    generator.signers_that_revoke_each_other();
    generator.forged_and_doubled();
    let mut crls = generator.crls;
    random.shuffle(&mut crls);
    crls
}

impl CrlGenerator<'_> {
    fn has(&mut self, feature: &'static str) {
        self.features.insert(feature);
    }

    fn crls_of(&mut self, issuer: Entity) {
        let is_issuer = self.certificates.iter().any(|one| one.issuer == issuer);
        let share = if is_issuer { 80 } else { 70 };
        if !self.random.percent(share) {
            return;
        }
        let crl = self.crl(issuer);
        self.crls.push(crl);
        for _ in 0..3 {
            if self.random.percent(self.habits.histories) {
                let crl = self.crl(issuer);
                self.crls.push(crl);
            }
        }
    }

    fn crl(&mut self, issuer: Entity) -> WorldCrl {
        let (this_update, next_update) = self.age();
        let mut crl = WorldCrl {
            this_update,
            next_update,
            number: self.number(this_update),
            scope: self.scope(issuer),
            ..WorldCrl::fresh(issuer)
        };
        if self.random.percent(self.habits.deltas) {
            self.make_delta(&mut crl);
        }
        if self.random.percent(8) {
            self.has("expiredCertsOnCRL");
            crl.expired_certs_on = Some(self.random.pick(&[-300, -20]));
        }
        if self.random.percent(self.habits.faults) {
            self.has("CRL of wrong form");
            crl.is_conforming = false;
        }
        crl.entries = self.entries(&crl);
        if self.random.percent(self.habits.faults) {
            self.has("forged CRL");
            crl.is_forged = true;
        }
        crl
    }

    fn age(&mut self) -> (i64, Option<i64>) {
        if !self.random.percent(self.habits.odd_ages) {
            return self
                .random
                .pick(&[(-10, Some(20)), (-9, Some(21)), (-60, Some(9))]);
        }
        let (name, this_update, next_update) = self.random.pick(&[
            ("fresh CRL of some age", -25, Some(5)),
            ("stale CRL", -100, Some(-70)),
            ("stale CRL", -40, Some(-8)),
            ("CRL of the future", 5, Some(35)),
            ("CRL without nextUpdate", -10, None),
        ]);
        self.has(name);
        (this_update, next_update)
    }

    fn number(&mut self, this_update: i64) -> Option<u64> {
        let agreeing = Some(1000_u64.saturating_add_signed(this_update));
        if !self.random.percent(self.habits.odd_numbers) {
            return agreeing;
        }
        self.has("number that contradicts thisUpdate");
        self.random
            .pick(&[None, Some(1), Some(980), Some(2000), agreeing])
    }

    fn scope(&mut self, issuer: Entity) -> Option<CrlScope> {
        let everything = CrlScope {
            uri: None,
            only: Only::Nothing,
            reasons: Reasons::All,
            is_indirect: false,
        };
        if issuer.name == INDIRECT {
            let is_indirect = true;
            return self.random.percent(90).then_some(CrlScope {
                is_indirect,
                ..everything
            });
        }
        if !self.random.percent(self.habits.scopes) {
            return None;
        }
        self.has("issuingDistributionPoint");
        let uri = Some(self.random.below(2));
        Some(match self.random.below(8) {
            0 | 1 => CrlScope { uri, ..everything },
            2 => CrlScope {
                only: Only::Users,
                ..everything
            },
            3 => CrlScope {
                only: Only::Cas,
                ..everything
            },
            4 => CrlScope {
                is_indirect: true,
                ..everything
            },
            kind => {
                self.has("onlySomeReasons");
                CrlScope {
                    uri: uri.filter(|_| kind == 5),
                    reasons: self.random.pick(&[Reasons::Compromises, Reasons::Others]),
                    ..everything
                }
            }
        })
    }

    /// A delta, most often on a CRL that is there.
    fn make_delta(&mut self, delta: &mut WorldCrl) {
        self.has("delta");
        let continues = |crl: &WorldCrl| crl.issuer == delta.issuer && !crl.is_delta();
        let base = self.random.pick_where(&self.crls, continues).cloned();
        let base = base.filter(|_| self.random.percent(80));
        delta.base = Some(base.as_ref().and_then(|base| base.number).unwrap_or(940));
        if let Some(base) = base {
            delta.scope = base.scope;
            if self.random.percent(80) {
                delta.this_update = delta.this_update.max(base.this_update + 1);
            }
            if self.random.percent(80) {
                delta.number = base.number.map(|number| number + 1);
            }
        }
    }

    fn entries(&mut self, crl: &WorldCrl) -> Vec<Entry> {
        let mut entries = Vec::new();
        if self.random.percent(30) {
            entries.push(Entry {
                serial: [0x7f, self.random.below(200) as u8],
                issuer: crl.issuer.name,
                reason: None,
            });
        }
        let is_indirect = crl.is_indirect();
        for certificate in self.certificates.clone() {
            let is_own = certificate.issuer.name == crl.issuer.name;
            let is_anchors = certificate.issuer == certificate.subject;
            if is_anchors || !(is_own || is_indirect) {
                continue;
            }
            let entry = |reason| Entry {
                serial: certificate.serial,
                issuer: certificate.issuer.name,
                reason,
            };
            let is_listed = self.crls.iter().any(|other| {
                let mut entries = other.entries.iter();
                other.issuer == crl.issuer && entries.any(|entry| entry.is_of(certificate))
            });
            if crl.is_delta() && is_listed && self.random.percent(70) {
                self.has("removeFromCRL");
                entries.push(entry(Some(Reason::RemoveFromCrl)));
            } else if self.random.percent(self.habits.entries) {
                self.has(match certificate.role {
                    Role::Client => "entry of the client",
                    Role::Ca => "entry of a CA",
                    Role::Signer => "entry of a signer",
                });
                let reason = self.random.pick(&[
                    None,
                    Some(Reason::KeyCompromise),
                    Some(Reason::Superseded),
                    Some(Reason::CertificateHold),
                    Some(Reason::CertificateHold),
                ]);
                if reason == Some(Reason::CertificateHold) {
                    self.has("certificateHold");
                }
                entries.push(entry(reason));
            }
        }
        entries
    }

    /// Two signers of one CA: the CRL of each has the other, and one of them a client.
    fn signers_that_revoke_each_other(&mut self) {
        let is_of_own_name = |one: &&Certificate| one.subject.name == one.issuer.name;
        let is_signer = |one: &&Certificate| one.role == Role::Signer && is_of_own_name(one);
        let all = self.certificates.iter().copied();
        let signers: Vec<_> = all.filter(is_signer).collect();
        let [one, other, ..] = signers[..] else {
            return;
        };
        if !self.random.percent(60) {
            return;
        }
        self.has("signers that revoke each other");
        let is_clients = |client: &&Certificate| client.role == Role::Client;
        let client = self
            .random
            .pick_where(&self.certificates, is_clients)
            .copied();
        let both = [(one, Some(other)), (other, Some(one)), (one, client)];
        for (signer, revoked) in both {
            let revoked = revoked.into_iter().map(|revoked| Entry {
                serial: revoked.serial,
                issuer: revoked.issuer.name,
                reason: Some(Reason::KeyCompromise),
            });
            let mut crl = WorldCrl::fresh(signer.subject);
            crl.entries.extend(revoked);
            self.crls.push(crl);
        }
    }

    fn forged_and_doubled(&mut self) {
        if self.crls.is_empty() {
            return;
        }
        if self.random.percent(10) {
            self.has("CRL twice");
            let twice = self.random.pick(&self.crls);
            self.crls.push(twice);
        }
        if self.random.percent(self.habits.faults) {
            self.has("stranger's CRL");
            let mut strangers = self.random.pick(&self.crls);
            strangers.issuer.key = STRANGERS_KEY;
            self.crls.push(strangers);
        }
    }
}
