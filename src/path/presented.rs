//! What the client presented, parsed once, before any search.

use alloc::vec::Vec;

use pki_types::CertificateDer;

use crate::error::{CertificateRef, Position, Reason, VerifyError};
use crate::policy::Limits;
use crate::x509::{Certificate, Fields, ParseError, is_same_name, name_key};

/// The presented certificates that parse: the client's own first, the others each once, in the order of their bytes, so that the
/// order in which they were presented decides nothing.
pub(crate) struct PresentedChain<'a> {
    certificates: Vec<Presented<'a>>,
    names: Names<'a>,
    /// The first that does not parse, by its index among all that was presented.
    malformed: Option<(usize, ParseError)>,
}

struct Presented<'a> {
    der: &'a [u8],
    fields: Fields,
    /// Its index among all that was presented.
    index: usize,
    subject: NameId,
    issuer: NameId,
}

/// Stands for a name of the chain: names are the same (RFC 5280 §7.1) if and only if their ids are.
///
/// Names are compared once, here. A search compares numbers, however many certificates of however long names are presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameId(usize);

impl NameId {
    /// A name that is no issuer's.
    const NOBODY: Self = Self(usize::MAX);
}

#[derive(Default)]
struct Names<'a>(Vec<(&'a [u8], u64)>);

impl<'a> Names<'a> {
    fn id_of(&mut self, name: &'a [u8]) -> NameId {
        let is_equal = |(known, _): &(&[u8], u64)| *known == name;
        if let Some(id) = self.0.iter().position(is_equal) {
            return NameId(id);
        }
        let key = name_key(name);
        let is_same =
            |(known, its_key): &(&[u8], u64)| *its_key == key && is_same_name(known, name);
        let id = self.0.iter().position(is_same).unwrap_or_else(|| {
            self.0.push((name, key));
            self.0.len().saturating_sub(1)
        });
        NameId(id)
    }
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
        let mut parsed = Self {
            certificates: Vec::with_capacity(chain.len()),
            names: Names(Vec::with_capacity(chain.len().saturating_add(1))),
            malformed: None,
        };
        parsed.push(client, fields, 0);
        for (index, der) in (1..).zip(others) {
            // The client's own certificate again is no issuer of anything.
            if **der == **client {
                continue;
            }
            match Fields::parse(der) {
                Ok(fields) => parsed.push(der, fields, index),
                Err(error) => {
                    parsed.malformed.get_or_insert((index, error));
                }
            }
        }
        if let Some(issuers) = parsed.certificates.get_mut(1..) {
            issuers.sort_unstable_by_key(|presented| (presented.der, presented.index));
        }
        parsed
            .certificates
            .dedup_by(|later, earlier| later.der == earlier.der);
        Ok(parsed)
    }

    fn push(&mut self, der: &'a [u8], fields: Fields, index: usize) {
        // The client's own subject is nobody's issuer here, so it needs no comparing.
        let subject = match index {
            0 => NameId::NOBODY,
            _ => self.names.id_of(fields.subject(der)),
        };
        let issuer = self.names.id_of(fields.issuer(der));
        self.certificates.push(Presented {
            der,
            fields,
            index,
            subject,
            issuer,
        });
    }

    pub(crate) fn len(&self) -> usize {
        self.certificates.len()
    }

    /// The certificate of an index below [`PresentedChain::len`].
    pub(crate) fn get(&self, index: usize) -> Certificate<'_> {
        let presented = self.presented(index);
        presented.fields.view(presented.der)
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "indices come from counting up to `len`, here and in the nodes of a search"
    )]
    fn presented(&self, index: usize) -> &Presented<'a> {
        &self.certificates[index]
    }

    /// Whether the certificate of one index names the subject of another's as its issuer.
    pub(crate) fn is_named_issuer(&self, issuer: usize, child: usize) -> bool {
        self.presented(issuer).subject == self.presented(child).issuer
    }

    /// The [`name_key`] of the issuer's name of a certificate.
    pub(crate) fn issuer_key(&self, index: usize) -> u64 {
        let NameId(name) = self.presented(index).issuer;
        self.names.0.get(name).map_or(0, |(_, key)| *key)
    }

    /// The first presented certificate that does not parse, by its index among all that was presented.
    pub(crate) fn malformed(&self) -> Option<&(usize, ParseError)> {
        self.malformed.as_ref()
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
