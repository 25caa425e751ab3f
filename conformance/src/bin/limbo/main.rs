//! Runs the cases of x509-limbo, which come as JSON on standard input.
//!
//! ```sh
//! cargo run --release -p conformance --bin limbo < limbo.json > results.json
//! ```
//!
//! Results go to standard output, a summary to standard error. Fails if a result is wrong and not
//! listed in `divergences.toml`, if an entry there is stale, if a case cannot be run, or if there
//! are fewer than 1,000 cases or what `--at-least N` says. With `--all-listed`, fails too if a case
//! of `divergences.toml` is not among them. With `--reference N`, asks the reference as well: fails
//! if it differs from the library, or leaves more than N cases unanswered.

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
    Compared, HarnessError, Judged, Outcome, Required, check_ids, compare, finish, parse_suite,
    parse_time, question, timed,
};
use mtls_verify::pki_types::pem::{PemObject, SectionKind};
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{StoreError, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use reference::model;

use crate::case::{Case, Suite};

/// The part of the suite that is at hand has 1,311 cases, the whole 9,780.
const LEAST_CASES: usize = 1_000;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).collect();
    let required = Required::from_arguments(LEAST_CASES, &mut arguments)?;
    if !arguments.is_empty() {
        return Err(
            "usage: limbo [--at-least N] [--all-listed] [--reference N] < limbo.json".into(),
        );
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
    let judge = |case| judge(case, required);
    let judged: Vec<Judged> = suite.testcases.into_iter().map(judge).collect();
    finish("limbo", &judged, required)
}

fn judge(case: Case, required: Required) -> Judged {
    let (outcome, elapsed) = timed(|| run(&case));
    let is_asked = required.unanswered.is_some() && outcome.is_ok();
    let reference = is_asked.then(|| ask_reference(&case).ok()).flatten();
    let group = match case.id.split_once("::") {
        Some((group, _)) => group.to_owned(),
        None => case.id.clone(),
    };
    let expected = case.expected_result.into();
    Judged {
        reference,
        ..Judged::new(case.id, group, expected, outcome, elapsed)
    }
}

/// What a case gives to the library beside its store.
struct Inputs {
    chain: Vec<CertificateDer<'static>>,
    crls: Vec<Vec<u8>>,
    now: UnixTime,
    /// The library asks for one purpose at a time; a case that lists several wants them all.
    policies: Vec<model::Policy>,
}

impl Inputs {
    fn read(case: &Case) -> Result<Self, HarnessError> {
        for trusted in &case.trusted_certs {
            read_block("trusted_certs", SectionKind::Certificate, trusted)?;
        }
        let crls = case.crls.iter();
        let peer = ("peer_certificate", &case.peer_certificate);
        let intermediates = case.untrusted_intermediates.iter();
        let chain = std::iter::once(peer)
            .chain(intermediates.map(|pem| ("untrusted_intermediates", pem)))
            .map(|(field, pem)| read_block(field, SectionKind::Certificate, pem).map(Into::into));
        let purposes = policy::purposes(case)?.into_iter();
        Ok(Self {
            crls: crls
                .map(|crl| read_block("crls", SectionKind::Crl, crl))
                .collect::<Result<_, _>>()?,
            chain: chain.collect::<Result<_, _>>()?,
            now: time(case)?,
            policies: purposes.map(|purpose| policy::of(case, purpose)).collect(),
        })
    }

    fn ask_library(
        &self,
        store: &TrustStore,
        case: &Case,
        policy: &model::Policy,
    ) -> Result<VerifiedClient, VerifyError> {
        let policy = policy::for_library(case, policy);
        verify_client_chain(store, &self.chain, self.now, &policy)
    }
}

/// Judges the peer. What makes a case unusable is found before the library sees any of it.
fn run(case: &Case) -> Result<Outcome, HarnessError> {
    let inputs = Inputs::read(case)?;
    let store = match store(case) {
        Ok(store) => store,
        // A certificate that does not go into the store is one that must not be trusted.
        Err(refused) => return Ok(Outcome::refused(refused)),
    };
    let mut peers = Vec::new();
    for policy in &inputs.policies {
        match inputs.ask_library(&store, case, policy) {
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

/// Asks the library once more, and the reference the same.
fn ask_reference(case: &Case) -> Result<Compared, HarnessError> {
    let inputs = Inputs::read(case)?;
    let Ok(store) = store(case) else {
        return Ok(Compared::Unanswered("the store does not load"));
    };
    let compared = inputs.policies.iter().map(|policy| {
        let library = inputs.ask_library(&store, case, policy);
        let Inputs { chain, crls, .. } = &inputs;
        let question = question(&store, crls.clone(), chain, inputs.now, policy.clone());
        compare(&question, &store, &library)
    });
    Ok(compared.fold(Compared::Same, Compared::worse))
}

fn store(case: &Case) -> Result<TrustStore, StoreError> {
    let mut store = TrustStore::builder();
    for trusted in &case.trusted_certs {
        store.add_ca_pem(trusted.as_bytes())?;
    }
    Ok(store.build()?.with_crls(revocation::crls(case)?))
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
