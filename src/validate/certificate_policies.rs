//! Certificate policies (RFC 5280 §6.1, as amended by RFC 9618).
//!
//! Most paths cannot fail for their policies, because nothing requires that they be valid for one.
//! [`check`] tells these apart by a glance at each certificate and without allocating. For the
//! others it builds the graph of RFC 9618, and which policies a path is valid for is found in the
//! same way by who wants to know ([`PolicySet::of_path`]).
//!
//! The trust anchor takes part as if it were an intermediate under a root that says nothing: its
//! policies, mappings and constraints bind, so that a path to it is valid for the same policies as
//! one that goes on to such a root. RFC 5937 §3.2 reaches the same for most anchors by way of the
//! inputs, but those cannot carry a mapping or a count of certificates to skip. Two differences
//! from an intermediate: an anchor without certificatePolicies restricts nothing, and its anyPolicy
//! always counts, as the input that inhibits anyPolicy is about what was issued below it.

mod graph;

use alloc::string::String;
use alloc::vec::Vec;

use graph::Graph;

use crate::budget::{Budget, price};
use crate::error::{Reason, Work};
use crate::path::Step;
use crate::policy::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ExplicitPolicy, PolicyId, PolicyMappings,
};
use crate::x509::{Certificate, PolicyMapping, oid_text};

/// `anyPolicy` (RFC 5280 §4.2.1.4).
const ANY_POLICY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];

/// Where a counter of RFC 5280 §6.1.2 starts that shall not reach zero by itself: beyond the
/// length of every path.
const NEVER: u32 = u32::MAX;

/// Up to this many policies and mappings of a certificate are so cheap to look at that nobody pays
/// for it.
const FEW: usize = 4;

/// What a mapping costs: it is of two policies.
const PER_MAPPING: usize = 2;

/// The policies that a path is valid for: the `user-constrained-policy-set` of RFC 5280 §6.1.6.
/// They are those of the trust anchor's domain, of which policies further down may stand for others
/// (§4.2.1.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicySet(Vec<PolicyId>);

impl PolicySet {
    /// The policies of a path that passed [`check`], leaf first, anchor last if it ends in one. The
    /// error is that of the budget.
    pub(crate) fn of_path<'a>(
        path: impl Path<'a>,
        end: PathEnd,
        asked: &'a CertificatePolicies,
        budget: Option<&Budget>,
    ) -> Result<Self, Reason> {
        let state = match process(path, end, asked, budget) {
            Ok(state) => state,
            Err(failure) => match failure.problem {
                PolicyProblem::Limit(reason) => return Err(reason),
                _ => return Ok(Self::default()),
            },
        };
        let authority = state.graph.authority_constrained_policy_set();
        let policies = match initial_set(asked) {
            None => authority,
            Some(initial) => user_constrained_policy_set(&authority, initial),
        };
        let mut policies: Vec<_> = policies.into_iter().map(PolicyId::from_bytes).collect();
        policies.sort_unstable();
        policies.dedup();
        Ok(Self(policies))
    }

    /// Whether the path is valid for `policy`. It is valid for each if it is for [`PolicyId::ANY`].
    pub fn contains(&self, policy: &PolicyId) -> bool {
        let has = |policy| self.0.binary_search(policy).is_ok();
        has(policy) || has(&PolicyId::ANY)
    }

    /// The policies, each once. [`PolicyId::ANY`] among them stands for all.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &PolicyId> {
        self.0.iter()
    }

    /// Whether the path is valid for no policy.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why the policies of a path refuse it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PolicyFailure {
    /// Which certificate of the path it is about, counted from the client's.
    pub(crate) at: usize,
    pub(crate) problem: PolicyProblem,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PolicyProblem {
    /// A valid policy is required, and this certificate leaves none (§6.1.3 (f), §6.1.5).
    NoValidPolicy,
    /// A valid policy is required, and the path has some but none that is asked for (§6.1.5).
    /// These are the first ones, in their dotted form.
    NotAcceptable { valid: Vec<String> },
    /// A policy is listed twice (§4.2.1.4).
    Repeated { policy: String },
    /// A mapping to or from anyPolicy (§6.1.4 (a)).
    MapsAnyPolicy,
    /// The budget was used up. No other path can be judged either.
    Limit(Reason),
}

/// How many of the policies a path is valid for an error speaks of.
const REPORTED: usize = 8;

/// Pays for looking at so many policies, mappings, nodes or edges: a graph has no more nodes and
/// edges than the certificates of its path have policies and mappings, times their number, but
/// there can be many paths.
fn pay(budget: Option<&Budget>, count: usize) -> Result<(), PolicyProblem> {
    let units = count.saturating_mul(price::POLICY);
    let paid = budget.map_or(Ok(()), |budget| budget.pay(units, Work::Policies));
    paid.map_err(|out| PolicyProblem::Limit(out.into()))
}

