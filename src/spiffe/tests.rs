//! Bundle documents.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use super::{Bundle, BundleError, BundleMap, BundleProblem, MAX_DOCUMENT_BYTES, TrustDomain};
use testpki::spiffe::{documents, signing, with_uri, x5c};
use testpki::{Cert, Key};

fn domain() -> TrustDomain {
    "a.example".parse().unwrap()
}

fn bundle(json: &str) -> Result<Bundle, BundleError> {
    Bundle::from_json(&domain(), json.as_bytes())
}

/// An element of `keys` for this certificate.
fn key(certificate: &Cert) -> String {
    element(&x5c(certificate))
}

fn element(x5c: &str) -> String {
    format!(r#"{{"kty":"EC","use":"x509-svid","x5c":["{x5c}"]}}"#)
}

fn of_keys(keys: &[String]) -> String {
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn ca() -> Cert {
    signing("a.example", "a")
}

/// The number of anchors, and of keys ignored.
fn counts(json: &str) -> (usize, usize) {
    let bundle = bundle(json).unwrap();
    (bundle.anchors().len(), bundle.ignored_keys())
}

/// What is wrong: the error without what all have in common.
fn refused(json: &str) -> String {
    let error = bundle(json).unwrap_err().to_string();
    let error = error.strip_prefix("SPIFFE bundle of a.example").unwrap();
    let error = error.strip_suffix("; nothing was loaded").unwrap();
    error.trim_start_matches([',', ':', ' ']).to_string()
}

#[test]
fn committed_documents_are_those_of_testpki() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/spiffe");
    for (name, text) in documents() {
        let path = format!("{folder}/{name}");
        if std::env::var_os("MTLS_VERIFY_UPDATE_SPIFFE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{path}");
    }
}

#[test]
fn documents_of_others_load() {
    let documents = documents();
    let document = |name: &str| {
        let found = documents.iter().find(|(of, _)| *of == name);
        found.unwrap().1.as_bytes()
    };
    let example: TrustDomain = "example.org".parse().unwrap();
    for (name, anchors, ignored, sequence, hint) in [
        ("bundle.json", 2, 0, 2, 2_419_200),
        ("spire.json", 1, 1, 18, 300),
        ("go-spiffe.json", 2, 0, 1, 60),
    ] {
        let bundle = Bundle::from_json(&example, document(name)).unwrap();
        assert_eq!(bundle.trust_domain(), &example);
        assert_eq!(bundle.anchors().len(), anchors, "{name}");
        assert_eq!(bundle.ignored_keys(), ignored, "{name}");
        assert_eq!(bundle.sequence(), Some(sequence), "{name}");
        assert_eq!(bundle.refresh_hint(), Some(Duration::from_secs(hint)));
    }
    let map = BundleMap::from_json(document("map.json")).unwrap();
    let counts: Vec<_> = map
        .iter()
        .map(|bundle| (bundle.trust_domain().as_str(), bundle.anchors().len()))
        .collect();
    assert_eq!(
        counts,
        [("b.example", 1), ("example.org", 1), ("gone.example", 0)]
    );
    assert_eq!(map.get(&example).unwrap().anchors().len(), 1);
    assert_eq!((map.get(&domain()), map.len()), (None, 3));
}

#[test]
fn anchors_are_the_first_certificates() {
    let (one, other) = (ca(), signing("a.example", "other"));
    let further = format!(
        r#"{{"kty":"EC","use":"x509-svid","x5c":["{}","{}",5]}}"#,
        x5c(&one),
        x5c(&other)
    );
    let json = of_keys(&[further.clone(), key(&other), key(&one)]);
    let bundle = bundle(&json).unwrap();
    let anchors: Vec<_> = bundle.anchors().map(|anchor| anchor.to_vec()).collect();
    assert_eq!(anchors, [one.der(), other.der()]);
    // Escapes are the text that they stand for.
    let escaped = json.replace('/', "\\/").replace("keys", "k\\u0065ys");
    assert_eq!(super::tests::bundle(&escaped).unwrap(), bundle);
}

#[test]
fn what_is_to_be_ignored_is() {
    let good = key(&ca());
    assert_eq!(counts(&of_keys(&[])), (0, 0));
    for ignored in [
        r#"{"kty":"EC"}"#,
        r#"{}"#,
        r#"{"use":"x509-svid","x5c":["AAAA"]}"#,
        r#"{"kty":"EC","use":"jwt-svid","kid":"a","x5c":5}"#,
        r#"{"kty":"EC","use":"X509-SVID","x5c":["AAAA"]}"#,
        r#"{"kty":"EC","use":"sig","x5c":["AAAA"]}"#,
        r#"{"kty":"ec","use":"x509-svid","x5c":["AAAA"]}"#,
        r#"{"kty":"oct","use":5,"x5c":[[]]}"#,
        r#"{"kty":"EC","use":"x509-svid"}"#,
        r#"{"kty":"EC","use":"x509-svid","x5c":[]}"#,
    ] {
        let json = of_keys(&[ignored.into(), good.clone()]);
        assert_eq!(counts(&json), (1, 1), "{ignored}");
    }
    // `kid` should not be there, and says nothing.
    let with_kid = good.replacen('{', r#"{"kid":"a","x":{"x":[1.5,-1,null,true,"b"]},"#, 1);
    assert_eq!(counts(&of_keys(&[with_kid])), (1, 0));
    let json = of_keys(&[good]).replacen('{', r#"{"a":{"keys":[],"keys":[]},"b":"keys","#, 1);
    assert_eq!(counts(&json), (1, 0));
    let bundle = bundle(&json).unwrap();
    assert_eq!((bundle.sequence(), bundle.refresh_hint()), (None, None));
}

#[test]
fn what_is_there_twice_refuses_all() {
    let good = key(&ca());
    let twice = |name: &str| {
        format!("{name:?} is there twice; readers disagree on which one counts: remove one")
    };
    for (json, name) in [
        (r#"{"keys":[],"keys":[]}"#, "keys"),
        (r#"{"keys":[],"k\u0065ys":[]}"#, "keys"),
        (
            r#"{"spiffe_sequence":1,"spiffe_sequence":1}"#,
            "spiffe_sequence",
        ),
        (r#"{"a":1,"a":1,"keys":[]}"#, "a"),
    ] {
        assert_eq!(refused(json), twice(name), "{json}");
    }
    for member in [
        r#""kty":"EC""#,
        r#""use":"sig""#,
        r#""x5c":[]"#,
        r#""y":1,"y":2"#,
    ] {
        let json = of_keys(&[good.clone(), good.replacen('{', &format!("{{{member},"), 1)]);
        let name = member.split('"').nth(1).unwrap();
        assert_eq!(refused(&json), format!("keys[1]: {}", twice(name)));
    }
    let map = |domains: &str| {
        let json = format!(r#"{{"trust_domains":{{{domains}}}}}"#);
        BundleMap::from_json(json.as_bytes())
    };
    let error = map(r#""a":{"keys":[]},"b":{"keys":[]},"a":{"keys":[]}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "SPIFFE bundle map, trust_domains: {}; nothing was loaded",
            twice("a")
        )
    );
    assert_eq!(
        BundleMap::from_json(br#"{"trust_domains":{},"trust_domains":{}}"#)
            .unwrap_err()
            .problem(),
        &BundleProblem::Duplicate {
            name: "trust_domains".into()
        }
    );
}

#[test]
fn errors_say_where_and_what() {
    let good = key(&ca());
    let at = |key: &str| of_keys(&[good.clone(), key.into()]);
    let leaf = Cert::client("leaf", &Key::p256("leaf")).issued_by(&ca());
    for (json, says) in [
        ("{}", "it has no \"keys\", which must be there"),
        (
            r#"{"keys":null}"#,
            "keys: invalid type: null, expected an array of JWKs, which may be empty at line 1 \
             column 12",
        ),
        (
            r#"{"keys":{}}"#,
            "keys: invalid type: map, expected an array of JWKs",
        ),
        (
            "[]",
            "invalid type: sequence, expected a bundle: an object with `keys`",
        ),
        ("", "EOF while parsing a value"),
        ("{\"keys\":[]}}", "trailing characters at line 1 column 12"),
        ("\u{feff}{}", "it begins with a byte order mark"),
        (
            r#"{"keys":[],"spiffe_sequence":-1}"#,
            "spiffe_sequence: it is not an integer from 0 to 18446744073709551615",
        ),
        (
            r#"{"keys":[],"spiffe_sequence":18446744073709551616}"#,
            "spiffe_sequence: it is not an integer",
        ),
        (
            r#"{"keys":[],"spiffe_refresh_hint":1.5}"#,
            "spiffe_refresh_hint: it is not an integer",
        ),
        (
            r#"{"keys":[],"spiffe_refresh_hint":"60"}"#,
            "spiffe_refresh_hint: it is not an integer",
        ),
        (
            &at("5"),
            "keys[1]: invalid type: integer `5`, expected a JWK, an object",
        ),
        (&at(r#"{"kty":1}"#), "keys[1].kty: it is not a string"),
        (
            &at(r#"{"kty":"EC","use":["x509-svid"]}"#),
            "keys[1].use: it is not a string",
        ),
        (
            &at(r#"{"kty":"EC","use":"x509-svid","x5c":"AAAA"}"#),
            "keys[1].x5c: it is not an array",
        ),
        (
            &at(r#"{"kty":"EC","use":"x509-svid","x5c":[1]}"#),
            "keys[1].x5c: it is not an array of strings",
        ),
        (
            &at(&element("AAA")),
            "keys[1].x5c: not base64 with padding (RFC 7517 §4.7)",
        ),
        (&at(&element("AA A")), "keys[1].x5c: not base64"),
        (
            &at(&element("")),
            "keys[1].x5c: not a CA certificate: malformed: certificate: ",
        ),
        (
            &at(&element("AAAA")),
            "keys[1].x5c: not a CA certificate: malformed: certificate: ",
        ),
        (&at(&element(&(x5c(&ca()) + "AAAA"))), "keys[1].x5c: not "),
        (
            &at(&key(&leaf)),
            "keys[1].x5c: not a CA certificate: not a CA: ",
        ),
        (
            &at(&element(&"AAAA".repeat(22_000))),
            "keys[1].x5c: not a CA certificate: 66000 bytes; a certificate may have 65536",
        ),
        (
            &at(&key(&signing("b.example", "b"))),
            "keys[1].x5c: the CA certificate has the URI \"spiffe://b.example\", which is not the \
             SPIFFE ID of this trust domain: is this the bundle of another one?",
        ),
    ] {
        let found = refused(json);
        assert!(found.starts_with(says), "{json}: {found}");
    }
    let error = bundle(&at(&element("AAA"))).unwrap_err();
    assert_eq!(
        (error.trust_domain(), error.key(), error.member()),
        (Some(&domain()), Some(1), Some("x5c"))
    );
}

#[test]
fn a_ca_has_no_id_but_that_of_its_trust_domain() {
    for (uri, is_taken) in [
        ("spiffe://a.example", true),
        ("spiffe://a.example/", true),
        ("https://b.example/", true),
        ("spiffe://a.example//", false),
        ("spiffe://a.example/ca", false),
        ("spiffe://b.example", false),
        ("SPIFFE://a.example", false),
        ("spiffe://A.example", false),
        ("spiffe:a.example", false),
    ] {
        let outcome = bundle(&of_keys(&[key(&with_uri("a", uri))]));
        assert_eq!(outcome.is_ok(), is_taken, "{uri}");
    }
    let unreadable = testpki::GeneralName::Raw(testpki::der::context_primitive(6, b"\xff"));
    let names = testpki::Extension::subject_alt_name(&[unreadable]);
    let ca = Cert::ca("a", &Key::p256("a")).extension(names);
    let error = bundle(&of_keys(&[key(&ca)])).unwrap_err();
    assert_eq!(error.problem(), &BundleProblem::UnreadableUri);
}

#[test]
fn maps_are_read_as_one() {
    let map = |json: &str| BundleMap::from_json(json.as_bytes());
    for (json, says) in [
        ("{}", ": it has no \"trust_domains\", which must be there"),
        (
            r#"{"trust_domains":[]}"#,
            ", trust_domains: invalid type: sequence, expected an object with a bundle for each \
             trust domain",
        ),
        (
            r#"{"trust_domains":{"spiffe://a":{"keys":[]}}}"#,
            ", trust_domains: \"spiffe://a\" names no trust domain: ':' in the trust domain",
        ),
        (
            r#"{"trust_domains":{"":{"keys":[]}}}"#,
            ", trust_domains: \"\" names no trust domain: it has no trust domain",
        ),
        (
            r#"{"trust_domains":{"a":{"keys":[]},"b":{"keys":[{"kty":5}]}}}"#,
            " of b, keys[0].kty: it is not a string",
        ),
        (
            r#"{"trust_domains":{"a":{"keys":[]},"b":{}}}"#,
            " of b: it has no \"keys\", which must be there",
        ),
        (
            r#"{"trust_domains":{"a":null}}"#,
            " of a: invalid type: null, expected a bundle",
        ),
    ] {
        let error = map(json).unwrap_err().to_string();
        let found = error.strip_prefix("SPIFFE bundle").unwrap();
        let found = found.strip_prefix(" map").unwrap_or(found);
        assert!(found.starts_with(says), "{json}: {error}");
    }
    assert!(map(r#"{"trust_domains":{}}"#).unwrap().is_empty());
    let mut one = map(r#"{"trust_domains":{"a.example":{"keys":[]}},"x":1}"#).unwrap();
    let newer = bundle(&of_keys(&[key(&ca())])).unwrap();
    assert_eq!(one.insert(newer.clone()).unwrap().anchors().len(), 0);
    assert_eq!((&one).into_iter().next(), Some(&newer));
}

#[test]
fn hostile_documents_are_refused_at_once() {
    let too_large = " ".repeat(MAX_DOCUMENT_BYTES + 1);
    assert_eq!(
        bundle(&too_large).unwrap_err().problem(),
        &BundleProblem::TooLarge {
            bytes: MAX_DOCUMENT_BYTES + 1
        }
    );
    for deep in ["[", "{\"a\":"] {
        for (before, place) in [("{\"a\":", ""), ("{\"keys\":[{\"a\":", "keys[0]: ")] {
            let json = format!("{before}{}", deep.repeat(1_000_000));
            let found = refused(&json);
            let says = format!("{place}recursion limit exceeded");
            assert!(found.starts_with(&says), "{found}");
        }
    }
    let members: Vec<_> = (0..65).map(|number| format!("\"{number}\":0")).collect();
    let json = format!("{{{}}}", members.join(","));
    assert_eq!(refused(&json), "more than 64 members in one object");
    // What an error repeats is cut, and on one line.
    let name = "a\\n\\u202e".repeat(1_000);
    for json in [
        format!(r#"{{"{name}":0,"{name}":0}}"#),
        format!(r#"{{"keys":"{name}"}}"#),
    ] {
        let found = refused(&json);
        assert!(
            found.len() < 1_000 && !found.contains(['\n', '\u{202e}']),
            "{found}"
        );
    }
}
