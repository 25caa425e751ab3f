//! policyConstraints: certificates that ask for policies.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::cases::policies::{GOLD, NO_VALID_POLICY, SILVER, rollover, says, sub, three};
use crate::{Cert, Extension};

pub(super) fn cases() -> Vec<Case> {
    [asked_by_certificates(), counted()].concat()
}

/// requireExplicitPolicy.
fn asked_by_certificates() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("policy-explicit-{name}"),
            "RFC 5280 §4.2.1.11, §6.1.4 (i), §6.1.5 (a)-(b)",
            description,
        )
    };
    let requires =
        |cert: Cert, skip| cert.extension(Extension::policy_constraints(Some(skip), None));
    let refuse = |case: Case| case.refuse(NO_VALID_POLICY, "client");
    vec![
        case(
            "met",
            "The CA requires policies from here on, and client and CA have one.",
        )
        .chain(&[
            says(alice(), &[GOLD]),
            requires(says(issuing(), &[GOLD]), 0),
        ]),
        refuse(
            case(
                "client-none",
                "The CA requires policies from here on, and the client has none.",
            )
            .chain(&[alice(), requires(says(issuing(), &[GOLD]), 0)]),
        ),
        refuse(
            case(
                "client-other",
                "The CA requires policies from here on, and the client has another one.",
            )
            .chain(&[
                says(alice(), &[SILVER]),
                requires(says(issuing(), &[GOLD]), 0),
            ]),
        ),
        refuse(
            case(
                "not-critical",
                "policyConstraints that are not critical bind all the same.",
            )
            .chain(&[
                alice(),
                says(issuing(), &[GOLD])
                    .extension(Extension::policy_constraints(Some(0), None).not_critical()),
            ]),
        ),
        refuse(
            case(
                "issuer-none",
                "The CA requires policies and has none itself: no path below it is valid for one.",
            )
            .chain(&[says(alice(), &[GOLD]), requires(issuing(), 0)]),
        ),
        three(
            case(
                "sub-none",
                "The upper CA requires policies from here on, and the lower one has none.",
            ),
            |client| says(client, &[GOLD]),
            sub(),
            requires(says(issuing(), &[GOLD]), 0),
        )
        .refuse(NO_VALID_POLICY, "presented 1"),
        refuse(
            case(
                "store-intermediate",
                "An intermediate of the store requires policies.",
            )
            .chain(&[alice()])
            .intermediates(&[requires(says(issuing(), &[GOLD]), 0)]),
        ),
        refuse(
            case(
                "client-own",
                "The client's certificate requires a policy of its own path, and has none.",
            )
            .chain(&[requires(alice(), 0), issuing()]),
        ),
        case(
            "client-own-met",
            "The client's certificate requires a policy of its own path, and there is one.",
        )
        .chain(&[
            requires(says(alice(), &[GOLD]), 0),
            says(issuing(), &[GOLD]),
        ]),
        case(
            "client-own-later",
            "The client's certificate requires policies only further down, where nothing is.",
        )
        .chain(&[requires(alice(), 1), issuing()]),
        case(
            "alternative",
            "One certificate of the CA requires policies; its other one does not.",
        )
        .chain(&[alice(), requires(issuing(), 0), issuing()]),
    ]
}

/// How many certificates requireExplicitPolicy skips.
fn counted() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("policy-skip-{name}"),
            "RFC 5280 §6.1.4 (h)-(i), §6.1.5 (a)",
            description,
        )
    };
    let requires = |skip| issuing().extension(Extension::policy_constraints(Some(skip), None));
    let direct = |case: Case, skip| case.chain(&[alice(), requires(skip)]);
    let through =
        |case: Case, lower: Cert, skip| three(case, |client| client, lower, requires(skip));
    let refuse = |case: Case| case.refuse(NO_VALID_POLICY, "client");
    vec![
        refuse(direct(
            case(
                "1-direct",
                "After one certificate, the client's, a policy is required at the end.",
            ),
            1,
        )),
        direct(
            case(
                "2-direct",
                "After two certificates; only the client's follows.",
            ),
            2,
        ),
        direct(
            case(
                "255-direct",
                "After 255 certificates; only the client's follows.",
            ),
            255,
        ),
        refuse(through(
            case(
                "1-through",
                "After one certificate, and the client's is the second.",
            ),
            sub(),
            1,
        )),
        refuse(through(
            case(
                "2-through",
                "After two certificates, of which the client's is the second.",
            ),
            sub(),
            2,
        )),
        through(
            case("3-through", "After three certificates; two follow."),
            sub(),
            3,
        ),
        refuse(through(
            case(
                "1-self-issued",
                "A self-issued CA does not count: the client's is the first after it.",
            ),
            rollover(),
            1,
        )),
        through(
            case(
                "2-self-issued",
                "A self-issued CA does not count: only the client's is left to count.",
            ),
            rollover(),
            2,
        ),
        refuse(through(
            case(
                "lowered",
                "The lower CA requires policies sooner than the upper one.",
            ),
            sub().extension(Extension::policy_constraints(Some(0), None)),
            255,
        )),
        refuse(through(
            case(
                "not-raised",
                "The lower CA does not put off what the upper one requires.",
            ),
            sub().extension(Extension::policy_constraints(Some(255), None)),
            1,
        )),
    ]
}
