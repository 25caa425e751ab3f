//! Certificate policies: the graph of RFC 9618, and the tree of RFC 5280 §6.1 as a second opinion.
//!
//! Both are driven by the same variables of §6.1.2. RFC 9618 says that they are equivalent: it
//! merges the nodes of one depth that have one valid_policy. So verdict and user-constrained policy
//! set have to be the same, and debug builds assert it. What RFC 9618 changes on purpose is not
//! visible here: the output is the set of §6.1.6 without qualifiers, and no tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::certificate::Certificate;
use crate::model::{Oid, Policy};

/// anyPolicy (RFC 5280 §4.2.1.4).
pub const ANY_POLICY: &[u8] = &[0x55, 0x1D, 0x20, 0];

/// How many nodes of one depth a tree may have that is built to compare: it grows exponentially.
const COMPARED_NODES: usize = 4_000;

/// What the policies of a path come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The rules that do not hold, each with the index of the certificate.
    pub failures: Vec<(usize, &'static str)>,
    /// The user-constrained policy set (§6.1.6); anyPolicy in it is anyPolicy.
    pub user_constrained: BTreeSet<Oid>,
}

/// Processes the policies of certificates, the one below the anchor or the anchor first. The first
/// is the anchor if `with_anchor`: what it says binds as if it were an intermediate, but its
/// anyPolicy always counts, and where it says nothing it restricts nothing (docs/PROFILES.md).
#[must_use]
pub fn process(certificates: &[&Certificate], with_anchor: bool, policy: &Policy) -> Outcome {
    let by_graph = run(Graph::new(), certificates, with_anchor, policy);
    if cfg!(debug_assertions) {
        let by_tree = run(Tree::new(), certificates, with_anchor, policy);
        if let (Some(graph), Some(tree)) = (&by_graph, &by_tree) {
            assert_eq!(graph, tree, "RFC 9618 and RFC 5280 differ");
        }
    }
    by_graph.unwrap_or_default()
}

/// The valid_policy_graph or the valid_policy_tree.
trait ValidPolicies {
    /// Whether it is too large to go on with.
    fn is_too_large(&self) -> bool;
    fn is_null(&self) -> bool;
    /// §6.1.3 (e).
    fn set_null(&mut self);
    /// §6.1.3 (d): a new depth, for these policies; `any` says whether anyPolicy counts.
    fn add_depth(&mut self, policies: &BTreeSet<Oid>, any: bool);
    /// §6.1.4 (b)(1): policy_mapping is more than 0.
    fn map(&mut self, issuer_domain: &Oid, subject_domain: &BTreeSet<Oid>);
    /// §6.1.4 (b)(2): policy_mapping is 0.
    fn delete(&mut self, issuer_domain: &Oid);
    /// §6.1.5 (g) up to the authority-constrained policy set.
    fn authority_constrained(&self) -> BTreeSet<Oid>;
}

