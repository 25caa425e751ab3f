//! What the client presented, parsed once, before any search.

use alloc::vec::Vec;

use pki_types::CertificateDer;

use crate::error::{CertificateRef, Position, Reason, VerifyError};
use crate::policy::Limits;
use crate::store::{CertificateSet, NameId, TrustStore};
use crate::x509::{Certificate, Fields, ParseError, is_same_name, name_key};

/// The presented certificates that parse: the client's own first, the others each once, in the order of their bytes, so that the
/// order in which they were presented decides nothing.
pub(crate) struct PresentedChain<'a> {
    certificates: Vec<Presented<'a>>,
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
    /// The same for those with the same subjectPublicKeyInfo.
    key: usize,
}

/// Numbers the names of a chain: those that the store has as the store does, the others from there on. Names are compared here,
/// once each; a search compares numbers, however many certificates of however long names are presented.
struct Names<'a> {
    store: &'a CertificateSet,
    /// Names seen, as they are written.
    seen: Vec<(&'a [u8], NameId)>,
    /// Names that the store does not have, each once, with their keys.
    own: Vec<(&'a [u8], u64)>,
}

impl<'a> Names<'a> {
    fn id_of(&mut self, name: &'a [u8]) -> NameId {
        if let Some((_, id)) = self.seen.iter().find(|(seen, _)| *seen == name) {
            return *id;
        }
        let key = name_key(name);
        let id = match self.store.find(name, key) {
            Some(id) => id,
            None => self.own_id_of(name, key),
        };
        self.seen.push((name, id));
        id
    }

    fn own_id_of(&mut self, name: &'a [u8], key: u64) -> NameId {
        let is_same = |(own, its_key): &(&[u8], u64)| *its_key == key && is_same_name(own, name);
        let position = self.own.iter().position(is_same).unwrap_or_else(|| {
            self.own.push((name, key));
            self.own.len().saturating_sub(1)
        });
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        NameId(self.store.name_count().saturating_add(position))
    }
}

impl Presented<'_> {
    fn spki(&self) -> &[u8] {
        self.fields.view(self.der).spki()
    }
}

impl<'a> PresentedChain<'a> {
    /// Parses `chain`. The client's certificate must parse; others that do not are left out.
    pub(crate) fn parse(
        chain: &'a [CertificateDer<'_>],
        store: &'a TrustStore,
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
            malformed: None,
        };
        let mut names = Names {
            store: store.certificates(),
            seen: Vec::with_capacity(chain.len().saturating_mul(2)),
            own: Vec::new(),
        };
        parsed.push(client, fields, 0, &mut names);
        for (index, der) in (1..).zip(others) {
            // The client's own certificate again is no issuer of anything.
            if **der == **client {
                continue;
            }
            match Fields::parse(der) {
                Ok(fields) => parsed.push(der, fields, index, &mut names),
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

    fn push(&mut self, der: &'a [u8], fields: Fields, index: usize, names: &mut Names<'a>) {
        let issuer = names.id_of(fields.issuer(der));
        // The client's own subject is nobody's issuer here, so it needs no comparing.
        let subject = match index {
            0 if fields.subject(der) == fields.issuer(der) => issuer,
            0 => NameId(u32::MAX),
            _ => names.id_of(fields.subject(der)),
        };
        let spki = fields.view(der).spki();
        let same_key = self.certificates.iter().find(|other| other.spki() == spki);
        let key = same_key.map_or(index, |other| other.key);
        self.certificates.push(Presented {
            der,
            fields,
            index,
            subject,
            issuer,
            key,
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

    pub(crate) fn subject(&self, index: usize) -> NameId {
        self.presented(index).subject
    }

    pub(crate) fn issuer(&self, index: usize) -> NameId {
        self.presented(index).issuer
    }

    /// Whether two have the same public key.
    pub(crate) fn have_same_key(&self, one: usize, other: usize) -> bool {
        self.presented(one).key == self.presented(other).key
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
