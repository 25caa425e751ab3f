//! Runs the example program `mtls_server`, with `curl` as its client, and changes its files.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use mtls_verify::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use testpki::{Cert, Key};

use crate::clients::{Version, alert_in, curl, rustls_client, rustls_config};
use crate::pki::{Files, ca, client, crl_of, crls, expired, root, server};

/// The program while it runs, and what it prints.
struct Program {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Program {
    fn start(files: &Files) -> Self {
        Self::reading(Self::spawn(files))
    }

    /// With somebody who reads what it prints.
    fn reading(mut child: Child) -> Self {
        let stdout = child.stdout.take().expect("piped");
        let mut program = Self::of(child);
        program.read(BufReader::new(stdout));
        program
    }

    /// With nobody who reads.
    fn of(child: Child) -> Self {
        let (_, lines) = channel();
        let seen = Vec::new();
        Self { child, lines, seen }
    }

    fn read(&mut self, stdout: BufReader<ChildStdout>) {
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        self.lines = lines;
    }

    fn spawn(files: &Files) -> Child {
        let mut command = Self::command();
        for name in ["ca", "crl", "cert", "key"] {
            let file = files.path(&format!("{name}.pem"));
            command.arg(format!("--{name}")).arg(file);
        }
        command
            .args(["--listen", "127.0.0.1:0"])
            .spawn()
            .expect("it is built")
    }

    fn command() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mtls_server"));
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }

    /// Lines with these in them, in whatever order: what tasks print beside each other has none.
    fn wait_for_all(&mut self, parts: &[&str]) {
        let mut missing = parts.to_vec();
        while let Some(any) = missing.first() {
            let line = self.wait_for_one(&missing, any);
            missing.retain(|part| !line.contains(part));
        }
    }

    /// The next line with this in it.
    fn wait_for(&mut self, part: &str) -> String {
        self.wait_for_one(&[part], part)
    }

