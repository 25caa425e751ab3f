//! The usages that a case asks of the peer's key, beyond what the library asks itself.

use conformance::{Decider, HarnessError, Outcome};
use mtls_verify::VerifiedClient;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::{KeyUsage as Extension, KeyUsages};

use crate::case::{Case, KeyUsage};

/// Where the peer's certificate has keyUsage, it must have every bit that the case lists (RFC 5280
/// §4.2.1.3).
pub(crate) fn check(case: &Case, peer: &VerifiedClient) -> Result<Outcome, HarnessError> {
    if case.key_usage.is_empty() {
        return Ok(Outcome::Accepted);
    }
    let unreadable = |error| HarnessError::new("x509-cert, which reads keyUsage here", error);
    let certificate = Certificate::from_der(&peer.certificate()).map_err(unreadable)?;
    let extension = certificate.tbs_certificate().get_extension::<Extension>();
    let Some((_, has)) = extension.map_err(unreadable)? else {
        return Ok(Outcome::Accepted);
    };
    for usage in &case.key_usage {
        if !has.0.contains(bit(*usage)) {
            return Ok(Outcome::Refused {
                by: Decider::KeyUsage,
                why: format!("the peer's keyUsage lacks {usage:?}"),
            });
        }
    }
    Ok(Outcome::Accepted)
}

fn bit(usage: KeyUsage) -> KeyUsages {
    match usage {
        KeyUsage::DigitalSignature => KeyUsages::DigitalSignature,
        KeyUsage::ContentCommitment => KeyUsages::NonRepudiation,
        KeyUsage::KeyEncipherment => KeyUsages::KeyEncipherment,
        KeyUsage::DataEncipherment => KeyUsages::DataEncipherment,
        KeyUsage::KeyAgreement => KeyUsages::KeyAgreement,
        KeyUsage::KeyCertSign => KeyUsages::KeyCertSign,
        KeyUsage::CrlSign => KeyUsages::CRLSign,
        KeyUsage::EncipherOnly => KeyUsages::EncipherOnly,
        KeyUsage::DecipherOnly => KeyUsages::DecipherOnly,
    }
}
