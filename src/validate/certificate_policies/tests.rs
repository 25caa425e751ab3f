//! Each rule from both sides, and the graph against the tree that it replaces.

use alloc::format;
use alloc::vec;

use testpki::{Cert, Extension, Key, Name, der};

use super::*;
use crate::path::Node;
use crate::policy::Limits;
use crate::x509::Fields;

mod cost;
mod tree;

/// A policy by its number; 0 is anyPolicy.
type Number = u8;

const ANY: Number = 0;
const NONE: &[Number] = &[];

fn dotted(policy: Number) -> String {
    match policy {
        ANY => "2.5.29.32.0".into(),
        _ => format!("1.2.3.{policy}"),
    }
}

fn id(policy: Number) -> PolicyId {
    dotted(policy).parse().unwrap()
}

/// What a certificate says about policies.
#[derive(Clone, Debug, Default)]
struct Says {
    /// Without any, the extension is absent.
    policies: Vec<Number>,
    mappings: Vec<(Number, Number)>,
    require_explicit: Option<u8>,
    inhibit_mapping: Option<u8>,
    inhibit_any: Option<u8>,
    is_self_issued: bool,
}

fn says(policies: &[Number]) -> Says {
    Says {
        policies: policies.to_vec(),
        ..Says::default()
    }
}

impl Says {
    fn maps(mut self, mappings: &[(Number, Number)]) -> Self {
        self.mappings = mappings.to_vec();
        self
    }

    fn require_explicit(mut self, skip: u8) -> Self {
        self.require_explicit = Some(skip);
        self
    }

    fn inhibit_mapping(mut self, skip: u8) -> Self {
        self.inhibit_mapping = Some(skip);
        self
    }

    fn inhibit_any(mut self, skip: u8) -> Self {
        self.inhibit_any = Some(skip);
        self
    }

    fn self_issued(mut self) -> Self {
        self.is_self_issued = true;
        self
    }

    fn der(&self, key: &Key) -> Vec<u8> {
        let mut cert = Cert::bare(Name::cn("subject"), key).raw_signature(vec![0]);
        if !self.is_self_issued {
            cert = cert.issuer(Name::cn("issuer"));
        }
        if !self.policies.is_empty() {
            let policies: Vec<_> = self.policies.iter().copied().map(dotted).collect();
            let policies: Vec<_> = policies.iter().map(String::as_str).collect();
            cert = cert.extension(Extension::certificate_policies(&policies));
        }
        if !self.mappings.is_empty() {
            let oid = |policy| der::oid(&dotted(policy));
            let mapping = |(from, to): &(Number, Number)| der::sequence(&[oid(*from), oid(*to)]);
            let mappings: Vec<_> = self.mappings.iter().map(mapping).collect();
            cert = cert.extension(Extension::new("2.5.29.33", der::sequence(&mappings)));
        }
        if self.require_explicit.or(self.inhibit_mapping).is_some() {
            cert = cert.extension(Extension::policy_constraints(
                self.require_explicit,
                self.inhibit_mapping,
            ));
        }
        if let Some(skip) = self.inhibit_any {
            cert = cert.extension(Extension::new("2.5.29.54", der::integer(&[skip])));
        }
        cert.der()
    }
}

/// The verdict on a path, which is given anchor first, and the set of policies, whatever the
/// verdict.
fn judge_with(
    path: &[Says],
    asked: &CertificatePolicies,
    budget: &Budget,
) -> (Result<(), PolicyFailure>, PolicySet) {
    let key = Key::p256("policies");
    let ders: Vec<_> = path.iter().rev().map(|says| says.der(&key)).collect();
    let fields: Vec<_> = ders.iter().map(|der| Fields::parse(der).unwrap()).collect();
    let steps: Vec<_> = fields
        .iter()
        .zip(&ders)
        .map(|(fields, der)| Step {
            node: Node::CLIENT,
            certificate: fields.view(der),
            is_self_issued: fields.view(der).is_self_issued(),
        })
        .collect();
    let set = PolicySet::of_path(
        steps
            .iter()
            .map(|step| (step.certificate, step.is_self_issued)),
        PathEnd::Anchor,
        asked,
        None,
    )
    .expect("no budget");
    assert_eq!(set.is_empty(), set.iter().len() == 0);
    (check(&steps, PathEnd::Anchor, asked, budget), set)
}

