//! CRLs with a field that cannot be: they do not load.

use super::loading::bad_second;
use super::plain_crl;
use crate::cases::Case;
use crate::cases::fixture::alice;
use crate::key::algorithm;
use crate::{
    Crl, Entry, Extension, IssuingDistributionPoint, Pem, SignatureAlgorithm, Time, der, oid,
};

pub(super) fn cases() -> Vec<Case> {
    [
        versions(),
        algorithms(),
        times(),
        entries(),
        crl_extensions(),
    ]
    .concat()
}

pub(super) fn bad(name: &str, section: &str, description: &str, crl: Crl) -> Case {
    let rule = format!("RFC 5280 {section}");
    let block = Pem::new("X509 CRL", &crl.der());
    bad_second(name, &rule, description, &block)
}

fn versions() -> Vec<Case> {
    let section = "§5.1.2.1";
    vec![
        bad(
            "version-3",
            section,
            "The second CRL is of a version that there is not.",
            plain_crl().raw_version(der::unsigned(2)),
        ),
        bad(
            "version-0",
            section,
            "The second CRL writes out version 1, where the field can only say 2.",
            plain_crl()
                .without_extensions()
                .raw_version(der::unsigned(0)),
        ),
        bad(
            "version-1-extensions",
            section,
            "The second CRL is of version 1 and has extensions.",
            plain_crl().version_1(),
        ),
        bad(
            "version-1-entry-extensions",
            section,
            "The second CRL is of version 1 and has an entry with extensions.",
            plain_crl()
                .version_1()
                .without_extensions()
                .entry(Entry::of(&alice()).reason(crate::Reason::Superseded)),
        ),
    ]
}

fn algorithms() -> Vec<Case> {
    let section = "§5.1.1.2, §5.1.2.2";
    let other = || SignatureAlgorithm::EcdsaSha384.identifier();
    let with_null = || algorithm(oid::ECDSA_WITH_SHA256, &der::null());
    vec![
        bad(
            "algorithm-outside",
            section,
            "The algorithm beside the second CRL's signature is not that inside.",
            plain_crl().outer_algorithm(other()),
        ),
        bad(
            "algorithm-inside",
            section,
            "The algorithm inside the second CRL is not that beside its signature.",
            plain_crl().inner_algorithm(other()),
        ),
        bad(
            "algorithm-parameters",
            section,
            "The algorithm beside the second CRL's signature has NULL for parameters, that inside has none.",
            plain_crl().outer_algorithm(with_null()),
        ),
    ]
}

fn times() -> Vec<Case> {
    let section = "§5.1.2.4, §5.1.2.5";
    vec![
        bad(
            "this-update-without-seconds",
            section,
            "thisUpdate of the second CRL has no seconds.",
            plain_crl().this_update_time(Time::utc("2601010000Z")),
        ),
        bad(
            "this-update-no-date",
            section,
            "thisUpdate of the second CRL is the 30th of February.",
            plain_crl().this_update_time(Time::utc("260230000000Z")),
        ),
        bad(
            "this-update-missing",
            section,
            "The second CRL has no time at all.",
            plain_crl()
                .this_update_time(Time::raw(Vec::new()))
                .without_next_update(),
        ),
        bad(
            "next-update-fraction",
            section,
            "nextUpdate of the second CRL has a fraction of a second.",
            plain_crl().next_update_time(Time::generalized("20270101000000.5Z")),
        ),
        bad(
            "next-update-offset",
            section,
            "nextUpdate of the second CRL is not in UTC.",
            plain_crl().next_update_time(Time::utc("270101000000+0100")),
        ),
        bad(
            "revocation-date-no-date",
            "§5.1.2.6",
            "An entry of the second CRL was revoked in a 13th month.",
            plain_crl().entry(Entry::of(&alice()).revoked_at_time(Time::utc("261301000000Z"))),
        ),
    ]
}

