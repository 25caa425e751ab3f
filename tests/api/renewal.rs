//! What a store has in common with the one that it was renewed from: everything but what was
//! renewed.

use std::collections::BTreeMap;
use std::sync::Arc;

use mtls_verify::error::{Input, ReplaceStoreError};
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::policy::{RevocationPolicy, SignatureAlgorithms};
use mtls_verify::store::CertificateInfo;
use mtls_verify::{
    ClientPolicy, ClientVerifier, CrlSet, DenyList, TrustStore, verify_client_chain,
};
use testpki::pem::Pem;
use testpki::{Cert, Crl, Key};

use crate::files;

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

/// An anchor without a CRL.
fn quiet() -> Cert {
    Cert::ca("Quiet", &Key::p256("quiet"))
}

/// An anchor that its OpenSSL trust settings reject for every purpose.
fn rejected() -> Cert {
    Cert::ca("Rejected", &Key::p256("rejected")).issued_by(&root())
}

/// An intermediate of the store.
fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

fn pinned() -> Cert {
    Cert::client("pinned", &Key::p256("pinned"))
}

fn client(name: &str, issuer: &Cert) -> Cert {
    Cert::client(name, &Key::p256(name)).issued_by(issuer)
}

fn alice() -> Cert {
    client("alice", &issuing()).serial(&[1])
}

fn denied() -> Cert {
    client("denied", &issuing()).serial(&[2])
}

fn revoked() -> Cert {
    client("revoked", &issuing()).serial(&[3])
}

fn der(crl: &Crl) -> CertificateRevocationListDer<'static> {
    CertificateRevocationListDer::from(crl.der())
}

/// The CRLs of the root and of the issuing CA, which has revoked one client.
fn crls() -> CrlSet {
    set_of(&[Crl::of(&root()), Crl::of(&issuing()).revoke(&revoked())])
}

fn set_of(crls: &[Crl]) -> CrlSet {
    let mut set = CrlSet::new();
    for crl in crls {
        set.add_der(&crl.der()).expect("a good CRL");
    }
    set
}

fn deny_list() -> DenyList {
    let denied = DenyList::new().with_serial(issuing().subject_name().der(), &[2]);
    denied.expect("a name and a serial number")
}

/// `TRUSTED CERTIFICATE` with settings that reject anyExtendedKeyUsage.
fn rejected_pem() -> String {
    let settings = b"\x30\x08\xa0\x06\x06\x04\x55\x1d\x25\x00";
    let content = [rejected().der(), settings.to_vec()].concat();
    Pem::new("TRUSTED CERTIFICATE", &content).to_string()
}

/// A store that has some of everything.
fn store() -> TrustStore {
    let bundle = [root().pem(), quiet().pem(), rejected_pem()].concat();
    TrustStore::lenient_builder()
        .add_ca_pem(bundle.as_bytes())
        .and_then(|builder| builder.add_intermediates_pem(issuing().pem().as_bytes()))
        .and_then(|builder| builder.pin_clients_pem(pinned().pem().as_bytes()))
        .and_then(|builder| builder.add_crl_der(&der(&Crl::of(&root()))))
        .and_then(|builder| builder.add_crl_der(&der(&Crl::of(&issuing()).revoke(&revoked()))))
        .and_then(|builder| builder.deny(deny_list()).build())
        .expect("a good store")
}

fn verdict(store: &TrustStore, chain: &[Cert], policy: &ClientPolicy) -> String {
    let chain: Vec<_> = chain.iter().map(|cert| cert.der().into()).collect();
    match verify_client_chain(store, &chain, files::time("2026-06-01T00:00:00Z"), policy) {
        Ok(client) => format!("{:?} {:?}", client.trusted_by(), client.revocation()),
        Err(refusal) => format!("{refusal:?}"),
    }
}

fn where_published() -> ClientPolicy {
    ClientPolicy::default().with_revocation(RevocationPolicy::where_published())
}

