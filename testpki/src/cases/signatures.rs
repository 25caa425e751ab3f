//! Signatures: every algorithm that is allowed, those that are not, and those that do not hold.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::key::{self, algorithm, pss_algorithm};
use crate::{Cert, Crl, Key, RsaKey, SignatureAlgorithm, der, oid};

const BAD_SIGNATURE: &str = "bad-signature";
const UNSUPPORTED: &str = "unsupported-signature-algorithm";

pub(super) fn cases() -> Vec<Case> {
    [
        allowed(),
        mixed(),
        chosen(),
        compressed(),
        not_allowed(),
        not_holding(),
    ]
    .concat()
}

/// Whole chains of one kind of key and one algorithm.
fn allowed() -> Vec<Case> {
    use SignatureAlgorithm as A;
    let ecdsa = [
        (
            "ecdsa-p256-sha256",
            Key::p256 as fn(&str) -> Key,
            A::EcdsaSha256,
        ),
        ("ecdsa-p256-sha384", Key::p256, A::EcdsaSha384),
        ("ecdsa-p384-sha256", Key::p384, A::EcdsaSha256),
        ("ecdsa-p384-sha384", Key::p384, A::EcdsaSha384),
        ("ed25519", Key::ed25519, A::Ed25519),
    ]
    .map(|(name, key, algorithm)| {
        let keys = ["root", "issuing", "alice"].map(key);
        same_algorithm(name, &keys, algorithm)
    });
    let rsa_algorithms = [
        ("pkcs1-sha256", A::RsaPkcs1Sha256),
        ("pkcs1-sha384", A::RsaPkcs1Sha384),
        ("pkcs1-sha512", A::RsaPkcs1Sha512),
        ("pss-sha256", A::RsaPssSha256),
        ("pss-sha384", A::RsaPssSha384),
        ("pss-sha512", A::RsaPssSha512),
    ];
    let rsa_keys = [
        (
            "rsa2048",
            [RsaKey::Rsa2048A, RsaKey::Rsa2048B, RsaKey::Rsa2048A],
        ),
        (
            "rsa3072",
            [RsaKey::Rsa3072A, RsaKey::Rsa2048B, RsaKey::Rsa2048A],
        ),
        (
            "rsa4096",
            [RsaKey::Rsa4096A, RsaKey::Rsa2048B, RsaKey::Rsa2048A],
        ),
    ];
    let rsa = rsa_keys.into_iter().flat_map(|(size, keys)| {
        rsa_algorithms.map(|(name, algorithm)| {
            same_algorithm(&format!("{size}-{name}"), &keys.map(Key::rsa), algorithm)
        })
    });
    ecdsa.into_iter().chain(rsa).collect()
}

fn same_algorithm(name: &str, keys: &[Key; 3], algorithm: SignatureAlgorithm) -> Case {
    let [root_key, issuing_key, client_key] = keys;
    let root = Cert::ca("Root", root_key).signed_with(algorithm);
    let issuing = Cert::ca("Issuing CA", issuing_key)
        .issued_by(&root)
        .signed_with(algorithm);
    let client = Cert::client("alice", client_key)
        .issued_by(&issuing)
        .signed_with(algorithm);
    Case::new(
        &format!("signature-{name}"),
        "RFC 5280 §6.1.3 (a)(1)",
        &format!("{algorithm:?} signed every certificate of the chain: accepted."),
    )
    .anchors(&[root])
    .chain(&[client, issuing])
}

fn mixed() -> Vec<Case> {
    let root =
        Cert::ca("Root", &Key::rsa(RsaKey::Rsa4096A)).signed_with(SignatureAlgorithm::RsaPssSha384);
    let issuing = Cert::ca("Issuing CA", &Key::p384("issuing"))
        .issued_by(&root)
        .signed_with(SignatureAlgorithm::RsaPssSha384);
    let client = Cert::client("alice", &Key::ed25519("alice")).issued_by(&issuing);
    let rsa_issuing = Cert::ca("Issuing CA", &Key::rsa(RsaKey::Rsa2048A)).issued_by(&self::root());
    let no_parameters = alice_of(&rsa_issuing).algorithms(algorithm(oid::SHA256_WITH_RSA, &[]));
    vec![
        Case::new(
            "signature-mixed",
            "RFC 5280 §6.1.4 (d)-(f)",
            "An RSA-4096 root that signs with PSS, a P-384 CA and an Ed25519 client make one good chain.",
        )
        .anchors(&[root])
        .chain(&[client, issuing]),
        Case::new(
            "signature-rsa-parameters-absent",
            "RFC 4055 §5",
            "sha256WithRSAEncryption without its NULL parameters must be accepted as well.",
        )
        .chain(&[no_parameters, rsa_issuing]),
    ]
}

