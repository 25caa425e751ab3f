//! thisUpdate and nextUpdate, to the second, under clock skew and the policy for stale CRLs.

use super::faults::Fault;
use super::{REVOKED, STALE, STALE_CRL, UNKNOWN, client, plain_crl, revokes_only, revoking};
use crate::cases::Case;
use crate::{Crl, Time};

const RULE: &str = "RFC 5280 §5.1.2.4, §5.1.2.5, §6.3.3 (a)";

const THIS_UPDATE: &str = "2026-05-01T00:00:00Z";
const NEXT_UPDATE: &str = "2026-07-01T12:00:00Z";
const ONE_SECOND_LATE: &str = "2026-07-01T12:00:01Z";
const MUCH_LATER: &str = "2026-12-01T00:00:00Z";
const NOT_AFTER: &str = "2027-01-01T00:00:00Z";

pub(super) fn cases() -> Vec<Case> {
    [
        begin(),
        end(),
        accepted_stale(),
        stale_but_revoking(),
        without_next_update(),
        another_is_fresh(),
        encodings(),
    ]
    .concat()
}

fn window(crl: Crl) -> Crl {
    crl.this_update(THIS_UPDATE).next_update(NEXT_UPDATE)
}

/// The client's CRL has the narrow window.
fn case(name: &str, description: &str, time: &str) -> Case {
    client(name, RULE, description)
        .crls(&[window(plain_crl())])
        .time(time)
        .valid_until(NEXT_UPDATE)
}

fn begin() -> Vec<Case> {
    let mut cases = vec![
        case("at-this-update", "At thisUpdate: the first second counts.", THIS_UPDATE),
        case("before-this-update", "One second before thisUpdate there is no CRL yet: refused.", "2026-04-30T23:59:59Z")
            .untold(Fault::Future, "client"),
        case("before-this-update-stale-accepted", "A policy that accepts stale CRLs does not accept one from the future.", "2026-04-30T23:59:59Z")
            .policy("revocation.stale", "accept")
            .untold(Fault::Future, "client"),
        case("skew-before-this-update", "A minute before thisUpdate, with a minute of clock skew: accepted.", "2026-04-30T23:59:00Z")
            .policy("expiry.clock-skew", "1m")
            .valid_until("2026-07-01T12:01:00Z"),
        case("skew-before-this-update-over", "61 seconds before thisUpdate, with a minute of clock skew: refused.", "2026-04-30T23:58:59Z")
            .policy("expiry.clock-skew", "1m")
            .untold(Fault::Future, "client"),
        case("skew-before-this-update-revoked", "A minute before thisUpdate of a CRL that revokes the client, with a minute of clock skew: refused.", "2026-04-30T23:59:00Z")
            .policy("expiry.clock-skew", "1m")
            .crls(&[window(revoking())])
            .refuse(REVOKED, "client"),
    ];
    cases.extend(revokes_only(
        "this-update-to-come",
        RULE,
        Fault::Future,
        "The CRL is of next year, when the client has expired.",
        |case, crl| {
            let crl = crl.this_update("2027-06-01T00:00:00Z");
            case.crls(&[crl.next_update("2028-01-01T00:00:00Z")])
        },
    ));
    cases
}

fn end() -> Vec<Case> {
    vec![
        case("at-next-update", "At nextUpdate: the last second counts.", NEXT_UPDATE),
        case("stale", "One second after nextUpdate: refused.", ONE_SECOND_LATE).refuse(STALE_CRL, "client"),
        case("stale-reject", "One second after nextUpdate, and the policy names the default: refused.", ONE_SECOND_LATE)
            .policy("revocation.stale", "reject")
            .refuse(STALE_CRL, "client"),
        case("stale-unknown-allowed", "One second after nextUpdate: that is a CRL which is stale, not one which is missing, so that it is refused although nothing need be known.", ONE_SECOND_LATE)
            .policy("revocation.unknown", "allow")
            .refuse(STALE_CRL, "client"),
        case("skew-after-next-update", "A minute after nextUpdate, with a minute of clock skew: accepted, and fresh.", "2026-07-01T12:01:00Z")
            .policy("expiry.clock-skew", "1m")
            .valid_until("2026-07-01T12:01:00Z"),
        case("skew-after-next-update-over", "61 seconds after nextUpdate, with a minute of clock skew: refused.", "2026-07-01T12:01:01Z")
            .policy("expiry.clock-skew", "1m")
            .refuse(STALE_CRL, "client"),
        case("next-update-before-this-update", "nextUpdate lies before thisUpdate: the CRL is never fresh.", "2026-06-01T00:00:00Z")
            .crls(&[plain_crl().this_update(THIS_UPDATE).next_update("2026-04-01T00:00:00Z")])
            .refuse(STALE_CRL, "client"),
        case("expired-client-accepted-crl-stale", "The policy accepts that the client is expired, which says nothing of CRLs: refused.", ONE_SECOND_LATE)
            .policy("expiry.client", "accept")
            .policy("expiry.issuers", "accept")
            .policy("expiry.anchors", "accept")
            .refuse(STALE_CRL, "client"),
    ]
}

