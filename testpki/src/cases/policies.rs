//! Certificate policies: what a path is valid for, and who asks that it be valid for something.

mod any_policy;
mod constraints;
mod mappings;

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Extension, Key, der, oid};

const NO_VALID_POLICY: &str = "no-valid-policy";
const NOT_ACCEPTABLE: &str = "policy-not-acceptable";
const GOLD: &str = "1.3.6.1.4.1.32473.2.1";
const SILVER: &str = "1.3.6.1.4.1.32473.2.2";
const BRONZE: &str = "1.3.6.1.4.1.32473.2.3";
const ANY: &str = oid::ANY_POLICY;

pub(super) fn cases() -> Vec<Case> {
    [
        asked_by_policy(),
        acceptable(),
        constraints::cases(),
        any_policy::cases(),
        anchors(),
        form(),
        mappings::cases(),
    ]
    .concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(
        &format!("policy-{name}"),
        "RFC 5280 §6.1.3 (d)-(f), §6.1.5 (g); RFC 9618 §5",
        description,
    )
}

/// The certificate with these policies.
fn says(cert: Cert, policies: &[&str]) -> Cert {
    cert.extension(Extension::certificate_policies(policies))
}

/// Client and issuing CA, each with policies or without.
fn two(case: Case, client: &[&str], ca: &[&str]) -> Case {
    let says = |cert: Cert, policies: &[&str]| match policies {
        [] => cert,
        _ => says(cert, policies),
    };
    case.chain(&[says(alice(), client), says(issuing(), ca)])
}

/// A CA between the issuing CA and the client.
fn sub() -> Cert {
    Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing())
}

/// The issuing CA's certificate for its next key.
fn rollover() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing, new")).issued_by(&issuing())
}

/// A client below a CA below the issuing CA.
fn three(case: Case, client: impl Fn(Cert) -> Cert, lower: Cert, upper: Cert) -> Case {
    let subject = if lower.subject_name() == upper.subject_name() {
        "CN=Issuing CA"
    } else {
        "CN=Sub CA"
    };
    case.chain(&[client(alice_of(&lower)), lower, upper])
        .path(&["CN=alice", subject, "CN=Issuing CA", "CN=Root"])
}

fn required(case: Case) -> Case {
    case.policy("certificate-policies.explicit-policy", "required")
}

/// `initial-explicit-policy`: every path must be valid for a policy.
fn asked_by_policy() -> Vec<Case> {
    let refuse =
        |case: Case, certificate: &str| required(case).refuse(NO_VALID_POLICY, certificate);
    vec![
        required(two(
            case(
                "required",
                "A policy is required, and all certificates have one.",
            )
            .policies(&[GOLD]),
            &[GOLD],
            &[GOLD],
        )),
        required(
            case(
                "required-direct",
                "A policy is required, and a client of the anchor has one; the anchor need not.",
            )
            .policies(&[GOLD])
            .chain(&[says(alice_of(&root()), &[GOLD])])
            .path(&["CN=alice", "CN=Root"]),
        ),
        refuse(
            two(
                case(
                    "required-none",
                    "A policy is required, and none is there: the CA has none.",
                ),
                &[],
                &[],
            ),
            "presented 1",
        ),
        refuse(
            two(
                case(
                    "required-issuer-none",
                    "A policy is required, and the CA has none to hand on.",
                ),
                &[GOLD],
                &[],
            ),
            "presented 1",
        ),
        refuse(
            two(
                case(
                    "required-client-none",
                    "A policy is required, and the client has none.",
                ),
                &[],
                &[GOLD],
            ),
            "client",
        ),
        refuse(
            two(
                case(
                    "required-other",
                    "A policy is required; client and CA have different ones.",
                ),
                &[SILVER],
                &[GOLD],
            ),
            "client",
        ),
        required(two(
            case(
                "required-of-several",
                "Client and CA have one policy of several in common.",
            )
            .policies(&[SILVER]),
            &[SILVER, BRONZE],
            &[GOLD, SILVER],
        )),
        refuse(
            three(
                case(
                    "required-lost",
                    "Each certificate has a policy in common with the next one, and all three have none.",
                ),
                |client| says(client, &[GOLD]),
                says(sub(), &[SILVER]),
                says(issuing(), &[GOLD, SILVER]),
            ),
            "client",
        ),
        two(
            case(
                "not-required-other",
                "No policy is required: different ones do no harm.",
            )
            .policies(&[]),
            &[SILVER],
            &[GOLD],
        ),
        two(
            case(
                "not-required-client-only",
                "No policy is required: only the client has one.",
            )
            .policies(&[]),
            &[GOLD],
            &[],
        ),
    ]
}