/// A budget of so many units.
fn budget_of(units: usize) -> Budget {
    // A tenth is for other work.
    Budget::new(&Limits::default().with_work((units * 10).div_ceil(9) as u32))
}

fn judge(path: &[Says], asked: &CertificatePolicies) -> Result<Vec<Number>, PolicyFailure> {
    let (verdict, set) = judge_with(path, asked, &budget_of(100_000));
    let number = |policy: &PolicyId| (0..=99).find(|number| id(*number) == *policy).unwrap();
    verdict.map(|()| {
        let mut numbers: Vec<_> = set.iter().map(number).collect();
        numbers.sort_unstable();
        numbers
    })
}

fn asks_nothing() -> CertificatePolicies {
    CertificatePolicies::default()
}

fn requires() -> CertificatePolicies {
    asks_nothing().with_explicit_policy(ExplicitPolicy::Required)
}

fn accepts(policies: &[Number]) -> AcceptablePolicies {
    AcceptablePolicies::Only(policies.iter().copied().map(id).collect())
}

fn no_policy(at: usize) -> Result<Vec<Number>, PolicyFailure> {
    let problem = PolicyProblem::NoValidPolicy;
    Err(PolicyFailure { at, problem })
}

fn root() -> Says {
    says(NONE).self_issued()
}

#[test]
fn no_policies_are_an_empty_set_and_enough_where_none_is_required() {
    let path = [root(), says(NONE)];
    assert_eq!(judge(&path, &asks_nothing()), Ok(vec![]));
    assert_eq!(judge(&path, &requires()), no_policy(0));
    let path = [root(), says(NONE), says(&[1])];
    assert_eq!(judge(&path, &asks_nothing()), Ok(vec![]));
    assert_eq!(judge(&path, &requires()), no_policy(1));
}

#[test]
fn a_path_is_valid_for_what_all_its_certificates_have() {
    let path = [root(), says(&[3, 1, 2]), says(&[4, 2, 1])];
    assert_eq!(judge(&path, &requires()), Ok(vec![1, 2]));
    let path = [root(), says(&[1, 2]), says(&[3])];
    assert_eq!(judge(&path, &requires()), no_policy(0));
    assert_eq!(judge(&path, &asks_nothing()), Ok(vec![]));
}

#[test]
fn any_policy_stands_for_each() {
    let path = [root(), says(&[ANY]), says(&[1])];
    assert_eq!(judge(&path, &requires()), Ok(vec![1]));
    let path = [root(), says(&[1]), says(&[ANY])];
    assert_eq!(judge(&path, &requires()), Ok(vec![1]));
    let path = [root(), says(&[ANY, 1]), says(&[ANY])];
    assert_eq!(judge(&path, &requires()), Ok(vec![ANY, 1]));
}

#[test]
fn only_acceptable_policies_count() {
    let path = [root(), says(&[1, 2]), says(&[1, 2])];
    let only = |policies: &[Number]| requires().with_acceptable(accepts(policies));
    assert_eq!(judge(&path, &only(&[2, 5])), Ok(vec![2]));
    let valid = vec![dotted(1), dotted(2)];
    let problem = PolicyProblem::NotAcceptable { valid };
    let refused = Err(PolicyFailure { at: 0, problem });
    assert_eq!(judge(&path, &only(&[5])), refused);
    assert_eq!(judge(&path, &only(&[])), refused);
    // any-policy, said in another way.
    assert_eq!(judge(&path, &only(&[5, ANY])), Ok(vec![1, 2]));

    // What the last certificate leaves open, the server fills in.
    let open = [root(), says(&[ANY, 1]), says(&[ANY])];
    assert_eq!(judge(&open, &only(&[5, 6])), Ok(vec![5, 6]));

    // They decide nothing where no policy is required.
    let asked = asks_nothing().with_acceptable(accepts(&[5]));
    assert_eq!(judge(&path, &asked), Ok(vec![]));
}

