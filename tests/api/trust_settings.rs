//! OpenSSL's trust settings in a bundle: they are judged by each policy. A rejection counts for the same certificate wherever it
//! stands, and so do settings that cannot be read, as they may be one.

use mtls_verify::error::Reason;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::policy::{KeyPurpose, KeyPurposes, RequiredPurpose, ScopePolicy};
use mtls_verify::revocation::DeniedBy;
use mtls_verify::store::Scope;
use mtls_verify::{ClientPolicy, DenyList, StoreError, TrustStore, verify_client_chain};
use testpki::pem::Pem;
use testpki::{Cert, Key, oid};

use crate::files;

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

fn trusted(settings: &[u8]) -> String {
    Pem::new(
        "TRUSTED CERTIFICATE",
        &[&issuing().der(), settings].concat(),
    )
    .to_string()
}

fn store(bundle: &str) -> Result<TrustStore, StoreError> {
    TrustStore::lenient_builder()
        .add_ca_pem(bundle.as_bytes())?
        .build()
}

const CLIENT_AUTH: &[u8] = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02";
const ANY: &[u8] = b"\x06\x04\x55\x1d\x25\x00";
const SERVER_AUTH: &[u8] = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01";

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("short");
    [&[tag, length], content].concat()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Are {
    ForClients,
    NotForClients,
    /// For no purpose, or they cannot be read.
    ForNothing,
}

/// Settings, and whether they allow the certificate for clients.
fn settings() -> Vec<(Vec<u8>, Are)> {
    use Are::{ForClients, ForNothing, NotForClients};
    let rejecting = |purpose| element(0x30, &element(0xa0, purpose));
    let trusting = |purpose| element(0x30, &element(0x30, purpose));
    vec![
        (vec![], ForClients),
        (element(0x30, &[]), ForClients),
        (rejecting(CLIENT_AUTH), NotForClients),
        (rejecting(ANY), ForNothing),
        (rejecting(SERVER_AUTH), ForClients),
        (trusting(CLIENT_AUTH), ForClients),
        (trusting(ANY), ForClients),
        (trusting(SERVER_AUTH), NotForClients),
        (trusting(&[]), ForNothing),
        // These cannot be read.
        (vec![0x05, 0x00], ForNothing),
        (element(0x30, &[0x05, 0x00]), ForNothing),
        (element(0x30, &element(0xa0, &[0x05, 0x00])), ForNothing),
        (
            [element(0x30, &[]), element(0x30, &[])].concat(),
            ForNothing,
        ),
        (vec![0x30, 0x05], ForNothing),
    ]
}

/// Beside the same certificate without settings, in both orders, and by itself below its root.
#[test]
fn settings_count_wherever_the_certificate_stands() {
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing());
    let chain = [client.der(), issuing().der()].map(CertificateDer::from);
    for (settings, are) in settings() {
        let (plain, with_settings) = (issuing().pem(), trusted(&settings));
        for bundle in [
            [root().pem(), plain.clone(), with_settings.clone()].concat(),
            [root().pem(), with_settings.clone(), plain].concat(),
            [root().pem(), with_settings].concat(),
        ] {
            let store = store(&bundle).expect("the root is good");
            assert_eq!(
                store.anchors().len(),
                2 - usize::from(are == Are::ForNothing)
            );
            let now = files::time("2026-06-01T00:00:00Z");
            let outcome = verify_client_chain(&store, &chain, now, &ClientPolicy::default());
            let reason = outcome.as_ref().map_err(|refusal| refusal.reason());
            let by = DeniedBy::TrustSettings;
            match are {
                Are::ForClients => assert!(reason.is_ok(), "{settings:02x?}: {reason:?}"),
                Are::NotForClients | Are::ForNothing => assert_eq!(
                    reason.err(),
                    Some(&Reason::Denied { by }),
                    "{settings:02x?}"
                ),
            }
        }
    }
}

/// The same settings, in a strict builder: those that allow nothing or cannot be read are an error,
/// and others are judged by each policy.
#[test]
fn a_strict_builder_fails_for_what_allows_nothing() {
    for (settings, are) in settings() {
        let store = TrustStore::from_pem(trusted(&settings).as_bytes());
        assert_eq!(store.is_err(), are == Are::ForNothing, "{settings:02x?}");
    }
}

fn purposes(any_of: &[KeyPurpose]) -> KeyPurposes {
    KeyPurposes::any_of(any_of.iter().cloned()).expect("purposes")
}

fn verdict(store: &TrustStore, chain: &[Cert], policy: &ClientPolicy) -> Result<(), Reason> {
    let chain: Vec<_> = chain.iter().map(|cert| cert.der().into()).collect();
    let now = files::time("2026-06-01T00:00:00Z");
    let outcome = verify_client_chain(store, &chain, now, policy);
    outcome
        .map(drop)
        .map_err(|refusal| refusal.reason().clone())
}

const DENIED: Reason = Reason::Denied {
    by: DeniedBy::TrustSettings,
};

