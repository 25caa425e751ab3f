//! Certificate extensions.

use crate::{DistributionPoint, IssuingDistributionPoint, Name, Reason, Time, der, oid};

/// One extension. The constructors set the criticality that RFC 5280 asks for; the methods change
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    oid: String,
    critical: bool,
    value: Vec<u8>,
    raw: Option<Vec<u8>>,
}

/// One bit of keyUsage, with its number (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUsage {
    /// digitalSignature.
    DigitalSignature = 0,
    /// nonRepudiation, also called contentCommitment.
    NonRepudiation = 1,
    /// keyEncipherment.
    KeyEncipherment = 2,
    /// dataEncipherment.
    DataEncipherment = 3,
    /// keyAgreement.
    KeyAgreement = 4,
    /// keyCertSign.
    KeyCertSign = 5,
    /// cRLSign.
    CrlSign = 6,
    /// encipherOnly.
    EncipherOnly = 7,
    /// decipherOnly, the one bit in a second octet.
    DecipherOnly = 8,
}

/// One GeneralName (RFC 5280 §4.2.1.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// otherName: its type and its value, encoded.
    Other(String, Vec<u8>),
    /// rfc822Name.
    Email(String),
    /// dNSName.
    Dns(String),
    /// directoryName.
    Directory(Name),
    /// uniformResourceIdentifier.
    Uri(String),
    /// iPAddress: 4 or 16 octets, or whatever number is to be tested.
    Ip(Vec<u8>),
    /// registeredID.
    RegisteredId(String),
    /// Any element: x400Address, ediPartyName, or nonsense.
    Raw(Vec<u8>),
}

impl GeneralName {
    /// dNSName.
    pub fn dns(name: &str) -> Self {
        Self::Dns(name.to_owned())
    }

    /// uniformResourceIdentifier.
    pub fn uri(uri: &str) -> Self {
        Self::Uri(uri.to_owned())
    }

    /// rfc822Name.
    pub fn email(address: &str) -> Self {
        Self::Email(address.to_owned())
    }

    /// directoryName.
    pub fn directory(name: &Name) -> Self {
        Self::Directory(name.clone())
    }

    /// The otherName that Microsoft has for a user principal name.
    pub fn upn(name: &str) -> Self {
        Self::Other(oid::UPN.to_owned(), der::utf8_string(name))
    }

    /// The name, encoded.
    pub fn der(&self) -> Vec<u8> {
        match self {
            Self::Other(oid, value) => {
                let value = der::context_constructed(0, value);
                der::context_constructed(0, &der::concat(&[der::oid(oid), value]))
            }
            Self::Email(address) => der::context_primitive(1, address.as_bytes()),
            Self::Dns(name) => der::context_primitive(2, name.as_bytes()),
            Self::Directory(name) => der::context_constructed(4, name.der()),
            Self::Uri(uri) => der::context_primitive(6, uri.as_bytes()),
            Self::Ip(octets) => der::context_primitive(7, octets),
            Self::RegisteredId(oid) => der::context_primitive(8, der::contents(&der::oid(oid))),
            Self::Raw(encoded) => encoded.clone(),
        }
    }
}

impl Extension {
    /// Any extension, not critical; `value` is what the OCTET STRING holds.
    pub fn new(oid: &str, value: Vec<u8>) -> Self {
        Self {
            oid: oid.to_owned(),
            critical: false,
            value,
            raw: None,
        }
    }

    /// These bytes in the place of an extension; `oid` is only what
    /// [`Cert::extension`](crate::Cert::extension) goes by.
    pub fn raw(oid: &str, encoded: Vec<u8>) -> Self {
        Self {
            raw: Some(encoded),
            ..Self::new(oid, Vec::new())
        }
    }

    /// The same extension, critical.
    pub fn critical(mut self) -> Self {
        self.critical = true;
        self
    }

    /// The same extension, not critical.
    pub fn not_critical(mut self) -> Self {
        self.critical = false;
        self
    }

