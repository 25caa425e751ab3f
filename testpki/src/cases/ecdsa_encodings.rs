//! Two encodings of one certificate: of an ECDSA signature (r, s), (r, n − s) holds as well. What
//! is denied stays denied in both.

use sha2::{Digest, Sha256};

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Key, RsaKey, SignatureAlgorithm, Version};

const RULE: &str = "FIPS 186-5 §6.4: the signature (r, n − s) holds if (r, s) does";
const DENIED: &str = "denied";

pub(super) fn cases() -> Vec<Case> {
    [
        accepted(),
        by_fingerprint(),
        by_what_was_signed(),
        elsewhere(),
    ]
    .concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(&format!("twin-{name}"), RULE, description)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn fingerprint(cert: &Cert) -> String {
    hex(&Sha256::digest(cert.der()))
}

/// Denied by the SHA-256 of its DER.
fn deny(case: Case, cert: &Cert) -> Case {
    case.deny("certificates", &[&fingerprint(cert)])
}

/// Denied by what was signed.
fn deny_signed(case: Case, cert: &Cert) -> Case {
    case.deny("signed", &[&hex(&cert.der())])
}

/// Root and issuing CA with keys on P-384, and a client of theirs.
fn on_p384() -> [Cert; 3] {
    let root = Cert::ca("Root", &Key::p384("root"));
    let issuing = Cert::ca("Issuing CA", &Key::p384("issuing")).issued_by(&root);
    [alice_of(&issuing), issuing, root]
}

/// Nothing is denied: both encodings verify.
fn accepted() -> Vec<Case> {
    let [p384_client, p384_issuing, p384_root] = on_p384();
    let lone = Cert::client("alice", &Key::p256("alice"));
    vec![
        case("client", "The client's certificate has the other signature: accepted.")
            .chain(&[alice().other_encoding(), issuing()]),
        case("issuer", "The intermediate has the other signature: accepted.")
            .chain(&[alice(), issuing().other_encoding()]),
        case("p384", "Client and intermediate have the other signature, on P-384: accepted.")
            .anchors(&[p384_root])
            .chain(&[p384_client.other_encoding(), p384_issuing.other_encoding()]),
        case("issuer-twice", "The intermediate is presented in both encodings: accepted.")
            .chain(&[alice(), issuing(), issuing().other_encoding()]),
        case(
            "issuer-twice-one-broken",
            "The intermediate is presented twice, once with a signature that does not hold: accepted by the other.",
        )
        .chain(&[alice(), issuing().flip_signature_bit(), issuing()]),
        case(
            "self-signed-client-twice",
            "A self-signed client is presented in both encodings. It is one certificate, and no issuer of itself: not trusted.",
        )
        .chain(&[lone.clone(), lone.other_encoding()])
        .refuse("untrusted-root", "client"),
    ]
}

fn by_fingerprint() -> Vec<Case> {
    let [p384_client, p384_issuing, p384_root] = on_p384();
    let p384 = |name: &str, description: &str, chain: &[Cert]| {
        case(name, description)
            .anchors(std::slice::from_ref(&p384_root))
            .chain(chain)
    };
    let lone = Cert::client("alice", &Key::p256("alice"));
    let pinned = |name: &str, description: &str| {
        case(name, description)
            .pins(std::slice::from_ref(&lone))
            .chain(std::slice::from_ref(&lone))
            .refuse(DENIED, "client")
    };
    let (bob, by_other_encoding) = (
        Cert::client("bob", &Key::p256("bob")).issued_by(&issuing()),
        "the same certificate with its other ECDSA signature",
    );
    let rsa_issuing = Cert::ca("Issuing CA", &Key::rsa(RsaKey::Rsa2048A)).issued_by(&root());
    vec![
        deny(
            case(
                "denied-client",
                "The client is denied, and presents the other encoding of its certificate: refused.",
            ),
            &alice(),
        )
        .chain(&[alice().other_encoding(), issuing()])
        .refuse(DENIED, "client")
        .message(by_other_encoding),
        deny(
            case(
                "denied-client-by-twin",
                "The other encoding of the client's certificate is denied: refused.",
            ),
            &alice().other_encoding(),
        )
        .refuse(DENIED, "client")
        .message(by_other_encoding),
        deny(
            case(
                "denied-client-same",
                "The other encoding is denied, and presented: refused.",
            ),
            &alice().other_encoding(),
        )
        .chain(&[alice().other_encoding(), issuing()])
        .refuse(DENIED, "client"),
        deny(
            case(
                "denied-issuer",
                "The intermediate is denied, and its other encoding presented: refused.",
            ),
            &issuing(),
        )
        .chain(&[alice(), issuing().other_encoding()])
        .refuse(DENIED, "presented 1")
        .message(by_other_encoding),
        deny(
            case(
                "denied-issuer-by-twin",
                "The other encoding of the intermediate is denied: refused.",
            ),
            &issuing().other_encoding(),
        )
        .refuse(DENIED, "presented 1"),
        deny(
            case(
                "denied-issuer-stored",
                "The other encoding of an intermediate of the store is denied: refused.",
            ),
            &issuing().other_encoding(),
        )
        .chain(&[alice()])
        .intermediates(&[issuing()])
        .refuse(DENIED, "intermediate"),
        deny(
            case(
                "denied-issuer-both",
                "The intermediate is denied, and presented in both encodings: refused.",
            ),
            &issuing(),
        )
        .chain(&[alice(), issuing().other_encoding(), issuing()])
        .refuse(DENIED, "presented 2"),
        deny(
            case(
                "denied-anchor",
                "The other encoding of the anchor is denied: refused.",
            ),
            &root().other_encoding(),
        )
        .refuse(DENIED, "anchor"),
        deny(
            pinned(
                "denied-pinned",
                "The other encoding of a pinned client is denied: refused.",
            ),
            &lone.clone().other_encoding(),
        ),
        deny(
            p384(
                "denied-client-p384",
                "On P-384, the client is denied, and its other encoding presented: refused.",
                &[p384_client.clone().other_encoding(), p384_issuing.clone()],
            ),
            &p384_client,
        )
        .refuse(DENIED, "client"),
        deny(
            p384(
                "denied-issuer-p384",
                "On P-384, the other encoding of the intermediate is denied: refused.",
                &[p384_client.clone(), p384_issuing.clone()],
            ),
            &p384_issuing.clone().other_encoding(),
        )
        .refuse(DENIED, "presented 1"),
        deny(
            p384(
                "denied-client-p384-sha256",
                "On P-384 with SHA-256, the client is denied, and its other encoding presented: refused.",
                &[
                    p384_client
                        .clone()
                        .signed_with(SignatureAlgorithm::EcdsaSha256)
                        .other_encoding(),
                    p384_issuing.clone(),
                ],
            ),
            &p384_client
                .clone()
                .signed_with(SignatureAlgorithm::EcdsaSha256),
        )
        .refuse(DENIED, "client"),
        deny(
            case("denied-another", "The other encoding of another client is denied."),
            &bob.other_encoding(),
        ),
        deny(
            case(
                "denied-others-twin",
                "An ECDSA certificate is denied, and the client's signature is by RSA.",
            ),
            &alice(),
        )
        .chain(&[alice_of(&rsa_issuing), rsa_issuing]),
    ]
}

fn by_what_was_signed() -> Vec<Case> {
    let rsa_issuing = Cert::ca("Issuing CA", &Key::rsa(RsaKey::Rsa2048A)).issued_by(&root());
    let renewed = alice().not_after("2026-12-01T00:00:00Z");
    let lone = Cert::client("alice", &Key::p256("alice"));
    let signed = "its signed content";
    vec![
        deny_signed(
            case(
                "signed-client",
                "The client's certificate is denied: refused.",
            ),
            &alice(),
        )
        .refuse(DENIED, "client")
        .message(signed),
        deny_signed(
            case(
                "signed-client-twin",
                "The client's certificate is denied, and its other encoding presented: refused.",
            ),
            &alice(),
        )
        .chain(&[alice().other_encoding(), issuing()])
        .refuse(DENIED, "client")
        .message(signed),
        deny_signed(
            case(
                "signed-client-by-twin",
                "The other encoding of the client's certificate is denied: refused.",
            ),
            &alice().other_encoding(),
        )
        .refuse(DENIED, "client"),
        deny_signed(
            case(
                "signed-client-broken",
                "The client is denied by a copy whose signature does not hold: refused.",
            ),
            &alice().flip_signature_bit(),
        )
        .refuse(DENIED, "client"),
        deny_signed(
            case(
                "signed-issuer",
                "The intermediate is denied, and its other encoding presented: refused.",
            ),
            &issuing(),
        )
        .chain(&[alice(), issuing().other_encoding()])
        .refuse(DENIED, "presented 1"),
        deny_signed(
            case(
                "signed-issuer-stored",
                "An intermediate of the store is denied: refused.",
            ),
            &issuing(),
        )
        .chain(&[alice()])
        .intermediates(&[issuing().other_encoding()])
        .refuse(DENIED, "intermediate"),
        deny_signed(
            case("signed-anchor", "The anchor is denied: refused."),
            &root().other_encoding(),
        )
        .refuse(DENIED, "anchor"),
        deny_signed(
            case("signed-pinned", "A pinned client is denied: refused."),
            &lone.clone().other_encoding(),
        )
        .pins(std::slice::from_ref(&lone))
        .chain(std::slice::from_ref(&lone))
        .refuse(DENIED, "client"),
        deny_signed(
            case(
                "signed-rsa",
                "A client whose signature is by RSA is denied: refused.",
            ),
            &alice_of(&rsa_issuing),
        )
        .chain(&[alice_of(&rsa_issuing), rsa_issuing])
        .refuse(DENIED, "client"),
        deny_signed(
            case(
                "signed-renewed",
                "A former certificate of the client is denied: the new one is another.",
            ),
            &renewed,
        ),
        deny_signed(
            case(
                "signed-renewed-denied",
                "The new certificate is denied, and the former one presented.",
            ),
            &alice(),
        )
        .chain(&[renewed, issuing()])
        .valid_until("2026-12-01T00:00:00Z"),
    ]
}

/// Where else "the same certificate" decides something.
fn elsewhere() -> Vec<Case> {
    let lone = Cert::client("alice", &Key::p256("alice"));
    let v1_root = root().without_extensions().version(Version::V1);
    vec![
        case("pin", "A pin is of the exact bytes, as no signature vouches for them: the other encoding is not pinned.")
            .pins(std::slice::from_ref(&lone))
            .chain(&[lone.clone().other_encoding()])
            .refuse("untrusted-root", "client"),
        case("client-again", "The client presents the other encoding of its own certificate as well: accepted.")
            .chain(&[alice(), alice().other_encoding(), issuing()]),
        case("v1-anchor-as-client", "The other encoding of an anchor of version 1 is presented as the client's: a CA, refused.")
            .anchors(std::slice::from_ref(&v1_root))
            .chain(&[v1_root.clone().other_encoding()])
            .policy("key-usage", "unchecked")
            .refuse("ca-as-client", "client"),
    ]
}
