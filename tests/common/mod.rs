//! Reads `testdata/cases`: see `testdata/README.md` for the format.
#![allow(dead_code, reason = "each test program uses a part of it")]

pub(crate) mod differences;
pub(crate) mod events;
mod files;
pub(crate) mod openssl;
mod revocation;
pub(crate) mod update;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use mtls_verify::policy::{
    AcceptablePolicies, AcceptedIdentities, AnyPolicy, CertificatePolicies, ClientCa,
    ClientKeyUsage, ClockSkew, Expired, ExpiryPolicy, ExplicitPolicy, IdentityMatch, KeyPurpose,
    Limits, PolicyMappings, Profile, RequiredPurpose, SignatureAlgorithms, SpiffeMatch, TextMatch,
};
use mtls_verify::{ClientPolicy, StoreError, TrustStore, TrustStoreBuilder};
use revocation::DenySettings;
use serde::Deserialize;
use testpki::folders::{self, CaseFolder};

pub(crate) use files::*;

/// One folder of `testdata/cases`.
pub(crate) struct Case {
    /// `TOPIC/CASE`.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) settings: Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) description: String,
    pub(crate) rule: String,
    pub(crate) time: String,
    #[serde(default)]
    pub(crate) policy: PolicySettings,
    #[serde(default)]
    deny: DenySettings,
    pub(crate) expect: Expect,
}

#[derive(Clone, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicySettings {
    client_expiry: Option<String>,
    issuer_expiry: Option<String>,
    anchor_expiry: Option<String>,
    clock_skew_seconds: Option<u64>,
    client_ca: Option<String>,
    path_length: Option<u32>,
    key_purpose: Option<String>,
    key_purpose_presence: Option<String>,
    key_usage: Option<String>,
    profile: Option<String>,
    identities: Option<Vec<String>>,
    acceptable_policies: Option<Vec<String>>,
    explicit_policy: Option<String>,
    policy_mapping: Option<String>,
    any_policy: Option<String>,
    revocation: Option<String>,
    revocation_unknown: Option<String>,
    revocation_stale: Option<String>,
    revocation_pruned: Option<String>,
    algorithms: Option<String>,
    #[serde(default)]
    limits: BTreeMap<String, u32>,
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

    /// The cases below this folder of `testdata`, but for those that name a provider which this
    /// build does not have.
    pub(crate) fn below(folder: &str) -> Vec<Case> {
        let cases = folders::cases(folder).into_iter().map(Self::read);
        cases
            .filter(|case| case.settings.policy.is_of_this_build())
            .collect()
    }

    fn read(CaseFolder { name, path: folder }: CaseFolder) -> Case {
        let text = String::from_utf8(read(&folder.join("case.toml"))).expect("case.toml is UTF-8");
        let settings =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        Case {
            name,
            folder,
            settings,
        }
    }

    pub(crate) fn store(&self) -> Result<TrustStore, StoreError> {
        self.build(self.builder_without_crls()?)
    }

    /// The store, which verifies CRLs with these algorithms.
    pub(crate) fn store_with(
        &self,
        algorithms: SignatureAlgorithms,
    ) -> Result<TrustStore, StoreError> {
        let builder = self.builder_without_crls()?;
        self.build(builder.crl_signatures(algorithms))
    }

    fn build(&self, mut builder: TrustStoreBuilder) -> Result<TrustStore, StoreError> {
        if let Some(pem) = self.optional("crls.pem") {
            builder = builder.add_crl_pem(&pem)?;
        }
        builder.build()
    }

    /// The store with these lists in the place of those of the case.
    pub(crate) fn store_with_crls(
        &self,
        crls: &[CertificateRevocationListDer<'_>],
    ) -> Result<TrustStore, StoreError> {
        crls.iter()
            .try_fold(self.builder_without_crls()?, |builder, crl| {
                builder.add_crl_der(crl)
            })?
            .build()
    }

    fn builder_without_crls(&self) -> Result<TrustStoreBuilder, StoreError> {
        let mut builder = TrustStore::builder()
            .deny(self.settings.deny.list())
            .add_ca_pem(&read(&self.folder.join("ca.pem")))?;
        if let Some(pem) = self.optional("intermediates.pem") {
            builder = builder.add_intermediates_pem(&pem)?;
        }
        if let Some(pem) = self.optional("pins.pem") {
            builder = builder.pin_clients_pem(&pem)?;
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
        self.settings.policy.algorithms.is_some()
    }

    pub(crate) fn policy(&self) -> ClientPolicy {
        self.settings.policy.policy()
    }
}

impl PolicySettings {
    fn is_of_this_build(&self) -> bool {
        cfg!(feature = "aws-lc-rs") || self.algorithms.as_deref() != Some("aws-lc-rs")
    }

    fn policy(&self) -> ClientPolicy {
        let mut policy = ClientPolicy::default()
            .with_expiry(self.expiry())
            .with_limits(self.limits())
            .with_purpose(self.purpose())
            .with_certificate_policies(self.certificate_policies())
            .with_revocation(self.revocation());
        if is_set("client_ca", &self.client_ca, "accept", "refuse") {
            policy = policy.with_client_ca(ClientCa::Accept);
        }
        if let Some(intermediates) = self.path_length {
            policy = policy.with_path_length(intermediates);
        }
        if is_set("key_usage", &self.key_usage, "none", "digitalSignature") {
            policy = policy.with_key_usage(ClientKeyUsage::Unchecked);
        }
        if is_set("profile", &self.profile, "rfc5280", "compatible") {
            policy = policy.with_profile(Profile::Rfc5280);
        }
        match self.algorithms.as_deref() {
            None | Some("default") => {}
            #[cfg(feature = "aws-lc-rs")]
            Some("aws-lc-rs") => {
                policy = policy.with_signatures(SignatureAlgorithms::aws_lc_rs());
            }
            Some(other) => panic!("algorithms = {other:?}"),
        }
        if let Some(identities) = &self.identities {
            let matches = identities.iter().map(|text| identity(text)).collect();
            policy = policy.with_identities(AcceptedIdentities::AnyOf(matches));
        }
        policy
    }

    fn certificate_policies(&self) -> CertificatePolicies {
        let mut policies = CertificatePolicies::default();
        if let Some(acceptable) = &self.acceptable_policies {
            let ids = acceptable
                .iter()
                .map(|dotted| dotted.parse().expect("a dotted object identifier"))
                .collect();
            policies = policies.with_acceptable(AcceptablePolicies::Only(ids));
        }
        let explicit = &self.explicit_policy;
        if is_set("explicit_policy", explicit, "required", "not-required") {
            policies = policies.with_explicit_policy(ExplicitPolicy::Required);
        }
        if is_set(
            "policy_mapping",
            &self.policy_mapping,
            "inhibited",
            "allowed",
        ) {
            policies = policies.with_mapping(PolicyMappings::Inhibited);
        }
        if is_set("any_policy", &self.any_policy, "inhibited", "allowed") {
            policies = policies.with_any_policy(AnyPolicy::Inhibited);
        }
        policies
    }

    fn expiry(&self) -> ExpiryPolicy {
        ExpiryPolicy::default()
            .with_client(expired(&self.client_expiry))
            .with_issuers(expired(&self.issuer_expiry))
            .with_anchors(expired(&self.anchor_expiry))
            .with_clock_skew(clock_skew(self.clock_skew_seconds))
    }

    fn purpose(&self) -> RequiredPurpose {
        let purpose = match self.key_purpose.as_deref() {
            Some("none") => return RequiredPurpose::Unchecked,
            None | Some("clientAuth") => KeyPurpose::CLIENT_AUTH,
            Some("serverAuth") => KeyPurpose::SERVER_AUTH,
            Some(dotted) => dotted.parse().expect("a dotted object identifier"),
        };
        match self.key_purpose_presence.as_deref() {
            None | Some("optional") => RequiredPurpose::IfPresent(purpose),
            Some("required") => RequiredPurpose::Required(purpose),
            Some(other) => panic!("key_purpose_presence = {other:?}"),
        }
    }

    fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (name, limit) in &self.limits {
            let size = usize::try_from(*limit).expect("a limit fits");
            limits = match name.as_str() {
                "presented" => limits.with_presented(size),
                "certificate_bytes" => limits.with_certificate_bytes(size),
                "intermediates" => limits.with_intermediates(size),
                "signatures" => limits.with_signatures(*limit),
                "work" => limits.with_work(*limit),
                other => panic!("unknown limit {other:?}"),
            };
        }
        limits
    }
}

