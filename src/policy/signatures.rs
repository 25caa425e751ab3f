//! The signature algorithms of a policy, and of a store's CRLs.

use alloc::sync::Arc;
use core::fmt;

use pki_types::{SignatureVerificationAlgorithm, alg_id};

use crate::x509::{PssHash, PssKey};

/// The signature algorithms that certificates and CRLs may be signed with.
///
/// The default is the same with `ring`, with `aws-lc-rs` and with both:
/// [`crypto::DEFAULT_ALGORITHMS`](crate::crypto::DEFAULT_ALGORITHMS). More is a choice:
/// `SignatureAlgorithms::aws_lc_rs()`.
///
/// An algorithm is an object with two identifiers: what it verifies, and with keys of what type.
/// Two objects with the same identifiers may differ in what they accept. So which objects decide?
///
/// | what | whose objects verify it |
/// |---|---|
/// | the path of a client | the policy's, always |
/// | a CRL that a certificate of the store signed which has a path to a trust anchor, and that path | the store's, while loading: [`TrustStoreBuilder::crl_signatures`](crate::TrustStoreBuilder::crl_signatures). The policy must have an algorithm with the same identifiers. |
/// | any other CRL, and certificates of its signer that a client presents | the policy's |
///
/// A policy may thus have other objects than the store: those of a `rustls` provider, or your own.
///
/// A set that is chosen at run time is collected. Copies share it:
///
/// ```
/// use mtls_verify::crypto::DEFAULT_ALGORITHMS;
/// use mtls_verify::policy::SignatureAlgorithms;
///
/// let with_two_keys: SignatureAlgorithms = DEFAULT_ALGORITHMS.iter().copied().take(2).collect();
/// ```
#[derive(Clone)]
pub struct SignatureAlgorithms(Set);

#[derive(Clone)]
enum Set {
    Static(&'static [&'static dyn SignatureVerificationAlgorithm]),
    Shared(Arc<[&'static dyn SignatureVerificationAlgorithm]>),
}

impl fmt::Debug for SignatureAlgorithms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignatureAlgorithms({})", self.as_slice().len())
    }
}

impl FromIterator<&'static dyn SignatureVerificationAlgorithm> for SignatureAlgorithms {
    /// Like [`new`](Self::new), of a set that is not static.
    fn from_iter<I>(algorithms: I) -> Self
    where
        I: IntoIterator<Item = &'static dyn SignatureVerificationAlgorithm>,
    {
        Self(Set::Shared(algorithms.into_iter().collect()))
    }
}

