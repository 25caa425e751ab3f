//! Fields of a certificate that have no name of their own in [`Identity`].

use alloc::borrow::Cow;
use core::fmt;

use pki_types::SubjectPublicKeyInfoDer;

use super::Identity;
use crate::policy::KeyPurpose;
use crate::x509::{self, GeneralName, KeyUsage, Oid, ShortText, oid_text, text_of};

impl<'a> Identity<'a> {
    /// The attributes of the subject, in the order in which they are written: most general first.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        self.attributes_of_subject().map(Attribute)
    }

    /// The attribute of the subject with this OBJECT IDENTIFIER as text; `None` if there is none,
    /// or more than one (whether they can be read or not), or it is not text.
    ///
    /// ```
    /// # fn of(client: &mtls_verify::VerifiedClient) -> Result<(), mtls_verify::client::InvalidOid> {
    /// use mtls_verify::client::Oid;
    ///
    /// let serial_number: Oid = "2.5.4.5".parse()?;
    /// let device = client.identity().attribute(&serial_number);
    /// # Ok(())
    /// # }
    /// ```
    pub fn attribute(&self, oid: &Oid) -> Option<Cow<'a, str>> {
        self.only_attribute(oid.as_bytes())
    }

    /// The text of the only attribute with an OBJECT IDENTIFIER of these content octets.
    pub(super) fn only_attribute(&self, oid: &[u8]) -> Option<Cow<'a, str>> {
        only(self.attributes().filter(|attribute| attribute.0.oid == oid))?.text()
    }

    /// The otherNames of the subjectAltName (RFC 5280 §4.2.1.6), in the order in which they are
    /// written.
    pub fn other_names(&self) -> impl Iterator<Item = OtherName<'a>> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Other { type_id, value } => Some(OtherName { type_id, value }),
            _ => None,
        })
    }

    /// The value of the otherName of this type; `None` if there is none, or more than one.
    pub(super) fn only_other_name(&self, type_id: &[u8]) -> Option<OtherName<'a>> {
        only(self.other_names().filter(|name| name.type_id == type_id))
    }

    /// All extensions, in the order in which they are written (RFC 5280 §4.2), none of them twice.
    /// Those that this crate does not process are here as well: they say what the issuer signed,
    /// and nothing has looked at their values.
    pub fn extensions(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        self.certificate.extensions().map(Extension::from)
    }

    /// The extension with this OBJECT IDENTIFIER.
    pub fn extension(&self, oid: &Oid) -> Option<Extension<'a>> {
        self.extension_of(oid.as_bytes())
    }

    pub(super) fn extension_of(&self, oid: &[u8]) -> Option<Extension<'a>> {
        self.extensions().find(|extension| extension.oid == oid)
    }

    /// What the key may be used for (RFC 5280 §4.2.1.3); `None` without the extension, which leaves
    /// it open.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.certificate.key_usage()
    }

    /// The purposes that the key is certified for (RFC 5280 §4.2.1.12), in the order in which they
    /// are written; none without the extension, which leaves it open.
    pub fn key_purposes(&self) -> impl Iterator<Item = KeyPurpose> + use<'a> {
        let purposes = self.certificate.extended_key_usage();
        purposes.into_iter().flatten().map(KeyPurpose::from_bytes)
    }

    /// The DER of the subjectPublicKeyInfo (RFC 5280 §4.1.2.7). The same key can be written in
    /// more than one way.
    pub fn public_key_info(&self) -> SubjectPublicKeyInfoDer<'a> {
        self.certificate.spki().into()
    }

    /// SHA-256 of the [`public_key_info`](Self::public_key_info), as pins of public keys have it
    /// (RFC 7469 §2.4). It stays the same when a certificate is renewed with its key.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    pub fn public_key_sha256(&self) -> [u8; 32] {
        crate::crypto::sha256(self.certificate.spki())
    }

    /// The `x5t#S256` of tokens that are bound to this certificate (RFC 8705 §3.1): its
    /// [SHA-256](Self::fingerprint_sha256) in base64url without padding.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    pub fn x5t_s256(&self) -> alloc::string::String {
        use base64ct::{Base64UrlUnpadded, Encoding};
        Base64UrlUnpadded::encode_string(&self.fingerprint_sha256())
    }

    /// The subject key identifier (RFC 5280 §4.2.1.2); `None` if there is none, or it is malformed
    /// and not critical. The issuer chose it: it proves nothing.
    pub fn subject_key_id(&self) -> Option<&'a [u8]> {
        self.certificate.subject_key_id()
    }
}

