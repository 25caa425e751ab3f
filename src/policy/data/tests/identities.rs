//! Rules on identities.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::{Map, Value, json};

use super::schema::{choice, reference};
use super::{assert_same, from_json};
use crate::policy::*;

fn identity(wanted: IdentityMatch) -> ClientPolicy {
    ClientPolicy::default().with_identities(AcceptedIdentities::any_of([wanted]).unwrap())
}

fn rule(rule: impl Into<IdentityRule>) -> ClientPolicy {
    ClientPolicy::default().with_identities(AcceptedIdentities::rule(rule).unwrap())
}

/// CN=x.
const NAME: [u8; 14] = *b"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x";

/// Without a provider, there are no digests.
fn digest_rule(wanted: IdentityMatch) -> ClientPolicy {
    match cfg!(any(feature = "ring", feature = "aws-lc-rs")) {
        true => rule(wanted),
        false => ClientPolicy::default(),
    }
}

/// Each match and each way to combine them, as [`written`](super::written).
pub(super) fn written() -> Vec<(&'static str, ClientPolicy)> {
    let policy = ClientPolicy::default;
    let purpose = |text: &str| text.parse::<KeyPurpose>().unwrap();
    let spiffe =
        |wanted: Result<SpiffeMatch, _>| identity(IdentityMatch::SpiffeId(wanted.unwrap()));
    let exact = |text: &str| TextMatch::Exact(text.into());
    let ip = |octets: [u8; 4]| IpNetwork::from(core::net::IpAddr::from(octets));
    let oid = |dotted: &str| dotted.parse::<crate::client::Oid>().unwrap();
    let name = || DistinguishedName::from_der(&NAME).unwrap();
    vec![
        (
            r#"{"identities":"nobody"}"#,
            policy().with_identities(AcceptedIdentities::Nobody),
        ),
        (
            r#"{"identities":{"any":[{"dns":{"suffix":".example.com"}}]}}"#,
            identity(IdentityMatch::Dns(TextMatch::Suffix(".example.com".into()))),
        ),
        (
            r#"{"identities":{"any":[{"email":{"exact":"a@example.com"}}]}}"#,
            identity(IdentityMatch::Email(exact("a@example.com"))),
        ),
        (
            r#"{"identities":{"any":[{"uri":{"prefix":"https://example.com/"}}]}}"#,
            identity(IdentityMatch::Uri(TextMatch::Prefix(
                "https://example.com/".into(),
            ))),
        ),
        (
            r#"{"identities":{"any":[{"ip":"192.0.2.1"}]}}"#,
            identity(IdentityMatch::Ip(ip([192, 0, 2, 1]))),
        ),
        (
            r#"{"identities":{"any":[{"ip":"::ffff:192.0.2.1"}]}}"#,
            identity(IdentityMatch::Ip("::ffff:192.0.2.1".parse().unwrap())),
        ),
        (
            r#"{"identities":{"any":[{"common-name":{"exact":"\"é\""}}]}}"#,
            identity(IdentityMatch::CommonName(exact("\"é\""))),
        ),
        (
            r#"{"identities":{"any":[{"organizational-unit":{"exact":"Operations"}}]}}"#,
            identity(IdentityMatch::OrganizationalUnit(exact("Operations"))),
        ),
        (
            r#"{"identities":{"any":[{"spiffe-id":{"exact":"spiffe://a.example/b"}}]}}"#,
            spiffe(SpiffeMatch::exact("spiffe://a.example/b")),
        ),
        (
            r#"{"identities":{"any":[{"spiffe-id":{"below":"spiffe://a.example"}}]}}"#,
            spiffe(SpiffeMatch::below("spiffe://a.example")),
        ),
        (
            r#"{"identities":{"dns":{"contains":"a"}}}"#,
            rule(IdentityMatch::Dns(TextMatch::Contains("a".into()))),
        ),
        (
            r#"{"identities":{"dns":{"glob":"*.example"}}}"#,
            rule(IdentityMatch::Dns(TextMatch::Glob("*.example".into()))),
        ),
        (
            r#"{"identities":{"ip":"192.0.2.0/24"}}"#,
            rule(IdentityMatch::Ip("192.0.2.0/24".parse().unwrap())),
        ),
        (
            r#"{"identities":{"user-principal-name":{"exact":"a@corp"}}}"#,
            rule(IdentityMatch::UserPrincipalName(exact("a@corp"))),
        ),
        (
            r#"{"identities":{"other-name":{"oid":"1.2.3","text":{"exact":"a"}}}}"#,
            rule(IdentityMatch::OtherName(OtherNameMatch::new(
                oid("1.2.3"),
                OtherNameValue::Text(exact("a")),
            ))),
        ),
        (
            r#"{"identities":{"other-name":{"oid":"1.2.3","der":"BQA="}}}"#,
            rule(IdentityMatch::OtherName(OtherNameMatch::new(
                oid("1.2.3"),
                OtherNameValue::Der(vec![5, 0]),
            ))),
        ),
        (
            r#"{"identities":{"attribute":{"oid":"2.5.4.10","text":{"prefix":"E"}}}}"#,
            rule(IdentityMatch::Attribute(AttributeMatch::new(
                oid("2.5.4.10"),
                TextMatch::Prefix("E".into()),
            ))),
        ),
        (
            r#"{"identities":{"subject":"MAwxCjAIBgNVBAMMAXg="}}"#,
            rule(IdentityMatch::Subject(name())),
        ),
        (
            r#"{"identities":{"issuer":"MAwxCjAIBgNVBAMMAXg="}}"#,
            rule(IdentityMatch::Issuer(name())),
        ),
        (
            r#"{"identities":{"serial":{"issuer":"MAwxCjAIBgNVBAMMAXg=","number":"03a5"}}}"#,
            rule(IdentityMatch::Serial(
                SerialMatch::new(name(), &[3, 0xa5]).unwrap(),
            )),
        ),
        (
            concat!(
                r#"{"identities":{"certificate-sha256":"#,
                r#""abababababababababababababababababababababababababababababababab"}}"#
            ),
            digest_rule(IdentityMatch::CertificateSha256([0xab; 32])),
        ),
        (
            concat!(
                r#"{"identities":{"key-sha256":"#,
                r#""abababababababababababababababababababababababababababababababab"}}"#
            ),
            digest_rule(IdentityMatch::KeySha256([0xab; 32])),
        ),
        (
            r#"{"identities":{"extension":{"oid":"1.2.3"}}}"#,
            rule(IdentityMatch::Extension(ExtensionMatch::present(oid(
                "1.2.3",
            )))),
        ),
        (
            r#"{"identities":{"extension":{"oid":"1.2.3","value":"BQA="}}}"#,
            rule(IdentityMatch::Extension(ExtensionMatch::with_value(
                oid("1.2.3"),
                vec![5, 0],
            ))),
        ),
        (
            r#"{"identities":{"key-purpose":"1.3.6.1.4.1.311.20.2.2"}}"#,
            rule(IdentityMatch::KeyPurpose(purpose("1.3.6.1.4.1.311.20.2.2"))),
        ),
        (
            r#"{"identities":{"certificate-policy":"2.999"}}"#,
            rule(IdentityMatch::CertificatePolicy("2.999".parse().unwrap())),
        ),
        (
            r#"{"identities":{"scope":"tenant-a"}}"#,
            rule(IdentityMatch::Scope("tenant-a".into())),
        ),
        (
            r#"{"identities":{"all":[{"ip":"::1"},{"not":{"any":[{"ip":"::2"},{"ip":"::3"}]}}]}}"#,
            rule(IdentityRule::all([
                IdentityMatch::Ip("::1".parse().unwrap()).into(),
                IdentityRule::not(IdentityRule::any(
                    ["::2", "::3"].map(|ip| IdentityMatch::Ip(ip.parse().unwrap())),
                )),
            ])),
        ),
    ]
}

