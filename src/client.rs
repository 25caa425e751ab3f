//! What is known of verified clients beside their names, and the counts of a verifier.

#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
pub use crate::client_verifier::Counts;
pub use crate::identity::{Attribute, Extension, OtherName, forms};
pub use crate::validate::PolicySet;
pub use crate::verified_client::{
    ExpiryStatus, ExtensionToProcess, ExtensionsToProcess, RevocationStatus, TrustedBy,
    UnprocessedExtension,
};
pub use crate::x509::{InvalidOid, KeyUsage, Oid};
