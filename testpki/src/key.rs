//! Keys that are the same on every run, and the signatures they make.

mod hashed;
mod p521;

use std::sync::Arc;

use p256::ecdsa::signature::hazmat::PrehashSigner;
use rsa::pkcs8::DecodePrivateKey;
use rsa::rand_core::{Infallible, TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, Pss};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::{Pem, der, oid};

pub use hashed::hashed_signature;
pub use p521::p521_spki;

/// A private key and its public half. Cheap to clone.
#[derive(Clone)]
pub struct Key {
    private: Arc<PrivateKey>,
    spki: Vec<u8>,
    pkcs8: Vec<u8>,
    is_pss: bool,
}

enum PrivateKey {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521,
    Ed25519(ed25519_dalek::SigningKey),
    Rsa(Box<rsa::PrivateKey>),
    Hashed(Vec<u8>),
}

/// The RSA keys in `testpki/keys/`, made once with `openssl genpkey`: finding primes is too slow to
/// repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaKey {
    /// 1024 bits: too weak for anyone.
    Rsa1024A,
    /// 2048 bits.
    Rsa2048A,
    /// 2048 bits, another one.
    Rsa2048B,
    /// 3072 bits.
    Rsa3072A,
    /// 4096 bits.
    Rsa4096A,
}

/// What signs a certificate: algorithm and hash. RSA-PSS has MGF1 with the same hash and a salt of
/// the hash's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// ECDSA with SHA-1.
    EcdsaSha1,
    /// ECDSA with SHA-256.
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// ECDSA with SHA-512.
    EcdsaSha512,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// That of [`Key::hashed`].
    Hashed,
    /// RSA PKCS#1 v1.5 with SHA-1.
    RsaPkcs1Sha1,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaPkcs1Sha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaPkcs1Sha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaPkcs1Sha512,
    /// RSA-PSS with SHA-256.
    RsaPssSha256,
    /// RSA-PSS with SHA-384.
    RsaPssSha384,
    /// RSA-PSS with SHA-512.
    RsaPssSha512,
}

impl SignatureAlgorithm {
    /// The AlgorithmIdentifier, encoded.
    pub fn identifier(self) -> Vec<u8> {
        match self {
            Self::EcdsaSha1 => algorithm(oid::ECDSA_WITH_SHA1, &[]),
            Self::EcdsaSha256 => algorithm(oid::ECDSA_WITH_SHA256, &[]),
            Self::EcdsaSha384 => algorithm(oid::ECDSA_WITH_SHA384, &[]),
            Self::EcdsaSha512 => algorithm(oid::ECDSA_WITH_SHA512, &[]),
            Self::Ed25519 => algorithm(oid::ED25519, &[]),
            Self::Hashed => algorithm(oid::HASHED_SIGNATURE, &[]),
            Self::RsaPkcs1Sha1 => algorithm(oid::SHA1_WITH_RSA, &der::null()),
            Self::RsaPkcs1Sha256 => algorithm(oid::SHA256_WITH_RSA, &der::null()),
            Self::RsaPkcs1Sha384 => algorithm(oid::SHA384_WITH_RSA, &der::null()),
            Self::RsaPkcs1Sha512 => algorithm(oid::SHA512_WITH_RSA, &der::null()),
            Self::RsaPssSha256 => pss_algorithm(oid::SHA256, oid::SHA256, 32),
            Self::RsaPssSha384 => pss_algorithm(oid::SHA384, oid::SHA384, 48),
            Self::RsaPssSha512 => pss_algorithm(oid::SHA512, oid::SHA512, 64),
        }
    }
}

/// An AlgorithmIdentifier; `parameters` is encoded already, and empty for none.
pub fn algorithm(oid: &str, parameters: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(oid), parameters])
}

/// The AlgorithmIdentifier of RSA-PSS with any mixture of parameters (RFC 4055 §3.1).
pub fn pss_algorithm(hash: &str, mask_hash: &str, salt_octets: u64) -> Vec<u8> {
    let mask = der::sequence(&[der::oid(oid::MGF1), algorithm(mask_hash, &der::null())]);
    let parameters = der::sequence(&[
        der::context_constructed(0, &algorithm(hash, &der::null())),
        der::context_constructed(1, &mask),
        der::context_constructed(2, &der::unsigned(salt_octets)),
    ]);
    algorithm(oid::RSASSA_PSS, &parameters)
}

/// A SubjectPublicKeyInfo of any algorithm; `key` is what the BIT STRING holds.
pub fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    der::sequence(&[algorithm, &der::bit_string(key)])
}

/// The SubjectPublicKeyInfo of a point on a named curve.
pub fn ec_spki(curve: &str, point: &[u8]) -> Vec<u8> {
    spki(&algorithm(oid::EC_PUBLIC_KEY, &der::oid(curve)), point)
}

