//! Single inputs that a verifier once got wrong, or easily could: what each must come to, and what
//! it may cost.

use std::collections::BTreeSet;

use mtls_verify::error::{Position, Reason};
use mtls_verify::policy::{ClientCa, Limits};
use mtls_verify::{ClientPolicy, VerifiedClient, VerifyError};
use testpki::{Attribute, Cert, Extension, Key, KeyUsage, Name, StringType, Version, oid};

use crate::counted::{reason, refusal, verify_counting};
use crate::{client_of, position, without_key_ids};

/// That an issuer's signature held says nothing of the one below it: what is remembered of a path
/// that failed must end where it failed. Two anchors of one name make the search come back to the
/// client after it has tried the wrong one.
#[test]
fn signature_below_a_failed_one_is_not_remembered() {
    let mut costs = BTreeSet::new();
    for set in 0..8 {
        let key = |of: &str| Key::p256(&format!("memo {set} {of}"));
        let [wrong, right] =
            ["wrong root", "right root"].map(|of| without_key_ids(Cert::ca("R", &key(of))));
        let issuing = Cert::ca("I", &key("issuing")).issued_by(&right);
        let client = client_of(&issuing).signed_by(&key("nobody's"));
        for chain in [
            [client.clone(), issuing.clone()],
            [client, issuing].map(without_key_ids),
        ] {
            let anchors = [wrong.clone(), right.clone()];
            let (outcome, signatures) = verify(&anchors, &[], &chain);
            assert_eq!(reason(&outcome), &Reason::BadSignature);
            assert_eq!(position(refusal(&outcome)), Some(Position::Client));
            costs.insert(signatures);
        }
    }
    // One more where the wrong anchor came first. Both happened.
    assert_eq!(costs, BTreeSet::from([2, 3]));
}

/// A path length broken close to the client would fail each of the mesh's 128 paths as a whole, so
/// that none rules out another; and names of 8 long attributes that may come in any order are dear
/// to compare. Once, each step compared them again.
#[test]
fn layers_of_costly_names_cost_few_steps() {
    const LAYERS: usize = 7;
    let root = Cert::ca("Root", &Key::p256("root"));
    let key = Key::p256("layers");
    let name = |layer: usize| match layer {
        LAYERS => root.subject_name().clone(),
        _ => costly_name(layer),
    };
    let mut chain = vec![junk(client_of(&root).issuer(name(0)))];
    for (layer, copy) in (0..LAYERS).flat_map(|layer| [(layer, 0), (layer, 1)]) {
        let path_len = if layer == 1 { 0 } else { 20 };
        let certificate = Cert::bare(name(layer), &key)
            .issuer(name(layer + 1))
            .serial(&[1, layer as u8, copy])
            .extension(Extension::basic_constraints(true, Some(path_len)));
        chain.push(junk(certificate));
    }

    // Half of the default is enough. No signature is the anchor's, so that path lengths are not
    // looked at.
    for work in [Limits::default().work, Limits::default().work / 2] {
        let policy = ClientPolicy::default().with_limits(Limits::default().with_work(work));
        let anchors = std::slice::from_ref(&root);
        let (outcome, signatures) = verify_counting(anchors, &[], &chain, policy);
        assert_eq!(reason(&outcome), &Reason::BadSignature);
        assert_eq!(signatures, 2);
    }
}

/// Two ways lead to an anchor that allows one intermediate, and both are as long. One has two that
/// count. The other has one: the CA `Issuing` has moved to another key, and RFC 5280 §6.1.4 (l)
/// does not count the certificate that it issued itself for that.
#[test]
fn path_length_broken_on_one_way_says_nothing_of_another() {
    for set in 0..8 {
        let key = |of: &str| Key::p256(&format!("rollover {set} {of}"));
        let root =
            Cert::ca("Root", &key("root")).extension(Extension::basic_constraints(true, Some(1)));
        let before = Cert::ca("Issuing", &key("before")).issued_by(&root);
        let after = Cert::ca("Issuing", &key("after")).issued_by(&before);
        let upper = Cert::ca("Upper", &key("upper")).issued_by(&root);
        let lower = Cert::ca("Issuing", &key("after")).issued_by(&upper);
        let others = [before, after.clone(), upper, lower].map(without_key_ids);
        let client = client_of(&after).without_extension(oid::AUTHORITY_KEY_IDENTIFIER);
        let mut chain = vec![client];
        chain.extend(others);
        let (outcome, _) = verify(&[without_key_ids(root)], &[], &chain);
        assert_eq!(outcome.expect("accepted").path().len(), 4, "set {set}");
    }
}

