//! The CRL template.

use crate::seal::{Rewrite, Seal};
use crate::{
    Cert, Extension, GeneralName, IssuingDistributionPoint, Key, Name, Pem, Reason,
    SignatureAlgorithm, Time, der, key,
};

/// A CRL to be: a template that each method changes in one thing.
///
/// ```
/// use testpki::{Cert, Crl, Key};
///
/// let root = Cert::ca("Root", &Key::p256("root"));
/// let client = Cert::client("alice", &Key::p256("alice")).issued_by(&root);
/// let crl = Crl::of(&root).number(7).revoke(&client).next_update("2026-07-01T00:00:00Z");
/// assert!(crl.pem().starts_with("-----BEGIN X509 CRL-----"));
/// ```
#[derive(Clone, Debug)]
pub struct Crl {
    version: Vec<u8>,
    issuer: Name,
    this_update: Time,
    next_update: Option<Time>,
    entries: Vec<Entry>,
    raw_entries: Vec<u8>,
    has_empty_list: bool,
    extensions: Vec<Extension>,
    seal: Seal,
}

/// One revoked certificate on a CRL to be: a template like [`Crl`].
#[derive(Clone, Debug)]
pub struct Entry {
    serial: Vec<u8>,
    revoked_at: Time,
    extensions: Vec<Extension>,
}

impl Crl {
    /// The complete CRL of a CA: version 2, of 2026, number 1, with authorityKeyIdentifier and
    /// without entries.
    pub fn of(issuer: &Cert) -> Self {
        let identifier = key::key_identifier(issuer.spki_der());
        Self {
            version: der::unsigned(1),
            issuer: issuer.subject_name().clone(),
            this_update: Time::at("2026-01-01T00:00:00Z"),
            next_update: Some(Time::at("2027-01-01T00:00:00Z")),
            entries: Vec::new(),
            raw_entries: Vec::new(),
            has_empty_list: false,
            extensions: vec![
                Extension::authority_key_identifier(&identifier),
                Extension::crl_number(&[1]),
            ],
            seal: Seal::with_key(issuer.key().cloned()),
        }
    }

    /// Version 1: the field is left out. Take the extensions away as well, or leave them and be
    /// wrong.
    pub fn version_1(self) -> Self {
        self.raw_version(Vec::new())
    }

    /// These bytes in the place of the version field.
    pub fn raw_version(mut self, encoded: Vec<u8>) -> Self {
        self.version = encoded;
        self
    }

    /// The issuer's name. Key and authorityKeyIdentifier stay as they are.
    pub fn issuer(mut self, name: Name) -> Self {
        self.issuer = name;
        self
    }

    /// thisUpdate, as `YYYY-MM-DDThh:mm:ssZ`, encoded as RFC 5280 asks.
    pub fn this_update(self, rfc3339: &str) -> Self {
        self.this_update_time(Time::at(rfc3339))
    }

    /// thisUpdate, in any encoding.
    pub fn this_update_time(mut self, time: Time) -> Self {
        self.this_update = time;
        self
    }

    /// nextUpdate, as `YYYY-MM-DDThh:mm:ssZ`, encoded as RFC 5280 asks.
    pub fn next_update(self, rfc3339: &str) -> Self {
        self.next_update_time(Time::at(rfc3339))
    }

    /// nextUpdate, in any encoding.
    pub fn next_update_time(mut self, time: Time) -> Self {
        self.next_update = Some(time);
        self
    }

    /// Without nextUpdate.
    pub fn without_next_update(mut self) -> Self {
        self.next_update = None;
        self
    }

    /// Lists a certificate, revoked at the beginning of 2026 for no reason given.
    pub fn revoke(self, certificate: &Cert) -> Self {
        self.entry(Entry::of(certificate))
    }

