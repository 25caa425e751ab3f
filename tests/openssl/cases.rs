//! Every case whose policy `openssl verify` can express also goes to that program. Where the
//! verdicts differ, `testdata/differences/openssl.toml` says why; an entry that does not differ any
//! more fails the test.

use std::collections::BTreeMap;

use mtls_verify::policy::RevocationScope;
use mtls_verify::verify_client_chain;

use crate::common::Case;
use crate::common::differences::{Peer, Verdicts, assert_listed};
use crate::common::openssl::{self, Release};

/// What says in OpenSSL's words what the default policy is. Each CA that is given is an anchor, and
/// which policies a certificate is valid for is of interest where it says so itself; level 2 is 112
/// bits of strength.
const DEFAULT_POLICY: &str = "verify -purpose sslclient -partial_chain -auth_level 2 -policy_check -policy 2.5.29.32.0 \
                              -no-CApath -no-CAstore -CAfile ca.pem -untrusted chain.pem";

#[test]
fn verdicts_agree_with_openssl_but_for_listed_differences() {
    let Some(release) = Release::of_the_program() else {
        return;
    };
    let cases: Vec<Case> = Case::all()
        .into_iter()
        .filter(|case| case.leaves_policy_to_peers() && !case.allows_unknown_status())
        .collect();
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let compared: BTreeMap<String, Verdicts> = std::thread::scope(|scope| {
        let parts: Vec<_> = cases
            .chunks(cases.len().div_ceil(threads))
            .map(|part| scope.spawn(|| part.iter().filter_map(compare).collect::<Vec<_>>()))
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().expect("the comparison ends"))
            .collect()
    });
    let count = compared.len();
    assert!(count >= 1000, "only {count} cases were compared");
    assert_listed(&compared, Peer::OpenSsl(release));
}

#[test]
fn a_release_without_a_list_fails_where_it_must_be_listed() {
    for (version, release) in [
        ("OpenSSL 3.0.19 27 Jan 2026 (Library: ...)", Release::V3_0),
        ("OpenSSL 3.5.7 1 Jan 2026", Release::V3_5),
        ("OpenSSL 4.0.2 1 Jan 2026", Release::V4_0),
    ] {
        assert_eq!(Release::of(version, true), Ok(Some(release)));
        assert_eq!(Release::of(version, false), Ok(Some(release)));
    }
    for version in [
        "OpenSSL 3.1.0 14 Mar 2023",
        "OpenSSL 3.50.0",
        "OpenSSL 13.0.0",
        "LibreSSL 3.0.0",
        "",
    ] {
        assert_eq!(Release::of(version, false), Ok(None));
        let problem = Release::of(version, true).expect_err("not listed");
        assert!(
            problem.contains("OpenSSL 3.0, 3.5, 4.0") && problem.ends_with(version),
            "{problem}"
        );
    }
}

/// Nothing if the store of the case does not load.
fn compare(case: &Case) -> Option<(String, Verdicts)> {
    let store = case.store().ok()?;
    let ours = verify_client_chain(&store, &case.chain(), case.time(), &case.policy()).is_ok();
    let theirs = openssl_verdict(case);
    Some((case.name.clone(), Verdicts { ours, theirs }))
}

fn openssl_verdict(case: &Case) -> Result<(), String> {
    let mut words: Vec<&str> = DEFAULT_POLICY.split_whitespace().collect();
    let time = case.time().as_secs().to_string();
    words.extend(["-attime", &time]);
    if case.optional("intermediates.pem").is_some() {
        words.extend(["-untrusted", "intermediates.pem"]);
    }
    let check = match case.revocation() {
        RevocationScope::Off => None,
        RevocationScope::ClientOnly => Some("-crl_check"),
        RevocationScope::WholePath => Some("-crl_check_all"),
        other => panic!("{other:?}"),
    };
    if let Some(check) = check {
        words.extend([check, "-extended_crl", "-use_deltas"]);
        if case.optional("crls.pem").is_some() {
            words.extend(["-CRLfile", "crls.pem"]);
        }
    }
    words.push("chain.pem");
    let mut verify = openssl::program();
    openssl::verdict(verify.args(words).current_dir(&case.folder)).map(drop)
}
