//! Of several CRLs, and of several certificates that may have signed one, which are asked, and what
//! that costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mtls_verify::client::RevocationStatus;
use mtls_verify::error::Code;
use mtls_verify::policy::{RevocationPolicy, SignatureAlgorithms, UnknownStatus};
use mtls_verify::{ClientPolicy, TrustStore, TrustStoreBuilder, VerifyError};
use testpki::recovery::second_key;
use testpki::{
    Cert, Crl, DistributionPoint, Entry, Extension, GeneralName, IssuingDistributionPoint, Key,
    Name, Reason,
};

use crate::counting::counting;
use crate::signers::{NOW, URI, alice, indirect, point_of, signer, store, verify};
use crate::{issuing, policy, root};

fn client_only(signatures: SignatureAlgorithms) -> ClientPolicy {
    ClientPolicy::default()
        .with_revocation(RevocationPolicy::client_only())
        .with_signatures(signatures)
}

/// How many signatures a verification takes.
fn count(crls: &[&Crl], chain: &[&Cert]) -> u32 {
    let counter = Arc::new(AtomicU32::new(0));
    let policy = client_only(counting(&counter));
    verify(&store(&[], crls), chain, NOW, &policy).expect("on no CRL");
    counter.load(Ordering::Relaxed)
}

/// The path of a CRL signer in the store is found while loading among up to 64 CAs of its issuer's
/// name. Among more it is found by each verification.
#[test]
fn the_path_of_a_signer_is_found_among_64_cas_of_one_name() {
    let counter = Arc::new(AtomicU32::new(0));
    let signatures = counting(&counter);
    let cas: Vec<Cert> = (0..65)
        .map(|number| Cert::ca("CA", &Key::p256(&format!("CA {number}"))).issued_by(&root()))
        .collect();
    let crls = signer("Lists").issued_by(&cas[0]);
    let client = alice(&[point_of("Lists")]);
    for (count, expected) in [(64, 1), (65, 3)] {
        let mut builder = TrustStore::builder();
        builder
            .crl_signatures(signatures.clone())
            .add_ca_der(&root().der())
            .expect("a good CA");
        for ca in [&crls].into_iter().chain(&cas[..count]) {
            builder.add_intermediate_der(&ca.der()).expect("a good CA");
        }
        let store = builder
            .add_crl_der(&crate::crl_der(&indirect(&crls)))
            .and_then(TrustStoreBuilder::build)
            .expect("a good store");
        counter.store(0, Ordering::Relaxed);
        let verified = verify(&store, &[&client], NOW, &client_only(signatures.clone()));
        let status = verified.expect("on no CRL").revocation();
        assert_eq!(status, RevocationStatus::Good, "{count}");
        // The client's; then the signer's, and that of the CA.
        assert_eq!(counter.load(Ordering::Relaxed), expected, "{count}");
    }
}

/// Once a valid signer made a CRL, certificates with other keys are not tried.
#[test]
fn a_signer_that_is_found_ends_the_search() {
    let keys = ["1", "2", "3"].map(Key::p256);
    let signers = keys.each_ref().map(|key| {
        let identifier = Extension::subject_key_identifier(&key.identifier());
        let signer = signer("Lists").spki(key.spki().to_vec());
        signer.extension(identifier).issued_by(&root())
    });
    let client = alice(&[point_of("Lists")]);
    let chain = [&client, &signers[0], &signers[1], &signers[2]];
    let mut counts = [0, 1, 2].map(|maker: usize| {
        let crl = indirect(&signers[maker]).signed_by(&keys[maker]);
        count(&[&crl], &chain)
    });
    counts.sort_unstable();
    // The client's; and for each signer that is tried its own and that of the CRL.
    assert_eq!(counts, [1 + 2, 1 + 4, 1 + 6]);
}

/// A CRL that names the key of the client's issuer is verified before one that names no key,
/// however fresh, and then that is not.
#[test]
fn a_crl_that_names_its_key_comes_first() {
    let named = Crl::of(&issuing()).next_update("2026-07-01T00:00:00Z");
    let unnamed = Crl::of(&issuing())
        .without_extension(testpki::oid::AUTHORITY_KEY_IDENTIFIER)
        .signed_by(&Key::p256("another"));
    let client = crate::alice();
    for crls in [[&named, &unnamed], [&unnamed, &named]] {
        // Two of the path, and one of a CRL.
        assert_eq!(count(&crls, &[&client, &issuing()]), 3);
    }
}

