//! Reads rules on identities as docs/guide/policy.md has them.

use std::net::IpAddr;

use reference::model::{self, IdentityRule};
use serde::Deserialize;

use super::oid;

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Identities {
    Word(Word),
    Rule(Rule),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Word {
    Any,
    Nobody,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Rule {
    All(Vec<Rule>),
    Any(Vec<Rule>),
    Not(Box<Rule>),
    Dns(Text),
    Email(Text),
    Uri(Text),
    Ip(String),
    CommonName(Text),
    OrganizationalUnit(Text),
    SpiffeId(SpiffeId),
    UserPrincipalName(Text),
    OtherName(OtherName),
    Attribute(Attribute),
    Subject(String),
    Issuer(String),
    Serial(Serial),
    #[serde(rename = "certificate-sha256")]
    CertificateSha256(String),
    #[serde(rename = "key-sha256")]
    KeySha256(String),
    Extension(Extension),
    KeyPurpose(String),
    CertificatePolicy(String),
    Scope(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    Exact(String),
    Part(Part),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Part {
    Exact(String),
    Prefix(String),
    Suffix(String),
    Contains(String),
    Glob(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SpiffeId {
    Exact(String),
    Below(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    oid: String,
    text: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherName {
    oid: String,
    text: Option<Text>,
    der: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Serial {
    issuer: String,
    number: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extension {
    oid: String,
    value: Option<String>,
}

impl Default for Identities {
    fn default() -> Self {
        Self::Word(Word::Any)
    }
}

impl Identities {
    pub(crate) fn reference(&self) -> Option<IdentityRule> {
        match self {
            Self::Word(Word::Any) => None,
            Self::Word(Word::Nobody) => Some(IdentityRule::Any(Vec::new())),
            Self::Rule(rule) => Some(rule.reference()),
        }
    }
}

impl Rule {
    fn reference(&self) -> IdentityRule {
        use model::IdentityMatch as Match;

        let all = |rules: &[Self]| rules.iter().map(Self::reference).collect();
        IdentityRule::Match(match self {
            Self::All(rules) => return IdentityRule::All(all(rules)),
            Self::Any(rules) => return IdentityRule::Any(all(rules)),
            Self::Not(rule) => return IdentityRule::Not(Box::new(rule.reference())),
            Self::Dns(text) => Match::Dns(text.reference()),
            Self::Email(text) => Match::Email(text.reference()),
            Self::Uri(text) => Match::Uri(text.reference()),
            Self::Ip(network) => ip(network),
            Self::CommonName(text) => Match::CommonName(text.reference()),
            Self::OrganizationalUnit(text) => Match::OrganizationalUnit(text.reference()),
            Self::SpiffeId(SpiffeId::Exact(id)) => Match::SpiffeExact(id.clone()),
            Self::SpiffeId(SpiffeId::Below(base)) => Match::SpiffeBelow(base.clone()),
            Self::UserPrincipalName(text) => Match::UserPrincipalName(text.reference()),
            Self::OtherName(name) => match (&name.text, &name.der) {
                (Some(text), None) => Match::OtherNameText(oid(&name.oid), text.reference()),
                (None, Some(der)) => Match::OtherNameDer(oid(&name.oid), base64(der)),
                _ => panic!("either a text or DER"),
            },
            Self::Attribute(attribute) => {
                Match::Attribute(oid(&attribute.oid), attribute.text.reference())
            }
            Self::Subject(name) => Match::Subject(base64(name)),
            Self::Issuer(name) => Match::Issuer(base64(name)),
            Self::Serial(serial) => Match::Serial(base64(&serial.issuer), hex(&serial.number)),
            Self::CertificateSha256(digest) => Match::CertificateSha256(digest_of(digest)),
            Self::KeySha256(digest) => Match::KeySha256(digest_of(digest)),
            Self::Extension(extension) => {
                Match::Extension(oid(&extension.oid), extension.value.as_deref().map(base64))
            }
            Self::KeyPurpose(purpose) => Match::KeyPurpose(super::purpose(purpose)),
            Self::CertificatePolicy(policy) => Match::CertificatePolicy(oid(policy)),
            Self::Scope(name) => Match::Scope(name.clone()),
        })
    }
}

impl Text {
    fn reference(&self) -> model::TextMatch {
        match self {
            Self::Exact(text) | Self::Part(Part::Exact(text)) => {
                model::TextMatch::Exact(text.clone())
            }
            Self::Part(Part::Prefix(text)) => model::TextMatch::Prefix(text.clone()),
            Self::Part(Part::Suffix(text)) => model::TextMatch::Suffix(text.clone()),
            Self::Part(Part::Contains(text)) => model::TextMatch::Contains(text.clone()),
            Self::Part(Part::Glob(text)) => model::TextMatch::Glob(text.clone()),
        }
    }
}

/// An address, or an address and how many of its bits count.
fn ip(network: &str) -> model::IdentityMatch {
    let (address, bits) = match network.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse().expect("a number"))),
        None => (network, None),
    };
    match address.parse().expect("an address") {
        IpAddr::V4(address) => {
            model::IdentityMatch::Ip(address.octets().to_vec(), bits.unwrap_or(32))
        }
        IpAddr::V6(address) => {
            model::IdentityMatch::Ip(address.octets().to_vec(), bits.unwrap_or(128))
        }
    }
}

fn digest_of(digits: &str) -> [u8; 32] {
    hex(digits).try_into().expect("32 octets")
}

fn hex(digits: &str) -> Vec<u8> {
    let digits = digits.replace(':', "");
    let octet = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("two digits");
    (0..digits.len()).step_by(2).map(octet).collect()
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.trim_end_matches('=').chars();
    let mut bits = digits.flat_map(|digit| {
        let value = DIGITS.find(digit).expect("base64");
        (0..6).rev().map(move |bit| value >> bit & 1 != 0)
    });
    let mut octets = Vec::new();
    while let Some(octet) = (0..8).try_fold(0, |octet, _| Some(octet << 1 | u8::from(bits.next()?)))
    {
        octets.push(octet);
    }
    octets
}
