//! What the fuzz targets need of the inside. It is there under `cfg(fuzzing)` alone, and no part of
//! the API.

mod crl;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use pki_types::UnixTime;

pub use crl::{Entry, ParsedCrl, Said};

use crate::budget::Budget;
use crate::error::Reason;
use crate::identity::Identity;
use crate::path::{Node, Step};
use crate::policy::ClientPolicy;
use crate::store::TrustStore;
use crate::validate::{Judge, Role, StableInterval, Strictness};
use crate::x509::{
    self, DisplayName, ExtensionId, Fields, KeyUsage, ParseError, Reader, Rfc3339, Time,
};

/// All that is read of a certificate, as [`Fields`] has it.
#[derive(Debug)]
pub struct Parsed<'a> {
    /// From one.
    pub version: u8,
    /// The signed part.
    pub tbs: &'a [u8],
    /// The content octets.
    pub serial: &'a [u8],
    /// The content of the AlgorithmIdentifier.
    pub signature_algorithm: &'a [u8],
    /// DER.
    pub issuer: &'a [u8],
    /// DER.
    pub subject: &'a [u8],
    /// As RFC 3339 has it.
    pub not_before: String,
    /// As RFC 3339 has it.
    pub not_after: String,
    /// DER.
    pub spki: &'a [u8],
    /// The content of the key's AlgorithmIdentifier.
    pub key_algorithm: &'a [u8],
    /// The content of the key's BIT STRING.
    pub key: &'a [u8],
    /// Whether there is an issuerUniqueID or subjectUniqueID.
    pub has_unique_ids: bool,
    /// The content of the BIT STRING.
    pub signature: &'a [u8],
    /// cA and pathLenConstraint.
    pub basic_constraints: Option<(bool, Option<u32>)>,
    /// What is read of keyUsage.
    pub key_usage: Option<Usage>,
    /// OBJECT IDENTIFIERs by their content octets, as all others here.
    pub extended_key_usage: Option<Vec<&'a [u8]>>,
    /// None without the extension.
    pub subject_alt_names: Vec<GeneralName<'a>>,
    /// If it is well-formed.
    pub subject_key_id: Option<&'a [u8]>,
    /// If it is well-formed.
    pub authority_key_id: Option<&'a [u8]>,
    /// Whether one of the two is there and not well-formed.
    pub has_malformed_key_id: bool,
    /// Whether authorityInfoAccess is there and not well-formed.
    pub has_malformed_information_access: bool,
    /// The bases of nameConstraints.
    pub permitted: Vec<GeneralName<'a>>,
    /// The bases of nameConstraints.
    pub excluded: Vec<GeneralName<'a>>,
    /// Of certificatePolicies.
    pub policies: Option<Vec<&'a [u8]>>,
    /// The issuer's policy and the subject's.
    pub policy_mappings: Vec<(&'a [u8], &'a [u8])>,
    /// Of policyConstraints.
    pub require_explicit_policy: Option<u32>,
    /// Of policyConstraints.
    pub inhibit_policy_mapping: Option<u32>,
    /// skipCerts.
    pub inhibit_any_policy: Option<u32>,
    /// The first critical extension that is not processed.
    pub unhandled_extension: Option<&'a [u8]>,
    /// The number in the arc `id-ce`, whether the extension is there, and whether it is critical.
    pub extensions: Vec<(u8, bool, bool)>,
}

