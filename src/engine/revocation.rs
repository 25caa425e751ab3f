//! The revocation status of the certificates of a path (RFC 5280 §6.3.3).
//!
//! `revocation` knows which CRLs are about a certificate and what they say; `crl_signers` finds out
//! whose they are. Here is the order in which that is asked:
//!
//! 1. What a CRL has, it revokes: on every path, whatever its age, by any signer with a path to an
//!    anchor that is not revoked itself. If nobody knows whose CRL that is, the certificate is
//!    refused all the same.
//! 2. If none has it, CRLs by the CAs of the path vouch for it.
//! 3. If these do not cover every reason, CRLs by others do, those that stay fresh longest first.
//!
//! So a CRL that does not have a certificate keeps it out in four cases alone. It would vouch and
//! is too old; its signer and another one revoke each other; it is by the key that signed the
//! certificate, and does not vouch; or unknown status is allowed only without a CRL of its issuer.

use alloc::vec::Vec;

use super::crl_signers::{Asked, NoSigner, Signer};
use super::inquiry::{Basis, Inquiry};
use super::verification::Verification;
use crate::error::{CrlFault, PassedOver, Reason, Work};
use crate::path::{Node, Step};
use crate::policy::{Checked, Profile};
use crate::revocation::{
    Age, Ages, ApplicableCrl, ApplicableCrls, Authenticity, Effect, Entry, EntryStatus, Signed,
    StoredCrl, applicable_crls, effect, may_be_left_out,
};
use crate::store::TrustStore;
use crate::validate::{Failure, Scope, Strictness, Window};
use crate::verified_client::RevocationStatus;
use crate::x509::{Certificate, RevocationReason, Time, earliest};

/// Why a status does not let a certificate in, and what else that rules out.
pub(super) type Refusal = (Reason, Scope);

/// A certificate that is on a CRL, and off it by a newer one.
#[derive(Clone, Copy)]
pub(super) enum Lifted<'a> {
    /// A newer CRL takes the place of this one.
    Superseded,
    /// A delta that continues it says that the certificate is off hold.
    OffHold(&'a StoredCrl),
}

/// The signer of a CRL that has a certificate.
#[derive(Clone, Copy)]
struct Revoker<'a> {
    signer: Signer<'a>,
    /// The last second at which it is known to be valid.
    until: Option<Time>,
}

impl<'a> Revoker<'a> {
    /// One that is valid for as long as the path is.
    fn of_path(signer: Signer<'a>) -> Self {
        Self {
            signer,
            until: None,
        }
    }
}

/// The CRLs about one certificate that are of no use.
#[derive(Default)]
pub(super) struct Unused {
    /// The one that comes nearest.
    pub(super) passed_over: Option<PassedOver>,
    /// The last second before one from the future begins to count.
    pub(super) begins: Option<Time>,
    /// The last second before one of the others may be of use, where none vouches.
    pub(super) until: Option<Time>,
}

impl Unused {
    pub(super) fn pass_over(&mut self, crl: &StoredCrl, fault: CrlFault) {
        let known = self.passed_over.as_ref();
        if known.is_none_or(|known| known.fault.weight() < fault.weight()) {
            self.passed_over = Some(passed_over(crl, fault, false));
        }
    }
}

pub(super) fn passed_over(crl: &StoredCrl, fault: CrlFault, names_certificate: bool) -> PassedOver {
    PassedOver {
        issuer: crl.issuer().to_vec(),
        this_update: crl.this_update().to_unix(),
        names_certificate,
        fault,
    }
}

pub(super) fn in_path(reason: Reason) -> Refusal {
    (reason, Scope::Path)
}