/// What the last certificate of a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathEnd {
    /// A trust anchor: one that says nothing of policies restricts nothing.
    Anchor,
    /// A pinned client, the only one. A pin is no policy statement, so its certificate is good for
    /// the policies that it lists, like any client's below an anchor that says nothing.
    Pin,
}

/// A certificate of a path, and whether it is self-issued (RFC 5280 §3.2), which the search knows.
pub(crate) type Link<'a> = (Certificate<'a>, bool);

/// The certificates of a path, leaf first, anchor last.
pub(crate) trait Path<'a>: DoubleEndedIterator<Item = Link<'a>> + ExactSizeIterator {}

impl<'a, T> Path<'a> for T where T: DoubleEndedIterator<Item = Link<'a>> + ExactSizeIterator {}

/// Checks the policies of a path, leaf first, anchor last if it ends in one.
pub(crate) fn check(
    path: &[Step<'_>],
    end: PathEnd,
    asked: &CertificatePolicies,
    budget: &Budget,
) -> Result<(), PolicyFailure> {
    let budget = Some(budget);
    let certificates = || path.iter().map(|step| step.certificate);
    let may_be_required = asked.explicit_policy == ExplicitPolicy::Required
        || certificates().any(|certificate| {
            let constraints = certificate.policy_constraints();
            constraints.require_explicit_policy.is_some()
        });
    if !may_be_required {
        // `explicit_policy` stays above zero to the end, so (f) of §6.1.3 and the end of §6.1.5
        // hold whatever the policies.
        return certificates()
            .enumerate()
            .rev()
            .try_for_each(|(at, certificate)| {
                check_form(certificate, at, budget).map_err(|problem| PolicyFailure { at, problem })
            });
    }
    let links = path
        .iter()
        .map(|step| (step.certificate, step.is_self_issued));
    let state = process(links, end, asked, budget)?;
    let of_client = |problem| Err(PolicyFailure { at: 0, problem });
    if state.explicit_policy > 0 {
        return Ok(());
    }
    if state.graph.is_null() {
        return of_client(PolicyProblem::NoValidPolicy);
    }
    let Some(initial) = initial_set(asked) else {
        return Ok(());
    };
    let authority = state.graph.authority_constrained_policy_set();
    if !user_constrained_policy_set(&authority, initial).is_empty() {
        return Ok(());
    }
    let valid = authority.into_iter().take(REPORTED).map(oid_text).collect();
    of_client(PolicyProblem::NotAcceptable { valid })
}

/// Checks what must hold even where no policy is required, as [`sorted_policies`] and
/// [`sorted_mappings`] do.
fn check_form(
    certificate: Certificate<'_>,
    at: usize,
    budget: Option<&Budget>,
) -> Result<(), PolicyProblem> {
    let mut seen: [&[u8]; FEW] = [&[]; FEW];
    for (index, policy) in certificate.policies().into_iter().flatten().enumerate() {
        if seen.iter().take(index).any(|seen| *seen == policy) {
            return Err(repeated(policy));
        }
        match seen.get_mut(index) {
            Some(place) => *place = policy,
            None => {
                sorted_policies(certificate, budget)?;
                break;
            }
        }
    }
    // Nothing follows the client's certificate, so its mappings are not looked at.
    if at > 0 {
        for (index, mapping) in certificate.policy_mappings().enumerate() {
            if index >= FEW {
                pay(budget, PER_MAPPING)?;
            }
            check_mapping(&mapping)?;
        }
    }
    Ok(())
}

/// The policies of a certificate, of which none may be there twice (§4.2.1.4).
fn sorted_policies<'a>(
    certificate: Certificate<'a>,
    budget: Option<&Budget>,
) -> Result<Vec<&'a [u8]>, PolicyProblem> {
    let mut policies: Vec<_> = certificate.policies().into_iter().flatten().collect();
    pay(budget, policies.len())?;
    policies.sort_unstable();
    let mut pairs = policies.iter().zip(policies.iter().skip(1));
    match pairs.find(|(one, next)| one == next) {
        Some((policy, _)) => Err(repeated(policy)),
        None => Ok(policies),
    }
}

fn repeated(policy: &[u8]) -> PolicyProblem {
    PolicyProblem::Repeated {
        policy: oid_text(policy),
    }
}

fn sorted_mappings<'a>(
    certificate: Certificate<'a>,
    budget: Option<&Budget>,
) -> Result<Vec<PolicyMapping<'a>>, PolicyProblem> {
    let mut mappings: Vec<_> = certificate.policy_mappings().collect();
    pay(budget, mappings.len().saturating_mul(PER_MAPPING))?;
    mappings.iter().try_for_each(check_mapping)?;
    mappings.sort_unstable_by_key(|mapping| (mapping.issuer_domain, mapping.subject_domain));
    Ok(mappings)
}

/// §6.1.4 (a)
fn check_mapping(mapping: &PolicyMapping<'_>) -> Result<(), PolicyProblem> {
    if mapping.issuer_domain == ANY_POLICY || mapping.subject_domain == ANY_POLICY {
        Err(PolicyProblem::MapsAnyPolicy)
    } else {
        Ok(())
    }
}

