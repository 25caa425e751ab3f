//! RSASSA-PSS (RFC 4055): how its identifiers may be written.

mod keys;

use crate::HashParameters::{Absent, Null};
use crate::cases::Case;
use crate::cases::fixture::{alice_of, root};
use crate::key::algorithm;
use crate::{Cert, Crl, Key, PssParameters, RsaKey, SignatureAlgorithm, der, oid};

const BAD_SIGNATURE: &str = "bad-signature";

/// A hash: its name in cases, its object identifier, its octets, and the algorithm that signs with
/// it.
type Hash = (&'static str, &'static str, u64, SignatureAlgorithm);

const HASHES: [Hash; 3] = [
    ("sha256", oid::SHA256, 32, SignatureAlgorithm::RsaPssSha256),
    ("sha384", oid::SHA384, 48, SignatureAlgorithm::RsaPssSha384),
    ("sha512", oid::SHA512, 64, SignatureAlgorithm::RsaPssSha512),
];

pub(super) fn cases() -> Vec<Case> {
    [
        absent_parameters(),
        other_parameters(),
        keys::cases(),
        crls(),
    ]
    .concat()
}

/// The issuing CA with this key, below the usual root.
fn issuing_with(key: &Key) -> Cert {
    Cert::ca("Issuing CA", key).issued_by(&root())
}

/// The client of a CA with this key, and the CA.
fn below(key: &Key) -> [Cert; 2] {
    let issuing = issuing_with(key);
    [alice_of(&issuing), issuing]
}

fn case(name: &str, rule: &str, description: &str, chain: &[Cert]) -> Case {
    Case::new(&format!("pss-{name}"), rule, description).chain(chain)
}

/// NULL and nothing are the same, for the hash and for that of the mask.
fn absent_parameters() -> Vec<Case> {
    let rsa = Key::rsa(RsaKey::Rsa2048A);
    let forms = [
        ("null-null", Null, Null),
        ("absent-null", Absent, Null),
        ("null-absent", Null, Absent),
        ("absent-absent", Absent, Absent),
    ];
    HASHES
        .iter()
        .flat_map(|(name, hash, _, signature)| {
            let rsa = rsa.clone();
            forms.map(move |(form, of_hash, of_mask)| {
                let parameters = PssParameters::of(hash).hash(hash, of_hash).mask(hash, of_mask);
                let [client, issuing] = below(&rsa);
                let client = client.signed_with(*signature).algorithms(parameters.identifier());
                case(
                    &format!("{name}-{form}"),
                    "RFC 4055 §2.1",
                    &format!("An RSA-PSS signature with {name}, whose parameters are {form} (of the hash, of the mask's): accepted."),
                    &[client, issuing],
                )
            })
        })
        .collect()
}

/// A client whose signature holds, and is called this.
fn signed_as(name: &str, rule: &str, description: &str, identifier: Vec<u8>) -> Case {
    let [client, issuing] = below(&Key::rsa(RsaKey::Rsa2048A));
    let client = client
        .signed_with(SignatureAlgorithm::RsaPssSha256)
        .algorithms(identifier);
    case(name, rule, description, &[client, issuing])
}

