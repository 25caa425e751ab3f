//! The reference and the library on real chains that were changed (`changed.rs`). What they accept
//! is asked of `webpki` and OpenSSL as well.
//!
//! `RESIGN=100000 cargo test -p reference --test resign` for more, `SEED=n` for one.

#[path = "../agreement/case.rs"]
#[allow(dead_code, reason = "the verdicts are those of unchanged chains")]
mod case;
mod changed;
mod changes;
#[path = "../common/mod.rs"]
mod common;
mod peers;
#[path = "../common/policy.rs"]
mod policy;
#[path = "../../../tests/common/openssl.rs"]
mod program;
mod real;
mod reasons;
mod tree;

use std::collections::BTreeMap;

use changed::{Changed, Judged, REAL};
use changes::Choices;
use common::{Random, in_threads};
use peers::{Peer, question_for_peers};
use program::Release;
use real::Real;
use reference::model::Question;

/// What is counted of a refusal that has no listed reason. The reference has accepted the chain as
/// well, so that the library does not accept it alone.
const NOT_LISTED: &str = "refuses for no reason that is listed";

/// One in so many is asked of the `openssl` program: starting it costs more than all else.
const ASKED_OF_OPENSSL: u64 = 16;

impl Choices for Random {
    fn below(&mut self, bound: usize) -> usize {
        Random::below(self, bound)
    }
}

#[test]
fn unchanged_chains_are_accepted() {
    let refused = in_threads(|first, count| {
        let refused = |(name, real): &'static (String, Real)| {
            let changed = Changed {
                case: name,
                changes: Vec::new(),
                question: real.question(),
            };
            match changed.judge() {
                Ok(Judged::Answered(Ok(_), _)) => None,
                Ok(Judged::Answered(Err(refusal), _)) => Some(format!("{name}: {refusal:?}")),
                Ok(Judged::DoesNotLoad) => Some(format!("{name}: does not load")),
                Err(difference) => Some(difference),
            }
        };
        let all = REAL.iter().skip(first).step_by(count);
        all.filter_map(refused).collect::<Vec<_>>()
    });
    let refused = refused.concat();
    println!("{} chains", REAL.len());
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(REAL.len() >= 1_000, "only {} chains", REAL.len());
}

/// Seeds on which the two differ, open, of the first 20,000.
const OPEN: [(u64, &str); 0] = [];

#[test]
fn they_agree_on_changed_chains() {
    let seeds = common::seeds("RESIGN", 20_000);
    let is_alone = seeds.end - seeds.start == 1;
    let release = Release::of_the_program();
    let seen = in_threads(|first, count| {
        let seeds = seeds.clone().skip(first).step_by(count);
        let seen = seeds.map(|seed| {
            let changed = Changed::new(&mut Random::new(seed));
            let mut peers = vec![Peer::Webpki];
            if release.is_some() && (is_alone || seed % ASKED_OF_OPENSSL == 0) {
                peers.push(Peer::OpenSsl);
            }
            let seen = see(&changed, &peers, is_alone);
            if OPEN.contains(&(seed, changed.case)) && !is_alone {
                assert!(seen.is_err(), "SEED={seed} is open no more");
                return Ok(Vec::new());
            }
            seen.map_err(|difference| format!("SEED={seed}: {difference}"))
        });
        let seen: Vec<_> = seen.collect();
        // There is none where nothing was accepted.
        let _ = std::fs::remove_dir_all(peers::folder());
        seen
    });
    let seen = seen.concat();
    let runs = seen.len() as u64;
    let mut counts = BTreeMap::<String, u64>::new();
    let mut disagreements = Vec::new();
    for one in seen {
        match one {
            Ok(names) => {
                for name in names {
                    *counts.entry(name).or_default() += 1;
                }
            }
            Err(difference) => disagreements.push(difference),
        }
    }
    println!("{counts:#?}");
    let count = disagreements.len();
    disagreements.truncate(40);
    let shown = disagreements.join("\n");
    assert!(count == 0, "{count} disagreements:\n{shown}");
    if !is_alone && runs >= 20_000 {
        assert_that_much_is_seen(&counts, runs, release);
    }
}

