//! What is written from a verified client: as documented, and safe in a header whatever the
//! certificate says.

use mtls_verify::headers::xfcc::{self, Element, Hop};
use mtls_verify::headers::{HeaderProblem, alb, rfc9440};
use testpki::{Attribute, Cert, Extension, GeneralName, Key, Name};

use super::*;

/// The example of AWS's documentation: serial number 03A5B1, this issuer, this subject, this
/// validity.
#[test]
fn the_headers_of_albs_verify_mode_are_as_documented() {
    let name = |common_name, unit| {
        Name::new(&[
            Attribute::country("US"),
            Attribute::new("2.5.4.8", testpki::StringType::Utf8, "Washington"),
            Attribute::new("2.5.4.7", testpki::StringType::Utf8, "Seattle"),
            Attribute::organization("mTLS"),
            Attribute::organizational_unit(unit),
            Attribute::common_name(common_name),
        ])
    };
    let root = Cert::ca("root", &Key::p256("root")).subject(name("rootcamtls.com", "rootCA"));
    let client = Cert::client("client_.com", &Key::p256("client"))
        .subject(name("client_.com", "client-3"))
        .serial(&[0x03, 0xa5, 0xb1])
        .not_before("2023-09-21T01:50:17Z")
        .not_after("2026-09-20T01:50:17Z")
        .issued_by(&root);
    let store = TrustStore::builder()
        .add_ca_der(&root.der())
        .and_then(|builder| builder.build())
        .expect("a store");
    let client = verified(&store, &[client.der().into()]);

    let written = alb::verify_mode(&client);
    let leaf = testpki::Pem::certificate(&client.certificate())
        .to_string()
        .replace(' ', "%20")
        .replace('\n', "%0A");
    let expected = [
        ("x-amzn-mtls-clientcert-serial-number", "03A5B1"),
        (
            "x-amzn-mtls-clientcert-issuer",
            "CN=rootcamtls.com,OU=rootCA,O=mTLS,L=Seattle,ST=Washington,C=US",
        ),
        (
            "x-amzn-mtls-clientcert-subject",
            "CN=client_.com,OU=client-3,O=mTLS,L=Seattle,ST=Washington,C=US",
        ),
        (
            "x-amzn-mtls-clientcert-validity",
            "NotBefore=2023-09-21T01:50:17Z;NotAfter=2026-09-20T01:50:17Z",
        ),
        ("x-amzn-mtls-clientcert-leaf", &leaf),
    ];
    assert_eq!(
        written
            .each_ref()
            .map(|(name, value)| (*name, value.as_str())),
        expected
    );
}

/// Of the example chain, byte for byte what `python3` and `openssl` made of it.
#[test]
fn written_values_are_those_of_other_programs() {
    let client = example_client();
    let [serial, issuer, subject, _, leaf] = alb::verify_mode(&client).map(|(_, value)| value);
    assert_eq!(serial, value("serial"));
    assert_eq!(issuer, value("issuer-rfc2253"));
    assert_eq!(subject, value("subject-rfc2253"));
    assert_eq!(leaf, value("alb-leaf"));
    // The path has the anchor too.
    assert!(alb::chain(&client).starts_with(&value("alb-chain")));
    assert_eq!(rfc9440::client_cert(&client), value("client-cert"));
    let chain = rfc9440::client_cert_chain(&client).expect("two issuers");
    assert!(chain.starts_with(&format!("{}, :", value("client-cert-chain"))));
    let element = Element::of_client(&client)
        .without_chain()
        .with_by("spiffe://example.org/front")
        .expect("a URI");
    assert_eq!(
        element.to_string(),
        format!(
            "By=spiffe://example.org/front;Hash={};Cert=\"{}\";Subject=\"{}\";\
             URI=spiffe://example.org/fleet/device-7;DNS=device-7.fleet.example.org",
            value("envoy-hash"),
            value("envoy-cert"),
            value("subject-rfc2253"),
        )
    );
}

#[test]
fn what_is_written_reads_back_and_verifies() {
    let client = example_client();
    let store = example_store();
    let path: Chain = client.path().map(CertificateDer::into_owned).collect();
    let chain = rfc9440::client_cert_chain(&client);
    let element = Element::of_client(&client);
    let read_element = xfcc::parse([element.to_string()], Hop::Only).expect("an element");
    assert_eq!(read_element, element);
    for read in [
        alb::parse_chain([alb::chain(&client)]),
        rfc9440::parse([rfc9440::client_cert(&client)], chain),
        read_element.into_chain(),
        element.clone().without_cert().into_chain(),
    ] {
        let read = read.expect("what was written");
        assert_eq!(read, path);
        verified(&store, &read);
    }
    let leaf = element.clone().without_chain();
    assert_eq!(leaf.certificates(), &path[..1]);
    assert_eq!(leaf.into_chain(), Ok(path[..1].to_vec()));
    let error = element.without_chain().without_cert().into_chain();
    assert_eq!(
        error.expect_err("none").problem(),
        &HeaderProblem::NoCertificate
    );
}

