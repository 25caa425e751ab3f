//! Every refusal reaches the channel, the function, the counters and (feature `tracing`) has an
//! event: once each.

use std::io;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};

use mtls_verify::error::{Code, Reason};
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::ExpiryPolicy;
use mtls_verify::rustls::{ClientAuth, Refusal, RefusalErrors, RustlsVerifier, refusal_of};
use mtls_verify::{ClientPolicy, ClientVerifier, VerifyError};
use rustls::client::Resumption;
use rustls::{AlertDescription, ClientConfig, HandshakeKind};
use testpki::{Cert, Key, RsaKey};

use crate::clients::{
    Version, rustls_client, rustls_config, rustls_config_anonymous, rustls_config_signing,
};
use crate::pki::{self, chain, checking_crls, client, clients, crls, expired, root, store};
use crate::server::{Outcome, Server};

/// A verifier, and all that it tells.
struct Watched {
    clients: Arc<ClientVerifier>,
    verifier: Arc<RustlsVerifier>,
    channel: Receiver<Refusal>,
    function: Arc<Mutex<Vec<Refusal>>>,
}

impl Watched {
    fn new(client_auth: ClientAuth, errors: RefusalErrors) -> Self {
        let clients = clients(store(&[&root()], &crls(&[])), checking_crls());
        let (sender, channel) = sync_channel(10);
        let function = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&function);
        let verifier = pki::builder(&clients)
            .with_client_auth(client_auth)
            .with_refusal_errors(errors)
            .with_refusal_sender(sender)
            .on_refusal(move |refusal| keep.lock().expect("lock").push(refusal.clone()))
            .build()
            .expect("no names");
        Self {
            clients,
            verifier: Arc::new(verifier),
            channel,
            function,
        }
    }

    /// Each of the four tells of the same refusals meanwhile: those.
    fn refusals_of<T>(&self, run: impl FnOnce() -> T) -> (T, Vec<Refusal>) {
        let before = self.clients.counts();
        let (done, events) = codes_of_events(run);
        let after = self.clients.counts();
        let sent: Vec<_> = self.channel.try_iter().collect();
        let told = std::mem::take(&mut *self.function.lock().expect("lock"));
        assert_eq!(sent.len(), told.len());
        for (sent, told) in sent.iter().zip(&told) {
            assert_eq!(sent.error(), told.error());
            assert_eq!(sent.fingerprint_sha256(), told.fingerprint_sha256());
            assert_eq!(sent.time(), told.time());
        }
        for &code in Code::ALL {
            let told = told.iter().filter(|told| told.error().code() == code);
            let counted = after.refused(code) - before.refused(code);
            assert_eq!(counted, told.count() as u64, "{code}");
        }
        if let Some(events) = events {
            let told = told.iter().map(|told| told.error().code().to_string());
            assert_eq!(events, told.collect::<Vec<_>>());
        }
        (done, told)
    }

    fn report_failed_handshake(&self, error: rustls::Error) -> Option<VerifyError> {
        // As an asynchronous acceptor has it.
        let error = io::Error::new(io::ErrorKind::InvalidData, error);
        self.verifier
            .report_failed_handshake(&error, UnixTime::now())
    }
}

#[cfg(feature = "tracing")]
fn codes_of_events<T>(run: impl FnOnce() -> T) -> (T, Option<Vec<String>>) {
    let mut done = None;
    let events = crate::events::events_of(tracing::Level::INFO, || done = Some(run()));
    let codes = events.iter().map(|(_, fields)| fields["code"].clone());
    (done.expect("it ran"), Some(codes.collect()))
}

#[cfg(not(feature = "tracing"))]
fn codes_of_events<T>(run: impl FnOnce() -> T) -> (T, Option<Vec<String>>) {
    (run(), None)
}

/// As the client would have it if it were let in.
fn sha256(client: &Cert) -> Option<[u8; 32]> {
    let policy = ClientPolicy::default().with_expiry(ExpiryPolicy::ignore_client_expiry());
    let clients = clients(store(&[&root()], ""), policy);
    let client = clients.verify(&chain(client), UnixTime::now());
    Some(client.expect("verified").identity().fingerprint_sha256())
}

fn only(refusals: Vec<Refusal>) -> Refusal {
    let [refusal] = <[Refusal; 1]>::try_from(refusals).expect("one refusal");
    refusal
}

