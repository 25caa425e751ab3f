//! What of a CRL can be read in one way only and is not written as RFC 5280 asks: Compatible uses
//! the CRL, Rfc5280 does not.

use super::loading_fields::bad;
use super::profile::{Unused, both, form, strict};
use super::{REVOKED, bob, client, plain_crl, revoking};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::{
    Attribute, Crl, DistributionPoint, Entry, Extension, GeneralName, IssuingDistributionPoint,
    Key, Reason, Time, der, oid,
};

pub(super) fn cases() -> Vec<Case> {
    [
        empty_crls(),
        defaults(),
        points(),
        entries(),
        extensions(),
        still_revokes(),
    ]
    .concat()
}

/// An entry with an empty list of extensions.
fn bare_entry(serial: &[u8]) -> Vec<u8> {
    der::sequence(&[
        der::integer(serial),
        der::utc_time("260101000000Z"),
        der::sequence::<Vec<u8>>(&[]),
    ])
}

fn empty_crls() -> Vec<Case> {
    let section = "§5.3";
    let bare = || plain_crl().raw_entries(bare_entry(&bob().serial_octets()));
    [
        form(
            "entry-extensions-empty",
            section,
            "an entry with an empty list of extensions",
            "An entry has an empty list of extensions, as TeleSec and Botan until 2025 write it.",
            bare(),
        ),
        vec![
            client(
                "entry-extensions-empty-revoked",
                "RFC 5280 §5.3",
                "The client's entry has an empty list of extensions: revoked all the same.",
            )
            .crls(&[plain_crl().raw_entries(bare_entry(&alice().serial_octets()))])
            .refuse(REVOKED, "client"),
            bad(
                "version-1-entry-extensions-empty",
                "§5.1.2.1",
                "The second CRL is of version 1 and has an entry with an empty list of extensions.",
                bare().version_1().without_extensions(),
            ),
        ],
    ]
    .concat()
}

fn defaults() -> Vec<Case> {
    let written = |oid: &str, value: Vec<u8>| {
        let fields = [
            der::oid(oid),
            der::boolean(false),
            der::octet_string(&value),
        ];
        Extension::raw(oid, der::sequence(&fields))
    };
    let reason = written(oid::REASON_CODE, der::tlv(0x0a, &[4]));
    [
        form(
            "critical-false-written",
            "§5.2, X.690 §11.5",
            "critical with a default value written out",
            "critical FALSE written out in an extension of the CRL.",
            plain_crl().extension(written(oid::CRL_NUMBER, der::unsigned(1))),
        ),
        form(
            "entry-critical-false-written",
            "§5.3, X.690 §11.5",
            "critical with a default value written out",
            "critical FALSE written out in an extension of an entry.",
            plain_crl().entry(Entry::of(&bob()).extension(reason)),
        ),
    ]
    .concat()
}

fn points() -> Vec<Case> {
    let with = |fields: &[Vec<u8>]| {
        let value = der::sequence(fields);
        plain_crl().extension(Extension::new(oid::ISSUING_DISTRIBUTION_POINT, value).critical())
    };
    let flag = |number, value| der::context_primitive(number, &[value]);
    let section = "§5.2.5";
    let level = [
        Attribute::organizational_unit("fleet"),
        Attribute::common_name("alice"),
    ];
    let relative = IssuingDistributionPoint::new().relative_name(&level);
    [
        form(
            "point-empty",
            section, "an empty issuingDistributionPoint",
            "The CRL's point says nothing.",
            with(&[]),
        ),
        form(
            "point-flags-false",
            "§5.2.5, X.690 §11.5",
            "issuingDistributionPoint with a default value written out",
            "The CRL's point writes out that flags are FALSE.",
            with(&[flag(1, 0xff), flag(2, 0), flag(4, 0)]),
        ),
        form(
            "point-all-false",
            "§5.2.5, X.690 §11.5",
            "an empty issuingDistributionPoint",
            "The CRL's point says nothing but that flags are FALSE.",
            with(&[flag(1, 0), flag(2, 0)]),
        ),
        vec![
            strict(
                "point-reasons-zero-bits",
                "§5.2.5, X.690 §11.2.2",
                "The reasons of the CRL's point end with zero bits. It has the client, and unknown status is allowed.",
            )
            .policy("revocation.unknown", "allow")
            .crls(&[with(&[der::context_primitive(3, &[0, 0x7f, 0x80])]).revoke(&alice())])
            .refuse(REVOKED, "client"),
        ],
        form(
            "point-reasons-zero-bits-good",
            "§5.2.5, X.690 §11.2.2",
            "issuingDistributionPoint with zero bits at the end",
            "The reasons of the CRL's point, all of them, end with zero bits.",
            with(&[der::context_primitive(3, &[0, 0x7f, 0x80])]),
        ),
        both(
            "point-set-order",
            "§5.2.5, X.690 §11.6",
            &Unused::Breaks("issuingDistributionPoint with a SET OF that is not in order"),
            "The attributes of the relative name of the CRL's point are not in order; those of the client's point are.",
            |case| {
                let point = DistributionPoint::relative_name(&[level[1].clone(), level[0].clone()]);
                let alice = alice().extension(Extension::crl_distribution_points(&[point]));
                case.chain(&[alice, issuing()])
                    .crls(&[plain_crl().point(&relative)])
            },
        ),
    ]
    .concat()
}

