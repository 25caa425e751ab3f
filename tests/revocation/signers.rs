//! Who may sign CRLs, where that takes CRLs of others: by whatever way and in whatever order it is
//! found out, a revocation is not lost.

use mtls_verify::client::RevocationStatus;
use mtls_verify::error::{Code, Reason};
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime, alg_id};
use mtls_verify::policy::{Expired, RevocationPolicy, SignatureAlgorithms, UnknownStatus};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use testpki::{
    Cert, Crl, DistributionPoint, Entry, Extension, GeneralName, IssuingDistributionPoint, Key,
    KeyUsage, Name, RsaKey, SignatureAlgorithm,
};

use crate::{policy, root};

pub(crate) const NOW: &str = "2026-03-01T00:00:00Z";

fn at(rfc3339: &str) -> UnixTime {
    let instant = humantime::parse_rfc3339(rfc3339).expect("a time");
    UnixTime::since_unix_epoch(
        instant
            .duration_since(std::time::UNIX_EPOCH)
            .expect("since 1970"),
    )
}

pub(crate) fn store(intermediates: &[&Cert], crls: &[&Crl]) -> TrustStore {
    let mut builder = TrustStore::builder();
    builder.add_ca_der(&root().der()).expect("a good CA");
    for intermediate in intermediates {
        let der = CertificateDer::from(intermediate.der());
        builder.add_intermediate_der(&der).expect("a good signer");
    }
    for crl in crls {
        let der = CertificateRevocationListDer::from(crl.der());
        builder.add_crl_der(&der).expect("a good CRL");
    }
    builder.build().expect("a good store")
}

pub(crate) fn verify(
    store: &TrustStore,
    chain: &[&Cert],
    time: &str,
    policy: &ClientPolicy,
) -> Result<VerifiedClient, VerifyError> {
    let chain: Vec<_> = chain
        .iter()
        .map(|certificate| CertificateDer::from(certificate.der()))
        .collect();
    verify_client_chain(store, &chain, at(time), policy)
}

/// Signs CRLs and nothing else.
pub(crate) fn signer(name: &str) -> Cert {
    let key = Key::p256(name);
    Cert::bare(Name::cn(name), &key)
        .extension(Extension::key_usage(&[KeyUsage::CrlSign]))
        .extension(Extension::subject_key_identifier(&key.identifier()))
}

pub(crate) fn alice(points: &[DistributionPoint]) -> Cert {
    Cert::client("alice", &Key::p256("alice"))
        .extension(Extension::crl_distribution_points(points))
        .issued_by(&root())
}

pub(crate) fn point_of(signer: &str) -> DistributionPoint {
    DistributionPoint::nameless().crl_issuer(&[GeneralName::directory(&Name::cn(signer))])
}

pub(crate) const URI: &str = "http://crl.example/1";

pub(crate) fn indirect(signer: &Cert) -> Crl {
    Crl::of(signer).point(&IssuingDistributionPoint::new().indirect())
}

/// An entry of an indirect CRL for a certificate that the root issued.
fn of_root(certificate: &Cert) -> Entry {
    Entry::of(certificate).certificate_issuer(&root())
}

fn until(client: &VerifiedClient) -> Option<UnixTime> {
    client.valid_until()
}

/// Two algorithms with the same identifiers, of which one is stricter. A CRL whose signer is in the
/// store is authentic by the store's algorithms, under each policy. Any other CRL is so by the
/// policy's own, whichever policy came first.
#[test]
fn policies_with_other_algorithms_do_not_change_each_others_verdicts() {
    let strict: SignatureAlgorithms = mtls_verify::crypto::DEFAULT_ALGORITHMS
        .iter()
        .copied()
        .filter(|algorithm| algorithm.signature_alg_id() != alg_id::RSA_PKCS1_SHA384)
        .chain([stricter_rsa_sha384()])
        .collect();
    let allow = RevocationPolicy::client_only().with_unknown(UnknownStatus::Allow);
    let lax = ClientPolicy::default().with_revocation(allow);
    let strict = lax.clone().with_signatures(strict);

    let issuing = Cert::ca("CA", &Key::rsa(RsaKey::Rsa2048A)).issued_by(&root());
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing);
    let crl = Crl::of(&issuing)
        .revoke(&client)
        .signed_with(SignatureAlgorithm::RsaPkcs1Sha384);
    let chain = [&client, &issuing];
    for intermediates in [&[][..], &[&issuing]] {
        let store = store(intermediates, &[&crl]);
        for _ in 0..2 {
            let outcome = verify(&store, &chain, NOW, &strict);
            match intermediates {
                // Nobody can tell whose CRL it is that has the client.
                [] => assert_eq!(
                    outcome.expect_err("not taken").code(),
                    Code::ClientCertCrlProcessingError
                ),
                _ => assert_eq!(outcome.expect_err("revoked").code(), Code::ClientCertCrlHit),
            }
            let refusal = verify(&store, &chain, NOW, &lax).expect_err("revoked");
            assert_eq!(refusal.code(), Code::ClientCertCrlHit);
        }
    }
}

