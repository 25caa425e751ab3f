//! One revocation list, as a store keeps it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};
use core::fmt;
use core::time::Duration;

use pki_types::{SignatureVerificationAlgorithm, UnixTime};

use super::issuers::{Issuers, TooMany};
use super::memo::{SignatureMemo, Verifier};
use super::table::{EntryNote, Serial, SerialTable, TableBuilder};
use crate::policy::SignatureAlgorithms;
use crate::x509::{
    Certificate, Crl, CrlEntry, CrlError, DisplayName, IssuingPoint, ListFormRule, Problem,
    RevocationReason, Time, is_same_name, key_identifier_of, name_key,
};

/// A list: its header, its entries packed, and what is known of its signature.
pub(crate) struct List {
    /// The DER of the issuer's name, and its [`name_key`].
    issuer: Box<[u8]>,
    issuer_key: u64,
    /// A number of its own, of its signature.
    key: u64,
    this_update: Time,
    next_update: Option<Time>,
    number: Option<Box<[u8]>>,
    base_number: Option<Box<[u8]>>,
    authority_key_id: Option<Box<[u8]>>,
    issuing_point: Option<Box<[u8]>>,
    signature_algorithm: Box<[u8]>,
    form_fault: Option<ListFormRule>,
    serials: SerialTable,
    /// How many entries it has.
    count: usize,
    /// Whose certificates, besides its issuer's, it revokes.
    issuers: Issuers,
    evidence: Evidence,
}

/// The largest issuingDistributionPoint that is taken. It is read whenever a certificate is looked up; real ones have a few hundred bytes.
const MAX_POINT_BYTES: usize = 8_192;

/// What is known of a list's signature.
enum Evidence {
    /// It was made with this key; the list itself is gone.
    Made(Verifier),
    /// That is not known yet: the list itself, the keys that did not make it, and what was found out since.
    Open(Box<OpenList>),
}

struct OpenList {
    der: Box<[u8]>,
    not_made: Vec<Verifier>,
    memo: SignatureMemo,
}

/// What a list says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    Not,
    /// Revoked: why, and the first second of the day.
    Revoked {
        reason: RevocationReason,
        on: UnixTime,
    },
    /// In a delta list: no longer revoked.
    Removed,
}

/// Whether a signature is a key's, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Yes,
    No,
    /// The policy does not have the algorithm, for such a key.
    Unsupported,
    /// It was, by an algorithm other than the policy's.
    ByOther,
    /// Only [`List::verify`] can tell.
    Untried,
}

