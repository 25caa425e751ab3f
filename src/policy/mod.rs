//! What a server asks of its clients: plain data, with defaults that are safe.

mod certificate_policies;
#[cfg(feature = "serde")]
mod data;
mod expiry;
mod identity;
mod limits;
mod memory;
mod processed_extensions;
mod profile;
mod purpose;
mod revocation;
mod scope;
mod signatures;

pub use certificate_policies::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ExplicitPolicy, InvalidPolicyId, PolicyId,
    PolicyMappings,
};
pub use expiry::{ClockSkew, Expired, ExpiryPolicy, InvalidClockSkew};
pub use identity::{
    AcceptedIdentities, AttributeMatch, DistinguishedName, ExtensionMatch, IdentityMatch,
    IdentityRule, IdentityRules, InvalidIdentityRule, InvalidIpNetwork, InvalidSpiffeMatch,
    IpNetwork, OtherNameMatch, OtherNameValue, RuleProblem, SerialMatch, SpiffeMatch, TextMatch,
};
pub(crate) use identity::{
    Field, Found, Index, Key, Likeness, Node, Test, field_of, fits_dns_glob, fits_uri_glob,
    is_negative, name_of, near, octets, serial_key,
};
pub(crate) use limits::DEFAULT_SIGNATURES;
pub use limits::Limits;
pub use memory::Memory;
pub use processed_extensions::{InvalidProcessedExtension, ProcessedExtensions, ProcessedIn};
pub use profile::Profile;
pub use purpose::{
    InvalidKeyPurpose, InvalidKeyPurposes, KeyPurpose, KeyPurposes, RequiredPurpose,
};
pub(crate) use revocation::Checked;
pub use revocation::{PrunedEntries, RevocationPolicy, RevocationScope, UnknownStatus};
pub use scope::ScopePolicy;
pub use signatures::SignatureAlgorithms;
pub(crate) use signatures::is_same_algorithm;

