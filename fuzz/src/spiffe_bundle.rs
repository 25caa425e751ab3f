//! SPIFFE bundle documents: what loads is what another reader of JSON finds in it, each trust domain
//! and each member that matters once, and nothing else in a document matters.

use std::collections::BTreeSet;

use mtls_verify::TrustStore;
use mtls_verify::spiffe::{Bundle, BundleError, BundleMap, BundleProblem, TrustDomain};
use serde_json::Value;
use testpki::{Pem, spiffe};

use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

/// What is not JSON is not judged.
pub const KINDS: Kinds = &[("bundle", 2), ("map", 0), ("refused", 10)];

/// Input: a document.
pub fn check(json: &[u8]) -> Judged {
    let of_bundle = check_bundle(json);
    let of_map = check_map(json);
    assert!(!(of_bundle && of_map) || has_both(json), "one is the other");
    match (of_bundle, of_map) {
        (true, _) => Some("bundle"),
        (_, true) => Some("map"),
        _ => value(json).map(|_| "refused"),
    }
}

/// The documents of `testdata/spiffe`, and a bundle for some certificates of `testdata`.
pub fn seeds(testdata: &Testdata) -> Vec<Vec<u8>> {
    let documents = spiffe::documents().into_iter();
    let mut seeds: Vec<_> = documents.map(|(_, text)| text.into_bytes()).collect();
    for (number, der) in testdata.certificates().into_iter().step_by(16).enumerate() {
        let x5c = base64(&der);
        let bundle = format!(
            r#"{{"keys":[{{"kty":"RSA","use":"x509-svid","x5c":["{x5c}"]}}],"spiffe_sequence":7}}"#
        );
        seeds.push(match number % 4 {
            0 => format!(r#"{{"trust_domains":{{"a":{bundle},"b":{{"keys":[]}}}}}}"#).into_bytes(),
            _ => bundle.into_bytes(),
        });
    }
    seeds
}

fn example() -> TrustDomain {
    "example.org".parse().expect("a trust domain")
}

fn value(json: &[u8]) -> Option<Value> {
    serde_json::from_slice(json).ok()
}

fn has_both(json: &[u8]) -> bool {
    value(json).is_some_and(|value| value.get("keys").is_some())
}

/// Whether it is a bundle.
fn check_bundle(json: &[u8]) -> bool {
    let read = |json: &[u8]| Bundle::from_json(&example(), json);
    let outcome = read(json);
    assert_eq!(outcome, read(json));
    let bundle = match outcome {
        Ok(bundle) => bundle,
        Err(error) => {
            check_error(&error);
            return false;
        }
    };
    check_content(&bundle, &value(json).expect("what is read is JSON"));

    let extended = with_member(json, br#""zz":{"keys":[1,{"use":null}]},"#);
    match read(&extended) {
        Ok(other) => assert_eq!(other, bundle),
        Err(error) => assert!(is_refused_for_more(&error), "{error}"),
    }
    let twice = read(&with_member(json, br#""keys":[],"#)).expect_err("keys are there twice");
    assert!(is_refused_for_more(&twice), "{twice}");

    let text = String::from_utf8(json.to_vec()).expect("JSON is UTF-8");
    let map = |domains: &str| {
        BundleMap::from_json(format!(r#"{{"trust_domains":{{{domains}}}}}"#).as_bytes())
    };
    match map(&format!(r#""example.org":{text}"#)) {
        Ok(map) => assert_eq!(map.get(&example()), Some(&bundle)),
        Err(error) => assert!(is_too_deep(&error), "{error}"),
    }
    map(&format!(
        r#""example.org":{text},"b":{text},"example.org":{text}"#
    ))
    .expect_err("a trust domain is there twice");
    true
}

/// The bundle has what another reader finds in the document.
fn check_content(bundle: &Bundle, document: &Value) {
    assert_eq!(
        bundle.sequence(),
        document.get("spiffe_sequence").map(integer)
    );
    let hint = bundle.refresh_hint().map(|hint| hint.as_secs());
    assert_eq!(hint, document.get("spiffe_refresh_hint").map(integer));
    let keys = document["keys"].as_array().expect("an array");
    let wanted: Vec<&str> = keys.iter().filter_map(anchor).collect();
    assert_eq!(bundle.ignored_keys(), keys.len() - wanted.len());
    let found: Vec<String> = bundle.anchors().map(|anchor| base64(anchor)).collect();
    let distinct: BTreeSet<&str> = wanted.iter().copied().collect();
    assert_eq!(
        found.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        distinct
    );
    assert_eq!(found.len(), distinct.len(), "an anchor is there twice");
    let mut builder = TrustStore::builder();
    for anchor in bundle.anchors() {
        builder.add_ca_der(anchor).expect("an anchor is a CA");
    }
}

fn integer(value: &Value) -> u64 {
    value.as_u64().expect("an integer")
}

/// The `x5c` of an element that brings an anchor.
fn anchor(key: &Value) -> Option<&str> {
    let is_known = matches!(key["kty"].as_str()?, "EC" | "RSA" | "OKP" | "AKP");
    let is_for_svids = is_known && key["use"].as_str()? == "x509-svid";
    is_for_svids.then_some(())?;
    key["x5c"].get(0)?.as_str()
}

/// Whether it is a map.
fn check_map(json: &[u8]) -> bool {
    let outcome = BundleMap::from_json(json);
    assert_eq!(outcome, BundleMap::from_json(json));
    let map = match outcome {
        Ok(map) => map,
        Err(error) => {
            check_error(&error);
            return false;
        }
    };
    let document = value(json).expect("what is read is JSON");
    let domains = document["trust_domains"].as_object().expect("an object");
    assert_eq!(map.len(), domains.len());
    for bundle in &map {
        let name = bundle.trust_domain().as_str();
        check_content(bundle, &domains[name]);
        let alone = Bundle::from_json(bundle.trust_domain(), domains[name].to_string().as_bytes());
        assert_eq!(alone.as_ref(), Ok(bundle));
    }
    let extended = with_member(json, br#""zz":[[]],"#);
    match BundleMap::from_json(&extended) {
        Ok(other) => assert_eq!(other, map),
        Err(error) => assert!(is_refused_for_more(&error), "{error}"),
    }
    true
}

/// A document that is an object, with one more member before the others.
fn with_member(json: &[u8], member: &[u8]) -> Vec<u8> {
    let start = json
        .iter()
        .position(|byte| *byte == b'{')
        .expect("it is an object")
        + 1;
    let mut extended = [&json[..start], member, &json[start..]].concat();
    let rest = json[start..].trim_ascii_start();
    if rest.starts_with(b"}") {
        // There is nothing to separate it from.
        extended.remove(start + member.len() - 1);
    }
    extended
}

/// An error is one line that a log can bear.
fn check_error(error: &BundleError) {
    let text = error.to_string();
    let is_line = text.len() < 4_096 && !text.contains(char::is_control);
    assert!(is_line, "{text:?}");
}

fn is_refused_for_more(error: &BundleError) -> bool {
    matches!(
        error.problem(),
        BundleProblem::TooManyMembers { .. } | BundleProblem::Duplicate { .. }
    )
}

fn is_too_deep(error: &BundleError) -> bool {
    matches!(error.problem(), BundleProblem::Json(text) if text.contains("recursion limit"))
}

fn base64(der: &[u8]) -> String {
    let pem = Pem::certificate(der).to_string();
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}
