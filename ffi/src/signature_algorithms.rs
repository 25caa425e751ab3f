//! Sets of signature algorithms, by name.

use mtls_verify::policy::SignatureAlgorithms;

use super::error::{Failure, MtlsResult};
use super::pointers::{ErrorOut, borrow, guard};
use super::policy::{MtlsPolicy, change};
use super::policy_choices::choose;
use super::store_builder::MtlsStoreBuilder;

/// Which signatures are accepted. The default is the same however the library was built.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsSignatureAlgorithms {
    /// ECDSA with P-256 and P-384, each with SHA-256 and SHA-384; Ed25519; RSA PKCS#1 and PSS with
    /// 2048 to 8192 bits, each with SHA-256, SHA-384 and SHA-512. The default.
    Default = 2401,
    /// All that `aws-lc-rs` implements: the default, and ECDSA with P-521 and with SHA-512, and
    /// ML-DSA. Only for libraries built with the feature `aws-lc-rs`.
    AwsLcRs = 2402,
}

/// The algorithms that certificates and CRLs may be signed with: one of
/// `mtls_signature_algorithms`. `MTLS_RESULT_INVALID_VALUE` if the library was built without that
/// provider.
///
/// The path of a client is always verified with these. Whether a CRL is authentic that a
/// certificate of the store signed was found out as the store was built:
/// `mtls_store_builder_set_crl_signature_algorithms`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_signature_algorithms(
    policy: *mut MtlsPolicy,
    algorithms: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.signatures = algorithms_of(algorithms)?;
            Ok(())
        })
    }
}

/// The algorithms with which the store verifies CRLs, and the certificates of their signers, while
/// it is built: one of `mtls_signature_algorithms`. `MTLS_RESULT_INVALID_VALUE` if the library was
/// built without that provider.
///
/// A CRL that is signed with another algorithm is verified when a client needs it, at that client's
/// cost, with the algorithms of the policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_set_crl_signature_algorithms(
    builder: *mut MtlsStoreBuilder,
    algorithms: u32,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let builder = unsafe { borrow(builder) }?;
        let algorithms = algorithms_of(algorithms)?;
        builder.change(|builder| Ok(builder.crl_signatures(algorithms)))
    })
}

fn algorithms_of(algorithms: u32) -> Result<SignatureAlgorithms, Failure> {
    Ok(choose!(algorithms, "mtls_signature_algorithms", {
        MtlsSignatureAlgorithms::Default => SignatureAlgorithms::default(),
        MtlsSignatureAlgorithms::AwsLcRs => aws_lc_rs()?,
    }))
}

#[cfg(feature = "aws-lc-rs")]
fn aws_lc_rs() -> Result<SignatureAlgorithms, Failure> {
    Ok(SignatureAlgorithms::aws_lc_rs())
}

#[cfg(not(feature = "aws-lc-rs"))]
fn aws_lc_rs() -> Result<SignatureAlgorithms, Failure> {
    let message = "the library was built without the feature aws-lc-rs";
    Err(Failure::usage(MtlsResult::InvalidValue, message))
}
