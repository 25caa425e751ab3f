//! Reads `testdata/cases` (testdata/README.md), for the library and for the reference.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use comparison::{deny_list, oid as oid_of};
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::{StoreError, TrustStore};
use reference::model;
use serde::Deserialize;
use testpki::folders::{self, CaseFolder};

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
pub(crate) struct Policy {
    client_expiry: Option<String>,
    issuer_expiry: Option<String>,
    anchor_expiry: Option<String>,
    clock_skew_seconds: u64,
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
    pub(crate) algorithms: Option<String>,
    limits: BTreeMap<String, u32>,
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
        let mut builder = TrustStore::builder().deny(deny).add_ca_pem(&anchors)?;
        if let Some(pem) = self.file("intermediates.pem") {
            builder = builder.add_intermediates_pem(&pem)?;
        }
        if let Some(pem) = self.file("pins.pem") {
            builder = builder.pin_clients_pem(&pem)?;
        }
        if let Some(pem) = self.file("crls.pem") {
            builder = builder.add_crl_pem(&pem)?;
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

    /// What the reference is asked; the store says what its bundles hold.
    pub(crate) fn question(&self, store: &TrustStore) -> model::Question {
        let crls = self.file("crls.pem").unwrap_or_default();
        let crls = crls.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&crls);
        let crls = CertificateRevocationListDer::pem_slice_iter(crls);
        let crls = crls.map(|crl| crl.expect("CRLs are PEM").to_vec());
        model::Question {
            anchors: store.anchors().map(|der| der.to_vec()).collect(),
            intermediates: store.intermediates().map(|der| der.to_vec()).collect(),
            pins: store.pinned_clients().map(|der| der.to_vec()).collect(),
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

impl Policy {
    fn reference(&self) -> model::Policy {
        let default = model::Policy::default();
        let is = |setting: &Option<String>, value: &str| setting.as_deref() == Some(value);
        let limit = |name: &str, default: usize| {
            let limit = self.limits.get(name).copied();
            limit.map_or(default, |limit| usize::try_from(limit).expect("a size"))
        };
        let oids = |dotted: &Vec<String>| dotted.iter().map(|dotted| oid(dotted)).collect();
        let identities =
            |entries: &Vec<String>| entries.iter().map(|entry| identity(entry)).collect();
        model::Policy {
            client_expiry: expired(&self.client_expiry),
            issuer_expiry: expired(&self.issuer_expiry),
            anchor_expiry: expired(&self.anchor_expiry),
            clock_skew: self.clock_skew_seconds,
            path_length: self.path_length,
            accept_client_ca: is(&self.client_ca, "accept"),
            key_purpose: match self.key_purpose.as_deref() {
                Some("none") => None,
                None | Some("clientAuth") => Some(model::CLIENT_AUTH.to_vec()),
                Some("serverAuth") => Some(oid("1.3.6.1.5.5.7.3.1")),
                Some(dotted) => Some(oid(dotted)),
            },
            key_purpose_required: is(&self.key_purpose_presence, "required"),
            check_key_usage: !is(&self.key_usage, "none"),
            rfc5280_profile: is(&self.profile, "rfc5280"),
            explicit_policy: is(&self.explicit_policy, "required"),
            inhibit_mapping: is(&self.policy_mapping, "inhibited"),
            inhibit_any_policy: is(&self.any_policy, "inhibited"),
            acceptable_policies: self.acceptable_policies.as_ref().map(oids),
            revocation: match self.revocation.as_deref() {
                None | Some("auto") => model::Scope::Auto,
                Some("off") => model::Scope::Off,
                Some("client") => model::Scope::ClientOnly,
                Some("path") => model::Scope::WholePath,
                Some(other) => panic!("revocation = {other:?}"),
            },
            unknown: match self.revocation_unknown.as_deref() {
                None | Some("deny") => model::Unknown::Deny,
                Some("unpublished") => model::Unknown::AllowUnpublished,
                Some("allow") => model::Unknown::Allow,
                Some(other) => panic!("revocation_unknown = {other:?}"),
            },
            stale: expired(&self.revocation_stale),
            pruned_kept: is(&self.revocation_pruned, "kept"),
            identities: self.identities.as_ref().map(identities),
            limits: model::Limits {
                presented: limit("presented", default.limits.presented),
                certificate_bytes: limit("certificate_bytes", default.limits.certificate_bytes),
                intermediates: limit("intermediates", default.limits.intermediates),
            },
            ..default
        }
    }
}

fn expired(setting: &Option<String>) -> model::Expired {
    match setting.as_deref() {
        None | Some("reject") => model::Expired::Reject,
        Some("accept") => model::Expired::Accept,
        Some(other) => {
            let seconds = other
                .strip_prefix("accept-for=")
                .expect("accept-for=SECONDS");
            model::Expired::AcceptFor(seconds.parse().expect("seconds"))
        }
    }
}

/// `KIND:exact:TEXT`, `KIND:prefix:TEXT`, `KIND:suffix:TEXT`, `ip:ADDRESS`, `spiffe:exact:ID` or
/// `spiffe:below:BASE`.
fn identity(entry: &str) -> model::IdentityMatch {
    use model::{IdentityMatch, TextMatch};
    let (kind, rest) = entry.split_once(':').expect("a kind of identity");
    if kind == "ip" {
        let address: std::net::IpAddr = rest.parse().expect("an address");
        return IdentityMatch::Ip(match address {
            std::net::IpAddr::V4(address) => address.octets().to_vec(),
            std::net::IpAddr::V6(address) => address.octets().to_vec(),
        });
    }
    let (how, text) = rest.split_once(':').expect("how to match, and a text");
    let text = text.to_owned();
    if kind == "spiffe" {
        return match how {
            "exact" => IdentityMatch::SpiffeExact(text),
            _ => IdentityMatch::SpiffeBelow(text),
        };
    }
    let text = match how {
        "exact" => TextMatch::Exact(text),
        "prefix" => TextMatch::Prefix(text),
        _ => TextMatch::Suffix(text),
    };
    match kind {
        "dns" => IdentityMatch::Dns(text),
        "email" => IdentityMatch::Email(text),
        "uri" => IdentityMatch::Uri(text),
        "cn" => IdentityMatch::CommonName(text),
        "ou" => IdentityMatch::OrganizationalUnit(text),
        other => panic!("a kind of identity {other:?}"),
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

fn oid(dotted: &str) -> model::Oid {
    oid_of(dotted).expect("an object identifier")
}

fn octets(digits: &str) -> Vec<u8> {
    let octet = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits");
    (0..digits.len()).step_by(2).map(octet).collect()
}
