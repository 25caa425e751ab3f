//! A client certificate verifier for servers with `rustls` 0.23 (feature `rustls`).
//!
//! [`RustlsVerifier`] verifies clients in the handshake as a [`ClientVerifier`] does, with its
//! store, policy and memory. The server keeps the `ClientVerifier` as well, and replaces its store
//! whenever a CA bundle or a CRL changes; handshakes go on meanwhile.
//!
//! ```
//! use std::sync::Arc;
//! use mtls_verify::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
//! use mtls_verify::rustls::RustlsVerifier;
//! use mtls_verify::{ClientPolicy, ClientVerifier, TrustStore};
//! use rustls::crypto::CryptoProvider;
//! use rustls::{ServerConfig, ServerConnection};
//!
//! fn configure(
//!     provider: Arc<CryptoProvider>, // such as Arc::new(rustls::crypto::ring::default_provider())
//!     ca_pem: &[u8],
//!     own_chain: Vec<CertificateDer<'static>>,
//!     own_key: PrivateKeyDer<'static>,
//! ) -> Result<(Arc<ServerConfig>, Arc<RustlsVerifier>), Box<dyn std::error::Error>> {
//!     let store = TrustStore::from_pem(ca_pem)?;
//!     let clients = Arc::new(ClientVerifier::new(Arc::new(store), ClientPolicy::default()));
//!     let verifier = Arc::new(RustlsVerifier::builder(clients, &provider).build()?);
//!     let config = ServerConfig::builder_with_provider(provider)
//!         .with_safe_default_protocol_versions()?
//!         .with_client_cert_verifier(verifier.clone())
//!         .with_single_cert(own_chain, own_key)?;
//!     Ok((Arc::new(config), verifier))
//! }
//!
//! /// After the handshake: who is it? From memory, at this time and by the present store.
//! fn greet(verifier: &RustlsVerifier, connection: &ServerConnection) -> String {
//!     match verifier.client_of(connection.peer_certificates(), UnixTime::now()) {
//!         Ok(Some(client)) => format!("hello, {}", client.identity().subject()),
//!         Ok(None) => "hello, stranger".to_owned(), // only where a certificate is optional
//!         Err(refusal) => format!("{}: {refusal}", refusal.code()), // resumed, see below
//!     }
//! }
//!
//! /// After a failed handshake: a client without a certificate is counted and logged here.
//! fn log(verifier: &RustlsVerifier, error: &rustls::Error) {
//!     verifier.report_failed_handshake(error, UnixTime::now());
//! }
//! ```
//!
//! # What the client and the server see of a refusal
//!
//! In a full handshake, the client gets the alert of [`VerifyError::alert`]. (A resumed session
//! that [`client_of`](RustlsVerifier::client_of) refuses is over its handshake: such a client gets
//! `close_notify` only.) The alert depends on the variant of
//! [`CertificateError`](::rustls::CertificateError) alone, so the variant is chosen for its alert:
//!
//! | [`VerifyError::alert`] | `CertificateError` |
//! |---|---|
//! | `CertificateExpired` (45) | `ExpiredContext`, `NotValidYetContext`; `Expired`, `NotValidYet` for times before 1970 |
//! | `CertificateRevoked` (44) | `Revoked` |
//! | `UnknownCa` (48) | `UnknownIssuer` |
//! | `BadCertificate` (42) | `BadEncoding` |
//! | `UnsupportedCertificate` (43) | `InvalidPurpose` |
//! | `AccessDenied` (49) | `ApplicationVerificationFailure` |
//! | `DecryptError` (51) | what `rustls` returns for the signature, mostly `BadSignature` |
//! | `CertificateUnknown` (46) | `Other` with the [`VerifyError`] |
//! | `CertificateRequired` (116) | none: `rustls` sends it by itself, with `Error::NoCertificatesPresented` |
//!
//! Only `Other` can carry the whole refusal, which [`refusal_of`] finds in an error. With
//! [`RefusalErrors::Whole`] every error about a certificate or the client's signature carries its
//! refusal, and every such client gets `certificate_unknown`.
//!
//! A server learns of refusals in four ways:
//!
//! - [`with_refusal_sender`](RustlsVerifierBuilder::with_refusal_sender): a bounded channel for
//!   logs. No handshake waits for it.
//! - [`on_refusal`](RustlsVerifierBuilder::on_refusal): a function. The thread that refuses the
//!   client calls it.
//! - [`ClientVerifier::counts`]: numbers for metrics.
//! - The feature `tracing`: an event inside the span of the connection.
//!
//! All four get the refusals of a `RustlsVerifier`, each once, but for those that the channel drops
//! while it is full. The last two also get those of the `ClientVerifier` where it is called
//! directly.
//!
//! | what is refused | who reports it |
//! |---|---|
//! | a certificate in a handshake | this verifier, when `rustls` calls it |
//! | a client that does not prove that it has the key ([`Reason::HandshakeSignature`](crate::error::Reason::HandshakeSignature)) | this verifier, when `rustls` calls it |
//! | the certificate of a resumed session, or of an open connection | [`client_of`](RustlsVerifier::client_of), each time that the server calls it |
//! | a handshake without a certificate, where one is required | [`report_failed_handshake`](RustlsVerifier::report_failed_handshake): `rustls` refuses such a client without calling the verifier |
//!
//! **Without a call of `report_failed_handshake`, none of the four learns of clients without
//! certificates.** Call it once for each handshake that fails: a second call with the same error
//! reports the missing certificate again.
//!
//! `rustls` verifies the chain before the client's signature, which proves that it has the key. So
//! a client that has nothing but another one's certificate is counted as verified and then as
//! refused, and has both events. A client is only who it says once the handshake is over. Each call
//! of [`client_of`](RustlsVerifier::client_of) is a decision of its own: where one follows every
//! handshake, full ones count as verified twice, the second time from memory where the client is
//! remembered, and have two events.
//!
#![doc = include_str!("rustls/alert.md")]
//!
//! # Keys of type id-RSASSA-PSS
//!
//! Clients whose keys are of this type (RFC 4055 §1.2), as those of some smart cards are, sign
//! with schemes of their own, `rsa_pss_pss_*` (RFC 8446 §4.2.3). `rustls` 0.23 has no names for
//! these. In TLS 1.3 it passes them on, so they are offered and verified where the provider has the
//! algorithm. In TLS 1.2 it offers only schemes that it has names for: there such clients present
//! no certificate. A server that requires one refuses them as clients without a certificate; where
//! one is optional, they are anonymous.
//!
//! # Resumption
//!
//! **A resumed session skips the verifier.** `rustls` keeps the chain that the client presented
//! with the session, in [`session_storage`](::rustls::ServerConfig::session_storage) (256 sessions
//! by default) or in the tickets of a [`ticketer`](::rustls::ServerConfig::ticketer), and hands it
//! out again as `peer_certificates()`; it asks nobody whether the chain still holds. A client that
//! has expired, was revoked, or lost its CA can come back for a long time:
//!
//! | sessions are in | how long a client can come back without being verified |
//! |---|---|
//! | TLS 1.3, `session_storage` or `ticketer` | without end: a resumed handshake brings new tickets (unless `send_tls13_tickets` is 0), and they carry the old chain |
//! | TLS 1.2, `ticketer` | without end: each resumed handshake brings a new ticket |
//! | TLS 1.2, `session_storage` | as long as the session is in the storage: it has no time limit there, and goes when newer sessions need its place |
//!
//! Either of these closes the gap:
//!
//! - Call [`client_of`](RustlsVerifier::client_of) after every handshake, resumed or not, before
//!   anything is served, and end the connection on an error. It judges the chain at the present
//!   time by the present store, and costs one SHA-256 where the chain is remembered and nothing has
//!   changed. (Early data of TLS 1.3, which is off by default, would be there before.)
//! - Or have no sessions: `config.session_storage = Arc::new(rustls::server::NoServerSessionStorage
//!   {})`, and no `ticketer`, which is the default.
//!
//! Connections that stay open are not verified again either: [`VerifiedClient::valid_until`] says
//! when to end them or to call `client_of` again, which a server may also do after each
//! `replace_store`. Configurations whose verifiers differ must not share sessions, or the stricter
//! one lets in the clients of the other; `client_of` guards against that too. Verifiers of other
//! scopes ([`with_scopes`](RustlsVerifierBuilder::with_scopes)) differ.
//!
//! # CA names and a new store
//!
//! Which CAs a server advertises ([`CaNames`]) is fixed when the verifier is built, as `rustls`
//! borrows the CRL for as long as the verifier lives: `replace_store` changes who is let in, and
//! not what is advertised. With the default, [`CaNames::None`], there is nothing to go stale.
//! Otherwise [`with_current_names`](RustlsVerifier::with_current_names) gives a verifier with the
//! names of the present store, for a new `ServerConfig`.

