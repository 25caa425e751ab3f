//! RSASSA-PSS: the AlgorithmIdentifiers of its signatures and of its keys (RFC 4055).

use pki_types::{AlgorithmIdentifier, alg_id};

use super::der::{Element, Problem, Reader, tag};

/// id-RSASSA-PSS (RFC 4055 §3.1), of keys and signatures alike.
const ID_RSASSA_PSS: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];

/// id-mgf1 (RFC 4055 §2.2).
const ID_MGF1: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];

/// id-sha1 (RFC 4055 §2.1), which is the default.
const ID_SHA1: [u8; 5] = [0x2b, 0x0e, 0x03, 0x02, 0x1a];

/// id-sha256, id-sha384 and id-sha512 (RFC 4055 §2.1), but for their last octet.
const SHA2_ARC: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/// The default saltLength (RFC 4055 §3.1).
const DEFAULT_SALT: u32 = 20;

/// A form of RSASSA-PSS that is verified here: this hash, MGF1 with the same, and a salt of its
/// length. TLS has the same three (RFC 8446 §4.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PssHash {
    Sha256,
    Sha384,
    Sha512,
}

impl PssHash {
    /// That of a signature with this algorithm, the content of an AlgorithmIdentifier; `None` for
    /// all other algorithms and parameters.
    ///
    /// A hash without parameters is the same as one with NULL (RFC 4055 §2.1).
    pub(crate) fn of_signature(algorithm: &[u8]) -> Option<Self> {
        let parameters = parameters_of(algorithm)?;
        let mut reader = parameters;
        // §3.1: a signature always has them.
        if reader.is_empty() {
            return None;
        }
        let parameters = Parameters::read(&mut reader).ok()?;
        let hash = parameters.both_hashes()?;
        (parameters.salt == hash.len()).then_some(hash)
    }

    /// The AlgorithmIdentifier of its signatures, with NULL wherever parameters may be absent.
    pub(crate) fn identifier(self) -> AlgorithmIdentifier {
        match self {
            Self::Sha256 => alg_id::RSA_PSS_SHA256,
            Self::Sha384 => alg_id::RSA_PSS_SHA384,
            Self::Sha512 => alg_id::RSA_PSS_SHA512,
        }
    }

    /// The octets of a digest.
    fn len(self) -> u32 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// What a key of type id-RSASSA-PSS may be used with. With PKCS #1 v1.5 it never is (RFC 4055
/// §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PssKey {
    /// Without parameters: with every form of RSASSA-PSS.
    Unrestricted,
    /// With this hash alone. Salts of its length are long enough.
    Restricted(PssHash),
    /// With no form that is verified here.
    Unsupported,
}

impl PssKey {
    /// What the algorithm of a subjectPublicKeyInfo, the content of its AlgorithmIdentifier, says;
    /// `None` for keys of other types.
    pub(crate) fn of(algorithm: &[u8]) -> Option<Result<Self, Problem>> {
        let mut reader = parameters_of(algorithm)?;
        if reader.is_empty() {
            return Some(Ok(Self::Unrestricted));
        }
        Some(
            Parameters::read(&mut reader).map(|parameters| match parameters.both_hashes() {
                // §3.3: salts may be longer than the key says, and not shorter.
                Some(hash) if parameters.salt <= hash.len() => Self::Restricted(hash),
                _ => Self::Unsupported,
            }),
        )
    }

    /// Whether the key may have made signatures of this form.
    pub(crate) fn permits(self, signature: PssHash) -> bool {
        match self {
            Self::Unrestricted => true,
            Self::Restricted(hash) => hash == signature,
            Self::Unsupported => false,
        }
    }
}

/// What follows the OBJECT IDENTIFIER, if that is id-RSASSA-PSS.
fn parameters_of(algorithm: &[u8]) -> Option<Reader<'_>> {
    let mut reader = Reader::new(algorithm);
    let oid = reader.oid().ok()?;
    (oid.value == ID_RSASSA_PSS).then_some(reader)
}

/// RSASSA-PSS-params (RFC 4055 §3.1).
struct Parameters {
    hash: Hash,
    mask_hash: Hash,
    salt: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha1,
    Of(PssHash),
    /// Another one, or a mask that is not MGF1.
    Other,
}

impl Parameters {
    /// Reads the last element of `reader`. Default values may be written out: DER leaves them out
    /// (X.690 §11.5), but RFC 4055 §3.1 has verifiers recognize both, and they can be read in one
    /// way only.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let mut fields = reader.expect(tag::SEQUENCE)?.reader();
        reader.clone().finish()?;
        let hash = match explicit(&mut fields, 0)? {
            None => Hash::Sha1,
            Some(mut field) => alone(read_hash(&mut field)?, field)?,
        };
        let mask_hash = match explicit(&mut fields, 1)? {
            None => Hash::Sha1,
            Some(mut field) => alone(read_mask(&mut field)?, field)?,
        };
        let salt = match explicit(&mut fields, 2)? {
            None => DEFAULT_SALT,
            Some(mut field) => {
                let salt = small_number(field.integer()?)?;
                alone(salt, field)?
            }
        };
        if let Some(mut field) = explicit(&mut fields, 3)? {
            // §3.1: 1, which is the default, and nothing else.
            if field.integer()?.value != [1] {
                return Err(Problem::OutOfRange);
            }
            field.finish()?;
        }
        fields.finish()?;
        Ok(Self {
            hash,
            mask_hash,
            salt,
        })
    }

    /// The hash, if it is the mask's as well and one that is verified here.
    fn both_hashes(&self) -> Option<PssHash> {
        match (self.hash, self.mask_hash) {
            (Hash::Of(hash), Hash::Of(mask_hash)) if hash == mask_hash => Some(hash),
            _ => None,
        }
    }
}

