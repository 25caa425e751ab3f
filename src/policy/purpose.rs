//! What certificates must be made for (RFC 5280 §4.2.1.12).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};
use core::str::FromStr;

use crate::x509::Oid;

/// The purpose asked of the extended key usage of a path's certificates (RFC 5280 §4.2.1.12).
///
/// The rule holds for the client's certificate and for every CA above it, anchors included: a CA
/// whose extended key usage lacks the purpose cannot hand it on. `anyExtendedKeyUsage` stands for
/// every purpose.
///
/// Of several purposes one is enough, and it must be the same for the whole path: a client for
/// smart-card logon below a CA for clientAuth is refused, as no purpose holds for both.
///
/// [OpenSSL's trust settings](crate::TrustStoreBuilder#trust-settings-of-openssl) of a certificate
/// must allow the same purpose. To be for anyExtendedKeyUsage itself, they must allow every one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequiredPurpose {
    /// Certificates that have the extension must name this purpose, or the same one of these; those
    /// without the extension are for anything.
    IfPresent(KeyPurposes),
    /// As [`IfPresent`](Self::IfPresent), and the client's own certificate must have the extension.
    Required(KeyPurposes),
    /// Extended key usage is not looked at. OpenSSL's trust settings must allow clientAuth.
    Unchecked,
}

impl RequiredPurpose {
    pub(crate) fn purposes(&self) -> Option<&KeyPurposes> {
        match self {
            Self::IfPresent(purposes) | Self::Required(purposes) => Some(purposes),
            Self::Unchecked => None,
        }
    }

    /// The purposes that OpenSSL's trust settings are judged for: those of TLS clients, where
    /// extended key usage is not looked at.
    pub(crate) fn for_trust_settings(&self) -> Cow<'_, KeyPurposes> {
        match self.purposes() {
            Some(purposes) => Cow::Borrowed(purposes),
            None => Cow::Owned(KeyPurpose::CLIENT_AUTH.into()),
        }
    }
}

impl Default for RequiredPurpose {
    /// [`KeyPurpose::CLIENT_AUTH`], where the extension is present.
    fn default() -> Self {
        Self::IfPresent(KeyPurpose::CLIENT_AUTH.into())
    }
}

/// One to sixteen purposes of which one is asked for: from a [`KeyPurpose`], or from several by
/// [`any_of`](Self::any_of).
///
/// ```
/// use mtls_verify::ClientPolicy;
/// use mtls_verify::policy::{KeyPurpose, KeyPurposes, RequiredPurpose};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let smart_card_logon = "1.3.6.1.4.1.311.20.2.2".parse()?;
/// let purposes = KeyPurposes::any_of([KeyPurpose::CLIENT_AUTH, smart_card_logon])?;
/// let policy = ClientPolicy::default().with_purpose(RequiredPurpose::Required(purposes));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPurposes {
    first: KeyPurpose,
    others: Vec<KeyPurpose>,
}

impl KeyPurposes {
    /// How many there can be.
    pub const MAX: usize = 16;

    /// Any of these.
    ///
    /// # Errors
    /// [`InvalidKeyPurposes`] if there are none, or more than [`MAX`](Self::MAX), or one is there
    /// twice.
    pub fn any_of(
        purposes: impl IntoIterator<Item = KeyPurpose>,
    ) -> Result<Self, InvalidKeyPurposes> {
        let mut purposes = purposes.into_iter();
        let first = purposes.next().ok_or(InvalidKeyPurposes::None)?;
        let mut any_of = Self::from(first);
        for purpose in purposes {
            if any_of.iter().any(|known| *known == purpose) {
                return Err(InvalidKeyPurposes::Repeated { purpose });
            }
            if any_of.len() == Self::MAX {
                return Err(InvalidKeyPurposes::TooMany);
            }
            any_of.others.push(purpose);
        }
        Ok(any_of)
    }

    /// Each of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &KeyPurpose> {
        core::iter::once(&self.first).chain(&self.others)
    }

    pub(crate) fn len(&self) -> usize {
        self.others.len().saturating_add(1)
    }

    /// Their names as an error has them, of those that are chosen by their index: `clientAuth or
    /// serverAuth`.
    pub(crate) fn names(&self, is_chosen: impl Fn(usize) -> bool) -> String {
        let mut names = String::new();
        let chosen = self.iter().enumerate().filter(|(at, _)| is_chosen(*at));
        for (_, purpose) in chosen {
            let separator = if names.is_empty() { "" } else { " or " };
            // It writes to a String.
            let _ = write!(names, "{separator}{purpose}");
        }
        names
    }
}

impl From<KeyPurpose> for KeyPurposes {
    fn from(purpose: KeyPurpose) -> Self {
        Self {
            first: purpose,
            others: Vec::new(),
        }
    }
}

/// Why purposes cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKeyPurposes {
    /// There is none, which no certificate could have.
    #[error("no purpose at all: to ask for none, leave extended key usage unchecked")]
    None,
    /// There are more than [`KeyPurposes::MAX`].
    #[error("more than {} purposes", KeyPurposes::MAX)]
    TooMany,
    /// One is there twice.
    #[error("the purpose {purpose} is named twice")]
    Repeated {
        /// The purpose.
        purpose: KeyPurpose,
    },
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

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    fn purpose(last: usize) -> KeyPurpose {
        format!("2.999.{last}").parse().expect("a purpose")
    }

    #[test]
    fn one_to_sixteen_purposes_each_once() {
        let of = |count| KeyPurposes::any_of((0..count).map(purpose));
        assert_eq!(of(0), Err(InvalidKeyPurposes::None));
        for count in [1, 2, 16] {
            assert_eq!(of(count).map(|purposes| purposes.len()), Ok(count));
        }
        assert_eq!(of(17), Err(InvalidKeyPurposes::TooMany));
        let twice = KeyPurposes::any_of([purpose(1), purpose(2), purpose(1)]);
        let error = twice.expect_err("twice").to_string();
        assert_eq!(error, "the purpose 2.999.1 is named twice");
        assert_eq!(KeyPurposes::from(purpose(0)), of(1).expect("one"));
    }
}
