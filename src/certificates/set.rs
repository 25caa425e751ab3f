//! The CA certificates of a store, found by the name of their subject.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::ops::Range;

use pki_types::SignatureVerificationAlgorithm;

use super::draft::{Draft, Stored, TooLarge};
use super::origin::{Labels, Origin, Placed};
use super::self_signed::SelfSigned;
use crate::budget::price;
use crate::x509::{Certificate, NameTable, name_key};

/// Trust anchors and intermediates. Immutable; their bytes lie in one buffer, one after another.
///
/// All names in it, of subjects and issuers, have a number: equal names (RFC 5280 §7.1) the same
/// one. A search compares these.
#[derive(Default)]
pub(crate) struct CertificateSet {
    der: Vec<u8>,
    /// The anchors, then the intermediates, both in the order given.
    stored: Vec<Stored>,
    labels: Labels,
    anchors: u32,
    /// The names of each of `stored`.
    names_of: Vec<Names>,
    names: NameTable<NamePlace>,
    /// Indices, sorted by the name of the subject, then by the subjectKeyIdentifier, those without
    /// one first; among equals anchors first, then by what was signed and by DER. So the same
    /// certificates are found in the same order, however they were given.
    by_subject: Vec<u32>,
    /// Where the certificates of each name begin in `by_subject`, and after the last one its
    /// length.
    subject_starts: Vec<u32>,
    self_signed: SelfSigned,
}

#[derive(Clone, Copy, Default)]
struct Names {
    subject: NameId,
    issuer: NameId,
}

/// Stands for a name: names are the same if and only if their numbers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NameId(pub(crate) u32);

/// Where a name is written.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct NamePlace {
    index: u32,
    is_issuer: bool,
}

impl CertificateSet {
    /// The set of these, each certificate once in each role.
    pub(crate) fn new(anchors: Draft, intermediates: Draft) -> Result<Self, TooLarge> {
        let mut all = anchors.without_duplicates();
        let anchors = all.len();
        all.append(intermediates.without_duplicates())?;
        let (der, stored, labels) = all.into_parts();
        let mut set = Self {
            der,
            stored,
            labels,
            anchors,
            ..Self::default()
        };
        set.number_names();
        set.sort_by_subject();
        Ok(set)
    }

    fn number_names(&mut self) {
        let mut places: Vec<(u64, NamePlace)> =
            Vec::with_capacity(self.stored.len().saturating_mul(2));
        for (index, certificate) in (0u32..).zip(self.iter()) {
            let (subject, issuer) = (certificate.subject(), certificate.issuer());
            let key = name_key(subject);
            let issuer_key = if issuer == subject {
                key
            } else {
                name_key(issuer)
            };
            for (key, is_issuer) in [(key, false), (issuer_key, true)] {
                places.push((key, NamePlace { index, is_issuer }));
            }
        }
        let mut names_of = alloc::vec![Names::default(); self.stored.len()];
        self.names = NameTable::new(
            places,
            |place| self.bytes_of(place),
            |place, number| {
                if let Some(names) = names_of.get_mut(place.index as usize) {
                    match place.is_issuer {
                        true => names.issuer = NameId(number),
                        false => names.subject = NameId(number),
                    }
                }
            },
        );
        self.names_of = names_of;
    }

    fn sort_by_subject(&mut self) {
        let mut by_subject: Vec<u32> = (0u32..).zip(&self.stored).map(|(index, _)| index).collect();
        by_subject.sort_unstable_by(|a, b| {
            let subjects = self.subject(*a).cmp(&self.subject(*b));
            subjects.then_with(|| self.compare(*a, self.get(*b), self.is_anchor(*b)))
        });
        let mut starts = Vec::with_capacity(self.names.len().saturating_add(1));
        for name in 0..self.name_count() {
            let start = by_subject.partition_point(|index| self.subject(*index) < NameId(name));
            starts.push(start as u32);
        }
        starts.push(by_subject.len() as u32);
        self.by_subject = by_subject;
        self.subject_starts = starts;
    }

    /// The order of certificates with one subject.
    fn compare(&self, index: u32, other: Certificate<'_>, is_anchor: bool) -> Ordering {
        let certificate = self.get(index);
        let key_ids = certificate.subject_key_id().cmp(&other.subject_key_id());
        key_ids
            .then_with(|| is_anchor.cmp(&self.is_anchor(index)))
            .then_with(|| certificate.tbs().cmp(other.tbs()))
            .then_with(|| certificate.as_bytes().cmp(other.as_bytes()))
    }

