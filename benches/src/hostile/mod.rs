//! The dearest chains that a stranger can send: how they are made, looked for and measured.
//!
//! A stranger holds no key that the server trusts. A [`Kind`] makes chains out of numbers, its
//! genes; [`search`] looks for those that cost most beside an honest chain; [`found`] gives what it
//! found last.

mod forge;
mod found;
mod kinds;
mod peer;
mod premises;
pub mod price;
mod saved;
pub mod search;

use std::hint::black_box;
use std::rc::Rc;

use mtls_verify::pki_types::CertificateDer;
use mtls_verify::{VerifiedClient, VerifyError, verify_client_chain};

pub use found::{FOUND_FILE, Found, found};
pub use kinds::KINDS;
pub use peer::Peer;
pub use premises::{Anchoring, Asks, Names, Premises, World};
pub use saved::Saved;

/// The most bytes that a chain may have: what TLS libraries take of a Certificate message.
pub const CHAIN_BYTES: usize = 65_536;
/// The most bytes that one certificate may have.
pub const CERTIFICATE_BYTES: usize = 16_384;
/// The most certificates that a chain may have.
pub const PRESENTED: usize = 16;

/// One number that chains of a kind are made out of.
#[derive(Clone, Copy, Debug)]
pub struct Gene {
    /// What it is.
    pub name: &'static str,
    /// The largest value; the smallest is 0.
    pub most: u32,
}

/// A way to make dear chains.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The name, as a row has it.
    pub name: &'static str,
    /// What the chains have in common.
    pub about: &'static str,
    /// What they differ by.
    pub genes: &'static [Gene],
    /// Chains to begin with.
    pub seeds: &'static [&'static [u32]],
    make: fn(&[u32]) -> Draft,
}

/// A chain to be, against a store to be.
struct Draft {
    world: World,
    /// The client first.
    chain: Vec<Vec<u8>>,
}

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The chain of these genes.
    ///
    /// # Panics
    ///
    /// If there are fewer or more genes than the kind has.
    pub fn input(&self, genes: &[u32]) -> Input {
        assert_eq!(genes.len(), self.genes.len(), "genes of {}", self.name);
        let Draft { world, chain } = (self.make)(genes);
        Input {
            premises: Premises::of(world),
            chain: chain.into_iter().map(CertificateDer::from).collect(),
        }
    }
}

/// What one verification is given: a store, a policy and a chain.
pub struct Input {
    premises: Rc<Premises>,
    chain: Vec<CertificateDer<'static>>,
}

impl Input {
    /// The honest chain of the same store and policy: a client below one intermediate, so that two
    /// signatures are verified. If there are so many anchors that it is refused, that of a store
    /// with the first of them alone.
    ///
    /// # Panics
    ///
    /// If that is refused too.
    pub fn honest(&self) -> Self {
        let honest = |premises: Rc<Premises>| Self {
            chain: premises.honest().to_vec(),
            premises,
        };
        let input = honest(Rc::clone(&self.premises));
        if input.verify().is_ok() {
            return input;
        }
        let input = honest(Premises::of(World {
            anchors: 1,
            ..self.premises.world()
        }));
        let verified = input.verify();
        assert!(verified.is_ok(), "an honest chain: {verified:?}");
        input
    }

    /// The store and the policy.
    pub fn premises(&self) -> &Premises {
        &self.premises
    }

    /// What is presented, the client first.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The bytes of the chain.
    pub fn bytes(&self) -> usize {
        self.chain.iter().map(|certificate| certificate.len()).sum()
    }

    /// Whether the chain is within the bounds that a stranger has to keep to.
    pub fn is_within_bounds(&self) -> bool {
        self.bytes() <= CHAIN_BYTES
            && self.chain.len() <= PRESENTED
            && self.chain.iter().all(|der| der.len() <= CERTIFICATE_BYTES)
    }

    /// The first 60 characters of the error.
    pub fn outcome(&self) -> String {
        match self.verify() {
            Ok(_) => "accepted".to_owned(),
            Err(error) => {
                let error = error.to_string().replace(['|', '\n'], " ");
                error.chars().take(60).collect()
            }
        }
    }

    /// Verifies the chain.
    pub fn verify(&self) -> Result<VerifiedClient, VerifyError> {
        let Self { premises, chain } = self;
        verify_client_chain(premises.store(), chain, premises.now(), premises.policy())
    }
}

/// Verifies once. The scripts have the instructions of this function counted by its name.
#[inline(never)]
pub fn measured_verification(input: &Input) {
    drop(black_box(black_box(input).verify()));
}

/// Does nothing. The scripts have the instructions that were counted so far written down when it is
/// called.
#[inline(never)]
pub fn counted_so_far() {
    black_box(0);
}
