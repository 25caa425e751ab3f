//! A client of HTTP/2, which sends its request before the server has seen its certificate.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::{Request, StatusCode};
use mtls_verify::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::clients::{Version, rustls_config, rustls_config_anonymous};
use crate::mtls_server::serving;
use crate::pki::{ca, client, expired};

const EACH: usize = 100;

/// Three refusals, 300 in all, and each client sees why.
#[test]
fn every_refused_client_sees_its_alert() {
    let alice = client("alice");
    let stranger = client("stranger").issued_by(&ca("Stranger"));
    let (_program, server) = serving(&alice);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let speaking_http2 = |mut config: ClientConfig| {
        config.alpn_protocols = vec![b"h2".to_vec()];
        Arc::new(config)
    };
    let visit = |config: &Arc<ClientConfig>| runtime.block_on(visit(server, config));
    let config = |client| speaking_http2(rustls_config(client, Version::Tls13));
    let answer = visit(&config(&alice)).expect("served");
    assert_eq!(answer, StatusCode::OK);

    for (config, alert) in [
        (
            config(&expired(client("late"))),
            AlertDescription::CertificateExpired,
        ),
        (config(&stranger), AlertDescription::UnknownCA),
        (
            speaking_http2(rustls_config_anonymous(Version::Tls13)),
            AlertDescription::CertificateRequired,
        ),
    ] {
        let seen: Vec<_> = (0..EACH).map(|_| visit(&config)).collect();
        let lost: Vec<_> = seen
            .iter()
            .filter(|answer| !is_alert(answer, alert))
            .collect();
        assert!(
            lost.is_empty(),
            "{alert:?}: {} of {EACH} lost, such as {:?}",
            lost.len(),
            lost.first()
        );
    }
}

type Answer = Result<StatusCode, Box<dyn Error>>;

async fn visit(server: SocketAddr, config: &Arc<ClientConfig>) -> Answer {
    let tcp = TcpStream::connect(server).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    let tls = TlsConnector::from(Arc::clone(config))
        .connect(name, tcp)
        .await?;
    assert_eq!(tls.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut requests, connection) = h2::client::handshake(tls).await?;
    let request = Request::get("https://localhost/").body(())?;
    let (response, _) = requests.send_request(request, true)?;
    tokio::select! {
        // The error of the connection is the one that has the alert.
        biased;
        broken = connection => Err(broken.expect_err("it is still in use").into()),
        response = response => Ok(response?.status()),
    }
}

/// Errors of `h2` keep of the one of `rustls` only what it says.
fn is_alert(answer: &Answer, alert: AlertDescription) -> bool {
    let alert = rustls::Error::AlertReceived(alert).to_string();
    answer
        .as_ref()
        .is_err_and(|error| error.to_string().contains(&alert))
}
