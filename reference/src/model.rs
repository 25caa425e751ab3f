//! The data that the parts of the reference share: what is asked, what is read, what is answered.

use std::collections::BTreeSet;

use pki_types::SignatureVerificationAlgorithm;

use crate::certificate::{Certificate, NameConstraints};
use crate::crl::Crl;

/// Seconds since 1970-01-01T00:00:00Z; before it, negative.
pub type Time = i64;

/// The content octets of an OBJECT IDENTIFIER.
pub type Oid = Vec<u8>;

/// Everything that a verification depends on. Certificates and CRLs are DER.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The trust anchors.
    pub anchors: Vec<Vec<u8>>,
    /// Intermediates of the store, not trusted by themselves.
    pub intermediates: Vec<Vec<u8>>,
    /// Pinned client certificates of the store.
    pub pins: Vec<Vec<u8>>,
    /// The CRLs of the store: all of them load.
    pub crls: Vec<Vec<u8>>,
    /// The deny list of the store.
    pub denied: Denied,
    /// What the client presents, its own certificate first.
    pub presented: Vec<Vec<u8>>,
    /// The time of the verification.
    pub now: Time,
    /// The policy.
    pub policy: Policy,
}

/// The deny list: SHA-256 digests, and issuer with serial number.
#[derive(Clone, Debug, Default)]
pub struct Denied {
    /// SHA-256 of the DER of certificates.
    pub certificates: Vec<[u8; 32]>,
    /// SHA-256 of the DER of a SubjectPublicKeyInfo.
    pub keys: Vec<[u8; 32]>,
    /// DER of certificates: what their issuers signed, whatever the signature.
    pub signed: Vec<Vec<u8>>,
    /// The DER of an issuer's name, and the content octets of a serial number.
    pub serials: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What becomes of what has expired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expired {
    /// It is refused.
    #[default]
    Reject,
    /// It is accepted for so many seconds.
    AcceptFor(u64),
    /// It is accepted.
    Accept,
}

/// Which certificates are checked for revocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The whole path if the store was given CRLs.
    #[default]
    Auto,
    /// None.
    Off,
    /// The client's.
    ClientOnly,
    /// All but the anchor.
    WholePath,
}

/// What becomes of a certificate whose status is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// It is refused.
    #[default]
    Deny,
    /// It is accepted where no CRL of the issuer's name was given.
    AllowUnpublished,
    /// It is accepted.
    Allow,
}

/// How a text of an identity is matched.
#[derive(Clone, Debug)]
pub enum TextMatch {
    /// It is this.
    Exact(String),
    /// It begins so.
    Prefix(String),
    /// It ends so.
    Suffix(String),
    /// It has this in it.
    Contains(String),
    /// It is like this, label by label of a host and segment by segment of a path.
    Glob(String),
}

/// A rule on identities. An `Any` of nothing lets nobody in.
#[derive(Clone, Debug)]
pub enum IdentityRule {
    /// All hold.
    All(Vec<IdentityRule>),
    /// One holds.
    Any(Vec<IdentityRule>),
    /// It surely does not hold.
    Not(Box<IdentityRule>),
    /// A value matches.
    Match(IdentityMatch),
}

/// An identity that is let in.
#[derive(Clone, Debug)]
pub enum IdentityMatch {
    /// A dNSName.
    Dns(TextMatch),
    /// An rfc822Name.
    Email(TextMatch),
    /// A URI.
    Uri(TextMatch),
    /// A common name of the subject.
    CommonName(TextMatch),
    /// An organizational unit of the subject.
    OrganizationalUnit(TextMatch),
    /// An iPAddress: 4 or 16 octets, and how many of its bits count.
    Ip(Vec<u8>, u8),
    /// A SPIFFE ID, the whole of it.
    SpiffeExact(String),
    /// A SPIFFE ID in this trust domain or below this path.
    SpiffeBelow(String),
    /// A user principal name.
    UserPrincipalName(TextMatch),
    /// An otherName of this type, with such text.
    OtherNameText(Oid, TextMatch),
    /// An otherName of this type, with this DER.
    OtherNameDer(Oid, Vec<u8>),
    /// An attribute of the subject.
    Attribute(Oid, TextMatch),
    /// The subject, as DER.
    Subject(Vec<u8>),
    /// The issuer's name, as DER.
    Issuer(Vec<u8>),
    /// The issuer's name, as DER, and the serial number.
    Serial(Vec<u8>, Vec<u8>),
    /// SHA-256 of the certificate.
    CertificateSha256([u8; 32]),
    /// SHA-256 of the subjectPublicKeyInfo.
    KeySha256([u8; 32]),
    /// An extension; with this value, if one is given.
    Extension(Oid, Option<Vec<u8>>),
    /// A key purpose.
    KeyPurpose(Oid),
    /// A certificate policy that the path is valid for.
    CertificatePolicy(Oid),
    /// The scope that the path ends in.
    Scope(String),
}

