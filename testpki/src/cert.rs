//! The certificate template.

use sha2::{Digest, Sha256};

use crate::seal::{Rewrite, Seal};
use crate::{
    Extension, GeneralName, Key, KeyUsage, Name, Pem, SignatureAlgorithm, Time, der, key, oid,
};

/// The version field of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Version 1: the field is left out.
    V1,
    /// Version 2.
    V2,
    /// Version 3, the only one that has extensions.
    V3,
}

/// A certificate to be: a template that each method changes in one thing.
///
/// It starts self-issued and self-signed; [`Cert::issued_by`] hangs it below another template.
/// [`Cert::der`] encodes and signs.
#[derive(Clone, Debug)]
pub struct Cert {
    version: Vec<u8>,
    serial: Option<Vec<u8>>,
    issuer: Name,
    not_before: Time,
    not_after: Time,
    subject: Name,
    spki: Vec<u8>,
    unique_ids: Vec<u8>,
    extensions: Vec<Extension>,
    subject_key: Option<Key>,
    seal: Seal,
}

impl Cert {
    /// A certificate without extensions, valid from 2020 to 2040.
    pub fn bare(subject: Name, key: &Key) -> Self {
        Self {
            subject_key: Some(key.clone()),
            seal: Seal::with_key(Some(key.clone())),
            ..Self::with_spki(subject, key.spki().to_vec())
        }
    }

    fn with_spki(subject: Name, spki: Vec<u8>) -> Self {
        Self {
            version: version_field(Version::V3),
            serial: None,
            issuer: subject.clone(),
            not_before: Time::at("2020-01-01T00:00:00Z"),
            not_after: Time::at("2040-01-01T00:00:00Z"),
            subject,
            spki,
            unique_ids: Vec::new(),
            extensions: Vec::new(),
            subject_key: None,
            seal: Seal::default(),
        }
    }

    /// A CA, valid from 2020 to 2040: basicConstraints and keyUsage (keyCertSign, cRLSign)
    /// critical, and subjectKeyIdentifier. Self-signed until [`Cert::issued_by`].
    pub fn ca(common_name: &str, key: &Key) -> Self {
        Self::bare(Name::cn(common_name), key)
            .extension(Extension::basic_constraints(true, None))
            .extension(Extension::key_usage(&[
                KeyUsage::KeyCertSign,
                KeyUsage::CrlSign,
            ]))
            .extension(Extension::subject_key_identifier(&key.identifier()))
    }

    /// A client, valid in 2026: keyUsage (digitalSignature) critical, extKeyUsage (clientAuth), one
    /// DNS name and subjectKeyIdentifier. Self-signed until [`Cert::issued_by`].
    pub fn client(common_name: &str, key: &Key) -> Self {
        Self {
            subject_key: Some(key.clone()),
            seal: Seal::with_key(Some(key.clone())),
            ..Self::client_with_spki(common_name, key.spki().to_vec())
        }
    }

    /// As [`Cert::client`], for a public key that has no [`Key`] here. It must be
    /// [`issued_by`](Cert::issued_by) a CA.
    ///
    /// # Panics
    ///
    /// If `spki` is not a well-formed SubjectPublicKeyInfo.
    pub fn client_with_spki(common_name: &str, spki: Vec<u8>) -> Self {
        let identifier = key::key_identifier(&spki);
        Self::with_spki(Name::cn(common_name), spki)
            .not_before("2026-01-01T00:00:00Z")
            .not_after("2027-01-01T00:00:00Z")
            .extension(Extension::key_usage(&[KeyUsage::DigitalSignature]))
            .extension(Extension::extended_key_usage(&[oid::CLIENT_AUTH]))
            .extension(Extension::subject_alt_name(&[GeneralName::dns(&format!(
                "{common_name}.example"
            ))]))
            .extension(Extension::subject_key_identifier(&identifier))
    }

