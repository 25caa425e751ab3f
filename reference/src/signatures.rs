//! Signatures: the one thing that the reference shares with the library, through `webpki`.

use pki_types::{SignatureVerificationAlgorithm, alg_id};
use webpki::ring;

use crate::der::{self, Element, Malformed, elements, only};

/// What becomes of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The key made it.
    Holds,
    /// The key did not make it.
    Bad,
    /// No algorithm of the set has this identifier and this kind of key.
    Unsupported,
}

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

/// The default set.
pub const DEFAULT_ALGORITHMS: &[Algorithm] = &[
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P256_SHA384,
    ring::ECDSA_P384_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::ED25519,
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    ring::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    ring::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// RSASSA-PSS: the octets of the hash, and of the salt; the last arc of the hash's identifier.
const PSS: [(u8, u8, Algorithm); 3] = [
    (32, 1, ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY),
    (48, 2, ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY),
    (64, 3, ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY),
];

/// The DER of id-RSASSA-PSS and id-mgf1 (RFC 4055 §2.2, §3).
const ID_RSASSA_PSS: &[u8] = &[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10];
const ID_MGF1: &[u8] = &[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8];

/// Verifies one by these algorithms: the content octets of the signature's AlgorithmIdentifier, the
/// whole SubjectPublicKeyInfo, what is signed, the signature.
#[must_use]
pub fn verify(
    algorithms: &[Algorithm],
    algorithm: &[u8],
    spki: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Outcome {
    let Some((key_algorithm, key)) = key_of(spki) else {
        return Outcome::Unsupported;
    };
    let is_of_key = |one: Algorithm| one.public_key_alg_id().as_ref() == key_algorithm;
    let has_pss = |pss: Algorithm| {
        let id = pss.signature_alg_id();
        algorithms.iter().any(|one| one.signature_alg_id() == id)
    };
    let pss = pss_of_signature(algorithm).filter(|(_, pss)| has_pss(*pss));
    let usable = match pss {
        // A key of type id-RSASSA-PSS verifies RSASSA-PSS, with the hash that its parameters permit
        // (RFC 4055 §1.2, §3.3), and nothing else.
        Some((hash, pss)) => Some(pss)
            .filter(|pss| is_of_key(*pss) || pss_hashes_of_key(key_algorithm).contains(&hash)),
        None => algorithms
            .iter()
            .copied()
            .find(|one| one.signature_alg_id().as_ref() == algorithm && is_of_key(*one)),
    };
    let is_known = pss.is_some()
        || algorithms
            .iter()
            .any(|one| one.signature_alg_id().as_ref() == algorithm);
    let is_key_known = !pss_hashes_of_key(key_algorithm).is_empty()
        || algorithms.iter().any(|one| is_of_key(*one));
    match usable {
        Some(one) if one.verify_signature(key, message, signature).is_ok() => Outcome::Holds,
        Some(_) => Outcome::Bad,
        // Both are known, but not together: the key cannot have made such a signature.
        None if is_known && is_key_known => Outcome::Bad,
        None => Outcome::Unsupported,
    }
}

/// Whether the library takes a key, the client's own or a CA's: none if so, else `unsupported-key`
/// or `key-size`. The content octets of its AlgorithmIdentifier, its subjectPublicKey, and the
/// least and the most bits of RSA keys.
#[must_use]
pub fn key_is_accepted(
    key_algorithm: &[u8],
    key: &[u8],
    rsa_bits: (u32, u32),
) -> Option<&'static str> {
    let others = [
        alg_id::ECDSA_P256,
        alg_id::ECDSA_P384,
        alg_id::ECDSA_P521,
        alg_id::ED25519,
    ];
    let is_rsa = key_algorithm == alg_id::RSA_ENCRYPTION.as_ref()
        || !pss_hashes_of_key(key_algorithm).is_empty();
    match modulus_bits(key) {
        _ if others.iter().any(|one| one.as_ref() == key_algorithm) => None,
        Ok(bits) if is_rsa && (rsa_bits.0..=rsa_bits.1).contains(&bits) => None,
        Ok(_) if is_rsa => Some("key-size"),
        _ => Some("unsupported-key"),
    }
}

/// Whether a public key can be read at all; if not, the certificate is malformed.
///
/// # Errors
///
/// If it is an RSA key that is no RSAPublicKey (RFC 8017 appendix A.1.1), a key of type
/// id-RSASSA-PSS with malformed parameters (RFC 4055 §3.1), or an Ed25519 key that RFC 8032
/// §5.1.3 does not decode.
pub fn key_is_well_formed(key_algorithm: &[u8], key: &[u8]) -> Result<(), Malformed> {
    match key_algorithm.strip_prefix(ID_RSASSA_PSS) {
        Some([]) => modulus_bits(key).map(drop)?,
        Some(parameters) => pss_parameters(parameters)
            .and(modulus_bits(key))
            .map(drop)?,
        None if key_algorithm == alg_id::RSA_ENCRYPTION.as_ref() => modulus_bits(key).map(drop)?,
        None => {}
    }
    if key_algorithm == alg_id::ED25519.as_ref() {
        let mut y: [u8; 32] = key.try_into().map_err(|_| "an Ed25519 key has 32 octets")?;
        let sign = y[31] & 0x80 != 0;
        y[31] &= 0x7F;
        // In little-endian octets, the prime 2^255 - 19 is ED, thirty times FF, 7F.
        let is_high = y[31] == 0x7F && y[1..31].iter().all(|octet| *octet == 0xFF);
        let is_one = y[0] == 1 && y[1..].iter().all(|octet| *octet == 0);
        let is_minus_one = is_high && y[0] == 0xEC;
        // x is 0 where y is 1 or -1, and has no sign then.
        if (is_high && y[0] >= 0xED) || (sign && (is_one || is_minus_one)) {
            return Err("an Ed25519 key is no encoding of a point");
        }
    }
    Ok(())
}

/// SubjectPublicKeyInfo (RFC 5280 §4.1): the content octets of its AlgorithmIdentifier, and its
/// key.
fn key_of(spki: &[u8]) -> Option<(&[u8], &[u8])> {
    match elements(only(spki, der::SEQUENCE).ok()?).ok()?.as_slice() {
        [algorithm, key] if algorithm.tag == der::SEQUENCE && key.tag == der::BIT_STRING => {
            Some((algorithm.content, key.content.strip_prefix(&[0])?))
        }
        _ => None,
    }
}

/// The bits of the modulus of an RSAPublicKey (RFC 8017 appendix A.1.1).
fn modulus_bits(key: &[u8]) -> Result<u32, Malformed> {
    let parts = elements(only(key, der::SEQUENCE)?)?;
    let [modulus, exponent] = parts.as_slice() else {
        return Err("an RSA key has modulus and exponent");
    };
    positive(exponent.whole)?;
    let modulus = positive(modulus.whole)?;
    let bits = u32::try_from(modulus.len() * 8).map_err(|_| "a modulus is huge")?;
    Ok(bits - modulus.first().map_or(0, |octet| octet.leading_zeros()))
}

/// The octets of an INTEGER that is not negative, without the zero in front.
fn positive(whole: &[u8]) -> Result<&[u8], Malformed> {
    match only(whole, der::INTEGER)? {
        [0] => Ok(&[]),
        [0, rest @ ..] if rest[0] >= 0x80 => Ok(rest),
        number @ [1..=0x7F, ..] => Ok(number),
        _ => Err("an INTEGER is negative, padded or empty"),
    }
}

// --- RSASSA-PSS ---

/// RSASSA-PSS-params (RFC 4055 §3.1), with the defaults filled in.
struct PssParameters {
    /// hashAlgorithm, by the octets of the hash; none: SHA-1, or another that is not in the set.
    hash: Option<u8>,
    /// The same of maskGenAlgorithm, if that is MGF1.
    mask: Option<u8>,
    /// saltLength, without zeros in front.
    salt: Vec<u8>,
}

/// The hash and the algorithm of an RSASSA-PSS signature; none: it is another signature, or the
/// default set does not have its parameters.
fn pss_of_signature(algorithm: &[u8]) -> Option<(u8, Algorithm)> {
    let PssParameters { hash, mask, salt } =
        pss_parameters(algorithm.strip_prefix(ID_RSASSA_PSS)?).ok()?;
    let (size, _, pss) = PSS.into_iter().find(|(size, ..)| hash == Some(*size))?;
    (mask == hash && salt == [size]).then_some((size, pss))
}

/// The hashes with which a key of type id-RSASSA-PSS verifies: without parameters all, else the one
/// in them. saltLength there is the least (RFC 4055 §3.3), and salts are as long as the hash.
fn pss_hashes_of_key(key_algorithm: &[u8]) -> Vec<u8> {
    let all = PSS.into_iter().map(|(size, ..)| size);
    match key_algorithm.strip_prefix(ID_RSASSA_PSS) {
        None => Vec::new(),
        Some([]) => all.collect(),
        Some(parameters) => match pss_parameters(parameters) {
            Ok(PssParameters { hash, mask, salt }) if mask == hash => all
                .filter(|size| {
                    hash == Some(*size) && salt.len() <= 1 && salt.as_slice() <= [*size].as_slice()
                })
                .collect(),
            _ => Vec::new(),
        },
    }
}

/// Reads RSASSA-PSS-params: the fields that are there, in their order.
fn pss_parameters(der: &[u8]) -> Result<PssParameters, Malformed> {
    let mut read = PssParameters {
        hash: None,
        mask: None,
        salt: vec![20],
    };
    let mut next = 0xA0;
    for Element { tag, content, .. } in elements(only(der, der::SEQUENCE)?)? {
        if tag < next {
            return Err("RSASSA-PSS parameters are out of order");
        }
        next = tag.saturating_add(1);
        match tag {
            0xA0 => read.hash = hash(content)?,
            0xA1 => read.mask = mask(content)?,
            0xA2 => read.salt = positive(content)?.to_vec(),
            0xA3 if positive(content)? == [1] => {}
            _ => return Err("another trailerField than 1, or a fifth field"),
        }
    }
    Ok(read)
}

/// The octets of a hash of the set, from its AlgorithmIdentifier, which has NULL for parameters or
/// none (RFC 4055 §2.1); none: another hash.
fn hash(algorithm: &[u8]) -> Result<Option<u8>, Malformed> {
    let (id, parameters) = algorithm_identifier(algorithm)?;
    // 2.16.840.1.101.3.4.2.
    let arc = id.strip_prefix(&[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2]);
    let found = PSS.into_iter().find(|(_, last, _)| arc == Some(&[*last]));
    Ok(found
        .filter(|_| matches!(parameters, [] | [5, 0]))
        .map(|(size, ..)| size))
}

/// The hash of maskGenAlgorithm (RFC 4055 §2.2); none: another mask, or with another hash.
fn mask(algorithm: &[u8]) -> Result<Option<u8>, Malformed> {
    match algorithm_identifier(algorithm)? {
        (ID_MGF1, inner) => hash(inner),
        _ => Ok(None),
    }
}

/// The DER of the algorithm and of the parameters of an AlgorithmIdentifier (RFC 5280 §4.1.1.2).
fn algorithm_identifier(der: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    match elements(only(der, der::SEQUENCE)?)?.as_slice() {
        [id] if id.tag == der::OBJECT_IDENTIFIER => Ok((id.whole, &[])),
        [id, parameters] if id.tag == der::OBJECT_IDENTIFIER => Ok((id.whole, parameters.whole)),
        _ => Err("an AlgorithmIdentifier begins with its OBJECT IDENTIFIER"),
    }
}
