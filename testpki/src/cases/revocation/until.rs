//! Until when a verdict holds that rests on CRLs.

use super::{ALL_GOOD, STALE, UNKNOWN, by, client, new_key, plain_crl, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Crl, IssuingDistributionPoint, Reason};

const RULE: &str = "RFC 5280 §5.1.2.5, §6.3.3 (a)";

const JULY: &str = "2026-07-01T00:00:00Z";
const AUGUST: &str = "2026-08-01T00:00:00Z";
const SEPTEMBER: &str = "2026-09-01T00:00:00Z";

pub(super) fn cases() -> Vec<Case> {
    [one_crl_each(), redundant(), together(), with_policy()].concat()
}

fn of_root() -> Crl {
    Crl::of(&root())
}

/// The CRL for some reasons only.
fn for_reasons(reasons: &[Reason], next_update: &str) -> Crl {
    let point = IssuingDistributionPoint::new().only_some_reasons(reasons);
    plain_crl().point(&point).next_update(next_update)
}

fn one_crl_each() -> Vec<Case> {
    vec![
        client(
            "until-client",
            RULE,
            "The verdict ends with the nextUpdate of the client's CRL.",
        )
        .crls(&[plain_crl().next_update(JULY)])
        .valid_until(JULY),
        client(
            "until-not-after",
            RULE,
            "The client ends before the nextUpdate of its CRL.",
        )
        .chain(&[alice().not_after(JULY), issuing()])
        .crls(&[plain_crl().next_update(AUGUST)])
        .valid_until(JULY),
        client(
            "until-client-only",
            RULE,
            "Only the client is checked: the CRL about its issuer sets no end.",
        )
        .crls(&[plain_crl().next_update(AUGUST), of_root().next_update(JULY)])
        .valid_until(AUGUST),
        whole_path(
            "until-intermediate",
            RULE,
            "The verdict ends with the nextUpdate of the CRL about the intermediate.",
        )
        .crls(&[plain_crl().next_update(AUGUST), of_root().next_update(JULY)])
        .valid_until(JULY),
        whole_path(
            "until-path-client",
            RULE,
            "The whole path is checked, and the client's CRL ends first.",
        )
        .crls(&[plain_crl().next_update(JULY), of_root().next_update(AUGUST)])
        .valid_until(JULY),
        Case::new(
            "revocation-until-off",
            RULE,
            "Revocation is off: a CRL sets no end.",
        )
        .policy("revocation.scope", "off")
        .crls(&[plain_crl().next_update(JULY)])
        .revocation(&["not-checked"; 3]),
        client(
            "until-another-ca",
            RULE,
            "The CRL of a CA that issued nothing here sets no end.",
        )
        .crls(&[
            plain_crl(),
            Crl::of(&crate::cases::fixture::stranger()).next_update(JULY),
        ]),
    ]
}

/// Each of the CRLs would do.
fn redundant() -> Vec<Case> {
    let users = || plain_crl().point(&IssuingDistributionPoint::new().only_user_certs());
    let case = |name: &str, description: &str| client(name, RULE, description);
    vec![
        case("until-redundant", "Two CRLs of different scope each cover the client: the later nextUpdate ends the verdict.")
            .crls(&[plain_crl().next_update(JULY), users().next_update(AUGUST)])
            .valid_until(AUGUST),
        case("until-redundant-swapped", "The same, and the first one ends later.")
            .crls(&[plain_crl().next_update(AUGUST), users().next_update(JULY)])
            .valid_until(AUGUST),
        case("until-superseded", "A newer CRL of the same scope takes the place of the older one, although it ends earlier.")
            .crls(&[
                plain_crl().next_update(AUGUST),
                plain_crl().number(2).this_update("2026-02-01T00:00:00Z").next_update(JULY),
            ])
            .valid_until(JULY),
    ]
}

/// No CRL would do alone.
fn together() -> Vec<Case> {
    let case = |name: &str, description: &str| client(name, RULE, description);
    let (compromise, rest) = Reason::FLAGS.split_at(2);
    vec![
        case("until-together", "Two CRLs cover all reasons together: the earlier nextUpdate ends the verdict.")
            .crls(&[for_reasons(compromise, AUGUST), for_reasons(rest, JULY)])
            .valid_until(JULY),
        case("until-together-or-alone", "Two CRLs cover all reasons together, and a third one alone, which ends last.")
            .crls(&[
                for_reasons(compromise, JULY),
                for_reasons(rest, AUGUST),
                plain_crl().next_update(SEPTEMBER),
            ])
            .valid_until(SEPTEMBER),
        case("until-alone-or-together", "Two CRLs cover all reasons together, and a third one alone, which ends first.")
            .crls(&[
                for_reasons(compromise, AUGUST),
                for_reasons(rest, SEPTEMBER),
                plain_crl().next_update(JULY),
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
        client(name, RULE, description).crls(&[plain_crl().next_update(JULY)])
    };
    vec![
        ends_in_july("until-skew", "Clock skew puts the end off, that of the CRL as that of the client.")
            .policy("expiry.clock-skew", "1m")
            .valid_until("2026-07-01T00:01:00Z"),
        ends_in_july("until-grace", "Grace for stale CRLs puts the end off.")
            .policy("revocation.stale.accept-for", "1h")
            .valid_until("2026-07-01T01:00:00Z"),
        ends_in_july("until-skew-and-grace", "Clock skew and grace add up.")
            .policy("expiry.clock-skew", "1m")
            .policy("revocation.stale.accept-for", "1h")
            .valid_until("2026-07-01T01:01:00Z"),
        ends_in_july("until-stale-accepted", "A policy that accepts stale CRLs has no end for them.")
            .policy("revocation.stale", "accept"),
        ends_in_july("until-stale-already", "The CRL is stale, which the policy accepts without end.")
            .time("2026-07-15T00:00:00Z")
            .policy("revocation.stale", "accept")
            .revocation(&STALE),
        ends_in_july("until-unknown-allowed", "When the CRL is stale the client is refused, although nothing need be known: so the CRL sets the end.")
            .policy("revocation.unknown", "allow")
            .valid_until(JULY),
        whole_path("until-intermediate-unknown", RULE, "Nothing is known of the intermediate, which is allowed: the client's CRL alone sets the end.")
            .policy("revocation.unknown", "allow")
            .crls(&[plain_crl().next_update(JULY)])
            .revocation(&["good", "unknown", "not-checked"])
            .valid_until(JULY),
        client("until-nothing-known", RULE, "Nothing is known, which is allowed: no CRL sets an end.")
            .policy("revocation.unknown", "allow")
            .crls(&[of_root().next_update(JULY)])
            .revocation(&UNKNOWN),
        whole_path("until-never", RULE, "Everything expired may be accepted, and stale CRLs as well: no end.")
            .policy("expiry.client", "accept")
            .policy("expiry.issuers", "accept")
            .policy("expiry.anchors", "accept")
            .policy("revocation.stale", "accept")
            .revocation(&ALL_GOOD)
            .valid_until("never"),
        whole_path("until-never-delegate", RULE, "The same, where the CA's new key made the client's CRL: no end.")
            .policy("expiry.client", "accept")
            .policy("expiry.issuers", "accept")
            .policy("expiry.anchors", "accept")
            .policy("revocation.stale", "accept")
            .intermediates(&[new_key(&root())])
            .crls(&[by(&new_key(&root()), plain_crl()), of_root()])
            .revocation(&ALL_GOOD)
            .valid_until("never"),
    ]
}
