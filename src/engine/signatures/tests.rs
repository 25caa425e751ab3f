use pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use testpki::{Cert, Crl, Key};

use super::*;
use crate::policy::{RevocationPolicy, SignatureAlgorithms};

/// ECDSA with P-256 and SHA-256, but it refuses every signature.
#[derive(Debug)]
struct Refusing;

impl SignatureVerificationAlgorithm for Refusing {
    fn verify_signature(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        Err(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}

/// Whichever path comes first: what the store verified lets CRL signers pass, and no client.
#[test]
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
fn the_store_speaks_for_crl_signers_and_not_for_clients() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
    let store = TrustStore::builder()
        .add_ca_der(&CertificateDer::from(root.der()))
        .and_then(|builder| builder.add_intermediate_der(&issuing.der()))
        .and_then(|builder| builder.add_crl_der(&Crl::of(&issuing).der()))
        .and_then(|builder| builder.build())
        .expect("a good store");
    let step = |index: u32, node| Step {
        node,
        certificate: store.certificates().get(index),
        is_self_issued: index == 0,
    };
    let path = [step(1, Node::Intermediate(1)), step(0, Node::Anchor(0))];
    static REFUSING: &[&dyn SignatureVerificationAlgorithm] = &[&Refusing];
    let refusing = SignatureAlgorithms::new(REFUSING);
    let holds = |algorithms, roles: [Role; 4]| {
        let policy = ClientPolicy::default()
            .with_revocation(RevocationPolicy::whole_path())
            .with_signatures(algorithms);
        let budget = Budget::new(&policy.limits);
        let mut signatures = Signatures::new(&store, &policy, None, None, &budget);
        roles.map(|role| {
            let holds = signatures.verify(&path, role).is_ok();
            if holds {
                signatures.remember(&path, role);
            }
            holds
        })
    };
    use Role::{Client, CrlIssuer};
    let roles = [CrlIssuer, Client, CrlIssuer, Client];
    assert_eq!(holds(refusing, roles), [true, false, true, false]);
    assert_eq!(holds(SignatureAlgorithms::default(), roles), [true; 4]);
    // Nor for CRL signers where the policy has no such algorithm.
    let none = SignatureAlgorithms::new(&[]);
    assert_eq!(holds(none, roles), [false; 4]);
}
