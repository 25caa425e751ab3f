//! Which anchors of a store signed themselves.

use pki_types::SignatureVerificationAlgorithm;

/// What came of verifying the signatures of anchors by their own keys, each written once, at first
/// use. It cannot change a verdict: it says what verifying again would say, and what it saves
/// counts towards the limits all the same.
///
/// Without the standard library there is no cell that can be written once and shared, and nothing
/// is remembered.
#[derive(Debug, Default)]
pub(super) struct SelfSigned {
    /// One for each anchor.
    #[cfg(feature = "std")]
    known: std::sync::OnceLock<alloc::boxed::Box<[std::sync::OnceLock<Known>]>>,
}

/// The algorithm that a signature was verified with, and whether it held.
#[cfg(feature = "std")]
#[derive(Debug)]
struct Known(&'static dyn SignatureVerificationAlgorithm, bool);

impl SelfSigned {
    /// Whether the anchor of an index below `anchors` signed itself, which `verify` finds out with
    /// this algorithm.
    #[cfg(feature = "std")]
    pub(super) fn is(
        &self,
        (index, anchors): (u32, u32),
        algorithm: &'static dyn SignatureVerificationAlgorithm,
        verify: impl Fn() -> bool,
    ) -> bool {
        let none = || (0..anchors).map(|_| std::sync::OnceLock::new()).collect();
        let Some(slot) = self.known.get_or_init(none).get(index as usize) else {
            return verify();
        };
        let Known(its, held) = slot.get_or_init(|| Known(algorithm, verify()));
        // Another algorithm with the same identifiers may be stricter, and says for itself.
        match core::ptr::eq(*its, algorithm) {
            true => *held,
            false => verify(),
        }
    }

    #[cfg(not(feature = "std"))]
    pub(super) fn is(
        &self,
        _: (u32, u32),
        _: &'static dyn SignatureVerificationAlgorithm,
        verify: impl Fn() -> bool,
    ) -> bool {
        verify()
    }
}
