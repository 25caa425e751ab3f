//! The client's signature in the handshake (CertificateVerify), by the key of its certificate.
//!
//! The functions of `rustls` for this read the certificate with `rustls-webpki`, which refuses some
//! that were verified here: of version 1, or with critical extensions that only this crate
//! processes. So the key is taken from this crate's own reading.
//!
//! Keys of type id-RSASSA-PSS sign with schemes of their own, which `rustls` has no names for. In
//! TLS 1.3 it passes on numbers that it does not know; in TLS 1.2 it offers only what it knows.

use ::rustls::client::danger::HandshakeSignatureValid;
use ::rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use ::rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved, SignatureScheme};
use alloc::vec::Vec;
use pki_types::{CertificateDer, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer, alg_id};

use crate::error::{CertificateRef, Position, Reason, VerifyError};
use crate::x509::{Fields, PssHash, PssKey};

/// rsa_pss_pss_sha256 to rsa_pss_pss_sha512 (RFC 8446 §4.2.3): the number, the hash, and the
/// scheme by which keys of type rsaEncryption make the same signatures.
const PSS_SCHEMES: [(u16, PssHash, SignatureScheme); 3] = [
    (0x0809, PssHash::Sha256, SignatureScheme::RSA_PSS_SHA256),
    (0x080a, PssHash::Sha384, SignatureScheme::RSA_PSS_SHA384),
    (0x080b, PssHash::Sha512, SignatureScheme::RSA_PSS_SHA512),
];

/// What a client may sign with: what the provider has, and rsa_pss_pss_* where it has the
/// algorithm.
pub(super) fn supported_schemes(algorithms: &WebPkiSupportedAlgorithms) -> Vec<SignatureScheme> {
    let mut schemes = algorithms.supported_schemes();
    for (number, _, same) in PSS_SCHEMES {
        let scheme = SignatureScheme::from(number);
        if !schemes.contains(&scheme) && pss_algorithm(same, algorithms).is_some() {
            schemes.push(scheme);
        }
    }
    schemes
}

pub(super) fn verify_tls13(
    message: &[u8],
    client: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let is_named = algorithms
        .mapping
        .iter()
        .any(|(scheme, _)| *scheme == signed.scheme);
    let number = u16::from(signed.scheme);
    let pss = PSS_SCHEMES.iter().find(|(pss, ..)| *pss == number);
    if let (false, Some((_, hash, same))) = (is_named, pss) {
        let algorithm = pss_algorithm(*same, algorithms)
            .ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
        return verify_pss(*hash, algorithm, message, client, signed);
    }
    let fields = parse(client)?;
    let spki = SubjectPublicKeyInfoDer::from(fields.view(client).spki());
    verify_tls13_signature_with_raw_key(message, &spki, signed, algorithms)
}

/// By a key of type id-RSASSA-PSS, and as its parameters permit (RFC 8446 §4.2.3).
fn verify_pss(
    hash: PssHash,
    algorithm: &dyn SignatureVerificationAlgorithm,
    message: &[u8],
    client: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    let fields = parse(client)?;
    let key = fields.view(client).public_key();
    let is_permitted = matches!(PssKey::of(key.algorithm), Some(Ok(key)) if key.permits(hash));
    is_permitted
        .then(|| algorithm.verify_signature(key.bits, message, signed.signature()))
        .and_then(Result::ok)
        .map(|()| HandshakeSignatureValid::assertion())
        .ok_or(Error::InvalidCertificate(CertificateError::BadSignature))
}

/// The provider's algorithm for keys of type rsaEncryption and this scheme.
fn pss_algorithm(
    scheme: SignatureScheme,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    let (_, candidates) = algorithms
        .mapping
        .iter()
        .find(|(known, _)| *known == scheme)?;
    candidates
        .iter()
        .copied()
        .find(|algorithm| algorithm.public_key_alg_id() == alg_id::RSA_ENCRYPTION)
}

/// In TLS 1.2 a scheme does not say which curve it is for (RFC 5246 §7.4.1.4.1), so there are
/// several algorithms for one.
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

/// Those that `rustls` advertises for TLS 1.2; what came with TLS 1.3, such as ML-DSA, is not
/// defined there.
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

/// What is reported of a client whose signature does not verify, whatever is wrong with it.
pub(super) fn refusal(client: &CertificateDer<'_>) -> VerifyError {
    let fields = Fields::parse(client).ok();
    let subject = fields.as_ref().map(|fields| fields.view(client).subject());
    let certificate = CertificateRef::new(Position::Client, subject.unwrap_or_default());
    VerifyError::new(Reason::HandshakeSignature, Some(certificate))
}

/// It was parsed before, when it was verified.
fn parse(client: &CertificateDer<'_>) -> Result<Fields, Error> {
    Fields::parse(client).map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))
}

#[cfg(all(test, feature = "ring"))]
mod tests {
    use super::*;

    fn of_pss_keys(algorithms: &WebPkiSupportedAlgorithms) -> Vec<u16> {
        let schemes = supported_schemes(algorithms).into_iter().map(u16::from);
        let is_pss = |number: &u16| PSS_SCHEMES.iter().any(|(pss, ..)| pss == number);
        schemes.filter(is_pss).collect()
    }

    /// Without RSA no scheme of its keys is offered, and none is offered twice.
    #[test]
    fn schemes_of_pss_keys_need_an_algorithm() {
        const NAMED: SignatureScheme = SignatureScheme::Unknown(0x0809);
        let all = ::rustls::crypto::ring::default_provider().signature_verification_algorithms;
        let with = |mapping| WebPkiSupportedAlgorithms { mapping, ..all };
        assert_eq!(of_pss_keys(&all), [0x0809, 0x080a, 0x080b]);
        assert!(of_pss_keys(&with(&[])).is_empty());
        assert_eq!(of_pss_keys(&with(&[(NAMED, &[])])), [0x0809]);
    }
}
