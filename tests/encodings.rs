//! Of one certificate, no encoding verifies but the one that its issuer made and, by ECDSA, that
//! with the other signature: nothing of what a signature does not cover can be written in another
//! way. A deny list of fingerprints rests on that.

use std::collections::BTreeSet;
use std::time::Duration;

use mtls_verify::error::Reason;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{ClientPolicy, DenyList, TrustStore, verify_client_chain};
use testpki::{Cert, Key, RsaKey, SignatureAlgorithm, der};

/// Certificates that a root issued directly, by each algorithm, and the order of what its
/// signatures have in the end: scalars on a curve, or numbers below a modulus.
fn all_algorithms() -> Vec<(Key, SignatureAlgorithm)> {
    use SignatureAlgorithm as A;
    vec![
        (Key::p256("root"), A::EcdsaSha256),
        (Key::p256("root"), A::EcdsaSha384),
        (Key::p384("root"), A::EcdsaSha256),
        (Key::p384("root"), A::EcdsaSha384),
        (Key::ed25519("root"), A::Ed25519),
        (Key::rsa(RsaKey::Rsa2048A), A::RsaPkcs1Sha256),
        (Key::rsa(RsaKey::Rsa2048A), A::RsaPssSha256),
    ]
}

struct Issued {
    store: TrustStore,
    algorithm: SignatureAlgorithm,
    key: Key,
    /// The parts of the certificate, each encoded.
    tbs: Vec<u8>,
    identifier: Vec<u8>,
    signature: Vec<u8>,
    der: Vec<u8>,
}

impl Issued {
    fn new(key: &Key, algorithm: SignatureAlgorithm) -> Self {
        let root = Cert::ca("Root", key);
        let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a root");
        let client = Cert::client("alice", &Key::p256("alice"))
            .issued_by(&root)
            .signed_with(algorithm);
        let der = client.der();
        let (tbs, rest) = der::split_first(der::contents(&der));
        let (identifier, bits) = der::split_first(rest);
        Self {
            store,
            algorithm,
            key: key.clone(),
            tbs: tbs.to_vec(),
            identifier: identifier.to_vec(),
            signature: der::contents(bits)[1..].to_vec(),
            der,
        }
    }

    fn verifies(&self, der: &[u8]) -> bool {
        let chain = [CertificateDer::from(der)];
        verify_client_chain(&self.store, &chain, now(), &ClientPolicy::default()).is_ok()
    }

    fn with_signature(&self, signature: &[u8]) -> Vec<u8> {
        let bits = der::bit_string(signature);
        der::sequence(&[&self.tbs[..], &self.identifier, &bits])
    }

    fn is_ecdsa(&self) -> bool {
        format!("{:?}", self.algorithm).starts_with("Ecdsa")
    }

