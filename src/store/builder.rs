//! Building a [`TrustStore`].

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::crls::GivenCrls;
use super::intake::Intake;
use super::pinned::PinnedClients;
use super::scopes::Scopes;
use super::sets::{Kind, Sets};
use super::{InvalidScope, Scope, ScopeProblem, Source, TrustStore};
use crate::certificates::{CertificateSet, TooLarge};
use crate::error::{Input, StoreError, StoreProblem};
use crate::policy::SignatureAlgorithms;
use crate::revocation::{DenyList, StoredCrls};
use crate::spiffe::TrustDomain;

/// Collects what a [`TrustStore`] is made of. From [`TrustStore::builder`], or from
/// [`TrustStore::lenient_builder`] for one that leaves out bad input.
///
/// ```
/// use mtls_verify::TrustStore;
/// use mtls_verify::store::Source;
/// # fn main() -> Result<(), mtls_verify::StoreError> {
/// # let (corporate_ca, partner_cas) = (include_bytes!("../../testdata/example/ca.pem"), b"-----BEGIN JUNK-----\n");
/// let mut builder = TrustStore::lenient_builder();
/// builder.add_ca_pem(corporate_ca)?;
/// builder.add_ca_pem(Source::new(partner_cas).labelled("partners.pem"))?;
/// for skipped in builder.skipped() {
///     eprintln!("left out: {skipped}");
/// }
/// let store = builder.build()?;
/// # assert_eq!(store.skipped().len(), 1);
/// # Ok(())
/// # }
/// ```
///
/// # Inputs that are refused
/// An input that is an error leaves the builder with what it had: nothing of that input is loaded,
/// whatever else is in it. So a caller can report the error and go on. What is ignored then does
/// not switch checks off:
///
/// - A CRL that was refused counts as given, so that
///   [`RevocationPolicy::auto`](crate::policy::RevocationPolicy::auto) checks revocation. So does a
///   CRL among certificates: a block whose BEGIN line speaks of a CRL, or one that is a CRL by its
///   content. Its issuer, or any if that cannot be read, counts as one that published a CRL
///   ([`RevocationPolicy::where_published`](crate::policy::RevocationPolicy::where_published)).
/// - A `TRUSTED CERTIFICATE` whose OpenSSL settings allow it for no purpose, or cannot be read, is
///   rejected. The store has no equal certificate then, in whatever role and order it was given,
///   and refuses clients whose path leads over it:
///   [`DeniedBy::TrustSettings`](crate::revocation::DeniedBy::TrustSettings).
/// - What other settings allow binds equal certificates, as [below](#trust-settings-of-openssl).
///
/// Begin with a new builder to be rid of that. **The entries of refused CRLs are not loaded**: an
/// older CRL of the same issuer that was added before vouches on.
///
/// # Trust settings of OpenSSL
/// A `TRUSTED CERTIFICATE` block may say for which purposes its certificate is trusted, and for
/// which it is rejected. A purpose is allowed if it is not rejected and, where there is a list of
/// trusted purposes, among them. anyExtendedKeyUsage stands for every purpose in both.
///
/// - The settings are judged for the purposes that a policy, or the one of a scope, asks for: see
///   [`RequiredPurpose`](crate::policy::RequiredPurpose). So a store may hold CAs that are not for
///   TLS clients. The default policy refuses the clients of these.
/// - They bind all equal certificates, in whatever role and order they were given or presented.
///   Where several blocks have the same certificate, only what all of them allow is allowed.
/// - What the store has in no scope binds in all scopes, as its deny list does.
#[derive(Debug, Default)]
#[must_use = "a builder builds nothing until `build`"]
pub struct TrustStoreBuilder {
    sets: Sets,
    crls: GivenCrls,
    denied: DenyList,
    crl_signatures: SignatureAlgorithms,
    intake: Intake,
    scopes: Vec<Scope>,
    scope_names: BTreeSet<Arc<str>>,
    trust_domains: BTreeSet<TrustDomain>,
}

impl TrustStoreBuilder {
    pub(super) fn lenient() -> Self {
        Self {
            intake: Intake::lenient(),
            ..Self::default()
        }
    }

