//! Validity windows and the expiry policy, for each role and to the second.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Key};

pub(super) fn cases() -> Vec<Case> {
    let each_role = ROLES.iter().flat_map(windows);
    each_role
        .chain(one_role_only())
        .chain(several_roles())
        .chain(store_intermediate())
        .chain(renewed_issuer())
        .collect()
}

/// One certificate of the path, whose window is the narrow one.
struct Role {
    name: &'static str,
    policy: &'static str,
    certificate: &'static str,
    /// The end of the verdict when this role's notAfter does not bound it.
    next_bound: &'static str,
}

const CLIENT: Role = Role {
    name: "client",
    policy: "expiry.client",
    certificate: "client",
    next_bound: "2040-01-01T00:00:00Z",
};
const ISSUER: Role = Role {
    name: "issuer",
    policy: "expiry.issuers",
    certificate: "presented 1",
    next_bound: "2027-01-01T00:00:00Z",
};
const ANCHOR: Role = Role {
    name: "anchor",
    policy: "expiry.anchors",
    certificate: "anchor",
    next_bound: "2027-01-01T00:00:00Z",
};
const ROLES: [Role; 3] = [CLIENT, ISSUER, ANCHOR];

const NOT_BEFORE: &str = "2026-05-01T00:00:00Z";
const NOT_AFTER: &str = "2026-07-01T12:00:00Z";
const MUCH_LATER: &str = "2026-12-31T00:00:00Z";

const EXPIRED: &str = "expired";
const NOT_YET_VALID: &str = "not-yet-valid";

impl Role {
    /// The standard chain, with the window of this role from [`NOT_BEFORE`] to [`NOT_AFTER`].
    fn case(&self, name: &str, description: &str, time: &str) -> Case {
        self.named(
            &format!("time-{}-{name}", self.name),
            &description.replace("{role}", self.name),
            time,
        )
    }

    fn named(&self, name: &str, description: &str, time: &str) -> Case {
        let window = |cert: Cert| cert.not_before(NOT_BEFORE).not_after(NOT_AFTER);
        let (root, issuing, alice) = match self.certificate {
            "anchor" => (window(root()), issuing(), alice()),
            "client" => (root(), issuing(), window(alice())),
            _ => (root(), window(issuing()), alice()),
        };
        Case::new(name, "RFC 5280 §6.1.3 (a)(2), §4.1.2.5", description)
            .time(time)
            .anchors(&[root])
            .chain(&[alice, issuing])
            .valid_until(NOT_AFTER)
    }

    /// As [`Role::case`], at a time after notAfter: a client that is accepted then is accepted as
    /// expired.
    fn late_case(&self, name: &str, description: &str, time: &str) -> Case {
        let case = self.case(name, description, time);
        if self.name == "client" {
            case.expired_since(NOT_AFTER)
        } else {
            case
        }
    }

    fn refused(&self, case: Case, reason: &str) -> Case {
        case.refuse(reason, self.certificate)
    }
}

