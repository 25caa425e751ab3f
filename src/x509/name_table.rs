//! Names by number, found in logarithmic time whatever the names are.
//!
//! [`name_key`](super::name_key()) has no secret, so that anybody can make many names with one key.
//! Names are therefore told apart by their canonical form where a key has several, and searched by
//! it where a key has many.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::name_match::{canonical_name, is_same_name};

/// Each name once. Equal names (RFC 5280 §7.1) have one number.
///
/// `P` is a place at which a name is written; the owner of the table reads the bytes there.
#[derive(Default)]
pub(crate) struct NameTable<P> {
    /// The key and the first place of each name, sorted by key and then by canonical form. A name's
    /// number is its index.
    names: Vec<(u64, P)>,
    /// Sorted by key.
    groups: Vec<NameGroup>,
}

/// The names of a key that has more than [`FEW`].
struct NameGroup {
    key: u64,
    /// The number of the first of them.
    start: u32,
    /// The canonical form of each, in order.
    canonical: Vec<Box<[u8]>>,
}

/// One way of writing a name, with each of its places.
type Written<'a, 'n, P> = &'a [(&'n [u8], P)];

/// How many names of one key are compared one by one. Chance makes no more than two.
const FEW: usize = 4;

impl<P: Copy + Ord> NameTable<P> {
    /// Numbers the names at all `places`, each given with the key of its name, and tells `numbered`
    /// the number of each place.
    pub(crate) fn new<'n>(
        mut places: Vec<(u64, P)>,
        bytes_of: impl Fn(P) -> &'n [u8],
        mut numbered: impl FnMut(P, u32),
    ) -> Self {
        places.sort_unstable();
        let mut table = Self {
            names: Vec::new(),
            groups: Vec::new(),
        };
        for of_key in places.chunk_by(|(one, _), (next, _)| one == next) {
            table.add_key(of_key, &bytes_of, &mut numbered);
        }
        table.names.shrink_to_fit();
        table.groups.shrink_to_fit();
        table
    }

    /// Adds the names of one key, the next larger one.
    fn add_key<'n>(
        &mut self,
        places: &[(u64, P)],
        bytes_of: &impl Fn(P) -> &'n [u8],
        numbered: &mut impl FnMut(P, u32),
    ) {
        let Some((first @ (key, first_place), others)) = places.split_first() else {
            return;
        };
        let start = number(self.names.len());
        let bytes = bytes_of(*first_place);
        if others.iter().all(|(_, place)| bytes_of(*place) == bytes) {
            self.names.push(*first);
            places.iter().for_each(|(_, place)| numbered(*place, start));
            return;
        }
        // Each way of writing a name is folded once, however many places it has.
        let mut written: Vec<(&[u8], P)> = places
            .iter()
            .map(|(_, place)| (bytes_of(*place), *place))
            .collect();
        written.sort_unstable();
        let mut forms: Vec<(Vec<u8>, Written<'_, '_, P>)> = written
            .chunk_by(|(one, _), (next, _)| one == next)
            .filter_map(|places| Some((canonical_name(places.first()?.0), places)))
            .collect();
        forms.sort_unstable();
        let mut canonical: Vec<Box<[u8]>> = Vec::new();
        for same in forms.chunk_by(|(one, _), (next, _)| one == next) {
            let own = number(self.names.len());
            let places = || same.iter().flat_map(|(_, places)| *places);
            places().for_each(|(_, place)| numbered(*place, own));
            let first = places().map(|(_, place)| *place).min();
            self.names.extend(first.map(|first| (*key, first)));
            canonical.extend(same.first().map(|(form, _)| form.as_slice().into()));
        }
        if canonical.len() > FEW {
            self.groups.push(NameGroup {
                key: *key,
                start,
                canonical,
            });
        }
    }

    /// The number of a name, of which `key` is the key.
    #[inline]
    pub(crate) fn find<'n>(
        &self,
        name: &[u8],
        key: u64,
        bytes_of: impl Fn(P) -> &'n [u8],
    ) -> Option<u32> {
        let start = self.names.partition_point(|(other, _)| *other < key);
        let from_start = self.names.get(start..).unwrap_or_default();
        if from_start.get(FEW).is_some_and(|(other, _)| *other == key) {
            return self.find_in_group(name, key);
        }
        from_start
            .iter()
            .take_while(|(other, _)| *other == key)
            .position(|(_, place)| is_same_name(bytes_of(*place), name))
            .map(|position| number(start.saturating_add(position)))
    }

    #[cold]
    fn find_in_group(&self, name: &[u8], key: u64) -> Option<u32> {
        let found = self.groups.binary_search_by_key(&key, |group| group.key);
        let group = self.groups.get(found.ok()?)?;
        let canonical = canonical_name(name);
        let position = group
            .canonical
            .binary_search_by(|form| (**form).cmp(&canonical))
            .ok()?;
        Some(group.start.saturating_add(number(position)))
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The same names at other places: those of the names by their number.
    pub(crate) fn moved_to<Q>(self, place_of: impl Fn(u32) -> Q) -> NameTable<Q> {
        let names = (0u32..).zip(self.names);
        NameTable {
            names: names
                .map(|(number, (key, _))| (key, place_of(number)))
                .collect(),
            groups: self.groups,
        }
    }
}

