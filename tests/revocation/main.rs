//! CRLs through the public API: what loading and looking up costs, and that nothing is good by
//! accident. The rules themselves are in `testdata/cases/revocation/*`.

mod choices;
#[path = "../hostile/counting.rs"]
mod counting;
mod entries;
mod large;
mod loading;
mod published;
mod signatures;
mod signers;

use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use mtls_verify::policy::RevocationPolicy;
use mtls_verify::{
    ClientPolicy, CrlSet, TrustStore, TrustStoreBuilder, VerifiedClient, VerifyError,
    verify_client_chain,
};
use testpki::{Cert, Crl, Key};

/// 2026-06-01T00:00:00Z, in the middle of the CRLs' time.
const NOW: u64 = 1_780_272_000;

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

fn alice() -> Cert {
    Cert::client("alice", &Key::p256("alice")).issued_by(&issuing())
}

fn bob() -> Cert {
    Cert::client("bob", &Key::p256("bob")).issued_by(&issuing())
}

/// The root, and its empty CRL.
fn builder() -> TrustStoreBuilder {
    let mut builder = TrustStore::builder();
    add_root(&mut builder);
    builder
}

/// Adds the root, and its empty CRL.
fn add_root(builder: &mut TrustStoreBuilder) -> &mut TrustStoreBuilder {
    builder
        .add_ca_der(&root().der())
        .expect("a good CA")
        .add_crl_der(&Crl::of(&root()).der())
        .expect("a good CRL")
}

fn set_of(crls: &[Crl]) -> CrlSet {
    let mut set = CrlSet::new();
    for crl in crls {
        set.add_der(&crl.der()).expect("a good CRL");
    }
    set
}

fn crl_der(crl: &Crl) -> CertificateRevocationListDer<'static> {
    CertificateRevocationListDer::from(crl.der())
}

fn policy() -> ClientPolicy {
    ClientPolicy::default().with_revocation(RevocationPolicy::whole_path())
}

/// The client presents its own certificate and the issuing CA's.
fn verify(
    store: &TrustStore,
    client: &Cert,
    policy: &ClientPolicy,
) -> Result<VerifiedClient, VerifyError> {
    let chain = [client.der(), issuing().der()].map(CertificateDer::from);
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    verify_client_chain(store, &chain, now, policy)
}
