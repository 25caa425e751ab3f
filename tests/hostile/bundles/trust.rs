//! What OpenSSL's trust settings reject for every purpose, in the lenient mode.

use mtls_verify::error::{Position, Reason, StoreProblem};
use mtls_verify::revocation::DeniedBy;
use mtls_verify::store::CertificateInfo;
use mtls_verify::{
    ClientPolicy, ClientVerifier, CrlSet, DenyList, StoreError, TrustStore, TrustStoreBuilder,
    VerifyError, verify_client_chain,
};
use testpki::{Cert, Key, Pem, der, oid};

use super::place;
use crate::{NOW, Pki, at_second, position, presented};

const MESSAGE: &str = "its OpenSSL trust settings allow it for no purpose";

/// A block with this certificate, rejected for every purpose.
fn rejecting(der: &[u8]) -> String {
    trusted(
        der,
        &der::sequence(&[der::context_constructed(
            0,
            &der::oid(oid::ANY_EXTENDED_KEY_USAGE),
        )]),
    )
}

fn trusted(der: &[u8], settings: &[u8]) -> String {
    Pem::new("TRUSTED CERTIFICATE", &[der, settings].concat()).to_string()
}

fn plain(der: &[u8]) -> String {
    Pem::certificate(der).to_string()
}

type Add =
    for<'a> fn(&'a mut TrustStoreBuilder, &[u8]) -> Result<&'a mut TrustStoreBuilder, StoreError>;

const INPUTS: [Add; 3] = [
    |builder, pem| builder.add_ca_pem(pem),
    |builder, pem| builder.add_intermediates_pem(pem),
    |builder, pem| builder.pin_clients_pem(pem),
];

fn lenient() -> TrustStoreBuilder {
    TrustStore::lenient_builder()
}

fn verify(store: &TrustStore, chain: &[Vec<u8>]) -> Result<(), VerifyError> {
    let policy = ClientPolicy::default();
    verify_client_chain(store, &presented(chain), at_second(NOW), &policy).map(|_| ())
}

fn assert_rejected(store: &TrustStore, chain: &[Vec<u8>], at: Position) {
    let refusal = verify(store, chain).expect_err("rejected");
    let by = DeniedBy::TrustSettings;
    assert_eq!(refusal.reason(), &Reason::Denied { by }, "{refusal}");
    assert_eq!(position(&refusal), Some(at), "{refusal}");
    let message = "is denied, by the OpenSSL trust settings in a TRUSTED CERTIFICATE";
    assert!(refusal.to_string().contains(message), "{refusal}");
}

/// Each certificate of a path is given plain and rejected, in either order, as what it is; the
/// rejection itself comes in each input. Then it is in no role, and no path leads over it.
#[test]
fn rejection_wins_in_every_input_and_order() {
    let pki = Pki::new();
    let stranger = Cert::ca("Stranger", &Key::p256("stranger")).der();
    let all = [&pki.root, &pki.issuing, &pki.client];
    let positions = [Position::Anchor, Position::Presented(1), Position::Client];
    for (rejected, position) in all.iter().zip(positions) {
        for add in INPUTS {
            for order in [false, true] {
                let block = rejecting(rejected);
                let add_all = |builder: &mut TrustStoreBuilder| {
                    builder
                        .add_ca_pem((plain(&pki.root) + &plain(&stranger)).as_bytes())?
                        .add_intermediates_pem(plain(&pki.issuing).as_bytes())?
                        .pin_client_der(&pki.client)
                        .map(drop)
                };
                let mut builder = lenient();
                if order {
                    add(&mut builder, block.as_bytes()).expect("skipped");
                }
                add_all(&mut builder).expect("good");
                if !order {
                    add(&mut builder, block.as_bytes()).expect("skipped");
                }
                let store = builder.build().expect("the rest");
                let [error] = store.skipped() else {
                    panic!("{:?}", store.skipped());
                };
                assert_eq!(error.problem(), &StoreProblem::TrustSettings);
                assert_eq!(place(error), (Some(1), Some(1)));
                assert!(error.to_string().contains(MESSAGE), "{error}");

                let is_it = |info: CertificateInfo<'_>| *info.der() == ***rejected;
                assert!(!store.anchors().any(is_it));
                assert!(!store.intermediates().any(is_it));
                assert!(!store.pinned_clients().any(is_it));
                let count = store.anchors().len()
                    + store.intermediates().len()
                    + store.pinned_clients().len();
                assert_eq!(count, 3, "the others are there");

                // No pin is in the way here.
                let store = lenient()
                    .add_ca_pem((plain(&pki.root) + &plain(&stranger)).as_bytes())
                    .and_then(|builder| add(builder, block.as_bytes()))
                    .and_then(TrustStoreBuilder::build)
                    .expect("the rest");
                let chain = [pki.client.clone(), pki.issuing.clone()];
                match position {
                    // It is no anchor any more: nothing leads anywhere.
                    Position::Anchor => {
                        let refusal = verify(&store, &chain).expect_err("no anchor");
                        assert!(!matches!(refusal.reason(), Reason::Denied { .. }));
                    }
                    _ => assert_rejected(&store, &chain, position),
                }
            }
        }
    }
}

