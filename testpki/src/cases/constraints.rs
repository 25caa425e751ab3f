//! Who may be a CA, how long a path may be, and critical extensions.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Extension, Key, Version, der, oid};

const NOT_A_CA: &str = "not-a-ca";
const PATH_LENGTH: &str = "path-length";
const UNHANDLED_EXTENSION: &str = "unhandled-extension";

pub(super) fn cases() -> Vec<Case> {
    [basic_constraints(), path_length(), critical_extensions()].concat()
}

fn with_issuing(case: Case, issuing: Cert) -> Case {
    case.chain(&[alice_of(&issuing), issuing])
}

fn basic_constraints() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("ca-{name}"),
            "RFC 5280 §6.1.4 (k), §4.2.1.9",
            description,
        )
    };
    let not_critical = Extension::basic_constraints(true, None).not_critical();
    let plain_v1 = |cert: Cert| cert.without_extensions().version(Version::V1);
    let v1_root = plain_v1(root());
    let not_a_ca = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing());
    let below_client = Cert::client("mallory", &Key::p256("mallory")).issued_by(&not_a_ca);
    vec![
        with_issuing(
            case("false", "An intermediate with cA=FALSE issues nothing."),
            issuing().extension(Extension::basic_constraints(false, None)),
        )
        .refuse(NOT_A_CA, "presented 1")
        .message("basicConstraints has cA=FALSE"),
        with_issuing(
            case(
                "absent",
                "An intermediate without basicConstraints issues nothing.",
            ),
            issuing().without_extension(oid::BASIC_CONSTRAINTS),
        )
        .refuse(NOT_A_CA, "presented 1")
        .message("it has no basicConstraints"),
        with_issuing(
            case(
                "intermediate-v1",
                "An intermediate of version 1 cannot say that it is a CA: it issues nothing.",
            ),
            plain_v1(issuing()),
        )
        .refuse(NOT_A_CA, "presented 1")
        .message("X.509 version 1"),
        with_issuing(
            case(
                "intermediate-v2",
                "An intermediate of version 2 cannot say that it is a CA: it issues nothing.",
            ),
            issuing().without_extensions().version(Version::V2),
        )
        .refuse(NOT_A_CA, "presented 1")
        .message("X.509 version 2"),
        with_issuing(
            case(
                "not-critical",
                "basicConstraints that is not critical still says that this is a CA.",
            ),
            issuing().extension(not_critical),
        ),
        case(
            "anchor-v1",
            "An anchor of version 1 is a CA because it was given as one.",
        )
        .anchors(std::slice::from_ref(&v1_root)),
        case(
            "anchor-v2",
            "An anchor of version 2 is a CA because it was given as one.",
        )
        .anchors(&[v1_root.version(Version::V2)]),
        case(
            "client-v1-of-the-anchors-name",
            "A client of version 1 has the name of the anchor and another key: it is a client like others.",
        )
        .chain(&[
            plain_v1(alice().subject(root().subject_name().clone())),
            issuing(),
        ])
        .path(&["CN=Root", "CN=Issuing CA", "CN=Root"]),
        case(
            "client-issued",
            "A client that signs another client's certificate is no CA.",
        )
        .chain(&[below_client, not_a_ca, issuing()])
        .refuse(NOT_A_CA, "presented 1")
        .message("it has no basicConstraints"),
    ]
}

