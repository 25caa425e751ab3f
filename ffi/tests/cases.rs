//! Runs every case of `testdata/cases` and `testdata/public` through the C library, with the
//! expectations that `tests/cases.rs` of the Rust library has. `c/cases.c` reads them in a form
//! that is easy to read in C: lines of a word and its values, and one file with all bytes, of which
//! a value is an offset and a length.

mod native;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use mtls_verify::policy::Expired;
use native::{Compiler, Linkage, compile, folder, here, run};
use testpki::folders::{self, CaseFolder};
use testpki::time::seconds;
use toml::{Table, Value};

#[test]
fn every_case_comes_out_as_expected() {
    let mut script = Script::default();
    let count = script.add_folder("cases") + script.add_folder("public");
    assert!(count >= 1_600, "only {count} cases");
    let folder = folder("cases");
    std::fs::write(folder.join("script"), &script.lines).expect("a file for the test");
    std::fs::write(folder.join("bytes"), &script.bytes).expect("a file for the test");

    let program = compile(
        &here("tests/c/cases.c"),
        Compiler::Sanitized,
        Linkage::Shared,
        &[],
    );
    let output = run(Command::new(program).arg(&folder));
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim(), format!("{count} cases"));
}

/// What `c/cases.c` reads.
#[derive(Default)]
struct Script {
    lines: String,
    bytes: Vec<u8>,
}

impl Script {
    fn add_folder(&mut self, name: &str) -> usize {
        let folders = folders::cases(name).into_iter();
        folders.filter(|folder| self.add_case(folder)).count()
    }

    /// Whether the case is one for this build, and was added.
    fn add_case(&mut self, CaseFolder { name, path: folder }: &CaseFolder) -> bool {
        let text = std::fs::read_to_string(folder.join("case.toml")).expect("case.toml");
        let case: Table = text.parse().expect("case.toml is TOML");
        let mut policy = Fields::default();
        if let Some(table) = case.get("policy") {
            policy.add("", table);
        }
        let json = case.get("policy");
        let json = json.filter(|table| policy.is_for_json() || has_rules_of_json(table));
        let json = json.map(|table| serde_json::to_vec(table).expect("a policy is JSON"));
        let signatures = policy.0.get("signatures").and_then(Value::as_str);
        if signatures == Some("aws-lc-rs") && !cfg!(feature = "aws-lc-rs") {
            return false;
        }
        self.line("case", name);
        self.line("time", &seconds(text_of(&case["time"])).to_string());
        match json {
            // What no function of C sets comes from JSON alone.
            Some(json) => self.bytes_line("policy-json", &[&json]),
            None => self.add_policy(policy),
        }
        if let Some(Value::Table(deny)) = case.get("deny") {
            self.add_deny(deny);
        }
        for input in ["ca", "intermediates", "pins", "crls"] {
            let path = folder.join(format!("{input}.pem"));
            if path.exists() {
                self.bytes_line(input, &[&std::fs::read(path).expect("a readable file")]);
            }
        }
        for der in certificates(&folder.join("chain.pem")) {
            self.bytes_line("present", &[&der]);
        }
        self.add_expectation(case["expect"].as_table().expect("a table"));
        self.line("end", "");
        true
    }