/// What is seen of one, to be counted; an error if one accepts what another should have accepted as
/// well, or not at all.
fn see(changed: &Changed, peers: &[Peer], is_alone: bool) -> Result<Vec<String>, String> {
    if is_alone {
        println!("{}: {:?}", changed.case, changed.changes);
        show(&changed.question);
    }
    let judged = changed.judge()?;
    let result = match &judged {
        Judged::DoesNotLoad => "does not load".to_owned(),
        Judged::Answered(Ok(_), _) => "accepted".to_owned(),
        Judged::Answered(Err(refusal), _) => refusal.reason().name().to_owned(),
    };
    if let (true, Judged::Answered(outcome, answer)) = (is_alone, &judged) {
        println!("{outcome:?}\n{}", common::show(answer));
    }
    let kind = match result.as_str() {
        "does not load" | "accepted" => &result,
        _ => "refused",
    };
    let changes = changed.changes.iter();
    let changes = changes.map(|change| format!("{change:?}: {kind}"));
    let mut seen: Vec<String> = changes.collect();
    match judged {
        Judged::Answered(Ok(_), _) => seen.extend(ask(changed, peers)?),
        _ => {
            let alone = Peer::Webpki.ask(&question_for_peers(&changed.question));
            seen.extend(alone.is_ok().then(|| "Webpki: accepts alone".to_owned()));
        }
    }
    seen.push(result);
    Ok(seen)
}

/// Asks peers, where the library accepts by the default policy as well.
fn ask(changed: &Changed, peers: &[Peer]) -> Result<Vec<String>, String> {
    let asked = Changed {
        case: changed.case,
        changes: changed.changes.clone(),
        question: question_for_peers(&changed.question),
    };
    let Judged::Answered(Ok(client), _) = asked.judge()? else {
        return Ok(Vec::new());
    };
    let said = peers.iter().map(|peer| {
        let said = match peer.ask(&asked.question) {
            Ok(()) => "accepts",
            Err(error) => reasons::explain(*peer, &asked, &client, &error).unwrap_or(NOT_LISTED),
        };
        format!("{peer:?}: {said}")
    });
    Ok(said.collect())
}

/// Each change is seen to be accepted, refused and not to load, and little is refused for its
/// signature.
fn assert_that_much_is_seen(seen: &BTreeMap<String, u64>, runs: u64, release: Option<Release>) {
    let count = |name: &str| seen.get(name).copied().unwrap_or_default();
    for change in changes::CHANGES {
        for kind in ["accepted", "refused", "does not load"] {
            let name = format!("{change:?}: {kind}");
            assert!(count(&name) >= 20, "{name}: only {}", count(&name));
        }
    }
    assert!(count("accepted") * 10 >= runs, "accepted too rarely");
    let asked = [
        (Some(Peer::Webpki), 10),
        (release.map(|_| Peer::OpenSsl), 10 * ASKED_OF_OPENSSL),
    ];
    for (peer, share) in asked {
        let Some(peer) = peer else { continue };
        let accepted = count(&format!("{peer:?}: accepts"));
        assert!(accepted * share >= runs, "{peer:?} accepts too rarely");
        // A reason that comes often is to be listed.
        let not_listed = count(&format!("{peer:?}: {NOT_LISTED}"));
        assert!(
            not_listed * 50 <= accepted,
            "{peer:?} refuses {not_listed} for no reason that is listed"
        );
    }
    assert!(
        count("bad-signature") * 20 <= runs,
        "too many signatures are bad"
    );
}

/// What one seed is about, for `openssl asn1parse` and people.
fn show(question: &Question) {
    let hex = |der: &Vec<u8>| {
        der.iter()
            .map(|octet| format!("{octet:02x}"))
            .collect::<String>()
    };
    let all = [
        ("anchor", &question.anchors),
        ("intermediate", &question.intermediates),
        ("pin", &question.pins),
        ("CRL", &question.crls),
        ("presented", &question.presented),
    ];
    for (what, ders) in all {
        for der in ders {
            println!("{what}: {}", hex(der));
        }
    }
}
