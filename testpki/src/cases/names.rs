//! Names: which ones are equal.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Attribute, Cert, Crl, Extension, GeneralName, Key, Name, StringType, oid};

const UNKNOWN_ISSUER: &str = "unknown-issuer";

pub(super) fn cases() -> Vec<Case> {
    [equal(), different(), odd(), spelled(), of_crls()].concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(&format!("name-{name}"), "RFC 5280 §7.1", description)
}

/// The standard chain, in which the client writes its issuer's name like this.
fn written(case: Case, name: Name) -> Case {
    case.chain(&[alice().issuer(name), issuing()])
}

/// Spellings that RFC 4518 finds equal, and some that it does not.
fn spelled() -> Vec<Case> {
    let rows = [
        ("bmp", StringType::Bmp, "Issuing CA", "BMPString.", true),
        (
            "universal",
            StringType::Universal,
            "Issuing CA",
            "UniversalString.",
            true,
        ),
        ("ia5", StringType::Ia5, "issuing ca", "IA5String.", true),
        (
            "soft-hyphen",
            StringType::Utf8,
            "Iss\u{ad}uing CA",
            "A soft hyphen is mapped to nothing.",
            true,
        ),
        (
            "zero-width",
            StringType::Utf8,
            "Issuing\u{200b} CA",
            "A zero width space is mapped to nothing.",
            true,
        ),
        (
            "full-width",
            StringType::Utf8,
            "\u{ff29}ssuing CA",
            "A full-width letter is the letter.",
            true,
        ),
        (
            "long-s",
            StringType::Utf8,
            "I\u{17f}\u{17f}uing CA",
            "A long s is an s.",
            true,
        ),
        (
            "teletex",
            StringType::Teletex,
            "Issuing CA",
            "Nobody knows what a TeletexString says.",
            false,
        ),
        (
            "private-use",
            StringType::Utf8,
            "Issuing CA\u{e000}",
            "A character for private use is prohibited.",
            false,
        ),
        (
            "dotless",
            StringType::Utf8,
            "\u{131}ssuing CA",
            "A dotless i is another letter.",
            false,
        ),
    ];
    let mut cases: Vec<_> = rows
        .into_iter()
        .map(|(name, string_type, text, description, is_equal)| {
            let issuer = Name::new(&[Attribute::new(oid::COMMON_NAME, string_type, text)]);
            let case = case(&format!("spelled-{name}"), description);
            let case = written(case, issuer);
            if is_equal {
                case
            } else {
                case.refuse(UNKNOWN_ISSUER, "client")
            }
        })
        .collect();
    for (name, subject, issuer, description) in [
        (
            "sharp-s",
            "Gro\u{df}e CA",
            "GROSSE ca",
            "A sharp s folds to two of them.",
        ),
        (
            "final-sigma",
            "CA \u{3a3}\u{3c2}",
            "ca \u{3c3}\u{3c3}",
            "All forms of the sigma are one letter.",
        ),
        (
            "composed",
            "Caf\u{e9} CA",
            "cafe\u{301} ca",
            "A letter and its accent are one letter.",
        ),
    ] {
        let ca = Cert::ca(subject, &Key::p256("issuing")).issued_by(&root());
        let client = alice()
            .issuer(Name::cn(issuer))
            .signed_by(&Key::p256("issuing"));
        let shown = format!("CN={subject}");
        cases.push(
            case(&format!("spelled-{name}"), description)
                .chain(&[client, ca])
                .path(&["CN=alice", &shown, "CN=Root"]),
        );
    }
    cases
}

/// The issuer of a CRL in another spelling: it is about the same CA's certificates.
fn of_crls() -> Vec<Case> {
    [
        ("bmp", StringType::Bmp, "Issuing CA", "BMPString."),
        (
            "soft-hyphen",
            StringType::Utf8,
            "Iss\u{ad}uing CA",
            "A soft hyphen is mapped to nothing.",
        ),
        (
            "full-width",
            StringType::Utf8,
            "\u{ff29}ssuing CA",
            "A full-width letter is the letter.",
        ),
    ]
    .map(|(name, string_type, text, description)| {
        let issuer = Name::new(&[Attribute::new(oid::COMMON_NAME, string_type, text)]);
        case(
            &format!("spelled-crl-{name}"),
            &format!("The issuer of a CRL that revokes the client: {description}"),
        )
        .policy("revocation.scope", "client-only")
        .crls(&[Crl::of(&issuing()).issuer(issuer).revoke(&alice())])
        .refuse("revoked", "client")
    })
    .into()
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
    let untrusted = |case: Case, name: Name| written(case, name).refuse(UNKNOWN_ISSUER, "client");
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
        .refuse("malformed", "client")
        .message("issuer: empty"),
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
        .refuse(UNKNOWN_ISSUER, "client"),
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
