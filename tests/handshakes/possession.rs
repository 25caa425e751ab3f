//! A client that presents another one's certificate has not got its key: the signature in the
//! handshake tells.

use std::sync::Arc;

use mtls_verify::{ClientPolicy, TrustStore};
use rustls::{AlertDescription, CertificateError};
use testpki::{Cert, Extension, Key, RsaKey, Version as CertVersion, oid};

use crate::clients::{Version, openssl, rustls_client, rustls_config_signing};
use crate::pki::{self, Files, chain, client, client_with_key, clients, verifier};
use crate::server::{Outcome, Server};

fn present(
    presented: &Cert,
    signed_by: &Key,
    version: Version,
) -> (Outcome, std::io::Result<String>) {
    let config = rustls_config_signing(chain(presented), signed_by, version);
    Server::new(&verifier(ClientPolicy::default())).meet(|address| rustls_client(address, &config))
}

#[test]
fn the_key_of_the_certificate_must_sign() {
    let own = Key::p256("alice");
    let p256 = client_with_key("alice", &own);
    let rsa = client_with_key("rsa", &Key::rsa(RsaKey::Rsa2048A));
    for version in Version::BOTH {
        let (outcome, answer) = present(&p256, &own, version);
        assert!(matches!(outcome, Outcome::Served(..)), "{outcome:?}");
        assert!(answer.expect("served").contains("hello CN=alice"));
        for (presented, other_key) in [
            (&p256, Key::p256("mallory")),
            // Other curves and kinds of keys than the certificate's.
            (&p256, Key::p384("mallory")),
            (&p256, Key::ed25519("mallory")),
            (&p256, Key::rsa(RsaKey::Rsa2048A)),
            (&rsa, Key::rsa(RsaKey::Rsa2048B)),
            (&rsa, Key::p256("mallory")),
        ] {
            let (outcome, answer) = present(presented, &other_key, version);
            let error = outcome.refused();
            assert!(
                matches!(
                    error,
                    rustls::Error::InvalidCertificate(
                        CertificateError::BadSignature
                            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
                    )
                ),
                "{error:?}"
            );
            let answer = answer.expect_err("refused");
            let seen = answer.get_ref().and_then(|error| error.downcast_ref());
            let alert = rustls::Error::AlertReceived(AlertDescription::DecryptError);
            assert_eq!(seen, Some(&alert), "{version:?}");
        }
    }
}

/// Certificates of version 1, which `rustls`' own reading of certificates refuses: where one is
/// pinned, it is as good as another.
#[test]
fn a_pinned_certificate_of_version_1() {
    let pinned = client("old device")
        .without_extensions()
        .version(CertVersion::V1);
    let store = TrustStore::builder()
        .pin_clients_pem(pinned.pem().as_bytes())
        .and_then(|builder| builder.build())
        .expect("a good pin");
    let clients = clients(Arc::new(store), ClientPolicy::default());
    let server = Server::new(&Arc::new(pki::builder(&clients).build().expect("no names")));
    let files = Files::of(Some(&pinned));
    for version in Version::BOTH {
        let (outcome, text) = server.meet(|address| openssl(address, version, &files));
        assert!(
            matches!(outcome, Outcome::Served(..)),
            "{outcome:?}\n{text}"
        );
        assert!(text.contains("hello CN=old device"), "{text}");
    }
}

/// A certificate that a server has for other purposes: `rustls` has no say in that, only the
/// policy.
#[test]
fn purposes_are_the_policys() {
    let any = Extension::extended_key_usage(&[oid::ANY_EXTENDED_KEY_USAGE]);
    let presented = client("alice").extension(any);
    for version in Version::BOTH {
        let (outcome, _) = present(&presented, &Key::p256("alice"), version);
        assert!(matches!(outcome, Outcome::Served(..)), "{outcome:?}");
    }
}
