//! Certificates that are refused without a CRL of their issuer's.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use crate::x509::{Certificate, Fields, ParseError, Problem, canonical_name, name_key, only_name};

/// Certificates that are refused whatever else holds: for the time until their issuer revokes them,
/// or where it has no CRLs at all.
///
/// It counts for every certificate of a path, the trust anchor and pinned clients included,
/// whatever the policy asks of revocation. A certificate that is denied stays denied in every
/// encoding that verifies: see [`with_certificate_sha256`](Self::with_certificate_sha256).
///
/// ```
/// use mtls_verify::{DenyList, TrustStore};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let ca_pem = include_bytes!("../../testdata/example/ca.pem");
/// # let (fingerprint, issuer_der) = ([0; 32], &b"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"[..]);
/// let denied = DenyList::new()
///     .with_certificate_sha256(fingerprint)
///     .with_serial(issuer_der, &[0x03, 0xa5, 0xb1])?;
/// let store = TrustStore::builder().add_ca_pem(ca_pem)?.deny(denied).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct DenyList {
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    certificates: BTreeSet<[u8; 32]>,
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    keys: BTreeSet<[u8; 32]>,
    /// The DER of each tbsCertificate.
    signed: BTreeSet<Vec<u8>>,
    /// Key of the issuer's name, magnitude of the serial number, canonical form of the issuer's
    /// name.
    serials: BTreeSet<(u64, Vec<u8>, Vec<u8>)>,
}

/// How many entries of each kind it has.
impl fmt::Debug for DenyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("DenyList");
        #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
        shown
            .field("certificates", &self.certificates.len())
            .field("keys", &self.keys.len());
        shown
            .field("signed", &self.signed.len())
            .field("serials", &self.serials.len())
            .finish()
    }
}

/// What denies a certificate: what of it is on the [`DenyList`], or its trust settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DeniedBy {
    /// The SHA-256 of the certificate.
    #[error("its SHA-256")]
    Certificate,
    /// The SHA-256 of its other encoding: the same certificate with the other signature (r, n − s)
    /// that ECDSA allows.
    #[error("the SHA-256 of the same certificate with its other ECDSA signature")]
    OtherEncoding,
    /// The certificate itself, by what was signed: its tbsCertificate, in every encoding.
    #[error("its signed content")]
    Signed,
    /// The SHA-256 of its subjectPublicKeyInfo.
    #[error("the SHA-256 of its key")]
    Key,
    /// Its issuer and serial number.
    #[error("its issuer and serial number")]
    Serial,
    /// OpenSSL's trust settings in a `TRUSTED CERTIFICATE` that was given to the store, as the same
    /// certificate (by its tbsCertificate) or an equal one. They allow no purpose that the
    /// [policy](crate::policy::RequiredPurpose) asks for and the rest of the path leaves, or cannot
    /// be read.
    #[error("the OpenSSL trust settings in a TRUSTED CERTIFICATE that the store was given")]
    TrustSettings,
}

impl DenyList {
    /// The list of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this certificate, by what its issuer signed: the DER of its tbsCertificate (RFC 5280
    /// §4.1.1.1). Its signature does not count, so every encoding that verifies is denied.
    ///
    /// Where only a fingerprint is known,
    /// [`with_certificate_sha256`](Self::with_certificate_sha256) denies the same with the
    /// algorithms of [`crypto`](crate::crypto). This one needs no digest, and holds with algorithms
    /// of your own too.
    ///
    /// # Errors
    /// If `der` is not a certificate that this crate reads.
    pub fn with_certificate(mut self, der: &[u8]) -> Result<Self, ParseError> {
        let fields = Fields::parse(der)?;
        self.add_signed(fields.view(der).tbs());
        Ok(self)
    }

    /// With the certificate of which this is the SHA-256, over its DER: its fingerprint, as
    /// [`Identity::fingerprint_sha256`](crate::Identity::fingerprint_sha256) has it.
    ///
    /// A fingerprint also covers the signature, and of an ECDSA signature (r, s) anybody can make a
    /// second one that verifies: (r, n − s). So each certificate of a path is held against the
    /// list in both encodings. For that, up to three more SHA-256 are made of a certificate that
    /// was signed with ECDSA. No other encoding of a certificate verifies with the algorithms of
    /// [`crypto`](crate::crypto).
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    #[must_use]
    pub fn with_certificate_sha256(mut self, sha256: [u8; 32]) -> Self {
        self.certificates.insert(sha256);
        self
    }

    /// With all certificates for a key: the SHA-256 of the DER of its subjectPublicKeyInfo, as in
    /// an SPKI pin. A CA that certifies the same key in another form (a compressed point,
    /// id-RSASSA-PSS for rsaEncryption) makes another subjectPublicKeyInfo.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    #[must_use]
    pub fn with_key_sha256(mut self, sha256: [u8; 32]) -> Self {
        self.keys.insert(sha256);
        self
    }

