//! An HTTPS server that knows its clients by their certificates: `tokio-rustls`, `axum`, and files
//! that may change while it serves.
//!
//! ```text
//! cargo run -p servers --bin mtls_server -- --ca FILE [--crl FILE] --cert FILE --key FILE [--listen ADDRESS]
//! ```
//!
//! It prints who connects and until when that holds, and who is refused and why. With --crl,
//! revocation is checked for the whole chain. A CA bundle or CRL that changes is loaded within
//! about a second; if it is broken, the last good ones stay, and it says so. It speaks HTTP/2 and
//! HTTP/1.1.

#[path = "common/log.rs"]
mod log;

use std::cell::RefCell;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::extract::Request;
use axum::{Extension, Router, middleware::map_request, routing::get};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder as HttpServer;
use hyper_util::service::TowerToHyperService;
use lexopt::{Arg, Parser, ValueExt};
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use mtls_verify::rustls::{Refusal, RustlsVerifier};
use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore, VerifiedClient};
use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use log::say;

const USAGE: &str =
    "usage: mtls_server --ca FILE [--crl FILE] --cert FILE --key FILE [--listen ADDRESS]";

/// How long a client may take for its handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long, and how many bytes, a refused client may go on sending.
const ALERT: Duration = Duration::from_secs(1);
const ALERT_BYTES: u64 = 65_536;
/// How long a connection may be without a new request. Also ends clients that never send one, or
/// never read the answers: they get no further request through.
const IDLE: Duration = Duration::from_secs(60);
/// How often the files are looked at.
const RELOAD: Duration = Duration::from_secs(1);

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    let served = match Options::from_command_line() {
        Ok(options) => serve(options).await,
        Err(error) => Err(format!("{error}\n{USAGE}").into()),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mtls_server: {error}");
            ExitCode::from(2)
        }
    }
}

async fn serve(options: Options) -> Result<()> {
    let trust = options.trust.read()?;
    let store = Arc::new(trust.store()?);
    // With CRLs in the store, the default policy checks the whole path.
    let clients = Arc::new(ClientVerifier::new(store, ClientPolicy::default()));

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = RustlsVerifier::builder(Arc::clone(&clients), &provider)
        .on_refusal(keep_refusal)
        .build()?;
    let verifier = Arc::new(verifier);
    let own_chain = CertificateDer::pem_file_iter(&options.cert)?
        .collect::<std::result::Result<Vec<_>, _>>()?;
    let own_key = PrivateKeyDer::from_pem_file(&options.key)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::clone(&verifier) as _)
        .with_single_cert(own_chain, own_key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));

    let listener = TcpListener::bind(options.listen).await?;
    say!("listening on https://{}", listener.local_addr()?);
    let (reloaded, reloads) = watch::channel(());
    std::thread::spawn(move || reload(&options.trust, trust, &clients, &reloaded));
    let app = Router::new().route("/", get(hello));
    loop {
        // Without this, a server out of file descriptors would end, or spin.
        let Ok((tcp, peer)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (acceptor, verifier, app) = (acceptor.clone(), Arc::clone(&verifier), app.clone());
        let reloads = reloads.clone();
        tokio::spawn(async move {
            match shake_hands(&acceptor, &verifier, tcp).await {
                Ok(tls) => serve_client(tls, peer, &verifier, app, reloads).await,
                Err((why, tcp)) => {
                    // First, so that no client can keep its refusal out of the log.
                    say!("{peer} {why}");
                    if let Some(tcp) = tcp {
                        let_alert_arrive(tcp).await;
                    }
                }
            }
        });
    }
}

tokio::task_local! {
    /// Why the client of this connection was refused.
    static REFUSAL: RefCell<Option<Refusal>>;
}

/// Called by the task of the connection.
fn keep_refusal(refusal: &Refusal) {
    let _ = REFUSAL.try_with(|kept| kept.replace(Some(refusal.clone())));
}

