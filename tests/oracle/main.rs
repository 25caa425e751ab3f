//! Random small PKIs, and for each the verdict of an oracle that tries every path and judges it by RFC 5280 §6.1 as written
//! (`rules.rs`). The two must agree, whatever the order and the limits; and an outcome must hold exactly as long as it says.
//!
//! `ORACLE_GRAPHS` is how many PKIs to try and `ORACLE_SEED` the seed of the first; a failure says the seed of its PKI.

mod model;
mod random;
mod rules;

use std::collections::BTreeMap;
use std::env;
use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{
    ClientPolicy, Limits, Position, Reason, TrustStore, VerifiedClient, VerifyError,
    verify_client_chain,
};

use model::{Certificate, Encoder, Pki};
use random::Random;

/// 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

/// About 9 seconds without optimisation.
const DEFAULT_GRAPHS: u64 = 4_000;

#[test]
fn verdicts_agree_with_brute_force() {
    let first = from_environment("ORACLE_SEED").unwrap_or(1);
    let graphs = from_environment("ORACLE_GRAPHS").unwrap_or(DEFAULT_GRAPHS);
    let encoder = Encoder::new();
    let mut seen = Seen::default();
    for seed in first..first + graphs {
        let pki = random::pki(seed);
        let _on_failure = SayWhich { seed, pki: &pki };
        Graph::new(&pki, &encoder).check(seed, &mut seen);
    }
    println!("{graphs} graphs: {seen:?}");
    if graphs >= DEFAULT_GRAPHS {
        seen.assert_varied(graphs as usize);
    }
}

fn from_environment(name: &str) -> Option<u64> {
    let value = env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
}

/// Whatever fails, and wherever: this is how to see it again.
struct SayWhich<'a> {
    seed: u64,
    pki: &'a Pki,
}

impl Drop for SayWhich<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { seed, pki } = self;
            for (role, certificates) in [
                ("client", std::slice::from_ref(&pki.client)),
                ("presented", &pki.presented),
                ("anchor", &pki.anchors),
                ("intermediate", &pki.intermediates),
            ] {
                for certificate in certificates {
                    eprintln!("{role} {certificate:?}");
                }
            }
            eprintln!("{:?}", pki.policy);
            eprintln!("This was ORACLE_SEED={seed} ORACLE_GRAPHS=1");
        }
    }
}

/// A PKI and what the library gets of it.
struct Graph<'a> {
    pki: &'a Pki,
    /// The certificates by their DER, each once.
    by_der: BTreeMap<Vec<u8>, &'a Certificate>,
    anchors: Vec<Vec<u8>>,
    intermediates: Vec<Vec<u8>>,
    /// The client's certificate first.
    chain: Vec<Vec<u8>>,
}

type Outcome = Result<VerifiedClient, VerifyError>;

impl<'a> Graph<'a> {
    fn new(pki: &'a Pki, encoder: &Encoder) -> Self {
        let mut by_der = BTreeMap::new();
        let mut encode = |certificate| {
            let der = encoder.encode(certificate);
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
        }
    }

    fn check(&self, seed: u64, seen: &mut Seen) {
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
        self.assert_order_is_nothing(&outcome, seed);
        let is_limited = self.assert_limits_are_roomy(&store, &outcome);
        seen.note(&outcome, is_limited);
    }

    /// Accepted if and only if the oracle does, over a path that holds.
    fn assert_agrees(&self, outcome: &Outcome, now: u64) {
        let expected = rules::accepts(self.pki, now);
        assert_eq!(outcome.is_ok(), expected, "at {now}: {outcome:?}");
        if let Ok(client) = outcome {
            let path = self.path_of(client);
            let is_sound = rules::holds(&path, &self.pki.policy, now);
            assert!(
                is_sound,
                "at {now}, over a path that does not hold: {path:?}"
            );
        }
    }

    /// The models of a verified client's path, each from where it must come.
    fn path_of(&self, client: &VerifiedClient) -> Vec<&Certificate> {
        let path: Vec<_> = client.path().map(|der| der.to_vec()).collect();
        assert_eq!(path.first(), self.chain.first());
        let (anchor, others) = path.split_last().expect("a path");
        assert!(self.anchors.contains(anchor) && !others.is_empty());
        for issuer in &others[1..] {
            assert!(self.chain.contains(issuer) || self.intermediates.contains(issuer));
        }
        path.iter().map(|der| self.by_der[der]).collect()
    }

