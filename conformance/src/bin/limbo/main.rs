//! Runs the cases of x509-limbo, which come as JSON on standard input.
//!
//! ```sh
//! cargo run --release -p conformance --bin limbo < limbo.json > results.json
//! ```
//!
//! Results go to standard output, a summary to standard error. Fails if a result is wrong and not listed in
//! `divergences.toml`, or if an entry there is stale.

mod case;
mod key_usage;
mod names;
mod policy;
mod revocation;

use std::error::Error;
use std::io::Read;
use std::process::ExitCode;
use std::time::SystemTime;

use conformance::{Judged, Verdict, finish, parse_time, timed};
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{TrustStore, VerifiedClient, verify_client_chain};

use crate::case::{Case, Suite};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut json = String::new();
    std::io::stdin().lock().read_to_string(&mut json)?;
    let suite: Suite = serde_json::from_str(&json)?;
    if suite.version != 1 {
        return Err(format!(
            "version {} of the suite's format is not known",
            suite.version
        )
        .into());
    }
    let judged: Vec<Judged> = suite.testcases.into_iter().map(judge).collect();
    finish("limbo", &judged)
}

fn judge(case: Case) -> Judged {
    let (outcome, elapsed) = timed(|| run(&case));
    let (ours, context) = match outcome {
        Ok(()) => (Verdict::Success, None),
        Err(reason) => (Verdict::Failure, Some(reason.to_string())),
    };
    let group = case.id.split("::").next().unwrap_or_default().to_owned();
    Judged {
        group,
        expected: case.expected_result,
        ours,
        context,
        policies: None,
        wrong_output: None,
        elapsed,
        id: case.id,
    }
}

/// Accepts the peer, or says why not.
fn run(case: &Case) -> Result<(), Box<dyn Error>> {
    // A certificate that does not go into the store is one that must not be trusted.
    let mut store = TrustStore::builder();
    for trusted in &case.trusted_certs {
        store = store.add_ca_pem(trusted.as_bytes())?;
    }
    let store = revocation::add_lists(store, case)?.build()?;
    let chain = [&case.peer_certificate]
        .into_iter()
        .chain(&case.untrusted_intermediates)
        .map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()))
        .collect::<Result<Vec<_>, _>>()?;
    let now = match &case.validation_time {
        Some(time) => parse_time(time)?,
        None => {
            UnixTime::since_unix_epoch(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?)
        }
    };

    // The library asks for one purpose at a time; a case that lists several wants them all.
    for purpose in policy::purposes(case)? {
        let policy = policy::of(case, purpose);
        check_peer(case, &verify_client_chain(&store, &chain, now, &policy)?)?;
    }
    Ok(())
}

/// What the suite asks of a peer beyond a valid path.
fn check_peer(case: &Case, peer: &VerifiedClient) -> Result<(), Box<dyn Error>> {
    key_usage::check(case, peer)?;
    names::check(case, peer)
}
