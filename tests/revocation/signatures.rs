//! How often the signatures of CRLs are verified: that is what they cost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mtls_verify::error::{Code, Position, Reason};
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::policy::{Limits, RevocationPolicy, SignatureAlgorithms, UnknownStatus};
use mtls_verify::{ClientPolicy, TrustStoreBuilder};
use testpki::{
    Cert, Crl, DistributionPoint, Extension, GeneralName, IssuingDistributionPoint, Key, Name,
};

use crate::counting::counting;
use crate::{alice, bob, builder, crl_der, issuing, policy, verify};

/// Algorithms that count, and how many signatures they verified since the last look.
fn counters() -> (SignatureAlgorithms, impl Fn() -> u32) {
    let counter = Arc::new(AtomicU32::new(0));
    let algorithms = counting(&counter);
    (algorithms, move || counter.swap(0, Ordering::Relaxed))
}

/// What loading verifies: CRLs, and certificates that may have issued one of a signer of CRLs.
struct Loading {
    crls: u32,
    certificates: u32,
}

impl Loading {
    fn all(&self) -> u32 {
        self.crls + self.certificates
    }
}

/// The root signs a CRL, and there is no other CA of its name that might have certified it.
const OF_THE_ROOT: Loading = Loading {
    crls: 1,
    certificates: 0,
};

/// A CRL whose issuer is in the store is verified as the store is built, and then never again. So
/// is the certificate of that issuer.
#[test]
fn of_issuers_in_the_store_while_loading() {
    let (signatures, verified) = counters();
    let store = builder()
        .crl_signatures(signatures.clone())
        .add_intermediate_der(&CertificateDer::from(issuing().der()))
        .expect("a good CA")
        .add_crl_der(&crl_der(&Crl::of(&issuing()).revoke(&bob())))
        .expect("a good CRL")
        .build()
        .expect("a good store");
    assert!(store.crls().all(|crl| crl.is_signed_by_store()));
    let certificates = OF_THE_ROOT.certificates + 1;
    assert_eq!(verified(), OF_THE_ROOT.crls + 1 + certificates);
    let policy = policy().with_signatures(signatures);
    for _ in 0..3 {
        verify(&store, &alice(), &policy).expect("on no CRL");
        assert_eq!(verified(), 1, "the client's certificate");
    }
}

/// That a store's certificate did *not* sign a CRL is known from then on as well.
#[test]
fn that_do_not_hold_while_loading() {
    let (signatures, verified) = counters();
    let store = builder()
        .crl_signatures(signatures.clone())
        .add_intermediate_der(&CertificateDer::from(issuing().der()))
        .expect("a good CA")
        .add_crl_der(&crl_der(
            &Crl::of(&issuing()).signed_by(&Key::p256("mallory")),
        ))
        .expect("it loads")
        .build()
        .expect("a good store");
    let certificates = OF_THE_ROOT.certificates + 1;
    assert_eq!(verified(), OF_THE_ROOT.crls + 1 + certificates);
    let policy = policy().with_signatures(signatures);
    for _ in 0..3 {
        let refusal = verify(&store, &alice(), &policy).expect_err("no CRL");
        assert!(refusal.to_string().contains("signature"), "{refusal}");
        assert_eq!(verified(), 1);
    }
}

/// Of many CAs with the issuer's name, the one that the CRL names is tried first: neither the
/// others nor the limit on them matter.
#[test]
fn of_the_issuer_that_is_named_while_loading() {
    let (signatures, verified) = counters();
    let keys: Vec<Key> = (0..40)
        .map(|number| Key::p256(&format!("of one name {number}")))
        .collect();
    let with_cas = || {
        let mut builder = builder();
        builder.crl_signatures(signatures.clone());
        for key in &keys {
            let ca = Cert::ca("Issuing CA", key).issued_by(&crate::root());
            builder.add_intermediate_der(&ca.der()).expect("a good CA");
        }
        builder
    };
    for named in [&keys[0], &keys[20], &keys[39]] {
        let crl = Crl::of(&issuing())
            .signed_by(named)
            .extension(Extension::authority_key_identifier(&named.identifier()));
        let store = with_cas()
            .add_crl_der(&crl_der(&crl))
            .expect("a good CRL")
            .build()
            .expect("a good store");
        assert!(store.crls().all(|crl| crl.is_signed_by_store()));
        let certificates = OF_THE_ROOT.certificates + 40;
        assert_eq!(verified(), OF_THE_ROOT.crls + 1 + certificates);
    }
}

