//! One `tracing` event for each decision.

use core::fmt;

use pki_types::CertificateDer;
use tracing::{Level, enabled, event, field};

use super::Origin;
use crate::crypto::sha256;
use crate::error::VerifyError;
use crate::identity::Identity;
use crate::policy::Limits;
use crate::verified_client::VerifiedClient;
use crate::x509::{Fields, ShortName};

/// The target of all events.
const TARGET: &str = "mtls_verify";

/// The code of clients that are let in; those of refusals are [`Code`](crate::error::Code)s.
const VERIFIED: &str = "Verified";

/// Serial numbers of conforming CAs have at most 20 octets (RFC 5280 §4.1.2.2); those of hostile
/// certificates fill logs.
const LONGEST_SERIAL: usize = 32;

/// Tells the subscribers. If there are none, that is found out by one comparison.
pub(super) fn tell(
    chain: &[CertificateDer<'_>],
    limits: &Limits,
    outcome: &Result<(VerifiedClient, Origin), VerifyError>,
) {
    match outcome {
        Ok((client, origin)) => tell_verified(client, *origin),
        Err(refusal) => tell_refused(chain.first(), Some(chain.len()), limits, refusal),
    }
}

fn tell_verified(client: &VerifiedClient, origin: Origin) {
    if !enabled!(target: TARGET, Level::DEBUG) {
        return;
    }
    let identity = client.identity();
    event!(
        target: TARGET,
        Level::DEBUG,
        code = VERIFIED,
        subject = %identity.subject(),
        serial = identity.serial(),
        fingerprint = %Hex(&identity.fingerprint_sha256()),
        depth = client.path().len().saturating_sub(1),
        from_memory = origin == Origin::Memory,
        "client certificate verified"
    );
}

/// What it says of the client is what the presented certificate `client` says, even if it is
/// forged. `presented` is the number of certificates, where it is known.
pub(super) fn tell_refused(
    client: Option<&CertificateDer<'_>>,
    presented: Option<usize>,
    limits: &Limits,
    refusal: &VerifyError,
) {
    if !enabled!(target: TARGET, Level::INFO) {
        return;
    }
    let client = client.filter(|der| der.len() <= limits.certificate_bytes);
    let fields = client.and_then(|der| Fields::parse(der).ok());
    let view = client
        .zip(fields.as_ref())
        .map(|(der, fields)| fields.view(der));
    let serial = view
        .filter(|client| client.serial().len() <= LONGEST_SERIAL)
        .map(|client| Identity::new(client).serial());
    let fingerprint = client.map(|der| sha256(der));
    event!(
        target: TARGET,
        Level::INFO,
        code = refusal.code().as_str(),
        reason = refusal.reason().name(),
        subject = view.map(|client| field::display(ShortName(client.subject()))),
        serial,
        fingerprint = fingerprint.as_ref().map(|digest| field::display(Hex(digest))),
        presented,
        from_memory = false, // refusals are not remembered
        "client refused: {refusal}"
    );
}

struct Hex<'a>(&'a [u8; 32]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
