//! The program `pkits`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use serde_json::{Value, json};

use crate::{CA, CHAIN, Run};

const CRLS: &[u8] = include_bytes!("../../../testdata/example/crl.pem");

/// A folder with the files of the suite, for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        for kind in ["certs", "crls"] {
            fs::create_dir_all(folder.join(kind)).expect("a folder");
        }
        let folder = Self(folder);
        let ca = CertificateDer::from_pem_slice(CA.as_bytes()).expect("a root");
        folder.write("certs/root.crt", &ca);
        let chain = CertificateDer::pem_slice_iter(CHAIN.as_bytes());
        for (name, certificate) in ["client", "issuing"].iter().zip(chain) {
            folder.write(
                &format!("certs/{name}.crt"),
                &certificate.expect("a certificate"),
            );
        }
        let crls = CertificateRevocationListDer::pem_slice_iter(CRLS);
        for (name, crl) in ["root", "issuing"].iter().zip(crls) {
            folder.write(&format!("crls/{name}.crl"), &crl.expect("a CRL"));
        }
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).expect("a file");
    }

    fn run(&self, arguments: &[&str], entries: &[Value]) -> Run {
        self.run_json(arguments, &json!(entries).to_string())
    }

    fn run_json(&self, arguments: &[&str], entries: &str) -> Run {
        self.write("pkits.json", entries.as_bytes());
        let program = Command::new(env!("CARGO_BIN_EXE_pkits"))
            .args(arguments)
            .arg(&self.0)
            .output();
        Run::new(program.expect("the program runs"))
    }

    fn run_few(&self, entries: &[Value]) -> Run {
        self.run(&["--at-least", "1"], entries)
    }
}

/// An entry that is valid.
fn good(id: &str) -> Value {
    json!({
        "id": id,
        "test": id,
        "name": "Name",
        "title": "Title",
        "section": "Section",
        "trust_anchor": "root.crt",
        "certs": ["client.crt", "issuing.crt"],
        "path": ["client.crt", "issuing.crt"],
        "crl_issuer_certs": [],
        "crls": ["root.crl", "issuing.crl"],
        "validation_time": "2026-06-01T00:00:00Z",
        "explicit_policy": false,
        "initial_policy_set": ["any"],
        "inhibit_any_policy": false,
        "inhibit_policy_mapping": false,
        "expect": "valid",
        "expect_without_revocation": "valid",
        "user_constrained_policy_set": [],
        "uses": {},
        "origin": "pkits"
    })
}

fn good_with(id: &str, field: &str, value: Value) -> Value {
    let mut entry = good(id);
    entry[field] = value;
    entry
}

#[test]
fn a_suite_that_is_right_succeeds() {
    let folder = Folder::new("pkits-right");
    let mut without_crls = good_with("9.2", "crls", json!([]));
    without_crls["expect"] = "invalid".into();
    let entries = [good("9.1"), without_crls];
    let run = folder.run_few(&entries);
    run.assert_succeeds();
    assert_eq!(run.verdict("9.1").0, "SUCCESS");
    assert_eq!(run.verdict("9.2").0, "FAILURE");
    let without = folder.run(&["--without-revocation", "--at-least", "1"], &entries);
    without.assert_succeeds();
    assert_eq!(without.verdict("9.2").0, "SUCCESS");
}

#[test]
fn a_wrong_result_or_policy_set_fails() {
    let folder = Folder::new("pkits-wrong");
    let refused = good_with("9.1", "expect", "invalid".into());
    folder
        .run_few(&[refused])
        .assert_fails(&["wrongly accepted: 9.1"]);
    let policies = good_with("9.1", "user_constrained_policy_set", json!(["1.2.3"]));
    folder
        .run_few(&[policies])
        .assert_fails(&["wrong output: 9.1: the policy set is"]);
}

