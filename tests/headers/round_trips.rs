//! Random chains and elements, each from a seed: what is written reads back as it was.
//!
//! `HEADERS_SEED` and `HEADERS_COUNT` are the seed of the first and how many to try; a failure says
//! the seed.

use mtls_verify::headers::xfcc::{self, Hop};
use mtls_verify::headers::{alb, cloudfront, haproxy, nginx, rfc9440, traefik};
use mtls_verify::pki_types::CertificateDer;

use super::Chain;
use super::environment;
use super::written::is_header_safe;

/// About a second without optimisation.
const DEFAULT_COUNT: u64 = 3_000;

fn for_each_seed(check: fn(&mut Random)) {
    let first = environment::number("HEADERS_SEED").unwrap_or(1);
    let count = environment::count("HEADERS_COUNT").unwrap_or(DEFAULT_COUNT);
    for seed in first..first + count {
        let _on_failure = SayWhich(seed);
        check(&mut Random::new(seed));
    }
}

struct SayWhich(u64);

impl Drop for SayWhich {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("This was HEADERS_SEED={} HEADERS_COUNT=1", self.0);
        }
    }
}

/// In every format, however its characters are encoded: any DER comes back, of any length.
#[test]
fn chains() {
    for_each_seed(|random| {
        let chain: Chain = (0..1 + random.below(5))
            .map(|_| certificate(random))
            .collect();
        let client = chain[..1].to_vec();
        let (pem, client_pem) = (pem(&chain, random), pem(&client, random));
        assert_eq!(
            alb::parse_chain([encoded(&pem, b"+/=", random)]),
            Ok(chain.clone())
        );
        for read in [
            alb::parse_leaf([encoded(&client_pem, b"+/=", random)]),
            cloudfront::parse([encoded(&client_pem, b"+/=", random)]),
            nginx::parse([encoded(&client_pem, b"", random)]),
        ] {
            assert_eq!(read, Ok(client.clone()));
        }
        let base64: Vec<String> = chain.iter().map(|der| base64(der)).collect();
        assert_eq!(traefik::parse([base64.join(",")]), Ok(chain.clone()));
        assert_eq!(haproxy::parse([&base64[0]]), Ok(client.clone()));
        assert_eq!(haproxy::parse([format!("\"{}\"", base64[0])]), Ok(client));

        let items: Vec<String> = base64.iter().map(|base64| format!(":{base64}:")).collect();
        let at = 1 + random.below(items.len());
        let lines = [items[1..at].join(", "), items[at..].join(",")];
        let lines = lines.iter().filter(|line| !line.is_empty());
        assert_eq!(rfc9440::parse([&items[0]], lines), Ok(chain));
    });
}

/// Any pairs, in any order, quoted where they need not be; and other elements around.
#[test]
fn elements() {
    for_each_seed(|random| {
        let mut pairs = Vec::new();
        let (mut by, mut uris, mut dns_names) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..random.below(6) {
            let (key, names) = match random.below(3) {
                0 => ("By", &mut by),
                1 => ("URI", &mut uris),
                _ => ("DNS", &mut dns_names),
            };
            let (value, written) = text(random, false);
            pairs.push(format!("{}={written}", cased(key, random)));
            if !value.is_empty() {
                names.push(value);
            }
        }
        let subject = (random.below(2) == 0).then(|| text(random, true));
        if let Some((_, written)) = &subject {
            let at = random.below(pairs.len() + 1);
            pairs.insert(at, format!("{}={written}", cased("Subject", random)));
        }
        if pairs.is_empty() {
            pairs.push("URI=\"\";Other=x".to_owned());
        }
        let written = pairs.join(";");
        let element =
            xfcc::parse([&written], Hop::Only).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert!(element.by().eq(&by), "{written}");
        assert!(element.uris().eq(&uris), "{written}");
        assert!(element.dns_names().eq(&dns_names), "{written}");
        assert_eq!(
            element.subject(),
            subject.as_ref().map(|(value, _)| value.as_str()),
            "{written}"
        );

        let again = element.to_string();
        assert!(is_header_safe(&again), "{again}");
        assert_eq!(
            xfcc::parse([&again], Hop::Only),
            Ok(element.clone()),
            "{again}"
        );
        // It ends where it should, so that its neighbours are found.
        let around = format!("DNS=before,{again},{written},DNS=after");
        for before in [1, 2] {
            assert_eq!(
                xfcc::parse([&around], Hop::FromLast(before)),
                Ok(element.clone()),
                "{around}"
            );
        }
    });
}

/// A value, and how it is written: without quotes if it can be, or with. Backslashes come as pairs
/// with what they escape, as in RFC 4514.
fn text(random: &mut Random, is_always_quoted: bool) -> (String, String) {
    const PARTS: [&str; 16] = [
        "\"", "\\\\", "\\,", "\\;", "\\2C", ",", ";", "=", " ", "a", "Z", "0", "/", "%", "~", ":",
    ];
    let value: String = (0..random.below(8))
        .map(|_| PARTS[random.below(PARTS.len())])
        .collect();
    let needs_quotes = is_always_quoted || value.contains(['"', '\\', ',', ';', ' ']);
    let written = match needs_quotes || random.below(2) == 0 {
        true => format!("\"{}\"", value.replace('"', "\\\"")),
        false => value.clone(),
    };
    (value, written)
}

fn cased(key: &str, random: &mut Random) -> String {
    match random.below(3) {
        0 => key.to_ascii_lowercase(),
        1 => key.to_ascii_uppercase(),
        _ => key.to_owned(),
    }
}

/// A SEQUENCE of random bytes.
fn certificate(random: &mut Random) -> CertificateDer<'static> {
    let content: Vec<u8> = (0..random.below(300))
        .map(|_| random.below(256) as u8)
        .collect();
    testpki::der::sequence(&[content]).into()
}

/// With lines of a random length, or whatever is usual.
fn pem(chain: &[CertificateDer<'_>], random: &mut Random) -> String {
    chain
        .iter()
        .map(|der| {
            let pem = testpki::Pem::certificate(der);
            match random.below(4) {
                0 => pem.width(1 + random.below(100)),
                1 => pem.crlf(),
                _ => pem,
            }
            .to_string()
        })
        .collect()
}

fn base64(der: &[u8]) -> String {
    let pem = testpki::Pem::certificate(der).single_line().to_string();
    pem.lines().nth(1).expect("a body").to_owned()
}

/// Percent-encoded: what must be, and one in eight of what need not be, in either case.
fn encoded(text: &str, literal: &[u8], random: &mut Random) -> String {
    text.bytes()
        .map(|byte| {
            let may_stay = byte.is_ascii_alphanumeric() || byte == b'-' || literal.contains(&byte);
            match (may_stay, random.below(8)) {
                (true, 1..) => char::from(byte).to_string(),
                (_, 0..4) => format!("%{byte:02X}"),
                _ => format!("%{byte:02x}"),
            }
        })
        .collect()
}

/// The generator xorshift64 (Marsaglia 2003), good enough to pick from a few.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        ((self.next() >> 11) % bound as u64) as usize
    }
}