impl SignatureAlgorithms {
    /// Exactly these. Where several share the signature's and the key's identifiers, the first is
    /// used.
    ///
    /// One for RSASSA-PSS and keys of type rsaEncryption also verifies with keys of type
    /// id-RSASSA-PSS, as far as their parameters permit (RFC 4055 §1.2, §3.3), and signatures
    /// whose identifier leaves out the NULL parameters of its hashes (RFC 4055 §2.1).
    ///
    /// An algorithm that is stricter than others with its identifiers binds the paths of clients.
    /// To bind CRLs as well, give it to the store too.
    pub const fn new(algorithms: &'static [&'static dyn SignatureVerificationAlgorithm]) -> Self {
        Self(Set::Static(algorithms))
    }

    /// The default set, implemented by `ring`: [`RING_ALGORITHMS`](crate::crypto::RING_ALGORITHMS).
    #[cfg(feature = "ring")]
    pub const fn ring() -> Self {
        Self::new(crate::crypto::RING_ALGORITHMS)
    }

    /// All that `aws-lc-rs` implements: the default set, and ECDSA with P-521 and with SHA-512, and
    /// ML-DSA: [`AWS_LC_RS_ALGORITHMS`](crate::crypto::AWS_LC_RS_ALGORITHMS).
    ///
    /// In a server, the TLS library verifies the client's own signature in the handshake: with
    /// `rustls`, its provider needs the algorithms of the clients' keys too.
    ///
    /// Where CRLs are signed with these, set them for the store too, so that it can verify CRLs
    /// while loading:
    /// [`TrustStoreBuilder::crl_signatures`](crate::TrustStoreBuilder::crl_signatures).
    #[cfg(feature = "aws-lc-rs")]
    pub const fn aws_lc_rs() -> Self {
        Self::new(crate::crypto::AWS_LC_RS_ALGORITHMS)
    }

    /// All of them, the preferred first.
    pub(crate) fn as_slice(&self) -> &[&'static dyn SignatureVerificationAlgorithm] {
        match &self.0 {
            Set::Static(algorithms) => algorithms,
            Set::Shared(algorithms) => algorithms,
        }
    }

    /// Whether these are the very same objects as others, so that what was found out with those
    /// holds.
    pub(crate) fn are(&self, others: &Self) -> bool {
        let (these, others) = (self.as_slice(), others.as_slice());
        core::ptr::eq(these, others)
            || these.len() == others.len()
                && (these.iter().zip(others)).all(|(one, other)| is_same_algorithm(*one, *other))
    }

    /// Whether others have an algorithm with the same identifiers for each of these.
    pub(crate) fn are_among(&self, others: &Self) -> bool {
        self.are(others)
            || self.as_slice().iter().all(|one| {
                let (signature, key) = (one.signature_alg_id(), one.public_key_alg_id());
                others.find_exactly(&signature, &key).is_some()
            })
    }

    /// The one that verifies signatures of this algorithm with keys of that one, each the content
    /// of an AlgorithmIdentifier.
    pub(crate) fn find(
        &self,
        signature_algorithm: &[u8],
        key_algorithm: &[u8],
    ) -> Option<&'static dyn SignatureVerificationAlgorithm> {
        self.find_exactly(signature_algorithm, key_algorithm)
            .or_else(|| self.find_pss(signature_algorithm, key_algorithm))
    }

    fn find_exactly(
        &self,
        signature_algorithm: &[u8],
        key_algorithm: &[u8],
    ) -> Option<&'static dyn SignatureVerificationAlgorithm> {
        self.as_slice().iter().copied().find(|algorithm| {
            *algorithm.signature_alg_id() == *signature_algorithm
                && *algorithm.public_key_alg_id() == *key_algorithm
        })
    }

    /// The one for RSASSA-PSS, whichever way its identifier is written, and for both types of keys.
    #[cold]
    fn find_pss(
        &self,
        signature_algorithm: &[u8],
        key_algorithm: &[u8],
    ) -> Option<&'static dyn SignatureVerificationAlgorithm> {
        let hash = PssHash::of_signature(signature_algorithm)?;
        let is_permitted = match PssKey::of(key_algorithm) {
            Some(key) => key.is_ok_and(|key| key.permits(hash)),
            None => *key_algorithm == *alg_id::RSA_ENCRYPTION,
        };
        is_permitted
            .then(|| self.find_exactly(&hash.identifier(), &alg_id::RSA_ENCRYPTION))
            .flatten()
    }

    /// Whether one of them is for signatures of this algorithm, with whatever keys.
    pub(crate) fn has_signature_algorithm(&self, algorithm: &[u8]) -> bool {
        let pss = PssHash::of_signature(algorithm).map(PssHash::identifier);
        self.as_slice().iter().any(|known| {
            let known = known.signature_alg_id();
            *known == *algorithm || pss.is_some_and(|pss| known == pss)
        })
    }

    /// Whether one of them is for keys of this algorithm, with whatever signatures.
    pub(crate) fn has_key_algorithm(&self, algorithm: &[u8]) -> bool {
        let is_pss = PssKey::of(algorithm).is_some();
        self.as_slice().iter().any(|known| {
            let key = known.public_key_alg_id();
            *key == *algorithm
                || is_pss
                    && key == alg_id::RSA_ENCRYPTION
                    && PssHash::of_signature(&known.signature_alg_id()).is_some()
        })
    }
}

impl Default for SignatureAlgorithms {
    /// [`crypto::DEFAULT_ALGORITHMS`](crate::crypto::DEFAULT_ALGORITHMS).
    fn default() -> Self {
        Self::new(crate::crypto::DEFAULT_ALGORITHMS)
    }
}

/// Whether two are one object, so that both verify alike.
///
/// The tables of methods count as well: at the address of a wrapper lies what it wraps, and types
/// without data may share one address. The answer may be no for one and the same static: the
/// compiler gives a crate that refers to it a table, and even data, of its own. So no verdict may
/// hang on a no. It only costs what is then verified again.
pub(crate) fn is_same_algorithm(
    one: &'static dyn SignatureVerificationAlgorithm,
    other: &'static dyn SignatureVerificationAlgorithm,
) -> bool {
    core::ptr::eq(one, other)
}

#[cfg(test)]
mod tests;