fn entries() -> Vec<Case> {
    let entry = |name: &str, section: &str, description: &str, entry: Entry| {
        bad(name, section, description, plain_crl().entry(entry))
    };
    let with = |extension: Extension| Entry::of(&alice()).extension(extension);
    let serial = |octets: usize| {
        let mut serial = vec![0x5a; octets];
        serial[0] = 1;
        Entry::serial(&serial)
    };
    let limit = "§4.1.2.2, and the documented limit of 32 octets";
    vec![
        entry(
            "serial-33-octets",
            limit,
            "An entry of the second CRL has a serial number of 33 octets.",
            serial(33),
        ),
        entry(
            "serial-40-octets",
            limit,
            "An entry of the second CRL has a serial number of 40 octets.",
            serial(40),
        ),
        entry(
            "serial-empty",
            "§5.1",
            "An entry of the second CRL has a serial number without octets.",
            Entry::serial(&[]),
        ),
        entry(
            "serial-padded",
            "§5.1",
            "An entry of the second CRL has a serial number with a zero octet too many.",
            Entry::serial(&[0, 1]),
        ),
        entry(
            "entry-unknown-critical",
            "§5.3",
            "An entry of the second CRL has an unknown critical extension.",
            with(Extension::unknown().critical()),
        ),
        entry(
            "entry-unknown-critical-oid",
            "§5.3",
            "An entry of the second CRL has an unknown critical extension, which the error names.",
            with(Extension::unknown().critical()),
        )
        .store_error(oid::UNKNOWN_EXTENSION),
        entry(
            "entry-extension-twice",
            "§4.2, §5.3",
            "An entry of the second CRL has two reasons.",
            Entry::of(&alice())
                .reason(crate::Reason::Superseded)
                .another_extension(Extension::reason_code(crate::Reason::Superseded)),
        ),
        entry(
            "entry-reason-malformed",
            "§5.3.1",
            "An entry of the second CRL has a reason that is an INTEGER.",
            with(Extension::new(oid::REASON_CODE, der::unsigned(1))),
        ),
        entry(
            "entry-certificate-issuer-malformed",
            "§5.3.3",
            "An entry of the second CRL has a certificateIssuer that is NULL.",
            with(Extension::new(oid::CERTIFICATE_ISSUER, der::null()).critical()),
        ),
    ]
}

fn crl_extensions() -> Vec<Case> {
    let with = |name: &str, section: &str, description: &str, extension: Extension| {
        bad(name, section, description, plain_crl().extension(extension))
    };
    let new = Extension::new;
    vec![
        with(
            "number-malformed",
            "§5.2.3",
            "The number of the second CRL is a BOOLEAN.",
            new(oid::CRL_NUMBER, der::boolean(true)),
        ),
        with(
            "number-empty",
            "§5.2.3",
            "The number of the second CRL has no octets.",
            Extension::crl_number(&[]),
        ),
        with(
            "delta-malformed",
            "§5.2.4",
            "The delta indicator of the second CRL is NULL.",
            new(oid::DELTA_CRL_INDICATOR, der::null()).critical(),
        ),
        with(
            "point-malformed",
            "§5.2.5",
            "The issuingDistributionPoint of the second CRL is NULL.",
            new(oid::ISSUING_DISTRIBUTION_POINT, der::null()).critical(),
        ),
        with(
            "point-trailing",
            "§5.2.5",
            "The issuingDistributionPoint of the second CRL has a field too many.",
            new(
                oid::ISSUING_DISTRIBUTION_POINT,
                der::sequence(&[
                    der::contents(&IssuingDistributionPoint::new().only_user_certs().der()),
                    &der::context_primitive(6, &[0xff]),
                ]),
            )
            .critical(),
        ),
        with(
            "point-order",
            "§5.2.5",
            "The fields of the issuingDistributionPoint of the second CRL are in the wrong order.",
            new(
                oid::ISSUING_DISTRIBUTION_POINT,
                der::sequence(&[
                    der::context_primitive(4, &[0xff]),
                    der::context_primitive(1, &[0xff]),
                ]),
            )
            .critical(),
        ),
        with(
            "point-boolean",
            "§5.2.5, ITU-T X.690 §11.1",
            "TRUE in the issuingDistributionPoint of the second CRL is written as 1.",
            new(
                oid::ISSUING_DISTRIBUTION_POINT,
                der::sequence(&[der::context_primitive(1, &[1])]),
            )
            .critical(),
        ),
    ]
}
