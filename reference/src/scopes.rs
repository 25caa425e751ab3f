//! Scopes of a store (docs: `Scope`, `ScopePolicy`, `TrustStoreBuilder::add_scope`): each is judged
//! by itself, and so is what stands in none.

use std::collections::BTreeSet;
use std::mem::discriminant;

use crate::certificate::{Certificate, NameConstraints};
use crate::crl::Crl;
use crate::identities::{is_accepted_in, spiffe_id};
use crate::model::{
    Answer, Denied, Failure, IdentityRule, Oid, Place, Policy, Question, Time, World,
};
use crate::names::{self, GeneralName, Name};
use crate::paths::answer_in;

/// What a scope has of a store, or what stands in none.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The trust anchors.
    pub anchors: Vec<Vec<u8>>,
    /// Intermediates, not trusted by themselves.
    pub intermediates: Vec<Vec<u8>>,
    /// Pinned client certificates.
    pub pins: Vec<Vec<u8>>,
    /// The CRLs: all of them load.
    pub crls: Vec<Vec<u8>>,
    /// The deny list.
    pub denied: Denied,
}

/// A part of a policy that a scope may have of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Override {
    /// What becomes of what has expired, without the clock skew.
    Expiry,
    /// Revocation.
    Revocation,
    /// The key purpose.
    Purpose,
    /// Certificate policies.
    CertificatePolicies,
}

/// A scope.
#[derive(Clone, Debug, Default)]
pub struct ScopeOf {
    /// Its name.
    pub name: String,
    /// What it has.
    pub part: Part,
    /// The subtrees that its anchors may vouch for, and those that they may not.
    pub initial: NameConstraints,
    /// The SPIFFE trust domain that it is the scope of.
    pub trust_domain: Option<String>,
    /// The parts of its own policy.
    pub overrides: BTreeSet<Override>,
    /// Where these parts are taken from.
    pub policy: Policy,
    /// A rule that must let in the client as well as that of the verification's policy.
    pub identities: Option<IdentityRule>,
}

/// Everything that a verification depends on.
#[derive(Clone, Debug, Default)]
pub struct ScopedQuestion {
    /// The scopes, in their order.
    pub scopes: Vec<ScopeOf>,
    /// What stands in none. Its deny list binds in all scopes.
    pub outside: Part,
    /// What the client presents, its own certificate first.
    pub presented: Vec<Vec<u8>>,
    /// The time of the verification.
    pub now: Time,
    /// The policy.
    pub policy: Policy,
    /// The scopes that the verification is limited to; none: it is not.
    pub within: Option<Vec<String>>,
}

/// What one scope says, or what stands in none.
#[derive(Clone, Debug)]
pub struct PlaceAnswer {
    /// The name of the scope.
    pub scope: Option<String>,
    /// What is asked of it.
    pub question: Question,
    /// What follows.
    pub answer: Answer,
    /// Whether the CAs of it with a name that a presented certificate asks for have another key
    /// identifier than it asks for. Such a place is judged only if no other one accepts.
    pub contradicts: bool,
}

impl PlaceAnswer {
    /// Whether it would accept, if it is judged.
    #[must_use]
    pub fn accepts(&self) -> bool {
        self.answer.valid().next().is_some()
    }
}

/// What follows from a question.
#[derive(Clone, Debug, Default)]
pub struct ScopedAnswer {
    /// What each place says, in their order: what stands in no scope is last. Empty: the
    /// verification is limited to no scopes, or to one that is not there.
    pub places: Vec<PlaceAnswer>,
}

impl ScopedAnswer {
    /// The places that accept.
    #[must_use]
    pub fn accepting(&self) -> Vec<&PlaceAnswer> {
        let all = || self.places.iter().filter(|place| place.accepts());
        let first: Vec<_> = all().filter(|place| !place.contradicts).collect();
        match first.is_empty() {
            true => all().collect(),
            false => first,
        }
    }

    /// The names of the scopes that accept.
    #[must_use]
    pub fn scopes(&self) -> Vec<&str> {
        let places = self.accepting().into_iter();
        places.filter_map(|place| place.scope.as_deref()).collect()
    }
}