#[test]
fn explicit_policy_is_required_after_the_certificates_to_skip() {
    let path = |skip| {
        let issuer = says(&[1]).require_explicit(skip);
        [root(), issuer, says(NONE), says(NONE)]
    };
    assert_eq!(judge(&path(0), &asks_nothing()), no_policy(1));
    assert_eq!(judge(&path(1), &asks_nothing()), no_policy(0));
    // §6.1.5 (a): one less at the end.
    assert_eq!(judge(&path(2), &asks_nothing()), no_policy(0));
    assert_eq!(judge(&path(3), &asks_nothing()), Ok(vec![]));
}

#[test]
fn self_issued_certificates_are_not_counted_as_skipped() {
    let path = |skip| {
        let issuer = says(&[1]).require_explicit(skip);
        [root(), issuer, says(NONE).self_issued(), says(NONE)]
    };
    assert_eq!(judge(&path(1), &asks_nothing()), no_policy(0));
    assert_eq!(judge(&path(2), &asks_nothing()), Ok(vec![]));
    // §6.1.5 (a): but the last one is.
    let leaf = says(NONE).self_issued();
    let path = |skip| [root(), says(&[1]).require_explicit(skip), leaf.clone()];
    assert_eq!(judge(&path(1), &asks_nothing()), no_policy(0));
    assert_eq!(judge(&path(2), &asks_nothing()), Ok(vec![]));
}

#[test]
fn a_requirement_is_never_taken_back() {
    let lax = says(NONE).require_explicit(9);
    let path = [root(), says(&[1]).require_explicit(0), lax, says(NONE)];
    assert_eq!(judge(&path, &asks_nothing()), no_policy(1));
}

#[test]
fn the_last_certificate_can_require_a_policy_of_itself_only_at_once() {
    let path = |skip| [root(), says(&[1]), says(&[2]).require_explicit(skip)];
    assert_eq!(judge(&path(0), &asks_nothing()), no_policy(0));
    assert_eq!(judge(&path(1), &asks_nothing()), Ok(vec![]));
    let path = [root(), says(&[1]), says(&[1]).require_explicit(0)];
    assert_eq!(judge(&path, &asks_nothing()), Ok(vec![1]));
}

#[test]
fn a_mapped_policy_is_named_as_in_the_domain_of_the_anchor() {
    let issuer = says(&[1, 2]).maps(&[(1, 11)]);
    let path = |leaf: &[Number]| [root(), issuer.clone(), says(leaf)];
    assert_eq!(judge(&path(&[11]), &requires()), Ok(vec![1]));
    // It goes by its new name only.
    assert_eq!(judge(&path(&[1]), &requires()), no_policy(0));
    assert_eq!(judge(&path(&[2]), &requires()), Ok(vec![2]));
    let asked = requires().with_acceptable(accepts(&[1]));
    assert_eq!(judge(&path(&[11]), &asked), Ok(vec![1]));
    assert!(judge(&path(&[2]), &asked).is_err());
    // anyPolicy below stands for the new name.
    assert_eq!(judge(&path(&[ANY]), &requires()), Ok(vec![1, 2]));
}

#[test]
fn a_policy_can_be_mapped_to_several_and_several_to_one() {
    let issuer = says(&[1, 2, 3]).maps(&[(2, 11), (1, 11), (1, 12)]);
    let path = |leaf: &[Number]| [root(), issuer.clone(), says(leaf)];
    assert_eq!(judge(&path(&[11]), &requires()), Ok(vec![1, 2]));
    assert_eq!(judge(&path(&[12]), &requires()), Ok(vec![1]));
    assert_eq!(judge(&path(&[12, 3]), &requires()), Ok(vec![1, 3]));
}

#[test]
fn what_any_policy_stands_for_can_be_mapped() {
    let issuer = says(&[ANY]).maps(&[(1, 11)]);
    let path = |leaf: &[Number]| [root(), issuer.clone(), says(leaf)];
    assert_eq!(judge(&path(&[11]), &requires()), Ok(vec![1]));
    assert_eq!(judge(&path(&[1]), &requires()), Ok(vec![1]));
    // What is not there and not stood for cannot.
    let path = [root(), says(&[2]).maps(&[(1, 11)]), says(&[11])];
    assert_eq!(judge(&path, &requires()), no_policy(0));
}

