//! From the value of a header to the verified client, for each format; and that no format takes
//! what is another's.

use mtls_verify::error::Code;
use mtls_verify::headers::alb;
use mtls_verify::headers::xfcc::{self, Hop};
use mtls_verify::headers::{HeaderError, rfc9440};
use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};
use testpki::{Cert, Key};

use super::*;

/// Values that other programs encoded, and the formats that they are of, each with the number of
/// certificates in it.
const VALUES: [(&str, usize, &[&str]); 9] = [
    ("alb-chain", 2, &["alb chain"]),
    ("alb-chain-all-encoded", 2, &["alb chain"]),
    ("alb-leaf", 1, &["alb chain", "alb leaf", "cloudfront"]),
    ("cloudfront", 1, &["alb chain", "alb leaf", "cloudfront"]),
    (
        "nginx",
        1,
        &["alb chain", "alb leaf", "cloudfront", "nginx"],
    ),
    ("traefik", 2, &["traefik"]),
    ("haproxy", 1, &["traefik", "haproxy"]),
    ("client-cert", 1, &["client-cert"]),
    ("form-encoded", 0, &[]),
];

#[test]
fn what_other_programs_encoded_verifies() {
    let (store, chain) = (example_store(), example_chain());
    for (name, certificates, formats) in VALUES {
        let value = value(name);
        for (format, read) in FORMATS {
            let read = read(&[value.as_bytes()]);
            if !formats.contains(&format) {
                assert!(read.is_err(), "{name} as {format}");
                continue;
            }
            let read = read.unwrap_or_else(|error| panic!("{name} as {format}: {error}"));
            assert_eq!(read, chain[..certificates], "{name} as {format}");
            let client = verified(&store, &read);
            assert_eq!(client.identity().subject(), "CN=device 7,O=Example");
        }
    }
}

#[test]
fn the_two_headers_of_rfc_9440_make_one_chain() {
    let (client_cert, issuer) = (value("client-cert"), value("client-cert-chain"));
    let chain = rfc9440::parse([&client_cert], [&issuer]).expect("a chain");
    assert_eq!(chain, example_chain());
    let store = TrustStore::from_pem(&testdata("example/ca.pem")).expect("a store");
    verified(&store, &chain);

    // Without the second header the issuing CA is not there, and this store does not have it.
    let chain = rfc9440::parse([&client_cert], None::<&str>).expect("a chain");
    let refusal = verify_client_chain(&store, &chain, now(), &ClientPolicy::default())
        .expect_err("no way to the anchor");
    assert_eq!(refusal.code(), Code::ClientCertUntrusted);
}

#[test]
fn what_envoy_writes_verifies() {
    let store = TrustStore::from_pem(&testdata("example/ca.pem")).expect("a store");
    let subject = value("subject-rfc2253");
    let (hash, cert, chain) = (
        value("envoy-hash"),
        value("envoy-cert"),
        value("envoy-chain"),
    );
    let element = format!(
        "By=spiffe://example.org/front;Hash={hash};Cert=\"{cert}\";Chain=\"{chain}\";Subject=\"{subject}\";\
         URI=spiffe://example.org/fleet/device-7;DNS=device-7.fleet.example.org"
    );
    let parsed = xfcc::parse([&element], Hop::Only).expect("an element");
    assert_eq!(parsed.certificates(), example_chain());
    assert_eq!(parsed.subject(), Some("CN=device 7,O=Example"));
    let fingerprint = example_client().identity().fingerprint_sha256();
    assert_eq!(parsed.hash(), Some(&fingerprint));
    verified(&store, &parsed.into_chain().expect("a chain"));
}

#[test]
fn a_chain_read_is_judged_like_one_presented() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let issuing = Cert::ca("Issuing", &Key::p256("issuing")).issued_by(&root);
    let good = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing);
    let expired = good
        .clone()
        .not_after("2026-05-31T23:59:59Z")
        .issued_by(&issuing);
    let other_key = Cert::ca("Issuing", &Key::p256("other"));
    let forged = Cert::client("alice", &Key::p256("alice")).issued_by(&other_key);
    let store = TrustStore::builder()
        .add_ca_der(&root.der())
        .and_then(|builder| builder.build())
        .expect("a store");
    for (client, code) in [
        (good, None),
        (expired, Some(Code::ClientCertExpired)),
        (forged, Some(Code::ClientCertUntrusted)),
    ] {
        let chain: Chain = vec![client.der().into(), issuing.der().into()];
        let value = encoded(&chain);
        let read = alb::parse_chain([value]).expect("a chain");
        assert_eq!(read, chain);
        let verdict = verify_client_chain(&store, &read, now(), &ClientPolicy::default());
        assert_eq!(verdict.err().map(|refusal| refusal.code()), code);
    }
}

#[test]
fn more_than_one_value_is_an_error_even_if_all_are_alike() -> Result<(), HeaderError> {
    let value = value("alb-chain");
    alb::parse_chain([&value])?;
    let error = alb::parse_chain([&value, &value]).expect_err("two values");
    assert_eq!(
        error.to_string(),
        "x-amzn-mtls-clientcert: the request has it more than once"
    );
    Ok(())
}

/// As [`alb::chain`], written anew.
fn encoded(chain: &[CertificateDer<'_>]) -> String {
    testpki::pem::bundle(chain)
        .replace(' ', "%20")
        .replace('\n', "%0A")
}
