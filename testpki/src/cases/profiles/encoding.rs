//! What can be read in one way only and is not written as DER or its type asks: Compatible accepts
//! it.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing};
use crate::cases::profiles::{MALFORMED, NON_CONFORMING, both, client, issuer, of_root, strict};
use crate::{
    Attribute, Cert, DistributionPoint, Extension, GeneralName, Key, Name, StringType, der, oid,
};

pub(super) fn cases() -> Vec<Case> {
    [
        defaults(),
        named_bits(),
        set_order(),
        strings(),
        attribute_types(),
        conforming(),
        constructed(),
    ]
    .concat()
}

/// A client that has this extension.
fn with(extension: Extension) -> Cert {
    of_root().extension(extension)
}

fn named(names: &[GeneralName]) -> Cert {
    with(Extension::subject_alt_name(names))
}

/// A client whose subjectAltName has this attribute in a directoryName.
fn attribute(oid: &str, string_type: StringType, value: &str) -> Cert {
    let name = Name::new(&[Attribute::new(oid, string_type, value)]);
    named(&[GeneralName::directory(&name)])
}

/// The same, of any bytes.
fn raw_attribute(oid: &str, value: Vec<u8>) -> Cert {
    let attribute = der::sequence(&[der::oid(oid), value]);
    let name = Name::raw(der::sequence(&[der::set(&[attribute])]));
    named(&[GeneralName::directory(&name)])
}

fn not_critical_written(oid: &str, value: Vec<u8>) -> Extension {
    let fields = [
        der::oid(oid),
        der::boolean(false),
        der::octet_string(&value),
    ];
    Extension::raw(oid, der::sequence(&fields))
}

fn defaults() -> Vec<Case> {
    let purposes = der::sequence(&[der::oid(oid::CLIENT_AUTH)]);
    let subtree = der::sequence(&[
        GeneralName::dns("example").der(),
        der::context_primitive(0, &[0]),
    ]);
    let no_ca = der::sequence(&[der::boolean(false)]);
    [
        client(
            "critical-false-written",
            "§4.2, X.690 §11.5",
            "critical FALSE written out in an extension of a client.",
            "critical with a default value written out",
            with(not_critical_written(oid::EXTENDED_KEY_USAGE, purposes)),
        ),
        issuer(
            "critical-false-written-issuer",
            "§4.2, X.690 §11.5",
            "critical FALSE written out in an extension of a CA that nobody knows.",
            "critical with a default value written out",
            issuing().extension(not_critical_written(oid::UNKNOWN_EXTENSION, der::null())),
        ),
        client(
            "ca-false-written",
            "§4.2.1.9, X.690 §11.5",
            "cA FALSE written out.",
            "basicConstraints with a default value written out",
            with(Extension::new(oid::BASIC_CONSTRAINTS, no_ca).critical()),
        ),
        issuer(
            "minimum-written",
            "§4.2.1.10, X.690 §11.5",
            "The minimum 0 of a subtree written out.",
            "nameConstraints with a default value written out",
            issuing().extension(Extension::name_constraints(&[subtree], &[])),
        ),
    ]
    .concat()
}

fn named_bits() -> Vec<Case> {
    let point = |unused: u8| {
        let reasons = der::context_primitive(1, &[unused, 0x40]);
        let name = GeneralName::uri("http://crl.example/").der();
        let name = der::context_constructed(0, &der::context_constructed(0, &name));
        let for_all = der::sequence(&[&name]);
        let points = der::sequence(&[der::sequence(&[name, reasons]), for_all]);
        Extension::new(oid::CRL_DISTRIBUTION_POINTS, points)
    };
    let usage = |unused: u8, octets: &[u8]| {
        let bits = der::bit_string_with_unused_bits(unused, octets);
        Extension::new(oid::KEY_USAGE, bits).critical()
    };
    let message = "with zero bits at the end of named bits";
    [
        client(
            "key-usage-zero-bits",
            "§4.2.1.3, X.690 §11.2.2",
            "A keyUsage with zero bits after the last one.",
            message,
            with(usage(0, &[0x80])),
        ),
        client(
            "key-usage-zero-octet",
            "§4.2.1.3, X.690 §11.2.2",
            "A keyUsage with a zero octet after the last bit.",
            message,
            with(usage(7, &[0x80, 0])),
        ),
        issuer(
            "key-usage-zero-bits-issuer",
            "§4.2.1.3, X.690 §11.2.2",
            "A CA's keyUsage with zero bits after the last one.",
            message,
            issuing().extension(usage(0, &[0x06])),
        ),
        client(
            "reasons-zero-bits",
            "§4.2.1.13, X.690 §11.2.2",
            "The reasons of a distribution point with zero bits after the last one.",
            message,
            with(point(5)),
        ),
        vec![
            strict(
                "reasons-minimal",
                "RFC 5280 §4.2.1.13, X.690 §11.2.2",
                "The reasons of a distribution point without zero bits after the last one.",
            )
            .chain(&[with(point(6))])
            .path(&["CN=alice", "CN=Root"]),
        ],
    ]
    .concat()
}

