//! One verification, for both sides.

use std::sync::Arc;
use std::time::Duration;

use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use mtls_verify::policy::{Memory, SignatureAlgorithms};
use mtls_verify::store::Scope;
use mtls_verify::{
    ClientPolicy, ClientVerifier, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};
use webpki::{
    CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage, RevocationCheckDepth,
    RevocationOptionsBuilder, UnknownStatusPolicy, anchor_from_trusted_cert,
};

use crate::signatures::{self, Algorithms, Signature};

/// 2026-06-01T00:00:00Z, in the middle of a client's validity.
pub const NOW: u64 = 1_780_272_000;

/// 2027-06-01T00:00:00Z, after a client's validity.
pub const AFTER: u64 = NOW + 365 * 86_400;

/// A store, a chain, a time and a policy; the same for `webpki`; and the signatures that a path
/// takes.
pub struct Case {
    store: TrustStore,
    anchors: Vec<TrustAnchor<'static>>,
    chain: Vec<CertificateDer<'static>>,
    now: UnixTime,
    policy: ClientPolicy,
    algorithms: Algorithms,
    signatures: Vec<Signature>,
    /// Of the two CAs of a path; without, `webpki` checks no revocation.
    webpki_crls: Option<Arc<[CertRevocationList<'static>; 2]>>,
}

/// What is expected of both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The client is accepted.
    Accepted,
    /// The client is refused.
    Refused,
}

impl Case {
    /// `chain` (the client first) against `anchors`, at [`NOW`], under the default policy.
    ///
    /// # Panics
    ///
    /// If one of the anchors is not a good CA to both sides.
    pub fn new(anchors: &[Vec<u8>], chain: &[Vec<u8>]) -> Self {
        let mut builder = TrustStore::builder();
        for anchor in anchors {
            builder
                .add_ca_der(&CertificateDer::from(anchor.as_slice()))
                .expect("a good CA");
        }
        let anchor = |der: &Vec<u8>| owned_anchor(&CertificateDer::from(der.as_slice()));
        Self {
            store: builder.build().expect("a good store"),
            anchors: anchors.iter().map(anchor).collect(),
            chain: chain.iter().cloned().map(CertificateDer::from).collect(),
            now: at_second(NOW),
            policy: ClientPolicy::default(),
            algorithms: DEFAULT_ALGORITHMS,
            signatures: Vec::new(),
            webpki_crls: None,
        }
    }

    /// With the signatures of the path, for [`Case::verify_signatures`].
    pub fn with_signatures(mut self, signatures: Vec<Signature>) -> Self {
        self.signatures = signatures;
        self
    }

    /// With the anchors in scopes of so many each, for our side.
    ///
    /// # Panics
    ///
    /// If one of the anchors is not a good CA.
    pub fn in_scopes(self, anchors: &[Vec<u8>], of_scope: usize) -> Self {
        let mut builder = TrustStore::builder();
        for (number, anchors) in anchors.chunks(of_scope).enumerate() {
            let mut store = TrustStore::builder();
            for anchor in anchors {
                store.add_ca_der(anchor).expect("a good CA");
            }
            let store = store.build().expect("a good store");
            let scope = Scope::new(&format!("tenant {number}"), store).expect("a good scope");
            builder.add_scope(scope).expect("a name of its own");
        }
        self.with_store(builder.build().expect("a good store"))
    }

    /// With another store, for our side.
    pub(crate) fn with_store(mut self, store: TrustStore) -> Self {
        self.store = store;
        self
    }

