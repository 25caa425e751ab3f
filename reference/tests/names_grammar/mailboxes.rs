//! Mailboxes: of rfc822Name, SmtpUTF8Mailbox, and the attributes of a subject.

use testpki::{GeneralName, der, oid};

use crate::texts;
use crate::written::{Place, Written, shown};

/// id-on-SmtpUTF8Mailbox (RFC 9598 §3).
pub(crate) const SMTP_UTF8_MAILBOX: &str = "1.3.6.1.5.5.7.8.9";

pub(crate) fn email(text: &str, is_known: bool) -> Written {
    Written::text(0x81, text.as_bytes(), is_known)
}

/// Local parts that are Dot-strings.
fn locals() -> Vec<String> {
    let texts = ["a", "A", "b", "a.b", "a+b", "*", "!#$%&'*+-/=?^_`{|}~", "i"];
    let long = "a".repeat(64);
    texts
        .iter()
        .map(|text| (*text).to_owned())
        .chain([long])
        .collect()
}

/// What is no Dot-string, or too long.
fn no_locals() -> Vec<String> {
    let texts = [
        "",
        ".a",
        "a.",
        "a..b",
        "\"a\"",
        "\"a b\"",
        "\"b@b.example\"",
        "\"\"",
        "a b",
        " a",
        "a ",
        "a\0",
        "\0",
        "a(c)",
        "<a",
        "a,b",
        "a\\b",
        "a:b",
        "a;b",
        "a@b",
        "@",
        "a[b]",
        "zo\u{EB}",
        "\u{FF41}",
        "a\n",
        "a\r\nb",
        "\u{7F}",
    ];
    let long = ["a".repeat(65), "a".repeat(65_536)];
    texts
        .iter()
        .map(|text| (*text).to_owned())
        .chain(long)
        .collect()
}

/// Hosts that a mailbox has not, though a DNS name may.
const NO_MAIL_HOSTS: [&str; 9] = [
    "",
    "a_b.example",
    "_tcp.a.example",
    "-a.example",
    "a-.example",
    ".a.example",
    "[192.0.2.1]",
    "[IPv6:::1]",
    "a.example>",
];

fn is_mail_host(host: &str) -> bool {
    !NO_MAIL_HOSTS.contains(&host)
}

/// Mailboxes in ASCII.
fn plain() -> Vec<(String, bool)> {
    let mut all = Vec::new();
    all.extend(
        locals()
            .iter()
            .map(|local| (format!("{local}@a.example"), true)),
    );
    all.extend(
        no_locals()
            .iter()
            .map(|local| (format!("{local}@a.example"), false)),
    );
    let hosts = texts::hosts()
        .into_iter()
        .chain(texts::NUMBERS.map(str::to_owned));
    all.extend(hosts.map(|host| (format!("a@{host}"), is_mail_host(&host))));
    all.extend(NO_MAIL_HOSTS.map(|host| (format!("a@{host}"), false)));
    let no_hosts = texts::no_hosts().into_iter();
    let no_hosts = no_hosts.filter_map(|host| String::from_utf8(host).ok());
    all.extend(no_hosts.map(|host| (format!("a@{host}"), false)));
    all
}

pub(crate) fn names() -> Vec<Written> {
    let mut all: Vec<_> = plain()
        .iter()
        .map(|(text, is_known)| email(text, *is_known))
        .collect();
    all.extend(
        [
            "",
            "a",
            "a.example",
            "<a@a.example>",
            "a@a.example,b@b.example",
        ]
        .map(|text| email(text, false)),
    );
    all.push(Written::text(0x81, b"a\xFF@a.example", false));
    all.extend(beyond_ascii());
    all.extend(attributes());
    all
}

/// SmtpUTF8Mailbox.
fn beyond_ascii() -> Vec<Written> {
    let texts = [
        ("zo\u{EB}@a.example", true),
        ("ZO\u{CB}@A.EXAMPLE", true),
        ("\u{FF41}@a.example", true),
        ("\u{FF21}@b.a.example", true),
        ("\u{FF41}@a", true),
        ("\u{131}@a.example", true),
        ("\u{130}@a.example", true),
        ("a\u{AD}@a.example", true),
        ("a\u{200B}@a.example", true),
        ("a\u{3164}@a.example", true),
        ("\u{378}@a.example", true),
        ("\u{E000}@a.example", true),
        ("\u{FDFA}@a.example", true),
        ("\u{FB01}@xn--bcher-kva.example", true),
        ("zo\u{EB}.b@192.0.2.1", true),
        ("a@a.example", false),
        ("", false),
        ("@", false),
        ("\u{EB}", false),
        ("\u{EB}@", false),
        ("@a.example", false),
        ("\u{EB}@\u{EB}.example", false),
        ("\u{EB}..b@a.example", false),
        ("\"\u{EB}\"@a.example", false),
        ("\u{EB} @a.example", false),
        ("\u{EB}\0@a.example", false),
        ("\u{EB}@a_b.example", false),
        ("\u{EB}@a.example.", false),
        ("\u{EB}@b@a.example", false),
        ("\u{EB}@[192.0.2.1]", false),
        // RFC 9598 §3: no byte order mark.
        ("\u{FEFF}zo\u{EB}@a.example", false),
        // RFC 6531 §3.3 allows what RFC 3629 has beyond ASCII; RFC 6532 §3.1 no controls.
        ("\u{85}@a.example", false),
        ("a\u{A0}@a.example", false),
        ("a\u{2003}@a.example", false),
        ("a\u{2028}@a.example", false),
        ("a\u{3000}b@a.example", false),
    ];
    let long = "\u{EB}".repeat(32);
    let further = [
        (format!("{long}@a.example"), true),
        (format!("{long}a@a.example"), false),
    ];
    let texts = texts
        .iter()
        .map(|(text, known)| ((*text).to_owned(), *known))
        .chain(further);
    let mut all: Vec<_> = texts
        .map(|(text, known)| smtp_utf8(&der::utf8_string(&text), known))
        .collect();
    let text = "\u{EB}@a.example".as_bytes();
    for tag in [0x16, 0x13, 0x14, 0x1E, 0x2C, 0x30] {
        all.push(smtp_utf8(&der::tlv(tag, text), false));
    }
    all.push(smtp_utf8(&der::tlv(0x0C, b"\xFF@a.example"), false));
    all.push(smtp_utf8(&[], false));
    all.push(smtp_utf8(
        &der::concat(&[der::utf8_string("\u{EB}@a.example"), vec![5, 0]]),
        false,
    ));
    all
}

