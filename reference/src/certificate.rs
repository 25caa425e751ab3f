//! Certificates (RFC 5280 §4.1, §4.2).

mod contents;

use crate::der::{self, Element, Malformed, Reader};
use crate::model::{Oid, Time};
use crate::names::{Attribute, GeneralName, Name};

pub(crate) use contents::*;

/// An extension as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its type.
    pub oid: Oid,
    /// Whether it is critical.
    pub critical: bool,
    /// Whether it says that it is not critical, which is the default.
    pub critical_false_written: bool,
    /// The content of its OCTET STRING.
    pub value: Vec<u8>,
}

/// A subtree of name constraints: its base; minimum and maximum are the default, others are
/// malformed.
pub type Subtree = GeneralName;

/// nameConstraints (RFC 5280 §4.2.1.10).
#[derive(Clone, Debug, Default)]
pub struct NameConstraints {
    /// permittedSubtrees.
    pub permitted: Vec<Subtree>,
    /// excludedSubtrees.
    pub excluded: Vec<Subtree>,
}

/// A point of cRLDistributionPoints (RFC 5280 §4.2.1.13).
#[derive(Clone, Debug)]
pub struct DistributionPoint {
    /// The distributionPoint: its fullName, or for nameRelativeToCRLIssuer the relative name.
    pub name: Option<PointName>,
    /// reasons: bit i of the BIT STRING is bit i here, 1 to 8; none: all.
    pub reasons: Option<u16>,
    /// Whether zero bits are at the end of reasons.
    pub zero_bits: bool,
    /// cRLIssuer; empty: absent.
    pub crl_issuer: Vec<GeneralName>,
}

/// DistributionPointName.
#[derive(Clone, Debug)]
pub enum PointName {
    /// fullName.
    Full(Vec<GeneralName>),
    /// nameRelativeToCRLIssuer: the attributes.
    Relative(Vec<Attribute>),
}

/// A certificate. An extension that is processed and malformed makes the certificate malformed, but
/// for those whose docs say otherwise.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The whole DER.
    pub der: Vec<u8>,
    /// The DER of the tbsCertificate.
    pub tbs: Vec<u8>,
    /// 1, 2 or 3.
    pub version: u8,
    /// The content octets of serialNumber.
    pub serial: Vec<u8>,
    /// The content octets of the signature's AlgorithmIdentifier.
    pub signature_algorithm: Vec<u8>,
    /// The octets of the signature.
    pub signature: Vec<u8>,
    /// issuer.
    pub issuer: Name,
    /// subject.
    pub subject: Name,
    /// notBefore.
    pub not_before: Time,
    /// notAfter.
    pub not_after: Time,
    /// The whole DER of the SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// The content octets of its AlgorithmIdentifier.
    pub key_algorithm: Vec<u8>,
    /// The octets of its subjectPublicKey.
    pub key: Vec<u8>,
    /// All extensions, in order.
    pub extensions: Vec<Extension>,
    /// basicConstraints: cA and pathLenConstraint.
    pub basic_constraints: Option<(bool, Option<u32>)>,
    /// keyUsage: bit 0 is digitalSignature, bit 5 keyCertSign, bit 6 cRLSign.
    pub key_usage: Option<u16>,
    /// extKeyUsage.
    pub ext_key_usage: Option<Vec<Oid>>,
    /// subjectAltName.
    pub subject_alt_name: Option<Vec<GeneralName>>,
    /// nameConstraints.
    pub name_constraints: Option<NameConstraints>,
    /// certificatePolicies, the identifiers in order.
    pub policies: Option<Vec<Oid>>,
    /// policyMappings: issuerDomainPolicy, subjectDomainPolicy.
    pub mappings: Vec<(Oid, Oid)>,
    /// policyConstraints: requireExplicitPolicy.
    pub require_explicit_policy: Option<u32>,
    /// policyConstraints: inhibitPolicyMapping.
    pub inhibit_policy_mapping: Option<u32>,
    /// inhibitAnyPolicy.
    pub inhibit_any_policy: Option<u32>,
    /// subjectKeyIdentifier; malformed: as if absent.
    pub subject_key_id: Option<Vec<u8>>,
    /// The keyIdentifier of authorityKeyIdentifier; malformed: as if absent.
    pub authority_key_id: Option<Vec<u8>>,
    /// cRLDistributionPoints; an error where malformed: it matters only where the certificate is
    /// checked for revocation.
    pub distribution_points: Result<Option<Vec<DistributionPoint>>, Malformed>,
    /// Whether critical certificatePolicies have qualifiers that are unknown or malformed (RFC 5280
    /// §4.2.1.4).
    pub unknown_critical_qualifier: bool,
    /// Whether there is an issuerUniqueID or a subjectUniqueID.
    pub unique_identifiers: bool,
    /// Whether there are extensions and the SEQUENCE of them is empty.
    pub empty_extensions: bool,
    /// Whether a time before 2050 is a GeneralizedTime.
    pub early_generalized_time: bool,
    /// Whether basicConstraints, keyUsage or nameConstraints have a default value written out, or
    /// zero bits at the end (X.690 §11.2.2, §11.5).
    pub written_out: bool,
}