/// The SubjectPublicKeyInfo of an RSA key with a modulus of this many bits, which nobody has the
/// private half of.
///
/// # Panics
///
/// If `bits` is below 16.
pub fn rsa_spki_of_size(bits: usize) -> Vec<u8> {
    assert!(bits >= 16, "too short to be a modulus");
    let mut modulus = expand("testpki rsa modulus", bits.div_ceil(8));
    let top_bit = 1 << ((bits - 1) % 8);
    modulus[0] = modulus[0] & (top_bit - 1) | top_bit;
    let last = modulus.len() - 1;
    modulus[last] |= 1;
    rsa_spki(&modulus, &[1, 0, 1])
}

/// The SubjectPublicKeyInfo of an RSA key, from big-endian numbers.
pub fn rsa_spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = der::sequence(&[der::unsigned_bytes(modulus), der::unsigned_bytes(exponent)]);
    spki(&algorithm(oid::RSA_ENCRYPTION, &der::null()), &key)
}

impl Key {
    /// The P-256 key of this label.
    pub fn p256(label: &str) -> Self {
        let key = from_seeds("p256", label, |seed: &[u8; 32]| {
            p256::ecdsa::SigningKey::from_slice(seed).ok()
        });
        let point = key.verifying_key().to_sec1_point(false);
        let algorithm = algorithm(oid::EC_PUBLIC_KEY, &der::oid(oid::P256));
        let private = ec_private_key(&key.to_bytes(), point.as_bytes());
        Self::new(
            PrivateKey::P256(key.clone()),
            spki(&algorithm, point.as_bytes()),
            pkcs8(&algorithm, &private),
        )
    }

    /// The P-384 key of this label.
    pub fn p384(label: &str) -> Self {
        let key = from_seeds("p384", label, |seed: &[u8; 48]| {
            p384::ecdsa::SigningKey::from_slice(seed).ok()
        });
        let point = key.verifying_key().to_sec1_point(false);
        let algorithm = algorithm(oid::EC_PUBLIC_KEY, &der::oid(oid::P384));
        let private = ec_private_key(&key.to_bytes(), point.as_bytes());
        Self::new(
            PrivateKey::P384(key.clone()),
            spki(&algorithm, point.as_bytes()),
            pkcs8(&algorithm, &private),
        )
    }

    /// The Ed25519 key of this label.
    pub fn ed25519(label: &str) -> Self {
        let key = from_seeds("ed25519", label, |seed: &[u8; 32]| {
            Some(ed25519_dalek::SigningKey::from_bytes(seed))
        });
        let algorithm = algorithm(oid::ED25519, &[]);
        let spki = spki(&algorithm, key.verifying_key().as_bytes());
        let pkcs8 = pkcs8(&algorithm, &der::octet_string(key.as_bytes()));
        Self::new(PrivateKey::Ed25519(key), spki, pkcs8)
    }

    /// One of the RSA keys.
    pub fn rsa(which: RsaKey) -> Self {
        let pkcs8: &[u8] = match which {
            RsaKey::Rsa1024A => include_bytes!("../keys/rsa1024-a.der"),
            RsaKey::Rsa2048A => include_bytes!("../keys/rsa2048-a.der"),
            RsaKey::Rsa2048B => include_bytes!("../keys/rsa2048-b.der"),
            RsaKey::Rsa3072A => include_bytes!("../keys/rsa3072-a.der"),
            RsaKey::Rsa4096A => include_bytes!("../keys/rsa4096-a.der"),
        };
        let key = rsa::PrivateKey::from_pkcs8_der(pkcs8).expect("the committed keys are good");
        let spki = rsa_spki(&key.n().to_be_bytes(), &key.e().to_be_bytes());
        Self::new(PrivateKey::Rsa(Box::new(key)), spki, pkcs8.to_vec())
    }

    /// The same key as one of type id-RSASSA-PSS (RFC 4055 §1.2); `parameters` are encoded
    /// already, and empty for none. It signs with SHA-256 unless told otherwise, whatever they say.
    pub fn rsa_pss(which: RsaKey, parameters: &[u8]) -> Self {
        let key = Self::rsa(which);
        let algorithm = algorithm(oid::RSASSA_PSS, parameters);
        let (_version, rest) = der::split_first(der::contents(&key.pkcs8));
        let (_algorithm, private_key) = der::split_first(rest);
        Self {
            private: Arc::clone(&key.private),
            spki: spki(&algorithm, public_key(&key.spki)),
            pkcs8: pkcs8(&algorithm, der::contents(private_key)),
            is_pss: true,
        }
    }

    fn new(private: PrivateKey, spki: Vec<u8>, pkcs8: Vec<u8>) -> Self {
        Self {
            private: Arc::new(private),
            spki,
            pkcs8,
            is_pss: false,
        }
    }

