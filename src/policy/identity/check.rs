//! Matches that nobody can meet.

use alloc::vec::Vec;

use super::rules::{MAX_BYTES, Sense};
use super::{IdentityMatch, OtherNameValue, RuleProblem, TextMatch, glob};
use crate::spiffe::is_spiffe_base;
use crate::x509::{Mailbox, Uri, is_dns_name};

/// Checks one match, which lets clients in or keeps them out.
pub(super) fn check(wanted: &IdentityMatch, sense: Sense) -> Result<(), RuleProblem> {
    use IdentityMatch as Match;

    if largest(wanted) > MAX_BYTES {
        return Err(RuleProblem::TooLong);
    }
    match wanted {
        Match::Dns(text) => dns(text),
        Match::Email(text) => email(text),
        Match::Uri(text) => uri(text),
        Match::CommonName(text) | Match::OrganizationalUnit(text) => free_text(text),
        Match::UserPrincipalName(text) => free_text(text),
        Match::Attribute(attribute) => free_text(&attribute.text),
        Match::OtherName(name) => match &name.value {
            OtherNameValue::Text(text) => free_text(text),
            OtherNameValue::Der(_) => Ok(()),
        },
        Match::Scope(name) => scope(name),
        Match::CertificateSha256(_) | Match::KeySha256(_) => {
            match cfg!(any(feature = "ring", feature = "aws-lc-rs")) {
                true => Ok(()),
                false => Err(RuleProblem::NoProvider),
            }
        }
        Match::Ip(_)
        | Match::SpiffeId(_)
        | Match::Subject(_)
        | Match::Issuer(_)
        | Match::Serial(_)
        | Match::Extension(_)
        | Match::KeyPurpose(_) => Ok(()),
        Match::CertificatePolicy(_) => match sense {
            Sense::AsSaid => Ok(()),
            Sense::Negated => Err(RuleProblem::NegatedPolicy),
        },
    }
}

/// How many bytes its largest part has.
fn largest(wanted: &IdentityMatch) -> usize {
    use IdentityMatch as Match;

    match wanted {
        Match::Dns(text)
        | Match::Email(text)
        | Match::Uri(text)
        | Match::CommonName(text)
        | Match::OrganizationalUnit(text)
        | Match::UserPrincipalName(text) => part(text).len(),
        Match::Attribute(attribute) => part(&attribute.text)
            .len()
            .max(attribute.oid.as_bytes().len()),
        Match::OtherName(name) => {
            let value = match &name.value {
                OtherNameValue::Text(text) => part(text).len(),
                OtherNameValue::Der(der) => der.len(),
            };
            value.max(name.oid.as_bytes().len())
        }
        Match::Subject(name) | Match::Issuer(name) => name.as_der().len(),
        Match::Serial(serial) => {
            let issuer = serial.issuer().as_der().len();
            issuer.max(serial.serial().len())
        }
        Match::Extension(extension) => {
            let value = extension.value.as_ref().map_or(0, Vec::len);
            value.max(extension.oid.as_bytes().len())
        }
        Match::KeyPurpose(purpose) => purpose.as_bytes().len(),
        Match::CertificatePolicy(policy) => policy.as_bytes().len(),
        Match::Scope(name) => name.len(),
        Match::Ip(_) | Match::SpiffeId(_) | Match::CertificateSha256(_) | Match::KeySha256(_) => 0,
    }
}

/// The text of a match, whatever part of a value it is.
fn part(text: &TextMatch) -> &str {
    match text {
        TextMatch::Exact(text)
        | TextMatch::Prefix(text)
        | TextMatch::Suffix(text)
        | TextMatch::Contains(text)
        | TextMatch::Glob(text) => text,
    }
}

fn not_empty(text: &str) -> Result<(), RuleProblem> {
    (!text.is_empty())
        .then_some(())
        .ok_or(RuleProblem::EmptyText)
}

/// By the rule of [`Scope::new`](crate::store::Scope::new).
fn scope(name: &str) -> Result<(), RuleProblem> {
    const MOST: usize = 255;
    not_empty(name)?;
    let is_name = name.len() <= MOST && !name.chars().any(char::is_control);
    is_name.then_some(()).ok_or(RuleProblem::NotAScope)
}

