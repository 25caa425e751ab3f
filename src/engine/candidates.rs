//! In which order CRLs are tried with keys, so that few signatures find out who made them.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::crl_signers::Signer;
use super::revocation::Status;
use crate::error::Reason;
use crate::revocation::{Signed, StoredCrl};
use crate::x509::{Certificate, Time};

impl<'a> Status<'_, '_, 'a> {
    /// In which order CRLs are looked at. First those that are known to be by the key which signed
    /// the certificate, then those that name it, then those that name none, then the others. Of
    /// each the freshest come first.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.about.len()).collect();
        let key_id = self.issuer_key_id();
        if order.len() > 1 {
            order.sort_by_cached_key(|index| {
                let crl = self.about.get(*index).map(|one| one.crl);
                let rank = match crl {
                    Some(crl) if self.is_known_own(crl) => 0,
                    Some(crl) if key_ids_differ(crl, key_id) => 3,
                    Some(crl) if crl.key_id().is_some() && key_id.is_some() => 1,
                    _ => 2,
                };
                (rank, Reverse(self.fresh_until(*index)))
            });
        }
        order
    }

    pub(super) fn fresh_until(&self, index: usize) -> Option<Time> {
        let one = self.about.get(index)?;
        Some(self.ages.freshness(one.crl).fresh_until)
    }

    /// Whether a CRL is left to other keys first. It names another key than that which signed the
    /// certificate, and only a signature could show that it is by this one all the same.
    pub(super) fn is_left_to_others(&self, crl: &StoredCrl) -> bool {
        key_ids_differ(crl, self.issuer_key_id())
            && !self.is_known_own(crl)
            && self.takes_signature(crl)
    }

    /// Whether it may take a signature to find out whether a CA of the path made a CRL, as that was
    /// not found out while loading.
    pub(super) fn takes_signature(&self, crl: &StoredCrl) -> bool {
        let algorithms = &self.verification.policy.signatures;
        let mut above = self.asked.above().iter();
        above.any(|step| crl.signed_by(step.certificate, algorithms) == Signed::Untried)
    }

    /// Whether a signer of the path has another certificate with its key and the name of the CRL's
    /// issuer.
    pub(super) fn has_other_certificate(
        &self,
        crl: &StoredCrl,
        signer: Signer<'a>,
    ) -> Result<bool, Reason> {
        let verification = &self.verification;
        let others = verification.other_certificates_of(crl, self.asked.above())?;
        let key = signer.certificate.spki();
        let mut keys = others
            .iter()
            .map(|node| verification.certificate(*node).spki());
        Ok(keys.any(|other| other == key))
    }

    /// Whether a CRL is known to be by the key that signed the certificate.
    fn is_known_own(&self, crl: &StoredCrl) -> bool {
        let algorithms = &self.verification.policy.signatures;
        let issuer = self.issuer();
        issuer.is_some_and(|issuer| crl.signed_by(issuer, algorithms) == Signed::Yes)
    }

    fn issuer_key_id(&self) -> Option<&'a [u8]> {
        self.issuer().and_then(|issuer| issuer.subject_key_id())
    }

    /// The certificate's issuer on the path.
    fn issuer(&self) -> Option<Certificate<'a>> {
        self.asked.above().first().map(|issuer| issuer.certificate)
    }
}

/// Whether a CRL names another key than the one with this key identifier.
pub(super) fn key_ids_differ(crl: &StoredCrl, key_id: Option<&[u8]>) -> bool {
    let both = crl.key_id().zip(key_id);
    both.is_some_and(|(its, key_id)| its != key_id)
}
