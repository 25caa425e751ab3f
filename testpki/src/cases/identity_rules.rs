//! Rules on identities: how they are combined, and the fields beside names.

use crate::cases::Case;
use crate::cases::fixture::{alice_of, root};
use crate::{Attribute, Cert, Extension, GeneralName, Key, Name, der, oid, sha256};

const RULE: &str = "IdentityRule (the server's choice, after RFC 5280 §6.1)";
const NOT_ACCEPTED: &str = "identity-not-accepted";
const POLICY: &str = "1.3.6.1.4.1.32473.1.1";
/// CN=ALICE and CN=Root, in base64.
const ALICE: &str = "MBAxDjAMBgNVBAMMBUFMSUNF";
const ROOT: &str = "MA8xDTALBgNVBAMMBFJvb3Q=";

pub(super) fn cases() -> Vec<Case> {
    [combined(), unclear(), texts(), fields()].concat()
}

/// `client`, where this rule lets clients in.
fn accepted(name: &str, description: &str, client: Cert, rule: &str) -> Case {
    Case::new(&format!("identity-rule-{name}"), RULE, description)
        .chain(&[client])
        .path(&["CN=alice", "CN=Root"])
        .identity_rule(rule)
}

fn refused(name: &str, description: &str, client: Cert, rule: &str) -> Case {
    accepted(name, description, client, rule).refuse(NOT_ACCEPTED, "client")
}

fn bare() -> Cert {
    alice_of(&root()).without_extension(oid::SUBJECT_ALT_NAME)
}

fn named(names: &[GeneralName]) -> Cert {
    bare().extension(Extension::subject_alt_name(names))
}

fn with_unit(unit: &str) -> Cert {
    bare().subject(Name::new(&[
        Attribute::organizational_unit(unit),
        Attribute::common_name("alice"),
    ]))
}

fn combined() -> Vec<Case> {
    let dns = || named(&[GeneralName::dns("a.example"), GeneralName::dns("b.example")]);
    vec![
        accepted(
            "all",
            "All rules hold.",
            dns(),
            r#"{ all = [{ dns = "a.example" }, { dns = "b.example" }, { common-name = "alice" }] }"#,
        ),
        refused(
            "all-but-one",
            "One of all rules does not hold.",
            dns(),
            r#"{ all = [{ dns = "a.example" }, { dns = "c.example" }] }"#,
        ),
        accepted(
            "any-in-all",
            "Rules within rules.",
            dns(),
            r#"{ all = [{ any = [{ dns = "c.example" }, { dns = "b.example" }] }, { not = { dns = "d.example" } }] }"#,
        ),
        accepted(
            "not",
            "No value matches.",
            dns(),
            r#"{ not = { dns.suffix = ".test" } }"#,
        ),
        refused(
            "not-second",
            "The second of two values matches.",
            dns(),
            r#"{ not = { dns = "b.example" } }"#,
        ),
        accepted(
            "not-missing",
            "A field that is not there has no value that matches.",
            bare(),
            r#"{ not = { dns = "b.example" } }"#,
        ),
        refused(
            "not-not-missing",
            "What is not there does not match, however often that is denied.",
            bare(),
            r#"{ not = { not = { dns = "b.example" } } }"#,
        ),
        accepted(
            "match-alone",
            "A match is a rule.",
            dns(),
            r#"{ dns = "a.example" }"#,
        ),
    ]
}

