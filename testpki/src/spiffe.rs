//! SPIFFE bundle documents, in the forms in which SPIRE, go-spiffe and the standard write them. Own
//! certificates and own text: only the layout is theirs.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};

use crate::{Cert, Extension, GeneralName, Key, key};

/// The signing certificate of a trust domain, with its SPIFFE ID.
pub fn signing(trust_domain: &str, label: &str) -> Cert {
    with_uri(label, &format!("spiffe://{trust_domain}"))
}

/// A CA certificate with this URI.
pub fn with_uri(label: &str, uri: &str) -> Cert {
    let names = Extension::subject_alt_name(&[GeneralName::uri(uri)]);
    Cert::ca(label, &Key::p256(label)).extension(names)
}

/// An `x5c` value.
pub fn x5c(certificate: &Cert) -> String {
    Base64::encode_string(&certificate.der())
}

/// The members of a JWK that say the key, P-256.
fn point(certificate: &Cert) -> [String; 2] {
    let point = key::public_key(certificate.spki_der());
    [&point[1..33], &point[33..65]].map(Base64UrlUnpadded::encode_string)
}

/// The documents of `testdata/spiffe/`, by their names.
pub fn documents() -> Vec<(&'static str, String)> {
    let old = with_uri("example.org 1", "spiffe://example.org/");
    let new = with_uri("example.org 2", "spiffe://example.org/");
    let spire = signing("example.org", "SPIRE");
    let plain = Cert::ca("Upstream", &Key::p256("Upstream"));
    vec![
        ("bundle.json", standard(&[&old, &new])),
        ("spire.json", spire_document(&spire)),
        ("go-spiffe.json", go_document(&[&spire, &plain])),
        (
            "map.json",
            format!(
                "{{\n  \"trust_domains\": {{\n    \"example.org\": {},\n    \"b.example\": {},\n    \
                 \"gone.example\": {{\"keys\": []}}\n  }}\n}}\n",
                go_document(&[&spire]),
                go_document(&[&signing("b.example", "b.example")]),
            ),
        ),
    ]
}

/// As appendix A of the standard lays it out.
fn standard(certificates: &[&Cert]) -> String {
    let keys = certificates.iter().map(|certificate| {
        let [x, y] = point(certificate);
        format!(
            "        {{\n            \"kty\": \"EC\",\n            \"use\": \"x509-svid\",\n            \
             \"x5c\": [\"{}\"],\n            \"crv\": \"P-256\",\n            \"x\": \"{x}\",\n            \
             \"y\": \"{y}\"\n        }}",
            x5c(certificate)
        )
    });
    let keys: Vec<_> = keys.collect();
    format!(
        "{{\n    \"spiffe_sequence\": 2,\n    \"spiffe_refresh_hint\": 2419200,\n    \"keys\": [\n{}\n    ]\n}}\n",
        keys.join(",\n")
    )
}

/// As `spire-server bundle show -format spiffe` prints it: a key for JWT-SVIDs as well.
fn spire_document(certificate: &Cert) -> String {
    let [x, y] = point(certificate);
    let jwt = Cert::ca("JWT", &Key::p256("JWT"));
    let [jwt_x, jwt_y] = point(&jwt);
    format!(
        "{{\n    \"keys\": [\n        {{\n            \"use\": \"x509-svid\",\n            \"kty\": \"EC\",\n            \
         \"crv\": \"P-256\",\n            \"x\": \"{x}\",\n            \"y\": \"{y}\",\n            \"x5c\": [\n                \
         \"{}\"\n            ]\n        }},\n        {{\n            \"use\": \"jwt-svid\",\n            \"kty\": \"EC\",\n            \
         \"kid\": \"C6vs25welZOx6WksNYfbMfiw9l96pMnD\",\n            \"crv\": \"P-256\",\n            \"x\": \"{jwt_x}\",\n            \
         \"y\": \"{jwt_y}\"\n        }}\n    ],\n    \"spiffe_sequence\": 18,\n    \"spiffe_refresh_hint\": 300\n}}\n",
        x5c(certificate)
    )
}

/// As go-spiffe writes it: on one line, the members of a key in the order of go-jose.
fn go_document(certificates: &[&Cert]) -> String {
    let keys = certificates.iter().map(|certificate| {
        let [x, y] = point(certificate);
        format!(
            "{{\"use\":\"x509-svid\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{x}\",\"y\":\"{y}\",\"x5c\":[\"{}\"]}}",
            x5c(certificate)
        )
    });
    let keys: Vec<_> = keys.collect();
    format!(
        "{{\"keys\":[{}],\"spiffe_sequence\":1,\"spiffe_refresh_hint\":60}}",
        keys.join(",")
    )
}
