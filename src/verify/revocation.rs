//! The revocation status of the certificates of a path (RFC 5280 §6.3.3).
//!
//! `revocation` knows which lists are about a certificate and what they say. Whether a list is authentic is found out here: its signature
//! must be of a key that is trusted below the same anchor as the path, and that can take a path of its own.

use alloc::vec::Vec;

use super::Verification;
use crate::error::{ListFault, PassedOver, Reason};
use crate::path::{Node, Step};
use crate::policy::{ClientPolicy, Profile, RevocationScope, UnknownStatus};
use crate::revocation::{
    Ages, List, PointComparisons, Signed, Status, TooManyComparisons, Witness, earliest, newest,
    other_list_issuers, reasons_covered, status_of,
};
use crate::validate::{Failure, Role, Scope, Window};
use crate::verified::RevocationStatus;
use crate::x509::{Certificate, Time, is_same_name};

/// How many issuers of lists may rest on each other's lists. Real ones rest on none but their own.
const MAX_NESTED: usize = 4;

/// What was found out about issuers of lists that are not CAs of the path, so as not to find it out twice.
pub(super) struct ListIssuers {
    known: Vec<KnownIssuer>,
    /// Those whose own paths are being judged. Their lists count already: a CA may leave it to the issuer of its lists to
    /// say that it is not revoked itself, as it does if that is the only one (PKITS 4.4.19, 4.14.30).
    in_progress: Vec<Node>,
    comparisons: PointComparisons,
}

struct KnownIssuer {
    node: Node,
    anchor: Node,
    /// The time in which it has a path to that anchor, if it has one.
    window: Option<Window>,
}

impl ListIssuers {
    pub(super) fn new(policy: &ClientPolicy) -> Self {
        Self {
            known: Vec::new(),
            in_progress: Vec::new(),
            comparisons: PointComparisons::new(policy.limits.name_comparisons),
        }
    }
}

/// Why a status is not found: for a fault of the list, or because a limit was reached.
enum Stop {
    Fault(ListFault),
    Limit(Reason),
}

impl From<Reason> for Stop {
    fn from(limit: Reason) -> Self {
        Self::Limit(limit)
    }
}

impl From<TooManyComparisons> for Reason {
    fn from(TooManyComparisons { limit }: TooManyComparisons) -> Self {
        Self::DistributionPointLimit { limit }
    }
}

/// The lists about a certificate.
#[derive(Default)]
struct Found<'a> {
    witnesses: Vec<Witness<'a>>,
    /// Of those that are of no use, the one that comes nearest.
    passed_over: Option<PassedOver>,
    /// When the first of those that are from the future begins.
    next: Option<Time>,
}

impl<'a> Found<'a> {
    fn pass_over(&mut self, list: &List, fault: ListFault) {
        let known = self.passed_over.as_ref();
        if known.is_none_or(|known| known.fault.weight() < fault.weight()) {
            self.passed_over = Some(PassedOver {
                issuer: list.issuer().to_vec(),
                fault,
            });
        }
    }

