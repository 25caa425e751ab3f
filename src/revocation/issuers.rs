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
        if let Some(known) = self.find(name) {
            return Ok(known);
        }
        let number = u16::try_from(self.others.len()).map_err(|_| TooMany)?;
        let same_key = self.by_key.entry(name_key(name)).or_default();
        if self.others.len() >= MAX_OTHERS || same_key.len() >= MAX_SAME_KEY {
            return Err(TooMany);
        }
        same_key.push(number);
        self.others.push(name.into());
        Ok(Some(number))
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
