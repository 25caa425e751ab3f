//! Names: which ones are equal.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Attribute, Cert, Extension, GeneralName, Key, Name, StringType, oid};

pub(super) fn cases() -> Vec<Case> {
    [equal(), different(), odd()].concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(&format!("name-{name}"), "RFC 5280 §7.1", description)
}

/// The standard chain, in which the client writes its issuer's name like this.
fn written(case: Case, name: Name) -> Case {
    case.chain(&[alice().issuer(name), issuing()])
}

fn equal() -> Vec<Case> {
    let full = |country: &str, organization: &str, domain: &str| {
        Name::new(&[
            Attribute::domain_component(domain),
            Attribute::country(country),
            Attribute::organization(organization),
            Attribute::common_name("Issuing CA"),
        ])
    };
    let ca = Cert::ca("", &Key::p256("issuing"))
        .subject(full("CH", "Example", "example"))
        .issued_by(&root());
    let client = Cert::client("alice", &Key::p256("alice")).issued_by(&ca);
    let long = |case: Case| {
        case.path(&[
            "CN=alice",
            "CN=Issuing CA,O=Example,C=CH,DC=example",
            "CN=Root",
        ])
    };
    vec![
        written(
            case("case", "Upper and lower case are equal."),
            Name::cn("ISSUING ca"),
        ),
        written(
            case(
                "white-space",
                "White space at the ends, and how much of it between, does not count.",
            ),
            Name::cn("  Issuing    CA "),
        ),
        written(
            case(
                "string-type",
                "PrintableString and UTF8String of the same text are equal.",
            ),
            Name::new(&[Attribute::new(
                oid::COMMON_NAME,
                StringType::Printable,
                "Issuing CA",
            )]),
        ),
        written(
            case(
                "all-at-once",
                "String type, case and white space differ: still equal.",
            ),
            Name::new(&[Attribute::new(
                oid::COMMON_NAME,
                StringType::Printable,
                "issuing  ca",
            )]),
        ),
        long(case(
            "several-attributes",
            "Names of several attributes, equal.",
        ))
        .chain(&[client.clone(), ca.clone()]),
        long(case(
            "several-attributes-case",
            "Names of several attributes, domain component among them, in another case.",
        ))
        .chain(&[client.issuer(full("ch", "EXAMPLE", "EXAMPLE")), ca]),
        Case::new(
            "name-root-case",
            "RFC 5280 §7.1",
            "The anchor's name is found in another case as well.",
        )
        .chain(&[alice(), issuing().issuer(Name::cn("ROOT"))]),
    ]
}

fn different() -> Vec<Case> {
    let untrusted =
        |case: Case, name: Name| written(case, name).refuse("ClientCertUntrusted", "client");
    vec![
        untrusted(
            case(
                "other",
                "The right key, but the client names another issuer: no path.",
            ),
            Name::cn("Another CA"),
        ),
        untrusted(
            case(
                "white-space-missing",
                "White space between words is not nothing.",
            ),
            Name::cn("IssuingCA"),
        ),
        untrusted(
            case(
                "other-attribute",
                "The same text in another attribute is another name.",
            ),
            Name::new(&[Attribute::organization("Issuing CA")]),
        ),
        untrusted(
            case("longer", "A name with one attribute more is another name."),
            Name::new(&[
                Attribute::common_name("Issuing CA"),
                Attribute::organization("Example"),
            ]),
        ),
        written(
            case(
                "empty",
                "Every certificate names its issuer (RFC 5280 §4.1.2.4).",
            ),
            Name::empty(),
        )
        .refuse("ClientCertInvalid", "client"),
        case(
            "order",
            "The same attributes in another order are another name.",
        )
        .chain(&{
            let country = Attribute::country("CH");
            let common_name = Attribute::common_name("Issuing CA");
            let ca = Cert::ca("", &Key::p256("issuing"))
                .subject(Name::new(&[country.clone(), common_name.clone()]))
                .issued_by(&root());
            let client = Cert::client("alice", &Key::p256("alice"))
                .issued_by(&ca)
                .issuer(Name::new(&[common_name, country]));
            [client, ca]
        })
        .refuse("ClientCertUntrusted", "client"),
    ]
}

fn odd() -> Vec<Case> {
    let alternative = Extension::subject_alt_name(&[GeneralName::uri("spiffe://example/alice")]);
    vec![
        Case::new(
            "name-empty-subject",
            "RFC 5280 §4.1.2.6",
            "A client with an empty subject and a critical subjectAltName is what a SPIFFE certificate may be.",
        )
        .chain(&[
            alice().subject(Name::empty()).extension(alternative.critical()),
            issuing(),
        ])
        .path(&["", "CN=Issuing CA", "CN=Root"]),
        Case::new(
            "name-several-values",
            "RFC 4514 §2.2",
            "A client whose name has a level of two attributes.",
        )
        .chain(&[
            alice().subject(Name::from_levels(&[
                &[Attribute::organization("Example")],
                &[
                    Attribute::common_name("alice"),
                    Attribute::organizational_unit("People"),
                ],
            ])),
            issuing(),
        ])
        .path(&["CN=alice+OU=People,O=Example", "CN=Issuing CA", "CN=Root"]),
        Case::new(
            "name-escapes",
            "RFC 4514 §2.4",
            "A client whose name has characters that its string form escapes.",
        )
        .chain(&[alice().subject(Name::cn("Alice, \"the\" <client>+1; #2\\")), issuing()])
        .path(&[
            r#"CN=Alice\, \"the\" \<client\>\+1\; #2\\"#,
            "CN=Issuing CA",
            "CN=Root",
        ]),
        Case::new(
            "name-all-kinds-of-alternatives",
            "RFC 5280 §4.2.1.6",
            "A client whose subjectAltName has a name of every kind.",
        )
        .chain(&[
            alice().extension(Extension::subject_alt_name(&[
                GeneralName::dns("alice.example"),
                GeneralName::uri("spiffe://example/alice"),
                GeneralName::email("alice@example.com"),
                GeneralName::Ip(vec![192, 0, 2, 1]),
                GeneralName::Ip(vec![0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
                GeneralName::Directory(Name::cn("alice")),
                GeneralName::RegisteredId("1.3.6.1.4.1.32473.1".to_owned()),
                GeneralName::upn("alice@corp.example"),
            ])),
            issuing(),
        ]),
    ]
}
