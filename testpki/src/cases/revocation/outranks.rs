//! That a certificate is revoked or denied outranks whatever else was found, where its signature
//! holds.

use super::{
    DENIED, REVOKED, client, crossed, deny, old_root, plain_crl, revoking, whatever_is_allowed,
    whole_path,
};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Crl, Extension, GeneralName, Key};

const RULE: &str = "docs/guide/revocation.md";

pub(super) fn cases() -> Vec<Case> {
    [
        revoked_elsewhere(),
        denied_elsewhere(),
        limits(),
        of_the_client(),
        strangers(),
    ]
    .concat()
}

/// What is wrong with the path over the old root.
fn other_faults() -> Vec<(&'static str, &'static str, Cert, Cert)> {
    let old_root = old_root();
    vec![
        (
            "expired",
            "has an expired intermediate",
            crossed().not_after("2026-05-31T23:59:59Z"),
            old_root.clone(),
        ),
        (
            "not-yet-valid",
            "has an intermediate that is not valid yet",
            crossed().not_before("2026-06-02T00:00:00Z"),
            old_root.clone(),
        ),
        (
            "anchor-expired",
            "has an expired anchor",
            crossed(),
            old_root.clone().not_after("2026-05-31T23:59:59Z"),
        ),
        (
            "constrained",
            "has name constraints that the client breaks",
            crossed().extension(Extension::name_constraints(
                &[Extension::subtree(&GeneralName::dns("bob.example"))],
                &[],
            )),
            old_root.clone(),
        ),
        (
            "path-length",
            "has an anchor that allows no intermediate",
            crossed(),
            old_root
                .clone()
                .extension(Extension::basic_constraints(true, Some(0))),
        ),
        (
            "critical-unknown",
            "has an unknown critical extension",
            crossed().extension(Extension::unknown().critical()),
            old_root.clone(),
        ),
        (
            "signature-wrong",
            "has a signature that does not hold",
            crossed().flip_signature_bit(),
            old_root.clone(),
        ),
        (
            "unknown-status",
            "has an intermediate of which no CRL tells whether it is revoked",
            crossed(),
            old_root,
        ),
    ]
}

/// The intermediate of one path is revoked, and the other path fails for another reason.
fn revoked_elsewhere() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, fault, crossed, old_root) in other_faults() {
        let crls = [plain_crl(), Crl::of(&root()).revoke(&issuing())];
        let of_old_root = Crl::of(&old_root);
        let crls = match name {
            "unknown-status" => crls.to_vec(),
            _ => [&crls[..], &[of_old_root]].concat(),
        };
        let chains = [
            ("", vec![alice(), issuing(), crossed.clone()]),
            ("-swapped", vec![alice(), crossed, issuing()]),
        ];
        for (order, chain) in chains {
            let position = if order.is_empty() {
                "presented 1"
            } else {
                "presented 2"
            };
            cases.push(
                whole_path(
                    &format!("outranks-{name}{order}"),
                    RULE,
                    &format!("The intermediate of one path is revoked, and the other path {fault}: refused because it is revoked."),
                )
                .anchors(&[root(), old_root.clone()])
                .chain(&chain)
                .crls(&crls)
                .refuse(REVOKED, position),
            );
        }
    }
    cases
}

/// The intermediate of one path is denied, and the other path fails for another reason.
fn denied_elsewhere() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, fault, crossed, old_root) in other_faults() {
        if name == "unknown-status" {
            continue;
        }
        cases.push(
            Case::new(
                &format!("revocation-outranks-denied-{name}"),
                RULE,
                &format!("The intermediate of one path is denied, and the other path {fault}: refused because it is denied."),
            )
            .anchors(&[root(), old_root])
            .chain(&[alice(), issuing(), crossed])
            .deny("certificates", &[&deny::certificate(&issuing())])
            .refuse(DENIED, "presented 1"),
        );
    }
    cases
}

