//! Signatures (RFC 5280 §6.1.3 (a)(1)).

use pki_types::SignatureVerificationAlgorithm;

use super::failure::Scope;
use crate::error::Reason;
use crate::policy::{ClientPolicy, SignatureAlgorithms};
use crate::x509::{Certificate, Reader, oid_text};

/// Checks that the policy has the algorithm which the certificate is signed with, for a key such as
/// the issuer's.
pub(super) fn check_algorithm(
    certificate: Certificate<'_>,
    issuer: Certificate<'_>,
    policy: &ClientPolicy,
) -> Result<(), (Reason, Scope)> {
    if find_algorithm(certificate, issuer, &policy.signatures).is_some() {
        return Ok(());
    }
    let algorithms = &policy.signatures;
    if !algorithms.has_signature_algorithm(certificate.signature_algorithm()) {
        return Err((unsupported(certificate), Scope::Certificate));
    }
    // The policy has the algorithm, for other keys: the issuer of this name that made the signature
    // is another one.
    let reason = if algorithms.has_key_algorithm(issuer.public_key().algorithm) {
        Reason::BadSignature
    } else {
        unsupported(certificate)
    };
    Err((reason, Scope::Issuer))
}

/// Verifies the signature on `certificate` with the key of `issuer`.
pub(crate) fn verify_signature(
    certificate: Certificate<'_>,
    issuer: Certificate<'_>,
    algorithms: &SignatureAlgorithms,
) -> Result<(), Reason> {
    find_algorithm(certificate, issuer, algorithms)
        .ok_or_else(|| unsupported(certificate))?
        .verify_signature(
            issuer.public_key().bits,
            certificate.tbs(),
            certificate.signature(),
        )
        .map_err(|_| Reason::BadSignature)
}

pub(super) fn find_algorithm(
    certificate: Certificate<'_>,
    issuer: Certificate<'_>,
    algorithms: &SignatureAlgorithms,
) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    algorithms.find(
        certificate.signature_algorithm(),
        issuer.public_key().algorithm,
    )
}

fn unsupported(certificate: Certificate<'_>) -> Reason {
    let algorithm = Reader::new(certificate.signature_algorithm())
        .oid()
        .map(|oid| oid_text(oid.value))
        .unwrap_or_default();
    Reason::UnsupportedSignatureAlgorithm { algorithm }
}
