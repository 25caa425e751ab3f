//! CRLs about some reasons only: good is who is on none of them, and they must be about all reasons
//! together.

use super::faults::Fault;
use super::{GOOD, REVOKED, STALE, STALE_CRL, UNKNOWN, client, plain_crl, revoking};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::{Crl, DistributionPoint, Entry, Extension, IssuingDistributionPoint, Reason};

const RULE: &str = "RFC 5280 §6.3.3 (d), (e), (l)";

const ONE: &str = "http://crl.example/1";
const TWO: &str = "http://crl.example/2";

pub(super) fn cases() -> Vec<Case> {
    [of_crls(), revoked(), of_points(), stale()].concat()
}

/// keyCompromise and cACompromise.
fn compromise() -> &'static [Reason] {
    &Reason::FLAGS[..2]
}

/// All others.
fn rest() -> &'static [Reason] {
    &Reason::FLAGS[2..]
}

fn for_reasons(crl: Crl, reasons: &[Reason]) -> Crl {
    crl.point(&IssuingDistributionPoint::new().only_some_reasons(reasons))
}

fn case(name: &str, description: &str, crls: &[Crl]) -> Case {
    client(&format!("reasons-{name}"), RULE, description).crls(crls)
}

fn of_crls() -> Vec<Case> {
    let some = |reasons: &[Reason]| for_reasons(plain_crl(), reasons);
    let allow = |case: Case| {
        case.policy("revocation.unknown", "allow")
            .revocation(&UNKNOWN)
    };
    let one_missing = &Reason::FLAGS[2..7];
    let each: Vec<_> = Reason::FLAGS
        .iter()
        .map(|&reason| for_reasons(plain_crl(), &[reason]))
        .collect();
    vec![
        case("some-denied", "The only CRL is about some reasons: refused.", &[some(compromise())])
            .untold(Fault::SomeReasons, "client"),
        allow(case("some-allowed", "The only CRL is about some reasons, and nothing need be known.", &[some(compromise())])),
        case("all-in-one", "The CRL names all reasons there are.", &[some(&Reason::FLAGS)]),
        case("two-crls", "Two CRLs are about all reasons together.", &[some(compromise()), some(rest())]),
        case("two-crls-swapped", "Two CRLs are about all reasons together, in another order.", &[some(rest()), some(compromise())]),
        case("two-crls-overlapping", "Two CRLs are about all reasons together, and both about some of them.", &[some(&Reason::FLAGS[..5]), some(&Reason::FLAGS[3..])]),
        case("eight-crls", "Eight CRLs are about one reason each.", &each),
        case("one-missing-denied", "Two CRLs are about all reasons but aACompromise: refused.", &[some(compromise()), some(one_missing)])
            .untold(Fault::SomeReasons, "client"),
        allow(case("one-missing-allowed", "Two CRLs are about all reasons but aACompromise, and nothing need be known.", &[some(compromise()), some(one_missing)])),
        case("one-missing-first", "Two CRLs are about all reasons but keyCompromise: refused.", &[some(&Reason::FLAGS[1..3]), some(rest())])
            .untold(Fault::SomeReasons, "client"),
        case("and-complete", "One CRL is about some reasons, another one about all.", &[some(compromise()), plain_crl()]),
        case(
            "one-signature-wrong",
            "Two CRLs are about all reasons together, and the signature of one does not hold: refused.",
            &[some(compromise()), some(rest()).flip_signature_bit()],
        )
        .untold(Fault::SomeReasons, "client"),
        case(
            "one-about-cas",
            "Two CRLs are about all reasons together, but one of them about CAs only: refused.",
            &[
                some(compromise()),
                plain_crl().point(&IssuingDistributionPoint::new().only_some_reasons(rest()).only_ca_certs()),
            ],
        )
        .untold(Fault::SomeReasons, "client"),
    ]
}

/// Being on one of the CRLs is enough.
fn revoked() -> Vec<Case> {
    let case = |name: &str, description: &str, crls: &[Crl]| {
        case(name, description, crls).refuse(REVOKED, "client")
    };
    let superseded = || plain_crl().entry(Entry::of(&alice()).reason(Reason::Superseded));
    vec![
        case(
            "some-revoked",
            "The only CRL is about some reasons, and has the client: refused for that.",
            &[for_reasons(revoking(), compromise())],
        ),
        case(
            "some-revoked-unknown-allowed",
            "The only CRL is about some reasons and has the client, of which nothing need be known: refused.",
            &[for_reasons(revoking(), compromise())],
        )
        .policy("revocation.unknown", "allow"),
        case(
            "second-revoked",
            "Two CRLs are about all reasons together, and the second one has the client: refused.",
            &[for_reasons(plain_crl(), compromise()), for_reasons(superseded(), rest())],
        ),
        case(
            "complete-revoked",
            "The CRL about some reasons does not have the client, that about all has: refused.",
            &[for_reasons(plain_crl(), compromise()), revoking()],
        ),
        case(
            "some-revoked-complete-good",
            "The CRL about some reasons has the client, that about all has not: refused.",
            &[for_reasons(revoking(), compromise()), plain_crl()],
        ),
        case(
            "revoked-for-another",
            "A CRL about compromise has the client as superseded: whatever the reason, it is revoked.",
            &[for_reasons(superseded(), compromise())],
        ),
    ]
}

