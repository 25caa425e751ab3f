//! Runs the example program `passthrough`, with `curl` in the place of the load balancer.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use mtls_verify::{ClientPolicy, TrustStore, headers, verify_client_chain};
use testpki::{Cert, Key};

use crate::files::{certificates, read, testdata, time};

const PROGRAM: &str = env!("CARGO_BIN_EXE_passthrough");
const HEADER: &str = "X-Amzn-Mtls-Clientcert";

#[test]
fn a_verified_client_is_answered() {
    let mut server = Server::start();
    let answer = server.get("/", &[header(&value("chain.pem"))]);
    let serial = example_serial();
    let body = format!("CN=device 7,O=Example, serial number {serial}\n");
    assert_eq!(answer, (200, body.clone()));
    assert_eq!(server.next_line(), "verified: CN=device 7,O=Example");
    // Encoded throughout, and its name in lower case.
    let all_encoded = value("chain.pem")
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let answer = server.get("/", &[header_in_lower_case(&all_encoded)]);
    assert_eq!(answer, (200, body));
    assert_eq!(server.next_line(), "verified: CN=device 7,O=Example");
    assert_eq!(server.get("/other", &[header(&value("chain.pem"))]).0, 404);
}

#[test]
fn a_refused_client_gets_the_code() {
    let mut server = Server::start();
    let stranger = Cert::client("stranger", &Key::p256("stranger"))
        .issued_by(&Cert::ca("Stranger CA", &Key::p256("stranger CA")));
    for (value, code, reason) in [
        (
            value("expired.pem"),
            "ClientCertExpired",
            "CN=device 7,O=Example expired",
        ),
        (
            encoded(&stranger.pem()),
            "ClientCertUntrusted",
            "CN=stranger",
        ),
    ] {
        for path in ["/", "/other"] {
            let answer = server.get(path, &[header(&value)]);
            assert_eq!(answer, (403, format!("{code}\n")));
            let line = server.next_line();
            assert!(line.starts_with(&format!("refused: {code}: ")), "{line}");
            assert!(line.contains(reason), "{line}");
        }
    }
}

#[test]
fn what_is_no_header_of_the_load_balancer_is_refused() {
    let mut server = Server::start();
    let good = value("chain.pem");
    let missing = (403, "no client certificate\n".to_owned());
    let bad = (400, "bad client certificate header\n".to_owned());
    let with_form_spaces = good.replace("%20", "+");
    let with_spaces = good.replace("%20", " ");
    let large = format!("{good}{}", "%0A".repeat(50_000));
    for (sent, expected, reason) in [
        (vec![], &missing, "the request does not have it"),
        // The spelling that CGI takes for the same header.
        (
            vec![format!("X_Amzn_Mtls_Clientcert: {good}")],
            &missing,
            "the request does not have it",
        ),
        (vec![header(&good), header(&good)], &bad, "more than once"),
        (
            vec![header(&good), header_in_lower_case(&good)],
            &bad,
            "more than once",
        ),
        (vec![format!("{HEADER};")], &bad, "it is empty"),
        (
            vec![header(&with_form_spaces)],
            &bad,
            "certificate 1: no line BEGIN CERTIFICATE",
        ),
        (vec![header(&with_spaces)], &bad, "byte 10: the byte 0x20"),
        (
            vec![header(&format!("{good}x"))],
            &bad,
            "certificate 3: no line BEGIN CERTIFICATE",
        ),
        (vec![header(&large)], &bad, "more than 131072 bytes"),
    ] {
        for path in ["/", "/other"] {
            assert_eq!(&server.get(path, &sent), expected, "{reason}");
            let line = server.next_line();
            assert!(
                line.starts_with("refused: x-amzn-mtls-clientcert"),
                "{line}"
            );
            assert!(line.contains(reason), "{line}");
        }
    }
}

#[test]
fn what_cannot_be_served_is_said() {
    for (words, message) in [
        (&[][..], "no --ca given"),
        (&["--ca", "missing.pem"], "missing.pem: "),
        (
            &["--ca", "expired.pem"],
            "expired.pem: certificate 1, line 1 (CN=device 7,O=Example): not a CA",
        ),
        (&["--ca", "ca.pem", "--listen", "here"], "here"),
        (&["--port", "1"], "--port"),
    ] {
        let output = Command::new(PROGRAM)
            .args(words)
            .current_dir(testdata().join("example"))
            .output()
            .expect("the example runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        assert!(
            stderr.starts_with("passthrough: ") && stderr.contains(message),
            "{stderr}"
        );
    }
}

