//! Chains and PKIs made by the `openssl` program: what the library says of each, and that `openssl
//! verify` agrees.

use std::time::Duration;

use mtls_verify::client::{ExpiryStatus, TrustedBy};
use mtls_verify::error::{Position, Reason, StoreProblem};
use mtls_verify::pki_types::UnixTime;
use mtls_verify::policy::{Expired, ExpiryPolicy};
use mtls_verify::{ClientPolicy, TrustStore, VerifyError, verify_client_chain};

use testpki::{Pem, der, oid};

use crate::common::openssl::{Release, text_of};
use crate::common::{certificates, show_time, time};
use crate::pki::{ISSUING_ENDS, NOW, P256, Pki, openssl};

const P384: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";
const ED25519: &str = "-algorithm ED25519";
const RSA_2048: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
const RSA_4096: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:4096";
const PSS: &str = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen";

#[test]
fn elliptic_curve_chains() {
    for (test, kind, digests) in [
        ("p256", P256, &["sha256", "sha384"][..]),
        ("p384", P384, &["sha256", "sha384"]),
        ("ed25519", ED25519, &["default"]),
    ] {
        let pki = Pki::with_keys(test, kind);
        for digest in digests {
            pki.sign_chain(&format!("-md {digest}"));
            pki.assert_both_accept();
        }
    }
}

#[test]
fn rsa_chains() {
    for (test, kind) in [("rsa-2048", RSA_2048), ("rsa-4096", RSA_4096)] {
        let pki = Pki::with_keys(test, kind);
        for digest in ["sha256", "sha384", "sha512"] {
            pki.sign_chain(&format!("-md {digest}"));
            pki.assert_both_accept();
            pki.sign_chain(&format!("-md {digest} {PSS}:digest"));
            pki.assert_both_accept();
        }
    }
}

/// OpenSSL 3.0 makes RSA-PSS salts as long as they can be unless told otherwise. The algorithms of
/// `ring` and `aws-lc-rs` only have the usual length, that of the hash.
#[test]
fn rsa_pss_with_another_salt_length_is_not_allowed() {
    let pki = Pki::with_keys("rsa-pss-salt", RSA_2048);
    pki.sign_chain(&format!("-md sha256 {PSS}:max"));
    pki.openssl_verify("root.pem", NOW, "client.pem")
        .expect("OpenSSL allows it");
    let refusal = pki.verify("client.pem").expect_err("refused");
    assert!(
        matches!(refusal.reason(), Reason::UnsupportedSignatureAlgorithm { algorithm } if algorithm == "1.2.840.113549.1.1.10"),
        "{refusal}"
    );
}

#[test]
fn identity_is_what_openssl_prints() {
    let pki = Pki::with_chain("identity");
    let client = pki.verify("client.pem").expect("verified");
    let identity = client.identity();
    let fingerprint: Vec<String> = identity
        .fingerprint_sha256()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    let described = format!(
        "serial={}\nsubject={}\nissuer={}\nsha256 Fingerprint={}\nX509v3 Subject Alternative Name: \n    DNS:{}, URI:{}, email:{}, IP Address:{}\n",
        identity.serial(),
        identity.subject(),
        identity.issuer(),
        fingerprint.join(":"),
        identity.dns_names().collect::<Vec<_>>().join(", DNS:"),
        identity.uris().collect::<String>(),
        identity.email_addresses().collect::<String>(),
        identity
            .ip_addresses()
            .map(|address| address.to_string())
            .collect::<String>(),
    );
    let names = "-nameopt RFC2253,-esc_msb,utf8";
    // OpenSSL 4.0 prints another fingerprint beside `-ext`: that of a certificate with these
    // extensions alone.
    let printed = [
        "-serial -subject -issuer",
        "-fingerprint -sha256",
        "-ext subjectAltName",
    ]
    .map(|fields| pki.openssl(&format!("x509 -in client.pem -noout {fields} {names}")))
    .concat();
    assert_eq!(String::from_utf8(printed).expect("UTF-8"), described);
    assert_eq!(
        identity.spiffe_id(),
        Some("spiffe://example.org/fleet/device-7")
    );
}

