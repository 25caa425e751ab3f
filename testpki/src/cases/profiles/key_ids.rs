//! Which certificates are self-signed, and identifiers of keys and names that are not what they
//! should be.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root, stranger};
use crate::cases::profiles::{MALFORMED, both, client, issuer, strict};
use crate::{Cert, Extension, GeneralName, Key, Name, RsaKey, SignatureAlgorithm, der, oid};

pub(super) fn cases() -> Vec<Case> {
    [self_signed(), authority_key_ids(), unique_ids()].concat()
}

/// §3.2: self-issued, and by its own key. Only such a certificate may be without
/// authorityKeyIdentifier (§4.2.1.1).
fn self_signed() -> Vec<Case> {
    let (section, rule) = ("§3.2, §4.2.1.1", "RFC 5280 §3.2, §4.2.1.1");
    let message = "no authorityKeyIdentifier";
    let by_other = || root().signed_by(&Key::p256("stranger"));
    let cross = || root().issuer(stranger().subject_name().clone());
    let anchor = |anchor: Cert| move |case: Case| case.anchors(std::slice::from_ref(&anchor));
    let pinned = |pin: Cert| {
        move |case: Case| {
            case.pins(std::slice::from_ref(&pin))
                .chain(std::slice::from_ref(&pin))
                .path(&["CN=alice"])
        }
    };
    let pin = || Cert::client("alice", &Key::p256("alice"));
    let own = |cert: Cert, label: &str| {
        cert.extension(Extension::authority_key_identifier(
            &Key::p256(label).identifier(),
        ))
    };
    let rsa = Key::rsa(RsaKey::Rsa2048A);
    let old = Cert::ca("Root", &rsa).signed_with(SignatureAlgorithm::RsaPkcs1Sha1);
    [
        both("self-issued-anchor", section, "An anchor that is self-issued, signed by another key, without authorityKeyIdentifier.", message, "anchor", anchor(by_other())),
        both("own-key-anchor", section, "An anchor that its own key signed, in another issuer's name, without authorityKeyIdentifier.", message, "anchor", anchor(cross())),
        both("self-issued-pinned", section, "A pinned client that is self-issued, signed by another key, without authorityKeyIdentifier.", message, "client", pinned(pin().signed_by(&Key::p256("stranger")))),
        both("own-key-pinned", section, "A pinned client that its own key signed, in another issuer's name, without authorityKeyIdentifier.", message, "client", pinned(pin().issuer(Name::cn("Other")))),
    ]
    .concat()
    .into_iter()
    .chain([
        strict("self-issued-anchor-key-id", rule, "A self-issued anchor that another key signed, with the authorityKeyIdentifier of that key: it is not self-signed.")
            .anchors(&[own(by_other(), "stranger")]),
        strict("own-key-anchor-key-id", rule, "An anchor that its own key signed, in another issuer's name, with another authorityKeyIdentifier: it is not self-signed.")
            .anchors(&[own(cross(), "stranger")]),
        strict("self-issued-anchor-sha1", rule, "A self-issued anchor signed over SHA-1, which the policy does not have: nobody can tell by which key, and nobody asks.")
            .anchors(std::slice::from_ref(&old))
            .chain(&[alice_of(&old)])
            .path(&["CN=alice", "CN=Root"]),
    ])
    .collect()
}

/// An authorityKeyIdentifier with the issuer's key identifier, and these bytes behind it.
fn authority_key_id(issuer: &[u8], serial: &[u8]) -> Extension {
    let identifier = Key::p256("root").identifier();
    let value = der::sequence(&[
        der::context_primitive(0, &identifier),
        der::context_constructed(1, issuer),
        der::context_primitive(2, serial),
    ]);
    Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, value)
}

fn authority_key_ids() -> Vec<Case> {
    let section = "§4.2.1.1";
    let name = GeneralName::directory(&Name::cn("Root")).der();
    let bad = [
        (
            "issuer-garbage",
            "an issuer that is no GeneralNames",
            authority_key_id(b"Root!", &[1]),
        ),
        (
            "issuer-empty",
            "an empty issuer",
            authority_key_id(b"", &[1]),
        ),
        (
            "serial-empty",
            "a serial number without octets",
            authority_key_id(&name, &[]),
        ),
        (
            "serial-padded",
            "a serial number with an octet too many",
            authority_key_id(&name, &[0, 1]),
        ),
    ];
    let with = |extension: Extension| alice_of(&root()).extension(extension);
    let mut cases: Vec<_> = bad
        .iter()
        .flat_map(|(name, what, extension)| {
            client(
                &format!("authority-key-id-{name}"),
                section,
                &format!("An authorityKeyIdentifier with {what}."),
                "malformed key identifier",
                with(extension.clone()),
            )
        })
        .collect();
    for profile in ["compatible", "rfc5280"] {
        cases.extend(bad.iter().map(|(name, what, extension)| {
            Case::new(
                &format!("profile-{profile}-authority-key-id-{name}-critical"),
                "RFC 5280 §4.2, §4.2.1.1",
                &format!("A critical authorityKeyIdentifier with {what} is malformed."),
            )
            .policy("profile", profile)
            .chain(&[with(extension.clone().critical())])
            .refuse(MALFORMED, "client")
            .message("authorityKeyIdentifier")
        }));
    }
    let unsorted = Name::from_levels(&[&[
        crate::Attribute::organizational_unit("fleet"),
        crate::Attribute::common_name("alice"),
    ]]);
    let unsorted = GeneralName::directory(&unsorted).der();
    cases.extend(issuer(
        "authority-key-id-set-order",
        section,
        "The issuer in a CA's authorityKeyIdentifier has attributes of one level that are not in order.",
        "authorityKeyIdentifier with a SET OF",
        issuing().extension(authority_key_id(&unsorted, &[1])),
    ));
    cases.push(
        strict(
            "authority-key-id-whole",
            "RFC 5280 §4.2.1.1",
            "An authorityKeyIdentifier with all of its fields.",
        )
        .chain(&[with(authority_key_id(&name, &[1]))])
        .path(&["CN=alice", "CN=Root"]),
    );
    cases
}

/// Unique identifiers are fields of the certificate, and BIT STRINGs: malformed in every profile
/// where they are none.
fn unique_ids() -> Vec<Case> {
    [
        ("empty", "without octets", vec![]),
        ("unused-bits", "with nine unused bits", vec![9, 0x80]),
        (
            "unused-bits-set",
            "with unused bits that are set",
            vec![7, 0xff],
        ),
        (
            "unused-bits-of-none",
            "with unused bits, and no octet that has them",
            vec![3],
        ),
    ]
    .into_iter()
    .flat_map(|(name, what, contents)| {
        [(1, "issuer"), (2, "subject")].map(|(number, whose)| {
            let id = der::context_primitive(number, &contents);
            Case::new(
                &format!("form-unique-id-{whose}-{name}"),
                "RFC 5280 §4.1.2.8, X.690 §8.6, §11.2.1",
                &format!("A {whose}UniqueID {what} is no BIT STRING."),
            )
            .chain(&[alice().raw_unique_ids(id), issuing()])
            .refuse(MALFORMED, "client")
            .message("uniqueID")
        })
    })
    .chain([Case::new(
        "form-unique-id-bits",
        "RFC 5280 §4.1.2.8",
        "Unique identifiers of any bits are passed over.",
    )
    .chain(&[
        alice().raw_unique_ids(der::concat(&[
            der::context_primitive(1, &[0]),
            der::context_primitive(2, &[3, 0xa8]),
        ])),
        issuing(),
    ])])
    .collect()
}
