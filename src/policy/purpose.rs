//! What certificates must be made for (RFC 5280 §4.2.1.12).

use core::fmt;
use core::str::FromStr;

use crate::x509::Oid;

/// The purpose asked of the extended key usage of a path's certificates (RFC 5280 §4.2.1.12).
///
/// The rule holds for the client's certificate and for every CA above it, anchors included: a CA
/// whose extended key usage lacks the purpose cannot hand it on. `anyExtendedKeyUsage` stands for
/// every purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequiredPurpose {
    /// Certificates that have the extension must name this purpose; those without it are for
    /// anything.
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

/// A purpose that a key is certified for (RFC 5280 §4.2.1.12), by its OBJECT IDENTIFIER of any
/// size.
///
/// `Display` is `clientAuth`, `serverAuth` or `emailProtection`, and the dotted form of all others.
///
/// ```
/// use mtls_verify::policy::KeyPurpose;
///
/// let smart_card_logon: KeyPurpose = "1.3.6.1.4.1.311.20.2.2".parse()?;
/// assert_ne!(smart_card_logon, KeyPurpose::CLIENT_AUTH);
/// # Ok::<(), mtls_verify::policy::InvalidKeyPurpose>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyPurpose(Oid);

impl KeyPurpose {
    /// `id-kp-clientAuth`: TLS clients.
    pub const CLIENT_AUTH: Self = Self(Oid::known(&[
        0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02,
    ]));
    /// `id-kp-serverAuth`: TLS servers. Public CAs leave clientAuth out of their certificates from
    /// 2026 on; peers that authenticate with such certificates need this.
    pub const SERVER_AUTH: Self = Self(Oid::known(&[
        0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01,
    ]));
    /// `id-kp-emailProtection`.
    pub const EMAIL_PROTECTION: Self = Self(Oid::known(&[
        0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04,
    ]));

    /// `anyExtendedKeyUsage`: in a certificate, it stands for every purpose.
    pub const ANY: Self = Self(Oid::known(&[0x55, 0x1d, 0x25, 0x00]));

    /// From the content octets of an OBJECT IDENTIFIER that was read.
    pub(crate) fn from_bytes(content: &[u8]) -> Self {
        Self(Oid::from_content(content))
    }

    /// The content octets of its OBJECT IDENTIFIER.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<KeyPurpose> for Oid {
    fn from(named: KeyPurpose) -> Self {
        named.0
    }
}

impl FromStr for KeyPurpose {
    type Err = InvalidKeyPurpose;

    /// From the dotted form of its OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// Anything but two or more arcs in decimal digits without leading zeros, as X.660 allows them:
    /// the first up to 2, and below 0 and 1 the second up to 39.
    fn from_str(dotted: &str) -> Result<Self, Self::Err> {
        Oid::from_dotted(dotted)
            .map(Self)
            .ok_or(InvalidKeyPurpose(()))
    }
}

impl fmt::Display for KeyPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [(KeyPurpose, &str); 3] = [
            (KeyPurpose::CLIENT_AUTH, "clientAuth"),
            (KeyPurpose::SERVER_AUTH, "serverAuth"),
            (KeyPurpose::EMAIL_PROTECTION, "emailProtection"),
        ];
        match NAMES.iter().find(|(purpose, _)| purpose == self) {
            Some((_, name)) => f.write_str(name),
            None => self.0.fmt(f),
        }
    }
}

/// Not the dotted form of an OBJECT IDENTIFIER.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier in dotted form")]
pub struct InvalidKeyPurpose(());
