//! The notes of a CRL, `Memo` in `src/revocation/signature_state.rs`: which keys made its
//! signature.

use std::collections::BTreeSet;
use std::sync::Arc;

use loom::sync::atomic::{AtomicU32, Ordering};
use loom::thread;

use crate::checker::Interleavings::{self, All, Preempted};
use crate::checker::{explore, finds};

const MADE: usize = 4;
const NOT_MADE: usize = 8;

/// Those from 100 on did not make the signature.
type Key = u32;

/// `Open::is_made_by`.
fn is_made_by(key: Key) -> bool {
    key < 100
}

/// What is wrong with the notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// `note` does not look whether another thread noted the same key.
    SameKeyUnseen,
    /// A note is written if its place was empty, in two steps.
    EmptyThenWritten,
    /// `recall` takes the note of any key.
    KeyIgnored,
    /// `note` takes places of keys that made the signature for others.
    PlacesShared,
}

/// `OnceLock`: 0 until it is set.
struct Slot(AtomicU32);

impl Slot {
    fn get(&self) -> Option<Key> {
        let key = self.0.load(Ordering::Acquire);
        (key != 0).then_some(key)
    }

    fn set(&self, key: Key, fault: Fault) -> Result<(), ()> {
        if fault == Fault::EmptyThenWritten {
            return match self.get() {
                Some(_) => Err(()),
                None => {
                    self.0.store(key, Ordering::Release);
                    Ok(())
                }
            };
        }
        let (written, found) = (Ordering::AcqRel, Ordering::Acquire);
        let set = self.0.compare_exchange(0, key, written, found);
        set.map(drop).map_err(drop)
    }
}

/// `Memo`.
struct Memo {
    made: [Slot; MADE],
    not_made: [Slot; NOT_MADE],
    fault: Fault,
}

impl Memo {
    fn new(fault: Fault) -> Self {
        let slot = |_| Slot(AtomicU32::new(0));
        Self {
            made: std::array::from_fn(slot),
            not_made: std::array::from_fn(slot),
            fault,
        }
    }

    /// `SignatureState::verify`, of a key that was not tried while loading.
    fn verify(&self, key: Key) {
        let is_made = self.recall(key).unwrap_or_else(|| {
            let is_made = is_made_by(key);
            self.note(key, is_made);
            is_made
        });
        assert_eq!(
            is_made,
            is_made_by(key),
            "a note of another key answers for {key}"
        );
    }

    /// `Memo::recall`.
    fn recall(&self, key: Key) -> Option<bool> {
        let is_it = |noted| noted == key || self.fault == Fault::KeyIgnored;
        let has = |slots: &[Slot]| slots.iter().filter_map(Slot::get).any(is_it);
        if has(&self.made) {
            Some(true)
        } else if has(&self.not_made) {
            Some(false)
        } else {
            None
        }
    }

    /// `Memo::note`.
    fn note(&self, key: Key, is_made: bool) {
        let slots = match is_made {
            true => &self.made[..],
            false => &self.not_made[..],
        };
        let more = match self.fault {
            Fault::PlacesShared if !is_made => &self.made[..],
            _ => &[],
        };
        for slot in slots.iter().chain(more) {
            // slot.set(by)
            if slot.set(key, self.fault).is_ok() {
                return;
            }
            // slot.get().is_some_and(|known| known.is_same(&by))
            if slot.get() == Some(key) && self.fault != Fault::SameKeyUnseen {
                return;
            }
        }
    }

    /// Checks the notes after all threads have ended, which verified `keys`.
    fn check(&self, keys: &BTreeSet<Key>) {
        for (slots, made) in [(&self.made[..], true), (&self.not_made[..], false)] {
            let noted: Vec<_> = slots.iter().filter_map(Slot::get).collect();
            let all_noted: BTreeSet<_> = noted.iter().copied().collect();
            let of_kind = keys.iter().filter(|&&key| is_made_by(key) == made);
            let expected: BTreeSet<_> = of_kind.copied().collect();
            assert!(
                all_noted.is_subset(&expected),
                "not what these keys did: {noted:?}"
            );
            assert_eq!(noted.len(), all_noted.len(), "noted twice: {noted:?}");
            let count = expected.len().min(slots.len());
            assert_eq!(
                noted.len(),
                count,
                "a note is lost: {noted:?} of {expected:?}"
            );
        }
    }
}

