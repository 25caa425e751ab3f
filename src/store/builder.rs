//! Building a [`TrustStore`].

use alloc::vec::Vec;

use pki_types::CertificateDer;

use super::draft::{Draft, TooLarge};
use super::pem::{Armoured, Blocks, line_of_nul, shortened};
use super::pinned::PinnedClients;
use super::set::CertificateSet;
use super::{MAX_CERTIFICATE_BYTES, TrustStore, openssl_trust};
use crate::error::{Input, StoreError, StoreProblem};
use crate::x509::{Fields, ParseError};

/// Collects what a [`TrustStore`] is made of.
///
/// ```
/// use mtls_verify::{OnBadInput, TrustStore};
/// # fn main() -> Result<(), mtls_verify::StoreError> {
/// # let (corporate_ca, partner_cas) = (include_bytes!("../../testdata/example/ca.pem"), b"-----BEGIN JUNK-----\n");
/// let store = TrustStore::builder()
///     .add_ca_pem(corporate_ca)?
///     .on_bad_input(OnBadInput::Skip)
///     .add_ca_pem(partner_cas)?
///     .build()?;
/// for skipped in store.skipped() {
///     eprintln!("left out: {skipped}");
/// }
/// # assert_eq!(store.skipped().len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use = "a builder builds nothing until `build`"]
pub struct TrustStoreBuilder {
    anchors: Draft,
    intermediates: Draft,
    pinned_clients: Draft,
    on_bad_input: OnBadInput,
    skipped: Vec<StoreError>,
}

/// What a builder does with input that is not good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBadInput {
    /// It is an error, and nothing is loaded.
    #[default]
    Fail,
    /// It is left out, and [`TrustStore::skipped`] says what and why. Nothing good at all is still an error.
    Skip,
}

impl TrustStoreBuilder {
    /// What to do with bad input from here on. Input already added stays.
    pub fn on_bad_input(mut self, on_bad_input: OnBadInput) -> Self {
        self.on_bad_input = on_bad_input;
        self
    }

