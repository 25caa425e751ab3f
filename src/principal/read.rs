//! Reads a field as the text of a name.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;
use core::net::IpAddr;

use super::error::{Mismatch, Why};
use super::{Edit, Field, MAX_GROUPS, MAX_NAME_BYTES, dn};
use crate::Identity;
use crate::client::Oid;
use crate::identity::{COMMON_NAME, USER_PRINCIPAL_NAME};
use crate::spiffe::{NotSvid, may_be_spiffe_id};
use crate::x509::{GeneralName, Mailbox, Uri, is_host, is_invisible, tag};

/// The text of a field.
pub(super) fn read(field: &Field, identity: Identity<'_>) -> Result<String, Mismatch> {
    let text = match field {
        Field::Fixed(text) => Ok(text.clone()),
        Field::CommonName => attribute(COMMON_NAME, identity),
        Field::Attribute(oid) => attribute(oid.as_bytes(), identity),
        Field::Subject(_) if !identity.has_subject() => Err(Why::Missing),
        Field::Subject(form) => dn::text_of(identity.subject_der(), *form),
        Field::Dns => alt_name(GeneralName::Dns(""), identity).and_then(dns),
        Field::Email => alt_name(GeneralName::Email(""), identity).and_then(email),
        Field::Uri => alt_name(GeneralName::Uri(""), identity).and_then(uri),
        Field::Ip => alt_name(GeneralName::Ip(&[]), identity).and_then(|name| {
            let address = address(name)?;
            Ok(address.to_string())
        }),
        Field::IpDigits => alt_name(GeneralName::Ip(&[]), identity).and_then(ip_digits),
        Field::FirstAltName => first_alt_name(identity),
        Field::SpiffeId => match identity.x509_svid() {
            Ok(id) => Ok(id.to_string()),
            // Nobody takes it for a workload of SPIFFE. All else would let a client spoil its ID.
            Err(_) if !identity.alt_names().any(|name| may_be_spiffe_id(&name)) => {
                Err(Why::Missing)
            }
            Err(NotSvid::SeveralUris) => Err(Why::Several),
            Err(NotSvid::UnreadableUri) => Err(Why::Unreadable),
            Err(other) => Err(Why::NotSvid(other)),
        },
        Field::UserPrincipalName => user_principal_name(identity),
    };
    text.map_err(|why| Mismatch {
        field: field.name(),
        why,
    })
}

/// Changes a name.
pub(super) fn edited(name: String, edit: &Edit) -> Result<String, Why> {
    let strip = |rest: Option<&str>| rest.map(ToOwned::to_owned).ok_or(Why::Affix);
    match edit {
        Edit::LowerCase => Ok(name.to_ascii_lowercase()),
        Edit::LowerCaseHost => Ok(match name.rsplit_once('@') {
            Some((local, host)) => alloc::format!("{local}@{}", host.to_ascii_lowercase()),
            None => name,
        }),
        Edit::StripPrefix(prefix) => strip(name.strip_prefix(prefix.as_str())),
        Edit::StripSuffix(suffix) => strip(name.strip_suffix(suffix.as_str())),
        Edit::AddPrefix(prefix) => Ok(alloc::format!("{prefix}{name}")),
        Edit::AddSuffix(suffix) => Ok(alloc::format!("{name}{suffix}")),
    }
}

/// Whether text may be a name.
pub(super) fn check(name: &str) -> Result<(), Why> {
    if name.is_empty() {
        return Err(Why::Empty);
    }
    if name.len() > MAX_NAME_BYTES {
        return Err(Why::TooLong { bytes: name.len() });
    }
    check_visible(name)
}

/// Whether all characters are to be seen.
pub(super) fn check_visible(text: &str) -> Result<(), Why> {
    match text.chars().find(|character| is_invisible(*character)) {
        Some(character) => Err(Why::Invisible { character }),
        None => Ok(()),
    }
}

