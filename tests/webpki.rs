//! Every case whose policy `webpki` can express also goes to `webpki`. Where the verdicts differ,
//! `testdata/differences/webpki.toml` says why; an entry that does not differ any more fails the
//! test.

mod common;

use std::collections::BTreeMap;

use common::differences::{Peer, Verdicts, assert_listed};
use common::{Case, read, testdata};
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, TrustAnchor};
use mtls_verify::policy::RevocationScope;
use mtls_verify::verify_client_chain;
use webpki::{
    CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage, OwnedCertRevocationList,
    RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy, anchor_from_trusted_cert,
};

#[test]
fn verdicts_agree_with_webpki_but_for_listed_differences() {
    let mut compared = BTreeMap::new();
    let (mut with_revocation, mut of_the_provider) = (0, 0);
    for case in Case::all() {
        // Untrusted intermediates of a store are not a thing that `webpki` has.
        if !case.leaves_policy_to_peers() || case.optional("intermediates.pem").is_some() {
            continue;
        }
        let Ok(store) = case.store() else { continue };
        let chain = case.chain();
        let ours = verify_client_chain(&store, &chain, case.time(), &case.policy()).is_ok();
        let anchors = store.anchors().map(|anchor| anchor.der().into_owned());
        let anchors: Vec<_> = anchors.collect();
        let theirs = webpki_verdict(&anchors, &chain, &case).map_err(|error| error.to_string());
        // Of these, webpki says what its provider says.
        if case.name.starts_with("key/anchor-ed25519-") {
            assert!(!ours, "{}", case.name);
            assert_eq!(theirs.is_ok(), cfg!(feature = "ring"), "{}", case.name);
            of_the_provider += 1;
            continue;
        }
        with_revocation += usize::from(depth(&case).is_some());
        compared.insert(case.name, Verdicts { ours, theirs });
    }
    let count = compared.len();
    assert!(count >= 1000, "only {count} cases were compared");
    assert_eq!(of_the_provider, 3);
    assert!(
        with_revocation >= 400,
        "only {with_revocation} of revocation"
    );
    assert_listed(&compared, Peer::Webpki);
}

fn webpki_verdict(
    anchors: &[CertificateDer<'_>],
    chain: &[CertificateDer<'_>],
    case: &Case,
) -> Result<(), webpki::Error> {
    let anchors: Vec<TrustAnchor<'_>> = anchors
        .iter()
        .filter_map(|der| anchor_from_trusted_cert(der).ok())
        .collect();
    let (client, intermediates) = chain.split_first().ok_or(webpki::Error::BadDer)?;
    let lists = webpki_crls(case);
    let lists: Vec<_> = lists.iter().collect();
    let revocation = depth(case).map(|depth| {
        let unknown = if case.allows_unknown_status() {
            UnknownStatusPolicy::Allow
        } else {
            UnknownStatusPolicy::Deny
        };
        RevocationOptionsBuilder::new(&lists)
            .expect("at least one list")
            .with_depth(depth)
            .with_status_policy(unknown)
            .with_expiration_policy(ExpirationPolicy::Enforce)
            .build()
    });
    EndEntityCert::try_from(client)?.verify_for_usage(
        // A difference between sets of algorithms would say nothing of the rules.
        mtls_verify::crypto::DEFAULT_ALGORITHMS,
        &anchors,
        intermediates,
        case.time(),
        KeyUsage::client_auth(),
        revocation,
        None,
    )?;
    Ok(())
}

/// How far revocation is checked, if at all.
fn depth(case: &Case) -> Option<RevocationCheckDepth> {
    match case.revocation() {
        RevocationScope::Off => None,
        RevocationScope::ClientOnly => Some(RevocationCheckDepth::EndEntity),
        RevocationScope::WholePath => Some(RevocationCheckDepth::Chain),
        other => panic!("{other:?}"),
    }
}

/// The lists of a case that `webpki` reads, and one that is about nobody in any case, as it asks
/// for at least one.
fn webpki_crls(case: &Case) -> Vec<CertRevocationList<'static>> {
    let nobodys =
        CertificateRevocationListDer::from_pem_slice(&read(&testdata().join("example/crl.pem")))
            .expect("a list");
    case.crls()
        .iter()
        .chain([&nobodys])
        .filter_map(|list| OwnedCertRevocationList::from_der(list).ok())
        .map(CertRevocationList::from)
        .collect()
}
