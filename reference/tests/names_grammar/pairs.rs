//! Asks the library and the reference of each pair.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use reference::certificate::Certificate;
use reference::model::{Limits, Policy, Question};
use testpki::{Cert, Extension, Key, KeyUsage, Name, der, oid};

use crate::common::{self, HASHED};
use crate::written::{Place, Written};

/// 2026-06-01T00:00:00Z.
pub(crate) const NOW: i64 = 1_780_272_000;

pub(crate) static KEY: LazyLock<Key> = LazyLock::new(|| Key::hashed("names"));

/// What a CA says of names, by the bases of its subtrees.
pub(crate) struct Constraint {
    permitted: Vec<Written>,
    excluded: Vec<Written>,
}

impl Constraint {
    pub(crate) fn permitted(bases: &[&Written]) -> Self {
        Self {
            permitted: bases.iter().map(|base| (*base).clone()).collect(),
            excluded: Vec::new(),
        }
    }

    pub(crate) fn excluded(base: &Written) -> Self {
        Self {
            permitted: Vec::new(),
            excluded: vec![base.clone()],
        }
    }

    fn extension(&self) -> Extension {
        let subtrees = |bases: &[Written]| -> Vec<_> {
            bases
                .iter()
                .map(|base| der::sequence(&[&base.der]))
                .collect()
        };
        Extension::name_constraints(&subtrees(&self.permitted), &subtrees(&self.excluded))
    }

    /// Whether no name may be accepted, as nobody can tell what it says, or what a base says.
    fn cannot_be_met_by(&self, name: &Written) -> bool {
        let mut all = self.permitted.iter().chain(&self.excluded);
        all.any(|base| base.form == name.form && !(base.is_known && name.is_known))
    }

    fn shown(&self) -> String {
        let shown =
            |bases: &[Written]| -> Vec<_> { bases.iter().map(|base| base.shown.clone()).collect() };
        format!(
            "permitted {:?} excluded {:?}",
            shown(&self.permitted),
            shown(&self.excluded)
        )
    }
}

/// Each base permits alone and excludes, and permits beside each of these.
pub(crate) fn constraints(bases: &[Written], beside: &[Written]) -> Vec<Constraint> {
    let of_base = |base| {
        let beside = beside
            .iter()
            .map(move |it| Constraint::permitted(&[base, it]));
        [Constraint::permitted(&[base]), Constraint::excluded(base)]
            .into_iter()
            .chain(beside)
    };
    bases.iter().flat_map(of_base).collect()
}

/// A client that has this name.
pub(crate) fn client(name: &Written) -> Vec<u8> {
    let subject = match &name.place {
        Place::Alternative => Name::empty(),
        Place::Subject => Name::raw(name.der.clone()),
        Place::Beside(subject) => Name::raw(subject.clone()),
    };
    let cert = Cert::bare(subject, &KEY).issuer(Name::cn("CA"));
    let cert = match name.place {
        Place::Subject => cert,
        _ => {
            let names = der::sequence(&[&name.der]);
            cert.extension(Extension::new(oid::SUBJECT_ALT_NAME, names))
        }
    };
    cert.signed_by(&KEY).der()
}

/// A CA that may sign certificates and CRLs.
pub(crate) fn ca(subject: Name) -> Cert {
    let usages = [KeyUsage::KeyCertSign, KeyUsage::CrlSign];
    Cert::bare(subject, &KEY)
        .extension(Extension::basic_constraints(true, None))
        .extension(Extension::key_usage(&usages))
        .signed_by(&KEY)
}

/// The question of a client below an anchor.
pub(crate) fn question(anchor: Vec<u8>, client: Vec<u8>) -> Question {
    Question {
        anchors: vec![anchor],
        presented: vec![client],
        now: NOW,
        policy: Policy {
            algorithms: HASHED,
            limits: Limits {
                certificate_bytes: 1 << 20,
                ..Policy::default().limits
            },
            ..Policy::default()
        },
        ..Question::default()
    }
}

