//! The values of fields, as rules on identities compare them.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::budget::{Budget, price};
use crate::error::{Reason, Work};
use crate::identity::Identity;
use crate::policy::{Field, KeyPurpose, PolicyId, is_negative, near, octets, serial_key};
use crate::spiffe::may_be_spiffe_id;
use crate::x509::{
    GeneralName, Mailbox, Oid, Uri, canonical_name, is_dns_name, is_plain_uri,
    is_surely_comparable, text_of,
};

use super::Subject;

/// What a certificate has in a field.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    pub(super) known: Vec<Value<'a>>,
    /// Whether there is one besides that nobody can read for certain.
    pub(super) has_unreadable: bool,
    /// Whether it has every value there could be.
    pub(super) is_every: bool,
    /// All values, where some of the names are no identities.
    pub(super) all: Option<Box<Values<'a>>>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Value<'a> {
    pub(super) exact: Cow<'a, [u8]>,
    /// What others may take it for; as `exact` if `None`.
    near: Option<Vec<u8>>,
    /// Whether it stands for nothing but itself. If not, it is only ever equal to all of itself.
    pub(super) is_certain: bool,
    /// Whether it is a DNS name that stands for others.
    pub(super) is_wildcard: bool,
}

impl Value<'_> {
    pub(super) fn near(&self) -> &[u8] {
        self.near.as_deref().unwrap_or(&self.exact)
    }
}

impl<'a> Values<'a> {
    fn push(&mut self, exact: Cow<'a, [u8]>, near: Option<Vec<u8>>, is_certain: bool) {
        self.known.push(Value {
            exact,
            near,
            is_certain,
            is_wildcard: false,
        });
    }

    fn push_bytes(&mut self, exact: impl Into<Cow<'a, [u8]>>) {
        self.push(exact.into(), None, true);
    }

    fn push_text(&mut self, text: Cow<'a, str>, is_certain: bool) {
        let near = near(&text).into_bytes();
        let exact = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
        self.push(exact, Some(near), is_certain);
    }

    /// Text that is there, readable or not.
    fn push_if_text(&mut self, text: Option<Cow<'a, str>>) {
        match text {
            Some(text) => self.push_text(text, true),
            None => self.has_unreadable = true,
        }
    }
}

/// Reads a field, and pays for that.
pub(super) fn read<'a>(
    subject: &Subject<'a>,
    field: &Field,
    budget: &Budget,
) -> Result<Values<'a>, Reason> {
    let identity = subject.identity;
    let certificate = identity.certificate();
    let mut values = Values::default();
    match field {
        Field::Dns
        | Field::Email
        | Field::Uri
        | Field::Ip
        | Field::SpiffeId
        | Field::UserPrincipalName
        | Field::OtherNameText(_)
        | Field::OtherNameDer(_) => return read_names(identity, field, budget),
        Field::CommonName => {
            read_attributes(identity, &COMMON_NAME, budget, &mut values)?;
            return Ok(single(values));
        }
        Field::OrganizationalUnit => {
            read_attributes(identity, &ORGANIZATIONAL_UNIT, budget, &mut values)?;
        }
        Field::Attribute(oid) => read_attributes(identity, oid, budget, &mut values)?,
        Field::Subject if certificate.has_empty_subject() || !identity.has_subject() => {}
        Field::Subject => read_name(identity.subject_der(), <[u8]>::to_vec, budget, &mut values)?,
        Field::Issuer => read_name(identity.issuer_der(), <[u8]>::to_vec, budget, &mut values)?,
        // Others may leave out its sign, and take it for the number of another certificate.
        Field::Serial if is_negative(identity.serial_bytes()) => values.has_unreadable = true,
        Field::Serial => {
            let key = |issuer: &[u8]| serial_key(issuer, identity.serial_bytes());
            read_name(identity.issuer_der(), key, budget, &mut values)?;
        }
        Field::CertificateSha256 | Field::KeySha256 => {
            read_digests(identity, field, budget, &mut values)?;
        }
        Field::Extension(oid) => {
            let units = certificate
                .extension_count()
                .saturating_mul(price::EXTENSION);
            budget.pay(units, Work::Identities)?;
            if let Some(extension) = identity.extension(oid) {
                values.push_bytes(extension.value());
            }
        }
        Field::KeyPurpose => {
            // Without the extension, the key is for every purpose (RFC 5280 §4.2.1.12).
            values.has_unreadable = certificate.extended_key_usage().is_none();
            for purpose in certificate.extended_key_usage().into_iter().flatten() {
                budget.pay(price::EXTENSION, Work::Identities)?;
                // It stands for every purpose (RFC 5280 §4.2.1.12), and names none.
                let is_certain = purpose != KeyPurpose::ANY.as_bytes();
                values.push(purpose.into(), None, is_certain);
            }
        }
        Field::CertificatePolicy => {
            for policy in (subject.policies)()?.iter() {
                budget.pay(price::POLICY, Work::Identities)?;
                values.is_every |= *policy == PolicyId::ANY;
                values.push_bytes(policy.as_bytes().to_vec());
            }
        }
        Field::Scope => {
            if let Some(scope) = subject.scope {
                values.push_bytes(scope.as_bytes());
            }
        }
    }
    Ok(values)
}

/// id-at-commonName, 2.5.4.3.
const COMMON_NAME: Oid = Oid::known(&[0x55, 0x04, 0x03]);
/// id-at-organizationalUnitName, 2.5.4.11.
const ORGANIZATIONAL_UNIT: Oid = Oid::known(&[0x55, 0x04, 0x0b]);
/// Microsoft's userPrincipalName, 1.3.6.1.4.1.311.20.2.3.
const USER_PRINCIPAL_NAME: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03];

