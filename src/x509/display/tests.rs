use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ::der::Decode;

use super::super::name::tests::common_name;
use super::*;

const CN: &[u8] = &[0x55, 0x04, 0x03];
const O: &[u8] = &[0x55, 0x04, 0x0a];
/// organizationIdentifier, 2.5.4.97, which has no short name.
const ORGANIZATION_IDENTIFIER: &[u8] = &[0x55, 0x04, 0x61];

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = Vec::from([tag]);
    match content.len() {
        len @ 0..=0x7f => der.push(len as u8),
        len @ 0x80..=0xff => der.extend([0x81, len as u8]),
        len => der.extend([0x82, (len >> 8) as u8, len as u8]),
    }
    der.extend_from_slice(content);
    der
}

/// Type, tag of the value, its content.
type Parts<'a> = (&'a [u8], u8, &'a [u8]);

fn name(relative_names: &[&[Parts<'_>]]) -> Vec<u8> {
    let attribute = |(oid, tag, value): &Parts<'_>| {
        element(0x30, &[element(0x06, oid), element(*tag, value)].concat())
    };
    let sets = relative_names.iter().map(|attributes| {
        let attributes: Vec<_> = attributes.iter().flat_map(attribute).collect();
        element(0x31, &attributes)
    });
    element(0x30, &sets.flatten().collect::<Vec<_>>())
}

fn shown(name: &[u8]) -> String {
    DisplayName(name).to_string()
}

fn shown_value(tag: u8, text: &[u8]) -> String {
    shown(&common_name(tag, text))
}

#[test]
fn names_are_shown_as_rfc_4514_asks() {
    assert_eq!(shown_value(0x13, b"device 7"), "CN=device 7");
    assert_eq!(shown_value(0x0c, b"a,b+c"), "CN=a\\,b\\+c");
    assert_eq!(shown_value(0x0c, b" x "), "CN=\\ x\\ ");
    assert_eq!(shown_value(0x0c, b" "), "CN=\\ ");
    assert_eq!(shown_value(0x0c, b"# #"), "CN=\\# #");
    assert_eq!(
        shown_value(0x0c, b"\"+,;<>\\="),
        "CN=\\\"\\+\\,\\;\\<\\>\\\\="
    );
    assert_eq!(shown_value(0x0c, b"a\0b"), "CN=a\\00b");
    assert_eq!(shown_value(0x0c, b""), "CN=");
    assert_eq!(shown_value(0x0c, "Zo\u{eb}".as_bytes()), "CN=Zo\u{eb}");
    assert_eq!(shown(&[0x30, 0x00]), "");
    let name = name(&[&[(O, 0x0c, b"a")], &[(CN, 0x0c, b"b"), (O, 0x0c, b"c")]]);
    assert_eq!(shown(&name), "CN=b+O=c,O=a");
    // A SET has no order of its own.
    let turned = self::name(&[&[(O, 0x0c, b"a")], &[(O, 0x0c, b"c"), (CN, 0x0c, b"b")]]);
    assert_eq!(shown(&turned), "CN=b+O=c,O=a");
}

#[test]
fn every_string_that_can_be_read_is_shown_as_text() {
    // PrintableString with characters that it does not have.
    assert_eq!(shown_value(0x13, b"device_7"), "CN=device_7");
    assert_eq!(shown_value(0x13, b"a@b"), "CN=a@b");
    assert_eq!(shown_value(0x13, b"*.example"), "CN=*.example");
    assert_eq!(shown_value(0x16, b"a@b"), "CN=a@b");
    assert_eq!(shown_value(0x14, b"a_b"), "CN=a_b");
    assert_eq!(shown_value(0x12, b"0 1"), "CN=0 1");
    assert_eq!(shown_value(0x1a, b"a~b"), "CN=a~b");
    assert_eq!(shown_value(0x1e, &[0, b'a', 0x20, 0xac]), "CN=a\u{20ac}");
    assert_eq!(shown_value(0x1c, &[0, 1, 0xf6, 0]), "CN=\u{1f600}");
    // What cannot be read: bytes beyond ASCII, bad UTF-8, halves of characters, no string at all.
    assert_eq!(shown_value(0x13, b"a\xeb"), "2.5.4.3=#130261eb");
    assert_eq!(shown_value(0x14, b"\xeb"), "2.5.4.3=#1401eb");
    assert_eq!(shown_value(0x1a, b"\x80"), "2.5.4.3=#1a0180");
    assert_eq!(shown_value(0x0c, b"\xff"), "2.5.4.3=#0c01ff");
    assert_eq!(shown_value(0x1e, &[0xd8, 0x00]), "2.5.4.3=#1e02d800");
    assert_eq!(shown_value(0x1e, &[0x00]), "2.5.4.3=#1e0100");
    // A pair of surrogates is no character of UCS-2.
    assert_eq!(
        shown_value(0x1e, &[0xd8, 0x3d, 0xde, 0x00]),
        "2.5.4.3=#1e04d83dde00"
    );
    assert_eq!(shown_value(0x1c, &[0, 0x11, 0, 0]), "2.5.4.3=#1c0400110000");
    assert_eq!(shown_value(0x02, &[0x05]), "2.5.4.3=#020105");
}

#[test]
fn one_odd_attribute_leaves_the_others_as_they_are() {
    let long = [0xff; 300];
    let huge_arc = [&[0x2a][..], &[0xff; 100], &[0x7f]].concat();
    for (oid, tag, value, odd) in [
        (CN, 0x0c, &b"\xff"[..], "2.5.4.3=#0c01ff".to_owned()),
        (
            ORGANIZATION_IDENTIFIER,
            0x0c,
            b"x",
            "2.5.4.97=#0c0178".to_owned(),
        ),
        (
            CN,
            0x04,
            &long,
            format!("2.5.4.3=#0482012c{}", "ff".repeat(300)),
        ),
        (&[0x88, 0x37, 0x03], 0x13, b"", "2.999.3=#1300".to_owned()),
        (
            &huge_arc,
            0x13,
            b"x",
            format!("#2a{}7f=#130178", "ff".repeat(100)),
        ),
    ] {
        let odd_one = (oid, tag, value);
        let name = name(&[
            &[(O, 0x13, b"Example")],
            &[odd_one],
            &[(CN, 0x13, b"device_7"), odd_one],
        ]);
        let orders = [
            format!("CN=device_7+{odd},{odd},O=Example"),
            format!("{odd}+CN=device_7,{odd},O=Example"),
        ];
        assert!(orders.contains(&shown(&name)), "{}", shown(&name));
    }
}

/// The first character alone: elsewhere a mark belongs to the letter before it.
#[test]
fn a_mark_does_not_combine_with_what_comes_before_the_value() {
    let shown_text = |text: &str| shown_value(0x0c, text.as_bytes());
    assert_eq!(shown_text("\u{338}a"), "CN=\\CC\\B8a");
    assert_eq!(shown_text("\u{301}\u{301}"), "CN=\\CC\\81\u{301}");
    assert_eq!(shown_text("a\u{301}"), "CN=a\u{301}");
    assert_eq!(shown_text("\u{e1}"), "CN=\u{e1}");
}

#[test]
fn names_cannot_forge_a_line_of_a_log() {
    let name = shown_value(0x0c, "a\nb\u{202e}c\u{85}".as_bytes());
    assert_eq!(name, "CN=a\\0ab\\E2\\80\\AEc\\C2\\85");
    assert_eq!(shown(&[0x30, 0x05, 0x01]), "#300501");
    assert_eq!(ShortText("a\nb\u{ad}").to_string(), "a\\0Ab\\C2\\AD");
}

/// Default_Ignorable_Code_Point of Unicode 16.0 (DerivedCoreProperties.txt).
const DEFAULT_IGNORABLE: &[(u32, u32)] = &[
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x061c, 0x061c),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x206f),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfff8),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe0fff),
];

