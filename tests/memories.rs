//! What a `ClientVerifier` remembers of some chains does not change its verdict on others, in
//! whatever order it sees them.

#[path = "hostile/counting.rs"]
mod counting;
#[path = "common/files.rs"]
mod files;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{Limits, Memory};
use mtls_verify::{
    ClientPolicy, ClientVerifier, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};
use testpki::{Cert, Extension, GeneralName, Key, oid};

type Chain = Vec<CertificateDer<'static>>;

fn now() -> UnixTime {
    files::time("2026-06-01T00:00:00Z")
}

fn store(anchors: &[Cert]) -> Arc<TrustStore> {
    let pem: String = anchors.iter().map(Cert::pem).collect();
    Arc::new(TrustStore::from_pem(pem.as_bytes()).expect("good CAs"))
}

fn chain(certificates: &[&Cert]) -> Chain {
    let certificates = certificates.iter();
    certificates.map(|cert| cert.der().into()).collect()
}

/// All of an outcome that hangs on what was remembered.
fn seen(outcome: Result<VerifiedClient, VerifyError>) -> String {
    match outcome {
        Ok(client) => format!(
            "{:?} {:?} {:?}",
            client.path().collect::<Vec<_>>(),
            client.expiry(),
            client.valid_until()
        ),
        Err(refusal) => format!("{refusal:?}"),
    }
}

fn permitting(ca: Cert, host: &str) -> Cert {
    let permitted = Extension::subtree(&GeneralName::dns(host));
    ca.extension(Extension::name_constraints(&[permitted], &[]))
}

fn client(name: &str, host: &str, issuer: &Cert) -> Cert {
    let names = [GeneralName::dns(host)];
    Cert::client(name, &Key::p256(name))
        .extension(Extension::subject_alt_name(&names))
        .issued_by(issuer)
}

/// With and without the key identifiers, by which issuers of one name are told apart before any
/// signature is verified.
fn with_key_ids(cert: Cert, has_key_ids: bool) -> Cert {
    match has_key_ids {
        true => cert,
        false => cert
            .without_extension(oid::AUTHORITY_KEY_IDENTIFIER)
            .without_extension(oid::SUBJECT_KEY_IDENTIFIER),
    }
}

/// Two anchors of one name, of which one may certify some hosts only. What it signed does not hold
/// below the other one, which may certify all.
#[test]
fn a_signature_is_remembered_with_the_key_that_made_it() {
    for has_key_ids in [true, false] {
        let adapt = |cert| with_key_ids(cert, has_key_ids);
        let bound = adapt(permitting(
            Cert::ca("Root", &Key::p256("bound")),
            "good.example",
        ));
        let free = adapt(Cert::ca("Root", &Key::p256("free")));
        let issuing = adapt(Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&bound));
        let good = adapt(client("good", "a.good.example", &issuing));
        let evil = adapt(client("evil", "a.evil.example", &issuing));
        let chains = [chain(&[&good, &issuing]), chain(&[&evil, &issuing])];
        for anchors in [[bound.clone(), free.clone()], [free, bound]] {
            let store = store(&anchors);
            for order in [&[0, 1][..], &[1, 0, 1], &[0, 0, 1, 1], &[0, 1, 0, 1]] {
                let verifier = ClientVerifier::new(store.clone(), ClientPolicy::default());
                for index in order {
                    let outcome = verifier.verify(&chains[*index], now());
                    assert_eq!(outcome.is_ok(), *index == 0, "{order:?}: {outcome:?}");
                }
            }
        }
    }
}

