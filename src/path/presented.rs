//! What the client presented, parsed once, before any search.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::OnceCell;

use pki_types::CertificateDer;

use crate::budget::{Budget, OutOfWork, price};
use crate::certificates::{CertificateSet, NameId};
use crate::error::{CertificateRef, MalformedCertificate, Position, Reason, VerifyError, Work};
use crate::policy::Limits;
use crate::x509::{
    Certificate, Fields, canonical_name, characters_to_prepare, is_foldable, name_key,
    plain_name_key,
};

/// The presented certificates that parse: the client's own first, the others each once, in the
/// order of their bytes, so that the order in which they were presented decides nothing.
///
/// A presented certificate that the store has is the store's and is not among them. Otherwise it
/// would be two nodes, and each path over it would be tried twice.
pub(crate) struct PresentedChain<'a> {
    certificates: Vec<Presented<'a>>,
    /// The places in the store of those that it has, in order.
    stored: Vec<u32>,
    /// The first that does not parse, by its index among all that was presented.
    malformed: Option<MalformedCertificate>,
}

struct Presented<'a> {
    der: &'a [u8],
    fields: Fields,
    /// Its index among all that was presented.
    index: usize,
    subject: Name,
    issuer: Name,
    /// What equal names have in common, of issuer and subject, once another name had the same key.
    canonical: [OnceCell<Vec<u8>>; 2],
    /// The same for those with the same subjectPublicKeyInfo.
    key: usize,
    /// The same for those with the same signed bytes.
    signed: usize,
}

/// The number of a name: of those that the store has as in the store, of others from there on.
/// Names are compared once, while parsing; a search compares numbers, however many certificates of
/// however long names are presented.
#[derive(Clone, Copy)]
struct Name {
    id: NameId,
    /// Its [`name_key`].
    key: u64,
}

impl Name {
    /// That of the client's subject. The client is nobody's issuer, and whether it issued itself
    /// decides nothing: §6.1 excepts only the self-issued certificates that are not the last of a
    /// path.
    const OF_CLIENT: Self = Self {
        id: NameId(u32::MAX),
        key: 0,
    };
}

/// A name as it is written, its number, and its canonical form.
type Written<'a> = (&'a [u8], Name, &'a OnceCell<Vec<u8>>);

/// What it costs to prepare a name: for its key, and to compare it with one that has the same key.
fn preparing(name: &[u8]) -> usize {
    price::preparing(name.len(), characters_to_prepare(name))
}

impl Presented<'_> {
    fn spki(&self) -> &[u8] {
        self.fields.view(self.der).spki()
    }

    /// Issuer and subject.
    fn names(&self) -> [Written<'_>; 2] {
        let [issuer, subject] = &self.canonical;
        [
            (self.fields.issuer(self.der), self.issuer, issuer),
            (self.fields.subject(self.der), self.subject, subject),
        ]
    }
}

impl<'a> PresentedChain<'a> {
    /// Parses `chain`. The client's certificate must parse; others that do not are left out.
    pub(crate) fn parse(
        chain: &'a [CertificateDer<'_>],
        store: &CertificateSet,
        limits: &Limits,
        budget: &Budget,
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
        let at = |index, reason| {
            let certificate = CertificateRef::new(position_of(index), &[]);
            VerifyError::new(reason, Some(certificate))
        };
        let oversized = chain
            .iter()
            .position(|der| der.len() > limits.certificate_bytes);
        if let Some(index) = oversized {
            let reason = Reason::CertificateTooLarge {
                bytes: chain.get(index).map_or(0, |der| der.len()),
                limit: limits.certificate_bytes,
            };
            return Err(at(index, reason));
        }
        let Some((client, others)) = chain.split_first() else {
            return Err(VerifyError::new(Reason::EmptyChain, None));
        };
        let pay = |index, der: &[u8]| {
            let paid = budget.pay(price::reading(der.len()), Work::Reading);
            paid.map_err(|out| at(index, out.into()))
        };

