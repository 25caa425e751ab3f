//! Chains and stores made to make path building costly. Signatures are counted: they are what
//! costs.

use mtls_verify::error::Reason;
use mtls_verify::policy::Limits;
use mtls_verify::{ClientPolicy, VerifiedClient, VerifyError};
use testpki::{Cert, Key, Name};

use crate::counted::{reason, verify_counting};
use crate::{client_of, without_key_ids};

#[test]
fn copies_of_an_issuer() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
    let client = client_of(&issuing);
    let mut chain = vec![issuing; 16];
    chain[0] = client;
    let (outcome, signatures) = verify(&[root], &[], &chain);
    outcome.expect("verified");
    assert_eq!(signatures, 2);
}

/// Each issued by the next, and the last by the first.
#[test]
fn rings() {
    for length in [2, 3, 15] {
        let name = |number: usize| Name::cn(&format!("CA {}", number % length));
        let key = |number: usize| Key::p256(&format!("CA {}", number % length));
        let ring: Vec<_> = (0..length)
            .map(|number| {
                ca(
                    &name(number),
                    &key(number),
                    &name(number + 1),
                    &key(number + 1),
                )
            })
            .collect();
        let chain = chain_of(client_of(&ring[0]), &ring);
        let (outcome, signatures) = verify(&[root()], &[], &chain);
        assert!(matches!(reason(&outcome), Reason::NoWayToAnchor { .. }));
        assert_eq!(signatures, 0);

        // The same, and the last CA claims to be issued by the anchor too.
        let mut chain = chain;
        chain.truncate(15);
        let last = length - 1;
        chain.push(ca(&name(last), &key(last), root().subject_name(), &key(0)));
        let (outcome, signatures) = verify(&[root()], &[], &chain);
        match length {
            // Further up than a path may be long.
            15 => assert!(matches!(reason(&outcome), Reason::PathTooLong { .. })),
            _ => assert_eq!(reason(&outcome), &Reason::BadSignature),
        }
        assert_eq!(signatures, u32::from(length < 15));
    }
}

/// One name and one key, in certificates that differ: all of them are the same CA, and issue each
/// other.
#[test]
fn many_certificates_of_one_ca() {
    let (name, key) = (Name::cn("Mesh"), Key::p256("mesh"));
    let mesh: Vec<_> = (1..=15)
        .map(|serial| ca(&name, &key, &name, &key).serial(&[serial]))
        .collect();
    let chain = chain_of(client_of(&mesh[0]), &mesh);
    let (outcome, signatures) = verify(&[root()], &[], &chain);
    assert_eq!(reason(&outcome), &Reason::UntrustedRoot);
    assert_eq!(signatures, 0);

    let namesake = ca(&name, &Key::p256("other"), &name, &Key::p256("other"));
    let (outcome, signatures) = verify(std::slice::from_ref(&namesake), &[], &chain);
    assert_eq!(reason(&outcome), &Reason::BadSignature);
    assert_eq!(
        signatures, 16,
        "each certificate with the anchor's key, once"
    );

    let (outcome, signatures) = verify(&[namesake, mesh[14].clone()], &[], &chain);
    outcome.expect("one of them is an anchor");
    assert_eq!(
        signatures, 1,
        "the key identifier leads to the right anchor"
    );
}

/// One name and as many keys as certificates, each signed with the next one's key.
#[test]
fn many_keys_of_one_name() {
    let name = Name::cn("Mesh");
    let key = |number: usize| Key::p256(&format!("mesh {}", number % 15));
    for with_key_ids in [true, false] {
        let mesh: Vec<_> = (0..15)
            .map(|number| {
                let certificate = ca(&name, &key(number), &name, &key(number + 1));
                if with_key_ids {
                    certificate
                } else {
                    without_key_ids(certificate)
                }
            })
            .collect();
        let chain = chain_of(client_of(&mesh[0]), &mesh);
        let (outcome, signatures) = verify(&[root()], &[], &chain);
        assert_eq!(reason(&outcome), &Reason::UntrustedRoot);
        assert_eq!(signatures, 0);

        let namesake = ca(&name, &Key::p256("other"), &name, &Key::p256("other"));
        let (outcome, signatures) = verify(&[namesake], &[], &chain);
        assert_is_hopeless(reason(&outcome));
        assert!(
            signatures <= 16,
            "each certificate with the anchor's key, once: {signatures}"
        );
    }
}

/// The true issuing CA among fourteen that have its name and were never signed by the root.
#[test]
fn true_path_among_decoys() {
    let name = Name::cn("Issuing CA");
    let true_key = Key::p256("issuing");
    let issuing = ca(&name, &true_key, root().subject_name(), &Key::p256("root"));
    for with_key_ids in [true, false] {
        let mut presented: Vec<_> = (0..14)
            .map(|number| {
                let key = Key::p256(&format!("decoy {number}"));
                ca(&name, &key, root().subject_name(), &key)
            })
            .collect();
        presented.insert(7, issuing.clone());
        let client = client_of(&issuing);
        let mut chain = chain_of(client, &presented);
        if !with_key_ids {
            chain = chain.into_iter().map(without_key_ids).collect();
        }
        let (outcome, signatures) = verify(&[root()], &[], &chain);
        assert_eq!(outcome.expect("verified").path().len(), 3);
        assert!(signatures <= 16, "{signatures}");
        assert!(!with_key_ids || signatures == 2, "{signatures}");
    }
}

