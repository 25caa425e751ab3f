//! Fields of a client's certificate that have no name of their own, and the forms of nations and
//! vendors.

use std::slice;

use mtls_verify::client::{KeyUsage, Oid, forms};
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::policy::KeyPurpose;
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, verify_client_chain};
use testpki::{Attribute, Cert, Extension, GeneralName, Key, KeyUsage as Bit, Name, StringType};
use testpki::{der, oid, sha256};

use crate::files;

const FASC_N: &str = "2.16.840.1.101.3.6.6";
const QC_STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";
const PSD2: &str = "0.4.0.19495.2";
const SID_EXTENSION: &str = "1.3.6.1.4.1.311.25.2";
const SID: &str = "S-1-5-21-1004336348-1177238915-682003330-512";

fn verified(client: Cert) -> VerifiedClient {
    let root = Cert::ca("Root", &Key::p256("root"));
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a good CA");
    let chain = [CertificateDer::from(client.issued_by(&root).der())];
    let (now, policy) = (files::time("2026-06-01T00:00:00Z"), ClientPolicy::default());
    verify_client_chain(&store, &chain, now, &policy).expect("verified")
}

fn client() -> Cert {
    Cert::client("alice", &Key::p256("alice"))
}

fn named(names: &[GeneralName]) -> VerifiedClient {
    verified(client().extension(Extension::subject_alt_name(names)))
}

fn parsed(dotted: &str) -> Oid {
    dotted.parse().expect("an OBJECT IDENTIFIER")
}

fn other_name(oid: &str, value: Vec<u8>) -> GeneralName {
    GeneralName::Other(oid.to_owned(), value)
}

#[test]
fn attributes_come_in_order_and_one_of_several_is_none() {
    let serial = |value| Attribute::new("2.5.4.5", StringType::Printable, value);
    let (country, name) = (Attribute::country("DE"), Attribute::common_name("alice"));
    let of = |levels: &[&[Attribute]]| verified(client().subject(Name::from_levels(levels)));

    let alice = of(&[slice::from_ref(&country), &[name.clone(), serial("7")]]);
    let identity = alice.identity();
    let found: Vec<(String, Option<String>)> = identity
        .attributes()
        .map(|one| {
            (
                one.oid().to_string(),
                one.text().map(|text| text.into_owned()),
            )
        })
        .collect();
    let expected = [("2.5.4.6", "DE"), ("2.5.4.3", "alice"), ("2.5.4.5", "7")];
    let expected = expected.map(|(oid, text)| (oid.to_owned(), Some(text.to_owned())));
    assert_eq!(found, expected);
    assert_eq!(identity.attribute(&parsed("2.5.4.5")).as_deref(), Some("7"));
    assert_eq!(identity.attribute(&parsed("2.5.4.10")), None);
    let values: Vec<_> = identity
        .attributes()
        .map(|one| (one.tag(), one.value()))
        .collect();
    assert!(values.contains(&(0x13, &b"7"[..])));

    for twice in [
        of(&[&[serial("7")], slice::from_ref(&name), &[serial("7")]]),
        of(&[&[serial("7"), serial("8"), name.clone()]]),
    ] {
        assert_eq!(twice.identity().attribute(&parsed("2.5.4.5")), None);
    }
    // Unreadable, it is one of several all the same.
    let number = der::sequence(&[der::oid("2.5.4.5"), der::integer(&[7])]);
    let with_number = |other: &Attribute| {
        let sets = [der::set(&[number.as_slice()]), der::set(&[other.der()])];
        verified(client().subject(Name::raw(der::sequence(&sets))))
    };
    let alone = with_number(&name);
    assert_eq!(alone.identity().attribute(&parsed("2.5.4.5")), None);
    assert_eq!(alone.identity().attributes().count(), 2);
    let both = with_number(&serial("7"));
    assert_eq!(both.identity().attribute(&parsed("2.5.4.5")), None);
}

