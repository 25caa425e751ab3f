//! The limits that are always on. A limit is the most that is allowed.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root, stranger};
use crate::{Cert, Extension, Key, oid};

const TOO_MANY_PRESENTED: &str = "too-many-presented";
const PATH_TOO_LONG: &str = "path-too-long";
const TOO_LARGE: &str = "certificate-too-large";
const SIGNATURE_LIMIT: &str = "signature-limit";
const WORK_LIMIT: &str = "work-limit";

pub(super) fn cases() -> Vec<Case> {
    [
        presented(),
        intermediates(),
        sizes(),
        work(),
        anchors_to_come(),
    ]
    .concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(
        &format!("limit-{name}"),
        "RFC 5280 §6.1 (implementation limits)",
        description,
    )
}

fn presented() -> Vec<Case> {
    let padded_to = |count: usize| {
        let mut chain = vec![alice(), issuing()];
        chain.resize(count, stranger());
        chain
    };
    vec![
        case(
            "presented-16",
            "16 presented certificates are as many as the default allows.",
        )
        .chain(&padded_to(16)),
        case(
            "presented-17",
            "17 presented certificates are one too many.",
        )
        .chain(&padded_to(17))
        .refuse(TOO_MANY_PRESENTED, "none"),
        case(
            "presented-3-of-3",
            "Three presented certificates where three are allowed.",
        )
        .policy_number("limits.presented", 3)
        .chain(&padded_to(3)),
        case(
            "presented-4-of-3",
            "Four presented certificates where three are allowed.",
        )
        .policy_number("limits.presented", 3)
        .chain(&padded_to(4))
        .refuse(TOO_MANY_PRESENTED, "none"),
    ]
}

/// A client below this many intermediates: client first, and the path's subjects.
fn deep(intermediates: usize) -> (Vec<Cert>, Vec<String>) {
    let mut chain = Vec::new();
    let mut path = vec!["CN=Root".to_owned()];
    let mut issuer = root();
    for number in 1..=intermediates {
        let name = format!("CA {number}");
        issuer = Cert::ca(&name, &Key::p256(&name)).issued_by(&issuer);
        chain.insert(0, issuer.clone());
        path.insert(0, format!("CN={name}"));
    }
    chain.insert(0, alice_of(&issuer));
    path.insert(0, "CN=alice".to_owned());
    (chain, path)
}

fn intermediates() -> Vec<Case> {
    let through = |case: Case, intermediates: usize| {
        let (chain, path) = deep(intermediates);
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        case.chain(&chain).path(&path)
    };
    vec![
        through(
            case(
                "intermediates-8",
                "A path of 8 intermediates is as long as the default allows.",
            ),
            8,
        ),
        through(
            case("intermediates-9", "A path of 9 intermediates is too long."),
            9,
        )
        .refuse(PATH_TOO_LONG, "none"),
        through(
            case(
                "intermediates-0-of-0",
                "No intermediate where none is allowed.",
            ),
            0,
        )
        .policy_number("limits.intermediates", 0),
        through(
            case(
                "intermediates-1-of-0",
                "One intermediate where none is allowed.",
            ),
            1,
        )
        .policy_number("limits.intermediates", 0)
        .refuse(PATH_TOO_LONG, "none"),
        through(
            case(
                "intermediates-2-of-2",
                "Two intermediates where two are allowed.",
            ),
            2,
        )
        .policy_number("limits.intermediates", 2),
        through(
            case(
                "intermediates-3-of-2",
                "Three intermediates where two are allowed.",
            ),
            3,
        )
        .policy_number("limits.intermediates", 2)
        .refuse(PATH_TOO_LONG, "none"),
    ]
}

/// `cert`, made exactly this many octets long by an extension that nobody knows. Its issuer must
/// sign with Ed25519, whose signatures all have one length.
fn sized(cert: &Cert, octets: usize) -> Cert {
    let filled = |filler: usize| {
        cert.clone()
            .extension(Extension::new(oid::UNKNOWN_EXTENSION, vec![0; filler]))
    };
    // From 256 octets on, a longer filler needs no longer lengths.
    let rest = filled(256).der().len() - 256;
    let sized = filled(octets - rest);
    assert_eq!(sized.der().len(), octets);
    sized
}