/// §6.1 as far as it is about policies; none if it became too large.
fn run(
    mut valid: impl ValidPolicies,
    certificates: &[&Certificate],
    with_anchor: bool,
    policy: &Policy,
) -> Option<Outcome> {
    let mut failures = Vec::new();
    // §6.1.2 (d), (e), (f).
    let n = u32::try_from(certificates.len()).unwrap_or(u32::MAX - 1);
    let initial = |inhibited: bool| if inhibited { 0 } else { n + 1 };
    let mut explicit_policy = initial(policy.explicit_policy);
    let mut inhibit_any_policy = initial(policy.inhibit_any_policy);
    let mut policy_mapping = initial(policy.inhibit_mapping);

    for (i, certificate) in certificates.iter().enumerate() {
        let is_last = i + 1 == certificates.len();
        let is_anchor = with_anchor && i == 0;
        let self_issued = certificate.is_self_issued();
        // §4.2.1.4: a policy MUST NOT appear more than once.
        let listed = certificate.policies.as_deref().unwrap_or_default();
        let mut policies: BTreeSet<Oid> = listed.iter().cloned().collect();
        if policies.len() < listed.len() {
            failures.push((i, "repeated-policy"));
        }
        // §6.1.3 (d)(2): when anyPolicy counts.
        let any = inhibit_any_policy > 0 || (!is_last && self_issued) || is_anchor;
        if is_anchor && certificate.policies.is_none() {
            policies.insert(ANY_POLICY.to_vec());
        }
        if policies.is_empty() {
            valid.set_null(); // §6.1.3 (e)
        } else if !valid.is_null() {
            valid.add_depth(&policies, any && policies.contains(ANY_POLICY)); // §6.1.3 (d)
        }
        if valid.is_too_large() {
            return None;
        }
        // §6.1.3 (f). The procedure of the RFC ends there.
        let failed = |failures: &[(usize, &str)]| failures.iter().any(|f| f.1 == "no-valid-policy");
        if explicit_policy == 0 && valid.is_null() && !failed(&failures) {
            failures.push((i, "no-valid-policy"));
        }
        if !is_last {
            // §6.1.4 (a).
            let is_any = |oid: &Oid| oid == ANY_POLICY;
            let mappings = &certificate.mappings;
            if mappings.iter().any(|(from, to)| is_any(from) || is_any(to)) {
                failures.push((i, "maps-any-policy"));
            }
            // §6.1.4 (b).
            let mut by_issuer_domain: BTreeMap<&Oid, BTreeSet<Oid>> = BTreeMap::new();
            let mapped = mappings
                .iter()
                .filter(|(from, to)| !is_any(from) && !is_any(to));
            for (from, to) in mapped {
                by_issuer_domain.entry(from).or_default().insert(to.clone());
            }
            for (from, to) in &by_issuer_domain {
                match policy_mapping {
                    0 => valid.delete(from),
                    _ => valid.map(from, to),
                }
            }
            // §6.1.4 (h).
            if !self_issued {
                explicit_policy = explicit_policy.saturating_sub(1);
                policy_mapping = policy_mapping.saturating_sub(1);
                inhibit_any_policy = inhibit_any_policy.saturating_sub(1);
            }
            // §6.1.4 (i), (j).
            let lower = |variable: &mut u32, value: Option<u32>| {
                *variable = value.map_or(*variable, |value| value.min(*variable));
            };
            lower(&mut explicit_policy, certificate.require_explicit_policy);
            lower(&mut policy_mapping, certificate.inhibit_policy_mapping);
            lower(&mut inhibit_any_policy, certificate.inhibit_any_policy);
        } else {
            // §6.1.5 (a), (b).
            explicit_policy = explicit_policy.saturating_sub(1);
            if certificate.require_explicit_policy == Some(0) {
                explicit_policy = 0;
            }
        }
    }

    // §6.1.5 (g), as RFC 9618 §5 has it.
    let authority_constrained = valid.authority_constrained();
    let mut user_constrained = authority_constrained.clone();
    if let Some(user_initial) = &policy.acceptable_policies
        && !user_initial.contains(ANY_POLICY)
    {
        user_constrained.retain(|oid| user_initial.contains(oid));
        if authority_constrained.contains(ANY_POLICY) {
            user_constrained.extend(user_initial.iter().cloned());
        }
    }
    let last = certificates.len().saturating_sub(1);
    let failed = failures
        .iter()
        .any(|failure| failure.1 == "no-valid-policy");
    if explicit_policy == 0 && user_constrained.is_empty() && !failed {
        let rule = match valid.is_null() {
            true => "no-valid-policy",
            false => "policy-not-acceptable",
        };
        failures.push((last, rule));
    }
    Some(Outcome {
        failures,
        user_constrained,
    })
}

/// The valid_policy_graph (RFC 9618 §3.2): by depth and valid_policy. Empty: NULL.
struct Graph(Vec<BTreeMap<Oid, GraphNode>>);

