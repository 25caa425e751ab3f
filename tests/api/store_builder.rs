//! Builders of stores and sets of CRLs: an input that is refused loads nothing and opens nothing,
//! and what is lenient is so from the start.

use mtls_verify::error::{Code, Reason, StoreProblem};
use mtls_verify::policy::{RevocationPolicy, SignatureAlgorithms};
use mtls_verify::revocation::DeniedBy;
use mtls_verify::store::CertificateInfo;
use mtls_verify::{
    ClientPolicy, CrlSet, DenyList, StoreError, TrustStore, TrustStoreBuilder, VerifyError,
    verify_client_chain,
};
use testpki::pem::Pem;
use testpki::{Cert, Crl, Key};

use crate::files;

fn ca(name: &str) -> Cert {
    Cert::ca(name, &Key::p256(name))
}

fn root() -> Cert {
    ca("Root")
}

fn issuing() -> Cert {
    ca("Issuing CA").issued_by(&root())
}

fn alice() -> Cert {
    Cert::client("alice", &Key::p256("alice")).issued_by(&issuing())
}

fn pinned() -> Cert {
    Cert::client("pinned", &Key::p256("pinned"))
}

/// A block that is no PEM of ours.
const BAD: &str = "-----BEGIN JUNK-----\nAAAA\n-----END JUNK-----\n";

/// A certificate in a block that its settings reject for every purpose.
fn rejecting(cert: &Cert) -> String {
    let settings = b"\x30\x08\xa0\x06\x06\x04\x55\x1d\x25\x00";
    Pem::new(
        "TRUSTED CERTIFICATE",
        &[&cert.der(), &settings[..]].concat(),
    )
    .to_string()
}

fn verify(store: &TrustStore, client: &Cert, policy: &ClientPolicy) -> Result<(), VerifyError> {
    let chain = [client.der().into(), issuing().der().into()];
    let now = files::time("2026-06-01T00:00:00Z");
    verify_client_chain(store, &chain, now, policy).map(drop)
}

fn code(store: &TrustStore, revocation: RevocationPolicy) -> Option<Code> {
    let policy = ClientPolicy::default().with_revocation(revocation);
    verify(store, &alice(), &policy)
        .err()
        .map(|refusal| refusal.code())
}

const UNCLEAR: Option<Code> = Some(Code::ClientCertCrlProcessingError);

/// Each input, in PEM.
type Add =
    for<'a> fn(&'a mut TrustStoreBuilder, &str) -> Result<&'a mut TrustStoreBuilder, StoreError>;

const ADD_CA: Add = |builder, pem| builder.add_ca_pem(pem);
const ADD_INTERMEDIATES: Add = |builder, pem| builder.add_intermediates_pem(pem);
const PIN: Add = |builder, pem| builder.pin_clients_pem(pem);
const ADD_CRL: Add = |builder, pem| builder.add_crl_pem(pem);

/// A builder that has some of everything.
fn filled(mut builder: TrustStoreBuilder) -> TrustStoreBuilder {
    let added = ADD_CA(&mut builder, &root().pem())
        .and_then(|builder| ADD_INTERMEDIATES(builder, &issuing().pem()))
        .and_then(|builder| PIN(builder, &pinned().pem()))
        .and_then(|builder| ADD_CRL(builder, &Crl::of(&root()).pem()))
        .and_then(|builder| ADD_CRL(builder, &Crl::of(&issuing()).pem()))
        .map(drop);
    added.expect("good input");
    builder
}

/// All that a store shows.
fn shown(store: &TrustStore) -> String {
    let ders = |infos: &mut dyn Iterator<Item = CertificateInfo<'_>>| -> Vec<Vec<u8>> {
        infos.map(|info| info.der().to_vec()).collect()
    };
    let crls: Vec<_> = store
        .crls()
        .map(|crl| (crl.issuer(), crl.number().map(<[u8]>::to_vec)))
        .collect();
    let verdicts = [
        RevocationPolicy::auto(),
        RevocationPolicy::where_published(),
        RevocationPolicy::off(),
    ];
    format!(
        "{:?}",
        (
            ders(&mut store.anchors()),
            ders(&mut store.intermediates()),
            ders(&mut store.pinned_clients()),
            crls,
            store.skipped(),
            verdicts.map(|revocation| code(store, revocation)),
        )
    )
}

