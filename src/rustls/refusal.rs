//! Refusals on their way to a log.

use alloc::boxed::Box;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

use pki_types::{CertificateDer, UnixTime};

use crate::crypto::sha256;
use crate::error::VerifyError;

/// A client that was refused: in a handshake, after it by
/// [`client_of`](super::RustlsVerifier::client_of), or without a certificate, as
/// [`report_failed_handshake`](super::RustlsVerifier::report_failed_handshake) reports it.
#[derive(Clone, Debug)]
pub struct Refusal {
    error: VerifyError,
    fingerprint: Option<[u8; 32]>,
    time: UnixTime,
}

impl Refusal {
    /// Why.
    pub fn error(&self) -> &VerifyError {
        &self.error
    }

    /// SHA-256 of what was presented as the client's own certificate, well-formed or not. `None` if
    /// no certificate was presented. A client can present other encodings of one certificate, so do
    /// not count refusals by it.
    pub fn fingerprint_sha256(&self) -> Option<[u8; 32]> {
        self.fingerprint
    }

    /// The time of the verification; that of the system's clock for
    /// [`Reason::HandshakeSignature`](crate::error::Reason::HandshakeSignature).
    pub fn time(&self) -> UnixTime {
        self.time
    }
}

/// `ClientCertExpired: client certificate CN=device 7 expired 3 days ago (notAfter
/// 2026-01-02T03:04:05Z)`
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error.code(), self.error)
    }
}

pub(super) type Hook = Box<dyn Fn(&Refusal) + Send + Sync>;

/// What is called at each refusal.
#[derive(Default)]
pub(super) struct Refusals {
    pub(super) sender: Option<SyncSender<Refusal>>,
    pub(super) hook: Option<Hook>,
    dropped: AtomicU64,
}

impl Refusals {
    /// `client` is the first certificate that was presented.
    pub(super) fn tell(
        &self,
        error: &VerifyError,
        client: Option<&CertificateDer<'_>>,
        time: UnixTime,
    ) {
        if self.sender.is_none() && self.hook.is_none() {
            return;
        }
        let refusal = Refusal {
            error: error.clone(),
            fingerprint: client.map(|der| sha256(der)),
            time,
        };
        // First, so that a function that panics keeps no refusal from the channel.
        if let Some(sender) = &self.sender
            && sender.try_send(refusal.clone()).is_err()
        {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(hook) = &self.hook {
            hook(&refusal);
        }
    }

    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}