    /// With the certificates of a serial number: the DER of the issuer's name, which compares by
    /// RFC 5280 §7.1, and the octets of the number, with or without zeros in front.
    ///
    /// # Errors
    /// If `issuer_der` is not a name with attributes (RFC 5280 §4.1.2.4), or `serial` has no
    /// octets.
    pub fn with_serial(mut self, issuer_der: &[u8], serial: &[u8]) -> Result<Self, ParseError> {
        let issuer = only_name(issuer_der).map_err(|problem| ParseError::new("issuer", problem))?;
        if serial.is_empty() {
            return Err(ParseError::new("serialNumber", Problem::Empty));
        }
        let magnitude = magnitude(serial).to_vec();
        self.serials
            .insert((name_key(issuer), magnitude, canonical_name(issuer)));
        Ok(self)
    }

    /// Adds the certificate with this DER of its tbsCertificate.
    pub(crate) fn add_signed(&mut self, tbs: &[u8]) {
        self.signed.insert(tbs.to_vec());
    }

    /// Takes in all that is on another list.
    pub(crate) fn append(&mut self, mut other: Self) {
        #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
        {
            take_in(&mut self.certificates, &mut other.certificates);
            take_in(&mut self.keys, &mut other.keys);
        }
        take_in(&mut self.signed, &mut other.signed);
        take_in(&mut self.serials, &mut other.serials);
    }

    /// Whether nothing is on the list.
    pub(crate) fn is_empty(&self) -> bool {
        #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
        if !self.certificates.is_empty() || !self.keys.is_empty() {
            return false;
        }
        self.signed.is_empty() && self.serials.is_empty()
    }

    /// What of the certificate is on the list.
    pub(crate) fn denies(&self, certificate: Certificate<'_>) -> Option<DeniedBy> {
        #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
        if let Some(by) = self.denies_digest_of(certificate) {
            return Some(by);
        }
        if self.signed.contains(certificate.tbs()) {
            return Some(DeniedBy::Signed);
        }
        self.has_serial_of(certificate).then_some(DeniedBy::Serial)
    }

    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    fn denies_digest_of(&self, certificate: Certificate<'_>) -> Option<DeniedBy> {
        let is_in = |list: &BTreeSet<[u8; 32]>, parts: &[&[u8]]| {
            let mut digest = crate::crypto::Sha256::new();
            parts.iter().for_each(|part| digest.update(part));
            list.contains(&digest.finish())
        };
        if !self.certificates.is_empty() {
            if is_in(&self.certificates, &[certificate.as_bytes()]) {
                return Some(DeniedBy::Certificate);
            }
            let mut others = crate::x509::other_encodings(certificate);
            if others.any(|other| is_in(&self.certificates, &other.parts())) {
                return Some(DeniedBy::OtherEncoding);
            }
        }
        let has_key = !self.keys.is_empty() && is_in(&self.keys, &[certificate.spki()]);
        has_key.then_some(DeniedBy::Key)
    }

    fn has_serial_of(&self, certificate: Certificate<'_>) -> bool {
        if self.serials.is_empty() {
            return false;
        }
        let (key, serial) = (
            name_key(certificate.issuer()),
            magnitude(certificate.serial()),
        );
        // The name is folded only where its key and the serial number are there.
        let mut from = (key, serial.to_vec(), Vec::new());
        let is_candidate = |next: &(u64, Vec<u8>, Vec<u8>)| (next.0, &next.1) == (key, &from.1);
        if !self.serials.range(&from..).next().is_some_and(is_candidate) {
            return false;
        }
        from.2 = canonical_name(certificate.issuer());
        self.serials.contains(&from)
    }
}

/// Adds the smaller to the larger: `BTreeSet::append` looks at all of both, which adds up if many
/// small lists are taken in.
fn take_in<T: Ord>(all: &mut BTreeSet<T>, others: &mut BTreeSet<T>) {
    if all.len() < others.len() {
        core::mem::swap(all, others);
    }
    all.extend(core::mem::take(others));
}

fn magnitude(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|octet| **octet == 0).count();
    serial.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use testpki::{Cert, Key, crafted};

    /// Issuers whose names have one key, all with one serial number.
    #[test]
    fn issuers_of_one_key_are_told_apart() {
        let mut names = crafted::names_of_one_key();
        let denied = names.by_ref().take(50).fold(DenyList::new(), |list, name| {
            list.with_serial(name.der(), &[0, 7]).unwrap()
        });
        assert_eq!(denied.serials.len(), 50);
        let is_denied = |name: testpki::Name, serial: u8| {
            let client = Cert::client("client", &Key::p256("client")).serial(&[serial]);
            let der = client
                .issuer(name)
                .raw_signature(Vec::from([0x30, 0]))
                .der();
            denied.denies(Fields::parse(&der).unwrap().view(&der)) == Some(DeniedBy::Serial)
        };
        for name in crafted::names_of_one_key().take(50) {
            assert!(is_denied(name.clone(), 7));
            assert!(!is_denied(name, 8));
        }
        assert!(names.take(10).all(|name| !is_denied(name, 7)));
    }

    #[test]
    fn lists_are_taken_in_from_either_side() {
        let name = crafted::names_of_one_key().next().unwrap();
        let list = |serials: core::ops::Range<u8>| {
            serials.fold(DenyList::new(), |list, serial| {
                list.with_serial(name.der(), &[serial]).unwrap()
            })
        };
        for (one, other) in [(1..3, 2..9), (2..9, 1..3), (1..9, 0..0), (0..0, 1..9)] {
            let mut all = list(one);
            all.append(list(other));
            assert_eq!(all.serials, list(1..9).serials);
        }
    }
}
