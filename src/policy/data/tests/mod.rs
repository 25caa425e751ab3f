//! Policies from JSON and TOML, and back.

mod algorithms;
mod documented;
mod identities;
mod refused;
mod schema;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use super::choice::Choice;
use super::record::Record;
use crate::policy::*;

const HOUR: Duration = Duration::from_secs(3_600);

pub(super) fn from_json(json: &str) -> Result<ClientPolicy, String> {
    serde_json::from_str(json).map_err(|error| {
        // The message without the line.
        let error = error.to_string();
        let end = error.rfind(" at line ").unwrap_or(error.len());
        error[..end].into()
    })
}

pub(super) fn to_json(policy: &ClientPolicy) -> Result<String, String> {
    serde_json::to_string(policy).map_err(|error| error.to_string())
}

#[track_caller]
fn assert_same(one: &ClientPolicy, other: &ClientPolicy) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
    assert!(one.signatures.are(&other.signatures));
}

fn expired(set: impl Fn(ExpiryPolicy) -> ExpiryPolicy) -> ClientPolicy {
    ClientPolicy::default().with_expiry(set(ExpiryPolicy::default()))
}

fn revocation(set: impl Fn(RevocationPolicy) -> RevocationPolicy) -> ClientPolicy {
    ClientPolicy::default().with_revocation(set(RevocationPolicy::default()))
}

fn limits(set: impl Fn(Limits) -> Limits) -> ClientPolicy {
    ClientPolicy::default().with_limits(set(Limits::default()))
}

fn policies(set: impl Fn(CertificatePolicies) -> CertificatePolicies) -> ClientPolicy {
    ClientPolicy::default().with_certificate_policies(set(CertificatePolicies::default()))
}