/// Rejected as an intermediate, and presented by a client: the path leads over it, and is refused.
/// Neither another deny list nor other CRLs lift that.
#[test]
fn rejection_outlives_a_deny_list() {
    let pki = Pki::new();
    let chain = [pki.client.clone(), pki.issuing.clone()];
    let store = lenient()
        .add_ca_pem(plain(&pki.root).as_bytes())
        .and_then(|builder| builder.add_intermediates_pem(rejecting(&pki.issuing).as_bytes()))
        .and_then(TrustStoreBuilder::build)
        .expect("the root");
    let at = Position::Presented(1);
    assert_rejected(&store, &chain, at);
    assert_rejected(&store.with_deny_list(DenyList::new()), &chain, at);
    assert_rejected(&store.with_crls(CrlSet::new()), &chain, at);
    let verifier = ClientVerifier::new(store.into(), ClientPolicy::default());
    for _ in 0..2 {
        let refusal = verifier
            .verify(&presented(&chain), at_second(NOW))
            .expect_err("rejected");
        let by = DeniedBy::TrustSettings;
        assert_eq!(refusal.reason(), &Reason::Denied { by });
    }

    // What a deny list says of the same certificate comes first.
    let denied = DenyList::new()
        .with_certificate(&pki.issuing)
        .expect("a certificate");
    let refusal = verify(&verifier.store().with_deny_list(denied), &chain).expect_err("denied");
    let by = DeniedBy::Signed;
    assert_eq!(refusal.reason(), &Reason::Denied { by });
}

/// The other ECDSA signature makes no other certificate.
#[test]
fn rejection_counts_for_the_other_encoding() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
    let client = Cert::client("client", &Key::p256("client")).issued_by(&issuing);
    let other = issuing.clone().other_encoding();
    assert_ne!(other.der(), issuing.der());
    let block = rejecting(&issuing.der());
    let store = lenient()
        .add_ca_pem((plain(&root.der()) + &plain(&other.der())).as_bytes())
        .and_then(|builder| builder.add_ca_pem(block.as_bytes()))
        .and_then(TrustStoreBuilder::build)
        .expect("the root");
    assert_eq!(store.anchors().len(), 1);
    assert_rejected(&store, &[client.der(), other.der()], Position::Presented(1));
}

