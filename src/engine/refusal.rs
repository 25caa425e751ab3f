//! Which failure of many is reported, and as what.

use crate::error::{CertificateRef, Position, Reason, VerifyError};
use crate::path::{KeyIdMatch, Node, PresentedChain, Search, Step};
use crate::policy::ClientPolicy;
use crate::validate::{Failure, Scope};

/// A path that was refused, as far as it matters for the error and the further search.
pub(super) struct Refused {
    pub(super) node: Node,
    pub(super) issuer: Option<Node>,
    pub(super) reason: Reason,
    pub(super) scope: Scope,
    pub(super) rank: Rank,
}

/// How far a path got. First whether it holds but for who the client is, then whether a certificate
/// is revoked, which outrank all else, and whether its issuers were the right ones at all; then how
/// many of its certificates held, counted from the anchor.
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
            // All else of that path holds.
            _ if matches!(failure.reason, Reason::IdentityNotAccepted { .. }) => 4,
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

/// The error of a search that came to its end.
pub(super) fn refusal(
    search: &Search<'_>,
    presented: &PresentedChain<'_>,
    furthest: Option<Refused>,
    policy: &ClientPolicy,
) -> VerifyError {
    if search.is_depth_exceeded()
        && furthest
            .as_ref()
            .is_none_or(|refused| refused.rank < Rank::PATH_TOO_LONG)
    {
        let limit = policy.limits.intermediates;
        return VerifyError::new(Reason::PathTooLong { limit }, None);
    }
    let (node, reason) = match furthest {
        Some(refused) => (refused.node, refused.reason),
        None => {
            let last = search.last_of_chain();
            let certificate = search.certificate(last);
            let issuer = || certificate.issuer().to_vec();
            let reason = if certificate.is_self_issued() {
                Reason::UntrustedRoot
            } else if search.has_issuer(last) {
                Reason::NoWayToAnchor { issuer: issuer() }
            } else {
                Reason::UnknownIssuer {
                    issuer: issuer(),
                    malformed: presented.malformed().cloned(),
                }
            };
            (last, reason)
        }
    };
    refuse(search, presented, node, reason)
}

/// The error about one certificate.
pub(super) fn refuse(
    search: &Search<'_>,
    presented: &PresentedChain<'_>,
    node: Node,
    reason: Reason,
) -> VerifyError {
    let position = match node {
        Node::Presented(index) => presented.position(index),
        Node::Intermediate(_) => Position::Intermediate,
        Node::Anchor(_) => Position::Anchor,
    };
    let subject = search.certificate(node).subject();
    let certificate = CertificateRef::new(position, subject).with_origin(search.origin(node));
    VerifyError::new(reason, Some(certificate))
}

/// The error about the client's certificate, which has this subject.
pub(super) fn refuse_client(subject: &[u8], reason: Reason) -> VerifyError {
    let certificate = CertificateRef::new(Position::Client, subject);
    VerifyError::new(reason, Some(certificate))
}
