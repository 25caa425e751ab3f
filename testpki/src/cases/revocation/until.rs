//! Until when a verdict holds that rests on lists.

use super::{ALL_GOOD, STALE, UNKNOWN, by, client, list, new_key, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Crl, IssuingDistributionPoint, Reason};

const RULE: &str = "RFC 5280 §5.1.2.5, §6.3.3 (a)";

const JULY: &str = "2026-07-01T00:00:00Z";
const AUGUST: &str = "2026-08-01T00:00:00Z";
const SEPTEMBER: &str = "2026-09-01T00:00:00Z";

pub(super) fn cases() -> Vec<Case> {
    [one_list_each(), redundant(), together(), with_policy()].concat()
}

fn of_root() -> Crl {
    Crl::of(&root())
}

/// The list for some reasons only.
fn for_reasons(reasons: &[Reason], next_update: &str) -> Crl {
    let point = IssuingDistributionPoint::new().only_some_reasons(reasons);
    list().point(&point).next_update(next_update)
}

fn one_list_each() -> Vec<Case> {
    vec![
        client(
            "until-client",
            RULE,
            "The verdict ends with the nextUpdate of the client's list.",
        )
        .crls(&[list().next_update(JULY)])
        .valid_until(JULY),
        client(
            "until-not-after",
            RULE,
            "The client ends before the nextUpdate of its list.",
        )
        .chain(&[alice().not_after(JULY), issuing()])
        .crls(&[list().next_update(AUGUST)])
        .valid_until(JULY),
        client(
            "until-client-only",
            RULE,
            "Only the client is checked: the list about its issuer sets no end.",
        )
        .crls(&[list().next_update(AUGUST), of_root().next_update(JULY)])
        .valid_until(AUGUST),
        whole_path(
            "until-intermediate",
            RULE,
            "The verdict ends with the nextUpdate of the list about the intermediate.",
        )
        .crls(&[list().next_update(AUGUST), of_root().next_update(JULY)])
        .valid_until(JULY),
        whole_path(
            "until-path-client",
            RULE,
            "The whole path is checked, and the client's list ends first.",
        )
        .crls(&[list().next_update(JULY), of_root().next_update(AUGUST)])
        .valid_until(JULY),
        Case::new(
            "revocation-until-off",
            RULE,
            "Revocation is off: a list sets no end.",
        )
        .policy("revocation", "off")
        .crls(&[list().next_update(JULY)])
        .revocation(&["not-checked"; 3]),
        client(
            "until-another-ca",
            RULE,
            "The list of a CA that issued nothing here sets no end.",
        )
        .crls(&[
            list(),
            Crl::of(&crate::cases::fixture::stranger()).next_update(JULY),
        ]),
    ]
}

/// Each of the lists would do.
fn redundant() -> Vec<Case> {
    let users = || list().point(&IssuingDistributionPoint::new().only_user_certs());
    let case = |name: &str, description: &str| client(name, RULE, description);
    vec![
        case("until-redundant", "Two lists of different scope each cover the client: the later nextUpdate ends the verdict.")
            .crls(&[list().next_update(JULY), users().next_update(AUGUST)])
            .valid_until(AUGUST),
        case("until-redundant-swapped", "The same, and the first one ends later.")
            .crls(&[list().next_update(AUGUST), users().next_update(JULY)])
            .valid_until(AUGUST),
        case("until-superseded", "A newer list of the same scope takes the place of the older one, although it ends earlier.")
            .crls(&[
                list().next_update(AUGUST),
                list().number(2).this_update("2026-02-01T00:00:00Z").next_update(JULY),
            ])
            .valid_until(JULY),
    ]
}

/// No list would do alone.
fn together() -> Vec<Case> {
    let case = |name: &str, description: &str| client(name, RULE, description);
    let (compromise, rest) = Reason::FLAGS.split_at(2);
    vec![
        case("until-together", "Two lists cover all reasons together: the earlier nextUpdate ends the verdict.")
            .crls(&[for_reasons(compromise, AUGUST), for_reasons(rest, JULY)])
            .valid_until(JULY),
        case("until-together-or-alone", "Two lists cover all reasons together, and a third one alone, which ends last.")
            .crls(&[
                for_reasons(compromise, JULY),
                for_reasons(rest, AUGUST),
                list().next_update(SEPTEMBER),
            ])
            .valid_until(SEPTEMBER),
        case("until-alone-or-together", "Two lists cover all reasons together, and a third one alone, which ends first.")
            .crls(&[
                for_reasons(compromise, AUGUST),
                for_reasons(rest, SEPTEMBER),
                list().next_update(JULY),
            ])
            .valid_until(AUGUST),
        case("until-each-part-by-its-latest", "Some reasons are covered twice, the others once: the reason that ends first ends the verdict.")
            .crls(&[
                for_reasons(compromise, JULY),
                for_reasons(&Reason::FLAGS[..3], SEPTEMBER),
                for_reasons(rest, AUGUST),
            ])
            .valid_until(AUGUST),
    ]
}

fn with_policy() -> Vec<Case> {
    let ends_in_july = |name: &str, description: &str| {
        client(name, RULE, description).crls(&[list().next_update(JULY)])
    };
    vec![
        ends_in_july("until-skew", "Clock skew puts the end off, that of the list as that of the client.")
            .clock_skew(60)
            .valid_until("2026-07-01T00:01:00Z"),
        ends_in_july("until-grace", "Grace for stale lists puts the end off.")
            .policy("revocation_stale", "accept-for=3600")
            .valid_until("2026-07-01T01:00:00Z"),
        ends_in_july("until-skew-and-grace", "Clock skew and grace add up.")
            .clock_skew(60)
            .policy("revocation_stale", "accept-for=3600")
            .valid_until("2026-07-01T01:01:00Z"),
        ends_in_july("until-stale-accepted", "A policy that accepts stale lists has no end for them.")
            .policy("revocation_stale", "accept"),
        ends_in_july("until-stale-already", "The list is stale, which the policy accepts without end.")
            .time("2026-07-15T00:00:00Z")
            .policy("revocation_stale", "accept")
            .revocation(&STALE),
        ends_in_july("until-unknown-allowed", "When the list is stale the client is refused, although nothing need be known: so the list sets the end.")
            .policy("revocation_unknown", "allow")
            .valid_until(JULY),
        whole_path("until-intermediate-unknown", RULE, "Nothing is known of the intermediate, which is allowed: the client's list alone sets the end.")
            .policy("revocation_unknown", "allow")
            .crls(&[list().next_update(JULY)])
            .revocation(&["good", "unknown", "not-checked"])
            .valid_until(JULY),
        client("until-nothing-known", RULE, "Nothing is known, which is allowed: no list sets an end.")
            .policy("revocation_unknown", "allow")
            .crls(&[of_root().next_update(JULY)])
            .revocation(&UNKNOWN),
        whole_path("until-never", RULE, "Everything expired may be accepted, and stale lists as well: no end.")
            .policy("client_expiry", "accept")
            .policy("issuer_expiry", "accept")
            .policy("anchor_expiry", "accept")
            .policy("revocation_stale", "accept")
            .revocation(&ALL_GOOD)
            .valid_until("never"),
        whole_path("until-never-delegate", RULE, "The same, where the CA's new key made the client's CRL: no end.")
            .policy("client_expiry", "accept")
            .policy("issuer_expiry", "accept")
            .policy("anchor_expiry", "accept")
            .policy("revocation_stale", "accept")
            .intermediates(&[new_key(&root())])
            .crls(&[by(&new_key(&root()), list()), of_root()])
            .revocation(&ALL_GOOD)
            .valid_until("never"),
    ]
}
