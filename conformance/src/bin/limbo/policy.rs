//! The policy that a case asks for.

use conformance::HarnessError;
use mtls_verify::ClientPolicy;
use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::pki_types::{AlgorithmIdentifier, SignatureVerificationAlgorithm, alg_id};
use mtls_verify::policy::{KeyPurpose, Limits};
use reference::model::{self, CLIENT_AUTH, Oid};

use crate::case::{Algorithm, Case, ValidationKind};
use crate::revocation;

/// id-kp-serverAuth.
const SERVER_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 1];

/// The purposes that the peer's key must be good for: those of the case, or else that of its kind
/// of peer.
pub(crate) fn purposes(case: &Case) -> Result<Vec<Oid>, HarnessError> {
    if case.extended_key_usage.is_empty() {
        let purpose = match case.validation_kind {
            ValidationKind::Server => SERVER_AUTH,
            ValidationKind::Client => CLIENT_AUTH,
        };
        return Ok(vec![purpose.to_vec()]);
    }
    let names = case.extended_key_usage.iter();
    names.map(|name| purpose(name)).collect()
}

/// A purpose by its name in RFC 5280 §4.2.1.12, or by its OBJECT IDENTIFIER.
fn purpose(name: &str) -> Result<Oid, HarnessError> {
    let dotted = match name {
        "anyExtendedKeyUsage" => "2.5.29.37.0",
        "serverAuth" => "1.3.6.1.5.5.7.3.1",
        "clientAuth" => "1.3.6.1.5.5.7.3.2",
        "codeSigning" => "1.3.6.1.5.5.7.3.3",
        "emailProtection" => "1.3.6.1.5.5.7.3.4",
        "timeStamping" => "1.3.6.1.5.5.7.3.8",
        "OCSPSigning" => "1.3.6.1.5.5.7.3.9",
        dotted => dotted,
    };
    let wrong = |why: &dyn std::fmt::Display| {
        HarnessError::new(format!("extended_key_usage {name:?}"), why)
    };
    let known = dotted.parse::<KeyPurpose>().map_err(|error| wrong(&error));
    known.and(comparison::oid(dotted).ok_or_else(|| wrong(&"an arc is too large")))
}

/// The policy of a case, for one purpose, as the reference has it.
pub(crate) fn of(case: &Case, purpose: Oid) -> model::Policy {
    let limits = limits(case.max_chain_depth);
    model::Policy {
        rfc5280_profile: true,
        key_purposes: Some(vec![purpose]),
        // The suite holds with RFC 5280, which lets CAs be end entities.
        accept_client_ca: true,
        // It asks no key usage of an end entity but what a case names, which `key_usage` checks.
        check_key_usage: false,
        algorithms: signatures(&case.signature_algorithms),
        revocation: revocation::scope(case),
        // By the suite's definition, that of RFC 5280 §6.1.2 (k).
        path_length: case.max_chain_depth,
        limits: model::Limits {
            presented: limits.presented,
            certificate_bytes: limits.certificate_bytes,
            intermediates: limits.intermediates,
        },
        ..model::Policy::default()
    }
}

/// The same policy as the library has it, with its limits on work.
pub(crate) fn for_library(case: &Case, policy: &model::Policy) -> ClientPolicy {
    comparison::client_policy(policy).with_limits(limits(case.max_chain_depth))
}

/// The suite presents up to a hundred certificates, and single ones of 80 KB; all other limits are
/// the library's own.
fn limits(max_chain_depth: Option<u32>) -> Limits {
    let limits = Limits::default()
        .with_presented(128)
        .with_certificate_bytes(131_072);
    let Some(depth) = max_chain_depth else {
        return limits;
    };
    // Room for the longest path asked for, and self-issued certificates in it.
    let room = usize::try_from(depth)
        .unwrap_or(usize::MAX)
        .saturating_add(limits.intermediates);
    limits.with_intermediates(room)
}

fn signatures(named: &[Algorithm]) -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    match named {
        [] => DEFAULT_ALGORITHMS,
        // A policy refers to algorithms that live as long as the program, which is not long.
        named => algorithms(named).leak(),
    }
}

/// The algorithms of the library that these names stand for, by object identifier, with whatever
/// keys and parameters.
fn algorithms(named: &[Algorithm]) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    let named: Vec<AlgorithmIdentifier> = named
        .iter()
        .filter_map(|algorithm| identifier(*algorithm))
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

/// `None` if the library does not have it.
fn identifier(algorithm: Algorithm) -> Option<AlgorithmIdentifier> {
    Some(match algorithm {
        Algorithm::RsaSha256 => alg_id::RSA_PKCS1_SHA256,
        Algorithm::RsaSha384 => alg_id::RSA_PKCS1_SHA384,
        Algorithm::RsaSha512 => alg_id::RSA_PKCS1_SHA512,
        Algorithm::RsaPss => alg_id::RSA_PSS_SHA256,
        Algorithm::EcdsaSha256 => alg_id::ECDSA_SHA256,
        Algorithm::EcdsaSha384 => alg_id::ECDSA_SHA384,
        Algorithm::EcdsaSha512 => alg_id::ECDSA_SHA512,
        Algorithm::Ed25519 => alg_id::ED25519,
        Algorithm::NotSupported => return None,
    })
}

/// The OBJECT IDENTIFIER that an AlgorithmIdentifier of the library begins with; its length is a
/// single byte.
fn oid(algorithm: &[u8]) -> &[u8] {
    let length = usize::from(algorithm[1]);
    &algorithm[..2 + length]
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, algorithms, limits};

    #[test]
    fn a_name_stands_for_an_algorithm_with_all_its_parameters() {
        let count = |name: &str| {
            let named = serde_json::from_value::<Algorithm>(name.into()).expect("a known name");
            algorithms(&[named]).len()
        };
        assert_eq!(count("ED25519"), 1);
        // With keys on P-256 and on P-384.
        assert_eq!(count("ECDSA_WITH_SHA256"), 2);
        // With parameters of NULL and without parameters.
        assert_eq!(count("RSA_WITH_SHA512"), 2);
        // With each of three hashes.
        assert_eq!(count("RSASSA_PSS"), 3);
        assert_eq!(count("RSA_WITH_MD5"), 0);
        assert_eq!(count("DSA_WITH_SHA1"), 0);
        assert!(serde_json::from_value::<Algorithm>("RSA_WITH_MD6".into()).is_err());
    }

    #[test]
    fn a_long_path_has_room() {
        assert_eq!(limits(None).intermediates, 8);
        assert_eq!(limits(Some(40)).intermediates, 48);
    }
}
