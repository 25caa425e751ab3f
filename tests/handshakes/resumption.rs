//! Resumed sessions skip the verifier, and what closes that gap.

use std::sync::Arc;

use mtls_verify::ClientPolicy;
use mtls_verify::error::Reason;
use rustls::HandshakeKind::{Full, FullWithHelloRetryRequest, Resumed};
use rustls::client::Resumption;
use rustls::server::NoServerSessionStorage;
use rustls::{ClientConfig, HandshakeKind};

use crate::clients::{Version, rustls_client, rustls_config};
use crate::pki::{
    self, checking_crls, client, clients, crls, root, server_config, store, verifier,
};
use crate::server::{Outcome, Server};

fn with_sessions(version: Version) -> Arc<ClientConfig> {
    let mut config = rustls_config(&client("alice"), version);
    config.resumption = Resumption::in_memory_sessions(4);
    Arc::new(config)
}

fn is_full(kind: HandshakeKind) -> bool {
    matches!(kind, Full | FullWithHelloRetryRequest)
}

/// The verifier is not asked in the second handshake; asking it afterwards tells of a revocation in
/// between.
#[test]
fn a_revoked_client_resumes_and_is_turned_away() {
    for version in Version::BOTH {
        let clients = clients(store(&[&root()], &crls(&[])), checking_crls());
        let verifier = Arc::new(pki::builder(&clients).build().expect("no names"));
        let server = Server::new(&verifier);
        let config = with_sessions(version);
        let connect = || server.meet(|address| rustls_client(address, &config));

        let (first, answer) = connect();
        assert!(
            matches!(first, Outcome::Served(_, kind) if is_full(kind)),
            "{first:?}"
        );
        assert!(answer.expect("served").contains("hello CN=alice"));
        assert_eq!(
            clients.counts().verified(),
            2,
            "in the handshake and after it"
        );

        let (second, answer) = connect();
        let Outcome::Served(Some(subject), Resumed) = second else {
            panic!("{version:?}: {second:?}");
        };
        assert_eq!(subject, "CN=alice");
        assert!(answer.expect("served").contains("hello CN=alice"));
        assert_eq!(clients.counts().verified(), 3, "after the handshake alone");

        clients
            .replace_store(store(&[&root()], &crls(&[&client("alice")])))
            .unwrap();
        let (third, answer) = connect();
        let Outcome::TurnedAway(refusal, Resumed) = third else {
            panic!("{version:?}: {third:?}");
        };
        assert!(
            matches!(refusal.reason(), Reason::Revoked { .. }),
            "{refusal}"
        );
        assert!(!answer.unwrap_or_default().contains("hello"));
    }
}

/// The chain of the first handshake comes back without end: each session brings the next, or stays
/// in the storage.
#[test]
fn sessions_have_no_end() {
    for version in Version::BOTH {
        for tickets in [false, true] {
            let verifier = verifier(ClientPolicy::default());
            let mut config = server_config(&verifier);
            config.send_tls13_tickets = 1; // which is used up by the next handshake
            if tickets {
                config.session_storage = Arc::new(NoServerSessionStorage {});
                config.ticketer = rustls::crypto::ring::Ticketer::new().expect("randomness");
            }
            let server = Server::with_config(&verifier, config);
            let config = with_sessions(version);
            let kinds = [0; 6].map(|_| {
                let (outcome, _) = server.meet(|address| rustls_client(address, &config));
                let Outcome::Served(Some(_), kind) = outcome else {
                    panic!("{outcome:?}");
                };
                kind
            });
            let [first, later @ ..] = kinds;
            assert!(is_full(first), "{version:?}");
            assert_eq!(later, [Resumed; 5], "{version:?}, tickets: {tickets}");
        }
    }
}

#[test]
fn without_sessions_every_handshake_is_verified() {
    for version in Version::BOTH {
        let verifier = verifier(ClientPolicy::default());
        let mut config = server_config(&verifier);
        config.session_storage = Arc::new(NoServerSessionStorage {});
        let server = Server::with_config(&verifier, config);
        let config = with_sessions(version);
        for _ in 0..2 {
            let (outcome, _) = server.meet(|address| rustls_client(address, &config));
            let Outcome::Served(_, kind) = outcome else {
                panic!("{outcome:?}");
            };
            assert!(is_full(kind), "{version:?}");
        }
    }
}
