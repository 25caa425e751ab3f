//! The form of a certificate: DER and RFC 5280 §4.1, mostly broken.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::{Cert, Extension, GeneralName, Version, der, oid};

pub(super) fn cases() -> Vec<Case> {
    [good(), bad_encoding(), bad_fields(), bad_extensions()].concat()
}

fn case(name: &str, rule: &str, description: &str, client: Cert) -> Case {
    Case::new(&format!("form-{name}"), rule, description).chain(&[client, issuing()])
}

/// Refused, and the message names the field or what is wrong with it.
fn malformed(name: &str, rule: &str, message: &str, description: &str, client: Cert) -> Case {
    case(name, rule, description, client)
        .refuse("malformed", "client")
        .message(message)
}

/// What breaks the profile, or looks as if it did, and is harmless.
fn good() -> Vec<Case> {
    let serial = "RFC 5280 §4.1.2.2";
    vec![
        case(
            "serial-zero",
            serial,
            "A serial of 0 is handled gracefully.",
            alice().serial(&[0]),
        ),
        case(
            "serial-negative",
            serial,
            "A negative serial is handled gracefully.",
            alice().serial(&[0x80]),
        ),
        case(
            "serial-20-octets",
            serial,
            "A serial of 20 octets is as long as it may be.",
            alice().serial(&[0x7f; 20]),
        ),
        case(
            "serial-21-octets",
            serial,
            "A serial of 21 octets is too long, and harmless.",
            alice().serial(&[0x7f; 21]),
        ),
        case(
            "version-1-client",
            "RFC 5280 §6.1",
            "A client of version 1, as many a private CA issues it, has no extension to restrict it.",
            alice().without_extensions().version(Version::V1),
        ),
        case(
            "unique-identifiers",
            "RFC 5280 §4.1.2.8",
            "issuerUniqueID and subjectUniqueID are read and passed over.",
            alice().raw_unique_ids(der::concat(&[
                der::context_primitive(1, &[0, 7]),
                der::context_primitive(2, &[0, 7]),
            ])),
        ),
    ]
}

fn bad_encoding() -> Vec<Case> {
    let der_only = "X.690 §10.1";
    let one_element = "RFC 5280 §4.1";
    vec![
        malformed(
            "truncated",
            one_element,
            "certificate: cut short",
            "The certificate ends too early.",
            alice().rewrite(|mut certificate| {
                certificate.truncate(certificate.len() - 1);
                certificate
            }),
        ),
        malformed(
            "trailing",
            one_element,
            "certificate: bytes left over",
            "An octet follows the certificate.",
            alice().rewrite(|mut certificate| {
                certificate.push(0);
                certificate
            }),
        ),
        malformed(
            "trailing-inside",
            one_element,
            "bytes left over",
            "A fourth element follows the signature.",
            alice()
                .rewrite(|certificate| der::sequence(&[der::contents(&certificate), &der::null()])),
        ),
        malformed(
            "trailing-in-tbs",
            one_element,
            "bytes left over",
            "An element follows the extensions.",
            alice().rewrite_tbs(|tbs| der::sequence(&[der::contents(&tbs), &der::null()])),
        ),
        malformed(
            "long-length",
            der_only,
            "length not in its shortest form",
            "A length has one octet more than it needs: BER, not DER.",
            alice().rewrite(|certificate| {
                der::tlv_with_long_length(0x30, der::contents(&certificate))
            }),
        ),
        malformed(
            "long-length-in-tbs",
            der_only,
            "length not in its shortest form",
            "The length of the signed part has one octet more than it needs: BER, not DER.",
            alice().rewrite_tbs(|tbs| der::tlv_with_long_length(0x30, der::contents(&tbs))),
        ),
        malformed(
            "indefinite-length",
            der_only,
            "length of indefinite form",
            "The indefinite length: BER, not DER.",
            alice().rewrite(|certificate| der::tlv_indefinite(0x30, der::contents(&certificate))),
        ),
        malformed(
            "length-too-large",
            der_only,
            "cut short",
            "A length of 4,294,967,295 octets, of which there are few.",
            alice().rewrite(|_| vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30, 0x00]),
        ),
        malformed(
            "length-of-length",
            der_only,
            "length not in its shortest form",
            "A length whose own length is 127 octets.",
            alice().rewrite(|certificate| {
                der::concat(&[&[0x30, 0xff][..], der::contents(&certificate)])
            }),
        ),
        malformed(
            "empty-sequence",
            one_element,
            "cut short",
            "An empty SEQUENCE.",
            alice().rewrite(|_| vec![0x30, 0]),
        ),
        malformed(
            "text",
            one_element,
            "certificate: cut short",
            "Text in the place of a certificate.",
            alice().rewrite(|_| b"hello".to_vec()),
        ),
        malformed(
            "zeros",
            one_element,
            "unexpected element (tag 0x00)",
            "Zeros in the place of the signed part.",
            alice().rewrite_tbs(|tbs| vec![0; tbs.len()]),
        ),
        malformed(
            "set",
            one_element,
            "unexpected element (tag 0x31)",
            "A SET in the place of the outer SEQUENCE.",
            alice().rewrite(|certificate| der::tlv(0x31, der::contents(&certificate))),
        ),
        malformed(
            "signature-unused-bits",
            "RFC 5280 §4.1.1.3",
            "signatureValue: BIT STRING with wrong unused bits",
            "A signature is whole octets; this one says that three bits are not used.",
            alice()
                .raw_signature(vec![0x30, 0x06, 2, 1, 1, 2, 1, 8])
                .unused_signature_bits(3),
        ),
    ]
}