    /// Adds the CA certificates of a PEM bundle as trust anchors; see [`TrustStore::from_pem`] for
    /// what a bundle may hold.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn add_ca_pem<'a>(&mut self, pem: impl Into<Source<'a>>) -> Result<&mut Self, StoreError> {
        self.add_pem(Kind::Anchor, pem.into())
    }

    /// Adds one CA certificate as a trust anchor.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_ca_der<'a>(&mut self, der: impl Into<Source<'a>>) -> Result<&mut Self, StoreError> {
        self.add_der(Kind::Anchor, der.into())
    }

    /// Adds the CA certificates of a PEM bundle as intermediates: paths may lead over them, none
    /// may end there. Certificates of those who sign CRLs alone (keyUsage with cRLSign) belong here
    /// too.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn add_intermediates_pem<'a>(
        &mut self,
        pem: impl Into<Source<'a>>,
    ) -> Result<&mut Self, StoreError> {
        self.add_pem(Kind::Intermediate, pem.into())
    }

    /// Adds one certificate as an intermediate, as
    /// [`add_intermediates_pem`](Self::add_intermediates_pem) does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_intermediate_der<'a>(
        &mut self,
        der: impl Into<Source<'a>>,
    ) -> Result<&mut Self, StoreError> {
        self.add_der(Kind::Intermediate, der.into())
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
    pub fn pin_clients_pem<'a>(
        &mut self,
        pem: impl Into<Source<'a>>,
    ) -> Result<&mut Self, StoreError> {
        self.add_pem(Kind::PinnedClient, pem.into())
    }

    /// Pins one client certificate, as [`pin_clients_pem`](Self::pin_clients_pem) does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn pin_client_der<'a>(
        &mut self,
        der: impl Into<Source<'a>>,
    ) -> Result<&mut Self, StoreError> {
        self.add_der(Kind::PinnedClient, der.into())
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
    pub fn add_crl_pem<'a>(&mut self, pem: impl Into<Source<'a>>) -> Result<&mut Self, StoreError> {
        self.crls.add_pem(&mut self.intake, pem.into())?;
        Ok(self)
    }

    /// Adds one CRL, as [`add_crl_pem`](Self::add_crl_pem) does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_crl_der<'a>(&mut self, der: impl Into<Source<'a>>) -> Result<&mut Self, StoreError> {
        self.crls.add_der(&mut self.intake, der.into())?;
        Ok(self)
    }

    /// Adds a scope. All that is added to this builder otherwise stands in no scope, and its
    /// anchors may vouch for every name.
    ///
    /// Scopes are judged in the order in which they were added, and what stands in none comes last.
    /// A client may be accepted in several:
    /// [`VerifiedClient::scopes`](crate::VerifiedClient::scopes). A scope whose CAs have the name
    /// that a chain asks for and another key identifier is judged only if no other one accepts.
    ///
    /// A verification looks at the scopes that the names of a chain lead to, and costs the same
    /// whatever others there are. These share its [`Limits`](crate::policy::Limits): each may use
    /// three quarters of what the ones before it left. So the same CA may stand in some dozens of
    /// scopes, and not in hundreds. **Tenants who bring certificates of their own, and whose CAs
    /// have one name, can use up each other's limits**: verify each of them in its own scope
    /// ([`verify_client_chain_in`](crate::verify_client_chain_in)).
    ///
    /// # Errors
    /// A scope of a name or a trust domain that the builder has already.
    pub fn add_scope(&mut self, scope: Scope) -> Result<&mut Self, InvalidScope> {
        Scopes::check_beside(&scope, core::iter::empty())?;
        let domain = scope.trust_domain();
        if domain.is_some_and(|domain| self.trust_domains.contains(domain)) {
            return Err(InvalidScope::new(scope.name(), ScopeProblem::TrustDomain));
        }
        if !self.scope_names.insert(scope.shared_name()) {
            return Err(InvalidScope::new(scope.name(), ScopeProblem::Duplicate));
        }
        self.trust_domains.extend(scope.trust_domain().cloned());
        self.scopes.push(scope);
        Ok(self)
    }

    /// Denies certificates, besides those denied before. [`TrustStore::with_deny_list`] changes
    /// them later.
    pub fn deny(&mut self, denied: DenyList) -> &mut Self {
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
    pub fn crl_signatures(&mut self, algorithms: SignatureAlgorithms) -> &mut Self {
        self.crl_signatures = algorithms;
        self
    }

    /// What a lenient builder left out so far, and why, in the order given. Empty for a strict one.
    pub fn skipped(&self) -> &[StoreError] {
        self.intake.skipped()
    }

    /// The store of all that was added. It takes certificates, CRLs and scopes out of the builder,
    /// which has none then. What it [denies](Self::deny), what OpenSSL's trust settings reject, its
    /// [`crl_signatures`](Self::crl_signatures) and whether it is lenient stay for the next store.
    ///
    /// # Errors
    /// If there is neither a trust anchor nor a pinned client nor a scope. Where bad input was
    /// refused or skipped, the first of it is the error, or the first that OpenSSL's trust settings
    /// reject if there was good input otherwise. The builder keeps what it has then.
    pub fn build(&mut self) -> Result<TrustStore, StoreError> {
        self.check_lets_in_any()?;
        self.sets.leave_out_rejected();
        let (rejected, settings) = (self.sets.rejected.clone(), self.sets.settings.clone());
        let left = Sets {
            rejected: rejected.clone(),
            settings: settings.clone(),
            ..Sets::default()
        };
        let Sets {
            anchors,
            intermediates,
            pinned_clients,
            ..
        } = core::mem::replace(&mut self.sets, left);
        // Adding them has made sure of their size.
        let certificates = CertificateSet::new(anchors, intermediates).map_err(|TooLarge| {
            StoreError::new(Input::Intermediate, StoreProblem::StoreTooLarge)
        })?;
        let intake = self.intake.take();
        let has_stray_crl = intake.has_stray_crl();
        let GivenCrls {
            crls,
            mut left_out,
            any: has_crls,
        } = core::mem::take(&mut self.crls);
        if has_stray_crl {
            left_out.add_unread();
        }
        let crls = StoredCrls::new(crls, left_out, &certificates, &self.crl_signatures);
        let pinned_clients = PinnedClients::new(pinned_clients);
        self.scope_names.clear();
        self.trust_domains.clear();
        let scopes = match core::mem::take(&mut self.scopes) {
            none if none.is_empty() => Scopes::default(),
            scopes => Scopes::new(scopes, &certificates, &pinned_clients),
        };
        Ok(TrustStore {
            certificates: Arc::new(certificates),
            pinned_clients: Arc::new(pinned_clients),
            crls: Arc::new(crls),
            lost_crls: Arc::default(),
            has_crls,
            has_stray_crl,
            denied: Arc::new(self.denied.clone()),
            rejected: Arc::new(rejected),
            settings: Arc::new(settings),
            crl_signatures: self.crl_signatures.clone(),
            skipped: intake.into_skipped().into(),
            scopes: Arc::new(scopes),
        })
    }

    fn check_lets_in_any(&self) -> Result<(), StoreError> {
        if self.sets.lets_in_any() || !self.scopes.is_empty() {
            return Ok(());
        }
        let had_any = !self.sets.is_empty();
        let is_rejection =
            |error: &&StoreError| had_any && error.problem() == &StoreProblem::TrustSettings;
        let skipped = self.skipped();
        let first = || skipped.first().or(self.intake.first_refused());
        let cause = skipped.iter().find(is_rejection).or_else(first);
        let empty = || StoreError::new(Input::Ca, StoreProblem::Empty { hint: None });
        Err(cause.cloned().unwrap_or_else(empty))
    }

    fn add_pem(&mut self, kind: Kind, pem: Source<'_>) -> Result<&mut Self, StoreError> {
        let Self { sets, intake, .. } = self;
        let before = sets.of(kind).len();
        let added = intake.add_pem(kind.input(), pem, |encapsulated| {
            sets.add_block(kind, pem.label(), encapsulated?)
        });
        if let Err(error) = added {
            sets.of(kind).truncate(before);
            return Err(error);
        }
        Ok(self)
    }

    fn add_der(&mut self, kind: Kind, der: Source<'_>) -> Result<&mut Self, StoreError> {
        let Self { sets, intake, .. } = self;
        let label = der.label();
        intake.add_der(kind.input(), der, |number, der| {
            sets.add_certificate(kind, (label, number), der)
        })?;
        Ok(self)
    }
}
