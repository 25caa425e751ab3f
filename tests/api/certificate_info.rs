//! What a store shows of its certificates.

use std::time::Duration;

use mtls_verify::TrustStore;
use mtls_verify::pki_types::UnixTime;
use testpki::{Cert, Key, sha256};

use crate::files;

#[test]
fn each_role_shows_its_certificates() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
    let pin = Cert::client("pin", &Key::p256("pin")).issued_by(&issuing);
    let [root, issuing, pin] = [(root, 0xa5), (issuing, 0x05), (pin, 0x7f)].map(|(cert, last)| {
        cert.serial(&[0x00, 0xa5, last])
            .not_before("2026-01-02T03:04:05Z")
            .not_after("2027-01-02T03:04:05Z")
    });
    let mut builder = TrustStore::builder();
    builder
        .add_ca_der(&root.der())
        .and_then(|builder| builder.add_intermediate_der(&issuing.der()))
        .and_then(|builder| builder.pin_client_der(&pin.der()))
        .expect("good input");
    let store = builder.build().expect("a good store");
    let all: Vec<_> = store
        .anchors()
        .chain(store.intermediates())
        .chain(store.pinned_clients())
        .collect();
    let expected = [
        (&root, "CN=Root", "CN=Root", "A5A5"),
        (&issuing, "CN=Issuing CA", "CN=Root", "A505"),
        (&pin, "CN=pin", "CN=Issuing CA", "A57F"),
    ];
    assert_eq!(all.len(), expected.len());
    for (info, (cert, subject, issuer, serial)) in all.into_iter().zip(expected) {
        assert_eq!(info.der().as_ref(), cert.der());
        assert_eq!(
            (info.subject(), info.issuer()),
            (subject.into(), issuer.into())
        );
        assert_eq!(info.subject_der(), cert.subject_name().der());
        assert_eq!(info.serial(), serial);
        assert_eq!(info.not_before(), files::time("2026-01-02T03:04:05Z"));
        assert_eq!(info.not_after(), files::time("2027-01-02T03:04:05Z"));
        assert_eq!(info.public_key_info().as_ref(), cert.spki_der());
        assert_eq!(info.fingerprint_sha256(), sha256(&cert.der()));
        let shown = format!("{info:?}");
        assert!(shown.contains(subject) && shown.contains(serial), "{shown}");
    }
}

/// What can be written as a time of a certificate and not as seconds since 1970.
#[test]
fn at_both_ends_of_time() {
    let info_of = |begin: &str, end: &str| {
        let root = Cert::ca("Root", &Key::p256("root"))
            .not_before(begin)
            .not_after(end);
        let store = TrustStore::from_pem(&*root.pem()).expect("a CA");
        let times = store
            .anchors()
            .map(|info| (info.not_before(), info.not_after()));
        times.last().expect("an anchor")
    };
    let epoch = UnixTime::since_unix_epoch(Duration::ZERO);
    let second = UnixTime::since_unix_epoch(Duration::from_secs(1));
    let last = UnixTime::since_unix_epoch(Duration::from_secs(253_402_300_799));
    let times = info_of("1950-01-01T00:00:00Z", "1969-12-31T23:59:59Z");
    assert_eq!(times, (epoch, epoch));
    let times = info_of("1970-01-01T00:00:01Z", "9999-12-31T23:59:59Z");
    assert_eq!(times, (second, last));
}
