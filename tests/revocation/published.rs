//! CRLs that a store had, was to have, or lost: none of that switches revocation off in silence.

use std::sync::Arc;

use mtls_verify::client::RevocationStatus;
use mtls_verify::error::{Code, ReplaceStoreError};
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{RevocationPolicy, UnknownStatus};
use mtls_verify::{ClientPolicy, ClientVerifier, CrlSet, DenyList, TrustStore, TrustStoreBuilder};
use testpki::{Cert, Crl, DistributionPoint, Extension, GeneralName, Key, Name};

use crate::{NOW, alice, bob, issuing, root, set_of, verify};

/// The root, in a lenient builder.
fn anchors() -> TrustStoreBuilder {
    let mut builder = TrustStore::lenient_builder();
    builder.add_ca_der(&root().der()).expect("a good CA");
    builder
}

fn with_pem(pem: &str) -> TrustStore {
    let mut builder = anchors();
    builder.add_crl_pem(pem).expect("lenient");
    builder.build().expect("a good store")
}

fn under(revocation: RevocationPolicy) -> ClientPolicy {
    ClientPolicy::default().with_revocation(revocation)
}

fn code(store: &TrustStore, revocation: RevocationPolicy) -> Option<Code> {
    let outcome = verify(store, &alice(), &under(revocation));
    outcome.err().map(|refusal| refusal.code())
}

const UNCLEAR: Option<Code> = Some(Code::ClientCertCrlProcessingError);

type Add = for<'a> fn(
    &'a mut TrustStoreBuilder,
    &[u8],
) -> Result<&'a mut TrustStoreBuilder, mtls_verify::StoreError>;

/// CRLs of both CAs, without entries.
fn crls_of_both() -> CrlSet {
    set_of(&[Crl::of(&root()), Crl::of(&issuing())])
}

/// A CRL whose version is malformed: its issuer can be read, and it does not load.
fn broken(crl: &Crl) -> String {
    crl.clone().raw_version(vec![0x02, 0x01, 0x00]).pem()
}

/// The CRL of another CA.
fn good() -> String {
    Crl::of(&Cert::ca("Other", &Key::p256("other"))).pem()
}

/// The CRL of another CA and that of the issuing CA, one after the other in DER.
fn two_crls() -> Vec<u8> {
    let other = Crl::of(&Cert::ca("Other", &Key::p256("other")));
    [other.der(), Crl::of(&issuing()).revoke(&alice()).der()].concat()
}

/// A CRL with a critical extension that is not processed.
fn with_unknown(crl: &Crl) -> String {
    let extension = Extension::new("1.2.3.4", vec![0x05, 0x00]).critical();
    crl.clone().extension(extension).pem()
}

fn pem(label: &str, der: &[u8]) -> String {
    testpki::pem::Pem::new(label, der).to_string()
}

/// What was given as CRLs counts, however little was good in it.
#[test]
fn an_input_that_was_skipped_lets_nobody_in() {
    let other = Cert::ca("Other", &Key::p256("other"));
    // Input, and whether unknown status is allowed by `where_published`.
    let inputs = [
        ("", false),
        ("a comment\n", false),
        ("-----BEGIN X509 CRL-----\n", false),
        (
            "-----BEGIN X509 CRL-----\n?\n-----END X509 CRL-----\n",
            false,
        ),
        (
            "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
            false,
        ),
        (&pem("X509 CRLS", &Crl::of(&other).der()), false),
        // Beside a good CRL: another label, a CRL that is labelled as a certificate, two in one
        // block.
        (&(good() + &pem("X509 CRLS", &Crl::of(&other).der())), false),
        (
            &(good() + &pem("CERTIFICATE", &Crl::of(&issuing()).der())),
            false,
        ),
        (&(good() + &pem("TRUSTED CERTIFICATE", &[0x30, 0])), false),
        (&(good() + &pem("TRUSTED CERTIFICATE", &root().der())), true),
        (&(good() + &pem("X509 CRL", &two_crls())), false),
        (&root().pem(), false),
        (&broken(&Crl::of(&issuing())), false),
        (&broken(&Crl::of(&root())), false),
        (&broken(&Crl::of(&other)), true),
        (&with_unknown(&Crl::of(&other)), true),
        (&with_unknown(&Crl::of(&issuing())), false),
        (&(Crl::of(&other).pem() + &root().pem()), true),
        (
            &(Crl::of(&other).pem() + "-----BEGIN X509 CRL-----\n"),
            false,
        ),
        (
            &(broken(&Crl::of(&other)) + &broken(&Crl::of(&root()))),
            false,
        ),
    ];
    for (input, is_allowed) in inputs {
        let store = with_pem(input);
        assert!(!store.skipped().is_empty(), "{input:?}");
        assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR, "{input:?}");
        let published = code(&store, RevocationPolicy::where_published());
        assert_eq!(published.is_none(), is_allowed, "{input:?}");
        assert_eq!(code(&store, RevocationPolicy::off()), None, "{input:?}");
        // The same by `with_crls`.
        let mut crls = CrlSet::lenient();
        crls.add_pem(input).expect("lenient");
        let renewed = anchors().build().expect("a good store").with_crls(crls);
        assert_eq!(
            code(&renewed, RevocationPolicy::auto()),
            UNCLEAR,
            "{input:?}"
        );
        let published = code(&renewed, RevocationPolicy::where_published());
        assert_eq!(published.is_none(), is_allowed, "{input:?}");
    }
}

