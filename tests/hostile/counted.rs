//! Verifications whose signatures are counted: they are what costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
};
use mtls_verify::{
    ClientPolicy, Reason, SignatureAlgorithms, TrustStore, VerifiedClient, VerifyError,
    verify_client_chain,
};
use testpki::Cert;

use crate::{NOW, assert_can_be_shown, at_second, presented};

/// The outcome, and how many signatures it took.
pub(crate) fn verify_counting(
    anchors: &[Cert],
    intermediates: &[Cert],
    chain: &[Cert],
    policy: ClientPolicy,
) -> (Result<VerifiedClient, VerifyError>, u32) {
    let mut builder = TrustStore::builder();
    for anchor in anchors {
        builder = builder
            .add_ca_der(&CertificateDer::from(anchor.der()))
            .expect("a good CA");
    }
    for intermediate in intermediates {
        let der = CertificateDer::from(intermediate.der());
        builder = builder.add_intermediate_der(&der).expect("a good CA");
    }
    let store = builder.build().expect("a good store");
    let chain: Vec<_> = chain.iter().map(Cert::der).collect();

    let count = Arc::new(AtomicU32::new(0));
    let policy = policy.with_signatures(counting(&count));
    let outcome = verify_client_chain(&store, &presented(&chain), at_second(NOW), &policy);
    let signatures = count.load(Ordering::Relaxed);
    assert!(signatures <= policy.limits.signatures, "{signatures}");
    (outcome, signatures)
}

/// Why it was refused.
pub(crate) fn reason(outcome: &Result<VerifiedClient, VerifyError>) -> &Reason {
    refusal(outcome).reason()
}

pub(crate) fn refusal(outcome: &Result<VerifiedClient, VerifyError>) -> &VerifyError {
    match outcome {
        Ok(client) => panic!("accepted: {client:?}"),
        Err(refusal) => {
            assert_can_be_shown(refusal);
            refusal
        }
    }
}

/// The default algorithms, each of which counts its signatures.
fn counting(count: &Arc<AtomicU32>) -> SignatureAlgorithms {
    let algorithms: Vec<&'static dyn SignatureVerificationAlgorithm> = DEFAULT_ALGORITHMS
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
        .collect();
    SignatureAlgorithms::new(Vec::leak(algorithms))
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
