//! Who a client is: what its certificate says, read on demand.

mod fields;
pub mod forms;

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};
use core::net::IpAddr;
use core::ops::RangeInclusive;

use pki_types::UnixTime;

pub use fields::{Attribute, Extension, OtherName};

use crate::spiffe::{NotSvid, SpiffeId, svid_id};
use crate::x509::{self, CalendarTime, Certificate, DisplayName, GeneralName, attributes};

/// What a verified client's certificate says of it. From
/// [`VerifiedClient::identity`](crate::VerifiedClient::identity).
///
/// Where a certificate leaves open which of several values is meant, the answer is none: to pick
/// one would let the holder of the certificate and the server disagree on who it is. A value that
/// is there and cannot be read counts among the several.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    certificate: Certificate<'a>,
    names: Names,
}

/// Which names of a certificate are identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// By the number of each form: `1 << n` for `[n]` of GeneralName (RFC 5280 §4.2.1.6). That of
    /// directoryName stands for the subject as well.
    forms: u16,
}

impl Names {
    /// All of them.
    pub(crate) const ALL: Self = Self { forms: u16::MAX };

    /// The URI, which an X.509-SVID has, and names of the forms of these.
    pub(crate) fn of_svid<'n>(others: impl Iterator<Item = GeneralName<'n>>) -> Self {
        let uri = GeneralName::Uri("");
        let forms = others.chain([uri]).map(|name| Self::bit(name.tag()));
        Self {
            forms: forms.fold(0, |forms, bit| forms | bit),
        }
    }

    fn bit(tag: u8) -> u16 {
        1u16.checked_shl(u32::from(tag & 0x1f)).unwrap_or_default()
    }

    fn has(self, name: GeneralName<'_>) -> bool {
        self.forms & Self::bit(name.tag()) != 0
    }

    fn has_subject(self) -> bool {
        self.has(GeneralName::Directory(&[]))
    }

    pub(crate) fn has_other_names(self) -> bool {
        let (type_id, value) = (&[][..], &[][..]);
        self.has(GeneralName::Other { type_id, value })
    }
}

/// Microsoft's userPrincipalName, 1.3.6.1.4.1.311.20.2.3, as smart cards for Windows logon have it.
pub(crate) const USER_PRINCIPAL_NAME: &[u8] =
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03];
/// id-at-commonName, 2.5.4.3.
pub(crate) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// id-at-organizationalUnitName, 2.5.4.11.
const ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 0x04, 0x0b];

impl<'a> Identity<'a> {
    pub(crate) fn new(certificate: Certificate<'a>) -> Self {
        let names = Names::ALL;
        Self { certificate, names }
    }

    /// The same certificate, of which these names are identities. Readers of others find none.
    pub(crate) fn with_names(self, names: Names) -> Self {
        Self { names, ..self }
    }

    /// Whether some names are no identities.
    pub(crate) fn has_hidden_names(&self) -> bool {
        self.names != Names::ALL
    }

    /// Whether the subject is an identity.
    pub(crate) fn has_subject(&self) -> bool {
        self.names.has_subject()
    }

    /// The subject as an RFC 4514 string, most specific part first: `CN=device 7,O=Example`.
    ///
    /// Attributes have the short names of RFC 4514, or else those in use with LDAP (`SERIALNUMBER`,
    /// `EMAIL`). One without such a name, or with a value that is not text, is shown as
    /// `2.5.4.97=#0c03…`, and leaves the others as they are. In text, control characters, white
    /// space but the blank, and all that Unicode has nobody see are escaped (`\C2\AD`), so that no
    /// name forges a line of a log or looks like another by them. So is a combining mark that a
    /// value begins with. Letters of different scripts can still look alike, and letters that are
    /// written from right to left reorder what is shown of a line.
    ///
    /// To compare names, compare DER or single attributes, never this.
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

