//! Critical extensions that the policy leaves to the application, and how a result hands them over.

use mtls_verify::client::Oid;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{Memory, ProcessedExtensions, ProcessedIn};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, verify_client_chain};
use testpki::{Cert, Extension, Key, der};

use crate::files;

const DICE: &str = "2.23.133.5.4.1";
const LIBP2P: &str = "1.3.6.1.4.1.53594.1.1";
const PRIVATE: &str = "1.3.6.1.4.1.32473.7";

fn now() -> UnixTime {
    files::time("2026-06-01T00:00:00Z")
}

fn oid(dotted: &str) -> Oid {
    dotted.parse().expect("an OBJECT IDENTIFIER")
}

fn critical(dotted: &str, value: &str) -> Extension {
    Extension::new(dotted, der::utf8_string(value)).critical()
}

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

fn alice() -> Cert {
    Cert::client("alice", &Key::p256("alice")).issued_by(&issuing())
}

fn chain(certificates: &[Cert]) -> Vec<CertificateDer<'static>> {
    let certificates = certificates.iter();
    certificates.map(|cert| cert.der().into()).collect()
}

fn store(anchor: &Cert) -> TrustStore {
    TrustStore::from_pem(anchor.pem().as_bytes()).expect("a good CA")
}

fn policy(processed: ProcessedExtensions) -> ClientPolicy {
    ClientPolicy::default().with_processed_extensions(processed)
}

fn on_clients(oids: &[&str]) -> ProcessedExtensions {
    ProcessedExtensions::of_client(oids.iter().map(|dotted| oid(dotted))).expect("good ones")
}

/// The identifiers, indices and values of what is left.
fn left(client: &VerifiedClient) -> Vec<(String, usize, Vec<u8>)> {
    let left = client.extensions_to_process();
    left.iter()
        .map(|one| {
            let extension = one.extension();
            assert!(extension.is_critical());
            (
                extension.oid().to_string(),
                one.path_index(),
                extension.value().to_vec(),
            )
        })
        .collect()
}

#[test]
fn a_result_hands_over_what_the_policy_names() {
    let client = alice()
        .extension(critical(LIBP2P, "key"))
        .extension(Extension::new(PRIVATE, der::null()))
        .extension(critical(DICE, "firmware"));
    let chain = chain(&[client, issuing()]);
    let (store, policy) = (store(&root()), policy(on_clients(&[DICE, LIBP2P])));
    let client = verify_client_chain(&store, &chain, now(), &policy).expect("verified");
    // In the order of the certificate, and what is not critical is not among them.
    let expected = [
        (LIBP2P.to_owned(), 0, der::utf8_string("key")),
        (DICE.to_owned(), 0, der::utf8_string("firmware")),
    ];
    assert_eq!(left(&client), expected);

    // Nobody took one: the client is to be refused.
    let error = client.extensions_to_process().finish().unwrap_err();
    assert_eq!(
        (error.oid.to_string(), error.path_index),
        (LIBP2P.into(), 0)
    );
    assert!(error.to_string().contains(LIBP2P), "{error}");

    // One is left, whichever it is.
    let mut left = client.extensions_to_process();
    assert!(left.take(&oid(PRIVATE)).is_none());
    let found = left.take(&oid(LIBP2P)).expect("it is there");
    assert_eq!(found.extension().value(), der::utf8_string("key"));
    assert!(left.take(&oid(LIBP2P)).is_none() && !left.is_empty());
    assert_eq!(left.clone().finish().unwrap_err().oid, oid(DICE));

    left.take(&oid(DICE)).expect("it is there");
    assert!(left.is_empty());
    left.finish().expect("all were taken");
}

#[test]
fn without_such_an_extension_nothing_is_left() {
    let (store, chain) = (store(&root()), chain(&[alice(), issuing()]));
    for policy in [ClientPolicy::default(), policy(on_clients(&[DICE]))] {
        let client = verify_client_chain(&store, &chain, now(), &policy).expect("verified");
        client.extensions_to_process().finish().expect("none");
    }
}

#[test]
fn those_of_cas_come_after_the_clients() {
    let on_path = ProcessedExtensions::none()
        .with(oid(DICE), ProcessedIn::Path)
        .and_then(|all| all.with(oid(LIBP2P), ProcessedIn::Client))
        .expect("good ones");
    let anchor = root().extension(critical(DICE, "anchor"));
    let client = alice()
        .extension(critical(DICE, "client"))
        .extension(critical(LIBP2P, "client"));
    let issuing = issuing().extension(critical(DICE, "issuer"));
    let (store, chain) = (store(&anchor), chain(&[client, issuing]));
    let client = verify_client_chain(&store, &chain, now(), &policy(on_path)).expect("verified");
    let mut left = client.extensions_to_process();
    for (index, value) in ["client", "issuer", "anchor"].into_iter().enumerate() {
        let found = left.take(&oid(DICE)).expect("it is there");
        assert_eq!(found.path_index(), index);
        assert_eq!(found.extension().value(), der::utf8_string(value));
    }
    assert_eq!(left.finish().unwrap_err().oid, oid(LIBP2P));
}

#[test]
fn a_pinned_client_hands_over_its_own() {
    let client = Cert::client("alice", &Key::p256("alice")).extension(critical(DICE, "pinned"));
    let mut builder = TrustStore::builder();
    builder
        .pin_clients_pem(client.pem().as_bytes())
        .expect("a good pin");
    let store = builder.build().expect("a store");
    let chain = chain(&[client]);
    let policy = policy(on_clients(&[DICE]));
    let client = verify_client_chain(&store, &chain, now(), &policy).expect("verified");
    assert_eq!(left(&client).len(), 1);
}

#[cfg(feature = "std")]
#[test]
fn memory_hands_over_the_same() {
    use mtls_verify::ClientVerifier;

    let chain = chain(&[alice().extension(critical(DICE, "firmware")), issuing()]);
    for memory in [Memory::default(), Memory::OFF] {
        let policy = policy(on_clients(&[DICE])).with_memory(memory);
        let verifier = ClientVerifier::new(store(&root()).into(), policy);
        let first = left(&verifier.verify(&chain, now()).expect("verified"));
        assert_eq!(first.len(), 1);
        assert_eq!(
            left(&verifier.verify(&chain, now()).expect("verified")),
            first
        );
    }
}
