//! Certificate extensions (RFC 5280 §4.2).

use core::fmt;

use super::der::{Element, ParseError, Problem, Reader, Span, only_element, saturating_u32, tag};
use super::distribution_point::read_distribution_points;
use super::extension::Extension;
use super::general_name::{GeneralName, check_general_names};
use super::name_constraints::NameConstraints;
use super::policies::{
    PolicyConstraints, are_qualifiers_known, read_mappings, read_policies, read_policy_constraints,
};
use super::problem::MAX_EXTENSIONS;
use super::seen::Others;

/// What a certificate's extensions say, as far as they are processed here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extensions {
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    /// The OBJECT IDENTIFIERs, one after another.
    pub(super) extended_key_usage: Span,
    /// The general names, one after another.
    pub(super) subject_alt_name: Span,
    pub(super) subject_key_id: Span,
    pub(super) authority_key_id: Span,
    pub(super) name_constraints: NameConstraints,
    /// The list of PolicyInformation.
    pub(super) policies: Span,
    pub(super) policy_mappings: Span,
    pub(super) policy_constraints: PolicyConstraints,
    pub(super) inhibit_any_policy: Option<u32>,
    /// The list of DistributionPoint.
    pub(super) distribution_points: Span,
    /// The OBJECT IDENTIFIER of the first extension that is critical (§4.2) and not processed here.
    /// It forbids the use of this certificate, unless the application processes it.
    pub(super) unhandled: Span,
    /// Whether there is a key identifier extension that is none.
    pub(super) is_key_id_malformed: bool,
    /// What is wrong with a cRLDistributionPoints that is none.
    pub(super) distribution_points_problem: Option<Problem>,
    /// Whether there is an authorityInfoAccess that is none. Nothing here follows it, so that is a
    /// matter of form.
    pub(super) is_information_access_malformed: bool,
    /// How many there are.
    pub(super) count: u8,
    /// One bit for each extension of arc `id-ce` that is there.
    present: u64,
    /// Those that are critical.
    critical: u64,
}

/// Extensions whose presence and criticality are asked for, by their number in the arc `id-ce`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExtensionId {
    SubjectKeyId = 14,
    SubjectAltName = 17,
    BasicConstraints = 19,
    NameConstraints = 30,
    DistributionPoints = 31,
    AuthorityKeyId = 35,
    PolicyConstraints = 36,
    InhibitAnyPolicy = 54,
}

impl Extensions {
    pub(super) const NONE: Self = Self {
        basic_constraints: None,
        key_usage: None,
        extended_key_usage: Span::ABSENT,
        subject_alt_name: Span::ABSENT,
        subject_key_id: Span::ABSENT,
        authority_key_id: Span::ABSENT,
        name_constraints: NameConstraints::ABSENT,
        policies: Span::ABSENT,
        policy_mappings: Span::ABSENT,
        policy_constraints: PolicyConstraints {
            require_explicit_policy: None,
            inhibit_policy_mapping: None,
        },
        inhibit_any_policy: None,
        distribution_points: Span::ABSENT,
        unhandled: Span::ABSENT,
        is_key_id_malformed: false,
        distribution_points_problem: None,
        is_information_access_malformed: false,
        count: 0,
        present: 0,
        critical: 0,
    };

    pub(super) fn has(&self, extension: ExtensionId) -> bool {
        self.present & (1 << extension as u8) != 0
    }

    pub(super) fn is_critical(&self, extension: ExtensionId) -> bool {
        self.critical & (1 << extension as u8) != 0
    }

    /// Reads the content of `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`. A list without
    /// extensions is accepted, as OpenSSL 1.1.1 and Go before 1.19 wrote it: it can only mean one
    /// thing. The strict profile refuses it, see `strict_form`.
    pub(super) fn read(list: Reader<'_>) -> Result<Self, ParseError> {
        let in_extensions = |problem| ParseError::new("extensions", problem);
        let mut extensions = Self::NONE;
        let mut others = Others::default();
        let mut rest = list;
        while !rest.is_empty() {
            if usize::from(extensions.count) == MAX_EXTENSIONS {
                return Err(in_extensions(Problem::TooManyExtensions));
            }
            extensions.count = extensions.count.saturating_add(1);
            let extension = Extension::read(&mut rest).map_err(in_extensions)?;
            if extensions.is_repeated(&extension, &mut others) {
                return Err(in_extensions(Problem::DuplicateExtension));
            }
            extensions.add(&extension)?;
        }
        Ok(extensions)
    }

