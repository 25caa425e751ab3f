//! Choices that follow from a seed.

/// The generator xorshift64 (Marsaglia 2003), good enough to pick from a few.
pub(crate) struct Random(u64);

impl Random {
    /// The generator for one seed and one purpose.
    pub(crate) fn new(seed: u64, purpose: u64) -> Self {
        // Seeds are small and close together. The state must be neither, nor 0.
        let mixed =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose.wrapping_mul(0xd6e8_feb8_6659_fd93);
        let mut random = Self(mixed | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((self.next() >> 11) % bound as u64) as usize
    }

    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// One of these, if there is one that fits.
    pub(crate) fn pick_where<'a, T>(
        &mut self,
        of: &'a [T],
        fits: impl Fn(&T) -> bool,
    ) -> Option<&'a T> {
        let fitting: Vec<_> = of.iter().filter(|one| fits(one)).collect();
        match fitting.len() {
            0 => None,
            count => Some(fitting[self.below(count)]),
        }
    }

    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}