#[test]
fn other_names_and_extensions_are_as_written() {
    let client = named(&[
        GeneralName::dns("a.example"),
        other_name("1.2.3", der::utf8_string("x")),
        other_name("1.2.3", der::null()),
    ]);
    let names: Vec<_> = client.identity().other_names().collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0].oid(), parsed("1.2.3"));
    assert_eq!(names[0].text().as_deref(), Some("x"));
    assert_eq!(names[0].value(), der::utf8_string("x"));
    assert_eq!(names[1].text(), None);

    let private = Extension::new("1.3.6.1.4.1.53594.1.1", vec![1, 2, 3]);
    let cert = self::client().extension(private);
    let client = verified(cert);
    let identity = client.identity();
    let private = identity
        .extension(&parsed("1.3.6.1.4.1.53594.1.1"))
        .expect("there");
    assert_eq!(
        (private.value(), private.is_critical()),
        (&[1u8, 2, 3][..], false)
    );
    assert!(identity.extension(&parsed("1.3.6.1.4.1.53594.1")).is_none());
    let found: Vec<_> = identity
        .extensions()
        .map(|one| one.oid().to_string())
        .collect();
    let usage = identity.extension(&parsed(oid::KEY_USAGE)).expect("there");
    assert!(usage.is_critical());
    let of_private = "1.3.6.1.4.1.53594.1.1";
    let written = [
        oid::KEY_USAGE,
        oid::EXTENDED_KEY_USAGE,
        "2.5.29.17",
        "2.5.29.14",
    ];
    assert_eq!(found, [&written[..], &[of_private, "2.5.29.35"]].concat());
    let bare = verified(self::client().without_extensions());
    assert_eq!(bare.identity().extensions().count(), 0);
}

#[test]
fn each_bit_of_the_key_usage_is_one() {
    type IsSet = fn(KeyUsage) -> bool;
    let bits: [(Bit, IsSet, &str); 9] = [
        (
            Bit::DigitalSignature,
            KeyUsage::digital_signature,
            "digitalSignature",
        ),
        (
            Bit::NonRepudiation,
            KeyUsage::content_commitment,
            "contentCommitment",
        ),
        (
            Bit::KeyEncipherment,
            KeyUsage::key_encipherment,
            "keyEncipherment",
        ),
        (
            Bit::DataEncipherment,
            KeyUsage::data_encipherment,
            "dataEncipherment",
        ),
        (Bit::KeyAgreement, KeyUsage::key_agreement, "keyAgreement"),
        (Bit::KeyCertSign, KeyUsage::key_cert_sign, "keyCertSign"),
        (Bit::CrlSign, KeyUsage::crl_sign, "cRLSign"),
        (Bit::EncipherOnly, KeyUsage::encipher_only, "encipherOnly"),
        (Bit::DecipherOnly, KeyUsage::decipher_only, "decipherOnly"),
    ];
    for (bit, _, name) in bits {
        // A handshake needs the first one.
        let set = Extension::key_usage(&[Bit::DigitalSignature, bit]);
        let client = verified(client().extension(set));
        let usage = client.identity().key_usage().expect("there");
        for (other, is_set, _) in bits {
            assert_eq!(
                is_set(usage),
                other == bit || other == Bit::DigitalSignature,
                "{name}"
            );
        }
        assert!(usage.to_string().ends_with(name), "{usage}");
    }
    let without = verified(client().without_extension(oid::KEY_USAGE));
    assert_eq!(without.identity().key_usage(), None);
}

#[test]
fn purposes_keys_and_digests_are_readable() {
    let purposes = Extension::extended_key_usage(&[oid::CLIENT_AUTH, "1.3.6.1.4.1.311.20.2.2"]);
    let key_id = Extension::subject_key_identifier(&[7, 8]);
    let cert = client().extension(purposes).extension(key_id);
    let spki = cert.spki_der().to_vec();
    let client = verified(cert);
    let identity = client.identity();
    let logon: KeyPurpose = "1.3.6.1.4.1.311.20.2.2".parse().expect("a purpose");
    assert!(identity.key_purposes().eq([KeyPurpose::CLIENT_AUTH, logon]));
    assert_eq!(identity.subject_key_id(), Some(&[7u8, 8][..]));
    assert_eq!(identity.public_key_info().as_ref(), spki);

    assert_eq!(identity.public_key_sha256(), sha256(&spki));
    // RFC 8705 §3.1: 32 octets are 43 characters.
    let thumbprint = identity.x5t_s256();
    assert_eq!(thumbprint.len(), 43);
    let decoded = from_base64url(&thumbprint);
    assert_eq!(decoded, sha256(&client.certificate()));

    let bare = verified(self::client().without_extensions());
    assert_eq!(bare.identity().key_purposes().count(), 0);
    assert_eq!(bare.identity().subject_key_id(), None);
}