fn free_text(text: &TextMatch) -> Result<(), RuleProblem> {
    match text {
        TextMatch::Exact(text) => not_empty(text),
        TextMatch::Prefix(_) | TextMatch::Suffix(_) | TextMatch::Contains(_) => Ok(()),
        TextMatch::Glob(_) => Err(RuleProblem::NoSegments),
    }
}

fn dns(text: &TextMatch) -> Result<(), RuleProblem> {
    const MOST: usize = 255;
    let part = match text {
        TextMatch::Exact(name) if is_dns_name(name) => return Ok(()),
        TextMatch::Exact(_) => return Err(RuleProblem::NotAHostName),
        TextMatch::Glob(pattern) => return glob::check_dns(pattern),
        TextMatch::Prefix(part) | TextMatch::Suffix(part) | TextMatch::Contains(part) => part,
    };
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    // A `*` is the first label or none.
    let rest = match part.strip_prefix('*') {
        Some(rest) if rest.is_empty() || rest.starts_with('.') => rest,
        _ => part,
    };
    let has_end = match text {
        TextMatch::Prefix(_) => part.starts_with('.'),
        TextMatch::Suffix(_) => part.ends_with(['.', '*']),
        _ => false,
    };
    const MOST_OF_LABEL: usize = 63;
    let is_possible = rest.bytes().all(in_name)
        && !has_end
        && !part.contains("..")
        && part.len() <= MOST
        && part.split('.').all(|label| label.len() <= MOST_OF_LABEL);
    is_possible.then_some(()).ok_or(RuleProblem::ImpossiblePart)
}

fn email(text: &TextMatch) -> Result<(), RuleProblem> {
    const MOST: usize = 64 + 1 + 253;
    let part = match text {
        TextMatch::Exact(address) if Mailbox::read(address).is_some() => return Ok(()),
        TextMatch::Exact(_) => return Err(RuleProblem::NotAMailbox),
        TextMatch::Glob(_) => return Err(RuleProblem::NoSegments),
        TextMatch::Prefix(part) | TextMatch::Suffix(part) | TextMatch::Contains(part) => part,
    };
    let in_address =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.@".contains(&byte);
    let is_possible = part.bytes().all(in_address)
        && part.bytes().filter(|byte| *byte == b'@').count() <= 1
        && !part.contains("..")
        && part.len() <= MOST;
    is_possible.then_some(()).ok_or(RuleProblem::ImpossiblePart)
}

fn uri(text: &TextMatch) -> Result<(), RuleProblem> {
    let part = match text {
        TextMatch::Exact(uri) if Uri::read(uri).is_none() => return Err(RuleProblem::NotAUri),
        TextMatch::Exact(uri) => return spiffe(uri, is_spiffe_base),
        TextMatch::Glob(pattern) => return glob::check_uri(pattern),
        TextMatch::Prefix(part) | TextMatch::Suffix(part) | TextMatch::Contains(part) => part,
    };
    // What has a percent-encoding, or a dot segment, matches no part.
    let in_uri =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?#[]".contains(&byte);
    if !part.bytes().all(in_uri) {
        return Err(RuleProblem::ImpossiblePart);
    }
    if let TextMatch::Prefix(_) = text {
        let path = part.split(['?', '#']).next().unwrap_or_default();
        let path = path.split_once("://").map_or(path, |(_, rest)| rest);
        let is_impossible = ["//", "/./", "/../"].iter().any(|odd| path.contains(odd));
        if is_impossible {
            return Err(RuleProblem::ImpossiblePart);
        }
        return spiffe(part, |part| {
            let domain = part.strip_prefix("spiffe://").unwrap_or_default();
            let domain = domain.split('/').next().unwrap_or_default();
            !domain.bytes().any(|byte| byte.is_ascii_uppercase())
        });
    }
    Ok(())
}

/// A `spiffe` URI must be one that a SPIFFE ID can be, by `is_good`.
fn spiffe(uri: &str, is_good: fn(&str) -> bool) -> Result<(), RuleProblem> {
    let is_spiffe = uri.starts_with("spiffe://");
    match is_spiffe && !is_good(uri) {
        true => Err(RuleProblem::NotASpiffeId),
        false => Ok(()),
    }
}
