//! Directory names.

use testpki::{Name, der, oid};

use crate::others;
use crate::written::{Written, shown};

const UTF8: u8 = 0x0C;
const NUMERIC: u8 = 0x12;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const IA5: u8 = 0x16;
const VISIBLE: u8 = 0x1A;
const UNIVERSAL: u8 = 0x1C;
const BMP: u8 = 0x1E;

/// A directory name, and what it says by hand. Two that say the same are surely equal; those that
/// say nothing are equal to themselves alone.
pub(crate) struct Directory {
    pub(crate) written: Written,
    pub(crate) says: Option<&'static str>,
}

/// A type and a value, whatever they are.
fn attribute(kind: &str, tag: u8, value: &[u8]) -> Vec<u8> {
    der::sequence(&[der::oid(kind), der::tlv(tag, value)])
}

fn cn(text: &str) -> Vec<u8> {
    attribute(oid::COMMON_NAME, UTF8, text.as_bytes())
}

fn ou(text: &str) -> Vec<u8> {
    attribute(oid::ORGANIZATIONAL_UNIT, UTF8, text.as_bytes())
}

/// A name of these relative names.
fn name(levels: &[&[Vec<u8>]]) -> Name {
    let sets: Vec<_> = levels
        .iter()
        .map(|attributes| der::set(attributes))
        .collect();
    Name::raw(der::sequence(&sets))
}

