//! The command line of the programs.

use std::ffi::OsString;

use crate::outcome::HarnessError;

/// What a run must have to be worth anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Required {
    /// With fewer cases the run fails. At least 1.
    pub cases: usize,
    /// Whether every listed divergence must be among the cases.
    pub divergences: ListedCases,
}

/// Whether the cases of the list of divergences may be missing from a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedCases {
    /// The input is a part of the suite.
    MayBeMissing,
    /// The run fails if one is missing.
    Required,
}

impl Required {
    /// Takes `--at-least N` and `--all-listed` out of `arguments`; without the first, `cases` is
    /// the least number.
    ///
    /// # Errors
    /// If N is missing or no number above 0.
    pub fn from_arguments(
        cases: usize,
        arguments: &mut Vec<OsString>,
    ) -> Result<Self, HarnessError> {
        let mut required = Self {
            cases,
            divergences: ListedCases::MayBeMissing,
        };
        let mut rest = Vec::new();
        let mut given = std::mem::take(arguments).into_iter();
        while let Some(argument) = given.next() {
            if argument == "--all-listed" {
                required.divergences = ListedCases::Required;
            } else if argument == "--at-least" {
                let number = given.next().unwrap_or_default();
                required.cases = number
                    .to_str()
                    .and_then(|number| number.parse().ok())
                    .filter(|number| *number > 0)
                    .ok_or_else(|| {
                        HarnessError::new("--at-least", "it needs a number of cases above 0")
                    })?;
            } else {
                rest.push(argument);
            }
        }
        *arguments = rest;
        Ok(required)
    }
}