/// The intermediate of the short path is revoked, and a longer path takes more than a limit allows.
fn limits() -> Vec<Case> {
    let mut issuer = old_root();
    let mut longer = Vec::new();
    for number in 1..=5 {
        let name = format!("CA {number}");
        issuer = Cert::ca(&name, &Key::p256(&name)).issued_by(&issuer);
        longer.push(issuer.clone());
    }
    let crossed = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&issuer);
    let chain = [&[alice(), crossed][..], &longer].concat();
    let case = |name: &str, fault: &str| {
        whole_path(
            &format!("outranks-limit-{name}"),
            RULE,
            &format!("The intermediate of the short path is revoked, and the longer one {fault}: refused because it is revoked."),
        )
        .anchors(&[root(), old_root()])
        .chain(&chain)
        .intermediates(&[issuing()])
        .crls(&[plain_crl(), Crl::of(&root()).revoke(&issuing())])
        .refuse(REVOKED, "intermediate")
    };
    vec![
        case("signatures", "has too many signatures").policy_number("limits.signatures", 4),
        case("work", "takes too much work").policy_number("limits.work", 80_000),
        case("intermediates", "has too many intermediates")
            .policy_number("limits.intermediates", 5),
    ]
}

/// The client is revoked, and another path fails for another reason, or another CRL is of no use.
fn of_the_client() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, fault, crossed, old_root) in other_faults() {
        cases.push(
            client(
                &format!("outranks-client-{name}"),
                RULE,
                &format!("The client is revoked, and one of its two paths {fault}: refused because it is revoked."),
            )
            .anchors(&[root(), old_root])
            .chain(&[alice(), crossed, issuing()])
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        );
    }
    let unknown = Key::p256("nobody");
    let users = crate::IssuingDistributionPoint::new().only_user_certs();
    let stale = plain_crl()
        .point(&users)
        .next_update("2026-05-01T00:00:00Z");
    let case = |name: &str, description: &str, crls: &[Crl]| {
        client(&format!("outranks-client-{name}"), RULE, description)
            .crls(crls)
            .refuse(REVOKED, "client")
    };
    cases.extend(whatever_is_allowed(vec![
        case("and-unsigned", "The issuer's CRL and one by an unknown key name the client: refused because it is revoked.", &[revoking(), revoking().number(7).signed_by(&unknown)]),
        case("and-stale", "The issuer's CRL names the client, and one about users is stale: refused because it is revoked.", &[revoking(), stale]),
    ]));
    let sub = Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing());
    let below = crate::cases::fixture::alice_of(&sub);
    cases.push(
        whole_path(
            "outranks-intermediate-unknown",
            RULE,
            "Nothing is known of the client, and its issuer is revoked: refused because that is revoked.",
        )
        .chain(&[below, sub.clone(), issuing()])
        .crls(&[plain_crl().revoke(&sub), Crl::of(&root())])
        .refuse(REVOKED, "presented 1"),
    );
    cases
}

/// Nobody learns whether a serial number is revoked by a certificate that its issuer did not sign.
fn strangers() -> Vec<Case> {
    let forged = || alice().flip_signature_bit();
    let case = |name: &str, description: &str| {
        client(&format!("outranks-not-{name}"), RULE, description).refuse("bad-signature", "client")
    };
    vec![
        case("forged-revoked", "The client's signature does not hold, and its serial number is revoked: refused for the signature.")
            .chain(&[forged(), issuing()])
            .crls(&[revoking()]),
        case("forged-good", "The client's signature does not hold, and its serial number is not revoked: refused for the signature.")
            .chain(&[forged(), issuing()]),
        case("forged-denied", "The client's signature does not hold, and its serial number is denied: refused for the signature.")
            .chain(&[forged(), issuing()])
            .deny("serials", &[&deny::serial(&alice())]),
        case("impostor-revoked", "An impostor of the issuer's name signed the client, and the issuer's CRL has its serial number: refused for the signature.")
            .chain(&[alice().signed_by(&Key::p256("impostor"))])
            .intermediates(&[issuing()])
            .crls(&[revoking()]),
    ]
}
