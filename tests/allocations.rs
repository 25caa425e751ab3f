//! How often a verification allocates: at most a small constant, however long the chain and however
//! many CAs are trusted; and not at all for a chain that is remembered.

use std::sync::Arc;
use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore, verify_client_chain};
use testpki::{Cert, Key};

/// 2026-06-01T00:00:00Z, in the middle of a test client's validity.
const NOW: u64 = 1_780_272_000;

/// A cold verification allocates this often at most: the presented chain (1), the search with its
/// path (3), and the verified client (3).
const COLD: u64 = 7;

#[test]
fn cold_verifications_allocate_a_small_constant() {
    for depth in [1, 2, 4] {
        for strangers in [0, 50] {
            let info = cold(depth, strangers);
            assert!(
                info.count_total <= COLD,
                "{depth} below the anchor: {info:?}"
            );
            assert_eq!(info.count_current, 0, "all is given back: {info:?}");
        }
    }
}

#[test]
fn repeated_chains_do_not_allocate() {
    for depth in [1, 2, 4] {
        let (store, chain) = client_at(depth, 0);
        let verifier = ClientVerifier::new(Arc::new(store), ClientPolicy::default());
        let verify = || drop(verifier.verify(&chain, now()).expect("accepted"));
        verify();
        let info = measure(verify);
        assert_eq!(info.count_total, 0, "{depth} below the anchor: {info:?}");
    }
}

/// What a client at this depth costs, and dropping what it comes to, with so many more anchors in
/// the store.
fn cold(depth: usize, strangers: usize) -> AllocationInfo {
    let (store, chain) = client_at(depth, strangers);
    let policy = ClientPolicy::default();
    measure(|| {
        let client = verify_client_chain(&store, &chain, now(), &policy).expect("accepted");
        drop(client);
    })
}

/// A client at this depth below an anchor, and a store with so many more anchors.
fn client_at(depth: usize, strangers: usize) -> (TrustStore, Vec<CertificateDer<'static>>) {
    let mut path = vec![Cert::ca("Root", &Key::p256("root"))];
    for level in 1..depth {
        let name = format!("Issuing CA {level}");
        path.insert(0, Cert::ca(&name, &Key::p256(&name)).issued_by(&path[0]));
    }
    let client = Cert::client("client", &Key::p256("client")).issued_by(&path[0]);
    let root = path.pop().expect("a root");

    let stranger = |number| Cert::ca(&format!("Stranger {number}"), &Key::p256("stranger"));
    let anchors = (0..strangers).map(stranger).chain([root]);
    let mut builder = TrustStore::builder();
    for anchor in anchors {
        let der = CertificateDer::from(anchor.der());
        builder.add_ca_der(&der).expect("a good CA");
    }
    let store = builder.build().expect("a good store");
    let chain: Vec<_> = [client]
        .iter()
        .chain(&path)
        .map(|cert| CertificateDer::from(cert.der()))
        .collect();
    (store, chain)
}

fn now() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(NOW))
}
