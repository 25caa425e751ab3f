//! Runs every case of `testdata/cases` and `testdata/public` through the C library, with the
//! expectations that `tests/cases.rs` of the Rust library has. `c/cases.c` reads them in a form
//! that is easy to read in C: lines of a word and its values, and one file with all bytes, of which
//! a value is an offset and a length.

mod native;

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

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
        let algorithms = case
            .get("policy")
            .and_then(|policy| policy.get("algorithms"));
        if algorithms.is_some() && !cfg!(feature = "aws-lc-rs") {
            return false;
        }
        self.line("case", name);
        self.line("time", &seconds(text_of(&case["time"])).to_string());
        self.add_policy(case.get("policy"));
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

    /// A key that is absent is the library's default, in C as well; so where a function sets
    /// several at once, the others are those.
    fn add_policy(&mut self, policy: Option<&Value>) {
        let empty = Table::new();
        let policy = policy.map_or(&empty, |policy| policy.as_table().expect("a table"));
        let get = |key: &str, default: &str| {
            policy
                .get(key)
                .map_or_else(|| default.to_owned(), |value| text_of(value).to_owned())
        };
        const KNOWN: [&str; 21] = [
            "client_expiry",
            "issuer_expiry",
            "anchor_expiry",
            "clock_skew_seconds",
            "client_ca",
            "path_length",
            "key_purpose",
            "key_purpose_presence",
            "key_usage",
            "profile",
            "identities",
            "acceptable_policies",
            "explicit_policy",
            "policy_mapping",
            "any_policy",
            "revocation",
            "revocation_unknown",
            "revocation_stale",
            "revocation_pruned",
            "algorithms",
            "limits",
        ];
        for key in policy.keys() {
            assert!(KNOWN.contains(&key.as_str()), "unknown key {key}");
        }
        for (role, key) in [
            ("client", "client_expiry"),
            ("issuers", "issuer_expiry"),
            ("anchors", "anchor_expiry"),
        ] {
            self.line(
                "expiry",
                &format!("{role} {}", expired(&get(key, "reject"))),
            );
        }
        if let Some(intermediates) = policy.get("path_length") {
            self.line("path-length", &intermediates.to_string());
        }
        if let Some(skew) = policy.get("clock_skew_seconds") {
            self.line("clock-skew", &skew.to_string());
        }
        let purpose = match get("key_purpose", "clientAuth").as_str() {
            "none" => "unchecked".to_owned(),
            purpose => {
                let oid = match purpose {
                    "clientAuth" => "1.3.6.1.5.5.7.3.2",
                    "serverAuth" => "1.3.6.1.5.5.7.3.1",
                    dotted => dotted,
                };
                format!("{} {oid}", get("key_purpose_presence", "optional"))
            }
        };
        self.line("purpose", &purpose);
        self.line("key-usage", &get("key_usage", "digitalSignature"));
        self.line("client-ca", &get("client_ca", "refuse"));
        self.line("profile", &get("profile", "compatible"));
        self.line("algorithms", &get("algorithms", "default"));
        let policies = [
            get("explicit_policy", "not-required"),
            get("policy_mapping", "allowed"),
            get("any_policy", "allowed"),
        ];
        self.line("certificate-policies", &policies.join(" "));
        let scope = get("revocation", "auto");
        let unknown = get("revocation_unknown", "deny");
        self.line("revocation", &format!("{scope} {unknown}"));
        self.line("stale", &expired(&get("revocation_stale", "reject")));
        self.line("pruned", &get("revocation_pruned", "may-be"));
        if let Some(acceptable) = list(policy, "acceptable_policies") {
            self.line("restrict-policies", "");
            for oid in acceptable {
                self.line("acceptable", &oid);
            }
        }
        if let Some(identities) = list(policy, "identities") {
            self.line("restrict", "");
            for identity in identities {
                let (kind, rest) = identity.split_once(':').expect("a kind");
                let (how, text) = match kind {
                    "ip" => ("exact", rest),
                    _ => rest.split_once(':').expect("how to match"),
                };
                self.line("identity", &format!("{kind} {how} {text}"));
            }
        }
        if let Some(Value::Table(limits)) = policy.get("limits") {
            for (limit, value) in limits {
                self.line("limit", &format!("{limit} {value}"));
            }
        }
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

fn text_of(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn list(table: &Table, key: &str) -> Option<Vec<String>> {
    let values = table.get(key)?.as_array().expect("a list");
    Some(
        values
            .iter()
            .map(|value| text_of(value).to_owned())
            .collect(),
    )
}

fn expired(rule: &str) -> String {
    match rule.strip_prefix("accept-for=") {
        Some(seconds) => format!("accept-for {seconds}"),
        None => format!("{rule} 0"),
    }
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
