//! Certificates that are valid now, made at run time.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use mtls_verify::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use mtls_verify::policy::RevocationPolicy;
use mtls_verify::rustls::{RustlsVerifier, RustlsVerifierBuilder};
use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use testpki::{Cert, Crl, Entry, Extension, GeneralName, Key, Time, oid};

const DAY: u64 = 86_400;

/// One time for all, so that certificates made twice are the same.
pub(crate) fn now() -> u64 {
    static NOW: LazyLock<u64> = LazyLock::new(|| UnixTime::now().as_secs());
    *NOW
}

/// Valid from yesterday to tomorrow.
fn current(cert: Cert) -> Cert {
    cert.not_before_time(Time::unix(now() - DAY))
        .not_after_time(Time::unix(now() + DAY))
}

pub(crate) fn ca(name: &str) -> Cert {
    current(Cert::ca(name, &Key::p256(name)))
}

pub(crate) fn root() -> Cert {
    ca("Root")
}

pub(crate) fn issuing() -> Cert {
    ca("Issuing CA").issued_by(&root())
}

pub(crate) fn client(name: &str) -> Cert {
    client_with_key(name, &Key::p256(name))
}

pub(crate) fn client_with_key(name: &str, key: &Key) -> Cert {
    current(Cert::client(name, key)).issued_by(&issuing())
}

/// Expired for two hours.
pub(crate) fn expired(cert: Cert) -> Cert {
    cert.not_after_time(Time::unix(now() - 7_200))
}

pub(crate) fn not_yet_valid(cert: Cert) -> Cert {
    cert.not_before_time(Time::unix(now() + 7_200))
}

/// What the issuing CA says is revoked, and the root's CRL on top.
pub(crate) fn crls(revoked: &[&Cert]) -> String {
    let mut crl = crl_of(&issuing());
    for cert in revoked {
        crl = crl.entry(Entry::of(cert).revoked_at_time(Time::unix(now() - 1_800)));
    }
    crl.pem() + &crl_of(&root()).pem()
}

/// An empty list.
pub(crate) fn crl_of(ca: &Cert) -> Crl {
    Crl::of(ca)
        .this_update_time(Time::unix(now() - 3_600))
        .next_update_time(Time::unix(now() + DAY))
}

pub(crate) fn checking_crls() -> ClientPolicy {
    ClientPolicy::default().with_revocation(RevocationPolicy::whole_path())
}

pub(crate) fn store(cas: &[&Cert], crls: &str) -> Arc<TrustStore> {
    let mut builder = TrustStore::builder();
    for ca in cas {
        let ca = CertificateDer::from(ca.der());
        builder.add_ca_der(&ca).expect("a good CA");
    }
    if !crls.is_empty() {
        builder.add_crl_pem(crls.as_bytes()).expect("good CRLs");
    }
    Arc::new(builder.build().expect("a good store"))
}

pub(crate) fn clients(store: Arc<TrustStore>, policy: ClientPolicy) -> Arc<ClientVerifier> {
    Arc::new(ClientVerifier::new(store, policy))
}

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

pub(crate) fn builder(clients: &Arc<ClientVerifier>) -> RustlsVerifierBuilder {
    RustlsVerifier::builder(Arc::clone(clients), &provider())
}

/// The default verifier, for clients below the root.
pub(crate) fn verifier(policy: ClientPolicy) -> Arc<RustlsVerifier> {
    let clients = clients(store(&[&root()], ""), policy);
    Arc::new(builder(&clients).build().expect("no names"))
}

pub(crate) fn server() -> Cert {
    let names = [
        GeneralName::dns("localhost"),
        GeneralName::Ip(vec![127, 0, 0, 1]),
    ];
    current(Cert::client("localhost", &Key::p256("server")))
        .extension(Extension::extended_key_usage(&[oid::SERVER_AUTH]))
        .extension(Extension::subject_alt_name(&names))
        .issued_by(&root())
}

pub(crate) fn server_config(verifier: &Arc<RustlsVerifier>) -> ServerConfig {
    let chain = vec![CertificateDer::from(server().der())];
    let key = private_key(&Key::p256("server"));
    ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_client_cert_verifier(Arc::clone(verifier) as _)
        .with_single_cert(chain, key)
        .expect("a good certificate")
}

pub(crate) fn private_key(key: &Key) -> PrivateKeyDer<'static> {
    PrivateKeyDer::try_from(key.pkcs8_der().to_vec()).expect("PKCS #8")
}

/// What a client presents: its own certificate, and the issuing CA's.
pub(crate) fn chain(client: &Cert) -> Vec<CertificateDer<'static>> {
    [client.der(), issuing().der()]
        .map(CertificateDer::from)
        .into()
}

/// A folder with what a program needs to connect.
pub(crate) struct Files(PathBuf);

static FOLDERS: AtomicU32 = AtomicU32::new(0);

impl Files {
    /// For this client, or none; all of them have the root to verify the server with.
    pub(crate) fn of(client: Option<&Cert>) -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("handshakes-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let files = Self(folder);
        files.write("root.pem", &root().pem());
        if let Some(client) = client {
            let key = client.key().expect("a client with a key");
            files.write("client.pem", &(client.pem() + &issuing().pem()));
            files.write("issuing.pem", &issuing().pem());
            files.write("client.key", &key.pkcs8_pem());
        }
        files
    }

    pub(crate) fn has_client(&self) -> bool {
        self.path("client.pem").exists()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path(file), text).expect("the folder of the test can be written");
    }
}

impl Drop for Files {
    /// Leaves the files of a failed test for a look into it.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
