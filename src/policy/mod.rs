//! What a server asks of its clients: plain data, with defaults that are safe.

mod certificate_policies;
mod expiry;
mod identity;
mod limits;
mod memory;
mod profile;
mod purpose;
mod revocation;

use pki_types::{SignatureVerificationAlgorithm, alg_id};

use crate::x509::{PssHash, PssKey};

pub use certificate_policies::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ExplicitPolicy, InvalidPolicyId, PolicyId,
    PolicyMappings,
};
pub use expiry::{Expired, ExpiryPolicy};
pub use identity::{AcceptedIdentities, IdentityMatch, InvalidSpiffeMatch, SpiffeMatch, TextMatch};
pub(crate) use limits::DEFAULT_SIGNATURES;
pub use limits::Limits;
pub use memory::Memory;
pub use profile::Profile;
pub use purpose::{InvalidKeyPurpose, KeyPurpose, RequiredPurpose};
pub use revocation::{PrunedEntries, RevocationPolicy, RevocationScope, UnknownStatus};

/// What a server asks of its clients, beyond a path to one of its trust anchors.
///
/// `ClientPolicy::default()` is the strict, ordinary policy of a TLS server: everything in its validity, certificates made
/// for TLS clients, keys and signatures as strong as today's public CAs must use. Change single parts:
///
/// ```
/// use mtls_verify::{ClientPolicy, ExpiryPolicy};
///
/// let policy = ClientPolicy::default().with_expiry(ExpiryPolicy::ignore_client_expiry());
/// ```
///
/// What no policy can switch off: signatures, the path to an anchor, basic constraints and path length, keyCertSign, unknown
/// critical extensions, notBefore.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ClientPolicy {
    /// What becomes of expired certificates. Default: refused, without allowance for clocks.
    pub expiry: ExpiryPolicy,
    /// What is asked of the revocation status of certificates. Default: nothing, whatever lists the store has.
    pub revocation: RevocationPolicy,
    /// The purpose that certificates must be made for. Default: TLS client authentication where a certificate says what it is
    /// for at all (RFC 5280 §4.2.1.12).
    pub purpose: RequiredPurpose,
    /// How many intermediates a path may have that are not self-issued: where max_path_length of
    /// RFC 5280 §6.1.2 (k) begins. Default: as many as pathLenConstraints and
    /// [`Limits::intermediates`] allow, which counts them all.
    pub path_length: Option<u32>,
    /// What is asked of the certificate policies of the path (RFC 5280 §6.1.1). Default: nothing.
    pub certificate_policies: CertificatePolicies,
    /// How strictly the form of certificates is held to RFC 5280. Default: [`Profile::Compatible`].
    pub profile: Profile,
    /// Which identities are let in, of clients that are verified. Default: all.
    pub identities: AcceptedIdentities,
    /// What the client's keyUsage must include. Default: digitalSignature.
    pub key_usage: ClientKeyUsage,
    /// Whether a client may present a CA certificate as its own. Default: no.
    pub client_ca: ClientCa,
    /// The signatures that certificates may have. Default: those of [`crypto`](crate::crypto).
    pub signatures: SignatureAlgorithms,
    /// The sizes that RSA keys may have, the client's own included. Default: 2048 to 8192 bits.
    pub rsa_keys: RsaKeySize,
    /// How much work one verification may cost. Always on.
    pub limits: Limits,
    /// How much a [`ClientVerifier`](crate::ClientVerifier) remembers.
    pub memory: Memory,
}

impl ClientPolicy {
    /// With another [`expiry`](Self::expiry).
    pub fn with_expiry(mut self, expiry: ExpiryPolicy) -> Self {
        self.expiry = expiry;
        self
    }

    /// With another [`revocation`](Self::revocation).
    pub fn with_revocation(mut self, revocation: RevocationPolicy) -> Self {
        self.revocation = revocation;
        self
    }

