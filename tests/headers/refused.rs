//! What is not exactly of a format is an error that says what and where.

use mtls_verify::headers::{
    HeaderProblem, MAX_CERTIFICATES, MAX_HEADER_BYTES, alb, rfc9440, traefik,
};

use super::*;

#[test]
fn none_several_empty_and_large_values() {
    let limit = MAX_HEADER_BYTES;
    let megabyte = vec![b'A'; 1 << 20];
    let good = value("nginx");
    for (format, read) in FORMATS {
        let none: &[&[u8]] = &[];
        for (values, problem) in [
            (none, HeaderProblem::Missing),
            (&[b"" as &[u8]], HeaderProblem::Empty),
            (&[b"", b""], HeaderProblem::Repeated),
            (&[good.as_bytes(), b""], HeaderProblem::Repeated),
            (&[b"", good.as_bytes()], HeaderProblem::Repeated),
            (&[&megabyte], HeaderProblem::TooLarge { limit }),
            (&[&megabyte[..=limit]], HeaderProblem::TooLarge { limit }),
        ] {
            let error = read(values).expect_err(format);
            assert_eq!(error.problem(), &problem, "{format}");
            assert_eq!((error.offset(), error.certificate()), (None, None));
        }
        // Of the largest size, and of nothing but what the formats have in them.
        for byte in b"A%:,;\"=\\- +/" {
            read(&[&vec![*byte; limit]]).expect_err(format);
        }
    }
}

/// Good values with one thing wrong: what is replaced by what, where that is, and in which
/// certificate.
#[test]
fn faults_are_found_and_said() {
    type Where = (Option<usize>, Option<usize>);
    let character = |byte| HeaderProblem::Character { byte };
    let in_first: Where = (None, Some(1));
    let cases: [(&str, &str, &str, &str, HeaderProblem, Where); 27] = [
        // The regressions that are known of others: '+' for a space, raw line breaks.
        (
            "alb chain",
            "alb-chain",
            "BEGIN%20C",
            "BEGIN+C",
            HeaderProblem::NoBegin,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "BEGIN%20C",
            "BEGIN C",
            character(b' '),
            (Some(10), None),
        ),
        (
            "alb chain",
            "alb-chain",
            "-----%0AMIIC",
            "-----\nMIIC",
            character(b'\n'),
            (Some(29), None),
        ),
        (
            "alb chain",
            "alb-chain",
            "-----%0AMIIC",
            "-----\r\nMIIC",
            character(b'\r'),
            (Some(29), None),
        ),
        (
            "alb chain",
            "alb-chain",
            "-----%0AMIIC",
            "-----%0a%0aMIIC",
            HeaderProblem::Base64,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "-----%0AMIIC",
            "-----MIIC",
            HeaderProblem::NoBegin,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "-----BEGIN",
            "%20-----BEGIN",
            HeaderProblem::NoBegin,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "MIICYTC",
            "MIIC%20YTC",
            HeaderProblem::Base64,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "MIICYTC",
            "MIIC%0AYTC%3D",
            HeaderProblem::Base64,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "MIICYTC",
            "MIIC-YTC",
            HeaderProblem::NoEnd,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "MIICYTC",
            "MIIC%00YTC",
            HeaderProblem::Base64,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "MIICYTC",
            "MIIC%FFYTC",
            HeaderProblem::Base64,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "MIICYTC",
            "MIIC%ZZYTC",
            HeaderProblem::PercentEncoding,
            (Some(36), None),
        ),
        (
            "alb chain",
            "alb-chain",
            "MIICYTC",
            "NIICYTC",
            HeaderProblem::NotDer,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "MIICYTC",
            "MIICYDC",
            HeaderProblem::NotDer,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "END%20CERTIFICATE",
            "END%20X",
            HeaderProblem::NoEnd,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "BEGIN%20CERTIFICATE",
            "BEGIN%20TRUSTED%20CERTIFICATE",
            HeaderProblem::NoBegin,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "-----END",
            "-----BEGIN%20CERTIFICATE-----%0A-----END",
            HeaderProblem::NoEnd,
            in_first,
        ),
        (
            "alb chain",
            "alb-chain",
            "-----%0A-----BEGIN",
            "-----%0Aand%0A-----BEGIN",
            HeaderProblem::NoBegin,
            (None, Some(2)),
        ),
        (
            "alb chain",
            "alb-chain",
            "-----%0A-----BEGIN",
            "----------BEGIN",
            HeaderProblem::NoEnd,
            in_first,
        ),
        (
            "alb leaf",
            "alb-chain",
            "",
            "",
            HeaderProblem::SeveralCertificates,
            (None, None),
        ),
        (
            "cloudfront",
            "alb-chain",
            "",
            "",
            HeaderProblem::SeveralCertificates,
            (None, None),
        ),
        (
            "nginx",
            "nginx",
            "%2B",
            "+",
            character(b'+'),
            (Some(63), None),
        ),
        (
            "haproxy",
            "haproxy",
            "MIIC",
            "\"MIIC",
            HeaderProblem::Expected {
                expected: "a closing double quote",
            },
            (Some(821), None),
        ),
        (
            "haproxy",
            "haproxy",
            "MIIC",
            "MIIC MIIC",
            HeaderProblem::Base64,
            in_first,
        ),
        (
            "haproxy",
            "traefik",
            "",
            "",
            HeaderProblem::Base64,
            in_first,
        ),
        (
            "traefik",
            "traefik",
            ",",
            ", ",
            HeaderProblem::Base64,
            (Some(821), Some(2)),
        ),
    ];
    for (format, name, from, to, problem, (offset, certificate)) in cases {
        let good = value(name);
        assert!(good.contains(from), "{name}: {from}");
        let bad = good.replacen(from, to, 1);
        let error = reader(format)(&[bad.as_bytes()]).expect_err(to);
        let found = (error.problem(), error.offset(), error.certificate());
        assert_eq!(
            found,
            (&problem, offset, certificate),
            "{format}: {from} -> {to}"
        );
    }
}