#[test]
fn inhibited_mapping_takes_the_policy_away() {
    let inhibited = requires().with_mapping(PolicyMappings::Inhibited);
    let issuer = says(&[1, 2]).maps(&[(1, 11)]);
    let path = |leaf: &[Number]| [root(), issuer.clone(), says(leaf)];
    assert_eq!(judge(&path(&[11]), &inhibited), no_policy(0));
    assert_eq!(judge(&path(&[1]), &inhibited), no_policy(0));
    assert_eq!(judge(&path(&[2]), &inhibited), Ok(vec![2]));
}

#[test]
fn mapping_is_inhibited_after_the_certificates_to_skip() {
    let mapping = says(&[1]).maps(&[(1, 11)]);
    let path = |skip, between: Says| {
        let first = says(&[1]).inhibit_mapping(skip);
        [root(), first, between, mapping.clone(), says(&[11])]
    };
    // The mapping is that of the second certificate below the constraint.
    assert_eq!(judge(&path(0, says(&[1])), &requires()), no_policy(0));
    assert_eq!(judge(&path(1, says(&[1])), &requires()), no_policy(0));
    assert_eq!(judge(&path(2, says(&[1])), &requires()), Ok(vec![1]));
    let between = says(&[1]).self_issued();
    assert_eq!(judge(&path(1, between), &requires()), Ok(vec![1]));
    // Never taken back.
    let between = says(&[1]).inhibit_mapping(9);
    assert_eq!(judge(&path(1, between), &requires()), no_policy(0));
}

#[test]
fn any_policy_is_inhibited_after_the_certificates_to_skip() {
    let path = |skip| {
        let first = says(&[1]).inhibit_any(skip);
        [root(), first, says(&[1]), says(&[ANY])]
    };
    assert_eq!(judge(&path(0), &requires()), no_policy(0));
    assert_eq!(judge(&path(1), &requires()), no_policy(0));
    assert_eq!(judge(&path(2), &requires()), Ok(vec![1]));
    let between = says(&[1]).self_issued();
    let path = |skip| {
        let first = says(&[1]).inhibit_any(skip);
        [root(), first, between.clone(), says(&[ANY])]
    };
    assert_eq!(judge(&path(0), &requires()), no_policy(0));
    assert_eq!(judge(&path(1), &requires()), Ok(vec![1]));

    let inhibited = requires().with_any_policy(AnyPolicy::Inhibited);
    let path = [root(), says(&[ANY]), says(&[1])];
    assert_eq!(judge(&path, &inhibited), no_policy(1));
}

#[test]
fn self_issued_cas_may_say_any_policy_though_it_is_inhibited() {
    let inhibited = requires().with_any_policy(AnyPolicy::Inhibited);
    let ca = says(&[ANY]).self_issued();
    let path = [root(), says(&[1]), ca.clone(), says(&[1])];
    assert_eq!(judge(&path, &inhibited), Ok(vec![1]));
    // But the last certificate may not.
    let path = [root(), says(&[1]), ca];
    assert_eq!(judge(&path, &inhibited), no_policy(0));
}

#[test]
fn the_anchor_binds_as_an_intermediate_does() {
    let path = |anchor: Says, leaf: &[Number]| [anchor, says(leaf)];
    assert_eq!(
        judge(&path(says(&[1, 2]), &[1, 3]), &requires()),
        Ok(vec![1])
    );
    assert_eq!(judge(&path(says(&[1, 2]), &[3]), &requires()), no_policy(0));
    let mapping = || says(&[1]).maps(&[(1, 11)]);
    assert_eq!(judge(&path(mapping(), &[11]), &requires()), Ok(vec![1]));
    let inhibited = requires().with_mapping(PolicyMappings::Inhibited);
    assert_eq!(judge(&path(mapping(), &[11]), &inhibited), no_policy(0));
    let requiring = root().require_explicit(0);
    assert_eq!(judge(&path(requiring, NONE), &asks_nothing()), no_policy(0));
    let later = root().require_explicit(2);
    assert_eq!(judge(&path(later, NONE), &asks_nothing()), Ok(vec![]));
    let no_any = says(&[1]).inhibit_any(0);
    assert_eq!(judge(&path(no_any, &[ANY]), &requires()), no_policy(0));
    let no_mapping = says(&[1]).inhibit_mapping(0);
    let path = [no_mapping, says(&[1]).maps(&[(1, 11)]), says(&[11])];
    assert_eq!(judge(&path, &requires()), no_policy(0));
}