/// The connection; or why there is none, and what is left of it.
async fn shake_hands(
    acceptor: &TlsAcceptor,
    verifier: &RustlsVerifier,
    tcp: TcpStream,
) -> std::result::Result<TlsStream<TcpStream>, (String, Option<TcpStream>)> {
    let shaking = REFUSAL.scope(RefCell::default(), async {
        let accepted = timeout(HANDSHAKE, acceptor.accept(tcp).into_fallible()).await;
        let (error, tcp) = match accepted {
            Ok(Ok(tls)) => return Ok(tls),
            Ok(Err((error, tcp))) => {
                // Reports a client without a certificate, which rustls refuses by itself.
                verifier.report_failed_handshake(&error, UnixTime::now());
                (error.to_string(), Some(tcp))
            }
            Err(_) => ("the handshake took too long".to_owned(), None),
        };
        // Without a refusal it was not the certificate: there was no version of TLS in common, say.
        let refusal = REFUSAL.with(RefCell::take);
        let why = refusal.map_or(error, |refusal| refusal.to_string());
        Err((format!("refused: {why}"), tcp))
    });
    shaking.await
}

/// Closing a connection with bytes unread resets it, and the client's kernel then discards the
/// alert. A client of HTTP/2 has sent its request by now. So this reads for a moment, within
/// limits.
async fn let_alert_arrive(mut tcp: TcpStream) {
    let _ = tcp.shutdown().await;
    let _ = timeout(ALERT, copy(&mut tcp.take(ALERT_BYTES), &mut sink())).await;
}

async fn serve_client(
    mut tls: TlsStream<TcpStream>,
    peer: SocketAddr,
    verifier: &RustlsVerifier,
    app: Router,
    mut reloads: watch::Receiver<()>,
) {
    reloads.mark_unchanged(); // whatever is in use by now is what the client is held to below
    let presented = tls.get_ref().1.peer_certificates();
    // After every handshake, as nobody verifies the certificate of a resumed session otherwise.
    // From memory.
    let client = match verifier.client_of(presented, UnixTime::now()) {
        Ok(Some(client)) => client,
        Ok(None) => return, // cannot be: a certificate is required
        Err(refusal) => {
            say!("{peer} turned away: {}: {refusal}", refusal.code());
            let _ = timeout(ALERT, tls.shutdown()).await; // the alert close_notify
            let_alert_arrive(tls.into_inner().0).await;
            return;
        }
    };
    say!("{peer} is {}", description(&client));
    let chain = presented.map(<[_]>::to_vec);
    let mut until = client.valid_until();
    let asked = Arc::new(watch::Sender::new(()));
    let mut requests = asked.subscribe();
    let app = app.layer(Extension(client));
    let app = app.layer(map_request(move |request: Request| {
        asked.send_replace(());
        std::future::ready(request)
    }));
    let mut http = HttpServer::new(TokioExecutor::new());
    http = match tls.get_ref().1.alpn_protocol() {
        Some(b"h2") => http.http2_only(),
        _ => http.http1_only(),
    };
    // With a timer, clients of HTTP/1.1 have 30 seconds for each request's head.
    http.http1().timer(TokioTimer::new());
    // Those of HTTP/2 have to answer a ping every 30 seconds, once they have sent their preface.
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_secs(30)));
    let service = TowerToHyperService::new(app);
    let mut serving = pin!(http.serve_connection(TokioIo::new(tls), service));
    let mut idle_at = Instant::now() + IDLE;
    loop {
        tokio::select! {
            _ = &mut serving => return, // a connection that breaks is the client's affair
            () = tokio::time::sleep_until(idle_at) => return say!("{peer} was idle"),
            Ok(()) = requests.changed() => {
                idle_at = Instant::now() + IDLE;
                continue;
            }
            () = sleep_until(until) => {}
            Ok(()) = reloads.changed() => {}
        }
        // Its time is up, or there are other CAs or CRLs: a client that was revoked must not go on
        // where it is connected.
        match verifier.client_of(chain.as_deref(), UnixTime::now()) {
            Ok(Some(client)) => until = client.valid_until(),
            Ok(None) => return,
            Err(refusal) => {
                say!("{peer} cut off: {}: {refusal}", refusal.code());
                return;
            }
        }
    }
}

async fn hello(Extension(client): Extension<VerifiedClient>) -> String {
    format!("hello {}\n", description(&client))
}

