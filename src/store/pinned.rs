//! Client certificates that are trusted exactly as they are.

use alloc::vec::Vec;
use core::fmt;

use crate::certificates::{Draft, Stored};
use crate::x509::Certificate;

#[derive(Default)]
pub(crate) struct PinnedClients {
    der: Vec<u8>,
    /// In the order given.
    stored: Vec<Stored>,
    /// Indices into `stored`, sorted by DER.
    by_der: Vec<u32>,
}

impl PinnedClients {
    pub(super) fn new(pinned: Draft) -> Self {
        let (der, stored) = pinned.without_duplicates().into_parts();
        let mut by_der: Vec<(u32, &Stored)> = (0u32..).zip(&stored).collect();
        by_der.sort_unstable_by_key(|(_, stored)| stored.bytes(&der));
        let by_der = by_der.into_iter().map(|(index, _)| index).collect();
        Self {
            der,
            stored,
            by_der,
        }
    }

    /// In the order given.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = Certificate<'_>> {
        self.stored.iter().map(|stored| stored.view(&self.der))
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