    /// Takes the issuer's name, its key identifier (as authorityKeyIdentifier, if this has
    /// extensions) and its key to sign with.
    pub fn issued_by(self, issuer: &Cert) -> Self {
        let identifier = key::key_identifier(&issuer.spki);
        let named = self.issuer(issuer.subject.clone());
        let named = if named.extensions.is_empty() {
            named
        } else {
            named.extension(Extension::authority_key_identifier(&identifier))
        };
        Self {
            seal: Seal {
                key: issuer.subject_key.clone(),
                ..named.seal
            },
            ..named
        }
    }

    /// Signs with this key, whatever the issuer's name says.
    pub fn signed_by(mut self, key: &Key) -> Self {
        self.seal.key = Some(key.clone());
        self
    }

    /// Signs with this algorithm of the key, in the place of its default.
    pub fn signed_with(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.seal.algorithm = Some(algorithm);
        self
    }

    /// The version; for 1 and 2 take the extensions away as well, or leave them and be wrong.
    pub fn version(self, version: Version) -> Self {
        self.raw_version(version_field(version))
    }

    /// These bytes in the place of the version field.
    pub fn raw_version(mut self, encoded: Vec<u8>) -> Self {
        self.version = encoded;
        self
    }

    /// The content octets of the serial number. Without it, 16 octets that follow from names and
    /// key.
    pub fn serial(mut self, contents: &[u8]) -> Self {
        self.serial = Some(contents.to_vec());
        self
    }

    /// The AlgorithmIdentifier inside the TBSCertificate, in the place of what really signs.
    pub fn inner_algorithm(mut self, encoded: Vec<u8>) -> Self {
        self.seal.inner_algorithm = Some(encoded);
        self
    }

    /// The AlgorithmIdentifier beside the signature, in the place of what really signs.
    pub fn outer_algorithm(mut self, encoded: Vec<u8>) -> Self {
        self.seal.outer_algorithm = Some(encoded);
        self
    }

    /// Both AlgorithmIdentifiers, in the place of what really signs.
    pub fn algorithms(self, encoded: Vec<u8>) -> Self {
        self.inner_algorithm(encoded.clone())
            .outer_algorithm(encoded)
    }

    /// The issuer's name.
    pub fn issuer(mut self, name: Name) -> Self {
        self.issuer = name;
        self
    }

    /// The subject's name. If this was self-issued, the issuer's name as well.
    pub fn subject(mut self, name: Name) -> Self {
        if self.issuer == self.subject {
            self.issuer = name.clone();
        }
        self.subject = name;
        self
    }

    /// notBefore, as `YYYY-MM-DDThh:mm:ssZ`, encoded as RFC 5280 asks.
    pub fn not_before(self, rfc3339: &str) -> Self {
        self.not_before_time(Time::at(rfc3339))
    }

    /// notAfter, as `YYYY-MM-DDThh:mm:ssZ`, encoded as RFC 5280 asks.
    pub fn not_after(self, rfc3339: &str) -> Self {
        self.not_after_time(Time::at(rfc3339))
    }

    /// notBefore, in any encoding.
    pub fn not_before_time(mut self, time: Time) -> Self {
        self.not_before = time;
        self
    }

    /// notAfter, in any encoding.
    pub fn not_after_time(mut self, time: Time) -> Self {
        self.not_after = time;
        self
    }

    /// These bytes in the place of the SubjectPublicKeyInfo. Extensions stay as they are.
    pub fn spki(mut self, encoded: Vec<u8>) -> Self {
        self.spki = encoded;
        self
    }

    /// issuerUniqueID `[1]` and subjectUniqueID `[2]`, encoded.
    pub fn raw_unique_ids(mut self, encoded: Vec<u8>) -> Self {
        self.unique_ids = encoded;
        self
    }

