//! An HTTP server behind a load balancer in passthrough mode: AWS ALB checks that the client holds
//! its key and sends the chain in `X-Amzn-Mtls-Clientcert`; whether the chain is any good is
//! decided here.
//!
//! ```sh
//! cargo run -p servers --bin passthrough -- --ca testdata/example/ca.pem --listen 127.0.0.1:8080 &
//! curl -H "X-Amzn-Mtls-Clientcert: $(cat testdata/headers/alb-chain.txt)" http://127.0.0.1:8080/
//! ```
//!
//! Here `curl` plays the load balancer, and that is the point to note: **every client of this port
//! is believed.** Let nobody but the load balancer connect.

#[path = "common/log.rs"]
mod log;

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Extension;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lexopt::{Arg, Parser, ValueExt};
use mtls_verify::headers::{HeaderError, HeaderProblem, alb};
use mtls_verify::pki_types::UnixTime;
use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore, VerifiedClient, VerifyError};

use log::say;

const USAGE: &str = "usage: passthrough --ca FILE [--listen ADDRESS:PORT]

  --ca FILE        PEM: the CA certificates that clients' certificates must lead to
  --listen ADDRESS:PORT   default 127.0.0.1:8080; port 0 takes one that is free";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("passthrough: {error}");
            ExitCode::from(2)
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let options = Options::from_command_line()?;
    let store = std::fs::read(&options.ca)
        .map_err(Box::<dyn Error>::from)
        .and_then(|pem| Ok(TrustStore::from_pem(&pem)?))
        .map_err(|error| format!("{}: {error}", options.ca.display()))?;
    // Clients come again with each request: it remembers who was verified.
    let verifier = Arc::new(ClientVerifier::new(
        Arc::new(store),
        ClientPolicy::default(),
    ));

    let app = Router::new()
        .route("/", get(greet))
        // For every route, and what has none: nothing is answered without a client.
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn_with_state(verifier, authenticate));
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    say!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn greet(Extension(client): Extension<VerifiedClient>) -> String {
    let identity = client.identity();
    format!(
        "{}, serial number {}\n",
        identity.subject(),
        identity.serial()
    )
}

/// Lets a request through with its [`VerifiedClient`], or refuses it.
async fn authenticate(
    State(verifier): State<Arc<ClientVerifier>>,
    mut request: Request,
    next: Next,
) -> Response {
    match verified(&verifier, request.headers()) {
        Ok(client) => {
            say!("verified: {}", client.identity().subject());
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

fn verified(verifier: &ClientVerifier, headers: &HeaderMap) -> Result<VerifiedClient, Refusal> {
    // All values, so that a second one is seen.
    let chain = alb::parse_chain(headers.get_all(alb::CLIENTCERT))?;
    Ok(verifier.verify(&chain, UnixTime::now())?)
}

/// Why a request goes no further.
enum Refusal {
    Header(HeaderError),
    Client(VerifyError),
}

impl From<HeaderError> for Refusal {
    fn from(error: HeaderError) -> Self {
        Self::Header(error)
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        Self::Client(error)
    }
}

impl IntoResponse for Refusal {
    /// The client gets the code, the log the reason.
    fn into_response(self) -> Response {
        let (status, answer) = match &self {
            Self::Header(error) => {
                say!("refused: {error}");
                match error.problem() {
                    HeaderProblem::Missing => (StatusCode::FORBIDDEN, "no client certificate"),
                    _ => (StatusCode::BAD_REQUEST, "bad client certificate header"),
                }
            }
            Self::Client(error) => {
                say!("refused: {}: {error}", error.code());
                (StatusCode::FORBIDDEN, error.code().as_str())
            }
        };
        (status, format!("{answer}\n")).into_response()
    }
}

struct Options {
    ca: PathBuf,
    listen: SocketAddr,
}

impl Options {
    fn from_command_line() -> Result<Self, Box<dyn Error>> {
        let (mut ca, mut listen) = (None, SocketAddr::from(([127, 0, 0, 1], 8080)));
        let mut parser = Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("ca") => ca = Some(PathBuf::from(parser.value()?)),
                Arg::Long("listen") => listen = parser.value()?.parse()?,
                Arg::Long("help") | Arg::Short('h') => {
                    println!("{USAGE}");
                    std::process::exit(0);
                }
                other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
            }
        }
        let ca = ca.ok_or_else(|| format!("no --ca given\n{USAGE}"))?;
        Ok(Self { ca, listen })
    }
}
