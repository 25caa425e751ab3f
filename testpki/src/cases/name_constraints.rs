//! Name constraints: which certificates they bind, and how. What lies in a subtree is in `forms`.

mod forms;
mod odd;
mod spellings;
mod subjects;

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Attribute, Cert, Extension, GeneralName, Key, Name, oid};

const NAME_CONSTRAINT: &str = "name-constraint";
const RULE: &str = "RFC 5280 §4.2.1.10, §6.1.3 (b)-(c), §6.1.4 (g)";

pub(super) fn cases() -> Vec<Case> {
    [
        forms::cases(),
        subjects::cases(),
        spellings::cases(),
        sets(),
        down_the_path(),
        where_they_are(),
        self_issued(),
        odd::cases(),
    ]
    .concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(&format!("name-constraint-{name}"), RULE, description)
}

fn dns(name: &str) -> GeneralName {
    GeneralName::dns(name)
}

/// A constraint with these bases, permitted and excluded.
fn constraint(permitted: &[GeneralName], excluded: &[GeneralName]) -> Extension {
    let subtrees = |bases: &[GeneralName]| bases.iter().map(Extension::subtree).collect::<Vec<_>>();
    Extension::name_constraints(&subtrees(permitted), &subtrees(excluded))
}

fn permitting(cert: Cert, base: &str) -> Cert {
    cert.extension(constraint(&[dns(base)], &[]))
}

fn excluding(cert: Cert, base: &str) -> Cert {
    cert.extension(constraint(&[], &[dns(base)]))
}

/// The client with these alternative names.
fn named(client: Cert, names: &[GeneralName]) -> Cert {
    client.extension(Extension::subject_alt_name(names))
}

fn organization(name: &str) -> Attribute {
    Attribute::organization(name)
}

/// The directoryName of an organization, or of someone in it.
fn directory(attributes: &[Attribute]) -> GeneralName {
    GeneralName::Directory(Name::new(attributes))
}

