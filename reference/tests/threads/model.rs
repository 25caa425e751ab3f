//! The protocol of `src/client_verifier.rs`, step for step, with the types of `loom`.
//!
//! `arc-swap` is a lock around a pointer here, and `quick_cache` a lock around a map: each of their
//! operations happens at one moment. That they keep this is for them to test. An operation of the
//! model is a point at which another thread may come in. A verifier without memory, or a chain too
//! large to be looked up, is like one whose entries are always gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use loom::sync::Mutex;

use crate::stores::{Left, Policy, Refused, Store, Unknown, Verdict, check_crls};

/// What is wrong with the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// `replace_store` keeps the memories of the store before.
    SharedMemory,
    /// `replace_store` swaps the store first, and the memories in a second step.
    StoreSwappedFirst,
    /// `replace` swaps the policy first, and the store with new memories in a second step.
    PolicySwappedFirst,
    /// `decide` loads the state again for the policy.
    PolicyLoadedAgain,
    /// `replace_store` takes the policy that was in force before its loop.
    PolicyTakenOnce,
    /// `replace` checks the CRLs by the new policy alone.
    NewPolicyAlone,
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

/// Both memories of a state. An entry has the store and the policy under which it was found out.
struct Memory {
    chains: Cache<Verdict>,
    signatures: Cache<(u32, u32)>,
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
    policy: Arc<Policy>,
    /// `CrlsSeen`: whether the store has CRLs, or one before it had.
    had_crls: bool,
    crl_issuers: BTreeSet<char>,
    memory: Arc<Memory>,
}

impl State {
    /// `State::new`.
    fn new(
        store: Arc<Store>,
        policy: Arc<Policy>,
        had_crls: bool,
        mut crl_issuers: BTreeSet<char>,
    ) -> Self {
        crl_issuers.extend(&store.crls);
        let memory = Memory::new();
        Self {
            had_crls: had_crls || !store.crls.is_empty(),
            store,
            policy,
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

    /// The numbers of the store and the policy.
    fn pair(&self) -> (u32, u32) {
        (self.store.id(), self.policy.id)
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

/// `ClientVerifier`.
pub(crate) struct Verifier {
    state: ArcSwap,
    fault: Fault,
    kept: Mutex<Option<Arc<State>>>,
}

impl Verifier {
    /// `ClientVerifier::new`.
    pub(crate) fn new(store: &Arc<Store>, unknown: Unknown, fault: Fault) -> Self {
        let policy = Policy::new(0, unknown);
        let state = State::new(Arc::clone(store), policy, false, BTreeSet::new());
        let state = Arc::new(state);
        Self {
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
                .any(|state| state.store.judge(&state.policy, time) == verdict),
            "no store in force says {verdict:?} at {time}"
        );
        verdict
    }

    /// `State::decide`, of the state that `ClientVerifier::verify` loads.
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
            is_own(&state, known.found_under());
            return known;
        }
        // verify_with(&state.store, .., signatures)
        let verdict = match self.fault {
            Fault::StateLoadedAgain => verify_with(&self.state.load(), None, time),
            Fault::PolicyLoadedAgain => {
                let policy = Arc::clone(&self.state.load().policy);
                verify_with(&state, Some(&policy), time)
            }
            _ => verify_with(&state, None, time),
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
        self.replace_state(store, None)
    }

    /// `ClientVerifier::replace`. Returns how often it tried.
    pub(crate) fn replace(
        &self,
        store: &Arc<Store>,
        policy: &Arc<Policy>,
    ) -> (usize, Result<(), Refused>) {
        self.replace_state(store, Some(policy))
    }

    /// `ClientVerifier::replace_state`.
    fn replace_state(
        &self,
        store: &Arc<Store>,
        given: Option<&Arc<Policy>>,
    ) -> (usize, Result<(), Refused>) {
        // self.state.load()
        let mut current = self.state.load();
        let first = Arc::clone(&current);
        for tries in 1.. {
            assert!(tries <= 4, "an endless loop");
            let again = tries > 1;
            // policy.as_ref().unwrap_or(&current.policy)
            let in_use = match self.fault {
                Fault::PolicyTakenOnce => &first.policy,
                _ => &current.policy,
            };
            let policy = Arc::clone(given.unwrap_or(in_use));
            // current.crl_issuers_under(&store)
            let issuers = match self.fault {
                Fault::IssuersComputedOnce if again => first.crl_issuers_under(store),
                _ => current.crl_issuers_under(store),
            };
            // current.check_crls(policy, &store, &issuers)?
            let policies = match self.fault {
                Fault::NewPolicyAlone => [&policy, &policy],
                _ => [&current.policy, &policy],
            };
            let checked = check_crls(policies, current.had_crls, store, &issuers);
            if let Err(refused) = checked
                && !(again && self.fault == Fault::CheckedOnce)
            {
                return (tries, Err(refused));
            }
            // State::new(store, policy, current.crls, issuers)
            let next = State::new(Arc::clone(store), policy, current.had_crls, issuers);
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
            Fault::StoreSwappedFirst => Some((&next.store, &current.policy, &current.memory)),
            Fault::PolicySwappedFirst => Some((&current.store, &next.policy, &Memory::new())),
            Fault::MemorySwappedFirst => Some((&current.store, &current.policy, &next.memory)),
            _ => None,
        };
        let half = half.map(|(store, policy, memory)| {
            Arc::new(State {
                store: Arc::clone(store),
                policy: Arc::clone(policy),
                had_crls: next.had_crls,
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

    /// What is left, with what the threads saw refused.
    pub(crate) fn left(&self, refused: Vec<(u32, Refused)>) -> Left {
        let state = self.state.load();
        Left {
            crl_issuers: state.crl_issuers.clone(),
            in_use: state.pair(),
            refused,
        }
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

/// A memory may answer for its own store and policy alone.
fn is_own(state: &State, found_out_under: (u32, u32)) {
    let own = state.pair();
    assert_eq!(found_out_under, own, "the memory of another store");
}

/// `verify_with`, with the one signature of a CA: `Signatures::verify_one` asks the memory,
/// verifies what is not in it, and inserts that. `other` is a policy that is not the state's.
fn verify_with(state: &State, other: Option<&Policy>, time: u32) -> Verdict {
    const LINK: u32 = 0;
    let policy = other.unwrap_or(&state.policy);
    let signatures = &state.memory.signatures;
    match signatures.get(LINK) {
        Some(found) => is_own(state, found),
        None => signatures.insert(LINK, (state.store.id(), policy.id)),
    }
    state.store.judge(policy, time)
}
