//! Where the certificates of a store come from.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU32;

use crate::x509::ShortText;

/// Where a certificate of a store comes from: the label of the input
/// ([`Source::labelled`](crate::store::Source::labelled)), such as the name of a file, and the
/// number of the certificate in it. Of equal certificates, the first that was given.
///
/// So a server can tell apart the CAs of its clients without comparing their DER.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    label: Option<Arc<str>>,
    number: Option<NonZeroU32>,
}

impl Origin {
    /// The label; `None` for an input without one.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The number, from one: that of the PEM block, or of an input in DER among those that were
    /// given in the same role.
    pub fn number(&self) -> Option<usize> {
        self.number.map(|number| number.get() as usize)
    }
}

/// `clients.pem, certificate 3`; the label is shown as in a
/// [`StoreError`](crate::StoreError).
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(label) = self.label() {
            write!(f, "{}", ShortText(label))?;
        }
        match (self.label(), self.number) {
            (_, None) => Ok(()),
            (None, Some(number)) => write!(f, "certificate {number}"),
            (Some(_), Some(number)) => write!(f, ", certificate {number}"),
        }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({self})")
    }
}

/// An origin as a store keeps it: which label of [`Labels`], and the number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// From one.
    label: Option<NonZeroU32>,
    number: Option<NonZeroU32>,
}

/// The labels of the inputs of a store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels(Vec<Arc<str>>);

impl Labels {
    /// The place of a number in an input with this label. Inputs come one after another.
    pub(super) fn place(&mut self, label: Option<&str>, number: Option<usize>) -> Place {
        let label = label.and_then(|label| {
            if self.0.last().is_none_or(|last| **last != *label) {
                self.0.push(label.into());
            }
            count(self.0.len())
        });
        let number = number.and_then(count);
        Place { label, number }
    }

    /// These and others. Places of the others move by what is returned.
    pub(super) fn append(&mut self, others: Self) -> u32 {
        let moved = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.extend(others.0);
        moved
    }
}

/// A place, and the labels that it is about.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a>(pub(super) Place, pub(super) &'a Labels);

impl Placed<'_> {
    pub(crate) fn origin(self) -> Origin {
        let Self(place, labels) = self;
        let index = place.label.map(|label| label.get().saturating_sub(1));
        let label = index.and_then(|index| labels.0.get(index as usize));
        Origin {
            label: label.cloned(),
            number: place.number,
        }
    }
}

impl Place {
    pub(super) fn moved_by(self, labels: u32) -> Self {
        let moved = |label: NonZeroU32| label.saturating_add(labels);
        Self {
            label: self.label.map(moved),
            ..self
        }
    }
}

fn count(count: usize) -> Option<NonZeroU32> {
    u32::try_from(count).ok().and_then(NonZeroU32::new)
}