/// White space that is not ASCII, line and paragraph separators, annotation, private use,
/// noncharacters.
const FURTHER: &[(u32, u32)] = &[
    (0x0000, 0x001f),
    (0x007f, 0x00a0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0xe000, 0xf8ff),
    (0xfdd0, 0xfdef),
    (0xfff9, 0xfffb),
    (0x13430, 0x1343f),
    (0x1d159, 0x1d159),
    (0xf0000, 0x10ffff),
];

#[test]
fn what_is_not_to_be_seen_is_escaped_and_nothing_else() {
    let is_in = |table: &[(u32, u32)], character: char| {
        let is_within = |(start, end): &(u32, u32)| (*start..=*end).contains(&character.into());
        table.iter().any(is_within)
    };
    for character in '\0'..=char::MAX {
        let is_noncharacter = matches!(u32::from(character) & 0xffff, 0xfffe | 0xffff);
        let expected =
            is_noncharacter || is_in(DEFAULT_IGNORABLE, character) || is_in(FURTHER, character);
        assert_eq!(
            is_invisible(character),
            expected,
            "{:x}",
            u32::from(character)
        );
    }
}

/// A reader of RFC 4514 (§3): types and values, text as UTF-8 with the escapes undone, or the DER
/// after `#`.
fn read_back(mut rest: &str) -> Vec<Vec<(String, Vec<u8>)>> {
    let mut relative_names = Vec::from([Vec::new()]);
    if rest.is_empty() {
        return Vec::new();
    }
    loop {
        let (key, after) = rest.split_once('=').expect("a type");
        assert!(
            !key.is_empty()
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        );
        let is_der = after.starts_with('#');
        let mut value = Vec::new();
        let bytes = after.as_bytes();
        let mut at = usize::from(is_der);
        let hex = |at: usize| u8::from_str_radix(&after[at..at + 2], 16).expect("hexadecimal");
        while at < bytes.len() && !b",+".contains(&bytes[at]) {
            assert!(!b"\";<>\0".contains(&bytes[at]), "{after}");
            if is_der {
                value.push(hex(at));
                at += 2;
            } else if bytes[at] != b'\\' {
                value.push(bytes[at]);
                at += 1;
            } else if b"\"+,;<>\\ #=".contains(&bytes[at + 1]) {
                value.push(bytes[at + 1]);
                at += 2;
            } else {
                value.push(hex(at + 1));
                at += 3;
            }
        }
        if is_der {
            value.splice(0..0, *b"#");
        } else {
            let first_and_last = [bytes.first().filter(|_| at > 0), bytes[..at].last()];
            assert!(first_and_last[0] != Some(&b' '), "{after}");
            assert!(
                first_and_last[1] != Some(&b' ') || after[..at].ends_with("\\ "),
                "{after}"
            );
        }
        relative_names
            .last_mut()
            .unwrap()
            .push((key.to_owned(), value));
        match bytes.get(at) {
            None => return relative_names,
            Some(b'+') => {}
            Some(_) => relative_names.push(Vec::new()),
        }
        rest = &after[at + 1..];
    }
}

