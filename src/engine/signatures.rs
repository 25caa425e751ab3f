//! Signatures, within their limit.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::shared::Shared;
use crate::budget::Budget;
use crate::error::Reason;
use crate::path::{Node, Step};
use crate::policy::{Checked, ClientPolicy, is_same_algorithm};
use crate::revocation::{Signed, StoredCrl};
use crate::store::TrustStore;
use crate::validate::{Failure, Role, Scope, verify_signature};
use crate::x509::Certificate;

/// Signatures on certificates of CAs that were verified before, under the same policy.
pub(crate) trait KnownSignatures: Sync {
    /// Whether the signature on this certificate, its exact bytes, is known to be that of the key
    /// with this subjectPublicKeyInfo.
    fn contains(&self, certificate: &[u8], issuer_key: &[u8]) -> bool;

    /// Notes that it is.
    fn insert(&self, certificate: &[u8], issuer_key: &[u8]);
}

/// Verifies the signatures of paths and of CRLs, each at most once in a verification,
/// and no more than the limit.
pub(super) struct Signatures<'a> {
    store: &'a TrustStore,
    policy: &'a ClientPolicy,
    checked: Checked,
    known: Option<&'a dyn KnownSignatures>,
    budget: &'a Budget,
    /// What other scopes found out in this verification.
    shared: Option<&'a Shared>,
    /// Certificates and their issuers whose signatures held by the policy's own algorithms.
    verified: Vec<(Node, Node)>,
    /// Certificates and others that are not their issuers.
    failed: BTreeSet<(Node, Node)>,
    /// What came of verifying CRLs, each given by its address, with the keys of others.
    crls: BTreeMap<(usize, Node), Signed>,
}

impl<'a> Signatures<'a> {
    pub(super) fn new(
        store: &'a TrustStore,
        policy: &'a ClientPolicy,
        known: Option<&'a dyn KnownSignatures>,
        shared: Option<&'a Shared>,
        budget: &'a Budget,
    ) -> Self {
        Self {
            store,
            policy,
            checked: store.checked_under(policy),
            known,
            budget,
            shared,
            verified: Vec::new(),
            failed: BTreeSet::new(),
            crls: BTreeMap::new(),
        }
    }

