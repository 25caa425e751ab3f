//! What is known of a list's signature.

use alloc::boxed::Box;

use pki_types::SignatureVerificationAlgorithm;

use crate::x509::Certificate;

/// A key and the algorithm that a signature was verified with. Verifying again with the very same would come out the same; another
/// algorithm with the same identifiers may be stricter, and says for itself.
#[derive(Clone, Debug)]
pub(super) struct Verifier {
    /// The DER of the subjectPublicKeyInfo.
    key: Box<[u8]>,
    algorithm: &'static dyn SignatureVerificationAlgorithm,
}

impl Verifier {
    pub(super) fn new(
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> Self {
        Self {
            key: issuer.spki().into(),
            algorithm,
        }
    }

    pub(super) fn has_key_of(&self, issuer: Certificate<'_>) -> bool {
        *self.key == *issuer.spki()
    }

    /// Whether it is this object. Two types without data may lie at one address, so their tables of methods count too; should one type have
    /// several, it is taken for another one.
    pub(super) fn has_algorithm(
        &self,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> bool {
        core::ptr::eq(self.algorithm, algorithm)
    }

    #[cfg(feature = "std")]
    fn is_same(&self, other: &Self) -> bool {
        self.key == other.key && self.has_algorithm(other.algorithm)
    }

    pub(super) fn is(
        &self,
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> bool {
        self.has_key_of(issuer) && self.has_algorithm(algorithm)
    }
}

/// What came of verifying a signature at first use, written once for each key and algorithm. It cannot change an answer: what it says is what
/// verifying again would say, and what it saves is counted towards the limits all the same.
///
/// It holds few keys, those of issuers that have a valid path. Without the standard library there is no cell that can be
/// written once and shared, and nothing is remembered.
#[derive(Debug, Default)]
pub(super) struct SignatureMemo {
    #[cfg(feature = "std")]
    slots: [std::sync::OnceLock<(Verifier, bool)>; 8],
}

impl SignatureMemo {
    /// Whether the signature was found to be made with this key.
    #[cfg(feature = "std")]
    pub(super) fn recall(
        &self,
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> Option<bool> {
        let mut tried = self.slots.iter().filter_map(|slot| slot.get());
        let known = tried.find(|(verifier, _)| verifier.is(issuer, algorithm));
        known.map(|(_, held)| *held)
    }

    #[cfg(feature = "std")]
    pub(super) fn note(&self, verifier: Verifier, held: bool) {
        let mut tried = (verifier, held);
        for slot in &self.slots {
            match slot.set(tried) {
                Ok(()) => return,
                Err(taken) => tried = taken,
            }
            // Another thread may have found out the same.
            if slot.get().is_some_and(|(known, _)| known.is_same(&tried.0)) {
                return;
            }
        }
    }

    #[cfg(not(feature = "std"))]
    pub(super) fn recall(
        &self,
        _: Certificate<'_>,
        _: &'static dyn SignatureVerificationAlgorithm,
    ) -> Option<bool> {
        None
    }

    #[cfg(not(feature = "std"))]
    pub(super) fn note(&self, _: Verifier, _: bool) {}
}
