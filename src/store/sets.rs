//! The certificates that a builder was given.

use super::MAX_CERTIFICATE_BYTES;
use super::intake::wrong_label;
use super::openssl_trust;
use super::pem::Encapsulated;
use super::trust_settings::{Allowed, TrustSettings};
use crate::certificates::{Draft, TooLarge};
use crate::error::{Input, StoreProblem};
use crate::revocation::DenyList;
use crate::x509::{Certificate, Fields, ParseError, only_element, tag};

/// What a certificate is to be.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Anchor,
    Intermediate,
    PinnedClient,
}

impl Kind {
    pub(super) fn input(self) -> Input {
        match self {
            Self::Anchor => Input::Ca,
            Self::Intermediate => Input::Intermediate,
            Self::PinnedClient => Input::PinnedClient,
        }
    }
}

/// Certificates, by what they are to be.
#[derive(Debug, Default)]
pub(super) struct Sets {
    pub(super) anchors: Draft,
    pub(super) intermediates: Draft,
    pub(super) pinned_clients: Draft,
    /// Those that OpenSSL's trust settings reject for every purpose, by what was signed.
    pub(super) rejected: DenyList,
    /// What OpenSSL's trust settings allow the others for.
    pub(super) settings: TrustSettings,
}

impl Sets {
    /// Whether there is nothing that could let in a client.
    pub(super) fn is_empty(&self) -> bool {
        self.anchors.is_empty() && self.pinned_clients.is_empty()
    }

    /// Whether there is something that could let in a client once what is rejected is left out.
    pub(super) fn lets_in_any(&self) -> bool {
        let mut all = self.anchors.iter().chain(self.pinned_clients.iter());
        all.any(|certificate| !self.is_rejected(certificate))
    }

    fn is_rejected(&self, certificate: Certificate<'_>) -> bool {
        self.rejected.denies(certificate).is_some()
    }

    /// A rejection wins, whatever the order in which equal certificates were given.
    pub(super) fn leave_out_rejected(&mut self) {
        if self.rejected.is_empty() {
            return;
        }
        let rejected = &self.rejected;
        for set in [
            &mut self.anchors,
            &mut self.intermediates,
            &mut self.pinned_clients,
        ] {
            set.retain(|certificate| rejected.denies(certificate).is_none());
        }
    }

    pub(super) fn of(&mut self, kind: Kind) -> &mut Draft {
        match kind {
            Kind::Anchor => &mut self.anchors,
            Kind::Intermediate => &mut self.intermediates,
            Kind::PinnedClient => &mut self.pinned_clients,
        }
    }

    pub(super) fn add_block(
        &mut self,
        kind: Kind,
        label: Option<&str>,
        encapsulated: &Encapsulated<'_>,
    ) -> Result<(), StoreProblem> {
        let origin = (label, Some(encapsulated.number));
        match encapsulated.label {
            // RFC 7468 §5.1: parsers may take the second label as the first.
            "CERTIFICATE" | "X509 CERTIFICATE" => {
                self.add_certificate(kind, origin, &encapsulated.decode()?)
            }
            "TRUSTED CERTIFICATE" => {
                let der = encapsulated.decode()?;
                let malformed =
                    |part, problem| StoreProblem::Malformed(ParseError::new(part, problem));
                let trusted = openssl_trust::split(&der)
                    .map_err(|problem| malformed("trusted certificate", problem))?;
                match trusted.settings {
                    Ok(allowed) if allowed.is_nothing() => {
                        self.reject(trusted.certificate)?;
                        Err(StoreProblem::TrustSettings)
                    }
                    Ok(allowed) => {
                        self.restrict(trusted.certificate, allowed)?;
                        self.add_certificate(kind, origin, trusted.certificate)
                    }
                    // They may be a rejection.
                    Err(problem) => {
                        self.reject(trusted.certificate)?;
                        Err(malformed("trust settings", problem))
                    }
                }
            }
            label => Err(wrong_label(label)),
        }
    }

    fn reject(&mut self, der: &[u8]) -> Result<(), StoreProblem> {
        self.rejected.add_signed(signed_part(der)?);
        Ok(())
    }

    /// Notes what settings allow, also of a certificate that is not good: an equal one may be.
    fn restrict(&mut self, der: &[u8], allowed: Allowed) -> Result<(), StoreProblem> {
        if !allowed.is_everything() {
            self.settings.add(signed_part(der)?, allowed);
        }
        Ok(())
    }

    pub(super) fn add_certificate(
        &mut self,
        kind: Kind,
        origin: (Option<&str>, Option<usize>),
        der: &[u8],
    ) -> Result<(), StoreProblem> {
        if der.len() > MAX_CERTIFICATE_BYTES {
            return Err(StoreProblem::TooLarge {
                bytes: der.len(),
                limit: MAX_CERTIFICATE_BYTES,
            });
        }
        let fields = Fields::parse(der).map_err(StoreProblem::Malformed)?;
        let certificate = fields.view(der);
        match kind {
            Kind::Anchor => certificate.check_is_anchor_ca(),
            Kind::Intermediate => certificate.check_is_ca_or_crl_issuer(),
            Kind::PinnedClient => Ok(()),
        }
        .map_err(StoreProblem::NotACa)?;
        // Anchors and intermediates share a buffer once they are in a store.
        let beside = match kind {
            Kind::Anchor => self.intermediates.byte_count(),
            Kind::Intermediate => self.anchors.byte_count(),
            Kind::PinnedClient => 0,
        };
        self.of(kind)
            .push_beside(beside, der, fields, origin)
            .map_err(|TooLarge| StoreProblem::StoreTooLarge)
    }
}

/// What was signed: the tbsCertificate. Equal certificates are those in which it is the same, so
/// nothing else is looked at.
fn signed_part(der: &[u8]) -> Result<&[u8], StoreProblem> {
    let malformed = |problem| StoreProblem::Malformed(ParseError::new("certificate", problem));
    let element = only_element(der, tag::SEQUENCE).map_err(malformed)?;
    let signed = element.reader().expect(tag::SEQUENCE).map_err(malformed)?;
    Ok(signed.whole)
}
