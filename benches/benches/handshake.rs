//! A full TLS 1.3 handshake in memory, both sides with certificates, beside `rustls`' own verifier
//! of clients.

mod common;

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use benches::{KeyKind, NOW, Pki, row};
use common::Group;
use mtls_verify::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use mtls_verify::policy::{Memory, SignatureAlgorithms};
use mtls_verify::rustls::RustlsVerifier;
use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore};
use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::time_provider::TimeProvider;
use rustls::version::TLS13;
use rustls::{
    ClientConfig, ClientConnection, ConnectionCommon, HandshakeKind, RootCertStore, ServerConfig,
    ServerConnection, SideData,
};
use testpki::{Cert, Extension, Key, oid};

fn main() {
    let mut criterion = common::criterion();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let peers = Peers::new(&provider);
    let all = Memory::default();
    let configs = [
        (row::COLD, peers.server(peers.ours(Memory::OFF))),
        (
            row::KNOWN,
            peers.server(peers.ours(all.with_chain_bytes(0))),
        ),
        (row::REPEATED, peers.server(peers.ours(all))),
        (row::WEBPKI, peers.server(peers.webpki())),
    ];
    type Measured = fn(&Handshake) -> Duration;
    let sides: [(&str, Measured); 2] = [
        ("server", |handshake| handshake.server),
        ("both sides", |handshake| handshake.both),
    ];
    for (side, measured) in sides {
        let mut group = Group::new(format!("handshake/ring/{side}"));
        for (name, config) in &configs {
            group = group.timed_row(name, None, |times| {
                (0..times)
                    .map(|_| measured(&peers.shake_hands(config)))
                    .sum()
            });
        }
        group.measure(&mut criterion);
    }
    criterion.final_summary();
}

/// What one handshake took.
struct Handshake {
    server: Duration,
    both: Duration,
}

/// A client, and what servers need to know of it.
struct Peers {
    provider: Arc<CryptoProvider>,
    pki: Pki,
    client: Arc<ClientConfig>,
    server_chain: Vec<CertificateDer<'static>>,
    server_key: Key,
}

/// All certificates are of 2026.
#[derive(Debug)]
struct Fixed;

impl TimeProvider for Fixed {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(NOW)))
    }
}

impl Peers {
    fn new(provider: &Arc<CryptoProvider>) -> Self {
        let pki = Pki::new(KeyKind::P256, 2);
        let server_root = Cert::ca("Server root", &Key::p256("server root"));
        let server_key = Key::p256("server");
        let server = Cert::client("server", &server_key)
            .extension(Extension::extended_key_usage(&[oid::SERVER_AUTH]))
            .issued_by(&server_root);
        let chain = pki.chain().into_iter().map(CertificateDer::from).collect();
        let mut client = ClientConfig::builder_with_details(Arc::clone(provider), Arc::new(Fixed))
            .with_protocol_versions(&[&TLS13])
            .expect("TLS 1.3")
            .with_root_certificates(roots(server_root.der()))
            .with_client_auth_cert(chain, private_key(&Key::p256("client")))
            .expect("a certificate and its key");
        client.resumption = Resumption::disabled();
        Self {
            provider: Arc::clone(provider),
            pki,
            client: Arc::new(client),
            server_chain: vec![CertificateDer::from(server.der())],
            server_key,
        }
    }

    /// With the signature algorithms that the other side has.
    fn ours(&self, memory: Memory) -> Arc<dyn ClientCertVerifier> {
        let algorithms = self.provider.signature_verification_algorithms.all;
        let policy = ClientPolicy::default()
            .with_signatures(SignatureAlgorithms::new(algorithms))
            .with_memory(memory);
        let anchor = CertificateDer::from(self.pki.anchor());
        let store = TrustStore::builder()
            .add_ca_der(&anchor)
            .and_then(|builder| builder.build())
            .expect("a good store");
        let clients = Arc::new(ClientVerifier::new(Arc::new(store), policy));
        let verifier = RustlsVerifier::builder(clients, &self.provider).build();
        Arc::new(verifier.expect("no names"))
    }

    /// It is told to advertise no names either.
    fn webpki(&self) -> Arc<dyn ClientCertVerifier> {
        let roots = Arc::new(roots(self.pki.anchor()));
        WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(&self.provider))
            .clear_root_hint_subjects()
            .build()
            .expect("a root")
    }

    fn server(&self, verifier: Arc<dyn ClientCertVerifier>) -> Arc<ServerConfig> {
        let provider = Arc::clone(&self.provider);
        let config = ServerConfig::builder_with_details(provider, Arc::new(Fixed))
            .with_protocol_versions(&[&TLS13])
            .expect("TLS 1.3")
            .with_client_cert_verifier(verifier)
            .with_single_cert(self.server_chain.clone(), private_key(&self.server_key))
            .expect("a certificate and its key");
        Arc::new(config)
    }

    /// From nothing until both sides are done.
    fn shake_hands(&self, config: &Arc<ServerConfig>) -> Handshake {
        let start = Instant::now();
        let name = ServerName::try_from("server.example").expect("a name");
        let mut client = ClientConnection::new(Arc::clone(&self.client), name).expect("a client");
        let mut in_server = Duration::ZERO;
        let mut timed = |run: &mut dyn FnMut()| {
            let start = Instant::now();
            run();
            in_server += start.elapsed();
        };
        let mut server = None;
        timed(&mut || server = ServerConnection::new(Arc::clone(config)).ok());
        let mut server = server.expect("a server");
        let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
        while client.is_handshaking() || server.is_handshaking() {
            send(&mut client, &mut to_server);
            timed(&mut || {
                receive(&mut server, &to_server);
                send(&mut server, &mut to_client);
            });
            receive(&mut client, &to_client);
            to_server.clear();
            to_client.clear();
        }
        assert_eq!(server.handshake_kind(), Some(HandshakeKind::Full));
        assert!(server.peer_certificates().is_some());
        Handshake {
            server: in_server,
            both: start.elapsed(),
        }
    }
}

fn send<S: SideData>(from: &mut ConnectionCommon<S>, wire: &mut Vec<u8>) {
    while from.wants_write() {
        from.write_tls(wire).expect("a Vec takes all");
    }
}

fn receive<S: SideData>(to: &mut ConnectionCommon<S>, mut wire: &[u8]) {
    let wire: &mut dyn Read = &mut wire;
    while to.read_tls(wire).expect("a slice gives all") > 0 {
        to.process_new_packets().expect("a good handshake");
    }
}

fn roots(der: Vec<u8>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(der)).expect("a good CA");
    roots
}

fn private_key(key: &Key) -> PrivateKeyDer<'static> {
    PrivateKeyDer::try_from(key.pkcs8_der().to_vec()).expect("PKCS #8")
}
