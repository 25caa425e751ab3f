//! Signatures and digests: from `ring` or `aws-lc-rs`. Signatures also from any other
//! implementation of [`SignatureVerificationAlgorithm`].

#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
use aws_lc_rs::digest;
use pki_types::SignatureVerificationAlgorithm;
#[cfg(feature = "ring")]
use ring::digest;

/// The default algorithms of a [`ClientPolicy`](crate::ClientPolicy) and of a store's CRLs.
///
/// ECDSA with P-256 and P-384, each with SHA-256 and SHA-384; Ed25519; RSA PKCS#1 (with and without
/// the NULL parameters) and PSS with 2048 to 8192 bits, each with SHA-256, SHA-384 and SHA-512.
///
/// A CA's key on P-256 or P-384 must be an uncompressed point, as `ring` reads no other. A policy
/// with `SignatureAlgorithms::aws_lc_rs()` accepts compressed ones.
///
/// Any crate of a build can turn features on. So which provider is on never changes this set; it
/// only chooses who verifies:
///
/// | features | implementation of the default algorithms, and of SHA-256 |
/// |---|---|
/// | `ring`, with or without `aws-lc-rs` | `ring` |
/// | `aws-lc-rs` alone | `aws-lc-rs` |
/// | neither | none: the set is empty, and a policy must bring its own |
///
/// For P-521, ECDSA with SHA-512 and ML-DSA, set `SignatureAlgorithms::aws_lc_rs()`.
pub static DEFAULT_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = {
    #[cfg(feature = "ring")]
    {
        RING_ALGORITHMS
    }
    #[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
    {
        &[
            &Uncompressed(&webpki::aws_lc_rs::ECDSA_P256_SHA256),
            &Uncompressed(&webpki::aws_lc_rs::ECDSA_P256_SHA384),
            &Uncompressed(&webpki::aws_lc_rs::ECDSA_P384_SHA256),
            &Uncompressed(&webpki::aws_lc_rs::ECDSA_P384_SHA384),
            webpki::aws_lc_rs::ED25519,
            webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256,
            webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA384,
            webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA512,
            webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
            webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
            webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
            webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
            webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
            webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
        ]
    }
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    {
        &[]
    }
};

/// The default set, implemented by `ring`.
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

/// The default set, ECDSA with P-521 and with SHA-512 for every curve, and ML-DSA; implemented by
/// `aws-lc-rs`.
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

/// An algorithm of ECDSA for keys that are uncompressed points, as `ring` has it: so the default
/// does not depend on the provider. Compressed points are optional (RFC 5480 §2.2).
#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
#[derive(Debug)]
struct Uncompressed(&'static &'static dyn SignatureVerificationAlgorithm);

#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
impl SignatureVerificationAlgorithm for Uncompressed {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), pki_types::InvalidSignature> {
        match public_key.first() {
            Some(4) => self.0.verify_signature(public_key, message, signature),
            _ => Err(pki_types::InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> pki_types::AlgorithmIdentifier {
        self.0.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> pki_types::AlgorithmIdentifier {
        self.0.signature_alg_id()
    }

    fn fips(&self) -> bool {
        self.0.fips()
    }
}

/// SHA-256 in several steps, from the provider of [`DEFAULT_ALGORITHMS`].
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
        // A SHA-256 digest has 32 bytes.
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