/// commonName and organizationalUnitName of one length: the former comes first in DER.
fn pair() -> [Attribute; 2] {
    [
        Attribute::common_name("alice"),
        Attribute::organizational_unit("fleet"),
    ]
}

fn set_order() -> Vec<Case> {
    let [first, second] = pair();
    let unsorted = || Name::from_levels(&[&[second.clone(), first.clone()]]);
    let sorted = Name::from_levels(&[&[first.clone(), second.clone()]]);
    let message = "a SET OF that is not in order";
    let directory = [GeneralName::directory(&unsorted())];
    let relative = DistributionPoint::relative_name(&[second.clone(), first.clone()]);
    let subtree = Extension::subtree(&directory[0]);
    let ca = Cert::ca("CA", &Key::p256("issuing")).subject(unsorted());
    let rule = "§4.1.2.4, X.690 §11.6";
    [
        client(
            "set-order-san",
            rule,
            "A directoryName whose attributes of one level are not in order.",
            message,
            named(&directory),
        ),
        both(
            "set-order-subject",
            rule,
            "A subject whose attributes of one level are not in order.",
            "subject with a SET OF that is not in order",
            "client",
            |case| {
                case.chain(&[of_root().subject(unsorted())])
                    .path(&["CN=alice+OU=fleet", "CN=Root"])
            },
        ),
        both(
            "set-order-anchor",
            rule,
            "An anchor whose name has attributes of one level that are not in order.",
            "issuer with a SET OF that is not in order",
            "anchor",
            |case| {
                case.anchors(std::slice::from_ref(&ca))
                    .chain(&[alice_of(&ca)])
                    .path(&["CN=alice", "CN=alice+OU=fleet"])
            },
        ),
        client(
            "set-order-point",
            "§4.2.1.13, X.690 §11.6",
            "A relative name of a distribution point whose attributes are not in order.",
            message,
            with(Extension::crl_distribution_points(&[relative])),
        ),
        client(
            "set-order-crl-issuer",
            "§4.2.1.13, X.690 §11.6",
            "A cRLIssuer whose attributes of one level are not in order.",
            message,
            with(Extension::crl_distribution_points(&[
                DistributionPoint::nameless().crl_issuer(&directory),
            ])),
        ),
        issuer(
            "set-order-subtree",
            "§4.2.1.10, X.690 §11.6",
            "An excluded directory name whose attributes of one level are not in order.",
            message,
            issuing().extension(Extension::name_constraints(&[], &[subtree])),
        ),
        vec![
            strict(
                "set-in-order",
                "RFC 5280 §4.1.2.4, X.690 §11.6",
                "A subject whose attributes of one level are in order.",
            )
            .chain(&[of_root().subject(sorted)])
            .path(&["CN=alice+OU=fleet", "CN=Root"]),
        ],
    ]
    .concat()
}

fn strings() -> Vec<Case> {
    use StringType::{Ia5, Printable, Utf8};
    let unit = oid::ORGANIZATIONAL_UNIT;
    let rows = [
        (
            "printable-at",
            "a PrintableString with @",
            attribute(unit, Printable, "a@b"),
        ),
        (
            "printable-underscore",
            "a PrintableString with _",
            attribute(unit, Printable, "a_b"),
        ),
        (
            "printable-asterisk",
            "a PrintableString with *",
            attribute(unit, Printable, "*.a"),
        ),
        (
            "printable-ampersand",
            "a PrintableString with &",
            attribute(unit, Printable, "a & b"),
        ),
        (
            "utf8-not-utf8",
            "a UTF8String that is Latin-1",
            raw_attribute(unit, der::tlv(0x0c, b"Z\xfcrich")),
        ),
        (
            "ia5-high",
            "an IA5String with a byte above 7F",
            raw_attribute(oid::EMAIL_ADDRESS, der::tlv(0x16, b"\xfc@b")),
        ),
        (
            "bmp-odd",
            "a BMPString of three octets",
            raw_attribute(unit, der::tlv(0x1e, b"\0ab")),
        ),
        (
            "bmp-surrogates",
            "a BMPString with surrogates",
            raw_attribute(unit, der::tlv(0x1e, &[0xd8, 0x3d, 0xde, 0])),
        ),
        (
            "universal-range",
            "a UniversalString beyond Unicode",
            raw_attribute(unit, der::tlv(0x1c, &[0, 0x11, 0, 0])),
        ),
        (
            "numeric-letter",
            "a NumericString with a letter",
            raw_attribute("1.3.6.1.4.1.32473.5", der::tlv(0x12, b"1a")),
        ),
    ];
    let mut cases: Vec<_> = rows
        .into_iter()
        .flat_map(|(name, what, cert)| {
            client(
                &format!("string-{name}"),
                "§4.1.2.4, X.680 §41",
                &format!("A directoryName with {what}."),
                "characters that its type of string does not have",
                cert,
            )
        })
        .collect();
    let long = "x".repeat(65);
    let sizes = [
        (
            "empty",
            "an empty organizationalUnitName",
            attribute(unit, Utf8, ""),
        ),
        (
            "long",
            "an organizationalUnitName of 65 characters",
            attribute(unit, Utf8, &long),
        ),
        (
            "country",
            "a countryName of three letters",
            attribute(oid::COUNTRY, Printable, "CHE"),
        ),
        (
            "email-empty",
            "an empty emailAddress",
            attribute(oid::EMAIL_ADDRESS, Ia5, ""),
        ),
    ];
    cases.extend(sizes.into_iter().flat_map(|(name, what, cert)| {
        client(
            &format!("string-size-{name}"),
            "§4.1.2.4, Appendix A.1",
            &format!("A directoryName with {what}."),
            "an empty string, or one that is too long",
            cert,
        )
    }));
    cases.push(
        strict(
            "string-printable-at-subject",
            "RFC 5280 §4.1.2.6, X.680 §41",
            "A subject with a PrintableString with @: refused.",
        )
        .chain(&[of_root().subject(Name::new(&[Attribute::new(
            oid::COMMON_NAME,
            Printable,
            "a@b",
        )]))])
        .refuse(NON_CONFORMING, "client")
        .message("subject with characters"),
    );
    cases
}