/// Keys that were verified before, and those of each thread.
#[derive(Clone)]
struct Verifying {
    before: &'static [Key],
    threads: &'static [&'static [Key]],
}

const TWO_KEYS: Verifying = Verifying {
    before: &[],
    threads: &[&[1], &[2]],
};

/// One that made it and one that did not, verified by both threads.
const SAME_KEYS: Verifying = Verifying {
    before: &[],
    threads: &[&[1, 101], &[101, 1]],
};

/// Each key is verified by two threads.
const THREE_KEYS: Verifying = Verifying {
    before: &[],
    threads: &[&[1, 2], &[2, 101], &[101, 1]],
};

/// As many keys that made it as there are places.
const ALL_MADE: Verifying = Verifying {
    before: &[1, 2],
    threads: &[&[3, 4], &[3, 4]],
};

const ALL_NOT_MADE: Verifying = Verifying {
    before: &[101, 102, 103, 104, 105, 106],
    threads: &[&[107, 108], &[108, 107]],
};

/// More than there are places.
const MORE_MADE: Verifying = Verifying {
    before: &[1, 2, 3],
    threads: &[&[4, 5], &[5, 6]],
};

const MORE_NOT_MADE: Verifying = Verifying {
    before: &[101, 102, 103, 104, 105, 106, 107],
    threads: &[&[108, 109, 108], &[109, 1]],
};

impl Verifying {
    fn run(&self, fault: Fault) {
        let memo = Arc::new(Memo::new(fault));
        for &key in self.before {
            memo.verify(key);
        }
        let running: Vec<_> = self
            .threads
            .iter()
            .map(|&keys| {
                let memo = Arc::clone(&memo);
                thread::spawn(move || keys.iter().for_each(|&key| memo.verify(key)))
            })
            .collect();
        for thread in running {
            thread.join().unwrap();
        }
        let keys = self.threads.iter().copied().flatten();
        memo.check(&self.before.iter().chain(keys).copied().collect());
    }

    fn holds(self, interleavings: Interleavings, at_least: usize) {
        explore(interleavings, at_least, move || self.run(Fault::None));
    }

    fn fails(self, fault: Fault, message: &str) {
        finds(message, move || self.run(fault));
    }
}

#[test]
fn notes_of_the_same_keys() {
    SAME_KEYS.holds(All, 140);
}

#[test]
fn notes_of_three_keys() {
    THREE_KEYS.holds(Preempted(2), 4_100);
}

#[test]
fn notes_fill_all_places_of_keys_that_made_it() {
    ALL_MADE.holds(Preempted(3), 2_500);
}

#[test]
fn notes_fill_all_places_of_keys_that_did_not() {
    ALL_NOT_MADE.holds(Preempted(2), 1_400);
}

#[test]
fn notes_beyond_the_bound_made() {
    MORE_MADE.holds(Preempted(3), 2_800);
}

#[test]
fn notes_beyond_the_bound_not_made() {
    MORE_NOT_MADE.holds(Preempted(2), 1_500);
}

#[test]
fn found_same_key_unseen() {
    ALL_MADE.fails(Fault::SameKeyUnseen, "noted twice: [1, 2, ");
}

#[test]
fn found_empty_then_written() {
    TWO_KEYS.fails(Fault::EmptyThenWritten, "a note is lost");
}

#[test]
fn found_key_ignored() {
    THREE_KEYS.fails(Fault::KeyIgnored, "a note of another key answers for");
}

#[test]
fn found_places_shared() {
    MORE_NOT_MADE.fails(Fault::PlacesShared, "not what these keys did: [109, 1]");
}
