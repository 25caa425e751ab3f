//! The map: rules in order, and those of other programs.

use alloc::string::String;
use alloc::vec::Vec;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
use core::cell::OnceCell;
use core::fmt;

use super::error::{Mismatch, NoPrincipal, Why};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
use super::fingerprint::{Fingerprint, MapType, rule_of};
use super::read::{check, edited, groups, has_wide_common_name, read};
use super::rule::CommonName;
use super::{Condition, DnForm, Field, OnDoubt, Rule};
use crate::client::Oid;
use crate::{Identity, VerifiedClient};

/// id-at-organizationName, 2.5.4.10.
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

/// The name of a client in an application, and its groups there. From
/// [`PrincipalMap::principal`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    name: String,
    groups: Vec<String>,
}

impl Principal {
    /// The name: not empty, and without characters that are not to be seen.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The groups, such as Kubernetes takes from the organizations; often none.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }
}

/// The name.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Rules that turn a verified client into a [`Principal`]: the first that matches. The module says
/// when a rule matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct PrincipalMap {
    rules: Vec<Rule>,
}

impl PrincipalMap {
    /// A map without rules, in which no client has a principal.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule after the others.
    pub fn with_rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// As Kubernetes: the common name is the user, and each organization a group.
    ///
    /// Kubernetes takes the last of several common names; here such a client has no principal.
    /// Every CA of the path can write every organization, `system:masters` too.
    pub fn kubernetes() -> Self {
        let organization = Oid::from_content(ORGANIZATION);
        Self::new().with_rule(Rule::take(Field::CommonName).with_groups(organization))
    }

    /// As PostgreSQL with `clientname=CN`: the common name. PostgreSQL takes the first of several;
    /// here such a client has no principal. Neither has one with a BMPString or a UniversalString,
    /// of which PostgreSQL takes the octets.
    pub fn postgresql_common_name() -> Self {
        let mut rule = Rule::take(Field::CommonName);
        rule.common_name = CommonName::OfOctets;
        Self::new().with_rule(rule)
    }

    /// As PostgreSQL with `clientname=DN`: the subject as OpenSSL writes it by RFC 2253.
    pub fn postgresql_subject() -> Self {
        Self::new().with_rule(Rule::take(Field::Subject(DnForm::OpenSsl)))
    }

    /// As Kafka's rule `DEFAULT`: the subject as Java writes it by RFC 2253, without the `User:`
    /// that Kafka's access lists put before it.
    pub fn kafka() -> Self {
        Self::new().with_rule(Rule::take(Field::Subject(DnForm::Java)))
    }

    /// The `cert-to-name` list of RFC 7407 in the order of its identifiers: the first entry whose
    /// fingerprint is that of the client's certificate or of a CA of its path, and which gives a
    /// name.
    ///
    /// The RFC has the next entry tried where it is impossible to determine a name. That is so here
    /// where a field is missing, there several times, unreadable, or no name.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use mtls_verify::principal::{MapType, PrincipalMap};
    ///
    /// # let of_ca = "04:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f";
    /// let map = PrincipalMap::cert_to_name([(of_ca.parse()?, MapType::SanAny)]);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    pub fn cert_to_name(entries: impl IntoIterator<Item = (Fingerprint, MapType)>) -> Self {
        let rules = entries
            .into_iter()
            .map(|(fingerprint, map_type)| rule_of(fingerprint, map_type));
        Self {
            rules: rules.collect(),
        }
    }

    /// The principal of a client. The same client always has the same. It takes time in proportion
    /// to the rules and the certificates of the path.
    ///
    /// # Errors
    /// If no rule matches, or one is doubtful: why, for each rule that was tried.
    pub fn principal(&self, client: &VerifiedClient) -> Result<Principal, NoPrincipal> {
        let evidence = Evidence::new(client);
        let mut mismatches = Vec::new();
        for rule in &self.rules {
            match rule.principal(&evidence) {
                Ok(principal) => return Ok(principal),
                Err(mismatch) => {
                    let ends = !mismatch.why.is_mismatch() && rule.on_doubt == OnDoubt::Refuse;
                    mismatches.push(mismatch);
                    if ends {
                        break;
                    }
                }
            }
        }
        Err(NoPrincipal(mismatches))
    }
}

