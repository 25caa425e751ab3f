//! Changes of certificates and CRLs as an attacker would make them who can have anything signed.
//! What decides is a source of choices: a seed here, the bytes of a fuzzer elsewhere.

use crate::tree::{Content, Length, Tree};

/// What decides.
pub(crate) trait Choices {
    /// Less than `bound`, which is not 0.
    fn below(&mut self, bound: usize) -> usize;

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Tags that certificates and CRLs have.
const TAGS: [u8; 31] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x0C, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1A, 0x1C,
    0x1E, 0x30, 0x31, 0x80, 0x81, 0x82, 0x84, 0x86, 0x87, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0x1F,
];
/// The tags of strings of characters.
const STRINGS: [u8; 9] = [0x0C, 0x12, 0x13, 0x14, 0x15, 0x16, 0x1A, 0x1C, 0x1E];
/// Octets that often mean something.
const OCTETS: [u8; 18] = [
    0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x2A, 0x2E, 0x30, 0x39, 0x40, 0x5A, 0x7F, 0x80, 0x81,
    0xFE, 0xFF,
];
/// What names are written with.
const TEXTS: [&[u8]; 12] = [
    b".",
    b"\0",
    b"*",
    b"@",
    b" ",
    b"%41",
    b":",
    b"//",
    b"xn--",
    b"a.",
    b"\xC3\xA9",
    b"\xFF",
];
/// The values of notBefore, notAfter, thisUpdate, nextUpdate and dates, in several forms.
const TIMES: [(u8, &[u8]); 14] = [
    (0x17, b"500101000000Z"),
    (0x17, b"491231235959Z"),
    (0x17, b"250101000000Z"),
    (0x17, b"2501010000Z"),
    (0x17, b"250229000000Z"),
    (0x17, b"250101000060Z"),
    (0x17, b"250101010000+0100"),
    (0x18, b"20250101000000Z"),
    (0x18, b"20501231235959Z"),
    (0x18, b"99991231235959Z"),
    (0x18, b"00000101000000Z"),
    (0x18, b"20250101000000.5Z"),
    (0x18, b"19691231235959Z"),
    (0x18, b"20250101240000Z"),
];

/// One kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// An element is left out.
    Drop,
    /// It is there twice.
    Double,
    /// It changes places with one beside it.
    Swap,
    /// It has another tag.
    Tag,
    /// A string is of another type.
    StringType,
    /// The length is longer than need be.
    LongLength,
    /// The length is of indefinite form.
    IndefiniteLength,
    /// A string is in constructed form.
    Segments,
    /// A BOOLEAN is another, or of another encoding.
    Boolean,
    /// An octet is in front that is not needed.
    Padding,
    /// An octet of the content is another.
    Octet,
    /// Octets of the content are left out, or added.
    Size,
    /// A string has more text.
    Text,
    /// A time is another, or in another form.
    Time,
    /// The content is that of another element of the same tag, here or in another certificate.
    MoveContent,
    /// The element is another one, from here or from another certificate.
    MoveElement,
    /// An element from here or from another certificate is beside it.
    AddElement,
    /// An extension from another certificate is added.
    AddExtension,
    /// `critical` of an extension is another, or FALSE in writing.
    Critical,
    /// The value of an extension is that of an extension of another type.
    MoveValue,
}

pub(crate) const CHANGES: [Change; 20] = [
    Change::Drop,
    Change::Double,
    Change::Swap,
    Change::Tag,
    Change::StringType,
    Change::LongLength,
    Change::IndefiniteLength,
    Change::Segments,
    Change::Boolean,
    Change::Padding,
    Change::Octet,
    Change::Size,
    Change::Text,
    Change::Time,
    Change::MoveContent,
    Change::MoveElement,
    Change::AddElement,
    Change::AddExtension,
    Change::Critical,
    Change::MoveValue,
];

impl Change {
    /// Whether it can be made of this element.
    fn fits(self, tree: &Tree) -> bool {
        let is_primitive = matches!(tree.content, Content::Octets(_));
        match self {
            Self::StringType => STRINGS.contains(&tree.tag),
            Self::Segments => is_primitive && (is_text(tree) || matches!(tree.tag, 3 | 4 | 23)),
            Self::Text => is_primitive && is_text(tree),
            Self::Boolean => tree.tag == 1,
            Self::Padding => is_primitive && matches!(tree.tag, 2 | 3 | 6 | 10 | 0x80 | 0x81),
            Self::Octet | Self::Size => is_primitive,
            Self::Time => matches!(tree.tag, 0x17 | 0x18),
            Self::Critical | Self::MoveValue => tree.is_extension(),
            _ => true,
        }
    }
}

fn is_text(tree: &Tree) -> bool {
    STRINGS.contains(&tree.tag) || matches!(tree.tag, 0x81 | 0x82 | 0x86)
}

/// Changes one element of `trees[which]`, and says how; none: nothing there can be changed so.
///
/// A name that changes may do so everywhere, that paths go on.
pub(crate) fn change(
    trees: &mut [Tree],
    which: usize,
    choices: &mut impl Choices,
) -> Option<Change> {
    let change = choices.pick(&CHANGES);
    let tree = &trees[which];
    let mut places = tree.places();
    if change == Change::AddExtension {
        places.retain(|place| is_list_of_extensions(tree.at(place)));
    } else {
        places.retain(|place| tree.at(place).is_some_and(|one| change.fits(one)));
    }
    if places.is_empty() {
        return None;
    }
    let place = choices.pick(&places);
    let is_of_name = |depth: &usize| tree.at(&place[..*depth]).is_some_and(Tree::is_name);
    let name = (0..place.len()).rev().find(is_of_name);
    let old = name.and_then(|depth| tree.at(&place[..depth])).cloned();
    let others: Vec<Tree> = trees.to_vec();
    make(change, &mut trees[which], &place, &others, choices)?;
    if let (Some(depth), Some(old), true) = (name, old, choices.percent(60)) {
        let new = trees[which].at(&place[..depth])?.clone();
        trees.iter_mut().for_each(|tree| tree.replace(&old, &new));
    }
    Some(change)
}

