//! Building a [`TrustStore`].

use alloc::sync::Arc;
use alloc::vec::Vec;

use pki_types::{CertificateDer, CertificateRevocationListDer};

use super::draft::{Draft, TooLarge};
use super::intake::{Intake, wrong_label};
use super::pem::Armoured;
use super::pinned::PinnedClients;
use super::set::CertificateSet;
use super::{MAX_CERTIFICATE_BYTES, TrustStore, crls, openssl_trust};
use crate::error::{Input, StoreError, StoreProblem};
use crate::policy::SignatureAlgorithms;
use crate::revocation::{DenyList, List, Lists};
use crate::x509::{Fields, ParseError};

/// Collects what a [`TrustStore`] is made of.
///
/// ```
/// use mtls_verify::{OnBadInput, TrustStore};
/// # fn main() -> Result<(), mtls_verify::StoreError> {
/// # let (corporate_ca, partner_cas) = (include_bytes!("../../testdata/example/ca.pem"), b"-----BEGIN JUNK-----\n");
/// let store = TrustStore::builder()
///     .add_ca_pem(corporate_ca)?
///     .on_bad_input(OnBadInput::Skip)
///     .add_ca_pem(partner_cas)?
///     .build()?;
/// for skipped in store.skipped() {
///     eprintln!("left out: {skipped}");
/// }
/// # assert_eq!(store.skipped().len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use = "a builder builds nothing until `build`"]
pub struct TrustStoreBuilder {
    sets: Sets,
    crls: Vec<List>,
    denied: DenyList,
    list_signatures: SignatureAlgorithms,
    intake: Intake,
}

/// What a builder does with input that is not good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBadInput {
    /// It is an error, and nothing is loaded.
    #[default]
    Fail,
    /// It is left out, and [`TrustStore::skipped`] says what and why. A store without anything good is still an error; a
    /// [`CrlSet`](super::CrlSet) may have nothing left.
    Skip,
}

impl TrustStoreBuilder {
    /// What to do with bad input from here on. Input already added stays.
    pub fn on_bad_input(mut self, on_bad_input: OnBadInput) -> Self {
        self.intake.on_bad_input = on_bad_input;
        self
    }

    /// Adds the CA certificates of a PEM bundle as trust anchors; see [`TrustStore::from_pem`] for what a bundle may hold.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn add_ca_pem(self, pem: &[u8]) -> Result<Self, StoreError> {
        self.add_pem(Kind::Anchor, pem)
    }

    /// Adds one CA certificate as a trust anchor.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_ca_der(self, der: &CertificateDer<'_>) -> Result<Self, StoreError> {
        self.add_der(Kind::Anchor, der)
    }

    /// Adds the CA certificates of a PEM bundle as intermediates: paths may lead over them, none may end there. Certificates of those who
    /// sign revocation lists alone (keyUsage with cRLSign) belong here too.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn add_intermediates_pem(self, pem: &[u8]) -> Result<Self, StoreError> {
        self.add_pem(Kind::Intermediate, pem)
    }

    /// Adds one certificate as an intermediate, as [`add_intermediates_pem`](Self::add_intermediates_pem) does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_intermediate_der(self, der: &CertificateDer<'_>) -> Result<Self, StoreError> {
        self.add_der(Kind::Intermediate, der)
    }

    /// Pins the client certificates of a PEM bundle: whoever presents exactly one of them (and holds its key, which the
    /// handshake proves) is accepted without a path.
    ///
    /// What binds a pinned client: its validity, key and key usages, critical extensions, the
    /// profile, the certificate policies that it lists, identities, and the deny list for its own
    /// certificate. What does not, as there is no path: its signature,
    /// **CRLs, even where its CA and a CRL are in the store**, denied issuers, name constraints, path length, and whether it is
    /// a CA's. Its other ECDSA encoding is not pinned. Where the pin does not hold, a path is
    /// looked for, with all that binds a path;
    /// [`VerifiedClient::trusted_by`](crate::VerifiedClient::trusted_by) tells which it was.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn pin_clients_pem(self, pem: &[u8]) -> Result<Self, StoreError> {
        self.add_pem(Kind::PinnedClient, pem)
    }

    /// Pins one client certificate, as [`pin_clients_pem`](Self::pin_clients_pem) does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn pin_client_der(self, der: &CertificateDer<'_>) -> Result<Self, StoreError> {
        self.add_der(Kind::PinnedClient, der)
    }

    /// Adds the CRLs of a PEM bundle, blocks labelled `X509 CRL` (RFC 7468 §6). They are checked
    /// only if the policy enables revocation: [`RevocationPolicy`](crate::RevocationPolicy).
    /// [`TrustStore::with_crls`] renews them.
    ///
    /// Put the signers of CRLs into the store. The signatures are then verified as the store is
    /// built, at no client's cost. Where the signer has a path to a trust anchor of the store, the
    /// DER of the CRL is let go of: an entry with a serial number of 20 octets then takes 23.5
    /// bytes.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block. A wrong signature
    /// is no error, as only clients may present the signer. Until a CRL is known to be authentic it
    /// vouches for nobody, **and it refuses the certificates that it names**:
    /// [`CrlInfo::is_signed_by_store`](crate::CrlInfo::is_signed_by_store).
    pub fn add_crl_pem(mut self, pem: &[u8]) -> Result<Self, StoreError> {
        crls::add_pem(&mut self.intake, &mut self.crls, pem)?;
        Ok(self)
    }

    /// Adds one CRL, as [`add_crl_pem`](Self::add_crl_pem) does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_crl_der(
        mut self,
        der: &CertificateRevocationListDer<'_>,
    ) -> Result<Self, StoreError> {
        crls::add_der(&mut self.intake, &mut self.crls, der)?;
        Ok(self)
    }

    /// Denies certificates, besides those denied before. [`TrustStore::with_deny_list`] changes them later.
    pub fn deny(mut self, denied: DenyList) -> Self {
        self.denied.append(denied);
        self
    }

    /// Verifies the signatures of CRLs, and those of their signers' certificates, with these
    /// algorithms while loading. Default: those of [`crypto`](crate::crypto), as in a
    /// [`ClientPolicy`](crate::ClientPolicy).
    ///
    /// A CRL that was verified while loading vouches and revokes only under a policy with the very
    /// same algorithm, the same object of [`SignatureAlgorithms`]. A policy with algorithms of its
    /// own needs a store with them:
    /// [`ListFault::OtherAlgorithm`](crate::ListFault::OtherAlgorithm).
    pub fn list_signatures(mut self, algorithms: SignatureAlgorithms) -> Self {
        self.list_signatures = algorithms;
        self
    }

    /// The store of all that was added.
    ///
    /// # Errors
    /// If there is neither a trust anchor nor a pinned client; where bad input was skipped, the first of it is the error.
    pub fn build(self) -> Result<TrustStore, StoreError> {
        let Sets {
            anchors,
            intermediates,
            pinned_clients,
        } = self.sets;
        let skipped = self.intake.skipped;
        if anchors.is_empty() && pinned_clients.is_empty() {
            let empty = || StoreError::new(Input::Ca, StoreProblem::Empty { hint: None });
            return Err(skipped.into_iter().next().unwrap_or_else(empty));
        }
        let certificates = CertificateSet::new(anchors, intermediates).map_err(|TooLarge| {
            StoreError::new(Input::Intermediate, StoreProblem::StoreTooLarge)
        })?;
        let lists = Lists::new(self.crls, &certificates, &self.list_signatures);
        Ok(TrustStore {
            certificates: Arc::new(certificates),
            pinned_clients: Arc::new(PinnedClients::new(pinned_clients)),
            lists: Arc::new(lists),
            denied: Arc::new(self.denied),
            list_signatures: self.list_signatures,
            skipped: skipped.into(),
        })
    }

    fn add_pem(mut self, kind: Kind, pem: &[u8]) -> Result<Self, StoreError> {
        let Self { sets, intake, .. } = &mut self;
        intake.add_pem(kind.input(), pem, |armoured| sets.add_block(kind, armoured))?;
        Ok(self)
    }

    fn add_der(mut self, kind: Kind, der: &[u8]) -> Result<Self, StoreError> {
        let outcome = self.sets.add_certificate(kind, der);
        self.intake.add_der(kind.input(), outcome)?;
        Ok(self)
    }
}

