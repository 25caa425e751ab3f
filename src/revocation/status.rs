//! What the lists about a certificate say of it together (RFC 5280 §6.3.3).

use alloc::vec::Vec;
use core::time::Duration;

use pki_types::UnixTime;

use super::list::{List, Listed};
use crate::policy::Expired;
use crate::x509::{Certificate, Reasons, RevocationReason, Time, earliest};

/// A list that is about a certificate, and authentic.
#[derive(Clone, Copy)]
pub(crate) struct Witness<'a> {
    pub(crate) list: &'a List,
    /// Whose key made it.
    pub(crate) signer: Signer<'a>,
    /// The reasons for which it would say that the certificate is revoked. With none, it is there only to say that it is: nobody may go
    /// by it for more. A delta list, which continues another one, has none of its own.
    pub(crate) covers: Reasons,
    /// Whether its form is what the policy's profile asks for.
    pub(crate) is_conforming: bool,
}

/// Whose key made a list.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    pub(crate) certificate: Certificate<'a>,
    /// The last second at which that is known to be a valid issuer, where there is one.
    pub(crate) until: Option<Time>,
    pub(crate) standing: Standing,
}

/// What is known of the revocation of whoever signed a list. The better comes after the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// Its own path is being judged, and that has come to this list. Until it is done, whoever the list revokes
    /// is neither revoked nor not.
    Undecided,
    /// Not revoked, but not what the policy asks for: expired, or of unknown status. What it revokes is revoked, and no more.
    Refused,
    /// Unknown, and the policy allows that.
    Unknown,
    /// Not revoked, by a list that was fresh until then.
    Stale(Time),
    /// Not revoked, or not to be checked.
    Good,
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
        /// On what that rests, at worst.
        by: Standing,
    },
    /// None of them revokes it, but they do not cover every reason.
    Open {
        /// Where one that does is too stale: the last second at which it was fresh.
        stale_since: Option<Time>,
        /// The last second at which they say so.
        until: Option<Time>,
    },
    /// The certificate is revoked by a list whose issuer is not known to be valid before this is known.
    Circular,
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

/// Leaves out each list to which there is a newer one by the same key and about the same certificates: a complete one, or for a delta list another one
/// that tells of all that it tells of. What was made with another key stays: CAs whose key was changed may make a list with each, of the certificates that they issued with it.
pub(crate) fn newest(witnesses: &mut Vec<Witness<'_>>) {
    let is_superseded: Vec<bool> = witnesses
        .iter()
        .map(|one| {
            witnesses.iter().any(|other| {
                let tells_all = !other.covers.is_empty()
                    || other.is_conforming && other.list.begins_before(one.list);
                tells_all && other.list.is_newer_than(one.list) && other.has_scope_of(one)
            })
        })
        .collect();
    let mut is_superseded = is_superseded.into_iter();
    witnesses.retain(|_| !is_superseded.next().unwrap_or(false));
}

impl Witness<'_> {
    /// Whether it is by the same key as another one, and about the same certificates.
    fn has_scope_of(&self, other: &Self) -> bool {
        self.signer.certificate.spki() == other.signer.certificate.spki()
            && self.list.has_scope_of(other.list)
    }

    fn is_undecided(&self) -> bool {
        self.signer.standing == Standing::Undecided
    }

    /// Whether somebody can be good by it, and not only revoked.
    pub(crate) fn vouches(&self) -> bool {
        !self.covers.is_empty() && self.signer.standing > Standing::Refused
    }
}

