//! Why a client is not let in where its path ends, by its SPIFFE trust domain.

use alloc::string::String;

use crate::spiffe::NotSvid;

/// Why a client is refused by the trust domains of a store
/// ([`Scope::of_trust_domain`](crate::store::Scope::of_trust_domain)).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustDomainProblem {
    /// Its path ends in the scope of a trust domain, and it is no X.509-SVID.
    #[error("is no X.509-SVID of the trust domain {trust_domain}, where its path ends: {reason}")]
    NotSvid {
        /// The trust domain.
        trust_domain: String,
        /// Why it is none.
        reason: NotSvid,
    },
    /// Its path ends in the scope of a trust domain, and it is the X.509-SVID of another one.
    #[error("has the SPIFFE ID {id}, and its path ends in the trust domain {trust_domain}")]
    OtherDomain {
        /// The trust domain where its path ends.
        trust_domain: String,
        /// Its SPIFFE ID.
        id: String,
    },
    /// It has a URI of a trust domain that has a scope of its own, and its path or pin is not of
    /// that scope.
    #[error(
        "has a URI of the trust domain {trust_domain}, which only the anchors of its own scope may \
         vouch for"
    )]
    Elsewhere {
        /// The trust domain.
        trust_domain: String,
    },
    /// It has a URI of the scheme `spiffe` that is no SPIFFE ID, or one that cannot be read.
    /// Readers that are less strict could take it for one of a trust domain of the store.
    #[error("has a URI that may be taken for a SPIFFE ID of the trust store, and is none: {uri}")]
    Unclear {
        /// The URI.
        uri: String,
    },
}
