//! The two profiles: each form rule of docs/PROFILES.md, and what becomes of each extension.

mod encoding;
mod extensions;
mod key_ids;
mod names;
mod names_elsewhere;
mod points;
mod unprocessed;

use crate::KeyUsage::{DigitalSignature, KeyCertSign};
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Extension, GeneralName, Key, KeyUsage, Name, Time, Version, der, oid};

const MALFORMED: &str = "malformed";
const NON_CONFORMING: &str = "non-conforming";
const UNHANDLED_EXTENSION: &str = "unhandled-extension";

pub(super) fn cases() -> Vec<Case> {
    [
        conforming(),
        fields(),
        key_identifiers(),
        ca_fields(),
        names::cases(),
        extensions::cases(),
        encoding::cases(),
        unprocessed::cases(),
        key_ids::cases(),
        names_elsewhere::cases(),
        points::cases(),
    ]
    .concat()
}

/// What Rfc5280 accepts.
fn strict(name: &str, rule: &str, description: &str) -> Case {
    Case::new(&format!("profile-rfc5280-{name}"), rule, description).policy("profile", "rfc5280")
}

/// The same under both profiles: Compatible accepts it, and Rfc5280 refuses `certificate` with this
/// message.
fn both(
    name: &str,
    section: &str,
    description: &str,
    message: &str,
    certificate: &str,
    change: impl Fn(Case) -> Case,
) -> Vec<Case> {
    let rule = format!("RFC 5280 {section}, docs/PROFILES.md");
    let case = |profile, verdict| {
        Case::new(
            &format!("profile-{profile}-{name}"),
            &rule,
            &format!("{description} {verdict}"),
        )
    };
    vec![
        change(case("compatible", "Compatible accepts it.")),
        change(case("rfc5280", "Rfc5280 does not."))
            .policy("profile", "rfc5280")
            .refuse(NON_CONFORMING, certificate)
            .message(message),
    ]
}

/// As [`both`], about a client of the anchor.
fn client(name: &str, section: &str, description: &str, message: &str, client: Cert) -> Vec<Case> {
    both(name, section, description, message, "client", |case| {
        case.chain(std::slice::from_ref(&client))
            .path(&["CN=alice", "CN=Root"])
    })
}

/// As [`both`], about the CA that issued the client.
fn issuer(name: &str, section: &str, description: &str, message: &str, issuer: Cert) -> Vec<Case> {
    both(name, section, description, message, "presented 1", |case| {
        case.chain(&[alice_of(&issuer), issuer.clone()])
    })
}

/// As [`both`], about the anchor.
fn anchor(name: &str, section: &str, description: &str, message: &str, anchor: Cert) -> Vec<Case> {
    both(name, section, description, message, "anchor", |case| {
        case.anchors(std::slice::from_ref(&anchor))
    })
}

/// A client of the anchor.
fn of_root() -> Cert {
    alice_of(&root())
}