/// A pipe that nobody reads is full after some hundred lines.
#[test]
fn it_serves_though_nobody_reads_what_it_prints() {
    const REFUSED: usize = 6_000;
    let mut server = Server::start();
    server.refuse(REFUSED);
    assert_eq!(server.get("/", &[header(&value("chain.pem"))]).0, 200);

    // Once somebody reads, it says how many lines are lost, and goes on.
    let mut written = 0;
    let dropped: usize = loop {
        let line = server.next_line();
        if let Some(dropped) = line.strip_suffix(" lines dropped") {
            break dropped.parse().expect("a number");
        }
        assert!(line.starts_with("refused: "), "{line}");
        written += 1;
    };
    assert!(
        dropped > 0 && written > 0 && written + dropped <= REFUSED + 1,
        "{written} + {dropped}"
    );
    assert_eq!(server.get("/", &[header(&value("chain.pem"))]).0, 200);
    while server.next_line() != "verified: CN=device 7,O=Example" {}
}

/// As below `| head -1`.
#[test]
fn it_serves_though_what_it_prints_is_closed() {
    let mut server = Server::start();
    server.stdout = None;
    server.refuse(3_000);
    assert_eq!(server.get("/", &[header(&value("chain.pem"))]).0, 200);
}

/// The example, until it is dropped.
struct Server {
    process: Child,
    stdout: Option<BufReader<ChildStdout>>,
    url: String,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(PROGRAM)
            .args(["--ca", "ca.pem", "--listen", "127.0.0.1:0"])
            .current_dir(testdata().join("example"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example starts");
        let stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut server = Self {
            process,
            stdout: Some(stdout),
            url: String::new(),
        };
        let line = server.next_line();
        server.url = line
            .strip_prefix("listening on ")
            .expect("the address")
            .to_owned();
        server
    }

    /// The next line of its log.
    fn next_line(&mut self) -> String {
        let mut line = String::new();
        let stdout = self.stdout.as_mut().expect("it is open");
        assert_ne!(stdout.read_line(&mut line).expect("a line"), 0, "the end");
        line.trim_end().to_owned()
    }

    /// So many requests without a client, on one connection.
    fn refuse(&self, requests: usize) {
        let address = self.url.strip_prefix("http://").expect("the address");
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).expect("no delay");
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).expect("a timeout");
        let mut answers = BufReader::new(stream.try_clone().expect("a second handle"));
        for _ in 0..requests {
            let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
            stream.write_all(request).expect("it reads");
            let mut line = String::new();
            while line != "no client certificate\n" {
                line.clear();
                assert_ne!(answers.read_line(&mut line).expect("it answers"), 0);
            }
        }
    }

    /// Status and body of the answer to a request with these headers, which go through a file as
    /// they may be long.
    fn get(&self, path: &str, headers: &[impl AsRef<str>]) -> (u16, String) {
        let mut curl = Command::new("curl")
            .args(["--silent", "--show-error", "--header", "@-"])
            .args(["--write-out", "%{http_code}"])
            .arg(format!("{}{path}", self.url))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("curl is installed");
        let mut stdin = curl.stdin.take().expect("it is piped");
        for header in headers {
            writeln!(stdin, "{}", header.as_ref()).expect("curl reads");
        }
        drop(stdin);
        let output = curl.wait_with_output().expect("curl ends");
        assert!(output.status.success(), "curl: {:?}", output.status);
        let text = String::from_utf8(output.stdout).expect("text");
        let (body, status) = text.split_at(text.len() - 3);
        (status.parse().expect("a status"), body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn header(value: &str) -> String {
    format!("{HEADER}: {value}")
}

fn header_in_lower_case(value: &str) -> String {
    format!("{}: {value}", HEADER.to_ascii_lowercase())
}

/// A chain of `testdata/example` as the load balancer sends it.
fn value(file: &str) -> String {
    let pem = read(&testdata().join("example").join(file));
    encoded(std::str::from_utf8(&pem).expect("PEM is ASCII"))
}

fn encoded(pem: &str) -> String {
    pem.replace(' ', "%20").replace('\n', "%0A")
}

fn example_serial() -> String {
    let folder = testdata().join("example");
    let store = TrustStore::from_pem(&read(&folder.join("ca.pem"))).expect("a good bundle");
    let chain = headers::alb::parse_chain([value("chain.pem")]).expect("a good value");
    assert_eq!(chain, certificates(&read(&folder.join("chain.pem"))));
    let now = time("2026-06-01T00:00:00Z");
    let client = verify_client_chain(&store, &chain, now, &ClientPolicy::default());
    client.expect("verified").identity().serial()
}
