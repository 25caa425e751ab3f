//! What a verifier for handshakes is built with.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;
use std::sync::mpsc::SyncSender;

use ::rustls::crypto::WebPkiSupportedAlgorithms;

use super::refusal::Refusals;
use super::{CaNames, ClientAuth, Refusal, RefusalErrors, RustlsVerifier, TooManyCaNames};
use crate::client_verifier::ClientVerifier;

/// Builds a [`RustlsVerifier`]. From [`RustlsVerifier::builder`].
#[must_use]
pub struct RustlsVerifierBuilder {
    pub(super) clients: Arc<ClientVerifier>,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
    pub(super) client_auth: ClientAuth,
    pub(super) ca_names: CaNames,
    pub(super) refusal_errors: RefusalErrors,
    pub(super) refusals: Refusals,
    pub(super) scopes: Option<Arc<[String]>>,
}

impl RustlsVerifierBuilder {
    /// Whether clients must present a certificate. Default: [`ClientAuth::Required`].
    pub fn with_client_auth(mut self, client_auth: ClientAuth) -> Self {
        self.client_auth = client_auth;
        self
    }

    /// Limits the verifier to scopes of the store ([`Scope`](crate::store::Scope)), as
    /// [`ClientVerifier::verify_in`] does: for a listener that serves some of the clients. The
    /// answers of [`client_of`](RustlsVerifier::client_of) are limited to them as well, and so are
    /// the names of [`CaNames::Store`]. Default: all scopes, and what stands in none.
    ///
    /// Handshakes fail while the store has no scope of one of these names
    /// ([`Reason::NoSuchScope`](crate::error::Reason::NoSuchScope)).
    ///
    /// **Give each set of scopes a `ServerConfig` of its own, with its own session storage and
    /// ticketer.** A session that one listener began would otherwise be resumed at another, where
    /// no certificate is verified; `client_of` refuses such a client, where it is called.
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// The names of CAs that are advertised. Default: [`CaNames::None`].
    pub fn with_ca_names(mut self, ca_names: CaNames) -> Self {
        self.ca_names = ca_names;
        self
    }

    /// What the errors of refused handshakes are. Default: [`RefusalErrors::ByAlert`].
    pub fn with_refusal_errors(mut self, refusal_errors: RefusalErrors) -> Self {
        self.refusal_errors = refusal_errors;
        self
    }

    /// Sends refusals into a channel, for a log that is written elsewhere: those of handshakes, of
    /// [`client_of`](RustlsVerifier::client_of) and of
    /// [`report_failed_handshake`](RustlsVerifier::report_failed_handshake). No handshake waits for
    /// it: while the channel is full, refusals are dropped and
    /// [counted](RustlsVerifier::dropped_refusals).
    ///
    /// ```
    /// # use std::sync::{Arc, mpsc};
    /// # use mtls_verify::{ClientVerifier, rustls::{Refusal, RustlsVerifier, TooManyCaNames}};
    /// # fn example(clients: Arc<ClientVerifier>, provider: &rustls::crypto::CryptoProvider) -> Result<RustlsVerifier, TooManyCaNames> {
    /// let (sender, refusals) = mpsc::sync_channel::<Refusal>(1_000);
    /// std::thread::spawn(move || {
    ///     for refusal in refusals {
    ///         eprintln!("{}: {}", refusal.error().code(), refusal.error());
    ///     }
    /// });
    /// RustlsVerifier::builder(clients, provider).with_refusal_sender(sender).build()
    /// # }
    /// ```
    pub fn with_refusal_sender(mut self, sender: SyncSender<Refusal>) -> Self {
        self.refusals.sender = Some(sender);
        self
    }

    /// Calls a function with every refusal: those of handshakes, of
    /// [`client_of`](RustlsVerifier::client_of) and of
    /// [`report_failed_handshake`](RustlsVerifier::report_failed_handshake). It runs inside the
    /// handshake or the call, on the same thread. So what it finds in a task-local or thread-local
    /// variable is of that connection, such as the address of its peer. The handshake waits for it:
    /// it should do next to nothing.
    pub fn on_refusal(mut self, hook: impl Fn(&Refusal) + Send + Sync + 'static) -> Self {
        self.refusals.hook = Some(alloc::boxed::Box::new(hook));
        self
    }

    /// The verifier.
    ///
    /// # Errors
    /// The CA names to advertise take more than [`MAX_CA_NAMES_BYTES`](super::MAX_CA_NAMES_BYTES).
    pub fn build(self) -> Result<RustlsVerifier, TooManyCaNames> {
        let store = self.clients.store();
        let advertised = self.ca_names.of(&store, self.scopes.as_deref())?;
        Ok(RustlsVerifier {
            advertised,
            clients: self.clients,
            client_auth: self.client_auth,
            ca_names: self.ca_names,
            algorithms: self.algorithms,
            refusal_errors: self.refusal_errors,
            refusals: Arc::new(self.refusals),
            scopes: self.scopes,
        })
    }
}

impl fmt::Debug for RustlsVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RustlsVerifierBuilder")
            .field("clients", &self.clients)
            .field("client_auth", &self.client_auth)
            .field("ca_names", &self.ca_names)
            .field("refusal_errors", &self.refusal_errors)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
