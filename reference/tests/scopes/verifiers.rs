//! A `ClientVerifier` with its memory says at several times what is said without it.

use std::sync::Arc;

use mtls_verify::ClientVerifier;

use crate::common::{self, Outcome, Random};
use crate::questions::question;
use crate::{NOW, on_each_seed};

/// How many questions are asked of one verifier.
const QUESTIONS: usize = 8;

/// All of an outcome that a caller can see.
fn seen(outcome: &Outcome) -> String {
    match outcome {
        Ok(client) => format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            client.scopes().collect::<Vec<_>>(),
            client.path().map(|der| der.to_vec()).collect::<Vec<_>>(),
            client.trusted_by(),
            client.expiry(),
            client.valid_until(),
            client.path_revocation().collect::<Vec<_>>(),
            client.policies(),
        ),
        Err(refusal) => format!("{refusal:?}"),
    }
}

#[test]
fn memory_changes_nothing() {
    on_each_seed(300, |seed, tally| {
        let mut asked = question(seed);
        let store = common::scoped_store(&asked).map_err(|error| error.to_string())?;
        let random = &mut Random::new(seed ^ 0x3e3);
        let first = common::ask_library_in(&asked, &store);
        if first.is_err() && random.percent(70) {
            return Ok(());
        }
        let policy = common::client_policy(&asked.policy);
        let verifier = ClientVerifier::new(Arc::new(store.clone()), policy);
        let within = asked.within.clone();
        let names: Vec<String> = asked
            .scopes
            .iter()
            .map(|scope| scope.name.clone())
            .collect();
        let mut times = vec![NOW as i64];
        for step in 0..QUESTIONS {
            asked.now = match random.percent(60) {
                true => random.pick(&times),
                false => NOW as i64 + random.below(60) as i64 - 30,
            };
            times.push(asked.now);
            asked.within = match random.percent(25) {
                true => Some(random.some(&names, 60)),
                false => within.clone(),
            };
            let with_memory = seen(&common::ask_verifier_in(&asked, &verifier));
            let without = seen(&common::ask_library_in(&asked, &store));
            if with_memory != without {
                return Err(format!("question {step}: {with_memory}, without {without}"));
            }
        }
        if verifier.counts().memory_hits() > 0 {
            tally.see("!from memory");
        }
        Ok(())
    });
}
