//! A verifier that remembers: [`ClientVerifier`].

mod counters;
mod crls_before;
#[cfg(feature = "tracing")]
mod decision;

use alloc::sync::Arc;
use core::fmt;

use arc_swap::ArcSwap;
use pki_types::{CertificateDer, UnixTime};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Options, OptionsBuilder, UnitWeighter, Weighter};

use crate::crypto::Sha256;
use crate::engine::{KnownSignatures, verify_with};
use crate::error::{ReplaceStoreError, VerifyError};
use crate::policy::ClientPolicy;
use crate::store::TrustStore;
use crate::validate::StableInterval;
use crate::verified_client::VerifiedClient;
use crate::x509::Time;

pub use counters::Counts;

use counters::Counters;
use crls_before::CrlsBefore;

/// A store, a policy, and what was verified under them. `Send + Sync`: one for all threads of a
/// server, behind an `Arc`.
///
/// Its verdicts are those of [`verify_client_chain`](crate::verify_client_chain). It only does not
/// do twice what it has done before. The same chain costs one SHA-256 of its bytes while it is
/// remembered, until a certificate or CRL that was looked at begins or ceases to be valid. The
/// signatures of CAs are not verified again for each of their clients. Refusals and pinned clients
/// are not remembered. [`Memory`](crate::policy::Memory) bounds what it remembers.
///
/// ```
/// use std::sync::Arc;
/// use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use mtls_verify::pki_types::{CertificateDer, UnixTime, pem::PemObject};
/// # let ca_pem = include_bytes!("../testdata/example/ca.pem");
/// # let chain: Vec<_> = CertificateDer::pem_slice_iter(include_bytes!("../testdata/example/chain.pem")).collect::<Result<_, _>>()?;
/// # let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000));
/// let store = TrustStore::from_pem(ca_pem)?;
/// let verifier = ClientVerifier::new(Arc::new(store), ClientPolicy::default());
/// let client = verifier.verify(&chain, now)?;
/// let again = verifier.verify(&chain, now)?; // from memory
/// # assert_eq!(client.certificate(), again.certificate());
///
/// // While it is in use: verifications under way end with what they began with.
/// verifier.replace_store(Arc::new(TrustStore::from_pem(ca_pem)?))?;
/// verifier.replace(Arc::new(TrustStore::from_pem(ca_pem)?), ClientPolicy::default())?;
/// # Ok(())
/// # }
/// ```
///
/// # Events
///
/// With the feature `tracing` each decision is an event of the target `mtls_verify`: refusals at
/// INFO, verified clients at DEBUG. Its fields:
///
/// - `code`: the [`Code`](crate::error::Code), or `Verified`; `reason`, of refusals:
///   [`Reason::name`](crate::error::Reason::name);
/// - `subject`, `serial`, `fingerprint` (SHA-256 in hexadecimal digits) of the client's
///   certificate, which are claims of a refused client;
/// - `presented`, of refusals: how many certificates; `depth`: how many certificates the path has
///   above the client's; `from_memory`.
pub struct ClientVerifier {
    /// What changes together: memory is worth nothing under another store or policy, and nobody is
    /// judged by a store and the policy of another one.
    state: ArcSwap<State>,
    counters: Counters,
}

struct State {
    store: Arc<TrustStore>,
    policy: Arc<ClientPolicy>,
    /// Which CRLs the store has, or one before it had.
    crls: CrlsBefore,
    chains: Option<Cache<[u8; 32], Remembered, WeighChain>>,
    signatures: Option<SignatureMemory>,
}

/// A chain that was verified, and when it would be verified with the same outcome.
#[derive(Clone)]
struct Remembered {
    client: VerifiedClient,
    stable: StableInterval,
}

/// Where a verdict comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Memory,
    Verification,
}

impl ClientVerifier {
    /// A verifier that remembers nothing yet.
    pub fn new(store: Arc<TrustStore>, policy: ClientPolicy) -> Self {
        let state = State::new(store, Arc::new(policy), CrlsBefore::default());
        Self {
            state: ArcSwap::from_pointee(state),
            counters: Counters::new(),
        }
    }

