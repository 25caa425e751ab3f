//! Lengths of time as text: `7d 12h`.

use core::fmt;
use core::time::Duration;

/// The units with their seconds, the largest first.
const UNITS: [(&str, u64); 5] = [
    ("w", 604_800),
    ("d", 86_400),
    ("h", 3_600),
    ("m", 60),
    ("s", 1),
];

/// Reads whole weeks, days, hours, minutes and seconds, the largest first and each at most once.
pub(super) fn parse(text: &str) -> Result<Duration, InvalidDuration> {
    let mut units = UNITS.iter();
    let mut seconds: u64 = 0;
    let mut rest = text.trim_matches(' ');
    if rest.is_empty() {
        return Err(InvalidDuration::Form);
    }
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit());
        let (digits, after) = end
            .and_then(|end| rest.split_at_checked(end))
            .filter(|(digits, _)| !digits.is_empty())
            .ok_or(InvalidDuration::Form)?;
        // What is left of the units is smaller.
        let (unit, of_unit) = units
            .find(|(unit, _)| after.starts_with(unit))
            .ok_or(InvalidDuration::Form)?;
        let count: u64 = digits.parse().map_err(|_| InvalidDuration::TooLong)?;
        seconds = count
            .checked_mul(*of_unit)
            .and_then(|more| seconds.checked_add(more))
            .ok_or(InvalidDuration::TooLong)?;
        let after = after.strip_prefix(unit).unwrap_or_default();
        rest = after.trim_start_matches(' ');
    }
    Ok(Duration::from_secs(seconds))
}

/// Shows whole seconds as days, hours, minutes and seconds, for [`parse`] to read.
pub(super) struct Text(pub(super) Duration);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.0.as_secs();
        if left == 0 {
            return f.write_str("0s");
        }
        let mut separator = "";
        for (unit, seconds) in UNITS.iter().skip(1) {
            let count = left.checked_div(*seconds).unwrap_or_default();
            left = left.checked_rem(*seconds).unwrap_or_default();
            if count > 0 {
                write!(f, "{separator}{count}{unit}")?;
                separator = " ";
            }
        }
        Ok(())
    }
}

/// Not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum InvalidDuration {
    #[error(
        "not a duration such as `7d 12h`: whole numbers with the units w, d, h, m and s, the \
         largest first, each once"
    )]
    Form,
    #[error("a duration of more than {} seconds", u64::MAX)]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn durations_are_sums() {
        for (text, seconds, written) in [
            ("0s", 0, "0s"),
            ("0d", 0, "0s"),
            ("5m", 300, "5m"),
            ("300s", 300, "5m"),
            ("007s", 7, "7s"),
            ("7d 12h", 648_000, "7d 12h"),
            ("7d12h", 648_000, "7d 12h"),
            ("  7d   12h ", 648_000, "7d 12h"),
            ("1w", 604_800, "7d"),
            ("1w 1d 1h 1m 1s", 694_861, "8d 1h 1m 1s"),
            ("25h", 90_000, "1d 1h"),
            ("18446744073709551615s", u64::MAX, "213503982334601d 7h 15s"),
        ] {
            let read = parse(text);
            assert_eq!(read, Ok(Duration::from_secs(seconds)), "{text}");
            let shown = Text(Duration::from_secs(seconds)).to_string();
            assert_eq!(shown, written, "{text}");
            assert_eq!(parse(&shown), read, "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_an_error() {
        for text in [
            "", " ", "5", "d", "5x", "5 m", "5min", "5ms", "1.5h", "-1h", "+1h", "1h,2m", "1h 1h",
            "12h 7d", "5M", "5m\t3s", "\u{665}m", "1h 5",
        ] {
            assert_eq!(parse(text), Err(InvalidDuration::Form), "{text:?}");
        }
        for text in [
            "18446744073709551616s",
            "213503982334601d 7h 16s",
            "213503982334602d",
            "99999999999999999999999w",
            "30500568904944w",
        ] {
            assert_eq!(parse(text), Err(InvalidDuration::TooLong), "{text:?}");
        }
    }

    /// Certificates count in whole seconds, so a fraction is left out.
    #[test]
    fn a_fraction_of_a_second_is_not_written() {
        assert_eq!(Text(Duration::from_millis(1_999)).to_string(), "1s");
    }
}
