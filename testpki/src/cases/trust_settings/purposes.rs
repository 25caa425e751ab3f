//! Trust settings, judged for the purposes that a policy asks for.

use super::{DENIED, RULE, case, rejecting};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Extension, Pem, der, oid};

const SMART_CARD_LOGON: &str = "1.3.6.1.4.1.311.20.2.2";
const EITHER: [&str; 2] = ["client-auth", SMART_CARD_LOGON];

/// A block that trusts its certificate for these purposes alone.
fn trusting(certificate: &Cert, purposes: &[&str]) -> String {
    let purposes: Vec<_> = purposes.iter().map(|purpose| der::oid(purpose)).collect();
    let settings = der::sequence(&[der::sequence(&purposes)]);
    let contents = [certificate.der(), settings].concat();
    Pem::new("TRUSTED CERTIFICATE", &contents).to_string()
}

fn for_purposes(cert: Cert, purposes: &[&str]) -> Cert {
    cert.extension(Extension::extended_key_usage(purposes))
}

pub(super) fn cases() -> Vec<Case> {
    [of_one_policy(), of_several(), of_other_roles()].concat()
}

/// For smart-card logon; the client and its CA say nothing of what they are for, or this.
fn for_cards(case: Case) -> Case {
    case.policy("purpose.if-present", SMART_CARD_LOGON)
        .chain(&[for_purposes(alice(), &[SMART_CARD_LOGON]), issuing()])
}

fn of_one_policy() -> Vec<Case> {
    let rejects_clients = || rejecting(&root().der(), oid::CLIENT_AUTH);
    let refused = |case: Case| case.refuse("denied", "anchor").message(DENIED);
    vec![
        for_cards(case(
            "card-reject-client",
            "A policy for smart-card logon, and a root that is rejected for clients.",
            rejects_clients(),
        )),
        for_cards(case(
            "card-trust-card",
            "A policy for smart-card logon, and a root that is trusted for that.",
            trusting(&root(), &[SMART_CARD_LOGON]),
        )),
        refused(case(
            "client-trust-card",
            "A root that is trusted for smart-card logon alone.",
            trusting(&root(), &[SMART_CARD_LOGON]),
        )),
        refused(for_cards(case(
            "card-trust-client",
            "A policy for smart-card logon, and a root that is trusted for clients alone.",
            trusting(&root(), &[oid::CLIENT_AUTH]),
        ))),
        refused(for_cards(case(
            "card-reject-card",
            "A policy for smart-card logon, and a root that is rejected for that.",
            rejecting(&root().der(), SMART_CARD_LOGON),
        ))),
        for_cards(case(
            "card-trust-any",
            "A policy for smart-card logon, and a root that is trusted for every purpose.",
            trusting(&root(), &[oid::ANY_EXTENDED_KEY_USAGE]),
        )),
        refused(
            case(
                "unchecked-reject-client",
                "A policy without a purpose, and a root that is rejected for clients.",
                rejects_clients(),
            )
            .policy("purpose", "unchecked"),
        ),
        case(
            "unchecked-reject-card",
            "A policy without a purpose, and a root that is rejected for smart-card logon.",
            rejecting(&root().der(), SMART_CARD_LOGON),
        )
        .policy("purpose", "unchecked"),
    ]
}

fn of_several() -> Vec<Case> {
    let case = |name: &str, description: &str, bundle: String| {
        case(name, description, bundle).policy_list("purpose.if-present", &EITHER)
    };
    let refused_at = |case: Case, at: &str| case.refuse("denied", at).message(DENIED);
    let for_both = || for_purposes(alice(), &[oid::CLIENT_AUTH, SMART_CARD_LOGON]);
    let (rejects_clients, rejects_cards) = (
        rejecting(&root().der(), oid::CLIENT_AUTH),
        rejecting(&root().der(), SMART_CARD_LOGON),
    );
    vec![
        case(
            "several-one-left",
            "Either of two purposes, and a root that is rejected for one.",
            rejects_clients.clone(),
        )
        .chain(&[for_both(), issuing()]),
        refused_at(
            case(
                "several-twice-each-one",
                "The root is there twice, rejected for each of two purposes.",
                format!("{rejects_clients}{rejects_cards}"),
            ),
            "anchor",
        ),
        refused_at(
            case(
                "several-trust-disjoint",
                "The root is there twice, trusted for each of two purposes alone.",
                trusting(&root(), &[oid::CLIENT_AUTH]) + &trusting(&root(), &[SMART_CARD_LOGON]),
            ),
            "anchor",
        ),
        refused_at(
            case(
                "several-other-than-client",
                "The client is for the one purpose, the root is trusted for the other.",
                rejects_clients.clone(),
            )
            .chain(&[for_purposes(alice(), &[oid::CLIENT_AUTH]), issuing()]),
            "anchor",
        ),
        case(
            "several-as-client",
            "The client is for the purpose that the root is trusted for.",
            rejects_clients.clone(),
        )
        .chain(&[for_purposes(alice(), &[SMART_CARD_LOGON]), issuing()]),
        refused_at(
            case(
                "several-lost-between",
                "The root is rejected for the one purpose, the issuing CA for the other.",
                rejects_clients,
            )
            .file(
                "intermediates.pem",
                rejecting(&issuing().der(), SMART_CARD_LOGON),
            )
            .chain(&[for_both(), issuing()]),
            "intermediate",
        ),
    ]
}

fn of_other_roles() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(&format!("trust-settings-{name}"), RULE, description)
    };
    let either = |case: Case| case.policy_list("purpose.if-present", &EITHER);
    let for_clients = || for_purposes(alice(), &[oid::CLIENT_AUTH]);
    let pinned = |case: Case| case.chain(&[for_clients()]);
    vec![
        for_cards(case(
            "card-reject-intermediate",
            "A policy for smart-card logon, and an intermediate that is rejected for clients.",
        ))
        .file(
            "intermediates.pem",
            rejecting(&issuing().der(), oid::CLIENT_AUTH),
        ),
        case(
            "reject-other-encoding",
            "The issuing CA is rejected for clients, and presented with its other signature.",
        )
        .file(
            "intermediates.pem",
            rejecting(&issuing().der(), oid::CLIENT_AUTH),
        )
        .chain(&[alice(), issuing().other_encoding()])
        .refuse("denied", "presented 1")
        .message(DENIED),
        pinned(either(case(
            "several-pin",
            "A pinned client for the purpose that its settings allow.",
        )))
        .file(
            "pins.pem",
            rejecting(&for_clients().der(), SMART_CARD_LOGON),
        )
        .path(&["CN=alice"]),
        pinned(either(case(
            "several-pin-other",
            "A pinned client for the purpose that its settings reject.",
        )))
        .file(
            "pins.pem",
            rejecting(&for_clients().der(), oid::CLIENT_AUTH),
        )
        .refuse("denied", "client")
        .message(DENIED),
    ]
}