    /// The SubjectPublicKeyInfo, encoded.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The private key as PKCS #8 DER.
    pub fn pkcs8_der(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The private key as PKCS #8 PEM.
    pub fn pkcs8_pem(&self) -> String {
        Pem::new("PRIVATE KEY", &self.pkcs8).to_string()
    }

    /// The key identifier of RFC 7093 §2 method 1: the first 20 octets of the SHA-256 of the
    /// public key.
    pub fn identifier(&self) -> Vec<u8> {
        key_identifier(&self.spki)
    }

    /// The algorithm this key signs with unless told otherwise: SHA-256 for P-256 and RSA (PKCS #1,
    /// or PSS), SHA-384 for P-384, SHA-512 for P-521.
    pub fn default_algorithm(&self) -> SignatureAlgorithm {
        match *self.private {
            PrivateKey::P256(_) => SignatureAlgorithm::EcdsaSha256,
            PrivateKey::P384(_) => SignatureAlgorithm::EcdsaSha384,
            PrivateKey::P521 => SignatureAlgorithm::EcdsaSha512,
            PrivateKey::Ed25519(_) => SignatureAlgorithm::Ed25519,
            PrivateKey::Hashed(_) => SignatureAlgorithm::Hashed,
            PrivateKey::Rsa(_) if self.is_pss => SignatureAlgorithm::RsaPssSha256,
            PrivateKey::Rsa(_) => SignatureAlgorithm::RsaPkcs1Sha256,
        }
    }

    /// Signs `message`. ECDSA is deterministic (RFC 6979); the salt of RSA-PSS follows from the
    /// message.
    ///
    /// # Panics
    ///
    /// If the algorithm is not one of this kind of key.
    pub fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Vec<u8> {
        use SignatureAlgorithm as A;
        match (&*self.private, algorithm) {
            (PrivateKey::Ed25519(key), A::Ed25519) => {
                use ed25519_dalek::Signer;
                key.sign(message).to_bytes().to_vec()
            }
            (PrivateKey::Hashed(key), A::Hashed) => hashed_signature(key, message).to_vec(),
            (
                PrivateKey::P256(key),
                A::EcdsaSha1 | A::EcdsaSha256 | A::EcdsaSha384 | A::EcdsaSha512,
            ) => {
                let signature: p256::ecdsa::Signature = key
                    .sign_prehash(&hash(algorithm, message))
                    .expect("every hash here is long enough for P-256");
                signature.to_der().as_bytes().to_vec()
            }
            (PrivateKey::P384(key), A::EcdsaSha256 | A::EcdsaSha384 | A::EcdsaSha512) => {
                let signature: p384::ecdsa::Signature = key
                    .sign_prehash(&hash(algorithm, message))
                    .expect("every hash here is long enough for P-384");
                signature.to_der().as_bytes().to_vec()
            }
            (PrivateKey::P521, A::EcdsaSha256 | A::EcdsaSha384 | A::EcdsaSha512) => {
                p521::sign(&hash(algorithm, message))
            }
            (PrivateKey::Rsa(key), _) => sign_rsa(key, algorithm, &hash(algorithm, message)),
            _ => panic!("{algorithm:?} is not for this kind of key"),
        }
    }

    /// The other signature (r, n − s) over the same message, of an ECDSA signature that this key
    /// made.
    ///
    /// # Panics
    ///
    /// If it is none, or the key is of another kind.
    pub fn other_signature(&self, signature: &[u8]) -> Vec<u8> {
        match &*self.private {
            PrivateKey::P256(_) => {
                let signature = p256::ecdsa::Signature::from_der(signature).expect("a signature");
                let (r, s) = signature.split_scalars();
                let other = p256::ecdsa::Signature::from_scalars(r, -s).expect("two scalars");
                other.to_der().as_bytes().to_vec()
            }
            PrivateKey::P384(_) => {
                let signature = p384::ecdsa::Signature::from_der(signature).expect("a signature");
                let (r, s) = signature.split_scalars();
                let other = p384::ecdsa::Signature::from_scalars(r, -s).expect("two scalars");
                other.to_der().as_bytes().to_vec()
            }
            _ => panic!("{self:?} does not sign with ECDSA"),
        }
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match *self.private {
            PrivateKey::P256(_) => "P-256",
            PrivateKey::P384(_) => "P-384",
            PrivateKey::P521 => "P-521",
            PrivateKey::Ed25519(_) => "Ed25519",
            PrivateKey::Hashed(_) => "hashed",
            PrivateKey::Rsa(_) => "RSA",
        };
        write!(f, "Key({kind})")
    }
}

/// The key identifier of RFC 7093 §2 method 1 of any SubjectPublicKeyInfo.
///
/// # Panics
///
/// If `spki` is not an algorithm and a BIT STRING in a SEQUENCE.
pub fn key_identifier(spki: &[u8]) -> Vec<u8> {
    Sha256::digest(public_key(spki))[..20].to_vec()
}

/// What the BIT STRING of a SubjectPublicKeyInfo holds.
///
/// # Panics
///
/// If `spki` is not an algorithm and a BIT STRING in a SEQUENCE.
pub fn public_key(spki: &[u8]) -> &[u8] {
    let (_algorithm, bit_string) = der::split_first(der::contents(spki));
    let (_unused_bits, key) = der::contents(bit_string).split_at(1);
    key
}

fn hash(algorithm: SignatureAlgorithm, message: &[u8]) -> Vec<u8> {
    use SignatureAlgorithm as A;
    match algorithm {
        A::EcdsaSha1 | A::RsaPkcs1Sha1 => Sha1::digest(message).to_vec(),
        A::EcdsaSha256 | A::RsaPkcs1Sha256 | A::RsaPssSha256 => Sha256::digest(message).to_vec(),
        A::EcdsaSha384 | A::RsaPkcs1Sha384 | A::RsaPssSha384 => Sha384::digest(message).to_vec(),
        A::EcdsaSha512 | A::RsaPkcs1Sha512 | A::RsaPssSha512 => Sha512::digest(message).to_vec(),
        A::Ed25519 | A::Hashed => panic!("{algorithm:?} signs messages, not hashes"),
    }
}

fn sign_rsa(key: &rsa::PrivateKey, algorithm: SignatureAlgorithm, hash: &[u8]) -> Vec<u8> {
    use SignatureAlgorithm as A;
    let mut salt = Salt(hash);
    // Blinding would draw on the salt's source; these keys have nothing to hide.
    let signature = match algorithm {
        A::RsaPkcs1Sha1 => key.sign(Pkcs1v15Sign::new::<Sha1>(), hash),
        A::RsaPkcs1Sha256 => key.sign(Pkcs1v15Sign::new::<Sha256>(), hash),
        A::RsaPkcs1Sha384 => key.sign(Pkcs1v15Sign::new::<Sha384>(), hash),
        A::RsaPkcs1Sha512 => key.sign(Pkcs1v15Sign::new::<Sha512>(), hash),
        A::RsaPssSha256 => {
            let mut padding = Pss::<Sha256>::new();
            padding.blinded = false;
            key.sign_with_rng(&mut salt, padding, hash)
        }
        A::RsaPssSha384 => {
            let mut padding = Pss::<Sha384>::new();
            padding.blinded = false;
            key.sign_with_rng(&mut salt, padding, hash)
        }
        A::RsaPssSha512 => {
            let mut padding = Pss::<Sha512>::new();
            padding.blinded = false;
            key.sign_with_rng(&mut salt, padding, hash)
        }
        _ => panic!("{algorithm:?} is not for RSA keys"),
    };
    signature.expect("every RSA key here is long enough for every hash")
}

/// The "random" source of RSA-PSS: repeats the message's hash, so that a message always gets the
/// same salt.
struct Salt<'a>(&'a [u8]);

