//! When two distinguished names are the same (RFC 5280 §7.1).
//!
//! Equal bytes always are. Otherwise names are equal part by part: in each relative name the same
//! attributes in any order; of each attribute the type, and the text, prepared as RFC 4518 asks, so
//! that case, white space, the string type and the way of writing a character do not matter. Values
//! that are no text are compared byte by byte.
//!
//! A TeletexString has no agreed meaning, and RFC 4518 §2.4 prohibits comparing some characters.
//! Names with such values are not *surely* equal to others, which serves wherever equality lets
//! somebody in; but they are *possibly* equal, which serves where it keeps somebody out. See
//! [`Equality`].
//!
//! Names of more than [`MAX_FOLDED_BYTES`] bytes, or with more than [`MAX_BEYOND_ASCII`] characters
//! beyond ASCII, and relative names of more than [`MAX_FOLDED_ATTRIBUTES`] attributes, are surely
//! equal by their bytes alone: real ones are far smaller, and comparing stays cheap on hostile
//! ones.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::der::{Element, tag};
use super::name::{Attribute, attributes, attributes_of, relative_names};
use unicode_normalization::{IsNormalized, is_nfkc_quick};

use super::text::{MAX_GROWTH_ONCE, Reading, Text, is_ascii_string, plain, prepare};

pub(super) const MAX_FOLDED_BYTES: usize = 1_024;
pub(super) const MAX_FOLDED_ATTRIBUTES: usize = 8;
/// Twice what RFC 5280 appendix A.1 lets a commonName or an organizationName have.
const MAX_BEYOND_ASCII: usize = 128;

/// What is asked of two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Equality {
    /// They are equal, and every reader of RFC 5280 §7.1 has to find so: for chains, permitted
    /// subtrees and all else that grants something. An equivalence, so that names can be numbered
    /// and hashed.
    Sure,
    /// They may be meant as equal, however their values are read: for excluded subtrees. Wider than
    /// [`Sure`](Self::Sure); no equivalence.
    Possible,
}

/// Whether two names, each as DER that was found well-formed, are surely the same.
pub(crate) fn is_same_name(a: &[u8], b: &[u8]) -> bool {
    if a == b {
        return true;
    }
    if !is_foldable(a) || !is_foldable(b) {
        return false;
    }
    are_same(relative_names(a), relative_names(b))
}

/// Whether two names are surely the same, each given as a name and a relative name that may
/// continue it.
///
/// Names of any size fold here, as in [`FoldedName`].
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
            (Some(a), Some(b)) if a.whole == b.whole || have_same_attributes(a, b) => {}
            _ => return false,
        }
    }
}

/// A name that is compared with many, folded once.
///
/// Names of any size fold here: to take a name out of an excluded subtree, it must not be enough to
/// make it long.
#[derive(Debug)]
pub(crate) struct FoldedName<'a>(Vec<FoldedRelativeName<'a>>);

#[derive(Debug)]
enum FoldedRelativeName<'a> {
    Sure(Vec<Canonical<'a>>),
    /// Of too many attributes: surely equal to its own bytes alone.
    SureByBytes(&'a [u8]),
    Possible(Vec<(&'a [u8], Reading)>),
    /// Of too many attributes. Real ones are smaller, so that nobody is kept out for nothing.
    PossiblyAny,
}

impl<'a> FoldedName<'a> {
    /// Folds a name to be compared for `equality` with others that are folded for the same.
    pub(crate) fn new(name: &'a [u8], equality: Equality) -> Self {
        use FoldedRelativeName::{Possible, PossiblyAny, Sure, SureByBytes};

        let fold = |relative_name: Element<'a>| match (equality, is_too_large(relative_name)) {
            (Equality::Sure, false) => Sure(canonical_set(relative_name)),
            (Equality::Sure, true) => SureByBytes(relative_name.whole),
            (Equality::Possible, false) => Possible(readings(relative_name)),
            (Equality::Possible, true) => PossiblyAny,
        };
        Self(relative_names(name).map(fold).collect())
    }

    /// Whether the name begins with all relative names of `base` (RFC 5280 §4.2.1.10: a
    /// directoryName as a subtree).
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        let mut name = self.0.iter();
        base.0
            .iter()
            .all(|base| name.next().is_some_and(|name| name.is_equal(base)))
    }
}

impl FoldedRelativeName<'_> {
    fn is_equal(&self, other: &Self) -> bool {
        use FoldedRelativeName::{Possible, PossiblyAny, Sure, SureByBytes};

        match (self, other) {
            (Sure(ours), Sure(theirs)) => ours == theirs,
            (SureByBytes(ours), SureByBytes(theirs)) => ours == theirs,
            (Possible(ours), Possible(theirs)) => are_possibly_same(ours, theirs),
            (PossiblyAny, _) | (_, PossiblyAny) => true,
            _ => false,
        }
    }
}

