//! What is asked of a path, and what the answer rests on.

use alloc::vec::Vec;

use crate::path::Node;
use crate::validate::{Role, StableInterval, Strictness, Window};
use crate::verified_client::RevocationStatus;
use crate::x509::Time;

/// What is asked of paths: the client's, or that of a signer of CRLs.
#[derive(Clone, Copy)]
pub(super) struct Inquiry<'p> {
    /// What their first certificate is.
    pub(super) role: Role,
    pub(super) strictness: Strictness,
    /// The signers whose paths are being judged, for which this is found out.
    pub(super) in_progress: Option<&'p InProgress<'p>>,
}

/// A signer of CRLs whose path is being judged.
#[derive(Clone, Copy)]
pub(super) struct InProgress<'p> {
    pub(super) signer: Node,
    /// How many there are before it.
    pub(super) depth: usize,
    /// The one for which this one is judged.
    outer: Option<&'p Self>,
}

impl<'p> Inquiry<'p> {
    pub(super) const CLIENT: Inquiry<'static> = Inquiry {
        role: Role::Client,
        strictness: Strictness::Policy,
        in_progress: None,
    };

    /// The signers whose paths are being judged, the last one first.
    pub(super) fn in_progress(&self) -> impl Iterator<Item = &'p InProgress<'p>> {
        core::iter::successors(self.in_progress, |signer| signer.outer)
    }

    /// The next signer, for which something is found out by this inquiry.
    pub(super) fn begin(&self, signer: Node) -> InProgress<'p> {
        InProgress {
            signer,
            depth: self
                .in_progress
                .map_or(0, |outer| outer.depth.saturating_add(1)),
            outer: self.in_progress,
        }
    }
}

/// What an answer rests on.
#[derive(Clone, Copy)]
pub(super) struct Basis {
    /// The time in which nothing that was looked at changes.
    pub(super) stable: StableInterval,
    /// The outermost signer that was taken for what it is being judged for, by its depth.
    pub(super) outermost: Option<usize>,
}

impl Basis {
    pub(super) fn at(now: Time) -> Self {
        Self {
            stable: StableInterval::around(now),
            outermost: None,
        }
    }

    /// It rests on a signer in progress.
    pub(super) fn rests_on(&mut self, depth: usize) {
        self.outermost = Some(self.outermost.map_or(depth, |known| known.min(depth)));
    }

    /// It rests on all that another answer rests on, which was found out about the signer of a
    /// depth.
    pub(super) fn include(&mut self, other: Self, depth: usize) {
        self.stable = self.stable.intersect(other.stable);
        if let Some(outermost) = other.outermost.filter(|outermost| *outermost < depth) {
            self.rests_on(outermost);
        }
    }
}

/// The result of a valid path.
pub(super) struct Held {
    pub(super) window: Window,
    /// Of the first certificates of the path.
    pub(super) revocation: Vec<RevocationStatus>,
}
