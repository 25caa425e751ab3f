//! Principals, through the public API: each rule and each preset, and each side of it.

mod dn;
#[path = "../common/openssl.rs"]
mod openssl;
mod presets;
mod rules;

use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::principal::{PrincipalMap, Why};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, verify_client_chain};
use testpki::{Attribute, Cert, Extension, GeneralName, Key, Name, oid};

/// 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn issuing() -> Cert {
    Cert::ca("Issuing", &Key::p256("issuing")).issued_by(&root())
}

/// A client of the issuing CA without a subjectAltName.
fn alice() -> Cert {
    Cert::client("alice", &Key::p256("alice"))
        .issued_by(&issuing())
        .without_extension(oid::SUBJECT_ALT_NAME)
}

fn with_subject(attributes: &[Attribute]) -> VerifiedClient {
    verified(alice().subject(Name::new(attributes)))
}

fn with_names(names: &[GeneralName]) -> VerifiedClient {
    verified(alice().extension(Extension::subject_alt_name(names)))
}

/// A client whose path is its certificate, the issuing CA and the root.
fn verified(client: Cert) -> VerifiedClient {
    verified_by(&[client.der(), issuing().der()])
}

fn verified_by(chain: &[Vec<u8>]) -> VerifiedClient {
    let store = TrustStore::builder()
        .add_ca_der(&root().der())
        .and_then(|builder| builder.build())
        .expect("a store");
    let chain: Vec<_> = chain
        .iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    verify_client_chain(&store, &chain, now, &ClientPolicy::default()).expect("a good chain")
}

fn name(map: &PrincipalMap, client: &VerifiedClient) -> String {
    map.principal(client).expect("a principal").to_string()
}

/// Why the last rule that was tried gave none.
fn why(map: &PrincipalMap, client: &VerifiedClient) -> Why {
    let none = map.principal(client).expect_err("no principal");
    none.rules().last().expect("a rule").why().clone()
}
