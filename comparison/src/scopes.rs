//! The same of stores with scopes.

use mtls_verify::policy::ScopePolicy;
use mtls_verify::store::{Scope, Subtree};
use mtls_verify::{
    ClientVerifier, StoreError, TrustStore, verify_client_chain, verify_client_chain_in,
};
use reference::Question;
use reference::model::{JudgedPath, Status, Time};
use reference::names::GeneralName;
use reference::scopes::{Override, Part, PlaceAnswer, ScopeOf, ScopedAnswer, ScopedQuestion};

use crate::{Outcome, builder, chain, client_policy, compare, identities, show, time};

/// The store of a question.
///
/// # Errors
///
/// If the library does not load what stands in a scope, or in none.
pub fn scoped_store(question: &ScopedQuestion) -> Result<TrustStore, StoreError> {
    let mut store = builder(&alone(&question.outside, question))?;
    for scope in &question.scopes {
        let scope = library(scope, question)?;
        store.add_scope(scope).expect("a name of its own");
    }
    store.build()
}

/// A part of a store as a question, for what it has.
fn alone(part: &Part, question: &ScopedQuestion) -> Question {
    Question {
        anchors: part.anchors.clone(),
        intermediates: part.intermediates.clone(),
        pins: part.pins.clone(),
        crls: part.crls.clone(),
        denied: part.denied.clone(),
        policy: question.policy.clone(),
        ..Question::default()
    }
}

fn library(scope: &ScopeOf, question: &ScopedQuestion) -> Result<Scope, StoreError> {
    let store = builder(&alone(&scope.part, question))?.build()?;
    let mut library = Scope::new(&scope.name, store).expect("a name");
    for base in &scope.initial.permitted {
        library = library.permit(subtree(base));
    }
    for base in &scope.initial.excluded {
        library = match base {
            GeneralName::Other(kind, _) => {
                let kind = crate::dotted(kind).parse().expect("an identifier");
                library.exclude_other_names(&kind)
            }
            base => library.exclude(subtree(base)),
        };
    }
    if let Some(domain) = &scope.trust_domain {
        library = library.of_trust_domain(domain.parse().expect("a trust domain"));
    }
    let from = client_policy(&scope.policy);
    let mut policy = ScopePolicy::default();
    for part in &scope.overrides {
        policy = match part {
            Override::Expiry => policy.with_expiry(from.expiry),
            Override::Revocation => policy.with_revocation(from.revocation),
            Override::Purpose => policy.with_purpose(from.purpose.clone()),
            Override::CertificatePolicies => {
                policy.with_certificate_policies(from.certificate_policies.clone())
            }
        };
    }
    if let Some(rule) = &scope.identities {
        policy = policy.with_identities(identities(rule).expect("a rule that somebody can meet"));
    }
    Ok(library.with_policy(policy))
}

fn subtree(base: &GeneralName) -> Subtree {
    let text = |octets: &Vec<u8>| String::from_utf8(octets.clone()).expect("text");
    let made = match base {
        GeneralName::Dns(base) => Subtree::dns(&text(base)),
        GeneralName::Email(base) => Subtree::email(&text(base)),
        GeneralName::Uri(base) => Subtree::uri_host(&text(base)),
        GeneralName::Directory(name) => Subtree::directory(&name.der),
        GeneralName::Ip(base) => {
            let (network, mask) = base.split_at(base.len() / 2);
            let prefix = mask.iter().map(|octet| octet.count_ones()).sum::<u32>();
            let network = match network {
                [a, b, c, d] => [*a, *b, *c, *d].into(),
                all => <[u8; 16]>::try_from(all).expect("16 octets").into(),
            };
            Subtree::ip(network, prefix.try_into().expect("at most 128"))
        }
        other => panic!("no subtree of {other:?}"),
    };
    made.expect("a subtree")
}

/// What the library says with this store.
pub fn ask_library_in(question: &ScopedQuestion, store: &TrustStore) -> Outcome {
    let (chain, now) = (chain(&question.presented), time(question.now));
    let policy = client_policy(&question.policy);
    match &question.within {
        None => verify_client_chain(store, &chain, now, &policy),
        Some(names) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            verify_client_chain_in(store, &names, &chain, now, &policy)
        }
    }
}

/// What a verifier says that has the store and the policy of the question.
pub fn ask_verifier_in(question: &ScopedQuestion, verifier: &ClientVerifier) -> Outcome {
    let (chain, now) = (chain(&question.presented), time(question.now));
    match &question.within {
        None => verifier.verify(&chain, now),
        Some(names) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            verifier.verify_in(&names, &chain, now)
        }
    }
}

