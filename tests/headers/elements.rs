//! `X-Forwarded-Client-Cert`: quotes, elements and hops, and what is held against the certificate.

use mtls_verify::headers::HeaderProblem;
use mtls_verify::headers::xfcc::{Element, Hop, MAX_ELEMENTS, parse};
use testpki::{Cert, Extension, GeneralName, Key};

use super::*;

fn only(value: &str) -> Result<Element, HeaderProblem> {
    parse([value], Hop::Only).map_err(|error| error.problem().clone())
}

#[test]
fn values_end_where_they_should() {
    let of = |subject: &str| format!("Subject=\"{subject}\";URI=a");
    for (written, subject) in [
        ("", ""),
        ("CN=x,O=y", "CN=x,O=y"),
        ("CN=x;O=y,Hash=z", "CN=x;O=y,Hash=z"),
        (r#"CN=\"x\""#, r#"CN="x""#),
        (r"CN=x\,y", r"CN=x\,y"),
        (r"CN=x\\", r"CN=x\\"),
        (r#"CN=x\\\"y"#, r#"CN=x\\"y"#),
        (r#"CN=x\";URI=b;DNS=\"c"#, r#"CN=x";URI=b;DNS="c"#),
    ] {
        let value = of(written);
        let element = only(&value).unwrap_or_else(|problem| panic!("{value}: {problem}"));
        assert_eq!(element.subject(), Some(subject));
        assert!(element.uris().eq(["a"]), "{value}");
        assert_eq!(element.dns_names().len(), 0, "{value}");
        assert_eq!(only(&element.to_string()), Ok(element));
    }
    for bad in [
        "CN=x\\",
        "CN=x\\\\\\",
        "CN=\"x\"",
        "\"",
        "CN=x\\\\\"y",
        "CN=Zo\u{eb}",
        "CN=x\ny",
        "CN=x\0",
        "CN=\u{7f}",
        "CN=\\\u{eb}",
    ] {
        let value = of(bad);
        assert!(only(&value).is_err(), "{value}");
    }
}

#[test]
fn pairs_and_keys() {
    let element = only("by=a;BY=b;dns=c;Dns=d;Uri=e;URI=;X-Other=\"f;g,h\";URI=https://i/?j=k")
        .expect("good pairs");
    assert!(element.by().eq(["a", "b"]));
    assert!(element.dns_names().eq(["c", "d"]));
    assert!(element.uris().eq(["e", "https://i/?j=k"]));
    assert_eq!((element.hash(), element.subject()), (None, None));
    assert_eq!(element.certificates(), []);
    let error = element.into_chain().expect_err("there is none");
    assert_eq!(error.problem(), &HeaderProblem::NoCertificate);

    // What Envoy writes of a client without names, if that is all it is to write.
    let nothing = only("URI=").expect("an element");
    assert_eq!(nothing.to_string(), "URI=");

    let hash = "0a".repeat(32);
    for (bad, offset) in [
        // A regression that is known of others: an unquoted ';' in By or URI.
        ("By=spiffe://a/b;c", 16),
        ("URI=a;b;DNS=c", 6),
        ("a", 0),
        ("=a", 0),
        ("URI", 0),
        ("URI=a;", 6),
        (";URI=a", 0),
        (",URI=a", 0),
        ("URI=a,", 6),
        ("URI=a,,URI=b", 6),
        ("URI=a;;URI=b", 6),
        (" URI=a", 0),
        ("URI =a", 0),
        ("URI= a", 4),
        ("URI=a b", 5),
        ("URI=a ,URI=b", 5),
        ("URI=a\"b", 5),
        ("URI=a\\b", 5),
        ("MAIFAA==", 0),
        ("URI=a,Other=b", 6),
        ("URI=\"a\"b", 7),
        ("URI=\"a", 6),
        ("URI=\u{e9}", 4),
        ("URI=a\r\nDNS=b", 5),
        ("Hash=", 5),
        ("Hash=0a", 5),
        ("Hash=\"zz\"", 6),
        ("Cert=", 5),
        ("Cert=\"\"", 6),
        ("Cert=\"-----BEGIN+CERTIFICATE-----\"", 6),
    ] {
        let error = parse([bad], Hop::Only).expect_err(bad);
        assert_eq!(error.offset(), Some(offset), "{bad}: {error}");
    }
    for (key, value) in [
        ("Hash", hash.as_str()),
        ("Subject", "\"a\""),
        ("Subject", "\"\""),
        ("Cert", &value("envoy-cert")),
        ("Chain", &value("envoy-chain")),
    ] {
        for second in [key.to_owned(), key.to_ascii_lowercase()] {
            let problem = only(&format!("{key}={value};{second}={value}"));
            assert_eq!(problem, Err(HeaderProblem::RepeatedKey { key }));
        }
    }
}

#[test]
fn hops_count_from_the_end() {
    let uri = |value: &str, hop| {
        parse([value], hop)
            .map(|element| element.uris().next().map(str::to_owned))
            .map_err(|error| error.problem().clone())
    };
    let elements = |elements, expected| Err(HeaderProblem::Elements { elements, expected });
    let found = |name: &str| Ok(Some(name.to_owned()));
    for three in [
        "URI=forged,URI=front,URI=nearest",
        "URI=forged, URI=front,\tURI=nearest",
    ] {
        assert_eq!(uri(three, Hop::Only), elements(3, 1));
        assert_eq!(uri(three, Hop::FromLast(0)), found("nearest"));
        assert_eq!(uri(three, Hop::FromLast(1)), found("front"));
        assert_eq!(uri(three, Hop::FromLast(2)), found("forged"));
        assert_eq!(uri(three, Hop::FromLast(3)), elements(3, 4));
        assert_eq!(
            uri(three, Hop::FromLast(usize::MAX)),
            elements(3, usize::MAX)
        );
    }
    assert_eq!(uri("URI=nearest", Hop::Only), found("nearest"));
    assert_eq!(uri("URI=nearest", Hop::FromLast(0)), found("nearest"));
    // What is broken in front makes all of it worthless: nobody knows where the next element
    // begins.
    assert!(uri("Subject=\"forged,URI=nearest", Hop::FromLast(0)).is_err());

    let most = vec!["URI=a"; MAX_ELEMENTS].join(",");
    assert_eq!(uri(&most, Hop::FromLast(0)), found("a"));
    let limit = MAX_ELEMENTS;
    let more = Err(HeaderProblem::TooManyElements { limit });
    assert_eq!(uri(&format!("{most},URI=b"), Hop::FromLast(0)), more);
}

#[test]
fn what_is_said_is_held_against_the_certificate() {
    let (cert, chain, hash) = (
        value("envoy-cert"),
        value("envoy-chain"),
        value("envoy-hash"),
    );
    let other_hash = hash.replace('1', "2");
    let issuer = encoded(&example_chain()[1]);
    let malformed = encoded(&[0x30, 0x02, 0x05, 0x00]);
    // Another certificate of the same length.
    let other = encoded(&{
        let mut other = example_chain()[0].to_vec();
        *other.last_mut().expect("not empty") ^= 1;
        other
    });
    let (uri, dns) = (
        "spiffe://example.org/fleet/device-7",
        "device-7.fleet.example.org",
    );
    let names = |key| Err(HeaderProblem::OtherNames { key });
    for (said, verdict) in [
        (format!("Cert=\"{cert}\""), Ok(())),
        (format!("Cert={cert}"), Ok(())),
        (
            format!("Cert=\"{cert}\";Chain=\"{chain}\";Hash={hash}"),
            Ok(()),
        ),
        (format!("Hash={}", hash.to_uppercase()), Ok(())),
        (format!("Hash={other_hash}"), Ok(())),
        (
            format!("Cert=\"{cert}\";Hash={other_hash}"),
            Err(HeaderProblem::OtherHash),
        ),
        (
            format!("Hash={other_hash};Chain=\"{chain}\""),
            Err(HeaderProblem::OtherHash),
        ),
        (
            format!("Cert=\"{other}\";Chain=\"{chain}\""),
            Err(HeaderProblem::OtherCertificate),
        ),
        (
            format!("Cert=\"{issuer}\";Chain=\"{chain}\""),
            Err(HeaderProblem::OtherCertificate),
        ),
        (
            format!("Cert=\"{chain}\""),
            Err(HeaderProblem::SeveralCertificates),
        ),
        (format!("Cert=\"{cert}\";URI={uri};DNS={dns}"), Ok(())),
        (format!("Chain=\"{chain}\";DNS={dns};URI=\"{uri}\""), Ok(())),
        (format!("Cert=\"{cert}\";URI={uri}/x"), names("URI")),
        (format!("Cert=\"{cert}\";URI={uri};URI={uri}"), names("URI")),
        (format!("Cert=\"{cert}\";URI={uri};URI="), names("URI")),
        (format!("Cert=\"{cert}\";URI="), names("URI")),
        (format!("Cert=\"{cert}\";DNS="), names("DNS")),
        (format!("Cert=\"{cert}\";DNS={uri}"), names("DNS")),
        (
            format!("Cert=\"{cert}\";DNS={dns};DNS=admin.example.org"),
            names("DNS"),
        ),
        (format!("Cert=\"{issuer}\";URI="), Ok(())),
        (format!("Cert=\"{issuer}\";URI={uri}"), names("URI")),
        (format!("Cert=\"{malformed}\""), Ok(())),
    ] {
        assert_eq!(only(&said).map(|_| ()), verdict, "{said}");
        // In all elements, not only in that of the hop.
        let forged = format!("{said},URI=nearest");
        let error = parse([forged], Hop::FromLast(0)).map(|_| ());
        assert_eq!(error.map_err(|error| error.problem().clone()), verdict);
    }
    let error = only(&format!("Cert=\"{malformed}\";URI=")).expect_err("no certificate");
    assert!(matches!(error, HeaderProblem::Malformed(_)), "{error}");
}

/// A client whose CA lets it have any name, behind an Envoy that writes names as they are, adds an
/// element with the certificate of somebody else. Written as Envoy does it: newer versions all
/// URIs, old ones the first.
#[test]
fn names_cannot_add_pairs_or_elements() {
    let victim = value("envoy-cert");
    let forged = format!("Cert=\"{victim}\";URI=spiffe://example.org/fleet/device-7");
    let forged_without_names = format!("Cert=\"{victim}\"");
    let attacks: [&[&str]; 12] = [
        &["spiffe://a,{forged}"],
        &["spiffe://a", "spiffe://a,{forged}"],
        &["spiffe://a,{forged}", "spiffe://a"],
        &["spiffe://a", ",{forged}"],
        &[",{forged}"],
        &["\"\",{forged}"],
        &["\"q\",{forged}", "q"],
        &["q", "\"q\",{forged}"],
        &["spiffe://a;DNS=admin"],
        &["spiffe://a;URI=spiffe://b", "spiffe://b"],
        &["spiffe://a", "spiffe://b;DNS=admin"],
        &["spiffe://a;Chain=\"{victim}\""],
    ];
    let key = Key::p256("mallory");
    for attack in attacks {
        for forged in [&forged, &forged_without_names] {
            let uris: Vec<String> = attack
                .iter()
                .map(|uri| uri.replace("{forged}", forged).replace("{victim}", &victim))
                .collect();
            let names: Vec<_> = uris.iter().map(|uri| GeneralName::uri(uri)).collect();
            let mallory =
                Cert::client("mallory", &key).extension(Extension::subject_alt_name(&names));
            let cert = encoded(&mallory.der());
            for written in [uris.as_slice(), &uris[..1]] {
                let pairs: String = written.iter().map(|uri| format!(";URI={uri}")).collect();
                let value =
                    format!("By=spiffe://front;Cert=\"{cert}\";Subject=\"CN=mallory\"{pairs}");
                let is_strange = written.iter().any(|uri| uri.contains([',', ';', '"']));
                let parsed = parse([&value], Hop::FromLast(0));
                assert_eq!(parsed.is_err(), is_strange, "{value}");
            }
            // Quoted, as the format asks for, the names are names.
            let pairs: String = uris
                .iter()
                .map(|uri| format!(";URI=\"{}\"", uri.replace('"', "\\\"")))
                .collect();
            let element = only(&format!("Cert=\"{cert}\"{pairs}")).expect("quoted names");
            assert!(element.uris().eq(&uris));
        }
    }
}

/// Names with a character that no name has are not read, and must not be taken for none: the
/// element would end where the name has its comma, and a tab goes between elements.
#[test]
fn names_that_are_not_read_cannot_add_elements() {
    let forged = format!(",\tCert=\"{}\"", value("envoy-cert"));
    let key = Key::p256("mallory");
    let good = GeneralName::uri("spiffe://a");
    for (names, pairs) in [
        (vec![GeneralName::uri(&forged)], format!("URI={forged}")),
        (vec![GeneralName::dns(&forged)], format!("DNS={forged}")),
        (
            vec![GeneralName::dns(&forged)],
            format!("URI=;DNS={forged}"),
        ),
        (
            vec![good, GeneralName::uri(&forged)],
            format!("URI=spiffe://a{forged}"),
        ),
    ] {
        let mallory = Cert::client("mallory", &key).extension(Extension::subject_alt_name(&names));
        let value = format!("Cert=\"{}\";{pairs}", encoded(&mallory.der()));
        let error = parse([&value], Hop::FromLast(0)).expect_err(&value);
        let is_about_names = matches!(error.problem(), HeaderProblem::OtherNames { .. });
        assert!(is_about_names, "{error}");
    }
}

fn encoded(certificate: &[u8]) -> String {
    testpki::Pem::certificate(certificate)
        .to_string()
        .replace(' ', "%20")
        .replace('\n', "%0A")
}