#[test]
fn an_anchor_without_policies_or_with_any_restricts_nothing() {
    let inhibited = requires().with_any_policy(AnyPolicy::Inhibited);
    for anchor in [says(NONE), says(&[ANY]), root(), says(&[ANY]).self_issued()] {
        let path = [anchor, says(&[1])];
        assert_eq!(judge(&path, &requires()), Ok(vec![1]));
        assert_eq!(judge(&path, &inhibited), Ok(vec![1]));
    }
    // It can map all the same.
    let path = [says(NONE).maps(&[(1, 11)]), says(&[11])];
    assert_eq!(judge(&path, &requires()), Ok(vec![1]));
}

#[test]
fn a_path_of_one_certificate_is_valid_for_what_it_says() {
    assert_eq!(judge(&[says(&[1, 2])], &requires()), Ok(vec![1, 2]));
    assert_eq!(judge(&[says(NONE)], &requires()), Ok(vec![ANY]));
}

#[test]
fn no_policy_is_listed_twice() {
    let many: Vec<_> = (1..=40).collect();
    for asked in [asks_nothing(), requires()] {
        for policies in [vec![1], many.clone()] {
            let mut twice = policies.clone();
            twice.push(1);
            assert!(judge(&[root(), says(&policies)], &asked).is_ok());
            let policy = dotted(1);
            let problem = PolicyProblem::Repeated { policy };
            let refused = |at| Err(PolicyFailure { at, problem });
            assert_eq!(judge(&[root(), says(&twice)], &asked), refused(0));
            let path = [says(&twice), says(&policies)];
            assert_eq!(judge(&path, &asked).unwrap_err().at, 1);
        }
    }
}

#[test]
fn any_policy_is_not_mapped() {
    let many: Vec<_> = (1..=40).collect();
    for asked in [asks_nothing(), requires()] {
        for mappings in [[(1, 11), (ANY, 1)], [(1, 11), (1, ANY)]] {
            let mapping = says(&many).maps(&mappings);
            let refused = |at| {
                let problem = PolicyProblem::MapsAnyPolicy;
                Err(PolicyFailure { at, problem })
            };
            let path = [root(), mapping.clone(), says(&[1])];
            assert_eq!(judge(&path, &asked), refused(1));
            assert_eq!(judge(&[mapping.clone(), says(&[1])], &asked), refused(1));
            // Nothing follows the last certificate for which it could map.
            assert_eq!(judge(&[root(), mapping], &asked), Ok(many.clone()));
        }
    }
}

#[test]
fn a_set_with_any_policy_contains_each() {
    let set = |policies: &[Number]| {
        let path = [root(), says(policies)];
        judge_with(&path, &asks_nothing(), &budget_of(1_000)).1
    };
    assert!(set(&[1, 2]).contains(&id(2)));
    assert!(!set(&[1, 2]).contains(&id(3)));
    assert!(set(&[1, ANY]).contains(&id(3)));
    assert!(set(NONE).is_empty());
}

/// How many paths are held against the tree.
const PATHS: usize = 2_000;

/// Agrees with the tree of RFC 5280 on paths at random, verdict and set.
#[test]
fn the_graph_agrees_with_the_tree() {
    let mut random = tree::Random(1);
    let (mut valid, mut refused) = (0, 0);
    for _ in 0..PATHS {
        let (path, asked) = random.path();
        let expected = tree::judge(&path, &asked);
        let found = judge(&path, &asked);
        match (&found, &expected) {
            (Ok(found), Some(expected)) => {
                assert_eq!(found, expected, "{path:?} {asked:?}");
                valid += usize::from(!found.is_empty());
            }
            (Err(_), None) => refused += 1,
            _ => panic!("{found:?}, not {expected:?}: {path:?} {asked:?}"),
        }
    }
    // The generator tests something only if both happen often.
    assert!(
        valid > PATHS / 4 && refused > PATHS / 6,
        "{valid} {refused}"
    );
}