    /// Notes that `extension` is there. Whether it was before (§4.2: at most once each).
    fn is_repeated<'a>(&mut self, extension: &Extension<'a>, others: &mut Others<'a>) -> bool {
        if let [0x55, 0x1d, arc @ 0..64] = extension.oid.value {
            let bit = 1u64 << arc;
            let repeated = self.present & bit != 0;
            self.present |= bit;
            if extension.critical {
                self.critical |= bit;
            }
            return repeated;
        }
        others.is_repeated(extension.oid.value)
    }

    /// With [`PROCESSED`], what says which extensions are processed.
    fn add(&mut self, extension: &Extension<'_>) -> Result<(), ParseError> {
        let value = &extension.value;
        let (field, outcome) = match extension.oid.value {
            // §4.2.1.9
            [0x55, 0x1d, 19] => (
                "basicConstraints",
                BasicConstraints::read(value).map(|read| self.basic_constraints = Some(read)),
            ),
            // §4.2.1.3
            [0x55, 0x1d, 15] => (
                "keyUsage",
                KeyUsage::read(value).map(|read| self.key_usage = Some(read)),
            ),
            // §4.2.1.12
            [0x55, 0x1d, 37] => (
                "extKeyUsage",
                read_key_purposes(value).map(|read| self.extended_key_usage = read),
            ),
            // §4.2.1.6
            [0x55, 0x1d, 17] => (
                "subjectAltName",
                read_general_names(value).map(|read| self.subject_alt_name = read),
            ),
            // §4.2.1.2 and §4.2.1.1. They only order candidates, so one that does not parse is as
            // if absent, unless it is critical and so claims to matter.
            [0x55, 0x1d, 14] => (
                "subjectKeyIdentifier",
                read_subject_key_id(value)
                    .map(|read| self.subject_key_id = read)
                    .or_else(|problem| self.pass_over_key_id(extension, problem)),
            ),
            [0x55, 0x1d, 35] => (
                "authorityKeyIdentifier",
                read_authority_key_id(value)
                    .map(|read| self.authority_key_id = read)
                    .or_else(|problem| self.pass_over_key_id(extension, problem)),
            ),
            // §4.2.1.10
            [0x55, 0x1d, 30] => (
                "nameConstraints",
                sequence(value)
                    .and_then(|list| NameConstraints::read(&list))
                    .map(|read| self.name_constraints = read),
            ),
            // §4.2.1.4
            [0x55, 0x1d, 32] => (
                "certificatePolicies",
                sequence(value).and_then(|list| self.read_policies(extension, &list)),
            ),
            // §4.2.1.5
            [0x55, 0x1d, 33] => (
                "policyMappings",
                sequence(value)
                    .and_then(|list| read_mappings(&list))
                    .map(|read| self.policy_mappings = read),
            ),
            // §4.2.1.11
            [0x55, 0x1d, 36] => (
                "policyConstraints",
                sequence(value)
                    .and_then(|list| read_policy_constraints(&list))
                    .map(|read| self.policy_constraints = read),
            ),
            // §4.2.1.14
            [0x55, 0x1d, 54] => (
                "inhibitAnyPolicy",
                read_skip_certs(value).map(|read| self.inhibit_any_policy = Some(read)),
            ),
            // §4.2.1.13. Where nobody asks for revocation, it does not matter that it does not
            // parse.
            [0x55, 0x1d, 31] => (
                "cRLDistributionPoints",
                sequence(value)
                    .and_then(|list| read_distribution_points(&list))
                    .map(|read| self.distribution_points = read)
                    .or_else(|problem| {
                        self.distribution_points_problem = Some(problem);
                        unless_critical(extension, problem)
                    }),
            ),
            // §4.2.2.1
            AUTHORITY_INFO_ACCESS if !extension.critical => {
                self.is_information_access_malformed = check_information_access(value).is_err();
                return Ok(());
            }
            _ if extension.critical => {
                self.note_unhandled(extension);
                return Ok(());
            }
            _ => return Ok(()),
        };
        outcome.map_err(|problem| ParseError::new(field, problem))
    }

    /// A malformed key identifier is as if absent, unless it is critical.
    fn pass_over_key_id(
        &mut self,
        extension: &Extension<'_>,
        problem: Problem,
    ) -> Result<(), Problem> {
        self.is_key_id_malformed = true;
        unless_critical(extension, problem)
    }

    /// Qualifiers are for people. Where the extension is critical, §4.2.1.4 has a verifier
    /// interpret each, or refuse.
    fn read_policies(
        &mut self,
        extension: &Extension<'_>,
        list: &Element<'_>,
    ) -> Result<(), Problem> {
        self.policies = read_policies(list)?;
        if extension.critical && !are_qualifiers_known(list)? {
            self.note_unhandled(extension);
        }
        Ok(())
    }

    fn note_unhandled(&mut self, extension: &Extension<'_>) {
        if self.unhandled == Span::ABSENT {
            self.unhandled = extension.oid.value_span();
        }
    }
}

