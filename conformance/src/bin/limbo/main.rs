//! Runs the cases of x509-limbo, which come as JSON on standard input.
//!
//! ```sh
//! cargo run --release -p conformance --bin limbo < limbo.json > results.json
//! ```
//!
//! Results go to standard output, a summary to standard error. Fails if a result is wrong and not
//! listed in `divergences.toml`, if an entry there is stale, if a case cannot be run, or if there
//! are fewer than 1,000 cases or what `--at-least N` says. With `--all-listed`, fails too if a case
//! of `divergences.toml` is not among them.

mod case;
mod key_usage;
mod names;
mod policy;
mod revocation;

use std::error::Error;
use std::io::Read;
use std::process::ExitCode;
use std::time::SystemTime;

use conformance::{
    HarnessError, Judged, Outcome, Required, check_ids, finish, parse_suite, parse_time, timed,
};
use mtls_verify::pki_types::pem::{PemObject, SectionKind};
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{StoreError, TrustStore, verify_client_chain};

use crate::case::{Case, Suite};

/// The part of the suite that is at hand has 1,311 cases, the whole 9,780.
const LEAST_CASES: usize = 1_000;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).collect();
    let required = Required::from_arguments(LEAST_CASES, &mut arguments)?;
    if !arguments.is_empty() {
        return Err("usage: limbo [--at-least N] [--all-listed] < limbo.json".into());
    }
    let mut json = String::new();
    std::io::stdin().lock().read_to_string(&mut json)?;
    let suite: Suite = parse_suite::<_, Case>(&json, "/testcases")?;
    if suite.version != 1 {
        return Err(format!(
            "version {} of the suite's format is not known",
            suite.version
        )
        .into());
    }
    check_ids(suite.testcases.iter().map(|case| case.id.as_str()))?;
    let judged: Vec<Judged> = suite.testcases.into_iter().map(judge).collect();
    finish("limbo", &judged, required)
}

fn judge(case: Case) -> Judged {
    let (outcome, elapsed) = timed(|| run(&case));
    let group = match case.id.split_once("::") {
        Some((group, _)) => group.to_owned(),
        None => case.id.clone(),
    };
    Judged::new(
        case.id,
        group,
        case.expected_result.into(),
        outcome,
        elapsed,
    )
}

/// Judges the peer. What makes a case unusable is found before the library sees any of it.
fn run(case: &Case) -> Result<Outcome, HarnessError> {
    for trusted in &case.trusted_certs {
        read_block("trusted_certs", SectionKind::Certificate, trusted)?;
    }
    for crl in &case.crls {
        read_block("crls", SectionKind::Crl, crl)?;
    }
    let peer = ("peer_certificate", &case.peer_certificate);
    let intermediates = case.untrusted_intermediates.iter();
    let chain = std::iter::once(peer)
        .chain(intermediates.map(|pem| ("untrusted_intermediates", pem)))
        .map(|(field, pem)| read_block(field, SectionKind::Certificate, pem).map(Into::into))
        .collect::<Result<Vec<CertificateDer<'_>>, _>>()?;
    let now = time(case)?;
    let purposes = policy::purposes(case)?;

    let store = match store(case) {
        Ok(store) => store,
        // A certificate that does not go into the store is one that must not be trusted.
        Err(refused) => return Ok(Outcome::refused(refused)),
    };
    // The library asks for one purpose at a time; a case that lists several wants them all.
    let mut peers = Vec::new();
    for purpose in purposes {
        match verify_client_chain(&store, &chain, now, &policy::of(case, purpose)) {
            Ok(peer) => peers.push(peer),
            Err(refused) => return Ok(Outcome::refused(refused)),
        }
    }
    // What the suite asks of a peer beyond a valid path, once the library has nothing against it.
    for peer in &peers {
        for check in [key_usage::check, names::check] {
            let outcome = check(case, peer)?;
            if outcome != Outcome::Accepted {
                return Ok(outcome);
            }
        }
    }
    Ok(Outcome::Accepted)
}

fn store(case: &Case) -> Result<TrustStore, StoreError> {
    let mut store = TrustStore::builder();
    for trusted in &case.trusted_certs {
        store = store.add_ca_pem(trusted.as_bytes())?;
    }
    revocation::add_crls(store, case)?.build()
}

fn time(case: &Case) -> Result<UnixTime, HarnessError> {
    let wrong = |error: &dyn Error| HarnessError::new("validation_time", error);
    match &case.validation_time {
        Some(time) => parse_time(time).map_err(|error| wrong(&error)),
        None => SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map(UnixTime::since_unix_epoch)
            .map_err(|error| wrong(&error)),
    }
}

/// The bytes of the one PEM block that a field holds.
fn read_block(field: &str, kind: SectionKind, pem: &str) -> Result<Vec<u8>, HarnessError> {
    let wrong = |why: &dyn std::fmt::Display| HarnessError::new(field, why);
    let mut blocks = <(SectionKind, Vec<u8>)>::pem_slice_iter(pem.as_bytes());
    let (found, bytes) = match blocks.next() {
        Some(block) => block.map_err(|error| wrong(&error))?,
        None => return Err(wrong(&"no PEM block")),
    };
    if found != kind {
        return Err(wrong(&format!("a PEM block of another kind: {found:?}")));
    }
    match blocks.next() {
        None => Ok(bytes),
        Some(_) => Err(wrong(&"more than one PEM block")),
    }
}
