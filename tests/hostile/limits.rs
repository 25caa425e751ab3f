//! Each limit: just at it, and just over it.

use mtls_verify::error::{Code, Position, Reason, StoreProblem};
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::policy::Limits;
use mtls_verify::store::MAX_CERTIFICATE_BYTES;
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use testpki::{Cert, Extension, Key};

use crate::counted::least_work;
use crate::{NOW, Pki, at_second, presented, store_of};

#[test]
fn presented_certificates() {
    let pki = Pki::new();
    let chain_of = |presented: usize| {
        let mut chain = vec![pki.issuing.clone(); presented];
        chain[0] = pki.client.clone();
        chain
    };
    pki.verify(&chain_of(16)).expect("the default limit");
    for (default_or_less, presented) in [(16, 17), (2, 3), (1, 2)] {
        let limits = Limits::default().with_presented(default_or_less);
        let refusal = verify(&pki, &chain_of(presented), limits).expect_err("over the limit");
        let limit = default_or_less;
        assert_eq!(
            refusal.reason(),
            &Reason::TooManyPresented { presented, limit }
        );
        assert_eq!(refusal.code(), Code::ClientCertMaxChainDepthExceeded);
    }
    verify(&pki, &chain_of(2), Limits::default().with_presented(2)).expect("just the limit");
}

#[test]
fn bytes_of_a_presented_certificate() {
    let key = Key::ed25519("root");
    let root = Cert::ca("Root", &key);
    let client = Cert::client("client", &Key::p256("client")).issued_by(&root);
    let store = store_of(&root.der()).expect("a good root");
    for limit in [16_384, 2_000] {
        let limits = Limits::default().with_certificate_bytes(limit);
        let policy = ClientPolicy::default().with_limits(limits);
        let verify = |bytes| {
            let chain = [padded(&client, bytes)];
            verify_client_chain(&store, &presented(&chain), at_second(NOW), &policy)
        };
        verify(limit).expect("just the limit");
        let refusal = verify(limit + 1).expect_err("over the limit");
        let bytes = limit + 1;
        assert_eq!(
            refusal.reason(),
            &Reason::CertificateTooLarge { bytes, limit }
        );
        assert_eq!(refusal.code(), Code::ClientCertMaxSizeExceeded);
    }
    assert_eq!(Limits::default().certificate_bytes, 16_384);
}

#[test]
fn bytes_of_a_stored_certificate() {
    let root = Cert::ca("Root", &Key::ed25519("root"));
    let just = padded(&root, MAX_CERTIFICATE_BYTES);
    assert_eq!(store_of(&just).expect("just the limit").anchors().len(), 1);
    let over = padded(&root, MAX_CERTIFICATE_BYTES + 1);
    let error = store_of(&over).expect_err("over the limit");
    let (bytes, limit) = (over.len(), MAX_CERTIFICATE_BYTES);
    assert_eq!(error.problem(), &StoreProblem::TooLarge { bytes, limit });

    // The limit on presented certificates is not one on the store's, and a large anchor is an
    // anchor.
    let client = Cert::client("client", &Key::p256("client")).issued_by(&root);
    let store = store_of(&just).expect("just the limit");
    let chain = [client.der()];
    verify_client_chain(
        &store,
        &presented(&chain),
        at_second(NOW),
        &ClientPolicy::default(),
    )
    .expect("verified");
}

#[test]
fn intermediates_in_a_path() {
    for limit in [0, 1, 8] {
        let limits = Limits::default().with_intermediates(limit);
        let client = verify_deep(limit, limits).expect("just the limit");
        assert_eq!(client.path().len(), limit + 2);
        for over in [limit + 1, 7 * (limit + 1)] {
            let limits = limits.with_presented(over + 1);
            let refusal = verify_deep(over, limits).expect_err("over the limit");
            assert_eq!(refusal.reason(), &Reason::PathTooLong { limit });
            assert_eq!(refusal.code(), Code::ClientCertMaxChainDepthExceeded);
            assert_eq!(refusal.certificate(), None);
        }
    }
    assert_eq!(Limits::default().intermediates, 8);
}

