//! Building a [`TrustStore`].

use alloc::sync::Arc;
use alloc::vec::Vec;

use pki_types::{CertificateDer, CertificateRevocationListDer};

use super::crls::GivenCrls;
use super::intake::{Intake, wrong_label};
use super::openssl_trust::{self, Settings};
use super::pem::Armoured;
use super::pinned::PinnedClients;
use super::{MAX_CERTIFICATE_BYTES, TrustStore};
use crate::certificates::{CertificateSet, Draft, TooLarge};
use crate::error::{Input, StoreError, StoreProblem};
use crate::policy::SignatureAlgorithms;
use crate::revocation::{DenyList, StoredCrls};
use crate::x509::{Fields, ParseError, has_crl, only_element, tag};

/// Collects what a [`TrustStore`] is made of.
///
/// ```
/// use mtls_verify::TrustStore;
/// use mtls_verify::store::OnBadInput;
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
    crls: GivenCrls,
    denied: DenyList,
    crl_signatures: SignatureAlgorithms,
    intake: Intake,
}

/// What a builder does with input that is not good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBadInput {
    /// It is an error, and nothing is loaded.
    #[default]
    Fail,
    /// It is left out, and [`TrustStore::skipped`] says what and why. A store without anything good
    /// is still an error; a [`CrlSet`](super::CrlSet) may have nothing left.
    ///
    /// A `TRUSTED CERTIFICATE` whose OpenSSL settings do not allow it for TLS clients, or cannot be
    /// read, is rejected. The store has no equal certificate then, in whatever role and order it
    /// was given, and refuses clients whose path leads over it:
    /// [`DeniedBy::TrustSettings`](crate::revocation::DeniedBy::TrustSettings).
    ///
    /// A CRL that is skipped counts as given, so that
    /// [`RevocationPolicy::auto`](crate::policy::RevocationPolicy::auto) checks revocation. So does
    /// a CRL among certificates: a block whose BEGIN line speaks of a CRL, or one that is a CRL by
    /// its content.
    Skip,
}

impl TrustStoreBuilder {
    /// What to do with bad input from here on. Input already added stays.
    pub fn on_bad_input(mut self, on_bad_input: OnBadInput) -> Self {
        self.intake.on_bad_input = on_bad_input;
        self
    }

    /// Adds the CA certificates of a PEM bundle as trust anchors; see [`TrustStore::from_pem`] for
    /// what a bundle may hold.
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