struct GraphNode {
    expected_policy_set: BTreeSet<Oid>,
    /// The valid_policy of each parent, at the depth above.
    parents: BTreeSet<Oid>,
}

impl Graph {
    /// RFC 9618 §5.3: one node of depth 0.
    fn new() -> Self {
        let node = GraphNode {
            expected_policy_set: BTreeSet::from([ANY_POLICY.to_vec()]),
            parents: BTreeSet::new(),
        };
        Self(vec![BTreeMap::from([(ANY_POLICY.to_vec(), node)])])
    }

    /// The nodes of depth i - 1, as parents of nodes with a policy that they expect.
    fn expecting(above: &BTreeMap<Oid, GraphNode>, policy: &Oid) -> BTreeSet<Oid> {
        let expecting = |(valid_policy, node): (&Oid, &GraphNode)| {
            let expects = node.expected_policy_set.contains(policy);
            expects.then(|| valid_policy.clone())
        };
        above.iter().filter_map(expecting).collect()
    }

    /// RFC 9618 §5.4 (d)(3): nodes of depth i - 1 or less without children are deleted.
    fn prune(&mut self) {
        for depth in (1..self.0.len()).rev() {
            let parents: BTreeSet<Oid> = self.0[depth]
                .values()
                .flat_map(|node| node.parents.iter().cloned())
                .collect();
            self.0[depth - 1].retain(|valid_policy, _| parents.contains(valid_policy));
        }
        if self.0.first().is_none_or(BTreeMap::is_empty) {
            self.set_null();
        }
    }
}

impl ValidPolicies for Graph {
    fn is_too_large(&self) -> bool {
        false
    }

    fn is_null(&self) -> bool {
        self.0.is_empty()
    }

    fn set_null(&mut self) {
        self.0.clear();
    }

    fn add_depth(&mut self, policies: &BTreeSet<Oid>, any: bool) {
        let Some(above) = self.0.last() else { return };
        let node = |policy: &Oid, parents| GraphNode {
            expected_policy_set: BTreeSet::from([policy.clone()]),
            parents,
        };
        let mut depth = BTreeMap::new();
        // (1): each policy that is not anyPolicy.
        for policy in policies.iter().filter(|policy| *policy != ANY_POLICY) {
            let mut parents = Self::expecting(above, policy); // (i)
            if parents.is_empty() && above.contains_key(ANY_POLICY) {
                parents.insert(ANY_POLICY.to_vec()); // (ii)
            }
            if !parents.is_empty() {
                depth.insert(policy.clone(), node(policy, parents));
            }
        }
        // (2): anyPolicy stands for what is expected, and is no node yet.
        if any {
            for policy in above.values().flat_map(|node| &node.expected_policy_set) {
                let parents = Self::expecting(above, policy);
                let entry = depth.entry(policy.clone());
                entry.or_insert_with(|| node(policy, parents));
            }
        }
        self.0.push(depth);
        self.prune();
    }

    fn map(&mut self, issuer_domain: &Oid, subject_domain: &BTreeSet<Oid>) {
        let Some(depth) = self.0.last_mut() else {
            return;
        };
        if let Some(node) = depth.get_mut(issuer_domain) {
            node.expected_policy_set = subject_domain.clone();
        } else if depth.contains_key(ANY_POLICY) {
            let node = GraphNode {
                expected_policy_set: subject_domain.clone(),
                parents: BTreeSet::from([ANY_POLICY.to_vec()]),
            };
            depth.insert(issuer_domain.clone(), node);
        }
    }

    fn delete(&mut self, issuer_domain: &Oid) {
        if let Some(depth) = self.0.last_mut() {
            depth.remove(issuer_domain);
        }
        self.prune();
    }

