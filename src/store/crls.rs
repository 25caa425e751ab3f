//! CRLs on their way into a store, and how a store shows those that it has.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use pki_types::UnixTime;

use super::Source;
use super::intake::{Intake, wrong_label};
use super::openssl_trust;
use super::pem::Encapsulated;
use crate::error::{Input, StoreError, StoreProblem};
use crate::revocation::{LeftOut, StoredCrl};
use crate::x509::{CrlError, DisplayName, Fields, Time, issuer_of_crl};

/// Certificate CRLs (RFC 5280 §5) for [`TrustStore::with_crls`](crate::TrustStore::with_crls): a
/// store's CRLs change far more often than its CAs.
///
/// ```
/// use mtls_verify::{CrlSet, TrustStore};
/// # fn main() -> Result<(), mtls_verify::StoreError> {
/// # let ca_pem = include_bytes!("../../testdata/example/ca.pem");
/// # let crl_pem = include_bytes!("../../testdata/example/crl.pem");
/// let store = TrustStore::from_pem(ca_pem)?;
/// // And again for each new set. Open connections keep the store that they began with.
/// let store = store.with_crls(CrlSet::from_pem(crl_pem)?);
/// for crl in store.crls() {
///     println!("{}: {} entries", crl.issuer(), crl.entry_count());
/// }
/// # assert_eq!(store.crls().len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use = "CRLs do nothing outside of a store"]
pub struct CrlSet {
    pub(super) given: GivenCrls,
    pub(super) intake: Intake,
}

/// CRLs that were given to a store, good and bad.
#[derive(Debug, Default)]
pub(super) struct GivenCrls {
    pub(super) crls: Vec<StoredCrl>,
    pub(super) left_out: LeftOut,
    /// Whether anything was given as a CRL.
    pub(super) any: bool,
}

impl CrlSet {
    /// No CRLs. A store with this has none; if it was given some before, the default policy refuses
    /// its clients ([`RevocationPolicy::auto`](crate::policy::RevocationPolicy::auto)).
    pub fn new() -> Self {
        Self::default()
    }

    /// The CRLs of a PEM bundle, as [`add_pem`](Self::add_pem) adds them.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn from_pem<'a>(pem: impl Into<Source<'a>>) -> Result<Self, StoreError> {
        let mut set = Self::new();
        set.add_pem(pem)?;
        Ok(set)
    }

    /// No CRLs, to which bad input is not added: [`skipped`](Self::skipped) has what is left out,
    /// and so has [`TrustStore::skipped`](crate::TrustStore::skipped) later. No input is an error,
    /// and there may be nothing left.
    ///
    /// A CRL that is left out counts as given, so that
    /// [`RevocationPolicy::auto`](crate::policy::RevocationPolicy::auto) checks revocation.
    pub fn lenient() -> Self {
        Self {
            intake: Intake::lenient(),
            ..Self::default()
        }
    }

    /// Adds the CRLs of a PEM bundle, blocks labelled `X509 CRL` (RFC 7468 §6).
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block. No CRL of the
    /// bundle is added then, but the set counts as one that was given CRLs, as [those of a
    /// builder](crate::TrustStoreBuilder#inputs-that-are-refused) do. A wrong signature is no
    /// error, as only clients may present the signer. Until a CRL is known to be authentic it
    /// vouches for nobody, **and it refuses the certificates that it names**:
    /// [`CrlInfo::is_signed_by_store`].
    pub fn add_pem<'a>(&mut self, pem: impl Into<Source<'a>>) -> Result<&mut Self, StoreError> {
        self.given.add_pem(&mut self.intake, pem.into())?;
        Ok(self)
    }

    /// Adds one CRL.
    ///
    /// # Errors
    /// What is wrong with it, as for [`add_pem`](Self::add_pem).
    pub fn add_der<'a>(&mut self, der: impl Into<Source<'a>>) -> Result<&mut Self, StoreError> {
        self.given.add_der(&mut self.intake, der.into())?;
        Ok(self)
    }

    /// What a lenient set left out so far, and why, in the order given. Empty for a strict one.
    pub fn skipped(&self) -> &[StoreError] {
        self.intake.skipped()
    }
}

