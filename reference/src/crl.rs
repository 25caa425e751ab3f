//! CRLs (RFC 5280 §5).

use std::collections::BTreeSet;

use crate::certificate::{
    ALL_REASONS, AUTHORITY_INFO_ACCESS, AUTHORITY_KEY_IDENTIFIER, AuthorityKeyIdentifier,
    Extension, FRESHEST_CRL, ISSUER_ALT_NAME, PointName, is_early_generalized, read_algorithm,
    read_extensions, read_names, read_point_name, unless_critical,
};
use crate::der::{self, Element, Malformed, Reader};
use crate::forms::{self, Place};
use crate::model::Time;
use crate::names::{GeneralName, Name};

/// An entry of revokedCertificates.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The content octets of userCertificate.
    pub serial: Vec<u8>,
    /// revocationDate.
    pub date: Time,
    /// reasonCode; absent: unspecified (0).
    pub reason: u8,
    /// Who issued the certificate (RFC 5280 §5.3.3): of an indirect CRL, what certificateIssuer of
    /// this or an earlier entry says; else the issuer of the CRL.
    pub certificate_issuer: Vec<Name>,
}

/// issuingDistributionPoint (RFC 5280 §5.2.5).
#[derive(Clone, Debug, Default)]
pub struct IssuingDistributionPoint {
    /// distributionPoint.
    pub name: Option<PointName>,
    /// onlyContainsUserCerts.
    pub only_user: bool,
    /// onlyContainsCACerts.
    pub only_ca: bool,
    /// onlySomeReasons: bit i is bit i of the BIT STRING; none: all.
    pub reasons: Option<u16>,
    /// indirectCRL.
    pub indirect: bool,
    /// onlyContainsAttributeCerts.
    pub only_attribute: bool,
}

/// A CRL.
#[derive(Clone, Debug)]
pub struct Crl {
    /// The whole DER.
    pub der: Vec<u8>,
    /// The DER of the tbsCertList.
    pub tbs: Vec<u8>,
    /// The content octets of the signature's AlgorithmIdentifier.
    pub signature_algorithm: Vec<u8>,
    /// The octets of the signature.
    pub signature: Vec<u8>,
    /// issuer.
    pub issuer: Name,
    /// thisUpdate.
    pub this_update: Time,
    /// nextUpdate.
    pub next_update: Option<Time>,
    /// cRLNumber: the content octets without zeros in front, unsigned.
    pub number: Option<Vec<u8>>,
    /// BaseCRLNumber of deltaCRLIndicator, likewise: a delta CRL has it.
    pub base_number: Option<Vec<u8>>,
    /// issuingDistributionPoint; its DER, by which scopes are the same.
    pub scope: Option<(IssuingDistributionPoint, Vec<u8>)>,
    /// The keyIdentifier of authorityKeyIdentifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// expiredCertsOnCRL.
    pub expired_certs: Option<Time>,
    /// The entries.
    pub entries: Vec<Entry>,
    /// The extensions of the CRL.
    pub extensions: Vec<Extension>,
    /// Whether it meets the form rules of `Profile::Rfc5280` (docs/PROFILES.md).
    pub conforms: bool,
}

impl Crl {
    /// Reads one (RFC 5280 §5.1).
    ///
    /// # Errors
    ///
    /// If it is not a CRL as RFC 5280 §5 describes it, or has a critical extension that is not
    /// processed: such a CRL does not load.
    pub fn read(der: &[u8]) -> Result<Self, Malformed> {
        // §5.1.1 CertificateList
        let mut fields = der::sequence(der)?;
        let tbs = fields.element(der::SEQUENCE)?;
        let signature_algorithm = read_algorithm(&mut fields)?; // §5.1.1.2
        let signature = der::octets_of_bits(fields.content(der::BIT_STRING)?)?; // §5.1.1.3
        fields.end()?;
        // §5.1.2 TBSCertList
        let mut fields = Reader::new(tbs.content);
        let version = match fields.optional(der::INTEGER, Ok)? {
            None => 1,
            Some([1]) => 2,
            Some(_) => return Err("a version that there is not, or version 1 written out"),
        }; // §5.1.2.1
        if read_algorithm(&mut fields)? != signature_algorithm {
            return Err("two signature algorithms, inside and outside"); // §5.1.2.2
        }
        let issuer = Name::read(fields.element(der::SEQUENCE)?.whole)?;
        if issuer.is_empty() {
            return Err("no issuer name"); // §5.1.2.3
        }
        let this_update = fields.any()?; // §5.1.2.4
        let next_update = match fields.peek() {
            Some(der::UTC_TIME | der::GENERALIZED_TIME) => Some(fields.any()?),
            _ => None,
        }; // §5.1.2.5
        let revoked = fields.optional(der::SEQUENCE, der::elements)?; // §5.1.2.6
        let list = |explicit| read_extensions(der::only(explicit, der::SEQUENCE)?);
        let list = fields.optional(der::CONSTRUCTED, list)?; // §5.1.2.7
        fields.end()?;
        let is_empty = list.as_ref().is_some_and(Vec::is_empty);
        if is_empty || (version == 1 && list.is_some()) {
            return Err("crlExtensions that are empty, or in version 1");
        }
        let extensions = list.unwrap_or_default();

        let mut crl = Self {
            der: der.to_vec(),
            tbs: tbs.whole.to_vec(),
            signature_algorithm: signature_algorithm.to_vec(),
            signature: signature.to_vec(),
            this_update: der::time(this_update)?,
            next_update: next_update.map(der::time).transpose()?,
            number: None,
            base_number: None,
            scope: None,
            authority_key_id: None,
            expired_certs: None,
            entries: Vec::new(),
            extensions: extensions.clone(),
            conforms: version == 2
                && forms::name_conforms(&issuer.der)
                && !is_early_generalized(this_update)
                && next_update.is_some_and(|time| !is_early_generalized(time))
                && revoked.as_ref().is_none_or(|entries| !entries.is_empty()),
            issuer,
        };
        let has = |oid: &[u8]| extensions.iter().any(|it| it.oid == oid);
        crl.conforms &= has(AUTHORITY_KEY_IDENTIFIER) && has(CRL_NUMBER);
        let is_delta = has(DELTA_CRL_INDICATOR);
        for extension in &extensions {
            crl.conforms &= !extension.critical_false_written;
            crl.read_extension(extension, is_delta)?;
        }
        crl.read_entries(version, &revoked.unwrap_or_default(), is_delta)?;
        Ok(crl)
    }

