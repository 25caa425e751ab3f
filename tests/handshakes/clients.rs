//! Clients: the programs `openssl` and `curl`, and `rustls` where there are many handshakes or a
//! client must do what no program does.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, ServerName};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, ClientConnection, ConfigBuilder, DigitallySignedStruct, SignatureScheme,
    SupportedProtocolVersion, client::WantsClientCert,
};
use testpki::{Cert, Key};

use crate::pki::{Files, chain, private_key, provider};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Tls12,
    Tls13,
}

impl Version {
    pub(crate) const BOTH: [Self; 2] = [Self::Tls12, Self::Tls13];

    fn of_rustls(self) -> &'static SupportedProtocolVersion {
        match self {
            Self::Tls12 => &rustls::version::TLS12,
            Self::Tls13 => &rustls::version::TLS13,
        }
    }
}

/// All that `openssl s_client` prints, and what the server sends it.
pub(crate) fn openssl(server: SocketAddr, version: Version, files: &Files) -> String {
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", &server.to_string()]);
    command.arg(match version {
        Version::Tls12 => "-tls1_2",
        Version::Tls13 => "-tls1_3",
    });
    // It is to wait for the server's last word, also after its own input has ended.
    command.args(["-ign_eof", "-servername", "localhost", "-CAfile"]);
    command.arg(files.path("root.pem"));
    if files.has_client() {
        command.arg("-cert").arg(files.path("client.pem"));
        command.arg("-key").arg(files.path("client.key"));
        command.arg("-cert_chain").arg(files.path("issuing.pem"));
    }
    text_of(run(&mut command, b"GET / HTTP/1.0\r\n\r\n"))
}

/// All that `curl` prints, verbose as it shows alerts.
pub(crate) fn curl(server: SocketAddr, version: Version, files: &Files) -> String {
    let mut command = Command::new("curl");
    command.args(match version {
        Version::Tls12 => ["--tlsv1.2", "--tls-max", "1.2"],
        Version::Tls13 => ["--tlsv1.3", "--tls-max", "1.3"],
    });
    let port = server.port();
    command.args(["--silent", "--verbose", "--max-time", "30"]);
    command.args(["--noproxy", "*", "--http1.1"]);
    command.args(["--resolve", &format!("localhost:{port}:127.0.0.1")]);
    command.arg("--cacert").arg(files.path("root.pem"));
    if files.has_client() {
        command.arg("--cert").arg(files.path("client.pem"));
        command.arg("--key").arg(files.path("client.key"));
    }
    command.arg(format!("https://localhost:{port}/"));
    text_of(run(&mut command, b""))
}

fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("these tests need {command:?}: {error}"));
    // It may have ended by now.
    let _ = child.stdin.take().expect("piped").write_all(input);
    child.wait_with_output().expect("it ends with the server")
}

fn text_of(output: Output) -> String {
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// The number of the fatal alert that one of the programs got (RFC 8446 §6).
pub(crate) fn alert_in(text: &str) -> Option<u8> {
    let (_, openssl) = text.split_once("SSL alert number ").unzip();
    // Level and description as one number; 2 is fatal.
    let (_, curl) = text.split_once("(IN), TLS alert, ").unzip();
    let curl = curl.and_then(|rest| Some(rest.split_once('(')?.1));
    let digits = openssl.or(curl)?;
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    let number: u16 = digits[..end].parse().ok()?;
    u8::try_from(number.checked_sub(if openssl.is_some() { 0 } else { 0x200 })?).ok()
}

/// What the server at the other end is called in TLS is of no matter here.
pub(crate) fn rustls_config(client: &Cert, version: Version) -> ClientConfig {
    let key = private_key(client.key().expect("a client with a key"));
    let config = rustls_builder(version).with_client_auth_cert(chain(client), key);
    let mut config = config.expect("a certificate and its key");
    config.resumption = Resumption::disabled();
    config
}

/// Presents no certificate.
pub(crate) fn rustls_config_anonymous(version: Version) -> ClientConfig {
    rustls_builder(version).with_no_client_auth()
}

/// Presents this chain, whatever it is, and signs with this key, even if it is another's.
pub(crate) fn rustls_config_signing(
    chain: Vec<CertificateDer<'static>>,
    key: &Key,
    version: Version,
) -> Arc<ClientConfig> {
    let key = provider().key_provider.load_private_key(private_key(key));
    let certified = CertifiedKey::new(chain, key.expect("a good key"));
    rustls_config_resolving(Arc::new(Thief(Arc::new(certified))), version)
}

/// Presents and signs as this says.
pub(crate) fn rustls_config_resolving(
    resolver: Arc<dyn ResolvesClientCert>,
    version: Version,
) -> Arc<ClientConfig> {
    Arc::new(rustls_builder(version).with_client_cert_resolver(resolver))
}

fn rustls_builder(version: Version) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[version.of_rustls()])
        .expect("a version")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer))
}

/// What the server says, or what is wrong.
pub(crate) fn rustls_client(
    server: SocketAddr,
    config: &Arc<ClientConfig>,
) -> std::io::Result<String> {
    let name = ServerName::try_from("localhost").expect("a name");
    let mut connection =
        ClientConnection::new(Arc::clone(config), name).expect("a good configuration");
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut tls = rustls::Stream::new(&mut connection, &mut stream);
    tls.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    tls.read_to_string(&mut answer)?;
    Ok(answer)
}

#[derive(Debug)]
struct Thief(Arc<CertifiedKey>);

impl ResolvesClientCert for Thief {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[derive(Debug)]
struct AnyServer;

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: mtls_verify::pki_types::UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = provider().signature_verification_algorithms;
        verify_tls12_signature(message, cert, signed, &algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = provider().signature_verification_algorithms;
        verify_tls13_signature(message, cert, signed, &algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = provider().signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
