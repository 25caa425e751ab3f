//! Certificate policies as a server asks for them: the inputs of RFC 5280 §6.1.1 (c) to (g).

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::x509::Oid;

/// What a server asks of the certificate policies of a path (RFC 5280 §6.1.1). The default asks
/// for nothing: what the certificates themselves require of their policies holds all the same.
///
/// ```
/// use mtls_verify::policy::{AcceptablePolicies, CertificatePolicies, ExplicitPolicy};
///
/// // Only smart cards of medium-hardware assurance (of the United States Federal PKI).
/// let medium_hardware = "2.16.840.1.101.3.2.1.3.12".parse()?;
/// let policies = CertificatePolicies::default()
///     .with_acceptable(AcceptablePolicies::Only(vec![medium_hardware]))
///     .with_explicit_policy(ExplicitPolicy::Required);
/// # Ok::<(), mtls_verify::policy::InvalidPolicyId>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificatePolicies {
    /// `user-initial-policy-set`. Default: any.
    pub acceptable: AcceptablePolicies,
    /// `initial-explicit-policy`. Default: not required.
    pub explicit_policy: ExplicitPolicy,
    /// `initial-policy-mapping-inhibit`. Default: allowed.
    pub mapping: PolicyMappings,
    /// `initial-any-policy-inhibit`. Default: allowed.
    pub any_policy: AnyPolicy,
}

impl CertificatePolicies {
    /// How many bytes a copy takes beside itself. Copies of a [`PolicyId`] share its octets.
    #[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
    pub(crate) fn bytes(&self) -> usize {
        match &self.acceptable {
            AcceptablePolicies::Any => 0,
            AcceptablePolicies::Only(policies) => size_of_val(policies.as_slice()),
        }
    }

    /// With other [`acceptable`](Self::acceptable) policies.
    #[must_use]
    pub fn with_acceptable(mut self, acceptable: AcceptablePolicies) -> Self {
        self.acceptable = acceptable;
        self
    }

    /// With another [`explicit_policy`](Self::explicit_policy).
    #[must_use]
    pub fn with_explicit_policy(mut self, explicit_policy: ExplicitPolicy) -> Self {
        self.explicit_policy = explicit_policy;
        self
    }

    /// With another [`mapping`](Self::mapping).
    #[must_use]
    pub fn with_mapping(mut self, mapping: PolicyMappings) -> Self {
        self.mapping = mapping;
        self
    }

    /// With another [`any_policy`](Self::any_policy).
    #[must_use]
    pub fn with_any_policy(mut self, any_policy: AnyPolicy) -> Self {
        self.any_policy = any_policy;
        self
    }
}

/// The policies that a server accepts (`user-initial-policy-set`, RFC 5280 §6.1.1 (c)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AcceptablePolicies {
    /// Whatever they are.
    #[default]
    Any,
    /// These. **Alone they refuse nobody**, not even if there are none. They decide who comes in
    /// where a policy is required: with [`ExplicitPolicy::Required`], or where the certificates
    /// themselves say so.
    Only(Vec<PolicyId>),
}

/// Whether a path must be valid for at least one acceptable policy (`initial-explicit-policy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
// No more can come: a bit of RFC 5280 §6.1.1.
pub enum ExplicitPolicy {
    /// Only if its certificates say so.
    #[default]
    NotRequired,
    /// Always.
    Required,
}

/// Whether CAs may say that a policy of theirs stands for another
/// (`initial-policy-mapping-inhibit`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
// No more can come: a bit of RFC 5280 §6.1.1.
pub enum PolicyMappings {
    /// They may.
    #[default]
    Allowed,
    /// They may not.
    Inhibited,
}

/// Whether `anyPolicy` in a certificate stands for every policy (`initial-any-policy-inhibit`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
// No more can come: a bit of RFC 5280 §6.1.1.
pub enum AnyPolicy {
    /// It does.
    #[default]
    Allowed,
    /// It does not.
    Inhibited,
}

/// A certificate policy, by its OBJECT IDENTIFIER (RFC 5280 §4.2.1.4) of any size. From its dotted
/// form by [`str::parse`].
///
/// `Display` is the dotted form, and the order that of the arcs' numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(Oid);

impl PolicyId {
    /// `anyPolicy` (RFC 5280 §4.2.1.4).
    pub const ANY: Self = Self(Oid::known(&[0x55, 0x1d, 0x20, 0x00]));

    /// From the content octets of an OBJECT IDENTIFIER that was read.
    pub(crate) fn from_bytes(content: &[u8]) -> Self {
        Self(Oid::from_content(content))
    }

    /// The content octets of its OBJECT IDENTIFIER.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<PolicyId> for Oid {
    fn from(named: PolicyId) -> Self {
        named.0
    }
}

impl FromStr for PolicyId {
    type Err = InvalidPolicyId;

    /// # Errors
    /// Anything but two or more arcs in decimal digits without leading zeros, as X.660 allows them:
    /// the first up to 2, and below 0 and 1 the second up to 39.
    fn from_str(dotted: &str) -> Result<Self, Self::Err> {
        Oid::from_dotted(dotted)
            .map(Self)
            .ok_or(InvalidPolicyId(()))
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Not the dotted form of an OBJECT IDENTIFIER.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier in dotted form")]
pub struct InvalidPolicyId(());

#[cfg(all(test, feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_with_a_client_counts() {
        let bytes = |acceptable| {
            CertificatePolicies::default()
                .with_acceptable(acceptable)
                .bytes()
        };
        assert_eq!(bytes(AcceptablePolicies::Any), 0);
        let of = |count| bytes(AcceptablePolicies::Only(alloc::vec![PolicyId::ANY; count]));
        assert_eq!(of(0), 0);
        assert!(of(1) >= PolicyId::ANY.as_bytes().len());
        assert_eq!(of(100), 100 * of(1));
    }
}
