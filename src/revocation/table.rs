//! The serial numbers of a CRL, packed.
//!
//! A hash of the serial number leads to a bucket of about eight entries, which lie one after
//! another in one buffer. So an entry takes its serial number, three bytes, and half a byte for its
//! share of the bucket's position; a look-up reads two or three cache lines, however long the CRL
//! is.
//!
//! The hash is keyed with the CRL's signature, which issuers seldom know before they choose serial
//! numbers. An issuer that makes up its key after the signature does, and any can repeat a serial
//! number. Where a bucket becomes large, the entries are sorted by serial number instead, repeated
//! ones once.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::array;
use core::ops::Range;

use crate::x509::{CERTIFICATE_HOLD, REMOVE_FROM_CRL};

/// The largest serial number that is kept, in octets. RFC 5280 §4.1.2.2 allows issuers 20.
const MAX_SERIAL_BYTES: usize = 32;
const ENTRIES_PER_BUCKET: usize = 8;
const HEADER_BYTES: usize = 3;
/// As much as 64 of the largest entries: eight times as many as there should be. Chance makes no
/// bucket of more than 40.
const MAX_BUCKET_BYTES: u32 = 64 * (HEADER_BYTES + MAX_SERIAL_BYTES) as u32;

/// What an entry says besides its serial number, in 19 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EntryNote {
    /// The number of its reason, at most 15.
    pub(crate) reason: u8,
    /// The day of the revocation, counted from 1990-01-01; at most 32,767.
    pub(crate) day: u16,
}

/// What an entry does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Revokes,
    /// certificateHold (RFC 5280 §5.3.1).
    Holds,
    /// removeFromCRL, which revokes nothing in a delta CRL.
    Removes,
}

impl EntryNote {
    fn kind(self) -> Kind {
        match self.reason {
            CERTIFICATE_HOLD => Kind::Holds,
            REMOVE_FROM_CRL => Kind::Removes,
            _ => Kind::Revokes,
        }
    }
}

/// A serial number of one issuer, as it is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Serial {
    octets: [u8; MAX_SERIAL_BYTES],
    len: usize,
}

impl Serial {
    /// From the content octets of a serial number, of the CRL's own issuer or of one of the others
    /// that an indirect CRL has. `None` if that is more than a table keeps: 32 octets, 28 with
    /// another issuer.
    pub(crate) fn new(issuer: Option<u16>, octets: &[u8]) -> Option<Self> {
        // No INTEGER begins with two octets of zero, so those of others cannot be taken for the
        // CRL's own issuer's.
        let issuer = issuer.map(|issuer| u32::from(issuer).to_be_bytes());
        let mut serial = Self {
            octets: [0; MAX_SERIAL_BYTES],
            len: 0,
        };
        for part in [issuer.as_ref().map(|issuer| &issuer[..]), Some(octets)] {
            let part = part.unwrap_or_default();
            let end = serial.len.saturating_add(part.len());
            serial
                .octets
                .get_mut(serial.len..end)?
                .copy_from_slice(part);
            serial.len = end;
        }
        Some(serial)
    }

    fn as_bytes(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }
}

/// Each eight octets are mixed with the key and all octets before them, by a multiplication of 64
/// by 64 bits of which both halves count.
fn hash(key: u64, serial: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |state: u64, word: u64| {
        let product = u128::from(state ^ word).wrapping_mul(u128::from(MULTIPLIER));
        (product as u64) ^ ((product >> 64) as u64)
    };
    let mut state = mix(key, serial.len() as u64);
    let (words, rest) = serial.as_chunks::<8>();
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    let last = rest
        .iter()
        .fold(0u64, |last, octet| last << 8 | u64::from(*octet));
    mix(state, last).rotate_left(32)
}

/// Collects serial numbers for a table.
///
/// They are kept apart by the first bits of their hashes, which are those of their places in the
/// table: so the table is filled part by part, and each part fits the processor's cache.
pub(crate) struct TableBuilder {
    hash_key: u64,
    parts: [Vec<u8>; PARTS],
    count: usize,
}

