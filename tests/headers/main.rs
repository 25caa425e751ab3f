//! Certificates in HTTP headers, through the public API. The values in `testdata/headers` were
//! encoded by `python3` and `openssl` (`make.sh` there).

mod elements;
mod end_to_end;
#[path = "../common/environment.rs"]
mod environment;
mod refused;
mod round_trips;
mod structured;
mod written;

use std::path::Path;
use std::time::Duration;

use mtls_verify::headers::xfcc::{self, Element, Hop};
use mtls_verify::headers::{HeaderError, alb, cloudfront, haproxy, nginx, rfc9440, traefik};
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, verify_client_chain};

/// 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

type Chain = Vec<CertificateDer<'static>>;

/// The formats, each with its name and the reader of its first header.
const FORMATS: [(&str, Reader); 8] = [
    ("alb chain", |values| alb::parse_chain(values)),
    ("alb leaf", |values| alb::parse_leaf(values)),
    ("cloudfront", |values| cloudfront::parse(values)),
    ("nginx", |values| nginx::parse(values)),
    ("traefik", |values| traefik::parse(values)),
    ("haproxy", |values| haproxy::parse(values)),
    ("client-cert", |values| rfc9440::parse(values, None::<&str>)),
    ("xfcc", |values| {
        xfcc::parse(values, Hop::Only).and_then(Element::into_chain)
    }),
];

type Reader = fn(&[&[u8]]) -> Result<Chain, HeaderError>;

fn reader(format: &str) -> Reader {
    let found = FORMATS.iter().find(|(name, _)| *name == format);
    found.expect("a format").1
}

fn testdata(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A value of `testdata/headers`.
fn value(name: &str) -> String {
    let text = testdata(&format!("headers/{name}.txt"));
    let text = String::from_utf8(text).expect("values are ASCII");
    text.strip_suffix('\n').expect("a line").to_owned()
}

/// The chain of `testdata/example`: a client and its issuing CA.
fn example_chain() -> Chain {
    CertificateDer::pem_slice_iter(&testdata("example/chain.pem"))
        .collect::<Result<_, _>>()
        .expect("a chain")
}

fn example_store() -> TrustStore {
    let issuing = &example_chain()[1];
    TrustStore::builder()
        .add_ca_pem(&testdata("example/ca.pem"))
        .and_then(|builder| builder.add_intermediate_der(issuing))
        .and_then(|builder| builder.build())
        .expect("a store")
}

fn now() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(NOW))
}

fn verified(store: &TrustStore, chain: &[CertificateDer<'_>]) -> VerifiedClient {
    verify_client_chain(store, chain, now(), &ClientPolicy::default()).expect("a good chain")
}

fn example_client() -> VerifiedClient {
    verified(&example_store(), &example_chain())
}
