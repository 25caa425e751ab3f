//! `examples/openssl_server.c` with real clients: `openssl s_client`, with good, expired, revoked
//! and unknown certificates and with none, over TLS 1.2 and 1.3. A refused client has to see
//! the alert that the verdict asks for.

mod native;

use std::io::{BufRead, BufReader, Lines, Read};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use native::{Compiler, Linkage, compile, folder, here, run};
use testpki::{Cert, Crl, Key, pem};

/// When everything that is valid ends; clients and server go by the clock.
const LATER: &str = "2049-12-31T00:00:00Z";

struct Server {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Server {
    fn start(program: &Path, pki: &Path, options: &[&str]) -> Self {
        let mut process = Command::new(program)
            .args([
                "--cert",
                "server.pem",
                "--key",
                "server.key",
                "--ca",
                "ca.pem",
            ])
            .args(options)
            .current_dir(pki)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdout = process.stdout.take().expect("piped");
        let mut said = BufReader::new(stdout).lines();
        let line = said.next().expect("a line").expect("text");
        let address = line.strip_prefix("listening on ").expect("an address");
        Self {
            process,
            address: address.to_owned(),
            said,
        }
    }

    /// What `openssl s_client` sees, and what the server says of it in its next line.
    fn connect(&mut self, pki: &Path, version: &str, client: Option<&str>) -> (String, String) {
        self.connect_with(pki, version, client, "issuing.pem")
    }

    /// The same with a file of the certificates that the client presents after its own.
    fn connect_with(
        &mut self,
        pki: &Path,
        version: &str,
        client: Option<&str>,
        others: &str,
    ) -> (String, String) {
        let mut command = Command::new("openssl");
        // It ends when the server closes the connection.
        command
            .args(["s_client", "-ign_eof", "-CAfile", "server-ca.pem", version])
            .args(["-connect", &self.address])
            .current_dir(pki)
            .stdin(Stdio::null());
        if let Some(client) = client {
            let (cert, key) = (format!("{client}.pem"), format!("{client}.key"));
            command.args(["-cert", &cert, "-cert_chain", others, "-key", &key]);
        }
        let output = command.output().expect("the openssl program");
        let seen = [output.stdout, output.stderr].concat();
        let line = self.said.next().expect("a line").expect("text");
        (String::from_utf8_lossy(&seen).into_owned(), line)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Files for the server, its clients and their CAs.
fn make_pki(test: &str) -> PathBuf {
    let folder = folder(&format!("openssl-server-{test}"));
    let write = |file: &str, text: String| {
        std::fs::write(folder.join(file), text).expect("the folder of the test can be written");
    };
    let key = |name: &str| Key::p256(&format!("server-{name}"));
    let root = Cert::ca("Root", &key("root")).not_after(LATER);
    let issuing = Cert::ca("Issuing CA", &key("issuing"))
        .issued_by(&root)
        .not_after(LATER);
    let client = |name: &str| {
        Cert::client(name, &key(name))
            .issued_by(&issuing)
            .not_before("2020-01-01T00:00:00Z")
            .not_after(LATER)
    };
    let stranger = Cert::ca("Elsewhere", &key("elsewhere")).not_after(LATER);
    let clients = [
        ("good", client("good")),
        (
            "expired",
            client("expired").not_after("2021-01-01T00:00:00Z"),
        ),
        ("revoked", client("revoked").serial(&[0x42])),
        ("unknown", client("unknown").issued_by(&stranger)),
    ];
    let crl = |issuer: &Cert| {
        Crl::of(issuer)
            .this_update("2020-01-01T00:00:00Z")
            .next_update(LATER)
    };
    let issued = crl(&issuing).revoke(&clients[2].1);
    write("crls.pem", crl(&root).pem() + &issued.pem());
    for (name, certificate) in &clients {
        write(&format!("{name}.pem"), certificate.pem());
        write(&format!("{name}.key"), key(name).pkcs8_pem());
    }
    write("ca.pem", root.pem());
    write("issuing.pem", issuing.pem());
    write("many.pem", issuing.pem().repeat(40));
    write("expired-chain.pem", clients[1].1.pem() + &issuing.pem());
    let server_ca = Cert::ca("Server CA", &key("server-ca")).not_after(LATER);
    let server = Cert::client("localhost", &key("server"))
        .issued_by(&server_ca)
        .not_before("2020-01-01T00:00:00Z")
        .not_after(LATER)
        .without_extension(testpki::oid::EXTENDED_KEY_USAGE);
    write("server-ca.pem", server_ca.pem());
    write("server.pem", pem::bundle(&[server.der()]));
    write("server.key", key("server").pkcs8_pem());
    folder
}

fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let source = here("examples/openssl_server.c");
        let openssl = ["-lssl", "-lcrypto"];
        compile(&source, Compiler::C99, Linkage::Shared, &openssl)
    })
}

