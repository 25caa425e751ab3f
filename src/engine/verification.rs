//! One verification, and how paths are found and judged in it.

use alloc::vec::Vec;

use pki_types::UnixTime;

use super::inquiry::{Basis, Held, Inquiry};
use super::known_signers::KnownSigners;
use super::refusal::Refused;
use super::shared::Shared;
use super::signatures::Signatures;
use crate::budget::{Budget, price};
use crate::error::{Reason, Work};
use crate::identity::{Identity, Names};
use crate::path::{Node, PresentedChain, Search, Step, Stop};
use crate::policy::{Checked, ClientPolicy};
use crate::store::{self, Place, TrustStore};
use crate::validate::{
    Failure, Judge, PathEnd, PolicySet, Role, Scope, Subject, Window, check_accepted, check_denied,
};
use crate::x509::{Time, earliest};

/// One verification: what it is given, and what it has found out and spent so far.
pub(super) struct Verification<'a> {
    pub(super) store: &'a TrustStore,
    pub(super) presented: &'a PresentedChain<'a>,
    pub(super) now: UnixTime,
    pub(super) policy: &'a ClientPolicy,
    /// Which certificates of a path are checked for revocation.
    pub(super) checked: Checked,
    /// Whether what the store found out of CRL signers holds under the policy: it has algorithms
    /// with the same identifiers.
    pub(super) store_speaks_for_signers: bool,
    judge: Judge<'a>,
    pub(super) signatures: Signatures<'a>,
    pub(super) budget: &'a Budget,
    /// Where among the scopes of a store `store` stands, if it has scopes, and what these share.
    pub(super) place: Option<Place<'a>>,
    pub(super) shared: Option<&'a Shared>,
    pub(super) known_signers: KnownSigners,
    to_come: ToCome,
    /// Those that the deny list was found not to deny: paths share certificates, and its digests
    /// cost something.
    not_denied: Vec<Node>,
}

/// Certificates that were refused because they are not yet valid.
#[derive(Default)]
struct ToCome {
    /// How many signatures it may take to find out that paths over them do not hold.
    signatures: u32,
    /// The last second before the first of them is.
    until: Option<Time>,
}

impl<'a> Verification<'a> {
    pub(super) fn new(
        (store, place, shared): (&'a TrustStore, Option<Place<'a>>, Option<&'a Shared>),
        presented: &'a PresentedChain<'a>,
        now: UnixTime,
        policy: &'a ClientPolicy,
        signatures: Signatures<'a>,
        budget: &'a Budget,
    ) -> Self {
        let checked = store.checked_under(policy);
        Self {
            store,
            presented,
            now,
            policy,
            checked,
            store_speaks_for_signers: checked != Checked::Nothing
                && policy.signatures.are_among(store.crl_signatures()),
            judge: Judge::new(now, policy, (store, place), budget),
            signatures,
            budget,
            place,
            shared,
            known_signers: KnownSigners::default(),
            to_come: ToCome::default(),
            not_denied: Vec::new(),
        }
    }

    /// A search for paths that begin with `start`.
    pub(super) fn search(&self, start: Node, end: Option<Node>) -> Search<'a> {
        let loaded = self.store.crl_signatures();
        // Where nobody asks for revocation, CRLs change nothing.
        let is_asked = self.checked != Checked::Nothing;
        // As `Signatures` has it: the path of a client takes the policy's own algorithms.
        let signatures = &self.policy.signatures;
        let counts = || match start {
            Node::CLIENT => signatures.are(loaded),
            _ => self.store_speaks_for_signers,
        };
        let links = Some(self.store.stored_crls().signers());
        Search::new(
            self.store,
            self.presented,
            &self.policy.limits,
            (start, end),
            links.filter(|_| is_asked && counts()),
            self.budget,
        )
    }

