//! What is on a deny list is denied in each of its encodings and spellings, wherever it stands in a
//! path.

use mtls_verify::error::Reason;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::revocation::DeniedBy;
use mtls_verify::{
    ClientPolicy, DenyList, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};
use testpki::{Cert, Key, Name};

use crate::files;

fn verify(root: &Cert, denied: DenyList, chain: &[&Cert]) -> Result<VerifiedClient, VerifyError> {
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a good CA");
    let store = store.with_deny_list(denied);
    let chain: Vec<_> = chain.iter().map(|cert| cert.der().into()).collect();
    let now = files::time("2026-06-01T00:00:00Z");
    verify_client_chain(&store, &chain, now, &ClientPolicy::default())
}

fn denied_by(root: &Cert, denied: DenyList, chain: &[&Cert]) -> Option<DeniedBy> {
    let refusal = verify(root, denied, chain).err()?;
    match refusal.reason() {
        Reason::Denied { by } => Some(*by),
        other => panic!("{other:?}"),
    }
}

fn fingerprint(root: &Cert, chain: &[&Cert]) -> [u8; 32] {
    let client = verify(root, DenyList::new(), chain).expect("nobody is denied");
    client.identity().fingerprint_sha256()
}

/// On each curve.
#[test]
fn a_fingerprint_denies_both_encodings() {
    for key in [Key::p256("root"), Key::p384("root")] {
        let root = Cert::ca("Root", &key);
        let client = Cert::client("alice", &Key::p256("alice")).issued_by(&root);
        let same = client.clone().other_encoding();
        let other = Cert::client("alice", &Key::p256("alice"))
            .serial(&[0x55])
            .issued_by(&root);
        for (listed, presented) in [(&client, &same), (&same, &client)] {
            let sha256 = fingerprint(&root, &[listed]);
            let list = || DenyList::new().with_certificate_sha256(sha256);
            let by = |client| denied_by(&root, list(), &[client]);
            assert_eq!(by(listed), Some(DeniedBy::Certificate));
            assert_eq!(by(presented), Some(DeniedBy::OtherEncoding));
            assert_eq!(by(&other), None);
        }
    }
}

/// With and without zeros in front, on either side, and however the issuer's name is spelt.
#[test]
fn a_serial_number_is_denied_by_its_value() {
    let root = Cert::ca("Root", &Key::p256("root"));
    for serial in [&[0x05][..], &[0x00, 0x85], &[0x00, 0xff, 0x01]] {
        let client = Cert::client("alice", &Key::p256("alice"))
            .serial(serial)
            .issued_by(&root);
        let magnitude = serial.strip_prefix(&[0]).unwrap_or(serial);
        let padded = [&[0, 0][..], serial].concat();
        for spelling in ["Root", "ROOT", " root "] {
            for written in [serial, magnitude, &padded] {
                let list = DenyList::new().with_serial(Name::cn(spelling).der(), written);
                let by = denied_by(&root, list.expect("good"), &[&client]);
                assert_eq!(by, Some(DeniedBy::Serial), "{spelling} {written:02x?}");
            }
        }
        let others = DenyList::new()
            .with_serial(Name::cn("Other").der(), serial)
            .and_then(|list| list.with_serial(root.subject_name().der(), &[0x06]))
            .expect("good");
        assert_eq!(denied_by(&root, others, &[&client]), None);
    }
}

/// The client's own, an intermediate, and the anchor.
#[test]
fn each_certificate_of_a_path_can_be_denied() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing);
    let chain = [&client, &issuing];
    for denied in [&client, &issuing, &root] {
        let list = DenyList::new().with_certificate(&denied.der());
        let refusal = verify(&root, list.expect("a certificate"), &chain).expect_err("denied");
        let by = DeniedBy::Signed;
        assert_eq!(refusal.reason(), &Reason::Denied { by });
        let about = refusal.certificate().expect("one certificate");
        assert_eq!(about.subject_der(), denied.subject_name().der());
    }
    let stranger = Cert::ca("Stranger", &Key::p256("stranger"));
    let list = DenyList::new().with_certificate(&stranger.der());
    assert_eq!(denied_by(&root, list.expect("a certificate"), &chain), None);
}

/// A pin names exact bytes: neither the same key nor the other encoding is pinned.
#[test]
fn a_pin_is_of_one_encoding_of_one_certificate() {
    let key = Key::p256("pinned");
    let pinned = Cert::client("pinned", &key);
    let same_key = Cert::client("somebody else", &key);
    let store = TrustStore::builder()
        .pin_clients_pem(pinned.pem().as_bytes())
        .and_then(|builder| builder.build())
        .expect("a good store");
    for (client, is_pinned) in [
        (&pinned, true),
        (&pinned.clone().other_encoding(), false),
        (&same_key, false),
    ] {
        let chain = [CertificateDer::from(client.der())];
        let now = files::time("2026-06-01T00:00:00Z");
        let outcome = verify_client_chain(&store, &chain, now, &ClientPolicy::default());
        assert_eq!(outcome.is_ok(), is_pinned, "{outcome:?}");
    }
}

/// A deny list with entries of one kind alone denies by them.
#[test]
#[cfg(feature = "ring")]
fn each_kind_of_entry_denies_by_itself() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let alice = Cert::client("alice", &Key::p256("alice")).issued_by(&root);
    let client = verify(&root, DenyList::new(), &[&alice]).expect("nobody is denied");
    let identity = client.identity();
    let key_sha256 = ring::digest::digest(&ring::digest::SHA256, alice.spki_der());
    let key_sha256 = key_sha256.as_ref().try_into().expect("32 octets");
    let lists = [
        (
            DenyList::new().with_certificate_sha256(identity.fingerprint_sha256()),
            DeniedBy::Certificate,
        ),
        (DenyList::new().with_key_sha256(key_sha256), DeniedBy::Key),
        (
            DenyList::new()
                .with_serial(identity.issuer_der(), identity.serial_bytes())
                .expect("a name and a number"),
            DeniedBy::Serial,
        ),
    ];
    for (denied, by) in lists {
        assert_eq!(denied_by(&root, denied, &[&alice]), Some(by));
    }
}