        pay(0, client)?;
        let fields = Fields::parse(client).map_err(|error| at(0, Reason::Malformed(error)))?;
        let mut parsed = Self {
            certificates: Vec::with_capacity(chain.len()),
            stored: Vec::new(),
            malformed: None,
        };
        let push = |parsed: &mut Self, der, fields, index| {
            let pushed = parsed.push(der, fields, index, store, budget);
            pushed.map_err(|out| at(index, out.into()))
        };
        push(&mut parsed, client, fields, 0)?;
        for (index, der) in (1..).zip(others) {
            pay(index, der)?;
            match Fields::parse(der) {
                // The client's own certificate again, whatever signature it has there, is no issuer
                // of anything.
                Ok(again) if again.view(der).tbs() == fields.view(client).tbs() => {}
                Ok(fields) => push(&mut parsed, der, fields, index)?,
                Err(error) => {
                    parsed
                        .malformed
                        .get_or_insert(MalformedCertificate { index, error });
                }
            }
        }
        if let Some(issuers) = parsed.certificates.get_mut(1..) {
            issuers.sort_unstable_by_key(|presented| (presented.der, presented.index));
        }
        parsed
            .certificates
            .dedup_by(|later, earlier| later.der == earlier.der);
        parsed.stored.sort_unstable();
        parsed.stored.dedup();
        Ok(parsed)
    }

    /// The same chain beside another store. This one must be beside a store of nothing: else
    /// certificates are missing from it. Names were told apart and certificates compared already,
    /// so that the other store is asked for each name, and nothing else is done again.
    pub(crate) fn beside(
        &self,
        store: &CertificateSet,
        budget: &Budget,
    ) -> Result<Self, OutOfWork> {
        let mut chain = Self {
            certificates: Vec::with_capacity(self.certificates.len()),
            stored: Vec::new(),
            malformed: self.malformed.clone(),
        };
        let first = store.name_count();
        // Equal names have one number, and the store is asked for it once.
        let mut known: BTreeMap<NameId, NameId> = BTreeMap::new();
        let mut renumber = |name: &[u8],
                            Name {
                                id: NameId(id),
                                key,
                            }| {
            if id == Name::OF_CLIENT.id.0 {
                return Ok(Name::OF_CLIENT);
            }
            if let Some(known) = known.get(&NameId(id)) {
                return Ok(Name { id: *known, key });
            }
            budget.pay(price::looking_up(name), Work::Searching)?;
            let found = store.find(name, key);
            let number = found.unwrap_or(NameId(first.saturating_add(id)));
            known.insert(NameId(id), number);
            Ok::<_, OutOfWork>(Name { id: number, key })
        };
        for presented in &self.certificates {
            let Presented {
                der,
                fields,
                index,
                key,
                signed,
                ..
            } = *presented;
            budget.pay(price::CERTIFICATE, Work::Searching)?;
            let certificate = fields.view(der);
            let subject = renumber(certificate.subject(), presented.subject)?;
            if index > 0 {
                let pay = |units| budget.pay(units, Work::Searching);
                let places = store.places_of(certificate, subject.id, pay)?;
                let count = chain.stored.len();
                chain.stored.extend(places.into_iter().flatten());
                if chain.stored.len() > count {
                    continue;
                }
            }
            chain.certificates.push(Presented {
                der,
                fields,
                index,
                subject,
                issuer: renumber(certificate.issuer(), presented.issuer)?,
                canonical: [OnceCell::new(), OnceCell::new()],
                key,
                signed,
            });
        }
        chain.stored.sort_unstable();
        chain.stored.dedup();
        Ok(chain)
    }

    fn push(
        &mut self,
        der: &'a [u8],
        fields: Fields,
        index: usize,
        store: &CertificateSet,
        budget: &Budget,
    ) -> Result<(), OutOfWork> {
        let certificate = fields.view(der);
        let units = certificate
            .extension_count()
            .saturating_mul(price::EXTENSION);
        budget.pay(units, Work::Reading)?;
        let mut subject = (Name::OF_CLIENT, OnceCell::new());
        if index > 0 {
            subject = self.number(fields.subject(der), store, budget)?;
            let pay = |units| budget.pay(units, Work::Reading);
            let places = store.places_of(certificate, subject.0.id, pay)?;
            let count = self.stored.len();
            self.stored.extend(places.into_iter().flatten());
            if self.stored.len() > count {
                return Ok(());
            }
        }
        let spki = certificate.spki();
        let same_key = self.certificates.iter().find(|other| other.spki() == spki);
        let key = same_key.map_or(index, |other| other.key);
        let same_signed =
            |other: &&Presented<'_>| other.fields.view(other.der).tbs() == certificate.tbs();
        let signed = self.certificates.iter().find(same_signed);
        let signed = signed.map_or(index, |other| other.signed);
        let (subject, canonical_subject) = subject;
        self.certificates.push(Presented {
            der,
            fields,
            index,
            subject,
            // Numbered below, as it may be the name of the subject.
            issuer: Name::OF_CLIENT,
            canonical: [OnceCell::new(), canonical_subject],
            key,
            signed,
        });
        let (issuer, canonical_issuer) = self.number(fields.issuer(der), store, budget)?;
        if let Some(pushed) = self.certificates.last_mut() {
            let [canonical, _] = &mut pushed.canonical;
            (pushed.issuer, *canonical) = (issuer, canonical_issuer);
        }
        Ok(())
    }

    /// The number of a name, that of an equal one before it or the next; and its canonical form, if
    /// that was needed.
    ///
    /// Names of one key are nearly always equal. Others can be made, so that each is folded once,
    /// however many there are.
    fn number(
        &self,
        name: &[u8],
        store: &CertificateSet,
        budget: &Budget,
    ) -> Result<(Name, OnceCell<Vec<u8>>), OutOfWork> {
        let numbered = || {
            let all = self.certificates.iter().flat_map(Presented::names);
            all.filter(|(_, name, _)| name.id != Name::OF_CLIENT.id)
        };
        let canonical = OnceCell::new();
        if let Some((_, same, _)) = numbered().find(|(other, ..)| *other == name) {
            return Ok((same, canonical));
        }
        let key = match plain_name_key(name) {
            Some(key) => key,
            None => {
                // Others are compared by their bytes.
                if is_foldable(name) {
                    budget.pay(preparing(name), Work::Reading)?;
                }
                name_key(name)
            }
        };
        if let Some(id) = store.find(name, key) {
            return Ok((Name { id, key }, canonical));
        }
        let first = store.name_count();
        let may_be_own = numbered().any(|(_, its, _)| its.id.0 >= first && its.key == key);
        if may_be_own {
            // This one, and perhaps the other, are folded.
            budget.pay(price::folding(name.len()), Work::Reading)?;
        }
        let own = || numbered().filter(|(_, its, _)| its.id.0 >= first);
        let same = own().find(|(other, its, theirs)| {
            its.key == key && {
                let ours = canonical.get_or_init(|| canonical_name(name));
                theirs.get_or_init(|| canonical_name(other)) == ours
            }
        });
        let number = match (same, own().map(|(_, its, _)| its.id.0).max()) {
            (Some((_, same, _)), _) => same,
            (None, last) => {
                let id = NameId(last.map_or(first, |last| last.saturating_add(1)));
                Name { id, key }
            }
        };
        Ok((number, canonical))
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
        self.presented(index).subject.id
    }

    /// The [`name_key`] of the subject of a certificate that is not the client's.
    pub(crate) fn subject_key(&self, index: usize) -> u64 {
        self.presented(index).subject.key
    }

    pub(crate) fn issuer(&self, index: usize) -> NameId {
        self.presented(index).issuer.id
    }

    /// The [`name_key`] of the issuer of a certificate.
    pub(crate) fn issuer_key(&self, index: usize) -> u64 {
        self.presented(index).issuer.key
    }

    /// Whether two have the same public key.
    pub(crate) fn have_same_key(&self, one: usize, other: usize) -> bool {
        self.presented(one).key == self.presented(other).key
    }

    /// Whether two are the same certificate: the same signed bytes, in whatever encoding.
    pub(crate) fn are_same(&self, one: usize, other: usize) -> bool {
        self.presented(one).signed == self.presented(other).signed
    }

    /// The places in the store of those that it has, in order; see [`CertificateSet::at`].
    pub(crate) fn stored(&self) -> &[u32] {
        &self.stored
    }

    /// The first presented certificate that does not parse, by its index among all that was
    /// presented.
    pub(crate) fn malformed(&self) -> Option<&MalformedCertificate> {
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