impl TryRng for Salt<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut octets = [0; 4];
        self.try_fill_bytes(&mut octets)?;
        Ok(u32::from_be_bytes(octets))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_be_bytes(octets))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        for (octet, &source) in octets.iter_mut().zip(self.0.iter().cycle()) {
            *octet = source;
        }
        Ok(())
    }
}

impl TryCryptoRng for Salt<'_> {}

/// Tries the seeds of a label, one after the other, until one is a private key.
fn from_seeds<K, const N: usize>(
    kind: &str,
    label: &str,
    key_from: impl Fn(&[u8; N]) -> Option<K>,
) -> K {
    (0u32..)
        .find_map(|attempt| {
            let mut seed = [0; N];
            seed.copy_from_slice(&expand(&format!("testpki {kind} {label} {attempt}"), N));
            key_from(&seed)
        })
        .expect("almost every seed is a private key")
}

/// As many octets as wanted, from a label.
fn expand(label: &str, octets: usize) -> Vec<u8> {
    (0u32..)
        .flat_map(|block| Sha512::digest(format!("{label} {block}")))
        .take(octets)
        .collect()
}

/// ECPrivateKey (RFC 5915) without its parameters, which PKCS #8 has outside.
fn ec_private_key(scalar: &[u8], point: &[u8]) -> Vec<u8> {
    der::sequence(&[
        der::unsigned(1),
        der::octet_string(scalar),
        der::context_constructed(1, &der::bit_string(point)),
    ])
}

fn pkcs8(algorithm: &[u8], private_key: &[u8]) -> Vec<u8> {
    der::sequence(&[
        &der::unsigned(0),
        algorithm,
        &der::octet_string(private_key),
    ])
}

#[cfg(test)]
mod tests;
