//! Whose CRLs are (RFC 5280 §6.3.3 (f) and (g)).

use alloc::vec::Vec;

use super::inquiry::{Basis, InProgress, Inquiry};
use super::known_signers::{Invalid, Judged, Valid};
use super::verification::Verification;
use crate::budget::price;
use crate::error::{CrlFault, Reason, Work};
use crate::path::{Node, Step};
use crate::revocation::{Signed, StoredCrl};
use crate::validate::Strictness;
use crate::x509::{Certificate, is_same_name};

/// How many presented certificates of a CRL's issuer are tried that are not in the path.
const PRESENTED_TRIED: usize = 8;

/// A certificate of a path whose status is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'p, 'a> {
    pub(super) path: &'p [Step<'a>],
    pub(super) at: usize,
    pub(super) inquiry: Inquiry<'p>,
}

impl<'p, 'a> Asked<'p, 'a> {
    pub(super) fn above(&self) -> &'p [Step<'a>] {
        let above = self.at.saturating_add(1);
        self.path.get(above..).unwrap_or_default()
    }
}

/// A CA of a path that made a CRL.
#[derive(Clone, Copy)]
pub(super) struct CaOfPath<'a> {
    pub(super) signer: Signer<'a>,
    /// Whether its key signed the certificate that the CRL is about.
    pub(super) is_own: bool,
    /// Whether its key is for CRLs.
    pub(super) may_sign: bool,
}

/// A certificate whose key made a CRL.
#[derive(Clone, Copy)]
pub(super) struct Signer<'a> {
    pub(super) node: Node,
    pub(super) certificate: Certificate<'a>,
}

/// A certificate of a CRL's issuer that is no CA of the path, and made the CRL.
#[derive(Clone, Copy)]
pub(super) struct Delegate<'a> {
    pub(super) signer: Signer<'a>,
    pub(super) valid: Valid,
}

/// Why a CRL has no signer that is valid.
#[derive(Clone, Copy)]
pub(super) enum NoSigner {
    Fault(CrlFault),
    /// It was made by one that is being judged.
    InProgress,
    /// It was made by one of several that revoke each other.
    Circular,
}

