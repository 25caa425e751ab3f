//! What a client presents, and when.

use std::ops::Range;
use std::time::Duration;

use mtls_verify::client::ExpiryStatus;
use mtls_verify::error::{Code, MalformedCertificate, Position, Reason, TlsAlert};
use mtls_verify::pki_types::alg_id;
use mtls_verify::policy::{
    ClientCa, ClockSkew, Expired, ExpiryPolicy, RequiredPurpose, SignatureAlgorithms,
};
use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};

use testpki::{Cert, Key};

use crate::{NOW, Pki, assert_can_be_shown, at_second, position, presented};

/// The validity of test clients: the year 2026.
const CLIENT_VALID: Range<u64> = 1_767_225_600..1_798_761_600;

#[test]
fn empty_chain() {
    let refusal = Pki::new().verify(&[]).expect_err("nothing presented");
    assert_eq!(refusal.reason(), &Reason::EmptyChain);
    assert_eq!(refusal.code(), Code::ClientCertInvalid);
    assert_eq!(refusal.alert(), TlsAlert::CertificateRequired);
    assert_eq!(refusal.certificate(), None);
}

/// Not one of them is a certificate, so the count is looked at before anything is parsed.
#[test]
fn ten_thousand_certificates() {
    let chain = vec![vec![0xff; 40]; 10_000];
    let refusal = Pki::new().verify(&chain).expect_err("too many");
    let (presented, limit) = (10_000, 16);
    assert_eq!(
        refusal.reason(),
        &Reason::TooManyPresented { presented, limit }
    );
    assert_eq!(refusal.code(), Code::ClientCertMaxChainDepthExceeded);
    assert_eq!(refusal.certificate(), None);
}

/// Neither is one of them, so sizes are looked at before anything is parsed.
#[test]
fn presented_megabyte() {
    let pki = Pki::new();
    let huge = vec![0xff; 1_000_000];
    for (chain, at) in [
        (vec![huge.clone()], Position::Client),
        (
            vec![pki.client.clone(), pki.issuing.clone(), huge.clone()],
            Position::Presented(2),
        ),
        (vec![b"garbage".to_vec(), huge], Position::Presented(1)),
    ] {
        let refusal = pki.verify(&chain).expect_err("too large");
        let (bytes, limit) = (1_000_000, 16_384);
        assert_eq!(
            refusal.reason(),
            &Reason::CertificateTooLarge { bytes, limit }
        );
        assert_eq!(refusal.code(), Code::ClientCertMaxSizeExceeded);
        assert_eq!(position(&refusal), Some(at));
    }
}

#[test]
fn every_truncation_of_the_client() {
    let pki = Pki::new();
    for length in 0..pki.client.len() {
        let chain = [pki.client[..length].to_vec(), pki.issuing.clone()];
        let refusal = pki.verify(&chain).expect_err("truncated");
        assert!(
            matches!(refusal.reason(), Reason::Malformed(_)),
            "{length}: {refusal}"
        );
        assert_eq!(refusal.code(), Code::ClientCertInvalid);
        assert_eq!(position(&refusal), Some(Position::Client));
        assert_eq!(
            refusal.certificate().and_then(|client| client.subject()),
            None
        );
        assert_can_be_shown(&refusal);
    }
}

/// A name that the store does not have is none of its names, however many there are.
#[test]
fn an_issuer_that_is_none_of_many() {
    let anchors: Vec<Cert> = (0..5)
        .map(|number| Cert::ca(&format!("Root {number}"), &Key::p256(&number.to_string())))
        .collect();
    let pem: String = anchors.iter().map(Cert::pem).collect();
    let store = TrustStore::from_pem(pem.as_bytes()).expect("good roots");
    let unknown = Cert::ca("Another", &Key::p256("another"));
    let upper = Cert::ca("Upper", &Key::p256("upper")).issued_by(&unknown);
    let plain = |cert: Cert| cert.without_extension(testpki::oid::AUTHORITY_KEY_IDENTIFIER);
    let client =
        |issuer: &Cert| plain(Cert::client("client", &Key::p256("client")).issued_by(issuer));
    for chain in [
        vec![client(&unknown)],
        vec![client(&upper), plain(upper.clone())],
    ] {
        let chain: Vec<_> = chain.iter().map(Cert::der).collect();
        let policy = ClientPolicy::default();
        let refusal = verify_client_chain(&store, &presented(&chain), at_second(NOW), &policy)
            .expect_err("nobody's");
        assert!(
            matches!(refusal.reason(), Reason::UnknownIssuer { .. }),
            "{refusal}"
        );
    }
}

/// An issuer that does not parse is passed over; the error says so, since it may be the one that is
/// missing.
#[test]
fn every_truncation_of_an_issuer() {
    let pki = Pki::new();
    for length in 0..pki.issuing.len() {
        let truncated = pki.issuing[..length].to_vec();
        let refusal = pki
            .verify(&[pki.client.clone(), truncated.clone()])
            .expect_err("the issuer is missing");
        assert!(
            matches!(
                refusal.reason(),
                Reason::UnknownIssuer {
                    malformed: Some(MalformedCertificate { index: 1, .. }),
                    ..
                }
            ),
            "{length}: {refusal}"
        );
        assert_eq!(position(&refusal), Some(Position::Client));
        assert_can_be_shown(&refusal);
        pki.verify(&[pki.client.clone(), truncated, pki.issuing.clone()])
            .expect("the whole one is there as well");
    }
}

