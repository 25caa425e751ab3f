//! The reference, the library and the verdict of each case of `testdata/cases` agree.
//!
//! `CASES=WORD` runs the cases alone whose names have that word.

mod case;
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/policy.rs"]
mod policy;

use case::{Case, Expect, oids, seconds};
use common::{Place, against_library, failures, in_threads, show};
use policy::Policy;
use reference::model::{Answer, JudgedPath, Question, Status};

/// Cases in which `valid_until` ends early for a limit, which the reference does not have.
const ENDS_BY_A_LIMIT: &str = "limit/anchors-to-come-29";

#[test]
fn cases_agree() {
    agree("cases", 3_000);
}

#[test]
fn public_chains_agree() {
    agree("public", 5);
}

fn agree(folder: &str, least: usize) {
    let word = std::env::var("CASES").unwrap_or_default();
    let mut cases = Case::all(folder);
    cases.retain(|case| case.name.contains(&word));
    let compared: Vec<Vec<_>> = in_threads(|first, count| {
        let some = cases.iter().skip(first).step_by(count);
        some.map(|case| (case, compare(case))).collect()
    });
    let (mut asked, mut skipped) = (0, 0);
    let mut disagreements = Vec::new();
    for (case, compared) in compared.into_iter().flatten() {
        match compared {
            Ok(true) => asked += 1,
            Ok(false) => skipped += 1,
            Err(wrong) => disagreements.push(format!("{}: {wrong}", case.name)),
        }
    }
    let wrong = disagreements.len();
    println!("{asked} agree, {skipped} skipped, {wrong} do not");
    assert!(disagreements.is_empty(), "\n{}", disagreements.join("\n"));
    assert!(!word.is_empty() || asked >= least, "only {asked} cases");
}

/// Whether the case can be asked, and how the answers differ.
fn compare(case: &Case) -> Result<bool, String> {
    let Ok(store) = case.store() else {
        return Ok(false);
    };
    let is_beyond = case.is_about_work() || case.is_about_trust_settings();
    if case.settings.policy.has_other_algorithms() || is_beyond {
        return Ok(false);
    }
    let question = case.question(&store);
    let library = common::ask_library(&question, &store);
    let answer = reference::answer(&question);
    if answer.left_out > 0 {
        return Err(format!(
            "{} inputs of the store do not parse",
            answer.left_out
        ));
    }
    let wrong = [
        against_case(case, &question, &answer).err(),
        against_library(&question, &answer, &library).err(),
    ];
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    if wrong.is_empty() {
        Ok(true)
    } else {
        Err(wrong.join("; "))
    }
}

fn against_case(case: &Case, question: &Question, answer: &Answer) -> Result<(), String> {
    match &case.settings.expect {
        Expect::StoreError {} => Err("the store loads".to_owned()),
        Expect::Refuse {
            reason,
            certificate,
        } => {
            let about = |place: &Option<Place>| match place {
                None => "none".to_owned(),
                Some(Place::Client) => "client".to_owned(),
                Some(Place::Presented(index)) => format!("presented {index}"),
                Some(Place::Intermediate) => "intermediate".to_owned(),
                Some(Place::Anchor) => "anchor".to_owned(),
            };
            let failures = failures(question, answer)?;
            let is_expected = |(rule, place): &&(String, Option<Place>)| {
                rule == reason && about(place) == *certificate
            };
            match failures.iter().find(is_expected) {
                Some(_) => Ok(()),
                None => Err(format!(
                    "case: {reason} {certificate}; reference: {failures:?}"
                )),
            }
        }
        Expect::Accept {
            valid_until,
            path,
            policies,
            revocation,
        } => {
            let until = match valid_until.as_str() {
                "never" => None,
                time => Some(seconds(time)),
            };
            let status = |status: &Status| match status {
                Status::NotChecked => "not-checked",
                Status::Good => "good",
                Status::Stale => "stale",
                Status::Unknown => "unknown",
            };
            let is_expected = |judged: &&JudgedPath| {
                judged.nodes.len() == path.len()
                    && (case.name == ENDS_BY_A_LIMIT || judged.valid_until == until)
                    && policies
                        .as_ref()
                        .is_none_or(|dotted| judged.policies == Some(oids(dotted)))
                    && revocation.as_ref().is_none_or(|names| {
                        judged
                            .revocation
                            .iter()
                            .map(status)
                            .eq(names.iter().map(String::as_str))
                    })
            };
            match answer.valid().find(is_expected) {
                Some(_) => Ok(()),
                None => Err(format!(
                    "case: accept until {until:?} {policies:?} {revocation:?}; {}",
                    show(answer)
                )),
            }
        }
    }
}

#[test]
fn what_the_reference_does_not_know_is_an_error() {
    let read = |text: &str| toml::from_str::<Policy>(text);
    for known in [
        "",
        "expiry.client.accept-for = \"1h 1s\"",
        "purpose.required = \"server-auth\"",
        "identities.any = [{ spiffe-id.below = \"spiffe://a\" }, { ip = \"::1\" }]",
    ] {
        read(known).unwrap_or_else(|error| panic!("{known}: {error}"));
    }
    for unknown in [
        "client_expiry = \"accept\"",
        "memory.signatures = 0",
        "expiry.clients = \"accept\"",
        "expiry.client = \"keep\"",
        "expiry.client.accept-for = \"1ms\"",
        "revocation.soft-fail = true",
        "certificate-policies.mappings = \"allowed\"",
        "rsa-keys.bits = 2048",
        "signatures = [\"ed25519\"]",
        "identities.any = [{ serial.exact = \"1\" }]",
        "identities.any = [{ dns.regex = \"a\" }]",
    ] {
        assert!(read(unknown).is_err(), "{unknown}");
    }
}

#[test]
#[should_panic(expected = "an unknown limit \"depth\"")]
fn an_unknown_limit_is_an_error() {
    let policy: Policy = toml::from_str("limits.depth = 1").expect("a policy");
    policy.reference();
}
