//! Policies as plain data.

use mtls_verify::ClientPolicy;
use mtls_verify::policy::{
    Expired, ExpiryPolicy, Profile, PrunedEntries, RevocationPolicy, UnknownStatus,
};

use crate::random::Random;
use crate::signature::HASHED;

/// What a server asks of its clients. Each `accepts` is laxer if set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) profile: Profile,
    pub(crate) checks_path: bool,
    pub(crate) unknown: UnknownStatus,
    pub(crate) accepts_stale: bool,
    pub(crate) accepts_expired: bool,
    pub(crate) keeps_pruned: bool,
}

impl Asked {
    /// A policy, and usually one or two that are laxer.
    pub(crate) fn choose(has_expired_client: bool, random: &mut Random) -> Vec<Self> {
        let mut all = vec![Self {
            profile: match random.percent(25) {
                true => Profile::Rfc5280,
                false => Profile::Compatible,
            },
            checks_path: random.percent(60),
            unknown: random.pick(&[
                UnknownStatus::Deny,
                UnknownStatus::Deny,
                UnknownStatus::AllowUnpublished,
                UnknownStatus::Allow,
            ]),
            accepts_stale: random.percent(20),
            accepts_expired: has_expired_client && random.percent(85),
            keeps_pruned: random.percent(25),
        }];
        for _ in 0..random.pick(&[0, 0, 1, 1, 2]) {
            let mut laxer = all[all.len() - 1];
            match random.below(4) {
                0 => laxer.checks_path = false,
                1 => {
                    laxer.unknown = match laxer.unknown {
                        UnknownStatus::Deny => UnknownStatus::AllowUnpublished,
                        _ => UnknownStatus::Allow,
                    }
                }
                2 => laxer.accepts_stale = true,
                _ => laxer.accepts_expired = true,
            }
            if !all.contains(&laxer) {
                all.push(laxer);
            }
        }
        all
    }

    pub(crate) fn policy(&self) -> ClientPolicy {
        let revocation = match self.checks_path {
            true => RevocationPolicy::whole_path(),
            false => RevocationPolicy::client_only(),
        };
        let pruned = match self.keeps_pruned {
            true => PrunedEntries::Kept,
            false => PrunedEntries::MayBe,
        };
        let revocation = revocation
            .with_unknown(self.unknown)
            .with_stale(expired(self.accepts_stale))
            .with_pruned(pruned);
        self.policy_without_revocation().with_revocation(revocation)
    }

    pub(crate) fn policy_without_revocation(&self) -> ClientPolicy {
        ClientPolicy::default()
            .with_profile(self.profile)
            .with_expiry(ExpiryPolicy::default().with_client(expired(self.accepts_expired)))
            .with_signatures(HASHED.clone())
            .with_revocation(RevocationPolicy::off())
    }
}

fn expired(is_accepted: bool) -> Expired {
    match is_accepted {
        true => Expired::Accept,
        false => Expired::Reject,
    }
}