mod builder;
mod ca_names;
mod error;
mod refusal;
mod signature;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::iter;

use ::rustls::client::danger::HandshakeSignatureValid;
use ::rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use ::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use ::rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use pki_types::{CertificateDer, UnixTime};

pub use builder::RustlsVerifierBuilder;
pub use ca_names::{CaNames, MAX_CA_NAMES_BYTES, TooManyCaNames};
pub use error::{RefusalErrors, refusal_of};
pub use refusal::Refusal;

use crate::client_verifier::ClientVerifier;
use crate::error::{ReplaceStoreError, VerifyError};
use crate::policy::ClientPolicy;
use crate::store::TrustStore;
use crate::verified_client::VerifiedClient;
use error::is_missing_certificate;
use refusal::Refusals;

/// Verifies clients in the handshakes of a server with `rustls`: what
/// [`with_client_cert_verifier`](::rustls::ConfigBuilder::with_client_cert_verifier) takes. See the
/// [module](self) for how to use it.
///
/// Its verdicts are those of the [`ClientVerifier`] it is built with, at the time that the server's
/// configuration tells. The client's signature in the handshake, which proves that it has the key,
/// is verified by the algorithms of the application's [`CryptoProvider`]. Those of certificates are
/// the policy's. `SignatureAlgorithms::new(provider.signature_verification_algorithms.all)` has
/// the provider's, for `policy.with_signatures(..)`.
pub struct RustlsVerifier {
    clients: Arc<ClientVerifier>,
    client_auth: ClientAuth,
    ca_names: CaNames,
    /// What `ca_names` came to when this was built.
    advertised: Vec<DistinguishedName>,
    algorithms: WebPkiSupportedAlgorithms,
    refusal_errors: RefusalErrors,
    refusals: Arc<Refusals>,
    /// The scopes that paths may end in; `None` for all, and what stands in none.
    scopes: Option<Arc<[String]>>,
}

