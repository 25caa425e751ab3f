//! Signature algorithms by name.

use alloc::format;
use alloc::string::String;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
use alloc::vec::Vec;

use pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

use super::super::signatures::{From, NAMES};
use super::{from_json, to_json};
use crate::crypto::DEFAULT_ALGORITHMS;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
use crate::policy::is_same_algorithm;
use crate::policy::{ClientPolicy, SignatureAlgorithms};

fn named(json: &str) -> Result<SignatureAlgorithms, String> {
    from_json(&format!(r#"{{"signatures":{json}}}"#)).map(|policy| policy.signatures)
}

fn written(algorithms: SignatureAlgorithms) -> Result<String, String> {
    let json = to_json(&ClientPolicy::default().with_signatures(algorithms))?;
    let value = json
        .strip_prefix(r#"{"signatures":"#)
        .and_then(|json| json.strip_suffix('}'));
    Ok(value.unwrap_or(r#""default""#).into())
}

/// A name is the algorithm that it spells.
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#[test]
fn names_are_of_what_they_name() {
    for (name, from) in NAMES {
        let json = format!(r#"["{name}"]"#);
        if from == From::AwsLcRs && !cfg!(feature = "aws-lc-rs") {
            continue;
        }
        let algorithms = named(&json).expect(name);
        let [algorithm] = algorithms.as_slice() else {
            panic!("{name}: {algorithms:?}");
        };
        let (signature, key) = (algorithm.signature_alg_id(), algorithm.public_key_alg_id());
        let is_key = |id| assert_eq!(key, id, "{name}");
        match name.split('-').collect::<Vec<_>>()[..] {
            ["ed25519"] => is_key(alg_id::ED25519),
            ["ecdsa", curve, hash] => {
                is_key(match curve {
                    "p256" => alg_id::ECDSA_P256,
                    "p384" => alg_id::ECDSA_P384,
                    "p521" => alg_id::ECDSA_P521,
                    _ => panic!("{name}"),
                });
                let expected = match hash {
                    "sha256" => alg_id::ECDSA_SHA256,
                    "sha384" => alg_id::ECDSA_SHA384,
                    "sha512" => alg_id::ECDSA_SHA512,
                    _ => panic!("{name}"),
                };
                assert_eq!(signature, expected, "{name}");
            }
            ["ml", "dsa", size] => is_key(match size {
                "44" => alg_id::ML_DSA_44,
                "65" => alg_id::ML_DSA_65,
                "87" => alg_id::ML_DSA_87,
                _ => panic!("{name}"),
            }),
            ["rsa", padding, hash, "2048", "8192", ref rest @ ..] => {
                is_key(alg_id::RSA_ENCRYPTION);
                let expected = match (padding, hash) {
                    ("pkcs1", "sha256") => alg_id::RSA_PKCS1_SHA256,
                    ("pkcs1", "sha384") => alg_id::RSA_PKCS1_SHA384,
                    ("pkcs1", "sha512") => alg_id::RSA_PKCS1_SHA512,
                    ("pss", "sha256") => alg_id::RSA_PSS_SHA256,
                    ("pss", "sha384") => alg_id::RSA_PSS_SHA384,
                    ("pss", "sha512") => alg_id::RSA_PSS_SHA512,
                    _ => panic!("{name}"),
                };
                let has_null = match rest {
                    [] => &expected[..],
                    // Without the NULL at the end.
                    ["absent", "params"] => &expected[..expected.len() - 2],
                    _ => panic!("{name}"),
                };
                assert_eq!(&signature[..], has_null, "{name}");
            }
            _ => panic!("{name}"),
        }
        assert_eq!(written(algorithms), Ok(json));
    }
}

#[test]
fn the_default_set_has_a_name() {
    let default = named(r#""default""#).unwrap();
    assert!(default.are(&SignatureAlgorithms::default()));
    assert!(named(r#"["default"]"#).unwrap().are(&default));
    assert_eq!(written(default).as_deref(), Ok(r#""default""#));
    let in_default = NAMES.iter().filter(|(_, from)| *from == From::Default);
    if cfg!(any(feature = "ring", feature = "aws-lc-rs")) {
        assert_eq!(in_default.count(), DEFAULT_ALGORITHMS.len());
    }
}

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#[test]
fn a_set_keeps_its_order() {
    let json = r#"["ed25519","ecdsa-p256-sha256"]"#;
    let two = named(json).unwrap();
    assert!(is_same_algorithm(two.as_slice()[0], DEFAULT_ALGORITHMS[4]));
    assert!(is_same_algorithm(two.as_slice()[1], DEFAULT_ALGORITHMS[0]));
    assert_eq!(written(two).as_deref(), Ok(json));
    let all_but_one = DEFAULT_ALGORITHMS[1..].iter().copied().collect();
    let json = written(all_but_one).unwrap();
    assert!(json.starts_with(r#"["ecdsa-p256-sha384","#), "{json}");
    assert_eq!(
        named(&json).unwrap().as_slice().len(),
        DEFAULT_ALGORITHMS.len() - 1
    );
}

/// Of several equal ones the first counts, and only it can be read.
#[cfg(feature = "ring")]
#[test]
fn an_algorithm_twice_is_written_once() {
    let [first, second, ..] = DEFAULT_ALGORITHMS else {
        panic!("no algorithms");
    };
    let twice = [*first, *second, *first].into_iter().collect();
    let names = [NAMES[0].0, NAMES[1].0];
    assert_eq!(written(twice), Ok(format!("{names:?}").replace(", ", ",")));
}

#[cfg(feature = "aws-lc-rs")]
#[test]
fn names_of_aws_lc_rs() {
    use crate::crypto::AWS_LC_RS_ALGORITHMS;

    assert_eq!(AWS_LC_RS_ALGORITHMS.len(), NAMES.len());
    let all = named(r#""aws-lc-rs""#).unwrap();
    assert!(all.are(&SignatureAlgorithms::aws_lc_rs()));
    assert_eq!(written(all).as_deref(), Ok(r#""aws-lc-rs""#));
    let more = named(r#"["default","ml-dsa-65"]"#).unwrap();
    assert_eq!(more.as_slice().len(), DEFAULT_ALGORITHMS.len() + 1);
    assert_eq!(written(more).as_deref(), Ok(r#"["default","ml-dsa-65"]"#));
    // That of aws-lc-rs itself also takes compressed points: it is not the one of that name.
    let p256 = SignatureAlgorithms::new(&AWS_LC_RS_ALGORITHMS[..1]);
    assert!(written(p256).is_err());
}

#[cfg(not(feature = "aws-lc-rs"))]
#[test]
fn what_needs_a_feature_says_so() {
    assert_eq!(
        named(r#"["ecdsa-p521-sha512"]"#).unwrap_err(),
        "`signatures[0]`: `ecdsa-p521-sha512` needs the feature `aws-lc-rs` of mtls-verify"
    );
    assert_eq!(
        named(r#""aws-lc-rs""#).unwrap_err(),
        "`signatures`: `aws-lc-rs` needs the feature `aws-lc-rs` of mtls-verify"
    );
    #[cfg(not(feature = "ring"))]
    assert_eq!(
        named(r#"["ed25519"]"#).unwrap_err(),
        "`signatures[0]`: `ed25519` needs the feature `ring` or `aws-lc-rs` of mtls-verify"
    );
}

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#[test]
fn what_names_no_algorithm_is_an_error() {
    for (json, message) in [
        (
            r#"["ed2551"]"#,
            "`signatures[0]`: unknown algorithm `ed2551`: did you mean `ed25519`?",
        ),
        (
            r#"["ed25519","ed25519"]"#,
            "`signatures[1]`: `ed25519` twice",
        ),
        (
            r#"["default","ed25519"]"#,
            "`signatures[1]`: `ed25519` twice",
        ),
        (
            r#""ed25519""#,
            "`signatures`: `ed25519` is one algorithm: write [\"ed25519\"]",
        ),
        (
            r#"["aws-lc-rs"]"#,
            "`signatures[0]`: `aws-lc-rs` is a set: write \"aws-lc-rs\" without an array",
        ),
        (
            r#""ring""#,
            "`signatures`: unknown set of algorithms `ring`: expected `default` or `aws-lc-rs`",
        ),
        (
            "[1]",
            "invalid type: integer `1`, expected text for `signatures[0]`",
        ),
    ] {
        assert_eq!(named(json).expect_err(json), message);
    }
}

#[derive(Debug)]
struct Own;

impl SignatureVerificationAlgorithm for Own {
    fn verify_signature(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), InvalidSignature> {
        Err(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }
}

/// One with the identifiers of another is not that one.
#[test]
fn an_object_of_its_own_is_not_written() {
    let error = written(SignatureAlgorithms::new(&[&Own])).unwrap_err();
    assert_eq!(
        error,
        "`signatures`: an algorithm that is an object of its own has no name"
    );
}
