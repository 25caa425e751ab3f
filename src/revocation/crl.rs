//! One CRL, as a store keeps it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::time::Duration;

use pki_types::{SignatureVerificationAlgorithm, UnixTime};

use super::crls::Key;
use super::issuers::{Issuers, TooMany};
use super::newer::Newer;
use super::signature_state::{SignatureState, Signed};
use super::table::{EntryNote, Serial, SerialTable, TableBuilder};
use crate::policy::SignatureAlgorithms;
use crate::x509::{
    Certificate, Crl, CrlEntry, CrlError, CrlFormRule, DisplayName, IssuingPoint, Problem,
    RevocationReason, Time, key_identifier_of, name_key,
};

/// A CRL: its header, its entries packed, and what is known of its signature.
pub(crate) struct StoredCrl {
    /// The DER of the issuer's name, and its [`name_key`].
    issuer: Box<[u8]>,
    issuer_key: u64,
    /// A number of its own, of its signature.
    key: u64,
    this_update: Time,
    next_update: Option<Time>,
    /// Its number, and that of the CRL that a delta continues, as [`unsigned`] has them.
    number: Option<Box<[u8]>>,
    base_number: Option<Box<[u8]>>,
    authority_key_id: Option<Box<[u8]>>,
    issuing_point: Option<Box<[u8]>>,
    signature_algorithm: Box<[u8]>,
    form_fault: Option<CrlFormRule>,
    /// From when on it keeps entries of certificates that have expired, where it says so.
    expired_since: Option<Time>,
    serials: SerialTable,
    /// How many entries it has.
    count: usize,
    /// Whose certificates, besides its issuer's, it revokes.
    issuers: Issuers,
    /// Whether another CRL of its issuer about the same certificates is newer.
    has_newer: bool,
    /// Whether there is a delta CRL of its issuer about the same certificates.
    has_delta: bool,
    /// See [`StoredCrl::maker`].
    maker: Option<u32>,
    signature: SignatureState,
}

/// The largest issuingDistributionPoint that is taken. It is read whenever a certificate is looked
/// up; real ones have a few hundred bytes.
const MAX_POINT_BYTES: usize = 8_192;

/// What a CRL says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryStatus {
    /// Not on it.
    Absent,
    /// Revoked: why, and the first second of the day.
    Revoked {
        reason: RevocationReason,
        on: UnixTime,
    },
    /// In a delta CRL: no longer revoked.
    Removed,
}

impl StoredCrl {
    /// Parses a CRL, and packs its entries.
    pub(crate) fn parse(der: Vec<u8>) -> Result<Self, CrlError> {
        let crl = Crl::parse(&der)?;
        let mut issuers = Issuers::new(crl.issuer);
        let mut form_fault = crl.form_fault;
        let key = hash_key(crl.signature);
        let mut serials = TableBuilder::new(key);
        if crl
            .issuing_point
            .is_some_and(|point| point.len() > MAX_POINT_BYTES)
        {
            return Err(CrlError::malformed("issuingDistributionPoint")(
                Problem::TooLarge,
            ));
        }
        let point = crl.issuing_point.map(IssuingPoint::read);
        let is_indirect = point.is_some_and(|point| point.is_ok_and(|point| point.is_indirect));
        let mut issuer = None;
        for (index, entry) in crl.entries().enumerate() {
            let entry = entry.map_err(|problem| CrlError::in_entry(index, problem))?;
            let out_of_range = || CrlError::in_entry(index, Problem::OutOfRange.into());
            if let Some(name) = entry.certificate_issuer {
                // §5.3.3: in indirect CRLs alone. Elsewhere nobody can tell whose certificates are
                // meant.
                if !is_indirect {
                    return Err(out_of_range());
                }
                issuer = issuers.add(name).map_err(|TooMany| out_of_range())?;
            }
            let serial = Serial::new(issuer, entry.serial).ok_or_else(out_of_range)?;
            serials.push(&serial, note_of(&entry));
            form_fault = form_fault.or(entry.form_fault);
        }
        let count = serials.len();
        let serials = serials.build();
        let boxed = |bytes: Option<&[u8]>| bytes.map(Box::from);
        Ok(Self {
            issuer: crl.issuer.into(),
            issuer_key: name_key(crl.issuer),
            key,
            this_update: crl.this_update,
            next_update: crl.next_update,
            number: boxed(crl.number.map(unsigned)),
            base_number: boxed(crl.base_number.map(unsigned)),
            authority_key_id: boxed(crl.authority_key_id),
            issuing_point: boxed(crl.issuing_point),
            signature_algorithm: crl.signature_algorithm.into(),
            form_fault,
            serials,
            count,
            issuers,
            has_newer: false,
            has_delta: false,
            maker: None,
            expired_since: crl.expired_certs_since,
            signature: SignatureState::new(der),
        })
    }

