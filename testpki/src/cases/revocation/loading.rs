//! Files of CRLs: what loads, and what does not, with the line of what is wrong.

use super::{REVOKED, client, plain_crl, revoking};
use crate::cases::Case;
use crate::cases::fixture::{alice, root};
use crate::{Crl, Key, Pem, oid};

pub(super) fn cases() -> Vec<Case> {
    [loads(), labels(), not_pem(), not_der()].concat()
}

/// The line on which something after this text begins.
fn line_after(text: &str) -> usize {
    text.lines().count() + 1
}

/// A good CRL, and then something that is none: the store says on which line that begins.
pub(super) fn bad_second(name: &str, rule: &str, description: &str, second: &Pem) -> Case {
    let first = Crl::of(&root()).pem();
    Case::new(&format!("revocation-load-{name}"), rule, description)
        .policy("revocation.scope", "client-only")
        .file("crls.pem", format!("{first}{second}"))
        .store_error(&format!("line {}", line_after(&first)))
}

fn block(der: &[u8]) -> Pem {
    Pem::new("X509 CRL", der)
}

fn loads() -> Vec<Case> {
    let rule = "RFC 7468 §7";
    let of_root = || Crl::of(&root()).pem();
    let case = |name: &str, description: &str, file: String| {
        client(&format!("load-{name}"), rule, description)
            .file("crls.pem", file)
            .refuse(REVOKED, "client")
    };
    let crl = || block(&revoking().der());
    vec![
        case("comments", "Comments before, between and after the CRLs: the one that has the client is found.", format!(
            "# CRLs of today\n{}# and that of the issuing CA: Zürich\n{}# end\n",
            of_root(),
            crl()
        )),
        case("openssl-text", "What `openssl crl -text` prints, before the CRL.", crl()
            .text_before("Certificate Revocation List (CRL):\n        Version 2 (0x1)\n        Issuer: CN = Issuing CA\nNo Revoked Certificates.\n")
            .to_string()),
        case("words-of-boundaries", "The words BEGIN and END in text that is no boundary.", crl()
            .text_before("        Issuer: CN=Front-End CA\n            Full Name:\n              URI:ldap:///CN=End Entity CA - G2\n---\n")
            .to_string()),
        case("crlf", "Lines end with CR LF.", crl().crlf().to_string()),
        case("single-line", "All base64 on one line.", crl().single_line().to_string()),
        case("byte-order-mark", "A UTF-8 byte order mark.", format!("\u{feff}{}", crl())),
        case("blank-lines", "Blank lines before, between and after the CRLs.", format!("\n\n{}\n\n{}\n", of_root(), crl())),
        client("load-not-needed", rule, "A CRL of a CA that nobody has does no harm.")
            .crls(&[Crl::of(&crate::cases::fixture::stranger()), plain_crl()]),
        Case::new("revocation-load-off", rule, "CRLs load although revocation is off.")
            .policy("revocation.scope", "off")
            .crls(&[revoking()])
            .revocation(&["not-checked"; 3]),
    ]
}

fn labels() -> Vec<Case> {
    let rule = "RFC 7468 §7";
    vec![
        bad_second(
            "certificate",
            rule,
            "A certificate among the CRLs is an error.",
            &Pem::certificate(&root().der()),
        ),
        bad_second(
            "request",
            rule,
            "A certificate request among the CRLs is an error.",
            &Pem::new("CERTIFICATE REQUEST", &[0x30, 0]),
        ),
        bad_second(
            "crl-as-certificate",
            rule,
            "A CRL that is labelled as a certificate is an error.",
            &Pem::certificate(&plain_crl().der()),
        ),
        bad_second(
            "certificate-as-crl",
            rule,
            "A certificate that is labelled as a CRL is an error.",
            &block(&alice().der()),
        ),
        bad_second(
            "private-key",
            rule,
            "A private key among the CRLs is an error that says so.",
            &Pem::new("PRIVATE KEY", Key::p256("issuing").pkcs8_der()),
        )
        .store_error("PRIVATE KEY"),
        bad_second(
            "private-key-line",
            rule,
            "A private key among the CRLs is an error that says on which line.",
            &Pem::new("PRIVATE KEY", Key::p256("issuing").pkcs8_der()),
        ),
    ]
}

