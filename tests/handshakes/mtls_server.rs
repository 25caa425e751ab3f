//! Runs the example program `mtls_server`, with `curl` as its client, and changes its files.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use testpki::Key;

use crate::clients::{Version, alert_in, curl};
use crate::pki::{Files, ca, client, crl_of, crls, root, server};

/// The program while it runs, and what it prints.
struct Program {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Program {
    fn start(files: &Files) -> Self {
        // Beside the `deps` in which this test lies.
        let test = std::env::current_exe().expect("the path of this test");
        let profile = test.parent().and_then(Path::parent).expect("PROFILE/deps");
        let program = format!("examples/mtls_server{}", std::env::consts::EXE_SUFFIX);
        let mut command = Command::new(profile.join(program));
        for name in ["ca", "crl", "cert", "key"] {
            let file = files.path(&format!("{name}.pem"));
            command.arg(format!("--{name}")).arg(file);
        }
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`cargo test` builds the example; with `--test handshakes`, `cargo build --example mtls_server` has to");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let seen = Vec::new();
        Self { child, lines, seen }
    }

    /// The next line with this in it.
    fn wait_for(&mut self, part: &str) -> String {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.contains(part) => return line,
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
    let listening = program.wait_for("listening on https://");
    let (_, address) = listening.split_once("https://").expect("an address");
    let address: SocketAddr = address.parse().expect("an address");
    let [alice_files, bob_files, eve_files] = [&alice, &bob, &eve].map(|who| Files::of(Some(who)));
    let visit = |files: &Files, version| curl(address, version, files);

    for version in Version::BOTH {
        let text = visit(&alice_files, version);
        assert!(text.contains("hello CN=alice, verified until 20"), "{text}");
        program.wait_for(" is CN=alice, verified until 20");

        let text = visit(&eve_files, version);
        assert_eq!(alert_in(&text), Some(48), "{text}");
        program.wait_for(" refused: ClientCertUntrusted: ");

        let text = visit(&files, version);
        assert_eq!(alert_in(&text), Some(116), "{text}");
        program.wait_for(" refused: peer sent no certificates");
    }

    files.write("crl.pem", &crls(&[&alice]));
    program.wait_for("reloaded: CAs 1, revocation lists 2");
    for version in Version::BOTH {
        let text = visit(&alice_files, version);
        assert_eq!(alert_in(&text), Some(44), "{text}");
        program.wait_for(" refused: ClientCertCrlHit: client certificate CN=alice was revoked on ");
    }

    files.write("ca.pem", &root().pem().replace("-----END", "----END"));
    let line = program.wait_for("not reloaded, the last good CAs and lists stay: ");
    assert!(line.contains("line "), "{line}");
    for version in Version::BOTH {
        assert!(visit(&bob_files, version).contains("hello CN=bob"));
        assert_eq!(alert_in(&visit(&alice_files, version)), Some(44));
    }

    let lists = crls(&[&alice]) + &crl_of(&stranger).pem();
    files.write("crl.pem", &lists);
    files.write("ca.pem", &(root().pem() + &stranger.pem()));
    program.wait_for("reloaded: CAs 2, revocation lists 3");
    for version in Version::BOTH {
        assert!(visit(&eve_files, version).contains("hello CN=eve"));
        assert!(visit(&bob_files, version).contains("hello CN=bob"));
    }
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