/// Values that may be meant as one that matches, or as anything.
fn unclear() -> Vec<Case> {
    let unread = || GeneralName::Raw(der::context_primitive(2, "zürich.example".as_bytes()));
    let not_dns = r#"{ not = { dns = "b.example" } }"#;
    let two_names = bare().subject(Name::new(&[
        Attribute::common_name("carol"),
        Attribute::common_name("alice"),
    ]));
    let mapped = [&[0; 10][..], &[0xff, 0xff, 192, 0, 2, 1]].concat();
    vec![
        refused(
            "not-unreadable",
            "A name that cannot be read may be the one that is kept out.",
            named(&[GeneralName::dns("a.example"), unread()]),
            not_dns,
        ),
        refused(
            "not-no-host",
            "A name that is no host may be meant as the one that is kept out.",
            named(&[GeneralName::dns("b.example.")]),
            not_dns,
        ),
        accepted(
            "any-besides-unreadable",
            "A rule that holds lets in, whatever cannot be read.",
            named(&[unread()]),
            r#"{ any = [{ not = { dns = "b.example" } }, { common-name = "alice" }] }"#,
        ),
        refused(
            "not-two-common-names",
            "Two common names leave open which one is meant.",
            two_names,
            r#"{ not = { common-name = "bob" } }"#,
        ),
        refused(
            "not-other-case",
            "A unit that differs in case alone is the same to RFC 5280 §7.1, and may be meant.",
            with_unit("TESTS"),
            r#"{ not = { organizational-unit = "Tests" } }"#,
        ),
        refused(
            "not-mapped-address",
            "An IPv6 address that maps an IPv4 address may be meant as that.",
            named(&[GeneralName::Ip(mapped.clone())]),
            r#"{ not = { ip = "192.0.2.0/24" } }"#,
        ),
        refused(
            "mapped-address",
            "An IPv6 address that maps an IPv4 address is none.",
            named(&[GeneralName::Ip(mapped)]),
            r#"{ ip = "192.0.2.0/24" }"#,
        ),
        refused(
            "not-dot-segments",
            "A URI with dot segments may be meant as one that begins so.",
            named(&[GeneralName::uri("https://example.org/fleet/../admin/a")]),
            r#"{ not = { uri.prefix = "https://example.org/admin/" } }"#,
        ),
    ]
}

fn texts() -> Vec<Case> {
    let dns = |name: &str| named(&[GeneralName::dns(name)]);
    let uri = |text: &str| named(&[GeneralName::uri(text)]);
    let glob = r#"{ dns.glob = "*.fleet.example" }"#;
    let path = r#"{ uri.glob = "https://*.example.org/fleet/*/status" }"#;
    vec![
        accepted(
            "contains",
            "A part of a name.",
            dns("web-7.example"),
            r#"{ dns.contains = "-7." }"#,
        ),
        accepted(
            "dns-glob",
            "A star is one label.",
            dns("a.fleet.example"),
            glob,
        ),
        refused(
            "dns-glob-two",
            "A star is not two labels.",
            dns("a.b.fleet.example"),
            glob,
        ),
        refused(
            "dns-glob-none",
            "A star is not no label.",
            dns("fleet.example"),
            glob,
        ),
        accepted(
            "uri-glob",
            "A star is one label of the host, or one segment of the path.",
            uri("https://a.example.org/fleet/b/status"),
            path,
        ),
        refused(
            "uri-glob-two",
            "A star is not two segments.",
            uri("https://a.example.org/fleet/b/c/status"),
            path,
        ),
        refused(
            "uri-glob-host",
            "A star does not end the host.",
            uri("https://evil.test/.example.org/fleet/b/status"),
            path,
        ),
        refused(
            "uri-glob-user",
            "A star in the host is no user information.",
            uri("https://u@a.example.org/fleet/b/status"),
            path,
        ),
        refused(
            "uri-glob-dot-segments",
            "A segment that is a dot segment fits no star.",
            uri("https://a.example.org/fleet/../status"),
            path,
        ),
        accepted(
            "uri-exact-percent-encoded",
            "All of a URI is compared as it is written.",
            uri("https://example.org/%2e%2e//a"),
            r#"{ uri = "https://example.org/%2e%2e//a" }"#,
        ),
    ]
}

