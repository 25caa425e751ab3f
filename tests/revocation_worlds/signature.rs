//! A signature algorithm that costs nothing: signatures are not the point here.

use mtls_verify::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use mtls_verify::policy::SignatureAlgorithms;
use testpki::key::hashed_signature;

/// The one that verifies signatures of [`testpki::Key::hashed`].
pub(crate) static HASHED: SignatureAlgorithms = SignatureAlgorithms::new(&[&ALGORITHM]);

/// Stores and policies must have the same object. One without a size may be several.
static ALGORITHM: Hashed = Hashed { _size: 1 };

#[derive(Debug)]
struct Hashed {
    _size: u8,
}

impl SignatureVerificationAlgorithm for Hashed {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        match hashed_signature(public_key, message) == *signature {
            true => Ok(()),
            false => Err(InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }

    /// The OBJECT IDENTIFIER 1.3.6.1.4.1.32473.1.2.
    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(b"\x06\x0a\x2b\x06\x01\x04\x01\x81\xfd\x59\x01\x02")
    }
}
