//! The times of a certificate's validity, in each of their encodings.

use crate::der;

/// notBefore or notAfter, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time(Vec<u8>);

impl Time {
    /// The time `YYYY-MM-DDThh:mm:ssZ` as RFC 5280 §4.1.2.5 has it: UTCTime from 1950 to 2049,
    /// GeneralizedTime otherwise.
    ///
    /// # Panics
    ///
    /// If `rfc3339` does not have exactly that form.
    pub fn at(rfc3339: &str) -> Self {
        let digits = digits(rfc3339);
        if ("1950".."2050").contains(&&digits[..4]) {
            Self::utc(&digits[2..])
        } else {
            Self::generalized(&digits)
        }
    }

    /// The time `YYYY-MM-DDThh:mm:ssZ` as GeneralizedTime, whatever its year.
    ///
    /// # Panics
    ///
    /// If `rfc3339` does not have exactly that form.
    pub fn generalized_at(rfc3339: &str) -> Self {
        Self::generalized(&digits(rfc3339))
    }

    /// Seconds since 1970, as RFC 5280 has it.
    pub fn unix(seconds: u64) -> Self {
        Self::at(&rfc3339(seconds))
    }

    /// UTCTime with this text (`YYMMDDhhmmssZ`), right or wrong.
    pub fn utc(text: &str) -> Self {
        Self(der::utc_time(text))
    }

    /// GeneralizedTime with this text (`YYYYMMDDhhmmssZ`), right or wrong.
    pub fn generalized(text: &str) -> Self {
        Self(der::generalized_time(text))
    }

    /// These bytes in the place of a time.
    pub fn raw(encoded: Vec<u8>) -> Self {
        Self(encoded)
    }

    /// The encoded time.
    pub fn der(&self) -> &[u8] {
        &self.0
    }
}

/// `2026-01-02T03:04:05Z` to `20260102030405Z`.
fn digits(rfc3339: &str) -> String {
    let bytes = rfc3339.as_bytes();
    let well_formed = bytes.len() == 20
        && bytes.iter().enumerate().all(|(index, &byte)| match index {
            4 | 7 => byte == b'-',
            10 => byte == b'T',
            13 | 16 => byte == b':',
            19 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    assert!(well_formed, "not YYYY-MM-DDThh:mm:ssZ: {rfc3339}");
    rfc3339
        .chars()
        .filter(|character| !matches!(character, '-' | 'T' | ':'))
        .collect()
}

/// Seconds since 1970 as `YYYY-MM-DDThh:mm:ssZ`.
pub fn rfc3339(unix_seconds: u64) -> String {
    let (days, second) = (unix_seconds / 86_400, unix_seconds % 86_400);
    // Years that begin in March: the leap day comes last. Day 0 is 0000-03-01, 719,468 days before
    // 1970.
    let day = days + 719_468;
    let (era, day_of_era) = (day / 146_097, day % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day_of_month:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `YYYY-MM-DDThh:mm:ssZ` as seconds since 1970, negative before.
///
/// # Panics
///
/// If `rfc3339` does not have exactly that form, or is no date.
pub fn seconds(rfc3339: &str) -> i64 {
    let digits = digits(rfc3339);
    let number = |range: std::ops::Range<usize>| -> i64 {
        digits[range].parse().expect("digits alone are left")
    };
    let (year, month, day) = (number(0..4), number(4..6), number(6..8));
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_of = |month: i64| match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    // Leap days of the years 0 to the one before; the year 0 is one.
    let leap_days = |year: i64| match year {
        0 => 0,
        _ => (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1,
    };
    let since_year_0 =
        year * 365 + leap_days(year) + (1..month).map(days_of).sum::<i64>() + day - 1;
    // 719,528 days from 0000-01-01 to 1970-01-01.
    let days = since_year_0 - 719_528;
    days * 86_400 + number(8..10) * 3_600 + number(10..12) * 60 + number(12..14)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_follows_the_year() {
        assert_eq!(Time::at("2049-12-31T23:59:59Z"), Time::utc("491231235959Z"));
        assert_eq!(Time::at("1950-01-01T00:00:00Z"), Time::utc("500101000000Z"));
        assert_eq!(
            Time::at("2050-01-01T00:00:00Z"),
            Time::generalized("20500101000000Z")
        );
        assert_eq!(
            Time::at("1949-12-31T00:00:00Z"),
            Time::generalized("19491231000000Z")
        );
    }

    #[test]
    fn seconds_become_dates() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_767_225_599), "2025-12-31T23:59:59Z");
        assert_eq!(rfc3339(253_402_300_799), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn dates_become_seconds() {
        for unix in [0, 951_782_400, 1_767_225_599, 253_402_300_799] {
            assert_eq!(seconds(&rfc3339(unix)), unix as i64);
        }
        assert_eq!(seconds("1969-12-31T23:59:59Z"), -1);
        assert_eq!(seconds("1950-01-01T00:00:00Z"), -631_152_000);
        assert_eq!(seconds("0000-01-01T00:00:00Z"), -62_167_219_200);
    }
}
