//! The reference and the library on real chains (`testdata`) that were changed as trees of DER, got
//! keys of ours, and were signed again: signatures never are the reason.
//!
//! `RESIGN=100000 cargo test -p reference --test resign` for more, `SEED=n` for one.

#[path = "../agreement/case.rs"]
#[allow(dead_code, reason = "the verdicts are those of unchanged chains")]
mod case;
#[path = "../common/mod.rs"]
mod common;
#[path = "../random/hashed.rs"]
mod hashed;
mod mutate;
#[path = "../random/random.rs"]
#[allow(dead_code, reason = "it has more than is chosen here")]
mod random;
mod real;
mod tree;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use case::{Case, Expect};
use hashed::HASHED;
use mtls_verify::TrustStore;
use mtls_verify::pki_types::CertificateRevocationListDer;
use mutate::{Change, Choices};
use random::Random;
use real::Real;
use reference::certificate::Certificate;
use reference::crl::Crl;
use reference::model::Question;

/// The most bytes and certificates of a case that is used: the others are about limits.
const MOST_BYTES: usize = 30_000;
const MOST_TREES: usize = 12;

/// The cases that are accepted, with keys of ours.
static REAL: LazyLock<Vec<(String, Real)>> = LazyLock::new(|| {
    let cases: Vec<Case> = ["cases", "public"]
        .into_iter()
        .flat_map(Case::all)
        .collect();
    let used = |case: &Case| {
        let is_accepted = matches!(case.settings.expect, Expect::Accept { .. });
        // Ours is the one algorithm, by which no signature is that of two keys. A signature by SHA-1
        // has no signer that is known.
        let needs_others = case.settings.policy.algorithms.is_some()
            || case.name.contains("-second-key-")
            || case.name.ends_with("-sha1");
        if !is_accepted || needs_others {
            return None;
        }
        let question = case.question(&case.store().ok()?);
        let all = [
            &question.anchors,
            &question.intermediates,
            &question.pins,
            &question.crls,
            &question.presented,
        ];
        let all = all.into_iter().flatten();
        let is_small =
            all.clone().count() <= MOST_TREES && all.map(Vec::len).sum::<usize>() <= MOST_BYTES;
        let real = is_small.then(|| Real::new(&question)).flatten()?;
        Some((case.name.clone(), real))
    };
    in_threads(|first, count| {
        let cases = cases.iter().skip(first).step_by(count);
        cases.filter_map(used).collect()
    })
});

/// Differences that are open: of which case, and what they say.
///
/// - A cPSuri that is no IA5String, in critical certificatePolicies: the library takes it for
///   well-formed.
/// - A delta whose BaseCRLNumber is negative takes a certificate off hold for the reference, and not
///   for the library.
const OPEN: [(&str, &str); 2] = [
    (
        "profile-compatible-qualifier-cps-utf8 ",
        "unhandled-extension",
    ),
    ("revocation-delta-applies-point-same ", "library: revoked"),
];

impl Choices for Random {
    fn below(&mut self, bound: usize) -> usize {
        Random::below(self, bound)
    }
}

/// A chain that was changed: which, how, and what is asked.
struct Changed {
    case: &'static str,
    changes: Vec<Change>,
    question: Question,
}

impl Changed {
    fn new(choices: &mut impl Choices) -> Self {
        let (case, real) = &REAL[choices.below(REAL.len())];
        let mut real = real.clone();
        let which = which(&mut real, choices);
        let mut changes = Vec::new();
        let count = choices.pick(&[1, 1, 1, 2, 2, 3, 4]);
        while changes.len() < count {
            let which = match choices.percent(80) {
                true => which,
                false => choices.below(real.trees.len()),
            };
            changes.extend(mutate::change(&mut real.trees, which, choices));
        }
        Self {
            case,
            changes,
            question: real.question(),
        }
    }
}

