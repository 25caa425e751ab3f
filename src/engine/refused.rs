//! Which failure of many is reported.

use crate::error::Reason;
use crate::path::{KeyIdMatch, Node, Step};
use crate::validate::{Failure, Scope};

/// A path that was refused, as far as it matters for the error and the further search.
pub(super) struct Refused {
    pub(super) node: Node,
    pub(super) issuer: Option<Node>,
    pub(super) reason: Reason,
    pub(super) scope: Scope,
    pub(super) rank: Rank,
}

/// How far a path got: first whether a certificate is revoked, which outranks all else, and whether
/// its issuers were the right ones at all, then how many of its certificates held, counted from the
/// anchor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(u8, usize);

impl Rank {
    /// A path that was cut off is a better explanation than one over a wrong issuer, and a worse
    /// one than a broken rule.
    pub(super) const PATH_TOO_LONG: Self = Self(1, 0);
}

impl Refused {
    pub(super) fn new(failure: Failure, path: &[Step<'_>]) -> Self {
        let failed = path.get(failure.at);
        let issuer = path.get(failure.at.saturating_add(1));
        // An issuer is the right one if the key identifiers say so; else there may be another of
        // its name.
        let is_right_issuer = failed.zip(issuer).is_some_and(|(failed, issuer)| {
            KeyIdMatch::of(failed.certificate, issuer.certificate) == KeyIdMatch::Same
        });
        let class = match failure.scope {
            _ if failure.reason.is_revoked() => 3,
            Scope::Issuer if !is_right_issuer => 0,
            Scope::Issuer | Scope::Certificate | Scope::Path => 2,
        };
        Self {
            node: failed.map_or(Node::CLIENT, |step| step.node),
            issuer: issuer.map(|step| step.node),
            reason: failure.reason,
            scope: failure.scope,
            rank: Rank(class, path.len().saturating_sub(failure.at)),
        }
    }
}
