//! Why a client is not let in.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use super::values::{Value, address};
use super::{Trial, Truth};
use crate::error::Reason;
use crate::policy::{Field, IdentityRule, IdentityRules, Node, field_of, name_of};
use crate::x509::{ShortName, ShortText, oid_text};

/// How many values an error shows.
const SHOWN: usize = 3;
/// How many fields of a rule it looks at for that.
const FIELDS: usize = 3;

/// The refusal by rules that do not hold. If the work for it is too much, that.
pub(super) fn refusal<'r>(trial: &mut Trial<'_, 'r>, rules: &'r IdentityRules) -> Reason {
    let (rule, first) = match first_failing(trial, rules) {
        Ok(found) => found,
        Err(reason) => return reason,
    };
    let mut fields = Vec::new();
    note_fields(first, &mut fields);
    let mut found = Vec::new();
    for field in &fields {
        if let Err(reason) = note_values(trial, field, &mut found) {
            return reason;
        }
    }
    Reason::IdentityNotAccepted { rule, found }
}

/// The first rule that does not hold, and where it is.
fn first_failing<'r>(
    trial: &mut Trial<'_, 'r>,
    rules: &'r IdentityRules,
) -> Result<(String, &'r IdentityRule), Reason> {
    let mut path = String::new();
    let (mut rule, mut node) = (rules.rule(), rules.compiled());
    loop {
        let dot = if path.is_empty() { "" } else { "." };
        (rule, node) = match (rule, node) {
            (IdentityRule::All(rules), Node::All(nodes)) => {
                let mut failing = None;
                for (index, node) in nodes.iter().enumerate() {
                    if trial.node(node)? != Truth::Holds {
                        failing = rules.get(index).map(|rule| (index, rule, node));
                        break;
                    }
                }
                let Some((index, rule, node)) = failing else {
                    return Ok((path, rule));
                };
                // Writing to a String cannot fail.
                let _ = write!(path, "{dot}all[{index}]");
                (rule, node)
            }
            // An `Any` of one rule is compiled as that.
            (IdentityRule::Any(rules), node) if rules.len() == 1 => {
                let Some(only) = rules.first() else {
                    return Ok((path, rule));
                };
                let _ = write!(path, "{dot}any[0]");
                (only, node)
            }
            (IdentityRule::Not(inner), Node::Not(_)) => {
                let _ = write!(path, "{dot}not");
                if let IdentityRule::Match(one) = &**inner {
                    let _ = write!(path, ".{}", name_of(one));
                }
                return Ok((path, inner));
            }
            (rule, _) => {
                let name = match rule {
                    IdentityRule::Match(one) => name_of(one),
                    IdentityRule::All(_) => "all",
                    IdentityRule::Any(_) => "any",
                    IdentityRule::Not(_) => "not",
                };
                let _ = write!(path, "{dot}{name}");
                return Ok((path, rule));
            }
        };
    }
}

/// The first fields that a rule looks at.
fn note_fields(rule: &IdentityRule, fields: &mut Vec<Field>) {
    if fields.len() >= FIELDS {
        return;
    }
    match rule {
        IdentityRule::All(rules) | IdentityRule::Any(rules) => {
            // As many of one field as there may be, the first ones tell.
            const LOOKED_AT: usize = 16;
            let first = rules.iter().take(LOOKED_AT);
            first.for_each(|rule| note_fields(rule, fields));
        }
        IdentityRule::Not(rule) => note_fields(rule, fields),
        IdentityRule::Match(one) => {
            let field = field_of(one);
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
}

fn note_values(
    trial: &Trial<'_, '_>,
    field: &Field,
    found: &mut Vec<String>,
) -> Result<(), Reason> {
    let values = super::read(trial.subject, field, trial.budget)?;
    let name = Name(field);
    for value in &values.known {
        if found.len() < SHOWN {
            found.push(format!("{name} {}", Shown(trial, field, value)));
        }
    }
    if values.has_unreadable && found.len() < SHOWN {
        found.push(format!("{name} that cannot be read for certain"));
    }
    Ok(())
}

/// A field as a policy names it.
struct Name<'a>(&'a Field);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, oid) = match self.0 {
            Field::Dns => ("dns", None),
            Field::Email => ("email", None),
            Field::Uri => ("uri", None),
            Field::Ip => ("ip", None),
            Field::CommonName => ("common-name", None),
            Field::OrganizationalUnit => ("organizational-unit", None),
            Field::SpiffeId => ("spiffe-id", None),
            Field::UserPrincipalName => ("user-principal-name", None),
            Field::OtherNameText(oid) | Field::OtherNameDer(oid) => ("other-name", Some(oid)),
            Field::Attribute(oid) => ("attribute", Some(oid)),
            Field::Subject => ("subject", None),
            Field::Issuer => ("issuer", None),
            Field::Serial => ("serial", None),
            Field::CertificateSha256 => ("certificate-sha256", None),
            Field::KeySha256 => ("key-sha256", None),
            Field::Extension(oid) => ("extension", Some(oid)),
            Field::KeyPurpose => ("key-purpose", None),
            Field::CertificatePolicy => ("certificate-policy", None),
            Field::Scope => ("scope", None),
        };
        f.write_str(name)?;
        match oid {
            Some(oid) => write!(f, " {}", oid_text(oid.as_bytes())),
            None => Ok(()),
        }
    }
}

/// A value of a field, escaped and cut to a length that a log can bear.
struct Shown<'a, 'b, 'c>(&'a Trial<'b, 'c>, &'a Field, &'a Value<'b>);

impl fmt::Display for Shown<'_, '_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(trial, field, value) = *self;
        let identity = trial.subject.identity;
        match field {
            Field::Subject => ShortName(identity.subject_der()).fmt(f),
            Field::Issuer => ShortName(identity.issuer_der()).fmt(f),
            Field::Serial => {
                let serial = identity.serial();
                let issuer = ShortName(identity.issuer_der());
                write!(f, "{} of {issuer}", ShortText(&serial))
            }
            Field::Ip => match address(&value.exact) {
                Some(address) => address.fmt(f),
                None => Ok(()),
            },
            Field::KeyPurpose | Field::CertificatePolicy => f.write_str(&oid_text(&value.exact)),
            Field::CertificateSha256
            | Field::KeySha256
            | Field::OtherNameDer(_)
            | Field::Extension(_) => write_octets(&value.exact, f),
            _ => ShortText(&String::from_utf8_lossy(&value.exact)).fmt(f),
        }
    }
}

/// The first octets in hexadecimal digits.
fn write_octets(octets: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const OCTETS: usize = 32;
    for octet in octets.iter().take(OCTETS) {
        write!(f, "{octet:02x}")?;
    }
    match octets.len() > OCTETS {
        true => f.write_str("…"),
        false => Ok(()),
    }
}