    /// Whether a list is of its time and form; otherwise why not.
    fn is_usable(&mut self, list: &'a List, ages: Ages, profile: Profile) -> bool {
        let begin = ages.begin_of(list);
        if let Some(rule) = list.form_fault()
            && profile == Profile::Rfc5280
        {
            self.pass_over(list, ListFault::NonConforming(rule));
            return false;
        }
        if begin > ages.now {
            self.next = earliest(self.next, Some(begin));
            let this_update = list.this_update().to_unix();
            self.pass_over(list, ListFault::Future { this_update });
            return false;
        }
        true
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
            let (status, until) = self.status_at(path, at)?;
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
    ) -> Result<(RevocationStatus, Option<Time>), Failure> {
        let in_path = |reason| Failure {
            at,
            reason,
            scope: Scope::Path,
        };
        let Some(step) = path.get(at) else {
            return Ok((RevocationStatus::NotChecked, None));
        };
        let certificate = step.certificate;
        let ages = self.ages();
        let mut found = self.find_lists(path, at).map_err(in_path)?;
        newest(&mut found.witnesses);
        for index in 0..found.witnesses.len() {
            let delta = self.find_delta(&mut found, index).map_err(in_path)?;
            if let Some(witness) = found.witnesses.get_mut(index) {
                witness.delta = delta;
            }
        }
        let status = status_of(
            &found.witnesses,
            certificate.issuer(),
            certificate.serial(),
            ages,
        );
        // What is from the future now may say something else then.
        let before_next = found.next.map(Time::before);
        match status {
            Status::Revoked { reason, on } => Err(Failure {
                at,
                reason: Reason::Revoked { reason, on },
                scope: Scope::Certificate,
            }),
            Status::Good { until, stale_since } => {
                let status =
                    stale_since.map_or(RevocationStatus::Good, |since| RevocationStatus::Stale {
                        since: since.to_unix(),
                    });
                Ok((status, earliest(until, before_next)))
            }
            Status::Open {
                stale_since: Some(since),
                ..
            } => Err(in_path(Reason::StaleList {
                next_update: since.to_unix(),
                now: self.now,
            })),
            Status::Open {
                stale_since: None,
                until,
            } => match self.policy.revocation.unknown {
                UnknownStatus::Allow => {
                    Ok((RevocationStatus::Unknown, earliest(until, before_next)))
                }
                UnknownStatus::Deny => {
                    if let Some(partial) = found.witnesses.first() {
                        let list = partial.list;
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
            stale: self.policy.revocation.stale,
        }
    }

    /// The verdict may be another one when a list begins to count, and when it is no longer fresh or accepted.
    fn note_changes_of(&mut self, list: &List) {
        let ages = self.ages();
        let constancy = self.judge.constancy();
        constancy.changes_at(ages.begin_of(list));
        constancy.changes_after(Some(ages.fresh_until(list)));
        constancy.changes_after(ages.accepted_until(list));
    }

    /// The complete lists about the certificate at `at` that are authentic.
    fn find_lists(&mut self, path: &[Step<'a>], at: usize) -> Result<Found<'a>, Reason> {
        let mut found = Found::default();
        let Some(step) = path.get(at) else {
            return Ok(found);
        };
        let certificate = step.certificate;
        let ages = self.ages();
        let mut seen: Vec<&List> = Vec::new();
        for issuer in [certificate.issuer()]
            .into_iter()
            .chain(other_list_issuers(certificate))
        {
            self.list_issuers.comparisons.pay()?;
            for list in self.store.lists().of_issuer(issuer) {
                if seen.iter().any(|seen| core::ptr::eq(*seen, list)) {
                    continue;
                }
                seen.push(list);
                if list.is_delta() {
                    found.pass_over(list, ListFault::Delta);
                    continue;
                }
                let covers =
                    reasons_covered(list, certificate, &mut self.list_issuers.comparisons)?;
                if covers.is_empty() {
                    found.pass_over(list, ListFault::Scope);
                    continue;
                }
                self.note_changes_of(list);
                if !found.is_usable(list, ages, self.policy.profile) {
                    continue;
                }
                let above = path.get(at.saturating_add(1)..).unwrap_or_default();
                match self.find_signer(list, above, path) {
                    Ok((signer, signer_until)) => found.witnesses.push(Witness {
                        list,
                        signer,
                        signer_until,
                        covers,
                        delta: None,
                    }),
                    Err(Stop::Fault(fault)) => found.pass_over(list, fault),
                    Err(Stop::Limit(limit)) => return Err(limit),
                }
            }
        }
        Ok(found)
    }

    /// The newest delta list that continues that of a witness and is signed with the same key.
    fn find_delta(
        &mut self,
        found: &mut Found<'a>,
        witness: usize,
    ) -> Result<Option<&'a List>, Reason> {
        let Some((base, signer)) = found
            .witnesses
            .get(witness)
            .map(|witness| (witness.list, witness.signer))
        else {
            return Ok(None);
        };
        let mut newest: Option<&'a List> = None;
        for list in self.store.lists().of_issuer(base.issuer()) {
            let is_newer = newest.is_none_or(|newest| list.is_newer_than(newest));
            if !is_newer || !list.continues(base) {
                continue;
            }
            self.note_changes_of(list);
            if found.is_usable(list, self.ages(), self.policy.profile)
                && self.signatures.verify_list(list, signer)? == Signed::Yes
            {
                newest = Some(list);
            }
        }
        Ok(newest)
    }

    /// Whose key signed a list: that of a CA above the certificate in its path, or of another certificate with the name of the list's issuer that has
    /// a path to the same anchor. And until when it has that.
    fn find_signer(
        &mut self,
        list: &List,
        above: &[Step<'a>],
        path: &[Step<'a>],
    ) -> Result<(Certificate<'a>, Option<Time>), Stop> {
        let mut fault = ListFault::Issuer;
        for step in above {
            if is_same_name(step.certificate.subject(), list.issuer()) {
                match self.check_signer(list, step.certificate) {
                    Ok(()) => return Ok((step.certificate, None)),
                    Err(Stop::Fault(its_fault)) => fault = its_fault,
                    Err(limit) => return Err(limit),
                }
            }
        }
        let Some(anchor) = above.last().map(|anchor| anchor.node) else {
            return Err(Stop::Fault(fault));
        };
        for node in self.other_certificates_of(list, above) {
            let certificate = self.certificate(node);
            // Whose list it is may be known without a path, and without having tried.
            let is_other = list.is_settled()
                && list.signed_by(certificate, &self.policy.signatures) != Signed::Yes;
            if is_other || !may_sign_lists(certificate) {
                continue;
            }
            self.signatures.remember(path);
            let Some(window) = self.window_of_issuer(node, anchor)? else {
                continue;
            };
            match self.check_signer(list, certificate) {
                Ok(()) => return Ok((certificate, window.until())),
                Err(Stop::Fault(its_fault)) => fault = its_fault,
                Err(limit) => return Err(limit),
            }
        }
        Err(Stop::Fault(fault))
    }

    /// Whether a certificate, whose key is trusted, signed a list and may do so (§6.3.3 (f) and (g)).
    fn check_signer(&mut self, list: &List, certificate: Certificate<'_>) -> Result<(), Stop> {
        if !may_sign_lists(certificate) {
            return Err(Stop::Fault(ListFault::KeyUsage));
        }
        match self.signatures.verify_list(list, certificate)? {
            Signed::Yes => Ok(()),
            Signed::Unsupported => Err(Stop::Fault(ListFault::Algorithm)),
            Signed::No | Signed::Untried => Err(Stop::Fault(ListFault::Signature)),
        }
    }

    /// The certificates with the name of a list's issuer, presented and of the store, that are neither the client's nor anchors nor in `above`.
    fn other_certificates_of(&self, list: &List, above: &[Step<'_>]) -> Vec<Node> {
        let presented = (1..self.presented.len())
            .filter(|index| is_same_name(self.presented.get(*index).subject(), list.issuer()))
            .map(Node::Presented);
        let certificates = self.store.certificates();
        let stored = certificates
            .find(list.issuer(), list.issuer_key())
            .into_iter()
            .flat_map(|name| certificates.with_subject(name))
            .filter_map(|place| certificates.at(place))
            .filter(|index| !certificates.is_anchor(*index))
            .map(Node::Intermediate);
        presented
            .chain(stored)
            .filter(|node| above.iter().all(|step| step.node != *node))
            .collect()
    }

    fn certificate(&self, node: Node) -> Certificate<'a> {
        match node {
            Node::Presented(index) => self.presented.get(index),
            Node::Intermediate(index) | Node::Anchor(index) => self.store.certificates().get(index),
        }
    }

    /// The time in which an issuer of lists has a path to `anchor`, if it has one (§6.3.3 (f)).
    fn window_of_issuer(&mut self, node: Node, anchor: Node) -> Result<Option<Window>, Reason> {
        let issuers = &mut self.list_issuers;
        if issuers.in_progress.contains(&node) {
            return Ok(Some(Window::ALWAYS));
        }
        let mut known = issuers.known.iter();
        if let Some(known) = known.find(|known| (known.node, known.anchor) == (node, anchor)) {
            return Ok(known.window);
        }
        if issuers.in_progress.len() >= MAX_NESTED {
            return Ok(None);
        }
        let known_before = issuers.known.len();
        issuers.in_progress.push(node);
        let mut search = self.search(node);
        let outcome = self.find(&mut search, Role::ListIssuer, Some(anchor))?;
        let window = outcome.ok().map(|held| held.window);

        let issuers = &mut self.list_issuers;
        issuers.in_progress.pop();
        if window.is_none() {
            // What was found out meanwhile may rest on this issuer's lists.
            issuers.known.truncate(known_before);
        }
        issuers.known.push(KnownIssuer {
            node,
            anchor,
            window,
        });
        Ok(window)
    }
}

/// §6.3.3 (f): cRLSign, where there is a keyUsage.
fn may_sign_lists(certificate: Certificate<'_>) -> bool {
    certificate.key_usage().is_none_or(|usage| usage.crl_sign())
}