/// One store, and policies with other purposes: each is judged by its own.
#[test]
fn settings_are_judged_by_each_policy() {
    let client = Cert::client("alice", &Key::p256("alice"))
        .without_extension(oid::EXTENDED_KEY_USAGE)
        .issued_by(&issuing());
    let rejects_clients = element(0x30, &element(0xa0, CLIENT_AUTH));
    let store = TrustStore::from_pem(trusted(&rejects_clients).as_bytes()).expect("a store");
    let [client_auth, email] = [KeyPurpose::CLIENT_AUTH, KeyPurpose::EMAIL_PROTECTION];
    let of = |any_of: &[KeyPurpose]| RequiredPurpose::IfPresent(purposes(any_of));
    let any = KeyPurpose::ANY;
    for (purpose, expected) in [
        (RequiredPurpose::default(), Err(DENIED)),
        (RequiredPurpose::Unchecked, Err(DENIED)),
        (of(std::slice::from_ref(&email)), Ok(())),
        (of(&[client_auth, email.clone()]), Ok(())),
        // It is not for every purpose.
        (of(&[any]), Err(DENIED)),
    ] {
        let policy = ClientPolicy::default().with_purpose(purpose);
        let chain = [client.clone()];
        assert_eq!(verdict(&store, &chain, &policy), expected, "{policy:?}");
        // A deny list does not lift them.
        let store = store.with_deny_list(DenyList::new());
        assert_eq!(verdict(&store, &chain, &policy), expected, "{policy:?}");
    }
}

/// In a scope its own policy counts, and the settings of what stands in no scope bind as well.
#[test]
fn settings_in_scopes() {
    let client = Cert::client("alice", &Key::p256("alice"))
        .without_extension(oid::EXTENDED_KEY_USAGE)
        .issued_by(&issuing());
    let chain = [client];
    let of = |purpose: KeyPurpose| RequiredPurpose::IfPresent(purpose.into());
    let rejecting = |purpose| trusted(&element(0x30, &element(0xa0, purpose)));
    let scope = |bundle: &str, purpose: Option<KeyPurpose>| {
        let store = TrustStore::from_pem(bundle.as_bytes()).expect("a store");
        let scope = Scope::new("tenant", store).expect("a name");
        match purpose {
            Some(purpose) => scope.with_policy(ScopePolicy::default().with_purpose(of(purpose))),
            None => scope,
        }
    };
    let other = Cert::ca("Other", &Key::p256("other")).pem();
    let email = Some(KeyPurpose::EMAIL_PROTECTION);
    for (in_scope, purpose, unscoped, expected) in [
        (rejecting(CLIENT_AUTH), None, &other, Err(DENIED)),
        (rejecting(CLIENT_AUTH), email.clone(), &other, Ok(())),
        (rejecting(SERVER_AUTH), None, &other, Ok(())),
        (issuing().pem(), None, &rejecting(CLIENT_AUTH), Err(DENIED)),
        (issuing().pem(), email, &rejecting(CLIENT_AUTH), Ok(())),
    ] {
        let mut builder = TrustStore::builder();
        builder.add_ca_pem(unscoped.as_bytes()).expect("good");
        builder.add_scope(scope(&in_scope, purpose)).expect("one");
        let store = builder.build().expect("a store");
        let verdict = verdict(&store, &chain, &ClientPolicy::default());
        assert_eq!(verdict, expected, "{in_scope} {unscoped}");
    }
}

/// Purposes that only the scope and the store as a whole together leave none of.
#[test]
fn settings_of_scope_and_store_together() {
    let client = Cert::client("alice", &Key::p256("alice"))
        .without_extension(oid::EXTENDED_KEY_USAGE)
        .issued_by(&issuing());
    let rejecting = |purpose| trusted(&element(0x30, &element(0xa0, purpose)));
    let store = TrustStore::from_pem(rejecting(CLIENT_AUTH).as_bytes()).expect("a store");
    let mut builder = TrustStore::builder();
    builder
        .add_scope(Scope::new("tenant", store).expect("a name"))
        .expect("one");
    builder
        .add_intermediates_pem(rejecting(SERVER_AUTH).as_bytes())
        .expect("good");
    let store = builder.build().expect("a store");
    let [client_auth, server, email] = [
        KeyPurpose::CLIENT_AUTH,
        KeyPurpose::SERVER_AUTH,
        KeyPurpose::EMAIL_PROTECTION,
    ];
    for (any_of, expected) in [
        (vec![client_auth.clone(), server.clone()], Err(DENIED)),
        (vec![client_auth, server, email], Ok(())),
    ] {
        let purpose = RequiredPurpose::IfPresent(purposes(&any_of));
        let policy = ClientPolicy::default().with_purpose(purpose);
        assert_eq!(
            verdict(&store, std::slice::from_ref(&client), &policy),
            expected
        );
    }
}

/// Settings count where the input that has them was refused, and for the next store.
#[test]
fn settings_outlive_their_input() {
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing());
    let rejects_clients = trusted(&element(0x30, &element(0xa0, CLIENT_AUTH)));
    let mut builder = TrustStore::builder();
    let bad = "-----BEGIN JUNK-----\nAAAA\n-----END JUNK-----\n";
    builder
        .add_ca_pem((bad.to_owned() + &rejects_clients).as_bytes())
        .expect_err("junk");
    for _ in 0..2 {
        let bundle = root().pem() + &issuing().pem();
        builder.add_ca_pem(bundle.as_bytes()).expect("good CAs");
        let store = builder.build().expect("good CAs");
        assert_eq!(store.anchors().len(), 2);
        let chain = [client.clone(), issuing()];
        let policy = ClientPolicy::default();
        assert_eq!(verdict(&store, &chain, &policy), Err(DENIED));
    }
}