/// As many as may be presented, and any could be the anchor's own renewal or the issuer of any
/// other.
#[test]
fn namesakes_of_the_anchor() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let namesakes: Vec<_> = (0..15)
        .map(|number| Cert::ca("Root", &Key::p256(&format!("namesake {number}"))))
        .collect();
    let mut chain = vec![client_of(&namesakes[7])];
    chain.extend(namesakes);
    let bare: Vec<_> = chain.iter().cloned().map(without_key_ids).collect();
    for chain in [chain, bare] {
        let anchors = std::slice::from_ref(&root);
        let (outcome, signatures) = verify(anchors, &[], &chain);
        let is_refused = match reason(&outcome) {
            Reason::BadSignature => true,
            Reason::WorkLimit { limit, .. } => *limit == Limits::default().work / 10,
            _ => false,
        };
        assert!(is_refused, "{outcome:?}");
        assert!((14..=16).contains(&signatures), "{signatures}");
    }
}

/// The anchor that the key identifier points to decides what is reported, not one that is out of
/// use.
#[test]
fn bad_signature_beside_an_expired_anchor() {
    let current = Cert::ca("R", &Key::p256("current"));
    let [replaced, renewed] = [Key::p256("old"), Key::p256("current")]
        .map(|key| Cert::ca("R", &key).not_after("2026-01-31T00:00:00Z"));
    for old in [replaced, renewed] {
        let client = client_of(&current).flip_signature_bit();
        let (outcome, _) = verify(&[old, current.clone()], &[], &[client]);
        assert_eq!(reason(&outcome), &Reason::BadSignature);
        assert_eq!(position(refusal(&outcome)), Some(Position::Client));
    }
}

/// What is missing is the issuer of the store's own intermediate; the client has presented all it
/// should.
#[test]
fn intermediate_without_its_root() {
    let lost = Cert::ca("Lost Root", &Key::p256("lost"));
    let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&lost);
    let client = client_of(&issuing);
    let other = Cert::ca("Root", &Key::p256("root"));
    let (outcome, signatures) = verify(&[other], &[issuing], &[client]);
    let missing = Reason::UnknownIssuer {
        issuer: lost.subject_name().der().to_vec(),
        malformed: None,
    };
    assert_eq!(reason(&outcome), &missing);
    assert_eq!(position(refusal(&outcome)), Some(Position::Intermediate));
    assert_eq!(signatures, 0);
}

#[test]
fn two_presented_cas_that_issued_each_other() {
    let [x, y] = ["X", "Y"].map(|name| Cert::ca(name, &Key::p256(name)));
    let ring = [x.clone().issued_by(&y), y.issued_by(&x)];
    let root = Cert::ca("Root", &Key::p256("root"));
    let [x_by_y, y_by_x] = ring;
    let client = client_of(&x_by_y);
    let (outcome, signatures) = verify(&[root], &[], &[client, x_by_y, y_by_x]);
    let nowhere = Reason::NoWayToAnchor {
        issuer: x.subject_name().der().to_vec(),
    };
    assert_eq!(reason(&outcome), &nowhere);
    assert_eq!(position(refusal(&outcome)), Some(Position::Presented(2)));
    assert_eq!(signatures, 0);
}

/// It does not say of itself that it is a CA, but it is one by configuration.
#[test]
fn anchor_of_an_old_version_as_the_client() {
    for version in [Version::V1, Version::V2] {
        let anchor = Cert::bare(Name::cn("Old Root"), &Key::p256("old root")).version(version);
        let anchors = std::slice::from_ref(&anchor);
        let (outcome, _) = verify(anchors, &[], anchors);
        assert_eq!(reason(&outcome), &Reason::CaAsClient);
        assert_eq!(position(refusal(&outcome)), Some(Position::Client));

        let policy = ClientPolicy::default().with_client_ca(ClientCa::Accept);
        let (outcome, _) = verify_counting(anchors, &[], anchors, policy);
        outcome.expect("accepted");
    }
}

