//! Runs the example program, `verify`, as a person or a script would.

#[path = "../../../tests/common/files.rs"]
mod files;

use std::path::{Path, PathBuf};
use std::process::Command;

use files::{certificates, read, testdata, time};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, verify_client_chain};
use serde_json::{Value, json};

const NOW: &str = "2026-06-01T00:00:00Z";
/// When the client of `expired.pem` expired.
const ENDED: &str = "2026-01-02T03:04:05Z";
const SECOND_LATER: &str = "2026-01-02T03:04:06Z";
/// When everything else in the folder does.
const CA_ENDS: &str = "2125-01-01T00:00:00Z";

#[test]
fn verified_as_json() {
    let client = example_client();
    let fingerprint = client.identity().fingerprint_sha256();
    let hex: String = fingerprint
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let remaining = time(CA_ENDS).as_secs() - time(NOW).as_secs();

    let run = verify(&format!("--ca ca.pem --chain chain.pem --at {NOW} --json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.json(),
        json!({
            "verified": true,
            "code": null,
            "reason": null,
            "message": "client certificate CN=device 7,O=Example is verified",
            "certificate": null,
            "subject": "CN=device 7,O=Example",
            "sans": [
                "DNS:device-7.fleet.example.org",
                "URI:spiffe://example.org/fleet/device-7",
                "email:device-7@example.org",
                "UPN:device-7@fleet.example.org",
            ],
            "serial": client.identity().serial(),
            "fingerprint_sha256": hex,
            "expiry": { "status": "current", "remaining_seconds": remaining },
            "valid_until": CA_ENDS,
            "path": [
                "CN=device 7,O=Example",
                "CN=Example Issuing CA,O=Example",
                "CN=Example Root,O=Example",
            ],
            "revocation": ["not checked", "not checked", "not checked"],
        })
    );
}

#[test]
fn verified_for_a_person() {
    let run = verify(&format!("--ca ca.pem --chain chain.pem --at {NOW}"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for part in [
        "CN=device 7,O=Example",
        "DNS:device-7.fleet.example.org",
        "URI:spiffe://example.org/fleet/device-7",
        &example_client().identity().serial(),
        CA_ENDS,
        "CN=Example Root,O=Example",
    ] {
        assert!(
            run.stdout.contains(part),
            "{part:?} is not in {}",
            run.stdout
        );
    }
    assert!(!run.stdout.contains("EXPIRED"), "{}", run.stdout);
}

/// The clock of the machine: all but `expired.pem` is valid for a hundred years.
#[test]
fn without_a_time_it_is_now() {
    assert_eq!(verify("--ca ca.pem --chain chain.pem").code, 0);
    let run = verify("--ca ca.pem --chain expired.pem --json");
    assert_eq!(run.code, 1);
    assert_eq!(run.json()["code"], json!("ClientCertExpired"));
}

#[test]
fn expired_is_refused() {
    let words = format!("--ca ca.pem --chain expired.pem --at {NOW}");
    let run = verify(&format!("{words} --json"));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let message =
        format!("client certificate CN=device 7,O=Example expired 149 days ago (notAfter {ENDED})");
    assert_eq!(
        run.json(),
        json!({
            "verified": false,
            "code": "ClientCertExpired",
            "reason": "expired",
            "message": message,
            "certificate": "client",
            "subject": null,
            "sans": null,
            "serial": null,
            "fingerprint_sha256": null,
            "expiry": null,
            "valid_until": null,
            "path": null,
            "revocation": null,
        })
    );
    let run = verify(&format!("{words} --client-expiry reject"));
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    assert_eq!(
        run.stdout,
        format!("refused: {message}\ncode:    ClientCertExpired\n")
    );
}

#[test]
fn expired_is_accepted_when_asked_and_says_since_when() {
    let words = format!("--ca ca.pem --chain expired.pem --at {NOW} --client-expiry accept");
    let run = verify(&format!("{words} --json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["verified"], json!(true));
    assert_eq!(
        report["expiry"],
        json!({ "status": "expired", "since": ENDED })
    );
    assert_eq!(report["valid_until"], json!(CA_ENDS));

    let run = verify(&words);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains(&format!("EXPIRED since {ENDED}")),
        "{}",
        run.stdout
    );
}

#[test]
fn revoked_is_refused_with_crls_and_only_then() {
    let revoked = format!("--ca ca.pem --chain revoked.pem --at {NOW}");
    let run = verify(&format!("{revoked} --crl crl.pem --json"));
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(run.json()["code"], json!("ClientCertCrlHit"));
    for (words, code) in [
        ("--crl crl.pem", 1),
        ("--crl crl.pem --revocation client", 1),
        ("--crl crl.pem --revocation off", 0),
        ("", 0),
        ("--revocation chain", 1),
        ("--revocation chain --unknown deny", 1),
        ("--revocation chain --unknown allow", 0),
        ("--revocation chain --unknown unpublished", 0),
        ("--crl crl.pem --revocation auto", 1),
        ("--revocation auto", 0),
    ] {
        let run = verify(&format!("{revoked} {words}"));
        assert_eq!(run.code, code, "{words}: {}{}", run.stdout, run.stderr);
    }

    let run = verify(&format!(
        "--ca ca.pem --chain chain.pem --crl crl.pem --at {NOW} --json"
    ));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.json()["revocation"],
        json!(["good", "good", "not checked"])
    );
    let run = verify(&format!(
        "--ca ca.pem --chain chain.pem --revocation client --unknown allow --at {NOW}"
    ));
    assert!(
        run.stdout.contains("revocation:  UNKNOWN <- not checked"),
        "{}",
        run.stdout
    );
}

/// The CRLs of the example are from 2026 to the last second of everything else, so that clocks are
/// turned back: from the future they do not count.
#[test]
fn crls_have_their_time() {
    let early = "--ca ca.pem --chain chain.pem --crl crl.pem --at 2025-12-31T23:59:59Z";
    let run = verify(early);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("from the future"), "{}", run.stdout);
    let run = verify(&format!("{early} --unknown allow"));
    assert_eq!(run.code, 0, "{}", run.stdout);
    for stale in ["deny", "allow", "allow-for=60"] {
        let words =
            format!("--ca ca.pem --chain chain.pem --crl crl.pem --stale {stale} --at {NOW}");
        assert_eq!(verify(&words).code, 0, "{stale}");
    }
}

#[test]
fn boundaries_of_expiry_to_the_second() {
    let current = json!({ "status": "current", "remaining_seconds": 0 });
    let expired = json!({ "status": "expired", "since": ENDED });
    let until = "2026-01-02T04:04:05Z";
    for (at, expiry, outcome) in [
        (ENDED, "reject", Some((&current, ENDED))),
        (SECOND_LATER, "reject", None),
        (ENDED, "accept-for=0", Some((&current, ENDED))),
        (SECOND_LATER, "accept-for=0", None),
        (SECOND_LATER, "accept-for=3600", Some((&expired, until))),
        (until, "accept-for=3600", Some((&expired, until))),
        ("2026-01-02T04:04:06Z", "accept-for=3600", None),
        (
            NOW,
            "accept-for=18446744073709551615",
            Some((&expired, CA_ENDS)),
        ),
    ] {
        let words = format!("--ca ca.pem --chain expired.pem --at {at} --client-expiry {expiry}");
        let run = verify(&format!("{words} --json"));
        let report = run.json();
        let (code, status, until) = match outcome {
            Some((status, until)) => (0, status.clone(), json!(until)),
            None => (1, Value::Null, Value::Null),
        };
        assert_eq!((run.code, &report["expiry"]), (code, &status), "{words}");
        assert_eq!(report["valid_until"], until, "{words}");
    }
}

#[test]
fn intermediates_and_several_ca_files() {
    let folder = Folder::new("files");
    let [client, issuing] = blocks(&folder.read("chain.pem"));
    folder.write("client.pem", client.as_bytes());
    folder.write("issuing.pem", issuing.as_bytes());
    for site in ["amazon.com", "apple.com"] {
        let ca = testdata().join("public").join(site).join("ca.pem");
        folder.write(&format!("{site}.pem"), &read(&ca));
    }
    for words in [
        "--ca ca.pem --intermediates issuing.pem --chain client.pem",
        "--ca ca.pem --intermediates amazon.com.pem issuing.pem --chain client.pem",
        "--ca amazon.com.pem ca.pem apple.com.pem --chain chain.pem",
        "--ca amazon.com.pem --chain chain.pem --ca ca.pem",
        "--ca issuing.pem --chain client.pem",
    ] {
        let run = folder.verify(words);
        assert_eq!(run.code, 0, "{words}: {}{}", run.stdout, run.stderr);
    }
    for words in [
        "--ca ca.pem --chain client.pem",
        "--ca amazon.com.pem apple.com.pem --chain chain.pem",
        "--ca amazon.com.pem --intermediates issuing.pem ca.pem --chain client.pem",
    ] {
        let run = folder.verify(&format!("{words} --json"));
        assert_eq!(run.code, 1, "{words}: {}", run.stderr);
        assert_eq!(run.json()["code"], json!("ClientCertUntrusted"), "{words}");
    }
}

#[test]
fn the_ends_of_time() {
    for (at, code) in [
        ("9999-12-31T23:59:59Z", "ClientCertExpired"),
        ("1970-01-01T00:00:00Z", "ClientCertNotYetValid"),
    ] {
        let words = format!("--ca ca.pem --chain chain.pem --client-expiry accept --at {at}");
        let run = verify(&format!("{words} --json"));
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert_eq!(run.json()["code"], json!(code));
        // Only the client's own expiry is accepted, and what is nearest to the anchor is told
        // first.
        assert_eq!(run.json()["certificate"], json!("anchor"));
    }
}

#[test]
fn wrong_usage() {
    for (words, message) in [
        ("", "no --ca"),
        ("--ca ca.pem", "no --chain"),
        ("--chain chain.pem", "no --ca"),
        ("--ca", "--ca"),
        ("--ca ca.pem --chain", "--chain"),
        ("--verbose", "--verbose"),
        ("--json=yes", "--json"),
        ("--ca ca.pem --chain chain.pem more.pem", "more.pem"),
    ] {
        assert_unusable(&verify(words), message);
    }
    for option in [
        "--at=yesterday",
        "--at=2026-06-01",
        "--at=2026-02-30T00:00:00Z",
        "--at=1969-12-31T23:59:59Z",
        "--at=10000-01-01T00:00:00Z",
        "--at=",
        "--client-expiry=maybe",
        "--client-expiry=accept-for=",
        "--client-expiry=accept-for=-1",
        "--client-expiry=accept-for=1h",
        "--client-expiry=accept-for=18446744073709551616",
    ] {
        let run = verify(&format!("--ca ca.pem --chain chain.pem {option}"));
        assert_unusable(&run, "");
    }
    let help = verify("--help");
    assert_eq!(help.code, 0);
    assert!(
        help.stdout.starts_with("usage: verify --ca FILE"),
        "{}",
        help.stdout
    );
}

#[test]
fn unreadable_input() {
    let folder = Folder::new("unreadable");
    let not_base64 = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    folder.write("not-base64.pem", not_base64.as_bytes());
    folder.write("garbage.pem", b"\0\xff not PEM at all\n");
    folder.write("empty.pem", b"");
    for file in [
        "missing.pem",
        ".",
        "empty.pem",
        "garbage.pem",
        "not-base64.pem",
    ] {
        let message = format!("verify: {file}: ");
        assert_unusable(
            &folder.verify(&format!("--ca ca.pem --chain {file}")),
            &message,
        );
        assert_unusable(
            &folder.verify(&format!("--ca ca.pem {file} --chain chain.pem")),
            &message,
        );
        let intermediates = format!("--ca ca.pem --intermediates {file} --chain chain.pem");
        assert_unusable(&folder.verify(&intermediates), &message);
    }
    // A good block that holds no certificate is what the client presented: that is a refusal.
    let malformed = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    folder.write("malformed.pem", malformed.as_bytes());
    let run = folder.verify("--ca ca.pem --chain malformed.pem --json");
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(run.json()["code"], json!("ClientCertInvalid"));
}

#[test]
fn bad_bundles_name_block_line_and_subject() {
    let folder = Folder::new("bundles");
    let [client, _] = blocks(&folder.read("chain.pem"));
    let before = [&folder.read("ca.pem"), &b"\n# not a CA:\n"[..]].concat();
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    folder.write("bundle.pem", &[&before, client.as_bytes()].concat());
    let fault =
        format!("2, line {line} (CN=device 7,O=Example): not a CA: basicConstraints has cA=FALSE");
    for (words, noun) in [
        ("--ca bundle.pem --chain chain.pem", "certificate"),
        ("--ca ca.pem bundle.pem --chain chain.pem", "certificate"),
        (
            "--ca ca.pem --intermediates bundle.pem --chain chain.pem",
            "intermediate",
        ),
    ] {
        assert_unusable(
            &folder.verify(words),
            &format!("bundle.pem: {noun} {fault}"),
        );
    }
}

/// What a run of the program came to.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn json(&self) -> Value {
        let (stdout, stderr) = (&self.stdout, &self.stderr);
        serde_json::from_str(stdout).unwrap_or_else(|error| panic!("{error}: {stdout}{stderr}"))
    }
}