#[test]
fn self_signed_client_is_refused_until_it_is_pinned() {
    let pki = Pki::with_chain("self-signed");
    // With the configuration that OpenSSL comes with, as in every tutorial: it makes a CA
    // certificate, valid from now on.
    let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=laptop -keyout laptop.key -out laptop.pem";
    let made = pki.run(openssl().args(words.split(' ')).env_remove("OPENSSL_CONF"));
    assert!(made.status.success(), "{}", text_of(&made));
    let text = pki.openssl("x509 -in laptop.pem -noout -text");
    assert!(String::from_utf8_lossy(&text).contains("CA:TRUE"));

    let now = UnixTime::now();
    let chain = pki.certificates(&["laptop.pem"]);
    let verify = |store: &TrustStore| {
        verify_client_chain(store, &chain, now, &ClientPolicy::default())
            .map_err(|refusal| refusal.reason().clone())
    };
    let other_root = pki.store("root.pem").expect("a good bundle");
    assert_eq!(verify(&other_root).err(), Some(Reason::UntrustedRoot));
    pki.openssl_verify("root.pem", &show_time(now), "laptop.pem")
        .expect_err("OpenSSL refuses it as well");

    let own_root = pki.store("laptop.pem").expect("it is a CA certificate");
    assert_eq!(verify(&own_root).err(), Some(Reason::CaAsClient));

    let pinned = TrustStore::builder()
        .add_ca_pem(&pki.read("root.pem"))
        .and_then(|builder| builder.pin_clients_pem(&pki.read("laptop.pem")))
        .and_then(|builder| builder.build())
        .expect("good bundles");
    let client = verify(&pinned).expect("pinned");
    assert_eq!(client.trusted_by(), TrustedBy::Pin);
    assert_eq!(client.path().collect::<Vec<_>>(), chain);
}

#[test]
fn expired_client() {
    const ENDED: &str = "2026-01-02T03:04:05Z";
    let pki = Pki::with_chain("expired");
    pki.issue("client", "issuing", ENDED, "");
    let verify = |at: UnixTime, expired| {
        let expiry = ExpiryPolicy::default().with_client(expired);
        pki.verify_at(
            "client.pem",
            at,
            &ClientPolicy::default().with_expiry(expiry),
        )
    };
    let ended = time(ENDED);

    let current = verify(ended, Expired::Reject).expect("its last second");
    let remaining = Duration::ZERO;
    assert_eq!(current.expiry(), ExpiryStatus::Current { remaining });
    assert_eq!(current.valid_until(), Some(ended));
    pki.openssl_verify("root.pem", &show_time(later(ended, -1)), "client.pem")
        .expect("OpenSSL accepts it");
    // OpenSSL leaves the last second out before release 4.0.
    if let Some(release) = Release::of_the_program() {
        let at_end = pki.openssl_verify("root.pem", ENDED, "client.pem");
        assert_eq!(at_end.is_ok(), release >= Release::V4_0, "{at_end:?}");
    }

    let refusal = verify(time(NOW), Expired::Reject).expect_err("expired");
    let (not_after, now) = (ended.into(), time(NOW));
    assert_eq!(refusal.reason(), &Reason::Expired { not_after, now });
    assert_eq!(refusal.code().as_str(), "ClientCertExpired");
    assert_eq!(position(&refusal), Some(Position::Client));
    let openssl_error = pki
        .openssl_verify("root.pem", NOW, "client.pem")
        .expect_err("OpenSSL refuses it as well");
    assert!(
        openssl_error.contains("certificate has expired"),
        "{openssl_error}"
    );

    let accepted = verify(time(NOW), Expired::Accept).expect("accepted by policy");
    let since = ended.into();
    assert_eq!(accepted.expiry(), ExpiryStatus::Expired { since });
    assert_eq!(accepted.valid_until(), Some(time(ISSUING_ENDS)));

    let grace = Expired::AcceptFor(Duration::from_secs(3_600));
    let in_time = verify(later(ended, 3_600), grace).expect("the last second of the grace");
    assert_eq!(in_time.expiry(), ExpiryStatus::Expired { since });
    assert_eq!(in_time.valid_until(), Some(later(ended, 3_600)));
    let too_late = verify(later(ended, 3_601), grace).expect_err("a second after it");
    assert!(matches!(too_late.reason(), Reason::Expired { .. }));
}

