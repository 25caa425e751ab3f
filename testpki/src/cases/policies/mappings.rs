//! policyMappings, and what inhibits them.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::cases::policies::{
    ANY, BRONZE, GOLD, NO_VALID_POLICY, NOT_ACCEPTABLE, SILVER, required, rollover, says, sub,
    three,
};
use crate::{Cert, Extension, Key};

const MAPS_ANY_POLICY: &str = "maps-any-policy";

pub(super) fn cases() -> Vec<Case> {
    [
        mapped(),
        inhibited(),
        any_policy(),
        over_one_ca_twice(),
        over_one_certificate_twice(),
    ]
    .concat()
}

/// The CA over itself: a self-issued certificate for the same key may carry the mapping that makes
/// a path valid. §6.1 forbids the same certificate twice, not the same CA.
fn over_one_ca_twice() -> Vec<Case> {
    let upper = || says(issuing(), &[GOLD]);
    let lower = |policies: &[&str]| {
        let certificate = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&issuing());
        says(certificate.serial(&[0x77]), policies)
    };
    let mapping = || lower(&[GOLD]).extension(Extension::policy_mappings(&[(GOLD, SILVER)]));
    let through =
        |case: Case, lower: Cert| required(case.chain(&[says(alice(), &[SILVER]), lower, upper()]));
    vec![
        through(
            case(
                "same-ca-twice",
                "The CA issued itself a certificate for the same key that maps its policy to the client's: the path over both is valid.",
            )
            .path(&["CN=alice", "CN=Issuing CA", "CN=Issuing CA", "CN=Root"])
            .policies(&[GOLD]),
            mapping(),
        ),
        refuse(through(
            case(
                "same-ca-twice-without",
                "The same without a mapping: a path over both could not be better than one over either.",
            ),
            lower(&[SILVER]),
        )),
        through(
            case(
                "same-ca-twice-length",
                "A self-issued certificate is not counted: the path has one intermediate that is not self-issued.",
            )
            .path(&["CN=alice", "CN=Issuing CA", "CN=Issuing CA", "CN=Root"])
            .policies(&[GOLD]),
            mapping(),
        )
        .policy_number("path-length", 1),
    ]
}

/// Two CAs that issued each other. One maps GOLD to SILVER and SILVER to BRONZE, so that a path
/// over its certificate twice, which §6.1 forbids, would be valid for a client with BRONZE.
fn over_one_certificate_twice() -> Vec<Case> {
    let ca = |name| Cert::ca(name, &Key::p256(name));
    let (a, b) = (ca("CA A"), ca("CA B"));
    let mapping = Extension::policy_mappings(&[(GOLD, SILVER), (SILVER, BRONZE)]);
    let a_by_b = says(a.clone().issued_by(&b), &[GOLD, SILVER]).extension(mapping);
    let b_by_a = says(b.clone().issued_by(&a), &[SILVER]);
    let b_by_root = says(b.issued_by(&root()), &[GOLD]);
    let client = says(alice_of(&a), &[BRONZE]);
    let chain = [client, a_by_b.clone(), b_by_a, b_by_root];
    let other_encoding = [a_by_b.other_encoding()];
    let through = |case: Case, chain: &[Cert]| refuse(required(case.chain(chain)));
    vec![
        through(
            case(
                "same-certificate-twice",
                "Only a path over one certificate twice would have the client's policy: refused.",
            ),
            &chain,
        ),
        through(
            case(
                "same-certificate-twice-as-twin",
                "The same, and that certificate is presented with its other signature as well.",
            ),
            &[&chain[..], &other_encoding].concat(),
        ),
    ]
}

fn case(name: &str, description: &str) -> Case {
    Case::new(
        &format!("policy-mapping-{name}"),
        "RFC 5280 §4.2.1.5, §6.1.4 (a)-(b); RFC 9618 §5",
        description,
    )
}

/// The issuing CA with these policies and mappings, and a client with one policy.
fn through(case: Case, client: &str, ca: &[&str], mappings: &[(&str, &str)]) -> Case {
    case.chain(&[
        says(alice(), &[client]),
        says(issuing(), ca).extension(Extension::policy_mappings(mappings)),
    ])
}

fn refuse(case: Case) -> Case {
    case.refuse(NO_VALID_POLICY, "client")
}

