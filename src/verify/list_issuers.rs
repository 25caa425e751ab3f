//! Whose key signed a revocation list (RFC 5280 §6.3.3 (f) and (g)).

use alloc::vec::Vec;

use super::Verification;
use crate::budget::price;
use crate::error::{ListFault, Reason, Work};
use crate::path::{Node, Step};
use crate::revocation::{List, Signed, Signer, Standing};
use crate::validate::{Constancy, Measure, Role};
use crate::verified::RevocationStatus;
use crate::x509::{Certificate, Time, earliest, is_same_name};

/// How many issuers of lists may rest on each other's lists. Real ones rest on none but their own.
const MAX_NESTED: usize = 4;

/// What was found out about issuers of lists that are not CAs of the path, so as not to find it out twice.
#[derive(Default)]
pub(super) struct ListIssuers {
    known: Vec<KnownIssuer>,
    /// Those whose own paths are being judged, the last one for the one before it.
    in_progress: Vec<Node>,
}

/// What came of judging the path of an issuer of lists to an anchor. Never found while another one is in progress, as it may rest on that.
struct KnownIssuer {
    node: Node,
    anchor: Node,
    outcome: Result<Valid, Invalid>,
    /// For how long all that it rests on stays as it is.
    constancy: Constancy,
}

/// An issuer of lists that has a path to the anchor.
#[derive(Clone, Copy)]
struct Valid {
    /// The last second at which it has; of one that is refused, the last second before it might be so no more.
    until: Option<Time>,
    standing: Standing,
}

/// An issuer of lists that has none.
#[derive(Clone, Copy)]
struct Invalid {
    /// The last second before it might have one.
    until: Option<Time>,
}

/// Why no signer of a list is found.
pub(super) enum Stop {
    Fault {
        fault: ListFault,
        /// The last second before that might change.
        until: Option<Time>,
    },
    Limit(Reason),
}

impl From<Reason> for Stop {
    fn from(limit: Reason) -> Self {
        Self::Limit(limit)
    }
}

impl<'a> Verification<'a> {
    /// Whose key signed a list about the certificate at `at`: that of a CA above it in its path, or of another certificate with the name of
    /// the list's issuer that has a path to the same anchor.
    pub(super) fn find_signer(
        &mut self,
        list: &List,
        path: &[Step<'a>],
        at: usize,
    ) -> Result<Signer<'a>, Stop> {
        let above = path.get(at.saturating_add(1)..).unwrap_or_default();
        let (mut fault, mut until) = (ListFault::Issuer, None);
        // The first that says more than that there is no valid issuer.
        let mut note = |its_fault| {
            if fault == ListFault::Issuer {
                fault = its_fault;
            }
        };
        for step in above {
            let subject = step.certificate.subject();
            if subject != list.issuer() {
                let paid = self
                    .budget
                    .pay(price::looking_up(subject), Work::Revocation);
                paid.map_err(Reason::from)?;
            }
            if is_same_name(step.certificate.subject(), list.issuer()) {
                // Of a CA without keyUsage the key is for everything.
                let may_sign = step
                    .certificate
                    .key_usage()
                    .is_none_or(|usage| usage.crl_sign());
                match self.check_signature(list, step.node, may_sign)? {
                    Some(its_fault) => note(its_fault),
                    None => {
                        return Ok(Signer {
                            certificate: step.certificate,
                            until: None,
                            standing: Standing::Good,
                        });
                    }
                }
            }
        }
        let about = path.get(at).map(|step| step.node);
        let Some((anchor, about)) = above.last().map(|anchor| anchor.node).zip(about) else {
            return Err(Stop::Fault { fault, until });
        };
        let units = price::comparing(list.issuer().len());
        let paid = self.budget.pay(units, Work::Revocation);
        paid.map_err(Reason::from)?;
        let mut best: Option<Signer<'a>> = None;
        for node in self.other_certificates_of(list, above)? {
            let certificate = node.certificate(self.store, self.presented);
            // What was found out while loading needs no path.
            if let Some(its_fault) = fault_of(list.signed_by(certificate, &self.policy.signatures))
            {
                note(its_fault);
                continue;
            }
            if !signs_lists_for_others(certificate) {
                note(ListFault::KeyUsage);
                continue;
            }
            let valid = match self.judge_issuer(node, anchor, about)? {
                Ok(valid) => valid,
                Err(Invalid { until: its_until }) => {
                    until = earliest(until, its_until);
                    if matches!(node, Node::Anchor(_)) {
                        note(ListFault::OtherAnchor);
                    }
                    continue;
                }
            };
            match self.check_signature(list, node, true)? {
                Some(its_fault) => note(its_fault),
                None => {
                    if valid.standing == Standing::Refused {
                        until = earliest(until, valid.until);
                    }
                    let signer = Signer {
                        certificate,
                        until: valid.until,
                        standing: valid.standing,
                    };
                    if valid.standing == Standing::Good {
                        return Ok(signer);
                    }
                    // Another certificate for the key may be known better.
                    let worth =
                        |signer: &Signer<'_>| (signer.standing, signer.until.unwrap_or(Time::END));
                    if best
                        .as_ref()
                        .is_none_or(|best| worth(best) < worth(&signer))
                    {
                        best = Some(signer);
                    }
                }
            }
        }
        match best {
            // Any of those who are refused may be so no more.
            Some(signer) if signer.standing == Standing::Refused => Ok(Signer { until, ..signer }),
            Some(signer) => Ok(signer),
            None => Err(Stop::Fault { fault, until }),
        }
    }

