//! How what is to be signed becomes what is signed: the same for certificates and CRLs.

use crate::{Key, SignatureAlgorithm, der};

/// Changes encoded bytes.
pub type Rewrite = fn(Vec<u8>) -> Vec<u8>;

/// Key, algorithms and signature, and what may be wrong with them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seal {
    pub(crate) key: Option<Key>,
    pub(crate) algorithm: Option<SignatureAlgorithm>,
    pub(crate) inner_algorithm: Option<Vec<u8>>,
    pub(crate) outer_algorithm: Option<Vec<u8>>,
    pub(crate) raw_signature: Option<Vec<u8>>,
    pub(crate) flip_signature_bit: bool,
    pub(crate) other_ecdsa_signature: bool,
    pub(crate) unused_signature_bits: u8,
    pub(crate) rewrite_tbs: Option<Rewrite>,
    pub(crate) rewrite_signed_tbs: Option<Rewrite>,
    pub(crate) rewrite: Option<Rewrite>,
}

impl Seal {
    pub(crate) fn with_key(key: Option<Key>) -> Self {
        Self {
            key,
            ..Self::default()
        }
    }

    /// What is to be signed, its algorithm and its signature in a SEQUENCE. `tbs` encodes the
    /// first, given the AlgorithmIdentifier to have inside.
    ///
    /// # Panics
    ///
    /// If there is no key to sign with, or it cannot sign with the algorithm asked for.
    pub(crate) fn der(&self, tbs: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let key = self.key.as_ref().expect("issued_by a CA with a key");
        let algorithm = self.algorithm.unwrap_or_else(|| key.default_algorithm());
        let identifier = algorithm.identifier();
        let rewrite = |rewrite: Option<Rewrite>, bytes| match rewrite {
            Some(rewrite) => rewrite(bytes),
            None => bytes,
        };

        let inner_algorithm = self.inner_algorithm.as_ref().unwrap_or(&identifier);
        let tbs = rewrite(self.rewrite_tbs, tbs(inner_algorithm));
        let mut signature = match &self.raw_signature {
            Some(raw) => raw.clone(),
            None => key.sign(algorithm, &tbs),
        };
        if self.other_ecdsa_signature {
            signature = key.other_signature(&signature);
        }
        if let (true, Some(last)) = (self.flip_signature_bit, signature.last_mut()) {
            *last ^= 1;
        }
        let signed = der::sequence(&[
            &rewrite(self.rewrite_signed_tbs, tbs),
            self.outer_algorithm.as_ref().unwrap_or(&identifier),
            &der::bit_string_with_unused_bits(self.unused_signature_bits, &signature),
        ]);
        rewrite(self.rewrite, signed)
    }
}
