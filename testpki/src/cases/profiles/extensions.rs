//! What becomes of extensions, critical and not.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::cases::profiles::{UNHANDLED_EXTENSION, client, issuer, of_root, strict};
use crate::{Attribute, Extension, GeneralName, der, oid};

pub(super) fn cases() -> Vec<Case> {
    [criticality(), information_access(), not_processed()].concat()
}

/// Extensions that conforming CAs mark critical.
fn criticality() -> Vec<Case> {
    let names = || {
        let subtree = Extension::subtree(&GeneralName::dns("example"));
        Extension::name_constraints(&[subtree], &[])
    };
    let policies = || Extension::policy_constraints(None, Some(0));
    let inhibit = || Extension::inhibit_any_policy(0);
    let all = issuing()
        .extension(names())
        .extension(policies())
        .extension(inhibit());
    [
        issuer(
            "name-constraints-not-critical",
            "§4.2.1.10",
            "nameConstraints that are not critical, and kept to.",
            "nameConstraints not critical",
            issuing().extension(names().not_critical()),
        ),
        issuer(
            "policy-constraints-not-critical",
            "§4.2.1.11",
            "policyConstraints that are not critical, and kept to.",
            "policyConstraints not critical",
            issuing().extension(policies().not_critical()),
        ),
        issuer(
            "inhibit-any-policy-not-critical",
            "§4.2.1.14",
            "inhibitAnyPolicy that is not critical, and kept to.",
            "inhibitAnyPolicy not critical",
            issuing().extension(inhibit().not_critical()),
        ),
        vec![
            strict(
                "constraints",
                "RFC 5280 §4.2.1.10, §4.2.1.11, §4.2.1.14",
                "nameConstraints, policyConstraints and inhibitAnyPolicy, critical and kept to.",
            )
            .chain(&[alice_of(&all), all]),
        ],
    ]
    .concat()
}

/// An authorityInfoAccess with these descriptions.
fn access(descriptions: &[Vec<u8>]) -> Extension {
    Extension::new(oid::AUTHORITY_INFO_ACCESS, der::sequence(descriptions))
}

fn responder() -> Vec<u8> {
    let location = GeneralName::uri("http://ocsp.example/").der();
    der::sequence(&[der::oid(oid::OCSP), location])
}

fn information_access() -> Vec<Case> {
    let section = "§4.2.2.1";
    [
        client(
            "information-access-empty",
            section,
            "An authorityInfoAccess that describes nothing.",
            "malformed authorityInfoAccess (§4.2.2.1)",
            of_root().extension(access(&[])),
        ),
        client(
            "information-access-malformed",
            section,
            "An authorityInfoAccess with a text in the place of a location.",
            "malformed authorityInfoAccess (§4.2.2.1)",
            of_root().extension(access(&[der::sequence(&[
                der::oid(oid::OCSP),
                der::utf8_string("http://ocsp.example/"),
            ])])),
        ),
        vec![
            strict(
                "information-access",
                "RFC 5280 §4.2.2.1",
                "A well-formed authorityInfoAccess.",
            )
            .chain(&[alice().extension(access(&[responder()])), issuing()]),
        ],
    ]
    .concat()
}

/// Extensions that are not processed: refused if critical, and passed over if not.
fn not_processed() -> Vec<Case> {
    let rule = "RFC 5280 §4.2, docs/PROFILES.md";
    let point = Extension::crl_distribution_point("http://crl.example/");
    let points = || {
        let name = GeneralName::uri("http://crl.example/").der();
        let full_name = der::context_constructed(0, &der::context_constructed(0, &name));
        der::sequence(&[der::sequence(&[full_name])])
    };
    let country = der::sequence(&[
        der::oid("1.3.6.1.5.5.7.9.4"),
        der::set(&[der::tlv(0x13, b"CH")]),
    ]);
    let extensions = [
        (
            "crl-distribution-points",
            oid::CRL_DISTRIBUTION_POINTS,
            point,
        ),
        (
            "freshest-crl",
            oid::FRESHEST_CRL,
            Extension::new(oid::FRESHEST_CRL, points()),
        ),
        (
            "issuer-alt-name",
            oid::ISSUER_ALT_NAME,
            Extension::new(
                oid::ISSUER_ALT_NAME,
                der::sequence(&[GeneralName::dns("ca.example").der()]),
            ),
        ),
        (
            "subject-directory-attributes",
            oid::SUBJECT_DIRECTORY_ATTRIBUTES,
            Extension::new(oid::SUBJECT_DIRECTORY_ATTRIBUTES, der::sequence(&[country])),
        ),
        (
            "authority-information-access",
            oid::AUTHORITY_INFO_ACCESS,
            access(&[responder()]),
        ),
        (
            "subject-information-access",
            oid::SUBJECT_INFO_ACCESS,
            Extension::new(oid::SUBJECT_INFO_ACCESS, der::sequence(&[responder()])),
        ),
    ];
    let with_all = |cert| {
        extensions
            .iter()
            .fold(cert, |cert: crate::Cert, (_, _, extension)| {
                cert.extension(extension.clone())
            })
    };
    let mut cases: Vec<_> = extensions
        .iter()
        .map(|(name, oid, extension)| {
            Case::new(
                &format!("critical-{name}"),
                rule,
                "An extension that is not processed is refused where it is critical.",
            )
            .chain(&[alice().extension(extension.clone().critical()), issuing()])
            .refuse(UNHANDLED_EXTENSION, "client")
            .message(oid)
        })
        .collect();
    for profile in ["compatible", "rfc5280"] {
        cases.push(
            Case::new(
                &format!("critical-none-{profile}"),
                rule,
                "Extensions that are not processed are passed over where they are not critical, wherever they are.",
            )
            .policy("profile", profile)
            .anchors(&[with_all(root())])
            .chain(&[with_all(alice()), with_all(issuing())]),
        );
    }
    cases.push(
        Case::new(
            "critical-subject-alt-name-unread",
            rule,
            "A critical subjectAltName is processed, with forms of names that nothing here reads.",
        )
        .chain(&[
            alice().extension(
                Extension::subject_alt_name(&[
                    GeneralName::RegisteredId("1.3.6.1.4.1.32473.1".to_owned()),
                    GeneralName::Directory(crate::Name::new(&[Attribute::common_name("alice")])),
                ])
                .critical(),
            ),
            issuing(),
        ]),
    );
    cases
}