/// Every CA has a certificate from every other, and one in the name of the anchor that the anchor's
/// key did not make.
#[test]
fn everyone_cross_signs_everyone() {
    // As many as may be presented: 3 CAs with 3 certificates each.
    let mesh = cross_signed(3, None);
    let chain = chain_of(client_of(&mesh[0]), &mesh);
    let (outcome, signatures) = verify(&[root()], &[], &chain);
    assert_eq!(reason(&outcome), &Reason::BadSignature);
    assert_eq!(signatures, 3, "each claim once");

    // The store may hold more: 15 CAs with 15 certificates each.
    let mesh = cross_signed(15, None);
    let (outcome, signatures) = verify(&[root()], &mesh, &[client_of(&mesh[0])]);
    assert_is_hopeless(reason(&outcome));
    assert!(signatures <= 15, "each claim at most once: {signatures}");
}

/// The same, and the anchor did issue to one of them.
#[test]
fn true_path_through_a_mesh() {
    for size in 1..=8 {
        for certified in 0..size {
            let mesh = cross_signed(size, Some(certified));
            let client = client_of(&mesh[0]);
            let (outcome, _) = verify(&[root()], &mesh, std::slice::from_ref(&client));
            outcome.expect("the intermediates of the store suffice");
            if mesh.len() < 16 {
                let (outcome, _) = verify(&[root()], &[], &chain_of(client, &mesh));
                outcome.expect("those presented suffice");
            }
        }
    }
}

/// A root renewed many times, each time with a new key: the key identifier finds the right one, and
/// without it the limit ends the search.
#[test]
fn many_anchors_of_one_name() {
    let name = Name::cn("Root");
    let anchors: Vec<_> = (0..60)
        .map(|number| Key::p256(&format!("root {number}")))
        .map(|key| ca(&name, &key, &name, &key))
        .collect();
    for anchor in [&anchors[0], &anchors[30], &anchors[59]] {
        let (outcome, signatures) = verify(&anchors, &[], &[client_of(anchor)]);
        outcome.expect("verified");
        assert_eq!(signatures, 1);
    }
    let stranger = Cert::ca("Root", &Key::p256("stranger"));
    let (outcome, signatures) = verify(&anchors, &[], &[client_of(&stranger)]);
    let limit = 20;
    assert_eq!(reason(&outcome), &Reason::SignatureLimit { limit });
    assert_eq!(signatures, limit);
}

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

/// A CA's certificate, with key identifiers that are true for the keys.
fn ca(subject: &Name, key: &Key, issuer: &Name, issuer_key: &Key) -> Cert {
    let issuer = Cert::ca("any", issuer_key).subject(issuer.clone());
    Cert::ca("any", key)
        .subject(subject.clone())
        .issued_by(&issuer)
}

/// Each of so many CAs with a certificate from every other, and with one in the name of the root,
/// which made that of `certified`.
fn cross_signed(size: usize, certified: Option<usize>) -> Vec<Cert> {
    let name = |number: usize| Name::cn(&format!("CA {number}"));
    let key = |number: usize| Key::p256(&format!("CA {number}"));
    let mut mesh = Vec::new();
    for subject in 0..size {
        for issuer in 0..size {
            let (issuer_name, issuer_key) = match subject == issuer {
                true if certified == Some(subject) => (Name::cn("Root"), Key::p256("root")),
                true => (Name::cn("Root"), key(subject)),
                false => (name(issuer), key(issuer)),
            };
            mesh.push(ca(&name(subject), &key(subject), &issuer_name, &issuer_key));
        }
    }
    mesh
}

fn chain_of(client: Cert, others: &[Cert]) -> Vec<Cert> {
    let mut chain = vec![client];
    chain.extend_from_slice(others);
    chain
}

/// The outcome, and how many signatures it took.
fn verify(
    anchors: &[Cert],
    intermediates: &[Cert],
    chain: &[Cert],
) -> (Result<VerifiedClient, VerifyError>, u32) {
    verify_counting(anchors, intermediates, chain, ClientPolicy::default())
}

/// What a search through a dense mesh comes to that no path leads out of: all of it was seen, or a
/// limit ended it.
fn assert_is_hopeless(reason: &Reason) {
    let limits = Limits::default();
    assert!(
        match reason {
            Reason::BadSignature => true,
            Reason::SignatureLimit { limit } => *limit == limits.signatures,
            Reason::WorkLimit { limit, .. } => *limit == limits.work / 10,
            _ => false,
        },
        "{reason:?}"
    );
}