/// `user-initial-policy-set`.
fn acceptable() -> Vec<Case> {
    let case = |name: &str, description: &str| case(&format!("acceptable-{name}"), description);
    let asked = |case: Case, acceptable: &[&str]| {
        required(case.policy_list("certificate-policies.acceptable.only", acceptable))
    };
    let refuse = |valid: &str, case: Case| {
        case.refuse(NOT_ACCEPTABLE, "client")
            .message(&format!("is valid for the certificate policies {valid}, "))
    };
    vec![
        asked(
            two(
                case("one", "The one policy that is acceptable.").policies(&[GOLD]),
                &[GOLD],
                &[GOLD],
            ),
            &[GOLD],
        ),
        asked(
            two(
                case("of-several", "One of two acceptable policies.").policies(&[SILVER]),
                &[SILVER],
                &[SILVER],
            ),
            &[GOLD, SILVER],
        ),
        asked(
            two(
                case("among-others", "One acceptable policy among others.").policies(&[SILVER]),
                &[GOLD, SILVER],
                &[SILVER, GOLD],
            ),
            &[SILVER],
        ),
        refuse(
            GOLD,
            asked(
                two(
                    case(
                        "other",
                        "The path is valid for a policy, which is not acceptable.",
                    ),
                    &[GOLD],
                    &[GOLD],
                ),
                &[SILVER],
            ),
        ),
        refuse(
            SILVER,
            asked(
                two(
                    case(
                        "only-issuer",
                        "The CA has the acceptable policy, the client another one.",
                    ),
                    &[SILVER],
                    &[GOLD, SILVER],
                ),
                &[GOLD],
            ),
        ),
        refuse(
            GOLD,
            asked(
                two(
                    case("empty", "No policy is acceptable, and one is required."),
                    &[GOLD],
                    &[GOLD],
                ),
                &[],
            ),
        ),
        asked(
            two(
                case("any", "anyPolicy among the acceptable ones: all are."),
                &[GOLD],
                &[GOLD],
            ),
            &[ANY],
        ),
        asked(
            two(
                case(
                    "any-in-chain",
                    "anyPolicy all the way: valid for each policy, the acceptable one as well.",
                )
                .policies(&[GOLD]),
                &[ANY],
                &[ANY],
            ),
            &[GOLD],
        ),
        two(
            case(
                "not-required",
                "A path need not be valid for an acceptable policy unless one is required.",
            )
            .policies(&[]),
            &[GOLD],
            &[GOLD],
        )
        .policy_list("certificate-policies.acceptable.only", &[SILVER]),
        refuse(
            GOLD,
            case(
                "required-by-issuer",
                "The CA requires a policy; the path is valid for one that is not acceptable.",
            )
            .policy_list("certificate-policies.acceptable.only", &[SILVER])
            .chain(&[
                says(alice(), &[GOLD]),
                says(issuing(), &[GOLD]).extension(Extension::policy_constraints(Some(0), None)),
            ]),
        ),
    ]
}

