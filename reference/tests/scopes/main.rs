//! The reference and the library on random stores with scopes.
//!
//! `SCOPED=100000 cargo test -p reference --test scopes` for more, `SEED=n` for one.

#[path = "../random/certificates.rs"]
mod certificates;
#[path = "../common/mod.rs"]
mod common;
#[path = "../random/crls.rs"]
mod crls;
#[path = "../common/identity_rules.rs"]
mod identity_rules;
mod narrower;
#[path = "../random/pki.rs"]
mod pki;
#[path = "../random/policies.rs"]
mod policies;
mod questions;
mod rules;
mod verifiers;

use std::collections::BTreeMap;

use common::{Outcome, Random, in_threads};
use mtls_verify::client::RevocationStatus;
use pki::{NOW, key};
use questions::question;
use reference::scopes::{PlaceAnswer, ScopedAnswer, ScopedQuestion, answer_in_scopes};

/// How many disagreements are shown.
const SHOWN: usize = 20;

/// Runs a check on each seed of `SCOPED`, and shows what it finds.
fn on_each_seed(default: u64, check: impl Fn(u64, &mut Tally) -> Result<(), String> + Sync) {
    let seeds = common::seeds("SCOPED", default);
    let tallies = in_threads(|first, count| {
        let mut tally = Tally::default();
        let mut found = Vec::new();
        for seed in seeds.clone().skip(first).step_by(count) {
            if let Err(difference) = check(seed, &mut tally) {
                found.push(format!("SEED={seed}: {difference}"));
            }
        }
        (tally, found)
    });
    let mut all = Tally::default();
    let mut found = Vec::new();
    for (tally, differences) in tallies {
        found.extend(differences);
        for (name, count) in tally.0 {
            *all.0.entry(name).or_default() += count;
        }
    }
    println!("{:#?}", all.0);
    let count = found.len();
    found.truncate(SHOWN);
    assert!(count == 0, "{count} of them:\n{}", found.join("\n"));
    if seeds.end - seeds.start >= default {
        all.assert_that_much_is_seen(seeds.end - seeds.start);
    }
}

/// How often what was seen.
#[derive(Default)]
struct Tally(BTreeMap<String, u64>);