fn not_pem() -> Vec<Case> {
    let rule = "RFC 7468 §3";
    let case = |name: &str, description: &str, file: Vec<u8>| {
        Case::new(&format!("revocation-load-{name}"), rule, description)
            .policy("revocation.scope", "client-only")
            .file("crls.pem", file)
    };
    let whole = plain_crl().pem();
    let without_end = whole.replace("-----END X509 CRL-----\n", "");
    let first = Crl::of(&root()).pem();
    vec![
        case("empty", "An empty file has no CRL.", Vec::new()).store_error("empty"),
        case(
            "only-comments",
            "A file of comments has no CRL.",
            b"# CRLs to come\n".to_vec(),
        )
        .store_error("no "),
        case(
            "der",
            "DER in the place of PEM has no CRL.",
            plain_crl().der(),
        )
        .store_error("DER"),
        case(
            "no-end",
            "The CRL's block does not end.",
            without_end.into_bytes(),
        )
        .store_error("line 1"),
        case(
            "bad-base64",
            "The second block has a character that is not base64.",
            format!("{first}{}", whole.replacen("-----\nMI", "-----\nM!", 1)).into_bytes(),
        )
        .store_error(&format!("line {}", line_after(&first))),
        case(
            "line-5",
            "A line of comment, and then on line 5 a block of text.",
            b"# CRLs\n\n\n\n-----BEGIN X509 CRL-----\nbm8gbGlzdA==\n-----END X509 CRL-----\n"
                .to_vec(),
        )
        .store_error("line 5"),
        bad_second(
            "empty-block",
            rule,
            "The second block is empty.",
            &block(&[]),
        ),
    ]
}

fn not_der() -> Vec<Case> {
    let rule = "RFC 5280 §5.1, ITU-T X.690 §10";
    let bad = |name: &str, description: &str, crl: Crl| {
        bad_second(name, rule, description, &block(&crl.der()))
    };
    vec![
        bad(
            "truncated",
            "The second CRL ends too early.",
            revoking().rewrite(|mut crl| {
                crl.pop();
                crl
            }),
        ),
        bad(
            "trailing",
            "An octet follows the second CRL inside its block.",
            revoking().rewrite(|mut crl| {
                crl.push(0);
                crl
            }),
        ),
        bad(
            "trailing-inside",
            "NULL follows the signature inside the second CRL.",
            revoking().rewrite(|crl| {
                crate::der::sequence(&[crate::der::contents(&crl), &crate::der::null()])
            }),
        ),
        bad(
            "trailing-tbs",
            "NULL follows the extensions of the second CRL.",
            revoking().rewrite_tbs(|tbs| {
                crate::der::sequence(&[crate::der::contents(&tbs), &crate::der::null()])
            }),
        ),
        bad(
            "long-length",
            "The length of the second CRL has an octet too many.",
            revoking()
                .rewrite(|crl| crate::der::tlv_with_long_length(0x30, crate::der::contents(&crl))),
        ),
        bad(
            "indefinite-length",
            "The length of the second CRL is indefinite.",
            revoking().rewrite(|crl| crate::der::tlv_indefinite(0x30, crate::der::contents(&crl))),
        ),
        bad(
            "unused-bits",
            "The signature of the second CRL has unused bits.",
            revoking().unused_signature_bits(1),
        ),
        bad(
            "text",
            "The second CRL is text.",
            plain_crl().rewrite(|_| b"no CRL".to_vec()),
        ),
        bad(
            "extension-twice",
            "The second CRL has its number twice.",
            plain_crl().another_extension(crate::Extension::crl_number(&[1])),
        ),
        bad(
            "empty-extensions",
            "The second CRL has an empty list of extensions.",
            plain_crl().without_extensions().rewrite_tbs(|tbs| {
                let none = crate::der::context_constructed(0, &crate::der::sequence::<&[u8]>(&[]));
                crate::der::sequence(&[crate::der::contents(&tbs), &none])
            }),
        ),
        bad(
            "unknown-critical",
            "The second CRL has an unknown critical extension.",
            plain_crl().extension(crate::Extension::unknown().critical()),
        ),
        bad(
            "unknown-critical-oid",
            "The second CRL has an unknown critical extension, which the error names.",
            plain_crl().extension(crate::Extension::unknown().critical()),
        )
        .store_error(oid::UNKNOWN_EXTENSION),
    ]
}