    /// A field that is absent is the library's default, in C as well; so where a function sets
    /// several at once, the others are those.
    fn add_policy(&mut self, mut policy: Fields) {
        for role in ["client", "issuers", "anchors"] {
            let rule = policy.expired(&format!("expiry.{role}"));
            self.line("expiry", &format!("{role} {rule}"));
        }
        if let Some(skew) = policy.take("expiry.clock-skew") {
            self.line("clock-skew", &seconds_of(&skew).to_string());
        }
        if let Some(intermediates) = policy.take("path-length") {
            self.line("path-length", &intermediates.to_string());
        }
        let purpose = match policy.take_variant("purpose") {
            None => "if-present 1.3.6.1.5.5.7.3.2".to_owned(),
            Some((presence, None)) => presence,
            Some((presence, Some(purpose))) => match text_of(&purpose) {
                "client-auth" => format!("{presence} 1.3.6.1.5.5.7.3.2"),
                "server-auth" => format!("{presence} 1.3.6.1.5.5.7.3.1"),
                dotted => format!("{presence} {dotted}"),
            },
        };
        self.line("purpose", &purpose);
        for (field, default) in [
            ("key-usage", "digital-signature"),
            ("client-ca", "refuse"),
            ("profile", "compatible"),
            ("signatures", "default"),
        ] {
            self.line(field, &policy.text(field, default));
        }
        let policies = [
            policy.text("certificate-policies.explicit-policy", "not-required"),
            policy.text("certificate-policies.mapping", "allowed"),
            policy.text("certificate-policies.any-policy", "allowed"),
        ];
        self.line("certificate-policies", &policies.join(" "));
        let scope = policy.text("revocation.scope", "auto");
        let unknown = policy.text("revocation.unknown", "deny");
        self.line("revocation", &format!("{scope} {unknown}"));
        self.line("stale", &policy.expired("revocation.stale"));
        self.line("pruned", &policy.text("revocation.pruned", "may-be"));
        if let Some(acceptable) = policy.take("certificate-policies.acceptable.only") {
            self.line("restrict-policies", "");
            for oid in array_of(&acceptable) {
                self.line("acceptable", text_of(oid));
            }
        }
        if policy.text("identities", "any") == "nobody" {
            self.line("restrict", "");
        }
        if let Some(identities) = policy.take("identities.any") {
            self.line("restrict", "");
            for identity in array_of(&identities) {
                self.line("identity", &identity_of(identity));
            }
        }
        for limit in [
            "presented",
            "certificate-bytes",
            "intermediates",
            "signatures",
            "work",
        ] {
            if let Some(value) = policy.take(&format!("limits.{limit}")) {
                self.line("limit", &format!("{limit} {value}"));
            }
        }
        assert!(policy.0.is_empty(), "unknown fields {:?}", policy.0.keys());
    }

    fn add_deny(&mut self, deny: &Table) {
        for digest in list(deny, "certificates").unwrap_or_default() {
            self.bytes_line("deny-certificate", &[&octets(&digest)]);
        }
        for digest in list(deny, "keys").unwrap_or_default() {
            self.bytes_line("deny-key", &[&octets(&digest)]);
        }
        for certificate in list(deny, "signed").unwrap_or_default() {
            self.bytes_line("deny-signed", &[&octets(&certificate)]);
        }
        for entry in list(deny, "serials").unwrap_or_default() {
            let (issuer, serial) = entry.split_once(':').expect("ISSUER:SERIAL");
            self.bytes_line("deny-serial", &[&octets(issuer), &octets(serial)]);
        }
    }

    fn add_expectation(&mut self, expect: &Table) {
        let get = |key: &str| expect.get(key).map(text_of);
        self.line("expect", get("result").expect("a result"));
        if let Some(message) = get("message_contains") {
            self.line("message", message);
        }
        if let Some(code) = get("code") {
            self.line("code", code);
            self.line("reason", get("reason").expect("a reason"));
            self.line("certificate", get("certificate").expect("a certificate"));
        }
        if let Some(expiry) = get("expiry") {
            let since = get("expired_since").map_or(0, seconds);
            self.line("current", &format!("{expiry} {since}"));
            let until = match get("valid_until").expect("an end") {
                "never" => i64::MAX,
                time => seconds(time),
            };
            self.line("valid-until", &until.to_string());
            for subject in list(expect, "path").expect("a path") {
                self.line("path", &subject);
            }
            for (word, key) in [("policy", "policies"), ("status", "revocation")] {
                if let Some(values) = list(expect, key) {
                    self.line("count", &format!("{word} {}", values.len()));
                    for value in values {
                        self.line(word, &value);
                    }
                }
            }
        }
    }

    fn line(&mut self, word: &str, values: &str) {
        assert!(!values.contains('\n'), "{values:?}");
        writeln!(self.lines, "{word} {values}").expect("a String");
    }

    fn bytes_line(&mut self, word: &str, values: &[&[u8]]) {
        let mut places = Vec::new();
        for value in values {
            places.push(format!("{} {}", self.bytes.len(), value.len()));
            self.bytes.extend_from_slice(value);
        }
        self.line(word, &places.join(" "));
    }
}

/// The fields of a policy (docs/guide/policy.md) by their dotted keys, to be taken one by one.
#[derive(Default)]
struct Fields(BTreeMap<String, Value>);

