//! Names that lenient readers take for others: what is malformed by its grammar, and what has two
//! spellings.

use super::{BadBase, Inside, Outside, Partly, Row, Unclear, row};
use crate::{GeneralName, der};

/// RFC 5321 §4.1.2: Dot-string and Domain.
pub(super) fn emails() -> Vec<Row> {
    let host = "example.com";
    let email = |label, lies, name, base, description| {
        row(
            label,
            lies,
            GeneralName::email(name),
            GeneralName::email(base),
            description,
        )
    };
    vec![
        email(
            "email-two-dots",
            Unclear,
            "a..b@example.com",
            host,
            "A Dot-string has no empty atom (RFC 5321 §4.1.2).",
        ),
        email(
            "email-dot-first",
            Unclear,
            ".a@example.com",
            host,
            "A Dot-string does not begin with a dot (RFC 5321 §4.1.2).",
        ),
        email(
            "email-hyphen-first",
            Unclear,
            "a@-b.example.com",
            ".example.com",
            "A label of a mail domain does not begin with a hyphen (RFC 5321 §4.1.2).",
        ),
        email(
            "email-hyphen-last",
            Unclear,
            "a@b-.example.com",
            ".example.com",
            "A label of a mail domain does not end with a hyphen (RFC 5321 §4.1.2).",
        ),
        email(
            "email-hyphen-inside",
            Inside,
            "a.b+c@d-e.example.com",
            ".example.com",
            "Hyphens inside of labels, dots inside of the local part.",
        ),
        email(
            "email-list",
            Unclear,
            "a@evil.example, b@example.com",
            host,
            "Two mailboxes in one name are none.",
        ),
        email(
            "email-base-two-dots",
            BadBase,
            "a@example.com",
            "a..b@example.com",
            "A mailbox as the base that is none.",
        ),
    ]
}

/// RFC 9598 §6: constraints on rfc822Name are about SmtpUTF8Mailbox as well.
pub(super) fn mailboxes_beyond_ascii() -> Vec<Row> {
    let mailbox = |label, lies, name: &str, base, description| {
        let type_id = "1.3.6.1.5.5.7.8.9".to_owned();
        let name = GeneralName::Other(type_id, der::utf8_string(name));
        row(label, lies, name, GeneralName::email(base), description)
    };
    let zoe = "zo\u{eb}@example.com";
    vec![
        mailbox(
            "smtp-utf8-host",
            Inside,
            zoe,
            "example.com",
            "A mailbox beyond ASCII at the host.",
        ),
        mailbox(
            "smtp-utf8-other-host",
            Outside,
            zoe,
            "example.org",
            "A mailbox beyond ASCII at another host.",
        ),
        mailbox(
            "smtp-utf8-mailbox",
            Outside,
            zoe,
            "zoe@example.com",
            "A mailbox beyond ASCII is no mailbox in ASCII.",
        ),
        mailbox(
            "smtp-utf8-mailbox-full-width",
            Partly,
            "\u{ff41}lice@example.com",
            "alice@example.com",
            "A mailbox that may be meant as the one in ASCII: a full-width letter.",
        ),
        mailbox(
            "smtp-utf8-ascii",
            Unclear,
            "alice@example.com",
            "example.com",
            "A SmtpUTF8Mailbox in ASCII is malformed (RFC 9598 §3).",
        ),
        mailbox(
            "smtp-utf8-host-not-ascii",
            Unclear,
            "zo\u{eb}@b\u{fc}cher.example",
            "example.com",
            "The host of a SmtpUTF8Mailbox is in ASCII (RFC 9598 §3).",
        ),
        mailbox(
            "smtp-utf8-byte-order-mark",
            Unclear,
            "\u{feff}zo\u{eb}@example.com",
            "example.com",
            "A SmtpUTF8Mailbox begins with no byte order mark (RFC 9598 §3).",
        ),
    ]
}

