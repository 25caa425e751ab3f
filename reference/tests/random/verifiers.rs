//! A `ClientVerifier` with its memory, at random times forwards and backwards, while its store is
//! replaced: it says what the reference says of that store and time, and what is said without
//! memory.
//!
//! `VERIFIERS=10000 cargo test -p reference --test random verifiers` for more, `SEED=n` for one.

use std::sync::Arc;
use std::time::Duration;

use mtls_verify::pki_types::UnixTime;
use mtls_verify::{ClientVerifier, CrlSet, TrustStore};
use reference::model::{Question, Scope, Time, Unknown};

use crate::common::{self, Outcome, Random, in_threads};
use crate::{NOW, Pki, crls, denied, pki};

/// How many questions are asked of one verifier.
const QUESTIONS: usize = 24;

/// A verifier, and the question whose store it has.
struct Walk {
    pki: Pki,
    random: Random,
    verifier: ClientVerifier,
    /// The certificates, CRLs and deny list of the store in use, and the policy.
    question: Question,
    /// The same store without anything that was found out about it.
    untouched: TrustStore,
    chains: Vec<Vec<Vec<u8>>>,
    tally: Tally,
}

#[derive(Default)]
struct Tally {
    asked: u64,
    accepted: u64,
    from_memory: u64,
    swaps: u64,
    swaps_refused: u64,
    disagreements: Vec<String>,
}

impl Walk {
    /// None for most PKIs whose client is refused: nothing of it would be remembered.
    fn new(seed: u64) -> Option<Self> {
        let pki = pki(seed);
        let mut random = Random::new(!seed);
        let question = pki.question.clone();
        let store = common::store(&question).expect("it loads");
        if common::ask_library(&question, &store).is_err() && random.percent(95) {
            return None;
        }
        let policy = common::client_policy(&question.policy);
        Some(Self {
            chains: chains(&pki, &mut random),
            verifier: ClientVerifier::new(Arc::new(store.clone()), policy),
            untouched: store,
            pki,
            random,
            question,
            tally: Tally::default(),
        })
    }

    fn run(mut self, shown: &str) -> Tally {
        let mut moments = vec![NOW as Time];
        for step in 0..QUESTIONS {
            if self.random.percent(20) {
                self.swap();
            }
            self.question.presented = self.random.pick(&self.chains);
            let near = self.random.pick(&moments) - self.random.below(2) as Time;
            let now = NOW as Time + self.random.below(60) as Time - 30;
            self.question.now = self.random.pick(&[near, near, now]);
            moments = self.ask(&format!("{shown}, question {step}"));
        }
        let counts = self.verifier.counts();
        self.tally.from_memory = counts.memory_hits();
        self.tally
    }

    /// Asks all three, and returns the seconds at which something begins or is over.
    fn ask(&mut self, shown: &str) -> Vec<Time> {
        let presented = self.question.presented.iter();
        let chain: Vec<_> = presented.map(|der| common::certificate(der)).collect();
        let seconds = self.question.now.try_into().expect("a time since 1970");
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let said = self.verifier.verify(&chain, now);
        let without_memory = common::ask_library(&self.question, &self.untouched);
        let answer = reference::answer(&self.question);
        self.tally.asked += 1;
        self.tally.accepted += u64::from(said.is_ok());
        let mut disagree = |difference: &str| {
            let difference = format!("{shown}: {difference}");
            self.tally.disagreements.push(difference);
        };
        let (one, other) = (seen(&said), seen(&without_memory));
        if one != other {
            disagree(&format!("{one}, without memory {other}"));
        }
        if let Err(difference) = common::against_library(&self.question, &answer, &said) {
            disagree(&difference);
        }
        let moments = answer.moments.into_iter().filter(|moment| *moment > 1);
        moments.chain([NOW as Time]).collect()
    }