const PART_BITS: u32 = 6;
const PARTS: usize = 1 << PART_BITS;

impl TableBuilder {
    pub(crate) fn new(hash_key: u64) -> Self {
        Self {
            hash_key,
            parts: array::from_fn(|_| Vec::new()),
            count: 0,
        }
    }

    pub(crate) fn push(&mut self, serial: &Serial, note: EntryNote) {
        let octets = serial.as_bytes();
        let part = hash(self.hash_key, octets) >> (u64::BITS - PART_BITS);
        if let Some(part) = self.parts.get_mut(part as usize) {
            part.extend_from_slice(&pack(octets.len(), note));
            part.extend_from_slice(octets);
            self.count = self.count.saturating_add(1);
        }
    }

    /// How many there are so far.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn build(self) -> SerialTable {
        let buckets = (self.count / ENTRIES_PER_BUCKET).saturating_add(1);
        let total = self.parts.iter().map(Vec::len).sum();
        let mut table = SerialTable {
            order: Order::Hashed(self.hash_key),
            // Entries have fewer bytes than the CRL, which has fewer than 4 GiB.
            starts: vec![0; buckets.saturating_add(1)].into(),
            entries: Box::default(),
        };
        for part in &self.parts {
            // Sizes first, each in the place after its bucket's; the running sum is where the next
            // bucket begins.
            for (entry, bucket) in places_of(self.hash_key, table.starts.len(), part) {
                if let Some(size) = table.starts.get_mut(bucket.saturating_add(1)) {
                    *size = size.saturating_add(entry.len() as u32);
                }
            }
        }
        if table.starts.iter().any(|size| *size > MAX_BUCKET_BYTES) {
            return sorted(&self.parts);
        }
        table.entries = vec![0; total].into();
        let mut end = 0u32;
        for start in &mut table.starts {
            end = end.saturating_add(*start);
            *start = end;
        }
        for part in self.parts {
            // A bucket's position moves on as it fills, and ends where the next one begins.
            for (entry, bucket) in places_of(self.hash_key, table.starts.len(), &part) {
                let Some(start) = table.starts.get_mut(bucket) else {
                    continue;
                };
                let at = *start as usize;
                let end = at.saturating_add(entry.len());
                *start = end as u32;
                if let Some(place) = table.entries.get_mut(at..end) {
                    place.copy_from_slice(entry);
                }
            }
        }
        // So each position is one place too far to the left by now.
        table.starts.rotate_right(1);
        if let Some(first) = table.starts.first_mut() {
            *first = 0;
        }
        table
    }
}

/// The table of a CRL that would have too many entries in one bucket. Each takes four bytes more,
/// for its position.
#[cold]
fn sorted(parts: &[Vec<u8>]) -> SerialTable {
    let mut all: Vec<StoredEntry<'_>> = parts.iter().flat_map(|part| Entries(part)).collect();
    // Those with one serial number lie in one part, and stay in their order.
    all.sort_by_key(|entry| entry.serial);
    let (mut serial, mut seen) = (&[][..], [false; 3]);
    all.retain(|entry| {
        if entry.serial != serial {
            (serial, seen) = (entry.serial, [false; 3]);
        }
        let [revokes, holds, removes] = &mut seen;
        !match entry.note.kind() {
            Kind::Revokes => core::mem::replace(revokes, true),
            Kind::Holds => core::mem::replace(holds, true),
            Kind::Removes => core::mem::replace(removes, true),
        }
    });
    let mut table = SerialTable {
        order: Order::Sorted,
        starts: Box::default(),
        entries: all.iter().flat_map(|entry| entry.whole).copied().collect(),
    };
    let mut end = 0u32;
    let ends = all.iter().map(|entry| {
        end = end.saturating_add(entry.whole.len() as u32);
        end
    });
    table.starts = core::iter::once(0).chain(ends).collect();
    table
}

