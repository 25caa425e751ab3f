//! The suite's own format. A field or value that is not known here is an error: it might bear on
//! the verdict.

use std::fmt;

use conformance::Verdict;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A file of x509-limbo.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suite {
    pub(crate) version: u32,
    pub(crate) testcases: Vec<Case>,
}

/// One case. Certificates are PEM.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) validation_kind: ValidationKind,
    pub(crate) trusted_certs: Vec<String>,
    pub(crate) untrusted_intermediates: Vec<String>,
    pub(crate) peer_certificate: String,
    /// RFC 3339; none means now.
    pub(crate) validation_time: Option<String>,
    /// The only algorithms to accept; none means the verifier's own choice.
    pub(crate) signature_algorithms: Vec<Algorithm>,
    /// Usages that the peer's key must be good for.
    pub(crate) key_usage: Vec<KeyUsage>,
    /// Purposes that the peer's key must be good for.
    pub(crate) extended_key_usage: Vec<String>,
    pub(crate) expected_result: Expected,
    pub(crate) expected_peer_name: Option<PeerName>,
    pub(crate) expected_peer_names: Vec<PeerName>,
    /// How many intermediates that are not self-issued a path may have.
    pub(crate) max_chain_depth: Option<u32>,
    /// PEM. Where there are any, revocation is to be checked.
    pub(crate) crls: Vec<String>,
    // What follows bears on no verdict: words for people, and what lets a harness skip cases, as
    // none is skipped here.
    #[serde(rename = "conflicts_with")]
    _conflicts_with: Option<IgnoredAny>,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "features")]
    _features: Option<IgnoredAny>,
    #[serde(rename = "importance")]
    _importance: Option<IgnoredAny>,
    #[serde(rename = "peer_certificate_key")]
    _peer_certificate_key: Option<IgnoredAny>,
}

/// What the peer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ValidationKind {
    Server,
    Client,
}

/// What the suite expects of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Expected {
    Success,
    Failure,
}

impl From<Expected> for Verdict {
    fn from(expected: Expected) -> Self {
        match expected {
            Expected::Success => Self::Success,
            Expected::Failure => Self::Failure,
        }
    }
}

/// All algorithms for which the suite has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Algorithm {
    #[serde(rename = "RSA_WITH_SHA256")]
    RsaSha256,
    #[serde(rename = "RSA_WITH_SHA384")]
    RsaSha384,
    #[serde(rename = "RSA_WITH_SHA512")]
    RsaSha512,
    #[serde(rename = "RSASSA_PSS")]
    RsaPss,
    #[serde(rename = "ECDSA_WITH_SHA256")]
    EcdsaSha256,
    #[serde(rename = "ECDSA_WITH_SHA384")]
    EcdsaSha384,
    #[serde(rename = "ECDSA_WITH_SHA512")]
    EcdsaSha512,
    #[serde(rename = "ED25519")]
    Ed25519,
    /// One that the library does not have.
    #[serde(
        rename = "RSA_WITH_MD5",
        alias = "RSA_WITH_SHA1",
        alias = "RSA_WITH_SHA224",
        alias = "RSA_WITH_SHA3_224",
        alias = "RSA_WITH_SHA3_256",
        alias = "RSA_WITH_SHA3_384",
        alias = "RSA_WITH_SHA3_512",
        alias = "ECDSA_WITH_SHA1",
        alias = "ECDSA_WITH_SHA224",
        alias = "ECDSA_WITH_SHA3_224",
        alias = "ECDSA_WITH_SHA3_256",
        alias = "ECDSA_WITH_SHA3_384",
        alias = "ECDSA_WITH_SHA3_512",
        alias = "DSA_WITH_SHA1",
        alias = "DSA_WITH_SHA224",
        alias = "DSA_WITH_SHA256",
        alias = "DSA_WITH_SHA384",
        alias = "DSA_WITH_SHA512",
        alias = "ED448",
        alias = "GOSTR3411_94_WITH_3410_2001",
        alias = "GOSTR3410_2012_WITH_3411_2012_256",
        alias = "GOSTR3410_2012_WITH_3411_2012_512"
    )]
    NotSupported,
}

/// A usage of a key (RFC 5280 §4.2.1.3). The suite's schema writes the last two with an
/// underscore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum KeyUsage {
    DigitalSignature,
    ContentCommitment,
    KeyEncipherment,
    DataEncipherment,
    KeyAgreement,
    KeyCertSign,
    #[serde(rename = "cRLSign")]
    CrlSign,
    #[serde(alias = "encipher_only")]
    EncipherOnly,
    #[serde(alias = "decipher_only")]
    DecipherOnly,
}

/// A name that the peer's certificate is to have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(tag = "kind", content = "value", rename_all = "UPPERCASE")]
pub(crate) enum PeerName {
    Dns(String),
    Ip(String),
    Rfc822(String),
}

impl fmt::Display for PeerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, value) = match self {
            Self::Dns(name) => ("DNS", name),
            Self::Ip(address) => ("IP", address),
            Self::Rfc822(address) => ("email", address),
        };
        write!(f, "{kind}:{value}")
    }
}
