//! Strict and lenient loading agree on what is good, no good block is lost, and an error says the
//! line it is about.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use mtls_verify::error::StoreProblem;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::{StoreError, TrustStore};
use testpki::{Cert, Key, Pem};

use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

/// A CA certificate that no seed has.
static ANOTHER: LazyLock<Vec<u8>> =
    LazyLock::new(|| Cert::ca("Another", &Key::ed25519("another")).der());

/// A bundle without anything that looks like a block is not judged.
pub const KINDS: Kinds = &[
    ("good blocks", 5),
    ("good and bad", 50),
    ("bad blocks", 200),
];

/// Input: a bundle.
pub fn check(bundle: &[u8]) -> Judged {
    let (strict, lenient) = (TrustStore::from_pem(bundle), load(bundle));
    match (&strict, &lenient) {
        (Ok(strict), Ok(lenient)) => {
            assert_eq!(lenient.skipped(), []);
            assert!(ders(strict).eq(ders(lenient)));
        }
        (Err(error), Ok(lenient)) => {
            assert_eq!(lenient.skipped().first(), Some(error));
            check_nothing_is_loaded(bundle);
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (Ok(_), Err(error)) => {
            panic!("strict loading takes what lenient loading does not: {error}")
        }
    }
    let skipped = match &lenient {
        Ok(store) => store.skipped(),
        Err(error) => std::slice::from_ref(error),
    };
    let lines = lines_of(bundle);
    for error in skipped {
        check_place(error, &lines);
    }
    let blocks: Vec<_> = skipped.iter().filter_map(StoreError::number).collect();
    assert!(blocks.is_sorted_by(|one, other| one < other), "{blocks:?}");

    let anchors: Vec<_> = lenient.iter().flat_map(ders).collect();
    check_anchors(&anchors);
    check_neighbours(bundle, &anchors);
    if skipped.is_empty() {
        check_no_boundary_is_hidden(&lines);
        check_against_another_reader(bundle, &anchors);
    }
    let is_about_bytes = |error: &StoreError| error.line().is_some();
    match (anchors.is_empty(), skipped.iter().any(is_about_bytes)) {
        (false, false) => Some("good blocks"),
        (false, true) => Some("good and bad"),
        (true, true) => Some("bad blocks"),
        (true, false) => None,
    }
}

/// All PEM files of `testdata`.
pub fn seeds(testdata: &Testdata) -> Vec<Vec<u8>> {
    testdata.pem_files().into_iter().collect()
}

fn load(bundle: &[u8]) -> Result<TrustStore, StoreError> {
    TrustStore::lenient_builder()
        .add_ca_pem(bundle)
        .expect("what is lenient goes on")
        .build()
}

/// The anchors of a store.
fn ders(store: &TrustStore) -> impl Iterator<Item = CertificateDer<'_>> {
    store.anchors().map(|anchor| anchor.der())
}

/// A bundle that is refused leaves a strict builder with what it had.
fn check_nothing_is_loaded(bundle: &[u8]) {
    let mut builder = TrustStore::builder();
    builder.add_ca_der(&*ANOTHER).expect("a good CA");
    builder.add_ca_pem(bundle).expect_err("it has an error");
    // Unless it rejects that one.
    if let Ok(store) = builder.build() {
        assert!(ders(&store).all(|der| *der == **ANOTHER));
    }
}

/// The lines of a text, which LF, CRLF or CR end.
fn lines_of(text: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
        lines.push(&rest[..end]);
        let is_crlf = rest[end..].starts_with(b"\r\n");
        rest = &rest[end + if is_crlf { 2 } else { 1 }..];
    }
    lines.push(rest);
    lines
}