/// Types and values are what they were after a reader of RFC 4514 has read them, whatever is in
/// them.
#[test]
fn nothing_is_lost_on_the_way_back() {
    let texts: &[&[u8]] = &[
        b"",
        b" ",
        b"  ",
        b" a ",
        b"#",
        b"##",
        b"#0c0161",
        b"a,CN=b",
        b"a+CN=b",
        b"a\\",
        b"\\,",
        b"\\2C",
        b"\"a\"",
        b"<a>;=",
        b"a\0\n\x7f",
        "\u{a0}".as_bytes(),
        "\u{ad}\u{2028}\u{fe0f}\u{e0041}\u{10ffff}".as_bytes(),
        "Zo\u{eb} \u{1f600}".as_bytes(),
        b"\xff\xfe",
    ];
    let key = |oid: &[u8], is_text: bool| match (oid, is_text) {
        (oid, true) if oid == CN => "CN".to_owned(),
        (oid, true) if oid == O => "O".to_owned(),
        (oid, _) => oid_text(oid),
    };
    let mut seen = alloc::collections::BTreeMap::new();
    for first in texts {
        for second in texts {
            for oid in [CN, O, ORGANIZATION_IDENTIFIER] {
                for is_one in [false, true] {
                    let attributes = [(CN, 0x0c, *first), (oid, 0x0c, *second)];
                    let der = if is_one {
                        name(&[&attributes])
                    } else {
                        name(&[&attributes[..1], &attributes[1..]])
                    };
                    let expected = attributes.map(|(oid, tag, value)| {
                        let is_text =
                            oid != ORGANIZATION_IDENTIFIER && core::str::from_utf8(value).is_ok();
                        let value = if is_text {
                            value.to_vec()
                        } else {
                            [b"#", &element(tag, value)[..]].concat()
                        };
                        (key(oid, is_text), value)
                    });
                    let expected = if is_one {
                        let mut expected = expected.to_vec();
                        expected.sort();
                        Vec::from([expected])
                    } else {
                        let [first, second] = expected;
                        Vec::from([Vec::from([second]), Vec::from([first])])
                    };
                    let text = shown(&der);
                    let mut read = read_back(&text);
                    read.iter_mut().for_each(|one| one.sort());
                    assert_eq!(read, expected, "{text}");
                    let other = seen.insert(text.clone(), expected.clone());
                    assert!(other.is_none_or(|other| other == expected), "{text}");
                }
            }
        }
    }
}

