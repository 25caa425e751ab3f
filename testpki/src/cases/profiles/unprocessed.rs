//! What a verifier need not look at, and a conforming CA writes as RFC 5280 has it all the same.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::cases::profiles::{MALFORMED, UNHANDLED_EXTENSION, both, client, strict};
use crate::{Cert, Crl, DistributionPoint, Extension, GeneralName, Key, Reason, Version, der, oid};

pub(super) fn cases() -> Vec<Case> {
    [empty_list(), points(), ignored(), qualifiers()].concat()
}

/// A list of extensions without any, in a certificate of this version.
fn without_any(cert: Cert, version: Version) -> Cert {
    let list = der::context_constructed(3, &der::sequence::<Vec<u8>>(&[]));
    cert.without_extensions()
        .raw_unique_ids(list)
        .version(version)
}

fn empty_list() -> Vec<Case> {
    let section = "§4.1.2.9";
    let rule = "RFC 5280 §4.1.2.9";
    let pin = without_any(Cert::client("alice", &Key::p256("alice")), Version::V3);
    let ca = without_any(issuing(), Version::V3);
    let case = |name: &str, description: &str| {
        Case::new(&format!("form-empty-extensions-{name}"), rule, description)
    };
    [
        both(
            "empty-extensions",
            section,
            "A client with an empty list of extensions, as OpenSSL 1.1.1 and Go before 1.19 wrote it.",
            "no authorityKeyIdentifier with a keyIdentifier",
            "client",
            |case| {
                case.chain(&[without_any(alice_of(&root()), Version::V3)])
                    .path(&["CN=alice", "CN=Root"])
            },
        ),
        both(
            "empty-extensions-pinned",
            section,
            "A pinned self-signed client with an empty list of extensions.",
            "an empty list of extensions",
            "client",
            |case| {
                case.pins(std::slice::from_ref(&pin))
                    .chain(std::slice::from_ref(&pin))
                    .path(&["CN=alice"])
            },
        ),
        vec![
            case("issuer", "An intermediate with an empty list of extensions is read, and is no CA.")
                .chain(&[alice_of(&ca), ca])
                .refuse("not-a-ca", "presented 1")
                .message("it has no basicConstraints"),
            case("anchor", "A certificate of version 3 with an empty list of extensions is read, and is no CA.")
                .anchors(&[without_any(root(), Version::V3)])
                .store_error("not a CA"),
            case("version-1", "Version 1 has no extensions, not even an empty list.")
                .chain(&[without_any(alice(), Version::V1), issuing()])
                .refuse(MALFORMED, "client")
                .message("extensions: fields that this version does not have"),
            case("version-2", "Nor has version 2.")
                .chain(&[without_any(alice(), Version::V2), issuing()])
                .refuse(MALFORMED, "client")
                .message("extensions: fields that this version does not have"),
        ],
    ]
    .concat()
}

fn points() -> Vec<Case> {
    let points = |point: DistributionPoint| Extension::crl_distribution_points(&[point]);
    let reasons = || DistributionPoint::nameless().reasons(&[Reason::KeyCompromise]);
    let of_root = |extension: Extension| alice_of(&root()).extension(extension);
    let refused = |name: &str, description: &str, client: Cert| {
        Case::new(&format!("form-{name}"), "RFC 5280 §4.2.1.13", description)
            .chain(&[client])
            .refuse(MALFORMED, "client")
            .message("neither a name nor a cRLIssuer")
    };
    [
        client(
            "point-empty",
            "§4.2.1.13",
            "A distribution point without a field, and revocation is off.",
            "malformed cRLDistributionPoints",
            of_root(points(DistributionPoint::nameless())),
        ),
        client(
            "point-reasons-only",
            "§4.2.1.13",
            "A distribution point that says reasons, and not where, and revocation is off.",
            "malformed cRLDistributionPoints",
            of_root(points(reasons())),
        ),
        client(
            "freshest-point-reasons-only",
            "§4.2.1.15",
            "A freshestCRL with a point that says reasons, and not where.",
            "malformed freshestCRL",
            of_root(Extension::freshest_crl(&[reasons()])),
        ),
        vec![
            refused(
                "point-reasons-only-critical",
                "A critical distribution point that says reasons, and not where.",
                of_root(points(reasons()).critical()),
            ),
            refused(
                "point-reasons-only-checked",
                "A distribution point that says reasons, and not where, of a client that is checked for revocation.",
                of_root(points(reasons())),
            )
            .policy("revocation.scope", "client-only")
            .crls(&[Crl::of(&root())]),
            refused(
                "point-empty-checked",
                "A distribution point without a field, of a client that is checked for revocation.",
                of_root(points(DistributionPoint::nameless())),
            )
            .policy("revocation.scope", "client-only")
            .crls(&[Crl::of(&root())]),
        ],
    ]
    .concat()
}

