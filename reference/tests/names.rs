//! Names, name constraints, identities and signatures, by the cases of `testdata/` that are about
//! nothing else.

#[path = "common/policy.rs"]
mod policy;

use std::fs;
use std::path::Path;

use pki_types::CertificateDer;
use pki_types::pem::PemObject;
use reference::certificate::Certificate;
use reference::signatures::{
    DEFAULT_ALGORITHMS, Outcome, key_is_accepted, key_is_well_formed, verify,
};
use reference::{identities, name_constraints};
use serde::Deserialize;
use testpki::folders::{self, CaseFolder};

use policy::Policy;

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    policy: Policy,
    expect: Expected,
}

#[derive(Deserialize)]
struct Expected {
    result: String,
    reason: Option<String>,
}

const TOPICS: [&str; 7] = [
    "name",
    "name-constraint",
    "identity",
    "signature",
    "pss",
    "key",
    "shown",
];

/// What this test does not look at.
const OTHERS: [&str; 8] = [
    "crl",
    "revoked",
    "expired",
    "key-usage",
    "work-limit",
    "identity-issuer",
    "pinned",
    "limit",
];

fn read(case: &Path, file: &str) -> Vec<Certificate> {
    let Ok(pem) = fs::read(case.join(file)) else {
        return Vec::new();
    };
    CertificateDer::pem_slice_iter(&pem)
        .filter_map(|der| Certificate::read(&der.unwrap()).ok())
        .filter(|certificate| {
            key_is_well_formed(&certificate.key_algorithm, &certificate.key).is_ok()
        })
        .collect()
}

/// The reasons by which paths from this certificate fail; empty: of a path that holds.
fn paths(
    below: &mut Vec<Certificate>,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    reasons: &mut Vec<Vec<&'static str>>,
) {
    let last = below.last().unwrap().clone();
    for (issuer, is_anchor) in anchors
        .iter()
        .map(|it| (it, true))
        .chain(intermediates.iter().map(|it| (it, false)))
    {
        if !last.issuer.is_surely(&issuer.subject) || below.iter().any(|it| it.der == issuer.der) {
            continue;
        }
        below.push(issuer.clone());
        if is_anchor {
            reasons.push(judge(below));
        } else if below.len() < 9 {
            paths(below, intermediates, anchors, reasons);
        }
        below.pop();
    }
}

fn judge(path: &[Certificate]) -> Vec<&'static str> {
    let mut failures = Vec::new();
    for (at, certificate) in path.iter().enumerate() {
        failures.extend(key_is_accepted(
            &certificate.key_algorithm,
            &certificate.key,
            (2048, 8192),
        ));
        if let Some(issuer) = path.get(at + 1) {
            let algorithm = &certificate.signature_algorithm;
            match verify(
                DEFAULT_ALGORITHMS,
                algorithm,
                &issuer.spki,
                &certificate.tbs,
                &certificate.signature,
            ) {
                Outcome::Holds => {}
                Outcome::Bad => failures.push("bad-signature"),
                Outcome::Unsupported => failures.push("unsupported-signature-algorithm"),
            }
        }
        for above in &path[at + 1..] {
            if let Some(constraints) = &above.name_constraints
                && (at == 0 || !certificate.is_self_issued())
                && !name_constraints::are_met(certificate, constraints)
            {
                failures.push("name-constraint");
            }
        }
    }
    failures
}

#[test]
fn the_cases_agree() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for CaseFolder { name, path: folder } in folders::cases("cases") {
        let (topic, _) = name.split_once('/').unwrap();
        if !TOPICS.contains(&topic) {
            continue;
        }
        let case: Case =
            toml::from_str(&fs::read_to_string(folder.join("case.toml")).unwrap()).unwrap();
        let reason = case.expect.reason.unwrap_or_default();
        if case.policy.has_other_algorithms()
            || case.expect.result == "store-error"
            || folder.join("pins.pem").exists()
            || folder.join("crls.pem").exists()
            || OTHERS.contains(&reason.as_str())
        {
            continue;
        }
        count += 1;
        let chain = read(&folder, "chain.pem");
        let mut intermediates = chain.clone();
        intermediates.extend(read(&folder, "intermediates.pem"));
        let mut found = Vec::new();
        let whole = fs::read_to_string(folder.join("chain.pem")).unwrap();
        let readable = whole.matches("-----BEGIN").count() == chain.len();
        if readable && let Some(client) = chain.first() {
            let anchors = read(&folder, "ca.pem");
            paths(
                &mut vec![client.clone()],
                &intermediates,
                &anchors,
                &mut found,
            );
            // Where a rule of these cases is about certificate policies, no CA says anything of them.
            let policies = client.policies.iter().flatten().cloned().collect();
            if let Some(rule) = case.policy.reference().identities
                && !identities::is_accepted(client, &policies, &rule)
            {
                found
                    .iter_mut()
                    .for_each(|path| path.push("identity-not-accepted"));
            }
        }
        let is_right = match case.expect.result.as_str() {
            "accept" => found.iter().any(Vec::is_empty),
            _ if ["malformed", "unknown-issuer"].contains(&reason.as_str()) => found.is_empty(),
            _ => {
                found.iter().any(|path| path.contains(&reason.as_str()))
                    && !found.iter().any(Vec::is_empty)
            }
        };
        if !is_right {
            wrong.push(format!(
                "{name}: {} {reason}, and here {found:?}",
                case.expect.result
            ));
        }
    }
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count > 500, "{count}");
}