impl Tally {
    fn see(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    fn assert_that_much_is_seen(&self, seeds: u64) {
        let missing = self.0.iter().filter(|(_, count)| **count * 1_000 < seeds);
        let expected = missing.filter(|(name, _)| name.starts_with('!'));
        let rare: Vec<_> = expected.collect();
        assert!(rare.is_empty(), "too rare: {rare:?}");
    }
}

fn see_verdict(tally: &mut Tally, answer: &ScopedAnswer, outcome: &Outcome) {
    match outcome {
        Ok(client) => tally.see(format!("accepted in {}", client.scopes().len())),
        Err(refusal) => tally.see(refusal.reason().name()),
    }
    if answer.places.iter().any(|place| place.contradicts) {
        tally.see("!key identifiers contradict");
    }
    let left_out = |place: &PlaceAnswer| place.accepts() && place.contradicts;
    if outcome.is_ok() && answer.places.iter().any(left_out) {
        tally.see("accepted but for key identifiers");
    }
    let is_elsewhere = |place: &PlaceAnswer| {
        let mut failures = place.answer.paths.iter().flat_map(|path| &path.failures);
        place.question.crls.is_empty() && failures.any(|failure| failure.rule == "revoked")
    };
    if answer.places.iter().any(is_elsewhere) {
        tally.see("!revoked by CRLs of other places alone");
    }
}

#[test]
fn they_agree_on_random_scopes() {
    on_each_seed(1_200, |seed, tally| {
        let asked = question(seed);
        let store = common::scoped_store(&asked).map_err(|error| error.to_string())?;
        let answer = answer_in_scopes(&asked);
        let outcome = common::ask_library_in(&asked, &store);
        see_verdict(tally, &answer, &outcome);
        if std::env::var("SEED").is_ok() {
            show(&asked, &answer);
            println!("{outcome:#?}");
        }
        common::against_library_in_scopes(&answer, &outcome)?;
        in_another_order(&asked, &outcome, &mut Random::new(!seed))
    });
}

/// The order of the scopes changes the order of those that accept, and nothing else.
fn in_another_order(
    asked: &ScopedQuestion,
    outcome: &Outcome,
    random: &mut Random,
) -> Result<(), String> {
    let mut turned = asked.clone();
    for index in (1..turned.scopes.len()).rev() {
        turned.scopes.swap(index, random.below(index + 1));
    }
    let store = common::scoped_store(&turned).map_err(|error| error.to_string())?;
    let other = common::ask_library_in(&turned, &store);
    let said = |outcome: &Outcome| match outcome {
        Ok(client) => {
            let mut scopes: Vec<String> = client.scopes().map(str::to_owned).collect();
            scopes.sort();
            // Of a path of unknown status it may be earlier than it need be.
            let is_unknown = |status| matches!(status, RevocationStatus::Unknown);
            let is_known = !client.path_revocation().any(is_unknown);
            Some((scopes, is_known.then(|| client.valid_until())))
        }
        Err(_) => None,
    };
    let (one, other) = (said(outcome), said(&other));
    let is_same = match (&one, &other) {
        (Some((scopes, Some(one))), Some((others, Some(other)))) => {
            (scopes, one) == (others, other)
        }
        (one, other) => one.as_ref().map(|it| &it.0) == other.as_ref().map(|it| &it.0),
    };
    match is_same {
        true => Ok(()),
        false => Err(format!("{one:?}, in another order {other:?}")),
    }
}

/// What one seed is about, for people.
fn show(asked: &ScopedQuestion, answer: &ScopedAnswer) {
    println!("policy {:?}", asked.policy);
    for scope in &asked.scopes {
        println!(
            "scope {}: {:?} {:?} {:?} {:?}",
            scope.name, scope.initial, scope.trust_domain, scope.overrides, scope.identities
        );
    }
    for place in &answer.places {
        let question = &place.question;
        println!(
            "{:?}: {} anchors, {} intermediates, {} pins, contradicts {}, {:?} {:?}",
            place.scope,
            question.anchors.len(),
            question.intermediates.len(),
            question.pins.len(),
            place.contradicts,
            question.policy.revocation,
            question.policy.unknown,
        );
        for (number, node) in place.answer.nodes.iter().enumerate() {
            let one = &node.certificate;
            let name = |name: &reference::names::Name| {
                let text = String::from_utf8_lossy(&name.der).into_owned();
                text.chars()
                    .filter(char::is_ascii_graphic)
                    .collect::<String>()
            };
            println!(
                "  {number} {:?}: {} by {}, serial {:?}, key {:?}, points {:?}, {:?} by {:?}",
                node.origin,
                name(&one.subject),
                name(&one.issuer),
                one.serial,
                &one.key[..2],
                one.distribution_points,
                one.subject_key_id,
                one.authority_key_id,
            );
        }
        for der in &question.crls {
            let crl = reference::crl::Crl::read(der).expect("it loads");
            let makers = pki::KEYS
                .iter()
                .map(|key| testpki::key::public_key(key.spki()));
            let makers = makers
                .filter(|key| testpki::key::hashed_signature(key, &crl.tbs) == *crl.signature);
            let makers: Vec<_> = makers.map(|key| key[..2].to_vec()).collect();
            let entries = crl
                .entries
                .iter()
                .map(|entry| (&entry.serial, entry.reason));
            println!(
                "  CRL {} by {makers:?}, {} to {:?}, {:?}, base {:?}, {:?}: {:?}",
                String::from_utf8_lossy(&crl.issuer.der),
                crl.this_update - NOW as i64,
                crl.next_update.map(|time| time - NOW as i64),
                crl.number,
                crl.base_number,
                crl.scope.as_ref().map(|(scope, _)| scope),
                entries.collect::<Vec<_>>(),
            );
        }
        for path in &place.answer.paths {
            println!(
                "  {:?} until {:?}: {:?}",
                path.nodes, path.valid_until, path.failures
            );
        }
    }
}