/// What a format does not bound is bounded here.
#[test]
fn rules_are_not_nested_without_end() {
    let nested = |levels: usize| {
        let rule = String::from("{\"not\":").repeat(levels - 1) + r#"{"ip":"::1"}"#;
        alloc::format!("{{\"identities\":{rule}{}}}", "}".repeat(levels - 1))
    };
    assert!(from_json(&nested(IdentityRules::MAX_DEPTH)).is_ok());
    let place = ["not"; IdentityRules::MAX_DEPTH].join(".");
    let expected =
        |step| alloc::format!("`identities.{place}.{step}`: rules are nested more than 16 deep");
    let deep = nested(IdentityRules::MAX_DEPTH + 1);
    assert_eq!(from_json(&deep).unwrap_err(), expected("ip"));
    assert_eq!(from_json(&nested(100)).unwrap_err(), expected("not"));
    // Values are read without a bound of their own.
    let value: Value = serde_json::from_str(&nested(100)).unwrap();
    let error = serde_json::from_value::<ClientPolicy>(value).unwrap_err();
    assert!(error.to_string().contains("16 deep"), "{error}");
    // Beyond what the format reads.
    assert!(from_json(&nested(100_000)).is_err());
}

/// Text alone is all of it, and digests may have colons.
#[test]
fn there_are_short_forms() {
    let [short, long] = [r#""a.example""#, r#"{"exact":"a.example"}"#]
        .map(|text| alloc::format!(r#"{{"identities":{{"dns":{text}}}}}"#));
    assert_same(&from_json(&short).unwrap(), &from_json(&long).unwrap());
    if cfg!(any(feature = "ring", feature = "aws-lc-rs")) {
        let [plain, colons] = [["ab"; 32].concat(), ["AB"; 32].join(":")]
            .map(|digest| alloc::format!(r#"{{"identities":{{"key-sha256":"{digest}"}}}}"#));
        assert_same(&from_json(&plain).unwrap(), &from_json(&colons).unwrap());
    }
    for bad in [
        "a",
        "ab:a",
        "a:b",
        "ab:",
        ":ab",
        "ab cd",
        "\u{e9}\u{e9}",
        "+a",
    ] {
        let json = alloc::format!(
            r#"{{"identities":{{"serial":{{"issuer":"MAwxCjAIBgNVBAMMAXg=","number":"{bad}"}}}}}}"#
        );
        assert!(from_json(&json).is_err(), "{bad}");
    }
}

/// The schema of a rule.
pub(super) fn identity_rule() -> Value {
    let (text, purpose) = (|| reference("text-match"), || reference("purpose"));
    let (string, oid) = (
        || json!({"type": "string"}),
        || reference("object-identifier"),
    );
    let rule = || reference("identity-rule");
    let rules = || json!({"type": "array", "items": rule(), "minItems": 1});
    let digest = || json!({"type": "string", "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$"});
    let table = |fields: &[(&str, Value)], needed: &[&str]| {
        let properties: Map<_, _> = fields
            .iter()
            .map(|(name, schema)| (String::from(*name), schema.clone()))
            .collect();
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": needed,
            "properties": properties,
        })
    };
    choice::<IdentityRule>(Vec::from([
        ("all", rules()),
        ("any", rules()),
        ("not", rule()),
        ("dns", text()),
        ("email", text()),
        ("uri", text()),
        ("ip", string()),
        ("common-name", text()),
        ("organizational-unit", text()),
        (
            "spiffe-id",
            choice::<SpiffeMatch>(Vec::from([("exact", string()), ("below", string())])),
        ),
        ("user-principal-name", text()),
        (
            "other-name",
            json!({"oneOf": [
                table(&[("oid", oid()), ("text", text())], &["oid", "text"]),
                table(&[("oid", oid()), ("der", string())], &["oid", "der"]),
            ]}),
        ),
        (
            "attribute",
            table(&[("oid", oid()), ("text", text())], &["oid", "text"]),
        ),
        ("subject", string()),
        ("issuer", string()),
        (
            "serial",
            table(
                &[("issuer", string()), ("number", string())],
                &["issuer", "number"],
            ),
        ),
        ("certificate-sha256", digest()),
        ("key-sha256", digest()),
        (
            "extension",
            table(&[("oid", oid()), ("value", string())], &["oid"]),
        ),
        ("key-purpose", purpose()),
        ("certificate-policy", oid()),
        ("scope", json!({"type": "string", "minLength": 1})),
    ]))
}
