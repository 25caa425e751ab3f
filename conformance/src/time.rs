//! Times as the suites write them.

use std::fmt;
use std::time::UNIX_EPOCH;

use mtls_verify::pki_types::UnixTime;

/// Not a time as the suites write it.
#[derive(Clone, Debug)]
pub struct TimeError(String);

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a time in UTC since 1970", self.0)
    }
}

impl std::error::Error for TimeError {}

/// Reads a time as RFC 3339 writes it, in UTC: `2026-01-02T03:04:05Z`, or `+00:00` for `Z`.
///
/// # Errors
/// If it is none.
pub fn parse_time(text: &str) -> Result<UnixTime, TimeError> {
    let error = || TimeError(text.to_owned());
    let local = text
        .strip_suffix('Z')
        .or_else(|| text.strip_suffix("+00:00"))
        .ok_or_else(error)?;
    let time = humantime::parse_rfc3339(&format!("{local}Z")).map_err(|_| error())?;
    let since_epoch = time.duration_since(UNIX_EPOCH).map_err(|_| error())?;
    Ok(UnixTime::since_unix_epoch(since_epoch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_utc_are_read_and_no_other() {
        let seconds = |text| parse_time(text).map(|time| time.as_secs()).ok();
        assert_eq!(seconds("2024-03-01T00:00:00+00:00"), Some(1_709_251_200));
        assert_eq!(seconds("2024-03-01T00:00:00Z"), Some(1_709_251_200));
        assert_eq!(seconds("2024-03-01T00:00:00+01:00"), None);
        assert_eq!(seconds("2024-03-01"), None);
    }
}
