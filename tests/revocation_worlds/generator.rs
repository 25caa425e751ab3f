//! Draws the certificates of a world: anchors, a CA with its keys, signers of CRLs, a client, and
//! what an attacker made.

use std::collections::BTreeSet;

use crate::asked::Asked;
use crate::certificate::{
    CLIENT, CLIENTS_KEY, Certificate, Entity, INDIRECT, ISSUING, Made, OTHER_ROOT, Point, ROOT,
    Reasons, Role, STRANGER, STRANGERS_KEY, SUB,
};
use crate::crl_generator;
use crate::random::Random;
use crate::world::{Client, Other, Pki, Place};

/// The notAfter of expired certificates. CRLs of today are later; some of the generator's are not.
const EXPIRED: i64 = -50;

struct Generator {
    random: Random,
    features: BTreeSet<&'static str>,
    next_serial: u8,
    next_key: usize,
    has_key_ids: bool,
    roots: Vec<Entity>,
    others: Vec<Certificate>,
}

impl Pki {
    /// The PKI of this seed, with so many clients.
    pub(crate) fn new(seed: u64, clients: u64) -> Self {
        let mut random = Random::new(seed, 1);
        let has_key_ids = random.percent(90);
        let mut generator = Generator {
            random,
            features: BTreeSet::new(),
            next_serial: 0,
            next_key: 0,
            has_key_ids,
            roots: Vec::new(),
            others: Vec::new(),
        };
        let anchors = generator.anchors();
        let issuers = generator.client_cas();
        generator.signers(&issuers);
        let has_indirect = generator.indirect_signer(&issuers);
        let genuine = generator.others.len();
        let clients: Vec<_> = (0..clients)
            .map(|_| generator.client(&issuers, has_indirect))
            .collect();
        generator.attackers_certificate();
        let Generator {
            mut random,
            mut features,
            others,
            ..
        } = generator;

        let all = anchors.iter().chain(&others[..genuine]);
        let all = all.chain(clients.iter().map(|client| &client.made.model));
        let crls = crl_generator::draw(all.collect(), &mut random, &mut features);
        let places = places(&others, genuine, &mut random, &mut features);
        let others = others.into_iter().zip(places).map(|(model, place)| Other {
            made: model.into(),
            place,
        });
        Self {
            features,
            anchors: anchors.into_iter().map(Made::from).collect(),
            others: others.collect(),
            clients,
            encoded_crls: crls.iter().map(|crl| crl.der()).collect(),
            crls,
        }
    }
}

/// The most certificates that the attacker may choose from in most worlds: each more doubles the
/// choices.
const FEW_OPTIONAL: usize = 3;

/// Where the certificates besides the anchors' and the client's are. The attacker's, behind the
/// genuine ones, are presented.
fn places(
    others: &[Certificate],
    genuine: usize,
    random: &mut Random,
    features: &mut BTreeSet<&'static str>,
) -> Vec<Place> {
    use Place::{Both, Presented, Stored};
    let all: &[Place] = random.pick(&[
        &[Stored][..],
        &[Presented],
        &[Stored, Presented],
        &[Stored, Presented, Both],
        &[Stored, Stored, Presented, Both],
    ]);
    let most_optional = match random.percent(2) {
        true => usize::MAX,
        false => FEW_OPTIONAL,
    };
    let mut places: Vec<Place> = Vec::new();
    for (number, other) in others.iter().enumerate() {
        // Without it, a store does not take the certificate.
        let is_storable = other.is_ca() || other.signs_crls;
        let optional = places.iter().filter(|place| **place != Stored).count();
        let place = match number < genuine && is_storable {
            true if optional < most_optional => random.pick(all),
            true => Stored,
            false => Presented,
        };
        match place {
            Both => features.insert("stored and presented"),
            Presented => features.insert("presented only"),
            Stored => features.insert("stored only"),
        };
        places.push(place);
    }
    places
}

impl Generator {
    fn has(&mut self, feature: &'static str) {
        self.features.insert(feature);
    }

    fn new_key(&mut self, name: usize) -> Entity {
        self.next_key += 1;
        let key = self.next_key - 1;
        Entity { name, key }
    }

    fn certificate(&mut self, subject: Entity, issuer: Entity, role: Role) -> Certificate {
        self.next_serial += 1;
        // The first octet puts certificates in an order of its own: the search goes by bytes.
        let serial = [1 + self.random.below(0x7e) as u8, self.next_serial];
        Certificate {
            has_key_ids: self.has_key_ids,
            ..Certificate::new(serial, subject, issuer, role)
        }
    }

    fn anchors(&mut self) -> Vec<Certificate> {
        let first = self.new_key(ROOT);
        self.roots.push(first);
        if self.random.percent(55) {
            let is_equal = self.random.percent(40);
            let name = if is_equal { ROOT } else { OTHER_ROOT };
            let second = self.new_key(name);
            self.roots.push(second);
            self.has(match is_equal {
                true => "anchors of one name",
                false => "anchors of two names",
            });
        }
        let roots = self.roots.clone();
        let anchors = roots.into_iter().map(|root| {
            let mut anchor = self.certificate(root, root, Role::Ca);
            anchor.signs_crls = !self.random.percent(3);
            anchor
        });
        anchors.collect()
    }

