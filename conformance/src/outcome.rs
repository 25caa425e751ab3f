//! What running one case comes to: a verdict and who made it, or an error of the harness.

use std::fmt;

/// Who decided a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// The library.
    Library,
    /// The harness: the library accepted the peer, and it does not have the name that the case
    /// expects.
    Names,
    /// The harness: the library accepted the peer, and its keyUsage lacks what the case asks for.
    KeyUsage,
}

/// The verdict on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The library accepted the peer, and the harness found nothing against it.
    Accepted,
    /// The peer is refused.
    Refused {
        /// Who refused it.
        by: Decider,
        /// Why.
        why: String,
    },
}

impl Outcome {
    /// A refusal by the library.
    pub fn refused(why: impl fmt::Display) -> Self {
        Self::Refused {
            by: Decider::Library,
            why: why.to_string(),
        }
    }
}

/// The harness could not run a case: its input is not what the format says, or a tool of the
/// harness failed. Never a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HarnessError(String);

impl HarnessError {
    /// What could not be used, and why.
    pub fn new(what: impl fmt::Display, why: impl fmt::Display) -> Self {
        Self(format!("{what}: {why}"))
    }
}

impl fmt::Display for HarnessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HarnessError {}
