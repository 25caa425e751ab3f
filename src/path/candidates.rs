//! Who may have issued a certificate, in the order in which to try them.

use core::ops::Range;

use super::{Node, PresentedChain};
use crate::store::{NameId, TrustStore};
use crate::x509::Certificate;

pub(super) fn stored(index: u32, is_anchor: bool) -> Node {
    match is_anchor {
        true => Node::Anchor(index),
        false => Node::Intermediate(index),
    }
}

/// How the child's authority key identifier and the issuer's subject key identifier compare. This
/// only orders candidates: identifiers that differ do not prove that the key is another (RFC 5280
/// §4.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyIdMatch {
    Same,
    Unknown,
    Different,
}

impl KeyIdMatch {
    pub(crate) fn of(child: Certificate<'_>, issuer: Certificate<'_>) -> Self {
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

/// A certificate that is a candidate if its key identifier compares as said.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub(super) node: Node,
    pub(super) key_id_match: KeyIdMatch,
}

/// All certificates with a name, in the order in which to try them: three rounds, by how key
/// identifiers compare, and in each presented certificates, anchors and then intermediates of the
/// store. Each comes up in every round; it is a candidate in the one that its key identifier puts
/// it in.
pub(super) struct Candidates {
    name: NameId,
    stored: Range<u32>,
    round: Option<KeyIdMatch>,
    next_presented: usize,
    next_stored: u32,
}

impl Candidates {
    pub(super) fn new(store: &TrustStore, name: NameId) -> Self {
        let stored = store.certificates().with_subject(name);
        Self {
            name,
            next_stored: stored.start,
            stored,
            round: Some(KeyIdMatch::Same),
            next_presented: 1,
        }
    }

    pub(super) fn next(
        &mut self,
        store: &TrustStore,
        presented: &PresentedChain<'_>,
    ) -> Option<Candidate> {
        loop {
            let key_id_match = self.round?;
            if self.next_presented < presented.len() {
                let index = self.next_presented;
                self.next_presented = index.saturating_add(1);
                if presented.subject(index) == self.name {
                    let node = Node::Presented(index);
                    return Some(Candidate { node, key_id_match });
                }
            } else if self.next_stored < self.stored.end {
                let certificates = store.certificates();
                let index = certificates.at(self.next_stored);
                self.next_stored = self.next_stored.saturating_add(1);
                if let Some(index) = index {
                    let node = stored(index, certificates.is_anchor(index));
                    return Some(Candidate { node, key_id_match });
                }
            } else {
                self.round = key_id_match.next();
                self.next_presented = 1;
                self.next_stored = self.stored.start;
            }
        }
    }
}
