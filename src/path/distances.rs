//! How far it is from each presented certificate to an anchor.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::ops::Range;

use super::candidates::{KeyIdMatch, stored_issuers};
use super::{Node, PresentedChain};
use crate::budget::{Budget, OutOfWork, price};
use crate::certificates::NameId;
use crate::error::Work;
use crate::store::TrustStore;
use crate::x509::Certificate;

/// What turned out to be of no use, whatever path it is in.
#[derive(Default)]
pub(super) struct Excluded {
    pub(super) certificates: BTreeSet<Node>,
    /// As issuers of the first.
    pub(super) issuers: BTreeSet<(Node, Node)>,
}

impl Excluded {
    /// Whether they leave `issuer` to be an issuer of `child`.
    pub(super) fn leave(&self, child: Node, issuer: Node) -> bool {
        !self.certificates.contains(&issuer)
            && !self.certificates.contains(&child)
            && !self.issuers.contains(&(child, issuer))
    }
}

/// The certificates whose distances are measured: the presented ones, and the intermediates of the
/// store if they are few.
#[derive(Clone, Copy)]
pub(super) struct Graph<'a> {
    store: &'a TrustStore,
    presented: &'a PresentedChain<'a>,
    intermediates: u32,
    /// Where paths begin, which issues nothing in them.
    start: Node,
    /// The only anchor that paths may end at, if there is but one.
    end: Option<Node>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(
        store: &'a TrustStore,
        presented: &'a PresentedChain<'a>,
        (start, end): (Node, Option<Node>),
    ) -> Self {
        const FEW: u32 = 16;
        let count = intermediates_of(store);
        Self {
            store,
            presented,
            intermediates: if count <= FEW { count } else { 0 },
            start,
            end,
        }
    }

    /// Whether paths may end at this anchor.
    pub(super) fn ends_at(&self, anchor: Node) -> bool {
        self.end.is_none_or(|end| end == anchor)
    }

    pub(super) fn len(&self) -> usize {
        let intermediates = self.intermediates as usize;
        self.presented.len().saturating_add(intermediates)
    }

    /// Whether all intermediates of the store are among them.
    fn has_all(&self) -> bool {
        self.intermediates == intermediates_of(self.store)
    }

    fn node(&self, index: usize) -> Node {
        match index.checked_sub(self.presented.len()) {
            None => Node::Presented(index),
            Some(index) => {
                let anchors = self.store.certificates().anchor_count();
                Node::Intermediate(anchors.saturating_add(index as u32))
            }
        }
    }

    fn index(&self, node: Node) -> Option<usize> {
        match node {
            Node::Presented(index) => Some(index),
            Node::Intermediate(index) => {
                let anchors = self.store.certificates().anchor_count();
                let index = index.checked_sub(anchors)?;
                let is_here = index < self.intermediates;
                is_here.then(|| self.presented.len().saturating_add(index as usize))
            }
            Node::Anchor(_) => None,
        }
    }

    fn certificate(&self, index: usize) -> Certificate<'a> {
        self.node(index).certificate(self.store, self.presented)
    }

    fn subject(&self, index: usize) -> NameId {
        match self.node(index) {
            Node::Presented(index) => self.presented.subject(index),
            Node::Intermediate(index) | Node::Anchor(index) => {
                self.store.certificates().subject(index)
            }
        }
    }

    fn issuer(&self, index: usize) -> NameId {
        match self.node(index) {
            Node::Presented(index) => self.presented.issuer(index),
            Node::Intermediate(index) | Node::Anchor(index) => {
                self.store.certificates().issuer(index)
            }
        }
    }
}

fn intermediates_of(store: &TrustStore) -> u32 {
    let certificates = store.certificates();
    let count = u32::try_from(certificates.iter().len()).unwrap_or(u32::MAX);
    count.saturating_sub(certificates.anchor_count())
}

/// How far it is from each certificate of a [`Graph`] to an anchor, at least; for a length see
/// [`KeyIdMatch::length`].
#[derive(Default)]
pub(super) struct Distances {
    /// One for each certificate.
    children: Vec<Child>,
    /// For each certificate and each other, whether that was taken out as its issuer; empty as long
    /// as none was.
    cut: Vec<bool>,
    /// What was excluded since they were measured.
    change: Change,
}

