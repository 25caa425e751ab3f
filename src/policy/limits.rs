//! How much work one verification may cost.

/// Bounds on the work and memory that one verification may cost, whoever presents what. Each is an error of its own.
///
/// All are always on. The defaults leave room above what real client PKIs do; the numbers behind them are with each field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Certificates presented, the client's own included. Default 16: load balancers take 4 to 10; strangers and duplicates need
    /// some room.
    pub presented: usize,
    /// Bytes of one presented certificate. Default 16,384: what AWS takes for a CA certificate; large real ones have 5,000.
    pub certificate_bytes: usize,
    /// Intermediates in a path, between the client's certificate and the trust anchor, self-issued
    /// ones too: [`ClientPolicy::path_length`](crate::ClientPolicy::path_length) counts without
    /// them. Default 8: the deepest known PKIs have 4; Google takes paths of 10 certificates in
    /// all.
    pub intermediates: usize,
    /// Signatures verified, those of revocation lists included unless they were verified while
    /// loading. Default 20: an honest path needs one for each certificate below the anchor, so this
    /// leaves room for a dozen anchors of one name without key identifiers; stores with more need
    /// more. Under [`Profile::Rfc5280`](crate::Profile::Rfc5280) as many again tell which anchors
    /// without an authorityKeyIdentifier are self-signed. 20 cost about 1 ms with P-256, and 15 ms
    /// with P-384 from `ring`.
    pub signatures: u32,
    /// Comparisons of names with name constraints, and as many of distribution points with those of
    /// revocation lists and of look-ups of who signed a list; those of 64 bytes and more count as
    /// several. Preparing a subtree or a name counts as one, and as 16 more for each 64 bytes of a
    /// directory name, beyond 8,192 of these in a verification. Default 50,000: 500 names against
    /// 100 constraints; 50,000 cost about 2 ms, and up to 10 ms with names far beyond ASCII.
    pub name_comparisons: u32,
    /// Certificate policies and mappings looked at, the nodes and edges of policy graphs (RFC 9618) included. Default 10,000: a client's
    /// certificate full of them fits; 10,000 cost about 0.5 ms.
    pub policies: u32,
    /// Candidates looked at while searching for paths, of the client and of issuers of revocation lists. Default 10,000: an honest path
    /// needs a few for each certificate; 10,000 cost well under 1 ms.
    pub steps: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            presented: 16,
            certificate_bytes: 16_384,
            intermediates: 8,
            signatures: 20,
            name_comparisons: 50_000,
            policies: 10_000,
            steps: 10_000,
        }
    }
}

impl Limits {
    /// With another limit on [`presented`](Self::presented) certificates.
    pub fn with_presented(mut self, presented: usize) -> Self {
        self.presented = presented;
        self
    }

    /// With another limit on [`certificate_bytes`](Self::certificate_bytes).
    pub fn with_certificate_bytes(mut self, certificate_bytes: usize) -> Self {
        self.certificate_bytes = certificate_bytes;
        self
    }

    /// With another limit on [`intermediates`](Self::intermediates).
    pub fn with_intermediates(mut self, intermediates: usize) -> Self {
        self.intermediates = intermediates;
        self
    }

    /// With another limit on [`signatures`](Self::signatures).
    pub fn with_signatures(mut self, signatures: u32) -> Self {
        self.signatures = signatures;
        self
    }

    /// With another limit on [`name_comparisons`](Self::name_comparisons).
    pub fn with_name_comparisons(mut self, name_comparisons: u32) -> Self {
        self.name_comparisons = name_comparisons;
        self
    }

    /// With another limit on [`policies`](Self::policies).
    pub fn with_policies(mut self, policies: u32) -> Self {
        self.policies = policies;
        self
    }

    /// With another limit on [`steps`](Self::steps).
    pub fn with_steps(mut self, steps: u32) -> Self {
        self.steps = steps;
        self
    }
}
