//! Any of several key purposes, one of which must hold for the whole path.

use super::PURPOSE;
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Extension, oid};

const SMART_CARD_LOGON: &str = "1.3.6.1.4.1.311.20.2.2";
const EITHER: [&str; 2] = ["client-auth", SMART_CARD_LOGON];

/// Any of several purposes, one of which must hold for the whole path.
pub(super) fn cases() -> Vec<Case> {
    let case = |name: &str,
                description: &str,
                of_anchor: &[&str],
                of_issuer: &[&str],
                of_client: &[&str]| {
        let for_purposes = |cert: Cert, purposes: &[&str]| match purposes {
            [] => cert.without_extension(oid::EXTENDED_KEY_USAGE),
            purposes => cert.extension(Extension::extended_key_usage(purposes)),
        };
        Case::new(
            &format!("purpose-several-{name}"),
            "RFC 5280 §4.2.1.12",
            description,
        )
        .policy_list("purpose.if-present", &EITHER)
        .anchors(&[for_purposes(root(), of_anchor)])
        .chain(&[
            for_purposes(alice(), of_client),
            for_purposes(issuing(), of_issuer),
        ])
    };
    let (client, card, any) = (
        oid::CLIENT_AUTH,
        SMART_CARD_LOGON,
        oid::ANY_EXTENDED_KEY_USAGE,
    );
    let one_is_lost = "without the purpose 1.3.6.1.4.1.311.20.2.2, which the CAs above it leave of clientAuth or 1.3.6.1.4.1.311.20.2.2";
    vec![
        case(
            "first",
            "The client is for the first purpose.",
            &[],
            &[],
            &[client],
        ),
        case(
            "second",
            "The client is for the second purpose.",
            &[],
            &[],
            &[card],
        ),
        case("both", "The client is for both.", &[], &[], &[client, card]),
        case(
            "absent",
            "No certificate says what it is for.",
            &[],
            &[],
            &[],
        ),
        case(
            "any",
            "The client is for every purpose.",
            &[],
            &[card],
            &[any],
        ),
        case(
            "any-issuer",
            "The CA is for every purpose, and the others for one.",
            &[card],
            &[any],
            &[card],
        ),
        case(
            "none",
            "The client is for neither.",
            &[],
            &[],
            &[oid::SERVER_AUTH],
        )
        .refuse(PURPOSE, "client")
        .message("without the purpose clientAuth or 1.3.6.1.4.1.311.20.2.2"),
        case(
            "none-issuer",
            "The CA is for neither.",
            &[],
            &[oid::SERVER_AUTH],
            &[client],
        )
        .refuse(PURPOSE, "presented 1"),
        case(
            "none-anchor",
            "The anchor is for neither.",
            &[oid::SERVER_AUTH],
            &[],
            &[client],
        )
        .refuse(PURPOSE, "anchor"),
        case(
            "same",
            "All are for the second purpose.",
            &[card],
            &[card],
            &[card],
        ),
        case(
            "in-common",
            "Each is for two purposes, and one is the same.",
            &[client, card],
            &[card, oid::SERVER_AUTH],
            &[any],
        ),
        case(
            "lost-at-client",
            "The CA is for the one, the client for the other.",
            &[],
            &[card],
            &[client],
        )
        .refuse(PURPOSE, "client")
        .message(one_is_lost),
        case(
            "lost-at-client-by-anchor",
            "The anchor is for the one, the client for the other, and the CA says nothing.",
            &[card],
            &[],
            &[client],
        )
        .refuse(PURPOSE, "client")
        .message(one_is_lost),
        case(
            "lost-at-issuer",
            "The anchor is for the one, the CA for the other, the client for both.",
            &[card],
            &[client],
            &[client, card],
        )
        .refuse(PURPOSE, "presented 1")
        .message(one_is_lost),
        case(
            "lost-in-steps",
            "Each is for two of three purposes, and none is the same.",
            &[client, card],
            &[card, oid::CODE_SIGNING],
            &[client, oid::CODE_SIGNING],
        )
        .policy_list(
            "purpose.if-present",
            &["client-auth", SMART_CARD_LOGON, oid::CODE_SIGNING],
        )
        .refuse(PURPOSE, "client"),
        case(
            "lost-alternative",
            "The CA has another certificate, for the client's purpose.",
            &[],
            &[card],
            &[client],
        )
        .chain(&[
            alice().extension(Extension::extended_key_usage(&[client])),
            issuing().extension(Extension::extended_key_usage(&[card])),
            issuing().extension(Extension::extended_key_usage(&[client])),
        ]),
        case(
            "required",
            "A purpose is required, and the client is for the second.",
            &[],
            &[client, card],
            &[card],
        )
        .policy_list("purpose.required", &EITHER)
        .without_policy("purpose.if-present"),
        case(
            "required-absent",
            "A purpose is required, and the client says nothing.",
            &[card],
            &[],
            &[],
        )
        .policy_list("purpose.required", &EITHER)
        .without_policy("purpose.if-present")
        .refuse("no-purpose", "client")
        .message("clientAuth or 1.3.6.1.4.1.311.20.2.2"),
        case(
            "of-one",
            "An array of one purpose is that purpose.",
            &[],
            &[],
            &[client],
        )
        .policy_list("purpose.if-present", &["client-auth"]),
    ]
}
