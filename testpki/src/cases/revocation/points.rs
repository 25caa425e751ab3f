//! Distribution points by URI and directory name: which CRL is the one that a certificate means.

use super::{GOOD, client, out_of_scope, plain_crl, revoking, used};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{
    Attribute, Crl, DistributionPoint, Extension, GeneralName, IssuingDistributionPoint, Name,
    StringType, oid,
};

const RULE: &str = "RFC 5280 §6.3.3 (b)(2)(i), §4.2.1.13, §5.2.5";

const ONE: &str = "http://crl.example/ca/1.crl";
const TWO: &str = "http://crl.example/ca/2.crl";

pub(super) fn cases() -> Vec<Case> {
    [
        uris(),
        several(),
        letters(),
        directory_names(),
        one_side_only(),
        two_crls(),
    ]
    .concat()
}

/// The client has these points, and the CRL this one.
fn points(
    points: &[DistributionPoint],
    point: IssuingDistributionPoint,
) -> impl Fn(Case, Crl) -> Case + use<> {
    let extension = Extension::crl_distribution_points(points);
    move |case, crl| {
        case.chain(&[alice().extension(extension.clone()), issuing()])
            .crls(&[crl.point(&point)])
    }
}

/// A URI each.
fn pair(client: &str, crl: &str) -> impl Fn(Case, Crl) -> Case + use<> {
    points(
        &[DistributionPoint::uri(client)],
        IssuingDistributionPoint::uri(crl),
    )
}

fn uris() -> Vec<Case> {
    [
        used(
            "point-uri",
            RULE,
            "The client's point and that of the CRL are one URI.",
            pair(ONE, ONE),
        ),
        used(
            "point-dns",
            RULE,
            "The client's point and that of the CRL are one DNS name.",
            points(
                &[DistributionPoint::full_name(&[GeneralName::dns("crl.example")])],
                IssuingDistributionPoint::new().full_name(&[GeneralName::dns("crl.example")]),
            ),
        ),
        out_of_scope(
            "point-uri-not-ascii",
            RULE,
            "The client's point and that of the CRL are the same octets, which are no URI as they are not ASCII.",
            pair("http://crl.example/\u{e9}", "http://crl.example/\u{e9}"),
        ),
        out_of_scope(
            "point-uri-other",
            RULE,
            "The client's point is another URI than that of the CRL.",
            pair(ONE, TWO),
        ),
        out_of_scope(
            "point-uri-prefix",
            RULE,
            "The client's point is the beginning of that of the CRL.",
            pair("http://crl.example/ca/", ONE),
        ),
        used(
            "point-uri-ldap",
            RULE,
            "The points are one LDAP URI.",
            pair(
                "ldap:///CN=Issuing%20CA?certificateRevocationList",
                "ldap:///CN=Issuing%20CA?certificateRevocationList",
            ),
        ),
    ]
    .concat()
}

/// Several points, or several names of one.
fn several() -> Vec<Case> {
    let both = [GeneralName::uri(ONE), GeneralName::uri(TWO)];
    let [of_one, of_two] = [ONE, TWO].map(DistributionPoint::uri);
    let third = "http://crl.example/ca/3.crl";
    [
        used(
            "point-second-of-client",
            RULE,
            "The second of the client's two points is that of the CRL.",
            points(
                &[of_one.clone(), of_two.clone()],
                IssuingDistributionPoint::uri(TWO),
            ),
        ),
        out_of_scope(
            "point-none-of-client",
            RULE,
            "Neither of the client's two points is that of the CRL.",
            points(
                &[of_one.clone(), of_two],
                IssuingDistributionPoint::uri(third),
            ),
        ),
        used(
            "point-second-name-of-client",
            RULE,
            "The second name of the client's one point is that of the CRL.",
            points(
                &[DistributionPoint::full_name(&both)],
                IssuingDistributionPoint::uri(TWO),
            ),
        ),
        used(
            "point-second-name-of-crl",
            RULE,
            "The second name of the CRL's point is that of the client.",
            points(
                &[DistributionPoint::uri(TWO)],
                IssuingDistributionPoint::new().full_name(&both),
            ),
        ),
        used(
            "point-any-of-both",
            RULE,
            "Both points have several names, of which one is the same.",
            points(
                &[DistributionPoint::full_name(&both)],
                IssuingDistributionPoint::new()
                    .full_name(&[GeneralName::uri(third), GeneralName::uri(TWO)]),
            ),
        ),
        out_of_scope(
            "point-names-none",
            RULE,
            "Both points have several names, of which none is the same.",
            points(
                &[DistributionPoint::full_name(&both)],
                IssuingDistributionPoint::new()
                    .full_name(&[GeneralName::uri(third), GeneralName::dns("crl.example")]),
            ),
        ),
    ]
    .concat()
}

