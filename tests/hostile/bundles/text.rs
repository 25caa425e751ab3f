//! How the text of a bundle is read: its lines, the boundaries of its blocks, base64.

use mtls_verify::error::StoreProblem;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::{StoreError, TrustStore};
use testpki::Pem;

use super::{lenient, place};
use crate::Pki;

/// Lines, blocks and their numbers: bundles of two CAs of three lines each, with something wrong
/// around them.
#[test]
fn blocks_and_lines_of_tricky_bundles() {
    const EMPTY: &str = "certificate: no certificate found";
    const STRAY: &str = "an END line without a BEGIN line";
    const BROKEN: &str = "a line that resembles \"-----BEGIN\" but is not a PEM boundary";
    let (ca, other) = two_cas();
    let (joined, other_joined) = (ca.trim_end(), other.trim_end());
    for (bundle, anchors, expected) in [
        (
            "".to_owned(),
            0,
            vec![format!("{EMPTY}: the input is empty")],
        ),
        ("\n\n\n".to_owned(), 0, vec![EMPTY.to_owned()]),
        ("\r\r\n".to_owned(), 0, vec![EMPTY.to_owned()]),
        ("\u{feff}".to_owned(), 0, vec![EMPTY.to_owned()]),
        // Begun again before it ended.
        (
            format!("{BEGIN}\n{ca}{other}"),
            2,
            vec!["certificate 1, line 1: no END line".to_owned()],
        ),
        (
            format!("{BEGIN}\nMIIB\n{BEGIN}\n\n {BEGIN}\t\n{ca}{BEGIN}"),
            1,
            vec![
                "certificate 1, line 1: no END line".to_owned(),
                "certificate 2, line 3: no END line".to_owned(),
                "certificate 3, line 5: no END line".to_owned(),
                "certificate 5, line 9: no END line".to_owned(),
            ],
        ),
        // END lines outside of blocks count for nothing.
        (
            format!("{END}\n{ca}{END}\n-----END X-----\n{BEGIN}\n{END}\n{other}"),
            2,
            vec![
                format!("certificates, line 1: {STRAY}"),
                format!("certificates, line 5: {STRAY}"),
                format!("certificates, line 6: {STRAY}"),
                "certificate 2, line 7: not base64".to_owned(),
            ],
        ),
        (
            format!("# ours\n-----END CERTIFICATE----\n{ca}"),
            1,
            vec!["certificates, line 2: a line that resembles \"-----END\"".to_owned()],
        ),
        // A broken BEGIN is a block; its END, good or not, is no fault of its own.
        (
            format!("-----BEGIN CERTIFICATE----\nMIIB\n{END}\n{ca}{END}"),
            1,
            vec![
                format!("certificate 1, line 1: {BROKEN}"),
                format!("certificates, line 7: {STRAY}"),
            ],
        ),
        (
            format!("{ca}----BEGIN CERTIFICATE----\n----END CERTIFICATE----\n{BEGIN}\nM!\n{END}"),
            1,
            vec![
                format!("certificate 2, line 4: {BROKEN}"),
                "certificate 3, line 6: not base64 on line 7".to_owned(),
            ],
        ),
        (
            format!("{BEGIN}\nMIIB\n----Begin certificate----\n----Begin certificate----\n{ca}"),
            1,
            vec![
                "certificate 1, line 1: no END line".to_owned(),
                format!("certificate 2, line 3: {BROKEN}"),
                format!("certificate 3, line 4: {BROKEN}"),
            ],
        ),
        // The wrong END.
        (
            format!("{ca}{BEGIN}\nMIIB\n-----END CERTIFICATE\n{other}"),
            2,
            vec!["certificate 2, line 4: its END line, line 6, is not a PEM boundary".to_owned()],
        ),
        (
            format!("{ca}{BEGIN}\nMIIB\n-----END X-----\n{other}"),
            2,
            vec![
                "certificate 2, line 4: it begins as \"CERTIFICATE\" and ends, on line 6, as \"X\""
                    .to_owned(),
            ],
        ),
        // Files without a last line end, joined.
        (format!("{joined}{other_joined}"), 2, vec![]),
        (
            format!("{joined} \u{feff}{other_joined}\u{feff}"),
            2,
            vec![],
        ),
        (
            format!("{joined}{BEGIN}\nM!\n{END}\u{feff}{BEGIN}\n\nM!\n{END}{other}"),
            2,
            vec![
                "certificate 2, line 3: not base64 on line 4".to_owned(),
                "certificate 3, line 5: not base64 on line 7".to_owned(),
            ],
        ),
        (
            format!("{END}{BEGIN}\n{END}-----BEGIN X\n{END}{ca}"),
            1,
            vec![
                format!("certificates, line 1: {STRAY}"),
                "certificate 1, line 1: not base64".to_owned(),
                format!("certificate 2, line 2: {BROKEN}"),
            ],
        ),
    ] {
        // Every line end is the same to the numbers.
        for line_end in ["\n", "\r\n", "\r"] {
            let bundle = bundle.replace('\n', line_end);
            let (loaded, skipped) = faults(bundle.as_bytes());
            assert_eq!(loaded, anchors, "{bundle:?}: {skipped:?}");
            assert_starts(&bundle, &skipped, &expected);
        }
    }
}

