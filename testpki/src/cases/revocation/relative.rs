//! Points named relative to the issuer of the CRL.

use super::{by, crl_issuer, out_of_scope, used};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::{
    Attribute, Crl, DistributionPoint, Extension, GeneralName, IssuingDistributionPoint, Name,
};

const RULE: &str = "RFC 5280 §4.2.1.13, §5.2.5, §6.3.3 (b)(2)(i)";

pub(super) fn cases() -> Vec<Case> {
    [both_relative(), one_relative(), relative_to_another()].concat()
}

/// The one level of the client's point.
fn part_one() -> [Attribute; 1] {
    [Attribute::common_name("part 1")]
}

fn part_two() -> [Attribute; 1] {
    [Attribute::common_name("part 2")]
}

/// What the client's point is in full.
fn below(issuer: &str, part: &str) -> GeneralName {
    GeneralName::directory(&Name::new(&[
        Attribute::common_name(issuer),
        Attribute::common_name(part),
    ]))
}

fn points(
    client: DistributionPoint,
    point: IssuingDistributionPoint,
) -> impl Fn(Case, Crl) -> Case {
    let extension = Extension::crl_distribution_points(&[client]);
    move |case, crl| {
        case.chain(&[alice().extension(extension.clone()), issuing()])
            .crls(&[crl.point(&point)])
    }
}

fn both_relative() -> Vec<Case> {
    let two = [
        Attribute::common_name("part 1"),
        Attribute::organizational_unit("CRLs"),
    ];
    let client = DistributionPoint::relative_name;
    let crl = |level: &[Attribute]| IssuingDistributionPoint::new().relative_name(level);
    [
        used(
            "relative",
            RULE,
            "Both points are the same below the issuer.",
            points(client(&part_one()), crl(&part_one())),
        ),
        out_of_scope(
            "relative-other",
            RULE,
            "The points are different ones below the issuer.",
            points(client(&part_one()), crl(&part_two())),
        ),
        used(
            "relative-folded",
            "RFC 5280 §7.1, §6.3.3 (b)(2)(i)",
            "Both points are the same below the issuer, in other letters.",
            points(
                client(&part_one()),
                crl(&[Attribute::common_name("PART  1")]),
            ),
        ),
        used(
            "relative-two-attributes",
            RULE,
            "Both points are the same level of two attributes below the issuer.",
            points(client(&two), crl(&two)),
        ),
        out_of_scope(
            "relative-attribute-missing",
            RULE,
            "The client's point has one of the two attributes of the CRL's.",
            points(client(&part_one()), crl(&two)),
        ),
    ]
    .concat()
}

fn one_relative() -> Vec<Case> {
    let full = |name: GeneralName| IssuingDistributionPoint::new().full_name(&[name]);
    let relative_crl = || IssuingDistributionPoint::new().relative_name(&part_one());
    let relative_client = || DistributionPoint::relative_name(&part_one());
    [
        used(
            "relative-client",
            RULE,
            "The client's point is relative to the issuer, and that of the CRL is the whole of it.",
            points(relative_client(), full(below("Issuing CA", "part 1"))),
        ),
        out_of_scope(
            "relative-client-other",
            RULE,
            "The client's point is relative to the issuer, and that of the CRL is below another one.",
            points(relative_client(), full(below("Root", "part 1"))),
        ),
        used(
            "relative-crl",
            RULE,
            "The CRL's point is relative to its issuer, and that of the client is the whole of it.",
            points(DistributionPoint::full_name(&[below("Issuing CA", "part 1")]), relative_crl()),
        ),
        out_of_scope(
            "relative-crl-other",
            RULE,
            "The CRL's point is relative to its issuer, and that of the client is below another one.",
            points(DistributionPoint::full_name(&[below("Root", "part 1")]), relative_crl()),
        ),
        out_of_scope(
            "relative-crl-only",
            "RFC 5280 §6.3.3 (end), (b)(2)",
            "The CRL's point is relative to its issuer, and the client has no point.",
            move |case, crl| case.crls(&[crl.point(&relative_crl())]),
        ),
        out_of_scope(
            "relative-and-uri",
            RULE,
            "The CRL's point is a URI, and that of the client relative to the issuer.",
            points(relative_client(), IssuingDistributionPoint::uri("http://crl.example/1")),
        ),
    ]
    .concat()
}

/// With a cRLIssuer, the client's point is relative to that one.
fn relative_to_another() -> Vec<Case> {
    let set = |point: IssuingDistributionPoint| {
        let relative = DistributionPoint::relative_name(&part_one())
            .crl_issuer(&[GeneralName::directory(crl_issuer().subject_name())]);
        let extension = Extension::crl_distribution_points(&[relative]);
        move |case: Case, crl: Crl| {
            let crl = by(&crl_issuer(), crl.entries_about(&issuing()))
                .issuer(crl_issuer().subject_name().clone())
                .point(&point.clone().indirect());
            case.chain(&[
                alice().extension(extension.clone()),
                issuing(),
                crl_issuer(),
            ])
            .crls(&[crl])
        }
    };
    let full = |name: GeneralName| IssuingDistributionPoint::new().full_name(&[name]);
    [
        used(
            "relative-to-crl-issuer",
            RULE,
            "The client's point is relative to its cRLIssuer, whose CRL has the whole of it.",
            set(full(below("CRL Issuer", "part 1"))),
        ),
        used(
            "relative-to-crl-issuer-both",
            RULE,
            "The client's point is relative to its cRLIssuer, and that of the CRL to its issuer, who is the same.",
            set(IssuingDistributionPoint::new().relative_name(&part_one())),
        ),
        out_of_scope(
            "relative-to-issuer-not-crl-issuer",
            RULE,
            "The client's point is relative to its cRLIssuer, and that of the CRL is below the client's issuer.",
            set(full(below("Issuing CA", "part 1"))),
        ),
    ]
    .concat()
}
