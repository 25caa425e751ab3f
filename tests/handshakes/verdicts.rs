//! Each verdict in a handshake: TLS 1.2 and 1.3, `openssl` and `curl`, and the alert that the
//! client sees.

use std::sync::Arc;

use mtls_verify::ClientPolicy;
use mtls_verify::error::Code;
use mtls_verify::policy::{
    AcceptedIdentities, ClientCa, ExpiryPolicy, IdentityMatch, SignatureAlgorithms, TextMatch,
};
use mtls_verify::rustls::ClientAuth;
use testpki::{Cert, Extension, Key, RsaKey, oid};

use crate::clients::{Version, alert_in, curl, openssl};
use crate::pki::{
    self, Files, ca, checking_crls, client, client_with_key, clients, crls, expired, not_yet_valid,
    root, store,
};
use crate::server::{Outcome, Server};

/// What both programs and the server must see.
enum Expect<'a> {
    Hello(&'a str),
    Refusal(u8, Code),
}
use Expect::{Hello, Refusal};

const BAD: u8 = 42;
const UNSUPPORTED: u8 = 43;
const REVOKED: u8 = 44;
const EXPIRED: u8 = 45;
const UNKNOWN: u8 = 46;
const UNKNOWN_CA: u8 = 48;
const DENIED: u8 = 49;
const REQUIRED: u8 = 116;

/// A client below the issuing CA, by the default policy or another.
fn check(presented: &Cert, policy: ClientPolicy, expect: Expect<'_>) {
    check_with_crls(presented, policy, "", expect);
}

fn check_with_crls(presented: &Cert, policy: ClientPolicy, lists: &str, expect: Expect<'_>) {
    let clients = clients(store(&[&root()], lists), policy);
    let verifier = Arc::new(pki::builder(&clients).build().expect("no names"));
    let server = Server::new(&verifier);
    let files = Files::of(Some(presented));
    for version in Version::BOTH {
        for program in [openssl, curl] {
            let (outcome, text) = server.meet(|address| program(address, version, &files));
            match expect {
                Hello(subject) => {
                    let Outcome::Served(Some(served), _) = &outcome else {
                        panic!("{version:?}: {outcome:?}\n{text}");
                    };
                    assert_eq!(served, subject);
                    assert!(text.contains(&format!("hello {subject}")), "{text}");
                }
                Refusal(alert, _) => {
                    outcome.refused();
                    assert_eq!(alert_in(&text), Some(alert), "{version:?}: {text}");
                    assert!(!text.contains("hello CN="), "{text}");
                }
            }
        }
    }
    let counts = clients.counts();
    match expect {
        // Four handshakes, and four looks at who it was.
        Hello(_) => assert_eq!((counts.verified(), counts.memory_hits()), (8, 7)),
        Refusal(_, code) => {
            assert_eq!(counts.refused(code), 4, "{counts}");
            assert_eq!((counts.verified(), counts.refused_total()), (0, 4));
        }
    }
}

#[test]
fn good() {
    check(&client("alice"), ClientPolicy::default(), Hello("CN=alice"));
}

/// Other kinds of keys, which sign in the handshake in other ways.
#[test]
fn good_with_other_keys() {
    for (name, key) in [
        ("p384", Key::p384("p384")),
        ("ed25519", Key::ed25519("ed25519")),
        ("rsa", Key::rsa(RsaKey::Rsa2048B)),
    ] {
        let subject = format!("CN={name}");
        let presented = client_with_key(name, &key);
        check(&presented, ClientPolicy::default(), Hello(&subject));
    }
}

#[test]
fn expired_is_refused_or_accepted() {
    let presented = expired(client("alice"));
    let refused = Refusal(EXPIRED, Code::ClientCertExpired);
    check(&presented, ClientPolicy::default(), refused);
    let lenient = ClientPolicy::default().with_expiry(ExpiryPolicy::ignore_client_expiry());
    check(&presented, lenient, Hello("CN=alice"));
}

#[test]
fn not_yet_valid_is_refused() {
    let refused = Refusal(EXPIRED, Code::ClientCertNotYetValid);
    let lenient = ClientPolicy::default().with_expiry(ExpiryPolicy::ignore_client_expiry());
    check(&not_yet_valid(client("alice")), lenient, refused);
}

#[test]
fn unknown_ca() {
    let stranger = client("alice").issued_by(&ca("Stranger"));
    let refused = Refusal(UNKNOWN_CA, Code::ClientCertUntrusted);
    check(&stranger, ClientPolicy::default(), refused);
}

#[test]
fn forged_signature() {
    let forged = client("alice").flip_signature_bit();
    let refused = Refusal(BAD, Code::ClientCertUntrusted);
    check(&forged, ClientPolicy::default(), refused);
}

