//! Serial numbers of trust anchors, which no profile asks about, and of the certificates below
//! them, which `Rfc5280` does.

use crate::Cert;
use crate::cases::Case;
use crate::cases::fixture::{alice_of, root};

const NON_CONFORMING: &str = "non-conforming";
const RULE: &str = "RFC 5280 §4.1.2.2, docs/PROFILES.md";

pub(super) fn cases() -> Vec<Case> {
    let not_positive = "serial number zero or negative";
    let serials: [(&str, &str, &[u8], &str); 3] = [
        ("zero", "0, as Starfield Root G2 has", &[0], not_positive),
        ("negative", "-1", &[0xff], not_positive),
        (
            "21-octets",
            "21 octets",
            &[0x7f; 21],
            "serial number of more than 20 octets",
        ),
    ];
    let of_anchors = serials.iter().flat_map(|(name, what, serial, _)| {
        ["compatible", "rfc5280"].map(|profile| {
            case(
                profile,
                name,
                "anchor",
                &format!("An anchor's serial number is {what}: accepted."),
            )
            .anchors(&[root().serial(serial)])
        })
    });
    let of_an_anchor_and_its_client = serials.iter().map(|(name, what, serial, rule)| {
        let root = root().serial(serial);
        let client = alice_of(&root).serial(serial);
        let description = format!(
            "The serial numbers of anchor and client are {what}: refused, for the client's."
        );
        case("rfc5280", name, "anchor-and-client", &description)
            .anchors(&[root])
            .chain(&[client])
            .refuse(NON_CONFORMING, "client")
            .message(rule)
    });
    // The same certificate is one more CA where it is not the anchor of the path.
    let (above, cross) = serial_zero_below_another_anchor();
    let no_anchor = case(
        "rfc5280",
        "zero",
        "former-anchor",
        "The serial number 0 of a root that is here below another anchor: refused.",
    )
    .anchors(&[above])
    .chain(&[alice_of(&cross), cross])
    .refuse(NON_CONFORMING, "presented 1")
    .message(not_positive);
    of_anchors
        .chain(of_an_anchor_and_its_client)
        .chain([no_anchor])
        .collect()
}

fn case(profile: &str, serial: &str, of: &str, description: &str) -> Case {
    Case::new(
        &format!("profile-{profile}-serial-{serial}-{of}"),
        RULE,
        description,
    )
    .policy("profile", profile)
}

fn serial_zero_below_another_anchor() -> (Cert, Cert) {
    let above = super::fixture::stranger();
    let cross = root().issued_by(&above).serial(&[0]);
    (above, cross)
}
