//! The suite's own format, as far as it bears on the verdict.

use std::fmt;

use conformance::Verdict;
use serde::Deserialize;

/// A file of x509-limbo.
#[derive(Debug, Deserialize)]
pub(crate) struct Suite {
    pub(crate) version: u32,
    pub(crate) testcases: Vec<Case>,
}

/// One case. Certificates are PEM.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) validation_kind: ValidationKind,
    pub(crate) trusted_certs: Vec<String>,
    pub(crate) untrusted_intermediates: Vec<String>,
    pub(crate) peer_certificate: String,
    /// RFC 3339; none means now.
    pub(crate) validation_time: Option<String>,
    /// The only algorithms to accept; none means the verifier's own choice.
    pub(crate) signature_algorithms: Vec<String>,
    /// Usages that the peer's key must be good for.
    pub(crate) key_usage: Vec<String>,
    /// Purposes that the peer's key must be good for.
    pub(crate) extended_key_usage: Vec<String>,
    pub(crate) expected_result: Verdict,
    pub(crate) expected_peer_name: Option<PeerName>,
    pub(crate) expected_peer_names: Vec<PeerName>,
    /// How many intermediates that are not self-issued a path may have.
    pub(crate) max_chain_depth: Option<u32>,
    /// PEM. Where there are any, revocation is to be checked.
    #[serde(default)]
    pub(crate) crls: Vec<String>,
}

/// What the peer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ValidationKind {
    Server,
    Client,
}

/// A name that the peer's certificate is to have.
#[derive(Debug, Deserialize)]
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