#[test]
fn an_entry_that_cannot_be_run_is_no_failure() {
    let folder = Folder::new("pkits-broken");
    let client = fs::read(folder.0.join("certs/client.crt")).expect("a file");
    folder.write("certs/cut.crt", &client[..client.len() - 1]);
    folder.write("certs/joined.crt", &[client.as_slice(), &client].concat());
    folder.write("certs/empty.crt", &[]);
    for (field, value, why) in [
        ("trust_anchor", json!("none.crt"), "none.crt: "),
        ("path", json!(["client.crt", "none.crt"]), "none.crt: "),
        ("path", json!(["cut.crt", "issuing.crt"]), "cut.crt: "),
        ("path", json!(["joined.crt", "issuing.crt"]), "joined.crt: "),
        ("crl_issuer_certs", json!(["empty.crt"]), "empty.crt: "),
        ("crls", json!(["none.crl"]), "none.crl: "),
        ("validation_time", json!("today"), "validation_time: "),
        ("initial_policy_set", json!([]), "initial_policy_set: "),
        (
            "initial_policy_set",
            json!(["any", "1.2.3"]),
            "initial_policy_set: ",
        ),
        (
            "initial_policy_set",
            json!(["gold"]),
            "initial_policy_set: ",
        ),
    ] {
        for expected in ["valid", "invalid"] {
            let mut entry = good_with("9.2", field, value.clone());
            entry["expect"] = expected.into();
            let run = folder.run_few(&[good("9.1"), entry]);
            run.assert_fails(&["the harness could not run it: 9.2: ", why]);
            assert_eq!(run.verdict("9.2").0, "SKIPPED");
            assert_eq!(run.verdict("9.1").0, "SUCCESS");
        }
    }
}

#[test]
fn what_is_not_known_ends_the_run_and_names_the_entry() {
    let folder = Folder::new("pkits-unknown");
    for (field, value, why) in [
        ("a_new_field", json!(1), "unknown field `a_new_field`"),
        ("expect", json!("perhaps"), "unknown variant `perhaps`"),
        ("explicit_policy", json!("no"), "invalid type"),
    ] {
        let run = folder.run_few(&[good("9.1"), good_with("9.2", field, value)]);
        run.assert_fails(&["case 9.2: ", why]);
        assert_eq!(run.results, "");
    }
    folder
        .run_few(&[good("9.1"), good("9.1")])
        .assert_fails(&["case 9.1: it is there twice"]);
}

#[test]
fn a_suite_that_is_not_whole_fails() {
    let folder = Folder::new("pkits-cut");
    let whole = json!([good("9.1")]).to_string();
    let least = ["--at-least", "1"];
    folder.run_json(&least, &whole).assert_succeeds();
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        folder
            .run_json(&least, &whole[..cut])
            .assert_fails(&["the suite: "]);
    }
    fs::remove_file(folder.0.join("pkits.json")).expect("it is there");
    let program = Command::new(env!("CARGO_BIN_EXE_pkits"))
        .arg(&folder.0)
        .output();
    Run::new(program.expect("the program runs")).assert_fails(&["pkits.json: "]);
}

#[test]
fn too_few_entries_fail() {
    let folder = Folder::new("pkits-few");
    let entries = ["9.1", "9.2"].map(good);
    folder.run(&["--at-least", "2"], &entries).assert_succeeds();
    folder
        .run(&["--at-least", "3"], &entries)
        .assert_fails(&["2 cases, and at least 3 are required"]);
    folder
        .run(&[], &entries)
        .assert_fails(&["2 cases, and at least 100 are required"]);
    folder
        .run(&[], &[])
        .assert_fails(&["0 cases, and at least 100 are required"]);
    folder
        .run(&["--at-least", "0"], &entries)
        .assert_fails(&["--at-least"]);
    folder
        .run(&["--without"], &entries)
        .assert_fails(&["usage"]);
}

#[test]
fn a_listed_entry_comes_out_as_listed_and_is_there_if_asked_for() {
    let folder = Folder::new("pkits-listed");
    // Listed as expected SUCCESS and FAILURE by us.
    folder
        .run_few(&[good("4.1.4")])
        .assert_fails(&["1 stale divergences", "4.1.4"]);
    let listed = ["4.1.4", "4.1.5"].map(|id| good_with(id, "crls", json!([])));
    let all = ["--at-least", "1", "--all-listed"];
    folder.run(&all, &listed).assert_succeeds();
    folder
        .run(&all, &listed[..1])
        .assert_fails(&["1 listed divergences are not among these cases", "4.1.5"]);
}

#[test]
fn the_reference_is_asked() {
    let folder = Folder::new("pkits-reference");
    let mut without_crls = good_with("9.2", "crls", json!([]));
    without_crls["expect"] = "invalid".into();
    let run = folder.run(
        &["--reference", "0", "--at-least", "1"],
        &[good("9.1"), without_crls],
    );
    run.assert_succeeds();
    assert!(run.said.contains("the reference answers 2 cases"));
}