    fn authority_constrained(&self) -> BTreeSet<Oid> {
        // (g)(2): valid_policy is not anyPolicy, and the parent list is one node with anyPolicy.
        let below_any = |(valid_policy, node): (&Oid, &GraphNode)| {
            let only_any = node.parents.len() == 1 && node.parents.contains(ANY_POLICY);
            (valid_policy != ANY_POLICY && only_any).then(|| valid_policy.clone())
        };
        let nodes = self.0.iter().flatten();
        let mut set: BTreeSet<Oid> = nodes.filter_map(below_any).collect();
        // (g)(3): anyPolicy of depth n.
        if self
            .0
            .last()
            .is_some_and(|last| last.contains_key(ANY_POLICY))
        {
            set.insert(ANY_POLICY.to_vec());
        }
        set
    }
}

/// The valid_policy_tree (RFC 5280 §6.1.2 (a)): the expected_policy_set of each node of depth i,
/// by the valid_policies from the root down to it. What has no child of depth i is not in it, so
/// that pruning needs no step. Empty: NULL.
struct Tree(BTreeMap<Vec<Oid>, BTreeSet<Oid>>);

impl Tree {
    fn new() -> Self {
        let any = ANY_POLICY.to_vec();
        Self(BTreeMap::from([(vec![any.clone()], BTreeSet::from([any]))]))
    }
}

impl ValidPolicies for Tree {
    fn is_too_large(&self) -> bool {
        self.0.len() > COMPARED_NODES
    }

    fn is_null(&self) -> bool {
        self.0.is_empty()
    }

    fn set_null(&mut self) {
        self.0.clear();
    }

    fn add_depth(&mut self, policies: &BTreeSet<Oid>, any: bool) {
        let mut depth = BTreeMap::new();
        let mut add_child = |branch: &Vec<Oid>, policy: &Oid| {
            let child = [branch.clone(), vec![policy.clone()]].concat();
            depth.insert(child, BTreeSet::from([policy.clone()]));
        };
        for policy in policies.iter().filter(|policy| *policy != ANY_POLICY) {
            let is_matched = self.0.values().any(|expected| expected.contains(policy));
            for (branch, expected) in &self.0 {
                let is_any = branch.last().is_some_and(|end| end == ANY_POLICY);
                if expected.contains(policy) || (!is_matched && is_any) {
                    add_child(branch, policy); // (1)(i), (ii)
                }
            }
        }
        for (branch, expected) in self.0.iter().filter(|_| any) {
            for policy in expected {
                add_child(branch, policy); // (2); what (1) made is made again
            }
        }
        self.0 = depth; // (3)
    }

    fn map(&mut self, issuer_domain: &Oid, subject_domain: &BTreeSet<Oid>) {
        let mut matched = false;
        for (branch, expected) in &mut self.0 {
            if branch.last() == Some(issuer_domain) {
                expected.clone_from(subject_domain);
                matched = true;
            }
        }
        // The parent of anyPolicy at depth i gets a child.
        let is_any = |branch: &&Vec<Oid>| branch.last().is_some_and(|end| end == ANY_POLICY);
        if let (false, Some(any)) = (matched, self.0.keys().find(is_any)) {
            let parent = &any[..any.len() - 1];
            let child = [parent, std::slice::from_ref(issuer_domain)].concat();
            self.0.insert(child, subject_domain.clone());
        }
    }

    fn delete(&mut self, issuer_domain: &Oid) {
        self.0
            .retain(|branch, _| branch.last() != Some(issuer_domain));
    }

    fn authority_constrained(&self) -> BTreeSet<Oid> {
        // §6.1.5 (g)(iii)(1): the node below anyPolicy in each branch; anyPolicy of depth n.
        let first = |branch: &Vec<Oid>| {
            let specific = branch.iter().find(|policy| *policy != ANY_POLICY);
            specific.cloned().unwrap_or(ANY_POLICY.to_vec())
        };
        self.0.keys().map(first).collect()
    }
}