/// The content of `[number] EXPLICIT`, if that is next.
fn explicit<'a>(fields: &mut Reader<'a>, number: u8) -> Result<Option<Reader<'a>>, Problem> {
    let field = fields.optional(tag::context_constructed(number))?;
    Ok(field.map(|field| field.reader()))
}

/// What was read of a field, if nothing follows it there.
fn alone<T>(read: T, field: Reader<'_>) -> Result<T, Problem> {
    field.finish().map(|()| read)
}

/// HashAlgorithm: an AlgorithmIdentifier whose parameters are absent or NULL (RFC 4055 §2.1).
fn read_hash(field: &mut Reader<'_>) -> Result<Hash, Problem> {
    let mut identifier = field.expect(tag::SEQUENCE)?.reader();
    let oid = identifier.oid()?.value;
    let hash = match oid.strip_prefix(&SHA2_ARC) {
        Some([1]) => Hash::Of(PssHash::Sha256),
        Some([2]) => Hash::Of(PssHash::Sha384),
        Some([3]) => Hash::Of(PssHash::Sha512),
        _ if oid == ID_SHA1 => Hash::Sha1,
        // What parameters it may have is not known here.
        _ => return Ok(Hash::Other),
    };
    if let Some(null) = identifier.optional(tag::NULL)?
        && !null.value.is_empty()
    {
        return Err(Problem::OutOfRange);
    }
    identifier.finish()?;
    Ok(hash)
}

/// MaskGenAlgorithm: MGF1 with a hash (RFC 4055 §2.2).
fn read_mask(field: &mut Reader<'_>) -> Result<Hash, Problem> {
    let mut identifier = field.expect(tag::SEQUENCE)?.reader();
    if identifier.oid()?.value != ID_MGF1 {
        return Ok(Hash::Other);
    }
    let hash = read_hash(&mut identifier)?;
    identifier.finish()?;
    Ok(hash)
}

/// A number of octets; `u32::MAX` for all that have more than four.
fn small_number(integer: Element<'_>) -> Result<u32, Problem> {
    match integer.value {
        [0x80..=0xff, ..] => Err(Problem::OutOfRange),
        octets if octets.len() <= 4 => Ok(octets
            .iter()
            .fold(0, |number, octet| (number << 8) | u32::from(*octet))),
        _ => Ok(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [PssHash; 3] = [PssHash::Sha256, PssHash::Sha384, PssHash::Sha512];

    #[test]
    fn signatures_are_told_apart() {
        for hash in ALL {
            assert_eq!(PssHash::of_signature(&hash.identifier()), Some(hash));
        }
        for other in [
            alg_id::RSA_ENCRYPTION,
            alg_id::RSA_PKCS1_SHA256,
            alg_id::ECDSA_SHA256,
            alg_id::ED25519,
        ] {
            assert_eq!(PssHash::of_signature(&other), None);
        }
        assert_eq!(PssHash::of_signature(&[]), None);
    }

    #[test]
    fn every_octet_of_an_identifier_counts() {
        for hash in ALL {
            let identifier = hash.identifier();
            for at in 0..identifier.len() {
                assert_eq!(PssHash::of_signature(&identifier[..at]), None);
                for bit in 0..8 {
                    let mut other = identifier.to_vec();
                    other[at] ^= 1 << bit;
                    assert_ne!(PssHash::of_signature(&other), Some(hash), "{at} {bit}");
                }
            }
            let longer = [&identifier[..], &[5, 0]].concat();
            assert_eq!(PssHash::of_signature(&longer), None);
        }
    }

    #[test]
    fn keys_permit_what_their_parameters_say() {
        let unrestricted = [&[tag::OID, 9][..], &ID_RSASSA_PSS].concat();
        let key = PssKey::of(&unrestricted).expect("its type");
        assert!(
            ALL.iter()
                .all(|hash| key.is_ok_and(|key| key.permits(*hash)))
        );
        for hash in ALL {
            let key = PssKey::of(&hash.identifier()).expect("its type");
            assert_eq!(key, Ok(PssKey::Restricted(hash)));
            for other in ALL {
                assert_eq!(key.is_ok_and(|key| key.permits(other)), hash == other);
            }
        }
        assert!(PssKey::of(&alg_id::RSA_ENCRYPTION).is_none());
        let null = [&unrestricted[..], &[tag::NULL, 0]].concat();
        assert!(PssKey::of(&null).expect("its type").is_err());
    }

    /// SHA-1 has no parameters, or NULL. What parameters other hashes have is not known.
    #[test]
    fn parameters_of_hashes_that_are_not_verified() {
        const SHAKE256_LEN: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x12];
        let element = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
        let key = |oid: &[u8], parameters: &[u8]| {
            let oid = element(tag::OID, oid);
            let hash = element(tag::SEQUENCE, &[&oid, parameters].concat());
            let hash = element(tag::context_constructed(0), &hash);
            let algorithm = element(tag::OID, &ID_RSASSA_PSS);
            PssKey::of(&[algorithm, element(tag::SEQUENCE, &hash)].concat()).expect("its type")
        };
        const NULL: &[u8] = &[tag::NULL, 0];
        const INTEGER: &[u8] = &[tag::INTEGER, 2, 2, 0];
        for parameters in [&[][..], NULL, INTEGER] {
            assert_eq!(key(SHAKE256_LEN, parameters), Ok(PssKey::Unsupported));
            let of_sha1 = key(&ID_SHA1, parameters);
            assert_eq!(of_sha1.is_ok(), parameters != INTEGER, "{of_sha1:?}");
        }
    }
}