/// Algorithms that only a policy has that names them: the default is the same for every provider.
fn chosen() -> Vec<Case> {
    use SignatureAlgorithm as A;
    [
        ("p521-sha256", Key::p521(), A::EcdsaSha256),
        ("p521-sha384", Key::p521(), A::EcdsaSha384),
        ("p521-sha512", Key::p521(), A::EcdsaSha512),
        ("p256-sha512", Key::p256("root"), A::EcdsaSha512),
        ("p384-sha512", Key::p384("root"), A::EcdsaSha512),
    ]
    .into_iter()
    .flat_map(|(name, key, algorithm)| {
        let root = Cert::ca("Root", &key).signed_with(algorithm);
        let issuing = Cert::ca("Issuing CA", &Key::p256("issuing"))
            .issued_by(&root)
            .signed_with(algorithm);
        let crl = Crl::of(&root).signed_with(algorithm);
        let case = |suffix: &str, description: &str| {
            Case::new(
                &format!("signature-chosen-{name}{suffix}"),
                "RFC 5280 §6.1.3 (a)(1)",
                &format!("The root signs with {algorithm:?} and {key:?}: {description}"),
            )
            .anchors(std::slice::from_ref(&root))
            .chain(&[alice_of(&issuing), issuing.clone()])
        };
        [
            case("", "refused by default, whatever the provider.")
                .refuse(UNSUPPORTED, "presented 1"),
            case("-by-choice", "accepted by a policy with these algorithms.")
                .policy("signatures", "aws-lc-rs"),
            case(
                "-crl",
                "its CRL counts under a policy with these algorithms, although the store could not \
                 verify it while loading.",
            )
            .crls(&[crl.clone(), Crl::of(&issuing)])
            .policy("signatures", "aws-lc-rs")
            .policy("revocation.scope", "whole-path")
            .revocation(&["good", "good", "not-checked"]),
            case("-crl-revokes", "its CRL revokes the CA below it.")
                .crls(&[crl.revoke(&issuing), Crl::of(&issuing)])
                .policy("signatures", "aws-lc-rs")
                .policy("revocation.scope", "whole-path")
                .refuse("revoked", "presented 1"),
        ]
    })
    .collect()
}

/// CAs whose keys are compressed points, which not every provider reads.
fn compressed() -> Vec<Case> {
    [
        ("p256", Key::p256("root"), oid::P256),
        ("p384", Key::p384("root"), oid::P384),
    ]
    .into_iter()
    .flat_map(|(name, key, curve)| {
        let point = key::public_key(key.spki());
        let (x, y) = point[1..].split_at(point.len() / 2);
        let sign = 2 | y.last().expect("a coordinate") & 1;
        let compressed = key::ec_spki(curve, &[&[sign], x].concat());
        let root = Cert::ca("Root", &key).spki(compressed);
        let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
        let case = |suffix: &str, description: &str| {
            Case::new(
                &format!("signature-chosen-{name}-compressed{suffix}"),
                "RFC 5480 §2.2",
                &format!("The root's key is a compressed point of {key:?}: {description}"),
            )
            .anchors(std::slice::from_ref(&root))
            .chain(&[alice_of(&issuing), issuing.clone()])
        };
        [
            case("", "refused by default, whatever the provider.")
                .refuse(BAD_SIGNATURE, "presented 1"),
            case(
                "-by-choice",
                "accepted by a policy with algorithms that read it.",
            )
            .policy("signatures", "aws-lc-rs"),
        ]
    })
    .collect()
}

