//! What a server trusts: [`TrustStore`].

mod builder;
mod crls;
mod draft;
mod intake;
mod openssl_trust;
mod pem;
mod pinned;
mod self_signed;
mod set;

use alloc::sync::Arc;
use alloc::vec::Vec;

use pki_types::CertificateDer;

pub use builder::{OnBadInput, TrustStoreBuilder};
pub use crls::{CrlInfo, CrlSet};
pub(crate) use set::{CertificateSet, NameId};

use pinned::PinnedClients;

use crate::error::{Input, StoreError};
use crate::policy::SignatureAlgorithms;
use crate::revocation::{DeniedBy, DenyList, Lists};
use crate::x509::Certificate;

/// The largest certificate that a store takes, in bytes. Real CA certificates have at most a few thousand.
pub const MAX_CERTIFICATE_BYTES: usize = 65_536;

/// The trust anchors of a server, and what helps to find paths to them. Immutable, `Send + Sync`; clones share everything,
/// so a store can also be kept without an `Arc` around it.
///
/// Every certificate given as a CA is a trust anchor, self-signed or not: a path may end there. Intermediates are not
/// trusted by themselves; they stand in for those that clients forget to present. Pinned clients are trusted
/// exactly as they are, without a path.
///
/// ```
/// use mtls_verify::TrustStore;
/// # fn main() -> Result<(), mtls_verify::StoreError> {
/// # let ca_pem = include_bytes!("../../testdata/example/ca.pem");
/// let store = TrustStore::from_pem(ca_pem)?;
/// assert_eq!(store.anchors().len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TrustStore {
    certificates: Arc<CertificateSet>,
    pinned_clients: Arc<PinnedClients>,
    lists: Arc<Lists>,
    denied: Arc<DenyList>,
    list_signatures: SignatureAlgorithms,
    skipped: Arc<[StoreError]>,
}

impl TrustStore {
    /// A store of the CA certificates in a PEM bundle, all of them trust anchors.
    ///
    /// Text between the blocks (comments, the output of `openssl x509 -text`), blank lines, CR and CRLF, lines of any length,
    /// byte order marks and files joined without a line between them are taken as they come; of equal certificates one is kept. A line
    /// that may be a damaged boundary is an error, unless it begins with `#`, as it may hide a block: one with BEGIN or END after dashes
    /// of whatever number and kind, or as the first word before a label. Anything that is not a good CA certificate is an
    /// error, and then nothing is loaded; [`TrustStore::builder`] can be told to skip instead.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it.
    pub fn from_pem(ca_pem: &[u8]) -> Result<Self, StoreError> {
        Self::builder().add_ca_pem(ca_pem)?.build()
    }

    /// A store of nothing.
    #[cfg(fuzzing)]
    pub(crate) fn empty() -> Self {
        Self {
            certificates: Arc::default(),
            pinned_clients: Arc::default(),
            lists: Arc::default(),
            denied: Arc::default(),
            list_signatures: SignatureAlgorithms::default(),
            skipped: Arc::new([]),
        }
    }

    /// A builder, for DER input, for several inputs, for intermediates and pinned clients, and for leniency.
    pub fn builder() -> TrustStoreBuilder {
        TrustStoreBuilder::default()
    }

    /// A store with other CRLs, in the place of *all* those it has. All else is shared with this
    /// one.
    ///
    /// Verifies the signatures of the new CRLs, as [`TrustStoreBuilder::add_crl_pem`] says.
    ///
    /// What [`OnBadInput::Skip`] left out of the set is in [`skipped`](Self::skipped). Where the
    /// policy allows unknown status, a CRL that is missing lets in whom it revoked. So look there
    /// if you skip bad CRLs, and keep the store with the last good ones.
    pub fn with_crls(&self, crls: CrlSet) -> Self {
        let CrlSet { lists, intake } = crls;
        let of_certificates = self
            .skipped
            .iter()
            .filter(|skipped| skipped.input() != Input::Crl);
        let skipped: Vec<StoreError> = of_certificates.cloned().chain(intake.skipped).collect();
        Self {
            lists: Arc::new(Lists::new(lists, &self.certificates, &self.list_signatures)),
            skipped: skipped.into(),
            ..self.clone()
        }
    }

    /// A store that denies these certificates, in the place of those it denies. All else is shared with this one.
    pub fn with_deny_list(&self, denied: DenyList) -> Self {
        Self {
            denied: Arc::new(denied),
            ..self.clone()
        }
    }

    /// The revocation lists, by issuer, and of each the newest first.
    pub fn crls(&self) -> impl ExactSizeIterator<Item = CrlInfo<'_>> {
        self.lists.iter().map(CrlInfo)
    }

    /// The trust anchors, in the order given.
    pub fn anchors(&self) -> impl ExactSizeIterator<Item = CertificateDer<'_>> {
        let anchors = self.certificates.anchor_count() as usize;
        self.certificates.iter().take(anchors).map(Certificate::der)
    }

    /// The intermediates, in the order given.
    pub fn intermediates(&self) -> impl ExactSizeIterator<Item = CertificateDer<'_>> {
        let anchors = self.certificates.anchor_count() as usize;
        self.certificates.iter().skip(anchors).map(Certificate::der)
    }

    /// The pinned client certificates, in the order given.
    pub fn pinned_clients(&self) -> impl ExactSizeIterator<Item = CertificateDer<'_>> {
        self.pinned_clients.iter().map(CertificateDer::from)
    }

    /// The DER of each trust anchor's name, each name once: what a server advertises as `certificate_authorities` in its
    /// CertificateRequest (RFC 8446 §4.2.4).
    ///
    /// Servers with many hundreds of CAs should advertise none: the list goes into every handshake, and
    /// some peers fail on one of more than 16 KB.
    pub fn distinguished_names(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.anchor_subjects()
    }

    /// What [`OnBadInput::Skip`] left out, and why, in the order given. Empty for a store built strictly.
    pub fn skipped(&self) -> &[StoreError] {
        &self.skipped
    }

    pub(crate) fn certificates(&self) -> &CertificateSet {
        &self.certificates
    }

    pub(crate) fn is_pinned(&self, client: Certificate<'_>) -> bool {
        self.pinned_clients.contains(client.as_bytes())
    }

    pub(crate) fn lists(&self) -> &Lists {
        &self.lists
    }

    /// What the signatures of its lists were verified with.
    pub(crate) fn list_signatures(&self) -> &SignatureAlgorithms {
        &self.list_signatures
    }

    /// Whether there is a deny list with something on it.
    pub(crate) fn denies_any(&self) -> bool {
        !self.denied.is_empty()
    }

    /// What of the certificate is on the deny list.
    pub(crate) fn denies(&self, certificate: Certificate<'_>) -> Option<DeniedBy> {
        self.denied.denies(certificate)
    }
}
