//! What a person reads of a run.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::arguments::{ListedCases, Required};
use crate::divergences::{Divergence, Divergences};
use crate::outcome::Decider;
use crate::reference::Compared;
use crate::report::{Judged, Judgement};

/// A table of a run's groups, and every result that is not as it should be.
#[derive(Debug)]
pub struct Summary<'a> {
    groups: BTreeMap<&'a str, Counts<'a>>,
    total: Counts<'a>,
    listed: usize,
    unexpected: Vec<&'a Judged>,
    stale: Vec<Divergence>,
    /// Listed divergences whose case was not run.
    missing: Vec<Divergence>,
    /// How the reference differs, by case.
    differing: Vec<(&'a str, &'a str)>,
    /// Cases in which it has the same answer.
    answered: usize,
    /// Cases that it does not answer, by why.
    unanswered: BTreeMap<&'a str, usize>,
    cases: usize,
    required: Required,
}

/// The results of one group.
#[derive(Clone, Copy, Debug, Default)]
struct Counts<'a> {
    right: usize,
    wrongly_accepted: usize,
    wrongly_refused: usize,
    wrong_output: usize,
    skipped: usize,
    by_names: usize,
    by_key_usage: usize,
    elapsed: Duration,
    slowest: Option<&'a Judged>,
}

impl<'a> Counts<'a> {
    fn add(&mut self, case: &'a Judged) {
        let count = match case.judgement() {
            Judgement::Right => &mut self.right,
            Judgement::WronglyAccepted => &mut self.wrongly_accepted,
            Judgement::WronglyRefused => &mut self.wrongly_refused,
            Judgement::WrongOutput => &mut self.wrong_output,
            Judgement::Skipped => &mut self.skipped,
        };
        *count += 1;
        match case.decided_by {
            Some(Decider::Names) => self.by_names += 1,
            Some(Decider::KeyUsage) => self.by_key_usage += 1,
            Some(Decider::Library) | None => {}
        }
        self.elapsed += case.elapsed;
        if self
            .slowest
            .is_none_or(|slowest| slowest.elapsed < case.elapsed)
        {
            self.slowest = Some(case);
        }
    }
}

impl<'a> Summary<'a> {
    /// The summary of a run over `suite`.
    ///
    /// A divergence is stale if its case was run and does not come out as the list says. One whose
    /// case was not run is missing: an error only if all are required, as what is run may be a part
    /// of the suite.
    pub fn new(
        suite: &str,
        judged: &'a [Judged],
        divergences: &Divergences,
        required: Required,
    ) -> Self {
        let mut groups = BTreeMap::<&str, Counts<'_>>::new();
        let mut total = Counts::default();
        let mut listed = 0;
        let mut unexpected = Vec::new();
        let mut stale = Vec::new();
        let mut known: BTreeMap<&str, &Divergence> = divergences
            .of(suite)
            .map(|entry| (entry.id.as_str(), entry))
            .collect();
        let mut differing = Vec::new();
        let mut answered = 0;
        let mut unanswered = BTreeMap::<&str, usize>::new();
        for case in judged {
            match &case.reference {
                Some(Compared::Same) => answered += 1,
                Some(Compared::Unanswered(why)) => *unanswered.entry(why).or_default() += 1,
                Some(Compared::Differs(how)) => differing.push((case.id.as_str(), how.as_str())),
                None => {}
            }
            groups.entry(&case.group).or_default().add(case);
            total.add(case);
            let entry = known.remove(case.id.as_str());
            let is_right = case.judgement() == Judgement::Right;
            match entry {
                Some(entry) if entry.describes(case) => listed += 1,
                _ if !is_right => unexpected.push(case),
                _ => {}
            }
            stale.extend(entry.filter(|entry| !entry.describes(case)).cloned());
        }
        Self {
            groups,
            total,
            listed,
            unexpected,
            stale,
            missing: known.into_values().cloned().collect(),
            differing,
            answered,
            unanswered,
            cases: judged.len(),
            required,
        }
    }

