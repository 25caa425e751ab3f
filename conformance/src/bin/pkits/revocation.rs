//! Whether a run checks revocation.

use reference::model::Scope;

/// Whether the revocation status of the whole path is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revocation {
    Required,
    NotChecked,
}

impl Revocation {
    /// Which certificates are checked.
    pub(crate) fn scope(self) -> Scope {
        match self {
            Self::Required => Scope::WholePath,
            Self::NotChecked => Scope::Off,
        }
    }
}
