//! Verifies a client's certificate chain, as a server would.
//!
//! ```text
//! cargo run --example verify -- --ca FILE.. [--intermediates FILE..] --chain FILE
//!     [--at RFC3339] [--client-expiry reject|accept|accept-for=SECONDS] [--json]
//!     [--crl FILE..] [--revocation auto|off|client|chain] [--unknown allow|unpublished|deny]
//!     [--stale allow|deny|allow-for=SECONDS] [--pruned may-be|kept]
//! ```
//!
//! Exits with 0 if the chain is verified, 1 if it is refused, 2 on wrong usage or unreadable input.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, UNIX_EPOCH};

use lexopt::{Arg, Parser, ValueExt};
use mtls_verify::client::{ExpiryStatus, RevocationStatus};
use mtls_verify::error::Position;
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{Expired, ExpiryPolicy, PrunedEntries, RevocationPolicy, UnknownStatus};
use mtls_verify::store::Source;
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use serde_json::{Value, json};

const USAGE: &str = "\
usage: verify --ca FILE.. [--intermediates FILE..] --chain FILE
              [--at RFC3339] [--client-expiry reject|accept|accept-for=SECONDS] [--json]
              [--crl FILE..] [--revocation auto|off|client|chain]
              [--unknown allow|unpublished|deny]
              [--stale allow|deny|allow-for=SECONDS] [--pruned may-be|kept]
auto, the default: with --crl, revocation is checked for the whole chain.";

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let (options, outcome) = match Options::from_command_line()
        .and_then(|options| options.verify().map(|outcome| (options, outcome)))
    {
        Ok(done) => done,
        Err(error) => {
            eprintln!("verify: {error}");
            return ExitCode::from(2);
        }
    };
    match (options.json, &outcome) {
        (true, Ok(client)) => println!("{:#}", json_of_client(client)),
        (true, Err(refusal)) => println!("{:#}", json_of_refusal(refusal)),
        (false, Ok(client)) => print!("{}", report(client)),
        (false, Err(refusal)) => println!("refused: {refusal}\ncode:    {}", refusal.code()),
    }
    match outcome {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(1),
    }
}

struct Options {
    ca: Vec<PathBuf>,
    intermediates: Vec<PathBuf>,
    chain: PathBuf,
    at: UnixTime,
    client_expiry: Expired,
    crls: Vec<PathBuf>,
    revocation: RevocationPolicy,
    json: bool,
}

impl Options {
    fn from_command_line() -> Result<Self> {
        let (mut ca, mut intermediates, mut chain) = (Vec::new(), Vec::new(), None);
        let (mut at, mut client_expiry, mut json) = (UnixTime::now(), Expired::Reject, false);
        let (mut crls, mut revocation) = (Vec::new(), RevocationPolicy::auto());
        let (mut unknown, mut stale) = (UnknownStatus::Deny, Expired::Reject);
        let mut pruned = PrunedEntries::MayBe;
        let mut parser = Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("ca") => ca.extend(parser.values()?.map(PathBuf::from)),
                Arg::Long("intermediates") => {
                    intermediates.extend(parser.values()?.map(PathBuf::from));
                }
                Arg::Long("chain") => chain = Some(PathBuf::from(parser.value()?)),
                Arg::Long("at") => at = parser.value()?.parse_with(parse_time)?,
                Arg::Long("client-expiry") => {
                    client_expiry = parser.value()?.parse_with(parse_expiry)?;
                }
                Arg::Long("crl") => crls.extend(parser.values()?.map(PathBuf::from)),
                Arg::Long("revocation") => {
                    revocation = parser.value()?.parse_with(parse_revocation)?;
                }
                Arg::Long("unknown") => unknown = parser.value()?.parse_with(parse_unknown)?,
                Arg::Long("stale") => stale = parser.value()?.parse_with(parse_stale)?,
                Arg::Long("pruned") => pruned = parser.value()?.parse_with(parse_pruned)?,
                Arg::Long("json") => json = true,
                Arg::Long("help") | Arg::Short('h') => {
                    println!("{USAGE}");
                    std::process::exit(0);
                }
                other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
            }
        }
        if ca.is_empty() {
            return Err(format!("no --ca given\n{USAGE}").into());
        }
        let revocation = revocation
            .with_unknown(unknown)
            .with_stale(stale)
            .with_pruned(pruned);
        Ok(Self {
            ca,
            intermediates,
            crls,
            revocation,
            chain: chain.ok_or_else(|| format!("no --chain given\n{USAGE}"))?,
            at,
            client_expiry,
            json,
        })
    }

    /// The outer error is about what was given, the inner one about the client.
    fn verify(&self) -> Result<std::result::Result<VerifiedClient, VerifyError>> {
        let mut builder = TrustStore::builder();
        for path in &self.ca {
            builder.add_ca_pem(labelled(&read(path)?, path))?;
        }
        for path in &self.intermediates {
            builder.add_intermediates_pem(labelled(&read(path)?, path))?;
        }
        for path in &self.crls {
            builder.add_crl_pem(labelled(&read(path)?, path))?;
        }
        let store = builder.build()?;
        let chain = CertificateDer::pem_slice_iter(&read(&self.chain)?)
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(|error| format!("{}: {error}", self.chain.display()))?;
        if chain.is_empty() {
            return Err(format!("{}: no certificate found", self.chain.display()).into());
        }
        let expiry = ExpiryPolicy::default().with_client(self.client_expiry);
        let policy = ClientPolicy::default()
            .with_expiry(expiry)
            .with_revocation(self.revocation);
        Ok(verify_client_chain(&store, &chain, self.at, &policy))
    }
}

