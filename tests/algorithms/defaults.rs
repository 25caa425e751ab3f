//! What is accepted by default is the same whatever features are on; more is a choice.

use std::collections::BTreeSet;

use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::error::Reason;
use mtls_verify::pki_types::{
    AlgorithmIdentifier, CertificateDer, SignatureVerificationAlgorithm, UnixTime, alg_id,
};
use mtls_verify::{ClientPolicy, TrustStore, VerifyError, verify_client_chain};
use testpki::{Cert, Key, SignatureAlgorithm, der, key};

const PKCS1_SHA256_WITHOUT_NULL: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
const PKCS1_SHA384_WITHOUT_NULL: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c";
const PKCS1_SHA512_WITHOUT_NULL: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d";

/// The default set: signature, key.
const DEFAULT: [(AlgorithmIdentifier, AlgorithmIdentifier); 14] = {
    const fn id(octets: &'static [u8]) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(octets)
    }
    use alg_id::RSA_ENCRYPTION as RSA;
    [
        (alg_id::ECDSA_SHA256, alg_id::ECDSA_P256),
        (alg_id::ECDSA_SHA384, alg_id::ECDSA_P256),
        (alg_id::ECDSA_SHA256, alg_id::ECDSA_P384),
        (alg_id::ECDSA_SHA384, alg_id::ECDSA_P384),
        (alg_id::ED25519, alg_id::ED25519),
        (alg_id::RSA_PKCS1_SHA256, RSA),
        (alg_id::RSA_PKCS1_SHA384, RSA),
        (alg_id::RSA_PKCS1_SHA512, RSA),
        (id(PKCS1_SHA256_WITHOUT_NULL), RSA),
        (id(PKCS1_SHA384_WITHOUT_NULL), RSA),
        (id(PKCS1_SHA512_WITHOUT_NULL), RSA),
        (alg_id::RSA_PSS_SHA256, RSA),
        (alg_id::RSA_PSS_SHA384, RSA),
        (alg_id::RSA_PSS_SHA512, RSA),
    ]
};

type Identifiers = BTreeSet<(Vec<u8>, Vec<u8>)>;

fn identifiers(algorithms: &[&dyn SignatureVerificationAlgorithm]) -> Identifiers {
    let pairs = algorithms.iter().map(|algorithm| {
        (
            algorithm.signature_alg_id().to_vec(),
            algorithm.public_key_alg_id().to_vec(),
        )
    });
    let set: Identifiers = pairs.collect();
    assert_eq!(set.len(), algorithms.len(), "no pair twice");
    set
}

fn default_identifiers() -> Identifiers {
    let pairs = DEFAULT.iter();
    pairs
        .map(|(signature, key)| (signature.to_vec(), key.to_vec()))
        .collect()
}

/// Under every set of features.
#[test]
fn the_default_set_is_this_one() {
    assert_eq!(identifiers(DEFAULT_ALGORITHMS), default_identifiers());
}

#[test]
#[cfg(feature = "ring")]
fn ring_has_the_default_set() {
    let of_ring = identifiers(mtls_verify::crypto::RING_ALGORITHMS);
    assert_eq!(of_ring, default_identifiers());
    // Where both are on, ring implements the default.
    let is_same = std::ptr::eq(DEFAULT_ALGORITHMS, mtls_verify::crypto::RING_ALGORITHMS);
    assert!(is_same);
}

#[test]
#[cfg(feature = "aws-lc-rs")]
fn aws_lc_rs_has_these_besides() {
    let all = identifiers(mtls_verify::crypto::AWS_LC_RS_ALGORITHMS);
    assert!(all.is_superset(&default_identifiers()));
    let more: Identifiers = [
        (alg_id::ECDSA_SHA512, alg_id::ECDSA_P256),
        (alg_id::ECDSA_SHA512, alg_id::ECDSA_P384),
        (alg_id::ECDSA_SHA256, alg_id::ECDSA_P521),
        (alg_id::ECDSA_SHA384, alg_id::ECDSA_P521),
        (alg_id::ECDSA_SHA512, alg_id::ECDSA_P521),
        (alg_id::ML_DSA_44, alg_id::ML_DSA_44),
        (alg_id::ML_DSA_65, alg_id::ML_DSA_65),
        (alg_id::ML_DSA_87, alg_id::ML_DSA_87),
    ]
    .iter()
    .map(|(signature, key)| (signature.to_vec(), key.to_vec()))
    .collect();
    let besides: Identifiers = all.difference(&default_identifiers()).cloned().collect();
    assert_eq!(besides, more);
}

fn verify(root: &Cert, client: &Cert, policy: &ClientPolicy) -> Result<(), VerifyError> {
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a root");
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000));
    let chain = [CertificateDer::from(client.der())];
    verify_client_chain(&store, &chain, now, policy).map(|_| ())
}

fn client_of(root: &Cert) -> Cert {
    Cert::client("alice", &Key::p256("alice")).issued_by(root)
}

/// Nobody has it by default. The other side of it, and P-521, are among the cases of testdata.
#[test]
fn sha_512_is_a_choice() {
    for key in [Key::p256("root"), Key::p384("root")] {
        let root = Cert::ca("Root", &key);
        let client = client_of(&root).signed_with(SignatureAlgorithm::EcdsaSha512);
        assert_unsupported(verify(&root, &client, &ClientPolicy::default()));
        #[cfg(feature = "aws-lc-rs")]
        verify(&root, &client, &by_choice()).expect("chosen");
        for algorithm in [
            SignatureAlgorithm::EcdsaSha256,
            SignatureAlgorithm::EcdsaSha384,
        ] {
            let client = client_of(&root).signed_with(algorithm);
            verify(&root, &client, &ClientPolicy::default()).expect("by default");
        }
    }
}

/// Nothing here signs with ML-DSA: by default the algorithm is refused, by choice the signature.
#[test]
fn ml_dsa_is_a_choice() {
    for (identifier, octets) in [
        (alg_id::ML_DSA_44, 1_312),
        (alg_id::ML_DSA_65, 1_952),
        (alg_id::ML_DSA_87, 2_592),
    ] {
        let algorithm = der::sequence(&[&*identifier]);
        let root =
            Cert::ca("Root", &Key::p256("root")).spki(key::spki(&algorithm, &vec![7; octets]));
        let client = client_of(&root).algorithms(algorithm);
        assert_unsupported(verify(&root, &client, &ClientPolicy::default()));
        #[cfg(feature = "aws-lc-rs")]
        {
            let refusal = verify(&root, &client, &by_choice()).expect_err("no such signature");
            assert_eq!(*refusal.reason(), Reason::BadSignature);
        }
    }
}

#[cfg(feature = "aws-lc-rs")]
fn by_choice() -> ClientPolicy {
    const CHOSEN: mtls_verify::policy::SignatureAlgorithms =
        mtls_verify::policy::SignatureAlgorithms::aws_lc_rs();
    ClientPolicy::default().with_signatures(CHOSEN)
}

fn assert_unsupported(outcome: Result<(), VerifyError>) {
    let refusal = outcome.expect_err("not by default");
    let reason = refusal.reason();
    let is_unsupported = matches!(reason, Reason::UnsupportedSignatureAlgorithm { .. });
    assert!(is_unsupported, "{refusal}");
}
