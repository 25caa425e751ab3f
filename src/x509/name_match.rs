//! When two distinguished names are the same (RFC 5280 §7.1).
//!
//! Equal bytes always are. Otherwise names are equal part by part: in each relative name the same attributes in any
//! order; of each attribute the type, and the text, prepared as RFC 4518 asks, so that case, white space, the string
//! type and the way of writing a character do not matter. Values that are no text are compared byte by byte.
//!
//! A TeletexString has no agreed meaning, and RFC 4518 §2.4 prohibits comparing some characters. Names with such
//! values are not *surely* equal to others, which serves wherever equality lets somebody in; but they are *possibly*
//! equal, which serves where it keeps somebody out. See [`Equality`].
//!
//! Names of more than [`MAX_FOLDED_BYTES`] bytes, and relative names of more than [`MAX_FOLDED_ATTRIBUTES`]
//! attributes, are surely equal by their bytes alone: real ones are far smaller, and comparing stays cheap on hostile
//! ones.

use alloc::string::String;

use super::der::Element;
use super::name::{Attribute, attributes_of, relative_names};
use super::text::{Text, are_possibly_equal, is_ascii_string, prepare};

pub(super) const MAX_FOLDED_BYTES: usize = 1_024;
pub(super) const MAX_FOLDED_ATTRIBUTES: usize = 8;

/// What is asked of two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Equality {
    /// They are equal, and every reader of RFC 5280 §7.1 has to find so: for chains, permitted subtrees and all else
    /// that grants something. An equivalence, so that names can be numbered and hashed.
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
    if a.len() > MAX_FOLDED_BYTES || b.len() > MAX_FOLDED_BYTES {
        return false;
    }
    are_same(relative_names(a), relative_names(b))
}

/// Whether two names are surely the same, each given as a name and a relative name that may continue it.
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
            (Some(a), Some(b)) if are_equal(a, b, Equality::Sure) => {}
            _ => return false,
        }
    }
}

/// Whether `name` begins with all relative names of `base` (RFC 5280 §4.2.1.10: a directoryName as a subtree).
///
/// Names of any size fold here: to take a name out of an excluded subtree, it must not be enough to make it long.
pub(crate) fn is_name_within(name: &[u8], base: &[u8], equality: Equality) -> bool {
    let mut name = relative_names(name);
    relative_names(base).all(|base| {
        name.next()
            .is_some_and(|name| are_equal(name, base, equality))
    })
}

/// Compares two relative names.
fn are_equal(a: Element<'_>, b: Element<'_>, equality: Equality) -> bool {
    a.whole == b.whole
        || match equality {
            Equality::Sure => have_same_attributes(a, b),
            // Real ones are smaller, so that nobody is kept out for nothing.
            Equality::Possible => {
                is_too_large(a) || is_too_large(b) || are_possibly_in(a, b) && are_possibly_in(b, a)
            }
        }
}

fn is_too_large(relative_name: Element<'_>) -> bool {
    attributes_of(relative_name).count() > MAX_FOLDED_ATTRIBUTES
}

/// The same attributes, each as often, in any order.
fn have_same_attributes(a: Element<'_>, b: Element<'_>) -> bool {
    let occurrences = |of: &Attribute<'_>, within: Element<'_>| {
        attributes_of(within)
            .filter(|attribute| attribute.is_surely(of))
            .count()
    };
    !is_too_large(a)
        && attributes_of(a).count() == attributes_of(b).count()
        && attributes_of(a)
            .all(|attribute| occurrences(&attribute, a) == occurrences(&attribute, b))
}

/// Whether each attribute of `these` is possibly one of `those`. How often does not matter: one that is there twice,
/// which X.501 §9.3 rules out, says nothing more.
fn are_possibly_in(these: Element<'_>, those: Element<'_>) -> bool {
    attributes_of(these).all(|this| attributes_of(those).any(|that| this.is_possibly(&that)))
}

impl<'a> Attribute<'a> {
    fn has_same_bytes(&self, other: &Self) -> bool {
        self.tag == other.tag && self.value == other.value
    }

    /// Equal by RFC 5280 §7.1, whoever compares.
    fn is_surely(&self, other: &Self) -> bool {
        if self.oid != other.oid {
            return false;
        }
        match (self.plain_text(), other.plain_text()) {
            (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
            _ if self.has_same_bytes(other) => true,
            _ => match (self.prepared(), other.prepared()) {
                (Some(ours), Some(theirs)) => ours == theirs,
                _ => false,
            },
        }
    }

    /// Equal by some reading of the values.
    fn is_possibly(&self, other: &Self) -> bool {
        if self.oid != other.oid {
            return false;
        }
        if let (Some(ours), Some(theirs)) = (self.plain_text(), other.plain_text()) {
            return ours.eq_ignore_ascii_case(theirs);
        }
        match (self.text(), other.text()) {
            (Text::NotText, Text::NotText) if self.tag == other.tag => self.value == other.value,
            (Text::Known(ours), Text::Known(theirs)) => are_possibly_equal(&ours, &theirs),
            (Text::Latin1(latin1), Text::Known(text))
            | (Text::Known(text), Text::Latin1(latin1)) => is_latin1_possibly(&latin1, &text),
            (Text::Latin1(ours), Text::Latin1(theirs)) => {
                is_latin1_possibly(&ours, &theirs) || is_latin1_possibly(&theirs, &ours)
            }
            // A value of another kind than its attribute has.
            _ => true,
        }
    }

    fn text(&self) -> Text<'a> {
        Text::of(self.tag, self.value)
    }

    /// The text, if it is prepared but for the case of its letters: printable ASCII, all spaces single and inside.
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

    /// What surely equal values have in common, if they are equal to others than those of the same bytes.
    pub(super) fn prepared(&self) -> Option<String> {
        match self.text() {
            Text::Known(text) => prepare(&text).ok(),
            Text::Latin1(_) | Text::Unreadable | Text::NotText => None,
        }
    }

    /// Whether [`prepared`](Self::prepared) is the value in lower case, if that is ASCII without spaces that do not
    /// matter.
    pub(super) fn is_ascii_string(&self) -> bool {
        is_ascii_string(self.tag)
    }
}

/// A TeletexString read as Latin-1 against other text. If T.61 was meant, bytes beyond ASCII stand for accents, for
/// letters that are not Latin-1's, and for `$` and `#`.
fn is_latin1_possibly(latin1: &str, other: &str) -> bool {
    let has_such = |text: &str| text.contains(|c: char| !c.is_ascii() || matches!(c, '$' | '#'));
    are_possibly_equal(latin1, other) || !latin1.is_ascii() && has_such(other)
}

#[cfg(test)]
mod tests;
