//! Choices that the bytes of an input make.

use arbitrary::Unstructured;

use crate::changes;
use crate::random::{Choices, Random};

/// The bytes of the fuzzer. Where they end, all is well and there is no more of anything.
pub(crate) struct Bytes<'a>(Unstructured<'a>);

impl<'a> Bytes<'a> {
    pub(crate) fn new(input: &'a [u8]) -> Self {
        Self(Unstructured::new(input))
    }
}

impl Choices for Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.0.int_in_range(0..=bound - 1).unwrap_or(0)
    }

    fn percent(&mut self, percent: usize) -> bool {
        !self.0.is_empty() && self.below(100) < percent
    }
}

impl changes::Choices for Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        Choices::below(self, bound)
    }

    fn percent(&mut self, percent: usize) -> bool {
        Choices::percent(self, percent)
    }
}

/// So many inputs of choices, from `least` bytes on.
pub(crate) fn seeds(count: usize, least: usize) -> Vec<Vec<u8>> {
    let mut random = Random::new(1);
    let mut of_length = |length: usize| (0..length).map(|_| random.below(256) as u8).collect();
    (0..count).map(|number| of_length(least + number)).collect()
}
