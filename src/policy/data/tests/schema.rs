//! `docs/policy.schema.json`, made of the names that are read. It is written anew with
//! `MTLS_VERIFY_UPDATE_SCHEMA=1`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::super::choice::Choice;
use super::super::identities::{ANY, NOBODY};
use super::super::leaf::PURPOSE_NAMES;
use super::super::record::Record;
use super::super::signatures::{AWS_LC_RS, DEFAULT, NAMES};
use super::all;
use super::identities::identity_rule;
use super::refused::REFUSED;
use crate::policy::*;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.schema.json");

/// A field, the schema of its value, its default if there is one, and what it is.
type Field = (&'static str, Value, Option<Value>, &'static str);

fn record<R: Record + Serialize + DeserializeOwned>(fields: Vec<Field>) -> Value {
    let names: Vec<_> = fields.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, R::FIELDS);
    let mut properties = Map::new();
    for (name, mut schema, default, description) in fields {
        if let Some(default) = default {
            // The default is what is not written.
            let read: R = serde_json::from_value(json!({ name: &default })).expect(name);
            assert_eq!(
                serde_json::to_value(&read).expect(name),
                json!({}),
                "{name}"
            );
            schema["default"] = default;
        }
        schema["description"] = description.into();
        properties.insert(name.into(), schema);
    }
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

/// The default of a field that is a record.
fn no_changes() -> Option<Value> {
    Some(json!({}))
}

pub(super) fn choice<C: Choice>(values: Vec<(&'static str, Value)>) -> Value {
    let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, C::WITH_VALUE);
    let alone = json!({"enum": C::ALONE});
    if values.is_empty() {
        return alone;
    }
    let with_value = values.into_iter().map(|(name, value)| {
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": [name],
            "properties": {name: value},
        })
    });
    let alone = Some(alone).filter(|_| !C::ALONE.is_empty());
    json!({"oneOf": alone.into_iter().chain(with_value).collect::<Vec<_>>()})
}

pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn schema() -> Value {
    let expired = || reference("expired");
    let count = || json!({"type": "integer", "minimum": 0, "maximum": u32::MAX});
    let size = || json!({"type": "integer", "minimum": 0});
    let says = |value: &str| Some(Value::from(value));
    let number = |value: usize| Some(Value::from(value));
    let limits = Limits::default();
    let memory = Memory::default();
    let sizes = RsaKeySize::default();

    let expiry = record::<ExpiryPolicy>(Vec::from([
        (
            "client",
            expired(),
            says("reject"),
            "An expired client certificate.",
        ),
        (
            "issuers",
            expired(),
            says("reject"),
            "Expired intermediates and separate CRL signers.",
        ),
        (
            "anchors",
            expired(),
            says("reject"),
            "Expired trust anchors.",
        ),
        (
            "clock-skew",
            reference("duration"),
            says("0s"),
            "How far clocks may be apart: at most 24h.",
        ),
    ]));
    let revocation = record::<RevocationPolicy>(Vec::from([
        (
            "scope",
            choice::<RevocationScope>(Vec::new()),
            says("auto"),
            "The certificates that are checked.",
        ),
        (
            "unknown",
            choice::<UnknownStatus>(Vec::new()),
            says("deny"),
            "A certificate that no CRL names and for which none vouches.",
        ),
        (
            "stale",
            expired(),
            says("reject"),
            "A CRL after its nextUpdate.",
        ),
        (
            "pruned",
            choice::<PrunedEntries>(Vec::new()),
            says("may-be"),
            "Whether CRLs keep the entries of expired certificates.",
        ),
    ]));
    let policies = record::<CertificatePolicies>(Vec::from([
        (
            "acceptable",
            choice::<AcceptablePolicies>(Vec::from([(
                "only",
                json!({"type": "array", "items": reference("object-identifier")}),
            )])),
            says("any"),
            "user-initial-policy-set. Alone it refuses nobody.",
        ),
        (
            "explicit-policy",
            choice::<ExplicitPolicy>(Vec::new()),
            says("not-required"),
            "initial-explicit-policy.",
        ),
        (
            "mapping",
            choice::<PolicyMappings>(Vec::new()),
            says("allowed"),
            "initial-policy-mapping-inhibit.",
        ),
        (
            "any-policy",
            choice::<AnyPolicy>(Vec::new()),
            says("allowed"),
            "initial-any-policy-inhibit.",
        ),
    ]));
    let purposes = || {
        json!({"anyOf": [
            reference("purpose"),
            {
                "type": "array",
                "items": reference("purpose"),
                "minItems": 1,
                "maxItems": KeyPurposes::MAX,
                "uniqueItems": true,
            },
        ]})
    };
    let algorithms: Vec<_> = [DEFAULT]
        .into_iter()
        .chain(NAMES.map(|(name, _)| name))
        .collect();

    let mut schema = record::<ClientPolicy>(Vec::from([
        (
            "expiry",
            expiry,
            no_changes(),
            "Which expired certificates are accepted.",
        ),
        (
            "revocation",
            revocation,
            no_changes(),
            "What is asked of the revocation status.",
        ),
        (
            "purpose",
            choice::<RequiredPurpose>(Vec::from([
                ("if-present", purposes()),
                ("required", purposes()),
            ])),
            Some(json!({"if-present": "client-auth"})),
            "What the extended key usage must permit: of several purposes, the same one on the \
             whole path.",
        ),
        (
            "path-length",
            count(),
            None,
            "How many intermediates that are not self-issued a path may have. Without it, as many \
             as limits.intermediates.",
        ),
        (
            "certificate-policies",
            policies,
            no_changes(),
            "What is asked of certificate policies (RFC 5280, 6.1.1).",
        ),
        (
            "profile",
            choice::<Profile>(Vec::new()),
            says("compatible"),
            "How strictly the form of certificates and CRLs is held to RFC 5280.",
        ),
        (
            "processed-extensions",
            json!({"type": "array", "uniqueItems": true, "items": {"anyOf": [
                reference("object-identifier"),
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["path"],
                    "properties": {"path": reference("object-identifier")},
                },
            ]}}),
            Some(json!([])),
            "Critical extensions that the application processes: on the client's certificate, or \
             { path = OID } on the whole path.",
        ),
        (
            "identities",
            json!({"oneOf": [{"enum": [ANY, NOBODY]}, reference("identity-rule")]}),
            says(ANY),
            "Which verified clients are accepted.",
        ),
        (
            "key-usage",
            choice::<ClientKeyUsage>(Vec::new()),
            says("digital-signature"),
            "What the client's keyUsage must include, where it has one.",
        ),
        (
            "client-ca",
            choice::<ClientCa>(Vec::new()),
            says("refuse"),
            "A CA certificate that a client presents as its own.",
        ),
        (
            "signatures",
            json!({"oneOf": [
                {"enum": [DEFAULT, AWS_LC_RS]},
                {"type": "array", "items": {"enum": algorithms}, "uniqueItems": true},
            ]}),
            says(DEFAULT),
            "The signature algorithms of certificates and CRLs.",
        ),
        (
            "rsa-keys",
            record::<RsaKeySize>(Vec::from([
                (
                    "minimum-bits",
                    count(),
                    number(sizes.minimum_bits as usize),
                    "The smallest size in bits.",
                ),
                (
                    "maximum-bits",
                    count(),
                    number(sizes.maximum_bits as usize),
                    "The largest size in bits.",
                ),
            ])),
            no_changes(),
            "The sizes that RSA keys may have.",
        ),
        (
            "limits",
            record::<Limits>(Vec::from([
                (
                    "presented",
                    size(),
                    number(limits.presented),
                    "Certificates that a client may present.",
                ),
                (
                    "certificate-bytes",
                    size(),
                    number(limits.certificate_bytes),
                    "Bytes of one presented certificate.",
                ),
                (
                    "intermediates",
                    size(),
                    number(limits.intermediates),
                    "Intermediates in a path.",
                ),
                (
                    "signatures",
                    count(),
                    number(limits.signatures as usize),
                    "Signatures verified for one client.",
                ),
                (
                    "work",
                    count(),
                    number(limits.work as usize),
                    "Work for one client, in units of about 10 ns.",
                ),
            ])),
            no_changes(),
            "How much work one verification may cost.",
        ),
        (
            "memory",
            record::<Memory>(Vec::from([
                (
                    "chain-bytes",
                    size(),
                    number(memory.chain_bytes),
                    "Bytes for verified chains; 0 is off.",
                ),
                (
                    "signatures",
                    size(),
                    number(memory.signatures),
                    "Signatures on CA certificates; 0 is off.",
                ),
            ])),
            no_changes(),
            "How much a verifier remembers.",
        ),
    ]));
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "A policy of mtls-verify".into();
    let identifier = json!({"type": "string", "pattern": "^[0-2](\\.(0|[1-9][0-9]*))+$"});
    schema["$defs"] = json!({
        "expired": choice::<Expired>(Vec::from([("accept-for", reference("duration"))])),
        "identity-rule": identity_rule(),
        "text-match": {"oneOf": [
            {"type": "string"},
            choice::<TextMatch>(Vec::from([
                ("exact", json!({"type": "string"})),
                ("prefix", json!({"type": "string", "minLength": 1})),
                ("suffix", json!({"type": "string", "minLength": 1})),
                ("contains", json!({"type": "string", "minLength": 1})),
                ("glob", json!({"type": "string"})),
            ])),
        ]},
        "duration": {
            "type": "string",
            "minLength": 2,
            "pattern": "^ *([0-9]+w *)?([0-9]+d *)?([0-9]+h *)?([0-9]+m *)?([0-9]+s *)?$",
        },
        "object-identifier": identifier,
        "purpose": {"anyOf": [{"enum": PURPOSE_NAMES}, identifier]},
    });
    schema
}