#[test]
fn bundle_with_openssl_text_between_its_blocks() {
    let pki = Pki::with_chain("text");
    let mut bundle = pki.openssl("x509 -in root.pem -text");
    bundle.extend(pki.openssl("x509 -in issuing.pem -text -purpose -fingerprint"));
    let store = TrustStore::from_pem(&bundle).expect("text is passed over");
    let anchors: Vec<_> = store.anchors().map(|anchor| anchor.der()).collect();
    assert_eq!(anchors, pki.certificates(&["root.pem", "issuing.pem"]));
    pki.write("bundle.pem", &bundle);
    pki.openssl_verify("bundle.pem", NOW, "client.pem")
        .expect("OpenSSL accepts it");
}

#[test]
fn trusted_certificates() {
    let pki = Pki::with_chain("trusted");
    for (settings, is_for_clients) in [
        ("-trustout", true),
        ("-setalias corporate", true),
        ("-addtrust clientAuth", true),
        ("-addtrust serverAuth -addtrust clientAuth", true),
        ("-addtrust anyExtendedKeyUsage", true),
        ("-addreject serverAuth", true),
        ("-addtrust clientAuth -addreject serverAuth", true),
        ("-addtrust serverAuth", false),
        ("-addreject clientAuth", false),
        ("-addtrust serverAuth -addreject emailProtection", false),
        ("-addtrust clientAuth -addreject clientAuth", false),
        ("-addreject anyExtendedKeyUsage", false),
    ] {
        pki.openssl(&format!(
            "x509 -in root.pem -trustout {settings} -out trusted.pem"
        ));
        let block = String::from_utf8(pki.read("trusted.pem")).expect("PEM is ASCII");
        assert!(block.starts_with("-----BEGIN TRUSTED CERTIFICATE-----"));
        let by_openssl = pki.openssl_verify("trusted.pem", NOW, "client.pem");
        assert_eq!(by_openssl.is_ok(), is_for_clients, "{settings}");
        match pki.store("trusted.pem") {
            Ok(store) => {
                let chain = pki.certificates(&["client.pem", "issuing.pem"]);
                let policy = ClientPolicy::default();
                let verdict = verify_client_chain(&store, &chain, time(NOW), &policy);
                assert_eq!(verdict.is_ok(), is_for_clients, "{settings}: {verdict:?}");
                let anchors: Vec<_> = store.anchors().map(|anchor| anchor.der()).collect();
                assert_eq!(anchors, pki.certificates(&["root.pem"]), "{settings}");
            }
            Err(error) => {
                assert!(!is_for_clients, "{settings}: {error}");
                assert_eq!(error.problem(), &StoreProblem::TrustSettings, "{settings}");
                assert_eq!((error.number(), error.line()), (Some(1), Some(1)));
            }
        }
    }
}