/// The client policy; each default is the library's.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The algorithms of signatures.
    pub algorithms: &'static [&'static dyn SignatureVerificationAlgorithm],
    /// For the client's certificate.
    pub client_expiry: Expired,
    /// For intermediates.
    pub issuer_expiry: Expired,
    /// For trust anchors.
    pub anchor_expiry: Expired,
    /// In seconds.
    pub clock_skew: u64,
    /// The initial max_path_length (RFC 5280 §6.1.2 (k)); none: any.
    pub path_length: Option<u32>,
    /// Whether a CA certificate may be the client's.
    pub accept_client_ca: bool,
    /// The purposes of which the same one must hold for the whole path; none: not checked.
    pub key_purposes: Option<Vec<Oid>>,
    /// Whether the client must have an extended key usage.
    pub key_purpose_required: bool,
    /// Whether the client's keyUsage is looked at.
    pub check_key_usage: bool,
    /// Whether the profile is `Rfc5280`, and not `Compatible`.
    pub rfc5280_profile: bool,
    /// Critical extensions that the application processes on the client's certificate.
    pub processed_on_client: BTreeSet<Oid>,
    /// Critical extensions that the application processes on every certificate of the client's path.
    pub processed_on_path: BTreeSet<Oid>,
    /// The sizes of RSA keys of clients, in bits.
    pub rsa_bits: (u32, u32),
    /// initial-explicit-policy.
    pub explicit_policy: bool,
    /// initial-policy-mapping-inhibit.
    pub inhibit_mapping: bool,
    /// initial-any-policy-inhibit.
    pub inhibit_any_policy: bool,
    /// user-initial-policy-set; none: any-policy.
    pub acceptable_policies: Option<BTreeSet<Oid>>,
    /// Which certificates are checked for revocation.
    pub revocation: Scope,
    /// What becomes of an unknown status.
    pub unknown: Unknown,
    /// What becomes of stale CRLs.
    pub stale: Expired,
    /// Whether CRLs keep the entries of certificates that have expired.
    pub pruned_kept: bool,
    /// Who is let in; none: all.
    pub identities: Option<IdentityRule>,
    /// `Limits::presented`, `certificate_bytes`, `intermediates`. Signatures and work have no limit
    /// here.
    pub limits: Limits,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            algorithms: crate::signatures::DEFAULT_ALGORITHMS,
            client_expiry: Expired::Reject,
            issuer_expiry: Expired::Reject,
            anchor_expiry: Expired::Reject,
            clock_skew: 0,
            path_length: None,
            accept_client_ca: false,
            key_purposes: Some(vec![CLIENT_AUTH.to_vec()]),
            key_purpose_required: false,
            check_key_usage: true,
            rfc5280_profile: false,
            processed_on_client: BTreeSet::new(),
            processed_on_path: BTreeSet::new(),
            rsa_bits: (2048, 8192),
            explicit_policy: false,
            inhibit_mapping: false,
            inhibit_any_policy: false,
            acceptable_policies: None,
            revocation: Scope::Auto,
            unknown: Unknown::Deny,
            stale: Expired::Reject,
            pruned_kept: false,
            identities: None,
            limits: Limits {
                presented: 16,
                certificate_bytes: 16_384,
                intermediates: 8,
            },
        }
    }
}

/// id-kp-clientAuth.
pub const CLIENT_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 2];

/// The limits that are no matter of cost alone.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Certificates presented, the client's included.
    pub presented: usize,
    /// Bytes of one presented certificate.
    pub certificate_bytes: usize,
    /// Intermediates in one path.
    pub intermediates: usize,
}

/// Who a certificate comes from. A presented one that the store has is the store's, but for the
/// client's own; one that is an anchor and an intermediate is an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The client's own.
    Client,
    /// Presented, by its index in the chain.
    Presented(usize),
    /// An intermediate of the store.
    Intermediate,
    /// A trust anchor.
    Anchor,
}