#[cfg(feature = "ring")]
fn stricter_rsa_sha384() -> &'static dyn mtls_verify::pki_types::SignatureVerificationAlgorithm {
    webpki::ring::RSA_PKCS1_3072_8192_SHA384
}

#[cfg(not(feature = "ring"))]
fn stricter_rsa_sha384() -> &'static dyn mtls_verify::pki_types::SignatureVerificationAlgorithm {
    webpki::aws_lc_rs::RSA_PKCS1_3072_8192_SHA384
}

/// A CRL has the client whose signer is valid in ten days: it is not known to be authentic before,
/// and is no CRL that is not there.
#[test]
fn a_signer_that_is_to_come_lets_nobody_in() {
    let later = signer("Root")
        .not_before("2026-03-10T00:00:00Z")
        .issued_by(&root());
    let client = alice(&[]).without_extension(testpki::oid::CRL_DISTRIBUTION_POINTS);
    let store = store(
        &[&later],
        &[&Crl::of(&root()), &Crl::of(&later).revoke(&client)],
    );
    let refusal = verify(&store, &[&client], NOW, &policy()).expect_err("on a CRL");
    assert_eq!(refusal.code(), Code::ClientCertCrlProcessingError);
    let refusal = verify(&store, &[&client], "2026-03-10T00:00:00Z", &policy());
    assert_eq!(refusal.expect_err("revoked").code(), Code::ClientCertCrlHit);
}

/// Every order of CRLs has one answer: the root revokes the old signer Z; X's CRL does too, and X
/// is not judged yet when that comes up.
#[test]
fn the_order_of_crls_decides_nothing() {
    let x = signer("Root").issued_by(&root());
    let z = Cert::bare(Name::cn("Root"), &Key::p256("z"))
        .extension(Extension::key_usage(&[KeyUsage::CrlSign]))
        .extension(Extension::subject_key_identifier(
            &Key::p256("z").identifier(),
        ))
        .issued_by(&root());
    let client = alice(&[]).without_extension(testpki::oid::CRL_DISTRIBUTION_POINTS);
    let of_root = Crl::of(&root()).revoke(&z);
    let (of_x, of_z) = (Crl::of(&x).revoke(&z), Crl::of(&z));
    let crls = [&of_root, &of_x, &of_z];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let store = store(&[&x, &z], &order.map(|index| crls[index]));
        let verified = verify(&store, &[&client], NOW, &policy());
        assert!(verified.is_ok(), "{order:?}: {verified:?}");
    }
}

/// X's CRL revokes the signer Z, whose CRL has the client: nobody is let in by that, before X has
/// expired and after.
#[test]
fn the_crl_of_a_revoked_signer_lets_nobody_in() {
    let x = signer("Root")
        .not_after("2026-04-01T00:00:00Z")
        .issued_by(&root());
    let z = Cert::bare(Name::cn("Root"), &Key::p256("z"))
        .extension(Extension::key_usage(&[KeyUsage::CrlSign]))
        .extension(Extension::subject_key_identifier(
            &Key::p256("z").identifier(),
        ))
        .issued_by(&root());
    let client = alice(&[]).without_extension(testpki::oid::CRL_DISTRIBUTION_POINTS);
    let bob = Cert::client("bob", &Key::p256("bob")).issued_by(&root());
    let of_root = Crl::of(&root());
    let (of_x, of_z) = (Crl::of(&x).revoke(&z), Crl::of(&z).revoke(&client));
    let crls = [&of_root, &of_x, &of_z];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let store = store(&[&x, &z], &order.map(|index| crls[index]));
        for time in [NOW, "2026-04-01T00:00:01Z"] {
            let refusal = verify(&store, &[&client], time, &policy()).expect_err("on a CRL");
            let text = refusal.to_string();
            assert!(text.contains("issuer's certificate is revoked"), "{text}");
            verify(&store, &[&bob], time, &policy()).expect("on no CRL");
        }
    }
}

