//! Rules in the form in which they are applied: fields, and tests of their values.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::spiffe::Spiffe;
use super::wildcard;
use super::{IdentityMatch, IdentityRule, IpNetwork, OtherNameValue, TextMatch};
use crate::x509::{Oid, canonical_name, is_invisible, is_surely_comparable};

/// A rule.
#[derive(Debug)]
pub(crate) enum Node {
    All(Vec<Node>),
    /// Of exact matches that are looked up, and others.
    Any(Vec<Index>, Vec<Node>),
    Not(Box<Node>),
    Match(Field, Test),
}

/// Where the values are that a match is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Dns,
    Email,
    Uri,
    Ip,
    CommonName,
    OrganizationalUnit,
    SpiffeId,
    UserPrincipalName,
    OtherNameText(Oid),
    OtherNameDer(Oid),
    Attribute(Oid),
    Subject,
    Issuer,
    Serial,
    CertificateSha256,
    KeySha256,
    Extension(Oid),
    KeyPurpose,
    CertificatePolicy,
    Scope,
}

/// What a value must be.
#[derive(Debug)]
pub(crate) enum Test {
    Exact(Key),
    /// The same, where others may be meant as equal: a name that RFC 5280 §7.1 cannot compare.
    ExactOrUnclear(Key),
    Prefix(Key),
    Suffix(Key),
    Contains(Key),
    DnsGlob(String),
    UriGlob(Key),
    Network(IpNetwork),
    /// A SPIFFE ID below a trust domain or a path.
    Below(super::SpiffeMatch),
    Present,
}

impl Test {
    /// Whether a wildcard DNS name may stand for a name that passes. Patterns say so themselves.
    pub(crate) fn may_pass_wildcard(&self, name: &[u8]) -> bool {
        let Some(rest) = wildcard::of(name) else {
            return false;
        };
        match self {
            Self::Exact(key) => wildcard::parent(&key.exact) == Some(rest),
            Self::Prefix(key) => wildcard::may_begin(rest, &key.exact),
            Self::Suffix(key) => wildcard::may_end(rest, &key.exact),
            Self::Contains(key) => wildcard::may_contain(rest, &key.exact),
            _ => false,
        }
    }

    /// How many bytes the part or pattern has that is looked for; `None` if the test is of another
    /// kind.
    pub(crate) fn part(&self) -> Option<usize> {
        match self {
            Self::Prefix(key) | Self::Suffix(key) | Self::Contains(key) | Self::UriGlob(key) => {
                Some(key.exact.len())
            }
            Self::DnsGlob(pattern) => Some(pattern.len()),
            Self::Exact(_)
            | Self::ExactOrUnclear(_)
            | Self::Network(_)
            | Self::Below(_)
            | Self::Present => None,
        }
    }
}

/// What is compared with the bytes of values, and with what [`near`] makes of them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) near: Box<[u8]>,
    pub(crate) exact: Box<[u8]>,
}

impl Key {
    fn alike(bytes: &[u8]) -> Self {
        Self {
            near: bytes.into(),
            exact: bytes.into(),
        }
    }

    fn text(text: &str) -> Self {
        Self {
            near: near(text).into_bytes().into(),
            exact: text.as_bytes().into(),
        }
    }
}

/// Text as somebody may compare it who takes no account of ASCII case, of blanks, and of what
/// nobody sees.
pub(crate) fn near(text: &str) -> String {
    let is_seen = |character: &char| *character != ' ' && !is_invisible(*character);
    let mut near: String = text.chars().filter(is_seen).collect();
    near.make_ascii_lowercase();
    near
}

/// Exact matches of one field, in order, each once.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) field: Field,
    keys: Vec<Key>,
    /// Of DNS names, what comes after the first label, in order: what a wildcard may stand for.
    parents: Vec<Box<[u8]>>,
}

/// What an [`Index`] has of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Equal,
    Near,
    Nothing,
}

impl Index {
    fn new(field: Field, mut keys: Vec<Key>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        let parent = |key: &Key| wildcard::parent(&key.exact).map(Box::from);
        let mut parents: Vec<_> = match field {
            Field::Dns => keys.iter().filter_map(parent).collect(),
            _ => Vec::new(),
        };
        parents.sort_unstable();
        parents.dedup();
        Self {
            field,
            keys,
            parents,
        }
    }

