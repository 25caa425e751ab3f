//! Critical extensions that the policy leaves to the application.

use super::Case;
use super::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Extension, Key, der, oid};

const RULE: &str = "RFC 5280 §4.2";
const UNHANDLED_EXTENSION: &str = "unhandled-extension";

/// DICE TcbInfo, of the Trusted Computing Group.
const DICE: &str = "2.23.133.5.4.1";
/// The signed key of libp2p.
const LIBP2P: &str = "1.3.6.1.4.1.53594.1.1";

pub(super) fn cases() -> Vec<Case> {
    [
        of_clients(),
        several(),
        of_cas(),
        of_paths(),
        processed_here(),
    ]
    .concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(&format!("critical-processed-{name}"), RULE, description)
}

fn dice() -> Extension {
    let version = der::tlv(0x80, b"1");
    Extension::new(DICE, der::sequence(&[version])).critical()
}

fn libp2p() -> Extension {
    let (key, signature) = (der::tlv(0x04, b"key"), der::tlv(0x04, b"signature"));
    Extension::new(LIBP2P, der::sequence(&[key, signature])).critical()
}

fn private() -> Extension {
    Extension::unknown().critical()
}

/// The client has these extensions, and the application processes these on it.
fn client(name: &str, description: &str, has: &[Extension], processes: &[&str]) -> Case {
    case(name, description)
        .policy_list("processed-extensions", processes)
        .chain(&[with(alice(), has), issuing()])
}

fn with(cert: Cert, extensions: &[Extension]) -> Cert {
    let extensions = extensions.iter().cloned();
    extensions.fold(cert, Cert::another_extension)
}

/// The application processes these on every certificate of the path.
fn on_path(case: Case, processes: &[&str]) -> Case {
    let tables = processes
        .iter()
        .map(|oid| format!("{{ path = \"{oid}\" }}"));
    let list = tables.collect::<Vec<_>>().join(", ");
    case.policy_field("processed-extensions", format!("[{list}]"))
}

fn of_clients() -> Vec<Case> {
    let pin = Cert::client("alice", &Key::p256("alice")).extension(dice());
    let pinned = |case: Case| {
        case.pins(std::slice::from_ref(&pin))
            .chain(std::slice::from_ref(&pin))
            .path(&["CN=alice"])
    };
    vec![
        client(
            "dice",
            "The application processes DICE TcbInfo.",
            &[dice()],
            &[DICE],
        ),
        client(
            "libp2p",
            "The application processes the signed key of libp2p.",
            &[libp2p()],
            &[LIBP2P],
        ),
        client(
            "private",
            "The application processes an extension of its own.",
            &[private()],
            &[oid::UNKNOWN_EXTENSION],
        ),
        client(
            "absent",
            "The client has none of those that the application processes.",
            &[],
            &[DICE, LIBP2P],
        ),
        client(
            "malformed",
            "Nothing here reads what the application processes: it may be no DER.",
            &[Extension::new(DICE, vec![0x30, 0x05]).critical()],
            &[DICE],
        ),
        client(
            "other",
            "The application processes another extension.",
            &[dice()],
            &[LIBP2P],
        )
        .refuse(UNHANDLED_EXTENSION, "client")
        .message(DICE),
        client(
            "arc-above",
            "The application processes the arc above: another extension.",
            &[dice()],
            &["2.23.133.5.4"],
        )
        .refuse(UNHANDLED_EXTENSION, "client")
        .message(DICE),
        client(
            "arc-below",
            "The application processes one of the arc below: another extension.",
            &[dice()],
            &["2.23.133.5.4.1.1"],
        )
        .refuse(UNHANDLED_EXTENSION, "client")
        .message(DICE),
        client(
            "twice",
            "The extension is there twice, which no certificate may be.",
            &[dice(), dice()],
            &[DICE],
        )
        .refuse("malformed", "client")
        .message("extensions: extension present twice"),
        pinned(client(
            "pinned",
            "A pinned client is a client.",
            &[],
            &[DICE],
        )),
        pinned(client(
            "pinned-other",
            "The application processes another extension than that of the pinned client.",
            &[],
            &[LIBP2P],
        ))
        .refuse(UNHANDLED_EXTENSION, "client")
        .message(DICE),
        client(
            "client-ca",
            "A CA certificate as a client's is the client's.",
            &[Extension::basic_constraints(true, None), dice()],
            &[DICE],
        )
        .policy("client-ca", "accept"),
    ]
}

