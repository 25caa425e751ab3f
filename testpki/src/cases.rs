//! The cases of `testdata/cases/`: what each one holds and what the verdict must be.
//!
//! Verdicts are written by hand, from RFC 5280 and the library's documented policy, never taken
//! from a run of it. Each case starts from one in which all is well and says what it changes: the
//! fewer words, the plainer the point.

mod anchor_serials;
mod bundle;
mod constraints;
mod deployed_forms;
mod ecdsa_encodings;
mod fixture;
mod form;
mod identities;
mod identity_rules;
mod identity_syntax;
mod keys;
mod limits;
mod name_constraints;
mod name_text;
mod names;
mod object_identifiers;
mod path;
mod pins;
mod policies;
mod processed;
mod profiles;
mod pss;
mod purpose;
mod revocation;
mod shown_names;
mod signatures;
mod store_errors;
mod stored;
mod time;
mod time_before_1970;
mod time_encoding;
mod topics;
mod trust_settings;

use std::fmt::Display;

use crate::{Cert, Crl, pem};

/// The kind of an identity and how it is matched, as in the policy, and its text:
/// `("dns.exact", "a.example")`.
type Identity<'a> = (&'a str, &'a str);

/// One folder of `testdata/cases/`.
#[derive(Clone, Debug)]
pub struct Case {
    name: String,
    description: String,
    rule: String,
    time: String,
    files: Vec<(&'static str, Vec<u8>)>,
    policy: Vec<(String, String)>,
    deny: Vec<(&'static str, String)>,
    expect: Expect,
}

#[derive(Clone, Debug)]
enum Expect {
    Accept {
        expired_since: Option<String>,
        valid_until: String,
        path: Vec<String>,
        policies: Option<Vec<String>>,
        revocation: Option<Vec<String>>,
    },
    Refuse {
        reason: String,
        certificate: String,
        message_contains: Option<String>,
    },
    StoreError {
        message_contains: String,
    },
}

/// Every case, by topic.
pub fn all() -> Vec<Case> {
    [
        keys::cases(),
        anchor_serials::cases(),
        signatures::cases(),
        time::cases(),
        time_encoding::cases(),
        trust_settings::cases(),
        time_before_1970::cases(),
        path::cases(),
        names::cases(),
        name_text::cases(),
        constraints::cases(),
        processed::cases(),
        name_constraints::cases(),
        policies::cases(),
        purpose::cases(),
        form::cases(),
        profiles::cases(),
        limits::cases(),
        pins::cases(),
        identities::cases(),
        identity_rules::cases(),
        identity_syntax::cases(),
        shown_names::cases(),
        object_identifiers::cases(),
        bundle::cases(),
        store_errors::cases(),
        stored::cases(),
        revocation::cases(),
        ecdsa_encodings::cases(),
        pss::cases(),
        deployed_forms::cases(),
    ]
    .concat()
}

impl Case {
    /// The case in which all is well: alice, issued by Issuing CA, issued by Root, in June 2026,
    /// with the default policy.
    fn new(name: &str, rule: &str, description: &str) -> Self {
        let case = Self {
            name: topics::with_topic(name),
            description: description.to_owned(),
            rule: rule.to_owned(),
            time: "2026-06-01T00:00:00Z".to_owned(),
            files: Vec::new(),
            policy: Vec::new(),
            deny: Vec::new(),
            expect: Expect::Accept {
                expired_since: None,
                valid_until: "2027-01-01T00:00:00Z".to_owned(),
                path: Vec::new(),
                policies: None,
                revocation: None,
            },
        };
        case.anchors(&[fixture::root()])
            .chain(&[fixture::alice(), fixture::issuing()])
            .path(&["CN=alice", "CN=Issuing CA", "CN=Root"])
    }

    fn anchors(self, certificates: &[Cert]) -> Self {
        self.file("ca.pem", bundle(certificates))
    }

    fn chain(self, certificates: &[Cert]) -> Self {
        self.file("chain.pem", bundle(certificates))
    }

    fn intermediates(self, certificates: &[Cert]) -> Self {
        self.file("intermediates.pem", bundle(certificates))
    }

    fn pins(self, certificates: &[Cert]) -> Self {
        self.file("pins.pem", bundle(certificates))
    }

    fn without_file(mut self, name: &str) -> Self {
        self.files.retain(|(present, _)| *present != name);
        self
    }

    fn crls(self, crls: &[Crl]) -> Self {
        self.file("crls.pem", crls.iter().map(Crl::pem).collect::<String>())
    }

    /// A whole file, in the place of the one of that name.
    fn file(self, name: &'static str, contents: impl Into<Vec<u8>>) -> Self {
        let mut case = self.without_file(name);
        case.files.push((name, contents.into()));
        case
    }

    fn time(mut self, rfc3339: &str) -> Self {
        self.time = rfc3339.to_owned();
        self
    }

    /// A field of the policy whose value is text, in the place of the one of that name. The name is
    /// a dotted key of TOML (docs/guide/policy.md), and so is that of a variant with a value:
    /// `expiry.client.accept-for`.
    fn policy(self, field: &str, text: &str) -> Self {
        self.policy_field(field, quoted(text))
    }

    /// A field of the policy whose value is a number.
    fn policy_number(self, field: &str, number: usize) -> Self {
        self.policy_field(field, number.to_string())
    }

    /// A field of the policy whose value is an array of strings.
    fn policy_list(self, field: &str, texts: &[&str]) -> Self {
        self.policy_field(field, list(texts))
    }

    /// Without a field of the policy.
    fn without_policy(mut self, field: &str) -> Self {
        self.policy.retain(|(present, _)| present != field);
        self
    }

    /// Only these identities are let in.
    fn identities(self, identities: &[Identity<'_>]) -> Self {
        let identities = identities.iter();
        let tables: Vec<_> = identities
            .map(|(kind, text)| format!("{{ {kind} = {} }}", quoted(text)))
            .collect();
        self.policy_field("identities.any", format!("[{}]", tables.join(", ")))
    }

    /// `identities`, as it is written.
    fn identity_rule(mut self, rule: &str) -> Self {
        self.policy.retain(|(field, _)| field != "identities.any");
        self.policy_field("identities", rule.to_owned())
    }

    fn policy_field(mut self, field: &str, value: String) -> Self {
        self.policy.retain(|(present, _)| present != field);
        self.policy.push((field.to_owned(), value));
        self
    }

    /// What is denied: `certificates` and `keys` by the SHA-256 of their DER, `serials` as
    /// `ISSUER:SERIAL`, `signed` by their DER, all in hexadecimal digits.
    fn deny(mut self, kind: &'static str, entries: &[&str]) -> Self {
        self.deny.push((kind, list(entries)));
        self
    }

    /// Accepted along this path: subjects, client first, anchor last.
    fn path(mut self, subjects: &[&str]) -> Self {
        if let Expect::Accept { path, .. } = &mut self.expect {
            *path = subjects.iter().map(|&subject| subject.to_owned()).collect();
        }
        self
    }

    /// Accepted, and valid for these certificate policies: the user-constrained-policy-set, sorted.
    fn policies(mut self, set: &[&str]) -> Self {
        if let Expect::Accept { policies, .. } = &mut self.expect {
            *policies = Some(set.iter().map(|&policy| policy.to_owned()).collect());
        }
        self
    }

    /// Accepted, and this is known of the revocation of each certificate of the path.
    fn revocation(mut self, statuses: &[&str]) -> Self {
        if let Expect::Accept { revocation, .. } = &mut self.expect {
            *revocation = Some(statuses.iter().map(|&status| status.to_owned()).collect());
        }
        self
    }

    /// Accepted until then.
    fn valid_until(mut self, until: &str) -> Self {
        if let Expect::Accept { valid_until, .. } = &mut self.expect {
            *valid_until = until.to_owned();
        }
        self
    }

    /// Accepted although the client expired after this second.
    fn expired_since(mut self, since: &str) -> Self {
        if let Expect::Accept { expired_since, .. } = &mut self.expect {
            *expired_since = Some(since.to_owned());
        }
        self
    }

    /// Refused for this reason, about this certificate.
    fn refuse(mut self, reason: &str, certificate: &str) -> Self {
        assert!(
            code_of(reason).is_some(),
            "{}: {reason:?} is no Reason::name() that `code_of` knows",
            self.name
        );
        self.expect = Expect::Refuse {
            reason: reason.to_owned(),
            certificate: certificate.to_owned(),
            message_contains: None,
        };
        self
    }

    /// Refused, and the message says this.
    fn message(mut self, contains: &str) -> Self {
        if let Expect::Refuse {
            message_contains, ..
        } = &mut self.expect
        {
            *message_contains = Some(contains.to_owned());
        }
        self
    }

    /// The store does not load, and the message says this.
    fn store_error(mut self, message_contains: &str) -> Self {
        self.expect = Expect::StoreError {
            message_contains: message_contains.to_owned(),
        };
        self
    }

    /// The folder's path below that of all cases: `TOPIC/CASE`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder's files: name and contents.
    pub fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut files = self.files.clone();
        files.push(("case.toml", self.toml().into_bytes()));
        files
    }

    fn toml(&self) -> String {
        let mut lines = vec![
            format!("description = {}", quoted(&self.description)),
            format!("rule = {}", quoted(&self.rule)),
            format!("time = {}", quoted(&self.time)),
        ];
        lines.extend(table("policy", &self.policy));
        lines.extend(table("deny", &self.deny));
        lines.push("\n[expect]".to_owned());
        lines.extend(self.expect.toml());
        lines.join("\n") + "\n"
    }
}

impl Expect {
    fn toml(&self) -> Vec<String> {
        let line = |key, value: &str| format!("{key} = {}", quoted(value));
        match self {
            Self::Accept {
                expired_since,
                valid_until,
                path,
                policies,
                revocation,
            } => {
                let expiry = if expired_since.is_some() {
                    "expired"
                } else {
                    "current"
                };
                [
                    Some(line("result", "accept")),
                    Some(line("expiry", expiry)),
                    expired_since
                        .as_ref()
                        .map(|since| line("expired_since", since)),
                    Some(line("valid_until", valid_until)),
                    (!path.is_empty()).then(|| format!("path = {}", list(path))),
                    policies
                        .as_ref()
                        .map(|policies| format!("policies = {}", list(policies))),
                    revocation
                        .as_ref()
                        .map(|statuses| format!("revocation = {}", list(statuses))),
                ]
                .into_iter()
                .flatten()
                .collect()
            }
            Self::Refuse {
                reason,
                certificate,
                message_contains,
            } => [
                Some(line("result", "refuse")),
                code_of(reason).map(|code| line("code", code)),
                Some(line("reason", reason)),
                Some(line("certificate", certificate)),
                message_contains
                    .as_ref()
                    .map(|text| line("message_contains", text)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::StoreError { message_contains } => vec![
                line("result", "store-error"),
                line("message_contains", message_contains),
            ],
        }
    }
}

/// The code of load balancers' logs that a reason has.
fn code_of(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "too-many-presented" | "path-too-long" | "max-path-length" => {
            "ClientCertMaxChainDepthExceeded"
        }
        "certificate-too-large" => "ClientCertMaxSizeExceeded",
        "revoked" | "denied" => "ClientCertCrlHit",
        "revocation-unknown" | "stale-crl" | "circular-crls" => "ClientCertCrlProcessingError",
        "unknown-issuer"
        | "no-way-to-anchor"
        | "untrusted-root"
        | "bad-signature"
        | "not-a-ca"
        | "path-length"
        | "name-constraint"
        | "no-valid-policy"
        | "policy-not-acceptable"
        | "maps-any-policy" => "ClientCertUntrusted",
        "not-yet-valid" => "ClientCertNotYetValid",
        "expired" => "ClientCertExpired",
        "unsupported-signature-algorithm" | "unsupported-key" | "key-size" => {
            "ClientCertTypeUnsupported"
        }
        "empty-chain"
        | "malformed"
        | "unhandled-extension"
        | "repeated-policy"
        | "non-conforming" => "ClientCertInvalid",
        "key-usage" | "purpose" | "no-purpose" | "ca-as-client" => "ClientCertPurposeInvalid",
        "identity-not-accepted" => "ClientCertRejected",
        "signature-limit" | "work-limit" => "UnmappedConnectionError",
        _ => return None,
    })
}

fn bundle(certificates: &[Cert]) -> String {
    let certificates: Vec<_> = certificates.iter().map(Cert::der).collect();
    pem::bundle(&certificates)
}

/// A TOML table, if it has keys.
fn table<K: Display>(name: &str, keys: &[(K, String)]) -> Vec<String> {
    if keys.is_empty() {
        return Vec::new();
    }
    let header = format!("\n[{name}]");
    let lines = keys.iter().map(|(key, value)| format!("{key} = {value}"));
    std::iter::once(header).chain(lines).collect()
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A TOML array of basic strings.
fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_plain_and_unique_each_below_a_topic() {
        let cases = all();
        let names: HashSet<_> = cases.iter().map(Case::name).collect();
        assert_eq!(names.len(), cases.len());
        for name in names {
            let plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
            let (topic, rest) = name.split_once('/').expect("a topic");
            let is_plain = |part: &str| !part.is_empty() && part.bytes().all(plain);
            assert!(is_plain(topic) && is_plain(rest), "{name}");
        }
    }
}