/// RFC 5280 §3.2: a certificate is self-issued if it has one name for both, which makes it neither
/// self-signed nor a CA's. Here a CA has issued itself one for TLS, with the key that it also signs
/// with.
#[test]
fn self_issued_client_of_an_intermediate() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let key = Key::p256("issuing");
    let issuing = Cert::ca("Issuing CA", &key)
        .extension(Extension::basic_constraints(true, Some(0)))
        .issued_by(&root);
    let client = Cert::client("Issuing CA", &key)
        .extension(Extension::key_usage(&[KeyUsage::DigitalSignature]))
        .issued_by(&issuing);
    for (intermediates, chain) in [
        (vec![], vec![client.clone(), issuing.clone()]),
        (vec![issuing], vec![client]),
    ] {
        for without_ids in [false, true] {
            let chain: Vec<_> = match without_ids {
                false => chain.clone(),
                true => chain.iter().cloned().map(without_key_ids).collect(),
            };
            let anchors = std::slice::from_ref(&root);
            let (outcome, signatures) = verify(anchors, &intermediates, &chain);
            assert_eq!(outcome.expect("accepted").path().len(), 3);
            assert_eq!(signatures, 2);
        }
    }
}

/// Nothing but their signatures tells the anchors apart. The limit ends the search for the clients
/// of some of them, and an operator who has so many can raise it.
#[test]
fn thirty_anchors_that_only_signatures_tell_apart() {
    let anchors: Vec<_> = (0..30)
        .map(|number| without_key_ids(Cert::ca("R", &Key::p256(&format!("root {number}")))))
        .collect();
    let roomy = ClientPolicy::default().with_limits(Limits::default().with_signatures(30));
    let limit = Limits::default().signatures;
    let mut accepted = 0;
    for anchor in &anchors {
        let client = client_of(anchor).without_extension(oid::AUTHORITY_KEY_IDENTIFIER);
        let chain = [client];
        let (outcome, signatures) = verify(&anchors, &[], &chain);
        match outcome {
            Ok(_) => accepted += 1,
            refused => {
                assert_eq!(reason(&refused), &Reason::SignatureLimit { limit });
                assert_eq!(signatures, limit);
            }
        }
        let (outcome, _) = verify_counting(&anchors, &[], &chain, roomy.clone());
        outcome.expect("accepted with a higher limit");
    }
    assert_eq!(accepted, limit);
}

/// With the default policy.
fn verify(
    anchors: &[Cert],
    intermediates: &[Cert],
    chain: &[Cert],
) -> (Result<VerifiedClient, VerifyError>, u32) {
    verify_counting(anchors, intermediates, chain, ClientPolicy::default())
}

/// One level of 8 attributes that are the same for 106 characters, and the last of which is another
/// one in each layer.
fn costly_name(layer: usize) -> Name {
    let attributes: Vec<_> = (0..8)
        .map(|number| {
            let end = match number {
                7 => format!("{layer:02}"),
                _ => format!("zz{number}"),
            };
            let value = format!("{}{end}", "a".repeat(106));
            Attribute::new(oid::COMMON_NAME, StringType::Utf8, &value)
        })
        .collect();
    Name::from_levels(&[&attributes])
}

/// A signature of the right form that no key made.
fn junk(certificate: Cert) -> Cert {
    certificate.raw_signature(vec![0x30, 6, 2, 1, 1, 2, 1, 1])
}

/// A ring of CAs, one of them in a second version in the store, goes in circles; it does not lead
/// too far.
#[test]
fn circles_are_not_too_long_a_way() {
    let length = 4;
    let name = |number: usize| Name::cn(&format!("CA {}", number % length));
    let key = |number: usize| Key::p256(&format!("CA {}", number % length));
    let certificate = |number: usize, own: &Key| {
        let issuer = Cert::ca("", &key(number + 1)).subject(name(number + 1));
        Cert::ca("", own).subject(name(number)).issued_by(&issuer)
    };
    let ring: Vec<_> = (0..length)
        .map(|number| certificate(number, &key(number)))
        .collect();
    let stored = certificate(length - 1, &Key::p256("second key"));
    let mut chain = vec![client_of(&ring[length - 1])];
    chain.extend(ring);
    let unrelated = Cert::ca("Unrelated", &Key::p256("unrelated"));
    let (outcome, signatures) = verify(&[unrelated], &[stored], &chain);
    assert!(matches!(reason(&outcome), Reason::NoWayToAnchor { .. }));
    assert_eq!(signatures, 0);
}
