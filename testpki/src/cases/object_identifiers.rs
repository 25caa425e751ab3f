//! Policies and purposes of every OBJECT IDENTIFIER there can be.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::{Cert, Extension};

/// Of the example arc (X.660 §A.5), whose second arc is beyond an octet.
const EXAMPLE: &str = "2.999.1";
/// 2^32 and 2^64.
const LARGE: &str = "1.3.6.1.4.1.4294967296.18446744073709551616";
/// Of the largest UUID (X.667 §7).
const UUID: &str = "2.25.340282366920938463463374607431768211455";

pub(super) fn cases() -> Vec<Case> {
    [policies(), purposes()].concat()
}

fn policies() -> Vec<Case> {
    let says =
        |cert: Cert, policies: &[&str]| cert.extension(Extension::certificate_policies(policies));
    let case = |name: &str, description: &str, policies: &[&str]| {
        Case::new(
            &format!("oid-policy-{name}"),
            "RFC 5280 §4.2.1.4, §6.1.6; X.690 §8.19",
            description,
        )
        .chain(&[says(alice(), policies), says(issuing(), policies)])
    };
    let only = |case: Case, policy: &str| {
        case.policy("certificate-policies.explicit-policy", "required")
            .policy_list("certificate-policies.acceptable.only", &[policy])
    };
    vec![
        case(
            "all",
            "All policies of the path are given out, whatever the size of their arcs.",
            &[UUID, EXAMPLE, LARGE],
        )
        .policies(&[LARGE, UUID, EXAMPLE]),
        only(
            case("example", "A policy of the example arc.", &[EXAMPLE]),
            EXAMPLE,
        )
        .policies(&[EXAMPLE]),
        only(
            case("large", "A policy with arcs of 2^32 and more.", &[LARGE]),
            LARGE,
        )
        .policies(&[LARGE]),
        only(case("uuid", "A policy of a UUID.", &[UUID]), UUID).policies(&[UUID]),
        only(
            case(
                "other",
                "A policy whose last arc alone differs is another one.",
                &[UUID],
            ),
            "2.25.340282366920938463463374607431768211454",
        )
        .refuse("policy-not-acceptable", "client")
        .message(UUID),
    ]
}

fn purposes() -> Vec<Case> {
    let case = |name: &str, description: &str, purpose: &str, wanted: &str| {
        Case::new(
            &format!("oid-purpose-{name}"),
            "RFC 5280 §4.2.1.12; X.690 §8.19",
            description,
        )
        .chain(&[
            alice().extension(Extension::extended_key_usage(&[purpose])),
            issuing(),
        ])
        .policy("purpose.if-present", wanted)
    };
    vec![
        case("example", "A purpose of the example arc.", EXAMPLE, EXAMPLE),
        case(
            "large",
            "A purpose with arcs of 2^32 and more.",
            LARGE,
            LARGE,
        ),
        case("uuid", "A purpose of a UUID.", UUID, UUID),
        case(
            "other",
            "A purpose whose last arc alone differs is another one.",
            EXAMPLE,
            "2.999.2",
        )
        .refuse("purpose", "client")
        .message("2.999.2"),
    ]
}