fn attribute_types() -> Vec<Case> {
    use StringType::{Ia5, Printable, Utf8};
    [
        (
            "common-name-ia5",
            "a commonName in IA5String",
            attribute(oid::COMMON_NAME, Ia5, "a"),
        ),
        (
            "country-utf8",
            "a countryName in UTF8String",
            attribute(oid::COUNTRY, Utf8, "CH"),
        ),
        (
            "email-utf8",
            "an emailAddress in UTF8String",
            attribute(oid::EMAIL_ADDRESS, Utf8, "a@b"),
        ),
        (
            "component-printable",
            "a domainComponent in PrintableString",
            attribute(oid::DOMAIN_COMPONENT, Printable, "a"),
        ),
        (
            "organization-integer",
            "an organizationName that is an INTEGER",
            raw_attribute(oid::ORGANIZATION, der::unsigned(7)),
        ),
    ]
    .into_iter()
    .flat_map(|(name, what, cert)| {
        client(
            &format!("attribute-{name}"),
            "§4.1.2.4, Appendix A.1",
            &format!("A directoryName with {what}."),
            "an attribute of another type than its own",
            cert,
        )
    })
    .collect()
}

/// Names of all string types that break no rule.
fn conforming() -> Vec<Case> {
    let unit = oid::ORGANIZATIONAL_UNIT;
    let name = Name::new(&[
        Attribute::country("CH"),
        Attribute::domain_component("example"),
        Attribute::new(unit, StringType::Utf8, &"é".repeat(64)),
        Attribute::new(
            unit,
            StringType::Printable,
            "A (b) + c, d. e/f: g=h? 'i' - 1",
        ),
        Attribute::new(unit, StringType::Teletex, "Zürich"),
        Attribute::new(unit, StringType::Bmp, "Zürich"),
        Attribute::new(unit, StringType::Universal, "Zürich 😀"),
        Attribute::new("1.3.6.1.4.1.32473.5", StringType::Ia5, ""),
        Attribute::email_address("a@example"),
    ]);
    vec![
        strict(
            "strings",
            "RFC 5280 §4.1.2.4, Appendix A.1",
            "A directoryName with strings of every type, each with characters of its own.",
        )
        .chain(&[named(&[GeneralName::directory(&name)])])
        .path(&["CN=alice", "CN=Root"]),
    ]
}

/// A string in constructed form is read in two ways: refused by both profiles.
fn constructed() -> Vec<Case> {
    let segments = der::concat(&[der::utf8_string("al"), der::utf8_string("ice")]);
    let of_segments = |tag: u8| {
        let attribute = der::sequence(&[der::oid(oid::COMMON_NAME), der::tlv(tag, &segments)]);
        Name::raw(der::sequence(&[der::set(&[attribute])]))
    };
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("form-string-constructed-{name}"),
            "X.690 §10.2",
            description,
        )
    };
    vec![
        case("subject", "A commonName of two segments: BER, not DER.")
            .chain(&[alice().subject(of_segments(0x2c)), issuing()])
            .refuse(MALFORMED, "client")
            .message("subject"),
        case("printable", "The same as a PrintableString.")
            .chain(&[alice().subject(of_segments(0x33)), issuing()])
            .refuse(MALFORMED, "client")
            .message("subject"),
        case("san", "A directoryName with a commonName of two segments.")
            .chain(&[
                alice().extension(Extension::subject_alt_name(&[GeneralName::directory(
                    &of_segments(0x2c),
                )])),
                issuing(),
            ])
            .refuse(MALFORMED, "client")
            .message("subjectAltName"),
    ]
}