#[test]
fn signatures_of_a_path() {
    for intermediates in [0, 1, 8] {
        let needed = u32::try_from(intermediates + 1).expect("a small number");
        verify_deep(intermediates, Limits::default().with_signatures(needed))
            .expect("just the limit");
        let limit = needed - 1;
        let refusal = verify_deep(intermediates, Limits::default().with_signatures(limit))
            .expect_err("over the limit");
        assert_eq!(refusal.reason(), &Reason::SignatureLimit { limit });
        assert_eq!(refusal.code(), Code::UnmappedConnectionError);
        let certificate = refusal.certificate().expect("the one at hand");
        assert_eq!(certificate.position(), Position::Client);
        assert!(
            refusal.to_string().contains("(Limits::signatures)"),
            "{refusal}"
        );
    }
}

#[test]
fn work() {
    for intermediates in [0, 1, 8] {
        let with_work = |limit| verify_deep(intermediates, Limits::default().with_work(limit));
        let (needed, outcome) = least_work(with_work);
        outcome.expect("just the limit");
        assert!(needed < Limits::default().work, "{needed}");
        for limit in [0, 1, needed / 2, needed - 1] {
            let refusal = with_work(limit).expect_err("over the limit");
            // The signatures of no path hold.
            let strangers = limit.div_ceil(10);
            assert!(
                matches!(refusal.reason(), Reason::WorkLimit { limit, .. } if *limit == strangers),
                "{refusal:?}"
            );
            assert_eq!(refusal.code(), Code::UnmappedConnectionError);
            assert!(refusal.certificate().is_some());
            assert!(refusal.to_string().contains("Limits::work"), "{refusal}");
        }
        with_work(needed + 1).expect("below the limit");
    }
}

/// Limits of nothing refuse everything, and those of everything nothing good.
#[test]
fn limits_at_their_ends() {
    let none = Limits::default()
        .with_presented(0)
        .with_certificate_bytes(0)
        .with_intermediates(0)
        .with_signatures(0)
        .with_work(0);
    let all = Limits::default()
        .with_presented(usize::MAX)
        .with_certificate_bytes(usize::MAX)
        .with_intermediates(usize::MAX)
        .with_signatures(u32::MAX)
        .with_work(u32::MAX);
    verify_deep(0, none).expect_err("over each limit");
    verify_deep(20, all).expect("below each limit");
}

fn verify(pki: &Pki, chain: &[Vec<u8>], limits: Limits) -> Result<VerifiedClient, VerifyError> {
    pki.verify_with(chain, NOW, &ClientPolicy::default().with_limits(limits))
}

/// A client below so many intermediates, all of them presented.
fn verify_deep(intermediates: usize, limits: Limits) -> Result<VerifiedClient, VerifyError> {
    let root = Cert::ca("Root", &Key::p256("root"));
    let mut issuer = root.clone();
    let mut chain = Vec::new();
    for number in 0..intermediates {
        let name = format!("CA {number}");
        issuer = Cert::ca(&name, &Key::p256(&name)).issued_by(&issuer);
        chain.push(issuer.der());
    }
    chain.insert(
        0,
        Cert::client("client", &Key::p256("client"))
            .issued_by(&issuer)
            .der(),
    );
    let store = TrustStore::builder()
        .add_ca_der(&CertificateDer::from(root.der()))
        .and_then(|builder| builder.build())
        .expect("a good root");
    let policy = ClientPolicy::default().with_limits(limits);
    verify_client_chain(&store, &presented(&chain), at_second(NOW), &policy)
}

/// The certificate with an extension that makes it so many bytes long.
fn padded(certificate: &Cert, bytes: usize) -> Vec<u8> {
    let with_padding = |padding| {
        let extension = Extension::new("2.25.1", vec![0; padding]);
        certificate.clone().extension(extension).der()
    };
    // Beyond 256 bytes of padding, all lengths that change with it have a form of the same size.
    let overhead = with_padding(300).len() - 300;
    let der = with_padding(bytes - overhead);
    assert_eq!(der.len(), bytes);
    der
}
