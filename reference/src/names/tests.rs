//! Worked examples.

use super::*;

fn value(tag: u8, text: &[u8]) -> Attribute {
    let (oid, value) = (vec![0x55, 4, 10], text.to_vec());
    Attribute {
        oid,
        tag,
        value,
        der: text.to_vec(),
    }
}

fn utf8(text: &str) -> Attribute {
    value(der::UTF8_STRING, text.as_bytes())
}

/// Whether two organizations are surely, and possibly, the same.
fn compare(one: &Attribute, other: &Attribute) -> (bool, bool) {
    let (one, other) = (std::slice::from_ref(one), std::slice::from_ref(other));
    (is_surely_rdn(one, other), is_possibly_rdn(one, other))
}

#[test]
fn text_is_prepared() {
    // RFC 4518 §2.6.1 and appendix B.
    assert_eq!(prepare("foo bar  ", false).unwrap(), " foo  bar ");
    assert_eq!(prepare("", false).unwrap(), prepare(" ", false).unwrap());
    assert_eq!(prepare("\u{A8}", false).unwrap(), "  \u{308} ");
    assert_eq!(prepare("Stra\u{DF}e\u{AD}", false).unwrap(), " strasse ");
    assert_eq!(prepare("\u{221}", false), None);
    assert_eq!(prepare("\u{E000}", false), None);
    assert_eq!(prepare("\u{FDFA}\u{FDFA}", false), None);
    assert!(prepare("\u{FDFA}", false).is_some());
    assert_eq!(prepare("\u{308}", false), None);
}

#[test]
fn two_relations() {
    let bmp = value(der::BMP_STRING, b"\0E\0v\0i\0l");
    assert_eq!(compare(&utf8(" EVIL "), &bmp), (true, true));
    assert_eq!(compare(&utf8("Ev\u{131}l"), &bmp), (false, true));
    assert_eq!(compare(&utf8("Evi\u{115F}l"), &bmp), (false, true));
    assert_eq!(compare(&utf8("Good"), &bmp), (false, false));
    // A NUL is mapped to nothing, and ends the text for some readers.
    assert_eq!(compare(&utf8("Ev\0il"), &bmp), (true, true));
    assert_eq!(compare(&utf8("Evil\0x"), &bmp), (false, true));
    // Nobody knows what these say; they are themselves.
    for other in [
        &b"E\xFF"[..],
        b"\xEF\xBF\xBD",
        b"\xEE\x80\x80",
        "\u{FDFA}\u{FDFA}".as_bytes(),
    ] {
        let other = value(der::UTF8_STRING, other);
        assert_eq!(compare(&other, &bmp), (false, true));
        assert_eq!(compare(&other, &other), (true, true));
    }
    assert_eq!(
        compare(&value(der::OCTET_STRING, b"Good"), &bmp),
        (false, true)
    );
}

#[test]
fn teletex_may_be_anything_that_fits() {
    let teletex = |text: &[u8]| value(der::TELETEX_STRING, text);
    let fits = |one: &[u8], other: &str| compare(&teletex(one), &utf8(other));
    assert_eq!(fits(b"Zo\xEB", "Zo\u{EB}"), (false, true)); // Latin-1
    assert_eq!(fits(b"Zo\xC8e", "Zo\u{EB}"), (false, true)); // T.61
    assert_eq!(fits("Zo\u{EB}".as_bytes(), "Zo\u{EB}"), (false, true)); // UTF-8
    assert_eq!(fits(b"Zoe", "Zo\u{EB}"), (false, false));
    assert_eq!(fits(b"Good Corp", "Evil Corp"), (false, false));
    assert_eq!(
        compare(&teletex(b"a\xC8b"), &teletex(b"\xFFb")),
        (false, true)
    );
    assert_eq!(compare(&teletex(b"a"), &teletex(b"a")), (true, true));
    assert_eq!(compare(&teletex(b"a"), &teletex(b"A")), (false, true));
}

#[test]
fn relative_names_are_sets() {
    let (one, other) = (
        utf8("one"),
        Attribute {
            oid: vec![0x55, 4, 3],
            ..utf8("other")
        },
    );
    let both = [one.clone(), other.clone()];
    assert!(is_surely_rdn(&both, &[other.clone(), one.clone()]));
    assert!(!is_possibly_rdn(&both, std::slice::from_ref(&one)));
    let twice = [one.clone(), utf8("ONE")];
    assert!(!is_surely_rdn(&twice, std::slice::from_ref(&one)));
    assert!(is_possibly_rdn(&twice, std::slice::from_ref(&one)));
    assert!(is_possibly_rdn(&vec![other; 9], &[one]));
}

#[test]
fn uris_are_those_of_rfc_3986() {
    // RFC 3986 §1.1.2.
    for (text, host) in [
        ("ftp://ftp.is.co.za/rfc/rfc1808.txt", Some("ftp.is.co.za")),
        (
            "ldap://[2001:db8::7]/c=GB?objectClass?one",
            Some("[2001:db8::7]"),
        ),
        ("mailto:John.Doe@example.com", None),
        ("telnet://192.0.2.16:80/", Some("192.0.2.16")),
        ("urn:oasis:names:specification:docbook:dtd:xml:4.1.2", None),
        ("http://a:b%3F@[v1.a:b]:?/@#?", Some("[v1.a:b]")),
        ("x:", None),
        ("x:///", Some("")),
    ] {
        assert_eq!(
            uri(text.as_bytes()),
            Some(host.map(str::to_string)),
            "{text}"
        );
    }
    for text in [
        "",
        ":",
        "1x:a",
        "a b:c",
        "//a",
        "x:%4",
        "x:%4g",
        "x://a@b@c",
        "x://a:b:c",
        "x://a:8x",
        "x:\\",
        "x:#a#",
        "x://[::1",
        "x://[::1]a",
        "x://[v.a]",
        "x://[v1.]",
        "x:\u{E9}",
        "x:[]",
    ] {
        assert_eq!(uri(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn mailboxes_are_those_of_rfc_5321() {
    assert!(mailbox("a.b+c@example", false).is_some());
    assert!(mailbox(&format!("{}@a", "a".repeat(64)), false).is_some());
    assert!(mailbox("zo\u{EB}@example.com", true).is_some());
    for text in [
        "@a", "a@", "a@b@c", "a..b@c", ".a@b", "a@b.", "a@-b", "a@b-.c", "a@b_c",
    ] {
        assert!(mailbox(text, false).is_none(), "{text}");
    }
    for text in [
        "\"a\"@b",
        "a@[192.0.2.1]",
        "zo\u{EB}@b",
        &format!("{}@a", "a".repeat(65)),
    ] {
        assert!(mailbox(text, false).is_none(), "{text}");
    }
    assert!(mailbox("zoe@example.com", true).is_none());
}
