//! How strictly the form of certificates is held to RFC 5280.

/// How strictly the form of certificates, and of CRLs that vouch, is held to RFC 5280. What makes a
/// path unsafe is refused under both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// Accepts what deployed private PKIs issue: without key identifiers, with constraints not
    /// marked critical, with odd serial numbers.
    #[default]
    Compatible,
    /// Holds certificates to what RFC 5280 asks of conforming CAs (§4.1, §4.2) as well, and CRLs
    /// that vouch to what it asks of conforming issuers (§5).
    Rfc5280,
}
