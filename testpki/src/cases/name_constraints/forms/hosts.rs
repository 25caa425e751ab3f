//! Names that are or hold the name of a host: DNS names, mailboxes, URIs.

use crate::cases::name_constraints::dns;
use crate::cases::name_constraints::forms::{BadBase, Inside, Outside, Partly, Row, Unclear, row};
use crate::{GeneralName, der};

pub(super) fn dns_names() -> Vec<Row> {
    let row =
        |label, lies, name, base, description| row(label, lies, dns(name), dns(base), description);
    let not_ascii = GeneralName::Raw(der::context_primitive(2, "zürich.example.com".as_bytes()));
    vec![
        row(
            "dns-itself",
            Inside,
            "example.com",
            "example.com",
            "The base of a DNS subtree is in it.",
        ),
        row(
            "dns-below",
            Inside,
            "a.b.example.com",
            "example.com",
            "A name below the base, by any number of labels.",
        ),
        row(
            "dns-case",
            Inside,
            "WWW.EXAMPLE.com",
            "example.COM",
            "DNS names compare without regard to case (§7.2).",
        ),
        row(
            "dns-everything",
            Inside,
            "www.example.com",
            "",
            "The empty base has every DNS name below it.",
        ),
        row(
            "dns-other",
            Outside,
            "www.example.org",
            "example.com",
            "A name elsewhere.",
        ),
        row(
            "dns-not-a-label",
            Outside,
            "notexample.com",
            "example.com",
            "Labels are whole: what only ends alike is elsewhere.",
        ),
        row(
            "dns-above",
            Outside,
            "example.com",
            "www.example.com",
            "A name above the base.",
        ),
        row(
            "dns-dot-below",
            Inside,
            "www.example.com",
            ".example.com",
            "A leading dot, which many issuers write: names below.",
        ),
        row(
            "dns-dot-itself",
            Outside,
            "example.com",
            ".example.com",
            "A leading dot, which many issuers write: not the name itself.",
        ),
        row(
            "dns-wildcard-below",
            Inside,
            "*.example.com",
            "example.com",
            "All that the wildcard stands for is below the base.",
        ),
        row(
            "dns-wildcard-reaches",
            Partly,
            "*.example.com",
            "www.example.com",
            "The wildcard stands for the base among others.",
        ),
        row(
            "dns-wildcard-above",
            Outside,
            "*.example.com",
            "a.www.example.com",
            "A wildcard stands for one label: it does not reach the base.",
        ),
        row(
            "dns-wildcard-other",
            Outside,
            "*.example.com",
            "example.org",
            "A wildcard elsewhere.",
        ),
        row(
            "dns-wildcard-one-label",
            Inside,
            "*.example",
            "example",
            "All that the wildcard stands for is below the base, which is a top-level domain.",
        ),
        row(
            "dns-malformed",
            Unclear,
            "alice example.com",
            "example.com",
            "No DNS name has a space.",
        ),
        row(
            "dns-final-dot",
            Unclear,
            "www.example.com.",
            "example.com",
            "A dNSName does not end with a dot.",
        ),
        row(
            "dns-empty-label",
            Unclear,
            "www..example.com",
            "example.com",
            "A label has at least one character.",
        ),
        row(
            "dns-part-wildcard",
            Unclear,
            "w*.example.com",
            "example.com",
            "An asterisk stands for a whole label or nothing.",
        ),
        row(
            "dns-base-malformed",
            BadBase,
            "www.example.com",
            "exam ple.com",
            "No DNS subtree has a space.",
        ),
        row(
            "dns-base-wildcard",
            BadBase,
            "www.example.com",
            "*.example.com",
            "A subtree is no wildcard.",
        ),
        Row {
            name: not_ascii,
            ..row(
                "dns-not-ascii",
                Unclear,
                "",
                "example.com",
                "A dNSName is an IA5String: no UTF-8.",
            )
        },
    ]
}