/// Of several issuers of one name that are presented, what came of each one's key is remembered.
#[test]
fn of_several_presented_issuers_at_first_use() {
    let (signatures, verified) = counters();
    let key = Key::p256("CRLs");
    let separate = Cert::ca("Issuing CA", &key).issued_by(&crate::root());
    let store = builder()
        .crl_signatures(signatures.clone())
        .add_crl_der(&crl_der(&Crl::of(&issuing()).signed_by(&key)))
        .expect("it loads")
        .build()
        .expect("a good store");
    assert_eq!(verified(), OF_THE_ROOT.all());
    let policy = policy().with_signatures(signatures);
    let chain = [alice().der(), issuing().der(), separate.der()].map(CertificateDer::from);
    let now = mtls_verify::pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(
        crate::NOW,
    ));
    // Two of the path, that of the separate issuer, and the CRL by either key.
    for expected in [5, 3, 3] {
        mtls_verify::verify_client_chain(&store, &chain, now, &policy).expect("on no CRL");
        assert_eq!(verified(), expected);
    }
}

/// A CRL whose issuer is presented is verified once for that key, by whichever client comes first.
#[test]
fn of_presented_issuers_at_first_use() {
    let (signatures, verified) = counters();
    let store = builder()
        .crl_signatures(signatures.clone())
        .add_crl_der(&crl_der(&Crl::of(&issuing()).revoke(&bob())))
        .expect("a good CRL")
        .build()
        .expect("a good store");
    let signed = store.crls().filter(|crl| crl.is_signed_by_store());
    assert_eq!(signed.count(), 1, "that of the root");
    assert_eq!(verified(), OF_THE_ROOT.all());
    let policy = policy().with_signatures(signatures);
    verify(&store, &alice(), &policy).expect("on no CRL");
    assert_eq!(verified(), 3);
    for _ in 0..3 {
        verify(&store, &alice(), &policy).expect("on no CRL");
        let refusal = verify(&store, &bob(), &policy).expect_err("on the CRL");
        assert_eq!(refusal.code(), Code::ClientCertCrlHit);
        assert_eq!(verified(), 4, "those of two paths");
    }
}

/// That a signature is *not* a key's is remembered as well: a large CRL by someone else is not read
/// again for each client.
#[test]
fn that_do_not_hold_at_first_use() {
    let (signatures, verified) = counters();
    let store = builder()
        .crl_signatures(signatures.clone())
        .add_crl_der(&crl_der(
            &Crl::of(&issuing()).signed_by(&Key::p256("mallory")),
        ))
        .expect("it loads")
        .build()
        .expect("a good store");
    assert_eq!(verified(), OF_THE_ROOT.all());
    let policy = policy().with_signatures(signatures);
    for expected in [3, 2, 2] {
        let refusal = verify(&store, &alice(), &policy).expect_err("no CRL");
        assert_eq!(refusal.code(), Code::ClientCertCrlProcessingError);
        assert!(refusal.to_string().contains("signature"), "{refusal}");
        assert_eq!(verified(), expected);
    }
}

/// A CRL that was verified while loading counts under a policy with other objects for the same
/// algorithms. One that was not is verified with these.
#[test]
fn with_other_algorithms_than_while_loading() {
    let store = builder()
        .add_crl_der(&crl_der(&Crl::of(&issuing()).revoke(&bob())))
        .expect("a good CRL")
        .build()
        .expect("a good store");
    let (signatures, verified) = counters();
    let policy = policy().with_signatures(signatures);
    // Those of two certificates, and the CRL of the presented CA once.
    for expected in [3, 2] {
        verify(&store, &alice(), &policy).expect("on no CRL");
        assert_eq!(verified(), expected);
    }
    let refusal = verify(&store, &bob(), &policy).expect_err("on the CRL");
    assert_eq!(refusal.code(), Code::ClientCertCrlHit);
}

/// The policy's algorithms are what counts, not those that loading used.
#[test]
fn with_algorithms_that_the_policy_lacks() {
    let issuing = || Cert::ca("Issuing CA", &Key::p384("issuing 384")).issued_by(&crate::root());
    let alice = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing());
    let chain = [alice.der(), issuing().der()].map(CertificateDer::from);
    let separate = Cert::ca("Issuing CA", &Key::ed25519("CRLs")).issued_by(&issuing());
    let store = builder()
        .add_intermediate_der(&CertificateDer::from(issuing().der()))
        .and_then(|builder| builder.add_intermediate_der(&CertificateDer::from(separate.der())))
        .expect("good CAs")
        .add_crl_der(&crl_der(
            &Crl::of(&issuing()).signed_by(&Key::ed25519("CRLs")),
        ))
        .expect("a good CRL")
        .build()
        .expect("a good store");
    let now = mtls_verify::pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(
        crate::NOW,
    ));
    let verify = |policy: &ClientPolicy| {
        mtls_verify::verify_client_chain(&store, &chain, now, policy).map(|_| ())
    };
    assert_eq!(verify(&policy()), Ok(()));
    let without: SignatureAlgorithms = mtls_verify::crypto::DEFAULT_ALGORITHMS
        .iter()
        .copied()
        .filter(|algorithm| algorithm.signature_alg_id() != mtls_verify::pki_types::alg_id::ED25519)
        .collect();
    let refusal = verify(&policy().with_signatures(without)).expect_err("no CRL to go by");
    assert_eq!(refusal.code(), Code::ClientCertCrlProcessingError);
}