    /// How many comparisons it takes to look something up.
    pub(crate) fn steps(&self) -> usize {
        let steps = self.keys.len().checked_ilog2().unwrap_or(0) as usize;
        steps.saturating_add(2)
    }

    /// Whether a DNS name is a wildcard that may stand for one of them.
    pub(crate) fn has_wildcard(&self, name: &[u8]) -> bool {
        let is_before = |parent: &[u8], wanted: &[u8]| parent < wanted;
        wildcard::of(name).is_some_and(|rest| {
            let at = self.parents.partition_point(|it| is_before(it, rest));
            self.parents.get(at).is_some_and(|parent| **parent == *rest)
        })
    }

    pub(crate) fn find(&self, near: &[u8], exact: &[u8]) -> Found {
        let at = self
            .keys
            .partition_point(|key| (&*key.near, &*key.exact) < (near, exact));
        let before = at.checked_sub(1).and_then(|before| self.keys.get(before));
        match self.keys.get(at) {
            Some(key) if (&*key.near, &*key.exact) == (near, exact) => Found::Equal,
            next => match next.into_iter().chain(before).any(|key| &*key.near == near) {
                true => Found::Near,
                false => Found::Nothing,
            },
        }
    }
}

/// The octets of an address.
pub(crate) fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().into(),
        IpAddr::V6(address) => address.octets().into(),
    }
}

/// Whether the octets of a serial number in a certificate are those of a negative number.
pub(crate) fn is_negative(serial: &[u8]) -> bool {
    serial.first().is_some_and(|first| first & 0x80 != 0)
}

/// The key of a serial number of an issuer, given by its canonical form.
pub(crate) fn serial_key(canonical_issuer: &[u8], serial: &[u8]) -> Vec<u8> {
    let zeros = serial.iter().take_while(|octet| **octet == 0).count();
    let magnitude = serial.get(zeros..).unwrap_or_default();
    [
        &canonical_issuer.len().to_be_bytes(),
        canonical_issuer,
        magnitude,
    ]
    .concat()
}

/// The name of a match in a policy as data.
pub(crate) fn name_of(wanted: &IdentityMatch) -> &'static str {
    use IdentityMatch as Match;

    match wanted {
        Match::Dns(_) => "dns",
        Match::Email(_) => "email",
        Match::Uri(_) => "uri",
        Match::Ip(_) => "ip",
        Match::CommonName(_) => "common-name",
        Match::OrganizationalUnit(_) => "organizational-unit",
        Match::SpiffeId(_) => "spiffe-id",
        Match::UserPrincipalName(_) => "user-principal-name",
        Match::OtherName(_) => "other-name",
        Match::Attribute(_) => "attribute",
        Match::Subject(_) => "subject",
        Match::Issuer(_) => "issuer",
        Match::Serial(_) => "serial",
        Match::CertificateSha256(_) => "certificate-sha256",
        Match::KeySha256(_) => "key-sha256",
        Match::Extension(_) => "extension",
        Match::KeyPurpose(_) => "key-purpose",
        Match::CertificatePolicy(_) => "certificate-policy",
        Match::Scope(_) => "scope",
    }
}

/// Makes a rule fast that was checked.
pub(super) fn compile(rule: &IdentityRule) -> Node {
    match rule {
        IdentityRule::All(rules) => Node::All(rules.iter().map(compile).collect()),
        IdentityRule::Any(rules) => match rules.as_slice() {
            [only] => compile(only),
            rules => compile_any(rules),
        },
        IdentityRule::Not(rule) => Node::Not(Box::new(compile(rule))),
        IdentityRule::Match(one) => {
            let (field, test) = compile_match(one);
            Node::Match(field, test)
        }
    }
}

fn compile_any(rules: &[IdentityRule]) -> Node {
    let mut exact: BTreeMap<Field, Vec<Key>> = BTreeMap::new();
    let mut others = Vec::new();
    for rule in rules {
        match compile(rule) {
            Node::Match(field, Test::Exact(key)) => exact.entry(field).or_default().push(key),
            other => others.push(other),
        }
    }
    let indexes = exact
        .into_iter()
        .map(|(field, keys)| Index::new(field, keys));
    Node::Any(indexes.collect(), others)
}

