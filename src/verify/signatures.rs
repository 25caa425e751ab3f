//! Signatures, within their limit.

use alloc::vec::Vec;

use crate::error::Reason;
use crate::path::{Node, Step};
use crate::policy::ClientPolicy;
use crate::revocation::{List, Signed};
use crate::validate::{Failure, Scope, verify_signature};
use crate::x509::Certificate;

/// Verifies the signatures of paths and of revocation lists: those of paths each at most once in a verification, and of both no more than the limit.
pub(super) struct Signatures<'a> {
    policy: &'a ClientPolicy,
    left: u32,
    /// Certificates and their issuers whose signatures held in paths that failed later.
    verified: Vec<(Node, Node)>,
}

impl<'a> Signatures<'a> {
    pub(super) fn new(policy: &'a ClientPolicy) -> Self {
        Self {
            policy,
            left: policy.limits.signatures,
            verified: Vec::new(),
        }
    }

    /// From the anchor down (RFC 5280 §6.1), so that each key is trusted before it is used.
    pub(super) fn verify(&mut self, path: &[Step<'_>]) -> Result<(), Failure> {
        for (at, (step, issuer)) in links(path).enumerate().rev() {
            if self.verified.contains(&(step.node, issuer.node)) {
                continue;
            }
            if let Err((reason, scope)) = self.verify_one(step, issuer) {
                self.remember(path.get(at.saturating_add(1)..).unwrap_or_default());
                return Err(Failure { at, reason, scope });
            }
        }
        Ok(())
    }

    /// Notes that the signatures of a path held, so that another one with the same links does not cost them again.
    pub(super) fn remember(&mut self, path: &[Step<'_>]) {
        for (step, issuer) in links(path) {
            let link = (step.node, issuer.node);
            if !self.verified.contains(&link) {
                self.verified.push(link);
            }
        }
    }

    /// Whether `issuer`, whose key is trusted, signed a revocation list.
    pub(super) fn verify_list(
        &mut self,
        list: &List,
        issuer: Certificate<'_>,
    ) -> Result<Signed, Reason> {
        let algorithms = &self.policy.signatures;
        match list.signed_by(issuer, algorithms) {
            Signed::Untried => {
                self.pay()?;
                Ok(list.verify(issuer, algorithms))
            }
            known => Ok(known),
        }
    }

    fn verify_one(&mut self, step: &Step<'_>, issuer: &Step<'_>) -> Result<(), (Reason, Scope)> {
        self.pay().map_err(|limit| (limit, Scope::Path))?;
        verify_signature(
            step.certificate,
            issuer.certificate,
            &self.policy.signatures,
        )
        .map_err(|reason| (reason, Scope::Issuer))
    }

    fn pay(&mut self) -> Result<(), Reason> {
        let limit = self.policy.limits.signatures;
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(Reason::SignatureLimit { limit })?;
        Ok(())
    }
}

/// Each certificate of a path with its issuer.
fn links<'p, 'a>(
    path: &'p [Step<'a>],
) -> impl DoubleEndedIterator<Item = (&'p Step<'a>, &'p Step<'a>)> + ExactSizeIterator {
    path.iter().zip(path.iter().skip(1))
}
