//! Mutations that keep lengths right: of an element of the DER, wherever it lies, at the price of encoding all that is around it again.

use libfuzzer_sys::fuzzer_mutate;
use testpki::der;

use crate::random::{Choices, Random};

/// Tags that certificates have.
const TAGS: [u8; 22] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x30, 0x31,
    0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa3,
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

/// Mutates the first `size` octets of `data` to at most `most`, and says how many they are then.
pub fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut random = Random::new(seed.into());
    if random.percent(70)
        && let Some(mut elements) = data.get(..size).and_then(parse)
    {
        let mut at = random.below(count(&elements));
        mutate_at(&mut elements, &mut at, &mut random);
        let encoded = encode(&elements);
        if encoded.len() <= most {
            data[..encoded.len()].copy_from_slice(&encoded);
            return encoded.len();
        }
    }
    fuzzer_mutate(data, size, most)
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
    let encode_one = |element: &Element| match &element.content {
        Content::Elements(inner) => der::tlv(element.tag, &encode(inner)),
        Content::Octets(octets) => der::tlv(element.tag, octets),
    };
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

/// Mutates the element that is `at` so many after the first, in the order they are written in; once that is done, `at` says so.
fn mutate_at(elements: &mut Vec<Element>, at: &mut usize, random: &mut Random) {
    const DONE: usize = usize::MAX;
    for position in 0..elements.len() {
        if *at == 0 {
            *at = DONE;
            return mutate_one(elements, position, random);
        }
        *at -= 1;
        if let Content::Elements(inner) = &mut elements[position].content {
            mutate_at(inner, at, random);
            if *at == DONE {
                return;
            }
        }
    }
}

fn mutate_one(elements: &mut Vec<Element>, position: usize, random: &mut Random) {
    let other = random.below(elements.len());
    match random.below(10) {
        0 => elements[position].tag = random.pick(&TAGS),
        1 => {
            elements.remove(position);
        }
        2 => elements.insert(position, elements[other].clone()),
        3 => elements.swap(position, other),
        4 => elements[position].content = elements[other].content.clone(),
        _ => {
            let element = &mut elements[position];
            let mut octets = match &element.content {
                Content::Elements(inner) => encode(inner),
                Content::Octets(octets) => octets.clone(),
            };
            let size = octets.len();
            octets.resize(size + ROOM, 0);
            let size = fuzzer_mutate(&mut octets, size, size + ROOM);
            octets.truncate(size);
            element.content = Content::Octets(octets);
        }
    }
}
