//! The reference and the library on random PKIs, with the whole space of policies.
//!
//! `PKIS=100000 cargo test -p reference --test random` for more, `SEED=n` for one.

mod certificates;
#[path = "../common/mod.rs"]
mod common;
mod crls;
mod hashed;
mod policies;
mod random;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use certificates::{Kind, Shape};
use hashed::HASHED;
use random::Random;
use reference::model::{Answer, Denied, Question};
use sha2::{Digest, Sha256};
use testpki::{Cert, Key};

/// The time of all verifications: 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let numbers = 0..8;
    numbers
        .map(|number| Key::hashed(&format!("reference {number}")))
        .collect()
});

/// How many disagreements are shown. A thread that has found as many looks for no more.
const SHOWN: usize = 30;

fn key(number: usize) -> Key {
    KEYS[number].clone()
}

/// The question of a seed.
fn question(seed: u64) -> Question {
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
    Question {
        denied: denied(&all, random),
        anchors,
        intermediates,
        pins,
        crls,
        presented,
        now: NOW as i64,
        policy: policies::policy(random),
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

fn denied(all: &[Cert], random: &mut Random) -> Denied {
    let mut denied = Denied::default();
    if !random.percent(10) {
        return denied;
    }
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

#[test]
fn they_agree_on_random_pkis() {
    let seeds = common::seeds("PKIS");
    let is_alone = seeds.end - seeds.start == 1;
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        let ask = |first: usize| {
            let seeds = seeds.clone().skip(first).step_by(count);
            scope.spawn(move || Tally::of(seeds, is_alone))
        };
        let threads: Vec<_> = (0..count).map(ask).collect();
        let ends = threads.into_iter().map(|thread| thread.join());
        ends.map(|tally| tally.expect("no panic")).collect()
    });
    let mut all = Tally::default();
    for tally in tallies {
        all.disagreements.extend(tally.disagreements);
        for (name, count) in tally.seen {
            *all.seen.entry(name).or_default() += count;
        }
    }
    println!("{:#?}", all.seen);
    let count = all.disagreements.len();
    all.disagreements.truncate(SHOWN);
    let shown = all.disagreements.join("\n");
    assert!(count == 0, "{count} disagreements or more:\n{shown}");
    if !is_alone {
        all.assert_that_much_is_seen(seeds.end - seeds.start);
    }
}

/// Seeds on which the two differ, open:
///
/// - 12683: there is no path, and one only by more intermediates than are allowed; the library
///   names the first.
/// - 15672: of three CRLs by one key each is newer than the next, by R6, but the first and the last
///   contradict each other. The library counts the last, the reference does not.
/// - 16049 and 18333: the issuer's certificate may not sign CRLs, and another certificate of its
///   key may. The library takes the status for unknown, the reference for good; so the library does
///   not see where its `valid_until` ends.
/// - 19610: which certificate leaves the path without a policy.
const OPEN: [u64; 5] = [12_683, 15_672, 16_049, 18_333, 19_610];

/// What came of some PKIs.
#[derive(Default)]
struct Tally {
    /// How often the library says what.
    seen: BTreeMap<&'static str, u64>,
    disagreements: Vec<String>,
}

impl Tally {
    fn of(seeds: impl Iterator<Item = u64>, is_alone: bool) -> Self {
        let mut tally = Self::default();
        for seed in seeds {
            // More are not shown.
            if tally.disagreements.len() >= SHOWN {
                break;
            }
            let question = question(seed);
            let store = common::store(&question).unwrap_or_else(|error| panic!("{seed}: {error}"));
            let outcome = common::ask_library(&question, &store);
            let answer = reference::answer(&question);
            let name = match &outcome {
                Ok(_) => "accepted",
                Err(refusal) => refusal.reason().name(),
            };
            *tally.seen.entry(name).or_default() += 1;
            if is_alone {
                show(&question, &answer);
                println!("{outcome:?}");
            }
            let compared = common::compare::against_library(&question, &answer, &outcome);
            if OPEN.contains(&seed) && !is_alone {
                assert!(compared.is_err(), "SEED={seed} is open no more");
                continue;
            }
            if let Err(difference) = compared {
                tally
                    .disagreements
                    .push(format!("SEED={seed}: {difference}"));
            }
        }
        tally
    }

    /// Of a hundred PKIs at least five are accepted, and each reason that they can be refused for is
    /// there.
    fn assert_that_much_is_seen(&self, pkis: u64) {
        let accepted = self.seen.get("accepted").copied().unwrap_or_default();
        assert!(accepted * 20 >= pkis, "only {accepted} accepted");
        if pkis < 20_000 {
            return;
        }
        // Circles among signers of CRLs are too rare here; `small_worlds` has them.
        let cannot = [
            "circular-crls",
            "empty-chain",
            "certificate-too-large",
            "signature-limit",
            "work-limit",
            "unsupported-signature-algorithm",
            "unsupported-key",
            "key-size",
            "handshake-signature",
        ];
        let is_missing = |name: &&&str| !self.seen.contains_key(**name) && !cannot.contains(*name);
        let missing: Vec<_> = mtls_verify::Reason::NAMES
            .iter()
            .filter(is_missing)
            .collect();
        assert!(missing.is_empty(), "never refused for {missing:?}");
    }
}

/// What one seed is about, for people.
fn show(question: &Question, answer: &Answer) {
    println!("{:#?}", question.policy);
    let name = |name: &reference::names::Name| {
        let shown = String::from_utf8_lossy(&name.der).into_owned();
        let visible = shown
            .chars()
            .filter(|character| character.is_ascii_graphic());
        visible.collect::<String>()
    };
    for (number, node) in answer.nodes.iter().enumerate() {
        let one = &node.certificate;
        println!(
            "{number} {:?}: {} by {}, serial {:?}, key {:?}, {} to {}, CA {:?}, keyUsage {:?}, points {}",
            node.origin,
            name(&one.subject),
            name(&one.issuer),
            one.serial,
            &one.key[..2],
            one.not_before - question.now,
            one.not_after - question.now,
            one.basic_constraints,
            one.key_usage,
            one.distribution_points.as_ref().is_ok_and(Option::is_some),
        );
    }
    for der in &question.crls {
        let crl = reference::crl::Crl::read(der).expect("it loads");
        let entries: Vec<_> = crl
            .entries
            .iter()
            .map(|entry| (&entry.serial, entry.reason))
            .collect();
        let makers: Vec<_> = (0..8)
            .filter(|number| {
                let key = key(*number);
                let signature =
                    testpki::key::hashed_signature(testpki::key::public_key(key.spki()), &crl.tbs);
                signature == *crl.signature
            })
            .map(|number| testpki::key::public_key(key(number).spki())[..2].to_vec())
            .collect();
        println!(
            "CRL of {}, by {makers:?}, {} to {:?}, number {:?}, base {:?}, kept {:?}, {:?}, {entries:?}",
            name(&crl.issuer),
            crl.this_update - question.now,
            crl.next_update.map(|time| time - question.now),
            crl.number,
            crl.base_number,
            crl.expired_certs.map(|time| time - question.now),
            crl.scope.as_ref().map(|(scope, _)| scope),
        );
    }
    for path in &answer.paths {
        println!("{path:?}");
    }
}
