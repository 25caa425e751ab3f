//! Policies whose algorithms are other objects than the store's, with the same identifiers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mtls_verify::client::RevocationStatus;
use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::error::{Code, Reason};
use mtls_verify::pki_types::{
    AlgorithmIdentifier, CertificateDer, CertificateRevocationListDer, InvalidSignature,
    SignatureVerificationAlgorithm, UnixTime,
};
use mtls_verify::policy::{RevocationPolicy, SignatureAlgorithms, UnknownStatus};
use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore, VerifyError, verify_client_chain};
use testpki::{Cert, Crl, Extension, Key, KeyUsage, Name};

/// 2026-06-01T00:00:00Z.
fn now() -> UnixTime {
    UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000))
}

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

fn client_of(ca: &Cert, name: &str) -> Cert {
    Cert::client(name, &Key::p256(name)).issued_by(ca)
}

/// A store that says nothing of algorithms, and knows of each CRL who signed it.
fn store(intermediates: &[Cert], crls: &[Crl]) -> Arc<TrustStore> {
    let mut builder = TrustStore::builder();
    builder.add_ca_der(&root().der()).expect("a good CA");
    for intermediate in intermediates {
        let der = CertificateDer::from(intermediate.der());
        builder.add_intermediate_der(&der).expect("a good CA");
    }
    for crl in crls {
        let der = CertificateRevocationListDer::from(crl.der());
        builder.add_crl_der(&der).expect("a good CRL");
    }
    let store = builder.build().expect("a good store");
    assert!(store.crls().all(|crl| crl.is_signed_by_store()));
    Arc::new(store)
}

fn policy(algorithms: SignatureAlgorithms) -> ClientPolicy {
    ClientPolicy::default()
        .with_revocation(RevocationPolicy::whole_path())
        .with_signatures(algorithms)
}

fn present(chain: &[&Cert]) -> Vec<CertificateDer<'static>> {
    chain.iter().map(|cert| cert.der().into()).collect()
}

/// Sets with the default identifiers.
fn others() -> Vec<(&'static str, SignatureAlgorithms)> {
    let provider = rustls::crypto::ring::default_provider();
    let of_rustls = provider.signature_verification_algorithms.all;
    let mut others = vec![
        ("rustls", SignatureAlgorithms::new(of_rustls)),
        ("own", wrapped(|_, outcome| outcome)),
    ];
    #[cfg(feature = "ring")]
    {
        static LISTED: &[&dyn SignatureVerificationAlgorithm] =
            mtls_verify::crypto::RING_ALGORITHMS;
        others.push(("listed", SignatureAlgorithms::new(LISTED)));
        others.push(("ring", SignatureAlgorithms::ring()));
    }
    #[cfg(feature = "aws-lc-rs")]
    others.push(("aws-lc-rs", SignatureAlgorithms::aws_lc_rs()));
    others
}

/// By the function and by a verifier, which remembers: the same.
fn verdict(
    store: &Arc<TrustStore>,
    chain: &[&Cert],
    policy: &ClientPolicy,
) -> Result<Vec<RevocationStatus>, VerifyError> {
    let chain = present(chain);
    let verifier = ClientVerifier::new(Arc::clone(store), policy.clone());
    let verified = verify_client_chain(store, &chain, now(), policy)
        .map(|client| client.path_revocation().collect::<Vec<_>>());
    for _ in 0..2 {
        let again = verifier
            .verify(&chain, now())
            .map(|client| client.path_revocation().collect::<Vec<_>>());
        assert_eq!(again, verified);
    }
    verified
}

/// Neither good clients are refused nor revoked ones accepted.
fn assert_judged(store: &Arc<TrustStore>, good: &[&Cert], revoked: &[&Cert]) {
    for (name, algorithms) in others() {
        let policy = policy(algorithms);
        let status = verdict(store, good, &policy);
        let status = status.unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(status[0], RevocationStatus::Good, "{name}");
        let refusal = verdict(store, revoked, &policy).expect_err("revoked");
        assert_eq!(refusal.code(), Code::ClientCertCrlHit, "{name}: {refusal}");
    }
}

#[test]
fn crls_of_the_store_count_under_other_objects() {
    let [alice, bob] = ["alice", "bob"].map(|name| client_of(&issuing(), name));
    let crls = [Crl::of(&root()), Crl::of(&issuing()).revoke(&bob)];
    let store = store(&[issuing()], &crls);
    assert_judged(&store, &[&alice], &[&bob]);
    assert_judged(&store, &[&alice, &issuing()], &[&bob, &issuing()]);
}

#[test]
fn so_do_those_of_delegates() {
    let key = Key::p256("lists");
    let delegate = Cert::bare(Name::cn("Issuing CA"), &key)
        .extension(Extension::key_usage(&[KeyUsage::CrlSign]))
        .extension(Extension::subject_key_identifier(&key.identifier()))
        .issued_by(&root());
    let [alice, bob] = ["alice", "bob"].map(|name| client_of(&issuing(), name));
    let crls = [Crl::of(&root()), Crl::of(&delegate).revoke(&bob)];
    let store = store(&[issuing(), delegate], &crls);
    assert_judged(&store, &[&alice], &[&bob]);
}

