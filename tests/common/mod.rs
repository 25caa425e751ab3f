//! Reads `testdata/cases`: see `testdata/README.md` for the format.
#![allow(dead_code, reason = "each test program uses a part of it")]

pub(crate) mod differences;
mod files;
pub(crate) mod openssl;
mod revocation;
pub(crate) mod update;

use std::path::PathBuf;

use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use mtls_verify::policy::SignatureAlgorithms;
use mtls_verify::{ClientPolicy, StoreError, TrustStore, TrustStoreBuilder};
use revocation::DenySettings;
use serde::Deserialize;
use testpki::folders::{self, CaseFolder};
use toml::{Table, Value};

pub(crate) use files::*;

/// One folder of `testdata/cases`.
pub(crate) struct Case {
    /// `TOPIC/CASE`.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) settings: Settings,
    /// The fields at the top of its policy, be they the default or not.
    policy_fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) description: String,
    pub(crate) rule: String,
    pub(crate) time: String,
    #[serde(default)]
    policy: ClientPolicy,
    #[serde(default)]
    deny: DenySettings,
    pub(crate) expect: Expect,
}

#[derive(Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Expect {
    Accept {
        expiry: String,
        expired_since: Option<String>,
        valid_until: String,
        path: Vec<String>,
        policies: Option<Vec<String>>,
        revocation: Option<Vec<String>>,
    },
    Refuse {
        code: String,
        reason: String,
        certificate: String,
        message_contains: Option<String>,
    },
    StoreError {
        message_contains: String,
    },
}

impl Case {
    /// All cases, by name.
    pub(crate) fn all() -> Vec<Case> {
        Self::below("cases")
    }

    /// The cases below this folder of `testdata`, but for those whose signatures need a provider
    /// that this build does not have.
    pub(crate) fn below(folder: &str) -> Vec<Case> {
        let folders = folders::cases(folder).into_iter();
        folders.filter_map(Self::read).collect()
    }

    fn read(CaseFolder { name, path: folder }: CaseFolder) -> Option<Case> {
        let text = String::from_utf8(read(&folder.join("case.toml"))).expect("case.toml is UTF-8");
        let case: Table = text
            .parse()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let policy = case.get("policy").and_then(Value::as_table);
        let signatures = policy.and_then(|policy| policy.get("signatures"));
        // The library refuses to read the name of what it cannot verify.
        if cfg!(not(feature = "aws-lc-rs"))
            && signatures.and_then(Value::as_str) == Some("aws-lc-rs")
        {
            return None;
        }
        let policy_fields = policy.into_iter().flat_map(Table::keys).cloned().collect();
        let settings = case
            .try_into()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        Some(Case {
            name,
            folder,
            settings,
            policy_fields,
        })
    }

    pub(crate) fn store(&self) -> Result<TrustStore, StoreError> {
        self.build(self.builder_without_crls()?)
    }

    /// The store, which verifies CRLs with these algorithms.
    pub(crate) fn store_with(
        &self,
        algorithms: SignatureAlgorithms,
    ) -> Result<TrustStore, StoreError> {
        let mut builder = self.builder_without_crls()?;
        builder.crl_signatures(algorithms);
        self.build(builder)
    }

    fn build(&self, mut builder: TrustStoreBuilder) -> Result<TrustStore, StoreError> {
        if let Some(pem) = self.optional("crls.pem") {
            builder.add_crl_pem(&pem)?;
        }
        builder.build()
    }

    /// The store with these lists in the place of those of the case.
    pub(crate) fn store_with_crls(
        &self,
        crls: &[CertificateRevocationListDer<'_>],
    ) -> Result<TrustStore, StoreError> {
        let mut builder = self.builder_without_crls()?;
        for crl in crls {
            builder.add_crl_der(crl)?;
        }
        builder.build()
    }

    fn builder_without_crls(&self) -> Result<TrustStoreBuilder, StoreError> {
        let mut builder = TrustStore::builder();
        builder
            .deny(self.settings.deny.list())
            .add_ca_pem(&read(&self.folder.join("ca.pem")))?;
        if let Some(pem) = self.optional("intermediates.pem") {
            builder.add_intermediates_pem(&pem)?;
        }
        if let Some(pem) = self.optional("pins.pem") {
            builder.pin_clients_pem(&pem)?;
        }
        Ok(builder)
    }

    /// The lists of the case; none if they cannot be read one by one.
    pub(crate) fn crls(&self) -> Vec<CertificateRevocationListDer<'static>> {
        let pem = self.optional("crls.pem").unwrap_or_default();
        CertificateRevocationListDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .unwrap_or_default()
    }

    /// What the client presents.
    pub(crate) fn chain(&self) -> Vec<CertificateDer<'static>> {
        certificates(&read(&self.folder.join("chain.pem")))
    }

    /// A file of the case that need not be there.
    pub(crate) fn optional(&self, file: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(file);
        path.exists().then(|| read(&path))
    }

    pub(crate) fn time(&self) -> UnixTime {
        time(&self.settings.time)
    }

    /// Whether its policy says which algorithms it has.
    pub(crate) fn names_algorithms(&self) -> bool {
        self.policy_fields.iter().any(|field| field == "signatures")
    }

    pub(crate) fn policy(&self) -> ClientPolicy {
        self.settings.policy.clone()
    }
}
