//! Which keys made a CRL's signature (RFC 5280 §6.3.3 (g)), as far as that is known.
//!
//! A signature does not name one key: from a signature by ECDSA a second public key can be computed
//! for which it holds. So what is known is known of each key apart, and that one key made a
//! signature says nothing of another.
//!
//! Whether a settled CRL is authentic is the store's word, found out with the store's algorithms.
//! It holds under each policy that has an algorithm with the same identifiers. What a policy's own
//! algorithms verify is the word of these very objects: others with the same identifiers may be
//! stricter.

use alloc::boxed::Box;
use alloc::vec::Vec;

use pki_types::SignatureVerificationAlgorithm;

use crate::policy::is_same_algorithm;
use crate::x509::{Certificate, Crl};

/// Whether a signature is a key's, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Yes,
    No,
    /// The policy does not have the algorithm, for such a key.
    Unsupported,
    /// Only verifying it can tell.
    Untried,
}

/// A key and the algorithm that a signature was verified with.
#[derive(Clone, Debug)]
struct Verifier {
    /// The DER of the subjectPublicKeyInfo.
    key: Box<[u8]>,
    algorithm: &'static dyn SignatureVerificationAlgorithm,
}

impl Verifier {
    fn new(
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> Self {
        Self {
            key: issuer.spki().into(),
            algorithm,
        }
    }

    fn has_key_of(&self, issuer: Certificate<'_>) -> bool {
        *self.key == *issuer.spki()
    }

    #[cfg(feature = "std")]
    fn is_same(&self, other: &Self) -> bool {
        self.key == other.key && is_same_algorithm(self.algorithm, other.algorithm)
    }

    fn is(
        &self,
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> bool {
        is_same_algorithm(self.algorithm, algorithm) && self.has_key_of(issuer)
    }
}

/// What is known of one CRL's signature.
pub(super) struct SignatureState {
    /// Certificates of the store that made it, and that did not: found out while loading.
    made: Vec<Verifier>,
    not_made: Vec<Verifier>,
    /// The CRL itself, until a certificate of the store made it that has a path to an anchor.
    open: Option<Box<Open>>,
}

struct Open {
    der: Box<[u8]>,
    memo: Memo,
}

impl SignatureState {
    pub(super) fn new(der: Vec<u8>) -> Self {
        let open = Open {
            der: der.into(),
            memo: Memo::default(),
        };
        Self {
            made: Vec::new(),
            not_made: Vec::new(),
            open: Some(Box::new(open)),
        }
    }

    /// The CRL itself, unless it is let go of.
    pub(super) fn der(&self) -> Option<&[u8]> {
        self.open.as_ref().map(|open| &*open.der)
    }

    /// Whether a certificate of the store made it that has a path to an anchor.
    pub(super) fn is_settled(&self) -> bool {
        self.open.is_none()
    }

    /// Whether `issuer`'s key made it, as far as that was found out while loading. `algorithm` is
    /// the policy's: of a settled CRL it only has to exist.
    pub(super) fn known(
        &self,
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> Signed {
        if self.is_settled() {
            return match self.made.iter().any(|by| by.has_key_of(issuer)) {
                true => Signed::Yes,
                false => Signed::No,
            };
        }
        let is_it = |by: &Verifier| by.is(issuer, algorithm);
        if self.made.iter().any(is_it) {
            return Signed::Yes;
        }
        if self.not_made.iter().any(is_it) {
            return Signed::No;
        }
        Signed::Untried
    }

    /// Whether the key of `issuer`, which is trusted, made it. What comes out is remembered.
    pub(super) fn verify(
        &self,
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> Signed {
        let known = self.known(issuer, algorithm);
        let (Signed::Untried, Some(open)) = (known, &self.open) else {
            return known;
        };
        let is_made = open.memo.recall(issuer, algorithm).unwrap_or_else(|| {
            let is_made = open.is_made_by(issuer, algorithm);
            open.memo.note(Verifier::new(issuer, algorithm), is_made);
            is_made
        });
        match is_made {
            true => Signed::Yes,
            false => Signed::No,
        }
    }

    /// Verifies it with the key of a certificate of the store, while loading, when each key is
    /// tried once.
    pub(super) fn try_stored(
        &mut self,
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> bool {
        let open = self.open.as_ref();
        let is_made = open.is_some_and(|open| open.is_made_by(issuer, algorithm));
        let by = Verifier::new(issuer, algorithm);
        match is_made {
            true => self.made.push(by),
            false => self.not_made.push(by),
        }
        is_made
    }

    /// Whether only one key of the store's certificates made it.
    pub(super) fn is_by_one_key(&self) -> bool {
        let mut keys = self.made.iter().map(|by| &by.key);
        keys.next()
            .is_some_and(|first| keys.all(|key| key == first))
    }

    /// Lets go of the CRL itself: its signer is known well enough.
    pub(super) fn settle(&mut self) {
        self.open = None;
        self.not_made = Vec::new();
        self.made.shrink_to_fit();
    }
}

impl Open {
    fn is_made_by(
        &self,
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> bool {
        // It was parsed from these bytes before, so it parses.
        Crl::parse(&self.der).is_ok_and(|crl| {
            let key = issuer.public_key().bits;
            let verified = algorithm.verify_signature(key, crl.tbs, crl.signature);
            verified.is_ok()
        })
    }
}

/// What came of verifying a signature at first use, written once for each key. It cannot change an
/// answer: what it says is what verifying again would say, and what it saves is counted towards the
/// limits all the same.
///
/// Only keys of certificates with a path get here. Those that made the signature have places of
/// their own, so that others cannot keep them out. Without the standard library there is no cell
/// that can be written once and shared, and nothing is remembered.
#[derive(Default)]
struct Memo {
    #[cfg(feature = "std")]
    made: [std::sync::OnceLock<Verifier>; 4],
    #[cfg(feature = "std")]
    not_made: [std::sync::OnceLock<Verifier>; 8],
}

impl Memo {
    /// Whether the signature was found to be made with this key.
    #[cfg(feature = "std")]
    fn recall(
        &self,
        issuer: Certificate<'_>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> Option<bool> {
        let has = |slots: &[std::sync::OnceLock<Verifier>]| {
            let mut noted = slots.iter().filter_map(|slot| slot.get());
            noted.any(|by| by.is(issuer, algorithm))
        };
        if has(&self.made) {
            Some(true)
        } else if has(&self.not_made) {
            Some(false)
        } else {
            None
        }
    }

    #[cfg(feature = "std")]
    fn note(&self, mut by: Verifier, is_made: bool) {
        let slots = match is_made {
            true => &self.made[..],
            false => &self.not_made[..],
        };
        for slot in slots {
            match slot.set(by) {
                Ok(()) => return,
                Err(refused) => by = refused,
            }
            // Another thread may have found out the same.
            if slot.get().is_some_and(|known| known.is_same(&by)) {
                return;
            }
        }
    }

    #[cfg(not(feature = "std"))]
    fn recall(
        &self,
        _: Certificate<'_>,
        _: &'static dyn SignatureVerificationAlgorithm,
    ) -> Option<bool> {
        None
    }

    #[cfg(not(feature = "std"))]
    fn note(&self, _: Verifier, _: bool) {}
}
