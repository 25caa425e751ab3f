//! Values of headers: formats exclude each other, what is taken has one meaning for every reader,
//! and what is written from a client is safe in a header and reads back.

use mtls_verify::headers::xfcc::{self, Element, Hop};
use mtls_verify::headers::{HeaderError, alb, cloudfront, haproxy, nginx, rfc9440, traefik};
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{ClientCa, ClientKeyUsage, Expired, ExpiryPolicy, RequiredPurpose};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, verify_client_chain};
use testpki::Pem;

use crate::NOW;
use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

type Chain = Vec<CertificateDer<'static>>;

/// By the format that a value is of; a value of no format is judged by each reader alone.
pub const KINDS: Kinds = &[
    ("DER", 50),
    ("PEM", 5),
    ("base64", 2),
    ("structured field", 2),
    ("XFCC", 5),
];

/// Input: the value of a header, or the DER of a certificate.
pub fn check(value: &[u8]) -> Judged {
    // As a SEQUENCE does. It may be the value of a header all the same.
    let is_der = value.first() == Some(&0x30) && check_certificate(value);
    let of_pem = check_pem(value);
    let of_base64 = check_base64(value);
    let of_item = check_item(value);
    let of_elements = check_elements(value);
    let taken = [&of_pem, &of_base64, &of_item, &of_elements];
    assert!(
        taken.iter().filter(|chain| chain.is_some()).count() <= 1,
        "one value is of several formats"
    );
    if let Some(chain) = taken.into_iter().flatten().next() {
        check_written(chain);
    }
    let kinds = ["PEM", "base64", "structured field", "XFCC"];
    let mut of_kinds = kinds.into_iter().zip(taken);
    let of_kind = of_kinds.find(|(_, chain)| chain.is_some());
    of_kind.map(|(kind, _)| kind).or(is_der.then_some("DER"))
}

/// The certificates of `testdata`, and for each a value of one of the formats, elements with its
/// names among them.
pub fn seeds(testdata: &Testdata) -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        "By=spiffe://a;Hash=00;Subject=\"CN=a\\,b\\\"c\\\\\";URI=a;DNS=b",
        "URI=\"a;b,c=d\\\"\",DNS=a, By=b",
        ":MAIFAA==:;a=1;b=-1.5;c=t/:;d=\"q\\\"\\\\\";e=?0;f=:AA==:;g=@1;h=%\"%c3\"",
        ":MAIFAA==:, :MAIFAA==:",
        "MAIFAA==,MAIFAA==",
    ]
    .map(|value| value.as_bytes().to_vec())
    .into();
    for (number, der) in testdata.certificates().into_iter().enumerate() {
        let pem = Pem::certificate(&der).to_string();
        let value = match number % 6 {
            0 => encoded(&pem, "+/="),
            1 => encoded(&pem, ""),
            2 => format!("\"{}\"", base64(&der)),
            3 => format!(":{}:", base64(&der)),
            _ => match client_of(&[der.clone().into()]) {
                Some(client) => Element::of_client(&client).without_chain().to_string(),
                None => format!("Cert=\"{}\"", encoded(&pem, "")),
            },
        };
        seeds.extend([value.into_bytes(), der]);
    }
    seeds
}

/// DER comes back from every format, if it is one SEQUENCE; and is written, if it is a client's
/// certificate. Returns whether it comes back.
fn check_certificate(der: &[u8]) -> bool {
    let chain = [CertificateDer::from(der.to_vec())];
    let pem = Pem::certificate(der).to_string();
    let base64 = base64(der);
    let (all_encoded, item) = (encoded(&pem, ""), format!(":{base64}:"));
    let read = [
        alb::parse_chain([encoded(&pem, "+/=")]),
        alb::parse_leaf([&all_encoded]),
        cloudfront::parse([&all_encoded]),
        nginx::parse([&all_encoded]),
        traefik::parse([&base64]),
        haproxy::parse([&base64]),
        rfc9440::parse([item], None::<&str>),
        xfcc::parse([format!("Cert=\"{all_encoded}\"")], Hop::Only).and_then(Element::into_chain),
    ];
    let is_taken = read[0].is_ok();
    for read in read {
        assert_eq!(read.ok().as_deref(), is_taken.then_some(chain.as_slice()));
    }
    if is_taken {
        check_written(&chain);
    }
    is_taken
}