/// Even a policy that is lax where it can be accepts no certificate in which a byte is another: the
/// signature covers or is all of it.
#[test]
fn every_mutation_of_a_signed_certificate() {
    let pki = Pki::new();
    let expiry = ExpiryPolicy::default()
        .with_client(Expired::Accept)
        .with_issuers(Expired::Accept)
        .with_clock_skew(ClockSkew::MAX);
    let lax = ClientPolicy::default()
        .with_expiry(expiry)
        .with_client_ca(ClientCa::Accept)
        .with_purpose(RequiredPurpose::Unchecked);
    let chain = [pki.client.clone(), pki.issuing.clone()];
    pki.verify_with(&chain, NOW, &lax).expect("unchanged");
    for (tampered, original) in chain.iter().enumerate() {
        for (at, &byte) in original.iter().enumerate() {
            for changed in [byte ^ 0x01, byte ^ 0x80, byte ^ 0x20, 0x00, 0x30, 0xff] {
                if changed == byte {
                    continue;
                }
                let mut chain = chain.clone();
                chain[tampered][at] = changed;
                let Err(refusal) = pki.verify_with(&chain, NOW, &lax) else {
                    panic!("certificate {tampered} is accepted with byte {at} {changed:#04x}");
                };
                assert_can_be_shown(&refusal);
            }
        }
    }
}

#[test]
fn clocks_at_their_ends() {
    let pki = Pki::new();
    let forever = [Expired::AcceptFor(Duration::MAX), Expired::Accept];
    let choices = [
        Expired::Reject,
        Expired::AcceptFor(Duration::ZERO),
        forever[0],
        forever[1],
    ];
    let far = [
        u64::MAX,
        u64::MAX - 1,
        i64::MAX as u64 + 1,
        i64::MAX as u64,
        i64::MAX as u64 - 1,
    ];
    for client in choices {
        for others in choices {
            for skew in [ClockSkew::NONE, ClockSkew::MAX] {
                let expiry = ExpiryPolicy::default()
                    .with_client(client)
                    .with_issuers(others)
                    .with_anchors(others)
                    .with_clock_skew(skew);
                let policy = ClientPolicy::default().with_expiry(expiry);
                let verify =
                    |now| pki.verify_with(&[pki.client.clone(), pki.issuing.clone()], now, &policy);

                let first = CLIENT_VALID.start - skew.duration().as_secs();
                for too_early in [0, first - 1] {
                    let refusal = verify(too_early).expect_err("not valid yet");
                    assert_eq!(refusal.code(), Code::ClientCertNotYetValid);
                    assert_can_be_shown(&refusal);
                }
                let remaining = Duration::from_secs(CLIENT_VALID.end - first);
                let status = verify(first).expect("within the skew").expiry();
                assert_eq!(status, ExpiryStatus::Current { remaining });

                for now in far {
                    let is_accepted = forever.contains(&client) && forever.contains(&others);
                    match verify(now) {
                        Ok(verified) => {
                            assert!(is_accepted, "{now} {expiry:?}");
                            let since = at_second(CLIENT_VALID.end).into();
                            assert_eq!(verified.expiry(), ExpiryStatus::Expired { since });
                            assert!(!format!("{verified:?}").is_empty());
                            // What ends beyond the time that can be counted does not end.
                            assert_eq!(verified.valid_until(), None, "{now} {expiry:?}");
                        }
                        Err(refusal) => {
                            assert!(!is_accepted, "{now} {expiry:?}: {refusal}");
                            assert_eq!(refusal.code(), Code::ClientCertExpired);
                            assert_can_be_shown(&refusal);
                        }
                    }
                }
            }
        }
    }
}

/// Where the policy has the signature's algorithm, but not for the issuer's kind of key: whether it
/// has any for that is what the error tells.
#[test]
fn a_signature_of_another_kind_than_the_issuers_key() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let signer = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
    let other = Cert::ca("Issuing CA", &Key::ed25519("other")).issued_by(&root);
    let client = Cert::client("client", &Key::p256("client")).issued_by(&signer);
    let chain: Vec<_> = [client, other]
        .map(|cert| cert.without_extension(testpki::oid::AUTHORITY_KEY_IDENTIFIER))
        .iter()
        .map(Cert::der)
        .collect();
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a good root");
    let verify = |policy: ClientPolicy| {
        let now = at_second(NOW);
        let refusal = verify_client_chain(&store, &presented(&chain), now, &policy);
        refusal.expect_err("signed by another key")
    };
    let refusal = verify(ClientPolicy::default());
    assert_eq!(refusal.reason(), &Reason::BadSignature, "{refusal}");
    let of_p256: SignatureAlgorithms = mtls_verify::crypto::DEFAULT_ALGORITHMS
        .iter()
        .copied()
        .filter(|algorithm| algorithm.public_key_alg_id() == alg_id::ECDSA_P256)
        .collect();
    let refusal = verify(ClientPolicy::default().with_signatures(of_p256));
    assert!(
        matches!(
            refusal.reason(),
            Reason::UnsupportedSignatureAlgorithm { .. }
        ),
        "{refusal}"
    );
}
