//! The forms of names and of subtrees.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::cases::profiles::{client, issuer, of_root, strict};
use crate::{Extension, GeneralName, der};

pub(super) fn cases() -> Vec<Case> {
    [alternative_names(), good_names(), subtrees()].concat()
}

fn alternative_names() -> Vec<Case> {
    let (dns, email, uri) = (GeneralName::dns, GeneralName::email, GeneralName::uri);
    let not_ascii =
        |tag| GeneralName::Raw(der::context_primitive(tag, "zürich.example".as_bytes()));
    [
        (
            "dns-underscore",
            "dNSName",
            dns("a_b.example"),
            "A DNS name with an underscore.",
        ),
        (
            "dns-hyphen",
            "dNSName",
            dns("-a.example"),
            "A DNS name with a label that begins with a hyphen.",
        ),
        (
            "dns-address",
            "dNSName",
            dns("192.0.2.1"),
            "An address as a DNS name.",
        ),
        ("dns-space", "dNSName", dns(" "), "A space as a DNS name."),
        (
            "dns-final-dot",
            "dNSName",
            dns("alice.example."),
            "A DNS name that ends with a dot.",
        ),
        (
            "dns-not-ascii",
            "dNSName",
            not_ascii(2),
            "A DNS name in UTF-8.",
        ),
        (
            "email-without-at",
            "rfc822Name",
            email("alice"),
            "An rfc822Name without @.",
        ),
        (
            "email-not-ascii",
            "rfc822Name",
            not_ascii(1),
            "An rfc822Name in UTF-8.",
        ),
        (
            "email-with-name",
            "rfc822Name",
            email("Alice <alice@example.com>"),
            "An rfc822Name with a name for display.",
        ),
        (
            "uri-relative",
            "uniformResourceIdentifier",
            uri("alice"),
            "A relative URI.",
        ),
        (
            "uri-scheme-only",
            "uniformResourceIdentifier",
            uri("spiffe:"),
            "A URI with nothing after its scheme.",
        ),
        (
            "uri-not-ascii",
            "uniformResourceIdentifier",
            not_ascii(6),
            "A URI in UTF-8.",
        ),
        (
            "ip-five-octets",
            "iPAddress",
            GeneralName::Ip(vec![192, 0, 2, 1, 0]),
            "An iPAddress of five octets.",
        ),
    ]
    .into_iter()
    .flat_map(|(name, form, general_name, description)| {
        client(
            &format!("name-{name}"),
            "§4.2.1.6",
            description,
            &format!("malformed {form} in subjectAltName"),
            of_root().extension(Extension::subject_alt_name(&[general_name])),
        )
    })
    .collect()
}

fn good_names() -> Vec<Case> {
    let names = [
        GeneralName::dns("xn--zrich-kva.example"),
        GeneralName::dns("1.example"),
        GeneralName::email("alice+test@mail.example.com"),
        GeneralName::uri("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        GeneralName::uri("https://192.0.2.1/alice"),
        GeneralName::Ip(vec![192, 0, 2, 1]),
        GeneralName::upn("alice@corp.example"),
        GeneralName::RegisteredId("1.3.6.1.4.1.32473.1".to_owned()),
    ];
    vec![
        strict(
            "names",
            "RFC 5280 §4.2.1.6",
            "Names of many kinds, each in its form.",
        )
        .chain(&[
            alice().extension(Extension::subject_alt_name(&names)),
            issuing(),
        ]),
    ]
}

/// Subtrees that no name meets: a name would be refused under both profiles, but for the leading
/// dot.
fn subtrees() -> Vec<Case> {
    let (dns, email, uri) = (GeneralName::dns, GeneralName::email, GeneralName::uri);
    let rows = [
        (
            "dns-dot",
            "dNSName",
            dns(".example"),
            "A DNS subtree with a leading dot, and a name below it.",
        ),
        (
            "email-space",
            "rfc822Name",
            email("exam ple"),
            "A subtree of mailboxes with a space.",
        ),
        (
            "uri-scheme",
            "uniformResourceIdentifier",
            uri("https://example.com"),
            "A subtree of URIs that is a URI.",
        ),
        (
            "email-underscore",
            "rfc822Name",
            email("a_b.example"),
            "A subtree of mailboxes whose host has an underscore.",
        ),
        (
            "email-hyphen-first",
            "rfc822Name",
            email("-a.example"),
            "A subtree of mailboxes whose host begins with a hyphen.",
        ),
        (
            "uri-underscore",
            "uniformResourceIdentifier",
            uri(".a_b.example"),
            "A subtree of URIs whose domain has an underscore.",
        ),
        (
            "uri-hyphen-last",
            "uniformResourceIdentifier",
            uri("a-.example"),
            "A subtree of URIs whose host has a label that ends with a hyphen.",
        ),
        (
            "uri-address",
            "uniformResourceIdentifier",
            uri("192.0.2.1"),
            "A subtree of URIs that is an address.",
        ),
        (
            "uri-hexadecimal-address",
            "uniformResourceIdentifier",
            uri("0x7f000001"),
            "A subtree of URIs that is an address in another notation.",
        ),
        (
            "ip-mask-gap",
            "iPAddress",
            GeneralName::Ip(vec![192, 0, 2, 0, 255, 0, 255, 0]),
            "A subnet whose mask has a gap.",
        ),
        (
            "ip-without-mask",
            "iPAddress",
            GeneralName::Ip(vec![192, 0, 2, 1]),
            "A subnet without a mask.",
        ),
        (
            "email-not-ascii",
            "rfc822Name",
            email("bücher.example"),
            "A subtree of mailboxes with a letter that is not ASCII.",
        ),
        (
            "uri-not-ascii",
            "uniformResourceIdentifier",
            uri("bücher.example"),
            "A subtree of URIs with a letter that is not ASCII.",
        ),
    ];
    let mut cases: Vec<_> = rows
        .into_iter()
        .flat_map(|(name, form, base, description)| {
            let constraint = Extension::name_constraints(&[Extension::subtree(&base)], &[]);
            issuer(
                &format!("subtree-{name}"),
                "§4.2.1.10",
                description,
                &format!("malformed {form} in nameConstraints"),
                issuing().extension(constraint),
            )
        })
        .collect();
    for (name, base, description) in [
        (
            "dns-underscore",
            "a_b.test",
            "An excluded DNS subtree with an underscore.",
        ),
        (
            "dns-hyphen-first",
            "-a.test",
            "An excluded DNS subtree with a label that begins with a hyphen.",
        ),
        (
            "dns-address",
            "192.0.2.1",
            "An excluded DNS subtree that is an address.",
        ),
    ] {
        let constraint = Extension::name_constraints(&[], &[Extension::subtree(&dns(base))]);
        cases.extend(issuer(
            &format!("subtree-{name}"),
            "§4.2.1.10",
            description,
            "malformed dNSName in nameConstraints",
            issuing().extension(constraint),
        ));
    }
    let good = [
        dns("example"),
        email("example"),
        email(".example"),
        email("alice@example"),
        uri("example.com"),
        uri(".example.com"),
        GeneralName::Ip(vec![192, 0, 2, 0, 255, 255, 255, 0]),
        GeneralName::Ip(vec![0; 32]),
    ];
    let subtrees: Vec<_> = good.iter().map(Extension::subtree).collect();
    cases.push(
        strict(
            "subtrees",
            "RFC 5280 §4.2.1.10",
            "Subtrees of many kinds, each in its form.",
        )
        .chain(&[
            alice(),
            issuing().extension(Extension::name_constraints(&subtrees, &[])),
        ]),
    );
    cases
}
