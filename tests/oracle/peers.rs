//! Verdicts of the default policy beside those of `webpki`.

use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use mtls_verify::{ClientPolicy, Limits, Reason, VerifiedClient};
use webpki::{EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use crate::NOW;
use crate::differences::{Path, WEBPKI};
use crate::further::FurtherOf;
use crate::graph::{self, Graph, Outcome};
use crate::model::{Certificate, Pki};
use crate::random::{self, Choices};

/// A PKI with further extensions or without.
pub(crate) fn pki(choices: &mut impl Choices) -> (Pki, FurtherOf) {
    let is_plain = choices.percent(75);
    let has_further = choices.percent(50);
    let mut pki = random::pki(&mut *choices);
    if is_plain {
        spell_alike(&mut pki);
    }
    let further = match has_further {
        true => FurtherOf::choose(&pki, choices),
        false => FurtherOf::default(),
    };
    (pki, further)
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

/// Our verdict by the default policy.
pub(crate) fn verdict(graph: &Graph<'_>) -> Outcome {
    let store = graph::store(&graph.anchors, &graph.intermediates);
    let policy = ClientPolicy::default();
    graph::verify(&store, &graph.chain, NOW, &policy, Limits::default())
}

/// The default verdict differs from that of `webpki` for listed reasons alone.
pub(crate) fn check_against_webpki(graph: &Graph<'_>, further: &FurtherOf) -> Verdicts {
    let ours = verdict(graph);
    let theirs = webpki_path(graph);
    match (&ours, &theirs) {
        (Err(refusal), _) if is_limit(refusal.reason()) => Verdicts::Limit,
        (_, Err(error)) if is_limit_of_webpki(error) => Verdicts::Limit,
        (Err(refusal), Ok(path)) => {
            let path = Path::new(path.iter().map(|der| graph.by_der[der]), further);
            assert!(WEBPKI.may_refuse(&path), "{refusal:?} of {path:?}");
            Verdicts::WeRefuse
        }
        (Ok(client), Err(error)) => {
            let path = Path::new(path_of(graph, client), further);
            assert!(WEBPKI.may_accept(&path), "webpki: {error:?} of {path:?}");
            Verdicts::WeAccept
        }
        (Ok(_), Ok(_)) => Verdicts::BothAccept,
        (Err(_), Err(_)) => Verdicts::BothRefuse,
    }
}

/// What came of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdicts {
    BothAccept,
    BothRefuse,
    WeAccept,
    WeRefuse,
    /// A limit ended one of the two, which says nothing.
    Limit,
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
        Reason::SignatureLimit { .. } | Reason::WorkLimit { .. }
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