/// The only one; `None` if there is none, or more than one.
pub(super) fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// One attribute of a name (RFC 5280 §4.1.2.4). From [`Identity::attributes`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a>(x509::Attribute<'a>);

impl<'a> Attribute<'a> {
    /// The OBJECT IDENTIFIER of its type.
    pub fn oid(&self) -> Oid {
        Oid::from_content(self.0.oid)
    }

    /// Its value, if that is a string: the choices of DirectoryString, IA5String, NumericString or
    /// VisibleString. TeletexStrings are read as ASCII alone, as readers disagree on the rest.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        self.0.string()
    }

    /// The tag of its value: the identifier octet of X.690 §8.1.2.
    pub fn tag(&self) -> u8 {
        self.0.tag
    }

    /// The content octets of its value.
    pub fn value(&self) -> &'a [u8] {
        self.0.value
    }
}

/// `Attribute(2.5.4.97: PSDES-BDE-3DFD21)`, on one line and cut to a length that a log can bear.
impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        let shown = text.as_deref().unwrap_or("not text");
        write!(
            f,
            "Attribute({}: {})",
            oid_text(self.0.oid),
            ShortText(shown)
        )
    }
}

/// An otherName of a subjectAltName: a name of a form that its type defines (RFC 5280 §4.2.1.6).
/// From [`Identity::other_names`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OtherName<'a> {
    type_id: &'a [u8],
    value: &'a [u8],
}

impl<'a> OtherName<'a> {
    /// The OBJECT IDENTIFIER of its type.
    pub fn oid(&self) -> Oid {
        Oid::from_content(self.type_id)
    }

    /// The DER of its value.
    pub fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Its value, if that is a string, as [`Attribute::text`] reads it.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        text_of(self.value)
    }
}

/// The OBJECT IDENTIFIER, cut to a length that a log can bear.
impl fmt::Debug for OtherName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OtherName({})", oid_text(self.type_id))
    }
}

/// An extension (RFC 5280 §4.1.2.9). From [`Identity::extensions`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Extension<'a> {
    oid: &'a [u8],
    is_critical: bool,
    value: &'a [u8],
}

impl<'a> Extension<'a> {
    /// Its OBJECT IDENTIFIER.
    pub fn oid(&self) -> Oid {
        Oid::from_content(self.oid)
    }

    /// Whether it has this OBJECT IDENTIFIER.
    pub fn has_oid(&self, oid: &Oid) -> bool {
        self.oid == oid.as_bytes()
    }

    /// Whether a verifier that does not process it must refuse the certificate (§4.2).
    pub fn is_critical(&self) -> bool {
        self.is_critical
    }

    /// The content of its extnValue: DER, if it is as its definition says.
    pub fn value(&self) -> &'a [u8] {
        self.value
    }
}

impl<'a> From<x509::Extension<'a>> for Extension<'a> {
    fn from(read: x509::Extension<'a>) -> Self {
        Self {
            oid: read.oid.value,
            is_critical: read.critical,
            value: read.value.value,
        }
    }
}

/// The OBJECT IDENTIFIER, cut to a length that a log can bear.
impl fmt::Debug for Extension<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let critical = if self.is_critical { ", critical" } else { "" };
        write!(f, "Extension({}{critical})", oid_text(self.oid))
    }
}