    /// basicConstraints, critical.
    pub fn basic_constraints(ca: bool, path_len: Option<u64>) -> Self {
        let ca = if ca { der::boolean(true) } else { Vec::new() };
        let path_len = path_len.map(der::unsigned).unwrap_or_default();
        Self::new(oid::BASIC_CONSTRAINTS, der::sequence(&[ca, path_len])).critical()
    }

    /// keyUsage, critical.
    pub fn key_usage(usages: &[KeyUsage]) -> Self {
        let bits = usages
            .iter()
            .fold(0u16, |bits, &usage| bits | 0x8000 >> usage as u16);
        Self::new(oid::KEY_USAGE, der::named_bits(bits)).critical()
    }

    /// extKeyUsage, not critical.
    pub fn extended_key_usage(purposes: &[&str]) -> Self {
        let purposes: Vec<_> = purposes.iter().map(|purpose| der::oid(purpose)).collect();
        Self::new(oid::EXTENDED_KEY_USAGE, der::sequence(&purposes))
    }

    /// subjectAltName, not critical.
    pub fn subject_alt_name(names: &[GeneralName]) -> Self {
        let names: Vec<_> = names.iter().map(GeneralName::der).collect();
        Self::new(oid::SUBJECT_ALT_NAME, der::sequence(&names))
    }

    /// subjectKeyIdentifier, not critical.
    pub fn subject_key_identifier(identifier: &[u8]) -> Self {
        Self::new(oid::SUBJECT_KEY_IDENTIFIER, der::octet_string(identifier))
    }

    /// authorityKeyIdentifier with a key identifier only, not critical.
    pub fn authority_key_identifier(identifier: &[u8]) -> Self {
        let value = der::sequence(&[der::context_primitive(0, identifier)]);
        Self::new(oid::AUTHORITY_KEY_IDENTIFIER, value)
    }

    /// nameConstraints, critical; each list has encoded GeneralSubtrees and is left out if empty.
    pub fn name_constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Self {
        let list = |number, subtrees: &[Vec<u8>]| {
            if subtrees.is_empty() {
                Vec::new()
            } else {
                der::context_constructed(number, &der::concat(subtrees))
            }
        };
        let value = der::sequence(&[list(0, permitted), list(1, excluded)]);
        Self::new(oid::NAME_CONSTRAINTS, value).critical()
    }

    /// A GeneralSubtree for [`Extension::name_constraints`]. A constraint's iPAddress has address
    /// and mask.
    pub fn subtree(base: &GeneralName) -> Vec<u8> {
        der::sequence(&[base.der()])
    }

    /// certificatePolicies without qualifiers, not critical.
    pub fn certificate_policies(policies: &[&str]) -> Self {
        let policies: Vec<_> = policies
            .iter()
            .map(|policy| der::sequence(&[der::oid(policy)]))
            .collect();
        Self::new(oid::CERTIFICATE_POLICIES, der::sequence(&policies))
    }

    /// policyMappings, critical: each a policy of the issuer's domain and the one of the subject's
    /// that stands for it.
    pub fn policy_mappings(mappings: &[(&str, &str)]) -> Self {
        let mappings: Vec<_> = mappings
            .iter()
            .map(|(issuer, subject)| der::sequence(&[der::oid(issuer), der::oid(subject)]))
            .collect();
        Self::new(oid::POLICY_MAPPINGS, der::sequence(&mappings)).critical()
    }

    /// inhibitAnyPolicy, critical.
    pub fn inhibit_any_policy(skip_certs: u64) -> Self {
        Self::new(oid::INHIBIT_ANY_POLICY, der::unsigned(skip_certs)).critical()
    }

    /// policyConstraints, critical.
    pub fn policy_constraints(require_explicit: Option<u8>, inhibit_mapping: Option<u8>) -> Self {
        let field = |number, count: Option<u8>| {
            count
                .map(|count| {
                    let integer = der::unsigned(count.into());
                    der::context_primitive(number, der::contents(&integer))
                })
                .unwrap_or_default()
        };
        let value = der::sequence(&[field(0, require_explicit), field(1, inhibit_mapping)]);
        Self::new(oid::POLICY_CONSTRAINTS, value).critical()
    }

