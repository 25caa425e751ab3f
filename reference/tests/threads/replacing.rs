//! Two and three threads that replace the store.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::thread;

use crate::checker::Interleavings::{self, All, Preempted};
use crate::checker::{explore, finds};
use crate::model::{Fault, Verifier};
use crate::stores::{Left, Policy, Refused, Replacement, Store, Unknown, one_after_the_other};

/// CAs and issuers of CRLs.
type Issuers = (&'static str, &'static str);

/// A store, and what its policy asks for unless the one in use is to stay.
type Step = (Issuers, Option<Unknown>);

/// The first store, and what each thread replaces it with.
#[derive(Clone)]
struct Replacing {
    unknown: Unknown,
    first: Issuers,
    threads: &'static [&'static [Step]],
}

/// Both bring a CRL of an issuer of their own.
const NEW_ISSUERS: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("ABC", "A"),
    threads: &[&[(("ABC", "AB"), None)], &[(("ABC", "AC"), None)]],
};

/// The same where the second must be refused: it lacks a CRL of the first.
const NEW_ISSUERS_REQUIRED: Replacing = Replacing {
    unknown: Unknown::AllowUnpublished,
    ..NEW_ISSUERS
};

/// One takes a CA out of the store, whose CRLs need not be there any more.
const CA_TAKEN_OUT: Replacing = Replacing {
    unknown: Unknown::AllowUnpublished,
    first: ("AB", "AB"),
    threads: &[&[(("A", "A"), None)], &[(("AB", "AB"), None)]],
};

/// One brings the first CRL, and the other none.
const FIRST_CRL: Replacing = Replacing {
    unknown: Unknown::AllowUnpublished,
    first: ("A", ""),
    threads: &[&[(("A", "A"), None)], &[(("A", ""), None)]],
};

const THREE: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("ABCD", "A"),
    threads: &[
        &[(("ABCD", "B"), None)],
        &[(("ACD", "C"), None)],
        &[(("ABCD", "D"), None)],
    ],
};

/// One thread puts back the first store, the very object.
const PUT_BACK: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("ABC", "A"),
    threads: &[
        &[(("ABC", "B"), None), (("ABC", "A"), None)],
        &[(("ABC", "C"), None)],
    ],
};

/// One replaces both, and the other the store alone: in each order, the new policy is left.
const BOTH_BESIDE_STORE: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("AB", "A"),
    threads: &[
        &[(("AB", "A"), Some(Unknown::Deny))],
        &[(("AB", "AB"), None)],
    ],
};

/// Both replace both, and the second lacks a CRL of the first, which one of the policies asks for.
const BOTH_AND_BOTH: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("ABC", "A"),
    threads: &[
        &[(("ABC", "AB"), Some(Unknown::AllowUnpublished))],
        &[(("ABC", "AC"), Some(Unknown::Deny))],
    ],
};

/// The CRLs are lost with a policy that would not ask for them.
const LOST_WITH_A_POLICY: Replacing = Replacing {
    unknown: Unknown::AllowUnpublished,
    first: ("A", "A"),
    threads: &[&[(("A", ""), Some(Unknown::Deny))], &[(("A", "A"), None)]],
};

/// They are lost under one that does not ask for them, and then comes one that does.
const LOST_BEFORE: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("", "A"),
    threads: &[&[
        (("", ""), None),
        (("", ""), Some(Unknown::AllowUnpublished)),
    ]],
};

impl Replacing {
    /// What each thread replaces it with.
    fn replacements(&self, first: &Arc<Store>) -> Vec<Vec<Replacement>> {
        let mut id = 0;
        let mut replacement = |&(issuers, unknown): &Step| {
            if issuers == self.first && unknown.is_none() {
                return (Arc::clone(first), None);
            }
            id += 1;
            let policy = unknown.map(|unknown| Policy::new(id, unknown));
            (Store::new(id, issuers.0, issuers.1), policy)
        };
        let threads = self.threads.iter();
        threads
            .map(|all| all.iter().map(&mut replacement).collect())
            .collect()
    }

