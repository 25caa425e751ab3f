//! The view of one certificate (RFC 5280 §4.1).

use pki_types::CertificateDer;

use super::der::{Element, ParseError, Problem, Reader, Span, only_element, tag};
use super::distribution_point::{DistributionPoint, distribution_points};
use super::extension::Extension;
use super::extensions::{BasicConstraints, ExtensionId, Extensions, KeyUsage, is_unhandled};
use super::general_name::GeneralName;
use super::name::{EMPTY_NAME, read_name};
use super::name_constraints::bases;
use super::name_match::is_same_name;
use super::policies::{self, PolicyConstraints, PolicyMapping};
use super::public_key::PublicKey;
use super::time::{Time, TimeForm};

/// Where the fields of a certificate lie in its DER, and the values of the small ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    tbs: Span,
    version: Version,
    serial: Span,
    signature_algorithm: Span,
    issuer: Span,
    not_before: Time,
    not_after: Time,
    subject: Span,
    spki: Span,
    key_algorithm: Span,
    key: Span,
    time_forms: [TimeForm; 2],
    has_unique_ids: bool,
    extensions: Extensions,
    signature: Span,
}

/// The X.509 version (RFC 5280 §4.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    V1,
    V2,
    V3,
}

impl Fields {
    /// Parses one certificate and nothing after it.
    pub(crate) fn parse(der: &[u8]) -> Result<Self, ParseError> {
        let in_field = |field| move |problem| ParseError::new(field, problem);
        if u32::try_from(der.len()).is_err() {
            return Err(ParseError::new("certificate", Problem::TooLarge));
        }
        let mut certificate = only_element(der, tag::SEQUENCE)
            .map_err(in_field("certificate"))?
            .reader();
        let tbs = certificate
            .expect(tag::SEQUENCE)
            .map_err(in_field("tbsCertificate"))?;
        let outer_algorithm =
            read_algorithm(&mut certificate).map_err(in_field("signatureAlgorithm"))?;
        let (_, signature) = certificate
            .bit_string()
            .map_err(in_field("signatureValue"))?;
        certificate.finish().map_err(in_field("certificate"))?;

        let mut fields = tbs.reader();
        let version = read_version(&mut fields).map_err(in_field("version"))?;
        let serial = fields.integer().map_err(in_field("serialNumber"))?;
        let inner_algorithm = fields
            .expect(tag::SEQUENCE)
            .map_err(in_field("signature"))?;
        // §4.1.1.2: the unsigned copy must say the same as the signed one.
        if inner_algorithm.value != outer_algorithm.value {
            return Err(ParseError::new(
                "signatureAlgorithm",
                Problem::AlgorithmMismatch,
            ));
        }
        let issuer = read_name(&mut fields).map_err(in_field("issuer"))?;
        // §4.1.2.4: every certificate names its issuer.
        if issuer.whole == EMPTY_NAME {
            return Err(ParseError::new("issuer", Problem::Empty));
        }
        let mut validity = fields
            .expect(tag::SEQUENCE)
            .map_err(in_field("validity"))?
            .reader();
        let (not_before, before_form) = Time::read(&mut validity).map_err(in_field("notBefore"))?;
        let (not_after, after_form) = Time::read(&mut validity).map_err(in_field("notAfter"))?;
        validity.finish().map_err(in_field("validity"))?;
        let subject = read_name(&mut fields).map_err(in_field("subject"))?;

        let spki = fields
            .expect(tag::SEQUENCE)
            .map_err(in_field("subjectPublicKeyInfo"))?;
        let mut key_info = spki.reader();
        let key_algorithm =
            read_algorithm(&mut key_info).map_err(in_field("subjectPublicKeyInfo"))?;
        let (_, key) = key_info
            .bit_string()
            .map_err(in_field("subjectPublicKeyInfo"))?;
        key_info
            .finish()
            .map_err(in_field("subjectPublicKeyInfo"))?;

        let has_unique_ids = skip_unique_ids(&mut fields, version).map_err(in_field("uniqueID"))?;

        let extensions = match fields
            .optional(tag::context_constructed(3))
            .map_err(in_field("extensions"))?
        {
            None => Extensions::NONE,
            Some(_) if version != Version::V3 => {
                return Err(ParseError::new("extensions", Problem::Version));
            }
            Some(explicit) => {
                let list = {
                    let mut reader = explicit.reader();
                    let list = reader
                        .expect(tag::SEQUENCE)
                        .map_err(in_field("extensions"))?;
                    reader.finish().map_err(in_field("extensions"))?;
                    list
                };
                Extensions::read(list.reader())?
            }
        };
        fields.finish().map_err(in_field("tbsCertificate"))?;

        Ok(Self {
            tbs: tbs.whole_span(),
            version,
            serial: serial.value_span(),
            signature_algorithm: inner_algorithm.value_span(),
            issuer: issuer.whole_span(),
            not_before,
            not_after,
            subject: subject.whole_span(),
            spki: spki.whole_span(),
            key_algorithm: key_algorithm.value_span(),
            key,
            time_forms: [before_form, after_form],
            has_unique_ids,
            extensions,
            signature,
        })
    }