/// The answer to a question.
#[must_use]
pub fn answer_in_scopes(asked: &ScopedQuestion) -> ScopedAnswer {
    let is_there = |name: &String| asked.scopes.iter().any(|scope| scope.name == *name);
    if let Some(within) = &asked.within
        && (within.is_empty() || !within.iter().all(is_there))
    {
        return ScopedAnswer::default();
    }
    let is_asked = |scope: &&ScopeOf| {
        let within = asked.within.as_ref();
        within.is_none_or(|names| names.contains(&scope.name))
    };
    let scopes = asked.scopes.iter().filter(is_asked).map(Some);
    let outside = asked.within.is_none().then_some(None);
    let judge = |scope: Option<&ScopeOf>| {
        let (question, place) = part_of(asked, scope);
        PlaceAnswer {
            scope: place.scope.clone(),
            answer: answer_in(&question, &place),
            contradicts: contradicts(&question),
            question,
        }
    };
    ScopedAnswer {
        places: scopes.chain(outside).map(judge).collect(),
    }
}

/// Whether there is a place that is judged only if no other one accepts.
#[must_use]
pub fn has_contradictions(asked: &ScopedQuestion) -> bool {
    let scopes = asked.scopes.iter().map(Some).chain([None]);
    let mut questions = scopes.map(|scope| part_of(asked, scope).0);
    questions.any(|question| contradicts(&question))
}

/// What is asked of a scope, or of what stands in none.
fn part_of(asked: &ScopedQuestion, scope: Option<&ScopeOf>) -> (Question, Place) {
    let all = || asked.scopes.iter();
    let others = || all().filter(|other| scope.is_none_or(|scope| scope.name != other.name));
    let outside = scope.map(|_| &asked.outside);
    let crls = others().map(|other| &other.part).chain(outside);
    let crls = crls.flat_map(|part| &part.crls);
    let part = scope.map_or(&asked.outside, |scope| &scope.part);
    let mut denied = part.denied.clone();
    if let Some(outside) = outside {
        let everywhere = outside.denied.clone();
        denied.certificates.extend(everywhere.certificates);
        denied.keys.extend(everywhere.keys);
        denied.signed.extend(everywhere.signed);
        denied.serials.extend(everywhere.serials);
    }
    let question = Question {
        anchors: part.anchors.clone(),
        intermediates: part.intermediates.clone(),
        pins: part.pins.clone(),
        crls: part.crls.clone(),
        denied,
        presented: asked.presented.clone(),
        now: asked.now,
        policy: scope.map_or_else(|| asked.policy.clone(), |scope| policy_of(scope, asked)),
    };
    let place = Place {
        scope: scope.map(|scope| scope.name.clone()),
        initial: scope.map(|scope| scope.initial.clone()).unwrap_or_default(),
        trust_domain: scope.and_then(|scope| scope.trust_domain.clone()),
        other_domains: others()
            .filter_map(|other| other.trust_domain.clone())
            .collect(),
        identities: scope.and_then(|scope| scope.identities.clone()),
        other_crls: crls.filter_map(|der| Crl::read(der).ok()).collect(),
    };
    (question, place)
}

/// The policy of a verification with the parts that a scope has of its own.
fn policy_of(scope: &ScopeOf, asked: &ScopedQuestion) -> Policy {
    let mut policy = asked.policy.clone();
    let own = scope.policy.clone();
    for part in &scope.overrides {
        match part {
            Override::Expiry => {
                policy.client_expiry = own.client_expiry;
                policy.issuer_expiry = own.issuer_expiry;
                policy.anchor_expiry = own.anchor_expiry;
            }
            Override::Revocation => {
                policy.revocation = own.revocation;
                policy.unknown = own.unknown;
                policy.stale = own.stale;
                policy.pruned_kept = own.pruned_kept;
            }
            Override::Purpose => {
                policy.key_purposes.clone_from(&own.key_purposes);
                policy.key_purpose_required = own.key_purpose_required;
            }
            Override::CertificatePolicies => {
                policy.explicit_policy = own.explicit_policy;
                policy.inhibit_mapping = own.inhibit_mapping;
                policy.inhibit_any_policy = own.inhibit_any_policy;
                policy
                    .acceptable_policies
                    .clone_from(&own.acceptable_policies);
            }
        }
    }
    policy
}

/// What is wrong with a client where its path or pin stands: its trust domain, and who it is.
pub(crate) fn wrong_here(world: &World, policies: &BTreeSet<Oid>) -> Vec<Failure> {
    let place = &world.place;
    let client = &world.nodes[0].certificate;
    let mut failures = Vec::new();
    let mut fail = |rule| {
        let node = Some(0);
        failures.push(Failure { node, rule });
    };
    if !is_in_trust_domain(client, place) {
        fail("trust-domain");
    }
    let seen = match place.trust_domain {
        Some(_) => svid(client, &place.initial.permitted),
        None => client.clone(),
    };
    let is_accepted = |rule: &IdentityRule| {
        is_accepted_in((&seen, client), policies, place.scope.as_deref(), rule)
    };
    let rules = [&world.policy.identities, &place.identities];
    if !rules.into_iter().flatten().all(is_accepted) {
        fail("identity-not-accepted");
    }
    failures
}