/// Holds the library's verdict against the answer. It accepts if some scope does, and names all
/// that do, in their order; the path is one of the first, and it holds for no longer than in each.
/// A refusal is one of the scope that it names.
///
/// # Errors
///
/// What they disagree on.
pub fn against_library_in_scopes(answer: &ScopedAnswer, library: &Outcome) -> Result<(), String> {
    if answer.places.is_empty() {
        return match library {
            Err(error) if error.reason().name() == "no-such-scope" => Ok(()),
            other => Err(format!("library: {other:?}; reference: no such scope")),
        };
    }
    match library {
        Ok(client) => {
            let named: Vec<&str> = client.scopes().collect();
            if named != answer.scopes() {
                return Err(format!(
                    "library: scopes {named:?}; reference: {:?}\n{}",
                    answer.scopes(),
                    shown(answer)
                ));
            }
            let until = client.valid_until().map(seconds);
            let accepting = answer.accepting();
            let Some(first) = accepting.first() else {
                return Err(format!("library: accepts; {}", shown(answer)));
            };
            is_until_of(answer, until).map_err(|why| format!("{why}\n{}", shown(answer)))?;
            let any = |_: &_, _: &_, _| true;
            compare::against(&first.question, &first.answer, library, any)
                .map_err(|why| format!("scope {:?}: {why}", first.scope))
        }
        Err(refusal) => {
            let name = refusal.reason().name();
            if let Some(place) = answer.accepting().first() {
                return Err(format!(
                    "library: {name} {:?}; reference: {:?} accepts\n{}",
                    refusal.scope(),
                    place.scope,
                    shown(answer)
                ));
            }
            let is_its = |place: &&PlaceAnswer| place.scope.as_deref() == refusal.scope();
            let Some(place) = answer.places.iter().find(is_its) else {
                return match refusal.scope() {
                    // No names led to any scope.
                    None => Ok(()),
                    Some(scope) => Err(format!("library: {name} of {scope}, which was not asked")),
                };
            };
            let any = |_: &_, _: &_, _| true;
            compare::against(&place.question, &place.answer, library, any)
                .map_err(|why| format!("{why}\n{}", shown(answer)))
        }
    }
}

fn seconds(time: mtls_verify::pki_types::UnixTime) -> Time {
    Time::try_from(time.as_secs()).expect("a time")
}

/// Whether it holds until then by some path of each place that accepts: no longer than by the best
/// of each, what stands in no scope included. It may end earlier where a status is unknown, as
/// without scopes, and before a certificate begins to be valid that was refused for that.
fn is_until_of(answer: &ScopedAnswer, until: Option<Time>) -> Result<(), String> {
    let accepting = answer.accepting();
    let end = |path: &JudgedPath| path.valid_until.unwrap_or(Time::MAX);
    let until = until.unwrap_or(Time::MAX);
    let of_each = |best: fn(Vec<Time>) -> Option<Time>| {
        let ends = accepting.iter();
        let ends = ends.filter_map(|place| best(place.answer.valid().map(end).collect()));
        ends.min().unwrap_or(Time::MAX)
    };
    let latest = of_each(|ends| ends.into_iter().max());
    let earliest = of_each(|ends| ends.into_iter().min());
    let is_unknown = |place: &&PlaceAnswer| {
        let mut paths = place.answer.valid();
        paths.any(|path| path.revocation.contains(&Status::Unknown))
            && place.answer.moments.contains(&until.saturating_add(1))
    };
    let is_right = until <= latest
        && (until >= earliest
            || accepting.iter().any(is_unknown)
            || answer.places.iter().any(|place| begins_after(place, until)));
    match is_right {
        true => Ok(()),
        false => Err(format!(
            "library: until {until}; reference: {earliest} to {latest}"
        )),
    }
}

/// Whether a certificate that is refused as it is not yet valid begins to be valid after a second.
fn begins_after(place: &PlaceAnswer, until: Time) -> bool {
    let skew = place.question.policy.clock_skew;
    let failures = place.answer.paths.iter().flat_map(|path| &path.failures);
    let mut waiting = failures
        .filter(|failure| failure.rule == "not-yet-valid")
        .filter_map(|failure| place.answer.nodes.get(failure.node?));
    waiting.any(|node| {
        let begins = node.certificate.not_before.saturating_sub_unsigned(skew);
        begins.checked_sub(1) == Some(until)
    })
}

fn shown(answer: &ScopedAnswer) -> String {
    let places = answer.places.iter();
    let lines = places.map(|place| format!("  {:?}: {}", place.scope, show(&place.answer)));
    lines.collect::<Vec<_>>().join("\n")
}
