//! The format of `pkits.json`. A field or value that is not known here is an error: it might bear
//! on the verdict.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// One entry: a PKITS test under one setting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) section: String,
    /// A file in `certs/`.
    pub(crate) trust_anchor: String,
    /// Files in `certs/`: the end entity first, then up to the certificate that the anchor issued.
    pub(crate) path: Vec<String>,
    /// Files in `certs/` of those who only sign CRLs.
    pub(crate) crl_issuer_certs: Vec<String>,
    /// Files in `crls/`.
    pub(crate) crls: Vec<String>,
    pub(crate) validation_time: String,
    pub(crate) explicit_policy: bool,
    /// OBJECT IDENTIFIERs, or `any` alone.
    pub(crate) initial_policy_set: Vec<String>,
    pub(crate) inhibit_any_policy: bool,
    pub(crate) inhibit_policy_mapping: bool,
    /// With the revocation status of the whole path required.
    pub(crate) expect: Validity,
    pub(crate) expect_without_revocation: Validity,
    /// The output of RFC 5280 §6.1, where PKITS fixes it.
    pub(crate) user_constrained_policy_set: Option<Vec<String>>,
    // What follows bears on no verdict: words for people, and `path` and `crl_issuer_certs` once
    // more.
    #[serde(rename = "certs")]
    _certs: Option<IgnoredAny>,
    #[serde(rename = "name")]
    _name: Option<IgnoredAny>,
    #[serde(rename = "note")]
    _note: Option<IgnoredAny>,
    #[serde(rename = "origin")]
    _origin: Option<IgnoredAny>,
    #[serde(rename = "test")]
    _test: Option<IgnoredAny>,
    #[serde(rename = "title")]
    _title: Option<IgnoredAny>,
    #[serde(rename = "uses")]
    _uses: Option<IgnoredAny>,
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Validity {
    Valid,
    Invalid,
}
