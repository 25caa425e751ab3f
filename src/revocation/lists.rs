//! The revocation lists of a store, found by the name of their issuer.

use alloc::vec::Vec;
use core::fmt;

use super::list::List;
use crate::policy::SignatureAlgorithms;
use crate::store::CertificateSet;
use crate::x509::{NameTable, name_key};

/// Lists, those of one issuer together and in an [order](List::order) of their own: that in which they were given decides nothing.
/// Immutable, but for what lists remember of their signatures.
#[derive(Default)]
pub(crate) struct Lists {
    lists: Vec<List>,
    /// The names of issuers, each at the place of its first list.
    issuers: NameTable<u32>,
    /// Where the lists of each issuer begin, by the number of its name, and after the last one how many lists there are.
    starts: Vec<u32>,
}

/// With how many certificates of a store that have its issuer's name a list's signature is tried while loading.
const KEYS_TRIED: usize = 32;

impl Lists {
    /// Takes lists in, and verifies the signatures of those whose issuers are in the store.
    pub(crate) fn new(
        mut lists: Vec<List>,
        certificates: &CertificateSet,
        algorithms: &SignatureAlgorithms,
    ) -> Self {
        for list in &mut lists {
            let name = certificates.find(list.issuer(), list.issuer_key());
            let all = name.map_or(0..0, |name| certificates.with_subject(name));
            // Those whose key the list names come first.
            let named = match (name, list.key_id()) {
                (Some(name), key_id @ Some(_)) => certificates.with_key_id(name, key_id),
                _ => all.start..all.start,
            };
            let others = (all.start..named.start).chain(named.end..all.end);
            let issuers = named
                .chain(others)
                .filter_map(|place| certificates.at(place))
                .map(|index| certificates.get(index));
            list.settle(issuers.take(KEYS_TRIED), algorithms);
        }
        Self::sorted(lists)
    }

    fn sorted(lists: Vec<List>) -> Self {
        let places = (0u32..)
            .zip(&lists)
            .map(|(at, list)| (list.issuer_key(), at));
        let mut numbers = alloc::vec![0; lists.len()];
        let issuers = NameTable::new(
            places.collect(),
            |at| lists.get(at as usize).map_or(&[][..], List::issuer),
            |at, number| {
                if let Some(own) = numbers.get_mut(at as usize) {
                    *own = number;
                }
            },
        );
        let mut numbered: Vec<(u32, List)> = numbers.into_iter().zip(lists).collect();
        numbered.sort_by_cached_key(|(number, list)| (*number, list.order()));
        let count = issuers.len() as u32;
        let starts: Vec<u32> = (0..=count)
            .map(|number| numbered.partition_point(|(own, _)| *own < number) as u32)
            .collect();
        Self {
            issuers: issuers.moved_to(|number| starts.get(number as usize).copied().unwrap_or(0)),
            lists: numbered.into_iter().map(|(_, list)| list).collect(),
            starts,
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &List> {
        self.lists.iter()
    }

    /// Those that an issuer of this name made.
    pub(crate) fn of_issuer(&self, name: &[u8]) -> impl Iterator<Item = &List> {
        let number = self.issuers.find(name, name_key(name), |at| {
            self.lists.get(at as usize).map_or(&[][..], List::issuer)
        });
        let start = |number: u32| Some(*self.starts.get(number as usize)? as usize);
        let lists = number.and_then(|number| {
            self.lists
                .get(start(number)?..start(number.checked_add(1)?)?)
        });
        lists.unwrap_or_default().iter()
    }
}

impl fmt::Debug for Lists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lists({})", self.lists.len())
    }
}
