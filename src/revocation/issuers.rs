//! The issuers whose certificates one list revokes.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::x509::{is_same_name, name_key};

/// The issuer of a list, and the others whose certificates an indirect list revokes (RFC 5280 §5.3.3), each with a number.
#[derive(Debug)]
pub(crate) struct Issuers {
    /// The DER of the list's own issuer.
    own: Box<[u8]>,
    /// The DER of the others; the number of each is its place.
    others: Vec<Box<[u8]>>,
    /// Their numbers, by the keys of the names.
    by_key: BTreeMap<u64, Vec<u16>>,
}

/// More other issuers than a list may have. Real ones have a few.
const MAX_OTHERS: usize = 4_096;

/// More names with one key than come about by chance: somebody made them, so that comparing takes long.
const MAX_SAME_KEY: usize = 4;

/// More other issuers than a list may have.
#[derive(Debug)]
pub(crate) struct TooMany;

impl Issuers {
    pub(crate) fn new(own: &[u8]) -> Self {
        Self {
            own: own.into(),
            others: Vec::new(),
            by_key: BTreeMap::new(),
        }
    }

    /// The number of a name, which it gets now if it has none; `None` for the list's own issuer.
    pub(crate) fn add(&mut self, name: &[u8]) -> Result<Option<u16>, TooMany> {
        match self.find(name) {
            Some(known) => Ok(known),
            None => self.add_other(name, name_key(name)).map(Some),
        }
    }

    fn add_other(&mut self, name: &[u8], key: u64) -> Result<u16, TooMany> {
        let number = u16::try_from(self.others.len()).map_err(|_| TooMany)?;
        let same_key = self.by_key.entry(key).or_default();
        if self.others.len() >= MAX_OTHERS || same_key.len() >= MAX_SAME_KEY {
            return Err(TooMany);
        }
        same_key.push(number);
        self.others.push(name.into());
        Ok(number)
    }

    /// The number of a name, if the list has certificates of it: `Some(None)` for the list's own issuer.
    pub(crate) fn find(&self, name: &[u8]) -> Option<Option<u16>> {
        if is_same_name(&self.own, name) {
            return Some(None);
        }
        if self.others.is_empty() {
            return None;
        }
        let numbers = self.by_key.get(&name_key(name))?;
        let is_it = |number: &&u16| {
            let other = self.others.get(usize::from(**number));
            other.is_some_and(|other| is_same_name(other, name))
        };
        numbers.iter().find(is_it).map(|number| Some(*number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash has no key, so that names with one key can be made. They are told apart one by one, and must stay few.
    #[test]
    fn names_with_one_key_are_few() {
        let name = |last: u8| {
            [
                0x30, 0x0c, 0x31, 0x0a, 0x30, 8, 6, 3, 0x55, 4, 3, 0x0c, 1, last,
            ]
        };
        let mut issuers = Issuers::new(&name(0));
        for last in 1..=MAX_SAME_KEY as u8 {
            assert!(issuers.add_other(&name(last), 7).is_ok());
        }
        assert!(issuers.add_other(&name(100), 7).is_err());
        assert!(issuers.add_other(&name(100), 8).is_ok());
    }

    #[test]
    fn issuers_are_numbered_once() {
        let name = |last: u8| {
            [
                0x30, 0x0c, 0x31, 0x0a, 0x30, 8, 6, 3, 0x55, 4, 3, 0x0c, 1, last,
            ]
        };
        let mut issuers = Issuers::new(&name(b'a'));
        assert_eq!(issuers.add(&name(b'A')).unwrap(), None);
        assert_eq!(issuers.add(&name(b'b')).unwrap(), Some(0));
        assert_eq!(issuers.add(&name(b'c')).unwrap(), Some(1));
        assert_eq!(issuers.add(&name(b'B')).unwrap(), Some(0));
        assert_eq!(issuers.find(&name(b'C')), Some(Some(1)));
        assert_eq!(issuers.find(&name(b'a')), Some(None));
        assert_eq!(issuers.find(&name(b'd')), None);
    }
}
