//! The choices of a policy, as numbers.
//!
//! Each enum has a hundred of its own, from 1001 on, and 0 is in none. So a choice that is given in
//! the place of another, or forgotten, is `MTLS_RESULT_INVALID_VALUE` and not another choice.

/// A role in a path.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsRole {
    /// The client's own certificate.
    Client = 1001,
    /// Intermediates and separate signers of CRLs, presented or from the store.
    Issuers = 1002,
    /// Trust anchors.
    Anchors = 1003,
}

/// What becomes of what has expired: of a certificate after its notAfter, of a CRL after its
/// nextUpdate.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsExpired {
    /// Refused. The default.
    Reject = 1101,
    /// Accepted for a number of seconds (and the clock skew), then refused.
    AcceptFor = 1102,
    /// Accepted forever.
    Accept = 1103,
}

/// Which certificates of a path are looked up in CRLs.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsRevocationScope {
    /// None: the CRLs of a store do nothing.
    Off = 1201,
    /// The client's own.
    ClientOnly = 1202,
    /// All but the trust anchor (RFC 5280 §6.1.3 (a)(3)).
    WholePath = 1203,
    /// As `WHOLE_PATH` if the store was given CRLs, even if all were skipped or later ones are
    /// none; as `OFF` otherwise. The default.
    Auto = 1204,
}

/// What becomes of a certificate that no CRL names and for which none vouches. One that a CRL names
/// is refused whatever this says, even if the CRL is not known to be authentic. Only a newer CRL by
/// the same key can take its place.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsUnknownStatus {
    /// Refused. The default.
    Deny = 1301,
    /// Accepted, and `mtls_client_revocation` says so.
    Allow = 1302,
    /// Accepted if the store was given no CRL with the name of its issuer, nor with that of a
    /// cRLIssuer that its distribution points name; refused otherwise. CRLs that were skipped
    /// count, and those that the store had before `mtls_store_with_crls_pem`. One whose issuer
    /// cannot be read may be any issuer's. A CRL that was never loaded is not noticed.
    AllowUnpublished = 1303,
}

/// Whether a CRL that does not list an expired certificate shows that it was not revoked. A CA may
/// drop an entry once the certificate has expired (RFC 5280 §3.3).
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsPrunedEntries {
    /// The entry may have been dropped: the CRL vouches only if its thisUpdate, or the time of its
    /// expiredCertsOnCRL, is not later than the certificate's notAfter. The default.
    MayBe = 1401,
    /// The CAs keep the entries of expired certificates: the CRL vouches like any other.
    Kept = 1402,
}

/// How the extended key usage of a path is held to a purpose (RFC 5280 §4.2.1.12).
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsPurpose {
    /// Certificates that have the extension must name the purpose. The default, with clientAuth.
    IfPresent = 1501,
    /// The same, and the client's own certificate must have the extension.
    Required = 1502,
    /// Extended key usage is not looked at.
    Unchecked = 1503,
}

/// What the client's keyUsage, where it has one, must include (RFC 5280 §4.2.1.3).
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsClientKeyUsage {
    /// digitalSignature. The default.
    DigitalSignature = 1601,
    /// Nothing.
    Unchecked = 1602,
}

/// Whether a client may present a CA certificate as its own.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsClientCa {
    /// No, unless it is pinned. The default.
    Refuse = 1701,
    /// Yes.
    Accept = 1702,
}

/// How strictly the form of certificates, and of CRLs that vouch, is held to RFC 5280.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsProfile {
    /// What deployed private PKIs issue is accepted. The default.
    Compatible = 1801,
    /// What RFC 5280 asks of conforming CAs and CRL issuers is asked for.
    Rfc5280 = 1802,
}

/// Whether a path must be valid for an acceptable certificate policy (RFC 5280 §6.1.1 (f)).
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsExplicitPolicy {
    /// Only if its certificates say so. The default.
    NotRequired = 1901,
    /// Always.
    Required = 1902,
}

