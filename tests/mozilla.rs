//! The roots of the Mozilla program, as Debian's package `ca-certificates` has them, and real
//! public chains below them.

mod common;

use std::collections::HashSet;
use std::path::Path;

use common::{Case, certificates, read};
use der::oid::db::rfc5280::{ANY_EXTENDED_KEY_USAGE, ID_KP_CLIENT_AUTH};
use der::{Decode, Encode};
use mtls_verify::error::{Code, Reason};
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};
use x509_cert::Certificate;
use x509_cert::ext::pkix::ExtendedKeyUsage;

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

#[test]
fn the_whole_bundle_loads_strictly() {
    let bundle = bundle();
    let blocks = certificates(&bundle);
    let blocks: HashSet<CertificateDer<'_>> = blocks.into_iter().collect();
    assert!(blocks.len() > 100, "only {} roots", blocks.len());

    let store = TrustStore::from_pem(&bundle).expect("every root is a good CA certificate");
    assert!(store.skipped().is_empty());
    assert_eq!(store.anchors().len(), blocks.len());
    let anchors: HashSet<CertificateDer<'_>> = store.anchors().map(|anchor| anchor.der()).collect();
    assert_eq!(anchors, blocks);
}

/// Twice the same bundle is the same store, in the order of the first.
#[test]
fn duplicates_are_kept_once() {
    let bundle = bundle();
    let once = TrustStore::from_pem(&bundle).expect("a good bundle");
    let twice = TrustStore::from_pem(&bundle.repeat(2)).expect("a good bundle");
    let ders = |store: &TrustStore| -> Vec<Vec<u8>> {
        let anchors = store.anchors();
        anchors.map(|anchor| anchor.der().to_vec()).collect()
    };
    assert_eq!(ders(&twice), ders(&once));
}

#[test]
fn distinguished_names_are_those_of_the_roots_and_each_once() {
    let bundle = bundle();
    let store = TrustStore::from_pem(&bundle).expect("a good bundle");
    let subjects: HashSet<Vec<u8>> = certificates(&bundle)
        .iter()
        .map(|root| {
            parsed(root)
                .tbs_certificate()
                .subject()
                .to_der()
                .expect("encodes")
        })
        .collect();
    let names: Vec<&[u8]> = store.distinguished_names().collect();
    let distinct: HashSet<Vec<u8>> = names.iter().map(|name| name.to_vec()).collect();
    assert_eq!(names.len(), distinct.len());
    assert_eq!(distinct, subjects);
}

#[test]
fn public_chains_lead_to_the_bundle() {
    let store = TrustStore::from_pem(&bundle()).expect("a good bundle");
    let mut verified = 0;
    for (case, root) in public_cases() {
        if !store.anchors().any(|anchor| *anchor.der() == *root) {
            continue;
        }
        let client = verify_client_chain(&store, &case.chain(), case.time(), &case.policy())
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", case.name));
        assert_eq!(client.path().last(), Some(root), "{}", case.name);
        verified += 1;
    }
    assert!(
        verified >= 5,
        "the bundle has the roots of only {verified} chains"
    );
}

/// They are servers' certificates: whether a server takes them from clients depends on their
/// extended key usage.
#[test]
fn public_chains_as_clients() {
    let store = TrustStore::from_pem(&bundle()).expect("a good bundle");
    let mut refused = 0;
    for (case, root) in public_cases() {
        if !store.anchors().any(|anchor| *anchor.der() == *root) {
            continue;
        }
        let chain = case.chain();
        let outcome = verify_client_chain(&store, &chain, case.time(), &ClientPolicy::default());
        if chain.iter().all(is_for_clients) {
            outcome.unwrap_or_else(|refusal| panic!("{}: {refusal}", case.name));
        } else {
            let refusal = outcome.expect_err(&case.name);
            assert_eq!(
                refusal.code(),
                Code::ClientCertPurposeInvalid,
                "{}",
                case.name
            );
            assert!(
                matches!(refusal.reason(), Reason::Purpose { needed, .. } if needed == "clientAuth")
            );
            refused += 1;
        }
    }
    assert!(refused > 0, "every public chain is for clients too");
}

/// None of them is trusted by a root that issued nothing in it.
#[test]
fn public_chains_are_refused_by_other_roots() {
    let bundle = certificates(&bundle());
    for (case, _) in public_cases() {
        let chain = case.chain();
        let issuers: Vec<_> = chain
            .iter()
            .map(|certificate| parsed(certificate).tbs_certificate().issuer().clone())
            .collect();
        let mut builder = TrustStore::builder();
        for root in &bundle {
            if !issuers.contains(parsed(root).tbs_certificate().subject()) {
                builder.add_ca_der(root).expect("a good root");
            }
        }
        let store = builder.build().expect("good roots");
        assert!(store.anchors().len() < bundle.len(), "{}", case.name);
        let refusal =
            verify_client_chain(&store, &chain, case.time(), &case.policy()).expect_err(&case.name);
        assert_eq!(refusal.code(), Code::ClientCertUntrusted, "{}", case.name);
    }
}

fn bundle() -> Vec<u8> {
    let path = Path::new(BUNDLE);
    assert!(
        path.exists(),
        "these tests need {BUNDLE}, of Debian's package ca-certificates"
    );
    read(path)
}

/// The public chains, each with its root.
fn public_cases() -> Vec<(Case, CertificateDer<'static>)> {
    Case::below("public")
        .into_iter()
        .map(|case| {
            let root = certificates(&read(&case.folder.join("ca.pem"))).swap_remove(0);
            (case, root)
        })
        .collect()
}

/// Whether the extended key usage, read by another parser than the library's, lets it be used by
/// TLS clients.
fn is_for_clients(certificate: &CertificateDer<'_>) -> bool {
    let certificate = parsed(certificate);
    let usage = certificate
        .tbs_certificate()
        .get_extension::<ExtendedKeyUsage>()
        .expect("a well-formed extension");
    usage.is_none_or(|(_, purposes)| {
        let allowed = [ID_KP_CLIENT_AUTH, ANY_EXTENDED_KEY_USAGE];
        purposes.0.iter().any(|purpose| allowed.contains(purpose))
    })
}

fn parsed(certificate: &CertificateDer<'_>) -> Certificate {
    Certificate::from_der(certificate).expect("a certificate")
}
