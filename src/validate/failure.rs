//! Why a path is refused, and what else that rules out.

use super::certificate_policies::{PolicyFailure, PolicyProblem};
use crate::error::Reason;

/// Why a path is refused.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Which certificate of the path it is about, counted from the client's.
    pub(crate) at: usize,
    pub(crate) reason: Reason,
    pub(crate) scope: Scope,
}

impl From<PolicyFailure> for Failure {
    fn from(PolicyFailure { at, problem }: PolicyFailure) -> Self {
        let (reason, scope) = match problem {
            PolicyProblem::NoValidPolicy => (Reason::NoValidPolicy, Scope::Path),
            PolicyProblem::NotAcceptable { valid } => {
                (Reason::PolicyNotAcceptable { valid }, Scope::Path)
            }
            PolicyProblem::Repeated { policy } => {
                (Reason::RepeatedPolicy { policy }, Scope::Certificate)
            }
            PolicyProblem::MapsAnyPolicy => (Reason::MapsAnyPolicy, Scope::Certificate),
            PolicyProblem::Limit(limit) => (limit, Scope::Path),
        };
        Self { at, reason, scope }
    }
}

/// What else a failure rules out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The certificate fails in this role, whatever path it is in.
    Certificate,
    /// The certificate fails under this issuer.
    Issuer,
    /// Only this path fails.
    Path,
}