/// What breaks no rule.
fn conforming() -> Vec<Case> {
    let rule = "RFC 5280 §4.1, §4.2";
    let case = |name: &str, description: &str| strict(name, rule, description);
    vec![
        case("conforming", "A chain in which all is as RFC 5280 asks."),
        Case::new(
            "profile-compatible-conforming",
            rule,
            "The same, and the policy names the default.",
        )
        .policy("profile", "compatible"),
        case("conforming-direct", "A client of the anchor, as RFC 5280 asks.")
            .chain(&[of_root()])
            .path(&["CN=alice", "CN=Root"]),
        case("conforming-store", "A chain over an intermediate of the store.")
            .chain(&[alice()])
            .intermediates(&[issuing()]),
        case("serial-20-octets", "A serial number may have 20 octets.")
            .chain(&[alice().serial(&[0x7f; 20]), issuing()]),
        case("serial-1", "The smallest serial number is 1.").chain(&[alice().serial(&[1]), issuing()]),
        case("generalized-time-2050", "From 2050 on, times are GeneralizedTime.")
            .anchors(&[root().not_after("2050-01-01T00:00:00Z")]),
        case("anchor-key-identifiers", "A self-signed anchor may have an authorityKeyIdentifier: its own.")
            .anchors(&[root().extension(Extension::authority_key_identifier(&Key::p256("root").identifier()))]),
        case("client-without-subject-key-id", "A client need not have a subjectKeyIdentifier (§4.2.1.2: SHOULD).")
            .chain(&[alice().without_extension(oid::SUBJECT_KEY_IDENTIFIER), issuing()]),
        case("client-basic-constraints", "basicConstraints of a client that is no CA need not be critical (§4.2.1.9).")
            .chain(&[
                alice().extension(Extension::basic_constraints(false, None).not_critical()),
                issuing(),
            ]),
        case("client-without-key-usage", "A client need not have keyUsage (§4.2.1.3).")
            .chain(&[alice().without_extension(oid::KEY_USAGE), issuing()]),
        case("path-length", "pathLenConstraint on a CA with keyCertSign.")
            .chain(&[alice(), issuing().extension(Extension::basic_constraints(true, Some(0)))]),
        case("empty-subject", "An empty subject, and a critical subjectAltName (§4.1.2.6).")
            .chain(&[
                alice()
                    .subject(Name::empty())
                    .extension(Extension::subject_alt_name(&[GeneralName::dns("alice.example")]).critical()),
                issuing(),
            ])
            .path(&["", "CN=Issuing CA", "CN=Root"]),
        case("pinned", "A pinned self-signed client, as RFC 5280 asks: it needs no authorityKeyIdentifier (§4.2.1.1).")
            .pins(&[Cert::client("alice", &Key::p256("alice"))])
            .chain(&[Cert::client("alice", &Key::p256("alice"))])
            .path(&["CN=alice"]),
    ]
}