/// One signer's CRL says of the other that it is not revoked: the verdict ends with either.
#[test]
fn a_verdict_ends_with_the_signers_of_its_crls() {
    let x = signer("X")
        .not_after("2026-04-01T00:00:00Z")
        .extension(Extension::crl_distribution_points(&[
            DistributionPoint::uri(URI),
        ]))
        .issued_by(&root());
    let z = signer("Z")
        .extension(Extension::crl_distribution_points(&[point_of("X")]))
        .issued_by(&root());
    let client = alice(&[point_of("Z")]);
    let at_uri = Crl::of(&root()).point(&IssuingDistributionPoint::uri(URI));
    let (of_x, of_z) = (indirect(&x), indirect(&z));
    for crls in [[&at_uri, &of_x, &of_z], [&of_z, &of_x, &at_uri]] {
        let store = store(&[&x, &z], &crls);
        let verified = verify(&store, &[&client], NOW, &policy()).expect("verified");
        assert_eq!(until(&verified), Some(at("2026-04-01T00:00:00Z")));
        verify(&store, &[&client], "2026-04-01T00:00:01Z", &policy()).expect_err("X has expired");
    }
}

/// X's CRL revokes the client; Z's CRL revokes X; whether Z is revoked only X's CRL tells. In no
/// order is the client let in.
#[test]
fn signers_that_revoke_each_other_let_nobody_in() {
    let points = Extension::crl_distribution_points;
    let uri = || DistributionPoint::uri(URI);
    let x = signer("X")
        .extension(points(&[uri(), point_of("Z")]))
        .issued_by(&root());
    let z = signer("Z")
        .extension(points(&[point_of("X")]))
        .issued_by(&root());
    for order in [["X", "Z"], ["Z", "X"]] {
        let client = alice(&[uri(), point_of(order[0]), point_of(order[1])]);
        let at_uri = Crl::of(&root()).point(&IssuingDistributionPoint::uri(URI));
        let of_x = indirect(&x).entry(of_root(&client));
        let of_z = indirect(&z).entry(of_root(&x));
        let store = store(&[&x, &z], &[&at_uri, &of_x, &of_z]);
        verify(&store, &[&client], NOW, &policy()).expect_err("not let in");
    }
}

/// X's CRL revokes Z, and Z's CRL revokes X. A CRL of X vouches for nobody, whatever is allowed;
/// one of Y does, whichever is fresher.
#[test]
fn signers_that_revoke_each_other_vouch_for_nobody() {
    let points = Extension::crl_distribution_points;
    let uri = || DistributionPoint::uri(URI);
    let with_points = |name, other| {
        let points = points(&[uri(), point_of(other)]);
        signer(name).extension(points).issued_by(&root())
    };
    let (x, z) = (with_points("X", "Z"), with_points("Z", "X"));
    let y = signer("Y").extension(points(&[uri()])).issued_by(&root());
    let at_uri = Crl::of(&root()).point(&IssuingDistributionPoint::uri(URI));
    let of_x = indirect(&x).entry(of_root(&z));
    let of_z = indirect(&z).entry(of_root(&x));

    for unknown in [UnknownStatus::Deny, UnknownStatus::Allow] {
        let store = store(&[&x, &z], &[&at_uri, &of_x, &of_z]);
        let revocation = RevocationPolicy::whole_path().with_unknown(unknown);
        let policy = ClientPolicy::default().with_revocation(revocation);
        let refusal = verify(&store, &[&alice(&[point_of("X")])], NOW, &policy);
        let refusal = refusal.expect_err("a CRL of a signer that may be revoked");
        assert_eq!(*refusal.reason(), Reason::CircularCrls, "{unknown:?}");
    }

    let client = alice(&[point_of("X"), point_of("Y")]);
    for (until, its) in [("2026-05-01", "2026-06-01"), ("2026-06-01", "2026-05-01")] {
        let until_midnight = |crl: &Crl, day| crl.clone().next_update(&format!("{day}T00:00:00Z"));
        let (of_x, of_y) = (
            until_midnight(&of_x, until),
            until_midnight(&indirect(&y), its),
        );
        let store = store(&[&x, &y, &z], &[&at_uri, &of_x, &of_y, &of_z]);
        let verified = verify(&store, &[&client], NOW, &policy()).expect("by Y's CRL");
        assert_eq!(verified.revocation(), RevocationStatus::Good);
    }
}