/// The grammar of the settings is OpenSSL's, and what is no DER or follows them is refused besides.
#[test]
fn settings_of_trusted_certificates() {
    let pki = Pki::with_chain("trust-settings");
    let root = pki.certificates(&["root.pem"]);
    let sequence = |elements: &[&[u8]]| der::sequence(elements);
    let purpose = der::oid(oid::CLIENT_AUTH);
    let trust = sequence(&[&purpose]);
    let reject = der::context_constructed(0, &der::oid(oid::CODE_SIGNING));
    let alias = der::utf8_string("ours");
    let key_id = der::octet_string(b"key");
    let rsa = sequence(&[&der::oid("1.2.840.113549.1.1.1"), &der::null()]);
    let other = der::context_constructed(1, &rsa);
    let two_parameters = sequence(&[&purpose, &der::null(), &der::null()]);
    let algorithms = |contents: &[u8]| sequence(&[&der::context_constructed(1, contents)]);
    let empty = sequence(&[]);
    for (settings, by_openssl, by_us) in [
        (
            sequence(&[&trust, &reject, &alias, &key_id, &other]),
            true,
            true,
        ),
        (empty.clone(), true, true),
        (sequence(&[&der::context_constructed(0, &[])]), true, true),
        (sequence(&[&empty]), false, false),
        (algorithms(&[]), true, true),
        (algorithms(&sequence(&[&purpose])), true, true),
        (algorithms(&[rsa.clone(), rsa].concat()), true, true),
        (sequence(&[&alias, &key_id]), true, true),
        (algorithms(&purpose), false, false),
        (algorithms(&empty), false, false),
        (algorithms(&two_parameters), false, false),
        (sequence(&[&trust, &trust]), false, false),
        (sequence(&[&reject, &reject]), false, false),
        (sequence(&[&alias, &alias]), false, false),
        (sequence(&[&key_id, &key_id]), false, false),
        (sequence(&[&other, &other]), false, false),
        (sequence(&[&reject, &trust]), false, false),
        (sequence(&[&alias, &reject]), false, false),
        (sequence(&[&key_id, &alias]), false, false),
        (sequence(&[&other, &key_id]), false, false),
        (sequence(&[&trust, &der::null()]), false, false),
        (
            sequence(&[&trust, &der::context_constructed(2, &[])]),
            false,
            false,
        ),
        (sequence(&[&sequence(&[&der::null()])]), false, false),
        (
            sequence(&[&der::context_constructed(0, &trust)]),
            false,
            false,
        ),
        (sequence(&[&der::ia5_string("ours")]), false, false),
        (der::set(&[&trust]), false, false),
        // OpenSSL does not look behind the settings.
        ([empty.clone(), der::null()].concat(), true, false),
        (
            [
                empty.clone(),
                sequence(&[&der::context_constructed(0, &purpose)]),
            ]
            .concat(),
            true,
            false,
        ),
        ([empty, vec![0]].concat(), true, false),
        // It takes BER, and primitive forms of lists.
        (der::tlv_indefinite(0x30, &trust), true, false),
        (der::tlv_with_long_length(0x30, &trust), true, false),
        (
            sequence(&[&der::context_primitive(0, &der::oid(oid::CODE_SIGNING))]),
            true,
            false,
        ),
    ] {
        let contents = [&root[0], settings.as_slice()].concat();
        let block = Pem::new("TRUSTED CERTIFICATE", &contents).to_string();
        pki.write("settings.pem", block.as_bytes());
        let verified = pki.openssl_verify("settings.pem", NOW, "client.pem");
        assert_eq!(
            verified.is_ok(),
            by_openssl,
            "{settings:02x?}: {verified:?}"
        );
        let store = pki.store("settings.pem");
        assert_eq!(store.is_ok(), by_us, "{settings:02x?}: {store:?}");
    }
}