    /// The DER of the issuer's name.
    pub(crate) fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// Its order among others of its issuer, whatever that of the files: those about the same
    /// certificates together, and of these the newest first.
    pub(super) fn cmp_with(&self, other: &Self) -> Ordering {
        let scopes = (self.issuing_point(), other.issuing_point());
        let of_scopes = match &scopes {
            (Some(ours), Some(theirs)) => ours.order().cmp(&theirs.order()),
            (ours, theirs) => ours.is_some().cmp(&theirs.is_some()),
        };
        of_scopes
            .then_with(|| other.this_update.cmp(&self.this_update))
            .then_with(|| match (&self.number, &other.number) {
                (Some(ours), Some(theirs)) => compare_numbers(theirs, ours),
                (ours, theirs) => theirs.is_some().cmp(&ours.is_some()),
            })
            .then_with(|| self.key.cmp(&other.key))
            .then_with(|| self.der().cmp(&other.der()))
    }

    /// Notes what there is besides each, for CRLs of one issuer about the same certificates, in
    /// their order.
    pub(super) fn note_peers(peers: &mut [Self]) {
        let has_delta = peers.iter().any(Self::is_delta);
        let mut before = Newer::default();
        let has_newer = |peer| {
            let has_newer = before.supersedes(peer);
            before.add(peer);
            has_newer
        };
        let have_newer: Vec<bool> = peers.iter().map(has_newer).collect();
        for (peer, has_newer) in peers.iter_mut().zip(have_newer) {
            peer.has_newer = has_newer;
            peer.has_delta = has_delta;
        }
    }

    /// Whether another CRL of its issuer about the same certificates is newer, if it is by the same
    /// key.
    pub(crate) fn has_newer(&self) -> bool {
        self.has_newer
    }

    /// Whether there is a delta CRL of its issuer about the same certificates.
    pub(crate) fn has_delta(&self) -> bool {
        self.has_delta
    }

    /// The CRL itself, unless it is let go of.
    pub(crate) fn der(&self) -> Option<&[u8]> {
        self.signature.der()
    }

    /// The [`name_key`] of the issuer's name.
    pub(crate) fn issuer_key(&self) -> u64 {
        self.issuer_key
    }

    pub(crate) fn this_update(&self) -> Time {
        self.this_update
    }

    pub(crate) fn next_update(&self) -> Option<Time> {
        self.next_update
    }

    /// How many entries it has.
    pub(crate) fn entry_count(&self) -> usize {
        self.count
    }

    pub(crate) fn number(&self) -> Option<&[u8]> {
        self.number.as_deref()
    }

    pub(crate) fn is_delta(&self) -> bool {
        self.base_number.is_some()
    }

    /// The first form rule for conforming issuers that it breaks.
    pub(crate) fn form_fault(&self) -> Option<CrlFormRule> {
        self.form_fault
    }

