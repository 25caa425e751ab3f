//! A verification by a store with scopes.

use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use pki_types::{CertificateDer, UnixTime};

use super::inquiry::Basis;
use super::signatures::{KnownSignatures, SharedSignatures};
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
/// All of them are judged, so that the result has every scope that accepts, whatever the order. A
/// limit that one of them reaches refuses the client: what scopes accept is known then of some.
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
    let mut possible = standings_of(&presented, store, budget).map_err(out)?;
    if let Some(scopes) = &scopes {
        possible.retain(|standing| scopes.binary_search(standing).is_ok());
    }
    // No path leads anywhere: one place says so.
    if possible.is_empty() {
        possible.push(first);
    }

    let mut basis = Basis::at(Time::from(now));
    let shared = SharedSignatures::default();
    let (mut accepted, mut refused) = (Accepted::default(), None);
    for standing in possible {
        let place = Place::new(store, standing);
        let here = place.store();
        let presented = presented.beside(here.certificates(), budget).map_err(out)?;
        let policy = match place.scope() {
            Some(scope) => scope.policy_under(policy),
            None => Cow::Borrowed(policy),
        };
        let question = Question {
            store: here,
            place: Some(place),
            presented: &presented,
            now,
            policy: &policy,
            known,
            shared: Some(&shared),
            budget,
        };
        match question.verify(&mut basis) {
            Ok(client) => accepted.add(client, place.scope()),
            Err(error) => {
                let error = match place.scope() {
                    Some(scope) => error.in_scope(scope.shared_name()),
                    None => error,
                };
                if error.reason().ends_verification() {
                    return Err(error);
                }
                if refused
                    .as_ref()
                    .is_none_or(|known| explains(known) < explains(&error))
                {
                    refused = Some(error);
                }
            }
        }
    }
    match (accepted.finish(), refused) {
        (Some((client, is_pinned)), _) => Ok((client, (!is_pinned).then_some(basis.stable))),
        (None, Some(error)) => Err(error),
        (None, None) => Err(VerifyError::new(Reason::EmptyChain, None)),
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

/// Where paths of a chain may end: where a CA has the name of an issuer of the chain, and where the
/// client may be pinned. In the order in which they are judged.
fn standings_of(
    presented: &PresentedChain<'_>,
    store: &TrustStore,
    budget: &Budget,
) -> Result<Vec<Standing>, OutOfWork> {
    let index = store.scope_index();
    let mut found = Vec::new();
    let mut add = |standing| {
        budget.pay(price::CANDIDATE, Work::Searching)?;
        found.push(standing);
        Ok::<_, OutOfWork>(())
    };
    for at in 0..presented.len() {
        index
            .with_ca(presented.issuer_key(at))
            .try_for_each(&mut add)?;
    }
    if index.pins_any() {
        let subject = presented.client().subject();
        budget.pay(price::looking_up(subject), Work::Searching)?;
        index
            .with_pinned(name_key(subject))
            .try_for_each(&mut add)?;
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// How much an error explains: that a certificate is revoked, then that nothing but the scope or
/// the identity is wrong, then that a path is refused, and that there is none.
fn explains(error: &VerifyError) -> u8 {
    match error.reason() {
        reason if reason.is_revoked() => 3,
        Reason::OutOfScope { .. } | Reason::TrustDomain(_) | Reason::IdentityNotAccepted => 2,
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
    fn finish(self) -> Option<(VerifiedClient, bool)> {
        let scopes = self
            .scopes
            .iter()
            .map(|scope| scope.shared_name())
            .collect();
        let window = self.window.unwrap_or(Window::ALWAYS);
        let client = self.first?.in_scopes(scopes, window);
        Some((client, self.is_pinned))
    }
}
