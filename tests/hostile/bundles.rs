//! What a store is built from.

mod text;
mod trust;

use std::ops::Range;

use mtls_verify::error::{Input, StoreProblem};
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::store::MAX_CERTIFICATE_BYTES;
use mtls_verify::{ClientPolicy, StoreError, TrustStore, verify_client_chain};
use testpki::{Key, Pem, pem};

use crate::{NOW, Pki, assert_can_be_shown, at_second, presented, store_of};

#[test]
fn megabyte_in_the_store() {
    let huge = vec![0xff; 1_000_000];
    let (bytes, limit) = (huge.len(), MAX_CERTIFICATE_BYTES);
    let too_large = StoreProblem::TooLarge { bytes, limit };
    let error = TrustStore::builder()
        .add_ca_der(&CertificateDer::from(huge.as_slice()))
        .expect_err("too large");
    assert_eq!(error.problem(), &too_large);
    assert_eq!(place(&error), (Some(1), None));

    let pem = Pem::certificate(&huge)
        .text_before("# a comment\n")
        .to_string();
    let builder = TrustStore::builder;
    for (added, input) in [
        (builder().add_ca_pem(pem.as_bytes()), Input::Ca),
        (
            builder().add_intermediates_pem(pem.as_bytes()),
            Input::Intermediate,
        ),
        (
            builder().pin_clients_pem(pem.as_bytes()),
            Input::PinnedClient,
        ),
    ] {
        let error = added.expect_err("too large");
        assert_eq!((error.input(), error.problem()), (input, &too_large));
        assert_eq!(place(&error), (Some(1), Some(2)));
    }
}

/// An anchor is trusted as it is, so that some of these load; none may break a store.
#[test]
fn every_mutation_and_truncation_of_an_anchor() {
    let pki = Pki::new();
    let chain = [pki.client.clone(), pki.issuing.clone()];
    let mut loaded = 0;
    for at in 0..pki.root.len() {
        let truncated = CertificateDer::from(&pki.root[..at]);
        let error = TrustStore::builder()
            .add_ca_der(&truncated)
            .expect_err("truncated");
        assert!(
            matches!(error.problem(), StoreProblem::Malformed(_)),
            "{error}"
        );
        for bits in [0x01, 0x80, 0xff] {
            let mut mutated = pki.root.clone();
            mutated[at] ^= bits;
            match store_of(&mutated) {
                Ok(store) => {
                    loaded += 1;
                    let outcome = verify_client_chain(
                        &store,
                        &presented(&chain),
                        at_second(NOW),
                        &ClientPolicy::default(),
                    );
                    if let Err(refusal) = outcome {
                        assert_can_be_shown(&refusal);
                    }
                }
                Err(error) => assert!(!format!("{error} {error:?}").is_empty()),
            }
        }
    }
    assert!(loaded > 0);
}

/// A cut inside a block is an error at that block, and nothing is loaded; a cut between blocks
/// leaves a smaller bundle, which nobody can tell from a whole one.
#[test]
fn every_truncation_of_a_bundle() {
    let pki = Pki::new();
    let mut bundle = String::new();
    let mut blocks = Vec::new();
    for (number, certificate) in [&pki.root, &pki.issuing, &pki.root].into_iter().enumerate() {
        bundle.push_str(&format!("# CA {number}\n\n"));
        let line = bundle.lines().count() + 1;
        let start = bundle.len();
        bundle.push_str(&Pem::certificate(certificate).to_string());
        blocks.push((start..bundle.trim_end().len(), line));
    }
    for cut in 0..=bundle.len() {
        let truncated = &bundle.as_bytes()[..cut];
        let whole = blocks.iter().filter(|(block, _)| block.end <= cut).count();
        // What is cut off within "-----BEGIN" is still text like any other between blocks.
        let is_inside =
            |block: &Range<usize>| (block.start + "-----BEGIN".len()..block.end).contains(&cut);
        let strict = TrustStore::from_pem(truncated);
        match blocks.iter().find(|(block, _)| is_inside(block)) {
            Some((_, line)) => {
                let error = strict.expect_err("cut inside a block");
                assert_eq!(
                    place(&error),
                    (Some(whole + 1), Some(*line)),
                    "{cut}: {error}"
                );
                assert!(
                    matches!(
                        error.problem(),
                        StoreProblem::NoEnd
                            | StoreProblem::Boundary { .. }
                            | StoreProblem::BrokenEnd { .. }
                    ),
                    "{cut}: {error}"
                );
            }
            None if whole == 0 => {
                let error = strict.expect_err("no block");
                assert!(
                    matches!(error.problem(), StoreProblem::Empty { .. }),
                    "{error}"
                );
            }
            None => assert_eq!(strict.expect("whole blocks").anchors().len(), whole.min(2)),
        }
        match lenient(truncated) {
            Ok(store) => assert_eq!(store.anchors().len(), whole.min(2), "{cut}"),
            Err(_) => assert_eq!(whole, 0, "{cut}"),
        }
    }
}

