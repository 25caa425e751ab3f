//! A critical cRLDistributionPoints is processed where the certificate's revocation is checked, and
//! only there.

use super::{REVOKED, UNKNOWN, by, client, plain_crl, revoking, whole_path};
use crate::KeyUsage::CrlSign;
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Crl, Extension, IssuingDistributionPoint, Key, Name, der, oid};

const RULE: &str = "RFC 5280 §4.2, §4.2.1.13";

const UNHANDLED_EXTENSION: &str = "unhandled-extension";
const POINT: &str = "http://crl.example/1";

pub(super) fn cases() -> Vec<Case> {
    [of_clients(), of_issuers(), malformed(), of_signers()].concat()
}

fn critical(cert: Cert) -> Cert {
    cert.extension(Extension::crl_distribution_point(POINT).critical())
}

fn of_clients() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        client(&format!("critical-point-{name}"), RULE, description)
            .chain(&[critical(alice()), issuing()])
    };
    vec![
        case("checked", "The client's points are critical, and its revocation is checked."),
        case("checked-its-crl", "The client's points are critical, and there is the CRL that they mean.")
            .crls(&[plain_crl().point(&IssuingDistributionPoint::uri(POINT))]),
        case("checked-revoked", "The client's points are critical, and it is revoked: refused for that.")
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        case("checked-missing", "The client's points are critical, and there is no CRL: refused for that.")
            .without_file("crls.pem")
            .without_crl("client"),
        case("checked-missing-allowed", "The client's points are critical and were looked for; nothing is known, which is allowed.")
            .without_file("crls.pem")
            .policy("revocation.unknown", "allow")
            .revocation(&UNKNOWN),
        case("off", "The client's points are critical, and revocation is off: refused.")
            .policy("revocation.scope", "off")
            .refuse(UNHANDLED_EXTENSION, "client").message(oid::CRL_DISTRIBUTION_POINTS),
        case("off-crls", "The client's points are critical, and revocation is off although there is their CRL: refused.")
            .policy("revocation.scope", "off")
            .crls(&[plain_crl().point(&IssuingDistributionPoint::uri(POINT))])
            .refuse(UNHANDLED_EXTENSION, "client").message(oid::CRL_DISTRIBUTION_POINTS),
        case("pinned", "The pinned client's points are critical, and no CRL is looked at for a pin; its path holds, with its CRL.")
            .pins(&[critical(alice())]),
        client("critical-point-and-unknown", RULE, "The client's points are critical, and so is an unknown extension: refused.")
            .chain(&[critical(alice()).extension(Extension::unknown().critical()), issuing()])
            .refuse(UNHANDLED_EXTENSION, "client").message(oid::UNKNOWN_EXTENSION),
        Case::new("revocation-point-not-critical-off", RULE, "The client's points are not critical, and revocation is off.")
            .policy("revocation.scope", "off")
            .chain(&[alice().extension(Extension::crl_distribution_point(POINT)), issuing()])
            .revocation(&["not-checked"; 3]),
    ]
}

fn of_issuers() -> Vec<Case> {
    let chain = || [alice(), critical(issuing())];
    vec![
        whole_path(
            "critical-point-intermediate",
            RULE,
            "The intermediate's points are critical, and the whole path is checked.",
        )
        .chain(&chain()),
        client(
            "critical-point-intermediate-client-only",
            RULE,
            "The intermediate's points are critical, and only the client is checked: refused.",
        )
        .chain(&chain())
        .refuse(UNHANDLED_EXTENSION, "presented 1")
        .message(oid::CRL_DISTRIBUTION_POINTS),
        whole_path(
            "critical-point-intermediate-revoked",
            RULE,
            "The intermediate's points are critical, and it is revoked: refused for that.",
        )
        .chain(&chain())
        .crls(&[plain_crl(), Crl::of(&root()).revoke(&issuing())])
        .refuse(REVOKED, "presented 1"),
        whole_path(
            "critical-point-anchor",
            RULE,
            "The anchor's points are critical, and an anchor is never looked up: refused.",
        )
        .anchors(&[critical(root())])
        .refuse(UNHANDLED_EXTENSION, "anchor")
        .message(oid::CRL_DISTRIBUTION_POINTS),
    ]
}

