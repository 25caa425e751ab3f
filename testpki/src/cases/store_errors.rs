//! CA bundles that do not load: which certificate, which line, and why.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root, stranger};
use crate::{Cert, Crl, Extension, Key, Pem, der, oid};

pub(super) fn cases() -> Vec<Case> {
    [
        not_certificates(),
        not_pem(),
        broken_boundaries(),
        damaged_boundaries(),
        not_text(),
        not_der(),
        not_cas(),
        other_files(),
    ]
    .concat()
}

fn case(name: &str, rule: &str, description: &str, bundle: impl Into<Vec<u8>>) -> Case {
    Case::new(&format!("store-{name}"), rule, description).file("ca.pem", bundle)
}

/// The line, from 1, on which a block of the bundle begins; the first block is 1.
fn line_of_block(bundle: &str, block: usize) -> usize {
    let is_begin = |(_, line): &(usize, &str)| line.starts_with("-----BEGIN ");
    let (index, _) = bundle
        .lines()
        .enumerate()
        .filter(is_begin)
        .nth(block - 1)
        .expect("the bundle has that many blocks");
    index + 1
}

/// Blocks of another label, behind a good one.
fn not_certificates() -> Vec<Case> {
    let key = Key::p256("root");
    let labelled = |name: &str, label: &str, contents: &[u8]| {
        let block = Pem::new(label, contents);
        case(
            name,
            "RFC 7468",
            &format!("A bundle with a block {label} does not load: that is no certificate."),
            format!("{}{block}", root().pem()),
        )
        .store_error(label)
    };
    vec![
        labelled("private-key", "PRIVATE KEY", key.pkcs8_der()),
        labelled("ec-private-key", "EC PRIVATE KEY", &[0x30, 0]),
        labelled("encrypted-private-key", "ENCRYPTED PRIVATE KEY", &[0x30, 0]),
        labelled("public-key", "PUBLIC KEY", key.spki()),
        labelled("request", "CERTIFICATE REQUEST", &[0x30, 0]),
        labelled("crl", "X509 CRL", &[0x30, 0]),
        labelled("pgp-private-key", "PGP PRIVATE KEY BLOCK", &[0xc5]).store_error("a private key"),
    ]
}

fn not_pem() -> Vec<Case> {
    let rule = "RFC 7468 §3";
    let bad_second = |name: &str, description: &str, second: String| {
        let bundle = root().pem() + &second;
        let line = line_of_block(&bundle, 2);
        case(name, rule, description, bundle).store_error(&format!("certificate 2, line {line}"))
    };
    let second = stranger().pem();
    let line_of_second = root().pem().lines().count() + 1;
    let last_line_of_base64 = line_of_second + second.lines().count() - 2;
    let without_end: String = second
        .lines()
        .filter(|line| !line.contains("END"))
        .map(|line| format!("{line}\n"))
        .collect();
    vec![
        case("empty", rule, "An empty bundle has no CA.", "")
            .store_error("no certificate found: the input is empty"),
        case(
            "only-comments",
            rule,
            "A bundle of comments has no CA.",
            "# CAs to come\n",
        )
        .store_error("no certificate found"),
        case(
            "not-pem",
            rule,
            "DER in the place of PEM has no CA.",
            root().der(),
        )
        .store_error("this looks like DER"),
        bad_second(
            "missing-end",
            "The second block does not end.",
            without_end.clone(),
        ),
        bad_second(
            "begin-inside",
            "The second block begins again before it ends.",
            without_end + &stranger().pem(),
        ),
        bad_second(
            "other-end",
            "The second block ends with another label than it began with.",
            Pem::certificate(&stranger().der())
                .end_label("X509 CERTIFICATE")
                .to_string(),
        )
        .store_error("\"X509 CERTIFICATE\""),
        bad_second(
            "bad-base64",
            "The second block has a character that is not base64.",
            second.replacen("MII", "M!I", 1),
        ),
        bad_second(
            "truncated-base64",
            "The base64 of the second block lacks its last characters.",
            truncate_base64(&second),
        ),
        bad_second(
            "padding-inside",
            "The base64 of the second block goes on after its padding: two certificates in one block.",
            second.replace("\n-----END", "=\nMIIB\n-----END"),
        )
        .store_error(&format!("not base64 on line {}", last_line_of_base64)),
        case(
            "stray-end",
            rule,
            "An END line without a BEGIN line, and text before it.",
            format!("{}MIIB\n-----END CERTIFICATE-----\n", root().pem()),
        )
        .store_error(&format!("certificates, line {}: an END line", line_of_second + 1)),
        case(
            "no-begin",
            rule,
            "The second block has no BEGIN line: its certificate would be missing.",
            format!("{}{}", root().pem(), second.replacen("-----BEGIN CERTIFICATE-----\n", "", 1)),
        )
        .store_error(&format!("certificates, line {}: base64 outside of every PEM block", line_of_second)),
        bad_second(
            "empty-block",
            "The second block is empty.",
            Pem::certificate(&[]).to_string(),
        ),
    ]
}