/// The tree that is changed: mostly one that is presented. One of the store may be presented as well,
/// changed there alone.
fn which(real: &mut Real, choices: &mut impl Choices) -> usize {
    if choices.percent(10) {
        let of_store = [real.anchors.clone(), real.intermediates.clone()].concat();
        let copy = real.copy(choices.pick(&of_store));
        real.presented.push(copy);
        return copy;
    }
    match choices.percent(65) {
        true => choices.pick(&real.presented),
        false => choices.below(real.trees.len()),
    }
}

#[test]
fn unchanged_chains_are_accepted() {
    let refused = in_threads(|first, count| {
        let refused = |(name, real): &(String, Real)| {
            let question = real.question();
            let store = common::store(&question).ok()?;
            let outcome = common::ask_library(&question, &store);
            let answer = reference::answer(&question);
            let compared = common::compare::against_library(&question, &answer, &outcome);
            match (outcome, compared) {
                (Ok(_), Ok(())) => None,
                (outcome, compared) => Some(format!("{name}: {:?} {compared:?}", outcome.err())),
            }
        };
        let all = REAL.iter().skip(first).step_by(count);
        all.filter_map(refused).collect::<Vec<_>>()
    });
    println!("{} chains", REAL.len());
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(REAL.len() >= 1_000, "only {} chains", REAL.len());
}

#[test]
fn they_agree_on_changed_chains() {
    let seeds = common::seeds("RESIGN");
    let is_alone = seeds.end - seeds.start == 1;
    let judged: Vec<(u64, Judged)> = in_threads(|first, count| {
        let seeds = seeds.clone().skip(first).step_by(count);
        seeds
            .map(|seed| (seed, judge(&Changed::new(&mut Random::new(seed)), is_alone)))
            .collect()
    });
    let mut seen = BTreeMap::<String, u64>::new();
    let mut disagreements = Vec::new();
    for (seed, one) in &judged {
        for name in &one.seen {
            *seen.entry(name.clone()).or_default() += 1;
        }
        let difference = one.difference.as_ref();
        let is_open = |difference: &&String| {
            let mut open = OPEN.iter();
            open.any(|(case, text)| difference.starts_with(case) && difference.contains(text))
        };
        let difference = difference.filter(|difference| is_alone || !is_open(difference));
        disagreements.extend(difference.map(|difference| format!("SEED={seed}: {difference}")));
    }
    println!("{seen:#?}");
    let count = disagreements.len();
    disagreements.truncate(40);
    let shown = disagreements.join("\n");
    assert!(count == 0, "{count} disagreements:\n{shown}");
    if !is_alone && judged.len() >= 20_000 {
        assert_that_much_is_seen(&seen, judged.len() as u64);
    }
}

/// What came of one.
#[derive(Default)]
struct Judged {
    /// What was seen, to be counted.
    seen: Vec<String>,
    difference: Option<String>,
}

fn judge(changed: &Changed, is_alone: bool) -> Judged {
    let question = &changed.question;
    if is_alone {
        println!("{}: {:?}", changed.case, changed.changes);
        show(question);
    }
    let mut judged = Judged::default();
    let is_loaded = match loads(question) {
        Ok(is_loaded) => is_loaded,
        Err(difference) => {
            judged.difference = Some(of(changed, &difference));
            return judged;
        }
    };
    let mut result = "does not load".to_owned();
    if is_loaded {
        let store = common::store(question).expect("each part loads");
        let outcome = common::ask_library(question, &store);
        let answer = reference::answer(question);
        let compared = match answer.left_out {
            0 => common::compare::against_library(question, &answer, &outcome),
            count => Err(format!("reference: {count} inputs do not parse")),
        };
        if is_alone {
            println!("{outcome:?}\n{}", common::compare::show(&answer));
        }
        judged.difference = compared.err().map(|difference| of(changed, &difference));
        result = match &outcome {
            Ok(_) => "accepted".to_owned(),
            Err(refusal) => refusal.reason().name().to_owned(),
        };
    }
    let kind = match result.as_str() {
        "does not load" | "accepted" => &result,
        _ => "refused",
    };
    let changes = changed.changes.iter();
    let changes = changes.map(|change| format!("{change:?}: {kind}"));
    judged.seen = changes.chain([result.clone()]).collect();
    judged
}

