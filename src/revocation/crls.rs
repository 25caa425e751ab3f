//! The CRLs of a store, found by the name of their issuer.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::fmt;

use super::crl::StoredCrl;
use super::left_out::LeftOut;
use super::stored::{Finder, StoredSigners};
use crate::certificates::{CertificateSet, NameId};
use crate::policy::SignatureAlgorithms;
use crate::x509::{Certificate, NameTable, name_key};

/// CRLs, those of one issuer together and in an order of their own: that in which they were given
/// decides nothing. Immutable, but for what CRLs remember of their signatures.
#[derive(Default)]
pub(crate) struct StoredCrls {
    /// Equal bytes once.
    crls: Vec<StoredCrl>,
    /// The names of issuers, each at the place of its first group.
    issuers: NameTable<u32>,
    /// Where the CRLs of each issuer about the same certificates begin, and after the last one how
    /// many CRLs there are.
    groups: Vec<u32>,
    /// Where the groups of each issuer begin, by the number of its name, and after the last one how
    /// many groups there are.
    starts: Vec<u32>,
    signers: StoredSigners,
    left_out: LeftOut,
}

/// Of how many certificates of a store that have its issuer's name the keys are tried with a
/// signature while loading.
pub(super) const CERTIFICATES_TRIED: usize = 64;

/// A key of certificates of a store that have the name of a CRL's issuer.
pub(super) struct Key<'a> {
    /// The first of them.
    pub(super) certificate: Certificate<'a>,
    pub(super) index: u32,
    /// Whether one of them has a path to an anchor.
    pub(super) has_path: bool,
    /// Their subjectKeyIdentifiers.
    ids: BTreeSet<&'a [u8]>,
}

/// The keys of one name.
struct Issuers<'a> {
    keys: Vec<Key<'a>>,
    /// Whether these are all, and not only the first of many.
    are_all: bool,
}

impl<'a> Issuers<'a> {
    fn new(certificates: &'a CertificateSet, name: NameId, signers: &mut Finder<'_>) -> Self {
        let places = certificates.with_subject(name);
        let are_all = places.len() <= CERTIFICATES_TRIED;
        let mut keys: Vec<Key<'a>> = Vec::new();
        let mut by_spki: BTreeMap<&[u8], usize> = BTreeMap::new();
        let few = places.take(CERTIFICATES_TRIED);
        for index in few.filter_map(|place| certificates.at(place)) {
            let certificate = certificates.get(index);
            let at = match by_spki.get(certificate.spki()) {
                Some(at) => *at,
                None => {
                    by_spki.insert(certificate.spki(), keys.len());
                    keys.push(Key {
                        certificate,
                        index,
                        has_path: false,
                        ids: BTreeSet::new(),
                    });
                    keys.len().saturating_sub(1)
                }
            };
            if let Some(key) = keys.get_mut(at) {
                key.has_path |= signers.add(index);
                key.ids.extend(certificate.subject_key_id());
            }
        }
        Self { keys, are_all }
    }
}

impl StoredCrls {
    /// Takes CRLs in, and verifies the signatures of those whose issuers are in the store.
    pub(crate) fn new(
        crls: Vec<StoredCrl>,
        left_out: LeftOut,
        certificates: &CertificateSet,
        algorithms: &SignatureAlgorithms,
    ) -> Self {
        let mut sorted = Self::sorted(crls);
        sorted.left_out = left_out;
        if sorted.crls.is_empty() {
            return sorted;
        }
        let mut signers = StoredSigners::finder(certificates, algorithms);
        let mut of_names: BTreeMap<NameId, Issuers<'_>> = BTreeMap::new();
        for crl in &mut sorted.crls {
            let Some(name) = certificates.find(crl.issuer(), crl.issuer_key()) else {
                continue;
            };
            let issuers = of_names
                .entry(name)
                .or_insert_with(|| Issuers::new(certificates, name, &mut signers));
            // A signature does not name one key: who made the CRL is only known well enough once
            // all were tried that it names, or all that may have.
            let key_id = crl.key_id();
            let is_named = |key: &&Key<'_>| key_id.is_some_and(|id| key.ids.contains(&id));
            let (named, others): (Vec<_>, Vec<_>) = issuers.keys.iter().partition(is_named);
            let is_made = crl.try_keys(&named, algorithms) || crl.try_keys(&others, algorithms);
            if is_made && issuers.are_all {
                crl.settle();
            }
        }
        sorted.signers = signers.finish();
        sorted
    }