/// Each attribute of this type.
pub(super) fn groups(oid: &Oid, identity: Identity<'_>) -> Result<Vec<String>, Mismatch> {
    let of_group = |why| Mismatch {
        field: "group",
        why,
    };
    let mut groups = Vec::new();
    for attribute in identity.attributes().filter(|found| found.oid() == *oid) {
        if groups.len() == MAX_GROUPS {
            return Err(of_group(Why::TooManyGroups));
        }
        let group = attribute.text().ok_or_else(|| of_group(Why::Unreadable))?;
        check(&group).map_err(of_group)?;
        groups.push(group.into_owned());
    }
    Ok(groups)
}

/// The only one; another counts, readable or not.
fn only<T>(mut all: impl Iterator<Item = T>) -> Result<T, Why> {
    match (all.next(), all.next()) {
        (None, _) => Err(Why::Missing),
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Why::Several),
    }
}

fn attribute(oid: &[u8], identity: Identity<'_>) -> Result<String, Why> {
    let all = identity.attributes_of_subject();
    let one = only(all.filter(|attribute| attribute.oid == oid))?;
    let text = one.string().ok_or(Why::Unreadable)?;
    Ok(text.into_owned())
}

/// Whether a common name is a string whose characters are several octets each.
pub(super) fn has_wide_common_name(identity: Identity<'_>) -> bool {
    identity.attributes_of_subject().any(|attribute| {
        attribute.oid == COMMON_NAME
            && matches!(attribute.tag, tag::BMP_STRING | tag::UNIVERSAL_STRING)
    })
}

/// The only name of the subjectAltName of the form of this one.
fn alt_name<'a>(form: GeneralName<'_>, identity: Identity<'a>) -> Result<GeneralName<'a>, Why> {
    let all = identity.alt_names();
    only(all.filter(|name| name.tag() == form.tag()))
}

fn dns(name: GeneralName<'_>) -> Result<String, Why> {
    match name {
        GeneralName::Dns(host) if is_host(host) => Ok(host.to_owned()),
        GeneralName::Dns(_) => Err(Why::IllFormed),
        _ => Err(Why::Unreadable),
    }
}

fn email(name: GeneralName<'_>) -> Result<String, Why> {
    match name {
        GeneralName::Email(address) if Mailbox::read(address).is_some() => Ok(address.to_owned()),
        GeneralName::Email(_) => Err(Why::IllFormed),
        _ => Err(Why::Unreadable),
    }
}

fn uri(name: GeneralName<'_>) -> Result<String, Why> {
    match name {
        GeneralName::Uri(uri) if Uri::read(uri).is_some() => Ok(uri.to_owned()),
        GeneralName::Uri(_) => Err(Why::IllFormed),
        _ => Err(Why::Unreadable),
    }
}

fn address(name: GeneralName<'_>) -> Result<IpAddr, Why> {
    let GeneralName::Ip(octets) = name else {
        return Err(Why::Unreadable);
    };
    <[u8; 4]>::try_from(octets)
        .map(IpAddr::from)
        .or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from))
        .map_err(|_| Why::Unreadable)
}

/// RFC 7407, san-ip-address.
fn ip_digits(name: GeneralName<'_>) -> Result<String, Why> {
    match address(name)? {
        IpAddr::V4(address) => Ok(address.to_string()),
        IpAddr::V6(address) => {
            let mut digits = String::new();
            for octet in address.octets() {
                // Writing to a String cannot fail.
                let _ = write!(digits, "{octet:02x}");
            }
            Ok(digits)
        }
    }
}

/// RFC 7407, san-any.
fn first_alt_name(identity: Identity<'_>) -> Result<String, Why> {
    let is_of = |name: &GeneralName<'_>, form: GeneralName<'_>| name.tag() == form.tag();
    for name in identity.alt_names() {
        if is_of(&name, GeneralName::Email("")) {
            return edited(email(name)?, &Edit::LowerCaseHost);
        }
        if is_of(&name, GeneralName::Dns("")) {
            return edited(dns(name)?, &Edit::LowerCase);
        }
        if is_of(&name, GeneralName::Ip(&[])) {
            return ip_digits(name);
        }
    }
    Err(Why::Missing)
}

fn user_principal_name(identity: Identity<'_>) -> Result<String, Why> {
    let form = Oid::from_content(USER_PRINCIPAL_NAME);
    let one = only(identity.other_names().filter(|name| name.oid() == form))?;
    let text = one.text().ok_or(Why::Unreadable)?;
    Ok(text.into_owned())
}