/// A bad CRL in DER, of which the issuer can be read or not.
#[test]
fn a_crl_in_der_that_was_skipped_counts() {
    let whole = Crl::of(&issuing()).der();
    for len in 0..whole.len() {
        let part = &whole[..len];
        let mut builder = anchors();
        builder.add_crl_der(part).expect("lenient");
        let store = builder.build().expect("a good store");
        assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR, "{len}");
        let published = RevocationPolicy::where_published();
        assert_eq!(code(&store, published), UNCLEAR, "{len}");
    }
}

/// A CRL that was given among certificates, and skipped there, was given all the same.
#[test]
fn a_crl_among_certificates_counts() {
    let revoking = Crl::of(&issuing()).revoke(&alice());
    let (label, body) = ("-----BEGIN X509 CRL-----", "-----BEGIN X509 CRL-----\n?\n");
    let inputs = [
        revoking.pem(),
        pem("CERTIFICATE", &revoking.der()),
        pem("X509 CRL", &two_crls()),
        pem("CRL", &revoking.der()),
        pem("CERTIFICATE", &two_crls()),
        pem("CERTIFICATE", &[issuing().der(), revoking.der()].concat()),
        broken(&revoking),
        with_unknown(&revoking).replace("X509 CRL", "CERTIFICATE"),
        pem("CERTIFICATE", &revoking.der()).replace("END CERTIFICATE", "END X509 CRL"),
        revoking.pem().replacen(label, "----BEGIN X509 CRL-----", 1),
        body.to_owned(),
        body.to_owned() + "-----END CERTIFICATE-----\n",
    ];
    let add: [Add; 3] = [
        |builder, pem| builder.add_ca_pem(pem),
        |builder, pem| builder.add_intermediates_pem(pem),
        |builder, pem| builder.pin_clients_pem(pem),
    ];
    let store_of = |add: Add, input: &[u8]| {
        let mut builder = anchors();
        add(&mut builder, input).expect("lenient");
        builder.build().expect("a good store")
    };
    for (input, add) in inputs.iter().flat_map(|input| add.map(|add| (input, add))) {
        let store = store_of(add, input.as_bytes());
        assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR, "{input}");
        let published = RevocationPolicy::where_published();
        assert_eq!(code(&store, published), UNCLEAR, "{input}");
        let strict = add(&mut TrustStore::builder(), input.as_bytes()).map(drop);
        assert!(strict.is_err(), "{input}");
    }
    let add: [Add; 3] = [
        |builder, der| builder.add_ca_der(der),
        |builder, der| builder.add_intermediate_der(der),
        |builder, der| builder.pin_client_der(der),
    ];
    for add in add {
        let store = store_of(add, &revoking.der());
        assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR);
    }
    // It is told apart from bad certificates and from text.
    let text = "=== Begin: CAs whose CRLs we have ===\n";
    let store_of = |pem: &str| store_of(|builder, pem| builder.add_ca_pem(pem), pem.as_bytes());
    let store = store_of(text);
    assert_eq!(code(&store, RevocationPolicy::auto()), None);
    let version_1 = issuing().raw_version(vec![]).flip_signature_bit();
    let version_1 = pem("TRUSTED CERTIFICATE", &[version_1.der(), vec![5]].concat());
    let store = store_of(&version_1);
    assert_ne!(code(&store, RevocationPolicy::auto()), UNCLEAR);
    // It stays, whatever CRLs come later, and goes with the file.
    let stray = Arc::new(store_of(&revoking.pem()));
    let renewed = stray.with_crls(set_of(&[Crl::of(&root())]));
    assert_eq!(code(&renewed, RevocationPolicy::where_published()), UNCLEAR);
    let verifier = ClientVerifier::new(stray, ClientPolicy::default());
    let repaired = Arc::new(anchors().build().expect("a good store"));
    assert_eq!(verifier.replace_store(repaired), Ok(()));
    let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let store = store_of(bad);
    assert_eq!(code(&store, RevocationPolicy::auto()), None);
}

