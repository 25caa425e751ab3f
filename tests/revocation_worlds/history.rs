//! A thousand CRLs of one CA are an ordinary thing: those of former times, those of delegated
//! signers, those for parts of its certificates, and those of its former keys.

use mtls_verify::error::Reason;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::policy::{RevocationPolicy, UnknownStatus};
use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};

use crate::certificate::{
    CLIENT, CLIENTS_KEY, Certificate, Entity, ISSUING, Point, ROOT, Reasons, Role,
};
use crate::crl::{CrlScope, Entry, Only, WorldCrl};
use crate::outcome::{Outcome, shown};
use crate::random::Random;
use crate::signature::HASHED;
use crate::trial::now;

const MANY: usize = 1_000;

const ANCHOR: Entity = Entity { name: ROOT, key: 0 };
const CA: Entity = issuing(1);
const ALICE: Entity = Entity {
    name: CLIENT,
    key: CLIENTS_KEY,
};
const SERIAL_OF_ALICE: [u8; 2] = [0x22, 0x22];

const fn issuing(key: usize) -> Entity {
    Entity { name: ISSUING, key }
}

/// Where the certificates of CAs and signers are.
#[derive(Clone, Copy, Debug)]
enum Place {
    Stored,
    Presented,
}

/// A PKI with many CRLs.
struct Histories {
    cas: Vec<Certificate>,
    alice: Certificate,
    crls: Vec<WorldCrl>,
}

impl Histories {
    /// An anchor with a CRL, a CA below it without, and alice.
    fn new() -> Self {
        Self {
            cas: vec![certificate(CA, ANCHOR, Role::Ca)],
            alice: Certificate::new(SERIAL_OF_ALICE, ALICE, CA, Role::Client),
            crls: vec![WorldCrl::fresh(ANCHOR)],
        }
    }

    /// Alice is good; and as soon as this CRL names her, revoked.
    fn assert_told(self, place: Place, number: usize) {
        for accepts_unknown in [false, true] {
            let outcome = self.verify(place, accepts_unknown);
            assert!(outcome.is_ok(), "{place:?}: {}", shown(&outcome));
        }
        let mut revoking = self;
        revoking.crls[number].entries.push(Entry {
            serial: SERIAL_OF_ALICE,
            issuer: ISSUING,
            reason: None,
        });
        for accepts_unknown in [false, true] {
            let outcome = revoking.verify(place, accepts_unknown);
            let is_revoked = outcome
                .as_ref()
                .is_err_and(|error| matches!(error.reason(), Reason::Revoked { .. }));
            assert!(is_revoked, "{place:?}: {}", shown(&outcome));
        }
    }

    fn verify(&self, place: Place, accepts_unknown: bool) -> Outcome {
        let mut encoded: Vec<_> = self.crls.iter().map(WorldCrl::der).collect();
        Random::new(encoded.len() as u64, 4).shuffle(&mut encoded);
        let anchor = certificate(ANCHOR, ANCHOR, Role::Ca).der();
        let mut builder = TrustStore::builder();
        builder
            .crl_signatures(HASHED.clone())
            .add_ca_der(&CertificateDer::from(anchor))
            .expect("a CA");
        let mut chain = vec![CertificateDer::from(self.alice.der())];
        for ca in &self.cas {
            let der = CertificateDer::from(ca.der());
            match place {
                Place::Presented => chain.push(der),
                Place::Stored => {
                    builder.add_intermediate_der(&der).expect("a CA");
                }
            }
        }
        for crl in &encoded {
            let crl = CertificateRevocationListDer::from(crl.as_slice());
            builder.add_crl_der(&crl).expect("a CRL");
        }
        let unknown = match accepts_unknown {
            true => UnknownStatus::Allow,
            false => UnknownStatus::Deny,
        };
        let policy = ClientPolicy::default()
            .with_signatures(HASHED.clone())
            .with_revocation(RevocationPolicy::whole_path().with_unknown(unknown));
        verify_client_chain(&builder.build().expect("a store"), &chain, now(), &policy)
    }
}

fn certificate(subject: Entity, issuer: Entity, role: Role) -> Certificate {
    Certificate::new([1, subject.key as u8], subject, issuer, role)
}

/// The CRL before the one before, and so on: stale, with lower numbers, each about somebody else.
fn former(issuer: Entity, age: usize) -> WorldCrl {
    let days = 10 * (1 + age) as i64;
    let [high, low] = (age as u16).to_be_bytes();
    let entry = Entry {
        serial: [0x40 + high, low],
        issuer: issuer.name,
        reason: None,
    };
    WorldCrl {
        this_update: -2 - days,
        next_update: Some(-1 - days),
        number: Some(2_999 - age as u64),
        entries: vec![entry],
        ..WorldCrl::fresh(issuer)
    }
}