    /// From the anchor down (RFC 5280 §6.1), so that each key is trusted before it is used.
    pub(super) fn verify(&mut self, path: &[Step<'_>], role: Role) -> Result<(), Failure> {
        for (at, (step, issuer)) in links(path).enumerate().rev() {
            if let Err((reason, scope)) = self.verify_one(step, issuer, role) {
                self.remember(path.get(at.saturating_add(1)..).unwrap_or_default(), role);
                return Err(Failure { at, reason, scope });
            }
        }
        Ok(())
    }

    /// Notes that the signatures of a path held, so that another one with the same links does not
    /// cost them again. What the store knows is not noted: the store's word on the path of a CRL
    /// signer is none on that of a client.
    pub(super) fn remember(&mut self, path: &[Step<'_>], role: Role) {
        for (step, issuer) in links(path) {
            let link = (step.node, issuer.node);
            if !self.verified.contains(&link) && self.store_knows(step, issuer, role).is_none() {
                self.verified.push(link);
            }
        }
    }

    /// Whether one certificate of the store signed another one, where that was found out while
    /// loading CRLs. That is the operator's cost and not the client's.
    ///
    /// On the path of a CRL signer the store's algorithms decide, if the policy has one with the
    /// same identifiers. On the path of a client the policy's own do: what the store found out
    /// counts only if it is by the very same object.
    fn store_knows(&self, step: &Step<'_>, issuer: &Step<'_>, role: Role) -> Option<bool> {
        if self.checked == Checked::Nothing {
            return None;
        }
        let link = (step.node.stored()?, issuer.node.stored()?);
        let signature = step.certificate.signature_algorithm();
        let key = issuer.certificate.public_key().algorithm;
        let algorithm = self.policy.signatures.find(signature, key)?;
        let loaded = self.store.crl_signatures().find(signature, key)?;
        let signers = self.store.stored_crls().signers();
        signers
            .link(link)
            .filter(|_| role == Role::CrlIssuer || is_same_algorithm(algorithm, loaded))
    }

    /// Whether `issuer`, whose key is trusted, signed a CRL.
    pub(super) fn verify_crl(
        &mut self,
        crl: &StoredCrl,
        node: Node,
        issuer: Certificate<'_>,
    ) -> Result<Signed, Reason> {
        // CRLs stay where they are for as long as a verification takes.
        let link = (core::ptr::from_ref(crl).addr(), node);
        if let Some(signed) = self.crls.get(&link) {
            return Ok(*signed);
        }
        let key = issuer.spki();
        let known = self
            .shared
            .and_then(|shared| shared.crl_signature(crl, key));
        if let Some(signed) = known {
            self.crls.insert(link, signed);
            return Ok(signed);
        }
        // The same whether the CRL remembers this key or not, as above.
        if crl.signed_by(issuer, &self.policy.signatures) == Signed::Untried {
            // The server's owner chose the size of the CRL, so that its hashing is not paid for.
            self.budget.pay_signature(0)?;
        }
        let signed = crl.verify(issuer, &self.policy.signatures);
        if let Some(shared) = self.shared {
            shared.note_crl_signature(crl, key, signed);
        }
        self.crls.insert(link, signed);
        Ok(signed)
    }

    fn verify_one(
        &mut self,
        step: &Step<'_>,
        issuer: &Step<'_>,
        role: Role,
    ) -> Result<(), (Reason, Scope)> {
        let link = (step.node, issuer.node);
        match self.store_knows(step, issuer, role) {
            Some(true) => return Ok(()),
            Some(false) => return Err((Reason::BadSignature, Scope::Issuer)),
            None if self.verified.contains(&link) => return Ok(()),
            None if self.failed.contains(&link) => {
                return Err((Reason::BadSignature, Scope::Issuer));
            }
            None => {}
        }
        let (certificate, key) = (step.certificate.as_bytes(), issuer.certificate.spki());
        match self
            .shared
            .and_then(|shared| shared.signature(certificate, key))
        {
            Some(true) => return Ok(()),
            Some(false) => return Err((Reason::BadSignature, Scope::Issuer)),
            None => {}
        }
        // What is known counts as well, so that what is remembered changes no verdict.
        self.budget
            .pay_signature(step.certificate.tbs().len())
            .map_err(|limit| (limit, Scope::Path))?;
        // Clients are many, and come back as whole chains; CAs are few, and come with every client.
        let known = self.known.filter(|_| step.node != Node::CLIENT);
        let note = |held| {
            if let Some(shared) = self.shared {
                shared.note_signature(certificate, key, held);
            }
        };
        if known.is_some_and(|known| known.contains(certificate, key)) {
            // As if it had been verified: other scopes then pay the same.
            note(true);
            return Ok(());
        }
        let algorithms = &self.policy.signatures;
        let verified = verify_signature(step.certificate, issuer.certificate, algorithms);
        // Another reason is one for all scopes to find.
        if matches!(verified, Ok(()) | Err(Reason::BadSignature)) {
            note(verified.is_ok());
        }
        if let Err(reason) = verified {
            self.failed.insert(link);
            return Err((reason, Scope::Issuer));
        }
        if let Some(known) = known {
            known.insert(certificate, key);
        }
        Ok(())
    }
}

/// Each certificate of a path with its issuer.
fn links<'p, 'a>(
    path: &'p [Step<'a>],
) -> impl DoubleEndedIterator<Item = (&'p Step<'a>, &'p Step<'a>)> + ExactSizeIterator {
    path.iter().zip(path.iter().skip(1))
}

#[cfg(test)]
mod tests;