    /// Adds an entry.
    pub fn entry(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    /// Entries already encoded, one after another, behind the others: a million of them take a
    /// second.
    pub fn raw_entries(mut self, encoded: Vec<u8>) -> Self {
        self.raw_entries = encoded;
        self
    }

    /// The entries that are there are about certificates of that CA: the first of them says so,
    /// which counts for all.
    pub fn entries_about(mut self, issuer: &Cert) -> Self {
        if let Some(first) = self.entries.first_mut() {
            *first = first.clone().certificate_issuer(issuer);
        }
        self
    }

    /// revokedCertificates is there even if there are no entries.
    pub fn with_empty_list(mut self) -> Self {
        self.has_empty_list = true;
        self
    }

    /// The CRL number.
    pub fn number(self, number: u64) -> Self {
        let integer = der::unsigned(number);
        self.extension(Extension::crl_number(der::contents(&integer)))
    }

    /// issuingDistributionPoint, critical.
    pub fn point(self, point: &IssuingDistributionPoint) -> Self {
        self.extension(Extension::issuing_distribution_point(point))
    }

    /// Makes it a delta CRL, to be added to the complete CRL of this number or a later one.
    pub fn delta(self, base: u64) -> Self {
        self.extension(Extension::delta_crl_indicator(base))
    }

    /// expiredCertsOnCRL, not critical: [`Time::generalized_at`] encodes it as X.509 asks.
    pub fn expired_certs_on_crl(self, time: Time) -> Self {
        self.extension(Extension::expired_certs_on_crl(&time))
    }

    /// Sets an extension, in the place of the one with the same identifier if there is one.
    pub fn extension(mut self, extension: Extension) -> Self {
        set_extension(&mut self.extensions, extension);
        self
    }

    /// Adds an extension, even if there is one with the same identifier.
    pub fn another_extension(mut self, extension: Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    /// Takes an extension away.
    pub fn without_extension(mut self, oid: &str) -> Self {
        self.extensions.retain(|present| present.oid() != oid);
        self
    }

    /// Takes all extensions away.
    pub fn without_extensions(mut self) -> Self {
        self.extensions.clear();
        self
    }

    /// Signs with this key. The authorityKeyIdentifier stays as it is.
    pub fn signed_by(mut self, key: &Key) -> Self {
        self.seal.key = Some(key.clone());
        self
    }

    /// Signs with this algorithm of the key, in the place of its default.
    pub fn signed_with(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.seal.algorithm = Some(algorithm);
        self
    }

    /// The AlgorithmIdentifier inside the TBSCertList, in the place of what really signs.
    pub fn inner_algorithm(mut self, encoded: Vec<u8>) -> Self {
        self.seal.inner_algorithm = Some(encoded);
        self
    }

    /// The AlgorithmIdentifier beside the signature, in the place of what really signs.
    pub fn outer_algorithm(mut self, encoded: Vec<u8>) -> Self {
        self.seal.outer_algorithm = Some(encoded);
        self
    }

    /// Turns over the lowest bit of the signature's last octet.
    pub fn flip_signature_bit(mut self) -> Self {
        self.seal.flip_signature_bit = true;
        self
    }

    /// The signature's BIT STRING says that this many bits of its last octet are not used.
    pub fn unused_signature_bits(mut self, bits: u8) -> Self {
        self.seal.unused_signature_bits = bits;
        self
    }

    /// Changes the TBSCertList before it is signed: the signature will hold.
    pub fn rewrite_tbs(mut self, rewrite: Rewrite) -> Self {
        self.seal.rewrite_tbs = Some(rewrite);
        self
    }

    /// Changes the TBSCertList after it was signed: the signature will not hold.
    pub fn rewrite_signed_tbs(mut self, rewrite: Rewrite) -> Self {
        self.seal.rewrite_signed_tbs = Some(rewrite);
        self
    }

    /// Changes the whole CRL, last of all.
    pub fn rewrite(mut self, rewrite: Rewrite) -> Self {
        self.seal.rewrite = Some(rewrite);
        self
    }

    /// The CRL, encoded and signed. The same template always gives the same bytes.
    ///
    /// # Panics
    ///
    /// If there is no key to sign with, or it cannot sign with the algorithm asked for.
    pub fn der(&self) -> Vec<u8> {
        self.seal.der(|algorithm| self.tbs(algorithm))
    }

    /// The CRL as PEM.
    ///
    /// # Panics
    ///
    /// As [`Crl::der`].
    pub fn pem(&self) -> String {
        Pem::new("X509 CRL", &self.der()).to_string()
    }

    fn tbs(&self, algorithm: &[u8]) -> Vec<u8> {
        let mut entries: Vec<_> = self.entries.iter().map(Entry::der).collect();
        if !self.raw_entries.is_empty() {
            entries.push(self.raw_entries.clone());
        }
        let revoked_certificates = if entries.is_empty() && !self.has_empty_list {
            Vec::new()
        } else {
            der::sequence(&entries)
        };
        let next_update = self.next_update.as_ref().map(Time::der);
        let next_update = next_update.unwrap_or_default();
        let extensions = extensions(&self.extensions)
            .map(|crl| der::context_constructed(0, &crl))
            .unwrap_or_default();
        der::sequence(&[
            &self.version,
            algorithm,
            self.issuer.der(),
            self.this_update.der(),
            next_update,
            &revoked_certificates,
            &extensions,
        ])
    }
}

impl Entry {
    /// A certificate, revoked at the beginning of 2026 for no reason given.
    pub fn of(certificate: &Cert) -> Self {
        Self::serial(&certificate.serial_octets())
    }

    /// The certificate whose serial number has these content octets.
    pub fn serial(contents: &[u8]) -> Self {
        Self {
            serial: contents.to_vec(),
            revoked_at: Time::at("2026-01-01T00:00:00Z"),
            extensions: Vec::new(),
        }
    }

    /// revocationDate, as `YYYY-MM-DDThh:mm:ssZ`, encoded as RFC 5280 asks.
    pub fn revoked_at(self, rfc3339: &str) -> Self {
        self.revoked_at_time(Time::at(rfc3339))
    }

    /// revocationDate, in any encoding.
    pub fn revoked_at_time(mut self, time: Time) -> Self {
        self.revoked_at = time;
        self
    }

    /// reasonCode.
    pub fn reason(self, reason: Reason) -> Self {
        self.extension(Extension::reason_code(reason))
    }

    /// invalidityDate, as `YYYY-MM-DDThh:mm:ssZ`.
    pub fn invalidity_date(self, rfc3339: &str) -> Self {
        self.extension(Extension::invalidity_date(rfc3339))
    }

    /// certificateIssuer: this and the following entries are about certificates of that CA.
    pub fn certificate_issuer(self, issuer: &Cert) -> Self {
        let name = GeneralName::directory(issuer.subject_name());
        self.extension(Extension::certificate_issuer(&[name]))
    }

    /// Sets an extension, in the place of the one with the same identifier if there is one.
    pub fn extension(mut self, extension: Extension) -> Self {
        set_extension(&mut self.extensions, extension);
        self
    }

    /// Adds an extension, even if there is one with the same identifier.
    pub fn another_extension(mut self, extension: Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    /// The encoded entry.
    pub fn der(&self) -> Vec<u8> {
        der::sequence(&[
            &der::integer(&self.serial),
            self.revoked_at.der(),
            &extensions(&self.extensions).unwrap_or_default(),
        ])
    }
}

fn set_extension(extensions: &mut Vec<Extension>, extension: Extension) {
    match extensions
        .iter_mut()
        .find(|present| present.oid() == extension.oid())
    {
        Some(present) => *present = extension,
        None => extensions.push(extension),
    }
}

/// The SEQUENCE of extensions, if there is one.
fn extensions(extensions: &[Extension]) -> Option<Vec<u8>> {
    let crl: Vec<_> = extensions.iter().map(Extension::der).collect();
    (!crl.is_empty()).then(|| der::sequence(&crl))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oid;

    fn root() -> Cert {
        Cert::ca("Root", &Key::p256("root"))
    }

    #[test]
    fn it_repeats() {
        let crl = Crl::of(&root()).revoke(&root());
        assert_eq!(crl.der(), crl.clone().der());
    }

    #[test]
    fn optional_fields_are_left_out() {
        let algorithm = der::sequence(&[der::oid(oid::ECDSA_WITH_SHA256)]);
        let bare = Crl::of(&root())
            .version_1()
            .without_extensions()
            .without_next_update();
        assert_eq!(
            bare.tbs(&algorithm),
            der::sequence(&[
                &algorithm[..],
                root().subject_name().der(),
                &der::utc_time("260101000000Z"),
            ])
        );
        assert!(bare.with_empty_list().tbs(&algorithm).ends_with(&[0x30, 0]));
    }
}
