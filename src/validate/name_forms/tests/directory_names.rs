//! Directory names and subtrees by the ten thousand, against a reader that was written for this
//! test on the tables of RFC 3454 in the `stringprep` crate.

use stringprep::tables;
use unicode_normalization::UnicodeNormalization;

use super::grammars::{PAIRS, Random, Tally};
use super::*;
use alloc::string::String;
use alloc::vec::Vec;

/// What an attribute value is by RFC 4518 and the tables of the `stringprep` crate: text that is
/// prepared, or nothing that can be compared.
fn prepared(tag: u8, value: &[u8]) -> Option<String> {
    let text: String = match tag {
        0x0c => core::str::from_utf8(value).ok()?.into(),
        0x13 | 0x16 if value.is_ascii() => value.iter().map(|byte| char::from(*byte)).collect(),
        0x1e => char::decode_utf16(
            value
                .chunks(2)
                .map(|unit| u16::from_be_bytes([unit[0], *unit.get(1).unwrap_or(&0)])),
        )
        .collect::<Result<_, _>>()
        .ok()
        .filter(|_| value.len().is_multiple_of(2))?,
        _ => return None,
    };
    let mut mapped = String::new();
    for character in text.chars() {
        if tables::private_use(character)
            || tables::unassigned_code_point(character)
            || character == '\u{fffd}'
        {
            return None;
        }
        if tables::x520_mapped_to_space(character) {
            mapped.push(' ');
        } else if !tables::x520_mapped_to_nothing(character) && character != '\u{200d}' {
            mapped.extend(tables::case_fold_for_nfkc(character));
        }
    }
    let normalized: String = mapped.nfkc().collect();
    let words: Vec<&str> = normalized
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect();
    Some(words.join(" "))
}

#[test]
fn directory_names_from_a_grammar() {
    const TYPES: [u8; 2] = [0x03, 0x0a];
    const TEXTS: &[&str] = &[
        "Evil Corp",
        "EVIL corp",
        "Evil\u{ad} Corp",
        "Evil\u{200b} Corp",
        "Evil\u{200d} Corp",
        "\u{ff25}vil Corp",
        "Evil\u{3000}Corp",
        " Evil  Corp ",
        "EvilCorp",
        "\u{415}vil Corp",
        "Stra\u{df}e",
        "STRASSE",
        "Caf\u{e9}",
        "cafe\u{301}",
        "a",
        "A",
        "",
        "Evil Corp\u{e000}",
        "Evil Corp\u{378}",
        "Evil\u{fffd} Corp",
    ];
    let tlv = |tag: u8, content: &[u8]| {
        let mut bytes = alloc::vec![tag, content.len() as u8];
        bytes.extend_from_slice(content);
        bytes
    };
    let mut random = Random(0x9e6c_63d0_876a_3f6b);
    let mut tally = Tally::default();
    type Value = (u8, u8, Vec<u8>);
    let name = |random: &mut Random| -> Vec<Value> {
        let count = 1 + random.below(2);
        (0..count)
            .map(|_| {
                let text = random.one_of(TEXTS);
                let tag = [0x0c, 0x0c, 0x0c, 0x13, 0x16, 0x1e][random.below(6)];
                let mut value: Vec<u8> = match tag {
                    0x1e => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                    _ => text.as_bytes().to_vec(),
                };
                if random.below(20) == 0 {
                    value.push(0xff);
                }
                (TYPES[random.below(2)], tag, value)
            })
            .collect()
    };
    let encode = |name: &[Value]| {
        let levels: Vec<u8> = name
            .iter()
            .flat_map(|(kind, tag, value)| {
                let attribute = [tlv(0x06, &[0x55, 0x04, *kind]), tlv(*tag, value)].concat();
                tlv(0x31, &tlv(0x30, &attribute))
            })
            .collect();
        tlv(0x30, &levels)
    };
    for _ in 0..PAIRS {
        let (name, base) = (name(&mut random), name(&mut random));
        let (mut is_sure, mut is_possible) = (name.len() >= base.len(), name.len() >= base.len());
        let mut is_readable = true;
        for ((kind, tag, value), (base_kind, base_tag, base_value)) in name.iter().zip(&base) {
            let (ours, theirs) = (prepared(*tag, value), prepared(*base_tag, base_value));
            is_readable &= ours.is_some() && theirs.is_some();
            let is_same = kind == base_kind && (ours == theirs && ours.is_some());
            let has_same_bytes = kind == base_kind && (tag, value) == (base_tag, base_value);
            is_sure &= is_same || has_same_bytes;
            is_possible &= kind == base_kind && (is_same || ours.is_none() || theirs.is_none());
        }
        tally.refused += usize::from(!is_readable);
        let expected = [is_sure, is_possible];
        tally.inside += usize::from(is_sure);
        tally.outside += usize::from(!is_possible);
        let (name, base) = (encode(&name), encode(&base));
        let found = both(GeneralName::Directory(&name), GeneralName::Directory(&base));
        let what = alloc::format!("{name:02x?} within {base:02x?}");
        assert_eq!(found, expected.map(|within| Some(Ok(within))), "{what}");
    }
    tally.assert_all_sides_were_tried();
}