impl List {
    /// Parses a list, and packs its entries.
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
                // §5.3.3: in indirect lists alone. Elsewhere nobody can tell whose certificates are meant.
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
            number: boxed(crl.number),
            base_number: boxed(crl.base_number),
            authority_key_id: boxed(crl.authority_key_id),
            issuing_point: boxed(crl.issuing_point),
            signature_algorithm: crl.signature_algorithm.into(),
            form_fault,
            serials,
            count,
            issuers,
            evidence: Evidence::Open(Box::new(OpenList {
                der: der.into(),
                not_made: Vec::new(),
                memo: SignatureMemo::default(),
            })),
        })
    }

    /// The DER of the issuer's name.
    pub(crate) fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// Where it stands among others of its issuer: the newest first, and of one time in the same order whatever that of the files.
    pub(super) fn order(&self) -> impl Ord + use<> {
        (Reverse(self.this_update), self.key)
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
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn number(&self) -> Option<&[u8]> {
        self.number.as_deref()
    }

    pub(crate) fn is_delta(&self) -> bool {
        self.base_number.is_some()
    }

    /// The first form rule for conforming issuers that it breaks.
    pub(crate) fn form_fault(&self) -> Option<ListFormRule> {
        self.form_fault
    }

    /// What it is about, where it says so. It was found well-formed when the list was read.
    pub(crate) fn issuing_point(&self) -> Option<IssuingPoint<'_>> {
        IssuingPoint::read(self.issuing_point.as_deref()?).ok()
    }

    /// The last second at which it is fresh. A list that does not say until when it holds is stale from the next second on: RFC 5280
    /// §5.1.2.5 has issuers say it, and leaves lists that do not to the verifier.
    pub(crate) fn fresh_until(&self, clock_skew: Duration) -> Time {
        let last = self.next_update.unwrap_or(self.this_update);
        last.checked_add(clock_skew).unwrap_or(Time::END)
    }

    /// What it says of the certificate with this serial number, issued by `issuer`.
    pub(crate) fn find(&self, issuer: &[u8], serial: &[u8]) -> Listed {
        let Some(issuer) = self.issuers.find(issuer) else {
            return Listed::Not;
        };
        let mut found = Listed::Not;
        // One that no list could have is on none.
        let Some(serial) = Serial::new(issuer, serial) else {
            return found;
        };
        for note in self.serials.find(&serial) {
            let reason = RevocationReason::from_number(note.reason);
            // An entry that revokes counts more than one that does not, should there be both.
            match found {
                Listed::Revoked { .. } => {}
                _ if reason == RevocationReason::RemoveFromCrl && self.is_delta() => {
                    found = Listed::Removed;
                }
                _ => {
                    let on = start_of_day(note.day);
                    found = Listed::Revoked { reason, on };
                }
            }
        }
        found
    }

    /// Whether it has the same issuer and is about the same certificates as another one: then the newer of them counts.
    pub(crate) fn has_scope_of(&self, other: &Self) -> bool {
        is_same_name(&self.issuer, &other.issuer)
            && match (self.issuing_point(), other.issuing_point()) {
                (Some(ours), Some(theirs)) => ours.is_same(&theirs),
                (ours, theirs) => ours.is_none() && theirs.is_none(),
            }
    }

    /// Whether it was made after another one of the same issuer.
    pub(crate) fn is_newer_than(&self, other: &Self) -> bool {
        let by_number = || match (&self.number, &other.number) {
            (Some(ours), Some(theirs)) => compare_numbers(ours, theirs),
            _ => Ordering::Equal,
        };
        let order = self.this_update.cmp(&other.this_update);
        order.then_with(by_number) == Ordering::Greater
    }

    /// Whether this delta list continues `base` (RFC 5280 §5.2.4 (c) and (d), §6.3.3 (c)): the same issuer, scope and authority key
    /// identifier; `base` is not older than the list that this one began with, and older than this one.
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

    /// Whether both are delta lists, and this one began with the same list as the other or an earlier one.
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
        let Some(algorithm) = self.algorithm_for(issuer, algorithms) else {
            return Signed::Unsupported;
        };
        match &self.evidence {
            // A signature is made with one key.
            Evidence::Made(by) if !by.has_key_of(issuer) => Signed::No,
            Evidence::Made(by) if by.has_algorithm(algorithm) => Signed::Yes,
            Evidence::Made(_) => Signed::ByOther,
            Evidence::Open(open) => match open.not_made.iter().any(|by| by.is(issuer, algorithm)) {
                true => Signed::No,
                false => Signed::Untried,
            },
        }
    }

    /// Whether `issuer`'s key made the signature: verifies it where that is not known, and remembers what comes out.
    pub(crate) fn verify(
        &self,
        issuer: Certificate<'_>,
        algorithms: &SignatureAlgorithms,
    ) -> Signed {
        let known = self.signed_by(issuer, algorithms);
        let (Signed::Untried, Evidence::Open(open)) = (known, &self.evidence) else {
            return known;
        };
        let Some(algorithm) = self.algorithm_for(issuer, algorithms) else {
            return Signed::Unsupported;
        };
        let held = open.memo.recall(issuer, algorithm).unwrap_or_else(|| {
            // It was parsed from these bytes before, so it parses.
            let held = Crl::parse(&open.der).is_ok_and(|crl| {
                let key = issuer.public_key().bits;
                let outcome = algorithm.verify_signature(key, crl.tbs, crl.signature);
                outcome.is_ok()
            });
            open.memo.note(Verifier::new(issuer, algorithm), held);
            held
        });
        match held {
            true => Signed::Yes,
            false => Signed::No,
        }
    }

    /// Verifies the signature with the keys of these certificates, and lets go of the list itself once one of them made it.
    pub(crate) fn settle<'a>(
        &mut self,
        issuers: impl Iterator<Item = Certificate<'a>>,
        algorithms: &SignatureAlgorithms,
    ) {
        for issuer in issuers {
            let Some(algorithm) = self.algorithm_for(issuer, algorithms) else {
                continue;
            };
            let by = Verifier::new(issuer, algorithm);
            match self.verify(issuer, algorithms) {
                Signed::Yes => {
                    self.evidence = Evidence::Made(by);
                    return;
                }
                Signed::No => {
                    if let Evidence::Open(open) = &mut self.evidence {
                        open.not_made.push(by);
                    }
                }
                Signed::Unsupported | Signed::ByOther | Signed::Untried => {}
            }
        }
        // What was found out here is known for good.
        if let Evidence::Open(open) = &mut self.evidence {
            open.memo = SignatureMemo::default();
        }
    }

    /// Whether the key that made the signature is known.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self.evidence, Evidence::Made(_))
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

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "List({}, {} entries)",
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

/// Compares two INTEGERs in their shortest forms, of which the longer is the larger. Negative ones mean nothing.
fn compare_numbers(a: &[u8], b: &[u8]) -> Ordering {
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
