//! Whether a signer of CRLs has a path to an anchor (RFC 5280 §6.3.3 (f)).

use alloc::vec::Vec;

use super::inquiry::{Basis, Inquiry};
use super::known_signers::{Invalid, Judged, Valid};
use super::verification::Verification;
use crate::error::{Reason, Work};
use crate::path::{Node, Step};
use crate::validate::{Role, Strictness};
use crate::x509::Time;

/// How many signers of CRLs may be judged one for the next. Real ones rest on none but themselves;
/// what is deeper is not known to be valid.
const MAX_NESTED: usize = 8;

impl<'a> Verification<'a> {
    /// Whether a signer of CRLs has a path to `anchor`, or to any (§6.3.3 (f)).
    pub(super) fn judge_signer(
        &mut self,
        node: Node,
        (strictness, anchor): (Strictness, Option<Node>),
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<Judged, Reason> {
        let mut in_progress = inquiry.in_progress();
        if let Some(same) = in_progress.find(|signer| signer.signer == node) {
            basis.rests_on(same.depth);
            return Ok(Judged::InProgress);
        }
        let question = (node, strictness, anchor);
        if let Some((judged, stable)) = self.known_signers.get(question) {
            basis.stable = basis.stable.intersect(stable);
            return Ok(judged);
        }
        let begun = inquiry.begin(node);
        if begun.depth >= MAX_NESTED {
            basis.rests_on(0);
            return Ok(Judged::Invalid(Invalid::NoPath));
        }
        let inner = Inquiry {
            role: Role::CrlIssuer,
            strictness,
            in_progress: Some(&begun),
        };
        let mut its = Basis::at(Time::from(self.now));
        let judged = self.find_signer_path(node, anchor, inner, &mut its)?;
        basis.include(its, begun.depth);
        if its
            .outermost
            .is_none_or(|outermost| outermost >= begun.depth)
        {
            self.known_signers.note(question, judged, its.stable);
        }
        Ok(judged)
    }

    /// Looks for the path of a signer: first the ones that the store knows, which cost no
    /// signature.
    fn find_signer_path(
        &mut self,
        node: Node,
        anchor: Option<Node>,
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<Judged, Reason> {
        // The error names the certificate whose revocation status is looked for, and so what was
        // being done.
        let limit = |reason| match reason {
            Reason::WorkLimit { limit, .. } => Reason::WorkLimit {
                limit,
                doing: Work::Revocation,
            },
            reason => reason,
        };
        let knows_all = self.knows_paths_of(node) && !self.are_others_presented(node);
        let mut invalid = Invalid::NoPath;
        for path in &self.stored_paths(node, anchor) {
            match self.judge(path, inquiry, basis) {
                Ok(held) => return Ok(Judged::Valid(Valid::of(&held))),
                Err(failure) if failure.reason.ends_verification() => {
                    return Err(limit(failure.reason));
                }
                Err(failure) if failure.reason.is_of_status() => {
                    invalid = Invalid::of(&failure.reason);
                    // Its own status is the same on every path, but for CRLs by CAs that only one
                    // has, and to find it out again for each would take long.
                    if failure.at == 0 {
                        return Ok(Judged::Invalid(invalid));
                    }
                }
                Err(_) => {}
            }
        }
        if knows_all {
            return Ok(Judged::Invalid(invalid));
        }
        let mut search = self.search(node, anchor);
        let found = self.find(&mut search, inquiry, basis);
        Ok(match found.map_err(|stop| limit(stop.reason))? {
            Ok(held) => Judged::Valid(Valid::of(&held)),
            Err(Some(refused)) if refused.node == node => {
                Judged::Invalid(Invalid::of(&refused.reason))
            }
            Err(_) => Judged::Invalid(Invalid::NoPath),
        })
    }

    fn knows_paths_of(&self, node: Node) -> bool {
        let signers = self.store.stored_crls().signers();
        self.store_speaks_for_signers && node.stored().is_some_and(|index| signers.knows(index))
    }

    /// Whether what is presented has a certificate that may have issued one on the way of a
    /// certificate of the store to its anchors.
    fn are_others_presented(&self, node: Node) -> bool {
        let certificates = self.store.certificates();
        let Some(index) = node.stored() else {
            return true;
        };
        let paths = self.store.stored_crls().signers().paths(index);
        let way: Vec<u32> = paths.flatten().copied().chain([index]).collect();
        (1..self.presented.len()).any(|presented| {
            let subject = self.presented.subject(presented);
            way.iter().any(|step| certificates.issuer(*step) == subject)
        })
    }

    /// The paths to `anchor`, or to any, that the store knows of one of its certificates.
    fn stored_paths(&self, node: Node, anchor: Option<Node>) -> Vec<Vec<Step<'a>>> {
        let certificates = self.store.certificates();
        let step = |index: u32| Step {
            node: Node::of_index(certificates, index),
            certificate: certificates.get(index),
            is_self_issued: certificates.subject(index) == certificates.issuer(index),
        };
        let Some(index) = node.stored() else {
            return Vec::new();
        };
        let signers = self.store.stored_crls().signers();
        let mut paths: Vec<Vec<Step<'a>>> = signers
            .paths(index)
            .map(|path| path.iter().copied().map(step).collect())
            .collect();
        if paths.is_empty() && certificates.is_anchor(index) {
            paths.push(Vec::from([step(index)]));
        }
        let ends_there = |path: &Vec<Step<'a>>| {
            anchor.is_none_or(|anchor| path.last().is_some_and(|last| last.node == anchor))
        };
        paths.into_iter().filter(ends_there).collect()
    }
}