#[test]
fn private_keys_in_a_bundle() {
    let pki = Pki::with_chain("private-key");
    let export = "pkcs12 -export -in issuing.pem -inkey issuing.key -certfile root.pem -passout pass:secret -out ca.p12";
    pki.openssl(export);
    for (keys, label) in [
        ("-nodes", "PRIVATE KEY"),
        ("-passout pass:other", "ENCRYPTED PRIVATE KEY"),
    ] {
        pki.openssl(&format!(
            "pkcs12 -in ca.p12 -passin pass:secret {keys} -out bags.pem"
        ));
        let bundle = String::from_utf8(pki.read("bags.pem")).expect("PEM is ASCII");
        let line_of_key = 1 + bundle
            .lines()
            .position(|line| line == format!("-----BEGIN {label}-----"))
            .expect("the bundle has the key");
        let error = pki.store("bags.pem").expect_err("a private key");
        let label = label.to_owned();
        assert_eq!(error.problem(), &StoreProblem::PrivateKey { label });
        assert_eq!((error.number(), error.line()), (Some(3), Some(line_of_key)));

        let lenient = TrustStore::lenient_builder()
            .add_ca_pem(bundle.as_bytes())
            .and_then(|builder| builder.build())
            .expect("the rest is good");
        assert_eq!(lenient.anchors().len(), 2);
        assert_eq!(lenient.skipped(), [error]);
    }
    pki.openssl("pkcs12 -in ca.p12 -passin pass:secret -nokeys -out bags.pem");
    let store = pki
        .store("bags.pem")
        .expect("bag attributes are passed over");
    assert_eq!(store.anchors().len(), 2);
}

#[test]
fn tampered_signatures() {
    let pki = Pki::with_chain("tampered");
    for (file, refused_at) in [
        ("client", Position::Client),
        ("issuing", Position::Presented(1)),
    ] {
        let original = pki.read(&format!("{file}.pem"));
        let mut der = certificates(&original).swap_remove(0).to_vec();
        // The last byte of a certificate is the last byte of its signature.
        *der.last_mut().expect("not empty") ^= 1;
        pki.write("tampered.der", &der);
        pki.openssl(&format!(
            "x509 -inform DER -in tampered.der -out {file}.pem"
        ));

        let refusal = pki.verify("client.pem").expect_err("tampered with");
        assert_eq!(refusal.reason(), &Reason::BadSignature);
        assert_eq!(position(&refusal), Some(refused_at));
        let by_openssl = pki
            .openssl_verify("root.pem", NOW, "client.pem")
            .expect_err("OpenSSL refuses it as well");
        assert!(by_openssl.contains("signature failure"), "{by_openssl}");
        pki.write(&format!("{file}.pem"), &original);
    }
    pki.assert_both_accept();
}

#[test]
fn order_duplicates_and_missing_intermediates() {
    let pki = Pki::with_chain("order");
    let store = pki.store("root.pem").expect("a good bundle");
    let (now, policy) = (time(NOW), ClientPolicy::default());
    let expected = pki.certificates(&["client.pem", "issuing.pem", "root.pem"]);
    for files in [
        &["client", "root", "issuing"][..],
        &[
            "client", "client", "issuing", "issuing", "root", "root", "client",
        ],
    ] {
        let files: Vec<_> = files.iter().map(|file| format!("{file}.pem")).collect();
        let files: Vec<_> = files.iter().map(String::as_str).collect();
        let client = verify_client_chain(&store, &pki.certificates(&files), now, &policy)
            .expect("the order does not matter");
        assert_eq!(client.path().collect::<Vec<_>>(), expected);
    }

    let client_alone = pki.certificates(&["client.pem"]);
    let refusal = verify_client_chain(&store, &client_alone, now, &policy)
        .expect_err("its issuer is missing");
    assert!(matches!(
        refusal.reason(),
        Reason::UnknownIssuer {
            malformed: None,
            ..
        }
    ));
    let with_intermediate = TrustStore::builder()
        .add_ca_pem(&pki.read("root.pem"))
        .and_then(|builder| builder.add_intermediates_pem(&pki.read("issuing.pem")))
        .and_then(|builder| builder.build())
        .expect("good bundles");
    let client = verify_client_chain(&with_intermediate, &client_alone, now, &policy)
        .expect("the store has the issuer");
    assert_eq!(client.path().collect::<Vec<_>>(), expected);
}

fn later(time: UnixTime, seconds: i64) -> UnixTime {
    let shifted = time.as_secs().checked_add_signed(seconds);
    UnixTime::since_unix_epoch(Duration::from_secs(shifted.expect("a time since 1970")))
}

fn position(refusal: &VerifyError) -> Option<Position> {
    refusal
        .certificate()
        .map(|certificate| certificate.position())
}