/// RFC 4648 §5, without padding.
fn from_base64url(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digit = |byte| {
        DIGITS
            .iter()
            .position(|digit| *digit == byte)
            .expect("a digit")
    };
    let bits: Vec<usize> = text
        .bytes()
        .flat_map(|byte| (0..6).rev().map(move |bit| digit(byte) >> bit & 1))
        .collect();
    let octets = bits.chunks_exact(8);
    octets
        .map(|bits| bits.iter().fold(0, |octet, bit| octet << 1 | *bit as u8))
        .collect()
}

fn sid_extension(names: &[GeneralName]) -> Extension {
    let names: Vec<_> = names.iter().map(GeneralName::der).collect();
    Extension::new(SID_EXTENSION, der::sequence(&names))
}

#[test]
fn a_security_identifier_is_one_in_every_place() {
    let other = "S-1-5-21-1004336348-1177238915-682003330-513";
    let name = |sid: &str| other_name("1.3.6.1.4.1.311.25.2.1", der::octet_string(sid.as_bytes()));
    let uri = |sid: &str| GeneralName::uri(&format!("tag:microsoft.com,2022-09-14:sid:{sid}"));
    let shouted = GeneralName::uri(&format!("TAG:microsoft.com,2022-09-14:sid:{other}"));
    let unread_uri = GeneralName::Raw(der::context_primitive(6, b"\xc3\xab"));
    let plain = GeneralName::uri("https://a.example/");
    let utf8 = other_name("1.3.6.1.4.1.311.25.2.1", der::utf8_string(SID));
    let foreign = other_name("1.3.6.1.4.1.311.25.2.2", der::octet_string(SID.as_bytes()));
    type Names = Vec<GeneralName>;
    let cases: Vec<(Option<Names>, Names, Option<&str>)> = vec![
        (Some(vec![name(SID)]), vec![], Some(SID)),
        (None, vec![uri(SID)], Some(SID)),
        (None, vec![plain.clone(), uri(SID)], Some(SID)),
        (
            Some(vec![name(SID)]),
            vec![uri(SID), plain.clone()],
            Some(SID),
        ),
        (Some(vec![name(SID), foreign.clone()]), vec![], Some(SID)),
        (None, vec![plain], None),
        (Some(vec![name(SID), name(other)]), vec![], None),
        (Some(vec![name(SID)]), vec![uri(other)], None),
        (None, vec![uri(SID), uri(other)], None),
        (None, vec![uri(SID), shouted.clone()], None),
        (None, vec![shouted], None),
        (Some(vec![name("S-1-5")]), vec![uri(SID)], None),
        (Some(vec![name(SID)]), vec![uri("S-1-5-x")], None),
        (Some(vec![utf8]), vec![], None),
        (Some(vec![foreign]), vec![uri(SID)], None),
        (Some(vec![]), vec![uri(SID)], None),
        (Some(vec![name(SID)]), vec![unread_uri.clone()], None),
        (None, vec![unread_uri, uri(SID)], None),
    ];
    for (extension, names, expected) in cases {
        let shown = format!("{extension:?} {names:?}");
        let mut cert = client();
        if let Some(names) = extension {
            cert = cert.extension(sid_extension(&names));
        }
        if !names.is_empty() {
            cert = cert.extension(Extension::subject_alt_name(&names));
        }
        let client = verified(cert);
        let found = forms::security_identifier(client.identity());
        assert_eq!(found, expected, "{shown}");
    }
}

#[test]
fn cards_have_a_number_and_a_uuid() {
    let number = |octets: &[u8]| other_name(FASC_N, der::octet_string(octets));
    for (names, expected) in [
        (vec![number(&[7; 25])], Some([7; 25])),
        (vec![number(&[7; 24])], None),
        (vec![number(&[7; 26])], None),
        (vec![number(&[7; 25]), number(&[7; 25])], None),
        (
            vec![number(&[7; 25]), other_name(FASC_N, der::null())],
            None,
        ),
        (
            vec![other_name(
                FASC_N,
                der::utf8_string("7777777777777777777777777"),
            )],
            None,
        ),
        (vec![GeneralName::dns("a.example")], None),
    ] {
        let client = named(&names);
        assert_eq!(forms::fasc_n(client.identity()), expected, "{names:?}");
    }

    let octets = *b"\xf8\x1d\x4f\xae\x7d\xec\x11\xd0\xa7\x65\x00\xa0\xc9\x1e\x6b\xf6";
    let good = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    for (uris, expected) in [
        (vec![good], Some(octets)),
        (
            vec!["URN:Uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"],
            Some(octets),
        ),
        (vec!["https://a.example/", good], Some(octets)),
        (vec![good, good], None),
        (vec![good, "urn:uuid:"], None),
        (vec!["urn:uuid:f81d4fae7dec11d0a76500a0c91e6bf6"], None),
        (vec!["urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf"], None),
        (vec!["urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6#"], None),
        (vec!["urn:uuid:f81d4fae-7dec-11d0-a765--0a0c91e6bf6"], None),
        (vec!["urn:uuid:+81d4fae-7dec-11d0-a765-00a0c91e6bf6"], None),
        (vec!["urn:uuid"], None),
    ] {
        let names: Vec<_> = uris.iter().map(|uri| GeneralName::uri(uri)).collect();
        let client = named(&names);
        assert_eq!(forms::uuid(client.identity()), expected, "{uris:?}");
    }
    let unread = GeneralName::Raw(der::context_primitive(6, b"\xc3\xab"));
    let client = named(&[GeneralName::uri(good), unread]);
    assert_eq!(forms::uuid(client.identity()), None);
}

