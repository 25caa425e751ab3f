//! What this crate issues, read and verified by the `openssl` program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use testpki::{
    Attribute, Cert, Crl, DistributionPoint, Entry, Extension, GeneralName,
    IssuingDistributionPoint, Key, Name, Reason, RsaKey, SignatureAlgorithm, StringType, oid,
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

/// What `openssl crl -text` prints, and what it says of the signature.
fn print_crl(folder: &Path, crl: &Crl, issuer: &Cert) -> String {
    write(folder, "issuer.pem", issuer.pem());
    write(folder, "crl.pem", crl.pem());
    let arguments = "crl -in crl.pem -noout -text -CAfile issuer.pem -nameopt RFC2253";
    let arguments: Vec<_> = arguments.split(' ').collect();
    text(&openssl(folder, &arguments))
}

#[test]
fn openssl_reads_every_field_of_a_crl() {
    let key = Key::p256("openssl");
    let issuer = Cert::ca("Issuing CA", &key);
    let other = Cert::ca("Other CA", &Key::p256("other"));
    let point = IssuingDistributionPoint::uri("http://crl.example/1")
        .only_some_reasons(&[Reason::KeyCompromise, Reason::AaCompromise])
        .only_user_certs()
        .indirect();
    let crl = Crl::of(&issuer)
        .number(0x1234)
        .this_update("2026-02-03T04:05:06Z")
        .next_update("2051-02-03T04:05:06Z")
        .point(&point)
        .delta(0x123)
        .extension(Extension::freshest_crl(&[DistributionPoint::uri(
            "http://crl.example/delta",
        )]))
        .extension(Extension::unknown())
        .entry(
            Entry::serial(&[0x03, 0xa5, 0xb1])
                .revoked_at("2026-01-02T03:04:05Z")
                .reason(Reason::CertificateHold)
                .invalidity_date("2025-12-24T00:00:00Z"),
        )
        .entry(Entry::serial(&[0x83, 0xa5]).certificate_issuer(&other));
    let printed = print_crl(&folder("crl-fields"), &crl, &issuer);
    for expected in [
        "verify OK",
        "Version 2",
        "Issuer: CN=Issuing CA",
        "Last Update: Feb  3 04:05:06 2026 GMT",
        "Next Update: Feb  3 04:05:06 2051 GMT",
        "CRL Number: \n                4660",
        "Issuing Distribution Point: critical",
        "URI:http://crl.example/1",
        "Only User Certificates",
        "Only Some Reasons:\n                  Key Compromise, AA Compromise",
        "Indirect CRL",
        "Delta CRL Indicator: critical\n                291",
        "Freshest CRL",
        "URI:http://crl.example/delta",
        "1.3.6.1.4.1.32473.1.1:",
        "Serial Number: 03A5B1",
        "Revocation Date: Jan  2 03:04:05 2026 GMT",
        "Certificate Hold",
        "Invalidity Date: \n                Dec 24 00:00:00 2025 GMT",
        "Serial Number: -7C5B",
        "Certificate Issuer: critical",
        "CN=Other CA",
    ] {
        assert!(
            printed.contains(expected),
            "{expected} is not in\n{printed}"
        );
    }
}

#[test]
fn openssl_reads_relative_names_and_version_1() {
    let key = Key::p256("openssl");
    let issuer = Cert::ca("Issuing CA", &key);
    let folder = folder("crl-forms");
    let relative = IssuingDistributionPoint::new()
        .relative_name(&[Attribute::common_name("part 1")])
        .only_ca_certs();
    let printed = print_crl(&folder, &Crl::of(&issuer).point(&relative), &issuer);
    for expected in [
        "verify OK",
        "Relative Name:",
        "part 1",
        "Only CA Certificates",
    ] {
        assert!(
            printed.contains(expected),
            "{expected} is not in\n{printed}"
        );
    }
    let old = Crl::of(&issuer).version_1().without_extensions();
    let printed = print_crl(&folder, &old.revoke(&issuer), &issuer);
    assert!(printed.contains("verify OK"), "{printed}");
    assert!(printed.contains("Version 1"), "{printed}");
}

#[test]
fn signatures_of_crls_hold_unless_they_are_spoilt() {
    let folder = folder("crl-signatures");
    for key in [
        Key::p256("openssl"),
        Key::p384("openssl"),
        Key::ed25519("openssl"),
        Key::rsa(RsaKey::Rsa2048A),
    ] {
        let issuer = Cert::ca("Issuing CA", &key);
        let crl = Crl::of(&issuer).revoke(&issuer);
        let printed = print_crl(&folder, &crl, &issuer);
        assert!(printed.contains("verify OK"), "{printed}");
        let printed = print_crl(&folder, &crl.flip_signature_bit(), &issuer);
        assert!(printed.contains("verify failure"), "{printed}");
    }
    let issuer = Cert::ca("Issuing CA", &Key::p256("openssl"));
    let crl = Crl::of(&issuer).signed_by(&Key::p256("another"));
    let printed = print_crl(&folder, &crl, &issuer);
    assert!(printed.contains("verify failure"), "{printed}");
}

#[test]
fn openssl_reads_distribution_points() {
    let issuer = GeneralName::directory(&Name::cn("CRL Issuer"));
    let points = [
        DistributionPoint::full_name(&[GeneralName::uri("http://crl.example/1"), issuer.clone()])
            .reasons(&[Reason::KeyCompromise]),
        DistributionPoint::relative_name(&[Attribute::common_name("part 2")]),
        DistributionPoint::nameless().crl_issuer(&[issuer]),
    ];
    let cert = Cert::client("x", &Key::p256("openssl"))
        .extension(Extension::crl_distribution_points(&points));
    let folder = folder("crl-points");
    write(&folder, "cert.pem", cert.pem());
    let arguments = "x509 -in cert.pem -noout -text -nameopt RFC2253";
    let arguments: Vec<_> = arguments.split(' ').collect();
    let printed = text(&openssl(&folder, &arguments));
    for expected in [
        "URI:http://crl.example/1",
        "Reasons:",
        "Key Compromise",
        "Relative Name:",
        "part 2",
        "CRL Issuer:",
        "DirName:",
    ] {
        assert!(
            printed.contains(expected),
            "{expected} is not in\n{printed}"
        );
    }
}

/// The whole of `openssl verify -crl_check`.
#[test]
fn openssl_finds_a_client_revoked() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&root);
    let other = Cert::client("bob", &Key::p256("bob")).issued_by(&root);
    let folder = folder("crl-check");
    write(&folder, "root.pem", root.pem());
    write(&folder, "crl.pem", Crl::of(&root).revoke(&client).pem());
    for (certificate, expected) in [(client, "certificate revoked"), (other, "cert.pem: OK")] {
        write(&folder, "cert.pem", certificate.pem());
        let arguments = "verify -x509_strict -crl_check -attime 1780000000 -CAfile root.pem -CRLfile crl.pem cert.pem";
        let arguments: Vec<_> = arguments.split(' ').collect();
        let printed = text(&openssl(&folder, &arguments));
        assert!(printed.contains(expected), "{printed}");
    }
}