    /// Sets an extension, in the place of the one with the same identifier if there is one.
    pub fn extension(mut self, extension: Extension) -> Self {
        match self
            .extensions
            .iter_mut()
            .find(|present| present.oid() == extension.oid())
        {
            Some(present) => *present = extension,
            None => self.extensions.push(extension),
        }
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

    /// Turns over the lowest bit of the signature's last octet.
    pub fn flip_signature_bit(mut self) -> Self {
        self.seal.flip_signature_bit = true;
        self
    }

    /// The same certificate with the other signature (r, n − s) that ECDSA allows.
    pub fn other_encoding(mut self) -> Self {
        self.seal.other_ecdsa_signature = true;
        self
    }

    /// This in the place of the signature.
    pub fn raw_signature(mut self, signature: Vec<u8>) -> Self {
        self.seal.raw_signature = Some(signature);
        self
    }

    /// The signature's BIT STRING says that this many bits of its last octet are not used.
    pub fn unused_signature_bits(mut self, bits: u8) -> Self {
        self.seal.unused_signature_bits = bits;
        self
    }

    /// Changes the TBSCertificate before it is signed: the signature will hold.
    pub fn rewrite_tbs(mut self, rewrite: Rewrite) -> Self {
        self.seal.rewrite_tbs = Some(rewrite);
        self
    }

    /// Changes the TBSCertificate after it was signed: the signature will not hold.
    pub fn rewrite_signed_tbs(mut self, rewrite: Rewrite) -> Self {
        self.seal.rewrite_signed_tbs = Some(rewrite);
        self
    }

    /// Changes the whole certificate, last of all.
    pub fn rewrite(mut self, rewrite: Rewrite) -> Self {
        self.seal.rewrite = Some(rewrite);
        self
    }

    /// The subject's name.
    pub fn subject_name(&self) -> &Name {
        &self.subject
    }

    /// The issuer's name.
    pub fn issuer_name(&self) -> &Name {
        &self.issuer
    }

    /// The content octets of the serial number.
    pub fn serial_octets(&self) -> Vec<u8> {
        self.serial.clone().unwrap_or_else(|| self.default_serial())
    }

    /// The SubjectPublicKeyInfo, encoded.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The subject's key, if it is one that can sign.
    pub fn key(&self) -> Option<&Key> {
        self.subject_key.as_ref()
    }

    /// The certificate, encoded and signed. The same template always gives the same bytes.
    ///
    /// # Panics
    ///
    /// If there is no key to sign with, or it cannot sign with the algorithm asked for.
    pub fn der(&self) -> Vec<u8> {
        self.seal.der(|algorithm| self.tbs(algorithm))
    }

    /// The certificate as PEM.
    ///
    /// # Panics
    ///
    /// As [`Cert::der`].
    pub fn pem(&self) -> String {
        Pem::certificate(&self.der()).to_string()
    }

    fn tbs(&self, algorithm: &[u8]) -> Vec<u8> {
        let serial = der::integer(&self.serial_octets());
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            let list: Vec<_> = self.extensions.iter().map(Extension::der).collect();
            der::context_constructed(3, &der::sequence(&list))
        };
        der::sequence(&[
            &self.version,
            &serial,
            algorithm,
            self.issuer.der(),
            &der::sequence(&[self.not_before.der(), self.not_after.der()]),
            self.subject.der(),
            &self.spki,
            &self.unique_ids,
            &extensions,
        ])
    }

    /// A serial that is positive, of 16 octets, and another one for another certificate.
    fn default_serial(&self) -> Vec<u8> {
        let digest = Sha256::digest(der::concat(&[
            self.issuer.der(),
            self.subject.der(),
            self.not_before.der(),
            self.not_after.der(),
            &self.spki,
        ]));
        let mut contents = digest[..16].to_vec();
        contents[0] = contents[0] & 0x7f | 0x40;
        contents
    }
}

fn version_field(version: Version) -> Vec<u8> {
    match version {
        Version::V1 => Vec::new(),
        Version::V2 => der::context_constructed(0, &der::unsigned(1)),
        Version::V3 => der::context_constructed(0, &der::unsigned(2)),
    }
}
