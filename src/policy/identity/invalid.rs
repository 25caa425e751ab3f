//! Why a rule is no rule.

use alloc::string::String;
use core::fmt;

use super::rules::{MAX_BYTES, MAX_DEPTH, MAX_RULES};

/// A rule that could never do what it says. Nothing of its rules counts then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidIdentityRule {
    path: String,
    problem: RuleProblem,
}

impl InvalidIdentityRule {
    pub(super) fn new(path: String, problem: RuleProblem) -> Self {
        Self { path, problem }
    }

    /// Where the rule is: `any[3].not.dns` is a match of DNS names in the `Not` that is the fourth
    /// rule of an `Any`. The names are those of the policy as data.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problem(&self) -> RuleProblem {
        self.problem
    }
}

impl fmt::Display for InvalidIdentityRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "identity rule `{}`: {}", self.path, self.problem)
    }
}

impl core::error::Error for InvalidIdentityRule {}

/// What is wrong with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RuleProblem {
    /// An [`All`](super::IdentityRule::All) or [`Any`](super::IdentityRule::Any) without rules.
    #[error("lists no rules")]
    NoRules,
    /// Rules within rules beyond [`IdentityRules::MAX_DEPTH`](super::IdentityRules::MAX_DEPTH).
    #[error("rules are nested more than {MAX_DEPTH} deep")]
    TooDeep,
    /// More rules than [`IdentityRules::MAX_RULES`](super::IdentityRules::MAX_RULES).
    #[error("more than {MAX_RULES} rules")]
    TooMany,
    /// More bytes than [`IdentityRules::MAX_BYTES`](super::IdentityRules::MAX_BYTES).
    #[error("a text or value of more than {MAX_BYTES} bytes")]
    TooLong,
    /// A text that must be equal and is empty.
    #[error("an empty text, which no name is")]
    EmptyText,
    /// Not a name that a dNSName can be.
    #[error("not a host name, and no other dNSName matches")]
    NotAHostName,
    /// Not a mailbox that an rfc822Name can be.
    #[error("not a mailbox such as `a@example.com`, and no other rfc822Name matches")]
    NotAMailbox,
    /// Not a URI (RFC 3986).
    #[error("not a URI with a scheme, and nothing else matches")]
    NotAUri,
    /// A URI of the scheme `spiffe` that no SPIFFE ID is.
    #[error(
        "not a SPIFFE ID (spiffe://trust-domain/path, lower case before the path, no empty, \".\" \
         or \"..\" segments, no slash at the end)"
    )]
    NotASpiffeId,
    /// A part of a text that no value of the field has.
    #[error("no value that matches has such a part")]
    ImpossiblePart,
    /// Not a name that a [`Scope`](crate::store::Scope) has.
    #[error("not the name of a scope: 1 to 255 bytes without control characters")]
    NotAScope,
    /// Not a pattern of whole labels or segments.
    #[error(
        "not a pattern such as `*.example.com` or `https://example.com/*/b`, in which `*` stands \
         for whole labels of the host or whole segments of the path"
    )]
    Glob,
    /// A pattern whose host is `*` alone.
    #[error("a pattern that fits every host: at least one label must be text")]
    GlobWithoutText,
    /// A pattern for a field without segments.
    #[error("only DNS names and URIs have patterns")]
    NoSegments,
    /// A certificate policy in a [`Not`](super::IdentityRule::Not), or in an odd number of them.
    /// The client chooses the certificates above its own, and so the path; by another path it is
    /// valid for fewer policies.
    #[error(
        "keeps out a certificate policy, which a client can shed by presenting another path: \
         require the policies of those to let in, by `CertificatePolicies` or without `not`"
    )]
    NegatedPolicy,
    /// A digest, and no provider to compute it.
    #[error("SHA-256 needs the feature `ring` or `aws-lc-rs` of mtls-verify")]
    NoProvider,
}