fn fields() -> Vec<Case> {
    let serial = "§4.1.2.2";
    let early = Time::generalized_at("2027-01-01T00:00:00Z");
    let ids = der::context_primitive(1, &[0, 7]);
    let (not_critical, none) = (alice(), alice().without_extension(oid::SUBJECT_ALT_NAME));
    let empty = |client: Cert| {
        move |case: Case| {
            case.chain(&[client.clone().subject(Name::empty()), issuing()])
                .path(&["", "CN=Issuing CA", "CN=Root"])
        }
    };
    let ca = alice()
        .extension(Extension::basic_constraints(true, None))
        .extension(Extension::key_usage(&[DigitalSignature, KeyCertSign]))
        .extension(Extension::subject_alt_name(&[GeneralName::dns("alice.example")]).critical());
    let pin = Cert::client("alice", &Key::p256("alice")).serial(&[0]);
    [
        client(
            "serial-zero",
            serial,
            "A serial number of 0.",
            "serial number zero or negative",
            of_root().serial(&[0]),
        ),
        client(
            "serial-negative",
            serial,
            "A negative serial number.",
            "serial number zero or negative",
            of_root().serial(&[0x80]),
        ),
        client(
            "serial-21-octets",
            serial,
            "A serial number of 21 octets.",
            "serial number of more than 20 octets",
            of_root().serial(&[0x7f; 21]),
        ),
        issuer(
            "serial-zero-issuer",
            serial,
            "A CA with the serial number 0.",
            "serial number zero or negative",
            issuing().serial(&[0]),
        ),
        both(
            "serial-zero-pinned",
            serial,
            "A pinned client with the serial number 0.",
            "serial number zero or negative",
            "client",
            |case| {
                case.pins(std::slice::from_ref(&pin))
                    .chain(std::slice::from_ref(&pin))
                    .path(&["CN=alice"])
            },
        ),
        client(
            "generalized-time",
            "§4.1.2.5",
            "A notAfter of 2027 as GeneralizedTime.",
            "GeneralizedTime for a time before 2050",
            of_root().not_after_time(early.clone()),
        ),
        issuer(
            "generalized-time-issuer",
            "§4.1.2.5",
            "A CA with a notBefore of 2020 as GeneralizedTime.",
            "GeneralizedTime for a time before 2050",
            issuing().not_before_time(Time::generalized_at("2020-01-01T00:00:00Z")),
        ),
        client(
            "unique-identifiers",
            "§4.1.2.8",
            "A client with an issuerUniqueID.",
            "unique identifiers",
            of_root().raw_unique_ids(ids.clone()),
        ),
        anchor(
            "unique-identifiers-anchor",
            "§4.1.2.8",
            "An anchor with an issuerUniqueID.",
            "unique identifiers",
            root().raw_unique_ids(ids),
        ),
        both(
            "empty-subject-not-critical",
            "§4.1.2.6, §4.2.1.6",
            "An empty subject, and a subjectAltName that is not critical.",
            "empty subject of a CA, or without a critical subjectAltName",
            "client",
            empty(not_critical),
        ),
        both(
            "empty-subject-no-name",
            "§4.1.2.6, §4.2.1.6",
            "An empty subject, and no subjectAltName.",
            "empty subject of a CA, or without a critical subjectAltName",
            "client",
            empty(none),
        ),
        both(
            "empty-subject-ca",
            "§4.1.2.6",
            "A CA with an empty subject, as the client's, which the policy allows.",
            "empty subject of a CA, or without a critical subjectAltName",
            "client",
            |case| empty(ca.clone())(case).policy("client-ca", "accept"),
        ),
        anchor(
            "version-1-anchor",
            "§4.2.1.2, §4.2.1.3, §4.2.1.9",
            "An anchor of version 1, which has no extensions.",
            "no keyUsage on a CA",
            root().without_extensions().version(Version::V1),
        ),
        client(
            "version-1-client",
            "§4.2.1.1",
            "A client of version 1, which has no authorityKeyIdentifier.",
            "no authorityKeyIdentifier with a keyIdentifier",
            of_root().without_extensions().version(Version::V1),
        ),
    ]
    .concat()
}