/// What the witnesses say of the certificate with this issuer and serial number.
///
/// Being revoked counts even where a list is stale, does not conform, or covers some reasons only.
pub(crate) fn status_of(
    witnesses: &[Witness<'_>],
    issuer: &[u8],
    serial: &[u8],
    ages: Ages,
) -> Status {
    let mut covering: Vec<(Option<Time>, Reasons)> = Vec::with_capacity(witnesses.len());
    let (mut fresh, mut known) = (Reasons::NONE, Reasons::NONE);
    let (mut stale_since, mut too_stale_since) = (None, None);
    // Whether one revokes that might not count itself. Should another one revoke as well, it does not matter.
    let mut is_circular = false;
    // When a certificate that is off hold would be on hold again.
    let mut hold_again = None;
    // Of lists by a signer that is refused: what is too stale is so whoever signed it.
    let mut refused_until = None;
    for witness in witnesses {
        let testimony = match Testimony::of(witness, witnesses, issuer, serial, ages) {
            Ok(testimony) => testimony,
            Err(_) if witness.is_undecided() => {
                is_circular = true;
                continue;
            }
            Err((reason, on)) => return Status::Revoked { reason, on },
        };
        if testimony.rests_on_delta {
            hold_again = earliest(hold_again, testimony.accepted_until);
        }
        if witness.covers.is_empty() || witness.is_undecided() {
            continue;
        }
        if testimony
            .accepted_until
            .is_some_and(|until| ages.now > until)
        {
            too_stale_since = too_stale_since.max(Some(testimony.fresh_until));
            continue;
        }
        if witness.signer.standing == Standing::Refused {
            refused_until = earliest(refused_until, testimony.accepted_until);
            continue;
        }
        let until = earliest(testimony.accepted_until, witness.signer.until);
        covering.push((until, witness.covers));
        let is_fresh = ages.now <= testimony.fresh_until;
        match witness.signer.standing {
            Standing::Good if is_fresh => fresh = fresh.union(witness.covers),
            Standing::Stale(since) => stale_since = earliest(stale_since, Some(since)),
            _ => {}
        }
        if !is_fresh {
            stale_since = earliest(stale_since, Some(testimony.fresh_until));
        }
        if witness.signer.standing != Standing::Unknown {
            known = known.union(witness.covers);
        }
    }
    if is_circular {
        return Status::Circular;
    }
    // Those that last longest first; `None` lasts for ever.
    covering.sort_by_key(|(until, _)| core::cmp::Reverse(until.unwrap_or(Time::END)));
    let mut covered = Reasons::NONE;
    for (until, covers) in &covering {
        covered = covered.union(*covers);
        if covered.is_all() {
            return Status::Good {
                until: earliest(*until, hold_again),
                by: match () {
                    () if fresh.is_all() => Standing::Good,
                    () if known.is_all() => stale_since.map_or(Standing::Unknown, Standing::Stale),
                    () => Standing::Unknown,
                },
            };
        }
    }
    let first_end = covering.last().and_then(|(until, _)| *until);
    Status::Open {
        stale_since: too_stale_since,
        until: earliest(first_end, earliest(hold_again, refused_until)),
    }
}

/// For how long a list and the delta that continues it say that a certificate is not revoked.
struct Testimony {
    fresh_until: Time,
    accepted_until: Option<Time>,
    /// Whether it would be revoked without the delta.
    rests_on_delta: bool,
}

impl Testimony {
    fn of(
        witness: &Witness<'_>,
        all: &[Witness<'_>],
        issuer: &[u8],
        serial: &[u8],
        ages: Ages,
    ) -> Result<Self, (RevocationReason, UnixTime)> {
        let of = |list| Self {
            fresh_until: ages.fresh_until(list),
            accepted_until: ages.accepted_until(list),
            rests_on_delta: false,
        };
        let of_list = of(witness.list);
        let listed = witness.list.find(issuer, serial);
        // Every delta list is a witness of its own for what it revokes.
        let delta = all.iter().filter(|delta| {
            delta.is_conforming && delta.has_scope_of(witness) && delta.list.continues(witness.list)
        });
        let mut delta = delta.map(|delta| delta.list);
        let first = delta.next();
        let delta = delta.fold(first, |newest, other| match newest {
            Some(newest) if other.is_newer_than(newest) => Some(other),
            newest => newest,
        });
        let Some(delta) = delta else {
            return match listed {
                Listed::Revoked { reason, on } => Err((reason, on)),
                Listed::Not | Listed::Removed => Ok(of_list),
            };
        };
        let of_delta = of(delta);
        match (listed, delta.find(issuer, serial)) {
            // Only the delta says that it is no longer revoked, and is not believed longer than it says itself.
            (Listed::Revoked { .. }, Listed::Removed) if ages.now <= of_delta.fresh_until => {
                Ok(Self {
                    accepted_until: Some(of_delta.fresh_until),
                    rests_on_delta: true,
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
                rests_on_delta: false,
            }),
        }
    }
}
