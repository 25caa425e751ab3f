//! Certificate policies: what CAs assert, map and inhibit, and what the verifier asks for.
//!
//! Of three policies, with up to two mappings and one inhibition, a CA can say 7,360 things and a
//! client 160: four certificates have 10^13 configurations up to renaming, too many to ask for. So
//! each test has all configurations of one bound, and the bounds overlap:
//!
//! | test | certificates | policies | mappings of a CA | inhibitions |
//! |---|---|---|---|---|
//! | `three_policies_and_two_mappings` | 3 | 3 | 2 | none |
//! | `three_policies_over_two_intermediates` | 4 | 3 | 1 | none |
//! | `two_policies_over_two_intermediates` | 4 | 2 | 1 | none |
//! | `two_policies_and_inhibitions` | 3 | 2 | 1; large: 2 | one a certificate |
//! | `inhibitions` | 3; large: 4, the CAs self-issued or not | 1 | 1 | one a certificate |
//! | `inhibitions_of_the_verifier` | 3 | 2 | 1; large: 2 | all initial ones |
//!
//! The trust anchor says nothing, as if it had no policy extension, but for its inhibitions in
//! `inhibitions`. With the large bounds, it also has inhibitions in `two_policies_and_inhibitions`
//! and up to one mapping in `three_policies_and_two_mappings` and
//! `two_policies_over_two_intermediates`. Two mappings at each of two intermediates, and
//! inhibitions beside three policies, are in none.

use std::collections::BTreeSet;

use reference::model::{Oid, Policy, Question};
use testpki::{Cert, Extension, Name, oid};

use crate::tally::{Tally, World, policy};
use crate::{is_large, key};

const POLICIES: [&str; 3] = ["1.2.3.1", "1.2.3.2", "1.2.3.3"];

/// anyPolicy, in a set of policies.
const ANY: u8 = 1 << 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Inhibition {
    ExplicitPolicy(u8),
    PolicyMapping(u8),
    AnyPolicy(u8),
}

/// What one certificate says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Says {
    /// A bit for each policy.
    asserted: u8,
    mappings: Vec<(u8, u8)>,
    inhibition: Option<Inhibition>,
    is_self_issued: bool,
}

/// All that certificates may say, from the anchor to the client.
struct Bound {
    certificates: Vec<Vec<Says>>,
    /// The sets that the verifier accepts; none: any.
    accepted: Vec<Option<u8>>,
    /// initial-explicit-policy, initial-policy-mapping-inhibit, initial-any-policy-inhibit.
    initial: Vec<[bool; 3]>,
    /// How many policies there are.
    policies: usize,
}

/// All that a certificate may say of the first `policies` policies, with up to so many mappings.
fn all(policies: usize, mappings: usize, inhibitions: &[Option<Inhibition>]) -> Vec<Says> {
    let range = 0..policies as u8;
    let pairs: Vec<(u8, u8)> = range
        .clone()
        .flat_map(|from| range.clone().map(move |to| (from, to)))
        .collect();
    let mut mapped: Vec<Vec<(u8, u8)>> = vec![Vec::new()];
    if mappings >= 1 {
        mapped.extend(pairs.iter().map(|pair| vec![*pair]));
    }
    if mappings >= 2 {
        for (index, first) in pairs.iter().enumerate() {
            mapped.extend(
                pairs[index + 1..]
                    .iter()
                    .map(|second| vec![*first, *second]),
            );
        }
    }
    let mut all = Vec::new();
    for asserted in sets(policies) {
        for any in [0, ANY] {
            for mappings in &mapped {
                for &inhibition in inhibitions {
                    all.push(Says {
                        asserted: asserted | any,
                        mappings: mappings.clone(),
                        inhibition,
                        is_self_issued: false,
                    });
                }
            }
        }
    }
    all
}

fn sets(policies: usize) -> std::ops::Range<u8> {
    0..1 << policies
}

fn all_inhibitions() -> Vec<Option<Inhibition>> {
    let kinds = [
        Inhibition::ExplicitPolicy,
        Inhibition::PolicyMapping,
        Inhibition::AnyPolicy,
    ];
    let all = kinds.iter().flat_map(|kind| (0..3).map(kind));
    [None].into_iter().chain(all.map(Some)).collect()
}

impl Bound {
    fn run(&self) -> Tally {
        let renamings = renamings(self.policies);
        let counts = self.certificates.iter().map(Vec::len);
        Tally::of(counts.product(), |number, tally| {
            let mut rest = number;
            let chosen: Vec<&Says> = self
                .certificates
                .iter()
                .map(|all| {
                    let one = &all[rest % all.len()];
                    rest /= all.len();
                    one
                })
                .collect();
            let is_first = |chosen: &[&Says]| {
                let mut renamed = renamings.iter();
                renamed.all(|by| {
                    let renamed = chosen.iter().map(|one| one.renamed(by));
                    chosen.iter().copied().cloned().le(renamed)
                })
            };
            if is_first(&chosen) {
                self.ask(&chosen, tally);
            }
        })
    }

