//! A verification by a store with scopes.

use alloc::borrow::{Cow, ToOwned};
use alloc::vec::Vec;

use pki_types::{CertificateDer, UnixTime};

use super::inquiry::Basis;
use super::shared::Shared;
use super::signatures::KnownSignatures;
use super::{Question, refuse_client};
use crate::budget::{Budget, OutOfWork, price};
use crate::certificates::CertificateSet;
use crate::error::{Reason, VerifyError, Work};
use crate::path::PresentedChain;
use crate::policy::ClientPolicy;
use crate::store::{Place, Scope, Standing, TrustStore};
use crate::validate::{StableInterval, Window};
use crate::verified_client::{TrustedBy, VerifiedClient};
use crate::x509::{Time, name_key};

/// Verifies the client in each scope that its chain may lead to, and outside of scopes, or in
/// `scopes` alone.
///
/// Places where a CA has the name of an issuer of the chain and another key identifier than it asks
/// for come last, and only if no other one accepts. All others are judged, so that the result has
/// every scope that accepts, whatever the order.
pub(super) fn verify_in_scopes(
    store: &TrustStore,
    scopes: Option<&[&str]>,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
    (policy, known): (&ClientPolicy, Option<&dyn KnownSignatures>),
    budget: &Budget,
) -> Result<(VerifiedClient, Option<StableInterval>), VerifyError> {
    let scopes = scopes.map(|names| standings(store, names)).transpose()?;
    let first = match &scopes {
        None => Standing::UNSCOPED,
        Some(scopes) => *scopes.first().ok_or_else(|| no_such_scope(""))?,
    };
    let nothing = CertificateSet::default();
    let presented = PresentedChain::parse(chain, &nothing, &policy.limits, budget)?;
    let out = |out: OutOfWork| refuse_client(presented.client().subject(), out.into());
    let mut possible = Possible::of(&presented, store, budget).map_err(out)?;
    if let Some(scopes) = &scopes {
        possible.retain(|standing| scopes.binary_search(standing).is_ok());
    }
    let Possible { likely, unlikely } = possible;
    let is_alone = likely.len().saturating_add(unlikely.len()) < 2;

    let asked = Asked {
        store,
        presented: &presented,
        now,
        policy,
        known,
        budget,
        shared: Shared::default(),
        is_alone,
    };
    let mut outcome = Outcome::at(now);
    asked.judge(&likely, &mut outcome);
    if outcome.accepted.first.is_none() {
        asked.judge(&unlikely, &mut outcome);
    }
    // No path leads anywhere: one place says so.
    if likely.is_empty() && unlikely.is_empty() {
        asked.judge(&[first], &mut outcome);
    }
    let Outcome {
        accepted,
        refused,
        basis,
    } = outcome;
    let to_come = match is_alone {
        true => Window::ALWAYS,
        false => asked.shared.until_to_come(),
    };
    match (accepted.finish(to_come), refused) {
        (Some((client, is_pinned)), _) => Ok((client, (!is_pinned).then_some(basis.stable))),
        (None, Some(error)) => Err(error),
        (None, None) => Err(VerifyError::new(Reason::EmptyChain, None)),
    }
}

/// What is asked of each place.
struct Asked<'a> {
    store: &'a TrustStore,
    /// Beside a store of nothing.
    presented: &'a PresentedChain<'a>,
    now: UnixTime,
    policy: &'a ClientPolicy,
    known: Option<&'a dyn KnownSignatures>,
    budget: &'a Budget,
    shared: Shared,
    /// Whether there is one place at most.
    is_alone: bool,
}

/// What came of the places so far.
struct Outcome<'a> {
    accepted: Accepted<'a>,
    refused: Option<VerifyError>,
    basis: Basis,
}

impl Outcome<'_> {
    fn at(now: UnixTime) -> Self {
        Self {
            accepted: Accepted::default(),
            refused: None,
            basis: Basis::at(Time::from(now)),
        }
    }
}

impl<'a> Asked<'a> {
    /// Judges places in order. Each may spend three quarters of what is left, so that a scope that
    /// somebody filled with dear certificates leaves something to the others. One that reaches a
    /// limit refuses, and takes nothing from what others accept.
    fn judge(&self, places: &[Standing], outcome: &mut Outcome<'a>) {
        for standing in places {
            let place = Place::new(self.store, *standing);
            let rest = (!self.is_alone).then(|| self.budget.set_aside());
            let judged = self.judge_one(place, &mut outcome.basis);
            if let Some(rest) = rest {
                self.budget.put_back(rest);
            }
            let error = match judged {
                Ok(client) => {
                    outcome.accepted.add(client, place.scope());
                    continue;
                }
                Err(error) => error,
            };
            let error = match place.scope() {
                Some(scope) => error.in_scope(scope.shared_name()),
                None => error,
            };
            let known = outcome.refused.as_ref();
            if known.is_none_or(|known| explains(known) < explains(&error)) {
                outcome.refused = Some(error);
            }
        }
    }