#[test]
fn the_file_is_the_schema() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("MTLS_VERIFY_UPDATE_SCHEMA").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    let file = std::fs::read_to_string(FILE).unwrap();
    assert!(
        file == text,
        "{FILE} is not as MTLS_VERIFY_UPDATE_SCHEMA=1 writes it"
    );
}

/// The schema takes what is written, and refuses what is an unknown name or another type.
#[test]
fn the_schema_takes_what_is_read() {
    let schema = schema();
    for (json, _) in all() {
        let value = serde_json::from_str(json).unwrap();
        assert_eq!(find_fault(&value, &schema, &schema), None, "{json}");
    }
    for (json, message) in REFUSED {
        // A schema does not see a field twice, and the text of a value only by its pattern.
        let is_of_text = message.starts_with('`')
            && !message.contains("needs a value")
            && !message.contains("has no value")
            && !message.contains("at once");
        if is_of_text || message.contains("twice") || message.contains("`required` and `required`")
        {
            continue;
        }
        let value = serde_json::from_str(json).unwrap();
        assert!(find_fault(&value, &schema, &schema).is_some(), "{json}");
    }
}

/// Why a value does not meet a schema: as much of JSON Schema as ours needs, without patterns.
fn find_fault(value: &Value, schema: &Value, root: &Value) -> Option<String> {
    let fault = |what: &str| Some(format!("{value}: {what} of {schema}"));
    for (keyword, asked) in schema.as_object().unwrap() {
        let list = || asked.as_array().unwrap();
        let holds = |one: &&Value| find_fault(value, one, root).is_none();
        let is_met = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" | "pattern" => true,
            // It follows from properties.
            "additionalProperties" => true,
            "minItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 >= asked.as_u64().unwrap()),
            "maxItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 <= asked.as_u64().unwrap()),
            "uniqueItems" => value.as_array().is_none_or(|items| {
                let is_new = |at: usize| !items[..at].contains(&items[at]);
                (0..items.len()).all(is_new)
            }),
            "$ref" => {
                let pointer = asked.as_str().unwrap().trim_start_matches('#');
                holds(&root.pointer(pointer).unwrap())
            }
            "oneOf" => list().iter().filter(holds).count() == 1,
            "anyOf" => list().iter().any(|one| holds(&one)),
            "enum" => list().contains(value),
            "type" => match asked.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.is_i64() || value.is_u64(),
                other => panic!("{other}"),
            },
            "minimum" => value
                .as_i64()
                .is_none_or(|value| value >= asked.as_i64().unwrap()),
            "maximum" => value
                .as_u64()
                .is_none_or(|value| value <= asked.as_u64().unwrap()),
            "minLength" => {
                let length = value.as_str().map_or(0, str::len);
                length as u64 >= asked.as_u64().unwrap()
            }
            "required" => list()
                .iter()
                .all(|name| value.get(name.as_str().unwrap()).is_some()),
            "properties" => value
                .as_object()
                .into_iter()
                .flatten()
                .all(|(name, value)| {
                    let of_field = asked.get(name);
                    of_field.is_some_and(|schema| find_fault(value, schema, root).is_none())
                }),
            "items" => {
                let mut items = value.as_array().into_iter().flatten();
                items.all(|item| find_fault(item, asked, root).is_none())
            }
            other => panic!("{other}"),
        };
        if !is_met {
            return fault(&keyword.to_string());
        }
    }
    None
}
