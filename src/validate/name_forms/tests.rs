use super::*;
use crate::x509::is_prefix_mask;
use crate::x509::{GeneralName, SMTP_UTF8_MAILBOX};

mod directory_names;
mod grammars;

const BAD: Option<Result<bool, Unprocessable>> = Some(Err(Unprocessable));
const YES: Option<Result<bool, Unprocessable>> = Some(Ok(true));
const NO: Option<Result<bool, Unprocessable>> = Some(Ok(false));

type Verdict = Option<Result<bool, Unprocessable>>;

/// A name of the subject or the subjectAltName against a subtree.
fn held<'a>(name: GeneralName<'a>, base: GeneralName<'a>, within: Within) -> Verdict {
    is_within(&Held::new(name), &Base::new(base), within)
}

fn attribute_held<'a>(address: Option<&'a str>, base: GeneralName<'a>, within: Within) -> Verdict {
    is_within(&Held::email_attribute(address), &Base::new(base), within)
}

/// The same, permitted and excluded.
fn both<'a>(name: GeneralName<'a>, base: GeneralName<'a>) -> [Verdict; 2] {
    [Within::Wholly, Within::InPart].map(|within| held(name, base, within))
}

fn dns(name: &str, base: &str) -> Verdict {
    held(
        GeneralName::Dns(name),
        GeneralName::Dns(base),
        Within::Wholly,
    )
}

#[test]
fn dns_names() {
    for (name, base, expected) in [
        ("example.com", "example.com", YES),
        ("EXAMPLE.com", "example.COM", YES),
        ("www.example.com", "example.com", YES),
        ("a.b.example.com", "example.com", YES),
        ("notexample.com", "example.com", NO),
        ("example.com", "www.example.com", NO),
        ("example.com", ".example.com", NO),
        ("www.example.com", ".example.com", YES),
        ("anything", "", YES),
        ("*.example.com", "example.com", YES),
        ("*.example.com", ".example.com", YES),
        ("*.example.com", "www.example.com", NO),
        ("exa_mple.com", "com", YES),
        ("example.com.", "example.com", BAD),
        ("", "example.com", BAD),
        ("a..com", "com", BAD),
        ("w*.example.com", "example.com", BAD),
        ("www.example.com", "*.example.com", BAD),
        ("www.example.com", "example.com.", BAD),
        ("www.example.com", ".", BAD),
    ] {
        assert_eq!(dns(name, base), expected, "{name} within {base}");
    }
}

#[test]
fn a_wildcard_reaches_into_excluded_subtrees() {
    let in_part = |name, base| {
        held(
            GeneralName::Dns(name),
            GeneralName::Dns(base),
            Within::InPart,
        )
    };
    assert_eq!(in_part("*.example.com", "www.example.com"), YES);
    // Whatever their case, of either.
    assert_eq!(in_part("*.EXAMPLE.com", "www.example.com"), YES);
    assert_eq!(in_part("*.example.com", "WWW.Example.COM"), YES);
    assert_eq!(in_part("*.example.com", "a.www.example.com"), NO);
    assert_eq!(in_part("*.example.com", ".www.example.com"), NO);
    assert_eq!(in_part("*.example.com", "example.com"), YES);
    assert_eq!(in_part("*.example.com", "example.org"), NO);
    assert_eq!(in_part("www.example.com", "a.www.example.com"), NO);
}

#[test]
fn email_addresses() {
    let email = |name, base| both(GeneralName::Email(name), GeneralName::Email(base));
    for (name, base, permitted, excluded) in [
        ("a@example.com", "a@example.com", YES, YES),
        ("a@EXAMPLE.com", "a@example.com", YES, YES),
        ("A@example.com", "a@example.com", NO, YES),
        ("b@example.com", "a@example.com", NO, NO),
        ("*@example.com", "*@example.com", YES, YES),
        ("a@example.com", "*@example.com", NO, NO),
        ("a@example.com", "example.com", YES, YES),
        ("a@mail.example.com", "example.com", NO, NO),
        ("a@mail.example.com", ".example.com", YES, YES),
        ("a@example.com", ".example.com", NO, NO),
        ("a@example.com", "", YES, YES),
        ("a@b@example.com", "example.com", BAD, BAD),
        ("a..b@example.com", "example.com", BAD, BAD),
        (".a@example.com", "example.com", BAD, BAD),
        ("a@-b.example.com", ".example.com", BAD, BAD),
        ("a@example.com", "b@a@example.com", BAD, BAD),
        ("a@example.com", "b..c@example.com", BAD, BAD),
        ("a@example.com", "example..com", BAD, BAD),
        ("example.com", "example.com", BAD, BAD),
        ("@example.com", "example.com", BAD, BAD),
    ] {
        assert_eq!(
            email(name, base),
            [permitted, excluded],
            "{name} within {base}"
        );
    }
}