    fn judge_one(
        &self,
        place: Place<'_>,
        basis: &mut Basis,
    ) -> Result<VerifiedClient, VerifyError> {
        let store = place.store();
        let beside = self.presented.beside(store.certificates(), self.budget);
        let presented = beside.map_err(|out| {
            let subject = self.presented.client().subject();
            refuse_client(subject, out.into())
        })?;
        let policy = match place.scope() {
            Some(scope) => scope.policy_under(self.policy),
            None => Cow::Borrowed(self.policy),
        };
        let question = Question {
            store,
            place: Some(place),
            presented: &presented,
            now: self.now,
            policy: &policy,
            known: self.known,
            shared: Some(&self.shared),
            budget: self.budget,
        };
        let client = question.verify(basis)?;
        // A scope's own rule takes nothing from that of the verification.
        if place.scope().is_some_and(Scope::has_identities) {
            question.check_identities(&client, &self.policy.identities)?;
        }
        Ok(client)
    }
}

/// Where the scopes of these names stand, in order.
fn standings(store: &TrustStore, names: &[&str]) -> Result<Vec<Standing>, VerifyError> {
    let standing = |name: &&str| {
        let found = store.scope_index().standing(name);
        found.ok_or_else(|| no_such_scope(name))
    };
    let mut standings: Vec<Standing> = names.iter().map(standing).collect::<Result<_, _>>()?;
    standings.sort_unstable();
    Ok(standings)
}

fn no_such_scope(name: &str) -> VerifyError {
    let scope = name.to_owned();
    VerifyError::new(Reason::NoSuchScope { scope }, None)
}

/// Where paths of a chain may end, in the order in which places are judged.
#[derive(Default)]
struct Possible {
    /// Where a CA has the name of an issuer of the chain and no other key identifier than the chain
    /// has for it, and where the client may be pinned.
    likely: Vec<Standing>,
    /// Where the key identifiers of all such CAs differ.
    unlikely: Vec<Standing>,
}

impl Possible {
    fn of(
        presented: &PresentedChain<'_>,
        store: &TrustStore,
        budget: &Budget,
    ) -> Result<Self, OutOfWork> {
        let index = store.scope_index();
        let mut possible = Self::default();
        let mut add = |(standing, is_likely)| {
            budget.pay(price::CANDIDATE, Work::Searching)?;
            match is_likely {
                true => possible.likely.push(standing),
                false => possible.unlikely.push(standing),
            }
            Ok::<_, OutOfWork>(())
        };
        for at in 0..presented.len() {
            let wanted = presented.get(at).authority_key_id();
            let mut cas = index.with_ca(presented.issuer_key(at), wanted);
            cas.try_for_each(&mut add)?;
        }
        if index.pins_any() {
            let subject = presented.client().subject();
            budget.pay(price::looking_up(subject), Work::Searching)?;
            for standing in index.with_pinned(name_key(subject)) {
                add((standing, true))?;
            }
        }
        let Self { likely, unlikely } = &mut possible;
        for standings in [&mut *likely, &mut *unlikely] {
            standings.sort_unstable();
            standings.dedup();
        }
        unlikely.retain(|standing| likely.binary_search(standing).is_err());
        Ok(possible)
    }

    fn retain(&mut self, keep: impl Fn(&Standing) -> bool) {
        self.likely.retain(&keep);
        self.unlikely.retain(&keep);
    }
}

/// How much an error explains: that a certificate is revoked, then that nothing but the scope or
/// the identity is wrong, then that a path is refused, and that there is none.
fn explains(error: &VerifyError) -> u8 {
    match error.reason() {
        reason if reason.is_revoked() => 4,
        reason if reason.ends_verification() => 3,
        Reason::OutOfScope { .. } | Reason::TrustDomain(_) | Reason::IdentityNotAccepted { .. } => {
            2
        }
        reason if reason.is_without_path() => 0,
        _ => 1,
    }
}

/// What was accepted in which scopes.
#[derive(Default)]
struct Accepted<'a> {
    first: Option<VerifiedClient>,
    scopes: Vec<&'a Scope>,
    window: Option<Window>,
    /// Whether any of it rests on a pin, so that it is not remembered.
    is_pinned: bool,
}

impl<'a> Accepted<'a> {
    fn add(&mut self, client: VerifiedClient, scope: Option<&'a Scope>) {
        self.is_pinned |= client.trusted_by() == TrustedBy::Pin;
        let window = self.window.unwrap_or(Window::ALWAYS);
        self.window = Some(window.intersect(client.window()));
        self.scopes.extend(scope);
        self.first.get_or_insert(client);
    }

    /// The first that was accepted, and whether any rests on a pin.
    fn finish(self, to_come: Window) -> Option<(VerifiedClient, bool)> {
        let scopes = self
            .scopes
            .iter()
            .map(|scope| scope.shared_name())
            .collect();
        let window = self.window.unwrap_or(Window::ALWAYS).intersect(to_come);
        let client = self.first?.in_scopes(scopes, window);
        Some((client, self.is_pinned))
    }
}