fn fields() -> Vec<Case> {
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    let address = || named(&[GeneralName::Ip(vec![192, 0, 2, 7])]);
    let organization = || {
        bare().subject(Name::new(&[
            Attribute::organization("Example"),
            Attribute::common_name("alice"),
        ]))
    };
    let certificate = hex(&sha256(&bare().der()));
    let key = hex(&sha256(
        Cert::client("alice", &Key::p256("alice")).spki_der(),
    ));
    let serial = hex(&bare().serial_octets());
    let unknown = || bare().extension(Extension::new("1.3.6.1.4.1.32473.2", vec![5, 0]));
    let with_policy = || bare().extension(Extension::certificate_policies(&[POLICY]));
    let upn = |name: &str| named(&[GeneralName::upn(name)]);
    vec![
        accepted(
            "network",
            "An address of a network.",
            address(),
            r#"{ ip = "192.0.2.0/24" }"#,
        ),
        refused(
            "other-network",
            "An address of another network.",
            address(),
            r#"{ ip = "192.0.2.0/30" }"#,
        ),
        accepted(
            "attribute",
            "An attribute of the subject.",
            organization(),
            r#"{ attribute = { oid = "2.5.4.10", text = "Example" } }"#,
        )
        .path(&["CN=alice,O=Example", "CN=Root"]),
        refused(
            "other-attribute",
            "The same text in another attribute.",
            organization(),
            r#"{ attribute = { oid = "2.5.4.11", text = "Example" } }"#,
        ),
        accepted(
            "user-principal-name",
            "The user principal name.",
            upn("alice@corp.example"),
            r#"{ user-principal-name.suffix = "@corp.example" }"#,
        ),
        accepted(
            "other-name-der",
            "An otherName by its bytes.",
            upn("a"),
            r#"{ other-name = { oid = "1.3.6.1.4.1.311.20.2.3", der = "DAFh" } }"#,
        ),
        accepted(
            "subject",
            "The subject by RFC 5280 §7.1: case does not matter.",
            bare(),
            &format!("{{ subject = \"{ALICE}\" }}"),
        ),
        refused(
            "issuer-is-no-subject",
            "The subject is not the issuer.",
            bare(),
            &format!("{{ issuer = \"{ALICE}\" }}"),
        ),
        accepted(
            "serial",
            "Issuer and serial number.",
            bare(),
            &format!("{{ serial = {{ issuer = \"{ROOT}\", number = \"00{serial}\" }} }}"),
        ),
        refused(
            "serial-of-other",
            "The serial number of another issuer.",
            bare(),
            &format!("{{ serial = {{ issuer = \"{ALICE}\", number = \"{serial}\" }} }}"),
        ),
        accepted(
            "certificate",
            "A certificate by its SHA-256.",
            bare(),
            &format!("{{ certificate-sha256 = \"{certificate}\" }}"),
        ),
        accepted(
            "certificate-other-encoding",
            "The same certificate with the other ECDSA signature that verifies.",
            bare().other_encoding(),
            &format!("{{ certificate-sha256 = \"{certificate}\" }}"),
        ),
        refused(
            "not-certificate-other-encoding",
            "A certificate that is kept out stays so with its other ECDSA signature.",
            bare().other_encoding(),
            &format!("{{ not = {{ certificate-sha256 = \"{certificate}\" }} }}"),
        ),
        accepted(
            "key",
            "A key by its SHA-256.",
            bare(),
            &format!("{{ key-sha256 = \"{key}\" }}"),
        ),
        accepted(
            "extension",
            "An extension that is there.",
            unknown(),
            r#"{ extension = { oid = "1.3.6.1.4.1.32473.2" } }"#,
        ),
        refused(
            "extension-value",
            "An extension with another value.",
            unknown(),
            r#"{ extension = { oid = "1.3.6.1.4.1.32473.2", value = "BQE=" } }"#,
        ),
        accepted(
            "key-purpose",
            "A key purpose.",
            bare(),
            r#"{ key-purpose = "client-auth" }"#,
        ),
        refused(
            "not-any-key-purpose",
            "anyExtendedKeyUsage stands for every purpose.",
            bare()
                .without_extension(oid::EXTENDED_KEY_USAGE)
                .extension(Extension::extended_key_usage(&["2.5.29.37.0"])),
            r#"{ not = { key-purpose = "server-auth" } }"#,
        ),
        accepted(
            "certificate-policy",
            "A certificate policy that the path is valid for.",
            with_policy(),
            &format!("{{ certificate-policy = \"{POLICY}\" }}"),
        ),
        refused(
            "other-certificate-policy",
            "The path is valid for another certificate policy.",
            with_policy(),
            r#"{ certificate-policy = "1.3.6.1.4.1.32473.1.2" }"#,
        ),
        refused(
            "scope",
            "No store has scopes.",
            bare(),
            r#"{ scope = "tenant-a" }"#,
        ),
    ]
}
