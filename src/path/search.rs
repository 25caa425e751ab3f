//! The search, from the client's certificate towards the anchors.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::candidates::{Candidate, Candidates, KeyIdMatch, KeyIds};
use super::distances::{Distances, Excluded, Graph};
use super::{Node, PresentedChain, Stop};
use crate::budget::{Budget, price};
use crate::certificates::{NameId, Origin};
use crate::error::Work;
use crate::policy::Limits;
use crate::revocation::StoredSigners;
use crate::store::TrustStore;
use crate::x509::Certificate;

/// Gives out candidate paths, the shortest first, by the number of their intermediates and by how
/// many of their key identifiers contradict each other; see [`KeyIdMatch::length`]. So paths of
/// neither kind have to wait for all of the other. Among candidates for one issuer those come first
/// whose key identifiers match best.
///
/// Depth first, again and again with one more (iterative deepening), so that no mesh of
/// certificates hides a short path behind long ones. A step that cannot lead to an anchor within
/// the length is not taken. Between two paths, [`Search::exclude`] and [`Search::exclude_issuer`]
/// take out what turned out to be of no use whatever path it is in. What is left is bounded by the
/// budget.
pub(crate) struct Search<'a> {
    /// Where paths begin: the client's certificate, or that of an issuer of CRLs.
    start: Node,
    store: &'a TrustStore,
    presented: &'a PresentedChain<'a>,
    /// What is known of the signatures within the store.
    links: Option<&'a StoredSigners>,
    limits: &'a Limits,
    budget: &'a Budget,
    /// How long the paths now looked for are; `None` before the first.
    length: Option<usize>,
    /// Whether there may be longer ones.
    is_cut_off: bool,
    /// Whether there may be some with more intermediates than the limit.
    is_too_deep: bool,
    /// Whether all paths are out, as the first certificate is.
    is_over: bool,
    /// The path being built, from the client's certificate up; each with the candidates for its
    /// issuer.
    frames: Vec<Frame<'a>>,
    /// What [`Search::next_path`] gives out: the nodes of `frames`, and an anchor.
    path: Vec<Step<'a>>,
    graph: Graph<'a>,
    distances: Distances,
    excluded: Excluded,
}

/// Few paths have more certificates.
const USUAL_PATH: usize = 5;

