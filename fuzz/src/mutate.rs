//! Mutations that keep lengths right: of an element of the DER, wherever it lies, at the price of
//! encoding all that is around it again.

use libfuzzer_sys::fuzzer_mutate;
use testpki::der;

use crate::random::{Choices, Random};

/// Tags that certificates and CRLs have.
const TAGS: [u8; 23] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x30,
    0x31, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa3,
];
/// As much as one mutation may add to a value.
const ROOM: usize = 16;

#[derive(Clone)]
struct Element {
    tag: u8,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Elements(Vec<Element>),
    Octets(Vec<u8>),
}

impl Element {
    /// The content as it is written.
    fn octets(&self) -> Vec<u8> {
        match &self.content {
            Content::Elements(inner) => encode(inner),
            Content::Octets(octets) => octets.clone(),
        }
    }
}

/// Mutates the first `size` octets of `data` to at most `most`, and says how many they are then.
pub fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut random = Random::new(seed.into());
    if random.percent(70)
        && let Some(mut elements) = data.get(..size).and_then(parse)
    {
        let octets = |octets: &mut Vec<u8>, _: &mut Random| {
            let size = octets.len();
            octets.resize(size + ROOM, 0);
            let size = fuzzer_mutate(octets, size, size + ROOM);
            octets.truncate(size);
        };
        change_one(&mut elements, &mut random, octets);
        let encoded = encode(&elements);
        if encoded.len() <= most {
            data[..encoded.len()].copy_from_slice(&encoded);
            return encoded.len();
        }
    }
    fuzzer_mutate(data, size, most)
}

/// Damages DER: an element is left out, doubled, moved or of another tag, or an octet of its
/// content is another. Rarely, an octet of the whole is another, a length among them.
pub(crate) fn damage(encoded: &[u8], choices: &mut impl Choices) -> Vec<u8> {
    let another = |octets: &mut Vec<u8>, choices: &mut _| {
        let place = Choices::below(choices, octets.len().max(1));
        let value = Choices::below(choices, 256) as u8;
        match octets.get_mut(place) {
            Some(octet) => *octet = value,
            None => octets.push(value),
        }
    };
    match parse(encoded) {
        Some(mut elements) if !choices.percent(10) => {
            change_one(&mut elements, choices, another);
            encode(&elements)
        }
        _ => {
            let mut octets = encoded.to_vec();
            another(&mut octets, choices);
            octets
        }
    }
}

/// Elements and nothing else, at least one.
fn parse(mut der: &[u8]) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while !der.is_empty() {
        let (tag, content, rest) = split(der)?;
        der = rest;
        // An OCTET STRING may hold DER: those of extensions do.
        let inner = (tag & 0x20 != 0 || tag == 0x04)
            .then(|| parse(content))
            .flatten();
        let content = inner.map_or_else(|| Content::Octets(content.to_vec()), Content::Elements);
        elements.push(Element { tag, content });
    }
    (!elements.is_empty()).then_some(elements)
}

fn split(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, len, rest) = match der {
        [tag, len @ 0..=0x7f, rest @ ..] => (tag, usize::from(*len), rest),
        [tag, 0x81, len, rest @ ..] => (tag, usize::from(*len), rest),
        [tag, 0x82, high, low, rest @ ..] => {
            (tag, usize::from(*high) << 8 | usize::from(*low), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(len)?;
    Some((*tag, content, rest))
}

fn encode(elements: &[Element]) -> Vec<u8> {
    let encode_one = |element: &Element| der::tlv(element.tag, &element.octets());
    elements.iter().flat_map(encode_one).collect()
}

/// All elements, those inside of others too.
fn count(elements: &[Element]) -> usize {
    let count_one = |element: &Element| match &element.content {
        Content::Elements(inner) => 1 + count(inner),
        Content::Octets(_) => 1,
    };
    elements.iter().map(count_one).sum()
}

/// Changes one of all elements; `octets` changes content.
fn change_one<C: Choices>(
    elements: &mut Vec<Element>,
    choices: &mut C,
    octets: impl Fn(&mut Vec<u8>, &mut C),
) {
    let mut at = choices.below(count(elements));
    change_at(elements, &mut at, choices, &octets);
}

/// Changes the element that is `at` so many after the first, in the order they are written in; once
/// that is done, `at` says so.
fn change_at<C: Choices>(
    elements: &mut Vec<Element>,
    at: &mut usize,
    choices: &mut C,
    octets: &impl Fn(&mut Vec<u8>, &mut C),
) {
    const DONE: usize = usize::MAX;
    for position in 0..elements.len() {
        if *at == 0 {
            *at = DONE;
            return change(elements, position, choices, octets);
        }
        *at -= 1;
        if let Content::Elements(inner) = &mut elements[position].content {
            change_at(inner, at, choices, octets);
            if *at == DONE {
                return;
            }
        }
    }
}

fn change<C: Choices>(
    elements: &mut Vec<Element>,
    position: usize,
    choices: &mut C,
    octets: &impl Fn(&mut Vec<u8>, &mut C),
) {
    let other = choices.below(elements.len());
    match choices.below(10) {
        0 => elements[position].tag = choices.pick(&TAGS),
        1 => {
            elements.remove(position);
        }
        2 => elements.insert(position, elements[other].clone()),
        3 => elements.swap(position, other),
        4 => elements[position].content = elements[other].content.clone(),
        _ => {
            let element = &mut elements[position];
            let mut content = element.octets();
            octets(&mut content, choices);
            element.content = Content::Octets(content);
        }
    }
}
