//! What errors of a store say: the label of the input, the place in it, and the subject.

use mtls_verify::store::Source;
use mtls_verify::{CrlSet, StoreError, TrustStore};
use testpki::name::{Attribute, StringType};
use testpki::pem::Pem;
use testpki::{Cert, Crl, Key, Name};

fn client(subject: Name) -> Cert {
    Cert::client("client", &Key::p256("client")).subject(subject)
}

fn as_ca(der: &[u8]) -> StoreError {
    TrustStore::builder().add_ca_der(der).expect_err("no CA")
}

#[test]
fn labels_are_shown() {
    let bundle = Cert::ca("Root", &Key::p256("root")).pem()
        + &client(Name::cn("device 7")).pem()
        + &Pem::new("X509 CRL", b"crl").to_string();
    let line = bundle.lines().position(|line| line.contains("X509 CRL"));
    let line = line.expect("it is there") + 1;
    let mut builder = TrustStore::lenient_builder();
    builder
        .add_ca_pem(Source::new(bundle.as_bytes()).labelled("clients.pem"))
        .and_then(|builder| builder.add_ca_pem(""))
        .and_then(|builder| builder.add_crl_pem(Source::new(b"").labelled("crls.pem")))
        .expect("lenient");
    let shown: Vec<String> = builder.skipped().iter().map(ToString::to_string).collect();
    let labels: Vec<_> = builder.skipped().iter().map(StoreError::label).collect();
    let of_pem = Some("clients.pem");
    assert_eq!(labels, [of_pem, of_pem, None, Some("crls.pem")]);
    let message = "(CN=device 7): not a CA: it has no basicConstraints";
    assert!(
        shown[0].starts_with("clients.pem: certificate 2, line "),
        "{shown:?}"
    );
    assert!(shown[0].ends_with(message), "{shown:?}");
    let message = "a block labelled \"X509 CRL\" where only certificates belong";
    assert_eq!(
        shown[1],
        format!("clients.pem: certificate 3, line {line}: {message}")
    );
    assert_eq!(
        shown[2],
        "certificate: no certificate found: the input is empty"
    );
    assert_eq!(shown[3], "crls.pem: CRL: no CRL found: the input is empty");
}

/// A label is given by a server, but files are named by others.
#[test]
fn labels_are_escaped_and_cut() {
    let error = |label: &str| {
        let source = Source::new(b"").labelled(label);
        TrustStore::from_pem(source).expect_err("nothing")
    };
    let forging = error("a\nb\u{1b}[2J\u{202e}.pem");
    assert_eq!(forging.label(), Some("a\nb\u{1b}[2J\u{202e}.pem"));
    let shown = forging.to_string();
    assert!(
        shown.starts_with("a\\0Ab\\1B[2J\\E2\\80\\AE.pem: certificate: "),
        "{shown}"
    );
    for (label, start) in [
        ("x".repeat(200), "x".repeat(200) + ": certificate: "),
        ("x".repeat(201), "x".repeat(200) + "…: certificate: "),
        (
            "\n".repeat(60_000),
            "\\0A".repeat(66) + "\\0…: certificate: ",
        ),
    ] {
        let shown = error(&label).to_string();
        assert!(shown.starts_with(&start), "{shown}");
    }
    assert!(error("").to_string().starts_with(": certificate: "));
}

/// Of each kind apart, good and bad, whether a strict builder refused them or not.
#[test]
fn inputs_in_der_are_numbered() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let bad = client(Name::cn("client")).der();
    let mut builder = TrustStore::builder();
    builder.add_ca_der(&root.der()).expect("a good CA");
    builder
        .add_crl_der(&Crl::of(&root).der())
        .expect("a good CRL");
    for number in [2, 3] {
        let error = builder.add_ca_der(&bad).expect_err("no CA");
        assert_eq!((error.number(), error.line()), (Some(number), None));
        let start = format!("DER certificate {number} (CN=client): not a CA: ");
        assert!(error.to_string().starts_with(&start), "{error}");
    }
    let labelled = Source::new(&bad).labelled("alice.der");
    let error = builder.add_intermediate_der(labelled).expect_err("no CA");
    assert_eq!(
        (error.label(), error.number()),
        (Some("alice.der"), Some(1))
    );
    let start = "alice.der: DER intermediate 1 (CN=client): ";
    assert!(error.to_string().starts_with(start), "{error}");
    let error = builder.pin_client_der(b"").expect_err("nothing");
    assert!(
        error
            .to_string()
            .starts_with("DER pinned client certificate 1: "),
        "{error}"
    );
    let error = builder.add_crl_der(b"").expect_err("nothing");
    assert!(error.to_string().starts_with("DER CRL 2: "), "{error}");
    // They are other inputs than PEM, and each builder begins anew.
    builder.add_ca_pem(&*root.pem()).expect("a good CA");
    assert_eq!(
        builder.add_ca_der(&bad).expect_err("no CA").number(),
        Some(4)
    );
    builder.build().expect("a good store");
    assert_eq!(
        builder.add_ca_der(&bad).expect_err("no CA").number(),
        Some(1)
    );
}

