//! Reads a policy as docs/guide/policy.md has it. The library reads these documents with code of
//! its own. A field or a value that the reference does not know is an error.

#[path = "policy_identities.rs"]
mod identities;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use comparison::oid as oid_of;
use reference::model;
use serde::{Deserialize, Deserializer};

use identities::Identities;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Policy {
    expiry: Expiry,
    revocation: Revocation,
    purpose: Purpose,
    path_length: Option<u32>,
    certificate_policies: CertificatePolicies,
    profile: Profile,
    processed_extensions: Vec<Processed>,
    identities: Identities,
    key_usage: KeyUsage,
    client_ca: ClientCa,
    signatures: Signatures,
    rsa_keys: RsaKeys,
    limits: BTreeMap<String, usize>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Expiry {
    client: Expired,
    issuers: Expired,
    anchors: Expired,
    #[serde(deserialize_with = "seconds")]
    clock_skew: u64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Expired {
    #[default]
    Reject,
    Accept,
    #[serde(deserialize_with = "seconds")]
    AcceptFor(u64),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Revocation {
    scope: Scope,
    unknown: Unknown,
    stale: Expired,
    pruned: Pruned,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Scope {
    #[default]
    Auto,
    Off,
    ClientOnly,
    WholePath,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Unknown {
    #[default]
    Deny,
    AllowUnpublished,
    Allow,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Pruned {
    #[default]
    MayBe,
    Kept,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Purpose {
    Unchecked,
    IfPresent(Purposes),
    Required(Purposes),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Purposes {
    One(String),
    AnyOf(Vec<String>),
}

impl Default for Purpose {
    fn default() -> Self {
        Self::IfPresent(Purposes::One("client-auth".to_owned()))
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct CertificatePolicies {
    acceptable: Acceptable,
    explicit_policy: ExplicitPolicy,
    mapping: Permission,
    any_policy: Permission,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Acceptable {
    #[default]
    Any,
    Only(Vec<String>),
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum ExplicitPolicy {
    #[default]
    NotRequired,
    Required,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Permission {
    #[default]
    Allowed,
    Inhibited,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Processed {
    Client(String),
    Path(OnPath),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnPath {
    path: String,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Profile {
    #[default]
    Compatible,
    Rfc5280,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum KeyUsage {
    #[default]
    DigitalSignature,
    Unchecked,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum ClientCa {
    #[default]
    Refuse,
    Accept,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Signatures {
    #[default]
    Default,
    AwsLcRs,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct RsaKeys {
    minimum_bits: Option<u32>,
    maximum_bits: Option<u32>,
}

impl Policy {
    /// Whether it has algorithms that the reference does not have.
    pub(crate) fn has_other_algorithms(&self) -> bool {
        self.signatures != Signatures::Default
    }

    fn processed(&self, of: impl Fn(&Processed) -> Option<&String>) -> BTreeSet<model::Oid> {
        let dotted = self.processed_extensions.iter().filter_map(of);
        dotted.map(|dotted| oid(dotted)).collect()
    }

    /// The policy in the reference's types.
    pub(crate) fn reference(&self) -> model::Policy {
        let default = model::Policy::default();
        let (key_purposes, key_purpose_required) = self.purpose.reference();
        let policies = &self.certificate_policies;
        model::Policy {
            algorithms: default.algorithms,
            client_expiry: self.expiry.client.reference(),
            issuer_expiry: self.expiry.issuers.reference(),
            anchor_expiry: self.expiry.anchors.reference(),
            clock_skew: self.expiry.clock_skew,
            path_length: self.path_length,
            accept_client_ca: self.client_ca == ClientCa::Accept,
            key_purposes,
            key_purpose_required,
            check_key_usage: self.key_usage == KeyUsage::DigitalSignature,
            rfc5280_profile: self.profile == Profile::Rfc5280,
            processed_on_client: self.processed(|one| match one {
                Processed::Client(dotted) => Some(dotted),
                Processed::Path(_) => None,
            }),
            processed_on_path: self.processed(|one| match one {
                Processed::Client(_) => None,
                Processed::Path(on) => Some(&on.path),
            }),
            rsa_bits: (
                self.rsa_keys.minimum_bits.unwrap_or(default.rsa_bits.0),
                self.rsa_keys.maximum_bits.unwrap_or(default.rsa_bits.1),
            ),
            explicit_policy: policies.explicit_policy == ExplicitPolicy::Required,
            inhibit_mapping: policies.mapping == Permission::Inhibited,
            inhibit_any_policy: policies.any_policy == Permission::Inhibited,
            acceptable_policies: match &policies.acceptable {
                Acceptable::Any => None,
                Acceptable::Only(ids) => Some(ids.iter().map(|dotted| oid(dotted)).collect()),
            },
            revocation: match self.revocation.scope {
                Scope::Auto => model::Scope::Auto,
                Scope::Off => model::Scope::Off,
                Scope::ClientOnly => model::Scope::ClientOnly,
                Scope::WholePath => model::Scope::WholePath,
            },
            unknown: match self.revocation.unknown {
                Unknown::Deny => model::Unknown::Deny,
                Unknown::AllowUnpublished => model::Unknown::AllowUnpublished,
                Unknown::Allow => model::Unknown::Allow,
            },
            stale: self.revocation.stale.reference(),
            pruned_kept: self.revocation.pruned == Pruned::Kept,
            identities: self.identities.reference(),
            limits: limits(&self.limits, default.limits),
        }
    }
}

/// Signatures and work have no limit in the reference.
fn limits(named: &BTreeMap<String, usize>, default: model::Limits) -> model::Limits {
    let mut limits = default;
    for (name, limit) in named {
        match name.as_str() {
            "presented" => limits.presented = *limit,
            "certificate-bytes" => limits.certificate_bytes = *limit,
            "intermediates" => limits.intermediates = *limit,
            "signatures" | "work" => {}
            other => panic!("an unknown limit {other:?}"),
        }
    }
    limits
}

impl Expired {
    fn reference(&self) -> model::Expired {
        match self {
            Self::Reject => model::Expired::Reject,
            Self::Accept => model::Expired::Accept,
            Self::AcceptFor(seconds) => model::Expired::AcceptFor(*seconds),
        }
    }
}

impl Purpose {
    /// The purposes, and whether the client must have one.
    fn reference(&self) -> (Option<Vec<model::Oid>>, bool) {
        let (purposes, is_required) = match self {
            Self::Unchecked => return (None, false),
            Self::IfPresent(purposes) => (purposes, false),
            Self::Required(purposes) => (purposes, true),
        };
        let named = match purposes {
            Purposes::One(named) => std::slice::from_ref(named),
            Purposes::AnyOf(named) => named,
        };
        let purposes = named.iter().map(|named| purpose(named));
        (Some(purposes.collect()), is_required)
    }
}

/// A key purpose by its name or in dotted form.
fn purpose(named: &str) -> model::Oid {
    oid(match named {
        "client-auth" => "1.3.6.1.5.5.7.3.2",
        "server-auth" => "1.3.6.1.5.5.7.3.1",
        "email-protection" => "1.3.6.1.5.5.7.3.4",
        "any" => "2.5.29.37.0",
        dotted => dotted,
    })
}

/// The seconds of a duration such as `7d 12h`.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let duration = humantime::parse_duration(&text).map_err(serde::de::Error::custom)?;
    let is_whole = duration == Duration::from_secs(duration.as_secs());
    let seconds = is_whole.then_some(duration.as_secs());
    seconds.ok_or_else(|| serde::de::Error::custom("a fraction of a second"))
}

pub(crate) fn oid(dotted: &str) -> model::Oid {
    oid_of(dotted).expect("an object identifier")
}