/// Errors about it name the file.
fn labelled<'a>(pem: &'a [u8], path: &'a Path) -> Source<'a> {
    Source::new(pem).labelled(path.to_str().unwrap_or("a file whose name is not UTF-8"))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn parse_time(text: &str) -> Result<UnixTime> {
    let since_epoch = humantime::parse_rfc3339(text)?
        .duration_since(UNIX_EPOCH)
        .map_err(|_| "times before 1970 are not supported")?;
    Ok(UnixTime::since_unix_epoch(since_epoch))
}

fn parse_expiry(text: &str) -> Result<Expired> {
    match text {
        "reject" => Ok(Expired::Reject),
        "accept" => Ok(Expired::Accept),
        _ => parse_grace(text, "accept-for=")?
            .ok_or_else(|| "--client-expiry takes reject, accept or accept-for=SECONDS".into()),
    }
}

fn parse_stale(text: &str) -> Result<Expired> {
    match text {
        "deny" => Ok(Expired::Reject),
        "allow" => Ok(Expired::Accept),
        _ => parse_grace(text, "allow-for=")?
            .ok_or_else(|| "--stale takes allow, deny or allow-for=SECONDS".into()),
    }
}

fn parse_grace(text: &str, prefix: &str) -> Result<Option<Expired>> {
    let seconds = text.strip_prefix(prefix).map(str::parse).transpose()?;
    Ok(seconds.map(|seconds| Expired::AcceptFor(Duration::from_secs(seconds))))
}

fn parse_revocation(text: &str) -> Result<RevocationPolicy> {
    match text {
        "auto" => Ok(RevocationPolicy::auto()),
        "off" => Ok(RevocationPolicy::off()),
        "client" => Ok(RevocationPolicy::client_only()),
        "chain" => Ok(RevocationPolicy::whole_path()),
        _ => Err("--revocation takes auto, off, client or chain".into()),
    }
}

fn parse_unknown(text: &str) -> Result<UnknownStatus> {
    match text {
        "allow" => Ok(UnknownStatus::Allow),
        "unpublished" => Ok(UnknownStatus::AllowUnpublished),
        "deny" => Ok(UnknownStatus::Deny),
        _ => Err("--unknown takes allow, unpublished or deny".into()),
    }
}

fn parse_pruned(text: &str) -> Result<PrunedEntries> {
    match text {
        "may-be" => Ok(PrunedEntries::MayBe),
        "kept" => Ok(PrunedEntries::Kept),
        _ => Err("--pruned takes may-be or kept".into()),
    }
}

/// RFC 3339; a grace period may reach beyond the year 9999, where that ends.
fn show_time(time: UnixTime) -> String {
    const LAST: u64 = 253_402_300_799; // 9999-12-31T23:59:59Z
    let shown = Duration::from_secs(time.as_secs().min(LAST));
    humantime::format_rfc3339_seconds(UNIX_EPOCH + shown).to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The names of the subjectAltName, each with its kind in front.
fn sans(client: &VerifiedClient) -> Vec<String> {
    let identity = client.identity();
    let named = |kind: &'static str| move |name: &str| format!("{kind}:{name}");
    identity
        .dns_names()
        .map(named("DNS"))
        .chain(identity.uris().map(named("URI")))
        .chain(identity.email_addresses().map(named("email")))
        .chain(
            identity
                .ip_addresses()
                .map(|address| format!("IP:{address}")),
        )
        .chain(
            identity
                .user_principal_name()
                .map(|name| format!("UPN:{}", name.escape_debug())),
        )
        .collect()
}

fn report(client: &VerifiedClient) -> String {
    let identity = client.identity();
    let expiry = match client.expiry() {
        ExpiryStatus::Current { remaining } => {
            format!("current, {} days left", remaining.as_secs() / 86_400)
        }
        ExpiryStatus::Expired { since } => {
            format!("EXPIRED since {since}, accepted by policy")
        }
    };
    let valid_until = client
        .valid_until()
        .map_or_else(|| "without end".to_owned(), show_time);
    let revocation: Vec<&str> = client.path_revocation().map(status_name).collect();
    format!(
        "verified:    {}\nnames:       {}\nserial:      {}\nsha256:      {}\nexpiry:      {expiry}\n\
         valid until: {valid_until}\npath:        {}\nrevocation:  {}\n",
        identity.subject(),
        sans(client).join(", "),
        identity.serial(),
        hex(&identity.fingerprint_sha256()),
        client.path_subjects().collect::<Vec<_>>().join(" <- "),
        revocation.join(" <- "),
    )
}

fn status_name(status: RevocationStatus) -> &'static str {
    match status {
        RevocationStatus::NotChecked => "not checked",
        RevocationStatus::Good => "good",
        RevocationStatus::Stale { .. } => "good by a STALE CRL",
        RevocationStatus::Unknown => "UNKNOWN",
        _ => "?",
    }
}

fn json_of_client(client: &VerifiedClient) -> Value {
    let identity = client.identity();
    let expiry = match client.expiry() {
        ExpiryStatus::Current { remaining } => {
            json!({ "status": "current", "remaining_seconds": remaining.as_secs() })
        }
        ExpiryStatus::Expired { since } => {
            json!({ "status": "expired", "since": since.to_string() })
        }
    };
    json!({
        "verified": true,
        "code": null,
        "reason": null,
        "message": format!("client certificate {} is verified", identity.subject()),
        "certificate": null,
        "subject": identity.subject(),
        "sans": sans(client),
        "serial": identity.serial(),
        "fingerprint_sha256": hex(&identity.fingerprint_sha256()),
        "expiry": expiry,
        "valid_until": client.valid_until().map(show_time),
        "path": client.path_subjects().collect::<Vec<_>>(),
        "revocation": client.path_revocation().map(status_name).collect::<Vec<_>>(),
    })
}

/// Of a client that is refused, nothing is certain but the reason: what its certificate says of it
/// is left out.
fn json_of_refusal(refusal: &VerifyError) -> Value {
    let certificate = refusal
        .certificate()
        .map(|certificate| match certificate.position() {
            Position::Client => "client".to_owned(),
            Position::Presented(index) => format!("presented {index}"),
            Position::Intermediate => "intermediate".to_owned(),
            Position::Anchor => "anchor".to_owned(),
            other => format!("{other:?}"),
        });
    json!({
        "verified": false,
        "code": refusal.code().as_str(),
        "reason": refusal.reason().name(),
        "message": refusal.to_string(),
        "certificate": certificate,
        "subject": null,
        "sans": null,
        "serial": null,
        "fingerprint_sha256": null,
        "expiry": null,
        "valid_until": null,
        "path": null,
        "revocation": null,
    })
}
