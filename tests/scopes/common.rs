//! Tenants with a root each.

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::store::Scope;
use mtls_verify::{
    ClientPolicy, TrustStore, TrustStoreBuilder, VerifiedClient, VerifyError, verify_client_chain,
};
use testpki::{Cert, Crl, Key};

#[path = "../common/files.rs"]
mod files;

pub(crate) const NOW: &str = "2026-06-01T00:00:00Z";

pub(crate) fn now() -> UnixTime {
    at(NOW)
}

pub(crate) fn at(rfc3339: &str) -> UnixTime {
    files::time(rfc3339)
}

/// The root of a tenant.
pub(crate) fn root(tenant: &str) -> Cert {
    Cert::ca(&format!("Root {tenant}"), &Key::p256(tenant))
}

pub(crate) fn client(name: &str, issuer: &Cert) -> Cert {
    Cert::client(name, &Key::p256(name)).issued_by(issuer)
}

pub(crate) fn builder(anchors: &[&Cert], crls: &[Crl]) -> TrustStoreBuilder {
    let mut builder = TrustStore::builder();
    for anchor in anchors {
        builder.add_ca_der(&anchor.der()).expect("a good CA");
    }
    for crl in crls {
        builder.add_crl_der(&crl.der()).expect("a good CRL");
    }
    builder
}

pub(crate) fn scope(name: &str, anchors: &[&Cert], crls: &[Crl]) -> Scope {
    let store = builder(anchors, crls).build().expect("a store");
    Scope::new(name, store).expect("a good scope")
}

/// A store of scopes and of nothing else.
pub(crate) fn of(scopes: impl IntoIterator<Item = Scope>) -> TrustStore {
    with(TrustStore::builder(), scopes)
}

pub(crate) fn with(
    mut builder: TrustStoreBuilder,
    scopes: impl IntoIterator<Item = Scope>,
) -> TrustStore {
    for scope in scopes {
        builder.add_scope(scope).expect("a new scope");
    }
    builder.build().expect("a store")
}

pub(crate) fn chain(certificates: &[&Cert]) -> Vec<CertificateDer<'static>> {
    let der = certificates.iter().map(|certificate| certificate.der());
    der.map(CertificateDer::from).collect()
}

pub(crate) fn verify(
    store: &TrustStore,
    presented: &[&Cert],
) -> Result<VerifiedClient, VerifyError> {
    verify_under(store, presented, &ClientPolicy::default())
}

pub(crate) fn verify_under(
    store: &TrustStore,
    presented: &[&Cert],
    policy: &ClientPolicy,
) -> Result<VerifiedClient, VerifyError> {
    verify_client_chain(store, &chain(presented), now(), policy)
}

/// The names of the scopes that accept, or why none does.
pub(crate) fn outcome(
    verified: Result<VerifiedClient, VerifyError>,
) -> Result<Vec<String>, &'static str> {
    let names = |client: VerifiedClient| client.scopes().map(str::to_owned).collect();
    verified.map(names).map_err(|error| error.reason().name())
}
