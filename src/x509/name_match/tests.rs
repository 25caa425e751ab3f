use super::super::der::tag;
use super::super::name::EMAIL_ADDRESS;
use super::super::name_key::name_key;
use super::*;
use alloc::vec::Vec;
use core::slice::from_ref;

mod spaces;

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

fn is_name_within(name: &[u8], base: &[u8], equality: Equality) -> bool {
    FoldedName::new(name, equality).is_within(&FoldedName::new(base, equality))
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::from([tag]);
    match content.len() {
        short @ 0..=0x7f => bytes.push(short as u8),
        middle @ 0x80..=0xff => bytes.extend_from_slice(&[0x81, middle as u8]),
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
    common_name_of(string_type, text.as_bytes())
}

fn common_name_of(string_type: u8, value: &[u8]) -> Vec<u8> {
    name(&[&[attribute(COMMON_NAME, string_type, value)]])
}

#[track_caller]
fn assert_same(a: &[u8], b: &[u8], expected: bool) {
    assert_eq!(is_same_name(a, b), expected);
    assert_eq!(canonical_name(a) == canonical_name(b), expected);
    assert_eq!(is_same_name(b, a), expected);
    if expected {
        assert_eq!(name_key(a), name_key(b));
        assert!(is_name_within(a, b, Equality::Possible));
    }
}

#[test]
fn case_and_white_space_do_not_matter_in_text() {
    let plain = common_name(tag::UTF8_STRING, "Issuing CA 1");
    for text in ["issuing ca 1", " Issuing  CA\u{a0}1 ", "ISSUING CA 1"] {
        assert_same(&plain, &common_name(tag::UTF8_STRING, text), true);
        if text.is_ascii() {
            assert_same(&plain, &common_name(tag::PRINTABLE_STRING, text), true);
        }
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
fn the_string_type_does_not_matter() {
    let plain = common_name(tag::UTF8_STRING, "Evil Corp");
    let bmp: Vec<u8> = "EVIL Corp".bytes().flat_map(|byte| [0, byte]).collect();
    let universal: Vec<u8> = "evil corp"
        .bytes()
        .flat_map(|byte| [0, 0, 0, byte])
        .collect();
    for (string_type, value) in [
        (tag::IA5_STRING, &b"evil Corp"[..]),
        (tag::BMP_STRING, &bmp),
        (tag::UNIVERSAL_STRING, &universal),
        (0x1a, b"Evil  Corp"),
    ] {
        assert_same(&plain, &common_name_of(string_type, value), true);
    }
    assert_same(
        &common_name_of(0x12, b"12 3"),
        &common_name(tag::UTF8_STRING, "12  3"),
        true,
    );
}

/// Eight spellings of one name, and more.
#[test]
fn octets_of_wide_characters_are_no_text() {
    let wide = |octets: &[u8]| common_name_of(tag::BMP_STRING, octets);
    assert_same(&wide(b"AA"), &wide(b"aa"), false);
    assert_same(
        &wide(b"AA"),
        &common_name(tag::PRINTABLE_STRING, "AA"),
        false,
    );
    assert_same(
        &wide(b"\0A\0A"),
        &common_name(tag::PRINTABLE_STRING, "AA"),
        true,
    );
}

#[test]
fn the_spelling_does_not_matter() {
    let plain = common_name(tag::UTF8_STRING, "Evil Corp");
    for text in [
        "Evil\u{ad} Corp",
        "E\u{200b}vil Corp",
        "E\u{200d}vil Corp",
        "\u{200e}Evil Corp\u{202c}",
        "Evil\u{7f} Corp",
        "Evil \u{1}Corp",
        "\u{ff25}\u{ff36}\u{ff29}\u{ff2c} Corp",
        "Evi\u{2113} Corp",
        "Evil\u{2028}Corp",
        "Evil\tCorp",
        "\u{1d404}vil Corp",
        "Evil Corp\u{fe0f}",
        "Evil Corp\u{e0041}",
    ] {
        assert_same(&plain, &common_name(tag::UTF8_STRING, text), true);
    }
    for (one, other) in [
        ("Stra\u{df}e", "STRASSE"),
        ("\u{3a3}\u{3c2}", "\u{3c3}\u{3c3}"),
        ("\u{17f}s", "SS"),
        ("\u{212b}", "a\u{30a}"),
        ("\u{fb01}x", "FIX"),
        ("\u{130}", "i\u{307}"),
    ] {
        let [one, other] = [one, other].map(|text| common_name(tag::UTF8_STRING, text));
        assert_same(&one, &other, true);
    }
    for (one, other, is_possibly) in [
        ("\u{131}", "i", true),
        ("\u{e9}", "e", false),
        ("a", "\u{430}", false),
        ("a\0", "b", true),
        // NFKC composes what a filler has kept apart.
        ("cafe\u{1160}\u{301}", "caf\u{e9}", true),
        // What grows to many times its length is not compared: U+FDFA is 18 characters.
        ("a\u{fdfa}", "A\u{fdfa}", true),
        ("\u{fdfa}\u{fdfa}x", "b", true),
    ] {
        let is_same = one.contains('\u{fdfa}') && !other.contains('b');
        let [one, other] = [one, other].map(|text| common_name(tag::UTF8_STRING, text));
        assert_same(&one, &other, is_same);
        assert_eq!(
            is_name_within(&one, &other, Equality::Possible),
            is_possibly
        );
    }
}

/// What nobody can compare is nobody's name, and perhaps anybody's.
#[test]
fn what_cannot_be_read_is_possibly_the_same() {
    let plain = common_name(tag::UTF8_STRING, "Evil Corp");
    let other = common_name(tag::UTF8_STRING, "Good Corp");
    let broken = |string_type, value: &[u8]| {
        let name = common_name_of(string_type, value);
        assert_same(&name, &name, true);
        assert_same(&plain, &name, false);
        for (a, b) in [(&plain, &name), (&name, &plain), (&other, &name)] {
            assert!(is_name_within(a, b, Equality::Possible), "{value:x?}");
            assert!(!is_name_within(a, b, Equality::Sure), "{value:x?}");
        }
    };
    for text in [
        "Evil \u{e000}orp",
        "Evil\u{fffd}",
        "\u{378}",
        "\u{fdd0}",
        "\u{301}Evil",
    ] {
        broken(tag::UTF8_STRING, text.as_bytes());
    }
    broken(tag::UTF8_STRING, b"Evil Corp\xff");
    broken(tag::PRINTABLE_STRING, "Evil C\u{f6}rp".as_bytes());
    broken(tag::IA5_STRING, b"Evil C\xf6rp");
    broken(tag::BMP_STRING, b"\0E\0v\0i\0");
    broken(tag::BMP_STRING, b"\xd8\x35\xdc\x04");
    broken(tag::UNIVERSAL_STRING, b"\0\x11\0\0");
    broken(tag::TELETEX_STRING, b"\x1b$)AEvil");
    broken(tag::INTEGER, &[5]);
    broken(tag::SEQUENCE, &[]);
    broken(0x2c, b"Evil Corp");
    broken(0x00, b"evil corp");

    let possibly = |a: &[u8], b: &[u8]| is_name_within(a, b, Equality::Possible);
    let teletex = |value: &[u8]| common_name_of(tag::TELETEX_STRING, value);
    assert_same(&plain, &teletex(b"Evil Corp"), false);
    assert!(possibly(&teletex(b"EVIL Corp"), &plain));
    assert!(!possibly(&teletex(b"Evil Corp"), &other));
    // Latin-1, or an accent of T.61 before its letter.
    let accents = common_name(tag::UTF8_STRING, "Z\u{fc}rich");
    assert!(possibly(&teletex(b"Z\xfcrich"), &accents));
    assert!(possibly(&teletex(b"Z\xc8urich"), &accents));
    assert!(possibly(
        &teletex(b"Big \xa4"),
        &common_name(tag::UTF8_STRING, "Big $")
    ));
    assert!(!possibly(&teletex(b"Z\xfcrich"), &plain));
    for (value, text) in [
        (&b"R\xe6ksdienst"[..], "Rijksdienst"),
        (b"\xe3cme", "Acme"),
        (b"R\xebot", "Root"),
        (b"a$b", "a\u{a4}b"),
        (b"\xef\xbc\xa5vil Corp", "Evil Corp"),
        (b"Evil\xc2\xad Corp", "Evil Corp"),
        (b"Stra\xdfe", "Strasse"),
        (b"Cafe\xcc\x81 Corp", "caf\u{e9} corp"),
        (b"a e\xcc\x81", "a \u{e9}"),
        (b"a<\xcc\xb8b", "a\u{226e}b"),
        (b"Ac\x9b4mme", "Acme"),
        (b"\xe9\xe8", "anything"),
    ] {
        let text = common_name(tag::UTF8_STRING, text);
        assert!(possibly(&teletex(value), &text), "{value:x?}");
        assert!(possibly(&text, &teletex(value)), "{value:x?}");
        assert_same(&teletex(value), &text, false);
    }
    for text in [
        "\u{d6}sterreich AG & Co",
        "Evil Corp #1",
        "Mllr",
        "Mueller Gmb",
    ] {
        let text = common_name(tag::UTF8_STRING, text);
        assert!(!possibly(&teletex(b"M\xfcller GmbH"), &text));
    }
    // Several encodings that are not DER say one thing.
    let integer = |octets: &[u8]| common_name_of(tag::INTEGER, octets);
    assert!(possibly(&integer(&[0, 5]), &integer(&[5])));
}

/// What X.501 rules out in a relative name, and what is too large to compare.
#[test]
fn odd_relative_names_are_possibly_the_same() {
    let evil = attribute(ORGANIZATION, tag::UTF8_STRING, b"Evil Corp");
    let upper = attribute(ORGANIZATION, tag::UTF8_STRING, b"EVIL CORP");
    let cn = attribute(COMMON_NAME, tag::UTF8_STRING, b"a");
    let base = name(&[from_ref(&evil)]);
    let possibly = |attributes: &[Vec<u8>]| {
        let name = name(&[attributes]);
        assert!(!is_name_within(&name, &base, Equality::Sure));
        is_name_within(&name, &base, Equality::Possible)
    };
    assert!(possibly(&[evil.clone(), upper.clone()]));
    assert!(!possibly(&[evil.clone(), cn.clone()]));
    assert!(!possibly(from_ref(&cn)));
    assert!(possibly(&alloc::vec![upper; MAX_FOLDED_ATTRIBUTES + 1]));
    assert!(possibly(
        &alloc::vec![cn.clone(); MAX_FOLDED_ATTRIBUTES + 1]
    ));
    let many = |attribute: &Vec<u8>| name(&[&alloc::vec![attribute.clone(); 9]]);
    assert!(is_name_within(&many(&evil), &many(&cn), Equality::Possible));
    assert!(!is_name_within(&many(&evil), &many(&cn), Equality::Sure));
    assert!(is_name_within(&many(&evil), &many(&evil), Equality::Sure));
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
    assert!(is_name_within(&base, &base, Equality::Sure));
    assert!(is_name_within(
        &name(&[from_ref(&o_folded), from_ref(&cn)]),
        &base,
        Equality::Sure
    ));
    assert!(is_name_within(&base, &name(&[]), Equality::Sure));
    assert!(!is_name_within(
        &name(&[from_ref(&cn), from_ref(&o)]),
        &base,
        Equality::Sure
    ));
    assert!(!is_name_within(
        &base,
        &name(&[from_ref(&o), from_ref(&cn)]),
        Equality::Sure
    ));
    assert!(!is_name_within(
        &name(&[&[o_folded.clone(), cn.clone()]]),
        &base,
        Equality::Sure
    ));
    // However long the rest of the name.
    let long = attribute(COMMON_NAME, tag::UTF8_STRING, &[b'x'; 2 * MAX_FOLDED_BYTES]);
    assert!(is_name_within(
        &name(&[from_ref(&o_folded), from_ref(&long)]),
        &base,
        Equality::Sure
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

/// Up to 128 characters beyond ASCII, however many others, and whatever the string type.
#[test]
fn names_with_many_characters_beyond_ascii_are_compared_by_bytes() {
    let utf8 = |text: &str| common_name(tag::UTF8_STRING, text);
    let bmp = |text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        common_name_of(tag::BMP_STRING, &units)
    };
    for (upper, lower) in [("\u{c9}", "\u{e9}"), ("\u{416}", "\u{436}")] {
        let of = |letter: &str, count| letter.repeat(count) + &"a".repeat(300);
        let (upper_128, lower_128) = (of(upper, 128), of(lower, 128));
        assert_same(&utf8(&upper_128), &utf8(&lower_128), true);
        let (upper_129, lower_129) = (of(upper, 129), of(lower, 129));
        assert_same(&utf8(&upper_129), &utf8(&upper_129), true);
        assert_same(&utf8(&upper_129), &utf8(&lower_129), false);
    }
    // Each character of a BMPString counts.
    assert_same(&bmp(&"A".repeat(128)), &bmp(&"a".repeat(128)), true);
    assert_same(&bmp(&"A".repeat(129)), &bmp(&"a".repeat(129)), false);
}

/// What is paid for: nothing if all characters are plain, each character if one is not, and by half
/// and 18 more if the attribute is not normalized.
#[test]
fn characters_that_take_long_to_prepare() {
    let bmp = |text: &str| -> Vec<u8> {
        let units = text.encode_utf16();
        units.flat_map(u16::to_be_bytes).collect()
    };
    for (text, expected) in [
        ("Issuing CA", 0),
        ("\u{c9}mile", 0),
        ("abc\u{10d0}", 4),
        ("\u{fb01}", 1 + 18),
        ("\u{fb01}abcdefghi", 10 + 5 + 18),
        ("\u{fb01}abcdefghij", 11 + 5 + 18),
    ] {
        let in_utf8 = common_name(tag::UTF8_STRING, text);
        let in_bmp = common_name_of(tag::BMP_STRING, &bmp(text));
        for name in [in_utf8, in_bmp] {
            assert_eq!(characters_to_prepare(&name), expected, "{text}");
        }
    }
    let twice = name(&[
        &[attribute(
            COMMON_NAME,
            tag::UTF8_STRING,
            "\u{10d0}".as_bytes(),
        )],
        &[attribute(
            ORGANIZATION,
            tag::UTF8_STRING,
            "\u{10d0}b".as_bytes(),
        )],
    ]);
    assert_eq!(characters_to_prepare(&twice), 3);
    // Compared byte by byte.
    assert_eq!(
        characters_to_prepare(&common_name_of(tag::UTF8_STRING, b"\xff")),
        0
    );
}

/// Names in few letters, so that many are equal in other bytes: sameness is reflexive, symmetric
/// and transitive, equal names have equal keys, and a name lies within itself and within what is
/// the same.
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
        let texts = [
            "a", "A", " a", "a b", "A  B ", "", "\u{e4}", "\u{c4}", "\u{ad}a", "\u{ff21}",
        ];
        let text = texts[below(10) as usize];
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
            let is_possibly = is_name_within(a, b, Equality::Possible);
            assert!(is_possibly || !is_name_within(a, b, Equality::Sure));
            if !is_same {
                continue;
            }
            same_in_other_bytes += usize::from(a != b);
            assert_eq!(name_key(a), name_key(b));
            assert!(is_name_within(a, b, Equality::Sure));
            for c in &names {
                assert_eq!(is_same_name(a, c), is_same_name(b, c));
            }
        }
    }
    assert!(same_in_other_bytes > 20, "only {same_in_other_bytes}");
}