fn is_too_large(relative_name: Element<'_>) -> bool {
    attributes_of(relative_name).count() > MAX_FOLDED_ATTRIBUTES
}

/// The same attributes, each as often, in any order.
fn have_same_attributes(a: Element<'_>, b: Element<'_>) -> bool {
    match (only_attribute(a), only_attribute(b)) {
        (Some(ours), Some(theirs)) => ours.is_surely(&theirs),
        (None, None) => {
            !is_too_large(a) && !is_too_large(b) && canonical_set(a) == canonical_set(b)
        }
        _ => false,
    }
}

fn only_attribute(relative_name: Element<'_>) -> Option<Attribute<'_>> {
    let mut attributes = attributes_of(relative_name);
    attributes.next().filter(|_| attributes.next().is_none())
}

/// What attributes that are surely equal have in common: the type, [`TEXT`] or else the tag, and
/// text or value.
type Canonical<'a> = (&'a [u8], u8, Cow<'a, [u8]>);

/// In the place of a tag: no value has this one, with which identifiers of several octets begin
/// (X.690 §8.1.2.4) that no reader here takes.
const TEXT: u8 = 0x1f;

/// The attributes of a relative name, whatever their order.
fn canonical_set(relative_name: Element<'_>) -> Vec<Canonical<'_>> {
    let mut set: Vec<_> = attributes_of(relative_name)
        .map(|attribute| attribute.canonical())
        .collect();
    set.sort_unstable();
    set
}

/// What surely equal names have in common, and no others: a name in the place of many comparisons
/// with one.
pub(crate) fn canonical_name(name: &[u8]) -> Vec<u8> {
    if !is_foldable(name) {
        return name.to_vec();
    }
    let mut canonical = Vec::with_capacity(name.len());
    let mut add = |part: &[u8]| {
        canonical.extend_from_slice(&part.len().to_be_bytes());
        canonical.extend_from_slice(part);
    };
    for relative_name in relative_names(name) {
        if is_too_large(relative_name) {
            add(relative_name.whole);
            continue;
        }
        let set = canonical_set(relative_name);
        add(&[]);
        add(&set.len().to_be_bytes());
        for (oid, tag, value) in set {
            [oid, &[tag], &value].into_iter().for_each(&mut add);
        }
    }
    canonical
}

/// Whether every reader of RFC 5280 §7.1 finds the same names equal to this one: each value is text
/// that can be prepared, and none is beyond what is folded.
pub(crate) fn is_surely_comparable(name: &[u8]) -> bool {
    is_foldable(name)
        && !relative_names(name).any(is_too_large)
        && attributes(name).all(|attribute| attribute.prepared().is_some())
}

/// Whether a name is compared otherwise than by its bytes.
pub(crate) fn is_foldable(name: &[u8]) -> bool {
    name.len() <= MAX_FOLDED_BYTES && characters_beyond_ascii(name) <= MAX_BEYOND_ASCII
}

/// How many characters it takes long to prepare, to compare a name or find its key: all of an
/// attribute where one of them is not plain, and those that it may grow by if it is not normalized.
pub(crate) fn characters_to_prepare(name: &[u8]) -> usize {
    attributes(name)
        .map(|attribute| attribute.characters_to_prepare())
        .fold(0, usize::saturating_add)
}

/// How many characters beyond ASCII a name may have; all those of string types of several bytes.
fn characters_beyond_ascii(name: &[u8]) -> usize {
    let beyond_ascii = |attribute: Attribute<'_>| match attribute.tag {
        tag::BMP_STRING => attribute.value.len() / 2,
        tag::UNIVERSAL_STRING => attribute.value.len() / 4,
        // Each character beyond ASCII begins with one such byte in UTF-8.
        _ => attribute.value.iter().filter(|byte| **byte >= 0xc0).count(),
    };
    attributes(name)
        .map(beyond_ascii)
        .fold(0, usize::saturating_add)
}

fn readings(relative_name: Element<'_>) -> Vec<(&[u8], Reading)> {
    attributes_of(relative_name)
        .map(|attribute| (attribute.oid, attribute.reading()))
        .collect()
}

/// Whether each attribute of one is possibly one of the other, and the other way round. How often
/// does not matter: one that is there twice, which X.501 §9.3 rules out, says nothing more.
fn are_possibly_same(a: &[(&[u8], Reading)], b: &[(&[u8], Reading)]) -> bool {
    let are_in = |these: &[(&[u8], Reading)], those: &[(&[u8], Reading)]| {
        these.iter().all(|(oid, this)| {
            let mut others = those.iter().filter(|(other, _)| other == oid);
            others.any(|(_, that)| this.is_possibly(that))
        })
    };
    are_in(a, b) && are_in(b, a)
}

impl<'a> Attribute<'a> {
    /// Surely equal by RFC 5280 §7.1.
    fn is_surely(&self, other: &Self) -> bool {
        if self.oid != other.oid {
            return false;
        }
        match (self.plain_text(), other.plain_text()) {
            (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
            _ if self.tag == other.tag && self.value == other.value => true,
            _ => self.canonical() == other.canonical(),
        }
    }

    fn canonical(&self) -> Canonical<'a> {
        match self.prepared() {
            Some(text) => (self.oid, TEXT, text.into_bytes().into()),
            None => (self.oid, self.tag, self.value.into()),
        }
    }

    /// The text, if it is prepared but for the case of its letters: printable ASCII, all spaces
    /// single and inside.
    fn plain_text(&self) -> Option<&'a [u8]> {
        let mut last = b' ';
        let is_plain = is_ascii_string(self.tag)
            && self.value.iter().all(|byte| {
                let is_repeated = *byte == b' ' && last == b' ';
                last = *byte;
                matches!(byte, b' '..=b'~') && !is_repeated
            })
            && (last != b' ' || self.value.is_empty());
        is_plain.then_some(self.value)
    }

    fn characters_to_prepare(&self) -> usize {
        let count = |value_len: usize, characters: &mut dyn Iterator<Item = Option<char>>| {
            let (mut count, mut are_plain) = (0_usize, true);
            let characters = characters.map_while(|character| {
                let character = character?;
                count = count.saturating_add(1);
                are_plain &= plain(character).is_some();
                Some(character)
            });
            let is_normalized = is_nfkc_quick(characters) == IsNormalized::Yes;
            match (are_plain, is_normalized) {
                (true, _) => 0,
                (false, true) => count,
                // What is not normalized may grow.
                (false, false) => value_len
                    .saturating_add(value_len / 2)
                    .saturating_add(MAX_GROWTH_ONCE),
            }
        };
        match self.tag {
            tag::BMP_STRING => {
                let (units, _) = self.value.as_chunks::<2>();
                let character = |unit: &[u8; 2]| char::from_u32(u16::from_be_bytes(*unit).into());
                count(units.len(), &mut units.iter().map(character))
            }
            tag::UNIVERSAL_STRING => {
                let (units, _) = self.value.as_chunks::<4>();
                let character = |unit: &[u8; 4]| char::from_u32(u32::from_be_bytes(*unit));
                count(units.len(), &mut units.iter().map(character))
            }
            _ => match core::str::from_utf8(self.value) {
                Ok(text) => count(text.chars().count(), &mut text.chars().map(Some)),
                // Compared byte by byte.
                Err(_) => 0,
            },
        }
    }

    /// The text in the form in which equal ones are the same; `None` if it is equal to its own
    /// bytes alone.
    pub(super) fn prepared(&self) -> Option<String> {
        match Text::of(self.tag, self.value) {
            Text::Known(text) => prepare(&text).ok(),
            Text::Teletex | Text::Unreadable => None,
        }
    }

    /// What the value may be meant as.
    fn reading(&self) -> Reading {
        match Text::of(self.tag, self.value) {
            Text::Known(text) => Reading::of_text(&text),
            Text::Teletex => Reading::of_teletex(self.value),
            Text::Unreadable => Reading::Anything,
        }
    }

    /// Whether [`prepared`](Self::prepared) is the value in lower case, if that is ASCII without
    /// spaces that do not matter.
    pub(super) fn is_ascii_string(&self) -> bool {
        is_ascii_string(self.tag)
    }
}

#[cfg(test)]
mod tests;