impl Rule {
    fn principal(&self, evidence: &Evidence<'_>) -> Result<Principal, Mismatch> {
        for (condition, number) in self.conditions.iter().zip(1_usize..) {
            if !condition.holds(evidence)? {
                return Err(Mismatch {
                    field: "",
                    why: Why::Condition { number },
                });
            }
        }
        let identity = evidence.identity;
        let of_field = |why| Mismatch {
            field: self.field.name(),
            why,
        };
        if self.common_name == CommonName::OfOctets && has_wide_common_name(identity) {
            return Err(of_field(Why::Unreadable));
        }
        let mut name = read(&self.field, identity)?;
        // An affix must not make a name of what is none.
        check(&name).map_err(of_field)?;
        for edit in &self.edits {
            name = edited(name, edit).map_err(of_field)?;
            check(&name).map_err(of_field)?;
        }
        let groups = match &self.groups {
            Some(oid) => groups(oid, identity)?,
            None => Vec::new(),
        };
        Ok(Principal { name, groups })
    }
}

impl Condition {
    /// An error is a field that is doubtful. One that is not there holds nothing.
    fn holds(&self, evidence: &Evidence<'_>) -> Result<bool, Mismatch> {
        let of_field = |field, is_met: &dyn Fn(&str) -> bool| match read(field, evidence.identity) {
            Ok(text) => Ok(is_met(&text)),
            Err(mismatch) if mismatch.why.is_mismatch() => Ok(false),
            Err(doubt) => Err(doubt),
        };
        match self {
            #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
            Self::Certificate(fingerprint) => Ok(evidence.has_certificate(*fingerprint)),
            Self::Scope(wanted) => Ok(evidence.client.scopes().any(|scope| scope == wanted)),
            Self::Is(field, wanted) => of_field(field, &|text| text == wanted),
            Self::StartsWith(field, start) => of_field(field, &|text| text.starts_with(&**start)),
            Self::EndsWith(field, end) => of_field(field, &|text| text.ends_with(&**end)),
        }
    }
}

/// What rules look at.
struct Evidence<'a> {
    identity: Identity<'a>,
    client: &'a VerifiedClient,
    /// Of all certificates of the path in all their encodings, sorted.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    digests: OnceCell<Vec<[u8; 32]>>,
}

impl<'a> Evidence<'a> {
    fn new(client: &'a VerifiedClient) -> Self {
        Self {
            identity: client.identity(),
            client,
            #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
            digests: OnceCell::new(),
        }
    }

    /// Whether the client's certificate or a CA of the path has this SHA-256. The holder of a
    /// certificate can present an ECDSA certificate in another encoding, and must not escape a rule
    /// by it.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    fn has_certificate(&self, fingerprint: Fingerprint) -> bool {
        let digests = self.digests.get_or_init(|| digests(self.client));
        digests.binary_search(&fingerprint.0).is_ok()
    }
}

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
fn digests(client: &VerifiedClient) -> Vec<[u8; 32]> {
    use crate::crypto::{Sha256, sha256};
    use crate::x509::{Fields, other_encodings};
    let mut digests = Vec::new();
    for der in client.path() {
        digests.push(sha256(&der));
        // All of a path have been parsed before.
        let Ok(fields) = Fields::parse(&der) else {
            continue;
        };
        digests.extend(other_encodings(fields.view(&der)).map(|other| {
            let mut digest = Sha256::new();
            other.parts().iter().for_each(|part| digest.update(part));
            digest.finish()
        }));
    }
    digests.sort_unstable();
    digests
}
