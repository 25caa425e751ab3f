//! Two and three threads that replace the store.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::thread;

use crate::checker::Interleavings::{self, All, Preempted};
use crate::checker::{explore, finds};
use crate::model::{Fault, Refused, Store, Unknown, Verifier, one_after_the_other};

/// CAs and issuers of CRLs.
type Issuers = (&'static str, &'static str);

/// The first store, and what each thread replaces it with.
#[derive(Clone)]
struct Replacing {
    unknown: Unknown,
    first: Issuers,
    threads: &'static [&'static [Issuers]],
}

/// Both bring a CRL of an issuer of their own.
const NEW_ISSUERS: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("ABC", "A"),
    threads: &[&[("ABC", "AB")], &[("ABC", "AC")]],
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
    threads: &[&[("A", "A")], &[("AB", "AB")]],
};

/// One brings the first CRL, and the other none.
const FIRST_CRL: Replacing = Replacing {
    unknown: Unknown::AllowUnpublished,
    first: ("A", ""),
    threads: &[&[("A", "A")], &[("A", "")]],
};

const THREE: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("ABCD", "A"),
    threads: &[&[("ABCD", "B")], &[("ACD", "C")], &[("ABCD", "D")]],
};

/// One thread puts back the first store, the very object.
const PUT_BACK: Replacing = Replacing {
    unknown: Unknown::Deny,
    first: ("ABC", "A"),
    threads: &[&[("ABC", "B"), ("ABC", "A")], &[("ABC", "C")]],
};

impl Replacing {
    /// Fails unless it comes to what the same replacements come to one after the other.
    fn run(&self, fault: Fault) {
        let first = Store::new(0, self.first.0, self.first.1);
        let mut id = 0;
        let mut store = |&issuers: &Issuers| {
            if issuers == self.first {
                return Arc::clone(&first);
            }
            id += 1;
            Store::new(id, issuers.0, issuers.1)
        };
        let threads: Vec<Vec<_>> = self
            .threads
            .iter()
            .map(|all| all.iter().map(&mut store).collect())
            .collect();
        let all: usize = threads.iter().map(Vec::len).sum();
        let verifier = Arc::new(Verifier::new(&first, self.unknown, fault));
        let running: Vec<_> = threads
            .iter()
            .cloned()
            .map(|stores| {
                let verifier = Arc::clone(&verifier);
                thread::spawn(move || {
                    let others = all - stores.len();
                    let mut refused = Vec::new();
                    for store in stores {
                        let (tries, outcome) = verifier.replace_store(&store);
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
        let outcome = (verifier.crl_issuers(), refused);
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
fn orders(threads: &[Vec<Arc<Store>>]) -> Vec<Vec<&Arc<Store>>> {
    fn extend<'a>(
        rest: &[&'a [Arc<Store>]],
        order: &[&'a Arc<Store>],
        all: &mut Vec<Vec<&'a Arc<Store>>>,
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

/// What the orders give, so that the tests above compare with something.
#[test]
fn orders_give() {
    let given = |replacing: &Replacing| {
        let stores: Vec<Vec<_>> = (1..)
            .zip(replacing.threads)
            .map(|(id, all)| {
                all.iter()
                    .map(|issuers| Store::new(id, issuers.0, issuers.1))
                    .collect()
            })
            .collect();
        let first = Store::new(0, replacing.first.0, replacing.first.1);
        let given = orders(&stores).into_iter().map(|order| {
            let (issuers, refused) = one_after_the_other(replacing.unknown, &first, &order);
            (issuers.into_iter().collect::<String>(), refused)
        });
        given.collect::<Vec<_>>()
    };
    let all = |issuers: &str| (issuers.to_string(), vec![]);
    assert_eq!(given(&NEW_ISSUERS), [all("ABC"), all("ABC")]);
    let lacks = |id, issuer| vec![(id, Refused::IssuerWithoutCrl(issuer))];
    let required = [("AB".into(), lacks(2, 'B')), ("AC".into(), lacks(1, 'C'))];
    assert_eq!(given(&NEW_ISSUERS_REQUIRED), required);
    assert_eq!(given(&CA_TAKEN_OUT), [all("AB"), all("A")]);
    assert_eq!(
        given(&FIRST_CRL),
        [("A".into(), vec![(2, Refused::NoCrls)]), all("A")]
    );
    let three: BTreeSet<_> = given(&THREE)
        .into_iter()
        .map(|(issuers, _)| issuers)
        .collect();
    assert_eq!(three, ["ABCD", "ACD"].map(String::from).into());
    assert_eq!(given(&PUT_BACK), vec![all("ABC"); 3]);
}

#[test]
fn found_swap_without_compare() {
    NEW_ISSUERS.fails(Fault::SwapWithoutCompare, "no order gives ({'A', 'B'}, [])");
}

#[test]
fn found_stores_compared() {
    PUT_BACK.fails(Fault::StoresCompared, "no order gives ({'A', 'C'}, [])");
}

#[test]
fn found_issuers_computed_once() {
    NEW_ISSUERS.fails(
        Fault::IssuersComputedOnce,
        "no order gives ({'A', 'B'}, [])",
    );
}

#[test]
fn found_checked_once() {
    NEW_ISSUERS_REQUIRED.fails(Fault::CheckedOnce, "no order gives ({'A', 'B', 'C'}, [])");
}

#[test]
fn found_found_ignored() {
    NEW_ISSUERS.fails(Fault::FoundIgnored, "an endless loop");
}