fn smtp_utf8(value: &[u8], is_known: bool) -> Written {
    Written {
        shown: format!("SmtpUTF8Mailbox {}", shown(value)),
        der: GeneralName::Other(SMTP_UTF8_MAILBOX.to_owned(), value.to_vec()).der(),
        place: Place::Alternative,
        form: vec![0x81],
        is_known,
    }
}

/// A relative name of these emailAddress attributes, by tag and value.
fn addresses(values: &[(u8, &[u8])]) -> Vec<u8> {
    let attribute = |(tag, value): &(u8, &[u8])| {
        der::sequence(&[der::oid(oid::EMAIL_ADDRESS), der::tlv(*tag, value)])
    };
    let attributes: Vec<_> = values.iter().map(attribute).collect();
    der::set(&attributes)
}

/// The emailAddress attributes of a subject.
fn attributes() -> Vec<Written> {
    let subject = |what: &str, relative: &[Vec<u8>], is_known| Written {
        shown: format!("emailAddress {what}"),
        der: der::sequence(relative),
        place: Place::Subject,
        form: vec![0x81],
        is_known,
    };
    let mut all = Vec::new();
    for (text, is_known) in plain().into_iter().step_by(4) {
        let relative = addresses(&[(0x16, text.as_bytes())]);
        all.push(subject(&shown(text.as_bytes()), &[relative], is_known));
    }
    let good: &[u8] = b"a@a.example";
    let bmp = b"\0a\0@\0a\0.\0e\0x\0a\0m\0p\0l\0e";
    for (tag, value, is_known) in [
        (0x0C, good, true),
        (0x13, good, true),
        (0x16, b"A@A.EXAMPLE", true),
        (0x0C, "zo\u{EB}@a.example".as_bytes(), false),
        (0x16, b"zo\xEB@a.example", false),
        (0x1A, good, true),
        (0x14, good, false),
        (0x12, good, true),
        (0x1E, bmp, false),
        (0x1C, b"\0\0\0a", false),
        (0x04, good, false),
        (0x05, b"", false),
        (0x30, b"", false),
        (0x16, b"", false),
    ] {
        let what = format!("{tag:#x} {}", shown(value));
        all.push(subject(&what, &[addresses(&[(tag, value)])], is_known));
    }
    let (one, bad) = (addresses(&[(0x16, good)]), addresses(&[(0x16, b"a")]));
    let other = addresses(&[(0x16, b"b@b.example")]);
    all.push(subject("twice", &[one.clone(), one.clone()], true));
    all.push(subject("two", &[one.clone(), other.clone()], true));
    all.push(subject("good and bad", &[one.clone(), bad.clone()], false));
    all.push(subject("bad and good", &[bad.clone(), one.clone()], false));
    let set = addresses(&[(0x16, b"a"), (0x16, good)]);
    all.push(subject("of one set", &[set], false));
    // Mailboxes of the subjectAltName are the ones that count; other names do not.
    for (name, is_known) in [
        (email("a@a.example", true), true),
        (email("", false), false),
        (texts::dns("a.example"), false),
        (
            smtp_utf8(&der::utf8_string("zo\u{EB}@a.example"), true),
            false,
        ),
    ] {
        all.push(Written {
            shown: format!("emailAddress \"a\" beside {}", name.shown),
            place: Place::Beside(der::sequence(&[&bad])),
            form: vec![0x81],
            is_known,
            ..name
        });
    }
    all
}

pub(crate) fn bases() -> Vec<Written> {
    let mut all = texts::few_host_bases(0x81);
    let some = plain().into_iter().step_by(3);
    all.extend(some.map(|(text, is_known)| email(&text, is_known)));
    all.extend(["@", "a@b_c", "<a@a.example>", "\u{EB}@a.example"].map(|text| email(text, false)));
    all
}