/// All that can be seen of a store.
fn seen(store: &TrustStore) -> BTreeMap<&'static str, String> {
    fn all<'a>(certificates: impl Iterator<Item = CertificateInfo<'a>>) -> String {
        format!(
            "{:?}",
            certificates.map(|info| info.der()).collect::<Vec<_>>()
        )
    }
    let verdict = |chain: &[Cert]| verdict(store, chain, &ClientPolicy::default());
    let skipped = store.skipped().iter();
    let skipped = skipped.filter(|skipped| skipped.input() != Input::Crl);
    BTreeMap::from([
        ("anchors", all(store.anchors())),
        ("intermediates", all(store.intermediates())),
        ("pinned clients", all(store.pinned_clients())),
        ("skipped", format!("{:?}", skipped.collect::<Vec<_>>())),
        ("alice", verdict(&[alice()])),
        ("pinned", verdict(&[pinned()])),
        ("denied", verdict(&[denied()])),
        ("revoked", verdict(&[revoked()])),
        ("rejected", {
            let bob = client("bob", &rejected());
            verdict(&[bob, rejected()])
        }),
        ("of an anchor without CRL", {
            let carol = client("carol", &quiet());
            self::verdict(store, &[carol], &where_published())
        }),
    ])
}

/// The properties, and that the store has them.
fn assert_is_rich(seen: &BTreeMap<&str, String>) {
    for (property, part) in [
        ("alice", "Anchor Good"),
        ("pinned", "Pin NotChecked"),
        ("denied", "Denied { by: Serial }"),
        ("revoked", "Revoked {"),
        ("rejected", "Denied { by: TrustSettings }"),
        ("skipped", "TrustSettings"),
        ("of an anchor without CRL", "Anchor Unknown"),
    ] {
        assert!(seen[property].contains(part), "{property}: {seen:?}");
    }
}

/// Renewed by what it has already, in every way and order, a store is as it was.
#[test]
fn a_renewed_store_shares_all_else() {
    type Renew = fn(&TrustStore) -> TrustStore;
    let with_crls: Renew = |store| store.with_crls(crls());
    let with_deny_list: Renew = |store| store.with_deny_list(deny_list());
    let before = seen(&store());
    assert_is_rich(&before);
    for steps in [
        &[with_crls][..],
        &[with_deny_list],
        &[with_crls, with_deny_list],
        &[with_deny_list, with_crls],
        &[with_crls, with_crls],
        &[with_deny_list, with_deny_list],
    ] {
        let old = store();
        let renewed = steps.iter().fold(old.clone(), |store, renew| renew(&store));
        for (property, value) in seen(&renewed) {
            assert_eq!(value, before[property], "{property}");
        }
        assert_eq!(seen(&old), before, "the old store is as it was");
    }
}

/// And what is renewed is renewed, whatever came before: here it is taken away.
#[test]
fn a_renewed_store_has_lost_what_was_taken_away() {
    let denies_nobody = store().with_deny_list(DenyList::new());
    for store in [
        denies_nobody.with_crls(crls()),
        store().with_crls(crls()).with_deny_list(DenyList::new()),
    ] {
        let seen = seen(&store);
        assert!(seen["denied"].contains("Anchor Good"), "{seen:?}");
        assert!(seen["rejected"].contains("TrustSettings"), "{seen:?}");
    }
    let has_no_crls = store().with_crls(CrlSet::new());
    for store in [
        has_no_crls.with_deny_list(deny_list()),
        has_no_crls.with_crls(CrlSet::new()),
        store().with_deny_list(deny_list()).with_crls(CrlSet::new()),
    ] {
        let seen = seen(&store);
        // Denied certificates come before what is unknown.
        assert!(seen["denied"].contains("Denied { by: Serial }"), "{seen:?}");
        for name in ["alice", "revoked", "of an anchor without CRL"] {
            assert!(seen[name].contains("RevocationUnknown"), "{name}: {seen:?}");
        }
    }
}

/// An issuer whose CRL is lost does not become one that never published any, however many reloads
/// ago that was.
#[test]
fn an_issuer_of_long_ago_has_published() {
    let mut store = store();
    for reload in 0..4 {
        store = store.with_crls(set_of(&[Crl::of(&root())]));
        if reload % 2 == 1 {
            store = store.with_deny_list(deny_list());
        }
        let refusal = verdict(&store, &[revoked()], &where_published());
        assert!(refusal.contains("RevocationUnknown"), "{reload}: {refusal}");
        // Another issuer is not held to what that one did.
        let carol = verdict(&store, &[client("carol", &quiet())], &where_published());
        assert!(carol.contains("Anchor Unknown"), "{reload}: {carol}");
    }
}