/// Percent-encoded PEM. The readers differ in what they take, and in nothing else.
fn check_pem(value: &[u8]) -> Option<Chain> {
    let chain = alb::parse_chain([value]).ok();
    let leaf = alb::parse_leaf([value]).ok();
    assert_eq!(cloudfront::parse([value]).ok(), leaf);
    let is_one = chain.as_ref().is_some_and(|chain| chain.len() == 1);
    assert_eq!(leaf, chain.clone().filter(|_| is_one));
    let has_base64 = value.iter().any(|byte| b"+/=".contains(byte));
    assert_eq!(nginx::parse([value]).ok(), leaf.filter(|_| !has_base64));

    let chain = chain?;
    alb::parse_chain([value, value]).expect_err("a repeat");
    let decoded = decoded(value);
    let another: Chain = CertificateDer::pem_slice_iter(&decoded)
        .collect::<Result<_, _>>()
        .expect("another reader takes it");
    assert_eq!(chain, another);
    let text = String::from_utf8(decoded).expect("PEM is ASCII");
    for literal in ["+/=", ""] {
        assert_eq!(
            alb::parse_chain([encoded(&text, literal)]).as_ref(),
            Ok(&chain)
        );
    }
    Some(chain)
}

/// Of each certificate there is one spelling.
fn check_base64(value: &[u8]) -> Option<Chain> {
    let chain = traefik::parse([value]).ok();
    let one = haproxy::parse([value]).ok();
    if let Some(one) = &one {
        haproxy::parse([value, value]).expect_err("a repeat");
        let base64 = base64(&one[0]);
        let quoted = format!("\"{base64}\"");
        assert!(value == base64.as_bytes() || value == quoted.as_bytes());
    }
    let is_one = chain.as_ref().is_some_and(|chain| chain.len() == 1);
    if is_one || !value.starts_with(b"\"") {
        assert_eq!(one, chain.clone().filter(|_| is_one));
    }
    if let Some(chain) = &chain {
        traefik::parse([value, value]).expect_err("a repeat");
        let all: Vec<String> = chain.iter().map(|der| base64(der)).collect();
        assert_eq!(all.join(",").as_bytes(), value);
    }
    chain.or(one)
}

/// Structured fields: an item is a list of one, and lists in several lines are lists.
fn check_item(value: &[u8]) -> Option<Chain> {
    const ITEM: &str = ":MAIFAA==:";
    let none: [&[u8]; 0] = [];
    let item = rfc9440::parse([value], none).ok();
    let in_list = |lines: &[&[u8]]| -> Result<Chain, HeaderError> {
        let mut chain = rfc9440::parse([ITEM], lines)?;
        chain.remove(0);
        Ok(chain)
    };
    let list = in_list(&[value]).ok();
    if let Some(item) = &item {
        assert_eq!(list.as_ref(), Some(item));
        rfc9440::parse([value, value], none).expect_err("a repeat");
    }
    if let Some(list) = &list {
        assert_eq!(item.is_some(), list.len() == 1);
        let twice = [list.as_slice(), list].concat();
        if let Ok(lines) = in_list(&[value, value]) {
            assert_eq!(lines, twice);
            let joined = [value, b", ", value].concat();
            assert_eq!(in_list(&[&joined]), Ok(lines));
        }
        let anew: Vec<String> = list
            .iter()
            .map(|der| format!(":{}:", base64(der)))
            .collect();
        assert_eq!(in_list(&[anew.join(", ").as_bytes()]).as_ref(), Ok(list));
    }
    list
}

