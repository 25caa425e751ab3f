//! What reasons are made of, and how it is shown.

use alloc::string::String;
use core::fmt;

use super::super::PassedOver;
use crate::x509::{ParseError, ShortText};

/// How a name breaks name constraints (RFC 5280 §4.2.1.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameViolation {
    /// It is in none of the permitted subtrees of its form.
    #[error("not permitted")]
    NotPermitted,
    /// It is in an excluded subtree, or nobody can tell that it is not.
    #[error("excluded")]
    Excluded,
    /// Its form is constrained, and it or the constraint is malformed or of a form that cannot be
    /// compared.
    #[error("which cannot be judged")]
    Unprocessable,
}

/// A presented certificate that does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MalformedCertificate {
    /// Its index in the chain that the client presented, from 0.
    pub index: usize,
    /// Where it is malformed, and how.
    pub error: ParseError,
}

/// Continues a sentence with a certificate that was passed over.
pub(super) struct Skipped<'a>(pub(super) &'a Option<MalformedCertificate>);

impl fmt::Display for Skipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(MalformedCertificate { index, error }) => write!(
                f,
                " (presented certificate {index} was passed over as malformed: {error})"
            ),
            None => Ok(()),
        }
    }
}

/// Which rule on identities does not hold, and what the certificate has there.
pub(super) struct NotLetIn<'a>(pub(super) &'a str, pub(super) &'a [String]);

impl fmt::Display for NotLetIn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(rule, found) = self;
        if *rule == NOBODY {
            return f.write_str("the policy lets nobody in");
        }
        let found = match found {
            [] => "nothing of that kind",
            found => &found.join(", "),
        };
        write!(
            f,
            "not an identity that the policy lets in: the rule `{rule}` does not hold, as the \
             certificate has {found}"
        )
    }
}

/// In the place of a rule: [`AcceptedIdentities::Nobody`](crate::policy::AcceptedIdentities).
const NOBODY: &str = "nobody";

/// Says what was asked for, if it is more than what is left of it.
pub(super) struct Of<'a>(pub(super) &'a str, pub(super) &'a str);

impl fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(needed, left) = self;
        if needed == left {
            return Ok(());
        }
        write!(
            f,
            ", which the CAs above it leave of {needed}; one must hold for the whole path"
        )
    }
}

/// Where a client is to be verified that the store does not have.
pub(super) struct NoSuch<'a>(pub(super) &'a str);

impl fmt::Display for NoSuch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => f.write_str("in no scope at all: name the scopes that it may belong to"),
            scope => write!(
                f,
                "in the scope {}, which the trust store does not have",
                ShortText(scope)
            ),
        }
    }
}

/// Why no CRL tells a status.
pub(super) struct Untold<'a>(pub(super) &'a Option<PassedOver>);

impl fmt::Display for Untold<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(passed_over) => passed_over.fmt(f),
            None => f.write_str(
                "no CRL about it is in the store (TrustStore::skipped has those that a lenient \
                 builder left out)",
            ),
        }
    }
}