    /// The common name of the subject; `None` if there is none, or more than one (whether they can
    /// be read or not), or it is not text.
    pub fn common_name(&self) -> Option<Cow<'a, str>> {
        self.only_attribute(COMMON_NAME)
    }

    /// The organizational units of the subject, most general first. Those that are not text are
    /// left out, so that a place among them says nothing: ask whether one is there, not which one
    /// is the first.
    pub fn organizational_units(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.attributes_of_subject()
            .filter(|attribute| attribute.oid == ORGANIZATIONAL_UNIT)
            .filter_map(|attribute| attribute.string())
    }

    /// The dNSNames of the subjectAltName (RFC 5280 §4.2.1.6), as they are written there: any
    /// printable ASCII, which need not be a host name. Those with other characters are left out.
    pub fn dns_names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Dns(name) => Some(name),
            _ => None,
        })
    }

    /// The rfc822Names of the subjectAltName, as they are written there;
    /// [`dns_names`](Self::dns_names) says what is left out.
    pub fn email_addresses(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Email(address) => Some(address),
            _ => None,
        })
    }

    /// The uniformResourceIdentifiers of the subjectAltName, as they are written there;
    /// [`dns_names`](Self::dns_names) says what is left out.
    pub fn uris(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Uri(uri) => Some(uri),
            _ => None,
        })
    }

    /// The iPAddresses of the subjectAltName: 4 octets are an IPv4 address and 16 an IPv6 address,
    /// one that maps an IPv4 address too. Those of other lengths are left out.
    pub fn ip_addresses(&self) -> impl Iterator<Item = IpAddr> + use<'a> {
        self.alt_names().filter_map(|name| match name {
            GeneralName::Ip(bytes) => <[u8; 4]>::try_from(bytes)
                .map(IpAddr::from)
                .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
                .ok(),
            _ => None,
        })
    }

    /// The SPIFFE ID of an X.509-SVID: the one URI of the subjectAltName, if it is `spiffe://`, a
    /// trust domain and a path (SPIFFE-ID §2).
    ///
    /// `None` for a certificate that is no workload's X.509-SVID: one with several URIs, whether
    /// they can be read or not (X.509-SVID §2), with a trust domain without a path (§3.1, §5.2), or
    /// with cA=TRUE, keyCertSign or cRLSign, or a keyUsage without digitalSignature (§4.3, §5.2).
    /// [`x509_svid`](Self::x509_svid) says which.
    pub fn spiffe_id(&self) -> Option<&'a str> {
        svid_id(self.certificate).ok()
    }

    /// The same, parsed, with the reason why there is none.
    ///
    /// # Errors
    /// If the certificate is not the X.509-SVID of a workload (X.509-SVID §5.2).
    pub fn x509_svid(&self) -> Result<SpiffeId, NotSvid> {
        let id = svid_id(self.certificate)?;
        id.parse().map_err(NotSvid::NotAnId)
    }

    /// The user principal name of a Windows or smart-card certificate (otherName
    /// 1.3.6.1.4.1.311.20.2.3 of the subjectAltName); `None` if there is none, or more than one
    /// (whether they can be read or not), or it is not text.
    pub fn user_principal_name(&self) -> Option<Cow<'a, str>> {
        self.only_other_name(USER_PRINCIPAL_NAME)?.text()
    }

    /// The serial number in upper-case hexadecimal, two digits a byte, without the byte that only
    /// carries the sign: `03A5B1`. RFC 5280 §4.1.2.2 asks verifiers to handle negative numbers
    /// too: those are `-` and the magnitude.
    pub fn serial(&self) -> String {
        shown(self.certificate.serial())
    }

    /// The content octets of the serial number: two's complement, big-endian.
    pub fn serial_bytes(&self) -> &'a [u8] {
        self.certificate.serial()
    }

    /// SHA-256 of the whole certificate.
    ///
    /// It is good for logs and does not name a client: it is not unique to what the issuer signed.
    /// Of a certificate that was signed with ECDSA anybody can make a second encoding that verifies
    /// as well and has another SHA-256: (r, n − s) is a signature if (r, s) is one. A list of
    /// those let in by fingerprint then refuses a client that should come in; one of those kept out
    /// misses a client, unless it is a [`DenyList`](crate::DenyList).
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    pub fn fingerprint_sha256(&self) -> [u8; 32] {
        crate::crypto::sha256(self.certificate.as_bytes())
    }

    /// The first second of the certificate's validity; 1970-01-01T00:00:00Z if that is earlier.
    /// [`validity`](Self::validity) has it as it is.
    pub fn not_before(&self) -> UnixTime {
        self.certificate.not_before().to_unix()
    }

    /// The last second of the certificate's validity; 1970-01-01T00:00:00Z if that is earlier.
    /// [`validity`](Self::validity) has it as it is.
    pub fn not_after(&self) -> UnixTime {
        self.certificate.not_after().to_unix()
    }

    /// The certificate's validity (RFC 5280 §4.1.2.5): its first and its last second, before 1970
    /// too.
    pub fn validity(&self) -> RangeInclusive<CalendarTime> {
        self.certificate.not_before().into()..=self.certificate.not_after().into()
    }

    pub(crate) fn certificate(&self) -> Certificate<'a> {
        self.certificate
    }

    fn has_other_names(&self) -> bool {
        self.names.has_other_names()
    }

    /// The attributes of the subject; none if it is no identity.
    pub(crate) fn attributes_of_subject(
        &self,
    ) -> impl Iterator<Item = x509::Attribute<'a>> + use<'a> {
        let is_shown = self.has_subject();
        let all = attributes(self.certificate.subject());
        all.filter(move |_| is_shown)
    }

    /// The names of the subjectAltName that are identities.
    pub(crate) fn alt_names(&self) -> impl Iterator<Item = GeneralName<'a>> + use<'a> {
        let names = self.names;
        let all = self.certificate.subject_alt_names();
        all.filter(move |name| names.has(*name))
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

/// A number in two's complement, as [`Identity::serial`] shows it.
fn shown(number: &[u8]) -> String {
    let (sign, magnitude) = match number {
        [0x80..=0xff, ..] => ("-", Cow::Owned(negated(number))),
        _ => ("", Cow::Borrowed(number)),
    };
    // The magnitude of FF 01 is 00 FF, and 00 FF is how 255 is encoded.
    let magnitude = match &*magnitude {
        [0x00, rest @ ..] if !rest.is_empty() => rest,
        whole => whole,
    };
    let mut hex = String::from(sign);
    for byte in magnitude {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02X}");
    }
    hex
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

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn serials_are_shown_without_the_byte_of_the_sign() {
        let numbers: [(&[u8], &str); 12] = [
            (&[0x00], "00"),
            (&[0x01], "01"),
            (&[0x7f], "7F"),
            (&[0x00, 0x80], "80"),
            (&[0x00, 0xff], "FF"),
            (&[0x01, 0x00], "0100"),
            (&[0xff], "-01"),
            (&[0x80], "-80"),
            (&[0xff, 0x7f], "-81"),
            (&[0xff, 0x01], "-FF"),
            (&[0xff, 0x00], "-0100"),
            (&[0x80, 0x01], "-7FFF"),
        ];
        for (octets, text) in numbers {
            assert_eq!(shown(octets), text, "{octets:02X?}");
        }
    }
}
