//! Small PKIs with real signatures, chosen by the input: their verdicts are those of the oracle of `tests/oracle`, differ from those of
//! `webpki` only in ways that are listed, and do not depend on what should not matter.
//!
//! Input: choices, as `arbitrary` takes them from bytes.

mod differences;
mod further;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use arbitrary::Unstructured;
use mtls_verify::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use mtls_verify::{
    AcceptablePolicies, CertificatePolicies, ClientPolicy, Expired, ExplicitPolicy, Limits, Reason,
    VerifiedClient,
};
use webpki::{EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use crate::NOW;
use crate::graph::{self, Extent, Graph};
use crate::model::{Certificate, Encoder, Pki};
use crate::random::{self, Choices};
use crate::seeds::Testdata;
use differences::Path;
use further::{Further, FurtherOf};

/// Checks the PKI of an input.
pub fn check(input: &[u8]) {
    let mut choices = Bytes(Unstructured::new(input));
    let is_plain = choices.percent(75);
    let has_further = choices.percent(50);
    let mut pki = random::pki(&mut choices);
    if is_plain {
        spell_alike(&mut pki);
    }
    let further = match has_further {
        true => FurtherOf::choose(&pki, &mut choices),
        false => FurtherOf::default(),
    };
    let extent = match further.is_empty() {
        true => Extent::Whole,
        false => Extent::Part,
    };
    let graph = Graph::new(&pki, extent, |certificate| {
        signed(certificate, further.of(certificate))
    });
    // What it returns is for statistics.
    let _ = graph.check(&mut choices);
    check_laxer(&graph, &pki.policy, &mut choices);
    check_against_webpki(&graph, &further);
}

/// Choices from nowhere: there is no way back from a certificate to the choices that make it.
pub fn seeds(_testdata: &Testdata) -> Vec<Vec<u8>> {
    let mut random = random::Random::new(1);
    let mut of_length = |length: usize| (0..length).map(|_| random.below(256) as u8).collect();
    (0..400).map(|number| of_length(64 + number)).collect()
}

/// The bytes of the fuzzer. Where they end, all is well and there is no more of anything.
struct Bytes<'a>(Unstructured<'a>);

impl Choices for &mut Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.0.int_in_range(0..=bound - 1).unwrap_or(0)
    }

    fn percent(&mut self, percent: usize) -> bool {
        !self.0.is_empty() && self.below(100) < percent
    }
}

impl Choices for Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        let mut choices = self;
        Choices::below(&mut choices, bound)
    }

    fn percent(&mut self, percent: usize) -> bool {
        let mut choices = self;
        Choices::percent(&mut choices, percent)
    }
}

/// `webpki` compares names by their bytes: with all of them in one spelling, more of it is reached.
fn spell_alike(pki: &mut Pki) {
    let Pki {
        client,
        presented,
        anchors,
        intermediates,
        ..
    } = pki;
    let others = presented.iter_mut().chain(anchors).chain(intermediates);
    for certificate in others.chain([client]) {
        certificate.subject.spelling = 0;
        certificate.issuer.spelling = 0;
    }
}

/// Certificates by what they were made of: inputs have most of theirs in common, and a signature costs more than all else.
static SIGNED: LazyLock<Mutex<HashMap<String, Vec<u8>>>> = LazyLock::new(Mutex::default);
static ENCODER: LazyLock<Encoder> = LazyLock::new(Encoder::new);

fn signed(certificate: &Certificate, further: &Further) -> Vec<u8> {
    const MOST: usize = 20_000;
    let mut model = String::with_capacity(1_024);
    write!(model, "{certificate:?}{further:?}").expect("a string takes everything");
    let mut known = SIGNED.lock().expect("one thread");
    if known.len() >= MOST {
        known.clear();
    }
    let make = || {
        let template = ENCODER.template(certificate);
        let further = further.extensions().into_iter();
        further.fold(template, testpki::Cert::extension).der()
    };
    known.entry(model).or_insert_with(make).clone()
}