    /// Other encodings of the same, of which none may verify.
    fn variants(&self) -> BTreeSet<Vec<u8>> {
        let mut variants = BTreeSet::new();
        // Every bit of what is not signed turned over.
        let content = self.der.len() - der::contents(&self.der).len();
        let after_tbs = content + self.tbs.len();
        for at in (0..content).chain(after_tbs..self.der.len()) {
            for bit in 0..8 {
                let mut der = self.der.clone();
                der[at] ^= 1 << bit;
                variants.insert(der);
            }
        }
        // Octets more and less, around the signature and the whole.
        for octet in [0, 1, 0xff] {
            variants.insert([&self.der[..], &[octet]].concat());
            variants.insert(self.with_signature(&[&[octet], &self.signature[..]].concat()));
            variants.insert(self.with_signature(&[&self.signature[..], &[octet]].concat()));
        }
        variants.insert(self.with_signature(&self.signature[1..]));
        variants.insert(self.with_signature(&self.signature[..self.signature.len() - 1]));
        let padded = der::sequence(&[
            &self.tbs[..],
            &self.identifier,
            &der::bit_string(&self.signature),
            &der::null(),
        ]);
        variants.insert(padded);
        // Parameters that the signed identifier does not have, and the other way round.
        let (oid, parameters) = der::split_first(der::contents(&self.identifier));
        for parameters in [Vec::new(), der::null(), parameters.to_vec()] {
            let identifier = der::sequence(&[oid, &parameters]);
            let bits = der::bit_string(&self.signature);
            variants.insert(der::sequence(&[&self.tbs[..], &identifier, &bits]));
        }
        // Lengths of more octets than needed, and of indefinite form, of everything around what is
        // signed.
        let body = der::contents(&self.der);
        variants.insert(
            [
                &[0x30, 0x83, 0],
                &(body.len() as u16).to_be_bytes()[..],
                body,
            ]
            .concat(),
        );
        variants.insert([&[0x30, 0x80], body, &[0, 0]].concat());
        let bits = der::contents(&der::bit_string(&self.signature)).to_vec();
        let long = [
            &[0x03, 0x83, 0],
            &(bits.len() as u16).to_be_bytes()[..],
            &bits,
        ]
        .concat();
        variants.insert(der::sequence(&[&self.tbs[..], &self.identifier, &long]));
        // A BIT STRING in pieces (BER).
        let pieces = [
            &[0x23, 0x80],
            &der::bit_string(&self.signature)[..],
            &[0, 0],
        ]
        .concat();
        variants.insert(der::sequence(&[&self.tbs[..], &self.identifier, &pieces]));
        for signature in self.signatures() {
            variants.insert(self.with_signature(&signature));
        }
        variants.remove(&self.der);
        variants
    }

    /// The signature as another number of the same residue, or in another encoding.
    fn signatures(&self) -> Vec<Vec<u8>> {
        if self.is_ecdsa() {
            return self.ecdsa_signatures();
        }
        let mut others = Vec::new();
        if self.algorithm == SignatureAlgorithm::Ed25519 {
            // RFC 8032 §5.1.7: S below the order of the base point, 2^252 +
            // 27742317777372353535851937790883648493.
            let mut order = [0; 32];
            order[..16].copy_from_slice(
                &27_742_317_777_372_353_535_851_937_790_883_648_493_u128.to_le_bytes(),
            );
            order[31] = 0x10;
            let mut s: Vec<u8> = self.signature[32..].iter().rev().copied().collect();
            order.reverse();
            // While it fits into 32 octets.
            for _ in 0..7 {
                s = sum(&s, &order);
                if s.len() == 32 {
                    let little_endian: Vec<u8> = s.iter().rev().copied().collect();
                    others.push([&self.signature[..32], &little_endian].concat());
                }
            }
            assert!(!others.is_empty());
        } else {
            // RFC 8017 §5.2.2: below the modulus, and with as many octets.
            let modulus = modulus(&self.key);
            others.push(sum(&self.signature, &modulus));
            others.push(difference(&modulus, &self.signature));
        }
        others
    }