/// The line of an error is that of a boundary, or has the byte that it is about.
fn check_place(error: &StoreError, lines: &[&[u8]]) {
    let line_at = |number: usize| lines[number.checked_sub(1).expect("lines count from one")];
    let Some(number) = error.line() else {
        assert!(
            matches!(error.problem(), StoreProblem::Empty { .. }),
            "{error}"
        );
        return;
    };
    let line = line_at(number);
    let is_boundary = |line: &[u8], word: &str| {
        let text = String::from_utf8_lossy(line);
        text.to_ascii_uppercase().contains(word)
    };
    match error.problem() {
        StoreProblem::Nul => {
            assert!(line.contains(&0));
            let before = &lines[..number - 1];
            assert!(!before.iter().any(|line| line.contains(&0)), "{error}");
        }
        StoreProblem::StrayBase64 => {
            let is_around = |c: char| c.is_ascii_whitespace() || c == '\u{feff}';
            let text = String::from_utf8_lossy(line);
            let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
            assert!(
                text.trim_matches(is_around).chars().all(is_base64),
                "{error}"
            );
            assert_eq!(error.number(), None);
        }
        StoreProblem::StrayEnd => assert!(is_boundary(line, "-----END"), "{error}"),
        StoreProblem::Boundary { resembles } => {
            let word = resembles.trim_start_matches('-');
            assert!(is_boundary(line, word), "{error}");
            assert_eq!(error.number().is_some(), word == "BEGIN");
        }
        problem => {
            assert!(is_boundary(line, "-----BEGIN"), "{error}");
            assert!(error.number().is_some());
            let inner = match problem {
                StoreProblem::BrokenEnd { line } | StoreProblem::OtherEnd { line, .. } => {
                    Some((line, "END"))
                }
                StoreProblem::Base64 { line } => Some((line, "")),
                _ => None,
            };
            if let Some((inner, word)) = inner {
                assert!(
                    *inner >= number && is_boundary(line_at(*inner), word),
                    "{error}"
                );
            }
        }
    }
}

/// A line that begins with dashes and BEGIN or END is a boundary, if nothing was said about the
/// bundle.
fn check_no_boundary_is_hidden(lines: &[&[u8]]) {
    for line in lines {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}');
        let rest = text.trim_start_matches(['-', '=', '\u{2013}', '\u{2014}', '\u{fffd}']);
        let words = rest.trim_start().to_ascii_uppercase();
        let mut words = words.split(|c: char| !c.is_alphanumeric());
        let is_meant = rest != text
            && words
                .next()
                .is_some_and(|word| matches!(word, "BEGIN" | "END"));
        let is_boundary = text.starts_with("-----BEGIN ") || text.starts_with("-----END ");
        assert!(!is_meant || is_boundary, "{text}");
    }
}

/// What was loaded is good by itself, and each once.
fn check_anchors(anchors: &[CertificateDer<'_>]) {
    let distinct: BTreeSet<&[u8]> = anchors.iter().map(|der| der.as_ref()).collect();
    assert_eq!(distinct.len(), anchors.len());
    if anchors.is_empty() {
        return;
    }
    let clean = testpki::pem::bundle(anchors);
    let again = TrustStore::from_pem(clean.as_bytes()).expect("these certificates are good");
    assert!(ders(&again).eq(anchors.iter().cloned()));
}

/// Another good certificate before or after, on a line of its own, changes nothing else.
fn check_neighbours(bundle: &[u8], anchors: &[CertificateDer<'_>]) {
    let another = Pem::certificate(&ANOTHER).to_string();
    let before = [another.as_bytes(), bundle].concat();
    let after = [bundle, b"\n", another.as_bytes()].concat();
    for (bundle, is_before) in [(before, true), (after, false)] {
        let store = load(&bundle).expect("one is good");
        let mut loaded: Vec<_> = ders(&store).collect();
        let at = if is_before { 0 } else { loaded.len() - 1 };
        assert_eq!(loaded.remove(at).as_ref(), ANOTHER.as_slice());
        assert_eq!(loaded, anchors);
    }
}

/// A certificate that another reader of PEM finds, and that is good, was loaded, if nothing was
/// said about the bundle.
fn check_against_another_reader(bundle: &[u8], anchors: &[CertificateDer<'_>]) {
    for der in CertificateDer::pem_slice_iter(bundle).map_while(Result::ok) {
        if TrustStore::builder().add_ca_der(&der).is_ok() {
            assert!(anchors.contains(&der), "a good certificate is not loaded");
        }
    }
}