/// Serial numbers, each with a note.
pub(crate) struct SerialTable {
    order: Order,
    /// Where the entries of each bucket begin, or each entry where they are sorted; and after the
    /// last one their length.
    starts: Box<[u32]>,
    /// The entries: a header of length, reason and day, and the serial number.
    entries: Box<[u8]>,
}

/// Where entries lie.
enum Order {
    /// In buckets, by the hash with this key.
    Hashed(u64),
    /// By their serial numbers.
    Sorted,
}

impl SerialTable {
    /// The notes of the entries with this serial number; where there are many, of the first that
    /// revokes and the first that removes.
    pub(crate) fn find(&self, serial: &Serial) -> impl Iterator<Item = EntryNote> {
        let serial = serial.as_bytes();
        let range = match self.order {
            Order::Hashed(key) => {
                let bucket = bucket(key, serial, self.starts.len());
                self.start(bucket)..self.start(bucket.saturating_add(1))
            }
            Order::Sorted => self.range_of(serial),
        };
        let entries = Entries(self.entries.get(range).unwrap_or_default());
        entries.filter_map(move |entry| (entry.serial == serial).then_some(entry.note))
    }

    fn start(&self, index: usize) -> usize {
        self.starts.get(index).copied().unwrap_or(0) as usize
    }

    /// Where the entries with a serial number lie among sorted ones.
    #[cold]
    fn range_of(&self, serial: &[u8]) -> Range<usize> {
        let serial_at = |start: &u32| {
            let entries = self.entries.get(*start as usize..).unwrap_or_default();
            Entries(entries).next().map(|entry| entry.serial)
        };
        let (_, starts) = self.starts.split_last().unwrap_or((&0, &[]));
        let from = starts.partition_point(|start| serial_at(start) < Some(serial));
        let to = starts.partition_point(|start| serial_at(start) <= Some(serial));
        self.start(from)..self.start(to)
    }

    /// How many bytes it keeps.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.starts) + self.entries.len()
    }
}

/// Each of these entries, and its bucket, where `starts` is one more than there are.
fn places_of(hash_key: u64, starts: usize, entries: &[u8]) -> impl Iterator<Item = (&[u8], usize)> {
    Entries(entries).map(move |entry| (entry.whole, bucket(hash_key, entry.serial, starts)))
}

/// The bucket of a serial number, where `starts` is one more than there are: as far among them as
/// its hash is among all.
fn bucket(hash_key: u64, serial: &[u8], starts: usize) -> usize {
    let buckets = starts.saturating_sub(1) as u128;
    (u128::from(hash(hash_key, serial)).wrapping_mul(buckets) >> 64) as usize
}

/// Entries one after another.
struct Entries<'a>(&'a [u8]);

struct StoredEntry<'a> {
    whole: &'a [u8],
    serial: &'a [u8],
    note: EntryNote,
}

impl<'a> Iterator for Entries<'a> {
    type Item = StoredEntry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (len, note) = unpack(*self.0.first_chunk()?);
        let (whole, rest) = self.0.split_at_checked(HEADER_BYTES.saturating_add(len))?;
        self.0 = rest;
        let serial = whole.get(HEADER_BYTES..)?;
        Some(StoredEntry {
            whole,
            serial,
            note,
        })
    }
}

/// Five bits of length less one, four of reason, fifteen of day. A serial number has at least one
/// octet.
fn pack(len: usize, note: EntryNote) -> [u8; HEADER_BYTES] {
    let len = (len.saturating_sub(1) as u32) & 0x1f;
    let reason = u32::from(note.reason & 0x0f);
    let day = u32::from(note.day & 0x7fff);
    let [_, a, b, c] = (len << 19 | reason << 15 | day).to_be_bytes();
    [a, b, c]
}

fn unpack([a, b, c]: [u8; HEADER_BYTES]) -> (usize, EntryNote) {
    let bits = u32::from_be_bytes([0, a, b, c]);
    let note = EntryNote {
        reason: (bits >> 15 & 0x0f) as u8,
        day: (bits & 0x7fff) as u16,
    };
    ((bits >> 19).saturating_add(1) as usize, note)
}

#[cfg(test)]
mod tests;
