//! A listener that is limited to scopes of the store.

use std::sync::Arc;

use mtls_verify::rustls::{CaNames, RustlsVerifier};
use mtls_verify::store::Scope;
use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore};
use rustls::HandshakeKind::Resumed;
use rustls::client::Resumption;
use testpki::Cert;

use crate::clients::{Version, rustls_client, rustls_config};
use crate::pki::{self, ca, client, clients, root, server_config, store};
use crate::server::{Outcome, Server};

/// A store with the root of all clients in one scope, and another CA in a second one.
fn two_scopes() -> Arc<ClientVerifier> {
    let scope = |name: &str, anchor: &Cert| {
        let store = store(&[anchor], "");
        Scope::new(name, TrustStore::clone(&store)).expect("a scope")
    };
    let mut builder = TrustStore::builder();
    for scope in [scope("a", &root()), scope("b", &ca("Another"))] {
        builder.add_scope(scope).expect("a new scope");
    }
    let store = builder.build().expect("a store");
    clients(Arc::new(store), ClientPolicy::default())
}

fn limited(clients: &Arc<ClientVerifier>, scopes: &[&str]) -> Arc<RustlsVerifier> {
    let builder = pki::builder(clients).with_scopes(scopes.iter().copied());
    Arc::new(builder.build().expect("no names"))
}

#[test]
fn a_listener_serves_the_clients_of_its_scopes() {
    let clients = two_scopes();
    for version in Version::BOTH {
        let config = Arc::new(rustls_config(&client("alice"), version));
        for (scopes, is_in) in [
            (&["a"][..], true),
            (&["b", "a"], true),
            (&["b"], false),
            (&[], false),
            (&["c"], false),
        ] {
            let server = Server::new(&limited(&clients, scopes));
            let (outcome, _) = server.meet(|address| rustls_client(address, &config));
            let served = matches!(outcome, Outcome::Served(Some(_), _));
            assert_eq!(served, is_in, "{version:?} {scopes:?}: {outcome:?}");
        }
    }
}

/// Listeners that share session storage resume each other's sessions, in which nothing is verified;
/// asking afterwards turns the client away.
#[test]
fn a_session_of_another_listener_is_turned_away() {
    let clients = two_scopes();
    for version in Version::BOTH {
        let (a, b) = (limited(&clients, &["a"]), limited(&clients, &["b"]));
        let config_of_a = server_config(&a);
        let mut config_of_b = server_config(&b);
        config_of_b.session_storage = Arc::clone(&config_of_a.session_storage);
        config_of_b.ticketer = Arc::clone(&config_of_a.ticketer);
        let mut config = rustls_config(&client("alice"), version);
        config.resumption = Resumption::in_memory_sessions(4);
        let config = Arc::new(config);
        let meet = |server: Server| server.meet(|address| rustls_client(address, &config)).0;
        let first = meet(Server::with_config(&a, config_of_a));
        assert!(matches!(first, Outcome::Served(Some(_), _)), "{first:?}");
        let second = meet(Server::with_config(&b, config_of_b));
        assert!(
            matches!(second, Outcome::TurnedAway(_, Resumed)),
            "{version:?}: {second:?}"
        );
    }
}

#[test]
fn names_are_those_of_the_scopes() {
    use rustls::server::danger::ClientCertVerifier as _;

    let clients = two_scopes();
    let names = |scopes: Option<&[&str]>| {
        let builder = pki::builder(&clients).with_ca_names(CaNames::Store);
        let builder = match scopes {
            Some(scopes) => builder.with_scopes(scopes.iter().copied()),
            None => builder,
        };
        let verifier = builder.build().expect("few names");
        let again = verifier.with_current_names().expect("few names");
        let [named, again] = [verifier, again].map(|verifier| {
            let hints = verifier.root_hint_subjects().iter();
            hints.map(|name| name.as_ref().to_vec()).collect::<Vec<_>>()
        });
        assert_eq!(named, again);
        named
    };
    let of = |cert: Cert| cert.subject_name().der().to_vec();
    assert_eq!(names(None), [of(root()), of(ca("Another"))]);
    assert_eq!(names(Some(&["b"])), [of(ca("Another"))]);
    assert_eq!(names(Some(&[])), Vec::<Vec<u8>>::new());
}
