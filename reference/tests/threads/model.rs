//! The protocol of `src/client_verifier.rs`, step for step, with the types of `loom`.
//!
//! `arc-swap` is a lock around a pointer here, and `quick_cache` a lock around a map: each of their
//! operations happens at one moment. That they keep this is for them to test. An operation of the
//! model is a point at which another thread may come in. A verifier without memory, or a chain too
//! large to be looked up, is like one whose entries are always gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use loom::sync::Mutex;

/// A store: which issuers have a CRL in it, which have a CA, and whether it lets the clients in.
#[derive(Debug)]
pub(crate) struct Store {
    id: u32,
    cas: BTreeSet<char>,
    crls: BTreeSet<char>,
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

    /// What `verify_client_chain` says: it is a function of the store and the time.
    fn judge(&self, time: u32) -> Verdict {
        Verdict {
            store: self.id,
            interval: Interval::of(time),
            admits: self.admits,
        }
    }
}

/// `StableInterval`: ten units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Interval(u32);

impl Interval {
    fn of(time: u32) -> Self {
        Self(time / 10)
    }

    fn includes(self, time: u32) -> bool {
        Self::of(time) == self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    store: u32,
    interval: Interval,
    admits: bool,
}

impl Verdict {
    pub(crate) fn store(self) -> u32 {
        self.store
    }
}

/// `UnknownStatus`, as far as `replace_store` asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Deny,
    AllowUnpublished,
}

/// What is wrong with the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// `replace_store` keeps the memories of the store before.
    SharedMemory,
    /// `replace_store` swaps the store first, and the memories in a second step.
    StoreSwappedFirst,
    /// `replace_store` swaps the memories first, and the store in a second step.
    MemorySwappedFirst,
    /// `decide` loads the state again for `verify_with`.
    StateLoadedAgain,
    /// `decide` loads the state again for what it inserts into.
    InsertedIntoCurrent,
    /// `decide` keeps the state of the first call.
    StateKept,
    /// `decide` takes what is in memory at any time.
    IntervalIgnored,
    /// `replace_store` swaps whatever is in force.
    SwapWithoutCompare,
    /// `replace_store` compares stores instead of states.
    StoresCompared,
    /// `replace_store` computes the CRL issuers before its loop only.
    IssuersComputedOnce,
    /// `replace_store` checks the CRLs before its loop only.
    CheckedOnce,
    /// `replace_store` tries again with the state of its first try.
    FoundIgnored,
}

/// `quick_cache::sync::Cache`. It may let go of any entry at any moment: `evict`.
struct Cache<T>(Mutex<BTreeMap<u32, T>>);

impl<T: Clone> Cache<T> {
    fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    fn get(&self, key: u32) -> Option<T> {
        self.0.lock().unwrap().get(&key).cloned()
    }

    fn insert(&self, key: u32, value: T) {
        self.0.lock().unwrap().insert(key, value);
    }

    fn evict(&self) {
        self.0.lock().unwrap().clear();
    }
}

/// Both memories of a state. An entry has the store under which it was found out.
struct Memory {
    chains: Cache<Verdict>,
    signatures: Cache<u32>,
}

impl Memory {
    fn new() -> Arc<Self> {
        let (chains, signatures) = (Cache::new(), Cache::new());
        Arc::new(Self { chains, signatures })
    }
}

/// `State`.
pub(crate) struct State {
    store: Arc<Store>,
    crl_issuers: BTreeSet<char>,
    memory: Arc<Memory>,
}

impl State {
    /// `State::new`.
    fn new(store: Arc<Store>, mut crl_issuers: BTreeSet<char>) -> Self {
        crl_issuers.extend(&store.crls);
        let memory = Memory::new();
        Self {
            store,
            crl_issuers,
            memory,
        }
    }

    /// `State::crl_issuers_under`.
    fn crl_issuers_under(&self, next: &Store) -> BTreeSet<char> {
        let is_gone = |issuer: &char| self.store.cas.contains(issuer) && !next.cas.contains(issuer);
        let issuers = self.crl_issuers.iter();
        issuers.filter(|issuer| !is_gone(issuer)).copied().collect()
    }

    pub(crate) fn evict(&self) {
        self.memory.chains.evict();
        self.memory.signatures.evict();
    }
}

/// `arc_swap::ArcSwap`, which also writes down what was in force.
struct ArcSwap(Mutex<Vec<Arc<State>>>);