/// Looks at what a certificate says of its holder.
pub fn identity<T>(der: &[u8], look: impl FnOnce(Identity<'_>) -> T) -> Result<T, ParseError> {
    let fields = Fields::parse(der)?;
    Ok(look(Identity::new(fields.view(der))))
}

/// What is read of keyUsage.
#[derive(Debug, PartialEq, Eq)]
pub struct Usage {
    /// Bit 0.
    pub digital_signature: bool,
    /// Bit 5.
    pub key_cert_sign: bool,
    /// Whether no bit is set.
    pub is_empty: bool,
}

/// A general name as it is read.
#[derive(Debug, PartialEq, Eq)]
pub enum GeneralName<'a> {
    /// The content octets of its type, and the value as DER.
    Other(&'a [u8], &'a [u8]),
    /// rfc822Name.
    Email(&'a str),
    /// dNSName.
    Dns(&'a str),
    /// DER.
    Directory(&'a [u8]),
    /// uniformResourceIdentifier.
    Uri(&'a str),
    /// An address, or in a constraint address and mask.
    Ip(&'a [u8]),
    /// Its tag.
    Unread(u8),
}

impl<'a> From<x509::GeneralName<'a>> for GeneralName<'a> {
    fn from(name: x509::GeneralName<'a>) -> Self {
        match name {
            x509::GeneralName::Other { type_id, value } => Self::Other(type_id, value),
            x509::GeneralName::Email(address) => Self::Email(address),
            x509::GeneralName::Dns(name) => Self::Dns(name),
            x509::GeneralName::Directory(name) => Self::Directory(name),
            x509::GeneralName::Uri(uri) => Self::Uri(uri),
            x509::GeneralName::Ip(bytes) => Self::Ip(bytes),
            x509::GeneralName::Unread(tag) => Self::Unread(tag),
        }
    }
}

impl From<KeyUsage> for Usage {
    fn from(usage: KeyUsage) -> Self {
        Self {
            digital_signature: usage.digital_signature(),
            key_cert_sign: usage.key_cert_sign(),
            is_empty: usage.is_empty(),
        }
    }
}

/// Parses a certificate and gives all that was read to `look`.
///
/// # Errors
/// That of parsing.
pub fn parse<T>(der: &[u8], look: impl FnOnce(Parsed<'_>) -> T) -> Result<T, ParseError> {
    let fields = Fields::parse(der)?;
    Ok(look(read(fields.view(der))))
}

fn read<'a>(certificate: x509::Certificate<'a>) -> Parsed<'a> {
    let constraints = certificate.basic_constraints();
    let policy_constraints = certificate.policy_constraints();
    let public_key = certificate.public_key();
    // Must not panic, whatever the key.
    let _ = (public_key.kind(), public_key.describe());
    let extensions = [
        ExtensionId::SubjectKeyId,
        ExtensionId::SubjectAltName,
        ExtensionId::BasicConstraints,
        ExtensionId::NameConstraints,
        ExtensionId::AuthorityKeyId,
        ExtensionId::PolicyConstraints,
        ExtensionId::InhibitAnyPolicy,
    ];
    Parsed {
        version: match certificate.version() {
            x509::Version::V1 => 1,
            x509::Version::V2 => 2,
            x509::Version::V3 => 3,
        },
        tbs: certificate.tbs(),
        serial: certificate.serial(),
        signature_algorithm: certificate.signature_algorithm(),
        issuer: certificate.issuer(),
        subject: certificate.subject(),
        not_before: Rfc3339(certificate.not_before()).to_string(),
        not_after: Rfc3339(certificate.not_after()).to_string(),
        spki: certificate.spki(),
        key_algorithm: public_key.algorithm,
        key: public_key.bits,
        has_unique_ids: certificate.has_unique_ids(),
        signature: certificate.signature(),
        basic_constraints: constraints.map(|read| (read.is_ca, read.path_len)),
        key_usage: certificate.key_usage().map(Usage::from),
        extended_key_usage: certificate.extended_key_usage().map(Iterator::collect),
        subject_alt_names: certificate.subject_alt_names().map(Into::into).collect(),
        subject_key_id: certificate.subject_key_id(),
        authority_key_id: certificate.authority_key_id(),
        has_malformed_key_id: certificate.has_malformed_key_id(),
        has_malformed_information_access: certificate.has_malformed_information_access(),
        permitted: certificate.permitted_subtrees().map(Into::into).collect(),
        excluded: certificate.excluded_subtrees().map(Into::into).collect(),
        policies: certificate.policies().map(Iterator::collect),
        policy_mappings: certificate
            .policy_mappings()
            .map(|mapping| (mapping.issuer_domain, mapping.subject_domain))
            .collect(),
        require_explicit_policy: policy_constraints.require_explicit_policy,
        inhibit_policy_mapping: policy_constraints.inhibit_policy_mapping,
        inhibit_any_policy: certificate.inhibit_any_policy(),
        unhandled_extension: certificate
            .unhandled_extensions()
            .next()
            .map(|extension| extension.oid.value),
        extensions: extensions
            .map(|id| (id as u8, certificate.has(id), certificate.is_critical(id)))
            .into(),
    }
}

/// Whether these bytes are one general name and nothing else.
pub fn is_general_name(der: &[u8]) -> bool {
    let mut reader = Reader::new(der);
    x509::GeneralName::read(&mut reader).is_ok() && reader.is_empty()
}

/// Whether two names, well-formed DER both, are the same.
pub fn is_same_name(a: &[u8], b: &[u8]) -> bool {
    x509::is_same_name(a, b)
}

/// Whether a name surely lies within the subtree of another, well-formed DER both.
pub fn is_name_within(name: &[u8], base: &[u8]) -> bool {
    is_within(name, base, x509::Equality::Sure)
}

/// Whether a name possibly lies within the subtree of another, well-formed DER both.
pub fn is_name_possibly_within(name: &[u8], base: &[u8]) -> bool {
    is_within(name, base, x509::Equality::Possible)
}

fn is_within(name: &[u8], base: &[u8], equality: x509::Equality) -> bool {
    let fold = |name| x509::FoldedName::new(name, equality);
    fold(name).is_within(&fold(base))
}

/// Whether a name is compared otherwise than by its bytes.
pub fn is_foldable(name: &[u8]) -> bool {
    x509::is_foldable(name)
}

/// The key that equal names share.
pub fn name_key(name: &[u8]) -> u64 {
    x509::name_key(name)
}

/// A name as an error shows it.
pub fn show_name(name: &[u8]) -> String {
    format!("{}", DisplayName(name))
}

/// Judges a path, the client's certificate first and the anchor last, by every rule but the
/// signatures.
///
/// # Errors
/// The first rule that is broken.
pub fn judge(path: &[&[u8]], now: UnixTime, policy: &ClientPolicy) -> Result<(), Reason> {
    let fields = path
        .iter()
        .map(|der| Fields::parse(der))
        .collect::<Result<Vec<_>, _>>()
        .map_err(Reason::Malformed)?;
    let certificates = path.iter().zip(&fields).enumerate();
    let steps: Vec<Step<'_>> = certificates
        .map(|(index, (der, fields))| {
            let certificate = fields.view(der);
            Step {
                node: Node::Presented(index),
                certificate,
                is_self_issued: certificate.is_self_issued(),
            }
        })
        .collect();
    let (store, budget) = (TrustStore::empty(), Budget::new(&policy.limits));
    let mut judge = Judge::new(now, policy, (&store, None), &budget);
    let asked = (Role::Client, Strictness::Policy);
    let mut stable = StableInterval::around(Time::from(now));
    judge
        .check_certificates(&steps, asked, &mut stable)
        .and_then(|_window| judge.check_path(&steps, Role::Client))
        .map_err(|failure| failure.reason)
}