/// All that a builder has but the error that it remembers.
fn loaded(builder: &TrustStoreBuilder) -> String {
    let all = format!("{builder:?}");
    let (before, rest) = all.split_once("first_refused: ").expect("there");
    let (_, after) = rest.split_once("has_stray_crl: ").expect("there");
    format!("{before}{after}")
}

/// In each input, a bad block before and after good ones.
#[test]
fn what_is_refused_loads_nothing() {
    let good = [
        (ADD_CA, ca("Other").pem()),
        (ADD_INTERMEDIATES, ca("Other").pem()),
        (PIN, alice().pem()),
    ];
    for (add, good) in good {
        for bundle in [
            format!("{good}{BAD}"),
            format!("{BAD}{good}"),
            String::new(),
        ] {
            let mut builder = filled(TrustStore::builder());
            let before = loaded(&builder);
            add(&mut builder, &bundle).expect_err("a bad block");
            assert_eq!(loaded(&builder), before, "{bundle}");
            let store = builder.build().expect("what was there");
            let same = filled(TrustStore::builder()).build().expect("the same");
            assert_eq!(shown(&store), shown(&same), "{bundle}");
            // And it can go on.
            let mut builder = filled(TrustStore::builder());
            add(&mut builder, &bundle).expect_err("a bad block");
            add(&mut builder, &good).expect("good alone");
            let mut other = filled(TrustStore::builder());
            add(&mut other, &good).expect("good alone");
            let [store, other] = [builder, other].map(|mut one| one.build().expect("good"));
            assert_eq!(shown(&store), shown(&other), "{bundle}");
        }
    }
}

#[test]
fn what_is_refused_in_der_loads_nothing() {
    let mut builder = filled(TrustStore::builder());
    builder.add_ca_der(&alice().der()).expect_err("no CA");
    builder
        .add_intermediate_der(&alice().der())
        .expect_err("no CA");
    builder.pin_client_der(b"junk").expect_err("no certificate");
    let store = builder.build().expect("what was there");
    let same = filled(TrustStore::builder()).build().expect("the same");
    assert_eq!(shown(&store), shown(&same));
}

/// None of the CRLs of a bundle is loaded if one is bad, and revocation is checked all the same.
#[test]
fn a_crl_that_was_refused_was_given() {
    let of_issuing = Crl::of(&issuing());
    let broken = of_issuing.clone().raw_version(vec![0x02, 0x01, 0x00]);
    let good = Crl::of(&root()).pem();
    let other = Crl::of(&ca("Other")).raw_version(vec![0x02, 0x01, 0x00]);
    for bundle in [
        good.clone() + BAD,
        good + &broken.pem(),
        String::new(),
        // The good CRL says that its issuer publishes some.
        of_issuing.pem() + &other.pem(),
        of_issuing.pem() + &root().pem(),
        root().pem() + &of_issuing.pem(),
    ] {
        let mut builder = TrustStore::builder();
        ADD_CA(&mut builder, &root().pem()).expect("a good CA");
        ADD_CRL(&mut builder, &bundle).expect_err("bad");
        let store = builder.build().expect("the root");
        assert_eq!(store.crls().len(), 0, "{bundle}");
        assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR, "{bundle}");
        let published = RevocationPolicy::where_published();
        assert_eq!(code(&store, published), UNCLEAR, "{bundle}");
        // The same of a set.
        let mut set = CrlSet::new();
        set.add_pem(&*bundle).expect_err("bad");
        let store = TrustStore::from_pem(&*root().pem()).expect("the root");
        let store = store.with_crls(set);
        assert_eq!(store.crls().len(), 0, "{bundle}");
        assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR, "{bundle}");
        assert_eq!(code(&store, published), UNCLEAR, "{bundle}");
    }
    let mut set = CrlSet::new();
    set.add_der(&broken.der()).expect_err("a bad version");
    let store = TrustStore::from_pem(&*root().pem()).expect("the root");
    let store = store.with_crls(set);
    assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR);
    // A CRL of another issuer says nothing of this one's.
    let mut builder = TrustStore::builder();
    ADD_CA(&mut builder, &root().pem()).expect("a good CA");
    ADD_CRL(&mut builder, &other.pem()).expect_err("a bad version");
    let store = builder.build().expect("the root");
    assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR);
    assert_eq!(code(&store, RevocationPolicy::where_published()), None);
}