fn windows(role: &Role) -> Vec<Case> {
    let accept_for = |case: Case| case.policy(&format!("{}.accept-for", role.policy), "1h");
    vec![
        role.refused(
            role.case("before", "One second before the {role}'s notBefore: refused.", "2026-04-30T23:59:59Z"),
            NOT_YET_VALID,
        ),
        role.case("at-not-before", "At the {role}'s notBefore: accepted, the first second counts.", NOT_BEFORE),
        role.case("at-not-after", "At the {role}'s notAfter: accepted, the last second counts.", NOT_AFTER),
        role.refused(
            role.case("after", "One second after the {role}'s notAfter: refused.", "2026-07-01T12:00:01Z"),
            EXPIRED,
        ),
        role.late_case("accept", "Long after the {role}'s notAfter, which the policy accepts.", MUCH_LATER)
            .policy(role.policy, "accept")
            .valid_until(role.next_bound),
        role.refused(
            role.case(
                "accept-before",
                "A policy that accepts an expired {role} does not accept one that is not yet valid.",
                "2026-04-30T23:59:59Z",
            )
            .policy(role.policy, "accept"),
            NOT_YET_VALID,
        ),
        accept_for(role.late_case(
            "grace-last-second",
            "An hour after the {role}'s notAfter, in the last second of a grace period of an hour: accepted.",
            "2026-07-01T13:00:00Z",
        ))
        .valid_until("2026-07-01T13:00:00Z"),
        role.refused(
            accept_for(role.case(
                "grace-over",
                "One second after the {role}'s grace period of an hour: refused.",
                "2026-07-01T13:00:01Z",
            )),
            EXPIRED,
        ),
        accept_for(role.case(
            "grace-unused",
            "At the {role}'s notAfter, with a grace period to come: current, and the verdict ends with the grace.",
            NOT_AFTER,
        ))
        .valid_until("2026-07-01T13:00:00Z"),
        role.case(
            "skew-before",
            "A minute before the {role}'s notBefore, with a minute of clock skew: accepted.",
            "2026-04-30T23:59:00Z",
        )
        .policy("expiry.clock-skew", "1m")
        .valid_until("2026-07-01T12:01:00Z"),
        role.refused(
            role.case(
                "skew-before-over",
                "61 seconds before the {role}'s notBefore, with a minute of clock skew: refused.",
                "2026-04-30T23:58:59Z",
            )
            .policy("expiry.clock-skew", "1m"),
            NOT_YET_VALID,
        ),
        role.late_case(
            "skew-after",
            "A minute after the {role}'s notAfter, with a minute of clock skew: accepted.",
            "2026-07-01T12:01:00Z",
        )
        .policy("expiry.clock-skew", "1m")
        .valid_until("2026-07-01T12:01:00Z"),
        role.refused(
            role.case(
                "skew-after-over",
                "61 seconds after the {role}'s notAfter, with a minute of clock skew: refused.",
                "2026-07-01T12:01:01Z",
            )
            .policy("expiry.clock-skew", "1m"),
            EXPIRED,
        ),
        accept_for(role.late_case(
            "skew-and-grace",
            "Clock skew and grace period add up: the last second of both together.",
            "2026-07-01T13:01:00Z",
        ))
        .policy("expiry.clock-skew", "1m")
        .valid_until("2026-07-01T13:01:00Z"),
        role.refused(
            accept_for(role.case(
                "skew-and-grace-over",
                "Clock skew and grace period add up: one second after both together.",
                "2026-07-01T13:01:01Z",
            ))
            .policy("expiry.clock-skew", "1m"),
            EXPIRED,
        ),
        role.refused(
            role.case(
                "accept-skew-before-over",
                "Accepting an expired {role} does not widen the clock skew before its notBefore.",
                "2026-04-30T23:58:59Z",
            )
            .policy(role.policy, "accept")
            .policy("expiry.clock-skew", "1m"),
            NOT_YET_VALID,
        ),
    ]
}

/// A policy that accepts one role expired says nothing about the others.
fn one_role_only() -> Vec<Case> {
    let pairs = [
        (&CLIENT, &ISSUER),
        (&CLIENT, &ANCHOR),
        (&ISSUER, &CLIENT),
        (&ISSUER, &ANCHOR),
        (&ANCHOR, &CLIENT),
        (&ANCHOR, &ISSUER),
    ];
    pairs
        .iter()
        .map(|(accepted, expired)| {
            let case = expired.named(
                &format!("time-accept-{}-but-{}-expired", accepted.name, expired.name),
                &format!(
                    "The policy accepts an expired {}; the expired {} is refused all the same.",
                    accepted.name, expired.name
                ),
                "2026-07-01T12:00:01Z",
            );
            expired.refused(case.policy(accepted.policy, "accept"), EXPIRED)
        })
        .collect()
}

