//! Which hashes go with the curves of ECDSA: what the algorithms of the policy have, and so what
//! the features say.

use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{ClientPolicy, Reason, TrustStore, VerifyError, verify_client_chain};
use testpki::{Cert, Key, SignatureAlgorithm};

fn verify(key: &Key, algorithm: SignatureAlgorithm) -> Result<(), VerifyError> {
    let root = Cert::ca("Root", key);
    let client = Cert::client("alice", &Key::p256("alice"))
        .issued_by(&root)
        .signed_with(algorithm);
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a root");
    let now = UnixTime::since_unix_epoch(Duration::from_secs(1_780_272_000));
    let chain = [CertificateDer::from(client.der())];
    verify_client_chain(&store, &chain, now, &ClientPolicy::default()).map(|_| ())
}

#[test]
fn sha_256_and_sha_384_go_with_both_curves() {
    for key in [Key::p256("root"), Key::p384("root")] {
        for algorithm in [
            SignatureAlgorithm::EcdsaSha256,
            SignatureAlgorithm::EcdsaSha384,
        ] {
            verify(&key, algorithm).expect("every provider has it");
        }
    }
}

#[test]
fn sha_512_goes_with_aws_lc_rs() {
    for key in [Key::p256("root"), Key::p384("root")] {
        let verified = verify(&key, SignatureAlgorithm::EcdsaSha512);
        if cfg!(feature = "aws-lc-rs") {
            verified.expect("aws-lc-rs has it");
        } else {
            let refusal = verified.expect_err("ring has it not");
            let reason = refusal.reason();
            let is_unsupported = matches!(reason, Reason::UnsupportedSignatureAlgorithm { .. });
            assert!(is_unsupported, "{refusal}");
        }
    }
}
