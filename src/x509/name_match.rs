//! When two distinguished names are the same (RFC 5280 §7.1).
//!
//! Equal bytes always are. Otherwise names are equal part by part: in each relative name the same attributes in any order; of each attribute
//! the type, and the text as far as case and white space do not matter. Text is PrintableString and UTF8String, whichever of
//! them either side uses, and IA5String in domainComponent (§7.3) and emailAddress; all other values are compared
//! byte by byte, as §7.1 allows. Case is folded by Unicode's lower case; Unicode normalisation (NFKC, RFC 4518 §2.3) is not applied: issuers
//! write a name one way or the other, and to take two names for different only ever refuses.
//!
//! Names of more than [`MAX_FOLDED_BYTES`] bytes, and relative names of more than [`MAX_FOLDED_ATTRIBUTES`] attributes, are compared
//! byte by byte alone: real ones are far smaller, and comparing stays cheap on hostile ones.

use super::der::{Element, tag};
use super::name::{Attribute, EMAIL_ADDRESS, attributes_of, relative_names};

pub(super) const MAX_FOLDED_BYTES: usize = 1_024;
pub(super) const MAX_FOLDED_ATTRIBUTES: usize = 8;

/// id-domainComponent, 0.9.2342.19200300.100.1.25.
const DOMAIN_COMPONENT: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19];

/// Whether two names, each as DER that was found well-formed, are the same.
pub(crate) fn is_same_name(a: &[u8], b: &[u8]) -> bool {
    if a == b {
        return true;
    }
    if a.len() > MAX_FOLDED_BYTES || b.len() > MAX_FOLDED_BYTES {
        return false;
    }
    are_same(relative_names(a), relative_names(b))
}

/// Whether two names are the same, each given as a name and a relative name that may continue it.
///
/// Names of any size fold here, as in [`is_name_within`].
pub(crate) fn is_same_continued_name(
    (a, a_end): (&[u8], Option<Element<'_>>),
    (b, b_end): (&[u8], Option<Element<'_>>),
) -> bool {
    are_same(
        relative_names(a).chain(a_end),
        relative_names(b).chain(b_end),
    )
}

fn are_same<'a, 'b>(
    mut a: impl Iterator<Item = Element<'a>>,
    mut b: impl Iterator<Item = Element<'b>>,
) -> bool {
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if is_same_relative_name(a, b) => {}
            _ => return false,
        }
    }
}

/// Whether `name` begins with all relative names of `base` (RFC 5280 §4.2.1.10: a directoryName as a subtree).
///
/// Names of any size fold here: to take a name out of an excluded subtree, it must not be enough to make it long.
pub(crate) fn is_name_within(name: &[u8], base: &[u8]) -> bool {
    let mut name = relative_names(name);
    relative_names(base).all(|base| {
        name.next()
            .is_some_and(|name| is_same_relative_name(name, base))
    })
}

/// Whether the attributes fold, or the relative name is compared as it is.
fn is_foldable(relative_name: Element<'_>) -> bool {
    attributes_of(relative_name).count() <= MAX_FOLDED_ATTRIBUTES
}

/// The same attributes, each as often, in any order.
fn is_same_relative_name(a: Element<'_>, b: Element<'_>) -> bool {
    if a.whole == b.whole {
        return true;
    }
    let occurrences = |of: &Attribute<'_>, within: Element<'_>| {
        attributes_of(within)
            .filter(|attribute| attribute.is_same(of))
            .count()
    };
    is_foldable(a)
        && is_foldable(b)
        && attributes_of(a).count() == attributes_of(b).count()
        && attributes_of(a)
            .all(|attribute| occurrences(&attribute, a) == occurrences(&attribute, b))
}

impl<'a> Attribute<'a> {
    fn is_same(&self, other: &Self) -> bool {
        self.oid == other.oid
            && match (self.text(), other.text()) {
                (Some(ours), Some(theirs)) => folded(ours).eq(folded(theirs)),
                (None, None) => self.tag == other.tag && self.value == other.value,
                _ => false,
            }
    }

    /// The value, if it is text whose case and white space do not matter.
    pub(super) fn text(&self) -> Option<&'a str> {
        core::str::from_utf8(self.value)
            .ok()
            .filter(|_| self.is_text())
    }

    /// Whether the value is text whose case and white space do not matter, if it is well-formed.
    pub(super) fn is_text(&self) -> bool {
        match self.tag {
            tag::UTF8_STRING | tag::PRINTABLE_STRING => true,
            tag::IA5_STRING => self.oid == DOMAIN_COMPONENT || self.oid == EMAIL_ADDRESS,
            _ => false,
        }
    }
}

