//! What a server trusts: [`TrustStore`].

mod builder;
mod crls;
mod info;
mod intake;
mod openssl_trust;
mod pem;
mod pinned;
mod scope;
mod scopes;
mod sets;
mod source;
mod subtree;
mod trust_settings;

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

pub use crate::certificates::Origin;
pub use builder::TrustStoreBuilder;
pub use crls::{CrlInfo, CrlSet};
pub use info::CertificateInfo;
#[cfg(feature = "spiffe")]
pub use scope::InvalidBundle;
pub use scope::{InvalidScope, Scope, ScopeProblem};
pub use source::Source;
pub use subtree::{InvalidSubtree, Subtree};

use crls::GivenCrls;
use pinned::PinnedClients;
use scopes::Scopes;
use trust_settings::TrustSettings;

pub(crate) use scopes::{Place, Standing};
pub(crate) use trust_settings::Allowed;

use crate::certificates::CertificateSet;
use crate::error::{Input, StoreError};
use crate::policy::{Checked, ClientPolicy, KeyPurposes, SignatureAlgorithms};
use crate::revocation::{DeniedBy, DenyList, LeftOut, StoredCrls};
use crate::x509::Certificate;
#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
use crate::x509::name_key;

/// The largest certificate that a store takes, in bytes. Real CA certificates have at most a few
/// thousand.
pub const MAX_CERTIFICATE_BYTES: usize = 65_536;

/// The trust anchors of a server, and what helps to find paths to them. Immutable, `Send + Sync`;
/// clones share everything, so a store can also be kept without an `Arc` around it.
///
/// Every certificate given as a CA is a trust anchor, self-signed or not: a path may end there.
/// Intermediates are not trusted by themselves; they stand in for those that clients forget to
/// present. Pinned clients are trusted exactly as they are, without a path.
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
    crls: Arc<StoredCrls>,
    /// Issuers of CRLs that a store had which this one takes the place of.
    lost_crls: Arc<LeftOut>,
    /// Whether anything was given as a CRL, now or before.
    has_crls: bool,
    /// Whether a CRL was refused or skipped where certificates belong.
    has_stray_crl: bool,
    denied: Arc<DenyList>,
    /// What OpenSSL's trust settings reject for every purpose. Apart from `denied`, which can be
    /// replaced.
    rejected: Arc<DenyList>,
    /// What OpenSSL's trust settings allow other certificates for.
    settings: Arc<TrustSettings>,
    crl_signatures: SignatureAlgorithms,
    skipped: Arc<[StoreError]>,
    /// All else here stands in none of them.
    scopes: Arc<Scopes>,
}

/// Which CRLs stores have.
#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
#[derive(Clone, Copy, Default)]
pub(crate) struct CrlsSeen {
    /// One was given CRLs, even if all of them were left out.
    given: bool,
    /// One has CRLs.
    some: bool,
}

#[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
impl CrlsSeen {
    /// What one or the other has.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            given: self.given || other.given,
            some: self.some || other.some,
        }
    }

    /// Whether there are no CRLs where there were some before, or none was given where one was.
    pub(crate) fn lacks(self, before: Self) -> bool {
        before.given && !self.given || before.some && !self.some
    }
}