fn clock_skew(seconds: Option<u64>) -> ClockSkew {
    let skew = Duration::from_secs(seconds.unwrap_or(0));
    ClockSkew::new(skew).expect("at most 24 hours")
}

/// What becomes of what has expired: `reject`, `accept` or `accept-for=SECONDS`.
fn expired(setting: &Option<String>) -> Expired {
    match setting.as_deref() {
        None | Some("reject") => Expired::Reject,
        Some("accept") => Expired::Accept,
        Some(other) => {
            let seconds = other
                .strip_prefix("accept-for=")
                .expect("accept-for=SECONDS");
            Expired::AcceptFor(Duration::from_secs(seconds.parse().expect("seconds")))
        }
    }
}

/// Whether a setting with two values, one of them the default, has the other one.
fn is_set(key: &str, setting: &Option<String>, other: &str, default: &str) -> bool {
    match setting.as_deref() {
        None => false,
        Some(value) if value == default => false,
        Some(value) if value == other => true,
        Some(value) => panic!("{key} = {value:?}"),
    }
}

/// An entry of `identities`: `KIND:exact:TEXT`, `KIND:prefix:TEXT`, `KIND:suffix:TEXT`,
/// `ip:ADDRESS`, `spiffe:exact:ID` or `spiffe:below:BASE`.
fn identity(entry: &str) -> IdentityMatch {
    let (kind, rest) = entry.split_once(':').expect("a kind of identity");
    if kind == "ip" {
        return IdentityMatch::Ip(rest.parse().expect("an IP address"));
    }
    let (how, text) = rest.split_once(':').expect("how to match, and a text");
    if kind == "spiffe" {
        let wanted = match how {
            "exact" => SpiffeMatch::exact(text),
            "below" => SpiffeMatch::below(text),
            other => panic!("unknown match {other:?}"),
        };
        return IdentityMatch::SpiffeId(wanted.expect("a SPIFFE ID"));
    }
    let text = match how {
        "exact" => TextMatch::Exact(text.to_owned()),
        "prefix" => TextMatch::Prefix(text.to_owned()),
        "suffix" => TextMatch::Suffix(text.to_owned()),
        other => panic!("unknown match {other:?}"),
    };
    match kind {
        "dns" => IdentityMatch::Dns(text),
        "email" => IdentityMatch::Email(text),
        "uri" => IdentityMatch::Uri(text),
        "cn" => IdentityMatch::CommonName(text),
        "ou" => IdentityMatch::OrganizationalUnit(text),
        other => panic!("unknown kind of identity {other:?}"),
    }
}