/// The field that a match is about.
pub(crate) fn field_of(wanted: &IdentityMatch) -> Field {
    compile_match(wanted).0
}

fn compile_match(wanted: &IdentityMatch) -> (Field, Test) {
    use IdentityMatch as Match;

    let exact = |bytes: &[u8]| Test::Exact(Key::alike(bytes));
    match wanted {
        Match::Dns(text) => (Field::Dns, dns_test(text)),
        Match::Email(text) => (Field::Email, text_test(text)),
        Match::Uri(text) => (Field::Uri, text_test(text)),
        Match::Ip(network) => (Field::Ip, network_test(*network)),
        Match::CommonName(text) => (Field::CommonName, text_test(text)),
        Match::OrganizationalUnit(text) => (Field::OrganizationalUnit, text_test(text)),
        Match::SpiffeId(wanted) => (
            Field::SpiffeId,
            match &wanted.0 {
                Spiffe::Exact(id) => exact(id.as_bytes()),
                Spiffe::Below(_) => Test::Below(wanted.clone()),
            },
        ),
        Match::UserPrincipalName(text) => (Field::UserPrincipalName, text_test(text)),
        Match::OtherName(name) => match &name.value {
            OtherNameValue::Text(text) => (Field::OtherNameText(name.oid.clone()), text_test(text)),
            OtherNameValue::Der(der) => (Field::OtherNameDer(name.oid.clone()), exact(der)),
        },
        Match::Attribute(attribute) => (
            Field::Attribute(attribute.oid.clone()),
            text_test(&attribute.text),
        ),
        Match::Subject(name) => (Field::Subject, name_test(name.as_der(), <[u8]>::to_vec)),
        Match::Issuer(name) => (Field::Issuer, name_test(name.as_der(), <[u8]>::to_vec)),
        Match::Serial(serial) => {
            let key = |canonical: &[u8]| serial_key(canonical, serial.serial());
            (Field::Serial, name_test(serial.issuer().as_der(), key))
        }
        Match::CertificateSha256(digest) => (Field::CertificateSha256, exact(digest)),
        Match::KeySha256(digest) => (Field::KeySha256, exact(digest)),
        Match::Extension(extension) => (
            Field::Extension(extension.oid.clone()),
            match &extension.value {
                Some(value) => exact(value),
                None => Test::Present,
            },
        ),
        Match::KeyPurpose(purpose) => (Field::KeyPurpose, exact(purpose.as_bytes())),
        Match::CertificatePolicy(policy) => (Field::CertificatePolicy, exact(policy.as_bytes())),
        Match::Scope(name) => (Field::Scope, exact(name.as_bytes())),
    }
}

fn text_test(wanted: &TextMatch) -> Test {
    match wanted {
        TextMatch::Exact(text) => Test::Exact(Key::text(text)),
        TextMatch::Prefix(text) => Test::Prefix(Key::text(text)),
        TextMatch::Suffix(text) => Test::Suffix(Key::text(text)),
        TextMatch::Contains(text) => Test::Contains(Key::text(text)),
        TextMatch::Glob(text) => Test::UriGlob(Key::text(text)),
    }
}

/// DNS names are ASCII, and compare without regard to its case (RFC 4343).
fn dns_test(wanted: &TextMatch) -> Test {
    let key = |text: &str| Key::alike(text.to_ascii_lowercase().as_bytes());
    match wanted {
        TextMatch::Exact(text) => Test::Exact(key(text)),
        TextMatch::Prefix(text) => Test::Prefix(key(text)),
        TextMatch::Suffix(text) => Test::Suffix(key(text)),
        TextMatch::Contains(text) => Test::Contains(key(text)),
        TextMatch::Glob(text) => Test::DnsGlob(text.to_ascii_lowercase()),
    }
}

fn network_test(network: IpNetwork) -> Test {
    match network.only_address() {
        Some(address) => Test::Exact(Key {
            near: octets(address.to_canonical()).into(),
            exact: octets(address).into(),
        }),
        None => Test::Network(network),
    }
}

fn name_test(name: &[u8], key: impl FnOnce(&[u8]) -> Vec<u8>) -> Test {
    let key = Key::alike(&key(&canonical_name(name)));
    match is_surely_comparable(name) {
        true => Test::Exact(key),
        false => Test::ExactOrUnclear(key),
    }
}