    /// Whether every result is right or a listed divergence, no listed divergence is stale, and all
    /// is there that is required.
    pub fn is_as_expected(&self) -> bool {
        let all_listed = match self.required.divergences {
            ListedCases::MayBeMissing => true,
            ListedCases::Required => self.missing.is_empty(),
        };
        self.unexpected.is_empty()
            && self.stale.is_empty()
            && self.has_enough()
            && all_listed
            && self.is_as_the_reference()
    }

    /// Whether the reference differs nowhere, and answers as much as is required.
    fn is_as_the_reference(&self) -> bool {
        let is_enough = |most| self.unanswered.values().sum::<usize>() <= most && self.answered > 0;
        self.differing.is_empty() && self.required.unanswered.is_none_or(is_enough)
    }

    fn has_enough(&self) -> bool {
        self.cases >= self.required.cases.max(1)
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.groups.keys().map(|name| name.len()).max().unwrap_or(0);
        writeln!(
            f,
            "{:width$}  {:>6}  {:>16}  {:>15}  {:>12}  {:>7}  {:>16}  {:>20}  {:>9}  {:>10}  slowest case",
            "",
            "right",
            "wrongly accepted",
            "wrongly refused",
            "wrong output",
            "skipped",
            "decided by names",
            "decided by key usage",
            "ms in all",
            "slowest ms"
        )?;
        for (name, counts) in self
            .groups
            .iter()
            .map(|(name, counts)| (*name, counts))
            .chain([("total", &self.total)])
        {
            let slowest = counts.slowest;
            writeln!(
                f,
                "{name:width$}  {:>6}  {:>16}  {:>15}  {:>12}  {:>7}  {:>16}  {:>20}  {:>9.1}  {:>10.2}  {}",
                counts.right,
                counts.wrongly_accepted,
                counts.wrongly_refused,
                counts.wrong_output,
                counts.skipped,
                counts.by_names,
                counts.by_key_usage,
                milliseconds(counts.elapsed),
                slowest.map_or(0.0, |case| milliseconds(case.elapsed)),
                slowest.map_or("", |case| &case.id)
            )?;
        }
        writeln!(
            f,
            "\n\"Decided by names\" and \"by key usage\": the library accepted the peer, and the harness refused it.\n\
             {} listed divergences",
            self.listed
        )?;
        if let Some(most) = self.required.unanswered {
            writeln!(
                f,
                "the reference answers {} cases as the library does, and leaves {:?} unanswered; \
                 at most {most} may be",
                self.answered, self.unanswered
            )?;
        }
        if !self.differing.is_empty() {
            let count = self.differing.len();
            writeln!(f, "\nthe reference differs in {count} cases:")?;
        }
        for (id, how) in &self.differing {
            writeln!(f, "  {id}: {how}")?;
        }
        if !self.has_enough() {
            let least = self.required.cases.max(1);
            writeln!(
                f,
                "\n{} cases, and at least {least} are required",
                self.cases
            )?;
        }
        if !self.missing.is_empty() {
            writeln!(
                f,
                "\n{} listed divergences are not among these cases:",
                self.missing.len()
            )?;
        }
        for entry in &self.missing {
            writeln!(f, "  {}", entry.id)?;
        }
        if !self.unexpected.is_empty() {
            writeln!(f, "\n{} unexpected results:", self.unexpected.len())?;
        }
        for case in &self.unexpected {
            let what = match case.judgement() {
                Judgement::Right => "right",
                Judgement::WronglyAccepted => "wrongly accepted",
                Judgement::WronglyRefused => "wrongly refused",
                Judgement::WrongOutput => "wrong output",
                Judgement::Skipped => "the harness could not run it",
            };
            let why = case.wrong_output.as_ref().or(case.context.as_ref());
            let (colon, why) = why.map_or(("", ""), |why| (": ", why));
            writeln!(f, "  {what}: {}{colon}{why}", case.id)?;
        }
        if !self.stale.is_empty() {
            writeln!(f, "\n{} stale divergences:", self.stale.len())?;
        }
        for entry in &self.stale {
            writeln!(
                f,
                "  {}: listed as {:?} where {:?} is expected, which it is not any more",
                entry.id, entry.ours, entry.expected
            )?;
        }
        Ok(())
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Verdict::{self, Failure, Success};

    fn case(id: &str, expected: Verdict, ours: Verdict) -> Judged {
        Judged {
            id: id.into(),
            group: "group".into(),
            expected,
            ours,
            decided_by: Some(Decider::Library),
            context: None,
            policies: None,
            wrong_output: None,
            reference: None,
            elapsed: Duration::ZERO,
        }
    }

    fn is_as_expected(judged: &[Judged]) -> bool {
        is_as_required(judged, 1, ListedCases::MayBeMissing)
    }

    fn is_as_required(judged: &[Judged], cases: usize, listed: ListedCases) -> bool {
        let divergences = Divergences::parse(
            r#"
            [[divergence]]
            suite = "limbo"
            id = "listed"
            expected = "FAILURE"
            ours = "SUCCESS"
            reason = "for the test"
            "#,
        );
        let divergences = divergences.expect("a list");
        let required = Required {
            cases,
            divergences: listed,
            unanswered: None,
        };
        Summary::new("limbo", judged, &divergences, required).is_as_expected()
    }

    #[test]
    fn a_wrong_result_must_be_listed() {
        assert!(is_as_expected(&[case("other", Failure, Failure)]));
        assert!(!is_as_expected(&[case("other", Failure, Success)]));
        assert!(is_as_expected(&[case("listed", Failure, Success)]));
    }

    #[test]
    fn a_listed_case_must_still_come_out_as_listed() {
        assert!(!is_as_expected(&[case("listed", Failure, Failure)]));
        assert!(!is_as_expected(&[case("listed", Success, Failure)]));
        assert!(!is_as_expected(&[case(
            "listed",
            Failure,
            Verdict::Skipped
        )]));
    }

    #[test]
    fn a_listed_case_may_be_missing_unless_all_are_required() {
        let other = [case("other", Failure, Failure)];
        let both = [
            case("other", Failure, Failure),
            case("listed", Failure, Success),
        ];
        assert!(is_as_required(&other, 1, ListedCases::MayBeMissing));
        assert!(!is_as_required(&other, 1, ListedCases::Required));
        assert!(is_as_required(&both, 1, ListedCases::Required));
    }

    #[test]
    fn there_must_be_enough_cases() {
        let other = [case("other", Failure, Failure)];
        assert!(!is_as_required(&other, 2, ListedCases::MayBeMissing));
        for least in [0, 1] {
            assert!(!is_as_required(&[], least, ListedCases::MayBeMissing));
        }
    }

    #[test]
    fn the_reference_must_answer_and_be_the_same() {
        let asked = |compared: &[Compared]| {
            let judged: Vec<_> = compared
                .iter()
                .map(|compared| Judged {
                    reference: Some(compared.clone()),
                    ..case("other", Failure, Failure)
                })
                .collect();
            let required = Required {
                cases: 1,
                divergences: ListedCases::MayBeMissing,
                unanswered: Some(1),
            };
            Summary::new("limbo", &judged, &Divergences::default(), required).is_as_expected()
        };
        let unanswered = Compared::Unanswered("too many");
        assert!(asked(&[Compared::Same]));
        assert!(asked(&[Compared::Same, unanswered.clone()]));
        assert!(!asked(&[
            Compared::Same,
            unanswered.clone(),
            unanswered.clone()
        ]));
        assert!(!asked(&[unanswered]));
        assert!(!asked(&[
            Compared::Same,
            Compared::Differs("in something".into())
        ]));
    }

    #[test]
    fn the_table_says_what_the_harness_decided() {
        let by = |id, decider| Judged {
            decided_by: Some(decider),
            ..case(id, Failure, Failure)
        };
        let judged = [
            by("a", Decider::Names),
            by("b", Decider::Names),
            by("c", Decider::KeyUsage),
            by("d", Decider::Library),
        ];
        let required = Required {
            cases: 1,
            divergences: ListedCases::MayBeMissing,
            unanswered: None,
        };
        let table = Summary::new("limbo", &judged, &Divergences::default(), required).to_string();
        let words = |line: &str| {
            let words = line.split_whitespace().map(str::to_owned);
            words.take(8).collect::<Vec<_>>()
        };
        let total = table.lines().find(|line| line.starts_with("total"));
        assert_eq!(
            words(total.expect("a total")),
            ["total", "4", "0", "0", "0", "0", "2", "1"]
        );
    }
}
