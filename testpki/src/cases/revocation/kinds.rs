//! CRLs about users, about CAs, about attribute certificates.

use super::faults::Fault;
use super::{UNKNOWN, client, out_of_scope, plain_crl, used, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Crl, Extension, IssuingDistributionPoint, KeyUsage};

const RULE: &str = "RFC 5280 §6.3.3 (b)(2), §5.2.5";

pub(super) fn cases() -> Vec<Case> {
    [
        of_clients(),
        of_intermediates(),
        clients_that_are_cas(),
        two_flags(),
    ]
    .concat()
}

fn users() -> IssuingDistributionPoint {
    IssuingDistributionPoint::new().only_user_certs()
}

fn cas() -> IssuingDistributionPoint {
    IssuingDistributionPoint::new().only_ca_certs()
}

fn attributes() -> IssuingDistributionPoint {
    IssuingDistributionPoint::new().only_attribute_certs()
}

fn of_clients() -> Vec<Case> {
    let no_ca = || {
        let constraints = Extension::basic_constraints(false, None);
        [alice().extension(constraints), issuing()]
    };
    [
        used(
            "only-users-client",
            RULE,
            "The CRL is about users, and the client is one.",
            |case, crl| case.crls(&[crl.point(&users())]),
        ),
        used(
            "only-users-client-no-ca",
            RULE,
            "The CRL is about users, and the client says that it is no CA.",
            |case, crl| case.chain(&no_ca()).crls(&[crl.point(&users())]),
        ),
        out_of_scope(
            "only-cas-client",
            RULE,
            "The CRL is about CAs, and the client is none.",
            |case, crl| case.crls(&[crl.point(&cas())]),
        ),
        out_of_scope(
            "only-attributes-client",
            RULE,
            "The CRL is about attribute certificates, and the client's is none.",
            |case, crl| case.crls(&[crl.point(&attributes())]),
        ),
        used(
            "only-cas-and-only-users-client",
            RULE,
            "One CRL is about CAs, another one about users.",
            |case, crl| case.crls(&[super::plain_crl().point(&cas()), crl.point(&users())]),
        ),
    ]
    .concat()
}

fn of_intermediates() -> Vec<Case> {
    let of_root = |point: &IssuingDistributionPoint| Crl::of(&root()).point(point);
    let case = |name: &str, description: &str, of_root: Crl| {
        whole_path(name, RULE, description).crls(&[plain_crl(), of_root])
    };
    vec![
        case("only-cas-intermediate", "The root's CRL is about CAs, as the intermediate is.", of_root(&cas())),
        case("only-cas-intermediate-revoked", "The root's CRL is about CAs, and has the intermediate: refused.", of_root(&cas()).revoke(&issuing()))
            .refuse(super::REVOKED, "presented 1"),
        case("only-users-intermediate-denied", "The root's CRL is about users, and the intermediate is none: refused.", of_root(&users()))
            .untold(Fault::Scope, "presented 1"),
        case("only-users-intermediate-allowed", "The root's CRL is about users, and has the serial number of the intermediate, of which nothing need be known.", of_root(&users()).revoke(&issuing()))
            .policy("revocation.unknown", "allow")
            .revocation(&["good", "unknown", "not-checked"]),
        case("only-attributes-intermediate", "The root's CRL is about attribute certificates: refused.", of_root(&attributes()))
            .untold(Fault::Scope, "presented 1"),
        whole_path("only-users-and-only-cas", RULE, "The client's CRL is about users, that of its issuer about CAs.")
            .crls(&[plain_crl().point(&users()), of_root(&cas())]),
        whole_path("only-cas-and-only-users", RULE, "The client's CRL is about CAs, that of its issuer about users: nothing is known of either.")
            .policy("revocation.unknown", "allow")
            .crls(&[plain_crl().point(&cas()).revoke(&alice()), of_root(&users()).revoke(&issuing())])
            .revocation(&["unknown", "unknown", "not-checked"]),
    ]
}

/// basicConstraints decides, and not where in the path a certificate is.
fn clients_that_are_cas() -> Vec<Case> {
    let ca = || -> [Cert; 2] {
        let client = alice()
            .extension(Extension::basic_constraints(true, None))
            .extension(Extension::key_usage(&[
                KeyUsage::DigitalSignature,
                KeyUsage::KeyCertSign,
            ]));
        [client, issuing()]
    };
    let with = |point: IssuingDistributionPoint| {
        move |case: Case, crl: Crl| {
            case.policy("client-ca", "accept")
                .chain(&ca())
                .crls(&[crl.point(&point)])
        }
    };
    [
        used(
            "only-cas-client-ca",
            RULE,
            "The CRL is about CAs, and the client is one, which the policy accepts.",
            with(cas()),
        ),
        out_of_scope(
            "only-users-client-ca",
            RULE,
            "The CRL is about users, and the client is a CA, which the policy accepts.",
            with(users()),
        ),
    ]
    .concat()
}

/// Which RFC 5280 does not allow: nothing is both.
fn two_flags() -> Vec<Case> {
    let case = |name: &str, description: &str, point: IssuingDistributionPoint| {
        client(name, RULE, description)
            .policy("revocation.unknown", "allow")
            .crls(&[plain_crl().point(&point).revoke(&alice())])
            .revocation(&UNKNOWN)
    };
    vec![
        case(
            "only-users-only-cas",
            "The CRL is about users that are CAs: the client is none, and nothing need be known of it.",
            users().only_ca_certs(),
        ),
        case(
            "only-users-only-attributes",
            "The CRL is about attribute certificates of users: the client's is none, and nothing need be known of it.",
            users().only_attribute_certs(),
        ),
    ]
}
