//! Certificates and CRLs whose times are before 1970, and how far back they go (RFC 5280
//! §4.1.2.5).

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Crl, Time};

const EXPIRED: &str = "expired";

pub(super) fn cases() -> Vec<Case> {
    [clients(), issuers(), crls()].concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(
        &format!("time-before-1970-{name}"),
        "RFC 5280 §4.1.2.5",
        description,
    )
}

/// A client that was valid to this time.
fn until(time: Time) -> Cert {
    let begin = Time::generalized("00000101000000Z");
    alice().not_before_time(begin).not_after_time(time)
}

fn clients() -> Vec<Case> {
    let rows = [
        ("1965", Time::utc("650102030405Z"), "1965-01-02T03:04:05Z"),
        ("1950", Time::utc("500101000000Z"), "1950-01-01T00:00:00Z"),
        (
            "1949",
            Time::generalized("19491231235959Z"),
            "1949-12-31T23:59:59Z",
        ),
        (
            "0000",
            Time::generalized("00000101000000Z"),
            "0000-01-01T00:00:00Z",
        ),
        (
            "1969-last-second",
            Time::utc("691231235959Z"),
            "1969-12-31T23:59:59Z",
        ),
        (
            "1970-first-second",
            Time::utc("700101000000Z"),
            "1970-01-01T00:00:00Z",
        ),
    ];
    rows.into_iter()
        .flat_map(|(name, time, shown)| {
            let chain = [until(time), issuing()];
            let description = format!("The client expired with {shown}");
            [
                case(
                    &format!("{name}-refused"),
                    &format!("{description}: refused, and the message says so."),
                )
                .chain(&chain)
                .refuse(EXPIRED, "client")
                .message(&format!("days ago (notAfter {shown})")),
                case(
                    &format!("{name}-accepted"),
                    &format!("{description}, and the policy accepts that."),
                )
                .chain(&chain)
                .policy("expiry.client", "accept")
                .expired_since(shown)
                .valid_until("2040-01-01T00:00:00Z"),
            ]
        })
        .collect()
}

/// In the first second that a verification can be asked about.
fn issuers() -> Vec<Case> {
    let old = |cert: Cert| cert.not_before_time(Time::utc("500101000000Z"));
    let (root, issuing) = (old(root()), old(issuing()));
    vec![
        case(
            "epoch",
            "In the first second of 1970, a client that expired in 1960 is expired by ten years.",
        )
        .time("1970-01-01T00:00:00Z")
        .anchors(std::slice::from_ref(&root))
        .chain(&[until(Time::utc("600101000000Z")), issuing.clone()])
        .refuse(EXPIRED, "client")
        .message("expired 3653 days ago (notAfter 1960-01-01T00:00:00Z)"),
        case(
            "epoch-valid",
            "In the first second of 1970, a client of the years 0 to 1971 is valid.",
        )
        .time("1970-01-01T00:00:00Z")
        .anchors(&[root])
        .chain(&[until(Time::utc("710101000000Z")), issuing])
        .valid_until("1971-01-01T00:00:00Z"),
        case(
            "anchor",
            "An anchor that expired in 1965: the message is about it.",
        )
        .anchors(&[old(self::root()).not_after_time(Time::utc("650102030405Z"))])
        .refuse(EXPIRED, "anchor")
        .message("(notAfter 1965-01-02T03:04:05Z)"),
    ]
}

fn crls() -> Vec<Case> {
    let crl = Crl::of(&issuing())
        .this_update_time(Time::utc("600101000000Z"))
        .next_update_time(Time::utc("650102030405Z"));
    let case = |name: &str, description: &str| {
        case(name, description)
            .policy("revocation.scope", "client-only")
            .crls(std::slice::from_ref(&crl))
    };
    vec![
        case(
            "crl-refused",
            "The CRL was to be renewed in 1965: refused, and the message says so.",
        )
        .refuse("stale-crl", "client")
        .message("days ago (1965-01-02T03:04:05Z)"),
        case(
            "crl-accepted",
            "The CRL was to be renewed in 1965, and the policy accepts that.",
        )
        .policy("revocation.stale", "accept")
        .revocation(&["stale", "not-checked", "not-checked"]),
    ]
}
