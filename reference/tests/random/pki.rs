//! Random PKIs.

use std::sync::LazyLock;

use reference::model::{Denied, Question};
use sha2::{Digest, Sha256};
use testpki::{Cert, Key};

use crate::certificates::{Kind, Shape};
use crate::common::Random;
use crate::{crls, policies};

/// The time of all verifications: 2026-06-01T00:00:00Z.
pub(crate) const NOW: u64 = 1_780_272_000;

pub(crate) static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let numbers = 0..8;
    numbers
        .map(|number| Key::hashed(&format!("reference {number}")))
        .collect()
});

pub(crate) fn key(number: usize) -> Key {
    KEYS[number].clone()
}

/// A question, and what its certificates and CRLs are made of.
pub(crate) struct Pki {
    pub(crate) question: Question,
    pub(crate) shape: Shape,
    /// All its certificates.
    pub(crate) all: Vec<Cert>,
}

/// The PKI of a seed.
pub(crate) fn pki(seed: u64) -> Pki {
    let mut random = Random::new(seed);
    let random = &mut random;
    let shape = Shape::new(random);
    let mut next = 0;
    let mut all = Vec::new();
    let mut made = |kind, most: usize, random: &mut Random| -> Vec<Vec<u8>> {
        let count = random.below(most + 1).max(random.below(most + 1));
        let issued = (0..count).map(|_| {
            next += 1;
            let cert = shape.certificate(kind, next, random);
            let der = cert.der();
            all.push(cert);
            der
        });
        issued.collect()
    };
    let mut anchors = made(Kind::Anchor, 3, random);
    // Many CAs of two names have thousands of paths.
    let is_dense = shape.has_few_names();
    let intermediates = made(Kind::Stored, if is_dense { 1 } else { 2 }, random);
    let mut presented = made(Kind::Presented, if is_dense { 3 } else { 4 }, random);
    while anchors.is_empty() {
        anchors = made(Kind::Anchor, 1, random);
    }
    let mut client = Vec::new();
    while client.is_empty() {
        client = made(Kind::Client, 1, random);
    }
    presented.splice(0..0, client);
    give_further_roles(&anchors, &intermediates, &mut presented, random);
    let crls = match random.percent(60) {
        true => crls::crls(&shape, &all, random),
        false => Vec::new(),
    };
    let pins = match random.percent(5) {
        true => vec![random.pick(&presented)],
        false => Vec::new(),
    };
    let denied = match random.percent(10) {
        true => denied(&all, random),
        false => Denied::default(),
    };
    let policy = policies::policy(random, &presented[0]);
    let question = Question {
        denied,
        anchors,
        intermediates,
        pins,
        crls,
        presented,
        now: NOW as i64,
        policy,
    };
    Pki {
        question,
        shape,
        all,
    }
}

/// The same certificate in two places: nothing may be decided twice, or in the wrong role.
fn give_further_roles(
    anchors: &[Vec<u8>],
    intermediates: &[Vec<u8>],
    presented: &mut Vec<Vec<u8>>,
    random: &mut Random,
) {
    if random.percent(15) {
        presented.push(random.pick(anchors));
    }
    if random.percent(10) && !intermediates.is_empty() {
        presented.push(random.pick(intermediates));
    }
    if random.percent(10) {
        let again = random.pick(presented);
        presented.push(again);
    }
    if random.percent(3) {
        presented[0] = random.pick(anchors);
    }
}

/// A deny list with one entry.
pub(crate) fn denied(all: &[Cert], random: &mut Random) -> Denied {
    let mut denied = Denied::default();
    let cert = random.pick(all);
    match random.below(4) {
        0 => denied.certificates.push(Sha256::digest(cert.der()).into()),
        1 => denied.keys.push(Sha256::digest(cert.spki_der()).into()),
        2 => denied.signed.push(cert.der()),
        _ => denied
            .serials
            .push((cert.issuer_name().der().to_vec(), cert.serial_octets())),
    }
    denied
}
