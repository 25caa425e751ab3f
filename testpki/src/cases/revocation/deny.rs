//! The deny list: by certificate, by key, by issuer and serial number, whatever else the policy
//! says.

use sha2::{Digest, Sha256};

use super::{DENIED, client};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root, stranger};
use crate::{Cert, Key};

const RULE: &str = "the deny list (RFC 5280 §6.1 leaves further checks to the application)";

pub(super) fn cases() -> Vec<Case> {
    [
        kinds(),
        others(),
        serials(),
        renewed(),
        with_revocation(),
        several_paths(),
    ]
    .concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(&format!("revocation-deny-{name}"), RULE, description)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

pub(super) fn certificate(cert: &Cert) -> String {
    hex(&Sha256::digest(cert.der()))
}

fn key(cert: &Cert) -> String {
    hex(&Sha256::digest(cert.spki_der()))
}

pub(super) fn serial(cert: &Cert) -> String {
    with_serial(cert, &cert.serial_octets())
}

/// The issuer of this certificate, and any serial number.
fn with_serial(cert: &Cert, serial: &[u8]) -> String {
    format!("{}:{}", hex(cert.issuer_name().der()), hex(serial))
}

type Kind = (
    &'static str,
    &'static str,
    fn(&Cert) -> String,
    &'static str,
);

const KINDS: [Kind; 3] = [
    (
        "certificate",
        "certificates",
        certificate,
        "denied, by its SHA-256",
    ),
    ("key", "keys", key, "denied, by the SHA-256 of its key"),
    (
        "serial",
        "serials",
        serial,
        "denied, by its issuer and serial number",
    ),
];

/// Each kind of entry, and each place in the path. Revocation is off.
fn kinds() -> Vec<Case> {
    let in_path = [
        ("client", alice(), "client"),
        ("intermediate", issuing(), "presented 1"),
        ("anchor", root(), "anchor"),
    ];
    let mut cases = Vec::new();
    for (kind, table, entry, by) in KINDS {
        for (place, cert, position) in &in_path {
            let description =
                format!("The {place} is denied by its {kind}, and revocation is off: refused.");
            cases.push(
                case(&format!("{kind}-{place}"), &description)
                    .deny(table, &[&entry(cert)])
                    .refuse(DENIED, position)
                    .message(by),
            );
        }
        let description =
            format!("The intermediate of the store is denied by its {kind}: refused.");
        cases.push(
            case(&format!("{kind}-stored"), &description)
                .chain(&[alice()])
                .intermediates(&[issuing()])
                .deny(table, &[&entry(&issuing())])
                .refuse(DENIED, "intermediate")
                .message(by),
        );
        let description = format!("The pinned client is denied by its {kind}: refused.");
        cases.push(
            case(&format!("{kind}-pinned"), &description)
                .pins(&[alice()])
                .deny(table, &[&entry(&alice())])
                .refuse(DENIED, "client")
                .message(by),
        );
    }
    cases
}

/// Denied is what is on the list and in the path.
fn others() -> Vec<Case> {
    let bob = super::bob();
    let mut cases: Vec<_> = KINDS
        .iter()
        .map(|(kind, table, entry, _)| {
            let description = format!("Another client is denied by its {kind}.");
            case(&format!("{kind}-another"), &description).deny(table, &[&entry(&bob)])
        })
        .collect();
    let presented = [alice(), issuing(), stranger()];
    cases.extend([
        case(
            "not-in-path",
            "A presented certificate that is not in the path is denied.",
        )
        .chain(&presented)
        .deny("certificates", &[&certificate(&stranger())]),
        case(
            "another-anchor",
            "An anchor that is not in the path is denied.",
        )
        .anchors(&[stranger(), root()])
        .deny("keys", &[&key(&stranger())]),
        case(
            "pinned-another",
            "Another client than the pinned one is denied.",
        )
        .pins(&[alice()])
        .deny("certificates", &[&certificate(&bob)])
        .path(&["CN=alice"])
        .revocation(&["not-checked"]),
        case(
            "pinned-issuer",
            "The issuer of a pinned client is denied, which is not in its path: the pin stands.",
        )
        .pins(&[alice()])
        .deny("keys", &[&key(&issuing())])
        .path(&["CN=alice"])
        .revocation(&["not-checked"]),
        case(
            "among-others",
            "The client is the last of several that are denied: refused.",
        )
        .deny(
            "certificates",
            &[
                &certificate(&bob),
                &certificate(&stranger()),
                &certificate(&alice()),
            ],
        )
        .refuse(DENIED, "client"),
        case(
            "kinds-together",
            "Others are denied by certificate and key, the client by its serial number: refused.",
        )
        .deny("certificates", &[&certificate(&bob)])
        .deny("keys", &[&key(&stranger())])
        .deny("serials", &[&serial(&alice())])
        .refuse(DENIED, "client")
        .message("denied, by its issuer and serial number"),
    ]);
    cases
}

fn serials() -> Vec<Case> {
    let rule = "RFC 5280 §4.1.2.2, the deny list";
    let alice = alice().serial(&[0, 0x80, 1]);
    let case = |name: &str, description: &str, entry: String| {
        Case::new(&format!("revocation-deny-{name}"), rule, description)
            .chain(&[alice.clone(), issuing()])
            .deny("serials", &[&entry])
    };
    let refused = |case: Case| case.refuse(DENIED, "client");
    vec![
        refused(case(
            "serial-zero-octet",
            "The client's serial number begins with a zero octet, and is denied as it is: refused.",
            with_serial(&alice, &[0, 0x80, 1]),
        )),
        refused(case(
            "serial-zero-octet-left-out",
            "The client's serial number begins with a zero octet, which the deny list leaves out: refused.",
            with_serial(&alice, &[0x80, 1]),
        )),
        refused(case(
            "serial-zero-octets-more",
            "The deny list has more zero octets in front than the client's serial number: refused.",
            with_serial(&alice, &[0, 0, 0, 0x80, 1]),
        )),
        case(
            "serial-zero-octet-behind",
            "The deny list has a zero octet behind the client's serial number: that is another one.",
            with_serial(&alice, &[0x80, 1, 0]),
        ),
        case(
            "serial-octet-more",
            "The deny list has another octet in front of the client's serial number: that is another one.",
            with_serial(&alice, &[1, 0x80, 1]),
        ),
        case(
            "serial-other-issuer",
            "The client's serial number is denied under another issuer.",
            with_serial(&issuing(), &[0, 0x80, 1]),
        ),
        case(
            "serial-of-subject",
            "The client's serial number is denied under its own name.",
            format!("{}:{}", hex(alice.subject_name().der()), hex(&[0, 0x80, 1])),
        ),
    ]
}

/// A certificate is one certificate, a key is all of them.
fn renewed() -> Vec<Case> {
    let renewed = alice().not_after("2026-12-01T00:00:00Z");
    let new_key = Cert::client("alice", &Key::p256("alice, new")).issued_by(&issuing());
    let case = |name: &str, description: &str, client: &Cert| {
        case(name, description).chain(&[client.clone(), issuing()])
    };
    vec![
        case(
            "renewed-certificate",
            "The client's old certificate is denied, and this one is new.",
            &renewed,
        )
        .deny("certificates", &[&certificate(&alice())])
        .valid_until("2026-12-01T00:00:00Z"),
        case(
            "renewed-serial",
            "The client's old serial number is denied, and this one is new.",
            &renewed,
        )
        .deny("serials", &[&serial(&alice())])
        .valid_until("2026-12-01T00:00:00Z"),
        case(
            "renewed-key",
            "The client's key is denied, and the new certificate has it: refused.",
            &renewed,
        )
        .deny("keys", &[&key(&alice())])
        .refuse(DENIED, "client"),
        case(
            "new-key",
            "The client's old key is denied, and this one is new.",
            &new_key,
        )
        .deny("keys", &[&key(&alice())]),
    ]
}

fn with_revocation() -> Vec<Case> {
    let denied = |name: &str, description: &str| {
        client(&format!("deny-{name}"), RULE, description).deny("serials", &[&serial(&alice())])
    };
    vec![
        denied("list-good", "The client is on no CRL, and denied: refused.")
            .refuse(DENIED, "client"),
        denied(
            "unknown-allowed",
            "Nothing is known of the client, which is allowed, and it is denied: refused.",
        )
        .without_file("crls.pem")
        .policy("revocation.unknown", "allow")
        .refuse(DENIED, "client"),
        client(
            "deny-another-crl-missing",
            RULE,
            "Another client is denied, and there is no CRL about this one: refused for that.",
        )
        .without_file("crls.pem")
        .deny("serials", &[&serial(&super::bob())])
        .without_crl("client"),
        client(
            "deny-client-only",
            RULE,
            "Only the client's revocation is checked, and the intermediate is denied: refused.",
        )
        .deny("keys", &[&key(&issuing())])
        .refuse(DENIED, "presented 1"),
        client(
            "deny-expired",
            RULE,
            "The client has expired, which the policy accepts, and is denied: refused.",
        )
        .time("2026-12-31T00:00:00Z")
        .policy("expiry.client", "accept")
        .chain(&[alice().not_after("2026-12-01T00:00:00Z"), issuing()])
        .deny("keys", &[&key(&alice())])
        .refuse(DENIED, "client"),
    ]
}

/// A path without a denied certificate is enough.
fn several_paths() -> Vec<Case> {
    let old_root = Cert::ca("Old Root", &Key::p256("old root"));
    let crossed = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&old_root);
    let case = |name: &str, description: &str, denied: &Cert| {
        case(name, description)
            .anchors(&[root(), old_root.clone()])
            .chain(&[alice(), issuing(), crossed.clone()])
            .deny("certificates", &[&certificate(denied)])
    };
    vec![
        case("paths-intermediate", "The CA has two certificates, of which one is denied: the path over the other one holds.", &issuing())
            .path(&["CN=alice", "CN=Issuing CA", "CN=Old Root"]),
        case("paths-anchor", "Two anchors issued the CA, of which one is denied: the path to the other one holds.", &root())
            .path(&["CN=alice", "CN=Issuing CA", "CN=Old Root"]),
        case("paths-client", "The client is denied, on both paths: refused.", &alice())
            .refuse(DENIED, "client"),
    ]
}
