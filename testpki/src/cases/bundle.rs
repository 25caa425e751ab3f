//! CA bundles as they are found: everything here loads.

use crate::cases::Case;
use crate::cases::fixture::{issuing, root, stranger};
use crate::{Cert, Pem, der, oid};

pub(super) fn cases() -> Vec<Case> {
    let pem = |cert: Cert| Pem::certificate(&cert.der());
    let blocks = |first: Pem, second: Pem| format!("{first}{second}");
    let mut cases = vec![
        case(
            "comments",
            "Comments before, between and after the blocks.",
            format!(
                "# Our CAs\n# (two of them)\n{}\n# and the root: Zürich\n{}# end\n",
                stranger().pem(),
                root().pem()
            ),
        ),
        case(
            "comment-not-utf8",
            "A comment in Latin-1.",
            [b"# Z\xfcrich\n".as_slice(), root().pem().as_bytes()].concat(),
        ),
        case(
            "openssl-text",
            "What `openssl x509 -text` prints, before each block.",
            blocks(
                pem(stranger()).text_before(&openssl_text("Stranger")),
                pem(root()).text_before(&openssl_text("Root")),
            ),
        ),
        case(
            "s-client-text",
            "What `openssl s_client -showcerts` prints, before each block.",
            blocks(
                pem(stranger()).text_before("---\nCertificate chain\n 0 s:CN = Stranger\n   i:CN = Stranger\n"),
                pem(root()).text_before(" 1 s:CN = Root\n   i:CN = Root\n"),
            ),
        ),
        case(
            "bag-attributes",
            "What `openssl pkcs12` prints, before the block.",
            pem(root())
                .text_before(
                    "Bag Attributes\n    friendlyName: Root\n    localKeyID: 01 02\nsubject=CN = Root\n\nissuer=CN = Root\n\n",
                )
                .to_string(),
        ),
        case(
            "words-of-boundaries",
            "The words BEGIN and END in text that is no boundary.",
            format!(
                "# ---- BEGIN OF OUR CAS ----\nThe beginning - end of trouble\nsubject=CN = Front-End CA\nissuer=CN = Example - End Entity CA - G2\n{}DNS:xn--end-tka.example\n--- Endorsement ---\nsubject=/O=End/CN=Begin\n==================\n{}# -- END --\n",
                stranger().pem(),
                root().pem()
            ),
        ),
        case("crlf", "Lines end with CR LF.", blocks(pem(stranger()).crlf(), pem(root()).crlf())),
        case(
            "mixed-line-ends",
            "One block ends its lines with CR LF, the other one with LF.",
            blocks(pem(stranger()).crlf(), pem(root())),
        ),
        case(
            "cr",
            "Lines end with CR alone.",
            blocks(pem(stranger()), pem(root())).replace('\n', "\r"),
        ),
        case(
            "indented",
            "Every line begins with blanks, as inside YAML.",
            blocks(pem(stranger()), pem(root()))
                .lines()
                .map(|line| format!("    {line}\n"))
                .collect::<String>(),
        ),
        case(
            "commented-out",
            "A block whose lines are all comments is no block.",
            pem(root())
                .text_before(
                    "#-----BEGIN CERTIFICATE-----\n# MIIB\n  # -----END CERTIFICATE-----\n# ----BEGIN CERTIFICATE----\n",
                )
                .to_string(),
        ),
        case(
            "blank-lines",
            "Blank lines before, between and after the blocks.",
            format!("\n\n{}\n\n\n{}\n\n", stranger().pem(), root().pem()),
        ),
        case(
            "blank-lines-inside",
            "Blank lines inside a block.",
            root().pem().replace("-----\nMII", "-----\n\nMII").replace("\n-----END", "\n\n-----END"),
        ),
        case(
            "trailing-blanks",
            "Blanks and tabs at the ends of lines.",
            root().pem().replace('\n', " \t\n"),
        ),
        case("width-76", "Base64 lines of 76 columns.", pem(root()).width(76).to_string()),
        case("width-48", "Base64 lines of 48 columns.", pem(root()).width(48).to_string()),
        case("width-63", "Base64 lines of 63 columns, which is no multiple of four.", pem(root()).width(63).to_string()),
        case("single-line", "All base64 on one line.", pem(root()).single_line().to_string()),
        case(
            "different-widths",
            "Two blocks of different widths.",
            blocks(pem(stranger()).width(76), pem(root()).single_line()),
        ),
        case(
            "no-final-newline",
            "The last line has no end.",
            root().pem().trim_end().to_owned(),
        ),
        case("byte-order-mark", "A UTF-8 byte order mark.", format!("\u{feff}{}", root().pem())),
        case(
            "byte-order-marks",
            "Files with a byte order mark each, joined; the last of them is empty otherwise.",
            format!("\u{feff}{}\u{feff}{}\u{feff}", stranger().pem(), root().pem()),
        ),
        case(
            "joined",
            "Files whose last line has no end, joined: END and BEGIN are on one line.",
            format!("{}{}", stranger().pem().trim_end(), root().pem()),
        ),
        case(
            "joined-byte-order-marks",
            "The same with a byte order mark in each file.",
            format!("\u{feff}{}\u{feff}{}", stranger().pem().trim_end(), root().pem().trim_end()),
        ),
        case(
            "x509-label",
            "The label X509 CERTIFICATE.",
            Pem::new("X509 CERTIFICATE", &root().der()).to_string(),
        ),
        case(
            "duplicates",
            "The same CA three times.",
            format!("{0}{1}{0}{0}", root().pem(), stranger().pem()),
        ),
    ];
    cases.extend(trusted_certificates());
    cases.push(
        Case::new(
            "bundle-pinned-and-intermediates",
            RULE,
            "Intermediates may be in another form than the bundle.",
        )
        .chain(&[super::fixture::alice()])
        .file(
            "intermediates.pem",
            Pem::certificate(&issuing().der())
                .single_line()
                .crlf()
                .to_string(),
        ),
    );
    cases
}