/// Whatever hides a certificate from the reader is an error in the strict mode.
#[test]
fn nothing_meant_as_a_boundary_is_passed_over() {
    let (ca, other) = two_cas();
    for begin in [
        "CA=\"-----BEGIN CERTIFICATE-----",
        "> -----BEGIN CERTIFICATE-----",
        "cert: '-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----'",
        "-----BEGIN CERTIFICATE-----MIIB",
        "-----BEGIN CERTIFICATE----",
        "-----BEGIN CERTIFICATE------",
        "------BEGIN CERTIFICATE-----",
        "-----BEGIN  CERTIFICATE-----",
        "-----BEGIN CERTIFICATE -----",
        "-----BEGIN\u{a0}CERTIFICATE-----",
        "-----BEGINCERTIFICATE-----",
        "-----BEGIN",
        "----BEGIN CERTIFICATE----",
        "--- BEGIN CERTIFICATE ---",
        "----- BEGIN CERTIFICATE -----",
        "-----begin certificate-----",
        "-----Begin X509 Certificate-----",
        "----BEGIN TRUSTED CERTIFICATE----",
        "text, then ----BEGIN CERTIFICATE----",
        "begin -begin ----begin certificate----",
        "\u{2013}BEGIN CERTIFICATE\u{2013}",
        "\u{2014}-BEGIN CERTIFICATE-\u{2014}",
        "\u{2212}\u{2212}BEGIN CERTIFICATE\u{2212}\u{2212}",
        "-- begin old certificate --",
        "-- begin the certificate of a CA",
        "----BEGIN CA CERTIFICATE----",
        "=====BEGIN CERTIFICATE=====",
        "\u{2013}BEGIN CERTIFICATE",
        "- begin",
        "text, then --- begin",
        "BEGIN CERTIFICATE-----",
        "BEGIN CERTIFICATE",
    ] {
        let bundle = format!("{ca}{}", other.replace(BEGIN, begin));
        let error = TrustStore::from_pem(bundle.as_bytes()).expect_err(begin);
        assert_eq!(place(&error), (Some(2), Some(4)), "{begin}: {error}");
        let resembles = "-----BEGIN";
        assert_eq!(error.problem(), &StoreProblem::Boundary { resembles });
        assert_eq!(faults(bundle.as_bytes()).0, 1, "{begin}");
        // Its END line suffers the same way.
        let end = begin.replace("BEGIN", "END");
        let end = end.replace("begin", "end").replace("Begin", "End");
        let bundle = format!("{ca}{}", other.replace(END, &end));
        let error = TrustStore::from_pem(bundle.as_bytes()).expect_err(&end);
        assert_eq!(place(&error), (Some(2), Some(4)), "{end}: {error}");
        assert_eq!(error.problem(), &StoreProblem::BrokenEnd { line: 6 });
    }
    // En dashes of Windows-1252.
    let bundle = [b"\x96\x96BEGIN CERTIFICATE\x96\x96\n", ca.as_bytes()].concat();
    let error = TrustStore::from_pem(&bundle).expect_err("not UTF-8");
    assert_eq!(place(&error), (Some(1), Some(1)));

    for text in [
        "# -----BEGIN CERTIFICATE-----",
        "  #-----END CERTIFICATE-----",
        "\u{feff}# ----begin certificate----",
        "#-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----",
        "Here the certificates begin",
        "begin certificate -",
        "begin certificate",
        "the beginning - end of trouble",
        "subject=CN = Front-End CA",
        "issuer=CN = Example - End Entity CA - G2",
        "DNS:xn--end-tka.example",
        "--- Endorsement CA ---",
        "---",
        "=====",
        "-- Certificates of the end entities --",
        "-----",
        "\u{2013} Zürich \u{2013}",
    ] {
        let bundle = format!("{text}\n{ca}{text}\n{other}{text}");
        assert_eq!(faults(bundle.as_bytes()), (2, vec![]), "{text}");
    }
}

