//! `ClientVerifier`: it says what the pure function says, whatever it remembers, and while its
//! store, or store and policy, are being replaced.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use common::Case;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{AcceptedIdentities, IdentityMatch, Memory, TextMatch};
use mtls_verify::{
    ClientPolicy, ClientVerifier, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};
use testpki::{Cert, Key};

/// All of an outcome that a caller can see.
fn seen(outcome: Result<VerifiedClient, VerifyError>) -> String {
    match outcome {
        Ok(client) => format!(
            "{:?} {:?} {:?} {:?} {:?} {:?}",
            client.path().collect::<Vec<_>>(),
            client.trusted_by(),
            client.expiry(),
            client.valid_until(),
            client.path_revocation().collect::<Vec<_>>(),
            client
                .policies()
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        ),
        Err(refusal) => format!("{refusal:?}"),
    }
}

/// Every case, again and again at times around those at which its certificates and CRLs begin and
/// end, in both directions of time.
#[test]
fn memory_changes_no_verdict_at_any_time() {
    let cases = Case::all();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let compared: usize = std::thread::scope(|scope| {
        let work = |first: usize| {
            let of_worker = cases.iter().skip(first).step_by(workers);
            of_worker.map(ask_at_many_times).sum::<usize>()
        };
        let running: Vec<_> = (0..workers)
            .map(|first| scope.spawn(move || work(first)))
            .collect();
        let counts = running.into_iter().map(|worker| worker.join());
        counts.map(|count| count.expect("they agree")).sum()
    });
    assert!(compared > 10_000, "{compared}");
}

/// How many verdicts were compared.
fn ask_at_many_times(case: &Case) -> usize {
    let Ok(store) = case.store() else { return 0 };
    let (chain, policy) = (case.chain(), case.policy());
    let verifier = ClientVerifier::new(Arc::new(store.clone()), policy.clone());
    let now = case.time();
    let mut times = vec![now.as_secs(), now.as_secs()];
    let mut around =
        |time: u64| times.extend([time.saturating_sub(1), time, time.saturating_add(1)]);
    if let Ok(client) = verify_client_chain(&store, &chain, now, &policy) {
        client
            .valid_until()
            .into_iter()
            .for_each(|until| around(until.as_secs()));
    }
    // The beginnings and ends that most certificates and CRLs of the cases have.
    for time in [
        "2026-01-01T00:00:00Z",
        "2027-01-01T00:00:00Z",
        "2026-07-01T00:00:00Z",
    ] {
        around(common::time(time).as_secs());
    }
    let backwards: Vec<u64> = times.iter().rev().copied().collect();
    let times: Vec<u64> = times.into_iter().chain(backwards).collect();
    for seconds in &times {
        let time = UnixTime::since_unix_epoch(Duration::from_secs(*seconds));
        let pure = verify_client_chain(&store, &chain, time, &policy);
        let remembering = verifier.verify(&chain, time);
        assert_eq!(seen(remembering), seen(pure), "{} at {seconds}", case.name);
    }
    times.len()
}

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn store_of(anchor: &Cert) -> Arc<TrustStore> {
    let store = TrustStore::builder()
        .add_ca_der(&anchor.der())
        .and_then(|builder| builder.build());
    Arc::new(store.expect("a good store"))
}

fn chain_of(anchor: &Cert) -> [CertificateDer<'static>; 2] {
    let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(anchor);
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing);
    [client.der(), issuing.der()].map(CertificateDer::from)
}

fn now() -> UnixTime {
    common::time("2026-06-01T00:00:00Z")
}

/// Another store is another answer at once, and the one before again.
#[test]
fn another_store_is_another_answer() {
    let stranger = Cert::ca("Stranger", &Key::p256("stranger"));
    for memory in [Memory::default(), Memory::OFF] {
        let policy = ClientPolicy::default().with_memory(memory);
        let verifier = ClientVerifier::new(store_of(&root()), policy);
        let chain = chain_of(&root());
        for _ in 0..3 {
            verifier.verify(&chain, now()).expect("verified");
            verifier.verify(&chain, now()).expect("verified");
            verifier.replace_store(store_of(&stranger)).unwrap();
            assert!(verifier.verify(&chain, now()).is_err());
            verifier.replace_store(store_of(&root())).unwrap();
        }
        assert_eq!(verifier.store().anchors().len(), 1);
    }
}

/// Chains are told apart by where their certificates end, too.
#[test]
fn only_exactly_the_same_chain_is_remembered() {
    let verifier = ClientVerifier::new(store_of(&root()), ClientPolicy::default());
    let [client, issuing] = chain_of(&root());
    verifier
        .verify(&[client.clone(), issuing.clone()], now())
        .expect("verified");
    let joined = CertificateDer::from([&client[..], &issuing[..]].concat());
    assert!(verifier.verify(&[joined], now()).is_err());
    assert!(
        verifier
            .verify(std::slice::from_ref(&client), now())
            .is_err()
    );
    let mut changed = client.to_vec();
    *changed.last_mut().expect("not empty") ^= 1;
    let changed = [CertificateDer::from(changed), issuing];
    assert!(verifier.verify(&changed, now()).is_err());
}