#[test]
fn former_crls_of_a_key() {
    for place in [Place::Stored, Place::Presented] {
        let mut histories = Histories::new();
        histories.crls.push(WorldCrl::fresh(CA));
        histories.crls.extend((0..MANY).map(|age| former(CA, age)));
        histories.assert_told(place, 1);
    }
}

/// Each with its CRL; some have expired.
fn delegates(count: usize, histories: &mut Histories) {
    for number in 0..count {
        let signer = issuing(2 + number);
        let mut certificate = certificate(signer, CA, Role::Signer);
        if number % 5 > 1 {
            certificate.not_after = -30;
        }
        histories.cas.push(certificate);
        histories.crls.push(WorldCrl::fresh(signer));
        let of_each = MANY / count;
        let former = (0..of_each).map(|age| former(signer, age));
        histories.crls.extend(former);
    }
}

#[test]
fn delegates_beside_the_ca() {
    for (place, count) in [(Place::Stored, 50), (Place::Presented, 14)] {
        let mut histories = Histories::new();
        histories.crls.push(WorldCrl::fresh(CA));
        delegates(count, &mut histories);
        histories.assert_told(place, 1);
    }
}

#[test]
fn delegates_for_a_ca_without_a_crl() {
    let mut histories = Histories::new();
    delegates(50, &mut histories);
    histories.assert_told(Place::Stored, 1);
}

/// CRLs for parts of the certificates, by distribution points.
#[test]
fn parts() {
    for place in [Place::Stored, Place::Presented] {
        let mut histories = Histories::new();
        histories.alice.points = vec![Point {
            uri: Some(7),
            reasons: Reasons::All,
            crl_issuer: None,
        }];
        histories.crls.extend((0..MANY).map(|uri| WorldCrl {
            scope: Some(CrlScope {
                uri: Some(uri),
                only: Only::Nothing,
                reasons: Reasons::All,
                is_indirect: false,
            }),
            ..WorldCrl::fresh(CA)
        }));
        histories.assert_told(place, 1 + 7);
    }
}

/// The same CRL again and again, by the CA and by a delegate.
#[test]
fn copies() {
    for place in [Place::Stored, Place::Presented] {
        let mut histories = Histories::new();
        let signer = issuing(2);
        histories.cas.push(certificate(signer, CA, Role::Signer));
        histories.crls.push(WorldCrl::fresh(CA));
        for _ in 0..MANY / 2 {
            histories.crls.push(former(CA, 0));
            histories.crls.push(WorldCrl::fresh(signer));
        }
        histories.assert_told(place, 1);
    }
}

/// A CA whose key was changed so many times, each new key certified by the one before.
const CHANGES: usize = 20;

fn rolled_over(issuer_of_alice: usize) -> Histories {
    let mut histories = Histories::new();
    let newer = (1..=CHANGES).map(|key| certificate(issuing(1 + key), issuing(key), Role::Ca));
    histories.cas.extend(newer);
    histories.alice.issuer = issuing(issuer_of_alice);
    histories
}

#[test]
fn a_crl_by_each_former_key() {
    // The issuers of later keys are further from the anchor than a client's path may be long.
    for issuer_of_alice in [1, 2, 6] {
        let mut histories = rolled_over(issuer_of_alice);
        for key in 1..=1 + CHANGES {
            histories.crls.push(WorldCrl::fresh(issuing(key)));
            let of_each = MANY / CHANGES;
            let former = (0..of_each).map(|age| former(issuing(key), age));
            histories.crls.extend(former);
        }
        let of_key = |crl: &WorldCrl| crl.issuer == issuing(issuer_of_alice);
        let first = histories.crls.iter().position(of_key);
        histories.assert_told(Place::Stored, first.expect("one of each key"));
    }
}

/// As passport CAs do.
#[test]
fn a_crl_by_the_newest_key() {
    for issuer_of_alice in [1, 2, 6] {
        let mut histories = rolled_over(issuer_of_alice);
        let newest = issuing(1 + CHANGES);
        histories.crls.push(WorldCrl::fresh(newest));
        histories
            .crls
            .extend((0..MANY).map(|age| former(newest, age)));
        histories.assert_told(Place::Stored, 1);
    }
}