/// The algorithms of the TLS library's provider as the policy's, beside a store that says nothing
/// of algorithms.
#[test]
fn revoked_by_a_policy_with_the_providers_algorithms() {
    let provider = pki::provider();
    let all = provider.signature_verification_algorithms.all;
    let policy = checking_crls().with_signatures(SignatureAlgorithms::new(all));
    let (alice, bob) = (client("alice"), client("bob"));
    let lists = crls(&[&bob]);
    check_with_crls(&alice, policy.clone(), &lists, Hello("CN=alice"));
    let revoked = Refusal(REVOKED, Code::ClientCertCrlHit);
    check_with_crls(&bob, policy, &lists, revoked);
}

#[test]
fn revoked() {
    let (alice, bob) = (client("alice"), client("bob"));
    let lists = crls(&[&alice]);
    let refused = Refusal(REVOKED, Code::ClientCertCrlHit);
    check_with_crls(&alice, checking_crls(), &lists, refused);
    check_with_crls(&bob, checking_crls(), &lists, Hello("CN=bob"));
}

#[test]
fn no_crl() {
    let refused = Refusal(UNKNOWN, Code::ClientCertCrlProcessingError);
    check(&client("alice"), checking_crls(), refused);
}

#[test]
fn made_for_servers() {
    let purpose = Extension::extended_key_usage(&[oid::SERVER_AUTH]);
    let refused = Refusal(UNSUPPORTED, Code::ClientCertPurposeInvalid);
    check(
        &client("alice").extension(purpose),
        ClientPolicy::default(),
        refused,
    );
}

#[test]
fn a_ca_as_client() {
    let usage = Extension::key_usage(&[
        testpki::KeyUsage::DigitalSignature,
        testpki::KeyUsage::KeyCertSign,
    ]);
    let presented = ca("Sub CA").extension(usage).issued_by(&root());
    let refused = Refusal(UNSUPPORTED, Code::ClientCertPurposeInvalid);
    check(&presented, ClientPolicy::default(), refused);
    let lenient = ClientPolicy::default().with_client_ca(ClientCa::Accept);
    check(&presented, lenient, Hello("CN=Sub CA"));
}

#[test]
fn not_an_identity_to_be_let_in() {
    let only_bob = IdentityMatch::CommonName(TextMatch::Exact("bob".to_owned()));
    let policy =
        ClientPolicy::default().with_identities(AcceptedIdentities::rule(only_bob).unwrap());
    let refused = Refusal(DENIED, Code::ClientCertRejected);
    check(&client("alice"), policy.clone(), refused);
    check(&client("bob"), policy, Hello("CN=bob"));
}

/// This library processes certificate policies, and `rustls`' own reading of certificates refuses
/// them if they are critical.
#[test]
fn a_critical_extension_that_only_this_library_processes() {
    let policies = Extension::certificate_policies(&["1.3.6.1.4.1.99999.1"]).critical();
    let presented = client("alice").extension(policies);
    check(&presented, ClientPolicy::default(), Hello("CN=alice"));
}

#[test]
fn no_certificate() {
    let files = Files::of(None);
    for (client_auth, is_required) in [(ClientAuth::Required, true), (ClientAuth::Optional, false)]
    {
        let clients = clients(store(&[&root()], ""), ClientPolicy::default());
        let builder = pki::builder(&clients).with_client_auth(client_auth);
        let verifier = Arc::new(builder.build().expect("no names"));
        let server = Server::new(&verifier);
        for version in Version::BOTH {
            for program in [openssl, curl] {
                let (outcome, text) = server.meet(|address| program(address, version, &files));
                if is_required {
                    let error = outcome.refused();
                    assert_eq!(error, rustls::Error::NoCertificatesPresented);
                    assert_eq!(alert_in(&text), Some(REQUIRED), "{version:?}: {text}");
                } else {
                    assert!(matches!(outcome, Outcome::Served(None, _)), "{outcome:?}");
                    assert!(text.contains("hello stranger"), "{version:?}: {text}");
                }
            }
        }
        assert_eq!(clients.counts().refused_total(), 0, "nobody was asked");
    }
}

/// A certificate that does not verify is not as good as none.
#[test]
fn optional_does_not_let_bad_certificates_in() {
    let clients = clients(store(&[&root()], ""), ClientPolicy::default());
    let builder = pki::builder(&clients).with_client_auth(ClientAuth::Optional);
    let server = Server::new(&Arc::new(builder.build().expect("no names")));
    for (presented, is_good) in [(expired(client("alice")), false), (client("alice"), true)] {
        let files = Files::of(Some(&presented));
        for version in Version::BOTH {
            let (outcome, text) = server.meet(|address| openssl(address, version, &files));
            match is_good {
                true => assert!(text.contains("hello CN=alice"), "{text}"),
                false => {
                    outcome.refused();
                    assert_eq!(alert_in(&text), Some(EXPIRED), "{text}");
                }
            }
        }
    }
}