#[test]
fn a_certificate_in_a_handshake() {
    let late = expired(client("late"));
    for version in Version::BOTH {
        for errors in [RefusalErrors::ByAlert, RefusalErrors::Whole] {
            let watched = Watched::new(ClientAuth::Required, errors);
            let server = Server::new(&watched.verifier);
            let config = Arc::new(rustls_config(&late, version));
            let meet = || server.meet(|address| rustls_client(address, &config)).0;
            let (outcome, refusals) = watched.refusals_of(meet);
            let refusal = only(refusals);
            assert!(matches!(refusal.error().reason(), Reason::Expired { .. }));
            assert_eq!(refusal.fingerprint_sha256(), sha256(&late));

            // It was told, and is not told again.
            let error = outcome.refused();
            let (found, refusals) = watched.refusals_of(|| watched.report_failed_handshake(error));
            assert!(refusals.is_empty());
            let expected = match errors {
                RefusalErrors::Whole => Some(refusal.error()),
                _ => None,
            };
            assert_eq!(found.as_ref(), expected);
        }
    }
}

/// It presents another one's certificate, which is verified first.
#[test]
fn a_client_that_does_not_prove_that_it_has_the_key() {
    let alice = client("alice");
    for version in Version::BOTH {
        for errors in [RefusalErrors::ByAlert, RefusalErrors::Whole] {
            for key in [
                Key::p256("mallory"),
                Key::p384("mallory"),
                Key::ed25519("mallory"),
                Key::rsa(RsaKey::Rsa2048A),
            ] {
                let watched = Watched::new(ClientAuth::Required, errors);
                let server = Server::new(&watched.verifier);
                let config = rustls_config_signing(chain(&alice), &key, version);
                let meet = || server.meet(|address| rustls_client(address, &config));
                let ((outcome, answer), refusals) = watched.refusals_of(meet);
                let refusal = only(refusals);
                assert_eq!(refusal.error().reason(), &Reason::HandshakeSignature);
                assert_eq!(refusal.error().reason().name(), "handshake-signature");
                assert_eq!(
                    refusal.to_string(),
                    "ClientCertUntrusted: client certificate CN=alice was presented by a client \
                     that did not prove that it has the key"
                );
                assert_eq!(refusal.fingerprint_sha256(), sha256(&alice));
                assert!(refusal.time().as_secs() >= pki::now());
                assert_eq!(watched.clients.counts().verified(), 1);

                let error = outcome.refused();
                let (carried, alert) = match errors {
                    RefusalErrors::Whole => {
                        (Some(refusal.error()), AlertDescription::CertificateUnknown)
                    }
                    _ => (None, AlertDescription::DecryptError),
                };
                assert_eq!(refusal_of(&error), carried);
                let answer = answer.expect_err("refused");
                let seen = answer.get_ref().and_then(|error| error.downcast_ref());
                assert_eq!(seen, Some(&rustls::Error::AlertReceived(alert)));

                // It was told, and is not told again.
                let (found, refusals) =
                    watched.refusals_of(|| watched.report_failed_handshake(error));
                assert!(refusals.is_empty());
                assert_eq!(found.as_ref(), carried);
            }
        }
    }
}

#[test]
fn the_channel_has_what_the_function_panics_about() {
    let (sender, channel) = sync_channel(10);
    let verifier = pki::builder(&clients(store(&[&root()], ""), ClientPolicy::default()))
        .with_refusal_sender(sender)
        .on_refusal(|refusal| panic!("{refusal}"))
        .build()
        .expect("no names");
    let ask = || verifier.client_of(None, UnixTime::now());
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(ask)).expect_err("it panics");
    assert_is_of_nobody(&only(channel.try_iter().collect()));
}

#[test]
fn a_resumed_session() {
    let alice = client("alice");
    for version in Version::BOTH {
        for client_auth in [ClientAuth::Required, ClientAuth::Optional] {
            let watched = Watched::new(client_auth, RefusalErrors::default());
            let server = Server::new(&watched.verifier);
            let mut config = rustls_config(&alice, version);
            config.resumption = Resumption::in_memory_sessions(4);
            let config = Arc::new(config);
            let meet = || server.meet(|address| rustls_client(address, &config)).0;
            let (first, refusals) = watched.refusals_of(meet);
            assert!(matches!(first, Outcome::Served(Some(_), _)), "{first:?}");
            assert!(refusals.is_empty());

            let revoked = crls(&[&alice]);
            watched
                .clients
                .replace_store(store(&[&root()], &revoked))
                .unwrap();
            let (second, refusals) = watched.refusals_of(meet);
            let Outcome::TurnedAway(error, HandshakeKind::Resumed) = second else {
                panic!("{second:?}");
            };
            let refusal = only(refusals);
            assert!(matches!(error.reason(), Reason::Revoked { .. }), "{error}");
            assert_eq!(refusal.error(), &error);
            assert_eq!(refusal.fingerprint_sha256(), sha256(&alice));
        }
    }
}

