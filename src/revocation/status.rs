//! How old the CRLs about a certificate are, and what those say together that vouch for it (RFC
//! 5280 §6.3.3 (a), (k) and (l)).

use alloc::vec::Vec;
use core::time::Duration;

use super::crl::StoredCrl;
use super::effect::Age;
use crate::policy::{Expired, PrunedEntries};
use crate::x509::{Reasons, Time, earliest};

/// How the ages of CRLs about one certificate are judged.
#[derive(Clone, Copy)]
pub(crate) struct Ages {
    pub(crate) now: Time,
    pub(crate) clock_skew: Duration,
    /// What becomes of a CRL after its nextUpdate.
    pub(crate) stale: Expired,
    /// Whether CRLs keep the entries of expired certificates.
    pub(crate) pruned: PrunedEntries,
    /// The certificate's notAfter.
    pub(crate) not_after: Time,
}

/// For how long a CRL says that a certificate is not revoked, by itself or with the delta that
/// continues it.
#[derive(Clone, Copy)]
pub(crate) struct Freshness {
    /// The last second at which it is fresh.
    pub(crate) fresh_until: Time,
    /// The last second at which the policy accepts it; `None` if it always does.
    pub(crate) accepted_until: Option<Time>,
}

impl Freshness {
    /// Together they are as fresh as the fresher one (§6.3.3 (a)).
    pub(crate) fn with_delta(self, delta: Self) -> Self {
        let both = self.accepted_until.zip(delta.accepted_until);
        Self {
            fresh_until: self.fresh_until.max(delta.fresh_until),
            accepted_until: both.map(|(one, other)| one.max(other)),
        }
    }

    pub(crate) fn is_fresh(&self, now: Time) -> bool {
        now <= self.fresh_until
    }

    fn is_accepted(&self, now: Time) -> bool {
        self.accepted_until.is_none_or(|until| now <= until)
    }
}

impl Ages {
    /// The first second at which a CRL is no longer from the future.
    pub(crate) fn begin_of(&self, crl: &StoredCrl) -> Time {
        crl.this_update().saturating_sub(self.clock_skew)
    }

    pub(crate) fn is_future(&self, crl: &StoredCrl) -> bool {
        self.begin_of(crl) > self.now
    }

    /// Whether it says something that it does not have the certificate: its issuer cannot have left
    /// it out because it had expired (§3.3).
    pub(crate) fn can_tell(&self, crl: &StoredCrl) -> bool {
        match self.pruned {
            PrunedEntries::Kept => true,
            PrunedEntries::MayBe => !crl.may_have_pruned(self.not_after),
        }
    }

    pub(crate) fn freshness(&self, crl: &StoredCrl) -> Freshness {
        let fresh_until = crl.fresh_until(self.clock_skew);
        Freshness {
            fresh_until,
            accepted_until: match self.stale {
                Expired::Reject => Some(fresh_until),
                Expired::AcceptFor(grace) => fresh_until.checked_add(grace),
                Expired::Accept => None,
            },
        }
    }

    /// What the age of a CRL with this freshness is worth.
    pub(crate) fn age(&self, crl: &StoredCrl, freshness: &Freshness) -> Age {
        if self.is_future(crl) {
            Age::Future
        } else if !self.can_tell(crl) {
            Age::MayBePruned
        } else if freshness.is_accepted(self.now) {
            Age::Accepted
        } else {
            Age::TooStale
        }
    }
}

/// A CRL that would vouch for a certificate if it were newer.
#[derive(Clone, Copy)]
pub(crate) struct TooStale<'a> {
    pub(crate) crl: &'a StoredCrl,
    pub(crate) covers: Reasons,
    /// Whether it was made with the key that signed the certificate.
    pub(crate) is_own: bool,
    /// The last second at which it was fresh.
    pub(crate) fresh_until: Time,
}

/// What vouches for a certificate.
#[derive(Default)]
pub(crate) struct Coverage<'a> {
    vouching: Vec<Vouching<'a>>,
    /// The reasons that the certificate's issuer's own key has CRLs for.
    own: Reasons,
    too_stale: Vec<TooStale<'a>>,
}

/// A CRL that vouches for a certificate.
#[derive(Clone, Copy)]
pub(crate) struct Vouching<'a> {
    pub(crate) crl: &'a StoredCrl,
    pub(crate) covers: Reasons,
    /// Whether it was made with the key that signed the certificate.
    pub(crate) is_own: bool,
    /// The last second at which it vouches.
    pub(crate) until: Option<Time>,
    /// Where it, or what its signer's status rests on, is no longer fresh: since when.
    pub(crate) stale_since: Option<Time>,
    /// Whether its signer is known not to be revoked.
    pub(crate) is_sure: bool,
}

