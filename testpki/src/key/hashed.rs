//! Keys and signatures for tests in which signatures are not the point.

use sha2::{Digest, Sha256};

use super::{Key, PrivateKey, algorithm, expand, spki};
use crate::oid;

impl Key {
    /// The key of this label whose signatures are hashes, which anybody can make.
    ///
    /// Its SubjectPublicKeyInfo has the form of an Ed25519 key, so that it passes for strong
    /// enough. No curve is involved: making and verifying a signature takes less than a
    /// microsecond.
    pub fn hashed(label: &str) -> Self {
        let public = expand(&format!("testpki hashed {label}"), 32);
        let spki = spki(&algorithm(oid::ED25519, &[]), &public);
        Self::new(PrivateKey::Hashed(public), spki, Vec::new())
    }
}

/// The signature of a [hashed key](Key::hashed), given what its BIT STRING holds: SHA-256 over key
/// and message.
pub fn hashed_signature(public_key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(public_key);
    digest.update(message);
    digest.finalize().into()
}