/// Lines that are meant as boundaries and are none: what they begin would be missing from the
/// store.
fn broken_boundaries() -> Vec<Case> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let second = |name: &str, description: &str, begin: &str, end: &str| {
        let second = stranger().pem().replace(BEGIN, begin).replace(END, end);
        let line = root().pem().lines().count() + 1;
        case(
            &format!("boundary-{name}"),
            "RFC 7468 §3",
            description,
            format!("{}{second}", root().pem()),
        )
        .store_error(&format!("certificate 2, line {line}"))
    };
    vec![
        second(
            "quoted",
            "The second block is a string of a shell script.",
            &format!("CA=\"{BEGIN}"),
            &format!("{END}\""),
        ),
        second(
            "mail",
            "The second block is quoted as in mail.",
            &format!("> {BEGIN}"),
            &format!("> {END}"),
        ),
        second(
            "four-dashes",
            "The boundaries of the second block have four dashes.",
            "----BEGIN CERTIFICATE----",
            "----END CERTIFICATE----",
        ),
        second(
            "six-dashes",
            "The boundaries of the second block have six dashes.",
            "------BEGIN CERTIFICATE------",
            "------END CERTIFICATE------",
        ),
        second(
            "en-dashes",
            "A word processor made en dashes of the hyphens around the second block.",
            "\u{2013}\u{2013}-BEGIN CERTIFICATE\u{2013}\u{2013}-",
            "\u{2013}\u{2013}-END CERTIFICATE\u{2013}\u{2013}-",
        ),
        second(
            "lower-case",
            "The boundaries of the second block are in lower case.",
            "-----begin certificate-----",
            "-----end certificate-----",
        ),
        second(
            "single-line",
            "The second block has its boundaries and its base64 on one line.",
            &format!("{BEGIN}MIIB{END}"),
            "",
        ),
        second(
            "end-four-dashes",
            "The END line of the second block has four dashes at its end.",
            BEGIN,
            "-----END CERTIFICATE----",
        ),
        second(
            "end-behind-base64",
            "The END line of the second block is not a line of its own.",
            BEGIN,
            &format!("AAAA{END}"),
        ),
    ]
}