impl ArcSwap {
    fn load(&self) -> Arc<State> {
        let states = self.0.lock().unwrap();
        Arc::clone(states.last().unwrap())
    }

    fn compare_and_swap(
        &self,
        current: &Arc<State>,
        next: Arc<State>,
        is_same: impl Fn(&Arc<State>, &Arc<State>) -> bool,
    ) -> Arc<State> {
        let mut states = self.0.lock().unwrap();
        let found = Arc::clone(states.last().unwrap());
        if is_same(&found, current) {
            states.push(next);
        }
        found
    }

    /// A moment: the number of the state that is in force.
    fn moment(&self) -> usize {
        self.0.lock().unwrap().len() - 1
    }

    fn since(&self, begin: usize) -> Vec<Arc<State>> {
        self.0.lock().unwrap()[begin..].to_vec()
    }
}

/// `ReplaceStoreError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    NoCrls,
    IssuerWithoutCrl(char),
}

/// `ClientVerifier`.
pub(crate) struct Verifier {
    unknown: Unknown,
    state: ArcSwap,
    fault: Fault,
    kept: Mutex<Option<Arc<State>>>,
}

impl Verifier {
    /// `ClientVerifier::new`.
    pub(crate) fn new(store: &Arc<Store>, unknown: Unknown, fault: Fault) -> Self {
        let state = Arc::new(State::new(Arc::clone(store), BTreeSet::new()));
        Self {
            unknown,
            state: ArcSwap(Mutex::new(vec![state])),
            fault,
            kept: Mutex::new(None),
        }
    }

    /// `ClientVerifier::verify`, and whether its verdict is that of a store in force meanwhile.
    pub(crate) fn verify(&self, chain: u32, time: u32) -> Verdict {
        let begin = self.state.moment();
        let verdict = self.decide(chain, time);
        let in_force = self.state.since(begin);
        assert!(
            in_force
                .iter()
                .any(|state| state.store.judge(time) == verdict),
            "no store in force says {verdict:?} at {time}"
        );
        verdict
    }

    /// `ClientVerifier::decide`.
    pub(crate) fn decide(&self, chain: u32, time: u32) -> Verdict {
        // self.state.load()
        let state = match self.fault {
            Fault::StateKept => {
                let mut kept = self.kept.lock().unwrap();
                Arc::clone(kept.get_or_insert_with(|| self.state.load()))
            }
            _ => self.state.load(),
        };
        // chains.get(digest), known.stable.includes(time)
        if let Some(known) = state.memory.chains.get(chain)
            && (known.interval.includes(time) || self.fault == Fault::IntervalIgnored)
        {
            is_own(&state, known.store);
            return known;
        }
        // verify_with(&state.store, .., signatures)
        let verdict = match self.fault {
            Fault::StateLoadedAgain => verify_with(&self.state.load(), time),
            _ => verify_with(&state, time),
        };
        // chains.insert(digest, ..), of a client that is let in
        if verdict.admits {
            let state = match self.fault {
                Fault::InsertedIntoCurrent => self.state.load(),
                _ => state,
            };
            state.memory.chains.insert(chain, verdict);
        }
        verdict
    }

    /// `ClientVerifier::replace_store`. Returns how often it tried.
    pub(crate) fn replace_store(&self, store: &Arc<Store>) -> (usize, Result<(), Refused>) {
        // self.state.load()
        let mut current = self.state.load();
        let first = Arc::clone(&current);
        for tries in 1.. {
            assert!(tries <= 4, "an endless loop");
            let again = tries > 1;
            // current.crl_issuers_under(&store)
            let issuers = match self.fault {
                Fault::IssuersComputedOnce if again => first.crl_issuers_under(store),
                _ => current.crl_issuers_under(store),
            };
            // self.check_crls(&current.store, &store, &issuers)?
            let checked = check_crls(self.unknown, &current.store, store, &issuers);
            if let Err(refused) = checked
                && !(again && self.fault == Fault::CheckedOnce)
            {
                return (tries, Err(refused));
            }
            // State::new(Arc::clone(&store), issuers, &self.policy)
            let next = State::new(Arc::clone(store), issuers);
            // self.state.compare_and_swap(&*current, next), Arc::ptr_eq(&found, &current)
            match self.swap(&current, next) {
                Ok(()) => return (tries, Ok(())),
                // current = found
                Err(found) if self.fault != Fault::FoundIgnored => current = found,
                Err(_) => {}
            }
        }
        unreachable!()
    }

