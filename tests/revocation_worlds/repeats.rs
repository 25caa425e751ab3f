//! (b), (c), (d) and (g): the same verification in another order, with a memory, with CRLs that
//! have nothing to say, and later.

use std::sync::Arc;
use std::time::Duration;

use mtls_verify::pki_types::UnixTime;
use mtls_verify::policy::{Memory, UnknownStatus};
use mtls_verify::{ClientVerifier, TrustStore, verify_client_chain};

use crate::certificate::NOW;
use crate::outcome::{Outcome, is_limit, is_same, shown};
use crate::random::Random;
use crate::trial::{Trial, Verdict, now};

/// How many verifications of a world are repeated by a verifier with a memory.
const REMEMBERED: usize = 2;

impl Trial<'_> {
    /// (b), and (c) of the store: neither what it was asked before nor the order of anything
    /// matters.
    pub(crate) fn order_does_not_matter(&mut self, number: usize, random: &mut Random) {
        let verdict = &self.verdicts[number];
        let policy = verdict.asked.policy();
        let mut chain = self.world.chain(&verdict.choice);
        if chain.len() > 1 {
            if random.percent(30) {
                let again = chain[random.below(chain.len())].clone();
                chain.push(again);
            }
            random.shuffle(&mut chain[1..]);
        }
        let shuffled = verify_client_chain(&self.world.stores.shuffled, &chain, now(), &policy);
        // A certificate that is presented twice takes some work.
        let is_longer = chain.len() > verdict.choice.len() + 1;
        if is_same(&verdict.outcome, &shuffled) || is_longer && is_limit(&shuffled) {
            return;
        }
        let fresh = self.verify(&self.world.pki.store(&[]), verdict);
        let of_chain = verify_client_chain(&self.world.stores.plain, &chain, now(), &policy);
        let is_same_as = |other: &Outcome| is_same(&verdict.outcome, other);
        let (check, other) = match () {
            () if !is_same_as(&fresh) && is_at_limit(verdict, &fresh) => {
                ("(c) what a store was asked before, at a limit", fresh)
            }
            () if !is_same_as(&fresh) => ("(c) what a store was asked before", fresh),
            () if !is_same_as(&of_chain) => ("(b) order of what is presented", of_chain),
            () => ("(b) order of what is stored", shuffled),
        };
        let detail = format!("{verdict}\nbut {}", shown(&other));
        self.fail(check, detail);
    }

    /// (c): a verifier with a memory comes to the same outcomes, whatever it was asked before.
    pub(crate) fn memory_does_not_matter(&mut self, random: &mut Random) {
        let asked = self.world.client.asked[self.world.client.asked.len() - 1];
        let verifier = {
            // A large one takes its time to make.
            let policy = asked.policy().with_memory(
                Memory::default()
                    .with_chain_bytes(1 << 16)
                    .with_signatures(64),
            );
            ClientVerifier::new(Arc::clone(&self.world.stores.plain), policy)
        };
        let all = self
            .verdicts
            .iter()
            .filter(|verdict| *verdict.asked == asked);
        let mut some: Vec<_> = all.collect();
        random.shuffle(&mut some);
        some.truncate(REMEMBERED);
        let failure = some.iter().chain(some.iter().rev()).find_map(|verdict| {
            let remembered = verifier.verify(&self.world.chain(&verdict.choice), now());
            if is_same(&verdict.outcome, &remembered) {
                return None;
            }
            let check = match is_at_limit(verdict, &remembered) {
                true => "(c) memory of a verifier, at a limit",
                false => "(c) memory of a verifier",
            };
            let detail = format!("{verdict}\nbut {}", shown(&remembered));
            Some((check, detail))
        });
        if let Some((check, detail)) = failure {
            self.fail(check, detail);
        }
    }

    /// (d)
    pub(crate) fn neighbours_do_not_lock_out(&mut self, number: usize) {
        let verdict = &self.verdicts[number];
        // Beside a CRL of the issuer's name, whatever it is about, unknown status is not allowed.
        if verdict.asked.unknown == UnknownStatus::AllowUnpublished {
            return;
        }
        let outcome = self.verify(&self.world.stores.with_neighbours, verdict);
        if outcome.is_err() {
            let check = match is_limit(&outcome) {
                true => "(d) CRLs about others take nobody to a limit",
                false => "(d) CRLs about others lock nobody out",
            };
            let mut detail = format!("{verdict}\nbut {} with", shown(&outcome));
            for crl in &self.world.stores.neighbours {
                detail += &format!("\n  {crl}");
            }
            self.fail(check, detail);
        }
    }

    /// (g)
    pub(crate) fn accepted_until_the_end(&mut self, number: usize) {
        let verdict = &self.verdicts[number];
        let Ok(client) = &verdict.outcome else {
            return;
        };
        // In a hundred years, if it never ends.
        let never = Duration::from_secs(NOW + 100 * 365 * 86_400);
        let until = client.valid_until();
        let until = until.unwrap_or(UnixTime::since_unix_epoch(never));
        let chain = self.world.chain(&verdict.choice);
        let policy = verdict.asked.policy();
        let later = verify_client_chain(&self.world.stores.plain, &chain, until, &policy);
        if later.is_err() {
            let detail = format!("{verdict}\nuntil {until:?}, when {}", shown(&later));
            let check = match is_limit(&later) {
                true => "(g) no limit before the end",
                false => "(g) accepted until the end",
            };
            self.fail(check, detail);
        }
    }

    fn verify(&self, store: &TrustStore, verdict: &Verdict<'_>) -> Outcome {
        let chain = self.world.chain(&verdict.choice);
        verify_client_chain(store, &chain, now(), &verdict.asked.policy())
    }
}

fn is_at_limit(verdict: &Verdict<'_>, other: &Outcome) -> bool {
    is_limit(&verdict.outcome) || is_limit(other)
}
