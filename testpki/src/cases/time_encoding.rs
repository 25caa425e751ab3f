//! How notBefore and notAfter are written (RFC 5280 §4.1.2.5).

use crate::Time;
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};

pub(super) fn cases() -> Vec<Case> {
    [good(), unbounded(), bad()].concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(
        &format!("time-encoding-{name}"),
        "RFC 5280 §4.1.2.5",
        description,
    )
}

fn good() -> Vec<Case> {
    vec![
        case(
            "generalized-before-2050",
            "GeneralizedTime for a year before 2050 breaks the profile, but its meaning is plain: accepted.",
        )
        .chain(&[
            alice()
                .not_before_time(Time::generalized("20260101000000Z"))
                .not_after_time(Time::generalized("20270101000000Z")),
            issuing(),
        ]),
        case("generalized-2050", "GeneralizedTime for 2050, as RFC 5280 asks: accepted.")
            .time("2039-06-01T00:00:00Z")
            .chain(&[alice().not_after("2050-01-01T00:00:00Z"), issuing()])
            .valid_until("2040-01-01T00:00:00Z"),
        case("utc-49-is-2049", "The year 49 of UTCTime is 2049: not expired in 2039.")
            .time("2039-06-01T00:00:00Z")
            .chain(&[alice().not_after_time(Time::utc("491231235959Z")), issuing()])
            .valid_until("2040-01-01T00:00:00Z"),
        case("utc-50-is-1950", "The year 50 of UTCTime is 1950: valid since then, before 1970 as it is.")
            .chain(&[alice().not_before_time(Time::utc("500101000000Z")), issuing()]),
        case("utc-99-is-1999", "The year 99 of UTCTime is 1999: expired.")
            .chain(&[
                alice()
                    .not_before_time(Time::utc("980101000000Z"))
                    .not_after_time(Time::utc("990101000000Z")),
                issuing(),
            ])
            .refuse("expired", "client"),
        case("leap-day", "29 February of a leap year is a day.")
            .time("2028-02-29T23:59:59Z")
            .chain(&[alice().not_after_time(Time::utc("280229235959Z")), issuing()])
            .valid_until("2028-02-29T23:59:59Z"),
    ]
}

/// 99991231235959Z says that there is no good end (RFC 5280 §4.1.2.5); it is a time like any
/// other.
fn unbounded() -> Vec<Case> {
    let forever = "9999-12-31T23:59:59Z";
    let root = root().not_after(forever);
    let issuing = issuing().not_after(forever);
    let client = alice_of(&issuing).not_after(forever);
    vec![
        case(
            "9999-client",
            "A client without an end below CAs with one: the CAs' end is the verdict's.",
        )
        .chain(&[alice().not_after(forever), self::issuing()])
        .valid_until("2040-01-01T00:00:00Z"),
        case(
            "9999-everywhere",
            "A whole path without an end, five centuries from now: accepted.",
        )
        .time("2500-01-01T00:00:00Z")
        .anchors(std::slice::from_ref(&root))
        .chain(&[client.clone(), issuing.clone()])
        .valid_until(forever),
        case(
            "9999-last-second",
            "A whole path without an end, in the last second there is: accepted.",
        )
        .time(forever)
        .anchors(&[root])
        .chain(&[client, issuing])
        .valid_until(forever),
        case(
            "9999-skew-and-grace",
            "Clock skew and grace beyond the year 9999 are no overflow.",
        )
        .chain(&[alice().not_after(forever), self::issuing()])
        .policy("expiry.client.accept-for", "18446744073709551615s")
        .policy("expiry.clock-skew", "1m")
        .valid_until("2040-01-01T00:01:00Z"),
    ]
}

fn bad() -> Vec<Case> {
    [
        (
            "fraction",
            "GeneralizedTime with a fraction of a second",
            Time::generalized("20270101000000.5Z"),
        ),
        (
            "generalized-without-z",
            "GeneralizedTime without its Z",
            Time::generalized("20270101000000"),
        ),
        (
            "utc-without-z",
            "UTCTime without its Z",
            Time::utc("270101000000"),
        ),
        (
            "utc-without-seconds",
            "UTCTime without seconds",
            Time::utc("2701010000Z"),
        ),
        (
            "generalized-without-seconds",
            "GeneralizedTime without seconds",
            Time::generalized("202701010000Z"),
        ),
        (
            "offset",
            "UTCTime with an offset from UTC",
            Time::utc("270101000000+0100"),
        ),
        ("month-0", "a month 0", Time::utc("270001000000Z")),
        ("month-13", "a month 13", Time::utc("271301000000Z")),
        ("day-0", "a day 0", Time::utc("270100000000Z")),
        ("day-32", "a day 32", Time::utc("270132000000Z")),
        ("february-30", "30 February", Time::utc("280230000000Z")),
        (
            "no-leap-day",
            "29 February of a year that has none",
            Time::utc("270229000000Z"),
        ),
        ("hour-24", "an hour 24", Time::utc("270101240000Z")),
        ("minute-60", "a minute 60", Time::utc("270101006000Z")),
        (
            "not-digits",
            "letters for digits",
            Time::utc("27o1o1oooooZ"),
        ),
        (
            "sign",
            "a sign in the place of a digit",
            Time::utc("+70101000000Z"),
        ),
        ("empty", "an empty UTCTime", Time::utc("")),
        (
            "text",
            "an UTF8String in the place of a time",
            Time::raw(crate::der::utf8_string("270101000000Z")),
        ),
    ]
    .map(|(name, what, time)| {
        case(
            &format!("bad-{name}"),
            &format!("A notAfter with {what} is malformed."),
        )
        .chain(&[alice().not_after_time(time), issuing()])
        .refuse("malformed", "client")
        .message(match name {
            "text" => "notAfter: unexpected element",
            _ => "notAfter: not a time in the form",
        })
    })
    .into_iter()
    .chain([case(
        "bad-not-before",
        "A notBefore without its Z is malformed as a notAfter is.",
    )
    .chain(&[
        alice().not_before_time(Time::utc("260101000000")),
        issuing(),
    ])
    .refuse("malformed", "client")
    .message("notBefore: not a time in the form")])
    .collect()
}
