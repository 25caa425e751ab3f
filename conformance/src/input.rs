//! Reading the JSON of a suite, without leaving anything out in silence.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::outcome::HarnessError;

/// Reads `json`, whose cases are at `pointer` (RFC 6901).
///
/// # Errors
/// What is wrong, with the `id` of the first case that does not parse as `C`, if it is a case.
pub fn parse_suite<S, C>(json: &str, pointer: &str) -> Result<S, HarnessError>
where
    S: DeserializeOwned,
    C: DeserializeOwned,
{
    serde_json::from_str(json).map_err(|error| {
        let culprit = serde_json::from_str::<Value>(json)
            .ok()
            .and_then(|suite| first_bad_case::<C>(suite.pointer(pointer)?));
        culprit.unwrap_or_else(|| HarnessError::new("the suite", error))
    })
}

fn first_bad_case<C: DeserializeOwned>(cases: &Value) -> Option<HarnessError> {
    cases.as_array()?.iter().enumerate().find_map(|(at, case)| {
        let error = C::deserialize(case).err()?;
        Some(match case.get("id").and_then(Value::as_str) {
            Some(id) => HarnessError::new(format!("case {id}"), error),
            None => HarnessError::new(format!("case {at}, counted from 0"), error),
        })
    })
}

/// Checks that each case has an id of its own.
///
/// # Errors
/// The id that is empty or there twice.
pub fn check_ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> Result<(), HarnessError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if id.is_empty() {
            return Err(HarnessError::new("the suite", "a case has no id"));
        }
        if !seen.insert(id) {
            return Err(HarnessError::new(format!("case {id}"), "it is there twice"));
        }
    }
    Ok(())
}