fn accepted_stale() -> Vec<Case> {
    let for_an_hour = |case: Case| case.policy("revocation.stale.accept-for", "1h");
    vec![
        case("stale-accept", "Long after nextUpdate, which the policy accepts.", MUCH_LATER)
            .policy("revocation.stale", "accept")
            .revocation(&STALE)
            .valid_until(NOT_AFTER),
        case("stale-accept-fresh", "At nextUpdate, and the policy would accept a stale CRL: good, and the CRL sets no end.", NEXT_UPDATE)
            .policy("revocation.stale", "accept")
            .valid_until(NOT_AFTER),
        for_an_hour(case("grace-last-second", "An hour after nextUpdate, in the last second of a grace period of an hour: accepted.", "2026-07-01T13:00:00Z"))
            .revocation(&STALE)
            .valid_until("2026-07-01T13:00:00Z"),
        for_an_hour(case("grace-first-second", "One second after nextUpdate, with an hour of grace: stale already.", ONE_SECOND_LATE))
            .revocation(&STALE)
            .valid_until("2026-07-01T13:00:00Z"),
        for_an_hour(case("grace-over", "One second after a grace period of an hour: refused.", "2026-07-01T13:00:01Z"))
            .refuse(STALE_CRL, "client"),
        for_an_hour(case("grace-over-unknown-allowed", "One second after a grace period of an hour: a stale CRL is refused although nothing need be known.", "2026-07-01T13:00:01Z"))
            .policy("revocation.unknown", "allow")
            .refuse(STALE_CRL, "client"),
        for_an_hour(case("grace-unused", "At nextUpdate, with a grace period to come: good, and the verdict ends with the grace.", NEXT_UPDATE))
            .valid_until("2026-07-01T13:00:00Z"),
        for_an_hour(case("skew-and-grace", "Clock skew and grace period add up: the last second of both together.", "2026-07-01T13:01:00Z"))
            .policy("expiry.clock-skew", "1m")
            .revocation(&STALE)
            .valid_until("2026-07-01T13:01:00Z"),
        for_an_hour(case("skew-and-grace-over", "Clock skew and grace period add up: one second after both together.", "2026-07-01T13:01:01Z"))
            .policy("expiry.clock-skew", "1m")
            .refuse(STALE_CRL, "client"),
        case("grace-without-end", "A grace period of as many seconds as there are is no overflow.", MUCH_LATER)
            .policy("revocation.stale.accept-for", "18446744073709551615s")
            .revocation(&STALE)
            .valid_until(NOT_AFTER),
    ]
}

/// A revocation does not go stale.
fn stale_but_revoking() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        case(name, description, MUCH_LATER)
            .crls(&[window(revoking())])
            .refuse(REVOKED, "client")
    };
    vec![
        case(
            "stale-revoked",
            "A stale CRL has the client: refused for that.",
        ),
        case(
            "stale-accept-revoked",
            "A stale CRL, which the policy accepts, has the client: refused.",
        )
        .policy("revocation.stale", "accept"),
        case(
            "stale-revoked-unknown-allowed",
            "A stale CRL has the client, of which nothing need be known: refused.",
        )
        .policy("revocation.unknown", "allow"),
    ]
}