/// Four threads verify while the store is replaced a thousand times, by one that trusts the client
/// and one that does not. Each verdict is that of one of them.
#[test]
fn the_store_is_replaced_under_load() {
    let stranger = Cert::ca("Stranger", &Key::p256("stranger"));
    let (ours, theirs) = (store_of(&root()), store_of(&stranger));
    let verifier = ClientVerifier::new(Arc::clone(&ours), ClientPolicy::default());
    let (our_chain, their_chain) = (chain_of(&root()), chain_of(&stranger));
    let (done, verified) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    for chain in [&our_chain, &their_chain] {
                        if let Ok(client) = verifier.verify(chain, now()) {
                            let anchor = client.path().last().expect("an anchor");
                            let right = if chain == &our_chain {
                                root()
                            } else {
                                stranger.clone()
                            };
                            assert_eq!(anchor.as_ref(), right.der());
                            verified.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
        for round in 0..1_000 {
            let store = if round % 2 == 0 { &theirs } else { &ours };
            verifier.replace_store(Arc::clone(store)).unwrap();
            std::thread::yield_now();
        }
        done.store(true, Ordering::Relaxed);
    });
    verifier.verify(&our_chain, now()).expect("the last store");
    assert!(verifier.verify(&their_chain, now()).is_err());
    assert!(verified.load(Ordering::Relaxed) > 0);
}

/// A client of its own anchor that a policy of its own lets in.
struct Pair {
    store: Arc<TrustStore>,
    policy: ClientPolicy,
    chain: [CertificateDer<'static>; 2],
}

impl Pair {
    fn new(name: &str) -> Self {
        let root = Cert::ca(&format!("Root {name}"), &Key::p256(name));
        let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
        let client = Cert::client(name, &Key::p256("alice")).issued_by(&issuing);
        let named = IdentityMatch::CommonName(TextMatch::Exact(name.to_owned()));
        Self {
            store: store_of(&root),
            policy: ClientPolicy::default()
                .with_identities(AcceptedIdentities::rule(named).expect("a rule")),
            chain: [client.der(), issuing.der()].map(CertificateDer::from),
        }
    }
}

/// Four threads verify while store and policy are replaced a thousand times. Under a store with the
/// policy of the other one, each client would be verified and not let in.
#[test]
fn nobody_is_judged_by_one_half() {
    let pairs = ["one", "other"].map(Pair::new);
    let [one, other] = &pairs;
    let mixed = verify_client_chain(&one.store, &one.chain, now(), &other.policy).unwrap_err();
    assert_eq!(mixed.reason().name(), "identity-not-accepted");

    let verifier = ClientVerifier::new(Arc::clone(&one.store), one.policy.clone());
    let (done, verified) = (AtomicBool::new(false), AtomicUsize::new(0));
    let asked = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    for pair in &pairs {
                        let reason = match verifier.verify(&pair.chain, now()) {
                            Ok(_) => "verified",
                            Err(refusal) => refusal.reason().name(),
                        };
                        assert!(["verified", "untrusted-root", "unknown-issuer"].contains(&reason));
                        asked.fetch_add(1, Ordering::Relaxed);
                        let is_verified = reason == "verified";
                        verified.fetch_add(usize::from(is_verified), Ordering::Relaxed);
                        let (store, policy) = verifier.store_and_policy();
                        let its = pairs.iter().find(|pair| Arc::ptr_eq(&pair.store, &store));
                        let its = &its.expect("one of them").policy.identities;
                        assert_eq!(format!("{:?}", policy.identities), format!("{its:?}"));
                    }
                }
            });
        }
        for round in 0..1_000 {
            let next = &pairs[(round + 1) % 2];
            let (store, policy) = (Arc::clone(&next.store), next.policy.clone());
            verifier.replace(store, policy).unwrap();
            std::thread::yield_now();
        }
        done.store(true, Ordering::Relaxed);
    });
    verifier.verify(&one.chain, now()).expect("the last pair");
    assert!(verifier.verify(&other.chain, now()).is_err());
    let verified = verified.into_inner();
    assert!(verified > 0);
    // The counters went on.
    let counts = verifier.counts();
    assert_eq!(
        counts.verified() + counts.refused_total(),
        asked.into_inner() as u64 + 2
    );
}

/// The same store under another policy: nothing that was remembered counts, and a new store keeps
/// the policy.
#[test]
fn another_policy_forgets_what_was_verified() {
    let store = store_of(&root());
    let verifier = ClientVerifier::new(Arc::clone(&store), ClientPolicy::default());
    let chain = chain_of(&root());
    verifier.verify(&chain, now()).expect("verified");
    verifier.verify(&chain, now()).expect("from memory");
    let nobody = || ClientPolicy::default().with_identities(AcceptedIdentities::Nobody);
    verifier.replace(Arc::clone(&store), nobody()).unwrap();
    verifier.verify(&chain, now()).expect_err("nobody");
    verifier.replace_store(store_of(&root())).unwrap();
    verifier.verify(&chain, now()).expect_err("still nobody");
    verifier.replace(store, ClientPolicy::default()).unwrap();
    verifier.verify(&chain, now()).expect("verified anew");
    let counts = verifier.counts();
    assert_eq!((counts.verified(), counts.memory_hits()), (3, 1));
    assert_eq!(counts.refused_total(), 2);
}
