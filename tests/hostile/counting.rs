//! Signature algorithms that count: signatures are what costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm,
};
use mtls_verify::policy::SignatureAlgorithms;

/// The default algorithms, each of which counts its signatures.
pub(crate) fn counting(count: &Arc<AtomicU32>) -> SignatureAlgorithms {
    DEFAULT_ALGORITHMS
        .iter()
        .map(|algorithm| {
            let count = Arc::clone(count);
            let counting = Counting {
                algorithm: *algorithm,
                count,
            };
            // A policy's algorithms live as long as the program; this one is a short test.
            &*Box::leak(Box::new(counting)) as &'static dyn SignatureVerificationAlgorithm
        })
        .collect()
}

#[derive(Debug)]
struct Counting {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    count: Arc<AtomicU32>,
}

impl SignatureVerificationAlgorithm for Counting {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.algorithm
            .verify_signature(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
}
