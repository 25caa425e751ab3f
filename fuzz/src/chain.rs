//! Small PKIs with real signatures, chosen by the input: their verdicts are those of the oracle of `tests/oracle`, differ from those of
//! `webpki` only in ways that are listed, and do not depend on what should not matter.
//!
//! Input: choices, as `arbitrary` takes them from bytes.

use std::time::Duration;

use arbitrary::Unstructured;
use mtls_verify::{
    AcceptablePolicies, CertificatePolicies, ClientPolicy, ClockSkew, Expired, ExplicitPolicy,
};

use crate::further;
use crate::graph::{self, Extent, Graph};
use crate::lists;
use crate::random::{self, Choices};
use crate::seeds::Testdata;
use crate::{NOW, peers};

/// Checks the PKI of an input.
pub fn check(input: &[u8]) {
    let mut choices = Bytes(Unstructured::new(input));
    let (pki, further) = peers::pki(&mut choices);
    let extent = match further.is_empty() {
        true => Extent::Whole,
        false => Extent::Part,
    };
    let graph = Graph::new(&pki, extent, |certificate| {
        further::signed(certificate, further.of(certificate))
    });
    // What it returns is for statistics.
    let _ = graph.check(&mut choices);
    if choices.percent(40) {
        let lists = lists::choose(&pki, &mut choices);
        let _ = lists::check(&graph, &lists, &pki.policy, &mut choices);
    }
    check_laxer(&graph, &pki.policy, &mut choices);
    let _ = peers::check_against_webpki(&graph, &further);
}

/// Choices from nowhere: there is no way back from a certificate to the choices that make it.
pub fn seeds(_testdata: &Testdata) -> Vec<Vec<u8>> {
    let mut random = random::Random::new(1);
    let mut of_length = |length: usize| (0..length).map(|_| random.below(256) as u8).collect();
    (0..400).map(|number| of_length(64 + number)).collect()
}

/// The bytes of the fuzzer. Where they end, all is well and there is no more of anything.
struct Bytes<'a>(Unstructured<'a>);

impl Choices for Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.0.int_in_range(0..=bound - 1).unwrap_or(0)
    }

    fn percent(&mut self, percent: usize) -> bool {
        !self.0.is_empty() && self.below(100) < percent
    }
}

/// Whoever is let in under a policy is let in under one that asks for less.
fn check_laxer(graph: &Graph<'_>, policy: &ClientPolicy, choices: &mut impl Choices) {
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
    let explicit = CertificatePolicies::default().with_explicit_policy(ExplicitPolicy::Required);
    let acceptable = explicit
        .clone()
        .with_acceptable(AcceptablePolicies::Only(vec![
            further::POLICIES[0].parse().expect("an identifier"),
        ]));
    let [explicit, acceptable] =
        [explicit, acceptable].map(|policies| laxer.clone().with_certificate_policies(policies));

    let store = graph::store(&graph.anchors, &graph.intermediates);
    let accepts =
        |policy| graph::verify(&store, &graph.chain, NOW, policy, graph::no_limits()).is_ok();
    assert!(
        !accepts(policy) || accepts(&laxer),
        "refused for asking less: {laxer:?}"
    );
    assert!(
        !accepts(&acceptable) || accepts(&explicit),
        "refused for asking less"
    );
    assert!(
        !accepts(&explicit) || accepts(&asks_nothing),
        "refused for asking less"
    );
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