/// Boundaries with their dashes damaged, in bundles of every kind: a CRL that is passed over would
/// let its revoked clients in.
fn damaged_boundaries() -> Vec<Case> {
    type Damage = fn(word: &str, label: &str) -> String;
    let forms: [(&str, &str, Damage); 13] = [
        ("four-dashes", "have four dashes", |word, label| {
            format!("----{word} {label}----")
        }),
        ("one-dash", "have one dash", |word, label| {
            format!("-{word} {label}-")
        }),
        (
            "blanks-inside",
            "have four dashes and blanks",
            |word, label| format!("---- {word} {label} ----"),
        ),
        ("only-en-dashes", "have en dashes", |word, label| {
            format!(
                "\u{2013}\u{2013}\u{2013}\u{2013}\u{2013}{word} {label}\u{2013}\u{2013}\u{2013}\u{2013}\u{2013}"
            )
        }),
        (
            "em-dash",
            "have an em dash, which a word processor made of the hyphens",
            |word, label| format!("\u{2014}{word} {label}\u{2014}"),
        ),
        ("equals-signs", "have equals signs", |word, label| {
            format!("====={word} {label}=====")
        }),
        ("front-only", "have dashes in front only", |word, label| {
            format!("-----{word} {label}")
        }),
        ("front-cut", "have dashes behind only", |word, label| {
            format!("{word} {label}-----")
        }),
        (
            "front-four",
            "have four dashes in front and none behind",
            |word, label| format!("----{word} {label}"),
        ),
        ("all-cut", "have no dashes", |word, label| {
            format!("{word} {label}")
        }),
        ("lower-case", "are in lower case", |word, label| {
            format!("-----{word} {label}-----").to_lowercase()
        }),
        (
            "ca-label",
            "have four dashes and a label of their own",
            |word, label| format!("----{word} CA {label}----"),
        ),
        ("no-label", "have four dashes and no label", |word, _| {
            format!("----{word}----")
        }),
    ];
    let mut cases = Vec::new();
    for (name, description, damage) in forms {
        let second = |block: &str, label: &str| {
            let damaged = |block: String, word| {
                block.replace(&format!("-----{word} {label}-----"), &damage(word, label))
            };
            damaged(damaged(block.to_owned(), "BEGIN"), "END")
        };
        let mut add =
            |kind: &str, file: &'static str, first: String, second: String, number: &str| {
                let name = format!("store-boundary-{kind}{name}");
                let description = format!("The boundaries of the second block {description}.");
                let line = first.lines().count() + 1;
                let case = Case::new(&name, "RFC 7468 §3", &description)
                    .file(file, first + &second)
                    .store_error(&format!("{number} 2, line {line}"));
                cases.push(case);
            };
        // Of these CAs have cases of their own.
        if !["four-dashes", "lower-case"].contains(&name) {
            let stranger = second(&stranger().pem(), "CERTIFICATE");
            add("", "ca.pem", root().pem(), stranger, "certificate");
        }
        let crl = second(&Crl::of(&issuing()).pem(), "X509 CRL");
        add("crl-", "crls.pem", Crl::of(&root()).pem(), crl, "CRL");
        if name == "equals-signs" {
            let issuing = second(&issuing().pem(), "CERTIFICATE");
            add(
                "intermediate-",
                "intermediates.pem",
                stranger().pem(),
                issuing,
                "intermediate",
            );
            let alice = second(&alice().pem(), "CERTIFICATE");
            add(
                "pin-",
                "pins.pem",
                stranger().pem(),
                alice,
                "pinned client certificate",
            );
        }
    }
    cases
}

fn not_text() -> Vec<Case> {
    let rule = "RFC 7468 §3";
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let second_line = root().pem().lines().count() + 1;
    vec![
        case(
            "utf-16",
            rule,
            "A bundle in UTF-16, as PowerShell writes it, has no CA.",
            utf16(&format!("\u{feff}{}", root().pem())),
        )
        .store_error("this looks like UTF-16"),
        case(
            "utf-16-no-mark",
            rule,
            "A bundle in UTF-16 without its mark has no CA.",
            utf16(&root().pem()),
        )
        .store_error("certificates, line 1: a NUL byte"),
        case(
            "utf-16-appended",
            rule,
            "UTF-16 behind a good block: the CA in it would be missing.",
            [root().pem().into_bytes(), utf16(&stranger().pem())].concat(),
        )
        .store_error(&format!("certificates, line {second_line}: a NUL byte")),
        case(
            "der-first",
            rule,
            "DER and PEM joined: the CA in the DER would be missing.",
            [stranger().der(), root().pem().into_bytes()].concat(),
        )
        .store_error("a NUL byte"),
    ]
}