fn path_length() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("path-length-{name}"),
            "RFC 5280 §6.1.4 (l)-(m), §4.2.1.9",
            description,
        )
    };
    let limited =
        |cert: Cert, length| cert.extension(Extension::basic_constraints(true, Some(length)));
    let sub = Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing());
    let below_sub = alice_of(&sub);
    let through_sub = ["CN=alice", "CN=Sub CA", "CN=Issuing CA", "CN=Root"];
    let rollover = Cert::ca("Issuing CA", &Key::p256("issuing, new")).issued_by(&issuing());
    vec![
        case("anchor-0-direct", "An anchor with pathLenConstraint 0 may issue clients.")
            .anchors(&[limited(root(), 0)])
            .chain(&[alice_of(&root())])
            .path(&["CN=alice", "CN=Root"]),
        case("anchor-0", "Below an anchor with pathLenConstraint 0 there is no intermediate.")
            .anchors(&[limited(root(), 0)])
            .refuse(PATH_LENGTH, "anchor")
        .message("allows 0 intermediates below it, and 1 follow"),
        case("anchor-1", "Below an anchor with pathLenConstraint 1 there may be one intermediate.")
            .anchors(&[limited(root(), 1)]),
        case("anchor-1-two", "Below an anchor with pathLenConstraint 1 there are no two intermediates.")
            .anchors(&[limited(root(), 1)])
            .chain(&[below_sub.clone(), sub.clone(), issuing()])
            .refuse(PATH_LENGTH, "anchor")
        .message("allows 1 intermediates below it, and 2 follow"),
        with_issuing(
            case("issuer-0", "An intermediate with pathLenConstraint 0 may issue clients."),
            limited(issuing(), 0),
        ),
        case("issuer-0-sub", "Below an intermediate with pathLenConstraint 0 there is no other one.")
            .chain(&[below_sub.clone(), sub.clone(), limited(issuing(), 0)])
            .refuse(PATH_LENGTH, "presented 2")
        .message("allows 0 intermediates below it, and 1 follow"),
        case("issuer-1-sub", "Below an intermediate with pathLenConstraint 1 there may be another one.")
            .chain(&[below_sub.clone(), sub.clone(), limited(issuing(), 1)])
            .path(&through_sub),
        case("large", "A pathLenConstraint of 4,294,967,295 is as good as none.")
            .chain(&[below_sub, sub, limited(issuing(), 0xffff_ffff)])
            .path(&through_sub),
        case("self-issued", "A self-issued intermediate does not count: the CA below pathLenConstraint 0 changed its key.")
            .chain(&[alice_of(&rollover), rollover, limited(issuing(), 0)])
            .path(&["CN=alice", "CN=Issuing CA", "CN=Issuing CA", "CN=Root"]),
        case("client-ca", "The last certificate does not count, even if it is a CA.")
            .policy("client-ca", "accept")
            .chain(&[
                alice().extension(Extension::basic_constraints(true, None)),
                limited(issuing(), 0),
            ]),
        case("alternative", "The way through a CA with pathLenConstraint 0 is shut; its other certificate has none.")
            .chain(&{
                let sub = Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing());
                [alice_of(&sub), sub, limited(issuing(), 0), issuing()]
            })
            .path(&through_sub),
    ]
}

fn critical_extensions() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("critical-{name}"),
            "RFC 5280 §4.2, §6.1.5 (f)",
            description,
        )
    };
    let unknown = || Extension::unknown().critical();
    vec![
        case("unknown-client", "A client with an unknown critical extension is refused.")
            .chain(&[alice().extension(unknown()), issuing()])
            .refuse(UNHANDLED_EXTENSION, "client")
        .message(oid::UNKNOWN_EXTENSION),
        with_issuing(
            case("unknown-issuer", "An intermediate with an unknown critical extension is refused."),
            issuing().extension(unknown()),
        )
        .refuse(UNHANDLED_EXTENSION, "presented 1")
        .message(oid::UNKNOWN_EXTENSION),
        case("unknown-anchor", "An anchor with an unknown critical extension is refused.")
            .anchors(&[root().extension(unknown())])
            .refuse(UNHANDLED_EXTENSION, "anchor")
        .message(oid::UNKNOWN_EXTENSION),
        case("unknown-store-intermediate", "An intermediate of the store with an unknown critical extension is refused.")
            .chain(&[alice()])
            .intermediates(&[issuing().extension(unknown())])
            .refuse(UNHANDLED_EXTENSION, "intermediate")
        .message(oid::UNKNOWN_EXTENSION),
        case("not-unknown", "An unknown extension that is not critical is passed over, wherever it is.")
            .anchors(&[root().extension(Extension::unknown())])
            .chain(&[
                alice().extension(Extension::unknown()),
                issuing().extension(Extension::unknown()),
            ]),
        case("known", "Extensions that are checked may be critical: keyUsage, extKeyUsage, basicConstraints, subjectAltName.")
            .chain(&[
                alice()
                    .extension(Extension::extended_key_usage(&[oid::CLIENT_AUTH]).critical())
                    .extension(Extension::basic_constraints(false, None))
                    .extension(
                        Extension::subject_alt_name(&[crate::GeneralName::dns("alice.example")])
                            .critical(),
                    ),
                issuing(),
            ]),
        case("unknown-alternative", "One certificate of the CA has an unknown critical extension; its other one has not.")
            .chain(&[alice(), issuing().extension(unknown()), issuing()]),
        case("unknown-empty", "An unknown critical extension without contents is refused like any other.")
            .chain(&[
                alice().extension(Extension::new(oid::UNKNOWN_EXTENSION, der::null()).critical()),
                issuing(),
            ])
            .refuse(UNHANDLED_EXTENSION, "client")
        .message(oid::UNKNOWN_EXTENSION),
    ]
}
