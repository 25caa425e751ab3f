//! Rules on identities in the types of the library.

use std::net::IpAddr;

use mtls_verify::policy::{
    AcceptedIdentities, AttributeMatch, DistinguishedName, ExtensionMatch,
    IdentityMatch as Library, IdentityRule as LibraryRule, InvalidIdentityRule, IpNetwork,
    OtherNameMatch, OtherNameValue, SerialMatch, SpiffeMatch,
};
use reference::model::{IdentityMatch, IdentityRule, Oid, TextMatch};

use crate::dotted;

/// Who is let in; an `Any` of nothing is nobody.
///
/// # Errors
///
/// If the library finds that nobody can meet the rule.
pub fn identities(rule: &IdentityRule) -> Result<AcceptedIdentities, InvalidIdentityRule> {
    match rule {
        IdentityRule::Any(rules) if rules.is_empty() => Ok(AcceptedIdentities::Nobody),
        rule => AcceptedIdentities::rule(library(rule)),
    }
}

fn library(rule: &IdentityRule) -> LibraryRule {
    match rule {
        IdentityRule::All(rules) => LibraryRule::all(rules.iter().map(library)),
        IdentityRule::Any(rules) => LibraryRule::any(rules.iter().map(library)),
        IdentityRule::Not(rule) => LibraryRule::not(library(rule)),
        IdentityRule::Match(one) => identity(one).into(),
    }
}

fn identity(identity: &IdentityMatch) -> Library {
    let oid = |oid: &Oid| dotted(oid).parse().expect("an identifier");
    let name = |der: &[u8]| DistinguishedName::from_der(der).expect("a name");
    let spiffe = |id: Result<SpiffeMatch, _>| Library::SpiffeId(id.expect("a SPIFFE ID"));
    match identity {
        IdentityMatch::Dns(wanted) => Library::Dns(text(wanted)),
        IdentityMatch::Email(wanted) => Library::Email(text(wanted)),
        IdentityMatch::Uri(wanted) => Library::Uri(text(wanted)),
        IdentityMatch::CommonName(wanted) => Library::CommonName(text(wanted)),
        IdentityMatch::OrganizationalUnit(wanted) => Library::OrganizationalUnit(text(wanted)),
        IdentityMatch::Ip(octets, bits) => {
            let address = match octets.as_slice() {
                [a, b, c, d] => IpAddr::from([*a, *b, *c, *d]),
                all => IpAddr::from(<[u8; 16]>::try_from(all).expect("4 or 16 octets")),
            };
            Library::Ip(IpNetwork::new(address, *bits).expect("a network"))
        }
        IdentityMatch::SpiffeExact(id) => spiffe(SpiffeMatch::exact(id)),
        IdentityMatch::SpiffeBelow(base) => spiffe(SpiffeMatch::below(base)),
        IdentityMatch::UserPrincipalName(wanted) => Library::UserPrincipalName(text(wanted)),
        IdentityMatch::OtherNameText(kind, wanted) => {
            let value = OtherNameValue::Text(text(wanted));
            Library::OtherName(OtherNameMatch::new(oid(kind), value))
        }
        IdentityMatch::OtherNameDer(kind, der) => {
            let value = OtherNameValue::Der(der.clone());
            Library::OtherName(OtherNameMatch::new(oid(kind), value))
        }
        IdentityMatch::Attribute(kind, wanted) => {
            Library::Attribute(AttributeMatch::new(oid(kind), text(wanted)))
        }
        IdentityMatch::Subject(der) => Library::Subject(name(der)),
        IdentityMatch::Issuer(der) => Library::Issuer(name(der)),
        IdentityMatch::Serial(issuer, serial) => {
            Library::Serial(SerialMatch::new(name(issuer), serial).expect("octets"))
        }
        IdentityMatch::CertificateSha256(digest) => Library::CertificateSha256(*digest),
        IdentityMatch::KeySha256(digest) => Library::KeySha256(*digest),
        IdentityMatch::Extension(kind, value) => Library::Extension(match value {
            Some(value) => ExtensionMatch::with_value(oid(kind), value.clone()),
            None => ExtensionMatch::present(oid(kind)),
        }),
        IdentityMatch::KeyPurpose(purpose) => {
            Library::KeyPurpose(dotted(purpose).parse().expect("an identifier"))
        }
        IdentityMatch::CertificatePolicy(policy) => {
            Library::CertificatePolicy(dotted(policy).parse().expect("an identifier"))
        }
        IdentityMatch::Scope(name) => Library::Scope(name.clone()),
    }
}

fn text(text: &TextMatch) -> mtls_verify::policy::TextMatch {
    use mtls_verify::policy::TextMatch as Library;

    match text {
        TextMatch::Exact(text) => Library::Exact(text.clone()),
        TextMatch::Prefix(text) => Library::Prefix(text.clone()),
        TextMatch::Suffix(text) => Library::Suffix(text.clone()),
        TextMatch::Contains(text) => Library::Contains(text.clone()),
        TextMatch::Glob(text) => Library::Glob(text.clone()),
    }
}
