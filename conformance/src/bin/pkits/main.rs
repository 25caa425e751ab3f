//! Runs the entries of NIST PKITS in a folder: `pkits.json`, and DER in `certs/` and `crls/`.
//!
//! ```sh
//! cargo run --release -p conformance --bin pkits -- DIR > results.json
//! ```
//!
//! Results go to standard output, each with the user-constrained policy set; a summary goes to standard error. Fails if a result is
//! wrong and not listed in `divergences.toml`, or if an entry there is stale. With `--without-revocation`, revocation
//! is not checked and results compare with what is right then.

mod entry;
mod policy;
mod revocation;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use conformance::{Judged, Verdict, finish, parse_time, timed};
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::{OnBadInput, TrustStore, VerifiedClient, verify_client_chain};

use crate::entry::{Entry, Validity};
use crate::revocation::Revocation;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (folder, revocation) = arguments()?;
    let entries: Vec<Entry> = serde_json::from_slice(&fs::read(folder.join("pkits.json"))?)?;
    let judged = entries
        .into_iter()
        .map(|entry| judge(&folder, entry, revocation))
        .collect::<Result<Vec<_>, _>>()?;
    finish("pkits", &judged)
}

/// The folder to read, and whether revocation is checked.
fn arguments() -> Result<(PathBuf, Revocation), String> {
    let mut folder = None;
    let mut revocation = Revocation::Required;
    for argument in std::env::args_os().skip(1) {
        if argument == "--without-revocation" {
            revocation = Revocation::NotChecked;
        } else if folder.replace(PathBuf::from(argument)).is_some() {
            return Err("more than one folder given".into());
        }
    }
    let folder = folder.ok_or("usage: pkits [--without-revocation] DIR")?;
    Ok((folder, revocation))
}

/// A file that cannot be read is an error of the run, not a verdict.
fn judge(folder: &Path, entry: Entry, revocation: Revocation) -> Result<Judged, Box<dyn Error>> {
    let files = Files::read(folder, &entry)?;
    let (outcome, elapsed) = timed(|| run(&entry, &files, revocation));
    let (ours, context, policies) = match outcome {
        Ok(peer) => (Verdict::Success, None, policy::user_constrained_set(&peer)),
        // No path, no policies (RFC 5280 §6.1.6).
        Err(reason) => (Verdict::Failure, Some(reason.to_string()), Some(Vec::new())),
    };
    let expected = match revocation {
        Revocation::Required => entry.expect,
        Revocation::NotChecked => entry.expect_without_revocation,
    };
    let wrong_output = match ours {
        Verdict::Success => policy::difference(&entry, policies.as_deref()),
        _ => None,
    };
    Ok(Judged {
        id: entry.id,
        group: entry.section,
        expected: match expected {
            Validity::Valid => Verdict::Success,
            Validity::Invalid => Verdict::Failure,
        },
        ours,
        context,
        policies: Some(policies.unwrap_or_default()),
        wrong_output,
        elapsed,
    })
}

/// What the files of an entry hold.
struct Files {
    anchor: CertificateDer<'static>,
    chain: Vec<CertificateDer<'static>>,
    crl_issuers: Vec<CertificateDer<'static>>,
    crls: Vec<CertificateRevocationListDer<'static>>,
}

impl Files {
    fn read(folder: &Path, entry: &Entry) -> Result<Self, String> {
        let read = |kind: &str, name: &String| {
            let path = folder.join(kind).join(name);
            fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let certificate = |name: &String| read("certs", name).map(CertificateDer::from);
        let certificates = |names: &[String]| -> Result<Vec<_>, String> {
            names.iter().map(certificate).collect()
        };
        let crl = |name: &String| read("crls", name).map(CertificateRevocationListDer::from);
        Ok(Self {
            anchor: certificate(&entry.trust_anchor)?,
            chain: certificates(&entry.path)?,
            crl_issuers: certificates(&entry.crl_issuer_certs)?,
            crls: entry.crls.iter().map(crl).collect::<Result<_, _>>()?,
        })
    }
}

fn run(
    entry: &Entry,
    files: &Files,
    revocation: Revocation,
) -> Result<VerifiedClient, Box<dyn Error>> {
    let now = parse_time(&entry.validation_time)?;
    let mut store = TrustStore::builder().add_ca_der(&files.anchor)?;
    for issuer in &files.crl_issuers {
        store = store.add_intermediate_der(issuer)?;
    }
    // A list that does not load is one that is not there.
    store = store.on_bad_input(OnBadInput::Skip);
    for crl in &files.crls {
        store = store.add_crl_der(crl)?;
    }
    let policy = revocation.add_to(policy::of(entry)?);
    let store = store.build()?;
    Ok(verify_client_chain(&store, &files.chain, now, &policy)?)
}
