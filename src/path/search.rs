//! The search, depth first from the client's certificate towards the anchors.

use alloc::vec::Vec;
use core::ops::Range;

use super::{Node, PresentedChain};
use crate::error::Reason;
use crate::policy::Limits;
use crate::store::{CertificateSet, TrustStore};
use crate::x509::{Certificate, is_same_name, name_key};

/// Gives out candidate paths, likely ones first: those whose key identifiers match, and of these the shortest.
///
/// Between two paths, [`Search::exclude`] and [`Search::exclude_issuer`] take out what turned out to be of no use whatever path
/// it is in. That, and not the budget, is what keeps hostile meshes of certificates cheap.
pub(crate) struct Search<'a> {
    store: &'a TrustStore,
    presented: &'a PresentedChain<'a>,
    limits: &'a Limits,
    /// The path being built, from the client's certificate up; each with the candidates for its issuer.
    frames: Vec<Frame>,
    /// What [`Search::next_path`] gives out: the nodes of `frames`, and an anchor.
    path: Vec<Step<'a>>,
    excluded: Vec<Node>,
    excluded_issuers: Vec<(Node, Node)>,
    steps_left: u32,
    /// Whether a path was cut off because it had too many intermediates.
    is_depth_exceeded: bool,
}

struct Frame {
    node: Node,
    candidates: Candidates,
}

/// One certificate of a path.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) node: Node,
    pub(crate) certificate: Certificate<'a>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        store: &'a TrustStore,
        presented: &'a PresentedChain<'a>,
        limits: &'a Limits,
    ) -> Self {
        let mut search = Self {
            store,
            presented,
            limits,
            frames: Vec::new(),
            path: Vec::new(),
            excluded: Vec::new(),
            excluded_issuers: Vec::new(),
            steps_left: limits.steps,
            is_depth_exceeded: false,
        };
        search.excluded = search.dead_ends();
        if !search.is_excluded(Node::CLIENT) {
            search.push(Node::CLIENT);
        }
        search
    }

    /// The next candidate path, the client's certificate first and a trust anchor last; `None` after the last one.
    pub(crate) fn next_path(&mut self) -> Result<Option<&[Step<'a>]>, Reason> {
        loop {
            let Some(frame) = self.frames.last_mut() else {
                return Ok(None);
            };
            let child = frame.node;
            let Some(candidate) = frame.candidates.next(self.store, self.presented.len()) else {
                self.frames.pop();
                continue;
            };
            self.steps_left = self.steps_left.checked_sub(1).ok_or(Reason::StepLimit {
                limit: self.limits.steps,
            })?;
            if !self.may_issue(candidate, child) {
                continue;
            }
            match candidate.node {
                Node::Anchor(_) => {
                    return Ok(Some(self.path_to(candidate.node)));
                }
                // One frame is the client's.
                _ if self.frames.len() > self.limits.intermediates => {
                    self.is_depth_exceeded = true;
                }
                _ => self.push(candidate.node),
            }
        }
    }

    /// Takes a certificate out of all further paths.
    pub(crate) fn exclude(&mut self, node: Node) {
        self.excluded.push(node);
        let position = self.frames.iter().position(|frame| frame.node == node);
        self.frames.truncate(position.unwrap_or(self.frames.len()));
    }

    /// Takes `issuer` out as an issuer of `child`.
    pub(crate) fn exclude_issuer(&mut self, child: Node, issuer: Node) {
        self.excluded_issuers.push((child, issuer));
        // Whatever is above `child` in the path being built came in over `issuer`.
        let position = self.frames.iter().position(|frame| frame.node == child);
        if let Some(position) = position {
            self.frames.truncate(position.saturating_add(1));
        }
    }

    /// Whether a path was cut off because it had too many intermediates.
    pub(crate) fn is_depth_exceeded(&self) -> bool {
        self.is_depth_exceeded
    }

    pub(crate) fn certificate(&self, node: Node) -> Certificate<'a> {
        match node {
            Node::Presented(index) => self.presented.get(index),
            Node::Intermediate(index) => self.store.intermediate_set().get(index),
            Node::Anchor(index) => self.store.anchor_set().get(index),
        }
    }

    /// The certificate at which the way up ends: from the client's, over presented issuers, to the first whose issuer is neither
    /// presented nor in the store.
    pub(crate) fn last_of_chain(&self) -> Node {
        let mut last = 0;
        // No way over distinct certificates has more steps.
        for _ in 1..self.presented.len() {
            let next = (1..self.presented.len())
                .find(|issuer| *issuer != last && self.presented.is_named_issuer(*issuer, last));
            match next {
                Some(next) => last = next,
                None => break,
            }
        }
        Node::Presented(last)
    }

    fn path_to(&mut self, anchor: Node) -> &[Step<'a>] {
        let mut path = core::mem::take(&mut self.path);
        path.clear();
        path.extend(
            self.frames
                .iter()
                .map(|frame| frame.node)
                .chain([anchor])
                .map(|node| Step {
                    node,
                    certificate: self.certificate(node),
                }),
        );
        self.path = path;
        &self.path
    }

    fn push(&mut self, node: Node) {
        let issuer_key = match node {
            Node::Presented(index) => self.presented.issuer_key(index),
            Node::Intermediate(_) | Node::Anchor(_) => name_key(self.certificate(node).issuer()),
        };
        let candidates = Candidates::new(self.store, issuer_key);
        self.frames.push(Frame { node, candidates });
    }

    fn is_excluded(&self, node: Node) -> bool {
        self.excluded.contains(&node)
    }

    /// Whether `candidate` is worth trying as the issuer of `child` in the path being built.
    fn may_issue(&self, candidate: Candidate, child: Node) -> bool {
        let issuer = self.certificate(candidate.node);
        let certificate = self.certificate(child);
        KeyIdMatch::of(certificate, issuer) == candidate.key_id_match
            && match (candidate.node, child) {
                (Node::Presented(issuer), Node::Presented(child)) => {
                    self.presented.is_named_issuer(issuer, child)
                }
                _ => is_same_name(issuer.subject(), certificate.issuer()),
            }
            && !self.is_excluded(candidate.node)
            && !self.excluded_issuers.contains(&(child, candidate.node))
            && !self.is_loop(candidate.node, issuer)
    }

    /// Whether the path being built already leads over this CA: a CA is a name and a key (RFC 4158 §2.4.2), so that neither
    /// the same certificate nor another one for the same CA comes twice. The client's own certificate counts only for
    /// intermediates: a self-signed client certificate that is an anchor too is its own issuer.
    fn is_loop(&self, node: Node, issuer: Certificate<'_>) -> bool {
        let from = usize::from(matches!(node, Node::Anchor(_)));
        self.frames
            .iter()
            .skip(from)
            .map(|frame| self.certificate(frame.node))
            .any(|on_path| {
                on_path.spki() == issuer.spki() && is_same_name(on_path.subject(), issuer.subject())
            })
    }

    /// The presented certificates from which no way leads to the store. Without them, presented certificates that issue each
    /// other, however densely, are not searched in vain.
    fn dead_ends(&self) -> Vec<Node> {
        let count = self.presented.len();
        let mut leads_to_store: Vec<bool> = (0..count)
            .map(|index| {
                let issuer = self.presented.issuer_key(index);
                let has_subject = |set: &CertificateSet| !set.positions(issuer).is_empty();
                has_subject(self.store.anchor_set()) || has_subject(self.store.intermediate_set())
            })
            .collect();
        if leads_to_store.iter().all(|leads| *leads) {
            return Vec::new();
        }
        // Each round finds what leads to the store over one certificate more; the last finds nothing new.
        loop {
            let found: Vec<usize> = (0..count)
                .zip(&leads_to_store)
                .filter(|(child, leads)| {
                    !**leads
                        && (1..count)
                            .zip(leads_to_store.iter().skip(1))
                            .any(|(issuer, leads)| {
                                *leads && self.presented.is_named_issuer(issuer, *child)
                            })
                })
                .map(|(child, _)| child)
                .collect();
            if found.is_empty() {
                break;
            }
            for child in found {
                if let Some(leads) = leads_to_store.get_mut(child) {
                    *leads = true;
                }
            }
        }
        (0..count)
            .zip(leads_to_store)
            .filter(|(_, leads)| !leads)
            .map(|(index, _)| Node::Presented(index))
            .collect()
    }
}