/// A CRL among certificates, and a rejection, hold wherever they are in what is refused.
#[test]
fn what_speaks_against_clients_stays() {
    let policy = ClientPolicy::default();
    for bad_first in [true, false] {
        for add in [ADD_CA, ADD_INTERMEDIATES, PIN] {
            let bundle = |block: String| match bad_first {
                true => BAD.to_owned() + &block,
                false => block + BAD,
            };
            let mut builder = TrustStore::builder();
            ADD_CA(&mut builder, &root().pem()).expect("a good CA");
            add(&mut builder, &bundle(Crl::of(&root()).pem())).expect_err("a CRL");
            let store = builder.build().expect("the root");
            assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR);

            let mut builder = TrustStore::builder();
            add(&mut builder, &bundle(rejecting(&issuing()))).expect_err("rejected");
            ADD_CA(&mut builder, &(root().pem() + &issuing().pem())).expect("good CAs");
            let store = builder.build().expect("the root");
            assert_eq!(store.anchors().len(), 1);
            let refusal = verify(&store, &alice(), &policy).expect_err("rejected");
            let by = DeniedBy::TrustSettings;
            assert_eq!(refusal.reason(), &Reason::Denied { by });
        }
    }
    let mut builder = TrustStore::builder();
    builder.add_ca_der(&root().der()).expect("a good CA");
    builder
        .add_ca_der(&Crl::of(&root()).der())
        .expect_err("a CRL");
    let store = builder.build().expect("the root");
    assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR);
}

#[test]
fn build_takes_certificates_and_crls_and_leaves_the_rest() {
    let denied = DenyList::new()
        .with_certificate(&alice().der())
        .expect("a certificate");
    let mut builder = filled(TrustStore::lenient_builder());
    builder
        .crl_signatures(SignatureAlgorithms::new(&[]))
        .deny(denied);
    ADD_CA(&mut builder, BAD).expect("lenient");
    let first = builder.build().expect("good input");
    assert!(first.crls().all(|crl| !crl.is_signed_by_store()));
    assert!(verify(&first, &alice(), &ClientPolicy::default()).is_err());
    assert_eq!(builder.skipped(), []);
    let error = builder.build().expect_err("nothing is left");
    assert_eq!(error.problem(), &StoreProblem::Empty { hint: None });
    // It is lenient, with the same algorithms, and has nothing of the first.
    ADD_CA(&mut builder, &(BAD.to_owned() + &root().pem())).expect("lenient");
    let second = builder.build().expect("the root");
    assert_eq!((second.anchors().len(), second.skipped().len()), (1, 1));
    assert_eq!(
        second.pinned_clients().len() + second.intermediates().len(),
        0
    );
    // What it denies, it still denies.
    let refusal = verify(&second, &alice(), &ClientPolicy::default()).expect_err("denied");
    assert_eq!(refusal.reason().name(), "denied");
    let mut set = CrlSet::new();
    set.add_der(&Crl::of(&root()).der()).expect("a good CRL");
    let second = second.with_crls(set);
    assert!(second.crls().all(|crl| !crl.is_signed_by_store()));
}

/// So it is with what trust settings reject.
#[test]
fn a_rejection_holds_for_the_next_store() {
    let mut builder = TrustStore::builder();
    ADD_INTERMEDIATES(&mut builder, &rejecting(&issuing())).expect_err("rejected");
    for _ in 0..2 {
        ADD_CA(&mut builder, &(root().pem() + &issuing().pem())).expect("good CAs");
        let store = builder.build().expect("the root");
        assert_eq!(store.anchors().len(), 1);
        let refusal = verify(&store, &alice(), &ClientPolicy::default()).expect_err("rejected");
        assert_eq!(refusal.reason().name(), "denied");
    }
}