    /// Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } with other numbers, and in other
    /// encodings of these.
    fn ecdsa_signatures(&self) -> Vec<Vec<u8>> {
        let (r, s) = der::split_first(der::contents(&self.signature));
        let (r, s) = (der::contents(r), der::contents(s));
        let order = order(&self.key);
        let other = self.key.other_signature(&self.signature);
        let (_, other_s) = der::split_first(der::contents(&other));
        let other_s = der::contents(other_s);
        assert_eq!(number(&sum(s, other_s)), number(&order), "s and n - s");
        let mut others = Vec::new();
        for s in [s, other_s] {
            let above = |value: &[u8]| der::unsigned_bytes(&sum(value, &order));
            let negative =
                |value: &[u8]| der::integer(&value.iter().map(|octet| !octet).collect::<Vec<_>>());
            let zero_more = |value: &[u8]| der::integer(&[&[0], value].concat());
            let long = |value: &[u8]| [&[2, 0x81, value.len() as u8], value].concat();
            let unsigned = |value: &[u8]| der::integer(number(value));
            for change in [
                &above as &dyn Fn(&[u8]) -> Vec<u8>,
                &negative,
                &zero_more,
                &long,
                &unsigned,
            ] {
                for (r, s) in [
                    (change(r), der::integer(s)),
                    (der::integer(r), change(s)),
                    (change(r), change(s)),
                ] {
                    others.push(der::sequence(&[r, s]));
                }
            }
            others.push(der::sequence(&[der::integer(s), der::integer(r)]));
            others.push(der::sequence(&[
                der::integer(r),
                der::integer(s),
                der::null(),
            ]));
            others.push(der::sequence(&[
                der::integer(r),
                der::integer(s),
                der::integer(s),
            ]));
            let values = [der::integer(r), der::integer(s)].concat();
            others.push([&[0x30, 0x81, values.len() as u8], &values[..]].concat());
            others.push([&[0x30, 0x80], &values[..], &[0, 0]].concat());
            others.push([&[0x31, values.len() as u8], &values[..]].concat());
            // As in PKCS #11, and with what `other_signature` makes of it left alone.
            others.push([number(r), number(s)].concat());
        }
        let good = [&self.signature, &other];
        others.retain(|other| !good.contains(&other));
        others
    }
}

#[test]
fn no_other_encoding_verifies() {
    for (key, algorithm) in all_algorithms() {
        let issued = Issued::new(&key, algorithm);
        assert!(issued.verifies(&issued.der), "{algorithm:?}");
        let variants = issued.variants();
        assert!(variants.len() > 400, "{algorithm:?}: {}", variants.len());
        for der in variants {
            assert!(!issued.verifies(&der), "{algorithm:?}: {der:02x?}");
        }
    }
}

#[test]
fn the_other_ecdsa_signature_verifies() {
    for (key, algorithm) in all_algorithms() {
        let issued = Issued::new(&key, algorithm);
        if issued.is_ecdsa() {
            let other = issued.with_signature(&key.other_signature(&issued.signature));
            assert_ne!(other, issued.der);
            assert!(issued.verifies(&other), "{algorithm:?}");
        }
    }
}

/// Scalars of every length: of so many, some begin with zeros.
#[test]
fn other_encodings_are_denied_by_fingerprint() {
    for (key, count) in [(Key::p256("root"), 400), (Key::p384("root"), 100)] {
        let root = Cert::ca("Root", &key);
        let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a root");
        let client = Cert::client("alice", &Key::p256("alice")).issued_by(&root);
        let mut lengths = BTreeSet::new();
        for serial in 1..=count {
            let client = client.clone().serial(&u16::to_be_bytes(0x100 + serial));
            let (der, other) = (client.der(), client.other_encoding().der());
            lengths.insert(der.len());
            let verify = |store: &TrustStore, der: &[u8]| {
                let chain = [CertificateDer::from(der)];
                verify_client_chain(store, &chain, now(), &ClientPolicy::default())
            };
            for (denied, presented) in [(&der, &other), (&other, &der)] {
                let accepted = verify(&store, denied).expect("both verify");
                let sha256 = accepted.identity().fingerprint_sha256();
                let denied = DenyList::new().with_certificate_sha256(sha256);
                let refusal = verify(&store.with_deny_list(denied), presented);
                let refusal = refusal.expect_err("denied");
                assert!(
                    matches!(refusal.reason(), Reason::Denied { .. }),
                    "{refusal}"
                );
            }
        }
        assert!(lengths.len() >= 3, "{lengths:?}");
    }
}

fn now() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(1_780_272_000))
}

fn modulus(key: &Key) -> Vec<u8> {
    let (_, bits) = der::split_first(der::contents(key.spki()));
    let (modulus, _) = der::split_first(der::contents(&der::contents(bits)[1..]));
    number(der::contents(modulus)).to_vec()
}