/// Algorithms that are refused, although the signature itself holds where one can be made.
fn not_allowed() -> Vec<Case> {
    use SignatureAlgorithm as A;
    let rsa_root = Cert::ca("Root", &Key::rsa(RsaKey::Rsa2048A));
    let rsa_issuing = Cert::ca("Issuing CA", &Key::rsa(RsaKey::Rsa2048B)).issued_by(&rsa_root);
    let rsa_client = alice_of(&rsa_issuing);
    let case = |name: &str, kind: &str, client: Cert, issuing: Cert, root: Cert| {
        Case::new(
            &format!("signature-{name}"),
            "RFC 5280 §6.1.3 (a)(1)",
            &format!("A certificate signed with {kind} is refused."),
        )
        .anchors(&[root])
        .chain(&[client, issuing])
    };
    let client_algorithms = [
        (
            "md5",
            "MD5 and RSA",
            algorithm(oid::MD5_WITH_RSA, &der::null()),
        ),
        (
            "pss-defaults",
            "RSA-PSS and its default parameters, which are SHA-1,",
            algorithm(oid::RSASSA_PSS, &der::sequence::<Vec<u8>>(&[])),
        ),
        (
            "pss-mask-sha1",
            "RSA-PSS, SHA-256, and a mask of SHA-1",
            pss_algorithm(oid::SHA256, oid::SHA1, 32),
        ),
        (
            "unknown",
            "an unknown algorithm",
            algorithm(oid::UNKNOWN_EXTENSION, &[]),
        ),
    ]
    .map(|(name, kind, identifier)| {
        let client = rsa_client.clone().algorithms(identifier);
        case(name, kind, client, rsa_issuing.clone(), rsa_root.clone())
            .refuse(UNSUPPORTED, "client")
    });
    let sha1_client = rsa_client.clone().signed_with(A::RsaPkcs1Sha1);
    let sha1_issuing = rsa_issuing.clone().signed_with(A::RsaPkcs1Sha1);
    let sha1_root = rsa_root.clone().signed_with(A::RsaPkcs1Sha1);
    let mut cases =
        vec![
        case("client-rsa-sha1", "SHA-1 and RSA", sha1_client, rsa_issuing.clone(), rsa_root.clone())
            .refuse(UNSUPPORTED, "client"),
        case("issuer-rsa-sha1", "SHA-1 and RSA", rsa_client.clone(), sha1_issuing, rsa_root.clone())
            .refuse(UNSUPPORTED, "presented 1"),
        case(
            "client-ecdsa-sha1",
            "SHA-1 and ECDSA",
            alice().signed_with(A::EcdsaSha1),
            issuing(),
            root(),
        )
        .refuse(UNSUPPORTED, "client"),
        Case::new(
            "signature-anchor-rsa-sha1",
            "RFC 5280 §6.1.1 (d)",
            "An anchor signed with SHA-1 is accepted: its own signature is no part of the path.",
        )
        .anchors(&[sha1_root])
        .chain(&[rsa_client, rsa_issuing]),
    ];
    cases.extend(client_algorithms);
    cases
}

