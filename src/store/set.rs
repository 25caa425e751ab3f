//! Certificates by subject.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::x509::{Certificate, Fields, is_same_name, name_key};

/// Parsed certificates, found by subject. Their bytes lie in one buffer, one after another.
#[derive(Default)]
pub(crate) struct CertificateSet {
    der: Vec<u8>,
    stored: Vec<Stored>,
    /// Sorted by the subject's key, then by DER: the same certificates are found in the same order, however they were given.
    by_subject: Vec<SubjectEntry>,
}

#[derive(Clone, Copy)]
struct Stored {
    start: u32,
    end: u32,
    fields: Fields,
}

#[derive(Clone, Copy)]
struct SubjectEntry {
    key: u64,
    index: u32,
}

/// All certificates together would have more bytes than a `u32` counts.
#[derive(Debug)]
pub(crate) struct TooLarge;

impl CertificateSet {
    /// Adds a certificate, which no look-up finds until [`CertificateSet::seal`].
    pub(crate) fn push(&mut self, der: &[u8], fields: Fields) -> Result<(), TooLarge> {
        let start = u32::try_from(self.der.len()).map_err(|_| TooLarge)?;
        let end = u32::try_from(self.der.len().saturating_add(der.len())).map_err(|_| TooLarge)?;
        self.der.extend_from_slice(der);
        self.stored.push(Stored { start, end, fields });
        Ok(())
    }

    /// Keeps each certificate once, the first of equals, and makes them findable.
    pub(crate) fn seal(self) -> Self {
        let mut entries = self.sorted_entries();
        let total = entries.len();
        // Equal certificates are neighbours, in the order given.
        entries.dedup_by(|later, earlier| {
            self.get(later.index).as_bytes() == self.get(earlier.index).as_bytes()
        });
        if entries.len() == total {
            return self.with_index(entries);
        }
        let mut kept: Vec<u32> = entries.iter().map(|entry| entry.index).collect();
        kept.sort_unstable();
        let mut unique = Self::default();
        for stored in kept
            .iter()
            .filter_map(|index| self.stored.get(*index as usize))
        {
            // A part of what fitted fits.
            let _ = unique.push(self.bytes(stored), stored.fields);
        }
        let entries = unique.sorted_entries();
        unique.with_index(entries)
    }

    fn sorted_entries(&self) -> Vec<SubjectEntry> {
        let mut entries: Vec<SubjectEntry> = (0u32..)
            .zip(self.iter())
            .map(|(index, certificate)| SubjectEntry {
                key: name_key(certificate.subject()),
                index,
            })
            .collect();
        entries.sort_unstable_by(|a, b| {
            let der = |entry: &SubjectEntry| self.get(entry.index).as_bytes();
            a.key
                .cmp(&b.key)
                .then_with(|| der(a).cmp(der(b)))
                .then(a.index.cmp(&b.index))
        });
        entries
    }

    fn with_index(mut self, by_subject: Vec<SubjectEntry>) -> Self {
        self.der.shrink_to_fit();
        self.stored.shrink_to_fit();
        self.by_subject = by_subject;
        self.by_subject.shrink_to_fit();
        self
    }

    pub(crate) fn len(&self) -> usize {
        self.stored.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// All certificates, in the order given.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Certificate<'_>> {
        self.stored
            .iter()
            .map(|stored| stored.fields.view(self.bytes(stored)))
    }

    /// The certificate of an index that this set gave out.
    #[expect(
        clippy::indexing_slicing,
        reason = "a set gives out indices of its own certificates only"
    )]
    pub(crate) fn get(&self, index: u32) -> Certificate<'_> {
        let stored = &self.stored[index as usize];
        stored.fields.view(self.bytes(stored))
    }

    /// The positions at which certificates may be whose subject has this [`name_key`]; see [`CertificateSet::at`].
    pub(crate) fn positions(&self, key: u64) -> Range<u32> {
        let start = self.by_subject.partition_point(|entry| entry.key < key);
        let count = self
            .by_subject
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(|entry| entry.key == key)
            .count();
        // The set has fewer than 2^32 certificates, so its positions fit.
        let start = start as u32;
        start..start.saturating_add(count as u32)
    }

    /// The index of the certificate at a position of [`CertificateSet::positions`]. Whether its subject is the name
    /// looked for, and not another with the same key, is for the caller to compare.
    pub(crate) fn at(&self, position: u32) -> Option<u32> {
        Some(self.by_subject.get(position as usize)?.index)
    }

    /// Whether the very same certificate is here.
    pub(crate) fn contains(&self, certificate: Certificate<'_>) -> bool {
        !self.is_empty()
            && self
                .with_key_of(certificate.subject())
                .any(|index| self.get(index).as_bytes() == certificate.as_bytes())
    }

    /// The DER of each subject, once, as its first certificate has it.
    pub(crate) fn distinct_subjects(&self) -> impl Iterator<Item = &[u8]> {
        (0u32..)
            .zip(self.iter())
            .map(|(index, certificate)| (index, certificate.subject()))
            .filter(|(index, subject)| {
                self.with_key_of(subject)
                    .filter(|other| is_same_name(self.get(*other).subject(), subject))
                    .min()
                    == Some(*index)
            })
            .map(|(_, subject)| subject)
    }

    fn with_key_of(&self, name: &[u8]) -> impl Iterator<Item = u32> + '_ {
        self.positions(name_key(name))
            .filter_map(|position| self.at(position))
    }

    fn bytes(&self, stored: &Stored) -> &[u8] {
        self.der
            .get(stored.start as usize..stored.end as usize)
            .unwrap_or_default()
    }
}

impl fmt::Debug for CertificateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateSet({} certificates)", self.len())
    }
}