    /// Whether an anchor signed itself, which `verify` finds out with this algorithm. That is done
    /// once for a store.
    pub(crate) fn is_self_signed(
        &self,
        index: u32,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
        verify: impl Fn() -> bool,
    ) -> bool {
        self.self_signed
            .is((index, self.anchors), algorithm, verify)
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

    /// As [`iter`](Self::iter), with where each comes from.
    pub(crate) fn with_origins(
        &self,
    ) -> impl ExactSizeIterator<Item = (Certificate<'_>, Placed<'_>)> {
        let stored = self.stored.iter();
        stored.map(|stored| (stored.view(&self.der), stored.placed(&self.labels)))
    }

    /// The certificate of an index that this set gave out.
    #[expect(
        clippy::indexing_slicing,
        reason = "a set gives out indices of its own certificates only"
    )]
    pub(crate) fn get(&self, index: u32) -> Certificate<'_> {
        self.stored[index as usize].view(&self.der)
    }

    /// Where the certificate of an index comes from.
    pub(crate) fn origin(&self, index: u32) -> Option<Origin> {
        let stored = self.stored.get(index as usize)?;
        Some(stored.placed(&self.labels).origin())
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
        let number = self.names.find(name, key, |place| self.bytes_of(place));
        number.map(NameId)
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

    /// The places of the certificates with this subject and exactly this subjectKeyIdentifier; with
    /// `None`, of those without one.
    pub(crate) fn with_key_id(&self, name: NameId, key_id: Option<&[u8]>) -> Range<u32> {
        let places = self.with_subject(name);
        self.equal_to(places, |index| {
            self.get(index).subject_key_id().cmp(&key_id)
        })
    }

    /// Those of `places` at which `order` is equal, where these are sorted by it.
    fn equal_to(&self, places: Range<u32>, order: impl Fn(u32) -> Ordering) -> Range<u32> {
        let all = places.start as usize..places.end as usize;
        let indices = self.by_subject.get(all).unwrap_or_default();
        // Most names are those of one certificate.
        if let [only] = indices {
            return match order(*only) {
                Ordering::Less => places.end..places.end,
                Ordering::Equal => places,
                Ordering::Greater => places.start..places.start,
            };
        }
        let less = indices.partition_point(|index| order(*index).is_lt());
        let not_greater = indices.partition_point(|index| order(*index).is_le());
        let place = |count: usize| places.start.saturating_add(count as u32);
        place(less)..place(not_greater)
    }

    /// The index of the certificate at one of the places of [`CertificateSet::with_subject`].
    pub(crate) fn at(&self, place: u32) -> Option<u32> {
        self.by_subject.get(place as usize).copied()
    }

    /// The places of the certificate with exactly these bytes, whose subject has this number: as an
    /// anchor, and as an intermediate. `pay` is told what each step costs.
    pub(crate) fn places_of<E>(
        &self,
        certificate: Certificate<'_>,
        name: NameId,
        mut pay: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<[Option<u32>; 2], E> {
        let mut found = [None; 2];
        let has_intermediates = self.stored.len() > self.anchors as usize;
        let roles = [(true, self.anchors > 0), (false, has_intermediates)];
        for (found, (is_anchor, is_any)) in found.iter_mut().zip(roles) {
            let mut places = match is_any {
                true => self.with_subject(name),
                false => 0..0,
            };
            while !places.is_empty() {
                let middle = places.start.midpoint(places.end);
                let Some(index) = self.at(middle) else { break };
                pay(price::telling_apart(self.get(index), certificate))?;
                match self.compare(index, certificate, is_anchor) {
                    Ordering::Less => places.start = middle.saturating_add(1),
                    Ordering::Greater => places.end = middle,
                    Ordering::Equal => {
                        *found = Some(middle);
                        break;
                    }
                }
            }
        }
        Ok(found)
    }

    /// Whether the very same certificate is an anchor: the same signed bytes, whatever the
    /// signature.
    pub(crate) fn has_anchor(&self, certificate: Certificate<'_>) -> bool {
        let subject = certificate.subject();
        self.find(subject, name_key(subject)).is_some_and(|name| {
            // Who signed the same bytes has the same key identifier, and anchors come first.
            let places = self.with_key_id(name, certificate.subject_key_id());
            let same = self.equal_to(places, |index| match self.is_anchor(index) {
                true => self.get(index).tbs().cmp(certificate.tbs()),
                false => Ordering::Greater,
            });
            !same.is_empty()
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

    fn bytes_of(&self, place: NamePlace) -> &[u8] {
        let certificate = self.get(place.index);
        match place.is_issuer {
            true => certificate.issuer(),
            false => certificate.subject(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::Fields;
    use testpki::{Cert, Extension, Key, Name, crafted, oid};

    fn set(anchors: &[Cert], intermediates: &[Cert]) -> CertificateSet {
        let draft = |certificates: &[Cert]| {
            let mut draft = Draft::default();
            for der in certificates.iter().map(Cert::der) {
                let fields = Fields::parse(&der).unwrap();
                draft.push_beside(0, &der, fields, (None, None)).unwrap();
            }
            draft
        };
        CertificateSet::new(draft(anchors), draft(intermediates)).unwrap()
    }

    fn ca(key: &str, key_id: Option<&[u8]>) -> Cert {
        let ca = Cert::ca("CA", &Key::p256(key));
        match key_id {
            Some(key_id) => ca.extension(Extension::subject_key_identifier(key_id)),
            None => ca.without_extension(oid::SUBJECT_KEY_IDENTIFIER),
        }
    }

    fn id_of(set: &CertificateSet, name: &Name) -> Option<NameId> {
        set.find(name.der(), name_key(name.der()))
    }

    #[test]
    fn certificates_of_one_name_are_found_by_key_identifier() {
        let anchors = [
            ca("1", Some(b"b")),
            ca("2", None),
            ca("3", Some(b"")),
            ca("4", Some(b"a")),
            Cert::ca("Other", &Key::p256("5")).extension(Extension::subject_key_identifier(b"a")),
        ];
        let intermediates = [ca("6", Some(b"b")), ca("7", None), ca("8", Some(b"b"))];
        let set = set(&anchors, &intermediates);
        let name = id_of(&set, anchors[0].subject_name()).unwrap();
        assert_eq!(set.with_subject(name).len(), 7);
        let found = |key_id| -> Vec<u32> {
            let places = set.with_key_id(name, key_id);
            places.filter_map(|place| set.at(place)).collect()
        };
        for (key_id, expected) in [
            (None, &[1, 6][..]),
            (Some(&b""[..]), &[2]),
            (Some(b"a"), &[3]),
            (Some(b"b"), &[0, 5, 7]),
            (Some(b"c"), &[]),
            (Some(b"B"), &[]),
        ] {
            let mut indices = found(key_id);
            // Anchors come first.
            assert!(
                indices
                    .iter()
                    .is_sorted_by_key(|index| !set.is_anchor(*index))
            );
            indices.sort_unstable();
            assert_eq!(indices, expected, "{key_id:?}");
        }
        let absent = NameId(set.name_count());
        assert!(set.with_key_id(absent, None).is_empty());
    }

    /// The same signed bytes, by an anchor alone.
    #[test]
    fn anchors_are_known_by_what_was_signed() {
        let (anchor, intermediate) = (ca("1", Some(b"a")), ca("2", Some(b"a")));
        let set = set(
            core::slice::from_ref(&anchor),
            core::slice::from_ref(&intermediate),
        );
        let has = |certificate: Cert| {
            let der = certificate.der();
            set.has_anchor(Fields::parse(&der).unwrap().view(&der))
        };
        assert!(has(anchor.clone()));
        assert!(has(anchor.clone().other_encoding()));
        assert!(!has(anchor.clone().serial(&[9])));
        assert!(!has(
            anchor.extension(Extension::subject_key_identifier(b"b"))
        ));
        assert!(!has(intermediate));
        assert!(!has(ca("1", None)));
        assert!(!has(Cert::ca("Other", &Key::p256("1"))));
    }

    /// Among many of one name and key identifier, by their bytes alone, in either role and in both.
    #[test]
    fn certificates_are_found_by_their_bytes() {
        let cas: Vec<Cert> = (0..100u8)
            .map(|serial| ca("1", Some(b"a")).serial(&[1, serial]))
            .collect();
        let anchors = [&cas[..40], &[ca("1", None)]].concat();
        let set = set(&anchors, &cas[30..90]);
        let name = id_of(&set, cas[0].subject_name()).unwrap();
        let places_of = |ca: &Cert| {
            let der = ca.der();
            let mut steps = 0;
            let found = set.places_of(Fields::parse(&der).unwrap().view(&der), name, |_| {
                steps += 1;
                Ok::<_, ()>(())
            });
            assert!(steps <= 2 * 7, "{steps}");
            for place in found.unwrap().into_iter().flatten() {
                assert_eq!(set.get(set.at(place).unwrap()).as_bytes(), der);
            }
            found.unwrap().map(|place| place.is_some())
        };
        for (serial, ca) in (0..100).zip(&cas) {
            let expected = [serial < 40, (30..90).contains(&serial)];
            assert_eq!(places_of(ca), expected, "{serial}");
            assert_eq!(places_of(&ca.clone().other_encoding()), [false, false]);
        }
        assert_eq!(places_of(&ca("1", None)), [true, false]);
        assert_eq!(places_of(&ca("1", Some(b"b"))), [false, false]);

        let absent = NameId(set.name_count());
        let der = cas[0].der();
        let fields = Fields::parse(&der).unwrap();
        let certificate = fields.view(&der);
        assert_eq!(set.places_of(certificate, absent, Err), Ok([None, None]));
        assert!(set.places_of(certificate, name, Err).is_err());
    }

    #[test]
    fn names_of_one_key_are_numbered() {
        let template = Cert::ca("CA", &Key::p256("1"));
        let cas: Vec<Cert> = crafted::names_of_one_key()
            .take(50)
            .map(|name| template.clone().subject(name.clone()).issuer(name))
            .map(|ca| ca.raw_signature(alloc::vec![0x30, 0]))
            .collect();
        let set = set(&cas, &[]);
        assert_eq!(set.name_count(), 50);
        for (index, ca) in (0u32..).zip(&cas) {
            let name = id_of(&set, ca.subject_name()).unwrap();
            assert_eq!((set.subject(index), set.issuer(index)), (name, name));
            let found: Vec<_> = set
                .with_subject(name)
                .filter_map(|place| set.at(place))
                .collect();
            assert_eq!(found, [index]);
        }
        let absent = crafted::names_of_one_key().nth(50).unwrap();
        assert_eq!(id_of(&set, &absent), None);
    }
}