fn is_list_of_extensions(tree: Option<&Tree>) -> bool {
    tree.is_some_and(|tree| tree.tag == 0x30 && tree.inner().iter().any(Tree::is_extension))
}

/// Makes a change of the element at a place. `others` is where elements are moved from.
fn make(
    change: Change,
    tree: &mut Tree,
    place: &[usize],
    others: &[Tree],
    choices: &mut impl Choices,
) -> Option<()> {
    let (&index, above) = place.split_last()?;
    let siblings = tree.at_mut(above)?.inner_mut()?;
    let element = siblings.get(index)?.clone();
    match change {
        Change::Drop => drop(siblings.remove(index)),
        Change::Double => siblings.insert(index, element),
        Change::Swap => {
            let other = choices.below(siblings.len());
            siblings.swap(index, other);
        }
        Change::MoveElement => siblings[index] = any(others, |_| true, choices)?,
        Change::AddElement => siblings.insert(index, any(others, |_| true, choices)?),
        Change::AddExtension => {
            let extension = any(others, Tree::is_extension, choices)?;
            let list = siblings[index].inner_mut()?;
            list.insert(choices.below(list.len() + 1), extension);
        }
        Change::MoveContent => {
            let is_like = |one: &Tree| one.tag == element.tag;
            siblings[index].content = any(others, is_like, choices)?.content;
        }
        Change::MoveValue => {
            let value = any(others, Tree::is_extension, choices)?;
            *siblings[index].inner_mut()?.last_mut()? = value.inner().last()?.clone();
        }
        _ => encode(change, &mut siblings[index], choices)?,
    }
    Some(())
}

/// Writes an element in another way, or with another value.
fn encode(change: Change, element: &mut Tree, choices: &mut impl Choices) -> Option<()> {
    let tag = element.tag;
    match change {
        Change::Tag if choices.percent(30) => element.tag ^= choices.pick(&[0x20, 0x40, 0x80]),
        Change::Tag => element.tag = choices.pick(&TAGS),
        Change::StringType => element.tag = choices.pick(&STRINGS),
        Change::LongLength => element.length = Length::Longer(1 + choices.below(3)),
        Change::IndefiniteLength => element.length = Length::Indefinite,
        Change::Boolean => {
            let octets: [&[u8]; 6] = [&[0], &[1], &[0xFF], &[0x7F], &[], &[0xFF, 0xFF]];
            element.content = Content::Octets(choices.pick(&octets).to_vec());
        }
        Change::Time => {
            let (tag, octets) = choices.pick(&TIMES);
            element.tag = tag;
            element.content = Content::Octets(octets.to_vec());
        }
        Change::Critical => {
            let written: [Option<u8>; 3] = [None, Some(0), Some(0xFF)];
            let fields = element.inner_mut()?;
            fields.retain(|field| field.tag != 1);
            if let Some(octet) = choices.pick(&written) {
                fields.insert(1, Tree::new(1, Content::Octets(vec![octet])));
            }
        }
        _ => {
            let Content::Octets(octets) = &mut element.content else {
                return None;
            };
            match change {
                Change::Padding => {
                    let octet = choices.pick(&[0x00, 0x80, 0xFF]);
                    octets.insert(usize::from(tag == 3 && !octets.is_empty()), octet);
                }
                Change::Octet => {
                    let count = octets.len();
                    let octet = octets.get_mut(choices.below(count.max(1)))?;
                    *octet = match choices.below(3) {
                        0 => *octet ^ (1 << choices.below(8)),
                        1 => choices.pick(&OCTETS),
                        _ => choices.below(256) as u8,
                    };
                }
                Change::Size => match choices.below(4) {
                    0 => octets.clear(),
                    1 => octets.truncate(choices.below(octets.len() + 1)),
                    2 => octets.push(choices.pick(&OCTETS)),
                    _ => octets.insert(0, choices.pick(&OCTETS)),
                },
                Change::Text => {
                    let at = match choices.below(3) {
                        0 => 0,
                        1 => octets.len(),
                        _ => choices.below(octets.len() + 1),
                    };
                    let text = choices.pick(&TEXTS);
                    octets.splice(at..at, text.iter().copied());
                    if choices.percent(20) {
                        octets.make_ascii_uppercase();
                    }
                }
                Change::Segments => {
                    let (first, second) = octets.split_at(choices.below(octets.len() + 1));
                    let segment =
                        |octets: &[u8]| Tree::new(tag & 0x1F, Content::Octets(octets.into()));
                    element.content = Content::Elements(vec![segment(first), segment(second)]);
                    element.tag |= 0x20;
                }
                _ => return None,
            }
        }
    }
    Some(())
}

/// An element like this, of any of the trees.
fn any(
    trees: &[Tree],
    is_wanted: impl Fn(&Tree) -> bool,
    choices: &mut impl Choices,
) -> Option<Tree> {
    let tree = choices.pick(trees);
    let mut places = tree.places();
    places.retain(|place| tree.at(place).is_some_and(&is_wanted));
    (!places.is_empty()).then(|| tree.at(&choices.pick(&places)).cloned())?
}