/// Names that `x509-cert` can show as text are shown as it does, but for characters that are not to
/// be seen.
#[test]
fn agrees_with_x509_cert() {
    let texts: &[&str] = &[
        "", "a", " a", "a ", "#a", "a#", "a,b", "a+b=c", "\\\"<>;", "a\x01", "Zo\u{eb}", "x y",
    ];
    let mut compared = 0;
    for number in 0..=127u8 {
        for arc in [
            &[0x55, 0x04][..],
            &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01],
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09][..],
        ] {
            let oid = [arc, &[number]].concat();
            let is_attribute = arc[0] != 0x2a || matches!(number, 1 | 2 | 7 | 8 | 20);
            if !is_attribute {
                continue;
            }
            for text in texts {
                for tag in [0x0c, 0x13, 0x16, 0x14] {
                    let value = (&oid[..], tag, text.as_bytes());
                    let der = name(&[&[(O, 0x0c, b"first")], &[(CN, 0x0c, b"x"), value], &[value]]);
                    let Ok(theirs) = x509_cert::name::Name::from_der(&der) else {
                        continue;
                    };
                    let theirs = theirs.to_string();
                    let is_text_for_us_alone = theirs.contains("=#") && !shown(&der).contains("=#");
                    if !is_text_for_us_alone {
                        assert_eq!(shown(&der), theirs);
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 5_000, "{compared}");
}

#[test]
fn long_names_are_shown_in_linear_time_and_cut_in_errors() {
    let many = [(CN, 0x0c, &b"a"[..]); 1_000];
    let many: Vec<_> = many.iter().map(core::slice::from_ref).collect();
    assert_eq!(shown(&name(&many)).len(), 5 * 1_000 - 1);
    let short = ShortName(&name(&many)).to_string();
    assert_eq!(short.chars().count(), 201);
    let huge_oid = [0x2a; 16_000];
    let odd = name(&[&[(&huge_oid, 0x0c, b"a")]]);
    assert_eq!(
        shown(&odd).len(),
        "1.2".len() + 15_999 * ".42".len() + "=#0c0161".len()
    );
}

#[test]
fn identifiers_in_errors_are_dotted_or_cut() {
    assert_eq!(oid_text(&[0x55, 0x1d, 0x1e]), "2.5.29.30");
    assert_eq!(oid_text(&[0x88, 0x37, 0x01]), "2.999.1");
    assert_eq!(
        oid_text(&[0x55, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
        "2.5.4398046511103"
    );
    let longest = oid_text(&[0x7f; 50]);
    assert_eq!(longest.len(), "2.47".len() + 49 * ".127".len());
    assert_eq!(oid_text(&[0x7f; 51]), format!("#{}", "7f".repeat(51)));
    let long = oid_text(&[0xff; 5_000]);
    assert_eq!(long.chars().count(), 202);
    assert!(long.starts_with("#ffff") && long.ends_with("ff…"), "{long}");
}

#[test]
fn long_identifiers_are_cut_where_something_is_left_out() {
    let whole = oid_text(&[0x2a; OID_OCTETS_SHOWN]);
    assert_eq!(whole, format!("#{}", "2a".repeat(OID_OCTETS_SHOWN)));
    assert_eq!(oid_text(&[0x2a; OID_OCTETS_SHOWN + 1]), whole + "…");
}

#[test]
fn an_error_of_the_writer_is_passed_on() {
    struct Refusing(String);
    impl Write for Refusing {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            match text.contains('!') {
                true => Err(fmt::Error),
                false => self.0.write_str(text),
            }
        }
    }
    let write = |text: &str| {
        let mut out = Refusing(String::new());
        let written = write!(out, "{}", ShortText(text));
        (written, out.0)
    };
    assert_eq!(write("ab"), (Ok(()), "ab".into()));
    assert_eq!(write("a!b"), (Err(fmt::Error), "a".into()));
    let (written, cut) = write(&"a".repeat(300));
    assert_eq!((written, cut.ends_with('…')), (Ok(()), true));
}