#[test]
fn clients_are_let_in_or_see_why_not() {
    let (pki, program) = (make_pki("verdicts"), program());
    const EXPIRED: (u8, &str) = (
        45,
        "refused ClientCertExpired: client certificate CN=expired",
    );
    for (mode, expired_alert) in [("reject", Some(EXPIRED)), ("accept", None)] {
        let options = ["--crl", "crls.pem", "--client-expiry", mode];
        let mut server = Server::start(program, &pki, &options);
        for version in ["-tls1_2", "-tls1_3"] {
            let (seen, said) = server.connect(&pki, version, Some("good"));
            assert_eq!(said, "accepted CN=good", "{seen}");
            assert!(seen.contains("hello CN=good"), "{seen}");

            let (seen, said) = server.connect(&pki, version, Some("expired"));
            match expired_alert {
                None => {
                    assert_eq!(said, "accepted CN=expired (expired)", "{seen}");
                    assert!(seen.contains("hello CN=expired"), "{seen}");
                }
                Some(refusal) => assert_refused(&mut server, refusal, &seen, &said),
            }
            for (client, alert, line) in [
                (
                    "revoked",
                    44,
                    "refused ClientCertCrlHit: client certificate CN=revoked was revoked",
                ),
                (
                    "unknown",
                    48,
                    "refused ClientCertUntrusted: client certificate CN=unknown has no issuer",
                ),
            ] {
                let (seen, said) = server.connect(&pki, version, Some(client));
                assert_refused(&mut server, (alert, line), &seen, &said);
            }
        }
        // However many are presented, it is the client that is refused, and no fault of the server.
        let (seen, said) = server.connect_with(&pki, "-tls1_3", Some("good"), "many.pem");
        let refusal = (46, "refused ClientCertMaxChainDepthExceeded: ");
        assert_refused(&mut server, refusal, &seen, &said);
        // Nobody asks the library about a client that presents nothing; OpenSSL refuses it.
        let (seen, said) = server.connect(&pki, "-tls1_3", None);
        assert!(seen.contains("SSL alert number 116"), "{seen}");
        assert_eq!(said, "no handshake");
        let (seen, said) = server.connect(&pki, "-tls1_2", None);
        assert!(seen.contains("SSL alert number 40"), "{seen}");
        assert_eq!(said, "no handshake");
    }
}

fn assert_refused(server: &mut Server, (alert, line): (u8, &str), seen: &str, said: &str) {
    assert!(said.starts_with(line), "{said}");
    assert!(
        seen.contains(&format!("SSL alert number {alert}")),
        "{seen}"
    );
    assert!(!seen.contains("hello"), "{seen}");
    let next = server.said.next().expect("a line").expect("text");
    assert_eq!(next, "no handshake");
}

/// Sends requests before it reads, and prints why it was refused.
const SENDING: &str = r#"
import socket, ssl, sys, time
port = int(sys.argv[1])
context = ssl.create_default_context(cafile="server-ca.pem")
context.check_hostname = False
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.load_cert_chain("expired-chain.pem", "expired.key")
with context.wrap_socket(socket.create_connection(("127.0.0.1", port), 30)) as client:
    for _ in range(3):
        client.sendall(b"x" * 1000)
        time.sleep(0.05)
    try:
        client.recv(1)
    except ssl.SSLError as error:
        print(error.reason)
