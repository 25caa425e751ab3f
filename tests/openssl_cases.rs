//! Every case whose policy `openssl verify` can express also goes to that program. Where the verdicts differ,
//! `testdata/differences/openssl.toml` says why; an entry that does not differ any more fails the test.

mod common;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use common::Case;
use common::differences::{Verdicts, assert_listed};
use mtls_verify::verify_client_chain;

/// The release that the list of differences is about: the next one errs elsewhere.
const RELEASE: &str = "OpenSSL 3.0.";

/// What says in OpenSSL's words what the default policy is. Each CA that is given is an anchor, and which policies a certificate is
/// valid for is of interest where it says so itself; level 2 is 112 bits of strength.
const DEFAULT_POLICY: &str = "verify -purpose sslclient -partial_chain -auth_level 2 -policy_check -policy 2.5.29.32.0 \
                              -no-CApath -no-CAstore -CAfile ca.pem -untrusted chain.pem";

#[test]
fn verdicts_agree_with_openssl_but_for_listed_differences() {
    let version = Command::new("openssl").arg("version").output();
    let version = version.expect("these tests need the `openssl` program");
    let version = String::from_utf8_lossy(&version.stdout);
    if !version.starts_with(RELEASE) {
        eprintln!("not compared: the differences are those of {RELEASE}x, and this is {version}");
        return;
    }
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
    assert_listed(&compared, "openssl.toml", "OpenSSL");
}

/// Nothing if the store of the case does not load.
fn compare(case: &Case) -> Option<(String, Verdicts)> {
    let store = case.store().ok()?;
    let ours = verify_client_chain(&store, &case.chain(), case.time(), &case.policy()).is_ok();
    let theirs = openssl_verdict(case);
    Some((case.name.clone(), Verdicts { ours, theirs }))
}

/// The first error that OpenSSL reports. The program itself goes on after some of them, and in the end accepts; a TLS stack does not.
fn openssl_verdict(case: &Case) -> Result<(), String> {
    let mut words: Vec<&str> = DEFAULT_POLICY.split_whitespace().collect();
    let time = case.time().as_secs().to_string();
    words.extend(["-attime", &time]);
    if case.optional("intermediates.pem").is_some() {
        words.extend(["-untrusted", "intermediates.pem"]);
    }
    let check = match case.revocation() {
        "off" => None,
        "client" => Some("-crl_check"),
        "path" => Some("-crl_check_all"),
        other => panic!("revocation = {other:?}"),
    };
    if let Some(check) = check {
        words.extend([check, "-extended_crl", "-use_deltas"]);
        if case.optional("crls.pem").is_some() {
            words.extend(["-CRLfile", "crls.pem"]);
        }
    }
    words.push("chain.pem");
    let output = Command::new("openssl")
        .args(words)
        .current_dir(&case.folder)
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::null())
        .output()
        .expect("the `openssl` program starts");
    let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
    let error = said.lines().find(|line| line.contains("error"));
    match error {
        None if output.status.success() => Ok(()),
        Some(error) => Err(error.to_owned()),
        None => Err(said),
    }
}
