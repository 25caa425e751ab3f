//! Public keys, as far as their strength is to be judged.

use pki_types::alg_id;

use super::der::{Problem, Reader, only_element, tag};
use super::display::oid_text;
use super::pss::PssKey;
use alloc::string::String;

/// A certificate's own key: algorithm and bits of its subjectPublicKeyInfo.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublicKey<'a> {
    /// The content of the AlgorithmIdentifier, parameters included.
    pub(crate) algorithm: &'a [u8],
    /// The content of the BIT STRING.
    pub(crate) bits: &'a [u8],
}

/// What kind of key it is, where that says something about its strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Rsa {
        modulus_bits: u32,
    },
    /// An algorithm whose keys all have one size, and strength enough: P-256, P-384, P-521,
    /// Ed25519, ML-DSA.
    FixedSize,
    Unsupported,
}

impl PublicKey<'_> {
    /// The kind of key, if it has the form of one: a point of its curve's size, compressed or not
    /// (RFC 5480 §2.2), bare bytes of the right number (RFC 9881 §4), those of a point (RFC 8032
    /// §5.1.3), or an RSAPublicKey (RFC 3279 §2.3.1, RFC 4055 §1.2).
    pub(crate) fn kind(self) -> Result<KeyKind, Problem> {
        let is = |algorithm: alg_id::AlgorithmIdentifier| self.algorithm == &*algorithm;
        let has_form = if is(alg_id::ECDSA_P256) {
            self.is_point(32)
        } else if is(alg_id::RSA_ENCRYPTION) {
            let modulus_bits = self.rsa_modulus_bits()?;
            return Ok(KeyKind::Rsa { modulus_bits });
        } else if is(alg_id::ECDSA_P384) {
            self.is_point(48)
        } else if is(alg_id::ECDSA_P521) {
            self.is_point(66)
        } else if is(alg_id::ED25519) {
            is_ed25519_point(self.bits)
        } else if is(alg_id::ML_DSA_44) {
            self.bits.len() == 1312
        } else if is(alg_id::ML_DSA_65) {
            self.bits.len() == 1952
        } else if is(alg_id::ML_DSA_87) {
            self.bits.len() == 2592
        } else if let Some(key) = PssKey::of(self.algorithm) {
            return match key? {
                PssKey::Unsupported => Ok(KeyKind::Unsupported),
                PssKey::Unrestricted | PssKey::Restricted(_) => {
                    let modulus_bits = self.rsa_modulus_bits()?;
                    Ok(KeyKind::Rsa { modulus_bits })
                }
            };
        } else {
            return Ok(KeyKind::Unsupported);
        };
        match has_form {
            true => Ok(KeyKind::FixedSize),
            false => Err(Problem::OutOfRange),
        }
    }

    fn is_point(self, coordinate_bytes: usize) -> bool {
        match self.bits {
            [4, coordinates @ ..] => coordinates.len() == coordinate_bytes.saturating_mul(2),
            [2 | 3, coordinate @ ..] => coordinate.len() == coordinate_bytes,
            _ => false,
        }
    }

    /// The size of an RSA key's modulus in bits, of a key that could be one: odd modulus, odd
    /// exponent above 1 (RFC 8017 §3.1).
    fn rsa_modulus_bits(self) -> Result<u32, Problem> {
        let mut key = only_element(self.bits, tag::SEQUENCE)?.reader();
        let modulus = positive(key.integer()?.value)?;
        let exponent = positive(key.integer()?.value)?;
        key.finish()?;
        let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
        if !odd(modulus) || !odd(exponent) || exponent == [1] {
            return Err(Problem::OutOfRange);
        }
        let leading = modulus.first().map_or(0, |first| first.leading_zeros());
        u32::try_from(modulus.len())
            .ok()
            .and_then(|bytes| bytes.checked_mul(8)?.checked_sub(leading))
            .ok_or(Problem::OutOfRange)
    }

    /// The algorithm for a person: its OBJECT IDENTIFIER, and that of its named curve; of
    /// RSASSA-PSS what is not supported of it.
    pub(crate) fn describe(self) -> String {
        let mut reader = Reader::new(self.algorithm);
        let mut text = reader
            .oid()
            .map_or_else(|_| String::new(), |oid| oid_text(oid.value));
        if PssKey::of(self.algorithm).is_some() {
            text.push_str(
                " (RSASSA-PSS) with other parameters than SHA-256, SHA-384 or SHA-512, \
                MGF1 with the same, and salts of its length",
            );
        } else if let Ok(curve) = reader.oid() {
            text.push_str(" with parameters ");
            text.push_str(&oid_text(curve.value));
        }
        text
    }
}

