//! Finding candidate paths from the client's certificate to a trust anchor (RFC 4158).
//!
//! This module goes by names, key identifiers and budgets. It decides nothing about trust: that is
//! `validate`'s.

mod candidates;
mod distances;
mod presented;
mod search;

use crate::certificates::CertificateSet;
use crate::error::Reason;
use crate::store::TrustStore;
use crate::x509::Certificate;
pub(crate) use presented::PresentedChain;

pub(crate) use candidates::KeyIdMatch;
pub(crate) use search::{Search, Step};

/// A limit ended the verification.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) reason: Reason,
    /// The certificate at hand.
    pub(crate) node: Node,
}

/// One certificate that a path may lead over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    /// A presented certificate, by its index in [`PresentedChain`]; the client's own is 0.
    Presented(usize),
    /// An intermediate of the store, by its index among its certificates.
    Intermediate(u32),
    /// A trust anchor, by its index among the certificates of the store.
    Anchor(u32),
}

impl Node {
    pub(crate) const CLIENT: Self = Self::Presented(0);

    /// The certificate of a store with this index.
    pub(crate) fn of_index(certificates: &CertificateSet, index: u32) -> Self {
        match certificates.is_anchor(index) {
            true => Self::Anchor(index),
            false => Self::Intermediate(index),
        }
    }

    /// The index of a certificate of the store.
    pub(crate) fn stored(self) -> Option<u32> {
        match self {
            Self::Presented(_) => None,
            Self::Intermediate(index) | Self::Anchor(index) => Some(index),
        }
    }

    pub(crate) fn certificate<'a>(
        self,
        store: &'a TrustStore,
        presented: &'a PresentedChain<'_>,
    ) -> Certificate<'a> {
        match self {
            Self::Presented(index) => presented.get(index),
            Self::Intermediate(index) | Self::Anchor(index) => store.certificates().get(index),
        }
    }
}