    /// The DER of the issuer's name; `der` as for [`Fields::view`].
    pub(crate) fn issuer(self, der: &[u8]) -> &[u8] {
        self.issuer.of(der)
    }

    /// The DER of the subject's name; `der` as for [`Fields::view`].
    pub(crate) fn subject(self, der: &[u8]) -> &[u8] {
        self.subject.of(der)
    }

    /// The view over `der`, which must be the bytes that these fields were parsed from.
    pub(crate) fn view<'a>(&'a self, der: &'a [u8]) -> Certificate<'a> {
        Certificate { der, fields: self }
    }

    /// All extensions of the certificate that are critical and not processed here. `der` must be
    /// the bytes that these fields were parsed from.
    pub(crate) fn unhandled_extensions<'a>(
        &self,
        der: &'a [u8],
    ) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        let is_any = !self.extensions.unhandled.is_absent();
        let all = is_any.then(|| extensions_of(self.tbs.of(der)));
        all.into_iter().flatten().filter(is_unhandled)
    }
}

/// The extensions of a tbsCertificate that was read.
fn extensions_of<'a>(tbs: &'a [u8]) -> impl Iterator<Item = Extension<'a>> + use<'a> {
    let mut fields = Reader::new(tbs).element().map(|tbs| tbs.reader());
    let list = core::iter::from_fn(move || fields.as_mut().ok()?.element().ok())
        .find(|field| field.tag == tag::context_constructed(3))
        .and_then(|explicit| explicit.reader().element().ok());
    let mut list = list.map(|list| list.reader());
    core::iter::from_fn(move || Extension::read(list.as_mut()?).ok())
}

/// `[0] EXPLICIT Version DEFAULT v1` (§4.1.2.1).
fn read_version(fields: &mut Reader<'_>) -> Result<Version, Problem> {
    let Some(explicit) = fields.optional(tag::context_constructed(0))? else {
        return Ok(Version::V1);
    };
    let mut reader = explicit.reader();
    let version = match reader.integer()?.value {
        [0] => return Err(Problem::DefaultEncoded),
        [1] => Version::V2,
        [2] => Version::V3,
        _ => return Err(Problem::Version),
    };
    reader.finish()?;
    Ok(version)
}

/// An `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }`
/// (§4.1.1.2). Its content is the form in which `pki_types::AlgorithmIdentifier` has it.
pub(super) fn read_algorithm<'a>(reader: &mut Reader<'a>) -> Result<Element<'a>, Problem> {
    let algorithm = reader.expect(tag::SEQUENCE)?;
    let mut parts = algorithm.reader();
    parts.oid()?;
    if !parts.is_empty() {
        parts.element()?;
    }
    parts.finish()?;
    Ok(algorithm)
}

/// issuerUniqueID and subjectUniqueID (§4.1.2.8), each a BIT STRING: nothing uses them; version 1
/// does not have them. Says whether there is one. They are fields of the certificate itself, so
/// that one which is no BIT STRING makes it malformed in every profile.
fn skip_unique_ids(fields: &mut Reader<'_>, version: Version) -> Result<bool, Problem> {
    let mut found = false;
    for number in [1, 2] {
        if let Some(identifier) = fields.optional(tag::context(number))? {
            identifier.bits()?;
            found = true;
        }
    }
    if found && version == Version::V1 {
        return Err(Problem::Version);
    }
    Ok(found)
}