/// What may be another distance by now.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Change {
    None,
    /// That of this certificate, and then perhaps others.
    Of(usize),
    #[default]
    All,
}

/// One certificate.
#[derive(Default)]
struct Child {
    /// `None` if no way leads to an anchor.
    distance: Option<usize>,
    /// The same over certificates of the store alone; `None` if that was not looked for since one
    /// was excluded.
    to_store: Option<Option<usize>>,
    /// The places of those that were not seen to be excluded, by how key identifiers compare;
    /// `None` as long as nobody looked.
    places: [Option<[Range<u32>; 2]>; 3],
}

/// How many pairs of certificates are looked at for one unit of work.
const PAIRS_OF_A_UNIT: usize = 2;

impl Distances {
    /// The distance from `node`. Where it is not known it may be 0: before they are measured, and
    /// from intermediates of a store that has many.
    pub(super) fn of(&self, graph: &Graph<'_>, node: Node) -> Option<usize> {
        let child = graph.index(node).and_then(|index| self.children.get(index));
        child.map_or(Some(0), |child| child.distance)
    }

    /// Whether they are measured.
    pub(super) fn are_known(&self) -> bool {
        self.change == Change::None
    }

    /// Takes a certificate out.
    pub(super) fn exclude(&mut self, graph: &Graph<'_>, node: Node) {
        let excluded = graph.index(node);
        let is_excluded = |index: usize| Some(index) == excluded;
        self.cut(graph, |child, issuer| {
            is_excluded(child) || is_excluded(issuer)
        });
        for (index, child) in self.children.iter_mut().enumerate() {
            if is_excluded(index) || excluded.is_none() {
                child.to_store = None;
            }
        }
        self.change = Change::All;
    }

    /// Takes `issuer` out as an issuer of `child`.
    pub(super) fn exclude_issuer(&mut self, graph: &Graph<'_>, child: Node, issuer: Node) {
        let Some(index) = graph.index(child) else {
            return;
        };
        match graph.index(issuer) {
            Some(issuer) => self.cut(graph, |its, itself| (its, itself) == (index, issuer)),
            None => {
                if let Some(child) = self.children.get_mut(index) {
                    child.to_store = None;
                }
            }
        }
        self.change = match self.change {
            Change::None => Change::Of(index),
            // More than one since they were measured.
            Change::Of(_) | Change::All => Change::All,
        };
    }

    fn cut(&mut self, graph: &Graph<'_>, is_cut: impl Fn(usize, usize) -> bool) {
        let count = graph.len();
        self.cut.resize(count.saturating_mul(count), false);
        let links = (0..count).flat_map(|child| (0..count).map(move |issuer| (child, issuer)));
        for (cut, (child, issuer)) in self.cut.iter_mut().zip(links) {
            *cut |= is_cut(child, issuer);
        }
    }

    /// Measures them, unless they are known: the shortest first.
    pub(super) fn measure(
        &mut self,
        graph: &Graph<'_>,
        excluded: &Excluded,
        budget: &Budget,
    ) -> Result<(), OutOfWork> {
        let count = graph.len();
        if self.children.is_empty() {
            self.children.resize_with(count, Child::default);
        }
        let to_store = |index: usize, child: &mut Child| -> Result<Option<usize>, OutOfWork> {
            if let Some(known) = child.to_store {
                return Ok(known);
            }
            let found = child.find_store(index, graph, excluded, budget)?;
            child.to_store = Some(found);
            Ok(found)
        };
        match core::mem::replace(&mut self.change, Change::None) {
            Change::None => return Ok(()),
            // Where its distance is the same, all others are.
            Change::Of(index) => {
                let Some(child) = self.children.get_mut(index) else {
                    return Ok(());
                };
                let (before, to_store) = (child.distance, to_store(index, child)?);
                budget.pay(count.div_ceil(PAIRS_OF_A_UNIT), Work::Searching)?;
                if shorter(to_store, self.over_others(graph, index)) == before {
                    return Ok(());
                }
            }
            Change::All => {}
        }
        for (index, child) in self.children.iter_mut().enumerate() {
            child.distance = to_store(index, child)?;
        }
        // A way leads over each certificate once, and then perhaps over one of the store.
        let longest = count.saturating_add(1).saturating_mul(KeyIdMatch::LONGEST);
        for distance in 0..=longest {
            if !self.spread(graph, distance, budget)? {
                break;
            }
        }
        Ok(())
    }

