//! Small PKIs with real signatures, chosen by the input: their verdicts are those of the reference,
//! differ from those of `webpki` only in ways that are listed, and do not depend on what should not
//! matter.
//!
//! Input: choices, as `arbitrary` takes them from bytes.

mod question;
mod straight;

use std::time::Duration;

use mtls_verify::ClientPolicy;
use mtls_verify::policy::{
    AcceptablePolicies, CertificatePolicies, ClockSkew, Expired, ExplicitPolicy,
};
use reference::certificate::Certificate;
use reference::model::{self, Question, Scope, Unknown};

use crate::choices::{self, Bytes};
use crate::crls;
use crate::further::{POLICIES, signed};
use crate::graph::{self, Extent, Graph};
use crate::identity_rules;
use crate::random::Choices;
use crate::rules;
use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds, ONE_SIDE};
use crate::{NOW, peers};

use question::question;

/// One side: there are too many paths for the reference to judge each, so only what was accepted is
/// held to the rules of `tests/oracle`.
pub const KINDS: Kinds = &[("accepted", 150), ("refused", 250), (ONE_SIDE, 0)];

/// How many paths the reference judges. A dense PKI has millions.
const MOST_PATHS: usize = 50;
/// The same with CRLs, where it judges each path of each signer, for each certificate.
const MOST_PATHS_WITH_CRLS: usize = 4;

/// Checks the PKI of an input.
pub fn check(input: &[u8]) -> Judged {
    let mut choices = Bytes::new(input);
    let is_straight = choices.percent(60);
    let (pki, further) = match is_straight {
        true => straight::pki(&mut choices),
        false => peers::pki(&mut choices),
    };
    let graph = Graph::new(&pki, Extent::Part, |certificate| {
        signed(certificate, further.of(certificate))
    });
    let is_one_sided = rules::has_more_paths(&pki, MOST_PATHS);
    // All of these cost as much as twenty verdicts on a straight PKI.
    if !is_straight || choices.percent(5) {
        let _ = graph.check(&mut choices);
    }
    let asked = straight::asked(&mut choices);
    let asked = pki.policy.clone().with_certificate_policies(asked);
    let mut asked = question(&graph, &asked);
    if choices.percent(20) {
        asked.policy.identities = Some(identity_rule(&asked, &mut choices));
    }
    if !is_straight && choices.percent(40) {
        let crls = crls::choose(&pki, &mut choices);
        let _ = crls::check(&graph, &crls, &pki.policy, &mut choices);
        if !rules::has_more_paths(&pki, MOST_PATHS_WITH_CRLS) {
            asked.crls = crls.iter().map(crls::IssuedCrl::der).collect();
            ask_for_revocation(&mut asked.policy, &mut choices);
        }
    }
    if !is_one_sided {
        hold_to_reference(&asked);
    }
    // The reference takes as long for a dense PKI as for twenty of one path.
    if is_straight {
        hold_to_reference(&question(&graph, &pki.policy));
    }
    let store = graph::store(&graph.anchors, &graph.intermediates);
    let accepts = |policy: &ClientPolicy| {
        graph::verify(&store, &graph.chain, NOW, policy, graph::no_limits()).is_ok()
    };
    check_laxer(accepts, &pki.policy, &mut choices);
    let _ = peers::check_against_webpki(&graph, &further);
    Some(match accepts(&pki.policy) {
        _ if is_one_sided => ONE_SIDE,
        true => "accepted",
        false => "refused",
    })
}

/// A rule on identities, some of which the client meets.
fn identity_rule(question: &Question, choices: &mut impl Choices) -> model::IdentityRule {
    const LEVELS: usize = 4;
    let client = question.presented.first();
    let client = client.and_then(|der| Certificate::read(der).ok());
    identity_rules::rule(&mut |bound| choices.below(bound), LEVELS, client.as_ref())
}

/// The library says what the reference says. Where both refuse, `reference/tests/random` compares
/// the reasons: of many paths each has some.
fn hold_to_reference(question: &Question) {
    let store = comparison::store(question).expect("a store");
    let outcome = comparison::ask_library(question, &store);
    let answer = reference::answer(question);
    if outcome.is_err() && answer.valid().next().is_none() {
        return;
    }
    if let Err(difference) = comparison::against_library(question, &answer, &outcome) {
        panic!("{difference}, of {:?}", question.policy);
    }
}

fn ask_for_revocation(policy: &mut model::Policy, choices: &mut impl Choices) {
    use model::Expired::{Accept, AcceptFor, Reject};
    policy.revocation = choices.pick(&[Scope::WholePath, Scope::ClientOnly]);
    policy.unknown = choices.pick(&[Unknown::Deny, Unknown::Allow, Unknown::AllowUnpublished]);
    policy.stale = choices.pick(&[Reject, AcceptFor(10), Accept]);
}

/// Choices from nowhere: there is no way back from a certificate to the choices that make it.
pub fn seeds(_testdata: &Testdata) -> Vec<Vec<u8>> {
    choices::seeds(600, 64)
}

/// A policy that requires a valid policy, and one that requires a certain one.
fn explicit_policies() -> [CertificatePolicies; 2] {
    let explicit = CertificatePolicies::default().with_explicit_policy(ExplicitPolicy::Required);
    let first = POLICIES[0].parse().expect("an identifier");
    let acceptable = AcceptablePolicies::Only(vec![first]);
    [explicit.clone(), explicit.with_acceptable(acceptable)]
}

/// A client that a policy accepts is accepted by one that asks for less.
fn check_laxer(
    accepts: impl Fn(&ClientPolicy) -> bool,
    policy: &ClientPolicy,
    choices: &mut impl Choices,
) {
    let mut expiry = policy.expiry;
    for rule in [&mut expiry.client, &mut expiry.issuers, &mut expiry.anchors] {
        *rule = laxer(*rule, choices);
    }
    let skew = expiry.clock_skew.duration() + seconds(choices);
    expiry.clock_skew = ClockSkew::new(skew).unwrap_or(ClockSkew::MAX);
    let laxer = policy.clone().with_expiry(expiry);
    let asks_nothing = laxer
        .clone()
        .with_certificate_policies(CertificatePolicies::default());
    let [explicit, acceptable] =
        explicit_policies().map(|policies| laxer.clone().with_certificate_policies(policies));
    for (stricter, laxer) in [
        (policy, &laxer),
        (&acceptable, &explicit),
        (&explicit, &asks_nothing),
    ] {
        assert!(
            !accepts(stricter) || accepts(laxer),
            "refused for asking less: {laxer:?}"
        );
    }
}

fn laxer(rule: Expired, choices: &mut impl Choices) -> Expired {
    let longer = seconds(choices);
    match rule {
        Expired::Reject => choices.pick(&[rule, Expired::AcceptFor(longer), Expired::Accept]),
        Expired::AcceptFor(duration) => {
            choices.pick(&[rule, Expired::AcceptFor(duration + longer), Expired::Accept])
        }
        Expired::Accept => rule,
        other => unreachable!("{other:?} has no rule here"),
    }
}

fn seconds(choices: &mut impl Choices) -> Duration {
    Duration::from_secs(choices.below(30) as u64)
}