/// Whoever is let in under a policy is let in under one that asks for less.
fn check_laxer(graph: &Graph<'_>, policy: &ClientPolicy, choices: &mut impl Choices) {
    let mut expiry = policy.expiry;
    for rule in [&mut expiry.client, &mut expiry.issuers, &mut expiry.anchors] {
        *rule = laxer(*rule, choices);
    }
    expiry.clock_skew += seconds(choices);
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

/// The default verdict differs from that of `webpki` for listed reasons alone.
fn check_against_webpki(graph: &Graph<'_>, further: &FurtherOf) {
    let store = graph::store(&graph.anchors, &graph.intermediates);
    let ours = graph::verify(
        &store,
        &graph.chain,
        NOW,
        &ClientPolicy::default(),
        Limits::default(),
    );
    if ours
        .as_ref()
        .is_err_and(|refusal| is_limit(refusal.reason()))
    {
        return;
    }
    match (&ours, webpki_path(graph)) {
        (Err(refusal), Ok(path)) => {
            let path = Path::new(path.iter().map(|der| graph.by_der[der]), further);
            assert!(
                path.is_refused_for_a_listed_reason(),
                "{refusal:?} of {path:?}"
            );
        }
        (Ok(client), Err(error)) if !is_limit_of_webpki(&error) => {
            let path = Path::new(path_of(graph, client), further);
            assert!(
                path.is_accepted_for_a_listed_reason(),
                "webpki: {error:?} of {path:?}"
            );
        }
        _ => {}
    }
}

fn path_of<'a>(
    graph: &'a Graph<'_>,
    client: &VerifiedClient,
) -> impl Iterator<Item = &'a Certificate> {
    graph.path_of(client).into_iter()
}

fn is_limit(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::SignatureLimit { .. }
            | Reason::StepLimit { .. }
            | Reason::NameComparisonLimit { .. }
            | Reason::PolicyLimit { .. }
    )
}

fn is_limit_of_webpki(error: &Error) -> bool {
    matches!(
        error,
        Error::MaximumSignatureChecksExceeded
            | Error::MaximumPathBuildCallsExceeded
            | Error::MaximumNameConstraintComparisonsExceeded
    )
}

/// The path that `webpki` accepts, as DER.
fn webpki_path(graph: &Graph<'_>) -> Result<Vec<Vec<u8>>, Error> {
    let der = |all: &[Vec<u8>]| -> Vec<CertificateDer<'static>> {
        all.iter()
            .map(|der| CertificateDer::from(der.clone()))
            .collect()
    };
    let (anchors, chain, stored) = (
        der(&graph.anchors),
        der(&graph.chain),
        der(&graph.intermediates),
    );
    // Some it does not take as anchors.
    let (anchor_der, anchors): (Vec<_>, Vec<TrustAnchor<'_>>) = anchors
        .iter()
        .filter_map(|der| Some((der, anchor_from_trusted_cert(der).ok()?)))
        .unzip();
    let (client, presented) = chain.split_first().expect("the client's own");
    let intermediates = [presented, &stored].concat();
    let client_der = client.to_vec();
    let client = EndEntityCert::try_from(client)?;
    let path = client.verify_for_usage(
        webpki::ALL_VERIFICATION_ALGS,
        &anchors,
        &intermediates,
        UnixTime::since_unix_epoch(Duration::from_secs(NOW)),
        KeyUsage::client_auth(),
        None,
        None,
    )?;
    let is_the_one = |anchor: &TrustAnchor<'_>| std::ptr::eq(anchor, path.anchor());
    let anchor = anchors
        .iter()
        .position(is_the_one)
        .expect("one of those given");
    let mut all = vec![client_der];
    all.extend(
        path.intermediate_certificates()
            .map(|certificate| certificate.der().to_vec()),
    );
    all.push(anchor_der[anchor].to_vec());
    Ok(all)
}