/// Those of the subject compare without regard to case (§4.1.2.6).
#[test]
fn email_attributes() {
    let attribute = |address, base| {
        let base = GeneralName::Email(base);
        [Within::Wholly, Within::InPart].map(|within| attribute_held(address, base, within))
    };
    assert_eq!(
        attribute(Some("A@example.com"), "a@example.com"),
        [YES, YES]
    );
    assert_eq!(attribute(Some("a@example.com"), "b@example.com"), [NO, NO]);
    assert_eq!(attribute(Some("a@example.com"), "example.com"), [YES, YES]);
    assert_eq!(
        attribute(Some("a@b@example.com"), "example.com"),
        [BAD, BAD]
    );
    assert_eq!(attribute(None, "example.com"), [BAD, BAD]);
    let within = |base| attribute_held(None, base, Within::InPart);
    assert_eq!(within(GeneralName::Unread(0x81)), BAD);
    assert_eq!(within(GeneralName::Unread(0x82)), None);
    assert_eq!(within(GeneralName::Dns("example.com")), None);
}

/// A subtree of otherNames is about those of its type alone, and nothing is known of what it means.
#[test]
fn other_names_are_concerned_by_their_type() {
    let concerns = |base: &[u8], name: GeneralName<'_>| {
        let base = GeneralName::Other {
            type_id: base,
            value: b"",
        };
        Base::new(base).concerns(&Held::new(name))
    };
    const OTHER: &[u8] = b"\x2a\x03";
    let of = |type_id| GeneralName::Other {
        type_id,
        value: "\x0c\x0e\u{e9}@example.com".as_bytes(),
    };
    for name in [SMTP_UTF8_MAILBOX, OTHER] {
        for base in [SMTP_UTF8_MAILBOX, OTHER] {
            assert_eq!(concerns(base, of(name)), base == name, "{base:?} {name:?}");
        }
        assert!(!concerns(name, GeneralName::Email("e@example.com")));
    }
}

/// All bytes of a name are read, and the characters beyond ASCII of a mailbox are prepared.
#[test]
fn what_is_read_before_names_are_compared() {
    let of = |type_id| GeneralName::Other {
        type_id,
        value: "\x0c\x10\u{e9}\u{e9}@example.com".as_bytes(),
    };
    let (bytes, characters) = bytes_to_read(of(SMTP_UTF8_MAILBOX));
    assert_eq!((bytes, characters), (of(SMTP_UTF8_MAILBOX).len(), 2));
    assert_eq!(bytes_to_read(of(b"\x2a\x03")).1, 0);
    assert_eq!(bytes_to_read(GeneralName::Dns("example.com")), (11, 0));
}

/// RFC 9598 §6.
#[test]
fn mailboxes_beyond_ascii() {
    fn mailbox(address: &str, base: GeneralName<'_>) -> [Verdict; 2] {
        let mut value = alloc::vec![0x0c, address.len() as u8];
        value.extend_from_slice(address.as_bytes());
        let type_id = SMTP_UTF8_MAILBOX;
        let name = GeneralName::Other {
            type_id,
            value: &value,
        };
        both(name, base)
    }
    let email = |address: &str, base: &str| mailbox(address, GeneralName::Email(base));
    assert_eq!(email("\u{e9}@example.com", "example.com"), [YES, YES]);
    assert_eq!(email("\u{e9}@Example.com", ".example.com"), [NO, NO]);
    assert_eq!(email("\u{e9}@example.com", ""), [YES, YES]);
    assert_eq!(email("\u{e9}@example.com", "e@example.com"), [NO, NO]);
    // A full-width letter; one of private use.
    assert_eq!(email("\u{ff21}@example.com", "a@example.com"), [NO, YES]);
    assert_eq!(email("\u{e000}@example.com", "a@example.com"), [NO, YES]);
    assert_eq!(email("\u{ff21}@example.org", "a@example.com"), [NO, NO]);
    // None of its kind, and so of no kind.
    assert_eq!(email("a@example.com", "example.com"), [BAD, BAD]);
    assert_eq!(email("\u{e9}@\u{e9}.example", "example.com"), [BAD, BAD]);
    assert_eq!(email("\u{e9}@example.com", "a..b@example.com"), [BAD, BAD]);
    assert_eq!(mailbox("\u{e9}@a", GeneralName::Unread(0x81)), [BAD, BAD]);
    assert_eq!(mailbox("\u{e9}@a", GeneralName::Unread(0x82)), [None, None]);
    assert_eq!(mailbox("\u{e9}@a", GeneralName::Dns("a")), [None, None]);
}