    fn sorted(crls: Vec<StoredCrl>) -> Self {
        let places = (0u32..).zip(&crls).map(|(at, crl)| (crl.issuer_key(), at));
        let mut numbers = alloc::vec![0; crls.len()];
        let issuers = NameTable::new(
            places.collect(),
            |at| crls.get(at as usize).map_or(&[][..], StoredCrl::issuer),
            |at, number| {
                if let Some(own) = numbers.get_mut(at as usize) {
                    *own = number;
                }
            },
        );
        let mut numbered: Vec<(u32, StoredCrl)> = numbers.into_iter().zip(crls).collect();
        numbered.sort_by(|(one, crl), (other, its)| one.cmp(other).then_with(|| crl.cmp_with(its)));
        numbered.dedup_by(|(_, later), (_, earlier)| later.der() == earlier.der());

        let (mut groups, mut starts) = (Vec::new(), Vec::new());
        let mut last: Option<&(u32, StoredCrl)> = None;
        for (at, numbered) in (0u32..).zip(&numbered) {
            let (number, crl) = numbered;
            let is_new_issuer = last.is_none_or(|(last, _)| last != number);
            if is_new_issuer {
                starts.push(groups.len() as u32);
            }
            if is_new_issuer || last.is_some_and(|(_, last)| !last.has_scope_of(crl)) {
                groups.push(at);
            }
            last = Some(numbered);
        }
        starts.push(groups.len() as u32);
        groups.push(numbered.len() as u32);
        let first_crl = |number: u32| {
            let group = starts.get(number as usize)?;
            groups.get(*group as usize).copied()
        };
        let mut crls: Vec<StoredCrl> = numbered.into_iter().map(|(_, crl)| crl).collect();
        for group in groups.windows(2) {
            if let [start, end] = group
                && let Some(peers) = crls.get_mut(*start as usize..*end as usize)
            {
                StoredCrl::note_peers(peers);
            }
        }
        Self {
            issuers: issuers.moved_to(|number| first_crl(number).unwrap_or(0)),
            crls,
            groups,
            starts,
            signers: StoredSigners::default(),
            left_out: LeftOut::default(),
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &StoredCrl> {
        self.crls.iter()
    }

    /// Those that an issuer of this name made: groups of CRLs about the same certificates, in each
    /// the newest first.
    pub(crate) fn of_issuer(&self, name: &[u8]) -> impl Iterator<Item = &[StoredCrl]> {
        let number = self.issuers.find(name, name_key(name), |at| {
            self.crls
                .get(at as usize)
                .map_or(&[][..], StoredCrl::issuer)
        });
        let groups = number.and_then(|number| {
            let [start, end] = [number, number.checked_add(1)?]
                .map(|number| self.starts.get(number as usize).copied());
            // With the end of the last one.
            self.groups.get(start? as usize..=end? as usize)
        });
        groups.unwrap_or_default().windows(2).filter_map(|group| {
            let [start, end] = group else { return None };
            self.crls.get(*start as usize..*end as usize)
        })
    }

    /// The DER of the name of each issuer, once or more often.
    pub(crate) fn issuers(&self) -> impl Iterator<Item = &[u8]> {
        let groups = self.starts.iter().filter_map(|group| {
            let first = self.groups.get(*group as usize)?;
            self.crls.get(*first as usize)
        });
        groups.map(StoredCrl::issuer)
    }

    /// The CRLs that were given and are not here.
    pub(crate) fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// What is known of the store's certificates that may have signed CRLs.
    pub(crate) fn signers(&self) -> &StoredSigners {
        &self.signers
    }
}

impl fmt::Debug for StoredCrls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredCrls({})", self.crls.len())
    }
}