/// Extensions that nothing here processes: passed over by Compatible whatever they hold.
fn ignored() -> Vec<Case> {
    let new = Extension::new;
    let no_values = der::sequence(&[der::sequence(&[
        der::oid("1.3.6.1.5.5.7.9.4"),
        der::set::<Vec<u8>>(&[]),
    ])]);
    let not_printable = der::sequence(&[der::sequence(&[
        der::oid("1.3.6.1.4.1.32473.7"),
        der::set(&[der::tlv(0x13, b"a@b")]),
    ])]);
    let empty = || der::sequence::<Vec<u8>>(&[]);
    let not_ascii = GeneralName::Raw(der::context_primitive(
        6,
        "http://zürich.example/".as_bytes(),
    ));
    let access = der::sequence(&[der::sequence(&[der::oid(oid::OCSP), not_ascii.der()])]);
    let bad_oid = GeneralName::Raw(der::context_primitive(8, &[0x80]));
    let oid_of = |name: GeneralName| new(oid::ISSUER_ALT_NAME, der::sequence(&[name.der()]));
    [
        (
            "issuer-alt-name-empty",
            "§4.2.1.7",
            "An empty issuerAltName.",
            new(oid::ISSUER_ALT_NAME, empty()),
            "malformed issuerAltName",
        ),
        (
            "issuer-alt-name-malformed",
            "§4.2.1.7",
            "An issuerAltName that is a text.",
            new(oid::ISSUER_ALT_NAME, der::utf8_string("CA")),
            "malformed issuerAltName",
        ),
        (
            "issuer-alt-name-oid",
            "§4.2.1.7",
            "An issuerAltName with a registeredID that is none.",
            oid_of(bad_oid),
            "malformed issuerAltName",
        ),
        (
            "issuer-alt-name-not-ascii",
            "§4.2.1.7",
            "An issuerAltName with a URI in UTF-8.",
            oid_of(not_ascii),
            "issuerAltName with characters",
        ),
        (
            "subject-info-access-empty",
            "§4.2.2.2",
            "An empty subjectInfoAccess.",
            new(oid::SUBJECT_INFO_ACCESS, empty()),
            "malformed subjectInfoAccess",
        ),
        (
            "subject-info-access-malformed",
            "§4.2.2.2",
            "A subjectInfoAccess that is a BOOLEAN.",
            new(oid::SUBJECT_INFO_ACCESS, der::boolean(true)),
            "malformed subjectInfoAccess",
        ),
        (
            "information-access-not-ascii",
            "§4.2.2.1",
            "An authorityInfoAccess with a URI in UTF-8.",
            new(oid::AUTHORITY_INFO_ACCESS, access),
            "authorityInfoAccess with characters",
        ),
        (
            "freshest-crl-empty",
            "§4.2.1.15",
            "An empty freshestCRL.",
            new(oid::FRESHEST_CRL, empty()),
            "malformed freshestCRL",
        ),
        (
            "freshest-crl-malformed",
            "§4.2.1.15",
            "A freshestCRL that is NULL.",
            new(oid::FRESHEST_CRL, der::null()),
            "malformed freshestCRL",
        ),
        (
            "directory-attributes-empty",
            "§4.2.1.8",
            "An empty subjectDirectoryAttributes.",
            new(oid::SUBJECT_DIRECTORY_ATTRIBUTES, empty()),
            "malformed subjectDirectoryAttributes",
        ),
        (
            "directory-attributes-no-value",
            "§4.2.1.8",
            "A subjectDirectoryAttributes with an attribute without values.",
            new(oid::SUBJECT_DIRECTORY_ATTRIBUTES, no_values),
            "malformed subjectDirectoryAttributes",
        ),
        (
            "directory-attributes-not-printable",
            "§4.2.1.8",
            "A subjectDirectoryAttributes with a PrintableString that has a character it may not have.",
            new(oid::SUBJECT_DIRECTORY_ATTRIBUTES, not_printable),
            "subjectDirectoryAttributes with characters",
        ),
    ]
    .into_iter()
    .flat_map(|(name, section, description, extension, message)| {
        client(
            name,
            section,
            description,
            message,
            alice_of(&root()).extension(extension),
        )
    })
    .collect()
}

/// certificatePolicies with one policy and these qualifiers.
fn policies(policy: &str, qualifiers: &[Vec<u8>]) -> Extension {
    let information = der::sequence(&[der::oid(policy), der::sequence(qualifiers)]);
    Extension::new(oid::CERTIFICATE_POLICIES, der::sequence(&[information]))
}

