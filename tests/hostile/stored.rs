//! Presented certificates that the store has as well: they are the store's, and cost nothing of
//! their own.

use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mtls_verify::error::{Position, Reason};
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::policy::{Limits, RevocationPolicy, SignatureAlgorithms};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use testpki::{Cert, Crl, Key};

use crate::counted::{least_work, reason, refusal, verify_counting};
use crate::counting::counting;
use crate::{NOW, at_second, client_of, position, presented, without_key_ids};

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

/// A store of anchors, intermediates and CRLs.
fn store(
    anchors: &[Cert],
    intermediates: &[Cert],
    crls: &[Crl],
    signatures: SignatureAlgorithms,
) -> TrustStore {
    let mut builder = TrustStore::builder();
    builder.crl_signatures(signatures);
    for anchor in anchors.iter().map(Cert::der) {
        builder
            .add_ca_der(&CertificateDer::from(anchor))
            .expect("a good CA");
    }
    for intermediate in intermediates.iter().map(Cert::der) {
        let der = CertificateDer::from(intermediate);
        builder.add_intermediate_der(&der).expect("a good CA");
    }
    for crl in crls.iter().map(Crl::der) {
        builder
            .add_crl_der(&CertificateRevocationListDer::from(crl))
            .expect("a good CRL");
    }
    builder.build().expect("a good store")
}

/// The outcome of a verification, its signatures, and the least limit on work for it.
struct Cost {
    outcome: Result<VerifiedClient, VerifyError>,
    signatures: u32,
    work: u32,
}

/// What a chain costs with each set of CRLs.
fn costs<const N: usize>(
    (anchors, intermediates): (&[Cert], &[Cert]),
    crls: [&[Crl]; N],
    chain: &[Cert],
) -> [Cost; N] {
    let count = Arc::new(AtomicU32::new(0));
    let signatures = counting(&count);
    let chain: Vec<_> = chain.iter().map(Cert::der).collect();
    crls.map(|crls| {
        let store = store(anchors, intermediates, crls, signatures.clone());
        let revocation = match crls {
            [] => RevocationPolicy::off(),
            _ => RevocationPolicy::client_only(),
        };
        let verify = |work| {
            let policy = ClientPolicy::default()
                .with_revocation(revocation)
                .with_signatures(signatures.clone())
                .with_limits(Limits::default().with_work(work));
            verify_client_chain(&store, &presented(&chain), at_second(NOW), &policy)
        };
        let (work, _) = least_work(verify);
        count.store(0, Ordering::Relaxed);
        let outcome = verify(Limits::default().work);
        Cost {
            outcome,
            signatures: count.load(Ordering::Relaxed),
            work,
        }
    })
}

/// A path over a presented certificate would be the same path over the store's again.
#[test]
fn a_revoked_client_costs_what_a_good_one_costs() {
    let (root, issuing) = (root(), issuing());
    let client = client_of(&issuing);
    let good = Crl::of(&issuing);
    let revoking = good.clone().revoke(&client);
    let (anchors, intermediates) = (slice::from_ref(&root), slice::from_ref(&issuing));
    let crls = [&good, &revoking].map(slice::from_ref);
    let twice = [issuing.clone(), root.clone(), issuing.clone()];
    for others in [&[], intermediates, &twice] {
        let chain = [slice::from_ref(&client), others].concat();
        let [good, revoked] = costs((anchors, intermediates), crls, &chain);
        good.outcome.expect("not revoked");
        assert!(matches!(reason(&revoked.outcome), Reason::Revoked { .. }));
        assert_eq!(position(refusal(&revoked.outcome)), Some(Position::Client));
        // That of the stored issuer was verified while loading, as it signs a CRL.
        assert_eq!((good.signatures, revoked.signatures), (1, 1));
        let bound = good.work + good.work / 20;
        assert!(
            revoked.work <= bound,
            "{} after {}",
            revoked.work,
            good.work
        );
    }
}

/// The store has more CAs of one name than the limit on signatures, and nothing but what is
/// presented says which one issued the client.
#[test]
fn the_presented_one_of_many_is_tried_first() {
    let many: Vec<Cert> = (0..40)
        .map(|number| {
            let key = Key::p256(&format!("of many {number}"));
            without_key_ids(Cert::ca("Issuing CA", &key).issued_by(&root()))
        })
        .collect();
    let cas: Vec<Cert> = many.iter().map(|ca| ca.clone().issued_by(ca)).collect();
    for at in [0, 17, 39] {
        let client = without_key_ids(client_of(&many[at]));
        let chain = [client.clone(), many[at].clone()];
        let verify =
            |chain: &[Cert]| verify_counting(&[root()], &many, chain, ClientPolicy::default());
        let (outcome, signatures) = verify(&chain);
        outcome.expect("the right issuer is known");
        assert_eq!(signatures, 2);
        // The same with an anchor.
        let cas: Vec<Cert> = cas.iter().cloned().map(without_key_ids).collect();
        let chain = [client, cas[at].clone()];
        let (outcome, signatures) = verify_counting(&cas, &[], &chain, ClientPolicy::default());
        outcome.expect("the right anchor is known");
        assert_eq!(signatures, 1);
    }
}

/// Thousands of certificates with one name and one key identifier, which differ late: finding those
/// that are presented costs little.
#[test]
fn many_of_one_name_and_key() {
    let template = root().raw_signature(vec![0x30, 0]);
    let anchors: Vec<Cert> = (0..4_000u16)
        .map(|serial| {
            let [high, low] = serial.to_be_bytes();
            template.clone().serial(&[1, high, low])
        })
        .collect();
    let client = client_of(&root());
    let verify = |others: &[Cert]| {
        let chain = [slice::from_ref(&client), others].concat();
        let [cost] = costs((&anchors, &[]), [&[]], &chain);
        cost.outcome.expect("an anchor");
        assert_eq!(cost.signatures, 1);
        // A tenth of the work is for what anybody can ask for.
        cost.work / 10
    };
    let alone = verify(&[]);
    let each = (verify(&anchors[1_000..1_015]) - alone) / 15;
    assert!(each < 400, "{each} units for each");
    // Others with the same name and key, and of the same length, are not the store's.
    let others: Vec<Cert> = (0..15u8)
        .map(|serial| template.clone().serial(&[2, 0, serial]))
        .collect();
    let each = (verify(&others) - alone) / 15;
    assert!(each < 500, "{each} units for each");
}