/// What is critical and cannot be read cannot be processed.
fn malformed() -> Vec<Case> {
    let points = Extension::new(oid::CRL_DISTRIBUTION_POINTS, der::null());
    vec![
        client("critical-point-malformed", RULE, "The client's points are critical and malformed, and its revocation is checked: refused.")
            .chain(&[alice().extension(points.clone().critical()), issuing()])
            .refuse("malformed", "client")
            .message("cRLDistributionPoints"),
        client("point-malformed", RULE, "The client's points are malformed and not critical, and its revocation is checked. Nobody can tell which CRLs they lead to: refused.")
            .chain(&[alice().extension(points.clone()), issuing()])
            .refuse("malformed", "client")
            .message("cRLDistributionPoints"),
        client("point-malformed-intermediate-client-only", RULE, "The points of an intermediate are malformed and not critical, and only the client's revocation is checked: nobody reads them.")
            .chain(&[alice(), issuing().extension(points.clone())]),
        Case::new("revocation-point-malformed-off", RULE, "The client's points are malformed and not critical, and revocation is off: nobody reads them.")
            .policy("revocation.scope", "off")
            .chain(&[alice().extension(points), issuing()])
            .revocation(&["not-checked"; 3]),
    ]
}

/// What the application processes on the client's path is not handed to it on that of a separate
/// CRL signer: there it refuses, and the CRL does not vouch.
fn of_signers() -> Vec<Case> {
    const DICE: &str = "2.23.133.5.4.1";
    let dice = || Extension::new(DICE, der::null()).critical();
    let key = Key::p256("CRLs");
    let signer = |issuer: &Cert| {
        Cert::bare(Name::cn("Issuing CA"), &key)
            .extension(Extension::key_usage(&[CrlSign]))
            .extension(Extension::subject_key_identifier(&key.identifier()))
            .issued_by(issuer)
    };
    let crl_ca = Cert::ca("CRL CA", &Key::p256("crl ca")).issued_by(&root());
    let case = |name: &str, description: &str| {
        client(
            &format!("critical-processed-{name}"),
            "RFC 5280 §4.2",
            description,
        )
        .policy_field("processed-extensions", format!("[{{ path = \"{DICE}\" }}]"))
    };
    let plain = signer(&root());
    let marked = plain.clone().extension(dice());
    let marked_ca = crl_ca.clone().extension(dice());
    let below_ca = signer(&crl_ca);
    vec![
        case("signer-none", "A separate CRL signer without the extension.")
            .chain(&[alice().extension(dice()), issuing(), plain.clone()])
            .crls(&[by(&plain, plain_crl())]),
        case("signer", "A separate CRL signer with the extension: nobody processes it there.")
            .chain(&[alice().extension(dice()), issuing(), marked.clone()])
            .crls(&[by(&marked, plain_crl())])
            .refuse("revocation-unknown", "client"),
        case("signer-issuer", "The CA of a separate CRL signer with the extension: nobody processes it there.")
            .chain(&[alice(), issuing(), below_ca.clone(), marked_ca])
            .crls(&[by(&below_ca, plain_crl())])
            .refuse("revocation-unknown", "client"),
        case("signer-issuer-none", "The CA of a separate CRL signer without the extension.")
            .chain(&[alice(), issuing(), below_ca.clone(), crl_ca])
            .crls(&[by(&below_ca, plain_crl())]),
        case("signer-own", "The CA that issued the client signs its CRLs, and is on the client's path: its extension is handed over.")
            .chain(&[alice(), issuing().extension(dice())]),
        case("signer-shared", "The anchor has the extension: it holds on the client's path, and not on the CRL signer's.")
            .anchors(&[root().extension(dice())])
            .chain(&[alice(), issuing(), plain.clone()])
            .crls(&[by(&plain, plain_crl())])
            .refuse("revocation-unknown", "client"),
    ]
}
