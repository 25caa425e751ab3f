//! anyPolicy, and what inhibits it.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::cases::policies::{
    ANY, GOLD, NO_VALID_POLICY, SILVER, required, rollover, says, sub, three, two,
};
use crate::{Cert, Extension};

pub(super) fn cases() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("policy-any-{name}"),
            "RFC 5280 §4.2.1.14, §6.1.3 (d)(2), §6.1.4 (j)",
            description,
        )
    };
    let inhibits = |cert: Cert, skip| cert.extension(Extension::inhibit_any_policy(skip));
    let client = |policy: &'static str| move |cert: Cert| says(cert, &[policy]);
    let refuse =
        |case: Case, certificate: &str| required(case).refuse(NO_VALID_POLICY, certificate);
    vec![
        required(two(
            case(
                "issuer",
                "anyPolicy of the CA stands for the client's policy.",
            )
            .policies(&[GOLD]),
            &[GOLD],
            &[ANY],
        )),
        required(two(
            case("both", "anyPolicy all the way: valid for any policy.").policies(&[ANY]),
            &[ANY],
            &[ANY],
        )),
        required(two(
            case(
                "client",
                "anyPolicy of the client stands for the CA's policy.",
            )
            .policies(&[GOLD]),
            &[ANY],
            &[GOLD],
        )),
        required(two(
            case(
                "client-among",
                "anyPolicy beside a policy that the CA does not have.",
            )
            .policies(&[GOLD]),
            &[SILVER, ANY],
            &[GOLD],
        )),
        refuse(
            two(
                case(
                    "inhibited-issuer",
                    "The server inhibits anyPolicy, and the CA has nothing else.",
                ),
                &[GOLD],
                &[ANY],
            )
            .policy("certificate-policies.any-policy", "inhibited"),
            "presented 1",
        ),
        refuse(
            two(
                case(
                    "inhibited-client",
                    "The server inhibits anyPolicy, and the client has nothing else.",
                ),
                &[ANY],
                &[GOLD],
            )
            .policy("certificate-policies.any-policy", "inhibited"),
            "client",
        ),
        required(two(
            case(
                "inhibited-not-used",
                "The server inhibits anyPolicy, and nobody needs it.",
            ),
            &[GOLD, ANY],
            &[GOLD],
        ))
        .policy("certificate-policies.any-policy", "inhibited"),
        two(
            case(
                "inhibited-not-required",
                "The server inhibits anyPolicy, and requires no policy.",
            )
            .policies(&[]),
            &[ANY],
            &[ANY],
        )
        .policy("certificate-policies.any-policy", "inhibited"),
        refuse(
            case(
                "ca-0",
                "The CA inhibits anyPolicy from here on, and the client has nothing else.",
            )
            .chain(&[says(alice(), &[ANY]), inhibits(says(issuing(), &[GOLD]), 0)]),
            "client",
        ),
        refuse(
            case(
                "ca-0-not-critical",
                "inhibitAnyPolicy that is not critical binds all the same.",
            )
            .chain(&[
                says(alice(), &[ANY]),
                says(issuing(), &[GOLD]).extension(Extension::inhibit_any_policy(0).not_critical()),
            ]),
            "client",
        ),
        required(
            case(
                "ca-0-own",
                "The CA's own anyPolicy is not what its inhibitAnyPolicy is about.",
            )
            .chain(&[says(alice(), &[GOLD]), inhibits(says(issuing(), &[ANY]), 0)]),
        ),
        required(
            case(
                "ca-1",
                "The CA inhibits anyPolicy after one certificate, which is the client's.",
            )
            .chain(&[says(alice(), &[ANY]), inhibits(says(issuing(), &[GOLD]), 1)]),
        ),
        refuse(
            three(
                case(
                    "ca-1-through",
                    "The upper CA inhibits anyPolicy after one certificate, and the client's is the second.",
                ),
                client(ANY),
                says(sub(), &[GOLD]),
                inhibits(says(issuing(), &[GOLD]), 1),
            ),
            "client",
        ),
        required(three(
            case(
                "ca-1-sub",
                "The upper CA inhibits anyPolicy after one certificate, and that is the lower CA's.",
            ),
            client(GOLD),
            says(sub(), &[ANY]),
            inhibits(says(issuing(), &[GOLD]), 1),
        )),
        refuse(
            three(
                case(
                    "ca-0-sub",
                    "The upper CA inhibits anyPolicy from here on, and the lower one has nothing else.",
                ),
                client(GOLD),
                says(sub(), &[ANY]),
                inhibits(says(issuing(), &[GOLD]), 0),
            ),
            "presented 1",
        ),
        required(three(
            case(
                "ca-0-self-issued",
                "anyPolicy of a self-issued CA counts although it is inhibited (§6.1.3 (d)(2)).",
            ),
            client(GOLD),
            says(rollover(), &[ANY]),
            inhibits(says(issuing(), &[GOLD]), 0),
        )),
        required(three(
            case(
                "ca-1-self-issued",
                "A self-issued CA does not count: anyPolicy is inhibited after the client's certificate.",
            ),
            client(ANY),
            says(rollover(), &[GOLD]),
            inhibits(says(issuing(), &[GOLD]), 1),
        )),
        refuse(
            three(
                case(
                    "ca-0-client-below-self-issued",
                    "anyPolicy of a client is inhibited, self-issued CA or not.",
                ),
                client(ANY),
                says(rollover(), &[GOLD]),
                inhibits(says(issuing(), &[GOLD]), 0),
            ),
            "client",
        ),
    ]
}