    /// Fails unless it comes to what the same replacements come to one after the other.
    fn run(&self, fault: Fault) {
        let first = Store::new(0, self.first.0, self.first.1);
        let threads = self.replacements(&first);
        let all: usize = threads.iter().map(Vec::len).sum();
        let verifier = Arc::new(Verifier::new(&first, self.unknown, fault));
        let running: Vec<_> = threads
            .iter()
            .cloned()
            .map(|replacements| {
                let verifier = Arc::clone(&verifier);
                thread::spawn(move || {
                    let others = all - replacements.len();
                    let mut refused = Vec::new();
                    for (store, policy) in replacements {
                        let (tries, outcome) = match policy {
                            Some(policy) => verifier.replace(&store, &policy),
                            None => verifier.replace_store(&store),
                        };
                        assert!(tries <= 1 + others, "{tries} tries beside {others} others");
                        refused.extend(outcome.err().map(|error| (store.id(), error)));
                    }
                    refused
                })
            })
            .collect();
        let refused = running
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        let mut refused: Vec<_> = refused.collect();
        refused.sort_by_key(|(store, _)| *store);
        let outcome = verifier.left(refused);
        let mut in_order = orders(&threads)
            .into_iter()
            .map(|order| one_after_the_other(self.unknown, &first, &order));
        assert!(
            in_order.any(|expected| expected == outcome),
            "no order gives {outcome:?}"
        );
    }

    fn holds(self, interleavings: Interleavings, at_least: usize) {
        explore(interleavings, at_least, move || self.run(Fault::None));
    }

    fn fails(self, fault: Fault, message: &str) {
        finds(message, move || self.run(fault));
    }
}

