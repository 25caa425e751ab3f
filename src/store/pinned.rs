//! Client certificates that are trusted exactly as they are.

use alloc::vec::Vec;
use core::fmt;

use crate::certificates::{Draft, Labels, Placed, Stored};
use crate::x509::Certificate;

#[derive(Default)]
pub(crate) struct PinnedClients {
    der: Vec<u8>,
    /// In the order given.
    stored: Vec<Stored>,
    labels: Labels,
    /// Indices into `stored`, sorted by DER.
    by_der: Vec<u32>,
}

impl PinnedClients {
    pub(super) fn new(pinned: Draft) -> Self {
        let (der, stored, labels) = pinned.without_duplicates().into_parts();
        let mut by_der: Vec<(u32, &Stored)> = (0u32..).zip(&stored).collect();
        by_der.sort_unstable_by_key(|(_, stored)| stored.bytes(&der));
        let by_der = by_der.into_iter().map(|(index, _)| index).collect();
        Self {
            der,
            stored,
            labels,
            by_der,
        }
    }

    /// In the order given.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = Certificate<'_>> {
        self.stored.iter().map(|stored| stored.view(&self.der))
    }

    /// The same with where each comes from.
    pub(super) fn with_origins(
        &self,
    ) -> impl ExactSizeIterator<Item = (Certificate<'_>, Placed<'_>)> {
        let stored = self.stored.iter();
        stored.map(|stored| (stored.view(&self.der), stored.placed(&self.labels)))
    }

    pub(super) fn contains(&self, der: &[u8]) -> bool {
        let bytes = |index: &u32| {
            let stored = self.stored.get(*index as usize);
            stored.map_or(&[][..], |stored| stored.bytes(&self.der))
        };
        self.by_der
            .binary_search_by(|index| bytes(index).cmp(der))
            .is_ok()
    }
}

impl fmt::Debug for PinnedClients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinnedClients({})", self.stored.len())
    }
}
