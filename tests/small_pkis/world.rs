//! Worlds: the CAs of one or a few organisations, and every certificate and CRL that they ever
//! issued. Many PKIs are selections of one world, because a signature costs more than all else.

use crate::certificate::{
    Certificate, Constraints, Covers, Entity, IssuedCrl, KEYS, KeyId, NAMES, Policies, Role,
    Validity,
};
use crate::random::Random;

const POLICIES: [&str; 3] = ["1.2.3.1", "1.2.3.2", "1.2.3.3"];
const ANY_POLICY: &str = "2.5.29.32.0";

/// Nobody in a world has this name or signs for it.
const STRANGER: Entity = Entity { name: 5, key: 14 };
const NOBODY: Entity = Entity { name: 6, key: 15 };

/// The key of every client.
const OF_CLIENT: Entity = Entity {
    name: NAMES.len(),
    key: KEYS,
};

/// How the certificates of a world relate to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// CAs that organisations deploy: hierarchies, re-keyed, renewed and cross-certified.
    Deployed,
    /// One to three names with many keys, each certified by any other: as hard to search as a small
    /// PKI can be.
    Mesh,
}

pub(crate) struct World {
    pub(crate) cas: Vec<Made>,
    pub(crate) clients: Vec<Made>,
    pub(crate) strangers: Vec<Made>,
    pub(crate) crls: Vec<(IssuedCrl, Vec<u8>)>,
}

/// A certificate and its DER.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) model: Certificate,
    pub(crate) der: Vec<u8>,
}

struct Ca {
    name: usize,
    /// From the first to the newest.
    keys: Vec<usize>,
    /// The index of the CA above, unless this is a root.
    above: Option<usize>,
}

impl Ca {
    fn entity(&self, random: &mut Random) -> Entity {
        // The newest mostly.
        let key = match random.percent(50) {
            true => self.keys[self.keys.len() - 1],
            false => random.pick(&self.keys),
        };
        let name = self.name;
        Entity { name, key }
    }
}

/// How much of what is rare there is in a world, in percent.
struct Habits {
    /// The key identifiers that certificates have.
    key_ids: &'static [KeyId],
    faults: usize,
    path_lengths: usize,
    constraints: usize,
    policies: usize,
}

struct Generator {
    random: Random,
    habits: Habits,
    next_serial: u8,
    certificates: Vec<Certificate>,
}

impl World {
    pub(crate) fn new(seed: u64, shape: Shape) -> Self {
        let mut random = Random::new(seed, 1);
        let habits = Habits::choose(shape, &mut random);
        let mut generator = Generator {
            random,
            habits,
            next_serial: 0,
            certificates: Vec::new(),
        };
        let entities = match shape {
            Shape::Deployed => generator.deploy(),
            Shape::Mesh => generator.mesh(),
        };
        let cas = std::mem::take(&mut generator.certificates);
        for _ in 0..6 {
            generator.client(&entities);
        }
        let clients = std::mem::take(&mut generator.certificates);
        generator.ca(STRANGER, STRANGER);
        generator.ca(STRANGER, NOBODY);
        // A stranger's by name only.
        let name = generator.random.pick(&entities).name;
        generator.ca(Entity { name, ..STRANGER }, NOBODY);
        let strangers = std::mem::take(&mut generator.certificates);
        let crls = generator.crls(&entities, [&cas, &clients]);
        Self {
            cas: make(cas),
            clients: make(clients),
            strangers: make(strangers),
            crls: crls
                .into_iter()
                .map(|crl| (crl.clone(), crl.der()))
                .collect(),
        }
    }
}

fn make(certificates: Vec<Certificate>) -> Vec<Made> {
    let all = certificates.into_iter().map(|model| Made {
        der: model.der(),
        model,
    });
    all.collect()
}

