//! The policy graph (RFC 9618 §3 and §5): linear in what the certificates say, where the tree of
//! RFC 5280 was exponential.
//!
//! Sections are those of RFC 5280, as RFC 9618 amends them.

use alloc::vec;
use alloc::vec::Vec;

use super::ANY_POLICY;
use crate::x509::PolicyMapping;

/// `valid_policy_graph` (RFC 9618 §5.2), without qualifiers. It is NULL if its last depth has no
/// nodes; nodes that lead to none at the last depth, which the RFC deletes at each step, are told
/// apart at the end, by going up from those that are there.
///
/// All lists are sorted, so that two of them are compared in one go along both.
pub(super) struct Graph<'a> {
    /// The depths above the last.
    above: Vec<Depth<'a>>,
    last: Depth<'a>,
}

#[derive(Default)]
struct Depth<'a> {
    nodes: Vec<Node<'a>>,
    /// The `expected_policy_set` of each node, all in one list. Once for each edge to a node that
    /// may come at the next depth.
    expected: Vec<Expected<'a>>,
}

struct Node<'a> {
    valid_policy: &'a [u8],
    /// Whether its parent is the node of anyPolicy. If not, its parents are those that expect it.
    is_child_of_any: bool,
    /// Whether nodes at the last depth descend from it. Found out at the end.
    is_live: bool,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Expected<'a> {
    policy: &'a [u8],
    /// The index of the node that expects it.
    by: usize,
}

impl<'a> Node<'a> {
    fn new(valid_policy: &'a [u8], is_child_of_any: bool) -> Self {
        Self {
            valid_policy,
            is_child_of_any,
            is_live: false,
        }
    }
}

impl<'a> Graph<'a> {
    /// §6.1.2 (a): one node, of anyPolicy.
    pub(super) fn new() -> Self {
        let mut root = Depth {
            nodes: vec![Node::new(ANY_POLICY, true)],
            expected: Vec::new(),
        };
        root.expect(&[]);
        Self {
            above: Vec::new(),
            last: root,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.last.nodes.is_empty()
    }

    /// How many policies are valid at the last depth.
    pub(super) fn node_count(&self) -> usize {
        self.last.nodes.len()
    }

    /// How many edges to a next depth there may be.
    pub(super) fn edge_count(&self) -> usize {
        self.last.expected.len()
    }

    /// §6.1.3 (d)(1)(2).
    pub(super) fn add_depth(&mut self, policies: &[&'a [u8]], any_policy_counts: bool) {
        let parent = &self.last;
        let parent_has_any = parent.any_policy().is_some();
        let mut nodes = Vec::with_capacity(policies.len());
        let mut expected = parent.expected.iter().peekable();
        for policy in policies.iter().copied().filter(|&p| p != ANY_POLICY) {
            while expected.next_if(|next| next.policy < policy).is_some() {}
            if expected.peek().is_some_and(|next| next.policy == policy) {
                nodes.push(Node::new(policy, false));
            } else if parent_has_any {
                nodes.push(Node::new(policy, true));
            }
        }
        if any_policy_counts && policies.binary_search(&ANY_POLICY).is_ok() {
            let mut listed = policies.iter().copied().peekable();
            let mut before = None;
            for policy in parent.expected.iter().map(|expected| expected.policy) {
                while listed.next_if(|next| *next < policy).is_some() {}
                let is_listed = policy != ANY_POLICY && listed.peek() == Some(&policy);
                if !is_listed && before != Some(policy) {
                    nodes.push(Node::new(policy, policy == ANY_POLICY));
                }
                before = Some(policy);
            }
        }
        let mut depth = Depth {
            nodes,
            expected: Vec::new(),
        };
        depth.sort();
        self.above.push(core::mem::replace(&mut self.last, depth));
    }

    /// §6.1.4 (b)(1), mapping allowed.
    pub(super) fn map(&mut self, mappings: &[PolicyMapping<'a>]) {
        let depth = &mut self.last;
        // What anyPolicy stands for gets a node of its own, as soon as it is mapped.
        if depth.any_policy().is_some() {
            let mut unknown = Vec::new();
            let mut nodes = depth.nodes.iter().map(|node| node.valid_policy).peekable();
            let mut before = None;
            for policy in mappings.iter().map(|mapping| mapping.issuer_domain) {
                while nodes.next_if(|next| *next < policy).is_some() {}
                if nodes.peek() != Some(&policy) && before != Some(policy) {
                    unknown.push(Node::new(policy, true));
                }
                before = Some(policy);
            }
            depth.nodes.append(&mut unknown);
            depth.sort();
        }
        depth.expect(mappings);
    }

    /// §6.1.4 (b)(2), mapping inhibited: a policy that is mapped is valid no longer.
    pub(super) fn delete_mapped(&mut self, mappings: &[PolicyMapping<'a>]) {
        let mut mapped = mappings.iter().map(|map| map.issuer_domain).peekable();
        self.last.nodes.retain(|node| {
            while mapped.next_if(|next| *next < node.valid_policy).is_some() {}
            mapped.peek() != Some(&node.valid_policy)
        });
        self.last.expect(&[]);
    }

    /// §6.1.5 (g)(1)-(4), sorted.
    pub(super) fn authority_constrained_policy_set(self) -> Vec<&'a [u8]> {
        let Self { mut above, last } = self;
        let mut set = Vec::new();
        set.extend(last.any_policy().map(|_| ANY_POLICY));
        let mut depth = last;
        for node in &mut depth.nodes {
            node.is_live = true;
        }
        loop {
            let mut parent = above.pop().unwrap_or_default();
            let mut expected = parent.expected.iter().peekable();
            for node in depth.nodes.iter().filter(|node| node.is_live) {
                let policy = node.valid_policy;
                if node.is_child_of_any {
                    // What is above are nodes of anyPolicy, which do not count above the last
                    // depth.
                    set.extend(Some(policy).filter(|policy| *policy != ANY_POLICY));
                    continue;
                }
                while expected.next_if(|next| next.policy < policy).is_some() {}
                while let Some(edge) = expected.next_if(|next| next.policy == policy) {
                    if let Some(node) = parent.nodes.get_mut(edge.by) {
                        node.is_live = true;
                    }
                }
            }
            if parent.nodes.is_empty() {
                break;
            }
            depth = parent;
        }
        set.sort_unstable();
        set.dedup();
        set
    }
}

impl<'a> Depth<'a> {
    /// Where the node of anyPolicy is.
    fn any_policy(&self) -> Option<usize> {
        self.nodes
            .binary_search_by(|node| node.valid_policy.cmp(ANY_POLICY))
            .ok()
    }

    /// Stable sorting merges what is sorted in parts in linear time.
    fn sort(&mut self) {
        self.nodes.sort_by_key(|node| node.valid_policy);
    }

    /// Sets what each node expects at the next depth: what its policy is mapped to, or else its
    /// policy.
    fn expect(&mut self, mappings: &[PolicyMapping<'a>]) {
        let mut expected = Vec::with_capacity(self.nodes.len().saturating_add(mappings.len()));
        let mut mapped = mappings.iter().peekable();
        for (by, node) in self.nodes.iter().enumerate() {
            let own = node.valid_policy;
            while mapped.next_if(|map| map.issuer_domain < own).is_some() {}
            let before = expected.len();
            while let Some(map) = mapped.next_if(|map| map.issuer_domain == own) {
                let policy = map.subject_domain;
                expected.push(Expected { policy, by });
            }
            if expected.len() == before {
                expected.push(Expected { policy: own, by });
            }
        }
        expected.sort_unstable();
        expected.dedup();
        self.expected = expected;
    }
}
