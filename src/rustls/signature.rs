//! The client's signature in the handshake (CertificateVerify), by the key of its certificate.
//!
//! The functions of `rustls` for this read the certificate with `rustls-webpki`, which refuses some that were verified here: of version 1, or
//! with critical extensions that only this crate processes. So the key is taken from this crate's own reading.

use ::rustls::client::danger::HandshakeSignatureValid;
use ::rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use ::rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved, SignatureScheme};
use pki_types::{CertificateDer, SubjectPublicKeyInfoDer};

use crate::x509::Fields;

pub(super) fn verify_tls13(
    message: &[u8],
    client: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let fields = parse(client)?;
    let spki = SubjectPublicKeyInfoDer::from(fields.view(client).spki());
    verify_tls13_signature_with_raw_key(message, &spki, signed, algorithms)
}

/// In TLS 1.2 a scheme does not say which curve it is for (RFC 5246 §7.4.1.4.1), so there are several algorithms for one.
pub(super) fn verify_tls12(
    message: &[u8],
    client: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let is_of_tls12 = is_of_tls12(signed.scheme);
    let (_, candidates) = algorithms
        .mapping
        .iter()
        .find(|(scheme, _)| is_of_tls12 && *scheme == signed.scheme)
        .ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
    let fields = parse(client)?;
    let key = fields.view(client).public_key();
    candidates
        .iter()
        .find(|algorithm| *algorithm.public_key_alg_id() == *key.algorithm)
        .and_then(|algorithm| {
            algorithm
                .verify_signature(key.bits, message, signed.signature())
                .ok()
        })
        .map(|()| HandshakeSignatureValid::assertion())
        .ok_or(Error::InvalidCertificate(CertificateError::BadSignature))
}

/// Those that `rustls` advertises for TLS 1.2; what came with TLS 1.3, such as ML-DSA, is not defined there.
fn is_of_tls12(scheme: SignatureScheme) -> bool {
    matches!(
        scheme,
        SignatureScheme::RSA_PKCS1_SHA256
            | SignatureScheme::RSA_PKCS1_SHA384
            | SignatureScheme::RSA_PKCS1_SHA512
            | SignatureScheme::RSA_PSS_SHA256
            | SignatureScheme::RSA_PSS_SHA384
            | SignatureScheme::RSA_PSS_SHA512
            | SignatureScheme::ECDSA_NISTP256_SHA256
            | SignatureScheme::ECDSA_NISTP384_SHA384
            | SignatureScheme::ECDSA_NISTP521_SHA512
            | SignatureScheme::ED25519
            | SignatureScheme::ED448
    )
}

/// It was parsed before, when it was verified.
fn parse(client: &CertificateDer<'_>) -> Result<Fields, Error> {
    Fields::parse(client).map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))
}
