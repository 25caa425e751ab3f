//! Who a client is: what its certificate says, read on demand.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};
use core::net::IpAddr;

use pki_types::UnixTime;

#[cfg(feature = "headers")]
use crate::x509::Time;
use crate::x509::{Certificate, DisplayName, GeneralName, attributes, text_of};

/// What a verified client's certificate says of it. From [`VerifiedClient::identity`](crate::VerifiedClient::identity).
///
/// Where a certificate leaves open which of several values is meant, the answer is none: to pick one would let
/// the holder of the certificate and the server disagree on who it is.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    certificate: Certificate<'a>,
}

/// Microsoft's userPrincipalName, 1.3.6.1.4.1.311.20.2.3, as smart cards for Windows logon have it.
const USER_PRINCIPAL_NAME: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03];
/// id-at-commonName, 2.5.4.3.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// id-at-organizationalUnitName, 2.5.4.11.
const ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 0x04, 0x0b];

impl<'a> Identity<'a> {
    pub(crate) fn new(certificate: Certificate<'a>) -> Self {
        Self { certificate }
    }

    /// The subject as an RFC 4514 string, most specific part first: `CN=device 7,O=Example`.
    ///
    /// Attributes have the short names of RFC 4514, or else those in use with LDAP (`SERIALNUMBER`, `EMAIL`); those without one, and values
    /// that are not text, are shown as `2.5.4.97=#0c03…`; characters
    /// that could forge a line of a log are escaped. To compare names, compare DER or single attributes, never this.
    pub fn subject(&self) -> String {
        DisplayName(self.certificate.subject()).to_string()
    }

    /// The issuer's name, as [`subject`](Self::subject).
    pub fn issuer(&self) -> String {
        DisplayName(self.certificate.issuer()).to_string()
    }

    /// The DER of the subject's name.
    pub fn subject_der(&self) -> &'a [u8] {
        self.certificate.subject()
    }

    /// The DER of the issuer's name.
    pub fn issuer_der(&self) -> &'a [u8] {
        self.certificate.issuer()
    }

    /// The common name of the subject; `None` if there is none, or more than one, or it is not text.
    pub fn common_name(&self) -> Option<Cow<'a, str>> {
        let mut names =
            attributes(self.certificate.subject()).filter(|attribute| attribute.oid == COMMON_NAME);
        let name = names.next()?;
        names.next().is_none().then(|| name.string())?
    }

    /// The organizational units of the subject, as far as they are text, most general first.
    pub fn organizational_units(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        attributes(self.certificate.subject())
            .filter(|attribute| attribute.oid == ORGANIZATIONAL_UNIT)
            .filter_map(|attribute| attribute.string())
    }

    /// The dNSNames of the subjectAltName (RFC 5280 §4.2.1.6), as they are written there.
    pub fn dns_names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Dns(name) => Some(name),
            _ => None,
        })
    }

    /// The rfc822Names of the subjectAltName.
    pub fn email_addresses(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Email(address) => Some(address),
            _ => None,
        })
    }

    /// The uniformResourceIdentifiers of the subjectAltName.
    pub fn uris(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Uri(uri) => Some(uri),
            _ => None,
        })
    }

    /// The iPAddresses of the subjectAltName.
    pub fn ip_addresses(&self) -> impl Iterator<Item = IpAddr> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Ip(bytes) => <[u8; 4]>::try_from(bytes)
                .map(IpAddr::from)
                .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
                .ok(),
            _ => None,
        })
    }

    /// The SPIFFE ID: the one URI of the subjectAltName, if it has the form of a SPIFFE ID. A certificate with several URIs is no
    /// X.509-SVID (SPIFFE X.509-SVID §2) and has none.
    pub fn spiffe_id(&self) -> Option<&'a str> {
        let mut uris = self.uris();
        let uri = uris.next()?;
        (uris.next().is_none() && is_spiffe_id(uri)).then_some(uri)
    }

    /// The user principal name of a Windows or smart-card certificate (otherName 1.3.6.1.4.1.311.20.2.3 of the subjectAltName);
    /// `None` if there is none, or more than one.
    pub fn user_principal_name(&self) -> Option<Cow<'a, str>> {
        let mut names = self.alt_names().filter_map(|name| match name {
            GeneralName::Other { type_id, value } if type_id == USER_PRINCIPAL_NAME => Some(value),
            _ => None,
        });
        let name = names.next()?;
        names.next().is_none().then(|| text_of(name))?
    }

    /// The serial number in upper-case hexadecimal, two digits a byte, without the byte that only carries the sign: `03A5B1`. Of a
    /// negative number, which RFC 5280 §4.1.2.2 has verifiers bear with, `-` and its magnitude.
    pub fn serial(&self) -> String {
        let (sign, serial) = match self.certificate.serial() {
            [0x00, magnitude @ ..] if !magnitude.is_empty() => ("", Cow::Borrowed(magnitude)),
            serial @ [0x80..=0xff, ..] => ("-", Cow::Owned(negated(serial))),
            serial => ("", Cow::Borrowed(serial)),
        };
        let mut hex = String::from(sign);
        for byte in serial.iter() {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02X}");
        }
        hex
    }

    /// The content octets of the serial number: two's complement, big-endian.
    pub fn serial_bytes(&self) -> &'a [u8] {
        self.certificate.serial()
    }

    /// SHA-256 of the whole certificate.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    pub fn fingerprint_sha256(&self) -> [u8; 32] {
        crate::crypto::sha256(self.certificate.as_bytes())
    }

    /// The first second of the certificate's validity; 1970-01-01T00:00:00Z if that is earlier.
    pub fn not_before(&self) -> UnixTime {
        self.certificate.not_before().to_unix()
    }

    /// The last second of the certificate's validity.
    pub fn not_after(&self) -> UnixTime {
        self.certificate.not_after().to_unix()
    }

    /// The first and the last second of the certificate's validity, those before 1970 too.
    #[cfg(feature = "headers")]
    pub(crate) fn validity(&self) -> (Time, Time) {
        (self.certificate.not_before(), self.certificate.not_after())
    }

    #[cfg(feature = "headers")]
    pub(crate) fn certificate(&self) -> Certificate<'a> {
        self.certificate
    }

    fn alt_names(&self) -> impl Iterator<Item = GeneralName<'a>> + use<'a> {
        self.certificate.subject_alt_names()
    }
}

