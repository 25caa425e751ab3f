//! The program `limbo`.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{CA, Run, chain};

fn run(arguments: &[&str], input: &str) -> Run {
    let mut program = Command::new(env!("CARGO_BIN_EXE_limbo"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    // A program that fails at once does not read its input.
    let _ = program
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes());
    Run::new(program.wait_with_output().expect("it ends"))
}

fn suite(cases: &[Value]) -> String {
    json!({ "version": 1, "testcases": cases }).to_string()
}

/// Runs these cases, however few they are.
fn run_cases(cases: &[Value]) -> Run {
    run(&["--at-least", "1"], &suite(cases))
}

/// A case that the library accepts and the suite expects to be accepted.
fn good(id: &str) -> Value {
    let (client, issuer) = chain();
    json!({
        "id": id,
        "conflicts_with": [],
        "features": ["has-crl", "a-feature-of-next-year"],
        "importance": "undetermined",
        "description": "for a test",
        "validation_kind": "CLIENT",
        "trusted_certs": [CA],
        "untrusted_intermediates": [issuer],
        "peer_certificate": client,
        "peer_certificate_key": null,
        "validation_time": "2026-06-01T00:00:00+00:00",
        "signature_algorithms": [],
        "key_usage": ["digitalSignature"],
        "extended_key_usage": ["clientAuth"],
        "expected_result": "SUCCESS",
        "expected_peer_name": null,
        "expected_peer_names": [{"kind": "DNS", "value": "device-7.fleet.example.org"}],
        "max_chain_depth": null,
        "crls": []
    })
}

fn good_with(id: &str, field: &str, value: Value) -> Value {
    let mut case = good(id);
    case[field] = value;
    case
}

/// The words of the line of the summary that counts all cases: right, …, decided by names,
/// decided by key usage.
fn total(run: &Run) -> Vec<&str> {
    let line = run.said.lines().find(|line| line.starts_with("total"));
    let words = line.expect("a total").split_whitespace();
    words.skip(1).take(7).collect()
}

#[test]
fn a_suite_that_is_right_succeeds() {
    let refused = good_with("group::refused", "trusted_certs", json!([]));
    let refused = {
        let mut case = refused;
        case["expected_result"] = "FAILURE".into();
        case
    };
    let run = run_cases(&[good("group::case"), refused]);
    run.assert_succeeds();
    assert_eq!(run.verdict("group::case").0, "SUCCESS");
    assert_eq!(run.verdict("group::refused").0, "FAILURE");
    assert_eq!(total(&run), ["2", "0", "0", "0", "0", "0", "0"]);
}

#[test]
fn a_wrong_result_fails() {
    let run = run_cases(&[good_with(
        "group::case",
        "expected_result",
        "FAILURE".into(),
    )]);
    run.assert_fails(&["wrongly accepted: group::case"]);
}

#[test]
fn what_the_harness_decides_is_counted_apart() {
    let mut by_names = good_with(
        "group::names",
        "expected_peer_names",
        json!([{"kind": "DNS", "value": "device-8.fleet.example.org"}]),
    );
    by_names["expected_result"] = "FAILURE".into();
    let mut by_server_name = good_with(
        "group::server-name",
        "expected_peer_name",
        json!({"kind": "DNS", "value": "😜.example.org"}),
    );
    by_server_name["expected_result"] = "FAILURE".into();
    let mut by_key_usage = good_with("group::key-usage", "key_usage", json!(["cRLSign"]));
    by_key_usage["expected_result"] = "FAILURE".into();
    // Both the library and the names refuse it: the library decides.
    let mut by_library = by_names.clone();
    by_library["id"] = "group::library".into();
    by_library["validation_time"] = "2126-06-01T00:00:00Z".into();
    // One purpose is not enough, whatever the name.
    let mut by_second_purpose = by_names.clone();
    by_second_purpose["id"] = "group::purposes".into();
    by_second_purpose["extended_key_usage"] = json!(["clientAuth", "1.3.6.1.5.5.7.3.1"]);
    let run = run_cases(&[
        by_names,
        by_server_name,
        by_key_usage,
        by_library,
        by_second_purpose,
    ]);
    run.assert_succeeds();
    assert_eq!(total(&run), ["5", "0", "0", "0", "0", "2", "1"]);
    let (_, why) = run.verdict("group::names");
    assert_eq!(why, "the peer is not DNS:device-8.fleet.example.org");
    let (_, why) = run.verdict("group::library");
    assert!(why.contains("expired"), "{why}");
    let (_, why) = run.verdict("group::purposes");
    assert!(why.contains("serverAuth"), "{why}");
}

#[test]
fn a_case_that_cannot_be_run_is_no_failure() {
    let (client, issuer) = chain();
    let cut = &client[..client.len() / 2];
    for (field, value, why) in [
        ("peer_certificate", json!(cut), "peer_certificate: "),
        (
            "peer_certificate",
            json!(""),
            "peer_certificate: no PEM block",
        ),
        (
            "peer_certificate",
            json!(client.replace("CERTIFICATE", "X509 CRL")),
            "a PEM block of another kind",
        ),
        (
            "peer_certificate",
            json!(format!("{client}{issuer}")),
            "more than one PEM block",
        ),
        (
            "untrusted_intermediates",
            json!([issuer.replace("MII", "M*I")]),
            "untrusted_intermediates: ",
        ),
        ("trusted_certs", json!([cut]), "trusted_certs: "),
        (
            "trusted_certs",
            json!([CA, "nothing"]),
            "trusted_certs: no PEM block",
        ),
        ("crls", json!(["-----BEGIN X509 CRL-----\n"]), "crls: "),
        ("crls", json!([CA]), "crls: a PEM block of another kind"),
        ("validation_time", json!("2026-06-01"), "validation_time: "),
        (
            "validation_time",
            json!("2026-06-01T00:00:00+01:00"),
            "validation_time: ",
        ),
        (
            "extended_key_usage",
            json!(["mindReading"]),
            "extended_key_usage \"mindReading\": ",
        ),
        (
            "expected_peer_name",
            json!({"kind": "IP", "value": "192.0.2.256"}),
            "the expected address \"192.0.2.256\"",
        ),
        (
            "expected_peer_names",
            json!([{"kind": "IP", "value": "192.0.2.0/24"}]),
            "the expected address \"192.0.2.0/24\"",
        ),
    ] {
        let case = good_with("group::broken", field, value);
        // Whatever the suite expects.
        for expected in ["SUCCESS", "FAILURE"] {
            let mut case = case.clone();
            case["expected_result"] = expected.into();
            let run = run_cases(&[good("group::case"), case]);
            run.assert_fails(&["the harness could not run it: group::broken: ", why]);
            assert_eq!(run.verdict("group::broken").0, "SKIPPED", "{why}");
            assert_eq!(run.verdict("group::case").0, "SUCCESS");
        }
    }
}

#[test]
fn what_is_not_known_ends_the_run_and_names_the_case() {
    for (field, value, why) in [
        ("a_new_field", json!(1), "unknown field `a_new_field`"),
        ("validation_kind", json!("PEER"), "unknown variant `PEER`"),
        (
            "expected_result",
            json!("SKIPPED"),
            "unknown variant `SKIPPED`",
        ),
        (
            "signature_algorithms",
            json!(["RSA_WITH_MD6"]),
            "unknown variant `RSA_WITH_MD6`",
        ),
        ("key_usage", json!(["signing"]), "unknown variant `signing`"),
        (
            "expected_peer_name",
            json!({"kind": "UPN", "value": "a"}),
            "unknown variant `UPN`",
        ),
        ("max_chain_depth", json!(-1), "invalid value"),
        ("crls", json!(null), "invalid type: null"),
    ] {
        let run = run_cases(&[good("group::case"), good_with("group::odd", field, value)]);
        run.assert_fails(&["case group::odd: ", why]);
        assert_eq!(
            run.results, "",
            "no results of a suite that is not understood"
        );
    }
    for field in ["crls", "validation_kind", "trusted_certs", "key_usage"] {
        let mut case = good("group::odd");
        case.as_object_mut().expect("an object").remove(field);
        let run = run_cases(&[case]);
        run.assert_fails(&["case group::odd: ", &format!("missing field `{field}`")]);
    }
    let mut without_id = good("");
    without_id.as_object_mut().expect("an object").remove("id");
    run_cases(&[good("group::case"), without_id]).assert_fails(&["case 1, counted from 0: "]);
    run_cases(&[good("")]).assert_fails(&["a case has no id"]);
    run_cases(&[good("group::case"), good("group::case")])
        .assert_fails(&["case group::case: it is there twice"]);
}

#[test]
fn a_suite_that_is_not_whole_fails() {
    let whole = suite(&[good("group::case")]);
    let least = ["--at-least", "1"];
    run(&least, &whole).assert_succeeds();
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        run(&least, &whole[..cut]).assert_fails(&["the suite: "]);
    }
    run(&least, &format!("{whole}{whole}")).assert_fails(&["the suite: "]);
    run(&least, r#"{"version":1}"#).assert_fails(&["missing field `testcases`"]);
    run(&least, &whole.replace(r#""version":1"#, r#""version":2"#)).assert_fails(&["version 2"]);
}

#[test]
fn too_few_cases_fail() {
    let cases: Vec<Value> = ["group::a", "group::b"].map(good).to_vec();
    run(&["--at-least", "2"], &suite(&cases)).assert_succeeds();
    run(&["--at-least", "3"], &suite(&cases))
        .assert_fails(&["2 cases, and at least 3 are required"]);
    run(&[], &suite(&cases)).assert_fails(&["2 cases, and at least 1000 are required"]);
    run(&[], &suite(&[])).assert_fails(&["0 cases, and at least 1000 are required"]);
    for number in ["0", "-1", "many", ""] {
        run(&["--at-least", number], &suite(&cases)).assert_fails(&["--at-least"]);
    }
    run(&["--at-least"], &suite(&cases)).assert_fails(&["--at-least"]);
    run(&["limbo.json"], &suite(&cases)).assert_fails(&["usage"]);
}

#[test]
fn a_listed_case_comes_out_as_listed_and_is_there_if_asked_for() {
    const LISTED: &str = "webpki::ca-as-leaf";
    // Listed as expected FAILURE and SUCCESS by us.
    let as_listed = good_with(LISTED, "expected_result", "FAILURE".into());
    run_cases(std::slice::from_ref(&as_listed)).assert_succeeds();
    run_cases(&[good(LISTED)]).assert_fails(&["1 stale divergences", LISTED]);
    // A case that cannot be run is never as listed.
    let mut broken = as_listed.clone();
    broken["peer_certificate"] = "".into();
    run_cases(&[broken]).assert_fails(&["could not run it", "1 stale divergences"]);

    let all = ["--at-least", "1", "--all-listed"];
    run(&all, &suite(&[as_listed])).assert_fails(&["webpki::eku::root-has-eku"]);
    let other = run_cases(&[good("group::case")]);
    other.assert_succeeds();
    assert!(other.said.contains(LISTED), "missing ones are named");
}

#[test]
fn the_reference_is_asked_and_must_answer() {
    let cases = suite(&[good("group::case"), good("group::other")]);
    let arguments = |most| ["--at-least", "1", "--reference", most];
    let asked = run(&arguments("0"), &cases);
    asked.assert_succeeds();
    assert!(asked.said.contains("the reference answers 2 cases"));
    // A client is no CA: the store does not load.
    let (client, _) = chain();
    let mut no_store = good_with("group::store", "trusted_certs", json!([client]));
    no_store["expected_result"] = "FAILURE".into();
    let cases = suite(&[good("group::case"), no_store]);
    run(&arguments("0"), &cases)
        .assert_fails(&["leaves {\"the store does not load\": 1} unanswered; at most 0"]);
    run(&arguments("1"), &cases).assert_succeeds();
    run(&["--reference"], &cases).assert_fails(&["--reference: it needs a number of cases"]);
}
