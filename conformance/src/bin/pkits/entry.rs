//! The format of `pkits.json`, as far as it bears on the verdict.

use serde::Deserialize;

/// One entry: a PKITS test under one setting.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) section: String,
    /// A file in `certs/`.
    pub(crate) trust_anchor: String,
    /// Files in `certs/`: the end entity first, then up to the certificate that the anchor issued.
    pub(crate) path: Vec<String>,
    /// Files in `certs/` of those who only sign revocation lists.
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
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Validity {
    Valid,
    Invalid,
}