/// Takes six characters off the last line of base64.
fn truncate_base64(pem: &str) -> String {
    let at = pem.find("\n-----END").expect("every block ends");
    format!("{}{}", &pem[..at - 6], &pem[at..])
}

fn not_der() -> Vec<Case> {
    let bad_second = |name: &str, description: &str, certificate: Vec<u8>| {
        let bundle = format!("{}{}", root().pem(), Pem::certificate(&certificate));
        let line = line_of_block(&bundle, 2);
        case(name, "RFC 5280 §4.1", description, bundle)
            .store_error(&format!("certificate 2, line {line}"))
    };
    vec![
        bad_second(
            "trailing-der",
            "An octet follows the second certificate inside its block.",
            [stranger().der(), vec![0]].concat(),
        ),
        bad_second("truncated-der", "The second certificate ends too early.", {
            let mut certificate = stranger().der();
            certificate.pop();
            certificate
        }),
        bad_second(
            "text",
            "The second block has text in the place of a certificate.",
            b"not a certificate".to_vec(),
        ),
        bad_second(
            "duplicate-extension",
            "The second certificate has one extension twice.",
            stranger()
                .another_extension(Extension::basic_constraints(true, None))
                .der(),
        ),
    ]
}

fn not_cas() -> Vec<Case> {
    let rule = "RFC 5280 §4.2.1.9";
    let third = |name: &str, description: &str, certificate: Cert, subject: &str| {
        let bundle = [root().pem(), stranger().pem(), certificate.pem()].concat();
        let line = line_of_block(&bundle, 3);
        case(name, rule, description, bundle)
            .store_error(&format!("certificate 3, line {line} ({subject}): not a CA"))
    };
    let rejecting = [
        root().der(),
        der::sequence(&[der::context_constructed(0, &der::oid(oid::CLIENT_AUTH))]),
    ];
    let commented = format!("# one\n\n{}# two\n\n\n{}", root().pem(), alice().pem());
    let commented_line = line_of_block(&commented, 2);
    vec![
        third(
            "not-a-ca",
            "The third certificate says cA=FALSE.",
            stranger().extension(Extension::basic_constraints(false, None)),
            "CN=Stranger",
        ),
        third(
            "no-basic-constraints",
            "The third certificate is of version 3 and has no basicConstraints.",
            stranger().without_extension(oid::BASIC_CONSTRAINTS),
            "CN=Stranger",
        ),
        third(
            "client",
            "The third certificate is a client's.",
            alice(),
            "CN=alice",
        ),
        case(
            "line-after-comments",
            rule,
            "Comments and blank lines count as lines, but not as certificates.",
            commented,
        )
        .store_error(&format!(
            "certificate 2, line {commented_line} (CN=alice): not a CA"
        )),
        case(
            "trusted-rejects-clients",
            "RFC 7468",
            "TRUSTED CERTIFICATE that is rejected for clients loads, and refuses them.",
            Pem::new("TRUSTED CERTIFICATE", &rejecting.concat()).to_string(),
        )
        .refuse("denied", "anchor"),
    ]
}

fn other_files() -> Vec<Case> {
    let key = Pem::new("PRIVATE KEY", Key::p256("issuing").pkcs8_der());
    vec![
        Case::new(
            "store-intermediates-private-key",
            "RFC 7468",
            "A private key among the intermediates is an error as well.",
        )
        .file("intermediates.pem", format!("{}{key}", issuing().pem()))
        .store_error("PRIVATE KEY"),
        Case::new(
            "store-pins-truncated",
            "RFC 5280 §4.1",
            "A pinned certificate that ends too early does not load.",
        )
        .pins(&[alice().rewrite(|mut certificate| {
            certificate.pop();
            certificate
        })])
        .store_error("certificate 1, line 1"),
    ]
}
