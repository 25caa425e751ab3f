//! Bytes for a store, and where they come from.

use core::fmt;

use pki_types::{CertificateDer, CertificateRevocationListDer};

/// Bytes that a store is made of, PEM or DER, with a label that errors show, such as the name of
/// the file.
///
/// What takes it takes bytes without a label as well: `&[u8]`, `&Vec<u8>`, arrays, `&str`,
/// `&String`, [`CertificateDer`] and [`CertificateRevocationListDer`].
///
/// ```
/// use mtls_verify::TrustStore;
/// use mtls_verify::store::Source;
/// # let bytes = b"-----BEGIN PRIVATE KEY-----\n";
/// let source = Source::new(bytes).labelled("/etc/pki/clients.pem");
/// let error = TrustStore::builder().add_ca_pem(source).unwrap_err();
/// assert_eq!(error.label(), Some("/etc/pki/clients.pem"));
/// assert_eq!(error.to_string(), "/etc/pki/clients.pem: certificate 1, line 1: no END line");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[must_use = "bytes do nothing outside of a store"]
pub struct Source<'a> {
    bytes: &'a [u8],
    label: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// Bytes without a label.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, label: None }
    }

    /// The same bytes with a label. Errors have all of it
    /// ([`StoreError::label`](crate::StoreError::label)), and show at most 200 characters of it,
    /// with those escaped that could forge a line of a log.
    pub const fn labelled(self, label: &'a str) -> Self {
        Self {
            label: Some(label),
            ..self
        }
    }

    pub(super) fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    pub(super) fn label(self) -> Option<&'a str> {
        self.label
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::new(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Source<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::new(bytes)
    }
}

impl<'a> From<&'a alloc::vec::Vec<u8>> for Source<'a> {
    fn from(bytes: &'a alloc::vec::Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text.as_bytes())
    }
}

impl<'a> From<&'a alloc::string::String> for Source<'a> {
    fn from(text: &'a alloc::string::String) -> Self {
        Self::new(text.as_bytes())
    }
}

impl<'a> From<&'a CertificateDer<'_>> for Source<'a> {
    fn from(der: &'a CertificateDer<'_>) -> Self {
        Self::new(der)
    }
}

impl<'a> From<&'a CertificateRevocationListDer<'_>> for Source<'a> {
    fn from(der: &'a CertificateRevocationListDer<'_>) -> Self {
        Self::new(der)
    }
}

/// Without the bytes, which may be a private key by mistake.
impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("label", &self.label)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}
