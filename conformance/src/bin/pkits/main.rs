//! Runs the entries of NIST PKITS in a folder: `pkits.json`, and DER in `certs/` and `crls/`.
//!
//! ```sh
//! cargo run --release -p conformance --bin pkits -- DIR > results.json
//! ```
//!
//! Results go to standard output, each with the user-constrained policy set; a summary goes to
//! standard error. Fails if a result is wrong and not listed in `divergences.toml`, if an entry
//! there is stale, if an entry cannot be run, or if there are fewer than 100 entries or what
//! `--at-least N` says. With `--all-listed`, fails too if a case of `divergences.toml` is not among
//! them. With `--without-revocation`, revocation is not checked and results compare with what is
//! right then.
//!
//! With `--reference N`, asks the reference as well: fails if it differs from the library, or
//! leaves more than N entries unanswered.
//!
//! Every verdict and policy set is the library's: the harness decides none.

mod entry;
mod policy;
mod revocation;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use conformance::{
    Compared, HarnessError, Judged, Outcome, Required, Verdict, check_ids, compare, finish,
    parse_suite, parse_time, question, timed,
};
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use mtls_verify::policy::Limits;
use mtls_verify::{StoreError, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use reference::model;
use x509_cert::der::{Decode, asn1::AnyRef};

use crate::entry::{Entry, Validity};
use crate::revocation::Revocation;

/// The part of the suite that is at hand has 147 entries, the whole 250.
const LEAST_CASES: usize = 100;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (folder, revocation, required) = arguments()?;
    let json = folder.join("pkits.json");
    let json =
        fs::read_to_string(&json).map_err(|error| HarnessError::new(json.display(), error))?;
    let entries: Vec<Entry> = parse_suite::<_, Entry>(&json, "")?;
    check_ids(entries.iter().map(|entry| entry.id.as_str()))?;
    let judged: Vec<Judged> = entries
        .into_iter()
        .map(|entry| judge(&folder, entry, revocation, required))
        .collect();
    finish("pkits", &judged, required)
}

/// The folder to read, whether revocation is checked, and what the run must have.
fn arguments() -> Result<(PathBuf, Revocation, Required), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).collect();
    let required = Required::from_arguments(LEAST_CASES, &mut arguments)?;
    let mut revocation = Revocation::Required;
    arguments.retain(|argument| {
        let is_option = argument == "--without-revocation";
        if is_option {
            revocation = Revocation::NotChecked;
        }
        !is_option
    });
    match arguments.as_slice() {
        [folder] if !folder.as_encoded_bytes().starts_with(b"-") => {
            Ok((PathBuf::from(folder), revocation, required))
        }
        _ => Err(
            "usage: pkits [--without-revocation] [--at-least N] [--all-listed] [--reference N] DIR"
                .into(),
        ),
    }
}

fn judge(folder: &Path, entry: Entry, revocation: Revocation, required: Required) -> Judged {
    let expected = match revocation {
        Revocation::Required => entry.expect,
        Revocation::NotChecked => entry.expect_without_revocation,
    };
    let expected = match expected {
        Validity::Valid => Verdict::Success,
        Validity::Invalid => Verdict::Failure,
    };
    let inputs = Inputs::read(folder, &entry, revocation);
    let (result, elapsed) = timed(|| inputs.as_ref().map(run));
    let asked = inputs.as_ref().ok();
    let asked = asked.filter(|_| required.unanswered.is_some());
    let reference = asked.map(ask_reference);
    // No path, no policies (RFC 5280 §6.1.6).
    let mut policies = Vec::new();
    let mut wrong_output = None;
    let outcome = match result {
        Ok(Ok(peer)) => {
            policies = policy::user_constrained_set(&peer);
            wrong_output = policy::difference(&entry, &policies);
            Ok(Outcome::Accepted)
        }
        Ok(Err(refused)) => Ok(refused),
        Err(error) => Err(error.clone()),
    };
    Judged {
        policies: Some(policies),
        wrong_output,
        reference,
        ..Judged::new(entry.id, entry.section, expected, outcome, elapsed)
    }
}

/// What an entry gives to the library.
struct Inputs {
    now: UnixTime,
    policy: model::Policy,
    anchor: CertificateDer<'static>,
    chain: Vec<CertificateDer<'static>>,
    crl_issuers: Vec<CertificateDer<'static>>,
    crls: Vec<CertificateRevocationListDer<'static>>,
}

impl Inputs {
    fn read(folder: &Path, entry: &Entry, revocation: Revocation) -> Result<Self, HarnessError> {
        let certificate =
            |name: &String| read_der(&folder.join("certs").join(name)).map(CertificateDer::from);
        let certificates = |names: &[String]| -> Result<Vec<_>, HarnessError> {
            names.iter().map(certificate).collect()
        };
        let crl = |name: &String| {
            read_der(&folder.join("crls").join(name)).map(CertificateRevocationListDer::from)
        };
        Ok(Self {
            now: parse_time(&entry.validation_time)
                .map_err(|error| HarnessError::new("validation_time", error))?,
            policy: model::Policy {
                revocation: revocation.scope(),
                ..policy::of(entry)?
            },
            anchor: certificate(&entry.trust_anchor)?,
            chain: certificates(&entry.path)?,
            crl_issuers: certificates(&entry.crl_issuer_certs)?,
            crls: entry.crls.iter().map(crl).collect::<Result<_, _>>()?,
        })
    }
}

/// The bytes of a file that holds one DER value and nothing else: so that a file that was cut is no
/// verdict.
fn read_der(path: &Path) -> Result<Vec<u8>, HarnessError> {
    let bytes = fs::read(path).map_err(|error| HarnessError::new(path.display(), error))?;
    AnyRef::from_der(&bytes).map_err(|error| HarnessError::new(path.display(), error))?;
    Ok(bytes)
}

fn run(inputs: &Inputs) -> Result<VerifiedClient, Outcome> {
    let store = store(inputs).map_err(Outcome::refused)?;
    ask_library(inputs, &store).map_err(Outcome::refused)
}

fn ask_library(inputs: &Inputs, store: &TrustStore) -> Result<VerifiedClient, VerifyError> {
    let policy = comparison::client_policy(&inputs.policy).with_limits(Limits::default());
    verify_client_chain(store, &inputs.chain, inputs.now, &policy)
}

/// Asks the library once more, and the reference the same.
fn ask_reference(inputs: &Inputs) -> Compared {
    let Ok(store) = store(inputs) else {
        return Compared::Unanswered("the store does not load");
    };
    let Inputs { chain, now, .. } = inputs;
    let crls = inputs.crls.iter().map(|crl| crl.to_vec()).collect();
    let question = question(&store, crls, chain, *now, inputs.policy.clone());
    compare(&question, &store, &ask_library(inputs, &store))
}

fn store(inputs: &Inputs) -> Result<TrustStore, StoreError> {
    // What the library does not load is left out, as for a server that is lenient. Without its
    // anchor there is no store.
    let mut store = TrustStore::lenient_builder();
    store.add_ca_der(&inputs.anchor)?;
    for issuer in &inputs.crl_issuers {
        store.add_intermediate_der(issuer)?;
    }
    for crl in &inputs.crls {
        store.add_crl_der(crl)?;
    }
    store.build()
}