    /// Another store, made of the one in use or anew.
    fn swap(&mut self) {
        let Self { pki, random, .. } = self;
        let mut next = self.question.clone();
        let in_use = self.verifier.store();
        // The store remembers which issuers had a CRL, and the reference does not.
        let is_history_of_use = next.policy.unknown == Unknown::AllowUnpublished;
        let made = match random.below(5) {
            0 if !is_history_of_use => {
                next.crls = crls::crls(&pki.shape, &pki.all, random);
                let mut set = CrlSet::new();
                for crl in &next.crls {
                    set.add_der(crl).expect("it loads");
                }
                // A store that had CRLs once counts as one that has some.
                if next.policy.revocation == Scope::Auto && !self.question.crls.is_empty() {
                    next.policy.revocation = Scope::WholePath;
                }
                Some(in_use.with_crls(set))
            }
            1 => {
                next.denied = denied(&pki.all, random);
                Some(in_use.with_deny_list(common::deny_list(&next.denied)))
            }
            2 => {
                // One anchor less, or one more.
                let (anchors, others) = (&mut next.anchors, &mut next.intermediates);
                match anchors.len() {
                    1 if others.is_empty() => {}
                    1 => anchors.push(random.pick(others)),
                    count => drop(anchors.remove(random.below(count))),
                }
                None
            }
            3 => {
                next.crls = crls::crls(&pki.shape, &pki.all, random);
                None
            }
            _ => {
                next = pki.question.clone();
                None
            }
        };
        if made.is_none() {
            next.policy = pki.question.policy.clone();
        }
        let untouched = common::store(&next).expect("it loads");
        let store = made.unwrap_or_else(|| untouched.clone());
        match self.verifier.replace_store(Arc::new(store)) {
            Ok(()) => {
                self.tally.swaps += 1;
                self.question = next;
                self.untouched = untouched;
            }
            Err(_) => self.tally.swaps_refused += 1,
        }
    }
}

/// What clients of the PKI present.
fn chains(pki: &Pki, random: &mut Random) -> Vec<Vec<Vec<u8>>> {
    let whole = &pki.question.presented;
    let mut shorter = whole.clone();
    if whole.len() > 1 {
        shorter.remove(1 + random.below(whole.len() - 1));
    }
    let mut turned = whole.clone();
    turned[1..].reverse();
    let mut of_another = whole.clone();
    of_another[0] = random.pick(&pki.all).der();
    vec![whole.clone(), shorter, turned, of_another]
}

/// All of an outcome that a caller can see.
fn seen(outcome: &Outcome) -> String {
    match outcome {
        Ok(client) => format!(
            "{:?} {:?} {:?} {:?} {:?} {:?}",
            client.path().map(|der| der.to_vec()).collect::<Vec<_>>(),
            client.trusted_by(),
            client.expiry(),
            client.valid_until(),
            client.path_revocation().collect::<Vec<_>>(),
            client
                .policies()
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        ),
        Err(refusal) => format!("{refusal:?}"),
    }
}

#[test]
fn verifiers_say_what_the_reference_says() {
    let seeds = common::seeds("VERIFIERS", 1_000);
    let is_alone = seeds.end - seeds.start == 1;
    let tallies: Vec<Vec<Tally>> = in_threads(|first, count| {
        let seeds = seeds.clone().skip(first).step_by(count);
        let walk = |seed| Some(Walk::new(seed)?.run(&format!("SEED={seed}")));
        seeds.filter_map(walk).collect()
    });
    let mut all = Tally::default();
    for tally in tallies.into_iter().flatten() {
        all.asked += tally.asked;
        all.accepted += tally.accepted;
        all.from_memory += tally.from_memory;
        all.swaps += tally.swaps;
        all.swaps_refused += tally.swaps_refused;
        all.disagreements.extend(tally.disagreements);
    }
    println!(
        "asked {}, accepted {}, from memory {}, swaps {}, refused {}",
        all.asked, all.accepted, all.from_memory, all.swaps, all.swaps_refused
    );
    let count = all.disagreements.len();
    let shown = all.disagreements.iter().take(30);
    let shown: Vec<_> = shown.map(String::as_str).collect();
    assert!(count == 0, "{count} disagreements:\n{}", shown.join("\n"));
    if !is_alone {
        assert!(all.accepted * 5 >= all.asked, "too few are accepted");
        assert!(all.from_memory * 20 >= all.asked, "memory is hardly used");
        assert!(all.swaps * 10 >= all.asked, "stores are hardly replaced");
        assert!(all.swaps_refused > 0, "all stores are taken");
    }
}