#[test]
fn random_bundles() {
    let mut random = Random(1);
    for length in 0..600 {
        let bytes: Vec<u8> = (0..length).map(|_| random.byte()).collect();
        let begin = b"-----BEGIN CERTIFICATE-----\n".as_slice();
        let end = b"\n-----END CERTIFICATE-----\n".as_slice();
        let framed = Pem::certificate(&bytes).to_string();
        for bundle in [
            &bytes,
            &[begin, &bytes].concat(),
            &[&bytes, end].concat(),
            &[begin, &bytes, end].concat(),
            framed.as_bytes(),
        ] {
            let error = TrustStore::from_pem(bundle).expect_err("no certificate");
            assert!(!format!("{error} {error:?}").is_empty());
            lenient(bundle).expect_err("nothing good in it");
        }
        let error = store_of(&bytes).expect_err("no certificate");
        assert!(
            matches!(error.problem(), StoreProblem::Malformed(_)),
            "{error}"
        );
    }
}

#[test]
fn lenient_builder_tells_what_it_left_out() {
    let pki = Pki::new();
    let certificate = |der: &[u8]| Pem::certificate(der).to_string();
    let not_base64 = certificate(&pki.root).replacen("MI", "M!", 1);
    let blocks = [
        (certificate(&pki.root), ""),
        (
            certificate(&pki.client),
            " (CN=client): not a CA: it has no basicConstraints",
        ),
        (
            Key::p256("root").pkcs8_pem(),
            ": a private key (\"PRIVATE KEY\")",
        ),
        (certificate(&pki.issuing[1..]), ": malformed: certificate"),
        (
            Pem::new("X509 CRL", b"crl").to_string(),
            ": a block labelled \"X509 CRL\"",
        ),
        (not_base64, ": not base64 on line"),
        (
            "-----BEGIN CERTIFICATE----\n".to_owned(),
            ": a line that resembles \"-----BEGIN\"",
        ),
        (certificate(&pki.issuing), ""),
        (
            "-----BEGIN CERTIFICATE-----\nMIIB\n".to_owned(),
            ": no END line",
        ),
    ];
    let mut bundle = String::new();
    let mut expected = Vec::new();
    for (number, (block, problem)) in (1..).zip(blocks) {
        bundle.push_str(&format!("# {number}\n"));
        if !problem.is_empty() {
            expected.push((number, bundle.lines().count() + 1, problem));
        }
        bundle.push_str(&block);
    }

    let store = lenient(bundle.as_bytes()).expect("two CAs are good");
    let anchors: Vec<_> = store.anchors().map(|anchor| anchor.der()).collect();
    assert_eq!(anchors, presented(&[pki.root.clone(), pki.issuing.clone()]));
    assert_eq!(store.skipped().len(), expected.len());
    for (error, (block, line, problem)) in store.skipped().iter().zip(expected) {
        assert_eq!(place(error), (Some(block), Some(line)), "{error}");
        let start = format!("certificate {block}, line {line}{problem}");
        assert!(error.to_string().starts_with(&start), "{error}");
    }
    // All or nothing: the first of them is the strict error, and there is no store.
    let strict = TrustStore::from_pem(bundle.as_bytes()).expect_err("not all good");
    assert_eq!(&strict, &store.skipped()[0]);
}

/// Where nothing good is left, there is no store, and the first fault says why.
#[test]
fn lenient_builder_with_nothing_good() {
    let pki = Pki::new();
    let bundle = pem::bundle(&[&pki.client, &pki.client]);
    let error = lenient(bundle.as_bytes()).expect_err("no CA");
    assert!(
        matches!(error.problem(), StoreProblem::NotACa(_)),
        "{error}"
    );
    assert_eq!(place(&error), (Some(1), Some(1)));
    // Intermediates alone lead nowhere.
    let error = TrustStore::builder()
        .add_intermediates_pem(pem::bundle(&[&pki.root]).as_bytes())
        .and_then(|builder| builder.build())
        .expect_err("no anchor");
    assert_eq!(error.problem(), &StoreProblem::Empty { hint: None });
}

fn lenient(bundle: &[u8]) -> Result<TrustStore, StoreError> {
    TrustStore::lenient_builder().add_ca_pem(bundle)?.build()
}

fn place(error: &StoreError) -> (Option<usize>, Option<usize>) {
    (error.number(), error.line())
}

/// Numbers that look random and are the same on every run: a linear congruential generator (Knuth's
/// MMIX).
struct Random(u64);

impl Random {
    fn byte(&mut self) -> u8 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 56) as u8
    }
}
