//! The two policies that look at which CRLs a store has: the default, which checks revocation once
//! there are any, and the one that asks nothing where an issuer has none.

use super::faults::Fault;
use super::{ALL_GOOD, REVOKED, STALE_CRL, bob, by, crl_issuer, plain_crl, revoking};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root, stranger};
use crate::{
    Cert, Crl, DistributionPoint, Entry, Extension, GeneralName, IssuingDistributionPoint, Name,
    Reason,
};

const RULE: &str = "RFC 5280 §6.1.3 (a)(3), §6.3.3";

const AFTER_NEXT_UPDATE: &str = "2026-12-01T00:00:00Z";
const NEXT_UPDATE: &str = "2026-07-01T12:00:00Z";

/// Nothing is known of the client and of its issuer.
const NOTHING: [&str; 3] = ["unknown", "unknown", "not-checked"];

pub(super) fn cases() -> Vec<Case> {
    [by_default(), where_published(), of_no_use(), other_names()].concat()
}

/// The policy says nothing of revocation.
fn default(name: &str, description: &str) -> Case {
    Case::new(&format!("revocation-default{name}"), RULE, description)
}

fn by_default() -> Vec<Case> {
    let root_list = || Crl::of(&root());
    vec![
        default("", "The store has a CRL that has the client: refused.")
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        default("-none", "The store has no CRLs: revocation is not checked.")
            .revocation(&["not-checked"; 3]),
        default("-good", "Both CAs have a CRL: all are good.")
            .crls(&[plain_crl(), root_list()])
            .revocation(&ALL_GOOD),
        default(
            "-issuer-revoked",
            "The root's CRL has the issuing CA: refused.",
        )
        .crls(&[plain_crl(), root_list().revoke(&issuing())])
        .refuse(REVOKED, "presented 1"),
        default(
            "-issuer-missing",
            "Only the client's issuer has a CRL. Nothing is known of the issuer itself: refused.",
        )
        .crls(&[plain_crl()])
        .without_crl("presented 1"),
        default(
            "-other-ca",
            "Only another CA has a CRL. CRLs are enforced for the whole store: refused.",
        )
        .crls(&[Crl::of(&stranger())])
        .without_crl("presented 1"),
        default(
            "-stale",
            "The client's CRL is past its nextUpdate: refused.",
        )
        .crls(&[plain_crl().next_update(NEXT_UPDATE), root_list()])
        .time(AFTER_NEXT_UPDATE)
        .refuse(STALE_CRL, "client"),
        default(
            "-pinned",
            "A pinned client has no issuer: its CRL is not looked at.",
        )
        .pins(&[alice()])
        .crls(&[revoking()])
        .path(&["CN=alice"])
        .revocation(&["not-checked"]),
        default("-auto", "The default by its name: the client is revoked.")
            .policy("revocation.scope", "auto")
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        default(
            "-unknown-allowed",
            "The default, but unknown status is allowed: the client is good, its issuer unknown.",
        )
        .policy("revocation.unknown", "allow")
        .crls(&[plain_crl()])
        .revocation(&["good", "unknown", "not-checked"]),
    ]
}

/// Unknown status is allowed where no CRL of the issuer's name is in the store.
fn published(name: &str, description: &str) -> Case {
    Case::new(&format!("revocation-published-{name}"), RULE, description)
        .policy("revocation.scope", "whole-path")
        .policy("revocation.unknown", "allow-unpublished")
}

fn where_published() -> Vec<Case> {
    vec![
        published("none", "The store has no CRLs: accepted.").revocation(&NOTHING),
        published(
            "other-ca",
            "Another CA has a CRL, this one has none: accepted.",
        )
        .crls(&[Crl::of(&stranger())])
        .revocation(&NOTHING),
        published(
            "client-only",
            "The client's issuer has a CRL, the root has none: accepted.",
        )
        .crls(&[plain_crl()])
        .revocation(&["good", "unknown", "not-checked"]),
        published(
            "issuer-only",
            "The root has a CRL, the client's issuer has none: accepted.",
        )
        .crls(&[Crl::of(&root())])
        .revocation(&["unknown", "good", "not-checked"]),
        published("both", "Both have a CRL: all are good.")
            .crls(&[plain_crl(), Crl::of(&root())])
            .revocation(&ALL_GOOD),
        published("revoked", "The client's CRL has it: refused.")
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        published(
            "issuer-revoked",
            "The root's CRL has the issuing CA: refused.",
        )
        .crls(&[Crl::of(&root()).revoke(&issuing())])
        .refuse(REVOKED, "presented 1"),
        published(
            "on-client",
            "Only the client is checked, and its issuer has no CRL: accepted.",
        )
        .policy("revocation.scope", "client-only")
        .crls(&[Crl::of(&root())])
        .revocation(&["unknown", "not-checked", "not-checked"]),
    ]
}