impl Habits {
    fn choose(shape: Shape, random: &mut Random) -> Self {
        use KeyId::{Absent, Right, Wrong};
        let mixed: &[KeyId] = &[
            Right, Right, Right, Right, Right, Right, Absent, Absent, Wrong,
        ];
        let key_ids: &[&[KeyId]] = match shape {
            Shape::Deployed => &[&[Right], &[Right], &[Right], mixed, mixed, &[Absent]],
            Shape::Mesh => &[&[Absent], &[Absent], mixed, &[Right]],
        };
        Self {
            key_ids: random.pick(key_ids),
            faults: random.pick(&[0, 3, 10]),
            path_lengths: random.pick(&[0, 15, 40]),
            constraints: random.pick(&[0, 0, 20]),
            policies: random.pick(&[0, 60, 90]),
        }
    }
}

impl Generator {
    fn deploy(&mut self) -> Vec<Entity> {
        let cas = self.hierarchy();
        for ca in &cas {
            for (generation, key) in ca.keys.iter().enumerate() {
                let own = Entity {
                    name: ca.name,
                    key: *key,
                };
                let issuer = match ca.above {
                    None => own,
                    Some(above) => cas[above].entity(&mut self.random),
                };
                self.ca(own, issuer);
                if generation == 0 {
                    continue;
                }
                let before = Entity {
                    key: ca.keys[generation - 1],
                    ..own
                };
                // New with old, and old with new (RFC 4210 §4.4).
                if self.random.percent(60) {
                    self.ca(own, before);
                }
                if self.random.percent(40) {
                    self.ca(before, own);
                }
            }
        }
        for (at, one) in cas.iter().enumerate() {
            for other in &cas[..at] {
                if self.random.percent(35) {
                    let (one, other) =
                        (one.entity(&mut self.random), other.entity(&mut self.random));
                    self.ca(one, other);
                    if self.random.percent(60) {
                        self.ca(other, one);
                    }
                }
            }
        }
        self.renew_and_forge();
        let entities = cas.iter().flat_map(|ca| {
            let name = ca.name;
            ca.keys.iter().map(move |key| Entity { name, key: *key })
        });
        entities.collect()
    }

    fn hierarchy(&mut self) -> Vec<Ca> {
        let random = &mut self.random;
        let count = 2 + random.below(4);
        let mut next_key = 0;
        let mut cas: Vec<Ca> = Vec::new();
        for number in 0..count {
            let generations = random.pick(&[1, 1, 2, 2, 3]).min(14 - next_key);
            let name = match number > 0 && random.percent(15) {
                // Unrelated CAs of one name.
                true => random.below(number),
                false => number,
            };
            let is_root = number == 0 || random.percent(20);
            cas.push(Ca {
                name,
                keys: (next_key..next_key + generations.max(1)).collect(),
                above: (!is_root).then(|| match random.percent(60) {
                    true => number - 1,
                    false => random.below(number),
                }),
            });
            next_key += generations;
        }
        cas
    }

    fn mesh(&mut self) -> Vec<Entity> {
        let random = &mut self.random;
        let (names, keys) = (1 + random.below(3), 2 + random.below(10));
        let entities: Vec<_> = (0..keys)
            .map(|key| Entity {
                name: key % names,
                key,
            })
            .collect();
        for entity in &entities {
            self.ca(*entity, *entity);
        }
        for _ in 0..24 {
            let (one, other) = (self.random.pick(&entities), self.random.pick(&entities));
            self.ca(one, other);
        }
        self.renew_and_forge();
        entities
    }

    fn renew_and_forge(&mut self) {
        for at in 0..self.certificates.len() {
            if self.random.percent(20) {
                let mut again = self.certificates[at].clone();
                again.serial = self.serial();
                again.validity = match again.validity {
                    Validity::Usual => self.random.pick(&[Validity::Renewed, Validity::Expired]),
                    _ => Validity::Usual,
                };
                self.certificates.push(again);
            }
            if self.random.percent(6) {
                let mut forged = self.certificates[at].clone();
                forged.serial = self.serial();
                forged.is_forged = true;
                self.certificates.push(forged);
            }
        }
    }