/// The extensions that are processed here, by their number in the arc `id-ce`.
const PROCESSED: [(u8, &str); 12] = [
    (14, "subjectKeyIdentifier"),
    (15, "keyUsage"),
    (17, "subjectAltName"),
    (19, "basicConstraints"),
    (30, "nameConstraints"),
    (31, "cRLDistributionPoints"),
    (32, "certificatePolicies"),
    (33, "policyMappings"),
    (35, "authorityKeyIdentifier"),
    (36, "policyConstraints"),
    (37, "extKeyUsage"),
    (54, "inhibitAnyPolicy"),
];

/// The name of the extension with these content octets, if it is processed here.
pub(crate) fn processed_extension(oid: &[u8]) -> Option<&'static str> {
    let [0x55, 0x1d, arc] = oid else {
        return None;
    };
    let known = PROCESSED.iter().find(|(known, _)| known == arc);
    known.map(|(_, name)| *name)
}

/// Whether the extension is critical and not processed here.
pub(super) fn is_unhandled(extension: &Extension<'_>) -> bool {
    let has_unknown_qualifier = || {
        let is_policies = extension.oid.value == [0x55, 0x1d, 32];
        let are_known = |list: Element<'_>| are_qualifiers_known(&list);
        is_policies && sequence(&extension.value).and_then(are_known) != Ok(true)
    };
    let is_processed = processed_extension(extension.oid.value).is_some();
    extension.critical && (!is_processed || has_unknown_qualifier())
}

/// What is malformed and not critical is passed over.
fn unless_critical(extension: &Extension<'_>, problem: Problem) -> Result<(), Problem> {
    match extension.critical {
        true => Err(problem),
        false => Ok(()),
    }
}

/// The SEQUENCE that is all of an extension's value.
pub(super) fn sequence<'a>(value: &Element<'a>) -> Result<Element<'a>, Problem> {
    let mut reader = value.reader();
    let sequence = reader.expect(tag::SEQUENCE)?;
    reader.finish()?;
    Ok(sequence)
}

/// id-pe-authorityInfoAccess, 1.3.6.1.5.5.7.1.1.
pub(super) const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01];

/// `AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { accessMethod, accessLocation
/// GeneralName }`.
pub(super) fn check_information_access(value: &Element<'_>) -> Result<(), Problem> {
    let mut descriptions = sequence(value)?.reader();
    if descriptions.is_empty() {
        return Err(Problem::Empty);
    }
    while !descriptions.is_empty() {
        let mut description = descriptions.expect(tag::SEQUENCE)?.reader();
        description.oid()?;
        GeneralName::read(&mut description)?;
        description.finish()?;
    }
    Ok(())
}

/// `SkipCerts ::= INTEGER (0..MAX)`, which is all of an extension's value.
fn read_skip_certs(value: &Element<'_>) -> Result<u32, Problem> {
    let mut reader = value.reader();
    let count = saturating_u32(reader.integer()?.value)?;
    reader.finish()?;
    Ok(count)
}

/// basicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BasicConstraints {
    pub(crate) is_ca: bool,
    /// How many intermediates that are not self-issued may follow; meaningful for a CA only.
    pub(crate) path_len: Option<u32>,
}

impl BasicConstraints {
    fn read(value: &Element<'_>) -> Result<Self, Problem> {
        let mut reader = sequence(value)?.reader();
        let is_ca = reader.boolean_default_false()?;
        let path_len = match reader.is_empty() {
            true => None,
            false => Some(saturating_u32(reader.integer()?.value)?),
        };
        reader.finish()?;
        Ok(Self { is_ca, path_len })
    }
}

/// What a key may be used for, by the keyUsage extension (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyUsage {
    /// The first is the highest. The lowest stands for all that have no name.
    bits: u16,
}