    /// The next line with one of these in it; the error is that there is none with `part`.
    fn wait_for_one(&mut self, parts: &[&str], part: &str) -> String {
        let end = Instant::now() + Duration::from_secs(30);
        let is_one = |line: &str| parts.iter().any(|part| line.contains(part));
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if is_one(&line) => return line,
                Ok(line) => self.seen.push(line),
                Err(_) => panic!("no {part:?} after {:?}", self.seen),
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that stays open between requests.
struct Open(StreamOwned<ClientConnection, TcpStream>);

impl Open {
    fn to(server: SocketAddr, client: &Cert) -> Self {
        let config = Arc::new(rustls_config(client, Version::Tls13));
        let name = ServerName::try_from("localhost").expect("a name");
        let connection = ClientConnection::new(config, name).expect("a good configuration");
        let stream = TcpStream::connect(server).expect("it listens");
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).expect("a timeout");
        Self(StreamOwned::new(connection, stream))
    }

    /// What the server answers, which ends with a line; nothing if it has closed the connection.
    fn ask(&mut self) -> String {
        let _ = self
            .0
            .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let mut answer = Vec::new();
        let mut byte = [0];
        while !answer.ends_with(b"\n") || answer.ends_with(b"\r\n") {
            match self.0.read(&mut byte) {
                Ok(1) => answer.extend(byte),
                Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("no answer"),
                _ => break,
            }
        }
        String::from_utf8(answer).expect("text")
    }
}

/// The files of a server, and of this client.
fn files_for(client: &Cert) -> Files {
    let files = Files::of(Some(client));
    files.write("ca.pem", &root().pem());
    files.write("crl.pem", &crls(&[]));
    files.write("cert.pem", &server().pem());
    files.write("key.pem", &Key::p256("server").pkcs8_pem());
    files
}

fn address_in(line: &str) -> SocketAddr {
    let (_, address) = line.trim().split_once("https://").expect("an address");
    address.parse().expect("an address")
}

/// The program, serving, with what it prints; and its address.
pub(crate) fn serving(client: &Cert) -> (impl Sized, SocketAddr) {
    let files = files_for(client);
    let mut program = Program::start(&files);
    let address = address_in(&program.wait_for("listening on https://"));
    ((program, files), address)
}

#[test]
fn it_serves_and_reloads() {
    let [alice, bob, eve] = ["alice", "bob", "eve"].map(client);
    let stranger = ca("Stranger");
    let eve = eve.issued_by(&stranger);
    let files = Files::of(None);
    files.write("ca.pem", &root().pem());
    files.write("crl.pem", &crls(&[]));
    files.write("cert.pem", &server().pem());
    files.write("key.pem", &Key::p256("server").pkcs8_pem());
    let mut program = Program::start(&files);
    let address = address_in(&program.wait_for("listening on https://"));
    let [alice_files, bob_files, eve_files] = [&alice, &bob, &eve].map(|who| Files::of(Some(who)));
    let visit = |files: &Files, version| curl(address, version, files);
    let mut open = [&alice, &bob].map(|who| {
        let mut open = Open::to(address, who);
        assert!(open.ask().contains("hello CN="));
        open
    });

    for version in Version::BOTH {
        let text = visit(&alice_files, version);
        assert!(text.contains("hello CN=alice, verified until 20"), "{text}");
        program.wait_for(" is CN=alice, verified until 20");

        let text = visit(&eve_files, version);
        assert_eq!(alert_in(&text), Some(48), "{text}");
        program.wait_for(" refused: ClientCertUntrusted: ");

        let text = visit(&files, version);
        assert_eq!(alert_in(&text), Some(116), "{text}");
        program.wait_for(" refused: ClientCertInvalid: the client presented no certificate");
    }

    files.write("crl.pem", &crls(&[&alice]));
    // A client that was let in before is held to the new CRLs as well.
    program.wait_for_all(&[
        "reloaded: CAs 1, CRLs 2",
        " cut off: ClientCertCrlHit: client certificate CN=alice was revoked on ",
    ]);
    let [alices, bobs] = &mut open;
    assert_eq!(alices.ask(), "");
    assert!(bobs.ask().contains("hello CN=bob"));
    for version in Version::BOTH {
        let text = visit(&alice_files, version);
        assert_eq!(alert_in(&text), Some(44), "{text}");
        program.wait_for(" refused: ClientCertCrlHit: client certificate CN=alice was revoked on ");
    }

    files.write("ca.pem", &root().pem().replace("-----END", "----END"));
    let line = program.wait_for("not reloaded, the last good CAs and CRLs stay: ");
    assert!(line.contains("line "), "{line}");
    for version in Version::BOTH {
        assert!(visit(&bob_files, version).contains("hello CN=bob"));
        assert_eq!(alert_in(&visit(&alice_files, version)), Some(44));
    }

    // A CRL in the root's name by another key would be of no use, and nobody be let in.
    let impostor = Cert::ca("Root", &Key::p256("impostor"));
    files.write("ca.pem", &root().pem());
    files.write("crl.pem", &crl_of(&impostor).pem());
    program.wait_for("stay: not signed by its CA: the CRL of CN=Root");
    assert!(visit(&bob_files, Version::Tls13).contains("hello CN=bob"));

    let named = crls(&[&alice]) + &crl_of(&stranger).pem();
    files.write("crl.pem", &named);
    files.write("ca.pem", &(root().pem() + &stranger.pem()));
    program.wait_for("reloaded: CAs 2, CRLs 3");
    for version in Version::BOTH {
        assert!(visit(&eve_files, version).contains("hello CN=eve"));
        assert!(visit(&bob_files, version).contains("hello CN=bob"));
    }
}

/// As below `| head -1`.
#[test]
fn it_serves_and_reloads_though_what_it_prints_is_closed() {
    let alice = client("alice");
    let files = files_for(&alice);
    let mut child = Program::spawn(&files);
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut line).expect("a line");
    drop(stdout);
    let _program = Program::of(child);
    let address = address_in(&line);

