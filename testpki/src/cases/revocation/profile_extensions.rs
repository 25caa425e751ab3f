//! Extensions of CRLs that are passed over, and the number that a delta CRL continues, as RFC 5280
//! has them.

use super::delta::{base, delta};
use super::loading_fields::bad;
use super::profile::{Unused, both, form, strict};
use super::{REVOKED, client, plain_crl, revoking};
use crate::cases::Case;
use crate::cases::fixture::issuing;
use crate::{
    Crl, DistributionPoint, Extension, GeneralName, IssuingDistributionPoint, Reason, Time, der,
    oid,
};

pub(super) fn cases() -> Vec<Case> {
    [
        information_access(),
        freshest(),
        numbers(),
        names(),
        expired_certs(),
    ]
    .concat()
}

fn access(methods: &[&str]) -> Extension {
    let location = GeneralName::uri("http://ca.example/ca.cer").der();
    let description = |method: &&str| der::sequence(&[der::oid(method), location.clone()]);
    let descriptions: Vec<_> = methods.iter().map(description).collect();
    Extension::new(oid::AUTHORITY_INFO_ACCESS, der::sequence(&descriptions))
}

fn information_access() -> Vec<Case> {
    let section = "§5.2.7";
    let with = |methods: &[&str]| plain_crl().extension(access(methods));
    [
        form(
            "information-access-ocsp",
            section,
            "authorityInfoAccess with another method than caIssuers",
            "The CRL's authorityInfoAccess has no caIssuers.",
            with(&[oid::OCSP]),
        ),
        form(
            "information-access-ocsp-too",
            section,
            "authorityInfoAccess with another method than caIssuers",
            "The CRL's authorityInfoAccess has another method besides caIssuers.",
            with(&[oid::CA_ISSUERS, oid::OCSP]),
        ),
        vec![
            strict(
                "information-access",
                section,
                "The CRL's authorityInfoAccess has caIssuers alone.",
            )
            .crls(&[with(&[oid::CA_ISSUERS])]),
        ],
    ]
    .concat()
}

fn freshest() -> Vec<Case> {
    let section = "§5.2.6";
    let point = || DistributionPoint::uri("http://crl.example/delta");
    let with = |crl: Crl, point| crl.extension(Extension::freshest_crl(&[point]));
    let crl_issuer = [GeneralName::directory(issuing().subject_name())];
    [
        both(
            "freshest-in-delta",
            section,
            &Unused::Delta,
            "The complete CRL is stale, and the delta CRL has a freshestCRL.",
            |case| stale_with(case, base(), with(delta(), point())),
        ),
        form(
            "freshest-reasons",
            section,
            "freshestCRL with reasons or a cRLIssuer",
            "The CRL has a freshestCRL with reasons.",
            with(plain_crl(), point().reasons(&[Reason::KeyCompromise])),
        ),
        form(
            "freshest-crl-issuer",
            section,
            "freshestCRL with reasons or a cRLIssuer",
            "The CRL has a freshestCRL with a cRLIssuer.",
            with(plain_crl(), point().crl_issuer(&crl_issuer)),
        ),
        vec![
            strict(
                "freshest-crl",
                section,
                "A complete CRL has a freshestCRL with a name alone.",
            )
            .crls(&[with(plain_crl(), point())]),
        ],
    ]
    .concat()
}

/// A complete CRL that is stale, and a delta CRL that continues it until June.
fn stale_with(case: Case, base: Crl, delta: Crl) -> Case {
    case.crls(&[base.next_update("2026-05-25T00:00:00Z"), delta])
        .valid_until("2026-06-10T00:00:00Z")
}

fn numbers() -> Vec<Case> {
    let section = "§5.2.3, §5.2.4";
    let indicator =
        |contents: &[u8]| Extension::new(oid::DELTA_CRL_INDICATOR, der::integer(contents));
    let of_size = |first: u8, size: usize| {
        let mut contents = vec![0x7f; size];
        contents[0] = first;
        contents
    };
    let case = |case: Case, size: usize| {
        let base = base().extension(Extension::crl_number(&of_size(1, size)));
        let delta = delta()
            .extension(Extension::crl_number(&of_size(2, size)))
            .extension(indicator(&of_size(1, size)).critical());
        stale_with(case, base, delta)
    };
    [
        both(
            "delta-indicator-negative",
            section,
            &Unused::Delta,
            "The complete CRL is stale, and the delta CRL continues number -1.",
            |case| {
                let delta = delta().number(257).extension(indicator(&[0xff]).critical());
                stale_with(case, base().number(256), delta)
            },
        ),
        both(
            "delta-indicator-21-octets",
            section,
            &Unused::Breaks("a CRL number that is negative or has more than 20 octets"),
            "The complete CRL is stale, and the delta CRL continues a number of 21 octets.",
            |one| case(one, 21),
        ),
        vec![case(
            strict(
                "delta-indicator-20-octets",
                section,
                "The complete CRL is stale, and the delta CRL continues a number of 20 octets.",
            ),
            20,
        )],
    ]
    .concat()
}