/// What HAProxy writes between quotes, `%{+Q}[ssl_c_der,base64]`, of a client without certificate.
#[test]
fn quotes_with_nothing_between_them_are_an_empty_value() {
    let error = reader("haproxy")(&[b"\"\""]).expect_err("no certificate");
    assert_eq!(error.problem(), &HeaderProblem::Empty);
    let error = reader("haproxy")(&[b"\""]).expect_err("half a pair");
    assert!(matches!(error.problem(), HeaderProblem::Expected { .. }));
}

/// Whatever comes after the last certificate.
#[test]
fn trailing_data_is_an_error() {
    for (format, name) in [
        ("alb chain", "alb-chain"),
        ("alb leaf", "alb-leaf"),
        ("cloudfront", "cloudfront"),
        ("nginx", "nginx"),
        ("traefik", "traefik"),
        ("haproxy", "haproxy"),
        ("client-cert", "client-cert"),
    ] {
        let good = value(name);
        reader(format)(&[good.as_bytes()]).expect(format);
        for after in [
            "A",
            "AAAA",
            "%20",
            " x",
            "=",
            "%3D",
            ",",
            ";",
            ":",
            "\"",
            "-----",
            "%00",
            "\0",
            "\n",
            "\u{e9}",
            "-----BEGIN%20CERTIFICATE-----%0A",
            ",MIIC",
            ", :MIIC:",
        ] {
            let bad = format!("{good}{after}");
            assert!(
                reader(format)(&[bad.as_bytes()]).is_err(),
                "{format}: {after:?}"
            );
        }
        // DER goes on within the base64.
        let certificate = example_chain()[0].as_ref().to_vec();
        for after in [&[0][..], &[0x30, 0], &certificate] {
            let longer = [certificate.as_slice(), after].concat();
            let bad = match format {
                "traefik" | "haproxy" => base64(&longer),
                "client-cert" => format!(":{}:", base64(&longer)),
                _ => percent_encoded(&testpki::Pem::certificate(&longer).to_string()),
            };
            let error = reader(format)(&[bad.as_bytes()]).expect_err(format);
            assert_eq!(error.problem(), &HeaderProblem::NotDer, "{format}");
        }
    }
}

/// RFC 4648 §3.5: of the spellings of one certificate, one is taken.
#[test]
fn base64_is_canonical() {
    let certificate = [0x30, 0x02, 0x05, 0x00];
    for (text, is_good) in [
        ("MAIFAA==", true),
        ("MAIFAB==", false),
        ("MAIFAA=", false),
        ("MAIFAA", false),
        ("MAIFAA===", false),
        ("MAIF=AA=", false),
        ("MAIFAA==MAIFAA==", false),
        ("MAIF_A==", false),
    ] {
        for (format, value) in [
            ("traefik", text.to_owned()),
            ("haproxy", text.to_owned()),
            ("haproxy", format!("\"{text}\"")),
            (
                "alb chain",
                percent_encoded(&format!(
                    "-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
                )),
            ),
        ] {
            let read = reader(format)(&[value.as_bytes()]);
            assert_eq!(read.is_ok(), is_good, "{format}: {value}");
            if let Ok(read) = read {
                assert_eq!(read, [CertificateDer::from(&certificate[..])]);
            }
        }
    }
}

/// Lines may be of any length and end in CR LF, as long as nothing else is in them.
#[test]
fn pem_of_other_widths_is_taken() {
    let certificate = &example_chain()[0];
    let pem = || testpki::Pem::certificate(certificate);
    for pem in [
        pem(),
        pem().width(76),
        pem().single_line(),
        pem().crlf(),
        pem().width(1),
    ] {
        let value = percent_encoded(&pem.to_string());
        assert_eq!(
            alb::parse_leaf([&value]),
            Ok(vec![certificate.clone()]),
            "{value}"
        );
    }
    let without_line_end = percent_encoded(pem().to_string().trim_end());
    alb::parse_leaf([without_line_end]).expect("the last line need not end");
}

#[test]
fn certificates_are_counted() {
    let one = base64(&[0x30, 0x02, 0x05, 0x00]);
    let of = |count| vec![one.as_str(); count].join(",");
    let most = traefik::parse([of(MAX_CERTIFICATES)]).expect("as many as may be");
    assert_eq!(most.len(), MAX_CERTIFICATES);
    let limit = MAX_CERTIFICATES;
    let error = traefik::parse([of(MAX_CERTIFICATES + 1)]).expect_err("one more");
    assert_eq!(
        error.problem(),
        &HeaderProblem::TooManyCertificates { limit }
    );
    let lists = vec![format!(":{one}:"); MAX_CERTIFICATES + 1];
    let error = rfc9440::parse([&lists[0]], &lists).expect_err("one more");
    assert_eq!(
        error.problem(),
        &HeaderProblem::TooManyCertificates { limit }
    );
}

#[test]
fn errors_are_short_whatever_the_value() {
    let long = "\u{e9}".repeat(50_000);
    for (format, read) in FORMATS {
        let shown = read(&[long.as_bytes()]).expect_err(format).to_string();
        assert!(shown.is_ascii() && shown.len() < 200, "{shown}");
    }
}

fn base64(bytes: &[u8]) -> String {
    let pem = testpki::Pem::certificate(bytes).single_line().to_string();
    pem.lines().nth(1).expect("a body").to_owned()
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || byte == b'-' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
