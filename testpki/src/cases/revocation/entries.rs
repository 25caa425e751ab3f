//! Serial numbers as they come, and what else an entry or a CRL may have.

use super::{REVOKED, bob, client, plain_crl, revoking, used};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::{Crl, DistributionPoint, Entry, Extension, GeneralName, Reason, oid};

pub(super) fn cases() -> Vec<Case> {
    [serials(), order(), version_1(), extensions()].concat()
}

/// The client has one serial number, and the CRL another one or the same.
fn serial(name: &str, description: &str, client_serial: &[u8], listed: &[u8]) -> Case {
    let rule = "RFC 5280 §4.1.2.2, §5.1.2.6";
    let case = client(&format!("serial-{name}"), rule, description)
        .chain(&[alice().serial(client_serial), issuing()])
        .crls(&[plain_crl().entry(Entry::serial(listed))]);
    if client_serial == listed {
        case.refuse(REVOKED, "client")
    } else {
        case
    }
}

fn serials() -> Vec<Case> {
    let same = |name: &str, description: &str, serial_octets: &[u8]| {
        serial(
            name,
            &format!("{description} Refused."),
            serial_octets,
            serial_octets,
        )
    };
    let long = |first: u8, octets: usize| {
        let mut serial = vec![0x5a; octets];
        serial[0] = first;
        serial
    };
    let long_last = |last: u8| [&[0x5a; 19], &[last][..]].concat();
    vec![
        same("one", "The client's serial number is 1, and listed.", &[1]),
        same("zero", "The client's serial number is 0, and listed.", &[0]),
        same(
            "negative",
            "The client's serial number is negative, and listed.",
            &[0x80, 1],
        ),
        same(
            "minus-one",
            "The client's serial number is -1, and listed.",
            &[0xff],
        ),
        same(
            "high-bit",
            "The client's serial number begins with a zero octet, and is listed.",
            &[0, 0x80, 1],
        ),
        same(
            "20-octets",
            "The client's serial number has 20 octets, and is listed.",
            &long(0x41, 20),
        ),
        same(
            "30-octets",
            "The client's serial number has 30 octets, and is listed.",
            &long(0x41, 30),
        ),
        same(
            "32-octets",
            "The client's serial number has 32 octets, and is listed.",
            &long(0x41, 32),
        ),
        same(
            "negative-30-octets",
            "The client's serial number is negative and has 30 octets, and is listed.",
            &long(0x81, 30),
        ),
        serial(
            "first-octet-differs",
            "A serial number that differs in the first octet is listed.",
            &long(0x41, 20),
            &long(0x42, 20),
        ),
        serial(
            "last-octet-differs",
            "A serial number that differs in the last octet is listed.",
            &long_last(1),
            &long_last(2),
        ),
        serial(
            "longer",
            "A serial number that has one octet more in front is listed.",
            &[0x41, 0x42],
            &[1, 0x41, 0x42],
        ),
        serial(
            "shorter",
            "A serial number that lacks the first octet is listed.",
            &[1, 0x41, 0x42],
            &[0x41, 0x42],
        ),
        serial(
            "longer-behind",
            "A serial number that has one octet more behind is listed.",
            &[0x41, 0x42],
            &[0x41, 0x42, 1],
        ),
        serial(
            "255-is-not-minus-one",
            "255 is listed, and the client has -1.",
            &[0xff],
            &[0, 0xff],
        ),
        serial(
            "minus-one-is-not-255",
            "-1 is listed, and the client has 255.",
            &[0, 0xff],
            &[0xff],
        ),
        serial(
            "127-is-not-minus-129",
            "-129 is listed, and the client has 127, which is its last octet.",
            &[0x7f],
            &[0xff, 0x7f],
        ),
        serial(
            "30-octets-first-differs",
            "Of 30 octets the first differs.",
            &long(0x41, 30),
            &long(0x40, 30),
        ),
    ]
}

