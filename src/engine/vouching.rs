//! Which CRLs vouch for a certificate that none of them has (RFC 5280 §6.3.3 (d), (f), (l)).

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::candidates::key_ids_differ;
use super::crl_signers::{NoSigner, Signer};
use super::known_signers::Valid;
use super::revocation::{Lifted, Refusal, Status, in_path};
use crate::error::{CrlFault, Reason};
use crate::policy::UnknownStatus;
use crate::revocation::{
    Age, ApplicableCrl, Authenticity, CombinedStatus, Coverage, Effect, Entry, Freshness, Signed,
    StoredCrl, TooStale, Vouching, effect,
};
use crate::validate::Strictness;
use crate::verified_client::RevocationStatus;
use crate::x509::{Time, earliest};

/// Whose CRL it is.
#[derive(Clone, Copy)]
struct FoundSigner<'a> {
    signer: Signer<'a>,
    authenticity: Authenticity,
    /// Whether it has the key that signed the certificate.
    is_own: bool,
    /// Of a delegate.
    valid: Option<Valid>,
}

/// A CRL that no CA of the path is known to have made, by its index.
type Other = (usize, Tried);

/// Whether a CRL was tried with the keys of the CAs of a path.
#[derive(Clone, Copy)]
enum Tried {
    /// None made it, and that was why.
    Failed(Option<CrlFault>),
    /// The key that signed the certificate made it. The issuer's certificate on this path says that
    /// the key is not for CRLs; another one of that key may say that it is.
    NotForCrls,
    /// It names another key than that which signed the certificate, so that others come first.
    Not,
}

impl<'a> Status<'_, '_, 'a> {
    /// The status of a certificate that no CRL has, and the last second at which it is so.
    pub(super) fn vouch(mut self) -> Result<(RevocationStatus, Option<Time>), Refusal> {
        // What is from the future may change things when it begins, also if it is forged.
        for one in self.about {
            if !self.has_begun(one.crl) {
                let begins = self.ages.begin_of(one.crl).before();
                self.unused.begins = earliest(self.unused.begins, Some(begins));
            }
        }
        let mut coverage = Coverage::default();
        let others = self.vouch_by_path(&mut coverage)?;
        if !coverage.is_vouched() {
            self.vouch_by_others(others, &mut coverage)?;
        }
        match coverage.combined() {
            CombinedStatus::Good {
                until,
                stale_since,
                is_sure,
            } => {
                let status = match stale_since {
                    _ if !is_sure => RevocationStatus::Unknown,
                    None => RevocationStatus::Good,
                    Some(since) => RevocationStatus::Stale {
                        since: since.into(),
                    },
                };
                Ok((status, earliest(until, self.unused.begins)))
            }
            CombinedStatus::TooStale(TooStale {
                crl, fresh_until, ..
            }) => Err(in_path(Reason::StaleCrl {
                issuer: crl.issuer().to_vec(),
                this_update: crl.this_update().to_unix(),
                fresh_until: fresh_until.into(),
                now: self.verification.now,
            })),
            CombinedStatus::Open { partial, until } => self.leave_open(partial, until),
        }
    }

    /// The status of a certificate for which nobody vouches.
    fn leave_open(
        mut self,
        partial: Option<&StoredCrl>,
        until: Option<Time>,
    ) -> Result<(RevocationStatus, Option<Time>), Refusal> {
        let is_allowed = match self.verification.policy.revocation.unknown {
            UnknownStatus::Allow => true,
            UnknownStatus::AllowUnpublished => self.is_unpublished()?,
            UnknownStatus::Deny => false,
        };
        match is_allowed {
            true => {
                // A CRL that was of no use may be too old when it would be of use, which is
                // refused.
                let until = earliest(until, earliest(self.unused.begins, self.unused.until));
                Ok((RevocationStatus::Unknown, until))
            }
            false => {
                if let Some(crl) = partial {
                    self.unused.pass_over(crl, CrlFault::SomeReasons);
                }
                let passed_over = self.unused.passed_over;
                Err(in_path(Reason::RevocationUnknown { passed_over }))
            }
        }
    }