/// A CRL that does not count for the sake of its signer bounds the time of a verdict only where it
/// would be refused when it is too old: that of a delegate, and not that of a CA whose key is not
/// for CRLs.
#[test]
fn a_crl_that_does_not_count_ends_a_verdict_when_it_is_refused() {
    let allow = RevocationPolicy::client_only().with_unknown(UnknownStatus::Allow);
    let policy = ClientPolicy::default().with_revocation(allow);
    let until_of = |store: &TrustStore, chain: &[&Cert]| {
        let verified = verify(store, chain, NOW, &policy).expect("unknown status");
        assert_eq!(verified.revocation(), RevocationStatus::Unknown);
        until(&verified)
    };

    let issuing = Cert::ca("CA", &Key::p256("CA"))
        .extension(Extension::key_usage(&[KeyUsage::KeyCertSign]))
        .issued_by(&root());
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing);
    let crl = Crl::of(&issuing).next_update("2026-05-01T00:00:00Z");
    let with_crl = store(&[], &[&crl]);
    let chain = [&client, &issuing];
    assert_eq!(
        until_of(&with_crl, &chain),
        until_of(&store(&[], &[]), &chain)
    );
    verify(&with_crl, &chain, "2026-05-01T00:00:01Z", &policy).expect("still unknown");

    // An expired delegate, whose old CRL has a fresh delta.
    let expired = signer("Lists")
        .not_after("2026-02-01T00:00:00Z")
        .issued_by(&root());
    let base = indirect(&expired).next_update("2026-02-15T00:00:00Z");
    let delta = indirect(&expired)
        .number(2)
        .delta(1)
        .this_update("2026-01-15T00:00:00Z")
        .next_update("2026-05-01T00:00:00Z");
    let store = store(&[&expired], &[&base, &delta]);
    let client = alice(&[point_of("Lists")]);
    assert_eq!(
        until_of(&store, &[&client]),
        Some(at("2026-05-01T00:00:00Z"))
    );
    let refusal = verify(&store, &[&client], "2026-05-01T00:00:01Z", &policy);
    let refusal = refusal.expect_err("too old");
    assert!(
        matches!(refusal.reason(), Reason::StaleCrl { .. }),
        "{refusal}"
    );
}

/// S1 rests on S2's CRL, that on S3's and so on; the last CRL revokes the one before the last.
#[test]
fn signers_that_rest_on_too_many_others_let_nobody_in() {
    for length in 2..=10 {
        let name = |index: usize| format!("S{index}");
        let signers: Vec<Cert> = (0..length)
            .map(|index| {
                let point = match index + 1 == length {
                    true => DistributionPoint::uri(URI),
                    false => point_of(&name(index + 1)),
                };
                signer(&name(index))
                    .extension(Extension::crl_distribution_points(&[point]))
                    .issued_by(&root())
            })
            .collect();
        let client = alice(&[point_of("S0")]);
        let crls = |revoked: Option<usize>| {
            let mut crls: Vec<Crl> = signers.iter().map(indirect).collect();
            if let Some(revoked) = revoked {
                let by = crls.pop().expect("a last CRL");
                crls.push(by.entry(of_root(&signers[revoked])));
            }
            crls.push(Crl::of(&root()).point(&IssuingDistributionPoint::uri(URI)));
            store(
                &signers.iter().collect::<Vec<_>>(),
                &crls.iter().collect::<Vec<_>>(),
            )
        };
        let outcome = verify(&crls(None), &[&client], NOW, &policy());
        match length {
            2..=8 => assert!(outcome.is_ok(), "{length}: {outcome:?}"),
            _ => {
                let refusal = outcome.expect_err("too many");
                let reason = refusal.reason();
                let is_unknown = matches!(reason, Reason::RevocationUnknown { .. });
                assert!(is_unknown, "{length}: {refusal}");
            }
        }
        verify(&crls(Some(length - 2)), &[&client], NOW, &policy()).expect_err("revoked signer");
    }
}

