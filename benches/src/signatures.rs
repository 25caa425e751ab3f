//! Signatures on their own: verified alone, or left out. And digests.

#[cfg(not(feature = "ring"))]
use aws_lc_rs::digest;
#[cfg(feature = "ring")]
use ring::digest;

use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm,
};
use testpki::der;

/// Algorithms, as policies and `webpki` take them.
pub type Algorithms = &'static [&'static dyn SignatureVerificationAlgorithm];

/// One signature of a chain, ready to be verified.
pub struct Signature {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    public_key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Signature {
    /// The signature on `certificate` (DER) by the key in `issuer_spki` (DER).
    ///
    /// # Panics
    ///
    /// If no algorithm is for both.
    pub fn of(certificate: &[u8], issuer_spki: &[u8]) -> Self {
        let (message, rest) = der::split_first(der::contents(certificate));
        let (signature_algorithm, signature) = der::split_first(rest);
        let (key_algorithm, public_key) = der::split_first(der::contents(issuer_spki));
        let algorithm = DEFAULT_ALGORITHMS.iter().find(|algorithm| {
            *algorithm.signature_alg_id() == *der::contents(signature_algorithm)
                && *algorithm.public_key_alg_id() == *der::contents(key_algorithm)
        });
        // A BIT STRING begins with its count of unused bits.
        let bits = |bit_string| der::contents(bit_string)[1..].to_vec();
        Self {
            algorithm: *algorithm.expect("an algorithm that the provider has"),
            public_key: bits(public_key),
            message: message.to_vec(),
            signature: bits(signature),
        }
    }

    /// Verifies it.
    pub fn verify(&self) -> Result<(), InvalidSignature> {
        self.algorithm
            .verify_signature(&self.public_key, &self.message, &self.signature)
    }
}

/// The SHA-256 of all parts, one after the other.
pub fn sha256(parts: &[impl AsRef<[u8]>]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part.as_ref());
    }
    let digest = context.finish();
    digest.as_ref().try_into().expect("32 octets")
}

/// The default algorithms, each of which says yes without a look: what is left is the cost of
/// everything else.
pub fn saying_yes() -> Algorithms {
    let algorithms: Vec<&'static dyn SignatureVerificationAlgorithm> = DEFAULT_ALGORITHMS
        .iter()
        .map(|algorithm| {
            // A policy's algorithms live as long as the program.
            &*Box::leak(Box::new(SayingYes(*algorithm)))
                as &'static dyn SignatureVerificationAlgorithm
        })
        .collect();
    Vec::leak(algorithms)
}

#[derive(Debug)]
struct SayingYes(&'static dyn SignatureVerificationAlgorithm);

impl SignatureVerificationAlgorithm for SayingYes {
    fn verify_signature(
        &self,
        _public_key: &[u8],
        _message: &[u8],
        _signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        Ok(())
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.0.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0.signature_alg_id()
    }
}