    fn ca(&mut self, subject: Entity, issuer: Entity) {
        let path_len = match self.random.percent(self.habits.path_lengths) {
            true => Some(self.random.below(3) as u64),
            false => None,
        };
        let mut certificate = self.certificate(subject, issuer, Role::Ca { path_len });
        if self.random.percent(self.habits.constraints) {
            certificate.constraints = Some(self.random.pick(&[
                Constraints::Permit("example"),
                Constraints::Permit("client.example"),
                Constraints::Permit("other"),
                Constraints::Exclude("other"),
                Constraints::Exclude("client.example"),
            ]));
        }
        self.certificates.push(certificate);
    }

    fn client(&mut self, entities: &[Entity]) {
        let issuer = match self.random.percent(60) {
            true => entities[entities.len() - 1],
            false => self.random.pick(entities),
        };
        let mut client = self.certificate(OF_CLIENT, issuer, Role::Client);
        client.is_forged = self.random.percent(self.habits.faults);
        self.certificates.push(client);
    }

    fn certificate(&mut self, subject: Entity, issuer: Entity, role: Role) -> Certificate {
        let (subject_key_id, mut authority_key_id) = (self.key_id(), self.key_id());
        if subject == issuer && self.random.percent(50) {
            authority_key_id = KeyId::Absent;
        }
        Certificate {
            serial: self.serial(),
            subject,
            issuer,
            is_forged: false,
            role,
            validity: match self.random.percent(self.habits.faults) {
                true => Validity::Expired,
                false => Validity::Usual,
            },
            subject_key_id,
            authority_key_id,
            constraints: None,
            policies: self.policies(role),
        }
    }

    fn policies(&mut self, role: Role) -> Policies {
        let random = &mut self.random;
        let mut policies = Policies::default();
        if !random.percent(self.habits.policies) {
            return policies;
        }
        let mut listed = POLICIES.to_vec();
        random.shuffle(&mut listed);
        listed.truncate(1 + random.below(3));
        policies.listed = match random.percent(25) && role != Role::Client {
            true => vec![ANY_POLICY],
            false => listed,
        };
        if role != Role::Client {
            for _ in 0..random.pick(&[0, 0, 0, 1, 2]) {
                let mapping = (random.pick(&POLICIES), random.pick(&POLICIES));
                policies.mappings.push(mapping);
            }
            if random.percent(10) {
                policies.require_explicit = Some(random.below(3) as u8);
            }
            if random.percent(10) {
                policies.inhibit_any = Some(random.below(3) as u64);
            }
        }
        policies
    }

    fn key_id(&mut self) -> KeyId {
        self.random.pick(self.habits.key_ids)
    }

    fn serial(&mut self) -> [u8; 2] {
        self.next_serial += 1;
        // The first octet puts certificates in an order of its own: the search goes by their bytes.
        [1 + self.random.below(0x7e) as u8, self.next_serial]
    }

    fn crls(&mut self, entities: &[Entity], issued: [&[Certificate]; 2]) -> Vec<IssuedCrl> {
        let random = &mut self.random;
        let all: Vec<_> = issued.into_iter().flatten().collect();
        let mut crls = Vec::new();
        for issuer in entities {
            while crls.len() < 8 && random.percent(55) {
                let own = |certificate: &&Certificate| certificate.issuer == *issuer;
                let revoked = match random.percent(25) {
                    true => random.pick_where(&all, own).map(|revoked| revoked.serial),
                    false => None,
                };
                crls.push(IssuedCrl {
                    issuer: *issuer,
                    number: 1 + random.below(3) as u64,
                    is_stale: random.percent(10),
                    covers: random.pick(&[Covers::All, Covers::All, Covers::Users, Covers::Cas]),
                    revoked: revoked.into_iter().collect(),
                });
            }
        }
        crls
    }
}
