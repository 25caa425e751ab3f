//! Which CRLs a store had, so that no store without them takes its place.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::error::ReplaceStoreError;
use crate::policy::{ClientPolicy, RevocationPolicy, RevocationScope, UnknownStatus};
use crate::store::{CrlsSeen, Scope, TrustStore};
use crate::x509::DisplayName;

/// Which CRLs each scope of a store has, or had in a store before it; by its name, and `None` for
/// what stands in no scope.
#[derive(Clone, Default)]
pub(super) struct CrlsBefore(BTreeMap<Option<Arc<str>>, Before>);

#[derive(Clone, Default)]
struct Before {
    crls: CrlsSeen,
    /// The DER of the names of issuers that have a CRL.
    issuers: BTreeSet<Vec<u8>>,
}

impl CrlsBefore {
    /// Those, and what a store has.
    pub(super) fn and(mut self, store: &TrustStore) -> Self {
        let scopes = store.scopes();
        let scopes = scopes.map(|scope| (Some(scope.shared_name()), scope.store()));
        for (place, store) in scopes.chain([(None, store)]) {
            let before = self.0.entry(place).or_default();
            before.crls = before.crls.or(store.crls_seen());
            before.issuers.extend(store.crl_issuers());
        }
        self
    }

    /// Those that a store is to have which takes the place of `current`: without scopes that are
    /// gone, and CAs that are.
    pub(super) fn under(&self, current: &TrustStore, next: &TrustStore) -> Self {
        let mut kept = Self::default();
        for (place, before) in &self.0 {
            let (Some(current), Some(next)) = (at(current, place), at(next, place)) else {
                continue;
            };
            let is_gone = |issuer: &[u8]| current.has_ca(issuer) && !next.has_ca(issuer);
            let mut before = before.clone();
            before.issuers.retain(|issuer| !is_gone(issuer));
            kept.0.insert(place.clone(), before);
        }
        kept
    }

    /// Checks that no scope lets in clients because CRLs are gone, by one of the policies: an
    /// operator asks for a laxer policy, and not for an empty file.
    pub(super) fn check(
        &self,
        (current, policy): (&TrustStore, &ClientPolicy),
        (next, next_policy): (&TrustStore, &ClientPolicy),
    ) -> Result<(), ReplaceStoreError> {
        for (place, before) in &self.0 {
            let (Some(current), Some(next)) = (at(current, place), at(next, place)) else {
                continue;
            };
            let policies = [current.revocation(policy), next.revocation(next_policy)];
            before.check(&policies, current, next)?;
        }
        Ok(())
    }
}

impl Before {
    fn check(
        &self,
        policies: &[RevocationPolicy],
        current: At<'_>,
        next: At<'_>,
    ) -> Result<(), ReplaceStoreError> {
        let lets_in = policies.iter().any(RevocationPolicy::lets_in_without_crls);
        if lets_in && next.lacks(self.crls, current) {
            return Err(ReplaceStoreError::NoCrls);
        }
        let asks_for_published = |asked: &RevocationPolicy| {
            asked.scope != RevocationScope::Off && asked.unknown == UnknownStatus::AllowUnpublished
        };
        if !policies.iter().any(asks_for_published) {
            return Ok(());
        }
        let mut issuers = self.issuers.iter();
        match issuers.find(|issuer| !next.knows_crl_of(issuer)) {
            Some(issuer) => Err(ReplaceStoreError::IssuerWithoutCrl {
                issuer: DisplayName(issuer).to_string(),
            }),
            None => Ok(()),
        }
    }
}

/// What stands in a scope of a store, or in none.
#[derive(Clone, Copy)]
struct At<'a> {
    whole: &'a TrustStore,
    scope: Option<&'a Scope>,
    store: &'a TrustStore,
}

/// `None` if the store has no such scope.
fn at<'a>(whole: &'a TrustStore, place: &Option<Arc<str>>) -> Option<At<'a>> {
    let scope = match place {
        Some(name) => Some(whole.scope(name)?),
        None => None,
    };
    let store = scope.map_or(whole, Scope::store);
    Some(At {
        whole,
        scope,
        store,
    })
}

impl<'a> At<'a> {
    fn revocation(self, policy: &ClientPolicy) -> RevocationPolicy {
        let own = self.scope.and_then(|scope| scope.policy().revocation);
        own.unwrap_or(policy.revocation)
    }

    /// Whether this has no CRLs where `before` has some. What stood in no scope of `current` may
    /// stand in scopes now: then each of these is asked.
    fn lacks(self, before: CrlsSeen, current: At<'_>) -> bool {
        let is_moved = self.scope.is_none() && self.store.anchors().len() == 0;
        let lacks = |store: &TrustStore| store.crls_seen().lacks(before);
        match is_moved && current.store.anchors().len() > 0 {
            true => self.heirs_of(current).any(lacks),
            false => lacks(self.store),
        }
    }

    /// The scopes with an anchor that stood in no scope of `current`, by its name.
    fn heirs_of(self, current: At<'_>) -> impl Iterator<Item = &'a TrustStore> {
        let stores = self.whole.scopes().map(Scope::store);
        stores.filter(move |store| {
            let mut anchors = current.store.anchors();
            anchors.any(|anchor| store.has_ca(anchor.subject_der()))
        })
    }

    /// Whether a CA has this name here. One that stood in no scope may stand in one now.
    fn has_ca(self, name: &[u8]) -> bool {
        self.places().any(|store| store.has_ca(name))
    }

    /// Whether there is a CRL by an issuer of this name, in each place where a CA has it.
    fn knows_crl_of(self, name: &[u8]) -> bool {
        let mut with_ca = self.places().filter(|store| store.has_ca(name)).peekable();
        match with_ca.peek() {
            None => self.store.knows_crl_of(name),
            Some(_) => with_ca.all(|store| store.knows_crl_of(name)),
        }
    }

    fn places(self) -> impl Iterator<Item = &'a TrustStore> {
        let is_everywhere = self.scope.is_none();
        let scopes = self.whole.scopes().filter(move |_| is_everywhere);
        [self.store].into_iter().chain(scopes.map(Scope::store))
    }
}
