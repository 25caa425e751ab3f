//! Every case with the default policy also goes to `webpki`. Where the verdicts differ, `testdata/differences/webpki.toml` says why;
//! an entry that does not differ any more fails the test.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Case, read, testdata};
use mtls_verify::pki_types::{CertificateDer, TrustAnchor};
use mtls_verify::verify_client_chain;
use serde::Deserialize;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    /// Why our verdict is the right one.
    reason: String,
    /// What that rests on.
    rule: String,
    /// The cases in which we accept and `webpki` does not.
    #[serde(default)]
    we_accept: Vec<String>,
    /// The cases in which `webpki` accepts and we do not.
    #[serde(default)]
    we_refuse: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    difference: Vec<Difference>,
}

#[test]
fn default_verdicts_agree_with_webpki_but_for_listed_differences() {
    let mut found = BTreeMap::new();
    let mut compared = 0;
    for case in Case::all() {
        // Pins, untrusted intermediates and policies are not things that `webpki` has.
        if !case.has_default_policy()
            || case.optional("pins.pem").is_some()
            || case.optional("intermediates.pem").is_some()
        {
            continue;
        }
        let Ok(store) = case.store() else { continue };
        compared += 1;
        let chain = case.chain();
        let policy = case.policy();
        let ours = verify_client_chain(&store, &chain, case.time(), &policy).is_ok();
        let anchors: Vec<_> = store.anchors().map(CertificateDer::into_owned).collect();
        let theirs = webpki_accepts(&anchors, &chain, &case);
        if ours != theirs {
            found.insert(case.name, ours);
        }
    }
    assert!(compared >= 500, "only {compared} cases were compared");

    let text = String::from_utf8(read(&testdata().join("differences/webpki.toml"))).expect("UTF-8");
    let listed: Differences = toml::from_str(&text).expect("a list of differences");
    let mut expected = BTreeMap::new();
    for difference in listed.difference {
        assert!(!difference.reason.is_empty() && !difference.rule.is_empty());
        let both = [(true, difference.we_accept), (false, difference.we_refuse)];
        for (ours, names) in both {
            for name in names {
                let before = expected.insert(name.clone(), ours);
                assert!(before.is_none(), "{name} is listed twice");
            }
        }
    }

    let names = |of: &BTreeMap<String, bool>| -> BTreeSet<String> {
        of.iter()
            .map(|(name, ours)| format!("{name}: we {}", if *ours { "accept" } else { "refuse" }))
            .collect()
    };
    let (found, expected) = (names(&found), names(&expected));
    let unlisted: Vec<_> = found.difference(&expected).collect();
    let stale: Vec<_> = expected.difference(&found).collect();
    assert!(
        unlisted.is_empty() && stale.is_empty(),
        "not listed: {unlisted:#?}\nlisted, but no difference: {stale:#?}"
    );
}

fn webpki_accepts(
    anchors: &[CertificateDer<'_>],
    chain: &[CertificateDer<'_>],
    case: &Case,
) -> bool {
    let anchors: Vec<TrustAnchor<'_>> = anchors
        .iter()
        .filter_map(|der| anchor_from_trusted_cert(der).ok())
        .collect();
    let Some((client, intermediates)) = chain.split_first() else {
        return false;
    };
    EndEntityCert::try_from(client).is_ok_and(|client| {
        client
            .verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                &anchors,
                intermediates,
                case.time(),
                KeyUsage::client_auth(),
                None,
                None,
            )
            .is_ok()
    })
}