/// What a certificate is to be.
#[derive(Clone, Copy)]
enum Kind {
    Anchor,
    Intermediate,
    PinnedClient,
}

impl Kind {
    fn input(self) -> Input {
        match self {
            Self::Anchor => Input::Ca,
            Self::Intermediate => Input::Intermediate,
            Self::PinnedClient => Input::PinnedClient,
        }
    }
}

/// Certificates, by what they are to be.
#[derive(Debug, Default)]
struct Sets {
    anchors: Draft,
    intermediates: Draft,
    pinned_clients: Draft,
}

impl Sets {
    fn add_block(&mut self, kind: Kind, armoured: &Armoured<'_>) -> Result<(), StoreProblem> {
        match armoured.label {
            // RFC 7468 §5.1: parsers may take the second label as the first.
            "CERTIFICATE" | "X509 CERTIFICATE" => self.add_certificate(kind, &armoured.decode()?),
            "TRUSTED CERTIFICATE" => {
                let der = armoured.decode()?;
                let trusted = openssl_trust::split(&der).map_err(|problem| {
                    StoreProblem::Malformed(ParseError::new("trusted certificate", problem))
                })?;
                if !trusted.for_clients {
                    return Err(StoreProblem::TrustSettings);
                }
                self.add_certificate(kind, trusted.certificate)
            }
            label => Err(wrong_label(label)),
        }
    }

    fn add_certificate(&mut self, kind: Kind, der: &[u8]) -> Result<(), StoreProblem> {
        if der.len() > MAX_CERTIFICATE_BYTES {
            return Err(StoreProblem::TooLarge {
                bytes: der.len(),
                limit: MAX_CERTIFICATE_BYTES,
            });
        }
        let fields = Fields::parse(der).map_err(StoreProblem::Malformed)?;
        let certificate = fields.view(der);
        let set = match kind {
            Kind::Anchor => {
                certificate
                    .check_is_anchor_ca()
                    .map_err(StoreProblem::NotACa)?;
                &mut self.anchors
            }
            Kind::Intermediate => {
                certificate
                    .check_is_ca_or_list_issuer()
                    .map_err(StoreProblem::NotACa)?;
                &mut self.intermediates
            }
            Kind::PinnedClient => &mut self.pinned_clients,
        };
        set.push(der, fields)
            .map_err(|TooLarge| StoreProblem::StoreTooLarge)
    }
}
