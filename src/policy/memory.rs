//! How much a `ClientVerifier` remembers.

/// How much a [`ClientVerifier`](crate::ClientVerifier) remembers of what it has verified. The pure
/// [`verify_client_chain`](crate::verify_client_chain) remembers nothing but, in the store, which
/// keys made the signatures of CRLs and of self-signed anchors.
///
/// Only what was verified is remembered. Either memory is off at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Memory {
    /// Bytes for whole chains, each of which takes those of its path and about 500 more. Default 16
    /// MiB: some 8,000 clients. A repeated chain costs one SHA-256 of the certificates presented.
    /// Pinned clients are not remembered: verifying one takes no signature, or one at most under
    /// [`Profile::Rfc5280`](crate::policy::Profile::Rfc5280).
    pub chain_bytes: usize,
    /// How many signatures on CA certificates, of about 100 bytes each. Default 4,096. The CAs of
    /// known clients cost no signature for new ones, while they are remembered.
    pub signatures: usize,
}

impl Memory {
    /// Nothing is remembered.
    pub const OFF: Self = Self {
        chain_bytes: 0,
        signatures: 0,
    };

    /// With other [`chain_bytes`](Self::chain_bytes).
    #[must_use]
    pub const fn with_chain_bytes(mut self, chain_bytes: usize) -> Self {
        self.chain_bytes = chain_bytes;
        self
    }

    /// With another number of [`signatures`](Self::signatures).
    #[must_use]
    pub const fn with_signatures(mut self, signatures: usize) -> Self {
        self.signatures = signatures;
        self
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            chain_bytes: 16 * 1024 * 1024,
            signatures: 4_096,
        }
    }
}