/// Every order in which these can follow each other.
fn orders(threads: &[Vec<Replacement>]) -> Vec<Vec<&Replacement>> {
    fn extend<'a>(
        rest: &[&'a [Replacement]],
        order: &[&'a Replacement],
        all: &mut Vec<Vec<&'a Replacement>>,
    ) {
        if rest.iter().all(|stores| stores.is_empty()) {
            all.push(order.to_vec());
        }
        for (at, stores) in rest.iter().enumerate() {
            if let Some((next, later)) = stores.split_first() {
                let mut rest = rest.to_vec();
                rest[at] = later;
                extend(&rest, &[order, &[next]].concat(), all);
            }
        }
    }
    let mut all = Vec::new();
    let threads: Vec<_> = threads.iter().map(Vec::as_slice).collect();
    extend(&threads, &[], &mut all);
    all
}

/// Both replace the store by one that they make of `store()`.
fn each_adds_a_crl() {
    let first = Store::new(0, "ABC", "A");
    let verifier = Arc::new(Verifier::new(&first, Unknown::Deny, Fault::None));
    let running = [(1, 'B'), (2, 'C')].map(|(id, issuer)| {
        let verifier = Arc::clone(&verifier);
        thread::spawn(move || {
            let store = verifier.store().with_crl(id, issuer);
            verifier.replace_store(&store).1.unwrap();
        })
    });
    for thread in running {
        thread.join().unwrap();
    }
    let left = verifier.store();
    assert!(left.has_crls("ABC"), "a replacement is undone");
}

/// What the documentation of `replace_store` warns of.
#[test]
fn a_store_made_of_the_one_in_use_may_undo_a_replacement() {
    finds("a replacement is undone", each_adds_a_crl);
}

#[test]
fn an_order_gives_the_same_new_issuers() {
    NEW_ISSUERS.holds(All, 30);
}

#[test]
fn an_order_gives_the_same_new_issuers_required() {
    NEW_ISSUERS_REQUIRED.holds(All, 30);
}

#[test]
fn an_order_gives_the_same_ca_taken_out() {
    CA_TAKEN_OUT.holds(All, 30);
}

#[test]
fn an_order_gives_the_same_first_crl() {
    FIRST_CRL.holds(All, 30);
}

#[test]
fn an_order_gives_the_same_three() {
    THREE.holds(Preempted(3), 760);
}

#[test]
fn an_order_gives_the_same_put_back() {
    PUT_BACK.holds(All, 130);
}

#[test]
fn an_order_gives_the_same_both_beside_store() {
    BOTH_BESIDE_STORE.holds(All, 30);
}

#[test]
fn an_order_gives_the_same_both_and_both() {
    BOTH_AND_BOTH.holds(All, 30);
}

#[test]
fn an_order_gives_the_same_lost_with_a_policy() {
    LOST_WITH_A_POLICY.holds(All, 12);
}

#[test]
fn an_order_gives_the_same_lost_before() {
    LOST_BEFORE.holds(All, 1);
}

/// What the orders give, so that the tests above compare with something.
#[test]
fn orders_give() {
    let left = |replacing: &Replacing| {
        let first = Store::new(0, replacing.first.0, replacing.first.1);
        let threads = replacing.replacements(&first);
        let orders = orders(&threads).into_iter();
        let left = orders.map(|order| one_after_the_other(replacing.unknown, &first, &order));
        left.collect::<Vec<Left>>()
    };
    let given = |replacing: &Replacing| {
        let left = left(replacing).into_iter();
        let shown = left.map(|left| (left.crl_issuers.iter().collect(), left.refused));
        shown.collect::<Vec<(String, _)>>()
    };
    let in_use = |replacing: &Replacing| {
        let left = left(replacing).into_iter();
        left.map(|left| left.in_use).collect::<Vec<_>>()
    };
    let all = |issuers: &str| (issuers.to_string(), vec![]);
    assert_eq!(given(&NEW_ISSUERS), [all("ABC"), all("ABC")]);
    let lacks = |id, issuer| vec![(id, Refused::IssuerWithoutCrl(issuer))];
    let required = [("AB".into(), lacks(2, 'B')), ("AC".into(), lacks(1, 'C'))];
    assert_eq!(given(&NEW_ISSUERS_REQUIRED), required);
    assert_eq!(given(&CA_TAKEN_OUT), [all("AB"), all("A")]);
    assert_eq!(
        given(&FIRST_CRL),
        [("A".into(), vec![(0, Refused::NoCrls)]), all("A")]
    );
    let three: BTreeSet<_> = given(&THREE)
        .into_iter()
        .map(|(issuers, _)| issuers)
        .collect();
    assert_eq!(three, ["ABCD", "ACD"].map(String::from).into());
    assert_eq!(given(&PUT_BACK), vec![all("ABC"); 3]);
    assert_eq!(given(&BOTH_BESIDE_STORE), [all("AB"), all("AB")]);
    assert_eq!(in_use(&BOTH_BESIDE_STORE), [(2, 1), (1, 1)]);
    // The policy in use asks for the CRLs, or the new one does.
    let both = [("AB".into(), lacks(2, 'B')), ("AC".into(), lacks(1, 'C'))];
    assert_eq!(given(&BOTH_AND_BOTH), both);
    assert_eq!(in_use(&BOTH_AND_BOTH), [(1, 1), (2, 2)]);
    let lost = ("A".to_string(), vec![(1, Refused::NoCrls)]);
    assert_eq!(given(&LOST_WITH_A_POLICY), [lost.clone(), lost]);
    let lost = ("A".to_string(), vec![(2, Refused::NoCrls)]);
    assert_eq!(given(&LOST_BEFORE), [lost]);
}

#[test]
fn found_swap_without_compare() {
    NEW_ISSUERS.fails(
        Fault::SwapWithoutCompare,
        "no order gives Left { crl_issuers: {'A', 'B'}",
    );
}

#[test]
fn found_stores_compared() {
    PUT_BACK.fails(
        Fault::StoresCompared,
        "no order gives Left { crl_issuers: {'A', 'C'}",
    );
}

#[test]
fn found_issuers_computed_once() {
    NEW_ISSUERS.fails(
        Fault::IssuersComputedOnce,
        "no order gives Left { crl_issuers: {'A', 'B'}",
    );
}

#[test]
fn found_checked_once() {
    NEW_ISSUERS_REQUIRED.fails(
        Fault::CheckedOnce,
        "no order gives Left { crl_issuers: {'A', 'B', 'C'}",
    );
}

#[test]
fn found_found_ignored() {
    NEW_ISSUERS.fails(Fault::FoundIgnored, "an endless loop");
}

#[test]
fn found_policy_taken_once() {
    BOTH_BESIDE_STORE.fails(Fault::PolicyTakenOnce, "in_use: (2, 0)");
}

#[test]
fn found_new_policy_alone() {
    LOST_WITH_A_POLICY.fails(Fault::NewPolicyAlone, "no order gives");
}