/// The number of the name at an index. Names have two bytes at least and lie in fewer than 2^32, so
/// that they are fewer than that.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::name::tests::common_name;
    use super::super::name_key;
    use super::*;
    use testpki::crafted::names_of_one_key;

    /// A table of these names, and the number of each.
    fn table(names: &[Vec<u8>]) -> (NameTable<usize>, Vec<u32>) {
        let mut numbers = alloc::vec![u32::MAX; names.len()];
        let places = names.iter().enumerate();
        let table = NameTable::new(
            places.map(|(at, name)| (name_key(name), at)).collect(),
            |at| names[at].as_slice(),
            |at, number| numbers[at] = number,
        );
        (table, numbers)
    }

    fn find(table: &NameTable<usize>, names: &[Vec<u8>], name: &[u8]) -> Option<u32> {
        table.find(name, name_key(name), |at| names[at].as_slice())
    }

    fn crafted(count: usize) -> Vec<Vec<u8>> {
        let names = names_of_one_key().take(count);
        names.map(|name| name.der().to_vec()).collect()
    }

    #[test]
    fn crafted_names_have_one_key() {
        let names = crafted(1_000);
        assert!(
            names
                .iter()
                .all(|name| name_key(name) == name_key(&names[0]))
        );
    }

    #[test]
    fn equal_names_have_one_number_and_others_their_own() {
        const UTF8: u8 = 0x0c;
        const PRINTABLE: u8 = 0x13;
        let names = [
            common_name(UTF8, b"a"),
            common_name(PRINTABLE, b"A"),
            common_name(UTF8, b"b"),
            common_name(UTF8, b"a"),
        ];
        let (table, numbers) = table(&names);
        assert_eq!(table.len(), 2);
        assert_eq!(numbers[0], numbers[1]);
        assert_eq!(numbers[0], numbers[3]);
        assert_ne!(numbers[0], numbers[2]);
        for (name, number) in names.iter().zip(&numbers) {
            assert_eq!(find(&table, &names, name), Some(*number));
        }
        let other_way = common_name(PRINTABLE, b" B ");
        assert_eq!(find(&table, &names, &other_way), Some(numbers[2]));
        assert_eq!(find(&table, &names, &common_name(UTF8, b"c")), None);
    }

    /// As many as are compared one by one, one more, and many.
    #[test]
    fn names_of_one_key_are_told_apart() {
        for count in [1, 2, FEW, FEW + 1, 1_000] {
            let mut names = crafted(count);
            names.push(common_name(0x0c, b"other"));
            // Each twice, the second time in another order.
            let again: Vec<_> = names.iter().rev().cloned().collect();
            names.extend(again);
            let (table, numbers) = table(&names);
            assert_eq!(table.len(), count + 1);
            assert_eq!(table.groups.len(), usize::from(count > FEW));
            let distinct: alloc::collections::BTreeSet<_> = numbers.iter().collect();
            assert_eq!(distinct.len(), count + 1);
            for (name, number) in names.iter().zip(&numbers) {
                assert_eq!(find(&table, &names, name), Some(*number));
            }
            let absent = names_of_one_key().nth(count).unwrap();
            assert_eq!(find(&table, &names, absent.der()), None);

            let moved = table.moved_to(|number| number + 7);
            let at_seven = names_of_one_key().next().unwrap();
            let key = name_key(at_seven.der());
            let bytes_of = |place: u32| {
                let at = numbers.iter().position(|number| number + 7 == place);
                names[at.unwrap()].as_slice()
            };
            assert_eq!(moved.find(at_seven.der(), key, bytes_of), Some(numbers[0]));
        }
    }
}