/// Whether a place may vouch for the trust domain of a client, if it has one (X.509-SVID §5). The
/// scope of a trust domain accepts X.509-SVIDs of that domain alone. Nothing else accepts a URI of
/// a domain that has a scope, nor one that may be taken for such a URI.
fn is_in_trust_domain(client: &Certificate, place: &Place) -> bool {
    if let Some(domain) = &place.trust_domain {
        let id = spiffe_id(client);
        return id.is_some_and(|id| domain_of(&id).as_ref() == Some(domain));
    }
    let is_harmless = |name: &GeneralName| match name {
        GeneralName::Uri(uri) => is_of_no_domain(uri, &place.other_domains),
        _ => true,
    };
    let mut alternatives = client.subject_alt_name.iter().flatten();
    place.other_domains.is_empty() || alternatives.all(is_harmless)
}

fn is_of_no_domain(uri: &[u8], domains: &BTreeSet<String>) -> bool {
    let Some(text) = names::ascii(uri) else {
        return false;
    };
    if !text
        .trim_start()
        .to_ascii_lowercase()
        .starts_with("spiffe:")
    {
        return true;
    }
    domain_of(&text).is_some_and(|domain| !domains.contains(&domain))
}

/// The trust domain of a SPIFFE ID, with a path or without (SPIFFE-ID §2).
fn domain_of(id: &str) -> Option<String> {
    let rest = id.strip_prefix("spiffe://").filter(|_| id.len() <= 2_048)?;
    let (domain, path) = match rest.split_once('/') {
        Some((domain, path)) => (domain, Some(path)),
        None => (rest, None),
    };
    let is_domain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-_".contains(&c);
    let is_path = |c: u8| c.is_ascii_alphanumeric() || b".-_".contains(&c);
    let is_segment = |segment: &str| {
        !segment.is_empty() && segment != "." && segment != ".." && segment.bytes().all(is_path)
    };
    ((1..=255).contains(&domain.len())
        && domain.bytes().all(is_domain)
        && path.is_none_or(|path| path.split('/').all(is_segment)))
    .then(|| domain.to_owned())
}

/// A certificate with those names alone that are identities in the scope of a trust domain: its
/// URIs, and names of the forms that the scope permits subtrees of.
fn svid(client: &Certificate, permitted: &[GeneralName]) -> Certificate {
    let mut seen = client.clone();
    let is_permitted = |name: &GeneralName| {
        matches!(name, GeneralName::Uri(_))
            || permitted
                .iter()
                .any(|base| discriminant(base) == discriminant(name))
    };
    if let Some(alternatives) = &mut seen.subject_alt_name {
        alternatives.retain(is_permitted);
    }
    if !is_permitted(&GeneralName::Directory(client.subject.clone())) {
        seen.subject = Name::default();
    }
    seen
}

/// Whether presented certificates name issuers that CAs of the place have the names of, and all of
/// these CAs have another key identifier than the certificate asks for. Where a client of this name
/// is pinned it does not matter.
fn contradicts(question: &Question) -> bool {
    let read = |der: &Vec<u8>| Certificate::read(der).ok();
    let of_place = question.anchors.iter().chain(&question.intermediates);
    let cas: Vec<_> = of_place.filter_map(read).collect();
    let presented: Vec<_> = question.presented.iter().filter_map(read).collect();
    let asked_of = presented.iter().flat_map(|one| {
        let is_asked = |ca: &&Certificate| one.issuer.is_surely(&ca.subject);
        cas.iter().filter(is_asked).map(move |ca| (one, ca))
    });
    let differ = asked_of.map(|(one, ca)| {
        let both = one
            .authority_key_id
            .as_ref()
            .zip(ca.subject_key_id.as_ref());
        both.is_some_and(|(asked, has)| asked != has)
    });
    let differ: Vec<bool> = differ.collect();
    let is_pinned = |client: &Certificate| {
        let mut pins = question.pins.iter().filter_map(read);
        pins.any(|pin| pin.subject.is_surely(&client.subject))
    };
    !differ.is_empty() && !differ.contains(&false) && !presented.first().is_some_and(is_pinned)
}
