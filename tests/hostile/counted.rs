//! Verifications whose signatures are counted: they are what costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mtls_verify::error::Reason;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use testpki::Cert;

use crate::counting::counting;
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
        builder
            .add_ca_der(&CertificateDer::from(anchor.der()))
            .expect("a good CA");
    }
    for intermediate in intermediates {
        let der = CertificateDer::from(intermediate.der());
        builder.add_intermediate_der(&der).expect("a good CA");
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

/// The least limit on work that a verification does not reach, and what it comes to.
pub(crate) fn least_work(
    verify: impl Fn(u32) -> Result<VerifiedClient, VerifyError>,
) -> (u32, Result<VerifiedClient, VerifyError>) {
    let is_enough = |work: u32| !matches!(verify(work), Err(refusal) if matches!(refusal.reason(), Reason::WorkLimit { .. }));
    let (mut too_little, mut enough) = (0, 10_000_000);
    assert!(!is_enough(too_little) && is_enough(enough));
    while enough - too_little > 1 {
        let middle = (too_little + enough) / 2;
        match is_enough(middle) {
            true => enough = middle,
            false => too_little = middle,
        }
    }
    (enough, verify(enough))
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
