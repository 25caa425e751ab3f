//! Stores, policies and what is said under them; and what replacements come to one after the other.

use std::collections::BTreeSet;
use std::sync::Arc;

/// A store: which issuers have a CRL in it, which have a CA, and whether it lets the clients in.
#[derive(Debug)]
pub(crate) struct Store {
    id: u32,
    pub(crate) cas: BTreeSet<char>,
    pub(crate) crls: BTreeSet<char>,
    admits: bool,
}

impl Store {
    pub(crate) fn new(id: u32, cas: &str, crls: &str) -> Arc<Self> {
        let [cas, crls] = [cas, crls].map(|issuers| issuers.chars().collect());
        let admits = true;
        Arc::new(Self {
            id,
            cas,
            crls,
            admits,
        })
    }

    /// One in which a CRL names all clients.
    pub(crate) fn refusing(id: u32, issuers: &str) -> Arc<Self> {
        let issuers: BTreeSet<_> = issuers.chars().collect();
        let (cas, crls, admits) = (issuers.clone(), issuers, false);
        Arc::new(Self {
            id,
            cas,
            crls,
            admits,
        })
    }

    /// This store and a CRL more, as `TrustStore::with_crls` makes it.
    pub(crate) fn with_crl(&self, id: u32, issuer: char) -> Arc<Self> {
        let (cas, mut crls, admits) = (self.cas.clone(), self.crls.clone(), self.admits);
        crls.insert(issuer);
        Arc::new(Self {
            id,
            cas,
            crls,
            admits,
        })
    }

    pub(crate) fn has_crls(&self, issuers: &str) -> bool {
        issuers.chars().all(|issuer| self.crls.contains(&issuer))
    }

    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// What `verify_client_chain` says: it is a function of the store, the policy and the time.
    pub(crate) fn judge(&self, policy: &Policy, time: u32) -> Verdict {
        Verdict {
            store: self.id,
            policy: policy.id,
            interval: Interval::of(time),
            admits: self.admits,
        }
    }
}

/// A policy: what it asks of CRLs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) id: u32,
    unknown: Unknown,
}

impl Policy {
    pub(crate) fn new(id: u32, unknown: Unknown) -> Arc<Self> {
        Arc::new(Self { id, unknown })
    }
}

/// `StableInterval`: ten units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval(u32);

impl Interval {
    fn of(time: u32) -> Self {
        Self(time / 10)
    }

    pub(crate) fn includes(self, time: u32) -> bool {
        Self::of(time) == self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    store: u32,
    policy: u32,
    pub(crate) interval: Interval,
    pub(crate) admits: bool,
}

impl Verdict {
    pub(crate) fn store(self) -> u32 {
        self.store
    }

    /// The numbers of the store and the policy.
    pub(crate) fn found_under(self) -> (u32, u32) {
        (self.store, self.policy)
    }
}

/// `UnknownStatus`, as far as `replace_store` asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Deny,
    AllowUnpublished,
}

/// `ReplaceStoreError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    NoCrls,
    IssuerWithoutCrl(char),
}

/// `State::check_crls`, by the policy in use and the next one.
pub(crate) fn check_crls(
    policies: [&Arc<Policy>; 2],
    had_crls: bool,
    next: &Store,
    issuers: &BTreeSet<char>,
) -> Result<(), Refused> {
    let asks = |policy: &Arc<Policy>| policy.unknown == Unknown::AllowUnpublished;
    if !policies.into_iter().any(asks) {
        return Ok(());
    }
    if had_crls && next.crls.is_empty() {
        return Err(Refused::NoCrls);
    }
    match issuers.iter().find(|issuer| !next.crls.contains(issuer)) {
        Some(&issuer) => Err(Refused::IssuerWithoutCrl(issuer)),
        None => Ok(()),
    }
}

/// What one thread asks for: a store, and a policy unless the one in use is to stay.
pub(crate) type Replacement = (Arc<Store>, Option<Arc<Policy>>);

/// What replacements leave that come one after the other: the CRL issuers that are remembered, the
/// numbers of store and policy, and which stores were refused.
pub(crate) fn one_after_the_other(
    unknown: Unknown,
    first: &Arc<Store>,
    replacements: &[&Replacement],
) -> Left {
    let (mut store, mut policy) = (first, &Policy::new(0, unknown));
    let mut remembered = first.crls.clone();
    let mut had_crls = !first.crls.is_empty();
    let mut refused = Vec::new();
    for (next, asked) in replacements {
        let is_gone = |issuer: &char| store.cas.contains(issuer) && !next.cas.contains(issuer);
        let mut issuers = remembered.clone();
        issuers.retain(|issuer| !is_gone(issuer));
        let asked = asked.as_ref().unwrap_or(policy);
        match check_crls([policy, asked], had_crls, next, &issuers) {
            Ok(()) => {
                issuers.extend(&next.crls);
                had_crls |= !next.crls.is_empty();
                (store, policy, remembered) = (next, asked, issuers);
            }
            Err(error) => refused.push((next.id, error)),
        }
    }
    refused.sort_by_key(|(store, _)| *store);
    Left {
        crl_issuers: remembered,
        in_use: (store.id, policy.id),
        refused,
    }
}

/// What replacements leave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) crl_issuers: BTreeSet<char>,
    /// The numbers of the store and the policy.
    pub(crate) in_use: (u32, u32),
    pub(crate) refused: Vec<(u32, Refused)>,
}