    /// With CRLs by which `webpki` checks the whole path; unknown status is denied and so are
    /// stale CRLs, as ours does.
    pub(crate) fn with_webpki_crls(mut self, crls: Arc<[CertRevocationList<'static>; 2]>) -> Self {
        self.webpki_crls = Some(crls);
        self
    }

    pub(crate) fn algorithms(&self) -> Algorithms {
        self.algorithms
    }

    /// Under another policy, for our side; `webpki` has none. Its algorithms stay those of the
    /// case.
    pub fn with_policy(mut self, policy: ClientPolicy) -> Self {
        self.policy = policy.with_signatures(SignatureAlgorithms::new(self.algorithms));
        self
    }

    /// At another time.
    pub fn at_second(mut self, second: u64) -> Self {
        self.now = at_second(second);
        self
    }

    /// With algorithms that say yes at once, on both sides: the cost of everything but signatures.
    pub fn saying_yes(mut self) -> Self {
        self.signatures.clear();
        self.algorithms = signatures::saying_yes();
        self.policy = self
            .policy
            .with_signatures(SignatureAlgorithms::new(self.algorithms));
        self
    }

    /// Our side.
    pub fn ours(&self) -> Result<VerifiedClient, VerifyError> {
        verify_client_chain(&self.store, &self.chain, self.now, &self.policy)
    }

    /// Our side with a memory, in which this chain has been verified.
    ///
    /// # Panics
    ///
    /// If the chain is refused.
    pub fn remembering(&self, memory: Memory) -> ClientVerifier {
        let policy = self.policy.clone().with_memory(memory);
        let verifier = ClientVerifier::new(Arc::new(self.store.clone()), policy);
        self.ours_by(&verifier).expect("accepted");
        verifier
    }

    /// Our side with the memory of `verifier`.
    pub fn ours_by(&self, verifier: &ClientVerifier) -> Result<VerifiedClient, VerifyError> {
        verifier.verify(&self.chain, self.now)
    }

    /// The SHA-256 of the chain's bytes.
    pub fn sha256(&self) -> [u8; 32] {
        signatures::sha256(&self.chain)
    }

    /// The other side, with the same algorithms.
    pub fn webpki(&self) -> Result<(), webpki::Error> {
        let (client, intermediates) = self.chain.split_first().expect("a client");
        let client = EndEntityCert::try_from(client)?;
        let crls = self.webpki_crls.as_deref().map(<[_; 2]>::each_ref);
        let revocation = crls.as_ref().map(|crls| {
            RevocationOptionsBuilder::new(crls)
                .expect("two CRLs")
                .with_depth(RevocationCheckDepth::Chain)
                .with_status_policy(UnknownStatusPolicy::Deny)
                .with_expiration_policy(ExpirationPolicy::Enforce)
                .build()
        });
        client.verify_for_usage(
            self.algorithms,
            &self.anchors,
            intermediates,
            self.now,
            KeyUsage::client_auth(),
            revocation,
            None,
        )?;
        Ok(())
    }

    /// The signatures that every verifier has to verify, and nothing else.
    ///
    /// # Panics
    ///
    /// If one does not hold.
    pub fn verify_signatures(&self) {
        for signature in &self.signatures {
            signature.verify().expect("a signature that holds");
        }
    }

    /// How many signatures [`Case::verify_signatures`] verifies.
    pub fn signature_count(&self) -> usize {
        self.signatures.len()
    }

    /// Makes sure that what is measured is what is meant.
    ///
    /// # Panics
    ///
    /// If either side comes to another outcome.
    pub fn check(&self, outcome: Outcome) {
        let is_accepted = outcome == Outcome::Accepted;
        let (ours, theirs) = (self.ours(), self.webpki());
        assert_eq!(ours.is_ok(), is_accepted, "ours: {ours:?}");
        assert_eq!(theirs.is_ok(), is_accepted, "webpki: {theirs:?}");
        self.verify_signatures();
    }

    /// The policy of our side.
    pub fn policy(&self) -> &ClientPolicy {
        &self.policy
    }

    /// What is presented, the client first.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// When it is verified.
    pub fn now(&self) -> UnixTime {
        self.now
    }

    /// The store of our side.
    pub fn store(&self) -> &TrustStore {
        &self.store
    }
}

/// The anchors of a PEM bundle, as a server with `webpki` keeps them.
///
/// # Panics
///
/// If one is not good.
pub fn webpki_anchors(pem: &[u8]) -> Vec<TrustAnchor<'static>> {
    CertificateDer::pem_slice_iter(pem)
        .map(|der| owned_anchor(&der.expect("PEM")))
        .collect()
}

fn owned_anchor(der: &CertificateDer<'_>) -> TrustAnchor<'static> {
    let anchor = anchor_from_trusted_cert(der).expect("a good CA");
    anchor.to_owned()
}

fn at_second(second: u64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(second))
}