    /// Improves the distances of those that certificates at this distance may have issued. Whether
    /// there are such certificates, or some that are further, and some without a distance or with a
    /// longer one.
    fn spread(
        &mut self,
        graph: &Graph<'_>,
        distance: usize,
        budget: &Budget,
    ) -> Result<bool, OutOfWork> {
        let count = graph.len();
        let mut is_any = false;
        for issuer in 1..count {
            let reached = self.children.get(issuer).and_then(|issuer| issuer.distance);
            is_any |= reached.is_some_and(|reached| reached >= distance);
            if reached != Some(distance) {
                continue;
            }
            budget.pay(count.div_ceil(PAIRS_OF_A_UNIT), Work::Searching)?;
            for child in 0..count {
                let over = self.link(graph, child, issuer).map(|length| {
                    // The issuer is one intermediate more.
                    distance.saturating_add(length).saturating_add(1)
                });
                if over.is_some()
                    && let Some(child) = self.children.get_mut(child)
                {
                    child.distance = shorter(child.distance, over);
                }
            }
        }
        let may_improve = |child: &Child| child.distance.is_none_or(|known| known > distance);
        Ok(is_any && self.children.iter().any(may_improve))
    }

    /// The distance of a certificate over others.
    fn over_others(&self, graph: &Graph<'_>, child: usize) -> Option<usize> {
        let over_each = (1..graph.len()).filter_map(|issuer| {
            let length = self.link(graph, child, issuer)?;
            let distance = self.children.get(issuer)?.distance?;
            Some(distance.saturating_add(length).saturating_add(1))
        });
        over_each.min()
    }

    /// The length of the link between two certificates, if one may have issued the other.
    fn link(&self, graph: &Graph<'_>, child: usize, issuer: usize) -> Option<usize> {
        let cut = child.saturating_mul(graph.len()).saturating_add(issuer);
        if child == issuer
            || graph.node(issuer) == graph.start
            || graph.subject(issuer) != graph.issuer(child)
            || self.cut.get(cut).is_some_and(|is_cut| *is_cut)
        {
            return None;
        }
        let key_ids = KeyIdMatch::of(graph.certificate(child), graph.certificate(issuer));
        Some(key_ids.length())
    }
}

fn shorter(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

impl Child {
    /// The length of the shortest link between this certificate, the one of this index, and one of
    /// the store that may have issued it: an anchor, or an intermediate of which no more is known.
    fn find_store(
        &mut self,
        index: usize,
        graph: &Graph<'_>,
        excluded: &Excluded,
        budget: &Budget,
    ) -> Result<Option<usize>, OutOfWork> {
        let certificates = graph.store.certificates();
        let (node, name) = (graph.node(index), graph.issuer(index));
        if excluded.certificates.contains(&node) {
            return Ok(None);
        }
        let named = certificates.with_subject(name).len();
        if self.places == [None, None, None] {
            budget.pay(price::searching(named), Work::Searching)?;
        }
        let kinds = [KeyIdMatch::Same, KeyIdMatch::Unknown, KeyIdMatch::Different];
        for (kind, places) in kinds.into_iter().zip(&mut self.places) {
            let places = places.get_or_insert_with(|| {
                stored_issuers(graph.store, graph.certificate(index), name, kind)
            });
            for range in places {
                while range.start < range.end {
                    let Some(issuer) = certificates.at(range.start) else {
                        break;
                    };
                    let issuer_node = Node::of_index(certificates, issuer);
                    let is_anchor = matches!(issuer_node, Node::Anchor(_));
                    let ends_here = match is_anchor {
                        true => graph.ends_at(issuer_node),
                        false => !graph.has_all() && issuer_node != graph.start,
                    };
                    if ends_here && excluded.leave(node, issuer_node) {
                        return Ok(Some(kind.length()));
                    }
                    budget.pay(price::CANDIDATE, Work::Searching)?;
                    range.next();
                }
            }
        }
        Ok(None)
    }
}