fn names() -> Vec<Case> {
    let issuer = || GeneralName::directory(issuing().subject_name());
    let point = |uri: &str| {
        let names = [issuer(), GeneralName::uri(uri)];
        plain_crl().point(&IssuingDistributionPoint::new().full_name(&names))
    };
    let relative = der::sequence(&[GeneralName::uri("/ca").der()]);
    [
        form(
            "issuer-alt-name-relative",
            "§5.2.2",
            "malformed issuerAltName",
            "The CRL has an issuerAltName with a relative URI.",
            plain_crl().extension(Extension::new(oid::ISSUER_ALT_NAME, relative)),
        ),
        form(
            "point-relative",
            "§5.2.5",
            "malformed issuingDistributionPoint",
            "The CRL's point is its issuer's name or a relative URI.",
            point("ca.crl"),
        ),
        vec![
            strict(
                "point-absolute",
                "§5.2.5",
                "The CRL's point is its issuer's name or an LDAP URI without a host.",
            )
            .crls(&[point("ldap:///cn=CA,dc=example?certificateRevocationList")]),
        ],
    ]
    .concat()
}

/// expiredCertsOnCRL, which RFC 5280 does not have. A malformed one says nothing, unless it is
/// critical.
fn expired_certs() -> Vec<Case> {
    let section = "§5.2, ITU-T X.509 expiredCertsOnCRL";
    let rule = format!("RFC 5280 {section}");
    let since = || Time::generalized_at("2020-01-01T00:00:00Z");
    let of = |time: &Time| Extension::expired_certs_on_crl(time);
    let with = |extension: Extension| plain_crl().extension(extension);
    let trailing = || Time::raw([since().der(), &der::null()].concat());
    [
        form(
            "expired-certs-utc",
            section,
            "malformed expiredCertsOnCRL",
            "The CRL's expiredCertsOnCRL is UTCTime.",
            with(of(&Time::utc("200101000000Z"))),
        ),
        form(
            "expired-certs-trailing",
            section,
            "malformed expiredCertsOnCRL",
            "Something follows the time in the CRL's expiredCertsOnCRL.",
            with(of(&trailing())),
        ),
        form(
            "expired-certs-fraction",
            section,
            "malformed expiredCertsOnCRL",
            "The time in the CRL's expiredCertsOnCRL has a fraction of a second.",
            with(of(&Time::generalized("20200101000000.5Z"))),
        ),
        vec![
            strict(
                "expired-certs",
                section,
                "The CRL has a well-formed expiredCertsOnCRL.",
            )
            .crls(&[plain_crl().expired_certs_on_crl(since())]),
            strict(
                "expired-certs-critical",
                section,
                "The CRL has a critical expiredCertsOnCRL, which is processed.",
            )
            .crls(&[with(of(&since()).critical())]),
            client(
                "expired-certs-critical",
                &rule,
                "The CRL has a critical expiredCertsOnCRL, which is processed.",
            )
            .crls(&[with(of(&since()).critical())]),
            client(
                "expired-certs-malformed-revoked",
                &rule,
                "The CRL has the client, and its expiredCertsOnCRL is NULL: refused.",
            )
            .crls(&[revoking().extension(Extension::new(oid::EXPIRED_CERTS_ON_CRL, der::null()))])
            .refuse(REVOKED, "client"),
            bad(
                "expired-certs-critical-utc",
                section,
                "The second CRL has a critical expiredCertsOnCRL that is UTCTime.",
                with(of(&Time::utc("200101000000Z")).critical()),
            ),
            bad(
                "expired-certs-critical-trailing",
                section,
                "Something follows the time in the critical expiredCertsOnCRL of the second CRL.",
                with(of(&trailing()).critical()),
            ),
            bad(
                "expired-certs-twice",
                section,
                "The second CRL has expiredCertsOnCRL twice.",
                plain_crl()
                    .expired_certs_on_crl(since())
                    .another_extension(of(&since())),
            ),
        ],
    ]
    .concat()
}