/// The bits that have a name, the first the highest.
macro_rules! key_usages {
    ($($(#[$about:meta])+ $bit:literal $function:ident $name:literal)+) => {
        impl KeyUsage {
            const NAMES: &[(u16, &str)] = &[$((0x8000 >> $bit, $name)),+];

            $(
                $(#[$about])+
                pub fn $function(self) -> bool {
                    self.bits & (0x8000 >> $bit) != 0
                }
            )+
        }
    };
}

key_usages! {
    /// Bit 0, digitalSignature: signatures other than on certificates and CRLs, as a TLS client
    /// makes.
    0 digital_signature "digitalSignature"
    /// Bit 1, contentCommitment, which was nonRepudiation: signatures that their maker is held to.
    1 content_commitment "contentCommitment"
    /// Bit 2, keyEncipherment: the key encrypts other keys.
    2 key_encipherment "keyEncipherment"
    /// Bit 3, dataEncipherment: the key encrypts data.
    3 data_encipherment "dataEncipherment"
    /// Bit 4, keyAgreement: the key agrees on others, as in static Diffie-Hellman.
    4 key_agreement "keyAgreement"
    /// Bit 5, keyCertSign: signatures on certificates.
    5 key_cert_sign "keyCertSign"
    /// Bit 6, cRLSign: signatures on CRLs.
    6 crl_sign "cRLSign"
    /// Bit 7, encipherOnly: with keyAgreement, to encrypt alone.
    7 encipher_only "encipherOnly"
    /// Bit 8, decipherOnly: with keyAgreement, to decrypt alone.
    8 decipher_only "decipherOnly"
}

impl KeyUsage {
    fn read(value: &Element<'_>) -> Result<Self, Problem> {
        let mut reader = value.reader();
        let bits = reader.expect(tag::BIT_STRING)?.bits()?;
        reader.finish()?;
        let octet = |index: usize| bits.get(index).copied().unwrap_or(0);
        let named = u16::from_be_bytes([octet(0), octet(1) & 0x80]);
        let is_empty = bits.iter().all(|byte| *byte == 0);
        let unnamed = u16::from(named == 0 && !is_empty);
        Ok(Self {
            bits: named | unnamed,
        })
    }

    /// Whether no bit is set, which §4.2.1.3 rules out.
    pub(crate) fn is_empty(self) -> bool {
        self.bits == 0
    }
}

/// The names of its bits: `digitalSignature, keyAgreement`.
impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Self::NAMES.iter().filter(|(bit, _)| self.bits & bit != 0);
        let mut separator = "";
        for (_, name) in set {
            write!(f, "{separator}{name}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Debug for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyUsage({self})")
    }
}

/// `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId`.
fn read_key_purposes(value: &Element<'_>) -> Result<Span, Problem> {
    let list = sequence(value)?;
    let mut purposes = list.reader();
    if purposes.is_empty() {
        return Err(Problem::Empty);
    }
    while !purposes.is_empty() {
        purposes.oid()?;
    }
    Ok(list.value_span())
}

fn read_general_names(value: &Element<'_>) -> Result<Span, Problem> {
    let names = sequence(value)?;
    check_general_names(names.reader())?;
    Ok(names.value_span())
}

fn read_subject_key_id(value: &Element<'_>) -> Result<Span, Problem> {
    only_element(value.value, tag::OCTET_STRING)?;
    let identifier = value.reader().expect(tag::OCTET_STRING)?;
    Ok(identifier.value_span())
}

/// The `keyIdentifier [0]` of an authorityKeyIdentifier. Its `authorityCertIssuer [1]`,
/// GeneralNames, and `authorityCertSerialNumber [2]`, an INTEGER, are read and not used.
pub(super) fn read_authority_key_id(value: &Element<'_>) -> Result<Span, Problem> {
    let mut fields = sequence(value)?.reader();
    let identifier = fields.optional(tag::context(0))?;
    let issuer = fields.optional(tag::context_constructed(1))?;
    let serial = fields.optional(tag::context(2))?;
    fields.finish()?;
    // Appendix A.2: both or neither.
    if issuer.is_some() != serial.is_some() {
        return Err(Problem::OutOfRange);
    }
    if let (Some(issuer), Some(serial)) = (issuer, serial) {
        check_general_names(issuer.reader())?;
        serial.integer_content()?;
    }

    Ok(identifier.map_or(Span::ABSENT, |identifier| identifier.value_span()))
}

/// The keyIdentifier of the value of an authorityKeyIdentifier.
pub(crate) fn key_identifier_of(value: &[u8]) -> Option<&[u8]> {
    let mut fields = only_element(value, tag::SEQUENCE).ok()?.reader();
    let identifier = fields.optional(tag::context(0)).ok()?;
    identifier.map(|identifier| identifier.value)
}

#[cfg(test)]
mod tests;
