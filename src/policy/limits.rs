//! How much work one verification may cost.

/// Bounds on the work and memory that one verification may cost, whatever is presented.
///
/// | limit | [`Reason`](crate::error::Reason) |
/// |---|---|
/// | [`presented`](Self::presented) | `TooManyPresented` |
/// | [`certificate_bytes`](Self::certificate_bytes) | `CertificateTooLarge` |
/// | [`intermediates`](Self::intermediates) | `PathTooLong`, if no shorter path fails for a reason that ranks higher |
/// | [`signatures`](Self::signatures) | `SignatureLimit` |
/// | [`work`](Self::work) | `WorkLimit`, with the [`Work`](crate::error::Work) that was being done |
///
/// The last two end the search: the error is the limit, unless a certificate was found to be
/// revoked or denied before.
///
/// All are always on. The defaults leave room above what real client PKIs do; the numbers behind
/// them are with each field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Certificates presented, the client's own included. Default 16: load balancers take 4 to 10;
    /// strangers and duplicates need some room.
    pub presented: usize,
    /// Bytes of one presented certificate. Default 16,384: what AWS takes for a CA certificate;
    /// large real ones have 5,000.
    pub certificate_bytes: usize,
    /// Intermediates in a path, between the client's certificate and the trust anchor, self-issued
    /// ones too: [`ClientPolicy::path_length`](crate::ClientPolicy::path_length) counts without
    /// them. Default 8: the deepest known PKIs have 4; Google takes paths of 10 certificates in
    /// all.
    pub intermediates: usize,
    /// Signatures verified, those of CRLs included. Default 20: an honest path needs one for each
    /// certificate below the anchor, so this leaves room for a dozen anchors of one name without
    /// key identifiers, each with a CRL. Stores with more need more, and each above 20 brings its
    /// price in [`work`](Self::work) along.
    ///
    /// Where revocation is checked, not counted is what was verified while loading: CRLs whose
    /// signer is in the store, and the links from such a signer to its anchors (on the path of a
    /// client: if the policy has the store's own algorithms). Each CRL is tried with up to 64 keys
    /// of its issuer's name there. A CRL of which only clients present the signer counts each time,
    /// and so does what a [`ClientVerifier`](crate::ClientVerifier) remembers. Under
    /// [`Profile::Rfc5280`](crate::policy::Profile::Rfc5280), finding out whether an anchor or a
    /// pinned client is self-signed can take one more. 20 cost about 1 ms with P-256, and 15 ms
    /// with P-384 from `ring`.
    pub signatures: u32,
    /// Work of all kinds together, in units of about 100 instructions, or 10 ns. Default 250,000,
    /// or 2.5 ms: enough for 500 names against 100 name constraints, or for 45,000 certificate
    /// policies, without a policy graph.
    ///
    /// A tenth is for what anybody can ask for: reading, searching, checking certificates by
    /// themselves, signatures. So a stranger, who holds the key of no CA, can ask for 20 signatures
    /// and little more, or for a quarter of a millisecond of other work. The rest is for what
    /// certificates ask for whose signatures hold: name constraints, policies, revocation. Reading
    /// takes a unit for 4 bytes, and a signature 1,200: of the default, 20 signatures leave 1,000
    /// units, and 64 KB leave seven signatures. `docs/DESIGN.md` has the prices of all work.
    pub work: u32,
}

/// The default limit on signatures, which the default limit on work has room for.
pub(crate) const DEFAULT_SIGNATURES: u32 = 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            presented: 16,
            certificate_bytes: 16_384,
            intermediates: 8,
            signatures: DEFAULT_SIGNATURES,
            work: 250_000,
        }
    }
}

impl Limits {
    /// With another limit on [`presented`](Self::presented) certificates.
    #[must_use]
    pub fn with_presented(mut self, presented: usize) -> Self {
        self.presented = presented;
        self
    }

    /// With another limit on [`certificate_bytes`](Self::certificate_bytes).
    #[must_use]
    pub fn with_certificate_bytes(mut self, certificate_bytes: usize) -> Self {
        self.certificate_bytes = certificate_bytes;
        self
    }

    /// With another limit on [`intermediates`](Self::intermediates).
    #[must_use]
    pub fn with_intermediates(mut self, intermediates: usize) -> Self {
        self.intermediates = intermediates;
        self
    }

    /// With another limit on [`signatures`](Self::signatures).
    #[must_use]
    pub fn with_signatures(mut self, signatures: u32) -> Self {
        self.signatures = signatures;
        self
    }

    /// With another limit on [`work`](Self::work).
    #[must_use]
    pub fn with_work(mut self, work: u32) -> Self {
        self.work = work;
        self
    }
}
