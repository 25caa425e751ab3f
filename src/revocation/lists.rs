//! The revocation lists of a store, found by the name of their issuer.

use alloc::vec::Vec;
use core::fmt;

use super::list::List;
use crate::policy::SignatureAlgorithms;
use crate::store::CertificateSet;
use crate::x509::{Certificate, is_same_name, name_key};

/// Lists in an [order](List::order) of their own, which begins with the keys of their issuers' names: that in which they were given decides
/// nothing. Immutable, but for what lists remember of their signatures.
#[derive(Default)]
pub(crate) struct Lists(Vec<List>);

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
            let mut issuers: Vec<Certificate<'_>> = certificates
                .find(list.issuer(), list.issuer_key())
                .into_iter()
                .flat_map(|name| certificates.with_subject(name))
                .filter_map(|place| certificates.at(place))
                .map(|index| certificates.get(index))
                .collect();
            issuers.sort_by_key(|issuer| !list.names_key_of(*issuer));
            list.settle(issuers.into_iter().take(KEYS_TRIED), algorithms);
        }
        lists.sort_by_cached_key(|list| list.order());
        Self(lists)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &List> {
        self.0.iter()
    }

    /// Those that an issuer of this name made.
    pub(crate) fn of_issuer(&self, name: &[u8]) -> impl Iterator<Item = &List> {
        let key = name_key(name);
        let start = self.0.partition_point(|list| list.issuer_key() < key);
        self.0
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(move |list| list.issuer_key() == key)
            .filter(move |list| is_same_name(list.issuer(), name))
    }
}

impl fmt::Debug for Lists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lists({})", self.0.len())
    }
}