fn order() -> Vec<Case> {
    let rule = "RFC 5280 §5.1.2.6";
    let descending = |crl: Crl| {
        (0..20)
            .rev()
            .fold(crl, |crl, octet| crl.entry(Entry::serial(&[0x40, octet])))
    };
    let ascending =
        |crl: Crl| (0..20).fold(crl, |crl, octet| crl.entry(Entry::serial(&[0x40, octet])));
    vec![
        client(
            "entries-descending",
            rule,
            "The entries come in descending order, and the client is not among them.",
        )
        .crls(&[descending(plain_crl())]),
        client(
            "entries-descending-revoked",
            rule,
            "The entries come in descending order, and the client is the first: refused.",
        )
        .crls(&[descending(revoking())])
        .refuse(REVOKED, "client"),
        client(
            "entries-last-revoked",
            rule,
            "The client's entry is the last of many in no order: refused.",
        )
        .crls(&[ascending(descending(plain_crl())).revoke(&alice())])
        .refuse(REVOKED, "client"),
        client(
            "entries-repeated",
            rule,
            "The CRL has another client twice: good.",
        )
        .crls(&[plain_crl().revoke(&bob()).revoke(&bob())]),
        client(
            "entries-repeated-revoked",
            rule,
            "The CRL has the client twice: refused.",
        )
        .crls(&[revoking().revoke(&bob()).revoke(&alice())])
        .refuse(REVOKED, "client"),
        client(
            "entries-repeated-reasons",
            rule,
            "The CRL has the client twice, for different reasons: refused.",
        )
        .crls(&[plain_crl()
            .entry(Entry::of(&alice()).reason(Reason::RemoveFromCrl))
            .entry(Entry::of(&alice()).reason(Reason::Superseded))])
        .refuse(REVOKED, "client"),
        client("crl-twice", rule, "The file has the CRL twice: good.")
            .crls(&[plain_crl(), plain_crl()]),
        client(
            "crl-twice-revoked",
            rule,
            "The file has the CRL twice: refused.",
        )
        .crls(&[revoking(), revoking()])
        .refuse(REVOKED, "client"),
        client(
            "empty-crl",
            rule,
            "revokedCertificates is an empty CRL, which Compatible reads: good.",
        )
        .crls(&[plain_crl().with_empty_list()]),
    ]
}

fn version_1() -> Vec<Case> {
    let old = |crl: Crl| crl.version_1().without_extensions();
    used(
        "version-1",
        "RFC 5280 §5.1.2.1",
        "The CRL is of version 1, without extensions, which Compatible reads.",
        move |case, crl| case.crls(&[old(crl)]),
    )
}

/// What is not known and not critical is passed over; what is known may be critical.
fn extensions() -> Vec<Case> {
    let entry_with = |name: &str, description: &str, extension: Extension| {
        used(name, "RFC 5280 §5.3", description, move |case, crl| {
            let other = Entry::of(&bob()).extension(extension.clone());
            case.crls(&[crl.entry(other)])
        })
    };
    let crl_with = |name: &str, description: &str, extension: Extension| {
        used(name, "RFC 5280 §5.2", description, move |case, crl| {
            case.crls(&[crl.extension(extension.clone())])
        })
    };
    let names = [GeneralName::dns("ca.example")];
    let names: Vec<_> = names.iter().map(GeneralName::der).collect();
    let alt_name = Extension::new(oid::ISSUER_ALT_NAME, crate::der::sequence(&names));
    let delta_point = DistributionPoint::uri("http://crl.example/delta");
    let hold_instruction = Extension::new("2.5.29.23", crate::der::oid("1.2.840.10040.2.3"));
    [
        entry_with(
            "entry-unknown-extension",
            "An entry has an unknown extension, which is not critical.",
            Extension::unknown(),
        ),
        entry_with(
            "entry-hold-instruction",
            "An entry has a holdInstructionCode, which RFC 5280 does not have any more.",
            hold_instruction,
        ),
        entry_with(
            "entry-reason-critical",
            "An entry has a critical reasonCode, which Compatible reads.",
            Extension::reason_code(Reason::Superseded).critical(),
        ),
        used(
            "entry-three-extensions",
            "RFC 5280 §5.3",
            "An entry has three extensions, each of them once.",
            |case, crl| {
                let other = Entry::of(&bob())
                    .reason(Reason::Superseded)
                    .invalidity_date("2026-01-01T00:00:00Z")
                    .extension(Extension::unknown());
                case.crls(&[crl.entry(other)])
            },
        ),
        crl_with(
            "crl-unknown-extension",
            "The CRL has an unknown extension, which is not critical.",
            Extension::unknown(),
        ),
        crl_with(
            "crl-issuer-alt-name",
            "The CRL has an issuerAltName.",
            alt_name,
        ),
        crl_with(
            "freshest-crl",
            "The CRL says where its deltas are.",
            Extension::freshest_crl(&[delta_point]),
        ),
        crl_with(
            "crl-number-critical",
            "The CRL's number is critical, which Compatible reads.",
            Extension::crl_number(&[1]).critical(),
        ),
    ]
    .concat()
}
