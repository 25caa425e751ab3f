//! The policy tree of RFC 5280 §6.1, step by step and with no regard for cost, to hold the graph
//! against. It is written from RFC 5280 alone, without the amendments of RFC 9618, which promise
//! the same outcome.

use alloc::vec;
use alloc::vec::Vec;

use super::{ANY, Number, Says, accepts, id};
use crate::policy::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ExplicitPolicy, PolicyMappings,
};

#[derive(Clone)]
struct Node {
    depth: usize,
    parent: Option<usize>,
    valid_policy: Number,
    expected_policy_set: Vec<Number>,
    deleted: bool,
}

struct Tree(Vec<Node>);

impl Tree {
    fn at(&self, depth: usize) -> Vec<usize> {
        let there = |at: &usize| self.0[*at].depth == depth && !self.0[*at].deleted;
        (0..self.0.len()).filter(there).collect()
    }

    fn children(&self, parent: usize) -> Vec<usize> {
        let is_child = |at: &usize| self.0[*at].parent == Some(parent) && !self.0[*at].deleted;
        (0..self.0.len()).filter(is_child).collect()
    }

    fn add(&mut self, parent: usize, valid_policy: Number, expected: &[Number]) {
        self.0.push(Node {
            depth: self.0[parent].depth + 1,
            parent: Some(parent),
            valid_policy,
            expected_policy_set: expected.to_vec(),
            deleted: false,
        });
    }

    fn delete_with_children(&mut self, at: usize) {
        for child in self.children(at) {
            self.delete_with_children(child);
        }
        self.0[at].deleted = true;
    }

    /// Deletes nodes above `depth` that have no children.
    fn prune(&mut self, depth: usize) {
        for depth in (0..depth).rev() {
            for at in self.at(depth) {
                self.0[at].deleted = self.children(at).is_empty();
            }
        }
    }

    fn any_at(&self, depth: usize) -> Option<usize> {
        let mut nodes = self.at(depth).into_iter();
        nodes.find(|at| self.0[*at].valid_policy == ANY)
    }
}

/// The policies of a valid path, anchor first; `None` if it is refused.
pub(super) fn judge(path: &[Says], asked: &CertificatePolicies) -> Option<Vec<Number>> {
    // The anchor is certificate 1. One without policies restricts nothing.
    let mut path = path.to_vec();
    if path[0].policies.is_empty() {
        path[0].policies.push(ANY);
    }
    let n = path.len();
    let mut tree = Tree(vec![Node {
        depth: 0,
        parent: None,
        valid_policy: ANY,
        expected_policy_set: vec![ANY],
        deleted: false,
    }]);
    let start = |now: bool| if now { 0 } else { n + 1 };
    let mut explicit_policy = start(asked.explicit_policy == ExplicitPolicy::Required);
    let mut policy_mapping = start(asked.mapping == PolicyMappings::Inhibited);
    let mut inhibit_any_policy = start(asked.any_policy == AnyPolicy::Inhibited);
    for (index, certificate) in path.iter().enumerate() {
        let i = index + 1;
        let counts = i == 1 || inhibit_any_policy > 0 || (i < n && certificate.is_self_issued);
        add_policies(&mut tree, i, &certificate.policies, counts);
        if explicit_policy == 0 && tree.at(i).is_empty() {
            return None;
        }
        if i == n {
            explicit_policy = explicit_policy.saturating_sub(1);
            if certificate.require_explicit == Some(0) {
                explicit_policy = 0;
            }
            break;
        }
        add_mappings(&mut tree, i, &certificate.mappings, policy_mapping > 0);
        if !certificate.is_self_issued && i > 1 {
            explicit_policy = explicit_policy.saturating_sub(1);
            policy_mapping = policy_mapping.saturating_sub(1);
            inhibit_any_policy = inhibit_any_policy.saturating_sub(1);
        }
        let lower = |counter: &mut usize, skip: Option<u8>| {
            *counter = skip.map_or(*counter, |skip| (*counter).min(usize::from(skip)));
        };
        lower(&mut explicit_policy, certificate.require_explicit);
        lower(&mut policy_mapping, certificate.inhibit_mapping);
        lower(&mut inhibit_any_policy, certificate.inhibit_any);
    }
    let set = intersect(&mut tree, n, &asked.acceptable);
    (explicit_policy > 0 || !set.is_empty()).then_some(set)
}