    /// What it is about, where it says so. It was found well-formed when the CRL was read.
    pub(crate) fn issuing_point(&self) -> Option<IssuingPoint<'_>> {
        IssuingPoint::read(self.issuing_point.as_deref()?).ok()
    }

    /// The last second at which it is fresh. A CRL that does not say until when it holds is stale
    /// from the next second on: RFC 5280 §5.1.2.5 has issuers say it, and leaves CRLs that do not
    /// to the verifier.
    pub(crate) fn fresh_until(&self, clock_skew: Duration) -> Time {
        let last = self.next_update.unwrap_or(self.this_update);
        last.checked_add(clock_skew).unwrap_or(Time::END)
    }

    /// What it says of the certificate with this serial number, issued by `issuer`.
    pub(crate) fn find(&self, issuer: &[u8], serial: &[u8]) -> EntryStatus {
        let Some(issuer) = self.issuers.find(issuer) else {
            return EntryStatus::Absent;
        };
        let mut found = EntryStatus::Absent;
        // One that no CRL could have is on none.
        let Some(serial) = Serial::new(issuer, serial) else {
            return found;
        };
        for note in self.serials.find(&serial) {
            let reason = RevocationReason::from_number(note.reason);
            let on = start_of_day(note.day);
            // Should there be several, one that revokes counts more than one on hold, which may be
            // lifted, and that more than one that removes.
            match found {
                EntryStatus::Revoked {
                    reason: RevocationReason::CertificateHold,
                    ..
                } if reason != RevocationReason::CertificateHold && !self.is_removal(reason) => {
                    found = EntryStatus::Revoked { reason, on };
                }
                EntryStatus::Revoked { .. } => {}
                EntryStatus::Absent | EntryStatus::Removed if self.is_removal(reason) => {
                    found = EntryStatus::Removed;
                }
                EntryStatus::Absent | EntryStatus::Removed => {
                    found = EntryStatus::Revoked { reason, on }
                }
            }
        }
        found
    }

    /// Whether an entry with this reason revokes nothing (§5.3.1).
    fn is_removal(&self, reason: RevocationReason) -> bool {
        reason == RevocationReason::RemoveFromCrl && self.is_delta()
    }

    /// Whether it is about the same certificates as another one of its issuer.
    pub(crate) fn has_scope_of(&self, other: &Self) -> bool {
        match (self.issuing_point(), other.issuing_point()) {
            (Some(ours), Some(theirs)) => ours.is_same(&theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        }
    }

    /// Whether it was certainly made after another one of the same issuer: where the times and the
    /// numbers contradict each other, neither was.
    pub(crate) fn is_newer_than(&self, other: &Self) -> bool {
        let by_number = match (&self.number, &other.number) {
            (Some(ours), Some(theirs)) => Some(compare_numbers(ours, theirs)),
            _ => None,
        };
        match self.this_update.cmp(&other.this_update) {
            Ordering::Less => false,
            Ordering::Equal => by_number == Some(Ordering::Greater),
            Ordering::Greater => by_number != Some(Ordering::Less),
        }
    }

    /// Whether its issuer may have left out a certificate with this notAfter because it had expired
    /// (RFC 5280 §3.3).
    pub(crate) fn may_have_pruned(&self, not_after: Time) -> bool {
        let keeps = self.expired_since.is_some_and(|since| since <= not_after);
        self.this_update > not_after && !keeps
    }

    /// Whether this delta CRL continues `base` (RFC 5280 §5.2.4 (c) and (d), §6.3.3 (c)): the
    /// same issuer, scope and authority key identifier; `base` is not older than the CRL that this
    /// one began with, and older than this one.
    pub(crate) fn continues(&self, base: &Self) -> bool {
        let (Some(begins_with), Some(number), Some(base_number)) =
            (&self.base_number, &self.number, &base.number)
        else {
            return false;
        };
        self.has_scope_of(base)
            && self.authority_key_id == base.authority_key_id
            && compare_numbers(begins_with, base_number) != Ordering::Greater
            && compare_numbers(base_number, number) == Ordering::Less
    }

    /// Whether both are delta CRLs, and this one began with the same CRL as the other or an earlier
    /// one.
    pub(crate) fn begins_before(&self, other: &Self) -> bool {
        match (&self.base_number, &other.base_number) {
            (Some(ours), Some(theirs)) => compare_numbers(ours, theirs) != Ordering::Greater,
            _ => false,
        }
    }

    /// Whether `issuer`'s key made the signature, as far as that was found out while loading.
    pub(crate) fn signed_by(
        &self,
        issuer: Certificate<'_>,
        algorithms: &SignatureAlgorithms,
    ) -> Signed {
        self.algorithm_for(issuer, algorithms)
            .map_or(Signed::Unsupported, |algorithm| {
                self.signature.known(issuer, algorithm)
            })
    }

    /// Whether the key of `issuer`, which is trusted, made the signature: verifies it where that is
    /// not known.
    pub(crate) fn verify(
        &self,
        issuer: Certificate<'_>,
        algorithms: &SignatureAlgorithms,
    ) -> Signed {
        self.algorithm_for(issuer, algorithms)
            .map_or(Signed::Unsupported, |algorithm| {
                self.signature.verify(issuer, algorithm)
            })
    }

    /// Verifies the signature with keys of certificates of the store. Returns whether one made it
    /// that has a path to an anchor.
    pub(super) fn try_keys(&mut self, keys: &[&Key<'_>], algorithms: &SignatureAlgorithms) -> bool {
        let mut is_made = false;
        for key in keys {
            if let Some(algorithm) = self.algorithm_for(key.certificate, algorithms)
                && self.signature.try_stored(key.certificate, algorithm)
            {
                is_made |= key.has_path;
                self.maker = Some(self.maker.map_or(key.index, |known| known.min(key.index)));
            }
        }
        is_made
    }

    /// Lets go of the CRL itself, as its signer is known well enough.
    pub(super) fn settle(&mut self) {
        self.signature.settle();
    }

    /// The first certificate of the store whose key made it, if no other key is known to have.
    pub(crate) fn maker(&self) -> Option<u32> {
        let is_known = self.is_settled() && self.signature.is_by_one_key();
        self.maker.filter(|_| is_known)
    }

    /// Whether a certificate of the store made the signature that has a path to an anchor.
    pub(crate) fn is_settled(&self) -> bool {
        self.signature.is_settled()
    }

    fn algorithm_for(
        &self,
        issuer: Certificate<'_>,
        algorithms: &SignatureAlgorithms,
    ) -> Option<&'static dyn SignatureVerificationAlgorithm> {
        algorithms.find(&self.signature_algorithm, issuer.public_key().algorithm)
    }

    /// The key that its authorityKeyIdentifier names.
    pub(crate) fn key_id(&self) -> Option<&[u8]> {
        self.authority_key_id.as_deref().and_then(key_identifier_of)
    }
}