    /// What keeps a list from being one by this certificate, whose key is trusted.
    fn check_signature(
        &mut self,
        list: &List,
        node: Node,
        may_sign: bool,
    ) -> Result<Option<ListFault>, Reason> {
        if !may_sign {
            return Ok(Some(ListFault::KeyUsage));
        }
        let certificate = node.certificate(self.store, self.presented);
        let signed = self.signatures.verify_list(list, node, certificate);
        signed.map(fault_of)
    }

    /// The certificates with the name of a list's issuer, presented and of the store, that are neither the client's nor in `above`. An anchor
    /// is one among others: the list is its own if it has a path to the anchor of the certificate.
    fn other_certificates_of(&self, list: &List, above: &[Step<'_>]) -> Result<Vec<Node>, Reason> {
        let mut found = Vec::new();
        for index in 1..self.presented.len() {
            if self.presented.subject_key(index) != list.issuer_key() {
                continue;
            }
            // Each pair of a list and a stranger takes some looking.
            self.budget.pay(price::STRANGER, Work::Searching)?;
            let subject = self.presented.get(index).subject();
            if subject != list.issuer() {
                let units = price::looking_up(subject);
                self.budget.pay(units, Work::Searching)?;
            }
            if is_same_name(subject, list.issuer()) {
                found.push(Node::Presented(index));
            }
        }
        let certificates = self.store.certificates();
        let stored = certificates
            .find(list.issuer(), list.issuer_key())
            .into_iter()
            .flat_map(|name| certificates.with_subject(name))
            .filter_map(|place| certificates.at(place));
        for index in stored {
            self.budget.pay(price::CANDIDATE, Work::Revocation)?;
            found.push(match certificates.is_anchor(index) {
                true => Node::Anchor(index),
                false => Node::Intermediate(index),
            });
        }
        found.retain(|node| above.iter().all(|step| step.node != *node));
        Ok(found)
    }

    /// Whether an issuer of lists has a path to `anchor` (§6.3.3 (f)), for the status of the certificate `about`.
    fn judge_issuer(
        &mut self,
        node: Node,
        anchor: Node,
        about: Node,
    ) -> Result<Result<Valid, Invalid>, Reason> {
        let issuers = &mut self.list_issuers;
        if issuers.in_progress.contains(&node) {
            // A CA may leave it to the issuer of its lists to say that it is not revoked itself, as it does if that is the only one (PKITS
            // 4.4.19, 4.14.30). For others it cannot speak yet.
            let speaks_for_itself = about == node && issuers.in_progress.last() == Some(&node);
            return Ok(Ok(Valid {
                until: None,
                standing: match speaks_for_itself {
                    true => Standing::Good,
                    false => Standing::Undecided,
                },
            }));
        }
        // What is known was found out by the whole policy: the other measure is for what is found out about one of these.
        let measure = self.judge.measure();
        let mut known = issuers.known.iter();
        if let Some(known) = known.find(|known| (known.node, known.anchor) == (node, anchor))
            && measure == Measure::Policy
        {
            let constancy = self.judge.constancy();
            *constancy = constancy.intersect(known.constancy);
            return Ok(known.outcome);
        }
        if issuers.in_progress.len() >= MAX_NESTED {
            return Err(Reason::ListIssuerLimit { limit: MAX_NESTED });
        }
        issuers.in_progress.push(node);
        let (mut outcome, mut constancy) = self.find_issuer_path(node, anchor)?;
        if let (Err(_), Measure::Policy) = (outcome, measure) {
            self.judge.set_measure(Measure::Revoking);
            let revoking = self.find_issuer_path(node, anchor);
            self.judge.set_measure(Measure::Policy);
            let (revoking, meanwhile) = revoking?;
            constancy = constancy.intersect(meanwhile);
            // It may become one that is refused no more, or one whose lists revoke.
            let until = Some(constancy.until());
            outcome = match revoking {
                Ok(_) => Ok(Valid {
                    until,
                    standing: Standing::Refused,
                }),
                Err(_) => Err(Invalid { until }),
            };
        }
        let issuers = &mut self.list_issuers;
        issuers.in_progress.pop();
        if issuers.in_progress.is_empty() {
            issuers.known.push(KnownIssuer {
                node,
                anchor,
                outcome,
                constancy,
            });
        }
        Ok(outcome)
    }

    fn find_issuer_path(
        &mut self,
        node: Node,
        anchor: Node,
    ) -> Result<(Result<Valid, Invalid>, Constancy), Reason> {
        let now = Time::from(self.now);
        let before = core::mem::replace(self.judge.constancy(), Constancy::around(now));
        let mut search = self.search(node, Some(anchor));
        let found = self.find(&mut search, Role::ListIssuer);
        // The error names the certificate whose revocation status is looked for, and so what was
        // being done.
        let found = found.map_err(|stop| match stop.reason {
            Reason::WorkLimit { limit, .. } => Reason::WorkLimit {
                limit,
                doing: Work::Revocation,
            },
            reason => reason,
        })?;
        let meanwhile = *self.judge.constancy();
        *self.judge.constancy() = before.intersect(meanwhile);
        let outcome = match found {
            Ok(held) => Ok(Valid {
                until: held.window.until(),
                standing: held.revocation.iter().fold(Standing::Good, worst),
            }),
            Err(_) => Err(Invalid {
                until: Some(meanwhile.until()),
            }),
        };
        Ok((outcome, meanwhile))
    }
}

fn fault_of(signed: Signed) -> Option<ListFault> {
    match signed {
        Signed::Yes | Signed::Untried => None,
        Signed::No => Some(ListFault::Signature),
        Signed::Unsupported => Some(ListFault::Algorithm),
        Signed::ByOther => Some(ListFault::OtherAlgorithm),
    }
}

/// Of a certificate that is no CA of the path. If it is no CA at all it must say that it is for lists: its issuer has to (§4.2.1.3), and
/// may have given the name of a CA to somebody who asked for it.
fn signs_lists_for_others(certificate: Certificate<'_>) -> bool {
    certificate
        .key_usage()
        .map_or(certificate.is_ca(), |usage| usage.crl_sign())
}

fn worst(standing: Standing, status: &RevocationStatus) -> Standing {
    match (standing, status) {
        (Standing::Unknown, _) | (_, RevocationStatus::Unknown) => Standing::Unknown,
        (Standing::Stale(one), RevocationStatus::Stale { since }) => {
            Standing::Stale(one.min(Time::from(*since)))
        }
        (_, RevocationStatus::Stale { since }) => Standing::Stale(Time::from(*since)),
        (standing, RevocationStatus::Good | RevocationStatus::NotChecked) => standing,
    }
}