fn mapped() -> Vec<Case> {
    let silver_for_gold = [(GOLD, SILVER)];
    let acceptable = |case: Case, policy: &str| {
        required(case.policy_list("certificate-policies.acceptable.only", &[policy]))
    };
    let client = |case: Case, policy: &str| through(case, policy, &[GOLD], &silver_for_gold);
    vec![
        required(client(
            case("met", "The client has the policy that stands for the CA's.").policies(&[GOLD]),
            SILVER,
        )),
        refuse(required(client(
            case(
                "not-itself",
                "Below the mapping, another policy stands for the CA's; it does not stand for itself any more.",
            ),
            GOLD,
        ))),
        acceptable(
            client(
                case(
                    "acceptable",
                    "What is acceptable is the policy of the anchor's domain.",
                ),
                SILVER,
            ),
            GOLD,
        ),
        acceptable(
            client(
                case(
                    "acceptable-lower",
                    "The policy of the client's domain is not acceptable by itself.",
                ),
                SILVER,
            ),
            SILVER,
        )
        .refuse(NOT_ACCEPTABLE, "client")
        .message(&format!("is valid for the certificate policies {GOLD}, ")),
        required(through(
            case(
                "second",
                "Two policies stand for the CA's; the client has the second.",
            )
            .policies(&[GOLD]),
            BRONZE,
            &[GOLD],
            &[(GOLD, SILVER), (GOLD, BRONZE)],
        )),
        acceptable(
            through(
                case(
                    "from-two",
                    "One policy stands for two of the CA's; the second is acceptable.",
                )
                .policies(&[SILVER]),
                BRONZE,
                &[GOLD, SILVER],
                &[(GOLD, BRONZE), (SILVER, BRONZE)],
            ),
            SILVER,
        ),
        acceptable(
            through(
                case(
                    "swapped",
                    "Two policies change places; the client's stands for the acceptable one.",
                )
                .policies(&[GOLD]),
                SILVER,
                &[GOLD, SILVER],
                &[(GOLD, SILVER), (SILVER, GOLD)],
            ),
            GOLD,
        ),
        refuse(required(through(
            case(
                "not-the-issuers",
                "A mapping of a policy that the CA does not have maps nothing.",
            ),
            BRONZE,
            &[GOLD],
            &[(SILVER, BRONZE)],
        ))),
        acceptable(
            through(
                case(
                    "through-any",
                    "The CA has anyPolicy, and maps one of the policies it stands for.",
                )
                .policies(&[GOLD]),
                SILVER,
                &[ANY],
                &silver_for_gold,
            ),
            GOLD,
        ),
        acceptable(
            three(
                case("twice", "Two CAs map, one after the other.").policies(&[GOLD]),
                |client| says(client, &[BRONZE]),
                says(sub(), &[SILVER]).extension(Extension::policy_mappings(&[(SILVER, BRONZE)])),
                says(issuing(), &[GOLD]).extension(Extension::policy_mappings(&silver_for_gold)),
            ),
            GOLD,
        ),
        client(
            case(
                "not-required",
                "No policy is required: a mapping does no harm.",
            )
            .policies(&[]),
            BRONZE,
        ),
        case("not-critical", "policyMappings may be not critical.")
            .policies(&[GOLD])
            .chain(&[
                says(alice(), &[SILVER]),
                says(issuing(), &[GOLD])
                    .extension(Extension::policy_mappings(&silver_for_gold).not_critical()),
            ]),
        acceptable(mesh(), GOLD),
    ]
}

/// Two policies that stand for each other and themselves, seven CAs deep: 128 leaves in the tree of
/// RFC 5280, 2 in the graph of RFC 9618.
fn mesh() -> Case {
    let all = [
        (GOLD, GOLD),
        (GOLD, SILVER),
        (SILVER, GOLD),
        (SILVER, SILVER),
    ];
    let mut chain = Vec::new();
    let mut path = vec!["CN=Root".to_owned()];
    let mut issuer = root();
    for number in 1..=7 {
        let name = format!("CA {number}");
        issuer = says(Cert::ca(&name, &Key::p256(&name)), &[GOLD, SILVER])
            .extension(Extension::policy_mappings(&all))
            .issued_by(&issuer);
        chain.insert(0, issuer.clone());
        path.insert(0, format!("CN={name}"));
    }
    chain.insert(0, says(alice_of(&issuer), &[SILVER]));
    path.insert(0, "CN=alice".to_owned());
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    case(
        "mesh",
        "Seven CAs, each of which maps both of two policies to both.",
    )
    .chain(&chain)
    .path(&path)
}

