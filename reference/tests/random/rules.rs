//! What more and fewer conditions do to who is let in.

use reference::certificate::Certificate;
use reference::model::IdentityRule;

use crate::common::{self, Random, in_threads};
use crate::identity_rules;

pub(crate) fn rule(random: &mut Random, client: &[u8]) -> IdentityRule {
    const LEVELS: usize = 3;
    let client = Certificate::read(client).ok();
    identity_rules::rule(&mut |bound| random.below(bound), LEVELS, client.as_ref())
}

/// One more condition lets no client in that the rule alone refuses, and one more way in keeps none
/// out.
#[test]
fn conditions_narrow_and_ways_in_widen() {
    let seeds = common::seeds("RULES", 3_000);
    let counts = in_threads(|first, count| {
        let mut seen = [0_u64; 2];
        for seed in seeds.clone().skip(first).step_by(count) {
            let mut question = crate::pki(seed).question;
            let random = &mut Random::new(seed ^ 0x5eed);
            let store = common::store(&question).expect("a store");
            let [rule, other] = [(); 2].map(|()| rule(random, &question.presented[0]));
            let mut lets_in = |rule: IdentityRule| {
                question.policy.identities = Some(rule);
                common::ask_library(&question, &store).is_ok()
            };
            let alone = lets_in(rule.clone());
            seen[usize::from(alone)] += 1;
            let both = vec![rule.clone(), other.clone()];
            let is_narrower = lets_in(IdentityRule::All(both.clone()));
            let is_wider = lets_in(IdentityRule::Any(both));
            assert!(!is_narrower || alone, "{seed}: {rule:?} and {other:?}");
            assert!(is_wider || !alone, "{seed}: {rule:?} or {other:?}");
            let refused = IdentityRule::Not(Box::new(rule.clone()));
            // The library takes no policy that is to keep clients out.
            if !format!("{rule:?}").contains("CertificatePolicy") {
                let is_both = alone && lets_in(refused.clone());
                assert!(!is_both, "{seed}: {rule:?} and not");
            }
            let twice = lets_in(IdentityRule::Not(Box::new(refused)));
            assert_eq!(twice, alone, "{seed}: not not {rule:?}");
        }
        seen
    });
    let seen = counts
        .into_iter()
        .fold([0; 2], |all, some| [all[0] + some[0], all[1] + some[1]]);
    println!("{seen:?}");
    if seeds.end - seeds.start > 1 {
        assert!(
            seen.iter()
                .all(|count| *count > (seeds.end - seeds.start) / 50),
            "{seen:?}"
        );
    }
}