/// UTF-16 and UTF-32, big-endian.
fn bmp(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn universal(text: &str) -> Vec<u8> {
    text.chars()
        .flat_map(|c| u32::from(c).to_be_bytes())
        .collect()
}

/// What permits much.
pub(crate) fn good() -> Written {
    Written::directory("CN=Evil", &name(&[&[cn("Evil")]]))
}

pub(crate) fn names() -> Vec<Written> {
    all().into_iter().map(|it| it.written).collect()
}

/// Names of so many bytes in two spellings, and a short one.
pub(crate) fn large(bytes: usize) -> Vec<Written> {
    let large = [b'a', b'A'].map(|c| {
        let name = name(&[&[attribute(oid::COMMON_NAME, UTF8, &vec![c; bytes])]]);
        Written::directory(&format!("CN={} ({bytes})", char::from(c)), &name)
    });
    large.into_iter().chain([good()]).collect()
}

/// All of them.
pub(crate) fn all() -> Vec<Directory> {
    let mut all = Vec::new();
    for (tag, value, says) in texts() {
        let what = format!("CN={tag:#x} {}", shown(&value));
        let name = name(&[&[attribute(oid::COMMON_NAME, tag, &value)]]);
        let written = Written::directory(&what, &name);
        all.push(Directory { written, says });
    }
    for (what, name, says) in structures() {
        let written = Written::directory(what, &name);
        all.push(Directory { written, says });
    }
    // Of these two types nobody reads the other values.
    for value in others::values() {
        let attribute = der::sequence(&[der::oid(oid::COMMON_NAME), value.clone()]);
        let is_told_above = [
            UTF8, NUMERIC, PRINTABLE, TELETEX, IA5, VISIBLE, UNIVERSAL, BMP,
        ];
        if !is_told_above.contains(&value[0]) {
            let written = Written::directory(&format!("CN={value:02X?}"), &name(&[&[attribute]]));
            all.push(Directory {
                written,
                says: None,
            });
        }
    }
    all
}

/// Values of a common name.
fn texts() -> Vec<(u8, Vec<u8>, Option<&'static str>)> {
    let (evil, company, other) = (Some("evil"), Some("evil corp"), None);
    let utf8 = [
        ("Evil", evil),
        ("EVIL", evil),
        ("  Evil ", evil),
        ("\u{3000}Evil\u{A0}", evil),
        ("Evil\t\n", evil),
        ("Ev\u{AD}il", evil),
        ("Ev\u{200B}il", evil),
        ("Ev\u{200D}il", evil),
        ("\u{FEFF}Evil", evil),
        ("\u{202E}Evil\u{202C}", evil),
        ("Ev\u{FE0F}il", evil),
        ("Ev\0il", evil),
        ("Evil\0", evil),
        ("Evil\u{1}", evil),
        ("\u{FF25}\u{FF56}\u{FF49}\u{FF4C}", evil),
        ("\u{1D404}vil", evil),
        ("Ev\u{2170}l", evil),
        ("Evil\0x", Some("evilx")),
        ("Evilx", Some("evilx")),
        ("Ev\u{131}l", Some("dotless")),
        ("EV\u{131}L", Some("dotless")),
        ("EV\u{130}L", Some("dotted")),
        ("Evi\u{307}l", Some("dotted")),
        ("Ev\u{456}l", Some("Ukrainian")),
        ("EV\u{406}L", Some("Ukrainian")),
        ("Ev\u{115F}il", Some("filler")),
        ("Ev\u{3164}il", Some("another filler")),
        ("Ev\u{FFA0}il", Some("another filler")),
        ("Ev\u{17B4}il", Some("inherent vowel")),
        ("Ev il", Some("ev il")),
        ("EV  IL", Some("ev il")),
        ("Ev \u{308}il", Some("marked space")),
        ("Ev\u{A8}il", Some("marked space")),
        ("Evil Corp", company),
        ("Evil   CORP", company),
        ("Evil\u{2003}Corp", company),
        ("Evil\u{200B} \u{200B}Corp", company),
        ("Stra\u{DF}e", Some("strasse")),
        ("STRASSE", Some("strasse")),
        ("STRA\u{1E9E}E", None),
        ("of\u{FB01}ce", Some("office")),
        ("OFFICE", Some("office")),
        ("ofFICE", Some("office")),
        ("of\u{FB00}ice", None),
        ("Zo\u{EB}", Some("zoe")),
        ("ZO\u{CB}", Some("zoe")),
        ("Zoe\u{308}", Some("zoe")),
        ("Zoe", Some("plain zoe")),
        ("\u{212A}", Some("k")),
        ("k", Some("k")),
        ("\u{17F}", Some("s")),
        ("S", Some("s")),
        ("\u{3C2}", Some("sigma")),
        ("\u{3A3}", Some("sigma")),
        ("\u{308}", None),
        ("", Some("")),
        (" ", Some("")),
        ("\0", Some("")),
        ("\u{200B}", Some("")),
        ("12", Some("12")),
        ("\u{FF11}2", Some("12")),
        ("\u{663}", None),
        ("\u{378}vil", None),
        ("Evil\u{221}", None),
        ("\u{1F600}", None),
        ("\u{E000}", None),
        ("\u{FFFF}", None),
        ("\u{FFFD}", None),
        ("\u{340}", None),
        ("\u{300}", None),
        ("\u{E0041}", Some("")),
        ("\u{FDFA}", None),
        ("\u{FDFA}\u{378}", None),
        ("\u{10FFFF}", None),
    ];
    let utf8 = utf8.map(|(text, says)| (UTF8, text.as_bytes().to_vec(), says));
    let mut all = utf8.to_vec();
    for tag in [PRINTABLE, IA5, VISIBLE, NUMERIC] {
        all.push((tag, b"Evil".to_vec(), evil));
        all.push((tag, b"eVIL  Corp".to_vec(), company));
        all.push((tag, b"12".to_vec(), Some("12")));
        all.push((tag, b"".to_vec(), Some("")));
        all.push((tag, b"Zo\xEB".to_vec(), other));
    }
    for (tag, write) in [(BMP, bmp as fn(&str) -> Vec<u8>), (UNIVERSAL, universal)] {
        for (text, says) in [
            ("Evil", evil),
            ("EVIL CORP", company),
            ("", Some("")),
            ("Ev\u{131}l", Some("dotless")),
            ("Ev\0il", evil),
            ("\u{FFFD}", other),
        ] {
            all.push((tag, write(text), says));
        }
    }
    all.push((UNIVERSAL, universal("\u{1D404}vil"), evil));
    // Surrogates, in pairs and alone; half a character; beyond the last one; a byte order mark.
    let further: [(u8, &[u8], Option<&str>); 20] = [
        (BMP, b"\xD8\x35\xDC\x04\0v\0i\0l", other),
        (BMP, b"\xD8\x35", other),
        (BMP, b"\xDC\x04\0v", other),
        (BMP, b"\0E\0v\0i\0l\0", other),
        (BMP, b"\xFE\xFF\0E\0v\0i\0l", evil),
        (BMP, b"\xFF\xFEE\0v\0i\0l\0", other),
        (BMP, b"Evil", other),
        (UNIVERSAL, b"\0\0\xD8\x35", other),
        (UNIVERSAL, b"\0\x11\0\0", other),
        (UNIVERSAL, b"\x80\0\0E", other),
        (UNIVERSAL, b"\0\0\0E\0", other),
        (UTF8, b"\xED\xA0\xB5\xED\xB0\x84vil", other),
        (UTF8, b"Zo\xEB", other),
        (UTF8, b"\xC1\x85vil", other),
        (UTF8, b"Ev\xC0\x80il", other),
        (TELETEX, b"Evil", other),
        (TELETEX, b"EVIL", other),
        (TELETEX, b"Zo\xC8e", other),
        (TELETEX, b"Ev\x0F\x1Bil", other),
        (TELETEX, b"", other),
    ];
    all.extend(further.map(|(tag, value, says)| (tag, value.to_vec(), says)));
    // Long ones, in two spellings each: by the bytes of the name, and the characters beyond ASCII.
    // A name is 21 bytes longer than its common name of 256 bytes or more.
    for (length, says) in [(1_003, Some("1,024")), (1_004, None)] {
        all.push((UTF8, "a".repeat(length).into_bytes(), says));
        all.push((UTF8, "A".repeat(length).into_bytes(), says));
    }
    for (count, says) in [(128, Some("128 beyond")), (129, None)] {
        all.push((UTF8, "\u{EB}".repeat(count).into_bytes(), says));
        all.push((UTF8, "\u{CB}".repeat(count).into_bytes(), says));
    }
    all.push((UTF8, vec![b'a'; 3_000], other));
    all.push((UTF8, vec![b'A'; 3_000], other));
    all
}

/// Names of any shape.
fn structures() -> Vec<(&'static str, Name, Option<&'static str>)> {
    let (evil, unit) = (cn("Evil"), ou("Unit"));
    let country = attribute(oid::COUNTRY, PRINTABLE, b"CH");
    let both = [evil.clone(), unit.clone()];
    let many = |count: usize, first: &str| -> Vec<Vec<u8>> {
        let units = (1..count).map(|number| ou(&number.to_string()));
        std::iter::once(cn(first)).chain(units).collect()
    };
    let component = |text: &[u8]| attribute(oid::DOMAIN_COMPONENT, IA5, text);
    let mail = |text: &[u8]| attribute(oid::EMAIL_ADDRESS, IA5, text);
    let no_value = der::sequence(&[der::oid(oid::COMMON_NAME)]);
    let value = der::utf8_string("Evil");
    let two_values = der::sequence(&[der::oid(oid::COMMON_NAME), value.clone(), value.clone()]);
    let padded = der::sequence(&[vec![6, 4, 0x55, 4, 0x80, 3], value.clone()]);
    let long_length = [vec![0x0C, 0x81, 4], b"Evil".to_vec()].concat();
    let long_length = der::sequence(&[der::oid(oid::COMMON_NAME), long_length]);
    let reversed = der::sequence(&[value, der::oid(oid::COMMON_NAME)]);
    vec![
        ("nothing", Name::empty(), Some("nothing")),
        (
            "CN=Evil, CN=Evil",
            name(&[std::slice::from_ref(&evil), std::slice::from_ref(&evil)]),
            Some("evil evil"),
        ),
        (
            "CN=evil, CN=EVIL",
            name(&[&[cn("evil")], &[cn("EVIL")]]),
            Some("evil evil"),
        ),
        (
            "CN=Evil+CN=Evil",
            name(&[&[evil.clone(), evil.clone()]]),
            Some("evil twice"),
        ),
        (
            "CN=Evil+CN=EVIL",
            name(&[&[cn("EVIL"), evil.clone()]]),
            Some("evil twice"),
        ),
        (
            "CN=Evil+CN=Good",
            name(&[&[evil.clone(), cn("Good")]]),
            Some("evil or good"),
        ),
        (
            "CN=Good+CN=Evil",
            name(&[&[cn("Good"), cn("EVIL")]]),
            Some("evil or good"),
        ),
        ("CN=Evil+OU=Unit", name(&[&both]), Some("evil of unit")),
        (
            "OU=Unit+CN=EVIL",
            name(&[&[ou("UNIT"), cn("EVIL")]]),
            Some("evil of unit"),
        ),
        (
            "CN=Evil, OU=Unit",
            name(&[std::slice::from_ref(&evil), std::slice::from_ref(&unit)]),
            Some("evil, unit"),
        ),
        (
            "OU=Unit, CN=Evil",
            name(&[std::slice::from_ref(&unit), std::slice::from_ref(&evil)]),
            Some("unit, evil"),
        ),
        ("OU=Evil", name(&[&[ou("Evil")]]), Some("unit evil")),
        (
            "C=CH, CN=Evil",
            name(&[std::slice::from_ref(&country), std::slice::from_ref(&evil)]),
            Some("ch, evil"),
        ),
        ("C=CH+CN=Evil", name(&[&[country, evil.clone()]]), None),
        ("8 attributes", name(&[&many(8, "Evil")]), Some("8")),
        ("8 ATTRIBUTES", name(&[&many(8, "EVIL")]), Some("8")),
        ("9 attributes", name(&[&many(9, "Evil")]), None),
        ("9 ATTRIBUTES", name(&[&many(9, "EVIL")]), None),
        (
            "DC=a, DC=example",
            name(&[&[component(b"a")], &[component(b"example")]]),
            Some("dc"),
        ),
        (
            "DC=A, DC=EXAMPLE",
            name(&[&[component(b"A")], &[component(b"EXAMPLE")]]),
            Some("dc"),
        ),
        (
            "emailAddress",
            name(&[&[mail(b"a@a.example")]]),
            Some("mail"),
        ),
        (
            "EMAILADDRESS",
            name(&[&[mail(b"A@A.EXAMPLE")]]),
            Some("mail"),
        ),
        ("no attribute", name(&[&[]]), None),
        (
            "no attribute, CN=Evil",
            name(&[&[], std::slice::from_ref(&evil)]),
            None,
        ),
        ("no value", name(&[&[no_value]]), None),
        ("two values", name(&[&[two_values]]), None),
        ("padded type", name(&[&[padded]]), None),
        ("long length", name(&[&[long_length]]), None),
        ("value, type", name(&[&[reversed]]), None),
        (
            "no SET",
            Name::raw(der::sequence(&[der::sequence(&[&evil])])),
            None,
        ),
        (
            "no SEQUENCE",
            Name::raw(der::set(&[der::set(&[&evil])])),
            None,
        ),
        (
            "bytes after it",
            Name::raw([der::sequence(&[der::set(&[&evil])]), vec![5, 0]].concat()),
            None,
        ),
    ]
}
