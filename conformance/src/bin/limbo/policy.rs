//! The policy that a case asks for.

use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::pki_types::{AlgorithmIdentifier, SignatureVerificationAlgorithm, alg_id};
use mtls_verify::{
    ClientCa, ClientKeyUsage, ClientPolicy, InvalidKeyPurpose, KeyPurpose, Limits, Profile,
    RequiredPurpose, SignatureAlgorithms,
};

use crate::case::{Case, ValidationKind};
use crate::revocation;

/// The purposes that the peer's key must be good for: those of the case, or else that of its kind of peer.
pub(crate) fn purposes(case: &Case) -> Result<Vec<KeyPurpose>, InvalidKeyPurpose> {
    if case.extended_key_usage.is_empty() {
        return Ok(vec![match case.validation_kind {
            ValidationKind::Server => KeyPurpose::SERVER_AUTH,
            ValidationKind::Client => KeyPurpose::CLIENT_AUTH,
        }]);
    }
    let names = case.extended_key_usage.iter();
    names.map(|name| purpose(name)).collect()
}

/// A purpose by its name in RFC 5280 §4.2.1.12, or by its OBJECT IDENTIFIER.
fn purpose(name: &str) -> Result<KeyPurpose, InvalidKeyPurpose> {
    match name {
        "anyExtendedKeyUsage" => "2.5.29.37.0",
        "serverAuth" => "1.3.6.1.5.5.7.3.1",
        "clientAuth" => "1.3.6.1.5.5.7.3.2",
        "codeSigning" => "1.3.6.1.5.5.7.3.3",
        "emailProtection" => "1.3.6.1.5.5.7.3.4",
        "timeStamping" => "1.3.6.1.5.5.7.3.8",
        "OCSPSigning" => "1.3.6.1.5.5.7.3.9",
        dotted => dotted,
    }
    .parse()
}

/// The policy of a case, for one purpose.
pub(crate) fn of(case: &Case, purpose: KeyPurpose) -> ClientPolicy {
    let policy = ClientPolicy::default()
        .with_profile(Profile::Rfc5280)
        .with_purpose(RequiredPurpose::IfPresent(purpose))
        // The suite holds with RFC 5280, which lets CAs be end entities.
        .with_client_ca(ClientCa::Accept)
        // It asks no key usage of an end entity but what a case names, which `key_usage` checks.
        .with_key_usage(ClientKeyUsage::Unchecked)
        .with_signatures(signatures(&case.signature_algorithms))
        .with_revocation(revocation::policy(case))
        .with_limits(limits(case.max_chain_depth));
    match case.max_chain_depth {
        // By the suite's definition, that of RFC 5280 §6.1.2 (k).
        Some(intermediates) => policy.with_path_length(intermediates),
        None => policy,
    }
}

/// The suite presents up to a hundred certificates, and single ones of 80 KB; all other limits are the library's own.
fn limits(max_chain_depth: Option<u32>) -> Limits {
    let limits = Limits::default()
        .with_presented(128)
        .with_certificate_bytes(131_072);
    // Room for the longest path asked for, and self-issued certificates in it.
    let intermediates = max_chain_depth.and_then(|depth| usize::try_from(depth).ok());
    let room = intermediates
        .unwrap_or(0)
        .saturating_add(limits.intermediates);
    limits.with_intermediates(room.min(32))
}

fn signatures(names: &[String]) -> SignatureAlgorithms {
    if names.is_empty() {
        return SignatureAlgorithms::default();
    }
    // A policy refers to algorithms that live as long as the program, which is not long.
    SignatureAlgorithms::new(algorithms(names).leak())
}

/// The algorithms of the library that these names stand for, by object identifier, with whatever keys and parameters. A
/// name that it does not know adds none.
fn algorithms(names: &[String]) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    let named: Vec<AlgorithmIdentifier> = names
        .iter()
        .filter_map(|name| match name.as_str() {
            "RSA_WITH_SHA256" => Some(alg_id::RSA_PKCS1_SHA256),
            "RSA_WITH_SHA384" => Some(alg_id::RSA_PKCS1_SHA384),
            "RSA_WITH_SHA512" => Some(alg_id::RSA_PKCS1_SHA512),
            "RSASSA_PSS" => Some(alg_id::RSA_PSS_SHA256),
            "ECDSA_WITH_SHA256" => Some(alg_id::ECDSA_SHA256),
            "ECDSA_WITH_SHA384" => Some(alg_id::ECDSA_SHA384),
            "ECDSA_WITH_SHA512" => Some(alg_id::ECDSA_SHA512),
            "ED25519" => Some(alg_id::ED25519),
            _ => None,
        })
        .collect();
    DEFAULT_ALGORITHMS
        .iter()
        .copied()
        .filter(|algorithm| {
            let id = algorithm.signature_alg_id();
            named.iter().any(|name| oid(name) == oid(&id))
        })
        .collect()
}

/// The OBJECT IDENTIFIER that an AlgorithmIdentifier begins with; its length is a single byte.
fn oid(algorithm: &[u8]) -> &[u8] {
    match algorithm {
        [_, length, ..] => algorithm
            .get(..2 + usize::from(*length))
            .unwrap_or(algorithm),
        _ => algorithm,
    }
}

#[cfg(test)]
mod tests {
    use super::algorithms;

    #[test]
    fn a_name_stands_for_an_algorithm_with_all_its_parameters() {
        let count = |name: &str| algorithms(&[name.to_owned()]).len();
        assert_eq!(count("ED25519"), 1);
        // With keys on P-256 and on P-384.
        assert_eq!(count("ECDSA_WITH_SHA256"), 2);
        // With parameters of NULL and without parameters.
        assert_eq!(count("RSA_WITH_SHA512"), 2);
        // With each of three hashes.
        assert_eq!(count("RSASSA_PSS"), 3);
        assert_eq!(count("RSA_WITH_MD5"), 0);
    }
}