impl<'a> Verification<'a> {
    /// The revocation status of the first certificates of a path whose signatures hold, and the
    /// time in which it stays so. The anchor is never checked; the certificates nearest to it come
    /// first, as their keys vouch for the others.
    pub(super) fn check_revocation(
        &mut self,
        path: &[Step<'a>],
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<(Vec<RevocationStatus>, Window), Failure> {
        let first = path.first().map(|step| step.node);
        let all = path.len().saturating_sub(1);
        // Of how many a CRL must not have them, and of how many one must vouch. Nobody who is
        // revoked signs CRLs.
        let (count, vouched) = match self.checked {
            Checked::Nothing => (0, 0),
            Checked::Client if first != Some(Node::CLIENT) => (all, 0),
            Checked::Client => (1, 1),
            Checked::AllButAnchor => (all, all),
        };
        let failed = |at| move |(reason, scope)| Failure { at, reason, scope };
        // That one is revoked comes before all that is unknown of others.
        let mut all = Vec::with_capacity(count);
        let (mut window, mut refused) = (Window::ALWAYS, None);
        for (at, step) in path.iter().enumerate().take(count).rev() {
            let ages = self.ages_for(step.certificate);
            let about = self.applicable_crls(self.store, step.certificate, ages, basis);
            let about = about.map_err(in_path).map_err(failed(at))?;
            let asked = Asked { path, at, inquiry };
            let mut status = self.status(&about.crls, asked, ages, basis);
            let checked = status.check_named();
            let lifted = status.lifted;
            match checked.map_err(failed(at)) {
                Ok(until) => window = window.intersect(Window::to(until)),
                Err(failure)
                    if failure.reason.is_revoked() || failure.reason.ends_verification() =>
                {
                    return Err(failure);
                }
                Err(failure) => refused = refused.or(Some(failure)),
            }
            all.push((at, about, ages, lifted));
        }
        if let Some(failure) = refused {
            return Err(failure);
        }
        let mut statuses = Vec::with_capacity(vouched);
        for (at, about, ages, lifted) in all {
            // Only that is asked of the signer of a CRL that revokes.
            if inquiry.strictness == Strictness::Revoking || at >= vouched {
                continue;
            }
            let asked = Asked { path, at, inquiry };
            let mut status = self.status(&about.crls, asked, ages, basis);
            status.lifted = lifted;
            if let Some(crl) = about.out_of_scope {
                status.unused.pass_over(crl, CrlFault::Scope);
            }
            let (status, until) = status.vouch().map_err(failed(at))?;
            statuses.push(status);
            window = window.intersect(Window::to(until));
        }
        statuses.reverse();
        Ok((statuses, window))
    }

    pub(super) fn ages_for(&self, certificate: Certificate<'_>) -> Ages {
        Ages {
            now: Time::from(self.now),
            clock_skew: self.policy.expiry.clock_skew.duration(),
            stale: self.policy.revocation.stale,
            pruned: self.policy.revocation.pruned,
            not_after: certificate.not_after(),
        }
    }

    pub(super) fn applicable_crls(
        &self,
        store: &'a TrustStore,
        certificate: Certificate<'_>,
        ages: Ages,
        basis: &mut Basis,
    ) -> Result<ApplicableCrls<'a>, Reason> {
        let counts = |crl: &StoredCrl| {
            basis.stable.changes_at(ages.begin_of(crl));
            nonconforming(self.policy.profile, crl).is_none()
                && !ages.is_future(crl)
                && ages.can_tell(crl)
                && self.has_algorithm_of(crl, store)
        };
        applicable_crls(store.stored_crls(), certificate, counts, self.budget)
    }

    /// Whether the policy has the algorithm that the certificate of the store signed a CRL of it
    /// with which made it.
    fn has_algorithm_of(&self, crl: &StoredCrl, store: &TrustStore) -> bool {
        crl.maker().is_none_or(|maker| {
            let maker = store.certificates().get(maker);
            crl.signed_by(maker, &self.policy.signatures) != Signed::Unsupported
        })
    }

    pub(super) fn status<'v, 'p>(
        &'v mut self,
        about: &'v [ApplicableCrl<'a>],
        asked: Asked<'p, 'a>,
        ages: Ages,
        basis: &'v mut Basis,
    ) -> Status<'v, 'p, 'a> {
        Status {
            verification: self,
            about,
            asked,
            ages,
            basis,
            lifted: Vec::new(),
            unused: Unused::default(),
        }
    }
}

fn nonconforming(profile: Profile, crl: &StoredCrl) -> Option<CrlFault> {
    match profile {
        Profile::Rfc5280 => crl.form_fault().map(CrlFault::NonConforming),
        Profile::Compatible => None,
    }
}

/// Finds out the status of one certificate.
pub(super) struct Status<'v, 'p, 'a> {
    pub(super) verification: &'v mut Verification<'a>,
    pub(super) about: &'v [ApplicableCrl<'a>],
    pub(super) asked: Asked<'p, 'a>,
    pub(super) ages: Ages,
    pub(super) basis: &'v mut Basis,
    /// The CRLs that have the certificate and do not count, by their index in `about`.
    pub(super) lifted: Vec<(usize, Lifted<'a>)>,
    pub(super) unused: Unused,
}

