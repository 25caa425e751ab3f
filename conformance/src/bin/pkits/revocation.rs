//! Revocation. The library does not check it yet: entries that rest on it come out as if it were not asked for, and
//! so wrong, unless the run is told to leave it out.

use mtls_verify::ClientPolicy;

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
            Self::Required | Self::NotChecked => policy,
        }
    }
}
