//! The CA certificates of a store, found by the name of their subject.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::draft::{Draft, Stored, TooLarge};
use crate::x509::{Certificate, is_same_name, name_key};

/// Trust anchors and intermediates. Immutable; their bytes lie in one buffer, one after another.
///
/// All names in it, of subjects and issuers, have a number: equal names (RFC 5280 §7.1) the same one. A search compares these.
#[derive(Default)]
pub(crate) struct CertificateSet {
    der: Vec<u8>,
    /// The anchors, then the intermediates, both in the order given.
    stored: Vec<Stored>,
    anchors: u32,
    /// The names of each of `stored`.
    names_of: Vec<Names>,
    /// Each name once, sorted by its key. A name's number is its place here.
    names: Vec<NameEntry>,
    /// Indices, sorted by the name of the subject; among equals anchors first, then by DER, so that the same certificates are found
    /// in the same order, however they were given.
    by_subject: Vec<u32>,
    /// Where the certificates of each name begin in `by_subject`, and after the last one its length.
    subject_starts: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Names {
    subject: NameId,
    issuer: NameId,
}

/// Stands for a name: names are the same if and only if their numbers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NameId(pub(crate) u32);

/// A name, as one certificate has it.
#[derive(Clone, Copy)]
struct NameEntry {
    key: u64,
    index: u32,
    is_issuer: bool,
}

impl CertificateSet {
    /// The set of these, each certificate once in each role.
    pub(super) fn new(anchors: Draft, intermediates: Draft) -> Result<Self, TooLarge> {
        let mut all = anchors.without_duplicates();
        let anchors = all.len();
        all.append(intermediates.without_duplicates())?;
        let (der, stored) = all.into_parts();
        let mut set = Self {
            names_of: alloc::vec![Names::default(); stored.len()],
            der,
            stored,
            anchors,
            ..Self::default()
        };
        set.number_names();
        set.sort_by_subject();
        Ok(set)
    }

    fn number_names(&mut self) {
        let mut entries: Vec<NameEntry> = Vec::with_capacity(self.stored.len().saturating_mul(2));
        for (index, certificate) in (0u32..).zip(self.iter()) {
            let (subject, issuer) = (certificate.subject(), certificate.issuer());
            let key = name_key(subject);
            let issuer_key = if issuer == subject {
                key
            } else {
                name_key(issuer)
            };
            for (key, is_issuer) in [(key, false), (issuer_key, true)] {
                entries.push(NameEntry {
                    key,
                    index,
                    is_issuer,
                });
            }
        }
        entries.sort_unstable_by_key(|entry| (entry.key, entry.index, entry.is_issuer));
        for entry in entries {
            let id = self
                .find(self.bytes_of(entry), entry.key)
                .unwrap_or_else(|| {
                    self.names.push(entry);
                    NameId(last_index(self.names.len()))
                });
            if let Some(names) = self.names_of.get_mut(entry.index as usize) {
                match entry.is_issuer {
                    true => names.issuer = id,
                    false => names.subject = id,
                }
            }
        }
        self.names.shrink_to_fit();
    }

    fn sort_by_subject(&mut self) {
        let mut by_subject: Vec<u32> = (0u32..).zip(&self.stored).map(|(index, _)| index).collect();
        by_subject.sort_unstable_by(|a, b| {
            let order = |index: u32| (self.subject(index), !self.is_anchor(index));
            order(*a)
                .cmp(&order(*b))
                .then_with(|| self.get(*a).as_bytes().cmp(self.get(*b).as_bytes()))
        });
        let mut starts = Vec::with_capacity(self.names.len().saturating_add(1));
        for (name, _) in (0u32..).zip(&self.names) {
            let start = by_subject.partition_point(|index| self.subject(*index) < NameId(name));
            starts.push(start as u32);
        }
        starts.push(by_subject.len() as u32);
        self.by_subject = by_subject;
        self.subject_starts = starts;
    }

