//! Revocation (RFC 5280 §6.3.3), as docs/PROFILES.md has it: rules R1 to R8, V1 to V5, U1 to U5.
//!
//! For each certificate C that is checked: which CRLs are about it; whether one names it, and whose
//! that is (R1 to R8); else, who vouches for it for each reason (V1 to V5); else, what the policy
//! makes of an unknown status (U1 to U5).

mod crls;
mod elsewhere;
mod scope;
mod signers;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::certificate::{Certificate, DistributionPoint, PointName};
use crate::crl::Crl;
use crate::model::{Expired, Failure, Origin, Role, Scope, Status, Time, Unknown, World};
use crate::names::{Attribute, GeneralName, Name};
use crate::paths::all_paths;
use crate::signatures::{Outcome, verify};
use crate::validation::{basic_path_validation, valid_until};

use crls::*;
pub use elsewhere::revoked_elsewhere;
use scope::*;
use signers::Wanted;

/// What revocation says of one path whose signatures hold.
#[derive(Clone, Debug)]
pub struct Revocation {
    /// The status of each certificate of the path.
    pub statuses: Vec<Status>,
    /// What refuses the path: `revoked`, `revocation-unknown`, `stale-crl`, `circular-crls`, and
    /// `malformed` for distribution points that nobody can follow.
    pub failures: Vec<Failure>,
    /// The last second at which the CRLs that vouch are accepted; none: nothing ends it.
    pub valid_until: Option<Time>,
}

/// Checks the certificates of the path that the policy has checked.
#[must_use]
pub fn check(inquiry: &Inquiry<'_>, path: &[usize]) -> Revocation {
    let world = inquiry.world;
    // U1. An anchor is never checked, and a pinned client has no path.
    let below_anchor = path.len().saturating_sub(1);
    let checked = match asked_scope(world) {
        Scope::ClientOnly => below_anchor.min(1),
        Scope::WholePath => below_anchor,
        Scope::Auto | Scope::Off => 0,
    };
    let mut statuses = vec![Status::NotChecked; path.len()];
    let mut failures = Vec::new();
    let mut until = NEVER;
    for position in 0..checked {
        match inquiry.status(Asked {
            path,
            position,
            judged: &[],
        }) {
            Ok((status, end)) => {
                statuses[position] = status;
                until = until.min(end);
            }
            Err(rules) => failures.extend(rules.into_iter().map(|rule| Failure {
                node: Some(path[position]),
                rule,
            })),
        }
    }
    Revocation {
        statuses,
        failures,
        valid_until: (until != NEVER).then_some(until),
    }
}

/// No end.
const NEVER: Time = Time::MAX;
/// ReasonFlags (§4.2.1.13): keyCompromise (1) to aACompromise (8).
const ALL_REASONS: u16 = 0b1_1111_1110;
/// CRLReason certificateHold and removeFromCRL (§5.3.1).
const CERTIFICATE_HOLD: u8 = 6;
const REMOVE_FROM_CRL: u8 = 8;
/// cRLSign, a bit of keyUsage (§4.2.1.3).
const CRL_SIGN: u16 = 1 << 6;
/// id-ce-deltaCRLIndicator (§5.2.4).
const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1D, 27];
/// How many signers of CRLs are judged one for the next (docs/DESIGN.md).
const JUDGED_AT_ONCE: usize = 8;

/// Names of rules, as `Reason::name` has them.
type Rules = BTreeSet<&'static str>;

/// The certificate C that is asked about: by its position on a path, while these signers of CRLs
/// are being judged.
#[derive(Clone, Copy)]
struct Asked<'a> {
    path: &'a [usize],
    position: usize,
    judged: &'a [usize],
}

/// A CRL that may vouch, the reasons for which it may, and its last second before it is stale.
struct Candidate {
    index: usize,
    reasons: u16,
    fresh_until: Time,
}

/// What does not depend on the certificate that is asked about.
#[derive(Debug)]
pub struct Inquiry<'a> {
    world: &'a World,
    /// For each CRL, the certificates whose key made it (§6.3.3 (g)).
    made_by: Vec<BTreeSet<usize>>,
    /// For each of these, its paths, and the rules of basic path validation that each breaks.
    signers: BTreeMap<usize, Vec<(Vec<usize>, Rules)>>,
}