fn assert_is_of_nobody(refusal: &Refusal) {
    assert_eq!(refusal.error().reason(), &Reason::EmptyChain);
    assert_eq!(refusal.fingerprint_sha256(), None);
}

fn meet_anonymous(watched: &Watched, version: Version) -> Outcome {
    let config: Arc<ClientConfig> = Arc::new(rustls_config_anonymous(version));
    let server = Server::new(&watched.verifier);
    server.meet(|address| rustls_client(address, &config)).0
}

#[test]
fn a_handshake_without_a_certificate() {
    for version in Version::BOTH {
        let watched = Watched::new(ClientAuth::Required, RefusalErrors::default());
        // The verifier is not asked.
        let (outcome, refusals) = watched.refusals_of(|| meet_anonymous(&watched, version));
        assert!(refusals.is_empty());
        let error = outcome.refused();
        assert_eq!(error, rustls::Error::NoCertificatesPresented);
        let (found, refusals) = watched.refusals_of(|| watched.report_failed_handshake(error));
        let refusal = only(refusals);
        assert_is_of_nobody(&refusal);
        assert_eq!(found.as_ref(), Some(refusal.error()));
    }
}

#[test]
fn a_connection_without_a_certificate() {
    let watched = Watched::new(ClientAuth::Required, RefusalErrors::default());
    let none: &[CertificateDer<'_>] = &[];
    for presented in [None, Some(none)] {
        let ask = || watched.verifier.client_of(presented, UnixTime::now());
        let (found, refusals) = watched.refusals_of(ask);
        let refusal = only(refusals);
        assert_is_of_nobody(&refusal);
        assert_eq!(&found.expect_err("refused"), refusal.error());
    }
}

/// Nobody is refused, and nothing told.
#[test]
fn no_certificate_where_one_is_optional() {
    let watched = Watched::new(ClientAuth::Optional, RefusalErrors::default());
    let ((), refusals) = watched.refusals_of(|| {
        for version in Version::BOTH {
            let outcome = meet_anonymous(&watched, version);
            assert!(matches!(outcome, Outcome::Served(None, _)), "{outcome:?}");
        }
        for presented in [None, Some(&[][..])] {
            let client = watched.verifier.client_of(presented, UnixTime::now());
            assert!(client.expect("nobody is refused").is_none());
        }
        let error = rustls::Error::NoCertificatesPresented;
        assert_eq!(watched.report_failed_handshake(error), None);
    });
    assert!(refusals.is_empty());
}

/// A verifier with the names of the present store tells the same channel and function, and counts
/// what the channel did not take with the others.
#[test]
fn a_verifier_with_current_names_tells_the_same() {
    let watched = Watched::new(ClientAuth::Required, RefusalErrors::default());
    let renewed = watched.verifier.with_current_names().expect("no names");
    let late = chain(&expired(client("late")));
    let ask = || renewed.client_of(Some(&late), UnixTime::now());
    let (found, refusals) = watched.refusals_of(ask);
    let refusal = only(refusals);
    assert_eq!(&found.expect_err("refused"), refusal.error());
    assert_eq!(
        refusal.fingerprint_sha256(),
        sha256(&expired(client("late")))
    );
    for _ in 0..12 {
        ask().expect_err("refused");
    }
    assert_eq!(renewed.dropped_refusals(), 2);
    assert_eq!(watched.verifier.dropped_refusals(), 2);
    // And so do servers at which a certificate is optional.
    let optional = Watched::new(ClientAuth::Optional, RefusalErrors::Whole);
    let renewed = optional.verifier.with_current_names().expect("no names");
    let (found, refusals) = optional.refusals_of(|| renewed.client_of(Some(&[]), UnixTime::now()));
    assert!(found.expect("nobody is refused").is_none());
    assert!(refusals.is_empty());
}

#[test]
fn what_is_no_refusal() {
    let watched = Watched::new(ClientAuth::Required, RefusalErrors::default());
    let ((), refusals) = watched.refusals_of(|| {
        let unexpected = rustls::Error::General("another".to_owned());
        assert_eq!(watched.report_failed_handshake(unexpected), None);
    });
    assert!(refusals.is_empty());
}