impl<'v, 'a> Status<'v, '_, 'a> {
    /// Checks that no CRL has the certificate that counts. Returns the last second at which those
    /// that have it are known not to count.
    fn check_named(&mut self) -> Result<Option<Time>, Refusal> {
        let mut refusal: Option<Reason> = None;
        let mut until = None;
        for (index, one) in self.about.iter().enumerate() {
            let EntryStatus::Revoked { reason, on } = one.entry else {
                continue;
            };
            let revoker = self.find_revoker(one.crl, &[]).map_err(in_path)?;
            let authenticity = match revoker {
                Ok(_) => Authenticity::RevokingOnly,
                Err(NoSigner::InProgress | NoSigner::Circular) => Authenticity::InProgress,
                Err(NoSigner::Fault(_)) => Authenticity::Unproven,
            };
            let lifted = self.lifted_by_any(one, reason, revoker);
            if let Some((lifted, its)) = lifted.map_err(in_path)? {
                // Without its signer nobody would know whose CRL it is.
                until = earliest(until, its);
                if let Lifted::OffHold(delta) = lifted {
                    until = earliest(until, Some(self.ages.freshness(delta).fresh_until));
                }
                self.lifted.push((index, lifted));
                continue;
            }
            // Its age does not matter.
            match effect(authenticity, Age::Accepted, Entry::Revoked) {
                Effect::Revokes => {
                    return Err((Reason::Revoked { reason, on }, Scope::Certificate));
                }
                Effect::Circular => refusal = refusal.or(Some(Reason::CircularCrls)),
                _ => {
                    let fault = match revoker {
                        Err(NoSigner::Fault(fault)) => fault,
                        _ => CrlFault::Issuer,
                    };
                    let passed_over = Some(passed_over(one.crl, fault, true));
                    refusal = refusal.or(Some(Reason::RevocationUnknown { passed_over }));
                }
            }
        }
        // That is so on every path, as a CRL is about a certificate whatever its path.
        refusal.map_or(Ok(until), |reason| Err((reason, Scope::Certificate)))
    }

    /// The signer of a CRL that has the certificate: a CA of the path, a signer that says it of
    /// itself, or another one that has a path to an anchor, whichever that is.
    /// Keys in `but` are left out.
    fn find_revoker(
        &mut self,
        crl: &StoredCrl,
        but: &[&[u8]],
    ) -> Result<Result<Revoker<'a>, NoSigner>, Reason> {
        let Self {
            verification,
            asked,
            ..
        } = self;
        let of_path = verification.find_ca_of_path(crl, *asked)?;
        let is_left_out = |signer: Signer<'_>| but.contains(&signer.certificate.spki());
        let fault = match of_path {
            Ok(ca) if is_left_out(ca.signer) => None,
            Ok(ca) => return Ok(Ok(Revoker::of_path(ca.signer))),
            Err(fault) => fault,
        };
        // Whatever its issuer's name is, the key that signed a certificate can revoke it.
        if let Some(issuer) = asked.above().first() {
            let signer = Signer {
                node: issuer.node,
                certificate: issuer.certificate,
            };
            if !is_left_out(signer) && verification.is_made_by(crl, signer)? == Signed::Yes {
                return Ok(Ok(Revoker::of_path(signer)));
            }
        }
        let own = asked.path.get(asked.at).map(|step| step.node);
        let in_progress = verification.find_in_progress(crl, *asked, self.basis)?;
        if let Some(signer) = in_progress.filter(|signer| !is_left_out(*signer)) {
            return Ok(match Some(signer.node) == own {
                true => Ok(Revoker::of_path(signer)),
                false => Err(NoSigner::InProgress),
            });
        }
        let question = (Strictness::Revoking, None);
        let delegate = verification.find_delegate(crl, *asked, question, but, self.basis)?;
        Ok(match delegate {
            Ok(delegate) => Ok(Revoker {
                signer: delegate.signer,
                until: delegate.valid.until,
            }),
            Err(NoSigner::Fault(CrlFault::Issuer)) => {
                Err(NoSigner::Fault(fault.unwrap_or(CrlFault::Issuer)))
            }
            Err(none) => Err(none),
        })
    }

    /// Whether a certificate is no longer revoked by `one`, by a newer CRL of the key that made it,
    /// and until when that key is known to be valid. A signature does not name one key, so that it
    /// may be that of each.
    fn lifted_by_any(
        &mut self,
        one: &ApplicableCrl<'a>,
        reason: RevocationReason,
        mut revoker: Result<Revoker<'a>, NoSigner>,
    ) -> Result<Option<(Lifted<'a>, Option<Time>)>, Reason> {
        let is_on_hold = reason == RevocationReason::CertificateHold;
        let may_be_lifted = one.crl.has_newer() || is_on_hold && one.crl.has_delta();
        let mut tried = Vec::new();
        while let Ok(Revoker { signer, until }) = revoker
            && may_be_lifted
        {
            if let Some(lifted) = self.lifted(one, reason, signer)? {
                return Ok(Some((lifted, until)));
            }
            tried.push(signer.certificate.spki());
            revoker = self.find_revoker(one.crl, &tried)?;
        }
        Ok(None)
    }

    /// Whether a newer CRL by the same key says that a certificate is no longer revoked by `one`,
    /// which has it for this reason.
    pub(super) fn lifted(
        &mut self,
        one: &ApplicableCrl<'a>,
        reason: RevocationReason,
        signer: Signer<'a>,
    ) -> Result<Option<Lifted<'a>>, Reason> {
        let is_on_hold = reason == RevocationReason::CertificateHold;
        for other in self.newer(one)? {
            // One that has it as well counts by itself.
            let takes_off = other.entry != EntryStatus::Removed || is_on_hold;
            if takes_off && self.supersedes(other, one, signer)? {
                return Ok(Some(Lifted::Superseded));
            }
        }
        if !is_on_hold || one.crl.is_delta() {
            return Ok(None);
        }
        let delta = self.find_delta(one, signer, |_| true)?;
        let removes = delta.filter(|delta| delta.entry == EntryStatus::Removed);
        Ok(removes
            .filter(|delta| self.is_fresh(delta.crl))
            .map(|delta| Lifted::OffHold(delta.crl)))
    }

    /// Whether a CRL takes the place of another one by `signer`: it is certainly newer, by the same
    /// key, and tells of all that the other one tells of.
    pub(super) fn supersedes(
        &mut self,
        newer: &ApplicableCrl<'a>,
        older: &ApplicableCrl<'a>,
        signer: Signer<'a>,
    ) -> Result<bool, Reason> {
        let tells_all = !newer.crl.is_delta() || newer.crl.begins_before(older.crl);
        Ok(tells_all
            && newer.crl.is_newer_than(older.crl)
            && self.counts(newer.crl)
            && self.is_made_by(newer.crl, signer)?)
    }

    /// The newest delta by `signer` that continues a CRL, of those that `fits` says.
    pub(super) fn find_delta(
        &mut self,
        base: &ApplicableCrl<'a>,
        signer: Signer<'a>,
        fits: impl Fn(&StoredCrl) -> bool,
    ) -> Result<Option<&'v ApplicableCrl<'a>>, Reason> {
        if !base.crl.has_delta() {
            return Ok(None);
        }
        let peers = self.peers(base);
        let units = peers.len() / 8;
        self.verification.budget.pay(units, Work::Revocation)?;
        for delta in peers {
            if delta.crl.is_delta()
                && delta.crl.continues(base.crl)
                && fits(delta.crl)
                && self.counts(delta.crl)
                && self.is_made_by(delta.crl, signer)?
            {
                return Ok(Some(delta));
            }
        }
        Ok(None)
    }

    /// Those of its peers that may take the place of a CRL.
    pub(super) fn newer(&self, one: &ApplicableCrl<'a>) -> Result<&'v [ApplicableCrl<'a>], Reason> {
        if !one.crl.has_newer() {
            return Ok(&[]);
        }
        let peers = self.peers(one);
        let units = peers.len() / 8;
        self.verification.budget.pay(units, Work::Revocation)?;
        Ok(peers)
    }

    /// The CRLs of an issuer about the same certificates, the newest first.
    fn peers(&self, one: &ApplicableCrl<'a>) -> &'v [ApplicableCrl<'a>] {
        let about = self.about;
        about.get(one.peers.clone()).unwrap_or_default()
    }

    /// Whether a CRL can say that something is not so: it conforms, is not from the future, and
    /// cannot have left the certificate out because it had expired.
    pub(super) fn counts(&mut self, crl: &StoredCrl) -> bool {
        self.basis.stable.changes_at(self.ages.begin_of(crl));
        self.nonconforming(crl).is_none() && !self.ages.is_future(crl) && self.ages.can_tell(crl)
    }

    fn is_fresh(&mut self, crl: &StoredCrl) -> bool {
        let freshness = self.ages.freshness(crl);
        self.basis.stable.changes_after(Some(freshness.fresh_until));
        freshness.is_fresh(self.ages.now)
    }

    /// Whether nobody who may make CRLs about the certificate gave the store one.
    pub(super) fn is_unpublished(&self) -> Result<bool, Refusal> {
        // Those that are about others are among the unused ones.
        if !self.about.is_empty() || self.unused.passed_over.is_some() {
            return Ok(false);
        }
        let Some(step) = self.asked.path.get(self.asked.at) else {
            return Ok(false);
        };
        let verification = &self.verification;
        for left_out in verification.store.absent_crls() {
            let may_be = may_be_left_out(left_out, step.certificate, verification.budget);
            if may_be.map_err(in_path)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn nonconforming(&self, crl: &StoredCrl) -> Option<CrlFault> {
        nonconforming(self.verification.policy.profile, crl)
    }

    pub(super) fn is_made_by(
        &mut self,
        crl: &StoredCrl,
        signer: Signer<'a>,
    ) -> Result<bool, Reason> {
        Ok(self.verification.is_made_by(crl, signer)? == Signed::Yes)
    }
}