/// The client's points say which reasons their CRLs are about.
fn of_points() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (d)(2)-(4), §4.2.1.13";
    let case = |name: &str, description: &str, points: &[DistributionPoint], crls: &[Crl]| {
        let alice = alice().extension(Extension::crl_distribution_points(points));
        client(&format!("reasons-point-{name}"), rule, description)
            .chain(&[alice, issuing()])
            .crls(crls)
            .revocation(&GOOD)
    };
    let at = |uri: &str, reasons: &[Reason]| DistributionPoint::uri(uri).reasons(reasons);
    let crl_at = |uri: &str| plain_crl().point(&IssuingDistributionPoint::uri(uri));
    let crl_for = |uri: &str, reasons: &[Reason]| {
        plain_crl().point(&IssuingDistributionPoint::uri(uri).only_some_reasons(reasons))
    };
    vec![
        case("some", "The client's point is about some reasons, which is all that its CRL then counts for: refused.", &[at(ONE, compromise())], &[crl_at(ONE)])
            .untold(Fault::SomeReasons, "client"),
        case("some-revoked", "The client's point is about some reasons, and its CRL has the client: refused for that.", &[at(ONE, compromise())], &[crl_at(ONE).revoke(&alice())])
            .refuse(REVOKED, "client"),
        case("all", "The client's point names all reasons.", &[at(ONE, &Reason::FLAGS)], &[crl_at(ONE)]),
        case("two", "The client's points are about all reasons together, and there is a CRL for each.", &[at(ONE, compromise()), at(TWO, rest())], &[crl_at(ONE), crl_at(TWO)]),
        case("two-one-crl", "The client's points are about all reasons together, and there is a CRL for one: refused.", &[at(ONE, compromise()), at(TWO, rest())], &[crl_at(TWO)])
            .untold(Fault::SomeReasons, "client"),
        case("two-crl-for-both", "The client's points are about all reasons together, and there is one CRL for both.", &[at(ONE, compromise()), at(TWO, rest())], &[plain_crl()
            .point(&IssuingDistributionPoint::new().full_name(&[crate::GeneralName::uri(ONE), crate::GeneralName::uri(TWO)]))]),
        case("disjoint", "The client's point is about other reasons than its CRL: refused.", &[at(ONE, compromise())], &[crl_for(ONE, rest())])
            .untold(Fault::Scope, "client"),
        case(
            "intersection",
            "Points and CRLs are about all reasons together, but a CRL counts only for what is its point's as well: refused.",
            &[at(ONE, compromise()), at(TWO, rest())],
            &[crl_for(ONE, rest()), crl_for(TWO, compromise())],
        )
        .untold(Fault::Scope, "client"),
        case(
            "same",
            "Each CRL is about the reasons of its point, and all are covered.",
            &[at(ONE, compromise()), at(TWO, rest())],
            &[crl_for(ONE, compromise()), crl_for(TWO, rest())],
        ),
    ]
}

/// Several CRLs that are needed together go stale each by itself.
fn stale() -> Vec<Case> {
    let july = "2026-07-01T00:00:00Z";
    let case = |name: &str, description: &str| {
        case(
            name,
            description,
            &[
                for_reasons(plain_crl(), compromise()),
                for_reasons(plain_crl(), rest()).next_update(july),
            ],
        )
    };
    let late = "2026-07-01T00:00:01Z";
    vec![
        case("one-stale", "Two CRLs are about all reasons together, and one is stale: refused.")
            .time(late)
            .refuse(STALE_CRL, "client"),
        case("one-stale-unknown-allowed", "Two CRLs are about all reasons together, and one is stale: refused although nothing need be known.")
            .time(late)
            .policy("revocation.unknown", "allow")
            .refuse(STALE_CRL, "client"),
        case("one-stale-accept", "Two CRLs are about all reasons together, and one is stale, which the policy accepts.")
            .time(late)
            .policy("revocation.stale", "accept")
            .revocation(&STALE),
        case("one-stale-grace", "Two CRLs are about all reasons together; the grace of the stale one ends the verdict.")
            .time(late)
            .policy("revocation.stale.accept-for", "1h")
            .revocation(&STALE)
            .valid_until("2026-07-01T01:00:00Z"),
    ]
}