    /// How many of the certificates are anchors; they are the first.
    pub(crate) fn anchor_count(&self) -> u32 {
        self.anchors
    }

    pub(crate) fn is_anchor(&self, index: u32) -> bool {
        index < self.anchors
    }

    /// All certificates: the anchors, then the intermediates, both in the order given.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Certificate<'_>> {
        self.stored.iter().map(|stored| stored.view(&self.der))
    }

    /// The certificate of an index that this set gave out.
    #[expect(
        clippy::indexing_slicing,
        reason = "a set gives out indices of its own certificates only"
    )]
    pub(crate) fn get(&self, index: u32) -> Certificate<'_> {
        self.stored[index as usize].view(&self.der)
    }

    pub(crate) fn subject(&self, index: u32) -> NameId {
        self.names_of
            .get(index as usize)
            .map_or(NameId::default(), |names| names.subject)
    }

    pub(crate) fn issuer(&self, index: u32) -> NameId {
        self.names_of
            .get(index as usize)
            .map_or(NameId::default(), |names| names.issuer)
    }

    /// The number of a name of which this is the [`name_key`], if a certificate of the set has it.
    pub(crate) fn find(&self, name: &[u8], key: u64) -> Option<NameId> {
        let start = self.names.partition_point(|entry| entry.key < key);
        (start..)
            .zip(self.names.get(start..).unwrap_or_default())
            .take_while(|(_, entry)| entry.key == key)
            .find(|(_, entry)| is_same_name(self.bytes_of(**entry), name))
            .map(|(position, _)| NameId(position as u32))
    }

    /// How many names there are; a number from here on is no name of the set.
    pub(crate) fn name_count(&self) -> u32 {
        self.names.len() as u32
    }

    /// The places of the certificates with this subject; see [`CertificateSet::at`].
    pub(crate) fn with_subject(&self, NameId(name): NameId) -> Range<u32> {
        let start = |name: u32| self.subject_starts.get(name as usize).copied();
        match (start(name), start(name.saturating_add(1))) {
            (Some(start), Some(end)) => start..end,
            _ => 0..0,
        }
    }

    /// The index of the certificate at one of the places of [`CertificateSet::with_subject`].
    pub(crate) fn at(&self, place: u32) -> Option<u32> {
        self.by_subject.get(place as usize).copied()
    }

    /// Whether the very same certificate is an anchor: the same signed bytes, whatever the
    /// signature.
    pub(crate) fn has_anchor(&self, certificate: Certificate<'_>) -> bool {
        let subject = certificate.subject();
        self.find(subject, name_key(subject)).is_some_and(|name| {
            self.with_subject(name)
                .filter_map(|place| self.at(place))
                .any(|index| self.is_anchor(index) && self.get(index).tbs() == certificate.tbs())
        })
    }

    /// The DER of each anchor's subject, equal names once, as the first has it.
    pub(crate) fn anchor_subjects(&self) -> impl Iterator<Item = &[u8]> {
        let mut is_seen = alloc::vec![false; self.names.len()];
        (0..self.anchors).filter_map(move |index| {
            let NameId(name) = self.subject(index);
            let is_seen = is_seen.get_mut(name as usize)?;
            let is_first = !core::mem::replace(is_seen, true);
            is_first.then(|| self.get(index).subject())
        })
    }

    fn bytes_of(&self, entry: NameEntry) -> &[u8] {
        let certificate = self.get(entry.index);
        match entry.is_issuer {
            true => certificate.issuer(),
            false => certificate.subject(),
        }
    }
}

/// The index of the last of `len` things. A set has fewer than 2^31 certificates of at least two bytes, so fewer than 2^32 names.
fn last_index(len: usize) -> u32 {
    u32::try_from(len.saturating_sub(1)).unwrap_or(u32::MAX)
}

impl fmt::Debug for CertificateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "CertificateSet({} certificates, {} of them anchors)",
            self.stored.len(),
            self.anchors
        )
    }
}