fn psd2_statement(fields: &[Vec<u8>]) -> Vec<u8> {
    der::sequence(&[der::oid(PSD2), der::sequence(fields)])
}

fn role(number: &str, name: &str) -> Vec<u8> {
    let oid = der::oid(&format!("0.4.0.19495.1.{number}"));
    der::sequence(&[oid, der::utf8_string(name)])
}

#[test]
fn payment_services_have_roles_and_an_authority() {
    use forms::Psd2Role::{AccountInformation, AccountServicing, CardBasedInstruments};
    let roles = der::sequence(&[
        role("3", "PSP_AI"),
        role("1", "PSP_AS"),
        role("4", "PSP_IC"),
    ]);
    let (name, id) = (
        der::utf8_string("Bank of Spain"),
        der::utf8_string("ES-BDE"),
    );
    let good = psd2_statement(&[roles.clone(), name.clone(), id.clone()]);
    let other = der::sequence(&[der::oid("0.4.0.1862.1.1")]);
    let of = |statements: &[&[u8]]| {
        let value = der::sequence(statements);
        verified(client().extension(Extension::new(QC_STATEMENTS, value)))
    };
    for client in [of(&[&good]), of(&[&other, &good, &other])] {
        let psd2 = forms::psd2(client.identity()).expect("there");
        assert_eq!(
            psd2.roles,
            [AccountInformation, AccountServicing, CardBasedInstruments]
        );
        assert_eq!(
            (psd2.authority_name, psd2.authority_id),
            ("Bank of Spain", "ES-BDE")
        );
    }
    let unknown = der::sequence(&[role("5", "PSP_XX")]);
    let long = der::utf8_string(&"x".repeat(257));
    let trailing = [good.clone(), vec![0]].concat();
    for bad in [
        vec![],
        vec![other.clone()],
        vec![good.clone(), good.clone()],
        vec![der::sequence(&[der::oid(PSD2)])],
        vec![psd2_statement(&[unknown, name.clone(), id.clone()])],
        vec![psd2_statement(&[roles.clone(), name.clone()])],
        vec![psd2_statement(&[
            roles.clone(),
            name.clone(),
            id.clone(),
            id.clone(),
        ])],
        vec![psd2_statement(&[
            roles.clone(),
            der::utf8_string(""),
            id.clone(),
        ])],
        vec![psd2_statement(&[roles.clone(), long, id.clone()])],
        vec![psd2_statement(&[
            roles.clone(),
            der::ia5_string("x"),
            id.clone(),
        ])],
        vec![trailing],
        vec![good, der::null()],
    ] {
        let statements: Vec<&[u8]> = bad.iter().map(Vec::as_slice).collect();
        let client = of(&statements);
        assert_eq!(forms::psd2(client.identity()), None, "{bad:02x?}");
    }

    let identifier = |value| Attribute::new("2.5.4.97", StringType::Utf8, value);
    let subject = |attributes: &[Attribute]| verified(client().subject(Name::new(attributes)));
    let one = subject(&[identifier("PSDES-BDE-3DFD21")]);
    let found = forms::organization_identifier(one.identity());
    assert_eq!(found.as_deref(), Some("PSDES-BDE-3DFD21"));
    let two = subject(&[
        identifier("PSDES-BDE-3DFD21"),
        identifier("PSDES-BDE-3DFD22"),
    ]);
    assert_eq!(forms::organization_identifier(two.identity()), None);
}