/// An equal certificate with other settings, or with settings that nobody can read, which may be a
/// rejection.
#[test]
fn settings_against_settings() {
    let pki = Pki::new();
    let stranger = Cert::ca("Stranger", &Key::p256("stranger")).der();
    let allowing = der::sequence(&[der::sequence(&[der::oid(oid::CLIENT_AUTH)])]);
    let unreadable = [der::sequence::<Vec<u8>>(&[]), der::null()].concat();
    let allowed = trusted(&pki.root, &allowing);
    for (bad, message) in [
        (rejecting(&pki.root), MESSAGE),
        (trusted(&pki.root, &unreadable), "malformed: trust settings"),
    ] {
        for bundle in [format!("{bad}{allowed}"), format!("{allowed}{bad}")] {
            let bundle = bundle + &plain(&stranger);
            let strict = TrustStore::from_pem(bundle.as_bytes()).expect_err("strict");
            assert!(strict.to_string().contains(message), "{strict}");
            let store = lenient()
                .add_ca_pem(bundle.as_bytes())
                .and_then(TrustStoreBuilder::build)
                .expect("the stranger");
            assert_eq!(store.skipped(), [strict]);
            assert!(store.anchors().all(|anchor| *anchor.der() == *stranger));
            assert_eq!(store.anchors().len(), 1);
        }
    }
    let store = TrustStore::from_pem((allowed.clone() + &plain(&pki.root)).as_bytes());
    assert_eq!(store.expect("allowed").anchors().len(), 1);
}

/// Where the rejection is why nothing is left, it is the error, whatever else was skipped.
#[test]
fn nothing_left_but_what_is_rejected() {
    let pki = Pki::new();
    let key = Key::p256("root").pkcs8_pem();
    let bundle = [key.clone(), plain(&pki.root), rejecting(&pki.root)].concat();
    let error = lenient()
        .add_ca_pem(bundle.as_bytes())
        .and_then(TrustStoreBuilder::build)
        .expect_err("nothing is left");
    assert_eq!(error.problem(), &StoreProblem::TrustSettings);
    // There was nothing else: the first fault counts.
    let error = lenient()
        .add_ca_pem([key, rejecting(&pki.root)].concat().as_bytes())
        .and_then(TrustStoreBuilder::build)
        .expect_err("nothing is left");
    assert!(matches!(error.problem(), StoreProblem::PrivateKey { .. }));
}

/// A block that is rejected and no certificate otherwise takes nothing with it.
#[test]
fn rejected_block_without_a_certificate() {
    let pki = Pki::new();
    let reject = der::sequence(&[der::context_constructed(
        0,
        &der::oid(oid::ANY_EXTENDED_KEY_USAGE),
    )]);
    let bundle = [
        rejecting(&pki.issuing),
        trusted(&der::sequence(&[der::null()]), &reject),
        plain(&pki.root),
        plain(&pki.issuing),
    ];
    let store = lenient()
        .add_ca_pem(bundle.concat().as_bytes())
        .and_then(TrustStoreBuilder::build)
        .expect("the root");
    assert!(store.anchors().all(|anchor| *anchor.der() == *pki.root));
    let problems: Vec<_> = store.skipped().iter().map(StoreError::problem).collect();
    assert!(
        matches!(
            problems[..],
            [StoreProblem::TrustSettings, StoreProblem::Malformed(_)]
        ),
        "{problems:?}"
    );
}

/// The certificate that is rejected need not be a good one: what was signed is rejected.
#[test]
fn rejected_by_what_was_signed_alone() {
    let algorithm = der::sequence(&[der::oid("1.2.840.10045.4.3.3")]);
    let root = Cert::ca("Root", &Key::p256("root"));
    let issuing = Cert::ca("Issuing", &Key::p256("issuing")).issued_by(&root);
    let client = Cert::client("client", &Key::p256("client")).issued_by(&issuing);
    let chain = [client.der(), issuing.der()];
    for bad in [
        issuing.clone().outer_algorithm(algorithm),
        issuing.clone().unused_signature_bits(3),
        issuing.clone().raw_signature(vec![]),
    ] {
        for add in INPUTS {
            let store = lenient()
                .add_ca_pem(plain(&root.der()).as_bytes())
                .and_then(|builder| add(builder, rejecting(&bad.der()).as_bytes()))
                .and_then(TrustStoreBuilder::build)
                .expect("the root");
            assert_rejected(&store, &chain, Position::Presented(1));
        }
    }
}
