//! Rules on identities, some of them on the scope.

use reference::certificate::Certificate;
use reference::model::{IdentityMatch, IdentityRule};

use crate::common::Random;
use crate::identity_rules;

pub(crate) fn rule(random: &mut Random, client: &[u8]) -> IdentityRule {
    const LEVELS: usize = 3;
    let client = Certificate::read(client).ok();
    let rule = identity_rules::rule(&mut |bound| random.below(bound), LEVELS, client.as_ref());
    let name = random.pick(&["s0", "s1", "s2", "s3"]).to_owned();
    let scope = IdentityRule::Match(IdentityMatch::Scope(name));
    match random.below(8) {
        0 => IdentityRule::Any(vec![rule, scope]),
        1 => IdentityRule::Any(vec![rule, IdentityRule::Not(Box::new(scope))]),
        _ => rule,
    }
}
