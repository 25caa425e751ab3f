//! What was found out in one scope and holds in all, in one verification.

use alloc::vec::Vec;
use core::cell::RefCell;

use pki_types::UnixTime;

use crate::policy::PrunedEntries;
use crate::revocation::{Signed, StoredCrl};
use crate::validate::{StableInterval, Window};
use crate::x509::{Certificate, RevocationReason, Time, earliest};

/// The longest CRL that is compared with those of other scopes, in bytes: the signature of a longer
/// one is verified in each scope that has it.
const CRL_BYTES: usize = 65_536;

/// What the scopes of a store share. In all of them the same algorithms verify signatures. There
/// are no more of each than the limit on signatures, or the number of certificates presented.
#[derive(Default)]
pub(super) struct Shared {
    signatures: RefCell<Vec<Signature>>,
    crls: RefCell<Vec<CrlSignature>>,
    elsewhere: RefCell<Vec<(Link, PrunedEntries, Elsewhere)>>,
    to_come: RefCell<Option<Time>>,
}

/// The bytes of a certificate or CRL, and the subjectPublicKeyInfo of a key.
type Link = (Vec<u8>, Vec<u8>);

/// Whether the key signed the certificate.
type Signature = (Link, bool);

/// The same of a CRL.
type CrlSignature = (Link, Signed);

/// Whether the key that signed a certificate revokes it by a CRL of any scope.
#[derive(Clone, Copy)]
pub(super) struct Elsewhere {
    pub(super) revoked: Option<(RevocationReason, UnixTime)>,
    /// The last second at which that is known.
    pub(super) until: Option<Time>,
    /// The time in which it stays so.
    pub(super) stable: StableInterval,
}

fn is(link: &Link, bytes: &[u8], key: &[u8]) -> bool {
    link.0 == bytes && link.1 == key
}

impl Shared {
    /// Whether this key signed this certificate, if that is known.
    pub(super) fn signature(&self, certificate: &[u8], key: &[u8]) -> Option<bool> {
        let known = self.signatures.borrow();
        let found = known.iter().find(|(link, _)| is(link, certificate, key));
        found.map(|(_, held)| *held)
    }

    pub(super) fn note_signature(&self, certificate: &[u8], key: &[u8], held: bool) {
        let link = (certificate.to_vec(), key.to_vec());
        self.signatures.borrow_mut().push((link, held));
    }

    /// Whether this key signed a CRL, if that is known.
    pub(super) fn crl_signature(&self, crl: &StoredCrl, key: &[u8]) -> Option<Signed> {
        let der = crl.der().filter(|der| der.len() <= CRL_BYTES)?;
        let known = self.crls.borrow();
        let found = known.iter().find(|(link, _)| is(link, der, key));
        found.map(|(_, signed)| *signed)
    }

    pub(super) fn note_crl_signature(&self, crl: &StoredCrl, key: &[u8], signed: Signed) {
        if let Some(der) = crl.der().filter(|der| der.len() <= CRL_BYTES) {
            let link = (der.to_vec(), key.to_vec());
            self.crls.borrow_mut().push((link, signed));
        }
    }

    /// What CRLs of any scope say of a certificate by its issuer's key, if that is known.
    pub(super) fn elsewhere(
        &self,
        certificate: Certificate<'_>,
        issuer: Certificate<'_>,
        pruned: PrunedEntries,
    ) -> Option<Elsewhere> {
        let (bytes, key) = (certificate.as_bytes(), issuer.spki());
        let known = self.elsewhere.borrow();
        let mut known = known.iter();
        let found = known.find(|(link, its, _)| *its == pruned && is(link, bytes, key));
        found.map(|(.., elsewhere)| *elsewhere)
    }

    pub(super) fn note_elsewhere(
        &self,
        certificate: Certificate<'_>,
        issuer: Certificate<'_>,
        pruned: PrunedEntries,
        elsewhere: Elsewhere,
    ) {
        let link = (certificate.as_bytes().to_vec(), issuer.spki().to_vec());
        let mut known = self.elsewhere.borrow_mut();
        known.push((link, pruned, elsewhere));
    }

    /// Notes the last second before a certificate begins to be valid that some scope refused for
    /// that.
    pub(super) fn note_to_come(&self, last: Option<Time>) {
        let mut to_come = self.to_come.borrow_mut();
        *to_come = earliest(*to_come, last);
    }

    /// The time before any certificate begins to be valid. It may lead scopes over more paths then,
    /// and they share the limits.
    pub(super) fn until_to_come(&self) -> Window {
        Window::to(*self.to_come.borrow())
    }
}
