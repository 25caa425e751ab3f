//! The revocation status of the certificates of a path (RFC 5280 §6.3.3).
//!
//! `revocation` knows which lists are about a certificate and what they say. Whether a list is authentic is found out here: its signature
//! must be of a key that is trusted below the same anchor as the path, and that can take a path of its own: `list_issuers`.

use alloc::vec::Vec;

use super::Verification;
use super::list_issuers::Stop;
use crate::budget::price;
use crate::error::{ListFault, PassedOver, Reason, Work};
use crate::path::{Node, Step};
use crate::policy::{Expired, Profile, RevocationScope, UnknownStatus};
use crate::revocation::{
    Ages, List, Standing, Status, Witness, newest, other_list_issuers, reasons_covered, status_of,
};
use crate::validate::{Failure, Measure, Scope, Window};
use crate::verified::RevocationStatus;
use crate::x509::{Reasons, Time, earliest};

/// The lists about a certificate.
#[derive(Default)]
struct Found<'a> {
    witnesses: Vec<Witness<'a>>,
    /// Of those that are of no use, the one that comes nearest.
    passed_over: Option<PassedOver>,
    /// The last second before one of those may be of use.
    until: Option<Time>,
}

impl Found<'_> {
    fn pass_over(&mut self, list: &List, fault: ListFault) {
        let known = self.passed_over.as_ref();
        if known.is_none_or(|known| known.fault.weight() < fault.weight()) {
            self.passed_over = Some(PassedOver {
                issuer: list.issuer().to_vec(),
                fault,
            });
        }
    }
}

