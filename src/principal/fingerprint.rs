//! RFC 7407's list of certificates and how each gives a name.
#![cfg(any(feature = "ring", feature = "aws-lc-rs"))]

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use super::{Condition, Edit, Field, OnDoubt, Rule};

/// The SHA-256 of a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub(super) [u8; 32]);

impl From<[u8; 32]> for Fingerprint {
    fn from(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }
}

/// The number of SHA-256 among the hash algorithms of RFC 5246 §7.4.1.4.1.
const SHA256: u8 = 4;

/// Reads the `tls-fingerprint` of RFC 7407: the number of the hash algorithm and the digest, each
/// octet as two hexadecimal digits, with colons between: `04:2b:…`. SHA-256 alone is taken, which
/// is 4.
impl FromStr for Fingerprint {
    type Err = InvalidFingerprint;

    fn from_str(text: &str) -> Result<Self, InvalidFingerprint> {
        let mut octets = text.split(':').map(|octet| match octet.as_bytes() {
            [high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                u8::from_str_radix(octet, 16).map_err(|_| InvalidFingerprint::Form)
            }
            _ => Err(InvalidFingerprint::Form),
        });
        let algorithm = octets.next().ok_or(InvalidFingerprint::Form)??;
        if algorithm != SHA256 {
            return Err(InvalidFingerprint::Algorithm { number: algorithm });
        }
        let mut digest = [0; 32];
        for place in &mut digest {
            *place = octets.next().ok_or(InvalidFingerprint::Form)??;
        }
        match octets.next() {
            None => Ok(Self(digest)),
            Some(_) => Err(InvalidFingerprint::Form),
        }
    }
}

/// As RFC 7407 has it: `04:2b:…`.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SHA256:02x}")?;
        self.0
            .iter()
            .try_for_each(|octet| write!(f, ":{octet:02x}"))
    }
}

/// As `Display`.
impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Why text is no [`Fingerprint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidFingerprint {
    /// It is not 33 octets of two hexadecimal digits each, with colons between.
    #[error("not 33 octets of two hexadecimal digits with colons between, the first of them 04")]
    Form,
    /// It is of another hash algorithm than SHA-256.
    #[error("hash algorithm {number}; take SHA-256, which is 4")]
    Algorithm {
        /// The number of RFC 5246 §7.4.1.4.1.
        number: u8,
    },
}

/// How an entry of RFC 7407's `cert-to-name` list gives a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapType {
    /// `specified`: this name.
    Specified(String),
    /// `san-rfc822-name`: the mailbox, its host in lower case.
    SanRfc822Name,
    /// `san-dns-name`: the DNS name in lower case.
    SanDnsName,
    /// `san-ip-address`: an IPv4 address with dots, an IPv6 address as 32 hexadecimal digits.
    SanIpAddress,
    /// `san-any`: the first name of one of these three forms.
    SanAny,
    /// `common-name`: the common name.
    CommonName,
}

/// The rule of an entry. What the RFC calls impossible, it has the next entry decide.
pub(super) fn rule_of(fingerprint: Fingerprint, map_type: MapType) -> Rule {
    let rule = match map_type {
        MapType::Specified(name) => Rule::take(Field::Fixed(name)),
        MapType::SanRfc822Name => Rule::take(Field::Email).then(Edit::LowerCaseHost),
        MapType::SanDnsName => Rule::take(Field::Dns).then(Edit::LowerCase),
        MapType::SanIpAddress => Rule::take(Field::IpDigits),
        MapType::SanAny => Rule::take(Field::FirstAltName),
        MapType::CommonName => Rule::take(Field::CommonName),
    };
    rule.when(Condition::Certificate(fingerprint))
        .on_doubt(OnDoubt::NextRule)
}