/// Where no boundary is recognised any more, the base64 is: once for each run of lines.
#[test]
fn base64_outside_of_every_block() {
    const STRAY: &str = "base64 outside of every PEM block";
    let pki = Pki::new();
    let (ca, other) = two_cas();
    let long = Pem::certificate(&pki.issuing).to_string();
    let body: String = long
        .lines()
        .filter(|line| !line.starts_with('-'))
        .map(|line| format!("{line}\n"))
        .collect();
    let length = body.lines().count();
    assert!(length > 3);
    let at = |line: usize| format!("certificates, line {line}: {STRAY}");
    for (bundle, anchors, expected) in [
        (body.clone(), 0, vec![at(1)]),
        (format!("{ca}{body}"), 1, vec![at(4)]),
        (format!("{body}{ca}"), 1, vec![at(1)]),
        (format!("{body}\n{body}"), 0, vec![at(1), at(length + 2)]),
        (format!("{body}{ca}{body}"), 1, vec![at(1), at(length + 4)]),
        // One certificate after another looks like one.
        (format!("{body}{body}"), 0, vec![at(1)]),
        (
            format!("{ca}&#45;BEGIN&#45;\n{body}&#45;END&#45;\n{other}"),
            2,
            vec![at(5)],
        ),
        // With its END line, which is a fault as well.
        (
            format!("xBEGIN CERTIFICATE\n{body}{END}\n{ca}"),
            1,
            vec![
                at(2),
                format!("certificates, line {}: an END line", length + 2),
            ],
        ),
        // Inside of a block it is the block's.
        (format!("{BEGIN}\n{body}{END}\n{ca}"), 2, vec![]),
    ] {
        for line_end in ["\n", "\r\n", "\r"] {
            let bundle = bundle.replace('\n', line_end);
            let (loaded, skipped) = faults(bundle.as_bytes());
            assert_eq!(loaded, anchors, "{bundle:?}: {skipped:?}");
            assert_starts(&bundle, &skipped, &expected);
            let strict = TrustStore::from_pem(bundle.as_bytes());
            assert_eq!(strict.is_err(), !expected.is_empty(), "{bundle:?}");
        }
    }

    let of_length = |length: usize| format!("MI{}", "A".repeat(length - 2));
    let padded = of_length(38) + "==";
    for stray in [
        of_length(40),
        of_length(64),
        padded.clone(),
        format!(" \t{}\u{feff} ", of_length(40)),
        format!("MI+/{}", of_length(36)),
        // In short lines, the last one shorter; without its first line; as base64 once more.
        format!("{0}\n{1}\n{1}", of_length(16), "A".repeat(16)),
        format!("{}\n{}", of_length(38), "AA"),
        // Lines that were encoded one by one, each with its padding.
        format!("{}==\n{}==", of_length(18), "A".repeat(18)),
        format!("{}\n{1}=\n{1}=", of_length(16), "A".repeat(15)),
        format!("{0}\n{0}\n{0}", "Az09".repeat(8)),
        format!("{0}\n{0}", "Az09".repeat(16)),
        format!("{}\n", "Az09".repeat(24)),
        format!("LS0tLS1C{}", "A".repeat(40)),
    ] {
        let (_, skipped) = faults(format!("{ca}{stray}\n{other}").as_bytes());
        assert_starts(&stray, &skipped, &[at(4)]);
    }
    for text in [
        of_length(39),
        format!("# {}", of_length(64)),
        format!("#{body}").replace('\n', "\n#"),
        format!("M{}", of_length(64)),
        format!("mi{}", of_length(64)),
        format!("{padded}A"),
        format!("{}-{}", of_length(40), of_length(40)),
        format!("{} {}", of_length(40), of_length(40)),
        format!("{}:{}", of_length(40), of_length(40)),
        "=".repeat(64),
        // Words of a text, and fingerprints.
        format!("{}\nand more of it", of_length(38)),
        format!("{}\n{}", of_length(16), "A".repeat(30)),
        format!("{}\n{}\n{}", of_length(16), "A".repeat(15), "A".repeat(15)),
        format!(
            "{0}\n{0}\n{0}\n{0}",
            "0123456789abcdefABCDEF0123456789".repeat(2)
        ),
        format!("{0}\n\n{0}", "Az09".repeat(16)),
        "Az09".repeat(23),
        "x".repeat(120),
        format!("sha256/{0}=\nsha256/{0}=\nsha256/{0}=", "Az0".repeat(14)),
        format!("{0}\n{0}\n{0}\n{0}", "Az09".repeat(7)),
        // Of SHA-512, in two lines each.
        format!("{}\n{}Az==\n", "Az09".repeat(11), "Az09".repeat(10)).repeat(2),
    ] {
        let bundle = format!("{text}\n{ca}{text}\n{other}{text}");
        assert_eq!(faults(bundle.as_bytes()), (2, vec![]), "{text}");
    }
}

