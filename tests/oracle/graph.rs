//! A PKI in front of the library: what every verification must have in common with the oracle, with
//! others of the same PKI, and with what it says itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use mtls_verify::error::{Position, Reason};
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{Limits, Memory};
use mtls_verify::{
    ClientPolicy, ClientVerifier, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};

use crate::NOW;
use crate::model::{Certificate, Pki};
use crate::random::Choices;
use crate::rules;

/// A PKI and what the library gets of it.
pub(crate) struct Graph<'a> {
    pki: &'a Pki,
    extent: Extent,
    /// The certificates by their DER, each once.
    pub(crate) by_der: BTreeMap<Vec<u8>, &'a Certificate>,
    pub(crate) anchors: Vec<Vec<u8>>,
    pub(crate) intermediates: Vec<Vec<u8>>,
    /// The client's certificate first.
    pub(crate) chain: Vec<Vec<u8>>,
}

/// How much the oracle knows of the PKI.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All there is to judge.
    #[allow(
        dead_code,
        reason = "PKIs without further extensions are those of the tests"
    )]
    Whole,
    /// Not what further extensions ask: it may accept what they refuse.
    Part,
}

pub(crate) type Outcome = Result<VerifiedClient, VerifyError>;

impl<'a> Graph<'a> {
    pub(crate) fn new(
        pki: &'a Pki,
        extent: Extent,
        encode: impl Fn(&Certificate) -> Vec<u8>,
    ) -> Self {
        let mut by_der = BTreeMap::new();
        let mut encode = |certificate| {
            let der = encode(certificate);
            by_der.insert(der.clone(), certificate);
            der
        };
        let mut chain = vec![encode(&pki.client)];
        chain.extend(pki.presented.iter().map(&mut encode));
        Self {
            anchors: pki.anchors.iter().map(&mut encode).collect(),
            intermediates: pki.intermediates.iter().map(&mut encode).collect(),
            chain,
            by_der,
            pki,
            extent,
        }
    }

    /// Checks the verdict, and that of all that should make no difference. Returns it, and whether
    /// a default limit would have ended the search.
    pub(crate) fn check(&self, choices: &mut impl Choices) -> (Outcome, bool) {
        let store = store(&self.anchors, &self.intermediates);
        let verify = |now| verify(&store, &self.chain, now, &self.pki.policy, no_limits());

        let outcome = verify(NOW);
        self.assert_agrees(&outcome, NOW);
        if let Ok(client) = &outcome {
            let until = client.valid_until().map(|until| until.as_secs());
            assert_eq!(
                until,
                rules::ends_at(&self.path_of(client), &self.pki.policy)
            );
            if let Some(until) = until {
                let (at_end, after) = (verify(until), verify(until + 1));
                assert!(at_end.is_ok(), "refused at the end: {at_end:?}");
                self.assert_agrees(&at_end, until);
                self.assert_agrees(&after, until + 1);
                let is_same_path = |other: &VerifiedClient| other.path().eq(client.path());
                assert!(
                    !after.is_ok_and(|other| is_same_path(&other)),
                    "after the end"
                );
            }
        }
        self.assert_order_is_nothing(&outcome, choices);
        self.assert_memory_is_nothing(store.clone(), &outcome);
        self.assert_other_chains_are_nothing(&store, choices);
        let is_limited = self.assert_limits_are_roomy(&store, &outcome);
        (outcome, is_limited)
    }

    /// Accepted if and only if the oracle does, as far as it knows what there is to judge, and over
    /// a path that holds.
    fn assert_agrees(&self, outcome: &Outcome, now: u64) {
        if self.extent == Extent::Whole {
            let expected = rules::accepts(self.pki, now);
            assert_eq!(outcome.is_ok(), expected, "at {now}: {outcome:?}");
        }
        if let Ok(client) = outcome {
            let path = self.path_of(client);
            assert!(
                rules::holds(&path, &self.pki.policy, now),
                "at {now}, over a path that does not hold: {path:?}"
            );
        }
    }