/// A certificate that a path may have.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it is from.
    pub origin: Origin,
    /// Whether it is an anchor that is an intermediate of the store as well: paths end there, and
    /// go on.
    pub also_intermediate: bool,
    /// What it says.
    pub certificate: Certificate,
}

impl Node {
    /// Whether the store has it as an anchor or as an intermediate.
    #[must_use]
    pub fn is_stored(&self) -> bool {
        matches!(self.origin, Origin::Anchor | Origin::Intermediate)
    }
}

/// What was read of a question. Node 0 is the client's. No two nodes have the same bytes, but that
/// the client's own certificate may also be one of the store.
#[derive(Clone, Debug)]
pub struct World {
    /// The certificates.
    pub nodes: Vec<Node>,
    /// For each of them the nodes whose subject is surely its issuer, and whether their key made
    /// its signature. The client's own certificate is the client's only, and no issuer.
    pub issuers: Vec<Vec<(usize, bool)>>,
    /// The CRLs; no two have the same bytes.
    pub crls: Vec<Crl>,
    /// Whether the client's certificate is pinned.
    pub pinned: bool,
    /// The deny list.
    pub denied: Denied,
    /// The time.
    pub now: Time,
    /// The policy.
    pub policy: Policy,
    /// The scope, if it is one, and what others have.
    pub place: Place,
}

/// A scope of a store, or what stands in none (the default): what a question does not have.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The name of the scope.
    pub scope: Option<String>,
    /// initial-permitted-subtrees and initial-excluded-subtrees (RFC 5280 §6.1.1 (h), (i)).
    pub initial: NameConstraints,
    /// The SPIFFE trust domain that it is the scope of.
    pub trust_domain: Option<String>,
    /// The trust domains that other scopes are those of.
    pub other_domains: BTreeSet<String>,
    /// A rule that must let in the client here as well as that of the policy.
    pub identities: Option<IdentityRule>,
    /// The CRLs of all other places.
    pub other_crls: Vec<Crl>,
}

/// What the last certificate of a path is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A client.
    Client,
    /// A signer of CRLs.
    CrlSigner,
}

/// A rule that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The node of the certificate that breaks it; none: it is about no certificate.
    pub node: Option<usize>,
    /// The rule, as `mtls_verify::error::Reason::name` has it.
    pub rule: &'static str,
}

/// The status of one certificate of an accepted path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not asked for.
    NotChecked,
    /// CRLs vouch for it.
    Good,
    /// Stale CRLs vouch for it that the policy accepts.
    Stale,
    /// Nobody vouches for it, or somebody of unknown status; the policy accepts that.
    Unknown,
}

/// A path, judged to the end.
#[derive(Clone, Debug)]
pub struct JudgedPath {
    /// The nodes, the client first, the anchor last. A pinned client is alone.
    pub nodes: Vec<usize>,
    /// Every rule that does not hold. None: the path is valid.
    pub failures: Vec<Failure>,
    /// The last second at which it holds under the policy; none: nothing ends it.
    pub valid_until: Option<Time>,
    /// The policies that it is valid for (RFC 5280 §6.1.6), anyPolicy as itself.
    pub policies: Option<BTreeSet<Oid>>,
    /// The status of each certificate.
    pub revocation: Vec<Status>,
    /// The critical extensions that the application has to process: the index of the certificate in
    /// the path, the type and the value.
    pub to_process: Vec<(usize, Oid, Vec<u8>)>,
}

/// What follows from a question.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What is wrong before there are nodes: with the index of what was presented, if it is about
    /// one.
    pub before_paths: Vec<(Option<usize>, &'static str)>,
    /// How many inputs of the store do not parse: a store does not load with such.
    pub left_out: usize,
    /// Whether `paths` has only those whose signatures hold, as there are too many.
    pub only_signed: bool,
    /// All simple paths from the client to an anchor that names lead along, and the pin.
    pub paths: Vec<JudgedPath>,
    /// What is wrong because there is no path, or none that is short enough.
    pub without_path: Vec<Failure>,
    /// The nodes, for those who compare.
    pub nodes: Vec<Node>,
    /// The seconds at which a certificate or CRL begins or is over, under any of the policy's
    /// rules.
    pub moments: BTreeSet<Time>,
}

impl Answer {
    /// The paths on which every rule holds.
    pub fn valid(&self) -> impl Iterator<Item = &JudgedPath> {
        self.paths.iter().filter(|path| path.failures.is_empty())
    }
}
