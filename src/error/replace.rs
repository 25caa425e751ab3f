//! Why a verifier does not take another store.

use alloc::string::String;

/// A [`ClientVerifier`](crate::ClientVerifier) keeps the store that it has. From
/// [`ClientVerifier::replace_store`](crate::ClientVerifier::replace_store).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplaceStoreError {
    /// The store in use has CRLs and the new one has none. An empty or missing file after a reload
    /// looks like that.
    #[error(
        "the store in use has CRLs and the new one has none: add the CRLs, or make a new verifier \
         to do without"
    )]
    NoCrls,
    /// An issuer has a CRL in the store in use and none in the new one, and the policy accepts
    /// unknown status where an issuer has none.
    #[error(
        "the CRL of {issuer} is in the store in use and not in the new one: add it, or make a new \
         verifier to do without"
    )]
    IssuerWithoutCrl {
        /// The issuer's name as an RFC 4514 string, such as `CN=Issuing CA,O=Example`.
        issuer: String,
    },
}
