//! Asks both about each world, and counts what was compared.

use std::collections::BTreeMap;

use mtls_verify::TrustStore;
use reference::model::{Policy, Question};

use crate::common::{HASHED, Outcome, against_library, ask_library, in_threads, store};
use crate::{NOW, is_large, part};

/// A world without a policy, in its order and in the reverse one.
pub(crate) struct World {
    question: Question,
    store: TrustStore,
    reversed: Option<(Question, TrustStore)>,
}

impl World {
    pub(crate) fn new(mut question: Question) -> Self {
        question.now = NOW as i64;
        question.policy.algorithms = HASHED;
        let mut reversed = question.clone();
        reversed.presented[1..].reverse();
        reversed.anchors.reverse();
        reversed.intermediates.reverse();
        reversed.crls.reverse();
        let of_store = |one: &Question| {
            let lists = [&one.anchors, &one.intermediates, &one.crls];
            lists.map(Vec::clone)
        };
        let is_same_store = of_store(&reversed) == of_store(&question);
        let is_same = is_same_store && reversed.presented == question.presented;
        let built = store(&question).expect("a store");
        let reversed = (!is_same).then(|| {
            let store = match is_same_store {
                true => built.clone(),
                false => store(&reversed).expect("a store"),
            };
            (reversed, store)
        });
        Self {
            question,
            store: built,
            reversed,
        }
    }

    /// Whether the library accepts the client; compares it with the reference, and with what it
    /// says in the reverse order.
    pub(crate) fn ask(&mut self, policy: &Policy, tally: &mut Tally, shown: &Shown<'_>) -> bool {
        self.question.policy = policy.clone();
        let outcome = ask_library(&self.question, &self.store);
        let answer = reference::answer(&self.question);
        tally.compared += 1;
        let name = match &outcome {
            Ok(_) => "accepted",
            Err(refusal) => refusal.reason().name(),
        };
        *tally.seen.entry(name).or_default() += 1;
        if let Err(difference) = against_library(&self.question, &answer, &outcome) {
            tally.fault(|| format!("{}: {difference}", shown()));
        }
        if let Some((reversed, store)) = &mut self.reversed {
            reversed.policy = policy.clone();
            let other = ask_library(reversed, store);
            tally.reversed += 1;
            if told(&outcome) != told(&other) {
                let (one, other) = (told(&outcome), told(&other));
                tally.fault(|| format!("{}: {one:?}, but reversed {other:?}", shown()));
            }
        }
        outcome.is_ok()
    }

    /// Whether the library accepts the client.
    pub(crate) fn accepts(&self, policy: &Policy) -> bool {
        let mut question = self.question.clone();
        question.policy = policy.clone();
        ask_library(&question, &self.store).is_ok()
    }
}

/// What a world is, for people.
pub(crate) type Shown<'a> = dyn Fn() -> String + 'a;

type Told = Result<(Option<u64>, Vec<String>), &'static str>;

/// What no order may change.
fn told(outcome: &Outcome) -> Told {
    match outcome {
        Ok(client) => {
            let until = client.valid_until().map(|time| time.as_secs());
            let policies = client.policies();
            let shown = policies.iter().map(|policy| policy.to_string());
            Ok((until, shown.collect()))
        }
        Err(error) => Err(error.reason().name()),
    }
}

/// The policy whose signatures are hashes.
pub(crate) fn policy() -> Policy {
    Policy {
        algorithms: HASHED,
        ..Policy::default()
    }
}

/// What was compared.
#[derive(Default)]
pub(crate) struct Tally {
    /// Questions that both were asked.
    pub(crate) compared: u64,
    /// Questions that the library was asked again in the reverse order.
    pub(crate) reversed: u64,
    /// Pairs of verdicts of which one must follow from the other.
    pub(crate) implied: u64,
    /// Those of which RFC 5280 says otherwise.
    pub(crate) excepted: u64,
    /// How often the library says what.
    pub(crate) seen: BTreeMap<&'static str, u64>,
    faults: Vec<String>,
    fault_count: u64,
}

impl Tally {
    /// Does all the jobs, or those of a part, each once, on all processors.
    pub(crate) fn of(jobs: usize, work: impl Fn(usize, &mut Self) + Sync) -> Self {
        let (which, of) = part().unwrap_or((1, 1));
        let jobs = (which - 1..jobs).step_by(of);
        let parts = in_threads(|first, count| {
            let mut tally = Self::default();
            for job in jobs.clone().skip(first).step_by(count) {
                work(job, &mut tally);
            }
            tally
        });
        let mut all = Self::default();
        parts.into_iter().for_each(|part| all.add(part));
        all
    }

    pub(crate) fn fault(&mut self, shown: impl FnOnce() -> String) {
        self.fault_count += 1;
        if self.faults.len() < 10 {
            self.faults.push(shown());
        }
    }

    /// What is accepted where more is asked for is accepted where less is.
    pub(crate) fn implies(&mut self, more: bool, less: bool, shown: impl FnOnce() -> String) {
        self.implied += 1;
        if more && !less {
            self.fault(|| format!("asking for more lets in more: {}", shown()));
        }
    }

    fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.reversed += other.reversed;
        self.implied += other.implied;
        self.excepted += other.excepted;
        self.fault_count += other.fault_count;
        self.faults.extend(other.faults);
        for (name, count) in other.seen {
            *self.seen.entry(name).or_default() += count;
        }
    }

    /// No fault, and the counts: compared, reversed, implied, excepted, accepted. Larger bounds
    /// have at least as many, and a part has any.
    pub(crate) fn assert(self, what: &str, counts: [u64; 5]) {
        let accepted = self.seen.get("accepted").copied().unwrap_or_default();
        let found = [
            self.compared,
            self.reversed,
            self.implied,
            self.excepted,
            accepted,
        ];
        println!(
            "{what}: compared, reversed, implied, excepted, accepted: {found:?}; {:?}",
            self.seen
        );
        let shown: Vec<_> = self.faults.into_iter().take(20).collect();
        let (count, shown) = (self.fault_count, shown.join("\n"));
        assert!(count == 0, "{what}: {count} faults:\n{shown}");
        if part().is_some() {
            return;
        }
        if is_large() {
            let is_less = |(found, least): (&u64, &u64)| found < least;
            assert!(
                !found.iter().zip(&counts).any(is_less),
                "{found:?} of {counts:?}"
            );
        } else {
            assert_eq!(found, counts, "{what}");
        }
    }
}