    /// The keys of the CA that issues the client.
    fn client_cas(&mut self) -> Vec<Entity> {
        if self.random.percent(10) {
            self.has("client of an anchor");
            return vec![self.roots[0]];
        }
        let issuing = self.ca_with_keys(ISSUING, self.roots[0]);
        if !self.random.percent(20) {
            return issuing;
        }
        self.has("two levels");
        let above = self.random.pick(&issuing);
        self.ca_with_keys(SUB, above)
    }

    /// A CA and its keys, each certified from above or by the key before.
    fn ca_with_keys(&mut self, name: usize, above: Entity) -> Vec<Entity> {
        let mut keys: Vec<Entity> = Vec::new();
        let mut other_root = self.roots.get(1).copied().filter(|_| name == ISSUING);
        if !self.random.percent(70) {
            other_root = None;
        }
        for generation in 0..self.random.pick(&[1, 1, 1, 2, 3]) {
            let own = self.new_key(name);
            let issuer = match keys.last() {
                Some(before) if self.random.percent(45) => {
                    self.has("roll-over by the key before");
                    *before
                }
                _ => above,
            };
            match other_root {
                Some(root) if self.random.percent(20) => self.ca(own, root),
                Some(root) if self.random.percent(60) => {
                    self.has("cross-certificate");
                    self.ca(own, issuer);
                    self.ca(own, root);
                }
                _ => self.ca(own, issuer),
            }
            if generation > 0 {
                self.has("roll-over");
            }
            keys.push(own);
        }
        keys
    }

    fn ca(&mut self, subject: Entity, issuer: Entity) {
        let mut ca = self.certificate(subject, issuer, Role::Ca);
        ca.signs_crls = !self.random.percent(4);
        if !ca.signs_crls {
            self.has("CA without cRLSign");
        }
        if self.random.percent(4) {
            self.has("expired CA");
            ca.not_after = EXPIRED;
        }
        if self.random.percent(6) {
            self.has("renewed CA");
            let renewed = self.certificate(subject, issuer, Role::Ca);
            self.others.push(renewed);
        }
        self.others.push(ca);
    }

    /// Those of the name of the client's CA, with keys of their own.
    fn signers(&mut self, issuers: &[Entity]) {
        for _ in 0..self.random.pick(&[0, 0, 1, 1, 2]) {
            let own = self.new_key(issuers[0].name);
            let issuer = self.issuer_of_signer(issuers);
            let role = self.random.pick(&[Role::Signer, Role::Signer, Role::Ca]);
            let mut signer = self.certificate(own, issuer, role);
            self.has("delegate");
            if self.random.percent(20) {
                self.has("expired delegate");
                signer.not_after = EXPIRED;
            }
            if self.random.percent(5) {
                self.has("delegate without cRLSign");
                signer.signs_crls = false;
            }
            self.others.push(signer);
        }
    }

    fn issuer_of_signer(&mut self, issuers: &[Entity]) -> Entity {
        match self.random.percent(60) {
            true => self.random.pick(issuers),
            false => self.random.pick(&self.roots),
        }
    }

    fn indirect_signer(&mut self, issuers: &[Entity]) -> bool {
        if !self.random.percent(15) {
            return false;
        }
        self.has("indirect signer");
        let own = self.new_key(INDIRECT);
        let issuer = self.issuer_of_signer(issuers);
        let signer = self.certificate(own, issuer, Role::Signer);
        self.others.push(signer);
        true
    }

    fn client(&mut self, issuers: &[Entity], has_indirect: bool) -> Client {
        let own = Entity {
            name: CLIENT,
            key: CLIENTS_KEY,
        };
        let mut features = BTreeSet::new();
        let issuer = self.random.pick(issuers);
        let mut client = self.certificate(own, issuer, Role::Client);
        if self.random.percent(20) {
            features.insert("expired client");
            client.not_after = EXPIRED;
        }
        let point = |uri, reasons| Point {
            uri: Some(uri),
            reasons,
            crl_issuer: None,
        };
        match self.random.below(10) {
            0..2 => client.points = vec![point(0, Reasons::All)],
            2 => {
                features.insert("points for some reasons");
                client.points = vec![
                    point(0, Reasons::Compromises),
                    point(1, Reasons::Others),
                    point(2, Reasons::All),
                ];
            }
            _ => {}
        }
        if has_indirect && self.random.percent(70) {
            features.insert("cRLIssuer");
            client.points.push(Point {
                uri: None,
                reasons: Reasons::All,
                crl_issuer: Some(INDIRECT),
            });
        }
        Client {
            features,
            asked: Asked::choose(client.not_after < 0, &mut self.random),
            made: client.into(),
        }
    }

    /// A certificate for the name and key of somebody in the world that nobody in it issued: a
    /// stranger has it, or it has the name of a genuine issuer and no valid signature.
    fn attackers_certificate(&mut self) {
        if self.others.is_empty() || !self.random.percent(15) {
            return;
        }
        self.has("attacker's certificate");
        let genuine = self.random.pick(&self.others);
        let name = match self.random.percent(50) {
            true => STRANGER,
            false => genuine.issuer.name,
        };
        let stranger = Entity {
            name,
            key: STRANGERS_KEY,
        };
        let subject = match self.random.percent(60) {
            true => genuine.subject,
            false => Entity {
                key: STRANGERS_KEY,
                ..genuine.subject
            },
        };
        let role = self.random.pick(&[Role::Signer, Role::Ca]);
        let certificate = self.certificate(subject, stranger, role);
        self.others.push(certificate);
    }
}