/// What came of some pairs.
#[derive(Default)]
pub(crate) struct Tally {
    pairs: usize,
    /// How often the library says what.
    seen: BTreeMap<&'static str, usize>,
    disagreements: Vec<String>,
}

impl Tally {
    /// Asks both, and notes what they say; true: the library accepts.
    pub(crate) fn ask(
        &mut self,
        question: &Question,
        store: &mtls_verify::TrustStore,
        shown: impl Fn() -> String,
    ) -> bool {
        let outcome = common::ask_library(question, store);
        let answer = reference::answer(question);
        self.note(match &outcome {
            Ok(_) => "accepted",
            Err(error) => error.reason().name(),
        });
        if let Err(difference) = common::against_library(question, &answer, &outcome) {
            self.disagree(format!("{}: {difference}", shown()));
        }
        outcome.is_ok()
    }

    pub(crate) fn note(&mut self, seen: &'static str) {
        self.pairs += 1;
        *self.seen.entry(seen).or_default() += 1;
    }

    pub(crate) fn disagree(&mut self, difference: String) {
        self.disagreements.push(difference);
    }

    /// There were so many pairs, there is no disagreement, and what came of them is what
    /// `counts.txt` has for this.
    pub(crate) fn assert_is(&self, what: &str, pairs: usize) {
        let count = self.disagreements.len();
        // Of each name, and each thing that is said of it, one is enough to see.
        let mut shown = BTreeMap::new();
        for difference in &self.disagreements {
            let (name, rest) = difference
                .split_once(" against ")
                .unwrap_or((difference, ""));
            let said = rest.rsplit("]: ").next().unwrap_or_default();
            shown.entry((name, said)).or_insert(difference);
        }
        let shown: Vec<_> = shown.values().take(40).map(|it| it.as_str()).collect();
        assert!(count == 0, "{count} disagreements:\n{}", shown.join("\n"));
        assert_eq!(self.pairs, pairs);
        let counts = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/names_grammar/counts.txt"
        );
        let counts = std::fs::read_to_string(counts).expect("the counts");
        let seen: Vec<_> = self
            .seen
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        let line = format!("{what}: {pairs} pairs: {}", seen.join(", "));
        assert!(counts.lines().any(|it| it == line), "{line}");
    }
}

/// Who states a constraint.
#[derive(Clone, Copy)]
pub(crate) enum Stating {
    Anchor,
    /// A CA that the client presents, below an anchor.
    Presented,
}

/// Asks of all pairs, with the constraints of an anchor.
pub(crate) fn compare(names: &[Written], constraints: &[Constraint]) -> Tally {
    let mut tally = Tally::default();
    compare_in(Stating::Anchor, names, constraints, &mut tally);
    tally
}

/// Asks of all pairs. Where a CA does not load, its pairs count as such.
pub(crate) fn compare_in(
    stating: Stating,
    names: &[Written],
    constraints: &[Constraint],
    tally: &mut Tally,
) {
    let clients: Vec<_> = names.iter().map(client).collect();
    for constraint in constraints {
        let stated = ca(Name::cn("CA")).extension(constraint.extension());
        let (anchor, above) = match stating {
            Stating::Anchor => (stated.der(), None),
            Stating::Presented => {
                let root = Name::cn("Root");
                (ca(root.clone()).der(), Some(stated.issuer(root).der()))
            }
        };
        let mut question = question(anchor, Vec::new());
        let store = common::store(&question);
        if store.is_ok() != Certificate::read(&question.anchors[0]).is_ok() {
            tally.disagree(format!("{}: loads: {}", constraint.shown(), store.is_ok()));
        }
        for (name, client) in names.iter().zip(&clients) {
            let Ok(store) = &store else {
                tally.note("malformed CA");
                continue;
            };
            question.presented = vec![client.clone()];
            question.presented.extend(above.clone());
            let shown = || format!("{} against {}", name.shown, constraint.shown());
            let is_accepted = tally.ask(&question, store, shown);
            if is_accepted && constraint.cannot_be_met_by(name) {
                tally.disagree(format!("{}: accepted, by hand not", shown()));
            }
        }
    }
}