    /// Judges the paths of a search until one holds. Otherwise, the failure of the one that got
    /// furthest. The error is a limit that was reached, unless a certificate was found to be
    /// revoked.
    pub(super) fn find(
        &mut self,
        search: &mut Search<'a>,
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<Result<Held, Option<Refused>>, Stop> {
        let mut furthest: Option<Refused> = None;
        // A signer of CRLs that a limit leaves unknown is no signer that is not there.
        let is_client = inquiry.role == Role::Client;
        let stopped = |stop, furthest: Option<Refused>| match furthest {
            Some(refused) if is_client && refused.reason.is_revoked() => Ok(Err(Some(refused))),
            _ => Err(stop),
        };
        loop {
            let path = match search.next_path() {
                Ok(Some(path)) => path,
                Ok(None) => return Ok(Err(furthest)),
                Err(stop) => return stopped(stop, furthest),
            };
            let failure = match self.judge(path, inquiry, basis) {
                Ok(held) => return Ok(Ok(held)),
                Err(failure) => failure,
            };
            if failure.reason.ends_verification() {
                let at = path.get(failure.at);
                let stop = Stop {
                    reason: failure.reason,
                    node: at.map_or(Node::CLIENT, |step| step.node),
                };
                return stopped(stop, furthest);
            }
            if let Some(failed) = path.get(failure.at) {
                self.note_to_come(&failure.reason, failed);
            }
            let refused = Refused::new(failure, path);
            match (refused.scope, refused.issuer) {
                (Scope::Certificate, _) => search.exclude(refused.node),
                (Scope::Issuer, Some(issuer)) => search.exclude_issuer(refused.node, issuer),
                _ => {}
            }
            if furthest
                .as_ref()
                .is_none_or(|best| refused.rank > best.rank)
            {
                furthest = Some(refused);
            }
        }
    }

    fn note_to_come(&mut self, reason: &Reason, step: &Step<'_>) {
        if !matches!(reason, Reason::NotYetValid { .. }) {
            return;
        }
        let longest = u32::try_from(self.policy.limits.intermediates).unwrap_or(u32::MAX);
        // An intermediate also leads to others, which are tried as well.
        let signatures = match step.node {
            Node::Anchor(_) => 1,
            Node::Presented(_) | Node::Intermediate(_) => longest.saturating_add(1),
        };
        let skew = self.policy.expiry.clock_skew.duration();
        let last = step.certificate.not_before().saturating_sub(skew).before();
        let to_come = &mut self.to_come;
        to_come.signatures = to_come.signatures.saturating_add(signatures);
        to_come.until = earliest(to_come.until, Some(last));
        if let Some(shared) = self.shared {
            shared.note_to_come(Some(last));
        }
    }

    /// The time before certificates begin to be valid over which the search might then meet the
    /// limit on signatures.
    pub(super) fn until_limit(&self) -> Window {
        let may_take = self.to_come.signatures;
        match may_take > self.budget.signatures_left() {
            true => Window::to(self.to_come.until),
            false => Window::ALWAYS,
        }
    }

    /// Judges one path: what each certificate says by itself, then signatures, and then what only
    /// trusted keys can ask for and vouch for.
    pub(super) fn judge(
        &mut self,
        path: &[Step<'a>],
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<Held, Failure> {
        let Inquiry {
            role, strictness, ..
        } = inquiry;
        let checked = self
            .judge
            .check_certificates(path, (role, strictness), &mut basis.stable);
        let window = match checked {
            Ok(window) => window,
            Err(failure) => {
                // No signature was paid for, and the search goes on.
                let paid = self.budget.pay(price::REFUSED, Work::Checking);
                return Err(match paid {
                    Ok(()) => failure,
                    Err(out) => Failure {
                        reason: out.into(),
                        ..failure
                    },
                });
            }
        };
        self.signatures.verify(path, role)?;
        // Those of signers of CRLs may lead over the same certificates.
        let is_revocation_checked = self.checked != Checked::Nothing;
        if is_revocation_checked {
            self.signatures.remember(path, role);
        }
        let held = self.judge_signed(path, inquiry, window, basis);
        // And so may the next one.
        if held.is_err() && !is_revocation_checked {
            self.signatures.remember(path, role);
        }
        held
    }

    /// Judges a path whose signatures hold.
    fn judge_signed(
        &mut self,
        path: &[Step<'a>],
        inquiry: Inquiry<'_>,
        window: Window,
        basis: &mut Basis,
    ) -> Result<Held, Failure> {
        self.check_denied(path)?;
        self.judge.check_path(path, inquiry.role)?;
        let (revocation, listed) = self.check_revocation(path, inquiry, basis)?;
        let elsewhere = self.check_other_scopes(path, inquiry, basis)?;
        self.judge.check_scope(path, inquiry.role)?;
        if inquiry.role == Role::Client && self.policy.identities.depends_on_path() {
            self.check_identities(path)?;
        }
        Ok(Held {
            window: window.intersect(listed).intersect(elsewhere),
            revocation,
        })
    }

    /// The client must be one that the policy lets in by this path: another one may do.
    fn check_identities(&self, path: &[Step<'_>]) -> Result<(), Failure> {
        let Some(client) = path.first() else {
            return Ok(());
        };
        let links = || {
            path.iter()
                .map(|step| (step.certificate, step.is_self_issued))
        };
        let asked = &self.policy.certificate_policies;
        let names = self.place.map_or(Names::ALL, Place::names);
        let subject = Subject {
            identity: Identity::new(client.certificate).with_names(names),
            scope: self.place.and_then(Place::scope).map(store::Scope::name),
            policies: &|| PolicySet::of_path(links(), PathEnd::Anchor, asked, Some(self.budget)),
        };
        let checked = check_accepted(&subject, &self.policy.identities, self.budget);
        checked.map_err(|reason| Failure {
            at: 0,
            reason,
            scope: Scope::Path,
        })
    }

    /// No certificate of the path may be on a deny list: the store's, or in a scope also that of
    /// the store as a whole.
    fn check_denied(&mut self, path: &[Step<'_>]) -> Result<(), Failure> {
        let mut denies_any = false;
        for store in self.store.denying(self.place) {
            denies_any |= store.denies_any();
            self.check_denied_by(store, path)?;
        }
        if denies_any {
            self.not_denied.extend(path.iter().map(|step| step.node));
        }
        Ok(())
    }

    fn check_denied_by(&self, store: &TrustStore, path: &[Step<'_>]) -> Result<(), Failure> {
        if !store.denies_any() {
            return Ok(());
        }
        for (at, step) in path.iter().enumerate().rev() {
            if self.not_denied.contains(&step.node) {
                continue;
            }
            check_denied(step.certificate, store, &self.policy.purpose, self.budget).map_err(
                |reason| Failure {
                    at,
                    reason,
                    scope: Scope::Certificate,
                },
            )?;
        }
        Ok(())
    }
}
