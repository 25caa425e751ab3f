//! Which CRLs of other scopes revoke the certificates of a path.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::ops::Range;

use pki_types::UnixTime;

use super::crl_signers::{Asked, Signer};
use super::inquiry::{Basis, Inquiry};
use super::revocation::{Lifted, Status};
use super::shared::Elsewhere;
use super::verification::Verification;
use crate::budget::price;
use crate::error::{Reason, Work};
use crate::path::Step;
use crate::policy::RevocationScope;
use crate::revocation::{ApplicableCrl, EntryStatus, crl_issuers_of};
use crate::store::Place;
use crate::validate::{Failure, Role, Scope, Window};
use crate::x509::{RevocationReason, Time, earliest};

impl<'a> Verification<'a> {
    /// Checks that no CRL of any scope revokes a certificate of the path which the very key made
    /// that signed the certificate. Other CRLs do not speak across scopes, and none vouches there.
    ///
    /// The key that may revoke a certificate in one scope may do so in all. So a revoked client
    /// gains nothing if its CA stands in a scope without that CRL.
    pub(super) fn check_other_scopes(
        &mut self,
        path: &[Step<'a>],
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<Window, Failure> {
        let mut window = Window::ALWAYS;
        let Some(place) = self.place.filter(|place| place.has_crls()) else {
            return Ok(window);
        };
        let count = match self.policy.revocation.scope {
            RevocationScope::Off => 0,
            RevocationScope::ClientOnly if inquiry.role == Role::Client => 1,
            RevocationScope::ClientOnly | RevocationScope::Auto | RevocationScope::WholePath => {
                path.len().saturating_sub(1)
            }
        };
        for at in 0..count {
            let asked = Asked { path, at, inquiry };
            let found = self.elsewhere(place, asked, basis);
            let failed = |reason, scope| Failure { at, reason, scope };
            let elsewhere = found.map_err(|reason| failed(reason, Scope::Path))?;
            basis.stable = basis.stable.intersect(elsewhere.stable);
            if let Some((reason, on)) = elsewhere.revoked {
                return Err(failed(Reason::Revoked { reason, on }, Scope::Certificate));
            }
            window = window.intersect(Window::to(elsewhere.until));
        }
        Ok(window)
    }

    /// What CRLs of all scopes say of a certificate by the key that signed it. Found out once, as
    /// it is the same for each scope.
    fn elsewhere(
        &mut self,
        place: Place<'a>,
        asked: Asked<'_, 'a>,
        basis: &mut Basis,
    ) -> Result<Elsewhere, Reason> {
        let mut found = Elsewhere {
            revoked: None,
            until: None,
            stable: basis.stable,
        };
        let (step, issuer) = match (asked.path.get(asked.at), asked.above().first()) {
            (Some(step), Some(issuer)) => (step, issuer),
            _ => return Ok(found),
        };
        let (certificate, pruned) = (step.certificate, self.policy.revocation.pruned);
        let known =
            |shared: &super::Shared| shared.elsewhere(certificate, issuer.certificate, pruned);
        if let Some(known) = self.shared.and_then(known) {
            return Ok(known);
        }
        let ages = self.ages_for(certificate);
        let mut its = Basis {
            stable: basis.stable,
            outermost: None,
        };
        let mut about: Vec<ApplicableCrl<'a>> = Vec::new();
        let (mut seen, mut stores) = (BTreeSet::new(), Vec::new());
        for issuer in crl_issuers_of(certificate) {
            let units = price::looking_up(issuer);
            self.budget.pay(units, Work::Revocation)?;
            for (standing, store) in place.with_crls_of(issuer) {
                self.budget.pay(price::CANDIDATE, Work::Revocation)?;
                if seen.insert(standing) {
                    stores.push(store);
                }
            }
        }
        // What stands here was asked already.
        if seen.iter().all(|standing| *standing == place.standing()) {
            return Ok(found);
        }
        for store in stores {
            let start = about.len();
            let of_store = self.applicable_crls(store, certificate, ages, &mut its)?;
            about.extend(of_store.crls.into_iter().map(|mut one| {
                let Range { start: from, end } = one.peers;
                one.peers = from.saturating_add(start)..end.saturating_add(start);
                one
            }));
        }
        let signer = Signer {
            node: issuer.node,
            certificate: issuer.certificate,
        };
        let mut status = self.status(&about, asked, ages, &mut its);
        (found.revoked, found.until) = status.named_by(signer)?;
        found.stable = its.stable;
        if let Some(shared) = self.shared {
            shared.note_elsewhere(certificate, issuer.certificate, pruned, found);
        }
        Ok(found)
    }
}

/// Whether a certificate is revoked, and the last second at which that is known.
type Named = (Option<(RevocationReason, UnixTime)>, Option<Time>);

impl<'a> Status<'_, '_, 'a> {
    /// Whether a CRL by `signer` has the certificate that counts.
    fn named_by(&mut self, signer: Signer<'a>) -> Result<Named, Reason> {
        let mut until = None;
        for one in self.about {
            let EntryStatus::Revoked { reason, on } = one.entry else {
                continue;
            };
            if !self.is_made_by(one.crl, signer)? || self.is_superseded(one, reason, signer)? {
                continue;
            }
            match self.lifted(one, reason, signer)? {
                Some(Lifted::Superseded) => {}
                Some(Lifted::OffHold(delta)) => {
                    until = earliest(until, Some(self.ages.freshness(delta).fresh_until));
                }
                None => return Ok((Some((reason, on)), None)),
            }
        }
        Ok((None, until))
    }

    /// Whether a newer CRL of any scope takes the place of one.
    fn is_superseded(
        &mut self,
        one: &ApplicableCrl<'a>,
        reason: RevocationReason,
        signer: Signer<'a>,
    ) -> Result<bool, Reason> {
        let is_on_hold = reason == RevocationReason::CertificateHold;
        let about = self.about;
        self.verification
            .budget
            .pay(about.len() / 8, Work::Revocation)?;
        for other in about {
            let takes_off = other.entry != EntryStatus::Removed || is_on_hold;
            if takes_off
                && other.crl.is_newer_than(one.crl)
                && other.crl.has_scope_of(one.crl)
                && self.supersedes(other, one, signer)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
