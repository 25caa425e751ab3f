//! What is known of signers of CRLs.

use alloc::vec::Vec;

use super::inquiry::Held;
use crate::error::Reason;
use crate::path::Node;
use crate::validate::{StableInterval, Strictness};
use crate::verified_client::RevocationStatus;
use crate::x509::Time;

/// A signer that has a path to an anchor.
#[derive(Clone, Copy)]
pub(super) struct Valid {
    /// The last second at which it has.
    pub(super) until: Option<Time>,
    /// Whether its own status is known, or not to be checked.
    pub(super) is_sure: bool,
    /// Where its status rests on CRLs that are no longer fresh: since when.
    pub(super) stale_since: Option<Time>,
}

impl Valid {
    pub(super) fn of(held: &Held) -> Self {
        let statuses = || held.revocation.iter();
        let mut since: Option<Time> = None;
        for status in statuses() {
            if let RevocationStatus::Stale { since: its } = status {
                let its = Time::from(*its);
                since = Some(since.map_or(its, |since| since.min(its)));
            }
        }
        Self {
            until: held.window.until(),
            is_sure: !statuses().any(|status| *status == RevocationStatus::Unknown),
            stale_since: since,
        }
    }

    pub(super) fn is_good(&self) -> bool {
        self.is_sure && self.stale_since.is_none()
    }

    pub(super) fn worth(&self) -> impl Ord + use<> {
        (
            self.is_sure,
            self.stale_since.unwrap_or(Time::END),
            self.until.unwrap_or(Time::END),
        )
    }
}

/// What came of judging a signer of CRLs.
#[derive(Clone, Copy)]
pub(super) enum Judged {
    Valid(Valid),
    Invalid(Invalid),
    InProgress,
}

/// Why a signer of CRLs is not valid.
#[derive(Clone, Copy)]
pub(super) enum Invalid {
    Revoked,
    /// It and others revoke each other.
    Circular,
    /// It has no path, or too many others would have to be judged to know.
    NoPath,
}

impl Invalid {
    pub(super) fn of(reason: &Reason) -> Self {
        match reason {
            Reason::CircularCrls => Self::Circular,
            reason if reason.is_revoked() => Self::Revoked,
            _ => Self::NoPath,
        }
    }
}

/// What was found out about signers of CRLs, so as not to find it out twice. What rests on a signer
/// that is still being judged is not noted.
#[derive(Default)]
pub(super) struct KnownSigners(Vec<(Question, Judged, StableInterval)>);

/// A signer, how strictly it is judged, and the anchor that its path is to end at.
pub(super) type Question = (Node, Strictness, Option<Node>);

impl KnownSigners {
    /// What was found out, and when it stays the same.
    pub(super) fn get(&self, question: Question) -> Option<(Judged, StableInterval)> {
        let mut known = self.0.iter();
        known
            .find(|(asked, ..)| *asked == question)
            .map(|(_, judged, stable)| (*judged, *stable))
    }

    pub(super) fn note(&mut self, question: Question, judged: Judged, stable: StableInterval) {
        self.0.push((question, judged, stable));
    }
}