/// The issuer of a client's CRLs by its distribution points, whose CRL was skipped.
#[test]
fn a_skipped_crl_of_the_crl_issuer_counts() {
    let named = |cert: &Cert| GeneralName::directory(cert.subject_name());
    let crl_issuer = Cert::ca("CRL Issuer", &Key::p256("crl issuer")).issued_by(&root());
    let point = DistributionPoint::uri("http://crl.example/1").crl_issuer(&[named(&crl_issuer)]);
    let client = alice().extension(Extension::crl_distribution_points(&[point]));
    let policy = under(RevocationPolicy::where_published());
    for (skipped, is_let_in) in [(&crl_issuer, false), (&bob(), true)] {
        let store = with_pem(&(good() + &broken(&Crl::of(skipped))));
        assert_eq!(verify(&store, &client, &policy).is_ok(), is_let_in);
        verify(&store, &alice(), &policy).expect("no point names the CRL issuer");
    }
}

/// An issuer whose CRL is gone after a reload does not become one that never had any.
#[test]
fn a_lost_crl_of_one_issuer_lets_nobody_in() {
    let of = |cas: &[&Cert]| {
        let crls: Vec<Crl> = cas.iter().map(|ca| Crl::of(ca)).collect();
        set_of(&crls)
    };
    let published = RevocationPolicy::where_published();
    let none = anchors().build().expect("a good store");
    let both = none.with_crls(of(&[&root(), &issuing()]));
    let fewer = both.with_crls(of(&[&root()]));
    assert_eq!(code(&both, published), None);
    assert_eq!(code(&fewer, published), UNCLEAR);
    // However often it is renewed, until the CRL is back.
    let again = fewer.with_crls(of(&[&root()]));
    assert_eq!(code(&again, published), UNCLEAR);
    assert_eq!(
        code(&again.with_crls(of(&[&root(), &issuing()])), published),
        None
    );

    // A store that knows nothing of the one before.
    let new = Arc::new(none.with_crls(of(&[&root()])));
    assert_eq!(code(&new, published), None);
    let both = Arc::new(both);
    let replace = |revocation, next: &Arc<TrustStore>| {
        let verifier = ClientVerifier::new(Arc::clone(&both), under(revocation));
        verifier.replace_store(Arc::clone(next))
    };
    let issuer = "CN=Issuing CA".to_owned();
    let lost = || {
        let issuer = issuer.clone();
        Err(ReplaceStoreError::IssuerWithoutCrl { issuer })
    };
    assert_eq!(replace(published, &new), lost());
    assert_eq!(
        replace(published, &Arc::new(fewer)),
        Ok(()),
        "it denies by itself"
    );
    // In two steps: damaged or skipped, and then missing.
    let damaged = [
        with_pem(&(Crl::of(&root()).pem() + &broken(&Crl::of(&issuing())))),
        with_pem(&(Crl::of(&root()).pem() + "-----BEGIN X509 CRL-----\n")),
        both.with_crls(of(&[&root()])),
    ];
    for damaged in damaged {
        let verifier = ClientVerifier::new(Arc::clone(&both), under(published));
        assert_eq!(verifier.replace_store(Arc::new(damaged)), Ok(()));
        assert_eq!(verifier.replace_store(Arc::clone(&new)), lost());
        assert_eq!(verifier.replace_store(Arc::clone(&both)), Ok(()));
    }
    // A CA that is taken out of the store takes its CRL with it, for good.
    let other = Cert::ca("Other", &Key::p256("other"));
    let with_other = anchors()
        .add_ca_der(&other.der())
        .and_then(TrustStoreBuilder::build)
        .expect("good CAs");
    let with_other = with_other.with_crls(of(&[&root(), &issuing(), &other]));
    let verifier = ClientVerifier::new(Arc::new(with_other), under(published));
    for _ in 0..3 {
        assert_eq!(verifier.replace_store(Arc::clone(&both)), Ok(()));
    }
    assert_eq!(verifier.replace_store(Arc::clone(&new)), lost());
    for revocation in [
        RevocationPolicy::auto(),
        RevocationPolicy::off().with_unknown(UnknownStatus::AllowUnpublished),
        RevocationPolicy::whole_path().with_unknown(UnknownStatus::Allow),
    ] {
        assert_eq!(replace(revocation, &new), Ok(()), "{revocation:?}");
    }
}

