//! Which verified clients are let in.

mod check;
mod compiled;
mod glob;
mod invalid;
mod network;
mod parts;
mod rules;
mod spiffe;
mod wildcard;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

pub(crate) use compiled::{
    Field, Found, Index, Key, Node, Test, field_of, is_negative, name_of, near, octets, serial_key,
};
pub(crate) use glob::{Likeness, dns_name as fits_dns_glob, uri as fits_uri_glob};
pub use invalid::{InvalidIdentityRule, RuleProblem};
pub use network::{InvalidIpNetwork, IpNetwork};
pub use parts::{
    AttributeMatch, DistinguishedName, ExtensionMatch, OtherNameMatch, OtherNameValue, SerialMatch,
};
pub use rules::IdentityRules;
#[cfg(feature = "serde")]
pub(super) use rules::MAX_DEPTH;
#[cfg(feature = "serde")]
pub(super) use spiffe::Spiffe;
pub use spiffe::{InvalidSpiffeMatch, SpiffeMatch};

use super::{KeyPurpose, PolicyId};

/// Which identities are let in, of clients that are verified.
///
/// ```
/// use mtls_verify::policy::{AcceptedIdentities, IdentityMatch, SpiffeMatch, TextMatch};
///
/// let fleet = AcceptedIdentities::any_of([
///     IdentityMatch::SpiffeId(SpiffeMatch::below("spiffe://example.org/fleet")?),
///     IdentityMatch::OrganizationalUnit(TextMatch::Exact("Operations".into())),
/// ])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AcceptedIdentities {
    /// All that are verified.
    #[default]
    Any,
    /// None: for programs that put a policy together, until they have the first rule.
    Nobody,
    /// Those that a rule accepts.
    Rule(IdentityRules),
}

impl AcceptedIdentities {
    /// Those that a rule accepts.
    ///
    /// # Errors
    /// As [`IdentityRules::new`].
    pub fn rule(rule: impl Into<IdentityRule>) -> Result<Self, InvalidIdentityRule> {
        IdentityRules::new(rule).map(Self::Rule)
    }

    /// Those that at least one of these rules accepts.
    ///
    /// # Errors
    /// As [`IdentityRules::new`]. There must be at least one.
    pub fn any_of<R: Into<IdentityRule>>(
        rules: impl IntoIterator<Item = R>,
    ) -> Result<Self, InvalidIdentityRule> {
        Self::rule(IdentityRule::any(rules))
    }

    /// Whether it depends on the path of a client, and not on its certificate alone.
    pub(crate) fn depends_on_path(&self) -> bool {
        match self {
            Self::Any | Self::Nobody => false,
            Self::Rule(rules) => rules.depends_on_path(),
        }
    }
}

/// A rule on the identity of a client. [`IdentityRules`] checks it and makes it fast.
///
/// A rule holds, does not hold, or is unclear. It lets a client in only if it holds.
///
/// | | holds | does not hold | unclear |
/// |---|---|---|---|
/// | [`Match`](Self::Match) | a value matches | no value matches, and all can be read; there is none | no value matches, and one cannot be read, or may be meant as one that matches |
/// | [`All`](Self::All) | all hold | one does not hold | else |
/// | [`Any`](Self::Any) | one holds | none holds, and none is unclear | else |
/// | [`Not`](Self::Not) | the rule does not hold | the rule holds | the rule is unclear |
///
/// So `Not` lets in a client without the field, and refuses one whose field cannot be read.
/// [`IdentityMatch`] says of each field what cannot be read.
///
/// ```
/// use mtls_verify::policy::{AcceptedIdentities, IdentityMatch, IdentityRule, TextMatch};
///
/// // The servers of a cluster, but not those for tests.
/// let in_cluster = IdentityMatch::Dns(TextMatch::Suffix(".cluster.example".into()));
/// let tests = IdentityMatch::OrganizationalUnit(TextMatch::Exact("Tests".into()));
/// let identities = AcceptedIdentities::rule(IdentityRule::all([
///     in_cluster.into(),
///     IdentityRule::not(tests),
/// ]))?;
/// # Ok::<(), mtls_verify::policy::InvalidIdentityRule>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityRule {
    /// All of these rules.
    All(Vec<IdentityRule>),
    /// At least one of these rules. Exact matches of one field in one `Any` are looked up: 10,000
    /// of them cost about as much as one.
    Any(Vec<IdentityRule>),
    /// The rule does not hold for certain.
    Not(Box<IdentityRule>),
    /// A value of the certificate matches.
    Match(IdentityMatch),
}

impl IdentityRule {
    /// All of these rules.
    #[must_use]
    pub fn all<R: Into<Self>>(rules: impl IntoIterator<Item = R>) -> Self {
        Self::All(rules.into_iter().map(Into::into).collect())
    }

    /// At least one of these rules.
    #[must_use]
    pub fn any<R: Into<Self>>(rules: impl IntoIterator<Item = R>) -> Self {
        Self::Any(rules.into_iter().map(Into::into).collect())
    }

    /// The rule does not hold for certain.
    #[must_use]
    pub fn not(rule: impl Into<Self>) -> Self {
        Self::Not(Box::new(rule.into()))
    }
}

impl From<IdentityMatch> for IdentityRule {
    fn from(one: IdentityMatch) -> Self {
        Self::Match(one)
    }
}

