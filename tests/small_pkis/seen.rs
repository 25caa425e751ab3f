//! What came up: the outcomes, and the PKIs that met a limit.

use std::collections::BTreeMap;
use std::fmt;

use mtls_verify::policy::Profile;

use crate::pki::{Outcome, Pki};
use crate::{Allowed, name_of};

/// How many numbers of PKIs are shown of each kind.
const SHOWN: usize = 5;

#[derive(Default)]
pub(crate) struct Seen {
    all: u64,
    accepted: u64,
    /// By the name of the reason, where no limit ended the search.
    refused: BTreeMap<String, u64>,
    limited: BTreeMap<Limited, Numbers>,
}

/// A way in which PKIs meet a limit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Limited {
    limit: String,
    is_rfc5280: bool,
    has_crls: bool,
    /// The outcome with more room.
    unlimited: String,
}

/// How many PKIs, and the numbers of a few.
#[derive(Default)]
struct Numbers {
    count: u64,
    some: Vec<u64>,
}

const ACCEPTED: &str = "accepted";

impl Seen {
    pub(crate) fn note(
        &mut self,
        pki: &Pki<'_>,
        limited: &Outcome,
        unlimited: &Outcome,
        is_limited: bool,
    ) {
        self.all += 1;
        let reason = match limited {
            Ok(_) => {
                self.accepted += 1;
                return;
            }
            Err(refusal) => refusal.reason(),
        };
        let name = name_of(reason);
        if !is_limited {
            *self.refused.entry(name).or_default() += 1;
            return;
        }
        let unlimited = match unlimited {
            Ok(_) => ACCEPTED.to_owned(),
            Err(refusal) => name_of(refusal.reason()),
        };
        let kind = Limited {
            limit: name,
            is_rfc5280: pki.server.policy.profile == Profile::Rfc5280,
            has_crls: !pki.server.crls.is_empty(),
            unlimited,
        };
        let numbers = self.limited.entry(kind).or_default();
        numbers.count += 1;
        numbers.some.push(pki.number);
        numbers.some.truncate(SHOWN);
    }

    /// These and those of another part.
    pub(crate) fn add(mut self, other: Self) -> Self {
        self.all += other.all;
        self.accepted += other.accepted;
        for (reason, count) in other.refused {
            *self.refused.entry(reason).or_default() += count;
        }
        for (kind, numbers) in other.limited {
            let own = self.limited.entry(kind).or_default();
            own.count += numbers.count;
            own.some.extend(numbers.some);
            own.some.truncate(SHOWN);
        }
        self
    }

    pub(crate) fn count(&self) -> u64 {
        self.all
    }

    /// Fails if more PKIs than allowed met a limit.
    pub(crate) fn assert_limits_are_rare(&self, allowed: &Allowed) {
        let count = |fits: &dyn Fn(&Limited) -> bool| -> u64 {
            let fitting = self.limited.iter().filter(|(kind, _)| fits(kind));
            fitting.map(|(_, numbers)| numbers.count).sum()
        };
        let accepted = count(&|kind| kind.unlimited == ACCEPTED);
        let without_crls = count(&|kind| kind.unlimited == ACCEPTED && !kind.has_crls);
        let all = count(&|_| true);
        assert!(
            without_crls * 10_000 <= allowed.accepted_without_crls * self.all,
            "{without_crls} clients met a limit that are accepted with more room: {self}"
        );
        assert!(
            accepted * 10_000 <= allowed.accepted * self.all,
            "{accepted} clients met a limit that are accepted with more room: {self}"
        );
        assert!(
            all * 10_000 <= allowed.all * self.all,
            "{all} clients met a limit: {self}"
        );
    }

    /// Fails if the generator has gone dull: few clients are accepted, or a reason to refuse them
    /// never comes up.
    pub(crate) fn assert_varied(&self) {
        assert!(self.accepted >= self.all / 6, "{self}");
        for reason in [
            "BadSignature",
            "Expired",
            "NameConstraint",
            "NoValidPolicy",
            "NonConforming",
            "PathLength",
            "RevocationUnknown",
            "Revoked",
            "StaleCrl",
            "UnknownIssuer",
            "UntrustedRoot",
        ] {
            assert!(self.refused.contains_key(reason), "{reason} in {self}");
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} PKIs, {} accepted", self.all, self.accepted)?;
        writeln!(f, "refused: {:?}", self.refused)?;
        for (kind, Numbers { count, some }) in &self.limited {
            let profile = if kind.is_rfc5280 {
                "Rfc5280"
            } else {
                "Compatible"
            };
            let crls = if kind.has_crls { "with" } else { "without" };
            writeln!(
                f,
                "{}, {profile}, {crls} CRLs, otherwise {}: {count}, such as {some:?}",
                kind.limit, kind.unlimited
            )?;
        }
        Ok(())
    }
}