/// Anchors bind (RFC 5937 §3.2), and need not have policies.
fn anchors() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("policy-anchor-{name}"),
            "RFC 5937 §3.2; docs/DESIGN.md, decision 2",
            description,
        )
    };
    let requires = |cert: Cert| cert.extension(Extension::policy_constraints(Some(0), None));
    vec![
        two(
            case(
                "requires-met",
                "The anchor requires policies, and client and CA have one.",
            ),
            &[GOLD],
            &[GOLD],
        )
        .anchors(&[requires(root())]),
        two(
            case(
                "requires",
                "The anchor requires policies, and there are none.",
            ),
            &[],
            &[],
        )
        .anchors(&[requires(root())])
        .refuse(NO_VALID_POLICY, "presented 1"),
        required(two(
            case("same", "The anchor has the policy of client and CA.").policies(&[GOLD]),
            &[GOLD],
            &[GOLD],
        ))
        .anchors(&[says(root(), &[GOLD])]),
        required(two(
            case("any", "The anchor has anyPolicy."),
            &[GOLD],
            &[GOLD],
        ))
        .anchors(&[says(root(), &[ANY])]),
        required(two(
            case(
                "other",
                "The anchor is for another policy than client and CA.",
            ),
            &[SILVER],
            &[SILVER],
        ))
        .anchors(&[says(root(), &[GOLD])])
        .refuse(NO_VALID_POLICY, "presented 1"),
        two(
            case(
                "other-not-required",
                "The anchor is for another policy, and none is required.",
            ),
            &[SILVER],
            &[SILVER],
        )
        .anchors(&[says(root(), &[GOLD])]),
        required(two(
            case(
                "inhibits-any",
                "The anchor inhibits anyPolicy, and the CA has nothing else.",
            ),
            &[GOLD],
            &[ANY],
        ))
        .anchors(&[root().extension(Extension::inhibit_any_policy(0))])
        .refuse(NO_VALID_POLICY, "presented 1"),
    ]
}

/// The form of certificatePolicies.
fn form() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("policy-form-{name}"),
            "RFC 5280 §4.2.1.4",
            description,
        )
    };
    let critical = |cert: Cert| cert.extension(Extension::certificate_policies(&[GOLD]).critical());
    let statement = der::sequence(&[
        der::oid("1.3.6.1.5.5.7.2.1"),
        der::ia5_string("http://cps.example/"),
    ]);
    let qualified = der::sequence(&[der::oid(GOLD), der::sequence(&[statement])]);
    let policies =
        |list: &[Vec<u8>]| Extension::new(oid::CERTIFICATE_POLICIES, der::sequence(list));
    vec![
        case(
            "critical",
            "Critical certificatePolicies are processed; nothing is required.",
        )
        .chain(&[critical(alice()), critical(issuing())]),
        required(
            case(
                "critical-required",
                "Critical certificatePolicies, and a policy is required.",
            )
            .chain(&[critical(alice()), critical(issuing())]),
        ),
        required(
            case(
                "qualifier",
                "A policy with a qualifier, which is for people.",
            )
            .chain(&[
                alice().extension(policies(std::slice::from_ref(&qualified)).critical()),
                says(issuing(), &[GOLD]),
            ]),
        ),
        case(
            "repeated-client",
            "A client in which a policy is there twice.",
        )
        .chain(&[says(alice(), &[GOLD, GOLD]), issuing()])
        .refuse("repeated-policy", "client")
        .message(GOLD),
        case(
            "repeated-issuer",
            "A CA in which a policy is there twice, among others.",
        )
        .chain(&[alice(), says(issuing(), &[GOLD, SILVER, BRONZE, GOLD])])
        .refuse("repeated-policy", "presented 1")
        .message(GOLD),
        case("empty", "certificatePolicies have at least one policy.")
            .chain(&[alice().extension(policies(&[])), issuing()])
            .refuse("malformed", "client")
            .message("certificatePolicies: empty"),
        case(
            "not-a-list",
            "certificatePolicies that are one identifier in the place of a list.",
        )
        .chain(&[
            alice().extension(Extension::new(oid::CERTIFICATE_POLICIES, der::oid(GOLD))),
            issuing(),
        ])
        .refuse("malformed", "client")
        .message("certificatePolicies: unexpected element"),
    ]
}
