//! What policies can cost.

use super::*;

/// Each policy mapped to each, again and again: a tree would have ten times more nodes at each
/// depth.
#[test]
fn mapping_everything_to_everything_is_cheap() {
    let all: Vec<_> = (1..=10).collect();
    let to_each = |from: &Number| all.iter().map(|to| (*from, *to)).collect::<Vec<_>>();
    let mappings: Vec<_> = all.iter().flat_map(to_each).collect();
    let path = |issuers| {
        let mut path = vec![says(&all).maps(&mappings); issuers];
        path.insert(0, root());
        path.push(says(&[3]));
        path
    };
    assert_eq!(judge(&path(9), &requires()), Ok(all.clone()));

    // What it costs is known, and linear in the certificates: 10 policies, 100 mappings, 10 nodes,
    // 100 edges.
    let cost = |issuers| {
        let is_enough = |units: &usize| {
            let budget = budget_of(units * price::POLICY);
            judge_with(&path(issuers), &requires(), &budget).0 == Ok(())
        };
        let all: Vec<usize> = (0..10_000).collect();
        all.partition_point(|units| !is_enough(units))
    };
    let each = 10 + 100 * PER_MAPPING + 10 + 100;
    assert_eq!(cost(3) - cost(2), each);
    assert_eq!(cost(9) - cost(2), 7 * each);
}

#[test]
fn the_budget_is_for_all_paths_together() {
    let many: Vec<_> = (1..=40).collect();
    let path = [root(), says(&many), says(&many)];
    for (asked, looked_at) in [(asks_nothing(), 80), (requires(), 201)] {
        let units = 2 * looked_at * price::POLICY;
        let budget = budget_of(units);
        for _ in 0..2 {
            assert_eq!(judge_with(&path, &asked, &budget).0, Ok(()));
        }
        let refused = judge_with(&path, &asked, &budget).0.unwrap_err();
        let limit = Reason::WorkLimit {
            limit: units as u32,
            doing: Work::Policies,
        };
        assert_eq!(refused.problem, PolicyProblem::Limit(limit));
        // What most certificates have is free where nothing is asked.
        let few = [root(), says(&[1, 2]).maps(&[(1, 2)]), says(&[1, 2, 3])];
        let outcome = judge_with(&few, &asked, &budget).0;
        assert_eq!(outcome.is_ok(), asked == asks_nothing());
    }
}
