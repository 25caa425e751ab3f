//! Sameness of names is an equivalence, equal names have equal keys, and what RFC 5280 §7.1 says
//! not to matter does not.
//!
//! Input: attributes, each an octet that says its type, its string type, and whether it begins a
//! relative name or a name; an octet of length; the text. So whatever is mutated stays a name.

use mtls_verify::fuzzing::{
    is_foldable, is_general_name, is_name_possibly_within, is_name_within, is_same_name, name_key,
    parse, show_name,
};
use testpki::{der, oid};
use x509_cert::der::{Decode, Encode};
use x509_cert::name::Name as TheirName;

use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

/// Those that are folded in two string types, those in three, and one that nobody knows.
const TYPES: [&str; 8] = [
    oid::COMMON_NAME,
    oid::ORGANIZATION,
    oid::ORGANIZATIONAL_UNIT,
    oid::COUNTRY,
    oid::DOMAIN_COMPONENT,
    oid::EMAIL_ADDRESS,
    "2.5.4.5",
    "1.3.6.1.4.1.32473.2",
];

const UTF8: u8 = 0x0c;
const PRINTABLE: u8 = 0x13;
const IA5: u8 = 0x16;
/// Tags; the last two are no strings.
const STRINGS: [u8; 8] = [UTF8, PRINTABLE, IA5, 0x14, 0x1e, 0x1c, 0x04, 0x30];

/// Three are enough for transitivity.
const NAMES: usize = 3;
/// Relative names of up to so many attributes are folded.
const FOLDED_ATTRIBUTES: usize = 8;

/// For each relative name its attributes.
type Name = Vec<Vec<Attribute>>;

#[derive(Clone)]
struct Attribute {
    kind: usize,
    string: u8,
    text: Vec<u8>,
}

/// Names that are the same although their bytes differ, within each other, or neither. Each is also
/// judged with another spelling of itself. An input without attributes is not judged.
pub const KINDS: Kinds = &[("same", 5), ("within", 1), ("apart", 200)];

/// Checks the names of an input, and others that are the same as they.
pub fn check(input: &[u8]) -> Judged {
    let names = decode(input);
    let mut encoded: Vec<Vec<u8>> = Vec::new();
    for name in &names {
        let plain = encode(name);
        check_one(&plain);
        let other = encode(&respelled(name));
        if is_foldable(&plain)
            && is_foldable(&other)
            && name
                .iter()
                .all(|relative| relative.len() <= FOLDED_ATTRIBUTES)
        {
            assert!(
                is_same_name(&plain, &other),
                "{plain:02x?} and {other:02x?}"
            );
        }
        encoded.extend([plain, other]);
    }
    for a in &encoded {
        for b in &encoded {
            check_pair(a, b);
            for c in &encoded {
                check_triple(a, b, c);
            }
        }
    }
    // Every other one is a respelling.
    let named: Vec<_> = encoded
        .iter()
        .step_by(2)
        .filter(|name| name.len() > 2)
        .collect();
    let any_pair = |is_so: fn(&[u8], &[u8]) -> bool| {
        let mut pairs = named.iter().flat_map(|a| named.iter().map(move |b| (a, b)));
        pairs.any(|(a, b)| a != b && is_so(a, b))
    };
    match named.as_slice() {
        [] => None,
        _ if any_pair(is_same_name) => Some("same"),
        _ if any_pair(is_name_within) => Some("within"),
        _ => Some("apart"),
    }
}

/// The names of all certificates, each with the one before, with itself in upper case, and with all
/// of it but its end.
pub fn seeds(testdata: &Testdata) -> Vec<Vec<u8>> {
    let mut before = Vec::new();
    let mut seeds = Vec::new();
    for der in testdata.certificates() {
        let names = parse(&der, |read| [read.issuer.to_vec(), read.subject.to_vec()]);
        for name in names.into_iter().flatten() {
            if let Some(records) = records(&name) {
                seeds.push([before.clone(), records.clone()].concat());
                let upper = respelled_records(&records);
                seeds.push([records.clone(), upper].concat());
                if let Some(above) = records_above(&records) {
                    seeds.push([records.clone(), above].concat());
                }
                before = records;
            }
        }
    }
    seeds
}

fn check_one(name: &[u8]) {
    assert!(is_general_name(&der::context_constructed(4, name)));
    assert!(is_same_name(name, name));
    assert!(is_name_within(name, name));
    assert!(is_name_within(name, &der::sequence::<&[u8]>(&[])));
    let shown = show_name(name);
    let is_hidden = |shown: char| shown.is_control() || shown != ' ' && shown.is_whitespace();
    assert!(!shown.chars().any(is_hidden), "{shown:?}");
}

fn check_pair(a: &[u8], b: &[u8]) {
    let is_same = is_same_name(a, b);
    assert_eq!(is_same, is_same_name(b, a), "not symmetric");
    if is_same {
        assert_eq!(name_key(a), name_key(b), "{a:02x?} and {b:02x?}");
        assert!(is_name_within(a, b) && is_name_within(b, a));
    }
    let is_possibly = is_name_possibly_within(a, b);
    assert!(
        is_possibly || !is_name_within(a, b),
        "sure and not possible"
    );
    // Names of any size fold as subtrees, so that the other direction holds for those that fold at
    // all.
    if is_foldable(a) && is_foldable(b) {
        let is_both = is_name_within(a, b) && is_name_within(b, a);
        assert_eq!(is_same, is_both, "{a:02x?} and {b:02x?}");
    }
}