impl fmt::Debug for StoredCrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "StoredCrl({}, {} entries)",
            DisplayName(&self.issuer),
            self.count
        )
    }
}

fn note_of(entry: &CrlEntry<'_>) -> EntryNote {
    const SECONDS_A_DAY: u64 = 86_400;
    // In 2079: later ones are as good as that.
    const LAST_DAY: u64 = 0x7fff;
    let since = entry.revoked_at.since(Time::START_OF_1990).as_secs();
    EntryNote {
        // Numbers above 10 mean nothing.
        reason: entry.reason.min(15),
        day: (since / SECONDS_A_DAY).min(LAST_DAY) as u16,
    }
}

fn start_of_day(day: u16) -> UnixTime {
    let since = Duration::from_secs(u64::from(day).saturating_mul(86_400));
    let time = Time::START_OF_1990.checked_add(since);
    time.unwrap_or(Time::START_OF_1990).to_unix()
}

/// The content octets of an INTEGER without zeros in front. No CRL number is negative (§5.2.3): one
/// that seems to be lacks the zero that says so.
fn unsigned(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// Compares two numbers without zeros in front, of which the longer is the larger.
pub(super) fn compare_numbers(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// What [`SerialTable`] keys its hash with.
fn hash_key(signature: &[u8]) -> u64 {
    signature
        .chunks(8)
        .fold(signature.len() as u64, |key, chunk| {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            let mixed = (key ^ u64::from_le_bytes(word)).wrapping_mul(0xd6e8_feb8_6659_fd93);
            mixed ^ (mixed >> 32)
        })
}

#[cfg(test)]
mod tests {
    use super::hash_key;

    /// Tests and benches craft serial numbers with it.
    #[test]
    fn the_key_of_serial_numbers_is_known() {
        for signature in [&b""[..], b"1234567", b"12345678", &[0xa5; 71]] {
            let expected = testpki::crafted::serial_hash_key(signature);
            assert_eq!(hash_key(signature), expected);
        }
    }
}