    /// Lets CRLs by CAs of the path vouch, and by a signer in progress of the certificate's own
    /// name. Returns those that are by neither.
    fn vouch_by_path(&mut self, coverage: &mut Coverage<'a>) -> Result<Vec<Other>, Refusal> {
        let mut others = Vec::new();
        // CRLs by the key that signed the certificate, of which older ones are not looked at.
        let mut own: Vec<&ApplicableCrl<'a>> = Vec::new();
        for index in self.order() {
            let Some(one) = self.about.get(index) else {
                continue;
            };
            if !self.may_vouch(index, one) {
                continue;
            }
            // What would take a signature is only looked at where it may be needed.
            let is_needed = !coverage.is_vouched_by_own()
                && !own
                    .iter()
                    .any(|own| own.peers == one.peers && own.crl.is_newer_than(one.crl));
            if !is_needed && self.takes_signature(one.crl) {
                continue;
            }
            if self.is_left_to_others(one.crl) {
                others.push((index, Tried::Not));
                continue;
            }
            match self.find_in_path(one, coverage).map_err(in_path)? {
                Ok(maker) => {
                    if maker.is_own && self.counts(one.crl) {
                        own.push(one);
                    }
                    if maker.authenticity == Authenticity::RevokingOnly
                        && self
                            .has_other_certificate(one.crl, maker.signer)
                            .map_err(in_path)?
                    {
                        others.push((index, Tried::NotForCrls));
                    }
                    self.weigh(one, maker, coverage).map_err(in_path)?;
                }
                Err(fault) => others.push((index, Tried::Failed(fault))),
            }
        }
        Ok(others)
    }

