//! Kinds and sizes of keys: the CAs' and the client's own.

use crate::cases::Case;
use crate::cases::fixture::{alice_of, issuing, root};
use crate::key::{algorithm, ec_spki, p521_spki, rsa_spki_of_size, spki};
use crate::{Cert, Key, RsaKey, der, oid};

const KEY_SIZE: &str = "key-size";
const UNSUPPORTED_KEY: &str = "unsupported-key";

pub(super) fn cases() -> Vec<Case> {
    [client_keys(), ca_keys(), ed25519_points()].concat()
}

/// The client's own key, below a good CA. It signs nothing here, so a public key is enough.
fn client_keys() -> Vec<Case> {
    let accepted = [
        ("p256", "P-256", Key::p256("alice").spki().to_vec()),
        ("p384", "P-384", Key::p384("alice").spki().to_vec()),
        ("p521", "P-521", p521_spki()),
        ("ed25519", "Ed25519", Key::ed25519("alice").spki().to_vec()),
        ("rsa-2048", "RSA of 2048 bits", rsa_spki_of_size(2048)),
        ("rsa-8192", "RSA of 8192 bits", rsa_spki_of_size(8192)),
    ];
    let refused = [
        (
            KEY_SIZE,
            "rsa-1024",
            "RSA of 1024 bits",
            rsa_spki_of_size(1024),
        ),
        (
            KEY_SIZE,
            "rsa-2047",
            "RSA of 2047 bits, one short of the least,",
            rsa_spki_of_size(2047),
        ),
        (
            KEY_SIZE,
            "rsa-8193",
            "RSA of 8193 bits, one above the most,",
            rsa_spki_of_size(8193),
        ),
        (
            UNSUPPORTED_KEY,
            "secp256k1",
            "secp256k1",
            ec_spki(oid::SECP256K1, &point(32)),
        ),
        (
            UNSUPPORTED_KEY,
            "p192",
            "P-192",
            ec_spki(oid::P192, &point(24)),
        ),
        (
            UNSUPPORTED_KEY,
            "p224",
            "P-224",
            ec_spki(oid::P224, &point(28)),
        ),
        (
            UNSUPPORTED_KEY,
            "ec-explicit",
            "a curve given by its parameters (RFC 5480 §2.1.1 forbids it)",
            explicit_curve(),
        ),
        (UNSUPPORTED_KEY, "dsa", "DSA", dsa()),
        (
            UNSUPPORTED_KEY,
            "ed448",
            "Ed448",
            spki(&algorithm(oid::ED448, &[]), &[7; 57]),
        ),
        (
            UNSUPPORTED_KEY,
            "x25519",
            "X25519, which cannot sign,",
            spki(&algorithm(oid::X25519, &[]), &[7; 32]),
        ),
        (
            UNSUPPORTED_KEY,
            "unknown",
            "an unknown algorithm",
            spki(&algorithm(oid::UNKNOWN_EXTENSION, &[]), &[7; 32]),
        ),
    ];
    let case = |verdict: &str, name: &str, kind: &str, spki: Vec<u8>| {
        let client = Cert::client_with_spki("alice", spki).issued_by(&issuing());
        Case::new(
            &format!("key-client-{name}"),
            "RFC 5280 §4.1.2.7",
            &format!("A client whose own key is {kind} is {verdict}."),
        )
        .chain(&[client, issuing()])
    };
    let accepted = accepted.map(|(name, kind, spki)| case("accepted", name, kind, spki));
    let refused = refused.map(|(reason, name, kind, spki)| {
        case("refused", name, kind, spki).refuse(reason, "client")
    });
    accepted.into_iter().chain(refused).collect()
}

fn ca_keys() -> Vec<Case> {
    let weak = Key::rsa(RsaKey::Rsa1024A);
    let weak_root = Cert::ca("Root", &weak);
    let below_weak_root = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&weak_root);
    let weak_issuing = Cert::ca("Issuing CA", &weak).issued_by(&root());
    vec![
        Case::new(
            "key-anchor-rsa-1024",
            "RFC 5280 §6.1.1 (d)",
            "An anchor with an RSA key of 1024 bits loads, but no chain that it signs is trusted.",
        )
        .anchors(&[weak_root])
        .chain(&[alice_of(&below_weak_root), below_weak_root])
        .refuse(KEY_SIZE, "anchor"),
        Case::new(
            "key-issuer-rsa-1024",
            "RFC 5280 §4.1.2.7",
            "An intermediate with an RSA key of 1024 bits is refused.",
        )
        .chain(&[alice_of(&weak_issuing), weak_issuing])
        .refuse(KEY_SIZE, "presented 1"),
    ]
}

/// Keys of Ed25519 that RFC 8032 does not decode. Providers disagree on these. Each is the neutral
/// element, for which anybody can make a signature, written in another way than the right one.
fn ed25519_points() -> Vec<Case> {
    let signature = [&[1], &[0; 63][..]].concat();
    let octets = |low: u8, middle: u8, high: u8| [&[low], &[middle; 30][..], &[high]].concat();
    [
        ("sign-of-zero", octets(1, 0, 0x80)),
        ("above-the-prime", octets(0xee, 0xff, 0x7f)),
        ("above-the-prime-and-sign", octets(0xee, 0xff, 0xff)),
    ]
    .into_iter()
    .map(|(name, point)| {
        let key = spki(&algorithm(oid::ED25519, &[]), &point);
        let root = Cert::ca("Root", &Key::ed25519("root")).spki(key);
        let issuing = Cert::ca("Issuing CA", &Key::p256("issuing"))
            .issued_by(&root)
            .raw_signature(signature.clone());
        Case::new(
            &format!("key-anchor-ed25519-{name}"),
            "RFC 8032 §5.1.3",
            "A key that is no encoding of a point is refused, whether the provider decodes it or not.",
        )
        .anchors(std::slice::from_ref(&root))
        .chain(&[alice_of(&issuing), issuing])
        .refuse("malformed", "anchor")
        .message("subjectPublicKeyInfo")
    })
    .collect()
}

/// An uncompressed point, as far as its length goes.
fn point(coordinate_octets: usize) -> Vec<u8> {
    let mut point = vec![7; 1 + 2 * coordinate_octets];
    point[0] = 4;
    point
}

/// A key on specifiedCurve: ECParameters in the place of the curve's name, abridged.
fn explicit_curve() -> Vec<u8> {
    let parameters = der::sequence(&[der::unsigned(1), der::octet_string(&[7; 32])]);
    spki(&algorithm(oid::EC_PUBLIC_KEY, &parameters), &point(32))
}

fn dsa() -> Vec<u8> {
    let parameters = der::sequence(&[
        der::unsigned_bytes(&[0xb7; 256]),
        der::unsigned_bytes(&[0xb7; 32]),
        der::unsigned_bytes(&[0x37; 256]),
    ]);
    let key = der::unsigned_bytes(&[0x57; 256]);
    spki(&algorithm(oid::DSA, &parameters), &key)
}