fn other_parameters() -> Vec<Case> {
    let good = || PssParameters::of(oid::SHA256);
    let rule = "RFC 4055 §3.1";
    let hash_with = |parameters: &[u8]| algorithm(oid::SHA256, parameters);
    let salt = |octets: &[u8]| der::integer(octets);
    [
        ("trailer-2", rule, "another trailerField than 1", good().trailer(2).identifier()),
        ("salt-20", rule, "a salt of 20 octets, which is the default", good().without(2).identifier()),
        ("salt-20-written", rule, "the default salt of 20 octets written out", good().salt(20).identifier()),
        ("salt-31", rule, "a salt shorter than the hash", good().salt(31).identifier()),
        ("salt-33", rule, "a salt longer than the hash", good().salt(33).identifier()),
        ("salt-negative", rule, "a negative salt", good().raw(2, &salt(&[0xe0])).identifier()),
        ("salt-padded", "X.690 §8.3.2", "a padded salt", good().raw(2, &salt(&[0, 32])).identifier()),
        ("salt-2-to-the-32", rule, "a salt of 2^32 + 32 octets", good().raw(2, &salt(&[1, 0, 0, 0, 32])).identifier()),
        ("salt-twice", rule, "a second salt", good().raw(2, &der::concat(&[salt(&[32]), salt(&[32])])).identifier()),
        ("mask-sha384", rule, "a mask with another hash", good().mask(oid::SHA384, Null).identifier()),
        ("mask-absent", rule, "a mask with SHA-1, which is the default", good().without(1).identifier()),
        ("mask-not-mgf1", rule, "a mask that is not MGF1", good().raw(1, &hash_with(&der::null())).identifier()),
        ("mask-without-hash", "RFC 4055 §2.2", "MGF1 without a hash", good().raw(1, &algorithm(oid::MGF1, &[])).identifier()),
        ("hash-absent", rule, "SHA-1, which is the default", good().without(0).identifier()),
        ("hash-sha1-written", rule, "the default hash written out", good().hash(oid::SHA1, Null).identifier()),
        ("hash-parameters", "RFC 4055 §2.1", "parameters of the hash that are not NULL", good().raw(0, &hash_with(&der::unsigned(0))).identifier()),
        ("hash-null-not-empty", "RFC 4055 §2.1", "NULL parameters with content", good().raw(0, &hash_with(&[5, 1, 0])).identifier()),
        ("hash-null-twice", "RFC 4055 §2.1", "NULL parameters twice", good().raw(0, &hash_with(&[5, 0, 5, 0])).identifier()),
        ("parameters-absent", rule, "no parameters", algorithm(oid::RSASSA_PSS, &[])),
        ("parameters-null", rule, "NULL parameters", algorithm(oid::RSASSA_PSS, &der::null())),
        ("parameters-more", rule, "a fifth field", algorithm(oid::RSASSA_PSS, &der::sequence(&[
            der::contents(&good().der()), &der::context_constructed(4, &der::unsigned(1)),
        ]))),
        ("parameters-in-disorder", rule, "the salt before the hashes", algorithm(oid::RSASSA_PSS, &der::sequence(&[
            der::context_constructed(2, &der::unsigned(32)),
            der::contents(&good().without(2).der()).to_vec(),
        ]))),
    ]
    .into_iter()
    .map(|(name, rule, what, identifier)| {
        signed_as(
            &format!("signature-{name}"),
            rule,
            &format!("An RSA-PSS signature that holds, whose identifier has {what}: refused."),
            identifier,
        )
        .refuse("unsupported-signature-algorithm", "client")
    })
    .chain([signed_as(
        "signature-trailer-written",
        rule,
        "An RSA-PSS signature whose identifier has the default trailerField written out, which verifiers must recognize: accepted.",
        good().trailer(1).identifier(),
    )])
    .chain([signed_as(
        "signature-other-hash",
        "RFC 4055 §3.1",
        "An RSA-PSS signature by SHA-256, whose identifier says SHA-384 without parameters: does not hold, refused.",
        PssParameters::of(oid::SHA384)
            .hash(oid::SHA384, Absent)
            .mask(oid::SHA384, Absent)
            .identifier(),
    )
    .refuse(BAD_SIGNATURE, "client")])
    .collect()
}

/// CRLs by such keys, and with such identifiers.
fn crls() -> Vec<Case> {
    let root = root();
    let key = Key::rsa_pss(RsaKey::Rsa2048A, &PssParameters::of(oid::SHA256).der());
    let [client, issuing] = below(&key);
    let absent = PssParameters::of(oid::SHA256)
        .hash(oid::SHA256, Absent)
        .mask(oid::SHA256, Absent)
        .identifier();
    let case = |name: &str, rule: &str, description: &str, crl: Crl| {
        case(name, rule, description, &[client.clone(), issuing.clone()])
            .crls(&[crl, Crl::of(&root)])
            .policy("revocation.scope", "whole-path")
            .revocation(&["good", "good", "not-checked"])
    };
    let hit = |case: Case| case.refuse("revoked", "client");
    let unclear = |case: Case| {
        case.refuse("revocation-unknown", "client")
            .message("it is signed with an algorithm that is not allowed, or not with such a key")
    };
    let crl = || Crl::of(&issuing);
    let revoking = || crl().revoke(&client);
    vec![
        case(
            "crl",
            "RFC 4055 §1.2",
            "A CRL by a key of type id-RSASSA-PSS counts: accepted.",
            crl(),
        ),
        hit(case(
            "crl-revoking",
            "RFC 4055 §1.2",
            "A CRL by a key of type id-RSASSA-PSS revokes: refused.",
            revoking(),
        )),
        case(
            "crl-absent-parameters",
            "RFC 4055 §2.1",
            "A CRL whose hash parameters are absent counts: accepted.",
            crl()
                .inner_algorithm(absent.clone())
                .outer_algorithm(absent.clone()),
        ),
        hit(case(
            "crl-absent-parameters-revoking",
            "RFC 4055 §2.1",
            "A CRL whose hash parameters are absent revokes: refused.",
            revoking()
                .inner_algorithm(absent.clone())
                .outer_algorithm(absent),
        )),
        unclear(case(
            "crl-other-hash",
            "RFC 4055 §3.3",
            "A CRL by another hash than the key is restricted to does not count: refused.",
            crl().signed_with(SignatureAlgorithm::RsaPssSha384),
        )),
        unclear(case(
            "crl-pkcs1",
            "RFC 4055 §1.2",
            "A PKCS #1 signature by a key of type id-RSASSA-PSS: the CRL does not count, refused.",
            crl().signed_with(SignatureAlgorithm::RsaPkcs1Sha256),
        )),
    ]
}