impl GivenCrls {
    pub(super) fn add_pem(
        &mut self,
        intake: &mut Intake,
        pem: Source<'_>,
    ) -> Result<(), StoreError> {
        self.any = true;
        let before = self.crls.len();
        let mut has_block = false;
        let added = intake.add_pem(Input::Crl, pem, |content| {
            // What cannot be read may be a CRL.
            let encapsulated = content.map_err(|problem| self.leave_out(None, problem))?;
            match encapsulated.label {
                "X509 CRL" => {
                    has_block = true;
                    match encapsulated.decode() {
                        Ok(der) => self.add(der),
                        Err(problem) => Err(self.leave_out(None, problem)),
                    }
                }
                label if is_no_crl(encapsulated) => Err(wrong_label(label)),
                label => Err(self.leave_out(None, wrong_label(label))),
            }
        });
        // An input without any CRL was to have one.
        if !has_block {
            self.left_out.add_unread();
        }
        if added.is_err() {
            for refused in self.crls.drain(before..) {
                self.left_out.add(refused.issuer());
            }
        }
        added
    }

    pub(super) fn add_der(
        &mut self,
        intake: &mut Intake,
        der: Source<'_>,
    ) -> Result<(), StoreError> {
        self.any = true;
        intake.add_der(Input::Crl, der, |_, der| self.add(der.to_vec()))
    }

    fn add(&mut self, der: Vec<u8>) -> Result<(), StoreProblem> {
        let issuer = issuer_of_crl(&der).map(<[u8]>::to_vec);
        let crl = StoredCrl::parse(der).map_err(|error| {
            let problem = match error {
                CrlError::Malformed(error) => StoreProblem::Malformed(error),
                CrlError::Unhandled { oid, entry } => {
                    StoreProblem::UnhandledExtension { oid, entry }
                }
            };
            self.leave_out(issuer.as_deref(), problem)
        })?;
        self.crls.push(crl);
        Ok(())
    }

    /// Notes that what may be a CRL by this issuer is left out.
    fn leave_out(&mut self, issuer: Option<&[u8]>, problem: StoreProblem) -> StoreProblem {
        match issuer {
            Some(issuer) => self.left_out.add(issuer),
            None => self.left_out.add_unread(),
        }
        problem
    }
}

/// Whether a block that is not labelled as a CRL holds none: a key, parameters or a certificate.
fn is_no_crl(encapsulated: &Encapsulated<'_>) -> bool {
    if encapsulated.label.ends_with(" KEY") || encapsulated.label.ends_with(" PARAMETERS") {
        return true;
    }
    let der = encapsulated.decode().unwrap_or_default();
    openssl_trust::split(&der)
        .is_ok_and(|trusted| trusted.settings.is_ok() && Fields::parse(trusted.certificate).is_ok())
}

/// One CRL of a store, for those who watch how old it is. From
/// [`TrustStore::crls`](crate::TrustStore::crls).
#[derive(Clone, Copy, Debug)]
pub struct CrlInfo<'a>(pub(super) &'a StoredCrl);

impl<'a> CrlInfo<'a> {
    /// Its issuer as an RFC 4514 string, such as `CN=Issuing CA,O=Example`.
    pub fn issuer(&self) -> String {
        DisplayName(self.0.issuer()).to_string()
    }

    /// The DER of its issuer's name.
    pub fn issuer_der(&self) -> &'a [u8] {
        self.0.issuer()
    }

    /// Its thisUpdate: when it was made; 1970-01-01T00:00:00Z if that is earlier.
    pub fn this_update(&self) -> UnixTime {
        self.0.this_update().to_unix()
    }

    /// Its nextUpdate: the last second at which it is fresh. `None` where it does not say;
    /// 1970-01-01T00:00:00Z if that is earlier.
    pub fn next_update(&self) -> Option<UnixTime> {
        self.0.next_update().map(Time::to_unix)
    }

    /// Its CRL number (RFC 5280 §5.2.3), a big-endian number without zeros in front: empty for 0.
    pub fn number(&self) -> Option<&'a [u8]> {
        self.0.number()
    }

    /// Whether it is a delta CRL, which continues a complete one (RFC 5280 §5.2.4).
    pub fn is_delta(&self) -> bool {
        self.0.is_delta()
    }

    /// How many entries it has.
    pub fn entry_count(&self) -> usize {
        self.0.entry_count()
    }

    /// Whether a certificate of the store signed it that has a path to a trust anchor of the store,
    /// as was found out while loading. `false` where the store has more than 64 certificates of its
    /// issuer's name, of which only 64 are tried.
    ///
    /// The signatures of other CRLs are verified when a client needs them. If no certificate that a
    /// client presents signed one either, it vouches for nobody and refuses the certificates that
    /// it names.
    pub fn is_signed_by_store(&self) -> bool {
        self.0.is_settled()
    }
}
