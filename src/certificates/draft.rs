//! Certificates on their way into a store.

use alloc::vec::Vec;
use core::fmt;

use super::origin::{Labels, Place, Placed};
use crate::x509::{Certificate, Fields};

/// Parsed certificates, in the order given, their bytes in one buffer.
#[derive(Default)]
pub(crate) struct Draft {
    der: Vec<u8>,
    stored: Vec<Stored>,
    labels: Labels,
}

/// Where a certificate lies in the buffer, and its fields.
#[derive(Clone, Copy)]
pub(crate) struct Stored {
    start: u32,
    end: u32,
    fields: Fields,
    place: Place,
}

/// All certificates together would have more bytes than a `u32` counts.
#[derive(Debug)]
pub(crate) struct TooLarge;

impl Stored {
    /// The certificate; `der` is the buffer it lies in.
    pub(crate) fn view<'a>(&'a self, der: &'a [u8]) -> Certificate<'a> {
        self.fields.view(self.bytes(der))
    }

    /// Where it comes from, among these labels.
    pub(crate) fn placed<'a>(&self, labels: &'a Labels) -> Placed<'a> {
        Placed(self.place, labels)
    }

    pub(crate) fn bytes<'a>(&self, der: &'a [u8]) -> &'a [u8] {
        der.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }
}

impl Draft {
    /// Adds a certificate from an input with this label, where it has this number. It is to fit
    /// together with so many other bytes.
    pub(crate) fn push_beside(
        &mut self,
        others: usize,
        der: &[u8],
        fields: Fields,
        (label, number): (Option<&str>, Option<usize>),
    ) -> Result<(), TooLarge> {
        let place = self.labels.place(label, number);
        self.push_at(others, der, fields, place)
    }

    fn push_at(
        &mut self,
        others: usize,
        der: &[u8],
        fields: Fields,
        place: Place,
    ) -> Result<(), TooLarge> {
        let all = self.der.len().saturating_add(der.len());
        u32::try_from(all.saturating_add(others)).map_err(|_| TooLarge)?;
        let start = u32::try_from(self.der.len()).map_err(|_| TooLarge)?;
        let end = u32::try_from(all).map_err(|_| TooLarge)?;
        self.der.extend_from_slice(der);
        self.stored.push(Stored {
            start,
            end,
            fields,
            place,
        });
        Ok(())
    }

    pub(crate) fn append(&mut self, other: Self) -> Result<(), TooLarge> {
        let moved = self.labels.append(other.labels);
        other.stored.iter().try_for_each(|stored| {
            let place = stored.place.moved_by(moved);
            self.push_at(0, stored.bytes(&other.der), stored.fields, place)
        })
    }

    /// Keeps the first `count`, which is no more than there are.
    pub(crate) fn truncate(&mut self, count: u32) {
        self.stored.truncate(count as usize);
        let end = self.stored.last().map_or(0, |stored| stored.end);
        self.der.truncate(end as usize);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Certificate<'_>> {
        self.stored.iter().map(|stored| stored.view(&self.der))
    }

    /// The first of equal certificates only.
    pub(crate) fn without_duplicates(self) -> Self {
        let mut sorted = self.stored.clone();
        sorted.sort_unstable_by_key(|stored| (stored.bytes(&self.der), stored.start));
        sorted.dedup_by(|later, earlier| later.bytes(&self.der) == earlier.bytes(&self.der));
        if sorted.len() == self.stored.len() {
            return self;
        }
        sorted.sort_unstable_by_key(|stored| stored.start);
        let mut unique = Self {
            labels: self.labels,
            ..Self::default()
        };
        for stored in sorted {
            // A part of what fitted fits.
            let _ = unique.push_at(0, stored.bytes(&self.der), stored.fields, stored.place);
        }
        unique
    }

    /// Keeps those that `keep` says.
    pub(crate) fn retain(&mut self, keep: impl Fn(Certificate<'_>) -> bool) {
        let der = &self.der;
        self.stored.retain(|stored| keep(stored.view(der)));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// How many there are. Fewer than 2^32, as their bytes are.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.stored.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn byte_count(&self) -> usize {
        self.der.len()
    }

    pub(crate) fn into_parts(mut self) -> (Vec<u8>, Vec<Stored>, Labels) {
        self.der.shrink_to_fit();
        self.stored.shrink_to_fit();
        (self.der, self.stored, self.labels)
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} certificates)", self.stored.len())
    }
}