pub(super) fn emails() -> Vec<Row> {
    let email = GeneralName::email;
    let row = |label, lies, name, base, description| {
        row(label, lies, email(name), email(base), description)
    };
    let mailbox = "alice@example.com";
    vec![
        row(
            "email-mailbox",
            Inside,
            mailbox,
            mailbox,
            "A mailbox is in the subtree of itself.",
        ),
        row(
            "email-mailbox-case",
            Inside,
            "alice@EXAMPLE.com",
            mailbox,
            "The host of a mailbox compares without regard to case (§7.5).",
        ),
        row(
            "email-mailbox-local-case",
            Partly,
            "Alice@example.com",
            mailbox,
            "The local part of a mailbox compares exactly (§7.5), but hosts that tell apart letters by their case are not known: neither permitted nor outside.",
        ),
        row(
            "email-mailbox-other",
            Outside,
            "bob@example.com",
            mailbox,
            "Another mailbox of the host.",
        ),
        row(
            "email-host",
            Inside,
            mailbox,
            "example.com",
            "A host as the base: all its mailboxes.",
        ),
        row(
            "email-host-case",
            Inside,
            mailbox,
            "EXAMPLE.com",
            "A host as the base, in another case.",
        ),
        row(
            "email-host-below",
            Outside,
            "alice@mail.example.com",
            "example.com",
            "A host as the base: not the hosts below it.",
        ),
        row(
            "email-domain",
            Inside,
            "alice@mail.example.com",
            ".example.com",
            "A leading dot: the hosts below.",
        ),
        row(
            "email-domain-itself",
            Outside,
            mailbox,
            ".example.com",
            "A leading dot: not the host itself.",
        ),
        row(
            "email-domain-not-a-label",
            Outside,
            "alice@notexample.com",
            ".example.com",
            "Labels are whole: what only ends alike is elsewhere.",
        ),
        row(
            "email-malformed",
            Unclear,
            "example.com",
            "example.com",
            "A mailbox has an @.",
        ),
        row(
            "email-two-ats",
            Unclear,
            "alice@test@example.com",
            "example.com",
            "A mailbox has one @ that is not quoted.",
        ),
        row(
            "email-base-malformed",
            BadBase,
            mailbox,
            "exam ple.com",
            "No host as a base has a space.",
        ),
        Row {
            name: GeneralName::Raw(der::context_primitive(1, "zoë@example.com".as_bytes())),
            ..row(
                "email-not-ascii",
                Unclear,
                "",
                "example.com",
                "An rfc822Name is an IA5String: no UTF-8.",
            )
        },
    ]
}

pub(super) fn uris() -> Vec<Row> {
    let uri = GeneralName::uri;
    let row =
        |label, lies, name, base, description| row(label, lies, uri(name), uri(base), description);
    let host = "example.com";
    vec![
        row(
            "uri-host",
            Inside,
            "spiffe://example.com/alice",
            host,
            "A host as the base, and the URI's host is it.",
        ),
        row(
            "uri-case",
            Inside,
            "spiffe://EXAMPLE.com/alice",
            host,
            "The host of a URI compares without regard to case (§7.4).",
        ),
        row(
            "uri-user-and-port",
            Inside,
            "https://a:b@example.com:8443/",
            host,
            "User information and port are not the host.",
        ),
        row(
            "uri-host-below",
            Outside,
            "https://www.example.com/",
            host,
            "A host as the base: not the hosts below it.",
        ),
        row(
            "uri-domain",
            Inside,
            "https://www.example.com/",
            ".example.com",
            "A leading dot: the hosts below.",
        ),
        row(
            "uri-domain-itself",
            Outside,
            "https://example.com/",
            ".example.com",
            "A leading dot: not the host itself.",
        ),
        row(
            "uri-in-path",
            Outside,
            "https://example.org/@example.com",
            host,
            "What follows an @ in the path is not the host.",
        ),
        row(
            "uri-in-user",
            Outside,
            "https://example.com@example.org/",
            host,
            "User information that looks like the host.",
        ),
        row(
            "uri-without-authority",
            Unclear,
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            host,
            "A URI without an authority must be refused where URIs are constrained.",
        ),
        row(
            "uri-empty-host",
            Unclear,
            "spiffe:///alice",
            host,
            "A URI without a host must be refused where URIs are constrained.",
        ),
        row(
            "uri-ipv4",
            Unclear,
            "https://192.0.2.1/",
            host,
            "A URI whose host is an address must be refused where URIs are constrained.",
        ),
        row(
            "uri-ipv6",
            Unclear,
            "https://[2001:db8::1]/",
            host,
            "A URI whose host is an address must be refused where URIs are constrained.",
        ),
        row(
            "uri-base-malformed",
            BadBase,
            "https://example.com/",
            "https://example.com",
            "A base is a host or domain, no URI.",
        ),
    ]
}