    let visit = || curl(address, Version::Tls13, &files);
    let text = visit();
    assert!(text.contains("hello CN=alice"), "{text}");
    let end = Instant::now() + Duration::from_secs(30);
    for now in [crls(&[&client("bob")]), crls(&[&alice])] {
        files.write("crl.pem", &now);
        std::thread::sleep(Duration::from_millis(1_500));
    }
    while alert_in(&visit()) != Some(44) {
        assert!(Instant::now() < end, "not reloaded");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A pipe that nobody reads is full after some hundred lines.
#[test]
fn it_serves_though_nobody_reads_what_it_prints() {
    const REFUSED: usize = 2_500;
    let alice = client("alice");
    let files = files_for(&alice);
    let mut child = Program::spawn(&files);
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut line).expect("a line");
    let mut program = Program::of(child);
    let address = address_in(&line);

    let late = Arc::new(rustls_config(&expired(client("late")), Version::Tls13));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..REFUSED / 4 {
                    let error = rustls_client(address, &late).expect_err("refused");
                    assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
                }
            });
        }
    });
    let text = curl(address, Version::Tls13, &files);
    assert!(text.contains("hello CN=alice"), "{text}");

    // Once somebody reads, it says how many lines are lost, and goes on.
    program.read(stdout);
    let dropped = program.wait_for(" lines dropped");
    let dropped = dropped.strip_suffix(" lines dropped").expect("the end");
    let dropped: usize = dropped.parse().expect("a number");
    let written = program.seen.len();
    assert!(
        program
            .seen
            .iter()
            .all(|line| line.contains(" refused: ClientCertExpired: "))
    );
    assert!(
        dropped > 0 && written > 0 && written + dropped <= REFUSED + 1,
        "{written} + {dropped}"
    );
    let text = curl(address, Version::Tls13, &files);
    assert!(text.contains("hello CN=alice"), "{text}");
    program.wait_for(" is CN=alice, verified until ");
}

#[test]
fn it_says_what_is_missing_or_broken() {
    let files = Files::of(None);
    files.write("ca.pem", "not a certificate");
    files.write("crl.pem", &crls(&[]));
    files.write("cert.pem", &server().pem());
    files.write("key.pem", &Key::p256("server").pkcs8_pem());
    let mut program = Program::start(&files);
    let status = program.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(2));
}

/// The commands of the guide, all of them, but for the port.
#[test]
fn the_commands_of_the_guide() {
    let readme = include_str!("../../../../docs/guide/servers.md");
    let (_, commands) = readme.split_once("```sh\nnew() {").expect("the commands");
    let (commands, _) = commands.split_once("```").expect("their end");
    let (prepare, visits) = commands.split_once("cargo run ").expect("the server");
    let mut visits = visits.lines();
    let arguments = visits.next().expect("its arguments");
    let (_, arguments) = arguments
        .split_once("--bin mtls_server -- ")
        .expect("the example");

    let files = Files::of(None);
    let folder = files.path("");
    let shell = |commands: &str| {
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(commands)
            .current_dir(&folder)
            .env("NO_PROXY", "*");
        shell.output().expect("there is a shell")
    };
    let prepared = shell(&format!("set -e; new() {{{prepare}"));
    assert!(prepared.status.success(), "{prepared:?}");
    let shown = shell("openssl x509 -in server.pem -noout -ext basicConstraints,subjectAltName");
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(
        shown.contains("CA:FALSE") && shown.contains("DNS:localhost"),
        "{shown}"
    );

    let child = Program::command()
        .current_dir(&folder)
        .args(arguments.split(' ').chain(["--listen", "127.0.0.1:0"]))
        .spawn()
        .expect("it is built");
    let mut program = Program::reading(child);
    let address = address_in(&program.wait_for("listening on https://"));
    let port = format!("localhost:{}", address.port());
    let visits: Vec<_> = visits.filter(|line| line.starts_with("curl ")).collect();
    assert_eq!(visits.len(), 3);
    for visit in visits {
        let (command, says) = visit.split_once(" # ").expect("what comes of it");
        let answer = shell(&command.replace("localhost:8443", &port));
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        match says.strip_suffix(", says the server") {
            Some(refused) => {
                assert!(!answer.status.success(), "{visit}: {text}");
                program.wait_for(&format!(" {refused}: "));
            }
            None => {
                let hello = says.strip_suffix("...").expect("and a time");
                assert!(text.starts_with(hello), "{visit}: {answer:?}");
            }
        }
    }
}