fn qualifiers() -> Vec<Case> {
    const POLICY: &str = "1.3.6.1.4.1.32473.7";
    let qualifier = |kind: &str, value: Vec<u8>| der::sequence(&[der::oid(kind), value]);
    let cps = || qualifier("1.3.6.1.5.5.7.2.1", der::ia5_string("http://cps.example/"));
    let cps_in_utf8 = || qualifier("1.3.6.1.5.5.7.2.1", der::utf8_string("http://cps.example/"));
    let notice_of_text = || qualifier("1.3.6.1.5.5.7.2.2", der::utf8_string("For tests."));
    let notice = || {
        let numbers = der::sequence(&[der::unsigned(1)]);
        let reference = der::sequence(&[der::utf8_string("Example"), numbers]);
        let text = der::utf8_string("For tests.");
        qualifier("1.3.6.1.5.5.7.2.2", der::sequence(&[reference, text]))
    };
    let foreign = || qualifier("1.3.6.1.4.1.32473.8", der::null());
    let of_root = |extension: Extension| alice_of(&root()).extension(extension);
    let direct = |case: Case, extension: Extension| {
        case.chain(&[of_root(extension)])
            .path(&["CN=alice", "CN=Root"])
    };
    let section = "§4.2.1.4";
    let message = "policy qualifiers";
    let long = qualifier(
        "1.3.6.1.5.5.7.2.2",
        der::sequence(&[der::utf8_string(&"x".repeat(201))]),
    );
    let mut cases = [
        client(
            "qualifier-foreign-any-policy",
            section,
            "anyPolicy with a qualifier that §4.2.1.4 does not define.",
            message,
            of_root(policies(oid::ANY_POLICY, &[foreign()])),
        ),
        client(
            "qualifiers-empty",
            section,
            "A policy with an empty list of qualifiers.",
            message,
            of_root(policies(POLICY, &[])),
        ),
        client(
            "qualifier-cps-utf8",
            section,
            "A pointer to a practice statement in UTF8String.",
            message,
            of_root(policies(POLICY, &[cps_in_utf8()])),
        ),
        client(
            "qualifier-notice-malformed",
            section,
            "A user notice that is a text.",
            message,
            of_root(policies(POLICY, &[notice_of_text()])),
        ),
        client(
            "qualifier-notice-long",
            section,
            "A user notice of 201 characters.",
            "an empty string, or one that is too long",
            of_root(policies(POLICY, &[long])),
        ),
        vec![
            direct(
                strict(
                    "qualifiers",
                    "RFC 5280 §4.2.1.4",
                    "A critical certificatePolicies with both kinds of qualifiers.",
                ),
                policies(POLICY, &[cps(), notice()]).critical(),
            ),
            direct(
                strict(
                    "qualifier-foreign",
                    "RFC 5280 §4.2.1.4",
                    "A policy may have other qualifiers where the extension is not critical.",
                ),
                policies(POLICY, &[foreign()]),
            ),
        ],
    ]
    .concat();
    for profile in ["compatible", "rfc5280"] {
        let case = |name: &str, description: &str| {
            Case::new(
                &format!("profile-{profile}-{name}"),
                "RFC 5280 §4.2, §4.2.1.4",
                description,
            )
            .policy("profile", profile)
        };
        let refused = |case: Case, extension: Extension, reason: &str, message: &str| {
            direct(case, extension)
                .refuse(reason, "client")
                .message(message)
        };
        let ca = issuing().extension(policies(POLICY, &[cps(), foreign()]).critical());
        cases.extend([
            refused(
                case(
                    "qualifier-foreign-critical",
                    "A critical certificatePolicies with a qualifier that nobody knows: who cannot read it must refuse.",
                ),
                policies(POLICY, &[foreign()]).critical(),
                UNHANDLED_EXTENSION,
                oid::CERTIFICATE_POLICIES,
            ),
            refused(
                case(
                    "qualifier-cps-utf8-critical",
                    "A critical certificatePolicies with a pointer to a practice statement in UTF8String, which nobody can interpret.",
                ),
                policies(POLICY, &[cps_in_utf8()]).critical(),
                UNHANDLED_EXTENSION,
                oid::CERTIFICATE_POLICIES,
            ),
            refused(
                case(
                    "qualifier-notice-malformed-critical",
                    "A critical certificatePolicies with a user notice that is a text.",
                ),
                policies(POLICY, &[notice_of_text()]).critical(),
                UNHANDLED_EXTENSION,
                oid::CERTIFICATE_POLICIES,
            ),
            refused(
                case(
                    "qualifiers-empty-critical",
                    "A critical certificatePolicies with an empty list of qualifiers is malformed.",
                ),
                policies(POLICY, &[]).critical(),
                MALFORMED,
                "certificatePolicies: ",
            ),
            case(
                "qualifier-foreign-critical-issuer",
                "A CA with a critical certificatePolicies with a qualifier that nobody knows.",
            )
            .chain(&[alice_of(&ca), ca])
            .refuse(UNHANDLED_EXTENSION, "presented 1")
            .message(oid::CERTIFICATE_POLICIES),
        ]);
    }
    cases
}