fn check_triple(a: &[u8], b: &[u8], c: &[u8]) {
    if is_same_name(a, b) {
        assert_eq!(is_same_name(a, c), is_same_name(b, c), "not transitive");
    }
    if is_name_within(a, b) && is_name_within(b, c) {
        assert!(is_name_within(a, c), "not transitive");
    }
}

/// The same name written otherwise: other case, more white space, another string type, attributes
/// of a relative name in another order.
fn respelled(name: &Name) -> Name {
    let respell = |attribute: &Attribute| {
        let is_text = matches!(attribute.string, UTF8 | PRINTABLE | IA5);
        let text = String::from_utf8(attribute.text.clone());
        let Some(text) = text.ok().filter(|text| is_text && text.is_ascii()) else {
            return attribute.clone();
        };
        let text = format!(" {}\t", text.to_ascii_uppercase().replace(' ', "  "));
        let (string, text) = match attribute.string {
            UTF8 => (PRINTABLE, text),
            PRINTABLE => (IA5, text),
            // Full-width letters, and what is mapped to nothing (RFC 4518 §2.2).
            _ => (UTF8, text.replace('A', "\u{ff21}\u{ad}\u{200b}")),
        };
        Attribute {
            kind: attribute.kind,
            string,
            text: text.into_bytes(),
        }
    };
    let respell_all = |relative: &Vec<Attribute>| relative.iter().rev().map(respell).collect();
    name.iter().map(respell_all).collect()
}

fn decode(mut input: &[u8]) -> Vec<Name> {
    let mut names: Vec<Name> = vec![Vec::new()];
    while let [op, len, rest @ ..] = input {
        let (text, rest) = rest.split_at(rest.len().min(usize::from(*len)));
        input = rest;
        let attribute = Attribute {
            kind: usize::from(op & 7),
            string: STRINGS[usize::from(op >> 3 & 7)],
            text: text.to_vec(),
        };
        if op & 0x80 != 0 {
            if names.len() == NAMES {
                break;
            }
            names.push(Vec::new());
        }
        let name = names.last_mut().expect("one at least");
        match name.last_mut() {
            Some(relative) if op & 0x40 == 0 => relative.push(attribute),
            _ => name.push(vec![attribute]),
        }
    }
    names
}

fn encode(name: &Name) -> Vec<u8> {
    let encode_one = |attribute: &Attribute| {
        let value = der::tlv(attribute.string, &attribute.text);
        der::sequence(&[der::oid(TYPES[attribute.kind]), value])
    };
    let encode_all = |relative: &Vec<Attribute>| {
        let attributes: Vec<_> = relative.iter().map(encode_one).collect();
        der::set(&attributes)
    };
    let relatives: Vec<_> = name.iter().map(encode_all).collect();
    der::sequence(&relatives)
}

/// The records of one name, its text in upper case.
fn respelled_records(records: &[u8]) -> Vec<u8> {
    let mut upper = Vec::new();
    for record in split_records(records) {
        let (begin, text) = record.split_at(2);
        upper.extend(begin);
        upper.extend(text.to_ascii_uppercase());
    }
    upper
}

/// The records of one name without its last relative name, if it has more than one.
fn records_above(records: &[u8]) -> Option<Vec<u8>> {
    let records = split_records(records);
    let last = records.iter().rposition(|record| record[0] & 0x40 != 0)?;
    (last > 0).then(|| records[..last].concat())
}

fn split_records(mut records: &[u8]) -> Vec<&[u8]> {
    let mut all = Vec::new();
    while let [_, len, rest @ ..] = records {
        let len = 2 + rest.len().min(usize::from(*len));
        let (record, rest) = records.split_at(len);
        all.push(record);
        records = rest;
    }
    all
}

/// A name as an input, as far as it can be one.
fn records(name: &[u8]) -> Option<Vec<u8>> {
    let mut records = Vec::new();
    for relative in TheirName::from_der(name).ok()?.iter_rdn() {
        for (position, attribute) in relative.iter().enumerate() {
            let dotted = attribute.oid.to_string();
            let kind = TYPES
                .iter()
                .position(|known| *known == dotted)
                .unwrap_or(TYPES.len() - 1);
            let value = attribute.value.to_der().ok()?;
            let string = STRINGS.iter().position(|tag| *tag == value[0])?;
            let begins = match (records.is_empty(), position) {
                (true, _) => 0xc0,
                (false, 0) => 0x40,
                (false, _) => 0,
            };
            let text = attribute.value.value();
            records.extend([
                kind as u8 | (string as u8) << 3 | begins,
                text.len().min(255) as u8,
            ]);
            records.extend(text.iter().take(255));
        }
    }
    Some(records)
}
