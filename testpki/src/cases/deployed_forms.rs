//! Forms of algorithms and names that some deployed issuers write against the RFC:
//! docs/DIFFERENCES.md has them.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::key::{algorithm, rsa_spki_of_size};
use crate::{Cert, Extension, Key, RsaKey, der, oid};

const UNSUPPORTED_SIGNATURE: &str = "unsupported-signature-algorithm";
const UNSUPPORTED_KEY: &str = "unsupported-key";

pub(super) fn cases() -> Vec<Case> {
    let case = |name: &str, rule: &str, description: &str, chain: &[Cert]| {
        Case::new(name, rule, description).chain(chain)
    };
    let ecdsa_null = |hash: &str| algorithm(hash, &der::null());
    let rsa = rsa_spki_of_size(2048);
    let (_, rsa_key) = der::split_first(der::contents(&rsa));
    let without_null = der::sequence(&[&algorithm(oid::RSA_ENCRYPTION, &[])[..], rsa_key]);
    let ca_key = Key::rsa(RsaKey::Rsa2048A);
    let (_, ca_bits) = der::split_first(der::contents(ca_key.spki()));
    let ca_without_null = der::sequence(&[&algorithm(oid::RSA_ENCRYPTION, &[])[..], ca_bits]);
    let rsa_issuing = Cert::ca("Issuing CA", &ca_key)
        .issued_by(&root())
        .spki(ca_without_null);
    let empty_names = Extension::subject_alt_name(&[]);
    vec![
        case(
            "signature-ecdsa-null-parameters",
            "RFC 5758 §3.2 (the parameters MUST be omitted)",
            "A client's ecdsa-with-SHA256 has NULL parameters: refused.",
            &[
                alice().algorithms(ecdsa_null(oid::ECDSA_WITH_SHA256)),
                issuing(),
            ],
        )
        .refuse(UNSUPPORTED_SIGNATURE, "client"),
        case(
            "signature-ecdsa-null-parameters-issuer",
            "RFC 5758 §3.2 (the parameters MUST be omitted)",
            "An intermediate's ecdsa-with-SHA256 has NULL parameters: refused.",
            &[
                alice(),
                issuing().algorithms(ecdsa_null(oid::ECDSA_WITH_SHA256)),
            ],
        )
        .refuse(UNSUPPORTED_SIGNATURE, "presented 1"),
        case(
            "key-client-rsa-without-null",
            "RFC 3279 §2.3.1 (the parameters MUST be NULL)",
            "A client's rsaEncryption key has no parameters: refused.",
            &[
                Cert::client_with_spki("alice", without_null).issued_by(&issuing()),
                issuing(),
            ],
        )
        .refuse(UNSUPPORTED_KEY, "client"),
        case(
            "key-issuer-rsa-without-null",
            "RFC 3279 §2.3.1 (the parameters MUST be NULL)",
            "An intermediate's rsaEncryption key has no parameters: refused.",
            &[alice_of(&rsa_issuing), rsa_issuing],
        )
        .refuse(UNSUPPORTED_KEY, "presented 1"),
        case(
            "subject-alt-name-empty",
            "RFC 5280 §4.2.1.6 (at least one entry)",
            "A client's subjectAltName has no names: refused.",
            &[alice().extension(empty_names), issuing()],
        )
        .refuse("malformed", "client")
        .message("subjectAltName: empty"),
    ]
}