/// CAs that have their names or their keys in common, each with a client: a verifier that sees all
/// of these chains, and again, says of each what the pure function says.
#[test]
fn chains_say_nothing_of_each_other() {
    let root = |key: &str| Cert::ca("Root", &Key::p256(key));
    let anchors = [
        permitting(root("one"), "good.example"),
        root("two"),
        root("three").not_after("2026-02-01T00:00:00Z"),
        // The key of the first, by another name.
        Cert::ca("Other Root", &Key::p256("one")),
    ];
    let mut chains = Vec::new();
    for (number, anchor) in anchors.iter().enumerate() {
        for key in ["a", "b"] {
            let ca = Cert::ca("Issuing CA", &Key::p256(key)).issued_by(anchor);
            let expired = ca.clone().not_after("2026-03-01T00:00:00Z");
            let ill_signed = ca.clone().flip_signature_bit();
            let of_other = Cert::ca("Issuing CA", &Key::p256(key))
                .issued_by(anchor)
                .signed_by(&Key::p256("stranger"));
            let name = format!("client {number}{key}");
            for host in ["a.good.example", "a.evil.example"] {
                let leaf = client(&name, host, &ca);
                for issuer in [&ca, &expired, &ill_signed, &of_other] {
                    chains.push(chain(&[&leaf, issuer]));
                }
                chains.push(chain(&[&leaf, &ill_signed, &ca]));
                chains.push(chain(&[&leaf, &expired, &of_other]));
                chains.push(chain(&[&leaf]));
            }
        }
    }
    let store = store(&anchors);
    for policy in [
        ClientPolicy::default(),
        ClientPolicy::default().with_memory(Memory::OFF.with_signatures(100)),
        ClientPolicy::default().with_memory(Memory::OFF.with_chain_bytes(1_000_000)),
        // What is remembered counts towards the limits all the same.
        ClientPolicy::default().with_limits(Limits::default().with_signatures(2)),
    ] {
        let pure: Vec<String> = chains
            .iter()
            .map(|chain| seen(verify_client_chain(&store, chain, now(), &policy)))
            .collect();
        let accepted = pure.iter().filter(|seen| seen.starts_with('['));
        assert!((10..chains.len() - 10).contains(&accepted.count()));
        for step in [1, 3, 5, 11, 29] {
            let verifier = ClientVerifier::new(store.clone(), policy.clone());
            for turn in 0..2 * chains.len() {
                // Each chain in each round, as the steps have no divisor in common with their
                // number.
                let at = turn * step % chains.len();
                let again = seen(verifier.verify(&chains[at], now()));
                assert_eq!(again, pure[at], "chain {at}, step {step}");
            }
        }
    }
}

fn verifier_with(chain_bytes: usize, root: &Cert) -> ClientVerifier {
    let memory = Memory::default().with_chain_bytes(chain_bytes);
    let policy = ClientPolicy::default().with_memory(memory);
    ClientVerifier::new(store(std::slice::from_ref(root)), policy)
}

/// A chain that is larger than the memory is verified each time.
#[test]
fn a_chain_too_large_to_be_remembered_is_verified_again() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let names: Vec<_> = (0..300)
        .map(|number| GeneralName::dns(&format!("host-{number}.example")))
        .collect();
    let large = Cert::client("large", &Key::p256("large"))
        .extension(Extension::subject_alt_name(&names))
        .issued_by(&root);
    let chain = chain(&[&large]);
    let bytes = chain[0].len();
    assert!(bytes > 4_000);
    for (chain_bytes, memory_hits) in [(bytes, 0), (1_000_000, 2)] {
        let verifier = verifier_with(chain_bytes, &root);
        for _ in 0..3 {
            verifier.verify(&chain, now()).expect("verified");
        }
        let counts = verifier.counts();
        assert_eq!(counts.verified(), 3);
        assert_eq!(counts.memory_hits(), memory_hits, "of {chain_bytes} bytes");
    }
}

/// The CAs of known clients cost no signature for new ones. Signatures on clients are remembered
/// with whole chains alone.
#[test]
fn cas_of_known_clients_cost_no_signature() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
    let chains = ["first", "second"].map(|name| {
        let client = client(name, "a.example", &issuing);
        chain(&[&client, &issuing])
    });
    let of_chains = Memory::OFF.with_chain_bytes(1_000_000);
    for (memory, expected) in [
        (Memory::OFF, [2, 2, 2, 2]),
        (Memory::OFF.with_signatures(100), [2, 1, 1, 1]),
        (of_chains, [2, 2, 0, 0]),
        (of_chains.with_signatures(100), [2, 1, 0, 0]),
    ] {
        let counter = Arc::new(AtomicU32::new(0));
        let policy = ClientPolicy::default()
            .with_memory(memory)
            .with_signatures(counting::counting(&counter));
        let verifier = ClientVerifier::new(store(std::slice::from_ref(&root)), policy);
        let counts = [0, 1, 0, 1].map(|index: usize| {
            let verified = verifier.verify(&chains[index], now());
            verified.expect("verified");
            counter.swap(0, Ordering::Relaxed)
        });
        assert_eq!(counts, expected, "{memory:?}");
    }
}

/// No more chains are remembered than the memory has bytes for.
#[test]
fn chains_are_weighed_by_their_bytes() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let chains: Vec<Chain> = (0..200)
        .map(|number| chain(&[&client(&format!("{number}"), "a.example", &root)]))
        .collect();
    // Of the path, its root included.
    let least = chains[0][0].len() + root.der().len();
    for room in [0, 20, 60] {
        let verifier = verifier_with(room * least, &root);
        for _ in 0..2 {
            for chain in &chains {
                verifier.verify(chain, now()).expect("verified");
            }
        }
        let hits = verifier.counts().memory_hits();
        assert!(hits <= room as u64, "{hits} of {room}");
    }
    let verifier = verifier_with(1_000 * least, &root);
    for _ in 0..2 {
        for chain in &chains {
            verifier.verify(chain, now()).expect("verified");
        }
    }
    assert_eq!(verifier.counts().memory_hits(), 200);
}
