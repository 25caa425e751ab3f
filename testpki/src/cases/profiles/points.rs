//! Distribution points: for all reasons, and whose CRLs they are.

use crate::cases::Case;
use crate::cases::fixture::{alice_of, root, stranger};
use crate::cases::profiles::{client, strict};
use crate::{Cert, DistributionPoint, Extension, GeneralName, Reason};

pub(super) fn cases() -> Vec<Case> {
    [reasons(), crl_issuers()].concat()
}

fn with(extension: Extension) -> Cert {
    alice_of(&root()).extension(extension)
}

fn points(points: &[DistributionPoint]) -> Cert {
    with(Extension::crl_distribution_points(points))
}

fn uri() -> DistributionPoint {
    DistributionPoint::uri("http://crl.example/1")
}

fn name_of(cert: &Cert) -> GeneralName {
    GeneralName::directory(cert.subject_name())
}

fn good(name: &str, section: &str, description: &str, cert: Cert) -> Case {
    strict(name, &format!("RFC 5280 {section}"), description)
        .chain(&[cert])
        .path(&["CN=alice", "CN=Root"])
}

fn reasons() -> Vec<Case> {
    let section = "§4.2.1.13";
    let some = || uri().reasons(&[Reason::KeyCompromise]);
    let rest = || DistributionPoint::uri("http://crl.example/2").reasons(&Reason::FLAGS[1..]);
    let message = "without a point for all reasons";
    [
        client(
            "point-some-reasons",
            section,
            "The only distribution point is for one reason.",
            message,
            points(&[some()]),
        ),
        client(
            "points-reasons-together",
            section,
            "Two distribution points that are for all reasons only together.",
            message,
            points(&[some(), rest()]),
        ),
        vec![
            good(
                "points-some-and-all",
                section,
                "One distribution point is for one reason, and another one for all.",
                points(&[some(), uri()]),
            ),
            good(
                "point-all-reasons",
                section,
                "A distribution point that lists all reasons.",
                points(&[uri().reasons(&Reason::FLAGS)]),
            ),
            good(
                "freshest-some-reasons",
                "§4.2.1.15",
                "A freshestCRL for one reason.",
                with(Extension::freshest_crl(&[some()])),
            ),
        ],
    ]
    .concat()
}

fn crl_issuers() -> Vec<Case> {
    let section = "§4.2.1.13";
    let other = || name_of(&stranger());
    let message = "a cRLIssuer that is not one directory name of another issuer";
    let case = |name: &str, description: &str, point: DistributionPoint| {
        client(name, section, description, message, points(&[point]))
    };
    [
        case(
            "crl-issuer-own",
            "The cRLIssuer of a distribution point is the certificate's issuer.",
            uri().crl_issuer(&[name_of(&root())]),
        ),
        case(
            "crl-issuer-own-nameless",
            "The same, and the point has no name.",
            DistributionPoint::nameless().crl_issuer(&[name_of(&root())]),
        ),
        case(
            "crl-issuer-two-names",
            "A cRLIssuer with two directory names.",
            uri().crl_issuer(&[other(), name_of(&root())]),
        ),
        case(
            "crl-issuer-and-uri",
            "A cRLIssuer with a directory name and a URI.",
            uri().crl_issuer(&[other(), GeneralName::uri("http://crl.example/")]),
        ),
        case(
            "crl-issuer-uri",
            "A cRLIssuer that is a URI.",
            uri().crl_issuer(&[GeneralName::uri("http://crl.example/")]),
        ),
        client(
            "freshest-crl-issuer-own",
            "§4.2.1.15",
            "The cRLIssuer of a freshestCRL is the certificate's issuer.",
            message,
            with(Extension::freshest_crl(&[
                uri().crl_issuer(&[name_of(&root())])
            ])),
        ),
        vec![
            good(
                "crl-issuer",
                section,
                "A cRLIssuer that is another issuer, and a point with a name.",
                points(&[uri().crl_issuer(&[other()])]),
            ),
            good(
                "crl-issuer-nameless",
                section,
                "A cRLIssuer that is another issuer, and a point without a name.",
                points(&[DistributionPoint::nameless().crl_issuer(&[other()])]),
            ),
        ],
    ]
    .concat()
}