impl fmt::Debug for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field(
                "subject",
                &format_args!("{}", DisplayName(self.subject_der())),
            )
            .field("serial", &self.serial())
            .finish_non_exhaustive()
    }
}

/// The magnitude of a negative number in two's complement.
fn negated(number: &[u8]) -> Vec<u8> {
    let mut carry = true;
    let mut magnitude: Vec<u8> = number
        .iter()
        .rev()
        .map(|byte| {
            let (sum, overflows) = (!byte).overflowing_add(u8::from(carry));
            carry = overflows;
            sum
        })
        .collect();
    magnitude.reverse();
    magnitude
}

/// Whether `uri` is `spiffe://trust-domain/path` as SPIFFE-ID §2 has it: a trust domain of lower-case letters, digits, `.`, `-`, `_`;
/// segments of letters, digits, `.`, `-`, `_`, none of them empty, `.` or `..`; at most 2,048 bytes, 255 of them the
/// trust domain's.
fn is_spiffe_id(uri: &str) -> bool {
    let Some(rest) = uri.strip_prefix("spiffe://") else {
        return false;
    };
    let mut segments = rest.split('/');
    let trust_domain = segments.next().unwrap_or_default();
    let in_domain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
    let in_path = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    uri.len() <= 2048
        && (1..=255).contains(&trust_domain.len())
        && trust_domain.bytes().all(in_domain)
        && segments
            .all(|segment| !matches!(segment, "" | "." | "..") && segment.bytes().all(in_path))
}

#[cfg(test)]
mod tests {
    use super::{is_spiffe_id, negated};

    #[test]
    fn negative_serials_have_a_magnitude() {
        assert_eq!(negated(&[0xff]), [0x01]);
        assert_eq!(negated(&[0x80]), [0x80]);
        assert_eq!(negated(&[0xff, 0x00]), [0x01, 0x00]);
        assert_eq!(negated(&[0x80, 0x01]), [0x7f, 0xff]);
    }

    #[test]
    fn spiffe_ids() {
        for good in [
            "spiffe://example.org",
            "spiffe://example.org/ns/prod/sa/web-1",
            "spiffe://a_b-c.d/X.y_Z",
        ] {
            assert!(is_spiffe_id(good), "{good}");
        }
        for bad in [
            "",
            "spiffe://",
            "spiffe:///path",
            "SPIFFE://example.org",
            "https://example.org",
            "spiffe://Example.org/a",
            "spiffe://example.org/",
            "spiffe://example.org//a",
            "spiffe://example.org/a/../b",
            "spiffe://example.org:443/a",
            "spiffe://user@example.org/a",
            "spiffe://example.org/a?b",
            "spiffe://example.org/a%20b",
        ] {
            assert!(!is_spiffe_id(bad), "{bad}");
        }
        let longest = alloc::format!("spiffe://d/{}", "a".repeat(2048 - 11));
        assert!(is_spiffe_id(&longest));
        assert!(!is_spiffe_id(&(longest + "a")));
    }
}