/// A field of a certificate, and what one of its values must be.
///
/// A field that a certificate does not have does not match. A value that cannot be read does not
/// match either, and makes the match unclear unless another value matches, so that no
/// [`IdentityRule::Not`] over it holds. Unclear is also what may be meant as a value that matches:
///
/// - text that matches but for the case of ASCII letters, for blanks, or for characters that nobody
///   sees, control characters among them;
/// - an IPv6 address that maps an IPv4 address which matches, and the other way round;
/// - a wildcard DNS name that stands for names of which one matches;
/// - a name that RFC 5280 §7.1 cannot compare for certain;
/// - anyExtendedKeyUsage, for every key purpose, and no extendedKeyUsage at all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityMatch {
    /// A dNSName of the subjectAltName, compared without regard to case, and with wildcards as the
    /// text they are. One that is no host name cannot be read: labels of 1 to 63 letters, digits,
    /// hyphens and underscores, 253 in all, with or without `*.` in front.
    Dns(TextMatch),
    /// An rfc822Name of the subjectAltName, byte by byte. One that is not a Dot-string, one `@` and
    /// a host name (RFC 5321 §4.1.2) cannot be read: one that is quoted or has an address for the
    /// host.
    Email(TextMatch),
    /// A uniformResourceIdentifier of the subjectAltName, byte by byte. One that is not a URI of
    /// RFC 3986 (appendix A), or is a relative reference, cannot be read.
    ///
    /// A URI with dot segments, empty segments before the last one, or percent-encoding matches
    /// [`TextMatch::Exact`] alone, as others may take it for another URI. A certificate may have
    /// several URIs of which one matches: for SPIFFE IDs, use [`SpiffeId`](Self::SpiffeId).
    Uri(TextMatch),
    /// An iPAddress of the subjectAltName, by its octets: `192.0.2.1` does not match a certificate
    /// for `::ffff:192.0.2.1`.
    Ip(IpNetwork),
    /// The common name of the subject, byte by byte. Several cannot be read. It is free text, bound
    /// by no syntax, and by no name constraint but those on the whole subject (RFC 5280 §4.2.1.10).
    CommonName(TextMatch),
    /// An organizational unit of the subject, byte by byte. Free text as
    /// [`CommonName`](Self::CommonName).
    OrganizationalUnit(TextMatch),
    /// The SPIFFE ID, as [`Identity::spiffe_id`](crate::Identity::spiffe_id) has it. A certificate
    /// with a `spiffe` URI that has none, as it has several URIs, cannot be read.
    SpiffeId(SpiffeMatch),
    /// The user principal name of a smart card (otherName 1.3.6.1.4.1.311.20.2.3 of the
    /// subjectAltName), byte by byte. Several cannot be read.
    UserPrincipalName(TextMatch),
    /// An otherName of the subjectAltName.
    OtherName(OtherNameMatch),
    /// An attribute of the subject, one of several if there are, byte by byte. One that is not text
    /// cannot be read.
    Attribute(AttributeMatch),
    /// The whole subject, compared by RFC 5280 §7.1.
    Subject(DistinguishedName),
    /// The name of the issuer, compared by RFC 5280 §7.1.
    Issuer(DistinguishedName),
    /// The serial number, with the name of the issuer. A negative number in a certificate cannot be
    /// read: others may take it for the positive one with its octets.
    Serial(SerialMatch),
    /// SHA-256 of the certificate. It also matches the certificate's other ECDSA encoding: anybody
    /// can put (r, n − s) in the place of the signature (r, s). Needs the feature `ring` or
    /// `aws-lc-rs`.
    CertificateSha256([u8; 32]),
    /// SHA-256 of the subjectPublicKeyInfo, as in an SPKI pin. Needs the feature `ring` or
    /// `aws-lc-rs`.
    KeySha256([u8; 32]),
    /// An extension, by its bytes.
    Extension(ExtensionMatch),
    /// A purpose that the extendedKeyUsage lists. A certificate without that extension is for every
    /// purpose (RFC 5280 §4.2.1.12), and names none: it is unclear.
    KeyPurpose(KeyPurpose),
    /// A certificate policy that the path is valid for, of those that the policy asks for: as
    /// [`VerifiedClient::policies`](crate::VerifiedClient::policies) has it. So one that
    /// [`CertificatePolicies::acceptable`](super::CertificatePolicies::acceptable) leaves out never
    /// matches. Of several paths, one for which the whole rule holds is enough.
    ///
    /// It may not stand in an odd number of [`IdentityRule::Not`]s
    /// ([`RuleProblem::NegatedPolicy`]): a client chooses its path, and by another one it is valid
    /// for fewer policies.
    CertificatePolicy(PolicyId),
    /// The name of the [`Scope`](crate::store::Scope) whose anchor vouches for the client, byte by
    /// byte. It is asked in each scope that the path may end in. A client whose anchor stands in no
    /// scope has none.
    Scope(String),
}

/// How text is compared: byte by byte, but for DNS names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextMatch {
    /// All of it.
    Exact(String),
    /// It begins with this, and **whatever characters come after it**: `https://example.org` also
    /// begins `https://example.org.evil.example/`, and `device-1` begins `device-10`. End it with a
    /// delimiter, and use [`IdentityMatch::SpiffeId`] for SPIFFE IDs.
    Prefix(String),
    /// It ends with this, and **whatever characters come before it**: `example.com` also ends
    /// `evilexample.com` and `a@evilexample.com`. Begin it with a delimiter: `.example.com`,
    /// `@example.com`.
    Suffix(String),
    /// This is in it, between whatever characters.
    Contains(String),
    /// Segment by segment, for DNS names and URIs with an authority. A `*` stands for exactly one
    /// whole label of the host, or one whole segment of the path that is not empty: `*.example.com`
    /// fits `a.example.com` and not `a.b.example.com`; `https://example.com/*/b` fits
    /// `https://example.com/a/b`.
    ///
    /// At least one label of the host is no `*`. A `*` in the host stands for letters, digits,
    /// hyphens and underscores alone. URIs with a query or a fragment fit no glob.
    Glob(String),
}
