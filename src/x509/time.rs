//! Times of certificates (RFC 5280 §4.1.2.5) and how they are shown.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "the calendar is computed from four-digit years, or from seconds clamped to them: \
        far inside of i64"
)]

use core::fmt;
use core::time::Duration;

use pki_types::UnixTime;

use super::der::{Problem, Reader, tag};

/// Seconds since 1970-01-01T00:00:00Z. Signed, unlike [`UnixTime`]: UTCTime begins in 1950.
///
/// All that is ever added to it is a `Duration`, checked, so no arithmetic can overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Time(i64);

/// Whether a time is written as RFC 5280 §4.1.2.5 asks issuers to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeForm {
    /// As UTCTime through the year 2049, as GeneralizedTime from 2050 on.
    AsAsked,
    GeneralizedBefore2050,
}

impl Time {
    pub(crate) const START_OF_1990: Self = Self(631_152_000);
    #[cfg(test)]
    pub(crate) const BEGIN_OF_1970: Self = Self(0);
    /// Earlier than every time that can be written.
    pub(crate) const BEGIN: Self = Self(i64::MIN);
    /// Later than every time that can be written.
    pub(crate) const END: Self = Self(i64::MAX);

    /// Reads a `Time ::= CHOICE { utcTime, generalTime }`.
    ///
    /// GeneralizedTime is accepted for years before 2050 too, although RFC 5280 asks issuers for
    /// UTCTime there: the instant is the same, and deployed issuers (and PKITS 4.2.4) do it.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<(Self, TimeForm), Problem> {
        let element = reader.element()?;
        match element.tag {
            tag::UTC_TIME => {
                let [y1, y2, rest @ ..] = element.value else {
                    return Err(Problem::TimeForm);
                };
                let year = two_digits(*y1, *y2);
                if year == NO_DIGITS {
                    return Err(Problem::TimeForm);
                }
                // §4.1.2.5.1: two digits from 50 on are 19YY, others 20YY.
                let century = if year >= 50 { 1900 } else { 2000 };
                let time = Self::from_digits(century + year, rest)?;
                Ok((time, TimeForm::AsAsked))
            }
            tag::GENERALIZED_TIME => {
                let [y1, y2, y3, y4, rest @ ..] = element.value else {
                    return Err(Problem::TimeForm);
                };
                let (century, year) = (two_digits(*y1, *y2), two_digits(*y3, *y4));
                if century == NO_DIGITS || year == NO_DIGITS {
                    return Err(Problem::TimeForm);
                }
                let year = 100 * century + year;
                let form = match year {
                    2050.. => TimeForm::AsAsked,
                    _ => TimeForm::GeneralizedBefore2050,
                };
                Ok((Self::from_digits(year, rest)?, form))
            }
            found => Err(Problem::UnexpectedTag { found }),
        }
    }

    /// `MMDDHHMMSSZ`: seconds present, no fraction, no zone but Z (§4.1.2.5.1, §4.1.2.5.2).
    fn from_digits(year: u32, rest: &[u8]) -> Result<Self, Problem> {
        let [m1, m2, d1, d2, h1, h2, i1, i2, s1, s2, b'Z'] = rest else {
            return Err(Problem::TimeForm);
        };
        let month = two_digits(*m1, *m2);
        let day = two_digits(*d1, *d2);
        let hour = two_digits(*h1, *h2);
        let minute = two_digits(*i1, *i2);
        let second = two_digits(*s1, *s2);
        // What is no digits is out of every range.
        if !(1..=12).contains(&month)
            || !(1..=days_in_month(year, month)).contains(&day)
            || hour > 23
            || minute > 59
            || second > 59
        {
            return Err(Problem::TimeForm);
        }
        let second_of_day = hour * 3_600 + minute * 60 + second;
        Ok(Self(
            days_since_epoch(year, month, day) * 86_400 + i64::from(second_of_day),
        ))
    }

    /// This time as [`UnixTime`], which begins in 1970: earlier times become its first second.
    pub(crate) fn to_unix(self) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(self.0).unwrap_or(0)))
    }

    /// Later by whole seconds of `duration`; `None` beyond what can be counted.
    pub(crate) fn checked_add(self, duration: Duration) -> Option<Self> {
        self.0.checked_add_unsigned(duration.as_secs()).map(Self)
    }

    /// Earlier by whole seconds of `duration`, at least the beginning of time.
    pub(crate) fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(duration.as_secs()))
    }

    /// The second after, unless there is none.
    pub(crate) fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }

    /// The second before.
    pub(crate) fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The time from `earlier` to this one; zero if that is later.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// The earlier of two ends, where `None` is no end.
pub(crate) fn earliest(one: Option<Time>, other: Option<Time>) -> Option<Time> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

