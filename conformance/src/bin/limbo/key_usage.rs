//! The usages that a case asks of the peer's key, beyond what the library asks itself.

use std::error::Error;

use mtls_verify::VerifiedClient;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::{KeyUsage, KeyUsages};

use crate::case::Case;

/// Where the peer's certificate has keyUsage, it must have every bit that the case lists (RFC 5280 §4.2.1.3).
pub(crate) fn check(case: &Case, peer: &VerifiedClient) -> Result<(), Box<dyn Error>> {
    if case.key_usage.is_empty() {
        return Ok(());
    }
    let certificate = Certificate::from_der(&peer.certificate())?;
    let Some((_, has)) = certificate.tbs_certificate().get_extension::<KeyUsage>()? else {
        return Ok(());
    };
    for name in &case.key_usage {
        let needed = match name.as_str() {
            "digitalSignature" => KeyUsages::DigitalSignature,
            "contentCommitment" => KeyUsages::NonRepudiation,
            "keyEncipherment" => KeyUsages::KeyEncipherment,
            "dataEncipherment" => KeyUsages::DataEncipherment,
            "keyAgreement" => KeyUsages::KeyAgreement,
            "keyCertSign" => KeyUsages::KeyCertSign,
            "cRLSign" => KeyUsages::CRLSign,
            "encipherOnly" => KeyUsages::EncipherOnly,
            "decipherOnly" => KeyUsages::DecipherOnly,
            unknown => return Err(format!("unknown key usage {unknown:?}").into()),
        };
        if !has.0.contains(needed) {
            return Err(format!("the peer's keyUsage lacks {name}").into());
        }
    }
    Ok(())
}