    fn ask(&self, chosen: &[&Says], tally: &mut Tally) {
        let mut world = World::new(question(chosen));
        let mut verdicts = Vec::new();
        for &acceptable in &self.accepted {
            for &initial in &self.initial {
                let [explicit_policy, inhibit_mapping, inhibit_any_policy] = initial;
                let asked = Policy {
                    explicit_policy,
                    inhibit_mapping,
                    inhibit_any_policy,
                    acceptable_policies: acceptable.map(ids),
                    ..policy()
                };
                let shown = || format!("{chosen:?} {acceptable:?} {initial:?}");
                verdicts.push((acceptable, initial, world.ask(&asked, tally, &shown)));
            }
        }
        for (more_set, more, is_accepted) in &verdicts {
            for (less_set, less, is_accepted_by_less) in &verdicts {
                let within = match (more_set, less_set) {
                    (_, None) => true,
                    (None, Some(_)) => false,
                    (Some(more), Some(less)) => more & !less == 0,
                };
                let is_more = more.iter().zip(less).all(|(more, less)| more >= less);
                if !within || !is_more || (more_set, more) == (less_set, less) {
                    continue;
                }
                // RFC 5280 §6.1.4 (b): where mapping is inhibited, a policy of the subject domain
                // is no longer the one of the issuer domain. Below anyPolicy it is then valid by
                // itself, and a verifier that accepts just that one accepts more.
                let maps_any = |says: &&Says| says.asserted & ANY != 0 && !says.mappings.is_empty();
                let is_excepted = more[1] && !less[1] && chosen.iter().any(maps_any);
                if is_excepted && more_set.is_some() && *is_accepted && !*is_accepted_by_less {
                    tally.excepted += 1;
                    continue;
                }
                tally.implies(*is_accepted, *is_accepted_by_less, || {
                    format!("{chosen:?}: {more_set:?} {more:?}, {less_set:?} {less:?}")
                });
            }
        }
    }
}

impl Says {
    fn renamed(&self, by: &[u8]) -> Self {
        let renamed = |policy: u8| by[usize::from(policy)];
        let bits = (0..by.len() as u8).filter(|policy| self.asserted & 1 << policy != 0);
        let asserted = bits.map(|policy| 1 << renamed(policy)).sum::<u8>();
        let mappings = self.mappings.iter();
        let mut mappings: Vec<_> = mappings
            .map(|(from, to)| (renamed(*from), renamed(*to)))
            .collect();
        mappings.sort_unstable();
        Self {
            asserted: asserted | self.asserted & ANY,
            mappings,
            ..*self
        }
    }

    fn extensions(&self) -> Vec<Extension> {
        let policy = |number: u8| POLICIES[usize::from(number)];
        let bits = (0..3).filter(|policy| self.asserted & 1 << policy != 0);
        let mut asserted: Vec<&str> = bits.map(policy).collect();
        if self.asserted & ANY != 0 {
            asserted.push(oid::ANY_POLICY);
        }
        let mut all = Vec::new();
        if !asserted.is_empty() {
            all.push(Extension::certificate_policies(&asserted));
        }
        if !self.mappings.is_empty() {
            let mappings = self.mappings.iter();
            let mappings: Vec<_> = mappings
                .map(|(from, to)| (policy(*from), policy(*to)))
                .collect();
            all.push(Extension::policy_mappings(&mappings));
        }
        all.extend(self.inhibition.map(|inhibition| match inhibition {
            Inhibition::ExplicitPolicy(skip) => Extension::policy_constraints(Some(skip), None),
            Inhibition::PolicyMapping(skip) => Extension::policy_constraints(None, Some(skip)),
            Inhibition::AnyPolicy(skip) => Extension::inhibit_any_policy(skip.into()),
        }));
        all
    }
}

