//! Which verified clients are let in: `ClientPolicy::identities`.

use crate::cases::fixture::{alice_of, root};
use crate::cases::{Case, Identity};
use crate::{Attribute, Cert, Extension, GeneralName, Key, Name, StringType, der, oid};

const NOT_ACCEPTED: &str = "identity-not-accepted";

pub(super) fn cases() -> Vec<Case> {
    [kinds(), ambiguous(), lists(), with_other_rules()].concat()
}

/// `client`, where only `identities` are let in.
fn case(name: &str, description: &str, client: Cert, identities: &[Identity<'_>]) -> Case {
    Case::new(
        &format!("identity-{name}"),
        "AcceptedIdentities (the server's choice, after RFC 5280 §6.1)",
        description,
    )
    .chain(&[client])
    .path(&["CN=alice", "CN=Root"])
    .identities(identities)
}

fn rejected(name: &str, description: &str, client: Cert, identities: &[Identity<'_>]) -> Case {
    case(name, description, client, identities).refuse(NOT_ACCEPTED, "client")
}

fn alice() -> Cert {
    alice_of(&root())
}

/// CN=alice, OU=People and OU=Operations, O=Example, with a name of each kind.
fn full() -> Cert {
    alice()
        .subject(Name::new(&[
            Attribute::organization("Example"),
            Attribute::organizational_unit("Operations"),
            Attribute::organizational_unit("People"),
            Attribute::common_name("alice"),
        ]))
        .extension(Extension::subject_alt_name(&[
            GeneralName::dns("alice.example"),
            GeneralName::dns("*.Fleet.example"),
            GeneralName::email("alice@example.com"),
            GeneralName::uri("spiffe://example.org/fleet/alice"),
            GeneralName::Ip(vec![192, 0, 2, 1]),
            GeneralName::Ip(vec![0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ]))
}

/// Each kind of identity, each way to match.
fn kinds() -> Vec<Case> {
    let path = ["CN=alice,OU=People,OU=Operations,O=Example", "CN=Root"];
    let accepted = [
        (
            "dns-exact",
            ("dns.exact", "alice.example"),
            "A dNSName, all of it.",
        ),
        (
            "dns-case",
            ("dns.exact", "ALICE.example"),
            "DNS names compare without regard to case.",
        ),
        (
            "dns-prefix",
            ("dns.prefix", "Alice."),
            "The beginning of a dNSName.",
        ),
        (
            "dns-suffix",
            ("dns.suffix", ".EXAMPLE"),
            "The end of a dNSName.",
        ),
        (
            "dns-wildcard",
            ("dns.exact", "*.fleet.example"),
            "A wildcard is the text that it is.",
        ),
        (
            "email-exact",
            ("email.exact", "alice@example.com"),
            "An rfc822Name, all of it.",
        ),
        (
            "email-prefix",
            ("email.prefix", "alice@"),
            "The beginning of an rfc822Name.",
        ),
        (
            "email-suffix",
            ("email.suffix", "@example.com"),
            "The end of an rfc822Name.",
        ),
        (
            "uri-exact",
            ("uri.exact", "spiffe://example.org/fleet/alice"),
            "A URI, all of it.",
        ),
        (
            "uri-prefix",
            ("uri.prefix", "spiffe://example.org/fleet/"),
            "The beginning of a URI.",
        ),
        ("uri-suffix", ("uri.suffix", "/alice"), "The end of a URI."),
        ("ipv4", ("ip", "192.0.2.1"), "An iPAddress of version 4."),
        ("ipv6", ("ip", "2001:db8::1"), "An iPAddress of version 6."),
        (
            "cn-exact",
            ("common-name.exact", "alice"),
            "The common name, all of it.",
        ),
        (
            "cn-prefix",
            ("common-name.prefix", "al"),
            "The beginning of the common name.",
        ),
        (
            "cn-suffix",
            ("common-name.suffix", "ice"),
            "The end of the common name.",
        ),
        (
            "ou-first",
            ("organizational-unit.exact", "Operations"),
            "One of two organizational units.",
        ),
        (
            "ou-second",
            ("organizational-unit.prefix", "Peop"),
            "The beginning of the other organizational unit.",
        ),
    ];
    let refused = [
        (
            "dns-other",
            ("dns.exact", "bob.example"),
            "Another DNS name.",
        ),
        (
            "dns-longer",
            ("dns.exact", "www.alice.example"),
            "A name below the DNS name is another one.",
        ),
        (
            "dns-in-wildcard",
            ("dns.exact", "seven.fleet.example"),
            "A wildcard stands for no name here.",
        ),
        (
            "email-case",
            ("email.exact", "Alice@example.com"),
            "Mailboxes compare byte by byte.",
        ),
        (
            "email-other-end",
            ("email.suffix", "@example.org"),
            "Another end of an rfc822Name.",
        ),
        (
            "uri-other-domain",
            ("uri.prefix", "spiffe://example/"),
            "What only begins alike is another trust domain.",
        ),
        (
            "uri-case",
            ("uri.prefix", "SPIFFE://example.org/"),
            "URIs compare byte by byte.",
        ),
        ("ip-other", ("ip", "192.0.2.2"), "Another address."),
        (
            "cn-case",
            ("common-name.exact", "Alice"),
            "Common names compare byte by byte.",
        ),
        (
            "cn-is-dns",
            ("common-name.exact", "alice.example"),
            "A dNSName is no common name.",
        ),
        (
            "dns-is-cn",
            ("dns.exact", "alice"),
            "A common name is no dNSName.",
        ),
        (
            "ou-is-o",
            ("organizational-unit.exact", "Example"),
            "An organization is no organizational unit.",
        ),
        (
            "suffix-is-prefix",
            ("email.suffix", "alice@"),
            "The beginning is not the end.",
        ),
    ];
    let accepted = accepted.iter().map(|(name, identity, description)| {
        case(name, description, full(), &[*identity]).path(&path)
    });
    let refused = refused
        .iter()
        .map(|(name, identity, description)| rejected(name, description, full(), &[*identity]));
    accepted.chain(refused).collect()
}

/// Certificates that leave open who they are.
fn ambiguous() -> Vec<Case> {
    let bare = || alice().without_extension(oid::SUBJECT_ALT_NAME);
    let with_names = |names: &[GeneralName]| bare().extension(Extension::subject_alt_name(names));
    let two_names = bare().subject(Name::new(&[
        Attribute::common_name("alice"),
        Attribute::common_name("bob"),
    ]));
    let printable = bare().subject(Name::new(&[Attribute::new(
        oid::COMMON_NAME,
        StringType::Printable,
        "alice",
    )]));
    let email_in_subject = bare().subject(Name::new(&[
        Attribute::common_name("alice"),
        Attribute::email_address("alice@example.com"),
    ]));
    let not_ascii = GeneralName::Raw(der::context_primitive(2, "zürich.example".as_bytes()));
    vec![
        rejected(
            "cn-two",
            "A subject with two common names has none: which one is meant is open.",
            two_names,
            &[("common-name.exact", "alice"), ("common-name.exact", "bob")],
        ),
        case(
            "cn-printable",
            "The type of string does not matter, its text does.",
            printable,
            &[("common-name.exact", "alice")],
        ),
        rejected(
            "email-in-subject",
            "The emailAddress of the subject is no rfc822Name.",
            email_in_subject,
            &[("email.exact", "alice@example.com")],
        ),
        rejected(
            "none",
            "What a certificate does not have does not match.",
            bare(),
            &[
                ("dns.prefix", "alice."),
                ("email.prefix", "alice@"),
                ("uri.prefix", "spiffe://"),
                ("organizational-unit.prefix", "Op"),
            ],
        ),
        case(
            "uri-two",
            "One of two URIs matches.",
            with_names(&[
                GeneralName::uri("https://example.com/"),
                GeneralName::uri("spiffe://example.org/alice"),
            ]),
            &[("uri.exact", "spiffe://example.org/alice")],
        ),
        rejected(
            "dns-not-ascii",
            "A dNSName that is not well-formed is nobody's.",
            with_names(&[not_ascii]),
            &[("dns.suffix", ".example")],
        ),
        rejected(
            "ip-five-octets",
            "An iPAddress that is not well-formed is nobody's.",
            with_names(&[GeneralName::Ip(vec![192, 0, 2, 1, 0])]),
            &[("ip", "192.0.2.1")],
        ),
    ]
}

fn lists() -> Vec<Case> {
    vec![
        case(
            "any-of-first",
            "The first of two identities.",
            alice(),
            &[("common-name.exact", "alice"), ("uri.prefix", "spiffe://")],
        ),
        case(
            "any-of-second",
            "The second of two identities.",
            alice(),
            &[("uri.prefix", "spiffe://"), ("dns.exact", "alice.example")],
        ),
        rejected(
            "any-of-none",
            "Neither of two identities.",
            alice(),
            &[("common-name.exact", "bob"), ("dns.exact", "bob.example")],
        ),
        rejected("nobody", "A policy that lets nobody in.", alice(), &[])
            .identity_rule("\"nobody\""),
    ]
}

fn with_other_rules() -> Vec<Case> {
    let lone = || Cert::client("alice", &Key::p256("alice"));
    let pinned = |case: Case| case.pins(&[lone()]).chain(&[lone()]);
    vec![
        pinned(case(
            "pinned",
            "A pinned client that is let in.",
            lone(),
            &[("common-name.exact", "alice")],
        ))
        .path(&["CN=alice"]),
        pinned(rejected(
            "pinned-other",
            "A pinned client that is not let in: a pin says who vouches, not who may come in.",
            lone(),
            &[("common-name.exact", "bob")],
        )),
        case(
            "not-verified",
            "Whether a client is let in is only asked of those that are verified.",
            alice(),
            &[("common-name.exact", "bob")],
        )
        .time("2027-01-01T00:00:01Z")
        .refuse("expired", "client"),
        case(
            "expired",
            "An expired client that the policy accepts, and lets in.",
            alice(),
            &[("common-name.exact", "alice")],
        )
        .time("2028-01-01T00:00:00Z")
        .policy("expiry.client", "accept")
        .expired_since("2027-01-01T00:00:00Z")
        .valid_until("2040-01-01T00:00:00Z"),
        rejected(
            "issuer",
            "The names of issuers are nobody's.",
            alice(),
            &[
                ("common-name.exact", "Issuing CA"),
                ("common-name.exact", "Root"),
            ],
        ),
    ]
}