/// Whether mappings between certificate policies are allowed (RFC 5280 §6.1.1 (e)).
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsPolicyMappings {
    /// They are. The default.
    Allowed = 2001,
    /// They are not.
    Inhibited = 2002,
}

/// Whether anyPolicy in a certificate stands for every policy (RFC 5280 §6.1.1 (g)).
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsAnyPolicy {
    /// It does. The default.
    Allowed = 2601,
    /// It does not.
    Inhibited = 2602,
}

/// A bound on the work and memory that one verification may cost.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsLimit {
    /// Certificates presented, the client's own included. Default 16.
    Presented = 2101,
    /// Bytes of one presented certificate. Default 16,384.
    CertificateBytes = 2102,
    /// Intermediates in a path. Default 8.
    Intermediates = 2103,
    /// Signatures verified. Default 20.
    Signatures = 2104,
    /// Work of all kinds together, in units of about 100 instructions, or 10 ns: a tenth for what
    /// anybody can ask for, the rest for what certificates ask for whose signatures hold. Default
    /// 250,000.
    Work = 2105,
}

/// A kind of name in a client's certificate. A name of the subjectAltName that does not have the
/// syntax of its form matches no identity of a policy.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsNameKind {
    /// dNSName of the subjectAltName. Compared without regard to case, and with wildcards as the
    /// text they are. To match, it must be a host name: labels of 1 to 63 letters, digits, hyphens
    /// and underscores, 253 in all, with or without `*.` in front.
    Dns = 2201,
    /// rfc822Name of the subjectAltName. To match, it must be a Dot-string, one `@` and a host name
    /// (RFC 5321 §4.1.2).
    Email = 2202,
    /// uniformResourceIdentifier of the subjectAltName. To match, it must be a URI of RFC 3986, and
    /// not a relative reference; it is not normalized, and a certificate may have several. For
    /// SPIFFE IDs, `MTLS_NAME_KIND_SPIFFE_ID` is what matches safely.
    Uri = 2203,
    /// iPAddress of the subjectAltName, as text: `192.0.2.1`, `2001:db8::1`. `::ffff:192.0.2.1` is
    /// another address than `192.0.2.1`.
    Ip = 2204,
    /// The common name of the subject, if there is exactly one. Free text, bound by no syntax, and
    /// by no name constraint but those on the whole subject.
    CommonName = 2205,
    /// Organizational units of the subject, most general first; those that are not text are left
    /// out. Free text as well.
    OrganizationalUnit = 2206,
    /// The SPIFFE ID, as `mtls_client_spiffe_id` has it: a certificate with several URIs has none.
    SpiffeId = 2207,
}

/// How text is compared: byte by byte, but for DNS names.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsTextMatch {
    /// All of it. The only one for `MTLS_NAME_KIND_IP`.
    Exact = 2301,
    /// It begins with this, whatever characters come after it: `https://example.org` begins
    /// `https://example.org.evil.example/`, and `https://example.org/fleet/` begins
    /// `https://example.org/fleet/../admin`. End it with a delimiter.
    Prefix = 2302,
    /// It ends with this, whatever characters come before it: `example.com` ends `evilexample.com`.
    /// Begin it with a delimiter.
    Suffix = 2303,
    /// It is below this, by whole segments; for `MTLS_NAME_KIND_SPIFFE_ID` alone, which takes this
    /// and `EXACT`. `spiffe://example.org` has all IDs of the trust domain below it, and
    /// `spiffe://example.org/fleet` those with more segments.
    Below = 2304,
}

/// Finds which of the choices of a C enum a number is.
macro_rules! choose {
    ($value:expr, $what:literal, { $($choice:path => $then:expr),+ $(,)? }) => {
        match $value {
            $(value if value == $choice as u32 => $then,)+
            value => return Err(super::error::Failure::value($what, value)),
        }
    };
}
pub(crate) use choose;
