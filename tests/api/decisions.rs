//! What a `ClientVerifier` tells of its decisions: numbers, and events of `tracing`.

use std::sync::Arc;

use mtls_verify::error::Code;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::Memory;
use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore};
use testpki::{Cert, Key};

use crate::files;

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

fn client() -> Cert {
    Cert::client("alice", &Key::p256("alice"))
        .serial(&[0x0a, 0xb0])
        .issued_by(&root())
}

fn verifier(memory: Memory) -> ClientVerifier {
    let anchor = CertificateDer::from(root().der());
    let store = TrustStore::builder()
        .add_ca_der(&anchor)
        .and_then(|builder| builder.build())
        .expect("a good store");
    let policy = ClientPolicy::default().with_memory(memory);
    ClientVerifier::new(Arc::new(store), policy)
}

fn chain(client: &Cert) -> [CertificateDer<'static>; 1] {
    [CertificateDer::from(client.der())]
}

fn now() -> UnixTime {
    files::time("2026-06-01T00:00:00Z")
}

fn later() -> UnixTime {
    files::time("2027-06-01T00:00:00Z")
}

#[test]
fn verdicts_are_counted() {
    let verifier = verifier(Memory::default());
    let good = chain(&client());
    for _ in 0..3 {
        verifier.verify(&good, now()).expect("verified");
    }
    verifier.verify(&good, later()).expect_err("expired");
    verifier.verify(&[], now()).expect_err("nothing");
    verifier.replace_store(verifier.store()).unwrap();
    verifier.verify(&good, now()).expect("verified anew");

    let counts = verifier.counts();
    assert_eq!((counts.verified(), counts.memory_hits()), (4, 2));
    assert_eq!(counts.refused(Code::ClientCertExpired), 1);
    assert_eq!(counts.refused(Code::ClientCertInvalid), 1);
    assert_eq!(counts.refused(Code::ClientCertUntrusted), 0);
    assert_eq!(counts.refused_total(), 2);
    assert_eq!(
        counts.to_string(),
        "verified=4 memory_hits=2 ClientCertExpired=1 ClientCertInvalid=1"
    );
}

#[test]
fn without_memory_nothing_is_from_there() {
    let verifier = verifier(Memory::OFF);
    for _ in 0..2 {
        verifier.verify(&chain(&client()), now()).expect("verified");
    }
    let counts = verifier.counts();
    assert_eq!((counts.verified(), counts.memory_hits()), (2, 0));
}

#[cfg(feature = "tracing")]
mod events {
    use super::*;
    use crate::events::{Fields, events_of};
    use mtls_verify::policy::{Expired, ExpiryPolicy};
    use mtls_verify::verify_client_chain;
    use testpki::Extension;
    use tracing::Level;

