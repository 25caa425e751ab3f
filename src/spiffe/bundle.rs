//! SPIFFE bundles: the CAs of a trust domain.

use alloc::collections::{BTreeMap, BTreeSet, btree_map};
use alloc::vec::Vec;
use core::time::Duration;

use pki_types::CertificateDer;

use super::document;
use super::{BundleError, TrustDomain};

/// The most bytes that a document may have, a bundle or a map of bundles: 8 MiB, some thousands of
/// CAs.
pub const MAX_DOCUMENT_BYTES: usize = 8 << 20;

/// A SPIFFE bundle: the CAs that may issue X.509-SVIDs of one trust domain (SPIFFE Trust Domain and
/// Bundle §4).
///
/// A document does not say of which trust domain it is, so that has to be known where it was
/// fetched. Verify an X.509-SVID with the bundle of its own trust domain alone (§3): a CA of
/// another one could otherwise issue names of all.
/// [`Scope::of_bundle`](crate::store::Scope::of_bundle) sees to that. A store to which the anchors
/// are added one by one does not.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let json = include_bytes!("../../testdata/spiffe/bundle.json");
/// use mtls_verify::TrustStore;
/// use mtls_verify::spiffe::Bundle;
/// use mtls_verify::store::Scope;
///
/// let bundle = Bundle::from_json(&"example.org".parse()?, json)?;
/// let store = TrustStore::builder().add_scope(Scope::of_bundle(&bundle)?)?.build()?;
/// // Without a hint, look for changes every five minutes.
/// let seconds = bundle.refresh_hint().map_or(300, |hint| hint.as_secs());
/// # assert_eq!(seconds, 2_419_200);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    trust_domain: TrustDomain,
    anchors: Vec<CertificateDer<'static>>,
    sequence: Option<u64>,
    refresh_hint: Option<Duration>,
    ignored_keys: usize,
}

impl Bundle {
    /// Reads a bundle document, a JWK set.
    ///
    /// - An element of `keys` brings an anchor if its `kty` is `EC`, `RSA`, `OKP` or `AKP`, its
    ///   `use` is `x509-svid` and its `x5c` has a first value: base64 of the DER of one CA
    ///   certificate. Further values are ignored (X.509-SVID §6.2), and so are the JWK's own
    ///   parameters of the key and its `kid`.
    /// - Other elements are ignored (§4.1.3, §4.2, X.509-SVID §6.2):
    ///   [`ignored_keys`](Self::ignored_keys) counts them. Keys for JWT-SVIDs are among them.
    /// - An empty `keys` is a bundle without anchors: no SVID of the trust domain is valid any more
    ///   (§4.1.3).
    /// - `spiffe_sequence` and `spiffe_refresh_hint` are given out. Other members are ignored.
    ///
    /// # Errors
    /// Nothing is read if the document is larger than [`MAX_DOCUMENT_BYTES`], is not JSON in UTF-8
    /// without a byte order mark, is nested deeper than 128 levels, has no `keys`, or has the same
    /// member twice in itself or in an element of `keys` (RFC 7517 §4, §5), or more than 64 there.
    /// The same holds for a member of the wrong type, and for a certificate that is not a CA's, or
    /// has a SPIFFE ID that is not the trust domain's own: that would be the bundle of another one
    /// (X.509-SVID §3.2).
    pub fn from_json(trust_domain: &TrustDomain, json: &[u8]) -> Result<Self, BundleError> {
        document::read_bundle(trust_domain, json)
    }

    pub(super) fn new(
        trust_domain: TrustDomain,
        mut anchors: Vec<CertificateDer<'static>>,
        sequence: Option<u64>,
        refresh_hint: Option<u64>,
        ignored_keys: usize,
    ) -> Self {
        let is_first: Vec<bool> = {
            let mut seen = BTreeSet::new();
            let is_first = anchors.iter().map(|anchor| seen.insert(anchor.as_ref()));
            is_first.collect()
        };
        let mut is_first = is_first.into_iter();
        anchors.retain(|_| is_first.next() == Some(true));
        Self {
            trust_domain,
            anchors,
            sequence,
            refresh_hint: refresh_hint.map(Duration::from_secs),
            ignored_keys,
        }
    }

    /// The trust domain that the CAs speak for.
    pub fn trust_domain(&self) -> &TrustDomain {
        &self.trust_domain
    }

    /// The CA certificates in the order of the document, each once. None of them means that no SVID
    /// of the trust domain is valid.
    pub fn anchors(&self) -> impl ExactSizeIterator<Item = &CertificateDer<'static>> {
        self.anchors.iter()
    }

    /// The `spiffe_sequence`, which grows with each change of the bundle (§4.1.1). One that is
    /// lower than before is an older bundle.
    pub fn sequence(&self) -> Option<u64> {
        self.sequence
    }

    /// The `spiffe_refresh_hint`: how often to look for changes (§4.1.2). Without it, every five
    /// minutes (§6.1), as that is how long a revoked CA stays. It can be zero.
    pub fn refresh_hint(&self) -> Option<Duration> {
        self.refresh_hint
    }

    /// How many elements of `keys` brought no anchor: keys for other documents than X.509-SVIDs, of
    /// unknown type, without `use`, or without a certificate.
    pub fn ignored_keys(&self) -> usize {
        self.ignored_keys
    }
}

/// A SPIFFE bundle map: the bundles of several trust domains, one each (SPIFFE Trust Domain and
/// Bundle §5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleMap(BTreeMap<TrustDomain, Bundle>);

impl BundleMap {
    /// A map without bundles.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a document: `{"trust_domains": {"example.org": {"keys": […]}, …}}`, each of them as
    /// [`Bundle::from_json`] reads it. Other members beside `trust_domains` are ignored.
    ///
    /// # Errors
    /// The map is read as one: nothing is read if one of its bundles cannot be, if a trust domain
    /// is there twice (§5.1.1), or a key is not the name of one. [`MAX_DOCUMENT_BYTES`] bounds all
    /// of it.
    pub fn from_json(json: &[u8]) -> Result<Self, BundleError> {
        document::read_map(json).map(Self)
    }

    /// Adds a bundle, and returns the one that it replaces.
    pub fn insert(&mut self, bundle: Bundle) -> Option<Bundle> {
        self.0.insert(bundle.trust_domain.clone(), bundle)
    }

    /// The bundle of a trust domain.
    pub fn get(&self, trust_domain: &TrustDomain) -> Option<&Bundle> {
        self.0.get(trust_domain)
    }

    /// The bundles, ordered by their trust domains.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Bundle> {
        self.0.values()
    }

    /// How many trust domains there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a BundleMap {
    type Item = &'a Bundle;
    type IntoIter = btree_map::Values<'a, TrustDomain, Bundle>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.values()
    }
}