    /// §5.2: the value of one extension.
    fn read_extension(&mut self, extension: &Extension, is_delta: bool) -> Result<(), Malformed> {
        let (value, critical) = (extension.value.as_slice(), extension.critical);
        match extension.oid.as_slice() {
            // §5.2.1
            AUTHORITY_KEY_IDENTIFIER => {
                let read = unless_critical(extension, AuthorityKeyIdentifier::read(value))?;
                self.conforms &= !critical
                    && read.as_ref().is_some_and(|identifier| {
                        identifier.key_identifier.is_some()
                            && forms::key_identifier_conforms(identifier)
                    });
                self.authority_key_id = read.and_then(|identifier| identifier.key_identifier);
            }
            // §5.2.3
            CRL_NUMBER => {
                let number = der::integer(der::only(value, der::INTEGER)?)?;
                self.conforms &= !critical && is_crl_number(number);
                self.number = Some(without_zeros(number));
            }
            // §5.2.4
            DELTA_CRL_INDICATOR => {
                let number = der::integer(der::only(value, der::INTEGER)?)?;
                self.conforms &= critical && is_crl_number(number);
                self.base_number = Some(without_zeros(number));
            }
            // §5.2.5
            ISSUING_DISTRIBUTION_POINT => {
                if value.len() > MAX_SCOPE_BYTES {
                    return Err("an issuingDistributionPoint of more than 8,192 bytes");
                }
                let (scope, conforms) = read_issuing_distribution_point(value)?;
                self.conforms &= critical && conforms;
                self.scope = Some((scope, value.to_vec()));
            }
            // X.509, not in RFC 5280
            EXPIRED_CERTS_ON_CRL => {
                let read = Reader::new(value).last().and_then(|time| match time.tag {
                    der::GENERALIZED_TIME => der::time(time),
                    _ => Err("an expiredCertsOnCRL that is no GeneralizedTime"),
                });
                self.expired_certs = unless_critical(extension, read)?;
                self.conforms &= self.expired_certs.is_some();
            }
            _ if critical => return Err("a critical extension that is not processed"), // §5.2
            // §5.2.2
            ISSUER_ALT_NAME => self.conforms &= forms::names_conform(value, Place::Name),
            // §5.2.6
            FRESHEST_CRL => {
                self.conforms &= !is_delta
                    && forms::points_conform(value, |point| {
                        point.reasons.is_none() && point.crl_issuer.is_empty()
                    });
            }
            // §5.2.7
            AUTHORITY_INFO_ACCESS => {
                self.conforms &= forms::access_conforms(value, |method| method == CA_ISSUERS);
            }
            _ => {}
        }
        Ok(())
    }