/// The signature of an older CRL holds for the second key of ECDSA as well: a newer CRL by the
/// first key, which is revoked, does not take its place.
#[test]
fn a_newer_crl_of_one_key_does_not_replace_that_of_two() {
    let key = Key::p256("first");
    let first = Cert::ca("Issuing CA", &key).serial(&[1]).issued_by(&root());
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing());
    let older = Crl::of(&first).number(1).revoke(&client);
    let newer = Crl::of(&first)
        .number(2)
        .this_update("2026-02-01T00:00:00Z");
    let with_second_key = Cert::ca("Issuing CA", &key)
        .spki(second_key(&older.der(), &key))
        .serial(&[2])
        .issued_by(&root());
    let own = Crl::of(&issuing()).number(3);
    let of_root = Crl::of(&root()).revoke(&first);
    let verify = |intermediates: &[&Cert]| -> Result<_, VerifyError> {
        let store = store(intermediates, &[&older, &newer, &own, &of_root]);
        verify(&store, &[&client, &issuing()], NOW, &policy())
    };
    for intermediates in [[&first, &with_second_key], [&with_second_key, &first]] {
        let refusal = verify(&intermediates).expect_err("revoked by the older CRL");
        assert_eq!(refusal.code(), Code::ClientCertCrlHit, "{refusal}");
    }
}

/// Of two certificates for whose keys a CRL's signature holds, the one of known status counts.
#[test]
fn of_two_signers_the_one_of_known_status_counts() {
    let points = |uri: &str| Extension::crl_distribution_points(&[DistributionPoint::uri(uri)]);
    let crl = indirect(&signer("Lists"));
    let second = second_key(&crl.der(), &Key::p256("Lists"));
    let of_root = Crl::of(&root()).point(&IssuingDistributionPoint::uri(URI));
    let client = alice(&[point_of("Lists")]);
    let revocation = RevocationPolicy::whole_path().with_unknown(UnknownStatus::Allow);
    let policy = ClientPolicy::default().with_revocation(revocation);
    let status = |signers: &[&Cert]| {
        let store = store(signers, &[&crl, &of_root]);
        let verified = verify(&store, &[&client], NOW, &policy);
        verified.expect("on no CRL").revocation()
    };
    // Certificates of one name and key identifier are tried in the order of their bytes.
    for (serial, other_serial) in [(1, 2), (2, 1)] {
        let unknown = signer("Lists")
            .serial(&[serial])
            .extension(points("http://crl.example/2"))
            .issued_by(&root());
        let known = signer("Lists")
            .serial(&[other_serial])
            .spki(second.clone())
            .extension(points(URI))
            .issued_by(&root());
        assert_eq!(status(&[&unknown]), RevocationStatus::Unknown);
        assert_eq!(status(&[&unknown, &known]), RevocationStatus::Good);
    }
}

/// The beginning of a CRL ends a verdict only where the CRL may take another one's place.
#[test]
fn a_crl_to_come_that_replaces_none_ends_no_verdict() {
    const BEGIN: &str = "2026-04-01T00:00:00Z";
    let revocation = RevocationPolicy::client_only().with_unknown(UnknownStatus::Allow);
    let policy = ClientPolicy::default().with_revocation(revocation);
    let client = alice(&[point_of("Lists")]);
    let presented = signer("Lists")
        .extension(Extension::crl_distribution_points(&[
            DistributionPoint::uri(URI),
        ]))
        .issued_by(&root());
    // The presented signer did not make the CRL. What is known of it ends with that signer's
    // status.
    let of_nobody = indirect(&presented).signed_by(&Key::p256("another"));
    let of_root = Crl::of(&root()).point(&IssuingDistributionPoint::uri(URI));
    let until = |of_root: &[&Crl]| {
        let store = store(&[], &[of_root, &[&of_nobody]].concat());
        let verified = verify(&store, &[&client, &presented], NOW, &policy);
        let verified = verified.expect("unknown status");
        assert_eq!(verified.revocation(), RevocationStatus::Unknown);
        verified.valid_until()
    };
    let ever = until(&[&of_root]);
    assert_eq!(until(&[&of_root.clone().this_update(BEGIN)]), ever);
    let later = of_root.clone().number(2).this_update(BEGIN);
    assert_eq!(until(&[&of_root, &later.clone().delta(1)]), ever);
    assert!(until(&[&of_root, &later]) < ever);
}

