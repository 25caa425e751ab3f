//! What is refused, and with which words.

use alloc::string::ToString;

use super::{from_json, to_json};
use crate::policy::*;

/// Each with the message of the error.
pub(super) const REFUSED: &[(&str, &str)] = &[
    // Unknown fields, with the nearest known one.
    (
        r#"{"limits":{"intermediate":1}}"#,
        "unknown field `intermediate` in `limits`: did you mean `intermediates`?",
    ),
    (
        r#"{"profil":"rfc5280"}"#,
        "unknown field `profil`: did you mean `profile`?",
    ),
    (
        r#"{"client_ca":"accept"}"#,
        "unknown field `client_ca`: did you mean `client-ca`?",
    ),
    (
        r#"{"clientCa":"accept"}"#,
        "unknown field `clientCa`: did you mean `client-ca`?",
    ),
    (
        r#"{"memory":{"intermediates":1}}"#,
        "unknown field `intermediates` in `memory`: expected `chain-bytes` or `signatures`",
    ),
    (
        r#"{"expiry":{"leaf":"accept"}}"#,
        "unknown field `leaf` in `expiry`: expected `client`, `issuers`, `anchors` or \
         `clock-skew`",
    ),
    (
        "{\"memory\":{\"\\u0007\":1}}",
        "unknown field `\\u{7}` in `memory`: expected `chain-bytes` or `signatures`",
    ),
    // What fits every name.
    (
        r#"{"identities":{"any":[{"dns":{"suffix":""}}]}}"#,
        "`identities.any[0].dns.suffix`: an empty prefix, suffix or part fits every name",
    ),
    (
        r#"{"identities":{"any":[{"uri":{"prefix":""}}]}}"#,
        "`identities.any[0].uri.prefix`: an empty prefix, suffix or part fits every name",
    ),
    (
        r#"{"identities":{"any":[{"uri":{"contains":""}}]}}"#,
        "`identities.any[0].uri.contains`: an empty prefix, suffix or part fits every name",
    ),
    // Rules that nobody could meet.
    (
        r#"{"identities":{"any":[]}}"#,
        "`identities.any`: lists no rules",
    ),
    (
        r#"{"identities":{"not":{"all":[{"ip":"::1"},{"all":[]}]}}}"#,
        "`identities.not.all[1].all`: lists no rules",
    ),
    (
        r#"{"identities":{"any":[{"ip":"::1"},{"not":{"dns":"a b"}}]}}"#,
        "`identities.any[1].not.dns`: not a host name, and no other dNSName matches",
    ),
    (
        r#"{"identities":{"uri":"spiffe://UPPER/"}}"#,
        "`identities.uri`: not a SPIFFE ID (spiffe://trust-domain/path, lower case before the \
         path, no empty, \".\" or \"..\" segments, no slash at the end)",
    ),
    (
        r#"{"identities":{"dns":{"glob":"*.*"}}}"#,
        "`identities.dns`: a pattern that fits every host: at least one label must be text",
    ),
    (
        r#"{"identities":{"common-name":""}}"#,
        "`identities.common-name`: an empty text, which no name is",
    ),
    // Tables with fields that must be there.
    (
        r#"{"identities":{"attribute":{"text":"a"}}}"#,
        "`identities.attribute`: needs a field `oid`",
    ),
    (
        r#"{"identities":{"attribute":{"oid":"2.5.4.3"}}}"#,
        "`identities.attribute`: needs a field `text`",
    ),
    (
        r#"{"identities":{"other-name":{"oid":"2.5.4.3","text":"a","der":"BQA="}}}"#,
        "`identities.other-name`: needs either `text` or `der`",
    ),
    (
        r#"{"identities":{"extension":{}}}"#,
        "`identities.extension`: needs a field `oid`",
    ),
    (
        r#"{"identities":{"extension":{"oid":"1.2","value":"BQA"}}}"#,
        "`identities.extension.value`: not base64",
    ),
    (
        r#"{"identities":{"serial":{"issuer":"MAA=","number":"01"}}}"#,
        "`identities.serial.issuer`: name: empty",
    ),
    (
        r#"{"identities":{"key-sha256":"ab"}}"#,
        "`identities.key-sha256`: not 64 hexadecimal digits, with or without colons",
    ),
    // Purposes that are none, too many, or the same.
    (
        r#"{"purpose":{"if-present":[]}}"#,
        "`purpose.if-present`: no purpose at all: to ask for none, leave extended key usage \
         unchecked",
    ),
    (
        r#"{"purpose":{"required":["client-auth","any","1.3.6.1.5.5.7.3.2"]}}"#,
        "`purpose.required`: the purpose clientAuth is named twice",
    ),
    (
        r#"{"purpose":{"required":["client-auth","2.5.x"]}}"#,
        "`purpose.required[1]`: not an object identifier in dotted form",
    ),
    (
        r#"{"purpose":{"required":1}}"#,
        "invalid type: integer `1`, expected a purpose or an array of them for `purpose.required`",
    ),
    (
        r#"{"purpose":{"required":["2.1","2.2","2.3","2.4","2.5","2.6","2.7","2.8","2.9","2.10",
            "2.11","2.12","2.13","2.14","2.15","2.16","2.17"]}}"#,
        "`purpose.required`: more than 16 purposes",
    ),
    // Extensions that no application can process, and others that are none.
    (
        r#"{"processed-extensions":["2.999","2.5.29.15"]}"#,
        "`processed-extensions[1]`: the extension keyUsage (2.5.29.15) is always processed here, \
         and not by the application",
    ),
    (
        r#"{"processed-extensions":["2.999",{"path":"2.999"}]}"#,
        "`processed-extensions[1]`: the extension 2.999 is named twice",
    ),
    (
        r#"{"processed-extensions":[{"path":"2.5"},{"path":"2.05"}]}"#,
        "`processed-extensions[1].path`: not an object identifier in dotted form",
    ),
    (
        r#"{"processed-extensions":["keyUsage"]}"#,
        "`processed-extensions[0]`: not an object identifier in dotted form",
    ),
    (
        r#"{"processed-extensions":[{"client":"2.999"}]}"#,
        "`processed-extensions[0]`: `client`, expected { path = … } alone",
    ),
    (
        r#"{"processed-extensions":[{"path":"2.999","path":"2.998"}]}"#,
        "`processed-extensions[0]`: `path`, expected { path = … } alone",
    ),
    (
        r#"{"processed-extensions":[{}]}"#,
        "`processed-extensions[0]`: an empty table, expected { path = … }",
    ),
    (
        r#"{"processed-extensions":[1]}"#,
        "invalid type: integer `1`, expected an object identifier in dotted form or \
         { path = … } for `processed-extensions[0]`",
    ),
    (
        r#"{"processed-extensions":"2.999"}"#,
        "invalid type: string \"2.999\", expected an array for `processed-extensions`",
    ),
    // A field twice.
    (
        r#"{"profile":"rfc5280","profile":"rfc5280"}"#,
        "field `profile` twice",
    ),
    (
        r#"{"limits":{"work":1,"signatures":2,"work":1}}"#,
        "field `work` twice in `limits`",
    ),
    // Unknown variants.
    (
        r#"{"profile":"rfc5208"}"#,
        "unknown value `rfc5208` for `profile`: did you mean `rfc5280`?",
    ),
    (
        r#"{"client-ca":"reject"}"#,
        "unknown value `reject` for `client-ca`: expected `refuse` or `accept`",
    ),
    (
        r#"{"expiry":{"client":"acept"}}"#,
        "unknown value `acept` for `expiry.client`: did you mean `accept`?",
    ),
    (
        r#"{"expiry":{"client":{"acceptFor":"1h"}}}"#,
        "unknown value `acceptFor` for `expiry.client`: did you mean `accept-for`?",
    ),
    (
        r#"{"identities":{"any":[{"ip":"::1"},{"cn":{"exact":"a"}}]}}"#,
        "unknown value `cn` for `identities.any[1]`: expected `all`, `any`, `not`, `dns`, \
         `email`, `uri`, `ip`, `common-name`, `organizational-unit`, `spiffe-id`, \
         `user-principal-name`, `other-name`, `attribute`, `subject`, `issuer`, `serial`, \
         `certificate-sha256`, `key-sha256`, `extension`, `key-purpose`, `certificate-policy` or \
         `scope`",
    ),
    // Variants with and without a value.
    (
        r#"{"expiry":{"client":"accept-for"}}"#,
        "`expiry.client`: `accept-for` needs a value: { accept-for = … }",
    ),
    (
        r#"{"expiry":{"client":{"reject":true}}}"#,
        "`expiry.client`: `reject` has no value: write \"reject\" alone",
    ),
    (
        r#"{"expiry":{"client":{}}}"#,
        "an empty table, expected `reject`, `accept` or { accept-for = … } for `expiry.client`",
    ),
    (
        r#"{"purpose":{"if-present":"any","required":"any"}}"#,
        "`purpose`: `if-present` and `required` at once, expected one",
    ),
    (
        r#"{"purpose":{"required":"any","required":"any"}}"#,
        "`purpose`: `required` and `required` at once, expected one",
    ),
    // Other types.
    ("[]", "invalid type: sequence, expected a table"),
    ("null", "invalid type: null, expected a table"),
    (
        r#"{"limits":8}"#,
        "invalid type: integer `8`, expected a table for `limits`",
    ),
    (
        r#"{"limits":{"work":"8"}}"#,
        "invalid type: string \"8\", expected a whole number from 0 to 4294967295 for \
         `limits.work`",
    ),
    (
        r#"{"limits":{"work":1.5}}"#,
        "invalid type: floating point `1.5`, expected a whole number from 0 to 4294967295 for \
         `limits.work`",
    ),
    (
        r#"{"limits":{"work":-1}}"#,
        "invalid value: integer `-1`, expected a whole number from 0 to 4294967295 for \
         `limits.work`",
    ),
    (
        r#"{"limits":{"work":4294967296}}"#,
        "invalid value: integer `4294967296`, expected a whole number from 0 to 4294967295 for \
         `limits.work`",
    ),
    (
        r#"{"path-length":null}"#,
        "invalid type: null, expected a whole number from 0 to 4294967295 for `path-length`",
    ),
    (
        r#"{"profile":5280}"#,
        "invalid type: integer `5280`, expected `compatible` or `rfc5280` for `profile`",
    ),
    (
        r#"{"expiry":{"clock-skew":300}}"#,
        "invalid type: integer `300`, expected a duration such as \"5m\" for `expiry.clock-skew`",
    ),
    (
        r#"{"expiry":{"client":{"accept-for":300}}}"#,
        "invalid type: integer `300`, expected a duration such as \"7d 12h\" for \
         `expiry.client.accept-for`",
    ),
    (
        r#"{"identities":{"any":{"ip":"::1"}}}"#,
        "invalid type: map, expected an array for `identities.any`",
    ),
    (
        r#"{"identities":{"any":[{"dns":{"ends":"a.example"}}]}}"#,
        "unknown value `ends` for `identities.any[0].dns`: expected `exact`, `prefix`, `suffix`, \
         `contains` or `glob`",
    ),
    (
        r#"{"identities":{"any":[{"dns":{"exact":1}}]}}"#,
        "invalid type: integer `1`, expected text for `identities.any[0].dns.exact`",
    ),
    (
        r#"{"signatures":1}"#,
        "invalid type: integer `1`, expected `default`, `aws-lc-rs` or an array of algorithms for \
         `signatures`",
    ),
    // What constructors refuse.
    (
        r#"{"identities":{"any":[{"ip":"192.0.2.256"}]}}"#,
        "`identities.any[0].ip`: neither an IP address nor a network such as 192.0.2.0/24, in \
         which all bits after the prefix are zero",
    ),
    (
        r#"{"expiry":{"client":{"accept-for":"5 minutes"}}}"#,
        "`expiry.client.accept-for`: not a duration such as `7d 12h`: whole numbers with the \
         units w, d, h, m and s, the largest first, each once",
    ),
    (
        r#"{"expiry":{"client":{"accept-for":"18446744073709551616s"}}}"#,
        "`expiry.client.accept-for`: a duration of more than 18446744073709551615 seconds",
    ),
    (
        r#"{"purpose":{"required":"clientAuth"}}"#,
        "`purpose.required`: unknown purpose `clientAuth`: did you mean `client-auth`?",
    ),
    (
        r#"{"rsa-keys":{"minimum-bits":16384}}"#,
        "`rsa-keys`: RSA keys of 16384 to 8192 bits are none",
    ),
];

