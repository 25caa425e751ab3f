//! Who may have issued a certificate, in the order in which to try them.

use core::ops::Range;

use super::{Node, PresentedChain};
use crate::certificates::NameId;
use crate::store::TrustStore;
use crate::x509::Certificate;

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
    /// By how much it makes a path longer than its intermediates do, in the order of the search:
    /// paths over key identifiers that contradict each other come after paths over others that have
    /// five intermediates more, and before longer ones.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Same | Self::Unknown => 0,
            Self::Different => Self::LENGTH_OF_DIFFERENT,
        }
    }

    const LENGTH_OF_DIFFERENT: usize = 5;

    /// What the longest link adds, its issuer included.
    pub(super) const LONGEST: usize = Self::LENGTH_OF_DIFFERENT + 1;

    pub(crate) fn of(child: Certificate<'_>, issuer: Certificate<'_>) -> Self {
        Self::with(wanted_key_id(child), issuer)
    }

    fn with(wanted: Option<&[u8]>, issuer: Certificate<'_>) -> Self {
        match (wanted, issuer.subject_key_id()) {
            (Some(wanted), Some(found)) if wanted == found => Self::Same,
            (Some(_), Some(_)) => Self::Different,
            _ => Self::Unknown,
        }
    }
}

/// The key identifier that issuers of a certificate should have. Digests have up to 64 octets;
/// longer ones are made to take long to compare, and name nobody.
fn wanted_key_id(child: Certificate<'_>) -> Option<&[u8]> {
    const LONGEST: usize = 64;
    let wanted = child.authority_key_id();
    wanted.filter(|key_id| key_id.len() <= LONGEST)
}

/// Which candidates to give out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyIds {
    /// Those whose key identifiers do not differ.
    MustNotDiffer,
    /// All of them.
    MayDiffer,
}

/// The certificate of a candidate, and how its key identifier compares.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub(super) node: Node,
    pub(super) key_id_match: KeyIdMatch,
}

/// All certificates with a name, in the order in which to try them: first those with the key
/// identifier that is wanted, then those of which that is not known, then those with another one;
/// and of each kind presented certificates before those of the store, of which those that were
/// presented come first.
pub(super) struct Candidates<'a> {
    name: NameId,
    wanted: Option<&'a [u8]>,
    key_ids: KeyIds,
    /// The kind that is given out now; `None` at the end.
    round: Option<KeyIdMatch>,
    next_presented: usize,
    /// Among the places in the store of those that were presented.
    next_stored: usize,
    /// The places in the store that are left of this round.
    places: [Range<u32>; 2],
}

const NO_PLACES: [Range<u32>; 2] = [0..0, 0..0];

impl<'a> Candidates<'a> {
    /// The candidates for the issuer of `child`, whose issuer has this name.
    pub(super) fn new(
        store: &TrustStore,
        child: Certificate<'a>,
        name: NameId,
        key_ids: KeyIds,
    ) -> Self {
        let mut candidates = Self {
            name,
            wanted: wanted_key_id(child),
            key_ids,
            round: None,
            next_presented: 1,
            next_stored: 0,
            places: NO_PLACES,
        };
        let first = match candidates.wanted {
            Some(_) => KeyIdMatch::Same,
            None => KeyIdMatch::Unknown,
        };
        candidates.begin(store, Some(first));
        candidates
    }

    pub(super) fn next(
        &mut self,
        store: &TrustStore,
        presented: &PresentedChain<'_>,
    ) -> Option<Candidate> {
        loop {
            let key_id_match = self.round?;
            while self.next_presented < presented.len() {
                let index = self.next_presented;
                self.next_presented = index.saturating_add(1);
                if presented.subject(index) == self.name
                    && self.compare(presented.get(index)) == key_id_match
                {
                    let node = Node::Presented(index);
                    return Some(Candidate { node, key_id_match });
                }
            }
            if let Some(place) = self.next_place(presented.stored()) {
                let certificates = store.certificates();
                let index = certificates.at(place)?;
                let node = Node::of_index(certificates, index);
                return Some(Candidate { node, key_id_match });
            }
            let next = match (key_id_match, self.key_ids) {
                (KeyIdMatch::Same, _) => Some(KeyIdMatch::Unknown),
                (KeyIdMatch::Unknown, KeyIds::MayDiffer) => Some(KeyIdMatch::Different),
                _ => None,
            };
            self.begin(store, next.filter(|_| self.wanted.is_some()));
        }
    }

    /// The next place in the store of this round: first those of `stored`, which were presented.
    fn next_place(&mut self, stored: &[u32]) -> Option<u32> {
        while let Some(place) = stored.get(self.next_stored) {
            self.next_stored = self.next_stored.saturating_add(1);
            if self.places.iter().any(|range| range.contains(place)) {
                return Some(*place);
            }
        }
        let mut rest = self.places.iter_mut().flatten();
        rest.find(|place| stored.binary_search(place).is_err())
    }

    /// Whether certificates with the name and another key identifier than the one that is wanted
    /// are not given out; of those presented such as are `useful`.
    pub(super) fn passes_over(
        &self,
        store: &TrustStore,
        presented: &PresentedChain<'_>,
        useful: impl Fn(Node) -> bool,
    ) -> bool {
        let in_store = || {
            let places = places_of(store, self.name, self.wanted, KeyIdMatch::Different);
            places.iter().any(|range| range.start < range.end)
        };
        let is_other = |index: usize| {
            presented.subject(index) == self.name
                && useful(Node::Presented(index))
                && self.compare(presented.get(index)) == KeyIdMatch::Different
        };
        self.key_ids == KeyIds::MustNotDiffer
            && self.wanted.is_some()
            && ((1..presented.len()).any(is_other) || in_store())
    }

    fn begin(&mut self, store: &TrustStore, round: Option<KeyIdMatch>) {
        self.round = round;
        self.next_presented = 1;
        self.next_stored = 0;
        self.places = match round {
            Some(round) => places_of(store, self.name, self.wanted, round),
            None => NO_PLACES,
        };
    }

    fn compare(&self, issuer: Certificate<'_>) -> KeyIdMatch {
        KeyIdMatch::with(self.wanted, issuer)
    }
}

/// The places of the certificates of the store with this name, by how their key identifiers compare
/// with the one that is wanted.
fn places_of(
    store: &TrustStore,
    name: NameId,
    wanted: Option<&[u8]>,
    key_id_match: KeyIdMatch,
) -> [Range<u32>; 2] {
    let certificates = store.certificates();
    let all = certificates.with_subject(name);
    if all.is_empty() {
        return NO_PLACES;
    }
    match (key_id_match, wanted) {
        (KeyIdMatch::Unknown, None) => [all, 0..0],
        (_, None) => NO_PLACES,
        (KeyIdMatch::Same, Some(_)) => [certificates.with_key_id(name, wanted), 0..0],
        (KeyIdMatch::Unknown, Some(_)) => [certificates.with_key_id(name, None), 0..0],
        // Those without a key identifier come first.
        (KeyIdMatch::Different, Some(_)) => {
            let none = certificates.with_key_id(name, None);
            let same = certificates.with_key_id(name, wanted);
            [none.end..same.start, same.end..all.end]
        }
    }
}

/// The places of the certificates of the store that may have issued `child`, whose key identifiers
/// compare like this.
pub(super) fn stored_issuers(
    store: &TrustStore,
    child: Certificate<'_>,
    issuer: NameId,
    key_id_match: KeyIdMatch,
) -> [Range<u32>; 2] {
    places_of(store, issuer, wanted_key_id(child), key_id_match)
}