    /// The models of a verified client's path, each from where it must come.
    pub(crate) fn path_of(&self, client: &VerifiedClient) -> Vec<&Certificate> {
        let path: Vec<_> = client.path().map(|der| der.to_vec()).collect();
        assert_eq!(path.first(), self.chain.first());
        let (anchor, others) = path.split_last().expect("a path");
        assert!(self.anchors.contains(anchor) && !others.is_empty());
        for issuer in &others[1..] {
            assert!(self.chain.contains(issuer) || self.intermediates.contains(issuer));
        }
        path.iter().map(|der| self.by_der[der]).collect()
    }

    /// The client's certificate must come first. Nothing else is said by an order, of the chain or
    /// of the store; nor by copies.
    fn assert_order_is_nothing(&self, outcome: &Outcome, choices: &mut impl Choices) {
        let mut chain = self.chain.clone();
        if chain.len() > 1 {
            chain.push(chain[1 + choices.below(chain.len() - 1)].clone());
        }
        choices.shuffle(&mut chain[1..]);
        let (mut anchors, mut intermediates) = (self.anchors.clone(), self.intermediates.clone());
        choices.shuffle(&mut anchors);
        choices.shuffle(&mut intermediates);
        let store = store(&anchors, &intermediates);
        let again = verify(&store, &chain, NOW, &self.pki.policy, no_limits());
        match (outcome, &again) {
            (Ok(one), Ok(other)) => {
                assert!(one.path().eq(other.path()), "{one:?} and {other:?}");
                assert_eq!(one.valid_until(), other.valid_until());
            }
            (Err(one), Err(other)) => {
                assert_eq!(one.reason(), other.reason());
                assert_eq!(about(one, &self.chain), about(other, &chain));
            }
            _ => panic!("{outcome:?} becomes {again:?}"),
        }
    }

    /// A verifier that remembers says the same, the first time and from memory, and when the time
    /// of what it remembers is over.
    fn assert_memory_is_nothing(&self, store: TrustStore, outcome: &Outcome) {
        let memory = Memory::default()
            .with_chain_bytes(100_000)
            .with_signatures(100);
        let policy = self
            .pki
            .policy
            .clone()
            .with_limits(no_limits())
            .with_memory(memory);
        let verifier = ClientVerifier::new(Arc::new(store), policy);
        let chain = der_of(&self.chain);
        let verify = |now| verifier.verify(&chain, at(now));
        for turn in ["first", "second"] {
            let again = verify(NOW);
            match (outcome, &again) {
                (Ok(one), Ok(other)) => {
                    assert!(one.path().eq(other.path()), "{one:?}, {turn} {other:?}");
                    let said = |client: &VerifiedClient| (client.valid_until(), client.expiry());
                    assert_eq!(said(one), said(other), "{turn}");
                }
                (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string(), "{turn}"),
                _ => panic!("{outcome:?}, {turn} {again:?}"),
            }
        }
        let Some(until) = outcome.as_ref().ok().and_then(VerifiedClient::valid_until) else {
            return;
        };
        for now in [until.as_secs(), until.as_secs() + 1, NOW] {
            self.assert_agrees(&verify(now), now);
        }
    }

    /// A verifier that sees other chains of the same PKI before, in an order of chance, says of
    /// each what the pure function says: each certificate as a client, with all others and with
    /// some.
    fn assert_other_chains_are_nothing(&self, store: &TrustStore, choices: &mut impl Choices) {
        // They cost as much as all else together.
        if !choices.percent(10) {
            return;
        }
        let policy = self.pki.policy.clone().with_limits(no_limits());
        let all: Vec<&Vec<u8>> = self.chain.iter().chain(&self.intermediates).collect();
        let mut chains = Vec::new();
        for client in 0..self.chain.len() {
            for share in [100, 50] {
                let others = all.iter().enumerate();
                let others = others.filter(|(at, _)| *at != client && choices.percent(share));
                let others: Vec<_> = others.map(|(_, der)| der.as_slice()).collect();
                let chain = [self.chain[client].as_slice()].into_iter().chain(others);
                chains.push(chain.map(CertificateDer::from).collect::<Vec<_>>());
            }
        }
        let seen = |outcome: Outcome| match outcome {
            Ok(client) => format!("{:?}", client.path().collect::<Vec<_>>()),
            Err(refusal) => refusal.to_string(),
        };
        let verifier = ClientVerifier::new(Arc::new(store.clone()), policy.clone());
        for _ in 0..2 {
            choices.shuffle(&mut chains);
            for chain in &chains {
                let pure = seen(verify_client_chain(store, chain, at(NOW), &policy));
                assert_eq!(seen(verifier.verify(chain, at(NOW))), pure);
            }
        }
    }