/// How the child's authority key identifier and the issuer's subject key identifier compare. This only orders candidates:
/// identifiers that differ do not prove that the key is another (RFC 5280 §4.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyIdMatch {
    Same,
    Unknown,
    Different,
}

impl KeyIdMatch {
    fn of(child: Certificate<'_>, issuer: Certificate<'_>) -> Self {
        match (child.authority_key_id(), issuer.subject_key_id()) {
            (Some(wanted), Some(found)) if wanted == found => Self::Same,
            (Some(_), Some(_)) => Self::Different,
            _ => Self::Unknown,
        }
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::Same => Some(Self::Unknown),
            Self::Unknown => Some(Self::Different),
            Self::Different => None,
        }
    }
}

/// A certificate that may be the issuer, if its key identifier compares as said.
#[derive(Clone, Copy)]
struct Candidate {
    node: Node,
    key_id_match: KeyIdMatch,
}

/// All certificates that may have a name, in the order in which to try them: three rounds, by how key identifiers compare, and in each
/// anchors, then presented certificates, then intermediates of the store. One comes up in each round; it is a candidate in
/// the one that its key identifier puts it in.
struct Candidates {
    anchors: Range<u32>,
    intermediates: Range<u32>,
    round: Option<KeyIdMatch>,
    position: Position,
}

enum Position {
    Anchors(u32),
    Presented(usize),
    Intermediates(u32),
}

impl Candidates {
    /// Those whose subject has the [`name_key`] given.
    fn new(store: &TrustStore, key: u64) -> Self {
        let anchors = store.anchor_set().positions(key);
        Self {
            position: Position::Anchors(anchors.start),
            anchors,
            intermediates: store.intermediate_set().positions(key),
            round: Some(KeyIdMatch::Same),
        }
    }

    fn next(&mut self, store: &TrustStore, presented: usize) -> Option<Candidate> {
        loop {
            let key_id_match = self.round?;
            let found = match &mut self.position {
                Position::Anchors(position) if *position < self.anchors.end => {
                    let index = store.anchor_set().at(*position);
                    *position = position.saturating_add(1);
                    index.map(Node::Anchor)
                }
                Position::Anchors(_) => {
                    self.position = Position::Presented(1);
                    None
                }
                Position::Presented(index) if *index < presented => {
                    let node = Node::Presented(*index);
                    *index = index.saturating_add(1);
                    Some(node)
                }
                Position::Presented(_) => {
                    self.position = Position::Intermediates(self.intermediates.start);
                    None
                }
                Position::Intermediates(position) if *position < self.intermediates.end => {
                    let index = store.intermediate_set().at(*position);
                    *position = position.saturating_add(1);
                    index.map(Node::Intermediate)
                }
                Position::Intermediates(_) => {
                    self.position = Position::Anchors(self.anchors.start);
                    self.round = key_id_match.next();
                    None
                }
            };
            if let Some(node) = found {
                return Some(Candidate { node, key_id_match });
            }
        }
    }
}
