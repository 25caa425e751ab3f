//! Parsing never panics, and of what it takes, each field is what `x509-cert` reads there, if that
//! takes it too.

mod extensions;
mod fields;
mod qualifiers;

use mtls_verify::fuzzing::{Parsed, identity, parse};
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::der::{Decode, Encode};
use x509_cert::name::Name;
use x509_cert::time::Time;

use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

/// What ours alone reads is compared with nothing.
pub const KINDS: Kinds = &[("read by both", 20)];

/// Input: a certificate as DER.
pub fn check(der: &[u8]) -> Judged {
    let compared = parse(der, |ours| {
        let theirs = Certificate::from_der(der).ok()?;
        // Encoding theirs again would not give the same bytes: of times it changes the type.
        assert_eq!(ours.tbs, testpki::der::split_first(content(der)).0);
        compare(&ours, &theirs);
        identity(der, |identity| fields::compare(identity, &theirs)).expect("it parses");
        Some("read by both")
    });
    compared.ok().flatten()
}

/// All certificates of `testdata`.
pub fn seeds(testdata: &Testdata) -> Vec<Vec<u8>> {
    testdata.certificates().into_iter().collect()
}

fn compare(ours: &Parsed<'_>, certificate: &Certificate) {
    let theirs = certificate.tbs_certificate();
    let version = match theirs.version() {
        Version::V1 => 1,
        Version::V2 => 2,
        Version::V3 => 3,
    };
    assert_eq!(ours.version, version);
    assert_eq!(ours.serial, content(&encoded(theirs.serial_number())));
    let algorithm = encoded(theirs.signature());
    assert_eq!(ours.signature_algorithm, content(&algorithm));
    assert_eq!(algorithm, encoded(certificate.signature_algorithm()));
    assert_eq!(ours.signature, certificate.signature().raw_bytes());

    assert_same_name(ours.issuer, theirs.issuer());
    assert_same_name(ours.subject, theirs.subject());
    let validity = theirs.validity();
    assert_eq!(ours.not_before, shown(validity.not_before));
    assert_eq!(ours.not_after, shown(validity.not_after));

    let spki = theirs.subject_public_key_info();
    assert_eq!(ours.spki, encoded(spki));
    assert_eq!(ours.key_algorithm, content(&encoded(&spki.algorithm)));
    assert_eq!(ours.key, spki.subject_public_key.raw_bytes());
    let unique_ids = [theirs.issuer_unique_id(), theirs.subject_unique_id()];
    let has_unique_ids = unique_ids.iter().any(|id| id.is_some());
    assert_eq!(ours.has_unique_ids, has_unique_ids);

    extensions::compare(ours, theirs.extensions().map_or(&[], Vec::as_slice));
}

pub(crate) fn assert_same_name(ours: &[u8], theirs: &Name) {
    assert_eq!(sorted(ours), sorted(&encoded(theirs)));
}

/// The attributes of each relative name in the order of their bytes: X.690 §11.6 puts SETs in
/// order, which nobody need check, and `x509-cert` does.
fn sorted(name: &[u8]) -> Vec<Vec<&[u8]>> {
    let in_order = |set| {
        let mut attributes = elements(content(set));
        attributes.sort();
        attributes
    };
    elements(content(name)).into_iter().map(in_order).collect()
}

fn elements(mut list: &[u8]) -> Vec<&[u8]> {
    let mut elements = Vec::new();
    while !list.is_empty() {
        let (element, rest) = testpki::der::split_first(list);
        elements.push(element);
        list = rest;
    }
    elements
}

fn shown(time: Time) -> String {
    time.to_date_time().to_string()
}

fn encoded(value: &impl Encode) -> Vec<u8> {
    value.to_der().expect("what was decoded can be encoded")
}

/// The content octets of an element.
fn content(der: &[u8]) -> &[u8] {
    testpki::der::contents(der)
}