impl From<UnixTime> for Time {
    /// A time beyond what `i64` counts is later than every certificate, and stays so.
    fn from(time: UnixTime) -> Self {
        Self(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
    }
}

/// What stands for octets that are not digits: more than two digits can say.
const NO_DIGITS: u32 = 100;

fn two_digits(tens: u8, ones: u8) -> u32 {
    match (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0')) {
        (tens @ 0..=9, ones @ 0..=9) => u32::from(tens) * 10 + u32::from(ones),
        _ => NO_DIGITS,
    }
}

fn days_in_month(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar. Years count from March here, so that the leap
/// day is the last of its year and month lengths follow one line.
fn days_since_epoch(year: u32, month: u32, day: u32) -> i64 {
    // A cycle of 400 years later, so that there is one before the year 0.
    let year = year + 400 - u32::from(month <= 2);
    let month_from_march = (month + 9) % 12;
    let leap_days = year / 4 - year / 100 + year / 400;
    let days_before_month = (153 * month_from_march + 2) / 5;
    let days = year * 365 + leap_days + days_before_month + day;
    // 719,469 days from 0000-03-01 to 1970-01-01, the day itself counted from one; and the cycle.
    i64::from(days) - 719_469 - 146_097
}

/// A time of a certificate or CRL: whole seconds, UTC. Unlike [`UnixTime`], it can be before 1970,
/// as UTCTime begins in 1950 and GeneralizedTime with the year 0 (RFC 5280 §4.1.2.5).
///
/// Shown as RFC 3339 has it: `1965-01-02T03:04:05Z`. Times after the year 9999, which no
/// certificate has, are shown as its last second.
///
/// ```
/// # use mtls_verify::error::CalendarTime;
/// # use mtls_verify::pki_types::UnixTime;
/// # use std::time::Duration;
/// let time = CalendarTime::from(UnixTime::since_unix_epoch(Duration::from_secs(86_400)));
/// assert_eq!(time.to_string(), "1970-01-02T00:00:00Z");
/// assert_eq!(time.seconds(), 86_400);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarTime(Time);

impl CalendarTime {
    /// Seconds since 1970-01-01T00:00:00Z; negative before.
    pub fn seconds(self) -> i64 {
        self.0.0
    }

    /// The same time as a [`UnixTime`]; `None` before 1970.
    pub fn to_unix_time(self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.0).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl From<Time> for CalendarTime {
    fn from(time: Time) -> Self {
        Self(time)
    }
}

impl From<CalendarTime> for Time {
    fn from(time: CalendarTime) -> Self {
        time.0
    }
}

impl From<UnixTime> for CalendarTime {
    /// Fractions of a second are left out.
    fn from(time: UnixTime) -> Self {
        Self(time.into())
    }
}

impl fmt::Display for CalendarTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Rfc3339(self.0), f)
    }
}

impl fmt::Debug for CalendarTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Rfc3339(self.0), f)
    }
}

/// Shows a time as RFC 3339 asks: `2026-01-02T03:04:05Z`. Years after 9999, which no certificate
/// has, are shown as the last second of 9999.
pub(crate) struct Rfc3339(pub(crate) Time);

impl Rfc3339 {
    /// Shows the day alone: `2026-01-02`.
    pub(crate) fn day(time: UnixTime) -> impl fmt::Display {
        struct Day(Rfc3339);
        impl fmt::Display for Day {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                const DAY_CHARACTERS: usize = 10;
                let shown = alloc::format!("{}", self.0);
                f.write_str(shown.get(..DAY_CHARACTERS).unwrap_or(&shown))
            }
        }
        Day(Self::from(time))
    }
}

impl From<UnixTime> for Rfc3339 {
    fn from(time: UnixTime) -> Self {
        Self(Time::from(time))
    }
}