    /// Verifies the chain that a client presented, as
    /// [`verify_client_chain`](crate::verify_client_chain) does with this verifier's store and
    /// policy.
    ///
    /// # Errors
    /// As for [`verify_client_chain`](crate::verify_client_chain). Refusals are never remembered.
    pub fn verify(
        &self,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<VerifiedClient, VerifyError> {
        self.verify_within(None, chain, now)
    }

    /// As [`verify`](Self::verify), with paths to the anchors of these scopes alone. Memory is kept
    /// apart for each set of scopes.
    ///
    /// # Errors
    /// As for [`verify_client_chain_in`](crate::verify_client_chain_in).
    pub fn verify_in(
        &self,
        scopes: &[&str],
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<VerifiedClient, VerifyError> {
        self.verify_within(Some(scopes), chain, now)
    }

    fn verify_within(
        &self,
        scopes: Option<&[&str]>,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<VerifiedClient, VerifyError> {
        let state = self.state.load();
        let outcome = state.decide(scopes, chain, now);
        match &outcome {
            Ok((_, Origin::Verification)) => self.counters.count_verified(),
            Ok((_, Origin::Memory)) => self.counters.count_memory_hit(),
            Err(refusal) => self.counters.count_refused(refusal.code()),
        }
        #[cfg(feature = "tracing")]
        decision::tell(chain, &state.policy.limits, &outcome);
        outcome.map(|(client, _)| client)
    }

    /// Counts a refusal that was decided after the chain was verified, and tells its event.
    #[cfg(feature = "rustls")]
    pub(crate) fn count_refusal(&self, client: &CertificateDer<'_>, refusal: &VerifyError) {
        self.counters.count_refused(refusal.code());
        #[cfg(feature = "tracing")]
        decision::tell_refused(Some(client), None, &self.policy().limits, refusal);
        #[cfg(not(feature = "tracing"))]
        let _ = client;
    }

    /// Takes another store, and forgets what was verified under the one before. The policy stays.
    /// Verifications under way are not waited for; they end with the store that they began with.
    ///
    /// # Errors
    /// The store in use stays, so that a file that is empty or missing after a reload lets nobody
    /// in:
    ///
    /// - [`ReplaceStoreError::NoCrls`] if the store in use, or one before it, has CRLs and the new
    ///   one has none, under
    ///   [`RevocationPolicy::auto`](crate::policy::RevocationPolicy::auto) and under every policy
    ///   that checks revocation and allows unknown status;
    /// - [`ReplaceStoreError::IssuerWithoutCrl`] if an issuer had a CRL in the store in use or one
    ///   before it and has none in the new one, under
    ///   [`UnknownStatus::AllowUnpublished`](crate::policy::UnknownStatus::AllowUnpublished); but
    ///   for CAs that were taken out of the store.
    ///
    /// Each scope of the store is held to what it had itself, by its name and its own policy. A
    /// scope that is gone takes its CRLs with it.
    ///
    /// To go on without these CRLs, make a new verifier.
    ///
    /// A store that is made of [`store`](Self::store), as by
    /// [`TrustStore::with_deny_list`](crate::TrustStore::with_deny_list), undoes what was replaced
    /// meanwhile. Let one thread do all of that.
    pub fn replace_store(&self, store: Arc<TrustStore>) -> Result<(), ReplaceStoreError> {
        self.replace_state(store, None)
    }

    /// Takes another store and another policy in one step, and forgets what was verified under
    /// those before. No client is judged by the one and not the other: verifications under way end
    /// with the store and the policy that they began with. Its [`counts`](Self::counts) go on.
    ///
    /// # Errors
    /// As for [`replace_store`](Self::replace_store), under the new policy and under the one in
    /// use, and both stay in use then. So a file of CRLs that is empty is an error also where the
    /// new policy does not check revocation. To do without CRLs, replace the policy first, with a
    /// store that still has them.
    pub fn replace(
        &self,
        store: Arc<TrustStore>,
        policy: ClientPolicy,
    ) -> Result<(), ReplaceStoreError> {
        self.replace_state(store, Some(Arc::new(policy)))
    }

    /// Without a policy, the one in use stays.
    fn replace_state(
        &self,
        store: Arc<TrustStore>,
        policy: Option<Arc<ClientPolicy>>,
    ) -> Result<(), ReplaceStoreError> {
        let mut current = self.state.load();
        loop {
            let policy = policy.as_ref().unwrap_or(&current.policy);
            let crls = current.crls.under(&current.store, &store);
            crls.check((&current.store, &current.policy), (&store, policy))?;
            let (store, policy) = (Arc::clone(&store), Arc::clone(policy));
            let next = Arc::new(State::new(store, policy, crls));
            let found = self.state.compare_and_swap(&*current, next);
            // Another thread may have replaced it meanwhile.
            if Arc::ptr_eq(&found, &current) {
                return Ok(());
            }
            current = found;
        }
    }

    /// How often it came to which verdict. Takes no lock, and stops no verification.
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    /// The store.
    pub fn store(&self) -> Arc<TrustStore> {
        Arc::clone(&self.state.load().store)
    }

    /// The policy.
    pub fn policy(&self) -> Arc<ClientPolicy> {
        Arc::clone(&self.state.load().policy)
    }

    /// The store and the policy of one moment: between [`store`](Self::store) and
    /// [`policy`](Self::policy), another thread may replace both.
    pub fn store_and_policy(&self) -> (Arc<TrustStore>, Arc<ClientPolicy>) {
        let state = self.state.load();
        (Arc::clone(&state.store), Arc::clone(&state.policy))
    }
}

impl fmt::Debug for ClientVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (store, policy) = self.store_and_policy();
        f.debug_struct("ClientVerifier")
            .field("store", &store)
            .field("policy", &policy)
            .finish_non_exhaustive()
    }
}

impl State {
    fn decide(
        &self,
        scopes: Option<&[&str]>,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(VerifiedClient, Origin), VerifyError> {
        let time = Time::from(now);
        // Larger chains than are ever verified are not worth a hash.
        let limits = &self.policy.limits;
        let is_small = chain.len() <= limits.presented
            && chain
                .iter()
                .all(|der| der.len() <= limits.certificate_bytes);
        let remembered = self.chains.as_ref().filter(|_| is_small);
        let key = remembered.map(|chains| (chains, digest_of(scopes, chain)));
        if let Some((chains, digest)) = &key
            && let Some(known) = chains.get(digest)
            && known.stable.includes(time)
        {
            return Ok((known.client.at(time), Origin::Memory));
        }
        let signatures = self.signatures.as_ref();
        let (client, stable) = verify_with(
            &self.store,
            scopes,
            chain,
            now,
            &self.policy,
            signatures.map(|memory| memory as &dyn KnownSignatures),
        )?;
        if let (Some((chains, digest)), Some(stable)) = (key, stable) {
            let client = client.clone();
            chains.insert(digest, Remembered { client, stable });
        }
        Ok((client, Origin::Verification))
    }

    /// `crls` are those of the stores before.
    fn new(store: Arc<TrustStore>, policy: Arc<ClientPolicy>, crls: CrlsBefore) -> Self {
        let memory = policy.memory;
        let chain_bytes = memory.chain_bytes;
        let chains = cache_options(chain_bytes / TYPICAL_CHAIN_BYTES, chain_bytes)
            .map(|options| cache(options, WeighChain));
        let signatures = cache_options(memory.signatures, memory.signatures)
            .map(|options| cache(options, UnitWeighter))
            .map(|known| SignatureMemory { known });
        Self {
            crls: crls.and(&store),
            store,
            policy,
            chains,
            signatures,
        }
    }
}

/// How many parts a cache has, each with a lock of its own; small caches have fewer. It is fixed,
/// as the number of processors is found out by reading files.
const CACHE_SHARDS: usize = 64;

/// `None` for a cache that may hold nothing.
fn cache_options(items: usize, capacity: usize) -> Option<Options> {
    if capacity == 0 {
        return None;
    }
    let mut options = OptionsBuilder::new();
    options
        .shards(CACHE_SHARDS)
        .estimated_items_capacity(items)
        .weight_capacity(capacity as u64);
    // It fails only without the two capacities.
    options.build().ok()
}

fn cache<T: Clone, W: Weighter<[u8; 32], T> + Clone>(
    options: Options,
    weighter: W,
) -> Cache<[u8; 32], T, W> {
    let (hashes, lifecycle) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
    Cache::with_options(options, weighter, hashes, lifecycle)
}

/// What a client's chain takes in memory, with a leaf, an intermediate and a root of ordinary size.
const TYPICAL_CHAIN_BYTES: usize = 2_048;

#[derive(Clone)]
struct WeighChain;

impl Weighter<[u8; 32], Remembered> for WeighChain {
    fn weight(&self, _: &[u8; 32], remembered: &Remembered) -> u64 {
        remembered.client.bytes() as u64
    }
}

/// The SHA-256 of a chain and the scopes that it is verified in, with the length of each
/// certificate and name, so that no two have the same bytes.
fn digest_of(scopes: Option<&[&str]>, chain: &[CertificateDer<'_>]) -> [u8; 32] {
    let mut digest = Sha256::new();
    if let Some(scopes) = scopes {
        let mut names = scopes.to_vec();
        names.sort_unstable();
        names.dedup();
        // No certificate has such a length.
        digest.update(&u64::MAX.to_be_bytes());
        digest.update(&(names.len() as u64).to_be_bytes());
        for name in names {
            digest.update(&(name.len() as u64).to_be_bytes());
            digest.update(name.as_bytes());
        }
    }
    for certificate in chain {
        digest.update(&(certificate.len() as u64).to_be_bytes());
        digest.update(certificate);
    }
    digest.finish()
}

/// Signatures on CA certificates that were verified, by the SHA-256 of certificate and key.
struct SignatureMemory {
    known: Cache<[u8; 32], ()>,
}

fn digest_of_link(certificate: &[u8], issuer_key: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(&(certificate.len() as u64).to_be_bytes());
    digest.update(certificate);
    digest.update(issuer_key);
    digest.finish()
}

impl KnownSignatures for SignatureMemory {
    fn contains(&self, certificate: &[u8], issuer_key: &[u8]) -> bool {
        let link = digest_of_link(certificate, issuer_key);
        self.known.get(&link).is_some()
    }

    fn insert(&self, certificate: &[u8], issuer_key: &[u8]) {
        let link = digest_of_link(certificate, issuer_key);
        self.known.insert(link, ());
    }
}