fn several_roles() -> Vec<Case> {
    let everything = |name: &str, description: &str| {
        let rule = "RFC 5280 §6.1.3 (a)(2)";
        Case::new(name, rule, description)
            .time("2099-06-01T00:00:00Z")
            .expired_since("2027-01-01T00:00:00Z")
    };
    vec![
        everything(
            "time-accept-everything",
            "Client, issuer and anchor expired long ago and the policy accepts all: no end to the verdict.",
        )
        .policy("expiry.client", "accept")
        .policy("expiry.issuers", "accept")
        .policy("expiry.anchors", "accept")
        .valid_until("never"),
        everything(
            "time-grace-everything",
            "Client, issuer and anchor each within their own grace period: the shortest remainder ends the verdict.",
        )
        .time("2040-01-01T01:00:00Z")
        .policy("expiry.client", "accept")
        .policy("expiry.issuers.accept-for", "2h")
        .policy("expiry.anchors.accept-for", "1h")
        .valid_until("2040-01-01T01:00:00Z"),
        everything(
            "time-grace-without-end",
            "A grace period of as many seconds as there are is no overflow; the strict anchor ends the verdict.",
        )
        .time("2039-01-01T00:00:00Z")
        .policy("expiry.client.accept-for", "18446744073709551615s")
        .policy("expiry.issuers.accept-for", "18446744073709551615s")
        .valid_until("2040-01-01T00:00:00Z"),
    ]
}

/// An intermediate of the store is an issuer like a presented one.
fn store_intermediate() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        let issuing = issuing().not_before(NOT_BEFORE).not_after(NOT_AFTER);
        Case::new(name, "RFC 5280 §6.1.3 (a)(2)", description)
            .chain(&[alice()])
            .intermediates(&[issuing])
    };
    vec![
        case(
            "time-store-intermediate-after",
            "An intermediate of the store that expired is refused.",
        )
        .time("2026-07-01T12:00:01Z")
        .refuse(EXPIRED, "intermediate"),
        case(
            "time-store-intermediate-before",
            "An intermediate of the store that is not yet valid is refused.",
        )
        .time("2026-04-30T23:59:59Z")
        .refuse(NOT_YET_VALID, "intermediate"),
        case(
            "time-store-intermediate-accept",
            "An intermediate of the store that expired falls under the issuers' policy.",
        )
        .time(MUCH_LATER)
        .policy("expiry.issuers", "accept"),
    ]
}

/// The issuer was renewed after the client expired: there is no time at which both are valid.
fn renewed_issuer() -> Vec<Case> {
    let renewed = Cert::ca("Issuing CA", &Key::p256("issuing"))
        .issued_by(&root())
        .not_before("2026-01-01T00:00:00Z");
    let client = alice_of(&renewed)
        .not_before("2024-01-01T00:00:00Z")
        .not_after("2025-06-01T00:00:00Z");
    let case = |name: &str, description: &str| {
        Case::new(name, "RFC 5280 §6.1.3 (a)(2)", description)
            .chain(&[client.clone(), renewed.clone()])
    };
    vec![
        case(
            "time-expired-before-issuer-began-accept",
            "A client that expired before its renewed issuer began is decided by the policy alone: accepted.",
        )
        .policy("expiry.client", "accept")
        .expired_since("2025-06-01T00:00:00Z")
        .valid_until("2040-01-01T00:00:00Z"),
        case(
            "time-expired-before-issuer-began-grace",
            "The same within a grace period of 365 days, in its last second: accepted.",
        )
        .policy("expiry.client.accept-for", "365d")
        .expired_since("2025-06-01T00:00:00Z")
        .valid_until("2026-06-01T00:00:00Z"),
        case(
            "time-expired-before-issuer-began-reject",
            "A client that expired before its renewed issuer began is decided by the policy alone: refused.",
        )
        .refuse(EXPIRED, "client"),
    ]
}
