//! Small PKIs with real signatures, chosen by the input: their verdicts are those of the oracle of `tests/oracle`, differ from those of
//! `webpki` only in ways that are listed, and do not depend on what should not matter.
//!
//! Input: choices, as `arbitrary` takes them from bytes.

mod further;
mod policies;
mod straight;

use std::time::Duration;

use mtls_verify::{
    AcceptablePolicies, CertificatePolicies, ClientPolicy, ClockSkew, Expired, ExplicitPolicy,
};

use crate::choices::{self, Bytes};
use crate::further::{POLICIES, signed};
use crate::graph::{self, Extent, Graph};
use crate::lists;
use crate::model::Certificate;
use crate::random::Choices;
use crate::rules;
use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds, ONE_SIDE};
use crate::{NOW, peers};

/// The verdicts are held to the oracle, which knows all that the PKIs can have. One side: there are
/// too many paths for it to try each, so only what was accepted is held to it.
pub const KINDS: Kinds = &[("accepted", 150), ("refused", 250), (ONE_SIDE, 0)];

/// Checks the PKI of an input.
pub fn check(input: &[u8]) -> Judged {
    let mut choices = Bytes::new(input);
    let is_straight = choices.percent(60);
    let (pki, further) = match is_straight {
        true => straight::pki(&mut choices),
        false => peers::pki(&mut choices),
    };
    let holds =
        |path: &[&Certificate], asked: &CertificatePolicies| further::holds(path, &further, asked);
    let as_asked = |path: &[&Certificate]| holds(path, &pki.policy.certificate_policies);
    let graph = Graph::new(&pki, Extent::Further(&as_asked), |certificate| {
        signed(certificate, further.of(certificate))
    });
    // All of these cost as much as twenty verdicts on a straight PKI.
    if !is_straight || choices.percent(5) {
        let _ = graph.check(&mut choices);
    }
    if !is_straight && choices.percent(40) {
        let lists = lists::choose(&pki, &mut choices);
        let _ = lists::check(&graph, &lists, &pki.policy, &mut choices);
    }
    let store = graph::store(&graph.anchors, &graph.intermediates);
    let accepts = |policy: &ClientPolicy| {
        graph::verify(&store, &graph.chain, NOW, policy, graph::no_limits()).is_ok()
    };
    let [explicit, acceptable] = explicit_policies();
    let mut is_one_sided = false;
    let (one, other) = (straight::asked(&mut choices), straight::asked(&mut choices));
    for asked in [
        CertificatePolicies::default(),
        explicit,
        acceptable,
        one,
        other,
    ] {
        let policy = pki.policy.clone().with_certificate_policies(asked.clone());
        match rules::accepts_where(&pki, NOW, |path| holds(path, &asked)) {
            Some(expected) => assert_eq!(accepts(&policy), expected, "{asked:?}"),
            None => is_one_sided = true,
        }
    }
    check_laxer(accepts, &pki.policy, &mut choices);
    let _ = peers::check_against_webpki(&graph, &further);
    Some(match accepts(&pki.policy) {
        _ if is_one_sided => ONE_SIDE,
        true => "accepted",
        false => "refused",
    })
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
    }
}

fn seconds(choices: &mut impl Choices) -> Duration {
    Duration::from_secs(choices.below(30) as u64)
}
