//! Random small PKIs, and for each the verdict of an oracle that tries every path and judges it by
//! RFC 5280 §6.1 as written (`rules.rs`). The two must agree, whatever the order and the limits;
//! and an outcome must hold exactly as long as it says.
//!
//! `ORACLE_GRAPHS` is how many PKIs to try and `ORACLE_SEED` the seed of the first; a failure says
//! the seed of its PKI.

mod crls;
mod differences;
#[path = "../common/environment.rs"]
mod environment;
mod further;
mod graph;
mod model;
mod openssl;
mod peers;
#[path = "../common/openssl.rs"]
mod program;
mod random;
mod rules;

use std::collections::BTreeMap;
use std::fs;

use differences::Uses;
use further::FurtherOf;
use graph::{Extent, Graph, Outcome, name_of};
use model::{Encoder, Pki};
use peers::{Comparison, Verdicts};
use random::Random;

/// 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

/// About 9 seconds without optimisation.
const DEFAULT_GRAPHS: u64 = 4_000;

/// How many get CRLs, which cost more.
const WITH_LISTS: u64 = 600;

/// How many are compared with `webpki`, and with the `openssl` program, unless `ORACLE_GRAPHS` says
/// otherwise.
const BESIDE_WEBPKI: u64 = 20_000;
const BESIDE_OPENSSL: u64 = 500;

/// The seeds of PKIs that need listed differences which chance seldom needs. Where the generator
/// changes and one is never needed any more, look for another.
const RARE_BESIDE_WEBPKI: &[u64] = &[105_545];
const RARE_BESIDE_OPENSSL: &[u64] = &[416, 1_109, 8_620, 9_328, 10_998];

#[test]
fn verdicts_agree_with_brute_force() {
    let first = environment::number("ORACLE_SEED").unwrap_or(1);
    let graphs = environment::count("ORACLE_GRAPHS").unwrap_or(DEFAULT_GRAPHS);
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

#[test]
fn crls_revoke_and_nothing_else() {
    let first = environment::number("ORACLE_SEED").unwrap_or(1);
    let graphs = environment::count("ORACLE_GRAPHS").unwrap_or(WITH_LISTS);
    let (none, mut seen) = (FurtherOf::default(), BTreeMap::new());
    for seed in first..first + graphs {
        let mut random = Random::new(seed);
        let pki = random::pki(&mut random);
        let crls = crls::choose(&pki, &mut random);
        let _on_failure = SayWhich { seed, pki: &pki };
        let graph = Graph::new(&pki, Extent::Whole, |certificate| {
            further::signed(certificate, none.of(certificate))
        });
        let outcome = crls::check(&graph, &crls, &pki.policy, &mut random);
        let kind = match &outcome {
            Ok(client) => format!("accepted, {}", client.path().len()),
            Err(refusal) => name_of(refusal.reason()),
        };
        *seen.entry(kind).or_insert(0_u64) += 1;
    }
    println!("{graphs} graphs: {seen:?}");
    if graphs >= WITH_LISTS {
        let all = seen.values().sum::<u64>();
        let accepted = seen.iter().filter(|(kind, _)| kind.starts_with("accepted"));
        assert!(
            accepted.map(|(_, count)| count).sum::<u64>() >= all / 20,
            "{seen:?}"
        );
        for reason in ["RevocationUnknown", "Revoked", "StaleCrl"] {
            assert!(seen.contains_key(reason), "{reason} in {seen:?}");
        }
    }
}

#[test]
fn verdicts_agree_with_webpki_but_for_listed_differences() {
    let first = environment::number("ORACLE_SEED").unwrap_or(1);
    let graphs = environment::count("ORACLE_GRAPHS").unwrap_or(BESIDE_WEBPKI);
    let rare = match graphs >= BESIDE_WEBPKI {
        true => RARE_BESIDE_WEBPKI,
        false => &[],
    };
    let mut compared = Compared::default();
    for seed in rare.iter().copied().chain(first..).take(graphs as usize) {
        let (pki, further) = peers::pki(&mut Random::new(seed));
        let _on_failure = SayWhich { seed, pki: &pki };
        let graph = Graph::new(&pki, Extent::Part, |certificate| {
            further::signed(certificate, further.of(certificate))
        });
        compared.note(peers::check_against_webpki(&graph, &further));
    }
    println!("{graphs} graphs: {compared:?}");
    if graphs >= BESIDE_WEBPKI {
        compared.assert_varied();
        differences::assert_used(&[peers::WE_ACCEPT, peers::WE_REFUSE], &compared.uses);
    }
}

#[test]
fn verdicts_agree_with_openssl_but_for_listed_differences() {
    let Some(release) = program::Release::of_the_program() else {
        return;
    };
    let listed = openssl::Listed::of(release);
    let first = environment::number("ORACLE_SEED").unwrap_or(1);
    let graphs = environment::count("ORACLE_GRAPHS").unwrap_or(BESIDE_OPENSSL);
    let mut compared = Compared::default();
    let rare = match graphs >= BESIDE_OPENSSL {
        true => RARE_BESIDE_OPENSSL,
        false => &[],
    };
    let mut left = graphs;
    for seed in rare.iter().copied().chain(first..) {
        if left == 0 {
            break;
        }
        let (pki, further) = peers::pki(&mut Random::new(seed));
        let _on_failure = SayWhich { seed, pki: &pki };
        let graph = Graph::new(&pki, Extent::Part, |certificate| {
            further::signed(certificate, further.of(certificate))
        });
        let ours = peers::verdict(&graph);
        // Starting the program costs more than all else, and most are refused by everyone.
        let is_asked = ours.is_ok() || graphs == 1 || seed % 4 == 0 || rare.contains(&seed);
        if !is_asked {
            continue;
        }
        compared.note(openssl::check(&graph, &pki, &further, &ours, &listed));
        left -= 1;
    }
    fs::remove_dir_all(openssl::folder()).expect("the folder of this process");
    println!("{graphs} graphs: {compared:?}");
    if graphs >= BESIDE_OPENSSL {
        compared.assert_varied();
        listed.assert_used(&compared.uses);
    }
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

/// What came of comparisons with a peer.
#[derive(Debug, Default)]
struct Compared {
    verdicts: BTreeMap<Verdicts, u64>,
    uses: Uses,
}

impl Compared {
    fn note(&mut self, comparison: Comparison) {
        *self.verdicts.entry(comparison.verdicts).or_default() += 1;
        for case in comparison.needed {
            *self.uses.entry(case).or_default() += 1;
        }
    }

    /// Of all outcomes there are many, so that the comparison is worth something.
    fn assert_varied(&self) {
        use Verdicts::{BothAccept, BothRefuse, Limit, WeAccept, WeRefuse};
        let all: u64 = self.verdicts.values().sum();
        let count = |verdicts| self.verdicts.get(&verdicts).copied().unwrap_or(0);
        assert!(count(BothAccept) >= all / 20, "{self:?}");
        assert!(count(BothRefuse) >= all / 20, "{self:?}");
        let differing = [count(WeAccept), count(WeRefuse)];
        assert!(
            differing.iter().all(|count| *count >= all / 100),
            "{self:?}"
        );
        assert!(count(Limit) <= all / 100, "{self:?}");
    }
}