/// Such a CRL is stale from the beginning.
fn without_next_update() -> Vec<Case> {
    // An hour before the cases' time.
    let old = |crl: Crl| {
        crl.this_update("2026-05-31T23:00:00Z")
            .without_next_update()
    };
    let case = |name: &str, description: &str| {
        client(name, "RFC 5280 §5.1.2.5", description).crls(&[old(plain_crl())])
    };
    vec![
        case(
            "no-next-update",
            "A CRL without nextUpdate promises nothing: refused.",
        )
        .refuse(STALE_CRL, "client"),
        case(
            "no-next-update-unknown-allowed",
            "A CRL without nextUpdate is a stale one, not a missing one: refused.",
        )
        .policy("revocation.unknown", "allow")
        .refuse(STALE_CRL, "client"),
        case(
            "no-next-update-accept",
            "A CRL without nextUpdate, and the policy accepts stale ones.",
        )
        .policy("revocation.stale", "accept")
        .revocation(&STALE),
        case(
            "no-next-update-grace",
            "A CRL without nextUpdate of an hour ago, within a grace period of two hours.",
        )
        .policy("revocation.stale.accept-for", "2h")
        .revocation(&STALE)
        .valid_until("2026-06-01T01:00:00Z"),
        case(
            "no-next-update-grace-over",
            "A CRL without nextUpdate of an hour ago, and a grace period of half an hour: refused.",
        )
        .policy("revocation.stale.accept-for", "30m")
        .refuse(STALE_CRL, "client"),
        case(
            "no-next-update-revoked",
            "A CRL without nextUpdate has the client: refused for that.",
        )
        .crls(&[old(revoking())])
        .refuse(REVOKED, "client"),
    ]
}

/// A stale CRL and a fresh one, each of its own scope.
fn another_is_fresh() -> Vec<Case> {
    let fresh = || plain_crl().point(&crate::IssuingDistributionPoint::new().only_user_certs());
    let case = |name: &str, description: &str| case(name, description, MUCH_LATER);
    vec![
        case("stale-and-fresh", "One CRL is stale, and a fresh one covers the client as well: good.")
            .crls(&[window(plain_crl()), fresh()])
            .valid_until(NOT_AFTER),
        case("stale-revoking-and-fresh", "A stale CRL of another scope has the client, and the fresh one does not: refused.")
            .crls(&[window(revoking()), fresh()])
            .refuse(REVOKED, "client"),
        case("stale-accept-and-fresh", "One CRL is stale, which the policy accepts, and a fresh one covers the client as well: good.")
            .policy("revocation.stale", "accept")
            .crls(&[window(plain_crl()), fresh()])
            .valid_until(NOT_AFTER),
    ]
}

fn encodings() -> Vec<Case> {
    let generalized = Time::generalized_at;
    vec![
        client(
            "next-update-2051",
            RULE,
            "nextUpdate after 2049 is GeneralizedTime.",
        )
        .crls(&[plain_crl().next_update("2051-01-01T00:00:00Z")]),
        client(
            "next-update-9999",
            RULE,
            "nextUpdate may be the end of time.",
        )
        .crls(&[plain_crl().next_update("9999-12-31T23:59:59Z")]),
        client(
            "generalized-time",
            RULE,
            "GeneralizedTime before 2050, which Compatible reads.",
        )
        .crls(&[plain_crl()
            .this_update_time(generalized(THIS_UPDATE))
            .next_update_time(generalized(NEXT_UPDATE))])
        .valid_until(NEXT_UPDATE),
        client(
            "generalized-time-stale",
            RULE,
            "The same when it is stale: refused.",
        )
        .crls(&[plain_crl()
            .this_update_time(generalized(THIS_UPDATE))
            .next_update_time(generalized(NEXT_UPDATE))])
        .time(ONE_SECOND_LATE)
        .refuse(STALE_CRL, "client"),
        client(
            "before-generalized-time",
            RULE,
            "The CRL is of after 2049, and the policy allows unknown status.",
        )
        .policy("revocation.unknown", "allow")
        .crls(&[plain_crl()
            .this_update("2050-01-01T00:00:00Z")
            .next_update("2051-01-01T00:00:00Z")])
        .revocation(&UNKNOWN),
        client(
            "before-generalized-time-revoked",
            RULE,
            "The CRL is of after 2049 and names the client: refused, although the policy allows unknown status.",
        )
        .policy("revocation.unknown", "allow")
        .crls(&[revoking()
            .this_update("2050-01-01T00:00:00Z")
            .next_update("2051-01-01T00:00:00Z")])
        .refuse(REVOKED, "client"),
    ]
}
