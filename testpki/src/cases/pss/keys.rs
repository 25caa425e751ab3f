//! Keys of type id-RSASSA-PSS, of CAs and of clients: never for PKCS #1, and their parameters bind
//! (RFC 4055 §1.2, §3.3).

use super::{BAD_SIGNATURE, HASHES, below, case, issuing_with};
use crate::HashParameters::{Absent, Null};
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing};
use crate::key::{algorithm, rsa_spki_of_size, spki};
use crate::{Cert, Key, PssParameters, RsaKey, SignatureAlgorithm, der, oid};

const KEY_SIZE: &str = "key-size";
const UNSUPPORTED_KEY: &str = "unsupported-key";

pub(super) fn cases() -> Vec<Case> {
    [
        ca_keys(),
        restricted_ca_keys(),
        malformed_ca_keys(),
        client_keys(),
    ]
    .concat()
}

/// CAs whose keys are of type id-RSASSA-PSS, without parameters.
fn ca_keys() -> Vec<Case> {
    let rule = "RFC 4055 §1.2";
    let key = Key::rsa_pss(RsaKey::Rsa2048A, &[]);
    let [client, issuing] = below(&key);
    let absent = PssParameters::of(oid::SHA512)
        .hash(oid::SHA512, Absent)
        .mask(oid::SHA512, Absent);
    let every_hash = HASHES.iter().map(|(name, _, _, signature)| {
        case(
            &format!("key-{name}"),
            rule,
            &format!(
                "A CA's key is id-RSASSA-PSS without parameters, and signs with {name}: accepted."
            ),
            &[client.clone().signed_with(*signature), issuing.clone()],
        )
    });
    let pss_root = Cert::ca("Root", &Key::rsa_pss(RsaKey::Rsa4096A, &[]));
    let below_root = Cert::ca("Issuing CA", &key).issued_by(&pss_root);
    let weak = Key::rsa_pss(RsaKey::Rsa1024A, &[]);
    let rsa = issuing_with(&Key::rsa(RsaKey::Rsa2048A));
    every_hash
        .chain([
            case(
                "key-absent-parameters",
                rule,
                "A CA's key is id-RSASSA-PSS, and the parameters of its signature's hashes are absent: accepted.",
                &[
                    client.clone().signed_with(SignatureAlgorithm::RsaPssSha512).algorithms(absent.identifier()),
                    issuing.clone(),
                ],
            ),
            case("key-anchor", rule, "Anchor and intermediate have keys of type id-RSASSA-PSS: accepted.",
                 &[alice_of(&below_root), below_root])
                .anchors(&[pss_root]),
            case("key-pkcs1", rule, "A key of type id-RSASSA-PSS made a PKCS #1 signature, which it must not: refused.",
                 &[client.clone().signed_with(SignatureAlgorithm::RsaPkcs1Sha256), issuing.clone()])
                .refuse(BAD_SIGNATURE, "client"),
            case("key-flipped", "RFC 5280 §6.1.3 (a)(1)", "A signature by a key of type id-RSASSA-PSS does not hold: refused.",
                 &[client.clone().flip_signature_bit(), issuing.clone()])
                .refuse(BAD_SIGNATURE, "client"),
            case("key-claims-ecdsa", "RFC 5280 §6.1.3 (a)(1)", "A signature that claims to be ECDSA, and the key is id-RSASSA-PSS: refused.",
                 &[client.clone().algorithms(SignatureAlgorithm::EcdsaSha256.identifier()), issuing.clone()])
                .refuse(BAD_SIGNATURE, "client"),
            case("signature-of-p256-key", "RFC 5280 §6.1.3 (a)(1)", "A signature that claims to be RSA-PSS without hash parameters, and the key is on P-256: refused.",
                 &[alice().algorithms(absent.identifier()), self::issuing()])
                .refuse(BAD_SIGNATURE, "client"),
            case("key-rsa-pkcs1", rule, "A key of type rsaEncryption signs with PKCS #1 and with PSS alike: accepted.",
                 &[alice_of(&rsa), rsa.clone().signed_by(&Key::p256("root"))]),
            case("key-1024", "RFC 5280 §4.1.2.7", "A CA's key of type id-RSASSA-PSS has 1024 bits: refused.", &below(&weak))
                .refuse(KEY_SIZE, "presented 1"),
        ])
        .collect()
}

