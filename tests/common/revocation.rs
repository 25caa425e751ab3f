//! The parts of a case that are about revocation.

use mtls_verify::DenyList;
use mtls_verify::policy::{Expired, PrunedEntries, RevocationPolicy, UnknownStatus};
use serde::Deserialize;

use super::{Case, PolicySettings, expired, is_set};

/// What the store of a case denies, in hexadecimal digits.
#[derive(Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DenySettings {
    certificates: Vec<String>,
    keys: Vec<String>,
    signed: Vec<String>,
    serials: Vec<String>,
}

impl DenySettings {
    pub(super) fn list(&self) -> DenyList {
        let mut list = DenyList::new();
        for digest in &self.certificates {
            list = list.with_certificate_sha256(sha256(digest));
        }
        for digest in &self.keys {
            list = list.with_key_sha256(sha256(digest));
        }
        for certificate in &self.signed {
            list = list
                .with_certificate(&octets(certificate))
                .expect("a certificate");
        }
        for entry in &self.serials {
            let (issuer, serial) = entry.split_once(':').expect("ISSUER:SERIAL");
            list = list
                .with_serial(&octets(issuer), &octets(serial))
                .expect("a name and a serial number");
        }
        list
    }
}

impl Case {
    /// Whether the case leaves everything about the policy but revocation to its defaults, and
    /// denies nothing.
    pub(crate) fn has_default_policy_but_for_revocation(&self) -> bool {
        let policy = PolicySettings {
            revocation: None,
            revocation_unknown: None,
            revocation_stale: None,
            revocation_pruned: None,
            ..self.settings.policy.clone()
        };
        policy == PolicySettings::default() && self.settings.deny == DenySettings::default()
    }

    /// Whose revocation is checked: `off`, `client` or `path`.
    pub(crate) fn revocation(&self) -> &str {
        match self.settings.policy.revocation.as_deref() {
            None | Some("auto") if self.optional("crls.pem").is_some() => "path",
            None | Some("auto") => "off",
            Some(other) => other,
        }
    }

    /// Whether unknown status is allowed, at least for some certificates.
    pub(crate) fn allows_unknown_status(&self) -> bool {
        matches!(
            self.settings.policy.revocation_unknown.as_deref(),
            Some("allow" | "unpublished")
        )
    }

    pub(crate) fn accepts_stale_crls(&self) -> bool {
        expired(&self.settings.policy.revocation_stale) != Expired::Reject
    }
}

impl PolicySettings {
    pub(super) fn revocation(&self) -> RevocationPolicy {
        let mut policy = match self.revocation.as_deref() {
            None | Some("auto") => RevocationPolicy::auto(),
            Some("off") => RevocationPolicy::off(),
            Some("client") => RevocationPolicy::client_only(),
            Some("path") => RevocationPolicy::whole_path(),
            Some(other) => panic!("revocation = {other:?}"),
        };
        policy = policy.with_unknown(match self.revocation_unknown.as_deref() {
            None | Some("deny") => UnknownStatus::Deny,
            Some("unpublished") => UnknownStatus::AllowUnpublished,
            Some("allow") => UnknownStatus::Allow,
            Some(other) => panic!("revocation_unknown = {other:?}"),
        });
        let pruned = &self.revocation_pruned;
        if is_set("revocation_pruned", pruned, "kept", "may-be") {
            policy = policy.with_pruned(PrunedEntries::Kept);
        }
        policy.with_stale(expired(&self.revocation_stale))
    }
}

fn sha256(digits: &str) -> [u8; 32] {
    octets(digits).try_into().expect("a digest has 32 octets")
}

fn octets(digits: &str) -> Vec<u8> {
    assert!(digits.len().is_multiple_of(2), "two digits an octet");
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits"))
        .collect()
}