    /// Adds the CA certificates of a PEM bundle as intermediates: paths may lead over them, none
    /// may end there. Certificates of those who sign CRLs alone (keyUsage with cRLSign) belong here
    /// too.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn add_intermediates_pem(self, pem: &[u8]) -> Result<Self, StoreError> {
        self.add_pem(Kind::Intermediate, pem)
    }

    /// Adds one certificate as an intermediate, as
    /// [`add_intermediates_pem`](Self::add_intermediates_pem) does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_intermediate_der(self, der: &CertificateDer<'_>) -> Result<Self, StoreError> {
        self.add_der(Kind::Intermediate, der)
    }

    /// Pins the client certificates of a PEM bundle: a client that presents exactly one of them
    /// (and holds its key, which the handshake proves) is accepted without a path.
    ///
    /// What binds a pinned client: its validity, key and key usages, critical extensions, the
    /// profile, the certificate policies that it lists, identities, and the deny list for its own
    /// certificate. What does not, as there is no path: its signature (but for whether it is
    /// self-signed, which [`Profile::Rfc5280`](crate::policy::Profile::Rfc5280) can ask), **CRLs,
    /// even where its CA and a CRL are in the store**, denied issuers, name constraints, path
    /// length, and whether it is a CA's. Its other ECDSA encoding is not pinned. Where the pin does
    /// not hold, a path is looked for, with all that binds a path;
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

    /// Adds the CRLs of a PEM bundle, blocks labelled `X509 CRL` (RFC 7468 §6). **Under the
    /// default policy every certificate of a path but its anchor then needs a CRL that vouches for
    /// it**, also one by another CA of the store:
    /// [`RevocationPolicy`](crate::policy::RevocationPolicy) has the choices.
    /// [`TrustStore::with_crls`] renews them.
    ///
    /// Put the signers of CRLs into the store. The signatures are then verified as the store is
    /// built. Where the signer has a path to a trust anchor of the store, and no more than 64
    /// certificates there have its name, that is at no client's cost, and the DER of the CRL is let
    /// go of: an entry with a serial number of 20 octets then takes 23.5 bytes.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block. A wrong signature
    /// is no error, as only clients may present the signer. Until a CRL is known to be authentic it
    /// vouches for nobody, **and it refuses the certificates that it names**:
    /// [`CrlInfo::is_signed_by_store`](crate::store::CrlInfo::is_signed_by_store).
    pub fn add_crl_pem(mut self, pem: &[u8]) -> Result<Self, StoreError> {
        self.crls.add_pem(&mut self.intake, pem)?;
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
        self.crls.add_der(&mut self.intake, der)?;
        Ok(self)
    }

    /// Denies certificates, besides those denied before. [`TrustStore::with_deny_list`] changes
    /// them later.
    pub fn deny(mut self, denied: DenyList) -> Self {
        self.denied.append(denied);
        self
    }

    /// Verifies the signatures of CRLs, and those of their signers' certificates in the store, with
    /// these algorithms while loading. Default:
    /// [`crypto::DEFAULT_ALGORITHMS`](crate::crypto::DEFAULT_ALGORITHMS), as in a
    /// [`ClientPolicy`](crate::ClientPolicy).
    ///
    /// **What these find out about a CRL holds under every policy that has an algorithm with the
    /// same identifiers (signature and key), whatever object it is.** A policy with a stricter
    /// object, or one that refuses everything, still takes such a CRL as authentic. The path of a
    /// client is always verified with the policy's own algorithms.
    ///
    /// - If the policy has no algorithm with these identifiers, the CRL is of no use
    ///   ([`CrlFault::Algorithm`](crate::error::CrlFault::Algorithm)).
    /// - If no certificate of the store with a path to an anchor signed the CRL by these
    ///   algorithms, the policy's own verify it when a client needs it, at that client's cost.
    ///
    /// A policy may have other objects, such as those of a `rustls` provider. Give both the same
    /// [`SignatureAlgorithms`] to spare work: only then does the path of a client not cost a
    /// signature for each CA that the store has verified.
    pub fn crl_signatures(mut self, algorithms: SignatureAlgorithms) -> Self {
        self.crl_signatures = algorithms;
        self
    }

    /// The store of all that was added.
    ///
    /// # Errors
    /// If there is neither a trust anchor nor a pinned client; where bad input was skipped, the
    /// first of it is the error, or the first that OpenSSL's trust settings reject if there was
    /// good input otherwise. If all certificates together take more than 4 GiB.
    pub fn build(self) -> Result<TrustStore, StoreError> {
        let mut sets = self.sets;
        let skipped = self.intake.skipped;
        let had_any = !sets.is_empty();
        sets.leave_out_rejected();
        if sets.is_empty() {
            let is_rejection =
                |error: &&StoreError| had_any && error.problem() == &StoreProblem::TrustSettings;
            let cause = skipped.iter().find(is_rejection).or(skipped.first());
            let empty = || StoreError::new(Input::Ca, StoreProblem::Empty { hint: None });
            return Err(cause.cloned().unwrap_or_else(empty));
        }
        let Sets {
            anchors,
            intermediates,
            pinned_clients,
            rejected,
        } = sets;
        let certificates = CertificateSet::new(anchors, intermediates).map_err(|TooLarge| {
            StoreError::new(Input::Intermediate, StoreProblem::StoreTooLarge)
        })?;
        let has_stray_crl = self.intake.has_stray_crl;
        let GivenCrls {
            crls,
            mut left_out,
            any: has_crls,
        } = self.crls;
        if has_stray_crl {
            left_out.add_unread();
        }
        let crls = StoredCrls::new(crls, left_out, &certificates, &self.crl_signatures);
        Ok(TrustStore {
            certificates: Arc::new(certificates),
            pinned_clients: Arc::new(PinnedClients::new(pinned_clients)),
            crls: Arc::new(crls),
            has_crls,
            has_stray_crl,
            denied: Arc::new(self.denied),
            rejected: Arc::new(rejected),
            crl_signatures: self.crl_signatures,
            skipped: skipped.into(),
        })
    }

    fn add_pem(mut self, kind: Kind, pem: &[u8]) -> Result<Self, StoreError> {
        let Self { sets, intake, .. } = &mut self;
        let mut is_crl = false;
        intake.add_pem(kind.input(), pem, |armoured| {
            let outcome = sets.add_block(kind, armoured);
            is_crl |= outcome.is_err() && armoured.decode().is_ok_and(|der: Vec<u8>| has_crl(&der));
            outcome
        })?;
        intake.has_stray_crl |= is_crl;
        Ok(self)
    }

    fn add_der(mut self, kind: Kind, der: &[u8]) -> Result<Self, StoreError> {
        let outcome = self.sets.add_certificate(kind, der);
        self.intake.has_stray_crl |= outcome.is_err() && has_crl(der);
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
    /// Those that OpenSSL's trust settings reject, by what was signed.
    rejected: DenyList,
}