fn inhibited() -> Vec<Case> {
    let case = |name: &str, description: &str| case(&format!("inhibited-{name}"), description);
    let silver_for_gold = [(GOLD, SILVER)];
    let mapping =
        |cert: Cert| says(cert, &[GOLD]).extension(Extension::policy_mappings(&silver_for_gold));
    let inhibits = |cert: Cert, skip| {
        says(cert, &[GOLD]).extension(Extension::policy_constraints(None, Some(skip)))
    };
    let client = |policy: &'static str| move |cert: Cert| says(cert, &[policy]);
    let by_policy = |case: Case| required(case).policy("certificate-policies.mapping", "inhibited");
    vec![
        refuse(by_policy(through(
            case(
                "by-policy",
                "The server inhibits mappings: the policy that is mapped is lost.",
            ),
            SILVER,
            &[GOLD],
            &silver_for_gold,
        ))),
        refuse(by_policy(through(
            case(
                "by-policy-itself",
                "The server inhibits mappings: the policy that is mapped is lost, to itself as well.",
            ),
            GOLD,
            &[GOLD],
            &silver_for_gold,
        ))),
        by_policy(through(
            case(
                "by-policy-other",
                "The server inhibits mappings: another policy of the CA is not lost.",
            ),
            BRONZE,
            &[GOLD, BRONZE],
            &silver_for_gold,
        )),
        through(
            case(
                "by-policy-not-required",
                "The server inhibits mappings, and requires no policy.",
            ),
            SILVER,
            &[GOLD],
            &silver_for_gold,
        )
        .policy("certificate-policies.mapping", "inhibited"),
        refuse(required(three(
            case(
                "by-ca-0",
                "The upper CA inhibits mappings from here on, and the lower one maps.",
            ),
            client(SILVER),
            mapping(sub()),
            inhibits(issuing(), 0),
        ))),
        required(three(
            case(
                "by-ca-1",
                "The upper CA inhibits mappings after one certificate, which is that of the CA that maps.",
            ),
            client(SILVER),
            mapping(sub()),
            inhibits(issuing(), 1),
        )),
        refuse(required(three(
            case(
                "by-ca-0-self-issued",
                "A self-issued CA may not map either.",
            ),
            client(SILVER),
            mapping(rollover()),
            inhibits(issuing(), 0),
        ))),
        required(
            case(
                "by-ca-own",
                "A CA's own mapping is not what its policyConstraints are about.",
            )
            .chain(&[
                says(alice(), &[SILVER]),
                mapping(issuing()).extension(Extension::policy_constraints(None, Some(0))),
            ]),
        ),
    ]
}

/// anyPolicy is never mapped (§6.1.4 (a)), whether a policy is required or not.
fn any_policy() -> Vec<Case> {
    let case = |name: &str, description: &str| case(&format!("any-{name}"), description);
    vec![
        through(
            case("from", "A mapping from anyPolicy."),
            GOLD,
            &[ANY],
            &[(ANY, GOLD)],
        )
        .refuse(MAPS_ANY_POLICY, "presented 1"),
        through(
            case("to", "A mapping to anyPolicy."),
            GOLD,
            &[GOLD],
            &[(GOLD, ANY)],
        )
        .refuse(MAPS_ANY_POLICY, "presented 1"),
        required(through(
            case(
                "among",
                "A mapping to anyPolicy among others, and a policy is required.",
            ),
            SILVER,
            &[GOLD],
            &[(GOLD, SILVER), (GOLD, ANY)],
        ))
        .refuse(MAPS_ANY_POLICY, "presented 1"),
        case(
            "not-critical",
            "A mapping from anyPolicy in an extension that is not critical.",
        )
        .chain(&[
            alice(),
            issuing().extension(Extension::policy_mappings(&[(ANY, GOLD)]).not_critical()),
        ])
        .refuse(MAPS_ANY_POLICY, "presented 1"),
        case("anchor", "The anchor maps from anyPolicy.")
            .anchors(&[root().extension(Extension::policy_mappings(&[(ANY, GOLD)]))])
            .refuse(MAPS_ANY_POLICY, "anchor"),
        case(
            "store-intermediate",
            "An intermediate of the store maps from anyPolicy.",
        )
        .chain(&[alice()])
        .intermediates(&[issuing().extension(Extension::policy_mappings(&[(ANY, GOLD)]))])
        .refuse(MAPS_ANY_POLICY, "intermediate"),
        case(
            "client",
            "Nothing follows the client's certificate, so that what it maps is not looked at.",
        )
        .chain(&[
            alice().extension(Extension::policy_mappings(&[(ANY, GOLD)])),
            issuing(),
        ]),
        case(
            "alternative",
            "One certificate of the CA maps from anyPolicy; its other one does not.",
        )
        .chain(&[
            alice(),
            issuing().extension(Extension::policy_mappings(&[(ANY, GOLD)])),
            issuing(),
        ]),
    ]
}