/// Several subtrees, several names.
fn sets() -> Vec<Case> {
    let with = |case: Case, client: Cert, permitted: &[GeneralName], excluded: &[GeneralName]| {
        case.chain(&[client, issuing().extension(constraint(permitted, excluded))])
    };
    let two = || named(alice(), &[dns("alice.example"), dns("alice.test")]);
    let mixed = || {
        named(
            alice(),
            &[dns("alice.example"), GeneralName::email("alice@mail.test")],
        )
    };
    vec![
        with(
            case(
                "set-second-permitted",
                "A name in the second of two permitted subtrees.",
            ),
            alice(),
            &[dns("test"), dns("example")],
            &[],
        ),
        with(
            case(
                "set-second-excluded",
                "A name in the second of two excluded subtrees.",
            ),
            alice(),
            &[],
            &[dns("test"), dns("example")],
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, excluded by the name constraints of CN=Issuing CA"),
        with(
            case(
                "set-permitted-and-excluded",
                "What is excluded is so whatever is permitted.",
            ),
            alice(),
            &[dns("example")],
            &[dns("alice.example")],
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, excluded by"),
        with(
            case(
                "set-permitted-not-excluded",
                "Another part of the permitted subtree is excluded.",
            ),
            alice(),
            &[dns("example")],
            &[dns("bob.example")],
        ),
        with(
            case(
                "set-excluded-more",
                "A subtree above the permitted one is excluded: nothing is left.",
            ),
            alice(),
            &[dns("alice.example")],
            &[dns("example")],
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, excluded by"),
        with(
            case(
                "set-every-name",
                "Each name in one of the permitted subtrees.",
            ),
            two(),
            &[dns("example"), dns("test")],
            &[],
        ),
        with(
            case(
                "set-one-name-outside",
                "One of two names is in no permitted subtree.",
            ),
            two(),
            &[dns("example")],
            &[],
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.test, not permitted by"),
        with(
            case("set-one-name-excluded", "One of two names is excluded."),
            two(),
            &[],
            &[dns("test")],
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.test, excluded by"),
        with(
            case(
                "set-forms-inside",
                "Each form of name is held against the subtrees of its own form.",
            ),
            mixed(),
            &[dns("example"), GeneralName::email("mail.test")],
            &[],
        ),
        with(
            case(
                "set-forms-one-outside",
                "One of two forms is in no permitted subtree of its form.",
            ),
            mixed(),
            &[dns("example"), GeneralName::email("example")],
            &[],
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("alice@mail.test, not permitted by"),
        with(
            case(
                "set-no-name",
                "A client without a name of the form has none that is not permitted.",
            ),
            alice().without_extension(oid::SUBJECT_ALT_NAME),
            &[dns("test")],
            &[],
        ),
        with(
            case(
                "set-common-name",
                "A common name is no dNSName, whatever it looks like.",
            ),
            alice()
                .subject(Name::cn("www.test"))
                .without_extension(oid::SUBJECT_ALT_NAME),
            &[dns("example")],
            &[],
        )
        .path(&["CN=www.test", "CN=Issuing CA", "CN=Root"]),
    ]
}

/// A CA between the issuing CA and the client.
fn sub() -> Cert {
    Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing())
}

const THROUGH_SUB: [&str; 4] = ["CN=alice", "CN=Sub CA", "CN=Issuing CA", "CN=Root"];

/// Constraints of several CAs.
fn down_the_path() -> Vec<Case> {
    let two = |case: Case, upper: Cert, lower: Cert| case.chain(&[alice_of(&lower), lower, upper]);
    vec![
        two(
            case(
                "narrowed-inside",
                "Each CA narrows the names; the client's is in all of them.",
            ),
            permitting(issuing(), "example"),
            permitting(sub(), "alice.example"),
        )
        .anchors(&[permitting(root(), "")])
        .path(&THROUGH_SUB),
        two(
            case(
                "narrowed-outside-lower",
                "In the subtree of the upper CA, not in that of the lower one.",
            ),
            permitting(issuing(), "example"),
            permitting(sub(), "bob.example"),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, not permitted by the name constraints of CN=Sub CA"),
        two(
            case(
                "narrowed-outside-upper",
                "A CA does not widen what the one above it was given.",
            ),
            permitting(issuing(), "bob.example"),
            permitting(sub(), "example"),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, not permitted by the name constraints of CN=Issuing CA"),
        two(
            case(
                "narrowed-disjoint",
                "Two CAs permit different names: none is left.",
            ),
            permitting(issuing(), "test"),
            permitting(sub(), "example"),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, not permitted by the name constraints of CN=Issuing CA"),
        two(
            case(
                "narrowed-upper-excludes",
                "What the upper CA excludes, the lower one cannot permit.",
            ),
            excluding(issuing(), "alice.example"),
            permitting(sub(), "example"),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, excluded by the name constraints of CN=Issuing CA"),
        two(
            case(
                "narrowed-lower-excludes",
                "The lower CA excludes a part of what the upper one permits.",
            ),
            permitting(issuing(), "example"),
            excluding(sub(), "alice.example"),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, excluded by the name constraints of CN=Sub CA"),
        two(
            case(
                "narrowed-other-forms",
                "Two CAs constrain different forms, and both are kept to.",
            ),
            permitting(issuing(), "example"),
            sub().extension(constraint(&[GeneralName::email("example")], &[])),
        )
        .path(&THROUGH_SUB),
        two(
            case(
                "upper-through-free",
                "A CA without constraints does not lift those above it.",
            ),
            permitting(issuing(), "test"),
            sub(),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, not permitted by the name constraints of CN=Issuing CA"),
        two(
            case(
                "issuer-alternative-name",
                "The names of CAs below are constrained too: here its dNSName.",
            ),
            permitting(issuing(), "example"),
            named(sub(), &[dns("ca.test")]),
        )
        .refuse(NAME_CONSTRAINT, "presented 1")
        .message("DNS:ca.test, not permitted by the name constraints of CN=Issuing CA"),
        two(
            case(
                "issuer-own",
                "A CA's own names are not held against its own constraints.",
            ),
            issuing(),
            permitting(named(sub(), &[dns("ca.test")]), "example"),
        )
        .path(&THROUGH_SUB),
        case(
            "alternative",
            "One certificate of the CA is constrained; its other one is not.",
        )
        .chain(&[alice(), permitting(issuing(), "test"), issuing()]),
    ]
}

/// Whose certificate holds the constraint.
fn where_they_are() -> Vec<Case> {
    vec![
        case("anchor-inside", "The constraints of an anchor are kept to.")
            .anchors(&[permitting(root(), "example")]),
        case(
            "anchor-outside",
            "The constraints of an anchor bind like those of other CAs (RFC 5937 §3.2).",
        )
        .anchors(&[permitting(root(), "test")])
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, not permitted by the name constraints of CN=Root"),
        case("anchor-excluded", "What an anchor excludes is refused.")
            .anchors(&[excluding(root(), "example")])
            .refuse(NAME_CONSTRAINT, "client")
            .message("DNS:alice.example, excluded by the name constraints of CN=Root"),
        case(
            "anchor-issuer",
            "The constraints of an anchor bind the names of intermediates.",
        )
        .anchors(&[root().extension(constraint(&[directory(&[organization("Example")])], &[]))])
        .chain(&[
            alice().subject(Name::new(&[organization("Example")])),
            issuing(),
        ])
        .refuse(NAME_CONSTRAINT, "presented 1")
        .message("CN=Issuing CA, not permitted by the name constraints of CN=Root"),
        case(
            "anchor-other",
            "One of two anchors with one name and key is constrained; the other one is not.",
        )
        .anchors(&[
            permitting(root(), "test"),
            root().not_after("2041-01-01T00:00:00Z"),
        ]),
        case(
            "store-intermediate",
            "The constraints of an intermediate of the store bind.",
        )
        .chain(&[alice()])
        .intermediates(&[permitting(issuing(), "test")])
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, not permitted by the name constraints of CN=Issuing CA"),
        case(
            "not-critical-inside",
            "Constraints that are not critical, and kept to.",
        )
        .chain(&[
            alice(),
            issuing().extension(constraint(&[dns("example")], &[]).not_critical()),
        ]),
        case(
            "not-critical-outside",
            "Constraints that are not critical bind all the same.",
        )
        .chain(&[
            alice(),
            issuing().extension(constraint(&[dns("test")], &[]).not_critical()),
        ])
        .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, not permitted by"),
        case(
            "client-own",
            "Constraints on the client's certificate are about what it would issue: nothing.",
        )
        .chain(&[permitting(alice(), "test"), issuing()]),
        case(
            "pinned",
            "No CA vouches for a pinned client, and none constrains it.",
        )
        .pins(&[alice()])
        .chain(&[alice(), permitting(issuing(), "test")])
        .path(&["CN=alice"]),
    ]
}

/// Self-issued certificates are exempt, but for the last one.
fn self_issued() -> Vec<Case> {
    let in_example = || constraint(&[directory(&[organization("Example")])], &[]);
    let person = Name::new(&[organization("Example"), Attribute::common_name("alice")]);
    let ca = || issuing().extension(in_example());
    let rollover = || Cert::ca("Issuing CA", &Key::p256("issuing, new")).issued_by(&issuing());
    let client = |issuer: &Cert| alice_of(issuer).subject(person.clone());
    let path = [
        "CN=alice,O=Example",
        "CN=Issuing CA",
        "CN=Issuing CA",
        "CN=Root",
    ];
    let same_name = Cert::client("Issuing CA", &Key::p256("alice"))
        .extension(Extension::subject_alt_name(&[dns("alice.example")]))
        .issued_by(&issuing());
    vec![
        case("self-issued", "A self-issued intermediate is exempt: the CA changed its key, and its name is not permitted to others.")
            .chain(&[client(&rollover()), rollover(), ca()])
            .path(&path),
        case("self-issued-alternative-name", "A self-issued intermediate is exempt with all its names.")
            .chain(&{
                let rollover = named(rollover(), &[dns("ca.test")]);
                [alice_of(&rollover), rollover, permitting(issuing(), "example")]
            })
            .path(&["CN=alice", "CN=Issuing CA", "CN=Issuing CA", "CN=Root"]),
        case("self-issued-not", "The same chain through a CA of another name: that name is not permitted.")
            .chain(&[client(&sub()), sub(), ca()])
            .refuse(NAME_CONSTRAINT, "presented 1")
        .message("CN=Sub CA, not permitted by"),
        case("self-issued-passes-on", "What is below a self-issued intermediate is not exempt.")
            .chain(&[alice_of(&rollover()), rollover(), ca()])
            .refuse(NAME_CONSTRAINT, "client")
        .message("CN=alice, not permitted by"),
        case("self-issued-binds", "Constraints in a self-issued intermediate bind what is below it.")
            .chain(&{
                let rollover = permitting(rollover(), "test");
                [alice_of(&rollover), rollover, issuing()]
            })
            .refuse(NAME_CONSTRAINT, "client")
        .message("DNS:alice.example, not permitted by"),
        case("self-issued-last", "The last certificate of a path is not exempt, although it has its issuer's name.")
            .chain(&[same_name.clone(), ca()])
            .refuse(NAME_CONSTRAINT, "client")
        .message("CN=Issuing CA, not permitted by"),
        case("self-issued-last-inside", "A last certificate with its issuer's name, which is permitted.")
            .chain(&[
                same_name,
                issuing().extension(constraint(&[directory(&[Attribute::common_name("Issuing CA")])], &[])),
            ])
            .path(&["CN=Issuing CA", "CN=Issuing CA", "CN=Root"]),
    ]
}
