//! What a person reads of a run.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::divergences::{Divergence, Divergences};
use crate::report::{Judged, Judgement};

/// A table of a run's groups, and every result that is not as it should be.
#[derive(Debug)]
pub struct Summary<'a> {
    groups: BTreeMap<&'a str, Counts<'a>>,
    total: Counts<'a>,
    listed: usize,
    unexpected: Vec<&'a Judged>,
    stale: Vec<Divergence>,
}

/// The results of one group.
#[derive(Clone, Copy, Debug, Default)]
struct Counts<'a> {
    right: usize,
    wrongly_accepted: usize,
    wrongly_refused: usize,
    wrong_output: usize,
    skipped: usize,
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
    /// A divergence is stale if its case was run and does not come out as the list says. One whose case was not run is not: what
    /// is run may be a part of the suite.
    pub fn new(suite: &str, judged: &'a [Judged], divergences: &Divergences) -> Self {
        let mut groups = BTreeMap::<&str, Counts<'_>>::new();
        let mut total = Counts::default();
        let mut listed = 0;
        let mut unexpected = Vec::new();
        let mut stale = Vec::new();
        let known: BTreeMap<&str, &Divergence> = divergences
            .of(suite)
            .map(|entry| (entry.id.as_str(), entry))
            .collect();
        for case in judged {
            groups.entry(&case.group).or_default().add(case);
            total.add(case);
            let entry = known.get(case.id.as_str()).copied();
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
        }
    }

    /// Whether every result is right or a listed divergence, and no listed divergence is stale.
    pub fn is_as_expected(&self) -> bool {
        self.unexpected.is_empty() && self.stale.is_empty()
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.groups.keys().map(|name| name.len()).max().unwrap_or(0);
        writeln!(
            f,
            "{:width$}  {:>6}  {:>16}  {:>15}  {:>12}  {:>7}  {:>9}  {:>10}  slowest case",
            "",
            "right",
            "wrongly accepted",
            "wrongly refused",
            "wrong output",
            "skipped",
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
                "{name:width$}  {:>6}  {:>16}  {:>15}  {:>12}  {:>7}  {:>9.1}  {:>10.2}  {}",
                counts.right,
                counts.wrongly_accepted,
                counts.wrongly_refused,
                counts.wrong_output,
                counts.skipped,
                milliseconds(counts.elapsed),
                slowest.map_or(0.0, |case| milliseconds(case.elapsed)),
                slowest.map_or("", |case| &case.id)
            )?;
        }
        writeln!(f, "\n{} listed divergences", self.listed)?;
        if !self.unexpected.is_empty() {
            writeln!(f, "\n{} unexpected results:", self.unexpected.len())?;
        }
        for case in &self.unexpected {
            let what = match case.judgement() {
                Judgement::Right => "right",
                Judgement::WronglyAccepted => "wrongly accepted",
                Judgement::WronglyRefused => "wrongly refused",
                Judgement::WrongOutput => "wrong output",
                Judgement::Skipped => "skipped",
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
            context: None,
            policies: None,
            wrong_output: None,
            elapsed: Duration::ZERO,
        }
    }

    fn is_as_expected(judged: &[Judged]) -> bool {
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
        Summary::new("limbo", judged, &divergences.expect("a list")).is_as_expected()
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
        assert!(is_as_expected(&[]), "the list may name cases not run");
    }
}
