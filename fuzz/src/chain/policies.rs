//! The oracle of certificate policies: the valid_policy_tree of RFC 5280 §6.1 as it is written,
//! node by node, and not the graph of RFC 9618 that the library builds.
//!
//! A trust anchor takes part as an issuer would below a root that says nothing, but that without
//! certificatePolicies it restricts nothing, and that its anyPolicy always counts (`DESIGN.md`).

use mtls_verify::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ExplicitPolicy, PolicyId, PolicyMappings,
};

use crate::further::{ANY_POLICY, Further};
use crate::model::Certificate;

/// Whether the policies of a path, the client's certificate first, are as asked.
pub(super) fn holds(
    path: &[&Certificate],
    further: &[&Further],
    asked: &CertificatePolicies,
) -> bool {
    // §4.2.1.4, §6.1.4 (a), whether or not a policy is asked for.
    if further.iter().any(|further| repeats_policy(further))
        || further[1..].iter().any(|further| maps_any_policy(further))
    {
        return false;
    }
    // §6.1.2
    let never = path.len() + 1;
    let start = |is_zero| if is_zero { 0 } else { never };
    let mut explicit = start(asked.explicit_policy == ExplicitPolicy::Required);
    let mut mapping = start(asked.mapping == PolicyMappings::Inhibited);
    let mut inhibit_any = start(asked.any_policy == AnyPolicy::Inhibited);
    let mut tree = Tree::new();
    for (at, certificate) in path.iter().enumerate().rev() {
        let (own, is_self_issued) = (further[at], certificate.is_self_issued());
        let is_anchor = at + 1 == path.len();
        let any_counts = is_anchor || inhibit_any > 0 || at > 0 && is_self_issued;
        if !is_anchor || !own.policies.is_empty() {
            tree.process(&own.policies, any_counts);
        }
        // §6.1.3 (f)
        if explicit == 0 && tree.is_null() {
            return false;
        }
        if at == 0 {
            // §6.1.5 (a)(b)
            explicit = explicit.saturating_sub(1);
            if own.require_explicit == Some(0) {
                explicit = 0;
            }
            break;
        }
        // §6.1.4 (b)(h)(i)(j)
        tree.map(&own.mappings, mapping > 0);
        if !is_self_issued {
            for counter in [&mut explicit, &mut mapping, &mut inhibit_any] {
                *counter = counter.saturating_sub(1);
            }
        }
        let lower = |counter: &mut usize, to: Option<usize>| {
            *counter = to.map_or(*counter, |to| to.min(*counter));
        };
        lower(&mut explicit, own.require_explicit.map(usize::from));
        lower(&mut mapping, own.inhibit_mapping.map(usize::from));
        lower(&mut inhibit_any, own.inhibit_any.map(|skip| skip as usize));
    }
    explicit > 0 || tree.has_acceptable(&asked.acceptable)
}

fn repeats_policy(further: &Further) -> bool {
    let policies = &further.policies;
    (1..policies.len()).any(|at| policies[..at].contains(&policies[at]))
}

fn maps_any_policy(further: &Further) -> bool {
    let mut mappings = further.mappings.iter();
    mappings.any(|(issuer, subject)| [*issuer, *subject].contains(&ANY_POLICY))
}

/// The nodes of each depth. Nodes without a child below are pruned only in what follows from that:
/// a node counts if it is at the last depth, and so do those above it.
struct Tree(Vec<Vec<Node>>);

struct Node {
    policy: &'static str,
    expected: Vec<&'static str>,
    /// The index of its parent in the depth above.
    parent: usize,
}

impl Tree {
    /// §6.1.2 (a)
    fn new() -> Self {
        Self(vec![vec![Node {
            policy: ANY_POLICY,
            expected: vec![ANY_POLICY],
            parent: 0,
        }]])
    }

    fn last(&self) -> &[Node] {
        self.0.last().expect("a root")
    }

    fn is_null(&self) -> bool {
        self.last().is_empty()
    }

    /// §6.1.3 (d)(e)
    fn process(&mut self, policies: &[&'static str], any_counts: bool) {
        let above = self.last();
        let child = |policy, parent| Node {
            policy,
            expected: vec![policy],
            parent,
        };
        let mut nodes: Vec<Node> = Vec::new();
        for policy in policies.iter().filter(|policy| **policy != ANY_POLICY) {
            let expecting: Vec<usize> = (0..above.len())
                .filter(|parent| above[*parent].expected.contains(policy))
                .collect();
            let any = above.iter().position(|node| node.policy == ANY_POLICY);
            let parents = match expecting.is_empty() {
                true => any.into_iter().collect(),
                false => expecting,
            };
            nodes.extend(parents.into_iter().map(|parent| child(policy, parent)));
        }
        if any_counts && policies.contains(&ANY_POLICY) {
            for (parent, node) in above.iter().enumerate() {
                for expected in &node.expected {
                    let mut children = nodes.iter();
                    if !children.any(|node| node.parent == parent && node.policy == *expected) {
                        nodes.push(child(expected, parent));
                    }
                }
            }
        }
        self.0.push(nodes);
    }

    /// §6.1.4 (b)
    fn map(&mut self, mappings: &[(&'static str, &'static str)], is_allowed: bool) {
        let nodes = self.0.last_mut().expect("a root");
        if !is_allowed {
            nodes.retain(|node| mappings.iter().all(|(issuer, _)| node.policy != *issuer));
            return;
        }
        let any = nodes.iter().find(|node| node.policy == ANY_POLICY);
        let parent_of_any = any.map(|node| node.parent);
        let of = |policy: &str| -> Vec<&'static str> {
            let mut mapped: Vec<_> = mappings
                .iter()
                .filter(|(issuer, _)| *issuer == policy)
                .map(|(_, subject)| *subject)
                .collect();
            mapped.dedup();
            mapped
        };
        for (issuer, _) in mappings {
            let mut is_there = false;
            for node in nodes.iter_mut().filter(|node| node.policy == *issuer) {
                is_there = true;
                node.expected = of(issuer);
            }
            if let (false, Some(parent)) = (is_there, parent_of_any) {
                nodes.push(Node {
                    policy: issuer,
                    expected: of(issuer),
                    parent,
                });
            }
        }
    }

    /// §6.1.5 (g): whether one of the policies asked for is left.
    fn has_acceptable(&self, acceptable: &AcceptablePolicies) -> bool {
        let AcceptablePolicies::Only(initial) = acceptable else {
            return !self.is_null();
        };
        let is_initial = |policy: &str| {
            let mut all = initial.iter();
            policy == ANY_POLICY || all.any(|id| id.to_string() == policy)
        };
        if initial.contains(&PolicyId::ANY) {
            return !self.is_null();
        }
        // Each leaf at the last depth stands for the node of the valid_policy_node_set above it:
        // the first on the way down that is not anyPolicy. A leaf of anyPolicy stands for all.
        (0..self.last().len()).any(|leaf| {
            let (mut at, mut domain) = (leaf, ANY_POLICY);
            for depth in self.0.iter().rev() {
                let node = &depth[at];
                if node.policy != ANY_POLICY {
                    domain = node.policy;
                }
                at = node.parent;
            }
            is_initial(domain) && !initial.is_empty()
        })
    }
}