/// RFC 3986, and RFC 5280 §4.2.1.10: a URI without an authority that names a host must be refused.
pub(super) fn uris() -> Vec<Row> {
    let good = "good.example";
    let uri = |label, lies, name, base, description| {
        row(
            label,
            lies,
            GeneralName::uri(name),
            GeneralName::uri(base),
            description,
        )
    };
    let unclear = |label, name, description| uri(label, Unclear, name, good, description);
    vec![
        unclear(
            "uri-authority-in-query",
            "urn:device:admin?://good.example",
            "What looks like an authority is in the query; there is none.",
        ),
        unclear(
            "uri-one-slash",
            "https:/evil.example/@://good.example/",
            "One slash begins a path; there is no authority.",
        ),
        unclear(
            "uri-no-scheme",
            "//good.example/",
            "A relative reference is no URI (§4.2.1.6).",
        ),
        unclear(
            "uri-scheme-not-one",
            "1https://good.example/",
            "A scheme begins with a letter (RFC 3986 §3.1).",
        ),
        unclear(
            "uri-backslash",
            "https://evil.example\\@good.example/",
            "Browsers end the authority at a backslash, RFC 3986 has none.",
        ),
        unclear(
            "uri-two-ats",
            "https://a@evil.example@good.example/",
            "User information has no @ (RFC 3986 §3.2.1).",
        ),
        unclear(
            "uri-host-encoded",
            "https://evil.example%2f.good.example/",
            "A percent-encoded delimiter in the host.",
        ),
        unclear(
            "uri-host-blank",
            "https://evil.example .good.example/",
            "No URI has a blank.",
        ),
        unclear(
            "uri-encoding-broken",
            "https://good.example/%zz",
            "A percent sign without two hexadecimal digits.",
        ),
        unclear(
            "uri-hexadecimal-address",
            "https://0x7f000001/",
            "A number is an address to most programs, and no name.",
        ),
        unclear(
            "uri-mixed-address",
            "https://127.0.0.0x1/",
            "A last label that is a number makes an address, and no name.",
        ),
        unclear(
            "uri-port-not-one",
            "https://good.example:4x3/",
            "A port is digits (RFC 3986 §3.2.3).",
        ),
        uri(
            "uri-at-in-query",
            Outside,
            "https://evil.example?@good.example",
            good,
            "The authority ends at the question mark.",
        ),
        uri(
            "uri-user-encoded",
            Inside,
            "a+b.1://%40u:p@good.example:443/a?b=c/?#d",
            good,
            "All parts that RFC 3986 has.",
        ),
        uri(
            "uri-absolute-name",
            Inside,
            "https://good.example./",
            good,
            "The dot of an absolute DNS name.",
        ),
    ]
}

/// RFC 4291 §2.5.5.2: `::ffff:192.0.2.1` is 192.0.2.1 to programs.
pub(super) fn mapped_addresses() -> Vec<Row> {
    let ip = |octets: &[u8]| GeneralName::Ip(octets.to_vec());
    let mapped = |first: u8, address: [u8; 4]| {
        let mut octets = [first; 16];
        octets[10..12].copy_from_slice(&[0xff; 2]);
        octets[12..].copy_from_slice(&address);
        octets
    };
    let net = [192, 0, 2, 0, 255, 255, 255, 0];
    let mapped_net = [mapped(0, [192, 0, 2, 0]), mapped(0xff, [255, 255, 255, 0])].concat();
    vec![
        row(
            "ip-mapped-in-ipv4",
            Partly,
            ip(&mapped(0, [192, 0, 2, 77])),
            ip(&net),
            "An IPv4-mapped address and a subnet of IPv4: the subnet excludes it and does not permit it.",
        ),
        row(
            "ip-mapped-beside-ipv4",
            Outside,
            ip(&mapped(0, [192, 0, 3, 77])),
            ip(&net),
            "An IPv4-mapped address beside a subnet of IPv4.",
        ),
        row(
            "ip-in-mapped",
            Partly,
            ip(&[192, 0, 2, 77]),
            ip(&mapped_net),
            "An IPv4 address and a subnet of IPv4-mapped ones: the subnet excludes it and does not permit it.",
        ),
        row(
            "ip-mapped-in-all",
            Inside,
            ip(&mapped(0, [192, 0, 2, 77])),
            ip(&[0; 32]),
            "An IPv4-mapped address and the subnet of all IPv6.",
        ),
        row(
            "ip-mapped-in-mapped",
            Inside,
            ip(&mapped(0, [192, 0, 2, 77])),
            ip(&mapped_net),
            "An IPv4-mapped address in a subnet of such.",
        ),
    ]
}