    /// §5.1.2.6, §5.3: the entries.
    fn read_entries(
        &mut self,
        version: u8,
        revoked: &[Element<'_>],
        is_delta: bool,
    ) -> Result<(), Malformed> {
        let is_indirect = self.scope.as_ref().is_some_and(|(scope, _)| scope.indirect);
        let issuer = self.issuer.clone();
        let is_other = |names: &[Name]| !names.iter().any(|name| name.is_surely(&issuer));
        let mut certificate_issuer = vec![issuer.clone()];
        let mut other_issuers = BTreeSet::new();
        for entry in revoked {
            let mut fields = der::sequence(entry.whole)?;
            let serial = der::integer(fields.content(der::INTEGER)?)?.to_vec();
            let date = fields.any()?;
            let extensions = fields.optional(der::SEQUENCE, read_extensions)?;
            fields.end()?;
            if extensions.is_some() && version == 1 {
                return Err("extensions of an entry in a CRL of version 1");
            }
            self.conforms &= !is_early_generalized(date)
                && extensions.as_ref().is_none_or(|list| !list.is_empty());
            let mut reason = 0;
            for extension in &extensions.unwrap_or_default() {
                let (value, critical) = (extension.value.as_slice(), extension.critical);
                self.conforms &= !extension.critical_false_written;
                match extension.oid.as_slice() {
                    // §5.3.1
                    REASON_CODE => {
                        let code = der::unsigned(der::only(value, der::ENUMERATED)?)?;
                        reason = u8::try_from(code).map_err(|_| "a reasonCode above 127")?;
                        if reason > 127 {
                            return Err("a reasonCode above 127");
                        }
                        self.conforms &= !critical
                            && (matches!(reason, 0..=6 | 9 | 10) || (reason == 8 && is_delta));
                    }
                    // §5.3.2
                    INVALIDITY_DATE => {
                        let date = Reader::new(value).last()?;
                        der::time(date)?;
                        self.conforms &= !critical && date.tag == der::GENERALIZED_TIME;
                    }
                    // §5.3.3
                    CERTIFICATE_ISSUER => {
                        let names = read_names(der::only(value, der::SEQUENCE)?)?;
                        certificate_issuer = directory_names(names);
                        if certificate_issuer.is_empty() {
                            return Err("a certificateIssuer without a directoryName");
                        }
                        self.conforms &= critical && forms::names_conform(value, Place::Name);
                        if is_other(&certificate_issuer) {
                            other_issuers.insert(value.to_vec());
                        }
                    }
                    _ if critical => {
                        return Err("a critical extension of an entry that is not processed");
                    }
                    _ => {}
                }
            }
            let is_other = is_other(&certificate_issuer);
            if is_other && !is_indirect {
                return Err("an entry of another issuer in a CRL that is not indirect");
            }
            let most_octets = if is_other { 28 } else { 32 };
            if serial.len() > most_octets || other_issuers.len() > MAX_OTHER_ISSUERS {
                return Err("a serial number that is too long, or too many other issuers");
            }
            self.entries.push(Entry {
                serial,
                date: der::time(date)?,
                reason,
                certificate_issuer: certificate_issuer.clone(),
            });
        }
        Ok(())
    }
}

fn directory_names(names: Vec<GeneralName>) -> Vec<Name> {
    let directory = |name| match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    };
    names.into_iter().filter_map(directory).collect()
}

/// §5.2.3: CRLNumber ::= INTEGER (0..MAX), of at most 20 octets.
fn is_crl_number(number: &[u8]) -> bool {
    !der::is_negative(number) && number.len() <= 20
}

fn without_zeros(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    number.split_at(zeros).1.to_vec()
}

/// §5.2.5, and whether it conforms: no default written out, no zero bits at the end of reasons, at
/// most one only-flag, something said.
fn read_issuing_distribution_point(
    value: &[u8],
) -> Result<(IssuingDistributionPoint, bool), Malformed> {
    let mut fields = der::sequence(value)?;
    let name = fields.optional(der::CONSTRUCTED, read_point_name)?;
    let user = fields.optional(der::CONTEXT | 1, der::boolean)?;
    let ca = fields.optional(der::CONTEXT | 2, der::boolean)?;
    let reasons = fields.optional(der::CONTEXT | 3, der::named_bits)?;
    let indirect = fields.optional(der::CONTEXT | 4, der::boolean)?;
    let attribute = fields.optional(der::CONTEXT | 5, der::boolean)?;
    fields.end()?;
    let only_flags = [user, ca, attribute]
        .into_iter()
        .filter(|&flag| flag == Some(true))
        .count();
    let conforms = ![user, ca, indirect, attribute].contains(&Some(false))
        && !reasons.is_some_and(|(_, ends_with_zero)| ends_with_zero)
        && only_flags <= 1
        && (name.is_some() || reasons.is_some() || indirect.is_some() || only_flags > 0)
        && name.as_ref().is_none_or(forms::point_name_conforms);
    let point = IssuingDistributionPoint {
        name,
        only_user: user == Some(true),
        only_ca: ca == Some(true),
        reasons: reasons.map(|(bits, _)| bits & ALL_REASONS),
        indirect: indirect == Some(true),
        only_attribute: attribute == Some(true),
    };
    Ok((point, conforms))
}

/// docs/PROFILES.md
const MAX_SCOPE_BYTES: usize = 8_192;
const MAX_OTHER_ISSUERS: usize = 4_096;
const CRL_NUMBER: &[u8] = &[0x55, 0x1D, 20];
const REASON_CODE: &[u8] = &[0x55, 0x1D, 21];
const INVALIDITY_DATE: &[u8] = &[0x55, 0x1D, 24];
const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1D, 27];
const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1D, 28];
const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1D, 29];
const EXPIRED_CERTS_ON_CRL: &[u8] = &[0x55, 0x1D, 60];
const CA_ISSUERS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 0x30, 2];
