//! Rules: conditions, the field that gives the name, and what is done to it.

use alloc::string::String;
use alloc::vec::Vec;

use super::DnForm;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
use super::Fingerprint;
use crate::client::Oid;

/// One rule of a [`PrincipalMap`](super::PrincipalMap).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Rule {
    pub(super) conditions: Vec<Condition>,
    pub(super) field: Field,
    pub(super) edits: Vec<Edit>,
    pub(super) groups: Option<Oid>,
    pub(super) on_doubt: OnDoubt,
    pub(super) common_name: CommonName,
}

/// Which common names a rule on them takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommonName {
    /// Those of each type of string.
    OfEachType,
    /// Those whose characters are octets. PostgreSQL compares the octets, whatever the type.
    OfOctets,
}

impl Rule {
    /// A rule that takes the name from a field, for every client that has it.
    pub fn take(field: Field) -> Self {
        Self {
            conditions: Vec::new(),
            field,
            edits: Vec::new(),
            groups: None,
            on_doubt: OnDoubt::Refuse,
            common_name: CommonName::OfEachType,
        }
    }

    /// Asks for one more condition. The rule matches if all of them hold.
    pub fn when(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Changes the name in one more way, after the others.
    pub fn then(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    /// Makes each attribute of this type in the subject a group of the principal, in the order in
    /// which they are written. One that cannot be a name leaves the client without a principal.
    pub fn with_groups(mut self, oid: Oid) -> Self {
        self.groups = Some(oid);
        self
    }

    /// What becomes of a client for which the rule is doubtful; by default it has no principal.
    pub fn on_doubt(mut self, on_doubt: OnDoubt) -> Self {
        self.on_doubt = on_doubt;
        self
    }
}

/// What becomes of a client whose certificate has the field of a rule, but twice, unreadable, empty
/// or with characters that are not to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnDoubt {
    /// It has no principal, and no further rule is tried.
    Refuse,
    /// The next rule is tried, as RFC 7407 has it. A CA that writes such fields then chooses
    /// between rules.
    NextRule,
}

/// A field of a client's certificate, or a text. Where a certificate may have it several times, a
/// rule takes it only if it is there once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// This text, whatever the certificate has.
    Fixed(String),
    /// The common name of the subject.
    CommonName,
    /// The attribute of the subject of this type, as text.
    Attribute(Oid),
    /// The subject as a string of RFC 2253.
    Subject(DnForm),
    /// The dNSName of the subjectAltName, a host name without wildcard.
    Dns,
    /// The rfc822Name of the subjectAltName, a mailbox.
    Email,
    /// The uniformResourceIdentifier of the subjectAltName.
    Uri,
    /// The iPAddress of the subjectAltName, as text: `192.0.2.1`, `2001:db8::1`.
    Ip,
    /// The iPAddress of the subjectAltName as RFC 7407 has it: `192.0.2.1`, and an IPv6 address as
    /// 32 hexadecimal digits in lower case, without colons.
    IpDigits,
    /// The first name of the subjectAltName that is an rfc822Name, a dNSName or an iPAddress, as
    /// RFC 7407 maps each (`san-any`): a mailbox with its host in lower case, a DNS name in lower
    /// case, an address as [`IpDigits`](Self::IpDigits).
    FirstAltName,
    /// The SPIFFE ID of an X.509-SVID, as [`Identity::spiffe_id`](crate::Identity::spiffe_id).
    SpiffeId,
    /// The user principal name of a Windows or smart-card certificate.
    UserPrincipalName,
}

impl Field {
    /// What it is called in an error.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Fixed(_) => "fixed name",
            Self::CommonName => "commonName",
            Self::Attribute(_) => "attribute",
            Self::Subject(_) => "subject",
            Self::Dns => "dNSName",
            Self::Email => "rfc822Name",
            Self::Uri => "uniformResourceIdentifier",
            Self::Ip | Self::IpDigits => "iPAddress",
            Self::FirstAltName => "subjectAltName",
            Self::SpiffeId => "SPIFFE ID",
            Self::UserPrincipalName => "userPrincipalName",
        }
    }
}

/// What a rule asks of a client before it takes a name. Text is compared byte by byte.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// The client's certificate, or a CA of its path, has this SHA-256, in either encoding of an
    /// ECDSA signature.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    Certificate(Fingerprint),
    /// One of the [scopes](crate::VerifiedClient::scopes) that accept the client has this name. The
    /// scope follows from the trust anchor, and from no name in the certificate.
    Scope(String),
    /// The field is this text.
    Is(Field, String),
    /// The field begins with this text.
    StartsWith(Field, String),
    /// The field ends with this text.
    EndsWith(Field, String),
}

/// One way to change a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Edit {
    /// Puts ASCII letters into lower case. Others stay: not everybody folds them alike.
    LowerCase,
    /// Puts ASCII letters after the last `@` into lower case: the host of a mailbox.
    LowerCaseHost,
    /// Takes away this prefix. A name without it does not match.
    StripPrefix(String),
    /// Takes away this suffix. A name without it does not match.
    StripSuffix(String),
    /// Puts this before the name.
    AddPrefix(String),
    /// Puts this after the name.
    AddSuffix(String),
}