"#;

/// In TLS 1.3 it does so before the server has seen its certificate.
#[test]
fn a_refused_client_that_goes_on_sending_sees_its_alert() {
    let (pki, program) = (make_pki("sending"), program());
    let server = Server::start(program, &pki, &[]);
    let (_, port) = server.address.split_once(':').expect("a port");
    for _ in 0..5 {
        let mut client = Command::new("python3");
        let seen = run(client.args(["-c", SENDING, port]).current_dir(&pki));
        let seen = String::from_utf8_lossy(&seen.stdout);
        assert!(seen.contains("CERTIFICATE_EXPIRED"), "{seen}");
    }
}

/// A pipe that nobody reads is full after 65,536 bytes: the server drops what it has to say.
#[test]
fn it_serves_though_nobody_reads_what_it_says() {
    let (pki, program) = (make_pki("unread"), program());
    let mut server = Server::start(program, &pki, &[]);
    let address = server.address.parse().expect("an address");
    const LINE: &str = "no handshake\n";
    const CONNECTIONS: usize = 65_536 / LINE.len() + 100;
    for _ in 0..CONNECTIONS {
        let patience = Duration::from_secs(30);
        let mut connection =
            TcpStream::connect_timeout(&address, patience).expect("the server goes on");
        connection.shutdown(Shutdown::Write).expect("connected");
        // Its close, so that connections do not queue up.
        connection.set_read_timeout(Some(patience)).expect("set");
        connection
            .read_to_end(&mut Vec::new())
            .expect("the server goes on");
    }
    let mut served = Command::new("timeout");
    served
        .args([
            "30",
            "openssl",
            "s_client",
            "-ign_eof",
            "-CAfile",
            "server-ca.pem",
        ])
        .args(GOOD_CLIENT)
        .args(["-connect", &server.address])
        .current_dir(&pki)
        .stdin(Stdio::null());
    let seen = run(&mut served);
    let seen = String::from_utf8_lossy(&seen.stdout);
    assert!(seen.contains("hello CN=good"), "{seen}");
    server.process.kill().expect("it runs");
    let said: Vec<_> = server.said.by_ref().map_while(Result::ok).collect();
    assert!(
        said.len() > 1_000 && said.len() < CONNECTIONS,
        "{}",
        said.len()
    );
    assert!(said.iter().all(|line| *line == LINE.trim_end()));
}

/// What makes `openssl s_client` present the good client.
const GOOD_CLIENT: [&str; 6] = [
    "-cert",
    "good.pem",
    "-cert_chain",
    "issuing.pem",
    "-key",
    "good.key",
];

/// Without CRLs nobody is revoked; and a session is never taken up again without its certificate.
#[test]
fn sessions_are_not_resumed() {
    let (pki, program) = (make_pki("sessions"), program());
    let mut server = Server::start(program, &pki, &[]);
    let (seen, said) = server.connect(&pki, "-tls1_2", Some("revoked"));
    assert_eq!(said, "accepted CN=revoked", "{seen}");
    assert!(!seen.contains("session ticket:"), "{seen}");
    let reconnect = run(Command::new("openssl")
        .args([
            "s_client",
            "-reconnect",
            "-tls1_2",
            "-CAfile",
            "server-ca.pem",
        ])
        .args(GOOD_CLIENT)
        .args(["-connect", &server.address])
        .current_dir(&pki)
        .stdin(Stdio::null()));
    let seen = String::from_utf8_lossy(&reconnect.stdout);
    assert!(
        seen.contains("New, TLSv1.2") && !seen.contains("Reused, "),
        "{seen}"
    );
    // Each of the six connections was verified.
    for _ in 0..6 {
        let said = server.said.next().expect("a line").expect("text");
        assert_eq!(said, "accepted CN=good", "{seen}");
    }
}