/// What is known of a client is no better than what is known of who signed the CRL.
#[test]
fn a_signer_of_stale_or_unknown_status_is_no_good_witness() {
    let stale = RevocationPolicy::whole_path().with_stale(Expired::Accept);
    let unknown = RevocationPolicy::whole_path().with_unknown(UnknownStatus::Allow);
    let x = signer("X")
        .extension(Extension::crl_distribution_points(&[
            DistributionPoint::uri(URI),
        ]))
        .issued_by(&root());
    let client = alice(&[point_of("X")]);
    let of_x = indirect(&x);
    let of_root = Crl::of(&root())
        .point(&IssuingDistributionPoint::uri(URI))
        .next_update("2026-02-01T00:00:00Z");
    let with_stale = store(&[&x], &[&of_x, &of_root]);
    let policy_of = |revocation| ClientPolicy::default().with_revocation(revocation);
    let verified = verify(&with_stale, &[&client], NOW, &policy_of(stale)).expect("accepted");
    let since = at("2026-02-01T00:00:00Z").into();
    assert_eq!(verified.revocation(), RevocationStatus::Stale { since });

    let without = store(&[&x], &[&of_x]);
    let verified = verify(&without, &[&client], NOW, &policy_of(unknown)).expect("accepted");
    assert_eq!(verified.revocation(), RevocationStatus::Unknown);
    for store in [with_stale, without] {
        let refusal = verify(&store, &[&client], NOW, &policy()).expect_err("refused");
        assert_eq!(refusal.code(), Code::ClientCertCrlProcessingError);
    }
}

/// A CRL with a wrong signature beside a good one, and many certificates with the name of its
/// issuer.
#[test]
fn a_bad_crl_does_not_shut_out_the_clients_of_a_ca() {
    let generations: Vec<Cert> = (0..24)
        .map(|index| Cert::ca("CA", &Key::p256(&format!("ca {index}"))).issued_by(&root()))
        .collect();
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&generations[0]);
    let good = Crl::of(&generations[0]);
    let bad = good.clone().flip_signature_bit();
    let store = store(&generations.iter().collect::<Vec<_>>(), &[&bad, &good]);
    let policy = ClientPolicy::default().with_revocation(RevocationPolicy::client_only());
    verify(&store, &[&client], NOW, &policy).expect("by the good CRL");
}

/// An anchor that signs CRLs for another one revokes with a path to that one and without; it
/// vouches with a path alone.
#[test]
fn another_anchor_vouches_if_it_has_a_path() {
    let crls = Cert::ca("Lists", &Key::p256("CRLs"));
    let client = alice(&[point_of("Lists")]);
    for (crls, is_below) in [(crls.clone().issued_by(&root()), true), (crls, false)] {
        let revoking = indirect(&crls).entry(of_root(&client));
        let empty = indirect(&crls);
        // About CAs only, such as the issuer of the other CRL.
        let of_cas = Crl::of(&root()).point(&IssuingDistributionPoint::new().only_ca_certs());
        let store = |crl: &Crl| {
            TrustStore::builder()
                .add_ca_der(&root().der())
                .and_then(|builder| builder.add_ca_der(&crls.der()))
                .and_then(|builder| builder.add_crl_der(&crl.der()))
                .and_then(|builder| builder.add_crl_der(&crate::crl_der(&of_cas)))
                .and_then(|builder| builder.build())
                .expect("good input")
        };
        let refusal = verify(&store(&revoking), &[&client], NOW, &policy());
        let code = refusal.expect_err("refused").code();
        assert_eq!(code, Code::ClientCertCrlHit);
        let outcome = verify(&store(&empty), &[&client], NOW, &policy());
        match is_below {
            true => assert!(outcome.is_ok(), "{outcome:?}"),
            false => {
                let refusal = outcome.expect_err("unknown").to_string();
                assert!(refusal.contains("another trust anchor"), "{refusal}");
            }
        }
    }
}