/// Allowed algorithms whose signature does not hold.
fn not_holding() -> Vec<Case> {
    let with_issuing = |issuing: Cert| [alice_of(&issuing), issuing];
    let wrong_key = Key::p256("another");
    let client_cases = [
        (
            "flipped",
            "in whose signature one bit is turned over",
            alice().flip_signature_bit(),
        ),
        (
            "wrong-key",
            "that another key signed",
            alice().signed_by(&wrong_key),
        ),
        (
            "tbs-changed",
            "whose contents were changed after it was signed",
            alice().rewrite_signed_tbs(|tbs| {
                // The subject's name: alice becomes mlice.
                let at = tbs
                    .windows(5)
                    .position(|window| window == b"alice")
                    .expect("is there");
                let mut tbs = tbs;
                tbs[at] = b'm';
                tbs
            }),
        ),
        (
            "empty",
            "whose signature is empty",
            alice().raw_signature(Vec::new()),
        ),
        (
            "trailing",
            "whose ECDSA signature has one octet too many",
            alice().raw_signature(vec![0x30, 0x06, 2, 1, 1, 2, 1, 1, 0]),
        ),
        (
            "zero",
            "whose ECDSA signature is the pair (0, 0)",
            alice().raw_signature(vec![0x30, 0x06, 2, 1, 0, 2, 1, 0]),
        ),
        (
            "other-key-type",
            "that claims an RSA signature of its P-256 issuer",
            alice().algorithms(SignatureAlgorithm::RsaPkcs1Sha256.identifier()),
        ),
    ]
    .map(|(name, what, client)| {
        Case::new(
            &format!("signature-client-{name}"),
            "RFC 5280 §6.1.3 (a)(1)",
            &format!("A client {what} is refused."),
        )
        .chain(&[client, issuing()])
        .refuse(BAD_SIGNATURE, "client")
    });
    let issuer_cases = [
        (
            "flipped",
            "in whose signature one bit is turned over",
            issuing().flip_signature_bit(),
        ),
        (
            "wrong-key",
            "that another key signed",
            issuing().signed_by(&wrong_key),
        ),
    ]
    .map(|(name, what, issuing)| {
        Case::new(
            &format!("signature-issuer-{name}"),
            "RFC 5280 §6.1.3 (a)(1)",
            &format!("An intermediate {what} is refused."),
        )
        .chain(&with_issuing(issuing))
        .refuse(BAD_SIGNATURE, "presented 1")
    });
    let rsa_issuing = Cert::ca("Issuing CA", &Key::rsa(RsaKey::Rsa2048A)).issued_by(&root());
    let others = [
        Case::new(
            "signature-client-rsa-flipped",
            "RFC 5280 §6.1.3 (a)(1)",
            "A client in whose RSA signature one bit is turned over is refused.",
        )
        .chain(&[alice_of(&rsa_issuing).flip_signature_bit(), rsa_issuing.clone()])
        .refuse(BAD_SIGNATURE, "client"),
        Case::new(
            "signature-client-pss-flipped",
            "RFC 5280 §6.1.3 (a)(1)",
            "A client in whose RSA-PSS signature one bit is turned over is refused.",
        )
        .chain(&[
            alice_of(&rsa_issuing)
                .signed_with(SignatureAlgorithm::RsaPssSha256)
                .flip_signature_bit(),
            rsa_issuing,
        ])
        .refuse(BAD_SIGNATURE, "client"),
        Case::new(
            "signature-anchor-flipped",
            "RFC 5280 §6.1.1 (d)",
            "An anchor whose own signature does not hold is accepted: it is no part of the path.",
        )
        .anchors(&[root().flip_signature_bit()]),
        Case::new(
            "signature-algorithms-differ-client",
            "RFC 5280 §4.1.1.2",
            "A client whose two AlgorithmIdentifiers differ is refused.",
        )
        .chain(&[
            alice().inner_algorithm(SignatureAlgorithm::EcdsaSha384.identifier()),
            issuing(),
        ])
        .refuse("malformed", "client")
        .message("signature algorithms inside and outside of the signed part differ"),
        Case::new(
            "signature-algorithms-differ-issuer",
            "RFC 5280 §4.1.1.2",
            "An intermediate whose two AlgorithmIdentifiers differ is passed over as malformed: no path.",
        )
        .chain(&with_issuing(
            issuing().inner_algorithm(SignatureAlgorithm::EcdsaSha384.identifier()),
        ))
        .refuse("unknown-issuer", "client")
        .message("presented certificate 1 was passed over as malformed: signatureAlgorithm: signature algorithms inside and outside of the signed part differ"),
        Case::new(
            "signature-algorithms-differ-in-parameters",
            "RFC 5280 §4.1.1.2",
            "Two AlgorithmIdentifiers of one algorithm, one with NULL parameters and one without, differ.",
        )
        .chain(&{
            let issuing = Cert::ca("Issuing CA", &Key::rsa(RsaKey::Rsa2048A)).issued_by(&root());
            let outer = algorithm(oid::SHA256_WITH_RSA, &[]);
            [alice_of(&issuing).outer_algorithm(outer), issuing]
        })
        .refuse("malformed", "client")
        .message("signature algorithms inside and outside of the signed part differ"),
    ];
    client_cases
        .into_iter()
        .chain(issuer_cases)
        .chain(others)
        .collect()
}
