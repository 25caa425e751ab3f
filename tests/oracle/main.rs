//! Random small PKIs, and for each the verdict of an oracle that tries every path and judges it by RFC 5280 §6.1 as written
//! (`rules.rs`). The two must agree, whatever the order and the limits; and an outcome must hold exactly as long as it says.
//!
//! `ORACLE_GRAPHS` is how many PKIs to try and `ORACLE_SEED` the seed of the first; a failure says the seed of its PKI.

mod graph;
mod model;
mod random;
mod rules;

use std::collections::BTreeMap;
use std::env;

use graph::{Extent, Graph, Outcome, name_of};
use model::{Encoder, Pki};
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
        let pki = random::pki(Random::new(seed));
        let _on_failure = SayWhich { seed, pki: &pki };
        let graph = Graph::new(&pki, Extent::Whole, |certificate| {
            encoder.template(certificate).der()
        });
        let (outcome, is_limited) = graph.check(&mut Random::new(!seed));
        seen.note(&outcome, is_limited);
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
