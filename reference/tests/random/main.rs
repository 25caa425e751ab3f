//! The reference and the library on random PKIs, with the whole space of policies.
//!
//! `PKIS=100000 cargo test -p reference --test random they_agree` for more, `SEED=n` for one.

mod certificates;
#[path = "../common/mod.rs"]
mod common;
mod crls;
#[path = "../common/identity_rules.rs"]
mod identity_rules;
mod pki;
mod policies;
mod rules;
mod verifiers;

use std::collections::BTreeMap;

use common::in_threads;
use pki::{KEYS, NOW, Pki, denied, key, pki};
use reference::model::{Answer, Question};

/// How many disagreements are shown. A thread that has found as many looks for no more.
const SHOWN: usize = 30;

#[test]
fn they_agree_on_random_pkis() {
    let seeds = common::seeds("PKIS", 20_000);
    let is_alone = seeds.end - seeds.start == 1;
    let tallies = in_threads(|first, count| {
        let seeds = seeds.clone().skip(first).step_by(count);
        Tally::of(seeds, is_alone)
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
            let question = pki(seed).question;
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
                if let Ok(client) = &outcome {
                    println!("{:?}", client.path_revocation().collect::<Vec<_>>());
                }
            }
            let compared = common::against_library(&question, &answer, &outcome);
            if let Err(difference) = compared {
                tally
                    .disagreements
                    .push(format!("SEED={seed}: {difference}"));
            }
        }
        tally
    }

    /// Of a hundred PKIs at least five are accepted, and each reason that they can be refused for
    /// is there.
    fn assert_that_much_is_seen(&self, pkis: u64) {
        let accepted = self.seen.get("accepted").copied().unwrap_or_default();
        assert!(accepted * 20 >= pkis, "only {accepted} accepted");
        if pkis < 20_000 {
            return;
        }
        // Circles among signers of CRLs are too rare here; `small_worlds` has them.
        let cannot = [
            "circular-crls",
            // There are no scopes here; `scopes` has them.
            "out-of-scope",
            "trust-domain",
            "no-such-scope",
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
        let missing: Vec<_> = mtls_verify::error::Reason::NAMES
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
    let makers = |tbs: &[u8], signature: &[u8]| -> Vec<Vec<u8>> {
        let keys = KEYS.iter().map(|key| testpki::key::public_key(key.spki()));
        keys.filter(|key| testpki::key::hashed_signature(key, tbs) == *signature)
            .map(|key| key[..2].to_vec())
            .collect()
    };
    for (number, node) in answer.nodes.iter().enumerate() {
        let one = &node.certificate;
        println!(
            "{number} {:?}: {} by {} {:?}, serial {:?}, key {:?}, {} to {}, CA {:?}, keyUsage {:?}, points {}",
            node.origin,
            name(&one.subject),
            name(&one.issuer),
            makers(&one.tbs, &one.signature),
            one.serial,
            &one.key[..2],
            one.not_before - question.now,
            one.not_after - question.now,
            one.basic_constraints,
            one.key_usage,
            one.distribution_points.as_ref().is_ok_and(Option::is_some),
        );
        println!(
            "  key identifiers {:?} by {:?}, policies {:?}, mapped {:?}, explicit {:?}, no mapping {:?}, no anyPolicy {:?}",
            one.subject_key_id,
            one.authority_key_id,
            one.policies,
            one.mappings,
            one.require_explicit_policy,
            one.inhibit_policy_mapping,
            one.inhibit_any_policy,
        );
    }
    for der in &question.crls {
        let crl = reference::crl::Crl::read(der).expect("it loads");
        let entries: Vec<_> = crl
            .entries
            .iter()
            .map(|entry| (&entry.serial, entry.reason))
            .collect();
        let makers = makers(&crl.tbs, &crl.signature);
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