/// Whether clients must present a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientAuth {
    /// They must; a client that does not is refused with `certificate_required`.
    #[default]
    Required,
    /// They may. A certificate that is presented must verify all the same; a client with a bad one
    /// is refused, and not let in without.
    Optional,
}

impl RustlsVerifier {
    /// A builder with the defaults: [`ClientAuth::Required`], [`CaNames::None`],
    /// [`RefusalErrors::ByAlert`].
    ///
    /// `provider` is that of the server's configuration, whatever the features of this crate.
    pub fn builder(
        clients: Arc<ClientVerifier>,
        provider: &CryptoProvider,
    ) -> RustlsVerifierBuilder {
        RustlsVerifierBuilder {
            clients,
            algorithms: provider.signature_verification_algorithms,
            client_auth: ClientAuth::default(),
            ca_names: CaNames::default(),
            refusal_errors: RefusalErrors::default(),
            refusals: Refusals::default(),
            scopes: None,
        }
    }

    /// The client of a connection whose handshake is over, from its
    /// [`peer_certificates()`](::rustls::CommonState::peer_certificates); `None` if it has no
    /// certificate and needs none.
    ///
    /// The chain is that of the handshake, so the answer comes from memory, unless the store was
    /// replaced, something in the chain began or ended meanwhile, or the chain is not remembered,
    /// as of pinned clients: then it is verified anew, and what holds now counts. That makes it the
    /// check that resumed sessions otherwise go without.
    ///
    /// Each call with a certificate, or where one is required, is counted and has its event. Each
    /// refusal goes to the channel and the function of the builder, like those of handshakes. A
    /// server that asks twice about one connection reports its refusal twice.
    ///
    /// # Errors
    /// As for [`ClientVerifier::verify`]; [`Reason::EmptyChain`](crate::error::Reason::EmptyChain)
    /// without a certificate where one is required. End the connection then.
    pub fn client_of(
        &self,
        peer_certificates: Option<&[CertificateDer<'_>]>,
        now: UnixTime,
    ) -> Result<Option<VerifiedClient>, VerifyError> {
        let chain = peer_certificates.unwrap_or_default();
        if chain.is_empty() && self.client_auth == ClientAuth::Optional {
            return Ok(None);
        }
        match self.verify(chain, now) {
            Ok(client) => Ok(Some(client)),
            Err(refusal) => {
                self.refusals.tell(&refusal, chain.first(), now);
                Err(refusal)
            }
        }
    }

    fn verify(
        &self,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<VerifiedClient, VerifyError> {
        match &self.scopes {
            None => self.clients.verify(chain, now),
            Some(scopes) => {
                let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
                self.clients.verify_in(&scopes, chain, now)
            }
        }
    }

    /// Why a client was refused, from the error of a failed handshake; and reports a missing
    /// certificate to counters, event, channel and function.
    ///
    /// Call it once for each handshake that fails, with the time at which it failed. `error` is
    /// that of `rustls`, or one around it, such as the `io::Error` of `tokio-rustls`:
    /// [`refusal_of`] names what this looks into.
    ///
    /// | the error | returned | reported here |
    /// |---|---|---|
    /// | [`Error::NoCertificatesPresented`], where a certificate is required | [`Reason::EmptyChain`](crate::error::Reason::EmptyChain) | yes: counted, with its event, and told to the channel and the function of the builder |
    /// | carries a refusal ([`refusal_of`]) | that refusal | no: it was reported in the handshake |
    /// | another, also a refused certificate or signature by [`RefusalErrors::ByAlert`] | `None` | no: if it is a refusal, it was reported in the handshake |
    ///
    /// `rustls` refuses a client without a certificate by itself (alert `certificate_required`, RFC
    /// 8446 §4.4.2.4) and does not call its verifier. With [`ClientAuth::Optional`] it accepts
    /// such clients, and this method reports nothing.
    pub fn report_failed_handshake(
        &self,
        error: &(dyn core::error::Error + 'static),
        now: UnixTime,
    ) -> Option<VerifyError> {
        match refusal_of(error) {
            Some(refusal) => Some(refusal.clone()),
            None if is_missing_certificate(error) => self.client_of(None, now).err(),
            None => None,
        }
    }

    /// [`ClientVerifier::replace`]: the next handshake is verified by both. The CAs that are
    /// advertised stay as they were; see [`with_current_names`](Self::with_current_names).
    ///
    /// # Errors
    /// As for [`ClientVerifier::replace`].
    pub fn replace(
        &self,
        store: Arc<TrustStore>,
        policy: ClientPolicy,
    ) -> Result<(), ReplaceStoreError> {
        self.clients.replace(store, policy)
    }

    /// The verifier beneath: the one to call [`replace_store`](ClientVerifier::replace_store) on.
    pub fn clients(&self) -> &Arc<ClientVerifier> {
        &self.clients
    }

    /// The same verifier, advertising the CAs of the store as it is now. For a new `ServerConfig`,
    /// as the names of this one stay as they are; the two share everything else, refusals and their
    /// count included.
    ///
    /// # Errors
    /// The store has too many names.
    pub fn with_current_names(&self) -> Result<Self, TooManyCaNames> {
        Ok(Self {
            advertised: self
                .ca_names
                .of(&self.clients.store(), self.scopes.as_deref())?,
            scopes: self.scopes.clone(),
            clients: Arc::clone(&self.clients),
            ca_names: self.ca_names.clone(),
            refusals: Arc::clone(&self.refusals),
            ..*self
        })
    }

    /// How many refusals the channel of [`RustlsVerifierBuilder::with_refusal_sender`] did not
    /// take, as it was full or its other end is gone.
    pub fn dropped_refusals(&self) -> u64 {
        self.refusals.dropped()
    }

    /// Reports a client that did not prove that it has the key, and gives the error for `rustls`.
    fn refuse_without_key(&self, client: &CertificateDer<'_>, error: Error) -> Error {
        let refusal = signature::refusal(client);
        self.clients.count_refusal(client, &refusal);
        let now = UnixTime::now(); // rustls gives none here
        self.refusals.tell(&refusal, Some(client), now);
        match self.refusal_errors {
            // Its alert is decrypt_error, or illegal_parameter for a scheme that was not offered.
            RefusalErrors::ByAlert => error,
            RefusalErrors::Whole => self.refusal_errors.error_for(&refusal),
        }
    }
}

impl ClientCertVerifier for RustlsVerifier {
    fn client_auth_mandatory(&self) -> bool {
        self.client_auth == ClientAuth::Required
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.advertised
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let chain: Vec<CertificateDer<'_>> = iter::once(end_entity)
            .chain(intermediates)
            .map(|der| CertificateDer::from(der.as_ref()))
            .collect();
        match self.verify(&chain, now) {
            Ok(_) => Ok(ClientCertVerified::assertion()),
            Err(error) => {
                let rustls_error = self.refusal_errors.error_for(&error);
                self.refusals.tell(&error, Some(end_entity), now);
                Err(rustls_error)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        signature::verify_tls12(message, cert, dss, &self.algorithms)
            .map_err(|error| self.refuse_without_key(cert, error))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        signature::verify_tls13(message, cert, dss, &self.algorithms)
            .map_err(|error| self.refuse_without_key(cert, error))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        signature::supported_schemes(&self.algorithms)
    }
}

impl fmt::Debug for RustlsVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RustlsVerifier")
            .field("clients", &self.clients)
            .field("client_auth", &self.client_auth)
            .field("ca_names", &self.ca_names)
            .field("refusal_errors", &self.refusal_errors)
            .finish_non_exhaustive()
    }
}