impl TrustStore {
    /// A store of the CA certificates in a PEM bundle, all of them trust anchors.
    ///
    /// Text between the blocks (comments, the output of `openssl x509 -text`), blank lines, CR and
    /// CRLF, lines of any length, byte order marks and files joined without a line between them are
    /// taken as they come; of equal certificates one is kept. A line that may be a damaged boundary
    /// is an error, unless it begins with `#`, as it may hide a block: one with BEGIN or END after
    /// dashes that begin the line or are three at least, between a dash and a label that a dash
    /// follows, or as the first word before a label in upper case or with dashes after it. So is
    /// base64 outside of every block that may be a certificate or CRL: lines of one width, the last
    /// one shorter or not, that have 40 characters and begin with `MI` (or with `LS0t`, which is
    /// PEM in base64), or 96 characters in lines of 32 and more that are not hexadecimal. Anything
    /// that is not a good CA certificate is an error, and then nothing is loaded;
    /// [`TrustStore::lenient_builder`] skips it instead.
    ///
    /// A `TRUSTED CERTIFICATE` is taken if its OpenSSL settings allow it for any purpose. They are
    /// judged for those that a policy asks for:
    /// [`TrustStoreBuilder`](TrustStoreBuilder#trust-settings-of-openssl).
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it.
    pub fn from_pem<'a>(ca_pem: impl Into<Source<'a>>) -> Result<Self, StoreError> {
        Self::builder().add_ca_pem(ca_pem)?.build()
    }

    /// A store of nothing.
    #[cfg(any(fuzzing, feature = "spiffe"))]
    pub(crate) fn empty() -> Self {
        Self {
            certificates: Arc::default(),
            pinned_clients: Arc::default(),
            crls: Arc::default(),
            lost_crls: Arc::default(),
            has_crls: false,
            has_stray_crl: false,
            denied: Arc::default(),
            rejected: Arc::default(),
            settings: Arc::default(),
            crl_signatures: SignatureAlgorithms::default(),
            skipped: Arc::new([]),
            scopes: Arc::default(),
        }
    }

    /// A builder, for DER input, for several inputs, and for intermediates and pinned clients.
    /// Input that is not good is an error.
    pub fn builder() -> TrustStoreBuilder {
        TrustStoreBuilder::default()
    }

    /// A builder that leaves out input that is not good. No input is an error, and
    /// [`skipped`](Self::skipped) says what is left out and why. A store without anything good is
    /// still an error. What is left out [speaks against
    /// clients](TrustStoreBuilder#inputs-that-are-refused) all the same.
    pub fn lenient_builder() -> TrustStoreBuilder {
        TrustStoreBuilder::lenient()
    }

    /// A store with other CRLs, in the place of *all* those it has outside of scopes. All else is
    /// shared with this one. The CRLs of a scope are its own:
    ///
    /// ```
    /// use mtls_verify::{CrlSet, TrustStore};
    ///
    /// fn renew(
    ///     store: &TrustStore,
    ///     scope: &str,
    ///     crl_pem: &[u8],
    /// ) -> Result<TrustStore, Box<dyn std::error::Error>> {
    ///     let scope = store.scope(scope).ok_or("no such scope")?.clone();
    ///     let renewed = scope.store().with_crls(CrlSet::from_pem(crl_pem)?);
    ///     Ok(store.with_scope(scope.with_store(renewed)?)?)
    /// }
    /// ```
    ///
    /// Verifies the signatures of the new CRLs, as [`TrustStoreBuilder::add_crl_pem`] says.
    ///
    /// What a [`lenient`](CrlSet::lenient) set left out is in [`skipped`](Self::skipped). Look
    /// there if you skip bad CRLs, and keep the store with the last good ones.
    ///
    /// CRLs that are missing from the set switch nothing off. A store that was given CRLs counts as
    /// one that has some, and [`RevocationPolicy::auto`](crate::policy::RevocationPolicy::auto)
    /// refuses its clients.
    /// [`RevocationPolicy::where_published`](crate::policy::RevocationPolicy::where_published)
    /// refuses those of every issuer that once had a CRL. Under
    /// [`UnknownStatus::Allow`](crate::policy::UnknownStatus::Allow), a CRL that is missing lets in
    /// the clients that it revoked.
    #[must_use = "it leaves the store as it is and returns a changed one"]
    pub fn with_crls(&self, crls: CrlSet) -> Self {
        let CrlSet { given, intake } = crls;
        let GivenCrls {
            crls,
            mut left_out,
            any,
        } = given;
        // Those that this store has are gone, whichever they are.
        if self.has_stray_crl || self.has_crls && !any {
            left_out.add_unread();
        }
        // An issuer that had a CRL does not become one that never published any.
        left_out.add_issuers_of(self.crls.left_out());
        for issuer in self.crls.issuers() {
            left_out.add(issuer);
        }
        let of_certificates = self
            .skipped
            .iter()
            .filter(|skipped| skipped.input() != Input::Crl);
        let skipped: Vec<StoreError> = of_certificates
            .cloned()
            .chain(intake.into_skipped())
            .collect();
        Self {
            crls: Arc::new(StoredCrls::new(
                crls,
                left_out,
                &self.certificates,
                &self.crl_signatures,
            )),
            has_crls: self.has_crls || any,
            skipped: skipped.into(),
            ..self.clone()
        }
    }

    /// Takes note of the CRLs of a store that this one takes the place of, as
    /// [`with_crls`](Self::with_crls) does.
    fn remember_crls_of(&mut self, older: &Self) {
        let mut lost = LeftOut::default();
        for before in [&*self.lost_crls, &*older.lost_crls, older.crls.left_out()] {
            lost.add_issuers_of(before);
        }
        for issuer in older.crls.issuers() {
            lost.add(issuer);
        }
        self.lost_crls = Arc::new(lost);
        self.has_crls |= older.has_crls;
        self.has_stray_crl |= older.has_stray_crl;
    }

    /// Issuers of CRLs that are not here: those that were left out, and those that were lost.
    pub(crate) fn absent_crls(&self) -> [&LeftOut; 2] {
        [self.crls.left_out(), &self.lost_crls]
    }

    /// A store that denies these certificates, in all scopes, in the place of those of another deny
    /// list. All else is shared with this one: what
    /// [trust settings](crate::revocation::DeniedBy::TrustSettings) reject, and the deny lists of
    /// scopes.
    #[must_use = "it leaves the store as it is and returns a changed one"]
    pub fn with_deny_list(&self, denied: DenyList) -> Self {
        Self {
            denied: Arc::new(denied),
            ..self.clone()
        }
    }

    /// A store with another scope in the place of the one of its name, or with one more. All else
    /// is shared with this one. Takes time for each certificate of the store. If the scope before
    /// was given CRLs, the new one counts as one that was.
    ///
    /// No scope is taken out in this way: for that, build the store anew. To refuse all clients of
    /// one, give it a policy with
    /// [`AcceptedIdentities::Nobody`](crate::policy::AcceptedIdentities::Nobody).
    ///
    /// # Errors
    /// A scope of a trust domain that a scope of another name has; one of another trust domain than
    /// the scope of its name, or of one where that has none.
    #[must_use = "it leaves the store as it is and returns a changed one"]
    pub fn with_scope(&self, scope: Scope) -> Result<Self, InvalidScope> {
        let name = scope.shared_name();
        let others = self.scopes().filter(|other| *other.name() != *name);
        Scopes::check_beside(&scope, others)?;
        let before = self.scope(&name);
        if before.is_some_and(|before| before.trust_domain() != scope.trust_domain()) {
            return Err(InvalidScope::new(&name, ScopeProblem::TrustDomain));
        }
        let mut scopes: Vec<Scope> = self.scopes().cloned().collect();
        match scopes.iter_mut().find(|other| *other.name() == *name) {
            Some(other) => *other = scope.renewing(other),
            None => scopes.push(scope),
        }
        let scopes = Scopes::new(scopes, &self.certificates, &self.pinned_clients);
        Ok(Self {
            scopes: Arc::new(scopes),
            ..self.clone()
        })
    }

    /// The scopes, in the order given.
    pub fn scopes(&self) -> impl ExactSizeIterator<Item = &Scope> {
        self.scopes.iter()
    }

    /// The scope of a name.
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes.find(name)
    }

    /// The CRLs that stand in no [`Scope`], equal ones once: by issuer and what they cover, and of
    /// each the newest first.
    pub fn crls(&self) -> impl ExactSizeIterator<Item = CrlInfo<'_>> {
        self.crls.iter().map(CrlInfo)
    }

    /// The trust anchors that stand in no scope, in the order given.
    pub fn anchors(&self) -> impl ExactSizeIterator<Item = CertificateInfo<'_>> {
        let anchors = self.certificates.anchor_count() as usize;
        let certificates = self.certificates.with_origins();
        certificates.take(anchors).map(CertificateInfo::new)
    }

    /// The intermediates that stand in no scope, in the order given.
    pub fn intermediates(&self) -> impl ExactSizeIterator<Item = CertificateInfo<'_>> {
        let anchors = self.certificates.anchor_count() as usize;
        let certificates = self.certificates.with_origins();
        certificates.skip(anchors).map(CertificateInfo::new)
    }

    /// The pinned client certificates that stand in no scope, in the order given.
    pub fn pinned_clients(&self) -> impl ExactSizeIterator<Item = CertificateInfo<'_>> {
        let pinned = self.pinned_clients.with_origins();
        pinned.map(CertificateInfo::new)
    }

    /// The DER of each trust anchor's name, each name once, those in scopes included: what a server
    /// advertises as `certificate_authorities` in its CertificateRequest (RFC 8446 §4.2.4).
    ///
    /// Servers with many hundreds of CAs should advertise none: the list goes into every handshake,
    /// and some peers fail on one of more than 16 KB.
    pub fn distinguished_names(&self) -> impl Iterator<Item = &[u8]> {
        let unscoped = self.certificates.anchor_subjects();
        let mut seen = BTreeSet::new();
        let in_scopes = self.scopes().flat_map(|scope| {
            let certificates = &scope.store().certificates;
            certificates.anchor_subjects()
        });
        let has_scopes = !self.scopes.is_empty();
        unscoped
            .chain(in_scopes)
            .filter(move |name| !has_scopes || seen.insert(*name))
    }

    /// What a [lenient builder](Self::lenient_builder) or a [lenient set](CrlSet::lenient) of CRLs
    /// left out, and why, in the order given. Empty for a store built strictly. The store of a
    /// scope has its own.
    pub fn skipped(&self) -> &[StoreError] {
        &self.skipped
    }

    pub(crate) fn scope_index(&self) -> &Scopes {
        &self.scopes
    }

    pub(crate) fn certificates(&self) -> &CertificateSet {
        &self.certificates
    }

    pub(crate) fn is_pinned(&self, client: Certificate<'_>) -> bool {
        self.pinned_clients.contains(client.as_bytes())
    }

    pub(crate) fn stored_crls(&self) -> &StoredCrls {
        &self.crls
    }

    /// Which certificates of a path a policy checks for revocation by the CRLs of this store.
    pub(crate) fn checked_under(&self, policy: &ClientPolicy) -> Checked {
        policy
            .revocation
            .checked(self.has_crls || self.has_stray_crl)
    }

    /// Which CRLs it has.
    #[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
    pub(crate) fn crls_seen(&self) -> CrlsSeen {
        CrlsSeen {
            given: self.has_crls,
            some: self.crls().len() > 0,
        }
    }

    /// Whether it has a CRL of an issuer with this name, or one was left out that may be.
    #[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
    pub(crate) fn knows_crl_of(&self, issuer: &[u8]) -> bool {
        let free = |_| Ok::<_, core::convert::Infallible>(());
        let is_absent = |left_out: &LeftOut| {
            let Ok(may_be) = left_out.may_be_by(issuer, free);
            may_be
        };
        self.absent_crls().into_iter().any(is_absent)
            || self.crls.of_issuer(issuer).next().is_some()
    }

    /// The DER of the name of each issuer of its CRLs.
    #[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
    pub(crate) fn crl_issuers(&self) -> impl Iterator<Item = Vec<u8>> {
        self.crls.issuers().map(<[u8]>::to_vec)
    }

    /// Whether an anchor or intermediate has this name.
    #[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
    pub(crate) fn has_ca(&self, name: &[u8]) -> bool {
        let name = self.certificates.find(name, name_key(name));
        name.is_some_and(|name| !self.certificates.with_subject(name).is_empty())
    }

    /// What the signatures of its CRLs were verified with.
    pub(crate) fn crl_signatures(&self) -> &SignatureAlgorithms {
        &self.crl_signatures
    }

    /// Whether it denies any certificate.
    pub(crate) fn denies_any(&self) -> bool {
        !self.denied.is_empty() || !self.rejected.is_empty() || self.has_settings()
    }

    /// What denies the certificate: the deny list, or trust settings that allow none of these
    /// purposes.
    pub(crate) fn denies(
        &self,
        certificate: Certificate<'_>,
        purposes: &KeyPurposes,
    ) -> Option<DeniedBy> {
        let by_settings = || {
            let settings = self.settings_of(certificate);
            self.rejected.denies(certificate).is_some()
                || settings.is_some_and(|allowed| !allowed.allows_any_of(purposes))
        };
        self.denied
            .denies(certificate)
            .or_else(|| by_settings().then_some(DeniedBy::TrustSettings))
    }

    /// Whether trust settings allow any certificate for some purposes alone.
    pub(crate) fn has_settings(&self) -> bool {
        !self.settings.is_empty()
    }

    /// What trust settings allow the certificate for, if it has any.
    pub(crate) fn settings_of(&self, certificate: Certificate<'_>) -> Option<&Allowed> {
        self.settings.of(certificate)
    }

    /// The stores whose deny lists and trust settings bind in a verification by this one.
    pub(crate) fn denying<'a>(
        &'a self,
        place: Option<Place<'a>>,
    ) -> impl Iterator<Item = &'a Self> {
        let alone = place.is_none().then_some(self);
        alone
            .into_iter()
            .chain(place.into_iter().flat_map(Place::denying))
    }
}
