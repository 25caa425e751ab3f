//! A server that takes connections, one at a time, and greets each client that comes in.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mtls_verify::VerifyError;
use mtls_verify::pki_types::UnixTime;
use mtls_verify::rustls::RustlsVerifier;
use rustls::{HandshakeKind, ServerConfig, ServerConnection, Stream};

/// No test waits longer than that for anything.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Server {
    listener: TcpListener,
    config: Arc<ServerConfig>,
    verifier: Arc<RustlsVerifier>,
}

/// How a connection went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The subject of the client that was greeted, if it had a certificate.
    Served(Option<String>, HandshakeKind),
    /// The handshake succeeded, and then it turned out that the client's certificate does not hold.
    TurnedAway(VerifyError, HandshakeKind),
    /// The handshake failed.
    Refused(rustls::Error),
}

impl Outcome {
    pub(crate) fn refused(self) -> rustls::Error {
        match self {
            Self::Refused(error) => error,
            other => panic!("not refused: {other:?}"),
        }
    }
}

impl Server {
    pub(crate) fn new(verifier: &Arc<RustlsVerifier>) -> Self {
        Self::with_config(verifier, crate::pki::server_config(verifier))
    }

    pub(crate) fn with_config(verifier: &Arc<RustlsVerifier>, config: ServerConfig) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("can be polled");
        Self {
            listener,
            config: Arc::new(config),
            verifier: Arc::clone(verifier),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("bound")
    }

    /// Runs a client against it: what came of the connection on either side. The client must
    /// connect exactly once. The server runs on this thread, with what the thread has of `tracing`.
    pub(crate) fn meet<T: Send>(
        &self,
        client: impl FnOnce(SocketAddr) -> T + Send,
    ) -> (Outcome, T) {
        std::thread::scope(|scope| {
            let seen = scope.spawn(|| client(self.address()));
            let outcome = self.serve(self.accept());
            (outcome, seen.join().expect("the client ends"))
        })
    }

    /// Takes so many connections, each on a thread of its own.
    pub(crate) fn serve_many(self: Arc<Self>, connections: usize) -> JoinHandle<Vec<Outcome>> {
        std::thread::spawn(move || {
            let threads: Vec<_> = (0..connections)
                .map(|_| {
                    let stream = self.accept();
                    let server = Arc::clone(&self);
                    std::thread::spawn(move || server.serve(stream))
                })
                .collect();
            let outcomes = threads.into_iter().map(JoinHandle::join);
            outcomes
                .map(|outcome| outcome.expect("the server goes on"))
                .collect()
        })
    }

    fn accept(&self) -> TcpStream {
        let start = Instant::now();
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false).expect("can wait");
                    return stream;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    assert!(start.elapsed() < PATIENCE, "nobody connects");
                    std::thread::sleep(Duration::from_micros(200));
                }
                Err(error) => panic!("accept: {error}"),
            }
        }
    }

    fn serve(&self, mut stream: TcpStream) -> Outcome {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        let config = Arc::clone(&self.config);
        let mut connection = ServerConnection::new(config).expect("a good configuration");
        let outcome = self.greet(&mut connection, &mut stream);
        // A server that closes with bytes unread makes the other end lose the alert, as the kernel
        // then resets the connection.
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
        outcome
    }

    fn greet(&self, connection: &mut ServerConnection, stream: &mut TcpStream) -> Outcome {
        while connection.is_handshaking() {
            if let Err(error) = connection.complete_io(stream) {
                let error = error.get_ref().and_then(|inner| inner.downcast_ref());
                let error: &rustls::Error = error.expect("refused by rustls");
                return Outcome::Refused(error.clone());
            }
        }
        let kind = connection.handshake_kind().expect("it is over");
        let peer = connection.peer_certificates();
        let outcome = match self.verifier.client_of(peer, UnixTime::now()) {
            Err(refusal) => Outcome::TurnedAway(refusal, kind),
            Ok(client) => Outcome::Served(client.map(|client| client.identity().subject()), kind),
        };
        let body = match &outcome {
            Outcome::Served(Some(subject), _) => format!("hello {subject}\n"),
            Outcome::Served(None, _) => "hello stranger\n".to_owned(),
            _ => String::new(),
        };
        let mut tls = Stream::new(connection, stream);
        if !body.is_empty() && read_request(&mut tls).is_ok() {
            let length = body.len();
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length";
            let _ = write!(tls, "{head}: {length}\r\n\r\n{body}");
        }
        connection.send_close_notify();
        let _ = connection.write_tls(stream);
        outcome
    }
}

fn read_request(tls: &mut impl Read) -> io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        tls.read_exact(&mut byte)?;
        request.extend(byte);
    }
    Ok(())
}
