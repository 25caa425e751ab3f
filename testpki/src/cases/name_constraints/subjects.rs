//! Constraints on the subject: directoryName, and the mailbox that may be in it.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::cases::name_constraints::{
    NAME_CONSTRAINT, case, constraint, directory, named, organization,
};
use crate::{Attribute, Cert, Extension, GeneralName, Name, StringType, oid};

pub(super) fn cases() -> Vec<Case> {
    [
        directory_names(),
        names_compared(),
        alternative_names(),
        email_addresses(),
    ]
    .concat()
}

fn below(case: Case, client: Cert, constraint: Extension) -> Case {
    case.chain(&[client, issuing().extension(constraint)])
}

fn permitted(base: &[Attribute]) -> Extension {
    constraint(&[directory(base)], &[])
}

fn excluded(base: &[Attribute]) -> Extension {
    constraint(&[], &[directory(base)])
}

fn of(attributes: &[Attribute]) -> Cert {
    alice().subject(Name::new(attributes))
}

/// Accepted with this subject.
fn path(case: Case, subject: &str) -> Case {
    case.path(&[subject, "CN=Issuing CA", "CN=Root"])
}

fn directory_names() -> Vec<Case> {
    let case = |name: &str, description: &str| case(&format!("directory-{name}"), description);
    let example = || organization("Example");
    let people = || Attribute::organizational_unit("People");
    let alice_in = |first: Attribute| of(&[first, Attribute::common_name("alice")]);
    let in_people = || of(&[example(), people(), Attribute::common_name("alice")]);
    let inside = "CN=alice,O=Example";
    vec![
        path(
            below(
                case("permitted-inside", "A subject that begins with the base."),
                alice_in(example()),
                permitted(&[example()]),
            ),
            inside,
        ),
        below(
            case("permitted-outside", "A subject of another organization."),
            alice_in(organization("Other")),
            permitted(&[example()]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("CN=alice,O=Other, not permitted by"),
        below(
            case(
                "excluded-inside",
                "A subject that begins with the excluded base.",
            ),
            alice_in(example()),
            excluded(&[example()]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("CN=alice,O=Example, excluded by"),
        path(
            below(
                case("excluded-outside", "A subject beside the excluded base."),
                alice_in(example()),
                excluded(&[organization("Other")]),
            ),
            inside,
        ),
        path(
            below(
                case("itself", "A subject that is the base."),
                of(&[example()]),
                permitted(&[example()]),
            ),
            "O=Example",
        ),
        path(
            below(
                case(
                    "two-levels",
                    "A base of two levels, and a subject that begins with both.",
                ),
                in_people(),
                permitted(&[example(), people()]),
            ),
            "CN=alice,OU=People,O=Example",
        ),
        below(
            case("shorter", "A subject that ends before the base does."),
            of(&[example()]),
            permitted(&[example(), people()]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("O=Example, not permitted by"),
        below(
            case(
                "not-the-beginning",
                "The base is in the subject, but does not begin it.",
            ),
            in_people(),
            permitted(&[people()]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("CN=alice,OU=People,O=Example, not permitted by"),
        below(
            case(
                "text-longer",
                "Values are whole: what only begins alike is another one.",
            ),
            alice_in(organization("Example Ltd")),
            permitted(&[example()]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("CN=alice,O=Example Ltd, not permitted by"),
        path(
            below(
                case("everything", "The empty base begins every name."),
                alice_in(example()),
                permitted(&[]),
            ),
            inside,
        ),
        below(
            case(
                "everything-excluded",
                "The empty base begins every name: all are excluded.",
            ),
            alice_in(example()),
            excluded(&[]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("CN=alice,O=Example, excluded by"),
        path(
            below(
                case(
                    "empty-subject",
                    "An empty subject is no name that could be outside.",
                ),
                of(&[]).extension(
                    Extension::subject_alt_name(&[GeneralName::dns("alice.example")]).critical(),
                ),
                permitted(&[example()]),
            ),
            "",
        ),
        path(
            below(
                case("other-form", "A subject, where DNS names are constrained."),
                alice_in(example()).without_extension(oid::SUBJECT_ALT_NAME),
                constraint(&[GeneralName::dns("test")], &[]),
            ),
            inside,
        ),
    ]
}

/// Bases compare with names as names do with names (§7.1).
fn names_compared() -> Vec<Case> {
    let base = || organization("Example Org");
    let written = |string_type, text: &str| Attribute::new(oid::ORGANIZATION, string_type, text);
    let mut cases = Vec::new();
    for (label, what, first, shown) in [
        (
            "case",
            "In another case",
            organization("EXAMPLE org"),
            "O=EXAMPLE org",
        ),
        (
            "white-space",
            "With other white space",
            organization(" Example   Org "),
            r"O=\ Example   Org\ ",
        ),
        (
            "string-type",
            "As another type of string",
            written(StringType::Printable, "Example Org"),
            "O=Example Org",
        ),
    ] {
        let client = || of(&[first.clone(), Attribute::common_name("alice")]);
        cases.push(path(
            below(
                case(
                    &format!("directory-{label}-permitted"),
                    &format!("{what} it is the same organization: permitted (§7.1)."),
                ),
                client(),
                permitted(&[base()]),
            ),
            &format!("CN=alice,{shown}"),
        ));
        cases.push(
            below(
                case(
                    &format!("directory-{label}-excluded"),
                    &format!("{what} it is the same organization: excluded (§7.1)."),
                ),
                client(),
                excluded(&[base()]),
            )
            .refuse(NAME_CONSTRAINT, "client")
            .message(&format!("CN=alice,{shown}, excluded by")),
        );
    }
    cases
}

fn alternative_names() -> Vec<Case> {
    let case = |name: &str, description: &str| case(&format!("directory-san-{name}"), description);
    let person = |first: &str| [organization(first), Attribute::common_name("alice")];
    let client = |also: &str| named(of(&person("Example")), &[directory(&person(also))]);
    let inside = "CN=alice,O=Example";
    vec![
        path(
            below(
                case(
                    "inside",
                    "Subject and directoryName of the subjectAltName are permitted.",
                ),
                client("example"),
                permitted(&[organization("Example")]),
            ),
            inside,
        ),
        below(
            case(
                "outside",
                "The subject is permitted, the directoryName of the subjectAltName is not.",
            ),
            client("Other"),
            permitted(&[organization("Example")]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("CN=alice,O=Other, not permitted by"),
        below(
            case(
                "excluded",
                "The directoryName of the subjectAltName is excluded.",
            ),
            client("Other"),
            excluded(&[organization("Other")]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("CN=alice,O=Other, excluded by"),
        path(
            below(
                case(
                    "not-excluded",
                    "Neither the subject nor the directoryName of the subjectAltName is excluded.",
                ),
                client("Other"),
                excluded(&[organization("Third")]),
            ),
            inside,
        ),
    ]
}

/// A mailbox in the subject, as old certificates have it.
fn email_addresses() -> Vec<Case> {
    let case = |name: &str, description: &str| case(&format!("email-subject-{name}"), description);
    let client = |address: &str| {
        of(&[
            Attribute::common_name("alice"),
            Attribute::email_address(address),
        ])
        .without_extension(oid::SUBJECT_ALT_NAME)
    };
    let accepted = |case: Case, address: &str| path(case, &format!("EMAIL={address},CN=alice"));
    let host = || GeneralName::email("example.com");
    let permitted = || constraint(&[host()], &[]);
    let excluded = || constraint(&[], &[host()]);
    let (here, there) = ("alice@example.com", "alice@example.org");
    vec![
        accepted(
            below(
                case("inside", "Without a subjectAltName, the emailAddress of the subject is constrained: permitted."),
                client(here),
                permitted(),
            ),
            here,
        ),
        below(
            case("outside", "Without a subjectAltName, the emailAddress of the subject is constrained: not permitted."),
            client(there),
            permitted(),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("alice@example.org, not permitted by"),
        below(
            case("excluded", "Without a subjectAltName, the emailAddress of the subject is constrained: excluded."),
            client(here),
            excluded(),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("alice@example.com, excluded by"),
        accepted(
            below(
                case("not-excluded", "Without a subjectAltName, the emailAddress of the subject is constrained: not excluded."),
                client(there),
                excluded(),
            ),
            there,
        ),
        below(
            case("malformed", "An emailAddress that is no mailbox keeps to no constraint."),
            client("example.com"),
            permitted(),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("example.com, which cannot be judged"),
        accepted(
            below(
                case("san-decides", "The rfc822Name of the subjectAltName is constrained in the place of the emailAddress."),
                named(client(there), &[GeneralName::email(here)]),
                permitted(),
            ),
            there,
        ),
        below(
            case("san-outside", "The rfc822Name of the subjectAltName is not permitted, whatever the emailAddress."),
            named(client(here), &[GeneralName::email(there)]),
            permitted(),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("alice@example.org, not permitted by"),
        accepted(
            below(
                case("unconstrained", "Nothing constrains the emailAddress."),
                client("example.com"),
                constraint(&[GeneralName::dns("test")], &[]),
            ),
            "example.com",
        ),
    ]
}