    /// The CA of the path that made a CRL, or the signer in progress of the certificate's own name.
    /// Such a signer comes before the key that signed the certificate, if that is not for CRLs.
    fn find_in_path(
        &mut self,
        one: &ApplicableCrl<'a>,
        coverage: &mut Coverage<'a>,
    ) -> Result<Result<FoundSigner<'a>, Option<CrlFault>>, Reason> {
        let asked = self.asked;
        let mut found = match self.verification.find_ca_of_path(one.crl, asked)? {
            Ok(ca) => {
                if ca.is_own && self.has_begun(one.crl) {
                    coverage.note_own(one.covers);
                }
                Ok(FoundSigner {
                    signer: ca.signer,
                    authenticity: match ca.may_sign {
                        true => Authenticity::Path,
                        false => Authenticity::RevokingOnly,
                    },
                    is_own: ca.is_own,
                    valid: None,
                })
            }
            Err(fault) => Err(fault),
        };
        if !matches!(found, Ok(maker) if maker.authenticity == Authenticity::Path) {
            let in_progress = self
                .verification
                .find_in_progress(one.crl, asked, self.basis)?;
            if let Some(signer) = in_progress {
                found = Ok(FoundSigner {
                    signer,
                    authenticity: Authenticity::Path,
                    is_own: matches!(found, Ok(maker) if maker.is_own),
                    valid: None,
                });
            }
        }
        Ok(found)
    }

    /// Lets CRLs by others vouch that have a path to the same anchor (§6.3.3 (f)), the freshest
    /// first, until every reason is covered.
    fn vouch_by_others(
        &mut self,
        mut others: Vec<Other>,
        coverage: &mut Coverage<'a>,
    ) -> Result<(), Refusal> {
        let about = self.about;
        others.sort_by_key(|(index, _)| Reverse(self.fresh_until(*index)));
        let mut is_circular = false;
        for (index, tried) in others {
            let Some(one) = about.get(index) else {
                continue;
            };
            let open = match tried {
                Tried::NotForCrls => coverage.open_to_own(),
                _ => coverage.open_to_others(),
            };
            if one.covers.intersection(open).is_empty() {
                continue;
            }
            if self.is_of_no_use(one.crl) {
                continue;
            }
            // When it is too old, other signers of it count.
            let accepted = self.ages.freshness(one.crl).accepted_until;
            self.basis.stable.changes_after(accepted);
            let (found, of_path) = match tried {
                Tried::Failed(fault) => (self.find_other(one, false), fault),
                Tried::NotForCrls => (self.find_other(one, true), Some(CrlFault::KeyUsage)),
                Tried::Not => match self.find_other(one, false).map_err(in_path)? {
                    Ok(maker) => (Ok(Ok(maker)), None),
                    Err(none) => match self.find_in_path(one, coverage).map_err(in_path)? {
                        Ok(maker) => (Ok(Ok(maker)), None),
                        Err(fault) => (Ok(Err(none)), fault),
                    },
                },
            };
            let found = found.map_err(in_path)?;
            let none = match found {
                Ok(maker) => {
                    self.weigh(one, maker, coverage).map_err(in_path)?;
                    continue;
                }
                Err(none) => none,
            };
            is_circular |= matches!(none, NoSigner::Circular);
            let fault = match none {
                NoSigner::Fault(fault) if fault != CrlFault::Issuer => fault,
                _ => of_path.unwrap_or(CrlFault::Issuer),
            };
            self.unused.pass_over(one.crl, fault);
            let stable = Some(self.basis.stable.until()).filter(|end| *end != Time::END);
            let accepted = accepted.filter(|until| *until >= self.ages.now);
            self.unused.until = earliest(self.unused.until, earliest(stable, accepted));
        }
        // A circle of revocations lets nobody in.
        match is_circular && !coverage.is_vouched() {
            true => Err(in_path(Reason::CircularCrls)),
            false => Ok(()),
        }
    }

    /// Who, besides the CAs of the path, made a CRL, by the key that signed the certificate or by
    /// another one.
    fn find_other(
        &mut self,
        one: &ApplicableCrl<'a>,
        is_own: bool,
    ) -> Result<Result<FoundSigner<'a>, NoSigner>, Reason> {
        let asked = self.asked;
        let anchor = asked.path.last().map(|anchor| anchor.node);
        let mut none = NoSigner::Fault(CrlFault::Issuer);
        for strictness in [Strictness::Policy, Strictness::Revoking] {
            // One whose signer only revokes is too stale, whatever a laxer policy says of the
            // signer.
            let freshness = self.ages.freshness(one.crl);
            if strictness == Strictness::Revoking
                && self.ages.age(one.crl, &freshness) != Age::TooStale
            {
                break;
            }
            let question = (strictness, anchor);
            let found =
                self.verification
                    .find_delegate(one.crl, asked, question, &[], self.basis)?;
            match found {
                Ok(delegate) => {
                    return Ok(Ok(FoundSigner {
                        is_own,
                        signer: delegate.signer,
                        authenticity: match strictness {
                            Strictness::Revoking => Authenticity::RevokingOnly,
                            Strictness::Policy if delegate.valid.is_sure => Authenticity::Delegate,
                            Strictness::Policy => Authenticity::UnknownDelegate,
                        },
                        valid: Some(delegate.valid),
                    }));
                }
                Err(its) => none = its,
            }
        }
        Ok(Err(none))
    }

    /// Adds what a CRL says to the coverage.
    fn weigh(
        &mut self,
        one: &ApplicableCrl<'a>,
        maker: FoundSigner<'a>,
        coverage: &mut Coverage<'a>,
    ) -> Result<(), Reason> {
        for newer in self.newer(one)? {
            // One that names another key is not verified only to find out that it is another's.
            let is_others = self.takes_signature(newer.crl) && {
                let key_id = maker.signer.certificate.subject_key_id();
                key_ids_differ(newer.crl, key_id)
            };
            if !is_others && self.supersedes(newer, one, maker.signer)? {
                return Ok(());
            }
        }
        let freshness = self.freshness(one, maker)?;
        let stable = &mut self.basis.stable;
        stable.changes_at(self.ages.begin_of(one.crl));
        stable.changes_after(Some(freshness.fresh_until));
        stable.changes_after(freshness.accepted_until);
        let age = self.ages.age(one.crl, &freshness);
        let is_of_path = maker.valid.is_none();
        let is_for_crls = !is_of_path || maker.authenticity != Authenticity::RevokingOnly;
        let entry = match self.nonconforming(one.crl) {
            None if is_for_crls => Entry::Absent,
            _ => Entry::Silent,
        };
        let valid = maker.valid;
        let is_fresh = freshness.is_fresh(self.ages.now);
        match effect(maker.authenticity, age, entry) {
            effect @ (Effect::Vouches | Effect::VouchesUnsurely) => coverage.add(Vouching {
                crl: one.crl,
                covers: one.covers,
                is_own: maker.is_own,
                until: earliest(
                    freshness.accepted_until,
                    valid.and_then(|valid| valid.until),
                ),
                stale_since: earliest(
                    Some(freshness.fresh_until).filter(|_| !is_fresh),
                    valid.and_then(|valid| valid.stale_since),
                ),
                is_sure: effect == Effect::Vouches,
            }),
            Effect::TooStale => {
                if !self.has_follower(one, maker.signer)? {
                    coverage.add_too_stale(TooStale {
                        crl: one.crl,
                        covers: one.covers,
                        is_own: maker.is_own,
                        fresh_until: freshness.fresh_until,
                    });
                }
            }
            Effect::Nothing | Effect::Revokes | Effect::Unproven | Effect::Circular => {
                if !self.is_of_no_use(one.crl) {
                    let fault = match is_of_path {
                        true => CrlFault::KeyUsage,
                        false => CrlFault::Issuer,
                    };
                    self.unused.pass_over(one.crl, fault);
                    // When that of a delegate is too old, it is refused.
                    let accepted = freshness
                        .accepted_until
                        .filter(|until| !is_of_path && *until >= self.ages.now);
                    self.unused.until = earliest(self.unused.until, accepted);
                }
            }
        }
        Ok(())
    }

    /// Whether its signer has made a newer CRL, which may say nothing of the certificate: then the
    /// older one has not grown old for want of a new one.
    fn has_follower(
        &mut self,
        one: &ApplicableCrl<'a>,
        signer: Signer<'a>,
    ) -> Result<bool, Reason> {
        for newer in self.newer(one)? {
            if !newer.crl.is_delta()
                && newer.crl.is_newer_than(one.crl)
                && self.has_begun(newer.crl)
                && self.is_made_by(newer.crl, signer)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a CRL vouches for nobody, even if authentic; then it is passed over.
    fn is_of_no_use(&mut self, crl: &StoredCrl) -> bool {
        let this_update = crl.this_update().to_unix();
        let fault = self.nonconforming(crl).or_else(|| {
            if self.ages.is_future(crl) {
                return Some(CrlFault::Future { this_update });
            }
            let not_after = self.ages.not_after.to_unix();
            let fault = CrlFault::MayBePruned {
                this_update,
                not_after,
            };
            Some(fault).filter(|_| !self.ages.can_tell(crl))
        });
        if let Some(fault) = fault {
            self.unused.pass_over(crl, fault);
        }
        fault.is_some()
    }

    /// For how long a CRL vouches: by itself, with the newest delta that continues it, or, where it
    /// has the certificate on hold, with the delta that takes it off.
    fn freshness(
        &mut self,
        one: &ApplicableCrl<'a>,
        maker: FoundSigner<'a>,
    ) -> Result<Freshness, Reason> {
        let by_itself = self.ages.freshness(one.crl);
        let off_hold = self.lifted.iter().find_map(|(index, lifted)| {
            let is_this = self
                .about
                .get(*index)
                .is_some_and(|its| core::ptr::eq(its.crl, one.crl));
            match lifted {
                Lifted::OffHold(delta) if is_this => Some(*delta),
                _ => None,
            }
        });
        if let Some(delta) = off_hold {
            let fresh_until = self.ages.freshness(delta).fresh_until;
            return Ok(Freshness {
                fresh_until,
                accepted_until: Some(fresh_until),
            });
        }
        let algorithms = &self.verification.policy.signatures;
        let is_needed = !by_itself.is_fresh(self.ages.now);
        let signer = maker.signer.certificate;
        let delta = self.find_delta(one, maker.signer, |delta| {
            is_needed || delta.signed_by(signer, algorithms) != Signed::Untried
        })?;
        Ok(match delta {
            Some(delta) => {
                let its = self.ages.freshness(delta.crl);
                self.basis.stable.changes_after(Some(its.fresh_until));
                self.basis.stable.changes_after(its.accepted_until);
                by_itself.with_delta(its)
            }
            None => by_itself,
        })
    }

    /// Whether a CRL may vouch at all; else it is passed over.
    fn may_vouch(&mut self, index: usize, one: &ApplicableCrl<'a>) -> bool {
        let mut lifted = self.lifted.iter().filter(|(its, _)| *its == index);
        if lifted.any(|(_, lifted)| matches!(lifted, Lifted::Superseded)) {
            return false;
        }
        if one.crl.is_delta() {
            let fault = self.nonconforming(one.crl).unwrap_or(CrlFault::Delta);
            self.unused.pass_over(one.crl, fault);
            return false;
        }
        true
    }

    /// Whether a CRL is not from the future.
    fn has_begun(&mut self, crl: &StoredCrl) -> bool {
        self.basis.stable.changes_at(self.ages.begin_of(crl));
        !self.ages.is_future(crl)
    }
}