/// The characters of `text` in lower case, without white space at the ends, and with one space for each run of it inside
/// (RFC 4518 §2.2, §2.6.1).
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    let words = text.split_whitespace().enumerate();
    words.flat_map(|(position, word)| {
        let space = (position > 0).then_some(' ');
        space
            .into_iter()
            .chain(word.chars().flat_map(char::to_lowercase))
    })
}

#[cfg(test)]
mod tests {
    use super::super::name_key::name_key;
    use super::*;
    use alloc::vec::Vec;
    use core::slice::from_ref;

    const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::from([tag]);
        match content.len() {
            short @ 0..=0x7f => bytes.push(short as u8),
            long => {
                bytes.push(0x82);
                bytes.extend_from_slice(&(long as u16).to_be_bytes());
            }
        }
        bytes.extend_from_slice(content);
        bytes
    }

    fn attribute(oid: &[u8], string_type: u8, text: &[u8]) -> Vec<u8> {
        element(
            tag::SEQUENCE,
            &[element(tag::OID, oid), element(string_type, text)].concat(),
        )
    }

    /// A name of relative names, each of the attributes given.
    fn name(relative_names: &[&[Vec<u8>]]) -> Vec<u8> {
        let sets: Vec<Vec<u8>> = relative_names
            .iter()
            .map(|attributes| element(tag::SET, &attributes.concat()))
            .collect();
        element(tag::SEQUENCE, &sets.concat())
    }

    fn common_name(string_type: u8, text: &str) -> Vec<u8> {
        name(&[&[attribute(COMMON_NAME, string_type, text.as_bytes())]])
    }

    #[track_caller]
    fn assert_same(a: &[u8], b: &[u8], expected: bool) {
        assert_eq!(is_same_name(a, b), expected);
        assert_eq!(is_same_name(b, a), expected);
        if expected {
            assert_eq!(name_key(a), name_key(b));
        }
    }

    #[test]
    fn case_and_white_space_do_not_matter_in_text() {
        let plain = common_name(tag::UTF8_STRING, "Issuing CA 1");
        for text in ["issuing ca 1", " Issuing  CA\u{a0}1 ", "ISSUING CA 1"] {
            assert_same(&plain, &common_name(tag::UTF8_STRING, text), true);
            assert_same(&plain, &common_name(tag::PRINTABLE_STRING, text), true);
        }
        for text in [
            "IssuingCA 1",
            "Issuing CA 2",
            "Issuing CA 1 x",
            "",
            "Issuing CA",
        ] {
            assert_same(&plain, &common_name(tag::UTF8_STRING, text), false);
        }
        let accents = common_name(tag::UTF8_STRING, "Z\u{dc}RICH");
        assert_same(
            &accents,
            &common_name(tag::UTF8_STRING, "z\u{fc}rich"),
            true,
        );
    }

    #[test]
    fn other_string_types_are_compared_exactly() {
        for string_type in [tag::TELETEX_STRING, tag::BMP_STRING, tag::IA5_STRING] {
            let lower = common_name(string_type, "ca");
            assert_same(&lower, &common_name(string_type, "CA"), false);
            assert_same(&lower, &common_name(tag::UTF8_STRING, "ca"), false);
        }
        for oid in [DOMAIN_COMPONENT, EMAIL_ADDRESS] {
            let lower = name(&[&[attribute(oid, tag::IA5_STRING, b"example")]]);
            let upper = name(&[&[attribute(oid, tag::IA5_STRING, b"EXAMPLE")]]);
            assert_same(&lower, &upper, true);
        }
        // Not UTF-8 at all: by its bytes.
        let broken = |last| name(&[&[attribute(COMMON_NAME, tag::UTF8_STRING, &[0xff, last])]]);
        assert_same(&broken(b'a'), &broken(b'a'), true);
        assert_same(&broken(b'a'), &broken(b'A'), false);
    }

    #[test]
    fn order_matters_between_relative_names_and_not_inside() {
        let o = attribute(ORGANIZATION, tag::UTF8_STRING, b"Example");
        let cn = attribute(COMMON_NAME, tag::UTF8_STRING, b"CA");
        let both = name(&[&[o.clone(), cn.clone()]]);
        assert_same(&both, &name(&[&[cn.clone(), o.clone()]]), true);
        assert_same(&both, &name(&[from_ref(&o), from_ref(&cn)]), false);
        assert_same(
            &name(&[from_ref(&o), from_ref(&cn)]),
            &name(&[from_ref(&cn), from_ref(&o)]),
            false,
        );
        // How often an attribute is there counts.
        let upper = attribute(COMMON_NAME, tag::UTF8_STRING, b"ca");
        assert_same(
            &name(&[&[cn.clone(), upper.clone(), o.clone()]]),
            &name(&[&[cn.clone(), o.clone(), o.clone()]]),
            false,
        );
        assert_same(
            &name(&[&[cn.clone(), upper.clone()]]),
            &name(&[&[upper.clone(), upper]]),
            true,
        );
        assert_same(&both, &name(&[&[o]]), false);
        assert_same(&name(&[]), &name(&[]), true);
        assert_same(&name(&[]), &both, false);
    }

    #[test]
    fn a_subtree_is_the_beginning_of_a_name() {
        let o = attribute(ORGANIZATION, tag::UTF8_STRING, b"Example");
        let o_folded = attribute(ORGANIZATION, tag::PRINTABLE_STRING, b"example ");
        let cn = attribute(COMMON_NAME, tag::UTF8_STRING, b"a");
        let base = name(&[from_ref(&o)]);
        assert!(is_name_within(&base, &base));
        assert!(is_name_within(
            &name(&[from_ref(&o_folded), from_ref(&cn)]),
            &base
        ));
        assert!(is_name_within(&base, &name(&[])));
        assert!(!is_name_within(
            &name(&[from_ref(&cn), from_ref(&o)]),
            &base
        ));
        assert!(!is_name_within(
            &base,
            &name(&[from_ref(&o), from_ref(&cn)])
        ));
        assert!(!is_name_within(
            &name(&[&[o_folded.clone(), cn.clone()]]),
            &base
        ));
        // However long the rest of the name.
        let long = attribute(COMMON_NAME, tag::UTF8_STRING, &[b'x'; 2 * MAX_FOLDED_BYTES]);
        assert!(is_name_within(
            &name(&[from_ref(&o_folded), from_ref(&long)]),
            &base
        ));
    }

    #[test]
    fn huge_names_are_compared_by_bytes() {
        let long = |letter: &str| common_name(tag::UTF8_STRING, &letter.repeat(MAX_FOLDED_BYTES));
        assert_same(&long("a"), &long("a"), true);
        assert_same(&long("a"), &long("A"), false);
        let many = |text: &[u8], count| {
            name(&[&alloc::vec![attribute(COMMON_NAME, tag::UTF8_STRING, text); count]])
        };
        assert_same(
            &many(b"a", MAX_FOLDED_ATTRIBUTES),
            &many(b"A", MAX_FOLDED_ATTRIBUTES),
            true,
        );
        let above = MAX_FOLDED_ATTRIBUTES + 1;
        assert_same(&many(b"a", above), &many(b"A", above), false);
    }

    /// Names in few letters, so that many are equal in other bytes: sameness is reflexive, symmetric and transitive, equal names
    /// have equal keys, and a name lies within itself and within what is the same.
    #[test]
    fn sameness_is_an_equivalence() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut below = |bound: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 16) % bound
        };
        let attribute_of = |below: &mut dyn FnMut(u64) -> u64| {
            let oid = [COMMON_NAME, ORGANIZATION, EMAIL_ADDRESS][below(3) as usize];
            let string_type = [
                tag::UTF8_STRING,
                tag::PRINTABLE_STRING,
                tag::IA5_STRING,
                tag::BMP_STRING,
            ][below(4) as usize];
            let text = ["a", "A", " a", "a b", "A  B ", "", "\u{e4}", "\u{c4}"][below(8) as usize];
            attribute(oid, string_type, text.as_bytes())
        };
        let names: Vec<Vec<u8>> = (0..250)
            .map(|_| {
                let relative_names: Vec<Vec<Vec<u8>>> = (0..below(3))
                    .map(|_| {
                        (0..1 + below(2))
                            .map(|_| attribute_of(&mut below))
                            .collect()
                    })
                    .collect();
                let relative_names: Vec<&[Vec<u8>]> =
                    relative_names.iter().map(Vec::as_slice).collect();
                name(&relative_names)
            })
            .collect();
        let mut same_in_other_bytes = 0;
        for a in &names {
            assert!(is_same_name(a, a));
            for b in &names {
                let is_same = is_same_name(a, b);
                assert_eq!(is_same, is_same_name(b, a));
                if !is_same {
                    continue;
                }
                same_in_other_bytes += usize::from(a != b);
                assert_eq!(name_key(a), name_key(b));
                assert!(is_name_within(a, b));
                for c in &names {
                    assert_eq!(is_same_name(a, c), is_same_name(b, c));
                }
            }
        }
        assert!(same_in_other_bytes > 20, "only {same_in_other_bytes}");
    }
}
