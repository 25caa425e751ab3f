//! Worlds: a server with its store, a client, and what an attacker can choose to present with it.
//! Several worlds have the same server, which takes most of the time to make.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use mtls_verify::TrustStore;
use mtls_verify::pki_types::CertificateDer;

use crate::asked::Asked;
use crate::certificate::{Certificate, Made};
use crate::crl::WorldCrl;
use crate::neighbours;
use crate::random::Random;
use crate::signature::HASHED;

/// How many certificates an attacker may choose from so that each choice is tried.
const ALL_CHOICES: usize = 6;
/// How many choices are tried of more.
const SOME_CHOICES: usize = 40;

/// The CAs of a server, their CRLs and their clients.
pub(crate) struct Pki {
    /// What of the generator's repertoire is in it.
    pub(crate) features: BTreeSet<&'static str>,
    pub(crate) anchors: Vec<Made>,
    pub(crate) others: Vec<Other>,
    pub(crate) clients: Vec<Client>,
    pub(crate) crls: Vec<WorldCrl>,
    pub(crate) encoded_crls: Vec<Vec<u8>>,
}

/// Stores of the same certificates.
pub(crate) struct Stores {
    pub(crate) plain: Arc<TrustStore>,
    /// In another order.
    pub(crate) shuffled: TrustStore,
    /// With CRLs that have nothing to say about anybody.
    pub(crate) with_neighbours: TrustStore,
    pub(crate) neighbours: Vec<WorldCrl>,
}

/// A client, and what a server asks of it.
pub(crate) struct Client {
    pub(crate) features: BTreeSet<&'static str>,
    pub(crate) made: Made,
    /// Each is laxer than the one before.
    pub(crate) asked: Vec<Asked>,
}

/// A server with a client.
pub(crate) struct World<'a> {
    pub(crate) number: u64,
    pub(crate) pki: &'a Pki,
    pub(crate) stores: &'a Stores,
    pub(crate) client: &'a Client,
}

/// A certificate besides the anchors' and the client's.
pub(crate) struct Other {
    pub(crate) made: Made,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Stored,
    Presented,
    Both,
}

/// The certificates that are presented behind the client's, by their numbers in
/// [`Pki::others`].
pub(crate) type Choice = Vec<usize>;

impl Pki {
    /// A store of its own, with some more CRLs.
    pub(crate) fn store(&self, more: &[Vec<u8>]) -> TrustStore {
        let crls: Vec<_> = self.encoded_crls.iter().chain(more).collect();
        build(&self.anchors, &self.stored(), &crls)
    }

    /// The same in another order.
    fn shuffled_store(&self, random: &mut Random) -> TrustStore {
        let (mut stored, mut anchors) = (self.stored(), self.anchors.clone());
        let mut crls: Vec<_> = self.encoded_crls.iter().collect();
        random.shuffle(&mut anchors);
        random.shuffle(&mut stored);
        random.shuffle(&mut crls);
        build(&anchors, &stored, &crls)
    }

    fn stored(&self) -> Vec<&Made> {
        let stored = self.others.iter().filter(|other| other.is_stored());
        stored.map(|other| &other.made).collect()
    }

    /// All certificates but the clients'.
    fn cas(&self) -> impl Iterator<Item = &Made> {
        let others = self.others.iter().map(|other| &other.made);
        self.anchors.iter().chain(others)
    }

    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        let clients = self.clients.iter().map(|client| &client.made);
        self.cas().chain(clients).map(|made| &made.model)
    }
}

impl Stores {
    pub(crate) fn new(pki: &Pki, random: &mut Random) -> Self {
        let neighbours = neighbours::draw(pki, random);
        let encoded: Vec<_> = neighbours.iter().map(|crl| crl.der()).collect();
        Self {
            plain: Arc::new(pki.store(&[])),
            shuffled: pki.shuffled_store(random),
            with_neighbours: pki.store(&encoded),
            neighbours,
        }
    }
}

impl World<'_> {
    /// What an attacker can present: every choice, or some of them where there are many.
    pub(crate) fn choices(&self, random: &mut Random) -> Vec<Choice> {
        let others = self.pki.others.iter().enumerate();
        let optional: Vec<usize> = others
            .filter(|(_, other)| other.place != Place::Stored)
            .map(|(number, _)| number)
            .collect();
        let of_bits = |bits: usize| -> Choice {
            let chosen = optional.iter().enumerate();
            let chosen = chosen.filter(|(bit, _)| bits >> bit & 1 == 1);
            chosen.map(|(_, number)| *number).collect()
        };
        let count = 1 << optional.len();
        match optional.len() <= ALL_CHOICES {
            true => (0..count).map(of_bits).collect(),
            false => [0, count - 1]
                .into_iter()
                .chain((2..SOME_CHOICES).map(|_| random.below(count)))
                .map(of_bits)
                .collect(),
        }
    }

    pub(crate) fn chain(&self, choice: &[usize]) -> Vec<CertificateDer<'_>> {
        let others = &self.pki.others;
        let chosen = choice.iter().map(|number| &others[*number].made);
        [&self.client.made]
            .into_iter()
            .chain(chosen)
            .map(|made| CertificateDer::from(made.der.as_slice()))
            .collect()
    }

    /// The client's certificate.
    pub(crate) fn certificate(&self) -> &Certificate {
        &self.client.made.model
    }

    /// The issuer of the client's certificate, in one of its certificates.
    pub(crate) fn issuer(&self) -> Option<&Certificate> {
        let issuer = self.certificate().issuer;
        let mut cas = self.pki.cas().map(|made| &made.model);
        cas.find(|ca| ca.subject == issuer)
    }

    /// The certificate of this DER.
    pub(crate) fn find(&self, der: &[u8]) -> Option<&Certificate> {
        let mut all = [&self.client.made].into_iter().chain(self.pki.cas());
        let found = all.find(|made| made.der == der);
        found.map(|made| &made.model)
    }
}

impl Other {
    pub(crate) fn is_stored(&self) -> bool {
        self.place != Place::Presented
    }
}

fn build(anchors: &[Made], stored: &[&Made], crls: &[&Vec<u8>]) -> TrustStore {
    let mut builder = TrustStore::builder();
    builder.crl_signatures(HASHED.clone());
    for anchor in anchors {
        builder.add_ca_der(&anchor.der).expect("a CA");
    }
    for stored in stored {
        builder
            .add_intermediate_der(&stored.der)
            .expect("a CA or a signer of CRLs");
    }
    for crl in crls {
        builder.add_crl_der(*crl).expect("a CRL");
    }
    builder.build().expect("a store")
}

impl fmt::Display for World<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "WORLDS_FIRST={} WORLDS=1", self.number)?;
        for anchor in &self.pki.anchors {
            writeln!(f, "  anchor: {}", anchor.model)?;
        }
        for (number, other) in self.pki.others.iter().enumerate() {
            writeln!(f, "  #{number} {:?}: {}", other.place, other.made.model)?;
        }
        writeln!(f, "  {}", self.certificate())?;
        for crl in &self.pki.crls {
            writeln!(f, "  {crl}")?;
        }
        for asked in &self.client.asked {
            writeln!(f, "  {asked:?}")?;
        }
        Ok(())
    }
}