/// Parameters of a key bind its signatures.
fn restricted_ca_keys() -> Vec<Case> {
    let rule = "RFC 4055 §3.3";
    let with = |parameters: PssParameters| Key::rsa_pss(RsaKey::Rsa2048A, &parameters.der());
    let signed = |key: &Key, signature| {
        let [client, issuing] = below(key);
        [client.signed_with(signature), issuing]
    };
    let mut cases = Vec::new();
    for (key_name, key_hash, salt, _) in HASHES {
        for (name, _, _, signature) in HASHES {
            let verdict = if key_name == name {
                "accepted"
            } else {
                "refused"
            };
            let case = case(
                &format!("key-of-{key_name}-signs-{name}"),
                rule,
                &format!(
                    "A CA's key is restricted to {key_name}, and signs with {name}: {verdict}."
                ),
                &signed(&with(PssParameters::of(key_hash)), signature),
            );
            cases.push(if key_name == name {
                case
            } else {
                case.refuse(BAD_SIGNATURE, "client")
            });
        }
        let signature = HASHES
            .iter()
            .find(|(name, ..)| *name == key_name)
            .expect("itself")
            .3;
        let absent = PssParameters::of(key_hash)
            .hash(key_hash, Absent)
            .mask(key_hash, Absent);
        cases.push(case(
            &format!("key-of-{key_name}-absent-parameters"),
            "RFC 4055 §2.1",
            &format!(
                "A CA's key is restricted to {key_name} without parameters of the hash: accepted."
            ),
            &signed(&with(absent), signature),
        ));
        cases.push(
            case(
                &format!("key-of-{key_name}-salt-longer"),
                rule,
                &format!("A CA's key asks for a salt one octet longer than {key_name}, and has signed with a shorter one: refused."),
                &signed(&with(PssParameters::of(key_hash).salt(salt + 1)), signature),
            )
            .refuse(UNSUPPORTED_KEY, "presented 1"),
        );
    }
    let sha256 = SignatureAlgorithm::RsaPssSha256;
    let good = || PssParameters::of(oid::SHA256);
    cases.extend([
        case("key-salt-shorter", rule, "A CA's key asks for a salt of 1 octet at least: one of 32 is more, accepted.",
             &signed(&with(good().salt(1)), sha256)),
        case("key-salt-zero", rule, "A CA's key asks for no salt: one of 32 octets is more, accepted.",
             &signed(&with(good().salt(0)), sha256)),
        case("key-salt-default", rule, "A CA's key asks for the default salt of 20 octets: one of 32 is more, accepted.",
             &signed(&with(good().without(2)), sha256)),
        case("key-salt-huge", rule, "A CA's key asks for a salt of 2^32 + 1 octets: refused.",
             &signed(&with(good().raw(2, &der::integer(&[1, 0, 0, 0, 1]))), sha256))
            .refuse(UNSUPPORTED_KEY, "presented 1"),
        case("key-pkcs1-restricted", "RFC 4055 §1.2", "A key restricted to SHA-256 made a PKCS #1 signature with SHA-256: refused.",
             &signed(&with(good()), SignatureAlgorithm::RsaPkcs1Sha256))
            .refuse(BAD_SIGNATURE, "client"),
        case("key-mask-sha384", rule, "A CA's key is restricted to SHA-256 and a mask of SHA-384, which nothing here verifies: refused.",
             &signed(&with(good().mask(oid::SHA384, Null)), sha256))
            .refuse(UNSUPPORTED_KEY, "presented 1"),
        case("key-mask-default", rule, "A CA's key is restricted to SHA-256 and a mask of SHA-1: refused.",
             &signed(&with(good().without(1)), sha256))
            .refuse(UNSUPPORTED_KEY, "presented 1"),
        case("key-salt-default-written", rule, "A CA's key asks for the default salt of 20 octets, written out: one of 32 is more, accepted.",
             &signed(&with(good().salt(20)), sha256)),
        case("key-trailer-written", rule, "A CA's key has the default trailerField written out, which verifiers must recognize: accepted.",
             &signed(&with(good().trailer(1)), sha256)),
        case("key-sha1-written", rule, "A CA's key is restricted to SHA-1, written out: refused.",
             &signed(&with(good().hash(oid::SHA1, Null)), sha256))
            .refuse(UNSUPPORTED_KEY, "presented 1"),
        case("key-defaults", rule, "A CA's key is restricted to the defaults, which are SHA-1: refused.",
             &signed(&with(PssParameters::default()), sha256))
            .refuse(UNSUPPORTED_KEY, "presented 1")
            .message("RSASSA-PSS"),
    ]);
    cases
}

