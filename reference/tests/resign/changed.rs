//! Real chains (`testdata`) that were changed as trees of DER, got keys of ours, and were signed
//! again: signatures never are the reason. What decides is a seed here, and a fuzzer in `fuzz/`.

use std::sync::LazyLock;

use comparison::{Outcome, against_library, ask_library, in_threads, store};
use mtls_verify::TrustStore;
use reference::certificate::Certificate;
use reference::crl::Crl;
use reference::model::{Answer, Question};

use crate::case::{Case, Expect};
use crate::changes::{self, Change, Choices};
use crate::real::Real;

/// The most bytes and certificates of a case that is used: the others are about limits.
const MOST_BYTES: usize = 30_000;
const MOST_TREES: usize = 12;

/// How many changes are tried, at most: not each can be made.
const MOST_TRIES: usize = 40;

/// The cases that are accepted, with keys of ours.
pub(crate) static REAL: LazyLock<Vec<(String, Real)>> = LazyLock::new(|| {
    let cases: Vec<Case> = ["cases", "public"]
        .into_iter()
        .flat_map(Case::all)
        .collect();
    let used = |case: &Case| {
        let is_accepted = matches!(case.settings.expect, Expect::Accept { .. });
        // Ours is the one algorithm, by which no signature is that of two keys. A signature by
        // SHA-1 has no signer that is known.
        let needs_others = case.settings.policy.has_other_algorithms()
            || case.name.contains("/second-key-")
            || case.name.ends_with("-sha1");
        // A rule on a digest is one on the keys that the case has.
        let digests = [
            "identity/rule-certificate",
            "identity/rule-certificate-other-encoding",
            "identity/rule-key",
        ];
        if !is_accepted || needs_others || digests.contains(&case.name.as_str()) {
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
    let all = in_threads(|first, count| {
        let cases = cases.iter().skip(first).step_by(count);
        cases.filter_map(used).collect::<Vec<_>>()
    });
    all.into_iter().flatten().collect()
});

/// The names of [`REAL`], hashed by FNV-1a.
static NAMES: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let hash = |name: &str| {
        name.bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, octet| {
                (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3)
            })
    };
    REAL.iter().map(|(name, _)| hash(name)).collect()
});

/// How many numbers choose a case.
const NUMBERS: usize = 1 << 16;

/// The case of a number: the one whose name has the highest hash with that number. So a further
/// case takes some numbers from each of the others, and all other numbers keep their case.
fn case_of(number: usize) -> &'static (String, Real) {
    let hash = |name: u64| {
        // The finalizer of SplitMix64.
        let mut mixed = name ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let highest = (0..REAL.len()).max_by_key(|index| hash(NAMES[*index]));
    &REAL[highest.expect("a case")]
}

/// A chain that was changed: which, how, and what is asked.
pub(crate) struct Changed {
    pub(crate) case: &'static str,
    pub(crate) changes: Vec<Change>,
    pub(crate) question: Question,
}

impl Changed {
    pub(crate) fn new(choices: &mut impl Choices) -> Self {
        let (case, real) = case_of(choices.below(NUMBERS));
        let mut real = real.clone();
        let which = which(&mut real, choices);
        let count = choices.pick(&[1, 1, 1, 2, 2, 3, 4]);
        let change = |_| {
            let which = match choices.percent(80) {
                true => which,
                false => choices.below(real.trees.len()),
            };
            changes::change(&mut real.trees, which, choices)
        };
        let changes = (0..MOST_TRIES).filter_map(change).take(count).collect();
        Self {
            case,
            changes,
            question: real.question(),
        }
    }

    /// Asks the library and the reference.
    ///
    /// # Errors
    ///
    /// What they disagree on.
    pub(crate) fn judge(&self) -> Result<Judged, String> {
        let of = |difference: String| format!("{} {:?}: {difference}", self.case, self.changes);
        let question = &self.question;
        if !loads(question).map_err(of)? {
            return Ok(Judged::DoesNotLoad);
        }
        let store = store(question).expect("each part loads");
        let outcome = ask_library(question, &store);
        let answer = reference::answer(question);
        let compared = match answer.left_out {
            0 => against_library(question, &answer, &outcome),
            count => Err(format!("reference: {count} inputs do not parse")),
        };
        compared.map_err(of)?;
        Ok(Judged::Answered(outcome, answer))
    }
}

/// What library and reference agree on.
pub(crate) enum Judged {
    /// The store does not load.
    DoesNotLoad,
    /// The two answers.
    #[allow(dead_code, reason = "that of the reference is shown by the tests")]
    Answered(Outcome, Answer),
}

/// The tree that is changed: mostly one that is presented. One of the store may be presented as
/// well, changed there alone.
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

/// Whether all of the store loads; an error if one of the two reads what the other does not.
fn loads(question: &Question) -> Result<bool, String> {
    let mut all_load = true;
    let mut note = |what: &str, library: Result<(), String>, reference: Result<(), &str>| {
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
            let mut builder = TrustStore::builder();
            let loaded = match what {
                "an anchor" => builder.add_ca_der(der),
                "an intermediate" => builder.add_intermediate_der(der),
                "a pin" => builder.pin_client_der(der),
                _ => builder.add_crl_der(der),
            };
            let read = match what {
                "a CRL" => Crl::read(der).map(drop),
                _ => Certificate::read(der).and_then(|read| has_role(&read, what)),
            };
            let loaded = loaded.map(drop).map_err(|error| error.to_string());
            note(what, loaded, read)?;
        }
    }
    Ok(all_load)
}

/// RFC 5280 §6.1.4 (k), as stores ask it: anchors and intermediates are CAs. Of an anchor of
/// version 1 or 2 its place says so; an intermediate may sign CRLs alone.
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