impl Certificate {
    /// Reads one (RFC 5280 §4.1).
    ///
    /// # Errors
    ///
    /// If it is not a certificate as RFC 5280 §4.1 and §4.2 describe it.
    pub fn read(der: &[u8]) -> Result<Self, Malformed> {
        // §4.1.1 Certificate
        let mut fields = der::sequence(der)?;
        let tbs = fields.element(der::SEQUENCE)?;
        let signature_algorithm = read_algorithm(&mut fields)?; // §4.1.1.2
        let signature = der::octets_of_bits(fields.content(der::BIT_STRING)?)?; // §4.1.1.3
        fields.end()?;
        // §4.1.2 TBSCertificate
        let mut fields = Reader::new(tbs.content);
        // §4.1.2.1: version 1 is the default, and never written out.
        let number = |explicit| der::only(explicit, der::INTEGER);
        let version = match fields.optional(der::CONSTRUCTED, number)? {
            None => 1,
            Some([1]) => 2,
            Some([2]) => 3,
            Some(_) => return Err("a version that there is not, or version 1 written out"),
        };
        let serial = der::integer(fields.content(der::INTEGER)?)?; // §4.1.2.2
        if read_algorithm(&mut fields)? != signature_algorithm {
            return Err("two signature algorithms, inside and outside"); // §4.1.2.3
        }
        let issuer = Name::read(fields.element(der::SEQUENCE)?.whole)?;
        if issuer.is_empty() {
            return Err("no issuer name"); // §4.1.2.4
        }
        let mut validity = Reader::new(fields.content(der::SEQUENCE)?); // §4.1.2.5
        let (begin, end) = (validity.any()?, validity.last()?);
        let subject = Name::read(fields.element(der::SEQUENCE)?.whole)?; // §4.1.2.6
        let spki = fields.element(der::SEQUENCE)?; // §4.1.2.7
        let mut key_fields = Reader::new(spki.content);
        let key_algorithm = read_algorithm(&mut key_fields)?;
        let key = der::octets_of_bits(key_fields.content(der::BIT_STRING)?)?;
        key_fields.end()?;
        let issuer_id = fields.optional(der::CONTEXT | 1, der::bit_string)?; // §4.1.2.8
        let subject_id = fields.optional(der::CONTEXT | 2, der::bit_string)?;
        let unique_identifiers = issuer_id.is_some() || subject_id.is_some();
        let list = |explicit| read_extensions(der::only(explicit, der::SEQUENCE)?);
        let list = fields.optional(der::CONSTRUCTED | 3, list)?; // §4.1.2.9
        fields.end()?;
        if (version == 1 && unique_identifiers) || (version < 3 && list.is_some()) {
            return Err("fields that this version does not have");
        }
        let empty_extensions = list.as_ref().is_some_and(Vec::is_empty);
        let extensions = list.unwrap_or_default();

        let mut certificate = Self {
            der: der.to_vec(),
            tbs: tbs.whole.to_vec(),
            version,
            serial: serial.to_vec(),
            signature_algorithm: signature_algorithm.to_vec(),
            signature: signature.to_vec(),
            issuer,
            subject,
            not_before: der::time(begin)?,
            not_after: der::time(end)?,
            spki: spki.whole.to_vec(),
            key_algorithm: key_algorithm.to_vec(),
            key: key.to_vec(),
            extensions: extensions.clone(),
            basic_constraints: None,
            key_usage: None,
            ext_key_usage: None,
            subject_alt_name: None,
            name_constraints: None,
            policies: None,
            mappings: Vec::new(),
            require_explicit_policy: None,
            inhibit_policy_mapping: None,
            inhibit_any_policy: None,
            subject_key_id: None,
            authority_key_id: None,
            distribution_points: Ok(None),
            unknown_critical_qualifier: false,
            unique_identifiers,
            empty_extensions,
            early_generalized_time: is_early_generalized(begin) || is_early_generalized(end),
            written_out: false,
        };
        for extension in &extensions {
            certificate.read_extension(extension)?;
        }
        Ok(certificate)
    }

