//! How a store shows its certificates.

use alloc::string::String;
use core::fmt;

use pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};

use crate::certificates::{Origin, Placed};
use crate::identity::Identity;
use crate::x509::Certificate;

/// One certificate of a store, for those who watch when it expires. From
/// [`TrustStore::anchors`](crate::TrustStore::anchors),
/// [`intermediates`](crate::TrustStore::intermediates) and
/// [`pinned_clients`](crate::TrustStore::pinned_clients).
///
/// ```
/// use mtls_verify::TrustStore;
/// # let store = TrustStore::from_pem(include_bytes!("../../testdata/example/ca.pem"))?;
/// for anchor in store.anchors() {
///     println!("{} until {}", anchor.subject(), anchor.not_after().as_secs());
/// }
/// # assert_eq!(store.anchors().next().unwrap().subject(), "CN=Example Root,O=Example");
/// # Ok::<(), mtls_verify::StoreError>(())
/// ```
#[derive(Clone, Copy)]
pub struct CertificateInfo<'a> {
    certificate: Certificate<'a>,
    origin: Placed<'a>,
}

impl<'a> CertificateInfo<'a> {
    pub(super) fn new((certificate, origin): (Certificate<'a>, Placed<'a>)) -> Self {
        Self {
            certificate,
            origin,
        }
    }

    /// Where it comes from: the label of its input, and its number there.
    pub fn origin(&self) -> Origin {
        self.origin.origin()
    }

    /// The whole certificate.
    pub fn der(&self) -> CertificateDer<'a> {
        self.certificate.der()
    }

    /// Its subject as an RFC 4514 string, as [`Identity::subject`](crate::Identity::subject) shows
    /// it.
    pub fn subject(&self) -> String {
        self.shown().subject()
    }

    /// The DER of its subject's name.
    pub fn subject_der(&self) -> &'a [u8] {
        self.certificate.subject()
    }

    /// Its issuer as an RFC 4514 string, such as `CN=Root CA,O=Example`.
    pub fn issuer(&self) -> String {
        self.shown().issuer()
    }

    /// The DER of its issuer's name.
    pub fn issuer_der(&self) -> &'a [u8] {
        self.certificate.issuer()
    }

    /// Its serial number in upper-case hexadecimal, as
    /// [`Identity::serial`](crate::Identity::serial) shows it: `03A5B1`.
    pub fn serial(&self) -> String {
        self.shown().serial()
    }

    /// The first second of its validity (RFC 5280 §4.1.2.5); 1970-01-01T00:00:00Z if that is
    /// earlier.
    pub fn not_before(&self) -> UnixTime {
        self.shown().not_before()
    }

    /// The last second of its validity; 1970-01-01T00:00:00Z if that is earlier, and
    /// 9999-12-31T23:59:59Z if it has no well-defined end (RFC 5280 §4.1.2.5).
    pub fn not_after(&self) -> UnixTime {
        self.shown().not_after()
    }

    /// The DER of its subjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    pub fn public_key_info(&self) -> SubjectPublicKeyInfoDer<'a> {
        self.shown().public_key_info()
    }

    /// SHA-256 of the whole certificate: what `openssl x509 -fingerprint -sha256` shows.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    pub fn fingerprint_sha256(&self) -> [u8; 32] {
        self.shown().fingerprint_sha256()
    }

    fn shown(&self) -> Identity<'a> {
        Identity::new(self.certificate)
    }
}

/// By the bytes of the certificate.
impl PartialEq for CertificateInfo<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.certificate.as_bytes() == other.certificate.as_bytes()
    }
}

impl Eq for CertificateInfo<'_> {}

impl fmt::Debug for CertificateInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateInfo")
            .field("subject", &self.subject())
            .field("serial", &self.serial())
            .finish_non_exhaustive()
    }
}