fn sizes() -> Vec<Case> {
    let issuing = Cert::ca("Issuing CA", &Key::ed25519("issuing")).issued_by(&root());
    let client = Cert::client("alice", &Key::ed25519("alice")).issued_by(&issuing);
    let big_stranger = Cert::ca("Stranger", &Key::ed25519("stranger"));
    vec![
        case(
            "size-16384",
            "A client of 16,384 octets is as large as the default allows.",
        )
        .chain(&[sized(&client, 16_384), issuing.clone()]),
        case("size-16385", "A client of 16,385 octets is one too large.")
            .chain(&[sized(&client, 16_385), issuing.clone()])
            .refuse(TOO_LARGE, "client"),
        case(
            "size-1000-of-1000",
            "A client of 1,000 octets where 1,000 are allowed.",
        )
        .policy_number("limits.certificate-bytes", 1_000)
        .chain(&[sized(&client, 1_000), issuing.clone()]),
        case(
            "size-1001-of-1000",
            "A client of 1,001 octets where 1,000 are allowed.",
        )
        .policy_number("limits.certificate-bytes", 1_000)
        .chain(&[sized(&client, 1_001), issuing.clone()])
        .refuse(TOO_LARGE, "client"),
        case(
            "size-stranger",
            "A stranger that is too large is refused like any presented certificate.",
        )
        .policy_number("limits.certificate-bytes", 1_000)
        .chain(&[client, issuing, sized(&big_stranger, 1_001)])
        .refuse(TOO_LARGE, "presented 2"),
    ]
}

fn work() -> Vec<Case> {
    vec![
        case(
            "signatures-2-of-2",
            "Client and one intermediate need two signatures, and two are allowed.",
        )
        .policy_number("limits.signatures", 2),
        case(
            "signatures-2-of-1",
            "Client and one intermediate need two signatures, and one is allowed.",
        )
        .policy_number("limits.signatures", 1)
        .refuse(SIGNATURE_LIMIT, "client"),
        case(
            "work-1000",
            "A tenth of 1,000 units is not enough to read the client's certificate.",
        )
        .policy_number("limits.work", 1_000)
        .chain(&deep(3).0)
        .refuse(WORK_LIMIT, "client")
        .message("reading what was presented"),
        case(
            "work-10000",
            "A tenth of 10,000 units is enough to find a path, and not for its signatures.",
        )
        .policy_number("limits.work", 10_000)
        .chain(&deep(3).0)
        .refuse(WORK_LIMIT, "presented 3")
        .message("verifying signatures"),
        case(
            "work-100000",
            "A tenth of 100,000 units is enough for four signatures.",
        )
        .policy_number("limits.work", 100_000)
        .chain(&deep(3).0)
        .path(&deep(3).1.iter().map(String::as_str).collect::<Vec<_>>()),
    ]
}

/// Anchors of one name, all but one of which begin in August: a verdict ends before they could use
/// up a limit.
fn anchors_to_come() -> Vec<Case> {
    let anchor = || root().without_extension(oid::SUBJECT_KEY_IDENTIFIER);
    let namesake = |number: usize| {
        // The key identifier that the intermediate names: these are tried first.
        Cert::ca("Root", &Key::p256(&format!("root {number}")))
            .extension(Extension::subject_key_identifier(
                &Key::p256("root").identifier(),
            ))
            .not_before("2026-08-01T00:00:00Z")
    };
    let anchors = |later: usize| -> Vec<Cert> {
        let mut anchors: Vec<_> = (0..later).map(namesake).collect();
        anchors.push(anchor());
        anchors
    };
    vec![
        case(
            "anchors-to-come-3",
            "Three more anchors of the name begin in August, for which the limit on signatures has room.",
        )
        .anchors(&anchors(3)),
        case(
            "anchors-to-come-29",
            "29 more anchors of the name begin in August, which could use up the limit on signatures: the verdict ends before.",
        )
        .anchors(&anchors(29))
        .valid_until("2026-07-31T23:59:59Z"),
        case(
            "anchors-to-come-29-there",
            "29 more anchors of the name have begun, and use up the work that is left for signatures.",
        )
        .time("2026-08-01T00:00:00Z")
        .anchors(&anchors(29))
        .refuse(WORK_LIMIT, "presented 1")
        .message("verifying signatures"),
        case(
            "anchors-to-come-29-there-more-work",
            "The same, where more work is allowed: they use up the limit on signatures.",
        )
        .policy_number("limits.work", 1_000_000)
        .time("2026-08-01T00:00:00Z")
        .anchors(&anchors(29))
        .refuse(SIGNATURE_LIMIT, "presented 1"),
    ]
}