    /// cRLDistributionPoints: one point with one URI as its full name, not critical.
    pub fn crl_distribution_point(uri: &str) -> Self {
        Self::crl_distribution_points(&[DistributionPoint::uri(uri)])
    }

    /// cRLDistributionPoints, not critical.
    pub fn crl_distribution_points(points: &[DistributionPoint]) -> Self {
        let points: Vec<_> = points.iter().map(DistributionPoint::der).collect();
        Self::new(oid::CRL_DISTRIBUTION_POINTS, der::sequence(&points))
    }

    /// freshestCRL, which says where delta CRLs are, not critical.
    pub fn freshest_crl(points: &[DistributionPoint]) -> Self {
        let points: Vec<_> = points.iter().map(DistributionPoint::der).collect();
        Self::new(oid::FRESHEST_CRL, der::sequence(&points))
    }

    /// issuingDistributionPoint, of a CRL, critical.
    pub fn issuing_distribution_point(point: &IssuingDistributionPoint) -> Self {
        Self::new(oid::ISSUING_DISTRIBUTION_POINT, point.der()).critical()
    }

    /// cRLNumber, of a CRL, not critical: the content octets of the number.
    pub fn crl_number(contents: &[u8]) -> Self {
        Self::new(oid::CRL_NUMBER, der::integer(contents))
    }

    /// deltaCRLIndicator, of a CRL, critical: the number of the complete CRL that it builds on.
    pub fn delta_crl_indicator(base: u64) -> Self {
        Self::new(oid::DELTA_CRL_INDICATOR, der::unsigned(base)).critical()
    }

    /// expiredCertsOnCRL, of a CRL, not critical: it keeps entries of certificates that expired at
    /// this time or later.
    pub fn expired_certs_on_crl(time: &Time) -> Self {
        Self::new(oid::EXPIRED_CERTS_ON_CRL, time.der().to_vec())
    }

    /// reasonCode, of an entry of a CRL, not critical.
    pub fn reason_code(reason: Reason) -> Self {
        Self::new(oid::REASON_CODE, der::tlv(0x0a, &[reason.code()]))
    }

    /// invalidityDate, of an entry of a CRL, not critical: `YYYY-MM-DDThh:mm:ssZ`.
    pub fn invalidity_date(rfc3339: &str) -> Self {
        let time = Time::generalized_at(rfc3339);
        Self::new(oid::INVALIDITY_DATE, time.der().to_vec())
    }

    /// certificateIssuer, of an entry of an indirect CRL, critical.
    pub fn certificate_issuer(names: &[GeneralName]) -> Self {
        let names: Vec<_> = names.iter().map(GeneralName::der).collect();
        Self::new(oid::CERTIFICATE_ISSUER, der::sequence(&names)).critical()
    }

    /// An extension that nobody knows, not critical.
    pub fn unknown() -> Self {
        Self::new(oid::UNKNOWN_EXTENSION, der::utf8_string("?"))
    }

    /// The dotted identifier.
    pub fn oid(&self) -> &str {
        &self.oid
    }

    /// The extension, encoded.
    pub fn der(&self) -> Vec<u8> {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let critical = if self.critical {
            der::boolean(true)
        } else {
            Vec::new()
        };
        der::sequence(&[
            der::oid(&self.oid),
            critical,
            der::octet_string(&self.value),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_usage_bits_are_named_bits() {
        let value = |usages: &[KeyUsage]| Extension::key_usage(usages).value;
        assert_eq!(value(&[KeyUsage::DigitalSignature]), [3, 2, 7, 0x80]);
        assert_eq!(
            value(&[KeyUsage::KeyCertSign, KeyUsage::CrlSign]),
            [3, 2, 1, 0x06]
        );
        assert_eq!(value(&[KeyUsage::DecipherOnly]), [3, 3, 7, 0, 0x80]);
        assert_eq!(value(&[]), [3, 1, 0]);
    }
}