/// The order of the curve, from what `other_signature` says: n = s + (n − s).
fn order(key: &Key) -> Vec<u8> {
    let algorithm = key.default_algorithm();
    let signature = key.sign(algorithm, b"any");
    let s_of = |signature: &[u8]| {
        let (_, s) = der::split_first(der::contents(signature));
        der::contents(s).to_vec()
    };
    let order = sum(&s_of(&signature), &s_of(&key.other_signature(&signature)));
    number(&order).to_vec()
}

/// Without zeros in front.
fn number(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    &octets[zeros..]
}

/// Of two big-endian numbers, with as many octets as the longer one, or one more.
fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let (a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let mut carry = 0;
    let mut octets = Vec::new();
    for (a, b) in a
        .iter()
        .rev()
        .zip(b.iter().rev().chain(std::iter::repeat(&0)))
    {
        carry += u16::from(*a) + u16::from(*b);
        octets.push(carry as u8);
        carry >>= 8;
    }
    if carry > 0 {
        octets.push(carry as u8);
    }
    octets.reverse();
    octets
}

/// Of a big-endian number and a smaller one of as many octets.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let complement: Vec<u8> = b.iter().map(|octet| !octet).collect();
    // a - b = a + (2^k - 1 - b) + 1 - 2^k
    sum(&sum(a, &complement), &[1])[1..].to_vec()
}

/// As above, on P-521, for which nothing but `aws-lc-rs` makes signatures here.
#[cfg(feature = "aws-lc-rs")]
#[test]
fn other_encodings_on_p521_are_denied_by_fingerprint() {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
    use testpki::oid;

    // SEC 2 version 2 §2.6.1.
    const ORDER: &str = "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
                         fffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409";
    let order: Vec<u8> = (0..ORDER.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&ORDER[at..at + 2], 16).expect("two digits"))
        .collect();
    let key = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_ASN1_SIGNING).expect("a key");
    let p521 = "1.3.132.0.35";
    let spki = testpki::key::ec_spki(p521, key.public_key().as_ref());
    let root = Cert::ca("Root", &Key::p256("root")).spki(spki);
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a root");
    let client = Cert::client("alice", &Key::p256("alice"))
        .issued_by(&root)
        .algorithms(testpki::key::algorithm(oid::ECDSA_WITH_SHA512, &[]));
    let by_choice = mtls_verify::policy::SignatureAlgorithms::aws_lc_rs();
    let policy = ClientPolicy::default().with_signatures(by_choice);
    let mut lengths = BTreeSet::new();
    for _ in 0..50 {
        let unsigned = client.der();
        let (tbs, _) = der::split_first(der::contents(&unsigned));
        let signature = key.sign(&SystemRandom::new(), tbs).expect("a signature");
        let (r, s) = der::split_first(der::contents(signature.as_ref()));
        let padded = |number: &[u8]| [&vec![0; 66 - number.len()], number].concat();
        let other_s = difference(&order, &padded(number(der::contents(s))));
        let other = der::sequence(&[r.to_vec(), der::unsigned_bytes(&other_s)]);
        let encodings = [signature.as_ref(), &other]
            .map(|signature| client.clone().raw_signature(signature.to_vec()).der());
        let verify = |store: &TrustStore, der: &[u8]| {
            let chain = [CertificateDer::from(der)];
            verify_client_chain(store, &chain, now(), &policy)
        };
        for (denied, presented) in [(0, 1), (1, 0)] {
            let (denied, presented) = (&encodings[denied], &encodings[presented]);
            lengths.insert(denied.len());
            let accepted = verify(&store, denied).expect("both verify");
            let sha256 = accepted.identity().fingerprint_sha256();
            let store = store.with_deny_list(DenyList::new().with_certificate_sha256(sha256));
            let refusal = verify(&store, presented).expect_err("denied");
            assert!(
                matches!(refusal.reason(), Reason::Denied { .. }),
                "{refusal}"
            );
        }
    }
    assert!(lengths.len() >= 2, "{lengths:?}");
}
