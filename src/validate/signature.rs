//! Signatures (RFC 5280 §6.1.3 (a)(1)).

use pki_types::SignatureVerificationAlgorithm;

use crate::error::Reason;
use crate::policy::{ClientPolicy, SignatureAlgorithms};
use crate::validate::Scope;
use crate::x509::{Certificate, Reader, oid_text};

/// Checks that the policy has the algorithm which the certificate is signed with, for a key such as the issuer's.
pub(super) fn check_algorithm(
    certificate: Certificate<'_>,
    issuer: Certificate<'_>,
    policy: &ClientPolicy,
) -> Result<(), (Reason, Scope)> {
    if find_algorithm(certificate, issuer, &policy.signatures).is_some() {
        return Ok(());
    }
    // If it has the algorithm for other keys, another issuer of this name may be the right one.
    let has_algorithm = policy
        .signatures
        .0
        .iter()
        .any(|algorithm| *algorithm.signature_alg_id() == *certificate.signature_algorithm());
    let scope = match has_algorithm {
        true => Scope::Issuer,
        false => Scope::Certificate,
    };
    Err((unsupported(certificate), scope))
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

fn find_algorithm(
    certificate: Certificate<'_>,
    issuer: Certificate<'_>,
    algorithms: &SignatureAlgorithms,
) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    algorithms.0.iter().copied().find(|algorithm| {
        *algorithm.signature_alg_id() == *certificate.signature_algorithm()
            && *algorithm.public_key_alg_id() == *issuer.public_key().algorithm
    })
}

fn unsupported(certificate: Certificate<'_>) -> Reason {
    let algorithm = Reader::new(certificate.signature_algorithm())
        .oid()
        .map(|oid| oid_text(oid.value))
        .unwrap_or_default();
    Reason::UnsupportedSignatureAlgorithm { algorithm }
}