/// A CA has changed its key twenty times, each key certified by the one before. Its CRL is signed
/// with the last one, and its path costs nobody a signature.
#[test]
fn so_do_those_at_the_end_of_a_long_path() {
    let mut generations = vec![Cert::ca("CA", &Key::p256("generation 0")).issued_by(&root())];
    for number in 1..=20 {
        let key = Key::p256(&format!("generation {number}"));
        let next = Cert::ca("CA", &key).issued_by(&generations[number - 1]);
        generations.push(next);
    }
    let [alice, bob] = ["alice", "bob"].map(|name| client_of(&generations[0], name));
    let crls = [Crl::of(&root()), Crl::of(&generations[20]).revoke(&bob)];
    let store = store(&generations, &crls);
    assert_judged(&store, &[&alice], &[&bob]);

    // The same objects know that the root signed the first generation; others find out.
    for (algorithms, signatures) in [(None, 2), (Some(()), 1)] {
        let count: &'static AtomicU32 = Box::leak(Box::default());
        let counting = wrapped(|_, outcome| {
            count.fetch_add(1, Ordering::Relaxed);
            outcome
        });
        let store = match algorithms {
            None => Arc::clone(&store),
            Some(()) => with_algorithms(&generations, &crls, counting.clone()),
        };
        count.store(0, Ordering::Relaxed);
        verify_client_chain(
            &store,
            &present(&[&alice]),
            now(),
            &policy(counting.clone()),
        )
        .expect("not revoked");
        assert_eq!(count.load(Ordering::Relaxed), signatures);
    }
}

fn with_algorithms(
    intermediates: &[Cert],
    crls: &[Crl],
    algorithms: SignatureAlgorithms,
) -> Arc<TrustStore> {
    let mut builder = TrustStore::builder();
    builder
        .crl_signatures(algorithms)
        .add_ca_der(&root().der())
        .expect("a good CA");
    for intermediate in intermediates {
        let der = CertificateDer::from(intermediate.der());
        builder.add_intermediate_der(&der).expect("a good CA");
    }
    for crl in crls {
        let der = CertificateRevocationListDer::from(crl.der());
        builder.add_crl_der(&der).expect("a good CRL");
    }
    Arc::new(builder.build().expect("a good store"))
}

/// What a store knows lets nobody in: the path of a client is for the policy's own objects.
#[test]
fn objects_that_refuse_let_nobody_in() {
    let alice = client_of(&issuing(), "alice");
    let crls = [Crl::of(&root()), Crl::of(&issuing())];
    let store = store(&[issuing()], &crls);
    let of_the_ca = issuing().der();
    for (refusing, position) in [
        (wrapped(|_, _| Err(InvalidSignature)), 1),
        // That of the stored CA alone, which the store has verified.
        (
            wrapped(move |message, outcome| {
                let is_the_cas = of_the_ca.windows(message.len()).any(|part| part == message);
                if is_the_cas {
                    Err(InvalidSignature)
                } else {
                    outcome
                }
            }),
            1,
        ),
        // That of the client alone.
        (
            wrapped(|message, outcome| {
                let is_clients = message.windows(5).any(|part| part == b"alice");
                if is_clients {
                    Err(InvalidSignature)
                } else {
                    outcome
                }
            }),
            0,
        ),
    ] {
        let lax = RevocationPolicy::whole_path().with_unknown(UnknownStatus::Allow);
        for policy in [
            policy(refusing.clone()),
            policy(refusing).with_revocation(lax),
        ] {
            for chain in [&[&alice][..], &[&alice, &issuing()]] {
                let refusal = verdict(&store, chain, &policy).expect_err("refused");
                assert_eq!(*refusal.reason(), Reason::BadSignature, "{refusal}");
                let subject = refusal.certificate().and_then(|about| about.subject());
                let expected = ["CN=alice", "CN=Issuing CA"][position];
                assert_eq!(subject.as_deref(), Some(expected));
            }
        }
    }
}

/// And what a store does not know keeps nobody out: a store whose own objects refuse every
/// signature has links and CRLs that the policy's objects verify.
#[test]
fn objects_of_the_store_that_refuse_keep_nobody_out() {
    let (alice, bob) = (client_of(&issuing(), "alice"), client_of(&issuing(), "bob"));
    let crls = [Crl::of(&root()), Crl::of(&issuing()).revoke(&bob)];
    let refusing = wrapped(|_, _| Err(InvalidSignature));
    let store = with_algorithms(&[issuing()], &crls, refusing);
    assert!(store.crls().all(|crl| !crl.is_signed_by_store()));
    for chain in [&[&alice][..], &[&alice, &issuing()]] {
        verdict(&store, chain, &policy(SignatureAlgorithms::default())).expect("not revoked");
    }
    for chain in [&[&bob][..], &[&bob, &issuing()]] {
        let refusal = verdict(&store, chain, &policy(SignatureAlgorithms::default()));
        let refusal = refusal.expect_err("revoked");
        assert_eq!(refusal.code(), Code::ClientCertCrlHit, "{refusal}");
    }
}

/// The default algorithms with another outcome, given what was signed and the outcome.
fn wrapped(
    decide: impl Fn(&[u8], Result<(), InvalidSignature>) -> Result<(), InvalidSignature>
    + Send
    + Sync
    + 'static,
) -> SignatureAlgorithms {
    let decide: &'static Decide = Box::leak(Box::new(decide));
    let algorithms = DEFAULT_ALGORITHMS.iter().map(|algorithm| {
        let wrapped = Wrapped {
            algorithm: *algorithm,
            decide,
        };
        &*Box::leak(Box::new(wrapped)) as &'static dyn SignatureVerificationAlgorithm
    });
    algorithms.collect()
}

type Decide =
    dyn Fn(&[u8], Result<(), InvalidSignature>) -> Result<(), InvalidSignature> + Send + Sync;

struct Wrapped {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    decide: &'static Decide,
}

impl std::fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wrapped({:?})", self.algorithm)
    }
}

impl SignatureVerificationAlgorithm for Wrapped {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let outcome = self
            .algorithm
            .verify_signature(public_key, message, signature);
        (self.decide)(message, outcome)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
}