impl<'a> Inquiry<'a> {
    /// Finds out who made which CRL, if the policy asks for any.
    #[must_use]
    pub fn new(world: &'a World) -> Self {
        let made = |crl: &Crl| {
            let is_maker = |node: &usize| {
                let key = &world.nodes[*node].certificate.spki;
                verify(
                    world.policy.algorithms,
                    &crl.signature_algorithm,
                    key,
                    &crl.tbs,
                    &crl.signature,
                ) == Outcome::Holds
            };
            (0..world.nodes.len())
                .filter(is_maker)
                .collect::<BTreeSet<_>>()
        };
        let asked = world
            .crls
            .iter()
            .filter(|_| asked_scope(world) != Scope::Off);
        let made_by: Vec<_> = asked.map(made).collect();
        let mut signers = BTreeMap::new();
        for node in made_by.iter().flatten().copied() {
            let judge = |path: Vec<usize>| {
                let broken = basic_path_validation(world, &path, Role::CrlSigner);
                (
                    path,
                    broken.into_iter().map(|failure| failure.rule).collect(),
                )
            };
            let paths = || all_paths(world, node).into_iter().map(judge).collect();
            signers.entry(node).or_insert_with(paths);
        }
        Self {
            world,
            made_by,
            signers,
        }
    }

    /// The status of C and until when it is known to hold, or the rules that refuse C.
    fn status(&self, asked: Asked<'_>) -> Result<(Status, Time), Rules> {
        let lifted_until = self.not_named(asked)?;
        let (status, until) = self.vouched_for(asked)?;
        Ok((status, until.min(lifted_until)))
    }

    /// R1 to R8: the rules by which CRLs that name C refuse it. Else, until when deltas lift what
    /// CRLs have it on hold.
    fn not_named(&self, asked: Asked<'_>) -> Result<Time, Rules> {
        let about = self.crls_about(asked)?;
        let subject = self.certificate_at(asked);
        let mut rules = Rules::new();
        let mut until = NEVER;
        for &(index, _) in &about {
            if !self.names(index, subject) || self.is_superseded(index, asked) {
                continue;
            }
            if let Some(end) = self.lifted_until(index, asked, &about) {
                until = until.min(end);
                continue;
            }
            let whose = self.whose(index, asked, Wanted::Revokes);
            rules.insert(if whose.revokes || whose.names_itself {
                "revoked" // R1, R2, R4, R5, R8
            } else if whose.in_progress || whose.mutual {
                "circular-crls" // R3, V5
            } else {
                "revocation-unknown" // R3
            });
        }
        if rules.contains("revoked") {
            return Err(Rules::from(["revoked"]));
        }
        if rules.is_empty() {
            Ok(until)
        } else {
            Err(rules)
        }
    }

