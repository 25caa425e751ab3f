//! What a verifier has decided, in numbers: [`Counts`].

use alloc::boxed::Box;
use core::fmt;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread_local;

use crate::error::Code;

const CODES: usize = Code::ALL.len();

/// Counters that all threads may write at once. There are many sets of them, and a thread always
/// writes to the same one: the cache line of one for all would wander between the processors with
/// every verification.
pub(super) struct Counters {
    shards: Box<[Shard]>,
}

/// Alone on its cache lines: they have 128 bytes, or 64 and are fetched in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Shard {
    verified: AtomicU64,
    memory_hits: AtomicU64,
    refused: [AtomicU64; CODES],
}

/// How many there are: 8 KiB, and a power of two, so that a thread finds its own by a mask. It is
/// fixed, as the number of processors is found out by reading files.
const SHARDS: usize = 64;

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Threads are numbered as they first count something, so that those of a pool have a set each.
    static THREAD: usize = THREADS.fetch_add(1, Ordering::Relaxed);
}

impl Counters {
    pub(super) fn new() -> Self {
        let shards = (0..SHARDS).map(|_| Shard::default()).collect();
        Self { shards }
    }

    pub(super) fn count_verified(&self) {
        if let Some(shard) = self.shard() {
            add_one(&shard.verified);
        }
    }

    /// Verified too.
    pub(super) fn count_memory_hit(&self) {
        if let Some(shard) = self.shard() {
            add_one(&shard.verified);
            add_one(&shard.memory_hits);
        }
    }

    pub(super) fn count_refused(&self, code: Code) {
        let shard = self.shard();
        if let Some(counter) = shard.and_then(|shard| shard.refused.get(code as usize)) {
            add_one(counter);
        }
    }

    /// Always there: the mask is smaller than the number of sets.
    fn shard(&self) -> Option<&Shard> {
        // A thread that is being torn down counts as the first.
        let thread = THREAD.try_with(|thread| *thread).unwrap_or_default();
        self.shards.get(thread & (SHARDS - 1))
    }

    pub(super) fn read(&self) -> Counts {
        let mut counts = Counts::default();
        for shard in &self.shards {
            let add = |sum: &mut u64, count: &AtomicU64| {
                *sum = sum.wrapping_add(count.load(Ordering::Relaxed));
            };
            add(&mut counts.verified, &shard.verified);
            add(&mut counts.memory_hits, &shard.memory_hits);
            for (sum, count) in counts.refused.iter_mut().zip(&shard.refused) {
                add(sum, count);
            }
        }
        counts
    }
}

/// Nothing is ordered by a count.
fn add_one(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// How often a [`ClientVerifier`](crate::ClientVerifier) came to which verdict, since it was made:
/// what a server exports as metrics. From
/// [`ClientVerifier::counts`](crate::ClientVerifier::counts).
///
/// Each number only ever grows. Read while verifications are under way, they may be apart by those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    verified: u64,
    memory_hits: u64,
    refused: [u64; CODES],
}

impl Counts {
    /// Verifications that accepted the client, those answered from memory included. In a handshake
    /// the chain comes first: a client that does not prove that it has the key counts here and as
    /// refused.
    pub fn verified(&self) -> u64 {
        self.verified
    }

    /// Those of them that were answered from memory.
    pub fn memory_hits(&self) -> u64 {
        self.memory_hits
    }

    /// Refusals with this code.
    pub fn refused(&self, code: Code) -> u64 {
        self.refused.get(code as usize).copied().unwrap_or_default()
    }

    /// All refusals.
    pub fn refused_total(&self) -> u64 {
        self.refused.iter().copied().fold(0, u64::wrapping_add)
    }
}

/// `verified=12 memory_hits=10 ClientCertExpired=1`; codes without a refusal are left out.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            verified,
            memory_hits,
            ..
        } = self;
        write!(f, "verified={verified} memory_hits={memory_hits}")?;
        for &code in Code::ALL {
            match self.refused(code) {
                0 => {}
                refused => write!(f, " {code}={refused}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn nothing_is_lost_between_threads() {
        let counters = Counters::new();
        std::thread::scope(|scope| {
            for _ in 0..70 {
                scope.spawn(|| {
                    for &code in Code::ALL {
                        counters.count_verified();
                        counters.count_memory_hit();
                        counters.count_refused(code);
                    }
                });
            }
        });
        let counts = counters.read();
        let each = 70;
        let codes = CODES as u64;
        assert_eq!(counts.verified(), 2 * each * codes);
        assert_eq!(counts.memory_hits(), each * codes);
        for &code in Code::ALL {
            assert_eq!(counts.refused(code), each, "{code}");
        }
        assert_eq!(counts.refused_total(), each * codes);
    }

    #[test]
    fn counts_are_shown_for_a_log() {
        let counters = Counters::new();
        counters.count_verified();
        counters.count_memory_hit();
        counters.count_refused(Code::ClientCertExpired);
        let shown = counters.read().to_string();
        assert_eq!(shown, "verified=2 memory_hits=1 ClientCertExpired=1");
    }

    /// What keeps one thread's counting from another's cache lines.
    #[test]
    fn sets_share_no_cache_line() {
        assert_eq!(align_of::<Shard>(), 128);
        assert_eq!(size_of::<Shard>(), 128);
        assert_eq!(Counters::new().shards.len(), SHARDS);
        assert!(SHARDS.is_power_of_two());
    }
}