/// What a server asks of its clients, beyond a path to one of its trust anchors.
///
/// `ClientPolicy::default()` is the strict, ordinary policy of a TLS server: everything in its
/// validity, certificates that TLS clients may use, keys and signatures as strong as today's public
/// CAs must use. Change single parts:
///
/// ```
/// use mtls_verify::ClientPolicy;
/// use mtls_verify::policy::ExpiryPolicy;
///
/// let policy = ClientPolicy::default().with_expiry(ExpiryPolicy::ignore_client_expiry());
/// ```
///
/// What no policy can switch off: signatures, the path to an anchor, basic constraints and path
/// length, keyCertSign, critical extensions that neither this crate nor the application processes,
/// notBefore.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ClientPolicy {
    /// What becomes of expired certificates. Default: refused, without allowance for clocks.
    pub expiry: ExpiryPolicy,
    /// What is asked of the revocation status of certificates. Default: the whole path is checked
    /// if the store was given CRLs, and nothing otherwise.
    pub revocation: RevocationPolicy,
    /// The purpose that certificates must be made for, or several of which one must hold for the
    /// whole path. Default: TLS client authentication where a
    /// certificate says what it is for at all (RFC 5280 §4.2.1.12).
    pub purpose: RequiredPurpose,
    /// How many intermediates a path may have that are not self-issued: where max_path_length of
    /// RFC 5280 §6.1.2 (k) begins. Default: as many as pathLenConstraints and
    /// [`Limits::intermediates`] allow, which counts them all.
    pub path_length: Option<u32>,
    /// What is asked of the certificate policies of the path (RFC 5280 §6.1.1). Default: nothing.
    pub certificate_policies: CertificatePolicies,
    /// How strictly the form of certificates is held to RFC 5280. Default: [`Profile::Compatible`].
    pub profile: Profile,
    /// The critical extensions that the application processes, so that they do not refuse. Default:
    /// none.
    pub processed_extensions: ProcessedExtensions,
    /// Which identities are let in, of clients that are verified. Default: all.
    pub identities: AcceptedIdentities,
    /// What the client's keyUsage, where it has one, must include. Default: digitalSignature.
    pub key_usage: ClientKeyUsage,
    /// Whether a client may present a CA certificate as its own. Default: no, unless it is pinned.
    pub client_ca: ClientCa,
    /// The algorithms that certificates and CRLs may be signed with. Default:
    /// [`crypto::DEFAULT_ALGORITHMS`](crate::crypto::DEFAULT_ALGORITHMS).
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
    #[must_use]
    pub fn with_expiry(mut self, expiry: ExpiryPolicy) -> Self {
        self.expiry = expiry;
        self
    }

    /// With another [`revocation`](Self::revocation).
    #[must_use]
    pub fn with_revocation(mut self, revocation: RevocationPolicy) -> Self {
        self.revocation = revocation;
        self
    }

    /// With another [`purpose`](Self::purpose).
    #[must_use]
    pub fn with_purpose(mut self, purpose: RequiredPurpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// With at most so many intermediates that are not self-issued: a
    /// [`path_length`](Self::path_length).
    #[must_use]
    pub fn with_path_length(mut self, intermediates: u32) -> Self {
        self.path_length = Some(intermediates);
        self
    }

    /// With other [`certificate_policies`](Self::certificate_policies).
    #[must_use]
    pub fn with_certificate_policies(mut self, certificate_policies: CertificatePolicies) -> Self {
        self.certificate_policies = certificate_policies;
        self
    }

    /// With another [`profile`](Self::profile).
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// With other [`processed_extensions`](Self::processed_extensions), which each verified client
    /// hands over in [`extensions_to_process`](crate::VerifiedClient::extensions_to_process).
    #[must_use]
    pub fn with_processed_extensions(mut self, processed: ProcessedExtensions) -> Self {
        self.processed_extensions = processed;
        self
    }

    /// With other [`identities`](Self::identities).
    #[must_use]
    pub fn with_identities(mut self, identities: AcceptedIdentities) -> Self {
        self.identities = identities;
        self
    }

    /// With another [`key_usage`](Self::key_usage).
    #[must_use]
    pub fn with_key_usage(mut self, key_usage: ClientKeyUsage) -> Self {
        self.key_usage = key_usage;
        self
    }

    /// With another [`client_ca`](Self::client_ca).
    #[must_use]
    pub fn with_client_ca(mut self, client_ca: ClientCa) -> Self {
        self.client_ca = client_ca;
        self
    }

    /// With other [`signatures`](Self::signatures).
    #[must_use]
    pub fn with_signatures(mut self, signatures: SignatureAlgorithms) -> Self {
        self.signatures = signatures;
        self
    }

    /// With other [`rsa_keys`](Self::rsa_keys).
    #[must_use]
    pub fn with_rsa_keys(mut self, rsa_keys: RsaKeySize) -> Self {
        self.rsa_keys = rsa_keys;
        self
    }

    /// With other [`limits`](Self::limits).
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With another [`memory`](Self::memory).
    #[must_use]
    pub fn with_memory(mut self, memory: Memory) -> Self {
        self.memory = memory;
        self
    }
}

/// Whether a client may present a CA certificate as its own: one with cA=TRUE in its
/// basicConstraints, or a trust anchor of version 1 or 2, which has no basicConstraints.
///
/// Such a certificate is usually a mistake (`openssl req -x509` makes them), and a client that
/// holds one can issue further certificates. Where devices have them nevertheless,
/// [`ClientCa::Accept`] takes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientCa {
    /// Refused, unless it is pinned: a pin names one certificate, and nothing that it issued.
    #[default]
    Refuse,
    /// Accepted like another certificate. Its keyUsage, if it has one, must include what
    /// [`ClientKeyUsage`] asks for all the same.
    Accept,
}

/// What the keyUsage of the client's own certificate, where it has one, must include (RFC 5280
/// §4.2.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientKeyUsage {
    /// digitalSignature, with which a TLS client proves possession of its key (RFC 8446 §4.4.3).
    #[default]
    DigitalSignature,
    /// Nothing: for certificates that prove possession in another way.
    Unchecked,
}

/// The sizes that RSA keys may have, in bits of the modulus, both ends included.
///
/// `ring` and `aws-lc-rs` verify signatures of RSA keys from 2048 to 8192 bits, so wider bounds
/// matter only for the client's own key. One exception: `ring` rounds sizes up to bytes, so that it
/// also verifies with 2041 to 2047 bits if these bounds allow it.
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
