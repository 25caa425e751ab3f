//! The results of a run, in the format in which x509-limbo takes them from its harnesses.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::outcome::{Decider, HarnessError, Outcome};
use crate::reference::Compared;

/// What is said of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// The peer is accepted.
    Success,
    /// The peer is refused.
    Failure,
    /// The case was not run.
    Skipped,
}

/// One case, as it was expected and as it came out.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The suite's name for the case.
    pub id: String,
    /// What the summary counts the case under.
    pub group: String,
    /// What the suite expects.
    pub expected: Verdict,
    /// How it came out: skipped if the harness could not run it.
    pub ours: Verdict,
    /// Who decided that; nobody, if the harness could not run it.
    pub decided_by: Option<Decider>,
    /// Why, where it is not an acceptance.
    pub context: Option<String>,
    /// The user-constrained policy set (RFC 5280 §6.1), in suites that ask for it.
    pub policies: Option<Vec<String>>,
    /// An output beside the verdict that is not what the suite expects.
    pub wrong_output: Option<String>,
    /// How the library's answer compares with the reference's, if that was asked.
    pub reference: Option<Compared>,
    /// The time that the case took, decoding its PEM and building its trust store included.
    pub elapsed: Duration,
}

/// How a result compares with what the suite expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// As expected.
    Right,
    /// Accepted, and should not have been.
    WronglyAccepted,
    /// Refused, and should not have been.
    WronglyRefused,
    /// The verdict is as expected and another output is not.
    WrongOutput,
    /// Not run.
    Skipped,
}

impl Judged {
    /// A case with its outcome; an error of the harness makes it a skipped one.
    pub fn new(
        id: String,
        group: String,
        expected: Verdict,
        outcome: Result<Outcome, HarnessError>,
        elapsed: Duration,
    ) -> Self {
        let (ours, decided_by, context) = match outcome {
            Ok(Outcome::Accepted) => (Verdict::Success, Some(Decider::Library), None),
            Ok(Outcome::Refused { by, why }) => (Verdict::Failure, Some(by), Some(why)),
            Err(error) => (Verdict::Skipped, None, Some(error.to_string())),
        };
        Self {
            id,
            group,
            expected,
            ours,
            decided_by,
            context,
            policies: None,
            wrong_output: None,
            reference: None,
            elapsed,
        }
    }

    /// How the result compares with what the suite expects.
    pub fn judgement(&self) -> Judgement {
        match (self.expected, self.ours) {
            (_, Verdict::Skipped) => Judgement::Skipped,
            (expected, ours) if expected == ours => match self.wrong_output {
                Some(_) => Judgement::WrongOutput,
                None => Judgement::Right,
            },
            (_, Verdict::Success) => Judgement::WronglyAccepted,
            (_, Verdict::Failure) => Judgement::WronglyRefused,
        }
    }
}

/// All results, as they are written.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    version: u32,
    harness: &'static str,
    results: Vec<CaseResult<'a>>,
}

#[derive(Debug, Serialize)]
struct CaseResult<'a> {
    id: &'a str,
    actual_result: Verdict,
    context: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policies: Option<&'a [String]>,
}

impl<'a> Report<'a> {
    /// The report of these cases.
    pub fn new(judged: &'a [Judged]) -> Self {
        let results = judged
            .iter()
            .map(|case| CaseResult {
                id: &case.id,
                actual_result: case.ours,
                context: case.context.as_deref(),
                policies: case.policies.as_deref(),
            })
            .collect();
        Self {
            version: 1,
            harness: concat!("mtls-verify/", env!("CARGO_PKG_VERSION")),
            results,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(expected: Verdict, ours: Verdict) -> Judged {
        Judged {
            id: "group::case".into(),
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

    #[test]
    fn results_have_the_form_of_the_suite() {
        let cases = [case(Verdict::Success, Verdict::Failure)];
        let written = serde_json::to_string(&Report::new(&cases)).expect("plain data");
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            written,
            format!(
                r#"{{"version":1,"harness":"mtls-verify/{version}","results":[{{"id":"group::case","actual_result":"FAILURE","context":null}}]}}"#
            )
        );
    }

    #[test]
    fn an_error_of_the_harness_is_no_verdict() {
        let error = Err(HarnessError::new("peer_certificate", "no PEM"));
        let case = Judged::new(
            "a".into(),
            "a".into(),
            Verdict::Failure,
            error,
            Duration::ZERO,
        );
        assert_eq!(case.ours, Verdict::Skipped);
        assert_eq!(case.decided_by, None);
        assert_eq!(case.judgement(), Judgement::Skipped);
        assert_eq!(case.context.as_deref(), Some("peer_certificate: no PEM"));
    }

    #[test]
    fn results_compare_with_what_is_expected() {
        use Verdict::{Failure, Skipped, Success};
        assert_eq!(case(Success, Success).judgement(), Judgement::Right);
        assert_eq!(case(Failure, Failure).judgement(), Judgement::Right);
        assert_eq!(
            case(Failure, Success).judgement(),
            Judgement::WronglyAccepted
        );
        assert_eq!(
            case(Success, Failure).judgement(),
            Judgement::WronglyRefused
        );
        assert_eq!(case(Failure, Skipped).judgement(), Judgement::Skipped);
        let wrong_output = Judged {
            wrong_output: Some("another policy set".into()),
            ..case(Success, Success)
        };
        assert_eq!(wrong_output.judgement(), Judgement::WrongOutput);
    }
}