/// Each field and each variant, as it is written, and what that is in Rust.
fn written() -> Vec<(&'static str, ClientPolicy)> {
    let policy = ClientPolicy::default;
    let purpose = |text: &str| text.parse::<KeyPurpose>().unwrap();
    vec![
        ("{}", policy()),
        (
            r#"{"expiry":{"client":"accept"}}"#,
            expired(|expiry| expiry.with_client(Expired::Accept)),
        ),
        (
            r#"{"expiry":{"issuers":{"accept-for":"1h"}}}"#,
            expired(|expiry| expiry.with_issuers(Expired::AcceptFor(HOUR))),
        ),
        (
            r#"{"expiry":{"anchors":{"accept-for":"213503982334601d 7h 15s"}}}"#,
            expired(|expiry| {
                expiry.with_anchors(Expired::AcceptFor(Duration::from_secs(u64::MAX)))
            }),
        ),
        (
            r#"{"expiry":{"clock-skew":"1d"}}"#,
            expired(|expiry| expiry.with_clock_skew(ClockSkew::MAX)),
        ),
        (
            r#"{"revocation":{"scope":"off"}}"#,
            revocation(|_| RevocationPolicy::off()),
        ),
        (
            r#"{"revocation":{"scope":"client-only"}}"#,
            revocation(|_| RevocationPolicy::client_only()),
        ),
        (
            r#"{"revocation":{"scope":"whole-path","unknown":"allow-unpublished"}}"#,
            revocation(|_| RevocationPolicy::where_published()),
        ),
        (
            r#"{"revocation":{"unknown":"allow"}}"#,
            revocation(|auto| auto.with_unknown(UnknownStatus::Allow)),
        ),
        (
            r#"{"revocation":{"stale":{"accept-for":"0s"},"pruned":"kept"}}"#,
            revocation(|auto| {
                let pruned = auto.with_pruned(PrunedEntries::Kept);
                pruned.with_stale(Expired::AcceptFor(Duration::ZERO))
            }),
        ),
        (
            r#"{"purpose":"unchecked"}"#,
            policy().with_purpose(RequiredPurpose::Unchecked),
        ),
        (
            r#"{"purpose":{"if-present":"server-auth"}}"#,
            policy().with_purpose(RequiredPurpose::IfPresent(KeyPurpose::SERVER_AUTH.into())),
        ),
        (
            r#"{"purpose":{"if-present":"any"}}"#,
            policy().with_purpose(RequiredPurpose::IfPresent(KeyPurpose::ANY.into())),
        ),
        (
            r#"{"purpose":{"required":"client-auth"}}"#,
            policy().with_purpose(RequiredPurpose::Required(KeyPurpose::CLIENT_AUTH.into())),
        ),
        (
            r#"{"purpose":{"required":"email-protection"}}"#,
            policy().with_purpose(RequiredPurpose::Required(
                KeyPurpose::EMAIL_PROTECTION.into(),
            )),
        ),
        (
            r#"{"purpose":{"required":"1.3.6.1.4.1.311.20.2.2"}}"#,
            policy().with_purpose(RequiredPurpose::Required(
                purpose("1.3.6.1.4.1.311.20.2.2").into(),
            )),
        ),
        (
            r#"{"purpose":{"if-present":["client-auth","1.3.6.1.4.1.311.20.2.2"]}}"#,
            policy().with_purpose(RequiredPurpose::IfPresent(
                KeyPurposes::any_of([KeyPurpose::CLIENT_AUTH, purpose("1.3.6.1.4.1.311.20.2.2")])
                    .unwrap(),
            )),
        ),
        (r#"{"path-length":0}"#, policy().with_path_length(0)),
        (
            r#"{"path-length":4294967295}"#,
            policy().with_path_length(u32::MAX),
        ),
        (
            r#"{"certificate-policies":{"acceptable":{"only":["2.5.29.32.0","2.999"]}}}"#,
            policies(|policies| {
                let ids = vec![PolicyId::ANY, "2.999".parse().unwrap()];
                policies.with_acceptable(AcceptablePolicies::Only(ids))
            }),
        ),
        (
            r#"{"certificate-policies":{"acceptable":{"only":[]}}}"#,
            policies(|policies| policies.with_acceptable(AcceptablePolicies::Only(vec![]))),
        ),
        (
            r#"{"certificate-policies":{"explicit-policy":"required"}}"#,
            policies(|policies| policies.with_explicit_policy(ExplicitPolicy::Required)),
        ),
        (
            r#"{"certificate-policies":{"mapping":"inhibited"}}"#,
            policies(|policies| policies.with_mapping(PolicyMappings::Inhibited)),
        ),
        (
            r#"{"certificate-policies":{"any-policy":"inhibited"}}"#,
            policies(|policies| policies.with_any_policy(AnyPolicy::Inhibited)),
        ),
        (
            r#"{"profile":"rfc5280"}"#,
            policy().with_profile(Profile::Rfc5280),
        ),
        (
            r#"{"processed-extensions":["2.23.133.5.4.1",{"path":"2.999"}]}"#,
            policy().with_processed_extensions(
                ProcessedExtensions::none()
                    .with("2.999".parse().unwrap(), ProcessedIn::Path)
                    .and_then(|all| {
                        let dice = "2.23.133.5.4.1".parse().unwrap();
                        all.with(dice, ProcessedIn::Client)
                    })
                    .unwrap(),
            ),
        ),
        (
            r#"{"key-usage":"unchecked"}"#,
            policy().with_key_usage(ClientKeyUsage::Unchecked),
        ),
        (
            r#"{"client-ca":"accept"}"#,
            policy().with_client_ca(ClientCa::Accept),
        ),
        (
            r#"{"signatures":[]}"#,
            policy().with_signatures(SignatureAlgorithms::from_iter([])),
        ),
        (
            r#"{"rsa-keys":{"minimum-bits":3072}}"#,
            policy().with_rsa_keys(RsaKeySize::new(3_072, 8_192)),
        ),
        (
            r#"{"rsa-keys":{"minimum-bits":0,"maximum-bits":0}}"#,
            policy().with_rsa_keys(RsaKeySize::new(0, 0)),
        ),
        (
            r#"{"limits":{"presented":1,"certificate-bytes":2}}"#,
            limits(|limits| limits.with_presented(1).with_certificate_bytes(2)),
        ),
        (
            r#"{"limits":{"intermediates":0}}"#,
            limits(|limits| limits.with_intermediates(0)),
        ),
        (
            r#"{"limits":{"signatures":3,"work":4294967295}}"#,
            limits(|limits| limits.with_signatures(3).with_work(u32::MAX)),
        ),
        (
            r#"{"memory":{"chain-bytes":0,"signatures":0}}"#,
            policy().with_memory(Memory::OFF),
        ),
    ]
}

/// The same, with those of [`identities`].
fn all() -> Vec<(&'static str, ClientPolicy)> {
    [written(), identities::written()].concat()
}

#[test]
fn each_part_is_read_and_written() {
    for (json, policy) in all() {
        // Without a provider, no algorithm is the default.
        let needs_provider = json.contains(r#"{"signatures":[]"#) || json.contains("sha256");
        if needs_provider && crate::crypto::DEFAULT_ALGORITHMS.is_empty() {
            continue;
        }
        assert_same(&from_json(json).expect(json), &policy);
        assert_eq!(to_json(&policy).as_deref(), Ok(json));
        let toml = toml::to_string(&policy).expect(json);
        assert_same(&toml::from_str(&toml).expect(&toml), &policy);
        // Through values, which have the fields in another order.
        let value = serde_json::to_value(&policy).expect(json);
        assert_same(&serde_json::from_value(value).expect(json), &policy);
    }
}

/// Every field with its default.
const DEFAULTS: &str = r#"{
    "expiry": {
        "client": "reject", "issuers": "reject", "anchors": "reject", "clock-skew": "0s"
    },
    "revocation": {
        "scope": "auto", "unknown": "deny", "stale": "reject", "pruned": "may-be"
    },
    "purpose": {"if-present": "client-auth"},
    "certificate-policies": {
        "acceptable": "any", "explicit-policy": "not-required", "mapping": "allowed",
        "any-policy": "allowed"
    },
    "profile": "compatible",
    "processed-extensions": [],
    "identities": "any",
    "key-usage": "digital-signature",
    "client-ca": "refuse",
    "signatures": "default",
    "rsa-keys": {"minimum-bits": 2048, "maximum-bits": 8192},
    "limits": {
        "presented": 16, "certificate-bytes": 16384, "intermediates": 8, "signatures": 20,
        "work": 250000
    },
    "memory": {"chain-bytes": 16777216, "signatures": 4096}
}"#;

/// A value that is the default may be written as well. It reads as if it was left out.
#[test]
fn defaults_can_be_said() {
    let policy = from_json(DEFAULTS).expect("a policy");
    assert_same(&policy, &ClientPolicy::default());
    assert_eq!(to_json(&policy).as_deref(), Ok("{}"));
    // No field is missing above, but the one whose default is that it is not there.
    let value: serde_json::Value = serde_json::from_str(DEFAULTS).unwrap();
    assert_eq!(
        value.as_object().unwrap().len(),
        ClientPolicy::FIELDS.len() - 1
    );
    assert_same(&toml::from_str("").unwrap(), &ClientPolicy::default());
}

/// A part that is alone is read and written as within a policy.
#[test]
fn parts_stand_alone() {
    let expired: Expired = serde_json::from_str(r#"{"accept-for": "1h"}"#).unwrap();
    assert_eq!(expired, Expired::AcceptFor(HOUR));
    assert_eq!(
        serde_json::to_string(&Expired::Accept).unwrap(),
        r#""accept""#
    );
    let skew: ClockSkew = serde_json::from_str(r#""5m""#).unwrap();
    assert_eq!(skew.duration(), HOUR / 12);
    let error = serde_json::from_str::<ClockSkew>(r#""2d""#).unwrap_err();
    let own = ClockSkew::new(48 * HOUR).unwrap_err();
    assert_eq!(error.to_string(), format!("{own} at line 1 column 4"));
    let error = serde_json::from_str::<Limits>(r#"{"intermediate": 1}"#).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("unknown field `intermediate`: did you mean `intermediates`?"),
        "{error}"
    );
}

/// The names are those of Rust, in kebab-case, and each is tried above.
#[test]
fn names_are_those_of_rust() {
    let kebab = |name: &str| {
        let mut kebab = String::new();
        for character in name.chars() {
            if character == '_' || character.is_ascii_uppercase() && !kebab.is_empty() {
                kebab.push('-');
            }
            if character != '_' {
                kebab.push(character.to_ascii_lowercase());
            }
        }
        kebab
    };
    fn record<R: Record>() -> (Vec<&'static str>, &'static [&'static str]) {
        (R::FIELDS.to_vec(), R::IN_RUST)
    }
    fn choice<C: Choice>() -> (Vec<&'static str>, &'static [&'static str]) {
        ([C::ALONE, C::WITH_VALUE].concat(), C::IN_RUST)
    }
    let tried = all().into_iter().map(|(json, _)| json);
    let tried: String = tried.chain([DEFAULTS]).collect();
    for (names, in_rust) in [
        record::<ClientPolicy>(),
        record::<ExpiryPolicy>(),
        record::<RevocationPolicy>(),
        record::<CertificatePolicies>(),
        record::<RsaKeySize>(),
        record::<Limits>(),
        record::<Memory>(),
        choice::<Expired>(),
        choice::<RevocationScope>(),
        choice::<UnknownStatus>(),
        choice::<PrunedEntries>(),
        choice::<RequiredPurpose>(),
        choice::<AcceptablePolicies>(),
        choice::<ExplicitPolicy>(),
        choice::<PolicyMappings>(),
        choice::<AnyPolicy>(),
        choice::<Profile>(),
        choice::<IdentityRule>(),
        choice::<IdentityMatch>(),
        choice::<TextMatch>(),
        choice::<SpiffeMatch>(),
        choice::<ClientKeyUsage>(),
        choice::<ClientCa>(),
    ] {
        for name in &names {
            assert!(tried.contains(&format!("\"{name}\"")), "{name}");
        }
        assert_eq!(
            names,
            in_rust.iter().map(|name| kebab(name)).collect::<Vec<_>>()
        );
    }
}