    /// The default limits change no verdict. In a dense PKI one on work may end the search for a
    /// path that is not there, and is what is reported; so may the one on the length of paths,
    /// where there are certificates enough. Returns whether it was.
    fn assert_limits_are_roomy(&self, store: &TrustStore, outcome: &Outcome) -> bool {
        let limited = verify(store, &self.chain, NOW, &self.pki.policy, Limits::default());
        match (outcome, &limited) {
            (Ok(one), Ok(other)) => {
                assert!(one.path().eq(other.path()), "{one:?} and {other:?}");
                false
            }
            (Err(one), Err(other)) => {
                let others = self.chain.len() - 1 + self.intermediates.len();
                let is_limit = match other.reason() {
                    Reason::SignatureLimit { .. } | Reason::WorkLimit { .. } => true,
                    Reason::PathTooLong { limit } => others > *limit,
                    _ => false,
                };
                // Where no names lead to an anchor, the error is about the end of the way; it is
                // followed only as far as paths may be long, so values may differ.
                let is_same = name_of(one.reason()) == name_of(other.reason());
                assert!(is_limit || is_same, "{one:?} becomes {other:?}");
                is_limit
            }
            _ => panic!("without limits {outcome:?}, with the default ones {limited:?}"),
        }
    }
}

/// What a refusal is about, without the index of a presented certificate.
fn about<'a>(refusal: &'a VerifyError, chain: &'a [Vec<u8>]) -> Option<(bool, &'a [u8])> {
    let certificate = refusal.certificate()?;
    Some(match certificate.position() {
        Position::Presented(index) => (true, &chain[index]),
        _ => (false, certificate.subject_der()),
    })
}

pub(crate) fn verify(
    store: &TrustStore,
    chain: &[Vec<u8>],
    now: u64,
    policy: &ClientPolicy,
    limits: Limits,
) -> Outcome {
    let policy = policy.clone().with_limits(limits);
    verify_client_chain(store, &der_of(chain), at(now), &policy)
}

pub(crate) fn der_of(chain: &[Vec<u8>]) -> Vec<CertificateDer<'_>> {
    let der = chain.iter().map(|der| CertificateDer::from(der.as_slice()));
    der.collect()
}

pub(crate) fn at(now: u64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(now))
}

pub(crate) fn store(anchors: &[Vec<u8>], intermediates: &[Vec<u8>]) -> TrustStore {
    let mut builder = TrustStore::builder();
    for anchor in anchors {
        let anchor = CertificateDer::from(anchor.as_slice());
        builder.add_ca_der(&anchor).expect("a CA");
    }
    for intermediate in intermediates {
        let intermediate = CertificateDer::from(intermediate.as_slice());
        builder.add_intermediate_der(&intermediate).expect("a CA");
    }
    builder.build().expect("a store")
}

/// More than any small PKI can use up.
pub(crate) fn no_limits() -> Limits {
    Limits::default()
        .with_presented(1_000)
        .with_certificate_bytes(1_000_000)
        .with_intermediates(1_000)
        .with_signatures(1_000_000)
        .with_work(1_000_000_000)
}

/// The name of a reason alone, without values.
pub(crate) fn name_of(reason: &Reason) -> String {
    let shown = format!("{reason:?}");
    let is_end = |character: char| !character.is_alphanumeric();
    shown.split(is_end).next().unwrap_or_default().to_owned()
}