fn key_identifiers() -> Vec<Case> {
    let (authority, subject) = ("§4.2.1.1", "§4.2.1.2");
    let no_authority = |cert: Cert| cert.without_extension(oid::AUTHORITY_KEY_IDENTIFIER);
    let no_subject = |cert: Cert| cert.without_extension(oid::SUBJECT_KEY_IDENTIFIER);
    let aki = |value: Vec<u8>| Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, value);
    let ski = |value: Vec<u8>| Extension::new(oid::SUBJECT_KEY_IDENTIFIER, value);
    let issuer_name = der::context_constructed(1, &GeneralName::Directory(Name::cn("Root")).der());
    let serial_number = der::context_primitive(2, &[1]);
    let issuing_id = Key::p256("issuing").identifier();
    let half = aki(der::sequence(&[
        der::context_primitive(0, &issuing_id),
        issuer_name.clone(),
    ]));
    let without_id = aki(der::sequence(&[issuer_name, serial_number]));
    let rollover =
        no_authority(Cert::ca("Issuing CA", &Key::p256("issuing, new")).issued_by(&issuing()));
    let mut cases = [
        client("no-authority-key-id", authority, "A client without authorityKeyIdentifier.",
            "no authorityKeyIdentifier with a keyIdentifier", no_authority(of_root())),
        issuer("no-authority-key-id-issuer", authority, "A CA without authorityKeyIdentifier.",
            "no authorityKeyIdentifier with a keyIdentifier", no_authority(issuing())),
        client(
            "authority-key-id-without-id",
            authority,
            "An authorityKeyIdentifier with issuer and serial number, and without keyIdentifier.",
            "no authorityKeyIdentifier with a keyIdentifier",
            of_root().extension(without_id.clone()),
        ),
        both(
            "no-authority-key-id-anchor",
            authority,
            "An anchor that is not self-signed, without authorityKeyIdentifier.",
            "no authorityKeyIdentifier with a keyIdentifier",
            "anchor",
            |case| {
                case.anchors(&[no_authority(issuing())])
                    .chain(&[alice()])
                    .path(&["CN=alice", "CN=Issuing CA"])
            },
        ),
        both(
            "no-authority-key-id-self-issued",
            authority,
            "A self-issued intermediate without authorityKeyIdentifier: it is not self-signed, as another key of the CA signed it.",
            "no authorityKeyIdentifier with a keyIdentifier",
            "presented 1",
            |case| {
                case.chain(&[alice_of(&rollover), rollover.clone(), issuing()])
                    .path(&["CN=alice", "CN=Issuing CA", "CN=Issuing CA", "CN=Root"])
            },
        ),
        both(
            "no-authority-key-id-self-issued-client",
            authority,
            "A self-issued client without authorityKeyIdentifier: it is not self-signed, as the key of the CA signed it.",
            "no authorityKeyIdentifier with a keyIdentifier",
            "client",
            |case| {
                let client = Cert::client("Issuing CA", &Key::p256("alice")).issued_by(&issuing());
                let names = [GeneralName::dns("alice.example")];
                case.chain(&[
                    no_authority(client.extension(Extension::subject_alt_name(&names))),
                    issuing(),
                ])
                .path(&["CN=Issuing CA", "CN=Issuing CA", "CN=Root"])
            },
        ),
        both(
            "no-subject-key-id-ca-client",
            subject,
            "A client with a CA's certificate without subjectKeyIdentifier, which the policy takes.",
            "no subjectKeyIdentifier on a CA",
            "client",
            |case| {
                let ca = alice_of(&root())
                    .extension(Extension::basic_constraints(true, None))
                    .extension(Extension::key_usage(&[
                        KeyUsage::DigitalSignature,
                        KeyUsage::KeyCertSign,
                    ]));
                case.policy("client-ca", "accept")
                    .chain(&[no_subject(ca)])
                    .path(&["CN=alice", "CN=Root"])
            },
        ),
        vec![
            strict(
                "no-authority-key-id-anchor-signature-wrong",
                authority,
                "An anchor that issued itself, without authorityKeyIdentifier, and whose signature does not hold: it is not self-signed.",
            )
            .anchors(&[no_authority(root()).flip_signature_bit()])
            .refuse(NON_CONFORMING, "anchor")
        .message("no authorityKeyIdentifier with a keyIdentifier"),
        ],
        issuer("no-subject-key-id-issuer", subject, "A CA without subjectKeyIdentifier.",
            "no subjectKeyIdentifier on a CA", no_subject(issuing())),
        anchor("no-subject-key-id-anchor", subject, "An anchor without subjectKeyIdentifier.",
            "no subjectKeyIdentifier on a CA", no_subject(root())),
        client(
            "authority-key-id-half",
            authority,
            "An authorityKeyIdentifier with an issuer and no serial number (Appendix A.2: both or neither).",
            "malformed key identifier",
            of_root().extension(half.clone()),
        ),
        client(
            "authority-key-id-malformed",
            authority,
            "An authorityKeyIdentifier that is no SEQUENCE.",
            "malformed key identifier",
            of_root().extension(aki(der::octet_string(&issuing_id))),
        ),
        client(
            "subject-key-id-malformed",
            subject,
            "A subjectKeyIdentifier that is no OCTET STRING.",
            "malformed key identifier",
            of_root().extension(ski(der::utf8_string("alice"))),
        ),
        client(
            "authority-key-id-critical",
            authority,
            "A critical authorityKeyIdentifier.",
            "authorityKeyIdentifier critical",
            of_root().extension(Extension::authority_key_identifier(&issuing_id).critical()),
        ),
        issuer(
            "subject-key-id-critical",
            subject,
            "A CA with a critical subjectKeyIdentifier.",
            "subjectKeyIdentifier critical",
            issuing().extension(Extension::subject_key_identifier(&issuing_id).critical()),
        ),
        anchor(
            "key-ids-differ",
            subject,
            "A self-signed anchor whose authorityKeyIdentifier is not its subjectKeyIdentifier.",
            "its key identifiers differ",
            root().extension(Extension::authority_key_identifier(&[7; 20])),
        ),
    ]
    .concat();
    for profile in ["compatible", "rfc5280"] {
        cases.push(
            Case::new(
                &format!("profile-{profile}-key-id-malformed-critical"),
                "RFC 5280 §4.2, docs/PROFILES.md",
                "A key identifier that is malformed and critical is refused under both profiles.",
            )
            .policy("profile", profile)
            .chain(&[
                alice().extension(ski(der::utf8_string("alice")).critical()),
                issuing(),
            ])
            .refuse(MALFORMED, "client")
            .message("subjectKeyIdentifier: unexpected element"),
        );
    }
    cases
}