#[test]
fn the_skipped_issuer_is_known_in_another_spelling() {
    let shouted = Crl::of(&issuing()).issuer(Name::cn("ISSUING  CA"));
    let store = with_pem(&broken(&shouted));
    assert_eq!(code(&store, RevocationPolicy::where_published()), UNCLEAR);
}

/// Revocation is off for a store that was never given a CRL, and stays on once it was.
#[test]
fn no_crls_any_more_is_not_off() {
    let none = anchors().build().expect("a good store");
    for store in [&none, &none.with_crls(CrlSet::new())] {
        let client = verify(store, &alice(), &ClientPolicy::default()).expect("no CRLs");
        assert_eq!(client.revocation(), RevocationStatus::NotChecked);
        let client = verify(store, &alice(), &under(RevocationPolicy::where_published()));
        assert_eq!(
            client.expect("no CRLs").revocation(),
            RevocationStatus::Unknown
        );
    }
    let some = none.with_crls(crls_of_both());
    let client = verify(&some, &alice(), &ClientPolicy::default()).expect("a CRL by each");
    assert_eq!(client.revocation(), RevocationStatus::Good);
    let lost = some.with_crls(CrlSet::new());
    for store in [&lost, &lost.with_deny_list(DenyList::new())] {
        assert_eq!(code(store, RevocationPolicy::auto()), UNCLEAR);
        assert_eq!(code(store, RevocationPolicy::where_published()), UNCLEAR);
        assert_eq!(code(store, RevocationPolicy::off()), None);
    }
    let again = lost.with_crls(crls_of_both());
    assert_eq!(code(&again, RevocationPolicy::auto()), None);
}

#[test]
fn a_store_that_lost_its_crls_is_not_taken() {
    let none = Arc::new(anchors().build().expect("a good store"));
    let some = Arc::new(none.with_crls(crls_of_both()));
    let lost = Arc::new(some.with_crls(CrlSet::new()));
    let skipped = Arc::new(with_pem(""));
    let unpublished = RevocationPolicy::client_only().with_unknown(UnknownStatus::AllowUnpublished);
    for (revocation, is_guarded) in [
        (RevocationPolicy::default(), true),
        (RevocationPolicy::where_published(), true),
        (unpublished, true),
        (
            RevocationPolicy::whole_path().with_unknown(UnknownStatus::Allow),
            true,
        ),
        (RevocationPolicy::whole_path(), false),
        (RevocationPolicy::client_only(), false),
        (RevocationPolicy::off(), false),
        (
            RevocationPolicy::off().with_unknown(UnknownStatus::Allow),
            false,
        ),
    ] {
        let expected = || match is_guarded {
            true => Err(ReplaceStoreError::NoCrls),
            false => Ok(()),
        };
        for next in [&none, &lost, &skipped] {
            let verifier = ClientVerifier::new(Arc::clone(&some), under(revocation));
            assert_eq!(
                verifier.replace_store(Arc::clone(next)),
                expected(),
                "{revocation:?}"
            );
            let kept = if is_guarded { &some } else { next };
            assert!(Arc::ptr_eq(&verifier.store(), kept), "{revocation:?}");
        }
        // What was skipped is as good as lost.
        let verifier = ClientVerifier::new(Arc::clone(&skipped), under(revocation));
        assert_eq!(
            verifier.replace_store(Arc::clone(&none)),
            expected(),
            "{revocation:?}"
        );
        for (first, next) in [
            (&none, &none),
            (&none, &some),
            (&some, &some),
            (&lost, &some),
        ] {
            let verifier = ClientVerifier::new(Arc::clone(first), under(revocation));
            assert_eq!(
                verifier.replace_store(Arc::clone(next)),
                Ok(()),
                "{revocation:?}"
            );
        }
    }
    let message = ReplaceStoreError::NoCrls.to_string();
    assert!(message.contains("add the CRLs"), "{message}");
}

