//! Forms of nations and vendors: what identifies a client beside the names of RFC 5280.
//!
//! Each function gives one answer or none, as [`Identity`] does: `None` where there is no such
//! value, where it is not well-formed, and where there are several and one cannot tell which one is
//! meant.
//!
//! ```
//! # fn log(client: &mtls_verify::VerifiedClient) {
//! use mtls_verify::client::forms;
//!
//! if let Some(sid) = forms::security_identifier(client.identity()) {
//!     println!("account {sid}");
//! }
//! # }
//! ```

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::Identity;
use super::fields::only;
use crate::x509::{GeneralName, SecurityIdentifier, octets_of, psd2_of, sids_of};

/// Microsoft's extension for security identifiers, 1.3.6.1.4.1.311.25.2.
const NT_SECURITY_EXTENSION: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x19, 0x02];
/// pivFASC-N, 2.16.840.1.101.3.6.6.
const FASC_N: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x06, 0x06];
/// id-at-organizationIdentifier, 2.5.4.97.
const ORGANIZATION_IDENTIFIER: &[u8] = &[0x55, 0x04, 0x61];
/// id-pe-qcStatements, 1.3.6.1.5.5.7.1.3.
const QC_STATEMENTS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x03];
/// What a URI with a security identifier begins with.
const SID_URI: &str = "tag:microsoft.com,2022-09-14:sid:";
/// What a URI with a UUID begins with (RFC 9562 §4), in letters of either case (RFC 8141 §3.1).
const UUID_URI: &str = "urn:uuid:";

/// The security identifier of an account in Active Directory (KB5014754), such as
/// `S-1-5-21-1004336348-1177238915-682003330-512`.
///
/// It is in the extension 1.3.6.1.4.1.311.25.2, in a URI
/// `tag:microsoft.com,2022-09-14:sid:S-1-…` of the subjectAltName, or in both, which must say the
/// same.
pub fn security_identifier(identity: Identity<'_>) -> Option<&str> {
    if !identity.has_other_names() {
        return None;
    }
    let extension = identity.extension_of(NT_SECURITY_EXTENSION);
    let in_extension = match &extension {
        Some(extension) => sids_of(extension.value()).ok()?.collect(),
        None => Vec::new(),
    };
    let is_empty = extension.is_some() && in_extension.is_empty();
    let in_uris = uris(identity).filter_map(|uri| match uri {
        // In other letters it is for the same reader, and nobody writes it so.
        Some(uri) => uri
            .get(..SID_URI.len())
            .filter(|start| start.eq_ignore_ascii_case(SID_URI))
            .map(|_| SecurityIdentifier::read(uri.strip_prefix(SID_URI)?)),
        None => Some(None),
    });
    let mut all = in_extension.into_iter().chain(in_uris);
    let first = all.next().flatten().filter(|_| !is_empty)?;
    all.all(|other| other == Some(first)).then_some(first.0)
}

/// The FASC-N of a US federal smart card (FIPS 201, otherName 2.16.840.1.101.3.6.6): 25 octets.
pub fn fasc_n(identity: Identity<'_>) -> Option<[u8; 25]> {
    let name = identity.only_other_name(FASC_N)?;
    octets_of(name.value())?.try_into().ok()
}

/// The UUID of a card or device: the one URI `urn:uuid:…` of the subjectAltName (FIPS 201, RFC 9562
/// §4), as its 16 octets.
pub fn uuid(identity: Identity<'_>) -> Option<[u8; 16]> {
    only(uris(identity).filter_map(|uri| match uri {
        Some(uri) => {
            let (start, rest) = uri.split_at_checked(UUID_URI.len())?;
            start
                .eq_ignore_ascii_case(UUID_URI)
                .then(|| parse_uuid(rest))
        }
        None => Some(None),
    }))?
}

/// The URIs of the subjectAltName; `None` for one that cannot be read, which may be any.
fn uris(identity: Identity<'_>) -> impl Iterator<Item = Option<&str>> {
    const URI: GeneralName<'_> = GeneralName::Uri("");
    let uris = identity.alt_names().filter(|name| name.tag() == URI.tag());
    uris.map(|name| match name {
        GeneralName::Uri(uri) => Some(uri),
        _ => None,
    })
}

/// 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    if text.len() != 36
        || !HYPHENS
            .iter()
            .all(|at| text.as_bytes().get(*at) == Some(&b'-'))
    {
        return None;
    }
    let mut octets = [0; 16];
    let mut digits = text.chars().filter(|character| *character != '-');
    for octet in &mut octets {
        let (high, low) = (digits.next()?.to_digit(16)?, digits.next()?.to_digit(16)?);
        *octet = u8::try_from(high << 4 | low).ok()?;
    }
    digits.next().is_none().then_some(octets)
}

/// The organization's identifier (attribute 2.5.4.97 of the subject; ETSI EN 319 412-1 §5.1.4),
/// such as `PSDES-BDE-3DFD21`.
pub fn organization_identifier(identity: Identity<'_>) -> Option<Cow<'_, str>> {
    identity.only_attribute(ORGANIZATION_IDENTIFIER)
}

/// What a certificate for payment services says (ETSI TS 119 495 §5.1). From [`psd2`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Psd2<'a> {
    /// The roles, in the order in which they are written.
    pub roles: Vec<Psd2Role>,
    /// The name of the authority that the provider is registered with.
    pub authority_name: &'a str,
    /// The identifier of that authority, such as `ES-BDE`.
    pub authority_id: &'a str,
}

/// A role of a payment service provider (ETSI TS 119 495 §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Psd2Role {
    /// PSP_AS: account servicing.
    AccountServicing,
    /// PSP_PI: payment initiation.
    PaymentInitiation,
    /// PSP_AI: account information.
    AccountInformation,
    /// PSP_IC: issuing of card-based payment instruments.
    CardBasedInstruments,
}

impl Psd2Role {
    /// By the content octets of its OBJECT IDENTIFIER, below 0.4.0.19495.1. Its name in the
    /// certificate is for people.
    fn of(oid: &[u8]) -> Option<Self> {
        match oid {
            [0x04, 0x00, 0x81, 0x98, 0x27, 0x01, role] => match role {
                1 => Some(Self::AccountServicing),
                2 => Some(Self::PaymentInitiation),
                3 => Some(Self::AccountInformation),
                4 => Some(Self::CardBasedInstruments),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What the certificate says of its holder as a payment service provider: the statement
/// 0.4.0.19495.2 in its qcStatements. `None` also where a role is not one of [`Psd2Role`].
pub fn psd2(identity: Identity<'_>) -> Option<Psd2<'_>> {
    let extension = identity.extension_of(QC_STATEMENTS)?;
    let fields = psd2_of(extension.value()).ok()??;
    let roles: Option<Vec<Psd2Role>> = fields.roles().map(Psd2Role::of).collect();
    Some(Psd2 {
        roles: roles?,
        authority_name: fields.authority_name,
        authority_id: fields.authority_id,
    })
}