#[test]
fn subjects_are_shown_as_far_as_they_can_be_read() {
    let subject = |der: &[u8]| as_ca(der).subject().map(str::to_owned);
    let [organization, device] = [
        Attribute::organization("Example"),
        Attribute::common_name("7"),
    ];
    let named = client(Name::new(&[organization, device]));
    assert_eq!(subject(&named.der()).as_deref(), Some("CN=7,O=Example"));
    // What is wrong is before the subject or after it.
    let broken = named
        .clone()
        .raw_version(vec![0xa0, 0x03, 0x02, 0x01, 0x07]);
    assert_eq!(subject(&broken.der()).as_deref(), Some("CN=7,O=Example"));
    let broken = named.clone().raw_unique_ids(vec![0x81, 0x00]);
    assert_eq!(subject(&broken.der()).as_deref(), Some("CN=7,O=Example"));
    let longer = [named.der(), vec![0]].concat();
    assert_eq!(subject(&longer).as_deref(), Some("CN=7,O=Example"));
    // There is none, or it cannot be read.
    assert_eq!(subject(&client(Name::empty()).der()), None);
    for len in 0..named.der().len() {
        assert_eq!(subject(&named.der()[..len]), None, "{len}");
    }
    for other in [&[0x30, 0x00][..], &[0x30, 0x02, 0x30, 0x00], b"junk"] {
        assert_eq!(subject(other), None);
    }
    // A CRL has that of its issuer, wherever it was given.
    let crl = Crl::of(&Cert::ca("Root", &Key::p256("root")));
    assert_eq!(subject(&crl.der()).as_deref(), Some("CN=Root"));
    let broken = crl.raw_version(vec![0x02, 0x01, 0x00]);
    let error = CrlSet::new()
        .add_der(&broken.der())
        .map(drop)
        .expect_err("bad");
    assert!(
        error.to_string().starts_with("DER CRL 1 (CN=Root): "),
        "{error}"
    );
    let error = CrlSet::from_pem(&*broken.pem()).expect_err("bad");
    assert!(
        error.to_string().starts_with("CRL 1, line 1 (CN=Root): "),
        "{error}"
    );
}

/// A subject of 60 KB, one that is no name, and one that would forge a line of a log.
#[test]
fn hostile_subjects_are_cut_and_escaped() {
    let error = as_ca(&client(Name::cn(&"x".repeat(60_000))).der());
    let expected = format!("CN={}…", "x".repeat(197));
    assert_eq!(error.subject(), Some(&*expected));
    assert!(error.to_string().len() < 400, "{error}");

    let many = vec![Attribute::common_name("x"); 3_000];
    let error = as_ca(&client(Name::new(&many)).der());
    assert_eq!(error.subject().expect("a name").chars().count(), 201);

    let no_name = Name::raw(vec![0x30, 0x03, 0x02, 0x01, 0x07]);
    let error = as_ca(&client(no_name).der());
    assert_eq!(error.subject(), Some("#3003020107"));
    let long = [&[0x30, 0x82, 0x10, 0x00][..], &[0x05; 0x1000]].concat();
    let error = as_ca(&client(Name::raw(long)).der());
    assert_eq!(error.subject().expect("a name").chars().count(), 201);

    let forging = "a\n2026-06-01 accepted\u{202e}\0";
    let forging = Attribute::new("2.5.4.3", StringType::Utf8, forging);
    let error = as_ca(&client(Name::new(&[forging])).der());
    let expected = "CN=a\\0a2026-06-01 accepted\\E2\\80\\AE\\00";
    assert_eq!(error.subject(), Some(expected));
    assert!(error.to_string().contains(expected), "{error}");
}
