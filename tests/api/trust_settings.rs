//! OpenSSL's trust settings in a bundle: a rejection counts for the same certificate wherever it
//! stands, and so do settings that cannot be read, as they may be one.

use mtls_verify::error::Reason;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::revocation::DeniedBy;
use mtls_verify::{ClientPolicy, StoreError, TrustStore, verify_client_chain};
use testpki::pem::Pem;
use testpki::{Cert, Key};

use crate::files;

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

fn trusted(settings: &[u8]) -> String {
    Pem::new(
        "TRUSTED CERTIFICATE",
        &[&issuing().der(), settings].concat(),
    )
    .to_string()
}

fn store(bundle: &str) -> Result<TrustStore, StoreError> {
    TrustStore::lenient_builder()
        .add_ca_pem(bundle.as_bytes())?
        .build()
}

const CLIENT_AUTH: &[u8] = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02";
const ANY: &[u8] = b"\x06\x04\x55\x1d\x25\x00";
const SERVER_AUTH: &[u8] = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01";

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("short");
    [&[tag, length], content].concat()
}

/// Settings, and whether they reject the certificate for clients.
fn settings() -> Vec<(Vec<u8>, bool)> {
    let rejecting = |purpose| element(0x30, &element(0xa0, purpose));
    let trusting = |purpose| element(0x30, &element(0x30, purpose));
    vec![
        (vec![], false),
        (element(0x30, &[]), false),
        (rejecting(CLIENT_AUTH), true),
        (rejecting(ANY), true),
        (rejecting(SERVER_AUTH), false),
        (trusting(CLIENT_AUTH), false),
        (trusting(ANY), false),
        (trusting(SERVER_AUTH), true),
        (trusting(&[]), true),
        // These cannot be read.
        (vec![0x05, 0x00], true),
        (element(0x30, &[0x05, 0x00]), true),
        (element(0x30, &element(0xa0, &[0x05, 0x00])), true),
        ([element(0x30, &[]), element(0x30, &[])].concat(), true),
        (vec![0x30, 0x05], true),
    ]
}

/// Beside the same certificate without settings, in both orders, and by itself below its root.
#[test]
fn settings_count_wherever_the_certificate_stands() {
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing());
    let chain = [client.der(), issuing().der()].map(CertificateDer::from);
    for (settings, is_rejected) in settings() {
        let (plain, with_settings) = (issuing().pem(), trusted(&settings));
        for bundle in [
            [root().pem(), plain.clone(), with_settings.clone()].concat(),
            [root().pem(), with_settings.clone(), plain].concat(),
            [root().pem(), with_settings].concat(),
        ] {
            let store = store(&bundle).expect("the root is good");
            assert_eq!(store.anchors().len(), 2 - usize::from(is_rejected));
            let now = files::time("2026-06-01T00:00:00Z");
            let outcome = verify_client_chain(&store, &chain, now, &ClientPolicy::default());
            let reason = outcome.as_ref().map_err(|refusal| refusal.reason());
            let by = DeniedBy::TrustSettings;
            match is_rejected {
                true => assert_eq!(
                    reason.err(),
                    Some(&Reason::Denied { by }),
                    "{settings:02x?}"
                ),
                false => assert!(reason.is_ok(), "{settings:02x?}: {reason:?}"),
            }
        }
    }
}