    /// Adds the CA certificates of a PEM bundle as trust anchors; see [`TrustStore::from_pem`] for what a bundle may hold.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn add_ca_pem(self, pem: &[u8]) -> Result<Self, StoreError> {
        self.add_pem(Input::Ca, pem)
    }

    /// Adds one CA certificate as a trust anchor.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_ca_der(self, der: &CertificateDer<'_>) -> Result<Self, StoreError> {
        self.add_der(Input::Ca, der)
    }

    /// Adds the CA certificates of a PEM bundle as intermediates: paths may lead over them, none may end there.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn add_intermediates_pem(self, pem: &[u8]) -> Result<Self, StoreError> {
        self.add_pem(Input::Intermediate, pem)
    }

    /// Adds one CA certificate as an intermediate.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_intermediate_der(self, der: &CertificateDer<'_>) -> Result<Self, StoreError> {
        self.add_der(Input::Intermediate, der)
    }

    /// Pins the client certificates of a PEM bundle: whoever presents exactly one of them (and holds its key, which the
    /// handshake proves) is accepted without a path. Everything that the policy asks of a client certificate by itself still holds, its expiry
    /// for one.
    ///
    /// # Errors
    /// The block, its line, and what is wrong with it; or that there is no block.
    pub fn pin_clients_pem(self, pem: &[u8]) -> Result<Self, StoreError> {
        self.add_pem(Input::PinnedClient, pem)
    }

    /// Pins one client certificate, as [`pin_clients_pem`](Self::pin_clients_pem) does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn pin_client_der(self, der: &CertificateDer<'_>) -> Result<Self, StoreError> {
        self.add_der(Input::PinnedClient, der)
    }

    /// The store of all that was added.
    ///
    /// # Errors
    /// If there is neither a trust anchor nor a pinned client; where bad input was skipped, the first of it is the error.
    pub fn build(self) -> Result<TrustStore, StoreError> {
        if self.anchors.is_empty() && self.pinned_clients.is_empty() {
            let empty = || StoreError::new(Input::Ca, StoreProblem::Empty { hint: None });
            return Err(self.skipped.into_iter().next().unwrap_or_else(empty));
        }
        let certificates =
            CertificateSet::new(self.anchors, self.intermediates).map_err(|TooLarge| {
                StoreError::new(Input::Intermediate, StoreProblem::StoreTooLarge)
            })?;
        let pinned_clients = PinnedClients::new(self.pinned_clients);
        Ok(TrustStore::new(certificates, pinned_clients, self.skipped))
    }

    fn add_pem(mut self, input: Input, pem: &[u8]) -> Result<Self, StoreError> {
        let mut blocks = Blocks::new(pem).peekable();
        let is_empty = blocks.peek().is_none();
        // Says more than that there is a NUL byte, where nothing else is there.
        let hint = hint_at_format(pem).filter(|_| is_empty);
        if hint.is_none()
            && let Some(line) = line_of_nul(pem)
        {
            self.refuse(StoreError::at(input, None, line, StoreProblem::Nul))?;
        } else if is_empty {
            self.refuse(StoreError::new(input, StoreProblem::Empty { hint }))?;
        }
        for block in blocks {
            if let Err(problem) = block
                .content
                .and_then(|armoured| self.add_block(input, &armoured))
            {
                self.refuse(StoreError::at(input, block.number, block.line, problem))?;
            }
        }
        Ok(self)
    }

    fn add_der(mut self, input: Input, der: &[u8]) -> Result<Self, StoreError> {
        if let Err(problem) = self.add_certificate(input, der) {
            self.refuse(StoreError::new(input, problem))?;
        }
        Ok(self)
    }

    /// Fails with `error`, or notes it and goes on.
    fn refuse(&mut self, error: StoreError) -> Result<(), StoreError> {
        match self.on_bad_input {
            OnBadInput::Fail => Err(error),
            OnBadInput::Skip => {
                self.skipped.push(error);
                Ok(())
            }
        }
    }

    fn add_block(&mut self, input: Input, armoured: &Armoured<'_>) -> Result<(), StoreProblem> {
        match armoured.label {
            // RFC 7468 §5.1: parsers may take the second label as the first.
            "CERTIFICATE" | "X509 CERTIFICATE" => self.add_certificate(input, &armoured.decode()?),
            "TRUSTED CERTIFICATE" => {
                let der = armoured.decode()?;
                let trusted = openssl_trust::split(&der).map_err(|problem| {
                    StoreProblem::Malformed(ParseError::new("trusted certificate", problem))
                })?;
                if !trusted.for_clients {
                    return Err(StoreProblem::TrustSettings);
                }
                self.add_certificate(input, trusted.certificate)
            }
            label => Err(if label.contains("PRIVATE KEY") {
                StoreProblem::PrivateKey {
                    label: shortened(label),
                }
            } else {
                StoreProblem::Label {
                    label: shortened(label),
                }
            }),
        }
    }

    fn add_certificate(&mut self, input: Input, der: &[u8]) -> Result<(), StoreProblem> {
        if der.len() > MAX_CERTIFICATE_BYTES {
            return Err(StoreProblem::TooLarge {
                bytes: der.len(),
                limit: MAX_CERTIFICATE_BYTES,
            });
        }
        let fields = Fields::parse(der).map_err(StoreProblem::Malformed)?;
        let certificate = fields.view(der);
        let set = match input {
            Input::Ca => {
                certificate
                    .check_is_anchor_ca()
                    .map_err(StoreProblem::NotACa)?;
                &mut self.anchors
            }
            Input::Intermediate => {
                certificate.check_is_ca().map_err(StoreProblem::NotACa)?;
                &mut self.intermediates
            }
            Input::PinnedClient => &mut self.pinned_clients,
        };
        set.push(der, fields)
            .map_err(|TooLarge| StoreProblem::StoreTooLarge)
    }
}

/// What bytes without any PEM block look like instead.
fn hint_at_format(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [] => Some(": the input is empty"),
        [0x30, 0x80..=0xff, ..] => Some(" in PEM: this looks like DER"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(": this looks like UTF-16; PEM is ASCII"),
        _ => None,
    }
}
