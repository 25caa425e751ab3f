//! Signatures and digests: from `ring`, from `aws-lc-rs`, or from whoever implements
//! [`SignatureVerificationAlgorithm`].

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::digest;
use pki_types::SignatureVerificationAlgorithm;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use ring::digest;

/// The algorithms of a [`ClientPolicy`](crate::ClientPolicy) that says nothing else: those of `aws-lc-rs` where its feature is
/// on, as they are the larger set; else those of `ring`; without either, none, and a policy must bring its own.
pub static DEFAULT_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = {
    #[cfg(feature = "aws-lc-rs")]
    {
        AWS_LC_RS_ALGORITHMS
    }
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    {
        RING_ALGORITHMS
    }
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    {
        &[]
    }
};

/// From `ring`: ECDSA with P-256 and P-384, each with SHA-256 and SHA-384; Ed25519; RSA PKCS#1 and
/// PSS with 2048 to 8192 bits, each with SHA-256, SHA-384 and SHA-512.
#[cfg(feature = "ring")]
pub static RING_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::ring::ECDSA_P256_SHA256,
    webpki::ring::ECDSA_P256_SHA384,
    webpki::ring::ECDSA_P384_SHA256,
    webpki::ring::ECDSA_P384_SHA384,
    webpki::ring::ED25519,
    webpki::ring::RSA_PKCS1_2048_8192_SHA256,
    webpki::ring::RSA_PKCS1_2048_8192_SHA384,
    webpki::ring::RSA_PKCS1_2048_8192_SHA512,
    webpki::ring::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    webpki::ring::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    webpki::ring::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    webpki::ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    webpki::ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    webpki::ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// From `aws-lc-rs`: those of `ring`, and ECDSA with P-521 and with SHA-512 for every curve, and
/// ML-DSA.
#[cfg(feature = "aws-lc-rs")]
pub static AWS_LC_RS_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::aws_lc_rs::ECDSA_P256_SHA256,
    webpki::aws_lc_rs::ECDSA_P256_SHA384,
    webpki::aws_lc_rs::ECDSA_P256_SHA512,
    webpki::aws_lc_rs::ECDSA_P384_SHA256,
    webpki::aws_lc_rs::ECDSA_P384_SHA384,
    webpki::aws_lc_rs::ECDSA_P384_SHA512,
    webpki::aws_lc_rs::ECDSA_P521_SHA256,
    webpki::aws_lc_rs::ECDSA_P521_SHA384,
    webpki::aws_lc_rs::ECDSA_P521_SHA512,
    webpki::aws_lc_rs::ED25519,
    webpki::aws_lc_rs::ML_DSA_44,
    webpki::aws_lc_rs::ML_DSA_65,
    webpki::aws_lc_rs::ML_DSA_87,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA384,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA512,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// SHA-256 in several steps, from the provider whose algorithms are the default.
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub(crate) struct Sha256(digest::Context);

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
impl Sha256 {
    pub(crate) fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        let mut array = [0; 32];
        // A SHA-256 digest has 32 bytes, whoever computes it.
        array.copy_from_slice(self.0.finish().as_ref());
        array
    }
}

/// SHA-256 of all at once.
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(bytes);
    digest.finish()
}