#[test]
fn a_pinned_client_has_no_chain() {
    let store = TrustStore::builder()
        .pin_client_der(&example_chain()[0])
        .and_then(|builder| builder.build())
        .expect("a store");
    let client = verified(&store, &example_chain());
    assert_eq!(rfc9440::client_cert_chain(&client), None);
    let read = rfc9440::parse([rfc9440::client_cert(&client)], None::<&str>);
    assert_eq!(read, Ok(example_chain()[..1].to_vec()));
}

/// Names that would end a value, a line or a quote, or that are no ASCII.
#[test]
fn no_name_breaks_a_header() {
    let root = Cert::ca("Ro\r\not", &Key::p256("root"));
    let store = TrustStore::builder()
        .add_ca_der(&root.der())
        .and_then(|builder| builder.build())
        .expect("a store");
    for (name, in_alb, in_xfcc) in [
        (
            "a\r\nX-Admin: yes",
            r"CN=a\0D\0AX-Admin: yes",
            r"CN=a\0D\0AX-Admin: yes",
        ),
        ("a\0b\u{7f}", r"CN=a\00b\7F", r"CN=a\00b\7F"),
        ("Zo\u{eb}", r"CN=Zo\C3\AB", r"CN=Zo\C3\AB"),
        ("a\u{202e}b", r"CN=a\E2\80\AEb", r"CN=a\E2\80\AEb"),
        ("a,b;c", r"CN=a\,b\;c", r"CN=a\,b\;c"),
        ("a\"b", r#"CN=a\"b"#, r"CN=a\22b"),
        ("a\\", r"CN=a\\", r"CN=a\5C"),
        ("a\\\",URI=x", r#"CN=a\\\"\,URI\=x"#, r"CN=a\5C\22\,URI\=x"),
        ("a ", r"CN=a\20", r"CN=a\20"),
        ("a\t", r"CN=a\09", r"CN=a\09"),
    ] {
        let client = Cert::client("x", &Key::p256("x"))
            .subject(Name::cn(name))
            .issued_by(&root);
        let client = verified(&store, &[client.der().into()]);
        let same = |one: &str, other: &str| {
            let unescaped = |text: &str| text.replace("\\=", "=").to_ascii_uppercase();
            assert_eq!(unescaped(one), unescaped(other), "{name:?}");
        };
        let written = alb::verify_mode(&client);
        same(&written[2].1, in_alb);
        for (name, value) in &written {
            assert!(is_header_safe(value), "{name}: {value:?}");
        }
        let element = Element::of_client(&client);
        same(element.subject().expect("a subject"), in_xfcc);
        let value = element.to_string();
        assert!(is_header_safe(&value), "{value:?}");
        assert_eq!(xfcc::parse([&value], Hop::Only), Ok(element));
    }
}

#[test]
fn names_that_readers_would_end_elsewhere_are_not_written() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let store = TrustStore::builder()
        .add_ca_der(&root.der())
        .and_then(|builder| builder.build())
        .expect("a store");
    let strange = [
        "https://a/\"b",
        "https://a/\\",
        "https://a/\\\\",
        "",
        "https://a/\r\nX-Admin: yes",
        "https://a/\tb",
        "https://a/\u{eb}",
    ];
    let quoted = [
        "https://a/;URI=b",
        "https://a/,b",
        "https://a/ b",
        "https://a/?b=c",
    ];
    for (uri, is_written) in strange
        .iter()
        .map(|uri| (uri, false))
        .chain(quoted.iter().map(|uri| (uri, true)))
    {
        let names = [
            GeneralName::uri("https://first/"),
            GeneralName::uri(uri),
            GeneralName::dns("a.example"),
        ];
        let client = Cert::client("x", &Key::p256("x"))
            .extension(Extension::subject_alt_name(&names))
            .issued_by(&root);
        let client = verified(&store, &[client.der().into()]);
        let element = Element::of_client(&client);
        let uris: Vec<_> = element.uris().collect();
        match is_written {
            true => assert_eq!(uris, ["https://first/", uri]),
            false => assert!(uris.is_empty(), "{uris:?}"),
        }
        assert!(element.dns_names().eq(["a.example"]));
        let value = element.to_string();
        assert_eq!(value.contains(&format!("URI=\"{uri}\"")), is_written);
        assert_eq!(xfcc::parse([&value], Hop::Only), Ok(element));
    }
}

#[test]
fn by_is_checked() {
    let by = |uri: &str| {
        let element = Element::of_client(&example_client()).with_by(uri);
        element
            .map(|element| element.to_string().starts_with("By="))
            .map_err(|error| error.problem().clone())
    };
    assert_eq!(by("spiffe://a"), Ok(true));
    assert_eq!(by("spiffe://a;b,c"), Ok(true));
    assert_eq!(by(""), Err(HeaderProblem::Empty));
    for character in "\r\n\0 \t\"\\\u{7f}".chars() {
        let byte = character as u8;
        assert_eq!(
            by(&format!("a{character}b")),
            Err(HeaderProblem::Character { byte })
        );
    }
    by("\u{e9}").expect_err("not ASCII");
}

pub(crate) fn is_header_safe(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && value.trim() == value
        && !value.is_empty()
}
