//! Chains, and what becomes of them.

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{ClientVerifier, VerifiedClient, VerifyError};
use testpki::{Cert, Key};

#[path = "../common/files.rs"]
mod files;

pub(crate) use files::testdata;

pub(crate) fn now() -> UnixTime {
    at("2026-06-01T00:00:00Z")
}

pub(crate) fn at(rfc3339: &str) -> UnixTime {
    files::time(rfc3339)
}

pub(crate) fn ca(name: &str) -> Cert {
    Cert::ca(name, &Key::p256(name))
}

pub(crate) fn client(name: &str, issuer: &Cert) -> Cert {
    Cert::client(name, &Key::p256(name)).issued_by(issuer)
}

pub(crate) fn chain(certificates: &[&Cert]) -> Vec<CertificateDer<'static>> {
    let der = certificates.iter().map(|certificate| certificate.der());
    der.map(CertificateDer::from).collect()
}

pub(crate) fn verify(
    clients: &ClientVerifier,
    presented: &[&Cert],
) -> Result<VerifiedClient, VerifyError> {
    clients.verify(&chain(presented), now())
}

/// The scope of a client that comes in, or the reason why it does not.
pub(crate) fn outcome(
    verified: Result<VerifiedClient, VerifyError>,
) -> Result<Option<String>, &'static str> {
    let scope = |client: VerifiedClient| client.scope().map(str::to_owned);
    verified.map(scope).map_err(|error| error.reason().name())
}

/// A client of this scope comes in.
pub(crate) fn of(scope: &str) -> Result<Option<String>, &'static str> {
    Ok(Some(scope.to_owned()))
}
