//! Bad input of every kind through the public API: a clear error each time, never a panic, and
//! bounded work.

mod bundles;
mod chains;
mod costly;
mod counted;
mod counting;
mod limits;
mod loading;
mod meshes;
mod regressions;
mod steps;
mod stored;

use std::time::Duration;

use mtls_verify::error::Position;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{
    ClientPolicy, StoreError, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};
use testpki::{Cert, Key, oid};

/// 2026-06-01T00:00:00Z, in the middle of a test client's validity.
const NOW: u64 = 1_780_272_000;

/// A root, an issuing CA below it and a client below that, as DER.
struct Pki {
    root: Vec<u8>,
    issuing: Vec<u8>,
    client: Vec<u8>,
}

impl Pki {
    fn new() -> Self {
        let root = Cert::ca("Root", &Key::p256("root"));
        let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
        let client = Cert::client("client", &Key::p256("client")).issued_by(&issuing);
        Self {
            root: root.der(),
            issuing: issuing.der(),
            client: client.der(),
        }
    }

    fn verify(&self, chain: &[Vec<u8>]) -> Result<VerifiedClient, VerifyError> {
        self.verify_with(chain, NOW, &ClientPolicy::default())
    }

    fn verify_with(
        &self,
        chain: &[Vec<u8>],
        now: u64,
        policy: &ClientPolicy,
    ) -> Result<VerifiedClient, VerifyError> {
        let store = store_of(&self.root).expect("a good root");
        verify_client_chain(&store, &presented(chain), at_second(now), policy)
    }
}

fn presented(chain: &[Vec<u8>]) -> Vec<CertificateDer<'_>> {
    chain
        .iter()
        .map(|der| CertificateDer::from(der.as_slice()))
        .collect()
}

fn store_of(anchor: &[u8]) -> Result<TrustStore, StoreError> {
    TrustStore::builder()
        .add_ca_der(&CertificateDer::from(anchor))?
        .build()
}

fn at_second(seconds: u64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(seconds))
}

fn position(refusal: &VerifyError) -> Option<Position> {
    refusal
        .certificate()
        .map(|certificate| certificate.position())
}

fn assert_can_be_shown(refusal: &VerifyError) {
    assert!(
        !format!(
            "{refusal} {refusal:?} {} {:?}",
            refusal.code(),
            refusal.alert()
        )
        .is_empty()
    );
}

fn client_of(issuer: &Cert) -> Cert {
    Cert::client("client", &Key::p256("client")).issued_by(issuer)
}

fn without_key_ids(certificate: Cert) -> Cert {
    certificate
        .without_extension(oid::SUBJECT_KEY_IDENTIFIER)
        .without_extension(oid::AUTHORITY_KEY_IDENTIFIER)
}
