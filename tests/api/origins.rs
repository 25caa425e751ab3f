//! Where the certificates of a store come from, in the store, in results and in errors.

use mtls_verify::pki_types::CertificateDer;
use mtls_verify::store::{Origin, Source};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use testpki::{Cert, Key};

use crate::files;

fn ca(name: &str) -> Cert {
    Cert::ca(name, &Key::p256(name))
}

fn told(origin: &Origin) -> (Option<&str>, Option<usize>) {
    (origin.label(), origin.number())
}

fn verify(store: &TrustStore, chain: &[&Cert]) -> Result<VerifiedClient, VerifyError> {
    let der = chain.iter().map(|certificate| certificate.der());
    let chain: Vec<_> = der.map(CertificateDer::from).collect();
    let now = files::time("2026-06-01T00:00:00Z");
    verify_client_chain(store, &chain, now, &ClientPolicy::default())
}

/// Two labelled files of anchors, one of intermediates, one without a label and one in DER; of equal
/// certificates the first counts, and a file that is refused leaves nothing.
fn store(roots: &[Cert; 5], issuing: &Cert) -> TrustStore {
    let pem = |certificates: &[&Cert]| -> String {
        certificates
            .iter()
            .map(|certificate| certificate.pem())
            .collect()
    };
    let [one, two, three, four, five] = roots;
    let mut builder = TrustStore::builder();
    let mut add = |text: String, label: Option<&str>| {
        let source = Source::from(&text);
        builder
            .add_ca_pem(label.map_or(source, |label| source.labelled(label)))
            .is_ok()
    };
    assert!(add(pem(&[one, two]), Some("a.pem")));
    assert!(!add(
        pem(&[five]) + "-----BEGIN JUNK-----\n",
        Some("bad.pem")
    ));
    assert!(add(pem(&[two, three]), Some("b.pem")));
    assert!(add(pem(&[four]), None));
    let issuing_pem = pem(&[one, issuing]);
    let source = Source::from(&issuing_pem).labelled("issuing.pem");
    builder.add_intermediates_pem(source).expect("CAs");
    let five_der = five.der();
    let der = Source::from(&five_der).labelled("five.der");
    builder.add_ca_der(der).expect("a CA");
    builder.build().expect("a store")
}

#[test]
fn certificates_of_a_store_say_where_they_come_from() {
    let roots = ["One", "Two", "Three", "Four", "Five"].map(ca);
    let issuing = ca("Issuing").issued_by(&roots[1]);
    let store = store(&roots, &issuing);
    let origins: Vec<Origin> = store.anchors().map(|info| info.origin()).collect();
    assert_eq!(
        origins.iter().map(told).collect::<Vec<_>>(),
        [
            (Some("a.pem"), Some(1)),
            (Some("a.pem"), Some(2)),
            (Some("b.pem"), Some(2)),
            (None, Some(1)),
            (Some("five.der"), Some(1)),
        ]
    );
    assert_eq!(origins[1].to_string(), "a.pem, certificate 2");
    assert_eq!(origins[3].to_string(), "certificate 1");
    let of_issuing = store.intermediates().map(|info| info.origin());
    let of_issuing: Vec<Origin> = of_issuing.collect();
    assert_eq!(told(&of_issuing[1]), (Some("issuing.pem"), Some(2)));

    let alice = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing);
    for chain in [&[&alice][..], &[&alice, &issuing]] {
        let verified = verify(&store, chain).expect("verified");
        let origins: Vec<_> = verified
            .path_origins()
            .map(|origin| origin.map(told))
            .collect();
        let expected = [
            None,
            Some((Some("issuing.pem"), Some(2))),
            Some((Some("a.pem"), Some(2))),
        ];
        assert_eq!(origins, expected);
        assert_eq!(verified.anchor_origin().map(told), expected[2]);
    }
    // A presented intermediate comes from no file.
    let other = ca("Other").issued_by(&roots[3]);
    let bob = Cert::client("bob", &Key::p256("bob")).issued_by(&other);
    let verified = verify(&store, &[&bob, &other]).expect("verified");
    assert!(
        verified
            .path_origins()
            .map(|one| one.is_some())
            .eq([false, false, true])
    );
    assert_eq!(verified.anchor_origin().map(told), Some((None, Some(1))));
}

#[test]
fn errors_say_which_file_a_ca_is_in() {
    let expired = ca("Root").not_after("2026-01-01T00:00:00Z");
    let alice = Cert::client("alice", &Key::p256("alice")).issued_by(&expired);
    let refusal_of = |label: Option<&str>| {
        let pem = expired.pem();
        let source = Source::from(&pem);
        let source = label.map_or(source, |label| source.labelled(label));
        verify(&TrustStore::from_pem(source).expect("a CA"), &[&alice]).expect_err("expired")
    };
    let refusal = refusal_of(Some("roots\n.pem"));
    let certificate = refusal.certificate().expect("one certificate");
    assert_eq!(
        certificate.origin().map(told),
        Some((Some("roots\n.pem"), Some(1)))
    );
    let shown = refusal.to_string();
    assert!(
        shown.starts_with("trust anchor CN=Root (roots\\0A.pem, certificate 1) expired"),
        "{shown}"
    );
    let shown = refusal_of(None).to_string();
    assert!(shown.starts_with("trust anchor CN=Root expired"), "{shown}");
    // Those that were presented come from no file.
    let late = alice
        .not_after("2026-02-01T00:00:00Z")
        .issued_by(&ca("Root"));
    let store = TrustStore::from_pem(&ca("Root").pem()).expect("a CA");
    let refusal = verify(&store, &[&late]).expect_err("expired");
    assert_eq!(refusal.certificate().and_then(|one| one.origin()), None);
}