    /// Fails with what was found.
    fn swap(&self, current: &Arc<State>, mut next: State) -> Result<(), Arc<State>> {
        let is_same = |found: &Arc<State>, current: &Arc<State>| match self.fault {
            Fault::SwapWithoutCompare => true,
            Fault::StoresCompared => Arc::ptr_eq(&found.store, &current.store),
            _ => Arc::ptr_eq(found, current),
        };
        if self.fault == Fault::SharedMemory {
            next.memory = Arc::clone(&current.memory);
        }
        let half = match self.fault {
            Fault::StoreSwappedFirst => Some((&next.store, &current.memory)),
            Fault::MemorySwappedFirst => Some((&current.store, &next.memory)),
            _ => None,
        };
        let half = half.map(|(store, memory)| {
            Arc::new(State {
                store: Arc::clone(store),
                crl_issuers: next.crl_issuers.clone(),
                memory: Arc::clone(memory),
            })
        });
        let mut current = Arc::clone(current);
        for next in half.into_iter().chain([Arc::new(next)]) {
            let found = self
                .state
                .compare_and_swap(&current, Arc::clone(&next), is_same);
            if !is_same(&found, &current) {
                return Err(found);
            }
            current = next;
        }
        Ok(())
    }

    /// `ClientVerifier::store`.
    pub(crate) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.state.load().store)
    }

    /// The state in force, as a cache that evicts entries has it.
    pub(crate) fn state(&self) -> Arc<State> {
        self.state.load()
    }

    pub(crate) fn crl_issuers(&self) -> BTreeSet<char> {
        self.state.load().crl_issuers.clone()
    }

    pub(crate) fn moment(&self) -> usize {
        self.state.moment()
    }

    pub(crate) fn stores_since(&self, begin: usize) -> Vec<Arc<Store>> {
        let states = self.state.since(begin);
        states
            .iter()
            .map(|state| Arc::clone(&state.store))
            .collect()
    }
}

/// A memory may answer for its own store alone.
fn is_own(state: &State, found_out_under: u32) {
    let store = state.store.id;
    assert_eq!(found_out_under, store, "the memory of another store");
}

/// `verify_with`, with the one signature of a CA: `Signatures::verify_one` asks the memory,
/// verifies what is not in it, and inserts that.
fn verify_with(state: &State, time: u32) -> Verdict {
    const LINK: u32 = 0;
    let signatures = &state.memory.signatures;
    match signatures.get(LINK) {
        Some(store) => is_own(state, store),
        None => signatures.insert(LINK, state.store.id),
    }
    state.store.judge(time)
}

/// `ClientVerifier::check_crls`.
fn check_crls(
    unknown: Unknown,
    current: &Store,
    next: &Store,
    issuers: &BTreeSet<char>,
) -> Result<(), Refused> {
    if unknown != Unknown::AllowUnpublished {
        return Ok(());
    }
    if !current.crls.is_empty() && next.crls.is_empty() {
        return Err(Refused::NoCrls);
    }
    match issuers.iter().find(|issuer| !next.crls.contains(issuer)) {
        Some(&issuer) => Err(Refused::IssuerWithoutCrl(issuer)),
        None => Ok(()),
    }
}

/// What stores leave that are replaced one after the other: the CRL issuers that are remembered,
/// and which stores were refused.
pub(crate) fn one_after_the_other(
    unknown: Unknown,
    first: &Arc<Store>,
    stores: &[&Arc<Store>],
) -> (BTreeSet<char>, Vec<(u32, Refused)>) {
    let mut store = first;
    let mut remembered = first.crls.clone();
    let mut refused = Vec::new();
    for next in stores {
        let is_gone = |issuer: &char| store.cas.contains(issuer) && !next.cas.contains(issuer);
        let mut issuers = remembered.clone();
        issuers.retain(|issuer| !is_gone(issuer));
        match check_crls(unknown, store, next, &issuers) {
            Ok(()) => {
                issuers.extend(&next.crls);
                (store, remembered) = (next, issuers);
            }
            Err(error) => refused.push((next.id, error)),
        }
    }
    refused.sort_by_key(|(store, _)| *store);
    (remembered, refused)
}