impl Fields {
    fn add(&mut self, name: &str, value: &Value) {
        match value {
            Value::Table(fields) => {
                for (inner, value) in fields {
                    let dot = if name.is_empty() { "" } else { "." };
                    self.add(&format!("{name}{dot}{inner}"), value);
                }
            }
            value => drop(self.0.insert(name.to_owned(), value.clone())),
        }
    }

    /// Whether it has what no function of C sets.
    fn is_for_json(&self) -> bool {
        let has_several = |purpose: &str| self.0.get(purpose).is_some_and(Value::is_array);
        self.0.contains_key("processed-extensions")
            || has_several("purpose.if-present")
            || has_several("purpose.required")
    }

    fn take(&mut self, field: &str) -> Option<Value> {
        self.0.remove(field)
    }

    fn text(&mut self, field: &str, default: &str) -> String {
        self.take(field)
            .map_or_else(|| default.to_owned(), |value| text_of(&value).to_owned())
    }

    /// The variant of a field, and its value if it has one.
    fn take_variant(&mut self, field: &str) -> Option<(String, Option<Value>)> {
        if let Some(variant) = self.take(field) {
            return Some((text_of(&variant).to_owned(), None));
        }
        let is_below = |key: &&String| {
            let below = key.strip_prefix(field);
            below.is_some_and(|below| below.starts_with('.'))
        };
        let key = self.0.keys().find(is_below)?.clone();
        let variant = key[field.len() + 1..].to_owned();
        Some((variant, self.take(&key)))
    }

    fn expired(&mut self, field: &str) -> String {
        match self.take_variant(field) {
            None => "reject 0".to_owned(),
            Some((rule, None)) => format!("{rule} 0"),
            Some((rule, Some(duration))) => format!("{rule} {}", seconds_of(&duration)),
        }
    }
}

/// As the library reads a duration.
fn seconds_of(duration: &Value) -> u64 {
    let rule = Table::from_iter([("accept-for".to_owned(), duration.clone())]);
    match rule.try_into() {
        Ok(Expired::AcceptFor(duration)) => duration.as_secs(),
        other => panic!("{duration}: {other:?}"),
    }
}

/// Whether there are rules on identities that no function of C adds.
fn has_rules_of_json(policy: &Value) -> bool {
    const KINDS: [&str; 7] = [
        "dns",
        "email",
        "uri",
        "ip",
        "common-name",
        "organizational-unit",
        "spiffe-id",
    ];
    let Some(rule) = policy.get("identities").and_then(Value::as_table) else {
        return false;
    };
    let is_known = |one: &Value| {
        let mut fields = one.as_table().expect("a table").iter();
        fields.all(|(kind, value)| {
            let part = value.as_table().and_then(|part| part.keys().next());
            let is_odd = part.is_some_and(|part| ["contains", "glob"].contains(&&**part));
            let is_network = value.as_str().is_some_and(|text| text.contains('/'));
            KINDS.contains(&&**kind) && !is_odd && !is_network
        })
    };
    match rule.get("any") {
        Some(rules) => !array_of(rules).iter().all(is_known),
        None => true,
    }
}

/// Kind, match and text of an identity such as `{ dns.exact = "a.example" }`.
fn identity_of(identity: &Value) -> String {
    let mut fields = Fields::default();
    fields.add("", identity);
    let (name, text) = fields.0.pop_first().expect("a kind");
    assert!(fields.0.is_empty(), "{identity}");
    let (kind, how) = name.split_once('.').unwrap_or((&name, "exact"));
    format!("{kind} {how} {}", text_of(&text))
}

fn text_of(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn list(table: &Table, key: &str) -> Option<Vec<String>> {
    let values = array_of(table.get(key)?).iter();
    Some(values.map(|value| text_of(value).to_owned()).collect())
}

fn array_of(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

fn octets(digits: &str) -> Vec<u8> {
    assert!(digits.len().is_multiple_of(2), "two digits an octet");
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits"))
        .collect()
}

/// The certificates of a PEM file, whether they parse or not.
fn certificates(path: &Path) -> Vec<Vec<u8>> {
    use mtls_verify::pki_types::CertificateDer;
    use mtls_verify::pki_types::pem::PemObject;
    let certificates = CertificateDer::pem_file_iter(path).expect("a readable file");
    certificates
        .map(|der| der.expect("chains are PEM").to_vec())
        .collect()
}
