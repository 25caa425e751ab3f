//! What came up: outcomes, features of worlds, and failures.

use std::collections::BTreeMap;
use std::fmt;

use crate::outcome::name_of;
use crate::trial::{Failure, Trial};

/// How many numbers of worlds are shown for each check that failed.
const SHOWN: usize = 5;

#[derive(Default)]
pub(crate) struct Seen {
    worlds: u64,
    verdicts: u64,
    accepted: u64,
    /// By the name of the reason.
    refused: BTreeMap<String, u64>,
    /// How many verdicts in worlds with each feature accepted, and how many refused for revocation.
    features: BTreeMap<&'static str, [u64; 2]>,
    /// In how many worlds checks had something to check.
    premises: BTreeMap<&'static str, u64>,
    failures: BTreeMap<&'static str, Failed>,
}

/// A check that failed.
#[derive(Default)]
struct Failed {
    count: u64,
    some: Vec<u64>,
    /// One world and what is wrong there.
    example: String,
}

impl Seen {
    pub(crate) fn note(&mut self, trial: &Trial<'_>, failures: Vec<Failure>) {
        let world = trial.world;
        self.worlds += 1;
        let mut counts = [0; 2];
        for verdict in &trial.verdicts {
            self.verdicts += 1;
            match &verdict.outcome {
                Ok(_) => counts[0] += 1,
                Err(error) => {
                    let name = name_of(error);
                    counts[1] += u64::from(IS_ABOUT_REVOCATION.contains(&name.as_str()));
                    *self.refused.entry(name).or_default() += 1;
                }
            }
        }
        self.accepted += counts[0];
        for feature in world.pki.features.union(&world.client.features) {
            let of_feature = self.features.entry(feature).or_default();
            of_feature[0] += counts[0];
            of_feature[1] += counts[1];
        }
        for premise in &trial.premises {
            *self.premises.entry(premise).or_default() += 1;
        }
        for Failure { check, detail } in failures {
            let failed = self.failures.entry(check).or_default();
            failed.count += 1;
            failed.some.push(world.number);
            failed.some.truncate(SHOWN);
            if failed.example.is_empty() {
                failed.example = format!("{world}{detail}");
            }
        }
    }

    /// These and those of another part.
    pub(crate) fn add(mut self, other: Self) -> Self {
        self.worlds += other.worlds;
        self.verdicts += other.verdicts;
        self.accepted += other.accepted;
        for (reason, count) in other.refused {
            *self.refused.entry(reason).or_default() += count;
        }
        for (feature, [accepted, refused]) in other.features {
            let own = self.features.entry(feature).or_default();
            own[0] += accepted;
            own[1] += refused;
        }
        for (premise, count) in other.premises {
            *self.premises.entry(premise).or_default() += count;
        }
        for (check, failed) in other.failures {
            let own = self.failures.entry(check).or_default();
            own.count += failed.count;
            own.some.extend(failed.some);
            own.some.sort_unstable();
            own.some.truncate(SHOWN);
            if own.example.is_empty() {
                own.example = failed.example;
            }
        }
        self
    }

    /// Fails if a check failed in any world.
    pub(crate) fn assert_no_failures(&self) {
        let mut report = String::new();
        for (check, failed) in &self.failures {
            let Failed {
                count,
                some,
                example,
            } = failed;
            report += &format!("\n{check}: {count} worlds, such as {some:?}. One is\n{example}\n");
        }
        assert!(report.is_empty(), "{report}");
    }

    /// Fails if the generator has gone dull: few clients are accepted, a reason to refuse them
    /// never comes up, or a feature makes no difference.
    pub(crate) fn assert_varied(&self) {
        assert!(self.accepted >= self.verdicts / 4, "{self}");
        // Signers that revoke each other have no status that is known, and most often no other
        // reason.
        for reason in ["RevocationUnknown", "Revoked", "StaleCrl"] {
            assert!(self.refused.contains_key(reason), "{reason} in {self}");
        }
        assert!(self.features.len() >= FEATURES, "{self}");
        for (feature, [accepted, refused]) in &self.features {
            let few = self.worlds / 100;
            assert!(*accepted > few && *refused > few, "{feature} in {self}");
        }
        assert!(self.premises.len() >= PREMISES, "{self}");
        for (premise, count) in &self.premises {
            assert!(*count > self.worlds / 200, "{premise} in {self}");
        }
    }
}

const IS_ABOUT_REVOCATION: &[&str] = &["CircularCrls", "RevocationUnknown", "Revoked", "StaleCrl"];

/// How many features the generator has.
const FEATURES: usize = 39;

/// How many premises the checks have.
const PREMISES: usize = 7;

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (worlds, verdicts, accepted) = (self.worlds, self.verdicts, self.accepted);
        writeln!(
            f,
            "{worlds} worlds, {verdicts} verdicts, {accepted} accepted"
        )?;
        writeln!(f, "refused: {:?}", self.refused)?;
        for (feature, [accepted, refused]) in &self.features {
            writeln!(f, "  {feature}: {accepted} accepted, {refused} refused")?;
        }
        for (premise, count) in &self.premises {
            writeln!(f, "  {premise}: {count} worlds")?;
        }
        for (check, Failed { count, some, .. }) in &self.failures {
            writeln!(f, "FAILED {check}: {count} worlds, such as {some:?}")?;
        }
        Ok(())
    }
}
