//! What is known of a list's signature.

use alloc::boxed::Box;

/// Which keys did and did not make a signature, written once each. It cannot change an answer: what it says is what verifying again
/// would say.
///
/// It holds few keys. Only those of CAs that are trusted already come here, so nobody can fill it with others. Without the
/// standard library there is no cell that can be written once and shared, and nothing is remembered.
#[derive(Debug, Default)]
pub(super) struct SignatureMemo {
    #[cfg(feature = "std")]
    slots: [std::sync::OnceLock<Tried>; 4],
}

#[cfg_attr(
    not(feature = "std"),
    expect(dead_code, reason = "remembered with std only")
)]
#[derive(Debug)]
struct Tried {
    /// The DER of the subjectPublicKeyInfo.
    key: Box<[u8]>,
    held: bool,
}

impl SignatureMemo {
    /// Whether the signature was found to be this key's.
    #[cfg(feature = "std")]
    pub(super) fn recall(&self, key: &[u8]) -> Option<bool> {
        let tried = self.slots.iter().filter_map(|slot| slot.get());
        let mut known = tried.filter(|tried| *tried.key == *key);
        known.next().map(|tried| tried.held)
    }

    #[cfg(feature = "std")]
    pub(super) fn note(&self, key: &[u8], held: bool) {
        let mut tried = Tried {
            key: key.into(),
            held,
        };
        for slot in &self.slots {
            match slot.set(tried) {
                Ok(()) => return,
                Err(taken) => tried = taken,
            }
        }
    }

    #[cfg(not(feature = "std"))]
    pub(super) fn recall(&self, _key: &[u8]) -> Option<bool> {
        None
    }

    #[cfg(not(feature = "std"))]
    pub(super) fn note(&self, _key: &[u8], _held: bool) {}
}