#[test]
fn nul_bytes() {
    let (ca, other) = two_cas();
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    let is_nul_on = |bundle: &[u8], anchors: usize, line: usize| {
        let (loaded, skipped) = faults(bundle);
        assert_eq!(loaded, anchors, "{skipped:?}");
        assert_starts(
            "",
            &skipped[..1],
            &[format!("certificates, line {line}: a NUL byte")],
        );
        let error = TrustStore::from_pem(bundle).expect_err("a NUL byte");
        assert_eq!(error.problem(), &StoreProblem::Nul);
        assert_eq!(place(&error), (None, Some(line)));
    };
    is_nul_on(b"\0", 0, 1);
    is_nul_on(&utf16(&ca), 0, 1);
    is_nul_on(&[ca.as_bytes(), &utf16(&other)].concat(), 1, 4);
    is_nul_on(
        &[
            &utf16(&format!("\u{feff}{other}")),
            b"\n".as_slice(),
            ca.as_bytes(),
        ]
        .concat(),
        1,
        1,
    );
    is_nul_on(format!("# one\r\n# t\0wo\r\n{ca}").as_bytes(), 1, 2);
    is_nul_on(format!("{ca}\r\r{other}\0").as_bytes(), 2, 9);
    is_nul_on(
        format!("{ca}{}", other.replace("MI", "M\0")).as_bytes(),
        1,
        5,
    );

    // Without any block, what it looks like is said instead.
    for (bundle, hint) in [
        (
            utf16(&format!("\u{feff}{ca}")),
            ": this looks like UTF-16; PEM is ASCII",
        ),
        (Pki::new().root, " in PEM: this looks like DER"),
    ] {
        let error = TrustStore::from_pem(&bundle).expect_err("no PEM");
        assert_eq!(error.problem(), &StoreProblem::Empty { hint: Some(hint) });
    }
}

