//! The issuers whose certificates one CRL revokes.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;

use crate::x509::{canonical_name, is_same_name};

/// The issuer of a CRL, and the others whose certificates an indirect CRL revokes (RFC 5280
/// §5.3.3), each with a number.
#[derive(Debug)]
pub(crate) struct Issuers {
    /// The DER of the CRL's own issuer.
    own: Box<[u8]>,
    /// The numbers of all issuers that entries name, by the canonical form of the name: names of
    /// one key can be made, and each entry may name another issuer. The CRL's own issuer has none.
    by_form: BTreeMap<Box<[u8]>, Option<u16>>,
    /// How many have a number.
    others: u16,
}

/// More other issuers than a CRL may have. Real ones have a few.
const MAX_OTHERS: u16 = 4_096;

/// More other issuers than a CRL may have.
#[derive(Debug)]
pub(crate) struct TooMany;

impl Issuers {
    pub(crate) fn new(own: &[u8]) -> Self {
        Self {
            own: own.into(),
            by_form: BTreeMap::new(),
            others: 0,
        }
    }

    /// The number of a name, which it gets now if it has none; `None` for the CRL's own issuer.
    pub(crate) fn add(&mut self, name: &[u8]) -> Result<Option<u16>, TooMany> {
        if *self.own == *name {
            return Ok(None);
        }
        if self.by_form.is_empty() {
            self.by_form.insert(canonical_name(&self.own).into(), None);
        }
        let form = canonical_name(name);
        if let Some(known) = self.by_form.get(form.as_slice()) {
            return Ok(*known);
        }
        if self.others >= MAX_OTHERS {
            return Err(TooMany);
        }
        let number = self.others;
        self.others = number.saturating_add(1);
        self.by_form.insert(form.into(), Some(number));
        Ok(Some(number))
    }

    /// The number of a name, if the CRL has certificates of it: `Some(None)` for the CRL's own
    /// issuer.
    pub(crate) fn find(&self, name: &[u8]) -> Option<Option<u16>> {
        if self.by_form.is_empty() {
            return is_same_name(&self.own, name).then_some(None);
        }
        if *self.own == *name {
            return Some(None);
        }
        self.by_form.get(canonical_name(name).as_slice()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_issuers_are_at_most_so_many() {
        let name = |number: u16| {
            let [high, low] = number.to_be_bytes();
            [
                0x30, 0x0d, 0x31, 0x0b, 0x30, 9, 6, 3, 0x55, 4, 3, 4, 2, high, low,
            ]
        };
        let mut issuers = Issuers::new(&name(MAX_OTHERS));
        for number in 0..MAX_OTHERS {
            assert_eq!(issuers.add(&name(number)).unwrap(), Some(number));
        }
        assert!(issuers.add(&name(MAX_OTHERS + 1)).is_err());
        assert_eq!(issuers.add(&name(MAX_OTHERS)).unwrap(), None);
        assert_eq!(issuers.add(&name(7)).unwrap(), Some(7));
        assert_eq!(issuers.find(&name(MAX_OTHERS + 1)), None);
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
