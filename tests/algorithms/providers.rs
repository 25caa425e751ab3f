//! `ring` and `aws-lc-rs` have one verdict on every case, as far as the default set goes.

use mtls_verify::crypto::{AWS_LC_RS_ALGORITHMS, DEFAULT_ALGORITHMS, RING_ALGORITHMS};
use mtls_verify::pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use mtls_verify::policy::SignatureAlgorithms;
use mtls_verify::verify_client_chain;

use crate::common::Case;

/// Cases in which the objects of the providers differ. The default of a build with `aws-lc-rs`
/// alone has a check of its own for these: `tests/cases.rs` holds that.
const DIFFERENT: [&str; 2] = [
    "signature/chosen-p256-compressed",
    "signature/chosen-p384-compressed",
];

#[test]
fn every_case_has_one_verdict() {
    let of_ring = SignatureAlgorithms::new(RING_ALGORITHMS);
    let of_aws = SignatureAlgorithms::from_iter(default_of_aws_lc_rs());
    let (mut compared, mut accepted) = (0, 0);
    let mut different = Vec::new();
    for case in Case::all() {
        if case.names_algorithms() {
            continue;
        }
        let verdict = |algorithms: &SignatureAlgorithms| {
            let store = case
                .store_with(algorithms.clone())
                .map_err(|error| error.to_string())?;
            let policy = case.policy().with_signatures(algorithms.clone());
            verify_client_chain(&store, &case.chain(), case.time(), &policy)
                .map(|client| {
                    let path: Vec<_> = client.path().map(CertificateDer::into_owned).collect();
                    let revocation: Vec<_> = client.path_revocation().collect();
                    (path, client.expiry(), client.valid_until(), revocation)
                })
                .map_err(|refusal| refusal.to_string())
        };
        let (ring, aws) = (verdict(&of_ring), verdict(&of_aws));
        compared += 1;
        accepted += usize::from(ring.is_ok());
        if ring != aws {
            different.push(case.name);
        }
    }
    assert!(
        compared > 3_000 && accepted > 1_000,
        "{compared}, {accepted}"
    );
    different.sort();
    assert_eq!(different, DIFFERENT);
}

/// The objects of `aws-lc-rs` with the identifiers of the default set.
fn default_of_aws_lc_rs() -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    let is_default = |of_aws: &&&'static dyn SignatureVerificationAlgorithm| {
        DEFAULT_ALGORITHMS.iter().any(|default| {
            default.signature_alg_id() == of_aws.signature_alg_id()
                && default.public_key_alg_id() == of_aws.public_key_alg_id()
        })
    };
    let found: Vec<_> = AWS_LC_RS_ALGORITHMS
        .iter()
        .filter(is_default)
        .copied()
        .collect();
    assert_eq!(found.len(), DEFAULT_ALGORITHMS.len());
    found
}
