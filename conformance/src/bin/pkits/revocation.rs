//! Whether a run checks revocation.

use mtls_verify::{ClientPolicy, RevocationPolicy};

/// Whether the revocation status of the whole path is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revocation {
    Required,
    NotChecked,
}

impl Revocation {
    /// The policy with this added to it.
    pub(crate) fn add_to(self, policy: ClientPolicy) -> ClientPolicy {
        match self {
            Self::Required => policy.with_revocation(RevocationPolicy::whole_path()),
            Self::NotChecked => policy.with_revocation(RevocationPolicy::off()),
        }
    }
}