/// §6.1.3 (d)(e)
fn add_policies(tree: &mut Tree, i: usize, policies: &[Number], any_policy_counts: bool) {
    let parents = tree.at(i - 1);
    for &policy in policies.iter().filter(|policy| **policy != ANY) {
        let mut matched = false;
        for &parent in &parents {
            if tree.0[parent].expected_policy_set.contains(&policy) {
                matched = true;
                tree.add(parent, policy, &[policy]);
            }
        }
        if let (false, Some(any)) = (matched, tree.any_at(i - 1)) {
            tree.add(any, policy, &[policy]);
        }
    }
    if policies.contains(&ANY) && any_policy_counts {
        for &parent in &parents {
            for expected in tree.0[parent].expected_policy_set.clone() {
                let mut children = tree.children(parent).into_iter();
                if !children.any(|child| tree.0[child].valid_policy == expected) {
                    tree.add(parent, expected, &[expected]);
                }
            }
        }
    }
    tree.prune(i);
}

/// §6.1.4 (b)
fn add_mappings(tree: &mut Tree, i: usize, mappings: &[(Number, Number)], allowed: bool) {
    for &(from, _) in mappings {
        let to = mappings.iter().filter(|(other, _)| *other == from);
        let to: Vec<_> = to.map(|(_, to)| *to).collect();
        let nodes = tree.at(i).into_iter();
        let mapped: Vec<_> = nodes
            .filter(|at| tree.0[*at].valid_policy == from)
            .collect();
        if !allowed {
            for at in mapped {
                tree.0[at].deleted = true;
            }
            tree.prune(i);
        } else if mapped.is_empty() {
            if let (Some(_), Some(above)) = (tree.any_at(i), tree.any_at(i - 1)) {
                tree.add(above, from, &to);
            }
        } else {
            for at in mapped {
                tree.0[at].expected_policy_set = to.clone();
            }
        }
    }
}

/// §6.1.5 (g): the policies of the valid_policy_node_set that is left.
fn intersect(tree: &mut Tree, n: usize, acceptable: &AcceptablePolicies) -> Vec<Number> {
    let is_child_of_any = |tree: &Tree, at: usize| {
        let parent = tree.0[at].parent;
        parent.is_some_and(|parent| tree.0[parent].valid_policy == ANY)
    };
    let node_set = |tree: &Tree| -> Vec<usize> {
        (1..=n)
            .flat_map(|depth| tree.at(depth))
            .filter(|at| is_child_of_any(tree, *at))
            .collect()
    };
    if let AcceptablePolicies::Only(initial) = acceptable {
        for at in node_set(tree) {
            let policy = tree.0[at].valid_policy;
            if policy != ANY && !initial.contains(&id(policy)) {
                tree.delete_with_children(at);
            }
        }
        if let Some(any) = tree.any_at(n) {
            let parent = tree.0[any].parent.unwrap();
            for number in (1..=99).filter(|number| initial.contains(&id(*number))) {
                let nodes = node_set(tree);
                if !nodes.iter().any(|at| tree.0[*at].valid_policy == number) {
                    tree.add(parent, number, &[number]);
                }
            }
            tree.0[any].deleted = true;
        }
        tree.prune(n);
    }
    let nodes = node_set(tree).into_iter();
    let mut set: Vec<_> = nodes
        .filter(|at| tree.0[*at].valid_policy != ANY || tree.0[*at].depth == n)
        .map(|at| tree.0[at].valid_policy)
        .collect();
    set.sort_unstable();
    set.dedup();
    set
}

/// Paths at random, few of them without policies (xorshift64).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn policy(&mut self) -> Number {
        1 + self.below(4) as Number
    }

    fn skip(&mut self) -> Option<u8> {
        self.one_in(5).then(|| self.below(3) as u8)
    }

    fn says(&mut self) -> Says {
        let has = if self.one_in(12) {
            0
        } else {
            2 + self.below(3)
        };
        let mut policies: Vec<_> = (0..has).map(|_| self.policy()).collect();
        if self.one_in(4) {
            policies.push(ANY);
        }
        policies.sort_unstable();
        policies.dedup();
        let maps = self.below(3) * self.below(3);
        Says {
            policies,
            mappings: (0..maps).map(|_| (self.policy(), self.policy())).collect(),
            require_explicit: self.skip(),
            inhibit_mapping: self.skip(),
            inhibit_any: self.skip(),
            is_self_issued: self.one_in(4),
        }
    }

    pub(super) fn path(&mut self) -> (Vec<Says>, CertificatePolicies) {
        let length = 2 + self.below(4);
        let path = (0..length).map(|_| self.says()).collect();
        let mut asked = CertificatePolicies::default();
        if self.one_in(2) {
            asked.acceptable = accepts(&[self.policy(), self.policy()]);
        }
        if self.one_in(2) {
            asked.explicit_policy = ExplicitPolicy::Required;
        }
        if self.one_in(6) {
            asked.mapping = PolicyMappings::Inhibited;
        }
        if self.one_in(6) {
            asked.any_policy = AnyPolicy::Inhibited;
        }
        (path, asked)
    }
}
