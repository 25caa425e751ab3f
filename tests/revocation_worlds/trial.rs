//! All verifications of one world, and what is wrong with them.

use std::collections::BTreeSet;
use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::verify_client_chain;

use crate::asked::Asked;
use crate::certificate::{Certificate, NOW};
use crate::outcome::{Outcome, shown};
use crate::random::Random;
use crate::world::{Choice, World};

/// How many choices are tried under the policies of a world behind the first.
const OF_LAXER_POLICY: usize = 2;

/// A rule that a world breaks.
pub(crate) struct Failure {
    /// The name of the check.
    pub(crate) check: &'static str,
    pub(crate) detail: String,
}

/// All verifications of one world.
pub(crate) struct Trial<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) verdicts: Vec<Verdict<'a>>,
    /// The checks that had something to check.
    pub(crate) premises: BTreeSet<&'static str>,
    failures: Vec<Failure>,
}

/// One verification.
pub(crate) struct Verdict<'a> {
    pub(crate) asked: &'a Asked,
    /// The number of the policy. Each is laxer than those before.
    pub(crate) rank: usize,
    pub(crate) choice: Choice,
    pub(crate) outcome: Outcome,
}

pub(crate) fn now() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(NOW))
}

impl<'a> Trial<'a> {
    pub(crate) fn new(world: &'a World<'a>) -> Self {
        let store = &world.stores.plain;
        let mut random = Random::new(world.number, 2);
        let mut choices = world.choices(&mut random);
        random.shuffle(&mut choices);
        let mut verdicts = Vec::new();
        for (rank, asked) in world.client.asked.iter().enumerate() {
            let policy = asked.policy();
            let some = match rank {
                0 => &choices,
                _ => &choices[..choices.len().min(OF_LAXER_POLICY)],
            };
            for choice in some {
                let chain = world.chain(choice);
                verdicts.push(Verdict {
                    asked,
                    rank,
                    choice: choice.clone(),
                    outcome: verify_client_chain(store, &chain, now(), &policy),
                });
            }
        }
        Self {
            world,
            verdicts,
            premises: BTreeSet::new(),
            failures: Vec::new(),
        }
    }

    pub(crate) fn check(&mut self) -> Vec<Failure> {
        let mut random = Random::new(self.world.number, 3);
        self.revoked_clients_stay_out();
        self.revoked_cas_stay_out();
        self.named_certificates_stay_out();
        self.revoked_clients_are_called_so();
        self.good_certificates_are_vouched_for();
        self.unknown_certificates_are_allowed();
        self.good_clients_get_in();
        self.laxer_policies_accept_more();
        if let Some(number) = self.one(&mut random, |_| true) {
            self.order_does_not_matter(number, &mut random);
        }
        if random.percent(25) {
            self.memory_does_not_matter(&mut random);
        }
        if let Some(number) = self.one(&mut random, |outcome| outcome.is_ok()) {
            self.neighbours_do_not_lock_out(number);
            self.accepted_until_the_end(number);
        }
        std::mem::take(&mut self.failures)
    }

    /// Notes that a check has something to check.
    pub(crate) fn has(&mut self, premise: &'static str) {
        self.premises.insert(premise);
    }

    pub(crate) fn fail(&mut self, check: &'static str, detail: String) {
        self.failures.push(Failure { check, detail });
    }

    /// The number of a verdict.
    fn one(&self, random: &mut Random, fits: impl Fn(&Outcome) -> bool) -> Option<usize> {
        let fits = |number: &usize| fits(&self.verdicts[*number].outcome);
        let numbers: Vec<usize> = (0..self.verdicts.len()).filter(fits).collect();
        (!numbers.is_empty()).then(|| random.pick(&numbers))
    }
}

impl Verdict<'_> {
    pub(crate) fn path(&self) -> impl Iterator<Item = CertificateDer<'_>> {
        self.outcome.iter().flat_map(|client| client.path())
    }

    pub(crate) fn checked_path<'w>(&self, world: &'w World<'_>) -> Vec<&'w Certificate> {
        certificates_of(self.path(), self.asked, world)
    }
}

/// The certificates of a path that are checked for revocation, and the issuer of the last.
pub(crate) fn certificates_of<'w, 'p>(
    path: impl Iterator<Item = CertificateDer<'p>>,
    asked: &Asked,
    world: &'w World<'_>,
) -> Vec<&'w Certificate> {
    let most = if asked.checks_path { usize::MAX } else { 2 };
    let path = path.map(|der| world.find(&der).expect("a certificate of the world"));
    path.take(most).collect()
}

impl std::fmt::Display for Verdict<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (choice, outcome) = (&self.choice, shown(&self.outcome));
        write!(f, "presenting {choice:?}, {:?}: {outcome}", self.asked)
    }
}