fn read_names<'a>(
    identity: Identity<'a>,
    field: &Field,
    budget: &Budget,
) -> Result<Values<'a>, Reason> {
    let mut values = Values::default();
    for name in identity.alt_names() {
        let units = price::NAME.saturating_add(price::matching(name.len()));
        budget.pay(units, Work::Identities)?;
        match (field, name) {
            (Field::Dns, GeneralName::Dns(name)) => match is_dns_name(name) {
                true => values.known.push(Value {
                    exact: name.to_ascii_lowercase().into_bytes().into(),
                    near: None,
                    is_certain: true,
                    is_wildcard: name.starts_with('*'),
                }),
                false => values.has_unreadable = true,
            },
            (Field::Email, GeneralName::Email(address)) => match Mailbox::read(address) {
                Some(_) => values.push_text(address.into(), true),
                None => values.has_unreadable = true,
            },
            (Field::Uri, GeneralName::Uri(uri)) => match Uri::read(uri) {
                Some(_) => values.push_text(uri.into(), is_plain_uri(uri)),
                None => values.has_unreadable = true,
            },
            (Field::SpiffeId, name) => values.has_unreadable |= may_be_spiffe_id(&name),
            (Field::Ip, GeneralName::Ip(bytes)) => {
                let near = address(bytes).map(|address| octets(address.to_canonical()));
                values.push(bytes.into(), near, true);
            }
            (Field::UserPrincipalName, GeneralName::Other { type_id, value })
                if type_id == USER_PRINCIPAL_NAME =>
            {
                values.push_if_text(text_of(value));
            }
            (Field::OtherNameText(oid), GeneralName::Other { type_id, value })
                if type_id == oid.as_bytes() =>
            {
                values.push_if_text(text_of(value));
            }
            (Field::OtherNameDer(oid), GeneralName::Other { type_id, value })
                if type_id == oid.as_bytes() =>
            {
                values.push_bytes(value);
            }
            (field, name) => {
                let unread = name.unread_form();
                values.has_unreadable |= unread.is_some() && unread == form(field);
            }
        }
    }
    Ok(match field {
        Field::SpiffeId => match identity.spiffe_id() {
            Some(id) => {
                let mut only = Values::default();
                only.push_bytes(id.as_bytes());
                only
            }
            None => values,
        },
        Field::UserPrincipalName => single(values),
        _ => values,
    })
}

/// The form of the names of a field, as [`GeneralName::unread_form`] has it.
fn form(field: &Field) -> Option<&'static str> {
    match field {
        Field::Dns => Some("dNSName"),
        Field::Email => Some("rfc822Name"),
        Field::Uri => Some("uniformResourceIdentifier"),
        Field::Ip => Some("iPAddress"),
        _ => None,
    }
}

/// Of a field that should be there once: one that cannot be read counts as well.
fn single(values: Values<'_>) -> Values<'_> {
    match (values.known.len(), values.has_unreadable) {
        (0, _) | (1, false) => values,
        _ => Values {
            has_unreadable: true,
            ..Values::default()
        },
    }
}

fn read_attributes<'a>(
    identity: Identity<'a>,
    oid: &Oid,
    budget: &Budget,
    values: &mut Values<'a>,
) -> Result<(), Reason> {
    let bytes = identity.subject_der().len();
    budget.pay(price::reading(bytes), Work::Identities)?;
    for attribute in identity.attributes_of_subject() {
        if attribute.oid == oid.as_bytes() {
            let units = price::NAME.saturating_add(price::matching(attribute.value.len()));
            budget.pay(units, Work::Identities)?;
            values.push_if_text(attribute.string());
        }
    }
    Ok(())
}

/// What stands for a name where names are looked up.
fn read_name(
    name: &[u8],
    key: impl FnOnce(&[u8]) -> Vec<u8>,
    budget: &Budget,
    values: &mut Values<'_>,
) -> Result<(), Reason> {
    const TWICE: usize = 2;
    budget.pay(
        price::looking_up(name).saturating_mul(TWICE),
        Work::Identities,
    )?;
    let is_certain = is_surely_comparable(name);
    values.push(key(&canonical_name(name)).into(), None, is_certain);
    Ok(())
}

/// SHA-256 of the certificate, in each encoding that verifies, or of its key.
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
fn read_digests(
    identity: Identity<'_>,
    field: &Field,
    budget: &Budget,
    values: &mut Values<'_>,
) -> Result<(), Reason> {
    const ENCODINGS: usize = 4;
    let bytes = identity.certificate().as_bytes().len();
    let units = price::hashing(bytes.saturating_mul(ENCODINGS)).saturating_add(price::CERTIFICATE);
    budget.pay(units, Work::Identities)?;
    let mut add = |parts: &[&[u8]]| {
        let mut digest = crate::crypto::Sha256::new();
        parts.iter().for_each(|part| digest.update(part));
        values.push_bytes(digest.finish().to_vec());
    };
    if *field == Field::KeySha256 {
        add(&[identity.certificate().spki()]);
        return Ok(());
    }
    add(&[identity.certificate().as_bytes()]);
    for other in crate::x509::other_encodings(identity.certificate()) {
        add(&other.parts());
    }
    Ok(())
}

/// No rule has a digest without a provider.
#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
fn read_digests(
    _: Identity<'_>,
    _: &Field,
    _: &Budget,
    values: &mut Values<'_>,
) -> Result<(), Reason> {
    values.has_unreadable = true;
    Ok(())
}

/// The address of 4 or 16 octets.
pub(super) fn address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from))
        .ok()
}

/// The address of the other version that may be meant.
pub(super) fn other_version(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => Some(address.to_ipv6_mapped().into()),
        IpAddr::V6(address) => address.to_ipv4_mapped().map(IpAddr::from),
    }
}
