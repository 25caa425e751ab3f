//! Lengths of time for a person.

use core::fmt;
use core::time::Duration;

use crate::x509::{CalendarTime, Time};

/// The time from the second instant to the first, in the largest unit that gives at least two, or
/// else in seconds.
pub(super) fn human(
    later: impl Into<CalendarTime>,
    earlier: impl Into<CalendarTime>,
) -> impl fmt::Display {
    let (later, earlier) = (later.into(), earlier.into());
    HumanDuration(Time::from(later).since(Time::from(earlier)))
}

struct HumanDuration(Duration);

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (count, unit) = match seconds {
            172_800.. => (seconds / 86_400, "day"),
            7_200.. => (seconds / 3_600, "hour"),
            120.. => (seconds / 60, "minute"),
            _ => (seconds, "second"),
        };
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "{count} {unit}{plural}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn durations_are_in_units_a_person_counts_in() {
        let shown = |seconds| HumanDuration(Duration::from_secs(seconds)).to_string();
        assert_eq!(shown(1), "1 second");
        assert_eq!(shown(119), "119 seconds");
        assert_eq!(shown(120), "2 minutes");
        assert_eq!(shown(7_199), "119 minutes");
        assert_eq!(shown(172_799), "47 hours");
        assert_eq!(shown(172_800), "2 days");
    }
}