/// A CRL that was skipped among certificates may be any issuer's, whatever CRLs come later.
#[test]
fn a_crl_among_certificates_stays_on_record() {
    let bundle = root().pem() + &Crl::of(&issuing()).revoke(&revoked()).pem();
    let stray = TrustStore::lenient_builder()
        .add_ca_pem(bundle.as_bytes())
        .and_then(|builder| builder.add_intermediates_pem(issuing().pem().as_bytes()))
        .and_then(|builder| builder.build())
        .expect("a good store");
    let renewed = stray.with_crls(set_of(&[Crl::of(&root())]));
    for store in [
        stray.clone(),
        stray.with_deny_list(deny_list()),
        stray.with_crls(CrlSet::new()),
        renewed.clone(),
        renewed.with_crls(CrlSet::new()),
        renewed.with_deny_list(deny_list()),
    ] {
        for policy in [ClientPolicy::default(), where_published()] {
            let refusal = verdict(&store, &[revoked()], &policy);
            assert!(refusal.contains("RevocationUnknown"), "{refusal}");
        }
    }
}

/// New CRLs are verified with the algorithms of the store.
#[test]
fn the_algorithms_of_a_store_stay() {
    for (algorithms, is_signed) in [
        (SignatureAlgorithms::default(), true),
        (SignatureAlgorithms::new(&[]), false),
    ] {
        let store = TrustStore::builder()
            .crl_signatures(algorithms)
            .add_ca_pem(root().pem().as_bytes())
            .and_then(|builder| builder.add_crl_der(&der(&Crl::of(&root()))))
            .and_then(|builder| builder.build())
            .expect("a good store");
        let renewed = store.with_crls(set_of(&[Crl::of(&root())]));
        for store in [
            &store,
            &renewed,
            &renewed.with_deny_list(deny_list()),
            &store.with_deny_list(deny_list()),
        ] {
            let crl = store.crls().next().expect("one CRL");
            assert_eq!(crl.is_signed_by_store(), is_signed);
        }
    }
}

/// A verifier knows which issuers had a CRL in all its stores, not only in the last one.
#[test]
fn a_verifier_knows_the_issuers_of_all_its_stores() {
    let build = |crls: &[Crl]| {
        let mut builder = TrustStore::builder();
        builder
            .add_ca_pem((root().pem() + &quiet().pem()).as_bytes())
            .and_then(|builder| builder.add_intermediates_pem(issuing().pem().as_bytes()))
            .expect("good CAs");
        for crl in crls {
            builder.add_crl_der(&der(crl)).expect("a good CRL");
        }
        Arc::new(builder.build().expect("a good store"))
    };
    let all = [Crl::of(&root()), Crl::of(&issuing()), Crl::of(&quiet())];
    let verifier = ClientVerifier::new(build(&all[..2]), where_published());
    for _ in 0..2 {
        verifier.replace_store(build(&all)).expect("one more CRL");
        verifier.replace_store(build(&all)).expect("the same CRLs");
        for missing in 0..all.len() {
            let mut some = all.to_vec();
            some.remove(missing);
            let refused = verifier.replace_store(build(&some));
            let Err(ReplaceStoreError::IssuerWithoutCrl { .. }) = refused else {
                panic!("without {missing}: {refused:?}");
            };
        }
    }
    // A store that left its CRL out has it on record, so it can take the place; then the verifier
    // knows that the issuer had one before.
    let lost = verifier.store().with_crls(set_of(&all[..1]));
    verifier.replace_store(Arc::new(lost)).expect("on record");
    let refused = verifier.replace_store(build(&all[..1]));
    assert!(
        matches!(refused, Err(ReplaceStoreError::IssuerWithoutCrl { .. })),
        "{refused:?}"
    );
}

/// What is no CRL leaves a store without CRLs, though it was to be a certificate and is left out.
#[test]
fn bad_certificates_are_no_crls() {
    let alice = Cert::client("alice", &Key::p256("alice")).issued_by(&root());
    let chain = [CertificateDer::from(alice.der())];
    let now = files::time("2026-06-01T00:00:00Z");
    let verified = |left_out: &[u8]| {
        let store = TrustStore::lenient_builder()
            .add_ca_der(&root().der())
            .and_then(|builder| builder.add_ca_der(left_out))
            .and_then(|builder| builder.build())
            .expect("a good CA");
        assert_eq!(store.skipped().len(), 1);
        verify_client_chain(&store, &chain, now, &ClientPolicy::default()).is_ok()
    };
    assert!(verified(&[0x30, 0x00]) && verified(&alice.der()));
    assert!(!verified(&Crl::of(&quiet()).der()));
}
