//! What this crate issues, read and verified by the `openssl` program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use testpki::{
    Attribute, Cert, Extension, GeneralName, Key, Name, RsaKey, SignatureAlgorithm, StringType, oid,
};

/// A folder of this test's own, emptied when it is made.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn openssl(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the openssl program is installed")
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn write(folder: &Path, file: &str, contents: impl AsRef<[u8]>) {
    std::fs::write(folder.join(file), contents).expect("the target folder can be written");
}

/// `openssl verify` of a client below a CA below a root, all with this key and algorithm.
fn verifies(name: &str, key: &Key, algorithm: SignatureAlgorithm) {
    let folder = folder(name);
    let root = Cert::ca("Root", key).signed_with(algorithm);
    let issuing = Cert::ca("Issuing CA", key)
        .issued_by(&root)
        .signed_with(algorithm);
    let client = Cert::client("alice", key)
        .issued_by(&issuing)
        .signed_with(algorithm);
    write(&folder, "root.pem", root.pem());
    write(&folder, "issuing.pem", issuing.pem());
    write(&folder, "client.pem", client.pem());
    let output = openssl(
        &folder,
        &[
            "verify",
            "-x509_strict",
            "-check_ss_sig",
            "-purpose",
            "sslclient",
            "-attime",
            "1780000000",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "client.pem",
        ],
    );
    assert!(output.status.success(), "{name}: {}", text(&output));
}

#[test]
fn ecdsa_chains_verify() {
    use SignatureAlgorithm as A;
    for algorithm in [A::EcdsaSha256, A::EcdsaSha384, A::EcdsaSha512] {
        let name = format!("p256-{algorithm:?}");
        verifies(&name, &Key::p256("openssl"), algorithm);
        let name = format!("p384-{algorithm:?}");
        verifies(&name, &Key::p384("openssl"), algorithm);
    }
}

#[test]
fn ed25519_chains_verify() {
    let key = Key::ed25519("openssl");
    verifies("ed25519", &key, SignatureAlgorithm::Ed25519);
}

#[test]
fn rsa_chains_verify() {
    use SignatureAlgorithm as A;
    for which in [
        RsaKey::Rsa2048A,
        RsaKey::Rsa2048B,
        RsaKey::Rsa3072A,
        RsaKey::Rsa4096A,
    ] {
        for algorithm in [
            A::RsaPkcs1Sha256,
            A::RsaPkcs1Sha384,
            A::RsaPkcs1Sha512,
            A::RsaPssSha256,
            A::RsaPssSha384,
            A::RsaPssSha512,
        ] {
            let name = format!("{which:?}-{algorithm:?}");
            verifies(&name, &Key::rsa(which), algorithm);
        }
    }
}

#[test]
fn private_keys_belong_to_their_certificates() {
    let folder = folder("private-keys");
    let keys = [
        ("p256", Key::p256("openssl")),
        ("p384", Key::p384("openssl")),
        ("ed25519", Key::ed25519("openssl")),
        ("rsa1024", Key::rsa(RsaKey::Rsa1024A)),
        ("rsa2048", Key::rsa(RsaKey::Rsa2048A)),
    ];
    for (name, key) in keys {
        write(&folder, "key.pem", key.pkcs8_pem());
        write(&folder, "cert.pem", Cert::client("alice", &key).pem());
        let from_key = openssl(&folder, &["pkey", "-in", "key.pem", "-pubout"]);
        let from_cert = openssl(&folder, &["x509", "-in", "cert.pem", "-noout", "-pubkey"]);
        assert!(from_key.status.success(), "{name}: {}", text(&from_key));
        assert_eq!(text(&from_key), text(&from_cert), "{name}");
        let checked = openssl(&folder, &["pkey", "-in", "key.pem", "-noout", "-check"]);
        // OpenSSL has no check for Ed25519 keys.
        assert!(
            checked.status.success() || name == "ed25519",
            "{name}: {}",
            text(&checked)
        );
    }
}

#[test]
fn openssl_reads_every_field() {
    let key = Key::p256("openssl");
    let name = Name::new(&[
        Attribute::country("CH"),
        Attribute::domain_component("example"),
        Attribute::new(oid::ORGANIZATION, StringType::Bmp, "Exämple"),
        Attribute::new(oid::LOCALITY, StringType::Teletex, "Zürich"),
        Attribute::new(oid::COMMON_NAME, StringType::Universal, "Bob"),
        Attribute::email_address("bob@example.com"),
    ]);
    let cert = Cert::client("x", &key)
        .subject(name)
        .serial(&[0x03, 0xa5, 0xb1])
        .not_after("2051-02-03T04:05:06Z")
        .extension(Extension::basic_constraints(true, Some(3)))
        .extension(Extension::subject_alt_name(&[
            GeneralName::dns("a.example"),
            GeneralName::uri("spiffe://example/a"),
            GeneralName::email("a@example.com"),
            GeneralName::Ip(vec![192, 0, 2, 1]),
            GeneralName::Directory(Name::cn("directory")),
            GeneralName::RegisteredId("1.2.3.4".to_owned()),
            GeneralName::upn("bob@corp.example"),
        ]))
        .extension(Extension::name_constraints(
            &[Extension::subtree(&GeneralName::dns("example.com"))],
            &[Extension::subtree(&GeneralName::Ip(vec![
                10, 0, 0, 0, 255, 0, 0, 0,
            ]))],
        ))
        .extension(Extension::certificate_policies(&["1.3.6.1.4.1.32473.7"]))
        .extension(Extension::policy_constraints(Some(0), Some(1)))
        .extension(Extension::crl_distribution_point("http://crl.example/1"))
        .extension(Extension::unknown().critical());
    let folder = folder("fields");
    write(&folder, "cert.pem", cert.pem());
    let output = openssl(
        &folder,
        &[
            "x509",
            "-in",
            "cert.pem",
            "-noout",
            "-text",
            "-nameopt",
            "RFC2253,-esc_msb,utf8",
        ],
    );
    let printed = text(&output);
    for expected in [
        "Version: 3",
        "0x3a5b1",
        "emailAddress=bob@example.com,CN=Bob,L=Zürich,O=Exämple,DC=example,C=CH",
        "Not After : Feb  3 04:05:06 2051 GMT",
        "CA:TRUE, pathlen:3",
        "Digital Signature",
        "TLS Web Client Authentication",
        "DNS:a.example",
        "URI:spiffe://example/a",
        "email:a@example.com",
        "IP Address:192.0.2.1",
        "CN=directory",
        "Registered ID:1.2.3.4",
        "UPN::bob@corp.example",
        "DNS:example.com",
        "IP:10.0.0.0/255.0.0.0",
        "Policy: 1.3.6.1.4.1.32473.7",
        "Require Explicit Policy:0, Inhibit Policy Mapping:1",
        "URI:http://crl.example/1",
        "1.3.6.1.4.1.32473.1.1: critical",
    ] {
        assert!(
            printed.contains(expected),
            "{expected} is not in\n{printed}"
        );
    }
}
