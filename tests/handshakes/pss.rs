//! Clients whose keys are of type id-RSASSA-PSS: they sign with schemes that `rustls` has no names
//! for.

use std::sync::Arc;

use mtls_verify::ClientPolicy;
use rustls::client::ResolvesClientCert;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{
    CertificateError, Error, PeerMisbehaved, SignatureAlgorithm, SignatureScheme as Scheme,
};
use testpki::{Cert, Key, PssParameters, RsaKey, oid};

use crate::clients::{Version, openssl, rustls_client, rustls_config_resolving};
use crate::pki::{Files, chain, client_with_key, private_key, provider, verifier};
use crate::server::{Outcome, Server};

const RSAE: [Scheme; 3] = [
    Scheme::RSA_PSS_SHA256,
    Scheme::RSA_PSS_SHA384,
    Scheme::RSA_PSS_SHA512,
];

/// rsa_pss_pss_sha256 to rsa_pss_pss_sha512.
fn pss() -> [Scheme; 3] {
    [0x0809, 0x080a, 0x080b].map(Scheme::from)
}

fn restricted_to(hash: &str) -> Key {
    Key::rsa_pss(RsaKey::Rsa2048A, &PssParameters::of(hash).der())
}

fn keys() -> [Key; 4] {
    let hashes = [oid::SHA256, oid::SHA384, oid::SHA512];
    let [sha256, sha384, sha512] = hashes.map(restricted_to);
    [Key::rsa_pss(RsaKey::Rsa2048A, &[]), sha256, sha384, sha512]
}

/// OpenSSL signs with the scheme that fits its key.
#[test]
fn openssl_comes_in_with_tls_1_3() {
    let server = Server::new(&verifier(ClientPolicy::default()));
    for key in keys() {
        let files = Files::of(Some(&client_with_key("smart card", &key)));
        let (outcome, text) = server.meet(|address| openssl(address, Version::Tls13, &files));
        assert!(
            matches!(outcome, Outcome::Served(..)),
            "{outcome:?}\n{text}"
        );
        assert!(text.contains("hello CN=smart card"), "{text}");
    }
}

/// `rustls` offers none of these schemes in TLS 1.2, so that OpenSSL has nothing to sign with.
#[test]
fn openssl_does_not_come_in_with_tls_1_2() {
    let server = Server::new(&verifier(ClientPolicy::default()));
    let files = Files::of(Some(&client_with_key("smart card", &keys()[0])));
    let (outcome, text) = server.meet(|address| openssl(address, Version::Tls12, &files));
    assert!(
        matches!(outcome, Outcome::Refused(_)),
        "{outcome:?}\n{text}"
    );
}

/// Signs by this scheme, and says that it was that one.
#[derive(Clone, Debug)]
struct Liar {
    key: Arc<dyn SigningKey>,
    by: Scheme,
    said: Scheme,
}

impl SigningKey for Liar {
    fn choose_scheme(&self, _: &[Scheme]) -> Option<Box<dyn Signer>> {
        Some(Box::new(self.clone()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

impl Signer for Liar {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signer = self.key.choose_scheme(&[self.by]).expect("an RSA key");
        signer.sign(message)
    }

    fn scheme(&self) -> Scheme {
        self.said
    }
}

#[derive(Debug)]
struct Only(Arc<CertifiedKey>);

impl ResolvesClientCert for Only {
    fn resolve(&self, _: &[&[u8]], _: &[Scheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// The outcome for a client that signs with the key of its certificate, by this scheme, and calls
/// it that one.
fn meet(presented: &Cert, version: Version, by: Scheme, said: Scheme) -> Outcome {
    let rsa = private_key(&Key::rsa(RsaKey::Rsa2048A));
    let key = provider().key_provider.load_private_key(rsa);
    let liar = Liar {
        key: key.expect("a good key"),
        by,
        said,
    };
    let certified = CertifiedKey::new(chain(presented), Arc::new(liar));
    let config = rustls_config_resolving(Arc::new(Only(Arc::new(certified))), version);
    let server = Server::new(&verifier(ClientPolicy::default()));
    let (outcome, _) = server.meet(|address| rustls_client(address, &config));
    outcome
}

#[test]
fn schemes_fit_keys_and_their_parameters() {
    let [unrestricted, restricted @ ..] = keys();
    let unrestricted = client_with_key("unrestricted", &unrestricted);
    let rsa = client_with_key("rsa", &Key::rsa(RsaKey::Rsa2048A));
    for (rsae, pss) in RSAE.into_iter().zip(pss()) {
        let served = |presented: &Cert, said| {
            let outcome = meet(presented, Version::Tls13, rsae, said);
            matches!(outcome, Outcome::Served(..))
        };
        // RFC 8446 §4.2.3: rsae for rsaEncryption, pss for id-RSASSA-PSS.
        assert!(served(&rsa, rsae) && !served(&rsa, pss), "{rsae:?}");
        assert!(served(&unrestricted, pss) && !served(&unrestricted, rsae));
        for (key, own) in restricted.iter().zip(self::pss()) {
            let restricted = client_with_key("restricted", key);
            assert_eq!(served(&restricted, pss), pss == own, "{pss:?} {own:?}");
            assert!(!served(&restricted, rsae));
        }
    }
}

#[test]
fn signatures_of_another_hash_or_kind_do_not_hold() {
    let presented = client_with_key("unrestricted", &keys()[0]);
    for said in pss() {
        for by in RSAE.into_iter().chain([Scheme::RSA_PKCS1_SHA256]) {
            let is_honest = RSAE.into_iter().zip(pss()).any(|pair| pair == (by, said));
            let outcome = meet(&presented, Version::Tls13, by, said);
            match is_honest {
                true => assert!(matches!(outcome, Outcome::Served(..)), "{outcome:?}"),
                false => assert_eq!(
                    outcome.refused(),
                    Error::InvalidCertificate(CertificateError::BadSignature)
                ),
            }
        }
    }
}

/// Not even a client that signs with what it was not offered.
#[test]
fn nobody_comes_in_with_tls_1_2() {
    let presented = client_with_key("unrestricted", &keys()[0]);
    for (rsae, pss) in RSAE.into_iter().zip(pss()) {
        assert_eq!(
            meet(&presented, Version::Tls12, rsae, pss).refused(),
            PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into()
        );
        for said in [rsae, Scheme::RSA_PKCS1_SHA256] {
            assert_eq!(
                meet(&presented, Version::Tls12, said, said).refused(),
                Error::InvalidCertificate(CertificateError::BadSignature)
            );
        }
    }
}