/// The state variables of §6.1.2 that are about policies.
struct State<'a> {
    explicit_policy: u32,
    policy_mapping: u32,
    inhibit_any_policy: u32,
    /// `valid_policy_graph`
    graph: Graph<'a>,
}

/// Takes a path through §6.1.2 to §6.1.5 (b).
fn process<'a>(
    path: impl Path<'a>,
    end: PathEnd,
    asked: &CertificatePolicies,
    budget: Option<&Budget>,
) -> Result<State<'a>, PolicyFailure> {
    // §6.1.2 (d)-(f)
    let start = |holds_from_the_start| if holds_from_the_start { 0 } else { NEVER };
    let mut state = State {
        explicit_policy: start(asked.explicit_policy == ExplicitPolicy::Required),
        policy_mapping: start(asked.mapping == PolicyMappings::Inhibited),
        inhibit_any_policy: start(asked.any_policy == AnyPolicy::Inhibited),
        graph: Graph::new(),
    };
    let anchor = match end {
        PathEnd::Anchor => Some(path.len().saturating_sub(1)),
        PathEnd::Pin => None,
    };
    for (at, (certificate, is_self_issued)) in path.enumerate().rev() {
        let in_this = |problem| PolicyFailure { at, problem };
        if Some(at) != anchor {
            let any_policy_counts = state.inhibit_any_policy > 0 || (at > 0 && is_self_issued);
            state
                .process_policies(certificate, any_policy_counts, budget)
                .map_err(in_this)?;
            // §6.1.3 (f)
            if state.explicit_policy == 0 && state.graph.is_null() {
                return Err(in_this(PolicyProblem::NoValidPolicy));
            }
        } else if certificate.policies().is_some() {
            state
                .process_policies(certificate, true, budget)
                .map_err(in_this)?;
        }
        if at > 0 {
            state
                .prepare_for_next(certificate, is_self_issued, budget)
                .map_err(in_this)?;
        } else {
            state.wrap_up(certificate);
        }
    }
    Ok(state)
}

impl<'a> State<'a> {
    /// §6.1.3 (d)(e). Without the extension there is no policy in the list, and so no node at the
    /// new depth.
    fn process_policies(
        &mut self,
        certificate: Certificate<'a>,
        any_policy_counts: bool,
        budget: Option<&Budget>,
    ) -> Result<(), PolicyProblem> {
        let policies = sorted_policies(certificate, budget)?;
        self.graph.add_depth(&policies, any_policy_counts);
        pay(budget, self.graph.node_count())
    }

    /// §6.1.4 (a)(b)(h)(i)(j).
    fn prepare_for_next(
        &mut self,
        certificate: Certificate<'a>,
        is_self_issued: bool,
        budget: Option<&Budget>,
    ) -> Result<(), PolicyProblem> {
        let mappings = sorted_mappings(certificate, budget)?;
        if self.policy_mapping > 0 {
            self.graph.map(&mappings);
        } else {
            self.graph.delete_mapped(&mappings);
        }
        pay(budget, self.graph.edge_count())?;

        // What the anchor would take off makes no difference: its counters are at zero or at
        // `NEVER`.
        if !is_self_issued {
            for counter in [
                &mut self.explicit_policy,
                &mut self.policy_mapping,
                &mut self.inhibit_any_policy,
            ] {
                *counter = counter.saturating_sub(1);
            }
        }
        let constraints = certificate.policy_constraints();
        let lower = |counter: u32, to: Option<u32>| to.map_or(counter, |to| counter.min(to));
        self.explicit_policy = lower(self.explicit_policy, constraints.require_explicit_policy);
        self.policy_mapping = lower(self.policy_mapping, constraints.inhibit_policy_mapping);
        self.inhibit_any_policy = lower(self.inhibit_any_policy, certificate.inhibit_any_policy());
        Ok(())
    }

    /// §6.1.5 (a)(b).
    fn wrap_up(&mut self, certificate: Certificate<'_>) {
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        if certificate.policy_constraints().require_explicit_policy == Some(0) {
            self.explicit_policy = 0;
        }
    }
}

/// The `user-initial-policy-set` (§6.1.1 (c)); `None` if it is any-policy.
fn initial_set(asked: &CertificatePolicies) -> Option<&[PolicyId]> {
    match &asked.acceptable {
        AcceptablePolicies::Only(initial) if !initial.contains(&PolicyId::ANY) => Some(initial),
        _ => None,
    }
}

/// §6.1.5 (g)(6), where the `user-initial-policy-set` is not any-policy. `authority` is sorted.
fn user_constrained_policy_set<'a>(authority: &[&[u8]], initial: &'a [PolicyId]) -> Vec<&'a [u8]> {
    let has = |policy: &[u8]| authority.binary_search(&policy).is_ok();
    let has_any = has(ANY_POLICY);
    initial
        .iter()
        .map(PolicyId::as_bytes)
        .filter(|policy| has_any || has(policy))
        .collect()
}

#[cfg(test)]
mod tests;