/// What was verified is still known after a store was not taken.
#[test]
fn a_store_that_is_not_taken_changes_nothing() {
    let none = Arc::new(anchors().build().expect("a good store"));
    let some = Arc::new(none.with_crls(crls_of_both()));
    let verifier = ClientVerifier::new(some, ClientPolicy::default());
    let chain = [alice().der(), issuing().der()].map(CertificateDer::from);
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(NOW));
    verifier.verify(&chain, now).expect("good");
    verifier.replace_store(none).expect_err("no CRLs");
    verifier.verify(&chain, now).expect("good");
    assert_eq!(verifier.counts().memory_hits(), 1);
}

/// CRLs are lost by the policy in use and by the next one, whichever asks for more.
#[test]
fn crls_that_are_lost_with_a_policy_are_missed() {
    let none = Arc::new(anchors().build().expect("a good store"));
    let some = Arc::new(none.with_crls(crls_of_both()));
    let (auto, off) = (RevocationPolicy::auto(), RevocationPolicy::off());
    let whole_path = RevocationPolicy::whole_path();
    let lost = Err(ReplaceStoreError::NoCrls);
    for (in_use, next, expected) in [
        (auto, auto, lost.clone()),
        (auto, off, lost.clone()),
        (off, auto, lost.clone()),
        (auto, whole_path, lost.clone()),
        (
            whole_path,
            RevocationPolicy::where_published(),
            lost.clone(),
        ),
        (off, off, Ok(())),
        (whole_path, off, Ok(())),
        (off, whole_path, Ok(())),
    ] {
        let verifier = ClientVerifier::new(Arc::clone(&some), under(in_use));
        let replaced = verifier.replace(Arc::clone(&none), under(next));
        assert_eq!(replaced, expected, "{in_use:?} {next:?}");
        let (store, policy) = verifier.store_and_policy();
        let (store_left, left) = match expected {
            Ok(()) => (&none, next),
            Err(_) => (&some, in_use),
        };
        assert!(Arc::ptr_eq(&store, store_left), "{in_use:?} {next:?}");
        assert_eq!(policy.revocation, left, "{in_use:?} {next:?}");
        // The policy first, with the CRLs still there, is what an operator asks for.
        let verifier = ClientVerifier::new(Arc::clone(&some), under(in_use));
        assert_eq!(verifier.replace(Arc::clone(&some), under(next)), Ok(()));
    }
}

/// A store that lost its CRLs under a policy that lets nobody in without is not the one that a
/// laxer policy begins with.
#[test]
fn crls_that_were_lost_before_are_missed() {
    let none = Arc::new(anchors().build().expect("a good store"));
    let some = Arc::new(none.with_crls(crls_of_both()));
    for strict in [RevocationPolicy::whole_path(), RevocationPolicy::off()] {
        let verifier = ClientVerifier::new(Arc::clone(&some), under(strict));
        assert_eq!(verifier.replace_store(Arc::clone(&none)), Ok(()));
        let auto = under(RevocationPolicy::auto());
        let replaced = verifier.replace(Arc::clone(&none), auto.clone());
        assert_eq!(replaced, Err(ReplaceStoreError::NoCrls));
        assert_eq!(verifier.replace(Arc::clone(&some), auto), Ok(()));
    }
}

/// Under either policy, an issuer keeps its CRL.
#[test]
fn a_crl_that_is_lost_with_a_policy_is_missed() {
    let none = anchors().build().expect("a good store");
    let both = Arc::new(none.with_crls(crls_of_both()));
    let roots = CrlSet::from_pem(Crl::of(&root()).pem().as_bytes()).expect("a good CRL");
    let one = Arc::new(none.with_crls(roots));
    let (published, auto) = (
        RevocationPolicy::where_published(),
        RevocationPolicy::auto(),
    );
    for (in_use, next) in [(published, auto), (auto, published), (published, published)] {
        let verifier = ClientVerifier::new(Arc::clone(&both), under(in_use));
        let error = verifier.replace(Arc::clone(&one), under(next)).unwrap_err();
        let is_issuers = matches!(
            &error,
            ReplaceStoreError::IssuerWithoutCrl { issuer } if issuer == "CN=Issuing CA"
        );
        assert!(is_issuers, "{error}");
    }
    let verifier = ClientVerifier::new(both, under(auto));
    assert_eq!(verifier.replace(one, under(auto)), Ok(()));
}