    fn fields<const N: usize>(fields: [(&'static str, &str); N]) -> Fields {
        fields
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect()
    }

    fn fingerprint(client: &Cert) -> String {
        let chain = chain(client);
        let verifier = verifier(Memory::OFF);
        let client = verifier.verify(&chain, now()).expect("verified");
        let digest = client.identity().fingerprint_sha256();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn one_for_each_decision() {
        let verifier = verifier(Memory::default());
        let good = chain(&client());
        let events = events_of(Level::DEBUG, || {
            verifier.verify(&good, now()).expect("verified");
            verifier.verify(&good, now()).expect("from memory");
            verifier.verify(&good, later()).expect_err("expired");
            let garbage = [CertificateDer::from(vec![0x30])];
            verifier.verify(&garbage, now()).expect_err("garbage");
            verifier.verify(&[], now()).expect_err("nothing");
        });
        let fingerprint = fingerprint(&client());
        let verified = |from_memory| {
            fields([
                ("message", "client certificate verified"),
                ("code", "Verified"),
                ("subject", "CN=alice"),
                ("serial", "0AB0"),
                ("fingerprint", &fingerprint),
                ("depth", "1"),
                ("from_memory", from_memory),
            ])
        };
        let expired = "client refused: client certificate CN=alice expired 151 days ago (notAfter 2027-01-01T00:00:00Z)";
        let [first, second, third, garbage, nothing] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(first, &(Level::DEBUG, verified("false")));
        assert_eq!(second, &(Level::DEBUG, verified("true")));
        let refused = fields([
            ("message", expired),
            ("code", "ClientCertExpired"),
            ("reason", "expired"),
            ("subject", "CN=alice"),
            ("serial", "0AB0"),
            ("fingerprint", &fingerprint),
            ("presented", "1"),
            ("from_memory", "false"),
        ]);
        assert_eq!(third, &(Level::INFO, refused));
        assert_eq!(garbage.1["code"], "ClientCertInvalid");
        assert_eq!(garbage.1["fingerprint"].len(), 64);
        assert!(!garbage.1.contains_key("subject"));
        assert_eq!(nothing.1["presented"], "0");
        assert!(!nothing.1.contains_key("fingerprint"));
    }

    /// Whatever else is presented, and whichever certificate the refusal is about.
    #[test]
    fn an_event_is_about_the_client() {
        let issuing = Cert::ca("Issuing CA", &Key::p256("issuing"))
            .not_after("2026-02-01T00:00:00Z")
            .issued_by(&root());
        let client = Cert::client("bob", &Key::p256("bob"))
            .serial(&[0x0c])
            .issued_by(&issuing);
        let other = Cert::ca("Other", &Key::p256("other"));
        let chain = [&client, &issuing, &other].map(|cert| CertificateDer::from(cert.der()));
        let good = [&self::client(), &other].map(|cert| CertificateDer::from(cert.der()));
        let verifier = verifier(Memory::OFF);
        let events = events_of(Level::DEBUG, || {
            verifier.verify(&chain, now()).expect_err("expired");
            verifier.verify(&good, now()).expect("verified");
        });
        let lenient = ExpiryPolicy::default().with_issuers(Expired::Accept);
        let lenient = ClientPolicy::default().with_expiry(lenient);
        let bob = verify_client_chain(&verifier.store(), &chain, now(), &lenient);
        let digest = bob.expect("verified").identity().fingerprint_sha256();
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let refused = &events[0].1;
        assert!(refused["message"].contains("CN=Issuing CA"), "{refused:?}");
        assert_eq!(refused["subject"], "CN=bob");
        assert_eq!(refused["serial"], "0C");
        assert_eq!(refused["fingerprint"], digest);
        assert_eq!(refused["presented"], "3");
        let verified = &events[1].1;
        assert_eq!(verified["subject"], "CN=alice");
        assert_eq!(verified["fingerprint"], fingerprint(&self::client()));
    }

    #[test]
    fn at_info_only_refusals() {
        let verifier = verifier(Memory::default());
        let good = chain(&client());
        let events = events_of(Level::INFO, || {
            verifier.verify(&good, now()).expect("verified");
            verifier.verify(&good, later()).expect_err("expired");
        });
        assert_eq!(events.len(), 1);
    }

    /// A refused client does not fill the log.
    #[test]
    fn long_names_and_numbers_are_cut() {
        let hostile = Cert::client(&"x".repeat(5_000), &Key::p256("alice"))
            .serial(&[1; 5_000])
            .issued_by(&Cert::ca("Stranger", &Key::p256("stranger")));
        let verifier = verifier(Memory::default());
        let events = events_of(Level::INFO, || {
            verifier
                .verify(&chain(&hostile), now())
                .expect_err("refused");
        });
        let size: usize = events[0].1.values().map(String::len).sum();
        assert!(size < 2_000, "{events:?}");
    }

    /// Whatever the reason speaks of.
    #[test]
    fn hostile_values_are_cut_and_escaped() {
        let evil = "x\n2026 INFO forged\u{202e}\u{1b}[31m";
        let long_oid = format!("1.3.6.1.4.1.{}1", "999999.".repeat(2_000));
        let unknown = Extension::new(&long_oid, vec![5, 0]).critical();
        let hostile = || Cert::client(evil, &Key::p256("alice"));
        let stranger = |name| Cert::ca(name, &Key::p256("stranger"));
        for hostile in [
            hostile().extension(unknown).issued_by(&root()),
            hostile().issued_by(&stranger(evil)),
            hostile().issued_by(&stranger(&"y".repeat(9_000))),
        ] {
            let verifier = verifier(Memory::default());
            let events = events_of(Level::INFO, || {
                verifier
                    .verify(&chain(&hostile), now())
                    .expect_err("refused");
            });
            let values = || events[0].1.values();
            assert!(values().all(|value| !value.contains(char::is_control)));
            let size: usize = values().map(String::len).sum();
            assert!(size < 2_000, "{events:?}");
        }
    }
}