fn malformed_ca_keys() -> Vec<Case> {
    let good = || PssParameters::of(oid::SHA256);
    let rule = "RFC 4055 §3.1";
    [
        ("null", rule, "NULL, which they never are", der::null()),
        (
            "not-a-sequence",
            rule,
            "an OCTET STRING",
            der::octet_string(&good().der()),
        ),
        (
            "trailer-2",
            rule,
            "another trailerField than 1",
            good().trailer(2).der(),
        ),
        (
            "salt-negative",
            rule,
            "a negative salt",
            good().raw(2, &der::integer(&[0xff])).der(),
        ),
        (
            "hash-without-oid",
            rule,
            "a hash without its OBJECT IDENTIFIER",
            good().raw(0, &der::sequence::<Vec<u8>>(&[])).der(),
        ),
        (
            "cut",
            rule,
            "a hash that is cut short",
            good().raw(0, &[0x30, 0x0d, 0x06]).der(),
        ),
    ]
    .map(|(name, rule, what, parameters)| {
        case(
            &format!("key-malformed-{name}"),
            rule,
            &format!("The parameters of a CA's id-RSASSA-PSS key are or have {what}: refused."),
            &below(&Key::rsa_pss(RsaKey::Rsa2048A, &parameters)),
        )
        .refuse("malformed", "presented 1")
        .message("subjectPublicKeyInfo")
    })
    .into()
}

/// The client's own key.
fn client_keys() -> Vec<Case> {
    let rule = "RFC 4055 §1.2";
    let chain = |spki: Vec<u8>| {
        [
            Cert::client_with_spki("alice", spki).issued_by(&issuing()),
            issuing(),
        ]
    };
    let of = |parameters: &[u8]| chain(Key::rsa_pss(RsaKey::Rsa2048B, parameters).spki().to_vec());
    let good = || PssParameters::of(oid::SHA384);
    let sized = |bits| {
        let rsa = rsa_spki_of_size(bits);
        let (_, key) = der::split_first(der::contents(&rsa));
        chain(der::sequence(&[&algorithm(oid::RSASSA_PSS, &[])[..], key]))
    };
    let pinned = Cert::client("alice", &Key::rsa_pss(RsaKey::Rsa2048B, &[]));
    vec![
        case("client-key", rule, "The client's key is id-RSASSA-PSS without parameters: accepted.", &of(&[])),
        case("client-key-restricted", rule, "The client's key is restricted to SHA-384: accepted.", &of(&good().der())),
        case("client-key-pinned", rule, "A pinned client's key is id-RSASSA-PSS: accepted.", std::slice::from_ref(&pinned))
            .pins(std::slice::from_ref(&pinned))
            .path(&["CN=alice"]),
        case("client-key-2048", rule, "The client's key is id-RSASSA-PSS of 2048 bits: accepted.", &sized(2048)),
        case("client-key-2047", "RFC 5280 §4.1.2.7", "The client's key is id-RSASSA-PSS of 2047 bits: refused.", &sized(2047))
            .refuse(KEY_SIZE, "client"),
        case("client-key-8193", "RFC 5280 §4.1.2.7", "The client's key is id-RSASSA-PSS of 8193 bits: refused.", &sized(8193))
            .refuse(KEY_SIZE, "client"),
        case("client-key-salt-longer", "RFC 8446 §4.2.3",
             "The client's key asks for a longer salt than TLS has, so that it could sign no handshake: refused.", &of(&good().salt(49).der()))
            .refuse(UNSUPPORTED_KEY, "client"),
        case("client-key-defaults", "RFC 8446 §4.2.3", "The client's key is restricted to SHA-1: refused.", &of(&PssParameters::default().der()))
            .refuse(UNSUPPORTED_KEY, "client"),
        case("client-key-malformed", "RFC 4055 §3.1", "The parameters of the client's key are NULL: refused.", &of(&der::null()))
            .refuse("malformed", "client")
            .message("subjectPublicKeyInfo"),
        case("client-key-no-rsa-key", rule, "The client's key is called id-RSASSA-PSS, and is a point: refused.",
             &chain(spki(&algorithm(oid::RSASSA_PSS, &[]), &[4; 65])))
            .refuse("malformed", "client")
            .message("subjectPublicKeyInfo"),
    ]
}