    /// The client's certificate must come first. Nothing else is said by an order, of the chain or of the store; nor by copies.
    fn assert_order_is_nothing(&self, outcome: &Outcome, seed: u64) {
        let mut random = Random::new(!seed);
        let mut chain = self.chain.clone();
        if chain.len() > 1 {
            chain.push(chain[1 + random.below(chain.len() - 1)].clone());
        }
        random.shuffle(&mut chain[1..]);
        let (mut anchors, mut intermediates) = (self.anchors.clone(), self.intermediates.clone());
        random.shuffle(&mut anchors);
        random.shuffle(&mut intermediates);
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

    /// The default limits change no verdict. In a dense PKI one on work may end the search for a path that is not there, and is what
    /// is reported. Returns whether it was.
    fn assert_limits_are_roomy(&self, store: &TrustStore, outcome: &Outcome) -> bool {
        let limited = verify(store, &self.chain, NOW, &self.pki.policy, Limits::default());
        match (outcome, &limited) {
            (Ok(one), Ok(other)) => {
                assert!(one.path().eq(other.path()), "{one:?} and {other:?}");
                false
            }
            (Err(one), Err(other)) => {
                let is_limit = matches!(
                    other.reason(),
                    Reason::SignatureLimit { .. } | Reason::StepLimit { .. }
                );
                // Where no names lead to an anchor, the error is about the end of the way; it is followed only as far as paths may
                // be long, so values may differ.
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

fn verify(
    store: &TrustStore,
    chain: &[Vec<u8>],
    now: u64,
    policy: &ClientPolicy,
    limits: Limits,
) -> Outcome {
    let chain: Vec<_> = chain
        .iter()
        .map(|der| CertificateDer::from(der.as_slice()))
        .collect();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(now));
    verify_client_chain(store, &chain, now, &policy.clone().with_limits(limits))
}

fn store(anchors: &[Vec<u8>], intermediates: &[Vec<u8>]) -> TrustStore {
    let mut builder = TrustStore::builder();
    for anchor in anchors {
        let anchor = CertificateDer::from(anchor.as_slice());
        builder = builder.add_ca_der(&anchor).expect("a CA");
    }
    for intermediate in intermediates {
        let intermediate = CertificateDer::from(intermediate.as_slice());
        builder = builder.add_intermediate_der(&intermediate).expect("a CA");
    }
    builder.build().expect("a store")
}

/// More than any small PKI can use up.
fn no_limits() -> Limits {
    Limits::default()
        .with_presented(1_000)
        .with_certificate_bytes(1_000_000)
        .with_intermediates(1_000)
        .with_signatures(1_000_000)
        .with_name_comparisons(1_000_000)
        .with_policies(1_000_000)
        .with_steps(100_000_000)
}

/// What came up, so that a generator gone dull does not pass for a library without faults.
#[derive(Debug, Default)]
struct Seen {
    /// How many were accepted, by the number of certificates in the path.
    accepted: BTreeMap<usize, usize>,
    /// How many were refused, by the name of the reason.
    refused: BTreeMap<String, usize>,
    /// How many refusals were those of a default limit on work.
    limited: usize,
}

impl Seen {
    fn note(&mut self, outcome: &Outcome, is_limited: bool) {
        match outcome {
            Ok(client) => *self.accepted.entry(client.path().len()).or_default() += 1,
            Err(refusal) => *self.refused.entry(name_of(refusal.reason())).or_default() += 1,
        }
        self.limited += usize::from(is_limited);
    }

    fn assert_varied(&self, graphs: usize) {
        let accepted: usize = self.accepted.values().sum();
        let long: usize = self.accepted.range(4..).map(|(_, count)| count).sum();
        assert!((graphs / 5..graphs * 4 / 5).contains(&accepted), "{self:?}");
        assert!(long >= graphs / 100, "{self:?}");
        assert!(self.limited <= graphs / 1_000, "{self:?}");
        for reason in [
            "BadSignature",
            "CaAsClient",
            "Expired",
            "KeyUsage",
            "NoPurpose",
            "NoWayToAnchor",
            "NotACa",
            "NotYetValid",
            "PathLength",
            "Purpose",
            "UnhandledExtension",
            "UnknownIssuer",
            "UntrustedRoot",
        ] {
            assert!(self.refused.contains_key(reason), "{reason} in {self:?}");
        }
    }
}

/// The name alone, without values.
fn name_of(reason: &Reason) -> String {
    let shown = format!("{reason:?}");
    let is_end = |character: char| !character.is_alphanumeric();
    shown.split(is_end).next().unwrap_or_default().to_owned()
}