struct Frame<'a> {
    node: Node,
    candidates: Candidates<'a>,
    /// How long the path is up to here.
    length: usize,
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
        (start, end): (Node, Option<Node>),
        links: Option<&'a StoredSigners>,
        budget: &'a Budget,
    ) -> Self {
        Self {
            start,
            store,
            presented,
            links,
            limits,
            budget,
            length: None,
            is_cut_off: false,
            is_too_deep: false,
            is_over: false,
            frames: Vec::with_capacity(USUAL_PATH),
            path: Vec::with_capacity(USUAL_PATH),
            graph: Graph::new(store, presented, (start, end)),
            distances: Distances::default(),
            excluded: Excluded::default(),
        }
    }

    /// The next candidate path, the client's certificate first and a trust anchor last; `None`
    /// after the last one.
    pub(crate) fn next_path(&mut self) -> Result<Option<&[Step<'a>]>, Stop> {
        if self.is_over {
            return Ok(None);
        }
        loop {
            self.measure_distances()?;
            let Some(frame) = self.frames.last_mut() else {
                if self.begin_round()? {
                    continue;
                }
                return Ok(None);
            };
            let (child, length) = (frame.node, frame.length);
            let Some(candidate) = frame.candidates.next(self.store, self.presented) else {
                self.is_cut_off = self.is_cut_off || self.passes_over_others();
                self.frames.pop();
                continue;
            };
            self.pay(price::CANDIDATE, child)?;
            if !self.may_issue(candidate, child) {
                continue;
            }

            let length = length.saturating_add(candidate.key_id_match.length());
            let wanted = self.length.unwrap_or(0);
            if let Node::Anchor(_) = candidate.node {
                if !self.graph.ends_at(candidate.node) {
                    continue;
                }
                match length.cmp(&wanted) {
                    // Came up when paths were shorter.
                    Ordering::Less => {}
                    Ordering::Equal => {
                        self.pay(price::PATH, child)?;
                        return Ok(Some(self.path_to(candidate.node)));
                    }
                    Ordering::Greater => self.is_cut_off = true,
                }
                continue;
            }
            let Some(distance) = self.distances.of(&self.graph, candidate.node) else {
                continue;
            };
            let length = length.saturating_add(1);
            if length.saturating_add(distance) > wanted {
                self.is_cut_off = true;
            } else if self.frames.len() > self.limits.intermediates {
                self.is_too_deep = true;
            } else {
                self.push(candidate.node, length)?;
            }
        }
    }

    /// Begins to look for longer paths; `false` if there are none.
    fn begin_round(&mut self) -> Result<bool, Stop> {
        let Some(distance) = self.distances.of(&self.graph, self.start) else {
            // What was cut off led nowhere.
            self.is_too_deep = false;
            return Ok(false);
        };
        let next = match self.length {
            None => distance,
            Some(done) if self.is_cut_off => distance.max(done.saturating_add(1)),
            Some(_) => return Ok(false),
        };
        let longest = self.limits.intermediates.saturating_add(1);
        let longest = longest.saturating_mul(KeyIdMatch::LONGEST);
        if next > longest {
            self.is_too_deep = true;
            return Ok(false);
        }
        self.length = Some(next);
        self.is_cut_off = false;
        self.push(self.start, 0)?;
        Ok(true)
    }

    #[inline]
    fn measure_distances(&mut self) -> Result<(), Stop> {
        // Among so few no search takes long. A single one is measured in one step.
        const FEW: core::ops::RangeInclusive<usize> = 2..=4;
        let is_untouched = !self.is_too_deep
            && self.excluded.certificates.is_empty()
            && self.excluded.issuers.is_empty();
        if self.distances.are_known() || is_untouched && FEW.contains(&self.graph.len()) {
            return Ok(());
        }
        let node = self.start;
        let measured = self
            .distances
            .measure(&self.graph, &self.excluded, self.budget);
        measured.map_err(|out| Stop {
            reason: out.into(),
            node,
        })
    }

    /// Takes a certificate out of all further paths.
    pub(crate) fn exclude(&mut self, node: Node) {
        if node == self.start {
            self.is_over = true;
            return;
        }
        self.excluded.certificates.insert(node);
        self.distances.exclude(&self.graph, node);
        let position = self.frames.iter().position(|frame| frame.node == node);
        self.frames.truncate(position.unwrap_or(self.frames.len()));
    }

    /// Takes `issuer` out as an issuer of `child`.
    pub(crate) fn exclude_issuer(&mut self, child: Node, issuer: Node) {
        self.excluded.issuers.insert((child, issuer));
        self.distances.exclude_issuer(&self.graph, child, issuer);
        // Whatever is above `child` in the path being built came in over `issuer`.
        let position = self.frames.iter().position(|frame| frame.node == child);
        if let Some(position) = position {
            self.frames.truncate(position.saturating_add(1));
        }
    }

    /// Whether, at the end of the search, there may be paths with more intermediates than the
    /// limit.
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
        // A way that was cut off may have been going in circles; only with more certificates than
        // the limit may it not have been.
        self.is_too_deep && intermediates > self.limits.intermediates
    }

    pub(crate) fn certificate(&self, node: Node) -> Certificate<'a> {
        node.certificate(self.store, self.presented)
    }

    /// Where a certificate of the store comes from.
    pub(crate) fn origin(&self, node: Node) -> Option<Origin> {
        self.store.certificates().origin(node.stored()?)
    }

    /// The certificate at which the way up ends, over any issuers but anchors, each taken once. It
    /// is for an error alone, so that it may end early.
    pub(crate) fn last_of_chain(&self) -> Node {
        let mut way = Vec::from([Node::CLIENT]);
        let mut last = Node::CLIENT;
        let longest = self
            .presented
            .len()
            .saturating_add(self.limits.intermediates);
        while way.len() <= longest && self.pay(price::ISSUERS, last).is_ok() {
            let mut candidates = self.candidates(last, KeyIds::MayDiffer);
            let next = core::iter::from_fn(|| {
                self.pay(price::CANDIDATE, last).ok()?;
                candidates.next(self.store, self.presented)
            })
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

    /// The same search over all that names lead to, if this one leaves out what is known not to
    /// have issued what.
    pub(crate) fn by_names(&self) -> Option<Self> {
        self.links?;
        let paths = (self.start, None);
        let (store, presented) = (self.store, self.presented);
        let search = Self::new(store, presented, self.limits, paths, None, self.budget);
        Some(search)
    }

    /// Whether anything, presented or in the store, has the name that `node` has for its issuer.
    pub(crate) fn has_issuer(&self, node: Node) -> bool {
        self.candidates(node, KeyIds::MayDiffer)
            .next(self.store, self.presented)
            .is_some()
    }

    /// The path that [`Search::next_path`] gave out last.
    pub(crate) fn path(&self) -> &[Step<'a>] {
        &self.path
    }

    fn pay(&self, units: usize, node: Node) -> Result<(), Stop> {
        let paid = self.budget.pay(units, Work::Searching);
        paid.map_err(|out| Stop {
            reason: out.into(),
            node,
        })
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

    fn push(&mut self, node: Node, length: usize) -> Result<(), Stop> {
        let named = self.store.certificates().with_subject(self.issuer(node));
        let searching = price::searching(named.len());
        self.pay(price::ISSUERS.saturating_add(searching), node)?;
        let left = self.length.unwrap_or(0).saturating_sub(length);
        let key_ids = match left >= KeyIdMatch::Different.length() {
            true => KeyIds::MayDiffer,
            false => KeyIds::MustNotDiffer,
        };
        let candidates = self.candidates(node, key_ids);
        self.frames.push(Frame {
            node,
            candidates,
            length,
        });
        Ok(())
    }

    /// Whether there are candidates for the last certificate with other key identifiers, for which
    /// paths are too short.
    fn passes_over_others(&self) -> bool {
        let useful = |node| self.distances.of(&self.graph, node).is_some();
        self.frames.last().is_some_and(|frame| {
            let candidates = &frame.candidates;
            candidates.passes_over(self.store, self.presented, useful)
        })
    }

    fn candidates(&self, child: Node, key_ids: KeyIds) -> Candidates<'a> {
        let name = self.issuer(child);
        Candidates::new(self.store, self.certificate(child), name, key_ids)
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

    /// Whether `candidate`, which has the right name, is worth trying as the issuer of `child` in
    /// the path being built.
    fn may_issue(&self, candidate: Candidate, child: Node) -> bool {
        candidate.node != self.start
            && self.excluded.leave(child, candidate.node)
            && self.is_known_issuer(child, candidate.node) != Some(false)
            && !self.is_loop(candidate.node)
    }

    /// Whether one certificate of the store issued another one, where that is known.
    fn is_known_issuer(&self, child: Node, issuer: Node) -> Option<bool> {
        let link = (child.stored()?, issuer.stored()?);
        self.links?.link(link)
    }

    /// Whether the path being built already leads over this certificate, which §6.1 forbids, or
    /// over this CA to no end: a CA is a name and a key (RFC 4158 §2.4.2), and what was between
    /// its two certificates can be left out. All that is asked of a path it then still meets,
    /// unless there is a policy mapping, which makes policies valid (§6.1.4 (b)). The client's own
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
}