    /// V1 to V5, U2 to U5: the status of C, which no CRL names, and until when it holds.
    fn vouched_for(&self, asked: Asked<'_>) -> Result<(Status, Time), Rules> {
        let mut about = self.crls_about(asked)?;
        let subject = self.certificate_at(asked);
        about.retain(|&(older, _)| {
            let mut all = 0..self.world.crls.len();
            !all.any(|newer| self.supersedes(newer, older, subject))
        });
        let by_issuer = |index: usize| self.is_by_issuer(index, asked);
        let is_complete = |index: usize| !is_delta(self.crl(index));
        // V3: the reasons that complete CRLs by K cover are K's.
        let of_issuer = about
            .iter()
            .filter(|&&(index, _)| {
                is_complete(index) && by_issuer(index) && !self.is_from_future(index)
            })
            .fold(0, |all, (_, reasons)| all | reasons);
        // V1: CRLs that vouch are complete, conform, are not from the future, cannot have pruned C.
        let candidates: Vec<_> = about
            .iter()
            .filter(|&&(index, _)| is_complete(index) && self.is_usable(index, subject))
            .map(|&(index, reasons)| Candidate {
                index,
                reasons: if by_issuer(index) {
                    reasons
                } else {
                    reasons & !of_issuer
                },
                fresh_until: self.fresh_until(index, subject, &about),
            })
            .collect();
        let is_accepted = |one: &Candidate| self.world.now <= self.accepted_until(one.fresh_until);

        // V4: CRLs by CAs of the path come first, ...
        let mut vouchers = Vec::new();
        for one in candidates.iter().filter(|one| is_accepted(one)) {
            if self.is_by_ca_of_path(one.index, asked) && !self.is_left_to_others(one.index, asked)
            {
                vouchers.push((one, Status::Good, self.accepted_until(one.fresh_until)));
            }
        }
        // ... of these, those that name no key count where no other CRLs by K cover every reason,
        // ...
        let is_last = |index: usize| self.is_looked_at_last(index, asked);
        let own = vouchers
            .iter()
            .filter(|(one, _, _)| by_issuer(one.index) && !is_last(one.index))
            .fold(0, |all, (one, _, _)| all | one.reasons);
        if own & ALL_REASONS == ALL_REASONS {
            vouchers.retain(|(one, _, _)| !is_last(one.index));
        }
        let covered = vouchers
            .iter()
            .fold(0, |all, (one, _, _)| all | one.reasons);
        // ... and others follow for the reasons that these do not cover.
        let others: Vec<_> = candidates
            .iter()
            .filter(|one| one.reasons & ALL_REASONS & !covered != 0)
            .map(|one| (one, self.whose(one.index, asked, Wanted::All)))
            .collect();
        for (one, whose) in others.iter().filter(|(one, _)| is_accepted(one)) {
            for &(its, end) in &whose.vouches {
                vouchers.push((one, its, end.min(self.accepted_until(one.fresh_until))));
            }
        }

        let mut status = Status::Good;
        // What is from the future may change things when it begins.
        let future = about
            .iter()
            .filter(|&&(index, _)| self.is_from_future(index));
        let begins = future.map(|&(index, _)| self.crl(index).this_update - self.skew() - 1);
        let mut until = begins.min().unwrap_or(NEVER);
        let mut rules = Rules::new();
        for reason in (1..=8).map(|bit| 1_u16 << bit) {
            // Those that stay fresh longest come first.
            let best = vouchers
                .iter()
                .filter(|(one, _, _)| one.reasons & reason != 0)
                .max_by_key(|&&(one, its, end)| {
                    let worth = [Status::Unknown, Status::Stale, Status::Good];
                    let worth = worth.iter().position(|status| *status == its);
                    (one.fresh_until, worth, end)
                });
            if let Some(&(one, its, end)) = best {
                // The worst status of all reasons is that of C.
                if its == Status::Unknown {
                    status = Status::Unknown;
                } else if (its == Status::Stale || self.world.now > one.fresh_until)
                    && status == Status::Good
                {
                    status = Status::Stale;
                }
                until = until.min(end);
                continue;
            }
            // Nobody vouches for this reason.
            let mut why = Rules::new();
            for (one, whose) in others.iter().filter(|(one, _)| one.reasons & reason != 0) {
                // V5: a signer is needed, and it and others revoke each other.
                if whose.mutual {
                    why.insert("circular-crls");
                }
                // V3, U5: a CRL is needed that is its signer's newest, and too stale, ...
                if (whose.same_anchor || !whose.vouches.is_empty()) && self.is_newest(one.index) {
                    if !is_accepted(one) {
                        why.insert("stale-crl");
                    }
                    // ... now or later.
                    until = until.min(self.accepted_until(one.fresh_until));
                }
                // A signer that is valid later may say more.
                for begins in &whose.begins {
                    until = until.min(begins.saturating_sub(1));
                }
            }
            if why.is_empty() {
                status = Status::Unknown;
                let is_allowed = match self.world.policy.unknown {
                    Unknown::Deny => false,                                   // U2
                    Unknown::AllowUnpublished => !self.is_published(subject), // U3
                    Unknown::Allow => true,                                   // U4
                };
                if !is_allowed {
                    why.insert("revocation-unknown");
                }
            }
            rules.extend(why);
        }
        if rules.is_empty() {
            Ok((status, until))
        } else {
            Err(rules)
        }
    }

    /// U3: whether a CRL was given with the name of C's issuer, or of a cRLIssuer of its points.
    fn is_published(&self, subject: &Certificate) -> bool {
        let points = distribution_points(subject).unwrap_or_default();
        let crl_issuers: Vec<_> = points
            .iter()
            .flat_map(|p| directory_names(&p.crl_issuer))
            .collect();
        let is_its = |name: &Name| {
            name.is_surely(&subject.issuer)
                || crl_issuers.iter().any(|issuer| name.is_surely(issuer))
        };
        self.world.crls.iter().any(|crl| is_its(&crl.issuer))
    }

    /// The CRLs about C, with the reasons that they cover.
    fn crls_about(&self, asked: Asked<'_>) -> Result<Vec<(usize, u16)>, Rules> {
        let subject = self.certificate_at(asked);
        let points = distribution_points(subject).ok_or_else(|| Rules::from(["malformed"]))?;
        let about = (0..self.world.crls.len()).filter_map(|index| {
            let reasons = reasons_about(self.crl(index), subject, &points)?;
            Some((index, reasons))
        });
        Ok(about.collect())
    }

    fn crl(&self, index: usize) -> &Crl {
        &self.world.crls[index]
    }

    fn certificate(&self, node: usize) -> &'a Certificate {
        &self.world.nodes[node].certificate
    }

    fn certificate_at(&self, asked: Asked<'_>) -> &'a Certificate {
        self.certificate(asked.path[asked.position])
    }
}