#[test]
fn what_is_no_policy_is_an_error() {
    for (json, message) in REFUSED {
        let error = from_json(json).expect_err(json);
        assert_eq!(error, *message, "{json}");
    }
}

/// The same words in another format, with its own place of the error.
#[test]
fn toml_says_the_same() {
    for (toml, message) in [
        (
            "[limits]\nintermediate = 1",
            "unknown field `intermediate` in `limits`: did you mean `intermediates`?",
        ),
        (
            "expiry.client = { accept-for = 300 }",
            "invalid type: integer `300`, expected a duration such as \"7d 12h\" for \
             `expiry.client.accept-for`",
        ),
        ("profile = \"rfc5208\"", "did you mean `rfc5280`?"),
        (
            "profile = \"rfc5280\"\nprofile = \"rfc5280\"",
            "duplicate key",
        ),
    ] {
        let error = toml::from_str::<ClientPolicy>(toml)
            .expect_err(toml)
            .to_string();
        assert!(error.contains(message), "{error}");
        assert!(error.contains("line "), "{error}");
    }
}

/// What a type refuses, it refuses with the same words.
#[test]
fn messages_are_those_of_the_types() {
    use core::time::Duration;

    let refused = |json: &str| from_json(json).expect_err(json);
    let skew = ClockSkew::new(Duration::from_secs(86_401)).unwrap_err();
    assert_eq!(
        refused(r#"{"expiry":{"clock-skew":"24h 1s"}}"#),
        alloc::format!("`expiry.clock-skew`: {skew}")
    );
    let id = "1".parse::<PolicyId>().unwrap_err();
    assert_eq!(
        refused(r#"{"certificate-policies":{"acceptable":{"only":["2.5","1"]}}}"#),
        alloc::format!("`certificate-policies.acceptable.only[1]`: {id}")
    );
    let purpose = "1".parse::<KeyPurpose>().unwrap_err();
    assert_eq!(
        refused(r#"{"purpose":{"required":"1"}}"#),
        alloc::format!("`purpose.required`: {purpose}")
    );
    for (name, error) in [
        ("exact", SpiffeMatch::exact("spiffe://a").unwrap_err()),
        ("below", SpiffeMatch::below("spiffe://A").unwrap_err()),
    ] {
        let id = error_id(name);
        let json =
            alloc::format!(r#"{{"identities":{{"any":[{{"spiffe-id":{{"{name}":"{id}"}}}}]}}}}"#);
        let expected = alloc::format!("`identities.any[0].spiffe-id.{name}`: {error}");
        assert_eq!(refused(&json), expected);
    }
}

fn error_id(name: &str) -> &'static str {
    if name == "exact" {
        "spiffe://a"
    } else {
        "spiffe://A"
    }
}

/// What could not be read back is not written.
#[test]
fn sizes_that_no_key_has_are_not_written() {
    let none = ClientPolicy::default().with_rsa_keys(RsaKeySize::new(2, 1));
    let error = to_json(&none).expect_err("none");
    assert_eq!(error, "RSA keys of 2 to 1 bits are none");
}