/// Runs the program in `testdata/example`; the words of its command line have a blank between them.
fn verify(words: &str) -> Run {
    verify_in(&testdata().join("example"), words)
}

fn verify_in(folder: &Path, words: &str) -> Run {
    let output = Command::new(program())
        .current_dir(folder)
        .args(words.split_whitespace())
        .output()
        .expect("the program runs");
    Run {
        code: output.status.code().expect("an exit code, and no signal"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// `examples/verify`, beside the `deps` in which this test lies.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.parent().and_then(Path::parent).expect("PROFILE/deps");
    let program = profile
        .join("examples")
        .join(format!("verify{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "the example is not built: `cargo test -p verify-example` does it, with `--test example` it needs `--examples` too"
    );
    program
}

fn assert_unusable(run: &Run, message: &str) {
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.starts_with("verify: "), "{}", run.stderr);
    assert!(
        run.stderr.contains(message),
        "{message:?} is not in {}",
        run.stderr
    );
}

/// The client of the example, as the library has it.
fn example_client() -> VerifiedClient {
    let folder = testdata().join("example");
    let store = TrustStore::from_pem(&read(&folder.join("ca.pem"))).expect("a good bundle");
    let chain = certificates(&read(&folder.join("chain.pem")));
    verify_client_chain(&store, &chain, time(NOW), &ClientPolicy::default()).expect("verified")
}

/// The two blocks of a chain, as they are written.
fn blocks(pem: &[u8]) -> [String; 2] {
    let text = std::str::from_utf8(pem).expect("PEM is ASCII");
    let blocks: Vec<_> = text
        .split_inclusive("-----END CERTIFICATE-----\n")
        .map(str::to_owned)
        .collect();
    blocks.try_into().expect("two blocks")
}

/// A folder of one test, with `ca.pem` and `chain.pem` of the example in it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let name = format!("example-{test}-{}", std::process::id());
        let folder = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        std::fs::create_dir_all(&folder.0).expect("a folder for the test");
        for file in ["ca.pem", "chain.pem"] {
            folder.write(file, &read(&testdata().join("example").join(file)));
        }
        folder
    }

    fn verify(&self, words: &str) -> Run {
        verify_in(&self.0, words)
    }

    fn read(&self, file: &str) -> Vec<u8> {
        read(&self.0.join(file))
    }

    fn write(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(file), bytes).expect("the folder of the test can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