fn of(changed: &Changed, difference: &str) -> String {
    format!("{} {:?}: {difference}", changed.case, changed.changes)
}

/// Whether all of the store loads; an error if one of the two reads what the other does not.
fn loads(question: &Question) -> Result<bool, String> {
    let mut all_load = true;
    let mut note = |what: &str, library: Result<_, String>, reference: Result<(), &str>| {
        all_load &= library.is_ok();
        match (library, reference) {
            (Ok(_), Ok(())) | (Err(_), Err(_)) => Ok(()),
            (Ok(_), Err(why)) => Err(format!("the library loads {what}; reference: {why}")),
            (Err(why), Ok(())) => Err(format!("the reference reads {what}; library: {why}")),
        }
    };
    let all = [
        ("an anchor", &question.anchors),
        ("an intermediate", &question.intermediates),
        ("a pin", &question.pins),
        ("a CRL", &question.crls),
    ];
    for (what, ders) in all {
        for der in ders {
            let builder = TrustStore::builder();
            let certificate = common::certificate(der);
            let loaded = match what {
                "an anchor" => builder.add_ca_der(&certificate),
                "an intermediate" => builder.add_intermediate_der(&certificate),
                "a pin" => builder.pin_client_der(&certificate),
                _ => builder.add_crl_der(&CertificateRevocationListDer::from(der.as_slice())),
            };
            let read = match what {
                "a CRL" => Crl::read(der).map(drop),
                _ => Certificate::read(der).and_then(|read| has_role(&read, what)),
            };
            note(what, loaded.map_err(|error| error.to_string()), read)?;
        }
    }
    Ok(all_load)
}

/// RFC 5280 §6.1.4 (k), as stores ask it: anchors and intermediates are CAs. Of an anchor of version 1
/// or 2 its place says so; an intermediate may sign CRLs alone.
fn has_role(certificate: &Certificate, what: &str) -> Result<(), &'static str> {
    let says_so = certificate.version == 3
        && certificate
            .basic_constraints
            .is_some_and(|(is_ca, _)| is_ca);
    let signs_crls = certificate.key_usage.is_some_and(|bits| bits & 1 << 6 != 0);
    let is_good = match what {
        "an anchor" => says_so || certificate.version < 3,
        "an intermediate" => says_so || signs_crls,
        _ => true,
    };
    match is_good {
        true => Ok(()),
        false => Err("not a CA"),
    }
}

/// Each change is seen to be accepted, refused and not to load, and little is refused for its
/// signature.
fn assert_that_much_is_seen(seen: &BTreeMap<String, u64>, runs: u64) {
    let count = |name: &str| seen.get(name).copied().unwrap_or_default();
    for change in mutate::CHANGES {
        for kind in ["accepted", "refused", "does not load"] {
            let name = format!("{change:?}: {kind}");
            assert!(count(&name) >= 20, "{name}: only {}", count(&name));
        }
    }
    assert!(count("accepted") * 10 >= runs, "accepted too rarely");
    assert!(
        count("bad-signature") * 20 <= runs,
        "too many signatures are bad"
    );
}

/// Runs a part of the work in each of as many threads as there are processors.
fn in_threads<T: Send>(part: impl Fn(usize, usize) -> Vec<T> + Sync) -> Vec<T> {
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let part = &part;
        let start = |first| scope.spawn(move || part(first, count));
        let threads: Vec<_> = (0..count).map(start).collect();
        let ends = threads.into_iter().map(|thread| thread.join());
        ends.flat_map(|all| all.expect("no panic")).collect()
    })
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