const RULE: &str = "RFC 7468 §2, §5";

fn case(name: &str, description: &str, bundle: impl Into<Vec<u8>>) -> Case {
    Case::new(&format!("bundle-{name}"), RULE, description).file("ca.pem", bundle)
}

/// `TRUSTED CERTIFICATE`: OpenSSL's own, a certificate and what it is trusted for.
fn trusted_certificates() -> Vec<Case> {
    let case = |name: &str, description: &str, auxiliary: Vec<u8>| {
        let contents = [root().der(), auxiliary].concat();
        let pem = Pem::new("TRUSTED CERTIFICATE", &contents).to_string();
        self::case(&format!("trusted-{name}"), description, pem)
    };
    vec![
        case(
            "bare",
            "TRUSTED CERTIFICATE with nothing about trust.",
            Vec::new(),
        ),
        case(
            "alias",
            "TRUSTED CERTIFICATE with an alias.",
            der::sequence(&[der::utf8_string("our root")]),
        ),
        case(
            "for-clients",
            "TRUSTED CERTIFICATE that is trusted for clients.",
            der::sequence(&[der::sequence(&[der::oid(oid::CLIENT_AUTH)])]),
        ),
        case(
            "not-for-code",
            "TRUSTED CERTIFICATE that is rejected for code signing only.",
            der::sequence(&[der::context_constructed(0, &der::oid(oid::CODE_SIGNING))]),
        ),
    ]
}

/// The beginning of what `openssl x509 -text` prints: enough of its colons, blanks and words.
fn openssl_text(name: &str) -> String {
    format!(
        "Certificate:
    Data:
        Version: 3 (0x2)
        Serial Number:
            4c:5f:a0:01:33:10:9a:7b
        Signature Algorithm: ecdsa-with-SHA256
        Issuer: CN = {name}
        Validity
            Not Before: Jan  1 00:00:00 2020 GMT
            Not After : Jan  1 00:00:00 2040 GMT
        Subject: CN = {name}
        X509v3 extensions:
            X509v3 Basic Constraints: critical
                CA:TRUE
    Signature Algorithm: ecdsa-with-SHA256
         30:45:02:21:00:d3:22
"
    )
}
