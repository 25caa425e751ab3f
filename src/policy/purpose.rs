//! What certificates must be made for (RFC 5280 §4.2.1.12).

use core::fmt;
use core::str::FromStr;

use der::oid::ObjectIdentifier;

/// The purpose asked of the extended key usage of a path's certificates (RFC 5280 §4.2.1.12).
///
/// The rule holds for the client's certificate and for every CA above it, anchors included: a CA whose extended key usage
/// lacks the purpose cannot hand it on. `anyExtendedKeyUsage` stands for every purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequiredPurpose {
    /// Certificates that have the extension must name this purpose; those without it are for anything.
    IfPresent(KeyPurpose),
    /// As [`IfPresent`](Self::IfPresent), and the client's own certificate must have the extension.
    Required(KeyPurpose),
    /// Extended key usage is not looked at.
    Unchecked,
}

impl RequiredPurpose {
    pub(crate) fn purpose(&self) -> Option<&KeyPurpose> {
        match self {
            Self::IfPresent(purpose) | Self::Required(purpose) => Some(purpose),
            Self::Unchecked => None,
        }
    }
}

impl Default for RequiredPurpose {
    /// [`KeyPurpose::CLIENT_AUTH`], where the extension is present.
    fn default() -> Self {
        Self::IfPresent(KeyPurpose::CLIENT_AUTH)
    }
}

/// A purpose that a key is certified for (RFC 5280 §4.2.1.12).
///
/// ```
/// use mtls_verify::KeyPurpose;
///
/// let smart_card_logon: KeyPurpose = "1.3.6.1.4.1.311.20.2.2".parse()?;
/// assert_ne!(smart_card_logon, KeyPurpose::CLIENT_AUTH);
/// # Ok::<(), mtls_verify::InvalidKeyPurpose>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyPurpose(ObjectIdentifier);

impl KeyPurpose {
    /// `id-kp-clientAuth`: TLS clients.
    pub const CLIENT_AUTH: Self = Self(ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2"));
    /// `id-kp-serverAuth`: TLS servers. Public CAs leave clientAuth out of their certificates from 2026 on; peers that
    /// authenticate with such certificates need this.
    pub const SERVER_AUTH: Self = Self(ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1"));
    /// `id-kp-emailProtection`.
    pub const EMAIL_PROTECTION: Self = Self(ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"));

    /// `anyExtendedKeyUsage`: in a certificate, it stands for every purpose.
    pub const ANY: Self = Self(ObjectIdentifier::new_unwrap("2.5.29.37.0"));

    /// The content octets of its OBJECT IDENTIFIER.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl FromStr for KeyPurpose {
    type Err = InvalidKeyPurpose;

    /// From the dotted form of its OBJECT IDENTIFIER.
    fn from_str(dotted: &str) -> Result<Self, Self::Err> {
        ObjectIdentifier::new(dotted)
            .map(Self)
            .map_err(|_| InvalidKeyPurpose(()))
    }
}

impl fmt::Display for KeyPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::CLIENT_AUTH => f.write_str("clientAuth"),
            Self::SERVER_AUTH => f.write_str("serverAuth"),
            Self::EMAIL_PROTECTION => f.write_str("emailProtection"),
            Self(other) => other.fmt(f),
        }
    }
}

/// Not the dotted form of an OBJECT IDENTIFIER.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier in dotted form")]
pub struct InvalidKeyPurpose(());