fn ca_fields() -> Vec<Case> {
    let no_usage = |cert: Cert| cert.without_extension(oid::KEY_USAGE);
    let soft_basic = || Extension::basic_constraints(true, None).not_critical();
    let signs =
        |client: Cert| client.extension(Extension::key_usage(&[DigitalSignature, KeyCertSign]));
    let silent = alice().extension(Extension::key_usage(&[]));
    let limited = |client: Cert| client.extension(Extension::basic_constraints(false, Some(0)));
    let limited_only = alice()
        .extension(Extension::basic_constraints(true, Some(0)))
        .extension(Extension::key_usage(&[DigitalSignature]));
    let constrained = |client: Cert| {
        let subtree = Extension::subtree(&GeneralName::dns("example"));
        client.extension(Extension::name_constraints(&[subtree], &[]))
    };
    [
        issuer("no-key-usage", "§4.2.1.3", "A CA without keyUsage.",
            "no keyUsage on a CA", no_usage(issuing())),
        anchor("no-key-usage-anchor", "§4.2.1.3", "An anchor without keyUsage.",
            "no keyUsage on a CA", no_usage(root())),
        both("key-usage-empty", "§4.2.1.3", "A client whose keyUsage has no bit, where the policy does not look at it.",
            "keyUsage without a bit", "client", |case| {
            case.policy("key-usage", "unchecked").chain(&[silent.clone(), issuing()])
        }),
        client("cert-sign-without-ca", "§4.2.1.3, §4.2.1.9", "A client with keyCertSign that is no CA.",
            "keyCertSign without cA=TRUE", signs(of_root())),
        issuer(
            "basic-constraints-not-critical",
            "§4.2.1.9",
            "A CA whose basicConstraints are not critical.",
            "basicConstraints not critical",
            issuing().extension(soft_basic()),
        ),
        anchor(
            "basic-constraints-not-critical-anchor",
            "§4.2.1.9",
            "An anchor whose basicConstraints are not critical.",
            "basicConstraints not critical",
            root().extension(soft_basic()),
        ),
        client("path-length-without-ca", "§4.2.1.9", "A client with a pathLenConstraint that is no CA.",
            "pathLenConstraint without cA=TRUE and keyCertSign", limited(of_root())),
        both(
            "path-length-without-cert-sign",
            "§4.2.1.9",
            "A CA with a pathLenConstraint and no keyCertSign, as the client's, which the policy allows.",
            "pathLenConstraint without cA=TRUE and keyCertSign",
            "client",
            |case| case.policy("client-ca", "accept").chain(&[limited_only.clone(), issuing()]),
        ),
        client("name-constraints-without-ca", "§4.2.1.10", "A client with nameConstraints.",
            "nameConstraints without cA=TRUE", constrained(of_root())),
    ]
    .concat()
}