fn description(client: &VerifiedClient) -> String {
    let subject = client.identity().subject();
    match client.valid_until() {
        Some(until) => {
            let until = UNIX_EPOCH + Duration::from_secs(until.as_secs());
            let until = humantime::format_rfc3339_seconds(until);
            format!("{subject}, verified until {until}")
        }
        None => format!("{subject}, verified without end"),
    }
}

async fn sleep_until(until: Option<UnixTime>) {
    match until {
        None => std::future::pending().await,
        Some(until) => {
            // The last second that is covered is over at the next one.
            let left =
                (until.as_secs().saturating_add(1)).saturating_sub(UnixTime::now().as_secs());
            sleep(Duration::from_secs(left)).await;
        }
    }
}

/// Where CAs and CRLs come from.
struct TrustFiles {
    ca: PathBuf,
    crl: Option<PathBuf>,
}

/// What was in them.
#[derive(PartialEq)]
struct Trust {
    ca: Vec<u8>,
    crl: Option<Vec<u8>>,
}

impl TrustFiles {
    fn read(&self) -> Result<Trust> {
        let crl = self.crl.as_deref().map(read).transpose()?;
        let ca = read(&self.ca)?;
        Ok(Trust { ca, crl })
    }
}

impl Trust {
    fn store(&self) -> Result<TrustStore> {
        let mut builder = TrustStore::builder();
        builder.add_ca_pem(&self.ca)?;
        if let Some(crl) = &self.crl {
            builder.add_crl_pem(crl)?;
        }
        let store = builder.build()?;
        // It would vouch for nobody, and all clients of the CA would be refused.
        let forged = store.crls().find(|crl| {
            let is_of_ca = store
                .distinguished_names()
                .any(|name| name == crl.issuer_der());
            is_of_ca && !crl.is_signed_by_store()
        });
        match forged {
            Some(crl) => Err(format!("not signed by its CA: the CRL of {}", crl.issuer()).into()),
            None => Ok(store),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Takes over what changes. The program that writes the files should rename new ones into place: a
/// bundle that is half written may look good.
fn reload(
    files: &TrustFiles,
    mut last: Trust,
    clients: &ClientVerifier,
    open_connections: &watch::Sender<()>,
) {
    let mut last_error = String::new();
    loop {
        std::thread::sleep(RELOAD);
        let reloaded = files.read().and_then(|trust| {
            if trust == last {
                return Ok(false);
            }
            clients.replace_store(Arc::new(trust.store()?))?;
            open_connections.send_replace(());
            last = trust;
            Ok(true)
        });
        match reloaded {
            Ok(true) => {
                let store = clients.store();
                let (cas, crls) = (store.anchors().len(), store.crls().len());
                say!("reloaded: CAs {cas}, CRLs {crls}");
                last_error.clear();
            }
            // Good again, without a change to what is in use.
            Ok(false) => last_error.clear(),
            Err(error) if error.to_string() == last_error => {}
            Err(error) => {
                say!("not reloaded, the last good CAs and CRLs stay: {error}");
                last_error = error.to_string();
            }
        }
    }
}

struct Options {
    trust: TrustFiles,
    cert: PathBuf,
    key: PathBuf,
    listen: SocketAddr,
}

impl Options {
    fn from_command_line() -> Result<Self> {
        let (mut ca, mut crl, mut cert, mut key) = (None, None, None, None);
        let mut listen = SocketAddr::from(([127, 0, 0, 1], 8443));
        let mut arguments = Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("ca") => ca = Some(arguments.value()?.into()),
                Arg::Long("crl") => crl = Some(arguments.value()?.into()),
                Arg::Long("cert") => cert = Some(arguments.value()?.into()),
                Arg::Long("key") => key = Some(arguments.value()?.into()),
                Arg::Long("listen") => listen = arguments.value()?.parse()?,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Self {
            trust: TrustFiles {
                ca: ca.ok_or("--ca is missing")?,
                crl,
            },
            cert: cert.ok_or("--cert is missing")?,
            key: key.ok_or("--key is missing")?,
            listen,
        })
    }
}