/// CRLs of the issuer's name that do not vouch: unknown is not allowed beside them.
fn of_no_use() -> Vec<Case> {
    let of_issuer =
        |name: &str, description: &str, crls: &[Crl]| published(name, description).crls(crls);
    let point = |point: IssuingDistributionPoint| plain_crl().point(&point);
    let crls_of_point = IssuingDistributionPoint::uri("http://crl.example/other");
    vec![
        of_issuer(
            "stale",
            "The issuer's CRL is past its nextUpdate: refused.",
            &[plain_crl().next_update(NEXT_UPDATE)],
        )
        .time(AFTER_NEXT_UPDATE)
        .refuse(STALE_CRL, "client"),
        published(
            "stale-accepted",
            "The issuer's CRL is stale, which the policy accepts.",
        )
        .policy("revocation.stale", "accept")
        .crls(&[plain_crl().next_update(NEXT_UPDATE)])
        .time(AFTER_NEXT_UPDATE)
        .revocation(&["stale", "unknown", "not-checked"]),
        of_issuer(
            "future",
            "The issuer's CRL is from the future: refused.",
            &[plain_crl().this_update("2026-12-01T00:00:00Z")],
        )
        .untold(Fault::Future, "client"),
        of_issuer(
            "forged",
            "Another key signed the CRL with the issuer's name: refused.",
            &[by(&stranger(), plain_crl())],
        )
        .untold(Fault::Signature, "client"),
        of_issuer(
            "forged-names",
            "Another key signed the CRL that has the client: refused.",
            &[by(&stranger(), revoking())],
        )
        .named(Fault::Signature, "client"),
        of_issuer(
            "other-point",
            "The issuer's CRL is for another distribution point: refused.",
            &[point(crls_of_point)],
        )
        .untold(Fault::Scope, "client"),
        of_issuer(
            "only-cas",
            "The issuer's CRL is about CA certificates: refused.",
            &[point(IssuingDistributionPoint::new().only_ca_certs())],
        )
        .untold(Fault::Scope, "client"),
        of_issuer(
            "some-reasons",
            "The issuer's CRL is about some reasons: refused.",
            &[point(
                IssuingDistributionPoint::new().only_some_reasons(&[Reason::KeyCompromise]),
            )],
        )
        .untold(Fault::SomeReasons, "client"),
        of_issuer(
            "delta-alone",
            "The issuer has a delta CRL and no complete one: refused.",
            &[plain_crl().number(2).delta(1)],
        )
        .untold(Fault::Delta, "client"),
    ]
}

/// Issuers of CRLs by other names, and the same name in another spelling.
fn other_names() -> Vec<Case> {
    let name_of = |cert: &Cert| GeneralName::directory(cert.subject_name());
    let uri = "http://crl.example/indirect";
    let of_crl_issuer = alice().extension(Extension::crl_distribution_points(&[
        DistributionPoint::uri(uri).crl_issuer(&[name_of(&crl_issuer())]),
    ]));
    let indirect = || Crl::of(&crl_issuer()).point(&IssuingDistributionPoint::uri(uri).indirect());
    let chain = [of_crl_issuer.clone(), issuing()];
    vec![
        published(
            "crl-issuer-none",
            "The client's point names another CRL issuer, which has no CRL: accepted.",
        )
        .chain(&chain)
        .revocation(&NOTHING),
        published(
            "crl-issuer-stale",
            "The client's point names another CRL issuer, whose CRL is stale: refused.",
        )
        .intermediates(&[crl_issuer()])
        .chain(&chain)
        .crls(&[indirect().next_update(NEXT_UPDATE)])
        .time(AFTER_NEXT_UPDATE)
        .refuse(STALE_CRL, "client"),
        published(
            "crl-issuer-other-point",
            "The CRL issuer that the client's point names has a CRL for another point: refused.",
        )
        .chain(&chain)
        .crls(&[Crl::of(&crl_issuer()).point(
            &IssuingDistributionPoint::uri("http://crl.example/other").indirect(),
        )])
        .untold(Fault::Scope, "client"),
        published(
            "crl-issuer-for-others",
            "An indirect CRL has an entry for a client of the issuer, but nothing leads to it: accepted.",
        )
        .crls(&[indirect().entry(Entry::of(&bob()).certificate_issuer(&issuing()))])
        .revocation(&NOTHING),
        published(
            "other-spelling",
            "A stale CRL has the issuer's name in capitals: the same name, refused.",
        )
        .crls(&[plain_crl()
            .issuer(Name::cn("ISSUING CA"))
            .next_update(NEXT_UPDATE)])
        .time(AFTER_NEXT_UPDATE)
        .refuse(STALE_CRL, "client"),
    ]
}