impl fmt::Display for Rfc3339 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const FIRST: i64 = -62_167_219_200; // 0000-01-01T00:00:00Z
        const LAST: i64 = 253_402_300_799; // 9999-12-31T23:59:59Z
        let seconds = self.0.0.clamp(FIRST, LAST);
        let (days, second_of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // The inverse of `days_since_epoch`, over the 146,097 days of a 400-year cycle from March 1
        // on.
        let days = days + 719_468;
        let (cycle, day_of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_cycle = (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524
            - day_of_cycle / 146_096)
            / 365;
        let day_of_year =
            day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            second_of_day / 3_600,
            second_of_day / 60 % 60,
            second_of_day % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    fn read(tag: u8, text: &str) -> Result<Time, Problem> {
        let mut bytes = Vec::from([tag, text.len() as u8]);
        bytes.extend_from_slice(text.as_bytes());
        let mut reader = Reader::new(&bytes);
        let (time, _) = Time::read(&mut reader)?;
        reader.finish()?;
        Ok(time)
    }

    fn utc(text: &str) -> Result<Time, Problem> {
        read(tag::UTC_TIME, text)
    }

    fn general(text: &str) -> Result<Time, Problem> {
        read(tag::GENERALIZED_TIME, text)
    }

    /// RFC 5280 §4.1.2.5.1 and §4.1.2.5.2.
    #[test]
    fn known_instants() {
        assert_eq!(utc("700101000000Z"), Ok(Time(0)));
        assert_eq!(utc("500101000000Z"), Ok(Time(-631_152_000)));
        assert_eq!(utc("491231235959Z"), Ok(Time(2_524_607_999)));
        assert_eq!(general("20500101000000Z"), Ok(Time(2_524_608_000)));
        assert_eq!(general("99991231235959Z"), Ok(Time(253_402_300_799)));
        assert_eq!(general("20000229120000Z"), Ok(Time(951_825_600)));
        assert_eq!(utc("260102030405Z"), general("20260102030405Z"));
    }

    #[test]
    fn months_have_their_days() {
        let last_days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, last) in (1..).zip(last_days) {
            for day in 1..=32 {
                let time = utc(&alloc::format!("26{month:02}{day:02}000000Z"));
                assert_eq!(time.is_ok(), day <= last, "{month} {day}");
            }
        }
        for (year, is_leap) in [(1900, false), (2000, true), (2024, true), (2100, false)] {
            let time = general(&alloc::format!("{year}0229000000Z"));
            assert_eq!(time.is_ok(), is_leap, "{year}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in [
            "",
            "Z",
            "2601020304Z",
            "260102030405",
            "260102030405+0000",
            "260102030405-0100",
            "260102030405.5Z",
            "261302030405Z",
            "260002030405Z",
            "260132030405Z",
            "260100030405Z",
            "260229030405Z",
            "260102240405Z",
            "260102036005Z",
            "260102030460Z",
            "26010203040 Z",
            "26O102030405Z",
            "20260102030405Z",
        ] {
            assert_eq!(utc(bad), Err(Problem::TimeForm), "{bad}");
        }
        for bad in [
            "20260102030405.0Z",
            "20260102030405",
            "202601020304Z",
            "20210229000000Z",
            "21000229000000Z",
            "260102030405Z",
        ] {
            assert_eq!(general(bad), Err(Problem::TimeForm), "{bad}");
        }
    }

    #[test]
    fn shown_times_read_back_for_each_day_of_ten_centuries() {
        for day in -200_000i64..200_000 {
            let shown = Rfc3339(Time(day * 86_400 + 12_345)).to_string();
            let digits: alloc::string::String =
                shown.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(
                general(&(digits + "Z")),
                Ok(Time(day * 86_400 + 12_345)),
                "{shown}"
            );
        }
    }

    #[test]
    fn calendar_times_are_shown_as_they_are() {
        let shown = |time: Result<Time, Problem>| {
            let time = CalendarTime::from(time.unwrap());
            assert_eq!(alloc::format!("{time:?}"), time.to_string());
            (time.to_string(), time.seconds(), time.to_unix_time())
        };
        let at = |seconds| Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)));
        for (time, text, seconds, unix) in [
            (
                general("00000101000000Z"),
                "0000-01-01T00:00:00Z",
                -62_167_219_200,
                None,
            ),
            (
                utc("500101000000Z"),
                "1950-01-01T00:00:00Z",
                -631_152_000,
                None,
            ),
            (utc("691231235959Z"), "1969-12-31T23:59:59Z", -1, None),
            (utc("700101000000Z"), "1970-01-01T00:00:00Z", 0, at(0)),
            (
                general("99991231235959Z"),
                "9999-12-31T23:59:59Z",
                253_402_300_799,
                at(253_402_300_799),
            ),
        ] {
            assert_eq!(shown(time), (text.to_string(), seconds, unix));
        }
        assert!(CalendarTime::from(Time(-1)) < CalendarTime::from(Time(0)));
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        let end = Time::from(UnixTime::since_unix_epoch(Duration::MAX));
        assert_eq!(end, Time(i64::MAX));
        assert_eq!(end.checked_add(Duration::MAX), None);
        assert_eq!(Time(0).checked_add(Duration::from_secs(5)), Some(Time(5)));
        assert_eq!(Time(i64::MIN).saturating_sub(Duration::MAX), Time(i64::MIN));
        assert_eq!(Rfc3339(end).to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Rfc3339(Time(i64::MIN)).to_string(), "0000-01-01T00:00:00Z");
        assert_eq!(Time(-5).to_unix().as_secs(), 0);
    }
}