impl<'a> Verification<'a> {
    /// The CA of the path that made a CRL; else what keeps the CRL from being one by the CAs of
    /// its issuer's name there.
    pub(super) fn find_ca_of_path(
        &mut self,
        crl: &StoredCrl,
        asked: Asked<'_, 'a>,
    ) -> Result<Result<CaOfPath<'a>, Option<CrlFault>>, Reason> {
        let mut fault = None;
        for (steps, step) in asked.above().iter().enumerate() {
            if !self.has_name_of_issuer(step.certificate, crl)? {
                continue;
            }
            let is_own = steps == 0;
            // Of a CA without keyUsage the key is for everything.
            let usage = step.certificate.key_usage();
            let may_sign = usage.is_none_or(|usage| usage.crl_sign());
            if !may_sign && !is_own {
                fault = fault.or(Some(CrlFault::KeyUsage));
                continue;
            }
            let signer = Signer {
                node: step.node,
                certificate: step.certificate,
            };
            match fault_of(self.is_made_by(crl, signer)?) {
                None => {
                    return Ok(Ok(CaOfPath {
                        signer,
                        is_own,
                        may_sign,
                    }));
                }
                its_fault => fault = fault.or(its_fault),
            }
        }
        Ok(Err(fault))
    }

    /// The signer in progress that made a CRL, where the CRL may speak for the certificate: one of
    /// the same name. A CA may leave it to its newest key to say that its certificates are not
    /// revoked, as those do that have one CRL for all their keys (PKITS 4.4.19, 4.14.30).
    pub(super) fn find_in_progress(
        &mut self,
        crl: &StoredCrl,
        asked: Asked<'_, 'a>,
        basis: &mut Basis,
    ) -> Result<Option<Signer<'a>>, Reason> {
        let Some(step) = asked.path.get(asked.at) else {
            return Ok(None);
        };
        for InProgress { signer, depth, .. } in asked.inquiry.in_progress() {
            let certificate = self.certificate(*signer);
            if !self.has_name_of_issuer(step.certificate, crl)?
                || !self.has_name_of_issuer(certificate, crl)?
            {
                continue;
            }
            let signer = Signer {
                node: *signer,
                certificate,
            };
            if self.is_made_by(crl, signer)? == Signed::Yes {
                basis.rests_on(*depth);
                return Ok(Some(signer));
            }
        }
        Ok(None)
    }

    /// A certificate of a CRL's issuer that is no CA of the path, has a path to `anchor`, or to
    /// any, and made the CRL. Of several, the one whose status is known best. Keys in `but` are
    /// left out.
    pub(super) fn find_delegate(
        &mut self,
        crl: &StoredCrl,
        asked: Asked<'_, 'a>,
        (strictness, anchor): (Strictness, Option<Node>),
        but: &[&[u8]],
        basis: &mut Basis,
    ) -> Result<Result<Delegate<'a>, NoSigner>, Reason> {
        let units = price::comparing(crl.issuer().len());
        self.budget.pay(units, Work::Revocation)?;
        let mut none = NoSigner::Fault(CrlFault::Issuer);
        // Of several faults, the first of those that explain most.
        let note = |none: &mut NoSigner, fault| {
            if matches!(*none, NoSigner::Fault(noted) if explains(noted) < explains(fault)) {
                *none = NoSigner::Fault(fault);
            }
        };
        let mut best: Option<Delegate<'a>> = None;
        let mut presented = 0usize;
        for node in self.other_certificates_of(crl, asked.above())? {
            let certificate = self.certificate(node);
            let signer = Signer { node, certificate };
            if but.contains(&certificate.spki()) {
                continue;
            }
            // Once one is good, only others for the same key, which may last longer.
            if best.is_some_and(|best| {
                best.valid.is_good() && best.signer.certificate.spki() != certificate.spki()
            }) {
                continue;
            }
            // What was found out while loading needs no path.
            let known = crl.signed_by(certificate, &self.policy.signatures);
            if let Some(fault) = fault_of(known) {
                note(&mut none, fault);
                continue;
            }
            if !signs_crls_for_others(certificate) {
                note(&mut none, CrlFault::KeyUsage);
                continue;
            }
            let judged = self.judge_signer(node, (strictness, anchor), asked.inquiry, basis)?;
            let valid = match judged {
                Judged::Valid(valid) => valid,
                Judged::Invalid(Invalid::Revoked) => {
                    note(&mut none, CrlFault::IssuerRevoked);
                    continue;
                }
                Judged::Invalid(Invalid::NoPath) => {
                    if matches!(node, Node::Anchor(_)) {
                        note(&mut none, CrlFault::OtherAnchor);
                    }
                    continue;
                }
                Judged::Invalid(Invalid::Circular) => {
                    if self.is_made_by(crl, signer)? == Signed::Yes {
                        none = NoSigner::Circular;
                    }
                    continue;
                }
                Judged::InProgress => {
                    if self.is_made_by(crl, signer)? == Signed::Yes
                        && !matches!(none, NoSigner::Circular)
                    {
                        none = NoSigner::InProgress;
                    }
                    continue;
                }
            };
            // Nobody pays for reading a large CRL again and again.
            if matches!(node, Node::Presented(_)) {
                presented = presented.saturating_add(1);
                if presented > PRESENTED_TRIED {
                    continue;
                }
            }
            if let Some(fault) = fault_of(self.is_made_by(crl, signer)?) {
                note(&mut none, fault);
                continue;
            }
            let delegate = Delegate { signer, valid };
            if best.is_none_or(|best| best.valid.worth() < valid.worth()) {
                best = Some(delegate);
            }
        }
        Ok(best.ok_or(none))
    }

    /// Whether a key that is trusted made a CRL.
    pub(super) fn is_made_by(
        &mut self,
        crl: &StoredCrl,
        signer: Signer<'_>,
    ) -> Result<Signed, Reason> {
        self.signatures
            .verify_crl(crl, signer.node, signer.certificate)
    }

    fn has_name_of_issuer(
        &self,
        certificate: Certificate<'_>,
        crl: &StoredCrl,
    ) -> Result<bool, Reason> {
        let subject = certificate.subject();
        if subject == crl.issuer() {
            return Ok(true);
        }
        let units = price::looking_up(subject);
        self.budget.pay(units, Work::Revocation)?;
        Ok(is_same_name(subject, crl.issuer()))
    }

    /// The certificates with the name of a CRL's issuer, presented and of the store, that are
    /// neither the client's nor in `above`.
    pub(super) fn other_certificates_of(
        &self,
        crl: &StoredCrl,
        above: &[Step<'_>],
    ) -> Result<Vec<Node>, Reason> {
        let mut found = Vec::new();
        let certificates = self.store.certificates();
        let stored = certificates
            .find(crl.issuer(), crl.issuer_key())
            .into_iter()
            .flat_map(|name| certificates.with_subject(name))
            .filter_map(|place| certificates.at(place));
        for index in stored {
            self.budget.pay(price::CANDIDATE, Work::Revocation)?;
            found.push(Node::of_index(certificates, index));
        }
        for index in 1..self.presented.len() {
            if self.presented.subject_key(index) != crl.issuer_key() {
                continue;
            }
            // Each pair of a CRL and a stranger takes some looking.
            self.budget.pay(price::STRANGER, Work::Searching)?;
            let subject = self.presented.get(index).subject();
            if subject != crl.issuer() {
                let units = price::looking_up(subject);
                self.budget.pay(units, Work::Searching)?;
            }
            if is_same_name(subject, crl.issuer()) {
                found.push(Node::Presented(index));
            }
        }
        found.retain(|node| above.iter().all(|step| step.node != *node));
        Ok(found)
    }

    pub(super) fn certificate(&self, node: Node) -> Certificate<'a> {
        node.certificate(self.store, self.presented)
    }
}

/// How much a fault of one certificate of a CRL's issuer explains: that it did not make the CRL is
/// less than what is wrong with one that may have made it.
fn explains(fault: CrlFault) -> u8 {
    match fault {
        CrlFault::Issuer => 0,
        CrlFault::Signature => 1,
        CrlFault::Algorithm => 2,
        _ => 3,
    }
}

fn fault_of(signed: Signed) -> Option<CrlFault> {
    match signed {
        Signed::Yes | Signed::Untried => None,
        Signed::No => Some(CrlFault::Signature),
        Signed::Unsupported => Some(CrlFault::Algorithm),
    }
}

/// Of a certificate that is no CA of the path. If it is no CA at all it must say that it is for
/// CRLs: its issuer has to (§4.2.1.3), and may have given the name of a CA to somebody who asked
/// for it.
fn signs_crls_for_others(certificate: Certificate<'_>) -> bool {
    certificate
        .key_usage()
        .map_or(certificate.is_ca(), |usage| usage.crl_sign())
}