fn several() -> Vec<Case> {
    let both = [DICE, LIBP2P];
    vec![
        client(
            "both",
            "The application processes both.",
            &[libp2p(), dice()],
            &both,
        ),
        client(
            "first-alone",
            "The application processes the first of two.",
            &[dice(), libp2p()],
            &[DICE],
        )
        .refuse(UNHANDLED_EXTENSION, "client")
        .message(LIBP2P),
        client(
            "second-alone",
            "The application processes the second of two.",
            &[libp2p(), dice()],
            &[DICE],
        )
        .refuse(UNHANDLED_EXTENSION, "client")
        .message(LIBP2P),
        client(
            "last-of-three",
            "The application processes the first two of three.",
            &[libp2p(), dice(), private()],
            &both,
        )
        .refuse(UNHANDLED_EXTENSION, "client")
        .message(oid::UNKNOWN_EXTENSION),
        client(
            "beside-not-critical",
            "One that the application does not process is not critical.",
            &[Extension::unknown(), dice()],
            &[DICE],
        ),
    ]
}

fn of_cas() -> Vec<Case> {
    let processed = |name: &str, description: &str| client(name, description, &[dice()], &[DICE]);
    let ca = || issuing().extension(dice());
    vec![
        processed(
            "issuer",
            "On an intermediate it refuses: the application processes it on clients.",
        )
        .chain(&[alice_of(&ca()), ca()])
        .refuse(UNHANDLED_EXTENSION, "presented 1")
        .message(DICE),
        processed(
            "store-intermediate",
            "On an intermediate of the store as well.",
        )
        .chain(&[alice()])
        .intermediates(&[ca()])
        .refuse(UNHANDLED_EXTENSION, "intermediate")
        .message(DICE),
        processed("anchor", "On an anchor as well.")
            .anchors(&[root().extension(dice())])
            .refuse(UNHANDLED_EXTENSION, "anchor")
            .message(DICE),
        processed(
            "issuer-alternative",
            "One certificate of the CA has it; its other one has not.",
        )
        .chain(&[alice().extension(dice()), ca(), issuing()]),
    ]
}

fn of_paths() -> Vec<Case> {
    let path = |name: &str, description: &str| on_path(case(name, description), &[DICE]);
    let ca = || issuing().extension(dice());
    vec![
        path(
            "path-client",
            "The application processes it on the whole path: the client's.",
        )
        .chain(&[alice().extension(dice()), issuing()]),
        path(
            "path-issuer",
            "The application processes it on the whole path: an intermediate's.",
        )
        .chain(&[alice_of(&ca()), ca()]),
        path(
            "path-anchor",
            "The application processes it on the whole path: the anchor's.",
        )
        .anchors(&[root().extension(dice())]),
        path(
            "path-all",
            "The application processes it on the whole path: on each of its certificates.",
        )
        .anchors(&[root().extension(dice())])
        .chain(&[alice_of(&ca()).extension(dice()), ca()]),
        path(
            "path-other",
            "The application processes another one on the whole path.",
        )
        .chain(&[alice(), issuing().extension(libp2p()).extension(dice())])
        .refuse(UNHANDLED_EXTENSION, "presented 1")
        .message(LIBP2P),
    ]
}

/// What is processed here is not the application's, and refuses as before.
fn processed_here() -> Vec<Case> {
    let qualifier = der::sequence(&[der::oid("1.3.6.1.4.1.32473.8"), der::null()]);
    let policy = der::sequence(&[der::oid("1.3.6.1.4.1.32473.7"), der::sequence(&[qualifier])]);
    let policies = Extension::new(oid::CERTIFICATE_POLICIES, der::sequence(&[policy])).critical();
    let point = Extension::crl_distribution_point("http://crl.example/1").critical();
    vec![
        client("unknown-qualifier", "A critical certificatePolicies with a qualifier that nobody knows, beside what the application processes.", &[dice(), policies], &[DICE])
            .refuse(UNHANDLED_EXTENSION, "client")
            .message(oid::CERTIFICATE_POLICIES),
        client("point", "A critical cRLDistributionPoints that nobody looks at, beside what the application processes.", &[dice(), point], &[DICE])
            .refuse(UNHANDLED_EXTENSION, "client")
            .message(oid::CRL_DISTRIBUTION_POINTS),
        client("freshest-crl", "A freshestCRL is not processed here, and the application may.", &[Extension::freshest_crl(&[crate::DistributionPoint::uri("http://crl.example/1")]).critical()], &["2.5.29.46"]),
    ]
}
