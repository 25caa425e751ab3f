//! The parts of a case that are about revocation.

use mtls_verify::DenyList;
use mtls_verify::policy::{Expired, RevocationScope, UnknownStatus};
use serde::Deserialize;

use super::Case;

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
    /// Whether the policy says nothing but what is about revocation, and nothing is denied.
    pub(crate) fn has_default_policy_but_for_revocation(&self) -> bool {
        let is_default = self.policy_fields.iter().all(|field| field == "revocation");
        is_default && self.settings.deny == DenySettings::default()
    }

    /// Whose revocation is checked: not [`RevocationScope::Auto`], but what it comes to.
    pub(crate) fn revocation(&self) -> RevocationScope {
        match self.settings.policy.revocation.scope {
            RevocationScope::Auto if self.optional("crls.pem").is_some() => {
                RevocationScope::WholePath
            }
            RevocationScope::Auto => RevocationScope::Off,
            other => other,
        }
    }

    /// Whether unknown status is allowed, at least for some certificates.
    pub(crate) fn allows_unknown_status(&self) -> bool {
        self.settings.policy.revocation.unknown != UnknownStatus::Deny
    }

    pub(crate) fn accepts_stale_crls(&self) -> bool {
        self.settings.policy.revocation.stale != Expired::Reject
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