fn bad_fields() -> Vec<Case> {
    let version = "RFC 5280 §4.1.2.1";
    vec![
        malformed(
            "version-4",
            version,
            "version: fields that this version does not have, or an unknown version",
            "There is no version 4.",
            alice().raw_version(der::context_constructed(0, &der::unsigned(3))),
        ),
        malformed(
            "version-1-explicit",
            version,
            "version: default value written out",
            "Version 1 is the default: DER leaves it out.",
            alice()
                .without_extensions()
                .raw_version(der::context_constructed(0, &der::unsigned(0))),
        ),
        malformed(
            "version-1-extensions",
            version,
            "extensions: fields that this version does not have, or an unknown version",
            "Version 1 has no extensions.",
            alice().version(Version::V1),
        ),
        malformed(
            "version-2-extensions",
            version,
            "extensions: fields that this version does not have, or an unknown version",
            "Version 2 has no extensions.",
            alice().version(Version::V2),
        ),
        malformed(
            "other-name-constructed-string",
            "X.690 §10.2",
            "",
            "The value of an otherName is a string in constructed form.",
            alice().extension(Extension::subject_alt_name(&[GeneralName::Other(
                oid::UPN.to_owned(),
                [&[0x2c][..], &[3], &der::utf8_string("b")].concat(),
            )])),
        ),
        malformed(
            "serial-empty",
            "X.690 §8.3.1",
            "serialNumber: INTEGER empty",
            "An INTEGER has at least one octet.",
            alice().serial(&[]),
        ),
        malformed(
            "serial-padded",
            "X.690 §8.3.2",
            "serialNumber: INTEGER empty or not in its shortest form",
            "An INTEGER has no octet that it does not need.",
            alice().serial(&[0, 1]),
        ),
        malformed(
            "subject-not-a-sequence",
            "RFC 5280 §4.1.2.6",
            "subject: unexpected element",
            "A UTF8String in the place of the subject's name.",
            alice().subject(crate::Name::raw(der::utf8_string("alice"))),
        ),
        malformed(
            "key-not-a-sequence",
            "RFC 5280 §4.1.2.7",
            "subjectPublicKeyInfo: unexpected element",
            "An INTEGER in the place of the public key.",
            alice().spki(der::unsigned(7)),
        ),
    ]
}