fn entries() -> Vec<Case> {
    let with = |extension: Extension| plain_crl().entry(Entry::of(&bob()).extension(extension));
    let reason = |code: u8| with(Extension::new(oid::REASON_CODE, der::tlv(0x0a, &[code])));
    let utc = Time::utc("250601000000Z").der().to_vec();
    [
        form(
            "reason-7",
            "§5.3.1",
            "a reason code without a meaning",
            "An entry has the reason 7, which means nothing.",
            reason(7),
        ),
        form(
            "reason-11",
            "§5.3.1",
            "a reason code without a meaning",
            "An entry has the reason 11, which means nothing.",
            reason(11),
        ),
        form(
            "reason-127",
            "§5.3.1",
            "a reason code without a meaning",
            "An entry has the reason 127, which means nothing.",
            reason(127),
        ),
        form(
            "reason-remove",
            "§5.3.1",
            "the reason removeFromCRL outside of a delta",
            "An entry of a complete CRL has the reason removeFromCRL, which is for delta CRLs.",
            reason(Reason::RemoveFromCrl.code()),
        ),
        form(
            "invalidity-date-utc",
            "§5.3.2",
            "an invalidityDate that is not GeneralizedTime",
            "The invalidity date of an entry is UTCTime.",
            with(Extension::new(oid::INVALIDITY_DATE, utc)),
        ),
        vec![
            strict(
                "reason-10",
                "§5.3.1",
                "An entry has the reason 10, the last one.",
            )
            .crls(&[reason(10)]),
            strict(
                "reason-0",
                "§5.3.1",
                "An entry has the reason 0, which should be left out.",
            )
            .crls(&[reason(0)]),
        ],
    ]
    .concat()
}

fn extensions() -> Vec<Case> {
    let empty =
        |oid: &str| plain_crl().extension(Extension::new(oid, der::sequence::<Vec<u8>>(&[])));
    let key = Key::p256("issuing").identifier();
    let key_id = |serial: &[u8]| {
        let value = der::sequence(&[
            der::context_primitive(0, &key),
            der::context_constructed(1, b"Root!"),
            der::context_primitive(2, serial),
        ]);
        Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, value)
    };
    let name = GeneralName::dns("ca.example").der();
    let names = Extension::new(oid::ISSUER_ALT_NAME, der::sequence(&[name]));
    [
        form("issuer-alt-name-empty", "§5.2.2", "malformed issuerAltName", "The CRL has an empty issuerAltName.", empty(oid::ISSUER_ALT_NAME)),
        form("freshest-crl-empty", "§5.2.6", "malformed freshestCRL", "The CRL has an empty freshestCRL.", empty(oid::FRESHEST_CRL)),
        form("information-access-empty", "§5.2.7", "malformed authorityInfoAccess", "The CRL has an empty authorityInfoAccess.", empty(oid::AUTHORITY_INFO_ACCESS)),
        form("aki-garbage", "§5.2.1", "malformed authorityKeyIdentifier", "The issuer in the CRL's authorityKeyIdentifier is no GeneralNames.", plain_crl().extension(key_id(&[1]))),
        vec![
            bad(
                "aki-garbage-critical",
                "§5.2, §5.2.1",
                "The second CRL has a critical authorityKeyIdentifier whose issuer is no GeneralNames.",
                plain_crl().extension(key_id(&[1]).critical()),
            ),
            strict("issuer-alt-name", "§5.2.2", "The CRL has a well-formed issuerAltName.")
                .crls(&[plain_crl().extension(names)]),
        ],
    ]
    .concat()
}

/// A client that such a CRL revokes stays revoked.
fn still_revokes() -> Vec<Case> {
    let with_entry = |crl: Crl| crl.raw_entries(bare_entry(&bob().serial_octets()));
    let reason = Extension::new(oid::REASON_CODE, der::tlv(0x0a, &[7]));
    let case = |name: &str, description: &str| {
        strict(name, "§5.3", description).policy("revocation.unknown", "allow")
    };
    vec![
        case(
            "still-revokes-entry-extensions-empty",
            "Another entry of the CRL that has the client has an empty list of extensions.",
        )
        .crls(&[with_entry(revoking())])
        .refuse(REVOKED, "client"),
        case(
            "still-revokes-reason-7",
            "The client's entry has a reason that means nothing.",
        )
        .crls(&[plain_crl().entry(Entry::of(&alice()).extension(reason))])
        .refuse(REVOKED, "client"),
    ]
}