impl Sets {
    /// Whether there is nothing that could let in a client.
    fn is_empty(&self) -> bool {
        self.anchors.is_empty() && self.pinned_clients.is_empty()
    }

    /// A rejection wins, whatever the order in which equal certificates were given.
    fn leave_out_rejected(&mut self) {
        if self.rejected.is_empty() {
            return;
        }
        let rejected = &self.rejected;
        for set in [
            &mut self.anchors,
            &mut self.intermediates,
            &mut self.pinned_clients,
        ] {
            set.retain(|certificate| rejected.denies(certificate).is_none());
        }
    }

    fn add_block(&mut self, kind: Kind, armoured: &Armoured<'_>) -> Result<(), StoreProblem> {
        match armoured.label {
            // RFC 7468 §5.1: parsers may take the second label as the first.
            "CERTIFICATE" | "X509 CERTIFICATE" => self.add_certificate(kind, &armoured.decode()?),
            "TRUSTED CERTIFICATE" => {
                let der = armoured.decode()?;
                let malformed =
                    |part, problem| StoreProblem::Malformed(ParseError::new(part, problem));
                let trusted = openssl_trust::split(&der)
                    .map_err(|problem| malformed("trusted certificate", problem))?;
                match trusted.settings {
                    Ok(Settings::Allow) => self.add_certificate(kind, trusted.certificate),
                    Ok(Settings::Reject) => {
                        self.reject(trusted.certificate)?;
                        Err(StoreProblem::TrustSettings)
                    }
                    // They may be a rejection.
                    Err(problem) => {
                        self.reject(trusted.certificate)?;
                        Err(malformed("trust settings", problem))
                    }
                }
            }
            label => Err(wrong_label(label)),
        }
    }

    fn reject(&mut self, der: &[u8]) -> Result<(), StoreProblem> {
        // Equal certificates are those with the same signed bytes, so nothing else is looked at.
        let malformed = |problem| StoreProblem::Malformed(ParseError::new("certificate", problem));
        let mut certificate = only_element(der, tag::SEQUENCE)
            .map_err(malformed)?
            .reader();
        let signed = certificate.expect(tag::SEQUENCE).map_err(malformed)?;
        self.rejected.add_signed(signed.whole);
        Ok(())
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
                    .check_is_ca_or_crl_issuer()
                    .map_err(StoreProblem::NotACa)?;
                &mut self.intermediates
            }
            Kind::PinnedClient => &mut self.pinned_clients,
        };
        set.push(der, fields)
            .map_err(|TooLarge| StoreProblem::StoreTooLarge)
    }
}
