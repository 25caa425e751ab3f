//! A restriction lets in nobody more.

use reference::model::IdentityRule;
use reference::scopes::{ScopedQuestion, answer_in_scopes, has_contradictions};

use crate::common::{self, Random};
use crate::questions::{excluded, question, subtree};
use crate::{on_each_seed, rules};

/// Who is let in, as the names of the scopes; that of what stands in none is empty.
fn lets_in(asked: &ScopedQuestion) -> Result<Vec<String>, String> {
    let store = common::scoped_store(asked).map_err(|error| error.to_string())?;
    Ok(match common::ask_library_in(asked, &store) {
        Err(_) => Vec::new(),
        Ok(client) if client.scopes().len() == 0 => vec![String::new()],
        Ok(client) => client.scopes().map(str::to_owned).collect(),
    })
}

/// The same; of the reference where the library need not judge all that accept, as key identifiers
/// contradict.
fn all_that_accept(asked: &ScopedQuestion) -> Result<Vec<String>, String> {
    if !has_contradictions(asked) {
        return lets_in(asked);
    }
    let answer = answer_in_scopes(asked);
    let accepting = answer.places.iter().filter(|place| place.accepts());
    let names = accepting.map(|place| place.scope.clone());
    let scopes: Vec<String> = names.clone().flatten().collect();
    // What stands in no scope has no name beside others.
    Ok(match scopes.is_empty() {
        true => names.map(Option::unwrap_or_default).collect(),
        false => scopes,
    })
}

/// Whether what stands in no scope lets in the client, which nobody sees beside scopes that do.
fn lets_in_outside(asked: &ScopedQuestion) -> Result<bool, String> {
    let mut outside = asked.clone();
    for scope in &mut outside.scopes {
        scope.identities = Some(IdentityRule::Any(Vec::new()));
    }
    Ok(lets_in(&outside)? == [""])
}

/// What is restricted.
const RESTRICTIONS: [&str; 5] = [
    "permitted",
    "excluded",
    "a trust domain",
    "a rule of the policy",
    "a rule of the scope",
];

#[test]
fn a_restriction_lets_in_nobody_more() {
    on_each_seed(600, |seed, tally| {
        let asked = question(seed);
        let random = &mut Random::new(seed ^ 0xa110);
        let before = all_that_accept(&asked)?;
        for what in RESTRICTIONS {
            let mut narrower = asked.clone();
            if !restrict(&mut narrower, what, random) {
                continue;
            }
            let after = lets_in(&narrower)?;
            let is_new = |scope: &String| !before.contains(scope);
            if after.iter().any(is_new) && !(after == [""] && lets_in_outside(&asked)?) {
                return Err(format!("{what}: {before:?}, then {after:?}"));
            }
            if before.len() > after.len() {
                tally.see(format!("!{what} keeps somebody out"));
            }
        }
        Ok(())
    });
}

/// Adds a restriction; false: there is nothing that it fits.
fn restrict(asked: &mut ScopedQuestion, what: &str, random: &mut Random) -> bool {
    let further = rules::rule(random, &asked.presented[0]);
    let both = |rule: &mut Option<IdentityRule>| {
        let all = rule.take().into_iter().chain([further.clone()]);
        *rule = Some(IdentityRule::All(all.collect()));
    };
    if what == "a rule of the policy" {
        both(&mut asked.policy.identities);
        return true;
    }
    if asked.scopes.is_empty() {
        return false;
    }
    let index = random.below(asked.scopes.len());
    let is_free = |domain: &str| {
        let mut scopes = asked.scopes.iter();
        scopes.all(|scope| scope.trust_domain.as_deref() != Some(domain))
    };
    let is_free = is_free("a.example");
    let scope = &mut asked.scopes[index];
    match what {
        "permitted" => {
            // What is permitted beside others of its form lets in more, as it must. In the scope of
            // a trust domain it makes names identities.
            let base = subtree(random);
            let form = std::mem::discriminant(&base);
            let mut permitted = scope.initial.permitted.iter();
            let is_beside = permitted.any(|other| std::mem::discriminant(other) == form);
            if is_beside || scope.trust_domain.is_some() {
                return false;
            }
            scope.initial.permitted.push(base);
        }
        "excluded" => scope.initial.excluded.push(excluded(random)),
        "a trust domain" if scope.trust_domain.is_none() && is_free => {
            scope.trust_domain = Some("a.example".to_owned());
        }
        "a trust domain" => return false,
        _ => both(&mut scope.identities),
    }
    true
}

/// A verification that is limited to scopes lets in what they let in of one that is not.
#[test]
fn a_verification_in_scopes_is_the_intersection() {
    on_each_seed(300, |seed, tally| {
        let mut asked = question(seed);
        let names: Vec<String> = asked
            .scopes
            .iter()
            .map(|scope| scope.name.clone())
            .collect();
        let random = &mut Random::new(seed ^ 0x1a);
        let some = random.some(&names, 50);
        if some.is_empty() {
            return Ok(());
        }
        asked.within = None;
        let contradicts = has_contradictions(&asked);
        let of_all = all_that_accept(&asked)?;
        asked.within = Some(some.clone());
        let expected: Vec<_> = of_all
            .into_iter()
            .filter(|name| some.contains(name))
            .collect();
        let found = lets_in(&asked)?;
        if !found.is_empty() {
            tally.see("!let in");
        }
        let is_right = match contradicts {
            true => {
                found.is_empty() == expected.is_empty()
                    && found.iter().all(|name| expected.contains(name))
            }
            false => found == expected,
        };
        match is_right {
            true => Ok(()),
            false => Err(format!("in {some:?}: {found:?} of {expected:?}")),
        }
    });
}