    /// §4.2: the value of one extension; those that are not processed are not looked into.
    fn read_extension(&mut self, extension: &Extension) -> Result<(), Malformed> {
        let value = extension.value.as_slice();
        match extension.oid.as_slice() {
            AUTHORITY_KEY_IDENTIFIER => {
                let read = unless_critical(extension, AuthorityKeyIdentifier::read(value))?;
                self.authority_key_id = read.and_then(|identifier| identifier.key_identifier);
            }
            SUBJECT_KEY_IDENTIFIER => {
                let read = unless_critical(extension, der::only(value, der::OCTET_STRING))?;
                self.subject_key_id = read.map(<[u8]>::to_vec);
            }
            KEY_USAGE => {
                let (bits, ends_with_zero) = der::named_bits(der::only(value, der::BIT_STRING)?)?;
                self.written_out |= ends_with_zero;
                self.key_usage = Some(bits);
            }
            CERTIFICATE_POLICIES => {
                let policies = read_policies(value)?;
                if extension.critical {
                    self.unknown_critical_qualifier = has_unknown_qualifier(&policies)?;
                }
                self.policies = Some(policies.into_iter().map(|(policy, _)| policy).collect());
            }
            POLICY_MAPPINGS => {
                for mapping in der::sequence_of(value)? {
                    let mut fields = der::sequence(mapping.whole)?;
                    self.mappings.push((fields.oid()?, fields.oid()?));
                    fields.end()?;
                }
            }
            SUBJECT_ALT_NAME => {
                self.subject_alt_name = Some(read_names(der::only(value, der::SEQUENCE)?)?);
            }
            BASIC_CONSTRAINTS => {
                let mut fields = der::sequence(value)?;
                let ca = fields.optional(der::BOOLEAN, der::boolean)?;
                let path_length = fields.optional(der::INTEGER, der::unsigned)?;
                fields.end()?;
                self.written_out |= ca == Some(false);
                self.basic_constraints = Some((ca == Some(true), path_length));
            }
            NAME_CONSTRAINTS => {
                let mut fields = der::sequence(value)?;
                let permitted = fields.optional(der::CONSTRUCTED, read_subtrees)?;
                let excluded = fields.optional(der::CONSTRUCTED | 1, read_subtrees)?;
                fields.end()?;
                if permitted.is_none() && excluded.is_none() {
                    return Err("nameConstraints without subtrees");
                }
                let (permitted, minimum) = permitted.unwrap_or_default();
                let (excluded, other_minimum) = excluded.unwrap_or_default();
                self.written_out |= minimum || other_minimum;
                self.name_constraints = Some(NameConstraints {
                    permitted,
                    excluded,
                });
            }
            POLICY_CONSTRAINTS => {
                let mut fields = der::sequence(value)?;
                self.require_explicit_policy = fields.optional(der::CONTEXT, der::unsigned)?;
                self.inhibit_policy_mapping = fields.optional(der::CONTEXT | 1, der::unsigned)?;
                fields.end()?;
                if self.require_explicit_policy.is_none() && self.inhibit_policy_mapping.is_none() {
                    return Err("policyConstraints without fields");
                }
            }
            EXT_KEY_USAGE => {
                let purpose = |element: &Element<'_>| Reader::new(element.whole).oid();
                let purposes = der::sequence_of(value)?;
                self.ext_key_usage = Some(purposes.iter().map(purpose).collect::<Result<_, _>>()?);
            }
            CRL_DISTRIBUTION_POINTS => {
                let points = read_distribution_points(value);
                if extension.critical {
                    points.clone()?;
                }
                self.distribution_points = points.map(Some);
            }
            INHIBIT_ANY_POLICY => {
                self.inhibit_any_policy = Some(der::unsigned(der::only(value, der::INTEGER)?)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The extension of this type.
    #[must_use]
    pub fn extension(&self, oid: &[u8]) -> Option<&Extension> {
        self.extensions
            .iter()
            .find(|extension| extension.oid == oid)
    }

    /// Whether subject and issuer are surely equal (RFC 5280 §3.2, §6.1).
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject.is_surely(&self.issuer)
    }
}

/// §4.1.1.2: the content octets of the next AlgorithmIdentifier.
pub(crate) fn read_algorithm<'a>(fields: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let content = fields.content(der::SEQUENCE)?;
    let mut parts = Reader::new(content);
    parts.oid()?;
    if !parts.is_empty() {
        parts.last()?;
    }
    Ok(content)
}

/// Whether the time is a GeneralizedTime before 2050 (§4.1.2.5).
pub(crate) fn is_early_generalized(time: Element<'_>) -> bool {
    const YEAR_2050: Time = 2_524_608_000;
    time.tag == der::GENERALIZED_TIME && der::time(time).is_ok_and(|time| time < YEAR_2050)
}

/// What is malformed is as if absent, but malformed where the extension is critical.
pub(crate) fn unless_critical<T>(
    extension: &Extension,
    read: Result<T, Malformed>,
) -> Result<Option<T>, Malformed> {
    if extension.critical {
        read.map(Some)
    } else {
        Ok(read.ok())
    }
}

/// §4.2: the extensions in the content of a SEQUENCE, none of them twice.
pub(crate) fn read_extensions(content: &[u8]) -> Result<Vec<Extension>, Malformed> {
    let mut extensions: Vec<Extension> = Vec::new();
    for element in der::elements(content)? {
        let mut fields = der::sequence(element.whole)?;
        let oid = fields.oid()?;
        let critical = fields.optional(der::BOOLEAN, der::boolean)?;
        let value = fields.content(der::OCTET_STRING)?.to_vec();
        fields.end()?;
        if extensions.iter().any(|other| other.oid == oid) {
            return Err("an extension twice");
        }
        let critical_false_written = critical == Some(false);
        let critical = critical == Some(true);
        extensions.push(Extension {
            oid,
            critical,
            critical_false_written,
            value,
        });
    }
    Ok(extensions)
}

/// authorityKeyIdentifier (§4.2.1.1).
#[derive(Clone, Debug)]
pub struct AuthorityKeyIdentifier {
    /// keyIdentifier.
    pub key_identifier: Option<Vec<u8>>,
    /// authorityCertIssuer.
    pub issuer: Option<Vec<GeneralName>>,
    /// Whether there is an authorityCertSerialNumber.
    pub has_serial: bool,
}

impl AuthorityKeyIdentifier {
    pub(crate) fn read(value: &[u8]) -> Result<Self, Malformed> {
        let mut fields = der::sequence(value)?;
        let key_identifier = fields.optional(der::CONTEXT, |octets| Ok(octets.to_vec()))?;
        let issuer = fields.optional(der::CONSTRUCTED | 1, read_names)?;
        let has_serial = fields.optional(der::CONTEXT | 2, der::integer)?.is_some();
        fields.end()?;
        // §4.2.1.1: both or neither.
        if issuer.is_some() != has_serial {
            return Err("half of issuer and serial number");
        }
        Ok(Self {
            key_identifier,
            issuer,
            has_serial,
        })
    }
}