/// A certificate is off hold for as long as the delta CRL that says so is fresh.
#[test]
fn what_is_off_hold_is_so_until_the_delta_ends() {
    const END: &str = "2026-05-01T00:00:00Z";
    let client = crate::alice();
    let entry = |reason| Entry::of(&client).reason(reason);
    let complete = Crl::of(&issuing());
    let base = complete.clone().entry(entry(Reason::CertificateHold));
    let delta = complete.clone().number(2).delta(1).next_update(END);
    let delta = delta.entry(entry(Reason::RemoveFromCrl));
    let until = |crls: &[&Crl]| {
        let policy = client_only(SignatureAlgorithms::default());
        let verified = verify(&store(&[], crls), &[&client, &issuing()], NOW, &policy);
        verified.expect("not revoked").valid_until()
    };
    let until_end = until(&[&complete.clone().next_update(END)]);
    assert!(until_end < until(&[&complete]));
    assert_eq!(until(&[&base, &delta]), until_end);
}

/// A CRL that is too old ends no verdict to which it adds nothing.
#[test]
fn an_old_crl_of_nobody_ends_no_verdict() {
    let revocation = RevocationPolicy::client_only().with_unknown(UnknownStatus::Allow);
    let policy = ClientPolicy::default().with_revocation(revocation);
    let client = crate::alice();
    let until = |crls: &[&Crl]| {
        let verified = verify(&store(&[], crls), &[&client, &issuing()], NOW, &policy);
        verified.expect("unknown status").valid_until()
    };
    let old = Crl::of(&issuing())
        .next_update("2026-02-01T00:00:00Z")
        .signed_by(&Key::p256("another"));
    assert_eq!(until(&[&old]), until(&[]));
}

/// A CA whose status the root's CRL at `URI` tells, and a signer that it issued.
fn signer_below_a_ca() -> (Cert, Cert) {
    let points = Extension::crl_distribution_points(&[DistributionPoint::uri(URI)]);
    let ca = Cert::ca("X", &Key::p256("x")).extension(points);
    let ca = ca.issued_by(&root());
    let below = signer("S").issued_by(&ca);
    (ca, below)
}

/// A signer whose CA is revoked has no path, and is not said to be revoked itself.
#[test]
fn a_signer_below_a_revoked_ca_has_no_path() {
    let (ca, below) = signer_below_a_ca();
    let client = alice(&[point_of("S")]);
    let of_root = Crl::of(&root()).point(&IssuingDistributionPoint::uri(URI));
    let refused = |of_root: &Crl| {
        let store = store(&[&ca], &[of_root, &Crl::of(&ca), &indirect(&below)]);
        verify(&store, &[&client, &below], NOW, &policy()).map_err(|refusal| refusal.to_string())
    };
    refused(&of_root).expect("a good signer");
    let refusal = refused(&of_root.revoke(&ca)).expect_err("no signer");
    assert!(refusal.contains("issuer"), "{refusal}");
    assert!(!refusal.contains("is revoked"), "{refusal}");
}

/// Two certificates of one CA: by one of them the name of the signer is excluded.
#[test]
fn a_signer_has_the_path_that_holds() {
    let (ca, below) = signer_below_a_ca();
    let subtree = Extension::subtree(&GeneralName::directory(&Name::cn("S")));
    let constraints = Extension::name_constraints(&[], &[subtree]);
    let client = alice(&[point_of("S")]);
    let of_root = Crl::of(&root()).point(&IssuingDistributionPoint::uri(URI));
    let crls = [&of_root, &Crl::of(&ca), &indirect(&below)];
    let narrow = ca.clone().extension(constraints).serial(&[1]);
    // Of two the shorter one comes first in the store.
    for padding in [0, 200] {
        let padding = Extension::new("2.25.1", vec![0; padding]);
        let wide = ca.clone().extension(padding).serial(&[2]);
        let both = store(&[&wide, &narrow, &below], &crls);
        verify(&both, &[&client], NOW, &policy()).expect("a good signer");
    }
    let store = store(&[&narrow, &below], &crls);
    verify(&store, &[&client], NOW, &policy()).expect_err("no path to the signer");
}
