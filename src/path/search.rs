//! The search, from the client's certificate towards the anchors.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cell::Cell;

use super::candidates::{Candidate, Candidates, KeyIdMatch, stored};
use super::{Node, PresentedChain};
use crate::error::Reason;
use crate::policy::Limits;
use crate::store::{NameId, TrustStore};
use crate::x509::Certificate;

/// Gives out candidate paths: the shortest first, and of one length those first whose key identifiers match best. Paths over key
/// identifiers that contradict each other come after all others.
///
/// Depth first, again and again with one intermediate more (iterative deepening), so that no mesh of certificates hides a short
/// path behind long ones. A step that cannot lead to an anchor within the depth is not taken. Between two paths,
/// [`Search::exclude`] and [`Search::exclude_issuer`] take out what turned out to be of no use whatever path it is in.
/// What is left is bounded by the limit on steps.
pub(crate) struct Search<'a> {
    /// Where paths begin: the client's certificate, or that of an issuer of revocation lists.
    start: Node,
    store: &'a TrustStore,
    presented: &'a PresentedChain<'a>,
    limits: &'a Limits,
    /// Whether key identifiers that contradict each other are followed.
    key_ids: KeyIds,
    /// Whether a candidate was passed over because they do.
    has_passed_over: bool,
    /// How many intermediates the paths now looked for have; `None` before the first.
    depth: Option<usize>,
    /// Whether there may be paths with more.
    is_cut_off: bool,
    /// The path being built, from the client's certificate up; each with the candidates for its issuer.
    frames: Vec<Frame>,
    /// What [`Search::next_path`] gives out: the nodes of `frames`, and an anchor.
    path: Vec<Step<'a>>,
    /// For each presented certificate, how many more intermediates it takes from it to an anchor, at least; `None` if no way leads there.
    distances: Vec<Option<usize>>,
    /// Whether something was excluded since they were measured.
    are_distances_stale: bool,
    excluded: BTreeSet<Node>,
    excluded_issuers: BTreeSet<(Node, Node)>,
    /// Shared by all searches of a verification.
    steps_left: &'a Cell<u32>,
}

/// Few paths have more certificates.
const USUAL_PATH: usize = 5;

