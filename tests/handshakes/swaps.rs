//! The store, or the store and the policy, is replaced while the server serves.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mtls_verify::error::{Code, ReplaceStoreError};
use mtls_verify::pki_types::UnixTime;
use mtls_verify::policy::RevocationPolicy;
use mtls_verify::rustls::RustlsVerifier;
use mtls_verify::{ClientPolicy, ClientVerifier, verify_client_chain};

use crate::clients::{Version, alert_in, curl, openssl, rustls_client, rustls_config};
use crate::pki::{self, Files, ca, checking_crls, client, clients, crls, issuing, root, store};
use crate::server::{Outcome, Server};

/// Another bundle between two handshakes, and back; then another list.
#[test]
fn the_next_handshake_sees_it() {
    for version in Version::BOTH {
        let clients = clients(store(&[&root()], &crls(&[])), checking_crls());
        let verifier = Arc::new(pki::builder(&clients).build().expect("no names"));
        let server = Server::new(&verifier);
        let alice = client("alice");
        let files = Files::of(Some(&alice));
        let expect = |alert: Option<u8>| {
            for program in [openssl, curl] {
                let (outcome, text) = server.meet(|address| program(address, version, &files));
                match alert {
                    None => assert!(text.contains("hello CN=alice"), "{text}"),
                    Some(_) => {
                        outcome.refused();
                        assert_eq!(alert_in(&text), alert, "{text}");
                    }
                }
            }
        };
        expect(None);
        clients
            .replace_store(store(&[&ca("Another")], &crls(&[])))
            .unwrap();
        expect(Some(48));
        clients
            .replace_store(store(&[&root()], &crls(&[])))
            .unwrap();
        expect(None);
        let crls = mtls_verify::CrlSet::from_pem(&*crls(&[&alice])).expect("good CRLs");
        let revoking = clients.store().with_crls(crls);
        clients.replace_store(Arc::new(revoking)).unwrap();
        expect(Some(44));
        let counts = clients.counts();
        assert_eq!(counts.refused(Code::ClientCertCrlHit), 2);
        assert_eq!(counts.refused(Code::ClientCertUntrusted), 2);
    }
}

/// All of the stores trust the client, so each handshake must succeed.
#[test]
fn no_handshake_is_lost() {
    let clients = clients(store(&[&root()], &crls(&[])), ClientPolicy::default());
    let stores = [
        store(&[&root(), &ca("Another")], &crls(&[])),
        store(&[&root()], &crls(&[&client("bob")])),
    ];
    serve_all(&clients, |_, swap| {
        clients.replace_store(Arc::clone(&stores[swap % 2]))
    });
}

/// Each store trusts the client by its own policy alone: the one has the CRLs that its policy asks
/// for, and the other the path without an intermediate.
#[test]
fn no_handshake_is_judged_by_one_half() {
    let whole_path = ClientPolicy::default().with_revocation(RevocationPolicy::whole_path());
    let no_intermediate = ClientPolicy::default()
        .with_revocation(RevocationPolicy::off())
        .with_path_length(0);
    let pairs = [
        (store(&[&issuing()], ""), no_intermediate),
        (store(&[&root()], &crls(&[])), whole_path),
    ];
    let now = UnixTime::now();
    for (index, (store, _)) in pairs.iter().enumerate() {
        for (other, (_, policy)) in pairs.iter().enumerate() {
            let outcome = verify_client_chain(store, &pki::chain(&client("alice")), now, policy);
            assert_eq!(outcome.is_ok(), index == other, "{outcome:?}");
        }
    }
    let (first, asked) = pairs[1].clone();
    let clients = clients(first, asked);
    serve_all(&clients, |verifier, swap| {
        let (store, policy) = pairs[swap % 2].clone();
        verifier.replace(store, policy)
    });
}

/// 2,000 handshakes of a client, and 100 replacements meanwhile, under each of which it is let in.
fn serve_all(
    clients: &Arc<ClientVerifier>,
    replace: impl Fn(&RustlsVerifier, usize) -> Result<(), ReplaceStoreError>,
) {
    const HANDSHAKES: usize = 2_000;
    const SWAPS: usize = 100;
    const CLIENTS: usize = 4;
    let verifier = Arc::new(pki::builder(clients).build().expect("no names"));
    let server = Arc::new(Server::new(&verifier));
    let address = server.address();
    let outcomes = server.serve_many(HANDSHAKES);
    let configs = Version::BOTH.map(|version| Arc::new(rustls_config(&client("alice"), version)));

    let (begun, served) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut swaps = 0;
    let connect = |config: &Arc<rustls::ClientConfig>| {
        for _ in 0..HANDSHAKES / CLIENTS {
            begun.fetch_add(1, Ordering::Relaxed);
            let answer = rustls_client(address, config).expect("no handshake is lost");
            assert!(answer.contains("hello CN=alice"), "{answer}");
            served.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = configs
            .iter()
            .cycle()
            .take(CLIENTS)
            .map(|config| scope.spawn(|| connect(config)))
            .collect();
        // One after every twentieth handshake has begun, while the others are under way.
        while swaps < SWAPS && threads.iter().any(|thread| !thread.is_finished()) {
            if begun.load(Ordering::Relaxed) > swaps * HANDSHAKES / SWAPS {
                replace(&verifier, swaps).expect("no CRLs are lost");
                swaps += 1;
            }
            std::thread::yield_now();
        }
    });
    assert_eq!(swaps, SWAPS);
    assert_eq!(served.into_inner(), HANDSHAKES);
    let outcomes = outcomes.join().expect("the server goes on");
    assert_eq!(outcomes.len(), HANDSHAKES);
    for outcome in outcomes {
        assert!(
            matches!(&outcome, Outcome::Served(Some(subject), _) if subject == "CN=alice"),
            "{outcome:?}"
        );
    }
    let counts = clients.counts();
    // In the handshake, and once more after it.
    assert_eq!(counts.verified(), 2 * HANDSHAKES as u64);
    assert_eq!(counts.refused_total(), 0);
}
