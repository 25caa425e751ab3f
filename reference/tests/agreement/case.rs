//! Reads `testdata/cases` (testdata/README.md), for the library and for the reference.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use comparison::deny_list;
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::{StoreError, TrustStore};
use reference::model;
use serde::Deserialize;
use testpki::folders::{self, CaseFolder};

use crate::policy::{Policy, oid};

/// One folder.
pub(crate) struct Case {
    /// `TOPIC/CASE`.
    pub(crate) name: String,
    pub(crate) settings: Settings,
    folder: PathBuf,
}

#[derive(Deserialize)]
pub(crate) struct Settings {
    time: String,
    #[serde(default)]
    pub(crate) policy: Policy,
    #[serde(default)]
    deny: Deny,
    pub(crate) expect: Expect,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Deny {
    certificates: Vec<String>,
    keys: Vec<String>,
    signed: Vec<String>,
    serials: Vec<String>,
}

#[derive(Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub(crate) enum Expect {
    Accept {
        valid_until: String,
        path: Vec<String>,
        policies: Option<Vec<String>>,
        revocation: Option<Vec<String>>,
    },
    Refuse {
        reason: String,
        certificate: String,
    },
    StoreError {},
}

impl Case {
    /// All cases below a folder of `testdata`, by name.
    pub(crate) fn all(folder: &str) -> Vec<Self> {
        folders::cases(folder).into_iter().map(Self::read).collect()
    }

    fn read(CaseFolder { name, path: folder }: CaseFolder) -> Self {
        let text = std::fs::read_to_string(folder.join("case.toml")).expect("case.toml");
        let settings = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self {
            name,
            settings,
            folder,
        }
    }

    fn file(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder.join(name)).ok()
    }

    pub(crate) fn store(&self) -> Result<TrustStore, StoreError> {
        let anchors = self.file("ca.pem").expect("ca.pem");
        let deny = deny_list(&self.settings.deny.reference());
        let mut builder = TrustStore::builder();
        builder.deny(deny).add_ca_pem(&anchors)?;
        if let Some(pem) = self.file("intermediates.pem") {
            builder.add_intermediates_pem(&pem)?;
        }
        if let Some(pem) = self.file("pins.pem") {
            builder.pin_clients_pem(&pem)?;
        }
        if let Some(pem) = self.file("crls.pem") {
            builder.add_crl_pem(&pem)?;
        }
        builder.build()
    }

    pub(crate) fn chain(&self) -> Vec<CertificateDer<'static>> {
        let pem = self.file("chain.pem").expect("chain.pem");
        let chain = CertificateDer::pem_slice_iter(&pem);
        chain.collect::<Result<_, _>>().expect("chains are PEM")
    }

    /// Whether a limit decides that the reference does not have.
    pub(crate) fn is_about_work(&self) -> bool {
        let is_limit = |reason: &str| ["signature-limit", "work-limit"].contains(&reason);
        matches!(&self.settings.expect, Expect::Refuse { reason, .. } if is_limit(reason))
    }

    /// Whether OpenSSL's trust settings decide, which the reference does not have.
    pub(crate) fn is_about_trust_settings(&self) -> bool {
        let label: &[u8] = b"BEGIN TRUSTED CERTIFICATE";
        let has_settings = |name: &str| {
            let file = self.file(name).unwrap_or_default();
            file.windows(label.len()).any(|window| window == label)
        };
        let files = ["ca.pem", "intermediates.pem", "pins.pem"];
        let expect = &self.settings.expect;
        let is_denied = matches!(expect, Expect::Refuse { reason, .. } if reason == "denied");
        is_denied && files.into_iter().any(has_settings)
    }

    /// What the reference is asked; the store says what its bundles hold.
    pub(crate) fn question(&self, store: &TrustStore) -> model::Question {
        let crls = self.file("crls.pem").unwrap_or_default();
        let crls = crls.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&crls);
        let crls = CertificateRevocationListDer::pem_slice_iter(crls);
        let crls = crls.map(|crl| crl.expect("CRLs are PEM").to_vec());
        model::Question {
            anchors: store.anchors().map(|info| info.der().to_vec()).collect(),
            intermediates: store
                .intermediates()
                .map(|info| info.der().to_vec())
                .collect(),
            pins: store
                .pinned_clients()
                .map(|info| info.der().to_vec())
                .collect(),
            crls: crls.collect(),
            denied: self.settings.deny.reference(),
            presented: self.chain().iter().map(|der| der.to_vec()).collect(),
            now: seconds(&self.settings.time),
            policy: self.settings.policy.reference(),
        }
    }
}

impl Deny {
    fn reference(&self) -> model::Denied {
        let digest = |digits: &String| octets(digits).try_into().expect("32 octets");
        let serial = |entry: &String| {
            let (issuer, serial) = entry.split_once(':').expect("ISSUER:SERIAL");
            (octets(issuer), octets(serial))
        };
        model::Denied {
            certificates: self.certificates.iter().map(digest).collect(),
            keys: self.keys.iter().map(digest).collect(),
            signed: self.signed.iter().map(|digits| octets(digits)).collect(),
            serials: self.serials.iter().map(serial).collect(),
        }
    }
}

/// Seconds since 1970.
pub(crate) fn seconds(rfc3339: &str) -> i64 {
    let instant = humantime::parse_rfc3339(rfc3339).expect("an RFC 3339 time");
    let since = instant
        .duration_since(UNIX_EPOCH)
        .expect("a time since 1970");
    i64::try_from(since.as_secs()).expect("a time")
}

pub(crate) fn oids(dotted: &[String]) -> BTreeSet<model::Oid> {
    dotted.iter().map(|dotted| oid(dotted)).collect()
}

fn octets(digits: &str) -> Vec<u8> {
    let octet = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits");
    (0..digits.len()).step_by(2).map(octet).collect()
}