/// Each element reads back as it is, by itself and among others.
fn check_elements(value: &[u8]) -> Option<Chain> {
    let last = xfcc::parse([value], Hop::FromLast(0)).ok()?;
    xfcc::parse([value, value], Hop::FromLast(0)).expect_err("a repeat");
    let mut elements = Vec::new();
    while let Ok(element) = xfcc::parse([value], Hop::FromLast(elements.len())) {
        elements.push(element);
    }
    assert_eq!(elements[0], last);
    let only = xfcc::parse([value], Hop::Only).ok();
    assert_eq!(only, Some(last.clone()).filter(|_| elements.len() == 1));

    let longer = [value, b",DNS=after"].concat();
    if elements.len() < xfcc::MAX_ELEMENTS {
        for (before, element) in elements.iter().enumerate() {
            let found = xfcc::parse([&longer], Hop::FromLast(before + 1));
            assert_eq!(found.as_ref(), Ok(element));
        }
    }
    for element in elements {
        check_element(&element);
    }
    Some(last.into_chain().unwrap_or_default())
}

fn check_element(element: &Element) {
    let written = element.to_string();
    assert!(is_header_safe(&written), "{written:?}");
    assert_eq!(xfcc::parse([&written], Hop::Only).as_ref(), Ok(element));
}

/// From a client with this certificate, if it can be one.
fn check_written(chain: &[CertificateDer<'static>]) {
    let Some(client) = client_of(chain) else {
        return;
    };
    let path = [chain[0].clone()];
    for (name, value) in alb::verify_mode(&client) {
        assert!(is_header_safe(&value), "{name}: {value:?}");
    }
    let [.., (_, leaf)] = alb::verify_mode(&client);
    let chain = alb::chain(&client);
    assert_eq!(alb::parse_leaf([&leaf]).as_deref(), Ok(path.as_slice()));
    assert_eq!(alb::parse_chain([&chain]).as_deref(), Ok(path.as_slice()));
    let client_cert = rfc9440::client_cert(&client);
    let read = rfc9440::parse([client_cert], rfc9440::client_cert_chain(&client));
    assert_eq!(read.as_deref(), Ok(path.as_slice()));
    let element = Element::of_client(&client);
    assert_eq!(element.certificates(), path);
    check_element(&element);
}

/// The client that a pin of the first certificate makes of it, whatever it is for and whenever it
/// expired.
fn client_of(chain: &[CertificateDer<'static>]) -> Option<VerifiedClient> {
    let first = chain.first()?;
    let store = TrustStore::builder()
        .pin_client_der(first)
        .ok()?
        .build()
        .ok()?;
    let policy = ClientPolicy::default()
        .with_expiry(ExpiryPolicy::default().with_client(Expired::Accept))
        .with_client_ca(ClientCa::Accept)
        .with_key_usage(ClientKeyUsage::Unchecked)
        .with_purpose(RequiredPurpose::Unchecked);
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(NOW));
    verify_client_chain(&store, &chain[..1], now, &policy).ok()
}

fn is_header_safe(value: &str) -> bool {
    value.trim() == value && value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn base64(der: &[u8]) -> String {
    let pem = Pem::certificate(der).single_line().to_string();
    pem.lines().nth(1).expect("a body").to_owned()
}

fn encoded(text: &str, literal: &str) -> String {
    text.chars()
        .map(|character| {
            let stays = character.is_ascii_alphanumeric() || literal.contains(character);
            match stays {
                true => character.to_string(),
                false => format!("%{:02X}", u32::from(character)),
            }
        })
        .collect()
}

/// What percent-encoded text that was taken stands for.
fn decoded(value: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(value).expect("what is taken is ASCII");
    let mut parts = text.split('%');
    let mut decoded = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        decoded.push(u8::from_str_radix(digits, 16).expect("what is taken is encoded"));
        decoded.extend_from_slice(rest.as_bytes());
    }
    decoded
}