/// Upper and lower case.
fn letters() -> Vec<Case> {
    let rule = "RFC 5280 §7.4, §6.3.3 (b)(2)(i)";
    [
        used(
            "point-scheme-case",
            rule,
            "The schemes differ in case, which says nothing.",
            pair("HTTP://crl.example/ca/1.crl", ONE),
        ),
        used(
            "point-host-case",
            rule,
            "The hosts differ in case, which says nothing.",
            pair(ONE, "http://CRL.Example/ca/1.crl"),
        ),
        out_of_scope(
            "point-path-case",
            rule,
            "The paths differ in case, which makes them different.",
            pair(ONE, "http://crl.example/CA/1.crl"),
        ),
        out_of_scope(
            "point-query-case",
            rule,
            "The queries differ in case, which makes them different.",
            pair("http://crl.example/?a", "http://crl.example/?A"),
        ),
        out_of_scope(
            "point-other-scheme",
            rule,
            "The schemes are different.",
            pair(ONE, "https://crl.example/ca/1.crl"),
        ),
    ]
    .concat()
}

fn directory_names() -> Vec<Case> {
    let name = Name::new(&[
        Attribute::organization("Example"),
        Attribute::common_name("CRL 1"),
    ]);
    let folded = Name::new(&[
        Attribute::new(oid::ORGANIZATION, StringType::Printable, "EXAMPLE"),
        Attribute::new(oid::COMMON_NAME, StringType::Printable, " crl  1"),
    ]);
    let other = Name::new(&[
        Attribute::organization("Example"),
        Attribute::common_name("CRL 2"),
    ]);
    let client = DistributionPoint::full_name(&[GeneralName::directory(&name)]);
    let crl =
        |name: &Name| IssuingDistributionPoint::new().full_name(&[GeneralName::directory(name)]);
    [
        used("point-directory", RULE, "The points are one directory name.", points(std::slice::from_ref(&client), crl(&name))),
        used(
            "point-directory-folded",
            "RFC 5280 §7.1, §6.3.3 (b)(2)(i)",
            "The points are one directory name, in other letters, blanks and string types.",
            points(std::slice::from_ref(&client), crl(&folded)),
        ),
        out_of_scope("point-directory-other", RULE, "The points are different directory names.", points(std::slice::from_ref(&client), crl(&other))),
        used(
            "point-directory-among-uris",
            RULE,
            "The client's point is a directory name and a URI, that of the CRL the same directory name and another URI.",
            points(
                &[DistributionPoint::full_name(&[GeneralName::uri(ONE), GeneralName::directory(&name)])],
                IssuingDistributionPoint::new().full_name(&[GeneralName::directory(&name), GeneralName::uri(TWO)]),
            ),
        ),
    ]
    .concat()
}

/// Only the client has a point, or only the CRL.
fn one_side_only() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (end), (b)(2)";
    let one = Extension::crl_distribution_point(ONE);
    let with_point = move |case: Case, crl: Crl| {
        case.chain(&[alice().extension(one.clone()), issuing()])
            .crls(&[crl])
    };
    let issuers_name = IssuingDistributionPoint::new()
        .full_name(&[GeneralName::directory(issuing().subject_name())]);
    let users = IssuingDistributionPoint::new().only_user_certs();
    let roots_name =
        IssuingDistributionPoint::new().full_name(&[GeneralName::directory(root().subject_name())]);
    [
        used("point-of-client-only", rule, "The client has a point, and the CRL has none: it is about all certificates.", with_point),
        out_of_scope("point-of-crl-only", rule, "The CRL has a URI for its point, and the client has no point.", |case, crl| {
            case.crls(&[crl.point(&IssuingDistributionPoint::uri(ONE))])
        }),
        used("point-is-issuer", rule, "The CRL has its issuer's name for its point, which is the point of a certificate without one.", {
            let point = issuers_name.clone();
            move |case, crl| case.crls(&[crl.point(&point)])
        }),
        used("point-is-issuer-client-has-another", rule, "The CRL has its issuer's name for its point, and the client has a URI: that name is a point of all the issuer's certificates.", {
            points(&[DistributionPoint::uri(ONE)], issuers_name)
        }),
        out_of_scope("point-is-another-ca", rule, "The CRL has the root's name for its point, and the client has no point.", move |case, crl| {
            case.crls(&[crl.point(&roots_name)])
        }),
        used("point-without-name", rule, "The CRL's point has no name: it is about all users, whatever their points.", {
            points(&[DistributionPoint::uri(ONE)], users.clone())
        }),
        used("point-without-name-nor-client", rule, "The CRL's point has no name, and the client has no point.", move |case, crl| {
            case.crls(&[crl.point(&users)])
        }),
    ]
    .concat()
}

/// One CRL of the right point and one of another.
fn two_crls() -> Vec<Case> {
    let alice = alice().extension(Extension::crl_distribution_point(ONE));
    let case = |name: &str, description: &str| {
        client(name, RULE, description)
            .chain(&[alice.clone(), issuing()])
            .revocation(&GOOD)
    };
    let at = |crl: Crl, uri| crl.point(&IssuingDistributionPoint::uri(uri));
    vec![
        case("points-other-revokes", "The CRL of another point has the client's serial number, that of its own has not: good.")
            .crls(&[at(plain_crl(), ONE), at(revoking(), TWO)]),
        case("points-own-revokes", "The CRL of the client's own point has it, that of another has not: refused.")
            .crls(&[at(revoking(), ONE), at(plain_crl(), TWO)])
            .refuse(super::REVOKED, "client"),
        case("points-complete-revokes", "The CRL of the client's own point does not have it, but the one about all certificates has: refused.")
            .crls(&[at(plain_crl(), ONE), revoking()])
            .refuse(super::REVOKED, "client"),
    ]
}