impl<'a> Verification<'a> {
    /// The revocation status of the first certificates of a path whose signatures hold, and the time in which it stays so. The anchor is
    /// never checked; the certificates nearest to it come first, as their keys vouch for the others.
    pub(super) fn check_revocation(
        &mut self,
        path: &[Step<'a>],
    ) -> Result<(Vec<RevocationStatus>, Window), Failure> {
        let first = path.first().map(|step| step.node);
        let count = match self.policy.revocation.scope {
            RevocationScope::Off => 0,
            RevocationScope::ClientOnly if first != Some(Node::CLIENT) => 0,
            RevocationScope::ClientOnly => 1,
            RevocationScope::WholePath => path.len().saturating_sub(1),
        };
        let mut statuses = Vec::with_capacity(count);
        let mut window = Window::ALWAYS;
        for at in (0..count).rev() {
            let in_path = |(reason, scope)| Failure { at, reason, scope };
            let (status, until) = self.status_at(path, at).map_err(in_path)?;
            statuses.push(status);
            window = window.intersect(Window::to(until));
        }
        statuses.reverse();
        Ok((statuses, window))
    }

    fn status_at(
        &mut self,
        path: &[Step<'a>],
        at: usize,
    ) -> Result<(RevocationStatus, Option<Time>), (Reason, Scope)> {
        let Some(step) = path.get(at) else {
            return Ok((RevocationStatus::NotChecked, None));
        };
        let in_path = |reason| (reason, Scope::Path);
        let mut found = self.find_lists(path, at).map_err(in_path)?;
        // Each is compared with each.
        let count = found.witnesses.len();
        let units = count.saturating_mul(count) / 8;
        let paid = self.budget.pay(units, Work::Revocation);
        paid.map_err(|out| in_path(out.into()))?;
        newest(&mut found.witnesses);
        let (issuer, serial) = (step.certificate.issuer(), step.certificate.serial());
        let status = status_of(&found.witnesses, issuer, serial, self.ages());
        let ended = |until| earliest(until, found.until);
        match status {
            // By lists that count below this anchor; another path may lead to another one.
            Status::Revoked { reason, on } => Err(in_path(Reason::Revoked { reason, on })),
            Status::Circular => Err(in_path(Reason::CircularLists)),
            Status::Good { until, by } => {
                let status = match by {
                    Standing::Good => RevocationStatus::Good,
                    Standing::Stale(since) => RevocationStatus::Stale {
                        since: since.into(),
                    },
                    Standing::Unknown | Standing::Refused | Standing::Undecided => {
                        RevocationStatus::Unknown
                    }
                };
                Ok((status, ended(until)))
            }
            Status::Open {
                stale_since: Some(since),
                ..
            } => Err(in_path(Reason::StaleList {
                fresh_until: since.into(),
                now: self.now,
            })),
            Status::Open {
                stale_since: None,
                until,
            } => match self.unknown_status() {
                UnknownStatus::Allow => Ok((RevocationStatus::Unknown, ended(until))),
                UnknownStatus::Deny => {
                    let mut witnesses = found.witnesses.iter();
                    let partial = witnesses.find(|witness| witness.vouches());
                    if let Some(list) = partial.map(|witness| witness.list) {
                        found.pass_over(list, ListFault::SomeReasons);
                    }
                    let passed_over = found.passed_over;
                    Err(in_path(Reason::RevocationUnknown { passed_over }))
                }
            },
        }
    }

    fn ages(&self) -> Ages {
        Ages {
            now: Time::from(self.now),
            clock_skew: self.policy.expiry.clock_skew,
            stale: match self.judge.measure() {
                Measure::Policy => self.policy.revocation.stale,
                Measure::Revoking => Expired::Accept,
            },
        }
    }

    fn unknown_status(&self) -> UnknownStatus {
        match self.judge.measure() {
            Measure::Policy => self.policy.revocation.unknown,
            Measure::Revoking => UnknownStatus::Allow,
        }
    }

    /// The lists about the certificate at `at` that are authentic.
    fn find_lists(&mut self, path: &[Step<'a>], at: usize) -> Result<Found<'a>, Reason> {
        let mut found = Found::default();
        let Some(step) = path.get(at) else {
            return Ok(found);
        };
        let certificate = step.certificate;
        // The first list of each issuer that was looked at. Only names that a list has are more than looked up.
        let mut seen: Vec<&List> = Vec::new();
        for issuer in [certificate.issuer()]
            .into_iter()
            .chain(other_list_issuers(certificate))
        {
            let units = price::looking_up(issuer);
            self.budget.pay(units, Work::Revocation)?;
            let mut lists = self.store.lists().of_issuer(issuer).peekable();
            match lists.peek() {
                Some(first) if !seen.iter().any(|seen| core::ptr::eq(*seen, *first)) => {
                    seen.push(first);
                }
                _ => continue,
            }
            for list in lists {
                let covers = reasons_covered(list, certificate, self.budget)?;
                if covers.is_empty() {
                    found.pass_over(list, ListFault::Scope);
                    continue;
                }
                self.find_witness(list, covers, path, at, &mut found)?;
            }
        }
        Ok(found)
    }

    /// Adds a list that is about the certificate at `at` to those found, if it is authentic.
    fn find_witness(
        &mut self,
        list: &'a List,
        covers: Reasons,
        path: &[Step<'a>],
        at: usize,
        found: &mut Found<'a>,
    ) -> Result<(), Reason> {
        let ages = self.ages();
        // The verdict may be another one when a list begins to count, and when it is no longer fresh or accepted.
        let begin = ages.begin_of(list);
        let constancy = self.judge.constancy();
        constancy.changes_at(begin);
        constancy.changes_after(Some(ages.fresh_until(list)));
        constancy.changes_after(ages.accepted_until(list));
        if begin > ages.now {
            found.until = earliest(found.until, Some(begin.before()));
            let this_update = list.this_update().to_unix();
            found.pass_over(list, ListFault::Future { this_update });
            return Ok(());
        }
        let signer = match self.find_signer(list, path, at) {
            Ok(signer) => signer,
            Err(Stop::Limit(limit)) => return Err(limit),
            Err(Stop::Fault { fault, until }) => {
                found.until = earliest(found.until, until);
                found.pass_over(list, fault);
                // Somebody's mistake, and no list that is not there: no policy allows that.
                return match fault {
                    ListFault::OtherAlgorithm => Err(Reason::RevocationUnknown {
                        passed_over: found.passed_over.take(),
                    }),
                    _ => Ok(()),
                };
            }
        };
        let fault = match (self.policy.profile, list.form_fault()) {
            (Profile::Rfc5280, Some(rule)) => Some(ListFault::NonConforming(rule)),
            _ if list.is_delta() => Some(ListFault::Delta),
            _ => None,
        };
        if let Some(fault) = fault {
            found.pass_over(list, fault);
        }
        if signer.standing == Standing::Refused {
            found.pass_over(list, ListFault::Issuer);
            found.until = earliest(found.until, signer.until);
        }
        found.witnesses.push(Witness {
            list,
            signer,
            covers: fault.map_or(covers, |_| Reasons::NONE),
            is_conforming: !matches!(fault, Some(ListFault::NonConforming(_))),
        });
        Ok(())
    }
}