struct Frame {
    node: Node,
    candidates: Candidates,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyIds {
    MustNotDiffer,
    MayDiffer,
}

/// One certificate of a path.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) node: Node,
    pub(crate) certificate: Certificate<'a>,
    /// Whether it names itself as its issuer (RFC 5280 §3.2).
    pub(crate) is_self_issued: bool,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        store: &'a TrustStore,
        presented: &'a PresentedChain<'a>,
        limits: &'a Limits,
        start: Node,
        steps_left: &'a Cell<u32>,
    ) -> Self {
        Self {
            start,
            store,
            presented,
            limits,
            key_ids: KeyIds::MustNotDiffer,
            has_passed_over: false,
            depth: None,
            is_cut_off: false,
            frames: Vec::with_capacity(USUAL_PATH),
            path: Vec::with_capacity(USUAL_PATH),
            distances: Vec::new(),
            are_distances_stale: true,
            excluded: BTreeSet::new(),
            excluded_issuers: BTreeSet::new(),
            steps_left,
        }
    }

    /// The next candidate path, the client's certificate first and a trust anchor last; `None` after the last one.
    pub(crate) fn next_path(&mut self) -> Result<Option<&[Step<'a>]>, Reason> {
        loop {
            let Some(frame) = self.frames.last_mut() else {
                if self.begin_round()? {
                    continue;
                }
                return Ok(None);
            };
            let child = frame.node;
            let Some(candidate) = frame.candidates.next(self.store, self.presented) else {
                self.frames.pop();
                continue;
            };
            self.pay(1)?;
            if candidate.key_id_match == KeyIdMatch::Different
                && self.key_ids == KeyIds::MustNotDiffer
            {
                let found = self.compare_key_ids(child, candidate.node);
                self.has_passed_over |= found == KeyIdMatch::Different;
                continue;
            }
            if !self.may_issue(candidate, child) {
                continue;
            }

            let taken = self.frames.len().saturating_sub(1);
            let intermediates_left = self.depth.unwrap_or(0).saturating_sub(taken);
            match (candidate.node, intermediates_left.checked_sub(1)) {
                (Node::Anchor(_), None) => {
                    // Judging costs more than looking.
                    self.pay(self.frames.len())?;
                    return Ok(Some(self.path_to(candidate.node)));
                }
                // Came up when paths were shorter.
                (Node::Anchor(_), Some(_)) => {}
                (_, None) => self.is_cut_off = true,
                (node, Some(left)) => match self.distance(node) {
                    Some(distance) if distance <= left => self.push(node),
                    Some(_) => self.is_cut_off = true,
                    None => {}
                },
            }
        }
    }

    /// Begins to look for the next kind of paths; `false` if there is none.
    fn begin_round(&mut self) -> Result<bool, Reason> {
        loop {
            if self.are_distances_stale {
                self.measure_distances()?;
                self.are_distances_stale = false;
            }
            let Some(distance) = self.distance(self.start) else {
                self.is_cut_off = false;
                return Ok(false);
            };
            let next = match self.depth {
                None => Some(distance),
                Some(done) if self.is_cut_off => Some(distance.max(done.saturating_add(1))),
                Some(_) => None,
            };
            match next {
                Some(next) if next <= self.limits.intermediates => {
                    self.depth = Some(next);
                    self.is_cut_off = false;
                    self.push(self.start);
                    return Ok(true);
                }
                too_deep => self.is_cut_off = too_deep.is_some(),
            }
            if self.key_ids == KeyIds::MayDiffer || !self.has_passed_over {
                return Ok(false);
            }

            self.key_ids = KeyIds::MayDiffer;
            self.depth = None;
        }
    }

    /// Takes a certificate out of all further paths.
    pub(crate) fn exclude(&mut self, node: Node) {
        self.excluded.insert(node);
        self.are_distances_stale = true;
        let position = self.frames.iter().position(|frame| frame.node == node);
        self.frames.truncate(position.unwrap_or(self.frames.len()));
    }

    /// Takes `issuer` out as an issuer of `child`.
    pub(crate) fn exclude_issuer(&mut self, child: Node, issuer: Node) {
        self.excluded_issuers.insert((child, issuer));
        self.are_distances_stale = true;
        // Whatever is above `child` in the path being built came in over `issuer`.
        let position = self.frames.iter().position(|frame| frame.node == child);
        if let Some(position) = position {
            self.frames.truncate(position.saturating_add(1));
        }
    }

    /// Whether, at the end of the search, there may be paths with more intermediates than the limit.
    pub(crate) fn is_depth_exceeded(&self) -> bool {
        let certificates = self.store.certificates();
        let stored = certificates
            .iter()
            .len()
            .saturating_sub(certificates.anchor_count() as usize);
        let intermediates = self
            .presented
            .len()
            .saturating_sub(1)
            .saturating_add(stored);
        // A way that was cut off may have been going in circles; only with more certificates than the limit may it not have been.
        self.is_cut_off && intermediates > self.limits.intermediates
    }

    pub(crate) fn certificate(&self, node: Node) -> Certificate<'a> {
        node.certificate(self.store, self.presented)
    }

    /// The certificate at which the way up ends, over any issuers but anchors, each taken once.
    pub(crate) fn last_of_chain(&self) -> Node {
        let mut way = Vec::from([Node::CLIENT]);
        let mut last = Node::CLIENT;
        let longest = self
            .presented
            .len()
            .saturating_add(self.limits.intermediates);
        while way.len() <= longest {
            let mut candidates = Candidates::new(self.store, self.issuer(last));
            let next = core::iter::from_fn(|| candidates.next(self.store, self.presented))
                .map(|candidate| candidate.node)
                .find(|node| !matches!(node, Node::Anchor(_)) && !way.contains(node));
            match next {
                Some(next) => {
                    way.push(next);
                    last = next;
                }
                None => break,
            }
        }
        last
    }

    /// Whether anything, presented or in the store, has the name that `node` has for its issuer.
    pub(crate) fn has_issuer(&self, node: Node) -> bool {
        Candidates::new(self.store, self.issuer(node))
            .next(self.store, self.presented)
            .is_some()
    }

    /// The path that [`Search::next_path`] gave out last.
    pub(crate) fn path(&self) -> &[Step<'a>] {
        &self.path
    }

    fn pay(&mut self, steps: usize) -> Result<(), Reason> {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        let limit = self.limits.steps;
        let left = self.steps_left.get().checked_sub(steps);
        self.steps_left
            .set(left.ok_or(Reason::StepLimit { limit })?);
        Ok(())
    }

    fn path_to(&mut self, anchor: Node) -> &[Step<'a>] {
        let mut path = core::mem::take(&mut self.path);
        path.clear();
        let nodes = self.frames.iter().map(|frame| frame.node).chain([anchor]);
        path.extend(nodes.map(|node| Step {
            node,
            certificate: self.certificate(node),
            is_self_issued: self.subject(node) == self.issuer(node),
        }));
        self.path = path;
        &self.path
    }

    fn push(&mut self, node: Node) {
        let candidates = Candidates::new(self.store, self.issuer(node));
        self.frames.push(Frame { node, candidates });
    }

    fn subject(&self, node: Node) -> NameId {
        match node {
            Node::Presented(index) => self.presented.subject(index),
            Node::Intermediate(index) | Node::Anchor(index) => {
                self.store.certificates().subject(index)
            }
        }
    }

    fn issuer(&self, node: Node) -> NameId {
        match node {
            Node::Presented(index) => self.presented.issuer(index),
            Node::Intermediate(index) | Node::Anchor(index) => {
                self.store.certificates().issuer(index)
            }
        }
    }

    /// Whether `candidate`, which has the right name, is worth trying as the issuer of `child` in the path being built.
    fn may_issue(&self, candidate: Candidate, child: Node) -> bool {
        self.compare_key_ids(child, candidate.node) == candidate.key_id_match
            && candidate.node != self.start
            && !self.excluded.contains(&candidate.node)
            && !self.excluded_issuers.contains(&(child, candidate.node))
            && !self.is_loop(candidate.node)
    }

    fn compare_key_ids(&self, child: Node, issuer: Node) -> KeyIdMatch {
        KeyIdMatch::of(self.certificate(child), self.certificate(issuer))
    }

    /// Whether the path being built already leads over this certificate, which §6.1 forbids, or
    /// over this CA to no end: a CA is a name and a key (RFC 4158 §2.4.2), and what was between its
    /// two certificates can be left out. All that is asked of a path it then still meets, unless
    /// there is a policy mapping, which makes policies valid (§6.1.4 (b)). The client's own
    /// certificate does not count: it issues nothing, and a CA may have issued itself one.
    fn is_loop(&self, candidate: Node) -> bool {
        let mut is_mapped = false;
        self.frames.iter().skip(1).rev().any(|frame| {
            is_mapped |= self.certificate(frame.node).has_policy_mappings();
            self.is_same_ca(frame.node, candidate)
                && (!is_mapped || self.is_same_certificate(frame.node, candidate))
        })
    }

    /// The same signed bytes, in whatever encoding.
    fn is_same_certificate(&self, one: Node, other: Node) -> bool {
        match (one, other) {
            (Node::Presented(one), Node::Presented(other)) => self.presented.are_same(one, other),
            _ => self.certificate(one).tbs() == self.certificate(other).tbs(),
        }
    }

    fn is_same_ca(&self, one: Node, other: Node) -> bool {
        self.subject(one) == self.subject(other)
            && match (one, other) {
                (Node::Presented(one), Node::Presented(other)) => {
                    self.presented.have_same_key(one, other)
                }
                _ => self.certificate(one).spki() == self.certificate(other).spki(),
            }
    }

    /// How many more intermediates it takes from a certificate to an anchor, at least; `None` if no way leads there. Of intermediates
    /// of the store that is not known, as it is theirs alone to be many.
    fn distance(&self, node: Node) -> Option<usize> {
        match node {
            Node::Presented(index) => self.distances.get(index).copied().flatten(),
            Node::Intermediate(_) | Node::Anchor(_) => Some(0),
        }
    }

    /// Finds the distances of the presented certificates, along issuers that are not excluded: first of those below an anchor or an
    /// intermediate of the store, then of those below these, and so on.
    fn measure_distances(&mut self) -> Result<(), Reason> {
        let count = self.presented.len();
        let mut distances = alloc::vec![None; count];
        for (index, distance) in distances.iter_mut().enumerate() {
            *distance = self.distance_to_store(Node::Presented(index))?;
        }
        // A way leads over each certificate once, and then perhaps over one of the store.
        for round in 1..=count {
            let mut has_changed = false;
            for child in 0..count {
                if distances.get(child).is_none_or(Option::is_some) {
                    continue;
                }
                let before = Some(round.saturating_sub(1));
                let reached = (1..count).any(|issuer| {
                    distances.get(issuer).copied().flatten() == before
                        && self.presented.subject(issuer) == self.presented.issuer(child)
                        && self.is_usable(Node::Presented(child), Node::Presented(issuer))
                });
                if reached && let Some(distance) = distances.get_mut(child) {
                    *distance = Some(round);
                    has_changed = true;
                }
            }
            if !has_changed && !distances.contains(&Some(round)) {
                break;
            }
        }
        self.distances = distances;
        Ok(())
    }

    /// 0 for a certificate below an anchor; 1 below an intermediate of the store, which may be the last but one.
    fn distance_to_store(&mut self, child: Node) -> Result<Option<usize>, Reason> {
        let store = self.store.certificates();
        let mut distance = None;
        for index in store
            .with_subject(self.issuer(child))
            .filter_map(|place| store.at(place))
        {
            // The first is nearly always usable.
            if distance.is_some() {
                self.pay(1)?;
            }
            let is_anchor = store.is_anchor(index);
            if self.is_usable(child, stored(index, is_anchor)) {
                if is_anchor {
                    return Ok(Some(0));
                }
                distance = Some(1);
            }
        }
        Ok(distance)
    }

    fn is_usable(&self, child: Node, issuer: Node) -> bool {
        !self.excluded.contains(&child)
            && !self.excluded.contains(&issuer)
            && !self.excluded_issuers.contains(&(child, issuer))
    }
}