#[test]
fn uris() {
    let uri = |name, base| {
        held(
            GeneralName::Uri(name),
            GeneralName::Uri(base),
            Within::Wholly,
        )
    };
    assert_eq!(uri("https://example.com/a", "example.com"), YES);
    assert_eq!(uri("https://example.com", "example.com"), YES);
    assert_eq!(uri("spiffe://Example.com/a?b@c", "example.com"), YES);
    assert_eq!(uri("https://a:b@example.com:443/", "example.com"), YES);
    assert_eq!(uri("https://example.com./", "example.com"), YES);
    assert_eq!(uri("https://www.example.com/", "example.com"), NO);
    assert_eq!(uri("https://www.example.com/", ".example.com"), YES);
    assert_eq!(uri("https://example.com/", ".example.com"), NO);
    assert_eq!(uri("https://evil.org/@example.com", "example.com"), NO);
    assert_eq!(uri("https://evil.org#@example.com", "example.com"), NO);
    for bad in [
        "urn:uuid:1",
        "https://192.0.2.1/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://127.0.0.0x1/",
        "urn:device:admin?://example.com",
        "https:/evil.example/@://example.com/",
        "https://evil.example\\@example.com/",
        "https://evil.example%2f@example.com%2f/",
        "https://ev il@example.com/",
        "https://example.com/ ",
        "https://[::1]/",
        "https:///a",
        "https://example.com:x/",
        "example.com",
    ] {
        assert_eq!(uri(bad, "example.com"), BAD, "{bad}");
    }
    assert_eq!(uri("https://example.com", "https://example.com"), BAD);
}

#[test]
fn addresses() {
    let ip = |name, base| held(GeneralName::Ip(name), GeneralName::Ip(base), Within::Wholly);
    let net = [192, 0, 2, 0, 255, 255, 255, 0];
    assert_eq!(ip(&[192, 0, 2, 77], &net), YES);
    assert_eq!(ip(&[192, 0, 3, 77], &net), NO);
    assert_eq!(ip(&[0; 16], &net), NO);
    assert_eq!(ip(&[1, 2, 3, 4], &[0; 8]), YES);
    assert_eq!(ip(&[192, 0, 2, 77], &[192, 0, 2, 0, 255, 0, 255, 0]), BAD);
    for (mask, good) in [
        (&[255u8, 255, 255, 255][..], true),
        (&[0, 0, 0, 0], true),
        (&[255, 128, 0, 0], true),
        (&[255, 129, 0, 0], false),
        (&[127, 0, 0, 0], false),
        (&[255, 0, 0, 1], false),
    ] {
        assert_eq!(is_prefix_mask(mask), good, "{mask:?}");
    }
}

/// RFC 4291 §2.5.5.2
#[test]
fn addresses_in_the_other_spelling() {
    let ip = |name: &[u8], base: &[u8]| both(GeneralName::Ip(name), GeneralName::Ip(base));
    let mapped = |address: [u8; 4], first: u8| {
        let mut bytes = [first; 16];
        bytes[10..12].copy_from_slice(&[0xff; 2]);
        bytes[12..].copy_from_slice(&address);
        bytes
    };
    let net = [192, 0, 2, 0, 255, 255, 255, 0];
    let mapped_net = [mapped([192, 0, 2, 0], 0), mapped([255, 255, 255, 0], 0xff)].concat();
    let (inside, outside) = ([192, 0, 2, 77], [192, 0, 3, 77]);
    assert_eq!(ip(&mapped(inside, 0), &net), [NO, YES]);
    assert_eq!(ip(&mapped(outside, 0), &net), [NO, NO]);
    assert_eq!(ip(&inside, &mapped_net), [NO, YES]);
    assert_eq!(ip(&outside, &mapped_net), [NO, NO]);
    assert_eq!(ip(&mapped(inside, 0), &mapped_net), [YES, YES]);
    // All of IPv6, and nothing of IPv4.
    assert_eq!(ip(&inside, &[0; 32]), [NO, NO]);
    assert_eq!(ip(&mapped(inside, 0), &[0; 32]), [YES, YES]);
    let also = |name: &[u8], base: &[u8]| {
        let base = Base::new(GeneralName::Ip(base));
        is_mapped_within(&Held::new(GeneralName::Ip(name)), &base)
    };
    assert_eq!(also(&mapped(inside, 0), &net), Some(true));
    assert_eq!(also(&mapped(outside, 0), &net), Some(false));
    assert_eq!(also(&mapped(inside, 0), &mapped_net), None);
    assert_eq!(also(&inside, &net), None);
    assert_eq!(also(&[0; 16], &net), None);
    // No address of IPv4.
    let mut other = mapped(inside, 0);
    other[9] = 1;
    assert_eq!(ip(&other, &net), [NO, NO]);
}

#[test]
fn forms_do_not_mix() {
    let other = |type_id: &'static [u8]| GeneralName::Other {
        type_id,
        value: &[5, 0],
    };
    assert_eq!(held(other(b"a"), other(b"a"), Within::Wholly), BAD);
    assert_eq!(held(other(b"a"), other(b"b"), Within::Wholly), None);
    assert_eq!(
        held(GeneralName::Dns("a"), GeneralName::Uri("a"), Within::Wholly),
        None
    );
    assert_eq!(
        held(
            GeneralName::Unread(0x88),
            GeneralName::Unread(0x88),
            Within::Wholly
        ),
        BAD
    );
    // A malformed name of a form that is constrained.
    let malformed = GeneralName::Unread(0x82);
    assert_eq!(held(malformed, GeneralName::Dns("a"), Within::Wholly), BAD);
    assert_eq!(held(malformed, GeneralName::Uri("a"), Within::Wholly), None);
}
