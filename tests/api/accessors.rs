//! What the values of a verdict say: a caller's log, and its own rules, rest on them.

use std::sync::Arc;

use mtls_verify::error::{PassedOver, Reason};
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::RevocationPolicy;
use mtls_verify::{
    ClientPolicy, ClientVerifier, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};
use testpki::{Cert, Crl, Key};

use crate::files;

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

fn alice() -> Cert {
    Cert::client("alice", &Key::p256("alice")).issued_by(&issuing())
}

fn now() -> UnixTime {
    files::time("2026-06-01T00:00:00Z")
}

/// The root, and the issuing CA's CRL.
fn store(crl: Option<&Crl>) -> TrustStore {
    let mut builder = TrustStore::builder();
    builder.add_ca_der(&root().der()).expect("a good CA");
    if let Some(crl) = crl {
        builder.add_crl_der(&crl.der()).expect("a CRL that parses");
    }
    builder.build().expect("a good store")
}

fn verify(
    store: &TrustStore,
    client: Vec<u8>,
    time: UnixTime,
    policy: &ClientPolicy,
) -> Result<VerifiedClient, VerifyError> {
    let chain = [client, issuing().der()].map(CertificateDer::from);
    verify_client_chain(store, &chain, time, policy)
}

fn verified(client: &Cert) -> VerifiedClient {
    verify(&store(None), client.der(), now(), &ClientPolicy::default()).expect("a good client")
}

#[test]
fn a_refusal_has_the_subject_of_its_certificate() {
    let client = verified(&alice());
    let expired = alice().not_after("2026-03-01T00:00:00Z").der();
    let refusal = verify(&store(None), expired, now(), &ClientPolicy::default())
        .expect_err("an expired client");
    let about = refusal.certificate().expect("a certificate");
    assert_eq!(about.subject_der(), client.identity().subject_der());
    assert!(about.subject_der().len() > 2);
    assert_eq!(about.subject().as_deref(), Some("CN=alice"));
}

#[test]
fn a_malformed_certificate_has_a_field_and_no_subject() {
    let mut cut = alice().der();
    cut.pop();
    let refusal = verify(&store(None), cut, now(), &ClientPolicy::default())
        .expect_err("a client that is cut short");
    let about = refusal.certificate().expect("a certificate");
    assert_eq!((about.subject_der(), about.subject()), (&[][..], None));
    let Reason::Malformed(error) = refusal.reason() else {
        panic!("{refusal}");
    };
    assert_eq!(error.field(), "certificate");
}

/// The CRL that was of no use to alice.
fn passed_over(crl: &Crl) -> PassedOver {
    let policy = ClientPolicy::default().with_revocation(RevocationPolicy::client_only());
    let refusal = verify(&store(Some(crl)), alice().der(), now(), &policy)
        .expect_err("no status, which is denied");
    match refusal.reason() {
        Reason::RevocationUnknown {
            passed_over: Some(passed_over),
            ..
        } => passed_over.clone(),
        _ => panic!("{refusal}"),
    }
}

#[test]
fn a_crl_that_was_passed_over_has_an_issuer_and_says_what_it_names() {
    let client = verified(&alice());
    let forged = Crl::of(&issuing()).signed_by(&Key::p256("another"));
    let silent = passed_over(&forged);
    assert_eq!(silent.issuer_der(), client.identity().issuer_der());
    assert!(!silent.names_certificate());
    let naming = passed_over(&forged.revoke(&alice()));
    assert_eq!(naming.issuer_der(), client.identity().issuer_der());
    assert!(naming.names_certificate());
}

#[test]
fn a_serial_number_is_shown_without_its_sign_byte() {
    for (contents, shown) in [
        (&[0x01, 0x02][..], "0102"),
        (&[0x00, 0xab], "AB"),
        (&[0x00], "00"),
        (&[0x00, 0x80], "80"),
        (&[0xff], "-01"),
        (&[0x80], "-80"),
        (&[0xff, 0x7f], "-81"),
        (&[0xff, 0x01], "-FF"),
        (&[0xff, 0x00], "-0100"),
    ] {
        let client = verified(&alice().serial(contents));
        let identity = client.identity();
        assert_eq!(identity.serial_bytes(), contents);
        assert_eq!(identity.serial(), shown, "{contents:02x?}");
    }
}

#[test]
fn what_is_logged_names_client_and_policy() {
    let client = verified(&alice().serial(&[0x0a, 0xb0]));
    let logged = format!("{:?}", client.identity());
    assert!(
        logged.contains("CN=alice") && logged.contains("0AB0"),
        "{logged}"
    );

    let policy = ClientPolicy::default().with_revocation(RevocationPolicy::whole_path());
    let default = format!("{:?}", ClientPolicy::default());
    let verifier = ClientVerifier::new(Arc::new(store(None)), policy.clone());
    assert_eq!(format!("{:?}", verifier.policy()), format!("{policy:?}"));
    assert_ne!(format!("{:?}", verifier.policy()), default);
    let logged = format!("{verifier:?}");
    assert!(logged.contains(&format!("{policy:?}")), "{logged}");

    #[cfg(feature = "rustls")]
    {
        let provider = rustls::crypto::ring::default_provider();
        let builder = mtls_verify::rustls::RustlsVerifier::builder(Arc::new(verifier), &provider);
        let logged = format!("{builder:?}");
        assert!(logged.starts_with("RustlsVerifierBuilder"), "{logged}");
        assert!(logged.contains(&format!("{policy:?}")), "{logged}");
        let logged = format!("{:?}", builder.build().expect("few CA names"));
        assert!(logged.starts_with("RustlsVerifier "), "{logged}");
        assert!(logged.contains(&format!("{policy:?}")), "{logged}");
    }
}

/// That a certificate is revoked comes before what is not known of its issuers.
#[test]
fn a_revoked_client_below_an_issuer_of_unknown_status_is_revoked() {
    let revokes = Crl::of(&issuing()).revoke(&alice());
    let forged = Crl::of(&root())
        .signed_by(&Key::p256("another"))
        .revoke(&issuing());
    let policy = ClientPolicy::default().with_revocation(RevocationPolicy::whole_path());
    let reason = |crls: &[&Crl]| {
        let mut builder = TrustStore::builder();
        builder.add_ca_der(&root().der()).expect("a good CA");
        for crl in crls {
            builder.add_crl_der(&crl.der()).expect("a CRL that parses");
        }
        let store = builder.build().expect("a good store");
        let refusal = verify(&store, alice().der(), now(), &policy).expect_err("no good status");
        refusal.reason().name()
    };
    assert_eq!(reason(&[&forged]), "revocation-unknown");
    assert_eq!(reason(&[&forged, &revokes]), "revoked");
}