/// All permutations of so many policies but the identity.
fn renamings(policies: usize) -> Vec<Vec<u8>> {
    match policies {
        2 => vec![vec![1, 0]],
        3 => [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
            .map(Vec::from)
            .into(),
        _ => Vec::new(),
    }
}

/// The content octets of the OBJECT IDENTIFIERs.
fn ids(set: u8) -> BTreeSet<Oid> {
    let bits = (0..3).filter(|policy| set & 1 << policy != 0);
    bits.map(|policy| testpki::der::oid(POLICIES[policy])[2..].to_vec())
        .collect()
}

fn question(chosen: &[&Says]) -> Question {
    let mut ders = Vec::new();
    let mut issuer = Name::cn("0");
    let mut signer = 0;
    for (depth, says) in chosen.iter().enumerate() {
        let is_client = depth + 1 == chosen.len();
        let subject = match says.is_self_issued || depth == 0 {
            true => issuer.clone(),
            false => Name::cn(&depth.to_string()),
        };
        let mut cert = Cert::bare(subject.clone(), &key(depth))
            .issuer(issuer)
            .signed_by(&key(signer))
            .serial(&[depth as u8 + 1]);
        if !is_client {
            cert = cert.extension(Extension::basic_constraints(true, None));
        }
        ders.push(
            says.extensions()
                .into_iter()
                .fold(cert, Cert::extension)
                .der(),
        );
        (issuer, signer) = (subject, depth);
    }
    let anchor = ders.remove(0);
    ders.reverse();
    Question {
        anchors: vec![anchor],
        presented: ders,
        ..Question::default()
    }
}

fn accepted(policies: usize) -> Vec<Option<u8>> {
    [None].into_iter().chain(sets(policies).map(Some)).collect()
}

const EXPLICIT: [bool; 3] = [true, false, false];

#[test]
fn three_policies_and_two_mappings() {
    let others = match is_large() {
        true => all(3, 1, &[None]),
        false => vec![Says::default()],
    };
    let bound = Bound {
        certificates: vec![others, all(3, 2, &[None]), all(3, 0, &[None])],
        accepted: accepted(3),
        initial: vec![EXPLICIT],
        policies: 3,
    };
    bound
        .run()
        .assert("policies: two mappings", [19_440, 0, 58_320, 0, 11_922]);
}

#[test]
fn two_policies_over_two_intermediates() {
    let anchors = match is_large() {
        true => all(2, 1, &[None]),
        false => vec![Says::default()],
    };
    let bound = Bound {
        certificates: vec![
            anchors,
            all(2, 1, &[None]),
            all(2, 1, &[None]),
            all(2, 0, &[None]),
        ],
        accepted: accepted(2),
        initial: vec![EXPLICIT],
        policies: 2,
    };
    bound.run().assert(
        "policies: two intermediates",
        [32_160, 32_160, 57_888, 0, 13_001],
    );
}

#[test]
fn three_policies_over_two_intermediates() {
    let (upper, accepted) = match is_large() {
        true => (all(3, 1, &[None]), accepted(3)),
        false => (all(3, 0, &[None]), vec![None, Some(1)]),
    };
    let bound = Bound {
        certificates: vec![
            vec![Says::default()],
            upper,
            all(3, 1, &[None]),
            all(3, 0, &[None]),
        ],
        accepted,
        initial: vec![EXPLICIT],
        policies: 3,
    };
    bound.run().assert(
        "policies: three over two intermediates",
        [14_720, 14_720, 7_360, 0, 9_520],
    );
}

/// What a CA maps, asserts and inhibits at once.
#[test]
fn two_policies_and_inhibitions() {
    let inhibiting = all_inhibitions();
    let (anchors, mappings, accepted) = match is_large() {
        true => (inhibiting.clone(), 2, accepted(2)),
        false => (vec![None], 1, vec![None, Some(1)]),
    };
    let nothing = |inhibition| Says {
        inhibition,
        ..Says::default()
    };
    let bound = Bound {
        certificates: vec![
            anchors.into_iter().map(nothing).collect(),
            all(2, mappings, &inhibiting),
            all(2, 0, &inhibiting[..4]),
        ],
        accepted,
        initial: vec![[false; 3], EXPLICIT],
        policies: 2,
    };
    bound.run().assert(
        "policies: two and inhibitions",
        [26_880, 0, 33_600, 0, 20_939],
    );
}

#[test]
fn inhibitions() {
    let nothing = |inhibition| Says {
        inhibition,
        ..Says::default()
    };
    let inhibiting = all_inhibitions();
    let anchors: Vec<_> = inhibiting.iter().copied().map(nothing).collect();
    let mut intermediates = all(1, 1, &inhibiting);
    let self_issued = intermediates.clone();
    intermediates.extend(self_issued.into_iter().map(|one| Says {
        is_self_issued: true,
        ..one
    }));
    let clients = all(1, 0, &inhibiting[..4]);
    let mut certificates = vec![anchors, intermediates.clone(), clients];
    if is_large() {
        certificates.insert(1, intermediates);
    }
    let bound = Bound {
        certificates,
        accepted: vec![None],
        initial: vec![[false; 3]],
        policies: 1,
    };
    bound
        .run()
        .assert("policies: inhibitions", [25_600, 0, 0, 0, 18_802]);
}

/// The verifier inhibits, with all sets.
#[test]
fn inhibitions_of_the_verifier() {
    let numbers = 0..8;
    let initial = numbers.map(|bits| [0, 1, 2].map(|bit| bits & 1 << bit != 0));
    let bound = Bound {
        certificates: vec![
            vec![Says::default()],
            all(2, if is_large() { 2 } else { 1 }, &[None]),
            all(2, 0, &[None]),
        ],
        accepted: accepted(2),
        initial: initial.collect(),
        policies: 2,
    };
    bound
        .run()
        .assert("policies: the verifier", [6720, 0, 56_780, 4, 4540]);
}
