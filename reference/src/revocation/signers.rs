//! Whose a CRL is (§6.3.3 (f), (g)): K's, another CA's of the path, or a delegate's (R1 to R3, V1,
//! V3, V5).

use super::*;

/// What is to be known of a CRL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Only whether it revokes.
    Revokes,
    /// All.
    All,
}

/// Whose a CRL is, as far as C on its path is concerned.
#[derive(Default)]
pub(super) struct Whose {
    /// K, another CA of the path, or a delegate made it: it revokes (R1, R2).
    pub(super) revokes: bool,
    /// The signers by which it may vouch (V1): the worst status on their paths, and until when they
    /// hold.
    pub(super) vouches: Vec<(Status, Time)>,
    /// Its signer is valid below the same anchor, but may have expired, and so on (V1, DESIGN.md).
    pub(super) same_anchor: bool,
    /// When a delegate that is not yet valid begins to be.
    pub(super) begins: Vec<Time>,
    /// V5: its signer is being judged, and C is that signer.
    pub(super) names_itself: bool,
    /// V5: its signer is being judged.
    pub(super) in_progress: bool,
    /// V5: its signer is one of several that revoke each other.
    pub(super) mutual: bool,
}

impl Inquiry<'_> {
    /// V3: whether K made the CRL, and the CRL is not left to others.
    pub(super) fn is_by_issuer(&self, index: usize, asked: Asked<'_>) -> bool {
        let issuer = asked.path[asked.position + 1];
        self.made_by[index].contains(&issuer)
            && self
                .certificate(issuer)
                .subject
                .is_surely(&self.crl(index).issuer)
            && !self.is_left_to_others(index, asked)
    }

    /// V3: whether K made the CRL, which names another key in its authorityKeyIdentifier, and no
    /// certificate of the store shows that K made it.
    pub(super) fn is_left_to_others(&self, index: usize, asked: Asked<'_>) -> bool {
        let (crl, node) = (self.crl(index), asked.path[asked.position + 1]);
        let own = self.certificate(node).subject_key_id.as_ref();
        let both = crl.authority_key_id.as_ref().zip(own);
        self.made_by[index].contains(&node)
            && both.is_some_and(|(named, own)| named != own)
            && !self.is_shown_by_store(index, asked)
    }

    /// V4: whether the CRL names no key, where it could name K, and no certificate of the store
    /// shows that K made it.
    pub(super) fn is_looked_at_last(&self, index: usize, asked: Asked<'_>) -> bool {
        let issuer = self.certificate(asked.path[asked.position + 1]);
        self.crl(index).authority_key_id.is_none()
            && issuer.subject_key_id.is_some()
            && !self.is_shown_by_store(index, asked)
    }

    /// Whether a certificate of the store has K and the name of the CRL's issuer, and made the CRL.
    fn is_shown_by_store(&self, index: usize, asked: Asked<'_>) -> bool {
        let issuer = self.certificate(asked.path[asked.position + 1]);
        self.made_by[index].iter().any(|&maker| {
            let maker = &self.world.nodes[maker];
            maker.is_stored()
                && maker.certificate.spki == issuer.spki
                && maker.certificate.subject.is_surely(&self.crl(index).issuer)
        })
    }

    /// Whether K made the CRL, or another CA of the path, by a certificate with the name of the
    /// CRL's issuer and with cRLSign or without keyUsage (V1).
    pub(super) fn is_by_ca_of_path(&self, index: usize, asked: Asked<'_>) -> bool {
        let mut makers = self.made_by[index].iter();
        makers.any(|maker| self.is_signer_of_path(*maker, index, asked))
    }

    fn is_signer_of_path(&self, node: usize, index: usize, asked: Asked<'_>) -> bool {
        let signer = self.certificate(node);
        is_above(node, asked)
            && signer.subject.is_surely(&self.crl(index).issuer)
            && signer.key_usage.is_none_or(|usage| usage & CRL_SIGN != 0)
    }

    /// R1, R2: whether a CRL by this one of its makers revokes C if it names C.
    pub(super) fn may_revoke(&self, maker: usize, index: usize, asked: Asked<'_>) -> bool {
        let is_issuer = maker == asked.path[asked.position + 1];
        if is_issuer || self.is_signer_of_path(maker, index, asked) {
            return true;
        }
        let mut whose = Whose::default();
        self.delegate_outside_path(maker, index, asked, Wanted::Revokes, &mut whose);
        whose.revokes || whose.names_itself
    }

    /// Whose the CRL is (§6.3.3 (f), (g)): K's, another CA's of the path, or a delegate's.
    pub(super) fn whose(&self, index: usize, asked: Asked<'_>, wanted: Wanted) -> Whose {
        let mut whose = Whose::default();
        // R1: to revoke, K needs neither cRLSign nor the name of the CRL's issuer.
        whose.revokes |= self.made_by[index].contains(&asked.path[asked.position + 1]);
        if self.is_by_ca_of_path(index, asked) {
            whose.revokes = true;
            whose.vouches.push((Status::Good, NEVER));
        }
        for &maker in &self.made_by[index] {
            self.delegate_outside_path(maker, index, asked, wanted, &mut whose);
        }
        // Where one of its signers is known to be valid, the others do not matter.
        if whose.revokes {
            whose.in_progress = false;
            whose.mutual = false;
        }
        whose
    }

    fn delegate_outside_path(
        &self,
        maker: usize,
        index: usize,
        asked: Asked<'_>,
        wanted: Wanted,
        whose: &mut Whose,
    ) {
        if !is_above(maker, asked) && is_delegate(self.world, maker, &self.crl(index).issuer) {
            self.delegate(maker, asked, wanted, whose);
        }
    }

    /// R2, V1, V5: what a CRL may do that this delegate made.
    fn delegate(&self, delegate: usize, asked: Asked<'_>, wanted: Wanted, whose: &mut Whose) {
        // V5. Equal certificates are one.
        let der = |node: usize| &self.certificate(node).der;
        if asked.judged.iter().any(|&node| der(node) == der(delegate)) {
            whose.in_progress = true;
            whose.names_itself |= der(asked.path[asked.position]) == der(delegate);
            // It may vouch for certificates with its own name.
            let name = &self.certificate(delegate).subject;
            if self.certificate_at(asked).subject.is_surely(name) {
                whose.vouches.push((Status::Good, NEVER));
            }
            return;
        }
        if asked.judged.len() >= JUDGED_AT_ONCE {
            return;
        }
        let judged = [asked.judged, &[delegate]].concat();
        for (path, broken) in self.signers.get(&delegate).into_iter().flatten() {
            // R2: to revoke, it may have expired, but nothing else may be wrong with its path.
            if broken
                .iter()
                .any(|rule| !["expired", "not-yet-valid"].contains(rule))
            {
                continue;
            }
            let is_same_anchor = path.last() == asked.path.last();
            if broken.contains("not-yet-valid") {
                if is_same_anchor {
                    whose.begins.push(self.path_begins(path));
                }
                continue;
            }
            // R2, R3: no CRL may name a certificate of the path.
            let certificates = 0..path.len() - 1;
            let ask = |position| Asked {
                path,
                position,
                judged: &judged,
            };
            let named: Result<Vec<_>, _> = certificates
                .clone()
                .map(|position| self.not_named(ask(position)))
                .collect();
            let lifted_until = match named {
                Ok(ends) => ends.into_iter().min().unwrap_or(NEVER),
                Err(rules) => {
                    whose.mutual |= rules.contains("circular-crls");
                    continue;
                }
            };
            let (elsewhere, end) = revoked_elsewhere(self.world, path, Role::CrlSigner);
            if !elsewhere.is_empty() {
                continue;
            }
            let lifted_until = lifted_until.min(end.unwrap_or(NEVER));
            whose.revokes = true;
            if wanted == Wanted::Revokes {
                return;
            }
            // V1: to vouch, it must hold under the whole policy, below the same anchor.
            whose.same_anchor |= is_same_anchor;
            if !is_same_anchor || !broken.is_empty() {
                continue;
            }
            let asked_for = if asked_scope(self.world) == Scope::WholePath {
                certificates
            } else {
                0..0
            };
            let vouched: Result<Vec<_>, _> = asked_for
                .map(|position| self.vouched_for(ask(position)))
                .collect();
            let ends = (0..path.len()).map(|at| valid_until(self.world, path, at, Role::CrlSigner));
            let valid_until = ends.flatten().min().unwrap_or(NEVER);
            if let Ok(vouched) = vouched {
                let has = |status: &Status| vouched.iter().any(|(its, _)| its == status);
                let mut worst_first = [Status::Unknown, Status::Stale].into_iter();
                let worst = worst_first.find(has).unwrap_or(Status::Good);
                let until = vouched.iter().map(|(_, end)| *end).min().unwrap_or(NEVER);
                whose
                    .vouches
                    .push((worst, until.min(lifted_until).min(valid_until)));
            }
        }
    }

    /// From when on all certificates of a delegate's path have begun.
    pub(super) fn path_begins(&self, path: &[usize]) -> Time {
        let begin = path
            .iter()
            .map(|&node| self.certificate(node).not_before)
            .max();
        begin.map_or(NEVER, |begin| begin.saturating_sub(self.skew()))
    }
}

/// Whether it is a CA of the path above C.
fn is_above(node: usize, asked: Asked<'_>) -> bool {
    let mut above = asked.path.iter().skip(asked.position + 1);
    above.any(|one| *one == node)
}
