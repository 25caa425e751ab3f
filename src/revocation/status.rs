//! What the lists about a certificate say of it together (RFC 5280 §6.3.3).

use alloc::vec::Vec;
use core::time::Duration;

use pki_types::UnixTime;

use super::list::{List, Listed};
use crate::policy::Expired;
use crate::x509::{Certificate, Reasons, RevocationReason, Time};

/// A complete list that is about a certificate, and authentic.
pub(crate) struct Witness<'a> {
    pub(crate) list: &'a List,
    /// Whose key made it.
    pub(crate) signer: Certificate<'a>,
    /// The last second at which that is known to be a valid issuer, where there is one.
    pub(crate) signer_until: Option<Time>,
    /// The reasons for which it would say that the certificate is revoked.
    pub(crate) covers: Reasons,
    /// The delta list that continues it.
    pub(crate) delta: Option<&'a List>,
}

/// How the age of lists is judged.
#[derive(Clone, Copy)]
pub(crate) struct Ages {
    pub(crate) now: Time,
    pub(crate) clock_skew: Duration,
    /// What becomes of a list after its nextUpdate.
    pub(crate) stale: Expired,
}

/// What lists say of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Revoked {
        reason: RevocationReason,
        on: UnixTime,
    },
    /// None of them revokes it, and together they would for every reason.
    Good {
        /// The last second at which they say so.
        until: Option<Time>,
        /// Where that takes stale lists: the last second at which the first of them was fresh.
        stale_since: Option<Time>,
    },
    /// None of them revokes it, but they do not cover every reason.
    Open {
        /// Where one that does is too stale: the last second at which it was fresh.
        stale_since: Option<Time>,
        /// The last second at which they say so.
        until: Option<Time>,
    },
}

impl Ages {
    /// The first second at which a list is no longer from the future.
    pub(crate) fn begin_of(&self, list: &List) -> Time {
        list.this_update().saturating_sub(self.clock_skew)
    }

    /// The last second at which a list is fresh.
    pub(crate) fn fresh_until(&self, list: &List) -> Time {
        list.fresh_until(self.clock_skew)
    }

    /// The last second at which a list is accepted; `None` if it always is.
    pub(crate) fn accepted_until(&self, list: &List) -> Option<Time> {
        let fresh_until = self.fresh_until(list);
        match self.stale {
            Expired::Reject => Some(fresh_until),
            Expired::AcceptFor(grace) => fresh_until.checked_add(grace),
            Expired::Accept => None,
        }
    }
}

/// Leaves out each list to which there is a newer one by the same key and about the same certificates. What was made with
/// another key stays: CAs whose key was changed may make a list with each, of the certificates that they issued with it.
pub(crate) fn newest(witnesses: &mut Vec<Witness<'_>>) {
    let is_superseded: Vec<bool> = witnesses
        .iter()
        .map(|one| {
            witnesses.iter().any(|other| {
                other.signer.spki() == one.signer.spki()
                    && other.list.has_scope_of(one.list)
                    && other.list.is_newer_than(one.list)
            })
        })
        .collect();
    let mut is_superseded = is_superseded.into_iter();
    witnesses.retain(|_| !is_superseded.next().unwrap_or(false));
}

/// What the witnesses say of the certificate with this issuer and serial number.
///
/// Being revoked counts even where a list is stale, or covers some reasons only.
pub(crate) fn status_of(
    witnesses: &[Witness<'_>],
    issuer: &[u8],
    serial: &[u8],
    ages: Ages,
) -> Status {
    let mut covering: Vec<(Option<Time>, Reasons)> = Vec::with_capacity(witnesses.len());
    let mut fresh = Reasons::NONE;
    let (mut stale_since, mut too_stale_since) = (None, None);
    for witness in witnesses {
        let testimony = match Testimony::of(witness, issuer, serial, ages) {
            Ok(testimony) => testimony,
            Err((reason, on)) => return Status::Revoked { reason, on },
        };
        let until = earliest(testimony.accepted_until, witness.signer_until);
        if until.is_some_and(|until| ages.now > until) {
            too_stale_since = too_stale_since.max(Some(testimony.fresh_until));
            continue;
        }
        covering.push((until, witness.covers));
        if ages.now <= testimony.fresh_until {
            fresh = fresh.union(witness.covers);
        } else {
            stale_since = earliest(stale_since, Some(testimony.fresh_until));
        }
    }
    // Those that last longest first; `None` lasts for ever.
    covering.sort_by_key(|(until, _)| core::cmp::Reverse(until.unwrap_or(Time::END)));
    let mut covered = Reasons::NONE;
    for (until, covers) in &covering {
        covered = covered.union(*covers);
        if covered.is_all() {
            return Status::Good {
                until: *until,
                stale_since: stale_since.filter(|_| !fresh.is_all()),
            };
        }
    }
    Status::Open {
        stale_since: too_stale_since,
        until: covering.last().and_then(|(until, _)| *until),
    }
}

/// For how long a list and its delta say that a certificate is not revoked.
struct Testimony {
    fresh_until: Time,
    accepted_until: Option<Time>,
}

impl Testimony {
    fn of(
        witness: &Witness<'_>,
        issuer: &[u8],
        serial: &[u8],
        ages: Ages,
    ) -> Result<Self, (RevocationReason, UnixTime)> {
        let list = witness.list;
        let of_list = Self {
            fresh_until: ages.fresh_until(list),
            accepted_until: ages.accepted_until(list),
        };
        let listed = list.find(issuer, serial);
        let Some(delta) = witness.delta else {
            return match listed {
                Listed::Revoked { reason, on } => Err((reason, on)),
                Listed::Not | Listed::Removed => Ok(of_list),
            };
        };
        let of_delta = Self {
            fresh_until: ages.fresh_until(delta),
            accepted_until: ages.accepted_until(delta),
        };
        match (listed, delta.find(issuer, serial)) {
            (_, Listed::Revoked { reason, on }) => Err((reason, on)),
            // Only the delta says that it is no longer revoked, and is not believed longer than it says itself.
            (Listed::Revoked { .. }, Listed::Removed) if ages.now <= of_delta.fresh_until => {
                Ok(Self {
                    accepted_until: Some(of_delta.fresh_until),
                    ..of_delta
                })
            }
            (Listed::Revoked { reason, on }, _) => Err((reason, on)),
            // Together they are as fresh as the fresher one (§6.3.3 (a)).
            (Listed::Not | Listed::Removed, _) => Ok(Self {
                fresh_until: of_list.fresh_until.max(of_delta.fresh_until),
                accepted_until: of_list
                    .accepted_until
                    .zip(of_delta.accepted_until)
                    .map(|(one, other)| one.max(other)),
            }),
        }
    }
}

/// The earlier of two ends, where `None` is no end.
pub(crate) fn earliest(one: Option<Time>, other: Option<Time>) -> Option<Time> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