/// What CRLs say together.
pub(crate) enum CombinedStatus<'a> {
    /// The certificate is not revoked.
    Good {
        /// The last second at which they say so.
        until: Option<Time>,
        /// Where some are no longer fresh: since when.
        stale_since: Option<Time>,
        /// Whether the status of those who signed them is known.
        is_sure: bool,
    },
    /// Nobody says so for every reason, and one would that is too old.
    TooStale(TooStale<'a>),
    /// Nobody says so for every reason.
    Open {
        /// One that does for some.
        partial: Option<&'a StoredCrl>,
        /// The last second before one of those is too old.
        until: Option<Time>,
    },
}

impl<'a> Coverage<'a> {
    /// Notes that the key that signed the certificate has made a CRL for these reasons: for them no
    /// other key vouches, so that no newer CRL of another key hides that its own has grown old.
    pub(crate) fn note_own(&mut self, covers: Reasons) {
        self.own = self.own.union(covers);
    }

    pub(crate) fn add(&mut self, vouching: Vouching<'a>) {
        self.vouching.push(vouching);
    }

    /// Notes a CRL that is too old.
    pub(crate) fn add_too_stale(&mut self, too_stale: TooStale<'a>) {
        self.too_stale.push(too_stale);
    }

    /// Of the CRLs that are too old, that of the certificate's issuer's own key, and of several the
    /// newest. Those of other keys do not count where they would not vouch.
    fn too_stale(&self) -> Option<TooStale<'a>> {
        let others = Reasons::ALL.without(self.own);
        let counted = self
            .too_stale
            .iter()
            .filter(|one| one.is_own || !one.covers.intersection(others).is_empty());
        counted
            .max_by_key(|one| (one.is_own, one.fresh_until))
            .copied()
    }

    /// The reasons for which another key than the certificate's issuer's may vouch, and nobody does
    /// yet.
    pub(crate) fn open_to_others(&self) -> Reasons {
        Reasons::ALL.without(self.own.union(self.vouched()))
    }

    /// The reasons for which nobody vouches yet.
    pub(crate) fn open_to_own(&self) -> Reasons {
        Reasons::ALL.without(self.vouched())
    }

    /// Whether the certificate's issuer's own key vouches for every reason.
    pub(crate) fn is_vouched_by_own(&self) -> bool {
        let own = self.vouching.iter().filter(|one| one.is_own);
        let covers = own.fold(Reasons::NONE, |all, one| all.union(one.covers));
        covers.is_all()
    }

    /// Whether somebody vouches for every reason.
    pub(crate) fn is_vouched(&self) -> bool {
        self.vouched().is_all()
    }

    fn vouched(&self) -> Reasons {
        self.counted()
            .fold(Reasons::NONE, |all, one| all.union(one.covers))
    }

    /// What counts: of another key's, what the certificate's issuer's own has no CRL for.
    fn counted(&self) -> impl Iterator<Item = Vouching<'a>> {
        let others = Reasons::ALL.without(self.own);
        let counted = self.vouching.iter().map(move |one| Vouching {
            covers: match one.is_own {
                true => one.covers,
                false => one.covers.intersection(others),
            },
            ..*one
        });
        counted.filter(|one| !one.covers.is_empty())
    }

    /// What they say together.
    pub(crate) fn combined(&self) -> CombinedStatus<'a> {
        let mut counted: Vec<Vouching<'a>> = self.counted().collect();
        // Those that last longest first; `None` lasts for ever.
        let lasts = |one: &Vouching<'_>| one.until.unwrap_or(Time::END);
        counted.sort_by_key(|one| core::cmp::Reverse(lasts(one)));
        let (mut covered, mut until) = (Reasons::NONE, None);
        for one in &counted {
            if covered.is_all() {
                break;
            }
            covered = covered.union(one.covers);
            until = one.until;
        }
        if !covered.is_all() {
            let partial = counted.first().map(|one| one.crl);
            let until = counted
                .iter()
                .fold(None, |end, one| earliest(end, one.until));
            let open = CombinedStatus::Open { partial, until };
            return self.too_stale().map_or(open, CombinedStatus::TooStale);
        }
        let covered_by = |fits: &dyn Fn(&Vouching<'_>) -> bool| {
            let fitting = counted.iter().filter(|one| fits(one));
            fitting.fold(Reasons::NONE, |all, one| all.union(one.covers))
        };
        let is_fresh = covered_by(&|one| one.is_sure && one.stale_since.is_none()).is_all();
        let stale = counted.iter().filter(|one| one.is_sure);
        let stale_since = stale.fold(None, |since, one| earliest(since, one.stale_since));
        CombinedStatus::Good {
            until,
            stale_since: stale_since.filter(|_| !is_fresh),
            is_sure: is_fresh || covered_by(&|one| one.is_sure).is_all(),
        }
    }
}
