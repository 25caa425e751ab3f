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
    /// How many cases the reference may leave unanswered. None: it is not asked.
    pub unanswered: Option<usize>,
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
    /// Takes `--at-least N`, `--all-listed` and `--reference N` out of `arguments`; without the
    /// first, `cases` is the least number.
    ///
    /// # Errors
    /// If an N is missing or no number, or the first is 0.
    pub fn from_arguments(
        cases: usize,
        arguments: &mut Vec<OsString>,
    ) -> Result<Self, HarnessError> {
        let mut required = Self {
            cases,
            divergences: ListedCases::MayBeMissing,
            unanswered: None,
        };
        let mut rest = Vec::new();
        let mut given = std::mem::take(arguments).into_iter();
        while let Some(argument) = given.next() {
            let mut number = |least: usize| {
                let number = given.next().unwrap_or_default();
                let number = number.to_str().and_then(|number| number.parse().ok());
                let wrong = format!("it needs a number of cases, at least {least}");
                number
                    .filter(|number| *number >= least)
                    .ok_or_else(|| HarnessError::new(argument.display(), wrong))
            };
            if argument == "--all-listed" {
                required.divergences = ListedCases::Required;
            } else if argument == "--at-least" {
                required.cases = number(1)?;
            } else if argument == "--reference" {
                required.unanswered = Some(number(0)?);
            } else {
                rest.push(argument);
            }
        }
        *arguments = rest;
        Ok(required)
    }
}