/// The error of `build` is the first one that was ignored, and no riddle.
#[test]
fn what_was_refused_explains_an_empty_store() {
    let mut builder = TrustStore::builder();
    let first = ADD_CA(&mut builder, BAD).map(|_| ()).expect_err("bad");
    ADD_CA(&mut builder, "").expect_err("empty");
    assert_eq!(builder.build().map(|_| ()), Err(first));
    // What was good is rejected.
    let mut builder = TrustStore::builder();
    ADD_CA(&mut builder, &root().pem()).expect("a good CA");
    ADD_CA(&mut builder, &rejecting(&root())).expect_err("rejected");
    let error = builder.build().map(|_| ()).expect_err("nothing is left");
    assert_eq!(error.problem(), &StoreProblem::TrustSettings);
}

/// A CRL in DER where a bundle of CAs belongs counts as one that was given.
#[test]
fn a_crl_in_der_is_no_bundle_and_counts() {
    let der = Crl::of(&root()).der();
    for mut builder in [TrustStore::builder(), TrustStore::lenient_builder()] {
        ADD_CA(&mut builder, &root().pem()).expect("a good CA");
        let _ = builder.add_ca_pem(&der);
        let store = builder.build().expect("the root");
        assert_eq!(code(&store, RevocationPolicy::auto()), UNCLEAR);
    }
}

/// Only what lets in a client is missing, and it comes later.
#[test]
fn a_build_that_fails_leaves_what_was_there() {
    let mut builder = TrustStore::lenient_builder();
    ADD_INTERMEDIATES(&mut builder, &issuing().pem()).expect("a good CA");
    ADD_CRL(&mut builder, &Crl::of(&issuing()).pem()).expect("a good CRL");
    ADD_CA(&mut builder, &(rejecting(&root()) + &root().pem())).expect("lenient");
    let before = format!("{builder:?}");
    for _ in 0..2 {
        let error = builder.build().expect_err("no anchor");
        assert_eq!(error.problem(), &StoreProblem::TrustSettings);
        assert_eq!(format!("{builder:?}"), before);
    }
    ADD_CA(&mut builder, &ca("Other").pem()).expect("a good CA");
    let store = builder.build().expect("an anchor");
    assert_eq!((store.anchors().len(), store.intermediates().len()), (1, 1));
    assert_eq!((store.crls().len(), store.skipped().len()), (1, 1));
}

#[test]
fn what_is_lenient_is_so_from_the_start() {
    let mut builder = TrustStore::lenient_builder();
    let inputs = [
        (ADD_CA, ca("Other")),
        (ADD_INTERMEDIATES, issuing()),
        (PIN, alice()),
    ];
    for (number, (add, good)) in (1..).zip(inputs) {
        add(&mut builder, &(BAD.to_owned() + &good.pem())).expect("lenient");
        assert_eq!(builder.skipped().len(), number);
    }
    builder.add_crl_der(b"junk").expect("lenient");
    let skipped = builder.skipped().to_vec();
    let store = builder.build().expect("good input");
    assert_eq!(store.skipped(), skipped);
    assert_eq!(skipped.len(), 4);
    assert_eq!(store.anchors().len() + store.intermediates().len(), 2);

    let mut set = CrlSet::lenient();
    set.add_pem(BAD)
        .expect("lenient")
        .add_der(b"junk")
        .expect("lenient");
    set.add_der(&Crl::of(&root()).der()).expect("a good CRL");
    assert_eq!(set.skipped().len(), 2);
    // A strict one has none, whatever it refused.
    let mut set = CrlSet::new();
    set.add_pem(BAD).expect_err("strict");
    assert_eq!(set.skipped(), []);
    let mut builder = TrustStore::builder();
    ADD_CA(&mut builder, BAD).expect_err("strict");
    assert_eq!(builder.skipped(), []);
}