fn bad_extensions() -> Vec<Case> {
    let rule = "RFC 5280 §4.2";
    let key_usage_with = |critical: &[u8]| {
        let value = der::octet_string(&der::bit_string_with_unused_bits(7, &[0x80]));
        Extension::raw(
            oid::KEY_USAGE,
            der::sequence(&[&der::oid(oid::KEY_USAGE), critical, &value]),
        )
    };
    vec![
        malformed(
            "duplicate-extension",
            rule,
            "extensions: extension present twice",
            "No extension may be there twice, not even one that says the same.",
            alice().another_extension(Extension::extended_key_usage(&[oid::CLIENT_AUTH])),
        ),
        malformed(
            "duplicate-unknown-extension",
            rule,
            "extensions: extension present twice",
            "No extension may be there twice, not even one that nobody knows.",
            alice()
                .another_extension(Extension::unknown())
                .another_extension(Extension::unknown()),
        ),
        malformed(
            "duplicate-names-extension",
            rule,
            "extensions: extension present twice",
            "Two subjectAltName extensions would make two identities.",
            alice().another_extension(Extension::subject_alt_name(&[GeneralName::dns(
                "mallory.example",
            )])),
        ),
        malformed(
            "boolean-1",
            "X.690 §11.1",
            "BOOLEAN neither 0x00 nor 0xFF",
            "TRUE is FF in DER, not 01.",
            alice().extension(key_usage_with(&[1, 1, 1])),
        ),
        malformed(
            "boolean-long",
            "X.690 §8.2.1",
            "BOOLEAN neither 0x00 nor 0xFF",
            "A BOOLEAN has one octet.",
            alice().extension(key_usage_with(&[1, 2, 0xff, 0xff])),
        ),
        malformed(
            "key-usage-not-bits",
            "RFC 5280 §4.2.1.3",
            "keyUsage: unexpected element",
            "A keyUsage that is no BIT STRING.",
            alice()
                .extension(Extension::new(oid::KEY_USAGE, der::octet_string(&[0x80])).critical()),
        ),
        malformed(
            "purpose-not-a-list",
            "RFC 5280 §4.2.1.12",
            "extKeyUsage: unexpected element",
            "An extKeyUsage that is one identifier in the place of a list.",
            alice().extension(Extension::new(
                oid::EXTENDED_KEY_USAGE,
                der::oid(oid::CLIENT_AUTH),
            )),
        ),
        malformed(
            "purpose-empty",
            "RFC 5280 §4.2.1.12",
            "extKeyUsage: empty",
            "An extKeyUsage has at least one purpose.",
            alice().extension(Extension::extended_key_usage(&[])),
        ),
        malformed(
            "purpose-trailing",
            "RFC 5280 §4.2",
            "extKeyUsage: bytes left over",
            "An octet follows the value of extKeyUsage.",
            alice().extension(Extension::new(
                oid::EXTENDED_KEY_USAGE,
                der::concat(&[der::sequence(&[der::oid(oid::CLIENT_AUTH)]), vec![0]]),
            )),
        ),
        malformed(
            "basic-constraints-not-a-sequence",
            "RFC 5280 §4.2.1.9",
            "basicConstraints: unexpected element",
            "A basicConstraints that is a BOOLEAN.",
            alice()
                .extension(Extension::new(oid::BASIC_CONSTRAINTS, der::boolean(false)).critical()),
        ),
        malformed(
            "extension-value-not-octets",
            rule,
            "extensions: unexpected element",
            "An extension whose value is no OCTET STRING.",
            alice().extension(Extension::raw(
                oid::UNKNOWN_EXTENSION,
                der::sequence(&[der::oid(oid::UNKNOWN_EXTENSION), der::utf8_string("?")]),
            )),
        ),
    ]
}
