//! The list of cases in which this library differs from a suite on purpose.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use crate::report::{Judged, Verdict};

/// A case in which this library differs from a suite, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divergence {
    /// The suite: `limbo` or `pkits`.
    pub suite: String,
    /// The suite's name for the case.
    pub id: String,
    /// What the suite expects.
    pub expected: Verdict,
    /// What this library says.
    pub ours: Verdict,
    /// Why ours is right for this library.
    pub reason: String,
}

impl Divergence {
    /// Whether the case still comes out as this entry says.
    pub fn describes(&self, case: &Judged) -> bool {
        self.id == case.id && self.expected == case.expected && self.ours == case.ours
    }
}

/// All listed divergences.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divergences {
    #[serde(default)]
    divergence: Vec<Divergence>,
}

/// The list of divergences is not usable.
#[derive(Clone, Debug)]
pub struct DivergenceError(String);

impl fmt::Display for DivergenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "divergences.toml: {}", self.0)
    }
}

impl std::error::Error for DivergenceError {}

impl Divergences {
    /// Those of `divergences.toml`, which is part of the programs.
    ///
    /// # Errors
    /// If it is not as it should be.
    pub fn listed() -> Result<Self, DivergenceError> {
        Self::parse(include_str!("../divergences.toml"))
    }

    pub(crate) fn parse(text: &str) -> Result<Self, DivergenceError> {
        let divergences: Self =
            toml::from_str(text).map_err(|error| DivergenceError(error.to_string()))?;
        let mut seen = BTreeSet::new();
        for entry in &divergences.divergence {
            let wrong = |what| Err(DivergenceError(format!("{}: {what}", entry.id)));
            if !matches!(entry.suite.as_str(), "limbo" | "pkits") {
                return wrong("the suite is neither limbo nor pkits");
            }
            if [entry.expected, entry.ours].contains(&Verdict::Skipped) {
                return wrong("SKIPPED is no verdict");
            }
            if entry.expected == entry.ours {
                return wrong("expected and ours are the same");
            }
            if entry.reason.trim().is_empty() {
                return wrong("it has no reason");
            }
            if !seen.insert((&entry.suite, &entry.id)) {
                return wrong("it is listed twice");
            }
        }
        Ok(divergences)
    }

    /// Those of one suite.
    pub fn of<'a>(&'a self, suite: &'a str) -> impl Iterator<Item = &'a Divergence> {
        self.divergence
            .iter()
            .filter(move |entry| entry.suite == suite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_well_formed() {
        Divergences::listed().expect("a list");
    }

    #[test]
    fn an_entry_must_differ_and_say_why() {
        let entry = |ours, reason| {
            Divergences::parse(&format!(
                "[[divergence]]\nsuite = \"limbo\"\nid = \"a::b\"\nexpected = \"FAILURE\"\nours = \"{ours}\"\nreason = \"{reason}\"\n"
            ))
        };
        assert_eq!(
            entry("SUCCESS", "because").expect("good").divergence.len(),
            1
        );
        assert!(entry("FAILURE", "because").is_err());
        assert!(entry("SUCCESS", " ").is_err());
        assert!(entry("SKIPPED", "because").is_err());
        assert!(entry("PERHAPS", "because").is_err());
    }
}