    /// With another [`purpose`](Self::purpose).
    pub fn with_purpose(mut self, purpose: RequiredPurpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// With at most so many intermediates that are not self-issued: a
    /// [`path_length`](Self::path_length).
    pub fn with_path_length(mut self, intermediates: u32) -> Self {
        self.path_length = Some(intermediates);
        self
    }

    /// With other [`certificate_policies`](Self::certificate_policies).
    pub fn with_certificate_policies(mut self, certificate_policies: CertificatePolicies) -> Self {
        self.certificate_policies = certificate_policies;
        self
    }

    /// With another [`profile`](Self::profile).
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// With other [`identities`](Self::identities).
    pub fn with_identities(mut self, identities: AcceptedIdentities) -> Self {
        self.identities = identities;
        self
    }

    /// With another [`key_usage`](Self::key_usage).
    pub fn with_key_usage(mut self, key_usage: ClientKeyUsage) -> Self {
        self.key_usage = key_usage;
        self
    }

    /// With another [`client_ca`](Self::client_ca).
    pub fn with_client_ca(mut self, client_ca: ClientCa) -> Self {
        self.client_ca = client_ca;
        self
    }

    /// With other [`signatures`](Self::signatures).
    pub fn with_signatures(mut self, signatures: SignatureAlgorithms) -> Self {
        self.signatures = signatures;
        self
    }

    /// With other [`rsa_keys`](Self::rsa_keys).
    pub fn with_rsa_keys(mut self, rsa_keys: RsaKeySize) -> Self {
        self.rsa_keys = rsa_keys;
        self
    }

    /// With other [`limits`](Self::limits).
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With another [`memory`](Self::memory).
    pub fn with_memory(mut self, memory: Memory) -> Self {
        self.memory = memory;
        self
    }
}

/// Whether a client may present a CA certificate (basicConstraints with cA=TRUE) as its own.
///
/// Such a certificate is usually a mistake (`openssl req -x509` makes them), and a client that holds one can issue
/// further certificates. Where devices have them nevertheless, [`ClientCa::Accept`] takes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientCa {
    /// Refused, unless it is pinned: a pin names one certificate, and nothing that it issued.
    #[default]
    Refuse,
    /// Accepted like another certificate. Its keyUsage, if it has one, must include digitalSignature all the same.
    Accept,
}

/// What the keyUsage of the client's own certificate, where it has one, must include (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientKeyUsage {
    /// digitalSignature, with which a TLS client proves possession of its key (RFC 8446 §4.4.2.4).
    #[default]
    DigitalSignature,
    /// Nothing: for certificates that prove possession in another way.
    Unchecked,
}

/// The signature algorithms that certificates and revocation lists may be signed with.
#[derive(Clone, Copy, Debug)]
pub struct SignatureAlgorithms(pub(crate) &'static [&'static dyn SignatureVerificationAlgorithm]);

impl SignatureAlgorithms {
    /// Exactly these. Where several share the signature's and the key's identifiers, the first is used.
    ///
    /// One for RSASSA-PSS and keys of type rsaEncryption also verifies with keys of type
    /// id-RSASSA-PSS, as far as their parameters permit (RFC 4055 §1.2, §3.3), and signatures whose
    /// identifier leaves out the NULL parameters of its hashes (RFC 4055 §2.1).
    pub const fn new(algorithms: &'static [&'static dyn SignatureVerificationAlgorithm]) -> Self {
        Self(algorithms)
    }

    /// Whether these are the very same objects as others, so that what was found out with those holds.
    pub(crate) fn are(&self, others: &Self) -> bool {
        core::ptr::eq(self.0, others.0)
            || self.0.len() == others.0.len()
                && self
                    .0
                    .iter()
                    .zip(others.0)
                    .all(|(one, other)| core::ptr::eq(*one, *other))
    }

    /// The one that verifies signatures of this algorithm with keys of that one, each the content of an AlgorithmIdentifier.
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
        self.0.iter().copied().find(|algorithm| {
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
        self.0.iter().any(|known| {
            let known = known.signature_alg_id();
            *known == *algorithm || pss.is_some_and(|pss| known == pss)
        })
    }

    /// Whether one of them is for keys of this algorithm, with whatever signatures.
    pub(crate) fn has_key_algorithm(&self, algorithm: &[u8]) -> bool {
        let is_pss = PssKey::of(algorithm).is_some();
        self.0.iter().any(|known| {
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
        Self(crate::crypto::DEFAULT_ALGORITHMS)
    }
}

/// The sizes that RSA keys may have, in bits of the modulus, both ends included.
///
/// `ring` and `aws-lc-rs` verify signatures of RSA keys from 2048 to 8192 bits, so wider bounds only matter for the
/// client's own key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RsaKeySize {
    /// The smallest size. Default: 2048.
    pub minimum_bits: u32,
    /// The largest size; larger keys make the peer's signatures costly to verify. Default: 8192.
    pub maximum_bits: u32,
}

impl RsaKeySize {
    /// Sizes from `minimum_bits` to `maximum_bits`.
    pub const fn new(minimum_bits: u32, maximum_bits: u32) -> Self {
        Self {
            minimum_bits,
            maximum_bits,
        }
    }
}

impl Default for RsaKeySize {
    fn default() -> Self {
        Self::new(2048, 8192)
    }
}
