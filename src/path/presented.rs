//! What the client presented, parsed once, before any search.

use alloc::vec::Vec;

use pki_types::CertificateDer;

use crate::error::{CertificateRef, Position, Reason, VerifyError};
use crate::policy::Limits;
use crate::x509::{Certificate, Fields};

/// The presented certificates that parse: the client's own first, the others each once, in the order of their bytes, so that the
/// order in which they were presented decides nothing.
pub(crate) struct PresentedChain<'a> {
    certificates: Vec<Presented<'a>>,
}

struct Presented<'a> {
    der: &'a [u8],
    fields: Fields,
    /// Its index among all that was presented.
    index: usize,
}

impl<'a> PresentedChain<'a> {
    /// Parses `chain`. The client's certificate must parse; others that do not are left out.
    pub(crate) fn parse(
        chain: &'a [CertificateDer<'_>],
        limits: &Limits,
    ) -> Result<Self, VerifyError> {
        if chain.len() > limits.presented {
            let reason = Reason::TooManyPresented {
                presented: chain.len(),
                limit: limits.presented,
            };
            return Err(VerifyError::new(reason, None));
        }
        let position_of = |index| match index {
            0 => Position::Client,
            _ => Position::Presented(index),
        };
        let oversized = chain
            .iter()
            .position(|der| der.len() > limits.certificate_bytes);
        if let Some(index) = oversized {
            let reason = Reason::CertificateTooLarge {
                bytes: chain.get(index).map_or(0, |der| der.len()),
                limit: limits.certificate_bytes,
            };
            let certificate = CertificateRef::new(position_of(index), &[]);
            return Err(VerifyError::new(reason, Some(certificate)));
        }
        let Some((client, others)) = chain.split_first() else {
            return Err(VerifyError::new(Reason::EmptyChain, None));
        };

        let fields = Fields::parse(client).map_err(|error| {
            let certificate = CertificateRef::new(Position::Client, &[]);
            VerifyError::new(Reason::Malformed(error), Some(certificate))
        })?;
        let mut certificates = Vec::with_capacity(chain.len());
        certificates.push(Presented {
            der: client,
            fields,
            index: 0,
        });
        for (index, der) in (1..).zip(others) {
            // The client's own certificate again is no issuer of anything.
            if **der == **client {
                continue;
            }
            if let Ok(fields) = Fields::parse(der) {
                certificates.push(Presented { der, fields, index });
            }
        }
        if let Some(issuers) = certificates.get_mut(1..) {
            issuers.sort_unstable_by_key(|presented| (presented.der, presented.index));
        }
        certificates.dedup_by(|later, earlier| later.der == earlier.der);
        Ok(Self { certificates })
    }

    pub(crate) fn len(&self) -> usize {
        self.certificates.len()
    }

    /// The certificate of an index below [`PresentedChain::len`].
    pub(crate) fn get(&self, index: usize) -> Certificate<'_> {
        let presented = &self.certificates[index];
        presented.fields.view(presented.der)
    }

    pub(crate) fn client(&self) -> Certificate<'_> {
        self.get(0)
    }

    /// Where a certificate of this chain came from.
    pub(crate) fn position(&self, index: usize) -> Position {
        match self
            .certificates
            .get(index)
            .map(|presented| presented.index)
        {
            None | Some(0) => Position::Client,
            Some(presented) => Position::Presented(presented),
        }
    }
}