/// A newer CRL with an algorithm that the policy lacks does not take the place of an older one, by
/// the same key, that revokes.
#[test]
fn a_newer_crl_that_the_policy_cannot_verify_hides_nothing() {
    use mtls_verify::crypto::DEFAULT_ALGORITHMS;
    use mtls_verify::pki_types::alg_id;

    let older = Crl::of(&issuing()).number(1).revoke(&bob());
    let newer = Crl::of(&issuing())
        .number(2)
        .this_update("2026-05-01T00:00:00Z")
        .signed_with(testpki::SignatureAlgorithm::EcdsaSha384);
    let store = builder()
        .add_intermediate_der(&CertificateDer::from(issuing().der()))
        .and_then(|builder| builder.add_crl_der(&crl_der(&older)))
        .and_then(|builder| builder.add_crl_der(&crl_der(&newer)))
        .and_then(TrustStoreBuilder::build)
        .expect("a good store");
    assert!(store.crls().all(|crl| crl.is_signed_by_store()));
    verify(&store, &bob(), &policy()).expect("the newer one counts");
    let with_sha256: SignatureAlgorithms = DEFAULT_ALGORITHMS
        .iter()
        .copied()
        .filter(|algorithm| algorithm.signature_alg_id() == alg_id::ECDSA_SHA256)
        .collect();
    for unknown in [
        UnknownStatus::Deny,
        UnknownStatus::AllowUnpublished,
        UnknownStatus::Allow,
    ] {
        let revocation = RevocationPolicy::whole_path().with_unknown(unknown);
        let policy = policy()
            .with_revocation(revocation)
            .with_signatures(with_sha256.clone());
        let refusal = verify(&store, &bob(), &policy).expect_err("the older one revokes");
        assert_eq!(refusal.code(), Code::ClientCertCrlHit, "{refusal}");
    }
}

/// The limit on signatures holds for those of CRLs as well.
#[test]
fn within_the_limit() {
    let crls = crate::set_of(&[Crl::of(&crate::root()), Crl::of(&issuing())]);
    let store = builder().build().expect("a good store").with_crls(crls);
    let limited = |signatures| policy().with_limits(Limits::default().with_signatures(signatures));
    let refusal = verify(&store, &alice(), &limited(2)).expect_err("three are needed");
    assert_eq!(*refusal.reason(), Reason::SignatureLimit { limit: 2 });
    verify(&store, &alice(), &limited(3)).expect("three are enough");
    // That the third one is remembered by now changes no verdict.
    let refusal = verify(&store, &alice(), &limited(2)).expect_err("three are needed");
    assert_eq!(*refusal.reason(), Reason::SignatureLimit { limit: 2 });
}

/// Each name of the CRL's point is compared with each of the client's, within the limit on work:
/// long ones count as several.
#[test]
fn names_of_distribution_points_within_the_limit() {
    let verify_with = |of_crl: usize, of_client: usize, length: usize, work: u32| {
        let uris = |kind: &str, count: usize| -> Vec<_> {
            (0..count)
                .map(|index| GeneralName::uri(&format!("http://{kind}/{index:0length$}")))
                .collect()
        };
        let of_crl = IssuingDistributionPoint::new().full_name(&uris("CRL", of_crl));
        let of_client = DistributionPoint::full_name(&uris("client", of_client));
        let client = alice().extension(Extension::crl_distribution_points(&[of_client]));
        let store = builder()
            .add_crl_der(&crl_der(&Crl::of(&issuing()).point(&of_crl)))
            .expect("a good CRL")
            .add_crl_der(&crl_der(&Crl::of(&issuing())))
            .expect("a good CRL")
            .build()
            .expect("a good store");
        let limits = Limits::default()
            .with_certificate_bytes(1_000_000)
            .with_work(work);
        verify(&store, &client, &policy().with_limits(limits))
    };
    let default = Limits::default().work;
    verify_with(200, 300, 3, default).expect("60,000 short ones");
    for (of_crl, of_client, length) in [(200, 800, 3), (30, 1_000, 200)] {
        let refusal = verify_with(of_crl, of_client, length, 4 * default / 5)
            .expect_err("too many, or too long");
        assert!(
            matches!(refusal.reason(), Reason::WorkLimit { .. }),
            "{refusal}"
        );
        let certificate = refusal.certificate().expect("the one at hand");
        assert_eq!(certificate.position(), Position::Client);
        verify_with(of_crl, of_client, length, 10 * default).expect("with another limit");
    }
}

#[test]
fn distribution_points_within_the_limit() {
    let points: Vec<DistributionPoint> = (0..100)
        .map(|index| {
            let name = GeneralName::directory(&Name::cn(&format!("{index:0100}")));
            DistributionPoint::nameless().crl_issuer(&[name])
        })
        .collect();
    let client = alice().extension(Extension::crl_distribution_points(&points));
    let store = builder()
        .add_crl_der(&crl_der(&Crl::of(&issuing())))
        .expect("a good CRL")
        .build()
        .expect("a good store");
    verify(&store, &client, &policy()).expect("within the default limit");
}