#[test]
fn line_that_is_not_base64() {
    for (body, line) in [
        ("QUJD\nQU!D\nQUJD", 3),
        ("QUJD\n\u{feff}QUJD\nQU\u{e9}D", 4),
        // Padding is a fault where more follows.
        ("QUJD\nQUI=\nQUJD\nQUJD", 3),
        ("QUJD\nQQ==\nQ!==", 3),
        ("QU=D\nQUJD\n", 2),
        ("=\nQUJD\nQUJ!", 2),
        // At the end it is too much or too little of it.
        ("QUJD\nQUI\n\n\n", 3),
        ("QUJD\nQUI==\n", 3),
        ("QUJD\nQQ==\n=\n", 4),
    ] {
        for line_end in ["\n", "\r\n", "\r"] {
            let bundle = format!("{BEGIN}\n{body}\n{END}").replace('\n', line_end);
            let error = TrustStore::from_pem(bundle.as_bytes()).expect_err("not base64");
            assert_eq!(
                error.problem(),
                &StoreProblem::Base64 { line },
                "{bundle:?}"
            );
        }
    }
}

#[test]
fn labels_of_private_keys() {
    let long = "PRIVATE KEY OF ".repeat(5) + "US";
    let longer = format!("{}-PRIVATE KEY", "X".repeat(100));
    for label in ["PRIVATE KEY", "PGP PRIVATE KEY BLOCK", &long, &longer] {
        let bundle = Pem::new(label, b"secret").to_string();
        let error = TrustStore::from_pem(bundle.as_bytes()).expect_err("a private key");
        let label = label[..label.len().min(64)].to_owned();
        assert_eq!(error.problem(), &StoreProblem::PrivateKey { label });
    }
}

/// Quadratic work on a megabyte would take hours.
#[test]
fn large_bundles_of_boundaries() {
    const BYTES: usize = 1_000_000;
    for unit in [
        "-----END-----BEGIN",
        "-----END X----------BEGIN X-----",
        "-----END X----------BEGIN X-----\r",
        "-----BEGIN X-----\n",
        "-----BEGIN\n",
        "-----END X-----\n",
        "-begin certificate",
        "-BEGIN ",
        "-CERTIFICATE",
        "\u{2013}",
        "\u{feff}",
        "\u{feff} ",
        "-",
        "=",
        "\r",
        " \0",
        "MI",
        "MIIBszCCAVmgAwIBAgIBATAKBggqhkjOPQQDAgIA\n\n",
    ] {
        let bundle = unit.repeat(BYTES / unit.len());
        for start in ["", "-----END ", "-----BEGIN CERTIFICATE-----\n"] {
            let bundle = [start, &bundle].concat();
            lenient(bundle.as_bytes()).expect_err("nothing good in it");
        }
    }
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Two blocks of three lines.
fn two_cas() -> (String, String) {
    let pki = Pki::new();
    let block = |der: &[u8]| Pem::certificate(der).single_line().to_string();
    (block(&pki.root), block(&pki.issuing))
}

/// How many anchors a lenient builder takes from a bundle, and what it says of the rest.
fn faults(bundle: &[u8]) -> (usize, Vec<String>) {
    // A pin, so that there is a store in any case.
    let client = CertificateDer::from(Pki::new().client);
    let store = TrustStore::lenient_builder()
        .add_ca_pem(bundle)
        .and_then(|builder| builder.pin_client_der(&client)?.build())
        .expect("a pin is enough");
    let skipped = store.skipped().iter().map(StoreError::to_string).collect();
    (store.anchors().len(), skipped)
}

fn assert_starts(bundle: &str, found: &[String], expected: &[String]) {
    assert_eq!(found.len(), expected.len(), "{bundle:?}: {found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            found.starts_with(expected),
            "{bundle:?}: {found}, not {expected}"
        );
    }
}
