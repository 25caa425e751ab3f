//! CRLs that were given to a store and are not in it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::budget::price;
use crate::x509::{canonical_name, name_key};

/// The issuers of CRLs that were refused or skipped while loading, or lost in a reload, as far as
/// they are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeftOut {
    /// The canonical forms of their names, by name key.
    issuers: BTreeMap<u64, BTreeSet<Vec<u8>>>,
    /// Whether one may be by any issuer.
    is_any_unread: bool,
}

impl LeftOut {
    /// Notes a CRL by an issuer with this name.
    pub(crate) fn add(&mut self, issuer: &[u8]) {
        let names = self.issuers.entry(name_key(issuer)).or_default();
        names.insert(canonical_name(issuer));
    }

    /// Notes a CRL whose issuer cannot be read.
    pub(crate) fn add_unread(&mut self) {
        self.is_any_unread = true;
    }

    /// Notes the known issuers of another.
    pub(crate) fn add_issuers_of(&mut self, other: &Self) {
        for (key, names) in &other.issuers {
            let own = self.issuers.entry(*key).or_default();
            own.extend(names.iter().cloned());
        }
    }

    /// Whether one of them may be by an issuer with this name. `pay` is told what it costs to tell
    /// the name from others with its key.
    pub(crate) fn may_be_by<E>(
        &self,
        issuer: &[u8],
        pay: impl FnOnce(usize) -> Result<(), E>,
    ) -> Result<bool, E> {
        if self.is_any_unread {
            return Ok(true);
        }
        let Some(names) = self.issuers.get(&name_key(issuer)) else {
            return Ok(false);
        };
        pay(price::folding(issuer.len()))?;
        Ok(names.contains(&canonical_name(issuer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testpki::{Name, crafted};

    fn may_be_by(left_out: &LeftOut, issuer: &Name) -> bool {
        left_out.may_be_by(issuer.der(), |_| Ok::<_, ()>(())) == Ok(true)
    }

    #[test]
    fn issuers_are_known_by_name() {
        let (one, other) = (Name::cn("One"), Name::cn("Other"));
        let mut left_out = LeftOut::default();
        assert!(!may_be_by(&left_out, &one));
        left_out.add(one.der());
        assert!(may_be_by(&left_out, &one));
        assert!(may_be_by(&left_out, &Name::cn(" ONE")));
        assert!(!may_be_by(&left_out, &other));
        let mut copy = LeftOut::default();
        copy.add_issuers_of(&left_out);
        assert!(may_be_by(&copy, &one));
        left_out.add_unread();
        assert!(may_be_by(&left_out, &other));
        copy.add_issuers_of(&left_out);
        assert!(!may_be_by(&copy, &other), "only known issuers");
    }

    #[test]
    fn names_of_one_key_are_told_apart_and_paid_for() {
        let names: Vec<Name> = crafted::names_of_one_key().take(20).collect();
        let mut left_out = LeftOut::default();
        for name in names.iter().step_by(2) {
            left_out.add(name.der());
        }
        for (at, name) in names.iter().enumerate() {
            assert_eq!(may_be_by(&left_out, name), at % 2 == 0, "{at}");
            assert_eq!(
                left_out.may_be_by(name.der(), Err),
                Err(price::folding(name.der().len()))
            );
        }
        // Spellings of one name are one.
        let spellings = ["ca of all", "CA of all", "ca OF all", " ca  of all "];
        for spelling in spellings {
            left_out.add(Name::cn(spelling).der());
        }
        let known: usize = left_out.issuers.values().map(BTreeSet::len).sum();
        assert_eq!(known, 11);
    }
}