/// A parsed certificate: its bytes and where the fields lie in them. Two pointers and a length;
/// copy it freely.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Certificate<'a> {
    der: &'a [u8],
    fields: &'a Fields,
}

impl<'a> Certificate<'a> {
    /// The whole certificate.
    pub(crate) fn der(self) -> CertificateDer<'a> {
        CertificateDer::from(self.der)
    }

    pub(crate) fn fields(self) -> Fields {
        *self.fields
    }

    pub(crate) fn as_bytes(self) -> &'a [u8] {
        self.der
    }

    pub(crate) fn version(self) -> Version {
        self.fields.version
    }

    /// What the signature is over.
    pub(crate) fn tbs(self) -> &'a [u8] {
        self.fields.tbs.of(self.der)
    }

    /// The content of the signature's AlgorithmIdentifier.
    pub(crate) fn signature_algorithm(self) -> &'a [u8] {
        self.fields.signature_algorithm.of(self.der)
    }

    pub(crate) fn signature(self) -> &'a [u8] {
        self.fields.signature.of(self.der)
    }

    /// The content octets of the serial number, sign included.
    pub(crate) fn serial(self) -> &'a [u8] {
        self.fields.serial.of(self.der)
    }

    /// The DER of the issuer's name.
    pub(crate) fn issuer(self) -> &'a [u8] {
        self.fields.issuer.of(self.der)
    }

    /// The DER of the subject's name.
    pub(crate) fn subject(self) -> &'a [u8] {
        self.fields.subject.of(self.der)
    }

    /// Where [`Certificate::subject`] lies in the certificate.
    pub(crate) fn subject_span(self) -> Span {
        self.fields.subject
    }

    pub(crate) fn not_before(self) -> Time {
        self.fields.not_before
    }

    pub(crate) fn not_after(self) -> Time {
        self.fields.not_after
    }

    /// The DER of the subjectPublicKeyInfo.
    pub(crate) fn spki(self) -> &'a [u8] {
        self.fields.spki.of(self.der)
    }

    pub(crate) fn public_key(self) -> PublicKey<'a> {
        PublicKey {
            algorithm: self.fields.key_algorithm.of(self.der),
            bits: self.fields.key.of(self.der),
        }
    }

    pub(crate) fn basic_constraints(self) -> Option<BasicConstraints> {
        self.fields.extensions.basic_constraints
    }

    /// Whether basicConstraints say that this is a CA's certificate.
    pub(crate) fn is_ca(self) -> bool {
        self.basic_constraints()
            .is_some_and(|constraints| constraints.is_ca)
    }

    /// Whether issuer and subject are the same name (§3.2: self-issued).
    pub(crate) fn is_self_issued(self) -> bool {
        is_same_name(self.issuer(), self.subject())
    }

    pub(crate) fn key_usage(self) -> Option<KeyUsage> {
        self.fields.extensions.key_usage
    }

    /// How many bytes the lists in its extensions have.
    pub(crate) fn list_bytes(self) -> usize {
        let extensions = &self.fields.extensions;
        [
            extensions.extended_key_usage,
            extensions.subject_alt_name,
            extensions.name_constraints.permitted,
            extensions.name_constraints.excluded,
            extensions.policies,
            extensions.policy_mappings,
            extensions.distribution_points,
        ]
        .into_iter()
        .map(|list| list.of(self.der).len())
        .fold(0, usize::saturating_add)
    }

    /// All its extensions, in the order in which they are written.
    pub(crate) fn extensions(self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        extensions_of(self.tbs())
    }

    /// How many extensions it has.
    pub(crate) fn extension_count(self) -> usize {
        self.fields.extensions.count.into()
    }

    /// How many bytes its extendedKeyUsage has.
    pub(crate) fn purposes_bytes(self) -> usize {
        self.fields.extensions.extended_key_usage.of(self.der).len()
    }

    /// The content octets of each purpose's OBJECT IDENTIFIER; `None` without the extension.
    pub(crate) fn extended_key_usage(self) -> Option<impl Iterator<Item = &'a [u8]>> {
        let mut purposes = Reader::new(self.fields.extensions.extended_key_usage.get(self.der)?);
        Some(core::iter::from_fn(move || {
            purposes.oid().ok().map(|purpose| purpose.value)
        }))
    }

    /// The names of the subjectAltName, none without the extension.
    pub(crate) fn subject_alt_names(self) -> impl Iterator<Item = GeneralName<'a>> + use<'a> {
        let mut names = Reader::new(self.fields.extensions.subject_alt_name.of(self.der));
        core::iter::from_fn(move || GeneralName::read(&mut names).ok())
    }

    pub(crate) fn subject_key_id(self) -> Option<&'a [u8]> {
        self.fields.extensions.subject_key_id.get(self.der)
    }

    pub(crate) fn authority_key_id(self) -> Option<&'a [u8]> {
        self.fields.extensions.authority_key_id.get(self.der)
    }

    pub(crate) fn has(self, extension: ExtensionId) -> bool {
        self.fields.extensions.has(extension)
    }

    pub(crate) fn is_critical(self, extension: ExtensionId) -> bool {
        self.fields.extensions.is_critical(extension)
    }

    /// How notBefore and notAfter are written.
    pub(crate) fn time_forms(self) -> [TimeForm; 2] {
        self.fields.time_forms
    }

    /// Whether there is an issuerUniqueID or subjectUniqueID.
    pub(crate) fn has_unique_ids(self) -> bool {
        self.fields.has_unique_ids
    }

    /// Whether there is a key identifier extension that is none (RFC 5280 §4.2.1.1, §4.2.1.2).
    pub(crate) fn has_malformed_key_id(self) -> bool {
        self.fields.extensions.is_key_id_malformed
    }

    /// Whether there is an authorityInfoAccess that is none (RFC 5280 §4.2.2.1).
    pub(crate) fn has_malformed_information_access(self) -> bool {
        self.fields.extensions.is_information_access_malformed
    }

    /// Whether the subject is the name without attributes.
    pub(crate) fn has_empty_subject(self) -> bool {
        self.subject() == EMPTY_NAME
    }

    pub(crate) fn has_name_constraints(self) -> bool {
        let constraints = self.fields.extensions.name_constraints;
        constraints.permitted != Span::ABSENT || constraints.excluded != Span::ABSENT
    }

    /// The bases of the permitted subtrees of nameConstraints; none if the extension is absent or
    /// permits by silence.
    pub(crate) fn permitted_subtrees(self) -> impl Iterator<Item = GeneralName<'a>> + Clone {
        bases(
            self.fields
                .extensions
                .name_constraints
                .permitted
                .of(self.der),
        )
    }

    /// The bases of the excluded subtrees of nameConstraints.
    pub(crate) fn excluded_subtrees(self) -> impl Iterator<Item = GeneralName<'a>> + Clone {
        bases(
            self.fields
                .extensions
                .name_constraints
                .excluded
                .of(self.der),
        )
    }

    /// The content octets of each certificate policy's OBJECT IDENTIFIER; `None` without the
    /// extension.
    pub(crate) fn policies(self) -> Option<impl Iterator<Item = &'a [u8]> + Clone> {
        Some(policies::policies(
            self.fields.extensions.policies.get(self.der)?,
        ))
    }

    /// The mappings of policyMappings; none without the extension.
    pub(crate) fn policy_mappings(self) -> impl Iterator<Item = PolicyMapping<'a>> + Clone {
        policies::mappings(self.fields.extensions.policy_mappings.of(self.der))
    }

    /// Whether there is a policyMappings extension, which has at least one mapping.
    pub(crate) fn has_policy_mappings(self) -> bool {
        !self.fields.extensions.policy_mappings.is_absent()
    }

    pub(crate) fn policy_constraints(self) -> PolicyConstraints {
        self.fields.extensions.policy_constraints
    }

    pub(crate) fn inhibit_any_policy(self) -> Option<u32> {
        self.fields.extensions.inhibit_any_policy
    }

    /// The points of cRLDistributionPoints; none without the extension.
    pub(crate) fn distribution_points(self) -> impl Iterator<Item = DistributionPoint<'a>> + Clone {
        distribution_points(self.fields.extensions.distribution_points.of(self.der))
    }

    /// What is wrong with a cRLDistributionPoints that is none (RFC 5280 §4.2.1.13).
    pub(crate) fn distribution_points_problem(self) -> Option<Problem> {
        self.fields.extensions.distribution_points_problem
    }

    /// All extensions that are critical and not processed here.
    pub(crate) fn unhandled_extensions(self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        self.fields.unhandled_extensions(self.der)
    }
}