/// Whether these are 32 octets that RFC 8032 §5.1.3 decodes, but for whether the curve has the
/// point. Implementations disagree on what it does not decode.
fn is_ed25519_point(bits: &[u8]) -> bool {
    let [low, middle @ .., high] = bits else {
        return false;
    };
    if bits.len() != 32 {
        return false;
    }
    let (y_high, is_x_odd) = (high & 0x7f, high & 0x80 != 0);
    let is_middle = |octet: u8| middle.iter().all(|other| *other == octet);
    // The coordinate y, little-endian, lies below 2^255 - 19; and x is 0 for 1 and -1 alone.
    let is_at_the_end = y_high == 0x7f && is_middle(0xff);
    let is_below_prime = !is_at_the_end || *low < 0xed;
    let is_x_zero = y_high == 0 && is_middle(0) && *low == 1 || is_at_the_end && *low == 0xec;
    is_below_prime && !(is_x_zero && is_x_odd)
}

/// The magnitude of a positive INTEGER.
fn positive(integer: &[u8]) -> Result<&[u8], Problem> {
    match integer {
        [0x00, magnitude @ ..] if !magnitude.is_empty() => Ok(magnitude),
        [0x01..=0x7f, ..] => Ok(integer),
        _ => Err(Problem::OutOfRange),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        let integer = |value: &[u8]| {
            let mut bytes = vec![tag::INTEGER, 0x82];
            bytes.extend_from_slice(&(value.len() as u16).to_be_bytes());
            bytes.extend_from_slice(value);
            bytes
        };
        // Lengths of two octets are only DER from 256 bytes on, so short parts are written with
        // one.
        let short = |value: &[u8]| {
            let mut bytes = vec![tag::INTEGER, value.len() as u8];
            bytes.extend_from_slice(value);
            bytes
        };
        let mut content = integer(modulus);
        content.extend(short(exponent));
        let mut key = vec![tag::SEQUENCE, 0x82];
        key.extend_from_slice(&(content.len() as u16).to_be_bytes());
        key.extend(content);
        key
    }

    fn modulus(bytes: usize, first: u8, last: u8) -> Vec<u8> {
        let mut modulus = vec![0x55; bytes];
        modulus[0] = first;
        modulus[bytes - 1] = last;
        if first & 0x80 != 0 {
            modulus.insert(0, 0);
        }
        modulus
    }

    fn kind(algorithm: alg_id::AlgorithmIdentifier, bits: &[u8]) -> Result<KeyKind, Problem> {
        PublicKey {
            algorithm: &algorithm,
            bits,
        }
        .kind()
    }

    #[test]
    fn rsa_keys_are_measured() {
        let rsa = |modulus: &[u8], exponent: &[u8]| {
            kind(alg_id::RSA_ENCRYPTION, &rsa_key(modulus, exponent))
        };
        let size = |modulus_bits| Ok(KeyKind::Rsa { modulus_bits });
        assert_eq!(rsa(&modulus(256, 0x80, 1), &[1, 0, 1]), size(2048));
        assert_eq!(rsa(&modulus(256, 0x40, 1), &[3]), size(2047));
        assert_eq!(rsa(&modulus(1024, 0xff, 1), &[3]), size(8192));
        assert!(rsa(&modulus(256, 0x80, 2), &[3]).is_err(), "even modulus");
        assert!(rsa(&modulus(256, 0x80, 1), &[1]).is_err(), "exponent 1");
        assert!(rsa(&modulus(256, 0x80, 1), &[4]).is_err(), "even exponent");
        assert!(rsa(&modulus(256, 0x80, 1), &[0x83]).is_err(), "negative");
    }

    #[test]
    fn keys_of_fixed_size_have_that_size() {
        let point = |first: u8, len: usize| {
            let mut point = vec![7; len];
            point[0] = first;
            point
        };
        for (algorithm, good) in [
            (alg_id::ECDSA_P256, point(4, 65)),
            (alg_id::ECDSA_P256, point(2, 33)),
            (alg_id::ECDSA_P384, point(3, 49)),
            (alg_id::ECDSA_P521, point(4, 133)),
            (alg_id::ED25519, vec![0; 32]),
            (alg_id::ML_DSA_44, vec![0; 1312]),
            (alg_id::ML_DSA_65, vec![0; 1952]),
            (alg_id::ML_DSA_87, vec![0; 2592]),
        ] {
            assert_eq!(kind(algorithm, &good), Ok(KeyKind::FixedSize));
            assert!(kind(algorithm, &good[1..]).is_err());
            assert!(kind(algorithm, &[]).is_err());
        }
        assert!(kind(alg_id::ECDSA_P256, &point(5, 65)).is_err());
        assert_eq!(kind(alg_id::ED448, &[0; 57]), Ok(KeyKind::Unsupported));
        // id-ecPublicKey with secp256k1, for which rustls-pki-types 1.13 has no constant.
        let secp256k1 = alg_id::AlgorithmIdentifier::from_slice(
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a",
        );
        assert_eq!(kind(secp256k1, &point(4, 65)), Ok(KeyKind::Unsupported));
    }

    /// RFC 8032 §5.1.3: y below 2^255 - 19, and no sign of an x that is 0.
    #[test]
    fn points_of_ed25519_have_one_encoding() {
        let point = |low: u8, middle: u8, high: u8| {
            let mut point = vec![middle; 32];
            (point[0], point[31]) = (low, high);
            kind(alg_id::ED25519, &point).is_ok()
        };
        assert!(point(0xec, 0xff, 0x7f), "-1");
        assert!(point(0xeb, 0xff, 0xff), "-2, and x is odd");
        assert!(point(0xff, 0xff, 0x7e));
        assert!(point(1, 0, 0) && point(0, 0, 0) && point(0, 0, 0x80) && point(2, 0, 0x80));
        for low in 0xed..=0xff {
            assert!(!point(low, 0xff, 0x7f), "{low:x}");
            assert!(!point(low, 0xff, 0xff), "{low:x}");
        }
        assert!(point(1, 0x55, 0x80) && point(1, 0, 0x81), "x is odd");
        assert!(!point(1, 0, 0x80), "1, and x is odd");
        assert!(!point(0xec, 0xff, 0xff), "-1, and x is odd");
    }

    #[test]
    fn keys_of_rsassa_pss_are_measured() {
        let key = rsa_key(&modulus(256, 0x80, 1), &[3]);
        let size = Ok(KeyKind::Rsa { modulus_bits: 2048 });
        let of = |algorithm: &[u8], bits: &[u8]| PublicKey { algorithm, bits }.kind();
        let unrestricted = alg_id::RSA_PSS_SHA256[..11].to_vec();
        assert_eq!(of(&unrestricted, &key), size);
        assert_eq!(of(&alg_id::RSA_PSS_SHA512, &key), size);
        assert!(of(&unrestricted, &key[1..]).is_err());
        let defaults = [&unrestricted[..], &[tag::SEQUENCE, 0]].concat();
        assert_eq!(of(&defaults, &key), Ok(KeyKind::Unsupported));
        let null = [&unrestricted[..], &[5, 0]].concat();
        assert!(of(&null, &key).is_err());
    }
}
