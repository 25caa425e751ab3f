//! The numbers of everything that can go wrong.

/// What a call came to. A number never changes its meaning, and is not used again once it is given
/// up.
///
/// From 200 on, the client is refused. Below that the call itself failed, which says nothing of the
/// client: do not let it in.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsResult {
    /// It did what was asked for.
    Ok = 0,

    /// A pointer that is needed is NULL.
    NullPointer = 1,
    /// A pointer is not aligned for what it points to.
    MisalignedPointer = 2,
    /// A length or a count that is larger than anything can be, or a chain of more than 10,000
    /// certificates.
    TooLong = 3,
    /// Text is not UTF-8.
    InvalidUtf8 = 4,
    /// A number that is none of the enum's, or out of its range.
    InvalidValue = 5,
    /// Text is not an OBJECT IDENTIFIER in dotted form.
    InvalidOid = 6,
    /// Text is not an IP address.
    InvalidAddress = 7,
    /// Bytes are not a name or a serial number as certificates have them, or text is not a SPIFFE
    /// ID, or nothing that a name of its kind can be.
    InvalidName = 8,
    /// The object was freed, or is another one. Debug builds of the library alone find this out,
    /// and not always.
    InvalidHandle = 9,
    /// The store builder failed before, or has built its store.
    BuilderSpent = 10,
    /// The certificate has nothing of the kind asked for, or nothing that is unambiguous.
    Absent = 11,
    /// An index that is not below the count.
    OutOfRange = 12,
    /// The text has a NUL character inside, so that C code could mistake it for another text. The
    /// certificate itself has it.
    TextHasNul = 13,
    /// A time before 1970.
    InvalidTime = 14,
    /// The store in use has CRLs that are lost in the new one: all, or those of an issuer.
    NoCrls = 15,
    /// Text is not a policy in JSON.
    InvalidPolicy = 16,
    /// A bug in the library.
    Internal = 99,

    /// The store does not load, for a reason that has no number of its own.
    StoreOther = 100,
    /// There is no certificate, or no CRL, in the input.
    StoreEmpty = 101,
    /// A PEM block with a label that does not belong there.
    StoreLabel = 102,
    /// A private key among the certificates.
    StorePrivateKey = 103,
    /// A line that was meant as a PEM boundary and is none.
    StoreBoundary = 104,
    /// A PEM block without its END line.
    StoreNoEnd = 105,
    /// A PEM block with an END line that is no PEM boundary.
    StoreBrokenEnd = 106,
    /// A PEM block with another label on its END line.
    StoreOtherEnd = 107,
    /// An END line outside of every block.
    StoreStrayEnd = 108,
    /// A NUL byte in what should be PEM.
    StoreNul = 109,
    /// Not base64 between the boundaries.
    StoreBase64 = 110,
    /// A certificate larger than the largest that a store takes.
    StoreCertificateTooLarge = 111,
    /// More than 4 GiB of certificates.
    StoreTooLarge = 112,
    /// Not a certificate, or not a CRL.
    StoreMalformed = 113,
    /// A CRL with a critical extension that is not processed.
    StoreUnhandledExtension = 114,
    /// Given as a CA, and not one.
    StoreNotACa = 115,
    /// OpenSSL's trust settings of the certificate allow it for no purpose.
    StoreTrustSettings = 116,
    /// Base64 outside of every PEM block, which a damaged BEGIN line may hide.
    StoreStrayBase64 = 117,

    /// Refused, for a reason that has no number of its own.
    RefusedOther = 200,
    /// The client presented no certificate.
    EmptyChain = 201,
    /// More certificates presented than the limit.
    TooManyPresented = 202,
    /// A presented certificate larger than the limit.
    CertificateTooLarge = 203,
    /// Only paths with more intermediates than the limit may lead to a trust anchor.
    PathTooLong = 204,
    /// The limit on signature verifications was reached.
    SignatureLimit = 205,
    /// Not a certificate (RFC 5280 §4.1, §4.2).
    Malformed = 207,
    /// No issuer is known.
    UnknownIssuer = 208,
    /// An issuer is known, and no way leads from there to a trust anchor.
    NoWayToAnchor = 209,
    /// Self-issued, and neither a trust anchor nor pinned.
    UntrustedRoot = 210,
    /// A signature that the issuer's key did not make (RFC 5280 §6.1.3 (a)(1)).
    BadSignature = 211,
    /// A signature algorithm that is not allowed.
    UnsupportedSignatureAlgorithm = 212,
    /// A kind of key that is not allowed.
    UnsupportedKey = 213,
    /// An RSA key of a size that is not allowed.
    KeySize = 214,
    /// Its notBefore is in the future (RFC 5280 §6.1.3 (a)(2)).
    NotYetValid = 215,
    /// Its notAfter has passed (RFC 5280 §6.1.3 (a)(2)).
    Expired = 216,
    /// It issued a certificate and is not a CA (RFC 5280 §6.1.4 (k)).
    NotACa = 217,
    /// More intermediates below a CA than its pathLenConstraint allows (RFC 5280 §6.1.4 (l)(m)).
    PathLength = 218,
    /// keyUsage lacks a bit that is needed (RFC 5280 §4.2.1.3).
    KeyUsage = 219,
    /// Extended key usage lacks the purpose asked for (RFC 5280 §4.2.1.12).
    Purpose = 220,
    /// No extended key usage where the policy asks for one.
    NoPurpose = 221,
    /// A critical extension that is not processed (RFC 5280 §4.2).
    UnhandledExtension = 222,
    /// A name that breaks name constraints (RFC 5280 §4.2.1.10).
    NameConstraint = 223,
    /// A certificate policy is required, and none is left (RFC 5280 §6.1.5).
    NoValidPolicy = 224,
    /// Valid for certificate policies of which none is acceptable (RFC 5280 §6.1.5 (g)).
    PolicyNotAcceptable = 225,
    /// A certificate policy listed twice (RFC 5280 §4.2.1.4).
    RepeatedPolicy = 226,
    /// A policy mapping from or to anyPolicy (RFC 5280 §6.1.4 (a)).
    MapsAnyPolicy = 227,
    /// On the deny list, or rejected by OpenSSL's trust settings.
    Denied = 230,
    /// A CRL names it (RFC 5280 §6.1.3 (a)(3)) that its issuer's key made, or another signer that
    /// has a path to a trust anchor of the store.
    Revoked = 231,
    /// Its revocation status is not known (RFC 5280 §6.3.3): no CRL vouches for it, or one names
    /// it that is not known to be authentic.
    RevocationUnknown = 232,
    /// The CRL that would vouch for it is too old (RFC 5280 §6.3.3 (a)).
    StaleCrl = 233,
    /// Nobody can tell whose CRL counts: a CRL names it whose signer is valid only if this
    /// certificate is, or it needs a CRL whose signers revoke each other.
    CircularCrls = 236,
    /// Against a rule for conforming CAs, under the profile that asks for them.
    NonConforming = 237,
    /// Verified, and not one of the identities that the policy lets in.
    IdentityNotAccepted = 238,
    /// A CA certificate presented as the client's own.
    CaAsClient = 239,
    /// The path has more intermediates that are not self-issued than the policy allows (RFC 5280
    /// §6.1.2 (k)).
    MaxPathLength = 240,
    /// The limit on work was reached.
    WorkLimit = 241,
}

/// Which certificate an error is about.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsPosition {
    /// None: the chain as a whole, or no chain at all.
    None = 0,
    /// The client's own.
    Client = 1,
    /// Another presented one; `mtls_error_index` has its index.
    Presented = 2,
    /// An intermediate of the store.
    Intermediate = 3,
    /// A trust anchor.
    Anchor = 4,
}

/// Which input of a store an error is about.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsInput {
    /// None.
    None = 0,
    /// CA certificates.
    Ca = 1,
    /// Intermediates.
    Intermediate = 2,
    /// Pinned client certificates.
    PinnedClient = 3,
    /// CRLs.
    Crl = 4,
}
